"""Void and correct: the one way anything is undone, for every noun. Nothing is edited.

Voiding a correction voids what it recorded; the entry it had voided does not come back.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from ntm_workflow.domain.base import Event, Fact, Refused
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.domain.inputs import read_date, read_money
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import find_place, find_unit
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.history import entries_because_of

#: What a closing found stays found; the next closing judges again. What left cannot be unsent.
PERMANENT = frozenset(
    {
        "DayClosed",
        "ObligationMissed",
        "ZeroDisbursementFound",
        "ReallocationCaseOpened",
        "LetterIssued",
        "LetterSent",
        "EntryVoided",
    }
)
#: Fields that hold a place or a unit, typed by name.
PLACES = frozenset({"place", "parent"})
UNITS = frozenset({"from_", "to", "body", "unit", "owed_by", "owed_to"})
#: Of an event, what is not a fact to be set but the envelope around it.
ENVELOPE = frozenset(Event.__struct_fields__) - {"document", "body", "note"}


class NoSuchEntry(Refused):
    exit_code = 3
    vi = "Sổ không có lần ghi #{entry} (mới đến #{last}).\nXem: ntm fact list"
    en = "The journal has no entry #{entry} (it ends at #{last}).\nSee: ntm fact list"


class AlreadyVoided(Refused):
    vi = "Lần ghi #{entry} đã bị hủy bởi lần ghi #{by}.\nXem: ntm fact show {by}"
    en = "Entry #{entry} was voided by entry #{by} already.\nSee: ntm fact show {by}"


class CannotVoid(Refused):
    vi = "Lần ghi #{entry} ({types}) không hủy được: chốt số liệu, thư đã lập và việc hủy là vĩnh viễn.\nHãy ghi lại việc đúng."
    en = "Entry #{entry} ({types}) cannot be voided: closings, letters and voids are permanent.\nRecord the right fact instead."


class VoidNeedsPaper(Refused):
    exit_code = 2
    vi = "Hủy lần ghi #{entry} phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Voiding entry #{entry} needs its paper.\nAdd --document “number, date, issuer”."


class HasDependents(Refused):
    vi = "Các lần ghi sau dựa vào #{entry}: {dependents}.\nHủy tất cả: thêm --with-dependents. Xem: ntm fact show <số>"
    en = "Later entries rest on #{entry}: {dependents}.\nVoid them all: add --with-dependents. See: ntm fact show <number>"


class NoSuchField(Refused):
    exit_code = 2
    vi = "Lần ghi #{entry} không có mục “{field}”.\nCác mục: {known}."
    en = "Entry #{entry} has no field “{field}”.\nFields: {known}."


class UnreadableValue(Refused):
    exit_code = 2
    vi = "Không đọc được “{value}” cho mục “{field}”: {reason}."
    en = "Cannot read “{value}” for “{field}”: {reason}."


class NothingToCorrect(Refused):
    exit_code = 2
    vi = "Bản đính chính giống hệt lần ghi #{entry}.\nThêm --on hoặc --set MỤC=GIÁ_TRỊ."
    en = "The correction equals entry #{entry}.\nAdd --on or --set FIELD=VALUE."


def void(entry: Entry, number: int, reason: str, *, with_dependents: bool = False) -> list[int]:
    """Void an entry and what it derived; returns the entries voided. Refuses if others rest on it."""
    if not entry.request.document:
        raise VoidNeedsPaper(entry=number)
    voided = _void_all(entry, number, reason)
    while dependents := _resting(entry):
        if not with_dependents:
            raise HasDependents(entry=voided[0], dependents=_cited(dependents))
        for dependent in dependents:
            voided += _void_all(entry, dependent, reason)
    return voided


def correct(
    entry: Entry, number: int, reason: str, *, on: date | None, fields: dict[str, str]
) -> list[int]:
    """Void an entry and record the same verb again, changed, in its place in the day."""
    old = _voidable(entry, number)
    told = [fact for fact in old if fact.event.because is None]
    _check_fields(told, fields)
    changed = [_changed(entry, fact, on, fields) for fact in told]
    if [fact.event for fact in told] == changed:
        raise NothingToCorrect(entry=old[0].entry)
    voided = _void_all(entry, number, reason)
    for fact, event in zip(told, changed, strict=True):
        _again(entry, fact, event)
    if dependents := _resting(entry):
        raise HasDependents(entry=voided[0], dependents=_cited(dependents))
    return voided


def _again(entry: Entry, fact: Fact, event: Event) -> None:
    said = msgspec.structs.asdict(event)
    for typed_anew in ("by", "because", "against"):
        said.pop(typed_anew)
    said |= {"replaces": fact.entry, "place_of": event.place_of or fact.entry}
    entry.record(fact.subject, type(event), **said)


def _void_all(entry: Entry, number: int, reason: str) -> list[int]:
    """Void an entry and, breadth first, every entry derived from it."""
    waiting, voided = [_voidable(entry, number)], []
    while waiting:
        facts = waiting.pop(0)
        target = facts[0].entry
        voided.append(target)
        for id in dict.fromkeys(fact.subject for fact in facts):
            _remember(entry, id)
            entry.drop(id, target)
        entry.record(
            f"entry/{target}", EntryVoided, entry=target, reason=reason, effective_on=entry.today
        )
        derived = entries_because_of(entry.conn, target)
        waiting += [entry.journal.entry(entry.conn, n) for n in derived if n not in voided]
    return voided


def _voidable(entry: Entry, number: int) -> list[Fact]:
    facts = entry.journal.entry(entry.conn, number)
    if not facts:
        raise NoSuchEntry(entry=number, last=entry.number - 1)
    cited = facts[0].entry
    if by := entry.journal.voided_by(entry.conn, cited):
        raise AlreadyVoided(entry=cited, by=by)
    types = {fact.type for fact in facts}
    # A correction may be voided or corrected again: what it voided stays voided.
    permanent = (
        types & PERMANENT if types == {"EntryVoided"} else types & PERMANENT - {"EntryVoided"}
    )
    if permanent:
        raise CannotVoid(entry=cited, types=sorted(permanent))
    return [fact for fact in facts if fact.type != "EntryVoided"]


def _remember(entry: Entry, id: str) -> None:
    """Keep the conflicts a subject had before anything was voided, to see which are new."""
    if id not in entry.before:
        entry.before[id] = frozenset(entry.timeline(id).conflicts)


def _resting(entry: Entry) -> list[int]:
    """Live entries that no longer fit their subject, though they did before."""
    resting: set[int] = set()
    for id, before in entry.before.items():
        timeline = entry.timeline(id)
        new = set(timeline.conflicts) - before
        for step in timeline.steps:
            fact = step.fact
            if fact.position in new and fact.type not in PERMANENT and fact.entry != entry.number:
                resting.add(fact.entry)
    return sorted(resting)


def _cited(entries: list[int], most: int = 10) -> list[str]:
    cited = [f"#{number}" for number in entries[:most]]
    return cited if len(entries) <= most else [*cited, f"… (+{len(entries) - most})"]


def _changed(entry: Entry, fact: Fact, on: date | None, fields: dict[str, str]) -> Event:
    """The event with the new day and values. Days that equalled the old day move with it."""
    event = fact.event
    changes: dict[str, Any] = {}
    if on:
        for name in event.__struct_fields__:
            if getattr(event, name) == event.effective_on:
                changes[name] = on
    known = {f.encode_name: f for f in msgspec.structs.fields(type(event))}
    for name, text in fields.items():
        if name in known and name not in ENVELOPE:
            changes[known[name].name] = _value(entry, known[name], text)
    return msgspec.structs.replace(event, **changes)


def _check_fields(facts: list[Fact], fields: dict[str, str]) -> None:
    known = {
        f.encode_name for fact in facts for f in msgspec.structs.fields(type(fact.event))
    } - ENVELOPE
    for name in fields:
        if name not in known:
            raise NoSuchField(entry=facts[0].entry, field=name, known=sorted(known))


def _value(entry: Entry, info: Any, text: str) -> Any:
    """What somebody typed for a field, read as that field reads: a day, đồng, a place, a unit."""
    reading = Reading(entry.conn, entry.today, entry.number - 1, entry.now)
    if info.type in (date, date | None):
        return read_date(text)
    if info.name == "amount":
        return read_money(text)
    if info.name in PLACES:
        return find_place(reading, text)
    if info.name in UNITS:
        return find_unit(reading, text)
    try:
        return msgspec.convert(text, info.type, strict=False)
    except msgspec.ValidationError as error:
        raise UnreadableValue(field=info.encode_name, value=text, reason=str(error)) from None
