"""Criteria as rows: which numbers of which set a place has, lacks, or is said both to have and lack."""

import sqlalchemy as sa

from ntm_workflow.domain.criteria_state import ACHIEVED, CONFLICTING, NOT_ACHIEVED, Criteria
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View


def _row(c: Criteria) -> tuple[object, ...]:
    aim = c.aim
    stated = aim and aim.stated_total
    return (
        *(c.place, c.set, c.version, c.numbers, c.having(ACHIEVED), c.having(NOT_ACHIEVED)),
        *(c.unknown, c.having(CONFLICTING), c.stated_total, c.target_year, c.targets),
        *(aim and (len(aim.achieved) if stated is None else stated), aim and aim.not_achieved),
        *(c.confirmed, f"{c.set}/{c.version}", c.group, c.evidence_until),
    )


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
        sa.Column("target_total", BigInt),
        sa.Column("target_not_achieved", Json),
        sa.Column("confirmed", Json, nullable=False),
        #: The bare id of the edition, by which its voiding finds what rests on it.
        sa.Column("edition", PlainText, nullable=False),
        sa.Column("group", PlainText),
        sa.Column("evidence_until", Day),
    ),
    _row,
    place=lambda c: c.place,
)
