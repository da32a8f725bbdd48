"""Letters while whose addresses, words or answers change before they have left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from letter_days import ASKED, CLIMBED, D_NGOC, MISSED, address, days, october
from mails import NGOC, attempts, facts, issue, outbox_desk, send, states
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.domain.letter import LetterBounced
from ntm_workflow.domain.obligation import ObligationAmended
from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.office import amendment, contacts, obligation, relay, retrying
from ntm_workflow.office.entry import Entry

A, B = "a@example.com", "b@example.com"
OWN = f"{NGOC}@example.com"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(outbox_desk(store_url)) as desk:
        yield desk


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A commune with two addresses and two duties to be reminded of; one of them may be done."""
    desk.record(lambda e: contacts.change(e, NGOC, [A, B]))
    given = obligation.Letter(phrase="trước ngày 30/10/2024", to=NGOC, title="Báo cáo khác")
    desk.record(lambda e: obligation.give(e, given), document="CV 15")
    issue(desk)
    return desk


def nobody_home(desk: Desk) -> None:
    """The letters are written, and no server takes them."""
    send(desk, Basket(failing="@", outcome=Outcome.UNTRIED))


def done(desk: Desk) -> None:
    desk.submit("Tam Ngọc", "15/10/2024", received_on="15/10/2024")


class Slow(Basket):
    """Takes in all there is before it answers; `answers` by recipient, accepted unless told."""

    def __init__(self, **answers: Outcome) -> None:
        super().__init__()
        self.answers = answers

    def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
        taken = list(parcels)
        for parcel in taken:
            self.offered.append(parcel)
            outcome = self.answers.get(parcel.recipient[0], Outcome.ACCEPTED)
            code = {Outcome.ACCEPTED: 250, Outcome.REFUSED: 550}.get(outcome, 450)
            if outcome is Outcome.ACCEPTED:
                self.reached.append(parcel.recipient)
                self.letters.append((parcel.id, parcel.content))
            yield Result(parcel.id, outcome, "mx", code)


def went(desk: Desk, type: str) -> list[str]:
    """The addresses a fact of this type was recorded for, by the journal's contact ids."""
    with desk.database.read() as conn:
        known = {id: address for address, id in contacts.of_unit(conn, NGOC).items()}
    found = [known.get(f.event.contact) for f in facts(desk, type) if NGOC in f.subject]
    return sorted(filter(None, found))


# --- an address forgotten and given again


def test_an_address_forgotten_and_given_again_gets_what_waited(desk: Desk) -> None:
    issue(desk)
    nobody_home(desk)
    desk.record(lambda e: contacts.forget(e, NGOC, [OWN], [], "theo đơn"))
    desk.clock.at += timedelta(minutes=1)
    desk.record(lambda e: contacts.change(e, NGOC, [OWN]))
    basket = Basket()
    send(desk, basket)
    assert basket.reached.count(OWN) == 1
    assert set(states(desk).values()) == {"sent"}


def test_what_came_back_from_it_is_not_sent_to_it_again(desk: Desk) -> None:
    issue(desk)
    send(desk)
    desk.record(lambda e: contacts.forget(e, NGOC, [OWN], [], "theo đơn"))
    desk.clock.at += timedelta(minutes=1)
    desk.record(lambda e: contacts.change(e, NGOC, [OWN]))
    [left] = [fact for fact in facts(desk, "LetterSent") if NGOC in fact.subject]
    said = {"message_id": left.event.message_id, "status": "5.1.1"}
    desk.record(lambda e: e.record(left.subject, LetterBounced, **said))
    retrying.retry(desk.office, [left.subject])
    basket = Basket()
    send(desk, basket)
    assert OWN not in basket.reached


def test_what_a_server_says_of_an_address_forgotten_meanwhile_is_not_kept(desk: Desk) -> None:
    issue(desk)

    class Telling(Basket):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            for parcel in parcels:
                if parcel.recipient == OWN:
                    desk.record(lambda e: contacts.forget(e, NGOC, [OWN], [], "theo đơn"))
                said = f"<{parcel.recipient}>: unknown user"
                yield Result(parcel.id, Outcome.REFUSED, "mx", 550, "5.1.1", said)

    send(desk, Telling())
    assert [each.said for each in attempts(desk, NGOC)] == [None]


# --- words that no longer hold


def test_each_address_gets_what_is_written_anew_and_its_own_result(two: Desk) -> None:
    send(two, Slow(a=Outcome.UNTRIED, b=Outcome.DEFERRED))
    done(two)
    two.clock.at += HOUR
    post = Slow(a=Outcome.REFUSED)
    send(two, post)
    ours = [parcel for parcel in post.offered if NGOC in parcel.id]
    assert sorted(parcel.recipient for parcel in ours) == [A, B]
    assert len({parcel.id for parcel in ours}) == 2
    assert (went(two, "LetterSent"), went(two, "LetterFailed")) == ([B], [A])
    assert all("Trình hồ sơ".encode() not in content for _, content in post.letters)


