"""A bar chart in a terminal: shares of a whole as plain text. Knows no noun and no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
#: A bar narrower than this says nothing: it then has a line of its own.
_LEAST: Final = 12
_MARGIN: Final = 2


class Bar(NamedTuple):
    """`part` of `whole` under its name, and the same in words."""

    label: str
    part: int
    whole: int
    said: str

    @property
    def share(self) -> Fraction:
        return Fraction(max(self.part, 0), self.whole) if self.whole > 0 else Fraction(0)


class Ink(NamedTuple):
    """What bars are drawn with: eighths of a letter, a full one, and what a whole would fill."""

    eighths: str
    full: str
    rest: str


BLOCKS: Final = Ink(_EIGHTHS, "█", "░")
#: For an encoding that has no blocks; nothing smaller than a letter then.
ASCII: Final = Ink("", "#", ".")


def ink(encoding: str | None) -> Ink:
    """The best that can be written in an encoding."""
    try:
        (_EIGHTHS + BLOCKS.full + BLOCKS.rest).encode(encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return BLOCKS


def longest(bars: Sequence[Bar]) -> Fraction:
    """What the room for bars stands for: a whole, or more where a bar is longer."""
    return max([Fraction(1), *(bar.share for bar in bars)])


def lines(bars: Sequence[Bar], width: int, with_ink: Ink = BLOCKS) -> Iterator[str]:
    """A line a bar, none wider than `width`: the name, the bar, the words; one below the other where it is narrow."""
    from rich.cells import cell_len

    if not bars:
        return
    names = min(max(cell_len(bar.label) for bar in bars), max(width // 3, 1))
    room = width - names - max(cell_len(bar.said) for bar in bars) - 2
    top = longest(bars)
    for bar in bars:
        if room >= _LEAST:
            yield f"{fitted(bar.label, names)} {drawn(bar, room, top, with_ink)} {bar.said}"
        else:
            yield from _stacked(bar, width, top, with_ink)


def _stacked(bar: Bar, width: int, top: Fraction, with_ink: Ink) -> Iterator[str]:
    yield fitted(bar.label, width).rstrip()
    yield " " * _MARGIN + drawn(bar, max(width - _MARGIN, 1), top, with_ink).rstrip()
    yield " " * _MARGIN + fitted(bar.said, max(width - _MARGIN, 1)).rstrip()


def fitted(text: str, width: int) -> str:
    """`text` in just so many columns, cut with … where it is longer, never between a letter and its marks."""
    from rich.cells import cell_len, set_cell_size

    from ntm_workflow.domain.values import nfc

    text = " ".join(nfc(text).split())
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


def drawn(bar: Bar, room: int, top: Fraction, with_ink: Ink) -> str:
    """The bar in `room` columns, which stand for `top`; its rest up to the whole is drawn lightly."""
    steps, whole = len(with_ink.eighths) or 1, int(room / top)
    length = int(bar.share * whole * steps)
    if bar.share and not length:
        length = 1
    full, part = divmod(length, steps)
    text = with_ink.full * full + (with_ink.eighths[part] if part else "")
    return text.ljust(whole, with_ink.rest).ljust(room)
