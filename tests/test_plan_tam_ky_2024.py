"""The plan of Tam Kỳ for 2024: what its text binds, names and leaves open is in the pack, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from offices import Desk, adopted, closing_store

from ntm_workflow.plans.pack import load
from ntm_workflow.plans.target_shapes import StatedTarget

PLAN = "tam-ky-2024"

#: How many duties each rule makes that does not make one, once each where they come back.
SEVERAL = {
    "D001": 4,
    "D002": 2,
    "D003": 2,
    "D004": 2,
    "D005": 19,
    "D008": 9,
    "D009": 5,
    "D010": 4,
    "D016": 4,
    "D017": 4,
    "TK-III3-1": 6,
    "TK-III3-3": 3,
    "TK-III3-4": 2,
}
SINGLE = {
    *(f"D0{n:02}" for n in (6, 7, 11, 12, 13, 14, 15)),
    *("TK-III1", "TK-III3-2", "TK-III3-5", "TK-V2", "TK-V3", "TK-V4"),
}


@pytest.fixture(scope="module")
def tam_ky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, PLAN, day="05/01/2024")) as desk:
        yield desk


def duties(desk: Desk, rule: str) -> list[dict[str, Any]]:
    return [row for row in desk.rows("obligation").values() if row["rule"] == rule]


def lists() -> dict[str, StatedTarget]:
    return {target.id: target for target in load(PLAN).targets if target.id}


def test_tam_ky_binds_by_nothing_its_text_does_not_have(tam_ky: Desk) -> None:
    rows = tam_ky.rows("obligation").values()
    rules = Counter(row["rule"] for row in rows if row["occurrence"] in (None, "2024-01"))
    assert rules == SEVERAL | dict.fromkeys(SINGLE, 1)


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
    assert inferred == {
        *(f"D0{n}" for n in ("05", "06", "07", "09", *range(10, 17))),
        *("TK-III1", "TK-III3-1", "TK-III3-2"),
    }
    assert {row["owed_by"] for row in duties(tam_ky, "D011")} == {"ubnd-tam-ky"}


def test_offices_join_the_review_they_are_told_to_join(tam_ky: Desk) -> None:
    assert {tuple(row["with"]) for row in duties(tam_ky, "D010")} == {("phong-ban-tam-ky",)}


def test_what_is_asked_of_each_commune_stands_at_each_commune() -> None:
    pack = load(PLAN)
    shares = (
        "hai-long-tung-xa",
        "thon-van-hoa",
        "thon-van-hoa-tieu-bieu",
        "gia-dinh-van-hoa-tieu-bieu",
    )
    asked = {target.what: len(target.places) for target in pack.targets if target.what in shares}
    assert asked == dict.fromkeys(shares, 4)
    assert pack.implements == []


def test_the_documents_to_draft_are_named_undated_and_marked_as_not_done(tam_ky: Desk) -> None:
    rows = duties(tam_ky, "D008")
    assert {(row["stated"], row["expression"], row["enforce_day"]) for row in rows} == {
        ("Chưa", "", None)
    }
    owners = Counter(row["owed_by"] for row in rows)
    assert owners["kinh-te-tam-ky"] == 3
    assert len([unit for unit in owners if unit.startswith("ubnd-")]) == 4
    papers = {row["paper"] for row in rows}
    assert len(papers) == 6
    assert "định hướng đến 2030" in " ".join(papers)


def test_days_a_reader_gave_show_their_reason_in_the_derivation(tam_ky: Desk) -> None:
    steps = {step["rule"]: step for step in duties(tam_ky, "D004")[0]["derivation"]}
    assert {"strict_given", "nominal_given", "plan_opens"} - set(steps) == {"plan_opens"}
    assert "KM 2025" in steps["nominal_given"]["authority"]
    after = {step["rule"]: step for step in duties(tam_ky, "D012")[0]["derivation"]}
    assert after["after_duty"]["result"] == "2024-07-01"


def test_offices_answer_for_the_criteria_they_are_given(tam_ky: Desk) -> None:
    [duty] = duties(tam_ky, "TK-V2")
    assert [(c["what"], c["clause"]) for c in duty["consequences"]] == [("responsibility", "V.2")]
    assert load(PLAN).units[3].role == "group"
    assert duty["owed_by"] == "phong-ban-tam-ky"


def test_every_list_says_on_what_terms_its_places_are_named() -> None:
    kept = [name for name, row in lists().items() if row.commitment == "keeping"]
    assert kept == ["ntm-duy-tri", "thon-nang-chuan-2023", "thon-nang-chuan-2024"]
    years = {name: (len(row.places), row.target_year) for name, row in lists().items()}
    assert years == {
        # To keep is no year's aim.
        "ntm-duy-tri": (4, None),
        "nang-cao-2024": (2, 2024),
        "nang-cao-2025": (2, 2025),
        "thon-moi-2024": (3, 2024),
        "thon-moi-2025": (4, 2025),
        "thon-nang-chuan-2023": (2, 2023),
        "thon-nang-chuan-2024": (1, 2024),
        "thon-hoan-thien-2024": (8, 2024),
        "thon-hoan-thien-2025": (1, 2025),
        "thon-chua-co-phuong-an": (5, None),
    }
    assert {row.strength for name, row in lists().items() if name != "thon-chua-co-phuong-an"} == {
        "strive"
    }


def test_each_village_of_the_table_owes_in_the_year_of_its_cell() -> None:
    by_year = {d.expression: set(d.places) for d in load(PLAN).obligations if d.rule == "D005"}
    for year, places in by_year.items():
        named = [row for row in lists().values() if row.what == "thon-kieu-mau"]
        assert places == {p for row in named if str(row.target_year) == year for p in row.places}
    assert {year: len(places) for year, places in by_year.items()} == {
        "2023": 2,
        "2024": 12,
        "2025": 5,
    }


def test_the_papers_it_implements_are_told_from_those_it_only_cites() -> None:
    pack = load(PLAN)
    relations = Counter(reference.relation for reference in pack.references)
    assert relations == {"implements": 4, "based_on": 1, "cites": 8}
    assert not any(reference.held for reference in pack.references)
    assert len(pack.recipients) == 6


def test_both_plans_of_the_city_know_its_offices_by_the_same_names() -> None:
    units = [{unit.id: unit for unit in load(plan).units} for plan in (PLAN, "tam-ky-2022")]
    shared = units[0].keys() & units[1].keys()
    assert len(shared) == 14
    assert [id for id in shared if units[0][id] != units[1][id]] == []
