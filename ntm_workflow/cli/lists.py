"""A list in the form its reader asked for, a row at a time; knows no noun and no store."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ntm_workflow.cli.answers import cell, plain
from ntm_workflow.cli.labels import LOUD, MONEY, RATES, heading, word

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

T = TypeVar("T")
Row = Sequence[str]

#: Rows that settle how wide the columns of a table are; the rest follow as they come.
PAGE = 200
_NARROWEST = 4
_MARGIN = 2
#: A row of more lines than this in a narrow column is hard to read across.
_FOLDED = 2


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

    A column with nothing on the first page comes only with the page that has something in it, and
    a page with a longer id has widths of its own: an id is copied and must be whole.
    """
    from rich.console import Console

    console = Console(highlight=False)
    page = list(islice(rows, PAGE))
    shown: list[int] = []
    layout = _Layout([], [0], [])
    while page or not shown:
        told = [at for at in range(len(titles)) if not page or any(row[at] for row in page)]
        first = not shown or not set(told) <= {*shown} or not layout.holds(page)
        shown = sorted({0, *shown, *told}) if first else shown
        numbers = [shown.index(at) for at in right if at in shown]
        if first:
            cells = [_of(row, shown) for row in page]
            layout = _layout(_of(titles, shown), cells, numbers, console.width)
        heads, some = _of(titles, shown), [_of(row, shown) for row in page]
        _print(console, layout, heads, some, numbers, first=first)
        page = list(islice(rows, PAGE))


class _Layout(NamedTuple):
    """The columns that stand beside each other and how wide; the others go below, each named."""

    beside: list[int]
    widths: list[int]
    below: list[int]

    def holds(self, rows: Sequence[Row]) -> bool:
        """Whether what every row is about, its first cell, has the room it wants."""
        from rich.cells import cell_len

        return all(cell_len(row[0]) <= self.widths[0] for row in rows)


def _layout(titles: Row, rows: Sequence[Row], numbers: Sequence[int], room: int) -> _Layout:
    """All columns beside each other where none is then folded much, unless it has half the room.

    Else the widest go below, whole, until the others have the width they want. Digits that go on in
    the next line are read as another number, so the columns of `numbers` are never folded.
    """
    from rich.cells import cell_len

    every = list(range(len(titles)))
    widths = _widths([titles, *rows], room)
    narrow = [at for at in every if 2 * widths[at] < room]
    folded = (_lines(row[at], widths[at]) > _FOLDED for row in rows for at in narrow)
    cut = (cell_len(row[at]) > widths[at] for row in rows for at in numbers)
    if not any(folded) and not any(cut):
        return _Layout(every, widths, [])
    wanted = [max(map(cell_len, (*titles[at].split(), *(row[at] for row in rows)))) for at in every]
    beside = list(every)
    while len(beside) > 1 and sum(wanted[at] for at in beside) + len(beside) > room:
        beside.remove(max(beside[1:], key=wanted.__getitem__))
    # The longest comes last: what is short is then found in its place on every row.
    below = sorted({*every} - {*beside}, key=wanted.__getitem__)
    return _Layout(beside, [min(wanted[at], room - 1) for at in beside], below)


def _lines(text: str, width: int) -> int:
    """Over how many lines a text of words is folded."""
    from rich.cells import cell_len

    lines, used = 1, 0
    for size in map(cell_len, text.split()):
        if used and used + 1 + size > width:
            lines, used = lines + 1, 0
        used += size + (used > 0)
        lines, used = lines + (used - 1) // width * (used > width), min(used, width)
    return lines


def _print(
    console: Console,
    layout: _Layout,
    titles: Row,
    rows: Sequence[Row],
    right: Sequence[int],
    *,
    first: bool,
) -> None:
    from rich.padding import Padding

    beside, widths, below = layout
    numbers = [beside.index(at) for at in right if at in beside]
    heads = _of(titles, beside)
    if not below:
        console.print(_page(heads, rows, widths, numbers, first=first))
        return
    if first:
        console.print(_page(heads, [], widths, numbers, first=True))
    for row in rows:
        console.print(_page(heads, [_of(row, beside)], widths, numbers, first=False))
        said = [(titles[at], row[at]) for at in below if row[at]]
        if said:
            console.print(Padding(_named(said), (0, 0, 0, _MARGIN), expand=False))


def _named(said: Sequence[tuple[str, str]]) -> Text:
    """Cells in a line of text, each after the head of its column."""
    from rich.text import Text

    loud = _loud()
    cells = [Text.assemble(f"{title}: ", (text, loud.get(text, ""))) for title, text in said]
    return Text(" · ").join(cells)


def _loud() -> dict[str, str]:
    return {word(code): style for code, style in LOUD.items()}


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

    loud = _loud()
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
