"""Void and correct: the one way anything is undone, for every noun. Nothing is edited.

Voiding a correction voids what it recorded; the entry it had voided does not come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import msgspec

from ntm_workflow.domain.base import BEGINNING, Event, Fact, Refused
from ntm_workflow.domain.calendar import CalendarAnnounced
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.domain.fund_events import FundAdjusted, FundAllocated
from ntm_workflow.domain.obligation import ObligationRescheduled, ObligationStarted
from ntm_workflow.office import fund_stop, starts
from ntm_workflow.office.announcement import closed_among
from ntm_workflow.office.corrections import must_be_fields, must_fit, values
from ntm_workflow.office.entry import Entry, NoSuchEntry
from ntm_workflow.office.money_checks import pay_until
from ntm_workflow.office.obligation import meet_from_earlier
from ntm_workflow.office.rescheduling import Cause, Moves, reschedule, tell_changed
from ntm_workflow.projections.history import entries_because_of
from ntm_workflow.projections.references import references

#: What a closing found stays found; the next closing judges again. What left cannot be unsent, and
#: what two people agreed on, or not, was agreed on.
PERMANENT = frozenset(
    {
        "DayClosed",
        "ObligationMissed",
        "ZeroDisbursementFound",
        "ReallocationCaseOpened",
        "LetterIssued",
        "LetterReleased",
        "LetterSent",
        "LetterFailed",
        "LetterBounced",
        "EntryVoided",
        "ActProposed",
        "ActApproved",
        "ActRejected",
        "ContactForgotten",
        "ClockStepSeen",
    }
)


#: What a line of a decision about money is about.
MOVED = frozenset({"amount", "source", "kind", "plan_year", "carried_from", "moved"})
#: What rests on nothing: it stays for ever, or moves what gave the days and else moves nothing.
NOT_RESTING = PERMANENT | {ObligationRescheduled.__name__}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a correction says: a new day, new values as typed, and whose facts where it must be said."""

    on: date | None = None
    fields: dict[str, str] = field(default_factory=dict)
    subject: str | None = None


class InsideEntry(Refused):
    exit_code = 3
    vi = "#{number} là một trong {count} việc của lần ghi #{entry}; hủy và đính chính là cho cả lần ghi.\nXem: ntm fact show {entry}"
    en = "#{number} is one of the {count} facts of entry #{entry}; voiding and correcting are for whole entries.\nSee: ntm fact show {entry}"


class AlreadyVoided(Refused):
    vi = "Lần ghi #{entry} đã bị hủy bởi lần ghi #{by}.\nXem: ntm fact show {by}"
    en = "Entry #{entry} was voided by entry #{by} already.\nSee: ntm fact show {by}"


class CannotVoid(Refused):
    vi = "Lần ghi #{entry} ({types:word}) không hủy được: chốt số liệu, thư đã lập, đề nghị hai người, bước nhảy đồng hồ, việc xóa thông tin cá nhân và việc hủy là vĩnh viễn.\nHãy ghi lại việc đúng."
    en = "Entry #{entry} ({types:word}) cannot be voided: closings, letters, proposals, steps of the clock, erasures of personal data and voids are permanent.\nRecord the right fact instead."


class MovesTogether(Refused):
    vi = "Lần ghi #{entry} chuyển vốn giữa các mục, các dòng cộng bằng nhau; không đính chính riêng số tiền, ngày, loại vốn của một dòng.\nHủy rồi ghi lại: ntm fact void {entry} --reason … --document …"
    en = "Entry #{entry} moves money between items, and its lines add up to nothing; amounts, days and kinds of money are not corrected one by one.\nVoid it and record anew: ntm fact void {entry} --reason … --document …"


class AnnouncedDayClosed(Refused):
    vi = "Lần ghi #{entry} công bố lịch của ngày {days}, đã chốt (sổ đã chốt đến hết {closed}); hủy hay đính chính sẽ kéo hạn về ngày đã chốt.\nNgày chưa chốt thì công bố văn bản mới: ntm calendar announce --off NGÀY --worked NGÀY --document …"
    en = "Entry #{entry} announced {days}, which is closed (the journal is closed to the end of {closed}); voiding or correcting it would move deadlines back into closed days.\nAnnounce days that are not closed anew: ntm calendar announce --off DATE --worked DATE --document …"


