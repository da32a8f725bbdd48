"""Meetings as rows: when each was held, by whom, and the duties its conclusions gave."""

import sqlalchemy as sa

from ntm_workflow.domain.meeting import Meeting
from ntm_workflow.projections.slices import Day, Json, PlainText, View


def _row(m: Meeting) -> tuple[object, ...]:
    duties = tuple(each.obligation for each in m.conclusions)
    return m.title, m.held_on, m.chaired_by, m.document, m.attended, duties, m.conclusions


VIEW = View[Meeting](
    "meeting",
    (
        sa.Column("title", PlainText, nullable=False),
        sa.Column("held_on", Day, nullable=False),
        sa.Column("chaired_by", PlainText),
        sa.Column("document", PlainText),
        sa.Column("attended", Json, nullable=False),
        sa.Column("obligations", Json, nullable=False),
        sa.Column("conclusions", Json, nullable=False),
    ),
    _row,
)
