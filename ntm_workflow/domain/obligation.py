"""Obligations: what a unit owes, by when, because of which clause, and how it stands on a day.

Knows no clock, no calendar and no plan: the days are handed in, derived already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.assignment import CONSEQUENCES as CONSEQUENCES
from ntm_workflow.domain.assignment import STRENGTHS as STRENGTHS
from ntm_workflow.domain.assignment import Alternative as Alternative
from ntm_workflow.domain.assignment import Assignment as Assignment
from ntm_workflow.domain.assignment import Consequence as Consequence
from ntm_workflow.domain.assignment import ObligationAmended as ObligationAmended
from ntm_workflow.domain.assignment import ObligationAssigned as ObligationAssigned
from ntm_workflow.domain.assignment import ObligationDropped as ObligationDropped
from ntm_workflow.domain.base import Event, Fact, Refused, Subject
from ntm_workflow.domain.derivation import Reason as Reason
from ntm_workflow.domain.obligation_events import AlternativeTaken as AlternativeTaken
from ntm_workflow.domain.obligation_events import ConditionSettled as ConditionSettled
from ntm_workflow.domain.obligation_events import Extension, Redated
from ntm_workflow.domain.obligation_events import ObligationExtended as ObligationExtended
from ntm_workflow.domain.obligation_events import ObligationMet as ObligationMet
from ntm_workflow.domain.obligation_events import ObligationMissed as ObligationMissed
from ntm_workflow.domain.obligation_events import ObligationNoted as ObligationNoted
from ntm_workflow.domain.obligation_events import ObligationRescheduled as ObligationRescheduled
from ntm_workflow.domain.obligation_events import ObligationResumed as ObligationResumed
from ntm_workflow.domain.obligation_events import ObligationStarted as ObligationStarted
from ntm_workflow.domain.obligation_events import ObligationSuspended as ObligationSuspended
from ntm_workflow.domain.obligation_events import ObligationWaived as ObligationWaived
from ntm_workflow.domain.obligation_events import OpeningMoved as OpeningMoved
from ntm_workflow.domain.obligation_refusals import (
    AlreadyEnded,
    AlreadyExtended,
    AlreadyMet,
    AlreadyMissed,
    AlreadySettled,
    AlreadyStarted,
    AlreadySuspended,
    AlreadyTaken,
    AlreadyWaived,
    DaysDisagree,
    NoAlternative,
    NoCondition,
    NotFromEvent,
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
from ntm_workflow.domain.term import Days, Miss, Term, term

#: A settled condition as `Obligation.applies` has it.
SETTLED = {True: "yes", False: "no"}


class Obligation(msgspec.Struct, frozen=True):
    """What binds the unit now, and what became of it. Days are None while nothing has happened.

    `terms` are the deadlines the duty has had, each in force from its own day; the last one counts.
    `dated` is what gave the days, extensions apart: the clause, or what set them anew; `dated_entry`
    is the entry it rests on. `applies` is None where the clause sets no condition, else whether it
    holds: yes, no or unknown.
    """

    assigned: Assignment
    began: date
    terms: tuple[Term, ...]
    dated: Assignment | Redated
    dated_entry: int
    applies: str | None = None
    applies_entry: int | None = None
    event_on: date | None = None
    started_entry: int | None = None
    taken_entry: int | None = None
    met_on: date | None = None
    met_entry: int | None = None
    waived_on: date | None = None
    waived_entry: int | None = None
    ended_on: date | None = None
    ended_entry: int | None = None
    misses: tuple[Miss, ...] = ()
    extensions: tuple[Extension, ...] = ()
    suspensions: tuple[Pause, ...] = ()
    cause: str | None = None
    proposal: str | None = None

    @property
    def last_day(self) -> date | None:
        """The last day in time; None while no day is set, or the duty is suspended without end.

        What is done is judged by the deadline of the day on which it was done.
        """
        return self.counted(self._term_on(self.met_on or date.max).enforce_day)

    @property
    def basis(self) -> int | None:
        """The entry of the fact that gives the present days; None while nothing gives any."""
        return self.holding[-1].entry if self.holding else self.own_basis

    @property
    def own_basis(self) -> int | None:
        """The same, extensions apart."""
        given = (self.dated.window_start, self.dated.enforce_day, self.event_on)
        return self.dated_entry if any(given) else None

    @property
    def holding(self) -> tuple[Extension, ...]:
        """The extensions to a later day than the duty's own: those that count."""
        day = self.dated.enforce_day
        return tuple(e for e in self.extensions if day is None or e.event.enforce_day > day)

    def ends_before(self, day: date) -> bool:
        present = self.terms[-1].enforce_day
        return present is None or present < day

    def _term_on(self, day: date) -> Term:
        """The deadline in force at the end of `day`."""
        return next((each for each in reversed(self.terms) if each.since <= day), self.terms[0])

    def counted(self, day: date | None) -> date | None:
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
    def to_judge(self) -> tuple[date, date] | None:
        """The last day a closing must find missed, and the day after whose end it must; or None."""
        found = next(self._to_judge, None)
        return (found[1], self._typed_by(*found)) if found else None

    @property
    def judged_since(self) -> date | None:
        """The day since which the deadline is in force that must be found missed; None without one."""
        return next((each.since for each, _ in self._to_judge), None)

    @property
    def decide_after(self) -> date | None:
        """The last day after which a person must decide what follows: of a mark to strive for that
        its clause attaches something to. None while that is not so, or once nothing is left to do.
        """
        done = self.met_on or self.waived_on or self.ended_on
        asked = self.assigned.strength == "strive" and self.assigned.consequences
        return self.last_day if asked and not done and self.applies in (None, "yes") else None

    def _typed_by(self, said: Term, last_day: date) -> date:
        """Until when what was done by the `last_day` of a deadline may be typed without a miss."""
        pauses = moving(self.suspensions, said.enforce_day)
        granted = pauses[-1].entered_by if pauses else said.entered_by
        return max(last_day, granted or last_day)

    @property
    def judge_day(self) -> date | None:
        """The last day of the deadline that must be found missed; None when there is nothing to find."""
        return next(self.judge_days, None)

    @property
    def judge_days(self) -> Iterator[date]:
        """The last days of all the deadlines that must still be found missed, one after the other."""
        return (day for _, day in self._to_judge)

    @property
    def _to_judge(self) -> Iterator[tuple[Term, date]]:
        """Those deadlines, each with its last day. Of several with one last day it is the first."""
        judged, missed = {miss.last_day for miss in self.misses}, date.min
        for each, later in zip(self.terms, (*self.terms[1:], None), strict=True):
            day = self.counted(each.enforce_day)
            if day is None or not each.binding or (later and later.since <= day):
                continue
            if self._settled(each, day):
                return
            if day not in judged and day > missed:
                yield each, day
                judged.add(day)
            missed = day if day in judged else missed

    def _settled(self, term: Term, day: date) -> bool:
        """Whether it was done by `day`, or before anybody set that day."""
        done = (self.met_on, self.waived_on)
        return any(on and (on <= day or on < term.since) for on in done)

    @property
    def missed_on(self) -> date | None:
        """The last miss; an extension after an earlier one leaves that in the history."""
        return self.misses[-1].on if self.misses else None

    @property
    def missed_in_history(self) -> bool:
        """Whether the last miss lay before the plan was taken on here."""
        return bool(self.misses) and self.misses[-1].history

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
        """The entry that had, by the end of `day`, set a later deadline in place of that day, or none."""
        days = [each.binding and self.counted(each.enforce_day) for each in self.terms]
        first = len(days) - days[::-1].index(day) if day in days else 0
        later = [each for each in self.terms[first:] if each.since <= day]
        return later[-1].entry if later and later[-1].outlasts(day) else None

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


