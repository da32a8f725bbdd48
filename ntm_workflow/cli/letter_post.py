"""Letters on their way: sending what waits, trying again, what came back, and the hold after a restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import MOST, emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.session import everywhere, option, session

if TYPE_CHECKING:
    from ntm_workflow.office import Office
    from ntm_workflow.office.bounces import Found
    from ntm_workflow.office.relay import Sent

_OUTBOX: Any = {
    "metavar": "DIR",
    "vi": "Ghi thư thành tệp .eml vào thư mục này thay vì gửi.",
    "en": "Write the letters as .eml files into this folder instead.",
}


@click.command(
    cls=Command,
    help=both(
        "Lập thư của ngày và gửi mọi thư đang chờ: qua máy chủ thư của thiết lập (mail.host), không có thì thành tệp .eml (serve.outbox, --outbox). Qua máy chủ thì chỉ gửi trong giờ của ngày làm việc; còn lại chờ.",
        "Issue the day's letters and send everything that waits: by the mail server of the settings (mail.host), else as .eml files (serve.outbox, --outbox). A server gets them in the hours of a working day only; the rest waits.",
    ),
    examples=["ntm letter send --outbox thu", "ntm letter send --outbox thu --dry-run"],
)
@option("--outbox", **_OUTBOX)
@writes
def send(outbox: str | None, ask: Asked) -> None:
    from ntm_workflow.cli.clock import must_be_plausible
    from ntm_workflow.cli.post import chosen
    from ntm_workflow.office import relay

    must_be_plausible()
    office = session().office()
    post, bag = chosen(office, outbox)
    day, request = ask.request.on or office.today, ask.without_day()
    issued, done = relay.send_day(office, post, day, request, bag)
    ids = [intent.id for intent in issued]
    if ask.as_json:
        emit("letter.send", {"issued": ids, **_of(done), "dry_run": request.dry_run})
    elif request.dry_run:
        say("Chạy thử, không ghi và không gửi gì: sẽ lập {n} thư.", "A trial, nothing recorded or sent: {n} letters would be issued.", n=len(ids))  # fmt: skip
        for line in [*ids[:MOST], *(["…"] if len(ids) > MOST else [])]:
            click.echo(f"  {line}")
        say("Đọc trước: ntm letter preview", "Read them: ntm letter preview")
    else:
        say("Lập {n} thư.", "Issued {n} letters.", n=len(ids))
        _tell(done)
    _end(done)


@click.command(
    cls=Command,
    help=both(
        "Gửi lại ngay những thư bị từ chối, gửi chậm hay chưa lập được nội dung: theo mã thư, hoặc tất cả. Địa chỉ đã sửa thì thư lập lại cho địa chỉ mới; điều không còn đúng thì thôi gửi.",
        "Try again now what was refused, is late or could not be written: by id, or all of it. Where the address was mended the letter is written anew for it; what no longer holds is dropped.",
    ),
    examples=["ntm letter retry --all"],
)
@click.argument("ids", nargs=-1, metavar="[ID]…")
@option("--all", "everything", is_flag=True, vi="Mọi thư như vậy.", en="All such letters.")
@option("--outbox", **_OUTBOX)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def retry(ids: tuple[str, ...], everything: bool, outbox: str | None, as_json: bool) -> None:
    from ntm_workflow.cli.clock import must_be_plausible
    from ntm_workflow.cli.post import chosen
    from ntm_workflow.office import relay, retrying
    from ntm_workflow.office.entry import Request

    if bool(ids) == everything:
        raise click.UsageError(phrase("Nêu mã thư, hoặc --all.", "Give letter ids, or --all."))
    must_be_plausible()
    office = session().office()
    tried = retrying.retry(office, None if everything else ids)
    done = relay.Sent()
    if tried:
        post, bag = chosen(office, outbox)
        done = relay.send(office, post, Request(by=session().who), bag)
    if as_json:
        emit("letter.retry", {"retried": tried, **_of(done)})
    else:
        say("Gửi lại {n} thư.", "Trying {n} letters again.", n=len(tried))
        if tried:
            _tell(done)
        _tell_where_to(office, tried, done)
    _end(done)


def _tell_where_to(office: Office, tried: list[str], done: Sent) -> None:
    """Letters that were tried and had nowhere new to go."""
    idle = [] if done.closed else sorted({*tried} - {*done.left} - {*done.failed})
    if idle:
        say(
            "{n} thư không có địa chỉ mới nào để gửi: {letters}.\nSửa địa chỉ (ntm unit contact … --email …), rồi gửi lại.",
            "{n} letters have no new address to go to: {letters}.\nMend the address (ntm unit contact … --email …), then retry.",
            n=len(idle),
            letters=idle[:MOST],
        )


def _of(done: Sent) -> dict[str, Any]:
    """`failed` are the letters that did not leave, `refused` and `deferred` among them."""
    how = {"refused": done.refused, "deferred": done.deferred, "closed": done.closed}
    return {"sent": done.left, "failed": done.failed, **how}


def _tell(done: Sent) -> None:
    from ntm_workflow.office.finding import Grade
    from ntm_workflow.office.relay_finding import told

    found = told("relay", done)
    click.echo(found.say(LANG.get()), err=found.grade is Grade.FAIL)
    if done.closed:
        settings = session().settings
        say(
            "Ngoài giờ gửi thư ({first} – {last} ngày làm việc); thư khác chờ đến giờ.",
            "Outside the hours for letters ({first} – {last} on working days); the others wait.",
            first=settings["serve.letters_at"],
            last=settings["serve.letters_until"],
        )
    _tell_unaddressed()
    say("Xem: ntm letter list", "See: ntm letter list")


def _tell_unaddressed() -> None:
    """How many letters wait for an address: they were issued and did not leave."""
    from ntm_workflow.office import outbox
    from ntm_workflow.store.schema import OUTBOX

    with session().office().database.read() as conn:
        waiting = outbox.count(conn, OUTBOX.c.state == outbox.NO_ADDRESS)
    if waiting:
        say(
            "{n} thư chờ địa chỉ của đơn vị nhận: ntm letter list --state no_address",
            "{n} letters wait for an address of their unit: ntm letter list --state no_address",
            n=waiting,
        )


def _end(done: Sent) -> None:
    if done.failed:
        raise click.exceptions.Exit(1)


@click.command(
    cls=Command,
    help=both(
        "Ghi nhận thư bị trả lại: đọc các thông báo trả thư trong một thư mục tệp .eml, một maildir hay một tệp mbox. Thông báo còn đang gửi lại thì không tính. Chạy lại không ghi hai lần.",
        "Record letters that came back, from the notifications in a folder of .eml files, a maildir or an mbox file. Those that say it is still being tried do not count. Safe to run again.",
    ),
    examples=["ntm letter bounces thu --dry-run"],
)
@click.argument("path", metavar="PATH", type=click.Path())
@writes
def bounces(path: str, ask: Asked) -> None:
    from ntm_workflow.office import bounces as use

    found = use.record(session().office(), Path(path), ask.request)
    by_what = {
        what: [each for each in found if each.what == what]
        for what in (use.BOUNCED, use.KNOWN, "late", "other", use.UNMATCHED, use.UNREADABLE)
    }
    if ask.as_json:
        items = {what: [_item(each) for each in some] for what, some in by_what.items()}
        emit("letter.bounces", {**items, "dry_run": ask.request.dry_run})
        return
    say(
        "{bounced} thư bị trả, {known} thư đã ghi trước đó, {late} thư còn đang gửi, {other} thư không phải thông báo trả thư, {unmatched} thông báo không khớp thư nào, {unreadable} tệp không đọc được.",
        "{bounced} letters came back, {known} known before, {late} still being tried, {other} other messages, {unmatched} match no letter, {unreadable} cannot be read.",
        **{what: len(some) for what, some in by_what.items()},
    )
    for what in (use.BOUNCED, use.UNMATCHED, use.UNREADABLE):
        for each in by_what[what][:MOST]:
            known = each.letter or phrase(*_UNKNOWN[what])
            click.echo(f"  {known}: {each.name} {each.status or ''}".rstrip())


#: What is said of a notification that is about no letter of ours.
_UNKNOWN: Any = {
    "unmatched": ("không khớp thư nào", "matches no letter"),
    "unreadable": ("không đọc được", "cannot be read"),
}


def _item(found: Found) -> dict[str, Any]:
    return {"file": found.name, "letter": found.letter, "status": found.status}
