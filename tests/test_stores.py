"""Making and opening stores: what is one, what is left as it is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from notes import (
    REGISTRY,
    everything,
    note,
    record,
    use_it,
)

from ntm_workflow.store.engine import (
    Database,
    NotAStore,
    StoreExists,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    fetch,
)
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.refusals import StoreLeftovers
from ntm_workflow.store.schema import FORMAT


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_store_says_what_it_is(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        made = database.create(rehearsal=True)
        assert (made.format, made.rehearsal, len(made.store_id)) == (FORMAT, True, 32)
        assert database.check() == made


def test_tables_of_others_are_made_with_ours(store_url: str) -> None:
    metadata = sa.MetaData()
    table = sa.Table("note_rows", metadata, sa.Column("id", sa.Text, primary_key=True))
    with closing(Database(store_url)) as database:
        database.create(metadata)
        with database.write() as conn:
            conn.execute(sa.insert(table).values(id="note/1"))
        with database.read() as conn:
            assert conn.execute(sa.select(table.c.id)).scalar_one() == "note/1"


def test_a_store_is_not_made_twice(store_url: str, database: Database, journal: Journal) -> None:
    before = database.check()
    record(journal, note(1))
    with closing(Database(store_url)) as again, pytest.raises(StoreExists):
        again.create()
    assert (database.check(), len(everything(journal))) == (before, 1)


def test_making_that_fails_half_way_leaves_nothing(store_url: str) -> None:
    broken = sa.MetaData()
    sa.Table("events", broken, sa.Column("id", sa.Text, primary_key=True))
    with closing(Database(store_url)) as database:
        with pytest.raises(sa.exc.DBAPIError):
            database.create(broken)
        with pytest.raises(StoreMissing):
            use_it(database)
        assert database.create().format == FORMAT


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_no_store_is_made_beside_a_file_that_would_be_played_into_it(
    tmp_path: Path, suffix: str
) -> None:
    left = tmp_path / f"s.db{suffix}"
    left.write_bytes(b"of another store")
    with closing(Database(tmp_path / "s.db")) as database:
        with pytest.raises(StoreLeftovers) as refused:
            database.create()
        assert str(left) in refused.value.say("vi")
        assert [*tmp_path.iterdir()] == [left]
        left.unlink()
        assert database.create().format == FORMAT


def test_of_two_who_make_the_same_store_at_once_one_is_refused(store_url: str) -> None:
    script = (
        "import sys; from ntm_workflow.store.engine import *\n"
        "try: Database(sys.argv[1]).create()\n"
        "except (StoreExists, NotAStore): sys.exit(7)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, store_url]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(command, env=env) for _ in range(2)]
    assert sorted(each.wait() for each in both) == [0, 7]
    with closing(Database(store_url)) as database:
        assert database.check().format == FORMAT


def test_a_store_that_is_not_there_does_not_come_into_being_by_opening_it(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        with pytest.raises(StoreMissing) as refused:
            use_it(database)
        assert "ntm init" in refused.value.say("vi")
        assert refused.value.exit_code == 1
        if database.path:
            assert list(database.path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a database\n" * 50, b"SQLite format 3\0" + bytes(4080)]
)
def test_a_file_that_is_not_a_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    before = snapshot(tmp_path)
    with closing(Database(path)) as database:
        for use in (lambda: use_it(database), database.create):
            with pytest.raises(NotAStore):
                use()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute(f"PRAGMA journal_mode = {mode}")
        theirs.execute("CREATE TABLE meta (id INTEGER)")
        theirs.commit()
        before = snapshot(tmp_path)
        with closing(Database(path)) as database, pytest.raises(NotAStore):
            use_it(database)
        assert snapshot(tmp_path) == before


def test_a_file_with_our_mark_but_without_our_tables_is_not_a_store(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    with closing(sqlite3.connect(path)) as half:
        half.execute("PRAGMA application_id = 0x4E544D57")
        half.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    with closing(Database(path)) as database, pytest.raises(NotAStore):
        use_it(database)


def test_a_postgresql_database_of_another_program_is_left_as_it_is(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as theirs:
        theirs.execute("CREATE TABLE meta (id integer)")
    with closing(Database(postgres_url)) as database:
        for use in (lambda: use_it(database), database.create):
            with pytest.raises(NotAStore):
                use()
    with psycopg.connect(postgres_url) as theirs:
        tables = theirs.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("meta",)]


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database, pytest.raises(NotAStore):
        use_it(database)


def test_a_newer_store_is_refused_and_not_touched(store_url: str, database: Database) -> None:
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'format'")
    with closing(Database(store_url)) as opened, pytest.raises(StoreNewer) as refused:
        use_it(opened)
    assert refused.value.facts["found"] == 99
    with database.read() as conn:
        assert fetch(conn, "SELECT position FROM head") == [(0,)]


def test_a_store_that_may_only_be_read_is_read_and_refuses_writing(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), note(1))
        with closing(Database(sqlite_url + "?mode=ro")) as readable:
            journal = Journal(readable, REGISTRY)
            assert len(everything(journal)) == 1
            with pytest.raises(StoreReadOnly):
                record(journal, note(2))
        assert len(everything(Journal(database, REGISTRY))) == 1


def test_a_postgresql_role_that_may_only_read_refuses_writing(postgres_url: str) -> None:
    role = f"reader_{os.getpid()}"
    with closing(Database(postgres_url)) as database:
        database.create()
        with psycopg.connect(postgres_url) as admin:
            admin.execute(f"CREATE ROLE {role} LOGIN")
            admin.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        url = sa.make_url(postgres_url).set(username=role).render_as_string()
        with closing(Database(url)) as readable:
            journal = Journal(readable, REGISTRY)
            assert everything(journal) == []
            with pytest.raises(StoreReadOnly):
                record(journal, note(1))
        with psycopg.connect(postgres_url) as admin:
            admin.execute(f"DROP OWNED BY {role}")
            admin.execute(f"DROP ROLE {role}")
