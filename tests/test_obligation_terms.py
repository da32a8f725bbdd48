"""Obligations whose day is moved: extended by a paper, paused, and judged by the day that then counts."""

from __future__ import annotations

import pytest
from given import given, on
from obligations import (
    ASSIGNED,
    ID,
    UNDATED,
    extended,
    met,
    missed,
    resumed,
    suspended,
    waived,
)

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation_refusals import (
    AlreadyExtended,
    AlreadyMet,
    AlreadySuspended,
    AlreadyWaived,
    DaysDisagree,
    NotLater,
    NotSuspended,
    PaperNeeded,
    UntilBeforeOn,
)

# --- extended -------------------------------------------------------------------------------------


def test_an_extension_moves_every_day_and_keeps_the_old_ones() -> None:
    step = Reason("extended", on("17/11/2024"), "CV 40/UBND")
    steps = (step, Reason("act_by", on("15/11/2024")), Reason("roll_forward", on("18/11/2024")))
    said = {"act_by": "15/11/2024", "enforce_day": "18/11/2024", "derivation": steps}
    state = given(ID, ASSIGNED).when(extended("17/11/2024", **said))
    term = state.terms[-1]
    assert (term.strict_day, term.nominal_day) == (on("17/11/2024"), on("17/11/2024"))
    assert (term.act_by, term.enforce_day) == (on("15/11/2024"), on("18/11/2024"))
    assert (state.last_day, state.judge_day) == (on("18/11/2024"), on("18/11/2024"))
    assert state.assigned == ASSIGNED


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (extended("15/11/2024", document=None), PaperNeeded),
        (extended("30/10/2024"), NotLater),
        (extended("29/10/2024"), NotLater),
        (extended("15/11/2024", "16/11/2024"), UntilBeforeOn),
        (extended("15/11/2024", derivation=(Reason("extended", on("14/11/2024")),)), DaysDisagree),
    ],
)
def test_an_extension_needs_a_paper_and_a_later_day(wrong: Event, refusal: type) -> None:
    assert given(ID, ASSIGNED).when(wrong) is refusal


def test_an_extension_of_what_was_met_or_waived_is_refused() -> None:
    assert given(ID, ASSIGNED, met("15/10/2024")).when(extended("15/11/2024")) is AlreadyMet
    assert given(ID, ASSIGNED, waived("15/10/2024")).when(extended("15/11/2024")) is AlreadyWaived


def test_an_undated_duty_may_be_given_a_day() -> None:
    state = given(ID, UNDATED).when(extended("15/11/2024"))
    assert (state.last_day, state.judge_day) == (on("15/11/2024"), on("15/11/2024"))


@pytest.mark.parametrize(
    ("day", "judge_on"),
    [("20/10/2024", "15/11/2024"), ("30/10/2024", "15/11/2024"), ("31/10/2024", "30/10/2024")],
)
def test_only_an_extension_in_time_prevents_the_miss(day: str, judge_on: str) -> None:
    state = given(ID, ASSIGNED).when(extended("15/11/2024", day))
    assert state.judge_day == on(judge_on)


def test_after_a_miss_an_extension_sets_a_new_day_and_the_miss_stays() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "05/11/2024"))
    assert journal.now.missed_on == on("31/10/2024")
    assert journal.now.miss_overturned_by is None
    assert journal.now.judge_day == on("15/11/2024")
    done = journal.when(met("14/11/2024"))
    assert (done.in_time, done.recorded_late, done.missed_on) == (True, False, on("31/10/2024"))


def test_a_duty_is_missed_once_for_each_deadline_it_had() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "05/11/2024"))
    again = journal.when(missed("16/11/2024", "15/11/2024"))
    assert [miss.last_day for miss in again.misses] == [on("30/10/2024"), on("15/11/2024")]
    assert (again.missed_on, again.missed_entry) == (on("16/11/2024"), 4)
    assert again.judge_day is None
    assert journal.refusal(missed("16/11/2024", "15/11/2024"))


