"""A curve of shares over a year, against the half and the whole, on a true scale of days. Knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from ntm_workflow.cli.drawing import (
    SIDE,
    SMALL,
    WIDTH,
    Words,
    height_of_head,
    plain,
    sheet,
    step_of,
    stroke,
    text,
    width_of,
)

_LEFT, _RIGHT = 74, WIDTH - SIDE - 66
#: Room over the highest line, the height of the whole field, and what stands under it.
_OVER, _FIELD, _UNDER = 26, 320, 92
_LEVELS: Final = 8
#: How far from its point a label may stand, the likeliest first.
_OFF: Final = (-10, 20, -24, 34)
#: A label leans away from the line where it rises or falls by more than this.
_STEEP: Final = 10
#: The lines that a curve is read against: a share, and the dashes by which each is known.
REFERENCES: Final = ((50, "8 6"), (100, "14 4 3 4"))


class Point(NamedTuple):
    """What share stood on a day, None where there was nothing to have a share of, and the same in words."""

    day: date
    share: float | None
    label: str
    said: str


class Lines(NamedTuple):
    """What the lines at 50 and 100 % are called, and what stands in a field without points."""

    half: str
    whole: str
    empty: str


class _Scale(NamedTuple):
    """Where days and shares are drawn: from `first` to `last`, and from nothing to `most` percent."""

    first: date
    last: date
    most: int
    top: int

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return _LEFT + share * (_RIGHT - _LEFT)

    def y(self, percent: float) -> float:
        return self.top + _FIELD * (1 - percent / self.most)


def picture(words: Words, lines: Lines, points: Sequence[Point], first: date, last: date) -> str:
    """The whole file: the days from `first` to `last`, whichever of them have points."""
    step, most = _levels(points)
    head = height_of_head(words)
    scale = _Scale(first, last, most, head + _OVER)
    parts = [*_grid(scale, step), *_months(scale), *_references(scale, lines)]
    shown = [point for point in points if point.share is not None]
    parts += _curve(scale, shown) if shown else [_empty(scale, lines.empty)]
    told = "; ".join(point.said for point in points) or lines.empty
    return sheet(words._replace(told=told), head + _OVER + _FIELD + _UNDER, parts)


def _levels(points: Sequence[Point]) -> tuple[int, int]:
    """How far apart the levels are and the highest: the whole, or more where the curve goes beyond it."""
    highest = max([100, *((point.share or 0) * 100 for point in points)])
    step = max(25, step_of(highest, _LEVELS))
    return step, step * -int(-highest // step)


def _grid(scale: _Scale, step: int) -> Iterator[str]:
    for percent in range(0, scale.most + 1, step):
        y = scale.y(percent)
        yield stroke(f"M{_LEFT} {y:.1f}H{_RIGHT}", "grid" if percent else "edge")
        yield text(_LEFT - 10, y + 5, f"{percent}%", "end")


def _months(scale: _Scale) -> Iterator[str]:
    """A tick where each month begins, its number in its middle, and its year under the first of each."""
    bottom, year = scale.top + _FIELD, None
    for first, after in _month_ends(scale):
        begin, end = scale.x(first), scale.x(after)
        yield stroke(f"M{begin:.1f} {bottom}v6", "edge")
        yield text((begin + end) / 2, bottom + 20, str(first.month), "middle")
        if first.year != year:
            year = first.year
            yield text((begin + end) / 2, bottom + 40, str(year), "middle bold")
    yield stroke(f"M{_RIGHT} {bottom}v6", "edge")


def _month_ends(scale: _Scale) -> Iterator[tuple[date, date]]:
    """The first day of each month and of the next, none beyond the scale."""
    day = scale.first if scale.first.day == 1 else _next(scale.first)
    while day < scale.last:
        yield day, min(_next(day), scale.last)
        day = _next(day)


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _references(scale: _Scale, lines: Lines) -> Iterator[str]:
    """The lines to read against, each with its share at its end, and under the field what it means."""
    x = SIDE * 1.0
    for (percent, dashes), said in zip(REFERENCES, (lines.half, lines.whole), strict=True):
        y, below = scale.y(percent), scale.top + _FIELD + 70
        yield _dashed(dashes, f"M{_LEFT} {y:.1f}H{_RIGHT}")
        yield text(_RIGHT + 28, y + 4, f"{percent}%", "small bold")
        yield _dashed(dashes, f"M{x:.1f} {below - 5}h46")
        yield text(x + 54, below, said)
        x += 54 + width_of(said) + SIDE


def _dashed(dashes: str, path: str) -> str:
    return f'<path class="line" stroke-dasharray="{dashes}" d="{path}"/>'


def _curve(scale: _Scale, points: Sequence[Point]) -> Iterator[str]:
    at = [(scale.x(point.day), scale.y(max((point.share or 0) * 100, 0))) for point in points]
    if len(at) > 1:
        yield stroke("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at), "curve")
    taken: list[tuple[float, float, float]] = []
    for number, (point, (x, y)) in enumerate(zip(points, at, strict=True)):
        yield f"<g><title>{plain(point.said)}</title>"
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        anchor, aside, before = _leaning(at, number)
        width = width_of(point.label, SMALL)
        begin = x + aside - before * width
        height = _free(taken, begin, begin + width, y)
        taken.append((begin, begin + width, height))
        marks = f"{anchor} small over".strip()
        yield text(x + aside, height, point.label, marks) + "</g>"


def _free(taken: Sequence[tuple[float, float, float]], begin: float, end: float, y: float) -> float:
    """The nearest height to a point at which its label is on no other: two days may lie close together."""
    for height in (y + off for off in _OFF):
        if not any(begin < e and b < end and abs(height - h) < SMALL for b, e, h in taken):
            return height
    return y + _OFF[0]


def _leaning(at: Sequence[tuple[float, float]], number: int) -> tuple[str, int, float]:
    """To which side of its point a label stands, how far, and what part of it lies before that.

    Off the line where it is steep, and never over the shares of the levels.
    """
    x, y = at[number]
    before = at[number - 1][1] if number else y
    after = at[number + 1][1] if number + 1 < len(at) else y
    if x - _LEFT < SIDE or before < y - _STEEP:
        return "", -4, 0
    if after < y - _STEEP:
        return "end", 4, 1
    return "middle", 0, 0.5


def _empty(scale: _Scale, said: str) -> str:
    return text((_LEFT + _RIGHT) / 2, scale.y(scale.most * 0.37), said, "middle over")
