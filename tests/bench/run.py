"""Measures the budgets against the raw limit of the same run; knows the program from outside only.

Each benchmark builds its data, then lets our code and the limit take turns: what counts is the
median of the rounds and of their ratios, so that a busy machine slows both. Run by `make bench`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from eventsourcing.persistence import Tracking
from eventsourcing.projection import ApplicationSubscription
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from msgspec.structs import asdict, replace

from ntm_workflow.cli.obligation import LISTED, item
from ntm_workflow.domain.base import Event, Fact
from ntm_workflow.domain.obligation import ObligationAssigned, ObligationMet, ObligationMissed
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent, Ladder
from ntm_workflow.notifications.post import Folder
from ntm_workflow.office import Office, contacts, letters, relay
from ntm_workflow.office import closing as closings
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import bare
from ntm_workflow.plans.pack import bundled, load
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.rebuild import Replay
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import EVENTS

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: make bench -->", "<!-- end -->"
HEAVY = ("sqlalchemy", "apscheduler", "jinja2", "aiosmtplib", "babel", "rich", "eventsourcing")

START = date(2024, 1, 5)
ONE_DAY = timedelta(days=1)
#: Facts of one transaction or entry where many are written at once.
BATCH = 1000

Rows = dict[str, list[tuple[Any, ...]]]


# --- measuring


@dataclass(frozen=True)
class Budget:
    """At least so many a second, at least this share of the limit, at most so many ms each."""

    rate: float | None = None
    ratio: float | None = None
    ms: float | None = None

    def __str__(self) -> str:
        parts = [f"≥ {self.rate:,.0f}/s"] if self.rate else []
        parts += [f"≥ {self.ratio:g}"] if self.ratio else []
        parts += [f"≤ {self.ms:g} ms"] if self.ms else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Result:
    """`ours` and `limit` are per second; a budget in milliseconds is shown as milliseconds."""

    what: str
    ours: float
    limit: float | None
    ratio: float | None
    budget: Budget

    @property
    def met(self) -> bool:
        budget = self.budget
        return (
            self.ours >= (budget.rate or 0)
            and (self.ratio or 0) >= (budget.ratio or 0)
            and 1000 / self.ours <= (budget.ms or float("inf"))
        )

    def line(self) -> str:
        ratio = "–" if self.ratio is None else f"{self.ratio:.3g}"
        cells = (self.what, self._speed(self.ours), self._speed(self.limit), ratio)
        return f"| {' | '.join(cells)} | {self.budget} | {'met' if self.met else '**not met**'} |"

    def _speed(self, rate: float | None) -> str:
        if rate is None:
            return "–"
        if not self.budget.ms:
            return f"{rate:,.0f}/s"
        ms = 1000 / rate
        return f"{ms:,.0f} ms" if ms >= 100 else f"{ms:.3g} ms"


@dataclass(frozen=True)
class Run:
    """How much is measured, and where the stores of the run are made."""

    folder: Path
    quick: bool = False
    large: bool = False

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 5

    def size(self, quick: int, usual: int, large: int) -> int:
        return quick if self.quick else large if self.large else usual


Act = Callable[[], object]
#: Does something and says how many seconds of it count.
Timed = Callable[[], float]


def seconds(act: Act) -> float:
    begin = perf_counter()
    act()
    return perf_counter() - begin


def timed(act: Act) -> Timed:
    return lambda: seconds(act)


def compare(
    what: str,
    count: float,
    ours: Timed,
    limit: Timed | None,
    rounds: int,
    budget: Budget,
    middle: Callable[[Sequence[float]], float] = median,
) -> Result:
    """Let both do `count` things in turns; `middle` picks the round that stands for all."""
    if limit is None:
        return Result(what, count / middle([ours() for _ in range(rounds)]), None, None, budget)
    pairs = [(ours(), limit()) for _ in range(rounds)]
    mine, raw = (middle(times) for times in zip(*pairs, strict=True))
    return Result(what, count / mine, count / raw, median(r / m for m, r in pairs), budget)


# --- the data: real duties of the bundled plans, as many as are wanted


@dataclass
class Held:
    """A clock that stands at noon of a day until it is moved."""

    day: date = START

    def now(self) -> datetime:
        return datetime.combine(self.day, time(5), UTC)


@dataclass
class Filled:
    """A store with the bundled plans adopted, and duties like theirs."""

    office: Office
    path: Path
    clock: Held
    patterns: list[ObligationAssigned]
    duties: list[str] = field(default_factory=list)

    def assigned(self, count: int, due: Callable[[int], date]) -> list[Fact]:
        """New duties, the i-th falling due on `due(i)`."""
        known = len(self.duties)
        facts = [opened(self.patterns, known + i, due(i)) for i in range(count)]
        self.duties += [fact.subject for fact in facts]
        return facts

    def append(self, facts: list[Fact], together: int = BATCH) -> None:
        """Into the journal only, `together` an entry; `office.rebuild` then writes the rows."""
        todo = iter(facts)
        with self.office.database.write() as conn:
            while some := list(islice(todo, together)):
                self.office.journal.append(conn, some, self.clock.now())

    @property
    def position(self) -> int:
        with self.office.database.read() as conn:
            return self.office.journal.head(conn).position


def filled(run: Run) -> Filled:
    clock = Held()
    path = run.folder / "store.db"
    office = Office(Database(path), clock)
    Office.create(office.database)
    with office.writing() as work:
        for pack in map(load, bundled()):
            work.entry(request(), partial(adopt, pack=pack))
    with office.database.read() as conn:
        events = [fact.event for fact in office.journal.facts(conn)]
    return Filled(office, path, clock, [e for e in events if isinstance(e, ObligationAssigned)])


def request(**said: Any) -> Request:
    return Request(by="bench", **said)


def opened(patterns: list[ObligationAssigned], number: int, due: date) -> Fact:
    event = patterns[number % len(patterns)]
    days = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), due)
    event = replace(event, strength="must", trigger=None, window_start=None, **days)
    return Fact(f"obligation/B{number:06}-{event.place}", 1, event)


def year_of(number: int) -> date:
    """Days due all over the year 2024, from February on."""
    return date(2024, 2, 1) + timedelta(days=number % 300)


def on_day(day: date, number: int) -> date:
    return day


def history(store: Filled, events: int) -> None:
    """Half of the events assign; of eight duties three are met in time and five missed."""
    assigned = store.assigned(events // 2, year_of)
    store.append(assigned)
    store.append([after(fact, met=i % 8 < 3) for i, fact in enumerate(assigned)], together=10)


def after(fact: Fact, *, met: bool) -> Fact:
    due = fact.event.enforce_day  # type: ignore[attr-defined]
    event: Event = ObligationMet(effective_on=due - 10 * ONE_DAY, by="bench", document="BC mẫu")
    if not met:
        event = ObligationMissed(effective_on=due + ONE_DAY, by="bench", enforce_day=due)
    return Fact(fact.subject, 2, event)


# --- the limit: the same rows through sqlite3 alone


class Raw:
    """A file with the tables and indexes of a store, written with the same guarantees."""

    def __init__(self, like: Filled) -> None:
        path = cleared(like.path.with_suffix(".raw.db"))
        self.conn = sqlite3.connect(path, isolation_level=None)
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = FULL")
        for sql in made_by(like.path):
            self.conn.execute(sql)

    def write(self, rows: Rows) -> None:
        """Everything in one transaction."""
        self.conn.execute("BEGIN IMMEDIATE")
        for table, some in rows.items():
            self.conn.executemany(_insert(table, some), some)
        self.conn.execute("COMMIT")

    def write_each(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        """A transaction for every row."""
        sql = _insert(table, rows)
        for row in rows:
            self.conn.execute("BEGIN IMMEDIATE")
            self.conn.execute(sql, row)
            self.conn.execute("COMMIT")


def cleared(path: Path) -> Path:
    """Nothing is left of a database that stood here, nor of its log."""
    for file in (path, *path.parent.glob(f"{path.name}-*")):
        file.unlink(missing_ok=True)
    return path


def _insert(table: str, rows: list[tuple[Any, ...]]) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})"


def made_by(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        found = conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        return [sql for (sql,) in found]


def written(store: Filled, after: int, *tables: str) -> Rows:
    """The rows recorded after a position, in every table or only in some."""
    since = {EVENTS.name: "position", FACTS.name: "position"} | dict.fromkeys(VIEWS, "known_from")
    with closing(sqlite3.connect(store.path)) as conn:
        rows = {
            table: conn.execute(f"SELECT * FROM {table} WHERE {column} > {after}").fetchall()
            for table, column in since.items()
            if not tables or table in tables
        }
    return {table: some for table, some in rows.items() if some}


class Mirror:
    """Times what our code does to a store, then the writing of exactly the rows that left."""

    def __init__(self, store: Filled, *tables: str) -> None:
        self.store, self.tables = store, tables
        self.raw = Raw(store)
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


def one_by_one(raw: Raw, rows: Rows) -> None:
    raw.write_each(EVENTS.name, rows[EVENTS.name])


def by_batch(raw: Raw, rows: Rows) -> None:
    todo = iter(rows[EVENTS.name])
    while some := list(islice(todo, BATCH)):
        raw.write({EVENTS.name: some})


# --- writing


def append_recorder(run: Run) -> Result:
    """The recorder alone: leaf, tree and head row, a transaction each."""
    store, count = filled(run), run.size(100, 300, 300)
    recorder, stored = store.office.journal.recorder, store.office.journal.mapper.to_stored_event
    ready = iter([stored(fact) for fact in store.assigned(count * run.rounds, year_of)])

    def act() -> None:
        for event in islice(ready, count):
            recorder.insert_events([event], now=store.clock.now())

    mirror = Mirror(store, EVENTS.name)
    what, budget = "append 1 a transaction, the recorder alone", Budget(ratio=0.5)
    return compare(what, count, mirror.ours(act), mirror.limit(one_by_one), run.rounds, budget)


def append_office(run: Run) -> Result:
    """Everything a command does: lock, load, decide, append, rows."""
    store, count = filled(run), run.size(100, 300, 300)
    store.append(store.assigned(count * run.rounds, year_of))
    store.office.rebuild(check_only=False)
    todo = iter(store.duties)

    def act() -> None:
        for id in islice(todo, count):
            store.office.record(request(), partial(Entry.record, id=id, event=ObligationMet))

    mirror = Mirror(store, EVENTS.name)
    what, budget = "append 1 a transaction, through the office", Budget(ratio=0.25)
    return compare(what, count, mirror.ours(act), mirror.limit(one_by_one), run.rounds, budget)


def bulk_events(run: Run) -> Result:
    """Events and leaves, a thousand a transaction."""
    store, count = filled(run), run.size(5, 20, 20)
    ready = iter([store.assigned(BATCH, year_of) for _ in range(count * run.rounds)])

    def act() -> None:
        for facts in islice(ready, count):
            store.append(facts)

    mirror, total = Mirror(store, EVENTS.name), count * BATCH
    what, budget = "append 1000 a transaction, events and leaves", Budget(40_000, 0.15)
    return compare(what, total, mirror.ours(act), mirror.limit(by_batch), run.rounds, budget)


def bulk_rows(run: Run) -> Result:
    """The same through the office: rules, fold and rows, an entry of a thousand facts."""
    store, count = filled(run), run.size(1, 3, 3)
    ready = iter([store.assigned(BATCH, year_of) for _ in range(count * run.rounds)])

    def record(entry: Entry, facts: list[Fact]) -> None:
        entry.load([fact.subject for fact in facts])
        for fact in facts:
            entry.record(fact.subject, type(fact.event), **asdict(fact.event))

    def act() -> None:
        for facts in islice(ready, count):
            store.office.record(request(), partial(record, facts=facts))

    mirror, total = Mirror(store, EVENTS.name), count * BATCH
    what, budget = "append 1000 a transaction, with rows", Budget(10_000, 0.04)
    return compare(what, total, mirror.ours(act), mirror.limit(by_batch), run.rounds, budget)


def close_day(run: Run) -> Result:
    """A day on which very many duties fall due, judged and recorded."""
    store, count = filled(run), run.size(2000, 10_000, 100_000)
    first = store.clock.day = date(2026, 3, 2)
    closings.close(store.office, first - ONE_DAY, request())
    for number in range(rounds := min(run.rounds, 3)):
        store.append(store.assigned(count, partial(on_day, first + number * ONE_DAY)))
    store.office.rebuild(check_only=False)

    def act() -> None:
        store.clock.day += ONE_DAY
        closings.close(store.office, store.clock.day - ONE_DAY, request())

    mirror, budget = Mirror(store), Budget(rate=10_000)
    return compare(
        f"close a day on which {count:,} duties fall due",
        count,
        mirror.ours(act),
        mirror.limit(),
        rounds,
        budget,
    )


# --- reading


def read_decode(run: Run) -> Result:
    """Every fact of the journal, as the rebuild reads it."""
    store = filled(run)
    history(store, run.size(10_000, 100_000, 1_000_000))
    columns = "position, entry, originator_id, originator_version, topic, state, recorded_at"

    def ours() -> None:
        with store.office.database.read() as conn:
            exhaust(store.office.journal.facts(conn))

    with closing(sqlite3.connect(store.path)) as raw:
        limit = timed(lambda: exhaust(raw.execute(f"SELECT {columns} FROM events ORDER BY 1")))
        budget = Budget(ratio=0.5)
        return compare("read and decode", store.position, timed(ours), limit, run.rounds, budget)


def exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)


def list_open(run: Run) -> Result:
    """Duties open on a day, as known before the last ones were judged; with names, as JSON is."""
    return _list(run, "open", Budget(ms=150))


def list_unit(run: Run) -> Result:
    """The same question about the unit that owes most."""
    return _list(run, "one unit's open", Budget(ms=30), one_unit=True)


def _list(run: Run, which: str, budget: Budget, *, one_unit: bool = False) -> Result:
    store, count = filled(run), run.size(4000, 40_000, 40_000)
    history(store, 2 * count)
    store.office.rebuild(check_only=False)
    day, known, unit = date(2024, 12, 31), store.position - 1000, most_owing(store)
    where = [VIEWS["obligation"].table.c.owed_by == unit] if one_unit else []

    def ours() -> list[dict[str, Any]]:
        with store.office.reading(day, known) as reading:
            rows = reading.rows("obligation", *where, only=LISTED)
            return [i for i in (item(reading, row) for row in rows) if i["met_on"] is None]

    # The same slices joined to the names shown, left as sqlite3 hands them out.
    sql = f"""
        SELECT o.*, u.name, p.name FROM obligation o
        LEFT JOIN unit u ON u.id = 'unit/' || o.owed_by
        LEFT JOIN place p ON p.id = 'place/' || o.place
        WHERE o.known_from <= {known} AND o.known_to > {known} AND o.met_on IS NULL
        AND o.valid_from <= '{day}' AND o.valid_to > '{day}'
        {f"AND o.owed_by = '{unit}'" if one_unit else ""}"""
    what = f"list {which} duties of {count:,}, as of and known at: {len(ours()):,} rows"
    with closing(sqlite3.connect(store.path)) as raw:
        limit = timed(lambda: exhaust(raw.execute(sql)))
        return compare(what, 1, timed(ours), limit, run.rounds, budget)


def most_owing(store: Filled) -> str:
    sql = "SELECT owed_by FROM obligation GROUP BY owed_by ORDER BY count(*) DESC LIMIT 1"
    with closing(sqlite3.connect(store.path)) as raw:
        return str(raw.execute(sql).fetchone()[0])


# --- rebuilding and proving


def rebuild(run: Run) -> Result:
    """Every table from the journal, into a fresh file; the limit writes the finished rows."""
    store = filled(run)
    history(store, run.size(10_000, 100_000, 1_000_000))
    fresh = Filled(store.office, store.path.with_suffix(".beside.db"), store.clock, [])

    def ours() -> float:
        with empty(fresh.path).write() as conn, store.office.database.read() as journal:
            return seconds(lambda: Replay(conn).run(store.office.journal.facts(journal)))

    def limit() -> float:
        raw, rows = Raw(fresh), written(fresh, 0)
        return seconds(lambda: raw.write(rows))

    budget, rounds = Budget(ratio=0.35), min(run.rounds, 3)
    return compare("rebuild all tables, events", store.position, ours, limit, rounds, budget)


def empty(path: Path) -> Database:
    database = Database(cleared(path))
    Office.create(database)
    return database


def rebuild_library(run: Run) -> Result:
    """The same against the library's way: a subscription, and a transaction for every event."""
    store, sample = filled(run), run.size(200, 1000, 1000)
    history(store, run.size(2000, 10_000, 10_000))
    beside, total = store.path.with_suffix(".beside.db"), store.position

    def ours() -> float:
        with empty(beside).write() as conn, store.office.database.read() as journal:
            return seconds(lambda: Replay(conn).run(store.office.journal.facts(journal)))

    def limit() -> float:
        view = library_view(run)
        with ApplicationSubscription(store.office.journal, gt=0) as facts:
            return seconds(lambda: exhaust(view(*each) for each in islice(facts, sample)))

    def scaled() -> float:
        return limit() * total / sample

    what, budget = "rebuild, against the library's runner (its rows: one)", Budget(ratio=6)
    return compare(what, total, ours, scaled, min(run.rounds, 3), budget)


