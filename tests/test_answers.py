"""One list in every form: JSON, CSV, tabs, a table on a terminal, and a sheet for Excel."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from terminal import ntm, on_terminal
from test_help import LEAVES

from ntm_workflow.cli import lists, xlsx
from ntm_workflow.cli.answers import cell
from ntm_workflow.cli.bilingual import LANG, Command
from ntm_workflow.cli.files import FileUnwritable
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.lists import PAGE, write_csv, write_json, write_table
from ntm_workflow.cli.xlsx import TooManyRows, write_sheet
from ntm_workflow.domain.subjects import EVENTS

COLUMNS = ["item", "year", "allocated", "rate", "met_on", "recorded_at", "standing"]
ITEM = {
    "item": "=HYPERLINK(1)\tcầu\nKỳ Phú",
    "year": 2024,
    "allocated": 1_500_000_000,
    "rate": 0.3335,
    "met_on": date(2024, 10, 30),
    "recorded_at": datetime(2024, 10, 30, 17, 30, tzinfo=UTC),
    "standing": "overdue",
}
ABOUT = {"command": "ntm fund list", "as_of": date(2024, 10, 31), "position": 12}


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    LANG.set("vi")


@pytest.fixture(scope="module")
def demo(demo_copy: str) -> str:
    # Some readings show what another command's example recorded.
    assert ntm(LEAVES["fund allocate"].examples[0].removeprefix("ntm "), demo_copy).code == 0
    return demo_copy


def printed(write: Any, *said: Any) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        write(*said)
    return out.getvalue()


# --- text ---------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(values, max_size=4))
def test_json_written_item_by_item_is_the_document_as_a_whole(items: list[Any]) -> None:
    whole = {"schema": "ntm.x.list/1", "as_of": None, "items": items}
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
    assert printed(write_json, "x.list", {"as_of": None}, "items", iter(items)) == text


def test_in_a_pipe_an_item_is_a_line_and_a_cell_holds_no_tab() -> None:
    lines = printed(write_table, COLUMNS, [ITEM, ITEM]).split("\n")
    assert len(lines) == 4
    assert lines[0].split("\t")[:3] == ["Mục vốn", "Năm", "Đã giao"]
    assert lines[1].split("\t") == [
        "=HYPERLINK(1) cầu Kỳ Phú",
        "2024",
        "1.500.000.000",
        "33,4%",
        "30/10/2024",
        "31/10/2024 00:30",
        "chưa hoàn thành, quá hạn",
    ]


def test_english_keeps_its_own_marks_and_words() -> None:
    LANG.set("en")
    line = printed(write_table, COLUMNS, [ITEM]).split("\n")[1].split("\t")
    assert (line[2], line[3], line[6]) == ("1,500,000,000", "33.4%", "overdue")


def test_csv_holds_codes_and_plain_values_and_nothing_a_sheet_would_run() -> None:
    text = printed(write_csv, COLUMNS, [ITEM, {"item": "-1", "allocated": -5}])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["item"] == "'" + ITEM["item"]
    assert (rows[0]["allocated"], rows[0]["met_on"]) == ("1500000000", "2024-10-30")
    assert rows[0]["standing"] == "overdue"
    assert (rows[1]["item"], rows[1]["allocated"], rows[1]["year"]) == ("'-1", "-5", "")
    assert not text.startswith("\ufeff")


def test_csv_tells_a_struct_by_its_keys_and_an_instant_in_utc() -> None:
    said = {"standing": "met", "met_on": date(2024, 10, 28), "waived_on": None}
    place = {"name": "Tam Ngọc", "type": "xa", "parent": "tam-ky"}
    text = printed(write_csv, ["recorded_at", "said"], [{**ITEM, "said": said}, {"said": place}])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0] == {
        "recorded_at": "2024-10-30T17:30:00Z",
        "said": "standing=met; met_on=2024-10-28",
    }
    assert rows[1]["said"] == "name=Tam Ngọc; type=xa; parent=tam-ky"
    assert cell(said) == "Tình trạng hoàn thành đúng hạn; Hoàn thành 28/10/2024"


def test_what_is_refused_at_the_first_item_is_refused_before_anything_is_written() -> None:
    def refused() -> Any:
        raise FileUnwritable(path="x", reason="y")
        yield {}

    for write in (write_table, write_csv):
        out = io.StringIO()
        with redirect_stdout(out), pytest.raises(FileUnwritable):
            write(["item"], refused())
        assert out.getvalue() == ""


def test_a_cell_names_what_it_can_and_never_shows_a_bracket() -> None:
    assert cell({"id": "x", "name": "xã Tam Ngọc"}) == "xã Tam Ngọc"
    assert cell([{"name": "A"}, {"name": "B"}]) == "A, B"
    assert cell({"found_on": date(2024, 6, 30), "state": "to_stop", "until": None}) == "phải dừng"
    assert cell({"allocated": 1000}) == "Đã giao 1.000"
    assert (cell(True), cell(False), cell(None), cell(0.5)) == ("✓", "", "", "0,5")


def test_every_type_of_fact_has_words() -> None:
    assert [type for type in EVENTS if cell(type) == type] == []


# --- a terminal ---------------------------------------------------------------------------------


def test_on_a_terminal_columns_stand_under_their_heads(demo: str) -> None:
    dated = f"obligation list --due-from 1/1/2024 --store {demo}"
    seen = on_terminal(dated, NO_COLOR="1", COLUMNS="120")
    assert "\x1b[3" not in seen
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()
    assert max(map(len, lines)) <= 120
    head = next(line for line in lines if line.startswith("Mã"))
    at = head.index("Hạn chốt")
    ends = [line[at:][:10].strip() for line in lines if line.startswith("D1")]
    dated = [end for end in ends if end]  # What has no day leaves its cell empty.
    assert len(dated) > 10
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", end) for end in dated)


ID = "D005/ngoc-bich-tam-ngoc-tam-ky"
DUTIES = (
    ["Mã", "Nội dung", "Chủ trì", "Hạn chốt", "Tình trạng", "Hoàn thành"],
    [ID, "Đạt chuẩn thôn kiểu mẫu " * 4, "UBND xã Tam Ngọc", "31/12/2024", "sắp đến hạn", ""],
)


@pytest.mark.parametrize("room", [40, 60, 80, 100, 120])
def test_an_id_is_never_broken_nor_a_day_and_an_empty_column_takes_no_room(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(room))
    lines = printed(lists.draw, DUTIES[0], iter(DUTIES[1:])).splitlines()
    assert any(line.startswith(ID) for line in lines)
    assert max(map(len, lines)) <= room
    assert "Hoàn" not in " ".join(lines)
    assert room == 40 or any("31/12/2024" in line for line in lines)
    assert len(lines) <= (24 if room < 80 else 7)


def test_a_column_that_fills_on_a_later_page_is_shown_from_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    rows = [["a", "", "x"]] * PAGE + [["b", "30/10/2024", "y"]]
    lines = printed(lists.draw, ["Mã", "Hoàn thành", "Vì"], iter(rows)).splitlines()
    assert lines[0].split() == ["Mã", "Vì"]
    assert lines[-2].split() == ["Mã", "Hoàn", "thành", "Vì"]
    assert lines[-1].split() == ["b", "30/10/2024", "y"]


def test_what_is_overdue_is_red_and_says_so_in_words(demo: str) -> None:
    line = f"obligation list --store {demo} --standing overdue"
    assert "\x1b[1;31m" in on_terminal(line, NO_COLOR="")
    assert "\x1b[" not in on_terminal(line, TERM="dumb")


def test_a_long_table_is_settled_by_its_first_page_and_goes_on(monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = ((f"mục {n}", str(n)) for n in range(2 * PAGE + 1))
    lines = printed(lists.draw, ["Mục vốn", "Năm"], rows).splitlines()
    assert len(lines) == 2 * PAGE + 2
    assert lines[0].split() == ["Mục", "vốn", "Năm"]
    assert {line.rindex(line.split()[2]) for line in lines[1:]} == {lines[0].index("Năm")}


# --- a sheet ------------------------------------------------------------------------------------


def pages(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_sheet_holds_dates_as_dates_money_as_numbers_and_text_as_text(tmp_path: Path) -> None:
    path = tmp_path / "vốn.xlsx"
    assert write_sheet(path, ABOUT, COLUMNS, iter([ITEM, {"item": "x"}])) == 2
    read = pages(path)
    times, head, row, empty = read["Danh sách"]
    assert times[0] == "Tính đến hết ngày 31/10/2024, theo sổ đến vị trí 12: ntm fund list"
    assert head[:4] == ["Mục vốn", "Năm", "Đã giao", "Tỷ lệ"]
    assert row == [
        ITEM["item"],
        2024,
        1_500_000_000,
        0.3335,
        date(2024, 10, 30),
        datetime(2024, 10, 31, 0, 30),  # noqa: DTZ001
        "chưa hoàn thành, quá hạn",
    ]
    assert empty == ["x", "", "", "", "", "", ""]
    assert read["Thông tin"][1:] == [
        [heading("command"), "ntm fund list"],
        [heading("as_of"), date(2024, 10, 31)],
        [heading("position"), 12],
    ]


def test_a_sheet_is_ready_to_be_read(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.xlsx"
    write_sheet(path, ABOUT, COLUMNS, [ITEM])
    with zipfile.ZipFile(path) as file:
        xml, styles = file.read("xl/worksheets/sheet1.xml").decode(), file.read("xl/styles.xml")
    assert 'topLeftCell="A3"' in xml
    assert 'state="frozen"' in xml
    assert 'fitToHeight="0" orientation="landscape"' in xml
    assert '<autoFilter ref="A2:G3"/>' in xml
    assert "<f>" not in xml
    assert b'formatCode="dd/mm/yyyy"' in styles
    assert b'formatCode="[$-42A]#,##0"' in styles
    widths = [float(w) for w in re.findall(r'<col [^>]*width="([0-9.]+)"', xml)]
    assert widths[0] > widths[1]


def test_the_numbers_of_a_sheet_are_grouped_when_an_office_opens_it(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    path = tmp_path / "a.xlsx"
    write_sheet(path, ABOUT, COLUMNS, [ITEM])
    # Comma, quotes, UTF-8, and cells as an office sees them.
    as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    subprocess.run(
        [office, "--headless", "--convert-to", as_shown, "--outdir", tmp_path, path], check=True
    )
    assert "1.500.000.000" in (tmp_path / "a.csv").read_text()
    assert "30/10/2024" in (tmp_path / "a.csv").read_text()


def test_a_sheet_takes_the_place_of_an_older_one_only_when_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(path, ABOUT, ["item"], [{"item": "cũ"}])
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows):
        write_sheet(path, ABOUT, ["item"], ({"item": n} for n in range(3)))
    assert pages(path)["Danh sách"][1:] == [["Mục vốn"], ["cũ"]]
    write_sheet(path, ABOUT, ["item"], [{"item": "mới"}])
    assert pages(path)["Danh sách"][2] == ["mới"]
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_what_a_sheet_cannot_hold_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    long, large, old = "ă" * 40_000, 10**16, date(1, 1, 1)
    write_sheet(
        path,
        ABOUT,
        ["item", "allocated", "since"],
        [{"item": long, "allocated": large, "since": old}],
    )
    row = pages(path)["Danh sách"][2]
    assert row == ["ă" * 32_767, "10.000.000.000.000.000", "chưa rõ"]


@pytest.mark.parametrize("where", ["thư mục.xlsx", "không có/a.xlsx"])
def test_a_sheet_that_cannot_be_written_is_told_plainly(
    where: str, demo: str, tmp_path: Path
) -> None:
    (tmp_path / "thư mục.xlsx").mkdir()
    answer = ntm(f"place list --xlsx '{tmp_path}/{where}'", demo)
    assert answer.code == 1
    assert answer.err.startswith("Lỗi: Không ghi được tệp")
    assert [p.name for p in tmp_path.iterdir()] == ["thư mục.xlsx"]


# --- every reading ------------------------------------------------------------------------------


def readings() -> list[str]:
    """An example of every command that reads."""
    found = []
    for command in LEAVES.values():
        assert isinstance(command, Command)
        options = {name for param in command.params for name in param.opts}
        if "--xlsx" in options:
            found.append(command.examples[0].removeprefix("ntm "))
    return found


@pytest.mark.parametrize("line", readings())
def test_every_reading_answers_in_every_form(
    line: str, demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What an example writes, it writes where it stands; what the demo left lies beside it.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mau").symlink_to(Path(demo).parent)
    text = ntm(line, demo)
    assert text.code == 0, text.err
    bare = line.replace(" --json", "")
    document = json.loads(ntm(f"{bare} --json", demo).out)
    assert re.fullmatch(r"ntm\.[a-z.-]+/\d", document["schema"])
    times = document.get("before", document)
    assert {"as_of", "known_at"} <= set(times)
    rows = list(csv.reader(io.StringIO(ntm(f"{bare} --csv", demo).out)))
    assert len({len(row) for row in rows}) == 1
    assert ntm(f"{bare} --xlsx '{tmp_path}/a.xlsx'", demo).code == 0
    read = pages(tmp_path / "a.xlsx")
    first, *rest = read["Danh sách"]
    heads = rest[0] if first[0].startswith(("Tính đến hết ngày", "Trước: hết ngày")) else first
    assert len(heads) == len(set(heads))
    assert read["Thông tin"][1][0] == heading("command")


def test_every_list_offers_a_sheet() -> None:
    lists_ = [c for path, c in LEAVES.items() if path.endswith((" list", " cases", " matrix"))]
    assert len(lists_) >= 8
    assert all(
        any("--xlsx" in p.opts for p in c.params if isinstance(p, click.Option)) for c in lists_
    )


# --- after a write ------------------------------------------------------------------------------


def test_a_dry_run_points_at_no_entry_and_a_refused_void_speaks_in_words(demo: str) -> None:
    line = ntm(
        LEAVES["fund allocate"].examples[0].removeprefix("ntm ") + " --document thử --dry-run", demo
    )
    assert line.code == 0
    assert "fact show" not in line.out
    missed = ntm("fact list --type ObligationMissed --json", demo).json["items"][0]
    told = ntm(f"fact void {missed['entry']} --reason a --document b", demo).err
    assert "(chưa hoàn thành)" in told
    assert "xóa thông tin cá nhân" in told


def test_a_wrong_header_and_a_wrong_address_are_told_as_they_were_typed(
    demo: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert "cột: tên, loại." in ntm(f"place import {tmp_path}/a.csv", demo).err
    told = ntm("unit contact 'UBND xã Tam Ngọc' --email 'not an email'", demo).err
    assert ": not an email" in told
