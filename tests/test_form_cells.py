"""Cells of forms that hold less than they seem to: text of old fonts, and formulas in error. Nothing goes in unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from begun import begin
from sheets import Error, filled, form_rows, in_tcvn3, read, workbook
from terminal import ntm
from test_form_import import DAY, NGOC, TICK, criteria, marks, size, take, ticked
from test_forms import ITEM, build, export

from ntm_workflow.cli.bilingual import LANG


@pytest.fixture(autouse=True)
def _no_habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


NOTE, PAID = "Ghi chú", "Thanh toán (đồng)"


@pytest.mark.parametrize("note", ["Đã kiểm tra thực tế", "giấy tờ cũ", "đạt"])
def test_a_note_of_the_old_fonts_in_a_form_is_recorded_in_unicode(
    store: str, tmp_path: Path, note: str
) -> None:
    path = filled(
        criteria(store, tmp_path),
        # Its name, Giao thông, might be of the old fonts, too.
        lambda row: (
            {**TICK, "Kết quả mới": "chưa đạt", NOTE: in_tcvn3(note)} if ticked(row, 2) else {}
        ),
    )
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert "Đã đổi 1 ô từ mã TCVN3" in answer.err
    assert "có thể là TCVN3" not in answer.err
    assert [fact["note"] for fact in answer.json["facts"]] == [note]


def test_a_note_that_may_be_of_either_kind_is_told_and_not_recorded(
    store: str, tmp_path: Path
) -> None:
    notes = {13: in_tcvn3("Đã kiểm tra"), 18: in_tcvn3("tờ cũ")}
    path = filled(
        criteria(store, tmp_path),
        lambda row: {**TICK, NOTE: notes[row["TC số"]]} if ticked(row, *notes) else {},
    )
    before = size(store)
    answer = take(store, path)
    assert (answer.code, size(store)) == (1, before)
    assert f"cột “{NOTE}”: Chưa rõ ô là “tê cò” hay, theo mã TCVN3 (phông .Vn…), là “tờ cũ”" in answer.err  # fmt: skip
    filled(path, lambda row: {NOTE: "tờ cũ"} if row[NOTE] == notes[18] else {})
    assert take(store, path, "--json").json["recorded"] == 2


def test_headings_of_the_old_fonts_are_read_above_rows_of_today(store: str, tmp_path: Path) -> None:
    head = [in_tcvn3(each) for each in ("Địa bàn", "TC số", "Kết quả", "Ngày")]
    path = workbook(tmp_path / "t.xlsx", [head, [NGOC, 13, "đạt", "20/8/2024"]])
    answer = take(store, path, "--kind criteria --set xa-nang-cao")
    assert answer.code == 0, answer.err
    assert marks(store)[13] == "achieved"


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_amount_in_error_is_told_and_never_taken_for_an_empty_cell(
    store: str, tmp_path: Path, word: str
) -> None:
    path = tmp_path / "tt.xlsx"
    export(store, "payments", path)
    filled(path, lambda row: {PAID: Error(word), DAY: "15/5/2024", "Số chứng từ": "CT 1"})
    answer = take(store, path)
    assert answer.code == 1
    assert f"cột “{PAID}”: Ô có lỗi {word}" in answer.err
    head: list[Any] = ["Công trình", "Thanh toán (đồng)", "Ngày"]
    lines = [head, [ITEM, 2_000_000, "15/5/2024"], [ITEM, Error(word), "16/5/2024"]]
    hand = workbook(tmp_path / "tay.xlsx", lines)
    answer = take(store, hand, "--kind payments")
    assert (answer.code, "1 dòng (3)" in answer.err, word in answer.err) == (1, True, True)
    lines[2][1] = word
    pasted = workbook(tmp_path / "dan.xlsx", lines)
    assert f"Ô có lỗi {word}" in take(store, pasted, "--kind payments").err


def test_a_result_in_error_is_told_beside_what_else_is_wrong(store: str, tmp_path: Path) -> None:
    path = criteria(store, tmp_path)
    filled(path, lambda row: {"Kết quả mới": Error("#N/A")} if ticked(row, 13) else {})
    assert take(store, path).code == 1
    (reason,) = (row["Lỗi"] for row in form_rows(tmp_path / "tc.loi.xlsx") if row["Lỗi"])
    assert "cột “Ngày”: Thiếu ngày" in reason
    assert reason.count("cột “Kết quả mới”") == reason.count("Ô có lỗi #N/A") == 1


def test_an_error_in_a_money_sheet_is_told(store: str, tmp_path: Path) -> None:
    head: list[Any] = ["Công trình", "Thanh toán (đồng)", "Ngày"]
    lines = [head, [ITEM, 2_000_000, "15/5/2024"], [ITEM, Error("#N/A"), "16/5/2024"]]
    path = workbook(tmp_path / "tay.xlsx", lines)
    answer = ntm(f"fund import '{path}' --what payments", store)
    assert "Cảnh báo: 1 ô báo lỗi công thức, coi là trống: B3." in answer.err


# --- a reason keeps what to do


ADVICE: list[tuple[str, list[list[Any]], str, str]] = [
    ("payments", [["Công trình", "Thanh toán", "Ngày"], [ITEM, 1500, "1/4/2024"]], "", "Ghi “(đồng)” hoặc “(triệu đồng)” vào tiêu đề cột"),
    ("payments", [["Công trình", "Thanh toán", "Ngày"], [ITEM, Error("#N/A"), "1/4/2024"]], "", "Sửa công thức, hoặc gõ giá trị."),
    ("dossiers", [["Xã", "Bước", "Ngày"], [NGOC, "thẩm tra", "28/10/2024"]], "--standard xa-nang-cao --year 2024", "Bước tiếp được:"),
    ("dossiers", [["Xã", "Bước", "Lý do", "Ngày"], [NGOC, "trình", "x", "28/10/2024"]], "--standard xa-nang-cao --year 2024", "Xóa ô, hoặc chọn bước khác."),
    ("criteria", [["Xã", "TC số", "Kết quả", "Ngày"], [NGOC, "6.1", "đạt", "20/8/2024"]], "--set xa-nang-cao", "“6.1” không phải số của tiêu chí. Gõ số nguyên"),
    ("criteria", [["Xã", "TC số", "Kết quả", "Ngày"], *[[NGOC, 13, "đạt", "20/8/2024"]] * 2], "--set xa-nang-cao", "Bỏ một trong hai dòng."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "lines", "said", "advice"), ADVICE)
def test_a_reason_says_what_to_do_with_the_row(
    store: str, tmp_path: Path, kind: str, lines: list[list[Any]], said: str, advice: str
) -> None:
    path = workbook(tmp_path / "t.xlsx", lines)
    answer = take(store, path, f"--kind {kind} {said}")
    assert answer.code == 1
    assert advice in answer.err
    reasons = [line[-1] for line in read(tmp_path / "t.loi.xlsx")]
    assert any(advice in reason for reason in reasons)


def test_a_reason_names_no_option_of_a_typed_command(store: str, tmp_path: Path) -> None:
    head = ["Tên đơn vị", "Điện thoại"]
    path = workbook(tmp_path / "t.xlsx", [head, ["UBND xã Tam Phú", "0123456789"]])
    answer = take(store, path, "--kind units")
    assert answer.code == 1
    assert "Mỗi số điện thoại phải đi với tên một người, nêu bằng số lần nhau." in answer.err
    assert "--person" not in answer.err
