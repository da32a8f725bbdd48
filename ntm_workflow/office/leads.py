"""Who leads which criterion: the units that papers name, for a place and what lies above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ntm_workflow.domain.edition import UNSAID
from ntm_workflow.office.reading import Reading


class Led(NamedTuple):
    """A unit that leads a criterion, where it stands, and the clause that says so."""

    unit: str
    place: str | None
    plan: str | None
    clause: str | None


class Leads:
    """All leads of a reading, by set, version and number."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._of: dict[tuple[str, str, int], list[Led]] = {}
        for id, unit in reading.units.items():
            for lead in unit.leads:
                led = Led(id, unit.place, lead.get("plan"), lead["clause"])
                for number in lead["numbers"]:
                    key = (lead["set"], lead.get("version") or UNSAID, number)
                    self._of.setdefault(key, []).append(led)

    def of(self, place: str, set: str, version: str, number: int) -> Iterator[Led]:
        """Who leads a criterion for a place: each unit once, none where no paper says who."""
        over = (place, None, *self.reading.ancestors(place))
        leading = (e for e in self._of.get((set, version, number), ()) if e.place in over)
        yield from {led.unit: led for led in leading}.values()
