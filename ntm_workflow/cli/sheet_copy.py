"""A copy of a sheet for whoever mends it: its cells as they were, and beside each bad row why.

Texts stay texts, never formulas. Knows no noun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_workflow.cli.files import whole
from ntm_workflow.cli.sheet import copy_path
from ntm_workflow.cli.xlsx import MADE

if TYPE_CHECKING:
    from ntm_workflow.domain.sheet_cells import Cell
    from ntm_workflow.office.sheet_reading import Page

#: What one cell of the format holds.
_LONGEST_TEXT = 32_767
_WIDTH_OF_REASON = 70
_NARROWEST, _WIDEST = 8, 40
#: Rows whose texts say how wide a column is.
_LOOKED_AT = 200


def write_copy(
    file: Path,
    page: Page,
    why: Mapping[int, str],
    heading: str,
    header_row: int,
    *,
    unseen: Collection[int] = (),
    beside: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> Path:
    """Write `file`.loi.xlsx; `why` by row number from 1, its `heading` in `header_row` from 0.

    A copy that somebody has saved since stays, and the new one is `file`.loi-2.xlsx. `unseen` are columns nobody needs to see, `beside` more sheets that nobody does.
    """
    from xlsxwriter import Workbook

    target = copy_path(file)
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with whole(target) as out, Workbook(out, safe) as book:
        book.set_properties({"created": MADE})
        copy = _Copy(book, page, heading, header_row)
        copy.write({header_row + 1: heading, **why}, header_row)
        for column in unseen:
            copy.sheet.set_column(column, column, None, None, {"hidden": True})
        for name, lines in (beside or {}).items():
            copy.add_unseen(name, lines)
    return target


class _Copy:
    def __init__(self, book: Any, page: Page, heading: str, header_row: int) -> None:
        self.book, self.page = book, page
        heads = page.lines[header_row] if header_row < len(page.lines) else []
        width = max(map(len, page.lines), default=0)
        #: Where the reasons stand: in the column of those of a copy that is itself copied.
        self.reasons = heads.index(heading) if heading in heads else width
        self.sheet = book.add_worksheet()
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.bad = book.add_format({"font_color": "#9c0006", "bg_color": "#ffc7ce"})

    def write(self, beside: Mapping[int, str], header_row: int) -> None:
        last = self.reasons
        self._merge()
        for row, line in enumerate(self.page.lines):
            for at, cell in enumerate(line):
                if at != last:
                    self._put(row, at, cell)
            if row + 1 in beside:
                self.sheet.write_string(row, last, beside[row + 1][:_LONGEST_TEXT], self.bad)
        self._widen(header_row)
        self.sheet.set_column(last, last, _WIDTH_OF_REASON)
        self.sheet.freeze_panes(header_row + 1, 0)
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(header_row)

    def _widen(self, header_row: int) -> None:
        """Columns as wide as the texts of the first rows, within reason."""
        widths: dict[int, int] = {}
        for line in self.page.lines[header_row : header_row + _LOOKED_AT]:
            for at, cell in enumerate(line):
                widths[at] = max(widths.get(at, 0), len(str(cell)))
        for at, width in widths.items():
            self.sheet.set_column(at, at, min(max(width, _NARROWEST), _WIDEST) + 1)

    def _merge(self) -> None:
        """Cells merged as they were, as far as there are rows; the second of two that overlap stays apart."""
        from xlsxwriter.exceptions import OverlappingRange

        bottommost = len(self.page.lines) - 1
        for (top, left), (bottom, right) in self.page.merged or ():
            end = min(bottom, bottommost)
            if end > top or (end == top and right > left):
                with suppress(OverlappingRange):
                    self.sheet.merge_range(top, left, end, right, "")

    def add_unseen(self, name: str, lines: Sequence[Sequence[Cell]]) -> None:
        sheet = self.book.add_worksheet(name)
        for row, line in enumerate(lines):
            for at, cell in enumerate(line):
                sheet.write_string(row, at, str(cell))
        sheet.very_hidden()

    def _put(self, row: int, at: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self.sheet.write_boolean(row, at, cell)
        elif isinstance(cell, int | float) and isfinite(cell):
            self.sheet.write_number(row, at, cell)
        elif isinstance(cell, date) and cell.year >= 1900:
            naive = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
            self.sheet.write_datetime(row, at, naive, self.day)
        else:
            self.sheet.write_string(row, at, str(cell)[:_LONGEST_TEXT])
