"""The office: the journal, the tables and the clock under one roof, and the use cases on top.

Everything written goes through `Office.record`, everything read through `Office.reading`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Protocol

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.clock import behind
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import fund_stop, keys, place, recognition, seals, starts, supplement
from ntm_workflow.office.approval import SecondPerson
from ntm_workflow.office.entry import Entry, NoSuchEntry, Request, chained
from ntm_workflow.office.names import find_unit
from ntm_workflow.office.obligation import REACTIONS
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import rebuild, slices
from ntm_workflow.projections.clock import confirmed, held
from ntm_workflow.projections.rebuild import Projector, Rebuilt, shape
from ntm_workflow.projections.replay import Batch, batches
from ntm_workflow.store import meta
from ntm_workflow.store.engine import Database, StoreInfo
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.seal import Seal
from ntm_workflow.store.verify import Fault, Verified

Verb = Callable[[Entry], object]


class Clock(Protocol):
    """The only source of the present; a rehearsal hands in one that it moves itself."""

    def now(self) -> datetime: ...


class TablesOutdated(Refused):
    vi = "Các bảng của sổ {where} thuộc một phiên bản khác của chương trình.\nTiếp: ntm migrate (dựng lại bảng từ sổ; sổ không đổi)"
    en = "The tables of {where} belong to another version of the program.\nNext: ntm migrate (builds them from the journal, which stays as it is)"


class Moved(Refused):
    exit_code = 4
    vi = "Sổ đã thay đổi: đang ở vị trí {position}, không phải {expected}.\nXem: ntm fact list, rồi quyết định lại."
    en = "The journal has moved on: it is at position {position}, not {expected}.\nSee: ntm fact list, then decide again."


@dataclass(frozen=True)
class Receipt:
    """What a command came to: its entry, its facts, or that it had been recorded before."""

    entry: int
    facts: tuple[Fact, ...]
    repeated: bool = False
    dry_run: bool = False
    voided_by: int | None = None


class Office:
    """One store and one clock. Instances are cheap; transactions are short."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.journal = Journal(database, EVENTS)
        self._checked = False

    @staticmethod
    def create(database: Database, *, rehearsal: bool = False, **meta: str) -> bytes:
        """Make the store and its sealing key, whose public half it returns.

        The only place that creates tables. Refuses if there is a store already. `meta` is what else
        the store says of itself, an id of its own among it.
        """
        database.create(slices.METADATA, rehearsal=rehearsal, tables=shape(), **meta)
        return seals.new_key(database)

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(VIETNAM).date()

    @cached_property
    def info(self) -> StoreInfo:
        """What the store says of itself; the letters of a rehearsal say that they are samples."""
        return self.database.check()

    def record(self, request: Request, verb: Verb) -> Receipt:
        """Run a verb inside one locked transaction: all its facts land, or none."""
        with self.writing() as work:
            return work.entry(request, verb)

    @contextmanager
    def writing(self, *, any_clock: bool = False) -> Iterator[Work]:
        """Several entries in one transaction, for imports and closings.

        Refused while the clock is in doubt or stands before the last record, unless `any_clock`.
        """
        with self.database.write() as conn:
            self._in_shape(conn)
            work = Work(self, conn, any_clock=any_clock)
            yield work
            work.finish()
            if work.undone:
                conn.rollback()

    @contextmanager
    def reading(
        self, as_of: date | None = None, known_at: date | datetime | int | None = None
    ) -> Iterator[Reading]:
        """The tables at a pair of times, from one consistent snapshot."""
        with self.database.read() as conn:
            self._in_shape(conn)
            known, instant = self._known(conn, known_at)
            yield Reading(conn, as_of or self.today, known, instant)

    def _known(
        self, conn: sa.Connection, at: date | datetime | int | None
    ) -> tuple[int, datetime | None]:
        """The last position that counts. A date means the end of it, a number the whole entry."""
        if at is None:
            head = self.journal.head(conn)
            return head.position, head.recorded_at
        if isinstance(at, int):
            facts = self.journal.entry(conn, at)
            if not facts:
                raise NoSuchEntry(entry=at, last=self.journal.head(conn).position)
            return facts[-1].position, facts[-1].recorded_at
        if not isinstance(at, datetime):
            at = datetime.combine(at + timedelta(days=1), time(), VIETNAM) - timedelta(
                microseconds=1
            )
        return self.journal.position_at(conn, at.astimezone(UTC)), at

    def rebuild(self, *, check_only: bool) -> Rebuilt:
        """Every table again from the journal; compared only, or put in the place of the live ones."""
        if check_only:
            with self.database.read() as conn:
                self._in_shape(conn)
                self.journal.verify(conn).insist()
                return rebuild.check(conn, self.journal.streams(conn))
        mended = self._mend_journal()
        built = self._anew() if self.outdated else self._refilled()
        return dataclasses.replace(built, mended=mended)

    def _mend_journal(self) -> bool:
        """Whether stored hashes had to be computed again; NotWhole where more than they is wrong."""
        with self.database.read() as conn:
            found = self.journal.verify(conn)
        if found.reason is not Fault.TILE:
            found.insist()
            return False
        with self.database.write() as conn:
            self.journal.lock_head(conn)
            self.journal.mended(conn).insist()
        return True

    def _anew(self) -> Rebuilt:
        """Nobody can use tables of another version, so nobody is kept waiting for these."""
        with self.database.write() as conn:
            self.journal.lock_head(conn)
            built = rebuild.replace(conn, self.journal.streams(conn))
            meta.say(conn, "tables", shape())
            return built

    def _refilled(self) -> Rebuilt:
        """Compared with one snapshot while others write; locked only for a batch that differs."""
        events = 0
        with self.database.read() as conn:
            known = self.journal.head(conn).position
            for batch in batches(self.journal.streams(conn)):
                events += batch.events
                if not rebuild.agrees(conn, batch):
                    self._refill(batch, known)
        with self.database.read() as conn:
            now = rebuild.digest(conn)
        return Rebuilt(True, events, now, now)

    def _refill(self, found: Batch, known: int) -> None:
        """A batch that knows the journal up to `known`, with what was recorded since."""
        with self.database.write() as conn:
            if self.journal.lock_head(conn).position == known:
                rebuild.write(conn, found)
                return
            for batch in batches(self.journal.streams(conn), found.first, found.stop):
                rebuild.write(conn, batch)

    @property
    def outdated(self) -> bool:
        """Whether the tables have the shape of another program version."""
        with self.database.read() as conn:
            return self._shape(conn) != shape()

    def _in_shape(self, conn: sa.Connection) -> None:
        if not self._checked and self._shape(conn) != shape():
            raise TablesOutdated(where=self.database.where)
        self._checked = True

    def _shape(self, conn: sa.Connection) -> str | None:
        return meta.said(conn, "tables")

    def verify(self, outside: Seal | None = None) -> Verified:
        """The whole journal, and whether it continues a seal that was kept `outside`."""
        with self.database.read() as conn:
            return self.journal.verify(conn, outside)


