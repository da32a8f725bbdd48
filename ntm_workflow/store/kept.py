"""Connections that stay open from one transaction to the next; knows no database.

SQLAlchemy's pool makes a connection's wrapping anew each time, which costs as much as the rest of
a short transaction. A file cannot go away like a server, so nothing need be looked at in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class Kept:
    """An engine whose `begin` takes a connection that an earlier transaction left."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.raw_connection = engine.raw_connection
        self._idle: list[sa.Connection] = []

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing."""
        conn = self._taken()
        try:
            with conn.begin():
                yield conn
        except BaseException:
            # Only the pool makes sure that nothing of a failed transaction is left.
            conn.close()
            raise
        self._idle.append(conn)

    def dispose(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    def _taken(self) -> sa.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self.engine.connect()
