"""A rehearsal: the whole calendar, day by day on a simulated clock, in a new store that says so.

What people told another store, and plans, are told when they take effect; closings, letters and what
follows of itself come about again. Knows no command: what is typed at the desk is handed in.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Event, Fact, Refused
from ntm_workflow.domain.calendar import CalendarAnnounced
from ntm_workflow.domain.closing import NothingToClose
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.domain.obligation import Assignment, ObligationAmended
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.post import Post
from ntm_workflow.office import (
    Office,
    adoption,
    closing,
    fund_stop,
    letters,
    obligation,
    relay,
    starts,
)
from ntm_workflow.office.amendment import AlreadyAdopted
from ntm_workflow.office.bag import Bag
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.rescheduling import Cause, Moves, reschedule
from ntm_workflow.office.voiding import PERMANENT
from ntm_workflow.plans.pack import Pack
from ntm_workflow.store.engine import Database
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.schema import CONTACTS

ONE_DAY: Final = timedelta(days=1)
#: Vietnam's time of what a day brings, in the order it comes.
MIDNIGHT, CLOSING, LETTERS, DESK = time(0), time(0, 5), time(7), time(9)
#: What is not told again: it comes about of itself, or is about this machine and these people.
OF_ITSELF: Final = PERMANENT | {"ClockConfirmed", "TwoPersonRuleSet"}
#: Where every letter of a rehearsal goes: a reserved domain, so that none reaches anybody.
NOBODY: Final = "tong-duot@example.com"


class Backwards(Refused):
    exit_code = 2
    vi = "--from {first} sau --until {last}.\nĐổi lại hai ngày."
    en = "--from {first} comes after --until {last}.\nChange the days round."


class PlanAfterwards(Refused):
    exit_code = 2
    vi = "Kế hoạch {plan} có hiệu lực từ {day}, sau ngày cuối của tổng dượt ({last}).\nDời --until, hoặc bỏ --plan {plan:arg}."
    en = "The plan {plan} takes effect on {day}, after the last day of the rehearsal ({last}).\nMove --until, or leave out --plan {plan:arg}."


@dataclass
class Simulated:
    """A clock that stands where it was put."""

    at: datetime = datetime(2024, 1, 1, tzinfo=UTC)

    def go(self, day: date, at: time = DESK) -> None:
        self.at = datetime.combine(day, at, VIETNAM).astimezone(UTC)

    def tick(self) -> None:
        """A second goes by."""
        self.at += timedelta(seconds=1)

    def now(self) -> datetime:
        return self.at


def must_be_in_order(first: date, last: date) -> None:
    if first > last:
        raise Backwards(first=first, last=last)


# --- what is told ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Telling:
    """One entry to be recorded on `day`; `early` ones stand before the first day begins."""

    day: date
    early: bool
    by: str
    verb: Callable[[Entry], object]


@dataclass(frozen=True)
class Source:
    """What people told a store, as it stands corrected, in the order it was told."""

    where: str
    facts: tuple[Fact, ...]

    def until(self, last: date) -> list[Fact]:
        return [fact for fact in self.facts if fact.event.effective_on <= last]


def source(database: Database) -> Source:
    """The live facts of a store that people decided to tell; nothing is written there."""
    journal = Journal(database, EVENTS)
    with database.read() as conn:
        facts = list(journal.facts(conn))
    voided = {fact.event.entry for fact in facts if isinstance(fact.event, EntryVoided)}
    told = (f for f in facts if f.entry not in voided and f.event.because is None)
    return Source(database.where, tuple(f for f in told if f.type not in OF_ITSELF))


def retellings(facts: Sequence[Fact], first: date) -> Iterator[Telling]:
    """A source's facts as entries: on the day they took effect, or before the first day.

    Facts of one entry stay together on each of its days. A correction stands in the place of what it
    replaced, and what a plan says of the beginning is told before the plan itself.
    """

    def when(fact: Fact) -> tuple[date, int]:
        return max(fact.event.effective_on, first), fact.event.place_of or fact.entry

    for (day, _), group in groupby(sorted(facts, key=lambda f: (*when(f), f.position)), when):
        told = [(fact.subject, _as_first_told(fact.event)) for fact in group]
        early = all(event.effective_on <= first for _, event in told)
        yield Telling(day, early, told[0][1].by, partial(_retell, told=told))


def _as_first_told(event: Event) -> Event:
    return msgspec.structs.replace(event, replaces=None, place_of=None)


def _retell(entry: Entry, told: list[tuple[str, Event]]) -> None:
    """Nothing is judged again: the source judged it by what it knew then. What follows is found again."""
    entry.reactions = FOLLOWS
    entry.load([subject for subject, _ in told])
    waiting: dict[str, Assignment] = {}
    for subject, event in told:
        entry.retell(subject, event)
        if isinstance(event, ObligationAmended):
            starts.count_anew(entry, subject)
        if isinstance(event, Assignment) and event.starts_from:
            waiting[subject] = event
    starts.from_earlier(entry, waiting)


def _move_duties(entry: Entry, fact: Fact) -> None:
    """An announcement moves the open duties it concerns, as when it was first recorded."""
    event = fact.event
    assert isinstance(event, CalendarAnnounced)
    cause = Cause(entry=fact.entry, day=event.effective_on, document=event.document)
    days = sorted({*event.off, *event.worked})
    entry.later.append(partial(reschedule, told=Moves(), cause=cause, days=days))


#: What follows from facts, wherever they are told.
FOLLOWS: Final = {
    **obligation.REACTIONS,
    **starts.REACTIONS,
    **fund_stop.REACTIONS,
    CalendarAnnounced.__name__: _move_duties,
}


def adoptions(
    packs: Sequence[Pack], first: date, last: date, by: str, within: str | None = None
) -> Iterator[Telling]:
    """Plans, or what they say `within` a place, as entries: on the day they take effect, or before the
    first day.
    """
    for pack in packs:
        since = pack.effective_on
        if since > last:
            raise PlanAfterwards(plan=pack.id, day=since, last=last)
        yield Telling(
            max(since, first), since <= first, by, partial(_adopt, pack=pack, within=within)
        )


def _adopt(entry: Entry, pack: Pack, within: str | None) -> None:
    """As any plan; one that is there already adds nothing, and a draft nobody has signed is its own paper."""
    if entry.exists(f"plan/{pack.id}") and pack.number is None:
        entry.request = replace(entry.request, document=pack.title)
    adoption.adopt(entry, pack, within)


# --- living through it ----------------------------------------------------------------------------


@dataclass
class Day:
    """What a day brought: `told` counts facts of the source and of plans, `typed` is the desk's."""

    day: date
    told: int = 0
    found: tuple[Fact, ...] = ()
    letters: Sequence[Intent] = ()
    typed: Sequence[Any] = field(default_factory=list)

    @property
    def eventful(self) -> bool:
        return bool(self.told or self.found or self.letters or self.typed)


