"""Places as rows: by name, code or parent, on any day; an ended place keeps its row, for its name."""

import sqlalchemy as sa

from ntm_workflow.domain.place import TYPES, Place
from ntm_workflow.domain.values import fold
from ntm_workflow.projections.slices import Day, Json, PlainText, View

VIEW = View[Place](
    "place",
    (
        sa.Column("name", PlainText, nullable=False),
        sa.Column("folded", PlainText, nullable=False),
        sa.Column("type", PlainText, nullable=False),
        sa.Column("level", PlainText, nullable=False),
        sa.Column("code", PlainText),
        sa.Column("parent", PlainText),
        sa.Column("ended", Day),
        sa.Column("successors", Json, nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("left_on", Day),
    ),
    lambda p: (
        *(p.name, fold(p.name), p.type, TYPES[p.type][0], p.code, p.parent),
        *(p.ended, p.successors, p.sources, p.left_on),
    ),
)
