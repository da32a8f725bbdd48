"""Stores of older formats: what they kept of letters is kept, byte for byte, and nothing leaves twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backups import back_up, restored
from mails import NGOC, THANH, envelopes, facts, issue, outbox_desk, send, states
from offices import Desk, closing_store
from posts import Basket
from terminal import ntm

from ntm_workflow.notifications import mime
from ntm_workflow.notifications.post import Outcome, Parcel
from ntm_workflow.office import contacts, hold
from ntm_workflow.store import backup as copies
from ntm_workflow.store import migrations
from ntm_workflow.store.engine import Database, StoreOlder

#: From format 4 back to 3: a letter had one address, and it stood in the letter's own row.
BACK = (
    "ALTER TABLE outbox ADD COLUMN message_id TEXT",
    "ALTER TABLE outbox ADD COLUMN recipient TEXT",
    "ALTER TABLE outbox ADD COLUMN bytes {bytes}",
    "ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN sent_at TEXT",
    *(
        f"UPDATE outbox SET {name} = (SELECT {name} FROM envelopes WHERE letter = id AND n = 0)"
        for name in ("message_id", "recipient", "bytes", "sent_at")
    ),
    "UPDATE outbox SET attempts = 1 WHERE message_id IS NOT NULL",
    "ALTER TABLE outbox DROP COLUMN trouble",
    "DROP TABLE envelopes",
    "DROP TABLE attempts",
    "UPDATE meta SET value = '3' WHERE key = 'format'",
)


def age(conn: Any, blob: str) -> None:
    for statement in BACK:
        conn.execute(statement.format(bytes=blob))


class Once(Basket):
    """Takes the first letter, and puts off what comes after it."""

    def take(self, parcel: Parcel) -> Outcome:
        self.failing = "" if not self.letters else "@"
        return super().take(parcel)


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """One letter left, one waits in its final bytes."""
    with closing_store(outbox_desk(store_url)) as desk:
        issue(desk)
        send(desk, Once(code=450))
        assert sorted(states(desk).values()) == ["frozen", "sent"]
        yield desk


def old(desk: Desk) -> dict[str, tuple[Any, ...]]:
    """Make it a store of format 3; what it held of each letter."""
    held = {row.letter: (row.message_id, row.recipient, row.bytes) for row in envelopes(desk)}
    with desk.database.write() as conn:
        age(conn.connection.dbapi_connection, "BLOB" if desk.database.sqlite else "BYTEA")
    desk.close_store()
    return held


def url_of(desk: Desk) -> str:
    return desk.database.url.render_as_string(hide_password=False)


def test_a_store_of_format_3_keeps_every_frozen_byte_and_sends_it_once(desk: Desk) -> None:
    held = old(desk)
    with closing(Database(url_of(desk))) as before, pytest.raises(StoreOlder):
        before.check()
    assert ntm("migrate", url_of(desk)).code == 0
    assert {r.letter: (r.message_id, r.recipient, r.bytes) for r in envelopes(desk)} == held
    assert [row.token for row in envelopes(desk)] == [
        mime.token(row.message_id) for row in envelopes(desk)
    ]
    basket = Basket()
    (left,) = send(desk, basket).left
    assert basket.letters == [(left, held[left][2])]
    assert sorted(states(desk).values()) == ["sent", "sent"]
    assert len(facts(desk, "LetterSent")) == 2
    assert desk.rebuilt_equal()
    with desk.database.read() as conn:
        assert not migrations.columns(conn, "outbox") & {"bytes", "recipient", "message_id"}


def test_what_was_forgotten_in_a_store_of_format_3_stays_forgotten(desk: Desk) -> None:
    for unit in (NGOC, THANH):
        desk.record(lambda e, u=unit: contacts.forget(e, u, [f"{u}@example.com"], [], "thử"))  # type: ignore[misc]
    old(desk)
    assert ntm("migrate", url_of(desk)).code == 0
    assert {(row.recipient, row.bytes) for row in envelopes(desk)} == {(None, None)}
    assert sorted(states(desk).values()) == ["queued", "sent"]


def test_migrating_twice_changes_nothing_more(desk: Desk) -> None:
    old(desk)
    assert ntm("migrate", url_of(desk)).code == 0
    before = envelopes(desk)
    desk.close_store()
    assert ntm("migrate", url_of(desk)).code == 0
    assert envelopes(desk) == before


def test_a_backup_of_format_3_is_restored_with_its_letters(desk: Desk, tmp_path: Path) -> None:
    held = {row.letter: (row.message_id, row.recipient, row.bytes) for row in envelopes(desk)}
    path = back_up(desk, tmp_path / "sao lưu")
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        age(conn, "BLOB")
    said = copies._manifest(path, path.name, desk.clock.now(), "?")
    assert said.format == 3
    copies.manifest_of(path).write_bytes(msgspec.json.encode(said))
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        assert {r.letter: (r.message_id, r.recipient, r.bytes) for r in envelopes(again)} == held
        hold.release(again.office, drop=False)
        basket = Basket()
        (left,) = send(again, basket).left
        assert basket.letters == [(left, held[left][2])]
