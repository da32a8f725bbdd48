"""The money rules of real plans at the office: as data, as refusals of what is asked, and on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from demo_store import Demo
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.calendar import VietnamCalendar
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.money_check import CHECKS
from ntm_workflow.domain.plan import MoneySettings, Settings
from ntm_workflow.office import fund, money_rules
from ntm_workflow.office.money_checks import in_force, pay_until, rules
from ntm_workflow.office.money_guard import AheadOfCounterpart, TooLongUnsettled
from ntm_workflow.office.packed import Packed
from ntm_workflow.plans.calendar import bundled_rules
from ntm_workflow.plans.pack import load

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
BUNDLED = (*PLANS, "tam-ky-2022", "bao-linh-2024", "can-tho-2024")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS, day="05/01/2024").go("20/05/2024")) as desk:
        yield desk


def packed(plan: str, **settings: Any) -> Packed:
    pack = load(plan)
    if settings:
        pack.settings = Settings(money=MoneySettings(**settings))
    return Packed(pack, VietnamCalendar(bundled_rules()))


def describe(desk: Desk, item: str, code: str) -> None:
    desk.record(lambda entry: fund.describe(entry, item, None, code, None))


# --- as data


@pytest.mark.parametrize("plan", BUNDLED)
def test_every_rule_of_a_bundled_plan_has_a_clause_of_its_plan(plan: str) -> None:
    pack = load(plan)
    known = {duty.clause for duty in pack.obligations} | {sum.clause for sum in pack.money}
    known |= set(pack.clauses)
    assert [check.id for check in pack.money_checks if check.clause not in known] == []


def test_the_rules_of_the_province_are_all_there() -> None:
    said = {check.id.partition(".")[0] for check in load("quang-nam-2024-2025").money_checks}
    # M-07 is a rule of a closing; M-23 and M-24 are of other plans.
    assert {f"M-{n:02}" for n in range(1, 23)} - {"M-07"} <= said
    assert {check.check for check in load("quang-nam-2024-2025").money_checks} >= set(CHECKS) - {
        "figures"
    }


def test_a_request_comes_back_every_year_with_its_days() -> None:
    asked = [c for c in packed("quang-nam-2024-2025").money_checks() if c.check == "request"]
    assert [(c.years, c.opens_on, c.day, c.complete_by) for c in asked] == [
        ((year,), date(year, 10, 1), date(year, 10, 10), date(year, 11, 15))
        for year in (2024, 2025)
    ]


def test_a_month_alone_is_read_strictly_where_the_pack_says_so() -> None:
    by_id = {c.id: c for c in packed("quang-nam-2024-2025").money_checks()}
    assert by_id["M-10.1"].day == date(2025, 8, 31)
    assert by_id["M-08.2"].day == date(2024, 6, 30)
    assert by_id["M-08.2"].strict_day == date(2024, 6, 29)


@pytest.mark.parametrize(("again", "days"), [(False, 2), (True, 3)])
def test_whether_money_of_an_earlier_year_is_looked_at_again_is_a_setting(
    again: bool, days: int
) -> None:
    found = packed("quang-nam-2024-2025", again=again).money_rules()
    assert len(found) == days
    judged = {(rule.plan_year, rule.day.year) for rule in found}
    assert ((2024, 2025) in judged) is again


def test_whether_an_advance_ends_zero_is_a_setting_every_rule_carries() -> None:
    found = packed("quang-nam-2024-2025", advances_count=False).money_rules()
    assert {rule.advances_count for rule in found} == {False}


# --- where they hold


def test_a_rule_binds_the_area_of_its_plan_and_the_years_it_names(desk: Desk) -> None:
    with desk.office.reading() as reading:
        ngoc = "tam-ngoc-tam-ky"
        assert [c.id for c in in_force(reading, "request", ngoc, 2024)] == ["M-09"]
        assert list(in_force(reading, "request", ngoc, 2026)) == []
        assert list(in_force(reading, "request", "nowhere", 2024)) == []
        assert {r.plan for r in rules(reading)} == set(PLANS)
        assert pay_until(reading, ngoc, 2024) is None, "no paper sets a day"


# --- what they object to


def test_no_more_money_for_a_work_three_years_unsettled(desk: Desk) -> None:
    desk.allocate("đường", 1000, year=2021, on="20/02/2021")
    desk.allocate("của xã", 1000, year=2021, source="commune", on="20/02/2021")
    with pytest.raises(TooLongUnsettled, match=r"IV\.9"):
        desk.allocate("đường", 5, year=2021, on="20/05/2024")
    with pytest.raises(TooLongUnsettled):
        desk.record(lambda entry: fund.adjust(entry, "đường", 5, None))
    desk.record(lambda entry: fund.adjust(entry, "đường", -5, None))
    desk.allocate("của xã", 5, year=2021, on="20/05/2024", source="commune")
    desk.record(lambda entry: fund.settle(entry, "đường", 900), "19/02/2024")


def test_upper_money_waits_for_the_counterpart_of_its_work(desk: Desk) -> None:
    desk.allocate("phần tỉnh", 1000)
    desk.allocate("phần huyện", 400, source="district")
    for item in ("phần tỉnh", "phần huyện"):
        describe(desk, item, "DA-MẪU-1")
    with pytest.raises(AheadOfCounterpart, match=r"IV\.9"):
        desk.disburse("phần tỉnh", 1, "15/05/2024")
    desk.disburse("phần huyện", 100, "15/05/2024")
    with desk.office.reading() as reading:
        [payable] = money_rules.payable(reading, "phần huyện")
        assert (payable.work.name, payable.payable) == ("DA-MẪU-1", 250)
    desk.disburse("phần tỉnh", 250, "16/05/2024")
    with pytest.raises(AheadOfCounterpart):
        desk.disburse("phần tỉnh", 1, "17/05/2024")
    told = desk.disburse("phần tỉnh", 1, "17/05/2024", already_done=True, document="UNC mẫu")
    assert told.facts[0].event.against == ("IV.9",)


def test_a_settlement_meets_the_duty_to_settle_and_its_voiding_opens_it_again(desk: Desk) -> None:
    desk.allocate("đường", 1000)
    [id] = [id for id in desk.rows("obligation") if id.startswith("D170@")]
    assert desk.rows("obligation")[id]["met_on"] is None
    told = desk.record(lambda entry: fund.settle(entry, "đường", 900), "19/05/2024")
    assert desk.rows("obligation")[id]["met_on"] == date(2024, 5, 19)
    desk.void(told.entry)
    assert desk.rows("obligation")[id]["met_on"] is None
    assert desk.rebuilt_equal()


def test_a_settlement_from_before_the_plan_meets_its_duty_too(store_url: str) -> None:
    with closing_store(adopted(store_url, "tam-ky-2024", day="05/01/2024")) as desk:
        desk.go("20/05/2024").allocate("đường", 1000)
        desk.record(lambda entry: fund.settle(entry, "đường", 900), "19/05/2024")
        desk.adopt("quang-nam-2024-2025")
        [id] = [id for id in desk.rows("obligation") if id.startswith("D170@")]
        assert desk.rows("obligation")[id]["met_on"] == date(2024, 5, 19)


# --- on the screen


def test_every_rule_is_listed_with_its_clause_and_what_it_leaves_open(told_demo: Demo) -> None:
    store = str(told_demo.folder / "demo.db")
    items = ntm("fund rules --as-of 30/6/2024 --json", store).json["items"]
    by_id = {item["id"]: item for item in items}
    assert (by_id["M-08.2"]["found"], by_id["M-08.2"]["strength"]) == (4, "strive")
    assert by_id["M-08.2"]["amount"] > 0
    assert by_id["M-05"]["found"] == 0
    assert "NQ 21/2022" in by_id["M-05"]["open"][0]


def test_the_rule_a_closing_judges_stands_among_the_others(told_demo: Demo) -> None:
    store = str(told_demo.folder / "demo.db")
    [found] = ntm("fund check m-07 --as-of 31/8/2024 --json", store).json["items"][:1]
    assert (found["rule"], found["finding"]) == ("M-07", "unspent")
    assert "đến hết 30/06/2024 chưa giải ngân đồng nào" in ntm("fund check M-07", store).out


def test_a_mark_that_has_passed_is_judged_by_the_rows_of_its_day(desk: Desk) -> None:
    desk.allocate("đường", 1000)
    desk.go("05/08/2024").disburse("đường", 900, "01/08/2024")
    with desk.office.reading(date(2024, 9, 30)) as reading:
        [half] = money_rules.Looking(reading).found("M-08.2")
    assert [(each.say, each.amount) for each in half.findings] == [("mark_passed", 500)]


def test_what_the_rules_find_is_told_in_both_languages(told_demo: Demo) -> None:
    store = str(told_demo.folder / "demo.db")
    line = "fund check M-08 --as-of 20/5/2024"
    assert "để đạt 50% đến 30/06/2024" in ntm(line, store).out
    assert "missing to 50% by 30/06/2024" in ntm(f"{line} --lang en", store).out


def test_a_rule_nobody_has_is_not_found_and_the_others_are_named(told_demo: Demo) -> None:
    told = ntm("fund check M-99", str(told_demo.folder / "demo.db"))
    assert told.code == 3
    assert "M-08.1" in told.err


def test_a_plan_shows_its_money_rules_and_how_open_ones_are_read(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'"):
        assert ntm(line, store).code == 0
    shown = ntm("plan show quang-nam-2024-2025", store).out
    assert "chi vốn của năm đến hết 31/01 năm sau" in shown
    assert "M-01.1 (IV.4.c), phải: Hỗ trợ xã đăng ký nâng cao 1,5 tỷ đồng/xã" in shown
    checks = ntm("plan show quang-nam-2024-2025 --json", store).json["money_checks"]
    assert read_date("10/10/2024").isoformat() in {check.get("day") for check in checks}
