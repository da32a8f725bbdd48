"""Obligations: what a unit owes, by when, because of which clause, and how it stands on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

#: Only `must` is ever overdue; `strive` falls behind; the rest stay open (words of the plans).
STRENGTHS = ("must", "strive", "requested", "encouraged", "permitted", "considered", "expected")
STANDINGS = (
    "not_yet",
    "open",
    "due_soon",
    "past_wording",
    "overdue",
    "behind",
    "met",
    "met_late",
    "waived",
    "suspended",
    "undated",
    "undetermined",
)
#: How many days before `act_by` a duty is shown as due soon.
SOON = timedelta(days=14)


class Reason(msgspec.Struct, frozen=True):
    """One step of a derivation: what was done, the day it gave, and who says so."""

    rule: str
    result: date | None = None
    authority: str | None = None


class ObligationAssigned(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A clause binds a unit. The days are derived from `expression`; `derivation` shows how.

    `trigger` is the step of a dossier that meets the duty: `<dossier id>/<level it reaches>`.
    `strength_words` and `stated` quote the clause; `inferred` says from where the owner was taken
    when the clause names none.
    """

    rule: str
    plan: str
    clause: str
    title: str
    strength: str
    expression: str
    kind: str
    owed_by: str
    owed_to: str | None = None
    with_: tuple[str, ...] = msgspec.field(name="with", default=())
    advised_by: tuple[str, ...] = ()
    place: str | None = None
    window_start: date | None = None
    strict_day: date | None = None
    nominal_day: date | None = None
    act_by: date | None = None
    enforce_day: date | None = None
    derivation: tuple[Reason, ...] = ()
    trigger: str | None = None
    strength_words: str | None = None
    stated: str | None = None
    inferred: str | None = None


