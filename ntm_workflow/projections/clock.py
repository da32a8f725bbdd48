"""What the machine's clock said each time it was seen to step, and each time somebody vouched for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.clock import Clock, Held
from ntm_workflow.projections.slices import ALWAYS, BigInt, PlainText, View

VIEW = View[Clock](
    "clock",
    (
        sa.Column("clock", PlainText, nullable=False),
        sa.Column("last", PlainText),
        sa.Column("seconds", BigInt),
    ),
    lambda c: (c.clock.isoformat(), c.last and c.last.isoformat(), c.seconds),
)


def confirmed(conn: sa.Connection) -> Clock | None:
    """When the clock was last vouched for; None where nobody ever did."""
    rows = _rows(conn, VIEW.table.c.seconds.is_(None))
    return _clock(rows[0]) if rows else None


def held(conn: sa.Connection) -> Held | None:
    """The steps since the clock was last vouched for; None without any."""
    rows = _rows(conn)
    steps = list(takewhile(lambda row: row.seconds is not None, rows))
    return Held(steps[-1].known_from, _clock(steps[0])) if steps else None


def step(conn: sa.Connection, entry: int) -> Clock | None:
    """The step seen in that entry, unless it was vouched for since."""
    rows = takewhile(lambda row: row.seconds is not None, _rows(conn))
    return next((_clock(row) for row in rows if row.known_from == entry), None)


def _rows(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> Sequence[Any]:
    """The latest entry first."""
    c = VIEW.table.c
    query = sa.select(c.clock, c.last, c.seconds, c.known_from).where(c.known_to == ALWAYS, *where)
    return conn.execute(query.order_by(c.known_from.desc())).all()


def _clock(row: Any) -> Clock:
    last = row.last and datetime.fromisoformat(row.last)
    return Clock(datetime.fromisoformat(row.clock), last, row.seconds)
