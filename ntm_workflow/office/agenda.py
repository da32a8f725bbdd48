"""The days of a unit's duties as a calendar file: attached to its letters, or whole on request.

A day that moved keeps its uid and rises in sequence; one that fell away is still told, cancelled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.standing import over
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.domain.words import in_words
from ntm_workflow.notifications.ical import Entry, calendar_file
from ntm_workflow.notifications.ladder import REMINDED, Intent
from ntm_workflow.notifications.wording import MUST, SAMPLE_MARK
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.said import Asked, rows
from ntm_workflow.office.style import Style
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import IDS
from ntm_workflow.projections.telling import TELLINGS
from ntm_workflow.store import meta

#: Lines whose reader was told a day of its own, and those about such a day.
_TOLD: Final = frozenset({"ahead", "summary", "decided"})
_OWN: Final = _TOLD | {"corrected"}
#: Duties of which a unit may keep the day.
_KEPT: Final = (*sorted(REMINDED), "encouraged")
NAME: Final = ("Nhiệm vụ nông thôn mới", "New Rural Development duties")

Told = dict[str, Any]


@dataclass
class Agenda:
    """The days of units, from one look at the tables."""

    reading: Reading
    lines: Lines
    style: Style
    sample: bool = False
    _told: dict[str, Told] = field(default_factory=dict)
    _known: dict[str, _Known] = field(default_factory=dict)

    def learn(self, units: Collection[str], ids: Collection[str] = ()) -> None:
        """Look up at once what many units were told, and all that is known of these duties and those."""
        new = sorted(set(units) - self._told.keys())
        self._told |= {unit: {} for unit in new}
        for at in range(0, len(new), IDS):
            for row in self.reading.conn.execute(_days_told(self.reading, new[at : at + IDS])):
                self._told[row.unit][row.subject] = row
        self._look_up({*ids, *(subject for unit in new for subject in self._told[unit])})

    def _look_up(self, ids: Collection[str]) -> None:
        new = sorted(id for id in set(ids) - self._known.keys() if id.startswith("obligation/"))
        if not new:
            return
        self.lines.learn(new)
        announced, changes = _announced(self.reading, new), _changes(self.reading, new)
        for id in new:
            row = announced.get(id) or self.lines.row(id)
            self._known[id] = _Known(row, changes.get(id, 0))

    def attached(self, intent: Intent) -> bytes | None:
        """The unit's own days of which a letter speaks, and those that are others now than it was told."""
        own = [line.subject for line in intent.lines if line.part in _OWN]
        days = [*self._days(intent.unit, own)]
        return self._file([*days, *self._changed(intent.unit, own)]) if days else None

    def of_unit(self, unit: str) -> bytes | None:
        """Every day of a unit's duties from now on, and those it was told that are others now."""
        c = VIEWS["obligation"].table.c
        mine = (c.owed_by == unit, c.act_by >= self.reading.as_of, c.strength.in_(_KEPT))
        own = [row.id for row in self.reading.rows("obligation", *mine, only=("id",))]
        return self._file([*self._days(unit, own), *self._changed(unit, own)])

    def _days(self, unit: str, ids: Iterable[str]) -> Iterator[_Day]:
        """Days that lie ahead, or moved from one that did."""
        duties = [id for id in dict.fromkeys(ids) if id.startswith("obligation/")]
        self.learn([unit], duties)
        for id in duties:
            row, told = self._known[id].row, self._told[unit].get(id)
            if row is None or row.owed_by != unit or row.act_by is None:
                yield from self._fallen(told, row)
            elif row.act_by >= self.reading.as_of or _moved(told, row.act_by):
                yield _Day(row, row.act_by, cancelled=_off(row))

    def _fallen(self, told: Any | None, row: Any | None) -> Iterator[_Day]:
        """A day the unit was told that is its own no more; of a voided duty, as it was known then."""
        if told is not None:
            then = Asked(told.subject, told.day, told.position)
            yield _Day(row or rows(self.reading, [then])[then], told.act_by, cancelled=True)

    def _changed(self, unit: str, but: Collection[str]) -> Iterator[_Day]:
        """Days the unit was told that moved since, or fell away; `but` are told anyhow."""
        self.learn([unit])
        days = self._days(unit, self._told[unit].keys() - set(but))
        told = self._told[unit]
        return (day for day in days if day.cancelled or _moved(told[day.row.id], day.day))

    # --- the file

    def _file(self, days: list[_Day]) -> bytes | None:
        if not days:
            return None
        entries = [self._entry(day, self._known[day.row.id].changes) for day in days]
        stamp = self.reading.instant or datetime.combine(self.reading.as_of, time(), VIETNAM)
        sender = (self.style.office or "", self.style.answer_to) if self.style.answer_to else None
        name = self._marked(NAME[self.lines.lang == "en"])
        return calendar_file(entries, stamp.astimezone(UTC), name, sender)

    def _entry(self, day: _Day, changes: int) -> Entry:
        row, names = day.row, self.reading.names
        plan = names.get(row.plan, row.plan) if row.plan else ""
        about = (f"{row.clause} {plan}".strip(), row.expression)
        return Entry(
            uid=f"{bare(row.id)}.{self._store}@ntm-workflow.invalid",
            day=day.day,
            summary=self._marked(row.title + self._strength(row)),
            description="\n".join(each for each in about if each),
            sequence=changes,
            cancelled=day.cancelled,
            location=row.place and names.get(row.place, row.place),
        )

    def _strength(self, row: Any) -> str:
        """How strongly a day is wanted, where it does not bind."""
        word = in_words(row.strength)
        said = word.en if self.lines.lang == "en" else word.vi
        return "" if row.strength == MUST else f" ({said})"

    def _marked(self, text: str) -> str:
        """In somebody's calendar a day stands alone: one of a rehearsal says so itself."""
        return SAMPLE_MARK.fill(self.lines.lang, {}) + text if self.sample else text

    @cached_property
    def _store(self) -> str:
        """Whose duties they are: another store may have duties of the same name."""
        return str(meta.said(self.reading.conn, "store_id"))


