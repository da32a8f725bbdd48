"""Counts of twelve months as stacked bars, told apart by their fills, over the counts themselves. Knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ntm_workflow.cli.drawing import (
    LEAST,
    SIDE,
    SWATCH,
    WIDTH,
    Words,
    box,
    cut,
    height_of_head,
    plain,
    sheet,
    step_of,
    stroke,
    text,
    tiles,
    width_of,
)

_LEFT, _TOTAL = 176, 62
_COLUMN: Final = (WIDTH - SIDE - _TOTAL - _LEFT) / 12
_BAR: Final = 30
#: Room for the number over the highest bar, the field, and a row of the table under it.
_OVER, _FIELD, _ROW = 24, 240, 26
_LEVELS: Final = 5


class Part(NamedTuple):
    """What is counted twelve times, and the fill it is drawn with."""

    label: str
    fill: str
    counts: Sequence[int]


class Said(NamedTuple):
    """The heads of the table, and what stands in a field without bars."""

    months: str
    total: str
    all: str
    empty: str


def picture(words: Words, said: Said, parts: Sequence[Part]) -> str:
    """The whole file: the bars, and under each the counts it is made of."""
    totals = [sum(part.counts[month] for part in parts) for month in range(12)]
    top = height_of_head(words) + _OVER
    drawn = [*_grid(totals, top), *_bars(parts, totals, top)]
    if not any(totals):
        drawn.append(text(_LEFT + 6 * _COLUMN, top + _FIELD / 2, said.empty, "middle over"))
    drawn += _table(said, parts, totals, top + _FIELD)
    height = top + _FIELD + _ROW * (len(parts) + 2) + SIDE
    return sheet(
        words._replace(told=_told(said, parts, totals)),
        height,
        drawn,
        tiles(part.fill for part in parts),
    )


def _scale(totals: Sequence[int]) -> tuple[int, int]:
    """How far apart the levels are, and the highest of them."""
    most = max(*totals, 1)
    step = step_of(most, _LEVELS)
    return step, step * -(-most // step)


def _grid(totals: Sequence[int], top: int) -> Iterator[str]:
    step, most = _scale(totals)
    for level in range(0, most + 1, step):
        y = top + _FIELD * (1 - level / most)
        if level:
            yield stroke(f"M{_LEFT} {y:.1f}h{12 * _COLUMN:.1f}")
        yield text(_LEFT - 10, y + 5, str(level), "end")


def _bars(parts: Sequence[Part], totals: Sequence[int], top: int) -> Iterator[str]:
    _, most = _scale(totals)
    for month, total in enumerate(totals):
        said = ", ".join(f"{part.label} {part.counts[month]}" for part in parts)
        x, y = _middle(month), top + _FIELD * 1.0
        yield f"<g><title>{plain(f'{month + 1}: {total} – {said}')}</title>"
        for part in parts:
            if part.counts[month]:
                height = max(_FIELD * part.counts[month] / most, LEAST)
                y -= height
                yield box(x - _BAR / 2, y, _BAR, height, part.fill)
        shown = text(x, y - 6, str(total), f"middle bold over{_smaller(total)}") if total else ""
        yield shown + "</g>"


def _table(said: Said, parts: Sequence[Part], totals: Sequence[int], y: int) -> Iterator[str]:
    """The counts, a row for each fill, which so is explained; at the end what they come to."""
    yield stroke(f"M{_LEFT} {y}h{12 * _COLUMN:.1f}", "edge")
    yield from _line(said.months, [str(month) for month in range(1, 13)], said.all, y, "bold")
    for number, part in enumerate(parts, 1):
        at = y + number * _ROW
        yield box(SIDE, at + 5, SWATCH, SWATCH, part.fill)
        shown = [str(count) if count else "" for count in part.counts]
        yield from _line(part.label, shown, str(sum(part.counts)), at, indent=SWATCH + 8)
    end = y + (len(parts) + 1) * _ROW
    yield stroke(f"M{SIDE} {end}H{WIDTH - SIDE}", "edge")
    yield from _line(said.total, [str(each) for each in totals], str(sum(totals)), end, "bold")


def _line(
    label: str, shown: Sequence[str], last: str, y: int, marks: str = "", indent: int = 0
) -> Iterator[str]:
    yield text(SIDE + indent, y + 18, cut(label, _LEFT - SIDE - indent), marks)
    for month, each in enumerate(shown):
        if each:
            yield text(_middle(month), y + 18, each, f"middle {marks}{_smaller(each)}".strip())
    yield text(WIDTH - SIDE, y + 18, last, "end bold")


def _smaller(count: object) -> str:
    """Five figures of bold letters are wider than a month."""
    return " small" if width_of(str(count)) > _COLUMN - 8 else ""


def _middle(month: int) -> float:
    return _LEFT + (month + 0.5) * _COLUMN


def _told(said: Said, parts: Sequence[Part], totals: Sequence[int]) -> str:
    if not any(totals):
        return said.empty
    months = (
        f"{said.months} {month + 1}: {total} ("
        + ", ".join(f"{part.label} {part.counts[month]}" for part in parts if part.counts[month])
        + ")"
        for month, total in enumerate(totals)
        if total
    )
    return "; ".join((*months, f"{said.all}: {sum(totals)}"))
