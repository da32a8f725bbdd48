"""What a store holds stays readable: `stored_events.jsonl` has examples of every event ever stored.

The file is append only. A line was written by some version of the program and stands in some
office's journal like that: a new event or a new field adds a line, and no line is ever edited or
taken away. Where a line no longer reads, the class needs a default or an upcast, not the line.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.store.codec import FactMapper

FILE = Path(__file__).with_name("stored_events.jsonl")
MAPPER = FactMapper(EVENTS)


class Line(NamedTuple):
    number: int
    topic: str
    state: bytes

    @property
    def stored(self) -> StoredEvent:
        return StoredEvent("subject/1", 1, self.topic, self.state)

    @property
    def version(self) -> int:
        return json.loads(self.state).get("v", 1)

    @property
    def said(self) -> set[str]:
        """The names the state holds, without the mark of its version."""
        return set(json.loads(self.state)) - {"v"}


def lines() -> list[Line]:
    with FILE.open(encoding="utf-8") as file:
        parsed = [json.loads(text) for text in file]
    return [Line(n, line["topic"], line["state"].encode()) for n, line in enumerate(parsed, 1)]


LINES = lines()
EACH_LINE = pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.number}-{line.topic}")
EACH_EVENT = pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.__name__)


def required(event: type[Event]) -> set[str]:
    return {f.encode_name for f in msgspec.structs.fields(event) if f.required}


def bare(line: Line, event: type[Event]) -> bool:
    """Says only what it must; a paper besides, since some acts are refused without one."""
    return line.topic == event.__name__ and line.said - {"document"} <= required(event)


@EACH_LINE
def test_a_stored_event_is_read_as_its_class(line: Line) -> None:
    fact = MAPPER.to_domain_event(line.stored)
    assert type(fact.event) is EVENTS[line.topic]


@EACH_LINE
def test_a_stored_event_of_the_present_version_is_written_as_the_bytes_it_was_read_from(
    line: Line,
) -> None:
    fact = MAPPER.to_domain_event(line.stored)
    again = MAPPER.to_stored_event(fact)
    if line.version == getattr(EVENTS[line.topic], "VERSION", 1):
        assert (again.topic, again.state) == (line.topic, line.state)
    else:
        assert MAPPER.to_domain_event(again).event == fact.event


@EACH_LINE
def test_many_rows_at_once_read_the_same_as_one(line: Line) -> None:
    instant = "2024-07-01T02:00:00.000000Z"
    row = (7, 5, "subject/1", 1, line.topic, line.state, instant)
    assert MAPPER.facts([row])[0].event == MAPPER.to_domain_event(line.stored).event


@EACH_EVENT
def test_every_event_has_a_stored_example(event: type[Event]) -> None:
    assert any(line.topic == event.__name__ for line in LINES)


@EACH_EVENT
def test_every_field_of_an_event_stands_in_some_example(event: type[Event]) -> None:
    said = {name for line in LINES if line.topic == event.__name__ for name in line.said}
    missing = {f.encode_name for f in msgspec.structs.fields(event)} - said
    assert not missing, f"append a line for {event.__name__} that says {sorted(missing)}"


@EACH_EVENT
def test_every_event_has_an_example_that_says_only_what_it_must(event: type[Event]) -> None:
    assert any(bare(line, event) for line in LINES), "old events lack a new field: default it"


@EACH_LINE
def test_every_line_still_names_a_known_event(line: Line) -> None:
    assert line.topic in EVENTS, "an event that was ever stored is never taken away"


def test_no_example_stands_twice() -> None:
    assert len({(line.topic, line.state) for line in LINES}) == len(LINES)


def test_examples_hold_text_in_the_one_form_that_is_stored() -> None:
    assert unicodedata.is_normalized("NFC", FILE.read_text(encoding="utf-8"))
