"""Recording what a target came to. Which targets there are, plans say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ntm_workflow.domain.target import TargetMeasured
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import NotFound, near
from ntm_workflow.office.reading import Reading


@dataclass(frozen=True)
class Measured:
    """What a person measured; the unit is the target's own where none is said."""

    place: str
    what: str
    value: str | None = None
    unit: str | None = None
    verdict: str | None = None
    year: int | None = None


def target_id(place: str, what: str) -> str:
    return f"target/{place}/{what}"


def targets(reading: Reading) -> list[Any]:
    """The rows of what somebody has spoken of by the day; a target is open long before."""
    return [row for row in reading.rows("target") if row.statements or row.measures]


def find_target(reading: Reading, place: str, what: str) -> Any:
    """The row of the target of that place; refuses, naming what the place does aim at."""
    of_place = {row.what: row for row in targets(reading) if row.place == place}
    if what not in of_place:
        raise NotFound(typed=what, day=reading.as_of, noun="target", near=near(what, [*of_place]))
    return of_place[what]


def measure(entry: Entry, id: str, said: Measured) -> None:
    state = entry.timeline(id).now
    known = state.units if state else ()
    entry.record(
        id,
        TargetMeasured,
        assessment_year=said.year or (entry.request.on or entry.today).year,
        value=said.value,
        unit=said.unit or (known[0] if known and said.value else None),
        verdict=said.verdict,
    )
