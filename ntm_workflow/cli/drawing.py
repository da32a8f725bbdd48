"""Parts that every picture is drawn with: the sheet and its words, and fills told apart without colour.

Knows no noun and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from ntm_workflow.domain.values import nfc

WIDTH: Final = 800
SIDE: Final = 24
#: Text is this tall, small text that; nothing is smaller.
TEXT, SMALL = 14, 12
#: What is there is drawn at least this long, however little it is.
LEAST: Final = 2
_TITLE: Final = 17
#: From the top to the foot of the title, from each of its lines to the next, and of those under it.
_FIRST, _TITLES, _NEXT, _AFTER = 34, 24, 20, 18
#: How wide letters are at most in the fonts asked for, in the picture's own units.
_WIDE, _UPPER, _LOWER, _SLIM = 14, 12, 9, 6
_SLIM_ONES: Final = frozenset("iìỉĩíịIljtfr.,:;!|'’()[]/- ·")
_WIDE_ONES: Final = frozenset("MWmw…%@ƠỜỚỞỠỢ")
#: How much wider bold letters are.
BOLD: Final = 1.13
#: Each stands out from what is behind it by 4.5 to 1 or more (WCAG 2.2, 1.4.3 and 1.4.11).
COLOURS: Final = {
    "text": "#1a1a1a",
    "behind": "#ffffff",
    "bar": "#1a4f8b",
    "rest": "#e4e8ee",
    "line": "#8a1c1c",
    "aside": "#4d4d4d",
}
FONTS: Final = "'DejaVu Sans','Noto Sans',Arial,sans-serif"
_STYLE: Final = (
    f"text{{font:{TEXT}px {FONTS};fill:{COLOURS['text']}}}.small{{font-size:{SMALL}px}}"
    f".title{{font-size:{_TITLE}px;font-weight:bold}}.bold{{font-weight:bold}}"
    ".end{text-anchor:end}.middle{text-anchor:middle}"
    f".over{{stroke:{COLOURS['behind']};stroke-width:4;stroke-linejoin:round;paint-order:stroke}}"
    f".bar{{fill:{COLOURS['bar']}}}.rest{{fill:{COLOURS['rest']}}}"
    f".line{{stroke:{COLOURS['line']};stroke-width:2}}"
    f".clear{{stroke:{COLOURS['behind']};stroke-width:6}}"
    f".grid{{stroke:{COLOURS['rest']};stroke-width:1}}"
    f".edge{{stroke:{COLOURS['text']};stroke-width:1}}"
    f".box{{stroke:{COLOURS['text']};stroke-width:1.2}}"
    f".curve{{fill:none;stroke:{COLOURS['bar']};stroke-width:2.5}}"
    f".dot{{fill:{COLOURS['bar']};stroke:{COLOURS['behind']};stroke-width:1.5}}"
)


class Words(NamedTuple):
    """What stands around a drawing: a title, lines under it, and the same for who cannot see it."""

    title: str
    below: str
    told: str = ""
    lang: str = "vi"


class Fill(NamedTuple):
    """A colour, and the stroke of a tile 8 by 8 by which it is known in print; none is all paper."""

    colour: str
    stroke: float
    path: str


#: No two look alike in black and white; those that may stand beside each other differ the most.
FILLS: Final = {
    "solid": Fill("bar", 8, "M0 4h8"),
    "slanted": Fill("bar", 2.4, "M-2 2l4 -4M0 8l8 -8M6 10l4 -4"),
    "crossed": Fill("line", 2, "M-2 2l4 -4M0 8l8 -8M6 10l4 -4M-2 6l4 4M0 0l8 8M6 -2l4 4"),
    "dotted": Fill("text", 3.4, "M4 4h.01"),
    "empty": Fill("text", 0, ""),
    "level": Fill("aside", 1.3, "M0 2h8M0 6h8"),
    "upright": Fill("bar", 3.4, "M4 0v8"),
    "falling": Fill("line", 1.4, "M-2 6l4 4M0 0l8 8M6 -2l4 4"),
}


def height_of_head(words: Words) -> int:
    """How far down the title and the lines under it reach."""
    titles, lines = _around(words)
    return _FIRST + _TITLES * (len(titles) - 1) + _NEXT * len(lines) + _AFTER + 4


def sheet(
    words: Words, height: int, parts: Iterable[str], defined: Iterable[str] = (), width: int = WIDTH
) -> str:
    """The whole file: `defined` are what the parts refer to."""
    return "\n".join((*_begun(words, width, height, defined), *parts, "</svg>", ""))


def _begun(words: Words, width: int, height: int, defined: Iterable[str]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title desc" xml:lang="{words.lang}">'
    )
    yield f'<title id="title">{plain(words.title)}</title>'
    yield f'<desc id="desc">{plain(words.told)}</desc>'
    yield f"<style>{_STYLE}</style>"
    if some := "".join(defined):
        yield f"<defs>{some}</defs>"
    yield f'<rect width="{width}" height="{height}" fill="{COLOURS["behind"]}"/>'
    titles, lines = _around(words)
    for number, line in enumerate(titles):
        yield text(SIDE, _FIRST + _TITLES * number, line, "title")
    under = _FIRST + _TITLES * (len(titles) - 1) + 4
    for number, line in enumerate(lines, 1):
        yield text(SIDE, under + _NEXT * number, line)


def _around(words: Words) -> tuple[list[str], list[str]]:
    """The lines of the title and those under it, all of them whole."""
    room = WIDTH - 2 * SIDE
    below = [line for each in words.below.splitlines() for line in wrapped(each, room)]
    return list(wrapped(words.title, room, _TITLE * BOLD)), below


# --- words ----------------------------------------------------------------------------------------


def plain(said: str) -> str:
    """Text as XML holds it, whatever is in it; one line, composed letters."""
    return escape(_one_line(said))


def text(x: float, y: float, said: str, marks: str = "") -> str:
    shown = f'class="{marks}" ' if marks else ""
    return f'<text {shown}x="{_number(x)}" y="{_number(y)}">{plain(said)}</text>'


def cut(said: str, room: float, size: float = TEXT) -> str:
    """The text as it is, or as much of its beginning as fits and …"""
    said = _one_line(said)
    if width_of(said, size) <= room:
        return said
    left = room - width_of("…", size)
    widths = accumulate(width_of(letter, size) for letter in said)
    fits = sum(1 for _ in takewhile(lambda width: width <= left, widths))
    return said[: max(fits, 1)].rstrip() + "…"


def wrapped(said: str, room: float, size: float = TEXT) -> Iterator[str]:
    """The text in lines that fit; a word that has no room in any is cut."""
    line = ""
    for word in _one_line(said).split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size) > room:
            yield line
            longer = word
        line = cut(longer, room, size)
    yield line


def width_of(said: str, size: float = TEXT) -> float:
    """How wide a text is at most."""
    return sum(map(_wide, said)) * size / TEXT


def _wide(letter: str) -> float:
    if letter in _SLIM_ONES:
        return _SLIM
    # Letters of other scripts are as wide as they are high.
    if letter in _WIDE_ONES or letter > "\u1fff":
        return _WIDE
    return _UPPER if letter.isupper() or letter in "&<>+=#" else _LOWER


def _one_line(said: str) -> str:
    return " ".join(nfc(said).split())


# --- shapes ---------------------------------------------------------------------------------------


def tiles(names: Iterable[str]) -> Iterator[str]:
    """The definitions of fills."""
    for name in names:
        colour, stroke, path = FILLS[name]
        yield (
            f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{COLOURS["behind"]}"/>'
            f'<path d="{path}" fill="none" stroke="{COLOURS[colour]}" stroke-width="{stroke}"'
            f' stroke-linecap="{"round" if name == "dotted" else "square"}"/></pattern>'
        )


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A rectangle with an edge, filled with one of `FILLS`."""
    at = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="box" {at} fill="url(#{fill})"/>'


