"""The zip that a workbook of today is: whether it may be opened, and what it says that its cells do not.

Sizes are counted by unpacking, never believed from the directory. Nothing in it is run or looked up.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import Word

#: What a workbook may unpack to: many times a sheet of the most rows there are.
MOST_BYTES: Final = 1 << 29
#: A file that unpacks to so many times itself was made to, once it is no small one.
_MOST_TIMES: Final = 200
_SMALL: Final = 1 << 24
#: Cells of one sheet from its first row and column to its last: a library may make room for all of them.
MOST_CELLS: Final = 20_000_000
#: Letters in all cells of one sheet: a text that is kept once may be shown a million times.
MOST_LETTERS: Final = 1 << 29
_CHUNK: Final = 1 << 20
#: What unpacking may fail with.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError),
    *(RuntimeError, OSError, KeyError, IndexError),
)
#: A part says what it is within so many bytes.
_HEAD: Final = 2000
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


class UnreadableFile(Refused):
    exit_code = 2
    vi = "Không đọc được tệp {path}: {why}.\nDùng tệp .xlsx, .xls, .ods, hoặc .csv mã UTF-8."
    en = "Cannot read the file {path}: {why}.\nUse an .xlsx, .xls or .ods file, or .csv in UTF-8."


class UnsafeFile(Refused):
    exit_code = 2
    vi = "Không mở tệp {path}: {why}.\nTệp có thể bị hỏng hoặc được làm để gây hại; xuất lại bảng từ nơi gửi."
    en = "The file {path} is not opened: {why}.\nIt may be damaged, or made to do harm; have the sheet exported again by its sender."


class ProtectedFile(Refused):
    exit_code = 2
    vi = "Tệp {path} có mật khẩu nên không đọc được.\nMở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại."
    en = "The file {path} is protected by a password, so it cannot be read.\nOpen it in Excel, take the password away (File > Info > Protect Workbook), and save it."


@dataclass(frozen=True)
class Beside:
    """What stands beside the cells of a sheet: rows nobody sees, from 1, and formulas that were never computed."""

    hidden: tuple[int, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()


def must_be_safe(path: Path) -> None:
    """Refuse a file under a password, one that would fill the memory once it was unpacked, and a damaged one.

    What cannot be unpacked here cannot be judged, so nothing else may unpack it.
    """
    with path.open("rb") as file:
        head = file.read(len(_OLE))
        if head == _OLE and _ENCRYPTED in file.read():
            raise ProtectedFile(path=str(path))
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as package:
            _must_be_small(path, package)
            _must_be_narrow(path, package)
    except _DAMAGED:
        why = Word("không phải tệp Excel", "it is no workbook")
        raise UnreadableFile(path=str(path), why=why) from None


def _must_be_small(path: Path, package: zipfile.ZipFile) -> None:
    most = max(_SMALL, min(MOST_BYTES, path.stat().st_size * _MOST_TIMES))
    unpacked = 0
    for info in package.infolist():
        if info.flag_bits & 1:
            raise ProtectedFile(path=str(path))
        for chunk in _chunks(package, info):
            unpacked += len(chunk)
            if unpacked > most:
                millions = most >> 20
                why = Word(
                    f"tệp nén bung ra hơn {millions} MB, quá lớn so với bảng tính thật",
                    f"it unpacks to more than {millions} MB, too much for a real sheet",
                )
                raise UnsafeFile(path=str(path), why=why)


def _chunks(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part really unpacks to, whatever its directory says of its size."""
    said, info.file_size = info.file_size, 1 << 62
    try:
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk
    finally:
        info.file_size = said


_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d+)["'][^>]*>""")
_CELL: Final = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3})\d+["'][^>]*(?<!/)>""")
_TEXT_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']s["'][^>]*>\s*"""
    rb"(?:<(?:\w+:)?f\b[^>]*/>\s*)?<(?:\w+:)?v>\s*(\d+)\s*</"
)
_OF_TEXT: Final = re.compile(rb"""\bt\s*=\s*["']s["']""")
_SHARED: Final = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)


