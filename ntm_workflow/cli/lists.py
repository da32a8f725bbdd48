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
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table

T = TypeVar("T")
Row = Sequence[str]

#: Rows that settle how wide the columns of a table are; the rest follow as they come.
PAGE = 200
_NARROWEST = 4
_MARGIN = 2


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
    """A page of rows at a time, each as wide as the first page needs and the terminal allows.

    A column with nothing on the first page comes only with the page that has something in it.
    """
    from rich.console import Console

    console = Console(highlight=False)
    page = list(islice(rows, PAGE))
    shown: list[int] = []
    while page or not shown:
        told = [at for at in range(len(titles)) if not page or any(row[at] for row in page)]
        first = not shown or not set(told) <= {*shown}
        if first:
            shown = sorted({0, *shown, *told})
            apart, widths = _fitted([_of(row, shown) for row in (titles, *page)], console.width)
        numbers = [shown.index(at) - apart for at in right if at in shown]
        heads, some = _of(titles, shown), [_of(row, shown) for row in page]
        if apart:
            _blocks(console, heads, some, widths, numbers, first=first)
        else:
            console.print(_page(heads, some, widths, numbers, first=first))
        page = list(islice(rows, PAGE))


def _fitted(rows: Sequence[Row], room: int) -> tuple[bool, list[int]]:
    """Whether the first column is too wide to stand beside the others, and how wide those stand."""
    widths = _widths(rows, room)
    apart = len(widths) > 2 and widths[0] * 3 > room and sum(widths) + len(widths) >= room
    # Behind a margin, and with no first column left to spare.
    return apart, _widths([["", *row[1:]] for row in rows], room - _MARGIN)[1:] if apart else widths


def _blocks(
    console: Console,
    titles: Row,
    rows: Sequence[Row],
    widths: list[int],
    right: Sequence[int],
    *,
    first: bool,
) -> None:
    """Each row under a line of its first column's own."""
    if first:
        console.print(titles[0], style="bold", markup=False)
        console.print(_indented(_page(titles[1:], [], widths, right, first=True)))
    for row in rows:
        console.print(row[0], markup=False)
        console.print(_indented(_page(titles[1:], [row[1:]], widths, right, first=False)))


def _indented(table: Table) -> Padding:
    from rich.padding import Padding

    return Padding(table, (0, 0, 0, _MARGIN))


def _of(row: Row, columns: list[int]) -> list[str]:
    return [row[at] for at in columns]


def _page(
    titles: Sequence[str],
    rows: Sequence[Row],
    widths: list[int],
    right: Sequence[int],
    *,
    first: bool,
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
    """What every column wants; where that is too much the widest give way, to their longest word first.

    The first says what the row is about and is typed again: it gives way only when nothing else can.
    """
    from rich.cells import cell_len

    columns = list(zip(*rows, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    words = [
        max(cell_len(word) for text in column for word in text.split() or [""])
        for column in columns
    ]
    room -= len(columns)
    while sum(widths) > room and max(widths) > _NARROWEST:
        others = [0, *(w if w > _NARROWEST else 0 for w in widths[1:])]
        roomy = [w if w > word else 0 for w, word in zip(others, words, strict=True)]
        some = next(each for each in (roomy, others, widths) if any(each))
        widths[some.index(max(some))] -= 1
    return widths


def started(items: Iterable[T]) -> Iterator[T]:
    """The items, the first already asked for: what is refused is refused before anything is written."""
    found = iter(items)
    return chain(list(islice(found, 1)), found)
