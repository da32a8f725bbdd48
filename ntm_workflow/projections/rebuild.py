"""Every table again from the journal alone, and a digest to compare it with the live ones."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Timeline
from ntm_workflow.driver import execute, fetch
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS, FactWriter, place_of
from ntm_workflow.projections.replay import Batch, Streams, batches
from ntm_workflow.projections.slices import METADATA, SliceWriter, insert_rows, statements
from ntm_workflow.projections.succession import Succession
from ntm_workflow.projections.telling import TELLINGS, TellingWriter

#: Raised when the same facts come to mean other rows in the same columns.
FOLD = 2


class Projector:
    """Applies entries to the tables of one connection."""

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.slices = SliceWriter(conn, VIEWS)
        self.facts = FactWriter(conn)
        self.tellings = TellingWriter(conn)

    def project(
        self,
        entry: int,
        facts: Iterable[Fact],
        timelines: dict[str, Timeline[Any]],
        changed: dict[str, date],
        successions: Iterable[Succession] = (),
    ) -> None:
        """`timelines` already hold the facts; `changed` is the first day each may differ from.

        Facts of subjects without a timeline belong to one of `successions`.
        """
        places = {id: place_of(timelines[id], VIEWS) for id in changed}
        for each in successions:
            places |= each.places
            each.write(self.conn, entry)
        facts = list(facts)
        self.facts.add(facts, places)
        self.tellings.add(facts)
        self.slices.update(timelines, changed, entry)

    def flush(self) -> None:
        self.slices.flush()
        self.facts.flush()
        self.tellings.flush()


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


def check(live: sa.Connection, streams: Streams) -> Rebuilt:
    """Build all tables anew beside the store and compare their digest with the live ones."""
    # A database without a name is SQLite's own to keep: in memory while it is small, then on disk.
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(""))
    with engine.begin() as beside:
        METADATA.create_all(beside)
        events = fill(beside, streams)
        rebuilt, now = digest(beside), digest(live)
    engine.dispose()
    return Rebuilt(rebuilt == now, events, rebuilt, now)


def replace(live: sa.Connection, streams: Streams) -> Rebuilt:
    """Make the tables anew in our shape, in the caller's transaction, and fill them.

    On PostgreSQL a reader in another transaction would see no rows: for stores that nobody can
    read yet, or no more.
    """
    METADATA.drop_all(live)
    METADATA.create_all(live)
    events = fill(live, streams)
    now = digest(live)
    return Rebuilt(True, events, now, now)


def fill(conn: sa.Connection, streams: Streams) -> int:
    """Every row into tables that are empty; how many facts there were."""
    events = 0
    for batch in batches(streams):
        for table, rows in batch.rows.items():
            insert_rows(conn, table, rows)
        events += batch.events
    return events


def agrees(conn: sa.Connection, batch: Batch) -> bool:
    """Whether the tables hold the rows of the batch, and no others of its subjects."""
    for table in _tables():
        sql = statements(table, conn.dialect.name)
        where, subjects = sql.subjects(batch.first, batch.stop)
        held = fetch(conn, f"{sql.select} WHERE {where} ORDER BY {sql.key}", subjects)
        if held != batch.rows.get(table, []):
            return False
    return True


def write(conn: sa.Connection, batch: Batch) -> None:
    """The rows of the batch in the place of whatever the tables hold of its subjects."""
    # A fact's row may stand under another subject, if somebody put it there.
    sql = statements(FACTS, conn.dialect.name)
    numbers = [(row[0],) for row in batch.rows[FACTS]]
    execute(conn, f"{sql.delete} WHERE position = {sql.mark}", numbers)
    for table in _tables():
        sql = statements(table, conn.dialect.name)
        where, subjects = sql.subjects(batch.first, batch.stop)
        execute(conn, f"{sql.delete} WHERE {where}", subjects)
        insert_rows(conn, table, batch.rows.get(table, []))


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
    return [*(view.table for view in VIEWS.values()), FACTS, TELLINGS]


def _raw(conn: sa.Connection, table: sa.Table) -> Iterator[Any]:
    columns = (sa.type_coerce(c, sa.String) if _decoded(c) else c for c in table.c)
    query = sa.select(*columns).order_by(*table.primary_key.columns)
    return iter(conn.execute(query.execution_options(yield_per=5000)))


def _decoded(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.TypeDecorator)