def test_what_is_with_a_server_is_not_written_anew(
    two: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each envelope is claimed by itself, and the duty is done while the first is on its way."""
    monkeypatch.setattr(relay, "CHUNK", 1)

    class Busy(Slow):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            held: list[Parcel] = []
            for parcel in parcels:
                held.append(parcel)
                if NGOC in parcel.id and not self.reached:
                    done(two)
                self.reached.append(parcel.recipient)
            yield from (Result(parcel.id, Outcome.ACCEPTED, "mx", 250) for parcel in held)

    post = Busy()
    send(two, post)
    two.clock.at += HOUR
    send(two, post)
    assert sorted(each for each in post.reached if each in (A, B)) == [A, B]
    assert went(two, "LetterSent") == [A, B]


def test_an_address_added_while_the_letter_is_on_its_way_gets_it_too(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, [A]))
    issue(desk)

    class Meanwhile(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            if NGOC in parcel.id and parcel.recipient == A:
                desk.record(lambda e: contacts.change(e, NGOC, [A, B]))
                retrying.retry(desk.office, [parcel.id])
            return super().take(parcel)

    first, then = Meanwhile(), Basket()
    send(desk, first)
    desk.clock.at += HOUR
    send(desk, then)
    assert sorted(each for each in (*first.reached, *then.reached) if each in (A, B)) == [A, B]


def test_what_was_put_off_is_written_anew_before_it_accuses(sqlite_url: str) -> None:
    with days(sqlite_url, october) as store:
        given = obligation.Letter(phrase="trước ngày 30/10/2024", to=NGOC, title="Báo cáo khác")
        store.desk.record(lambda e: obligation.give(e, given), document="CV 15")
        store.morning(ASKED)
        store.close(MISSED)
        store.issue()
        store.send(Basket(failing="tam-ngoc", outcome=Outcome.DEFERRED, code=450))
        store.desk.submit("Tam Ngọc", "4/11/2024", received_on="4/11/2024")
        [missed] = [m for m in store.morning("5/11/2024") if (m.unit, m.kind) == (NGOC, "missed")]
        assert ("Trình hồ sơ" in missed.text, "Báo cáo khác" in missed.text) == (False, True)


def test_one_that_reached_an_address_stays_sent_when_the_rest_is_given_up(sqlite_url: str) -> None:
    with days(sqlite_url, october) as store:
        store.desk.record(lambda e: contacts.change(e, NGOC, [A, B]))
        store.issue()
        store.send(Basket(failing=B, outcome=Outcome.DEFERRED, code=450))
        handed_in = store.desk.submit("Tam Ngọc", "15/10/2024", received_on="15/10/2024").entry
        store.desk.go("16/10/2024")
        assert store.send() == []
        assert store.states()[f"letter/{NGOC}/digest/2024-10-15"] == "sent"
        store.desk.void(handed_in)
        assert [m for m in store.morning("17/10/2024") if m.unit == NGOC] == [], "it was told"


def test_an_address_that_comes_late_gets_one_letter_of_each_matter(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        store.desk.record(lambda e: contacts.change(e, NGOC, []))
        for day in ("30/9/2024", "15/10/2024", "22/10/2024", "25/10/2024", "28/10/2024"):
            store.morning(day)
        address(store.desk, NGOC)
        told = [mail for mail in store.send() if mail.unit == NGOC]
        assert [mail.letter.split("/")[2:] for mail in told if mail.kind == "digest"] == [
            ["digest", "2024-10-28"]
        ]


def test_money_spent_since_is_not_told_as_unspent(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        desk = store.desk.go("20/2/2024")
        for item in ("Đường A", "Đường B"):
            desk.allocate(item, 1_000_000)
        store.morning("1/7/2024")
        store.release()
        store.send(Basket(failing="@", outcome=Outcome.UNTRIED))
        paid = {"already_done": True, "document": "CV 1"}
        desk.go("3/7/2024").disburse("Đường A", 500_000, "3/7/2024", **paid)
        [told] = [mail for mail in store.send() if mail.kind == "to_stop"]
        assert ("Đường A" in told.text, "Đường B" in told.text) == (False, True)


# --- when it left, and what it may say


def test_the_days_to_answer_run_from_the_day_the_question_left(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        for day in (ASKED, "1/11/2024", "4/11/2024"):
            store.close(day)
            store.issue()
            store.send(Basket(failing="@", outcome=Outcome.UNTRIED))
        # The server is back on a Tuesday: two whole working days from then.
        for day, told in (("5/11/2024", False), ("6/11/2024", False), ("7/11/2024", True)):
            missed = [mail for mail in store.morning(day) if mail.kind == "missed"]
            assert bool(missed) is told, day


def test_a_duty_that_binds_no_more_is_left_out_of_what_climbs(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        for day in (ASKED, MISSED, CLIMBED):
            store.morning(day)

        def weaken(entry: Entry) -> None:
            state: Any = entry.timeline(D_NGOC).now
            said = {**amendment.fields(state.assigned), "strength": "strive"}
            entry.record(D_NGOC, ObligationAmended, **said)

        store.desk.go("7/11/2024").record(weaken, document="QĐ 9")
        store.release()
        [climbed] = [mail for mail in store.send() if mail.kind == "climb"]
        assert "Tam Thanh" in climbed.text
        assert "Tam Ngọc" not in climbed.text


def test_a_month_holds_against_nobody_what_its_letter_never_told(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        store.morning(ASKED)
        store.close(MISSED)
        store.issue()
        store.send(Basket(failing="tam-ngoc", outcome=Outcome.REFUSED, code=550))
        told = {m.unit: m.text for m in store.morning("2/12/2024") if m.kind == "summary"}
        assert "Quá hạn" not in told.get(NGOC, "")
        assert any("Quá hạn" in text for unit, text in told.items() if unit != NGOC)
