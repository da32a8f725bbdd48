"""Letters: what would go out, what is in the outbox, and sending it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.session import option, session


@click.group(cls=Group, help=both("Thư nhắc việc.", "Reminder letters."))
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
    cls=Command,
    help=both(
        "Lập thư của ngày và gửi mọi thư đang chờ: mỗi thư một tệp .eml trong thư mục --outbox.",
        "Issue the day's letters and send everything that waits: an .eml file each in --outbox.",
    ),
    examples=["ntm letter send --on 15/10/2024 --outbox thu"],
)
@option(
    "--outbox",
    required=True,
    metavar="DIR",
    vi="Thư mục nhận tệp .eml.",
    en="Folder for the .eml files.",
)
@writes
def send(outbox: str, ask: Asked) -> None:
    from ntm_workflow.cli.clock import must_be_plausible
    from ntm_workflow.notifications.post import Folder
    from ntm_workflow.office import alarm, relay
    from ntm_workflow.office.bag import Bag

    must_be_plausible()
    office, settings = session().office(), session().settings
    post, request, day = Folder(Path(outbox)), ask.without_day(), ask.request.on or office.today
    bag = Bag(alarm.desks(settings["operator.email"], settings["serve.escalate_to"]))
    issued, done = relay.send_day(office, post, day, request, bag)
    _told(ask, issued, done, outbox)
    if done.failed:
        raise click.exceptions.Exit(1)


def _told(ask: Asked, issued: list[Any], done: Any, outbox: str) -> None:
    if ask.as_json:
        ids = [intent.id for intent in issued]
        about = {"issued": ids, "sent": done.left, "failed": done.failed}
        emit("letter.send", {**about, "dry_run": ask.request.dry_run})
        return
    counts = {"issued": len(issued), "sent": len(done.left), "failed": len(done.failed)}
    say(
        "Lập {issued} thư, gửi {sent} thư vào {outbox}, {failed} thư chưa gửi được.\nXem: ntm letter list",
        "Issued {issued} letters, sent {sent} to {outbox}, {failed} could not be sent.\nSee: ntm letter list",
        outbox=outbox,
        **counts,
    )


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
            text = letters.draft(reading, id, sample=office.info.rehearsal)
        if view.as_data:
            view.one("letter.show", reading, {**item, "text": text})
        else:
            click.echo(text)
