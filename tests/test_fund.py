"""Fund items: whole đồng, never more than is left; what was really paid is kept and listed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from given import Journal, event, given, on
from hypothesis import given as for_all
from hypothesis import strategies as st

from ntm_workflow.domain.base import AlreadyBegun, NotBegun, Refused
from ntm_workflow.domain.fund import (
    KINDS,
    SOURCES,
    NotPositive,
    OtherMoney,
    OverLeft,
    UnknownWord,
)
from ntm_workflow.domain.fund_case import Case, ReallocationCaseOpened
from ntm_workflow.domain.fund_events import (
    FundAllocated,
    FundDisbursed,
    FundItemOpened,
)
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.fund_stop import NotZero, Stop, ToBeStopped, ZeroDisbursementFound

ITEM = "Đường ĐH 12"
ID = f"fund/{ITEM}"
BILLION = 10**9
OPENED = event(FundItemOpened, "01/01/2024", item=ITEM, type="work", place="tam-ngoc")


def allocated(day: date | str, amount: int = BILLION, **said: Any) -> FundAllocated:
    money = {"source": "provincial", "kind": "investment", "plan_year": 2024}
    return event(FundAllocated, day, **{"item": ITEM, "amount": amount, **money, **said})


def disbursed(day: date | str, amount: int, **said: Any) -> FundDisbursed:
    return event(FundDisbursed, day, item=ITEM, amount=amount, **said)


def found_unspent(day: str = "30/06/2024", must_stop: bool = True) -> ZeroDisbursementFound:
    return event(
        ZeroDisbursementFound,
        day,
        rule="M-07",
        clause="IV.7",
        figures_up_to=day,
        must_stop=must_stop,
    )


def case_opened(day: str = "30/06/2024") -> ReallocationCaseOpened:
    return event(ReallocationCaseOpened, day, kind="zero-at-30-6", rule="M-07", clause="IV.7")


# --- giving ---------------------------------------------------------------------------------------


def test_an_opened_item_holds_no_money() -> None:
    state = given(ID).when(OPENED)
    assert state == Fund(ITEM, "work", "tam-ngoc")
    assert state.left == 0


def test_an_item_is_opened_once() -> None:
    assert given(ID, OPENED).when(OPENED) is AlreadyBegun


@pytest.mark.parametrize("first", [allocated("20/02/2024"), disbursed("20/02/2024", 1)])
def test_no_money_moves_on_an_item_nobody_opened(first: FundAllocated | FundDisbursed) -> None:
    assert given(ID).when(first) is NotBegun


def test_allocated_money_is_left_until_it_is_paid_out() -> None:
    state = given(ID, OPENED).when(allocated("20/02/2024"))
    assert (state.allocated, state.disbursed, state.left) == (BILLION, 0, BILLION)
    assert (state.year, state.source, state.kind) == (2024, "provincial", "investment")


def test_money_of_the_same_year_source_and_kind_adds_up() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    assert journal.when(allocated("01/06/2024", 5)).allocated == BILLION + 5


@pytest.mark.parametrize(
    "other",
    [
        {"plan_year": 2025},
        {"source": "central"},
        {"kind": "recurrent"},
        {"carried_from": 2023},
    ],
)
def test_money_of_another_year_source_or_kind_is_an_item_of_its_own(other: dict[str, Any]) -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    assert journal.when(allocated("01/06/2024", **other)) is OtherMoney


def test_money_carried_over_is_kept_apart_by_the_year_it_comes_from() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024", carried_from=2023))
    assert journal.now.carried_from == 2023
    assert journal.when(allocated("01/06/2024")) is OtherMoney


@pytest.mark.parametrize(
    ("other", "known"), [({"source": "bank"}, SOURCES), ({"kind": "gift"}, KINDS)]
)
def test_a_source_or_kind_nobody_knows_is_refused_and_the_known_ones_are_named(
    other: dict[str, Any], known: tuple[str, ...]
) -> None:
    refused = given(ID, OPENED).refusal(allocated("20/02/2024", **other))
    assert isinstance(refused, UnknownWord)
    assert all(word in refused.say("vi") for word in known)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_more_than_nothing(amount: int) -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    assert journal.when(allocated("01/06/2024", amount)) is NotPositive
    assert journal.when(disbursed("01/06/2024", amount)) is NotPositive


# --- paying ---------------------------------------------------------------------------------------


def test_a_payment_takes_from_what_is_left() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    state = journal.when(disbursed("15/05/2024", 400, payee="Công ty A"))
    assert (state.disbursed, state.left) == (400, BILLION - 400)


def test_all_that_is_left_may_be_paid_and_not_one_dong_more() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), disbursed("15/05/2024", 400))
    assert journal.when(disbursed("16/05/2024", BILLION - 399)) is OverLeft
    assert journal.when(disbursed("16/05/2024", BILLION - 400)).left == 0
    assert journal.when(disbursed("17/05/2024", 1)) is OverLeft


def test_a_payment_over_what_is_left_names_both_amounts() -> None:
    refused = given(ID, OPENED, allocated("20/02/2024")).refusal(
        disbursed("15/05/2024", 3 * BILLION // 2)
    )
    assert refused is not None
    assert "1,5 tỷ đồng" in refused.say("vi")
    assert "1 tỷ đồng" in refused.say("vi")


def test_money_given_later_does_not_pay_for_an_earlier_day() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    assert journal.when(disbursed("19/02/2024", 1)) is OverLeft


def test_money_given_on_the_day_itself_may_be_paid_that_day() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"))
    assert journal.when(disbursed("20/02/2024", BILLION)).left == 0


def test_a_corrected_allocation_still_stands_before_the_payment_of_the_same_day() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), disbursed("20/02/2024", 5)).voided(2)
    journal.kept(allocated("20/02/2024", 9, replaces=2, place_of=2))
    assert journal.conflicts == []
    assert journal.now.left == 4


def test_a_back_dated_payment_is_kept_and_the_later_one_it_leaves_no_money_for_is_listed() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), disbursed("15/05/2024", 700_000_000))
    state = journal.when(disbursed("01/04/2024", 600_000_000))
    assert journal.conflicts == [3]
    assert state.disbursed == 1_300_000_000
    assert journal.at("14/05/2024").left == 400_000_000


def test_money_given_afterwards_for_the_time_before_settles_the_conflict() -> None:
    journal = given(
        ID,
        OPENED,
        allocated("20/02/2024"),
        disbursed("15/05/2024", 700_000_000),
        disbursed("01/04/2024", 600_000_000),
    )
    assert journal.when(allocated("01/05/2024", 300_000_000)).left == 0
    assert journal.conflicts == []


def test_voiding_the_back_dated_payment_settles_the_conflict() -> None:
    journal = given(
        ID,
        OPENED,
        allocated("20/02/2024"),
        disbursed("15/05/2024", 700_000_000),
        disbursed("01/04/2024", 600_000_000),
    ).voided(4)
    assert journal.conflicts == []
    assert journal.now.left == 300_000_000


def test_a_payment_reported_against_a_rule_is_counted_and_is_no_conflict() -> None:
    paid = disbursed("15/05/2024", 2 * BILLION, against=("OverLeft",), document="UNC 12")
    journal = given(ID, OPENED, allocated("20/02/2024"), paid)
    assert journal.conflicts == []
    assert journal.now.left == -BILLION


# --- nothing spent at the rule's day --------------------------------------------------------------


def test_an_item_found_unspent_is_to_be_stopped_under_its_clause() -> None:
    state = given(ID, OPENED, allocated("20/02/2024")).when(found_unspent())
    assert state.stop == Stop(
        found_on=on("30/06/2024"), state="to_stop", clause="IV.7", must_stop=True
    )
    assert state.left == BILLION


def test_an_item_of_another_type_is_only_found() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), found_unspent(must_stop=False))
    assert journal.now.stop.state == "found"
    assert journal.when(disbursed("01/07/2024", 1)).disbursed == 1


def test_payment_on_an_item_to_be_stopped_is_refused_with_its_clause() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), found_unspent())
    refused = journal.refusal(disbursed("01/07/2024", 1))
    assert isinstance(refused, ToBeStopped)
    assert refused.facts["clause"] == "IV.7"


def test_no_payment_passes_a_stop_by_being_too_large() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), found_unspent())
    assert journal.when(disbursed("01/07/2024", 2 * BILLION)) in (OverLeft, ToBeStopped)


def test_a_payment_before_the_rules_day_learnt_afterwards_puts_the_finding_up_for_review() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), found_unspent())
    assert journal.when(disbursed("15/06/2024", 1)).disbursed == 1
    assert journal.conflicts == [3]


def test_an_item_with_money_spent_is_not_found_unspent() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), disbursed("15/05/2024", 1))
    assert journal.when(found_unspent()) is NotZero


def test_a_payment_after_the_rules_day_does_not_hinder_the_finding() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), disbursed("02/07/2024", 1))
    assert journal.when(found_unspent()).stop.found_on == on("30/06/2024")
    assert journal.conflicts == [3]


def test_a_case_is_opened_for_those_who_may_decide_and_moves_no_money() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024"), found_unspent())
    state = journal.when(case_opened())
    assert state.case == Case("zero-at-30-6", on("30/06/2024"), "open", "IV.7")
    assert state.left == BILLION


# --- whatever is recorded -------------------------------------------------------------------------

DAYS = st.integers(0, 5).map(lambda n: on("01/03/2024") + timedelta(days=n))
MOVES = st.lists(
    st.tuples(st.sampled_from([allocated, disbursed]), DAYS, st.integers(-2, 9)), max_size=12
)
Move = tuple[Any, date, int]


def asked(moves: list[Move]) -> Journal:
    """The item after every move the rules allowed."""
    journal = given(ID, OPENED)
    for kind, day, amount in moves:
        journal.when(kind(day, amount))
    return journal


@for_all(MOVES)
def test_in_the_order_of_days_no_rule_lets_a_balance_fall_below_zero(moves: list[Move]) -> None:
    journal = asked(sorted(moves, key=lambda move: move[1]))
    assert all(state.left >= 0 for state in journal.states)
    assert journal.conflicts == []


@for_all(MOVES)
def test_in_any_order_a_balance_below_zero_is_always_listed(moves: list[Move]) -> None:
    journal = asked(moves)
    for state, step in zip(journal.states, journal.timeline.steps, strict=True):
        assert state.left >= 0 or step.conflicts


@for_all(MOVES)
def test_a_refused_move_leaves_the_item_as_it_was(moves: list[Move]) -> None:
    journal = given(ID, OPENED)
    for kind, day, amount in moves:
        before = list(journal.timeline.steps)
        came_to = journal.when(kind(day, amount))
        if isinstance(came_to, type) and issubclass(came_to, Refused):
            assert journal.timeline.steps == before
        else:
            assert len(journal.timeline.steps) == len(before) + 1


def test_a_later_rule_turns_what_was_only_found_into_what_must_be_stopped_and_never_back() -> None:
    first = found_unspent("31/03/2024", must_stop=False)
    journal = given(ID, OPENED, allocated("20/02/2024"), first)
    assert journal.now.stop.state == "found"
    state = journal.when(found_unspent("30/06/2024", must_stop=True))
    assert (state.stop.state, state.stop.found_on) == ("to_stop", on("30/06/2024"))
    assert state.found == ("M-07/2024-03-31", "M-07/2024-06-30")
    again = journal.when(found_unspent("31/07/2024", must_stop=False))
    assert (again.stop.state, again.stop.found_on) == ("to_stop", on("30/06/2024"))


def test_a_reported_allocation_of_another_year_does_not_change_the_items_year() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024", plan_year=2024))
    odd = allocated("01/03/2024", plan_year=2025, against=("OtherMoney",))
    assert journal.kept(odd).now.year == 2024
