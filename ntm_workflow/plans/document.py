"""A pack with its names, days and clauses at hand, for the rules that look for contradictions. Finds none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import (
    Deadline,
    UnreadablePhrase,
    is_yearly,
    read_phrase,
    undated,
    unread,
)
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.values import Word
from ntm_workflow.plans.clauses import order
from ntm_workflow.plans.faults import LEVELS
from ntm_workflow.plans.shapes import Duty, Pack, StatedCriteria, TargetedCriteria

#: Tables that cite a clause, by their key in a pack.
CITING = (
    *("obligations", "leads", "criteria", "criteria_targets", "targets", "goals", "money"),
    *("money_rules", "money_checks", "references", "unbinding", "remarks"),
)


class Due(NamedTuple):
    """The last day on the strictest reading, and the day people write down."""

    strict: date
    nominal: date


class Document:
    """A sound pack and the calendar it is read by."""

    def __init__(self, pack: Pack, calendar: WorkingDays) -> None:
        self.pack = pack
        self.calendar = calendar
        self.names = {place.id: place.name for place in pack.places}
        self.parents = {place.id: place.parent for place in pack.places}
        self._units = {unit.id: unit.name for unit in pack.units}
        self.read = cache(self._read)
        self.times = cache(self._times)
        self.above = cache(self._above)

    def _above(self, place: str) -> tuple[str, ...]:
        """The place itself and those it lies in, from the lowest up."""
        parent = self.parents.get(place)
        return (place, *(self.above(parent) if parent else ()))

    def _read(self, phrase: str | None) -> Deadline:
        if phrase is None:
            return undated()
        try:
            return read_phrase(phrase, self.pack.period, working=self.calendar)
        except UnreadablePhrase:
            # A sound pack gives its days in place of it.
            return unread(phrase)

    def _times(self, phrase: str | None) -> tuple[Deadline, ...]:
        """When a phrase falls due, in each year of the plan's period if it comes back yearly."""
        if phrase is None or not (self.read(phrase).recurrence and is_yearly(phrase)):
            return (self.read(phrase),)
        first, last = self.pack.period
        return tuple(read_phrase(phrase, (year, year)) for year in range(first, last + 1))

    def due(self, duty: Duty, deadline: Deadline | None = None) -> Due | None:
        """When a duty (the first time, or at `deadline`) falls due; None where it has no day."""
        read, given = deadline or self.read(duty.expression), duty.days
        strict = (given and given.strict_day) or read.strict_day
        nominal = (given and given.nominal_day) or read.nominal_day
        if strict is None or nominal is None:
            strict = nominal = strict or nominal
        return Due(strict, nominal) if strict and nominal else None

    @property
    def tables(self) -> list[StatedCriteria | TargetedCriteria]:
        """The tables of criteria: how it stood, and how it shall be."""
        return [*self.pack.criteria, *self.pack.criteria_targets]

    @cached_property
    def named_in(self) -> dict[str, str]:
        """Place -> the first clause, in the order of the document, that speaks of it."""
        found: dict[str, str] = {}
        for table in CITING:
            for row in getattr(self.pack, table):
                for place in getattr(row, "places", None) or [getattr(row, "place", None)]:
                    if place and order(row.clause) < order(found.setdefault(place, row.clause)):
                        found[place] = row.clause
        return found

    def unit(self, id: str) -> Any:
        """What a unit is called; a people's committee by its level or its place."""
        if id.startswith("@"):
            level = LEVELS[id[1:]]
            return Word(f"UBND cấp {level.vi}", f"the {level.en} committee")
        return self._units.get(id) or f"UBND {self.names[id.removeprefix('ubnd-')]}"

    def level(self, place: str) -> str:
        return self._levels[place]

    @cached_property
    def _levels(self) -> dict[str, str]:
        return {place.id: TYPES[place.type][0] for place in self.pack.places}


def named(clauses: Iterable[str | None]) -> str:
    """Several clauses as a finding cites them: each once, in the order of the document."""
    return ", ".join(sorted({clause for clause in clauses if clause}, key=order))
