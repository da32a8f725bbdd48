"""From a finding to the treasury's figures, to the stop and its release, and to what is decided of the money."""

from __future__ import annotations

from typing import Any

import pytest
from given import event, given, on
from test_fund import BILLION, ID, ITEM, OPENED, allocated, case_opened, disbursed, found_unspent

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.fund import FundPaperMissing, NobodyAnswers, NotPositive, YearOver
from ntm_workflow.domain.fund_case import (
    Case,
    CaseOpenAlready,
    DecidedLate,
    NoCase,
    NotProposed,
    NotReconciled,
    OutsideTheDays,
    OverProposed,
    OverUnspent,
    ReallocationDecided,
    ReallocationProposed,
    ReallocationRequested,
    ReviewFirst,
)
from ntm_workflow.domain.fund_events import FundAdvanced
from ntm_workflow.domain.fund_stop import (
    FiguresReconciled,
    FindingReviewed,
    NothingFound,
    NothingToReview,
    NotZero,
    PaymentStopped,
    ReconciledBefore,
    StoppedBefore,
    StopReleased,
    ToBeStopped,
    ZeroDisbursementFound,
)

GIVEN = (OPENED, allocated("20/02/2024"))
FOUND = (*GIVEN, found_unspent(), case_opened())
PAPER = {"document": "CV mẫu"}


def said(kind: type[Event], day: str, **more: Any) -> Any:
    return event(kind, day, item=ITEM, **{**PAPER, **more})


def reconciled(day: str = "12/07/2024", **more: Any) -> Any:
    return said(FiguresReconciled, day, found_on="30/06/2024", **more)


def asked(day: str, amount: int = BILLION, **more: Any) -> Any:
    days = {"asked_from": "01/10/2024", "asked_until": "10/10/2024", "complete_by": "15/11/2024"}
    fields = {"item": ITEM, "rule": "M-09", "clause": "IV.7", "amount": amount}
    return event(ReallocationRequested, day, **{**fields, **days, **PAPER, **more})


# --- compared with the treasury


def test_what_was_found_is_reconciled_once() -> None:
    journal = given(ID, *FOUND)
    assert journal.when(reconciled()).stop.reconciled_on == on("12/07/2024")
    assert journal.when(reconciled("13/07/2024")) is ReconciledBefore


def test_figures_of_another_day_reconcile_nothing() -> None:
    other = said(FiguresReconciled, "12/07/2024", found_on="31/07/2024")
    assert given(ID, *FOUND).when(other) is NothingFound


def test_nothing_is_reconciled_where_nothing_was_found() -> None:
    assert given(ID, *GIVEN).when(reconciled()) is NothingFound


def test_the_treasurys_figures_have_a_paper() -> None:
    assert given(ID, *FOUND).when(reconciled(document=None)) is FundPaperMissing


@pytest.mark.parametrize("lacking", [{"body": None}, {"note": None}])
def test_going_on_without_the_treasury_has_a_unit_that_answers_and_a_reason(
    lacking: dict[str, Any],
) -> None:
    without = {"treasury": False, "document": None, "body": "ubnd-tam-ky", "note": "Kho bạc hẹn"}
    journal = given(ID, *FOUND)
    assert journal.when(reconciled(**{**without, **lacking})) is NobodyAnswers
    stop = journal.when(reconciled(**without)).stop
    assert (stop.reconciled_on, stop.by_treasury) == (on("12/07/2024"), False)
    assert journal.when(reconciled("13/07/2024", **without)) is ReconciledBefore
    assert journal.when(reconciled("20/07/2024")).stop.by_treasury


# --- a payment made in time and told later


def test_a_payment_in_time_told_later_puts_finding_and_case_up_for_review() -> None:
    journal = given(ID, *FOUND, reconciled())
    state = journal.when(disbursed("15/06/2024", 1))
    assert (state.stop.doubted, state.stop.halts) == (True, False)
    assert journal.when(said(ReallocationProposed, "20/07/2024", amount=1)) is ReviewFirst


