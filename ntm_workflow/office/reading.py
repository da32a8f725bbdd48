"""A look at the tables at one pair of times: as it stood on a day, as known at a moment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.place import place_name
from ntm_workflow.domain.values import collation_key
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.rows import in_force, shape
from ntm_workflow.projections.slices import IDS, View

#: Readings of other days that one reading keeps.
_DAYS_KEPT: Final = 8


@dataclass
class Reading:
    """`as_of` is the end of that day; `known` the last position that counts, recorded at `instant`."""

    conn: sa.Connection
    as_of: date
    known: int
    instant: datetime | None
    _refs: dict[str, dict[str, str]] = field(default_factory=dict)
    #: What is worked out once for all who read through this look.
    kept: dict[str, Any] = field(default_factory=dict)
    _days: dict[date, Reading] = field(default_factory=dict)

    def rows(
        self, kind: str, *where: sa.ColumnElement[bool], only: Sequence[str] = ()
    ) -> list[Any]:
        """The rows of a noun, whole or `only` some columns: a long list need not decode the rest."""
        times = (self.as_of, self.known)
        return in_force(self.conn, VIEWS[kind], times, where, tuple(only))

    def up_to_then(
        self, kind: str, *where: sa.ColumnElement[bool], only: Sequence[str] = ()
    ) -> list[Any]:
        """Every row a subject has had by the day of the reading, the oldest first, as far as it is known."""
        c = VIEWS[kind].table.c
        known = (c.known_from <= self.known, c.known_to > self.known, c.valid_from <= self.as_of)
        wanted = shape(VIEWS[kind].table, tuple(only))
        query = sa.select(*wanted.columns).where(*known, *where)
        return wanted.rows(self.conn.execute(query.order_by(c.id, c.valid_from)).all())

    def on(self, day: date) -> Reading:
        """The same knowledge of another day. The last few are kept: many rows speak of the same days."""
        if day not in self._days:
            while len(self._days) >= _DAYS_KEPT:
                del self._days[next(iter(self._days))]
            self._days[day] = Reading(self.conn, day, self.known, self.instant)
        return self._days[day]

    def from_then_on(self, kind: str, *where: sa.ColumnElement[bool]) -> list[Any]:
        """Every row a subject has on the day of the reading or later, as far as it is known."""
        c = VIEWS[kind].table.c
        known = (c.known_from <= self.known, c.known_to > self.known)
        wanted = shape(VIEWS[kind].table, ())
        query = sa.select(*wanted.columns).where(*known, c.valid_to > self.as_of, *where)
        return wanted.rows(self.conn.execute(query.order_by(c.id, c.valid_from)).all())

    def row(self, id: str) -> Any | None:
        """One subject's row, or None where it does not exist at these times."""
        view = self.view_of(id)
        rows = self.rows(view.kind, view.table.c.id == id)
        return rows[0] if rows else None

    def view_of(self, id: str) -> View[Any]:
        return VIEWS[id.partition("/")[0]]

    def stamp(self) -> dict[str, Any]:
        """What every JSON reading echoes: the two times it was made for."""
        known = {"position": self.known, "instant": self.instant}
        return {"as_of": self.as_of, "known_at": known}

    @cached_property
    def places(self) -> dict[str, Any]:
        """Place id (without its kind) -> row."""
        return {bare(row.id): row for row in self.rows("place")}

    @cached_property
    def units(self) -> dict[str, Any]:
        return {bare(row.id): row for row in self.rows("unit")}

    @cached_property
    def names(self) -> Names:
        """What everything is called, by bare id and by full id, for sentences and tables."""
        names = Names(self)
        names.known["central"] = "Trung ương"
        for id, row in self.places.items():
            names.known[id] = names.known[f"place/{id}"] = place_name(row)
        for id, row in self.units.items():
            names.known[id] = names.known[f"unit/{id}"] = row.name
        for row in self.rows("plan"):
            names.known[bare(row.id)] = names.known[row.id] = row.title
        return names

    def ref(self, id: str | None) -> dict[str, str] | None:
        """A place or unit as JSON shows it: `{"id", "name"}`."""
        if id is None:
            return None
        if id not in self._refs:
            self._refs[id] = {"id": id, "name": self.names.get(id, id)}
        return self._refs[id]

    def order(self, id: str | None) -> tuple[Any, ...]:
        """Where the name of a place or unit stands in the alphabet; what has none comes first."""
        orders: dict[str | None, tuple[Any, ...]] = self.kept.setdefault("order", {None: ()})
        if id not in orders:
            orders[id] = (collation_key(self.names.get(id or "", id or "")), id)
        return orders[id]

    def within(self, place: str) -> set[str]:
        """A place and everything below it."""
        found = {place}
        for id in self.places:
            if place in self.ancestors(id):
                found.add(id)
        return found

    def ancestors(self, place: str | None) -> Iterator[str]:
        """The parents of a place, nearest first."""
        seen: set[str] = set()
        row = self.places.get(place or "")
        while row is not None and row.parent and row.parent not in seen:
            seen.add(row.parent)
            yield row.parent
            row = self.places.get(row.parent)

    def committee(self, place: str, level: str) -> str | None:
        """The people's committee (`ubnd`) at a level, for a place or the one it lies in."""
        for candidate in (place, *self.ancestors(place)):
            row = self.places.get(candidate)
            if row is not None and row.level == level:
                unit = f"ubnd-{candidate}"
                return unit if unit in self.units else None
        return None

    def nearest_committee(self, place: str) -> str | None:
        """The people's committee of a place, or of the nearest one above it that has one."""
        around = (place, *self.ancestors(place))
        return next((id for each in around if (id := f"ubnd-{each}") in self.units), None)


