"""Was this unit told of this duty, and before its day? One question, and one page that answers it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.letter import LetterBounced, LetterSent
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.holding import holds
from ntm_workflow.office import contacts
from ntm_workflow.office.history import at
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.said import Asked, rows
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import IDS
from ntm_workflow.store.journal import Journal


@dataclass(frozen=True)
class Copy:
    """One message of a letter: when it left, under which id, with which bytes, and what came back.

    `said` is whether it still named the duty when it was written, and `act_by` the day it told.
    """

    sent_at: datetime
    position: int
    message_id: str
    sha256: str
    said: bool
    act_by: date | None
    bounced: str | None = None

    @property
    def arrived(self) -> bool:
        """Whether a server took it, the duty in it, and nothing came back."""
        return self.said and self.bounced is None

    @property
    def day(self) -> date:
        return self.sent_at.astimezone(VIETNAM).date()


@dataclass(frozen=True)
class Telling:
    """One line of one letter that named the duty. `before`: a copy arrived by the duty's last day.

    `released_by` and `acknowledged_by` are names, or ids where the names were erased.
    """

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
    released_by: str | None
    acknowledged_by: str | None
    before: bool

    @property
    def days(self) -> list[date]:
        """The days on which copies left that arrived."""
        return sorted(copy.day for copy in self.copies if copy.arrived)


@dataclass(frozen=True)
class Answer:
    """Whether a unit was told: in time, without a time to be in, too late, or not at all.

    `first` and `last` are the days on which letters left that count for the answer; `n` counts those
    letters, or else all that were issued.
    """

    unit: str
    verdict: Literal["before", "undated", "after", "not", "never"]
    n: int
    last_day: date | None
    first: date | None = None
    last: date | None = None


def answer(row: Any, found: Collection[Telling], unit: str | None = None) -> Answer:
    """The question answered, for the unit that owes the duty unless another is asked about."""
    asked, last_day = unit or row.owed_by, row.last_day
    theirs = [each for each in found if each.unit == asked]
    if not theirs:
        return Answer(asked, "never", 0, last_day)
    before, arrived = [each for each in theirs if each.before], [e for e in theirs if e.days]
    counted = before or arrived
    days = [day for each in counted for day in each.days if not before or day <= last_day]
    if not counted:
        return Answer(asked, "not", len({each.letter for each in theirs}), last_day)
    verdict: Literal["before", "undated", "after"] = "before" if before else "after"
    letters = len({each.letter for each in counted})
    return Answer(
        asked, verdict if last_day else "undated", letters, last_day, min(days), max(days)
    )


def told(journal: Journal, reading: Reading, duty: str, unit: str | None = None) -> list[Telling]:
    """Every letter up to the day that named the duty, to this unit or to any, the oldest first."""
    lines = telling.about(reading.conn, duty, reading.known)
    lines = [line for line in lines if unit in (None, line.unit) and line.day <= reading.as_of]
    ids = sorted({line.id for line in lines})
    letters, row = _letters(reading, ids), reading.row(duty)
    last, left = row.last_day if row is not None else None, _left(journal, reading, ids)
    then = rows(reading, (_times(line, each) for line in lines for each in left[line.id]))
    bounced = _bounced(journal, reading, ids)
    people = {id: tuple(_people(reading, each)) for id, each in letters.items()}
    return [
        _telling(
            line,
            letters[line.id],
            people[line.id],
            _copies(line, left[line.id], then, bounced),
            last,
        )
        for line in lines
    ]


def _people(reading: Reading, letter: Any) -> Iterator[str | None]:
    """Who let it go, and who took on what it names."""
    for id in (letter.released_by, letter.acknowledged_by):
        yield contacts.called(reading.conn, id)


def _telling(
    line: Any,
    letter: Any,
    people: tuple[str | None, ...],
    copies: tuple[Copy, ...],
    last: date | None,
) -> Telling:
    in_time = [copy for copy in copies if copy.arrived and last and copy.day <= last]
    return Telling(
        letter=bare(line.id),
        unit=line.unit,
        kind=line.kind,
        day=line.day,
        part=line.part,
        rung=line.rung,
        act_by=next((copy.act_by for copy in copies if copy.said), line.act_by),
        issued=line.position,
        state=letter.state,
        copies=copies,
        released_by=people[0],
        acknowledged_by=people[1],
        before=bool(in_time),
    )


def _copies(
    line: Any, left: Iterable[Fact], then: dict[Asked, Any], bounced: dict[str, str]
) -> tuple[Copy, ...]:
    """The messages the line's letter left in, each with the duty as it was written of it."""
    found = []
    for fact in left:
        sent, times = fact.event, _times(line, fact)
        assert isinstance(sent, LetterSent)
        assert fact.recorded_at is not None
        row = then.get(times)
        said = holds(line.part, row, times.as_of)
        back = bounced.get(sent.message_id)
        about = (fact.recorded_at, fact.position, sent.message_id, sent.sha256, said)
        found.append(Copy(*about, row.act_by if row is not None else None, back))
    return tuple(found)


def _times(line: Any, fact: Fact) -> Asked:
    """The times a copy was written for; those of its issue where it does not say."""
    sent = fact.event
    assert isinstance(sent, LetterSent)
    if sent.as_of is None or sent.as_known is None:
        return Asked(line.subject, line.day, line.position)
    return Asked(line.subject, sent.as_of, sent.as_known)


def _letters(reading: Reading, ids: list[str]) -> dict[str, Any]:
    c = VIEWS["letter"].table.c
    pages = (ids[first : first + IDS] for first in range(0, len(ids), IDS))
    return {row.id: row for some in pages for row in reading.rows("letter", c.id.in_(some))}


def _left(journal: Journal, reading: Reading, ids: list[str]) -> dict[str, list[Fact]]:
    """The facts that say that letters left, by letter."""
    found: dict[str, list[Fact]] = {id: [] for id in ids}
    for fact in _facts(journal, reading, ids, LetterSent.__name__):
        found[fact.subject].append(fact)
    return found


def _bounced(journal: Journal, reading: Reading, ids: list[str]) -> dict[str, str]:
    """Why messages came back, by message id."""
    events = (fact.event for fact in _facts(journal, reading, ids, LetterBounced.__name__))
    return {e.message_id: e.status or "?" for e in events if isinstance(e, LetterBounced)}


def _facts(journal: Journal, reading: Reading, ids: list[str], type: str) -> Iterable[Fact]:
    """Facts of letters by the day of the reading, as far as they are known and stand."""
    c = FACTS.c
    by_then = (c.position <= reading.known, c.effective_on <= reading.as_of)
    query = sa.select(c.position).where(c.type == type, *by_then, c.voided_by.is_(None))
    positions = [
        position
        for first in range(0, len(ids), IDS)
        for position in reading.conn.scalars(query.where(c.subject.in_(ids[first : first + IDS])))
    ]
    return at(journal, reading.conn, positions)
