"""Stores that many tests begin with: made once in each process, then copied, whichever database it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

#: Databases of a server that nobody needs any more.
SPENT: list[str] = []
#: Makes a store of an empty one, at its address; what it returns is kept beside it.
Build = Callable[[str], Any]


@dataclass(frozen=True)
class _Made:
    """What is copied: files by what is added to the store's name, or a database of a server."""

    files: dict[str, tuple[bytes, int]]
    database: str
    beside: Any


_MADE: dict[Hashable, _Made] = {}


def begin(store: str, build: Build, *key: Hashable) -> Any:
    """Make the empty `store` what `build` makes of one, and return what that returned.

    It is made once for each `key`, of which no two tests may mean different stores.
    """
    server = store.startswith("postgresql")
    known = (server, *key)
    if known not in _MADE:
        _MADE[known] = (_database if server else _files)(store, build)
    made = _MADE[known]
    if server:
        _clone(store, made.database)
    else:
        path = Path(store.removeprefix("sqlite:///"))
        for ending, (content, mode) in made.files.items():
            copy = path.with_name(path.name + ending)
            copy.write_bytes(content)
            # Nobody but its owner reads a key.
            copy.chmod(mode)
    return made.beside


def _files(store: str, build: Build) -> _Made:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.db"
        beside = build(f"sqlite:///{path}")
        files = {
            file.name.removeprefix("s.db"): (file.read_bytes(), file.stat().st_mode)
            for file in path.parent.glob("s.db*")
        }
        return _Made(files, "", beside)


def _database(store: str, build: Build) -> _Made:
    name = f"made_{len(_MADE)}"
    _told(store, f'CREATE DATABASE "{name}"')
    url = sa.make_url(store).set(database=name)
    return _Made({}, name, build(url.render_as_string(hide_password=False)))


def _clone(store: str, made: str) -> None:
    name, spent = sa.make_url(store).database, f"spent_{uuid4().hex}"
    renamed = f'ALTER DATABASE "{name}" RENAME TO "{spent}"'
    _told(store, renamed, f'CREATE DATABASE "{name}" TEMPLATE "{made}"')
    SPENT.append(spent)


def _told(store: str, *lines: str) -> None:
    url = sa.make_url(store).set(drivername="postgresql+psycopg", database="postgres")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        for line in lines:
            conn.exec_driver_sql(line)
