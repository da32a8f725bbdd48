"""Obligations as rows, and the questions a closing and a reader ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation import Obligation
from ntm_workflow.projections.slices import BigInt, Day, Index, Json, PlainText, View


def _row(o: Obligation) -> tuple[Any, ...]:
    a, term = o.assigned, o.terms[-1]
    judge_day, judge_on = o.to_judge or (None, None)
    pause = o.suspensions[-1] if o.suspensions else None
    return (
        *(a.rule, a.plan, a.clause, a.title, a.owed_by, a.with_, a.advised_by, a.owed_to, a.place),
        *(
            a.strength,
            a.expression,
            a.kind,
            o.dated.window_start,
            term.strict_day,
            term.nominal_day,
        ),
        *(term.act_by, term.enforce_day, o.last_day, a.trigger, o.met_on, o.missed_on),
        *(int(o.recorded_late), o.miss_overturned_by, o.waived_on, o.ended_on, o.began),
        *(judge_on, judge_day, judge_day and o.since(judge_day)),
        *(pause and pause.since, pause and pause.until, o.cause, o.proposal),
        *(_original(o), _derivation(o), a.strength_words, a.stated, a.inferred),
        *(a.occurrence, a.paper, a.condition, a.alternative, a.consequences),
        *(o.applies, o.event_on, o.taken_entry, a.follows, a.entry_days),
    )


def _derivation(o: Obligation) -> tuple[Reason, ...]:
    """Every step to the days of now; an extension's rests on the paper its fact has now."""
    steps = o.dated.derivation
    for each in o.holding:
        paper = each.event.document
        named = (
            replace(s, authority=paper) if s.rule == "extended" else s
            for s in each.event.derivation
        )
        steps = (*steps, *named)
    return (*steps, *o.moved_by_pauses)


def _original(o: Obligation) -> dict[str, date | None] | None:
    """The days before any extension; None while they are the days."""
    names = ("strict_day", "nominal_day", "act_by", "enforce_day")
    return {name: getattr(o.dated, name) for name in names} if o.holding else None


VIEW = View[Obligation](
    "obligation",
    (
        sa.Column("rule", PlainText, nullable=False),
        sa.Column("plan", PlainText),
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
        sa.Column("last_day", Day),
        sa.Column("trigger", PlainText),
        sa.Column("met_on", Day),
        sa.Column("missed_on", Day),
        sa.Column("recorded_late", BigInt, nullable=False),
        sa.Column("miss_overturned_by", BigInt),
        sa.Column("waived_on", Day),
        sa.Column("ended_on", Day),
        sa.Column("assigned_on", Day, nullable=False),
        sa.Column("judge_on", Day),
        sa.Column("judge_day", Day),
        sa.Column("judge_from", Day),
        sa.Column("suspended_on", Day),
        sa.Column("suspended_until", Day),
        sa.Column("cause", PlainText),
        sa.Column("proposal", PlainText),
        sa.Column("original", Json),
        sa.Column("derivation", Json, nullable=False),
        sa.Column("strength_words", PlainText),
        sa.Column("stated", PlainText),
        sa.Column("inferred", PlainText),
        sa.Column("occurrence", PlainText),
        sa.Column("paper", PlainText),
        sa.Column("condition", PlainText),
        sa.Column("alternative", Json),
        sa.Column("consequences", Json, nullable=False),
        sa.Column("applies", PlainText),
        sa.Column("event_on", Day),
        sa.Column("taken", BigInt),
        sa.Column("follows", PlainText),
        sa.Column("entry_days", BigInt),
    ),
    _row,
    place=lambda o: o.assigned.place,
    indexes=(
        *(Index(("trigger",), now=True), Index(("judge_on",), now=True)),
        *(Index(("follows",), now=True), Index(("owed_by",))),
    ),
)


def to_judge(conn: sa.Connection, day: date, limit: int) -> list[tuple[str, date]]:
    """Ids and last days of the duties a closing of `day` must judge as missed, oldest first."""
    c = VIEW.table.c
    # Not `valid_from`: a note or a payment of a later day begins a new row of an old duty.
    begun = c.judge_from <= day
    query = sa.select(c.id, c.judge_day).where(VIEW.now, c.judge_on <= day, begun)
    rows = conn.execute(query.order_by(c.judge_on, c.id).limit(limit))
    return [(row.id, row.judge_day) for row in rows]


def met_by(conn: sa.Connection, trigger: str) -> list[str]:
    """Ids of the duties that this step of a dossier meets, whether met already or not."""
    c = VIEW.table.c
    return list(conn.scalars(sa.select(c.id).where(VIEW.now, c.trigger == trigger).order_by(c.id)))


def still_open(conn: sa.Connection, closed: date | None, days: Sequence[date] = ()) -> list[str]:
    """Ids of the duties nobody has acted on whose last day is not closed, in the order of those days.

    With `days` of a calendar: those only that may lie between words and deadline.
    """
    c = VIEW.table.c
    untouched = sa.and_(c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
    query = sa.select(c.id).where(VIEW.now, untouched, c.enforce_day > (closed or date.min))
    if days:
        ahead = sa.or_(c.act_by <= max(days), c.enforce_day <= max(days))
        back = (c.strict_day >= min(days), c.enforce_day >= min(days), c.judge_on >= min(days))
        query = query.where(sa.or_(c.kind == "event", sa.and_(ahead, sa.or_(*back))))
    return list(conn.scalars(query.order_by(c.enforce_day, c.id)))


def following(conn: sa.Connection, id: str) -> list[str]:
    """Ids of the duties that pass this one's result on."""
    c = VIEW.table.c
    return list(conn.scalars(sa.select(c.id).where(VIEW.now, c.follows == id).order_by(c.id)))
