"""Obligations as rows, and the questions a closing and a reader ask of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.obligation import Obligation
from ntm_workflow.projections.slices import ALWAYS, FOREVER, BigInt, Day, Json, PlainText, View


def _row(o: Obligation) -> tuple[Any, ...]:
    a = o.assigned
    overturned = o.met_entry if o.recorded_late else None
    return (
        *(a.rule, a.plan, a.clause, a.title, a.owed_by, a.with_, a.advised_by, a.owed_to, a.place),
        *(a.strength, a.expression, a.kind, a.window_start, a.strict_day, a.nominal_day),
        *(a.act_by, a.enforce_day, a.trigger, o.met_on, o.missed_on, int(o.recorded_late)),
        *(overturned, o.waived_on, a.derivation),
    )


VIEW = View[Obligation](
    "obligation",
    (
        sa.Column("rule", PlainText, nullable=False),
        sa.Column("plan", PlainText, nullable=False),
        sa.Column("clause", PlainText, nullable=False),
        sa.Column("title", PlainText, nullable=False),
        sa.Column("owed_by", PlainText, nullable=False),
        sa.Column("with", Json, nullable=False),
        sa.Column("advised_by", Json, nullable=False),
        sa.Column("owed_to", PlainText),
        sa.Column("place", PlainText),
        sa.Column("strength", PlainText, nullable=False),
        sa.Column("expression", PlainText, nullable=False),
        sa.Column("kind", PlainText, nullable=False),
        sa.Column("window_start", Day),
        sa.Column("strict_day", Day),
        sa.Column("nominal_day", Day),
        sa.Column("act_by", Day),
        sa.Column("enforce_day", Day),
        sa.Column("trigger", PlainText),
        sa.Column("met_on", Day),
        sa.Column("missed_on", Day),
        sa.Column("recorded_late", BigInt, nullable=False),
        sa.Column("miss_overturned_by", BigInt),
        sa.Column("waived_on", Day),
        sa.Column("derivation", Json, nullable=False),
    ),
    _row,
    place=lambda o: o.assigned.place,
    indexes=(("trigger",), ("enforce_day", "known_to"), ("owed_by",)),
)


def to_judge(conn: sa.Connection, day: date, limit: int) -> list[tuple[str, date]]:
    """Ids and enforce days of `must` duties over by the end of `day`, undone and not yet judged."""
    c = VIEW.table.c
    undone = sa.or_(c.met_on.is_(None), c.met_on > c.enforce_day)
    query = (
        sa.select(c.id, c.enforce_day)
        .where(c.known_to == ALWAYS, c.valid_to == FOREVER, c.strength == "must")
        .where(c.enforce_day <= day, c.missed_on.is_(None), c.waived_on.is_(None), undone)
        .order_by(c.enforce_day, c.id)
        .limit(limit)
    )
    return [(row.id, row.enforce_day) for row in conn.execute(query)]


def met_by(conn: sa.Connection, trigger: str) -> list[str]:
    """Ids of the duties that this step of a dossier meets, whether met already or not."""
    c = VIEW.table.c
    live = (c.known_to == ALWAYS, c.valid_to == FOREVER)
    query = sa.select(c.id).where(c.trigger == trigger, *live).order_by(c.id)
    return list(conn.scalars(query))
