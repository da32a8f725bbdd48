"""Forms as they are written: what the journal says, what may be filled in, and lists to choose from."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from begun import begin
from python_calamine import CalamineWorkbook, SheetVisibleEnum
from sheets import HIDDEN, filled, form_rows, header_of, pages
from terminal import Answer, ntm

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.domain.form_words import KINDS
from ntm_workflow.domain.values import collation_key
from ntm_workflow.office.form_kinds import kind_named

ITEM = "=Cầu A (mẫu)"
ALLOCATE = (
    f"fund allocate --item '{ITEM}' --place 'Tam Ngọc' --year 2024 --source provincial"
    " --kind investment --amount '1,5 tỷ' --on 20/2/2024"
)
#: What each kind needs to be said beside its name.
MORE = {"criteria": "--set xa-nang-cao --year 2024", "villages": "--year 2024"}


def build(url: str) -> None:
    assert ntm("init", url).code == 0
    for line in (
        "plan adopt quang-nam-2024-2025 tam-ky-2024 --within 'Tam Kỳ'",
        ALLOCATE,
        "unit contact 'UBND xã Tam Ngọc' --email tam-ngoc@example.com",
    ):
        answer = ntm(line, url)
        assert answer.code == 0, answer.err


@pytest.fixture
def store(sqlite_url: str) -> str:
    LANG.set("vi")
    begin(sqlite_url, build, "forms")
    return sqlite_url


def export(store: str, kind: str, path: Path, more: str | None = None) -> Answer:
    said = MORE.get(kind, "") if more is None else more
    answer = ntm(f"form export {kind} '{path}' {said} --replace", store)
    assert answer.code == 0, answer.err
    return answer


def xml(path: Path, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(part).decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_form_says_what_it_is_of_which_day_and_how_far_the_journal_was_known(
    store: str, tmp_path: Path, kind: str, lang: str
) -> None:
    path = tmp_path / "bieu.xlsx"
    told = export(store, kind, path, f"{MORE.get(kind, '')} --lang {lang} --json").json
    title, known, how, heads, *_ = next(iter(pages(path).values()))
    day = date.fromisoformat(told["as_of"]).strftime("%d/%m/%Y")
    assert title[0].startswith("Biểu" if lang == "vi" else ("Form", "Progress"))
    assert day in known[0]
    assert f"#{told['known_at']['position']}" in known[0]
    assert "ntm form import" in how[0]
    titles = [c.title.vi if lang == "vi" else c.title.en for c in kind_named(kind).columns]
    assert set(heads) - {HIDDEN} <= set(titles)
    assert told["rows"] == sum(bool(row[HIDDEN]) for row in form_rows(path)) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_lies_well_on_paper_and_keeps_what_it_is_out_of_sight(
    store: str, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bieu.xlsx"
    export(store, kind, path)
    sheet = xml(path)
    assert 'orientation="landscape"' in sheet
    assert 'topLeftCell="B5"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'hidden="1"' in re.findall(r"<col [^>]*>", sheet)[-1]
    assert "$4:$4" in xml(path, "xl/workbook.xml")
    assert "<f>" not in sheet
    seen = {
        meta.name: meta.visible for meta in CalamineWorkbook.from_path(str(path)).sheets_metadata
    }
    assert seen["_danh_sach"] is SheetVisibleEnum.Hidden
    assert seen[HIDDEN] is SheetVisibleEnum.VeryHidden
    about = dict(pages(path)[HIDDEN])
    assert (about["kind"], about["version"]) == (kind, "1")


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_with_a_closed_list_or_a_day_says_what_it_takes(
    store: str, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bieu.xlsx"
    export(store, kind, path)
    rules = re.findall(
        r'<dataValidation type="(\w+)"[^>]*sqref="([A-Z]+)\d+[^"]*">(.*?)</dataVal', xml(path)
    )
    lines = next(iter(pages(path).values()))
    heads = lines[header_of(lines)]
    holds = {"list": "choice", "date": "day", "whole": ("money", "year")}
    columns = {column.title.vi: column for column in kind_named(kind).columns}
    ruled = {heads[ord(at) - 65] for _, at, _ in rules}
    for type, at, formula in rules:
        column = columns[heads[ord(at) - 65]]
        assert column.holds in holds[type]
        assert (type == "list") == ("_danh_sach" in formula)
    closed = {
        c.title.vi
        for c in columns.values()
        if c.filled and c.shown and c.holds in ("choice", "day", "money", "year")
    }
    assert closed <= ruled
    assert 'formatCode="dd/mm/yyyy"' in xml(path, "xl/styles.xml")


def test_a_dossier_offers_only_the_steps_that_are_in_order(store: str, tmp_path: Path) -> None:
    line = "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --on 28/10/2024"
    assert ntm(line, store).code == 0
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024")
    lists = list(zip(*pages(path)["_danh_sach"], strict=True))
    lines = next(iter(pages(path).values()))
    step = chr(65 + lines[header_of(lines)].index("Bước"))
    offered = {}
    for ranges, source in re.findall(
        r'<dataValidation type="list"[^>]*sqref="([^"]*)"><formula1>(.*?)</formula1>', xml(path)
    ):
        at = re.search(r"\$([A-Z]+)\$", source)
        assert at
        column = 0
        for letter in at[1]:
            column = column * 26 + ord(letter) - 64
        for cell in ranges.split():
            if cell.startswith(step):
                offered[cell] = [text for text in lists[column - 1] if text]
    assert offered[f"{step}5"] == ["thẩm tra", "trả lại", "rút hồ sơ"]
    others = [steps for cells, steps in offered.items() if cells not in (f"{step}5",)]
    assert ["lập hồ sơ", "trình", "rút hồ sơ"] in others
    assert ["đăng ký"] in others
    assert len(others) == 2


def test_what_the_journal_says_is_shown_and_a_name_like_a_formula_stays_text(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "tt.xlsx"
    export(store, "payments", path)
    (row,) = form_rows(path)
    assert row["Tên công trình, mục vốn"] == ITEM
    assert (row["Đã giao (đồng)"], row["Còn lại (đồng)"]) == (1_500_000_000, 1_500_000_000)
    assert row["Thanh toán (đồng)"] == ""
    export(store, "criteria", tmp_path / "tc.xlsx")
    title = next(iter(pages(tmp_path / "tc.xlsx").values()))[0][0]
    assert title == "Biểu chấm tiêu chí xã NTM nâng cao, năm đánh giá 2024"
    now = {(r["Địa bàn"], r["TC số"]): r["Hiện nay trong sổ"] for r in form_rows(tmp_path / "tc.xlsx")}  # fmt: skip
    assert now["xã Tam Ngọc", 13] == "chưa đạt"
    assert now["xã Tam Phú", 5] == "mâu thuẫn"
    assert now["xã Tam Ngọc", 1] == "đạt"


def test_names_stand_in_the_order_of_the_dictionary(store: str, tmp_path: Path) -> None:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    names = [row["Tên đơn vị"] for row in form_rows(path) if row[HIDDEN]]
    assert names == sorted(names, key=collation_key)
    assert len(names) > 20
    addresses = {row["Tên đơn vị"]: row["Địa chỉ thư hiện nay"] for row in form_rows(path)}
    assert addresses["UBND xã Tam Ngọc"] == "tam-ngoc@example.com"


def test_a_form_that_was_filled_in_is_not_written_over_unasked(store: str, tmp_path: Path) -> None:
    path = tmp_path / "tc.xlsx"
    line = f"form export criteria '{path}' {MORE['criteria']}"
    assert [ntm(line, store).code for _ in range(2)] == [0, 0]
    filled(path, lambda row: {"Kết quả mới": "đạt"})
    kept = path.read_bytes()
    answer = ntm(line, store)
    assert (answer.code, path.read_bytes()) == (1, kept)
    assert "có thể đã được điền, sửa tay; chưa ghi gì" in answer.err
    assert ntm(f"{line} --replace", store).code == 0
    assert {row["Kết quả mới"] for row in form_rows(path)} == {""}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_are_the_same_form(store: str, tmp_path: Path, kind: str) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    told = export(store, kind, first, f"{MORE.get(kind, '')} --json").json
    at = told["known_at"]["position"]
    export(store, kind, second, f"{MORE.get(kind, '')} --known-at '#{at}'")
    assert first.read_bytes() == second.read_bytes()


def test_a_form_is_narrowed_and_replaces_the_one_before(store: str, tmp_path: Path) -> None:
    path = tmp_path / "tc.xlsx"
    export(store, "criteria", path)
    assert len(form_rows(path)) == 76
    export(store, "criteria", path, f"{MORE['criteria']} --within 'Tam Ngọc'")
    assert {row["Địa bàn"] for row in form_rows(path)} == {"xã Tam Ngọc"}
    assert len(form_rows(path)) == 19


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("criteria {path}", 2, "Biểu tiêu chí của xã cần --set"),
        ("criteria {path} --set khong-co --year 2024", 3, "Không có bộ tiêu chí “khong-co”"),
        ("criteria {path} --set xa-ntm --plan tam-ky-2024", 2, "không dùng --plan"),
        ("dossiers {path} --standard khong-co", 3, "Không có danh hiệu"),
        ("targets {path} --plan khong-co", 3, "khong-co"),
        ("units {path} --year 2024", 2, "không dùng --year"),
        ("tiêu-chí {path}", 2, "criteria"),
        ("targets {path} --what khong-co", 3, "Sổ không có dòng nào cho biểu số đo mục tiêu"),
        ("payments {path} --year 1999", 3, "chưa ghi tệp"),
        ("units tep.csv", 2, "phải kết thúc bằng .xlsx"),
    ],
)
def test_what_cannot_be_a_form_is_refused_and_no_file_is_left(
    store: str, tmp_path: Path, line: str, code: int, said: str
) -> None:
    path = tmp_path / "bieu.xlsx"
    answer = ntm(f"form export {line.format(path=path)}", store)
    assert answer.code == code
    assert said in answer.err
    assert not path.exists()
