"""Plan packs: the bundled ones are sound and bind as their documents say; the format is told in full."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from offices import Desk, adopted, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.dates import read_phrase
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.target import AIMS, TRACKS, VERDICTS
from ntm_workflow.plans.check import ROLES, SETTINGS
from ntm_workflow.plans.check_money import MONEY_TYPES
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
        *("tam-ky", "tam-ngoc-tam-ky", "tam-thanh-tam-ky", "tam-phu-tam-ky", "tam-thang-tam-ky")
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
    with closing_store(adopted(str(tmp_path / "s.db"), "quang-nam-2024-2025")) as desk:
        rows = desk.rows("obligation")
    opens = {rule: rows[f"{rule}/tam-phu-tam-ky"]["window_start"] for rule in ("D120", "D121")}
    opens["D119"] = rows["D119/tam-ngoc-tam-ky"]["window_start"]
    assert opens == {
        "D119": date(2024, 10, 30),
        "D120": date(2025, 1, 1),
        "D121": date(2025, 5, 30),
    }


# --- a whole plan, adopted ------------------------------------------------------------------------


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
        row = desk.rows("obligation")["R1/xa-mau"]
    by_rule = {step["rule"]: step.get("authority") for step in row["derivation"]}
    assert row["enforce_day"] == date(2024, 10, 29)
    assert (by_rule["boundary_strict"], by_rule["roll_none"]) == ("CV 12/UBND", None)


# --- the document that tells the format -----------------------------------------------------------

DOC = Path(__file__).parent.parent / "docs" / "plans.md"


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
