"""TCVN3 text, which old sheets hold under the fonts named .Vn…, as Unicode.

Fonts are not seen: what is no text of today, letter by letter, is what tells it. Knows no sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

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
_TELLS: Final = re.compile(f"[A-Za-z][{_ONLY_HERE}]|[A-Za-z][{_SIGNS}][A-Za-z]")
_ASCII_OR_CODE: Final = re.compile(
    f"[\\x00-\\x7f\u00a0\u2013\u2014\u2018-\u201d{''.join(CODES.values())}]*"
)
_OF_TODAY: Final = re.compile("[ăđơưĂĐƠƯ\u0300-\u036f\u1ea0-\u1ef9]")


def plainly(text: str) -> bool:
    """Whether `text` can only be TCVN3."""
    return not text.isascii() and bool(_ASCII_OR_CODE.fullmatch(text) and _TELLS.search(text))


def decoded(text: str) -> str:
    """TCVN3 as Unicode; what is no code stays."""
    return text.translate(_LETTERS)


def reader(texts: Sequence[str]) -> Callable[[str], str]:
    """How the texts of one sheet are read.

    A short text may be either (cã is có); it is TCVN3 where others are and none is of today.
    """
    if not any(map(plainly, texts)):
        return lambda text: text
    mixed = any(_OF_TODAY.search(text) for text in texts)

    def read(text: str) -> str:
        may_be = _ASCII_OR_CODE.fullmatch(text) if not mixed else plainly(text)
        return decoded(text) if may_be else text

    return read
