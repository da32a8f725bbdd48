"""Targets that the program counts itself, from recognitions and criteria, with the plan's denominator and the day's.

A place counts where it lies on the day looked at. What only a plan's own table says is counted apart, and so is what
nobody has recorded: a commune without results is not one with few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from ntm_workflow.domain.target import Count
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.recognition import holders
from ntm_workflow.office.target import targets
from ntm_workflow.plans.standards import types_of
from ntm_workflow.projections import VIEWS


@dataclass(frozen=True)
class Counted:
    """What a target comes to: the places that count, those only a plan's table has, and those nobody knows of.

    `of` are the places of that kind there are on the day.
    """

    row: Any
    said: dict[str, Any]
    count: Count
    places: tuple[str, ...]
    by_plan: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    of: int = 0

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
        if self.row.threshold is None:
            return None
        wanted = Decimal(self.row.threshold)
        if self.at_most:
            return False if self.value > wanted else None if self.unknown else True
        return self.value >= wanted


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
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._holders: dict[str, dict[str, str | None]] = {}

    def of(self, row: Any, said: dict[str, Any]) -> Counted:
        count = Count(**said["count"])
        inside = self.reading.within(row.place)
        return _HOW[count.how](self, row, said, count, inside)

    def holders(self, standard: str) -> dict[str, str | None]:
        if standard not in self._holders:
            self._holders[standard] = holders(self.reading, standard)
        return self._holders[standard]

    def there(self, inside: Collection[str], standard: str) -> list[str]:
        """The places a standard is for, that are there and in the programme."""
        types, rows = types_of(standard), self.reading.places
        own = (id for id in inside if rows[id].type in types)
        return sorted(id for id in own if rows[id].ended is None and rows[id].left_on is None)

    def held(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        there, how = self.there(inside, count.standard), self.holders(count.standard)
        places = tuple(id for id in there if id in how)
        by_plan = tuple(id for id in places if how[id] is None)
        return Counted(row, said, count, places, by_plan, of=len(there))

    def new(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        """Recognised under a label of the plan's own years."""
        there = self.there(inside, count.standard)
        plan = self.reading.row(f"plan/{said['plan']}")
        first = plan.period[0] if plan is not None else said["target_year"]
        last = said["target_year"] or (plan.period[1] if plan is not None else first)
        labels = self._labels(count.standard)
        places = (id for id in there if any(first <= y <= last for y in labels.get(id, ())))
        return Counted(row, said, count, tuple(places), of=len(there))

    def _labels(self, standard: str) -> dict[str, list[int]]:
        c = VIEWS["recognition"].table.c
        return {
            row.place: [g["label"] for g in row.grants if g["label"] and not g["withdrawn"]]
            for row in self.reading.rows("recognition", c.standard == standard)
        }

    def under(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        there, how = self.there(inside, count.standard), self.holders(count.standard)
        reached = self._reached.get(count.standard, {})
        open_ = [id for id in there if id not in how]
        places = (id for id in open_ if id in reached and reached[id] < (count.under or 0))
        unknown = tuple(id for id in open_ if id not in reached)
        return Counted(row, said, count, tuple(places), unknown=unknown, of=len(there))

    @cached_property
    def _reached(self) -> dict[str, dict[str, int]]:
        """By set and place how many criteria are met, in the version with the latest result."""
        found: dict[str, dict[str, int]] = {}
        for row in self.reading.rows(
            "criteria", only=("place", "set", "version", "achieved", "not_achieved")
        ):
            if row.achieved or row.not_achieved:
                found.setdefault(row.set, {})[row.place] = len(row.achieved)
        return found

    def without(self, row: Any, said: dict[str, Any], count: Count, inside: set[str]) -> Counted:
        rows = self.reading.places
        areas = sorted(
            id for id in inside if rows[id].level == count.level and rows[id].ended is None
        )
        how = self.holders(count.standard)
        bare = (id for id in areas if not self.reading.within(id) & how.keys())
        return Counted(row, said, count, tuple(bare), of=len(areas))


_HOW = {
    "held": _Counting.held,
    "new": _Counting.new,
    "under": _Counting.under,
    "without": _Counting.without,
}
