"""Letters: issued once, held or not, gone under each address once; what came back and who took it on stays."""

from __future__ import annotations

import pytest
from eventsourcing.persistence import StoredEvent
from given import Journal, event, given, on

from ntm_workflow.domain.base import AlreadyBegun, Event, NotBegun
from ntm_workflow.domain.letter import (
    PARTS,
    Letter,
    LetterAcknowledged,
    LetterAcknowledgedBefore,
    LetterBounced,
    LetterBouncedBefore,
    LetterFailed,
    LetterGone,
    LetterIssued,
    LetterNeverLeft,
    LetterNotHeld,
    LetterReleased,
    LetterSent,
    LetterStillHeld,
    Line,
)
from ntm_workflow.store.codec import FactMapper

ID = "letter/ubnd-tam-ngoc/digest/2024-10-15"
DAY = "15/10/2024"
LINES = (
    Line("obligation/D118/tam-ngoc", "ahead", 14, on("29/10/2024")),
    Line("obligation/D119/tam-ngoc", "after", -3, on("12/10/2024")),
)


def issued(kind: str = "digest", *, held: bool = False) -> LetterIssued:
    return event(
        LetterIssued, DAY, unit="ubnd-tam-ngoc", kind=kind, day=DAY, lines=LINES, held=held
    )


ISSUED = issued()
HELD = issued("climb", held=True)


def sent(day: str = DAY, to: str = "<a@ntm>") -> LetterSent:
    return event(LetterSent, day, message_id=to, contact="c1", sha256="2" * 64)


def failed(day: str = DAY, to: str = "<a@ntm>") -> LetterFailed:
    return event(LetterFailed, day, message_id=to, contact="c1", code=550, status="5.1.1")


def bounced(day: str = "16/10/2024", to: str = "<a@ntm>") -> LetterBounced:
    return event(LetterBounced, day, message_id=to, status="5.2.2")


def released(day: str = DAY, person: str = "p1") -> LetterReleased:
    return event(LetterReleased, day, person=person)


def acknowledged(day: str = DAY, person: str = "p2") -> LetterAcknowledged:
    return event(LetterAcknowledged, day, person=person)


# --- issued ---------------------------------------------------------------------------------------


def test_an_issued_letter_waits_with_its_lines_in_their_order() -> None:
    state: Letter = given(ID).when(ISSUED)
    assert (state.unit, state.kind, state.day, state.lines) == (
        ISSUED.unit,
        "digest",
        on(DAY),
        LINES,
    )
    assert state.state == "queued"


def test_a_letter_is_issued_once() -> None:
    assert given(ID, ISSUED).when(ISSUED) is AlreadyBegun


@pytest.mark.parametrize("first", [sent(), failed(), bounced(), released(), acknowledged()])
def test_nothing_becomes_of_a_letter_that_was_never_issued(first: Event) -> None:
    assert given(ID).when(first) is NotBegun


def test_an_alert_has_no_lines_and_says_what_it_is_about() -> None:
    said = {"unit": "operator", "kind": "alert", "day": DAY, "about": "clock/17"}
    state: Letter = given("letter/operator/alert/clock").when(event(LetterIssued, DAY, **said))
    assert (state.lines, state.about, state.state) == ((), "clock/17", "queued")


# --- held -----------------------------------------------------------------------------------------


def test_a_held_letter_waits_until_somebody_named_lets_it_go() -> None:
    journal = given(ID, HELD)
    assert journal.now.state == "held"
    state: Letter = journal.when(released())
    assert (state.state, state.released_by) == ("queued", "p1")


@pytest.mark.parametrize("early", [sent(), failed(), acknowledged()])
def test_a_held_letter_neither_leaves_nor_is_taken_on(early: Event) -> None:
    assert given(ID, HELD).when(early) is LetterStillHeld


def test_only_a_held_letter_is_let_go_and_only_once() -> None:
    assert given(ID, ISSUED).when(released()) is LetterNotHeld
    assert given(ID, HELD, released()).when(released()) is LetterNotHeld
    assert given(ID, HELD, released(), sent()).when(released()) is LetterNotHeld


def test_a_letter_is_held_on_every_day_before_its_release() -> None:
    journal = given(ID, HELD, released("17/10/2024"))
    assert (journal.at("16/10/2024").state, journal.at("17/10/2024").state) == ("held", "queued")


# --- gone -----------------------------------------------------------------------------------------


def test_a_sent_letter_keeps_the_id_it_left_under_and_what_it_said() -> None:
    state: Letter = given(ID, ISSUED).when(sent("16/10/2024"))
    assert (state.state, state.gone, state.lines) == ("sent", ("<a@ntm>",), LINES)


def test_a_letter_waits_until_the_day_it_was_sent() -> None:
    journal = given(ID, ISSUED, sent("16/10/2024"))
    assert (journal.at(DAY).state, journal.at("16/10/2024").state) == ("queued", "sent")


def test_a_letter_leaves_once_for_each_address() -> None:
    journal = given(ID, ISSUED, sent())
    assert journal.when(sent("17/10/2024")) is LetterGone
    assert journal.when(failed("17/10/2024")) is LetterGone
    assert journal.when(sent("17/10/2024", "<b@ntm>")).gone == ("<a@ntm>", "<b@ntm>")


def test_what_one_server_refused_may_leave_all_the_same() -> None:
    journal = given(ID, ISSUED, failed())
    assert (journal.now.state, journal.now.refused) == ("failed", ("<a@ntm>",))
    state: Letter = journal.when(sent("16/10/2024"))
    assert (state.state, state.refused) == ("sent", ())


