"""Closing days, and which day is next."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, PLAN
from ntm_workflow.cli.labels import word
from ntm_workflow.cli.params import DAY, YEAR
from ntm_workflow.cli.pictures import Pictures, pictures
from ntm_workflow.cli.session import option, session
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import format_date, grouped

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.office.closing import Closed, Told
    from ntm_workflow.store.seal import Seal

#: Subjects named per kind of fact; the rest are counted.
MOST = 6


@click.group(cls=Group, help=both("Chốt số liệu ngày.", "Close calendar days."))
def day() -> None:
    pass


@day.command(
    cls=Command,
    help=both(
        "Chốt mọi ngày chưa chốt đến hết ngày này, theo thứ tự, mỗi ngày một lần. Chạy lại không sao.",
        "Close every open day up to this one, in order, each once. Running it again is safe.",
    ),
    examples=["ntm day close --until 30/6/2024"],
)
@option(
    "--until",
    type=DAY,
    required=True,
    metavar="DATE",
    vi="Ngày cuối cùng cần chốt.",
    en="The last day to close.",
)
@writes
def close(until: date, ask: Asked) -> None:
    from ntm_workflow.cli.clock import must_be_plausible
    from ntm_workflow.office import closing

    must_be_plausible()
    office = session().office()
    with _progress() as told:
        done = closing.close(office, until, ask.request, told)
    if ask.as_json:
        facts = [{"position": f.position, "type": f.type, "subject": f.subject} for f in done.facts]
        about = {"closed": done.days, "facts": facts, "dry_run": ask.request.dry_run}
        counts = {"consequences": done.consequences, "history": done.history}
        about |= {**counts, "to_decide": done.to_decide}
        emit("day.close", {**about, "sealed": getattr(done.seal, "size", None)})
        _tell_seal(done.seal)
        return
    session().tell_rehearsal()
    if not done.days and not done.facts:
        say(
            "Không còn ngày nào để chốt đến {until}.",
            "No day left to close up to {until}.",
            until=until,
        )
        return
    done_vi, done_en = (
        ("Thử: sẽ chốt", "Dry run: would close") if ask.request.dry_run else ("Đã chốt", "Closed")
    )
    if done.days:
        say(
            done_vi + " {n} ngày, {first} – {last}; {found} việc phát sinh.",
            done_en + " {n} days, {first} – {last}; {found} facts followed.",
            n=len(done.days),
            first=done.days[0],
            last=done.days[-1],
            found=len(done.facts),
        )
    _show(done.facts)
    _count(done)
    _tell_seal(done.seal)
    if done.facts and not ask.request.dry_run:
        say("Xem: ntm fact show {n}", "See: ntm fact show {n}", n=done.facts[0].entry)


@contextmanager
def _progress() -> Iterator[Told | None]:
    """The day being closed, on a terminal's stderr; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(day: date, found: int) -> None:
        click.echo(f"\r{format_date(day)}: {grouped(found, LANG.get())} ", err=True, nl=False)

    yield tell
    # What stood there is no part of the answer.
    click.echo(f"\r{' ' * 40}\r", err=True, nl=False)


def _count(done: Closed) -> None:
    """What a person should know of the misses, and has to decide."""
    for what, number in done.consequences.items():
        say(
            "  điều khoản nêu “{what:word}”: {n} nhiệm vụ; chương trình chỉ liệt kê",
            "  the clause attaches “{what:word}”: {n} duties; the program only lists them",
            what=what,
            n=number,
        )
    if done.history:
        say(
            "  trước khi đưa kế hoạch vào sổ: {n} nhiệm vụ, không có thư nào được gửi",
            "  before the plan was taken on here: {n} duties, of which no letter is sent",
            n=done.history,
        )
    if done.to_decide:
        say(
            "Chờ quyết định: {n} mốc phấn đấu đã qua mà điều khoản có nêu hệ quả.\nXem: ntm obligation list --to-decide",
            "To be decided: {n} marks to strive for are past, and their clause attaches something.\nSee: ntm obligation list --to-decide",
            n=done.to_decide,
        )


def _tell_seal(seal: Seal | Refused | None) -> None:
    """A closing without its seal counts all the same; whoever looks after the store should know."""
    if isinstance(seal, Refused):
        click.echo(
            phrase(
                "Đã chốt nhưng CHƯA đóng dấu xác thực sổ: {why}",
                "Closed, but the journal is NOT sealed: {why}",
                why=seal.say(LANG.get()),
            ),
            err=True,
        )