class VoidNeedsPaper(Refused):
    exit_code = 2
    vi = "Hủy lần ghi #{entry} phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Voiding entry #{entry} needs its paper.\nAdd --document “number, date, issuer”."


class HasDependents(Refused):
    vi = "Các lần ghi sau dựa vào #{entry}: {dependents}.\nHủy tất cả: thêm --with-dependents. Xem: ntm fact show <số>"
    en = "Later entries rest on #{entry}: {dependents}.\nVoid them all: add --with-dependents. See: ntm fact show <number>"


class OthersRestOnIt(Refused):
    vi = "Sau đính chính, các lần ghi dựa vào #{entry} không còn đúng: {dependents}.\nĐính chính hoặc hủy chúng trước. Xem: ntm fact show <số>"
    en = "After this correction entries that rest on #{entry} would no longer fit: {dependents}.\nCorrect or void them first. See: ntm fact show <number>"


class SayWhichSubject(Refused):
    exit_code = 2
    vi = "Lần ghi #{entry} gồm {count} đối tượng; hãy nói rõ đối tượng cần sửa.\nThêm --subject, ví dụ: --subject {first:arg}"
    en = "Entry #{entry} is about {count} subjects; say which one is to be corrected.\nAdd --subject, for example: --subject {first:arg}"


class SubjectNotThere(Refused):
    exit_code = 3
    vi = "Lần ghi #{entry} không nói về {subject}.\nXem: ntm fact show {entry}"
    en = "Entry #{entry} says nothing about {subject}.\nSee: ntm fact show {entry}"


class PartOfId(Refused):
    vi = "“{field}” là một phần mã của {subject}, nên sửa nó là nói về một đối tượng khác.\nHủy lần ghi #{entry} rồi ghi lại: ntm fact void {entry} --reason … --document …"
    en = "“{field}” is part of the id of {subject}: changing it would be about another subject.\nVoid entry #{entry} and record anew: ntm fact void {entry} --reason … --document …"


class NothingToCorrect(Refused):
    exit_code = 2
    vi = "Bản đính chính giống hệt lần ghi #{entry}.\nThêm --on hoặc --set MỤC=GIÁ_TRỊ."
    en = "The correction equals entry #{entry}.\nAdd --on or --set FIELD=VALUE."


def void(
    entry: Entry,
    number: int,
    reason: str,
    *,
    with_dependents: bool = False,
    told: Moves | None = None,
) -> list[int]:
    """Void an entry and what it derived; returns the entries voided. Refuses if others rest on it.

    `told` hears of every deadline that moves.
    """
    if not entry.request.document:
        raise VoidNeedsPaper(entry=number)
    voided = _void_all(entry, number, reason)
    while dependents := _resting(entry, voided):
        if not with_dependents:
            raise HasDependents(entry=voided[0], dependents=_cited(dependents))
        for dependent in dependents:
            voided += _void_all(entry, dependent, reason)
    _derive_again(entry, told or Moves())
    return voided


def correct(
    entry: Entry, number: int, reason: str, change: Change, moves: Moves | None = None
) -> list[int]:
    """Void an entry and record the same verb again, changed, in its place in the day."""
    told = [fact for fact in _voidable(entry, number) if fact.event.because is None]
    chosen = _chosen(told, change)
    _must_balance(told, change)
    changed = [_changed(entry, fact, change) if fact in chosen else fact.event for fact in told]
    if [fact.event for fact in told] == changed:
        raise NothingToCorrect(entry=told[0].entry)
    voided = _void_all(entry, number, reason)
    again = [_again(entry, fact, event) for fact, event in zip(told, changed, strict=True)]
    for fact, event, new in zip(told, changed, again, strict=True):
        if fact.event != event:
            must_fit(entry, fact.event, new)
    if dependents := _resting(entry, voided):
        raise OthersRestOnIt(entry=voided[0], dependents=_cited(dependents))
    _derive_again(entry, moves or Moves())
    return voided