def opening(event: Assignment) -> Refused | None:
    known = event.strength in STRENGTHS
    return None if known else UnknownStrength(strength=event.strength, known=STRENGTHS)


def rule(obligation: Obligation, event: Event) -> Refused | None:
    match event:
        case ObligationMissed(enforce_day=day):
            return _not_missed(obligation, day)
        case ObligationNoted(cause=cause, proposal=proposal):
            return None if cause or proposal else NothingNoted()
        case _ if _on_paper(event) and not event.document:
            return PaperNeeded()
        case ObligationAmended():
            return opening(event)
        case ObligationDropped() if obligation.ended_on is None:
            return None
        case _ if obligation.waived_on and (
            isinstance(event, ObligationWaived) or obligation.waived_on <= event.effective_on
        ):
            return AlreadyWaived(day=obligation.waived_on, entry=obligation.waived_entry)
        case _ if obligation.ended_on and obligation.ended_on <= event.effective_on:
            return AlreadyEnded(day=obligation.ended_on, entry=obligation.ended_entry)
    return _not_now(obligation, event)


#: What only a paper can do.
ON_PAPER = (
    *(ObligationWaived, ObligationExtended, ObligationSuspended),
    *(ObligationAmended, ObligationDropped, AlternativeTaken),
)


def _on_paper(event: Event) -> bool:
    """What lets a unit off, or gives it more time, rests on a paper."""
    if isinstance(event, ConditionSettled):
        return not event.holds
    return isinstance(event, ON_PAPER)


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
        case ObligationStarted():
            return _not_started(obligation)
        case AlternativeTaken():
            return _not_taken(obligation)
        case ConditionSettled(holds=holds):
            return _not_settled(obligation, holds)
    return None


