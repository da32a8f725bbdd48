"""Rows that change by a fact which comes last in their effective order, made inside the database.

The fold would say the same: everything stays but the columns named. Whoever calls has made sure of
that; what is sure is a matter of the noun, and this knows none.
"""

from __future__ import annotations

import json
import re
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
_MARKS: Final = {"sqlite": "?", "postgresql": "%s"}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
        self._copy(conn, cut, f"{now} AND valid_from < '{since}'", ids)
        old = f"{now} AND known_from < {known}"
        self._copy(conn, {**new, **self.values}, old, ids)
        execute(conn, f"UPDATE {self.view.kind} SET known_to = {known} WHERE {old}", ids)

    def _copy(
        self, conn: sa.Connection, changed: Mapping[str, Value], where: str, ids: tuple[Any]
    ) -> None:
        """The rows once more, but for what has changed."""
        names = [column.name for column in self.view.table.columns]
        mark = _MARKS[conn.dialect.name]
        said = {name: _literal(value) for name, value in changed.items()}
        values = (f'"{n}"' if n not in changed else said[n] or mark for n in names)
        texts = (changed[n] for n in names if n in changed and said[n] is None)
        columns, kind = ", ".join(f'"{name}"' for name in names), self.view.kind
        copied = f"INSERT INTO {kind} ({columns}) SELECT {', '.join(values)} FROM {kind}"
        execute(conn, f"{copied} WHERE {where}", (*texts, *ids))

    def _among(self, conn: sa.Connection) -> str:
        return _AMONG[conn.dialect.name]

    def _ids(self, conn: sa.Connection) -> tuple[Any]:
        ids = list(self.places)
        return (json.dumps(ids) if conn.dialect.name == "sqlite" else ids,)


def _literal(value: Value) -> str | None:
    """A day, a number or nothing as SQL; None for a text, which is handed in beside."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return f"'{value}'" if _DAY.fullmatch(value) else None
