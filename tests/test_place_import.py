"""Lists of places from files: all bad rows at once, nothing twice, and the bad ones given back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from offices import Desk, closing_store
from python_calamine import CalamineWorkbook
from sheets import in_tcvn3, workbook
from terminal import ntm
from xlsxwriter import Workbook

from ntm_workflow.office.place_import import PlaceRow, import_places

GOOD = """Tên,Loại,Mã,Thuộc
Quảng Nam,tinh,49,
Tam Kỳ,thanh-pho,502,Quảng Nam
Xã Tam Ngọc,xã,20389,502
Tam Phú,xa,,thành phố Tam Kỳ
Đồng Phú,thôn,,Tam Ngọc
"""
BAD = """Danh sách địa bàn,,,
Tên,Loại,Mã,Thuộc
Tam Thanh,xa,20359,Tam Kỳ
,xa,,Tam Kỳ
Tam An,thành phố,,Tam Kỳ
Tam Bình,xứ,,Tam Kỳ
Tam Cường,xa,20359,Tam Kỳ
tam thanh,xa,,Tam Kỳ
Tam Dũng,xa,,Tam Em
Tam Giang,xa,,Tam Ngọc
"""


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "s.db")
    assert ntm("init", where).code == 0
    return where


def file(tmp_path: Path, text: str, name: str = "dia-ban.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def places(store: str) -> dict[str, Any]:
    return {item["id"]: item for item in ntm("place list --json", store).json["items"]}


def size(store: str) -> int:
    return int(ntm("audit verify --json", store).json["size"])


def test_a_list_is_taken_in_with_parents_by_name_or_code(store: str, tmp_path: Path) -> None:
    answer = ntm(f"place import {file(tmp_path, GOOD)} --json", store)
    assert answer.code == 0, answer.err
    assert (answer.json["registered"], answer.json["faults"]) == (5, [])
    assert len({fact["entry"] for fact in answer.json["facts"]}) == 1
    found = places(store)
    assert found["tam-ngoc-tam-ky"]["name"] == "Tam Ngọc"
    assert found["tam-ngoc-tam-ky"]["code"] == "20389"
    assert found["dong-phu-tam-ngoc"]["parent"]["id"] == "tam-ngoc-tam-ky"
    assert found["tam-ngoc-tam-ky"]["valid_from"] is None


def test_the_same_list_again_records_nothing_and_a_missing_code_is_added(
    store: str, tmp_path: Path
) -> None:
    path = file(tmp_path, GOOD)
    ntm(f"place import {path}", store)
    before = size(store)
    assert ntm(f"place import {path} --json", store).json["unchanged"] == 5
    assert size(store) == before
    more = file(tmp_path, GOOD.replace("Tam Phú,xa,,", "Tam Phú,xa,20371,"))
    assert ntm(f"place import {more} --json", store).json["coded"] == 1
    assert places(store)["tam-phu-tam-ky"]["code"] == "20371"


def test_a_dry_run_and_a_bad_list_record_nothing(store: str, tmp_path: Path) -> None:
    assert ntm(f"place import {file(tmp_path, GOOD)} --dry-run", store).code == 0
    assert size(store) == 0
    ntm(f"place import {file(tmp_path, GOOD)}", store)
    assert ntm(f"place import {file(tmp_path, BAD)}", store).code == 1
    assert size(store) == 5


def test_every_bad_row_is_told_and_given_back_in_a_workbook(store: str, tmp_path: Path) -> None:
    ntm(f"place import {file(tmp_path, GOOD)}", store)
    answer = ntm(f"place import {file(tmp_path, BAD, 'moi.csv')}", store)
    assert "dòng 4, cột tên: thiếu tên" in answer.err
    assert "7 ô có lỗi" in answer.err
    assert "moi.loi.xlsx" in answer.err
    sheet = CalamineWorkbook.from_path(str(tmp_path / "moi.loi.xlsx")).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert header == ["Tên", "Loại", "Mã", "Thuộc", "Lỗi"]
    assert [row[0] for row in rows] == [
        "",
        "Tam An",
        "Tam Bình",
        "Tam Cường",
        "tam thanh",
        "Tam Dũng",
        "Tam Giang",
    ]
    why = [row[4] for row in rows]
    assert "thanh-pho" in why[1]
    assert "thanh-pho-tw" in why[1]
    assert "trùng dòng 3" in why[4]
    assert "20359" in why[3]


def test_the_bad_rows_mended_in_their_workbook_are_taken_in(store: str, tmp_path: Path) -> None:
    ntm(f"place import {file(tmp_path, GOOD)}", store)
    text = "Tên,Loại,Thuộc\nTam An,xã,Tam Em\n"
    assert ntm(f"place import {file(tmp_path, text, 'moi.csv')}", store).code == 1
    back = tmp_path / "moi.loi.xlsx"
    rows = CalamineWorkbook.from_path(str(back)).get_sheet_by_index(0).to_python()
    with Workbook(str(back)) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, [{"Tam Em": "Tam Kỳ"}.get(cell, cell) for cell in row])
    assert ntm(f"place import {back}", store).code == 0
    assert "tam-an-tam-ky" in places(store)


def test_good_rows_are_recorded_when_asked_for(store: str, tmp_path: Path) -> None:
    ntm(f"place import {file(tmp_path, GOOD)}", store)
    answer = ntm(f"place import {file(tmp_path, BAD, 'moi.csv')} --good-rows --json", store)
    assert answer.code == 0
    assert (answer.json["registered"], len(answer.json["faults"])) == (1, 7)
    assert "tam-thanh-tam-ky" in places(store)


def test_a_workbook_with_numbers_and_other_headings_is_read(store: str, tmp_path: Path) -> None:
    path = tmp_path / "danh mục.xlsx"
    with Workbook(str(path)) as book:
        page = book.add_worksheet()
        lines = (["Bảng 1"], ["MÃ SỐ", "Tên địa bàn", "Cấp"], [49, "Quảng Nam", "Tỉnh"])
        for at, row in enumerate(lines):
            page.write_row(at, 0, row)
    assert ntm(f"place import '{path}'", store).code == 0
    assert places(store)["quang-nam"]["code"] == "49"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_csv_is_read_as_spreadsheets_write_it(store: str, tmp_path: Path, encoding: str) -> None:
    path = file(tmp_path, GOOD.replace(",", ";"), encoding=encoding)
    assert ntm(f"place import {path}", store).code == 0
    assert len(places(store)) == 5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("khong-co.csv", None, "Không đọc được"),
        ("a.csv", b"\xff\xfe\x00\xd8\x00\x00", "Không đọc được"),
        ("a.csv", "Tên,Loại\nTam Kỳ".encode("cp1258", "ignore") + b"\xff", "Không đọc được"),
        ("a.csv", b"", "tiêu đề"),
        ("a.csv", "Tên,Khác\nTam Kỳ,x".encode(), "tiêu đề"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "Không đọc được"),
        ("a.xlsx", b"", "Không đọc được"),
    ],
)
def test_a_file_that_is_no_list_is_refused_plainly(
    store: str, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    answer = ntm(f"place import {path}", store)
    assert (answer.code, words in answer.err) == (2, True), answer.err
    assert "Traceback" not in answer.err
    assert ntm(f"place import {tmp_path}", store).code == 2


def test_names_of_the_old_fonts_are_turned_or_told(store: str, tmp_path: Path) -> None:
    lines = [
        *(["Tên", "Loại", "Thuộc"], ["Quảng Nam", "tinh", ""], [in_tcvn3("Tam Ngọc"), "xa", ""]),
        [in_tcvn3("Tam Cũ"), "xa", ""],
    ]
    answer = ntm(f"place import {workbook(tmp_path / 'cu.xlsx', lines)} --dry-run", store)
    assert "Đã đổi 1 ô từ mã TCVN3" in answer.err
    assert "1 ô có thể là TCVN3, có thể không, được giữ nguyên: A4." in answer.err
    assert "Tam Ngọc" in answer.out


def test_a_copy_that_somebody_mended_is_not_written_over(store: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "xa.xlsx", [["Tên", "Loại"], ["Tam Lạ", "không rõ"]])
    copy = tmp_path / "xa.loi.xlsx"
    assert ntm(f"place import {path}", store).code == 1
    first = copy.read_bytes()
    assert ntm(f"place import {path}", store).code == 1
    assert copy.read_bytes() == first
    mended = workbook(copy, [["Tên", "Loại"], ["Tam Lạ", "tinh"]]).read_bytes()
    answer = ntm(f"place import {path}", store)
    assert copy.read_bytes() == mended
    assert "xa.loi-2.xlsx" in answer.err
    assert ntm(f"place import {copy}", store).code == 0


def test_a_template_is_written_once_and_can_be_read(store: str, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    assert ntm(f"place import {path} --template", store).code == 0
    assert ntm(f"place import {path} --template", store).code == 1
    assert ntm(f"place import {path}", store).code == 0
    assert size(store) == 0


def test_ten_thousand_rows_are_one_entry_and_rebuild_the_same(store_url: str) -> None:
    rows = [PlaceRow(number=1, name="Tỉnh Mẫu", type="tinh")]
    rows += [
        PlaceRow(number=n + 2, name=f"Huyện {n}", type="huyen", parent="Tỉnh Mẫu")
        for n in range(100)
    ]
    rows += [
        PlaceRow(
            number=n + 200, name=f"Xã số {n}", type="xa", code=str(n), parent=f"Huyện {n % 100}"
        )
        for n in range(9_899)
    ]
    with closing_store(Desk(store_url).init()) as desk:
        receipt = desk.record(lambda e: import_places(e, rows, good_rows=False))
        assert len(receipt.facts) == 10_000
        again = desk.record(lambda e: import_places(e, rows, good_rows=False))
        assert again.facts == ()
        assert desk.rebuilt_equal()
