"""Measures what goes through the whole journal: rebuild, verify, proofs, the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import library
from child import Alone, alone
from limits import Raw
from measure import Budget, Result, Turns, compare, exhaust, timed
from stores import Run

from ntm_workflow.office import Office
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.engine import Database


class Peaks:
    """Work done in processes of their own, and the most memory any of them needed."""

    def __init__(self, work: Callable[[], Alone]) -> None:
        self.work = work
        self.most = 0.0

    def __call__(self) -> float:
        done = self.work()
        self.most = max(self.most, done.peak)
        return done.seconds

    def beside(self, result: Result) -> Result:
        return replace(result, peak=self.most)


def rebuild(run: Run) -> Result:
    """Every table from the journal, into a fresh store; the limit writes the finished rows."""
    store, beside = run.store, Beside(run)
    ours = Peaks(lambda: alone("rebuild", store.url, beside.fresh()))
    theirs = library.running(store, run.size, 200 if run.quick else 1000)
    turns, budget = Turns(ours, beside.limit, theirs), Budget(ratio=0.35, times=6)
    result = compare("rebuild all tables, events", store.position, turns, run.few, budget)
    beside.drop()
    return ours.beside(result)


class Beside:
    """An empty store that a rebuild fills, and one that gets its rows without any thought."""

    def __init__(self, run: Run) -> None:
        self.home = run.home
        self.url: str | None = None

    def fresh(self) -> str:
        self.drop()
        self.url = self._empty()
        return self.url

    def limit(self) -> float:
        assert self.url, "the limit has its rows from ours"
        url = self._empty()
        tables = [*(view.table.name for view in VIEWS.values()), FACTS.name]
        with closing(Raw(self.url)) as source, closing(Raw(url)) as target:
            taken = target.load((table, source.pages(table)) for table in tables)
        self.home.drop(url)
        return taken

    def drop(self) -> None:
        if self.url:
            self.home.drop(self.url)

    def _empty(self) -> str:
        url = self.home.new()
        with closing(Database(url)) as database:
            Office.create(database)
        return url


def verify(run: Run) -> Result:
    """Every leaf, tile and the root again; the limit hashes the bytes and builds no tree."""
    store = run.store
    ours = Peaks(lambda: alone("verify", store.url))

    def hashed() -> None:
        for state, leaf in store.raw.stream("SELECT state, leaf FROM events ORDER BY position"):
            hashlib.sha256(state + leaf).digest()

    turns, budget = Turns(ours, timed(hashed)), Budget(rate=300_000)
    return ours.beside(
        compare("verify the journal, events", store.position, turns, run.rounds, budget)
    )


def inclusion(run: Run) -> Result:
    """Proofs for positions all over the journal."""
    store, size = run.store, run.store.position
    places = range(1, size, max(1, size // 100))

    def ours() -> None:
        with store.office.database.read() as conn:
            for position in places:
                store.office.journal.inclusion(conn, position, size)

    turns = Turns(timed(ours))
    return compare("inclusion proof", len(places), turns, run.rounds, Budget(ms=2))


def fact_list(run: Run) -> Result:
    """`ntm fact list --json` of everything; the limit reads the same events and their rows."""
    store = run.store
    ours = Peaks(lambda: alone("facts", store.url))
    sql = "SELECT * FROM facts f JOIN events e ON e.position = f.position ORDER BY f.position"

    turns = Turns(ours, timed(lambda: exhaust(store.raw.stream(sql))))
    result = compare("ntm fact list, facts", store.position, turns, 1, Budget())
    return ours.beside(result)
