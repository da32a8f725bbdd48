"""Fund items as rows, and what a closing asks of them. Amounts are whole đồng."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.fund_state import Fund, finding
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.projections.slices import ALWAYS, BigInt, Day, Index, Json, PlainText, View


def _row(f: Fund) -> tuple[Any, ...]:
    return (
        *(f.item, f.type, f.place, f.year, f.source, f.kind, f.carried_from),
        *(f.owner, f.code, f.investment, f.contracted, f.allocated, f.allocated_on),
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


def zero_at(conn: sa.Connection, rule: MoneyRule) -> list[tuple[str, str, str]]:
    """Id, type and place of what the rule finds: its year's money, none spent, not found before."""
    c = VIEW.table.c
    types = {*rule.stop_types, *rule.reallocate_types}
    query = (
        sa.select(c.id, c.type, c.place, c.found)
        .where(c.known_to == ALWAYS, c.valid_from <= rule.day, c.valid_to > rule.day)
        .where(c.year == rule.plan_year, c.carried_from.is_(None))
        .where(c.disbursed == 0, c.allocated > 0, c.type.in_(sorted(types)))
        .order_by(c.id)
    )
    name = finding(rule.id, rule.day)
    return [(r.id, r.type, r.place) for r in conn.execute(query) if name not in r.found]
