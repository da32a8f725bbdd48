"""The rows of a money table: which are money, which only group it, and whether its totals are its sums.

Amounts are whole đồng. Knows no item and no journal: what a row names is looked up by others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.money_layout import Layout, undecided
from ntm_workflow.domain.money_rows import DETAIL, filled, is_numbers, rank_of
from ntm_workflow.domain.sheet_cells import (
    Block,
    Cell,
    is_empty,
    read_amount,
    shown,
    unit_in_heading,
    unit_line,
)
from ntm_workflow.domain.values import fold

AMOUNTS: Final = ("amount", "advance")
_TOTAL: Final = re.compile(
    r"tong cong(?! ty)( .*)?|tong so|tong|cong|total|cong (muc|nhom|phan|nguon|[ivx]+|[a-h])( .*)?"
)
#: The rank of rows that are numbered 1, 2, 3.
_OF_ITEMS: Final = 2.0
_OF_YEAR: Final = re.compile(r"năm (\d{4})\b")


class UnitContradicted(Refused):
    exit_code = 2
    vi = "Bảng ghi đơn vị khác với --unit.\nBỏ --unit, hoặc sửa dòng đơn vị trong bảng."
    en = "The sheet states another unit than --unit does.\nLeave --unit out, or mend the line of the unit in the sheet."


class Unnamed(Refused):
    exit_code = 2
    vi = "Dòng có số tiền {stated:dong} mà không có tên công trình, và không phải tổng của các dòng khác."
    en = "The row has {stated:dong} and no item, and is not the sum of other rows."


@dataclass(frozen=True)
class Line:
    """A row of money. `number` is its row in the file, `sections` the headings it stands under, the nearest last.

    `wrong` are amounts that cannot be read.
    """

    number: int
    cells: Mapping[str, Cell]
    amounts: Mapping[str, int]
    wrong: tuple[Refused, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True)
class WrongTotal:
    """A row that says it is a sum, and is none: what it states and what the rows come to."""

    number: int
    stated: int
    found: int


@dataclass(frozen=True)
class Stated:
    """A row that may be a sum: its place among all rows, the rows of money before it, how deep its group stands.

    `rank` is None where it is of no group; `named` says that words call it a total or a group.
    """

    at: int
    first: int
    number: int
    amounts: Mapping[str, int]
    rank: float | None
    named: bool = True


@dataclass
class Table:
    """`units` are those of the amount columns, None where nobody said; `year` what the titles say."""

    layout: Layout
    units: dict[str, int | None]
    year: int | None
    lines: list[Line] = field(default_factory=list)
    wrong_totals: list[WrongTotal] = field(default_factory=list)
    without_amount: int = 0
    details: int = 0


def read_table(
    lines: Sequence[Sequence[Cell]],
    layout: Layout,
    merged: Sequence[Block] | None,
    unit: int | None,
) -> Table:
    """The rows under the headings. `unit` is what whoever imports says; refused where the sheet says another."""
    above = lines[: layout.headings.below]
    table = Table(layout, _units(above, layout, unit), _year(above, layout))
    rows = filled(lines, layout, merged)
    _Rows(table, rows).read()
    return table


def _units(
    above: Sequence[Sequence[Cell]], layout: Layout, unit: int | None
) -> dict[str, int | None]:
    stated = [found for line in above for cell in line if (found := unit_line(cell))]
    units: dict[str, int | None] = {}
    for name in AMOUNTS:
        if name in layout.columns:
            of_its_own = unit_in_heading(layout.headings.shown[layout.columns[name]])
            units[name] = of_its_own or next(iter(stated), unit)
    if unit is not None and any(each != unit for each in units.values()):
        raise UnitContradicted
    return units


def _year(above: Sequence[Sequence[Cell]], layout: Layout) -> int | None:
    """The one year that the heading of the amount names, or the titles where it names none."""
    at = layout.columns.get("amount")
    heading = layout.headings.shown[at] if at is not None else ""
    titles = (cell for line in above[: layout.headings.first] for cell in line)
    texts = [text.lower() for text in map(shown, titles)]
    for said in ([heading.lower()], texts):
        years = {int(year) for text in said for year in _OF_YEAR.findall(text)}
        if len(years) == 1:
            return years.pop()
    return None


class _Rows:
    """One pass over the rows, each told apart by what it holds and by what stands below it."""

    def __init__(self, table: Table, rows: list[tuple[int, Sequence[Cell]]]) -> None:
        self.table, self.rows = table, rows
        self.columns = table.layout.columns
        self.order = _order_column(table.layout)
        self.ranks = [rank_of(self._cell(row, self.order), self._label(row)) for _, row in rows]
        #: The sections open here: rank, name, and the sums they state.
        self.open: list[tuple[float, str]] = []
        #: Whether the last row of money may be made of the rows below it.
        self.may_have_details = False
        self.stated: list[Stated] = []

    def read(self) -> None:
        for at, (number, row) in enumerate(self.rows):
            if is_numbers(row):
                continue
            self._take(at, number, row)
        if not any(line.wrong for line in self.table.lines):
            self._check_sums()

    def _take(self, at: int, number: int, row: Sequence[Cell]) -> None:
        amounts, wrong = self._amounts(row)
        label = self._label(row)
        named = not all(is_empty(self._of(row, name)) for name in ("item", "code"))
        if _is_total(label) or (not named and not label and amounts and not wrong):
            self.stated.append(
                Stated(at, len(self.table.lines), number, amounts, None, bool(label))
            )
        elif self.may_have_details and (self.ranks[at] or 0) >= DETAIL:
            self.table.details += 1
        elif self._groups(at, row, bool(amounts or wrong)):
            self._open(at, number, label, amounts)
        elif amounts or (wrong and (named or _begins_a_number(row, self.columns))):
            cells = {name: row[c] if c < len(row) else None for name, c in self.columns.items()}
            sections = tuple(name for _, name in self.open)
            self.table.lines.append(Line(number, cells, amounts, tuple(wrong), sections))
            self.may_have_details = (self.ranks[at] or DETAIL) < DETAIL
        elif named:
            self.table.without_amount += 1
            self.may_have_details = False

    def _groups(self, at: int, row: Sequence[Cell], has_amount: bool) -> bool:
        """Whether a row stands above others: these are numbered below it, or it is a heading alone."""
        rank = self.ranks[at]
        below = self.ranks[at + 1] if at + 1 < len(self.ranks) else None
        if not has_amount and sum(not is_empty(cell) for cell in row) == 1:
            return True
        if rank is None:
            return False
        if below is None:
            return rank < _OF_ITEMS and (not has_amount or self._item_below(at))
        return rank < below and (rank < _OF_ITEMS or not has_amount or below < DETAIL)

    def _item_below(self, at: int) -> bool:
        """Whether the next row is of an item, without a number of its own."""
        row = self.rows[at + 1][1] if at + 1 < len(self.rows) else ()
        return not is_empty(self._of(row, "item")) and not _is_total(self._label(row))

    def _open(self, at: int, number: int, label: str, amounts: Mapping[str, int]) -> None:
        rank = self.ranks[at]
        if rank is None:
            rank = _OF_ITEMS - 0.5
        self.may_have_details = False
        while self.open and self.open[-1][0] >= rank:
            self.open.pop()
        self.open.append((rank, label))
        if amounts:
            self.stated.append(Stated(at, len(self.table.lines), number, amounts, rank))

    def _amounts(self, row: Sequence[Cell]) -> tuple[dict[str, int], list[Refused]]:
        amounts: dict[str, int] = {}
        wrong: list[Refused] = []
        for name, unit in self.table.units.items():
            try:
                amount = read_amount(self._of(row, name), unit or 1)
            except Refused as refusal:
                wrong.append(refusal)
            else:
                if amount is not None:
                    amounts[name] = amount
        return amounts, wrong

    def _check_sums(self) -> None:
        """Tell what states a sum and is none of those it may be."""
        sums = {name: _running(self.table.lines, name) for name in self.table.units}
        unnamed: list[Line] = []
        for each in self.stated:
            spans = self._spans(each)
            for name, stated in each.amounts.items():
                found = [sums[name][until] - sums[name][since] for since, until in spans]
                if stated in found:
                    continue
                if each.named:
                    self.table.wrong_totals.append(WrongTotal(each.number, stated, found[0]))
                else:
                    unnamed.append(Line(each.number, {}, {}, (Unnamed(stated=stated),), ()))
        self.table.lines += unnamed

    def _spans(self, each: Stated) -> list[tuple[int, int]]:
        """The rows a sum may be of: those of its group; or all, those since the last one, or those until the next."""
        first, last = each.first, len(self.table.lines)
        if each.rank is not None:
            return [(first, self._end(each.at, each.rank))]
        totals = [other.first for other in self.stated if other.rank is None]
        before = max((at for at in totals if at < first), default=0)
        after = min((at for at in totals if at > first), default=last)
        began = [(o.first, first) for o in self.stated if o.rank is not None and o.first < first]
        return [(0, last), (before, first), (0, first), (first, after), *began]

    def _end(self, at: int, rank: float) -> int:
        """How many rows of money stand above the next group as high as this one."""
        for below in range(at + 1, len(self.rows)):
            other, number = self.ranks[below], self.rows[below][0]
            if other is not None and other <= rank:
                return bisect_left(self.table.lines, number, key=lambda line: line.number)
        return len(self.table.lines)

    def _label(self, row: Sequence[Cell]) -> str:
        """The first words of a row."""
        for at in (self.columns.get("item"), *range(len(row))):
            cell = self._cell(row, at)
            if isinstance(cell, str) and len(cell) > 1 and any(map(str.isalpha, cell)):
                return shown(cell)
        return ""

    def _of(self, row: Sequence[Cell], name: str) -> Cell:
        return self._cell(row, self.columns.get(name))

    def _cell(self, row: Sequence[Cell], at: int | None) -> Cell:
        return row[at] if at is not None and at < len(row) else None


def _is_total(label: str) -> bool:
    # Most labels begin otherwise, and folding a hundred thousand of them takes a second.
    return label[:1] in "TtCc" and bool(_TOTAL.fullmatch(fold(label)))


def _order_column(layout: Layout) -> int | None:
    """The column of the running numbers."""
    keys = enumerate(layout.headings.keys)
    return next((at for at, key in keys if {"tt", "stt", "so tt", "so thu tu"} & {*key}), None)


def _begins_a_number(row: Sequence[Cell], columns: Mapping[str, int]) -> bool:
    """Whether an amount that cannot be read was meant as one, and is no signature below the table."""
    cells = [row[columns[name]] for name in AMOUNTS if name in columns and columns[name] < len(row)]
    return any(re.match(r"[-−(]?\d", shown(cell)) for cell in cells)


def _running(lines: Sequence[Line], name: str) -> list[int]:
    sums = [0]
    for line in lines:
        sums.append(sums[-1] + line.amounts.get(name, 0))
    return sums


def must_be_decided(lines: Sequence[Sequence[Cell]], layout: Layout) -> None:
    """Refuse columns of numbers that nobody has said anything of: money would be left out unseen."""
    below = [line for line in lines[layout.headings.below :] if not is_numbers(line)]
    unread = layout.unread
    counted = {at for line in below for at in unread if at < len(line) and _is_number(line[at])}
    if counted:
        raise undecided(layout.headings, sorted(counted))


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"[-−]?\d[\d.,]*", cell.strip()))
    return isinstance(cell, int | float) and not isinstance(cell, bool)
