"""The leaves and tiles of a store, as proofs read them; knows no event."""

from __future__ import annotations

import sqlalchemy as sa

from ntm_workflow.store.engine import fetch
from ntm_workflow.store.merkle import MissingNodes
from ntm_workflow.store.statements import Statements


class StoredNodes:
    """Both as the store holds them."""

    def __init__(self, sql: Statements, conn: sa.Connection) -> None:
        self.sql = sql
        self.conn = conn

    def leaves(self, low: int, high: int) -> list[bytes]:
        return [row[0] for row in fetch(self.conn, self.sql.leaves, (low, high))]

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        return [row[0] for row in fetch(self.conn, self.sql.tiles, (level, low, high))]


class CheckedNodes(StoredNodes):
    """Leaves that were just checked, and the tiles computed from them."""

    def __init__(
        self, sql: Statements, conn: sa.Connection, known: dict[tuple[int, int], bytes]
    ) -> None:
        super().__init__(sql, conn)
        self.known = known

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        try:
            return [self.known[level, index] for index in range(low, high)]
        except KeyError as error:
            raise MissingNodes(level) from error
