"""A bar chart as an SVG picture: shares of a whole, readable without its colours. Knows no noun and no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ntm_workflow.cli.chart import Bar, longest
from ntm_workflow.cli.drawing import (
    LEAST,
    SIDE,
    WIDTH,
    Words,
    cut,
    height_of_head,
    plain,
    sheet,
    stroke,
    text,
    width_of,
)

_ROW, _FOOT, _BAR = 46, 40, 14


def picture(words: Words, bars: Sequence[Bar]) -> str:
    """The whole file. Names too long for their line are cut, and whole in the title of their bar."""
    height = height_of_head(words) + len(bars) * _ROW + _FOOT
    return sheet(words, height, _bars(bars, height_of_head(words), height - _FOOT))


def _bars(bars: Sequence[Bar], head: int, end: int) -> Iterator[str]:
    top = longest(bars)
    whole = int((WIDTH - 2 * SIDE) / top)
    for number, bar in enumerate(bars):
        yield from _bar(bar, head + number * _ROW, whole)
    if bars:
        yield text(SIDE + whole, end + 20, "100%", "end" if top < Fraction(9, 8) else "middle")


def _bar(bar: Bar, y: int, whole: int) -> Iterator[str]:
    length = max(int(bar.share * whole), LEAST if bar.share else 0)
    yield f"<g><title>{plain(f'{bar.label}: {bar.said}')}</title>"
    room = WIDTH - 3 * SIDE - width_of(bar.said)
    yield text(SIDE, y + 17, cut(bar.label, room))
    yield text(WIDTH - SIDE, y + 17, bar.said, "end")
    at = f'x="{SIDE}" y="{y + 24}" height="{_BAR}"'
    yield f'<rect class="rest" {at} width="{whole}"/>'
    yield f'<rect class="bar" {at} width="{length}"/>'
    # Where a bar goes on beyond the whole, its line stands free of it.
    if length > whole:
        yield stroke(f"M{SIDE + whole} {y + 24}v{_BAR}", "clear")
    yield stroke(f"M{SIDE + whole} {y + 21}v{_BAR + 6}", "line") + "</g>"
