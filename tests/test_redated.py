"""A duty whose days depend on more than its words: an event, a condition, a second day, the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from given import Journal, event, given, on
from msgspec.structs import replace
from obligations import ASSIGNED, ID, UNDATED, extended, met, missed, seen, suspended

from ntm_workflow.domain.obligation import (
    Alternative,
    AlternativeTaken,
    ConditionSettled,
    ObligationRescheduled,
    ObligationStarted,
)
from ntm_workflow.domain.obligation_refusals import (
    AlreadyMet,
    AlreadySettled,
    AlreadyStarted,
    AlreadyTaken,
    NoAlternative,
    NoCondition,
    NotFromEvent,
    PaperNeeded,
)
from ntm_workflow.domain.standing import standing

CONDITIONAL = replace(ASSIGNED, condition="các địa phương còn nợ")
EITHER = replace(ASSIGNED, alternative=Alternative("trước ngày 30/6/2025", "nếu không giữ chuẩn"))
AWAITED = replace(UNDATED, kind="event", expression="quá 03 năm kể từ ngày phân bổ vốn")


def days(day: str) -> dict[str, Any]:
    return {"strict_day": day, "nominal_day": day, "act_by": day, "enforce_day": day}


def settled(day: str, holds: bool, document: str | None = "BC 5") -> ConditionSettled:
    return event(ConditionSettled, day, holds=holds, document=document)


def started(event_on: str, due: str, day: str | None = None) -> ObligationStarted:
    return event(ObligationStarted, day or event_on, event_on=event_on, **days(due))


def taken(day: str, due: str = "30/06/2025") -> AlternativeTaken:
    return event(AlternativeTaken, day, document="BB 7", **days(due))


def rescheduled(day: str, due: str, **said: Any) -> ObligationRescheduled:
    return event(ObligationRescheduled, day, **days(due), **said)


def stands(journal: Journal, day: str) -> str:
    return standing(seen(journal, day), on(day))


def judged(journal: Journal) -> date | None:
    return journal.now.to_judge and journal.now.to_judge[1]


# --- a condition ----------------------------------------------------------------------------------


def test_a_conditional_duty_nobody_has_settled_is_undetermined_and_never_missed() -> None:
    journal = given(ID, CONDITIONAL)
    assert (stands(journal, "29/10/2024"), stands(journal, "01/11/2024")) == (
        "due_soon",
        "undetermined",
    )
    assert journal.now.to_judge is None


def test_once_the_condition_holds_the_duty_is_judged_by_its_day() -> None:
    journal = given(ID, CONDITIONAL, settled("01/10/2024", True))
    assert judged(journal) == on("30/10/2024")
    journal.kept(missed())
    assert stands(journal, "01/11/2024") == "overdue"


def test_a_condition_that_came_to_hold_after_the_day_binds_from_then_on() -> None:
    journal = given(ID, CONDITIONAL, settled("15/11/2024", True))
    assert journal.now.judged_since == on("15/11/2024")


def test_a_condition_that_does_not_hold_leaves_nothing_owed() -> None:
    journal = given(ID, CONDITIONAL, settled("01/10/2024", False))
    assert (stands(journal, "01/11/2024"), journal.now.to_judge) == ("ended", None)


def test_a_condition_found_not_to_hold_in_time_overturns_the_miss() -> None:
    journal = given(ID, CONDITIONAL, settled("01/10/2024", True), missed())
    assert journal.kept(settled("20/10/2024", False)).now.miss_overturned_by == 4


def test_what_lets_a_unit_off_needs_its_paper() -> None:
    assert given(ID, CONDITIONAL).when(settled("01/10/2024", False, None)) is PaperNeeded


def test_what_binds_a_unit_needs_none() -> None:
    assert given(ID, CONDITIONAL).when(settled("01/10/2024", True, None)).applies == "yes"


def test_a_condition_is_settled_one_way_once_and_may_be_settled_the_other() -> None:
    journal = given(ID, CONDITIONAL, settled("01/10/2024", True))
    assert journal.when(settled("02/10/2024", True)) is AlreadySettled
    assert journal.when(settled("02/10/2024", False)).applies == "no"


def test_a_duty_without_a_condition_has_none_to_settle() -> None:
    assert given(ID, ASSIGNED).when(settled("01/10/2024", True)) is NoCondition


# --- a second day ---------------------------------------------------------------------------------


def test_the_second_day_counts_once_its_condition_holds() -> None:
    journal = given(ID, EITHER, taken("20/10/2024"))
    assert judged(journal) == on("30/06/2025")
    assert stands(journal, "01/11/2024") == "open"


def test_the_second_day_taken_in_time_and_typed_late_overturns_the_miss() -> None:
    journal = given(ID, EITHER, missed(), taken("20/10/2024"))
    assert journal.now.miss_overturned_by == 3


def test_the_second_day_taken_too_late_leaves_the_miss() -> None:
    journal = given(ID, EITHER, missed(), taken("05/11/2024"))
    assert (journal.now.miss_overturned_by, judged(journal)) == (None, on("30/06/2025"))


def test_only_a_clause_with_two_days_has_a_second_and_only_once() -> None:
    assert given(ID, ASSIGNED).when(taken("20/10/2024")) is NoAlternative
    assert given(ID, EITHER, taken("20/10/2024")).when(taken("21/10/2024")) is AlreadyTaken


# --- an event -------------------------------------------------------------------------------------


def test_what_waits_for_an_event_is_undated_until_it_happens() -> None:
    journal = given(ID, AWAITED)
    assert (stands(journal, "31/12/2030"), journal.now.to_judge) == ("undated", None)
    journal.kept(started("20/02/2024", "20/02/2027"))
    assert (stands(journal, "21/02/2024"), judged(journal)) == ("open", on("20/02/2027"))


def test_an_event_before_the_duty_counts_from_its_own_day() -> None:
    journal = given(ID, AWAITED, started("20/02/2021", "20/02/2024", day="01/01/2024"))
    assert (journal.now.event_on, judged(journal)) == (on("20/02/2021"), on("20/02/2024"))


def test_an_event_happens_once_and_only_to_a_duty_that_waits_for_one() -> None:
    journal = given(ID, AWAITED, started("20/02/2024", "20/02/2027"))
    assert journal.when(started("21/02/2024", "21/02/2027")) is AlreadyStarted
    assert given(ID, ASSIGNED).when(started("20/02/2024", "20/02/2027")) is NotFromEvent


def test_what_is_done_has_no_days_to_move() -> None:
    journal = given(ID, AWAITED, met("01/03/2024"))
    assert journal.when(started("05/03/2024", "05/03/2027")) is AlreadyMet


# --- days set anew --------------------------------------------------------------------------------


def test_days_set_anew_in_time_take_the_place_of_the_old_ones() -> None:
    journal = given(ID, ASSIGNED, rescheduled("15/10/2024", "31/10/2024"))
    assert judged(journal) == on("31/10/2024")
    assert seen(journal, "16/10/2024").enforce_day == on("31/10/2024")
    assert seen(journal, "14/10/2024").enforce_day == on("30/10/2024")


def test_an_earlier_day_set_anew_counts_as_well() -> None:
    journal = given(ID, ASSIGNED, rescheduled("15/10/2024", "28/10/2024"))
    assert judged(journal) == on("28/10/2024")


def test_an_extension_in_force_is_what_moves() -> None:
    moved = rescheduled("25/10/2024", "18/11/2024", basis=2)
    journal = given(ID, ASSIGNED, extended("15/11/2024"), moved)
    state = journal.now
    assert (judged(journal), state.holding[-1].event.until) == (on("18/11/2024"), on("15/11/2024"))
    assert seen(journal, "26/10/2024").original is not None


def test_the_clauses_own_days_are_set_anew_beneath_an_extension_that_holds() -> None:
    journal = given(ID, ASSIGNED, extended("15/11/2024"), rescheduled("25/10/2024", "04/11/2024"))
    state = journal.now
    assert (judged(journal), state.dated.enforce_day) == (on("15/11/2024"), on("04/11/2024"))
    assert judged(journal.voided(2)) == on("04/11/2024")


def test_what_was_said_of_an_extension_that_is_gone_says_nothing() -> None:
    moved = rescheduled("25/10/2024", "18/11/2024", basis=2)
    journal = given(ID, ASSIGNED, extended("15/11/2024"), moved).voided(2)
    assert judged(journal) == ASSIGNED.enforce_day


# --- days for typing ------------------------------------------------------------------------------


def test_what_was_done_in_time_may_be_typed_within_the_days_granted() -> None:
    journal = given(ID, replace(ASSIGNED, entered_by=on("06/11/2024")))
    assert journal.now.to_judge == (on("30/10/2024"), on("06/11/2024"))
    assert stands(journal, "05/11/2024") == "past_wording"
    journal.kept(met("28/10/2024"))
    assert (stands(journal, "05/11/2024"), journal.now.recorded_late) == ("met", False)


def test_a_miss_after_the_days_granted_is_still_dated_the_day_after_the_deadline() -> None:
    journal = given(ID, replace(ASSIGNED, entered_by=on("06/11/2024")))
    journal.kept(missed("31/10/2024", "30/10/2024"))
    assert (journal.now.to_judge, stands(journal, "31/10/2024")) == (None, "overdue")


def test_a_deadline_that_a_pause_moved_has_typing_days_of_its_own() -> None:
    paused = suspended("20/10/2024", "10/11/2024", last_day="11/11/2024", entered_by="18/11/2024")
    journal = given(ID, replace(ASSIGNED, entered_by=on("06/11/2024")), paused)
    assert journal.now.to_judge == (on("11/11/2024"), on("18/11/2024"))
