"""What an office has before it this morning: of one unit, of an area, or of all. Records nothing, knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.dossier import OVER
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.domain.standing import standing
from ntm_workflow.office.dossier import next_due
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.schema import OUTBOX

#: How many days a week is, today among them.
WEEK: Final = 7
#: How far back letters that failed are of this morning's list, in days.
_LETTERS: Final = timedelta(days=31)

_DUTY: Final = (
    *("id", "title", "owed_by", "owed_to", "place", "clause", "paper", "strength", "window_start"),
    *("strict_day", "nominal_day", "act_by", "enforce_day", "last_day", "met_on", "missed_on"),
    *("waived_on", "ended_on", "suspended_on", "suspended_until", "applies"),
)
_PAST: Final = frozenset({"overdue", "behind", "past_wording"})
#: What became of a letter that did not arrive: in the journal, and in the outbox.
_BOUNCED: Final = "bounced"
_STUCK: Final = ("failed", "no_address", "unwritten")


@dataclass
class Morning:
    """The lists of one reading; `unit` and `area` are ids, None where nobody narrowed it."""

    reading: Reading
    unit: str | None = None
    area: str | None = None

    def sections(self) -> dict[str, list[dict[str, Any]]]:
        """Every list, in the order in which an office looks at them; an empty one stands there, too."""
        return {name: list(make(self)) for name, make in _SECTIONS.items()}

    @property
    def day(self) -> date:
        return self.reading.as_of

    @cached_property
    def _places(self) -> set[str] | None:
        return None if self.area is None else self.reading.within(self.area)

    def _mine(self, unit: str | None, place: str | None) -> bool:
        """Whether something of a unit, in a place, is looked at: the unit's own, and of the area's what lies in it."""
        if self.unit is not None and unit != self.unit:
            return False
        if self._places is None:
            return True
        at = self.reading.units[unit].place if unit in self.reading.units else None
        return place in self._places or at in self._places

    @cached_property
    def _duties(self) -> list[tuple[Any, str]]:
        """What is left to do, each with how it stands."""
        c = VIEWS["obligation"].table.c
        undone = (c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
        rows = self.reading.rows("obligation", *undone, only=_DUTY)
        return [(row, standing(row, self.day)) for row in rows]

    def _order(self, row: Any) -> tuple[Any, ...]:
        """The same duty of many stands together, by the alphabet of who owes it."""
        return row.title, self.reading.order(row.owed_by), row.id

    def overdue(self) -> Iterator[dict[str, Any]]:
        """Duties past their day, those first that have waited longest."""
        mine = [r for r, how in self._duties if how in _PAST and self._mine(r.owed_by, r.place)]
        for row in sorted(mine, key=lambda r: (r.last_day or date.max, *self._order(r))):
            yield self._duty(row, row.last_day)

    def this_week(self) -> Iterator[dict[str, Any]]:
        """Duties to be done by a day of the coming week, today among them."""
        until = self.day + timedelta(days=WEEK - 1)
        mine = [
            row
            for row, how in self._duties
            if how in ("open", "due_soon")
            and row.act_by
            and self.day <= row.act_by <= until
            and self._mine(row.owed_by, row.place)
        ]
        for row in sorted(mine, key=lambda r: (r.act_by, *self._order(r))):
            yield self._duty(row, row.act_by)

    def not_received(self) -> Iterator[dict[str, Any]]:
        """Reports and other papers due here that the journal has not."""
        for row, how in sorted(self._duties, key=lambda each: self._order(each[0])):
            if how in _PAST and row.owed_to and self._mine(row.owed_to, None) and row.owed_to != row.owed_by:  # fmt: skip
                yield {**self._duty(row, row.last_day), "owed_to": self.reading.ref(row.owed_to)}

    def _duty(self, row: Any, day: date | None) -> dict[str, Any]:
        return {
            "what": row.title,
            "id": bare(row.id),
            "who": self.reading.ref(row.owed_by),
            "place": self.reading.ref(row.place),
            "day": day,
            "days": day and (day - self.day).days,
            "standing": standing(row, self.day),
            "clause": row.clause,
        }

    def to_confirm(self) -> Iterator[dict[str, Any]]:
        """Criteria recorded as met that the office which leads them has not confirmed."""
        leads, wanted = Leads(self.reading), ("place", "set", "version", "achieved", "confirmed")
        for row in self.reading.rows("criteria", only=wanted):
            waiting: dict[str, list[int]] = {}
            for number in sorted({*row.achieved} - {*row.confirmed}):
                for led in leads.of(row.place, row.set, row.version, number):
                    if self._mine(led.unit, row.place):
                        waiting.setdefault(led.unit, []).append(number)
            for unit, numbers in waiting.items():
                yield {
                    "what": row.set,
                    "numbers": numbers,
                    "who": self.reading.ref(unit),
                    "place": self.reading.ref(row.place),
                }

    def dossiers(self) -> Iterator[dict[str, Any]]:
        """Dossiers that lie on a desk, those first that have lain there longest."""
        due = next_due(self.reading)
        rows = self.reading.rows("dossier", VIEWS["dossier"].table.c.stage.not_in(OVER))
        held = [row for row in rows if row.holder and self._mine(row.holder, row.place)]
        for row in sorted(held, key=lambda r: (r.stays[-1]["since_on"], r.id)):
            since = date.fromisoformat(row.stays[-1]["since_on"])
            yield {
                "what": row.standard,
                "year": row.year,
                "id": bare(row.id),
                "who": self.reading.ref(row.holder),
                "place": self.reading.ref(row.place),
                "stage": row.stage,
                "day": due.get(row.id),
                "days": (self.day - since).days,
            }

    def zero(self) -> Iterator[dict[str, Any]]:
        """Items of this year's money of which nothing is spent, with the next day a plan looks at them."""
        c = VIEWS["fund"].table.c
        of_year = (c.year == self.day.year, c.allocated > 0, c.disbursed == 0)
        wanted = ("id", "item", "type", "place", "owner", "allocated", "stop")
        for row in self.reading.rows("fund", *of_year, only=wanted):
            if self._mine(row.owner, row.place):
                day, clause = self._looked_at(row)
                yield {
                    "what": row.item,
                    "id": bare(row.id),
                    "who": self.reading.ref(row.owner),
                    "place": self.reading.ref(row.place),
                    "day": day,
                    "days": day and (day - self.day).days,
                    "allocated": row.allocated,
                    "stop": row.stop and row.stop["state"],
                    "clause": clause,
                }

    def _looked_at(self, row: Any) -> tuple[date | None, str | None]:
        """The next day on which a plan's rule finds an item that has spent nothing, and its clause."""
        found = (
            (rule.day, f"{plan} {rule.clause}")
            for plan, scope, rule in self._rules
            if rule.day >= self.day
            and row.place in scope
            and row.type in (*rule.stop_types, *rule.reallocate_types)
        )
        return min(found, default=(None, None))

    @cached_property
    def _rules(self) -> list[tuple[str, set[str], MoneyRule]]:
        return [
            (bare(plan.id), self.reading.within(plan.scope), msgspec.convert(raw, MoneyRule))
            for plan in self.reading.rows("plan", only=("id", "scope", "money_rules"))
            for raw in plan.money_rules
        ]

    def letters(self) -> Iterator[dict[str, Any]]:
        """Letters of the last month that did not arrive, as they are now."""
        view, c = VIEWS["letter"], VIEWS["letter"].table.c
        recent = (view.now, c.day > self.day - _LETTERS, c.day <= self.day)
        query = sa.select(c.id, c.unit, c.kind, c.day, c.state, OUTBOX.c.state.label("now"))
        query = query.outerjoin(OUTBOX, OUTBOX.c.id == c.id).where(*recent)
        stuck = sa.or_(c.state == _BOUNCED, OUTBOX.c.state.in_(_STUCK))
        for row in self.reading.conn.execute(query.where(stuck).order_by(c.day, c.id)):
            if self._mine(row.unit, None):
                yield {
                    "what": row.kind,
                    "id": bare(row.id),
                    "who": self.reading.ref(row.unit),
                    "day": row.day,
                    "state": _BOUNCED if row.state == _BOUNCED else row.now,
                }


_SECTIONS: Final[dict[str, Callable[[Morning], Iterator[dict[str, Any]]]]] = {
    "overdue": Morning.overdue,
    "this_week": Morning.this_week,
    "to_confirm": Morning.to_confirm,
    "not_received": Morning.not_received,
    "dossiers": Morning.dossiers,
    "zero": Morning.zero,
    "letters": Morning.letters,
}
