"""Reads what a correction sets, as strictly as the verb that took it first. Records nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import msgspec

from ntm_workflow.domain.base import BEGINNING, Event, Fact, Refused
from ntm_workflow.domain.fund import UnknownWord
from ntm_workflow.domain.fund_events import FundAdjusted
from ntm_workflow.domain.inputs import (
    FIRST_YEAR,
    LAST_YEAR,
    read_date,
    read_money,
    read_number,
    readable,
    tidy,
)
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.obligation_events import Redated
from ntm_workflow.domain.place import LEVELS
from ntm_workflow.domain.target import AIMS, TRACKS
from ntm_workflow.domain.unit import known_role
from ntm_workflow.office import dossier, place, unit
from ntm_workflow.office.editions import editions
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import find_place, find_unit, must_be_adopted
from ntm_workflow.office.presence import must_be_there

#: Fields that hold a place or a unit, typed by name.
PLACES = frozenset({"place", "parent"})
UNITS = frozenset({"from_", "to", "body", "owed_by", "owed_to", "owner"})
MONEY = frozenset({"amount", "investment"})
YEARS = frozenset(
    {"year", "plan_year", "carried_from", "assessment_year", "target_year", "about_year"}
)
#: What a plan counts in its own tables; larger numbers are slips, and no database holds them.
LARGEST_COUNT = 9_999
#: Of an event, what is not a fact to be set but the envelope around it.
ENVELOPE = frozenset(Event.__struct_fields__) - {"document", "body", "note"}
_OF_A_DUTY = frozenset(
    {"rule", "plan", "expression", "kind", "trigger", "window_start"}
    | {"strict_day", "nominal_day", "act_by", "enforce_day", "entered_by", "weekend"}
    | {"entry_days", "follows", "starts_from", "item", "done_by"}
)
_REDATED = frozenset(Redated.__struct_fields__) - frozenset(Event.__struct_fields__)
#: What the program itself worked out from what was typed, by event.
DERIVED: dict[str, frozenset[str]] = {
    "PlanAdopted": frozenset({"pack_sha256", "within"}),
    "PlanAmended": frozenset({"pack_sha256", "within", "from_sha256", "from_within"}),
    "CriteriaOpened": frozenset({"version"}),
    "CriterionAchieved": frozenset({"version"}),
    "CriterionLapsed": frozenset({"version"}),
    "CriterionConfirmed": frozenset({"version"}),
    "EvidenceAdded": frozenset({"version"}),
    "IndicatorMeasured": frozenset({"version", "indicator"}),
    "CriteriaGrouped": frozenset({"version", "group"}),
    "EditionAdopted": frozenset({"sha256"}),
    "EditionAmended": frozenset({"sha256"}),
    "CriteriaAppraised": frozenset({"version", "of"}),
    "DossierRerouted": frozenset({"desk"}),
    "DossierReturned": frozenset({"number"}),
    "RecognitionKept": frozenset({"version"}),
    "RecognitionInherited": frozenset({"sources"}),
    "RecognitionWithdrawn": frozenset({"known"}),
    "RecognitionGranted": frozenset({"dossier", "label", "decision_on"}),
    "PlaceMergedInto": frozenset({"into"}),
    "MeetingConcluded": frozenset({"obligation"}),
    "WorkRehomed": frozenset({"to", "obligations", "dossiers", "funds", "places"}),
    "ObligationRehomed": frozenset({"place", "owed_by", "owed_to", "trigger"}),
    "ObligationJoined": frozenset({"into"}),
    "DossierClosed": frozenset({"into"}),
    "FundRehomed": frozenset({"item", "place", "owner"}),
    "ObligationExtended": frozenset({"act_by", "enforce_day", "entered_by"}),
    "ObligationSuspended": frozenset({"last_day", "entered_by"}),
    "ObligationResumed": frozenset({"last_day", "entered_by"}),
    "OpeningMoved": frozenset({"opens"}),
    "ObligationStarted": _REDATED,
    "ObligationRescheduled": _REDATED | {"basis"},
    "AlternativeTaken": _REDATED,
    "ObligationAssigned": _OF_A_DUTY,
    "ObligationAmended": _OF_A_DUTY,
    "ObligationDropped": frozenset({"plan"}),
    "TargetWithdrawn": frozenset({"plan"}),
    "CriteriaWithdrawn": frozenset({"plan"}),
    "UnitReleased": frozenset({"plan"}),
    "LetterAcknowledged": frozenset({"person"}),
    "FundAllocated": frozenset({"pay_until", "term_from"}),
    "FindingReviewed": frozenset({"spent"}),
    "ReallocationRequested": frozenset(
        {"rule", "clause", "asked_from", "asked_until", "complete_by"}
    ),
    "ReminderAcknowledged": frozenset({"person", "letter"}),
}


class NoSuchField(Refused):
    exit_code = 2
    vi = "Lần ghi #{entry} không có mục “{field}”.\nCác mục: {known}."
    en = "Entry #{entry} has no field “{field}”.\nFields: {known}."


class NotTyped(Refused):
    exit_code = 2
    vi = "Mục “{field}” của lần ghi #{entry} do chương trình lập, không phải người gõ; không đính chính riêng được.\nHủy rồi ghi lại: ntm fact void {entry} --reason … --document …"
    en = "The field “{field}” of entry #{entry} was made by the program, not typed; it is not corrected by itself.\nVoid it and record anew: ntm fact void {entry} --reason … --document …"


class UnreadableCount(Refused):
    exit_code = 2
    vi = "Không đọc được “{value}” cho mục “{field}”.\nGõ một số nguyên từ {least} đến {most}."
    en = "Cannot read “{value}” for “{field}”.\nType a whole number from {least} to {most}."


class DaysTogether(Refused):
    vi = "Ngày sáp nhập, chia, bàn giao là của mọi phần trong lần ghi, không đính chính riêng một phần được.\nHủy rồi ghi lại: ntm fact void {entry} --reason … --document …"
    en = "The day of a merger, division or hand-over is that of all parts of the entry; it is not corrected of one of them.\nVoid it and record anew: ntm fact void {entry} --reason … --document …"


#: What one entry tells of several places or duties at once.
_TOGETHER = frozenset(
    {
        *("PlacesMerged", "PlaceMergedInto", "PlacePartCeded", "PlaceSplit"),
        *("WorkRehomed", "ObligationRehomed", "ObligationJoined", "FundRehomed", "DossierClosed"),
    }
)


def must_be_fields(facts: list[Fact], names: Collection[str]) -> None:
    """Refuse a field none of these facts has, or none of them was told by a person."""
    every = {f.encode_name for fact in facts for f in _fields(fact)} - ENVELOPE
    typed = {f.encode_name for fact in facts for f in _fields(fact) if _is_typed(fact, f)}
    for name in names:
        if name not in every:
            raise NoSuchField(entry=facts[0].entry, field=name, known=sorted(typed))
        if name not in typed:
            raise NotTyped(entry=facts[0].entry, field=name)


def values(entry: Entry, fact: Fact, said: dict[str, str]) -> dict[str, Any]:
    """What was typed for the fields this fact has, by attribute."""
    known = {f.encode_name: f for f in _fields(fact) if _is_typed(fact, f)}
    return {
        known[name].name: _value(entry, fact, known[name], text)
        for name, text in said.items()
        if name in known
    }


def must_fit(entry: Entry, old: Event, fact: Fact) -> None:
    """Refuse a place that a correction gives the name or code of another, or a parent that is gone;
    and a fact that it moves to a day or place where that place is not there.
    """
    if _where(old) != _where(fact.event):
        must_be_there(entry, fact)
    kind, _, id = fact.subject.partition("/")
    if kind == "dossier" and old.effective_on != fact.event.effective_on:
        dossier.must_keep_its_road(entry, fact.subject, old.effective_on, fact.event.effective_on)
    if fact.type in _TOGETHER and old.effective_on != fact.event.effective_on:
        raise DaysTogether(entry=old.replaces or fact.event.replaces)
    if kind == "place":
        day = min(old.effective_on, fact.event.effective_on)
        place.on_its_own(entry, id, entry.today if day == BEGINNING else day)


def _where(event: Event) -> tuple[date, str | None]:
    return event.effective_on, getattr(event, "place", None)


def _fields(fact: Fact) -> tuple[Any, ...]:
    return msgspec.structs.fields(type(fact.event))


def _is_typed(fact: Fact, info: Any) -> bool:
    """Lists and tables have verbs of their own, or follow from what was typed."""
    plain = info.type in (*_DAYS, *_COUNTS, str, str | None)
    derived = DERIVED.get(fact.type, frozenset()) | ENVELOPE
    return plain and info.name not in derived


_DAYS = (date, date | None)
_COUNTS = (int, int | None)


def _value(entry: Entry, fact: Fact, info: Any, text: str) -> Any:
    """What somebody typed for a field, read as that field reads: a day, đồng, a place, a unit."""
    readable(text, info.encode_name)
    if info.type in _DAYS:
        return read_date(text)
    if info.name in MONEY:
        return _money(fact.event, info.name, text)
    if info.type in _COUNTS:
        return _count(info, text)
    if info.name in PLACES:
        return find_place(entry.reading, text)
    if info.name in UNITS:
        return find_unit(entry.reading, text)
    if info.name == "name":
        return _name(entry, fact, text)
    read = _WORDS.get(info.name)
    return read(entry, tidy(text)) if read else tidy(text)


def _money(event: Event, name: str, text: str) -> int:
    """Đồng; what an adjustment takes away it still takes away."""
    less = isinstance(event, FundAdjusted) and event.amount < 0
    amount = read_money(text)
    return -amount if less else amount


def _count(info: Any, text: str) -> int:
    least, most = (FIRST_YEAR, LAST_YEAR) if info.name in YEARS else (0, LARGEST_COUNT)
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not digits or not least <= int(text) <= most:
        raise UnreadableCount(field=info.encode_name, value=text, least=least, most=most)
    return int(text)


def _name(entry: Entry, fact: Fact, text: str) -> str:
    kind, _, id = fact.subject.partition("/")
    if kind == "unit":
        return unit.name_of_its_own(entry, id, text)
    state: Any = entry.timeline(fact.subject).at(fact.event.effective_on)
    return place.bare_name(text, state.type)


def _adopted(entry: Entry, plan: str) -> str:
    must_be_adopted(entry.reading, plan)
    return plan


def _one_of(known: tuple[str, ...]) -> Callable[[Entry, str], str]:
    def read(entry: Entry, word: str) -> str:
        if word not in known:
            raise UnknownWord(word=word, known=known)
        return word

    return read


#: Fields whose words are given, and the numbers of targets.
_WORDS: dict[str, Callable[[Entry, str], str]] = {
    "level": _one_of(LEVELS),
    "role": lambda entry, text: known_role(text),
    "set": lambda entry, text: editions(entry.reading).of(text)[0].set,
    "plan": _adopted,
    "aim": _one_of(AIMS),
    "track": _one_of(TRACKS),
    "strength": _one_of(STRENGTHS),
    "threshold": lambda entry, text: read_number(text),
    "value": lambda entry, text: read_number(text),
}
