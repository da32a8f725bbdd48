"""Closing days: in order, once, judging every live duty whose day is over and records what follows.

A closed day is never reopened: what arrives later is judged by the next closing. Safe to run any
number of times, anywhere; the locked journal and one stream per day make it exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import END_OF_DAY, Fact, Refused
from ntm_workflow.domain.closing import DayClosed, DayNotOver, NothingToClose
from ntm_workflow.domain.fund import ReallocationCaseOpened, ZeroDisbursementFound
from ntm_workflow.domain.obligation import Obligation, ObligationMissed
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.office import Office, Work, seals
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS, closing, fund, obligation
from ntm_workflow.store.seal import Seal

#: Facts per entry, and days per transaction: a writer waiting in between is served.
BATCH = 1000
DAYS = 60
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Closed:
    """The days a run closed, and the facts it recorded besides `DayClosed`.

    `seal` is the one made after the last day, or why there is none.
    """

    days: tuple[date, ...]
    facts: tuple[Fact, ...]
    seal: Seal | Refused | None = None


def close(office: Office, until: date, request: Request) -> Closed:
    """Close every open day up to `until`, oldest first. Refuses a day that is not over."""
    if until >= office.today:
        raise DayNotOver(day=until, today=office.today, last=office.today - ONE_DAY)
    days: list[date] = []
    facts: list[Fact] = []
    seal: Seal | Refused | None = None
    more = True
    while more:
        with office.writing() as work:
            more = False
            for day in _open_days(work, until):
                facts += _close_day(work, day, request)
                days.append(day)
                more = len(days) % DAYS == 0 and not request.dry_run
                if more:
                    break
            work.undone = request.dry_run
            if days and not more and not request.dry_run:
                seal = seals.attempt(work)
    return Closed(tuple(days), tuple(facts), seal)


def next_day(reading: Reading) -> date | None:
    """The oldest day not closed yet; None while there is no plan."""
    last = closing.last_day(reading.conn, reading.known)
    if last:
        return last + ONE_DAY
    c = VIEWS["plan"].table.c
    live = sa.select(c.effective_on).where(VIEWS["plan"].now)
    first: date | None = reading.conn.scalar(live.order_by(c.effective_on).limit(1))
    return first


def _open_days(work: Work, until: date) -> Iterator[date]:
    day = next_day(work.reading())
    if day is None:
        raise NothingToClose
    while day <= until:
        yield day
        day += ONE_DAY


def _close_day(work: Work, day: date, request: Request) -> list[Fact]:
    """Judge a day in entries of at most `BATCH` facts, `DayClosed` last."""
    request = replace(request, on=None, key=None, dry_run=False)
    found: list[Fact] = []
    while missed := obligation.to_judge(work.conn, day, BATCH):
        found += work.entry(request, lambda e, m=missed: _miss(e, m)).facts  # type: ignore[misc]
    for rule in _rules_over(work, day):
        found += _find_unspent(work, rule, request)

    def closed(entry: Entry) -> None:
        entry.record(
            f"closing/{day.isoformat()}", DayClosed, effective_on=day, day=day, found=len(found)
        )

    work.entry(request, closed)
    return found


def _miss(entry: Entry, missed: list[tuple[str, date]]) -> None:
    entry.load([id for id, _ in missed])
    for id, enforce_day in missed:
        # A deadline that was set after its own day is missed from the day on which it was set.
        state = cast(Obligation, entry.timeline(id).now)
        day = max(enforce_day + ONE_DAY, state.since(enforce_day))
        entry.find(id, ObligationMissed, effective_on=day, enforce_day=enforce_day)


def _rules_over(work: Work, day: date) -> list[tuple[MoneyRule, str]]:
    """The money rules whose day is over, each with the area its plan was adopted for."""
    c = VIEWS["plan"].table.c
    rows = work.conn.execute(sa.select(c.money_rules, c.scope).where(VIEWS["plan"].now))
    rules = [
        (msgspec.convert(raw, MoneyRule), row.scope) for row in rows for raw in row.money_rules
    ]
    over = [(rule, place) for rule, place in rules if rule.day <= day]
    return sorted(over, key=lambda each: (each[0].day, each[0].id, each[1]))


def _find_unspent(work: Work, found: tuple[MoneyRule, str], request: Request) -> list[Fact]:
    rule, place = found
    found_anywhere = fund.zero_at(work.conn, rule)
    scope = work.reading(rule.day).within(place) if found_anywhere else set()
    items = [(id, type) for id, type, at in found_anywhere if at in scope]
    facts: list[Fact] = []
    for start in range(0, len(items), BATCH // 2):
        batch = items[start : start + BATCH // 2]
        facts += work.entry(request, lambda e, b=batch: _unspent(e, rule, b)).facts  # type: ignore[misc]
    return facts


def _unspent(entry: Entry, rule: MoneyRule, items: list[tuple[str, str]]) -> None:
    """Find, and open a case; stopping is the treasury's act and moving money is a decision."""
    entry.load([id for id, _ in items])
    for id, type in items:
        # At the end of its day: a payment of that day, typed later, still comes before it.
        at_end = {"effective_on": rule.day, "place_of": END_OF_DAY}
        said = {"rule": rule.id, "clause": rule.clause, **at_end}
        must_stop = type in rule.stop_types
        entry.find(id, ZeroDisbursementFound, figures_up_to=rule.day, must_stop=must_stop, **said)
        if type in rule.reallocate_types:
            entry.find(
                id, ReallocationCaseOpened, kind=f"zero-at-{rule.day.day}-{rule.day.month}", **said
            )
