"""Building the tables again while others read and write, subject by subject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from offices import Desk, adopted, closing_store

from ntm_workflow.projections import VIEWS, replay
from ntm_workflow.projections.replay import batches
from ntm_workflow.projections.slices import METADATA
from ntm_workflow.store.engine import StoreLocked
from ntm_workflow.store.streams import Streams


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """A store with something voided, something corrected and a day closed."""
    with closing_store(adopted(store_url, "tam-ky-2024", day="05/01/2024")) as desk:
        desk.allocate("cầu", 1_000_000, on="3/1/2024")
        paid = desk.go("10/01/2024").disburse("cầu", 500, "6/1/2024")
        gone = desk.disburse("cầu", 70, "8/1/2024")
        desk.close("9/1/2024")
        desk.correct(paid.entry, amount="400")
        desk.void(gone.entry)
        yield desk.go("05/11/2024")


def run(desk: Desk, *statements: str) -> None:
    with desk.database.write() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def copied(table: str, **other: str) -> str:
    """One more row like one that is there, but for some columns."""
    columns = METADATA.tables[table].c.keys()
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(other.get(column, f'"{column}"') for column in columns)
    return f'INSERT INTO "{table}" ({quoted}) SELECT {values} FROM "{table}" LIMIT 1'


#: What somebody did to the tables of readings; the fact at position 9 is of a place.
DAMAGES: dict[str, tuple[str, ...]] = {
    "a value edited": ("UPDATE fund SET allocated = 1",),
    "rows deleted": ("DELETE FROM obligation WHERE id > 'obligation/D1'",),
    "a table emptied": ("DELETE FROM facts",),
    "every table emptied": tuple(f"DELETE FROM {name}" for name in [*VIEWS, "facts"]),
    "a row of nobody before all others": (copied("fund", id="''"),),
    "a row of nobody between others": (copied("fund", id="'fund/x'"),),
    "a row of nobody after all others": (copied("closing", id="'zzz/\U0010ffff'"),),
    "a row in another noun's table": (copied("fund", id="'closing/2024-01-31'"),),
    "a fact under another subject": (
        "UPDATE facts SET subject = 'zzz' WHERE position = 9",
        "UPDATE facts SET subject = 'a' WHERE position = 10",
    ),
    "a fact nobody recorded": (copied("facts", position="999999"),),
    "a void forgotten": ("UPDATE facts SET voided_by = NULL",),
    "a slice known for ever": ("UPDATE fund SET known_to = 4611686018427387904",),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_whatever_was_done_to_the_tables_is_undone(
    desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "BATCH", 40)
    before = desk.office.rebuild(check_only=True)
    run(desk, *DAMAGES[how])
    assert not desk.rebuilt_equal()
    built = desk.office.rebuild(check_only=False)
    assert (built.digest, built.events) == (before.digest, before.events)
    assert desk.rebuilt_equal()


@pytest.fixture
def colleague(store_url: str) -> Iterator[Desk]:
    """Somebody else at the same store, who does not wait."""
    with closing_store(Desk(store_url)) as other:
        other.database.busy_timeout = 0.2
        yield other


def test_tables_that_are_right_are_found_so_while_somebody_writes(
    desk: Desk, colleague: Desk
) -> None:
    with desk.office.writing():
        before = colleague.office.rebuild(check_only=True).digest
        assert colleague.office.rebuild(check_only=False).digest == before


def test_others_write_between_any_two_batches_and_the_tables_tell_of_it(
    desk: Desk, colleague: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written meanwhile is of subjects that were built already, and of ones yet to come."""
    page, written, waited = Streams.page, [0], []

    def interrupted(self: Streams, first: str, stop: str | None, facts: int) -> Any:
        number = len(written)
        try:
            colleague.allocate(f"đường {number}", 1000)
        except StoreLocked:
            # A batch that differs is built again under the lock, so as to miss nothing.
            waited.append(first)
        else:
            paid = colleague.disburse("cầu", number, "17/05/2024").entry
            if number % 3 == 0:
                colleague.void(written[-1])
            written.append(paid)
        return page(self, first, stop, facts)

    monkeypatch.setattr(replay, "BATCH", 50)
    run(desk, "DELETE FROM facts WHERE position > 50", "UPDATE fund SET allocated = 1")
    with desk.database.read() as conn:
        ranges = len(list(batches(desk.office.journal.streams(conn))))
    monkeypatch.setattr(Streams, "page", interrupted)
    desk.office.rebuild(check_only=False)
    monkeypatch.undo()
    assert ranges > 5
    assert len(written) - 1 == ranges
    assert waited
    assert desk.rebuilt_equal()


@pytest.mark.parametrize("facts", [1, 7, 400, 5000])
def test_a_batch_has_whole_subjects_and_all_batches_every_fact(desk: Desk, facts: int) -> None:
    with desk.database.read() as conn:
        streams, first, seen = desk.office.journal.streams(conn), "", []
        while first is not None:
            some, following = streams.page(first, None, facts)
            seen += some
            assert sum(map(len, some)) < max(facts, 2 * max(map(len, some)) + 1)
            first = following
        ids = [stream[0].subject for stream in seen]
        assert ids == sorted(set(ids), key=str.encode)
        told = sorted((fact for stream in seen for fact in stream), key=lambda f: f.position)
        assert told == list(desk.office.journal.facts(conn))


def test_tables_of_a_journal_without_facts_are_built(store_url: str) -> None:
    with closing_store(Desk(store_url).init()) as desk:
        assert desk.office.rebuild(check_only=False).events == 0
        assert desk.rebuilt_equal()
