"""Events of other versions of the program."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from eventsourcing.persistence import StoredEvent
from notes import (
    DAY,
    REGISTRY,
    NoteOpened,
    note,
    record,
)

from ntm_workflow.domain.base import Event, Fact, Opening
from ntm_workflow.store.codec import FactMapper, UnknownEvent, UnreadableEvent
from ntm_workflow.store.engine import (
    Database,
)
from ntm_workflow.store.journal import Journal


class Paid(Opening, frozen=True, kw_only=True, omit_defaults=True):
    VERSION: ClassVar[int] = 3
    amount: int
    source: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["amount"] = state.pop("million") * 10**6

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state.setdefault("source", "state")


PAID = FactMapper({"Paid": Paid})


def stored(state: bytes, topic: str = "Paid") -> StoredEvent:
    return StoredEvent("fund/1", 1, topic, state)


def paid(amount: int, source: str) -> Paid:
    return Paid(effective_on=DAY, by="an", amount=amount, source=source)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (b'{"effective_on":"2024-10-30","by":"an","million":5}', paid(5_000_000, "state")),
        (b'{"v":2,"effective_on":"2024-10-30","by":"an","amount":7}', paid(7, "state")),
        (
            b'{"v":3,"effective_on":"2024-10-30","by":"an","amount":7,"source":"credit"}',
            paid(7, "credit"),
        ),
    ],
)
def test_an_event_of_any_older_version_is_upcast(state: bytes, event: Paid) -> None:
    assert PAID.to_domain_event(stored(state)).event == event


def test_an_event_past_version_one_carries_its_version_first() -> None:
    written = PAID.to_stored_event(Fact("fund/1", 1, paid(7, "credit")))
    assert written.state.startswith(b'{"v":3,"effective_on"')
    assert PAID.to_domain_event(written).event == paid(7, "credit")


@pytest.mark.parametrize("registry", [{"Paid": Paid}, {"Paid": NoteOpened}])
def test_a_version_this_program_does_not_know_is_a_newer_program(
    registry: dict[str, type[Event]],
) -> None:
    newer = stored(b'{"v":4,"effective_on":"2024-10-30","by":"an","text":"x"}')
    with pytest.raises(UnknownEvent):
        FactMapper(registry).to_domain_event(newer)


def test_a_topic_this_program_does_not_know_is_a_newer_program(
    database: Database, journal: Journal
) -> None:
    record(journal, note(1))
    old = Journal(database, {})
    with pytest.raises(UnknownEvent) as refused, database.read() as conn:
        list(old.facts(conn))
    assert refused.value.facts == {"topic": "NoteOpened", "position": 1}


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b'{"v":"x"}', b'{"v":1}', b'{"by":1}'])
def test_a_state_that_cannot_be_read_is_refused(state: bytes) -> None:
    for mapper, topic in ((PAID, "Paid"), (FactMapper(REGISTRY), "NoteOpened")):
        with pytest.raises(UnreadableEvent, match="fund/1"):
            mapper.to_domain_event(stored(state, topic))


def test_an_event_class_without_its_upcast_is_not_accepted() -> None:
    class Half(Opening, frozen=True, kw_only=True):
        VERSION: ClassVar[int] = 2

    with pytest.raises(AttributeError, match="upcast_v1_v2"):
        FactMapper({"Half": Half})


def test_an_event_class_may_not_use_the_name_of_the_version() -> None:
    class Taken(Opening, frozen=True, kw_only=True):
        v: int

    with pytest.raises(TypeError, match="Taken"):
        FactMapper({"Taken": Taken})
