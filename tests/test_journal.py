"""The journal on both databases: what is recorded and read back."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from notes import (
    DAY,
    NOON,
    NOTE,
    REGISTRY,
    everything,
    note,
    record,
    timeline,
    void,
)

from ntm_workflow.domain.base import Fact, Opening, Refused
from ntm_workflow.store.codec import instant, stamp
from ntm_workflow.store.engine import (
    Database,
    StoreReadOnly,
    fetch,
)
from ntm_workflow.store.journal import Journal

# --- recording and reading back


def test_facts_come_back_as_they_were_recorded(journal: Journal) -> None:
    returned = record(journal, note(1), note(1, 2, "hai"), note(2, text="đường thôn Bản Nghè"))
    assert everything(journal) == returned
    assert [(f.position, f.entry, f.recorded_at) for f in returned] == [
        (1, 1, NOON),
        (2, 1, NOON),
        (3, 1, NOON),
    ]


def test_an_entry_is_numbered_by_its_first_position(journal: Journal) -> None:
    record(journal, note(1), note(2))
    assert [f.entry for f in record(journal, note(3), note(4))] == [3, 3]


def test_one_transaction_may_record_several_entries_or_go_on_with_the_last(
    journal: Journal,
) -> None:
    with journal.database.write() as conn:
        assert journal.lock_head(conn).next_entry == 1
        journal.append(conn, [note(1), note(2)], NOON)
        journal.append(conn, [note(3)], NOON)
        journal.append(conn, [note(4)], NOON, entry=3)
    assert [(f.position, f.entry) for f in everything(journal)] == [(1, 1), (2, 1), (3, 3), (4, 3)]


@pytest.mark.parametrize("entry", [1, 4, 99])
def test_an_entry_that_is_over_or_not_begun_cannot_be_gone_on_with(
    journal: Journal, entry: int
) -> None:
    record(journal, note(1))
    record(journal, note(2))
    with pytest.raises(IntegrityError), journal.database.write() as conn:
        journal.append(conn, [note(3)], NOON, entry=entry)
    assert len(everything(journal)) == 2


def test_recording_nothing_moves_nothing(journal: Journal) -> None:
    assert record(journal) == []
    with journal.database.read() as conn:
        assert journal.head(conn) == (0, 0, None, b"")


def test_an_event_outside_the_registry_is_not_recorded(journal: Journal) -> None:
    class Stray(Opening, frozen=True, kw_only=True):
        pass

    with pytest.raises(TypeError, match="Stray"):
        record(journal, Fact("stray/1", 1, Stray(effective_on=DAY, by="an")))
    assert everything(journal) == []


def test_pages_of_any_size_give_the_whole_journal_in_order(journal: Journal) -> None:
    record(journal, *(note(n) for n in range(1, 24)))
    with journal.database.read() as conn:
        for page in (1, 7, 23, 5000):
            assert [f.position for f in journal.facts(conn, page=page)] == list(range(1, 24))
        assert [f.position for f in journal.facts(conn, after=5, until=9, page=2)] == [6, 7, 8, 9]


def test_an_entry_is_found_by_any_of_its_positions(journal: Journal) -> None:
    record(journal, note(1))
    entry = record(journal, note(2), note(3))
    with journal.database.read() as conn:
        assert journal.entry(conn, 2) == journal.entry(conn, 3) == entry
        assert journal.entry(conn, 4) == []


def test_the_position_at_an_instant_is_the_last_recorded_by_then(journal: Journal) -> None:
    for hours in (0, 1, 1, 5):
        record(journal, note(len(everything(journal)) + 1), now=NOON + timedelta(hours=hours))
    tick = timedelta(microseconds=1)
    with journal.database.read() as conn:
        at = [
            journal.position_at(conn, NOON + when)
            for when in (-tick, timedelta(), timedelta(hours=1) - tick, timedelta(hours=1))
        ]
        assert at == [0, 1, 1, 3]
        assert journal.position_at(conn, NOON + timedelta(days=9)) == 4


def test_a_batch_of_thousands_of_streams_is_recorded_and_loaded(journal: Journal) -> None:
    record(journal, *(note(n) for n in range(2500)))
    record(journal, *(note(n, 2, "hai") for n in range(2500)))
    with journal.database.read() as conn:
        ids = [f"note/{n}" for n in (3, 2499, 9999, *range(1200))]
        found = journal.timelines(conn, ids, {"note": NOTE})
    assert list(found) == list(dict.fromkeys(ids))
    assert (found["note/2499"].now, found["note/2499"].version) == ("một hai", 2)
    assert (found["note/9999"].now, found["note/9999"].version) == (None, 0)


# --- timelines and voided entries


def test_a_timeline_is_folded_in_effective_order(journal: Journal) -> None:
    record(journal, note(1), note(1, 2, "ba", DAY + timedelta(days=2)))
    record(journal, note(1, 3, "hai", DAY + timedelta(days=1)))
    found = timeline(journal, "note/1")
    assert (found.now, found.at(DAY), found.version) == ("một hai ba", "một", 3)


def test_a_subject_without_facts_has_an_empty_timeline(journal: Journal) -> None:
    found = timeline(journal, "note/1")
    assert (found.now, found.version, found.steps) == (None, 0, [])


def test_a_timeline_sees_what_its_own_transaction_has_just_recorded(journal: Journal) -> None:
    with suppress(ZeroDivisionError), journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        assert journal.timeline(conn, "note/1", NOTE).now == "một"
        raise ZeroDivisionError
    assert timeline(journal, "note/1").now is None


def test_a_voided_entry_leaves_the_timeline_but_its_versions_stay_taken(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(1, 2, "nhầm"), note(2))
    record(journal, void(2))
    one, two = timeline(journal, "note/1"), timeline(journal, "note/2")
    assert (one.now, one.version, two.now, two.version) == ("một", 2, None, 1)
    with journal.database.read() as conn:
        both = journal.timelines(conn, ["note/1", "note/2"], {"note": NOTE})
        assert [(t.now, t.version) for t in both.values()] == [("một", 2), (None, 1)]
    record(journal, note(1, 3, "hai"))
    assert timeline(journal, "note/1").now == "một hai"


def test_the_entry_that_voided_another_is_found_by_any_position(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(2), note(3))
    record(journal, void(2), note(4))
    with journal.database.read() as conn:
        assert [journal.voided_by(conn, n) for n in (1, 2, 3, 4, 99)] == [None, 4, 4, None, None]


def test_live_only_leaves_voided_facts_out_of_a_stream(journal: Journal) -> None:
    record(journal, note(1))
    record(journal, note(1, 2))
    record(journal, void(1))
    versions = {
        live: [
            e.originator_version for e in journal.recorder.select_events("note/1", live_only=live)
        ]
        for live in (False, True)
    }
    assert versions == {False: [1, 2], True: [2]}


def test_reading_is_one_snapshot_whatever_is_recorded_meanwhile(journal: Journal) -> None:
    record(journal, note(1))
    with journal.database.read() as conn:
        assert journal.head(conn).position == 1
        record(journal, note(2))
        assert (journal.head(conn).position, len(list(journal.facts(conn)))) == (1, 1)
    assert len(everything(journal)) == 2


def test_writing_in_a_reading_transaction_is_refused(journal: Journal) -> None:
    with pytest.raises(StoreReadOnly), journal.database.read() as conn:
        conn.exec_driver_sql("UPDATE head SET position = 9")
    record(journal, note(1))
    assert len(everything(journal)) == 1


# --- versions, failures, clocks


@pytest.mark.parametrize(
    "versions", [(3,), (1,), (0,), (2, 4), (2, 2), (3, 2)], ids=lambda v: "-".join(map(str, v))
)
def test_a_version_that_does_not_follow_is_refused(
    journal: Journal, versions: tuple[int, ...]
) -> None:
    record(journal, note(1))
    with pytest.raises(IntegrityError, match="does not follow"):
        record(journal, note(7), *(note(1, version) for version in versions))
    assert len(everything(journal)) == 1


@pytest.mark.parametrize("version", [0, 2])
def test_a_stream_begins_with_version_one(journal: Journal, version: int) -> None:
    with pytest.raises(IntegrityError):
        record(journal, note(1, version))


def test_a_failed_append_leaves_nothing_and_the_next_works_on_fresh_state(
    journal: Journal,
) -> None:
    record(journal, note(1))
    with pytest.raises(IntegrityError):
        record(journal, note(2), note(1))
    assert timeline(journal, "note/2").version == 0
    fresh = timeline(journal, "note/1").version + 1
    (again,) = record(journal, note(1, fresh, "hai"))
    assert (again.position, again.entry) == (2, 2)
    with journal.database.read() as conn:
        assert journal.verify(conn).ok


def test_what_a_transaction_raised_after_recording_is_not_recorded(journal: Journal) -> None:
    with suppress(Refused), journal.database.write() as conn:
        journal.append(conn, [note(1)], NOON)
        raise Refused
    assert everything(journal) == []
    assert record(journal, note(1))[0].position == 1


def test_a_head_that_has_moved_since_is_refused(journal: Journal) -> None:
    with journal.database.read() as conn:
        stale = journal.head(conn)
    record(journal, note(1))
    event = StoredEvent("note/2", 1, "NoteOpened", b"{}")
    with pytest.raises(IntegrityError):
        journal.recorder.insert_events([event], now=NOON, head=stale)
    assert len(everything(journal)) == 1


def test_time_in_the_journal_never_goes_back_when_the_clock_does(journal: Journal) -> None:
    later = NOON + timedelta(days=400)
    clock = [NOON, later, NOON, NOON + timedelta(days=500)]
    returned = [record(journal, note(n), now=now)[0] for n, now in enumerate(clock, 1)]
    stored = [fact.recorded_at for fact in everything(journal)]
    assert stored == [NOON, later, later, clock[3]] == [fact.recorded_at for fact in returned]


def test_an_instant_is_stored_as_utc_of_one_width(journal: Journal) -> None:
    hanoi = timezone(timedelta(hours=7))
    (fact,) = record(journal, note(1), now=datetime(2024, 10, 30, 6, 0, tzinfo=hanoi))
    assert fact.recorded_at == datetime(2024, 10, 29, 23, 0, tzinfo=UTC)
    assert fact.recorded_at.tzinfo is UTC
    with journal.database.read() as conn:
        assert fetch(conn, "SELECT recorded_at FROM events") == [("2024-10-29T23:00:00.000000Z",)]


def test_an_instant_without_a_zone_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="time zone"):
        record(journal, note(1), now=NOON.replace(tzinfo=None))


def test_a_stamp_reads_back_as_the_same_instant() -> None:
    assert instant(stamp(NOON)) == NOON
    assert stamp(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"


def test_nothing_below_the_edges_reads_a_clock(journal: Journal) -> None:
    with pytest.raises(TypeError, match="now"):
        journal.recorder.insert_events([StoredEvent("note/1", 1, "NoteOpened", b"{}")])


def test_stray_variables_of_the_environment_do_not_change_the_journal(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "COMPRESSOR_TOPIC": "zlib",
        "IS_SNAPSHOTTING_ENABLED": "y",
        "AGGREGATE_CACHE_MAXSIZE": "10",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "JOURNAL_MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
    }.items():
        monkeypatch.setenv(name, value)
    journal = Journal(database, REGISTRY)
    record(journal, note(1))
    with database.read() as conn:
        ((state,),) = fetch(conn, "SELECT state FROM events")
    assert msgspec.json.decode(state) == {"effective_on": "2024-10-30", "by": "an", "text": "một"}
