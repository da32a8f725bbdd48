"""The copy with the reasons: written whatever is odd in the sheet, for the reasons are what is needed."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ntm_workflow.cli.sheet_copy import write_copy
from ntm_workflow.domain.sheet_cells import Block
from ntm_workflow.office.sheet_reading import Page

LINES = [["Xã", "Kết quả"], ["Tam Ngọc", "hỏng"], ["", float("inf")]]
CORNERS = st.tuples(st.integers(0, 4), st.integers(0, 3))


def copied(path: Path, merged: list[Block]) -> Page:
    page = Page("Trang 1", [[*line] for line in LINES], merged)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        target = write_copy(path, page, {2: "sai"}, "Lỗi", 0)
    sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0)
    return Page(sheet.name, sheet.to_python(), sheet.merged_cell_ranges)


@pytest.mark.parametrize(
    ("merged", "kept"),
    [
        ([((1, 0), (2, 0)), ((2, 0), (3, 0))], [((1, 0), (2, 0))]),
        ([((1, 1), (1, 1))], []),
        ([((1, 0), (1_048_575, 0))], [((1, 0), (2, 0))]),
        ([((0, 0), (0, 1)), ((7, 0), (9, 0))], [((0, 0), (0, 1))]),
    ],
)
def test_merged_cells_that_no_sheet_can_have_do_not_keep_the_reasons_back(
    tmp_path: Path, merged: list[Block], kept: list[Block]
) -> None:
    back = copied(tmp_path / "t.xlsx", merged)
    assert back.merged == kept
    assert [line[2] for line in back.lines] == ["Lỗi", "sai", ""]


@given(merged=st.lists(st.tuples(CORNERS, CORNERS), max_size=5))
def test_whatever_is_merged_the_reasons_are_written(
    tmp_path_factory: pytest.TempPathFactory, merged: list[Block]
) -> None:
    path = tmp_path_factory.mktemp("copy") / "t.xlsx"
    lines = copied(path, merged).lines
    assert [line[2] for line in lines[:2]] == ["Lỗi", "sai"]
