"""The form of units: what it says of units there are, names of new ones, and addresses that two of them have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from begun import begin
from sheets import filled, form_rows, pages
from terminal import ntm
from test_form_import import size, take
from test_forms import build, export

from ntm_workflow.cli.bilingual import LANG

NAME, ROLE, EMAIL = "Tên đơn vị", "Vai trò", "Địa chỉ thư mới (cách nhau bằng ;)"
OTHERS, AT = "Tên gọi khác (cách nhau bằng ;)", {"Địa bàn": "thành phố Tam Kỳ"}


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def form(store: str, tmp_path: Path, *more: dict[str, Any]) -> Path:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    return filled(path, lambda row: {}, tmp_path / "dien.xlsx", more=more)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({ROLE: "sở"}, "cột “Vai trò”: UBND xã Tam Phú đã có trong sổ với Vai trò:"),
        ({OTHERS: "Phú Xã"}, f"cột “{OTHERS}”: UBND xã Tam Phú đã có trong sổ với"),
    ],
)
def test_a_row_below_that_says_otherwise_of_a_unit_there_is_is_refused(
    store: str, tmp_path: Path, said: dict[str, Any], why: str
) -> None:
    row = {NAME: "UBND xã Tam Phú", EMAIL: "phu@example.com", **said}
    before = size(store)
    answer = take(store, form(store, tmp_path, row))
    assert (answer.code, size(store)) == (1, before)
    assert why in answer.err


def test_a_unit_registered_below_is_known_when_the_form_comes_again(
    store: str, tmp_path: Path
) -> None:
    row = {NAME: "Phòng Mẫu", ROLE: "phòng", OTHERS: "P. Mẫu; PM", **AT}
    path = form(store, tmp_path, row)
    assert take(store, path, "--json").json["recorded"] == 1
    again = take(store, path, "--json").json
    assert (again["recorded"], again["known"]) == (0, 1)


def test_another_name_that_reads_like_the_name_is_no_second_row(store: str, tmp_path: Path) -> None:
    row = {NAME: "@Phòng -+Mới", ROLE: "phòng", OTHERS: "P.Mới; phòng mới", **AT}
    answer = take(store, form(store, tmp_path, row))
    assert answer.code == 0, answer.err
    told = ntm("unit show '@Phòng -+Mới' --json", store).json
    assert told["aliases"] == ["P.Mới", "phòng mới"]


def test_an_address_that_two_rows_give_is_told(store: str, tmp_path: Path) -> None:
    path = form(store, tmp_path)
    units = ("UBND xã Tam Phú", "UBND xã Tam Thanh")
    filled(path, lambda row: {EMAIL: "Chung@example.com"} if row[NAME] in units else {})
    answer = take(store, path)
    assert answer.code == 0, answer.err
    assert "Lưu ý: Chung@example.com cũng là địa chỉ của UBND xã Tam Phú" in answer.out


def test_an_address_of_two_new_units_is_told(store: str, tmp_path: Path) -> None:
    rows = [{NAME: f"Phòng {n}", ROLE: "phòng", EMAIL: "c@example.com", **AT} for n in "AB"]
    answer = take(store, form(store, tmp_path, *rows))
    assert answer.code == 0, answer.err
    assert "Lưu ý: c@example.com cũng là địa chỉ của Phòng A" in answer.out


def test_the_copy_with_the_reasons_shows_no_address_of_the_journal(
    store: str, tmp_path: Path
) -> None:
    path = form(store, tmp_path)
    filled(path, lambda row: {EMAIL: "a@"} if row[NAME] == "UBND xã Tam Phú" else {})
    assert "tam-ngoc@example.com" in str(form_rows(path))
    assert take(store, path).code == 1
    back = tmp_path / "dien.loi.xlsx"
    assert "tam-ngoc@example.com" not in str(form_rows(back))
    filled(back, lambda row: {EMAIL: "a@example.com"} if row["Lỗi"] else {})
    assert take(store, back, "--json").json["recorded"] == 1


def test_a_form_with_rows_for_what_is_new_says_how_they_are_filled_in(
    store: str, tmp_path: Path
) -> None:
    said = {}
    for kind in ("units", "payments"):
        path = tmp_path / f"{kind}.xlsx"
        export(store, kind, path)
        said[kind] = next(iter(pages(path).values()))[2][0]
    assert "50 dòng trống ở cuối là để ghi mới: điền cả cột xám." in said["units"]
    assert "dòng trống" not in said["payments"]
