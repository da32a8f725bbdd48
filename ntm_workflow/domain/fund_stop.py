"""Money of which nothing was spent by a rule's day: found, to be stopped, stopped, released.

The program finds; stopping is the treasury's own act, and letting money go again is a decision.
Knows no case of moving it.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Refused


class ZeroDisbursementFound(Event, frozen=True, kw_only=True, omit_defaults=True):
    """At the end of the rule's day nothing had been paid, as far as the journal knew.

    `figures_up_to` is the day of the last payment the journal knew of by then, of any item; None
    where it knew of none. Without `advances_count` an advance is no disbursement.
    """

    rule: str
    clause: str
    figures_up_to: date | None = None
    must_stop: bool
    advances_count: bool = True


class FiguresReconciled(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The treasury's figures up to `found_on` agree that nothing was spent (đối chiếu với Kho bạc).

    Without `treasury`, `body` answers for going on before they were compared.
    """

    item: str
    found_on: date
    treasury: bool = True


class FindingReviewed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at a finding that a payment told later speaks against: it stands, or it is withdrawn."""

    item: str
    stands: bool


class PaymentStopped(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The treasury stopped paying on the item, by a paper of its own."""

    item: str


class StopReleased(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Payment on the item may go on, by a paper."""

    item: str


#: What a person or the treasury says after the finding.
StopEvent = FiguresReconciled | FindingReviewed | PaymentStopped | StopReleased

#: While it stands so, no payment is asked for.
HALTED: Final = frozenset({"to_stop", "stopped"})
#: While it stands so, the finding is in force.
STANDING: Final = HALTED | {"found"}


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """How the money stands to a rule's finding.

    `state`: found (none spent, the clause stops nothing), to_stop (phải dừng), stopped, released,
    to_review (a payment made in time was told later), withdrawn. `until` is the day it ended on.
    """

    found_on: date
    state: str
    clause: str
    must_stop: bool = False
    advances_count: bool = True
    reconciled_on: date | None = None
    until: date | None = None

    @property
    def found(self) -> str:
        return "to_stop" if self.must_stop else "found"


class Money(Protocol):
    """Of an item's money, what a stop goes by."""

    @property
    def item(self) -> str: ...
    @property
    def stop(self) -> Stop | None: ...
    @property
    def advanced(self) -> int: ...
    @property
    def paid(self) -> int: ...


class NotZero(Refused):
    vi = "“{item}” đã giải ngân {spent:dong} vào ngày rà soát; kết quả rà soát cần xem lại."
    en = "“{item}” had {spent:dong} disbursed on the day of the check; the finding needs review."


class ToBeStopped(Refused):
    vi = (
        "“{item}” chưa giải ngân đến {found} nên phải dừng giải ngân ({clause}).\n"
        "Kho bạc đã chi thật? Thêm --already-done --document …"
    )
    en = (
        "“{item}” had nothing disbursed at {found}, so payment is to be stopped ({clause}).\n"
        "Really paid? Add --already-done --document …"
    )


class NothingFound(Refused):
    vi = "“{item}” không có kết quả rà soát nào đang áp dụng.\nXem: ntm fund show {item:arg}"
    en = "No finding is in force on “{item}”.\nSee: ntm fund show {item:arg}"


class ReconciledBefore(Refused):
    vi = "“{item}” đã đối chiếu ngày {day}; không ghi thêm.\nXem: ntm fund show {item:arg}"
    en = "“{item}” was reconciled on {day}; nothing to record.\nSee: ntm fund show {item:arg}"


class StoppedBefore(Refused):
    vi = "“{item}” đã dừng giải ngân rồi.\nCho chi tiếp: ntm fund release --item {item:arg} …"
    en = "Payment on “{item}” is stopped already.\nLet it go on: ntm fund release --item {item:arg} …"


class NothingToReview(Refused):
    vi = "“{item}” không có kết quả rà soát nào cần xem lại.\nXem: ntm fund reviews"
    en = "No finding on “{item}” needs a review.\nSee: ntm fund reviews"


def spent(money: Money, *, advances_count: bool) -> int:
    """What counts as disbursed: payments, and unrecovered advances where these count."""
    return money.paid + money.advanced if advances_count else money.paid


def not_payable(money: Money, day: date) -> Refused | None:
    """A payment of the day of the finding came in time: the finding is judged at its end."""
    stop = money.stop
    if stop is None or stop.state not in HALTED or day <= stop.found_on:
        return None
    return ToBeStopped(item=money.item, found=stop.found_on, clause=stop.clause)


def not_zero(money: Money, event: ZeroDisbursementFound) -> Refused | None:
    paid = spent(money, advances_count=event.advances_count)
    return NotZero(item=money.item, spent=paid) if paid else None


def objection(money: Money, event: StopEvent) -> Refused | None:
    """Why what is told after the finding does not follow from how it stands."""
    stop = money.stop
    state = stop.state if stop else None
    match event:
        case FindingReviewed():
            return None if state == "to_review" else NothingToReview(item=money.item)
        case PaymentStopped() if state == "stopped":
            return StoppedBefore(item=money.item)
        case FiguresReconciled(found_on=day) if stop and stop.found_on != day:
            return NothingFound(item=money.item)
    if stop is None or state not in STANDING:
        return NothingFound(item=money.item)
    if isinstance(event, FiguresReconciled) and stop.reconciled_on:
        return ReconciledBefore(item=money.item, day=stop.reconciled_on)
    return None


def found(money: Money, event: ZeroDisbursementFound) -> Stop:
    """The stop after a finding. A second rule turns what was only found into what must stop, never back."""
    old = money.stop
    if old and old.state in STANDING and (old.state == "stopped" or not event.must_stop):
        return old
    stop = Stop(
        found_on=event.effective_on,
        state="to_review",
        clause=event.clause,
        must_stop=event.must_stop,
        advances_count=event.advances_count,
    )
    # A payment made in time and told later overturns it; somebody has to look.
    return stop if not_zero(money, event) else replace(stop, state=stop.found)


def stop_after(stop: Stop | None, event: StopEvent) -> Stop:
    day = event.effective_on
    if stop is None:
        # Reported against the rules: the treasury stopped what nothing here had found.
        stop = Stop(found_on=day, state="found", clause="")
    match event:
        case FiguresReconciled():
            return replace(stop, reconciled_on=day)
        case FindingReviewed(stands=True):
            return replace(stop, state=stop.found)
        case FindingReviewed():
            return replace(stop, state="withdrawn", until=day)
        case PaymentStopped():
            return replace(stop, state="stopped")
        case StopReleased():
            return replace(stop, state="released", until=day)
