"""Letters from the outbox: issued once, frozen once, never lost, whatever dies or runs beside."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from mails import (
    DAY,
    NGOC,
    THANH,
    at,
    attempts,
    envelopes,
    facts,
    issue,
    outbox_desk,
    send,
    states,
)
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.schedule import Hours
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.post import Folder, FolderUnusable, Outcome, Parcel, Result
from ntm_workflow.office import alarm, contacts, letters, outbox, relay, retrying
from ntm_workflow.office.bag import CLAIM, Bag, Sender
from ntm_workflow.office.entry import Request
from ntm_workflow.office.relay import RehearsalSends
from ntm_workflow.office.writing import Desk as Writer
from ntm_workflow.store.engine import StoreLocked
from ntm_workflow.store.schema import HEARTBEATS

MINUTE, DAYS = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(outbox_desk(store_url)) as desk:
        yield desk


# --- once


def test_a_letter_is_issued_once_and_sent_once(desk: Desk) -> None:
    basket = Basket()
    issue(desk)
    assert issue(desk) == 0
    assert len(send(desk, basket).left) == 2
    assert send(desk, basket).left == ()
    assert len(basket.letters) == 2


def test_a_key_or_a_position_of_the_command_is_not_the_relays(desk: Desk) -> None:
    position = desk.office.verify().size
    issue(desk, key="k", if_position=position)
    assert len(send(desk, key="k", if_position=position).left) == 2
    assert set(states(desk).values()) == {"sent"}
    assert send(desk, key="k").left == ()


def test_the_journal_holds_what_left_as_which_message_and_to_which_contact(desk: Desk) -> None:
    basket = Basket()
    issue(desk)
    send(desk, basket)
    for fact, envelope in zip(facts(desk, "LetterSent"), envelopes(desk), strict=True):
        content = dict(basket.letters)[fact.subject]
        said = fact.event
        assert said.sha256 == hashlib.sha256(content).hexdigest()
        assert f"Message-ID: {said.message_id}".encode() in content
        assert (said.message_id, said.contact) == (envelope.message_id, envelope.contact)


def test_bounces_of_each_letter_come_to_an_address_of_its_own(desk: Desk) -> None:
    basket = Basket()
    issue(desk)
    send(desk, basket, bag=Bag(sender=Sender("A", "a@example.org", "tra-lai@example.org")))
    for parcel, envelope in zip(basket.offered, envelopes(desk), strict=True):
        assert parcel.sender == f"tra-lai+b.{envelope.token}@example.org"
        assert mime.token_of(parcel.sender) == mime.token(envelope.message_id)
        assert b"From: A <a@example.org>" in parcel.content
        assert envelope.message_id.endswith("@example.org>")


# --- who dies


class Dying(Basket):
    """Takes a letter, and the relay dies before it hears so."""

    def take(self, parcel: Parcel) -> Outcome:
        super().take(parcel)
        raise KeyboardInterrupt


def test_a_relay_that_died_before_recording_sends_the_same_bytes_again(desk: Desk) -> None:
    first, second = Dying(), Basket()
    issue(desk)
    with pytest.raises(KeyboardInterrupt):
        send(desk, first)
    send(desk, second)
    assert len(second.letters) == 1, "what is claimed is nobody else's"
    desk.clock.at += CLAIM
    send(desk, second)
    assert first.letters[0] in second.letters
    assert set(states(desk).values()) == {"sent"}
    assert len(facts(desk, "LetterSent")) == 2


def test_two_relays_at_once_never_have_the_same_letter(desk: Desk) -> None:
    class Meanwhile(Basket):
        """While this relay delivers its first letter, another runs from beginning to end."""

        other: Basket | None = None

        def take(self, parcel: Parcel) -> Outcome:
            if self.other is None:
                self.other = Basket()
                send(desk, self.other)
            return super().take(parcel)

    slow = Meanwhile()
    issue(desk)
    send(desk, slow)
    assert slow.other is not None
    assert (len(slow.letters), len(slow.other.letters)) == (2, 0)


def test_a_claim_that_ended_lets_another_send_the_same_bytes_and_both_record_one_letter(
    desk: Desk,
) -> None:
    class Slow(Basket):
        """Takes so long over its first letter that another relay sends everything."""

        other: Basket | None = None

        def take(self, parcel: Parcel) -> Outcome:
            if self.other is None:
                desk.clock.at += CLAIM
                self.other = Basket()
                send(desk, self.other)
            return super().take(parcel)

    slow = Slow()
    issue(desk)
    send(desk, slow)
    assert slow.other is not None
    assert sorted(slow.letters) == sorted(slow.other.letters)
    sent = facts(desk, "LetterSent")
    assert len(sent) == 2
    hashes = {hashlib.sha256(content).hexdigest() for content in slow.contents}
    assert {fact.event.sha256 for fact in sent} == hashes


def test_what_a_relay_has_heard_of_is_not_sent_again_when_its_claim_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine was suspended between an answer and its recording."""
    monkeypatch.setattr(relay, "CHUNK", 1)

    class Suspended(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            desk.clock.at += 2 * CLAIM
            return super().take(parcel)

    issue(desk)
    basket = Suspended()
    assert len(send(desk, basket).left) == 2
    assert len(basket.offered) == 2


def test_a_post_that_takes_long_does_not_lose_its_claim(desk: Desk) -> None:
    other = Basket()

    class Long(Basket):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            for parcel in parcels:
                for _ in range(4):
                    desk.clock.at += CLAIM / 3
                    yield None
                    send(desk, other)
                yield Result(parcel.id, self.take(parcel), "long")

    issue(desk)
    assert len(send(desk, Long()).left) == 2
    assert other.letters == []


def test_many_relays_share_many_letters(desk: Desk, store_url: str) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, [f"a{n}@example.com" for n in range(150)]))
    issue(desk)
    baskets = [Basket() for _ in range(4)]

    def work(basket: Basket) -> None:
        with closing_store(Desk(store_url, DAY)) as other:
            send(other, basket)

    threads = [threading.Thread(target=work, args=(basket,)) for basket in baskets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    copies = Counter(parcel.id for basket in baskets for parcel in basket.offered)
    assert set(copies.values()) == {1}
    assert len(copies) == len(facts(desk, "LetterSent")) == 151


def test_what_is_claimed_and_not_handed_over_is_free_at_once(desk: Desk) -> None:
    issue(desk)
    went = iter((True, True, False, False, False))
    send(desk, bag=Bag(going_on=lambda: next(went)))
    assert len(send(desk).left) == 1


# --- several addresses


def test_each_address_of_a_unit_gets_a_letter_of_its_own(desk: Desk) -> None:
    basket = Basket()
    desk.record(lambda e: contacts.change(e, NGOC, ["mot@example.com", "hai@example.com"]))
    issue(desk)
    assert len(send(desk, basket).left) == 2
    theirs = [parcel for parcel in basket.offered if NGOC in parcel.id]
    assert [parcel.recipient for parcel in theirs] == ["mot@example.com", "hai@example.com"]
    assert theirs[0].id + "/2" == theirs[1].id
    assert all(each.content.count(b"@example.com>") >= 1 for each in theirs)
    assert not any(b"hai@example.com" in theirs[0].content for _ in theirs)
    assert len({fact.event.message_id for fact in facts(desk, "LetterSent")}) == 3


def test_a_letter_refused_at_one_address_left_to_the_other(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, ["mot@example.com", "hai@example.com"]))
    issue(desk)
    refusing = Basket(failing="mot", outcome=Outcome.REFUSED, code=550, status="5.1.1")
    done = send(desk, refusing)
    assert (len(done.left), len(done.refused)) == (2, 1)
    assert states(desk)[NGOC] == "sent"
    assert len(facts(desk, "LetterFailed")) == 1


