"""Lists of rows in files: CSV and XLSX in, and the bad rows back in a workbook.

Knows headers and cells; what a row means is the noun's.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.xlsx import MADE
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.reasons import why as system
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office.sheet_reading import Page, read_page

#: A header may stand below a title, but not further down than this.
HEADER_ROWS = 10
#: Where a workbook says when it was saved.
_CORE: Final = "docProps/core.xml"


class HeaderMissing(Refused):
    exit_code = 2
    vi = "Tệp {path} không có dòng tiêu đề với các cột: {columns}.\nĐặt tiêu đề trong {rows} dòng đầu."
    en = "The file {path} has no header with the columns: {columns}.\nPut the header in the first {rows} rows."


class UnwritableFile(Refused):
    vi = "Không ghi được tệp {path}: {why}.\nChọn nơi khác, hoặc đóng tệp đang mở."
    en = "Cannot write the file {path}: {why}.\nChoose another place, or close the file."


@dataclass(frozen=True)
class Sheet:
    """A header and the rows under it, each with its number in the file and its text by column."""

    page: Page
    header: list[str]
    rows: list[tuple[int, list[str]]]
    columns: dict[str, int]

    def cells(self, row: list[str]) -> dict[str, str]:
        return {name: row[at] for name, at in self.columns.items() if at < len(row)}


def read_sheet(path: Path, words: Mapping[str, Sequence[str]], required: Sequence[str]) -> Sheet:
    """The first sheet of a file. `words` are the folded headings a column goes by."""
    page = read_page(path)
    lines = [[_text(cell) for cell in line] for line in page.lines]
    for at, line in enumerate(lines[:HEADER_ROWS]):
        folded = [fold(text) for text in line]
        columns = {
            name: folded.index(each)
            for name, known in words.items()
            for each in known
            if each in folded
        }
        if all(name in columns for name in required):
            rows = [(n, line) for n, line in enumerate(lines[at + 1 :], at + 2) if any(line)]
            return Sheet(page, line, rows, columns)
    raise HeaderMissing(
        path=str(path), columns=tuple(heading(name).lower() for name in required), rows=HEADER_ROWS
    )


def _text(cell: Any) -> str:
    """A cell as text; a whole number arrives as a float and is no decimal."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(str(cell))


def bad_rows_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.loi.xlsx")


def copy_path(path: Path) -> Path:
    """Where the bad rows of a file go: beside it, and never over a copy that somebody has saved since."""
    first = bad_rows_path(path)
    more = (first.with_name(f"{path.stem}.loi-{n}.xlsx") for n in count(2))
    return next(each for each in chain((first,), more) if not _saved_since(each))


def _saved_since(path: Path) -> bool:
    """Whether a file is there that another program has saved: they all write when."""
    try:
        with zipfile.ZipFile(path) as parts:
            return f"{MADE:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode() not in parts.read(_CORE)
    except OSError:
        # None is there, or it cannot be read: writing will say so.
        return False
    except (KeyError, zipfile.BadZipFile):
        return True


def write_bad_rows(path: Path, sheet: Sheet, why: Mapping[int, str], heading: str) -> Path:
    """The bad rows alone, under their header, with what is wrong beside each; can be read again."""
    bad = [(row, why[number]) for number, row in sheet.rows if number in why]
    width = max([len(sheet.header), *(len(row) for row, _ in bad)])
    lines = [([*sheet.header], heading), *bad]
    target = copy_path(path)
    _write(target, ([*row, *[""] * (width - len(row)), said] for row, said in lines))
    return target


def write_header(path: Path, header: Sequence[str]) -> None:
    """An empty list; what is there already is never replaced by it."""
    if path.suffix.lower() != ".xlsx" or path.exists():
        there = Word("đã có tệp này", "it is there already")
        kind = Word("tên phải kết thúc bằng .xlsx", "its name must end in .xlsx")
        raise UnwritableFile(path=str(path), why=there if path.exists() else kind)
    _write(path, [header])


def _write(target: Path, lines: Iterable[Sequence[str]]) -> None:
    """A workbook of plain text, whole or not at all."""
    from xlsxwriter import Workbook

    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".xlsx")
        os.close(handle)
    except OSError as error:
        raise UnwritableFile(path=str(target), why=system(error)) from None
    book = Workbook(temporary)
    book.set_properties({"created": MADE})
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    for at, line in enumerate(lines):
        for column, text in enumerate(line):
            page.write_string(at, column, text)
    book.close()
    _put(temporary, target)


def _put(temporary: str, target: Path) -> None:
    try:
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError as error:
        os.unlink(temporary)
        raise UnwritableFile(path=str(target), why=system(error)) from None
