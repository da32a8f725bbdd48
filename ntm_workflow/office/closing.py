"""Closing days: in order, once, judging every live duty whose day is over and records what follows.

A closed day is never reopened: what arrives later is judged by the next closing. Safe to run any
number of times, anywhere; the locked journal and one stream per day make it exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from time import sleep

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.closing import DayClosed, DayNotOver, NothingToClose
from ntm_workflow.domain.obligation import ObligationMissed
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Office, Work, seals
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.judging import FOUND, Judging, Look, Looked
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS, closing, obligation
from ntm_workflow.projections.replay import uncollected
from ntm_workflow.store.seal import Seal

#: About how many facts, and how many days, one transaction holds.
FACTS = 20_000
DAYS = 500
#: Seconds between two of them: a writer who waits for a file looks again ten times a second.
PAUSE = 0.11
ONE_DAY = timedelta(days=1)

#: Told the day being closed and how many facts followed so far.
Told = Callable[[date, int], object]


@dataclass(frozen=True)
class Closed:
    """The days a run closed, and the facts it recorded besides `DayClosed`.

    `to_decide` is how many marks to strive for are past their day with a consequence named, for a
    person to decide on. `seal` is the one made after the last day, or why there is none.
    """

    days: tuple[date, ...]
    facts: tuple[Fact, ...]
    seal: Seal | Refused | None = None
    to_decide: int = 0

    @property
    def consequences(self) -> dict[str, int]:
        """What the clauses of the duties found missed attach to it, and to how many."""
        found = Counter(each.what for miss in self._misses for each in miss.consequences)
        return dict(sorted(found.items()))

    @property
    def history(self) -> int:
        """How many were missed before their plan was taken on here."""
        return sum(miss.history for miss in self._misses)

    @property
    def _misses(self) -> list[ObligationMissed]:
        return [f.event for f in self.facts if isinstance(f.event, ObligationMissed)]


def close(office: Office, until: date, request: Request, told: Told | None = None) -> Closed:
    """Close every open day up to `until`, oldest first. Refuses a day that is not over.

    Several transactions where there is much to do, all of them good by themselves: after a kill
    the next run goes on where this one came to.
    """
    if until >= office.today:
        raise DayNotOver(day=until, today=office.today, last=office.today - ONE_DAY)
    run = _Run(until, request, told)
    while True:
        with uncollected(), office.writing() as work:
            run.go_on(work)
            if run.done:
                return run.answer(work)
        run.request = replace(request, if_position=None)
        if office.database.sqlite:
            sleep(PAUSE)


@dataclass
class _Run:
    """A closing on its way from transaction to transaction."""

    until: date
    request: Request
    told: Told | None
    days: list[date] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    done: bool = False
    #: What money rules saw: what is typed meanwhile is judged by the next closing.
    looks: dict[Looked, Look] = field(default_factory=dict)

    def go_on(self, work: Work) -> None:
        """Close days until the last, or until the transaction is long enough."""
        judging, days = Judging(work, self.request, self.looks), len(self.days)
        found, work.undone = _found_before(work), self.request.dry_run
        for day in _open_days(work, self.until):
            for facts in judging.find(day):
                self._take(day, facts)
                found += len(facts)
                if self._enough(work, days):
                    return
            self._record(work, day, found, history=judging.history(day))
            found = 0
            if day < self.until and self._enough(work, days):
                return
        self.done = True

    def answer(self, work: Work) -> Closed:
        """What came of it; the journal is sealed, or all of it forgotten again."""
        sealed = seals.attempt(work) if self.days and not self.request.dry_run else None
        waiting = obligation.to_decide(work.conn, self.until)
        return Closed(tuple(self.days), tuple(self.facts), sealed, waiting)

    def _take(self, day: date, facts: tuple[Fact, ...]) -> None:
        self.facts += facts
        if self.told:
            self.told(day, len(self.facts))

    def _record(self, work: Work, day: date, found: int, *, history: bool) -> None:
        def closed(entry: Entry) -> None:
            said = {"effective_on": day, "day": day, "found": found, "history": history}
            entry.record(f"closing/{day.isoformat()}", DayClosed, **said)

        work.entry(replace(self.request, on=None, key=None, dry_run=False), closed)
        self.days.append(day)
        if self.told:
            self.told(day, len(self.facts))

    def _enough(self, work: Work, before: int) -> bool:
        """Whether the transaction, begun when so many days were closed, is long enough; a dry run is one."""
        long = work.position - work.start >= FACTS or len(self.days) - before >= DAYS
        return long and not self.request.dry_run


def _found_before(work: Work) -> int:
    """What an earlier transaction has found of the first open day already."""
    _, entry = closing.last(work.conn, work.position)
    return closing.found_since(work.conn, entry, FOUND)


def _open_days(work: Work, until: date) -> Iterator[date]:
    day = next_day(work.reading())
    if day is None:
        raise NothingToClose
    while day <= until:
        yield day
        day += ONE_DAY


def next_day(reading: Reading) -> date | None:
    """The oldest day not closed yet; None while there is no plan and no duty."""
    last = closing.last_day(reading.conn, reading.known)
    if last:
        return last + ONE_DAY
    plan, duty = VIEWS["plan"], VIEWS["obligation"]
    began = (
        sa.select(sa.func.min(plan.table.c.effective_on)).where(plan.now),
        sa.select(sa.func.min(duty.table.c.assigned_on)).where(duty.now),
    )
    return min(filter(None, map(reading.conn.scalar, began)), default=None)


@dataclass(frozen=True)
class Waiting:
    """What there is to close: `days` are over from `day` on, and `due` says whether one finds a duty.

    `judged_next` is the first day whose closing finds a duty, as it stands; `wake` the next moment
    at which a day is over. All None while there is no plan.
    """

    day: date | None = None
    days: int = 0
    due: bool = False
    judged_next: date | None = None
    wake: datetime | None = None


def waiting(reading: Reading, today: date) -> Waiting:
    """Cheap enough to be asked every few seconds: three looks into an index, however much is open."""
    day = next_day(reading)
    if day is None:
        return Waiting()
    judged_next = obligation.next_to_judge(reading.conn)
    return Waiting(
        day=day,
        days=max((today - day).days, 0),
        due=judged_next is not None and judged_next < today,
        judged_next=judged_next,
        wake=datetime.combine(max(day + ONE_DAY, today), time(), VIETNAM),
    )
