"""Small files made to fill the memory or to keep a program busy: refused before the library opens them.

How far cells reach is counted as the library does: that is a law, tried on sheets with and without addresses.
"""

from __future__ import annotations

import shutil
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import workbook
from test_sheet_package import DATA, HEAD, SHEET, changed, with_cells

from ntm_workflow.office.form_file import find_form
from ntm_workflow.office.sheet_counted import MOST_CELLS, MOST_LETTERS, Counted, Malformed, Unsafe
from ntm_workflow.office.sheet_package import BinaryFile, UnreadableFile, UnsafeFile, must_be_safe
from ntm_workflow.office.sheet_parts import Part
from ntm_workflow.office.sheet_reading import read_page, read_pages
from ntm_workflow.office.sheet_records import _Records

NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"


def counted(xml: bytes) -> Counted:
    """What one part comes to."""
    found = Counted()
    part = Part(found)
    part.feed(xml)
    part.close()
    return found


# --- cells at the far end


@pytest.mark.parametrize("rows", [
    '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>',
    NEAR + '<row r="1048576"><c r="xfd1048576"><v>2</v></c></row>',
    NEAR + '<row r="1048576"><c s="&gt;" r="XFD1048576"><v>2</v></c></row>'.replace("&gt;", ">"),
    NEAR + '<row r="1048576"><c r="&#88;FD1048576"><v>2</v></c></row>',
    NEAR + '<row r="1048575"/><row><c r="ALL1"/><c/><c><v>2</v></c></row>',
    NEAR + '<row r="1048576"><x:c xmlns:x="a" r="XFD1048576"><x:is><x:t>a</x:t></x:is></x:c></row>',
])  # fmt: skip
def test_a_cell_at_the_far_end_is_found_however_it_is_written(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnsafeFile):
        must_be_safe(with_cells(tmp_path / "xa.xlsx", rows))


