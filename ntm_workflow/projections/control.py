"""Controls as rows: each two-person rule ever set; the latest known stands."""

import sqlalchemy as sa

from ntm_workflow.domain.control import Control
from ntm_workflow.projections.slices import BigInt, Day, Json, PlainText, View

VIEW = View[Control](
    "control",
    (
        sa.Column("types", Json, nullable=False),
        sa.Column("late_days", BigInt),
        sa.Column("document", PlainText),
        sa.Column("since", Day, nullable=False),
        sa.Column("entry", BigInt, nullable=False),
    ),
    lambda c: (c.types, c.late_days, c.document, c.since, c.entry),
)