def test_an_extension_learnt_after_the_miss_overturns_it() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "25/10/2024"))
    assert journal.now.miss_overturned_by == 3
    assert journal.now.judge_day == on("15/11/2024")
    assert journal.conflicts == [2]
    assert journal.when(met("14/11/2024")).recorded_late is True


def test_a_closing_does_not_find_a_deadline_that_was_moved() -> None:
    journal = given(ID, ASSIGNED, extended("15/11/2024"))
    assert journal.when(missed()) is AlreadyExtended


def test_a_paper_learnt_after_the_work_may_still_move_the_day() -> None:
    late = given(ID, ASSIGNED, met("05/11/2024")).when(extended("15/11/2024", "25/10/2024"))
    assert late.in_time is True


# --- suspended ------------------------------------------------------------------------------------


def test_while_suspended_nothing_is_found() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024"))
    assert journal.now.judge_day is None
    assert journal.when(missed()) is AlreadySuspended


def test_what_is_resumed_in_time_keeps_its_day() -> None:
    journal = given(ID, ASSIGNED, suspended("10/10/2024"), resumed("20/10/2024"))
    assert journal.now.judge_day == on("30/10/2024")


def test_what_is_resumed_after_its_day_is_judged_by_the_day_it_is_resumed() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024"), resumed("10/11/2024"))
    assert (journal.now.judge_day, journal.now.last_day) == (on("10/11/2024"), on("10/11/2024"))
    assert journal.when(met("09/11/2024")).in_time is True
    assert journal.kept(missed("11/11/2024", "10/11/2024")).now.judge_day is None


def test_an_extension_on_the_day_it_is_resumed_prevents_the_miss() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024"), resumed("10/11/2024"))
    assert journal.when(extended("30/11/2024", "10/11/2024")).judge_day == on("30/11/2024")


def test_a_pause_with_an_end_ends_by_itself() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024", "05/11/2024"))
    assert journal.now.judge_day == on("06/11/2024")
    assert journal.when(resumed("06/11/2024")) is NotSuspended
    assert journal.when(resumed("01/11/2024")).judge_day == on("01/11/2024")


def test_pauses_that_follow_one_another_count_as_one() -> None:
    journal = given(
        ID, ASSIGNED, suspended("20/10/2024", "05/11/2024"), suspended("06/11/2024", "10/11/2024")
    )
    assert journal.now.judge_day == on("11/11/2024")


@pytest.mark.parametrize(
    ("facts", "wrong", "refusal"),
    [
        ([], suspended("20/10/2024", document=None), PaperNeeded),
        ([], suspended("20/10/2024", "19/10/2024"), UntilBeforeOn),
        ([], resumed("20/10/2024"), NotSuspended),
        ([suspended("20/10/2024")], suspended("25/10/2024"), AlreadySuspended),
        ([met("15/10/2024")], suspended("20/10/2024"), AlreadyMet),
        ([waived("15/10/2024")], suspended("20/10/2024"), AlreadyWaived),
    ],
)
def test_a_pause_is_refused_where_it_makes_no_sense(
    facts: list[Event], wrong: Event, refusal: type
) -> None:
    assert given(ID, ASSIGNED, *facts).when(wrong) is refusal


def test_a_pause_learnt_after_the_miss_overturns_it_and_the_duty_is_judged_again() -> None:
    journal = given(ID, ASSIGNED, missed(), suspended("25/10/2024"))
    assert (journal.now.miss_overturned_by, journal.now.judge_day) == (3, None)
    journal.kept(resumed("10/11/2024"))
    assert journal.now.judge_day == on("10/11/2024")


def test_a_suspended_duty_may_be_met() -> None:
    assert given(ID, ASSIGNED, suspended("20/10/2024")).when(met("05/11/2024")).in_time is True