def _not_started(obligation: Obligation) -> Refused | None:
    if obligation.assigned.kind != "event":
        return NotFromEvent(expression=obligation.assigned.expression)
    if obligation.event_on is None:
        return None
    return AlreadyStarted(day=obligation.event_on, entry=obligation.started_entry)


def _not_taken(obligation: Obligation) -> Refused | None:
    if obligation.assigned.alternative is None:
        return NoAlternative(expression=obligation.assigned.expression)
    return AlreadyTaken(entry=obligation.taken_entry) if obligation.taken_entry else None


def _not_settled(obligation: Obligation, holds: bool) -> Refused | None:
    if obligation.applies is None:
        return NoCondition()
    known = obligation.applies == SETTLED[holds]
    return AlreadySettled(entry=obligation.applies_entry) if known else None


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
            return _assigned(assigned, fact.entry)
        case ObligationAmended() | ObligationDropped():
            return _restated(cast(Obligation, obligation), fact)
        case ObligationMet() | ObligationMissed() | ObligationWaived():
            return _happened(cast(Obligation, obligation), fact)
        case ObligationExtended() | ObligationSuspended() | ObligationResumed():
            return _moved(cast(Obligation, obligation), fact)
        case ObligationRescheduled() | ObligationStarted() | AlternativeTaken():
            return _redated(cast(Obligation, obligation), fact)
        case ConditionSettled(holds=holds):
            return _settled(cast(Obligation, obligation), fact, SETTLED[holds])
        case OpeningMoved() as moved:
            state = cast(Obligation, obligation)
            return replace(state, dated=_opening(state.dated, moved))
        case ObligationNoted(cause=cause, proposal=proposal):
            state = cast(Obligation, obligation)
            said = {"cause": cause or state.cause, "proposal": proposal or state.proposal}
            return replace(state, **said)
        case other:
            raise TypeError(other)


def _assigned(said: ObligationAssigned, entry: int) -> Obligation:
    day = said.effective_on
    new = Obligation(said, day, (), said, entry, applies="unknown" if said.condition else None)
    return _with_term(new, said, day, entry)


def _with_term(obligation: Obligation, days: Days, since: date, entry: int) -> Obligation:
    """The next deadline; only what binds is ever missed."""
    binding = obligation.assigned.strength == "must" and obligation.applies in (None, "yes")
    binding = binding and obligation.ended_on is None
    new = term(days, since, entry, binding=binding)
    return replace(obligation, terms=(*obligation.terms, new))


def _restated(obligation: Obligation, fact: Fact) -> Obligation:
    """A new deadline follows the old one, which is judged by itself; a paper's later day still holds."""
    day = fact.event.effective_on
    if isinstance(said := fact.event, ObligationAmended):
        anew = obligation if _keeps_days(obligation, said) else _dated_by(obligation, said, fact)
        applies = _condition_of(obligation, said)
        anew = replace(anew, assigned=said, applies=applies, ended_on=None, ended_entry=None)
        days = anew.holding[-1].event if anew.holding else anew.dated
        return _with_term(anew, days, day, fact.entry)
    over = replace(obligation, ended_on=day, ended_entry=fact.entry)
    return replace(over, terms=(*obligation.terms, Term(day, fact.entry, binding=False)))


def _keeps_days(obligation: Obligation, said: ObligationAmended) -> bool:
    """Words that wait for the same event keep the days it gave, the same other day keeps counting."""
    before = obligation.assigned
    if (said.kind, said.expression) != (before.kind, before.expression):
        return False
    if obligation.taken_entry:
        return said.alternative == before.alternative
    return obligation.event_on is not None


