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

_LEFT, _RIGHT = 74, WIDTH - SIDE - 20
#: Room over the highest line, the height of the whole field, and what stands under it.
_OVER, _FIELD, _UNDER = 26, 320, 58
_LEVELS: Final = 8
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
    day = scale.first.replace(day=1) if scale.first.day == 1 else _next(scale.first)
    while day < scale.last:
        yield day, min(_next(day), scale.last)
        day = _next(day)


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _references(scale: _Scale, lines: Lines) -> Iterator[str]:
    for (percent, dashes), said in zip(REFERENCES, (lines.half, lines.whole), strict=True):
        y = scale.y(percent)
        yield (f'<path class="line" stroke-dasharray="{dashes}" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>')
        yield text(_LEFT + 8, y - 7, said, "small over")


def _curve(scale: _Scale, points: Sequence[Point]) -> Iterator[str]:
    at = [(scale.x(point.day), scale.y(max((point.share or 0) * 100, 0))) for point in points]
    if len(at) > 1:
        yield stroke("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at), "curve")
    last, below = -WIDTH * 1.0, True
    for point, (x, y) in zip(points, at, strict=True):
        # Two days may lie closer together than their labels are wide.
        below = x - last < width_of(point.label, SMALL) + 2 and not below
        last = x
        yield f"<g><title>{plain(point.said)}</title>"
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        yield text(x, y + 20 if below else y - 10, point.label, "middle small over") + "</g>"


def _empty(scale: _Scale, said: str) -> str:
    return text((_LEFT + _RIGHT) / 2, scale.y(scale.most / 4), said, "middle over")
