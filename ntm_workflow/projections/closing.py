"""Closings as rows: which days have been judged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from ntm_workflow.domain.closing import Closing
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import KNOWN, BigInt, Day, Index, View

VIEW = View[Closing](
    "closing",
    (
        sa.Column("day", Day, nullable=False),
        sa.Column("found", BigInt, nullable=False),
        sa.Column("history", BigInt, nullable=False),
    ),
    lambda closing: (closing.day, closing.found, int(closing.history)),
    indexes=(Index(("day",)),),
)


_C = VIEW.table.c
_LAST = (
    sa.select(_C.day, _C.known_from)
    .where(_C.known_from <= KNOWN, _C.known_to > KNOWN)
    .order_by(_C.day.desc())
    .limit(1)
)


def last(conn: sa.Connection, known: int) -> tuple[date | None, int]:
    """The latest closed day, as known at a position, and its entry; None, 0 before the first closing."""
    row = conn.execute(_LAST, {KNOWN.key: known}).first()
    return (row.day, row.known_from) if row else (None, 0)


def last_day(conn: sa.Connection, known: int) -> date | None:
    return last(conn, known)[0]


def found_since(conn: sa.Connection, entry: int, types: Collection[str]) -> int:
    """How many facts of these types were recorded after an entry."""
    c = FACTS.c
    later = sa.select(sa.func.count()).where(c.position > entry, c.type.in_(sorted(types)))
    return conn.scalar(later) or 0
