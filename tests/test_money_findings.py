"""Each money rule finds what its clause speaks of, to the đồng, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.money_check import CHECKS, MoneyCheck
from ntm_workflow.domain.money_findings import (
    Finding,
    Request,
    Scene,
    Stated,
    findings,
    term_ends,
)
from ntm_workflow.domain.money_works import works
from ntm_workflow.projections.money_phrasing import told

DAY = read_date("15/05/2024")


@dataclass(frozen=True)
class Item:
    """A fund item's row, as far as rules go by it."""

    item: str = "đường"
    place: str = "tam-ngoc"
    type: str = "work"
    year: int | None = 2024
    source: str | None = "provincial"
    kind: str | None = "investment"
    carried_from: int | None = None
    code: str | None = None
    allocated: int = 1000
    allocated_on: date | None = read_date("20/02/2024")  # noqa: RUF009
    disbursed: int = 0
    contracted: int = 0
    settled_on: date | None = None
    debt: int = 0


def days_between(first: date, last: date) -> int:
    return max((last - first).days, 0)


def found(check: dict[str, Any], *items: Item, day: date = DAY, **beside: Any) -> list[Finding]:
    rule = MoneyCheck(id="M", clause="IV.7", title="mẫu", strength="must", **check)
    since = read_date("05/01/2024")
    scene = Scene(day=day, items=items, since=since, working_days=days_between, **beside)
    each = list(findings(rule, scene))
    for one in each:
        for lang in ("vi", "en"):
            assert told(one.say, one.facts, lang)
    return each


def said(each: list[Finding]) -> list[tuple[str, str | None, int]]:
    return [(one.say, one.item or one.place, one.amount) for one in each]


# --- a share of what was given, by a day

HALF = {"check": "milestone", "years": (2024,), "percent": 50, "day": read_date("30/06/2024")}


def test_a_place_below_the_mark_is_told_what_is_missing_and_how_much_a_day() -> None:
    [behind] = found(HALF, Item(disbursed=300), Item("kênh", allocated=500))
    assert (behind.say, behind.place, behind.amount) == ("behind", "tam-ngoc", 450)
    assert (behind.facts["days"], behind.facts["each"]) == (46, 10)


def test_the_mark_is_reached_to_the_dong_and_missed_by_one() -> None:
    assert found(HALF, Item(allocated=1001, disbursed=501)) == []
    assert said(found(HALF, Item(allocated=1001, disbursed=500))) == [("behind", "tam-ngoc", 1)]


def test_after_its_day_a_mark_is_passed() -> None:
    late = found(HALF, Item(disbursed=499), day=read_date("30/06/2024"))
    assert said(late) == [("mark_passed", "tam-ngoc", 1)]


@pytest.mark.parametrize("other", [{"year": 2025}, {"carried_from": 2023}, {"allocated": 0}])
def test_other_money_is_not_what_the_mark_is_about(other: dict[str, Any]) -> None:
    assert found(HALF, Item(**other)) == []


def test_carried_money_has_a_mark_of_its_own() -> None:
    carried = {**HALF, "carried_from": (2023,), "percent": 100}
    assert said(found(carried, Item(), Item("cũ", carried_from=2023, disbursed=400))) == [
        ("behind", "tam-ngoc", 600)
    ]


@for_all(st.lists(st.tuples(st.integers(1, 10**15), st.integers(0, 10**15)), min_size=1))
def test_a_mark_is_short_by_just_what_would_reach_it(money: list[tuple[int, int]]) -> None:
    items = [Item(str(n), allocated=a, disbursed=min(a, d)) for n, (a, d) in enumerate(money)]
    each = found(HALF, *items)
    short = each[0].amount if each else 0
    spent, given = sum(i.disbursed for i in items), sum(i.allocated for i in items)
    assert 2 * (spent + short) >= given
    assert not short or 2 * (spent + short - 1) < given


# --- how it is given


def test_money_is_given_by_the_day_and_with_its_code() -> None:
    rule = {"check": "assigned", "years": (2024,), "day": read_date("28/02/2024")}
    late = Item("muộn", allocated_on=read_date("29/02/2024"), code="A")
    assert said(found(rule, late, Item(code="B"), Item("không mã"))) == [
        ("given_late", "muộn", 1000),
        ("no_code", "không mã", 1000),
    ]


def test_a_contract_is_missed_once_the_day_is_over() -> None:
    rule = {"check": "contracted", "years": (2024,), "day": read_date("31/03/2024")}
    assert found(rule, Item(), day=read_date("31/03/2024")) == []
    assert said(found(rule, Item(), Item("kênh", contracted=5))) == [("no_contract", "đường", 1000)]


