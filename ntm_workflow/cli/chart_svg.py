"""A bar chart as an SVG picture: shares of a whole, readable without its colours. Knows no noun and no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from ntm_workflow.cli.chart import Bar, longest
from ntm_workflow.domain.values import nfc

WIDTH: Final = 800
_SIDE, _HEAD, _ROW, _FOOT = 24, 76, 46, 40
_BAR: Final = 14
#: How wide letters are at most in the fonts asked for, in the picture's own units.
_WIDE, _UPPER, _LOWER = 14, 12, 9
_LARGER: Final = 1.25
#: Each stands out from what is behind it by 4.5 to 1 or more (WCAG 2.2, 1.4.3 and 1.4.11).
COLOURS: Final = {
    "text": "#1a1a1a",
    "behind": "#ffffff",
    "bar": "#1a4f8b",
    "rest": "#e4e8ee",
    "line": "#8a1c1c",
}
_STYLE: Final = (
    "text{{font:14px 'DejaVu Sans','Noto Sans',Arial,sans-serif;fill:{text}}}"
    ".title{{font-size:17px;font-weight:bold}}.end{{text-anchor:end}}.middle{{text-anchor:middle}}"
    ".bar{{fill:{bar}}}.rest{{fill:{rest}}}.line{{stroke:{line};stroke-width:2}}"
).format(**COLOURS)


class Words(NamedTuple):
    """What stands around the bars: a title, a line under it, and the same for who cannot see it."""

    title: str
    below: str
    told: str
    lang: str = "vi"


def picture(words: Words, bars: Sequence[Bar]) -> str:
    """The whole file. Names too long for their line are cut, and whole in the title of their bar."""
    height = _HEAD + len(bars) * _ROW + _FOOT
    return "\n".join((*_begun(words, height), *_bars(bars, height), "</svg>", ""))


def _begun(words: Words, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" role="img" aria-labelledby="title desc" xml:lang="{words.lang}">'
    )
    yield f'<title id="title">{_text(words.title)}</title>'
    yield f'<desc id="desc">{_text(words.told)}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="{COLOURS["behind"]}"/>'
    title = _cut(words.title, int((WIDTH - 2 * _SIDE) / _LARGER))
    yield f'<text class="title" x="{_SIDE}" y="34">{title}</text>'
    yield f'<text x="{_SIDE}" y="58">{_text(words.below)}</text>'


def _bars(bars: Sequence[Bar], height: int) -> Iterator[str]:
    top = longest(bars)
    whole = int((WIDTH - 2 * _SIDE) / top)
    for number, bar in enumerate(bars):
        yield from _bar(bar, _HEAD + number * _ROW, whole)
    x, end = _SIDE + whole, height - _FOOT
    side = "end" if top < Fraction(9, 8) else "middle"
    yield f'<text class="{side}" x="{x}" y="{end + 20}">100%</text>'


def _bar(bar: Bar, y: int, whole: int) -> Iterator[str]:
    length = max(int(bar.share * whole), 2 if bar.share else 0)
    yield f"<g><title>{_text(f'{bar.label}: {bar.said}')}</title>"
    room = WIDTH - 3 * _SIDE - _width(bar.said)
    yield f'<text x="{_SIDE}" y="{y + 17}">{_cut(bar.label, room)}</text>'
    yield f'<text class="end" x="{WIDTH - _SIDE}" y="{y + 17}">{_text(bar.said)}</text>'
    at = f'x="{_SIDE}" y="{y + 24}" height="{_BAR}"'
    yield f'<rect class="rest" {at} width="{whole}"/>'
    yield f'<rect class="bar" {at} width="{length}"/>'
    yield f'<path class="line" d="M{_SIDE + whole} {y + 21}v{_BAR + 6}"/></g>'


def _text(text: str) -> str:
    return escape(" ".join(text.split()))


def _cut(text: str, room: int) -> str:
    """The text as it is, or as much of its beginning as fits and …"""
    shown = text = " ".join(nfc(text).split())
    while _width(shown) > room and len(text) > 1:
        text = text[:-1]
        shown = text.rstrip() + "…"
    return escape(shown)


def _width(text: str) -> int:
    return sum(
        _WIDE if letter in "MWmw…%" else _UPPER if letter.isupper() else _LOWER for letter in text
    )
