"""What scorecards count: duties by the day they fell due on, and the criteria a plan wants by a year's end.

Places and offices are those of that day: a commune that was merged before it owes nothing on it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import BEGINNING
from ntm_workflow.domain.score import UNBINDING, Counted, aim, fell, result
from ntm_workflow.office.editions import editions
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, closing

#: What a card may be about: who owes, the commune or the place above it, the same duty wherever it
#: is owed, and who leads criteria.
PER = ("unit", "place", "rule", "department")

#: What the count of a duty rests on, and what is shown of it.
NEEDED = (
    *("id", "valid_to", "rule", "title", "owed_by", "place", "strength", "window_start"),
    *("strict_day", "act_by", "enforce_day", "last_day", "met_on", "missed_on"),
    *("waived_on", "ended_on", "suspended_on", "suspended_until"),
    *("recorded_late", "missed_in_history", "miss_overturned_by", "applies"),
    *("kind", "expression", "event_on", "starts_from"),
)


@dataclass(frozen=True)
class Chosen:
    """What is counted: all that fell due from one day to another, of a plan, in a place."""

    since: date
    until: date
    plan: str | None = None
    within: str | None = None

    def holds(self, day: date | None) -> bool:
        """What has no day belongs to every time."""
        return day is None or self.since <= day <= self.until


class Item(Counted, frozen=True, kw_only=True, gc=False):
    """One thing counted, and what is shown of it. `moved`: a later day was set after its own.

    `overturned_by` is the entry that showed a miss of it to be none, `waits` its row where its time
    runs from an event.
    """

    title: str
    place: str | None
    owed_by: str | None
    met_on: date | None = None
    moved: bool = False
    overturned_by: int | None = None
    waits: Any = None


def items(reading: Reading, chosen: Chosen, per: str) -> Iterator[Item]:
    """Everything the cards of that kind count, each once."""
    if per == "department":
        return _criteria(reading, chosen)
    return _duties(reading, chosen, "owed_by" if per == "unit" else per)


def _duties(reading: Reading, chosen: Chosen, column: str) -> Iterator[Item]:
    closed = _closed(reading)
    places = PlacesThen(reading, chosen.within)
    for rows in _each_duty(reading, chosen.plan):
        now, then = rows[-1], fell(rows, reading.as_of)
        day = then.last_day or then.ended_on or then.enforce_day
        if not (chosen.holds(day) and places.holds(then.place, day)):
            continue
        how = result(then, now, reading.as_of, closed)
        if how not in UNBINDING and places.gone(then.place, day):
            how = "gone"
        yield Item(
            id=bare(then.id),
            who=places.commune(then.place, day) if column == "place" else getattr(then, column),
            strength=then.strength,
            result=how,
            day=day,
            recorded_late=how == "on_time" and bool(now.recorded_late),
            title=then.title,
            place=then.place,
            owed_by=then.owed_by,
            met_on=now.met_on,
            moved=now.last_day != then.last_day,
            overturned_by=now.miss_overturned_by,
            waits=now if now.kind == "event" else None,
        )


def _closed(reading: Reading) -> date | None:
    """The last day closed that is not after the one looked at."""
    last = closing.last_day(reading.conn, reading.known)
    return last and min(last, reading.as_of)


def _each_duty(reading: Reading, plan: str | None) -> Iterator[Sequence[Any]]:
    """The rows of each duty in which a deadline of it fell, and the last one."""
    c = VIEWS["obligation"].table.c
    fallen = sa.or_(c.valid_to > reading.as_of, c.valid_to > c.last_day)
    where = [fallen, *([c.plan == plan] if plan else [])]
    rows = reading.up_to_then("obligation", *where, only=NEEDED)
    return (list(some) for _, some in groupby(rows, attrgetter("id")))


def _criteria(reading: Reading, chosen: Chosen) -> Iterator[Item]:
    """A criterion of a place that a plan wants reached by the end of a year, for each who leads it."""
    closed = _closed(reading)
    places = PlacesThen(reading, chosen.within)
    reached = {row.id: {*row.achieved} for row in reading.rows("criteria", only=("id", "achieved"))}
    ends = [date(year, 12, 31) for year in range(chosen.since.year, chosen.until.year + 1)]
    for day in filter(chosen.holds, ends):
        there = reading.on(min(day, reading.as_of))
        leads = Leads(there)
        wanted = ("id", "place", "set", "version", "targets", "achieved")
        for row in there.rows("criteria", only=wanted):
            if not places.holds(row.place, day):
                continue
            for number in _wanted(row.targets, day.year, chosen.plan):
                how = aim(day, closed)
                if number in reached[row.id]:
                    how = "on_time" if number in row.achieved else "late"
                if places.gone(row.place, day):
                    how = "gone"
                led = leads.of(row.place, row.set, row.version, number)
                for unit in tuple(each.unit for each in led) or (None,):
                    yield Item(
                        id=f"{bare(row.id)}/{number}",
                        who=unit,
                        strength="strive",
                        result=how,
                        day=day,
                        title=criterion(there, row, number),
                        place=row.place,
                        owed_by=unit,
                    )


def _wanted(targets: Iterable[dict[str, Any]], year: int, plan: str | None) -> list[int]:
    """The numbers that the plans' tables want reached by the end of a year."""
    of_year = (t for t in targets if t["year"] == year and plan in (None, t["plan"]))
    return sorted({number for target in of_year for number in target["achieved"]})


def criterion(reading: Reading, row: Any, number: int) -> str:
    """A criterion as people name it: its set, number and name."""
    edition = editions(reading).get(row.set, row.version)
    found = edition and edition.criterion(number)
    return f"{row.set} {number}: {found.name}" if found and found.name else f"{row.set} {number}"


class PlacesThen:
    """The places as they were on each day; read once for all days between two changes."""

    def __init__(self, reading: Reading, within: str | None = None) -> None:
        self.reading, self.within = reading, within
        self._of: dict[date | None, tuple[Reading, set[str]]] = {}

    @cached_property
    def _starts(self) -> list[date]:
        """The days on which some place began to be otherwise."""
        c, known = VIEWS["place"].table.c, self.reading.known
        query = sa.select(c.valid_from).where(c.known_from <= known, c.known_to > known)
        return sorted(self.reading.conn.scalars(query.distinct())) or [BEGINNING]

    def _then(self, day: date | None) -> tuple[Reading, set[str]]:
        """The reading of that day, and what lay within the place asked for."""
        if day not in self._of:
            last = min(day or self.reading.as_of, self.reading.as_of)
            start = self._starts[max(bisect_right(self._starts, last) - 1, 0)]
            if start not in self._of:
                reading = self.reading.on(start)
                self._of[start] = reading, reading.within(self.within) if self.within else set()
            self._of[day] = self._of[start]
        return self._of[day]

    def _row(self, place: str | None, day: date | None) -> Any | None:
        return self._then(day)[0].places.get(place) if place else None

    def holds(self, place: str | None, day: date | None) -> bool:
        """Whether the place lay in the one asked for."""
        return self.within is None or place in self._then(day)[1]

    def commune(self, place: str | None, day: date | None) -> str | None:
        """The commune a village lay in; any other place itself."""
        row = self._row(place, day)
        return row.parent or place if row is not None and row.level == "village" else place

    def gone(self, place: str | None, day: date | None) -> bool:
        """Whether the place had ended by then, or left the programme."""
        row = self._row(place, day)
        return row is not None and bool(row.ended or row.left_on)
