"""Sums over the rows of fund items, made by the database. Amounts are whole đồng; knows no name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.projections.among import among
from ntm_workflow.projections.fund import VIEW
from ntm_workflow.projections.slices import BigInt, PlainText

#: By what the rows themselves tell their sums apart.
COLUMNS: Final = ("place", "source", "kind", "year", "type", "owner", "item")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which items; None asks for all. `places` are bare ids; `unpaid` are those given money and paid none."""

    places: Collection[str] | None = None
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    type: str | None = None
    unpaid: bool = False

    def where(self, conn: sa.Connection) -> list[sa.ColumnElement[bool]]:
        c = VIEW.table.c
        said = {name: getattr(self, name) for name in ("year", "source", "kind", "type")}
        where = [c[name] == value for name, value in said.items() if value is not None]
        if self.places is not None:
            where.append(among(conn, c.place, self.places))
        return [*where, c.disbursed == 0, c.allocated > 0] if self.unpaid else where


class Sums(msgspec.Struct, frozen=True, gc=False):
    """What some items come to."""

    items: int = 0
    allocated: int = 0
    advanced: int = 0
    disbursed: int = 0
    accepted: int = 0
    settled: int = 0
    debt: int = 0

    @property
    def left(self) -> int:
        return self.allocated - self.disbursed

    @property
    def rate(self) -> float | None:
        return rate(self.disbursed, self.allocated)


#: The columns that are added up.
SUMMED: Final = Sums.__struct_fields__[1:]
_each: Final = [attrgetter(name) for name in Sums.__struct_fields__]


def added_up(some: Collection[Sums]) -> Sums:
    return Sums(*(sum(map(each, some)) for each in _each))


def rate(disbursed: int, allocated: int) -> float | None:
    """Disbursed over allocated, to four places; None where nothing was allocated."""
    return round(disbursed / allocated, 4) if allocated else None


Key = tuple[Any, ...]


class Total(msgspec.Struct, frozen=True, gc=False):
    """The sums of what has this key: one value for each grouping asked for."""

    key: Key
    sums: Sums


def totals(
    conn: sa.Connection, day: date, known: int, by: Sequence[str], chosen: Chosen
) -> list[Total]:
    """The sums at the end of `day`, as known after position `known`, by some of `COLUMNS` and in their order.

    What is not said of an item comes last.
    """
    c = VIEW.table.c
    keys = [c[name] for name in by]
    order = [key.nulls_last() if key.nullable else key for key in keys]
    query = sa.select(*keys, sa.func.count(), *(_sum(c[name]) for name in SUMMED))
    query = query.where(VIEW.at(day, known), *chosen.where(conn))
    size = len(keys)
    # A million items are a million rows: nothing is done for each but what is said here.
    return [
        Total(row[:size], Sums(*row[size:]))
        for row in conn.execute(query.group_by(*keys).order_by(*order))
    ]


def _sum(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    # PostgreSQL adds whole numbers up to a decimal: cast, it is the same whole number again.
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), BigInt)


#: A month, and by how much the items, what was allocated and what was disbursed grew in it.
Growth = tuple[str, int, int, int]


def growth(conn: sa.Connection, day: date, known: int, chosen: Chosen) -> list[Growth]:
    """What the months up to `day` added, each as YYYY-MM: their rows that began, less those that ended.

    A row counts from its first day until the day before its last: so the sum over all months up to
    one is what stands at its end.
    """
    c = VIEW.table.c
    found = []
    for edge, sign in ((c.valid_from, 1), (c.valid_to, -1)):
        month = sa.func.substr(sa.type_coerce(edge, PlainText), 1, 7)
        sums = (sa.func.count(), _sum(c.allocated), _sum(c.disbursed))
        query = sa.select(month, *sums).where(c.known_from <= known, c.known_to > known)
        query = query.where(edge <= day, *chosen.where(conn)).group_by(month)
        rows = conn.execute(query)
        found += [(row[0], sign * row[1], sign * row[2], sign * row[3]) for row in rows]
    return found
