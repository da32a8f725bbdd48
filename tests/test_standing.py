"""How an obligation stands on any day, in one word and with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from given import Journal, given, on
from msgspec import Struct
from msgspec.structs import replace
from obligations import (
    ASSIGNED,
    ID,
    UNDATED,
    dropped,
    extended,
    met,
    missed,
    resumed,
    seen,
    suspended,
    waived,
)

from ntm_workflow.domain import standing as module
from ntm_workflow.domain.base import Event
from ntm_workflow.domain.obligation import (
    STRENGTHS,
)
from ntm_workflow.domain.standing import SOON, STANDINGS, standing

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
    applies: str | None = None


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


def test_every_word_of_the_table_is_a_known_standing() -> None:
    words = {expected(strength, day, must) for strength, _, day, must in CASES}
    assert words <= set(STANDINGS)
    assert words >= {"not_yet", "open", "due_soon", "past_wording", "overdue", "behind"}
    assert words >= {"met", "met_late", "waived"}


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
