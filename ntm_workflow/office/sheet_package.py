"""A workbook's file: whether it may be opened, and what it says that its cells do not.

Sizes are counted by unpacking, never believed from the directory. Nothing in it is run or looked up.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path
from typing import Final
from xml.parsers import expat

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import Word
from ntm_workflow.office.sheet_counted import MOST_LETTERS, Counted, Malformed, Unsafe
from ntm_workflow.office.sheet_counted import Beside as Beside
from ntm_workflow.office.sheet_parts import Part
from ntm_workflow.office.sheet_records import must_have_room
from ntm_workflow.office.sheet_xml import Said, Shown

#: What a workbook may unpack to: many times a sheet of the most rows there are.
MOST_BYTES: Final = 1 << 29
#: A file that unpacks to so many times itself was made to, once it is no small one.
_MOST_TIMES: Final = 200
_SMALL: Final = 1 << 24
_CHUNK: Final = 1 << 16
#: What unpacking may fail with.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, struct.error),
    *(RuntimeError, OSError, KeyError, IndexError, expat.ExpatError, Malformed),
)
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
#: A part is a worksheet to the library if it holds this, whatever else it holds; these it reads by their names.
_CELLS: Final = b"sheetData"
_BY_NAME: Final = ("sharedstrings.xml", "content.xml")
_BINARY: Final = "workbook.bin"
#: Letters of two bytes: tags may be told there to one reader and others to another.
_TWO_BYTES: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
#: How the directory of a zip ends.
_DIRECTORY: Final = struct.Struct("<4s4H2IH")
_ZIP: Final = b"PK\x05\x06"
#: The extra field of a zip that gives a part another name.
_OTHER_NAME: Final = 0x7075


class UnreadableFile(Refused):
    exit_code = 2
    vi = "Không đọc được tệp {path}: {why}.\nDùng tệp .xlsx, .xls, .ods, hoặc .csv mã UTF-8."
    en = "Cannot read the file {path}: {why}.\nUse an .xlsx, .xls or .ods file, or .csv in UTF-8."


class UnsafeFile(Refused):
    exit_code = 2
    vi = "Không mở tệp {path}: {why}.\nTệp có thể bị hỏng hoặc được làm để gây hại; xóa dòng, cột thừa hoặc xuất lại bảng từ nơi gửi."
    en = "The file {path} is not opened: {why}.\nIt may be damaged, or made to do harm; delete rows and columns of no use, or have the sheet exported again by its sender."


class ProtectedFile(Refused):
    exit_code = 2
    vi = "Tệp {path} có mật khẩu nên không đọc được.\nMở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại."
    en = "The file {path} is protected by a password, so it cannot be read.\nOpen it in Excel, take the password away (File > Info > Protect Workbook), and save it."


class BinaryFile(Refused):
    exit_code = 2
    vi = "Không đọc tệp {path}: tệp thuộc dạng .xlsb.\nMở bằng Excel, chọn Lưu dưới dạng, kiểu .xlsx, rồi nhập tệp đó."
    en = "The file {path} is not read: it is of the kind .xlsb.\nOpen it in Excel, save it as .xlsx, and import that."


@dataclass
class _Read:
    """What the parts of a package hold: by name those of well-formed XML, and the worksheets among them."""

    counted: Counted = field(default_factory=Counted)
    sound: set[str] = field(default_factory=set)
    sheets: dict[str, Beside] = field(default_factory=dict)


def must_be_safe(path: Path) -> dict[str, Beside]:
    """Refuse a file under a password, one that would fill the memory once it was read, and a damaged one.

    What cannot be read here cannot be judged, so nothing else may read it. Gives what stands beside the cells of
    each sheet by its name; nothing of a file of another format.
    """
    old = _old(path)
    try:
        if old is None:
            _must_be_plain(path)
            with zipfile.ZipFile(path) as package:
                return _beside(package, _read(path, package))
        must_have_room(old)
    except Unsafe as found:
        raise UnsafeFile(path=str(path), why=found.why) from None
    except _DAMAGED:
        why = Word("không phải tệp Excel", "it is no workbook")
        raise UnreadableFile(path=str(path), why=why) from None
    return {}


def _old(path: Path) -> bytes | None:
    """What a workbook of Excel 97 to 2003 holds; None of a file of today."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return None
        content = _OLE + file.read()
    if _ENCRYPTED in content:
        raise ProtectedFile(path=str(path))
    return content


