"""The journal on both databases: what is recorded, read back, refused and proved."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError, StoredEvent

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject, Timeline
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.store.codec import FactMapper, UnknownEvent, UnreadableEvent, instant, stamp
from ntm_workflow.store.engine import (
    Database,
    NotAStore,
    StoreDamaged,
    StoreExists,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    StoreUnreachable,
    fetch,
)
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.merkle import (
    MissingNodes,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from ntm_workflow.store.recorder import HeadAstray
from ntm_workflow.store.refusals import StoreLeftovers, StoreNoFolder
from ntm_workflow.store.schema import FORMAT
from ntm_workflow.store.verify import Fault

DAY = date(2024, 10, 30)
NOON = datetime(2024, 10, 30, 5, 0, 0, 7, UTC)


class NoteOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    text: str


class NoteGrown(Event, frozen=True, kw_only=True, omit_defaults=True):
    text: str


REGISTRY: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (NoteOpened, NoteGrown, EntryVoided)
}


def grow(text: str | None, fact: Fact) -> str:
    added: str = fact.event.text  # type: ignore[attr-defined]
    return f"{text} {added}" if text else added


NOTE = Subject[str]("note", (NoteOpened, NoteGrown), grow, lambda state, event: None)


def note(n: int, version: int = 1, text: str = "một", day: date = DAY) -> Fact:
    kind = NoteOpened if version == 1 else NoteGrown
    return Fact(f"note/{n}", version, kind(effective_on=day, by="an", text=text))


def void(entry: int) -> Fact:
    event = EntryVoided(effective_on=DAY, by="an", document="QĐ 1", entry=entry, reason="nhầm")
    return Fact(f"entry/{entry}", 1, event)


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database, REGISTRY)


def record(journal: Journal, *facts: Fact, now: datetime = NOON) -> list[Fact]:
    with journal.database.write() as conn:
        return journal.append(conn, facts, now)


def everything(journal: Journal) -> list[Fact]:
    with journal.database.read() as conn:
        return list(journal.facts(conn))


def timeline(journal: Journal, id: str) -> Timeline[str]:
    with journal.database.read() as conn:
        return journal.timeline(conn, id, NOTE)


# --- recording and reading back


def test_facts_come_back_as_they_were_recorded(journal: Journal) -> None:
    returned = record(journal, note(1), note(1, 2, "hai"), note(2, text="đường thôn Bản Nghè"))
    assert everything(journal) == returned
    assert [(f.position, f.entry, f.recorded_at) for f in returned] == [
        (1, 1, NOON),
        (2, 1, NOON),
        (3, 1, NOON),
    ]


def test_an_entry_is_numbered_by_its_first_position(journal: Journal) -> None:
    record(journal, note(1), note(2))
    assert [f.entry for f in record(journal, note(3), note(4))] == [3, 3]


def test_one_transaction_may_record_several_entries_or_go_on_with_the_last(
    journal: Journal,
) -> None:
    with journal.database.write() as conn:
        assert journal.lock_head(conn).next_entry == 1
        journal.append(conn, [note(1), note(2)], NOON)
        journal.append(conn, [note(3)], NOON)
        journal.append(conn, [note(4)], NOON, entry=3)
    assert [(f.position, f.entry) for f in everything(journal)] == [(1, 1), (2, 1), (3, 3), (4, 3)]


@pytest.mark.parametrize("entry", [1, 4, 99])
def test_an_entry_that_is_over_or_not_begun_cannot_be_gone_on_with(
    journal: Journal, entry: int
) -> None:
    record(journal, note(1))
    record(journal, note(2))
    with pytest.raises(IntegrityError), journal.database.write() as conn:
        journal.append(conn, [note(3)], NOON, entry=entry)
    assert len(everything(journal)) == 2


def test_recording_nothing_moves_nothing(journal: Journal) -> None:
    assert record(journal) == []
    with journal.database.read() as conn:
        assert journal.head(conn) == (0, 0, None, b"")


def test_an_event_outside_the_registry_is_not_recorded(journal: Journal) -> None:
    class Stray(Opening, frozen=True, kw_only=True):
        pass

    with pytest.raises(TypeError, match="Stray"):
        record(journal, Fact("stray/1", 1, Stray(effective_on=DAY, by="an")))
    assert everything(journal) == []


def test_pages_of_any_size_give_the_whole_journal_in_order(journal: Journal) -> None:
    record(journal, *(note(n) for n in range(1, 24)))
    with journal.database.read() as conn:
        for page in (1, 7, 23, 5000):
            assert [f.position for f in journal.facts(conn, page=page)] == list(range(1, 24))
        assert [f.position for f in journal.facts(conn, after=5, until=9, page=2)] == [6, 7, 8, 9]


def test_an_entry_is_found_by_any_of_its_positions(journal: Journal) -> None:
    record(journal, note(1))
    entry = record(journal, note(2), note(3))
    with journal.database.read() as conn:
        assert journal.entry(conn, 2) == journal.entry(conn, 3) == entry
        assert journal.entry(conn, 4) == []


def test_the_position_at_an_instant_is_the_last_recorded_by_then(journal: Journal) -> None:
    for hours in (0, 1, 1, 5):
        record(journal, note(len(everything(journal)) + 1), now=NOON + timedelta(hours=hours))
    tick = timedelta(microseconds=1)
    with journal.database.read() as conn:
        at = [
            journal.position_at(conn, NOON + when)
            for when in (-tick, timedelta(), timedelta(hours=1) - tick, timedelta(hours=1))
        ]
        assert at == [0, 1, 1, 3]
        assert journal.position_at(conn, NOON + timedelta(days=9)) == 4


def test_a_batch_of_thousands_of_streams_is_recorded_and_loaded(journal: Journal) -> None:
    record(journal, *(note(n) for n in range(2500)))
    record(journal, *(note(n, 2, "hai") for n in range(2500)))
    with journal.database.read() as conn:
        ids = [f"note/{n}" for n in (3, 2499, 9999, *range(1200))]
        found = journal.timelines(conn, ids, {"note": NOTE})
    assert list(found) == list(dict.fromkeys(ids))
    assert (found["note/2499"].now, found["note/2499"].version) == ("một hai", 2)
    assert (found["note/9999"].now, found["note/9999"].version) == (None, 0)


# --- timelines and voided entries


def test_a_timeline_is_folded_in_effective_order(journal: Journal) -> None:
    record(journal, note(1), note(1, 2, "ba", DAY + timedelta(days=2)))
    record(journal, note(1, 3, "hai", DAY + timedelta(days=1)))
    found = timeline(journal, "note/1")
    assert (found.now, found.at(DAY), found.version) == ("một hai ba", "một", 3)


def test_a_subject_without_facts_has_an_empty_timeline(journal: Journal) -> None:
    found = timeline(journal, "note/1")
    assert (found.now, found.version, found.steps) == (None, 0, [])


def test_a_timeline_sees_what_its_own_transaction_has_just_recorded(journal: Journal) -> None:
    with suppress(ZeroDivisionError), journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        assert journal.timeline(conn, "note/1", NOTE).now == "một"
        raise ZeroDivisionError
    assert timeline(journal, "note/1").now is None


def test_a_voided_entry_leaves_the_timeline_but_its_versions_stay_taken(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(1, 2, "nhầm"), note(2))
    record(journal, void(2))
    one, two = timeline(journal, "note/1"), timeline(journal, "note/2")
    assert (one.now, one.version, two.now, two.version) == ("một", 2, None, 1)
    with journal.database.read() as conn:
        both = journal.timelines(conn, ["note/1", "note/2"], {"note": NOTE})
        assert [(t.now, t.version) for t in both.values()] == [("một", 2), (None, 1)]
    record(journal, note(1, 3, "hai"))
    assert timeline(journal, "note/1").now == "một hai"


def test_the_entry_that_voided_another_is_found_by_any_position(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(2), note(3))
    record(journal, void(2), note(4))
    with journal.database.read() as conn:
        assert [journal.voided_by(conn, n) for n in (1, 2, 3, 4, 99)] == [None, 4, 4, None, None]


def test_live_only_leaves_voided_facts_out_of_a_stream(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(1, 2))
    record(journal, void(1))
    versions = {
        live: [
            e.originator_version for e in journal.recorder.select_events("note/1", live_only=live)
        ]
        for live in (False, True)
    }
    assert versions == {False: [1, 2], True: [2]}


def test_reading_is_one_snapshot_whatever_is_recorded_meanwhile(journal: Journal) -> None:
    record(journal, note(1))
    with journal.database.read() as conn:
        assert journal.head(conn).position == 1
        record(journal, note(2))
        assert (journal.head(conn).position, len(list(journal.facts(conn)))) == (1, 1)
    assert len(everything(journal)) == 2


def test_writing_in_a_reading_transaction_is_refused(journal: Journal) -> None:
    with pytest.raises(StoreReadOnly), journal.database.read() as conn:
        conn.exec_driver_sql("UPDATE head SET position = 9")
    record(journal, note(1))
    assert len(everything(journal)) == 1


# --- versions, failures, clocks


@pytest.mark.parametrize(
    "versions", [(3,), (1,), (0,), (2, 4), (2, 2), (3, 2)], ids=lambda v: "-".join(map(str, v))
)
def test_a_version_that_does_not_follow_is_refused(
    journal: Journal, versions: tuple[int, ...]
) -> None:
    record(journal, note(1))
    with pytest.raises(IntegrityError, match="does not follow"):
        record(journal, note(7), *(note(1, version) for version in versions))
    assert len(everything(journal)) == 1


@pytest.mark.parametrize("version", [0, 2])
def test_a_stream_begins_with_version_one(journal: Journal, version: int) -> None:
    with pytest.raises(IntegrityError):
        record(journal, note(1, version))


def test_a_failed_append_leaves_nothing_and_the_next_works_on_fresh_state(
    journal: Journal,
) -> None:
    record(journal, note(1))
    with pytest.raises(IntegrityError):
        record(journal, note(2), note(1))
    assert timeline(journal, "note/2").version == 0
    fresh = timeline(journal, "note/1").version + 1
    (again,) = record(journal, note(1, fresh, "hai"))
    assert (again.position, again.entry) == (2, 2)
    with journal.database.read() as conn:
        assert journal.verify(conn).ok


def test_what_a_transaction_raised_after_recording_is_not_recorded(journal: Journal) -> None:
    with suppress(Refused), journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        raise Refused
    assert everything(journal) == []
    assert record(journal, note(1))[0].position == 1


def test_a_head_that_has_moved_since_is_refused(journal: Journal) -> None:
    with journal.database.read() as conn:
        stale = journal.head(conn)
    record(journal, note(1))
    event = StoredEvent("note/2", 1, "NoteOpened", b"{}")
    with pytest.raises(IntegrityError):
        journal.recorder.insert_events([event], now=NOON, head=stale)
    assert len(everything(journal)) == 1


def test_time_in_the_journal_never_goes_back_when_the_clock_does(journal: Journal) -> None:
    later = NOON + timedelta(days=400)
    clock = [NOON, later, NOON, NOON + timedelta(days=500)]
    returned = [record(journal, note(n), now=now)[0] for n, now in enumerate(clock, 1)]
    stored = [fact.recorded_at for fact in everything(journal)]
    assert stored == [NOON, later, later, clock[3]] == [fact.recorded_at for fact in returned]


def test_an_instant_is_stored_as_utc_of_one_width(journal: Journal) -> None:
    hanoi = timezone(timedelta(hours=7))
    (fact,) = record(journal, note(1), now=datetime(2024, 10, 30, 6, 0, tzinfo=hanoi))
    assert fact.recorded_at == datetime(2024, 10, 29, 23, 0, tzinfo=UTC)
    assert fact.recorded_at.tzinfo is UTC
    with journal.database.read() as conn:
        assert fetch(conn, "SELECT recorded_at FROM events") == [("2024-10-29T23:00:00.000000Z",)]


def test_an_instant_without_a_zone_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="time zone"):
        record(journal, note(1), now=NOON.replace(tzinfo=None))


def test_a_stamp_reads_back_as_the_same_instant() -> None:
    assert instant(stamp(NOON)) == NOON
    assert stamp(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"


def test_nothing_below_the_edges_reads_a_clock(journal: Journal) -> None:
    with pytest.raises(TypeError, match="now"):
        journal.recorder.insert_events([StoredEvent("note/1", 1, "NoteOpened", b"{}")])


def test_stray_variables_of_the_environment_do_not_change_the_journal(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "COMPRESSOR_TOPIC": "zlib",
        "IS_SNAPSHOTTING_ENABLED": "y",
        "AGGREGATE_CACHE_MAXSIZE": "10",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "JOURNAL_MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    }.items():
        monkeypatch.setenv(name, value)
    journal = Journal(database, REGISTRY)
    record(journal, note(1))
    with database.read() as conn:
        ((state,),) = fetch(conn, "SELECT state FROM events")
    assert msgspec.json.decode(state) == {"effective_on": "2024-10-30", "by": "an", "text": "một"}


# --- several writers


def write_notes(url: str, worker: int, count: int) -> None:
    """One process: notes of its own, and a stream all of them share."""
    with closing(Database(url)) as database:
        journal = Journal(database, REGISTRY)
        for n in range(count):
            with database.write() as conn:
                journal.lock_head(conn)
                version = journal.timeline(conn, "note/0", NOTE).version + 1
                journal.append(conn, [note(worker * 1000 + n), note(0, version)], NOON)


def follow(journal: Journal, total: int, writing: Callable[[], bool]) -> Iterator[int]:
    """Positions as a reader at the tail meets them."""
    after = 0
    while after < total:
        alive = writing()
        with journal.database.read() as conn:
            for fact in journal.facts(conn, after=after):
                after = fact.position
                yield after
        if not alive:
            return


def test_four_processes_writing_at_once_lose_nothing_and_leave_no_gap(
    store_url: str, database: Database
) -> None:
    journal, each = Journal(database, REGISTRY), 60
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        jobs: list[Future[None]] = [
            pool.submit(write_notes, store_url, worker, each) for worker in (1, 2, 3, 4)
        ]
        # A position that became visible after a higher one would be missing here.
        seen = list(follow(journal, 8 * each, lambda: not all(job.done() for job in jobs)))
        for job in jobs:
            job.result()
    assert seen == list(range(1, 8 * each + 1))
    facts = everything(journal)
    assert {f.originator_id for f in facts} == {"note/0"} | {
        f"note/{worker * 1000 + n}" for worker in (1, 2, 3, 4) for n in range(each)
    }
    shared = [f.originator_version for f in facts if f.originator_id == "note/0"]
    assert shared == list(range(1, 4 * each + 1))
    with database.read() as conn:
        assert journal.verify(conn).ok


def test_whoever_locks_the_head_first_makes_the_others_wait_and_then_refuses_them(
    store_url: str, database: Database
) -> None:
    other = Database(store_url, busy_timeout=0.2)
    journal = Journal(other, REGISTRY)
    with closing(other):
        with database.write() as conn:
            Journal(database, REGISTRY).lock_head(conn)
            with pytest.raises(StoreLocked) as refused:
                record(journal, note(1))
        assert "0.2" in refused.value.say("vi")
        assert record(journal, note(1))[0].position == 1


def test_a_subscription_delivers_what_another_writer_records(journal: Journal) -> None:
    record(journal, note(1))
    with journal.recorder.subscribe(gt=None) as subscription:
        assert next(subscription).id == 1
        record(journal, note(2), note(3))
        assert [next(subscription).id, next(subscription).id] == [2, 3]


def test_a_subscription_whose_store_goes_away_raises_instead_of_waiting(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(journal, note(1))
    with journal.recorder.subscribe(gt=None) as subscription:
        next(subscription)
        with journal.database.write() as conn:
            conn.exec_driver_sql("ALTER TABLE events RENAME TO elsewhere")
        with pytest.raises(sa.exc.DBAPIError):
            next(subscription)


# --- events of other versions


class Paid(Opening, frozen=True, kw_only=True, omit_defaults=True):
    VERSION: ClassVar[int] = 3
    amount: int
    source: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["amount"] = state.pop("million") * 10**6

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state.setdefault("source", "state")


PAID = FactMapper({"Paid": Paid})


def stored(state: bytes, topic: str = "Paid") -> StoredEvent:
    return StoredEvent("fund/1", 1, topic, state)


def paid(amount: int, source: str) -> Paid:
    return Paid(effective_on=DAY, by="an", amount=amount, source=source)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (b'{"effective_on":"2024-10-30","by":"an","million":5}', paid(5_000_000, "state")),
        (b'{"v":2,"effective_on":"2024-10-30","by":"an","amount":7}', paid(7, "state")),
        (
            b'{"v":3,"effective_on":"2024-10-30","by":"an","amount":7,"source":"credit"}',
            paid(7, "credit"),
        ),
    ],
)
def test_an_event_of_any_older_version_is_upcast(state: bytes, event: Paid) -> None:
    assert PAID.to_domain_event(stored(state)).event == event


def test_an_event_past_version_one_carries_its_version_first() -> None:
    written = PAID.to_stored_event(Fact("fund/1", 1, paid(7, "credit")))
    assert written.state.startswith(b'{"v":3,"effective_on"')
    assert PAID.to_domain_event(written).event == paid(7, "credit")


@pytest.mark.parametrize("registry", [{"Paid": Paid}, {"Paid": NoteOpened}])
def test_a_version_this_program_does_not_know_is_a_newer_program(
    registry: dict[str, type[Event]],
) -> None:
    newer = stored(b'{"v":4,"effective_on":"2024-10-30","by":"an","text":"x"}')
    with pytest.raises(UnknownEvent):
        FactMapper(registry).to_domain_event(newer)


def test_a_topic_this_program_does_not_know_is_a_newer_program(
    database: Database, journal: Journal
) -> None:
    record(journal, note(1))
    old = Journal(database, {})
    with pytest.raises(UnknownEvent) as refused, database.read() as conn:
        list(old.facts(conn))
    assert refused.value.facts == {"topic": "NoteOpened", "position": 1}


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b'{"v":"x"}', b'{"v":1}', b'{"by":1}'])
def test_a_state_that_cannot_be_read_is_refused(state: bytes) -> None:
    for mapper, topic in ((PAID, "Paid"), (FactMapper(REGISTRY), "NoteOpened")):
        with pytest.raises(UnreadableEvent, match="fund/1"):
            mapper.to_domain_event(stored(state, topic))


def test_an_event_class_without_its_upcast_is_not_accepted() -> None:
    class Half(Opening, frozen=True, kw_only=True):
        VERSION: ClassVar[int] = 2

    with pytest.raises(AttributeError, match="upcast_v1_v2"):
        FactMapper({"Half": Half})


def test_an_event_class_may_not_use_the_name_of_the_version() -> None:
    class Taken(Opening, frozen=True, kw_only=True):
        v: int

    with pytest.raises(TypeError, match="Taken"):
        FactMapper({"Taken": Taken})


# --- making and opening stores


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def use_it(database: Database) -> None:
    """Each way of using a store refuses the same; the last refusal is raised."""
    refusals = []
    for use in (database.check, lambda: record(Journal(database, REGISTRY), note(1))):
        try:
            use()
        except Refused as refused:
            refusals.append(refused)
    assert len(refusals) == 2
    assert type(refusals[0]) is type(refusals[1])
    raise refusals[1]


def test_a_store_says_what_it_is(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        made = database.create(rehearsal=True)
        assert (made.format, made.rehearsal, len(made.store_id)) == (FORMAT, True, 32)
        assert database.check() == made


def test_tables_of_others_are_made_with_ours(store_url: str) -> None:
    metadata = sa.MetaData()
    table = sa.Table("note_rows", metadata, sa.Column("id", sa.Text, primary_key=True))
    with closing(Database(store_url)) as database:
        database.create(metadata)
        with database.write() as conn:
            conn.execute(sa.insert(table).values(id="note/1"))
        with database.read() as conn:
            assert conn.execute(sa.select(table.c.id)).scalar_one() == "note/1"


def test_a_store_is_not_made_twice(store_url: str, database: Database, journal: Journal) -> None:
    before = database.check()
    record(journal, note(1))
    with closing(Database(store_url)) as again, pytest.raises(StoreExists):
        again.create()
    assert (database.check(), len(everything(journal))) == (before, 1)


def test_making_that_fails_half_way_leaves_nothing(store_url: str) -> None:
    broken = sa.MetaData()
    sa.Table("events", broken, sa.Column("id", sa.Text, primary_key=True))
    with closing(Database(store_url)) as database:
        with pytest.raises(sa.exc.DBAPIError):
            database.create(broken)
        with pytest.raises(StoreMissing):
            use_it(database)
        assert database.create().format == FORMAT


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_no_store_is_made_beside_a_file_that_would_be_played_into_it(
    tmp_path: Path, suffix: str
) -> None:
    left = tmp_path / f"s.db{suffix}"
    left.write_bytes(b"of another store")
    with closing(Database(tmp_path / "s.db")) as database:
        with pytest.raises(StoreLeftovers) as refused:
            database.create()
        assert str(left) in refused.value.say("vi")
        assert [*tmp_path.iterdir()] == [left]
        left.unlink()
        assert database.create().format == FORMAT


def test_of_two_who_make_the_same_store_at_once_one_is_refused(store_url: str) -> None:
    script = (
        "import sys; from ntm_workflow.store.engine import *\n"
        "try: Database(sys.argv[1]).create()\n"
        "except (StoreExists, NotAStore): sys.exit(7)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, store_url]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(command, env=env) for _ in range(2)]
    assert sorted(each.wait() for each in both) == [0, 7]
    with closing(Database(store_url)) as database:
        assert database.check().format == FORMAT


def test_a_store_that_is_not_there_does_not_come_into_being_by_opening_it(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        with pytest.raises(StoreMissing) as refused:
            use_it(database)
        assert "ntm init" in refused.value.say("vi")
        assert refused.value.exit_code == 1
        if database.path:
            assert list(database.path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a database\n" * 50, b"SQLite format 3\0" + bytes(4080)]
)
def test_a_file_that_is_not_a_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    before = snapshot(tmp_path)
    with closing(Database(path)) as database:
        for use in (lambda: use_it(database), database.create):
            with pytest.raises(NotAStore):
                use()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute(f"PRAGMA journal_mode = {mode}")
        theirs.execute("CREATE TABLE meta (id INTEGER)")
        theirs.commit()
        before = snapshot(tmp_path)
        with closing(Database(path)) as database, pytest.raises(NotAStore):
            use_it(database)
        assert snapshot(tmp_path) == before


def test_a_file_with_our_mark_but_without_our_tables_is_not_a_store(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    with closing(sqlite3.connect(path)) as half:
        half.execute("PRAGMA application_id = 0x4E544D57")
        half.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    with closing(Database(path)) as database, pytest.raises(NotAStore):
        use_it(database)


def test_a_postgresql_database_of_another_program_is_left_as_it_is(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as theirs:
        theirs.execute("CREATE TABLE meta (id integer)")
    with closing(Database(postgres_url)) as database:
        for use in (lambda: use_it(database), database.create):
            with pytest.raises(NotAStore):
                use()
    with psycopg.connect(postgres_url) as theirs:
        tables = theirs.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("meta",)]


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database, pytest.raises(NotAStore):
        use_it(database)


def test_a_newer_store_is_refused_and_not_touched(store_url: str, database: Database) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'format'")
    with closing(Database(store_url)) as opened, pytest.raises(StoreNewer) as refused:
        use_it(opened)
    assert refused.value.facts["found"] == 99
    with database.read() as conn:
        assert fetch(conn, "SELECT position FROM head") == [(0,)]


def test_a_store_that_may_only_be_read_is_read_and_refuses_writing(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), note(1))
        with closing(Database(sqlite_url + "?mode=ro")) as readable:
            journal = Journal(readable, REGISTRY)
            assert len(everything(journal)) == 1
            with pytest.raises(StoreReadOnly):
                record(journal, note(2))
        assert len(everything(Journal(database, REGISTRY))) == 1


def test_a_postgresql_role_that_may_only_read_refuses_writing(postgres_url: str) -> None:
    role = f"reader_{os.getpid()}"
    with closing(Database(postgres_url)) as database:
        database.create()
        with psycopg.connect(postgres_url) as admin:
            admin.execute(f"CREATE ROLE {role} LOGIN")
            admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        url = sa.make_url(postgres_url).set(username=role).render_as_string()
        with closing(Database(url)) as readable:
            journal = Journal(readable, REGISTRY)
            assert everything(journal) == []
            with pytest.raises(StoreReadOnly):
                record(journal, note(1))
        with psycopg.connect(postgres_url) as admin:
            admin.execute(f"DROP OWNED BY {role}")
            admin.execute(f"DROP ROLE {role}")


def limit(database: Database, pages: int) -> None:
    with database.write() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_refused_and_what_was_recorded_stays(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1))
        # The file may not grow: what SQLite then says is what it says of a full disk.
        limit(database, 1)
        with pytest.raises(StoreFull):
            record(journal, *(note(n, text="x" * 4000) for n in range(2, 40)))
        assert len(everything(journal)) == 1
        limit(database, 1_000_000)
        record(journal, note(2))
        with database.read() as conn:
            assert journal.verify(conn).ok


def test_a_damaged_file_is_refused_as_damaged(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), *(note(n, text="x" * 900) for n in range(1, 200)))
        path = database.path
    assert path is not None
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :: 97] = b"\xff" * len(content[len(content) // 2 :: 97])
    path.write_bytes(content)
    with closing(Database(sqlite_url)) as damaged, pytest.raises((StoreDamaged, UnreadableEvent)):
        everything(Journal(damaged, REGISTRY))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql://nobody@/none?host=/nowhere/at/all",
        "mysql://host/db",
        "postgresql://host:port/db",
    ],
)
def test_an_address_nobody_answers_at_is_refused(url: str) -> None:
    with pytest.raises(StoreUnreachable), closing(Database(url)) as database:
        use_it(database)


def test_a_postgresql_server_without_that_database_is_refused(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(database="nowhere").render_as_string()
    with closing(Database(url)) as database, pytest.raises(StoreUnreachable):
        use_it(database)


def test_a_store_cannot_be_made_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    inside = Database(tmp_path / "file" / "store.db")
    with closing(inside), pytest.raises(StoreNoFolder):
        inside.create()


def test_a_refusal_never_shows_a_password() -> None:
    url = "postgresql://an:s3cret@127.0.0.1:1/db?sslpassword=s3cret"
    with closing(Database(url)) as database, pytest.raises(StoreUnreachable) as refused:
        database.check()
    assert "s3cret" not in refused.value.say("vi") + refused.value.say("en") + database.where


def record_while_cut(journal: Journal, url: str) -> None:
    with journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        (pid,) = conn.exec_driver_sql("SELECT pg_backend_pid()").one()
        with psycopg.connect(url) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        journal.append(conn, [note(2)], NOON)


def test_a_connection_cut_by_the_server_is_a_refusal_and_the_next_works(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        with pytest.raises(StoreUnreachable):
            record_while_cut(journal, postgres_url)
        assert record(journal, note(1))[0].position == 1


def test_connections_that_died_while_idle_are_replaced_unseen(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1))
        with psycopg.connect(postgres_url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert record(journal, note(2))[0].position == 2


def test_only_the_owner_may_read_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "a new folder" / "kho ? # %41.db"
    before = os.umask(0)
    try:
        with closing(Database(path)) as database:
            database.create()
            record(Journal(database, REGISTRY), note(1))
            modes = {p.name: p.stat().st_mode & 0o777 for p in path.parent.iterdir()}
            assert set(modes) == {path.name, path.name + "-wal", path.name + "-shm"}
            assert set(modes.values()) == {0o600}
            assert path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_sqlite_keeps_what_a_power_cut_could_take(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}
        with database.write() as conn:
            for pragma, value in wanted.items():
                assert conn.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_postgresql_keeps_what_a_power_cut_could_take(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        name = sa.make_url(postgres_url).database
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(Database(postgres_url)) as database:
        database.create()
        with database.write() as conn:
            assert conn.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar_one() == (
                "read committed"
            )
        with database.read() as conn:
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar_one() == (
                "repeatable read"
            )


def test_a_copy_that_lost_its_wal_mode_gets_it_back(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), note(1))
        with closing(sqlite3.connect(str(database.path))) as raw:
            raw.execute("VACUUM INTO ?", (str(copy),))
    with closing(Database(copy)) as restored:
        record(Journal(restored, REGISTRY), note(2))
        with closing(sqlite3.connect(copy)) as raw:
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with restored.read() as conn:
            assert Journal(restored, REGISTRY).verify(conn).ok


def test_every_refusal_of_the_store_says_what_to_do_next_in_both_languages() -> None:
    facts = {"where": "/a/b", "seconds": 30.0, "detail": "x", "found": 2, "known": 1}
    facts |= {"topic": "T", "position": 1, "subject": "note/1"}
    for kind in (
        *(StoreMissing, StoreExists, NotAStore, StoreNewer, StoreReadOnly, StoreLocked),
        *(StoreUnreachable, StoreFull, StoreDamaged, UnknownEvent, UnreadableEvent),
    ):
        for lang in ("vi", "en"):
            said = kind(**facts).say(lang)
            assert len(said.splitlines()) >= 2, "the fact, then what to do"
            assert 1 <= said.count("\n") + 1 <= 3


# --- proving

SIZE = 600


@pytest.fixture
def long(journal: Journal) -> Journal:
    """600 facts in entries of 100: two tiles and a rest."""
    for start in range(1, SIZE, 100):
        record(journal, *(note(n) for n in range(start, start + 100)))
    return journal


def test_an_untouched_journal_is_verified(long: Journal) -> None:
    with long.database.read() as conn:
        found = long.verify(conn)
        assert (found.ok, found.size, found.first_bad, found.reason) == (True, SIZE, None, "")
        assert found.root == root([long.leaf(conn, p) for p in range(1, SIZE + 1)])
        assert found.root == long.root_at(conn, SIZE)


def test_an_empty_journal_is_verified(journal: Journal) -> None:
    with journal.database.read() as conn:
        found = journal.verify(conn)
        assert (found.ok, found.size, found.root) == (True, 0, root([]))


EDITS = [
    ("state = CAST('x' AS {blob})", Fault.CHANGED),
    ("topic = 'NoteGrown'", Fault.CHANGED),
    ("recorded_at = '2020-01-01T00:00:00.000000Z'", Fault.CHANGED),
    ("entry = 1", Fault.CHANGED),
    ("originator_id = 'note/999'", Fault.CHANGED),
    ("originator_version = 2", Fault.CHANGED),
    ("leaf = CAST('x' AS {blob})", Fault.CHANGED),
]


@pytest.mark.parametrize("position", [1, 256, 257, 555, SIZE])
@pytest.mark.parametrize(("edit", "reason"), EDITS, ids=[e.split()[0] for e, _ in EDITS])
def test_an_edited_column_is_found_at_its_position(
    long: Journal, edit: str, reason: Fault, position: int
) -> None:
    if edit == "entry = 1" and position == 1:
        edit = "entry = 2"
    blob = "BLOB" if long.database.sqlite else "BYTEA"
    tamper(long, f"UPDATE events SET {edit.format(blob=blob)} WHERE position = {position}")
    assert faults(long) == (position, reason)


def tamper(journal: Journal, *statements: str) -> None:
    with journal.database.write() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def faults(journal: Journal) -> tuple[int | None, Fault]:
    with journal.database.read() as conn:
        found = journal.verify(conn)
    assert not found.ok
    return found.first_bad, found.reason


COPY = (
    "INSERT INTO events SELECT {to}, entry, originator_id, originator_version + 7, topic, state,"
    " recorded_at, leaf FROM events WHERE position = {of}"
)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM events WHERE position = 1"], (1, Fault.MISSING)),
        (["DELETE FROM events WHERE position = 300"], (300, Fault.MISSING)),
        (["DELETE FROM events WHERE position BETWEEN 250 AND 400"], (250, Fault.MISSING)),
        (["DELETE FROM events WHERE position = 600"], (600, Fault.CUT_OFF)),
        (["DELETE FROM events WHERE position > 512"], (513, Fault.CUT_OFF)),
        (["DELETE FROM events"], (1, Fault.CUT_OFF)),
        ([COPY.format(of=600, to=601)], (601, Fault.EXTRA)),
        ([COPY.format(of=600, to=777)], (777, Fault.EXTRA)),
        ([COPY.format(of=1, to=0)], (0, Fault.EXTRA)),
        ([COPY.format(of=1, to=-5)], (-5, Fault.EXTRA)),
        (
            [
                "UPDATE events SET position = 9999 WHERE position = 300",
                "UPDATE events SET position = 300 WHERE position = 400",
                "UPDATE events SET position = 400 WHERE position = 9999",
            ],
            (300, Fault.CHANGED),
        ),
        (
            # A row put between two others, the rest moved up, the head counting it.
            [
                "UPDATE events SET position = -position WHERE position > 300",
                "UPDATE events SET position = 1 - position WHERE position < 0",
                COPY.format(of=300, to=301),
                "UPDATE head SET position = 601",
            ],
            (301, Fault.CHANGED),
        ),
        (["UPDATE merkle_tiles SET hash = leaf FROM events WHERE idx = 1"], (257, Fault.TILE)),
        (["DELETE FROM merkle_tiles WHERE idx = 0"], (1, Fault.TILE)),
        (["UPDATE head SET entry = 1"], (None, Fault.HEAD)),
        (["UPDATE head SET recorded_at = '2031-01-01T00:00:00.000000Z'"], (None, Fault.HEAD)),
        (["UPDATE head SET position = 599"], (600, Fault.EXTRA)),
        (["UPDATE head SET position = 601"], (601, Fault.CUT_OFF)),
    ],
)
def test_rows_removed_inserted_moved_or_cut_off_are_found(
    long: Journal, statements: list[str], expected: tuple[int | None, Fault]
) -> None:
    tamper(long, *statements)
    assert faults(long) == expected


@pytest.mark.parametrize(
    ("position", "begins"), [(1, 1), (256, 1), (257, 257), (513, 513), (590, 577), (600, 593)]
)
def test_a_row_rewritten_with_its_leaf_is_found_in_its_range(
    long: Journal, position: int, begins: int
) -> None:
    # 600 = 256 + 256 + 64 + 16 + 8: the smallest full subtree around the row is named.
    with long.database.write() as conn:
        mark = "?" if long.database.sqlite else "%s"
        columns = "entry, originator_version, originator_id, topic, recorded_at"
        select = f"SELECT {columns} FROM events WHERE position = {mark}"
        ((entry, version, id, topic, recorded_at),) = fetch(conn, select, (position,))
        leaf = leaf_hash(position, entry, version, id, topic, recorded_at, b"{}")
        update = f"UPDATE events SET state = {mark}, leaf = {mark} WHERE position = {mark}"
        conn.exec_driver_sql(update, (b"{}", leaf, position))
    assert faults(long) == (begins, Fault.REWRITTEN)


def test_a_column_of_another_type_is_found(sqlite_url: str) -> None:
    # SQLite stores whatever it is given.
    with closing(Database(sqlite_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1), note(2), note(3))
        tamper(journal, "UPDATE events SET originator_version = 'one' WHERE position = 2")
        assert faults(journal) == (2, Fault.CHANGED)


def test_a_frontier_that_was_edited_is_found(long: Journal) -> None:
    tamper(long, "UPDATE head SET frontier = (SELECT hash FROM merkle_tiles WHERE idx = 0)")
    assert faults(long) == (None, Fault.HEAD)


def test_a_store_without_its_head_row_is_damaged(long: Journal) -> None:
    tamper(long, "DELETE FROM head")
    assert faults(long) == (None, Fault.HEAD)
    with pytest.raises(StoreDamaged):
        record(long, note(SIZE + 1))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE head SET entry = 5",
        "UPDATE head SET recorded_at = '2031-01-01T00:00:00.000000Z'",
        "UPDATE head SET position = 256, frontier = (SELECT hash FROM merkle_tiles WHERE idx = 0)",
        "DELETE FROM events WHERE position > 590",
        "DELETE FROM events",
    ],
)
def test_nothing_is_recorded_after_a_head_that_does_not_fit_the_last_row(
    long: Journal, sql: str
) -> None:
    tamper(long, sql)
    found = faults(long)
    with pytest.raises(HeadAstray):
        record(long, note(SIZE + 1))
    assert faults(long) == found


def test_a_tile_that_stands_there_before_its_facts_is_damage(long: Journal) -> None:
    leaf = "(SELECT leaf FROM events WHERE position = 1)"
    tamper(long, f"INSERT INTO merkle_tiles VALUES (8, 2, {leaf})")
    with pytest.raises(StoreDamaged):
        record(long, *(note(n) for n in range(SIZE + 1, 800)))
    assert len(everything(long)) == SIZE


def test_any_fact_is_proved_to_stand_in_the_journal(long: Journal) -> None:
    with long.database.read() as conn:
        for size in (1, 256, 300, SIZE):
            top = long.root_at(conn, size)
            for position in {1, size // 2 + 1, size}:
                proof = long.inclusion(conn, position, size)
                assert verify_inclusion(long.leaf(conn, position), position - 1, size, proof, top)


def test_the_journal_of_yesterday_is_proved_to_begin_that_of_today(long: Journal) -> None:
    with long.database.read() as conn:
        for old, new in pairwise((0, 1, 255, 256, 257, 512, SIZE)):
            before, after = long.root_at(conn, old), long.root_at(conn, new)
            proof = long.consistency(conn, old, new)
            assert verify_consistency(old, new, proof, before, after)


def test_there_is_no_leaf_and_no_root_past_the_end(long: Journal) -> None:
    with long.database.read() as conn:
        with pytest.raises(MissingNodes):
            long.leaf(conn, SIZE + 1)
        with pytest.raises(MissingNodes):
            long.root_at(conn, SIZE + 1)
