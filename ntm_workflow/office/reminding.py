"""The morning's letters of the ladder: which duties, which earlier letters and which offices it is handed.

Knows no rung and no word: who hears what is `notifications/ladder.py`, how it reads `office/letters.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.plan import Reminders, Settings
from ntm_workflow.notifications.ladder import Due, Intent, Morning, Told, climb
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.plans.climbs import climbs
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.telling import TELLINGS

#: Columns of an obligation that a Due has under the same name.
_COLUMNS: Final = tuple(set(Due.__struct_fields__) - {"joint", "above"})
COORDINATION: Final = "vpdp"


def reminders(reading: Reading, morning: Morning) -> list[Intent]:
    """What the ladder says that morning, given what earlier letters said."""
    dues = _dues(reading, morning)
    return climb(dues, _told(reading, dues), morning) if dues else []


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
    past = sa.and_(_past(morning.day), sa.or_(_unsaid(morning.week), _climbing()))
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
    """Nothing was said of it since the week began; and of a mark to strive for, something was before."""
    c, t = VIEWS["obligation"].table.c, TELLINGS.c
    said = sa.and_(t.subject == c.id, t.part.in_(("missed", "after")), t.day >= week)
    announced = sa.and_(t.subject == c.id, t.part == "ahead")
    binding = sa.or_(c.strength != "strive", sa.exists().where(announced))
    return sa.and_(sa.not_(sa.exists().where(said)), binding)


def _climbing() -> sa.ColumnElement[bool]:
    """It has been told further up, so that the next level may be due any day."""
    return VIEWS["obligation"].table.c.id.in_(
        sa.select(TELLINGS.c.subject).where(TELLINGS.c.part == "climbed")
    )


_NEEDED: Final = (*_COLUMNS, "with", "place")


def _due(row: Any, above: Above) -> Due:
    said = {name: getattr(row, name) for name in _COLUMNS}
    higher = above.of(row.owed_by, row.plan) if row.missed_on else ()
    return Due(**said, joint=tuple(getattr(row, "with")), above=higher)


# --- earlier letters


def _told(reading: Reading, dues: Sequence[Due]) -> Iterator[Told]:
    """When each of them was last told to whom as what, up to the day of the reading."""
    lines = list(telling.last(reading.conn, [due.id for due in dues], reading.as_of))
    released = _released(reading, [row.letter for row in lines if row.part == "climbed"])
    for row in lines:
        let_go = released.get(row.letter)
        yield Told(row.subject, row.unit, row.part, row.rung, row.day, let_go)


def _released(reading: Reading, letters: Sequence[str]) -> dict[str, date]:
    """When held letters were let go, of those that were."""
    if not letters:
        return {}
    c = FACTS.c
    wanted = (c.type == "LetterReleased", c.subject.in_(sorted(set(letters))))
    query = sa.select(c.subject, c.effective_on).where(*wanted, c.voided_by.is_(None))
    return {row.subject: row.effective_on for row in reading.conn.execute(query)}


# --- further up


@dataclass
class Above:
    """The offices that may hear of a unit's miss, by the role it has and the line of the plan."""

    reading: Reading

    def of(self, unit: str | None, plan: str | None) -> tuple[str, ...]:
        """The nearest first; none beyond the area of the plan that was breached."""
        row = self.reading.units.get(unit or "")
        if row is not None and row.climbs_to is not None:
            return self._within(row.climbs_to, plan)
        rule = climbs().get(row.role) if row is not None else None
        if row is None or rule is None or rule.to == "none" or plan not in self._areas:
            return ()
        return tuple(self._line(unit or "", row.place, self._areas[plan]))

    def _within(self, units: Sequence[str], plan: str | None) -> tuple[str, ...]:
        """Those of the units named by a paper that lie in the plan's own line."""
        area = self._areas.get(plan)
        rows = self.reading.units
        return tuple(u for u in units if u in rows and area in self._around(rows[u].place))

    def _around(self, place: str | None) -> tuple[str | None, ...]:
        return (place, *self.reading.ancestors(place))

    def _line(self, unit: str, place: str, area: str) -> Iterator[str]:
        """The coordination offices of the unit's place and those above it, inside the area."""
        for each in (place, *self.reading.ancestors(place)):
            if area in (each, *self.reading.ancestors(each)):
                yield from (office for office in self._offices.get(each, ()) if office != unit)

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
