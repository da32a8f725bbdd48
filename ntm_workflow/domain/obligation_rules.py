"""What the rules of obligations object to: state and event in, a refusal out. Changes nothing."""

from __future__ import annotations

from datetime import date

from ntm_workflow.domain.assignment import (
    STRENGTHS,
    Assignment,
    ObligationAmended,
    ObligationDropped,
)
from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.obligation_events import (
    REMINDING,
    AlternativeTaken,
    ConditionSettled,
    ObligationExtended,
    ObligationJoined,
    ObligationMet,
    ObligationMissed,
    ObligationNoted,
    ObligationRehomed,
    ObligationResumed,
    ObligationStarted,
    ObligationSuspended,
    ObligationWaived,
)
from ntm_workflow.domain.obligation_refusals import (
    AlreadyEnded,
    AlreadyExtended,
    AlreadyJoined,
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
from ntm_workflow.domain.obligation_state import Obligation
from ntm_workflow.domain.pause import ONE_DAY, of_another_day
from ntm_workflow.domain.reminding import objection

#: A settled condition as `Obligation.applies` has it.
SETTLED = {True: "yes", False: "no"}


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
            return _not_there(obligation)
    return _not_now(obligation, event)


def _not_there(obligation: Obligation) -> Refused:
    about = {"day": obligation.ended_on, "entry": obligation.ended_entry}
    if obligation.joined_to:
        return AlreadyJoined(into=obligation.joined_to.partition("/")[2], **about)
    return AlreadyEnded(**about)


#: What only a paper can do.
ON_PAPER = (
    *(ObligationWaived, ObligationExtended, ObligationSuspended),
    *(ObligationAmended, ObligationDropped, AlternativeTaken),
    *(ObligationRehomed, ObligationJoined),
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
    if isinstance(event, REMINDING):
        return objection(obligation.reminding, obligation.missed_on, event)
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