def _show(facts: Sequence[Fact]) -> None:
    """Every kind of fact with its count, and the first few subjects of each."""
    kinds: dict[str, list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(fact.type, []).append(fact)
    for kind, found in kinds.items():
        names = ", ".join(f.subject.partition("/")[2] for f in found[:MOST])
        more = f", … (+{len(found) - MOST})" if len(found) > MOST else ""
        click.echo(f"  {word(kind)} × {len(found)}: {names}{more}")


@day.command(
    cls=Command,
    help=both(
        "Ngày đã chốt gần nhất, ngày tiếp theo, ntm serve có còn trực không, đồng hồ có bị ngờ không.",
        "The last closed day, the next, whether ntm serve is there and whether the clock is in doubt.",
    ),
    examples=["ntm day status"],
)
@reads
def status(view: Shown) -> None:
    from ntm_workflow.office import clock, heartbeat
    from ntm_workflow.office.closing import waiting
    from ntm_workflow.projections.closing import last_day

    office = session().office()
    held = clock.doubt(office)
    view.tell_rehearsal()
    with view.reading() as reading:
        found = waiting(reading, office.today)
        said = {"next": found.day, "waiting": found.days, "due": found.due}
        said |= {"judged_next": found.judged_next, "wake": found.wake}
        age = heartbeat.age(reading.conn, office.clock.now())
        said["heartbeat_age"] = None if age is None else int(age.total_seconds())
        closed = last_day(reading.conn, reading.known)
        item = {"closed_until": closed, **said, "clock_held": held and held.facts}
        view.one("day.status", reading, item if view.as_data else _for_people(item))
        if found.days and not view.as_data:
            last = office.today - timedelta(days=1)
            say(
                "Tiếp: ntm day close --until {last}",
                "Next: ntm day close --until {last}",
                last=last,
            )


def _for_people(item: dict[str, Any]) -> dict[str, Any]:
    """What is known of the days, in words; what is not is left out."""
    none = phrase("không", "no")
    age = item["heartbeat_age"]
    said = {
        "waiting": str(item["waiting"] or none),
        "due": phrase("có", "yes") if item["due"] else none,
        "heartbeat_age": phrase("chưa lần nào", "never") if age is None else ago(age),
        "clock_held": item["clock_held"] or none,
    }
    return {name: value for name, value in (item | said).items() if value is not None}


#: How many seconds make one, the longest first.
_SPANS = (
    (86_400, "{n} ngày trước", "{n} days ago"),
    (3_600, "{n} giờ trước", "{n} h ago"),
    (60, "{n} phút trước", "{n} min ago"),
    (1, "{n} giây trước", "{n} s ago"),
)


def ago(seconds: int) -> str:
    """How long ago, in the longest span there is one of."""
    for span, vi, en in _SPANS:
        if seconds >= span:
            return phrase(vi, en, n=seconds // span)
    return phrase("vừa xong", "just now")


@day.command(
    cls=Command,
    help=both(
        "Cả năm trên một màn hình: mỗi tháng bao nhiêu việc đến hạn và kết quả ra sao; dưới cùng là việc cần người quyết định.",
        "The year on one screen: how much fell due each month and how it came out; below it what a person must decide.",
    ),
    examples=[
        "ntm day year 2024",
        "ntm day year 2024 --plan tam-ky-2024 --within 'Tam Kỳ'",
        "ntm day year 2024 --svg han-2024.svg",
    ],
)
@click.argument("number", type=YEAR, metavar="Y")
@option("--plan", type=PLAN, metavar="ID", vi="Của kế hoạch này.", en="Of this plan.")
@option("--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này, theo địa giới ngày đến hạn.", en="Only inside this place, as it was on the day.")  # fmt: skip
@pictures("biểu đồ việc đến hạn từng tháng", "a chart of what falls due each month")
@reads
def year(
    view: Shown, number: int, plan: str | None, within: str | None, pictures: Pictures
) -> None:
    from ntm_workflow.cli import year as screen
    from ntm_workflow.office import year as use
    from ntm_workflow.office.names import find_place, must_be_adopted

    with view.reading() as reading:
        if plan:
            must_be_adopted(reading, plan)
        place = find_place(reading, within) if within is not None else None
        said = use.year(reading, number, plan, place)
        about = {"year": number, "plan": plan, "within": reading.ref(place)}
        where = [each for each in (place and reading.names.get(place, place), plan) if each]
        where = where or [phrase("cả sổ", "the whole journal")]
        if pictures.asked:
            screen.draw(pictures, reading, said, number, where)
            return
        title = phrase(
            "Năm {number}, tình trạng cuối ngày {day}: {where}",
            "{number} as of the end of {day}: {where}",
            number=number,
            day=reading.as_of,
            where=where,
        )
        screen.show(view, {**reading.stamp(), **about}, said, title)
