"""Letters: what would go out, what is in the outbox, and sending it."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.session import session

_POST = "ntm_workflow.cli.letter_post:"
_LAZY = {
    "templates": (
        "ntm_workflow.cli.letter_templates:templates",
        both("Mẫu thư: xuất ra để sửa, kiểm tra.", "Letter templates: write out, check."),
    ),
    "send": (_POST + "send", both("Lập thư của ngày và gửi.", "Issue the day's and send.")),
    "retry": (_POST + "retry", both("Gửi lại thư chưa đi được.", "Try letters again.")),
    "bounces": (_POST + "bounces", both("Ghi nhận thư bị trả.", "Record what came back.")),
    "release": (
        _POST + "release",
        both("Cho gửi thư đang bị giữ.", "Let letters go that are held."),
    ),
}


@click.group(cls=Group, lazy=_LAZY, help=both("Thư nhắc việc.", "Reminder letters."))
def letter() -> None:
    pass


@letter.command(
    cls=Command,
    help=both(
        "Các thư sẽ gửi trong ngày, chưa ghi và chưa gửi gì.",
        "The day's letters, neither recorded nor sent.",
    ),
    examples=["ntm letter preview --as-of 15/10/2024"],
)
@reads
def preview(view: Shown) -> None:
    from ntm_workflow.office import letters

    office = session().office()
    with view.reading() as reading:
        written = letters.preview(reading, sample=office.info.rehearsal)
        items = [
            {
                **_of(w.intent),
                "subject": w.subject,
                "body": w.body,
                "unit": reading.ref(w.intent.unit),
            }
            for w in written
        ]
        columns = ["id", "unit", "kind", "subject"]
        view.items("letter.preview", reading.stamp(), items, columns, line=_letter)
    if not view.as_data:
        say("{n} thư.", "{n} letters.", n=len(written))


def _letter(item: dict[str, Any]) -> str:
    return f"--- {item['id']}\n{item['subject']}\n\n{item['body']}"


def _of(intent: Any) -> dict[str, Any]:
    about = {"id": intent.id, "kind": intent.kind, "day": intent.day}
    return {**about, "obligations": [line.subject.partition("/")[2] for line in intent.lines]}


@letter.command(
    "list",
    cls=Command,
    help=both("Các thư đã lập.", "The letters issued."),
    examples=["ntm letter list"],
)
@reads
def list_(view: Shown) -> None:
    from ntm_workflow.office import letters

    with view.reading() as reading:
        items = letters.listing(reading)
        view.items(
            "letter.list",
            reading.stamp(),
            items,
            ["id", "unit", "kind", "day", "state", "obligations"],
        )


@letter.command(
    cls=Command,
    help=both("Một thư, đúng như đã gửi.", "One letter, exactly as it left."),
    examples=["ntm letter show letter/ubnd-tam-ngoc-tam-ky/reminder/2024-10-15"],
)
@click.argument("id")
@reads
def show(id: str, view: Shown) -> None:
    from ntm_workflow.notifications.mime import readable
    from ntm_workflow.office import letters

    office = session().office()
    with view.reading() as reading:
        item, content = letters.one(reading, id)
        if content:
            text = readable(content)
        elif item["state"] == "sent":
            text = phrase(
                "Nội dung thư đã xóa theo yêu cầu.", "The letter's text was erased on request."
            )
        else:
            draft = letters.draft(reading, id, sample=office.info.rehearsal)
            text = f"{draft.subject}\n\n{draft.body}" if draft else ""
        if view.as_data:
            view.one("letter.show", reading, {**item, "text": text})
        else:
            click.echo(text)
