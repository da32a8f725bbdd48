"""The rows of every subject from its facts alone, a batch of subjects at a time; writes nothing.

No row rests on another subject's facts, but for the entries that were voided. So a batch holds
all there is to say about its subjects, and only one batch is in memory.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Protocol

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Timeline
from ntm_workflow.domain.subjects import subject_of
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS, fact_row, place_of
from ntm_workflow.projections.slices import Slices
from ntm_workflow.projections.telling import TELLINGS, rows_of

#: Facts in a batch, about: enough to write them quickly, few enough to keep memory and locks short.
BATCH: Final = 5000

Rows = dict[sa.Table, list[tuple[Any, ...]]]
#: A voided entry -> the entries that voided it.
Voids = Mapping[int, Sequence[int]]


class Streams(Protocol):
    """The journal subject by subject, from one snapshot."""

    def page(self, first: str, stop: str | None, facts: int) -> tuple[list[list[Fact]], str | None]:
        """About so many facts in whole streams, by id from `first` on and before `stop`, each by
        version; and the id that comes next, None when none does.
        """

    def voids(self) -> Voids: ...


@dataclass(frozen=True)
class Batch:
    """All rows of the subjects from `first` on and before `stop`; by key in every table."""

    first: str
    stop: str | None
    events: int
    rows: Rows


def batches(streams: Streams, first: str = "", stop: str | None = None) -> Iterator[Batch]:
    """Every subject from `first` on and before `stop`. The ranges leave nothing between them."""
    voids = streams.voids()
    while True:
        some, following = streams.page(first, stop, BATCH)
        rows = _rows(some, voids)
        yield Batch(first, following or stop, sum(map(len, some)), rows)
        if following is None:
            return
        first = following


def _rows(streams: Sequence[Sequence[Fact]], voids: Voids) -> Rows:
    # A call of its own: what it made is gone before anybody looks for garbage again.
    with uncollected():
        return _replayed(streams, voids)


def _replayed(streams: Sequence[Sequence[Fact]], voids: Voids) -> Rows:
    replay = _Replay(voids)
    for facts in streams:
        replay.add(facts)
    return replay.rows()


class _Replay:
    def __init__(self, voids: Voids) -> None:
        self.voids = voids
        self.slices = Slices(VIEWS)
        self.facts: list[tuple[Any, ...]] = []
        self.tellings: list[tuple[Any, ...]] = []

    def add(self, facts: Sequence[Fact]) -> None:
        """One subject's facts, entry by entry, each followed by what it voided of them."""
        id = facts[0].subject
        timeline: Timeline[Any] = Timeline(id, subject_of(id))
        self.tellings += rows_of(facts)
        entries = {entry: list(group) for entry, group in groupby(facts, lambda f: f.entry)}
        drops = self._drops(entries)
        for entry in sorted({*entries, *drops}) if drops else entries:
            new = entries.get(entry, [])
            days = [timeline.add(fact) for fact in new]
            days += [day for gone in drops.get(entry, ()) if (day := timeline.drop(gone))]
            if days and id.partition("/")[0] in VIEWS:
                self.slices.update({id: timeline}, {id: min(days)}, entry)
            place = place_of(timeline, VIEWS)
            for fact in new:
                self.facts.append((*fact_row(fact, place), self._voided_by(fact)))

    def rows(self) -> Rows:
        """By key; none for a table that has none."""
        self.facts.sort(key=lambda row: row[0])
        found = {VIEWS[kind].table: rows for kind, rows in self.slices.rows()}
        for rows in found.values():
            rows.sort(key=lambda row: row[:3])
        self.tellings.sort(key=lambda row: row[:2])
        return {**found, FACTS: self.facts, TELLINGS: self.tellings}

    def _drops(self, entries: Mapping[int, object]) -> dict[int, list[int]]:
        """By the entry that voids them, the entries of a subject that are voided later."""
        drops = defaultdict(list)
        for entry in entries:
            if entry in self.voids:
                drops[self.voids[entry][0]].append(entry)
        return drops

    def _voided_by(self, fact: Fact) -> int | None:
        # The void inside a correction stays in force when the correction is voided.
        counted = fact.entry in self.voids and fact.type != "EntryVoided"
        return self.voids[fact.entry][-1] if counted else None


@contextmanager
def uncollected() -> Iterator[None]:
    """What a batch is made of has no circles: looking for garbage meanwhile only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
