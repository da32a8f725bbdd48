"""The readable text of a file, as far as it can be had without a program to open it.

Best effort: text of any kind, Office and OpenDocument files are read whole, PDF as far as its streams
are plain or deflated, old binary files as far as letters show. A scan is a picture and says nothing. Knows no rule about what the text says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from ntm_workflow.domain.values import nfc

#: Bytes looked at in any one file or part of it: a mark stands near the beginning.
MOST: Final = 32 * 2**20


def text_of(path: Path) -> str:
    """The text of a file in NFC, a line for each paragraph or cell; empty where there is none.

    What kind of file it is says its beginning, never its name.
    """
    with path.open("rb") as file:
        begins = file.read(5)
    reader = next((read for mark, read in _READERS.items() if begins.startswith(mark)), _plain)
    return nfc(reader(path))


def _plain(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MOST)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:4096]:
        return _old_binary(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1258", "replace")


def _old_binary(content: bytes) -> str:
    """Whatever stands in an old .doc or .xls, which hold text in two bytes a letter or in one."""
    return "\n".join(content.decode(code, "replace") for code in ("utf-16-le", "cp1258"))


def _rich(path: Path) -> str:
    """RTF: letters beyond ASCII stand as numbers, some with a plain letter after them."""
    text = _plain(path)
    text = re.sub(r"\\u(-?[0-9]+) ?(?:\\'[0-9a-fA-F]{2}|\?)?", _point, text)
    return re.sub(r"\\(?:par|line|cell|tab)\b ?", "\n", text)


def _point(number: re.Match[str]) -> str:
    return chr(int(number[1]) % 0x10000)


# --- Office and OpenDocument --------------------------------------------------------------------

#: XML elements that end a line; any other may stand in the middle of a word.
_BREAKS: Final = frozenset(
    ("p", "h", "br", "cr", "tab", "tc", "c", "si", "row", "title", "subject", "keywords")
)
#: What a spreadsheet's page header says about position and type.
_HEADER_CODES: Final = re.compile(r'&(?:[LCR]|"[^"]*"|[0-9]+)')


#: What a damaged, encrypted or odd archive ends in.
_BROKEN: Final = (BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error)


def _zipped(path: Path) -> str:
    found: list[str] = []
    with suppress(*_BROKEN), ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                with archive.open(name) as part:
                    found += (*_xml(part.read(MOST)), "\n")
    return _HEADER_CODES.sub(" ", "".join(found))


def _xml(content: bytes) -> list[str]:
    """The characters of an XML part, with a new line wherever a paragraph or cell ends."""
    found: list[str] = []

    def edge(name: str, *_: object) -> None:
        if name.rpartition(":")[2] in _BREAKS:
            found.append("\n")

    parser = expat.ParserCreate()
    parser.StartElementHandler = parser.EndElementHandler = edge
    parser.CharacterDataHandler = found.append
    # Entities of its own let a small part grow without end; no office program writes them.
    parser.EntityDeclHandler = _refuse
    with suppress(expat.ExpatError, ValueError):
        parser.Parse(content, True)
    return found


def _refuse(*_: object) -> None:
    raise ValueError("an entity declaration")


# --- PDF ----------------------------------------------------------------------------------------

#: Code of a glyph -> what it stands for, as one font of the file says.
Glyphs = dict[int, str]

_STRING: Final = rb"\((?:\\.|[^()\\])*\)|<[0-9A-Fa-f\s]*>"
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_SHOWN: Final = re.compile(
    rb"\[((?:" + _STRING + rb"|[^\]()<>])*)\]\s*TJ|(" + _STRING + rb")\s*(?:Tj|')", re.DOTALL
)
_PIECE: Final = re.compile(_STRING, re.DOTALL)
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_MAPPED: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CODE: Final = rb"<\s*([0-9A-Fa-f]+)\s*>\s*"
_ROW: Final = {
    b"char": re.compile(_CODE + _CODE),
    b"range": re.compile(_CODE + _CODE + rb"(?:<\s*([0-9A-Fa-f]+)\s*>|\[([^\]]*)\])"),
}


def _pdf(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MOST)
    streams = [_inflated(m[1]) for m in _STREAM.finditer(content) if not _picture(content, m)]
    fonts = [glyphs for stream in streams if (glyphs := _glyphs(stream))]
    return "\n".join(text for stream in streams for text in _readings(stream, fonts))


def _picture(content: bytes, stream: re.Match[bytes]) -> bool:
    begins = content.rfind(b" obj", 0, stream.start())
    return b"/Image" in content[begins : stream.start()]


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, MOST)
    except zlib.error:
        return stream


def _glyphs(stream: bytes) -> Glyphs:
    found: Glyphs = {}
    for kind, table in (match.groups() for match in _MAPPED.finditer(stream)):
        for row in _ROW[kind].finditer(table):
            first = int(row[1], 16)
            if kind == b"char":
                found[first] = _utf16(row[2])
                continue
            names = [_utf16(code) for code in re.findall(rb"[0-9A-Fa-f]+", row[4] or b"")]
            count = min(int(row[2], 16) - first, 0xFFFF) + 1
            found.update(zip(range(first, first + count), names or _counted(row[3]), strict=False))
    return found


def _counted(code: bytes) -> Iterator[str]:
    text = _utf16(code) or "\ufffd"
    return (text[:-1] + chr(point) for point in range(ord(text[-1]), 0x110000))


def _utf16(code: bytes) -> str:
    return _hex(code).decode("utf-16-be", "replace")


def _readings(stream: bytes, fonts: list[Glyphs]) -> Iterator[str]:
    """All that is shown, once as plain text and once as each font would have it.

    Which font a string is in is not followed. Words stay beside one another: a PDF may show each
    by itself, and a word alone may mean another thing.
    """
    shown = [_raw(match[1] or match[2] or b"") for match in _SHOWN.finditer(stream)]
    yield " ".join(map(_written, shown))
    for glyphs in fonts:
        for wide in (2, 1):
            yield " ".join(_drawn(raw, glyphs, wide) for raw in shown)


def _written(raw: bytes) -> str:
    marked = raw[:2] in (b"\xfe\xff", b"\xff\xfe")
    return raw.decode("utf-16" if marked else "latin-1", "replace")


def _drawn(raw: bytes, glyphs: Glyphs, wide: int) -> str:
    codes = (int.from_bytes(raw[at : at + wide]) for at in range(0, len(raw), wide))
    return "".join(glyphs.get(code, "\ufffd") for code in codes)


def _raw(strings: bytes) -> bytes:
    """The bytes of a string, or of the strings of an array one after the other."""
    return b"".join(
        _ESCAPED.sub(_unescaped, piece[1:-1]) if piece[:1] == b"(" else _hex(piece[1:-1])
        for piece in _PIECE.findall(strings)
    )


def _hex(digits: bytes) -> bytes:
    digits = b"".join(digits.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1][:1].isdigit():
        return bytes([int(match[1], 8) % 256])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\n": b""}.get(match[1], match[1])


_READERS: Final[dict[bytes, Callable[[Path], str]]] = {
    b"PK\x03\x04": _zipped,
    b"%PDF": _pdf,
    b"{\\rtf": _rich,
}
