"""A year month by month: what fell due and how it came out, and what is left for a person to decide."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.score import ASIDE, DECIDED
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.score import Chosen, Item, items
from ntm_workflow.projections import VIEWS, telling


@dataclass
class Month:
    """What fell due in a month; `due` is the sum of what follows up to `pending`.

    `recorded_late` are those of `on_time` typed late, `aside` the waived, suspended, ended and gone,
    and `history` those of them missed before they were taken on here.
    Then items of money found with nothing spent, letters that left, days closed of `days`.
    """

    month: int | None
    due: int = 0
    on_time: int = 0
    recorded_late: int = 0
    late: int = 0
    missed: int = 0
    behind: int = 0
    aside: int = 0
    history: int = 0
    pending: int = 0
    unspent: int = 0
    letters: int = 0
    closed: int = 0
    days: int = 0


#: What months have of each, and a year the sum of.
COUNTS = tuple(each.name for each in fields(Month) if each.name != "month")


@dataclass(frozen=True)
class Matter:
    """Something only a person can decide: `about` are duties or other subjects, `first` is one of them."""

    kind: str
    about: str
    title: str
    count: int = 1
    first: str | None = None
    consequences: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """`months` are twelve; `unbinding` counts duties with a day that bind nobody to it, by strength."""

    months: list[Month]
    total: Month
    unbinding: dict[str, int]
    matters: list[Matter]


def year(reading: Reading, number: int, plan: str | None = None, within: str | None = None) -> Year:
    """The year as it stands on the day of the reading: of one plan, in one place, or all."""
    chosen = Chosen(date(number, 1, 1), date(number, 12, 31), plan, within)
    dated = [each for each in items(reading, chosen, "rule") if each.day]
    months = [Month(n, days=monthrange(number, n)[1]) for n in range(1, 13)]
    by_month = {month.month: month for month in months}
    unbinding: Counter[str] = Counter()
    for item in dated:
        if item.result in (*DECIDED, "pending", *ASIDE):
            _count(by_month[item.day.month], item)  # type: ignore[union-attr]
        else:
            unbinding[item.result] += 1
    scope = _Scope(reading, chosen)
    for name, days in scope.counted():
        for day in days:
            if day.year == number:
                setattr(by_month[day.month], name, getattr(by_month[day.month], name) + 1)
    matters = [*_consequences(reading, dated), *_unsettled(dated), *_overturned(dated)]
    matters += scope.conflicts()
    return Year(months, total(months), dict(unbinding), matters)


def _count(month: Month, item: Item) -> None:
    name = "aside" if item.result in ASIDE else item.result
    setattr(month, name, getattr(month, name) + 1)
    month.due += 1
    month.recorded_late += item.recorded_late
    month.history += item.result == "history"


def total(months: Iterable[Month]) -> Month:
    """The sum of months, which is of none."""
    whole = Month(None)
    for month in months:
        for name in COUNTS:
            setattr(whole, name, getattr(whole, name) + getattr(month, name))
    return whole


def _consequences(reading: Reading, dated: Iterable[Item]) -> Iterator[Matter]:
    """Duties not done to which their clause attaches something, a line a rule."""
    c = VIEWS["obligation"].table.c
    attached = sa.type_coerce(c.consequences, sa.String) != "[]"
    rows = reading.rows("obligation", attached, only=("id", "consequences"))
    said = {bare(row.id): row.consequences for row in rows}
    undone = (i for i in dated if i.result in ("missed", "behind") and i.id in said)
    for rule, some in _by_rule(undone):
        yield Matter("consequence", rule, some[0].title, len(some), some[0].id, said[some[0].id])


def _unsettled(dated: Iterable[Item]) -> Iterator[Matter]:
    """Duties of which nobody has said whether they are owed, a line a rule."""
    for rule, some in _by_rule(i for i in dated if i.result == "undetermined"):
        yield Matter("undetermined", rule, some[0].title, len(some), some[0].id)


def _by_rule(some: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    rules: dict[str, list[Item]] = defaultdict(list)
    for item in some:
        rules[str(item.who)].append(item)
    return sorted(rules.items())


def _overturned(dated: Iterable[Item]) -> Iterator[Matter]:
    """Misses that a fact typed later showed to be none: somebody may have been told otherwise."""
    for item in dated:
        if item.overturned_by:
            yield Matter("overturned", item.id, item.title, first=item.id)


class _Scope:
    """What else happened, of the plan and in the place that were asked for."""

    def __init__(self, reading: Reading, chosen: Chosen) -> None:
        self.reading, self.chosen = reading, chosen
        self.places = reading.within(chosen.within) if chosen.within else None
        where = [VIEWS["obligation"].table.c.plan == chosen.plan] if chosen.plan else []
        rows = reading.rows("obligation", *where, only=("id", "title", "place", "conflicts"))
        self.duties = {row.id: row for row in rows if self._holds(row.place)}

    def _holds(self, place: str | None) -> bool:
        return self.places is None or place in self.places

    def counted(self) -> Iterator[tuple[str, Iterable[date]]]:
        """The days on which money was found, letters left, and which were closed."""
        yield "unspent", self._unspent()
        letters = self.reading.rows("letter", only=("id", "day", "state"))
        sent = (each for each in letters if each.state == "sent")
        about = telling.letters_about(self.reading.conn, self.duties)
        yield "letters", [letter.day for letter in sent if letter.id in about]
        yield "closed", [row.day for row in self.reading.rows("closing", only=("day",))]

    def _unspent(self) -> Iterator[date]:
        """The days on which items were found with nothing spent, an item once a day."""
        plans = self.reading.rows("plan", only=("id", "money_rules"))
        asked = (plan for plan in plans if self.chosen.plan in (None, bare(plan.id)))
        rules = {rule["id"] for plan in asked for rule in plan.money_rules}
        for fund in self.reading.rows("fund", only=("place", "found")):
            names = (name.rpartition("/") for name in fund.found if self._holds(fund.place))
            yield from {date.fromisoformat(day) for rule, _, day in names if rule in rules}

    def conflicts(self) -> Iterator[Matter]:
        """What stands although the rules would refuse it today."""
        for duty in self.duties.values():
            if duty.conflicts:
                yield Matter("conflict", bare(duty.id), duty.title, len(duty.conflicts))
        c = VIEWS["fund"].table.c
        there = sa.type_coerce(c.conflicts, sa.String) != "[]"
        for fund in self.reading.rows("fund", there, only=("item", "place", "conflicts")):
            if self.chosen.plan is None and self._holds(fund.place):
                yield Matter("conflict", fund.item, fund.item, len(fund.conflicts))
