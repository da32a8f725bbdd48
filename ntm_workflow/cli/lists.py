"""A list in the form its reader asked for, a row at a time; knows no noun and no store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from ntm_workflow.cli.answers import cell, plain
from ntm_workflow.cli.labels import LOUD, MONEY, RATES, heading

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")

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
    found = started(items)
    if sys.stdout.isatty():
        draw(columns, found)
        return
    sys.stdout.write("\t".join(map(heading, columns)) + "\n")
    for item in found:
        cells = (" ".join(cell(item.get(name), name).split()) for name in columns)
        sys.stdout.write("\t".join(cells) + "\n")


def draw(columns: Sequence[str], items: Iterator[dict[str, Any]]) -> None:
    """A page of rows at a time, each as wide as the first page needs and the terminal allows."""
    from rich.console import Console

    console = Console(highlight=False)
    page = list(islice(items, PAGE))
    widths = _widths(columns, page, console.width)
    console.print(_page(columns, page, widths, titles=True))
    while page := list(islice(items, PAGE)):
        console.print(_page(columns, page, widths))


def _page(
    columns: Sequence[str], items: list[dict[str, Any]], widths: list[int], *, titles: bool = False
) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=titles, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in zip(columns, widths, strict=True):
        side: Any = "right" if name in MONEY | RATES else "left"
        table.add_column(Text(heading(name)), width=width, justify=side, overflow="fold")
    for item in items:
        values = [(name, item.get(name)) for name in columns]
        table.add_row(*(Text(cell(v, name), LOUD.get(str(v), "")) for name, v in values))
    return table


def _widths(columns: Sequence[str], items: list[dict[str, Any]], room: int) -> list[int]:
    """What every column wants; where that is too much the widest give way, to their longest word first."""
    from rich.cells import cell_len

    rows = [[cell(item.get(name), name) for name in columns] for item in items]
    texts = [*zip([heading(name) for name in columns], *rows, strict=True)]
    widths = [max(map(cell_len, column)) for column in texts]
    words = [
        max(cell_len(word) for text in column for word in text.split() or [""]) for column in texts
    ]
    room -= len(columns)
    while sum(widths) > room and max(widths) > _NARROWEST:
        spare = [width - word for width, word in zip(widths, words, strict=True)]
        some = (
            widths
            if max(spare) <= 0
            else [w if s > 0 else 0 for w, s in zip(widths, spare, strict=True)]
        )
        widths[some.index(max(some))] -= 1
    return widths


def started(items: Iterable[T]) -> Iterator[T]:
    """The items, the first already asked for: what is refused is refused before anything is written."""
    found = iter(items)
    return chain(list(islice(found, 1)), found)