def stroke(path: str, kind: str = "grid") -> str:
    return f'<path class="{kind}" d="{path}"/>'


def _number(value: float) -> str:
    """Tenths do: the same picture whatever the machine makes of the rest."""
    return f"{value:.1f}".removesuffix(".0")


def flowing(widths: Sequence[float], room: float) -> list[tuple[float, int]]:
    """Where things of these widths stand beside each other: how far right, and in which row."""
    places, x, row = [], 0.0, 0
    for width in widths:
        if x and x + width > room:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += width
    return places


class Key(NamedTuple):
    """One line of a legend: a fill and what it means."""

    fill: str
    said: str


SWATCH, _GAP = 16, 24
ROW_OF_LEGEND: Final = 24


def _widths(keys: Sequence[Key]) -> list[float]:
    return [SWATCH + 8 + width_of(key.said) + _GAP for key in keys]


def height_of_legend(keys: Sequence[Key]) -> int:
    places = flowing(_widths(keys), WIDTH - 2 * SIDE)
    return ROW_OF_LEGEND * (places[-1][1] + 1) if places else 0


def legend(keys: Sequence[Key], y: float) -> Iterator[str]:
    """What each fill means, in as many rows as it takes."""
    places = flowing(_widths(keys), WIDTH - 2 * SIDE)
    for key, (x, row) in zip(keys, places, strict=True):
        top = y + row * ROW_OF_LEGEND
        yield box(SIDE + x, top, SWATCH, SWATCH, key.fill)
        yield text(SIDE + x + SWATCH + 8, top + 13, key.said)


# --- axes -----------------------------------------------------------------------------------------


def step_of(most: float, levels: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 … of which `levels` reach `most`."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * levels >= most:
                return step
        size *= 10
