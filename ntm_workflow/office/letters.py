"""Letters: who must hear what on a day, putting them in the outbox, and how they are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.letter import LetterIssued, Line
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office import (
    Office,
    Work,
    contacts,
    missing,
    notices,
    outbox,
    retracting,
    summary,
)
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.reminding import morning_of, reminders
from ntm_workflow.office.style import OURS, Style
from ntm_workflow.office.writing import Desk, Written, write
from ntm_workflow.projections import VIEWS, letter, telling
from ntm_workflow.store.schema import OUTBOX


def preview(
    reading: Reading,
    *,
    sample: bool,
    style: Style = OURS,
    unit: str | None = None,
    kind: str | None = None,
) -> list[Written]:
    """The letters of the reading's day, written but neither recorded nor sent; all, unless told."""
    desk = Desk(reading, sample=sample, style=style)
    intents = [i for i in planned(reading) if unit in (None, i.unit) and kind in (None, i.kind)]
    desk.learn(intents)
    return [written for intent in intents if (written := desk.write(intent))]


def planned(reading: Reading) -> list[Intent]:
    """Who must hear what on the day, less the letters that are written already; none on a day off."""
    morning = morning_of(reading)
    if not morning.working.is_working(morning.day):
        return []
    found = [
        *reminders(reading, morning),
        *retracting.planned(reading),
        *notices.planned(reading),
    ]
    found += summary.planned(reading, morning, found)
    found += missing.planned(reading, morning, found)
    of_the_day = VIEWS["letter"].table.c.day == reading.as_of
    taken = {row.id for row in reading.rows("letter", of_the_day, only=("id",))}
    return [intent for intent in _there(reading, found) if intent.id not in taken]


def _there(reading: Reading, found: Iterable[Intent]) -> list[Intent]:
    """Those to units that are there: of a place that has ended nobody reads letters any more.

    What is still open in it is listed for the office (work_list.py), which decides who takes it on.
    """
    ended = {id for id, row in reading.places.items() if row.ended}
    gone = {id for id, row in reading.units.items() if row.place in ended} if ended else set()
    return [intent for intent in found if intent.unit not in gone]


def at_once(reading: Reading) -> list[Intent]:
    """What was recorded today and does not wait for the morning; none on a day off."""
    found = _there(reading, notices.of_today(reading))
    return found if found and calendar_of(reading.conn).is_working(reading.as_of) else []


def issue(work: Work, day: date, request: Request) -> list[Intent]:
    """Record the day's letters and put them in the outbox, in one entry."""
    return _recorded(work, planned(work.reading(day)), request)


def issue_at_once(work: Work, day: date, request: Request) -> list[Intent]:
    """Record what does not wait for the morning."""
    return _recorded(work, at_once(work.reading(day)), request)


def _recorded(work: Work, intents: list[Intent], request: Request) -> list[Intent]:
    if not intents:
        return []
    receipt = work.entry(request, lambda entry: _issue(entry, intents))
    if not receipt.repeated:
        work.conn.execute(sa.insert(OUTBOX), [_queued(i, receipt.entry) for i in intents])
    return intents


def raise_alarm(office: Office, intents: list[Intent], request: Request) -> list[str]:
    """Record alerts and put them in the outbox, each once; the ids of those that are new."""
    with office.database.read() as conn:
        if not _unheard(conn, intents):
            return []
    with office.writing(any_clock=True) as work:
        new = _unheard(work.conn, intents)
        if new:
            receipt = work.entry(request, lambda entry: _issue(entry, new))
            work.conn.execute(sa.insert(OUTBOX), [_queued(i, receipt.entry) for i in new])
    return [intent.id for intent in new]


def _unheard(conn: sa.Connection, intents: list[Intent]) -> list[Intent]:
    return [intent for intent in intents if letter.issued(conn, intent.id) is None]


_SAID = ("unit", "kind", "day", "lines", "about", "held")


def _issue(entry: Entry, intents: list[Intent]) -> None:
    entry.load([intent.id for intent in intents])
    for intent in intents:
        said = {name: getattr(intent, name) for name in _SAID}
        entry.record(intent.id, LetterIssued, effective_on=intent.day, **said)


def _queued(intent: Intent, entry: int) -> dict[str, Any]:
    return {
        "id": intent.id,
        "unit": intent.unit,
        "kind": intent.kind,
        "day": intent.day.isoformat(),
        "entry": entry,
        "state": "held" if intent.held else "queued",
        "obligations": msgspec.json.encode([line.subject for line in intent.lines]).decode(),
    }


class NotTheDay(Refused):
    exit_code = 2
    vi = "Thư của ngày {day} không gửi được vào ngày {today}: lời nhắc sẽ sai.\nXem thử thư của ngày khác: ntm letter preview --as-of …"
    en = "The letters of {day} cannot go out on {today}: what they say would be wrong.\nLook at another day's: ntm letter preview --as-of …"


