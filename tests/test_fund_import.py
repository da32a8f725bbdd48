"""Sheets of allocations and payments at the keyboard: all rows or none, none twice, one void for all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import adopted, closing_store
from sheets import in_tcvn3, read, workbook
from terminal import Answer, ntm, on_terminal

DATA = Path(__file__).parent / "data"
A, B, C = "Đường thôn A (mẫu)", "Nhà văn hóa B (mẫu)", "Kênh C (mẫu)"
DAY = date(2024, 2, 20)
GIVEN: list[list[Any]] = [
    ["UBND XÃ MẪU"],
    ["", "KẾ HOẠCH VỐN NĂM 2024", "", "", "", "ĐVT: triệu đồng"],
    ["TT", "Danh mục dự án", "Chủ đầu tư", "Nguồn vốn", "Kế hoạch vốn", "Ngày quyết định"],
    ["A", "B", "C", "D", 1, "E"],
    ["I", "Xã Tam Ngọc", "", "", 3000.5, ""],
    [1, A, "UBND xã Tam Ngọc", "NS tỉnh", 1500, DAY],
    [2, B, "", "NSTW", 1500.5, DAY],
    ["II", "Tam Phú", "", "", 1500, ""],
    [1, C, "", "NS tỉnh", "1.500", "20/2/2024"],
    ["", "Tổng cộng", "", "", 4500.5, ""],
]
PAID: list[list[Any]] = [
    ["ĐVT: đồng"],
    ["TT", "Tên công trình", "Tạm ứng", "Thanh toán", "Ngày thanh toán", "Số chứng từ"],
    [1, A, 300_000_000, 0, "1/4/2024", "UNC 01"],
    [2, A, "", "500.000.000", 45428, "UNC 02"],
    [3, C, "", "1,2 tỷ", date(2024, 6, 1), "UNC 03"],
]


@pytest.fixture(autouse=True)
def _no_habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test says of columns is not remembered in another."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def store(store_url: str) -> str:
    with closing_store(adopted(store_url, "tam-ky-2024")):
        pass
    return store_url


@pytest.fixture
def given(store: str, tmp_path: Path) -> str:
    answer = allocations(store, workbook(tmp_path / "giao.xlsx", GIVEN))
    assert answer.code == 0, answer.err
    return store


def allocations(store: str, file: Path, more: str = "--kind investment") -> Answer:
    return ntm(f"fund import '{file}' --what allocations {more}", store)


def payments(store: str, file: Path, more: str = "") -> Answer:
    return ntm(f"fund import '{file}' --what payments {more}", store)


def items(store: str) -> dict[str, Any]:
    names = ("allocated", "advanced", "paid")
    rows = ntm("fund list --json", store).json["items"]
    return {row["item"]: tuple(row[name] // 10**6 for name in names) for row in rows}


def size(store: str) -> int:
    return int(ntm("audit verify --json", store).json["size"])


def test_a_plan_is_taken_in_with_its_groups_as_places_and_its_titles_as_year_and_unit(
    given: str,
) -> None:
    rows = {row["item"]: row for row in ntm("fund list --json", given).json["items"]}
    assert {name: row["allocated"] for name, row in rows.items()} == {
        A: 1_500_000_000,
        B: 1_500_500_000,
        C: 1_500_000_000,
    }
    assert (rows[A]["place"]["name"], rows[C]["place"]["name"]) == ("xã Tam Ngọc", "xã Tam Phú")
    assert (rows[A]["source"], rows[B]["source"], rows[B]["kind"]) == (
        "provincial",
        "central",
        "investment",
    )
    assert (rows[A]["owner"]["name"], rows[A]["year"]) == ("UBND xã Tam Ngọc", 2024)
    assert ntm("rebuild --check --json", given).json["equal"] is True


def test_payments_and_advances_of_one_sheet_are_one_entry(given: str, tmp_path: Path) -> None:
    answer = payments(given, workbook(tmp_path / "tt.xlsx", PAID), "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], answer.json["known"]) == (3, 0)
    assert answer.json["amounts"] == {"FundAdvanced": 300_000_000, "FundDisbursed": 1_700_000_000}
    assert [(f["effective_on"], f["document"]) for f in answer.json["facts"]] == [
        ("2024-04-01", "UNC 01"),
        ("2024-05-16", "UNC 02"),
        ("2024-06-01", "UNC 03"),
    ]
    assert len(set(answer.json["entries"])) == 1
    assert items(given) == {A: (1500, 300, 500), B: (1500, 0, 0), C: (1500, 0, 1200)}


@pytest.mark.parametrize("name", ["giai-ngan-mau.xls", "giai-ngan-mau.ods"])
def test_other_programs_sheets_with_merged_cells_are_read(
    given: str, name: str, tmp_path: Path
) -> None:
    answer = payments(given, DATA / name)
    assert answer.code == 0, answer.err
    assert items(given)[A] == (1500, 300, 500)
    assert items(given)[C] == (1500, 0, 1200)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", ",")]
)
def test_a_csv_is_read(given: str, tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [
        ["Tên công trình", "Số tiền", "Ngày chứng từ"],
        [A, "500.000.000", "16/5/2024"],
        ["", "1000000", "17/5/2024"],
    ]
    path = tmp_path / "tt.csv"
    path.write_bytes("\r\n".join(map(delimiter.join, lines)).encode(encoding))
    assert payments(given, path).code == 0
    assert items(given)[A] == (1500, 0, 501)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_sheet_of_the_old_fonts_is_read_and_told(given: str, tmp_path: Path, ending: str) -> None:
    lines = [[in_tcvn3(cell) if isinstance(cell, str) else cell for cell in line] for line in PAID]
    path = tmp_path / f"cu.{ending}"
    if ending == "xlsx":
        workbook(path, lines)
    else:
        path.write_bytes("\n".join(";".join(map(str, line)) for line in lines).encode("latin-1"))
    answer = payments(given, path)
    assert answer.code == 0, answer.err
    assert "TCVN3" in answer.err
    assert items(given)[A] == (1500, 300, 500)


# --- twice, and back again


def test_the_same_sheet_again_records_nothing_and_a_longer_one_its_new_rows(
    given: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "tt.xlsx", PAID)
    assert payments(given, path).code == 0
    before = size(given)
    again = payments(given, path)
    assert (again.code, size(given)) == (0, before)
    assert "đã có trong sổ: 3" in again.out
    more = workbook(tmp_path / "tt2.xlsx", [*PAID, [4, B, "", 7_000_000, "5/6/2024", "UNC 04"]])
    assert payments(given, more, "--json").json["recorded"] == 1
    assert items(given)[B] == (1500, 0, 7)
    assert allocations(given, tmp_path / "giao.xlsx", "--kind investment --json").json["known"] == 3


def test_rows_alike_are_as_many_facts_as_the_sheet_has(given: str, tmp_path: Path) -> None:
    row = [A, 100_000_000, "1/4/2024"]
    head = ["Tên công trình", "Số tiền", "Ngày"]
    assert payments(given, workbook(tmp_path / "1.xlsx", [head, row])).code == 0
    for _ in range(2):
        assert payments(given, workbook(tmp_path / "3.xlsx", [head, row, row, row])).code == 0
        assert items(given)[A] == (1500, 0, 300)


def test_a_payment_typed_by_hand_is_known_when_its_sheet_comes(given: str, tmp_path: Path) -> None:
    line = f"fund disburse --item '{A}' --amount '500 triệu' --on 16/5/2024 --document 'UNC 02'"
    assert ntm(line, given).code == 0
    answer = payments(given, workbook(tmp_path / "tt.xlsx", PAID), "--json")
    assert (answer.json["recorded"], answer.json["known"]) == (2, 1)


def test_a_row_corrected_since_is_known_by_what_it_said_and_by_what_it_says(
    given: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "tt.xlsx", PAID)
    entry = payments(given, path, "--json").json["entry"]
    for amount in ("1,1 tỷ", "600 triệu"):
        line = f"fact correct {entry} --subject 'fund/{C}' --set amount='{amount}' --reason 'nhầm' --json"
        told = ntm(line, given)
        assert told.code == 0, told.err
        entry = told.json["facts"][0]["entry"]
        assert payments(given, path, "--json").json["recorded"] == 0
    mended = [[600_000_000 if cell == "1,2 tỷ" else cell for cell in line] for line in PAID]
    assert payments(given, workbook(tmp_path / "tt2.xlsx", mended), "--json").json["known"] == 3
    twice = workbook(tmp_path / "tt3.xlsx", [*mended, mended[-1]])
    assert payments(given, twice, "--json").json["recorded"] == 1
    assert items(given) == {A: (1500, 300, 500), B: (1500, 0, 0), C: (1500, 0, 1200)}


def test_a_key_under_which_nothing_was_recorded_answers_for_no_other_entry(
    given: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "tt.xlsx", PAID)
    payments(given, path)
    assert payments(given, path, "--key again --json").json["recorded"] == 0
    other = ntm(f"fund disburse --item '{A}' --amount 5 --on 2/7/2024 --json", given)
    assert other.code == 0, other.err
    before = size(given)
    again = payments(given, path, "--key again --json")
    assert (again.code, again.json["recorded"], again.json["known"]) == (0, 0, 3)
    assert (again.json["entries"], size(given)) == ([], before)


def test_one_void_takes_the_sheet_back_and_it_may_come_again(given: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "tt.xlsx", PAID)
    before = ntm("fund list --json", given).json["items"]
    entry = payments(given, path, "--json").json["entry"]
    assert ntm(f"fact void {entry} --reason 'nhầm tệp' --document 'BB mẫu'", given).code == 0
    assert ntm("fund list --json", given).json["items"] == before
    assert ntm("rebuild --check --json", given).json["equal"] is True
    assert payments(given, path, "--json").json["recorded"] == 3


def test_one_void_takes_back_the_items_a_sheet_opened(store: str, tmp_path: Path) -> None:
    entry = allocations(
        store, workbook(tmp_path / "g.xlsx", GIVEN), "--kind investment --json"
    ).json["entry"]
    assert ntm(f"fact void {entry} --reason 'nhầm tệp' --document 'BB mẫu'", store).code == 0
    assert items(store) == {}
    assert ntm("obligation list --json", store).json["items"] != []
    assert ntm("rebuild --check --json", store).json["equal"] is True


# --- what is refused

HEAD = ["Tên công trình", "Số tiền", "Ngày thanh toán"]
BAD: list[tuple[list[Any], str]] = [
    ([A, -5, "1/4/2024"], "phải lớn hơn 0"),
    ([A, 0, "1/4/2024"], "phải lớn hơn 0"),
    ([A, 1500.5, "1/4/2024"], "phần lẻ"),
    ([A, "1.5", "1/4/2024"], "Dấu chấm"),
    ([A, "100 USD", "1/4/2024"], "USD"),
    ([A, 10**17, "1/4/2024"], "nhầm đơn vị"),
    ([A, 1_600_000_000, "1/4/2024"], "vượt số còn lại"),
    ([A, 5_000_000, "1/1/2024"], "chưa được giao vốn (được giao từ 20/02/2024)"),
    ([A, 5_000_000, "30/2/2024"], "Không có ngày"),
    ([A, 5_000_000, "1/4/2030"], "chưa đến"),
    ([A, 5_000_000, ""], "Thiếu ngày"),
    (["Đường thôn  Z (mẫu)", 5_000_000, "1/4/2024"], f"Có phải: {A}"),
    (["=1+2", 5_000_000, "1/4/2024"], "=1+2"),
    (["", 6_000_000, ""], "không có tên công trình"),
]


def test_every_bad_row_is_told_at_once_and_nothing_is_half_written(
    given: str, tmp_path: Path
) -> None:
    # The last is no sum only where all others can be read: it has a file of its own.
    lines = [["BẢNG KÊ (MẪU)"], HEAD, [A, 5_000_000, "1/4/2024"], *(row for row, _ in BAD[:-1])]
    path = workbook(tmp_path / "tt.xlsx", lines)
    before = size(given)
    for more in ("", "--dry-run"):
        answer = payments(given, path, more)
        assert (answer.code, size(given)) == (1, before)
        assert "13 dòng có lỗi, chưa ghi gì" in answer.err
        assert "2 dòng (4, 5): như dòng 4: Số tiền “-5 đồng” phải lớn hơn 0." in answer.err
        assert "tt.loi.xlsx" in answer.err
        back = read(tmp_path / "tt.loi.xlsx")
        assert [row[:3] for row in back[2:]] == [[*row] for row in read(path)[2:]]
        assert back[1] == [*HEAD, "Lỗi"]
        assert (back[2][3], back[0][0]) == ("", "BẢNG KÊ (MẪU)")
        for row, (_, why) in zip(back[3:], BAD[:-1], strict=True):
            assert why in row[3]
    english = payments(given, path, "--lang en")
    assert "13 rows are wrong, nothing was recorded" in english.err


@pytest.mark.parametrize(("row", "why"), BAD)
def test_one_bad_row_keeps_the_good_ones_out(
    given: str, tmp_path: Path, row: list[Any], why: str
) -> None:
    path = workbook(tmp_path / "tt.xlsx", [HEAD, [A, 5_000_000, "1/4/2024"], row])
    before = size(given)
    answer = payments(given, path)
    assert (answer.code, why in answer.err, size(given)) == (1, True, before), answer.err


def test_bad_rows_are_told_although_their_copy_cannot_be_written(
    given: str, tmp_path: Path
) -> None:
    (tmp_path / "tt.loi.xlsx").mkdir()
    answer = payments(given, workbook(tmp_path / "tt.xlsx", [HEAD, [A, -5, "1/4/2024"]]))
    assert answer.code == 1
    assert "Không ghi được tệp" in answer.err
    assert "phải lớn hơn 0" in answer.err


def test_the_copy_mended_is_taken_in(given: str, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "tt.xlsx", [HEAD, [A, 5_000_000, "1/4/2024"], [A, 6_000_000, "30/2/2024"]]
    )
    assert payments(given, path).code == 1
    back = [
        [{"30/2/2024": "29/2/2024"}.get(cell, cell) for cell in row]
        for row in read(tmp_path / "tt.loi.xlsx")
    ]
    assert payments(given, workbook(tmp_path / "tt.loi.xlsx", back)).code == 0
    assert items(given)[A] == (1500, 0, 11)


def test_the_rows_are_judged_in_the_order_of_their_days(given: str, tmp_path: Path) -> None:
    rows = [[A, 1_000_000_000, "1/6/2024"], [A, 600_000_000, "1/4/2024"]]
    assert payments(given, workbook(tmp_path / "tt.xlsx", [HEAD, *rows])).code == 1
    assert "vượt số còn lại" in read(tmp_path / "tt.loi.xlsx")[1][3]


def test_nothing_more_goes_onto_what_is_settled_or_returned(given: str, tmp_path: Path) -> None:
    for line in (
        f"disburse --item '{A}' --amount '900 triệu' --on 1/4/2024",
        f"settle --item '{A}' --amount '900 triệu' --on 1/6/2024 --document 'QĐ mẫu'",
        f"disburse --item '{C}' --amount '1,5 tỷ' --on 1/4/2024",
        f"return --item '{C}' --amount '100 triệu' --on 1/5/2024",
    ):
        assert ntm(f"fund {line}", given).code == 0
    rows = [[A, 1_000_000, "1/7/2024"], [C, 100_000_001, "1/7/2024"]]
    assert payments(given, workbook(tmp_path / "tt.xlsx", [HEAD, *rows])).code == 1
    settled, returned = (row[3] for row in read(tmp_path / "tt.loi.xlsx")[1:])
    assert "vượt số quyết toán" in settled
    assert "vượt số còn lại" in returned
    more = [["Tên công trình", "Địa bàn", "Số tiền"], [A, "Tam Ngọc", 5_000_000]]
    said = "--kind investment --source provincial --year 2024 --on 1/7/2024"
    assert "đã quyết toán" in allocations(given, workbook(tmp_path / "g2.xlsx", more), said).err


def test_what_was_really_paid_goes_in_with_its_paper(given: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "tt.xlsx", [HEAD, [A, 1_600_000_000, "1/4/2024"]])
    assert payments(given, path, "--already-done").code == 2
    assert payments(given, path, "--already-done --document 'UNC mẫu'").code == 0
    assert items(given)[A] == (1500, 0, 1600)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([A, "Tam Phú", "NS tỉnh"], "nơi khác phải là một mục riêng"),
        ([A, "Tam Ngọc", "NSTW"], "một mục riêng"),
        ([A.lower(), "Tam Ngọc", "NS tỉnh"], "gần giống"),
        (["Mới (mẫu)", "Không Đâu", "NS tỉnh"], "Không tìm thấy “Không Đâu”"),
        (["Mới (mẫu)", "Tam Ngọc", "ngân sách Sao Hỏa"], "ngân sách Sao Hỏa"),
        (["Mới (mẫu)", "Tam Ngọc", ""], "Thiếu nguồn"),
    ],
)
def test_an_allocation_that_cannot_be_is_refused(
    given: str, tmp_path: Path, row: list[Any], why: str
) -> None:
    lines = [["Tên công trình", "Địa bàn", "Nguồn vốn", "Số tiền"], [*row, 5_000_000]]
    said = "--kind investment --year 2024 --on 1/7/2024"
    answer = allocations(given, workbook(tmp_path / "g2.xlsx", lines), said)
    assert (answer.code, why in answer.err) == (1, True), answer.err


def test_two_new_items_of_one_sheet_that_only_look_different_are_refused(
    store: str, tmp_path: Path
) -> None:
    lines = [["Tên công trình", "Số tiền"], [A, 5_000_000], [A.upper(), 6_000_000]]
    said = "--place 'Tam Ngọc' --source NST --kind 'đầu tư' --year 2024 --on 1/7/2024"
    answer = allocations(store, workbook(tmp_path / "g.xlsx", lines), said)
    assert (answer.code, "gần giống" in answer.err) == (1, True)
    assert items(store) == {}


# --- columns, units and what is said once


def test_what_the_sheet_does_not_say_has_to_be_said_once(store: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "g.xlsx", [["Tên công trình", "Số tiền"], [A, 5_000_000]])
    answer = allocations(store, path, "")
    assert answer.code == 2
    assert "--place … --year … --source … --kind … --on …" in answer.err
    said = "--place 'Tam Ngọc' --year 2024 --source provincial --kind investment --on 1/7/2024"
    assert allocations(store, path, said).code == 0
    assert items(store) == {A: (5, 0, 0)}


def test_a_sheet_of_small_numbers_without_a_unit_is_asked_for_it(
    given: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "tt.xlsx", [HEAD, [A, 500, "1/4/2024"]])
    answer = payments(given, path)
    assert (answer.code, "--unit" in answer.err) == (2, True)
    assert payments(given, path, "--unit USD").code == 2
    assert payments(given, path, "--unit triệu").code == 0
    assert items(given)[A] == (1500, 0, 500)


def test_what_is_said_of_columns_is_remembered_once_the_sheet_is_recorded(
    given: str, tmp_path: Path
) -> None:
    head = ["Tên công trình", "Cột lạ", "Thu hồi", "Ngày"]
    first = workbook(tmp_path / "1.xlsx", [head, [A, 5_000_000, 1, "1/4/2024"]])
    second = workbook(tmp_path / "2.xlsx", [head, [A, 6_000_000, 1, "2/4/2024"]])
    said = "--map 'Cột lạ=amount' --map 'Thu hồi=-'"
    assert payments(given, first).code == 2
    assert "Thu hồi" in payments(given, first, "--map 'Cột lạ=amount'").err
    assert payments(given, first, f"{said} --dry-run").code == 0
    assert payments(given, second).code == 2
    assert payments(given, first, said).code == 0
    answer = payments(given, second)
    assert (answer.code, "đã nêu lần trước" in answer.err) == (0, True)
    assert items(given)[A] == (1500, 0, 11)


def test_habits_that_cannot_be_read_or_kept_are_in_nobodys_way(given: str, tmp_path: Path) -> None:
    head = ["Tên công trình", "Cột lạ", "Ngày"]
    path = workbook(tmp_path / "1.xlsx", [head, [A, 5_000_000, "1/4/2024"]])
    kept = tmp_path / "data" / "ntm-workflow" / "columns.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("hỏng")
    assert payments(given, path).code == 2
    kept.unlink()
    kept.mkdir()
    assert payments(given, path, "--map 'Cột lạ=amount'").code == 0
    assert payments(given, path).code == 2


@pytest.mark.parametrize("said", ["Số tiền", "Số tiền=gì đó", "=amount"])
def test_a_mapping_that_says_nothing_is_refused_with_the_fields(
    given: str, tmp_path: Path, said: str
) -> None:
    answer = payments(given, workbook(tmp_path / "tt.xlsx", [HEAD]), f"--map '{said}'")
    assert (answer.code, "amount (số tiền)" in answer.err) == (2, True)


def test_an_item_is_found_by_its_project_code(given: str, tmp_path: Path) -> None:
    assert ntm(f"fund describe --item '{A}' --code DA-MẪU-01", given).code == 0
    head = ["Mã dự án", "Tên công trình", "Số tiền", "Ngày"]
    rows = [
        ["DA-MẪU-01", "", 5_000_000, "1/4/2024"],
        ["DA-MẪU-01", "Tên khác hẳn", 6_000_000, "1/4/2024"],
    ]
    assert payments(given, workbook(tmp_path / "tt.xlsx", [head, *rows])).code == 0
    assert items(given)[A] == (1500, 0, 11)
    wrong = workbook(
        tmp_path / "sai.xlsx",
        [head, ["DA-MẪU-01", C, 5_000_000, "1/4/2024"], ["DA-9", "", 1_000_000, "1/4/2024"]],
    )
    answer = payments(given, wrong)
    assert answer.code == 1
    assert "không phải của" in answer.err
    assert "DA-9" in answer.err
    assert ntm(f"fund describe --item '{B}' --code DA-MẪU-01", given).code == 0
    both = workbook(tmp_path / "hai.xlsx", [head, ["DA-MẪU-01", "", 5_000_000, "1/4/2024"]])
    assert f"Có phải: {B}, {A}?" in payments(given, both).err


def test_a_wrong_total_is_told_and_the_rows_are_recorded(given: str, tmp_path: Path) -> None:
    lines = [HEAD, [A, 5_000_000, "1/4/2024"], ["Tổng cộng", 6_000_000, ""]]
    answer = payments(given, workbook(tmp_path / "tt.xlsx", lines))
    assert answer.code == 0
    assert "dòng 3 ghi tổng 6 triệu đồng, các dòng cộng lại là 5 triệu đồng" in answer.err


def test_the_table_may_stand_on_another_sheet(given: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "tt.xlsx", [HEAD, [A, 5_000_000, "1/4/2024"]], name="Quý II")
    assert payments(given, path, "--sheet 'Quý I'").code == 3
    assert payments(given, path, "--sheet 'Quý II'").code == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("khong-co.xlsx", None, "không có tệp"),
        ("hong.xlsx", b"PK\x03\x04 not a workbook", "không phải tệp Excel"),
        ("hong.xls", b"\xd0\xcf\x11\xe0" + bytes(2000), "không phải tệp Excel"),
        ("trang.xls", b"<html><table></table></html>", "không phải tệp Excel"),
        ("tt.csv", "Tên công trình;Số tiền\nĐường;5".encode("cp1258", "replace"), "UTF-8"),
        ("trong.csv", b"", "tiêu đề"),
        ("khac.csv", b"a;b\n1;2", "tiêu đề"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_plainly(
    given: str, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    answer = payments(given, path)
    assert (answer.code, words in answer.err) == (2, True), answer.err


@pytest.mark.parametrize("what", ["allocations", "payments"])
def test_the_template_has_headings_that_are_understood(
    store: str, tmp_path: Path, what: str
) -> None:
    for lang in ("vi", "en"):
        path = tmp_path / f"{what}-{lang}.xlsx"
        assert ntm(f"fund import {path} --what {what} --template --lang {lang}", store).code == 0
        said = "--dry-run --json --on 1/7/2024"
        answer = ntm(f"fund import {path} --what {what} {said}", store)
        assert (answer.code, answer.json["unread"]) == (0, [])
        assert list(answer.json["columns"].values()) != []
        assert len(answer.json["columns"]) == len(read(path)[0])


def test_a_sheet_that_needs_two_people_waits_for_the_second(given: str, tmp_path: Path) -> None:
    rule = "approval rule --type FundDisbursed --document 'QĐ mẫu'"
    assert ntm(f"{rule} --by A", given).code == 0
    path = workbook(tmp_path / "tt.xlsx", PAID)
    assert payments(given, path, "--by A").code == 0
    assert items(given)[A] == (1500, 0, 0)
    assert ntm("approval approve --by B", given).code == 0
    assert items(given)[A] == (1500, 300, 500)


def test_how_far_it_is_is_told_on_a_terminal_alone(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing_store(adopted(sqlite_url, "tam-ky-2024")):
        pass
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "g.xlsx", GIVEN)
    line = f"fund import g.xlsx --what allocations --kind investment --store {sqlite_url}"
    assert "\r3/3" in on_terminal(f"{line} --dry-run")
    assert "3/3" not in ntm(line).err


def test_a_sheet_is_judged_by_the_money_rules_of_the_plans_too(
    store_url: str, tmp_path: Path
) -> None:
    with closing_store(adopted(store_url, "quang-nam-2024-2025", "tam-ky-2024")):
        pass
    lines = [
        ["Tên công trình", "Mã dự án", "Nguồn vốn", "Số tiền (triệu đồng)"],
        ["Phần tỉnh (mẫu)", "DA-MẪU-01", "NS tỉnh", 1000],
        ["Phần huyện (mẫu)", "DA-MẪU-01", "NS huyện", 400],
    ]
    said = "--kind investment --year 2024 --place 'Tam Ngọc' --on 20/2/2024"
    assert allocations(store_url, workbook(tmp_path / "g.xlsx", lines), said).code == 0
    rows = [
        ["Tên công trình", "Số tiền (triệu đồng)", "Ngày"],
        ["Phần tỉnh (mẫu)", 250, "16/5/2024"],
        ["Phần huyện (mẫu)", 100, "15/5/2024"],
    ]
    more = [*rows, ["Phần tỉnh (mẫu)", 1, "17/5/2024"]]
    answer = payments(store_url, workbook(tmp_path / "tt.xlsx", more))
    assert (answer.code, "Vốn đối ứng" in answer.err) == (1, True), answer.err
    assert payments(store_url, workbook(tmp_path / "tt.xlsx", rows)).code == 0
    assert items(store_url)["Phần tỉnh (mẫu)"] == (1000, 0, 250)
    assert ntm("rebuild --check --json", store_url).json["equal"] is True


def test_a_place_may_be_told_inside_another(store: str, tmp_path: Path) -> None:
    lines = [
        ["Tên công trình", "Địa điểm XD", "Số tiền"],
        [A, "", 5_000_000],
    ]
    village = ntm("place list --within 'Tam Ngọc' --json", store).json["items"][-1]["name"]
    lines[1][1] = f"{village}, xã Tam Ngọc"
    said = "--kind investment --source provincial --year 2024 --on 20/2/2024"
    answer = allocations(store, workbook(tmp_path / "g.xlsx", lines), said)
    assert answer.code == 0, answer.err
    [row] = ntm("fund list --json", store).json["items"]
    assert row["place"]["name"].endswith(village)
    lines[1][1] = f"{village}, xã Tam Phú"
    assert allocations(store, workbook(tmp_path / "sai.xlsx", lines), said).code == 1


def test_more_money_for_items_that_are_there_needs_no_place(given: str, tmp_path: Path) -> None:
    lines = [
        ["Tên công trình", "Nguồn vốn", "Số tiền"],
        [A, "NS tỉnh", 5_000_000],
        [C, "NST", 6_000_000],
    ]
    said = "--kind investment --year 2024 --on 1/3/2024"
    assert allocations(given, workbook(tmp_path / "g2.xlsx", lines), said).code == 0
    assert (items(given)[A][0], items(given)[C][0]) == (1505, 1506)
    new = [*lines, ["Mới (mẫu)", "NST", 6_000_000]]
    answer = allocations(given, workbook(tmp_path / "g3.xlsx", new), said)
    assert (answer.code, "--place" in answer.err) == (2, True)


def test_a_file_that_is_no_sheet_is_told_which_files_are_read(store: str, tmp_path: Path) -> None:
    path = tmp_path / "tt.xlsx"
    path.write_bytes(b"x")
    answer = payments(store, path)
    assert answer.code == 2
    assert all(name in answer.err for name in ("tt.xlsx", ".xls,", ".ods", ".csv"))