def test_who_pursues_the_standard_was_given_no_less_than_the_clause_has() -> None:
    rule = {"check": "support", "standard": "xa-nang-cao", "years": (2024,), "amount": 1000}
    pursued = {("xa-nang-cao", 2024): frozenset({"tam-ngoc", "tam-thanh", "tam-phu"})}
    items = (Item(), Item("b", "tam-thanh", allocated=1400), Item("c", "tam-ky", allocated=7))
    assert said(found(rule, *items, pursued=pursued)) == [
        ("under_support", "tam-phu", 1000),
    ]


def test_a_village_has_at_least_the_clauses_sum_of_the_sources_it_names() -> None:
    rule = {
        "check": "at_least",
        "level": "village",
        "sources": ("district", "commune"),
        "amount": 200,
    }
    items = (
        Item("a", "thon-1", allocated=900),
        Item("b", "thon-1", source="commune", allocated=150),
        Item("c", "thon-2", source="district", allocated=200),
        Item("d", "tam-ngoc"),
    )
    levels = {"thon-1": "village", "thon-2": "village", "tam-ngoc": "commune"}
    assert said(found(rule, *items, levels=levels)) == [("under_least", "thon-1", 50)]


def test_what_a_plan_states_is_compared_with_what_was_given_of_it() -> None:
    figures = (
        Stated("tỉnh", 2024, "provincial", None, 1000),
        Stated("nhà nước", 2024, "state", None, 1300),
        Stated("tín dụng", 2024, "credit", None, 5),
        Stated("năm sau", 2025, "provincial", None, 5),
    )
    rule = {"check": "figures", "years": (2024,)}
    items = (Item(), Item("b", source="commune", allocated=200), Item("c", year=2025))
    assert [(f.facts["title"], f.amount) for f in found(rule, *items, figures=figures)] == [
        ("nhà nước", 100)
    ]


def test_money_of_earlier_years_is_spent_or_carried_over() -> None:
    rule = {"check": "carried", "years": (2021, 2022, 2023)}
    items = (Item(year=2023, disbursed=400), Item("b", year=2022, disbursed=1000), Item("c"))
    assert said(found(rule, *items)) == [("not_carried", "đường", 600)]


# --- settled in time

TERM = {"check": "settled", "types": ("work",), "months": 36}
GIVEN = read_date("20/02/2021")
ENDS = read_date("20/02/2024")


@pytest.mark.parametrize(
    ("day", "said_then"),
    [
        (ENDS - timedelta(days=366), None),
        (ENDS - timedelta(days=365), ("term_ends", 365)),
        (ENDS - timedelta(days=180), ("term_ends", 180)),
        (ENDS - timedelta(days=90), ("term_ends", 90)),
        (ENDS, ("term_ends", 30)),
        (ENDS + timedelta(days=1), ("local_debt", None)),
    ],
)
def test_the_end_of_a_term_is_told_a_year_ahead_and_then_is_local_debt(
    day: date, said_then: tuple[str, int | None] | None
) -> None:
    each = found(TERM, Item(allocated_on=GIVEN, debt=70), day=day)
    assert [(one.say, one.facts.get("rung")) for one in each] == [said_then][
        : said_then is not None
    ]
    assert all(one.amount == 70 for one in each)


def test_what_is_settled_or_no_work_has_no_term() -> None:
    items = (Item(allocated_on=GIVEN, settled_on=DAY), Item(allocated_on=GIVEN, type="model"))
    assert found(TERM, *items) == []


def test_a_term_from_the_29th_of_february_ends_on_the_28th() -> None:
    assert term_ends(read_date("29/02/2024"), 36) == read_date("28/02/2027")
    assert term_ends(read_date("31/08/2024"), 6) == read_date("28/02/2025")


