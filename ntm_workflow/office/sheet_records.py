"""A workbook of Excel 97 to 2003: how far its cells reach, counted the way the library fills a sheet.

Such a file is a small file system whose sectors form chains; the workbook in it is a row of records. A chain
that does not end, or a record that does not fit, is nothing a program for sheets has written.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ntm_workflow.office.sheet_counted import MOST_CELLS, Counted, Malformed, Unsafe

#: How the directory of a zip ends: what cannot read the records may look for one.
_ZIP: Final = b"PK\x05\x06"
_END: Final = 0xFFFF_FFFE
#: Numbers from here on are no sectors.
_NO_SECTOR: Final = 0xFFFF_FFFA
_NAMES: Final = ("Workbook", "Book", "WORKBOOK", "BOOK")
_SMALL: Final = 64
_SMALL_BELOW: Final = 4096
_MOST_SHEETS: Final = 4096
_MOST_RECORDS: Final = MOST_CELLS + 1_000_000
#: Sectors with the table of small streams: more would be small streams of many megabytes.
_MOST_SMALL: Final = 1024
#: What a sheet of this kind may say of its own size: as much as it can have.
_LARGEST: Final = 65_536 * 256

_BOF, _EOF, _SHEET, _DIMENSIONS, _TEXTS, _CONTINUE = 0x0809, 0x000A, 0x0085, 0x0200, 0x00FC, 0x003C
_TEXT, _NUMBERS, _MERGED = 0x00FD, 0x00BD, 0x00E5
#: Records of one cell: row and column are their first two numbers.
_CELLS: Final = frozenset({0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, _TEXT, 0x0006})


def must_have_room(content: bytes) -> None:
    """Refuse an old workbook whose cells, or the texts in them, would fill the memory."""
    if _ZIP in content:
        raise Unsafe(
            "tệp .xls có tệp nén ở trong; mở bằng Excel và lưu thành .xlsx",
            "there is a zip inside the .xls; open it in Excel and save it as .xlsx",
        )
    try:
        stream = _Sectors(content).stream(_NAMES)
        _Records(stream).count()
    except (struct.error, IndexError):
        raise Malformed from None


@dataclass(frozen=True)
class _Entry:
    name: str
    start: int
    size: int


class _Sectors:
    """The file system: sectors of one size, and a table that says which follows which."""

    def __init__(self, content: bytes) -> None:
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise Malformed
        self.size, self._content = 1 << shift, content
        tables, first, _, _, small_first, small, more = struct.unpack_from("<7I", content, 44)
        self._sectors = len(content) // self.size
        if tables > self._sectors or small > _MOST_SMALL:
            raise Malformed
        self._next = self._table(more)
        self._entries = [*self._directory(self._chained(first))]
        self._small, self._small_next = b"", array("I")
        if small and self._entries:
            root = self._entries[0]
            self._small = self._chained(root.start)[: root.size]
            self._small_next = _numbers(self._chained(small_first))

    def stream(self, names: tuple[str, ...]) -> bytes:
        for name in names:
            for entry in self._entries:
                if entry.name == name and entry.size < _SMALL_BELOW:
                    return self._small_chained(entry.start)[: entry.size]
                if entry.name == name:
                    return self._chained(entry.start)[: entry.size]
        raise Malformed

    def _sector(self, at: int) -> bytes:
        start = (at + 1) * self.size
        if start >= len(self._content):
            raise Malformed
        return self._content[start : start + self.size]

    def _table(self, more: int) -> array[int]:
        """Which sector follows which: in sectors that the head lists, and others that are chained from it."""
        parts = [*struct.unpack_from("<109I", self._content, 76)]
        for _ in range(self._sectors + 1):
            if more >= _NO_SECTOR:
                break
            *some, more = _numbers(self._sector(more))
            parts += some
        else:
            raise Malformed
        table = array("I")
        used = [part for part in parts if part < _NO_SECTOR]
        if len(used) > self._sectors:
            raise Malformed
        for part in used:
            table.extend(_numbers(self._sector(part)))
        return table

    def _chained(self, at: int) -> bytes:
        return b"".join(self._sector(each) for each in _chain(at, self._next, self._sectors))

    def _small_chained(self, at: int) -> bytes:
        chain = _chain(at, self._small_next, len(self._small) // _SMALL + 1)
        return b"".join(self._small[each * _SMALL : (each + 1) * _SMALL] for each in chain)

    def _directory(self, content: bytes) -> Iterator[_Entry]:
        for at in range(0, len(content) - 127, 128):
            name = content[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            start, low, high = struct.unpack_from("<3I", content, at + 116)
            size = low if self.size == 512 else low | high << 32
            yield _Entry(name, start, size)


def _chain(at: int, following: array[int], most: int) -> Iterator[int]:
    """The sectors from this one on, to the end: none comes twice."""
    for _ in range(most + 1):
        if at == _END:
            return
        yield at
        at = following[at]
    raise Malformed


def _numbers(content: bytes) -> array[int]:
    return array("I", struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


class _Records:
    """The records of a workbook: those of all of it, then those of each sheet, from where it says it begins."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._counted = Counted()
        self._seen = 0

    def count(self) -> None:
        starts: list[int] = []
        texts: list[bytes] = []
        before = 0
        for kind, at, size in self._from(0):
            if kind == _EOF:
                break
            if kind == _SHEET:
                starts.append(struct.unpack_from("<I", self._stream, at)[0])
            before = before if kind == _CONTINUE else kind
            if before == _TEXTS:
                texts.append(self._stream[at : at + size])
        if len(starts) > _MOST_SHEETS:
            raise Malformed
        lengths = array("Q", _Texts(texts).lengths()) if texts else array("Q")
        for start in starts:
            self._sheet(start, lengths)

    def _from(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Kind, place and size of each record."""
        while at + 4 <= len(self._stream):
            kind, size = struct.unpack_from("<HH", self._stream, at)
            self._seen += 1
            if self._seen > _MOST_RECORDS:
                raise Malformed
            yield kind, at + 4, min(size, len(self._stream) - at - 4)
            at += 4 + size

    def _of_sheet(self, start: int) -> Iterator[tuple[int, int, int]]:
        """Its own records to its end, without those of charts inside it."""
        inside = -1
        for kind, at, size in self._from(start):
            if kind == _BOF:
                inside += 1
            elif kind == _EOF and inside <= 0:
                return
            elif kind == _EOF:
                inside -= 1
            elif inside <= 0:
                yield kind, at, size

    def _sheet(self, start: int, lengths: array[int]) -> None:
        counted, high, wide = self._counted, 0, 0
        for kind, at, size in self._of_sheet(start):
            if kind in _CELLS and size >= 4:
                row, column = struct.unpack_from("<HH", self._stream, at)
                if kind == _TEXT and size >= 10:
                    (text,) = struct.unpack_from("<I", self._stream, at + 6)
                    counted.letters += lengths[text] if text < len(lengths) else 0
            elif kind == _NUMBERS and size >= 6:
                (row,) = struct.unpack_from("<H", self._stream, at)
                (column,) = struct.unpack_from("<H", self._stream, at + size - 2)
            else:
                self._told(kind, self._stream[at : at + size])
                continue
            if row >= high or column >= wide:
                high, wide = max(high, row + 1), max(wide, column + 1)
                counted.reach(high, wide)
        counted.check()
        counted.cells += high * wide

    def _told(self, kind: int, said: bytes) -> None:
        if kind == _DIMENSIONS:
            _must_fit(said)
        elif kind == _MERGED:
            self._counted.merged += struct.unpack_from("<H", said)[0]
            self._counted.check()


def _must_fit(said: bytes) -> None:
    """What a sheet says of its own size is made room for before a cell is read."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(said) == 14 else "<4H", said)
    if not last or not right:
        return
    left = 0 if left > 0xFF or right < left else left
    if first > last or (last - first) * (right - left) > _LARGEST:
        raise Malformed


class _Texts:
    """The texts that are kept once, in a record and those that go on with it; a text may go on in the next."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 8

    def lengths(self) -> Iterator[int]:
        while self._left() or self._goes_on():
            if not self._left():
                continue
            size, flags = struct.unpack_from("<HB", self._parts[self._part], self._at)
            self._at += 3
            runs = self._number("<H") if flags & 8 else 0
            beside = self._number("<I") if flags & 4 else 0
            self._pass(size, wide=bool(flags & 1))
            self._skip(4 * runs + beside)
            yield size

    def _left(self) -> int:
        return max(len(self._parts[self._part]) - self._at, 0)

    def _goes_on(self) -> bool:
        self._part, self._at = self._part + 1, 0
        return self._part < len(self._parts)

    def _number(self, kind: str) -> int:
        (number,) = struct.unpack_from(kind, self._parts[self._part], self._at)
        self._at += struct.calcsize(kind)
        return int(number)

    def _pass(self, letters: int, wide: bool) -> None:
        while True:
            width = 2 if wide else 1
            some = min(letters, self._left() // width)
            self._at += some * width
            letters -= some
            if not letters:
                return
            if not self._goes_on():
                raise Malformed
            wide = bool(self._number("<B") & 1)

    def _skip(self, size: int) -> None:
        while size > self._left():
            size -= self._left()
            if not self._goes_on():
                raise Malformed
        self._at += size
