"""Whatever a sheet holds: it comes to what its rows come to when typed, or to nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.money_headings import PAYMENTS
from ntm_workflow.domain.money_layout import find_layout
from ntm_workflow.domain.money_table import Table, read_table
from ntm_workflow.office import fund
from ntm_workflow.office.fund_import import BadSheet, Imported, import_sheet
from ntm_workflow.office.fund_rows import Common

ITEMS = ("Đường thôn A (mẫu)", "Kênh C (mẫu)")
FIRST = date(2024, 2, 10)
HEAD = ["Tên công trình", "Tạm ứng (triệu đồng)", "Thanh toán (triệu đồng)", "Ngày"]
#: Item, millions, days after the first, whether it is an advance.
ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 500), st.integers(0, 90), st.booleans()),
    min_size=1,
    max_size=12,
)
Row = tuple[int, int, int, bool]


def sheet(rows: list[Row]) -> Table:
    lines: list[list[Any]] = [HEAD]
    for which, amount, day, early in rows:
        paid = [amount, ""] if early else ["", amount]
        lines.append([ITEMS[which], *paid, FIRST + timedelta(days=day)])
    return read_table(lines, find_layout(lines, PAYMENTS, {}, lambda headings: {}), None, None)


def imported(desk: Desk, rows: list[Row]) -> Imported:
    done: list[Imported] = []
    table, common = sheet(rows), Common(what=PAYMENTS)
    desk.record(lambda entry: done.append(import_sheet(entry, table, common)))
    return done[0]


def typed(desk: Desk, rows: list[Row]) -> bool:
    """Whether every row may be typed, one after another in the order of their days."""
    allowed = True
    for number, (which, amount, day, early) in enumerate(sorted(rows, key=lambda row: row[2])):
        verb = fund.advance if early else fund.disburse
        on = (FIRST + timedelta(days=day)).strftime("%d/%m/%Y")
        item, dong = ITEMS[which], amount * 10**6
        try:
            desk.record(lambda e: verb(e, item, dong, None), on, key=str(number))  # noqa: B023
        except Refused:
            allowed = False
    return allowed


def begun(store: str) -> Desk:
    desk = adopted(store, "tam-ky-2024")
    for item in ITEMS:
        desk.allocate(item, 1_000_000_000)
    return desk


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS)
def test_a_sheet_comes_to_what_its_rows_come_to_or_to_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("sổ")
    with (
        closing_store(begun(str(folder / "a.db"))) as by_hand,
        closing_store(begun(str(folder / "b.db"))) as by_sheet,
    ):
        before = by_sheet.rows("fund")
        if not typed(by_hand, rows):
            with pytest.raises(BadSheet):
                imported(by_sheet, rows)
            assert by_sheet.rows("fund") == before
            return
        assert imported(by_sheet, rows).recorded == len(rows)
        assert by_sheet.rows("fund") == by_hand.rows("fund")
        assert imported(by_sheet, rows).known == len(rows)
        assert imported(by_hand, rows).known == len(rows)
        assert by_sheet.rebuilt_equal()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, cut=st.integers(0, 12))
def test_a_sheet_that_grows_comes_to_the_same_as_at_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], cut: int
) -> None:
    small = [(which, 1 + amount // 20, day + 10, early) for which, amount, day, early in rows]
    folder = tmp_path_factory.mktemp("sổ")
    with (
        closing_store(begun(str(folder / "a.db"))) as once,
        closing_store(begun(str(folder / "b.db"))) as twice,
    ):
        imported(once, small)
        first = imported(twice, small[:cut]) if small[:cut] else Imported()
        assert imported(twice, small).known == first.recorded
        assert once.rows("fund") == twice.rows("fund")
