"""One command being recorded: everything it touches is locked, and lands together or not at all.

Load, decide, append is written here once. Knows the journal and the tables; no verb, no screen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.base import AlreadyBegun, Event, Fact, NotBegun, Refused, Timeline
from ntm_workflow.domain.subjects import SUBJECTS, subject_of
from ntm_workflow.office.presence import must_be_there
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.rebuild import Projector, note
from ntm_workflow.projections.succession import Succession
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.recorder import Head

#: Kinds whose facts may lie ahead: they are announced before they take effect.
ANNOUNCED = frozenset({"place", "unit", "plan"})
#: Facts of other kinds whose paper may be in force from a later day.
SIGNED_AHEAD = frozenset({"ObligationExtended"})
#: The first fact of an entry that tells what a plan says.
PLAN_TOLD = frozenset({"PlanAdopted", "PlanAmended"})


class NoSuchEntry(Refused):
    exit_code = 3
    vi = "Sổ không có lần ghi #{entry} (mới đến #{last}).\nXem: ntm fact list"
    en = "The journal has no entry #{entry} (it ends at #{last}).\nSee: ntm fact list"


class FutureDay(Refused):
    exit_code = 2
    vi = "Ngày {day} chưa đến (hôm nay {today}); việc chưa xảy ra thì chưa ghi.\nKiểm tra lại --on."
    en = "{day} has not come yet (today is {today}); what has not happened is not recorded.\nCheck --on."


class Repeated(Refused):
    vi = (
        "Việc này đã được ghi ở lần ghi #{entry}; không ghi hai lần.\n"
        "Nếu là việc khác giống hệt, thêm --key hoặc --document riêng."
    )
    en = (
        "This is already recorded as entry #{entry}; it is not recorded twice.\n"
        "If it is another, identical act, give it a --key or --document of its own."
    )


class PaperMissing(Refused):
    exit_code = 2
    vi = "Việc đã làm trái quy tắc phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "An act reported against a rule needs its paper.\nAdd --document “number, date, issuer”."


class Named(NamedTuple):
    """A text that names something of a kind: another name of the same thing says the same."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person said around the verb. `words` is the verb itself, for the command key.

    `line` is the command line as it could be run again. `approves` is the proposal that is being
    run again, and `today` the day it was typed, from which its days are counted.
    """

    by: str
    on: date | None = None
    body: str | None = None
    document: str | None = None
    note: str | None = None
    key: str | None = None
    dry_run: bool = False
    if_position: int | None = None
    already_done: bool = False
    words: tuple[Any, ...] = ()
    line: tuple[str, ...] = ()
    approves: int | None = None
    today: date | None = None


#: Consequences inside the same entry: what an event sets off in other subjects.
Reaction = Callable[["Entry", Fact], None]


def chained(*tables: Mapping[str, Reaction]) -> dict[str, Reaction]:
    """The reactions of several nouns as one table; those to the same event run in their order."""
    found: dict[str, list[Reaction]] = {}
    for table in tables:
        for event, reaction in table.items():
            found.setdefault(event, []).append(reaction)
    return {event: _in_turn(reactions) for event, reactions in found.items()}


def _in_turn(reactions: Sequence[Reaction]) -> Reaction:
    def react(entry: Entry, fact: Fact) -> None:
        for reaction in reactions:
            reaction(entry, fact)

    return react


@dataclass
class Entry:
    """The facts of one command while its transaction is open. `number` is its citation, `#number`."""

    conn: sa.Connection
    journal: Journal
    number: int
    now: datetime
    today: date
    request: Request
    reactions: dict[str, Reaction] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    timelines: dict[str, Timeline[Any]] = field(default_factory=dict)
    changed: dict[str, date] = field(default_factory=dict)
    successions: list[Succession] = field(default_factory=list)
    #: What follows from an earlier entry and so is recorded in an entry of its own, right after.
    later: list[Callable[[Entry], object]] = field(default_factory=list)
    #: Conflicts each subject had before this entry voided anything.
    before: dict[str, frozenset[int]] = field(default_factory=dict)
    #: Whoever tells the facts has counted what was told before: a twin is an act of its own.
    twins_counted: bool = False

    def timeline(self, id: str) -> Timeline[Any]:
        """The live facts of a subject, including what this entry has recorded so far."""
        if id not in self.timelines:
            self.timelines[id] = self.journal.timeline(self.conn, id, subject_of(id))
        return self.timelines[id]

    def load(self, ids: list[str]) -> None:
        """Load many subjects in few queries; `timeline` then finds them here."""
        missing = [id for id in dict.fromkeys(ids) if id not in self.timelines]
        self.timelines |= self.journal.timelines(self.conn, missing, SUBJECTS)

    @cached_property
    def reading(self) -> Reading:
        """The tables as they stood when the head was locked: names, not decisions, come from here."""
        return Reading(self.conn, self.today, self.number - 1, self.now)

    def exists(self, id: str) -> bool:
        return self.timeline(id).now is not None

    def record(
        self, id: str, event: type[Event], against: Refused | None = None, /, **fields: Any
    ) -> Fact:
        """A fact somebody reports: judged by the rules of its own day, then added.

        `against` is what a rule that lies outside the subject objects to it.
        """
        fact = self._fact(id, event(**{**self.said(), **fields}))
        self._not_ahead(fact)
        if fact.event.replaces is None:
            must_be_there(self, fact)
        return self._add(self._judged(fact, against))

    def find(self, id: str, event: type[Event], **fields: Any) -> Fact:
        """A fact that a closing finds: judged on its own day, whatever came later."""
        fact = self._fact(id, event(**{**self.said(), **fields}))
        if objection := self.timeline(id).objection(fact):
            raise objection
        return self._add(fact)

    def succeed(self, change: Succession, events: Mapping[str, Sequence[Event]]) -> None:
        """Facts that come last in the order of their subjects, whose rows tell what follows.

        Nothing is loaded or folded; whoever calls has seen in the rows that no rule objects.
        """
        versions = self.journal.versions(self.conn, events)
        told = ((id, n, event) for id, some in events.items() for n, event in enumerate(some, 1))
        first = self.number + len(self.facts)
        self.facts += [
            Fact(id, versions[id] + n, event, position, self.number, self.now)
            for position, (id, n, event) in enumerate(told, first)
        ]
        self.successions.append(change)

    def derive(self, id: str, event: type[Event], **fields: Any) -> Fact | None:
        """A fact that follows from this entry; dropped, not refused, where a rule objects."""
        timeline = self.timeline(id)
        day = fields.pop("effective_on")
        fields = {"because": self.number, "by": self.request.by, **fields}
        began = timeline.began
        if began:
            day = max(day, began)
        fact = self._fact(id, event(effective_on=day, **fields))
        return None if timeline.objection(fact) else self._add(fact)

    def retell(self, id: str, event: Event) -> Fact:
        """A fact that another store has judged: told as it was, and what follows from it follows."""
        return self._add(self._fact(id, event))

    def drop(self, id: str, entry: int) -> None:
        """Take a voided entry's facts out of a subject."""
        since = self.timeline(id).drop(entry)
        if since:
            note(self.changed, id, since)

    @contextmanager
    def saying(self, on: date | None, document: str | None, **more: str | None) -> Iterator[None]:
        """What is told inside has a day and a paper of its own, and `more`; all else is as the request says."""
        whole = self.request
        self.request = dataclasses.replace(whole, on=on, document=document, **more)  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.request = whole

    def said(self) -> dict[str, Any]:
        """What the request says of every fact it tells."""
        request = self.request
        return {
            "effective_on": request.on or self.today,
            "by": request.by,
            "body": request.body,
            "document": request.document,
            "note": request.note,
        }

    def _fact(self, id: str, event: Event) -> Fact:
        version = self.timeline(id).version + 1
        position = self.number + len(self.facts)
        return Fact(id, version, event, position, self.number, self.now)

    def _not_ahead(self, fact: Fact) -> None:
        kind = fact.subject.partition("/")[0]
        if kind not in ANNOUNCED and fact.type not in SIGNED_AHEAD and fact.event.because is None:
            for day in _days(fact.event):
                if day > max(self.today, self._plan_day):
                    raise FutureDay(day=day, today=self.today)

    @property
    def _plan_day(self) -> date:
        """The day from which a plan this entry adopts or amends binds, and so all it says with it."""
        first = self.facts[0] if self.facts else None
        return first.event.effective_on if first and first.type in PLAN_TOLD else self.today

    def _judged(self, fact: Fact, against: Refused | None = None) -> Fact:
        """The fact as it may be recorded: a reported act carries what it went against."""
        timeline = self.timeline(fact.subject)
        objection = timeline.objection(fact) or timeline.objection_now(fact) or against
        if objection:
            fact = self._reported(fact, objection)
        if not self.request.key and not self.twins_counted:
            self._not_repeated(fact, timeline)
        return fact

    def _reported(self, fact: Fact, objection: Refused) -> Fact:
        """An act really done is kept although a rule forbids it; nonsense stays refused."""
        nonsense = isinstance(objection, NotBegun | AlreadyBegun) or objection.exit_code != 1
        if nonsense or not self.request.already_done:
            raise objection
        if not self.request.document:
            raise PaperMissing
        against = objection.facts.get("clause") or type(objection).__name__
        return replace(fact, event=replace(fact.event, against=(against,)))

    def _not_repeated(self, fact: Fact, timeline: Timeline[Any]) -> None:
        for step in timeline.steps:
            if step.fact.entry != self.number and _same(step.fact.event, fact.event):
                raise Repeated(entry=step.fact.entry)

    def _add(self, fact: Fact) -> Fact:
        note(self.changed, fact.subject, self.timeline(fact.subject).add(fact))
        self.facts.append(fact)
        if reaction := self.reactions.get(fact.type):
            reaction(self, fact)
        return fact

    def write(self, projector: Projector, head: Head | None) -> None:
        """Append after `head`, or after what was appended last, and project; the caller commits."""
        if not self.facts:
            return
        self.journal.append(self.conn, self.facts, self.now, head=head)
        changes = (self.timelines, self.changed, self.successions)
        projector.project(self.number, self.facts, *changes)
        projector.flush()


def _days(event: Event) -> list[date]:
    days = (getattr(event, name) for name in _day_fields(type(event)))
    return [day for day in days if isinstance(day, date)]


@cache
def _day_fields(event: type[Event]) -> tuple[str, ...]:
    return tuple(name for name in event.__struct_fields__ if name.endswith("_on"))


def _same(old: Event, new: Event) -> bool:
    """Equal but for who typed it and the remarks: the same act told twice."""
    if type(old) is not type(new):
        return False
    aside = {"by": "", "note": None, "replaces": None, "place_of": None, "against": ()}
    return replace(old, **aside) == replace(new, **aside)
