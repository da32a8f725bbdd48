"""The money book: what every fact of an item moved, in the order of its days, and where that left it.

Read from the journal at a reading's two times; kept nowhere. Knows no file.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.postings import Account, Posting, postings
from ntm_workflow.office.history import at
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.among import among
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.journal import Journal

#: Facts decoded at a time.
_PAGE: Final = 500


class Booked(NamedTuple):
    """A money fact and its postings, which add up to nothing."""

    fact: Fact
    postings: tuple[Posting, ...]


def booked(journal: Journal, reading: Reading, within: Collection[str] | None) -> Iterator[Booked]:
    """What moved up to the reading's day and stands, the oldest day first; only `within` these places."""
    c = FACTS.c
    query = sa.select(c.position).where(c.subject >= "fund/", c.subject < "fund0")
    query = query.where(c.effective_on <= reading.as_of, c.position <= reading.known)
    query = query.where(sa.or_(c.voided_by.is_(None), c.voided_by > reading.known))
    if within is not None:
        query = query.where(among(reading.conn, c.place, within))
    positions = list(reading.conn.scalars(query.order_by(c.effective_on, c.position)))
    for first in range(0, len(positions), _PAGE):
        some = positions[first : first + _PAGE]
        facts = {fact.position: fact for fact in at(journal, reading.conn, some)}
        for position in some:
            if moved := postings(facts[position].event):
                yield Booked(facts[position], moved)


def numbers(rows: Collection[Any]) -> dict[str, dict[Account, int]]:
    """What the tables say each item's accounts hold, for a book to be checked against."""
    return {
        row.item: {
            Account.PLAN: -row.allocated,
            Account.AVAILABLE: row.allocated - row.disbursed,
            Account.ADVANCES: row.advanced,
            Account.PAID: row.disbursed - row.advanced,
            Account.ACCEPTED: row.accepted,
            Account.SETTLED: row.settled or 0,
            Account.CONTRACTED: row.contracted,
            Account.CONTRIBUTED: row.contributed,
        }
        for row in rows
    }


# --- as accounting programs read it

#: Where an account stands among the five kinds that every such program knows.
_ROOTS: Final = {
    Account.PLAN: "Equity:Plan",
    Account.AVAILABLE: "Assets:Available",
    Account.ADVANCES: "Assets:Advances",
    Account.PAID: "Expenses:Paid",
    Account.ACCEPTED: "Assets:Accepted",
    Account.OWED: "Liabilities:Owed",
    Account.SETTLED: "Assets:Settled",
    Account.APPROVED: "Liabilities:Approved",
    Account.CONTRACTED: "Assets:Contracted",
    Account.COMMITTED: "Liabilities:Committed",
    Account.CONTRIBUTED: "Assets:Contributed",
    Account.GIVEN: "Equity:Given",
}
_UNIT: Final = "VND"

Numbers = Mapping[str, Mapping[Account, int]]


def account(item: str, of: Account) -> str:
    """Its name in a book: an item's own name may hold what ends a name there."""
    return f"{_ROOTS[of]}:M{hashlib.sha256(item.encode()).hexdigest()[:10].upper()}"


def hledger(entries: Iterator[tuple[Booked, str]], closing: date, left: Numbers) -> Iterator[str]:
    """A journal for hledger, with the numbers of the tables as balance assertions at its end."""
    used: defaultdict[str, set[Account]] = defaultdict(set)
    for (fact, moved), said in entries:
        yield f"{fact.event.effective_on} (#{fact.entry}) {_plain(said)}\n"
        for each in moved:
            used[each.item].add(each.account)
            yield f"    {account(each.item, each.account)}  {each.amount} {_UNIT}\n"
        yield "\n"
    for item in sorted(used):
        yield f"; {account(item, Account.AVAILABLE)}: {_plain(item)}\n"
        yield f"{closing} {_plain(item)}\n"
        for of, amount in left.get(item, {}).items():
            if of in used[item]:
                yield f"    {account(item, of)}  0 {_UNIT} = {amount} {_UNIT}\n"
        yield "\n"


def beancount(entries: Iterator[tuple[Booked, str]], closing: date, left: Numbers) -> Iterator[str]:
    """The same for beancount, whose balances hold at the beginning of the day after."""
    used: dict[tuple[str, Account], None] = {}
    for (fact, moved), said in entries:
        day = fact.event.effective_on
        for each in moved:
            if (each.item, each.account) not in used:
                used[each.item, each.account] = None
                yield f"{day} open {account(each.item, each.account)} {_UNIT}\n"
                yield f"  item: {_quoted(each.item)}\n"
        yield f"{day} * {_quoted(said)}\n  entry: {fact.entry}\n"
        for each in moved:
            yield f"  {account(each.item, each.account)}  {each.amount} {_UNIT}\n"
        yield "\n"
    for item, of in used:
        if of in left.get(item, {}):
            yield f"{closing} balance {account(item, of)}  {left[item][of]} {_UNIT}\n"


def _plain(text: str) -> str:
    """On one line, and no comment begins in it."""
    return " ".join(text.replace(";", ",").split())


def _quoted(text: str) -> str:
    said = _plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{said}"'