#: What is typed on a day, by whoever sits at the desk.
Desk = Callable[[date], Sequence[Any]]


@dataclass
class Rehearsal:
    """A new store, and the days it lives through. `post` takes the letters; without it they wait."""

    database: Database
    clock: Simulated
    first: date
    last: date
    by: str
    post: Post | None = None

    def __post_init__(self) -> None:
        self.office = Office(self.database, self.clock)

    @property
    def morning_after(self) -> date:
        """The day by whose beginning every day of the rehearsal has been closed."""
        return self.last + ONE_DAY

    def create(self, *said: object) -> None:
        """Make the store. What is `said` is all its facts follow from, and so is its id."""
        whole = msgspec.json.encode((self.first, self.last, self.by, said))
        self.clock.go(self.first, MIDNIGHT)
        id = hashlib.sha256(whole).hexdigest()[:32]
        Office.create(self.database, rehearsal=True, store_id=id)
        if self.post is not None:
            with self.database.write() as conn:
                nobody = {"id": NOBODY, "unit": "", "email": NOBODY, "salt": ""}
                conn.execute(sa.insert(CONTACTS).values(nobody))

    def days(self, tellings: Sequence[Telling], desk: Desk) -> Iterator[Day]:
        """Day by day; the last is the morning after, whose closing judges the last day."""
        early = [each for each in tellings if each.early]
        later: Mapping[date, list[Telling]] = defaultdict(list)
        for each in tellings:
            if not each.early:
                later[each.day].append(each)
        self.clock.go(self.first, MIDNIGHT)
        told = self._tell(early)
        day = self.first
        while day <= self.last:
            found = self._close_before(day)
            written = self._write_letters(day)
            self.clock.go(day, DESK)
            told += self._tell(later.get(day, ()))
            yield Day(day, told, found, written, desk(day))
            told, day = 0, day + ONE_DAY
        yield Day(day, found=self._close_before(day))

    def _tell(self, tellings: Sequence[Telling]) -> int:
        if not tellings:
            return 0
        told = 0
        with self.office.writing() as work:
            for each in tellings:
                # A plan that is there already adds nothing.
                with suppress(AlreadyAdopted):
                    told += len(work.entry(Request(by=each.by), each.verb).facts)
        return told

    def _close_before(self, day: date) -> tuple[Fact, ...]:
        self.clock.go(day, CLOSING)
        try:
            return closing.close(self.office, day - ONE_DAY, Request(by=self.by)).facts
        except NothingToClose:
            return ()

    def _write_letters(self, day: date) -> list[Intent]:
        self.clock.go(day, LETTERS)
        request = Request(by=self.by)
        with self.office.writing() as work:
            written = letters.issue(work, day, request)
        if written and self.post is not None:
            relay.send(self.office, self.post, request, Bag(addressed=_to_nobody))
        return written


def _to_nobody(reading: Reading, unit: str) -> tuple[str, str, str] | None:
    row = reading.units.get(unit)
    return (row.name, NOBODY, NOBODY) if row is not None else None
