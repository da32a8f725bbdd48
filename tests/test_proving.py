"""The journal proved: every change of a row is found, every fact has its proof."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise

import pytest
from notes import (
    REGISTRY,
    everything,
    note,
    record,
)

from ntm_workflow.store.engine import (
    Database,
    StoreDamaged,
    fetch,
)
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.merkle import (
    MissingNodes,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from ntm_workflow.store.recorder import HeadAstray
from ntm_workflow.store.verify import Fault

SIZE = 600


@pytest.fixture
def long(journal: Journal) -> Journal:
    """600 facts in entries of 100: two tiles and a rest."""
    for start in range(1, SIZE, 100):
        record(journal, *(note(n) for n in range(start, start + 100)))
    return journal


def test_an_untouched_journal_is_verified(long: Journal) -> None:
    with long.database.read() as conn:
        found = long.verify(conn)
        assert (found.ok, found.size, found.first_bad, found.reason) == (True, SIZE, None, "")
        assert found.root == root([long.leaf(conn, p) for p in range(1, SIZE + 1)])
        assert found.root == long.root_at(conn, SIZE)


def test_an_empty_journal_is_verified(journal: Journal) -> None:
    with journal.database.read() as conn:
        found = journal.verify(conn)
        assert (found.ok, found.size, found.root) == (True, 0, root([]))


EDITS = [
    ("state = CAST('x' AS {blob})", Fault.CHANGED),
    ("topic = 'NoteGrown'", Fault.CHANGED),
    ("recorded_at = '2020-01-01T00:00:00.000000Z'", Fault.CHANGED),
    ("entry = 1", Fault.CHANGED),
    ("originator_id = 'note/999'", Fault.CHANGED),
    ("originator_version = 2", Fault.CHANGED),
    ("leaf = CAST('x' AS {blob})", Fault.CHANGED),
]


@pytest.mark.parametrize("position", [1, 256, 257, 555, SIZE])
@pytest.mark.parametrize(("edit", "reason"), EDITS, ids=[e.split()[0] for e, _ in EDITS])
def test_an_edited_column_is_found_at_its_position(
    long: Journal, edit: str, reason: Fault, position: int
) -> None:
    if edit == "entry = 1" and position == 1:
        edit = "entry = 2"
    blob = "BLOB" if long.database.sqlite else "BYTEA"
    tamper(long, f"UPDATE events SET {edit.format(blob=blob)} WHERE position = {position}")
    assert faults(long) == (position, reason)


def tamper(journal: Journal, *statements: str) -> None:
    with journal.database.write() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def faults(journal: Journal) -> tuple[int | None, Fault]:
    with journal.database.read() as conn:
        found = journal.verify(conn)
    assert not found.ok
    return found.first_bad, found.reason


COPY = (
    "INSERT INTO events SELECT {to}, entry, originator_id, originator_version + 7, topic, state,"
    " recorded_at, leaf FROM events WHERE position = {of}"
)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM events WHERE position = 1"], (1, Fault.MISSING)),
        (["DELETE FROM events WHERE position = 300"], (300, Fault.MISSING)),
        (["DELETE FROM events WHERE position BETWEEN 250 AND 400"], (250, Fault.MISSING)),
        (["DELETE FROM events WHERE position = 600"], (600, Fault.CUT_OFF)),
        (["DELETE FROM events WHERE position > 512"], (513, Fault.CUT_OFF)),
        (["DELETE FROM events"], (1, Fault.CUT_OFF)),
        ([COPY.format(of=600, to=601)], (601, Fault.EXTRA)),
        ([COPY.format(of=600, to=777)], (777, Fault.EXTRA)),
        ([COPY.format(of=1, to=0)], (0, Fault.EXTRA)),
        ([COPY.format(of=1, to=-5)], (-5, Fault.EXTRA)),
        (
            [
                "UPDATE events SET position = 9999 WHERE position = 300",
                "UPDATE events SET position = 300 WHERE position = 400",
                "UPDATE events SET position = 400 WHERE position = 9999",
            ],
            (300, Fault.CHANGED),
        ),
        (
            # A row put between two others, the rest moved up, the head counting it.
            [
                "UPDATE events SET position = -position WHERE position > 300",
                "UPDATE events SET position = 1 - position WHERE position < 0",
                COPY.format(of=300, to=301),
                "UPDATE head SET position = 601",
            ],
            (301, Fault.CHANGED),
        ),
        (["UPDATE merkle_tiles SET hash = leaf FROM events WHERE idx = 1"], (257, Fault.TILE)),
        (["DELETE FROM merkle_tiles WHERE idx = 0"], (1, Fault.TILE)),
        (["UPDATE head SET entry = 1"], (None, Fault.HEAD)),
        (["UPDATE head SET recorded_at = '2031-01-01T00:00:00.000000Z'"], (None, Fault.HEAD)),
        (["UPDATE head SET position = 599"], (600, Fault.EXTRA)),
        (["UPDATE head SET position = 601"], (601, Fault.CUT_OFF)),
    ],
)
def test_rows_removed_inserted_moved_or_cut_off_are_found(
    long: Journal, statements: list[str], expected: tuple[int | None, Fault]
) -> None:
    tamper(long, *statements)
    assert faults(long) == expected


@pytest.mark.parametrize(
    ("position", "begins"), [(1, 1), (256, 1), (257, 257), (513, 513), (590, 577), (600, 593)]
)
def test_a_row_rewritten_with_its_leaf_is_found_in_its_range(
    long: Journal, position: int, begins: int
) -> None:
    # 600 = 256 + 256 + 64 + 16 + 8: the smallest full subtree around the row is named.
    with long.database.write() as conn:
        mark = "?" if long.database.sqlite else "%s"
        columns = "entry, originator_version, originator_id, topic, recorded_at"
        select = f"SELECT {columns} FROM events WHERE position = {mark}"
        ((entry, version, id, topic, recorded_at),) = fetch(conn, select, (position,))
        leaf = leaf_hash(position, entry, version, id, topic, recorded_at, b"{}")
        update = f"UPDATE events SET state = {mark}, leaf = {mark} WHERE position = {mark}"
        conn.exec_driver_sql(update, (b"{}", leaf, position))
    assert faults(long) == (begins, Fault.REWRITTEN)


def test_a_column_of_another_type_is_found(sqlite_url: str) -> None:
    # SQLite stores whatever it is given.
    with closing(Database(sqlite_url)) as database:
        database.create()
        journal = Journal(database, REGISTRY)
        record(journal, note(1), note(2), note(3))
        tamper(journal, "UPDATE events SET originator_version = 'one' WHERE position = 2")
        assert faults(journal) == (2, Fault.CHANGED)


def test_a_frontier_that_was_edited_is_found(long: Journal) -> None:
    tamper(long, "UPDATE head SET frontier = (SELECT hash FROM merkle_tiles WHERE idx = 0)")
    assert faults(long) == (None, Fault.HEAD)


def test_a_store_without_its_head_row_is_damaged(long: Journal) -> None:
    tamper(long, "DELETE FROM head")
    assert faults(long) == (None, Fault.HEAD)
    with pytest.raises(StoreDamaged):
        record(long, note(SIZE + 1))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE head SET entry = 5",
        "UPDATE head SET recorded_at = '2031-01-01T00:00:00.000000Z'",
        "UPDATE head SET position = 256, frontier = (SELECT hash FROM merkle_tiles WHERE idx = 0)",
        "DELETE FROM events WHERE position > 590",
        "DELETE FROM events",
    ],
)
def test_nothing_is_recorded_after_a_head_that_does_not_fit_the_last_row(
    long: Journal, sql: str
) -> None:
    tamper(long, sql)
    found = faults(long)
    with pytest.raises(HeadAstray):
        record(long, note(SIZE + 1))
    assert faults(long) == found


def test_a_tile_that_stands_there_before_its_facts_is_damage(long: Journal) -> None:
    leaf = "(SELECT leaf FROM events WHERE position = 1)"
    tamper(long, f"INSERT INTO merkle_tiles VALUES (8, 2, {leaf})")
    with pytest.raises(StoreDamaged):
        record(long, *(note(n) for n in range(SIZE + 1, 800)))
    assert len(everything(long)) == SIZE


def test_any_fact_is_proved_to_stand_in_the_journal(long: Journal) -> None:
    with long.database.read() as conn:
        for size in (1, 256, 300, SIZE):
            top = long.root_at(conn, size)
            for position in {1, size // 2 + 1, size}:
                proof = long.inclusion(conn, position, size)
                assert verify_inclusion(long.leaf(conn, position), position - 1, size, proof, top)


def test_the_journal_of_yesterday_is_proved_to_begin_that_of_today(long: Journal) -> None:
    with long.database.read() as conn:
        for old, new in pairwise((0, 1, 255, 256, 257, 512, SIZE)):
            before, after = long.root_at(conn, old), long.root_at(conn, new)
            proof = long.consistency(conn, old, new)
            assert verify_consistency(old, new, proof, before, after)


def test_there_is_no_leaf_and_no_root_past_the_end(long: Journal) -> None:
    with long.database.read() as conn:
        with pytest.raises(MissingNodes):
            long.leaf(conn, SIZE + 1)
        with pytest.raises(MissingNodes):
            long.root_at(conn, SIZE + 1)
