"""Files somebody sends: what would fill the memory or is under a password is not opened, by any import."""

from __future__ import annotations

import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from begun import begin
from sheets import read, workbook
from terminal import Answer, ntm
from test_forms import ITEM, build

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.office import sheet_package
from ntm_workflow.office.sheet_counted import Beside
from ntm_workflow.office.sheet_package import ProtectedFile, UnsafeFile, must_be_safe
from ntm_workflow.office.sheet_reading import UnreadableFile, read_page, read_pages

DATA = Path(__file__).parent / "data"
#: Its password is “mau”; Excel’s own encryption (ECMA-376, agile).
PROTECTED = DATA / "co-mat-khau.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["Địa bàn", "TC số", "Kết quả", "Ngày"]


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part of its package otherwise."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def with_cells(path: Path, xml: str) -> Path:
    """A workbook whose sheet holds just these rows."""
    workbook(path, [["x"]])

    def change(sheet: bytes) -> bytes:
        head, _, rest = sheet.partition(b"<sheetData>")
        tail = rest.partition(b"</sheetData>")[2]
        return head + b"<sheetData>" + xml.encode() + b"</sheetData>" + tail

    return changed(path, SHEET, change)


def take(store: str, path: Path, more: str = "--kind criteria --set xa-nang-cao") -> Answer:
    return ntm(f"form import '{path}' {more}", store)


@pytest.mark.parametrize("line", [
    "form import {path} --kind criteria",
    "fund import {path} --what payments",
    "place import {path}",
])  # fmt: skip
def test_a_file_under_a_password_says_so_whatever_imports_it(store: str, line: str) -> None:
    answer = ntm(line.format(path=PROTECTED), store)
    assert answer.code == 2
    assert "có mật khẩu nên không đọc được" in answer.err
    assert "protected by a password" in ntm(f"{line.format(path=PROTECTED)} --lang en", store).err


@pytest.mark.parametrize("line", [
    "form import {path} --kind criteria",
    "fund import {path} --what payments",
    "place import {path}",
])  # fmt: skip
def test_a_file_that_unpacks_to_a_thousand_times_itself_is_not_opened(
    store: str, tmp_path: Path, line: str
) -> None:
    path = changed(workbook(tmp_path / "bom.xlsx", [HEAD]), SHEET, lambda xml: xml + b" " * (1 << 26))  # fmt: skip
    assert path.stat().st_size < 1 << 17
    answer = ntm(line.format(path=path), store)
    assert answer.code == 2
    assert "bung ra hơn" in answer.err


def test_what_the_directory_says_of_a_size_is_not_believed(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path / "doi.xlsx", [HEAD]), SHEET, lambda xml: xml + b" " * (1 << 26))  # fmt: skip
    content, size = path.read_bytes(), struct.pack("<I", (1 << 26) + 1)
    with zipfile.ZipFile(path) as package:
        real = struct.pack("<I", package.getinfo(SHEET).file_size)
    assert content.count(real) >= 1
    path.write_bytes(content.replace(real, struct.pack("<I", 700)))
    assert size != real
    with zipfile.ZipFile(path) as package:
        assert package.getinfo(SHEET).file_size == 700
    with pytest.raises(UnsafeFile):
        must_be_safe(path)


