"""Recording that nothing was spent by a rule's day, and that moving the money is to be considered.

Stopping is the treasury's act and moving money is a decision: neither is done here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

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


def unspent(entry: Entry, rule: MoneyRule, items: Sequence[Any], figures: date | None) -> None:
    """Told from the rows where it is the last to happen of an item, else from its whole history.

    `figures` is the day up to which payments are known.
    """
    alike: defaultdict[Alike, list[Any]] = defaultdict(list)
    for row in items:
        alike[Alike(row.type, row.advanced, row.stop, row.case, row.found)].append(row)
    others: dict[str, tuple[Event, ...]] = {}
    for like, rows in alike.items():
        events = tuple(_events(entry, rule, like, figures))
        places = {row.id: row.place for row in rows if row.last}
        change = fund.unspent(places, rule.day, like.after(events, rule.plan_year))
        entry.succeed(change, dict.fromkeys(places, events))
        others |= {row.id: events for row in rows if not row.last}
    entry.load(list(others))
    for id, events in others.items():
        for event in events:
            entry.find(id, type(event), **msgspec.structs.asdict(event))


class Alike(NamedTuple):
    """What items have in common to which the same happens; the last three as stored."""

    type: str
    advanced: int
    stop: str | None
    case: str | None
    found: str

    @property
    def open_case(self) -> bool:
        return self.case is not None and msgspec.json.decode(self.case, type=Case).is_open

    def after(self, events: Sequence[Event], year: int) -> Fund:
        """How they stand to what was found, of money of that year."""
        fund = Fund(
            *("", self.type, ""),
            year=year,
            advanced=self.advanced,
            stop=msgspec.json.decode(self.stop, type=Stop) if self.stop else None,
            case=msgspec.json.decode(self.case, type=Case) if self.case else None,
            found=msgspec.json.decode(self.found, type=tuple[str, ...]),
        )
        for event in events:
            fund = evolve(fund, Fact("", 0, event))
        return fund


def figures_up_to(conn: sa.Connection, day: date) -> date | None:
    """The day of the last payment that is known by the end of `day`, of any item."""
    c, paid = FACTS.c, (FundDisbursed.__name__, FundAdvanced.__name__)
    known = (c.effective_on <= day, c.type.in_(paid), c.voided_by.is_(None))
    query = sa.select(c.effective_on).where(*known).order_by(c.effective_on.desc()).limit(1)
    return conn.scalar(query)


def _events(entry: Entry, rule: MoneyRule, like: Alike, figures: date | None) -> Iterator[Event]:
    # At the end of its day: a payment of that day, typed later, still comes before it.
    at_end = {"effective_on": rule.day, "place_of": END_OF_DAY}
    said = {**entry.said(), "rule": rule.id, "clause": rule.clause, **at_end}
    yield ZeroDisbursementFound(
        figures_up_to=figures,
        must_stop=like.type in rule.stop_types,
        advances_count=rule.advances_count,
        plan_year=rule.plan_year,
        item_type=like.type,
        **said,
    )
    if like.type in rule.reallocate_types and not like.open_case:
        yield ReallocationCaseOpened(kind=f"zero-at-{rule.day.day}-{rule.day.month}", **said)


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
