"""What happens to an item's money after it was given, and that its book balances whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from given import event, given
from hypothesis import given as for_all
from hypothesis import strategies as st
from test_fund import BILLION, ID, ITEM, OPENED, allocated, disbursed, found_unspent

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.fund import (
    BelowDisbursed,
    HandedOver,
    NoChange,
    NothingAllocated,
    NotPositive,
    OverAdvance,
    OverLeft,
    OverPaid,
    OverSettled,
    SameDescription,
    Settled,
    SettledBefore,
)
from ntm_workflow.domain.fund_events import (
    AdvanceRecovered,
    FundAdjusted,
    FundAdvanced,
    FundContracted,
    FundContributed,
    FundDescribed,
    FundHandedOver,
    FundReturned,
    FundSettled,
    VolumeAccepted,
)
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.fund_stop import ToBeStopped
from ntm_workflow.domain.postings import Account, postings
from ntm_workflow.domain.subjects import EVENTS

GIVEN = allocated("20/02/2024", 1_000)
DAY = "01/06/2024"


def of(kind: type[Event], amount: int, day: Any = DAY, /, **said: Any) -> Any:
    return event(kind, day, item=ITEM, amount=amount, **said)


# --- the plan


def test_a_plan_is_adjusted_up_and_down_and_not_below_what_was_disbursed() -> None:
    journal = given(ID, OPENED, GIVEN, disbursed("15/05/2024", 400))
    assert journal.when(of(FundAdjusted, 0)) is NoChange
    assert journal.when(of(FundAdjusted, -601)) is BelowDisbursed
    assert journal.when(of(FundAdjusted, 500)).allocated == 1_500
    assert journal.when(of(FundAdjusted, -1_100)).left == 0


def test_there_is_nothing_to_adjust_before_money_is_given() -> None:
    assert given(ID, OPENED).when(of(FundAdjusted, 1)) is NothingAllocated


def test_the_three_years_of_an_item_run_from_its_first_money() -> None:
    journal = given(ID, OPENED, GIVEN).kept(allocated("01/03/2024", 5))
    assert journal.now.allocated_on == date(2024, 2, 20)


# --- advances


def test_an_advance_takes_from_what_is_left_and_is_recovered_out_of_accepted_volume() -> None:
    journal = given(ID, OPENED, GIVEN, of(FundAdvanced, 300), of(VolumeAccepted, 500))
    state = journal.now
    assert (state.advanced, state.paid, state.disbursed, state.left) == (300, 0, 300, 700)
    assert state.debt == 500
    state = journal.when(of(AdvanceRecovered, 300))
    assert (state.advanced, state.paid, state.disbursed, state.debt) == (0, 300, 300, 200)


@pytest.mark.parametrize("kind", [AdvanceRecovered, FundReturned])
def test_no_more_of_an_advance_comes_back_than_is_out(kind: type[Event]) -> None:
    said = {"of_advance": True} if kind is FundReturned else {}
    journal = given(ID, OPENED, GIVEN, of(FundAdvanced, 300))
    assert journal.when(of(kind, 301, **said)) is OverAdvance


def test_what_is_returned_is_left_again() -> None:
    journal = given(ID, OPENED, GIVEN, disbursed(DAY, 400), of(FundAdvanced, 100))
    assert journal.when(of(FundReturned, 401)) is OverPaid
    assert journal.when(of(FundReturned, 400)).left == 900
    assert journal.when(of(FundReturned, 100, of_advance=True)).left == 1_000


def test_an_advance_obeys_what_payments_obey() -> None:
    assert given(ID, OPENED, GIVEN).when(of(FundAdvanced, 1_001)) is OverLeft
    stopped = given(ID, OPENED, GIVEN, found_unspent())
    assert stopped.when(of(FundAdvanced, 1, "01/07/2024")) is ToBeStopped


# --- settled


def test_what_is_settled_is_owed_and_only_that_may_still_be_paid() -> None:
    journal = given(ID, OPENED, GIVEN, of(VolumeAccepted, 800), disbursed(DAY, 500))
    assert journal.now.debt == 300
    journal = journal.kept(of(FundSettled, 750, "01/07/2024"))
    assert (journal.now.debt, journal.now.overpaid) == (250, 0)
    assert journal.when(disbursed("02/07/2024", 251)) is OverSettled
    for later in (FundAdvanced, VolumeAccepted):
        assert journal.when(of(later, 1, "02/07/2024")) is Settled
    assert journal.when(of(FundSettled, 1, "02/07/2024")) is SettledBefore
    assert journal.when(allocated("02/07/2024", 1)) is Settled
    assert journal.when(disbursed("02/07/2024", 250)).debt == 0


def test_what_was_paid_beyond_the_settlement_is_to_be_returned() -> None:
    journal = given(ID, OPENED, GIVEN, disbursed(DAY, 900), of(FundSettled, 750, "01/07/2024"))
    assert (journal.now.debt, journal.now.overpaid) == (0, 150)
    assert journal.when(of(FundReturned, 150, "02/07/2024")).overpaid == 0


# --- the rest


def test_an_item_is_handed_over_once() -> None:
    journal = given(ID, OPENED, GIVEN).kept(event(FundHandedOver, DAY, item=ITEM))
    assert journal.now.handed_on == date(2024, 6, 1)
    assert journal.when(event(FundHandedOver, "02/06/2024", item=ITEM)) is HandedOver


def test_what_is_said_of_an_item_stays_until_something_else_is_said() -> None:
    said = event(FundDescribed, DAY, item=ITEM, owner="ubnd-tam-ngoc", code="DA-01")
    journal = given(ID, OPENED, said)
    more = event(FundDescribed, DAY, item=ITEM, investment=BILLION)
    state = journal.when(more)
    assert (state.owner, state.code, state.investment) == ("ubnd-tam-ngoc", "DA-01", BILLION)
    assert (
        journal.when(event(FundDescribed, "02/06/2024", item=ITEM, code="DA-01")) is SameDescription
    )


MOVING = (
    *(FundAdvanced, AdvanceRecovered, VolumeAccepted, FundSettled, FundContracted),
    *(FundReturned, FundContributed),
)


@pytest.mark.parametrize("kind", MOVING)
@pytest.mark.parametrize("amount", [0, -1])
def test_no_amount_is_nothing_or_less(kind: type[Event], amount: int) -> None:
    said = {"what": "đất"} if kind is FundContributed else {}
    assert given(ID, OPENED, GIVEN).when(of(kind, amount, **said)) is NotPositive


# --- in double entry

MOVES = st.lists(
    st.tuples(st.sampled_from((*MOVING, FundAdjusted)), st.integers(-500, 900), st.booleans()),
    max_size=25,
)


def played(moves: Iterable[tuple[type[Event], int, bool]]) -> tuple[Fund, list[Event]]:
    """What came of the moves the rules let pass, a day each; and those moves."""
    journal, told, day = given(ID, OPENED, GIVEN), [OPENED, GIVEN], date(2024, 3, 1)
    for kind, amount, flag in moves:
        said: dict[str, Any] = {"what": "đất"} if kind is FundContributed else {}
        said |= {"of_advance": flag} if kind is FundReturned else {}
        move = of(kind, amount, day, **said)
        came_to = journal.when(move)
        if not (isinstance(came_to, type) and issubclass(came_to, Refused)):
            told.append(move)
        day += timedelta(days=1)
    return journal.now, told


def balances(events: Iterable[Event]) -> Counter[Account]:
    found: Counter[Account] = Counter()
    for each in events:
        for posting in postings(each):
            found[posting.account] += posting.amount
    return found


@for_all(MOVES)
def test_each_fact_moves_as_much_out_as_in_and_balances_are_the_items_numbers(
    moves: list[tuple[type[Event], int, bool]],
) -> None:
    state, told = played(moves)
    for each in told:
        assert sum(posting.amount for posting in postings(each)) == 0
    book = balances(told)
    assert sum(book.values()) == 0
    numbers = {
        Account.PLAN: -state.allocated,
        Account.AVAILABLE: state.left,
        Account.ADVANCES: state.advanced,
        Account.PAID: state.paid,
        Account.ACCEPTED: state.accepted,
        Account.SETTLED: state.settled or 0,
        Account.CONTRACTED: state.contracted,
        Account.CONTRIBUTED: state.contributed,
    }
    assert numbers == {account: book[account] for account in numbers}
    assert min(state.left, state.advanced, state.paid) >= 0


def test_every_event_with_an_amount_is_posted() -> None:
    # A proposal and a case speak of money and move none: a decision adjusts.
    asked = {"ReallocationProposed", "ReallocationRequested"}
    amounts = (name for name, kind in EVENTS.items() if "amount" in kind.__struct_fields__)
    with_amounts = set(amounts) - asked
    posted = {name for name, kind in EVENTS.items() if name in with_amounts and _posted(kind)}
    assert posted == with_amounts


def _posted(kind: type[Event]) -> bool:
    said = {name: "x" for name in ("source", "kind", "what") if name in kind.__struct_fields__}
    said |= {"plan_year": 2024} if "plan_year" in kind.__struct_fields__ else {}
    return len(postings(of(kind, 1, **said))) == 2