def renamed(path: Path, to: str) -> Path:
    """The workbook with its sheet in a part of another name."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[to] = parts.pop(SHEET)
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"worksheets/sheet1.xml", to[3:].encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_sheet_in_a_part_of_any_name_is_judged(tmp_path: Path) -> None:
    rows = NEAR + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    near = renamed(with_cells(tmp_path / "gan.xlsx", NEAR), "xl/media/anh.jpg")
    assert read_page(near).lines == [[1.0]]
    with pytest.raises(UnsafeFile):
        must_be_safe(renamed(with_cells(tmp_path / "xa.xlsx", rows), "xl/media/anh.jpg"))


def test_cells_of_all_sheets_count_together(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    def made(sheets: int) -> Path:
        with Workbook(str(tmp_path / "nhieu.xlsx")) as book:
            for number in range(sheets):
                page = book.add_worksheet(f"Trang {number}")
                page.write(0, 0, "a")
                page.write(MOST_CELLS // 4 // 10 - 1, 9, "b")
        return tmp_path / "nhieu.xlsx"

    must_be_safe(made(4))
    with pytest.raises(UnsafeFile) as refused:
        must_be_safe(made(5))
    assert "dòng 125000, cột thứ 10; mọi trang" in refused.value.say("vi")


def test_rows_and_cells_without_a_value_take_no_room(tmp_path: Path) -> None:
    """LibreOffice ends a sheet with an empty last row; styled cells may run to the last column."""
    rows = NEAR + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_page(with_cells(tmp_path / "trong.xlsx", rows)).lines == [[1.0]]


def test_one_part_that_is_many_sheets_is_read_only_so_often(tmp_path: Path) -> None:
    far = NEAR + '<row r="400000"><c r="J400000"><v>2</v></c></row>'
    path = with_cells(tmp_path / "mot.xlsx", far)
    changed(path, "xl/workbook.xml", lambda xml: xml.replace(
        b"</sheets>", b'<sheet name="hai" sheetId="2" r:id="rId1"/></sheets>'
    ))  # fmt: skip
    must_be_safe(path)
    pages = read_pages(path)
    assert len(next(pages).lines) == 400_000
    with pytest.raises(UnsafeFile):
        next(pages)


ADDRESSES = st.sampled_from(["", "B2", "c4", "AA3", "D1", "A9"])
CELLS = st.lists(st.tuples(ADDRESSES, st.sampled_from(["<v>1</v>", "", "<f>1</f>", "<f>1</f><v>2</v>"])), max_size=5)  # fmt: skip


@given(rows=st.lists(st.tuples(st.sampled_from(["", "2", "7", "b5"]), CELLS), max_size=5))
def test_how_far_cells_reach_is_what_the_library_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    def said(at: str) -> str:
        return f' r="{at}"' if at else ""

    xml = "".join(
        f"<row{said(number)}>{''.join(f'<c{said(at)}>{value}</c>' for at, value in cells)}</row>"
        for number, cells in rows
    )
    path = with_cells(tmp_path_factory.mktemp("luat") / "a.xlsx", xml)
    lines = read_page(path).lines
    found = counted(OPEN + xml.encode() + CLOSE)
    assert found.cells == len(lines) * max(map(len, lines), default=0)


# --- other tricks


def test_a_binary_workbook_is_not_read_and_what_to_do_is_said(tmp_path: Path) -> None:
    path = changed(
        workbook(tmp_path / "a.xlsx", [HEAD]), "xl/Workbook.bin", lambda _: b"\x83\x01\0"
    )
    with pytest.raises(BinaryFile) as refused:
        must_be_safe(path)
    assert "lưu" in refused.value.say("vi").lower()
    assert "save it as .xlsx" in refused.value.say("en")


@pytest.mark.parametrize("xml", [
    OPEN + b"<row " * 2_000_000 + CLOSE,
    OPEN + b"<row>" * 2_000_000 + CLOSE,
    OPEN + b"<row>" * 20_000 + b"</row>" * 20_000 + CLOSE,
    OPEN + b'<row r="' + b"1" * 20_000_000 + b'"/>' + CLOSE,
    b'<!DOCTYPE a [<!ENTITY b "<row/>">]>' + OPEN + b"&b;" + CLOSE,
    b"<!-- " + OPEN + CLOSE + b" -->" + OPEN + CLOSE,
    OPEN + b'<c r="D1"/><row><c><v>1</v></c></row>' + CLOSE,
    OPEN + b"<row><row/><c/></row>" + CLOSE,
    b"<row>" + OPEN + b"<row/><c/>" + CLOSE + b"</row>",
    b"a" + OPEN + CLOSE,
    (OPEN + CLOSE).decode().encode("utf-16"),
])  # fmt: skip
def test_a_sheet_that_no_program_writes_is_no_workbook_and_that_is_known_at_once(
    tmp_path: Path, xml: bytes
) -> None:
    path = changed(workbook(tmp_path / "a.xlsx", [HEAD]), SHEET, lambda _: xml)
    with pytest.raises((UnreadableFile, UnsafeFile)):
        must_be_safe(path)


@pytest.mark.parametrize("xml", [
    b"<sst>" + b"<si>" * 3_000_000 + b"</sst>",
    b'<sst uniqueCount="99999999999"><si><t>a</t></si></sst>',
    b"a<sst><si><t>a</t></si></sst>",
])  # fmt: skip
def test_texts_kept_once_that_no_program_writes_are_no_workbook(tmp_path: Path, xml: bytes) -> None:
    path = changed(workbook(tmp_path / "a.xlsx", [HEAD]), "xl/sharedStrings.xml", lambda _: xml)
    with pytest.raises(UnreadableFile):
        must_be_safe(path)


def test_too_many_names_in_a_part_are_no_workbook() -> None:
    names = b"".join(b"<a%d/>" % number for number in range(30_000))
    with pytest.raises(Malformed):
        counted(OPEN + names + CLOSE)


@pytest.mark.parametrize("change", [
    lambda content: content + b"\n",
    lambda content: content + bytes(1 << 17),
    lambda content: content[:-2] + struct.pack("<H", 22) + content[-22:],
])  # fmt: skip
def test_a_zip_with_anything_behind_its_directory_is_not_opened(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD])
    must_be_safe(path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(UnreadableFile):
        list(read_pages(path))


@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_a_package_with_two_parts_of_one_name_is_no_workbook(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD])
    with zipfile.ZipFile(path, "a") as package, warnings.catch_warnings(action="ignore"):
        package.writestr(name, b"a" + OPEN + CLOSE if name == SHEET else OPEN + CLOSE)
    with pytest.raises(UnreadableFile):
        must_be_safe(path)


# --- merged cells


def merging(path: Path, rows: int, blocks: list[str]) -> Path:
    """A sheet with so many rows and these blocks of merged cells."""
    cells = "".join(f'<row><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, rows + 1))
    merged = "".join(f'<mergeCell ref="{block}"/>' for block in blocks)
    xml = f"</sheetData><mergeCells>{merged}</mergeCells>".encode()
    return changed(
        with_cells(path, cells), SHEET, lambda sheet: sheet.replace(b"</sheetData>", xml)
    )


def test_merged_cells_count_only_where_there_are_cells(tmp_path: Path) -> None:
    path = merging(tmp_path / "a.xlsx", 3, ["A2:XFD1048576", *["A5:A1048576"] * 3000])
    assert read_page(path).merged == [((1, 0), (2, 0))]


def test_merged_cells_that_lie_on_each_other_without_end_are_refused(tmp_path: Path) -> None:
    assert read_page(merging(tmp_path / "a.xlsx", 9, ["A1:A3", "A3:A5"])).merged is not None
    with pytest.raises(UnsafeFile):
        read_page(merging(tmp_path / "b.xlsx", 2000, ["A1:A2000"] * 3000))
    with pytest.raises(UnsafeFile):
        must_be_safe(merging(tmp_path / "c.xlsx", 1, ["A5:A6"] * 300_000))


# --- only what is asked for is read


def test_a_form_is_found_without_reading_the_sheets_behind_it(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "hai.xlsx"
    with Workbook(str(path)) as book:
        for name in ("Biểu", "Sau"):
            book.add_worksheet(name).write_row(0, 0, HEAD)
    damaged = b'<c r="A1" t="s"><v>99</v></c>'
    changed(path, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'<c r="A1" t="s"><v>0</v></c>', damaged))  # fmt: skip
    form = find_form(path, "criteria", None, {}, lambda headings: {})
    assert form.page.name == "Biểu"
    with pytest.raises(UnreadableFile):
        find_form(path, "criteria", "Sau", {}, lambda headings: {})


# --- other formats


def sample(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A workbook of Excel 97 to 2003, saved by LibreOffice, otherwise."""
    path.write_bytes(change((DATA / "giai-ngan-mau.xls").read_bytes()))
    return path