@for_all(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_a_term_ends_in_the_month_that_is_so_many_on(begun: date, months: int) -> None:
    end = term_ends(begun, months)
    assert (end.year - begun.year) * 12 + end.month - begun.month == months
    assert end.day == begun.day or (end + timedelta(days=1)).day == 1


def test_no_more_money_for_works_past_their_term() -> None:
    rule = {**TERM, "check": "unsettled", "sources": ("central", "provincial")}
    local = Item("xã", allocated_on=GIVEN, source="commune")
    assert said(found(rule, Item(allocated_on=GIVEN, disbursed=100), local, Item("mới"))) == [
        ("no_more_money", "đường", 900)
    ]


# --- debt


def test_old_debt_is_to_be_cleared_and_then_stays() -> None:
    rule = {"check": "old_debt", "years": (2016, 2017, 2020), "day": read_date("31/05/2024")}
    items = (Item(year=2017, debt=9), Item("b", year=2024, debt=9), Item("c", year=2016))
    assert said(found(rule, *items)) == [("debt_to_clear", "đường", 9)]
    assert said(found(rule, *items, day=read_date("01/06/2024"))) == [("debt_stays", "đường", 9)]


def test_a_new_work_of_a_place_that_owes_for_others_is_told() -> None:
    rule = {"check": "debt_first", "types": ("work",)}
    owing = Item("cũ", year=2022, allocated_on=GIVEN, debt=9)
    items = (owing, Item("mới"), Item("nơi khác", "tam-thanh"), Item("mô hình", type="model"))
    assert said(found(rule, *items)) == [("new_work_in_debt", "mới", 9)]


def test_what_is_begun_with_or_before_the_debt_or_of_the_same_work_is_no_new_work_in_debt() -> None:
    rule = {"check": "debt_first", "types": ("work",)}
    same = (Item("a", code="X", debt=9), Item("b", code="X", allocated_on=DAY))
    assert found(rule, *same) == []
    assert found(rule, Item("a", debt=9), Item("b")) == []
    assert found(rule, Item("cũ", allocated_on=GIVEN, debt=9), Item(carried_from=2023)) == []


def test_what_is_owed_is_told_of_items_that_were_left_no_money() -> None:
    left_none = Item(year=2017, allocated=0, allocated_on=GIVEN, debt=9)
    assert said(found({"check": "old_debt", "years": (2017,)}, left_none)) == [
        ("debt_to_clear", "đường", 9)
    ]
    carried = Item(year=2024, carried_from=2017, debt=9)
    assert len(found({"check": "old_debt", "years": (2017,)}, carried)) == 1


def test_debt_on_money_given_since_the_plan_is_new() -> None:
    rule = {"check": "new_debt"}
    items = (Item(debt=3), Item("cũ", allocated_on=GIVEN, debt=9))
    assert said(found(rule, *items)) == [("new_debt", "đường", 3)]


# --- nothing spent, and requests


def test_what_a_closing_found_is_told_as_long_as_it_stands() -> None:
    day = read_date("30/06/2024")
    rule = {"check": "unspent", "years": (2024,), "day": day}
    standing = {"đường": day, "kênh": read_date("30/06/2025")}
    items = (Item(), Item("kênh"), Item("cầu"))
    assert said(found(rule, *items, day=day, found=standing)) == [("unspent", "đường", 1000)]


def test_a_request_nobody_decided_is_told_after_its_day() -> None:
    last = read_date("15/11/2024")
    rule = {"check": "request", "complete_by": last}
    asked = [Request("đường", "tam-ngoc", 300, last)]
    assert found(rule, day=last, requests=asked) == []
    late = found(rule, day=last + timedelta(days=1), requests=asked)
    assert said(late) == [("undecided", "đường", 300)]


# --- counterpart

WORK = (
    Item("tỉnh", code="A", allocated=1000, disbursed=400),
    Item("huyện", code="A", source="district", allocated=300, disbursed=90),
    Item("xã", code="A", source="commune", allocated=200, disbursed=110),
)
PACE = {"check": "pace", "types": ("work", "project")}


def test_upper_money_may_be_paid_at_the_rate_of_the_counterpart_of_the_same_work() -> None:
    [work] = works(WORK)
    assert (work.allowed, work.payable) == (400, 0)
    assert found(PACE, *WORK) == []
    ahead = replace(WORK[0], disbursed=401)
    assert said(found(PACE, ahead, *WORK[1:])) == [("ahead_of_counterpart", "A", 1)]


def test_a_work_without_a_counterpart_plan_is_undetermined_and_told_once_paid() -> None:
    [work] = works([Item()])
    assert (work.allowed, work.payable) == (None, None)
    assert found(PACE, Item()) == []
    assert said(found(PACE, Item(disbursed=5))) == [("no_counterpart", "đường", 5)]


def test_items_without_a_code_are_works_of_their_own() -> None:
    assert [work.name for work in works([Item("a"), Item("b"), *WORK])] == ["a", "b", "A"]


amounts = st.integers(0, 10**15)


@for_all(amounts, amounts, amounts.filter(bool), amounts)
def test_never_more_is_payable_than_the_rate_allows_or_the_plan_holds(
    upper: int, paid: int, plan: int, local: int
) -> None:
    items = [
        Item("u", code="A", allocated=upper, disbursed=min(paid, upper)),
        Item("l", code="A", source="district", allocated=plan, disbursed=min(local, plan)),
    ]
    [work] = works(items)
    assert work.allowed is not None
    assert work.payable is not None
    assert work.allowed * plan <= upper * min(local, plan)
    assert 0 <= work.payable <= max(upper - min(paid, upper), 0)


def test_a_ratio_nobody_has_sourced_finds_nothing() -> None:
    assert found({"check": "ratio"}, *WORK) == []
    assert said(found({"check": "ratio", "percent": 60}, *WORK)) == [
        ("little_counterpart", "A", 100)
    ]


# --- all of them


@pytest.mark.parametrize("check", ["priority", "stated"])
def test_what_only_speaks_to_people_finds_nothing(check: str) -> None:
    assert found({"check": check}, *WORK) == []


@pytest.mark.parametrize("check", CHECKS)
def test_no_rule_finds_anything_where_there_is_no_money(check: str) -> None:
    assert found({"check": check, "months": 36, "percent": 50, "years": (2024,)}) == []