def _must_be_narrow(path: Path, package: zipfile.ZipFile) -> None:
    """Refuse a sheet with cells so far apart, or with so long a text so often, that none was filled by people."""
    lengths: list[int] = []
    sheets = []
    for name in package.namelist():
        if not name.lower().endswith(".xml"):
            continue
        xml = package.read(name)
        if name == "content.xml":
            _must_repeat_little(path, xml)
        elif b"<sst" in xml[:_HEAD] or b":sst" in xml[:_HEAD]:
            lengths += [len(each) for each in _SHARED.findall(xml)]
        elif b"sheetData" in xml:
            wide = max((_column(each) for each in set(_CELL.findall(xml))), default=0)
            high = max(map(int, _ROW.findall(xml)), default=0)
            _must_have_room(path, high, wide)
            sheets.append(name)
    longest = max(lengths, default=0)
    for name in sheets:
        _must_be_readable(path, package.read(name), lengths, longest)


def _must_have_room(path: Path, high: int, wide: int) -> None:
    if wide * high > MOST_CELLS:
        why = Word(
            f"trang có ô rải đến dòng {high}, cột thứ {wide}",
            f"a sheet has cells as far as row {high}, column {wide}",
        )
        raise UnsafeFile(path=str(path), why=why)


_OPEN_TAG: Final = re.compile(
    rb"<table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>"
)
_ROWS_TIMES: Final = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
_CELLS_TIMES: Final = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")


def _must_repeat_little(path: Path, xml: bytes) -> None:
    """The same of an OpenDocument sheet, which says of rows and cells how often they come."""
    row = at = high = wide = 0
    for tag, attributes in _OPEN_TAG.findall(xml):
        if tag == b"table":
            row = high = wide = 0
        elif tag == b"table-row":
            row, at = row + _times(_ROWS_TIMES, attributes), 0
        else:
            at += _times(_CELLS_TIMES, attributes)
            if b"value-type" in attributes or not attributes.endswith(b"/"):
                high, wide = row, max(wide, at)
                _must_have_room(path, high, wide)


def _times(said: re.Pattern[bytes], attributes: bytes) -> int:
    found = said.search(attributes)
    return int(found[1]) if found else 1


def _must_be_readable(path: Path, xml: bytes, lengths: list[int], longest: int) -> None:
    if longest * len(_OF_TEXT.findall(xml)) <= MOST_LETTERS:
        return
    shown = (int(each) for each in _TEXT_CELL.findall(xml))
    if sum(lengths[at] for at in shown if at < len(lengths)) > MOST_LETTERS:
        why = Word(
            "các ô lặp lại những đoạn chữ dài đến mức không thể là bảng người điền",
            "its cells repeat texts so long that nobody can have filled it in",
        )
        raise UnsafeFile(path=str(path), why=why)


# --- what cells do not say

_HIDDEN_ROW: Final = re.compile(
    rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden\s*=\s*["'](?:1|true)["'])[^>]*?\br\s*=\s*["'](\d+)["']"""
)
_UNCOMPUTED: Final = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d+)["'][^>]*(?<!/)>\s*"""
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v></(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'([\w:]+)="([^"]*)"')


def beside(path: Path) -> dict[str, Beside]:
    """Of each sheet by its name; nothing of a file of another format."""
    if not zipfile.is_zipfile(path):
        return {}
    found = {}
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as package:
        for name, part in _parts(package).items():
            xml = package.read(part)
            hidden = tuple(int(each) for each in _HIDDEN_ROW.findall(xml))
            empty = {(int(row) - 1, _column(at) - 1) for at, row in _UNCOMPUTED.findall(xml)}
            found[name] = Beside(hidden, frozenset(empty))
    return found


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The name of each sheet -> the part of the package that holds it."""
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in _RELATION.findall(relations):
        said = dict(_ATTRIBUTE.findall(tag))
        targets[said["Id"]] = said["Target"]
    parts = {}
    for tag in _SHEET.findall(book):
        said = dict(_ATTRIBUTE.findall(tag))
        id = next((value for key, value in said.items() if key.endswith(":id")), "")
        target = targets[id]
        parts[unescape(said["name"])] = target[1:] if target[0] == "/" else f"xl/{target}"
    return parts


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
