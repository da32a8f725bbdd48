"""Which live rows name another subject: what must not be left behind when that subject is voided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import IDS, Json

#: Kind -> the (kind, column) pairs whose column holds the bare id of such a subject, or a list.
NAMED_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "place": (
        ("place", "parent"),
        ("place", "successors"),
        ("place", "sources"),
        ("unit", "place"),
        ("plan", "place"),
        ("criteria", "place"),
        ("obligation", "place"),
        ("dossier", "place"),
        ("recognition", "place"),
        ("fund", "place"),
        ("target", "place"),
    ),
    "unit": (
        ("obligation", "owed_by"),
        ("obligation", "owed_to"),
        ("dossier", "holder"),
        ("fund", "owner"),
        ("meeting", "chaired_by"),
    ),
    "plan": (("obligation", "plan"),),
    "obligation": (("obligation", "joined_to"), ("meeting", "obligations")),
    "dossier": (("dossier", "into"),),
    "edition": (("criteria", "edition"),),
}


def references(conn: sa.Connection, gone: Iterable[str]) -> list[str]:
    """Ids of the live subjects whose row names one of `gone`, in order."""
    by_kind: dict[str, list[str]] = {}
    for id in sorted(gone):
        kind, _, bare = id.partition("/")
        by_kind.setdefault(kind, []).append(bare)
    found: set[str] = set()
    for kind, ids in by_kind.items():
        for view, column in NAMED_BY.get(kind, ()):
            found |= _naming(conn, view, column, ids)
    return sorted(found)


def _naming(conn: sa.Connection, kind: str, column: str, ids: list[str]) -> set[str]:
    view = VIEWS[kind]
    c = view.table.c
    found: set[str] = set()
    for start in range(0, len(ids), IDS):
        some = _holds(c[column], ids[start : start + IDS])
        found |= set(conn.scalars(sa.select(c.id).where(view.now, some)))
    return found


def _holds(column: sa.Column[Any], ids: list[str]) -> sa.ColumnElement[bool]:
    """True where the column is one of the ids, or a list with one in it."""
    if not isinstance(column.type, Json):
        return column.in_(ids)
    text = sa.type_coerce(column, sa.Text)
    return sa.or_(*(text.contains(f'"{id}"', autoescape=True) for id in ids))