def library_view(run: Run) -> Callable[[Any, Tracking], None]:
    """Writes one small row and the tracking record of a fact, in a transaction."""
    path = cleared(run.folder / "library.db")
    recorder = SQLiteTrackingRecorder(SQLiteDatastore(str(path)))
    recorder.create_table()
    with recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute("CREATE TABLE seen (position INTEGER PRIMARY KEY, id TEXT, type TEXT)")

    def view(fact: Fact, tracking: Tracking) -> None:
        row = (tracking.notification_id, fact.subject, fact.type)
        with recorder.datastore.transaction(commit=True) as cursor:
            recorder._insert_tracking(cursor, tracking)
            cursor.execute("INSERT INTO seen VALUES (?, ?, ?)", row)

    return view


def verify(run: Run) -> Result:
    """Every leaf, tile and the root again; the limit hashes the bytes and builds no tree."""
    store = filled(run)
    history(store, run.size(10_000, 100_000, 1_000_000))

    def hashed(raw: sqlite3.Connection) -> None:
        for state, leaf in raw.execute("SELECT state, leaf FROM events ORDER BY position"):
            hashlib.sha256(state + leaf).digest()

    with closing(sqlite3.connect(store.path)) as raw:
        ours, limit = timed(store.office.verify), timed(lambda: hashed(raw))
        budget = Budget(rate=300_000)
        return compare(
            "verify the journal, events", store.position, ours, limit, run.rounds, budget
        )


