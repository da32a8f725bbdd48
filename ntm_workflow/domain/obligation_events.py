"""What can happen to an obligation once it is assigned; knows no state and no rule."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.assignment import Consequence
from ntm_workflow.domain.base import Event
from ntm_workflow.domain.derivation import Reason


class ObligationMet(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The unit did what it owed, on `effective_on`."""


class ObligationMissed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A closing found the duty unmet after `enforce_day`. Permanent, even if overturned later.

    `consequences` are what the clause attaches; a person decides on them. `history`: the day lay
    before its plan was taken on here, so nobody was told. `follows` is the duty before this one,
    and `handed_over_on` when that was met, None if it was not.
    """

    enforce_day: date
    consequences: tuple[Consequence, ...] = ()
    history: bool = False
    follows: str | None = None
    handed_over_on: date | None = None


class ObligationWaived(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A competent body releases the unit from its duty, by a paper."""


class Redated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The days of a duty from `effective_on` on, derived anew; `entered_by` as in an assignment."""

    window_start: date | None = None
    strict_day: date | None = None
    nominal_day: date | None = None
    act_by: date | None = None
    enforce_day: date | None = None
    entered_by: date | None = None
    derivation: tuple[Reason, ...] = ()


class ObligationRescheduled(Redated, frozen=True, kw_only=True, omit_defaults=True):
    """What the days rest on has changed: the calendar, or the event they are counted from.

    `basis` is the entry of the fact whose days these are, derived once more: where another fact gives
    the days, this one moves nothing.
    """

    basis: int | None = None


class OpeningMoved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The duty before this one has another day, so this one opens on `opens`; its own day stays."""

    opens: date


class ObligationStarted(Redated, frozen=True, kw_only=True, omit_defaults=True):
    """The event from which the duty's period runs happened on `event_on`."""

    event_on: date


class AlternativeTaken(Redated, frozen=True, kw_only=True, omit_defaults=True):
    """What the clause makes its second day depend on holds, so that day counts."""


class ConditionSettled(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Whether that on which the clause makes the duty depend holds. Without it nothing is owed."""

    holds: bool


class ObligationExtended(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper moves the last day to `until`; the days acted on are derived from it."""

    until: date
    act_by: date
    enforce_day: date
    entered_by: date | None = None
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
    entered_by: date | None = None
    derivation: tuple[Reason, ...] = ()


class ObligationResumed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The duty counts again from this day on; a deadline in the pause moves to `last_day`, else to this day."""

    last_day: date | None = None
    entered_by: date | None = None
    derivation: tuple[Reason, ...] = ()


class ObligationRehomed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A decision takes the duty to another place, since its own ended or changed: who owes it from now on.

    The days and the words stay. `trigger` as in an assignment.
    """

    owed_by: str
    place: str | None = None
    owed_to: str | None = None
    with_: tuple[str, ...] = msgspec.field(name="with", default=())
    advised_by: tuple[str, ...] = ()
    trigger: str | None = None


class ObligationJoined(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The places of two like duties became one place: what is left to do is left of the duty `into`."""

    into: str


class ObligationNoted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Why it stands so and what is proposed, in the unit's own words."""

    cause: str | None = None
    proposal: str | None = None


class ReceiptDenied(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The desk that should have received it says that it has not: what was missed is confirmed."""


class ReminderAcknowledged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody of the unit takes the duty on: nobody further up need hear of it, the duty stays.

    `person` is an id, not a name; `letter` the one that was acknowledged.
    """

    person: str
    letter: str | None = None


class ReminderSnoozed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """No reminder before the end of `until`; the duty and its day stay as they are."""

    until: date
    reason: str


class ReminderDisputed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The unit says that it does not owe this, or not so; nobody further up hears before the end of `until`."""

    until: date
    reason: str


#: What changes who is reminded, and never how a duty stands.
REMINDING = (ReceiptDenied, ReminderAcknowledged, ReminderSnoozed, ReminderDisputed)


class Extension(msgspec.Struct, frozen=True):
    event: ObligationExtended
    entry: int
