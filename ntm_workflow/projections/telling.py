"""Who was told what by letter: one row for each line of each letter, and the questions asked of them.

Rows of events, not slices: what a letter said stays said, whatever becomes of the letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.letter import LetterIssued
from ntm_workflow.projections.letter import VIEW
from ntm_workflow.projections.rows import shape
from ntm_workflow.projections.slices import (
    IDS,
    METADATA,
    BigInt,
    Day,
    PlainText,
    insert_rows,
    stored,
)

#: `n` counts the lines of a letter. `letter` is the wrong one that a `corrected` line names.
TELLINGS = sa.Table(
    "tellings",
    METADATA,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("n", BigInt, primary_key=True, autoincrement=False),
    sa.Column("position", BigInt, nullable=False),
    sa.Column("unit", PlainText, nullable=False),
    sa.Column("kind", PlainText, nullable=False),
    sa.Column("day", Day, nullable=False),
    sa.Column("subject", PlainText, nullable=False),
    sa.Column("part", PlainText, nullable=False),
    sa.Column("rung", BigInt, nullable=False),
    sa.Column("act_by", Day),
    sa.Column("letter", PlainText),
    sa.Index("ix_tellings_subject", "subject", "part", "day"),
    sa.Index("ix_tellings_part", "part", "day"),
    sa.Index("ix_tellings_unit", "unit", "act_by"),
)


def rows_of(facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """The rows that letters bring."""
    return [
        stored((fact.subject, n, fact.position, *_told(fact.event), *_line(line)))
        for fact in facts
        if isinstance(fact.event, LetterIssued)
        for n, line in enumerate(fact.event.lines)
    ]


def _told(letter: LetterIssued) -> tuple[Any, ...]:
    return letter.unit, letter.kind, letter.day


def _line(line: Any) -> tuple[Any, ...]:
    return line.subject, line.part, line.rung, line.act_by, line.letter


class TellingWriter:
    """Adds the rows of an entry's letters."""

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.rows: list[tuple[Any, ...]] = []

    def add(self, facts: Iterable[Fact]) -> None:
        self.rows += rows_of(facts)

    def flush(self) -> None:
        insert_rows(self.conn, TELLINGS, self.rows)
        self.rows = []


def of_letter(conn: sa.Connection, id: str) -> list[Any]:
    """A letter's lines, in their order."""
    return _found(conn, TELLINGS.c.id == id)


def of_letters(conn: sa.Connection, letters: Sequence[str]) -> list[Any]:
    """The lines of these letters, the oldest first."""
    pages = (letters[at : at + IDS] for at in range(0, len(letters), IDS))
    return [line for page in pages for line in _found(conn, TELLINGS.c.id.in_(page))]


def about(conn: sa.Connection, subject: str, known: int) -> list[Any]:
    """Every line that named the subject, as far as it is known at position `known`."""
    return _found(conn, TELLINGS.c.subject == subject, TELLINGS.c.position <= known)


_day = lru_cache(maxsize=4096)(date.fromisoformat)


class Last(NamedTuple):
    """When a subject was last told to a unit as a part, with this `act_by`, and by which letter.

    `left` is the day on which such a letter last left; None where none has.
    """

    subject: str
    unit: str
    part: str
    act_by: date | None
    day: date
    letter: str
    left: date | None