def inclusion(run: Run) -> Result:
    """Proofs for positions all over the journal."""
    store = filled(run)
    history(store, run.size(10_000, 100_000, 1_000_000))
    size, journal = store.position, store.office.journal
    places = range(1, size, size // 100)

    def ours() -> None:
        with store.office.database.read() as conn:
            for position in places:
                journal.inclusion(conn, position, size)

    what = f"inclusion proof at {size:,} facts"
    return compare(what, len(places), timed(ours), None, run.rounds, Budget(ms=2))


# --- letters


def letters_written(run: Run) -> Result:
    """Rendered and composed into final bytes; the limit only composes."""
    store, intents = with_letters(run)

    def bytes_of(written: letters.Written | None) -> bytes:
        assert written is not None, "every duty of this data is still owed"
        to = (written.intent.unit, "unit@example.com")
        id = mime.message_id("store", written.intent.id, to[1], relay.DOMAIN)
        now = store.clock.now()
        return mime.compose(written.subject, written.body, relay.SENDER, to, id, now)

    with store.office.reading() as reading:
        texts = [letters.write(reading, intent, sample=True) for intent in intents]

        def ours() -> None:
            for intent in intents:
                bytes_of(letters.write(reading, intent, sample=True))

        limit = timed(lambda: exhaust(map(bytes_of, texts)))
        what, budget = f"letters composed ({len(store.duties):,} duties)", Budget(rate=200)
        return compare(what, len(intents), timed(ours), limit, run.rounds, budget)


def letters_sent(run: Run) -> Result:
    """Rendered, frozen, handed to a folder and recorded; every round has a day of its own."""
    store, _ = with_letters(run)
    post, every_day = Folder(run.folder / "post"), Ladder(rungs=tuple(range(40)))
    post.ready()

    def each() -> float:
        store.clock.day += ONE_DAY
        with store.office.writing() as work:
            letters.issue(work, store.clock.day, request(), every_day)
        sent: list[str] = []
        taken = seconds(lambda: sent.extend(relay.send(store.office, post, request()).left))
        return taken / len(sent)

    what, budget = f"letters sent ({len(store.duties):,} duties)", Budget(rate=200)
    return compare(what, 1, each, None, run.rounds, budget)


def with_letters(run: Run) -> tuple[Filled, list[Intent]]:
    """Duties due within the month, and the letters their units are owed."""
    store = filled(run)
    store.append(store.assigned(run.size(400, 2000, 10_000), lambda n: START + (n % 30) * ONE_DAY))
    store.office.rebuild(check_only=False)
    with store.office.reading() as reading:
        intents = letters.planned(reading, Ladder())
        units = {bare(row.id) for row in reading.rows("unit")}
    with store.office.writing() as work:
        for unit in sorted(units):
            work.entry(
                request(), partial(contacts.change, unit=unit, emails=[f"{unit}@example.com"])
            )
    return store, intents


# --- the command line


def start_help(run: Run) -> Result:
    """A fresh process until the help is written; the limit is a Python that does nothing."""
    heavy = sorted(loaded("--help").intersection(HEAVY))
    what = f"ntm --help; of the heavy modules it loads {', '.join(heavy) or 'none'}"
    return _start(run, what, lambda: ["--help"], Budget(ms=100))


def cli_read(run: Run) -> Result:
    store = filled(run)
    line = ["obligation", "list", "--due-until", "1/7/2024", "--store", str(store.path)]
    return _start(run, "one read: ntm obligation list", lambda: line, Budget(ms=300))


def cli_record(run: Run) -> Result:
    store = filled(run)
    store.append(store.assigned(10, year_of))
    store.office.rebuild(check_only=False)
    todo = iter(store.duties)

    def line() -> list[str]:
        id = next(todo).removeprefix("obligation/")
        return ["obligation", "meet", id, "--on", "1/2/2024", "--store", str(store.path)]

    return _start(run, "one record: ntm obligation meet", line, Budget(ms=300))


def _start(run: Run, what: str, line: Callable[[], list[str]], budget: Budget) -> Result:
    python("-m", "ntm_workflow", "--version")
    ours = timed(lambda: python("-m", "ntm_workflow", *line()))
    return compare(what, 1, ours, timed(lambda: python("-c", "pass")), 5, budget, min)


def python(*words: str) -> str:
    """Run a Python of our own, which may keep its bytecode; what it wrote on stderr."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stderr


def loaded(*words: str) -> set[str]:
    """The top-level modules that the command line imports."""
    lines = python("-X", "importtime", "-m", "ntm_workflow", *words).splitlines()
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


# --- the page

BENCHMARKS: tuple[Callable[[Run], Result], ...] = (
    append_recorder,
    append_office,
    bulk_events,
    bulk_rows,
    read_decode,
    rebuild,
    rebuild_library,
    list_open,
    list_unit,
    verify,
    inclusion,
    close_day,
    letters_written,
    letters_sent,
    start_help,
    cli_read,
    cli_record,
)
HEADER = "| work | ours | limit | ratio | budget | |\n|---|---|---|---|---|---|"


def machine() -> str:
    return (
        f"Machine: {os.cpu_count()} cores ({platform.machine()}, {platform.system()}),"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


def rewrite(lines: list[str]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join((BEGIN, machine(), "", HEADER, *lines, END))
    PAGE.write_text(before + text + after, encoding="utf-8")


def measured(names: Sequence[str], *, quick: bool, large: bool) -> Iterator[str]:
    """The lines of the table, each printed when it is known."""
    for benchmark in BENCHMARKS:
        if names and benchmark.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            line = benchmark(Run(Path(folder), quick, large)).line()
        print(line, flush=True)
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, three rounds")
    parser.add_argument("--large", action="store_true", help="a million events, 100,000 duties")
    parser.add_argument("--only", action="append", choices=[b.__name__ for b in BENCHMARKS])
    parser.add_argument("--write", action="store_true", help="rewrite the table of the page")
    said = parser.parse_args()
    if said.write and said.only:
        parser.error("--write rewrites the whole table: leave out --only")
    print(f"{machine()}\n\n{HEADER}", flush=True)
    lines = list(measured(said.only or (), quick=said.quick, large=said.large))
    if said.write:
        rewrite(lines)


if __name__ == "__main__":
    main()