def size(content: bytes, rows: int, columns: int) -> bytes:
    at = content.index(struct.pack("<HH", 0x0200, 14)) + 4
    return content[:at] + struct.pack("<IIHHH", 0, rows, 0, columns, 0) + content[at + 14 :]


def far(content: bytes, row: int, column: int) -> bytes:
    at = content.index(struct.pack("<HH", 0x00FD, 10)) + 4
    return content[:at] + struct.pack("<HH", row, column) + content[at + 4 :]


def circling(content: bytes) -> bytes:
    """Each sector of the file system follows itself."""
    first = struct.unpack_from("<I", content, 76)[0]
    at = (first + 1) * 512
    return content[:at] + struct.pack("<128I", *range(128)) + content[at + 512 :]


def test_an_old_workbook_may_say_that_it_is_as_large_as_one_can_be(tmp_path: Path) -> None:
    path = sample(tmp_path / "a.xls", lambda content: size(content, 65_536, 256))
    assert read_page(path).lines == read_page(DATA / "giai-ngan-mau.xls").lines


@pytest.mark.parametrize(("change", "refusal"), [
    (lambda content: size(content, 4_000_000_000, 65_535), UnreadableFile),
    (lambda content: far(content, 65_535, 65_535), UnsafeFile),
    (lambda content: far(content, 65_535, 255), UnsafeFile),
    (circling, UnreadableFile),
    (lambda content: content + b"PK\x05\x06" + bytes(18), UnsafeFile),
])  # fmt: skip
def test_an_old_workbook_made_to_do_harm_is_not_opened(
    tmp_path: Path, change: Callable[[bytes], bytes], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        must_be_safe(sample(tmp_path / "a.xls", change))


def record(kind: int, *said: bytes) -> bytes:
    content = b"".join(said)
    return struct.pack("<HH", kind, len(content)) + content


@pytest.mark.parametrize("cells", [4_000, 5_000])
def test_a_long_text_of_an_old_workbook_is_shown_only_so_often(cells: int) -> None:
    text = struct.pack("<IIHB", 1, 1, 60_000, 0) + b"a" * 30_000
    rest = b"\0" + b"a" * 30_000
    before = record(0x0809) + record(0x00FC, text) + record(0x003C, rest)
    sheet = record(0x0085, struct.pack("<I", len(before) + 16), bytes(4))
    shown = b"".join(record(0x00FD, struct.pack("<HHHI", row, 0, 0, 0)) for row in range(cells))
    stream = before + sheet + record(0x000A) + record(0x0809) + shown + record(0x000A)
    records = _Records(stream)
    if cells * 60_000 < MOST_LETTERS:
        records.count()
    else:
        with pytest.raises(Unsafe):
            records.count()


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
TIMES = ' table:number-columns-repeated="{}"'


@pytest.mark.parametrize("row", [
    "<table:table-row>{}</table:table-row>".format(CELL.format(TIMES.format(MOST_CELLS), "a")),
    "<table:table-row>{}</table:table-row>".format(CELL.format("", '<text:s text:c="999999999999"/>')),
    "<table:table-row>{}</table:table-row>".format(CELL.format(TIMES.format(16_000), "a" * 30_000)),
    f"<table:table-row><table:table-cell{TIMES.format(16_000)}/><table:table-cell/></table:table-row>" * 500,
    '<table:table-row table:number-rows-repeated="-1"/>',
])  # fmt: skip
def test_an_opendocument_sheet_made_to_do_harm_is_not_opened(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.ods"
    shutil.copy(DATA / "giai-ngan-mau.ods", path)
    changed(path, "content.xml", lambda xml: xml.replace(b"<table:table-row", row.encode() + b"<table:table-row", 1))  # fmt: skip
    with pytest.raises((UnsafeFile, UnreadableFile)):
        must_be_safe(path)


def test_too_many_remarks_are_more_than_a_workbook_can_have() -> None:
    with pytest.raises(Unsafe):
        Counted(remarks=1 << 21).check()
