"""Obligations as rows, and the questions a closing and a reader ask of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation import Obligation
from ntm_workflow.domain.pause import ONE_DAY
from ntm_workflow.domain.reminding import Reminding
from ntm_workflow.projections.rows import shape
from ntm_workflow.projections.slices import ALWAYS, BigInt, Day, Index, Json, PlainText, View
from ntm_workflow.projections.succession import Succession, Value


def _row(o: Obligation) -> tuple[Any, ...]:
    a, term = o.assigned, o.terms[-1]
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
        *_judged(o),
        *(pause and pause.since, pause and pause.until, o.cause, o.proposal),
        *(_original(o), _derivation(o), a.strength_words, a.stated, a.inferred),
        *(a.occurrence, a.paper, a.condition, a.alternative, a.consequences),
        *(o.applies, o.event_on, o.taken_entry, a.follows, a.entry_days, a.starts_from, a.item),
        a.done_by,
        *(int(o.missed_in_history), o.decide_after, (o.joined_to or "").partition("/")[2] or None),
        *_reminding(o.reminding),
    )


def _reminding(said: Reminding) -> tuple[date | None, ...]:
    return said.denied_on, said.acknowledged_on, said.snoozed_until, said.disputed_until


def _judged(o: Obligation) -> tuple[Any, ...]:
    """What a closing goes by; a deadline set after its own day is missed from the day it was set."""
    if o.to_judge is None or o.judged_since is None:
        return None, None, None, 0
    (day, typed_by), since = o.to_judge, o.judged_since
    missed_on = max(day + ONE_DAY, since)
    return max(typed_by, since), day, missed_on, len(list(o.judge_days)) - 1


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
        sa.Column("judge_as_of", Day),
        sa.Column("judge_more", BigInt, nullable=False),
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
        sa.Column("starts_from", PlainText),
        sa.Column("item", PlainText),
        sa.Column("done_by", PlainText),
        sa.Column("missed_in_history", BigInt, nullable=False),
        sa.Column("decide_after", Day),
        sa.Column("joined_to", PlainText),
        sa.Column("denied_on", Day),
        sa.Column("acknowledged_on", Day),
        sa.Column("snoozed_until", Day),
        sa.Column("disputed_until", Day),
    ),
    _row,
    place=lambda o: o.assigned.place,
    indexes=(
        *(Index(("trigger",), now=True), Index(("judge_on", "id"), now=True)),
        *(Index(("decide_after",), now=True), Index(("follows",), now=True)),
        *(Index(("starts_from", "place"), now=True), Index(("item",), now=True)),
        *(Index(("owed_by",)), Index(("act_by",)), Index(("missed_on",))),
    ),
)


#: What a closing needs of a duty's row to find it missed.
_JUDGED = (
    *("id", "valid_from", "judge_day", "judge_as_of", "judge_more"),
    *("plan", "place", "consequences", "follows"),
)


def to_judge(conn: sa.Connection, day: date, limit: int) -> list[Any]:
    """Rows of the duties a closing of `day` must judge as missed, oldest first.

    `judge_day` is the last day in time, `judge_as_of` the day from which it is missed, and
    `judge_more` how many later deadlines wait behind this one.
    """
    c, wanted = VIEW.table.c, shape(VIEW.table, _JUDGED)
    query = sa.select(*wanted.columns).where(VIEW.now, c.judge_on <= day)
    return wanted.rows(conn.execute(query.order_by(c.judge_on, c.id).limit(limit)).all())


def missed(places: Mapping[str, str | None], on: date, *, history: bool) -> Succession:
    """What the rows say of duties that are missed from `on` on.

    Only where that is their latest fact and no later deadline waits: nothing else then changes.
    """
    said: dict[str, Value] = {
        **dict.fromkeys(("judge_on", "judge_day", "judge_as_of", "miss_overturned_by")),
        "missed_on": on.isoformat(),
        "missed_in_history": int(history),
        "recorded_late": 0,
    }
    return Succession(VIEW, places, on, said)


_NEXT_TO_JUDGE = (
    sa.select(VIEW.table.c.judge_on)
    .where(VIEW.now, VIEW.table.c.judge_on.is_not(None))
    .order_by(VIEW.table.c.judge_on)
    .limit(1)
)
_TO_DECIDE = sa.select(sa.func.count()).where(
    VIEW.now, VIEW.table.c.decide_after < sa.bindparam("day", type_=Day)
)


def next_to_judge(conn: sa.Connection) -> date | None:
    """The first day whose closing will find a duty missed, if nothing happens before."""
    return conn.scalar(_NEXT_TO_JUDGE)


def met_by(conn: sa.Connection, trigger: str, then: date | None = None) -> list[str]:
    """Ids of the duties that this step of a dossier meets, whether met already or not.

    With `then` those, too, that asked for it on that day and ask for another step now.
    """
    c = VIEW.table.c
    now = sa.select(c.id).where(VIEW.now, c.trigger == trigger)
    found = set(conn.scalars(now))
    if then is not None:
        held = (c.known_to == ALWAYS, c.valid_from <= then, c.valid_to > then)
        found |= set(conn.scalars(sa.select(c.id).where(*held, c.trigger == trigger)))
    return sorted(found)


def met_on(conn: sa.Connection, ids: Collection[str]) -> dict[str, date | None]:
    """When duties were done, as far as it is known; only of those that there are."""
    c = VIEW.table.c
    rows = conn.execute(sa.select(c.id, c.met_on).where(VIEW.now, c.id.in_(ids))) if ids else ()
    return {row.id: row.met_on for row in rows}


def to_decide(conn: sa.Connection, day: date) -> int:
    """How many marks to strive for were not reached by the end of `day`, and have a consequence."""
    return conn.scalar(_TO_DECIDE, {"day": day}) or 0


def still_open(
    conn: sa.Connection,
    closed: date | None,
    days: Sequence[date] = (),
    among: Collection[str] | None = None,
) -> list[str]:
    """Ids of the duties nobody has acted on whose last day is not closed, in the order of those days.

    With `days` of a calendar: those only that may lie between words and deadline. `among` are the
    duties asked about, else all.
    """
    c = VIEW.table.c
    untouched = sa.and_(c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
    query = sa.select(c.id).where(VIEW.now, untouched, c.enforce_day > (closed or date.min))
    if among is not None:
        query = query.where(c.id.in_(among))
    if days:
        ahead = sa.or_(c.act_by <= max(days), c.enforce_day <= max(days))
        back = (c.strict_day >= min(days), c.enforce_day >= min(days), c.judge_on >= min(days))
        query = query.where(sa.or_(c.kind == "event", sa.and_(ahead, sa.or_(*back))))
    return list(conn.scalars(query.order_by(c.enforce_day, c.id)))


def last_days(conn: sa.Connection, ids: Collection[str]) -> dict[str, Any]:
    """The last day to act, and the last day in time, of each of these duties that there is."""
    c = VIEW.table.c
    query = sa.select(c.id, c.act_by, c.last_day).where(VIEW.now, c.id.in_(ids))
    return {row.id: row for row in conn.execute(query)}


def following(conn: sa.Connection, id: str) -> list[str]:
    """Ids of the duties that pass this one's result on."""
    c = VIEW.table.c
    return list(conn.scalars(sa.select(c.id).where(VIEW.now, c.follows == id).order_by(c.id)))


def waiting(
    conn: sa.Connection, event: str, places: Collection[str], day: date = date.max
) -> list[Any]:
    """The duties at these places that wait for an event, or did on a day, with their place, by id."""
    c = VIEW.table.c
    still = sa.or_(c.ended_on.is_(None), c.ended_on > day)
    there = (c.starts_from == event, c.place.in_(places), still)
    query = sa.select(c.id, c.place).where(VIEW.now, *there)
    return list(conn.execute(query.order_by(c.id)))


def of_items(conn: sa.Connection, place: str) -> list[str]:
    """Ids of the duties at the place that are each about one fund item."""
    c = VIEW.table.c
    query = sa.select(c.id).where(VIEW.now, c.place == place, c.item.is_not(None))
    return list(conn.scalars(query.order_by(c.id)))
