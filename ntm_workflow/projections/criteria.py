"""Criteria as rows: which numbers of which set a place has, lacks, or is said both to have and lack."""

import sqlalchemy as sa

from ntm_workflow.domain.criteria import ACHIEVED, CONFLICTING, NOT_ACHIEVED, Criteria
from ntm_workflow.projections.slices import BigInt, Json, PlainText, View

VIEW = View[Criteria](
    "criteria",
    (
        sa.Column("place", PlainText, nullable=False),
        sa.Column("set", PlainText, nullable=False),
        sa.Column("version", PlainText, nullable=False),
        sa.Column("numbers", Json, nullable=False),
        sa.Column("achieved", Json, nullable=False),
        sa.Column("not_achieved", Json, nullable=False),
        sa.Column("unknown", Json, nullable=False),
        sa.Column("conflicting", Json, nullable=False),
        sa.Column("stated_total", BigInt),
        sa.Column("target_year", BigInt),
        sa.Column("targets", Json, nullable=False),
    ),
    lambda c: (
        *(c.place, c.set, c.version, c.numbers, c.having(ACHIEVED), c.having(NOT_ACHIEVED)),
        *(c.unknown, c.having(CONFLICTING), c.stated_total, c.target_year, c.targets),
    ),
    place=lambda c: c.place,
)
