"""Obligations: met or waived once, missed once, and one word for how they stand on any day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from given import Journal, event, given, on
from msgspec import Struct
from msgspec.structs import replace

from ntm_workflow.domain.base import AlreadyBegun, Event, NotBegun
from ntm_workflow.domain.obligation import (
    STRENGTHS,
    Obligation,
    ObligationAssigned,
    ObligationMet,
    ObligationMissed,
    ObligationWaived,
)
from ntm_workflow.domain.obligation_refusals import (
    AlreadyMet,
    AlreadyMissed,
    AlreadyWaived,
    PaperNeeded,
)
from ntm_workflow.domain.standing import SOON, STANDINGS, standing

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


# --- the rules ------------------------------------------------------------------------------------


def test_an_assigned_obligation_is_neither_met_nor_missed() -> None:
    assert given(ID).when(ASSIGNED) == Obligation(ASSIGNED)


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


def test_every_word_of_the_table_is_a_known_standing() -> None:
    words = {expected(strength, day, must) for strength, _, day, must in CASES}
    assert words <= set(STANDINGS)
    assert words >= {"not_yet", "open", "due_soon", "past_wording", "overdue", "behind"}
    assert words >= {"met", "met_late", "waived"}
