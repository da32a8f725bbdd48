"""Whatever people type into a form: it is recorded as a whole, or refused with its reasons, and never breaks."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from begun import begin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import HIDDEN, filled, form_rows
from terminal import ntm
from test_forms import build, export

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.domain.form_words import KINDS

#: What stands in cells of real sheets, and what hardly does.
CELLS = st.one_of(
    st.sampled_from(
        [
            *("đạt", "chưa đạt", "trình", "đăng ký", "thẩm định", "trả lại", "công nhận", "có", "phòng"),
            *("31/02/2024", "30/10/2024", "10/30/2024", "1,5 triệu", "1.5", "-", "=1+1", "tất cả", "13, 14"),
            *("xã Tam Ngọc", "UBND xã Tam Ngọc", "province", "a@example.com", "a@", "a@x.vn;a@x.vn", "x/y/z", ""),
            *("tam-ngoc-tam-ky/xa-nang-cao/2024", "///", "a/b/c/d/e", "tam-ngoc-tam-ky/x/y/z/1"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20),
    st.integers(-5, 10**17),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
)  # fmt: skip


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def size(store: str) -> int:
    return int(ntm("audit verify --json", store).json["size"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(list(KINDS)), data=st.data())
def test_a_form_is_recorded_or_refused_and_nothing_else(
    store: str, tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    path = tmp_path / f"{kind}.xlsx"
    if not path.exists():
        export(store, kind, path)
    rows = [row for row in form_rows(path) if row[HIDDEN]]
    at = data.draw(st.integers(0, len(rows) - 1))
    heads = data.draw(st.lists(st.sampled_from([*rows[0]]), min_size=1, max_size=5, unique=True))
    said = {head: data.draw(CELLS) for head in heads}
    new: dict[str, Any] = {head: data.draw(CELLS) for head in heads}
    typed = tmp_path / "da-dien.xlsx"
    filled(path, lambda row: said if row == rows[at] else {}, typed, more=[new])
    before = size(store)
    answer = ntm(f"form import '{typed}' --dry-run", store)
    assert answer.code in (0, 1, 2), answer.err
    assert "không lường trước" not in answer.err
    assert size(store) == before


def test_times_and_moments_are_no_days_that_break_anything(store: str, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "gio.xlsx"
    with Workbook(str(path)) as book:
        page, clock = book.add_worksheet(), book.add_format({"num_format": "hh:mm"})
        page.write_row(0, 0, ["Xã", "Tiêu chí số", "Kết quả", "Ngày"])
        for row, cell in enumerate((time(8, 30), datetime(2024, 8, 20, 8, 30)), 1):  # noqa: DTZ001
            page.write_row(row, 0, ["Tam Ngọc", 12 + row, "đạt"])
            page.write_datetime(row, 3, cell, clock)
    answer = ntm(f"form import '{path}' --kind criteria --set xa-nang-cao", store)
    assert answer.code in (0, 1)
    assert "không lường trước" not in answer.err
