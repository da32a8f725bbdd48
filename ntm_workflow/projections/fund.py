"""Fund items as rows, and what a closing asks of them. Amounts are whole đồng."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.fund_state import Fund, finding
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.projections.slices import (
    ALWAYS,
    FOREVER,
    BigInt,
    Day,
    Index,
    Json,
    PlainText,
    View,
    stored,
)
from ntm_workflow.projections.succession import Succession


def _row(f: Fund) -> tuple[Any, ...]:
    return (
        *(f.item, f.type, f.place, f.year, f.source, f.kind, f.carried_from),
        *(f.owner, f.code, f.investment, f.contracted, f.allocated, f.allocated_on, f.pay_until),
        *(f.advanced, f.disbursed, f.accepted, f.settled, f.settled_on, f.handed_on),
        *(f.debt, f.overpaid, f.contributed, f.stop, f.case, f.found),
    )


VIEW = View[Fund](
    "fund",
    (
        sa.Column("item", PlainText, nullable=False),
        sa.Column("type", PlainText, nullable=False),
        sa.Column("place", PlainText, nullable=False),
        sa.Column("year", BigInt),
        sa.Column("source", PlainText),
        sa.Column("kind", PlainText),
        sa.Column("carried_from", BigInt),
        sa.Column("owner", PlainText),
        sa.Column("code", PlainText),
        sa.Column("investment", BigInt),
        sa.Column("contracted", BigInt, nullable=False),
        sa.Column("allocated", BigInt, nullable=False),
        sa.Column("allocated_on", Day),
        sa.Column("pay_until", Day),
        sa.Column("advanced", BigInt, nullable=False),
        sa.Column("disbursed", BigInt, nullable=False),
        sa.Column("accepted", BigInt, nullable=False),
        sa.Column("settled", BigInt),
        sa.Column("settled_on", Day),
        sa.Column("handed_on", Day),
        sa.Column("debt", BigInt, nullable=False),
        sa.Column("overpaid", BigInt, nullable=False),
        sa.Column("contributed", BigInt, nullable=False),
        sa.Column("stop", Json),
        sa.Column("case", Json),
        sa.Column("found", Json, nullable=False),
    ),
    _row,
    place=lambda f: f.place,
    indexes=(Index(("year", "known_to", "id")), Index(("place", "known_to", "valid_to"))),
)


#: Rows asked for at once: about what one transaction of a closing records.
_PAGE: Final = 10_000


def zero_at(
    conn: sa.Connection,
    rule: MoneyRule,
    day: date | None = None,
    known: int | None = None,
    after: str = "",
) -> Iterator[Any]:
    """Rows of what the rule finds: its year's money, none spent at the end of its day, not found before.

    Or at the end of another `day`, as known at a position; in the order of their ids, those `after`
    one only. `last` is true where nothing is told of
    the item for a later day; stop, case and what was found are JSON, as stored.
    """
    query, last = _zero_at(rule, day or rule.day, known), after
    while page := conn.execute(query.where(VIEW.table.c.id > last).limit(_PAGE)).all():
        yield from page
        last = page[-1].id


def _zero_at(rule: MoneyRule, day: date, known: int | None) -> sa.Select[Any]:
    c = VIEW.table.c
    types = {*rule.stop_types, *rule.reallocate_types}
    raw = (sa.type_coerce(each, sa.Text).label(each.name) for each in (c.stop, c.case, c.found))
    columns = (c.id, c.item, c.type, c.place, c.allocated, c.advanced, *raw)
    spent = c.disbursed if rule.advances_count else c.disbursed - c.advanced
    live = sa.and_(c.known_to == ALWAYS, c.valid_from <= day, c.valid_to > day)
    found = sa.type_coerce(c.found, sa.Text).contains(finding(rule.id, rule.day), autoescape=True)
    return (
        sa.select(*columns, (c.valid_to == FOREVER).label("last"))
        .where(live if known is None else VIEW.at(day, known))
        .where(c.year == rule.plan_year, c.carried_from.is_(None))
        .where(spent == 0, c.allocated > 0, c.type.in_(sorted(types)), sa.not_(found))
        .order_by(c.id)
    )


def unspent(places: dict[str, str], day: date, after: Fund) -> Succession:
    """What the rows say of items found unspent on a day, which stand `after` it alike.

    Only where those are the latest facts of the items: nothing else then changes.
    """
    found, stop, case = stored((after.found, after.stop, after.case))
    return Succession(VIEW, places, day, {"found": found, "stop": stop, "case": case})
