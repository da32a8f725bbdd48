"""What the machine's clock said each time somebody vouched for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from ntm_workflow.domain.clock import Clock
from ntm_workflow.projections.slices import ALWAYS, PlainText, View

VIEW = View[Clock](
    "clock",
    (sa.Column("clock", PlainText, nullable=False), sa.Column("last", PlainText)),
    lambda c: (c.clock.isoformat(), c.last and c.last.isoformat()),
)


def confirmed(conn: sa.Connection) -> Clock | None:
    """When the clock was last vouched for; None where nobody ever did."""
    c = VIEW.table.c
    query = sa.select(c.clock, c.last).where(c.known_to == ALWAYS)
    row = conn.execute(query.order_by(c.known_from.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Clock(datetime.fromisoformat(row.clock), row.last and datetime.fromisoformat(row.last))