def _must_balance(told: list[Fact], change: Change) -> None:
    """Lines that add up to nothing are not changed one by one."""
    moving = {fact.subject for fact in told if isinstance(fact.event, FundAdjusted | FundAllocated)}
    moves = len(moving) > 1 and any(isinstance(fact.event, FundAdjusted) for fact in told)
    if moves and (change.on or MOVED & set(change.fields)):
        raise MovesTogether(entry=told[0].entry)


def _chosen(told: list[Fact], change: Change) -> list[Fact]:
    """The facts a correction means: those of one subject, which must be said where it is not clear."""
    subjects = list(dict.fromkeys(fact.subject for fact in told))
    if change.subject:
        chosen = [fact for fact in told if fact.subject == change.subject]
        if not chosen:
            raise SubjectNotThere(entry=told[0].entry, subject=change.subject)
    elif len(subjects) > 1:
        raise SayWhichSubject(entry=told[0].entry, count=len(subjects), first=subjects[0])
    else:
        chosen = told
    must_be_fields(chosen, change.fields)
    return chosen


def _derive_again(entry: Entry, told: Moves) -> None:
    """What follows from the facts that are left: hand-overs that meet duties, days of the calendar."""
    _meet_again(entry)
    if any(id.startswith("fund/") for id in entry.before):
        fund_stop.look_again(entry)
    everything = any(id.startswith("calendar/") for id in entry.before)
    duties = {id for id in entry.before if id.startswith("obligation/")}
    for id in duties:
        starts.count_anew(entry, id)
    tell_changed(entry, told)
    if everything or duties:
        among = None if everything else duties
        # Days counted now by the calendar of now hold since whatever gives them.
        cause = Cause(entry=entry.number, day=date.min, document=entry.request.document)
        entry.later.append(partial(reschedule, told=told, cause=cause, among=among))


def _meet_again(entry: Entry) -> None:
    """A duty that lost what met it may still be met by a hand-over nobody voided."""
    for id in entry.before:
        state = entry.timeline(id).now if id.startswith("obligation/") else None
        if state is not None and state.met_on is None and state.assigned.trigger:
            meet_from_earlier(entry, id, state.assigned.trigger)


def _again(entry: Entry, fact: Fact, event: Event) -> Fact:
    said = msgspec.structs.asdict(event)
    for typed_anew in ("by", "because", "against"):
        said.pop(typed_anew)
    if isinstance(event, ObligationStarted):
        # Its days follow from the day of the event, which may be another one now.
        state: Any = entry.timeline(fact.subject).now
        said |= starts.counted(entry, state, event.event_on, event.document) if state else {}
    if isinstance(event, FundAllocated) and event.pay_until:
        # The end of its year follows from the year.
        fund: Any = entry.timeline(fact.subject).now
        said["pay_until"] = pay_until(entry.reading, fund.place, event.plan_year) if fund else None
    said |= {"replaces": fact.entry, "place_of": event.place_of or fact.entry}
    return entry.record(fact.subject, type(event), **said)


def _void_all(entry: Entry, number: int, reason: str) -> list[int]:
    """Void an entry and, breadth first, every entry derived from it."""
    waiting, voided = [_voidable(entry, number)], []
    while waiting:
        facts = waiting.pop(0)
        target = facts[0].entry
        voided.append(target)
        _must_be_open(entry, facts)
        for id in dict.fromkeys(fact.subject for fact in facts):
            _remember(entry, id)
            entry.drop(id, target)
        entry.record(
            f"entry/{target}", EntryVoided, entry=target, reason=reason, effective_on=entry.today
        )
        derived = entries_because_of(entry.conn, target)
        waiting += [entry.journal.entry(entry.conn, n) for n in derived if n not in voided]
    return voided


