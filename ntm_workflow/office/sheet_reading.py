"""A sheet of a file as its cells, whichever program wrote it; knows no heading and no row's meaning."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ntm_workflow.domain import tcvn3
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.reasons import why as system
from ntm_workflow.domain.sheet_cells import Block, Cell
from ntm_workflow.domain.values import Word
from ntm_workflow.office.sheet_counted import MOST_CELLS, Beside, Place
from ntm_workflow.office.sheet_package import ProtectedFile, UnsafeFile, must_be_safe
from ntm_workflow.office.sheet_package import UnreadableFile as UnreadableFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

T = TypeVar("T")
#: Merged cells that may lie on others: a file that somebody mended by hand may have a few.
_LYING_ON_EACH_OTHER: Final = 10_000
#: Which sheets of a workbook, in which order.
Wanted = Callable[[Sequence[str]], Sequence[str]]
_TEXT_FILES = frozenset({".csv", ".tsv", ".txt"})


class NoSuchSheet(Refused):
    exit_code = 3
    vi = "Tệp {path} không có trang “{name}”; các trang: {names}."
    en = "The file {path} has no sheet “{name}”; its sheets: {names}."


@dataclass(frozen=True)
class Page:
    """One sheet. `merged` is None where the format does not tell; `old_font` counts texts that were TCVN3.

    `doubtful` are cells that may be TCVN3 or not. `beside` tells rows nobody sees, formulas that were never
    computed and cells with an error, in formats of today; `others` are the other sheets of the file.
    """

    name: str
    lines: list[list[Cell]]
    merged: list[Block] | None = None
    old_font: int = 0
    doubtful: frozenset[Place] = frozenset()
    beside: Beside = field(default_factory=Beside)
    others: tuple[str, ...] = ()


def read_pages(path: Path, name: str | None = None, wanted: Wanted | None = None) -> Iterator[Page]:
    """The sheets of a file in their order, or the one named, or those that `wanted` says of all names.

    Each is read when it is asked for.
    """
    try:
        if path.suffix.lower() in _TEXT_FILES:
            yield _in_unicode(Page("", _csv(path.read_bytes())))
        else:
            yield from map(_in_unicode, _workbook(path, name, wanted))
    except OSError as error:
        raise UnreadableFile(path=str(path), why=system(error)) from None
    except UnicodeDecodeError:
        raise _unreadable(path, "không phải UTF-8", "it is not UTF-8") from None
    except csv.Error:
        raise _unreadable(path, "không phải bảng CSV", "it is no CSV table") from None


def read_page(path: Path) -> Page:
    """The first sheet of a file."""
    return next(read_pages(path))


def _unreadable(path: Path, vi: str, en: str) -> UnreadableFile:
    return UnreadableFile(path=str(path), why=Word(vi, en))


def _csv(content: bytes) -> list[list[Cell]]:
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return [[*row] for row in rows]


def _delimiter(text: str) -> str:
    """The mark that most lines have equally many of: a comma may stand in names and amounts, too."""
    lines = text[:10_000].splitlines()

    def agreed(mark: str) -> int:
        widths = Counter(line.count(mark) for line in lines)
        return max((marks * found for marks, found in widths.items()), default=0)

    return max(";\t,", key=agreed)


def _decoded(content: bytes) -> str:
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        if tcvn3.plainly(old := content.decode("latin-1")):
            return old
        raise


def _workbook(path: Path, name: str | None, wanted: Wanted | None) -> Iterator[Page]:
    from python_calamine import CalamineWorkbook

    told, room = must_be_safe(path), MOST_CELLS
    with path.open("rb") as file:
        book = _parsed(path, lambda: CalamineWorkbook.from_filelike(file))
        names = book.sheet_names
        if not names:
            raise _unreadable(path, "không có trang nào", "it has no sheets")
        for each in [name] if name is not None else wanted(names) if wanted else names:
            if each not in names:
                raise NoSuchSheet(path=str(path), name=each, names=names)
            page = _parsed(path, partial(_page, path, book, each))
            room -= sum(map(len, page.lines))
            if room < 0:
                raise _repeating(path)
            others = tuple(other for other in names if other != each)
            yield replace(page, beside=told.get(each, page.beside), others=others)


def _parsed(path: Path, parse: Callable[[], T]) -> T:
    """What the library makes of a file. A damaged one may be an error to it, or what ends a program."""
    from python_calamine import CalamineError, PasswordError

    try:
        with _unheard():
            return parse()
    except PasswordError:
        raise ProtectedFile(path=str(path)) from None
    except BaseException as error:
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            raise _unreadable(path, "không phải tệp Excel", "it is no workbook") from None
        raise


@contextmanager
def _unheard() -> Iterator[None]:
    """Without what the library itself writes to standard error, past Python, of a damaged file."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nobody = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nobody, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nobody)


def _page(path: Path, book: CalamineWorkbook, name: str) -> Page:
    sheet = book.get_sheet_by_name(name)
    lines: Any = sheet.to_python(skip_empty_area=False)
    merged = sheet.merged_cell_ranges
    return Page(sheet.name, lines, None if merged is None else _within(path, merged, lines))


def _within(path: Path, merged: Sequence[Block], lines: Sequence[Sequence[Cell]]) -> list[Block]:
    """What blocks of merged cells cover of the cells there are. Refused where they lie on each other without end."""
    high, wide = len(lines), max(map(len, lines), default=0)
    found, room = [], high * wide + _LYING_ON_EACH_OTHER
    for start, (bottom, right) in merged:
        end = min(bottom, high - 1), min(right, wide - 1)
        if start < end and start[1] <= end[1]:
            found.append((start, end))
            room -= (end[0] - start[0] + 1) * (end[1] - start[1] + 1)
    if room < 0:
        raise _repeating(path)
    return found


def _repeating(path: Path) -> UnsafeFile:
    why = Word(
        "các trang hoặc các ô gộp chồng lên nhau", "its sheets or merged cells lie on each other"
    )
    return UnsafeFile(path=str(path), why=why)


def _in_unicode(page: Page) -> Page:
    """The same sheet with texts of old fonts as Unicode."""
    read = tcvn3.read_lines(page.lines)
    return replace(page, lines=read.lines, old_font=read.turned, doubtful=read.doubtful)