def test_while_one_address_waits_a_letter_refused_at_the_other_has_not_failed(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, ["mot@example.com", "hai@example.com"]))
    issue(desk)

    class Both(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            return Outcome.REFUSED if "mot" in parcel.recipient else Outcome.DEFERRED

    send(desk, Both())
    assert states(desk)[NGOC] == "frozen"
    desk.clock.at += MINUTE
    send(desk)
    assert states(desk)[NGOC] == "sent"


# --- not now, and never


def test_one_address_that_fails_does_not_hold_up_the_others(desk: Desk) -> None:
    issue(desk)
    done = send(desk, Basket(failing="tam-ngoc", code=450))
    assert (len(done.left), len(done.failed)) == (1, 1)
    assert send(desk).left == (), "not before its time"
    desk.clock.at += MINUTE
    assert len(send(desk).left) == 1


def test_a_letter_put_off_is_tried_soon_and_then_ever_more_seldom(desk: Desk) -> None:
    issue(desk)
    greylisting = Basket(failing="tam-ngoc", code=450, status="4.7.1")
    tried = []
    for _ in range(24 * 60):
        before = len(greylisting.offered)
        send(desk, greylisting)
        if any("tam-ngoc" in parcel.recipient for parcel in greylisting.offered[before:]):
            tried.append(desk.clock.at)
        desk.clock.at += MINUTE
    waited = [b - a for a, b in pairwise(tried)]
    assert waited[:5] == [n * MINUTE for n in (1, 1, 2, 4, 8)]
    assert max(waited) == timedelta(hours=4)
    assert len(tried) == len(attempts(desk, NGOC)) < 20
    theirs = {parcel.content for parcel in greylisting.offered if "ngoc" in parcel.recipient}
    assert len(theirs) == 1, "always the same bytes"
    (last, *_) = attempts(desk, NGOC)
    assert (last.server, last.outcome, last.code) == ("basket", "deferred", 450)


@pytest.mark.parametrize("outcome", [Outcome.DEFERRED, Outcome.UNKNOWN])
def test_after_five_working_days_a_letter_is_given_up_with_the_last_code(
    desk: Desk, outcome: Outcome
) -> None:
    issue(desk)
    stubborn = Basket(failing="tam-ngoc", outcome=outcome, code=451)
    # 15/10/2024 is a Tuesday: five working days later is the next Tuesday.
    for day in (15, 16, 17, 18, 21):
        assert send(desk.go(f"{day}/10/2024"), stubborn).refused == ()
    (id,) = send(desk.go("22/10/2024"), stubborn).refused
    assert states(desk)[NGOC] == "failed"
    (failed,) = facts(desk, "LetterFailed")
    assert (failed.subject, failed.event.code) == (id, 451)
    assert send(desk.go("23/10/2024")).left == ()


def test_a_letter_refused_for_good_is_a_fact_and_is_tried_no_more(desk: Desk) -> None:
    issue(desk)
    done = send(desk, Basket(failing="tam-ngoc", outcome=Outcome.REFUSED, code=550, status="5.1.1"))
    assert (len(done.left), len(done.refused)) == (1, 1)
    (fact,) = facts(desk, "LetterFailed")
    assert (fact.event.code, fact.event.status) == (550, "5.1.1")
    assert states(desk)[NGOC] == "failed"
    desk.clock.at += 2 * DAYS
    assert send(desk).left == ()
    assert desk.rebuilt_equal()


def test_a_server_in_trouble_burns_no_letter(desk: Desk) -> None:
    issue(desk)
    closed = Basket(failing="@", outcome=Outcome.UNTRIED)
    done = send(desk, closed)
    assert (len(done.untried), done.left) == (1, ()), "one is enough to know"
    assert done.said is not None
    assert [row.attempts for row in envelopes(desk)] == [0, 0]
    assert attempts(desk, NGOC) == []
    assert len(send(desk).left) == 2, "at once, since nothing was tried"


def test_a_server_in_trouble_is_not_offered_letter_after_letter(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, [f"a{n}@example.com" for n in range(200)]))
    issue(desk)

    class Draining(Basket):
        """Takes all there is before it says that it takes nothing, as a server that is away."""

        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            self.offered = list(parcels)
            yield from (Result(each.id, Outcome.UNTRIED, "away") for each in self.offered)

    away = Draining()
    send(desk, away)
    assert len(away.offered) <= relay.MOST_OUT
    assert len(send(desk).left) == 2
    assert len(facts(desk, "LetterSent")) == 201


