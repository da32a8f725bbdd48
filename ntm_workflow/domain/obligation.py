"""Obligations: what a unit owes, by when, because of which clause, and how it stands on a day.

Knows no clock, no calendar and no plan: the days are handed in, derived already.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.assignment import CONSEQUENCES as CONSEQUENCES
from ntm_workflow.domain.assignment import STRENGTHS as STRENGTHS
from ntm_workflow.domain.assignment import Alternative as Alternative
from ntm_workflow.domain.assignment import Consequence as Consequence
from ntm_workflow.domain.assignment import ObligationAssigned as ObligationAssigned
from ntm_workflow.domain.base import Event, Fact, Refused, Subject
from ntm_workflow.domain.derivation import Reason as Reason
from ntm_workflow.domain.obligation_refusals import (
    AlreadyExtended,
    AlreadyMet,
    AlreadyMissed,
    AlreadySuspended,
    AlreadyWaived,
    DaysDisagree,
    NothingNoted,
    NotLater,
    NotOwedBy,
    NotSuspended,
    PaperNeeded,
    UnknownStrength,
    UntilBeforeOn,
)
from ntm_workflow.domain.pause import ONE_DAY, Pause, moving, of_another_day
from ntm_workflow.domain.standing import after
from ntm_workflow.domain.standing import standing as standing


class ObligationMet(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The unit did what it owed, on `effective_on`."""


class ObligationMissed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A closing found the duty unmet after `enforce_day`. Permanent, even if overturned later."""

    enforce_day: date


class ObligationWaived(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A competent body releases the unit from its duty, by a paper."""


