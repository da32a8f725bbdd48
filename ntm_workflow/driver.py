"""Statements straight to the database driver, for what runs once a fact; knows no table and no row.

An append of one fact would otherwise spend more time in SQLAlchemy than in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def execute(conn: sa.Connection, sql: str, rows: Sequence[Any]) -> int:
    """Run a statement once (`rows` a tuple) or for each of a list; how many rows it touched."""
    cursor: Any = _driver(conn).cursor()
    run = cursor.executemany if isinstance(rows, list) else cursor.execute
    run(sql, rows)
    touched: int = cursor.rowcount
    return touched


def fetch(conn: sa.Connection, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Plain tuples straight from the driver."""
    options = {} if conn.dialect.name == "sqlite" else {"binary": True}
    rows: list[tuple[Any, ...]] = _driver(conn).execute(sql, params, **options).fetchall()
    return rows


def _driver(conn: sa.Connection) -> Any:
    return conn.connection.dbapi_connection
