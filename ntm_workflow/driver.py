"""Statements straight to the database driver, for what runs once a fact; knows no table and no row.

An append of one fact would otherwise spend more time in SQLAlchemy than in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa


def execute(conn: sa.Connection, sql: str, rows: Sequence[Any]) -> int:
    """Run a statement once (`rows` a tuple) or for each of a list; how many rows it touched."""
    cursor: Any = _driver(conn).cursor()
    run = cursor.executemany if isinstance(rows, list) else cursor.execute
    run(sql, rows)
    touched: int = cursor.rowcount
    return touched


#: From so many rows on PostgreSQL takes a stream of them sooner than a statement for each.
STREAMED: Final = 50


class Insert(NamedTuple):
    """How whole rows get into a table: the statement for one, and for a stream where there is such a thing."""

    row: str
    stream: str | None


def inserting(table: str, columns: Sequence[str], mark: str) -> Insert:
    """`mark` is how the database marks a value."""
    named = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join([mark] * len(columns))
    row = f'INSERT INTO "{table}" ({named}) VALUES ({marks})'
    return Insert(row, f'COPY "{table}" ({named}) FROM STDIN' if mark == "%s" else None)


def insert(conn: sa.Connection, into: Insert, rows: list[tuple[Any, ...]]) -> None:
    if into.stream is None or len(rows) < STREAMED:
        execute(conn, into.row, rows if len(rows) > 1 else rows[0])
        return
    with _driver(conn).cursor() as cursor, cursor.copy(into.stream) as stream:
        for row in rows:
            stream.write_row(row)


def fetch(conn: sa.Connection, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Plain tuples straight from the driver."""
    options = {} if conn.dialect.name == "sqlite" else {"binary": True}
    rows: list[tuple[Any, ...]] = _driver(conn).execute(sql, params, **options).fetchall()
    return rows


def _driver(conn: sa.Connection) -> Any:
    return conn.connection.dbapi_connection