class Names:
    """Names by id; those of duties, dossiers, criteria and fund items are made when asked for."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.known: dict[str, str] = {}
        self.unknown: set[str] = set()

    def get(self, id: str, default: str) -> str:
        if id not in self.known and id not in self.unknown:
            made = self._made(id)
            if made is None:
                self.unknown.add(id)
            else:
                self.known[id] = made
        return self.known.get(id, default)

    def learn(self, ids: Collection[str]) -> None:
        """Find the names of many duties and targets at once: a long list asks for each of them."""
        for kind in ("obligation", "target"):
            c = VIEWS[kind].table.c
            asked = sorted({id for id in ids if id.startswith(f"{kind}/")} - self.known.keys())
            for at in range(0, len(asked), IDS):
                some = c.id.in_(asked[at : at + IDS])
                for row in self.reading.rows(kind, some, only=("id", "title", "place")):
                    self.known[row.id] = self._titled(row)

    def _titled(self, row: Any) -> str:
        kind, _, rest = row.id.partition("/")
        aside = self.known.get(row.place) if kind == "target" else rest
        return f"“{row.title}” ({aside})"

    def _made(self, id: str) -> str | None:
        kind, _, rest = id.partition("/")
        if kind == "fund":
            return f"“{rest}”"
        if kind in ("dossier", "criteria", "letter", "recognition"):
            return self.known.get(rest.partition("/")[0])
        if kind in ("obligation", "target"):
            row = self.reading.row(id)
            return None if row is None else self._titled(row)
        if kind == "meeting":
            row = self.reading.row(id)
            return None if row is None else f"“{row.title}”"
        return self._of_another_day(rest if kind in ("place", "unit") else id)

    def _of_another_day(self, id: str) -> str | None:
        """What a place or unit is first called that does not exist yet on the day looked at."""
        if re.fullmatch(r"[a-z0-9-]+", id) is None:
            return None
        for kind, named in (("place", place_name), ("unit", lambda row: row.name)):
            c = VIEWS[kind].table.c
            then = (c.id == f"{kind}/{id}", c.known_from <= self.reading.known)
            query = sa.select(VIEWS[kind].table).where(*then, c.known_to > self.reading.known)
            if row := self.reading.conn.execute(query.order_by(c.valid_from).limit(1)).first():
                return str(named(row))
        return None


def bare(id: str) -> str:
    """The id without its kind: `place/tam-ky` is `tam-ky`."""
    return id.partition("/")[2]
