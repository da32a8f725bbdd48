"""A matrix as a picture: a mark for each of many places and each of some columns, told by its shape. Knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ntm_workflow.cli.drawing import (
    COLOURS,
    SIDE,
    SMALL,
    WIDTH,
    Words,
    cut,
    flowing,
    height_of_head,
    plain,
    sheet,
    stroke,
    text,
    tiles,
    width_of,
    wrapped,
)

#: Marks are squares of this side, one row from the next that far.
_MARK, _ROW = 18, 26
_LEAST, _MOST = 26, 44
_TOTAL, _NAMES = 52, 180
#: The numbers of the columns come again, so that they are in sight on every page.
AGAIN: Final = 25
_HEADS, _LEGEND, _GAP = 30, 30, 22
#: From each name under the marks to the next.
_NEXT: Final = 22
_STROKE: Final = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
_LETTER: Final = '<text class="bold middle" x="9" y="14">{}</text>'
#: What each state looks like: a full square, an empty one, a hatched one, a diamond, each with its own sign.
MARKS: Final = {
    "achieved": (
        '<rect class="bar" width="18" height="18"/>'
        f'<path d="M4 9.5l3.5 4L14 5" {_STROKE} stroke="{COLOURS["behind"]}" stroke-width="2.4"/>'
    ),
    "not_achieved": (
        f'<rect class="box" x=".6" y=".6" width="16.8" height="16.8" fill="{COLOURS["behind"]}"/>'
        f'<path d="M5 9h8" {_STROKE} stroke="{COLOURS["text"]}" stroke-width="2"/>'
    ),
    "unknown": (
        '<rect class="box" x=".6" y=".6" width="16.8" height="16.8" fill="url(#slanted)"/>'
        f'<rect x="4.5" y="2.5" width="9" height="13" fill="{COLOURS["behind"]}"/>'
        + _LETTER.format("?")
    ),
    "conflicting": (
        f'<path d="M9 -2.5L20.5 9L9 20.5L-2.5 9z" fill="{COLOURS["behind"]}"'
        f' stroke="{COLOURS["line"]}" stroke-width="2.4"/>' + _LETTER.format("!")
    ),
}


class Column(NamedTuple):
    number: int
    name: str | None


class Row(NamedTuple):
    """A place: which numbers are in which state, and what it has in all."""

    name: str
    states: Mapping[str, Sequence[int]]
    total: int


class Said(NamedTuple):
    """What the states are called, and the heads of what stands beside and below the marks."""

    states: Mapping[str, str]
    total: str
    each: str
    columns: str
    empty: str


class _Plan(NamedTuple):
    """Where things stand."""

    names: float
    pitch: int
    top: float
    columns: int

    def x(self, column: int) -> float:
        return SIDE + self.names + column * self.pitch + self.pitch / 2

    def y(self, row: int) -> float:
        """The top of a row, under as many heads as come before it."""
        return self.top + row * _ROW + (row // AGAIN + 1) * _HEADS

    @property
    def total(self) -> float:
        return SIDE + self.names + self.columns * self.pitch + _TOTAL - 8

    @property
    def width(self) -> int:
        return max(WIDTH, int(self.total) + 8 + SIDE)


def picture(words: Words, said: Said, columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """The whole file, as high as the rows need and as wide as the columns do."""
    plan = _planned(rows, columns, height_of_head(words))
    end = plan.y(max(len(rows) - 1, 0)) + _ROW
    names, foot = _key(said, columns, end + _ROW + _GAP, plan.width)
    defined = [*tiles(["slanted"]), *(f'<g id="{name}">{mark}</g>' for name, mark in MARKS.items())]
    parts = [*_legend(said, rows, plan), *_heads(said, columns, rows, plan)]
    for number, row in enumerate(rows):
        parts += _row(said, columns, row, plan, plan.y(number))
    if not rows:
        parts.append(text(SIDE, plan.y(0) + 18, said.empty))
    parts += [*_sums(said, columns, rows, plan, end), *names]
    told = "; ".join(_told(said, row) for row in rows) or said.empty
    return sheet(words._replace(told=told), int(foot) + SIDE // 2, parts, defined, plan.width)


def _planned(rows: Sequence[Row], columns: Sequence[Column], head: int) -> _Plan:
    """Columns as wide as there is room for beside the names, which may be cut, but not too much."""
    room = WIDTH - 2 * SIDE - _TOTAL
    names = max([width_of(row.name) + 12 for row in rows], default=0.0)
    names = min(max(names, _NAMES), max(room - len(columns) * _LEAST, _NAMES))
    pitch = max(_LEAST, min(_MOST, int((room - names) / max(len(columns), 1))))
    return _Plan(names, pitch, head + _LEGEND, len(columns))


def _legend(said: Said, rows: Sequence[Row], plan: _Plan) -> Iterator[str]:
    """Each mark, what it means and how many there are."""
    keys = [
        f"{said.states[name]}: {sum(len(row.states.get(name, ())) for row in rows)}"
        for name in MARKS
    ]
    places = flowing([_MARK + 16 + width_of(key) + SIDE for key in keys], WIDTH)
    for name, key, (x, _) in zip(MARKS, keys, places, strict=True):
        yield _mark(name, SIDE + x + 4, plan.top - _LEGEND)
        yield text(SIDE + x + _MARK + 16, plan.top - _LEGEND + 14, key)


def _heads(
    said: Said, columns: Sequence[Column], rows: Sequence[Row], plan: _Plan
) -> Iterator[str]:
    for number in range(0, max(len(rows), 1), AGAIN):
        y = plan.y(number) - 9
        for at, column in enumerate(columns):
            name = f"{column.number}. {column.name}" if column.name else str(column.number)
            shown = text(plan.x(at), y, str(column.number), "middle bold")
            yield f"<g><title>{plain(name)}</title>{shown}</g>"
        yield text(plan.total, y, said.total, "end bold")
        yield stroke(f"M{SIDE} {y + 6:.1f}H{plan.total:.1f}", "edge")


def _row(said: Said, columns: Sequence[Column], row: Row, plan: _Plan, y: float) -> Iterator[str]:
    states = {number: state for state, numbers in row.states.items() for number in numbers}
    yield f"<g><title>{plain(_told(said, row))}</title>"
    yield text(SIDE, y + 18, cut(row.name, plan.names - 8))
    for at, column in enumerate(columns):
        if state := states.get(column.number):
            yield _mark(state, plan.x(at) - _MARK / 2, y + (_ROW - _MARK) / 2)
    yield text(plan.total, y + 18, str(row.total), "end bold")
    yield stroke(f"M{SIDE} {y + _ROW:.1f}H{plan.total:.1f}") + "</g>"


def _mark(state: str, x: float, y: float) -> str:
    return f'<use href="#{state}" x="{x:g}" y="{y:g}"/>'


def _told(said: Said, row: Row) -> str:
    """A row in words: what it has in all, and the numbers in each state."""
    parts = (
        f"{said.states[name]}: {', '.join(map(str, row.states[name]))}"
        for name in MARKS
        if row.states.get(name)
    )
    return f"{row.name} – " + " – ".join((f"{said.total} {row.total}", *parts))


def _sums(
    said: Said, columns: Sequence[Column], rows: Sequence[Row], plan: _Plan, y: float
) -> Iterator[str]:
    """How many rows have achieved each column."""
    yield stroke(f"M{SIDE} {y:.1f}H{plan.total:.1f}", "edge")
    yield text(SIDE, y + 19, cut(said.each, plan.names - 8), "bold")
    for at, column in enumerate(columns):
        count = sum(column.number in row.states.get("achieved", ()) for row in rows)
        yield text(plan.x(at), y + 19, str(count), "middle small")
    yield text(plan.total, y + 19, str(sum(row.total for row in rows)), "end bold")


def _key(said: Said, columns: Sequence[Column], y: float, width: int) -> tuple[list[str], float]:
    """What each number stands for, whole, in two columns to be read downwards; and where they end."""
    room = (width - 2 * SIDE) / 2
    half = max(-(-len(columns) // 2), 1)
    parts, ends = [text(SIDE, y + 18, said.columns, "bold")], [y + 18 + _NEXT]
    for side, some in enumerate((columns[:half], columns[half:])):
        x, line = SIDE + side * room, y + 18 + _NEXT
        for column in some:
            parts.append(text(x + 22, line, str(column.number), "end small bold"))
            for part in wrapped(column.name or "–", room - 42, SMALL):
                parts.append(text(x + 30, line, part, "small"))
                line += _NEXT
        ends.append(line)
    return parts, max(ends)
