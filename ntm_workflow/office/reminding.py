"""The morning's letters of the ladder: which duties, which earlier letters and which offices it is handed.

Knows no rung and no word: who hears what is `notifications/ladder.py`, how it reads `office/letters.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.derivation import guessed
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.plan import Reminders, Settings
from ntm_workflow.notifications.ladder import Due, Intent, Morning, Told, climb
from ntm_workflow.office import outbox
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.plans.climbs import climbs
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import IDS
from ntm_workflow.projections.telling import TELLINGS
from ntm_workflow.store.schema import OUTBOX

#: Columns of an obligation that a Due has under the same name.
_COLUMNS: Final = tuple(set(Due.__struct_fields__) - {"joint", "above"})
COORDINATION: Final = "vpdp"


def reminders(reading: Reading, morning: Morning) -> list[Intent]:
    """What the ladder says that morning, given what earlier letters said."""
    dues = _dues(reading, morning)
    return _on_paper(reading, climb(dues, _told(reading, dues), morning)) if dues else []


def _on_paper(reading: Reading, intents: list[Intent]) -> list[Intent]:
    """Without what climbs by a day that no paper has set: nobody further up hears of a guess."""
    climbing = sorted({line.subject for each in intents if each.held for line in each.lines})
    if not climbing:
        return intents
    c, wanted = VIEWS["obligation"].table.c, ("id", "derivation")
    rows = [
        row
        for at in range(0, len(climbing), IDS)
        for row in reading.rows("obligation", c.id.in_(climbing[at : at + IDS]), only=wanted)
    ]
    off = {row.id for row in rows if guessed(row.derivation)}
    kept = [replace(each, lines=_but(each.lines, off)) if each.held else each for each in intents]
    return [each for each in kept if each.lines]


def _but(lines: Sequence[Line], off: Collection[str]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.subject not in off)


def morning_of(reading: Reading) -> Morning:
    """The day of the reading, with the calendar and every plan's settings."""
    rows = reading.rows("plan", only=("id", "settings"))
    plans: dict[str | None, Reminders] = {}
    plans |= {bare(row.id): msgspec.convert(row.settings, Settings).reminders for row in rows}
    return Morning(reading.as_of, calendar_of(reading.conn), plans)


def settings_of(reading: Reading, plan: str | None) -> Reminders:
    return morning_of(reading).plans.get(plan) or Reminders()


# --- duties


def _dues(reading: Reading, morning: Morning) -> list[Due]:
    """The duties near enough to their day, or past it and not done, that the ladder may speak of them."""
    c, above = VIEWS["obligation"].table.c, Above(reading)
    near = sa.and_(c.act_by >= morning.day, c.act_by <= morning.ahead)
    past = sa.and_(_past(morning.day), sa.or_(_unsaid(morning.week), _climbing(morning)))
    rows = reading.rows("obligation", _not_over(), sa.or_(near, past), only=_NEEDED)
    return [_due(row, above) for row in rows]


def _not_over() -> sa.ColumnElement[bool]:
    c = VIEWS["obligation"].table.c
    return sa.and_(c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))


def _past(day: date) -> sa.ColumnElement[bool]:
    """Missed while somebody could be told, or past a mark to strive for."""
    c = VIEWS["obligation"].table.c
    missed = sa.and_(c.missed_on <= day, c.missed_in_history == 0)
    return sa.or_(missed, sa.and_(c.strength == "strive", c.strict_day < day))


def _unsaid(week: date) -> sa.ColumnElement[bool]:
    """Nothing was said of the miss since the week began; and of a mark to strive for, something was before."""
    c, t = VIEWS["obligation"].table.c, TELLINGS.c
    since = sa.and_(t.day >= week, sa.or_(c.missed_on.is_(None), t.day >= c.missed_on))
    said = sa.and_(t.subject == c.id, t.part.in_(("missed", "after")), since)
    announced = sa.and_(t.subject == c.id, t.part == "ahead")
    binding = sa.or_(c.strength != "strive", sa.exists().where(announced))
    return sa.and_(sa.not_(sa.exists().where(said)), binding)


