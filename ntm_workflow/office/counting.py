"""Targets that the program counts itself, from recognitions and criteria, with the plan's denominator and the day's.

A place counts where it lies on the day looked at; where the area has ended by then, or the last place of the kind,
on the last day before that. What only a plan's own table says is counted apart, and so is what nobody has recorded: a
commune without results is not one with few.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any

from ntm_workflow.domain.target import Count
from ntm_workflow.office.editions import editions
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.recognition import holders
from ntm_workflow.office.target import targets
from ntm_workflow.plans.standards import types_of
from ntm_workflow.projections import VIEWS

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """What a target comes to: the places that count, those only a plan's table has, and those nobody knows of.

    `of` are the places of that kind there are on `day`: the day looked at, or the last one on which there were any.
    """

    row: Any
    said: dict[str, Any]
    count: Count
    places: tuple[str, ...]
    by_plan: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    of: int = 0
    day: date | None = None

    @property
    def value(self) -> int:
        return len(self.places)

    @property
    def at_most(self) -> bool:
        """Whether few are wanted, and not many."""
        return self.count.how in ("under", "without")

    @property
    def reached(self) -> bool | None:
        """None while what nobody has recorded could still decide it."""
        if self.row.threshold is None or not self.of:
            return None
        wanted = Decimal(self.row.threshold)
        if self.at_most:
            return False if self.value > wanted else None if self.unknown else True
        # The plan may reckon with more places than the journal knows.
        beyond = max((self.count.of or 0) - self.of, 0)
        could = self.value + len(self.unknown) + beyond
        return True if self.value >= wanted else None if could >= wanted else False


def counted(
    reading: Reading, scope: Collection[str] | None = None, plan: str | None = None
) -> Iterator[Counted]:
    """Every target that a plan has the program count, of the places in scope."""
    counting = _Counting(reading)
    for row in targets(reading):
        said = next((s for s in reversed(row.statements) if s.get("count")), None)
        if said is None or (scope is not None and row.place not in scope):
            continue
        if plan is None or said["plan"] == plan:
            yield counting.of(row, said)


class _Counting:
    """The places of one day, counted; of an area or a kind that has ended, of its last day."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._of_day: dict[date, _Counting] = {}

    def of(self, row: Any, said: dict[str, Any]) -> Counted:
        ended = self.reading.places[row.place].ended
        if ended is not None:
            return self._on(ended - ONE_DAY).of(row, said)
        count, inside = Count(**said["count"]), self.reading.within(row.place)
        found = _HOW[count.how](self, row, said, count, inside)
        if not found.of and (last := self._last_day(count, inside)):
            return self._on(last).of(row, said)
        return replace(found, day=self.reading.as_of)

    def _on(self, day: date) -> _Counting:
        if day not in self._of_day:
            self._of_day[day] = _Counting(self.reading.on(day))
        return self._of_day[day]

    def _last_day(self, count: Count, inside: Collection[str]) -> date | None:
        """The last day on which there was any place of the kind that is counted."""
        rows = (self.reading.places[id] for id in inside)
        kind = (r for r in rows if _is_of(r, count))
        ends = [day for r in kind if (day := _end(r, count)) and day <= self.reading.as_of]
        return max(ends) - ONE_DAY if ends else None

    @cached_property
    def holders(self) -> Callable[[str], dict[str, str | None]]:
        return cache(partial(holders, self.reading))

    def there(self, inside: Collection[str], standard: str) -> list[str]:
        """The places a standard is for, that are there and in the programme."""
        types, rows = types_of(standard), self.reading.places
        own = (id for id in inside if rows[id].type in types)
        return sorted(id for id in own if rows[id].ended is None and rows[id].left_on is None)

    def held(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        there, how = self.there(inside, count.standard), self.holders(count.standard)
        places = tuple(id for id in there if id in how)
        by_plan = tuple(id for id in places if how[id] is None)
        unknown = tuple(id for id in there if id not in how)
        return Counted(row, said, count, places, by_plan, unknown, len(there))

    def new(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        """Recognised under a label of the plan's own years, whatever became of the place since."""
        plan = self.reading.row(f"plan/{said['plan']}")
        first = plan.period[0] if plan is not None else said["target_year"]
        last = said["target_year"] or (plan.period[1] if plan is not None else first)
        labels = self._labels(count.standard)
        places = sorted(
            id for id in inside if any(first <= year <= last for year in labels.get(id, ()))
        )
        there = self.there(inside, count.standard)
        unknown = tuple(id for id in there if id not in places)
        return Counted(row, said, count, tuple(places), (), unknown, len(there))

    def _labels(self, standard: str) -> dict[str, list[int]]:
        c = VIEWS["recognition"].table.c
        return {
            row.place: [g["label"] for g in row.grants if g["label"] and not g["withdrawn"]]
            for row in self.reading.rows("recognition", c.standard == standard)
        }

    def under(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        """Places that have fewer criteria even if all that is not known were met."""
        there, how = self.there(inside, count.standard), self.holders(count.standard)
        year = said["target_year"] or self.reading.as_of.year
        results, least = self._results(count.standard, year), count.under or 0
        open_ = [id for id in there if id not in how]
        few = tuple(id for id in open_ if id in results and results[id][1] < least)
        unknown = tuple(
            id for id in open_ if id not in few and (id not in results or results[id][0] < least)
        )
        return Counted(row, said, count, few, (), unknown, len(there))

    def _results(self, set: str, year: int) -> dict[str, tuple[int, int]]:
        """By place how many criteria are met, and how many may be, in the version of a year."""
        edition, c = editions(self.reading).find(set, year), VIEWS["criteria"].table.c
        version = edition.version if edition else None
        wanted = ("place", "numbers", "achieved", "not_achieved")
        rows = self.reading.rows("criteria", c.set == set, c.version == version, only=wanted)
        return {r.place: (len(r.achieved), len(r.numbers) - len(r.not_achieved)) for r in rows}

    def without(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        """Areas of a level in which no place holds the standard; not known while places in them say nothing."""
        rows = self.reading.places
        areas = sorted(
            id for id in inside if rows[id].level == count.level and rows[id].ended is None
        )
        how = self.holders(count.standard)
        in_it = {area: self.there(self.reading.within(area), count.standard) for area in areas}
        none = [area for area in areas if not how.keys() & {*in_it[area]}]
        known = set(self._told(count.standard))
        unknown = tuple(area for area in none if not {*in_it[area]} <= known)
        bare = tuple(area for area in none if area not in unknown)
        return Counted(row, said, count, bare, (), unknown, len(areas))

    def _told(self, standard: str) -> Iterator[str]:
        """The places of which the journal has results of the standard's criteria, or a withdrawal."""
        c, r = VIEWS["criteria"].table.c, VIEWS["recognition"].table.c
        for row in self.reading.rows("criteria", c.set == standard, only=("place", "not_achieved")):
            if row.not_achieved:
                yield row.place
        for row in self.reading.rows("recognition", r.standard == standard):
            if row.withdrawn_on:
                yield row.place


def _is_of(row: Any, count: Count) -> bool:
    by_level = count.how == "without"
    return bool(row.level == count.level if by_level else row.type in types_of(count.standard))


def _end(row: Any, count: Count) -> date | None:
    """The first day on which a place does not count any more; an area counts until it ends."""
    days = (row.ended,) if count.how == "without" else (row.ended, row.left_on)
    return min((day for day in days if day), default=None)


_HOW = {
    "held": _Counting.held,
    "new": _Counting.new,
    "under": _Counting.under,
    "without": _Counting.without,
}