def test_a_letter_refused_twice_at_one_address_was_refused_there() -> None:
    assert given(ID, ISSUED, failed()).when(failed("16/10/2024")).refused == ("<a@ntm>",)


def test_a_letter_refused_at_one_address_and_taken_at_another_was_sent() -> None:
    for both in ((sent(), failed(to="<b@ntm>")), (failed(to="<b@ntm>"), sent())):
        journal = given(ID, ISSUED, *both)
        assert (journal.now.state, journal.now.refused) == ("sent", ("<b@ntm>",))


# --- come back ------------------------------------------------------------------------------------


def test_a_letter_has_bounced_when_every_address_that_took_it_gave_it_back() -> None:
    journal = given(ID, ISSUED, sent(), sent(to="<b@ntm>"), bounced())
    assert journal.now.state == "sent"
    assert journal.when(bounced(to="<b@ntm>")).state == "bounced"


def test_what_never_left_does_not_come_back_and_what_came_back_does_so_once() -> None:
    journal = given(ID, ISSUED, sent())
    assert journal.when(bounced(to="<b@ntm>")) is LetterNeverLeft
    assert journal.when(bounced("14/10/2024")) is NotBegun
    assert given(ID, ISSUED, failed()).when(bounced()) is LetterNeverLeft
    assert given(ID, ISSUED, sent(), bounced()).when(bounced("17/10/2024")) is LetterBouncedBefore


# --- taken on -------------------------------------------------------------------------------------


def test_a_named_person_takes_a_letter_on_once() -> None:
    state: Letter = given(ID, ISSUED, sent()).when(acknowledged("16/10/2024"))
    assert (state.acknowledged_by, state.state) == ("p2", "sent")
    again = given(ID, ISSUED, sent(), acknowledged()).when(acknowledged("16/10/2024", "p3"))
    assert again is LetterAcknowledgedBefore


def test_a_letter_that_came_another_way_or_bounced_may_be_taken_on_too() -> None:
    assert given(ID, ISSUED).when(acknowledged()).acknowledged_by == "p2"
    assert given(ID, ISSUED, sent(), bounced()).when(acknowledged("17/10/2024")).state == "bounced"


def test_of_two_who_took_it_on_the_earlier_one_stands() -> None:
    journal = given(ID, ISSUED, acknowledged("17/10/2024", "p3"), acknowledged("16/10/2024"))
    assert journal.now.acknowledged_by == "p2"
    assert journal.conflicts == [2]


# --- what a refusal says --------------------------------------------------------------------------

REFUSED: tuple[tuple[Journal, Event], ...] = (
    (given(ID, HELD), sent()),
    (given(ID, ISSUED), released()),
    (given(ID, ISSUED, sent()), sent()),
    (given(ID, ISSUED), bounced()),
    (given(ID, ISSUED, sent(), bounced()), bounced("17/10/2024")),
    (given(ID, ISSUED, acknowledged()), acknowledged()),
)


@pytest.mark.parametrize("n", range(len(REFUSED)))
def test_each_refusal_names_the_next_command_in_both_languages(n: int) -> None:
    journal, refused = REFUSED[n][0], REFUSED[n][0].refusal(REFUSED[n][1])
    assert refused is not None, journal.now
    for lang in ("vi", "en"):
        assert "ntm letter " in refused.say(lang)
        assert not set("{}") & set(refused.say(lang))


# --- version 1 ------------------------------------------------------------------------------------

LETTERS = FactMapper({"LetterIssued": LetterIssued})


def read(kind: str, rungs: str) -> LetterIssued:
    """A letter as the first version of the program wrote it."""
    said = '"effective_on":"2024-10-15","by":"van-thu","unit":"ubnd-tam-ngoc","day":"2024-10-15"'
    state = f'{{{said},"kind":"{kind}","rungs":{rungs}}}'.encode()
    fact = LETTERS.to_domain_event(StoredEvent("letter/1", 1, "LetterIssued", state))
    assert isinstance(fact.event, LetterIssued)
    return fact.event


def test_a_letter_of_version_one_says_in_each_line_what_its_kind_had_said() -> None:
    old = read("reminder", '[["obligation/D118/tam-ngoc",14],["obligation/D119/tam-ngoc",3]]')
    assert old == event(
        LetterIssued,
        DAY,
        unit="ubnd-tam-ngoc",
        kind="reminder",
        day=DAY,
        lines=(
            Line("obligation/D118/tam-ngoc", "ahead", 14),
            Line("obligation/D119/tam-ngoc", "ahead", 3),
        ),
    )
    assert [line.part for line in read("confirm", '[["obligation/D1/x",0]]').lines] == ["asked"]


def test_an_alert_of_version_one_still_has_no_lines_and_is_not_held() -> None:
    old = read("alert", "[]")
    assert (old.lines, old.held) == ((), False)


@pytest.mark.parametrize("kind", ["reminder", "confirm"])
def test_every_part_of_an_old_letter_is_one_the_program_knows(kind: str) -> None:
    assert {line.part for line in read(kind, '[["obligation/D1/x",0]]').lines} <= set(PARTS)


def test_a_letter_is_written_with_its_version() -> None:
    written = LETTERS.to_stored_event(Journal(ID, ISSUED).timeline.steps[0].fact)
    assert written.state.startswith(b'{"v":2,')
    assert LETTERS.to_domain_event(written).event == ISSUED
