"""The relay: hands frozen letters to a post, and records what became of each.

Enforced once, each letter at least once, never lost: a relay that dies between handing over and
recording leaves its claim, and when that ends the same bytes leave again under the same Message-ID.
Writing and handing over hold no lock; what came of it is recorded some at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.post import Outcome, Parcel, Post, Result
from ntm_workflow.notifications.server import Trouble
from ntm_workflow.office import Office, alarm, freezing, hold, outbox, recording
from ntm_workflow.office.bag import ALL, Bag
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.entry import Request
from ntm_workflow.office.letters import at_once, issue, issue_at_once, must_be_today
from ntm_workflow.office.recording import Heard

#: Envelopes claimed at a time, and results recorded at a time.
CHUNK: Final = 32
TOGETHER: Final = 50
#: More than any post carries at once: one that has so many is handing them back.
MOST_OUT: Final = 64


class RehearsalSends(Refused):
    exit_code = 2
    vi = "Sổ tổng dượt không gửi thư thật.\nXem thư ở thư mục: ntm letter send --outbox DIR"
    en = "A rehearsal sends no real letter.\nRead its letters in a folder: ntm letter send --outbox DIR"


@dataclass(frozen=True)
class Sent:
    """What a run of the relay came to, by letter id.

    `left` to an address at least; `refused` for good at one; `deferred` are tried again. For `untried`
    ones the post is to blame: `said` is how the first was given back, `trouble` what is wrong with
    the servers, where letters left by another one, too. `closed`: it was not the hour for letters.
    """

    left: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    said: Result | None = None
    trouble: tuple[Trouble, ...] = ()
    closed: bool = False

    @property
    def failed(self) -> tuple[str, ...]:
        """The letters somebody still waits for, or will never get."""
        return tuple(sorted({*self.refused, *self.deferred, *self.untried, *self.unwritten}))


def send_day(
    office: Office, post: Post, day: date, request: Request, bag: Bag
) -> tuple[list[Intent], Sent]:
    """Issue the day's letters and send everything that waits."""
    _must_be_ready(office, post)
    issued = plan(office, day, request)
    return issued, Sent() if request.dry_run else send(office, post, request, bag)


def plan(office: Office, day: date, request: Request) -> list[Intent]:
    """Issue the day's letters."""
    must_be_today(office, day)
    with office.writing() as work:
        return issue(work, day, request)


def plan_at_once(office: Office, day: date, request: Request) -> list[Intent]:
    """Issue what does not wait for the morning."""
    with office.reading(day) as reading:
        if not at_once(reading):
            return []
    with office.writing() as work:
        return issue_at_once(work, day, request)


def send(office: Office, post: Post, request: Request, bag: Bag = ALL) -> Sent:
    """Send every letter that waits, has an address and is still owed."""
    _must_be_ready(office, post)
    with office.reading() as reading:
        working = calendar_of(reading.conn)
    closes = bag.hours.closes(office.clock.now(), working) if bag.hours else None
    closed = bag.hours is not None and closes is None
    if closed:
        bag = replace(bag, kinds=(alarm.KIND,))
    found = _Run(office, post, request, bag, closes).run()
    return replace(found, closed=closed)


def _must_be_ready(office: Office, post: Post) -> None:
    """Refuse what must not be sent from, or cannot be sent with, before anything is recorded."""
    if office.info.rehearsal and not post.harmless:
        raise RehearsalSends
    with office.database.read() as conn:
        hold.must_not_be(conn)
    post.ready()


