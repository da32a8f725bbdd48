"""Draft reports: what stands in them, how they look as files, and that a position gives the same one for ever."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm, Pt
from offices import Desk, adopted, closing_store
from python_calamine import CalamineWorkbook
from terminal import Answer, ntm

from ntm_workflow.cli.report_docx import read_template
from ntm_workflow.cli.report_sample import SAMPLE
from ntm_workflow.cli.report_template import template
from ntm_workflow.cli.report_words import words
from ntm_workflow.domain.criteria_events import CriterionAchieved
from ntm_workflow.domain.obligation_events import (
    ConditionSettled,
    ObligationMet,
    ObligationNoted,
    ObligationWaived,
)
from ntm_workflow.domain.report_days import data_days
from ntm_workflow.office import place, report
from ntm_workflow.office.reading import bare
from ntm_workflow.office.report import Received
from ntm_workflow.office.report_draft import (
    Draft,
    NoOffice,
    NotKnownThen,
    NotOverYet,
    PlaceGone,
    Wanted,
    WithoutPlan,
    must_be_over,
)
from ntm_workflow.office.report_duties import LISTS

#: A template that would be fetched from elsewhere when the document is opened.
ELSEWHERE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    b' Target="http://example.com/x.dotm" TargetMode="External"/></Relationships>'
)
NGOC, CITY, OFFICE = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-ky", "kinh-te-tam-ky"
MONTHLY = "obligation/D017@2024-09/tam-ngoc-tam-ky"
TABLE = "criteria/tam-ngoc-tam-ky/xa-nang-cao"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "tam-ky-2024", day="02/01/2024").go("06/11/2024")
    yield desk
    desk.close_store()


def draft(desk: Desk, unit: str = NGOC, period: str = "2024-10", counted: str = "calendar", known: int | None = None) -> dict[str, Any]:  # fmt: skip
    with desk.office.reading(None, known) as reading:
        wanted = Wanted(unit=unit, period=period, counted=counted)
        return Draft(desk.office.journal, reading, wanted).facts()


def ids(groups: list[dict[str, Any]]) -> set[str]:
    return {item["id"] for group in groups for item in group["items"]}


# --- what stands in it --------------------------------------------------------------------------------


def test_duties_are_done_in_the_days_past_their_day_or_due_in_the_next_period(desk: Desk) -> None:
    desk.record(lambda e: report.receive(e, Received(owed_by=NGOC, period="2024-09")), "5/10/2024")
    desk.close("31/10/2024")
    found = draft(desk)
    assert ids(found["met"]) == {"D017@2024-09/tam-ngoc-tam-ky"}
    for item in (item for group in found["missed"] for item in group["items"]):
        assert item["last_day"] <= date(2024, 10, 31)
        assert item["standing"] in ("overdue", "behind", "past_wording")
    for item in (item for group in found["next"] for item in group["items"]):
        assert date(2024, 11, 1) <= item["last_day"] <= date(2024, 11, 30)
    assert "D017@2024-11/tam-ngoc-tam-ky" in ids(found["next"])


def told_of(facts: dict[str, Any]) -> dict[str, str]:
    """Each duty of a report with the list it stands in; none stands in two."""
    found: dict[str, str] = {}
    for name in ("met", "missed", "aside", "next"):
        for id in ids(facts[name]):
            assert id not in found
            found[id] = name
    return found


@pytest.mark.parametrize("period", ["2024-03", "2024-10", "2024-Q3", "2024-H1"])
def test_what_fell_due_by_the_end_is_told_whatever_became_of_it(desk: Desk, period: str) -> None:
    last = data_days(period, "calendar").last
    desk.close("31/10/2024")
    facts = draft(desk, period=period)
    told = told_of(facts)
    with desk.office.reading(last) as reading:
        rows = [row for row in reading.rows("obligation") if row.owed_by == NGOC]
    bound = {bare(r.id): r for r in rows if r.strength in ("must", "strive")}
    for id, row in bound.items():
        if row.last_day and row.last_day <= last and not row.met_on and not row.waived_on:
            assert told[id] in ("missed", "aside"), id
    assert f"D017@{last:%Y-%m}/tam-ngoc-tam-ky" in ids(facts["missed"])


def test_what_was_done_after_the_days_was_not_done_in_them(desk: Desk) -> None:
    desk.close("31/10/2024")
    desk.record(lambda e: report.receive(e, Received(owed_by=NGOC, period="2024-10")), "1/11/2024")
    assert told_of(draft(desk))["D017@2024-10/tam-ngoc-tam-ky"] == "missed"


def test_nothing_of_the_day_after_changes_it_but_what_its_closing_found(
    desk: Desk, store_url: str
) -> None:
    """A waiver, a hand-over and what is done then belong to the next report."""
    before = {unit: draft(desk, unit) for unit in (NGOC, CITY)}
    late = "obligation/D017@2024-10/tam-ngoc-tam-ky"
    desk.record(lambda e: e.record(late, ObligationWaived), "1/11/2024", document="QĐ mẫu")
    done = "obligation/D017@2024-08/tam-ngoc-tam-ky"
    desk.record(lambda e: e.record(done, ObligationMet), "1/11/2024", document="BC mẫu")
    for line in ("place merge 'Tam Ngọc' --into 'Tam Thanh'", "place rehome 'Tam Ngọc'"):
        typed = ntm(f"{line} --on 1/11/2024 --document 'NQ mẫu'", store_url)
        assert typed.code == 0, typed.err
    for unit, told in before.items():
        after = draft(desk, unit)
        assert {n: ids(after[n]) for n in LISTS} == {n: ids(told[n]) for n in LISTS}
        assert after["kinds"] == told["kinds"]


def settle(desk: Desk, id: str) -> None:
    """What the duty depends on has not come about."""
    told = f"obligation/{id}"
    desk.record(
        lambda e: e.record(told, ConditionSettled, holds=False), "15/9/2024", document="BB mẫu"
    )


def test_what_its_condition_rules_out_is_told_once(store_url: str) -> None:
    with closing_store(adopted(store_url, "quang-nam-2024-2025", day="02/01/2024")) as desk:
        desk.go("06/11/2024")
        asked = sorted(ids(draft(desk, CITY, "2024-09")["aside"]))
        assert asked, "the plan has conditions nobody has settled"
        for id in asked:
            settle(desk, id)
        assert ids(draft(desk, CITY, "2024-09")["aside"]) >= set(asked)
        assert not set(told_of(draft(desk, CITY, "2024-10"))) & set(asked)


def test_what_was_waived_or_suspended_is_told_apart(desk: Desk) -> None:
    id = "obligation/D017@2024-10/tam-ngoc-tam-ky"
    desk.record(lambda e: e.record(id, ObligationWaived), "15/10/2024", document="QĐ mẫu")
    desk.close("31/10/2024")
    facts = draft(desk)
    assert told_of(facts)["D017@2024-10/tam-ngoc-tam-ky"] == "aside"
    assert "Được miễn, tạm dừng, chưa xác định: 1 nhiệm vụ" in text_of(filled(facts))


def test_what_is_past_its_day_is_told_by_who_says_so(desk: Desk) -> None:
    before = draft(desk)["kinds"]
    assert before["found"] == 0, "nothing is closed"
    assert before["waiting"] > 0
    desk.close("31/10/2024")
    after = draft(desk)
    assert after["kinds"]["waiting"] == 0
    assert sum(after["kinds"].values()) == len(ids(after["missed"]))
    assert after["closed_until"] == date(2024, 10, 31)


def test_the_lists_of_a_city_are_its_own_and_those_of_the_communes_in_it(desk: Desk) -> None:
    city, commune = draft(desk, CITY), draft(desk)
    for name in ("missed", "next"):
        assert ids(commune[name]) < ids(city[name])
    parts = {part["place"] and part["place"]["id"]: part for part in city["parts"]}
    assert parts["tam-ngoc-tam-ky"]["missed"] == len(ids(commune["missed"]))
    for name in ("met", "missed", "aside", "next"):
        assert sum(part[name] for part in parts.values()) == len(ids(city[name]))
    assert words(city)["all_parts"]["missed"] == len(ids(city["missed"]))


def test_a_commune_does_not_tell_what_others_owe_for_it(desk: Desk) -> None:
    found = draft(desk)
    for name in ("met", "missed", "next"):
        owed = {item["owed_by"]["id"] for group in found[name] for item in group["items"]}
        assert owed <= {NGOC}


def test_causes_said_after_the_period_stand_in_it(desk: Desk) -> None:
    desk.close("31/10/2024")
    said = {"cause": "mưa lũ (mẫu)", "proposal": "lùi thời hạn (mẫu)"}
    desk.record(lambda e: e.record(MONTHLY, ObligationNoted, **said), "4/11/2024")
    shown = words(draft(desk))
    assert [note["text"] for note in shown["causes"]] == ["mưa lũ (mẫu)"]
    assert [note["text"] for note in shown["proposals"]] == ["lùi thời hạn (mẫu)"]


def test_whose_report_came_is_told_though_it_came_after_the_period(desk: Desk) -> None:
    came = Received(owed_by=NGOC, period="2024-10")
    desk.record(lambda e: report.receive(e, came), "5/11/2024")
    own, *below = draft(desk, CITY)["parts"]
    assert (own["place"], own["report"]) == (None, None)
    told = {part["place"]["id"]: part["report"] for part in below}
    assert told.pop("tam-ngoc-tam-ky") == "received"
    assert set(told.values()) == {"missing"}


def test_it_goes_to_whom_the_plan_has_the_unit_report_to(desk: Desk) -> None:
    assert draft(desk)["recipients"] == ["UBND thành phố Tam Kỳ"]
    sent = draft(desk, CITY)["recipients"]
    assert sent, "the plan's own recipients, where it says nothing of a report"
    assert "Lưu" not in "".join(words(draft(desk, CITY))["recipients"])


def test_an_office_without_an_area_reports_what_it_owes_itself(desk: Desk) -> None:
    found = draft(desk, OFFICE)
    assert found["parts"] == []
    assert {name for name, _ in found["cards"]["unit"]} <= {"Phòng Kinh tế thành phố Tam Kỳ"}


def test_the_figures_days_are_a_setting(desk: Desk) -> None:
    assert (draft(desk)["from"], draft(desk)["until"]) == (date(2024, 10, 1), date(2024, 10, 31))
    other = draft(desk, counted="15-14")
    assert (other["from"], other["until"]) == (date(2024, 9, 15), date(2024, 10, 14))


def test_a_unit_no_plan_asks_anything_of_has_nothing_to_report(desk: Desk) -> None:
    with pytest.raises(WithoutPlan):
        draft(desk, period="2023-10")
    with pytest.raises(WithoutPlan):
        draft(desk, "kho-bac-quang-nam")


@pytest.mark.parametrize(("day", "over"), [(date(2024, 10, 31), False), (date(2024, 11, 1), True)])
def test_a_period_that_is_not_over_has_no_report(day: date, over: bool) -> None:
    wanted = Wanted(unit=NGOC, period="2024-10", counted="calendar")
    if over:
        must_be_over(wanted, day)
    else:
        with pytest.raises(NotOverYet):
            must_be_over(wanted, day)


def test_cards_judge_what_fell_due_on_the_last_day_by_what_is_known_since(desk: Desk) -> None:
    desk.close("31/10/2024")
    desk.record(lambda e: report.receive(e, Received(owed_by=NGOC, period="2024-10")), "5/11/2024")
    [(name, card)] = draft(desk)["cards"]["unit"]
    assert name == "UBND xã Tam Ngọc"
    assert card.must.pending == 0
    assert card.must.late == 1


def test_a_communes_report_judges_nobody_above_it(desk: Desk) -> None:
    desk.close("31/10/2024")
    facts = draft(desk)
    for per in ("unit", "department"):
        assert {name for name, _ in facts["cards"][per]} <= {"UBND xã Tam Ngọc"}


def test_what_a_table_begins_with_was_not_reached_in_the_period(desk: Desk) -> None:
    said = {"set": "xa-nang-cao", "version": "2021-2025", "number": 19, "assessment_year": 2024}
    desk.record(lambda e: e.record(TABLE, CriterionAchieved, **said), "20/8/2024")
    for period, newly in (("2024", [19]), ("2024-Q3", [19]), ("2024-08", [19]), ("2024-09", [])):
        sets = {each["set"]: each for each in draft(desk, period=period)["criteria"]}
        assert sets["xa-nang-cao"]["places"][0]["newly"] == newly


def test_a_cause_stands_with_what_was_not_done_in_time_only(desk: Desk) -> None:
    desk.record(lambda e: report.receive(e, Received(owed_by=NGOC, period="2024-09")), "28/9/2024")
    desk.close("31/10/2024")
    desk.record(lambda e: e.record(MONTHLY, ObligationNoted, cause="mẫu"), "4/11/2024")
    ahead = "obligation/D017@2024-11/tam-ngoc-tam-ky"
    desk.record(lambda e: e.record(ahead, ObligationNoted, cause="mẫu"), "4/11/2024")
    assert draft(desk)["noted"] == []
    assert draft(desk, period="2024-09")["noted"] == []


def test_a_group_of_offices_and_a_place_that_is_gone_report_nothing(desk: Desk) -> None:
    with pytest.raises(NoOffice):
        draft(desk, "phong-ban-tam-ky")
    desk.record(lambda e: place.abolish(e, "Tam Ngọc"), "15/10/2024", document="NQ mẫu")
    with pytest.raises(PlaceGone):
        draft(desk)
    assert draft(desk, period="2024-09")["unit"]["id"] == NGOC


def test_a_position_from_before_the_end_of_the_days_gives_no_report(desk: Desk) -> None:
    first = draft(desk)["position"]
    desk.go("15/10/2024").record(lambda e: e.record(MONTHLY, ObligationNoted, cause="mẫu"))
    with pytest.raises(NotKnownThen):
        draft(desk, known=first)
    assert draft(desk, period="2024-09", known=first)["position"] == first
    # Nobody recorded anything more in October: what was known then is all there is to know of it.
    assert draft(desk, known=first + 1)["position"] == first + 1


# --- as a file ----------------------------------------------------------------------------------------


def filled(facts: dict[str, Any]) -> bytes:
    return read_template(None).filled(facts)


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_it_has_the_layout_of_official_documents() -> None:
    document = Document(io.BytesIO(filled(SAMPLE)))
    page = document.sections[0]
    # Word keeps lengths in twentieths of a point.
    millimetres = [round(length / Mm(1)) for length in (page.page_width, page.page_height)]
    assert millimetres == [210, 297]
    allowed = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
    for side, (least, most) in allowed.items():
        assert least <= round(getattr(page, f"{side}_margin") / Mm(1)) <= most
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size in (Pt(13), Pt(14))
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header._element.xml
    assert "PAGE" not in page.first_page_header._element.xml
    text = text_of(filled(SAMPLE))
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "DỰ THẢO",
                 "BÁO CÁO", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "XÃ MẪU"):  # fmt: skip
        assert said in text


def test_nothing_of_the_templates_language_is_left_in_it(desk: Desk) -> None:
    for facts in (SAMPLE, draft(desk), draft(desk, CITY)):
        content = filled(facts)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            whole = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
        assert "{{" not in whole
        assert "{%" not in whole


def test_its_chart_can_be_changed_in_word() -> None:
    with zipfile.ZipFile(io.BytesIO(filled(SAMPLE))) as parts:
        chart = parts.read("word/charts/chart1.xml").decode()
        assert "externalData" in chart
        assert "<c:v>1000</c:v>" in chart
        assert "<c:v>500</c:v>" in chart
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(parts.read("word/embeddings/bieu-do1.xlsx")))  # fmt: skip
    assert sheet.get_sheet_by_index(0).to_python()[1] == ["tỉnh", 1000.0, 500.0]


def test_without_money_there_is_no_chart() -> None:
    money = {"rows": [], "total": SAMPLE["money"]["total"]}
    with zipfile.ZipFile(io.BytesIO(filled({**SAMPLE, "money": money}))) as parts:
        assert not [name for name in parts.namelist() if "chart" in name]


def test_names_that_look_like_markup_stay_text() -> None:
    facts = {**SAMPLE, "recipients": ["Hội A & B <nháp>", "{{ unit }}"]}
    assert "- Hội A & B <nháp>;" in text_of(filled(facts))
    assert "- {{ unit }};" in text_of(filled(facts))


@pytest.fixture
def typed_desk(desk: Desk) -> Desk:
    desk.close("31/10/2024")
    return desk


def type_draft(store: str, file: Path, *more: str) -> Answer:
    asked = f"report draft --kind month --for {NGOC} --period 2024-10 --as-of 6/11/2024"
    return ntm(" ".join([asked, "-o", str(file), *more]), store)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_same_position_gives_the_same_bytes_for_ever(
    typed_desk: Desk, store_url: str, tmp_path: Path, ending: str
) -> None:
    first, again, later = (tmp_path / f"{n}.{ending}" for n in ("first", "again", "later"))
    position = draft(typed_desk)["position"]
    assert type_draft(store_url, first).code == 0
    assert type_draft(store_url, again).code == 0
    assert first.read_bytes() == again.read_bytes()
    typed_desk.record(lambda e: e.record(MONTHLY, ObligationNoted, cause="mẫu"), "5/11/2024")
    assert type_draft(store_url, later).code == 0
    assert later.read_bytes() != first.read_bytes()
    asked = type_draft(store_url, later, "--known-at", f"#{position}", "--replace")
    assert asked.code == 0
    assert later.read_bytes() == first.read_bytes()


def test_a_document_is_the_same_whatever_language_the_screen_has(
    desk: Desk, store_url: str, tmp_path: Path
) -> None:
    desk.allocate("Công trình mẫu", 10**9)
    vietnamese, english = tmp_path / "vi.docx", tmp_path / "en.docx"
    assert type_draft(store_url, vietnamese).code == 0
    assert type_draft(store_url, english, "--lang en").code == 0
    assert vietnamese.read_bytes() == english.read_bytes()


def test_a_long_list_says_how_much_of_it_is_not_shown() -> None:
    many = {**SAMPLE, "missed": [{**SAMPLE["missed"][0], "title": f"Việc {n}"} for n in range(50)]}
    cards = {per: SAMPLE["cards"][per] * 45 for per in SAMPLE["cards"]}
    text = text_of(filled({**many, "cards": cards}))
    assert "… và 10 dòng nữa" in text
    assert "… và 5 dòng nữa" in text


def test_what_somebody_edited_is_not_written_over(
    desk: Desk, store_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "bc.docx"
    assert type_draft(store_url, file).code == 0
    assert type_draft(store_url, file).code == 0, "the same again changes nothing"
    file.write_bytes(b"edited by hand")
    refused = type_draft(store_url, file)
    assert refused.code == 1
    assert "--replace" in refused.err
    assert file.read_bytes() == b"edited by hand"
    assert type_draft(store_url, file, "--replace").code == 0


def test_the_workbook_has_every_duty_and_no_formula(
    desk: Desk, store_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "bc.xlsx"
    assert type_draft(store_url, file).code == 0
    book = CalamineWorkbook.from_path(str(file))
    listed = {row[-1] for row in book.get_sheet_by_name("Nhiệm vụ").to_python()[1:]}
    found = draft(desk)
    assert listed == ids(found["met"]) | ids(found["missed"]) | ids(found["next"])
    with zipfile.ZipFile(file) as parts:
        sheets = [parts.read(n) for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in sheets if b"<f>" in sheet]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--kind quarter --period 2024-10", 2, "là tháng, không phải quý"),
        ("--period 2024-13", 2, "Không đọc được kỳ"),
        ("--period 2024-11", 1, "chưa hết kỳ"),
        ("--period 2024-10 -o bc.pdf", 2, ".docx hoặc .xlsx"),
        ("--period 2029 --as-of 1/1/2031", 1, "chưa hết kỳ"),
        ("--period 2024-10 --template x.docx -o bc.xlsx", 2, "--template"),
        (f"--period 2024-10 -o {'x' * 300}.docx", 1, "Không ghi được"),
        ("--period 2024-10 --template x.docx -o bc.docx", 2, "không dùng được làm mẫu"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    desk: Desk, store_url: str, line: str, code: int, said: str
) -> None:
    answer = ntm(f"report draft --for {NGOC} --as-of 6/11/2024 {line}", store_url)
    assert answer.code == code
    assert said in answer.err


# --- an office's own template -------------------------------------------------------------------------


def with_text(tmp_path: Path, text: str) -> Path:
    """The bundled template with one more paragraph."""
    document = Document(io.BytesIO(template()))
    document.add_paragraph(text)
    file = tmp_path / "mau.docx"
    document.save(str(file))
    return file


def test_an_office_changes_the_template_in_word(
    desk: Desk, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = with_text(tmp_path, "Cơ quan mẫu: {{ unit }}, {{ met.count }} việc")
    file = tmp_path / "bc.docx"
    monkeypatch.setenv("NTM_REPORT_TEMPLATE", str(mine))
    assert type_draft(store_url, file).code == 0
    assert "Cơ quan mẫu: UBND xã Tam Ngọc, 0 việc" in text_of(file.read_bytes())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ khong_co }}", "khong_co"),
        ("{{ met.khong_co }}", "khong_co"),
        ("{% for row in met.rows %}{{ row.khong_co }}{% endfor %}", "khong_co"),
        ("{% if unit %}x{% else %}{{ khong_co }}{% endif %}", "khong_co"),
        ("{{ khong_co | default('') }}", "khong_co"),
        ("{{ unit", "không dùng được"),
        ("{% for x in met.rows %}", "không dùng được"),
        ("{{ ''.__class__.__mro__ }}", "không dùng được"),
        ("{% for x in range(10**9) %}{% endfor %}", "không dùng được"),
    ],
)
def test_a_template_with_a_fault_is_refused_before_anything_is_written(
    desk: Desk, store_url: str, tmp_path: Path, text: str, said: str
) -> None:
    mine, file = with_text(tmp_path, text), tmp_path / "bc.docx"
    answer = type_draft(store_url, file, "--template", str(mine))
    assert answer.code == 2, answer.err
    assert said in answer.err
    assert "report template" in answer.err
    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no document at all"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "mau.docx"
    file.write_bytes(content)
    answer = ntm(f"report template {file} --check")
    assert answer.code == 2
    assert "không phải tệp Word" in answer.err


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        ("word/vbaProject.bin", b"x", "macro"),
        ("word/_rels/settings.xml.rels", ELSEWHERE, "nơi khác"),
    ],
)
def test_a_template_with_macros_or_with_content_from_elsewhere_is_refused(
    tmp_path: Path, part: str, content: bytes, said: str
) -> None:
    file = tmp_path / "mau.docx"
    file.write_bytes(template())
    with zipfile.ZipFile(file, "a") as parts:
        parts.writestr(part, content)
    answer = ntm(f"report template {file} --check")
    assert answer.code == 2
    assert said in answer.err


def test_a_template_may_show_the_chart_twice(tmp_path: Path) -> None:
    file = with_text(tmp_path, "{{ money_chart }}")
    with zipfile.ZipFile(io.BytesIO(read_template(file).filled(SAMPLE))) as parts:
        charts = [name for name in parts.namelist() if name.startswith("word/charts/chart")]
    assert len(charts) == len(set(charts)) == 2


def test_a_damaged_template_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mau.docx"
    content = bytearray(template())
    content[200:260] = b"\0" * 60
    file.write_bytes(content)
    assert ntm(f"report template {file} --check").code == 2


def test_a_template_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mau.docx"
    file.write_bytes(template())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/media/bomb.bin", b"0" * 60_000_000)
    assert file.stat().st_size < 200_000
    answer = ntm(f"report template {file} --check")
    assert answer.code == 2
    assert "quá lớn" in answer.err


def test_the_bundled_template_is_written_out_once_and_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "mau.docx"
    assert ntm(f"report template {file}").code == 0
    assert ntm(f"report template {file} --check").code == 0
    assert ntm(f"report template {file}").code != 0
    shutil.copy(file, tmp_path / "copy.docx")
    assert ntm(f"report template {tmp_path / 'copy.docx'} --check --json").json["checked"] is True