@cache
def _last(*counted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    c, letter = TELLINGS.c, VIEW.table.c
    left = sa.case((letter.state == "sent", letter.left_on))
    days = (c.act_by, sa.func.max(c.day), sa.func.max(left))
    # As text: the same few days come back for each of many lines.
    act_by, latest, gone = (sa.type_coerce(day, sa.String) for day in days)
    query = sa.select(c.subject, c.unit, c.part, act_by, latest, sa.func.max(c.id), gone)
    query = query.outerjoin_from(TELLINGS, VIEW.table, sa.and_(VIEW.now, letter.id == c.id))
    named = c.subject.in_(sa.bindparam("subjects", expanding=True))
    query = query.where(named, c.day <= sa.bindparam("until", type_=Day), *counted)
    return query.group_by(c.subject, c.unit, c.part, c.act_by)


def last(
    conn: sa.Connection,
    subjects: Sequence[str],
    until: date,
    *counted: sa.ColumnElement[bool],
) -> Iterator[Last]:
    """For each of the subjects, the last time up to a day that it was told, by unit, part and `act_by`.

    Only lines count for which what is `counted`, a condition that is kept, holds.
    """
    for at in range(0, len(subjects), IDS):
        asked = {"subjects": subjects[at : at + IDS], "until": until}
        rows = conn.execute(_last(*counted), asked).all()
        for subject, unit, part, told, day, letter_id, left_on in rows:
            yield Last(subject, unit, part, _on(told), _day(day), letter_id, _on(left_on))


def _on(day: str | None) -> date | None:
    return _day(day) if day else None


def first(conn: sa.Connection, subjects: Sequence[str]) -> dict[tuple[str, str], int]:
    """When each of the subjects was first told to a unit by a letter that left: the position, by both."""
    c, letters = TELLINGS.c, VIEW.table.c
    left = sa.exists().where(VIEW.now, letters.id == c.id, letters.state == "sent")
    query = sa.select(c.subject, c.unit, sa.func.min(c.position)).group_by(c.subject, c.unit)
    found: dict[tuple[str, str], int] = {}
    for at in range(0, len(subjects), IDS):
        some = query.where(c.subject.in_(subjects[at : at + IDS]), left)
        found |= {(row[0], row[1]): row[2] for row in conn.execute(some)}
    return found


def last_named(conn: sa.Connection, subjects: Sequence[str]) -> dict[str, int]:
    """The position at which a letter, whether it left or not, last named each of the subjects."""
    c = TELLINGS.c
    query = sa.select(c.subject, sa.func.max(c.position)).group_by(c.subject)
    pages = (subjects[at : at + IDS] for at in range(0, len(subjects), IDS))
    rows = (row for page in pages for row in conn.execute(query.where(c.subject.in_(page))))
    return {row[0]: row[1] for row in rows}


def asked_on(conn: sa.Connection, subject: str, since: date) -> date | None:
    """When the desk that should have received it was last asked, by a letter of that day or later."""
    c = TELLINGS.c
    asked = (c.subject == subject, c.part == "asked", c.day >= since)
    day: date | None = conn.scalar(sa.select(sa.func.max(c.day)).where(*asked))
    return day


def latest(
    conn: sa.Connection, units: Collection[str], kinds: Collection[str], since: date
) -> dict[tuple[str, str, str | None], date]:
    """The day of the last letter, later than `since`, by unit, kind and subject; and by unit and kind."""
    c = TELLINGS.c
    query = sa.select(c.unit, c.kind, c.subject, sa.func.max(c.day)).where(c.day > since)
    query = query.where(c.kind.in_(sorted(kinds))).group_by(c.unit, c.kind, c.subject)
    found: dict[tuple[str, str, str | None], date] = {}
    asked = sorted(units)
    for at in range(0, len(asked), IDS):
        for unit, kind, subject, day in conn.execute(query.where(c.unit.in_(asked[at : at + IDS]))):
            found[unit, kind, subject] = day
            found[unit, kind, None] = max(day, found.get((unit, kind, None), day))
    return found


def naming(subject: str) -> sa.Select[Any]:
    """A query for the letters that named a subject."""
    return sa.select(TELLINGS.c.id).where(TELLINGS.c.subject == subject)


def subjects(conn: sa.Connection, letters: Sequence[str]) -> dict[str, list[str]]:
    """What each of these letters names, in its order, each once."""
    c = TELLINGS.c
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    query = sa.select(c.id, c.subject).order_by(c.id, c.n)
    for at in range(0, len(letters), IDS):
        for id, subject in conn.execute(query.where(c.id.in_(letters[at : at + IDS]))).all():
            found[id][subject] = None
    return {id: list(named) for id, named in found.items()}


def letters_about(conn: sa.Connection, subjects: Container[str]) -> set[str]:
    """The letters that named one of the subjects."""
    query = sa.select(TELLINGS.c.id, TELLINGS.c.subject)
    return {id for id, subject in conn.execute(query) if subject in subjects}


def _found(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Any]:
    wanted, c = shape(TELLINGS), TELLINGS.c
    query = sa.select(*wanted.columns).where(*where).order_by(c.position, c.id, c.n)
    return wanted.rows(conn.execute(query).all())
