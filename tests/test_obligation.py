"""Obligations: met or waived once, missed once, and one word for how they stand on any day."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from given import Journal, event, given, on
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from ntm_workflow.domain import standing as module
from ntm_workflow.domain.base import AlreadyBegun, Event, NotBegun
from ntm_workflow.domain.obligation import (
    STRENGTHS,
    Obligation,
    ObligationAssigned,
    ObligationDropped,
    ObligationExtended,
    ObligationMet,
    ObligationMissed,
    ObligationNoted,
    ObligationResumed,
    ObligationSuspended,
    ObligationWaived,
    Reason,
)
from ntm_workflow.domain.obligation_refusals import (
    AlreadyExtended,
    AlreadyMet,
    AlreadyMissed,
    AlreadySuspended,
    AlreadyWaived,
    DaysDisagree,
    NothingNoted,
    NotLater,
    NotOwedBy,
    NotSuspended,
    PaperNeeded,
    UntilBeforeOn,
)
from ntm_workflow.domain.standing import SOON, STANDINGS, standing
from ntm_workflow.projections.obligation import VIEW

ID = "obligation/D118-tam-ngoc"
ASSIGNED = event(
    ObligationAssigned,
    "01/01/2024",
    rule="D118",
    plan="quang-nam-2024-2025",
    clause="II.2.a",
    title="Trình hồ sơ xã nông thôn mới nâng cao",
    strength="must",
    expression="trước ngày 30/10/2024",
    kind="before_date",
    owed_by="ubnd-tam-ngoc",
    strict_day="29/10/2024",
    nominal_day="30/10/2024",
    act_by="29/10/2024",
    enforce_day="30/10/2024",
)
UNDATED = replace(ASSIGNED, strict_day=None, nominal_day=None, act_by=None, enforce_day=None)


def met(day: str) -> ObligationMet:
    return event(ObligationMet, day)


def missed(day: str = "31/10/2024", enforce_day: str = "30/10/2024") -> ObligationMissed:
    return event(ObligationMissed, day, enforce_day=enforce_day)


def waived(day: str, document: str | None = "Quyết định 30/QĐ-UBND") -> ObligationWaived:
    return event(ObligationWaived, day, document=document)


def extended(until: str, day: str = "20/10/2024", **said: Any) -> ObligationExtended:
    said = {"document": "CV 40/UBND", "act_by": until, "enforce_day": until, **said}
    return event(ObligationExtended, day, until=until, **said)


def suspended(day: str, until: str | None = None, **said: Any) -> ObligationSuspended:
    return event(ObligationSuspended, day, until=until, **{"document": "CV 42/UBND", **said})


def dropped(day: str) -> ObligationDropped:
    return event(ObligationDropped, day, plan="quang-nam-2024-2025", document="QĐ 31/QĐ-UBND")


def resumed(day: str) -> ObligationResumed:
    return event(ObligationResumed, day)


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


# --- extended -------------------------------------------------------------------------------------


def test_an_extension_moves_every_day_and_keeps_the_old_ones() -> None:
    step = Reason("extended", on("17/11/2024"), "CV 40/UBND")
    steps = (step, Reason("act_by", on("15/11/2024")), Reason("roll_forward", on("18/11/2024")))
    said = {"act_by": "15/11/2024", "enforce_day": "18/11/2024", "derivation": steps}
    state = given(ID, ASSIGNED).when(extended("17/11/2024", **said))
    term = state.terms[-1]
    assert (term.strict_day, term.nominal_day) == (on("17/11/2024"), on("17/11/2024"))
    assert (term.act_by, term.enforce_day) == (on("15/11/2024"), on("18/11/2024"))
    assert (state.last_day, state.judge_on) == (on("18/11/2024"), on("18/11/2024"))
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
    assert (state.last_day, state.judge_on) == (on("15/11/2024"), on("15/11/2024"))


@pytest.mark.parametrize(
    ("day", "judge_on"),
    [("20/10/2024", "15/11/2024"), ("30/10/2024", "15/11/2024"), ("31/10/2024", "30/10/2024")],
)
def test_only_an_extension_in_time_prevents_the_miss(day: str, judge_on: str) -> None:
    state = given(ID, ASSIGNED).when(extended("15/11/2024", day))
    assert state.judge_on == on(judge_on)


def test_after_a_miss_an_extension_sets_a_new_day_and_the_miss_stays() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "05/11/2024"))
    assert journal.now.missed_on == on("31/10/2024")
    assert journal.now.miss_overturned_by is None
    assert journal.now.judge_on == on("15/11/2024")
    done = journal.when(met("14/11/2024"))
    assert (done.in_time, done.recorded_late, done.missed_on) == (True, False, on("31/10/2024"))


def test_a_duty_is_missed_once_for_each_deadline_it_had() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "05/11/2024"))
    again = journal.when(missed("16/11/2024", "15/11/2024"))
    assert [miss.last_day for miss in again.misses] == [on("30/10/2024"), on("15/11/2024")]
    assert (again.missed_on, again.missed_entry) == (on("16/11/2024"), 4)
    assert again.judge_on is None
    assert journal.refusal(missed("16/11/2024", "15/11/2024"))


def test_an_extension_learnt_after_the_miss_overturns_it() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("15/11/2024", "25/10/2024"))
    assert journal.now.miss_overturned_by == 3
    assert journal.now.judge_on == on("15/11/2024")
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
    assert journal.now.judge_on is None
    assert journal.when(missed()) is AlreadySuspended


def test_what_is_resumed_in_time_keeps_its_day() -> None:
    journal = given(ID, ASSIGNED, suspended("10/10/2024"), resumed("20/10/2024"))
    assert journal.now.judge_on == on("30/10/2024")


def test_what_is_resumed_after_its_day_is_judged_by_the_day_it_is_resumed() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024"), resumed("10/11/2024"))
    assert (journal.now.judge_on, journal.now.last_day) == (on("10/11/2024"), on("10/11/2024"))
    assert journal.when(met("09/11/2024")).in_time is True
    assert journal.kept(missed("11/11/2024", "10/11/2024")).now.judge_on is None


def test_an_extension_on_the_day_it_is_resumed_prevents_the_miss() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024"), resumed("10/11/2024"))
    assert journal.when(extended("30/11/2024", "10/11/2024")).judge_on == on("30/11/2024")


def test_a_pause_with_an_end_ends_by_itself() -> None:
    journal = given(ID, ASSIGNED, suspended("20/10/2024", "05/11/2024"))
    assert journal.now.judge_on == on("06/11/2024")
    assert journal.when(resumed("06/11/2024")) is NotSuspended
    assert journal.when(resumed("01/11/2024")).judge_on == on("01/11/2024")


def test_pauses_that_follow_one_another_count_as_one() -> None:
    journal = given(
        ID, ASSIGNED, suspended("20/10/2024", "05/11/2024"), suspended("06/11/2024", "10/11/2024")
    )
    assert journal.now.judge_on == on("11/11/2024")


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
    assert (journal.now.miss_overturned_by, journal.now.judge_on) == (3, None)
    journal.kept(resumed("10/11/2024"))
    assert journal.now.judge_on == on("10/11/2024")


def test_a_suspended_duty_may_be_met() -> None:
    assert given(ID, ASSIGNED, suspended("20/10/2024")).when(met("05/11/2024")).in_time is True


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


# --- how it stands --------------------------------------------------------------------------------


class Row(Struct, frozen=True, kw_only=True):
    """The columns a reading hands to `standing`."""

    strength: str = "must"
    window_start: date | None = on("01/10/2024")
    strict_day: date | None = on("29/10/2024")
    act_by: date | None = on("28/10/2024")
    enforce_day: date | None = on("30/10/2024")
    last_day: date | None = on("30/10/2024")
    met_on: date | None = None
    missed_on: date | None = None
    waived_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    suspended_until: date | None = None


def row(journal: Journal, day: str, strength: str) -> Row:
    """The row of an obligation with a window, as it is known at the end of `day`."""
    state = journal.at(day)
    happened = {name: getattr(state, name) for name in ("met_on", "missed_on", "waived_on")}
    return Row(strength=strength, **happened)


WINDOWED = replace(ASSIGNED, window_start=on("01/10/2024"), act_by=on("28/10/2024"))
#: What happened, as the columns of the table below have it.
STORIES: dict[str, tuple[Any, ...]] = {
    "nothing": (),
    "met in time": (met("25/10/2024"),),
    "met on the enforce day": (met("30/10/2024"),),
    "missed": (missed(),),
    "met late": (missed(), met("05/11/2024")),
    "recorded late": (missed(), met("30/10/2024")),
    "waived": (waived("25/10/2024"),),
    "waived after a miss": (missed(), waived("05/11/2024")),
}
#: A day, and how a `must` stands at its end. Window from 01/10, act by 28/10, strict day 29/10,
#: enforce day 30/10; the closing finds the miss with effect from 31/10.
MUST = {
    #              nothing         met in time     met on enforce  missed          met late        recorded late   waived          waived later
    "30/09/2024": ("not_yet",      "not_yet",      "not_yet",      "not_yet",      "not_yet",      "not_yet",      "not_yet",      "not_yet"),
    "01/10/2024": ("open",         "open",         "open",         "open",         "open",         "open",         "open",         "open"),
    "13/10/2024": ("open",         "open",         "open",         "open",         "open",         "open",         "open",         "open"),
    "14/10/2024": ("due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon"),
    "24/10/2024": ("due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon",     "due_soon"),
    "25/10/2024": ("due_soon",     "met",          "due_soon",     "due_soon",     "due_soon",     "due_soon",     "waived",       "due_soon"),
    "28/10/2024": ("due_soon",     "met",          "due_soon",     "due_soon",     "due_soon",     "due_soon",     "waived",       "due_soon"),
    "29/10/2024": ("due_soon",     "met",          "due_soon",     "due_soon",     "due_soon",     "due_soon",     "waived",       "due_soon"),
    "30/10/2024": ("past_wording", "met",          "met",          "past_wording", "past_wording", "met",          "waived",       "past_wording"),
    "31/10/2024": ("past_wording", "met",          "met",          "overdue",      "overdue",      "met",          "waived",       "overdue"),
    "04/11/2024": ("past_wording", "met",          "met",          "overdue",      "overdue",      "met",          "waived",       "overdue"),
    "05/11/2024": ("past_wording", "met",          "met",          "overdue",      "met_late",     "met",          "waived",       "waived"),
    "31/12/2024": ("past_wording", "met",          "met",          "overdue",      "met_late",     "met",          "waived",       "waived"),
}  # fmt: skip
#: The words of another strength where a `must` is past its wording or overdue.
STRIVE = {"30/10/2024": "past_wording"}
CASES = [
    (strength, story, day, word)
    for strength in STRENGTHS
    for day, words in MUST.items()
    for story, word in zip(STORIES, words, strict=True)
]


def expected(strength: str, day: str, must: str) -> str:
    if strength == "must" or must not in ("past_wording", "overdue"):
        return must
    return STRIVE.get(day, "behind") if strength == "strive" else "open"


@pytest.mark.parametrize(("strength", "story", "day", "must"), CASES)
def test_how_an_obligation_stands_at_the_end_of_a_day(
    strength: str, story: str, day: str, must: str
) -> None:
    journal = given(ID, replace(WINDOWED, strength=strength), *STORIES[story])
    assert standing(row(journal, day, strength), on(day)) == expected(strength, day, must)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("13/10/2024", "open"),
        ("14/10/2024", "due_soon"),
        ("29/10/2024", "due_soon"),
        ("30/10/2024", "past_wording"),
        ("31/10/2024", "past_wording"),
    ],
)
def test_a_must_nobody_closed_yet_is_past_its_wording_and_not_overdue(day: str, word: str) -> None:
    assert standing(Row(window_start=None), on(day)) == word


def test_without_a_window_a_duty_is_open_from_the_first_day() -> None:
    assert standing(Row(window_start=None), on("01/01/1990")) == "open"


def test_a_duty_opens_on_the_first_day_of_its_window() -> None:
    window = Row(window_start=on("01/10/2024"), act_by=on("01/12/2024"))
    assert standing(window, on("30/09/2024")) == "not_yet"
    assert standing(window, on("01/10/2024")) == "open"


def test_a_window_that_opens_shortly_before_the_day_is_not_yet_due_soon() -> None:
    late_window = Row(window_start=on("20/10/2024"))
    assert standing(late_window, on("19/10/2024")) == "not_yet"
    assert standing(late_window, on("20/10/2024")) == "due_soon"


def test_without_a_day_to_act_by_nothing_is_due_soon() -> None:
    assert standing(Row(act_by=None), on("29/10/2024")) == "open"


def test_due_soon_begins_two_weeks_before_the_day_to_act_by() -> None:
    assert timedelta(days=14) == SOON


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("lacking", ["strict_day", "enforce_day"])
def test_a_duty_without_its_days_is_undated_whatever_its_strength(
    strength: str, lacking: str
) -> None:
    undated = replace(Row(strength=strength), **{lacking: None})
    assert standing(undated, on("31/12/2024")) == "undated"


def test_an_undated_duty_that_was_done_is_met() -> None:
    done = Row(strict_day=None, enforce_day=None, last_day=None, met_on=on("31/12/2030"))
    assert standing(done, on("31/12/2030")) == "met"


def test_an_undated_duty_that_was_waived_is_waived() -> None:
    released = Row(strict_day=None, enforce_day=None, waived_on=on("01/10/2024"))
    assert standing(released, on("01/10/2024")) == "waived"


def test_a_boundary_on_the_strict_day_leaves_no_day_between() -> None:
    strict = Row(strength="strive", enforce_day=on("29/10/2024"), last_day=on("29/10/2024"))
    assert standing(strict, on("29/10/2024")) == "due_soon"
    assert standing(strict, on("30/10/2024")) == "behind"


@pytest.mark.parametrize(
    ("facts", "day", "word"),
    [
        ([suspended("20/10/2024")], "19/10/2024", "due_soon"),
        ([suspended("20/10/2024")], "20/10/2024", "suspended"),
        ([suspended("20/10/2024")], "31/12/2024", "suspended"),
        ([suspended("20/10/2024", "05/11/2024")], "05/11/2024", "suspended"),
        ([suspended("20/10/2024", "05/11/2024")], "06/11/2024", "past_wording"),
        ([suspended("20/10/2024"), met("05/11/2024")], "05/11/2024", "met"),
        ([missed(), suspended("10/11/2024")], "10/11/2024", "suspended"),
        ([missed(), suspended("10/11/2024"), resumed("20/11/2024")], "20/11/2024", "overdue"),
        ([extended("15/11/2024")], "31/10/2024", "open"),
        ([extended("15/11/2024")], "01/11/2024", "due_soon"),
        ([extended("15/11/2024")], "16/11/2024", "past_wording"),
        ([missed(), extended("15/11/2024", "05/11/2024")], "04/11/2024", "overdue"),
        ([missed(), extended("15/11/2024", "05/11/2024")], "05/11/2024", "due_soon"),
        ([missed(), extended("15/11/2024", "05/11/2024")], "16/11/2024", "past_wording"),
        ([missed(), extended("15/11/2024", "05/11/2024"), missed("16/11/2024", "15/11/2024")],
         "16/11/2024", "overdue"),
        ([extended("15/11/2024"), met("10/11/2024")], "10/11/2024", "met"),
        ([extended("15/11/2024"), met("16/11/2024")], "16/11/2024", "met_late"),
    ],
)  # fmt: skip
def test_how_a_moved_or_paused_duty_stands(facts: list[Event], day: str, word: str) -> None:
    assert standing(seen(given(ID, ASSIGNED, *facts), day), on(day)) == word


def seen(journal: Journal, day: str | date) -> Any:
    """The row a reader of `day` has, made as the tables make it."""
    return as_row(journal.at(day))


def as_row(state: Obligation) -> Any:
    names = [column.name for column in VIEW.columns]
    return SimpleNamespace(**dict(zip(names, VIEW.row(state), strict=True)))


def test_a_strive_behind_its_day_was_waited_for_while_it_was_suspended() -> None:
    goal = replace(ASSIGNED, strength="strive")
    journal = given(ID, goal, suspended("20/10/2024", "05/11/2024"))
    words = {day: standing(seen(journal, day), on(day)) for day in ("05/11/2024", "06/11/2024")}
    assert words == {"05/11/2024": "suspended", "06/11/2024": "past_wording"}
    assert standing(seen(journal, "07/11/2024"), on("07/11/2024")) == "behind"


# --- why ------------------------------------------------------------------------------------------


#: What happened, and the day on which it stands so.
REACHED: dict[str, tuple[list[Event], str]] = {
    "not_yet": ([replace(ASSIGNED, window_start=on("01/10/2024"))], "30/09/2024"),
    "open": ([ASSIGNED], "01/09/2024"),
    "due_soon": ([ASSIGNED], "20/10/2024"),
    "past_wording": ([ASSIGNED], "30/10/2024"),
    "overdue": ([ASSIGNED, missed()], "31/10/2024"),
    "behind": ([replace(ASSIGNED, strength="strive")], "31/10/2024"),
    "met": ([UNDATED, met("28/10/2024")], "28/10/2024"),
    "met_late": ([ASSIGNED, met("05/11/2024")], "05/11/2024"),
    "waived": ([ASSIGNED, waived("20/10/2024")], "20/10/2024"),
    "ended": ([ASSIGNED, dropped("20/10/2024")], "20/10/2024"),
    "suspended": ([ASSIGNED, suspended("20/10/2024")], "20/10/2024"),
    "undated": ([UNDATED], "01/01/2030"),
}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("word", REACHED)
def test_every_standing_is_explained_whatever_is_not_known(word: str, lang: str) -> None:
    facts, day = REACHED[word]
    row = seen(given(ID, *facts), day)
    assert standing(row, on(day)) == word
    told = module.explain(row, on(day), {}, lang)
    assert told
    assert not set("{}") & set(told)
    assert "None" not in told


def test_only_a_standing_that_needs_rules_still_to_come_cannot_be_reached() -> None:
    assert set(STANDINGS) - set(REACHED) == {"undetermined"}


def test_what_is_overdue_says_since_when_and_which_closing_found_it() -> None:
    row = seen(given(ID, ASSIGNED, missed()), "31/10/2024")
    told = module.explain(row, on("31/10/2024"), {"missed": 2}, "vi")
    assert ("30/10/2024" in told, "#2" in told) == (True, True)


def test_a_miss_that_was_overturned_says_by_which_entry() -> None:
    row = seen(given(ID, ASSIGNED, missed(), met("30/10/2024")), "31/10/2024")
    told = module.explain(row, on("31/10/2024"), {"missed": 2, "met": 3}, "en")
    assert ("#2" in told, "by entry #3 it was not" in told) == (True, True)


def test_words_that_do_not_bind_are_not_called_open_in_time() -> None:
    row = seen(given(ID, replace(ASSIGNED, strength="requested")), "05/11/2024")
    assert "không bắt buộc" in module.explain(row, on("05/11/2024"), {}, "vi")


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
        if journal.now.judge_on and journal.now.judge_on <= day:
            found = missed(day + timedelta(days=1), journal.now.judge_on)
            assert journal.refusal(found) is None
            journal.kept(found)
        day += timedelta(days=1)
    return journal


@settings(max_examples=200, deadline=None)
@hypothesis.given(st.lists(happenings(), max_size=6))
def test_no_state_lies_whatever_happens_in_whatever_order(happened: list[Event]) -> None:
    journal = live(happened, on("15/12/2024"))
    assert journal.conflicts == []
    assert journal.now.judge_on is None
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
    while day := journal.now.judge_on:
        found = missed(day + timedelta(days=1), day)
        assert journal.refusal(found) is None
        journal.kept(found)


def test_every_word_of_the_table_is_a_known_standing() -> None:
    words = {expected(strength, day, must) for strength, _, day, must in CASES}
    assert words <= set(STANDINGS)
    assert words >= {"not_yet", "open", "due_soon", "past_wording", "overdue", "behind"}
    assert words >= {"met", "met_late", "waived"}