@dataclass(frozen=True)
class _Known:
    """A duty's row, as a decision already known will make it, and how often it was told of."""

    row: Any | None
    changes: int


@dataclass(frozen=True)
class _Day:
    row: Any
    day: date
    cancelled: bool


def _off(row: Any) -> bool:
    """Whether nothing is to be done by the day: done, not owed, or suspended without an end."""
    return over(row) or (row.suspended_on is not None and row.suspended_until is None)


def _moved(told: Any | None, day: date) -> bool:
    return told is not None and told.act_by != day


def _days_told(reading: Reading, units: Collection[str]) -> sa.Select[Any]:
    """The days still ahead that letters told some units, the oldest first."""
    t = TELLINGS.c
    ahead = (t.unit.in_(units), t.act_by >= reading.as_of, t.part.in_(sorted(_TOLD)))
    query = sa.select(t.unit, t.subject, t.act_by, t.day, t.position)
    known = (t.day <= reading.as_of, t.position <= reading.known)
    return query.where(*ahead, *known).order_by(t.position, t.n)


def _announced(reading: Reading, ids: list[str]) -> dict[str, Any]:
    """The duties of which a decision that takes effect later is known, as they will stand then."""
    c = FACTS.c
    lies_ahead = (c.effective_on > reading.as_of, c.recorded_on <= reading.as_of)
    stands = (c.position <= reading.known, c.voided_by.is_(None))
    query = sa.select(c.subject, c.effective_on).where(*lies_ahead, *stands)
    then: dict[str, Asked] = {}
    for at in range(0, len(ids), IDS):
        some = query.where(c.subject.in_(ids[at : at + IDS])).order_by(c.position)
        for row in reading.conn.execute(some):
            then[row.subject] = Asked(row.subject, row.effective_on, reading.known)
    found = rows(reading, then.values())
    return {id: found[each] for id, each in then.items() if each in found}


def _changes(reading: Reading, ids: list[str]) -> dict[str, int]:
    """How often something was recorded of each duty, or voided: it never falls."""
    c = FACTS.c
    times = sa.func.count() + sa.func.count(c.voided_by)
    query = sa.select(c.subject, times).where(c.position <= reading.known).group_by(c.subject)
    found: dict[str, int] = {}
    for at in range(0, len(ids), IDS):
        some = query.where(c.subject.in_(ids[at : at + IDS]))
        found |= {row[0]: row[1] for row in reading.conn.execute(some)}
    return found
