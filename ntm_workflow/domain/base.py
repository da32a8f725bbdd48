"""What every subject shares: events, facts and the one fold.

Knows no clock, no store and no screen: whoever calls hands in the day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import msgspec

from ntm_workflow.domain.refused import Refused as Refused

S = TypeVar("S")

#: The day of a subject whose beginning nobody has told us. Shown as unknown, never as a date.
BEGINNING = date(1, 1, 1)
#: The place in the day of what a closing found: after everything else that happened on it.
END_OF_DAY = 2**62


class NotBegun(Refused):
    vi = "Ngày {day} chưa có {subject} (bắt đầu: {began}).\nXem: ntm fact list --subject {subject:arg}"
    en = "On {day} {subject} did not exist yet (began: {began}).\nSee: ntm fact list --subject {subject:arg}"


class AlreadyBegun(Refused):
    vi = "{subject} đã có trong sổ.\nXem: ntm fact list --subject {subject:arg}"
    en = "{subject} is already in the journal.\nSee: ntm fact list --subject {subject:arg}"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened in the world on `effective_on`.

    `body` did it, `by` typed it (declared, not proved), `document` is the paper. `because` is the
    entry it was derived from; `replaces` the entry it corrects, whose place in the day (`place_of`)
    it keeps; `against` names the clauses it broke when it was reported as already done.
    A default here is for ever: it is what an old event without the field means.
    """

    effective_on: date
    by: str
    body: str | None = None
    document: str | None = None
    note: str | None = None
    because: int | None = None
    replaces: int | None = None
    place_of: int | None = None
    against: tuple[str, ...] = ()


class Opening(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The first event of a subject."""


class Fact(msgspec.Struct, frozen=True):
    """An event in its envelope: whose it is, and when we learnt it.

    `position` and `entry` count from 1 in commit order and are 0 until recorded; `recorded_at` is
    UTC. The first two names are the event-sourcing library's.
    """

    originator_id: str
    originator_version: int
    event: Event
    position: int = 0
    entry: int = 0
    recorded_at: datetime | None = None

    @property
    def subject(self) -> str:
        return self.originator_id

    @property
    def type(self) -> str:
        return type(self.event).__name__

    @property
    def order(self) -> tuple[date, int, int]:
        """Effective order: the day, then the place in the day, which a correction inherits."""
        return self.event.effective_on, self.event.place_of or self.entry, self.position


Evolve = Callable[[Any, Fact], Any]
Rule = Callable[[Any, Event], "Refused | None"]


@dataclass(frozen=True)
class Subject(Generic[S]):
    """A noun: its events, its rules (state and event in, refusal out) and its one fold.

    `opening` judges the first event, for which there is no state yet.
    """

    kind: str
    events: tuple[type[Event], ...]
    evolve: Evolve
    rule: Rule
    opening: Callable[[Any], Refused | None] = lambda event: None

    def objection(self, state: S | None, fact: Fact) -> Refused | None:
        """Why the rules do not allow `fact` on `state`; None when they do."""
        if isinstance(fact.event, Opening):
            return self.opening(fact.event) if state is None else AlreadyBegun(subject=fact.subject)
        if state is None:
            return NotBegun(subject=fact.subject, day=fact.event.effective_on, began="?")
        return self.rule(state, fact.event)


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """A fact, the state after it, and the facts so far that the rules would refuse today."""

    fact: Fact
    state: S | None
    conflicts: tuple[int, ...]


class Timeline(Generic[S]):
    """One subject's live facts in effective order, and the state after each.

    The only fold there is: status today, status on any day as known at any moment and a full
    rebuild all come from here. Folding never refuses; what the rules object to becomes a conflict.
    """

    __slots__ = ("id", "orders", "steps", "subject", "version")

    def __init__(
        self, id: str, subject: Subject[S], facts: Iterable[Fact] = (), version: int = 0
    ) -> None:
        self.id = id
        self.subject = subject
        self.version = version
        self.steps: list[Step[S]] = []
        self.orders: list[tuple[date, int, int]] = []
        for fact in sorted(facts, key=lambda fact: fact.order):
            self._append(fact)

    def add(self, fact: Fact) -> date:
        """Take in a fact; return the first day whose state may have changed."""
        self.version = max(self.version, fact.originator_version)
        index = bisect_right(self.orders, fact.order)
        later = [step.fact for step in self.steps[index:]]
        self._cut(index)
        for each in (fact, *later):
            self._append(each)
        return fact.event.effective_on

    def drop(self, entry: int) -> date | None:
        """Forget the facts of a voided entry; return the first day that may have changed."""
        index = next((i for i, step in enumerate(self.steps) if step.fact.entry == entry), None)
        if index is None:
            return None
        later = [step.fact for step in self.steps[index:]]
        self._cut(index)
        for fact in later:
            if fact.entry != entry:
                self._append(fact)
        return later[0].event.effective_on

    def step_at(self, day: date) -> Step[S] | None:
        """The last step on or before `day`: the state at the end of that day."""
        index = bisect_right(self.orders, day, key=lambda order: order[0])
        return self.steps[index - 1] if index else None

    def at(self, day: date) -> S | None:
        step = self.step_at(day)
        return step.state if step else None

    def objection_now(self, fact: Fact) -> Refused | None:
        """Why a fact told after others of later days no longer fits what is known by now."""
        late = fact.event.place_of is None and self.orders and self.orders[-1] > fact.order
        if not late or isinstance(fact.event, Opening) or self.now is None:
            return None
        return self.subject.objection(self.now, fact)

    def before(self, fact: Fact) -> S | None:
        """The state just before a fact's place in the effective order, where it may stand already."""
        index = bisect_left(self.orders, fact.order)
        return self.steps[index - 1].state if index else None

    @property
    def now(self) -> S | None:
        return self.steps[-1].state if self.steps else None

    @property
    def began(self) -> date | None:
        return next((s.fact.event.effective_on for s in self.steps if s.state is not None), None)

    @property
    def conflicts(self) -> tuple[int, ...]:
        return self.steps[-1].conflicts if self.steps else ()

    def objection(self, fact: Fact) -> Refused | None:
        """Why the rules do not allow `fact`: on the state at the end of its own day, or, where it
        takes the place of another, on the state before that place.
        """
        if isinstance(fact.event, Opening) and self.began:
            return AlreadyBegun(subject=fact.subject)
        placed = fact.event.place_of is not None
        state = self.before(fact) if placed else self.at(fact.event.effective_on)
        refusal = self.subject.objection(state, fact)
        if isinstance(refusal, NotBegun) and self.began:
            return NotBegun(**{**refusal.facts, "began": self.began})
        return refusal

    def _cut(self, index: int) -> None:
        del self.steps[index:], self.orders[index:]

    def _append(self, fact: Fact) -> None:
        last = self.steps[-1] if self.steps else None
        state, conflicts = (last.state, last.conflicts) if last else (None, ())
        objection = self.subject.objection(state, fact)
        if objection and not fact.event.against:
            conflicts = (*conflicts, fact.position)
        if (state is None) == isinstance(fact.event, Opening):
            state = self.subject.evolve(state, fact)
        self.steps.append(Step(fact, state, conflicts))
        self.orders.append(fact.order)
