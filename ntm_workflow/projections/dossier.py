"""Dossiers as rows: the stage each has reached, the desk it is on, and what each desk said."""

import sqlalchemy as sa

from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View


def _row(d: Dossier) -> tuple[object, ...]:
    appraised = sorted(d.appraisals.values(), key=lambda each: each.number)
    return (
        *(d.place, d.standard, d.year, d.stage, d.desk, d.position, d.road, d.holder, d.since),
        *(
            d.handed,
            d.returns,
            d.admitted,
            appraised,
            d.surveys,
            d.decision,
            d.decision_on,
            d.stays,
            d.into,
        ),
    )


VIEW = View[Dossier](
    "dossier",
    (
        sa.Column("place", PlainText, nullable=False),
        sa.Column("standard", PlainText, nullable=False),
        sa.Column("year", BigInt, nullable=False),
        sa.Column("stage", PlainText, nullable=False),
        sa.Column("desk", PlainText, nullable=False),
        sa.Column("position", PlainText, nullable=False),
        sa.Column("road", Json, nullable=False),
        sa.Column("holder", PlainText),
        sa.Column("since", Day, nullable=False),
        sa.Column("handed", Json, nullable=False),
        sa.Column("returns", Json, nullable=False),
        sa.Column("admitted", Json, nullable=False),
        sa.Column("appraised", Json, nullable=False),
        sa.Column("surveys", Json, nullable=False),
        sa.Column("decision", PlainText),
        sa.Column("decision_on", Day),
        sa.Column("stays", Json, nullable=False),
        sa.Column("into", PlainText),
    ),
    _row,
    place=lambda d: d.place,
)
