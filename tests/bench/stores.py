"""Stores full of duties like those of the bundled plans, made once and shared by what is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any

from databases import Home
from limits import Raw, Row, Rows
from measure import Act, Timed, Watch, seconds
from msgspec.structs import asdict, replace

from ntm_workflow.domain.base import Event, Fact
from ntm_workflow.domain.obligation import ObligationAssigned, ObligationMet, ObligationMissed
from ntm_workflow.office import Office
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.plans.pack import Pack, load
from ntm_workflow.projections import VIEWS, slices
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store import schema
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import EVENTS

START = date(2024, 1, 5)
#: The plan with the most places and units.
PLAN = "quang-nam-2024-2025"
ONE_DAY = timedelta(days=1)
#: No closing of these measurements comes this far.
FAR = date(2030, 1, 1)
#: Facts of one transaction or entry where many are written at once.
BATCH = 1000


@dataclass
class Held:
    """A clock that stands at noon of a day until it is moved."""

    day: date = START

    def now(self) -> datetime:
        return datetime.combine(self.day, time(5), UTC)


@dataclass(eq=False)
class Filled:
    """A store with duties like those of a bundled plan."""

    office: Office
    home: Home
    url: str
    clock: Held
    patterns: list[ObligationAssigned]
    known: int = 0
    on_close: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def raw(self) -> Raw:
        """The store itself through the bare driver, for reading."""
        raw = Raw(self.url)
        self.on_close.callback(raw.close)
        return raw

    @cached_property
    def twin_url(self) -> str:
        """A copy of the store as it is now, to be written by others than our code."""
        self.office.database.close()
        if "raw" in self.__dict__:
            self.__dict__.pop("raw").close()
        url = self.home.copy(self.url)
        self.on_close.callback(self.home.drop, url)
        return url

    @cached_property
    def twin(self) -> Raw:
        raw = Raw(self.twin_url)
        self.on_close.callback(raw.close)
        return raw

    @property
    def position(self) -> int:
        with self.office.database.read() as conn:
            return self.office.journal.head(conn).position

    def close(self) -> None:
        self.on_close.close()
        self.office.database.close()
        self.home.drop(self.url)

    # --- filling it

    def assigned(self, count: int, due: date = FAR) -> list[Fact]:
        """New duties falling due on a day."""
        facts = [self.duty(self.known + i, due) for i in range(count)]
        self.known += count
        return facts

    def duty(self, number: int, due: date) -> Fact:
        event = self.patterns[number % len(self.patterns)]
        days = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), due)
        event = replace(event, strength="must", trigger=None, window_start=None, **days)
        return Fact(f"obligation/B{number:07}-{event.place}", 1, event)

    def append(self, facts: Iterable[Fact], together: int = BATCH) -> None:
        """Into the journal only, `together` an entry; `office.rebuild` then writes the rows."""
        todo = iter(facts)
        with self.office.database.write() as conn:
            while some := list(islice(todo, together)):
                self.office.journal.append(conn, some, self.clock.now())

    def record(self, facts: Iterable[Fact]) -> None:
        """Through the office: rules, fold and rows, a thousand facts an entry."""
        todo = iter(facts)
        while some := list(islice(todo, BATCH)):
            self.office.record(request(), partial(_record, facts=some))


def _record(entry: Entry, facts: list[Fact]) -> None:
    entry.load([fact.subject for fact in facts])
    for fact in facts:
        entry.record(fact.subject, type(fact.event), **asdict(fact.event))


def request(**said: Any) -> Request:
    return Request(by="bench", **said)


def filled(home: Home) -> Filled:
    """A new store of the dossiers that a province asks of its communes and districts."""
    url, clock = home.new(), Held()
    office = Office(Database(url), clock)
    Office.create(office.database, rehearsal=True)
    with office.writing() as work:
        work.entry(request(), partial(adopt, pack=_dossiers(load(PLAN))))
    with office.database.read() as conn:
        events = [fact.event for fact in office.journal.facts(conn)]
    duties = [event for event in events if isinstance(event, ObligationAssigned)]
    return Filled(office, home, url, clock, duties)


def _dossiers(pack: Pack) -> Pack:
    """The part of a plan that speaks of dossiers: its places and units, few enough for a small store."""
    duties = [duty for duty in pack.obligations if duty.dossier and not duty.condition]
    rest: dict[str, list[Any]] = {name: [] for name in ("leads", "targets", "goals", "money")}
    return replace(pack, obligations=duties, money_rules=[], **rest)


# --- a history: of a hundred facts 40 assign, 15 meet in time, 25 miss, 20 meet in the next year


def history(store: Filled, events: int) -> None:
    """Facts until the store has `events` of them; half of those at the end of the year are open."""
    events -= store.position
    store.known = events * 2 // 5
    store.append(store.duty(n, due(n)) for n in range(store.known))
    late = (n for n in range(store.known) if not in_time(n))
    rest = events - 2 * store.known
    ends = [(n, 2) for n in range(store.known)] + [(n, 3) for n in islice(late, rest)]
    store.append((ended(store, *end) for end in ends), together=10)


def due(number: int) -> date:
    """Days due all over the year 2024, from February on."""
    return date(2024, 2, 1) + timedelta(days=number % 300)


def in_time(number: int) -> bool:
    return number % 8 < 3


def ended(store: Filled, number: int, version: int) -> Fact:
    """How a duty ended: met or missed at first, met in the end."""
    day, subject = due(number), store.duty(number, FAR).subject
    event: Event = ObligationMet(effective_on=day - 10 * ONE_DAY, by="bench", document="BC mẫu")
    if version == 3:
        event = replace(event, effective_on=date(2025, 1, 15) + timedelta(days=number % 60))
    elif not in_time(number):
        event = ObligationMissed(effective_on=day + ONE_DAY, by="bench", enforce_day=day)
    return Fact(subject, version, event)


# --- prepared once


@dataclass(frozen=True)
class Prepared:
    """A store of some size with all its tables, and the seconds it took to make."""

    store: Filled
    size: int
    journal: float
    tables: float


def prepared(home: Home, size: int) -> Prepared:
    """Made fact by fact, then the tables by a rebuild."""
    store, journal, tables = filled(home), Watch(), Watch()
    with journal:
        history(store, size)
    with tables:
        store.office.rebuild(check_only=False)
        home.settle(store.url)
    return Prepared(store, size, journal.seconds, tables.seconds)


def loaded(home: Home, like: Prepared) -> Prepared:
    """The same bytes in another database."""
    url, loading, settling = home.new(), Watch(), Watch()
    database = Database(url)
    Office.create(database, rehearsal=True)
    with loading:
        _load(url, like.store.raw)
    with settling:
        home.settle(url)
    clock = Held()
    store = Filled(Office(database, clock), home, url, clock, like.store.patterns, like.store.known)
    return Prepared(store, like.size, loading.seconds, settling.seconds)


def _load(url: str, source: Raw) -> None:
    tables = [
        table.name for data in (schema.METADATA, slices.METADATA) for table in data.tables.values()
    ]
    with closing(Raw(url)) as target:
        for table in ("head", "meta"):
            target.conn.execute(f"DELETE FROM {table}")
        target.load((table, source.pages(table)) for table in tables)


# --- the same rows for the limit


def written(store: Filled, after: int, *tables: str) -> Rows:
    """The rows recorded after a position, in every table or only in some."""
    since = {EVENTS.name: "position", FACTS.name: "position"} | dict.fromkeys(VIEWS, "known_from")
    rows: dict[str, list[Row]] = {
        table: list(store.raw.read(f'SELECT * FROM "{table}" WHERE {column} > {after}'))
        for table, column in since.items()
        if not tables or table in tables
    }
    return {table: some for table, some in rows.items() if some}


class Mirror:
    """Times what our code does to a store, then the writing of exactly the rows that left."""

    def __init__(self, store: Filled, *tables: str) -> None:
        self.store, self.tables = store, tables
        self.raw = store.twin
        self.before = store.position

    def ours(self, act: Act) -> Timed:
        def run() -> float:
            self.before = self.store.position
            return seconds(act)

        return run

    def limit(self, write: Callable[[Raw, Rows], None] = Raw.write) -> Timed:
        def run() -> float:
            rows = written(self.store, self.before, *self.tables)
            return seconds(lambda: write(self.raw, rows))

        return run


@dataclass(frozen=True)
class Run:
    """What a benchmark is handed: a home, a store to share, and how much to measure."""

    home: Home
    shared: Prepared
    quick: bool = False

    @property
    def store(self) -> Filled:
        return self.shared.store

    @property
    def size(self) -> int:
        return self.shared.size

    @property
    def rounds(self) -> int:
        return 3 if self.quick or self.size >= 1_000_000 else 5

    @property
    def few(self) -> int:
        """Rounds of what takes long."""
        return 1 if self.size >= 1_000_000 else 3