def test_parts_that_share_their_bytes_count_each_time(tmp_path: Path) -> None:
    """Many entries of a directory that all point to the same packed bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"0" * (1 << 21)
    packed = packer.compress(raw) + packer.flush()
    name, crc = b"a", zlib.crc32(raw)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(packed), len(raw), 1, 0) + name + packed  # fmt: skip
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(packed), len(raw), 1, 0, 0, 0, 0, 0, 0) + name  # fmt: skip
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 100, 100, len(entry) * 100, len(local), 0)
    path = tmp_path / "chung.xlsx"
    path.write_bytes(local + entry * 100 + end)
    with pytest.raises(UnsafeFile):
        must_be_safe(path)


def test_a_sheet_with_a_cell_at_the_far_end_of_the_world_is_not_opened(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(UnsafeFile):
        list(read_pages(with_cells(tmp_path / "nhay.xlsx", far.replace('"', "'"))))
    with pytest.raises(UnsafeFile) as refused:
        list(read_pages(with_cells(tmp_path / "xa.xlsx", far)))
    assert "1048576" in refused.value.say("vi")


def test_a_text_kept_once_and_shown_ever_so_often_is_not_opened(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{at}{n}" t="s"><v>0</v></c>' for at in "ABCDEFGHIJ") + "</row>"
        for n in range(1, 2001)
    )  # fmt: skip
    path = with_cells(tmp_path / "lap.xlsx", rows)
    long = b"<sst><si><t>" + b"0123456789" * 3200 + b"</t></si></sst>"
    changed(path, "xl/sharedStrings.xml", lambda _: long)
    with pytest.raises(UnsafeFile):
        must_be_safe(path)
    changed(path, "xl/sharedStrings.xml", lambda _: long.replace(b"</sst>", b"<si><t>a</t></si></sst>"))  # fmt: skip
    changed(path, SHEET, lambda xml: xml.replace(b"<v>0<", b"<v>1<"))
    must_be_safe(path)


@pytest.mark.parametrize("rows", ['<table:table-row table:number-rows-repeated="100000">{}</table:table-row>', '<table:table-row table:number-rows-repeated="1000000"/><table:table-row>{}</table:table-row>'])  # fmt: skip
def test_an_opendocument_sheet_that_repeats_itself_without_end_is_not_opened(
    tmp_path: Path, rows: str
) -> None:
    cells = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>a</text:p></table:table-cell>'
    path = tmp_path / "lap.ods"
    shutil.copy(DATA / "giai-ngan-mau.ods", path)

    def change(content: bytes) -> bytes:
        head, _, rest = content.partition(b"<table:table-row")
        return head + rows.format(cells).encode() + b"<table:table-row" + rest

    changed(path, "content.xml", change)
    with pytest.raises(UnsafeFile):
        list(read_pages(path))
    must_be_safe(DATA / "giai-ngan-mau.ods")


@pytest.mark.parametrize(
    ("name", "content"),
    [("rong.xlsx", b""), ("chu.xlsx", "không phải".encode()), ("ole.xls", sheet_package._OLE + bytes(600)), ("zip.xlsx", b"PK\x05\x06" + bytes(18))],
)  # fmt: skip
def test_what_is_no_workbook_says_so(
    store: str, tmp_path: Path, name: str, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    answer = take(store, path)
    assert answer.code == 2
    assert "Không đọc được tệp" in answer.err
    with pytest.raises(UnreadableFile):
        read_page(path)


def test_a_workbook_with_macros_is_read_and_none_is_run(store: str, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path, macro = tmp_path / "macro.xlsm", tmp_path / "vbaProject.bin"
    macro.write_bytes(sheet_package._OLE + bytes(4096))
    with Workbook(str(path)) as book:
        book.add_vba_project(str(macro))
        page = book.add_worksheet()
        for row, line in enumerate([HEAD, ["xã Tam Ngọc", 13, "đạt", "20/8/2024"]]):
            page.write_row(row, 0, line)
    answer = take(store, path, "--kind criteria --set xa-nang-cao --json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 1


def test_hidden_rows_are_read_and_told(store: str, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "an.xlsx"
    with Workbook(str(path)) as book:
        page = book.add_worksheet("Trang & một")
        page.write_row(0, 0, HEAD)
        for row, number in enumerate((13, 18), 1):
            page.write_row(row, 0, ["xã Tam Ngọc", number, "đạt", "20/8/2024"])
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(9, None, None, {"hidden": True})
    assert must_be_safe(path)["Trang & một"].hidden == (3, 10)
    answer = take(store, path, "--kind criteria --set xa-nang-cao --json")
    assert answer.code == 0, answer.err
    assert "1 dòng đang ẩn trong tệp cũng được đọc: 3." in answer.err
    assert (answer.json["recorded"], answer.json["hidden"]) == (2, [3])


def test_a_formula_counts_as_it_was_last_computed_and_one_never_computed_is_told(
    store: str, tmp_path: Path
) -> None:
    rows = (
        '<row r="1">{head}</row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>xã Tam Ngọc</t></is></c><c r="B2"><f>10+3</f><v>13</v></c>'
        '<c r="C2" t="str"><f>"đạ"&amp;"t"</f><v>đạt</v></c><c r="D2" t="inlineStr"><is><t>20/8/2024</t></is></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>xã Tam Ngọc</t></is></c><c r="B3"><f>9*2</f>{v}</c>'
        '<c r="C3" t="inlineStr"><is><t>đạt</t></is></c><c r="D3" t="inlineStr"><is><t>20/8/2024</t></is></c></row>'
    )
    head = "".join(f'<c r="{at}1" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in zip("ABCD", HEAD, strict=True))  # fmt: skip
    for v in ("", "<v></v>", "<v/>"):
        path = with_cells(tmp_path / "ct.xlsx", rows.format(head=head, v=v))
        assert must_be_safe(path)["Trang 1"].uncomputed == {(2, 1)}
        answer = take(store, path)
        assert answer.code == 1
        assert "1 dòng (3): cột “TC số”: Ô có công thức mà tệp không lưu kết quả" in answer.err
    path = with_cells(tmp_path / "ct.xlsx", rows.format(head=head, v="<v>18</v>"))
    assert take(store, path, "--kind criteria --set xa-nang-cao --json").json["recorded"] == 2


def test_cells_with_an_error_are_told_with_its_word(tmp_path: Path) -> None:
    rows = (
        '<row><c t="e"><f>B1/0</f><v>#DIV/0!</v></c><c r="D1" t="e"><v>#N/A</v></c></row>'
        "<row><c><f>1+1</f><v>2</v></c><c><f>C1</f></c></row>"
    )
    told = must_be_safe(with_cells(tmp_path / "loi.xlsx", rows))["Trang 1"]
    assert told.errors == {(0, 0): "#DIV/0!", (0, 3): "#N/A"}
    assert told.uncomputed == {(1, 1)}


def test_what_stands_behind_the_cells_is_none_of_them(tmp_path: Path) -> None:
    """Places of buttons have rows, lists of other sheets have formulas."""
    path = with_cells(tmp_path / "nut.xlsx", '<row><c><v>1</v></c><c t="b"><v>1</v></c></row>')
    behind = (
        b'</sheetData><controls xmlns:a="a"><from><a:col>9</a:col><a:row>9</a:row></from></controls>'
        b'<extLst xmlns:b="b"><ext><b:formula1><b:f>A!$A$1</b:f></b:formula1><b:c/></ext></extLst>'
    )
    changed(path, SHEET, lambda xml: xml.replace(b"</sheetData>", behind))
    assert must_be_safe(path)["Trang 1"] == Beside()
    assert read(path) == [[1.0, True]]


def test_a_workbook_with_cells_of_other_workbooks_is_opened(tmp_path: Path) -> None:
    kept = "".join(f'<sheetData sheetId="{n}"><row r="9"><cell r="XFD9"><v>1</v></cell></row></sheetData>' for n in (0, 1))  # fmt: skip
    path = workbook(tmp_path / "lien-ket.xlsx", [HEAD])
    part = f"<externalLink><externalBook><sheetDataSet>{kept}</sheetDataSet></externalBook></externalLink>"
    changed(path, "xl/externalLinks/externalLink1.xml", lambda _: part.encode())
    must_be_safe(path)


def test_a_large_honest_sheet_is_opened(tmp_path: Path) -> None:
    lines = [HEAD, *[["xã Tam Ngọc", n, "đạt", date(2024, 8, 20)] for n in range(20_000)]]
    path = workbook(tmp_path / "lon.xlsx", lines)
    must_be_safe(path)
    assert len(read(path)) == 20_001


def test_the_refusal_of_a_password_is_one_sentence_for_both_formats() -> None:
    with pytest.raises(ProtectedFile):
        must_be_safe(PROTECTED)


def test_money_sheets_tell_hidden_rows_and_formulas_that_were_never_computed(
    store: str, tmp_path: Path
) -> None:
    def text(at: str, said: str) -> str:
        return f'<c r="{at}" t="inlineStr"><is><t>{said}</t></is></c>'

    heads = [text(f"{at}1", said) for at, said in zip("ABC", ["Tên công trình", "Số tiền (đồng)", "Ngày"], strict=True)]  # fmt: skip
    row = '<row r="{n}"{hidden}>{item}{amount}{day}</row>'
    rows = [f'<row r="1">{"".join(heads)}</row>']
    for n, hidden, amount in (
        (2, ' hidden="1"', "<v>5000000</v>"),
        (3, "", "<f>1+1</f>"),
    ):
        cell = f'<c r="B{n}">{amount}</c>'
        rows.append(row.format(n=n, hidden=hidden, item=text(f"A{n}", ITEM), amount=cell, day=text(f"C{n}", "1/4/2024")))  # fmt: skip
    path = with_cells(tmp_path / "tt.xlsx", "".join(rows))
    answer = ntm(f"fund import '{path}' --what payments --dry-run", store)
    assert answer.code == 0, answer.err
    assert "1 dòng đang ẩn trong tệp cũng được đọc: 2." in answer.err
    assert "1 ô có công thức mà tệp không lưu kết quả" in answer.err
