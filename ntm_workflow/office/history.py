"""Questions to the audit trail: which facts, which entry, what differs between two readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.office.entry import NoSuchEntry
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.schema import EVENTS

#: Columns that say where a slice stands, not what it says.
FRAME = frozenset(
    {"id", "known_from", "known_to", "valid_from", "valid_to"}
    | {"folded", "trigger", "judge_on", "last_day", "found", "desk"}
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which facts; None asks for all. `from_` and `until` are on the effective axis."""

    scope: set[str] | None = None
    subject: str | None = None
    type: str | None = None
    recorded_by: str | None = None
    against: bool = False
    from_: date | None = None
    until: date | None = None
    recorded_from: date | None = None
    recorded_until: date | None = None

    def where(self) -> list[sa.ColumnElement[bool]]:
        c = FACTS.c
        equal = {c.subject: self.subject, c.type: self.type, c.by: self.recorded_by}
        since = {c.effective_on: self.from_, c.recorded_on: self.recorded_from}
        until = {c.effective_on: self.until, c.recorded_on: self.recorded_until}
        where = [column == value for column, value in equal.items() if value is not None]
        where += [column >= day for column, day in since.items() if day is not None]
        where += [column <= day for column, day in until.items() if day is not None]
        return [*where, sa.type_coerce(c.against, sa.String) != "[]"] if self.against else where


def find(journal: Journal, reading: Reading, wanted: Filter) -> list[tuple[Fact, int | None]]:
    """Facts in recorded order, each with the entry that voided it, as known at the reading."""
    c = FACTS.c
    query = sa.select(c.position, c.place, c.voided_by).where(c.position <= reading.known)
    rows = [
        row
        for row in reading.conn.execute(query.where(*wanted.where()).order_by(c.position))
        if wanted.scope is None or row.place in wanted.scope
    ]
    facts = {f.position: f for f in at(journal, reading.conn, [row.position for row in rows])}
    return [(facts[row.position], _known(row.voided_by, reading)) for row in rows]


def of_subject(journal: Journal, reading: Reading, id: str) -> list[Fact]:
    """Everything ever recorded about a subject, as known at the reading."""
    return [fact for fact, _ in find(journal, reading, Filter(subject=id))]


def at(journal: Journal, conn: sa.Connection, positions: list[int]) -> Iterator[Fact]:
    """The facts at these positions, in few queries."""
    c = EVENTS.c
    columns = (c.position, c.entry, c.originator_id, c.originator_version, c.topic, c.state)
    query = sa.select(*columns, c.recorded_at).order_by(c.position)
    for start in range(0, len(positions), 500):
        some = positions[start : start + 500]
        rows = conn.execute(query.where(c.position.in_(some)))
        yield from journal.mapper.facts(tuple(row) for row in rows)


def entry(journal: Journal, reading: Reading, number: int) -> tuple[list[Fact], int | None]:
    """The facts of an entry and the entry that voided it. Refuses an unknown number."""
    facts = journal.entry(reading.conn, number)
    if not facts or facts[0].position > reading.known:
        raise NoSuchEntry(entry=number, last=reading.known)
    return facts, _known(journal.voided_by(reading.conn, facts[0].entry), reading)


def differences(before: Reading, after: Reading) -> list[dict[str, Any]]:
    """Every row that differs, with the entries recorded about it that made the difference."""
    items: list[dict[str, Any]] = []
    for kind in (kind for kind in VIEWS if kind != "closing"):
        old = {row.id: row for row in before.rows(kind)}
        new = {row.id: row for row in after.rows(kind)}
        for id in sorted(old.keys() | new.keys()):
            changes = _changes(old.get(id), new.get(id))
            if changes:
                entries = _behind(before, after, old.get(id), new.get(id))
                items.append({"subject": id, "changes": changes, "entries": entries})
    return items


def _changes(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    some = old if old is not None else new
    names = [name for name in some.as_dict() if name not in FRAME]
    pairs = {
        name: (
            None if old is None else getattr(old, name),
            None if new is None else getattr(new, name),
        )
        for name in names
    }
    return {name: (a, b) for name, (a, b) in pairs.items() if a != b and (a or b)}


def _behind(before: Reading, after: Reading, old: Any, new: Any) -> list[int]:
    """Entries about the subject inside the window between the two readings."""
    subject = (old if old is not None else new).id
    c = FACTS.c
    known = sa.and_(c.position > min(before.known, after.known), c.position <= after.known)
    days = sa.and_(c.effective_on > before.as_of, c.effective_on <= after.as_of)
    window = days if before.known == after.known else known
    voided = c.voided_by > before.known
    query = sa.select(sa.func.coalesce(c.voided_by, c.entry)).where(
        c.subject == subject, sa.or_(window, voided) if before.known != after.known else window
    )
    return sorted(set(after.conn.scalars(query)))


def _known(voided_by: int | None, reading: Reading) -> int | None:
    return voided_by if voided_by is not None and voided_by <= reading.known else None
