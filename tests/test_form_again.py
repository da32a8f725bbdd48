"""A form taken in once more, or one that says what the journal has in other words: nothing is dropped unsaid."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from begun import begin
from sheets import filled, form_rows, workbook
from terminal import ntm
from test_form_import import DAY, PAPER, criteria, marks, size, take, ticked
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


NOTE, PAID, ALL = "Ghi chú", "Thanh toán (đồng)", "Tiêu chí thẩm định (13, 14 hoặc: tất cả)"


# --- what comes back to what it was


def test_a_value_that_came_back_to_an_earlier_one_is_recorded(store: str, tmp_path: Path) -> None:
    head = ["Địa bàn", "Mã", "Số đo", "Ngày"]
    told = []
    for value, day in ((1, "1/3/2024"), (2, "1/6/2024"), (1, "1/10/2024")):
        line = ["thành phố Tam Kỳ", "cay-xanh-cong-cong", value, day]
        path = workbook(tmp_path / "mt.xlsx", [head, line])
        told.append(take(store, path, "--kind targets --json").json["recorded"])
    assert told == [1, 1, 1]
    show = "target show --place 'thành phố Tam Kỳ' --what cay-xanh-cong-cong --json"
    assert ntm(show, store).json["value"] == "1"
    assert take(store, path, "--kind targets --json").json["known"] == 1


def test_a_verdict_that_stands_on_its_day_is_known_and_one_that_does_not_is_recorded(
    store: str, tmp_path: Path
) -> None:
    head = ["Tên thôn", "Kết luận", "Ngày"]
    told = []
    for verdict, day in (
        *(("đạt", "1/3/2024"), ("chưa đạt", "1/6/2024"), ("chưa đạt", "1/7/2024")),
        ("đạt", "1/10/2024"),
    ):
        path = workbook(tmp_path / "thon.xlsx", [head, ["Đồng Phú", verdict, day]])
        answer = take(store, path, "--kind villages --json")
        assert answer.code == 0, answer.err
        told.append(answer.json["recorded"])
    assert told == [1, 1, 0, 1]


def test_a_result_stands_by_its_own_day(store: str, tmp_path: Path) -> None:
    line = "criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --year 2024 --criterion 13 --on 1/10/2024"
    assert ntm(line, store).code == 0
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    answer = take(store, path)
    assert (answer.code, "đã được ghi" in answer.err) == (1, True), answer.err
    later = filled(path, lambda row: {DAY: date(2024, 11, 1)} if ticked(row, 13) else {})
    assert take(store, later, "--json").json["known"] == 1


# --- the same in other words


@pytest.mark.parametrize(
    ("other", "field"),
    [({PAPER: "BB mẫu 02"}, "Văn bản"), ({NOTE: "đã họp"}, "Ghi chú")],
)
def test_a_known_result_with_other_details_is_told_with_its_entry(
    store: str, tmp_path: Path, other: dict[str, Any], field: str
) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    entry = take(store, path, "--json").json["entry"]
    before = size(store)
    other_words = filled(path, lambda row: other if ticked(row, 13) else {}, tmp_path / "b.xlsx")
    answer = take(store, other_words)
    assert (answer.code, size(store)) == (1, before)
    assert f"Sổ đã ghi việc này ở lần ghi #{entry}, nhưng khác ở: {field}" in answer.err
    assert f"ntm fact correct {entry}" in answer.err
    same = filled(path, lambda row: {PAPER: "bb  mẫu 01"} if ticked(row, 13) else {})
    assert take(store, same, "--json").json["known"] == 1
    without = filled(path, lambda row: {PAPER: ""} if ticked(row, 13) else {})
    assert take(store, without, "--json").json["known"] == 1


def test_a_corrected_paper_is_known_as_it_was_told_and_as_it_is(store: str, tmp_path: Path) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    entry = take(store, path, "--json").json["entry"]
    line = f"fact correct {entry} --reason 'gõ nhầm số' --set 'document=BB mẫu 02'"
    assert ntm(line, store).code == 0
    assert take(store, path, "--json").json["known"] == 1
    mended = filled(path, lambda row: {PAPER: "BB mẫu 02"} if ticked(row, 13) else {})
    assert take(store, mended, "--json").json["known"] == 1
    third = filled(path, lambda row: {PAPER: "BB mẫu 03"} if ticked(row, 13) else {})
    assert take(store, third).code == 1
    assert marks(store)[13] == "achieved"


def test_a_return_with_another_list_is_told(store: str, tmp_path: Path) -> None:
    submit = "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --on 28/10/2024"
    assert ntm(submit, store).code == 0
    path, lacking = tmp_path / "hs.xlsx", "Còn thiếu (cách nhau bằng ;)"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    filled(
        path, lambda row: {"Bước": "trả lại", DAY: "12/11/2024", lacking: "biên bản", PAPER: "CV 1"}
    )
    assert take(store, path).code == 0
    filled(path, lambda row: {lacking: "bản đồ; biên bản", PAPER: "CV mẫu"})
    answer = take(store, path)
    assert answer.code == 1
    assert "nhưng khác ở: Văn bản (số, ngày, nơi ban hành), Còn thiếu" in answer.err


def test_one_of_many_is_not_corrected_alone(store: str, tmp_path: Path) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13) or ticked(row, 18))
    entry = take(store, path, "--json").json["entry"]
    other = filled(path, lambda row: {PAPER: "BB mẫu 02"} if ticked(row, 13) else {})
    answer = take(store, other)
    assert f"ntm fact void {entry}" in answer.err
    assert "ntm fact correct" not in answer.err


def test_what_is_said_once_of_a_form_contradicts_nothing(store: str, tmp_path: Path) -> None:
    weekly = criteria(store, tmp_path)
    first = filled(weekly, lambda row: without_paper(row, 13), tmp_path / "1.xlsx")
    assert take(store, first, "--document 'BC tuần 1' --note 'tuần 1' --json").json["recorded"] == 1
    second = filled(
        weekly, lambda row: without_paper(row, 13) or without_paper(row, 18), tmp_path / "2.xlsx"
    )
    answer = take(store, second, "--document 'BC tuần 2' --note 'tuần 2' --json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], answer.json["known"]) == (1, 1)


def without_paper(row: dict[str, Any], number: int) -> dict[str, Any] | None:
    said = ticked(row, number)
    return {**said, PAPER: ""} if said else None


def test_a_list_says_the_same_twice_and_in_another_order(store: str, tmp_path: Path) -> None:
    path = returned(store, tmp_path, "bản đồ; bản đồ; ảnh")
    assert take(store, path).code == 0
    assert take(store, path, "--json").json["known"] == 1
    filled(path, lambda row: {LACKING: "ảnh; bản đồ"})
    assert take(store, path, "--json").json["known"] == 1


LACKING = "Còn thiếu (cách nhau bằng ;)"


def returned(store: str, tmp_path: Path, lacking: str) -> Path:
    """A form that returns the dossier of Tam Ngọc, which was handed in."""
    submit = "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --on 28/10/2024"
    assert ntm(submit, store).code == 0
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    said = {"Bước": "trả lại", DAY: "12/11/2024", LACKING: lacking, PAPER: "CV 1"}
    return filled(path, lambda row: said)


def test_a_dossier_may_be_handed_in_again_on_the_day_it_came_back(
    store: str, tmp_path: Path
) -> None:
    assert take(store, returned(store, tmp_path, "ảnh")).code == 0
    form = tmp_path / "lai.xlsx"
    export(store, "dossiers", form, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    filled(form, lambda row: {"Bước": "trình", DAY: "12/11/2024", PAPER: "TB 2"})
    assert take(store, form, "--json").json["recorded"] == 1
    assert take(store, form, "--json").json["recorded"] == 0


def test_a_value_in_another_unit_is_refused_as_when_it_is_typed(store: str, tmp_path: Path) -> None:
    head = ["Địa bàn", "Mã", "Số đo", "Đơn vị tính", "Ngày"]
    line = ["thành phố Tam Kỳ", "cay-xanh-cong-cong", 203, "ha", "1/3/2024"]
    answer = take(store, workbook(tmp_path / "mt.xlsx", [head, line]), "--kind targets")
    assert answer.code == 1
    assert "ha" in answer.err


def test_a_copy_that_somebody_mended_is_not_written_over(store: str, tmp_path: Path) -> None:
    path = filled(
        criteria(store, tmp_path),
        lambda row: {**(ticked(row, 13) or {}), DAY: ""} if ticked(row, 13) else None,
    )
    copy = path.with_name(f"{path.stem}.loi.xlsx")
    assert take(store, path).code == 1
    first = copy.read_bytes()
    assert take(store, path).code == 1
    assert copy.read_bytes() == first
    filled(copy, lambda row: {DAY: "1/10/2024"} if ticked(row, 13) else None)
    mended = copy.read_bytes()
    answer = take(store, path)
    assert copy.read_bytes() == mended
    assert f"{path.stem}.loi-2.xlsx" in answer.err
    assert take(store, copy, "--json").json["recorded"] == 1


# --- payments


def paid(store: str, tmp_path: Path, **said: Any) -> dict[str, Any]:
    path = tmp_path / "tt.xlsx"
    export(store, "payments", path)
    row = {PAID: 5_000_000, DAY: "15/5/2024", "Số chứng từ": "CT 1", "Đơn vị thụ hưởng": "Cty A"}
    filled(path, lambda each: {**row, **said})
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    return {**answer.json, "told": answer.err}


def test_a_payment_by_another_paper_is_recorded_and_told(store: str, tmp_path: Path) -> None:
    first = paid(store, tmp_path)
    other = paid(store, tmp_path, **{"Số chứng từ": "CT 2"})
    assert (first["alike"], other["recorded"]) == ([], 1)
    assert other["alike"] == [{"row": 5, "entry": first["entry"]}]
    assert f"cùng mục, ngày, số tiền với một lần ghi đã có, vẫn ghi thành khoản riêng: 5 (#{first['entry']})" in other["told"]  # fmt: skip
    again = paid(store, tmp_path)
    assert (again["known"], again["alike"]) == (1, [])


def test_spaces_and_capitals_make_no_second_payment(store: str, tmp_path: Path) -> None:
    line = f"fund disburse --item '{ITEM}' --amount 5000000 --payee 'Cty  A' --on 15/5/2024 --document 'CT  1'"
    assert ntm(line, store).code == 0
    assert paid(store, tmp_path)["known"] == 1
    assert paid(store, tmp_path, **{"Đơn vị thụ hưởng": "CTY A"})["known"] == 1


def test_of_two_payments_alike_the_one_in_the_words_of_the_journal_is_known(
    store: str, tmp_path: Path
) -> None:
    paid(store, tmp_path, **{NOTE: "đợt 1"})
    path = tmp_path / "tt.xlsx"
    row = form_rows(path)[0]
    filled(path, lambda each: {NOTE: "đợt 2"}, more=[row])
    told = take(store, path, "--json").json
    assert (told["recorded"], told["known"]) == (1, 1)


# --- appraisals


def test_appraising_all_that_is_left_is_known_again(store: str, tmp_path: Path) -> None:
    of = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024"
    for line in (
        f"dossier submit {of} --on 28/10/2024",
        f"dossier verify {of} --on 10/11/2024",
        f"dossier forward {of} --on 25/11/2024",
    ):
        assert ntm(line, store).code == 0, line
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    row = form_rows(path)[0]
    act = {"Bước": "thẩm định", "Đơn vị làm": "UBND tỉnh Quảng Nam"}
    rest = {**row, **act, ALL: "tất cả", "Thẩm định": "đạt", DAY: "1/12/2024"}
    filled(path, lambda r: {**act, ALL: "2", "Thẩm định": "chưa đạt", DAY: "30/11/2024"}, more=[rest])  # fmt: skip
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 2
    before = size(store)
    again = take(store, path, "--json")
    assert again.code == 0, again.err
    assert (again.json["known"], size(store)) == (2, before)
    filled(path, lambda r: {PAPER: "BB khác"} if r[ALL] == "tất cả" else {})
    assert "nhưng khác ở: Văn bản" in take(store, path).err


def test_what_the_journal_told_since_the_form_was_written_is_told(
    store: str, tmp_path: Path
) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    line = "criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --year 2024 --criterion 18 --on 1/9/2024"
    assert take(store, path, "--dry-run --json").json["moved"] == []
    other = line.replace("Tam Ngọc", "Tam Thanh").replace("18", "6")
    assert ntm(other, store).code == 0
    assert take(store, path, "--dry-run --json").json["moved"] == []
    assert ntm(line, store).code == 0
    answer = take(store, path, "--json")
    (row,) = (n for n, each in enumerate(form_rows(path), 5) if ticked(each, 13))
    assert answer.json["moved"] == [row]
    assert f"sổ đã ghi thêm về đối tượng của 1 dòng: {row}" in answer.err


def test_a_money_sheet_tells_a_payment_that_may_be_one_there_is(store: str, tmp_path: Path) -> None:
    head = ["Công trình", "Thanh toán (đồng)", "Ngày", "Chứng từ", "Đơn vị thụ hưởng"]
    row = [ITEM, 5_000_000, "15/5/2024", "CT 1", "Cty  A"]
    line = "fund import '{}' --what payments"
    first = ntm(line.format(workbook(tmp_path / "a.xlsx", [head, row])), store)
    assert (first.code, "Lưu ý" in first.err) == (0, False), first.err
    same = [*row[:3], "ct  1", "Cty A"]
    path = workbook(tmp_path / "b.xlsx", [head, same])
    assert ntm(f"{line.format(path)} --json", store).json["known"] == 1
    other = workbook(tmp_path / "c.xlsx", [head, [*row[:3], "CT 2", "Cty A"]])
    answer = ntm(line.format(other), store)
    assert answer.code == 0, answer.err
    assert "Lưu ý: 1 dòng cùng mục, ngày, số tiền với một lần ghi đã có" in answer.err
