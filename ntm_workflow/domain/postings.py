"""Money facts as postings in double entry: each moves as much out of one account as into another.

Derived from a fact alone and kept nowhere, so that a correction of a fact is a correction of the book.
Amounts are whole đồng; what an account receives is positive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.fund_events import (
    AdvanceRecovered,
    FundAdjusted,
    FundAdvanced,
    FundAllocated,
    FundContracted,
    FundContributed,
    FundDisbursed,
    FundReturned,
    FundSettled,
    VolumeAccepted,
    VolumeCarried,
)


class Account(StrEnum):
    """The accounts of one item. Each of the last eight stands against the one beside it."""

    #: What the plan has given (less than nothing), and what of it may still be paid.
    PLAN = "plan"
    AVAILABLE = "available"
    #: Paid and not yet recovered out of accepted volume; paid for accepted volume.
    ADVANCES = "advances"
    PAID = "paid"
    #: Worth of the accepted volume, of the settlement, of the contracts, of what was contributed.
    ACCEPTED, OWED = "accepted", "owed"
    SETTLED, APPROVED = "settled", "approved"
    CONTRACTED, COMMITTED = "contracted", "committed"
    CONTRIBUTED, GIVEN = "contributed", "given"


class Posting(NamedTuple):
    """So many đồng into an account of an item; out of it where they are less than 0."""

    item: str
    account: Account
    amount: int


#: Event -> where its amount comes from, and where it goes.
_MOVES: Final[dict[type[Event], tuple[Account, Account]]] = {
    FundAllocated: (Account.PLAN, Account.AVAILABLE),
    FundAdjusted: (Account.PLAN, Account.AVAILABLE),
    FundAdvanced: (Account.AVAILABLE, Account.ADVANCES),
    FundDisbursed: (Account.AVAILABLE, Account.PAID),
    AdvanceRecovered: (Account.ADVANCES, Account.PAID),
    FundReturned: (Account.PAID, Account.AVAILABLE),
    VolumeAccepted: (Account.OWED, Account.ACCEPTED),
    VolumeCarried: (Account.OWED, Account.ACCEPTED),
    FundSettled: (Account.APPROVED, Account.SETTLED),
    FundContracted: (Account.COMMITTED, Account.CONTRACTED),
    FundContributed: (Account.GIVEN, Account.CONTRIBUTED),
}


def postings(event: Event) -> tuple[Posting, ...]:
    """The two postings of a money fact, which add up to nothing; none of what moves no money."""
    moved = _MOVES.get(type(event))
    if moved is None:
        return ()
    source, target = moved
    if isinstance(event, FundReturned) and event.of_advance:
        source = Account.ADVANCES
    if isinstance(event, VolumeCarried) and event.settled:
        source, target = _MOVES[FundSettled]
    item, amount = event.item, event.amount  # type: ignore[attr-defined]
    return Posting(item, source, -amount), Posting(item, target, amount)
