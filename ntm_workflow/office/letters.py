"""Letters: who must hear what on a day, what each would read, and putting them in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dates import Step
from ntm_workflow.domain.derivation import explain
from ntm_workflow.domain.letter import LetterIssued
from ntm_workflow.notifications.context import LetterContext, LetterItem, Part
from ntm_workflow.notifications.ladder import Due, Intent, Ladder, climb
from ntm_workflow.notifications.letters import render
from ntm_workflow.office import Office, Work, alarm
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, letter
from ntm_workflow.store.schema import OUTBOX


@dataclass(frozen=True)
class Written:
    """A letter as its unit would read it."""

    intent: Intent
    subject: str
    body: str


def preview(reading: Reading, ladder: Ladder, *, sample: bool) -> list[Written]:
    """The letters of the reading's day, written but neither recorded nor sent."""
    written = (write(reading, intent, sample=sample) for intent in planned(reading, ladder))
    return [letter for letter in written if letter]


def planned(reading: Reading, ladder: Ladder) -> list[Intent]:
    """Who must hear what on the day, less what they were told already."""
    day = reading.as_of
    sent = letter.already(reading.conn, ladder.sent_since(day))
    intents = climb(_dues(reading, ladder), day, sent, ladder)
    of_the_day = VIEWS["letter"].table.c.day == day
    taken = {row.id for row in reading.rows("letter", of_the_day, only=("id",))}
    return [intent for intent in intents if intent.id not in taken]


def issue(work: Work, day: date, request: Request, ladder: Ladder) -> list[Intent]:
    """Record the day's letters and put them in the outbox, in one entry."""
    intents = planned(work.reading(day), ladder)
    if not intents:
        return []
    receipt = work.entry(request, lambda entry: _issue(entry, intents))
    if not receipt.repeated:
        work.conn.execute(sa.insert(OUTBOX), [_queued(i, receipt.entry) for i in intents])
    return intents