def _must_be_open(entry: Entry, facts: list[Fact]) -> None:
    """What was judged by an announced day stays judged so."""
    events = (fact.event for fact in facts)
    said = (e for e in events if isinstance(e, CalendarAnnounced))
    over, closed = closed_among(entry, (day for e in said for day in (*e.off, *e.worked)))
    if over:
        raise AnnouncedDayClosed(entry=facts[0].entry, days=sorted(over), closed=closed)


def _voidable(entry: Entry, number: int) -> list[Fact]:
    facts = entry.journal.entry(entry.conn, number)
    if not facts:
        raise NoSuchEntry(entry=number, last=entry.number - 1)
    cited = facts[0].entry
    if number != cited:
        raise InsideEntry(number=number, entry=cited, count=len(facts))
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


def _resting(entry: Entry, voided: list[int]) -> list[int]:
    """Live entries that no longer fit their subject, or name a subject that is gone."""
    resting: set[int] = set()
    for id, before in entry.before.items():
        timeline = entry.timeline(id)
        new = set(timeline.conflicts) - before
        for step in timeline.steps:
            fact = step.fact
            if fact.position in new and fact.type not in NOT_RESTING and fact.entry != entry.number:
                resting.add(fact.entry)
    resting |= {n for n in (*_naming(entry), *_moved_on(entry, voided)) if n not in voided}
    return sorted(resting)


#: Each says where a thing goes from where it was.
_MOVES = frozenset({"ObligationRehomed", "ObligationJoined", "FundRehomed"})


def _moved_on(entry: Entry, voided: list[int]) -> Iterator[int]:
    """Live entries that take a thing on from where a voided one had taken it."""
    gone = (fact for number in voided for fact in entry.journal.entry(entry.conn, number))
    for fact in gone:
        if fact.type in _MOVES:
            live = [step.fact for step in entry.timeline(fact.subject).steps]
            moves = [each for each in live if each.type in _MOVES]
            # A correction has said it again.
            if all(each.entry != entry.number for each in moves):
                yield from (each.entry for each in moves if each.order > fact.order)


def _naming(entry: Entry) -> set[int]:
    """Live entries that name a subject this entry made disappear."""
    gone = {id for id in entry.before if entry.timeline(id).now is None}
    bare = {id.partition("/")[2] for id in gone}
    return {
        step.fact.entry
        for id in references(entry.conn, gone)
        if id not in gone
        for step in entry.timeline(id).steps
        if bare & _named(step.fact.event)
    }


def _named(event: Event) -> set[str]:
    """Every text an event holds, alone or in a list: the ids it names are among them, with their kind or bare."""
    values = msgspec.structs.astuple(event)
    listed = (each for value in values if isinstance(value, tuple) for each in value)
    # An edition is named in two parts.
    edition = f"{getattr(event, 'set', None)}/{getattr(event, 'version', None)}"
    texts = {value for value in (*values, *listed, edition) if isinstance(value, str)}
    return texts | {text.partition("/")[2] for text in texts if "/" in text}


def _cited(entries: list[int], most: int = 10) -> list[str]:
    cited = [f"#{number}" for number in entries[:most]]
    return cited if len(entries) <= most else [*cited, f"… (+{len(entries) - most})"]


def _changed(entry: Entry, fact: Fact, change: Change) -> Event:
    """The event with the new day and values. Days that equalled the old day move with it."""
    event = fact.event
    changes: dict[str, Any] = {}
    if change.on and event.effective_on != BEGINNING:
        for name in event.__struct_fields__:
            if getattr(event, name) == event.effective_on:
                changes[name] = change.on
    for name, value in values(entry, fact, change.fields).items():
        _keeps_its_id(fact, name, getattr(event, name), value)
        changes[name] = value
    return msgspec.structs.replace(event, **changes)


def _keeps_its_id(fact: Fact, field: str, old: Any, new: Any) -> None:
    """What a subject's id is made of cannot be corrected: that would be another subject."""
    rest = fact.subject.partition("/")[2]
    parts = {rest, *rest.split("/")}
    joined = rest.startswith(f"{old}-") or rest.endswith(f"-{old}")
    if old != new and old is not None and (str(old) in parts or joined):
        raise PartOfId(field=field, subject=fact.subject, entry=fact.entry)
