"""Letters as rows: who was written to, on which rung of which duties, and whether it left."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.letter import Letter
from ntm_workflow.projections.slices import Day, Index, Json, PlainText, View

VIEW = View[Letter](
    "letter",
    (
        sa.Column("unit", PlainText, nullable=False),
        sa.Column("kind", PlainText, nullable=False),
        sa.Column("day", Day, nullable=False),
        sa.Column("rungs", Json, nullable=False),
        sa.Column("state", PlainText, nullable=False),
        sa.Column("message_id", PlainText),
        sa.Column("about", PlainText),
    ),
    lambda m: (m.unit, m.kind, m.day, m.rungs, m.state, m.message_id, m.about),
    indexes=(Index(("day",)),),
)


def issued(conn: sa.Connection, id: str) -> Any | None:
    """A letter as it is now, whatever day a clock set back may say it is."""
    query = sa.select(VIEW.table).where(VIEW.now, VIEW.table.c.id == id)
    return conn.execute(query).one_or_none()


def already(conn: sa.Connection, since: date) -> set[tuple[str, str, int, date]]:
    """(obligation, kind of letter, rung, day) of everything the ladder has issued `since` a day."""
    c = VIEW.table.c
    query = sa.select(c.kind, c.rungs, c.day).where(VIEW.now, c.day >= since)
    return {(id, row.kind, rung, row.day) for row in conn.execute(query) for id, rung in row.rungs}
