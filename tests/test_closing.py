"""Closings: a day is closed once, with how much followed from it."""

from __future__ import annotations

from given import event, given, on

from ntm_workflow.domain.base import AlreadyBegun
from ntm_workflow.domain.closing import Closing, DayClosed

ID = "closing/2024-06-30"
CLOSED = event(DayClosed, "30/06/2024", day="30/06/2024", found=3)


def test_a_closed_day_keeps_how_many_facts_followed() -> None:
    assert given(ID).when(CLOSED) == Closing(on("30/06/2024"), 3)


def test_a_day_on_which_nothing_was_found_is_closed_all_the_same() -> None:
    assert given(ID).when(event(DayClosed, "30/06/2024", day="30/06/2024")).found == 0


def test_a_day_is_closed_once() -> None:
    assert given(ID, CLOSED).when(CLOSED) is AlreadyBegun


def test_a_second_closing_that_stands_in_the_journal_changes_nothing_and_is_listed() -> None:
    journal = given(ID, CLOSED).kept(event(DayClosed, "30/06/2024", day="30/06/2024", found=9))
    assert journal.now.found == 3
    assert journal.conflicts == [2]
