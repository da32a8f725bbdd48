"""Stores in trouble: full, damaged, out of reach, cut off; and what keeps them from it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from notes import (
    NOON,
    REGISTRY,
    everything,
    note,
    record,
    use_it,
)

from ntm_workflow.store.codec import UnknownEvent, UnreadableEvent
from ntm_workflow.store.engine import (
    Database,
    NotAStore,
    StoreDamaged,
    StoreExists,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    StoreUnreachable,
)
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.refusals import StoreNoFolder


def limit(database: Database, pages: int) -> None:
    with database.write() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_refused_and_what_was_recorded_stays(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1))
        # The file may not grow: what SQLite then says is what it says of a full disk.
        limit(database, 1)
        with pytest.raises(StoreFull):
            record(journal, *(note(n, text="x" * 4000) for n in range(2, 40)))
        assert len(everything(journal)) == 1
        limit(database, 1_000_000)
        record(journal, note(2))
        with database.read() as conn:
            assert journal.verify(conn).ok


def test_a_damaged_file_is_refused_as_damaged(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), *(note(n, text="x" * 900) for n in range(1, 200)))
        path = database.path
    assert path is not None
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :: 97] = b"\xff" * len(content[len(content) // 2 :: 97])
    path.write_bytes(content)
    with closing(Database(sqlite_url)) as damaged, pytest.raises((StoreDamaged, UnreadableEvent)):
        everything(Journal(damaged, REGISTRY))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql://nobody@/none?host=/nowhere/at/all",
        "mysql://host/db",
        "postgresql://host:port/db",
    ],
)
def test_an_address_nobody_answers_at_is_refused(url: str) -> None:
    with pytest.raises(StoreUnreachable), closing(Database(url)) as database:
        use_it(database)


def test_a_postgresql_server_without_that_database_is_refused(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(database="nowhere").render_as_string()
    with closing(Database(url)) as database, pytest.raises(StoreUnreachable):
        use_it(database)


def test_a_store_cannot_be_made_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    inside = Database(tmp_path / "file" / "store.db")
    with closing(inside), pytest.raises(StoreNoFolder):
        inside.create()


def test_a_refusal_never_shows_a_password() -> None:
    url = "postgresql://an:s3cret@127.0.0.1:1/db?sslpassword=s3cret"
    with closing(Database(url)) as database, pytest.raises(StoreUnreachable) as refused:
        database.check()
    assert "s3cret" not in refused.value.say("vi") + refused.value.say("en") + database.where


def record_while_cut(journal: Journal, url: str) -> None:
    with journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        (pid,) = conn.exec_driver_sql("SELECT pg_backend_pid()").one()
        with psycopg.connect(url) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        journal.append(conn, [note(2)], NOON)


def test_a_connection_cut_by_the_server_is_a_refusal_and_the_next_works(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        with pytest.raises(StoreUnreachable):
            record_while_cut(journal, postgres_url)
        assert record(journal, note(1))[0].position == 1


def test_connections_that_died_while_idle_are_replaced_unseen(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1))
        with psycopg.connect(postgres_url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert record(journal, note(2))[0].position == 2


def test_only_the_owner_may_read_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "a new folder" / "kho ? # %41.db"
    before = os.umask(0)
    try:
        with closing(Database(path)) as database:
            database.create()
            record(Journal(database, REGISTRY), note(1))
            modes = {p.name: p.stat().st_mode & 0o777 for p in path.parent.iterdir()}
            assert set(modes) == {path.name, path.name + "-wal", path.name + "-shm"}
            assert set(modes.values()) == {0o600}
            assert path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_sqlite_keeps_what_a_power_cut_could_take(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.create()
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}
        with database.write() as conn:
            for pragma, value in wanted.items():
                assert conn.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_postgresql_keeps_what_a_power_cut_could_take(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        name = sa.make_url(postgres_url).database
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(Database(postgres_url)) as database:
        database.create()
        with database.write() as conn:
            assert conn.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar_one() == (
                "read committed"
            )
        with database.read() as conn:
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar_one() == (
                "repeatable read"
            )


def test_a_copy_that_lost_its_wal_mode_gets_it_back(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(Database(sqlite_url)) as database:
        database.create()
        record(Journal(database, REGISTRY), note(1))
        with closing(sqlite3.connect(str(database.path))) as raw:
            raw.execute("VACUUM INTO ?", (str(copy),))
    with closing(Database(copy)) as restored:
        record(Journal(restored, REGISTRY), note(2))
        with closing(sqlite3.connect(copy)) as raw:
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with restored.read() as conn:
            assert Journal(restored, REGISTRY).verify(conn).ok


def test_every_refusal_of_the_store_says_what_to_do_next_in_both_languages() -> None:
    facts = {"where": "/a/b", "seconds": 30.0, "detail": "x", "found": 2, "known": 1}
    facts |= {"topic": "T", "position": 1, "subject": "note/1"}
    for kind in (
        *(StoreMissing, StoreExists, NotAStore, StoreNewer, StoreReadOnly, StoreLocked),
        *(StoreUnreachable, StoreFull, StoreDamaged, UnknownEvent, UnreadableEvent),
    ):
        for lang in ("vi", "en"):
            said = kind(**facts).say(lang)
            assert len(said.splitlines()) >= 2, "the fact, then what to do"
            assert 1 <= said.count("\n") + 1 <= 3
