"""Plan packs: the bundled ones are sound and bind as their documents say; the format is told in full."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from offices import Desk, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.dates import read_phrase
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.target import AIMS, TRACKS, VERDICTS
from ntm_workflow.plans.check import MONEY_TYPES, ROLES, SETTINGS
from ntm_workflow.plans.pack import bundled, faults_of, load, part, read
from ntm_workflow.plans.shapes import TABLES, Choice, Days, DossierStep, Head

# --- the bundled packs ----------------------------------------------------------------------------


@pytest.mark.parametrize("plan", bundled())
def test_every_phrase_of_a_bundled_pack_is_read(plan: str) -> None:
    pack = load(plan)
    said = [duty.expression for duty in pack.obligations if duty.expression is not None]
    assert all(read_phrase(phrase, pack.period).derivation for phrase in said)


def test_the_lists_of_the_province_have_the_numbers_its_text_states() -> None:
    by_rule = {duty.rule: len(duty.places) for duty in load("quang-nam-2024-2025").obligations}
    # II.1: 8 and 14 communes; II.2: 17 and 44; II.3: 5 and 19; each list goes up twice.
    lists = {"D108": 8, "D110": 14, "D118": 17, "D120": 44, "D125": 5, "D127": 19}
    assert {rule: by_rule[rule] for rule in lists} == lists
    assert all(by_rule[f"D{int(rule[1:]) + 1}"] == count for rule, count in lists.items())


def test_one_areas_part_keeps_what_lies_in_it_and_the_places_above() -> None:
    pack = part(load("quang-nam-2024-2025"), "Tam Kỳ")
    assert {p.id for p in pack.places} >= {"quang-nam", "tam-ky", "tam-ngoc-tam-ky"}
    assert not [p for p in pack.places if p.parent not in (None, "quang-nam", "tam-ky")]
    assert {place for duty in pack.obligations for place in duty.places} == {
        *("tam-ngoc-tam-ky", "tam-thanh-tam-ky", "tam-phu-tam-ky", "tam-thang-tam-ky")
    }


def test_a_communes_part_has_its_villages_targets_and_police() -> None:
    pack = part(load("tam-ky-2024"), "Tam Ngọc")
    assert {place for target in pack.targets for place in target.places} == {
        "tam-ngoc-tam-ky",
        *(p.id for p in pack.places if p.type == "thon"),
    }
    assert len([p for p in pack.places if p.type == "thon"]) == 5
    assert "cong-an-tam-ngoc-tam-ky" in {lead.unit for lead in pack.leads}
    assert "cong-an-tam-phu-tam-ky" not in {lead.unit for lead in pack.leads}
    assert len(pack.criteria) == len(pack.criteria_targets) == 2


def test_work_on_a_step_begins_when_the_step_before_is_due(tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "s.db")).init().adopt("quang-nam-2024-2025")) as desk:
        rows = desk.rows("obligation")
    opens = {rule: rows[f"{rule}-tam-phu-tam-ky"]["window_start"] for rule in ("D120", "D121")}
    opens["D119"] = rows["D119-tam-ngoc-tam-ky"]["window_start"]
    assert opens == {
        "D119": date(2024, 10, 30),
        "D120": date(2025, 1, 1),
        "D121": date(2025, 5, 30),
    }


# --- Tam Kỳ 2024, adopted -------------------------------------------------------------------------

#: Rule -> how many duties, kinds, first window, first strict day, last nominal day, as its text has it.
#: D003 and D004 stand under two years, D005 under three; D008, D009 have no day, D017 no day of its month.
TAM_KY: dict[str, tuple[int, str, str | None, str | None, str | None]] = {
    "D001": (4, "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    "D002": (2, "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    "D003": (2, "in_year", "01/01/2024", "31/12/2024", "31/12/2025"),
    "D004": (2, "in_year", "01/01/2024", "31/12/2024", "31/12/2025"),
    "D005": (19, "in_year", "01/01/2023", "31/12/2023", "31/12/2025"),
    "D006": (1, "end_of_year", "01/10/2025", "31/12/2025", "31/12/2025"),
    "D007": (1, "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    "D008": (9, "undated", None, None, None),
    "D009": (5, "undated", None, None, None),
    "D010": (4, "before_date", "01/01/2024", "14/3/2024", "15/3/2024"),
    "D011": (1, "in_month", "01/6/2024", "30/6/2024", "30/6/2024"),
    "D012": (1, "before_date", "01/7/2024", "14/7/2024", "15/7/2024"),
    "D013": (1, "before_date", "01/01/2024", "19/3/2024", "20/3/2024"),
    "D014": (1, "before_date", "01/01/2024", "19/3/2024", "20/3/2024"),
    "D015": (1, "before_date", "01/01/2024", "24/9/2024", "25/9/2024"),
    "D016": (4, "before_date", "01/01/2024", "19/10/2024", "20/10/2024"),
    "D017": (4, "recur", "01/01/2024", None, None),
}


@pytest.fixture(scope="module")
def tam_ky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(Desk(store, "05/01/2024").init().adopt("tam-ky-2024")) as desk:
        yield desk


def duties(desk: Desk, rule: str) -> list[dict[str, Any]]:
    return [row for row in desk.rows("obligation").values() if row["rule"] == rule]


def day(text: str | None) -> date | None:
    return read_date(text) if text else None


@pytest.mark.parametrize("rule", TAM_KY)
def test_every_dated_clause_of_tam_ky_binds_with_its_days(rule: str, tam_ky: Desk) -> None:
    rows = duties(tam_ky, rule)
    count, kind, window, strict, nominal = TAM_KY[rule]
    assert (len(rows), {row["kind"] for row in rows}) == (count, {kind})
    firsts = [min(row[name] or date.max for row in rows) for name in ("window_start", "strict_day")]
    last = max(row["nominal_day"] or date.min for row in rows)
    assert firsts == [day(window) or date.max, day(strict) or date.max]
    assert last == (day(nominal) or date.min)


def test_tam_ky_binds_by_nothing_its_text_does_not_have(tam_ky: Desk) -> None:
    rules = Counter(row["rule"] for row in tam_ky.rows("obligation").values())
    assert rules == {rule: row[0] for rule, row in TAM_KY.items()} | {"TK-V3": 1, "TK-V4": 1}


def test_only_what_must_be_done_can_become_overdue(tam_ky: Desk) -> None:
    by_strength: dict[str, set[str]] = {}
    for row in tam_ky.rows("obligation").values():
        by_strength.setdefault(row["strength"], set()).add(row["rule"])
    assert by_strength["strive"] == {"D001", "D002", "D003", "D004", "D005", "D007"}
    assert (by_strength["expected"], by_strength["requested"]) == ({"D006"}, {"TK-V4"})
    words = {row["rule"]: row["strength_words"] for row in tam_ky.rows("obligation").values()}
    assert (words["D005"], words["D006"], words["TK-V4"]) == (
        "Năm phấn đấu",
        "Dự kiến",
        "Kính đề nghị",
    )


def test_where_a_clause_names_nobody_the_owner_is_flagged_as_inferred(tam_ky: Desk) -> None:
    inferred = {r["rule"] for r in tam_ky.rows("obligation").values() if r["inferred"]}
    assert inferred == {f"D0{n}" for n in ("06", "07", "09", *range(10, 17))}
    assert {row["owed_by"] for row in duties(tam_ky, "D011")} == {"ubnd-tam-ky"}


def test_the_documents_to_draft_are_undated_and_marked_as_not_done(tam_ky: Desk) -> None:
    rows = duties(tam_ky, "D008")
    assert {(row["stated"], row["expression"], row["enforce_day"]) for row in rows} == {
        ("Chưa", "", None)
    }
    owners = Counter(row["owed_by"] for row in rows)
    assert owners["kinh-te-tam-ky"] == 3
    assert len([unit for unit in owners if unit.startswith("ubnd-")]) == 4


def test_days_a_reader_gave_show_their_reason_in_the_derivation(tam_ky: Desk) -> None:
    steps = {step["rule"]: step for step in duties(tam_ky, "D004")[0]["derivation"]}
    assert {"strict_given", "nominal_given", "plan_opens"} - set(steps) == {"plan_opens"}
    assert "KM 2025" in steps["nominal_given"]["authority"]
    after = {step["rule"]: step for step in duties(tam_ky, "D012")[0]["derivation"]}
    assert after["after_duty"]["result"] == "2024-07-01"


def test_adopting_a_whole_plan_is_one_entry_and_quick(tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "s.db"), "05/01/2024").init()) as desk:
        begun = time.process_time()
        desk.adopt("tam-ky-2024")
        taken = time.process_time() - begun
        assert len({row["entry"] for row in _facts(desk)}) == 1
        # Far above the usual half second: it is quadratic work this must notice.
        assert taken < 10
        assert desk.rebuilt_equal()


def _facts(desk: Desk) -> list[dict[str, Any]]:
    return ntm("fact list --json", str(desk.database.path)).json["items"]  # type: ignore[no-any-return]


def test_a_choice_made_for_one_duty_stands_with_its_paper(tmp_path: Path) -> None:
    chosen = 'strength = "must"\nboundary = { value = "strict", authority = "CV 12/UBND" }'
    path = tmp_path / "mau.toml"
    path.write_text(SOUND.replace('strength = "must"', chosen), encoding="utf-8")
    with closing_store(Desk(str(tmp_path / "s.db")).init()) as desk:
        desk.adopt(str(path), within=None)
        row = desk.rows("obligation")["R1-xa-mau"]
    by_rule = {step["rule"]: step.get("authority") for step in row["derivation"]}
    assert row["enforce_day"] == date(2024, 10, 29)
    assert (by_rule["boundary_strict"], by_rule["roll_none"]) == ("CV 12/UBND", None)


# --- the document that tells the format -----------------------------------------------------------

DOC = Path(__file__).parent.parent / "docs" / "plan-packs.md"


@pytest.mark.parametrize("table", [Head, *TABLES.values(), DossierStep, Days, Choice])
def test_the_document_of_the_format_names_every_key(table: type[msgspec.Struct]) -> None:
    text = DOC.read_text(encoding="utf-8")
    keys = {field.encode_name for field in msgspec.structs.fields(table)}
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_the_document_names_every_word_a_key_may_take() -> None:
    text = DOC.read_text(encoding="utf-8")
    words = {*TYPES, *ROLES, *STRENGTHS, *AIMS, *TRACKS, *VERDICTS, *MONEY_TYPES}
    words |= {word for known in SETTINGS.values() for word in known}
    assert {word for word in words - {"ubnd"} if f"`{word}`" not in text} == set()


def test_a_pack_saved_by_notepad_reads_the_same() -> None:
    notepad = b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()
    assert read(notepad, "mau.toml").units == read(SOUND.encode(), "mau.toml").units


def test_the_document_names_every_table_and_its_example_is_sound() -> None:
    text = DOC.read_text(encoding="utf-8")
    assert all(f"`[[{table}]]`" in text for table in TABLES)
    example = text.split("```toml\n")[1].split("```")[0]
    assert faults_of(example.encode()) == []
