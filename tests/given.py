"""The sentence every rule is tested in: given these facts, when this one, then a state or a refusal.

Knows the subjects and their one fold; no store, no office, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

import msgspec

from ntm_workflow.domain.base import Event, Fact, Refused, Timeline
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.subjects import subject_of

E = TypeVar("E", bound=Event)

Day = date | str


def on(day: Day) -> date:
    """A day as tests write it: 30/06/2024, or a date."""
    return day if isinstance(day, date) else read_date(day)


def event(kind: type[E], day: Day, /, **said: Any) -> E:
    """An event of `kind` on `day`; whatever it holds as a date may be said as dd/mm/yyyy."""
    dates = {f.name for f in msgspec.structs.fields(kind) if f.type in (date, date | None)}
    read: dict[str, Any] = {"by": "van-thu", **said}
    read |= {name: on(read[name]) for name in dates & set(read) if read[name]}
    return kind(effective_on=on(day), **read)


def recorded(id: str, events: Iterable[Event], first: int = 1) -> list[Fact]:
    """The facts as the journal numbers them, each event an entry of its own."""
    return [Fact(id, n, event, n, n) for n, event in enumerate(events, first)]


class Journal:
    """What has been recorded about one subject, in recording order: event n is entry #n."""

    def __init__(self, id: str, *events: Event) -> None:
        self.timeline: Timeline[Any] = Timeline(id, subject_of(id))
        for fact in recorded(id, events):
            self.timeline.add(fact)

    def refusal(self, event: Event) -> Refused | None:
        """What the rules say to `event`, which is not recorded."""
        return self.timeline.objection(self._fact(event))

    def when(self, event: Event) -> Any:
        """Record `event`: the state after all facts, or the class that refused it."""
        refused = self.refusal(event)
        return type(refused) if refused else self.kept(event).now

    def kept(self, event: Event) -> Journal:
        """Record `event` whatever the rules say, as a fact that stands in the journal already."""
        self.timeline.add(self._fact(event))
        return self

    def voided(self, entry: int) -> Journal:
        self.timeline.drop(entry)
        return self

    @property
    def now(self) -> Any:
        return self.timeline.now

    def at(self, day: Day) -> Any:
        """The state at the end of `day`."""
        return self.timeline.at(on(day))

    @property
    def states(self) -> list[Any]:
        """The state after each fact, in effective order."""
        return [step.state for step in self.timeline.steps]

    @property
    def conflicts(self) -> list[int]:
        """The entries the rules would refuse today."""
        return list(self.timeline.conflicts)

    def _fact(self, event: Event) -> Fact:
        return recorded(self.timeline.id, [event], self.timeline.version + 1)[0]


def given(id: str, *events: Event) -> Journal:
    """These facts are recorded already, whatever the rules say of them."""
    return Journal(id, *events)