# --- recorded


def test_results_are_recorded_fifty_at_a_time(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, [f"a{n}@example.com" for n in range(120)]))
    issue(desk)
    send(desk)
    found = Counter(fact.entry for fact in facts(desk, "LetterSent"))
    assert sorted(found.values()) == [21, 50, 50]


def test_what_was_heard_is_recorded_when_a_moment_went_by(desk: Desk) -> None:
    recorded = []

    class Ticking(Basket):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            for parcel in parcels:
                yield Result(parcel.id, self.take(parcel), "ticking")
                yield None
                recorded.append(len(facts(desk, "LetterSent")))

    issue(desk)
    send(desk, Ticking())
    assert recorded == [1, 2]


def test_a_store_that_is_locked_for_a_while_loses_nothing_that_was_heard(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(desk)
    writing, busy = desk.office.writing, iter((True, False))

    def locked(**said: Any) -> Any:
        if next(busy):
            raise StoreLocked(where="?", seconds=30)
        return writing(**said)

    monkeypatch.setattr(desk.office, "writing", locked)
    monkeypatch.setattr(relay, "TOGETHER", 1)
    with pytest.raises(StoreLocked):
        send(desk)
    assert len(facts(desk, "LetterSent")) == 1
    monkeypatch.setattr(desk.office, "writing", writing)
    assert len(send(desk).left) == 1, "nothing was handed over after that"


# --- what is written


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(desk)
    write = Writer.write

    def poisoned(self: Writer, intent: Intent) -> Any:
        if intent.unit == NGOC:
            raise ZeroDivisionError("mẫu hỏng\nở dòng 2")
        return write(self, intent)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "write", poisoned)
        done = send(desk)
        assert (len(done.left), len(done.unwritten)) == (1, 1)
        assert send(desk).unwritten == (), "it is not tried again and again"
    assert states(desk) == {NGOC: "unwritten", THANH: "sent"}
    with desk.database.read() as conn:
        (row,) = outbox.letters(conn, [outbox.UNWRITTEN])
    assert row.trouble == "ZeroDivisionError: mẫu hỏng"
    retrying.retry(desk.office, [row.id])
    assert len(send(desk).left) == 1