@pytest.mark.parametrize("before", ["proposed", "stopped", "released"])
def test_it_does_so_whatever_was_told_of_the_item_meanwhile(before: str) -> None:
    told = {
        "proposed": said(ReallocationProposed, "20/07/2024", amount=5),
        "stopped": said(PaymentStopped, "20/07/2024"),
        "released": said(StopReleased, "20/07/2024"),
    }[before]
    journal = given(ID, *FOUND, reconciled(), told).kept(disbursed("15/06/2024", 7))
    assert journal.now.stop.doubted
    assert journal.when(said(ReallocationDecided, "12/08/2024", moved=5)) is ReviewFirst
    state = journal.when(said(FindingReviewed, "13/08/2024", stands=False, spent=7))
    assert (state.stop.doubted, state.case.state) == (False, "withdrawn")
    assert journal.when(said(ReallocationDecided, "14/08/2024", moved=5)) is NoCase


def test_a_second_payment_in_time_opens_a_second_review() -> None:
    journal = given(ID, *FOUND).kept(disbursed("15/06/2024", 1))
    assert not journal.when(said(FindingReviewed, "20/7/2024", stands=True, spent=1)).stop.doubted
    assert journal.kept(disbursed("16/06/2024", 900)).now.stop.doubted


@pytest.mark.parametrize("corrected", [{"plan_year": 2025}, {"carried_from": 2023}])
def test_an_item_that_is_none_the_rule_speaks_of_any_more_is_looked_at_again(
    corrected: dict[str, Any],
) -> None:
    rule = {"rule": "M-07", "clause": "IV.7", "must_stop": True, "plan_year": 2024}
    finding = event(ZeroDisbursementFound, "30/06/2024", item_type="work", **rule)
    assert not given(ID, OPENED, allocated("20/02/2024"), finding).now.stop.doubted
    journal = given(ID, OPENED, allocated("20/02/2024", **corrected), finding)
    assert journal.now.stop.doubted
    reviewed = journal.when(said(FindingReviewed, "20/07/2024", stands=False))
    assert (reviewed.stop.state, reviewed.stop.halts) == ("withdrawn", False)


@pytest.mark.parametrize(
    ("stands", "stop", "case"), [(True, "to_stop", "open"), (False, "withdrawn", "withdrawn")]
)
def test_a_review_lets_the_finding_stand_or_takes_it_back_and_the_case_with_it(
    stands: bool, stop: str, case: str
) -> None:
    journal = given(ID, *FOUND).kept(disbursed("15/06/2024", 1))
    looked = {"stands": stands, "spent": 1}
    state = journal.when(said(FindingReviewed, "20/07/2024", **looked))
    assert (state.stop.state, state.case.state) == (stop, case)
    assert journal.when(said(FindingReviewed, "21/07/2024", **looked)) is NothingToReview


def test_a_review_has_a_paper_or_a_reason() -> None:
    journal = given(ID, *FOUND).kept(disbursed("15/06/2024", 1))
    bare = said(FindingReviewed, "20/07/2024", stands=False, document=None)
    assert journal.when(bare) is FundPaperMissing
    reason = {"document": None, "note": "UNC 20/6"}
    told = said(FindingReviewed, "20/07/2024", stands=False, spent=1, **reason)
    assert journal.when(told).stop.state == "withdrawn"


def test_only_what_is_in_doubt_is_reviewed() -> None:
    assert given(ID, *FOUND).when(said(FindingReviewed, "1/7/2024", stands=True)) is NothingToReview


def test_money_under_review_may_be_paid() -> None:
    journal = given(ID, *FOUND).kept(disbursed("15/06/2024", 1))
    assert journal.when(disbursed("05/07/2024", 1)).disbursed == 2


# --- whether an advance ends 0 %


