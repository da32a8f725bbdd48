"""Measures appending and closing a day in a store that is full already."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import islice

import library
from limits import Raw, Rows
from measure import Budget, Result, Turns, compare
from stores import BATCH, ONE_DAY, Mirror, Run, request

from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.office import closing as closings
from ntm_workflow.office.entry import Entry
from ntm_workflow.store.schema import EVENTS


def append_recorder(run: Run) -> Result:
    """The recorder alone: leaf, tree and head row, a transaction each."""
    store, count = run.store, 50 if run.quick else 200
    mirror, facts = Mirror(store, EVENTS.name), store.assigned(count * run.rounds)
    recorder, stored = store.office.journal.recorder, store.office.journal.mapper.to_stored_event
    ready = iter([stored(fact) for fact in facts])

    def act() -> None:
        for event in islice(ready, count):
            recorder.insert_events([event], now=store.clock.now())

    theirs = library.inserting(store, facts, 1, count)
    turns = Turns(mirror.ours(act), mirror.limit(one_by_one), theirs)
    work, budget = "append 1 a transaction, the recorder alone", Budget(ratio=0.5)
    return compare(work, count, turns, run.rounds, budget)


def append_office(run: Run) -> Result:
    """Everything a command does: lock, load, decide, append, rows."""
    store, count = run.store, 50 if run.quick else 200
    duties = store.assigned(count * run.rounds)
    store.record(duties)
    todo = iter(duties)

    def act() -> None:
        for duty in islice(todo, count):
            store.office.record(request(), partial(_meet, duty.subject))

    mirror = Mirror(store, EVENTS.name)
    turns = Turns(mirror.ours(act), mirror.limit(one_by_one))
    work, budget = "append 1 a transaction, through the office", Budget(ratio=0.25)
    return compare(work, count, turns, run.rounds, budget)


def bulk_events(run: Run) -> Result:
    """Events and leaves, a thousand a transaction."""
    store, count = run.store, _batches(run, 10) * BATCH
    mirror, facts = Mirror(store, EVENTS.name), store.assigned(count * run.rounds)
    ready = iter(facts)

    def act() -> None:
        for _ in range(count // BATCH):
            store.append(islice(ready, BATCH))

    theirs = library.inserting(store, facts, BATCH, count)
    turns = Turns(mirror.ours(act), mirror.limit(by_batch), theirs)
    work, budget = "append 1000 a transaction, events and leaves", Budget(40_000, 0.15)
    return compare(work, count, turns, run.rounds, budget)


def bulk_rows(run: Run) -> Result:
    """The same through the office: rules, fold and rows, an entry of a thousand facts."""
    store, count = run.store, _batches(run, 3) * BATCH
    mirror, ready = Mirror(store, EVENTS.name), iter(store.assigned(count * run.rounds))
    turns = Turns(mirror.ours(lambda: store.record(islice(ready, count))), mirror.limit(by_batch))
    work, budget = "append 1000 a transaction, with rows", Budget(10_000, 0.04)
    return compare(work, count, turns, run.rounds, budget)


def close_day(run: Run) -> Result:
    """A day on which a tenth as many duties fall due as the store has facts, judged and recorded."""
    store, count = run.store, run.size // 10
    first = store.clock.day = date(2026, 3, 2)
    closings.close(store.office, first - ONE_DAY, request())
    for number in range(run.few):
        store.record(store.assigned(count, first + number * ONE_DAY))
    mirror = Mirror(store)

    def act() -> None:
        store.clock.day += ONE_DAY
        closings.close(store.office, store.clock.day - ONE_DAY, request())

    turns = Turns(mirror.ours(act), mirror.limit())
    work, note = "close a day", f"{count:,} duties fall due"
    return compare(work, count, turns, run.few, Budget(rate=10_000), note=note)


def _meet(id: str, entry: Entry) -> None:
    entry.record(id, ObligationMet)


def _batches(run: Run, usual: int) -> int:
    """Fewer into a small store, which would not stay small."""
    return 1 if run.quick else min(usual, max(1, run.size // 10_000))


def one_by_one(raw: Raw, rows: Rows) -> None:
    raw.write_each(EVENTS.name, rows[EVENTS.name])


def by_batch(raw: Raw, rows: Rows) -> None:
    todo = iter(rows[EVENTS.name])
    while some := list(islice(todo, BATCH)):
        raw.write({EVENTS.name: some})
