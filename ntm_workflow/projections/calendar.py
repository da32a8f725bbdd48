"""Announcements of days off and days worked as rows, and all days they name together."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.calendar import Announcement, DayRule
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View

VIEW = View[Announcement](
    "calendar",
    (
        sa.Column("document", PlainText, nullable=False),
        sa.Column("announced_on", Day, nullable=False),
        sa.Column("entry", BigInt, nullable=False),
        sa.Column("off", Json, nullable=False),
        sa.Column("worked", Json, nullable=False),
    ),
    lambda a: (a.said.document, a.said.effective_on, a.entry, a.said.off, a.said.worked),
)


_C = VIEW.table.c
_ANNOUNCED = sa.select(_C.document, _C.announced_on, _C.entry, _C.off, _C.worked)
#: Asked before each letter and each closing.
_NOW = _ANNOUNCED.where(VIEW.now)


def announced(conn: sa.Connection) -> list[DayRule]:
    """The days that live announcements name, whichever day looks at them."""
    return _rules(conn, _NOW)


def announced_in(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[DayRule]:
    return _rules(conn, _ANNOUNCED.where(where))


def _rules(conn: sa.Connection, query: sa.Select[Any]) -> list[DayRule]:
    return [
        DayRule(date.fromisoformat(day), works, row.document, row.announced_on, row.entry)
        for row in conn.execute(query)
        for works, days in ((False, row.off), (True, row.worked))
        for day in days
    ]
