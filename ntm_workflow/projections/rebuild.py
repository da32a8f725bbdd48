"""Every table again from the journal alone, and a digest to compare it with the live ones."""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain import subject_of
from ntm_workflow.domain.base import Fact, Timeline
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS, FactWriter
from ntm_workflow.projections.slices import METADATA, SliceWriter

#: Raised when the same facts come to mean other rows in the same columns.
FOLD = 1
#: Facts per flush: large enough to batch, small enough to keep memory and locks short.
BATCH = 5000


class Projector:
    """Applies entries to the tables of one connection; live and rebuild share it."""

    def __init__(self, conn: sa.Connection, *, fresh: bool = False) -> None:
        self.slices = SliceWriter(conn, VIEWS, fresh=fresh)
        self.facts = FactWriter(conn, VIEWS)

    def project(
        self,
        entry: int,
        facts: Iterable[Fact],
        timelines: dict[str, Timeline[Any]],
        changed: dict[str, date],
    ) -> None:
        """`timelines` already hold the facts; `changed` is the first day each may differ from."""
        self.facts.add(facts, timelines)
        self.slices.update(timelines, changed, entry)

    def flush(self) -> None:
        self.slices.flush()
        self.facts.flush()


class Replay:
    """The journal read again from its first fact, one entry at a time."""

    def __init__(self, conn: sa.Connection) -> None:
        self.projector = Projector(conn, fresh=True)
        self.timelines: dict[str, Timeline[Any]] = {}
        self.subjects: dict[int, set[str]] = defaultdict(set)

    def run(self, facts: Iterable[Fact]) -> int:
        """Apply every fact; returns how many there were."""
        with _uncollected():
            return self._run(facts)

    def _run(self, facts: Iterable[Fact]) -> int:
        count = flushed = 0
        for entry, group in groupby(facts, key=lambda fact: fact.entry):
            together = list(group)
            self._apply(entry, together)
            count += len(together)
            if count - flushed >= BATCH:
                self.projector.flush()
                flushed = count
        self.projector.flush()
        return count

    def _apply(self, entry: int, facts: list[Fact]) -> None:
        changed: dict[str, date] = {}
        for fact in facts:
            if fact.type == "EntryVoided":
                self._drop(int(fact.subject.partition("/")[2]), changed)
            timeline = self._timeline(fact.subject)
            note(changed, fact.subject, timeline.add(fact))
            self.subjects[entry].add(fact.subject)
        self.projector.project(entry, facts, self.timelines, changed)

    def _drop(self, entry: int, changed: dict[str, date]) -> None:
        for id in sorted(self.subjects[entry]):
            since = self.timelines[id].drop(entry)
            if since:
                note(changed, id, since)

    def _timeline(self, id: str) -> Timeline[Any]:
        if id not in self.timelines:
            self.timelines[id] = Timeline(id, subject_of(id))
        return self.timelines[id]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Everything made while building is kept, so looking for garbage meanwhile only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def note(changed: dict[str, date], id: str, since: date) -> None:
    """Keep the earliest day from which a subject may have changed."""
    changed[id] = min(since, changed.get(id, since))


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to; `mended` when stored hashes of the journal were computed again, too."""

    equal: bool
    events: int
    digest: str
    live_digest: str
    mended: bool = False


def check(live: sa.Connection, facts: Iterable[Fact]) -> Rebuilt:
    """Build all tables anew in memory and compare their digest with the live ones."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as beside:
        METADATA.create_all(beside)
        events = Replay(beside).run(facts)
        rebuilt, now = digest(beside), digest(live)
    engine.dispose()
    return Rebuilt(rebuilt == now, events, rebuilt, now)


def replace(live: sa.Connection, facts: Iterable[Fact], *, anew: bool) -> Rebuilt:
    """Refill the live tables in the caller's transaction; `anew` also makes them in our shape.

    Refilled, a reader in another transaction goes on seeing the rows it saw; made anew on
    PostgreSQL it would see none, so that is left to a change of version.
    """
    if anew:
        METADATA.drop_all(live)
        METADATA.create_all(live)
    else:
        for table in _tables():
            live.execute(sa.delete(table))
    events = Replay(live).run(facts)
    now = digest(live)
    return Rebuilt(True, events, now, now)


def shape() -> str:
    """A hash of every table's columns and of `FOLD`: a store of another shape must migrate."""
    columns = [str(FOLD)] + [
        f"{t.name}.{c.name} {c.type!r}" for t in METADATA.sorted_tables for c in t.columns
    ]
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()


def digest(conn: sa.Connection) -> str:
    """SHA-256 over every row of every table in key order: equal on both databases."""
    sha = hashlib.sha256()
    for table in _tables():
        sha.update(table.name.encode() + b"\n")
        for row in _raw(conn, table):
            sha.update(msgspec.json.encode(tuple(row)) + b"\n")
    return sha.hexdigest()


def _tables() -> list[sa.Table]:
    return [*(view.table for view in VIEWS.values()), FACTS]


def _raw(conn: sa.Connection, table: sa.Table) -> Iterator[Any]:
    columns = (sa.type_coerce(c, sa.String) if _decoded(c) else c for c in table.c)
    query = sa.select(*columns).order_by(*table.primary_key.columns)
    return iter(conn.execute(query.execution_options(yield_per=5000)))


def _decoded(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.TypeDecorator)
