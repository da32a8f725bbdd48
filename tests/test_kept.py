"""Connections between transactions: kept after a whole one, never after one that failed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa

from ntm_workflow.store.engine import Database


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url)) as made:
        made.create()
        yield made


def test_a_transaction_takes_the_connection_the_one_before_it_left(database: Database) -> None:
    with database.write() as first:
        driver = first.connection.dbapi_connection
    with database.write() as second:
        assert second is first
        assert second.connection.dbapi_connection is driver


def test_what_failed_is_rolled_back_and_its_connection_given_to_the_pool(
    database: Database,
) -> None:
    tried: list[sa.Connection] = []

    def fail() -> None:
        with database.write() as conn:
            tried.append(conn)
            _say(conn, "lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tried[0].closed
    with database.write() as conn:
        _say(conn, "kept")
    with database.read() as conn:
        assert _said(conn) == ["kept"]


def test_a_transaction_taken_back_by_hand_leaves_nothing_to_the_next(database: Database) -> None:
    with database.write() as conn:
        _say(conn, "lost")
        conn.rollback()
    with database.write() as conn:
        _say(conn, "kept")
    with database.read() as conn:
        assert _said(conn) == ["kept"]


def test_two_readers_at_once_have_a_connection_each(database: Database) -> None:
    seen: list[Any] = []

    def look() -> None:
        with database.read() as conn:
            seen.append(conn)

    with database.read() as mine:
        other = threading.Thread(target=look)
        other.start()
        other.join()
        assert seen != [mine]


def test_a_closed_store_has_no_connection_open_and_opens_again(database: Database) -> None:
    with database.write() as conn:
        _say(conn, "kept")
    database.close()
    assert conn.closed
    with database.read() as again:
        assert _said(again) == ["kept"]


def _say(conn: sa.Connection, value: str) -> None:
    conn.exec_driver_sql("INSERT INTO meta VALUES ('said', ?)", (value,))


def _said(conn: sa.Connection) -> list[str]:
    return list(conn.exec_driver_sql("SELECT value FROM meta WHERE key = 'said'").scalars())