class ObligationExtended(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper moves the last day to `until`; the days acted on are derived from it."""

    until: date
    act_by: date
    enforce_day: date
    reason: str | None = None
    derivation: tuple[Reason, ...] = ()

    @property
    def strict_day(self) -> date:
        return self.until

    @property
    def nominal_day(self) -> date:
        return self.until


class ObligationSuspended(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper suspends the duty, up to the end of `until` or until it is resumed.

    A deadline in the pause moves to `last_day`, which `derivation` shows; without it, to the day after.
    """

    until: date | None = None
    last_day: date | None = None
    derivation: tuple[Reason, ...] = ()


class ObligationResumed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The duty counts again from this day on; a deadline in the pause moves to `last_day`, else to this day."""

    last_day: date | None = None
    derivation: tuple[Reason, ...] = ()


class ObligationNoted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Why it stands so and what is proposed, in the unit's own words."""

    cause: str | None = None
    proposal: str | None = None


class Miss(msgspec.Struct, frozen=True):
    """A closing found the duty unmet at the end of `last_day`."""

    on: date
    entry: int
    last_day: date


class Extension(msgspec.Struct, frozen=True):
    event: ObligationExtended
    entry: int


class Obligation(msgspec.Struct, frozen=True):
    """The assignment and what became of it. Days are None while nothing has happened."""

    assigned: ObligationAssigned
    met_on: date | None = None
    met_entry: int | None = None
    waived_on: date | None = None
    waived_entry: int | None = None
    misses: tuple[Miss, ...] = ()
    extensions: tuple[Extension, ...] = ()
    suspensions: tuple[Pause, ...] = ()
    cause: str | None = None
    proposal: str | None = None

    @property
    def terms(self) -> tuple[ObligationAssigned | ObligationExtended, ...]:
        """The deadlines the duty has had, each in force from its own day; the last one counts."""
        return (self.assigned, *(each.event for each in self.extensions))

    @property
    def last_day(self) -> date | None:
        """The last day in time; None while no day is set, or the duty is suspended without end."""
        return self._counted(self.terms[-1].enforce_day)

    def ends_before(self, day: date) -> bool:
        present = self.terms[-1].enforce_day
        return present is None or present < day

    def _counted(self, day: date | None) -> date | None:
        """Nobody is late on a day that was suspended: a day after the pause counts instead."""
        return next((pause.last_day for pause in reversed(moving(self.suspensions, day))), day)

    @property
    def moved_by_pauses(self) -> tuple[Reason, ...]:
        """How pauses moved the present deadline, step by step."""
        pauses = moving(self.suspensions, self.terms[-1].enforce_day)
        return tuple(step for each in pauses for step in each.derivation)

    @property
    def in_time(self) -> bool:
        return self.met_on is not None and not after(self.met_on, self.last_day)

    @property
    def judge_on(self) -> date | None:
        """The day after which a closing must find this duty missed; None when there is nothing to find."""
        if self.assigned.strength != "must":
            return None
        judged = {miss.last_day for miss in self.misses}
        for term, later in zip(self.terms, (*self.terms[1:], None), strict=True):
            day = self._counted(term.enforce_day)
            if day is None or (later and later.effective_on <= day):
                continue
            if self._settled_by(day):
                return None
            if day not in judged:
                return day
        return None

    def _settled_by(self, day: date) -> bool:
        return any(done and done <= day for done in (self.met_on, self.waived_on))

    @property
    def missed_on(self) -> date | None:
        """The last miss; an extension after an earlier one leaves that in the history."""
        return self.misses[-1].on if self.misses else None

    @property
    def missed_entry(self) -> int | None:
        return self.misses[-1].entry if self.misses else None

    @property
    def miss_overturned_by(self) -> int | None:
        """The entry that shows the last miss to be none: done, waived, moved or suspended in time."""
        if not self.misses:
            return None
        day = self.misses[-1].last_day
        return self._done_by(day) or self.moved_by(day) or self.suspended_by(day)

    def _done_by(self, day: date) -> int | None:
        if self.met_on and self.met_on <= day:
            return self.met_entry
        return self.waived_entry if self.waived_on and self.waived_on <= day else None

    def moved_by(self, day: date) -> int | None:
        """The extension, in force by the end of `day`, to a later one."""
        found = (e for e in self.extensions if e.event.effective_on <= day < e.event.enforce_day)
        return next((each.entry for each in found), None)

    def suspended_by(self, day: date) -> int | None:
        return self.suspended_between(day, day)

    def suspended_between(self, first: date, last: date) -> int | None:
        """The first suspension that holds on some day from `first` to `last`."""
        found = (each.entry for each in self.suspensions if each.meets(first, last))
        return next(found, None)

    @property
    def recorded_late(self) -> bool:
        """Done in time, but typed after the closing had found it missing."""
        return self.in_time and self.miss_overturned_by is not None


def opening(event: ObligationAssigned) -> Refused | None:
    known = event.strength in STRENGTHS
    return None if known else UnknownStrength(strength=event.strength, known=STRENGTHS)


def rule(obligation: Obligation, event: Event) -> Refused | None:
    match event:
        case ObligationMissed(enforce_day=day):
            return _not_missed(obligation, day)
        case ObligationNoted(cause=cause, proposal=proposal):
            return None if cause or proposal else NothingNoted()
        case ObligationWaived() | ObligationExtended() | ObligationSuspended() if (
            not event.document
        ):
            return PaperNeeded()
        case _ if obligation.waived_on and (
            isinstance(event, ObligationWaived) or obligation.waived_on <= event.effective_on
        ):
            return AlreadyWaived(day=obligation.waived_on, entry=obligation.waived_entry)
    return _not_now(obligation, event)


def _not_missed(obligation: Obligation, day: date) -> Refused | None:
    """What happens after the deadline does not undo that the deadline was missed."""
    if obligation.waived_on and obligation.waived_on <= day:
        return AlreadyWaived(day=obligation.waived_on, entry=obligation.waived_entry)
    if entry := obligation.suspended_by(day):
        return AlreadySuspended(entry=entry)
    if entry := obligation.moved_by(day):
        return AlreadyExtended(entry=entry)
    found = (miss.entry for miss in obligation.misses if miss.last_day == day)
    return next((AlreadyMissed(entry=entry) for entry in found), None)


def _not_now(obligation: Obligation, event: Event) -> Refused | None:
    """Why the verb does not fit how the duty stands."""
    met_on, owed_by = obligation.met_on, obligation.assigned.owed_by
    # An extension or a pause that came before the work was done may still be learnt after it.
    if met_on and (isinstance(event, ONCE) or met_on <= event.effective_on):
        return AlreadyMet(day=met_on, entry=obligation.met_entry)
    match event:
        case ObligationMet(body=body, because=None) if body not in (None, owed_by):
            return NotOwedBy(unit=owed_by, body=body)
        case ObligationExtended():
            return _not_extended(obligation, event)
        case ObligationSuspended():
            return _not_suspended(obligation, event)
        case ObligationResumed():
            return _not_resumed(obligation, event)
    return None


#: What can only be said of a duty that is not done.
ONCE = (ObligationMet, ObligationWaived)


def _not_extended(obligation: Obligation, event: ObligationExtended) -> Refused | None:
    said = {step.result for step in event.derivation}
    if said and not said >= {event.until, event.act_by, event.enforce_day}:
        return DaysDisagree(until=event.until)
    if event.until < event.effective_on:
        return UntilBeforeOn(until=event.until, day=event.effective_on)
    if not obligation.ends_before(min(event.until, event.enforce_day)):
        return NotLater(until=event.until, day=obligation.terms[-1].enforce_day)
    return None


def _not_suspended(obligation: Obligation, event: ObligationSuspended) -> Refused | None:
    since, until = event.effective_on, event.until or date.max
    if until < since:
        return UntilBeforeOn(until=until, day=since)
    if event.until and of_another_day(event, event.until + ONE_DAY):
        return DaysDisagree(until=event.until)
    entry = obligation.suspended_between(since, until)
    return AlreadySuspended(entry=entry) if entry else None


def _not_resumed(obligation: Obligation, event: ObligationResumed) -> Refused | None:
    day = event.effective_on
    if not obligation.suspended_by(day):
        return NotSuspended(day=day)
    return DaysDisagree(until=day) if of_another_day(event, day) else None


def evolve(obligation: Obligation | None, fact: Fact) -> Obligation:
    match fact.event:
        case ObligationAssigned() as assigned:
            return Obligation(assigned)
        case ObligationMet() | ObligationMissed() | ObligationWaived():
            return _happened(cast(Obligation, obligation), fact)
        case ObligationExtended() | ObligationSuspended() | ObligationResumed():
            return _moved(cast(Obligation, obligation), fact)
        case ObligationNoted(cause=cause, proposal=proposal):
            state = cast(Obligation, obligation)
            said = {"cause": cause or state.cause, "proposal": proposal or state.proposal}
            return replace(state, **said)
        case other:
            raise TypeError(other)


def _happened(obligation: Obligation, fact: Fact) -> Obligation:
    """What happened first stands; a later, contradicting fact is listed as a conflict."""
    day = fact.event.effective_on
    match fact.event:
        case ObligationMet() if obligation.met_on is None:
            return replace(obligation, met_on=day, met_entry=fact.entry)
        case ObligationMissed(enforce_day=last) if all(
            m.last_day != last for m in obligation.misses
        ):
            return replace(obligation, misses=(*obligation.misses, Miss(day, fact.entry, last)))
        case ObligationWaived() if obligation.waived_on is None:
            return replace(obligation, waived_on=day, waived_entry=fact.entry)
    return obligation


def _moved(obligation: Obligation, fact: Fact) -> Obligation:
    """The deadline only ever moves on and pauses never overlap, whatever was recorded."""
    match fact.event:
        case ObligationExtended() as event if obligation.ends_before(event.enforce_day):
            extensions = (*obligation.extensions, Extension(event, fact.entry))
            return replace(obligation, extensions=extensions)
        case ObligationSuspended(effective_on=day, until=until) if not obligation.suspended_between(
            day, until or date.max
        ):
            paused = Pause(day, until, fact.entry).ended(fact.event, until)
            return replace(obligation, suspensions=(*obligation.suspensions, paused))
        case ObligationResumed(effective_on=day) if obligation.suspended_by(day):
            *earlier, last = obligation.suspensions
            ended = last.ended(fact.event, day - ONE_DAY)
            return replace(obligation, suspensions=(*earlier, ended))
    return obligation


SUBJECT = Subject[Obligation](
    "obligation",
    (
        ObligationAssigned,
        ObligationMet,
        ObligationMissed,
        ObligationWaived,
        ObligationExtended,
        ObligationSuspended,
        ObligationResumed,
        ObligationNoted,
    ),
    evolve,
    rule,
    opening,
)
