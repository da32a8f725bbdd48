"""Obligations: met or waived once, missed once, and known in time or late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import hypothesis
import pytest
from given import Journal, event, given, on
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace
from obligations import (
    ASSIGNED,
    ID,
    UNDATED,
    as_row,
    met,
    missed,
    waived,
)

from ntm_workflow.domain.base import AlreadyBegun, Event, NotBegun
from ntm_workflow.domain.obligation import (
    Obligation,
    ObligationExtended,
    ObligationMet,
    ObligationNoted,
    ObligationResumed,
    ObligationSuspended,
    ObligationWaived,
)
from ntm_workflow.domain.obligation_refusals import (
    AlreadyMet,
    AlreadyMissed,
    AlreadyWaived,
    NothingNoted,
    NotOwedBy,
    PaperNeeded,
)
from ntm_workflow.domain.standing import STANDINGS, standing

# --- the rules ------------------------------------------------------------------------------------


def test_an_assigned_obligation_is_neither_met_nor_missed() -> None:
    state: Obligation = given(ID).when(ASSIGNED)
    assert (state.assigned, state.began) == (ASSIGNED, ASSIGNED.effective_on)
    assert (state.met_on, state.missed_on, state.waived_on, state.ended_on) == (None,) * 4


def test_an_obligation_is_assigned_once() -> None:
    assert given(ID, ASSIGNED).when(ASSIGNED) is AlreadyBegun


@pytest.mark.parametrize("first", [met("28/10/2024"), missed(), waived("28/10/2024")])
def test_what_was_never_assigned_is_neither_met_nor_missed_nor_waived(first: Event) -> None:
    assert given(ID).when(first) is NotBegun


def test_an_obligation_is_not_met_before_it_was_assigned() -> None:
    assert given(ID, ASSIGNED).when(met("31/12/2023")) is NotBegun


def test_meeting_it_keeps_the_day_and_the_entry() -> None:
    state = given(ID, ASSIGNED).when(met("28/10/2024"))
    assert (state.met_on, state.met_entry) == (on("28/10/2024"), 2)
    assert state.missed_on is None


def test_an_obligation_is_met_once_and_the_entry_is_named() -> None:
    refused = given(ID, ASSIGNED, met("28/10/2024")).refusal(met("29/10/2024"))
    assert isinstance(refused, AlreadyMet)
    assert "28/10/2024" in refused.say("vi")
    assert "#2" in refused.say("vi")


def test_missing_it_keeps_the_day_and_the_entry() -> None:
    state = given(ID, ASSIGNED).when(missed())
    assert (state.missed_on, state.missed_entry) == (on("31/10/2024"), 2)


def test_an_obligation_is_missed_once_and_the_entry_is_named() -> None:
    refused = given(ID, ASSIGNED, missed()).refusal(missed("01/11/2024"))
    assert isinstance(refused, AlreadyMissed)
    assert "#2" in refused.say("vi")


def test_a_missed_obligation_may_still_be_met_and_stays_missed() -> None:
    state = given(ID, ASSIGNED, missed()).when(met("15/11/2024"))
    assert state.met_on == on("15/11/2024")
    assert state.missed_on == on("31/10/2024")


def test_a_meeting_that_was_voided_may_be_recorded_again() -> None:
    journal = given(ID, ASSIGNED, met("28/10/2024")).voided(2)
    assert journal.when(met("29/10/2024")).met_on == on("29/10/2024")


# --- waived ---------------------------------------------------------------------------------------


def test_a_waived_obligation_keeps_the_day_it_was_waived() -> None:
    assert given(ID, ASSIGNED).when(waived("15/10/2024")).waived_on == on("15/10/2024")


@pytest.mark.parametrize("facts", [[], [met("28/10/2024")], [waived("15/10/2024")]])
def test_a_waiver_without_its_paper_is_refused_before_anything_else(facts: list[Event]) -> None:
    assert given(ID, ASSIGNED, *facts).when(waived("29/10/2024", None)) is PaperNeeded


def test_what_was_waived_is_neither_met_nor_waived_again() -> None:
    journal = given(ID, ASSIGNED, waived("15/10/2024"))
    assert journal.when(met("28/10/2024")) is AlreadyWaived
    assert journal.when(waived("28/10/2024")) is AlreadyWaived


def test_what_was_met_is_not_waived() -> None:
    assert given(ID, ASSIGNED, met("28/10/2024")).when(waived("29/10/2024")) is AlreadyMet


def test_what_was_missed_may_be_waived_and_stays_missed() -> None:
    state = given(ID, ASSIGNED, missed()).when(waived("05/11/2024"))
    assert (state.missed_on, state.waived_on) == (on("31/10/2024"), on("05/11/2024"))


def test_a_waiver_dated_before_the_meeting_is_kept_and_the_meeting_is_listed() -> None:
    journal = given(ID, ASSIGNED, met("28/10/2024"))
    assert journal.when(waived("15/10/2024")).waived_on == on("15/10/2024")
    assert journal.conflicts == [2]


# --- who meets it ---------------------------------------------------------------------------------


def test_only_the_unit_that_owes_it_meets_it() -> None:
    journal = given(ID, replace(ASSIGNED, with_=("phong-kinh-te",)))
    assert journal.when(replace(met("28/10/2024"), body="phong-kinh-te")) is NotOwedBy
    assert journal.when(replace(met("28/10/2024"), body="ubnd-tam-ngoc")).met_on


def test_a_hand_over_may_meet_it_whoever_signed_it() -> None:
    derived = replace(met("28/10/2024"), body="ubnd-tam-ky", because=7)
    assert given(ID, ASSIGNED).when(derived).met_on == on("28/10/2024")


# --- noted ----------------------------------------------------------------------------------------


def test_the_units_own_words_are_kept_the_last_of_each() -> None:
    first = event(ObligationNoted, "01/11/2024", cause="mưa lũ", proposal="cho lùi")
    journal = given(ID, ASSIGNED, first)
    state = journal.when(event(ObligationNoted, "05/11/2024", cause="thiếu vốn"))
    assert (state.cause, state.proposal) == ("thiếu vốn", "cho lùi")


def test_a_note_that_says_nothing_is_refused() -> None:
    assert given(ID, ASSIGNED).when(event(ObligationNoted, "01/11/2024")) is NothingNoted


# --- in time, late, recorded late -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_time"), [("29/10/2024", True), ("30/10/2024", True), ("31/10/2024", False)]
)
def test_in_time_is_until_the_end_of_the_enforce_day(day: str, in_time: bool) -> None:
    assert given(ID, ASSIGNED).when(met(day)).in_time is in_time


def test_what_is_not_met_is_not_in_time() -> None:
    assert given(ID, ASSIGNED).now.in_time is False
    assert given(ID, UNDATED).now.in_time is False


def test_an_undated_obligation_is_met_in_time_on_any_day() -> None:
    assert given(ID, UNDATED).when(met("31/12/2030")).in_time is True


@pytest.mark.parametrize(
    ("facts", "recorded_late"),
    [
        ([], False),
        ([met("30/10/2024")], False),
        ([missed()], False),
        ([missed(), met("30/10/2024")], True),
        ([missed(), met("31/10/2024")], False),
    ],
)
def test_recorded_late_is_done_in_time_but_learnt_after_the_miss(
    facts: list[Any], recorded_late: bool
) -> None:
    assert given(ID, ASSIGNED, *facts).now.recorded_late is recorded_late


# --- whatever happens -----------------------------------------------------------------------------

DAYS = st.integers(0, 60).map(lambda n: on("01/10/2024") + timedelta(days=n))


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    day, later = draw(DAYS), draw(st.none() | DAYS)
    until = later or on("05/11/2024")
    moved = {"until": until, "act_by": until, "enforce_day": until, "document": "CV"}
    return draw(
        st.sampled_from(
            [
                event(ObligationMet, day),
                event(ObligationWaived, day, document="QĐ"),
                event(ObligationExtended, day, **moved),
                event(ObligationSuspended, day, until=later, document="CV"),
                event(ObligationResumed, day),
                event(ObligationNoted, day, cause="mưa"),
            ]
        )
    )


def live(happened: list[Event], until: date) -> Journal:
    """What an office records that follows the rules and closes every day, in order."""
    journal, waiting = given(ID, ASSIGNED), sorted(happened, key=lambda e: e.effective_on)
    day = on("01/10/2024")
    while day <= until:
        for each in waiting:
            if each.effective_on == day and journal.refusal(each) is None:
                journal.kept(each)
        if journal.now.judge_day and journal.now.judge_day <= day:
            found = missed(day + timedelta(days=1), journal.now.judge_day)
            assert journal.refusal(found) is None
            journal.kept(found)
        day += timedelta(days=1)
    return journal


@settings(max_examples=200, deadline=None)
@hypothesis.given(st.lists(happenings(), max_size=6))
def test_no_state_lies_whatever_happens_in_whatever_order(happened: list[Event]) -> None:
    journal = live(happened, on("15/12/2024"))
    assert journal.conflicts == []
    assert journal.now.judge_day is None
    for step in journal.timeline.steps:
        state, day = step.state, step.fact.event.effective_on
        row, word = as_row(state), standing(as_row(state), day)
        assert standing(row, day) == word
        assert word in STANDINGS
        if state.met_on and state.met_on <= on("30/10/2024"):
            assert (word, state.missed_on) == ("met", None)
        if not state.met_on and not state.waived_on and state.suspended_by(day):
            assert word == "suspended"
        for miss in state.misses:
            assert state.suspended_by(miss.last_day) is None
            assert state.moved_by(miss.last_day) is None
        enforce_days = [term.enforce_day for term in state.terms]
        assert enforce_days == sorted(set(enforce_days))
        assert row.strict_day == (state.terms[-1].strict_day)
        assert row.last_day is None or row.last_day >= row.enforce_day


@settings(max_examples=200, deadline=None)
@hypothesis.given(st.lists(happenings(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_the_same_days_are_learnt_never_breaks_a_closing(
    happened: list[Event], chance: Any
) -> None:
    """Everything typed late and in any order: a closing finds only what the rules let it find."""
    journal = given(ID, ASSIGNED)
    chance.shuffle(happened)
    for each in happened:
        journal.kept(each)
    while day := journal.now.judge_day:
        found = missed(day + timedelta(days=1), day)
        assert journal.refusal(found) is None
        journal.kept(found)
