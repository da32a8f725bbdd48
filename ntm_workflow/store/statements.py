"""The few SQL statements whose text differs between the databases, or that must not be compiled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from ntm_workflow.driver import inserting

#: The columns of a `Row`, in its order.
_NAMES: Final = (
    *("position", "entry", "originator_id", "originator_version"),
    *("topic", "state", "recorded_at"),
)
COLUMNS: Final = ", ".join(f"e.{name}" for name in _NAMES)
#: Whether the entry of row `e` was voided: its own stream exists exactly then.
VOIDED: Final = (
    "EXISTS (SELECT 1 FROM events v WHERE v.originator_id = 'entry/' || CAST(e.entry AS TEXT))"
)

#: The streams named after the entries they void.
VOIDS: Final = (
    "SELECT originator_id, entry FROM events"
    " WHERE originator_id >= 'entry/' AND originator_id < 'entry0'"
    " ORDER BY originator_id, originator_version"
)

HEAD_ROW: Final = "SELECT position, entry, recorded_at, frontier FROM head WHERE id = 1"
LAST_ROW: Final = "SELECT position, entry, recorded_at FROM events ORDER BY position DESC LIMIT 1"


class Statements:
    """The few statements whose text differs between the databases, or that must not be compiled."""

    def __init__(self, sqlite: bool) -> None:
        mark = "?" if sqlite else "%s"
        many = "json_each(?)" if sqlite else "unnest(%s::text[]) AS ids(value)"
        self.sqlite = sqlite
        self._write_statements(mark, many)
        self._read_statements(mark, many)
        self._proof_statements(mark)

    def _write_statements(self, mark: str, many: str) -> None:
        self.lock_head = HEAD_ROW if self.sqlite else f"{HEAD_ROW} FOR UPDATE"
        self.version = f"SELECT max(originator_version) FROM events WHERE originator_id = {mark}"
        self.versions = (
            "SELECT value, (SELECT max(originator_version) FROM events"
            f" WHERE originator_id = value) FROM {many}"
        )
        self.insert_event = inserting("events", (*_NAMES, "leaf"), mark)
        self.insert_tile = f"INSERT INTO merkle_tiles VALUES ({mark}, {mark}, {mark})"
        self.move_head = (
            f"UPDATE head SET position = {mark}, entry = {mark}, recorded_at = {mark},"
            f" frontier = {mark} WHERE id = 1 AND position = {mark}"
        )

    def _read_statements(self, mark: str, many: str) -> None:
        self.stream = (
            f"SELECT {COLUMNS}, {VOIDED} FROM events e WHERE e.originator_id = {mark} AND"
            f" e.originator_version > {mark} AND e.originator_version <= {mark}"
            " ORDER BY e.originator_version"
        )
        self.streams = (
            f"SELECT {COLUMNS}, {VOIDED} FROM events e WHERE e.originator_id IN"
            f" (SELECT value FROM {many}) ORDER BY e.originator_id, e.originator_version"
        )
        self.subjects = (
            f"SELECT {COLUMNS} FROM events e WHERE e.originator_id >= {mark}"
            f" AND e.originator_id < {mark}"
            f" ORDER BY e.originator_id, e.originator_version LIMIT {mark}"
        )
        self.page = (
            f"SELECT {COLUMNS} FROM events e WHERE e.position > {mark} AND e.position <= {mark}"
            f" ORDER BY e.position LIMIT {mark}"
        )
        self.entry = (
            f"SELECT {COLUMNS} FROM events e WHERE e.entry ="
            f" (SELECT entry FROM events WHERE position = {mark}) ORDER BY e.position"
        )
        self.voiding = (
            "SELECT v.entry FROM events e JOIN events v"
            " ON v.originator_id = 'entry/' || CAST(e.entry AS TEXT)"
            f" WHERE e.position = {mark} ORDER BY v.originator_version"
        )
        self.instant = f"SELECT recorded_at FROM events WHERE position = {mark}"

    def _proof_statements(self, mark: str) -> None:
        self.audit = (
            f"SELECT {COLUMNS}, e.leaf FROM events e WHERE e.position > {mark}"
            f" ORDER BY e.position LIMIT {mark}"
        )
        self.next_position = f"SELECT min(position) FROM events WHERE position > {mark}"
        self.leaves = (
            f"SELECT leaf FROM events WHERE position > {mark} AND position <= {mark}"
            " ORDER BY position"
        )
        self.tiles = (
            f"SELECT hash FROM merkle_tiles WHERE level = {mark} AND idx >= {mark}"
            f" AND idx < {mark} ORDER BY idx"
        )

    def many(self, values: Iterable[str]) -> tuple[Any]:
        """Any number of ids as the one parameter of `versions` and `streams`."""
        return (json.dumps(list(values)) if self.sqlite else list(values),)
