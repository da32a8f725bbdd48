"""Pictures read back by the tests: the marks and words of an SVG, the points of a PNG."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ntm_workflow.cli.drawing import SMALL, TEXT, width_of
from ntm_workflow.cli.png import NoLetters, png

SVG = "{http://www.w3.org/2000/svg}"
#: What is 60 points wide and high.
TINY = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">{}</svg>'
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _letters_here() -> bool:
    try:
        png(TINY.format(""))
    except NoLetters:
        return False
    return True


#: Left out on a machine of one's own without such a font; where changes are judged it is a failure.
with_letters = pytest.mark.skipif(
    "CI" not in os.environ and not _letters_here(),
    reason="no font of this machine has Vietnamese letters: fonts-dejavu-core has",
)


def read(picture: str | Path) -> ElementTree.Element:
    text = picture.read_text("utf-8") if isinstance(picture, Path) else picture
    return ElementTree.fromstring(text)


def groups(root: ElementTree.Element) -> list[ElementTree.Element]:
    """What is drawn together, without what is only defined."""
    return [each for each in root if each.tag == f"{SVG}g"]


def words(element: ElementTree.Element) -> list[str]:
    """The texts shown in it, in the order they are drawn."""
    return [text.text or "" for text in shown(element)]


def shown(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for each in element:
        if each.tag == f"{SVG}text":
            yield each
        elif each.tag == f"{SVG}g":
            yield from shown(each)


def told(element: ElementTree.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.attrib[name])


def outside(root: ElementTree.Element) -> list[str]:
    """The texts that may run out of the picture."""
    width, height = number(root, "width"), number(root, "height")
    found = []
    for text in shown(root):
        marks = text.attrib.get("class", "").split()
        wide = width_of(text.text or "", SMALL if "small" in marks else TEXT)
        before = {"end": wide, "middle": wide / 2}
        begin = number(text, "x") - next((before[each] for each in marks if each in before), 0)
        if begin < 0 or begin + wide > width or number(text, "y") > height:
            found.append(text.text or "")
    return found


def without_words(picture: str) -> str:
    """The same picture, of which only the words are not drawn."""
    return picture.replace("<text", '<text visibility="hidden"')


# --- PNG ------------------------------------------------------------------------------------------


def size(content: bytes) -> tuple[int, int]:
    """Width and height, of what is a whole PNG file."""
    assert content.startswith(SIGNATURE)
    assert content[12:16] == b"IHDR"
    assert content.endswith(b"IEND" + struct.pack(">I", zlib.crc32(b"IEND")))
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def greys(content: bytes) -> list[int]:
    """How light each point is, from 0 to 255, as a printer without colours makes it."""
    width, height = size(content)
    depth, kind = content[24], content[25]
    assert (depth, kind) == (8, 6), "eight bits each of red, green, blue and opacity"
    data, at = b"", 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += length + 12
    lines = _unfiltered(zlib.decompress(data), width * 4, height)
    points = (line[x : x + 4] for line in lines for x in range(0, width * 4, 4))
    return [_grey(*point) for point in points]


def _grey(red: int, green: int, blue: int, opaque: int) -> int:
    light = (299 * red + 587 * green + 114 * blue) // 1000
    return 255 - (255 - light) * opaque // 255


def _unfiltered(data: bytes, length: int, height: int) -> Iterator[bytearray]:
    """The lines of points, as section 9 of the PNG specification has them before filtering."""
    above = bytearray(length)
    for row in range(height):
        start = row * (length + 1)
        kind, line = data[start], bytearray(data[start + 1 : start + 1 + length])
        for at in range(length):
            left, corner = (line[at - 4], above[at - 4]) if at >= 4 else (0, 0)
            guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
            line[at] = (line[at] + guess[kind]) % 256
        yield line
        above = line


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))
