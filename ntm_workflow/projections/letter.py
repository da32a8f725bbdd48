"""Letters as rows: who was written to, what about, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.letter import Letter
from ntm_workflow.projections.slices import IDS, BigInt, Day, Index, Json, PlainText, View


def _row(m: Letter) -> tuple[Any, ...]:
    last = m.gone[-1] if m.gone else None
    who = (m.released_by, m.acknowledged_by)
    written = (m.as_of, m.as_known, m.left_on, m.gone)
    return (m.unit, m.kind, m.day, m.about, m.state, last, int(m.held), *who, *written)


VIEW = View[Letter](
    "letter",
    (
        sa.Column("unit", PlainText, nullable=False),
        sa.Column("kind", PlainText, nullable=False),
        sa.Column("day", Day, nullable=False),
        sa.Column("about", PlainText),
        sa.Column("state", PlainText, nullable=False),
        sa.Column("message_id", PlainText),
        sa.Column("held", BigInt, nullable=False),
        sa.Column("released_by", PlainText),
        sa.Column("acknowledged_by", PlainText),
        sa.Column("as_of", Day, nullable=False),
        sa.Column("as_known", BigInt, nullable=False),
        sa.Column("left_on", Day),
        sa.Column("gone", Json, nullable=False),
    ),
    _row,
    indexes=(Index(("day",)), Index(("unit", "day")), Index(("state",), now=True)),
)


def issued(conn: sa.Connection, id: str) -> Any | None:
    """A letter as it is now, whatever day a clock set back may say it is."""
    return next(iter(issued_of(conn, [id])), None)


def issued_of(conn: sa.Connection, ids: Sequence[str]) -> list[Any]:
    """The same of many."""
    query = sa.select(VIEW.table).where(VIEW.now)
    pages = (ids[at : at + IDS] for at in range(0, len(ids), IDS))
    return [row for some in pages for row in conn.execute(query.where(VIEW.table.c.id.in_(some)))]
