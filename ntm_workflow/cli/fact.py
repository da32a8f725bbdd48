"""Entries: list, show, void, correct."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import fact_json, phrase
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, UNIT, VALUE
from ntm_workflow.cli.params import DAY, ENTRIES, FACT, NUMBER, SOME
from ntm_workflow.cli.session import option, session

COLUMNS = [
    *("position", "entry", "recorded_at", "effective_on", "type", "subject", "body", "by"),
    *("document", "sentence", "because", "voided_by"),
]
if TYPE_CHECKING:
    from ntm_workflow.office import Office, Receipt
    from ntm_workflow.office.history import Filter
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.rescheduling import Moves


@click.group(cls=Group, help=both("Các lần ghi trong sổ.", "The entries of the journal."))
def fact() -> None:
    pass


COLUMNS = ["position", "entry", "recorded_at", "effective_on", "type", "subject", "body", "by", "document", "sentence", "because", "voided_by"]  # fmt: skip


def filters(function: Any) -> Any:
    """The options that choose facts; the last stands first in the help."""
    for add in (
        option("--limit", type=SOME, metavar="N", vi="Chỉ N việc ghi gần nhất.",
               en="Only the latest N."),
        option("--entry", "entries", type=ENTRIES, metavar="A..B", vi="Các lần ghi từ #A đến #B.",
               en="Entries #A to #B."),
        option("--recorded-until", type=DAY, metavar="D", vi="Ghi đến ngày.", en="Recorded until."),
        option("--recorded-from", type=DAY, metavar="D", vi="Ghi từ ngày.", en="Recorded from."),
        option("--until", type=DAY, metavar="D", vi="Xảy ra đến ngày.", en="Happened until."),
        option("--from", "from_", type=DAY, metavar="D", vi="Xảy ra từ ngày.", en="Happened from."),
        option("--against", is_flag=True, vi="Chỉ việc trái quy tắc.", en="Only acts against a rule."),
        option("--document", metavar="TEXT", vi="Văn bản có những chữ này (đúng hoa thường).",
               en="The paper has these words (case matters)."),
        option("--recorded-by", metavar="WHO", vi="Người gõ.", en="Who typed it."),
        option("--body", type=UNIT, metavar="UNIT", vi="Đơn vị đã làm.", en="The unit that did it."),
        option("--type", "type", type=FACT, metavar="T", vi="Loại việc: tên, hoặc chữ đầu câu (“giải ngân”).",
               en="Type of fact: its name, or the first words of its Vietnamese sentence."),
        option("--subject", metavar="ID", vi="Đối tượng, ví dụ fund/…", en="The subject, e.g. fund/…"),
        option("--place", type=PLACE, metavar="P", vi="Địa bàn và bên trong nó.",
               en="The place and what lies in it."),
    ):  # fmt: skip
        function = add(function)
    return function


def history(view: Shown, **said: Any) -> None:
    """The facts that fit the filters, in the order they were recorded."""
    from ntm_workflow.office import history as use

    with view.reading() as reading:
        wanted = _wanted(reading, **said)
        # A reader who leaves early leaves the question open, which must end before its connection.
        with closing(use.find(session().office().journal, reading, wanted)) as found:
            items = (fact_json(fact, reading, voided_by) for fact, voided_by in found)
            view.items("fact.list", reading.stamp(), items, COLUMNS, line=line)


def _wanted(reading: Reading, **said: Any) -> Filter:
    """The filters with their place, unit and subject found by what was typed."""
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office.history import Filter, find_subject
    from ntm_workflow.office.names import find_once, find_unit

    named = {"place": find_once, "body": find_unit, "subject": find_subject}
    ids = {
        name: find(reading, said[name]) for name, find in named.items() if said[name] is not None
    }
    texts = {
        name: nfc(said[name]) for name in ("recorded_by", "document") if said[name] is not None
    }
    return Filter(**{**said, **ids, **texts})


def line(item: dict[str, Any]) -> str:
    """`#12  sentence`, and what became of it."""
    text = f"#{item['entry']}  {item['sentence']}"
    if item["because"] and item["because"] != item["entry"]:
        text += f"  ← #{item['because']}"
    if item["voided_by"]:
        text += phrase("  [đã hủy bởi #{n}]", "  [voided by #{n}]", n=item["voided_by"])
    return text


@fact.command(
    "list",
    cls=Command,
    help=both("Lịch sử, mỗi việc một câu.", "History, a sentence per fact."),
    examples=[
        "ntm fact list --place 'Tam Ngọc' --from 1/10/2024",
        "ntm fact list --type 'giải ngân' --json",
        "ntm fact list --limit 20",
    ],
)
@filters
@reads
def list_(view: Shown, **said: Any) -> None:
    history(view, **said)


@fact.command(
    cls=Command,
    help=both("Một lần ghi và các việc trong đó.", "One entry and its facts."),
    examples=["ntm fact show 12", "ntm fact show 12 --json"],
)
@click.argument("number", type=NUMBER, metavar="#N")
@reads
def show(number: int, view: Shown) -> None:
    from ntm_workflow.office import history as use

    with view.reading() as reading:
        facts, voided_by = use.entry(session().office().journal, reading, number)
        items = [fact_json(f, reading, voided_by) for f in facts]
        head = {**reading.stamp(), "entry": facts[0].entry, "voided_by": voided_by}
        view.items("fact.show", head, items, COLUMNS, under="facts", line=line)


@fact.command(
    cls=Command,
    help=both(
        "Hủy một lần ghi: nó vẫn còn trong sổ nhưng không tính nữa.",
        "Void an entry: it stays in the journal and no longer counts.",
    ),
    examples=["ntm fact void 545 --reason 'ghi nhầm xã' --document 'BB 03' --dry-run"],
)
@click.argument("number", type=NUMBER, metavar="#N")
@option("--reason", required=True, metavar="T", vi="Lý do.", en="Why.")
@option(
    "--with-dependents",
    is_flag=True,
    vi="Hủy cả các lần ghi dựa vào nó.",
    en="Void what rests on it, too.",
)
@writes
def void(number: int, reason: str, with_dependents: bool, ask: Asked) -> None:
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office import voiding
    from ntm_workflow.office.rescheduling import Moves

    office, told = session().office(), Moves()

    def verb(entry: Any) -> None:
        voiding.void(entry, number, nfc(reason), with_dependents=with_dependents, told=told)

    _told(ask, "fact.void", office, office.record(ask.request, verb), told)


@fact.command(
    cls=Command,
    help=both(
        "Đính chính: hủy một lần ghi và ghi lại việc đúng, trong cùng một lần.",
        "Correct: void an entry and record it right, in one entry.",
    ),
    examples=[
        "ntm fact correct 688 --reason 'gõ nhầm ngày nhận' --set received_on=29/10/2024 --dry-run",
        "ntm fact correct 692 --reason 'gõ nhầm số tiền' --set amount='150 triệu' --dry-run",
    ],
)
@click.argument("number", type=NUMBER, metavar="#N")
@option("--reason", required=True, metavar="T", vi="Lý do.", en="Why.")
@option(
    "--set",
    "fields",
    type=VALUE,
    multiple=True,
    metavar="FIELD=VALUE",
    vi="Giá trị đúng.",
    en="The right value.",
)
@option(
    "--subject",
    metavar="ID",
    vi="Đối tượng, khi lần ghi có nhiều.",
    en="The subject, where the entry has several.",
)
@writes
def correct(
    number: int, reason: str, fields: tuple[str, ...], subject: str | None, ask: Asked
) -> None:
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office import voiding
    from ntm_workflow.office.rescheduling import Moves

    said = dict(_pair(text) for text in fields)
    change = voiding.Change(on=ask.request.on, fields=said, subject=subject)
    request = ask.without_day()
    office, told = session().office(), Moves()

    def verb(entry: Any) -> None:
        voiding.correct(entry, number, nfc(reason), change, told)

    _told(ask, "fact.correct", office, office.record(request, verb), told)


def _told(ask: Asked, kind: str, office: Office, receipt: Receipt, told: Moves) -> None:
    """The answer, and the deadlines that moved, if any did."""
    from ntm_workflow.cli import moves

    if told.moved and not ask.as_json:
        moves.tell_moves(told)
    ask.told(kind, office, receipt, moved=moves.as_data(told))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(
            phrase("“{text}” chưa có dạng MỤC=GIÁ TRỊ", "“{text}” is not FIELD=VALUE", text=text),
            param_hint="--set",
        )
    return name.strip(), value.strip()
