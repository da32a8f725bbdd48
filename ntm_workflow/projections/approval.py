"""Approvals as rows: which acts wait for a second person, and what became of the others."""

import sqlalchemy as sa

from ntm_workflow.domain.approval import Proposal
from ntm_workflow.projections.slices import BigInt, Day, Index, Json, PlainText, View

VIEW = View[Proposal](
    "approval",
    (
        sa.Column("number", BigInt, nullable=False),
        sa.Column("by", PlainText, nullable=False),
        sa.Column("proposed_on", Day, nullable=False),
        sa.Column("command", Json, nullable=False),
        sa.Column("summary", PlainText, nullable=False),
        sa.Column("summary_en", PlainText),
        sa.Column("sha256", PlainText, nullable=False),
        sa.Column("types", Json, nullable=False),
        sa.Column("late_days", BigInt),
        sa.Column("state", PlainText, nullable=False),
        sa.Column("decided_by", PlainText),
        sa.Column("decided_on", Day),
        sa.Column("act", BigInt),
        sa.Column("reason", PlainText),
    ),
    lambda p: (
        *(p.number, p.by, p.proposed_on, p.command, p.summary, p.summary_en),
        *(p.sha256, p.types, p.late_days),
        *(p.state, p.decided_by, p.decided_on, p.act, p.reason),
    ),
    indexes=(Index(("state",), now=True),),
)
