"""What money comes to, by place, source, kind, year and so on, and from month to month.

The sums are the database's; which commune or district a place lies in is read on the day of the reading.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from ntm_workflow.domain.fund import KINDS, SOURCES, TYPES, UnknownWord
from ntm_workflow.domain.values import collation_key
from ntm_workflow.office.names import find_place
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import fund_totals
from ntm_workflow.projections.fund_totals import (
    COLUMNS,
    Chosen,
    Growth,
    Key,
    Sums,
    Total,
    added_up,
    rate,
)

#: Groupings that a place stands in by its level.
_LEVELS: Final = ("commune", "district")
GROUPINGS: Final = ("place", *_LEVELS, *COLUMNS[1:])
#: To put more items than this in the order of the alphabet takes longer than to add them up.
READ: Final = 5000
#: Groupings whose values are ids of what has a name.
NAMED: Final = frozenset({"place", *_LEVELS, "owner"})
PERIODS: Final = ("month", "quarter")
#: The period of what was so before the year began.
BEFORE: Final = "before"


def choose(
    reading: Reading,
    *,
    within: str | None = None,
    year: int | None = None,
    source: str | None = None,
    kind: str | None = None,
    type: str | None = None,
    unpaid: bool = False,
) -> Chosen:
    """Which items were asked for; a word that is none of its kind is refused."""
    for word, known in ((source, SOURCES), (kind, KINDS), (type, TYPES)):
        if word is not None and word not in known:
            raise UnknownWord(word=word, known=known)
    places = None if within is None else reading.within(find_place(reading, within))
    return Chosen(places=places, year=year, source=source, kind=kind, type=type, unpaid=unpaid)


def chosen_rows(reading: Reading, chosen: Chosen) -> list[Any]:
    """The rows of the items, the oldest year first, then by name; what holds no money yet comes last."""
    rows = reading.rows("fund", *chosen.where(reading.conn))
    rows.sort(key=lambda row: (row.year is None, row.year, collation_key(row.item)))
    return rows


def totals(reading: Reading, by: Sequence[str], chosen: Chosen) -> list[Total]:
    """The groups in the order of their names, items while there are few; what is not said is None, and last."""
    columns = tuple(dict.fromkeys("place" if name in _LEVELS else name for name in by))
    groups = fund_totals.totals(reading.conn, reading.as_of, reading.known, columns, chosen)
    if {*_LEVELS} & {*by}:
        groups = _rolled_up([_taken(reading, columns, name) for name in by], groups)
    ordered = NAMED | {"item"} if len(groups) <= READ else NAMED
    if ordered & {*by}:
        orders = [_order(reading, name) if name in ordered else _as_it_is for name in by]
        groups.sort(key=lambda each: [order(v) for order, v in zip(orders, each.key, strict=True)])
    return groups


def _as_it_is(value: Any) -> tuple[bool, Any]:
    return value is None, value


def _order(reading: Reading, name: str) -> Callable[[str | None], tuple[Any, ...]]:
    def order(value: str | None) -> tuple[Any, ...]:
        if value is None:
            return (True,)
        called = reading.names.get(value, value) if name in NAMED else value
        return False, collation_key(called), value

    return cache(order)


def _rolled_up(taken: list[Callable[[Key], Any]], groups: list[Total]) -> list[Total]:
    rolled: dict[Key, list[Sums]] = {}
    for each in groups:
        rolled.setdefault(tuple(take(each.key) for take in taken), []).append(each.sums)
    return [Total(key, added_up(some)) for key, some in rolled.items()]


def _taken(reading: Reading, columns: Sequence[str], name: str) -> Callable[[Key], Any]:
    """How a grouping's value is found in a key of these columns."""
    if name not in _LEVELS:
        at = columns.index(name)
        return lambda key: key[at]
    at = columns.index("place")
    above = cache(lambda place: _of_level(reading, place, name))
    return lambda key: above(key[at])


def _of_level(reading: Reading, place: str, level: str) -> str | None:
    """The place itself or the one above it that is of a level, on the day of the reading."""
    for id in (place, *reading.ancestors(place)):
        row = reading.places.get(id)
        if row is not None and row.level == level:
            return id
    return None


def whole(groups: Collection[Total]) -> Sums:
    """What all groups come to."""
    return added_up([each.sums for each in groups])


class Point(NamedTuple):
    """What stood at the end of a day, and what its period brought."""

    period: str
    until: date
    items: int
    allocated: int
    disbursed: int
    allocated_in_period: int
    disbursed_in_period: int

    @property
    def rate(self) -> float | None:
        return rate(self.disbursed, self.allocated)


def series(reading: Reading, chosen: Chosen, year: int, per: str) -> list[Point]:
    """A plan year's money from month to month, or quarter to quarter, and through 31/01 of the next year.

    Not beyond the day of the reading, on which the last period then ends. What stood before the
    year, if anything did, comes first.
    """
    grown = fund_totals.growth(reading.conn, reading.as_of, reading.known, chosen)
    points: list[Point] = []
    before = (0, 0, 0)
    for period, until in _periods(year, per, reading.as_of):
        items, allocated, disbursed = now = _until(grown, until)
        came = (allocated - before[1], disbursed - before[2])
        if period != BEFORE or any(now):
            points.append(Point(period, until, items, allocated, disbursed, *came))
        before = now
    return points


def _until(grown: list[Growth], day: date) -> tuple[int, int, int]:
    month = day.isoformat()[:7]
    some = [numbers for when, *numbers in grown if when <= month]
    items, allocated, disbursed = map(sum, zip(*some, strict=True)) if some else (0, 0, 0)
    return items, allocated, disbursed


def _periods(year: int, per: str, as_of: date) -> Iterator[tuple[str, date]]:
    """The periods that have begun, each with its last day or the day of the reading."""
    yield BEFORE, min(date(year, 1, 1) - timedelta(days=1), as_of)
    step = 3 if per == "quarter" else 1
    for first in range(1, 13, step):
        name = f"{year}-Q{first // 3 + 1}" if per == "quarter" else f"{year}-{first:02}"
        last = first + step - 1
        if date(year, first, 1) <= as_of:
            yield name, min(date(year, last, monthrange(year, last)[1]), as_of)
    if date(year + 1, 1, 1) <= as_of:
        yield f"{year + 1}-01", min(date(year + 1, 1, 31), as_of)
