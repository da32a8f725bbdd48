"""The journal's tables as the event library sees them; knows streams and bytes, never events.

Whoever writes locks the head row first. That gives positions without gaps in the order of the
commits, one chain of hashes, and no version races: a version that does not follow is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    NotSupportedError,
    StoredEvent,
    Tracking,
)

from ntm_workflow.store.codec import RecordedEvent, Row, instant, stamp, utc
from ntm_workflow.store.engine import Database, StoreDamaged, execute, fetch
from ntm_workflow.store.merkle import Frontier, leaf_hash
from ntm_workflow.store.schema import EVENTS
from ntm_workflow.store.statements import HEAD_ROW, LAST_ROW, Statements

_NO_LIMIT: Final = 2**62
_SELECT: Final = (
    EVENTS.c.position,
    EVENTS.c.entry,
    EVENTS.c.originator_id,
    EVENTS.c.originator_version,
    EVENTS.c.topic,
    EVENTS.c.state,
    EVENTS.c.recorded_at,
)


class HeadAstray(StoreDamaged):
    vi = (
        "Sổ tại {where} đã bị sửa từ bên ngoài: dòng đầu sổ (bảng head) và dòng cuối sổ không khớp nhau; chưa ghi gì.\n"
        "Xem chỗ sai: ntm audit verify, rồi dùng bản sao lưu gần nhất."
    )
    en = (
        "The store at {where} was changed from outside: its head row (table head) and its last row do not agree; nothing was recorded.\n"
        "See where: ntm audit verify, then use the latest backup."
    )


class Head(NamedTuple):
    """Where the journal ends: the last position, its entry and instant, and the frontier there."""

    position: int
    entry: int
    recorded_at: datetime | None
    frontier: bytes

    @property
    def next_entry(self) -> int:
        return self.position + 1

    def moment(self, now: datetime) -> datetime:
        """The instant of what is appended next, in UTC: time in the journal never goes back."""
        moment = utc(now)
        return max(moment, self.recorded_at) if self.recorded_at else moment


class JournalRecorder(ApplicationRecorder):
    """Appends and reads stored events.

    `clock` serves callers that hand in no `now`; the program always does. `first_versions` are the
    versions a stream may begin with.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] | None = None,
        first_versions: frozenset[int] = frozenset({1}),
        poll_seconds: float = 0.2,
    ) -> None:
        self.database = database
        self.clock = clock
        self.first_versions = first_versions
        self.poll_seconds = poll_seconds
        self.sql = Statements(database.sqlite)

    # --- appending

    def lock_head(self, conn: sa.Connection) -> Head:
        """The head row, locked until the transaction of `conn` ends (on SQLite it is already).

        Refuses where it is not what the last row says: to append there would bury the evidence.
        """
        row, head = self._head(conn, self.sql.lock_head)
        # A statement of its own: PostgreSQL shows it what was committed while the lock was waited for.
        last = fetch(conn, LAST_ROW)
        if row[:-1] != (last[0] if last else (0, 0, None)):
            raise HeadAstray(where=self.database.where)
        return head

    def head(self, conn: sa.Connection) -> Head:
        """The head row as this transaction sees it, without locking it."""
        return self._head(conn, HEAD_ROW)[1]

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        conn: sa.Connection | None = None,
        now: datetime | None = None,
        entry: int | None = None,
        head: Head | None = None,
        tracking: Tracking | None = None,
        **_: Any,
    ) -> list[int]:
        """Append, in the transaction of `conn` or one of its own; return the positions.

        All events of a call are one entry, numbered by its first position; `entry` continues the
        last one instead. `head` saves locking the head again when the caller has just done so.
        IntegrityError: a version that does not follow, an entry that is neither, a stale head.
        """
        if tracking is not None:
            raise NotSupportedError("the journal keeps no tracking records")
        if not stored_events:
            return []
        moment = now or self._now()
        with self._joining(conn) as joined:
            return self._append(joined, stored_events, moment, entry, head)

    def _append(
        self,
        conn: sa.Connection,
        stored: Sequence[StoredEvent],
        now: datetime,
        entry: int | None,
        head: Head | None,
    ) -> list[int]:
        head = head or self.lock_head(conn)
        number = head.next_entry if entry is None else entry
        if number not in (head.entry, head.next_entry):
            raise IntegrityError(f"entry {number} is neither the last ({head.entry}) nor the next")
        self._assert_contiguous(conn, stored)
        recorded_at = stamp(head.moment(now))
        tree = Frontier.load(head.position, head.frontier)
        rows = _rows(stored, head.position, number, recorded_at)
        tree.extend([row[-1] for row in rows])
        self._store(conn, rows, tree, (number, recorded_at, head.position))
        return [row[0] for row in rows]

    def _store(
        self,
        conn: sa.Connection,
        rows: list[tuple[Any, ...]],
        tree: Frontier,
        head: tuple[int, str, int],
    ) -> None:
        entry, recorded_at, before = head
        try:
            execute(conn, self.sql.insert_event, rows if len(rows) > 1 else rows[0])
        except conn.dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        self._store_tiles(conn, tree)
        if (
            execute(conn, self.sql.move_head, (tree.size, entry, recorded_at, tree.dump(), before))
            != 1
        ):
            raise IntegrityError(f"the head does not stand at {before} any more")

    def _store_tiles(self, conn: sa.Connection, tree: Frontier) -> None:
        if not tree.tiles:
            return
        try:
            execute(conn, self.sql.insert_tile, tree.tiles)
        except conn.dialect.loaded_dbapi.IntegrityError as error:
            # Nobody but the program computes tiles, and this one it had not come to.
            raise StoreDamaged(where=self.database.where, detail="merkle_tiles") from error

    def _assert_contiguous(self, conn: sa.Connection, stored: Sequence[StoredEvent]) -> None:
        # A hole would make the stream unreadable for ever; the library itself does not look.
        last = self.last_versions(conn, {str(event.originator_id) for event in stored})
        for event in stored:
            id, version = str(event.originator_id), event.originator_version
            known = last[id]
            follows = version in self.first_versions if known is None else version == known + 1
            if not follows:
                raise IntegrityError(f"{id}: version {version} does not follow {known or 0}")
            last[id] = version

    def last_versions(self, conn: sa.Connection, ids: set[str]) -> dict[str, int | None]:
        if len(ids) == 1:
            (id,) = ids
            return {id: fetch(conn, self.sql.version, (id,))[0][0]}
        return dict(fetch(conn, self.sql.versions, self.sql.many(ids)))

    def _head(self, conn: sa.Connection, sql: str) -> tuple[tuple[Any, ...], Head]:
        """The head row as it is stored, and as it is read."""
        rows = fetch(conn, sql)
        if not rows:
            raise StoreDamaged(where=self.database.where, detail="head")
        try:
            return rows[0], _read_head(*rows[0])
        except (ValueError, TypeError, AttributeError) as error:
            raise StoreDamaged(where=self.database.where, detail="head") from error

    def _now(self) -> datetime:
        if self.clock is None:
            raise TypeError("now is missing: nothing below the edges reads a clock")
        return self.clock()

    @contextmanager
    def _joining(self, conn: sa.Connection | None) -> Iterator[sa.Connection]:
        if conn is not None:
            yield conn
            return
        with self.database.write() as own:
            yield own

    # --- reading

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
        conn: sa.Connection | None = None,
        live_only: bool = False,
    ) -> list[StoredEvent]:
        """The events of a stream by version; `live_only` leaves out those of voided entries."""
        query = _stream(str(originator_id), gt, lte, desc=desc, limit=limit)
        if live_only:
            query = query.where(~voided())
        with self._reading(conn) as joined:
            return [recorded(row) for row in joined.execute(query)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        position = EVENTS.c.position
        query = sa.select(*_SELECT).order_by(position).limit(limit)
        if start is not None:
            query = query.where(position >= start if inclusive_of_start else position > start)
        if stop is not None:
            query = query.where(position <= stop)
        if topics:
            query = query.where(EVENTS.c.topic.in_(topics))
        with self.database.read() as conn:
            rows = conn.execute(query).all()
        return [
            Notification(id, version, topic, state, place)
            for place, _, id, version, topic, state, _ in rows
        ]

    def max_notification_id(self) -> int | None:
        with self.database.read() as conn:
            return self.head(conn).position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        return PollingSubscription(self, gt=gt, topics=topics)

    @contextmanager
    def _reading(self, conn: sa.Connection | None) -> Iterator[sa.Connection]:
        if conn is not None:
            yield conn
            return
        with self.database.read() as own:
            yield own


class PollingSubscription(ListenNotifySubscription[JournalRecorder]):
    """The library's subscription, waking by itself: SQLite cannot notify another process."""

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._pull()
                self._has_been_notified.wait(self._recorder.poll_seconds)
        except BaseException as error:
            # The reader's thread raises it; this one has nobody to tell.
            self._thread_error = self._thread_error or error
            self.stop()


class StreamOn(AggregateRecorder):
    """The recorder inside one transaction, for the library's repository: live facts only.

    `version` is the highest stored version of the stream read last: a voided fact still counts.
    """

    def __init__(self, recorder: JournalRecorder, conn: sa.Connection) -> None:
        self.recorder = recorder
        self.conn = conn
        self.version = 0

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:
        return self.recorder.insert_events(stored_events, conn=self.conn, **kwargs)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        span = (-1 if gt is None else gt, _NO_LIMIT if lte is None else lte)
        rows = fetch(self.conn, self.recorder.sql.stream, (str(originator_id), *span))
        self.version = rows[-1][3] if rows else 0
        live: list[StoredEvent] = [recorded(row[:-1]) for row in rows if not row[-1]]
        return live[:: -1 if desc else 1][:limit]


def _read_head(position: int, entry: int, recorded_at: str | None, frontier: bytes) -> Head:
    # What does not fit would be found by the next append only, as a fault of the program.
    Frontier.load(position, frontier)
    return Head(position, entry, instant(recorded_at) if recorded_at else None, frontier)


def recorded(row: Sequence[Any]) -> RecordedEvent:
    position, entry, id, version, topic, state, recorded_at = row
    return RecordedEvent(id, version, topic, state, position, entry, instant(recorded_at))


def voided() -> sa.Exists:
    """The condition `VOIDED`, for a selection from EVENTS."""
    voids = EVENTS.alias("v")
    stream = sa.literal("entry/").concat(sa.cast(EVENTS.c.entry, sa.Text))
    return sa.exists().where(voids.c.originator_id == stream).correlate(EVENTS)


def _stream(
    id: str, gt: int | None, lte: int | None, *, desc: bool, limit: int | None
) -> sa.Select[Row]:
    version = EVENTS.c.originator_version
    query: sa.Select[Any] = sa.select(*_SELECT).where(EVENTS.c.originator_id == id)
    if gt is not None:
        query = query.where(version > gt)
    if lte is not None:
        query = query.where(version <= lte)
    return query.order_by(version.desc() if desc else version).limit(limit)


def _rows(
    stored: Sequence[StoredEvent], after: int, entry: int, recorded_at: str
) -> list[tuple[Any, ...]]:
    rows = []
    for position, event in enumerate(stored, after + 1):
        id, version = str(event.originator_id), event.originator_version
        topic, state = event.topic, event.state
        leaf = leaf_hash(position, entry, version, id, topic, recorded_at, state)
        rows.append((position, entry, id, version, topic, state, recorded_at, leaf))
    return rows
