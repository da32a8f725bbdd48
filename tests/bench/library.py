"""The event library's own recorders and runner on the same bytes; knows nothing of our tables.

Its PostgreSQL module needs psycopg_pool, which our code does not: without it `ABSENT` says so, and
there is nothing to stand beside.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from itertools import islice
from typing import Any

import sqlalchemy as sa
from eventsourcing.persistence import Tracking
from eventsourcing.projection import ApplicationSubscription
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteDatastore,
    SQLiteTrackingRecorder,
)
from measure import Timed, exhaust, seconds
from stores import Filled

from ntm_workflow.domain.base import Fact

ABSENT = (
    ""
    if find_spec("psycopg_pool")
    else "its PostgreSQL module needs psycopg_pool, which is not installed"
)
_PRELOAD = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
    " SELECT originator_id, originator_version, topic, state FROM events ORDER BY position"
)
_SEEN = "CREATE TABLE seen (position BIGINT PRIMARY KEY, id TEXT, type TEXT)"


@cache
def recorder(store: Filled) -> Any | None:
    """The library's application recorder in the twin of a store, holding the same events."""
    made = _datastore(store, store.twin_url)
    if made is None:
        return None
    theirs = _application_recorder(made, sqlite=store.twin.sqlite)
    theirs.create_table()
    store.twin.conn.execute(_PRELOAD)
    return theirs


def _application_recorder(made: Any, *, sqlite: bool) -> Any:
    if sqlite:
        return SQLiteApplicationRecorder(made)
    from eventsourcing.postgres import PostgresApplicationRecorder

    return PostgresApplicationRecorder(made)


def inserting(store: Filled, facts: list[Fact], together: int, per_round: int) -> Timed | None:
    """Rounds of `per_round` facts into the library's recorder, `together` a transaction."""
    theirs = recorder(store)
    if theirs is None:
        return None
    stored = store.office.journal.mapper.to_stored_event
    ready = iter([stored(fact) for fact in facts])

    def act() -> None:
        todo = islice(ready, per_round)
        while some := list(islice(todo, together)):
            theirs.insert_events(some)

    return lambda: seconds(act)


def running(store: Filled, total: int, sample: int) -> Timed | None:
    """The library's way to keep a table: a subscription, and a transaction for every event.

    A sample is timed and counted up to `total`.
    """
    view = _view(store)
    if view is None:
        return None

    def run() -> float:
        with ApplicationSubscription(store.office.journal, gt=view.seen) as facts:
            some = islice(facts, sample)
            taken = seconds(lambda: exhaust(view.see(*each) for each in some))
        return taken * total / sample

    return run


class View:
    """Writes one small row and the tracking record of a fact, in a transaction."""

    def __init__(self, recorder: Any, mark: str) -> None:
        self.recorder = recorder
        self.sql = f"INSERT INTO seen VALUES ({mark}, {mark}, {mark})"
        self.seen = 0
        recorder.create_table()
        with recorder.datastore.transaction(commit=True) as cursor:
            cursor.execute(_SEEN)

    def see(self, fact: Any, tracking: Tracking) -> int:
        """Returns the position it has come to."""
        with self.recorder.datastore.transaction(commit=True) as cursor:
            self.recorder._insert_tracking(cursor, tracking)
            cursor.execute(self.sql, (tracking.notification_id, fact.subject, fact.type))
        self.seen = tracking.notification_id
        return self.seen


@cache
def _view(store: Filled) -> View | None:
    made = _datastore(store, store.twin_url)
    if made is None:
        return None
    if store.twin.sqlite:
        return View(SQLiteTrackingRecorder(made), "?")
    from eventsourcing.postgres import PostgresTrackingRecorder

    return View(PostgresTrackingRecorder(made), "%s")


def _datastore(store: Filled, url: str) -> Any | None:
    """A connection of the library's to a database; None where its module cannot be loaded."""
    if store.twin.sqlite:
        made: Any = SQLiteDatastore(url, lock_timeout=30, originator_id_type="text")
    elif ABSENT:
        return None
    else:
        made = _postgres(sa.make_url(url))
    store.on_close.callback(made.close)
    return made


def _postgres(url: sa.URL) -> Any:
    from eventsourcing.postgres import PostgresDatastore

    host = url.host or str(url.query["host"])
    user, password = url.username or "", url.password or ""
    settings: Any = {"originator_id_type": "text", "enable_db_functions": True}
    # Its other way, a pipeline, waits for ever on a batch larger than the buffer of a socket.
    return PostgresDatastore(url.database or "", host, url.port or 5432, user, password, **settings)
