"""What the machine's clock said each time it was seen to step, and each time somebody vouched for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.clock import Clock, Held
from ntm_workflow.projections.slices import ALWAYS, BigInt, Index, PlainText, View

VIEW = View[Clock](
    "clock",
    (
        sa.Column("clock", PlainText, nullable=False),
        sa.Column("last", PlainText),
        sa.Column("seconds", BigInt),
        sa.Column("boot_id", PlainText),
        sa.Column("held", BigInt),
    ),
    lambda c: (c.clock.isoformat(), c.last and c.last.isoformat(), c.seconds, c.boot_id, c.held),
    # Asked before each entry: it holds the steps in doubt and nothing else.
    indexes=(Index(("held",), now=True),),
)


#: Asked before each entry.
_IN_DOUBT = (
    sa.select(VIEW.table)
    .where(VIEW.now, VIEW.table.c.held.is_not(None))
    .order_by(VIEW.table.c.known_from)
)


def confirmed(conn: sa.Connection) -> Clock | None:
    """When the clock was last vouched for; None where nobody ever did."""
    c = VIEW.table.c
    query = sa.select(VIEW.table).where(c.known_to == ALWAYS, c.seconds.is_(None))
    row = conn.execute(query.order_by(c.known_from.desc()).limit(1)).one_or_none()
    return _clock(row) if row else None


def held(conn: sa.Connection) -> Held | None:
    """The steps nobody has vouched for; None without any."""
    steps = in_doubt(conn)
    return Held(next(iter(steps)), list(steps.values())[-1]) if steps else None


def in_doubt(conn: sa.Connection) -> dict[int, Clock]:
    """The steps nobody has vouched for, by their entry, the first one first."""
    return {row.known_from: _clock(row) for row in conn.execute(_IN_DOUBT)}


def step(conn: sa.Connection, entry: int) -> Clock | None:
    """The step seen in that entry, unless it was vouched for since."""
    return in_doubt(conn).get(entry)


def _clock(row: Any) -> Clock:
    last = row.last and datetime.fromisoformat(row.last)
    return Clock(datetime.fromisoformat(row.clock), last, row.seconds, row.boot_id)
