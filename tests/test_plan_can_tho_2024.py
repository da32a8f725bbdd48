"""Cần Thơ's plan for 2024: registered and striving communes, its reports, its money, its one office of three names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.dates import read_phrase
from ntm_workflow.plans.figures import dong
from ntm_workflow.plans.pack import load

PLAN = "can-tho-2024"
DISTRICTS = {"thoi-lai", "vinh-thanh", "co-do", "phong-dien"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, PLAN, within=None, day="01/11/2024")) as desk:
        yield desk


def duties(desk: Desk, rule: str) -> dict[str, dict[str, Any]]:
    return {id: row for id, row in desk.rows("obligation").items() if row["rule"] == rule}


def test_the_plan_has_its_number_and_binds_from_the_day_it_was_signed(desk: Desk) -> None:
    row = desk.rows("plan")[PLAN]
    assert (row["number"], row["issued_on"]) == ("108/KH-UBND", date(2024, 5, 24))
    assert load(PLAN).assumed == []
    assert desk.rows("obligation", as_of=date(2024, 5, 23)) == {}


def test_communes_that_registered_must_and_communes_that_strive_strive(desk: Desk) -> None:
    terms = {
        target.id: (target.commitment, target.strength, set(target.places))
        for target in load(PLAN).targets
    }
    assert terms == {
        "nang-cao-dang-ky": ("registered", "must", {"truong-xuan-thoi-lai", "thoi-thanh-thoi-lai", "thanh-quoi-vinh-thanh", "thanh-my-vinh-thanh"}),
        "nang-cao-phan-dau": ("striving", "strive", {"dong-binh-thoi-lai"}),
        "kieu-mau-dang-ky": ("registered", "must", {"trung-hung-co-do", "tan-thoi-phong-dien", "thanh-thang-vinh-thanh"}),
        "kieu-mau-phan-dau": ("striving", "strive", {"nhon-ai-phong-dien"}),
    }  # fmt: skip
    for rule, striving in (("D401", "dong-binh-thoi-lai"), ("D402", "nhon-ai-phong-dien")):
        by_place = {row["place"]: row for row in duties(desk, rule).values()}
        assert [p for p, row in by_place.items() if row["strength"] == "strive"] == [striving]
        assert {row["owed_to"] for row in by_place.values()} == {"ubnd-can-tho"}
    assert duties(desk, "D401")["D401/dong-binh-thoi-lai"]["with"] == ["ubnd-thoi-lai"]


def test_the_goals_have_the_numbers_of_the_text_for_the_city_and_its_districts() -> None:
    goals = {(g.place, g.what, g.at_least, g.strength_words) for g in load(PLAN).goals}
    assert {(place, n) for place, what, n, _ in goals if what == "xa-nang-cao"} == {
        ("can-tho", "5"),
        ("vinh-thanh", "2"),
        ("thoi-lai", "3"),
    }
    assert ("phong-dien", "xa-kieu-mau", "1", "phấn đấu") in goals
    kept = {goal.what: goal.kept for goal in load(PLAN).goals if goal.kept}
    assert kept == {"xa-ntm": 36, "huyen-ntm": 4}


def test_the_five_hold_the_striving_one_and_the_three_do_not() -> None:
    pack = load(PLAN)
    places = {target.id: target.places for target in pack.targets}
    for goal in pack.goals:
        if goal.lists:
            assert len([p for name in goal.lists for p in places[name]]) == goal.new
    assert any("Đông Bình" in remark.about for remark in pack.remarks)


def test_the_sources_add_up_to_the_whole_in_million_dong() -> None:
    sums = {row.id: row for row in load(PLAN).money}
    whole = sums["nguon-luc-2024"]
    assert dong(whole) == sum(dong(sums[part]) for part in whole.parts) == 1_356_994_000_000
    assert [sums[part].source for part in whole.parts] == [
        *("state", "credit", "enterprise", "residents")
    ]


def test_every_monday_is_a_broadcast_of_its_own(desk: Desk) -> None:
    days = sorted(row["nominal_day"] for row in duties(desk, "D406").values())
    assert (days[0], days[-1], len(days)) == (date(2024, 5, 27), date(2024, 12, 30), 32)
    assert {day.weekday() for day in days} == {0}


def test_the_broadcast_comes_back_on_mondays_at_its_hour() -> None:
    [duty] = [duty for duty in load(PLAN).obligations if duty.rule == "D406"]
    read = read_phrase(duty.expression or "", (2024, 2024))
    assert read.recurrence is not None
    assert (read.time, read.recurrence.freq) == ("18:30-19:00", "weekly")
    assert read.recurrence.weekday == "Monday"


def test_each_district_reports_to_whoever_is_above_it_and_to_the_office(desk: Desk) -> None:
    for rule, receiver in (("D407", "cap-tren-can-tho"), ("D408", "vpdp-can-tho")):
        rows = duties(desk, rule).values()
        assert {row["place"] for row in rows} == DISTRICTS
        assert {(row["owed_by"], row["owed_to"]) for row in rows} == {
            (f"ubnd-{district}", receiver) for district in DISTRICTS
        }


def test_the_office_hands_up_the_dossiers_of_the_registered_communes_only(desk: Desk) -> None:
    asked = {id for id, row in duties(desk, "CT-IV2").items() if row["trigger"]}
    assert len(asked) == 7
    assert not [id for id in asked if "dong-binh" in id or "nhon-ai" in id]


def test_one_office_is_found_under_each_of_its_three_names(desk: Desk) -> None:
    store = str(desk.database.path)
    names = (
        "Văn phòng Điều phối Chương trình mục tiêu Quốc gia xây dựng nông thôn mới thành phố Cần Thơ",
        "Văn phòng Điều phối nông thôn mới thành phố Cần Thơ",
        "Văn phòng Điều phối xây dựng nông thôn mới thành phố Cần Thơ",
    )
    for name in names:
        assert ntm(f"unit show '{name}' --json", store).json["id"] == "vpdp-can-tho"


def test_the_womens_union_leads_two_indicators_whose_set_nobody_named() -> None:
    leads = [lead for lead in load(PLAN).leads if lead.unit == "hoi-lhpn-can-tho"]
    assert [(lead.fields, lead.numbers) for lead in leads] == [
        (["chỉ tiêu 17.8"], []),
        (["chỉ tiêu 18.7"], []),
    ]
    assert all("không nêu bộ tiêu chí" in (lead.note or "") for lead in leads)
    assert all("unverified" in (lead.note or "") for lead in leads)
    [duty] = [d for d in load(PLAN).obligations if d.owed_by == "hoi-lhpn-can-tho"]
    assert (duty.rule, duty.part) == ("CT-IV4", "phu-nu")


def test_the_documents_to_draft_are_named() -> None:
    papers = Counter(d.clause for d in load(PLAN).obligations if d.paper)
    assert papers.keys() >= {"III.1.b", "III.2.a", "III.3", "IV.2", "IV.5"}


def test_the_text_has_no_second_section() -> None:
    assert {clause.split(".")[0] for clause in load(PLAN).clauses} == {
        *("Mở đầu", "I", "III", "IV", "Phần kết", "Phụ lục")
    }
