"""An item's money as its facts add up. Judges nothing; amounts are whole đồng."""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact
from ntm_workflow.domain.fund_case import Case, CaseEvent, case_after, reviewed
from ntm_workflow.domain.fund_events import (
    AdvanceRecovered,
    FundAdjusted,
    FundAdvanced,
    FundAllocated,
    FundContracted,
    FundContributed,
    FundDescribed,
    FundDisbursed,
    FundHandedOver,
    FundItemOpened,
    FundRehomed,
    FundReturned,
    FundSettled,
    VolumeAccepted,
    VolumeCarried,
)
from ntm_workflow.domain.fund_stop import (
    FindingReviewed,
    Stop,
    StopEvent,
    ZeroDisbursementFound,
    found,
    stop_after,
)


class Fund(msgspec.Struct, frozen=True):
    """An item as it stands. Money is held by its year, source and kind; other money is another item.

    `advanced` are advances that nothing has recovered yet; `paid` is what was paid for accepted volume,
    recovered advances among it. `settled` is None until a settlement is approved; `carried_out` is
    accepted volume that is owed elsewhere now.
    """

    item: str
    type: str
    place: str
    owner: str | None = None
    code: str | None = None
    investment: int | None = None
    contracted: int = 0
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    carried_from: int | None = None
    allocated: int = 0
    allocated_on: date | None = None
    pay_until: date | None = None
    advanced: int = 0
    paid: int = 0
    accepted: int = 0
    settled: int | None = None
    settled_on: date | None = None
    handed_on: date | None = None
    contributed: int = 0
    carried_out: int = 0
    stop: Stop | None = None
    case: Case | None = None
    found: tuple[str, ...] = ()

    @property
    def disbursed(self) -> int:
        """What has left the treasury and not come back."""
        return self.advanced + self.paid

    @property
    def left(self) -> int:
        return self.allocated - self.disbursed

    @property
    def cost(self) -> int:
        """What is owed in all: what was settled, or as long as nothing was, what was accepted.

        What is owed with money that was carried over is owed there, also of a settlement that came after.
        """
        return self.accepted if self.settled is None else self.settled - self.carried_out

    @property
    def debt(self) -> int:
        """What is owed and not paid (nợ đọng, where it is overdue)."""
        return max(self.cost - self.paid, 0)

    @property
    def overpaid(self) -> int:
        """What left beyond the settlement, to be returned."""
        return 0 if self.settled is None else max(self.disbursed - self.cost, 0)


def evolve(fund: Fund | None, fact: Fact) -> Fund:
    if isinstance(fact.event, FundItemOpened):
        opened = fact.event
        return Fund(opened.item, opened.type, opened.place, opened.owner)
    return _changed(cast(Fund, fund), fact.event)


def _changed(fund: Fund, event: Event) -> Fund:
    match event:
        case FundDescribed():
            return described(fund, event)
        case FundRehomed(place=place, owner=owner):
            return replace(fund, place=place, owner=owner or fund.owner)
        case FundAllocated():
            return _given(fund, event)
        case FundAdjusted(amount=amount):
            return replace(fund, allocated=fund.allocated + amount)
        case FundContracted(amount=amount):
            return replace(fund, contracted=fund.contracted + amount)
        case FundContributed(amount=amount):
            return replace(fund, contributed=fund.contributed + amount)
        case VolumeAccepted(amount=amount):
            return replace(fund, accepted=fund.accepted + amount)
        case VolumeCarried(amount=amount, settled=True, effective_on=day):
            on = fund.settled_on or day
            return replace(fund, settled=(fund.settled or 0) + amount, settled_on=on)
        case VolumeCarried(amount=amount):
            gone = fund.carried_out - min(amount, 0)
            return replace(fund, accepted=fund.accepted + amount, carried_out=gone)
        case FundHandedOver(effective_on=day):
            return replace(fund, handed_on=day)
        case FundSettled(amount=amount, effective_on=day):
            return replace(fund, settled=amount, settled_on=day)
        case ZeroDisbursementFound(rule=rule, effective_on=day):
            names = (*fund.found, finding(rule, day))
            return replace(fund, found=names, stop=found(fund, event))
        case FindingReviewed():
            stop, case = stop_after(fund.stop, event), reviewed(fund.case, event)
            return replace(fund, stop=stop, case=case)
    if isinstance(event, StopEvent):
        return replace(fund, stop=stop_after(fund.stop, event))
    if isinstance(event, CaseEvent):
        return replace(fund, case=case_after(fund, event))
    return _moved(fund, event)


def _moved(fund: Fund, event: Event) -> Fund:
    """The item after money went out or came back."""
    match event:
        case FundAdvanced(amount=amount):
            return replace(fund, advanced=fund.advanced + amount)
        case FundDisbursed(amount=amount):
            return replace(fund, paid=fund.paid + amount)
        case AdvanceRecovered(amount=amount):
            return replace(fund, advanced=fund.advanced - amount, paid=fund.paid + amount)
        case FundReturned(amount=amount, of_advance=True):
            return replace(fund, advanced=fund.advanced - amount)
        case FundReturned(amount=amount):
            return replace(fund, paid=fund.paid - amount)
        case other:
            raise TypeError(other)


def _given(fund: Fund, event: FundAllocated) -> Fund:
    """The first money says what money the item holds, and from which day its three years run."""
    allocated = fund.allocated + event.amount
    if fund.year is not None:
        return replace(fund, allocated=allocated)
    return replace(
        fund,
        allocated=allocated,
        allocated_on=event.term_from or event.effective_on,
        year=event.plan_year,
        source=event.source,
        kind=event.kind,
        carried_from=event.carried_from,
        pay_until=event.pay_until,
    )


def described(fund: Fund, event: FundDescribed) -> Fund:
    said = {name: getattr(event, name) for name in ("owner", "code", "investment")}
    return replace(fund, **{name: value for name, value in said.items() if value is not None})


def finding(rule: str, day: date) -> str:
    """The name of one rule's judgement of one day, which is made once for an item."""
    return f"{rule}/{day.isoformat()}"
