"""The money book as rows, and as the journals that accounting programs check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.files import whole
from ntm_workflow.cli.params import SHEET
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.book import Booked
    from ntm_workflow.office.reading import Reading

#: Forms that accounting programs check, and those of plain rows.
_BOOKS, _ROWS = ("hledger", "beancount"), ("csv", "xlsx")
_COLUMNS = ["day", "entry", "item", "account", "amount", "document"]


@click.command(
    cls=Command,
    help=both(
        "Sổ vốn ghi kép: mỗi việc đi từ tài khoản nào sang tài khoản nào. --format ghi tệp cho hledger, beancount, kèm số dư theo các bảng để phần mềm ấy tự đối chiếu, hoặc các dòng thành csv, xlsx.",
        "The money book in double entry: what each fact moved from where to where. --format writes it for hledger or beancount, with the balances of the tables for them to check, or its rows as csv or xlsx.",
    ),
    examples=[
        "ntm fund export --within 'Tam Ngọc'",
        "ntm fund export --format beancount -o von.beancount",
        "ntm fund export --format xlsx -o von.xlsx",
    ],
)
@option("--format", "form", type=click.Choice([*_BOOKS, *_ROWS]), metavar="F", vi="hledger, beancount, csv hoặc xlsx.", en="hledger, beancount, csv or xlsx.")  # fmt: skip
@in_place
@option("-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", vi="Ghi vào tệp này.", en="Write it into this file.")  # fmt: skip
@reads
def export(form: str | None, within: str | None, file: Path | None, view: Shown) -> None:
    from ntm_workflow.office import book
    from ntm_workflow.office.fund_totals import choose

    if form is not None and view.as_data:
        text = phrase("--format không đi với --json, --csv, --xlsx.", "--format goes without --json, --csv and --xlsx.")  # fmt: skip
        raise click.UsageError(text)
    if form is None and file is not None:
        raise click.UsageError(phrase("-o đi với --format.", "-o goes with --format."))
    if form == "xlsx" and file is None:
        raise click.UsageError(phrase("--format xlsx cần -o TỆP.xlsx.", "--format xlsx needs -o FILE.xlsx."))  # fmt: skip
    journal = session().office().journal
    with view.reading() as reading:
        chosen = choose(reading, within=within)
        entries = book.booked(journal, reading, chosen.places)
        if form not in _BOOKS:
            _as_rows(view, form, file, reading, entries)
            return
        write = book.hledger if form == "hledger" else book.beancount
        closing = reading.as_of + timedelta(days=form == "beancount")
        left = book.numbers(reading.rows("fund", *chosen.where(reading.conn)))
        lines = write(_told(reading, entries), closing, left)
        if file is None:
            click.echo("".join(lines), nl=False)
            return
        with whole(file) as out:
            for line in lines:
                out.write(line.encode())
    say("Đã ghi: {file}", "Written: {file}", file=str(file))


def _as_rows(
    view: Shown, form: str | None, file: Path | None, reading: Reading, entries: Iterator[Booked]
) -> None:
    """The postings as rows, in the form of `--json` and its like, or of `--format`."""
    items = (row for each in entries for row in _postings(each))
    if form == "xlsx":
        view = replace(view, as_xlsx=SHEET.convert(str(file), None, None))
    elif form == "csv":
        view = replace(view, as_csv=True)
    if form != "csv" or file is None:
        view.items("fund.export", reading.stamp(), items, _COLUMNS)
        return
    with (
        whole(file) as out,
        TextIOWrapper(out, encoding="utf-8", newline="") as text,
        redirect_stdout(text),
    ):
        view.items("fund.export", reading.stamp(), items, _COLUMNS)
    say("Đã ghi: {file}", "Written: {file}", file=str(file))


def _told(reading: Reading, entries: Iterator[Booked]) -> Iterator[tuple[Booked, str]]:
    from ntm_workflow.projections.sentences import gist

    return ((each, gist(each.fact, LANG.get(), reading.names)) for each in entries)


def _postings(each: Booked) -> Iterator[dict[str, Any]]:
    event = each.fact.event
    said = {"day": event.effective_on, "entry": each.fact.entry, "document": event.document}
    for posting in each.postings:
        yield {
            **said,
            "item": posting.item,
            "account": str(posting.account),
            "amount": posting.amount,
        }
