"""The leaves and tiles of a store: as proofs read them, and whether they lead to its head.

Knows no event.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ntm_workflow.store.engine import execute, fetch
from ntm_workflow.store.merkle import TILE_LEVEL, Frontier, MissingNodes
from ntm_workflow.store.statements import Statements

#: level, index -> root
Tiles = dict[tuple[int, int], bytes]


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

    def __init__(self, sql: Statements, conn: sa.Connection, known: Tiles) -> None:
        super().__init__(sql, conn)
        self.known = known

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        try:
            return [self.known[level, index] for index in range(low, high)]
        except KeyError as error:
            raise MissingNodes(level) from error


def stored_tiles(conn: sa.Connection) -> Tiles:
    rows = readable(conn, "SELECT level, idx, hash FROM merkle_tiles")
    # What cannot even be read is not what was computed, whatever that is.
    return {(0, 0): b""} if rows is None else {(level, i): digest for level, i, digest in rows}


def computed_tiles(tree: Frontier) -> Tiles:
    return {(level, index): digest for level, index, digest in tree.tiles}


def replace_tiles(sql: Statements, conn: sa.Connection, tree: Frontier) -> None:
    conn.exec_driver_sql("DELETE FROM merkle_tiles")
    if tree.tiles:
        execute(conn, sql.insert_tile, tree.tiles)


def lead_to(sql: Statements, conn: sa.Connection, size: int, frontier: bytes) -> bool:
    """Whether all tiles stand there and, with the leaves after them, give the frontier in the head.

    Reads one hash for 256 facts. Whether those below are right, only a check of every row tells.
    """
    stored, tree = stored_tiles(conn), Frontier()
    whole = size >> TILE_LEVEL
    try:
        for index in range(whole):
            tree.add_tile(stored[TILE_LEVEL, index])
        tree.extend(StoredNodes(sql, conn).leaves(whole << TILE_LEVEL, size))
        return tree.dump() == frontier and computed_tiles(tree) == stored
    except (KeyError, TypeError):
        # A tile that is not there, or is none: SQLite keeps anything in any column.
        return False


def readable(
    conn: sa.Connection, sql: str, params: Sequence[Any] = ()
) -> list[tuple[Any, ...]] | None:
    """The rows; None where a text is not even UTF-8, which SQLite stores all the same."""
    try:
        return fetch(conn, sql, params)
    except sqlite3.OperationalError as error:
        # The driver's own complaint: it carries no code of SQLite's.
        if hasattr(error, "sqlite_errorcode"):
            raise
        return None
