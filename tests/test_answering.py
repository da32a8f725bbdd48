"""What people answer to letters: who may, what the journal keeps of it, and what it may not keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from letter_days import ASKED, CLIMBED, D_NGOC, D_THANH, DESK, MISSED, NGOC, Days, days, on

from ntm_workflow.domain.reminding import NobodyReceives, NotTheReceiver
from ntm_workflow.domain.unit import ClimbsToItself
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office import alarm, answering, approval, contacts, letters, unit
from ntm_workflow.office.answering import (
    NobodysToTake,
    NotLeftYet,
    NotNamedThere,
    PersonNeeded,
    TooLong,
)
from ntm_workflow.office.entry import Request
from ntm_workflow.office.letters import NoLetter
from ntm_workflow.office.obligation import Letter, give
from ntm_workflow.store.schema import COMMAND_KEYS, PEOPLE

PERSON = "Nguyễn Văn Mẫu"
MISSED_LETTER = f"letter/{NGOC}/missed/2024-11-04"


def told_of_a_miss(days: Days) -> None:
    days.morning(ASKED)
    days.morning(MISSED)


def climbed(days: Days) -> None:
    told_of_a_miss(days)
    days.morning(CLIMBED)


@pytest.fixture
def told(store_url: str) -> Iterator[Days]:
    with days(store_url, told_of_a_miss) as found:
        yield found


def acknowledge(days: Days, letter: str = MISSED_LETTER, *only: str, **said: Any) -> None:
    days.desk.record(lambda e: answering.acknowledge(e, letter, PERSON, only), **said)


def taken_on(days: Days) -> bool:
    with days.desk.office.reading() as reading:
        return bool(reading.row(MISSED_LETTER).acknowledged_by)


def kept(days: Days, table: sa.Table) -> list[Any]:
    with days.desk.database.read() as conn:
        return list(conn.execute(sa.select(table)))


# --- taking on


def test_what_is_taken_on_climbs_no_further_and_is_owed_as_before(told: Days) -> None:
    acknowledge(told)
    told.morning(CLIMBED)
    assert {state for id, state in told.states().items() if "/climb/" in id} == {"held"}
    with told.desk.office.reading() as reading:
        held = [id for id, state in told.states().items() if state == "held"]
        assert {line.subject for id in held for line in letters.intent_of(reading, id).lines} == {
            D_THANH
        }
        assert reading.row(D_NGOC).met_on is None


def test_only_what_the_letter_asks_of_its_reader_is_taken_on(told: Days) -> None:
    with pytest.raises(NotNamedThere):
        acknowledge(told, MISSED_LETTER, D_THANH)
    acknowledge(told, MISSED_LETTER, D_NGOC)
    assert taken_on(told)


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_takes_on_nothing(told: Days, name: str) -> None:
    with pytest.raises(PersonNeeded):
        told.desk.record(lambda e: answering.acknowledge(e, MISSED_LETTER, name))


def test_what_is_no_letter_or_asks_nothing_of_a_unit_is_not_taken_on(told: Days) -> None:
    with pytest.raises(NoLetter):
        acknowledge(told, "letter/khong-co/missed/2024-11-04")
    with pytest.raises(NoLetter):
        acknowledge(told, D_NGOC)
    letters.raise_alarm(told.desk.office, [alert()], Request(by="test"))
    size = told.desk.office.verify().size
    with pytest.raises(NobodysToTake):
        acknowledge(told, alert().id)
    assert told.desk.office.verify().size == size
    assert kept(told, PEOPLE) == []


def alert() -> Intent:
    return Intent(alarm.OPERATOR, alarm.KIND, on(MISSED), about=f"{alarm.DEAD}/2024-11-04")


def test_a_letter_is_taken_on_part_by_part(sqlite_url: str) -> None:
    given = Letter(phrase="trước ngày 30/10/2024", to=NGOC, title="Báo cáo khác")

    def scene(days: Days) -> None:
        days.desk.record(lambda e: give(e, given), document="CV 15")
        told_of_a_miss(days)

    with days(sqlite_url, scene) as found:
        with found.desk.office.reading() as reading:
            named = {line.subject for line in letters.intent_of(reading, MISSED_LETTER).lines}
        for duty in sorted(named):
            acknowledge(found, MISSED_LETTER, duty)
        with found.desk.office.reading() as reading:
            assert len(named) == 2
            assert all(reading.row(duty).acknowledged_on for duty in named)


def test_what_has_not_left_or_names_nothing_of_its_readers_is_not_taken_on(sqlite_url: str) -> None:
    with days(sqlite_url, climbed) as found:
        found.release()
        [climb] = [id for id in found.states() if "/climb/" in id]
        with pytest.raises(NobodysToTake):
            acknowledge(found, climb)
        found.close("12/11/2024")
        found.issue()
        [waiting] = [id for id, s in found.states().items() if s == "queued" and f"/{NGOC}/" in id]
        with pytest.raises(NotLeftYet):
            acknowledge(found, waiting)


def test_the_id_of_a_letter_may_be_typed_as_programs_are_given_it(told: Days) -> None:
    acknowledge(told, MISSED_LETTER.removeprefix("letter/"))
    assert taken_on(told)


# --- not received


def test_only_the_desk_that_should_have_it_says_that_it_has_not(told: Days) -> None:
    own = told.desk.record(lambda e: give(e, Letter(phrase="trước ngày 30/11/2024", to=NGOC, title="Tự làm")), document="CV 16")  # fmt: skip
    [assigned] = [f.subject for f in own.facts if f.type == "ObligationAssigned"]
    with pytest.raises(NobodyReceives):
        told.desk.record(lambda e: answering.deny(e, assigned))
    with pytest.raises(NotTheReceiver):
        told.desk.record(lambda e: answering.deny(e, D_NGOC), body="ubnd-tam-thanh-tam-ky")
    told.desk.record(lambda e: answering.deny(e, D_NGOC), body="ubnd-tam-ky")


# --- for how long


@pytest.mark.parametrize("verb", [answering.snooze, answering.dispute])
def test_reminders_are_put_off_no_longer_than_the_plan_allows(told: Days, verb: Any) -> None:
    with pytest.raises(TooLong):
        told.desk.record(lambda e: verb(e, D_NGOC, on("31/12/2025"), "chờ hướng dẫn"))


def test_put_off_without_a_day_is_as_long_as_the_plan_allows(told: Days) -> None:
    told.desk.record(lambda e: answering.dispute(e, D_NGOC, None, "của đơn vị khác"))
    with told.desk.office.reading() as reading:
        row = reading.row(D_NGOC)
    most = row.disputed_until - on(MISSED)
    assert most > timedelta(0)
    later = row.disputed_until + timedelta(days=1)
    with pytest.raises(TooLong):
        told.desk.record(lambda e: answering.dispute(e, D_THANH, later, "của đơn vị khác"))


# --- names


def test_a_name_stands_in_the_table_that_is_erased_and_nowhere_else(told: Days) -> None:
    acknowledge(told, key="k")
    told.desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]), key="khác")
    before = {row.key: row.request_sha256 for row in kept(told, COMMAND_KEYS)}
    with told.desk.database.read() as conn:
        facts = str(list(told.desk.office.journal.facts(conn)))
    assert PERSON not in facts
    told.desk.record(lambda e: contacts.forget(e, NGOC, [], [PERSON], "đã nghỉ việc"))
    assert kept(told, PEOPLE) == []
    after = {row.key: row.request_sha256 for row in kept(told, COMMAND_KEYS)}
    assert after["k"] != before["k"], "the hash of the line that named somebody cannot be tried"


def test_a_release_is_forgotten_with_its_officer(store_url: str) -> None:
    with days(store_url, climbed) as found:
        [held] = [id for id, state in found.states().items() if state == "held"]
        found.desk.record(lambda e: answering.release(e, held, PERSON), key="k", body="ubnd-tam-ky")
        [before] = [row.request_sha256 for row in kept(found, COMMAND_KEYS)]
        found.desk.record(lambda e: contacts.forget(e, "ubnd-tam-ky", [], [PERSON], "nghỉ việc"))
        [after] = [row.request_sha256 for row in kept(found, COMMAND_KEYS)]
        assert before != after
        assert [mail.unit for mail in found.send()] == [DESK], "what was let go leaves all the same"


def test_an_answer_with_a_name_waits_for_nobody(told: Days) -> None:
    """What waits for a second person keeps its line, and so would keep the name."""
    told.desk.record(lambda e: approval.set_rule(e, ("ObligationMet",), 0), document="QC mẫu")
    told.desk.go("6/11/2024")
    told.desk.record(lambda e: answering.acknowledge(e, MISSED_LETTER, PERSON), "4/11/2024")
    assert taken_on(told)
    with pytest.raises(approval.NotForTwo):
        told.desk.record(
            lambda e: approval.set_rule(e, ("LetterAcknowledged",), None), document="QC mẫu"
        )


# --- whom it climbs to


def test_nobody_is_above_itself(told: Days) -> None:
    with pytest.raises(ClimbsToItself):
        told.desk.record(lambda e: unit.climbs(e, NGOC, [DESK, NGOC]), document="CV mẫu")
