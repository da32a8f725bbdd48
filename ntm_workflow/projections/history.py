"""The audit trail: one row per fact to find it by. What a fact says in words stands in sentences.py."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

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

#: What a letter of its own tells: decisions about a duty, money that is to be stopped, a returned dossier.
NOTICED: Final = (
    *("ObligationExtended", "ObligationWaived", "ObligationSuspended"),
    *("ZeroDisbursementFound", "FindingReviewed", "DossierReturned"),
)
#: As literals, so that the index of just these serves.
IS_NOTICED: Final = f"facts.type IN ({', '.join(repr(type) for type in NOTICED)})"

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


sa.event.listen(
    FACTS,
    "after_create",
    # Not sa.Index: a condition makes it load the dialects of both databases with every command.
    sa.DDL(  # type: ignore[no-untyped-call]
        "CREATE INDEX ix_facts_noticed ON facts (recorded_on) "
        f"WHERE {IS_NOTICED.replace('facts.', '')}"
    ),
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
    e, against = fact.event, fact.event.against
    # One for each fact there is: days of one entry are the same, and few are against anything.
    return (
        *(fact.position, fact.entry, fact.subject, fact.type, place, _iso(e.effective_on)),
        *(_iso(recorded_on(fact)), e.by, e.body, e.document, e.because, e.replaces),
        stored((against,))[0] if against else "[]",
    )


_iso = lru_cache(maxsize=4096)(date.isoformat)


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


def noticed(conn: sa.Connection, since: date, until: date, known: int) -> list[Any]:
    """What a letter of its own tells of what was recorded in these days and stands, in order."""
    c = FACTS.c
    recorded = (c.recorded_on >= since, c.recorded_on <= until, c.position <= known)
    query = sa.select(FACTS).where(sa.text(IS_NOTICED), *recorded, c.voided_by.is_(None))
    return list(conn.execute(query.order_by(c.position)))


#: The day of a position, as text.
_RECORDED_ON = sa.select(sa.type_coerce(FACTS.c.recorded_on, sa.String)).where(
    FACTS.c.position == sa.bindparam("position")
)


def first_since(conn: sa.Connection, day: date) -> int:
    """The first position recorded on that day or later; the next one where nothing was."""
    last = conn.scalar(sa.select(sa.func.max(FACTS.c.position))) or 0

    def recorded(position: int) -> str:
        return conn.scalar(_RECORDED_ON, {"position": position}) or ""

    # Days never go back along positions, which have no gaps: a search by halves needs no index.
    return bisect_left(range(1, last + 1), day.isoformat(), key=recorded) + 1


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
