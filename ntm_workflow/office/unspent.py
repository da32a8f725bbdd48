"""Recording that nothing was spent by a rule's day, and that moving the money is to be considered.

Stopping is the treasury's act and moving money is a decision: neither is done here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import END_OF_DAY, Event, Fact
from ntm_workflow.domain.fund_case import Case, ReallocationCaseOpened
from ntm_workflow.domain.fund_events import FundAdvanced, FundDisbursed
from ntm_workflow.domain.fund_state import Fund, evolve
from ntm_workflow.domain.fund_stop import Stop, ZeroDisbursementFound
from ntm_workflow.domain.plan import MoneyRule
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import fund
from ntm_workflow.projections.history import FACTS


def unspent(entry: Entry, rule: MoneyRule, items: Sequence[Any]) -> None:
    """Told from the rows where it is the last to happen of an item, else from its whole history."""
    figures = figures_up_to(entry.conn, rule.day)
    alike: defaultdict[Fund, dict[str, str]] = defaultdict(dict)
    told: dict[str, tuple[Event, ...]] = {}
    others = []
    for row in items:
        events = tuple(_events(entry, rule, row, figures))
        if row.last:
            told[row.id] = events
            alike[_after(row, events)][row.id] = row.place
        else:
            others.append((row.id, events))
    for after, places in alike.items():
        entry.succeed(fund.unspent(places, rule.day, after), {id: told[id] for id in places})
    entry.load([id for id, _ in others])
    for id, events in others:
        for event in events:
            entry.find(id, type(event), **msgspec.structs.asdict(event))


def figures_up_to(conn: sa.Connection, day: date) -> date | None:
    """The day of the last payment that is known by the end of `day`, of any item."""
    c, paid = FACTS.c, (FundDisbursed.__name__, FundAdvanced.__name__)
    known = (c.effective_on <= day, c.type.in_(paid), c.voided_by.is_(None))
    query = sa.select(c.effective_on).where(*known).order_by(c.effective_on.desc()).limit(1)
    return conn.scalar(query)


def _events(entry: Entry, rule: MoneyRule, row: Any, figures: date | None) -> Iterator[Event]:
    # At the end of its day: a payment of that day, typed later, still comes before it.
    at_end = {"effective_on": rule.day, "place_of": END_OF_DAY}
    said = {**entry.said(), "rule": rule.id, "clause": rule.clause, **at_end}
    yield ZeroDisbursementFound(
        figures_up_to=figures,
        must_stop=row.type in rule.stop_types,
        advances_count=rule.advances_count,
        **said,
    )
    case = row.case and msgspec.convert(row.case, Case)
    if row.type in rule.reallocate_types and not (case and case.is_open):
        yield ReallocationCaseOpened(kind=f"zero-at-{rule.day.day}-{rule.day.month}", **said)


def _after(row: Any, events: Sequence[Event]) -> Fund:
    """Of an item like that in the row, how it stands to what was found."""
    fund = Fund("", "", "", found=tuple(row.found), advanced=row.advanced)
    if row.stop:
        fund = msgspec.structs.replace(fund, stop=msgspec.convert(row.stop, Stop))
    if row.case:
        fund = msgspec.structs.replace(fund, case=msgspec.convert(row.case, Case))
    for event in events:
        fund = evolve(fund, Fact("", 0, event))
    return msgspec.structs.replace(fund, advanced=0)


def would_find(reading: Reading) -> Iterator[tuple[MoneyRule, Any]]:
    """What each rule about money of the year of the reading's day would find if its day were that one."""
    for ruled in reading.rows("plan", only=("id", "scope", "money_rules")):
        scope: set[str] = set()
        for raw in ruled.money_rules:
            rule = msgspec.convert(raw, MoneyRule)
            if rule.day.year != reading.as_of.year:
                continue
            scope = scope or reading.within(ruled.scope)
            found = fund.zero_at(reading.conn, rule, reading.as_of, reading.known)
            yield from ((rule, row) for row in found if row.place in scope)
