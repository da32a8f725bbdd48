"""Letters: issued once, sent once; the state says only whether the letter has left."""

from __future__ import annotations

from given import event, given, on

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.letter import Letter, LetterGone, LetterIssued, LetterSent

ID = "letter/reminder-2024-10-15-ubnd-tam-ngoc"
RUNGS = (("D118-tam-ngoc", 14), ("D119-tam-ngoc", 3))
ISSUED = event(
    LetterIssued,
    "15/10/2024",
    unit="ubnd-tam-ngoc",
    kind="reminder",
    day="15/10/2024",
    rungs=RUNGS,
)


def sent(day: str, message_id: str = "<a@ntm>") -> LetterSent:
    return event(LetterSent, day, message_id=message_id, contact="c1", sha256="2" * 64)


def test_an_issued_letter_waits() -> None:
    assert given(ID).when(ISSUED) == Letter(
        "ubnd-tam-ngoc", "reminder", on("15/10/2024"), RUNGS, "queued", None
    )


def test_a_letter_is_issued_once() -> None:
    assert given(ID, ISSUED).when(ISSUED) is AlreadyBegun


def test_a_sent_letter_keeps_the_id_it_left_under_and_what_it_was_about() -> None:
    state = given(ID, ISSUED).when(sent("16/10/2024"))
    assert (state.state, state.message_id) == ("sent", "<a@ntm>")
    assert state.rungs == RUNGS


def test_a_letter_that_was_never_issued_is_not_sent() -> None:
    assert given(ID).when(sent("16/10/2024")) is NotBegun


def test_a_letter_that_left_is_not_sent_again_even_under_another_id() -> None:
    journal = given(ID, ISSUED, sent("16/10/2024"))
    assert journal.when(sent("16/10/2024")) is LetterGone
    assert journal.when(sent("17/10/2024", "<b@ntm>")) is LetterGone


def test_a_letter_waits_until_the_day_it_was_sent() -> None:
    journal = given(ID, ISSUED, sent("16/10/2024"))
    assert journal.at("15/10/2024").state == "queued"
    assert journal.at("16/10/2024").state == "sent"
