"""Forms taken in: what was filled in is recorded once, as one entry, and what is wrong comes back with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from begun import begin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import HIDDEN, filled, form_rows, pages, read, workbook
from terminal import Answer, ntm
from test_forms import build, export

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.domain.form_words import KINDS

DATA = Path(__file__).parent / "data"
NGOC = "xã Tam Ngọc"
RESULT, DAY, PAPER = "Kết quả mới", "Ngày", "Văn bản (số, ngày, nơi ban hành)"
AUGUST = date(2024, 8, 20)
TICK = {RESULT: "đạt", DAY: AUGUST, PAPER: "BB mẫu 01"}


@pytest.fixture(autouse=True)
def _no_habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def take(store: str, path: Path, more: str = "") -> Answer:
    return ntm(f"form import '{path}' {more}", store)


def size(store: str) -> int:
    return int(ntm("audit verify --json", store).json["size"])


def criteria(store: str, tmp_path: Path) -> Path:
    path = tmp_path / "tc.xlsx"
    export(store, "criteria", path)
    return path


def ticked(row: Mapping[str, Any], *numbers: int, place: str = NGOC) -> dict[str, Any]:
    return TICK if row["Địa bàn"] == place and row["TC số"] in numbers else {}


def marks(store: str, place: str = "Tam Ngọc") -> dict[int, str]:
    page = ntm(f"criteria show --place '{place}' --set xa-nang-cao --json", store).json
    return {item["number"]: item["status"] for item in page["items"]}


# --- there and back


def test_criteria_are_ticked_in_one_entry_that_one_void_takes_back(
    store: str, tmp_path: Path
) -> None:
    before = marks(store)
    path = filled(
        criteria(store, tmp_path),
        lambda row: {**ticked(row, 13, 18), **({RESULT: "chưa đạt", DAY: "21/8/2024"} if (row["Địa bàn"], row["TC số"]) == (NGOC, 4) else {})},
    )  # fmt: skip
    dry = take(store, path, "--dry-run --json").json
    assert (dry["recorded"], dry["untouched"], size(store)) == (3, 73, size(store))
    assert marks(store) == before
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    told = answer.json
    assert (told["recorded"], told["known"], len(told["entries"])) == (3, 0, 1)
    assert {(f["type"], f["effective_on"], f["document"]) for f in told["facts"]} == {
        ("CriterionAchieved", "2024-08-20", "BB mẫu 01"),
        ("CriterionLapsed", "2024-08-21", None),
    }
    now = marks(store)
    assert (now[13], now[18], now[4]) == ("achieved", "achieved", "not_achieved")
    line = f"fact void {told['entry']} --reason 'nhầm tệp' --document 'BB mẫu'"
    assert ntm(line, store).code == 0
    assert marks(store) == before
    assert ntm("rebuild --check --json", store).json["equal"] is True
    assert take(store, path, "--json").json["recorded"] == 3


def test_the_same_form_again_records_nothing_also_after_the_journal_went_on(
    store: str, tmp_path: Path
) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13, 18))
    assert take(store, path).code == 0
    before = size(store)
    again = take(store, path, "--json").json
    assert (again["recorded"], again["known"], size(store)) == (0, 2, before)
    lapse = "criteria lapse --place 'Tam Ngọc' --set xa-nang-cao --year 2024 --criterion 13 --on 1/10/2024"
    assert ntm(lapse, store).code == 0
    assert take(store, path, "--json").json["recorded"] == 0
    assert marks(store)[13] == "not_achieved"


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_nobody_filled_in_records_nothing(store: str, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bieu.xlsx"
    export(store, kind, path)
    before = size(store)
    told = take(store, path, "--json").json
    assert (told["recorded"], told["known"], told["facts"], size(store)) == (0, 0, [], before)
    assert told["untouched"] == sum(bool(row[HIDDEN]) for row in form_rows(path))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # fmt: skip
@given(
    picked=st.sets(st.integers(0, 75), max_size=6), turned=st.booleans(), words=st.sampled_from(["đạt", "met", "ĐẠT", "achieved", " đạt "])
)  # fmt: skip
def test_whatever_is_ticked_is_recorded_once_and_its_export_unchanged_says_nothing_new(
    store: str, tmp_path: Path, picked: set[int], turned: bool, words: str
) -> None:
    path = criteria(store, tmp_path)
    chosen = {row[HIDDEN] for n, row in enumerate(form_rows(path)) if n in picked}
    way = -1 if turned else 1
    filled(
        path,
        lambda row: {**TICK, RESULT: words} if row[HIDDEN] in chosen else {},
        columns=lambda heads: heads[::way],
        rows=lambda rows: rows[::way],
    )
    told = take(store, path, "--json").json
    assert told["recorded"] + told["known"] == len(chosen)
    assert take(store, path, "--json").json["recorded"] == 0
    again = criteria(store, tmp_path)
    assert take(store, again, "--json").json["facts"] == []


# --- what is wrong comes back


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({**TICK, DAY: "10/30/2024"}, DAY, "tháng 30? Ngày đứng trước"),
    ({**TICK, DAY: "31/02/2024"}, DAY, "Không có ngày “31/02/2024”"),
    ({**TICK, DAY: ""}, DAY, "Thiếu ngày"),
    ({**TICK, DAY: date(2123, 1, 1)}, RESULT, "chưa đến"),
    ({**TICK, RESULT: "đạt?!"}, "", ""),
    ({**TICK, RESULT: "sẽ đạt"}, RESULT, "“sẽ đạt” không có trong danh sách để chọn: đạt, chưa đạt"),
    ({**TICK, PAPER: "BB\u202e 01"}, PAPER, "U+202E"),
    ({**TICK, "TC số": 3}, "TC số", "dòng này của biểu là của 13"),
    ({**TICK, "Địa bàn": "xã Tam Phú"}, "Địa bàn", "dòng này của biểu là của xã Tam Ngọc"),
    ({**TICK, HIDDEN: "tam-ngoc"}, "", "Không nhận ra dòng này: cột ẩn đã bị sửa"),
    ({**TICK, HIDDEN: f"tam-ngoc-tam-ky/xa-nang-cao/2021-2025/{'9' * 5000}/13"}, "", "Không nhận ra dòng này: cột ẩn đã bị sửa"),
    ({**TICK, HIDDEN: "khong-co/xa-nang-cao/2021-2025/2024/13"}, "", "Không nhận ra dòng này: cột ẩn đã bị sửa"),
    ({**TICK, HIDDEN: "tam-ngoc-tam-ky/xa-nang-cao/2021-2025/2024/99", "TC số": 99}, RESULT, "không có tiêu chí số 99"),
    ({"Ghi chú": "chỉ ghi chú", DAY: AUGUST}, RESULT, "Thiếu kết quả mới"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "column", "why"), BAD)
def test_a_bad_row_is_told_with_its_column_and_nothing_is_recorded(
    store: str, tmp_path: Path, said: dict[str, Any], column: str, why: str
) -> None:
    path = filled(
        criteria(store, tmp_path), lambda row: said if ticked(row, 13) else ticked(row, 18)
    )
    before = size(store)
    answer = take(store, path)
    if not why:
        # What is not letters changes no word.
        assert answer.code == 0
        return
    assert (answer.code, size(store)) == (1, before)
    assert "1 dòng có lỗi, chưa ghi gì" in answer.err
    assert why in answer.err
    lines = pages(tmp_path / "tc.loi.xlsx")
    head, body = next(iter(lines.values()))[3], next(iter(lines.values()))[4:]
    at = head.index("Lỗi")
    reasons = [line[at] for line in body if len(line) > at and line[at]]
    assert len(reasons) == 1
    assert reasons[0].startswith(f"cột “{column}”: " if column else "")
    assert why in reasons[0]


def test_every_bad_cell_of_every_row_is_told_at_once_and_the_mended_copy_is_taken_in(
    store: str, tmp_path: Path
) -> None:
    path = filled(
        criteria(store, tmp_path),
        lambda row: (
            {**TICK, DAY: "31/02/2024", RESULT: "hỏng"} if ticked(row, 13)
            else {**TICK, DAY: "x"} if ticked(row, 18) else {}
        ),
    )  # fmt: skip
    answer = take(store, path)
    assert "2 dòng có lỗi" in answer.err
    back = tmp_path / "tc.loi.xlsx"
    reasons = [row["Lỗi"] for row in form_rows(back) if row["Lỗi"]]
    assert len(reasons) == 2
    assert "cột “Ngày”" in reasons[0]
    assert "cột “Kết quả mới”" in reasons[0]
    filled(back, lambda row: TICK if row["Lỗi"] else {})
    answer = take(store, back, "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], answer.json["unread"]) == (2, [])
    filled(back, lambda row: {**TICK, DAY: "y"} if ticked(row, 19) else {})
    assert take(store, back).code == 1
    twice = pages(tmp_path / "tc.loi.loi.xlsx")
    head = next(iter(twice.values()))[3]
    assert head.count("Lỗi") == 1


def test_the_same_thing_twice_in_one_form_is_refused(store: str, tmp_path: Path) -> None:
    path = criteria(store, tmp_path)
    row = next(r for r in form_rows(path) if ticked(r, 13))
    filled(path, lambda r: ticked(r, 13), more=[{**row, **TICK}])
    answer = take(store, path)
    assert answer.code == 1
    assert "Trùng với dòng 17." in answer.err


def test_a_rule_speaks_as_it_does_on_the_line(store: str, tmp_path: Path) -> None:
    typed = ntm(
        "criteria lapse --place 'Tam Ngọc' --set xa-nang-cao --year 2023 --criterion 13 --on 20/8/2024",
        store,
    )
    head = ["Địa bàn", "Tiêu chí số", "Kết quả", "Ngày", "Năm"]
    path = workbook(tmp_path / "t.xlsx", [head, [NGOC, 14, "đạt", "20/8/2023", 2024]])
    answer = take(store, path, "--kind criteria --set xa-nang-cao")
    assert (typed.code, answer.code) == (1, 1)
    assert "chưa có kết quả của năm đánh giá 2024" in answer.err


HEAD = ["TT", "Xã", "Tiêu chí số", "Kết quả", "Ngày", "Cột riêng"]


# --- forms of another kind


def test_a_form_of_another_kind_or_version_is_refused(store: str, tmp_path: Path) -> None:
    path = criteria(store, tmp_path)
    answer = take(store, path, "--kind units")
    assert answer.code == 2
    assert "là biểu tiêu chí của xã, không phải đơn vị" in answer.err
    sheets = pages(path)
    sheets[HIDDEN][1][1] = "99"
    from xlsxwriter import Workbook

    with Workbook(str(path)) as book:
        for name, lines in sheets.items():
            page = book.add_worksheet(name)
            for row, line in enumerate(lines):
                page.write_row(row, 0, line)
    answer = take(store, path)
    assert answer.code == 2
    assert "phiên bản 99, chương trình này đọc phiên bản 1" in answer.err


def test_an_option_that_says_nothing_of_a_kind_is_refused(store: str, tmp_path: Path) -> None:
    path = criteria(store, tmp_path)
    assert "không dùng --what" in take(store, path, "--what x").err
    assert "--year dành cho bảng tự lập" in take(store, path, "--year 2023").err


def test_a_form_without_any_row_says_so(store: str, tmp_path: Path) -> None:
    empty = workbook(tmp_path / "rong.xlsx", [])
    answer = take(store, empty, "--kind criteria")
    assert answer.code == 2
    assert "không có dòng tiêu đề" in answer.err
    heads = workbook(tmp_path / "dau.xlsx", [HEAD])
    told = take(store, heads, "--kind criteria --json").json
    assert (told["recorded"], told["untouched"]) == (0, 0)


def test_the_copy_keeps_the_sheet_as_it_was(store: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["MẪU"], HEAD, ["=1", NGOC, 13, "hỏng", AUGUST, "x"]])
    assert take(store, path, "--kind criteria --set xa-nang-cao").code == 1
    back = read(tmp_path / "t.loi.xlsx")
    assert [line[:6] for line in back[1:]] == [line[:6] for line in read(path)[1:]]
    assert "hỏng" in back[2][6]


@pytest.mark.parametrize("name", ["tieu-chi-da-dien.ods", "tieu-chi-da-dien.xls"])
def test_a_form_saved_by_another_program_is_still_that_form(store: str, name: str) -> None:
    """Written by this program, filled in, and saved by LibreOffice 7.4."""
    answer = take(store, DATA / name, "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["kind"], answer.json["recorded"]) == ("criteria", 2)
    assert (marks(store)[13], marks(store)[18]) == ("achieved", "achieved")


def test_the_sheet_named_is_the_one_that_is_read(store: str, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "hai.xlsx"
    with Workbook(str(path)) as book:
        for name, number in (("Một", 13), ("Hai", 18)):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["Xã", "Tiêu chí số", "Kết quả", "Ngày"])
            page.write_row(1, 0, [NGOC, number, "đạt", "20/8/2024"])
    said = "--kind criteria --set xa-nang-cao"
    first = take(store, path, f"{said} --dry-run --json")
    assert "Chỉ đọc trang “Một”. Không đọc: Hai; đọc trang khác: --sheet" in first.err
    assert first.json["unread_sheets"] == ["Hai"]
    answer = take(store, path, f"{said} --sheet Hai")
    assert (answer.code, "Không đọc" in answer.err) == (0, False)
    assert (marks(store)[13], marks(store)[18]) == ("not_achieved", "achieved")
    answer = take(store, path, f"{said} --sheet Ba")
    assert (answer.code, "không có trang “Ba”; các trang: Một, Hai" in answer.err) == (3, True)


def test_a_copy_of_its_sheet_inside_a_form_is_told(store: str, tmp_path: Path) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    assert "Không đọc:" not in take(store, path, "--dry-run").err
    sheets = pages(path)
    from xlsxwriter import Workbook

    with Workbook(str(path)) as book:
        for name, lines in [*sheets.items(), ("Bản sao", next(iter(sheets.values())))]:
            page = book.add_worksheet(name)
            for row, line in enumerate(lines):
                page.write_row(row, 0, [str(cell) for cell in line])
    assert "Không đọc: Bản sao; đọc trang khác: --sheet" in take(store, path, "--dry-run").err


def test_a_form_that_needs_two_people_waits_for_the_second(store: str, tmp_path: Path) -> None:
    rule = "approval rule --type CriterionAchieved --document 'Quy chế mẫu'"
    assert ntm(rule, store).code == 0
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    answer = take(store, path, "--by 'cán bộ A' --json")
    assert answer.code == 0, answer.err
    assert marks(store)[13] == "not_achieved"
    assert ntm("approval approve --by 'cán bộ B'", store).code == 0
    assert marks(store)[13] == "achieved"


def test_a_form_without_its_hidden_column_is_read_like_one_made_by_hand(
    store: str, tmp_path: Path
) -> None:
    path = filled(
        criteria(store, tmp_path),
        lambda row: ticked(row, 13),
        columns=lambda heads: [head for head in heads if head != HIDDEN],
    )
    answer = take(store, path)
    assert (answer.code, "Thiếu bộ tiêu chí" in answer.err) == (1, True)
    assert take(store, path, "--set xa-nang-cao --year 2024 --json").json["recorded"] == 1


def test_a_row_of_a_form_without_its_id_says_how_it_is_mended(store: str, tmp_path: Path) -> None:
    path = criteria(store, tmp_path)
    row = {**next(r for r in form_rows(path) if ticked(r, 13)), **TICK, HIDDEN: ""}
    filled(path, lambda r: {}, more=[row])
    answer = take(store, path)
    assert (answer.code, "Chép nguyên một dòng có sẵn của biểu rồi sửa" in answer.err) == (1, True)
    head = "Bộ tiêu chí"
    filled(path, lambda r: {}, columns=lambda heads: [*heads, head], more=[{**row, head: "xa-nang-cao"}])  # fmt: skip
    assert take(store, path, "--json").json["recorded"] == 1


def test_a_form_of_another_store_is_not_taken_in(store: str, tmp_path: Path) -> None:
    path = filled(criteria(store, tmp_path), lambda row: ticked(row, 13))
    other = str(tmp_path / "khac.db")
    assert ntm("init", other).code == 0
    answer = take(other, path)
    assert answer.code == 1
    assert "hoặc biểu do sổ khác xuất" in answer.err
