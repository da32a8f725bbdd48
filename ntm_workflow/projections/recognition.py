"""Recognitions as rows: what each place holds, under which label and decision, kept by which notice."""

import sqlalchemy as sa

from ntm_workflow.domain.recognition import Recognition
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View


def _row(r: Recognition) -> tuple[object, ...]:
    standing = [each for each in r.grants if each.withdrawn is None] or list(r.grants)
    last = max(standing, key=lambda each: (each.label or 0, each.decision_on), default=None)
    return (
        *(r.place, r.standard, int(r.held)),
        *(last and last.label, last and last.decision_on, last and last.decision),
        *(r.grants, r.notices, r.withdrawn_on),
    )


VIEW = View[Recognition](
    "recognition",
    (
        sa.Column("place", PlainText, nullable=False),
        sa.Column("standard", PlainText, nullable=False),
        sa.Column("held", BigInt, nullable=False),
        sa.Column("label", BigInt),
        sa.Column("decision_on", Day),
        sa.Column("decision", PlainText),
        sa.Column("grants", Json, nullable=False),
        sa.Column("notices", Json, nullable=False),
        sa.Column("withdrawn_on", Day),
    ),
    _row,
    place=lambda r: r.place,
)
