"""Editions of criteria sets in the journal, as rows."""

import sqlalchemy as sa

from ntm_workflow.domain.edition import Adopted
from ntm_workflow.projections.slices import BigInt, Json, PlainText, View

VIEW = View[Adopted](
    "edition",
    (
        sa.Column("set", PlainText, nullable=False),
        sa.Column("version", PlainText, nullable=False),
        sa.Column("edition", Json, nullable=False),
        sa.Column("sha256", PlainText, nullable=False),
        sa.Column("entry", BigInt, nullable=False),
    ),
    lambda a: (a.edition.set, a.edition.version, a.edition, a.sha256, a.entry),
)
