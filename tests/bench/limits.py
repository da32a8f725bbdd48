"""The limit: the same rows through the bare driver, with the same guarantees; computes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
from measure import Watch

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
#: Rows a statement or a COPY takes at once.
MANY = 10_000


class Raw:
    """A store's tables through sqlite3 or psycopg alone."""

    def __init__(self, url: str) -> None:
        self.sqlite = not url.startswith("postgresql")
        self.conn: Any = _file(url) if self.sqlite else psycopg.connect(url, autocommit=True)

    def close(self) -> None:
        self.conn.close()

    # --- reading

    def read(self, sql: str) -> Iterable[Row]:
        """An answer at once, as a list wants it."""
        if self.sqlite:
            return list(self.conn.execute(sql))
        cursor = self.conn.cursor(binary=True)
        rows: list[Row] = cursor.execute(sql).fetchall()
        return rows

    def stream(self, sql: str) -> Iterator[Row]:
        """A long answer, some rows in memory at a time."""
        if self.sqlite:
            yield from self.conn.execute(sql)
            return
        with self.conn.transaction(), self.conn.cursor("stream") as cursor:
            cursor.itersize = MANY
            yield from cursor.execute(sql, binary=True)

    def pages(self, table: str) -> Iterator[list[Row]]:
        rows = self.stream(f'SELECT * FROM "{table}"')
        while page := list(islice(rows, MANY)):
            yield page

    # --- writing

    def write(self, rows: Rows) -> None:
        """Everything in one transaction."""
        with self._transaction():
            for table, some in rows.items():
                self._many(table, some)

    def write_each(self, table: str, rows: list[Row]) -> None:
        """A transaction for every row."""
        sql = self._insert(table, rows)
        for row in rows:
            self.conn.execute(sql, row)

    def load(self, tables: Iterable[tuple[str, Iterable[list[Row]]]]) -> float:
        """Everything in one transaction by the quickest way in; the seconds of writing alone."""
        watch, put = Watch(), self._many if self.sqlite else self._copy
        with watch:
            self.conn.execute("BEGIN")
        for table, pages in tables:
            for page in pages:
                with watch:
                    put(table, page)
        with watch:
            self.conn.execute("COMMIT")
        return watch.seconds

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.conn.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        yield
        self.conn.execute("COMMIT")

    def _many(self, table: str, rows: list[Row]) -> None:
        self.conn.cursor().executemany(self._insert(table, rows), rows)

    def _copy(self, table: str, rows: list[Row]) -> None:
        with self.conn.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)

    def _insert(self, table: str, rows: list[Row]) -> str:
        marks = ["?" if self.sqlite else "%s"] * len(rows[0])
        return f'INSERT INTO "{table}" VALUES ({", ".join(marks)})'


def _file(path: str) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None, timeout=30)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    return conn