def test_a_letter_whose_duty_was_done_meanwhile_is_dropped_and_holds_up_nothing(desk: Desk) -> None:
    issue(desk)
    desk.submit("Tam Ngọc", "14/10/2024")
    assert len(send(desk).left) == 1
    assert states(desk) == {NGOC: "dropped", THANH: "sent"}


def test_a_late_letter_of_which_nothing_holds_any_more_is_dropped_before_it_leaves(
    desk: Desk,
) -> None:
    issue(desk)
    send(desk, Basket(failing="tam-ngoc"))
    desk.submit("Tam Ngọc", "15/10/2024")
    basket = Basket()
    send(desk.go("16/10/2024"), basket)
    assert basket.offered == []
    assert states(desk)[NGOC] == "dropped"


def test_a_letter_whose_plan_was_voided_holds_up_nothing(desk: Desk) -> None:
    issue(desk)
    desk.void(1, with_dependents=True)
    assert send(desk).left == ()


def test_a_letter_waits_for_its_address(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, []))
    issue(desk)
    assert len(send(desk).left) == 1
    assert states(desk)[NGOC] == "no_address"
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    assert len(send(desk).left) == 1


def test_a_letter_that_waits_follows_its_unit_to_a_new_address(desk: Desk) -> None:
    issue(desk)
    send(desk, Basket(failing="tam-ngoc"))
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    desk.clock.at += MINUTE
    basket = Basket()
    assert len(send(desk, basket).left) == 1
    assert [parcel.recipient for parcel in basket.offered] == ["moi@example.com"]
    assert b"moi@example.com" in basket.offered[0].content
    old, new = (row for row in envelopes(desk) if NGOC in row.letter)
    assert (old.state, new.state) == ("dropped", "sent")
    assert old.message_id != new.message_id


