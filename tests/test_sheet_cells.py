"""Cells of money sheets: whole đồng or a refusal, days however they are written, and units."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import (
    LARGEST_AMOUNT,
    CommaGroups,
    FractionOfDong,
    MissingUnit,
    NotDong,
    NotPositive,
    PointNotComma,
    TooLarge,
    UnreadableAmount,
    UnreadableDate,
    UnreadableText,
)
from ntm_workflow.domain.sheet_cells import (
    UnreadableYear,
    read_amount,
    read_day,
    read_text,
    read_year,
    unit_in_heading,
    unit_line,
    unit_of,
)
from ntm_workflow.domain.values import grouped

TRIEU, TY = 10**6, 10**9


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        (1500000000, 1, 1_500_000_000),
        (1500000000.0, 1, 1_500_000_000),
        ("1.500.000.000", 1, 1_500_000_000),
        ("1,5 tỷ", 1, 1_500_000_000),
        ("500 triệu", TRIEU, 500_000_000),
        (1307.608, TRIEU, 1_307_608_000),
        (0.1 + 0.2, TRIEU, 300_000),
        ("1.307,608", TRIEU, 1_307_608_000),
        ("1.200", TRIEU, 1_200_000_000),
        (1.5, TY, 1_500_000_000),
        (1500, 1000, 1_500_000),
        ("1.500,5", 1000, 1_500_500),
        (" 1 500".replace(" ", ""), 1, 1500),
        ("", 1, None),
        (None, 1, None),
        (" - ", TRIEU, None),
        (0, TRIEU, 0),
        ("0,00", TRIEU, 0),
    ],
)
def test_an_amount_is_whole_dong(cell: Any, unit: int, amount: int | None) -> None:
    assert read_amount(cell, unit) == amount


@pytest.mark.parametrize(
    ("cell", "unit", "refusal"),
    [
        (-5, 1, NotPositive),
        ("-5", TRIEU, NotPositive),
        ("-5", 1000, NotPositive),
        (1500.5, 1, FractionOfDong),
        (0.0000005, TRIEU, FractionOfDong),
        ("1.5", 1, PointNotComma),
        ("1.5", TRIEU, PointNotComma),
        ("1,5", 1, MissingUnit),
        ("1,500,000", 1, CommaGroups),
        ("100 USD", 1, NotDong),
        ("100 USD", TRIEU, NotDong),
        (2e16, 1, TooLarge),
        (2e10, TRIEU, TooLarge),
        ("100.000.000.000.000.000", 1, TooLarge),
        (float("inf"), 1, UnreadableAmount),
        (float("nan"), 1, UnreadableAmount),
        (True, 1, UnreadableAmount),
        (date(2024, 5, 1), 1, UnreadableAmount),
        ("(500)", 1, UnreadableAmount),
        ("#REF!", 1, UnreadableAmount),
    ],
)
def test_what_is_no_whole_dong_is_refused(cell: Any, unit: int, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        read_amount(cell, unit)


@given(st.integers(1, LARGEST_AMOUNT // 1000))
def test_every_way_to_write_an_amount_says_the_same(amount: int) -> None:
    assert read_amount(grouped(amount, "vi"), 1) == read_amount(str(amount), 1) == amount
    thousands = Decimal(amount) / 1000
    if amount < 10**15:
        assert read_amount(float(thousands), 1000) == amount


@given(st.dates(date(1990, 1, 10), date(2199, 1, 1)))
def test_a_day_is_the_same_as_date_number_and_text(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    cells = (day, datetime.combine(day, time(7)), serial, float(serial), str(serial))
    texts = (f"{day.day}/{day.month}/{day.year}", day.isoformat(), f"{day.isoformat()} 00:00:00")
    assert {read_day(cell) for cell in (*cells, *texts)} == {day}


@pytest.mark.parametrize(
    "cell", [20240515, 5, 45000.5, "32/1/2024", "3/6/24", True, timedelta(1), "hôm qua"]
)
def test_what_is_no_day_is_refused(cell: Any) -> None:
    with pytest.raises(UnreadableDate):
        read_day(cell)


def test_years_and_texts() -> None:
    assert [read_year(each) for each in (2024.0, 2024, "2024", "Năm 2024", "")] == [2024] * 4 + [
        None
    ]
    with pytest.raises(UnreadableYear):
        read_year("24")
    assert [read_text(each) for each in (7.0, "  Đường   thôn ", "-", None)] == [
        "7",
        "Đường thôn",
        "",
        "",
    ]
    with pytest.raises(UnreadableText):
        read_text("Đường\u200bthôn")


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("ĐVT: triệu đồng", TRIEU),
        ("Đơn vị tính: Triệu đồng", TRIEU),
        ("(Đơn vị: đồng)", 1),
        ("Đơn vị tính: 1.000 đồng", 1000),
        ("ĐVT: nghìn đồng", 1000),
        ("Biểu số 02 - Đvt: tỷ đồng", TY),
        ("Đơn vị: UBND xã Tam Ngọc", None),
        ("Hợp đồng", None),
        (5, None),
    ],
)
def test_a_line_above_the_table_states_the_unit(line: Any, unit: int | None) -> None:
    assert unit_line(line) == unit


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Số tiền (triệu đồng)", TRIEU),
        ("Kế hoạch vốn (ĐVT: tr.đ)".replace("tr.đ", "triệu"), TRIEU),
        ("Tạm ứng hợp đồng", None),
        ("Kế hoạch (đợt 1)", None),
        ("Số tiền (đ)", 1),
    ],
)
def test_a_heading_may_have_a_unit_of_its_own(heading: str, unit: int | None) -> None:
    assert unit_in_heading(heading) == unit


def test_another_currency_is_refused_wherever_it_stands() -> None:
    for read, text in (
        (unit_line, "ĐVT: USD"),
        (unit_in_heading, "Số tiền (USD)"),
        (unit_of, "USD"),
    ):
        with pytest.raises(NotDong):
            read(text)
    assert [unit_of(each) for each in ("đồng", "Triệu", "tỷ đồng", "nghìn")] == [1, TRIEU, TY, 1000]
