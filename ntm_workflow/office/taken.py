"""Whose a place's name and code are, on every day from one on; refuses a second holder.

Knows no verb: what a place is to be called is handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.base import Refused, Timeline
from ntm_workflow.domain.place import TYPES, HasName, Place, place_name
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import words
from ntm_workflow.office.reading import bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import ALWAYS

#: A name as it is told apart, or a code.
Key = tuple[Any, ...]


class PlaceExists(Refused):
    vi = "{name} đã có trong sổ (ngày {day}), mã {id}; cùng cấp, cùng nơi không có hai địa bàn một tên.\nXem: ntm place show {id:arg}"
    en = "{name} is in the journal already (on {day}) as {id}; no two places of a level share a name in one place.\nSee: ntm place show {id:arg}"


class CodeTaken(Refused):
    vi = "Mã {code} ngày {day} là của {name} ({id}).\nXem: ntm place show {id:arg}"
    en = "On {day} the code {code} is that of {name} ({id}).\nSee: ntm place show {id:arg}"


class Taken:
    """The names and codes of all places from `day` on, with those that hold them some time."""

    def __init__(self, entry: Entry, day: date) -> None:
        self.entry, self.day = entry, day
        #: What ends on this day leaves its name and code to its successor.
        self.ending: frozenset[str] = frozenset()
        self.holders: dict[Key, set[str]] = defaultdict(set)
        c = VIEWS["place"].table.c
        standing = (c.known_to == ALWAYS, c.valid_to > day, c.ended.is_(None))
        query = sa.select(c.id, c.name, c.type, c.parent, c.code).where(*standing)
        for row in entry.conn.execute(query):
            self.take(bare(row.id), row)

    def take(self, id: str, place: Any) -> None:
        for key in _keys(place):
            self.holders[key].add(id)

    def must_be_free(self, id: str, place: Place, until: date = date.max) -> None:
        """Refuse `place` as what `id` is from `place.since` on, if another is called so by then."""
        for key in _keys(place):
            self._free(key, id, place, until)

    def code_must_be_free(self, id: str, code: str) -> None:
        """Refuse a code for `id` from the day on that another has before `id` gets its next one."""
        known = list(stretches(self.entry.timeline(f"place/{id}"), self.day, date.max))
        place = known[0][2]
        if place is not None:
            others = (day for day, _, then in known if then and then.code != place.code)
            self._free(("code", code), id, replace(place, since=self.day), next(others, date.max))

    def must_stay_alone(self, id: str) -> None:
        """Refuse what `id` has become, if on some day from this one on another is called so."""
        timeline = self.entry.timeline(f"place/{id}")
        for since, until, place in stretches(timeline, self.day, date.max):
            if place is not None and place.ended is None:
                self.must_be_free(id, replace(place, since=since), until)
                self.take(id, place)

    def _free(self, key: Key, id: str, place: Place, until: date) -> None:
        for other in sorted(self.holders[key] - {id} - self.ending):
            if found := self._meeting(key, other, place.since, until):
                raise _refusal(key, place, other, *found)

    def _meeting(self, key: Key, other: str, since: date, until: date) -> tuple[date, Place] | None:
        """The first day in which `other` has the key, as its facts tell by now."""
        for day, _, place in stretches(self.entry.timeline(f"place/{other}"), since, until):
            if place is not None and place.ended is None and key in _keys(place):
                return day, place
        return None


def stretches(
    timeline: Timeline[Place], since: date, until: date
) -> Iterator[tuple[date, date, Place | None]]:
    """What is known of a place from `since` up to `until`, each state with its days."""
    later = (day for day, *_ in timeline.orders if since < day < until)
    days = sorted({since, *later})
    for day, end in zip(days, [*days[1:], until], strict=True):
        yield day, end, timeline.at(day)


def name_key(name: str, type: str, parent: str | None) -> Key:
    """Equal for two names that differ in case, Unicode form or short forms only."""
    return words(name), TYPES[type][0], parent


def _keys(place: Any) -> list[Key]:
    code: list[Key] = [("code", place.code)] if place.code else []
    return [name_key(place.name, place.type, place.parent), *code]


def _refusal(key: Key, place: HasName, other: str, day: date, holder: Place) -> Refused:
    if key[0] == "code":
        return CodeTaken(code=key[1], day=day, name=place_name(holder), id=other)
    return PlaceExists(name=place_name(place), day=day, id=other)
