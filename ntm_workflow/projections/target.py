"""Targets as rows: what plans state, what was measured, and whether the statements agree."""

import sqlalchemy as sa

from ntm_workflow.domain.target import Target
from ntm_workflow.projections.slices import BigInt, Json, PlainText, View


def _row(t: Target) -> tuple[object, ...]:
    only = t.target_years[0] if len(t.target_years) == 1 else None
    reached = None if t.reached is None else int(t.reached)
    return (
        *(t.place, t.what, t.title, only, t.target_years, t.track, t.threshold),
        *(t.units[0] if t.units else None, t.value, t.verdict, reached, int(t.conflicting)),
        *(t.statements, t.measures, t.commitment),
    )


VIEW = View[Target](
    "target",
    (
        sa.Column("place", PlainText, nullable=False),
        sa.Column("what", PlainText, nullable=False),
        sa.Column("title", PlainText, nullable=False),
        sa.Column("target_year", BigInt),
        sa.Column("target_years", Json, nullable=False),
        sa.Column("track", PlainText),
        sa.Column("threshold", PlainText),
        sa.Column("unit", PlainText),
        sa.Column("value", PlainText),
        sa.Column("verdict", PlainText),
        sa.Column("reached", BigInt),
        sa.Column("conflicting", BigInt, nullable=False),
        sa.Column("statements", Json, nullable=False),
        sa.Column("measures", Json, nullable=False),
        sa.Column("commitment", PlainText),
    ),
    _row,
    place=lambda t: t.place,
)
