"""The audit trail: one row per fact to find it by. What a fact says in words stands in sentences.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Timeline
from ntm_workflow.projections.sentences import recorded_on
from ntm_workflow.projections.slices import (
    METADATA,
    BigInt,
    Day,
    Json,
    PlainText,
    View,
    insert_rows,
    stored,
)

FACTS = sa.Table(
    "facts",
    METADATA,
    sa.Column("position", BigInt, primary_key=True, autoincrement=False),
    sa.Column("entry", BigInt, nullable=False),
    sa.Column("subject", PlainText, nullable=False),
    sa.Column("type", PlainText, nullable=False),
    sa.Column("place", PlainText),
    sa.Column("effective_on", Day, nullable=False, index=True),
    sa.Column("recorded_on", Day, nullable=False),
    sa.Column("by", PlainText, nullable=False),
    sa.Column("body", PlainText),
    sa.Column("document", PlainText),
    sa.Column("because", BigInt, index=True),
    sa.Column("replaces", BigInt),
    sa.Column("against", Json, nullable=False),
    sa.Column("voided_by", BigInt),
    sa.Index("ix_facts_entry", "entry"),
    sa.Index("ix_facts_subject", "subject", "position"),
    sa.Index("ix_facts_place", "place", "position"),
)


class FactWriter:
    """Adds the rows of an entry's facts, and marks the entries it voids."""

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.rows: list[tuple[Any, ...]] = []
        self.voids: list[tuple[int, int]] = []

    def add(self, facts: Iterable[Fact], places: Mapping[str, str | None]) -> None:
        for fact in facts:
            self.rows.append((*fact_row(fact, places[fact.subject]), None))
            if fact.type == "EntryVoided":
                self.voids.append((fact.entry, int(fact.subject.partition("/")[2])))

    def flush(self) -> None:
        insert_rows(self.conn, FACTS, self.rows)
        for voided_by, entry in self.voids:
            # The void inside a correction stays in force when the correction is voided.
            counted = sa.and_(FACTS.c.entry == entry, FACTS.c.type != "EntryVoided")
            self.conn.execute(sa.update(FACTS).where(counted).values(voided_by=voided_by))
        self.rows, self.voids = [], []


def fact_row(fact: Fact, place: str | None) -> tuple[Any, ...]:
    """What FACTS holds of a fact, but for what voided it."""
    e = fact.event
    values = (
        *(fact.position, fact.entry, fact.subject, fact.type, place, e.effective_on),
        *(recorded_on(fact), e.by, e.body, e.document, e.because, e.replaces, e.against),
    )
    return stored(values)


def place_of(timeline: Timeline[Any], views: Mapping[str, View[Any]]) -> str | None:
    """The place that a subject's facts are about."""
    kind, _, rest = timeline.id.partition("/")
    if kind == "place":
        return rest
    view = views.get(kind)
    return view.place(timeline.now) if view and timeline.now is not None else None


def told_beside(conn: sa.Connection, subject: str) -> list[str]:
    """Every subject that was told of together with this one, in the order first told."""
    c = FACTS.c
    entries = sa.select(c.entry).where(c.subject == subject, c.voided_by.is_(None))
    query = sa.select(c.subject).where(c.entry.in_(entries), c.subject != subject)
    first = sa.func.min(c.position)
    return list(conn.scalars(query.group_by(c.subject).order_by(first)))


def entries_because_of(conn: sa.Connection, entry: int) -> list[int]:
    """Live entries, other than itself, that were derived from an entry."""
    query = (
        sa.select(FACTS.c.entry)
        .where(FACTS.c.because == entry, FACTS.c.entry != entry, FACTS.c.voided_by.is_(None))
        .distinct()
        .order_by(FACTS.c.entry)
    )
    return list(conn.scalars(query))


def first_recorded(conn: sa.Connection, subjects: Sequence[str], type: str) -> dict[str, date]:
    """The day on which a fact of that type was first recorded of each subject, voided or not."""
    c = FACTS.c
    query = sa.select(c.subject, sa.func.min(c.recorded_on)).group_by(c.subject)
    rows = conn.execute(query.where(c.subject.in_(subjects), c.type == type))
    return {row[0]: row[1] for row in rows}
