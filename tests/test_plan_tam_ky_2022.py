"""The steering committee's programme for 2022: two items of one number, meetings and reports without a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store

from ntm_workflow.plans.pack import load

PLAN = "tam-ky-2022"
COMMUNES = {f"tam-{name}-tam-ky" for name in ("thanh", "ngoc", "phu", "thang")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, PLAN, within=None, day="01/11/2022")) as desk:
        yield desk


def duties(desk: Desk, rule: str) -> list[dict[str, Any]]:
    return [row for row in desk.rows("obligation").values() if row["rule"] == rule]


def test_the_second_of_two_items_of_one_number_is_told_from_the_first(desk: Desk) -> None:
    clauses = load(PLAN).clauses
    assert clauses[clauses.index("III.7") + 1] == "III.7 (2)"
    by_clause = {row["clause"]: set[str]() for row in desk.rows("obligation").values()}
    for row in desk.rows("obligation").values():
        by_clause[row["clause"]].add(row["rule"])
    assert by_clause["III.7"] == {"D309", "TK22-III7"}
    assert by_clause["III.7 (2)"] == {"D304", "D305", "D306", "TK22-III7"}


def test_meetings_and_reports_are_owed_by_the_city_and_by_each_commune(desk: Desk) -> None:
    assert Counter(row["owed_by"] for row in duties(desk, "D304")) == {
        "phong-ban-tam-ky": 12,
        **{f"ubnd-{commune}": 12 for commune in COMMUNES},
    }
    assert [row["owed_by"] for row in duties(desk, "D305")] == ["bcd-tam-ky"] * 12
    assert {row["owed_by"] for row in duties(desk, "D306")} == {f"bcd-{c}" for c in COMMUNES}
    assert {row["owed_to"] for row in duties(desk, "D307")} == {"ubnd-tam-ky", "bcd-tam-ky"}
    quarters = {row["occurrence"]: row["enforce_day"] for row in duties(desk, "D307")}
    assert quarters == {
        "2022-Q1": date(2022, 3, 31),
        "2022-Q2": date(2022, 6, 30),
        "2022-Q3": date(2022, 9, 30),
        "2022-Q4": date(2022, 12, 31),
    }


def test_what_comes_back_nobody_says_how_often_stands_without_a_day(desk: Desk) -> None:
    recurring = [row for row in desk.rows("obligation").values() if row["kind"] == "recur"]
    assert {row["rule"] for row in recurring if row["occurrence"] is None} == {
        *("D308", "TK22-III7", "TK22-IV1", "TK22-IV5")
    }
    assert {row["enforce_day"] for row in recurring if row["occurrence"] is None} == {None}


def test_a_plan_that_waits_for_the_province_has_no_day_and_no_beginning(desk: Desk) -> None:
    rows = duties(desk, "D303")
    assert len(rows) == 3 * len(COMMUNES)
    assert {(row["kind"], row["window_start"], row["enforce_day"]) for row in rows} == {
        ("event", None, None)
    }
    assert len({row["paper"] for row in rows}) == 3


def test_the_apparatus_is_due_by_the_end_of_march_in_the_city_and_the_communes(desk: Desk) -> None:
    rows = duties(desk, "D301")
    assert {row["place"] for row in rows} == COMMUNES | {"tam-ky"}
    assert {row["nominal_day"].isoformat() for row in rows} == {"2022-03-31"}


def test_all_money_of_the_year_is_an_aim_and_measured(desk: Desk) -> None:
    [duty] = duties(desk, "D302")
    assert (duty["strength"], duty["strength_words"]) == ("strive", "MỤC TIÊU")
    assert desk.rows("target")["tam-ky/giai-ngan-2022"]["threshold"] == "100"


def test_what_follows_a_miss_stands_at_the_duty_with_its_clause(desk: Desk) -> None:
    chairman = {(c["what"], c["clause"]) for c in duties(desk, "D310")[0]["consequences"]}
    assert ("responsibility", "IV.2") in chairman
    report = {(c["what"], c["clause"]) for c in duties(desk, "D304")[0]["consequences"]}
    assert report == {("responsibility", "III.1"), ("criticism", "IV.5")}


def test_the_province_and_its_departments_are_asked_together(desk: Desk) -> None:
    [asked] = duties(desk, "TK22-V1")
    assert (asked["owed_by"], asked["with"]) == ("bcd-quang-nam", ["so-nganh-quang-nam"])


def test_means_are_gathered_for_the_year(desk: Desk) -> None:
    [duty] = duties(desk, "TK22-I5")
    assert (duty["strength"], duty["nominal_day"].isoformat()) == ("strive", "2022-12-31")


def test_what_the_committee_asks_of_others_threatens_nobody(desk: Desk) -> None:
    asked = [r for r in desk.rows("obligation").values() if r["strength"] == "requested"]
    assert {row["rule"] for row in asked} == {"TK22-V1", "TK22-V2", "TK22-KET"}
    assert {len(row["consequences"]) for row in asked} == {0}


def test_the_documents_to_draft_are_named() -> None:
    papers = {duty.clause for duty in load(PLAN).obligations if duty.paper}
    assert papers >= {"II.3", "III.6", "III.7", "IV.2"}


def test_a_commune_that_keeps_its_standard_names_no_year_to_reach_it() -> None:
    [kept] = [target for target in load(PLAN).targets if target.commitment == "keeping"]
    assert (set(kept.places), kept.about_year, kept.target_year) == (COMMUNES, 2022, None)
