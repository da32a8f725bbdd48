"""A list in the form its reader asked for, a row at a time; knows no noun and no store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from ntm_workflow.cli.answers import cell, plain
from ntm_workflow.cli.labels import LOUD, MONEY, RATES, heading, word

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")
Row = Sequence[str]

#: Rows that settle how wide the columns of a table are; the rest follow as they come.
PAGE = 200
_NARROWEST = 4


def write_json(schema: str, head: dict[str, Any], under: str, items: Iterable[Any]) -> None:
    """One document, its items written as they come; the bytes are those of a whole one."""
    import msgspec

    def text(value: Any) -> str:
        return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()

    found = started(items)
    opened = text({"schema": f"ntm.{schema}/1", **head, under: []}).removesuffix("[]\n}")
    sys.stdout.write(opened + "[")
    between = "\n"
    for item in found:
        sys.stdout.write(between + "    " + text(item).replace("\n", "\n    "))
        between = ",\n"
    sys.stdout.write(("\n  ]" if between != "\n" else "]") + "\n}\n")


def write_csv(columns: Sequence[str], items: Iterable[dict[str, Any]]) -> None:
    found = started(items)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(item.get(name)) for name in columns] for item in found)


def _safe(value: Any) -> str:
    """A cell that begins like a formula would run in a spreadsheet; numbers do not."""
    text = plain(value)
    formula = isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if formula else text


def write_table(columns: Sequence[str], items: Iterable[dict[str, Any]]) -> None:
    """A table of `columns` on a terminal; in a pipe, tabs between cells and a line an item."""
    rows = ([cell(item.get(name), name) for name in columns] for item in items)
    right = [at for at, name in enumerate(columns) if name in MONEY | RATES]
    write_rows([heading(name) for name in columns], rows, right)


def write_rows(titles: Sequence[str], rows: Iterable[Row], right: Sequence[int] = ()) -> None:
    """The same of texts; the columns at `right` are numbers."""
    found = started(rows)
    if sys.stdout.isatty():
        draw(titles, found, right)
        return
    for row in chain([titles], found):
        sys.stdout.write("\t".join(" ".join(text.split()) for text in row) + "\n")


def draw(titles: Sequence[str], rows: Iterator[Row], right: Sequence[int] = ()) -> None:
    """A page of rows at a time, each as wide as the first page needs and the terminal allows."""
    from rich.console import Console

    console = Console(highlight=False)
    page = list(islice(rows, PAGE))
    widths = _widths([titles, *page], console.width)
    console.print(_page(titles, page, widths, right, first=True))
    while page := list(islice(rows, PAGE)):
        console.print(_page(titles, page, widths, right))


def _page(
    titles: Sequence[str],
    rows: list[Row],
    widths: list[int],
    right: Sequence[int],
    *,
    first: bool = False,
) -> Table:
    from rich.table import Table
    from rich.text import Text

    loud = {word(code): style for code, style in LOUD.items()}
    table = Table(box=None, show_header=first, pad_edge=False, padding=(0, 1, 0, 0))
    for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
        side: Any = "right" if at in right else "left"
        table.add_column(Text(title), width=width, justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(text, loud.get(text, "")) for text in row))
    return table


def _widths(rows: Sequence[Row], room: int) -> list[int]:
    """What every column wants; where that is too much the widest give way, to their longest word first."""
    from rich.cells import cell_len

    columns = list(zip(*rows, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    words = [
        max(cell_len(word) for text in column for word in text.split() or [""])
        for column in columns
    ]
    room -= len(columns)
    while sum(widths) > room and max(widths) > _NARROWEST:
        roomy = [w if w > word else 0 for w, word in zip(widths, words, strict=True)]
        some = roomy if any(roomy) else widths
        widths[some.index(max(some))] -= 1
    return widths


def started(items: Iterable[T]) -> Iterator[T]:
    """The items, the first already asked for: what is refused is refused before anything is written."""
    found = iter(items)
    return chain(list(islice(found, 1)), found)
