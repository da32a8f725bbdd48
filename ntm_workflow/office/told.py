"""Was this unit told of this duty, and before its day? One question, and one page that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.letter import LetterBounced, LetterFailed, LetterSent
from ntm_workflow.office.history import at
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.journal import Journal


@dataclass(frozen=True)
class Copy:
    """One message of a letter: when it left, under which id, with which bytes, and what came back."""

    sent_at: datetime | None
    position: int
    message_id: str
    sha256: str
    bounced: str | None = None


@dataclass(frozen=True)
class Telling:
    """One line of one letter that named the duty. `before` is whether a copy left before the day's end."""

    letter: str
    unit: str
    kind: str
    day: date
    part: str
    rung: int
    act_by: date | None
    issued: int
    state: str
    copies: tuple[Copy, ...]
    acknowledged_by: str | None
    before: bool


def told(journal: Journal, reading: Reading, duty: str, unit: str | None = None) -> list[Telling]:
    """Every letter that named the duty, to this unit or to any, the oldest first."""
    lines = telling.about(reading.conn, duty, reading.known)
    lines = [line for line in lines if unit in (None, line.unit)]
    letters = _letters(reading, [line.id for line in lines])
    copies = _copies(journal, reading, [line.id for line in lines])
    row = reading.row(duty)
    last = row.last_day if row is not None else None
    return [_telling(line, letters[line.id], copies.get(line.id, ()), last) for line in lines]


def _telling(line: Any, letter: Any, copies: tuple[Copy, ...], last: date | None) -> Telling:
    return Telling(
        letter=bare(line.id),
        unit=line.unit,
        kind=line.kind,
        day=line.day,
        part=line.part,
        rung=line.rung,
        act_by=line.act_by,
        issued=line.position,
        state=letter.state,
        copies=copies,
        acknowledged_by=letter.acknowledged_by,
        before=any(_in_time(copy, last) for copy in copies),
    )


def _in_time(copy: Copy, last: date | None) -> bool:
    left = copy.sent_at is not None and copy.bounced is None
    return left and last is not None and _day(copy) <= last


def _day(copy: Copy) -> date:
    from ntm_workflow.domain.values import VIETNAM

    assert copy.sent_at is not None
    return copy.sent_at.astimezone(VIETNAM).date()


def _letters(reading: Reading, ids: list[str]) -> dict[str, Any]:
    c = VIEWS["letter"].table.c
    rows = reading.up_to_then("letter", c.id.in_(sorted(set(ids)))) if ids else []
    return {row.id: row for row in rows}


def _copies(journal: Journal, reading: Reading, ids: list[str]) -> dict[str, tuple[Copy, ...]]:
    """The messages each letter left in, with what bounced of them."""
    if not ids:
        return {}
    c = FACTS.c
    kinds = (LetterSent.__name__, LetterFailed.__name__, LetterBounced.__name__)
    wanted = (c.subject.in_(sorted(set(ids))), c.type.in_(kinds), c.position <= reading.known)
    positions = reading.conn.scalars(sa.select(c.position).where(*wanted)).all()
    found: dict[str, dict[str, Copy]] = {}
    for fact in at(journal, reading.conn, positions):
        of_it, event = found.setdefault(fact.subject, {}), fact.event
        if isinstance(event, LetterSent):
            sent = (fact.recorded_at, fact.position, event.message_id, event.sha256)
            of_it[event.message_id] = Copy(*sent)
        elif isinstance(event, LetterBounced) and (copy := of_it.get(event.message_id)):
            back = Copy(
                copy.sent_at, copy.position, copy.message_id, copy.sha256, event.status or "?"
            )
            of_it[event.message_id] = back
    return {id: tuple(copies.values()) for id, copies in found.items()}
