"""Sheets for the tests, as offices send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from ntm_workflow.domain.tcvn3 import CODES

Cells = Sequence[Sequence[Any]]


class Error(str):
    """What a cell says whose formula could not be computed."""

    __slots__ = ()


def _write(page: Any, row: int, line: Sequence[Any], day: Any) -> None:
    for at, cell in enumerate(line):
        if isinstance(cell, Error):
            page.write_formula(row, at, "=NA()", None, str(cell))
        elif isinstance(cell, date):
            page.write_datetime(row, at, cell, day)
        elif cell != "":
            page.write(row, at, cell)


def workbook(path: Path, lines: Cells, merged: Sequence[str] = (), name: str = "Trang 1") -> Path:
    """A workbook of one sheet: texts as texts, numbers as numbers, days as days."""
    with Workbook(str(path), {"strings_to_formulas": False}) as book:
        page, day = book.add_worksheet(name), book.add_format({"num_format": "dd/mm/yyyy"})
        for block in merged:
            page.merge_range(block, "")
        for row, line in enumerate(lines):
            _write(page, row, line, day)
    return path


def read(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def in_tcvn3(text: str) -> str:
    """Text as a sheet of the old fonts holds it."""
    return "".join(CODES.get(letter, letter) for letter in text)


# --- forms, edited as offices edit them

HIDDEN = "_ntm"
Fill = Callable[[dict[str, Any]], Mapping[str, Any] | None]


def pages(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet of a workbook by its name, those nobody sees too."""
    book = CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def form_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a form by their headings."""
    lines = next(iter(pages(path).values()))
    at = header_of(lines)
    return [dict(zip(lines[at], line, strict=False)) for line in lines[at + 1 :]]


def header_of(lines: Cells) -> int:
    return next(at for at, line in enumerate(lines) if HIDDEN in line)


def filled(
    path: Path,
    fill: Fill,
    to: Path | None = None,
    *,
    more: Sequence[Mapping[str, Any]] = (),
    columns: Callable[[list[str]], list[str]] = list,
    rows: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list,
) -> Path:
    """The form with what `fill` says of each row, rows `more` below, its columns and rows in another order."""
    sheets = pages(path)
    name, lines = next(iter(sheets.items()))
    at = header_of(lines)
    heads = columns([*lines[at]])
    found = [{**row, **(fill(row) or {})} for row in form_rows(path) if row[HIDDEN]]
    said = [*rows(found), *(dict.fromkeys(heads, "") | {**row} for row in more)]
    body = [[row.get(head, "") for head in heads] for row in said]
    sheets[name] = [*lines[:at], heads, *body]
    target = to or path
    with Workbook(str(target), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for each, cells in sheets.items():
            page = book.add_worksheet(each)
            for row, line in enumerate(cells):
                _write(page, row, line, day)
    return target
