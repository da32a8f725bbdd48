"""The event library's own test cases for recorders, run against ours on both databases."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder, NotSupportedError, StoredEvent, Tracking

from ntm_workflow.store.engine import Database
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.recorder import JournalRecorder

# The library's module also holds its cases for encryption, which need a cryptography package we
# have no other use for. Its cipher is hidden while the module is imported; no case here uses it.
with pytest.MonkeyPatch.context() as patch:
    cipher = ModuleType("eventsourcing.cipher")
    cipher.AESCipher = None  # type: ignore[attr-defined]
    patch.setitem(sys.modules, cipher.__name__, cipher)
    from eventsourcing.tests import persistence as library


def library_recorder(database: Database) -> JournalRecorder:
    """Ours with the two liberties the library's cases take: no `now`, and streams from 0."""
    return JournalRecorder(
        database,
        clock=lambda: datetime.now(UTC),
        first_versions=frozenset({0, 1}),
        poll_seconds=0.01,
    )


class StreamsOnly(AggregateRecorder):
    """What the library expects of a recorder that keeps streams and no order between them.

    The journal always has an order: it returns positions and gives events back with theirs. This
    hides both, so that the rest of the case applies unchanged.
    """

    def __init__(self, journal: JournalRecorder) -> None:
        self.journal = journal

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        self.journal.insert_events(stored_events, **kwargs)

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> list[StoredEvent]:
        return [
            StoredEvent(e.originator_id, e.originator_version, e.topic, e.state)
            for e in self.journal.select_events(originator_id, **kwargs)
        ]


class OnDatabase(unittest.TestCase):
    """A case of the library that is handed its store; our ids are text, not UUIDs."""

    database: Database

    def create_recorder(self) -> Any:
        return library_recorder(self.database)

    def new_originator_id(self) -> str:
        return uuid4().hex


class Streams(OnDatabase, library.AggregateRecorderTestCase):
    __test__ = False

    def create_recorder(self) -> StreamsOnly:
        return StreamsOnly(library_recorder(self.database))


class Order(OnDatabase, library.ApplicationRecorderTestCase[JournalRecorder]):
    __test__ = False


class NotInterleaving(OnDatabase, library.NonInterleavingNotificationIDsBaseCase):
    __test__ = False


def names(case: type[unittest.TestCase]) -> list[str]:
    """Its tests, and those the library leaves to recorders that can do more."""
    return sorted(n for n in dir(case) if n.startswith(("test", "optional_test")))


CASES = [
    pytest.param(case, name, id=f"{case.__name__}-{name}")
    for case in (Streams, Order, NotInterleaving)
    for name in names(case)
]


def test_every_case_of_the_library_is_found() -> None:
    assert [param.id for param in CASES] == [
        "Streams-test_insert_and_select",
        "Streams-test_performance",
        "Order-optional_test_insert_subscribe",
        "Order-test_concurrent_no_conflicts",
        "Order-test_concurrent_throughput",
        "Order-test_insert_select",
        "Order-test_performance",
        "NotInterleaving-test",
    ]


@pytest.mark.parametrize(("case", "name"), CASES)
def test_the_recorder_is_what_the_library_expects(
    case: type[OnDatabase], name: str, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    running = case(name)
    running.database = database
    running.debug()
    capsys.readouterr()  # the library prints its timings
    with database.read() as conn:
        assert Journal(database, {}).verify(conn).ok


# The library's cases for tracking and process recorders do not apply: rows are written in the
# transaction of their facts, so there is nothing to track, and asking for it must not pass
# unnoticed.


def test_tracking_is_refused_and_not_dropped(database: Database) -> None:
    recorder = library_recorder(database)
    event = StoredEvent("note/1", 1, "Noted", b"{}")
    with pytest.raises(NotSupportedError):
        recorder.insert_events([event], tracking=Tracking("upstream", 1))
    assert recorder.max_notification_id() is None


def test_the_factory_makes_the_recorder_and_refuses_what_is_not_kept(database: Database) -> None:
    factory = Journal(database, {}).factory
    assert isinstance(factory.application_recorder(), JournalRecorder)
    assert isinstance(factory.aggregate_recorder(), JournalRecorder)
    for refused in (
        factory.tracking_recorder,
        factory.process_recorder,
        lambda: factory.aggregate_recorder(purpose="snapshots"),
    ):
        with pytest.raises(NotSupportedError):
            refused()