class Work:
    """An open write transaction, the journal's head locked: entries are appended one by one."""

    def __init__(self, office: Office, conn: sa.Connection, *, any_clock: bool) -> None:
        self.office = office
        self.conn = conn
        head, now = office.journal.lock_head(conn), office.clock.now()
        if not any_clock:
            self._must_be_believed(now, head.recorded_at)
        self.head, self.now = head, head.moment(now)
        self.start = self.position = head.position
        self.undone = False
        self.approves: int | None = None
        # By the journal's moment, which never goes back: a clock that does lifts no rule.
        self.second_person = SecondPerson(self.reading(self.now.astimezone(VIETNAM).date()))

    def _must_be_believed(self, now: datetime, last: datetime | None) -> None:
        """Refuse what would be recorded by a clock in doubt; a rehearsal is told what time it is."""
        if doubted := held(self.conn):
            refusal: Refused | None = doubted.refusal
        else:
            refusal = behind(now, last, confirmed(self.conn)) if last and now < last else None
        if refusal and not self.office.info.rehearsal:
            raise refusal

    def reading(self, as_of: date | None = None) -> Reading:
        """The tables as they are inside this transaction."""
        return Reading(self.conn, as_of or self.office.today, self.position, self.now)

    def entry(self, request: Request, verb: Verb) -> Receipt:
        """One command, one entry. A dry run does everything and lets the transaction go."""
        # The key of an approved act is its proposal's, which stands under it already.
        if request.key and request.approves is None and (done := self._done_before(request)):
            return done
        if request.if_position not in (None, self.start):
            raise Moved(position=self.start, expected=request.if_position)
        entry = self._begin(request)
        try:
            verb(entry)
        except Refused as refusal:
            raise refusal.naming(self.reading().names) from None
        self.approves = request.approves
        self.second_person.judge(entry)
        self.undone = self.undone or request.dry_run
        entry.write(Projector(self.conn), self.head if self.position == self.start else None)
        # A number nothing was recorded under will be another entry's.
        if request.key and entry.facts:
            keys.remember(self.conn, request, entry.number, self.now)
        self.position += len(entry.facts)
        facts = [
            *entry.facts,
            *(fact for verb in entry.later for fact in self._follow(request, verb)),
        ]
        return Receipt(entry.number, tuple(facts), dry_run=request.dry_run)

    def finish(self) -> None:
        """The act is whole: a second person may be needed for it, or must have seen just this."""
        self.second_person.finish(self.reading, self.approves)

    def _follow(self, request: Request, verb: Verb) -> tuple[Fact, ...]:
        by_itself = dataclasses.replace(request, key=None, if_position=None)
        return self.entry(by_itself, verb).facts

    def _begin(self, request: Request) -> Entry:
        if request.body:
            body = find_unit(self.reading(request.on), request.body)
            request = dataclasses.replace(request, body=body)
        return Entry(
            conn=self.conn,
            journal=self.office.journal,
            number=self.position + 1,
            now=self.now,
            today=request.today or self.office.today,
            request=request,
            reactions=chained(
                *(REACTIONS, place.REACTIONS, starts.REACTIONS, fund_stop.REACTIONS),
                *(supplement.REACTIONS, recognition.REACTIONS),
            ),
        )

    def _done_before(self, request: Request) -> Receipt | None:
        entry = keys.entry_of(self.conn, request)
        if entry is None:
            return None
        facts = tuple(self.office.journal.entry(self.conn, entry))
        voided_by = self.office.journal.voided_by(self.conn, entry)
        return Receipt(entry, facts, repeated=True, voided_by=voided_by)
