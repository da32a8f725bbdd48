"""What a closing finds: duties missed, and money of which nothing was spent by its day.

Knows no order of days and no transaction: it is asked day by day inside one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.fund_case import ReallocationCaseOpened
from ntm_workflow.domain.fund_stop import ZeroDisbursementFound
from ntm_workflow.domain.obligation import Consequence, ObligationMissed
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.office import Work
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.unspent import figures_up_to, unspent
from ntm_workflow.projections import VIEWS, fund, obligation
from ntm_workflow.projections.history import first_recorded

#: Facts of an entry.
BATCH = 1000
#: What a closing records, besides that the day is closed.
FOUND = tuple(
    each.__name__ for each in (ObligationMissed, ZeroDisbursementFound, ReallocationCaseOpened)
)


#: A money rule's look at a year and an area.
Looked = tuple[str, int, date, str]


@dataclass
class Look:
    """Where a money rule came to, by item, and up to which day payments were known when it began."""

    came_to: str = ""
    figures: date | None = None
    begun: bool = False

    def begin(self, conn: sa.Connection, day: date) -> date | None:
        if not self.begun:
            self.figures, self.begun = figures_up_to(conn, day), True
        return self.figures


class Judging:
    """One transaction's look at what is to be found; days are asked for in order."""

    def __init__(self, work: Work, request: Request, looks: dict[Looked, Look]) -> None:
        """`looks` are what the money rules saw in this run so far, over its transactions."""
        self.work = work
        self.looks = looks
        self.request = replace(request, on=None, key=None, dry_run=False)
        self.first = _first_taken_on(work)
        self.rules = _money_rules(work)
        self.next = obligation.next_to_judge(work.conn)

    def history(self, day: date) -> bool:
        """Whether a day lay before any plan was taken on here."""
        return self.first is not None and day < self.first

    def find(self, day: date) -> Iterator[tuple[Fact, ...]]:
        """The facts that follow once `day` is over, an entry at a time; most days there are none."""
        if self.next is not None and self.next <= day:
            while missed := obligation.to_judge(self.work.conn, day, BATCH):
                yield self._record(partial(_miss, missed=missed))
            self.next = obligation.next_to_judge(self.work.conn)
        while self.rules and self.rules[0][0].day <= day:
            yield from self._unspent(*self.rules.pop(0))

    def _unspent(self, rule: MoneyRule, place: str) -> Iterator[tuple[Fact, ...]]:
        scope, key = (
            self.work.reading(rule.day).within(place),
            (rule.id, rule.plan_year, rule.day, place),
        )
        look = self.looks.setdefault(key, Look())
        found = fund.zero_at(self.work.conn, rule, after=look.came_to)
        items = (row for row in found if row.place in scope)
        while batch := list(islice(items, BATCH // 2)):
            figures = look.begin(self.work.conn, rule.day)
            look.came_to = batch[-1].id
            yield self._record(partial(unspent, rule=rule, items=batch, figures=figures))

    def _record(self, verb: Any) -> tuple[Fact, ...]:
        return self.work.entry(self.request, verb).facts


_PLAN: Final = VIEWS["plan"]
_PLANS: Final = sa.select(_PLAN.table.c.id).where(_PLAN.now)
_MONEY_RULES: Final = sa.select(_PLAN.table.c.money_rules, _PLAN.table.c.scope).where(_PLAN.now)


def _first_taken_on(work: Work) -> date | None:
    """The day on which the first plan was taken on here: when its adoption was recorded."""
    ids = work.conn.scalars(_PLANS)
    return min(first_recorded(work.conn, list(ids), "PlanAdopted").values(), default=None)


# --- duties


def _miss(entry: Entry, missed: Sequence[Any]) -> None:
    """A miss each: told from the row where it is the last to happen, else from the whole history."""
    taken_on = first_recorded(entry.conn, [row.id for row in missed], "ObligationAssigned")
    done = obligation.met_on(entry.conn, {row.follows for row in missed if row.follows})
    alike: defaultdict[tuple[date, bool], list[Any]] = defaultdict(list)
    others = []
    for row in missed:
        if row.judge_more or row.valid_from > row.judge_as_of:
            others.append(row)
        else:
            alike[row.judge_as_of, _history(row, taken_on)].append(row)
    entry.load([row.id for row in others])
    for row in others:
        entry.find(row.id, ObligationMissed, **_said(row, taken_on, done))
    who = entry.said()
    for (on, history), rows in alike.items():
        places = {row.id: row.place for row in rows}
        events = {r.id: (ObligationMissed(**{**who, **_said(r, taken_on, done)}),) for r in rows}
        entry.succeed(obligation.missed(places, on, history=history), events)


def _said(row: Any, taken_on: dict[str, date], done: dict[str, date | None]) -> dict[str, Any]:
    return {
        "effective_on": row.judge_as_of,
        "enforce_day": row.judge_day,
        "consequences": tuple(msgspec.convert(each, Consequence) for each in row.consequences),
        "history": _history(row, taken_on),
        "follows": row.follows,
        "handed_over_on": done.get(row.follows),
    }


def _history(row: Any, taken_on: dict[str, date]) -> bool:
    """Whether the duty's day lay before the duty was taken on here, when nobody could be told."""
    taken = taken_on.get(row.id)
    return taken is not None and row.judge_day < taken


# --- money


def _money_rules(work: Work) -> list[tuple[MoneyRule, str]]:
    """The rules of every plan by their day, each with the area its plan was adopted for."""
    rows = work.conn.execute(_MONEY_RULES)
    rules = [
        (msgspec.convert(raw, MoneyRule), row.scope) for row in rows for raw in row.money_rules
    ]
    return sorted(rules, key=lambda each: (each[0].day, each[0].id, each[1]))
