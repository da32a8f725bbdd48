"""A form as a workbook to fill in: what the journal says, cells to fill, lists to choose from. Knows no noun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from ntm_workflow.cli.answers import part_phrase, phrase
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.xlsx import MADE, MOST_ROWS, TooManyRows
from ntm_workflow.domain.values import Word

if TYPE_CHECKING:
    from ntm_workflow.office.form import Column, Kind, Sheet
    from ntm_workflow.office.reading import Reading

#: The row of the headings, from 0: a title, a line about it and how to fill it in stand above.
HEADER: Final = 3
_FIRST_DAY: Final = date(1990, 1, 1)
_LAST_DAY: Final = date(2199, 12, 31)
_LONGEST: Final = 32_767
_A4: Final = 9
#: Runs of rows that one rule names.
_SPANS: Final = 200
#: So wide a table is still read on a page; a wider one goes on beside it.
_READABLE: Final = 190
#: How high a line of text is, and how many a row shows.
_LINE: Final = 15
_TALLEST: Final = 8
_HOLDS: Final = {
    "text": "@",
    "choice": "@",
    "day": "dd/mm/yyyy",
    "money": "[$-42A]#,##0",
    "year": "0",
}
_BOX: Final = {"border": 1, "border_color": "#bfbfbf", "valign": "top", "text_wrap": True}
_GREY: Final = "#f2f2f2"
_HEADS: Final = {True: "#ffe699", False: "#d9d9d9"}


def form_of(kind: type[Kind], sheet: Sheet, reading: Reading) -> bytes:
    """The form of a kind; the same facts are the same bytes."""
    from xlsxwriter import Workbook

    if HEADER + len(sheet.rows) + sheet.blank > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    safe = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    out = BytesIO()
    with Workbook(out, safe) as book:
        book.set_properties({"created": MADE})
        _Workbook(book, kind, sheet, reading).write()
    return out.getvalue()


class _Workbook:
    def __init__(self, book: Any, kind: type[Kind], sheet: Sheet, reading: Reading) -> None:
        from ntm_workflow.domain.form_words import KINDS
        from ntm_workflow.office.form_file import ABOUT, LISTS

        self.book, self.kind, self.sheet, self.reading = book, kind, sheet, reading
        self.columns = [c for c in kind.columns if c.shown and c.field not in sheet.without]
        self.formats: dict[tuple[bool, str], Any] = {}
        self.page = book.add_worksheet(_word(KINDS[kind.name]).capitalize()[:31])
        self.lists, self.about = book.add_worksheet(LISTS), book.add_worksheet(ABOUT)
        self.id = ABOUT
        self.first_blank = HEADER + 1 + len(sheet.rows)
        self.last = HEADER + len(sheet.rows) + sheet.blank

    def write(self) -> None:
        self._heads()
        for row, each in enumerate(self.sheet.rows, HEADER + 1):
            values = [each.cells.get(column.field) for column in self.columns]
            texts = zip(self.columns, values, strict=True)
            if (lines := max(_lines(column, value) for column, value in texts)) > 1:
                # Not every program makes room for what it wraps.
                self.page.set_row(row, _LINE * min(lines, _TALLEST))
            for at, (column, value) in enumerate(zip(self.columns, values, strict=True)):
                self._put(row, at, column, value)
            self.page.write_string(row, len(self.columns), each.id)
        for row in range(self.first_blank, self.last + 1):
            for at, column in enumerate(self.columns):
                self.page.write_blank(row, at, None, self._format(True, column.holds))
        ranges = self._write_lists()
        for at, column in enumerate(self.columns):
            self._check(at, column, ranges)
        self._lay_out()
        self._tell_about()

    def _heads(self) -> None:
        known = phrase(
            "Tình trạng cuối ngày {day}, theo sổ đến vị trí #{n}.",
            "As of the end of {day}, as known at position #{n} of the journal.",
            day=self.reading.as_of,
            n=self.reading.known,
        )
        how = part_phrase(
            "Điền các cột vàng; cột xám là điều sổ đang ghi, để nguyên. <{blank} dòng trống ở cuối là để ghi mới: điền cả cột xám. >Nhập lại: ntm form import TỆP.xlsx",
            "Fill in the yellow columns; grey ones show the journal and stay as they are. <The {blank} empty rows at the end are for what is new: fill in their grey columns, too. >Take it in: ntm form import FILE.xlsx",
            blank=self.sheet.blank or None,
        )
        title = self.book.add_format({"bold": True, "font_size": 14})
        aside = self.book.add_format({"italic": True, "font_color": "#404040"})
        self.page.write_string(0, 0, _word(self.sheet.about), title)
        self.page.write_string(1, 0, known, aside)
        self.page.write_string(2, 0, how, aside)
        heads = {
            filled: self.book.add_format(
                {**_BOX, "bold": True, "align": "center", "valign": "vcenter", "bg_color": color}
            )
            for filled, color in _HEADS.items()
        }
        lines = max(_lines(column, column.title) for column in self.columns)
        self.page.set_row(HEADER, _LINE * max(lines, 2))
        for at, column in enumerate(self.columns):
            self.page.write_string(HEADER, at, _word(column.title), heads[column.filled])
        self.page.write_string(HEADER, len(self.columns), self.id)

    def _format(self, filled: bool, holds: str) -> Any:
        if (filled, holds) not in self.formats:
            about: dict[str, Any] = {**_BOX, "num_format": _HOLDS[holds]}
            if not filled:
                about["bg_color"] = _GREY
            if holds == "year":
                about["align"] = "center"
            self.formats[filled, holds] = self.book.add_format(about)
        return self.formats[filled, holds]

    def _put(self, row: int, at: int, column: Column, value: Any) -> None:
        """One cell by what it is; no text is ever a formula."""
        if isinstance(value, Word):
            value = _word(value)
        if value is None or value == "":
            self.page.write_blank(row, at, None, self._format(column.filled, column.holds))
        elif isinstance(value, date):
            self.page.write_datetime(row, at, value, self._format(column.filled, "day"))
        elif isinstance(value, int):
            holds = column.holds if column.holds == "money" else "year"
            self.page.write_number(row, at, value, self._format(column.filled, holds))
        else:
            format = self._format(column.filled, column.holds)
            self.page.write_string(row, at, str(value)[:_LONGEST], format)

    # --- what cells take

    def _write_lists(self) -> dict[str, str]:
        """The lists on a sheet out of sight; the range of each."""
        from xlsxwriter.utility import xl_range_abs

        named = {name: [*map(_word, some)] for name, some in self.sheet.lists.items() if some}
        for row, line in enumerate(zip_longest(*named.values())):
            for at, text in enumerate(line):
                if text is not None:
                    self.lists.write_string(row, at, text)
        return {
            name: f"='{self.lists.name}'!{xl_range_abs(0, at, len(some) - 1, at)}"
            for at, (name, some) in enumerate(named.items())
        }

    def _check(self, at: int, column: Column, ranges: Mapping[str, str]) -> None:
        if not column.filled and not self.sheet.blank:
            return
        first = HEADER + 1 if column.filled else self.first_blank
        if column.holds == "choice":
            for name, spans in self._by_list(column, first).items():
                if source := ranges.get(name):
                    self._validate(at, spans, {"validate": "list", "source": source})
        elif (rule := _RULES.get(column.holds)) and first <= self.last:
            self._validate(at, [(first, self.last)], rule())

    def _by_list(self, column: Column, first: int) -> dict[str, list[tuple[int, int]]]:
        """List -> the runs of rows whose cells choose from it."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, name in self._lists_of(column):
            if row < first or name is None:
                continue
            spans = found[name]
            if spans and spans[-1][1] == row - 1:
                spans[-1] = (spans[-1][0], row)
            else:
                spans.append((row, row))
        return found

    def _lists_of(self, column: Column) -> Iterator[tuple[int, str | None]]:
        for row, each in enumerate(self.sheet.rows, HEADER + 1):
            yield row, each.lists.get(column.field, column.choices)
        name = self.sheet.blank_lists.get(column.field, column.choices)
        for row in range(self.first_blank, self.last + 1):
            yield row, name

    def _validate(self, at: int, spans: list[tuple[int, int]], rule: dict[str, Any]) -> None:
        for from_ in range(0, len(spans), _SPANS):
            self._validate_some(at, spans[from_ : from_ + _SPANS], rule)

    def _validate_some(self, at: int, spans: list[tuple[int, int]], rule: dict[str, Any]) -> None:
        (first, last), *others = spans
        more = [[top, at, bottom, at] for top, bottom in others]
        told = {
            "error_title": phrase("Chưa đúng", "Not so"),
            "error_message": phrase(
                "Chọn trong danh sách, hoặc gõ ngày dd/mm/yyyy, số nguyên đồng.",
                "Choose from the list, or type a day dd/mm/yyyy, or whole đồng.",
            ),
        }
        self.page.data_validation(first, at, last, at, {**told, **rule, "other_cells": more})

    # --- how it lies on paper

    def _lay_out(self) -> None:
        for at, column in enumerate(self.columns):
            self.page.set_column(at, at, column.width)
        hidden = len(self.columns)
        self.page.set_column(hidden, hidden, 4, None, {"hidden": True})
        self.page.freeze_panes(HEADER + 1, 1)
        if self.last > HEADER:
            self.page.autofilter(HEADER, 0, self.last, hidden)
        self.page.set_landscape()
        self.page.set_paper(_A4)
        across = -(-sum(column.width for column in self.columns) // _READABLE)
        self.page.fit_to_pages(across, 0)
        self.page.repeat_rows(HEADER)
        if across > 1:
            self.page.repeat_columns(0, 0)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.page.set_footer(f"&L{_word(self.sheet.about).replace('&', '&&')}&R&P/&N")
        self.page.print_area(0, 0, self.last, hidden - 1)
        self.lists.hide()
        self.about.very_hidden()

    def _tell_about(self) -> None:
        from ntm_workflow.domain.form_words import VERSION

        said = {
            "kind": self.kind.name,
            "version": str(VERSION),
            "position": str(self.reading.known),
            "as_of": self.reading.as_of.isoformat(),
        }
        for row, line in enumerate(said.items()):
            for at, text in enumerate(line):
                self.about.write_string(row, at, text)


_RULES: Final = {
    "day": lambda: {
        "validate": "date",
        "criteria": "between",
        "minimum": _FIRST_DAY,
        "maximum": _LAST_DAY,
    },
    # A text with a unit of its own (“1,5 tỷ”) is read, too.
    "money": lambda: {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1,
        "maximum": 10**15,
        "error_type": "warning",
    },
    "year": lambda: {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1900,
        "maximum": 2199,
    },
}


def _lines(column: Column, value: Any) -> int:
    """How many lines a value takes in a cell as wide as its column."""
    if not isinstance(value, str | Word):
        return 1
    text = _word(value)
    return sum(-(-max(len(part), 1) // max(column.width - 1, 1)) for part in text.split("\n"))


def _word(text: Word | str) -> str:
    if isinstance(text, Word):
        return text.en if LANG.get() == "en" else text.vi
    return text
