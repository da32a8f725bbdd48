"""Where a dossier is: its stage, its desk and what each desk said of it. Folds facts; refuses nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact
from ntm_workflow.domain.dossier_events import (
    CriteriaAppraised,
    DossierAnnounced,
    DossierClosed,
    DossierOpened,
    DossierRecognised,
    DossierRegistered,
    DossierRejected,
    DossierRerouted,
    DossierReturned,
    DossierSubmitted,
    DossierVerified,
    DossierWithdrawn,
    ResultAdmitted,
    SurveyRecorded,
)
from ntm_workflow.domain.dossier_steps import after, settled
from ntm_workflow.domain.road import ROAD, above, next_desk, place_on


class HandOver(msgspec.Struct, frozen=True):
    """One step of the road, and the entry that tells it."""

    to_level: str
    entry: int
    received_on: date
    document_on: date | None = None
    sent_on: date | None = None
    by: str | None = None
    to: str | None = None


class Return(msgspec.Struct, frozen=True):
    """A return: by which desk, to which, what was missing; open until that desk has it again."""

    by_level: str
    to_level: str
    entry: int
    on: date
    missing: tuple[str, ...]
    number: int
    closed: int | None = None


class Stay(msgspec.Struct, frozen=True):
    """A desk on which the dossier lay, from a day until the day it went on; None while it lies there."""

    desk: str
    since_on: date
    until_on: date | None = None


class Admitted(msgspec.Struct, frozen=True):
    number: int
    year: int
    entry: int


class Appraisal(msgspec.Struct, frozen=True):
    """What a department said of a criterion."""

    number: int
    met: bool
    body: str | None
    entry: int


class Survey(msgspec.Struct, frozen=True):
    asked: int
    satisfied: int
    about: str | None
    on: date
    entry: int

    @property
    def rate(self) -> float:
        """The share satisfied, from 0 to 1."""
        return self.satisfied / self.asked


class Dossier(msgspec.Struct, frozen=True):
    """`since` is the day of the stage; `stays` are the desks it lay on, in their order."""

    place: str
    standard: str
    year: int
    stage: str
    holder: str | None
    since: date
    first: str = ROAD[0]
    handed: tuple[HandOver, ...] = ()
    admitted: tuple[Admitted, ...] = ()
    road: tuple[str, ...] = ROAD
    desk: str = ROAD[0]
    stays: tuple[Stay, ...] = ()
    returns: tuple[Return, ...] = ()
    appraisals: dict[int, Appraisal] = {}
    surveys: tuple[Survey, ...] = ()
    decision_on: date | None = None
    decision: str | None = None
    closed_into: str | None = None

    @property
    def into(self) -> str | None:
        """The bare id of the dossier that is made instead of one that is closed."""
        return (self.closed_into or "").partition("/")[2] or None

    @property
    def position(self) -> str:
        return place_on(self.road, self.desk)

    @property
    def survey(self) -> Survey | None:
        """The last one that asked about the whole."""
        return next((each for each in reversed(self.surveys) if each.about is None), None)

    def asked_for(self, desk: str) -> tuple[int, ...]:
        """The numbers of the returns after which the dossier is to be handed up to a desk once more."""
        road = self.road
        return tuple(r.number for r in self.returns if next_desk(road, r.to_level) == desk)


#: Facts after which only the stage is another: the act, and the stage it leads to.
_STAGES: dict[type[Event], tuple[str, str]] = {
    DossierOpened: ("open", "open"),
    DossierVerified: ("verify", "verified"),
    DossierAnnounced: ("announce", "announced"),
}


def evolve(dossier: Dossier | None, fact: Fact) -> Dossier:
    if isinstance(fact.event, DossierRegistered):
        return _registered(fact.event)
    return _changed(cast(Dossier, dossier), fact)


def _registered(event: DossierRegistered) -> Dossier:
    stage = "striving" if event.striving else "registered"
    # One that was registered before roads were told begins further up the one there was.
    road = tuple(desk for desk in event.road if not above(event.desk, desk))
    about = (event.place, event.standard, event.year, stage, None, event.effective_on)
    stays = (Stay(event.desk, event.effective_on),)
    return Dossier(*about, event.desk, road=road or (event.desk,), desk=event.desk, stays=stays)


def _moved(dossier: Dossier, desk: str, day: date) -> tuple[Stay, ...]:
    """The desks it lay on, once it comes to another on that day."""
    *before, last = dossier.stays
    if last.desk == desk:
        return dossier.stays
    return (*before, replace(last, until_on=day), Stay(desk, day))


def _changed(dossier: Dossier, fact: Fact) -> Dossier:
    day = fact.event.effective_on
    match fact.event:
        case DossierSubmitted() as event:
            return _handed(dossier, event, fact.entry)
        case DossierReturned() as event:
            return _returned(dossier, event, fact.entry)
        case CriteriaAppraised() as event:
            return _appraised(dossier, event, fact.entry)
        case SurveyRecorded() as e:
            survey = Survey(e.asked, e.satisfied, e.about, day, fact.entry)
            return replace(dossier, surveys=(*dossier.surveys, survey))
        case DossierRecognised() | DossierRejected() | DossierWithdrawn() | DossierClosed():
            return _ended(dossier, fact)
        case DossierRerouted(road=road, desk=desk, holder=holder):
            stays = _moved(dossier, desk, day)
            stage = settled(dossier.stage, place_on(road, desk))
            now = {"road": road, "desk": desk, "holder": holder, "stage": stage}
            return replace(dossier, since=day, stays=stays, **now)
        case ResultAdmitted(number=number, assessment_year=year):
            more = Admitted(number, year, fact.entry)
            return replace(dossier, admitted=(*dossier.admitted, more))
        case other if type(other) in _STAGES:
            return _staged(dossier, *_STAGES[type(other)], day)
        case other:
            raise TypeError(other)


def _staged(dossier: Dossier, act: str, stage: str, day: date) -> Dossier:
    """What was done out of order is kept as a fact, and moves the dossier nowhere."""
    if after(dossier.stage, dossier.position, act) is None:
        return dossier
    # Begun again after an end: what was said of it before was said of another paper.
    anew: dict[str, Any] = {"handed": (), "appraisals": {}} if act == "open" else {}
    return replace(dossier, stage=stage, since=day, **anew)


def _handed(dossier: Dossier, event: DossierSubmitted, entry: int) -> Dossier:
    days = (event.received_on, event.document_on, event.sent_on)
    step = HandOver(event.to_level, entry, *days, event.from_, event.to)
    returns = tuple(
        replace(r, closed=entry) if r.closed is None and r.by_level == event.to_level else r
        for r in dossier.returns
    )
    now: dict[str, Any] = {"stage": "submitted", "holder": event.to, "desk": event.to_level}
    return replace(
        dossier,
        handed=(*dossier.handed, step),
        returns=returns,
        stays=_moved(dossier, event.to_level, event.effective_on),
        since=event.effective_on,
        **now,
    )


def _returned(dossier: Dossier, event: DossierReturned, entry: int) -> Dossier:
    of = (dossier.desk, event.to_level, entry, event.effective_on, event.missing)
    back = Return(*of, event.number)
    now = {"stage": "returned", "holder": event.to, "desk": event.to_level}
    since = {"since": event.effective_on, "returns": (*dossier.returns, back)}
    stays = _moved(dossier, event.to_level, event.effective_on)
    # What was appraised is appraised of the paper that went back.
    return replace(dossier, appraisals={}, stays=stays, **now, **since)


def _appraised(dossier: Dossier, event: CriteriaAppraised, entry: int) -> Dossier:
    said = {n: Appraisal(n, event.met, event.body, entry) for n in event.numbers}
    appraisals = {**dossier.appraisals, **said}
    whole = sum(each.met for each in appraisals.values()) >= event.of
    stage = "appraised" if whole else "submitted"
    if after(dossier.stage, dossier.position, "appraise") is None:
        stage = dossier.stage
    since = dossier.since if stage == dossier.stage else event.effective_on
    return replace(dossier, appraisals=appraisals, stage=stage, since=since)


def _ended(dossier: Dossier, fact: Fact) -> Dossier:
    day = fact.event.effective_on
    match fact.event:
        case DossierRecognised(decision_on=decision_on, document=document):
            desk = (*dossier.road[-1:], dossier.desk)[0]
            told = {"decision_on": decision_on, "decision": document, "desk": desk}
            stays = _moved(dossier, desk, day)
            return replace(dossier, stage="recognised", since=day, stays=stays, **told)
        case DossierRejected():
            stage = "rejected"
        case DossierClosed(into=into):
            dossier, stage = replace(dossier, closed_into=into), "closed"
        case _:
            stage = "withdrawn"
    home = {"desk": dossier.first, "holder": None, "stays": _moved(dossier, dossier.first, day)}
    return replace(dossier, stage=stage, since=day, **home)
