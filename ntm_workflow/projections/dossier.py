"""Dossiers as rows: the stage each has reached and the desk it is on."""

import sqlalchemy as sa

from ntm_workflow.domain.dossier import Dossier
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View

VIEW = View[Dossier](
    "dossier",
    (
        sa.Column("place", PlainText, nullable=False),
        sa.Column("standard", PlainText, nullable=False),
        sa.Column("year", BigInt, nullable=False),
        sa.Column("stage", PlainText, nullable=False),
        sa.Column("desk", PlainText, nullable=False),
        sa.Column("holder", PlainText),
        sa.Column("since", Day, nullable=False),
        sa.Column("handed", Json, nullable=False),
        sa.Column("admitted", Json, nullable=False),
    ),
    lambda d: (
        *(d.place, d.standard, d.year, d.stage, d.desk, d.holder, d.since),
        *(d.handed, d.admitted),
    ),
    place=lambda d: d.place,
)
