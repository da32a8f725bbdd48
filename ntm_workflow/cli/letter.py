"""Letters: what would go out, what is in the outbox, and sending it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import DUTY, UNIT
from ntm_workflow.cli.files import whole
from ntm_workflow.cli.labels import heading, word
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session
from ntm_workflow.domain.refused import Refused
from ntm_workflow.domain.values import moment

_FILE = click.Path(dir_okay=False, path_type=Path)


class NotInLetter(Refused):
    vi = "Thư này không có phần {kind} để ghi ra: chưa gửi, đã xóa, hoặc không còn gì đúng.\nXem: ntm letter list"
    en = "This letter has no {kind} to write: it has not left, was erased, or nothing of it holds.\nSee: ntm letter list"


_ANSWERS = "ntm_workflow.cli.letter_answers:"
_POST = "ntm_workflow.cli.letter_post:"
_LAZY = {
    "templates": (
        "ntm_workflow.cli.letter_templates:templates",
        both("Mẫu thư: xuất ra để sửa, kiểm tra.", "Letter templates: write out, check."),
    ),
    "send": (_POST + "send", both("Lập thư của ngày và gửi.", "Issue the day's and send.")),
    "retry": (_POST + "retry", both("Gửi lại thư chưa đi được.", "Try letters again.")),
    "bounces": (_POST + "bounces", both("Ghi nhận thư bị trả.", "Record what came back.")),
    "acknowledge": (
        _ANSWERS + "acknowledge",
        both("Đơn vị nhận trả lời thư.", "The unit takes on what a letter names."),
    ),
    "told": (
        _ANSWERS + "told",
        both("Đơn vị đã được báo chưa, trước hạn không.", "Was a unit told, and in time."),
    ),
    "calendar": (
        _ANSWERS + "calendar",
        both("Các ngày của đơn vị thành tệp .ics.", "A unit's days as an .ics file."),
    ),
    "release": (
        _ANSWERS + "release",
        both("Cho gửi thư đang bị giữ.", "Let letters go that are held."),
    ),
}


@click.group(cls=Group, lazy=_LAZY, help=both("Thư nhắc việc.", "Reminder letters."))
def letter() -> None:
    pass


_KINDS = (
    *("digest", "missed", "climb", "returned", "to_stop", "decided", "correction", "summary"),
    *("no_address", "alert", "reminder", "confirm"),
)
_STATES = (
    *("held", "queued", "frozen", "no_address", "unwritten", "dropped", "given_up"),
    *("sent", "failed", "bounced"),
)
_UNIT = option("--unit", type=UNIT, metavar="U", vi="Chỉ thư gửi đơn vị này.", en="Only letters to this unit.")  # fmt: skip
_KIND = option("--kind", type=click.Choice(_KINDS), metavar="K", vi="Chỉ loại thư này: digest, missed, climb, …", en="Only this kind: digest, missed, climb, …")  # fmt: skip


@letter.command(
    cls=Command,
    help=both(
        "Các thư sẽ gửi trong ngày, chưa ghi và chưa gửi gì. --zalo in bản ngắn để dán vào Zalo.",
        "The day's letters, neither recorded nor sent. --zalo prints a short text to paste into a chat.",
    ),
    examples=[
        "ntm letter preview --as-of 15/10/2024",
        "ntm letter preview --unit 'UBND xã Tam Ngọc' --zalo",
    ],
)
@_UNIT
@_KIND
@option("--zalo", is_flag=True, vi="Bản ngắn để dán vào Zalo.", en="The short text for a chat.")
@reads
def preview(view: Shown, unit: str | None, kind: str | None, *, zalo: bool) -> None:
    from ntm_workflow.cli.letter_style import style
    from ntm_workflow.office import letters
    from ntm_workflow.office.names import find_unit

    office = session().office()
    with view.reading() as reading:
        who = find_unit(reading, unit) if unit else None
        sample = office.info.rehearsal
        found = letters.preview(reading, sample=sample, style=style(), unit=who, kind=kind)
        items = [
            {
                **_of(w.intent),
                "subject": w.subject,
                "body": w.chat() if zalo else w.body,
                "unit": reading.ref(w.intent.unit),
            }
            for w in found
        ]
        columns = ["id", "unit", "kind", "subject"]
        view.items("letter.preview", reading.stamp(), items, columns, line=_letter)
    if not view.as_data:
        say("{n} thư.", "{n} letters.", n=len(found))


def _letter(item: dict[str, Any]) -> str:
    return f"--- {item['id']}\n{item['subject']}\n\n{item['body']}"


def _of(intent: Any) -> dict[str, Any]:
    about = {"id": intent.id, "kind": intent.kind, "day": intent.day, "held": intent.held}
    named = dict.fromkeys(line.subject.partition("/")[2] for line in intent.lines)
    return {**about, "obligations": list(named)}


@letter.command(
    "list",
    cls=Command,
    help=both(
        "Các thư đã lập: gửi ai, về việc gì, đã đi chưa.",
        "The letters issued: to whom, about what, and whether they left.",
    ),
    examples=["ntm letter list", "ntm letter list --unit 'UBND xã Tam Ngọc' --state sent --json"],
)
@_UNIT
@_KIND
@option("--state", "states", type=click.Choice(_STATES), multiple=True, metavar="S", vi="Chỉ trạng thái này: held, queued, frozen, no_address, sent, failed, bounced, …", en="Only in this state: held, queued, frozen, no_address, sent, failed, bounced, …")  # fmt: skip
@option("--obligation", type=DUTY, metavar="ID", vi="Chỉ thư nêu nhiệm vụ này.", en="Only letters that name this duty.")  # fmt: skip
@option("--from", "first", type=DAY, metavar="D", vi="Từ ngày này.", en="From this day on.")
@option("--until", "last", type=DAY, metavar="D", vi="Đến hết ngày này.", en="Up to this day.")
@reads
def list_(view: Shown, unit: str | None, obligation: str | None, **said: Any) -> None:
    from ntm_workflow.cli.obligation import find
    from ntm_workflow.office import letters
    from ntm_workflow.office.names import find_unit

    with view.reading() as reading:
        wanted = letters.Wanted(
            unit=find_unit(reading, unit) if unit else None,
            obligation=find(reading, obligation).id if obligation else None,
            **said,
        )
        items = letters.listing(reading, wanted)
        columns = ["id", "unit", "kind", "day", "state", "obligations"]
        view.items("letter.list", reading.stamp(), items, columns)


@letter.command(
    cls=Command,
    help=both(
        "Một thư, đúng như đã gửi; chưa gửi thì như sẽ gửi. --eml, --html ghi ra tệp; --zalo in bản ngắn.",
        "One letter, exactly as it left, or as it would. --eml and --html write files; --zalo prints the short text.",
    ),
    examples=[
        "ntm letter show letter/ubnd-tam-ngoc-tam-ky/digest/2024-10-15",
        "ntm letter show letter/ubnd-tam-ngoc-tam-ky/digest/2024-10-15 --html thu.html",
    ],
)
@click.argument("id")
@option("--eml", type=_FILE, metavar="FILE", vi="Ghi nguyên văn thư đã gửi.", en="Write the letter's own bytes.")  # fmt: skip
@option("--html", type=_FILE, metavar="FILE", vi="Ghi bản HTML.", en="Write the HTML.")
@option("--zalo", is_flag=True, vi="Bản ngắn để dán vào Zalo.", en="The short text for a chat.")
@reads
def show(id: str, view: Shown, eml: Path | None, html: Path | None, *, zalo: bool) -> None:
    from ntm_workflow.cli.letter_style import style
    from ntm_workflow.notifications.mime import part, readable
    from ntm_workflow.office import letters

    office, draft = session().office(), None
    with view.reading() as reading:
        item, content = letters.one(reading, id)
        # Of what has left nothing is shown that was not in it.
        if (content is None and item["state"] not in _LEFT) or (zalo and content is not None):
            draft = letters.draft(reading, id, sample=office.info.rehearsal, style=style())
    if content:
        text, page = readable(content), part(content, "text/html")
    else:
        text = f"{draft.subject}\n\n{draft.body}" if draft else _nothing(item["state"])
        page = draft.html if draft else None
    if zalo:
        text = draft.chat() if draft else _nothing(item["state"])
    _write(eml, content, "eml")
    _write(html, page.encode() if page else None, "html")
    if view.as_data:
        view.one("letter.show", reading, {**item, "text": text})
        return
    click.echo(text)
    if not zalo:
        _tell_about(item)


#: The states of letters that are with somebody, or were.
_LEFT: Final = frozenset({"sent", "bounced"})


def _tell_about(item: dict[str, Any]) -> None:
    """What became of the letter, below it."""
    click.echo(f"{heading('state')}: {word(item['state'])}")
    for name in ("released_by", "acknowledged_by"):
        if item[name] is not None:
            erased = phrase("(tên đã xóa theo yêu cầu)", "(the name was erased on request)")
            click.echo(f"{heading(name)}: {item[name] or erased}")
    for each in item["tries"]:
        if each["outcome"] != "accepted":
            click.echo(_try(each))


def _try(said: dict[str, Any]) -> str:
    """A try that came to nothing: when, with which server, and what it said."""
    from ntm_workflow.store.codec import instant

    heard = " ".join(str(each) for each in (said["code"], said["said"] or said["status"]) if each)
    at = moment(instant(said["at"]))
    if not said["server"]:
        text = "Lượt gửi trước {at} bị ngắt giữa chừng, không biết máy chủ đã nhận chưa.", "A run before {at} was cut off; nobody knows whether the server took it."  # fmt: skip
        return phrase(*text, at=at)
    return phrase(
        "Gửi chưa được lúc {at} qua {server}: {heard}",
        "Did not leave at {at} by {server}: {heard}",
        at=at,
        server=said["server"],
        heard=heard or phrase(*_UNSAID[said["outcome"]]),
    )


#: What became of a letter of which the server said nothing, or it was erased.
_UNSAID: Final = {
    "deferred": ("ngắt giữa chừng", "broken off"),
    "unknown": ("không biết máy chủ đã nhận chưa", "nobody knows whether it was taken"),
    "refused": ("bị từ chối", "refused"),
}


def _nothing(state: str) -> str:
    if state in _LEFT:
        return phrase(
            "Sổ không còn giữ nội dung thư này: đã xóa theo yêu cầu, hoặc là thư báo máy gửi địa chỉ trong thiết lập.",
            "The store keeps this letter's text no more: erased on request, or an alert to an address of the settings.",
        )
    return phrase(
        "Không còn nội dung nào của thư này đúng nữa; thư sẽ không gửi.",
        "Nothing this letter was to say still holds; it will not leave.",
    )


def _write(file: Path | None, content: bytes | None, kind: str) -> None:
    """Keep a part of the letter in a file; say so where it has none."""
    if file is None:
        return
    if content is None:
        raise NotInLetter(kind=kind)
    with whole(file) as out:
        out.write(content)