def must_be_today(office: Office, day: date) -> None:
    """Letters go out on their day; only a rehearsal may write those of a day gone by."""
    if day > office.today or (day < office.today and not office.info.rehearsal):
        raise NotTheDay(day=day, today=office.today)


def letter_id(typed: str) -> str:
    """The id of a letter, with or without what all of them begin with."""
    return typed if typed.startswith("letter/") else f"letter/{typed}"


class NoLetter(Refused):
    exit_code = 3
    vi = "Không có thư “{id}”.\nXem: ntm letter list"
    en = "There is no letter “{id}”.\nSee: ntm letter list"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which letters to list: all, unless told."""

    unit: str | None = None
    obligation: str | None = None
    kind: str | None = None
    states: Collection[str] = ()
    first: date | None = None
    last: date | None = None

    def where(self) -> list[sa.ColumnElement[bool]]:
        c = VIEWS["letter"].table.c
        asked = (
            c.unit == self.unit if self.unit else None,
            c.kind == self.kind if self.kind else None,
            c.day >= self.first if self.first else None,
            c.day <= self.last if self.last else None,
            c.id.in_(telling.naming(self.obligation)) if self.obligation else None,
        )
        return [condition for condition in asked if condition is not None]


def listing(reading: Reading, wanted: Wanted = Wanted()) -> list[dict[str, Any]]:
    """The letters as JSON shows them; the outbox knows attempts, the journal what left."""
    rows = sorted(
        reading.rows("letter", *wanted.where()),
        key=lambda row: (row.day, reading.order(row.unit), row.id),
    )
    ids = [row.id for row in rows]
    queued = outbox.rows(reading.conn, ids)
    envelopes = outbox.envelopes(reading.conn, queued)
    lines = telling.subjects(reading.conn, ids)
    found = (
        _listed(reading, row, queued.get(row.id), envelopes.get(row.id, []), lines.get(row.id, []))
        for row in rows
    )
    return [item for item in found if not wanted.states or item["state"] in wanted.states]


def _listed(
    reading: Reading, row: Any, queued: Any, envelopes: list[Any], subjects: list[str]
) -> dict[str, Any]:
    # Refused at one address, it may still reach another.
    open_ = queued is not None and row.state in ("queued", "failed")
    return {
        "id": row.id,
        "unit": reading.ref(row.unit),
        "kind": row.kind,
        "day": row.day,
        "state": queued.state if open_ else row.state,
        "message_id": row.message_id or next((e.message_id for e in envelopes), None),
        "attempts": sum(envelope.attempts for envelope in envelopes),
        "obligations": [bare(id) for id in subjects],
        "about": row.about,
    }


def one(reading: Reading, id: str) -> tuple[dict[str, Any], bytes | None]:
    """A letter and its frozen bytes, None while it has not been rendered for sending."""
    row = reading.row(letter_id(id))
    if row is None:
        raise NoLetter(id=id)
    id = row.id
    queued = reading.conn.execute(sa.select(OUTBOX).where(OUTBOX.c.id == id)).one_or_none()
    envelopes = outbox.envelopes(reading.conn, [id]).get(id, [])
    subjects = [each.subject for each in telling.of_letter(reading.conn, id)]
    listed = _listed(reading, row, queued, envelopes, subjects)
    listed |= {name: contacts.called(reading.conn, getattr(row, name)) for name in _PEOPLE}
    listed["tries"] = [dict(row._mapping) for row in outbox.tries(reading.conn, id)]
    return listed, outbox.content(reading.conn, id)


_PEOPLE = ("released_by", "acknowledged_by")


def intent_of(reading: Reading, id: str) -> Intent:
    """The intent a recorded letter came from."""
    found = intents_of(reading, [letter_id(id)])
    if not found:
        raise NoLetter(id=id)
    return found[letter_id(id)]


def intents_of(reading: Reading, ids: Sequence[str]) -> dict[str, Intent]:
    """The intents that letters came from, as far as the journal knows them."""
    lines: dict[str, list[Line]] = {}
    for e in telling.of_letters(reading.conn, ids):
        said = Line(e.subject, e.part, e.rung, e.act_by, e.letter)
        lines.setdefault(e.id, []).append(said)
    return {
        row.id: Intent(
            row.unit, row.kind, row.day, tuple(lines.get(row.id, ())), row.about, bool(row.held)
        )
        for row in letter.issued_of(reading.conn, ids)
    }


def draft(reading: Reading, id: str, *, sample: bool, style: Style = OURS) -> Written | None:
    """A letter as it would read; of one that left, as it read then. None when nothing of it holds."""
    row = letter.issued(reading.conn, id)
    if row is not None and row.state == "sent":
        reading = Reading(reading.conn, row.as_of, row.as_known, reading.instant)
    return write(reading, intent_of(reading, id), sample=sample, style=style)
