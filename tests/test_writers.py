"""Several writers and followers at one journal."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa
from notes import (
    NOON,
    NOTE,
    REGISTRY,
    everything,
    note,
    record,
)

from ntm_workflow.store.engine import (
    Database,
    StoreLocked,
)
from ntm_workflow.store.journal import Journal


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
