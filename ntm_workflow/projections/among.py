"""A column among many values, in the words of either database; knows no table."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa

from ntm_workflow.projections.slices import PlainText


def among(
    conn: sa.Connection, column: sa.ColumnElement[str], values: Collection[str]
) -> sa.ColumnElement[bool]:
    """One parameter however many values there are: a list of thousands is more than a database takes."""
    wanted = sorted(values)
    if conn.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(wanted)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(wanted, sa.ARRAY(PlainText)))