def _dated_by(obligation: Obligation, said: ObligationAmended, fact: Fact) -> Obligation:
    """The days new words give, together with the event they run from."""
    entry = max(fact.entry, obligation.started_entry or 0)
    return replace(obligation, dated=said, dated_entry=entry, taken_entry=None)


def _condition_of(obligation: Obligation, said: ObligationAmended) -> str | None:
    if said.condition == obligation.assigned.condition:
        return obligation.applies
    return "unknown" if said.condition else None


def _redated(obligation: Obligation, fact: Fact) -> Obligation:
    """The days are set anew from this day on; those of an extension in force come before them."""
    event, entry = cast(Redated, fact.event), fact.entry
    anew = replace(obligation, dated=event, dated_entry=entry)
    match event:
        case ObligationRescheduled(basis=basis) if basis in (None, obligation.own_basis):
            anew = replace(obligation, dated=event)
        case ObligationRescheduled():
            anew = replace(obligation, extensions=_shifted(obligation, event))
            if anew.extensions == obligation.extensions:
                return obligation
        case ObligationStarted(event_on=day):
            anew = replace(anew, event_on=day, started_entry=entry)
        case AlternativeTaken():
            anew = replace(anew, taken_entry=entry)
    days = anew.holding[-1].event if anew.holding else anew.dated
    return _with_term(anew, days, event.effective_on, entry)


def _opening(days: Assignment | Redated, moved: OpeningMoved) -> Assignment | Redated:
    """The same days, open from another one on."""
    steps = [step for step in days.derivation if step.rule != "after_duty"]
    reason = Reason("after_duty", moved.opens, moved.document)
    return replace(days, window_start=moved.opens, derivation=(*steps, reason))


def _shifted(obligation: Obligation, event: ObligationRescheduled) -> tuple[Extension, ...]:
    """The extensions, the one whose days these are on its new ones."""
    names = ("act_by", "enforce_day", "entered_by", "derivation")
    said = {name: getattr(event, name) for name in names}
    return tuple(
        Extension(replace(each.event, **said), each.entry) if each.entry == event.basis else each
        for each in obligation.extensions
    )


def _settled(obligation: Obligation, fact: Fact, applies: str) -> Obligation:
    """The same deadline, binding from now on or no more."""
    anew = replace(obligation, applies=applies, applies_entry=fact.entry)
    days = anew.holding[-1].event if anew.holding else anew.dated
    return _with_term(anew, days, fact.event.effective_on, fact.entry)


def _happened(obligation: Obligation, fact: Fact) -> Obligation:
    """What happened first stands; a later, contradicting fact is listed as a conflict."""
    day = fact.event.effective_on
    match fact.event:
        case ObligationMet() if obligation.met_on is None:
            return replace(obligation, met_on=day, met_entry=fact.entry)
        case ObligationMissed(enforce_day=last, history=history) if all(
            m.last_day != last for m in obligation.misses
        ):
            found = Miss(day, fact.entry, last, history)
            return replace(obligation, misses=(*obligation.misses, found))
        case ObligationWaived() if obligation.waived_on is None:
            return replace(obligation, waived_on=day, waived_entry=fact.entry)
    return obligation


def _moved(obligation: Obligation, fact: Fact) -> Obligation:
    """The deadline only ever moves on and pauses never overlap, whatever was recorded."""
    match fact.event:
        case ObligationExtended() as event if obligation.ends_before(event.enforce_day):
            return _extended(obligation, event, fact.entry)
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


def _extended(obligation: Obligation, event: ObligationExtended, entry: int) -> Obligation:
    extensions = (*obligation.extensions, Extension(event, entry))
    anew = replace(obligation, extensions=extensions)
    return _with_term(anew, event, event.effective_on, entry)


SUBJECT = Subject[Obligation](
    "obligation",
    (
        ObligationAssigned,
        ObligationAmended,
        ObligationDropped,
        ObligationMet,
        ObligationMissed,
        ObligationWaived,
        ObligationExtended,
        ObligationSuspended,
        ObligationResumed,
        ObligationNoted,
        ObligationRescheduled,
        ObligationStarted,
        AlternativeTaken,
        ConditionSettled,
        OpeningMoved,
    ),
    evolve,
    rule,
    opening,
)