def test_an_address_that_comes_back_is_sent_what_was_frozen_for_it(desk: Desk) -> None:
    first = [f"{NGOC}@example.com"]
    issue(desk)
    greylisting = Basket(failing="@")
    send(desk, greylisting)
    for emails in (["moi@example.com"], first):
        desk.record(lambda e, m=emails: contacts.change(e, NGOC, m))  # type: ignore[misc]
        desk.clock.at += 8 * MINUTE
        send(desk, greylisting)
    basket = Basket()
    desk.clock.at += 8 * MINUTE
    send(desk, basket)
    (last,) = (parcel for parcel in basket.offered if NGOC in parcel.id)
    assert last.recipient == first[0]
    assert last.content == next(p.content for p in greylisting.offered if p.recipient == first[0])


# --- whom it may not reach, and when


def test_a_rehearsal_never_hands_a_letter_to_a_post_that_delivers(desk: Desk) -> None:
    class Real(Basket):
        harmless = False

    issue(desk)
    real = Real()
    with pytest.raises(RehearsalSends):
        send(desk, real)
    assert real.offered == []


def test_building_the_tables_again_sends_nothing_and_changes_nothing_in_the_outbox(
    desk: Desk,
) -> None:
    issue(desk)
    send(desk, Basket(failing="tam-ngoc"))
    before = (envelopes(desk), attempts(desk, NGOC), states(desk))
    desk.office.rebuild(check_only=False)
    assert (envelopes(desk), attempts(desk, NGOC), states(desk)) == before
    basket = Basket()
    send(desk, basket)
    assert basket.offered == []


HOURS = Bag(hours=Hours(time(7, 30), time(17)))


@pytest.mark.parametrize(
    ("moment", "leave"),
    [
        ("15/10/2024 07:29", False),
        ("15/10/2024 07:30", True),
        ("15/10/2024 16:59", True),
        ("15/10/2024 17:00", False),
        ("19/10/2024 09:00", False),  # a Saturday
        ("21/10/2024 09:00", True),
    ],
)
def test_letters_leave_in_the_hours_of_working_days_only(
    desk: Desk, moment: str, leave: bool
) -> None:
    issue(desk)
    done = send(at(desk, moment), bag=HOURS)
    assert (len(done.left), done.closed) == ((2, False) if leave else (0, True))