def _climbing(morning: Morning) -> sa.ColumnElement[bool]:
    """The next level up may be due: the one below has heard lately, or a dispute held it this week."""
    c, t, fact = VIEWS["obligation"].table.c, TELLINGS.c, FACTS.c
    since = fact.effective_on >= morning.below
    let_go = sa.select(fact.subject).where(fact.type == "LetterReleased", since)
    missed = sa.and_(t.part == "missed", t.day >= morning.below)
    climbed = sa.and_(t.part == "climbed", t.id.in_(let_go))
    lately = sa.select(t.subject).where(sa.or_(missed, climbed))
    return sa.or_(c.id.in_(lately), c.disputed_until >= morning.week)


_NEEDED: Final = (*_COLUMNS, "with", "place")


def _due(row: Any, above: Above) -> Due:
    said = {name: getattr(row, name) for name in _COLUMNS}
    if row.missed_on:
        said["above"] = above.of(row.owed_by, row.plan)
        said["owed_to"] = row.owed_to if above.may_ask(row.owed_to, row.plan) else None
    return Due(**said, joint=tuple(getattr(row, "with")))


# --- earlier letters


#: What was given up before it left has told nobody anything.
_KEPT: Final = sa.not_(
    sa.exists().where(OUTBOX.c.id == TELLINGS.c.id, OUTBOX.c.state == outbox.DROPPED)
)


def _told(reading: Reading, dues: Sequence[Due]) -> Iterator[Told]:
    """When each of them was last told to whom as what, up to the day of the reading."""
    lines = list(telling.last(reading.conn, [due.id for due in dues], reading.as_of, _KEPT))
    climbed = dict.fromkeys(row.letter for row in lines if row.part == "climbed")
    released = _released(reading, list(climbed))
    # Somebody said that these had left before the store was restored.
    gone = set(
        reading.conn.scalars(sa.select(OUTBOX.c.id).where(OUTBOX.c.state == outbox.GIVEN_UP))
    )
    for row in lines:
        told = (row.subject, row.unit, row.part, row.day, row.act_by)
        left = row.left or (row.day if row.letter in gone else None)
        yield Told(*told, released.get(row.letter), left)


def _released(reading: Reading, letters: Sequence[str]) -> dict[str, date]:
    """When held letters were let go, of those that were."""
    c, found = FACTS.c, dict[str, date]()
    query = sa.select(c.subject, c.effective_on).where(c.type == "LetterReleased")
    for at in range(0, len(letters), IDS):
        some = query.where(c.subject.in_(letters[at : at + IDS]), c.voided_by.is_(None))
        found |= {row.subject: row.effective_on for row in reading.conn.execute(some)}
    return found


# --- further up


@dataclass
class Above:
    """The offices that may hear of a unit's miss, by the role it has and the line of the plan."""

    reading: Reading

    def of(self, unit: str | None, plan: str | None) -> tuple[str, ...]:
        """The nearest first; none beyond the area of the plan that was breached."""
        row, area = self.reading.units.get(unit or ""), self._areas.get(plan)
        if row is None or area is None:
            return ()
        return tuple(each for each in self._named(row, area) if each != unit)

    def may_ask(self, desk: str | None, plan: str | None) -> bool:
        """Whether a desk may hear of a miss: a plan's own day is not shown beyond its area."""
        area = self._areas.get(plan)
        return area is None or any(self._within([desk or ""], area))

    def _named(self, unit: Any, area: str) -> Iterator[str]:
        """By a paper where there is one, else by what such a unit is."""
        if unit.climbs_to is not None:
            yield from self._within(unit.climbs_to, area)
        elif climbs()[unit.role].to == "coordination":
            yield from self._line(unit.place, area)

    def _within(self, units: Sequence[str], area: str) -> Iterator[str]:
        """Those of the units named by a paper that lie in the area."""
        rows = self.reading.units
        return (each for each in units if each in rows and area in self._around(rows[each].place))

    def _line(self, place: str | None, area: str) -> Iterator[str]:
        """The coordination offices of a place and of those above it, inside the area."""
        for each in self._around(place):
            if area in self._around(each):
                yield from self._offices.get(each, ())

    def _around(self, place: str | None) -> tuple[str, ...]:
        """A place and those it lies in, the nearest first."""
        return (place, *self.reading.ancestors(place)) if place else ()

    @cached_property
    def _areas(self) -> dict[str | None, str]:
        """The place of each plan."""
        rows = self.reading.rows("plan", only=("id", "place"))
        return {bare(row.id): row.place for row in rows}

    @cached_property
    def _offices(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id, row in sorted(self.reading.units.items()):
            if row.role == COORDINATION and row.place:
                found.setdefault(row.place, []).append(id)
        return found
