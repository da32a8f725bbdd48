"""A fuse in this process's databases: it cuts the connection before the nth statement or commit.

Nothing that the program does afterwards reaches the database, as after a kill: the handlers that
an exception wakes find the connection gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from ntm_workflow import driver

_dialect: Any = DefaultDialect
# The pool reports at length each connection that it finds gone.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)


class Crash(BaseException):
    """The process is gone; nothing in the program may catch this."""


class Fuse:
    """Counts what goes to the database, and blows before number `at`; 0 never blows."""

    def __init__(self) -> None:
        self.at = 0
        self.count = 0
        self.blown = False
        self.committed: Callable[[], None] = lambda: None

    def set(self, at: int) -> None:
        self.at, self.count, self.blown = at, 0, False

    def passes(self, dbapi: Any) -> None:
        self.count += 1
        if self.count == self.at:
            self.blown = True
            dbapi.close()
        if self.blown:
            raise Crash

    @contextmanager
    def fitted(self) -> Iterator[None]:
        """In every way to the database: SQLAlchemy's, the driver's own, and both ends of a commit."""
        engine: Any = sa.Engine
        event: Any = sa.event
        listeners: dict[str, Any] = {
            "begin": self._begins,
            "before_cursor_execute": self._executes,
        }
        straight, commit = driver._driver, _dialect.do_commit

        def directly(conn: sa.Connection) -> Any:
            dbapi = straight(conn)
            self.passes(dbapi)
            return dbapi

        def committing(dialect: Any, dbapi: Any) -> None:
            self.passes(dbapi)
            commit(dialect, dbapi)
            self.committed()
            self.passes(dbapi)

        for name, listener in listeners.items():
            event.listen(engine, name, listener)
        with (
            patch.object(driver, "_driver", directly),
            patch.object(_dialect, "do_commit", committing),
        ):
            yield
        for name, listener in listeners.items():
            event.remove(engine, name, listener)

    def _begins(self, conn: sa.Connection) -> None:
        self.passes(conn.connection.dbapi_connection)

    def _executes(self, conn: sa.Connection, *_: Any) -> None:
        self.passes(conn.connection.dbapi_connection)
