"""What people answer to letters: taken on, put off, disputed, not received; and letting a held letter go out.

Names of people go into the table that can be erased; the journal holds ids.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import NotBegun, Refused
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.letter import LetterAcknowledged, LetterReleased
from ntm_workflow.domain.obligation import (
    Obligation,
    ReceiptDenied,
    ReminderAcknowledged,
    ReminderDisputed,
    ReminderSnoozed,
)
from ntm_workflow.domain.plan import Reminders
from ntm_workflow.domain.reminding import NobodyReceives, NotTheReceiver
from ntm_workflow.office import alarm, contacts
from ntm_workflow.office.contacts import Person
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.letters import NoLetter, letter_id
from ntm_workflow.office.obligation import settings_of
from ntm_workflow.office.reading import bare
from ntm_workflow.projections import telling
from ntm_workflow.store.schema import OUTBOX

#: Lines whose duty is the reader's own, to be taken on.
_OWN = frozenset({"missed", "after", "ahead", "summary"})


class PersonNeeded(Refused):
    exit_code = 2
    vi = "Phải nêu tên người chịu trách nhiệm.\nThêm --person “Họ tên”."
    en = "Whoever answers for it must be named.\nAdd --person “Name”."


class NotNamedThere(Refused):
    exit_code = 3
    vi = "Thư này không nhắc đơn vị nhận thư làm việc {obligation}.\nXem: ntm letter show {letter:arg}"
    en = (
        "This letter does not remind its reader of {obligation}.\nSee: ntm letter show {letter:arg}"
    )


class NotHeld(Refused):
    vi = "Thư {letter} không chờ ai cho gửi.\nXem các thư đang chờ: ntm letter list --state held"
    en = "Letter {letter} waits for nobody's release.\nSee those that do: ntm letter list --state held"


class NobodysToTake(Refused):
    exit_code = 2
    vi = "Thư {letter} không nêu việc nào mà đơn vị nhận thư phải làm; không có gì để nhận.\nXem: ntm letter show {letter:arg}"
    en = "Letter {letter} names no duty of its reader's own; there is nothing to take on.\nSee: ntm letter show {letter:arg}"


class NotLeftYet(Refused):
    vi = "Thư {letter} chưa đi đến đơn vị nào nên chưa ai nhận trả lời được.\nXem: ntm letter show {letter:arg}"
    en = "Letter {letter} has not left for anybody yet, so nobody can take on what it names.\nSee: ntm letter show {letter:arg}"


class TooLong(Refused):
    exit_code = 2
    vi = "Đến ngày {until} là quá dài: thiết lập cho nhiều nhất {most} ngày, tức đến {last}.\nNêu ngày sớm hơn: --until."
    en = "{until} is too far: the settings allow {most} days at most, until {last}.\nName an earlier day: --until."


def acknowledge(entry: Entry, id: str, person: str, only: Collection[str] = ()) -> None:
    """A named person of the unit takes on what the letter names: all of it, or `only` some duties."""
    letter = _letter(entry, id)
    id = letter_id(id)
    own = {line.subject for line in telling.of_letter(entry.conn, id) if line.part in _OWN}
    if letter.kind == alarm.KIND or not own:
        raise NobodysToTake(letter=id)
    if not letter.gone:
        raise NotLeftYet(letter=id)
    who = _person(entry, letter.unit, person)
    for duty in only:
        if duty not in own:
            raise NotNamedThere(obligation=bare(duty), letter=id)
    entry.load([id, *own])
    # Taken on part by part, a letter is acknowledged with the first.
    if not (only and letter.acknowledged_by):
        entry.record(id, LetterAcknowledged, person=who)
    for duty in sorted(only or own):
        if _open(entry.timeline(duty).now):
            entry.record(duty, ReminderAcknowledged, person=who, letter=id)


def _open(duty: Obligation | None) -> bool:
    return duty is not None and not (duty.met_on or duty.waived_on or duty.ended_on)


def release(entry: Entry, id: str, person: str) -> None:
    """A named officer lets a held letter go out; it leaves with the next run of the relay."""
    letter, id = _letter(entry, id), letter_id(id)
    if letter.state != "held":
        raise NotHeld(letter=id)
    who = _person(entry, entry.request.body or letter.unit, person)
    entry.record(id, LetterReleased, person=who)
    waiting = sa.update(OUTBOX).where(OUTBOX.c.id == id, OUTBOX.c.state == "held")
    entry.conn.execute(waiting.values(state="queued"))


def deny(entry: Entry, duty: str) -> None:
    """The desk that should have received it says that it has not."""
    state, said_by = entry.timeline(duty).now, entry.request.body
    assigned = state.assigned if state is not None else None
    desk = assigned.owed_to if assigned and assigned.owed_to != assigned.owed_by else None
    if assigned is not None and desk is None:
        raise NobodyReceives
    if said_by not in (None, desk):
        raise NotTheReceiver(body=said_by, unit=desk)
    entry.record(duty, ReceiptDenied)


def snooze(entry: Entry, duty: str, until: date | None, reason: str) -> None:
    """No reminders of the duty until a day, by default as long as the settings allow."""
    last = _within(entry, until, _reminders(entry, duty).snooze_days)
    entry.record(duty, ReminderSnoozed, until=last, reason=tidy(reason))


def dispute(entry: Entry, duty: str, until: date | None, reason: str) -> None:
    """The unit says it does not owe this, or not so: nobody further up hears until a day."""
    last = _within(entry, until, _reminders(entry, duty).dispute_days)
    entry.record(duty, ReminderDisputed, until=last, reason=tidy(reason))


def _within(entry: Entry, until: date | None, most: int) -> date:
    last = (entry.request.on or entry.today) + timedelta(days=most)
    if until is not None and until > last:
        raise TooLong(until=until, most=most, last=last)
    return until or last


def _reminders(entry: Entry, duty: str) -> Reminders:
    state = entry.timeline(duty).now
    if state is None:
        raise NotBegun(subject=duty, day=entry.today, began=None)
    return settings_of(entry, state).reminders


def _letter(entry: Entry, id: str) -> Any:
    state = entry.timeline(letter_id(id)).now
    if state is None:
        raise NoLetter(id=id)
    return state


def _person(entry: Entry, unit: str, name: str) -> str:
    if not name.strip():
        raise PersonNeeded
    return contacts.person(entry.conn, unit, Person(readable(tidy(name))))
