"""The table in a sheet: found below titles, its columns understood, its rows told from groups and totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.money_layout import (
    ColumnsUnclear,
    ColumnsUndecided,
    TableMissing,
    UnknownColumn,
    find_layout,
)
from ntm_workflow.domain.money_table import (
    Table,
    UnitContradicted,
    must_be_decided,
    read_table,
)

Lines = list[list[Any]]
PLAN = ["TT", "Tên công trình", "Địa điểm XD", "Kế hoạch vốn"]


def found(lines: Lines, what: str = "allocations", **said: str) -> dict[str, str]:
    layout = find_layout(lines, what, said, lambda headings: {})
    return {field: layout.headings.shown[at] for field, at in layout.columns.items()}


def table(
    lines: Lines, what: str = "allocations", unit: int | None = None, merged: Any = None
) -> Table:
    return read_table(lines, find_layout(lines, what, {}, lambda headings: {}), merged, unit)


def items(read: Table) -> list[tuple[Any, Mapping[str, int]]]:
    return [(line.cells["item"], line.amounts) for line in read.lines]


@pytest.mark.parametrize(
    ("lines", "what", "columns"),
    [
        (
            [["TT", "Danh mục dự án", "Nguồn vốn", "Kế hoạch vốn năm 2024 (triệu đồng)", "Ghi chú"]],
            "allocations",
            {"item": "Danh mục dự án", "source": "Nguồn vốn", "amount": "Kế hoạch vốn năm 2024 (triệu đồng)"},
        ),
        (
            [
                ["UBND XÃ MẪU", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                ["BẢNG KÊ NĂM 2024"],
                ["", "", "", "", "ĐVT: triệu đồng"],
                ["TT", "Tên công trình", "Giải ngân", "", "Ngày chứng từ", "Số chứng từ"],
                ["", "", "Tạm ứng", "Thanh toán", "", ""],
            ],
            "payments",
            {
                "item": "Tên công trình",
                "advance": "Giải ngân – Tạm ứng",
                "amount": "Giải ngân – Thanh toán",
                "day": "Ngày chứng từ",
                "document": "Số chứng từ",
            },
        ),
        (
            [
                ["STT", "Công trình", "Kế hoạch vốn", "", "Ngày"],
                ["", "", "Tổng số", "Trong đó chuyển nguồn", ""],
            ],
            "allocations",
            {"item": "Công trình", "amount": "Kế hoạch vốn – Tổng số", "day": "Ngày"},
        ),
        (
            [["Mã dự án", "Số tiền", "Ngày thanh toán", "Ngày chứng từ"]],
            "payments",
            {"code": "Mã dự án", "amount": "Số tiền", "day": "Ngày thanh toán"},
        ),
        ([["item", "place", "year", "source", "kind", "amount"]], "allocations",
         {name: name for name in ("item", "place", "year", "source", "kind", "amount")}),
    ],
)  # fmt: skip
def test_headings_are_found_and_understood(
    lines: Lines, what: str, columns: dict[str, str]
) -> None:
    assert found(lines, what) == columns


def test_a_plan_beside_payments_is_left_aside_and_a_total_never_counts_an_advance_twice() -> None:
    line = [
        "TT",
        "Tên công trình",
        "Kế hoạch vốn 2024",
        "Tổng số",
        "Tạm ứng",
        "Thanh toán",
        "Lũy kế giải ngân",
    ]
    assert found([line], "payments") == {
        "item": "Tên công trình",
        "advance": "Tạm ứng",
        "amount": "Thanh toán",
    }
    with pytest.raises(ColumnsUnclear, match="Tạm ứng"):
        found([["Tên công trình", "Số vốn giải ngân", "Tạm ứng"]], "payments")


@pytest.mark.parametrize(
    ("said", "at"), [({"Cột lạ": "amount"}, "Cột lạ"), ({"C": "amount"}, "Cột lạ"), ({"cot la": "amount"}, "Cột lạ")]
)  # fmt: skip
def test_a_column_is_what_a_person_says(said: dict[str, str], at: str) -> None:
    assert found([["TT", "Tên công trình", "Cột lạ"]], **said)["amount"] == at


@pytest.mark.parametrize(
    ("lines", "said", "refusal", "words"),
    [
        ([["TT", "Tên công trình", "Cột lạ"]], {}, TableMissing, "Cột lạ"),
        ([], {}, TableMissing, "không có"),
        ([["Tên công trình", "Số tiền", "Số tiền"]], {}, ColumnsUnclear, "B, C"),
        ([["Tên công trình", "Số tiền"]], {"Không có": "amount"}, UnknownColumn, "Không có"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_headings(
    lines: Lines, said: dict[str, str], refusal: type[Refused], words: str
) -> None:
    with pytest.raises(refusal) as told:
        found(lines, **said)
    assert words in told.value.say("vi")


def test_columns_of_numbers_have_to_be_decided_and_words_not() -> None:
    lines = [
        ["Tên công trình", "Số tiền", "Thu hồi", "Cán bộ"],
        ["Đường A", 5_000_000, 7, "Ông Mẫu"],
    ]
    layout = find_layout(lines, "payments", {}, lambda headings: {})
    assert [layout.headings.shown[at] for at in layout.unread] == ["Thu hồi", "Cán bộ"]
    with pytest.raises(ColumnsUndecided, match="Thu hồi"):
        must_be_decided(lines, layout)
    must_be_decided(lines, find_layout(lines, "payments", {"Thu hồi": "-"}, lambda headings: {}))
    numbered = [lines[0], [1, 2, 3, 4], [*lines[1][:2], "", "Ông Mẫu"]]
    must_be_decided(numbered, layout)


def test_groups_and_totals_are_no_money_and_a_wrong_total_is_told() -> None:
    read = table(
        [
            ["ĐVT: triệu đồng"],
            PLAN,
            ["A", "B", "C", 1],
            ["", "TỔNG SỐ", "", 60],
            ["I", "Xã Tam Ngọc", "", 30],
            [1, "Đường A", "x", 10],
            [2, "Đường B", "x", 20],
            ["II", "Xã Tam Phú", "", 31],
            [1, "Đường C", "x", 30],
            ["", "", "", 60],
            ["Tổng cộng", "", "", 61],
            ["", "", "", "Tam Kỳ, ngày 5 tháng 3 năm 2024"],
            ["", "", "", "Người lập biểu"],
        ]
    )
    assert items(read) == [
        ("Đường A", {"amount": 10_000_000}),
        ("Đường B", {"amount": 20_000_000}),
        ("Đường C", {"amount": 30_000_000}),
    ]
    assert [line.number for line in read.lines] == [6, 7, 9]
    assert [line.sections for line in read.lines] == [("Xã Tam Ngọc",)] * 2 + [("Xã Tam Phú",)]
    assert [(t.number, t.stated, t.found) for t in read.wrong_totals] == [
        (8, 31_000_000, 30_000_000),
        (11, 61_000_000, 60_000_000),
    ]


def test_subtotals_below_their_rows_are_checked_by_those_alone() -> None:
    lines = [
        PLAN,
        [1, "A", "x", 10],
        [2, "B", "x", 20],
        ["", "Cộng", "", 30],
        [3, "C", "x", 5],
        ["", "Cộng", "", 5],
    ]
    assert table([*lines, ["", "Tổng cộng", "", 35]]).wrong_totals == []
    assert [t.found for t in table([*lines, ["", "Tổng cộng", "", 40]]).wrong_totals] == [35]


def test_names_that_begin_like_a_total_are_items() -> None:
    names = ["Tổng công ty mẫu", "Cộng đồng dân cư mẫu", "Tổng kho mẫu"]
    assert [
        name
        for name, _ in items(table([PLAN, *([n, name, "x", 5] for n, name in enumerate(names, 1))]))
    ] == names


def test_a_numbered_group_of_rows_without_numbers_is_no_item() -> None:
    lines = [
        PLAN,
        ["I", "Xã Tam Ngọc", "", 30],
        ["", "Đường A", "x", 10],
        ["", "Đường B", "x", 20],
        ["II", "Xã Tam Phú", "", 5],
        ["", "Đường C", "x", 5],
        ["", "Tổng cộng", "", 35],
    ]
    read = table(lines)
    assert [name for name, _ in items(read)] == ["Đường A", "Đường B", "Đường C"]
    assert read.wrong_totals == []


def test_items_numbered_like_groups_are_items() -> None:
    lines = [PLAN, ["I", "Đường A", "x", 10], ["II", "Đường B", "x", 20], ["", "Tổng cộng", "", 30]]
    assert [name for name, _ in items(table(lines))] == ["Đường A", "Đường B"]


def test_details_below_an_item_are_not_counted_twice() -> None:
    read = table(
        [
            PLAN,
            [1, "Đường A", "x", 30],
            ["-", "Xây lắp", "", 20],
            ["-", "Thiết bị", "", 10],
            [2, "Đường B", "x", 5],
        ]
    )
    assert [name for name, _ in items(read)] == ["Đường A", "Đường B"]
    assert read.details == 2


def test_numbers_in_depth_group_what_stands_below_them() -> None:
    lines = [
        PLAN,
        [1, "Giao thông", "", 30],
        ["1.1", "Đường A", "x", 10],
        ["1.2", "Đường B", "x", 20],
        [2, "Cầu", "x", 5],
    ]
    assert [name for name, _ in items(table(lines))] == ["Đường A", "Đường B", "Cầu"]
    assert table(lines).wrong_totals == []


def test_a_heading_alone_in_its_row_groups_rows_without_numbers() -> None:
    lines = [
        ["Tên công trình", "Kế hoạch vốn"],
        ["Xã Tam Ngọc", ""],
        ["Đường A", 5],
        ["Đường B", ""],
    ]
    read = table(lines)
    assert [(line.cells["item"], line.sections) for line in read.lines] == [
        ("Đường A", ("Xã Tam Ngọc",))
    ]


def test_a_merged_cell_is_said_of_each_row_but_an_amount_counts_once() -> None:
    lines = [
        ["Tên công trình", "Số tiền", "Ngày"],
        ["Đường A", 5, "1/4/2024"],
        ["", "", "2/4/2024"],
        ["", 7, "3/4/2024"],
    ]
    read = table(lines, "payments", merged=[((1, 0), (3, 0)), ((1, 1), (2, 1))])
    assert items(read) == [("Đường A", {"amount": 5}), ("Đường A", {"amount": 7})]


def test_blanks_are_filled_only_where_a_row_is_plainly_a_fact() -> None:
    lines = [
        ["Tên công trình", "Số tiền", "Ngày"],
        ["Đường A", 5, "1/4/2024"],
        ["", 7, "3/4/2024"],
        ["", 12, ""],
    ]
    read = table(lines, "payments")
    assert items(read) == [("Đường A", {"amount": 5}), ("Đường A", {"amount": 7})]
    assert read.wrong_totals == []
    *_, last = table(lines[:2] + lines[3:], "payments").lines
    assert last.wrong


def test_an_amount_that_cannot_be_read_is_kept_with_its_row() -> None:
    [line] = table([PLAN, [1, "Đường A", "x", "1.5"]]).lines
    assert (line.number, line.amounts) == (2, {})
    assert "1.5" in line.wrong[0].say("vi")


def test_the_unit_of_a_heading_is_nearer_than_that_of_the_sheet() -> None:
    lines = [
        ["ĐVT: đồng"],
        ["Tên công trình", "Tạm ứng (triệu đồng)", "Thanh toán"],
        ["Đường A", 1, 2],
    ]
    assert items(table(lines, "payments")) == [("Đường A", {"advance": 1_000_000, "amount": 2})]


def test_a_unit_said_beside_the_sheet_may_not_contradict_it() -> None:
    lines = [PLAN, [1, "A", "x", 2]]
    assert items(table(lines, unit=10**6)) == [("A", {"amount": 2_000_000})]
    with pytest.raises(UnitContradicted):
        table([["ĐVT: triệu đồng"], *lines], unit=1)


def test_the_year_stands_in_the_heading_or_in_one_title() -> None:
    assert table([["KẾ HOẠCH VỐN NĂM 2024"], PLAN, [1, "A", "x", 2]]).year == 2024
    assert table([["Năm 2023, năm 2024"], PLAN, [1, "A", "x", 2]]).year is None
    assert (
        table([["Năm 2023"], [*PLAN[:3], "Kế hoạch vốn năm 2024"], [1, "A", "x", 2]]).year == 2024
    )


@pytest.mark.parametrize(
    "row",
    [["A", "B", "C", 1], [1, 2, 3, 4], ["(1)", "(2)", "(3)", "4=1+2"], ["A", "B", 1, "2 = 1"]],
)
def test_a_row_that_numbers_the_columns_is_no_money(row: list[Any]) -> None:
    assert [name for name, _ in items(table([PLAN, row, [1, "A", "B", 5]]))] == ["A"]


def test_an_amount_without_a_name_that_is_no_sum_is_a_bad_row() -> None:
    lines = [PLAN, [1, "Đường A", "x", 10], [2, "Đường B", "x", 20], ["", "", "", 31]]
    *_, last = table(lines).lines
    assert (last.number, last.amounts) == (4, {})
    assert "31" in last.wrong[0].say("vi")


def test_headings_that_come_again_with_each_page_are_no_rows() -> None:
    page: Lines = [PLAN, ["A", "B", "C", 1]]
    lines = [*page, [1, "Đường A", "x", 10], *page, [2, "Đường B", "x", 20]]
    assert [name for name, _ in items(table(lines))] == ["Đường A", "Đường B"]


ROMAN = ("I", "II", "III", "IV", "V", "VI")
GROUPS = st.lists(st.lists(st.integers(1, 999), min_size=1, max_size=5), min_size=1, max_size=6)


def grouped(groups: list[list[int]], numbered: bool, total: str) -> Lines:
    """A sheet of groups with their sums, and a total where it says."""
    lines: Lines = []
    for roman, amounts in zip(ROMAN, groups, strict=False):
        lines.append([roman, f"Xã {roman} (mẫu)", "", sum(amounts)])
        for n, amount in enumerate(amounts, 1):
            lines.append([n if numbered else "", f"Đường {roman} số {n}", "x", amount])
    whole = [["", "Tổng cộng", "", sum(map(sum, groups))]]
    return [
        PLAN,
        *(whole if total == "above" else []),
        *lines,
        *(whole if total == "below" else []),
    ]


@given(GROUPS, st.booleans(), st.sampled_from(["above", "below", "nowhere"]))
def test_whatever_the_groups_their_rows_are_read_and_their_sums_are_right(
    groups: list[list[int]], numbered: bool, total: str
) -> None:
    read = table(grouped(groups, numbered, total))
    assert [line.amounts["amount"] for line in read.lines] == [a for group in groups for a in group]
    assert read.wrong_totals == []


@given(GROUPS, st.booleans(), st.data())
def test_a_group_whose_sum_is_wrong_is_told_alone(
    groups: list[list[int]], numbered: bool, data: st.DataObject
) -> None:
    lines = grouped(groups, numbered, "below")
    sums = [at for at, line in enumerate(lines) if line[0] in ROMAN]
    wrong = data.draw(st.sampled_from(sums))
    lines[wrong][3] += 1
    read = table(lines)
    assert [(t.number, t.stated - t.found) for t in read.wrong_totals] == [(wrong + 1, 1)]
    assert len(read.lines) == sum(map(len, groups))
