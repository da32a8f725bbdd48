"""A list as an .xlsx file for people: dates are dates, money is numbers, text is never a formula.

Its first row says as of when it is, and known up to which position.
Rows are written as they come, so a long list takes no more memory than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from ntm_workflow.cli.answers import cell, part_phrase, phrase
from ntm_workflow.cli.bilingual import both, pick
from ntm_workflow.cli.files import whole
from ntm_workflow.cli.labels import MONEY, RATES, heading
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import VIETNAM

#: When a workbook says it was made, so that the same facts are the same bytes.
MADE = datetime.fromisoformat("2000-01-01")
#: What one sheet of the format holds, its heading not counted.
MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_WIDEST = 60
#: Columns of decimals, which the journal keeps as text.
_DECIMALS = frozenset({"threshold", "value"})
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\+00:00)")
#: Beyond so many columns the first stays in sight, too.
_MANY = 12
#: Beyond this the format's numbers are no longer whole.
_LARGEST_NUMBER = 10**15
_FORMATS = {
    "day": "dd/mm/yyyy",
    "instant": "dd/mm/yyyy hh:mm",
    "money": "[$-42A]#,##0",
    "rate": "0.0%",
}


class TooManyRows(Refused):
    exit_code: ClassVar[int] = 1
    vi = "Một trang tính chỉ chứa {most} dòng; chưa ghi tệp nào.\nThu hẹp danh sách, hoặc dùng --csv."
    en = "A sheet holds {most} rows only; no file was written.\nAsk for less, or use --csv."


def write_sheet(
    path: Path,
    about: dict[str, Any],
    columns: Sequence[str],
    items: Iterable[dict[str, Any]],
    called: Callable[[str], str | None] = lambda name: None,
) -> int:
    """Write `items` with the page that says as of when; the number of rows. An old file is replaced.

    `called` says what a column of this list is called, where that is not what its key is called.
    """
    from xlsxwriter import Workbook

    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with whole(path) as file, Workbook(file, safe) as book:
        list_ = Page(
            book, pick(both("Danh sách", "List")) or "", columns, above=_times(about), called=called
        )
        for item in items:
            list_.add([item.get(name) for name in columns])
        list_.finish()
        page = Page(book, pick(both("Thông tin", "About")) or "", ["about", "held"])
        for key, value in about.items():
            page.add([heading(key), value])
        page.finish()
    return list_.rows


def _times(about: dict[str, Any]) -> str:
    """As of when a list is, known at what, and what was asked, in a line; nothing where it is of no time."""
    if {"before", "after"} <= about.keys():
        return _two_looks(about["before"], about["after"], about["command"])
    if about.get("as_of") is None:
        return ""
    names = ("as_of", "position", "known_at", "command")
    return part_phrase(
        "Tính đến hết ngày {as_of}, theo sổ đến vị trí {position}<, lúc {known_at}><: {command}>",
        "As of the end of {as_of}, by the journal up to position {position}<, at {known_at}><: {command}>",
        **{name: about.get(name) for name in names},
    )


def _two_looks(before: dict[str, Any], after: dict[str, Any], command: str) -> str:
    first, second = (each["known_at"]["position"] for each in (before, after))
    return phrase(
        "Trước: hết ngày {a}, sổ đến vị trí {m}; sau: hết ngày {b}, sổ đến vị trí {n}: {command}",
        "Before: the end of {a}, journal up to {m}; after: the end of {b}, journal up to {n}: {command}",
        a=before["as_of"],
        b=after["as_of"],
        m=first,
        n=second,
        command=command,
    )


@dataclass
class Page:
    """One sheet: a line above, a heading that stays in sight, rows below it, columns as wide as their text."""

    book: Any
    title: str
    columns: Sequence[str]
    rows: int = 0
    above: str = ""
    called: Callable[[str], str | None] = lambda name: None
    sheet: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.title)
        self.formats = {
            name: self.book.add_format({"num_format": f}) for name, f in _FORMATS.items()
        }
        names = [self.called(name) or heading(name) for name in self.columns]
        self.widths = [len(name) + 3 for name in names]
        self.head = int(bool(self.above))
        if self.above:
            slanted = self.book.add_format({"italic": True})
            self.sheet.write_string(0, 0, self.above, slanted)
        many = len(self.columns) > _MANY
        self.sheet.freeze_panes(self.head + 1, int(many))
        bold = self.book.add_format({"bold": True, "bottom": 1})
        for at, name in enumerate(names):
            self.sheet.write_string(self.head, at, name, bold)

    def add(self, values: Sequence[Any]) -> None:
        if self.rows + self.head >= MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS - self.head)
        self.rows += 1
        for at, (name, value) in enumerate(zip(self.columns, values, strict=True)):
            shown = self._put(at, name, value)
            self.widths[at] = max(self.widths[at], min(shown, _WIDEST))

    def _put(self, at: int, name: str, value: Any) -> int:
        """Write one cell by what it is; how wide it shows."""
        row = self.head + self.rows
        if value is None:
            return 0
        value = _typed(name, value)
        if isinstance(value, datetime):
            local = value.astimezone(VIETNAM).replace(tzinfo=None)
            self.sheet.write_datetime(row, at, local, self.formats["instant"])
            return 17
        if isinstance(value, date) and value.year >= 1900:
            self.sheet.write_datetime(row, at, value, self.formats["day"])
            return 11
        if type(value) in (int, float) and abs(value) < _LARGEST_NUMBER:
            kind = "money" if name in MONEY else "rate" if name in RATES else None
            self.sheet.write_number(row, at, value, self.formats[kind] if kind else None)
            return len(cell(value, name))
        text = cell(value, name)[:_LONGEST_TEXT]
        self.sheet.write_string(row, at, text)
        return len(text)

    def finish(self) -> None:
        self.sheet.autofilter(self.head, 0, self.head + self.rows, len(self.columns) - 1)
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width + 1)
        self._printed()

    def _printed(self) -> None:
        """A4 across, all columns on one page, the heading on each."""
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, self.head)


def _typed(name: str, value: Any) -> Any:
    """An instant or a stored decimal that comes as text, as what it is."""
    if not isinstance(value, str):
        return value
    if _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    return float(value) if name in _DECIMALS and _DECIMAL.fullmatch(value) else value
