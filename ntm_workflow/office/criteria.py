"""Marking criteria: finds the place's table of a set, opens it if need be, and records the mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.criteria import CriteriaOpened
from ntm_workflow.office.entry import Entry
from ntm_workflow.plans.faults import LEVELS
from ntm_workflow.plans.sets import criteria_set


class OtherLevel(Refused):
    vi = "Bộ {set} dành cho cấp {level}, không dùng cho {place}.\nXem: ntm criteria matrix --set {set}"
    en = "The set {set} is for {level} places, not for {place}.\nSee: ntm criteria matrix --set {set}"


@dataclass(frozen=True)
class Marked:
    """The criterion a person names; the year of the day itself where no year is said."""

    place: str
    set: str
    number: int
    year: int | None = None


def criteria_id(place: str, set_id: str) -> str:
    return f"criteria/{place}/{set_id}"


def open_criteria(entry: Entry, place: str, set_id: str, day: date) -> None:
    of = criteria_set(set_id)
    entry.record(
        criteria_id(place, of.id),
        CriteriaOpened,
        effective_on=day,
        place=place,
        set=of.id,
        version=of.version,
        numbers=of.numbers,
    )


def mark(entry: Entry, marked: Marked, event: type[Any], **more: Any) -> None:
    """Record that a criterion is achieved, has lapsed or is confirmed. Refuses a set of another level."""
    of = criteria_set(marked.set)
    found = entry.reading.places[marked.place].level
    if found != of.level:
        raise OtherLevel(set=of.id, level=LEVELS[of.level], place=marked.place)
    id = criteria_id(marked.place, of.id)
    if not entry.exists(id):
        open_criteria(entry, marked.place, of.id, BEGINNING)
    year = marked.year or (entry.request.on or entry.today).year
    named = {"set": of.id, "version": of.version, "number": marked.number}
    entry.record(id, event, assessment_year=year, **named, **more)
