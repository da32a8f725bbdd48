"""Every way of changing the file of a store behind the program's back: the list, and how each is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ntm_workflow.projections.slices import METADATA
from ntm_workflow.store import keys, seal
from ntm_workflow.store.merkle import Frontier, leaf_hash
from ntm_workflow.store.seal import Seal

Damage = Callable[[sqlite3.Connection], object]
MIDDLE = 150


@dataclass(frozen=True)
class Manipulation:
    """What is done, what finds it (one after the other), what is said: a `Fault`, a refusal, or nothing.

    `at` is the first bad position; END counts from the end of the journal.
    """

    what: str
    damage: tuple[str, ...] | Damage
    said: str
    at: int | None = None
    found_by: str = "verify"

    def do(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA ignore_check_constraints = ON")
            if callable(self.damage):
                self.damage(conn)
            else:
                for statement in self.damage:
                    conn.execute(statement)
            conn.commit()


END = 1_000_000_000
SEALING = "verify, sealing"


def edit(table: str, column: str, value: str, where: str) -> tuple[str, ...]:
    return (f"UPDATE {table} SET {column} = {value} WHERE {where}",)


def of_event(column: str, value: str) -> tuple[str, ...]:
    return edit("events", column, value, f"position = {MIDDLE}")


COPY = (
    "INSERT INTO events SELECT {to}, entry, originator_id, originator_version + 700, topic, state,"
    " recorded_at, leaf FROM events WHERE position = {of}"
)
LAST = "(SELECT max(position) FROM events)"

EVENTS = [
    Manipulation("events.position moved past the end", of_event("position", "99999"), "missing", MIDDLE),
    Manipulation("events.entry edited", of_event("entry", "entry + 1"), "changed", MIDDLE),
    Manipulation("events.originator_id edited", of_event("originator_id", "'plan/x'"), "changed", MIDDLE),
    Manipulation("events.originator_version edited", of_event("originator_version", "7"), "changed", MIDDLE),
    Manipulation("events.topic edited", of_event("topic", "'EntryVoided'"), "changed", MIDDLE),
    Manipulation("events.state edited", of_event("state", "CAST('{}' AS BLOB)"), "changed", MIDDLE),
    Manipulation("events.recorded_at edited", of_event("recorded_at", "'2020-01-01T00:00:00.000000Z'"), "changed", MIDDLE),
    Manipulation("events.leaf edited", of_event("leaf", "zeroblob(32)"), "changed", MIDDLE),
    Manipulation("events.entry made a word", of_event("entry", "'một'"), "changed", MIDDLE),
    Manipulation("events.state made text", of_event("state", "CAST(state AS TEXT)"), "changed", MIDDLE),
    Manipulation("events.recorded_at made a number", of_event("recorded_at", "zeroblob(3)"), "changed", MIDDLE),
    Manipulation("events.topic made unreadable text", of_event("topic", "CAST(x'ff' AS TEXT)"), "changed", MIDDLE),
    Manipulation("events.originator_version made negative", of_event("originator_version", "-1"), "changed", MIDDLE),
    Manipulation("first row deleted", ("DELETE FROM events WHERE position = 1",), "missing", 1),
    Manipulation("a middle row deleted", (f"DELETE FROM events WHERE position = {MIDDLE}",), "missing", MIDDLE),
    Manipulation("last row deleted", (f"DELETE FROM events WHERE position = {LAST}",), "cut_off", END),
    Manipulation("all rows deleted", ("DELETE FROM events",), "cut_off", 1),
    Manipulation("a row inserted before the first", (COPY.format(to=0, of=5),), "extra", 0),
    Manipulation("a row inserted after the last", (COPY.format(to=f"{LAST} + 1", of=5),), "extra", END + 1),
    Manipulation(
        "a row inserted between two, the rest moved up",
        (
            f"UPDATE events SET position = -position WHERE position > {MIDDLE}",
            "UPDATE events SET position = 1 - position WHERE position < 0",
            COPY.format(to=MIDDLE + 1, of=5),
            "UPDATE head SET position = position + 1",
        ),
        "changed",
        MIDDLE + 1,
    ),
    Manipulation(
        "two rows swapped",
        (
            "UPDATE events SET position = -1 WHERE position = 20",
            f"UPDATE events SET position = 20 WHERE position = {MIDDLE}",
            f"UPDATE events SET position = {MIDDLE} WHERE position = -1",
        ),
        "changed",
        20,
    ),
    Manipulation("a row and its leaf rewritten", lambda conn: forge(conn, MIDDLE), "rewritten", 1),
]  # fmt: skip

HEAD = [
    Manipulation("head.position lowered", ("UPDATE head SET position = position - 1",), "extra", END),
    Manipulation("head.position raised", ("UPDATE head SET position = position + 1",), "cut_off", END + 1),
    Manipulation("head.position made a word", ("UPDATE head SET position = 'x'",), "head"),
    Manipulation("head.entry edited", ("UPDATE head SET entry = 1",), "head"),
    Manipulation("head.recorded_at edited", ("UPDATE head SET recorded_at = '2031-01-01T00:00:00.000000Z'",), "head"),
    Manipulation("head.recorded_at made unreadable text", ("UPDATE head SET recorded_at = CAST(x'ff' AS TEXT)",), "head"),
    Manipulation("head.frontier edited", ("UPDATE head SET frontier = zeroblob(length(frontier))",), "head", None, SEALING),
    Manipulation("head.frontier made text", ("UPDATE head SET frontier = 'x'",), "head"),
    Manipulation("head.id edited", ("UPDATE head SET id = 2",), "head"),
    Manipulation("head row deleted", ("DELETE FROM head",), "head"),
    Manipulation("a second head row inserted", ("INSERT INTO head SELECT 2, position, entry, recorded_at, frontier FROM head",), "head"),
    Manipulation(
        "last row deleted, head.position lowered",
        (f"DELETE FROM events WHERE position = {LAST}", "UPDATE head SET position = position - 1"),
        "rewritten",
        END - 1,
    ),
]  # fmt: skip

TILES = [
    Manipulation("merkle_tiles.hash edited", ("UPDATE merkle_tiles SET hash = zeroblob(32)",), "tile", 1, SEALING),
    Manipulation("merkle_tiles.level edited", ("UPDATE merkle_tiles SET level = 16",), "tile", 1, SEALING),
    Manipulation("merkle_tiles.idx edited", ("UPDATE merkle_tiles SET idx = 7 WHERE idx = 0",), "tile", 1, SEALING),
    Manipulation("merkle_tiles.idx made a word", ("UPDATE merkle_tiles SET idx = 'x' WHERE idx = 0",), "tile", 1, SEALING),
    Manipulation("merkle_tiles.hash made unreadable text", ("UPDATE merkle_tiles SET hash = CAST(x'ff' AS TEXT)",), "tile", 1, SEALING),
    Manipulation("a tile deleted", ("DELETE FROM merkle_tiles WHERE idx = 0",), "tile", 1, SEALING),
    Manipulation("all tiles deleted", ("DELETE FROM merkle_tiles",), "tile", 1, SEALING),
    Manipulation("a tile inserted", ("INSERT INTO merkle_tiles VALUES (8, 7, zeroblob(32))",), "tile", None, SEALING),
]  # fmt: skip

NEWEST = "size = (SELECT max(size) FROM seals)"
SEALS = [
    Manipulation("seals.size edited", edit("seals", "size", "3", NEWEST), "seal_forged"),
    Manipulation("seals.note edited", edit("seals", "note", "replace(note, '2024-', '2023-')", NEWEST), "seal_forged"),
    Manipulation("seals.note made something else", edit("seals", "note", "x'ff'", NEWEST), "seal_forged"),
    Manipulation("seals.note made unreadable text", edit("seals", "note", "CAST(x'ff' AS TEXT)", NEWEST), "seal_forged"),
    Manipulation("a seal by another key inserted", lambda conn: reseal(conn, 5, STRANGER), "seal_forged"),
    Manipulation("a seal deleted", ("DELETE FROM seals",), "", found_by="nothing"),
]  # fmt: skip


def of_meta(key: str, value: str) -> tuple[str, ...]:
    return edit("meta", "value", value, f"key = '{key}'")


META = [
    Manipulation("meta.format raised", of_meta("format", "'99'"), "StoreNewer", found_by="opening"),
    Manipulation("meta.format lowered", of_meta("format", "'1'"), "StoreOlder", found_by="opening"),
    Manipulation("meta.format made a word", of_meta("format", "'x'"), "NotAStore", found_by="opening"),
    Manipulation("meta.store_id edited", of_meta("store_id", "'0123456789abcdef0123456789abcdef'"), "meta"),
    Manipulation("meta.rehearsal edited", of_meta("rehearsal", "'no'"), "meta"),
    Manipulation("meta.seal_key edited", of_meta("seal_key", f"'{'7' * 64}'"), "seal_forged"),
    Manipulation("meta.seal_key made a word", of_meta("seal_key", "'x'"), "seal_forged"),
    Manipulation("meta.seal_key deleted", ("DELETE FROM meta WHERE key = 'seal_key'",), "seal_forged"),
    Manipulation("meta.store_id deleted", ("DELETE FROM meta WHERE key = 'store_id'",), "NotAStore", found_by="opening"),
    Manipulation("meta.key edited", edit("meta", "key", "'x'", "key = 'rehearsal'"), "NotAStore", found_by="opening"),
    Manipulation("meta.made_by edited", of_meta("made_by", "'9'"), "", found_by="nothing"),
    Manipulation("meta.tables edited", of_meta("tables", "'x'"), "TablesOutdated", found_by="rebuild --check"),
]  # fmt: skip

REWRITES = [
    Manipulation("a row, its leaf, the tiles and the head rewritten", lambda conn: consistent(conn), "seal", 1),
    Manipulation("the tail cut off, tiles and head rewritten", lambda conn: shortened(conn), "seal_ahead", END - 9),
    Manipulation("rewritten so, and the seals deleted", lambda conn: consistent(conn, "DELETE FROM seals"), "seal", 1, "seal kept outside"),
    Manipulation("cut off so, and the seals deleted", lambda conn: shortened(conn, "DELETE FROM seals"), "seal_ahead", END - 9, "seal kept outside"),
    Manipulation("rewritten so, and sealed anew by a key put into meta", lambda conn: taken_over(conn), "seal_forged", None, "seal kept outside"),
    Manipulation("rewritten so, and sealed anew by the store's stolen key", lambda conn: with_stolen_key(conn), "seal", 1, "seal kept outside"),
]  # fmt: skip

TABLES = [
    Manipulation("a row of any table of readings edited", ("UPDATE fund SET allocated = 1",), "≠", found_by="rebuild --check"),
    Manipulation("a row of any table of readings deleted", ("DELETE FROM facts WHERE position = 9",), "≠", found_by="rebuild --check"),
    Manipulation("a row of any table of readings inserted", lambda conn: one_more(conn), "≠", found_by="rebuild --check"),
    Manipulation("command_keys edited or deleted", ("UPDATE command_keys SET entry = 1",), "", found_by="nothing"),
    Manipulation("outbox edited or deleted", ("UPDATE outbox SET state = 'sent'",), "", found_by="nothing"),
    Manipulation("envelopes edited or deleted", ("DELETE FROM envelopes",), "", found_by="nothing"),
    Manipulation("attempts edited or deleted", ("DELETE FROM attempts",), "", found_by="nothing"),
    Manipulation("contacts edited or deleted", ("UPDATE contacts SET email = 'b@example.com'",), "", found_by="nothing"),
    Manipulation("people edited or deleted", ("DELETE FROM people",), "", found_by="nothing"),
    Manipulation("heartbeats edited or deleted", ("DELETE FROM heartbeats",), "", found_by="nothing"),
    Manipulation("clocks edited or deleted", ("DELETE FROM clocks",), "", found_by="nothing"),
]  # fmt: skip

ALL = [*EVENTS, *HEAD, *TILES, *SEALS, *META, *REWRITES, *TABLES]
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


# --- what someone does who knows how the journal is built

ROW = "position, entry, originator_version, originator_id, topic, recorded_at, state"


def one_more(conn: sqlite3.Connection) -> None:
    columns = [column.name for column in METADATA.tables["closing"].c if column.name != "id"]
    names = ", ".join(columns)
    conn.execute(
        f"INSERT INTO closing (id, {names}) SELECT 'closing/x', {names} FROM closing LIMIT 1"
    )


def forge(conn: sqlite3.Connection, position: int) -> None:
    """Other words in a row, and the leaf that goes with them."""
    select = f"SELECT {ROW} FROM events WHERE position = ?"
    row = conn.execute(select, (position,)).fetchone()
    state = row[-1].replace(b"test", b"Test")
    assert state != row[-1]
    update = "UPDATE events SET state = ?, leaf = ? WHERE position = ?"
    conn.execute(update, (state, leaf_hash(*row[:-1], state), position))


def regrow(conn: sqlite3.Connection) -> Frontier:
    """Tiles and head as they would be had the rows always been these."""
    tree = Frontier()
    tree.extend([row[0] for row in conn.execute("SELECT leaf FROM events ORDER BY position")])
    conn.execute("DELETE FROM merkle_tiles")
    conn.executemany("INSERT INTO merkle_tiles VALUES (?, ?, ?)", tree.tiles)
    last = conn.execute("SELECT entry, recorded_at FROM events ORDER BY position DESC").fetchone()
    update = "UPDATE head SET position = ?, entry = ?, recorded_at = ?, frontier = ?"
    conn.execute(update, (tree.size, *last, tree.dump()))
    return tree


def consistent(conn: sqlite3.Connection, *more: str) -> Frontier:
    forge(conn, MIDDLE)
    for statement in more:
        conn.execute(statement)
    return regrow(conn)


def shortened(conn: sqlite3.Connection, *more: str) -> None:
    conn.execute(f"DELETE FROM events WHERE position > {LAST} - 10")
    for statement in more:
        conn.execute(statement)
    regrow(conn)


def reseal(conn: sqlite3.Connection, size: int, key: Ed25519PrivateKey) -> None:
    """A seal over the rows as they are now, in the name of this store."""
    tree = Frontier()
    leaves = conn.execute("SELECT leaf FROM events WHERE position <= ? ORDER BY position", (size,))
    tree.extend([row[0] for row in leaves])
    meta = dict(conn.execute("SELECT key, value FROM meta"))
    at = "2024-10-15T02:00:00.000000Z"
    unsigned = Seal(
        store_id=meta["store_id"], size=size, root=tree.root(), sealed_at=at, rehearsal=True
    )
    conn.execute("INSERT INTO seals VALUES (?, ?)", (size, seal.sign(unsigned, key).note))


def taken_over(conn: sqlite3.Connection) -> None:
    tree = consistent(conn, "DELETE FROM seals")
    public = STRANGER.public_key().public_bytes_raw().hex()
    conn.execute("UPDATE meta SET value = ? WHERE key = 'seal_key'", (public,))
    reseal(conn, tree.size, STRANGER)


def with_stolen_key(conn: sqlite3.Connection) -> None:
    tree = consistent(conn, "DELETE FROM seals")
    ((_, _, path),) = conn.execute("PRAGMA database_list").fetchall()
    reseal(conn, tree.size, keys.load(Path(path + ".key")))
