"""The money rules of the plans against the tables: what each finds, and what may be paid of a work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund_case import Case
from ntm_workflow.domain.fund_stop import Stop
from ntm_workflow.domain.money_check import MoneyCheck
from ntm_workflow.domain.money_findings import (
    Finding,
    Request,
    Scene,
    Stated,
    findings,
)
from ntm_workflow.domain.money_works import Work, works
from ntm_workflow.domain.schedule import working_days_since
from ntm_workflow.office.calendar import calendar_at
from ntm_workflow.office.fund import find_item
from ntm_workflow.office.money_checks import PACE, Ruled, in_force, rules
from ntm_workflow.office.money_guard import payable_of
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS

MILESTONE: Final = "milestone"


class NoSuchRule(Refused):
    exit_code = 3
    vi = "Không kế hoạch nào đang áp dụng có quy tắc vốn “{rule}”.\nCác quy tắc: {known}. Xem: ntm fund rules"
    en = "No plan in force has a money rule “{rule}”.\nRules: {known}. See: ntm fund rules"


class Found(NamedTuple):
    """A rule of a plan, and what it finds."""

    ruled: Ruled
    findings: list[Finding]


class Looking:
    """One look at the money of an area, for every rule alike."""

    def __init__(self, reading: Reading, within: str | None = None) -> None:
        self.reading = reading
        self.area = reading.within(within) if within is not None else None
        self.plans = {row.id.partition("/")[2]: row for row in reading.rows("plan")}
        self.calendar = calendar_at(reading)
        self.levels = {id: row.level for id, row in reading.places.items()}
        self._scenes: dict[tuple[str, date], Scene] = {}
        self._days: dict[date, list[Any]] = {}

    def found(self, rule: str | None = None) -> Iterator[Found]:
        """What each rule finds, or the rule of that name in every plan that has one."""
        every = rules(self.reading)
        asked = [each for each in every if rule is None or _is_named(each.check, rule)]
        if rule is not None and not asked:
            raise NoSuchRule(rule=rule, known=sorted({each.check.id for each in every}))
        for each in asked:
            yield Found(each, list(findings(each.check, self._scene(each))))

    def _scene(self, ruled: Ruled) -> Scene:
        """What a rule looks at; whether a mark was reached is seen from the rows of its day."""
        last, key = ruled.check.day, (ruled.plan, date.max)
        if ruled.check.check == MILESTONE and last is not None and last < self.reading.as_of:
            key = (ruled.plan, last)
        if key not in self._scenes:
            rows = self._items if key[1] == date.max else self._items_on(key[1])
            self._scenes[key] = self._looked(ruled, rows)
        return self._scenes[key]

    def _items_on(self, day: date) -> list[Any]:
        if day not in self._days:
            self._days[day] = self.reading.on(day).rows("fund")
        return self._days[day]

    def _looked(self, ruled: Ruled, rows: list[Any]) -> Scene:
        plan, within = self.plans[ruled.plan], self.reading.within(ruled.scope)
        there = within if self.area is None else within & self.area
        return Scene(
            day=self.reading.as_of,
            items=[row for row in rows if row.place in there],
            since=plan.effective_on,
            working_days=partial(working_days_since, working=self.calendar),
            levels=self.levels,
            pursued={key: found & there for key, found in self._pursued.items()},
            found=self._found,
            requests=[each for each in self._requests if each.place in there],
            # A sum of the whole plan says nothing of a part of its area.
            figures=_stated(plan) if there == self.reading.within(plan.place) else (),
        )

    @cached_property
    def _items(self) -> list[Any]:
        return self.reading.rows("fund")

    @cached_property
    def _pursued(self) -> dict[tuple[str, int], frozenset[str]]:
        """Places with a dossier for a standard in a year."""
        places: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for row in self.reading.rows("dossier"):
            places[row.standard, row.year].add(row.place)
        return {key: frozenset(some) for key, some in places.items()}

    @cached_property
    def _found(self) -> dict[str, date]:
        """The day on which each item was found with nothing spent, where that stands."""
        stops = ((r.item, msgspec.convert(r.stop, Stop)) for r in self._items if r.stop)
        return {item: stop.found_on for item, stop in stops if stop.stands}

    @cached_property
    def _requests(self) -> list[Request]:
        cases = ((r, msgspec.convert(r.case, Case)) for r in self._items if r.case)
        return [
            Request(row.item, row.place, case.asked or 0, case.complete_by)
            for row, case in cases
            if case.is_open and case.complete_by
        ]


def _is_named(check: MoneyCheck, rule: str) -> bool:
    """A rule by its id, or one of those a clause is divided into: M-08 is M-08.1 and M-08.2."""
    id, named = check.id.casefold(), rule.casefold()
    return id == named or id.startswith(f"{named}.")


def _stated(plan: Any) -> tuple[Stated, ...]:
    """The sums of a plan that are of one year and source: what they add up to is said by them."""
    keys = ("title", "year", "source", "kind", "amount")
    return tuple(
        Stated(*(said[key] for key in keys))
        for said in plan.figures
        if said["source"] and said["year"] and not said["per"]
    )


class Payable(NamedTuple):
    """A work, what may still be paid of its upper money (None: undetermined), and the rule that says so."""

    work: Work
    payable: int | None
    check: MoneyCheck


def payable(
    reading: Reading, item: str | None = None, within: str | None = None
) -> Iterator[Payable]:
    """What may be paid now of the central and provincial money of each work, or of an item's work."""
    rows = reading.rows("fund", VIEWS["fund"].table.c.allocated > 0)
    if item is not None:
        id = find_item(reading, item)
        codes = {row.code for row in rows if row.id == id} - {None}
        rows = [row for row in rows if row.id == id or row.code in codes]
    scope = reading.within(within) if within is not None else None
    for work in works(rows):
        if scope is not None and work.place not in scope:
            continue
        for check in in_force(reading, PACE, work.place):
            yield Payable(work, payable_of(reading, work), check)
