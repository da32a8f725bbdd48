"""What a unit's report speaks for: its own duties, or with those of the offices in its area.

A people's committee, its steering committee and its coordination office report for their place and all below it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from ntm_workflow.domain.values import collation_key
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.reading import Reading

#: Roles that report for a place; other offices report what they owe and lead themselves.
_FOR_PLACES: Final = frozenset({"ubnd", "bcd", "vpdp"})


class Area:
    """One unit's, at one reading. `place` is None for an office that reports for itself only."""

    def __init__(self, reading: Reading, unit: str) -> None:
        self.reading, self.unit = reading, unit
        row = reading.units[unit]
        self.row = row
        self.place: str | None = row.place if row.role in _FOR_PLACES else None

    @cached_property
    def places(self) -> set[str]:
        return self.reading.within(self.place) if self.place else set()

    @cached_property
    def _leads(self) -> Leads:
        return Leads(self.reading)

    def owes(self, unit: str | None) -> bool:
        """Whether what a unit owes is told here."""
        if unit == self.unit:
            return True
        owner = self.reading.units.get(unit or "")
        return owner is not None and owner.place in self.places

    def numbers(self, row: Any) -> list[int]:
        """The criteria of a place's table that are told here: all of the area's, or those the unit leads."""
        if self.place is not None:
            return list(row.numbers) if row.place in self.places else []
        return [number for number in row.numbers if self._leads_it(row, number)]

    def _leads_it(self, row: Any, number: int) -> bool:
        led = self._leads.of(row.place, row.set, row.version, number)
        return any(each.unit == self.unit for each in led)

    def committee_of(self, place: str | None) -> str | None:
        """The people's committee of just this place."""
        units = self.reading.units.items()
        return next((id for id, u in units if u.role == "ubnd" and u.place == place), None)

    @cached_property
    def parts(self) -> list[str]:
        """The places right below, of those that are there and still in the programme."""
        found, names = self.reading.places, self.reading.names
        there = [
            id for id, row in found.items() if row.parent == self.place and self.place is not None
            and self.reports(id) and row.level != "village"
        ]  # fmt: skip
        return sorted(there, key=lambda id: collation_key(names.get(id, id)))

    def reports(self, place: str) -> bool:
        """Whether a place is there and in the programme."""
        row = self.reading.places[place]
        return not (row.ended or row.left_on)

    def of_level(self, level: str) -> int:
        """How many places of a level lie in the area."""
        there = self.reading.places
        return sum(there[id].level == level and self.reports(id) for id in self.places)

    def part_of(self, place: str | None) -> str | None:
        """Which of the parts a place is or lies in."""
        parts = set(self.parts)
        chain = (place, *self.reading.ancestors(place))
        return next((each for each in chain if each in parts), None)
