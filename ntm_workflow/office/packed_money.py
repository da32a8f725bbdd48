"""The money rules of a pack as a plan's facts have them: a rule for each year its words come back in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ntm_workflow.domain.dates import Deadline, occurrences
from ntm_workflow.domain.inputs import read_money
from ntm_workflow.domain.money_check import MoneyCheck
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.plans.shapes import StatedCheck, UnspentMoney


def money_rules(unspent: UnspentMoney, *, again: bool) -> list[MoneyRule]:
    """The phrase's day in each year, for that year's money, and `again` for that of the years before."""
    years = range(unspent.years[0], unspent.years[-1] + 1)
    days = [deadline.nominal_day for deadline in _each(unspent.expression, unspent.years)]
    return [
        MoneyRule(
            id=unspent.id,
            clause=unspent.clause,
            expression=unspent.expression,
            day=day,
            plan_year=year,
            stop_types=tuple(unspent.stop_types),
            reallocate_types=tuple(unspent.reallocate_types),
        )
        for day in days
        if day and day.year in years
        for year in years
        if year == day.year or (again and year < day.year)
    ]


def money_checks(said: StatedCheck, boundary: str) -> Iterator[MoneyCheck]:
    """One rule, or where its words come back every year one for each of its years, for that year's money."""
    chosen = said.boundary.value if said.boundary else boundary
    found = _each(said.expression, said.years) if said.expression else [None]
    for deadline in found:
        day = deadline.nominal_day if deadline else None
        comes_back = deadline is not None and deadline.recurrence is not None and day is not None
        strict = deadline.strict_day if deadline else None
        yield MoneyCheck(
            id=said.id,
            clause=said.clause,
            check=said.check,
            title=said.title,
            strength=said.strength,
            words=said.expression,
            day=strict if chosen == "strict" else day,
            strict_day=strict,
            opens_on=_day_in(said.opens, day),
            complete_by=_day_in(said.completes, day),
            years=(day.year,) if comes_back and day else tuple(said.years),
            carried_from=tuple(said.carried_from),
            sources=tuple(said.sources),
            kinds=tuple(said.kinds),
            types=tuple(said.types),
            level=said.level,
            standard=said.standard,
            percent=said.percent,
            amount=read_money(said.amount) if said.amount else None,
            months=said.months,
            order=tuple(said.order),
            open=tuple(said.open),
        )


def _each(expression: str, years: list[int]) -> tuple[Deadline, ...]:
    """The phrase in each year from the first to the last, or the one day it is."""
    first, last = (years[0], years[-1]) if years else (1900, 2199)
    return occurrences(expression, date(first, 1, 1), date(last, 12, 31))


def _day_in(expression: str | None, day: date | None) -> date | None:
    """The day of a phrase in the year of another one's."""
    if expression is None or day is None:
        return None
    return occurrences(expression, date(day.year, 1, 1), date(day.year, 12, 31))[0].nominal_day