def write(reading: Reading, intent: Intent, *, sample: bool) -> Written | None:
    """The letter as its unit would read it; None when nothing it was to say still holds."""
    if intent.about:
        told = alarm.text(reading, intent.unit, intent.about, sample=sample)
        return Written(intent, *told) if told else None
    c = VIEWS["obligation"].table.c
    ids = [id for id, _ in intent.rungs]
    going_on = sa.or_(c.suspended_on.is_(None), c.suspended_until < reading.as_of)
    left = (c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
    owed = (c.id.in_(ids), *left, going_on)
    rows = {row.id: row for row in reading.rows("obligation", *owed)}
    part: Part = "asked" if intent.kind == "confirm" else "ahead"
    items = tuple(_item(reading, rows[id], part, rung) for id, rung in intent.rungs if id in rows)
    if not items:
        return None
    context = LetterContext(
        kind="digest",
        unit=reading.names.get(intent.unit, intent.unit),
        day=intent.day,
        items=items,
        upward=_upward(reading, intent.unit, items),
        sample=sample,
    )
    rendered = render(context)
    return Written(intent, rendered.subject, rendered.text)


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


def _dues(reading: Reading, ladder: Ladder) -> list[Due]:
    """The duties near enough to their day that the ladder may speak of them."""
    day, c = reading.as_of, VIEWS["obligation"].table.c
    # Not `between`: PostgreSQL reads no COLLATE inside it.
    ahead = sa.and_(c.act_by >= day, c.act_by <= ladder.ahead(day))
    missed = sa.and_(c.missed_on >= ladder.missed_since(day), c.missed_on <= day)
    near = reading.rows("obligation", sa.or_(ahead, missed), only=Due.__struct_fields__)
    # Rows of these columns are what a Due is; making each anew would take as long as finding it.
    return cast("list[Due]", near)


def _issue(entry: Entry, intents: list[Intent]) -> None:
    entry.load([intent.id for intent in intents])
    for intent in intents:
        said = {name: getattr(intent, name) for name in ("unit", "kind", "day", "rungs", "about")}
        entry.record(intent.id, LetterIssued, effective_on=intent.day, **said)


def _queued(intent: Intent, entry: int) -> dict[str, Any]:
    return {
        "id": intent.id,
        "unit": intent.unit,
        "kind": intent.kind,
        "day": intent.day.isoformat(),
        "entry": entry,
        "state": "queued",
        "obligations": msgspec.json.encode([id for id, _ in intent.rungs]).decode(),
    }


def _item(reading: Reading, row: Any, part: Part, rung: int) -> LetterItem:
    name = reading.names.get
    return LetterItem(
        id=bare(row.id),
        part=part,
        rung=rung,
        title=row.title,
        owed_by=name(row.owed_by, row.owed_by),
        owed_to=row.owed_to and name(row.owed_to, row.owed_to),
        missed_on=row.missed_on,
        place=row.place and name(row.place, row.place),
        clause=row.clause,
        plan=row.plan and name(row.plan, row.plan),
        strength=row.strength,
        expression=row.expression,
        strict_day=row.strict_day,
        nominal_day=row.nominal_day,
        act_by=row.act_by,
        enforce_day=row.enforce_day,
        derivation=derivation(row.derivation),
    )


def derivation(steps: list[dict[str, Any]]) -> tuple[str, ...]:
    """The steps from the clause to the day, as sentences."""
    return tuple(explain(msgspec.convert(step, Step), "vi") for step in steps)


def _upward(reading: Reading, unit: str, items: tuple[LetterItem, ...]) -> bool:
    """True when the reader stands above the level that keeps the journal's plans: the province."""
    row = reading.units.get(unit)
    place = reading.places.get(row.place) if row is not None and row.place else None
    return place is not None and place.level == "province"


class NotTheDay(Refused):
    exit_code = 2
    vi = "Thư của ngày {day} không gửi được vào ngày {today}: lời nhắc sẽ sai.\nXem thử thư của ngày khác: ntm letter preview --as-of …"
    en = "The letters of {day} cannot go out on {today}: what they say would be wrong.\nLook at another day's: ntm letter preview --as-of …"


def must_be_today(office: Office, day: date) -> None:
    """Letters go out on their day; only a rehearsal may write those of a day gone by."""
    if day > office.today or (day < office.today and not office.info.rehearsal):
        raise NotTheDay(day=day, today=office.today)


class NoLetter(Refused):
    exit_code = 3
    vi = "Không có thư “{id}”.\nXem: ntm letter list"
    en = "There is no letter “{id}”.\nSee: ntm letter list"


def listing(reading: Reading) -> list[dict[str, Any]]:
    """The letters as JSON shows them; the outbox knows attempts, the journal what left."""
    outbox = {row.id: row for row in reading.conn.execute(sa.select(OUTBOX))}
    return [_listed(reading, row, outbox.get(row.id)) for row in reading.rows("letter")]


def _listed(reading: Reading, row: Any, queued: Any) -> dict[str, Any]:
    state = row.state if row.state == "sent" or queued is None else queued.state
    return {
        "id": row.id,
        "unit": reading.ref(row.unit),
        "kind": row.kind,
        "day": row.day,
        "state": state,
        "message_id": row.message_id or (queued and queued.message_id),
        "attempts": queued.attempts if queued else 0,
        "obligations": [bare(id) for id, _ in row.rungs],
        "about": row.about,
    }


def one(reading: Reading, id: str) -> tuple[dict[str, Any], bytes | None]:
    """A letter and its frozen bytes, None while it has not been rendered for sending."""
    row = reading.row(id) if id.startswith("letter/") else None
    if row is None:
        raise NoLetter(id=id)
    queued = reading.conn.execute(sa.select(OUTBOX).where(OUTBOX.c.id == id)).one_or_none()
    return _listed(reading, row, queued), None if queued is None else queued.bytes


def intent_of(reading: Reading, id: str) -> Intent:
    """The intent a recorded letter came from."""
    row = letter.issued(reading.conn, id)
    if row is None:
        raise NoLetter(id=id)
    return Intent(row.unit, row.kind, row.day, tuple((o, r) for o, r in row.rungs), row.about)


def draft(reading: Reading, id: str, *, sample: bool) -> str:
    """A letter not sent yet, as it would read."""
    written = write(reading, intent_of(reading, id), sample=sample)
    if written is None:
        return ""
    return f"{written.subject}\n\n{written.body}"
