"""Counts as bars that lie under their names, each split into parts told apart by their fills. Knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ntm_workflow.cli.drawing import (
    COLOURS,
    FILLS,
    LEAST,
    SIDE,
    SMALL,
    WIDTH,
    Key,
    Words,
    box,
    cut,
    height_of_head,
    height_of_legend,
    legend,
    plain,
    sheet,
    text,
    tiles,
    width_of,
)

_ROW, _BAR, _ROOM = 58, 22, WIDTH - 2 * SIDE
#: Between the legend and the bars, and under them.
_GAP: Final = 8


class Counted(NamedTuple):
    """How many of each part there are under a name, and the same in words."""

    label: str
    said: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def picture(words: Words, names: Sequence[str], rows: Sequence[Counted], empty: str) -> str:
    """The whole file; `names` are the parts in the order they are drawn, as many as there are fills."""
    fills = dict(zip(names, FILLS, strict=False))
    sums = {name: sum(row.parts.get(name, 0) for row in rows) for name in names}
    keys = [Key(fills[name], f"{name}: {sums[name]}") for name in names]
    top = height_of_head(words)
    begin = top + height_of_legend(keys) + _GAP
    parts = [*legend(keys, top)]
    most = max([row.total for row in rows], default=1) or 1
    for number, row in enumerate(rows):
        parts += _row(row, fills, begin + number * _ROW, _ROOM / most)
    if not rows:
        parts.append(text(SIDE, begin + 18, empty))
    told = "; ".join(_told(row) for row in rows) or empty
    height = begin + max(len(rows), 1) * _ROW + SIDE
    return sheet(words._replace(told=told), height, parts, tiles(fills.values()))


def _row(row: Counted, fills: Mapping[str, str], y: int, unit: float) -> Iterator[str]:
    yield f"<g><title>{plain(_told(row))}</title>"
    yield text(SIDE, y + 17, cut(row.label, _ROOM - SIDE - width_of(row.said)))
    yield text(WIDTH - SIDE, y + 17, row.said, "end")
    x = SIDE * 1.0
    for name, fill in fills.items():
        if count := row.parts.get(name, 0):
            width = max(count * unit, LEAST)
            yield box(x, y + 24, width, _BAR, fill)
            yield from _number(str(count), x, y + 24, width)
            x += width
    yield "</g>"


def _number(count: str, x: float, y: int, width: float) -> Iterator[str]:
    """The count on its part where it fits, on paper of its own."""
    room = width_of(count, SMALL) + 8
    if width >= room + 8:
        middle = x + width / 2
        yield f'<rect x="{middle - room / 2:.1f}" y="{y + 3}" width="{room:.1f}" height="16" fill="{COLOURS["behind"]}"/>'
        yield text(middle, y + 15.5, count, "middle small bold")


def _told(row: Counted) -> str:
    split = ", ".join(f"{name} {count}" for name, count in row.parts.items() if count)
    return f"{row.label}: {row.said} ({split})"
