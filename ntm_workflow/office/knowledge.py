"""What was known when about one day of a subject, who made it known, and who was told by letter.

Knows no rule: what was believed about a day stands in the slices, and letters name what they tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.office.difference import said
from ntm_workflow.office.history import Filter, at, entry, find, find_subject
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.told import Copy
from ntm_workflow.office.told import told as tellings
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.rows import shape
from ntm_workflow.store.journal import Journal

#: What of a row is its status; of a noun not named here, all of it.
STATUS: dict[str, tuple[str, ...]] = {
    "place": ("name", "type", "parent"),
    "unit": ("name",),
    "plan": ("title",),
    "criteria": ("achieved", "not_achieved", "conflicting"),
    "obligation": ("standing", "met_on", "missed_on", "waived_on", "ended_on"),
    "dossier": ("stage", "holder", "since"),
    "fund": ("allocated", "disbursed", "stop", "case"),
    "letter": ("state",),
}


#: Letters of whatever day name the subject.
_EVER: Final = date.max - timedelta(days=1)


@dataclass(frozen=True)
class Belief:
    """What the journal said about the day from one entry until another; None: nothing known."""

    subject: str
    known_from: int
    known_to: int | None
    said: dict[str, Any] | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Told:
    """A letter that named the subject: to whom, which, and when it was issued and left."""

    letter: str
    unit: str
    kind: str
    issued_at: datetime | None
    sent_at: datetime | None


def subjects(journal: Journal, reading: Reading, typed: str | int) -> list[str]:
    """The subject typed, or those an entry is about; of a void, those of what it voided."""
    if isinstance(typed, str):
        return [find_subject(reading, typed)]
    facts, _ = entry(journal, reading, typed)
    voided = [f.event.entry for f in facts if isinstance(f.event, EntryVoided)]
    facts += [fact for number in voided for fact in journal.entry(reading.conn, number)]
    return list(dict.fromkeys(f.subject for f in facts if f.subject.partition("/")[0] in VIEWS))


def beliefs(journal: Journal, reading: Reading, id: str) -> list[Belief]:
    """Every belief ever held about the reading's day, oldest first; equal ones in a row are one."""
    found: list[tuple[int, dict[str, Any] | None]] = []
    end = 0
    for row in _slices(reading, id):
        if end and row.known_from > end:
            found.append((end, None))
        told = _status(row, reading)
        if not found or found[-1][1] != told:
            found.append((row.known_from, told))
        end = row.known_to
    if end and end <= reading.known:
        found.append((end, None))
    ends = [*(known_from for known_from, _ in found[1:]), None]
    return [
        Belief(id, number, until, told, _by_entry(journal, reading, id, number))
        for (number, told), until in zip(found, ends, strict=True)
    ]


def _slices(reading: Reading, id: str) -> list[Any]:
    """The subject's slices that hold the day, in the order in which they were known."""
    table = reading.view_of(id).table
    c = table.c
    holds = sa.and_(c.valid_from <= reading.as_of, c.valid_to > reading.as_of)
    whole = shape(table)
    query = sa.select(*whole.columns).where(c.id == id, holds, c.known_from <= reading.known)
    return whole.rows(reading.conn.execute(query.order_by(c.known_from)))


def _status(row: Any, reading: Reading) -> dict[str, Any]:
    told = said(row, reading)
    names = STATUS.get(row.id.partition("/")[0], tuple(told))
    return {name: told.get(name) for name in names}


def _by_entry(journal: Journal, reading: Reading, id: str, number: int) -> tuple[Fact, ...]:
    """What entry `number` recorded about the subject, and the voids it made of its entries."""
    wanted = Filter(subject=id, entries=(number, number))
    return tuple(fact for fact, _ in find(journal, reading, wanted))


def told(journal: Journal, reading: Reading, id: str) -> list[Told]:
    """The letters issued that name the subject, in order."""
    lines = telling.about(reading.conn, id, reading.known)
    rows = list({row.id: row for row in lines}.values())
    if id.startswith("obligation/"):
        rows = _naming_it_still(journal, reading, id, rows)
    at_ = {
        (fact.subject, fact.type): fact.recorded_at
        for fact in _letters(journal, reading, [row.id for row in rows])
    }
    letters = [
        Told(r.id, r.unit, r.kind, at_.get((r.id, "LetterIssued")), at_.get((r.id, "LetterSent")))
        for r in rows
    ]
    return sorted(letters, key=lambda each: (str(each.issued_at), each.letter))


def _naming_it_still(journal: Journal, reading: Reading, id: str, rows: list[Any]) -> list[Any]:
    """Without the letters that no longer named the duty when they left."""
    copies: dict[str, list[Copy]] = {}
    for each in tellings(journal, replace(reading, as_of=_EVER), id):
        copies.setdefault(f"letter/{each.letter}", []).extend(each.copies)
    left_out = {letter for letter, all_ in copies.items() if all_ and not any(c.said for c in all_)}
    return [row for row in rows if row.id not in left_out]


def _letters(journal: Journal, reading: Reading, ids: list[str]) -> Iterator[Fact]:
    c = FACTS.c
    query = sa.select(c.position).where(c.subject.in_(ids), c.position <= reading.known)
    return at(journal, reading.conn, reading.conn.scalars(query).all())