def test_an_advance_is_a_disbursement_unless_the_rule_reads_otherwise() -> None:
    journal = given(ID, *GIVEN, event(FundAdvanced, "01/04/2024", item=ITEM, amount=5))
    assert journal.when(found_unspent()) is NotZero
    strict = {"rule": "M-07", "clause": "IV.7", "figures_up_to": None, "must_stop": True}
    state = journal.when(event(ZeroDisbursementFound, "30/6/2024", advances_count=False, **strict))
    assert (state.stop.state, state.advanced) == ("to_stop", 5)


# --- stopped and released


def test_the_treasury_stops_by_its_own_paper_and_payment_stays_refused() -> None:
    journal = given(ID, *FOUND)
    assert journal.when(said(PaymentStopped, "15/07/2024", document=None)) is FundPaperMissing
    assert journal.when(said(PaymentStopped, "15/07/2024")).stop.state == "stopped"
    assert journal.when(said(PaymentStopped, "16/07/2024")) is StoppedBefore
    assert journal.when(disbursed("20/07/2024", 1)) is ToBeStopped


@pytest.mark.parametrize("before", [(), (said(PaymentStopped, "15/07/2024"),)])
def test_what_is_released_may_be_paid_from_then_on(before: tuple[Event, ...]) -> None:
    journal = given(ID, *FOUND, *before)
    state = journal.when(said(StopReleased, "01/08/2024"))
    assert (state.stop.state, state.stop.until) == ("released", on("01/08/2024"))
    assert journal.when(disbursed("02/08/2024", 1)).disbursed == 1
    assert journal.when(said(StopReleased, "03/08/2024")) is NothingFound


def test_a_stop_nothing_here_had_found_is_kept_when_it_is_reported() -> None:
    journal = given(ID, *GIVEN)
    assert journal.when(said(PaymentStopped, "15/07/2024")) is NothingFound
    reported = said(PaymentStopped, "15/07/2024", against=("NothingFound",))
    assert journal.kept(reported).now.stop.state == "stopped"
    assert journal.when(disbursed("20/07/2024", 1)) is ToBeStopped


def test_a_released_item_is_found_again_on_a_later_day() -> None:
    journal = given(ID, *FOUND, said(StopReleased, "01/08/2024"))
    state = journal.when(found_unspent("30/06/2025"))
    assert (state.stop.state, state.stop.found_on) == ("to_stop", on("30/06/2025"))


# --- moving it


def test_nothing_is_proposed_before_the_treasurys_figures_were_compared() -> None:
    journal = given(ID, *FOUND)
    proposal = said(ReallocationProposed, "20/07/2024", amount=BILLION)
    refused = journal.refusal(proposal)
    assert isinstance(refused, NotReconciled)
    assert "ntm fund reconcile --as-of 30/06/2024" in refused.say("vi")
    state = given(ID, *FOUND, reconciled()).when(proposal)
    assert state.case == Case("zero-at-30-6", on("30/06/2024"), "proposed", "IV.7", BILLION)


def test_a_proposal_has_a_paper_and_an_amount_that_is_not_spent() -> None:
    journal = given(ID, *FOUND, reconciled())
    propose = ReallocationProposed
    assert journal.when(said(propose, "20/7/2024", amount=1, document=None)) is FundPaperMissing
    assert journal.when(said(propose, "20/07/2024", amount=0)) is NotPositive
    assert journal.when(said(propose, "20/07/2024", amount=BILLION + 1)) is OverUnspent


def test_one_proposal_at_a_time_and_no_more_is_moved_than_was_proposed() -> None:
    journal = given(ID, *FOUND, reconciled(), said(ReallocationProposed, "20/07/2024", amount=5))
    assert journal.when(said(ReallocationProposed, "21/07/2024", amount=6)) is CaseOpenAlready
    assert journal.when(said(ReallocationDecided, "22/07/2024", moved=6)) is OverProposed


