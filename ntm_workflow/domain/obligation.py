"""Obligations: what a unit owes, by when, because of which clause, and how it stands on a day.

Knows no clock, no calendar and no plan: the days are handed in, derived already.
"""

from __future__ import annotations

from datetime import date
from typing import cast

from msgspec.structs import replace

from ntm_workflow.domain import reminding
from ntm_workflow.domain.assignment import CONSEQUENCES as CONSEQUENCES
from ntm_workflow.domain.assignment import STRENGTHS as STRENGTHS
from ntm_workflow.domain.assignment import Alternative as Alternative
from ntm_workflow.domain.assignment import Assignment as Assignment
from ntm_workflow.domain.assignment import Consequence as Consequence
from ntm_workflow.domain.assignment import ObligationAmended as ObligationAmended
from ntm_workflow.domain.assignment import ObligationAssigned as ObligationAssigned
from ntm_workflow.domain.assignment import ObligationDropped as ObligationDropped
from ntm_workflow.domain.base import Fact, Subject
from ntm_workflow.domain.derivation import Reason as Reason
from ntm_workflow.domain.obligation_events import REMINDING, Extension, Redated
from ntm_workflow.domain.obligation_events import AlternativeTaken as AlternativeTaken
from ntm_workflow.domain.obligation_events import ConditionSettled as ConditionSettled
from ntm_workflow.domain.obligation_events import ObligationExtended as ObligationExtended
from ntm_workflow.domain.obligation_events import ObligationJoined as ObligationJoined
from ntm_workflow.domain.obligation_events import ObligationMet as ObligationMet
from ntm_workflow.domain.obligation_events import ObligationMissed as ObligationMissed
from ntm_workflow.domain.obligation_events import ObligationNoted as ObligationNoted
from ntm_workflow.domain.obligation_events import ObligationRehomed as ObligationRehomed
from ntm_workflow.domain.obligation_events import ObligationRescheduled as ObligationRescheduled
from ntm_workflow.domain.obligation_events import ObligationResumed as ObligationResumed
from ntm_workflow.domain.obligation_events import ObligationStarted as ObligationStarted
from ntm_workflow.domain.obligation_events import ObligationSuspended as ObligationSuspended
from ntm_workflow.domain.obligation_events import ObligationWaived as ObligationWaived
from ntm_workflow.domain.obligation_events import OpeningMoved as OpeningMoved
from ntm_workflow.domain.obligation_events import ReceiptDenied as ReceiptDenied
from ntm_workflow.domain.obligation_events import ReminderAcknowledged as ReminderAcknowledged
from ntm_workflow.domain.obligation_events import ReminderDisputed as ReminderDisputed
from ntm_workflow.domain.obligation_events import ReminderSnoozed as ReminderSnoozed
from ntm_workflow.domain.obligation_rules import SETTLED, opening, rule
from ntm_workflow.domain.obligation_state import Obligation as Obligation
from ntm_workflow.domain.pause import ONE_DAY, Pause
from ntm_workflow.domain.standing import standing as standing
from ntm_workflow.domain.term import Days, Miss, Term, term


def evolve(obligation: Obligation | None, fact: Fact) -> Obligation:
    match fact.event:
        case ObligationAssigned() as assigned:
            return _assigned(assigned, fact.entry)
        case ObligationAmended() | ObligationDropped() | ObligationJoined():
            return _restated(cast(Obligation, obligation), fact)
        case ObligationRehomed() as event:
            return _rehomed(cast(Obligation, obligation), event)
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
        case event if isinstance(event, REMINDING):
            state = cast(Obligation, obligation)
            return replace(state, reminding=reminding.said(state.reminding, event))
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
        back = {"ended_on": None, "ended_entry": None, "joined_to": None}
        anew = replace(anew, assigned=said, applies=applies, stated=None, **back)
        if anew.home:
            # A later version of the plan says what is owed; a decision said by whom.
            anew = _rehomed(anew, anew.home)
        days = anew.holding[-1].event if anew.holding else anew.dated
        return _with_term(anew, days, day, fact.entry)
    into = said.into if isinstance(said, ObligationJoined) else None
    over = replace(obligation, ended_on=day, ended_entry=fact.entry, joined_to=into)
    return replace(over, terms=(*obligation.terms, Term(day, fact.entry, binding=False)))


def _rehomed(obligation: Obligation, event: ObligationRehomed) -> Obligation:
    names = ("owed_by", "place", "owed_to", "with_", "advised_by", "trigger")
    said = {name: getattr(event, name) for name in names}
    now, stated = replace(obligation.assigned, **said), obligation.stated or obligation.assigned
    return replace(obligation, assigned=now, home=event, stated=stated)


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
        ObligationRehomed,
        ObligationJoined,
        ObligationNoted,
        ObligationRescheduled,
        ObligationStarted,
        AlternativeTaken,
        ConditionSettled,
        OpeningMoved,
        ReceiptDenied,
        ReminderAcknowledged,
        ReminderSnoozed,
        ReminderDisputed,
    ),
    evolve,
    rule,
    opening,
)
