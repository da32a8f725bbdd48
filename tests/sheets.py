"""Sheets for the tests, as offices send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from ntm_workflow.domain.tcvn3 import CODES

Cells = Sequence[Sequence[Any]]


def workbook(path: Path, lines: Cells, merged: Sequence[str] = (), name: str = "Trang 1") -> Path:
    """A workbook of one sheet: texts as texts, numbers as numbers, days as days."""
    with Workbook(str(path), {"strings_to_formulas": False}) as book:
        page, day = book.add_worksheet(name), book.add_format({"num_format": "dd/mm/yyyy"})
        for block in merged:
            page.merge_range(block, "")
        for row, line in enumerate(lines):
            for at, cell in enumerate(line):
                if isinstance(cell, date):
                    page.write_datetime(row, at, cell, day)
                elif cell != "":
                    page.write(row, at, cell)
    return path


def read(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def in_tcvn3(text: str) -> str:
    """Text as a sheet of the old fonts holds it."""
    return "".join(CODES.get(letter, letter) for letter in text)
