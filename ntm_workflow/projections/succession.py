"""Rows that change by a fact which comes last in their effective order, made inside the database.

The fold would say the same: everything stays but the columns named. Whoever calls has made sure of
that; what is sure is a matter of the noun, and this knows none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.driver import execute
from ntm_workflow.projections.slices import FOREVER, View

Value = str | int | None

_AMONG: Final = {
    "sqlite": "id IN (SELECT value FROM json_each(?))",
    "postgresql": "id = ANY(%s::text[])",
}


@dataclass(frozen=True)
class Succession:
    """From `since` on the rows of some subjects hold `values`. `places` are their places, by id."""

    view: View[Any]
    places: Mapping[str, str | None]
    since: date
    values: Mapping[str, Value]

    def write(self, conn: sa.Connection, known: int) -> None:
        """Bring the rows up to entry `known`: cut the old ones, add what follows, and end the old."""
        since = self.since.isoformat()
        now, ids = f"{self._among(conn)} AND {self.view.is_now}", self._ids(conn)
        cut: dict[str, Value] = {"known_from": known, "valid_to": since}
        new: dict[str, Value] = {"known_from": known, "valid_from": since, "valid_to": FOREVER}
        execute(conn, self._copy(cut, f"{now} AND valid_from < '{since}'"), ids)
        old = f"{now} AND known_from < {known}"
        execute(conn, self._copy({**new, **self.values}, old), ids)
        execute(conn, f"UPDATE {self.view.kind} SET known_to = {known} WHERE {old}", ids)

    def _copy(self, changed: Mapping[str, Value], where: str) -> str:
        """The rows once more, but for what has changed."""
        names = [column.name for column in self.view.table.columns]
        values = (_literal(changed[n]) if n in changed else f'"{n}"' for n in names)
        columns = ", ".join(f'"{name}"' for name in names)
        kind = self.view.kind
        return (
            f"INSERT INTO {kind} ({columns}) SELECT {', '.join(values)} FROM {kind} WHERE {where}"
        )

    def _among(self, conn: sa.Connection) -> str:
        return _AMONG[conn.dialect.name]

    def _ids(self, conn: sa.Connection) -> tuple[Any]:
        ids = list(self.places)
        return (json.dumps(ids) if conn.dialect.name == "sqlite" else ids,)


def _literal(value: Value) -> str:
    """A day, a number or nothing as SQL. No text of a person ever comes here."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{date.fromisoformat(value)}'"