def test_when_the_hours_end_what_is_left_waits_for_the_next(desk: Desk) -> None:
    class Slow(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            at(desk, "15/10/2024 17:01")
            return super().take(parcel)

    issue(desk)
    assert len(send(at(desk, "15/10/2024 16:59"), Slow(), HOURS).left) == 1
    assert send(at(desk, "15/10/2024 20:00"), bag=HOURS).left == ()
    assert len(send(at(desk, "16/10/2024 07:30"), bag=HOURS).left) == 1


def test_who_is_told_to_stop_lets_what_is_under_way_end_and_hands_over_no_more(desk: Desk) -> None:
    going_on = True

    class Stopping(Basket):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            nonlocal going_on
            first = next(iter(parcels))
            going_on = False
            yield None
            yield Result(first.id, self.take(first), "stopping")
            assert list(parcels) == []

    post = Stopping()
    issue(desk)
    assert len(send(desk, post, Bag(going_on=lambda: going_on)).left) == 1
    assert post.stopped
    going_on = True
    assert len(send(desk).left) == 1


def test_a_clock_that_went_wrong_puts_no_letter_off_for_ever(desk: Desk) -> None:
    issue(desk)
    send(desk.go("15/10/2027"), Basket(failing="@"))
    desk.go(DAY)
    with desk.database.read() as conn:
        assert outbox.is_due(conn, desk.clock.now())
    assert len(send(desk).left) == 2


# --- again


def test_a_dead_letter_is_tried_again_at_the_same_address_with_the_same_bytes(desk: Desk) -> None:
    issue(desk)
    refusing = Basket(failing="tam-ngoc", outcome=Outcome.REFUSED, code=550)
    send(desk, refusing)
    (id,) = retrying.retry(desk.office, None)
    basket = Basket()
    assert send(desk, basket).left == (id,)
    assert basket.contents[0] in [parcel.content for parcel in refusing.offered]
    assert states(desk)[NGOC] == "sent"
    assert desk.rebuilt_equal()


def test_a_dead_letter_refused_once_more_adds_nothing_to_the_journal(desk: Desk) -> None:
    issue(desk)
    refusing = Basket(failing="tam-ngoc", outcome=Outcome.REFUSED, code=550)
    send(desk, refusing)
    retrying.retry(desk.office, None)
    assert len(send(desk, refusing).refused) == 1
    assert len(facts(desk, "LetterFailed")) == 1
    assert len(attempts(desk, NGOC)) == 2


def test_a_dead_letter_goes_to_the_address_that_was_mended(desk: Desk) -> None:
    issue(desk)
    send(desk, Basket(failing="tam-ngoc", outcome=Outcome.REFUSED, code=550))
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    retrying.retry(desk.office, None)
    basket = Basket()
    send(desk, basket)
    assert [parcel.recipient for parcel in basket.offered] == ["moi@example.com"]
    assert states(desk)[NGOC] == "sent"


def test_a_late_letter_is_tried_again_at_once(desk: Desk) -> None:
    issue(desk)
    send(desk, Basket(failing="tam-ngoc"))
    (id,) = retrying.retry(desk.office, None)
    assert send(desk).left == (id,)


def test_only_what_did_not_arrive_is_tried_again(desk: Desk) -> None:
    issue(desk)
    (first, _) = send(desk).left
    assert retrying.retry(desk.office, None) == []
    with pytest.raises(retrying.NothingToRetry):
        retrying.retry(desk.office, [first])
    with pytest.raises(letters.NoLetter):
        retrying.retry(desk.office, ["letter/x/digest/2024-10-15"])


# --- addresses of the settings


def test_of_an_address_of_the_settings_nothing_stays_in_the_store(desk: Desk) -> None:
    intent = Intent(alarm.OPERATOR, alarm.KIND, read_date(DAY), about="mail/0")
    letters.raise_alarm(desk.office, [intent], Request(by="test"))
    with desk.database.write() as conn:
        conn.execute(sa.insert(HEARTBEATS).values(job=alarm.RELAY, trouble="thử"))
    bag = Bag({alarm.OPERATOR: "truc@example.com"}, kinds=(alarm.KIND,))
    assert len(send(desk, Basket(failing="truc", code=450), bag).deferred) == 1
    desk.clock.at += MINUTE
    assert len(send(desk, bag=bag).left) == 1
    (row,) = envelopes(desk)
    assert (row.recipient, row.bytes, row.state) == (None, None, "sent")
    assert [each.said for each in attempts(desk, alarm.OPERATOR)] == [None, None]


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderUnusable):
        Folder(tmp_path / "file").ready()
