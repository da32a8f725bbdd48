"""TCVN3 text, which old sheets hold under the fonts named .Vn…, as Unicode.

Fonts are not seen: what is no text of today, letter by letter, is what tells it. Knows no sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

_LOW: Final = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
# Each by the number of its byte: typed as text, the soft hyphen among them would not survive.
_BYTES: Final = bytes.fromhex(
    "a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedee"
    "eff1f2f3f4f5f6f7f8f9fafbfcfdfe"
)
_HIGH: Final = dict(zip("ĂÂÊÔƠƯĐ", bytes.fromhex("a1a2a3a4a5a6a7"), strict=True))
#: Unicode letter -> the character that stands for it. Accented capitals are small letters under a font of capitals.
CODES: Final = {
    letter: chr(byte) for letter, byte in (*zip(_LOW, _BYTES, strict=True), *_HIGH.items())
}
_LETTERS: Final = str.maketrans({code: letter for letter, code in CODES.items()})

#: What Vietnamese text of today has, too, and what are signs beside letters, not in them.
_SHARED: Final = "áâãèéêìíòóôõùúýÈÉÊÌÒÓÔÕÝ\u00ad"
_SIGNS: Final = "¡¢£¤¥¦§©«»®·¼½¾×÷"
_ONLY_HERE: Final = "".join(c for c in CODES.values() if c not in _SHARED + _SIGNS)
_CAPITALS: Final = "ÈÉÊÌÒÓÔÕÝ"
#: Letters of other tongues and marks of footnotes, which stand beside words of today, too (Müller, NTM¹).
_FOREIGN: Final = "¹çñöü"
_NATIVE: Final = "".join(c for c in _ONLY_HERE if c not in _FOREIGN)
_NO_SIGNS: Final = "".join(c for c in CODES.values() if c not in _SIGNS)
#: A letter of TCVN3 beside one of a word; a capital within a word of small letters; đ or another such letter that begins one.
_TELLS: Final = re.compile(
    f"[A-Za-z][{_NATIVE}]|[A-Za-z]¹[a-z]|[a-z][{_CAPITALS}]"
    f"|(?<![A-Za-z])[§®](?:[{_NO_SIGNS}][A-Za-z]?|[a-z]{{2}})|(?<![A-Za-z0-9])[¶¸¹][a-z]"
)
#: What tells it only together with another such (kW·h, ABC®, garçon).
_HINTS: Final = re.compile(f"[A-Za-z]([{_SIGNS}])|[A-Za-z]([{_FOREIGN}])")
_ASCII_OR_CODE: Final = re.compile(
    f"[\\x00-\\x7f\u00a0\u2013\u2014\u2018-\u201d{''.join(CODES.values())}]*"
)
_OF_TODAY: Final = re.compile("[ăđơưĂĐƠƯ\u0300-\u036f\u1ea0-\u1ef9]")


@dataclass(frozen=True)
class Decoded:
    """The lines of a sheet in Unicode: how many texts were turned, and which may be of either kind."""

    lines: list[list[Any]]
    turned: int = 0
    doubtful: frozenset[tuple[int, int]] = frozenset()


def plainly(text: str) -> bool:
    """Whether `text` can only be TCVN3."""
    if text.isascii() or not _ASCII_OR_CODE.fullmatch(text):
        return False
    return bool(_TELLS.search(text)) or len({*_HINTS.findall(text)}) > 1


def decoded(text: str) -> str:
    """TCVN3 as Unicode; what is no code stays."""
    return text.translate(_LETTERS)


def read_lines(lines: list[list[Any]]) -> Decoded:
    """The lines of one sheet with what is TCVN3 as Unicode.

    A short text may be either (cã is có). It is of the old fonts where its row is and neither its row nor its column
    has text of today; where only its column has both, or old text, it is doubtful, and stays as it is.
    """
    if not any(plainly(cell) for line in lines for cell in line if isinstance(cell, str)):
        return Decoded(lines)
    texts = [
        (row, at, cell)
        for row, line in enumerate(lines)
        for at, cell in enumerate(line)
        if isinstance(cell, str) and not cell.isascii()
    ]
    old = [(row, at) for row, at, text in texts if plainly(text)]
    today = [(row, at) for row, at, text in texts if _OF_TODAY.search(text)]
    told = _Told(old, today)
    turned = {*old}
    doubtful = set()
    for row, at, text in texts:
        if (row, at) not in turned and _ASCII_OR_CODE.fullmatch(text) and decoded(text) != text:
            is_old = told.old(row, at)
            if is_old:
                turned.add((row, at))
            elif is_old is None:
                doubtful.add((row, at))
    read = [[*line] for line in lines]
    for row, at in turned:
        read[row][at] = decoded(read[row][at])
    return Decoded(read, len(turned), frozenset(doubtful))


class _Told:
    """What the plain texts of a sheet tell of those beside them."""

    def __init__(self, old: Iterable[tuple[int, int]], today: Sequence[tuple[int, int]]) -> None:
        self.mixed = bool(today)
        self.old_rows, self.old_columns = map(set, zip(*old, strict=True))
        self.rows, self.columns = ({each[n] for each in today} for n in (0, 1))

    def old(self, row: int, at: int) -> bool | None:
        """Whether a text that may be either is TCVN3; None where that is not to be known."""
        if not self.mixed:
            return True
        old = row in self.old_rows
        if row in self.rows or at in self.columns:
            return None if old or at in self.old_columns else False
        return True if old else None
