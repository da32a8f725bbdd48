"""Questions to the audit trail: which facts fit, which entry, whose history. Compares nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.inputs import checked_range, readable
from ntm_workflow.domain.subjects import SUBJECTS
from ntm_workflow.domain.values import Word, nfc
from ntm_workflow.office.entry import NoSuchEntry
from ntm_workflow.office.names import meant, near
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import IDS, PlainText
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.schema import EVENTS

#: Facts read at a time: what a history of any length keeps in memory.
PAGE = 500

_ENVELOPE = ("position", "entry", "originator_id", "originator_version", "topic", "state")


class NoSuchSubject(Refused):
    exit_code = 3
    vi = "Sổ không có đối tượng “{typed}”.{near}\nXem: ntm fact list --place …"
    en = "The journal has no subject “{typed}”.{near}\nSee: ntm fact list --place …"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which facts; None asks for all. `from_` and `until` are on the effective axis.

    `place` is the id of a place and means what lies in it, too. `limit` keeps the latest ones.
    """

    place: str | None = None
    subject: str | None = None
    type: str | None = None
    body: str | None = None
    recorded_by: str | None = None
    document: str | None = None
    against: bool = False
    from_: date | None = None
    until: date | None = None
    recorded_from: date | None = None
    recorded_until: date | None = None
    entries: tuple[int, int] | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        checked_range(self.from_, self.until)
        checked_range(self.recorded_from, self.recorded_until)
        checked_range(*(self.entries or (None, None)))

    def where(self, reading: Reading) -> list[sa.ColumnElement[bool]]:
        c = FACTS.c
        equal = {c.type: self.type, c.body: self.body, c.by: self.recorded_by}
        first, last = self.entries or (None, None)
        since = {c.effective_on: self.from_, c.recorded_on: self.recorded_from, c.entry: first}
        until = {c.effective_on: self.until, c.recorded_on: self.recorded_until, c.entry: last}
        where = [column == value for column, value in equal.items() if value is not None]
        where += [column >= value for column, value in since.items() if value is not None]
        where += [column <= value for column, value in until.items() if value is not None]
        return [*where, *self._about(reading), *self._written()]

    def _about(self, reading: Reading) -> Iterator[sa.ColumnElement[bool]]:
        if self.place is not None:
            yield _told_of(FACTS.c.place.in_(_within(reading, self.place)))
        if self.subject is not None:
            yield _told_of(FACTS.c.subject == self.subject)

    def _written(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.against:
            yield sa.type_coerce(FACTS.c.against, sa.String) != "[]"
        if self.document:
            # LIKE would fold case on one database and not on the other.
            without = sa.func.replace(FACTS.c.document, nfc(self.document), "")
            yield sa.func.length(without) < sa.func.length(FACTS.c.document)


def _told_of(wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The facts that are about something, and the voids of their entries, which name the entry only."""
    own, void = sa.select(FACTS.c.position).where(wanted), FACTS.alias("void")
    subject = sa.literal("entry/") + sa.cast(FACTS.c.entry, sa.Text)
    voids = sa.select(void.c.position).join_from(FACTS, void, void.c.subject == subject)
    return FACTS.c.position.in_(own.union(voids.where(wanted, FACTS.c.voided_by.is_not(None))))


def _within(reading: Reading, place: str) -> sa.Select[Any]:
    """A place and everything below it, by bare id, as of the reading."""
    view = VIEWS["place"]
    c = view.table.c
    below = sa.select(sa.cast(place, PlainText).label("place")).cte("below", recursive=True)
    id = sa.func.substr(c.id, len("place/") + 1)
    inside = sa.select(id).join_from(view.table, below, c.parent == below.c.place)
    below = below.union(inside.where(view.at(reading.as_of, reading.known)))
    return sa.select(below.c.place)


def find(journal: Journal, reading: Reading, wanted: Filter) -> Generator[tuple[Fact, int | None]]:
    """Facts in recorded order, each with the entry that voided it, as known at the reading."""
    query = _events(FACTS.c.voided_by).join(FACTS, FACTS.c.position == EVENTS.c.position)
    query = query.where(FACTS.c.position <= reading.known, *wanted.where(reading))
    if wanted.limit is not None:
        latest = query.order_by(FACTS.c.position.desc()).limit(wanted.limit).subquery()
        query = sa.select(latest).order_by(latest.c.position)
    else:
        query = query.order_by(FACTS.c.position)
    with reading.conn.execute(query.execution_options(yield_per=PAGE)) as found:
        for rows in found.partitions(PAGE):
            facts = journal.mapper.facts([tuple(row)[1:] for row in rows])
            reading.names.learn({fact.subject for fact in facts})
            for row, fact in zip(rows, facts, strict=True):
                yield fact, _known(row.voided_by, reading)


def _events(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The columns a fact is decoded from, in the journal's order, after `more`."""
    return sa.select(*more, *(EVENTS.c[name] for name in _ENVELOPE), EVENTS.c.recorded_at)


def of_subject(journal: Journal, reading: Reading, id: str) -> list[Fact]:
    """Everything ever recorded about a subject, as known at the reading."""
    return [fact for fact, _ in find(journal, reading, Filter(subject=id))]


def at(journal: Journal, conn: sa.Connection, positions: Iterable[int]) -> Iterator[Fact]:
    """The facts at these positions, in their order, in few queries."""
    ordered = sorted(set(positions))
    query = _events().order_by(EVENTS.c.position)
    for start in range(0, len(ordered), IDS):
        rows = conn.execute(query.where(EVENTS.c.position.in_(ordered[start : start + IDS])))
        yield from journal.mapper.facts([tuple(row) for row in rows])


def entry(journal: Journal, reading: Reading, number: int) -> tuple[list[Fact], int | None]:
    """The facts of an entry and the entry that voided it. Refuses an unknown number."""
    facts = journal.entry(reading.conn, number)
    if not facts or facts[0].position > reading.known:
        raise NoSuchEntry(entry=number, last=reading.known)
    return facts, _known(journal.voided_by(reading.conn, facts[0].entry), reading)


def find_subject(reading: Reading, typed: str) -> str:
    """The full id of a subject typed with its kind, or without where that is clear."""
    text = nfc(readable(typed).strip())
    known = _existing(reading, [text, *(f"{kind}/{text}" for kind in SUBJECTS)])
    if len(known) == 1 or text in known:
        return text if text in known else known[0]
    raise NoSuchSubject(typed=typed, near=meant(known) if known else _near(reading, text))


def _existing(reading: Reading, ids: list[str]) -> list[str]:
    c = FACTS.c
    query = sa.select(c.subject).distinct().where(c.subject.in_(ids), c.position <= reading.known)
    return list(reading.conn.scalars(query.order_by(c.subject)))


def _near(reading: Reading, text: str) -> Word:
    """Ids of the same kind, or of any where none was typed, that look like `text`."""
    kind = text.partition("/")[0] if "/" in text else ""
    c = FACTS.c
    query = sa.select(c.subject).distinct().where(c.position <= reading.known)
    if kind in SUBJECTS:
        query = query.where(c.subject >= f"{kind}/", c.subject < f"{kind}0")
    ids = {bare(id): id for id in reading.conn.scalars(query)}
    return near(bare(text) or text, ids)


def _known(voided_by: int | None, reading: Reading) -> int | None:
    return voided_by if voided_by is not None and voided_by <= reading.known else None
