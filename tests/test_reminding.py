"""What is said about the reminders of a duty: it changes who hears what, and never how the duty stands."""

from __future__ import annotations

from typing import Any

import pytest
from given import event, given, on
from msgspec.structs import replace
from obligations import ASSIGNED, ID, as_row, dropped, extended, met, missed, waived

from ntm_workflow.domain.base import Event, NotBegun
from ntm_workflow.domain.obligation import (
    Obligation,
    ReceiptDenied,
    ReminderAcknowledged,
    ReminderDisputed,
    ReminderSnoozed,
)
from ntm_workflow.domain.obligation_refusals import AlreadyEnded, AlreadyMet, AlreadyWaived
from ntm_workflow.domain.reminding import (
    NOTHING_SAID,
    DeniedBefore,
    LimitPast,
    NoReasonGiven,
    NothingMissed,
    Reminding,
)
from ntm_workflow.domain.standing import standing


def denied(day: str = "04/11/2024") -> ReceiptDenied:
    return event(ReceiptDenied, day)


def acknowledged(day: str = "04/11/2024", person: str = "p1") -> ReminderAcknowledged:
    return event(ReminderAcknowledged, day, person=person)


def snoozed(day: str = "15/10/2024", until: str = "25/10/2024", reason: str = "chờ") -> Event:
    return event(ReminderSnoozed, day, until=until, reason=reason)


def disputed(day: str = "04/11/2024", until: str = "30/11/2024", reason: str = "khác") -> Event:
    return event(ReminderDisputed, day, until=until, reason=reason)


SAID = (denied(), acknowledged(), snoozed("04/11/2024", "15/11/2024"), disputed())


def names(events: tuple[Event, ...]) -> list[str]:
    return [type(each).__name__ for each in events]


def test_of_a_duty_nobody_has_answered_nothing_is_said() -> None:
    assert given(ID).when(ASSIGNED).reminding == NOTHING_SAID


def test_each_answer_keeps_its_day_and_what_it_says() -> None:
    state: Obligation = given(ID, ASSIGNED, missed(), *SAID[:3]).when(disputed())
    assert state.reminding == Reminding(
        denied_on=on("04/11/2024"),
        acknowledged_on=on("04/11/2024"),
        acknowledged_by="p1",
        snoozed_until=on("15/11/2024"),
        disputed_until=on("30/11/2024"),
        reason="khác",
    )


@pytest.mark.parametrize("said", SAID, ids=names(SAID))
def test_what_is_said_never_changes_how_the_duty_stands(said: Event) -> None:
    before = given(ID, ASSIGNED, missed())
    after: Obligation = given(ID, ASSIGNED, missed()).when(said)
    assert replace(after, reminding=NOTHING_SAID) == before.now
    assert standing(as_row(after), on("05/11/2024")) == "overdue"


@pytest.mark.parametrize("said", SAID, ids=names(SAID))
def test_nothing_is_said_of_what_is_over_or_has_not_begun(said: Event) -> None:
    assert given(ID).when(said) is NotBegun
    for over, refusal in (
        (met("04/11/2024"), AlreadyMet),
        (waived("04/11/2024"), AlreadyWaived),
        (dropped("04/11/2024"), AlreadyEnded),
    ):
        assert given(ID, ASSIGNED, missed(), over).when(said) is refusal


@pytest.mark.parametrize("said", SAID, ids=names(SAID))
def test_what_was_said_before_the_work_was_done_may_still_be_learnt_after_it(said: Event) -> None:
    late = given(ID, ASSIGNED, missed(), met("20/11/2024"))
    assert late.when(said).met_on == on("20/11/2024")


def test_a_new_deadline_leaves_what_was_said_as_it_was() -> None:
    journal = given(ID, ASSIGNED, snoozed("15/10/2024", "25/10/2024"))
    assert journal.when(extended("15/11/2024")).reminding.snoozed_until == on("25/10/2024")


# --- not received ---------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["29/10/2024", "30/10/2024"])
def test_a_desk_has_nothing_to_deny_before_the_miss(day: str) -> None:
    assert given(ID, ASSIGNED).when(denied(day)) is NothingMissed
    assert given(ID, ASSIGNED, missed()).when(denied(day)) is NothingMissed


def test_a_desk_denies_a_miss_from_its_first_day_on_and_once() -> None:
    journal = given(ID, ASSIGNED, missed())
    assert journal.when(denied("31/10/2024")).reminding.denied_on == on("31/10/2024")
    refused = journal.refusal(denied("05/11/2024"))
    assert isinstance(refused, DeniedBefore)
    assert "31/10/2024" in refused.say("vi")
    assert "ntm obligation meet" in refused.say("vi")


def test_a_later_miss_may_be_denied_although_the_first_one_was() -> None:
    moved = (extended("15/11/2024", "05/11/2024"), missed("16/11/2024", "15/11/2024"))
    journal = given(ID, ASSIGNED, missed(), denied("01/11/2024"), *moved)
    assert journal.when(denied("18/11/2024")).reminding.denied_on == on("18/11/2024")


# --- taken on -------------------------------------------------------------------------------------


def test_a_duty_may_be_taken_on_before_and_after_its_miss_by_different_people() -> None:
    journal = given(ID, ASSIGNED, acknowledged("15/10/2024"), missed())
    assert journal.now.reminding.acknowledged_on == on("15/10/2024")
    state: Obligation = journal.when(acknowledged("04/11/2024", "p2"))
    said = state.reminding
    assert (said.acknowledged_on, said.acknowledged_by) == (on("04/11/2024"), "p2")


def test_the_last_who_took_it_on_stands_in_whatever_order_it_was_learnt() -> None:
    journal = given(ID, ASSIGNED, missed(), acknowledged("06/11/2024", "p2"), acknowledged())
    assert journal.now.reminding.acknowledged_by == "p2"
    assert journal.at("05/11/2024").reminding.acknowledged_by == "p1"


# --- put off, disputed ----------------------------------------------------------------------------


@pytest.mark.parametrize("said", [snoozed, disputed])
def test_reminders_are_put_off_or_disputed_with_a_reason_and_up_to_a_later_day(said: Any) -> None:
    journal = given(ID, ASSIGNED)
    assert journal.when(said("15/10/2024", "25/10/2024", reason=" \t")) is NoReasonGiven
    assert journal.when(said("15/10/2024", "15/10/2024")) is LimitPast
    assert journal.when(said("15/10/2024", "14/10/2024")) is LimitPast
    assert isinstance(journal.when(said("15/10/2024", "16/10/2024")), Obligation)


def test_the_last_limit_that_was_named_holds_even_where_it_is_nearer() -> None:
    journal = given(ID, ASSIGNED, snoozed("15/10/2024", "29/10/2024"))
    shorter = snoozed("16/10/2024", "18/10/2024", "đã có hướng dẫn")
    said = journal.when(shorter).reminding
    assert (said.snoozed_until, said.reason) == (on("18/10/2024"), "đã có hướng dẫn")


def test_taking_back_an_answer_leaves_the_one_before() -> None:
    journal = given(ID, ASSIGNED, snoozed("15/10/2024", "20/10/2024"), snoozed("16/10/2024"))
    assert journal.voided(3).now.reminding.snoozed_until == on("20/10/2024")