def _must_be_plain(path: Path) -> None:
    """The file ends with its one directory: where it does not, two readers may each find another."""
    with path.open("rb") as file:
        whole = file.seek(0, SEEK_END)
        file.seek(max(whole - _DIRECTORY.size, 0))
        mark, disk, first, here, all_, size, start, more = _DIRECTORY.unpack(file.read())
    if (mark, disk, first, more) != (_ZIP, 0, 0, 0) or here != all_:
        raise Malformed
    if start + size + _DIRECTORY.size != whole:
        raise Malformed


def _read(path: Path, package: zipfile.ZipFile) -> _Read:
    read, unpacked = _Read(), 0
    most = max(_SMALL, min(MOST_BYTES, path.stat().st_size * _MOST_TIMES))
    for info in package.infolist():
        if info.flag_bits & 1:
            raise ProtectedFile(path=str(path))
        if info.filename.lower().endswith(_BINARY):
            raise BinaryFile(path=str(path))
        if _has_other_name(info):
            raise Malformed
        unpacked += _read_part(package, info, read, most - unpacked, most)
    if len({name.lower() for name in package.namelist()}) < len(package.infolist()):
        raise Malformed
    longest = max(read.counted.lengths, default=0)
    if longest * read.counted.texts > MOST_LETTERS:
        for name in read.sheets:
            shown = Shown(read.counted.lengths, read.counted)
            for chunk in _chunks(package, package.getinfo(name)):
                shown.feed(chunk)
    return read


def _read_part(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, read: _Read, left: int, most: int
) -> int:
    """Judge one part as it unpacks, and give its size."""
    part: Part | None = Part(read.counted)
    size, before, is_sheet = 0, b"", info.filename.lower().endswith(_BY_NAME)
    for chunk in _chunks(package, info):
        if not size and chunk.startswith(_TWO_BYTES):
            raise Malformed
        size += len(chunk)
        if size > left:
            raise _too_large(most)
        before = before[-len(_CELLS) :] + chunk
        is_sheet = is_sheet or _CELLS in before
        part = part and _fed(part, chunk)
    if part is not None:
        with suppress(Malformed):
            part.close()
            read.sound.add(info.filename)
            if part.beside is not None:
                read.sheets[info.filename] = part.beside
    if is_sheet and info.filename not in read.sound:
        raise Malformed
    return size


def _fed(part: Part, chunk: bytes) -> Part | None:
    try:
        part.feed(chunk)
    except Malformed:
        return None
    return part


def _too_large(most: int) -> Unsafe:
    millions = most >> 20
    return Unsafe(
        f"tệp nén bung ra hơn {millions} MB, quá lớn so với bảng tính thật",
        f"it unpacks to more than {millions} MB, too much for a real sheet",
    )


def _has_other_name(info: zipfile.ZipInfo) -> bool:
    rest = info.extra
    while len(rest) >= 4:
        kind, size = struct.unpack_from("<HH", rest)
        if kind == _OTHER_NAME:
            return True
        rest = rest[4 + size :]
    return False


def _chunks(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part really unpacks to, whatever its directory says of its size."""
    said, info.file_size = info.file_size, 1 << 62
    try:
        with package.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk
    finally:
        info.file_size = said


# --- which sheet is which part


def _beside(package: zipfile.ZipFile, read: _Read) -> dict[str, Beside]:
    relations = _elements(package, read, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {said.get("Id"): said.get("Target", "") for said in relations}
    found = {}
    for said in _elements(package, read, "xl/workbook.xml", "sheet"):
        id = next((value for key, value in said.items() if key.endswith(":id")), "")
        target = targets.get(id, "")
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        if part in read.sheets:
            found[said.get("name", "")] = read.sheets[part]
    return found


def _elements(package: zipfile.ZipFile, read: _Read, part: str, wanted: str) -> list[Said]:
    """The attributes of the elements of one name in a part that is well-formed."""
    found: list[Said] = []

    def begins(name: str, said: Said) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(said)

    if part in read.sound:
        parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = begins
        parser.Parse(package.read(part), True)
    return found
