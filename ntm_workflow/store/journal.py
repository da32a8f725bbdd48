"""The journal: facts in, facts and timelines out; knows no rule and reads no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from eventsourcing.application import Application, Repository
from eventsourcing.persistence import EventStore
from eventsourcing.utils import Environment, EnvType

from ntm_workflow.domain.base import Fact, Subject, Timeline
from ntm_workflow.store import merkle
from ntm_workflow.store.codec import FactMapper, Registry, Row, stamp
from ntm_workflow.store.engine import Database, StoreDamaged, fetch
from ntm_workflow.store.factory import JournalFactory
from ntm_workflow.store.nodes import StoredNodes, lead_to
from ntm_workflow.store.recorder import Head, JournalRecorder, StreamOn
from ntm_workflow.store.seal import Seal
from ntm_workflow.store.statements import LAST_ROW
from ntm_workflow.store.streams import Streams
from ntm_workflow.store.verify import Verified, mended, verify

S = TypeVar("S")

_IDS_PER_QUERY: Final = 500


class Journal(Application[str]):
    """Facts in the order they were learnt. Every method works inside the caller's transaction."""

    name = "journal"
    log_section_size = 5000

    mapper: FactMapper
    recorder: JournalRecorder

    def __init__(self, database: Database, registry: Registry) -> None:
        self.database = database
        self.registry = registry
        super().__init__()

    # --- the library's seams

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        # The library mixes in os.environ: a stray variable would compress or snapshot the journal.
        return Environment(name)

    def construct_factory(self, env: Environment) -> JournalFactory:
        return JournalFactory(env, self.database)

    def construct_mapper(self) -> FactMapper:
        return FactMapper(self.registry)

    def repository_on(self, stream: StreamOn) -> Repository[str]:
        """The library's repository over live facts, reading inside one transaction."""
        return Repository(EventStore(self.mapper, stream))

    # --- writing

    def append(
        self,
        conn: sa.Connection,
        facts: Sequence[Fact],
        now: datetime,
        *,
        entry: int | None = None,
        head: Head | None = None,
    ) -> list[Fact]:
        """Record `facts` as one entry; return them with position, entry and instant.

        `now` is used unless the journal is later already. `entry` continues the last entry.
        `head` is what `lock_head` gave in this transaction, if nothing was appended since.
        After an exception nothing is recorded: load again and decide again, never append again.
        """
        if not facts:
            return []
        head = head or self.recorder.lock_head(conn)
        moment, number = head.moment(now), head.next_entry if entry is None else entry
        # Not `save`: it looks at each fact for pending events, of which facts have none.
        recordings = self.events.put(facts, conn=conn, now=now, head=head, entry=entry)
        return [
            Fact(f.originator_id, f.originator_version, f.event, r.notification.id, number, moment)
            for f, r in zip(facts, recordings, strict=True)
        ]

    # --- reading one subject, or many

    def versions(self, conn: sa.Connection, ids: Iterable[str]) -> dict[str, int]:
        """The last version of each stream; 0 where there is none."""
        last = self.recorder.last_versions(conn, set(ids))
        return {id: version or 0 for id, version in last.items()}

    def timeline(self, conn: sa.Connection, id: str, subject: Subject[S]) -> Timeline[S]:
        """The live facts of `id`, folded; empty without any. Its version counts voided ones."""
        stream = StreamOn(self.recorder, conn)

        def fold(_: Timeline[S] | None, facts: Iterable[Any]) -> Timeline[S]:
            return Timeline(id, subject, facts, stream.version)

        return self.repository_on(stream).get(id, projector_func=fold)

    def timelines(
        self, conn: sa.Connection, ids: Iterable[str], registry: Mapping[str, Subject[Any]]
    ) -> dict[str, Timeline[Any]]:
        """Many at once, in the order of `ids`; `registry` knows the subject of "kind/…" by kind."""
        wanted = iter(dict.fromkeys(ids))
        found: dict[str, Timeline[Any]] = {}
        while some := list(islice(wanted, _IDS_PER_QUERY)):
            streams = self._streams(conn, some)
            for id in some:
                facts, version = streams.get(id, ([], 0))
                found[id] = Timeline(id, registry[id.partition("/")[0]], facts, version)
        return found

    def _streams(
        self, conn: sa.Connection, ids: Sequence[str]
    ) -> dict[str, tuple[list[Fact], int]]:
        """Per id its live facts and its highest stored version."""
        rows = fetch(conn, self.recorder.sql.streams, self.recorder.sql.many(ids))
        versions: dict[str, int] = {row[2]: row[3] for row in rows}
        streams: dict[str, tuple[list[Fact], int]] = {
            id: ([], version) for id, version in versions.items()
        }
        for fact in self._facts([row[:-1] for row in rows if not row[-1]]):
            streams[fact.originator_id][0].append(fact)
        return streams

    # --- reading in the order of recording

    def facts(
        self, conn: sa.Connection, after: int = 0, until: int | None = None, page: int = 1000
    ) -> Iterator[Fact]:
        """All facts with after < position <= until, voided ones too, a page in memory at a time."""
        last = self.head(conn).position if until is None else until
        while rows := fetch(conn, self.recorder.sql.page, (after, last, page)):
            yield from self._facts(rows)
            after = rows[-1][0]

    def streams(self, conn: sa.Connection) -> Streams:
        """The same facts subject by subject."""
        return Streams(conn, self.recorder.sql, self._facts)

    def entry(self, conn: sa.Connection, number: int) -> list[Fact]:
        """The facts of the entry in which position `number` lies; none when there is no such."""
        return self._facts(fetch(conn, self.recorder.sql.entry, (number,)))

    def voided_by(self, conn: sa.Connection, number: int) -> int | None:
        """The entry that voided the entry in which position `number` lies."""
        rows = fetch(conn, self.recorder.sql.voiding, (number,))
        return rows[0][0] if rows else None

    def head(self, conn: sa.Connection) -> Head:
        return self.recorder.head(conn)

    def last_position(self, conn: sa.Connection) -> int:
        """Where the rows end, whatever the head says; 0 without any."""
        rows = fetch(conn, LAST_ROW)
        return cast("int", rows[0][0]) if rows else 0

    def lock_head(self, conn: sa.Connection) -> Head:
        return self.recorder.lock_head(conn)

    def position_at(self, conn: sa.Connection, moment: datetime) -> int:
        """The highest position recorded at or before `moment`; 0 when there is none."""
        # Instants never go back along positions, so a search by halves needs no index.
        positions = range(1, self.head(conn).position + 1)
        return bisect_right(positions, stamp(moment), key=lambda p: self._recorded_at(conn, p))

    def _recorded_at(self, conn: sa.Connection, position: int) -> str:
        rows = fetch(conn, self.recorder.sql.instant, (position,))
        if not rows:
            raise StoreDamaged(where=self.database.where, detail=f"#{position}")
        return cast("str", rows[0][0])

    def _facts(self, rows: Sequence[tuple[Any, ...]]) -> list[Fact]:
        return self.mapper.facts(cast("Sequence[Row]", rows))

    # --- proving

    def verify(self, conn: sa.Connection, outside: Seal | None = None) -> Verified:
        """Compute every leaf, tile, root and sealed root again from the stored bytes.

        `outside` is a seal that was kept elsewhere.
        """
        return verify(self.recorder, conn, outside)

    def mended(self, conn: sa.Connection) -> Verified:
        """The same, in a transaction that writes: tiles that the rows do not give are made anew."""
        return mended(self.recorder, conn)

    def tiles_hold(self, conn: sa.Connection, head: Head) -> bool:
        """Whether the stored tiles lead to `head`, at a small part of what `verify` costs."""
        return lead_to(self.recorder.sql, conn, head.position, head.frontier)

    def leaf(self, conn: sa.Connection, position: int) -> bytes:
        """The stored leaf at `position`; MissingNodes when nothing stands there."""
        leaves = StoredNodes(self.recorder.sql, conn).leaves(position - 1, position)
        if not leaves:
            raise merkle.MissingNodes(position)
        return leaves[0]

    def root_at(self, conn: sa.Connection, size: int) -> bytes:
        """The root when the journal had `size` facts: what a seal of that day should say."""
        return merkle.subtree(StoredNodes(self.recorder.sql, conn), 0, size)

    def inclusion(self, conn: sa.Connection, position: int, size: int) -> list[bytes]:
        """The proof that `position` stands in the journal of `size` facts."""
        return merkle.inclusion(position - 1, size, StoredNodes(self.recorder.sql, conn))

    def consistency(self, conn: sa.Connection, old: int, new: int) -> list[bytes]:
        """The proof that the journal of `old` facts is the beginning of that of `new`."""
        return merkle.consistency(old, new, StoredNodes(self.recorder.sql, conn))
