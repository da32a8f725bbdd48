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
    where it knew of none. Without `advances_count` an advance is no disbursement. `plan_year` and
    `item_type` are what made the item one the rule speaks of.
    """

    rule: str
    clause: str
    figures_up_to: date | None = None
    must_stop: bool
    advances_count: bool = True
    plan_year: int | None = None
    item_type: str | None = None


class FiguresReconciled(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The treasury's figures up to `found_on` agree that nothing was spent (đối chiếu với Kho bạc).

    Without `treasury`, `body` answers for going on before they were compared.
    """

    item: str
    found_on: date
    treasury: bool = True


class FindingReviewed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at a finding that what was told later speaks against: it stands, or is withdrawn.

    `spent` is what had been disbursed by the finding's day as it was known to whoever looked, in đồng.
    """

    item: str
    stands: bool
    spent: int = 0


class PaymentStopped(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The treasury stopped paying on the item, by a paper of its own."""

    item: str


class StopReleased(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Payment on the item may go on, by a paper."""

    item: str


#: What a person or the treasury says after the finding.
StopEvent = FiguresReconciled | FindingReviewed | PaymentStopped | StopReleased

#: While it stands so, the finding is in force.
STANDING: Final = frozenset({"found", "to_stop", "stopped"})


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """How the money stands to a rule's finding.

    `state`: found (none spent, the clause stops nothing), to_stop (phải dừng), stopped, released,
    withdrawn. `spent` is what was disbursed by its day as far as it is known now, `looked_at` so
    much of it as a review has let pass; `misfit`: the item is none the rule speaks of any more.
    A treasury's own stop stays where the finding is `withdrawn`. `until` is the day it ended on.
    """

    found_on: date
    state: str
    clause: str
    must_stop: bool = False
    advances_count: bool = True
    reconciled_on: date | None = None
    by_treasury: bool = False
    spent: int = 0
    looked_at: int = 0
    misfit: bool = False
    withdrawn: bool = False
    until: date | None = None

    @property
    def doubted(self) -> bool:
        """Whether something told later speaks against the finding, and nobody has looked at it."""
        unseen = self.spent > 0 and self.spent != self.looked_at
        return not self.withdrawn and (unseen or self.misfit)

    @property
    def stands(self) -> bool:
        return self.state in STANDING and not self.withdrawn and not self.doubted

    @property
    def halts(self) -> bool:
        """Whether payment is refused: by the clause unless it is in doubt, by the treasury's paper always."""
        return self.state == "stopped" or (self.state == "to_stop" and not self.doubted)


class Money(Protocol):
    """Of an item's money, what a stop goes by."""

    @property
    def item(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def carried_from(self) -> int | None: ...
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
    if stop is None or not stop.halts or day <= stop.found_on:
        return None
    return ToBeStopped(item=money.item, found=stop.found_on, clause=stop.clause)


def not_zero(money: Money, event: ZeroDisbursementFound) -> Refused | None:
    paid = spent(money, advances_count=event.advances_count)
    return NotZero(item=money.item, spent=paid) if paid else None


def objection(money: Money, event: StopEvent) -> Refused | None:
    """Why what is told after the finding does not follow from how it stands."""
    stop = money.stop
    match event:
        case FindingReviewed():
            return None if stop and stop.doubted else NothingToReview(item=money.item)
        case PaymentStopped() if stop and stop.state == "stopped":
            return StoppedBefore(item=money.item)
        case FiguresReconciled(found_on=day) if stop and stop.found_on != day:
            return NothingFound(item=money.item)
    if stop is None or stop.state not in STANDING:
        return NothingFound(item=money.item)
    if isinstance(event, FiguresReconciled) and not stop.stands:
        return NothingFound(item=money.item)
    return _reconciled(money, stop, event) if isinstance(event, FiguresReconciled) else None


def _reconciled(money: Money, stop: Stop, event: FiguresReconciled) -> Refused | None:
    """Once by somebody who answers for it, and once by the treasury's figures."""
    if stop.reconciled_on is None or (event.treasury and not stop.by_treasury):
        return None
    return ReconciledBefore(item=money.item, day=stop.reconciled_on)


def found(money: Money, event: ZeroDisbursementFound) -> Stop:
    """The stop after a finding. A second rule turns what was only found into what must stop, never back."""
    old = money.stop
    stopped = old is not None and old.state == "stopped"
    if old and old.state in STANDING and not stopped and not event.must_stop:
        return old
    found = "to_stop" if event.must_stop else "found"
    return Stop(
        found_on=event.effective_on,
        state="stopped" if stopped else found,
        clause=event.clause,
        must_stop=event.must_stop,
        advances_count=event.advances_count,
        # A payment made in time and told later overturns it; somebody has to look.
        spent=spent(money, advances_count=event.advances_count),
        misfit=_misfit(money, event),
    )


def _misfit(money: Money, event: ZeroDisbursementFound) -> bool:
    """Whether the item was corrected since, and is none that the rule speaks of."""
    other_year = (money.year, money.carried_from) != (event.plan_year, None)
    other_type = event.item_type is not None and money.type != event.item_type
    return (event.plan_year is not None and other_year) or other_type


def stop_after(stop: Stop | None, event: StopEvent) -> Stop | None:
    day = event.effective_on
    if stop is None:
        # Reported against the rules: the treasury stopped what nothing here had found.
        stopped = Stop(found_on=day, state="stopped", clause="")
        return stopped if isinstance(event, PaymentStopped) else None
    match event:
        case FiguresReconciled(treasury=treasury):
            return replace(stop, reconciled_on=day, by_treasury=stop.by_treasury or treasury)
        case FindingReviewed():
            return _reviewed(stop, event)
        case PaymentStopped():
            return replace(stop, state="stopped")
        case StopReleased():
            return replace(stop, state="released", until=day)


def _reviewed(stop: Stop, event: FindingReviewed) -> Stop:
    """A treasury's own stop and a release stand by their papers, whatever becomes of the finding."""
    looked_at = replace(stop, looked_at=max(stop.looked_at, event.spent), misfit=False)
    if event.stands:
        return looked_at
    withdrawn = replace(looked_at, withdrawn=True)
    if stop.state not in ("found", "to_stop"):
        return withdrawn
    return replace(withdrawn, state="withdrawn", until=event.effective_on)
