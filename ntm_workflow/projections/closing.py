"""Closings as rows: which days have been judged."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ntm_workflow.domain.closing import Closing
from ntm_workflow.projections.slices import BigInt, Day, Index, View

VIEW = View[Closing](
    "closing",
    (sa.Column("day", Day, nullable=False), sa.Column("found", BigInt, nullable=False)),
    lambda closing: (closing.day, closing.found),
    indexes=(Index(("day",)),),
)


def last_day(conn: sa.Connection, known: int) -> date | None:
    """The latest closed day, as known at a position; None before the first closing."""
    c = VIEW.table.c
    query = sa.select(c.day).where(c.known_from <= known, c.known_to > known)
    return conn.scalar(query.order_by(c.day.desc()).limit(1))
