"""Fund items as rows, and what a closing asks of them. Amounts are whole đồng."""

from __future__ import annotations

from datetime import date
from typing import Any

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
        *(f.debt, f.contributed, f.stop, f.case, f.found),
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
        sa.Column("contributed", BigInt, nullable=False),
        sa.Column("stop", Json),
        sa.Column("case", Json),
        sa.Column("found", Json, nullable=False),
    ),
    _row,
    place=lambda f: f.place,
    indexes=(Index(("year", "disbursed")), Index(("place", "known_to", "valid_to"))),
)


def zero_at(
    conn: sa.Connection, rule: MoneyRule, day: date | None = None, known: int = ALWAYS - 1
) -> list[Any]:
    """Rows of what the rule finds: its year's money, none spent at the end of its day, not found before.

    Or at the end of another `day`, as known at a position. `last` is true where nothing is told of
    the item for a later day.
    """
    c = VIEW.table.c
    types = {*rule.stop_types, *rule.reallocate_types}
    columns = (c.id, c.item, c.type, c.place, c.allocated, c.advanced, c.stop, c.case, c.found)
    spent = c.disbursed if rule.advances_count else c.disbursed - c.advanced
    query = (
        sa.select(*columns, (c.valid_to == FOREVER).label("last"))
        .where(VIEW.at(day or rule.day, known))
        .where(c.year == rule.plan_year, c.carried_from.is_(None))
        .where(spent == 0, c.allocated > 0, c.type.in_(sorted(types)))
        .order_by(c.id)
    )
    name = finding(rule.id, rule.day)
    return [row for row in conn.execute(query) if name not in row.found]


def unspent(places: dict[str, str], day: date, after: Fund) -> Succession:
    """What the rows say of items found unspent on a day, which stand `after` it alike.

    Only where those are the latest facts of the items: nothing else then changes.
    """
    found, stop, case = stored((after.found, after.stop, after.case))
    return Succession(VIEW, places, day, {"found": found, "stop": stop, "case": case})
