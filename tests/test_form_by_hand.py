"""Sheets made by hand: read by their headings, wherever these stand and whatever the fonts; nothing is guessed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from begun import begin
from sheets import in_tcvn3, workbook
from terminal import ntm
from test_form_import import AUGUST, HEAD, NGOC, marks, take
from test_forms import ITEM, build

from ntm_workflow.cli.bilingual import LANG


@pytest.fixture(autouse=True)
def _no_habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def test_a_sheet_made_by_hand_is_read_by_its_headings_in_any_order(
    store: str, tmp_path: Path
) -> None:
    lines = [
        ["UBND XÃ MẪU"],
        ["BẢNG CHẤM"],
        ["Cột riêng", "Kết quả", "Ngày", "XÃ, PHƯỜNG", "Tiêu chí số", "TT"],
        ["x", "Đạt", "20/8/2024", "xa Tam Ngoc", "TC 13", 1],
        ["x", "đạt", AUGUST, NGOC, 18, 2],
    ]
    path = workbook(tmp_path / "tay.xlsx", lines)
    assert "chưa rõ là biểu gì" in take(store, path).err
    answer = take(store, path, "--kind criteria --set xa-nang-cao")
    assert answer.code == 0, answer.err
    assert "Tiêu đề ở dòng 3" in answer.err
    assert "Không đọc các cột: Cột riêng." in answer.err
    assert (marks(store)[13], marks(store)[18]) == ("achieved", "achieved")


def test_headings_over_merged_cells_and_places_merged_downwards_are_read(
    store: str, tmp_path: Path
) -> None:
    lines = [
        ["Xã", "Đánh giá", "", "Ngày"],
        ["", "Tiêu chí số", "Kết quả", ""],
        [NGOC, 13, "đạt", AUGUST],
        ["", 18, "đạt", AUGUST],
    ]
    path = workbook(tmp_path / "gop.xlsx", lines, ["B1:C1", "A1:A2", "D1:D2", "A3:A4"])
    answer = take(store, path, "--kind criteria --set xa-nang-cao --json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 2


def test_decomposed_letters_and_the_old_fonts_are_read(store: str, tmp_path: Path) -> None:
    lines = [HEAD, ["", NGOC, 13, "đạt", "20/8/2024", ""]]
    nfd = [[unicodedata.normalize("NFD", c) if isinstance(c, str) else c for c in r] for r in lines]
    answer = take(store, workbook(tmp_path / "nfd.xlsx", nfd), "--kind criteria --set xa-nang-cao")
    assert answer.code == 0, answer.err
    lines[1][2] = 18
    old = [[in_tcvn3(c) if isinstance(c, str) else c for c in r] for r in lines]
    answer = take(store, workbook(tmp_path / "cu.xlsx", old), "--kind criteria --set xa-nang-cao")
    assert answer.code == 0, answer.err
    assert "TCVN3" in answer.err
    assert marks(store)[18] == "achieved"


def test_what_a_heading_means_is_remembered_once_it_was_recorded(
    store: str, tmp_path: Path
) -> None:
    head = ["Nơi", "Tiêu chí số", "Kết quả", "Hôm"]
    path = workbook(tmp_path / "t.xlsx", [head, [NGOC, 13, "đạt", AUGUST]])
    said = "--kind criteria --set xa-nang-cao"
    lacking = take(store, path, said)
    assert lacking.code == 2
    assert "không có dòng tiêu đề với: Địa bàn" in lacking.err
    assert take(store, path, f"{said} --map 'Nơi=place' --map 'Hôm=day'").code == 0
    again = take(store, path, f"{said} --json")
    assert (again.code, again.json["known"]) == (0, 1)
    assert "như đã nêu lần trước" in again.err
    wrong = take(store, path, f"{said} --map 'Nơi=khong-co'")
    assert (wrong.code, "mục là:" in wrong.err) == (2, True)


def test_two_columns_for_one_thing_are_not_guessed_between(store: str, tmp_path: Path) -> None:
    head = ["Xã", "Tiêu chí số", "Kết quả", "Ngày", "Ngày"]
    path = workbook(tmp_path / "t.xlsx", [head, [NGOC, 13, "đạt", AUGUST, AUGUST]])
    answer = take(store, path, "--kind criteria --set xa-nang-cao")
    assert answer.code == 2
    assert "Chưa rõ cột nào là Ngày: D, E" in answer.err


def test_an_unknown_place_names_those_near_it(store: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEAD, ["", "xã Tam Ngọk", 13, "đạt", AUGUST, ""]])
    answer = take(store, path, "--kind criteria --set xa-nang-cao")
    assert answer.code == 1
    assert "cột “Địa bàn”: Không tìm thấy “xã Tam Ngọk”" in answer.err
    assert "Có phải: xã Tam Ngọc" in answer.err


MONEY: list[tuple[Any, str, int | None]] = [
    ("1,5 triệu", "Thanh toán", 1_500_000),
    (1500, "Thanh toán (triệu đồng)", 1_500_000_000),
    (2_000_000, "Thanh toán", 2_000_000),
    (1500, "Thanh toán", None),
    ("1.5", "Thanh toán (đồng)", None),
    ("100 USD", "Thanh toán (đồng)", None),
    (-5, "Thanh toán (đồng)", None),
    (0.5, "Thanh toán (đồng)", None),
    (2_000_000_000, "Thanh toán (đồng)", None),
]


@pytest.mark.parametrize(("cell", "heading", "amount"), MONEY)
def test_an_amount_is_whole_dong_in_the_unit_of_its_heading_or_its_own(
    store: str, tmp_path: Path, cell: Any, heading: str, amount: int | None
) -> None:
    head = ["Tên công trình", heading, "Ngày"]
    path = workbook(tmp_path / "t.xlsx", [head, [ITEM, cell, "15/5/2024"]])
    answer = take(store, path, "--kind payments")
    assert answer.code == (0 if amount else 1), answer.err
    (item,) = ntm("fund list --json", store).json["items"]
    assert item["paid"] == (amount or 0)


@pytest.mark.parametrize(
    ("kind", "lines", "fact"),
    [
        ("dossiers", [["Xã", "Danh hiệu", "Năm", "Bước tiếp theo", "Ngày"], ["Tam Ngọc", "xa-nang-cao", 2024, "Trình", "28/10/2024"]], "DossierSubmitted"),
        ("targets", [["Địa bàn", "Mã", "Số liệu", "Ngày"], ["thành phố Tam Kỳ", "cay-xanh-cong-cong", 12.4, "20/9/2024"]], "TargetMeasured"),
        ("villages", [["Tên thôn", "Kết luận", "Ngày"], ["Đồng Phú", "chưa đạt", "20/9/2024"]], "TargetMeasured"),
        ("units", [["Tên đơn vị", "Email"], ["UBND xã Tam Phú", "phu@example.com"]], "UnitContactChanged"),
        ("units", [["Đơn vị", "Địa bàn", "Vai trò"], ["Phòng Mẫu", "Tam Kỳ", "phòng"]], "UnitRegistered"),
        ("payments", [["Công trình", "Tạm ứng (triệu đồng)", "Ngày"], [ITEM, 5, "1/4/2024"]], "FundAdvanced"),
    ],
)  # fmt: skip
def test_each_kind_is_read_from_a_sheet_made_by_hand_once(
    store: str, tmp_path: Path, kind: str, lines: list[list[Any]], fact: str
) -> None:
    path = workbook(tmp_path / "tay.xlsx", lines)
    answer = take(store, path, f"--kind {kind} --json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 1
    assert fact in {each["type"] for each in answer.json["facts"]}
    assert take(store, path, f"--kind {kind} --json").json["recorded"] == 0


def test_sets_standards_and_results_go_by_the_words_people_write(
    store: str, tmp_path: Path
) -> None:
    head = ["Xã", "Bộ tiêu chí", "TC số", "Kết quả", "Ngày", "Năm"]
    lines = [
        [NGOC, "xã NTM nâng cao", 13, "ĐẠT", "20/8/2024", 2024],
        [NGOC, "Xã NTM Nâng cao", 4, "KHÔNG ĐẠT", "21/8/2024", 2024],
    ]
    path = workbook(tmp_path / "tc.xlsx", [head, *lines])
    answer = take(store, path, "--kind criteria --json")
    assert answer.code == 0, answer.err
    assert (marks(store)[13], marks(store)[4]) == ("achieved", "not_achieved")
    villages = [["Thôn", "Danh hiệu", "Kết luận", "Ngày"], ["Đồng Phú", "thôn NTM kiểu mẫu", "đạt", "20/9/2024"]]  # fmt: skip
    path = workbook(tmp_path / "thon.xlsx", villages)
    assert take(store, path, "--kind villages --json").json["recorded"] == 1
    villages[1][1] = "thôn thông minh quá"
    wrong = take(store, workbook(tmp_path / "x.xlsx", villages), "--kind villages")
    assert "cột “Danh hiệu”: Không có danh hiệu “thôn thông minh quá”" in wrong.err


def test_what_has_no_column_is_said_once_for_all_rows(store: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Xã", "Bước"], [NGOC, "trình"], ["xã Tam Thanh", "trình"]])  # fmt: skip
    assert take(store, path, "--kind dossiers").code == 1
    said = "--kind dossiers --standard xa-nang-cao --year 2024 --on 28/10/2024 --document 'TTr mẫu'"
    told = take(store, path, f"{said} --json").json
    submitted = [f for f in told["facts"] if f["type"] == "DossierSubmitted"]
    assert {(f["effective_on"], f["document"]) for f in submitted} == {("2024-10-28", "TTr mẫu")}
    assert len(submitted) == 2


def test_a_day_said_once_is_that_of_every_payment(store: str, tmp_path: Path) -> None:
    head = ["Công trình", "Thanh toán (triệu đồng)"]
    path = workbook(tmp_path / "t.xlsx", [head, [ITEM, 5], [ITEM, 6]])
    assert "Thiếu ngày" in take(store, path, "--kind payments").err
    told = take(store, path, "--kind payments --on 1/4/2024 --json").json
    assert [fact["effective_on"] for fact in told["facts"]] == ["2024-04-01"] * 2