class _Run:
    """One run: what it has claimed, handed over and heard of."""

    def __init__(
        self, office: Office, post: Post, request: Request, bag: Bag, closes: datetime | None
    ) -> None:
        self.office = office
        self.post = post
        self.request = replace(request, on=None, key=None, if_position=None, dry_run=False)
        self.bag = bag
        self.closes = closes
        self.owner = uuid4().hex
        self.generation: str | None = None
        #: What the post has, by parcel; and the message ids that are claimed and nobody has had.
        self.out: dict[str, Any] = {}
        self.idle: set[str] = set()
        self.renew_at: datetime | None = None
        self.heard: list[Heard] = []
        self.readdressed = False
        self.error: Refused | None = None
        self.said: Result | None = None
        self.came: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}

    def run(self) -> Sent:
        with self.office.database.write() as conn:
            self.generation = hold.generation(conn)
            outbox.straighten(conn, self.now())
        unwritten = self._round()
        if self.readdressed:
            unwritten += self._round()
        return Sent(
            left=self._which(Outcome.ACCEPTED),
            refused=self._which(Outcome.REFUSED),
            deferred=self._which(Outcome.DEFERRED),
            untried=self._which(Outcome.UNTRIED),
            unwritten=tuple(sorted(unwritten)),
            said=self.said,
            trouble=tuple(self.post.trouble),
        )

    def now(self) -> datetime:
        return self.bag.now(self.office)

    def _which(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(sorted(self.came[outcome]))

    def _round(self) -> list[str]:
        unwritten = freezing.freeze(self.office, self.bag)
        try:
            for result in self.post.deliver(self._parcels()):
                self._hear(result)
        finally:
            self._record()
            self._give_back()
        if self.error is not None:
            raise self.error
        return unwritten

    # --- handing over

    def _parcels(self) -> Iterator[Parcel]:
        """What is claimed, some at a time, as the post has room for it."""
        while self._goes_on() and (rows := self._claim()):
            for envelope in self._still_right(rows):
                if not self._goes_on():
                    return
                self.idle.discard(envelope.message_id)
                id = _parcel_id(envelope)
                self.out[id] = envelope
                sender = mime.verp(self.bag.sender.bounce_to, envelope.token)
                yield Parcel(id, sender, envelope.recipient, envelope.bytes)

    def _goes_on(self) -> bool:
        stopped = self.error or self.said or len(self.out) >= MOST_OUT
        closed = self.closes is not None and self.now() >= self.closes
        return not stopped and not closed and self.bag.going_on()

    def _claim(self) -> list[Any]:
        now = self.now()
        with self.office.database.write() as conn:
            self._must_be_the_same(conn)
            said = (self.owner, now, now + self.bag.claim, CHUNK, self.bag.kinds)
            rows = outbox.claim(conn, *said)
        self.renew_at = self.renew_at or now + self.bag.claim / 2
        # After a pause longer than a claim our own come back: those are on their way already.
        heard = {each.envelope.message_id for each in self.heard}
        ours = {envelope.message_id for envelope in self.out.values()} | self.idle | heard
        new = [row for row in rows if row.message_id not in ours]
        self.idle |= {row.message_id for row in new}
        return new

    def _must_be_the_same(self, conn: sa.Connection) -> None:
        """Nothing goes on in a store that was restored under this run."""
        if hold.generation(conn) != self.generation:
            raise hold.RestoredMeanwhile

    def _still_right(self, rows: Sequence[Any]) -> list[Any]:
        """Those whose address is still their unit's and whose letter still holds, where it may not."""
        today = self.office.today.isoformat()
        with self.office.reading() as reading:
            astray = {e.message_id for e in freezing.misdirected(reading, rows, self.bag)}
            doubtful = {r.letter for r in rows if r.day < today or r.kind == alarm.KIND}
            doubt = outbox.in_doubt(reading.conn, rows)
            taken = {r.letter for r in rows if r.message_id in doubt}
            over = set(freezing.over(self.office, reading, doubtful, taken, self.bag))
            # The same bytes have to leave again only where a server may have had them.
            ours = [r for r in rows if r.message_id not in doubt and r.letter not in over]
            letters = freezing.stale(reading, ours)
            stale = {r.message_id for r in ours if r.letter in letters}
        if not (astray or over or stale):
            return list(rows)
        self.readdressed = self.readdressed or bool(astray or stale)
        with self.office.database.write() as conn:
            self.office.journal.lock_head(conn)
            outbox.end(conn, astray, outbox.DROPPED, self.now())
            outbox.settle(conn, (row.letter for row in rows if row.message_id in astray))
            outbox.drop(conn, over)
            outbox.write_anew(conn, sorted(stale - astray))
        self.idle -= stale
        wrong = astray | stale
        return [r for r in rows if r.message_id not in wrong and r.letter not in over]

    def _give_back(self) -> None:
        # What cannot be given back comes back by itself when the claim ends.
        with suppress(Refused), self.office.database.write() as conn:
            outbox.give_back(conn, self.owner, self.idle, self.now())

    # --- hearing

    def _hear(self, result: Result | None) -> None:
        """Take in a result; None says that a moment went by."""
        if result is None:
            self._record()
            self._renew()
            if not self.bag.going_on():
                self.post.stop()
            return
        envelope = self.out.pop(result.id, None)
        if envelope is None:
            return
        if result.outcome is Outcome.UNTRIED:
            self.said = self.said or result
            self.idle.add(envelope.message_id)
            self.came[Outcome.UNTRIED].add(envelope.letter)
            return
        self.heard.append(Heard(envelope, result))
        if len(self.heard) >= TOGETHER:
            self._record()

    def _renew(self) -> None:
        """Keep others from what is on its way, however long a server takes."""
        now = self.now()
        if self.out and self.renew_at is not None and now >= self.renew_at:
            self.renew_at = now + self.bag.claim / 2
            with suppress(Refused), self.office.database.write() as conn:
                outbox.renew(conn, self.owner, now + self.bag.claim)

    def _record(self) -> None:
        """The outbox and the journal learn in one transaction what became of some letters."""
        if not self.heard:
            return
        try:
            with self.office.writing(any_clock=self.bag.any_clock) as work:
                self._must_be_the_same(work.conn)
                told = recording.Recording(work, self.bag, self.owner, self.now())
                ends = told.record(self.heard, self.request)
        except Refused as error:
            # Once more when all has come: what left is not to be forgotten.
            self.error = error
            return
        self.heard = []
        for outcome, letters in ends.items():
            self.came[outcome] |= letters


def _parcel_id(envelope: Any) -> str:
    """The letter's id; those for its further addresses are numbered."""
    letter: str = envelope.letter
    return f"{letter}/{envelope.n + 1}" if envelope.n else letter