def test_a_request_is_decided_by_the_day_of_its_clause_or_reported() -> None:
    journal = given(ID, *GIVEN, asked("05/10/2024", 5))
    assert journal.when(said(ReallocationDecided, "16/11/2024", moved=5)) is DecidedLate
    assert journal.when(said(ReallocationDecided, "15/11/2024", moved=5)).case.state == "moved"


def test_a_release_before_the_figures_were_compared_does_not_stand_in_the_way() -> None:
    journal = given(ID, *FOUND, said(StopReleased, "05/07/2024"))
    assert journal.when(said(ReallocationProposed, "20/07/2024", amount=5)).case.state == "proposed"


def test_nothing_is_proposed_or_decided_without_a_case() -> None:
    journal = given(ID, *GIVEN)
    assert journal.when(said(ReallocationProposed, "20/07/2024", amount=1)) is NoCase
    assert journal.when(said(ReallocationDecided, "20/07/2024")) is NoCase


def test_money_moves_only_after_it_was_proposed_and_may_stay_at_any_time() -> None:
    journal = given(ID, *FOUND, reconciled())
    assert journal.when(said(ReallocationDecided, "20/07/2024", moved=5)) is NotProposed
    assert journal.when(said(ReallocationDecided, "20/07/2024")).case.state == "kept"


def test_a_decided_case_is_over_and_another_may_be_opened() -> None:
    moved = said(ReallocationDecided, "12/10/2024", moved=5)
    proposed = said(ReallocationProposed, "20/07/2024", amount=5)
    journal = given(ID, *FOUND, reconciled(), proposed, moved)
    assert (journal.now.case.state, journal.now.case.moved_amount) == ("moved", 5)
    assert journal.when(said(ReallocationDecided, "13/10/2024")) is NoCase


def test_a_unit_asks_in_the_days_of_the_clause_for_what_it_has_not_spent() -> None:
    journal = given(ID, *GIVEN, disbursed("15/05/2024", 400))
    assert journal.when(asked("30/09/2024", 5)) is OutsideTheDays
    assert journal.when(asked("11/10/2024", 5)) is OutsideTheDays
    assert journal.when(asked("05/10/2024", BILLION - 399)) is OverUnspent
    assert journal.when(asked("05/10/2024", 0)) is NotPositive
    assert journal.when(asked("05/10/2024", 5, document=None)) is FundPaperMissing
    state = journal.when(asked("05/10/2024", BILLION - 400))
    assert (state.case.state, state.case.complete_by) == ("proposed", on("15/11/2024"))


def test_an_item_has_one_live_case_at_a_time() -> None:
    assert given(ID, *FOUND).when(asked("05/10/2024", 5)) is CaseOpenAlready
    assert given(ID, *GIVEN, asked("05/10/2024", 5)).when(asked("06/10/2024", 5)) is CaseOpenAlready


# --- the end of the money's year


def test_a_years_own_money_is_paid_until_its_cut_off() -> None:
    journal = given(ID, OPENED, allocated("20/02/2024", pay_until="31/01/2025"))
    assert journal.when(disbursed("31/01/2025", 1)).disbursed == 1
    refused = journal.refusal(disbursed("01/02/2025", 1))
    assert isinstance(refused, YearOver)
    assert "ntm fund carry" in refused.say("vi")


@pytest.mark.parametrize("paid", [0, 1])
def test_whatever_is_told_of_stops_a_refusal_changes_nothing(paid: int) -> None:
    journal = given(ID, *FOUND)
    if paid:
        journal.kept(disbursed("15/06/2024", paid))
    for kind in (PaymentStopped, StopReleased, ReallocationDecided):
        before = list(journal.timeline.steps)
        came_to = journal.when(said(kind, "01/09/2024"))
        if isinstance(came_to, type) and issubclass(came_to, Refused):
            assert journal.timeline.steps == before
