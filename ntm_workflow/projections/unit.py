"""Units as rows: their names, their place, what they lead, and where their letters go (ids only)."""

import sqlalchemy as sa

from ntm_workflow.domain.unit import Unit
from ntm_workflow.domain.values import fold
from ntm_workflow.projections.slices import BigInt, Json, PlainText, View

VIEW = View[Unit](
    "unit",
    (
        sa.Column("name", PlainText, nullable=False),
        sa.Column("folded", PlainText, nullable=False),
        sa.Column("role", PlainText, nullable=False),
        sa.Column("place", PlainText),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("contacts", Json, nullable=False),
        sa.Column("leads", Json, nullable=False),
        sa.Column("people", Json, nullable=False),
        sa.Column("summary", BigInt, nullable=False),
        sa.Column("climbs_to", Json),
    ),
    lambda u: (
        *(u.name, fold(u.name), u.role, u.place, u.aliases, u.contacts, u.leads, u.people),
        *(int(u.summary), u.climbs_to),
    ),
    place=lambda u: u.place,
)