class ObligationMet(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The unit did what it owed, on `effective_on`."""


class ObligationMissed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A closing found the duty unmet after `enforce_day`. Permanent, even if overturned later."""

    enforce_day: date


class ObligationWaived(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A competent body releases the unit from its duty, by a paper."""


class Obligation(msgspec.Struct, frozen=True):
    """The assignment and what became of it. Days are None while nothing has happened."""

    assigned: ObligationAssigned
    met_on: date | None = None
    met_entry: int | None = None
    missed_on: date | None = None
    missed_entry: int | None = None
    waived_on: date | None = None

    @property
    def in_time(self) -> bool:
        day = self.assigned.enforce_day
        return self.met_on is not None and (day is None or self.met_on <= day)

    @property
    def judge_on(self) -> date | None:
        """The day after which a closing must find this duty missed; None when there is nothing to find."""
        day = self.assigned.enforce_day
        waived = self.waived_on is not None and (day is None or self.waived_on <= day)
        settled = self.in_time or self.missed_on or waived
        return None if settled or self.assigned.strength != "must" else day

    @property
    def recorded_late(self) -> bool:
        """Done in time, but typed after the closing had found it missing."""
        return self.in_time and self.missed_on is not None


class AlreadyMet(Refused):
    vi = "Nhiệm vụ đã được ghi là hoàn thành ngày {day} (lần ghi #{entry}).\nGhi sai ngày? ntm fact correct {entry} --reason …"
    en = "The obligation is already recorded as met on {day} (entry #{entry}).\nWrong date? ntm fact correct {entry} --reason …"


class AlreadyMissed(Refused):
    vi = "Nhiệm vụ đã được chốt là chưa hoàn thành (lần ghi #{entry})."
    en = "The obligation has been closed as missed already (entry #{entry})."


class AlreadyWaived(Refused):
    vi = "Nhiệm vụ đã được miễn từ ngày {day}; không còn gì để hoàn thành hay miễn.\nXem: ntm fact list --type ObligationWaived"
    en = "The obligation has been waived since {day}; nothing is left to meet or waive.\nSee: ntm fact list --type ObligationWaived"


class WaiverNeedsPaper(Refused):
    exit_code = 2
    vi = "Miễn nhiệm vụ phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Waiving an obligation needs its paper.\nAdd --document “number, date, issuer”."


class UnknownStrength(Refused):
    exit_code = 2
    vi = "Không có mức độ “{strength}”.\nCác mức: {known}."
    en = "There is no strength “{strength}”.\nStrengths: {known}."


def opening(event: ObligationAssigned) -> Refused | None:
    known = event.strength in STRENGTHS
    return None if known else UnknownStrength(strength=event.strength, known=STRENGTHS)


def rule(obligation: Obligation, event: Event) -> Refused | None:
    match event:
        case ObligationWaived(document=None):
            return WaiverNeedsPaper()
        case ObligationMissed(enforce_day=day) if _waived_by(obligation, day):
            return AlreadyWaived(day=obligation.waived_on)
        case ObligationMet() | ObligationWaived() if obligation.waived_on:
            return AlreadyWaived(day=obligation.waived_on)
        case ObligationMet() | ObligationWaived() if obligation.met_on:
            return AlreadyMet(day=obligation.met_on, entry=obligation.met_entry)
        case ObligationMissed() if obligation.missed_on:
            return AlreadyMissed(entry=obligation.missed_entry)
    return None


def _waived_by(obligation: Obligation, day: date) -> bool:
    """A waiver after the deadline does not undo that the deadline was missed."""
    return obligation.waived_on is not None and obligation.waived_on <= day


def evolve(obligation: Obligation | None, fact: Fact) -> Obligation:
    match fact.event:
        case ObligationAssigned() as assigned:
            return Obligation(assigned)
        case ObligationMet() | ObligationMissed() | ObligationWaived():
            return _happened(cast(Obligation, obligation), fact)
        case other:
            raise TypeError(other)


def _happened(obligation: Obligation, fact: Fact) -> Obligation:
    """What happened first stands; a later, contradicting fact is listed as a conflict."""
    day = fact.event.effective_on
    match fact.event:
        case ObligationMet() if obligation.met_on is None:
            return replace(obligation, met_on=day, met_entry=fact.entry)
        case ObligationMissed() if obligation.missed_on is None:
            return replace(obligation, missed_on=day, missed_entry=fact.entry)
        case ObligationWaived() if obligation.waived_on is None:
            return replace(obligation, waived_on=day)
    return obligation


class Dated(Protocol):
    """The columns of an obligation that `standing` needs; a row has them, and so may a test."""

    @property
    def strength(self) -> str: ...
    @property
    def window_start(self) -> date | None: ...
    @property
    def strict_day(self) -> date | None: ...
    @property
    def act_by(self) -> date | None: ...
    @property
    def enforce_day(self) -> date | None: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def missed_on(self) -> date | None: ...
    @property
    def waived_on(self) -> date | None: ...


def standing(row: Dated, day: date) -> str:
    """How a duty stands at the end of `day`: one of `STANDINGS`. Knows no clock."""
    if row.met_on:
        late = row.enforce_day is not None and row.met_on > row.enforce_day
        return "met_late" if late else "met"
    if row.waived_on:
        return "waived"
    if row.strict_day is None or row.enforce_day is None:
        return "undated"
    if day > row.strict_day:
        return _past(row, day)
    if row.window_start and day < row.window_start:
        return "not_yet"
    return "due_soon" if row.act_by and day >= row.act_by - SOON else "open"


def _past(row: Dated, day: date) -> str:
    """After the wording's day: overdue only for `must`, and only once a closing has said so."""
    if row.strength == "must":
        return "overdue" if row.missed_on else "past_wording"
    if row.strength == "strive":
        return "behind" if row.enforce_day and day > row.enforce_day else "past_wording"
    return "open"


SUBJECT = Subject[Obligation](
    "obligation",
    (ObligationAssigned, ObligationMet, ObligationMissed, ObligationWaived),
    evolve,
    rule,
    opening,
)
