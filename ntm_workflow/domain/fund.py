"""Fund items: what money is given to. Whole đồng; never below zero, never above what is left.

The program finds and proposes; stopping is the treasury's act and moving money is a decision.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

TYPES = ("work", "project", "model", "content")
KINDS = ("investment", "recurrent")
SOURCES = (
    "central",
    "provincial",
    "district",
    "commune",
    "state",
    "credit",
    "enterprise",
    "residents",
    "foreign",
    "other",
)


class FundItemOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """Something money can be given to: a work, project, model or recurrent content."""

    item: str
    type: str
    place: str


class FundAllocated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money of a plan year is given to an item, in đồng."""

    item: str
    amount: int
    source: str
    kind: str
    plan_year: int
    carried_from: int | None = None
    decision: str | None = None


class FundDisbursed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money is paid out on an item, in đồng."""

    item: str
    amount: int
    payee: str | None = None


class ZeroDisbursementFound(Event, frozen=True, kw_only=True, omit_defaults=True):
    """At the end of the rule's day nothing had been paid, as far as the journal knew."""

    rule: str
    clause: str
    figures_up_to: date
    must_stop: bool


class ReallocationCaseOpened(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Moving the item's money is to be considered by those who may decide it."""

    kind: str
    rule: str
    clause: str


class Stop(msgspec.Struct, frozen=True):
    found_on: date
    state: str
    clause: str
    until: date | None = None


class Case(msgspec.Struct, frozen=True):
    kind: str
    opened_on: date
    state: str = "open"


class Fund(msgspec.Struct, frozen=True):
    item: str
    type: str
    place: str
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    carried_from: int | None = None
    allocated: int = 0
    disbursed: int = 0
    stop: Stop | None = None
    case: Case | None = None
    found: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        return self.allocated - self.disbursed


class NotPositive(Refused):
    exit_code = 2
    vi = "Số tiền phải lớn hơn 0 đồng."
    en = "The amount must be more than 0 đồng."


class OverLeft(Refused):
    vi = "Thanh toán {amount:dong} vượt số còn lại {left:dong} của “{item}”.\nXem: ntm fund show {item:arg}"
    en = "Paying {amount:dong} exceeds the {left:dong} left on “{item}”.\nSee: ntm fund show {item:arg}"


class ToBeStopped(Refused):
    vi = (
        "“{item}” chưa giải ngân đến {found} nên phải dừng giải ngân ({clause}).\n"
        "Kho bạc đã chi thật? Thêm --already-done --document …"
    )
    en = (
        "“{item}” had nothing disbursed at {found}, so payment is to be stopped ({clause}).\n"
        "Really paid? Add --already-done --document …"
    )


class OtherMoney(Refused):
    vi = "“{item}” đã nhận vốn nguồn {source:word}, {kind:word}, năm {year}; vốn khác nguồn, loại hoặc năm là một mục riêng."
    en = "“{item}” holds {source:word} {kind:word} money of {year}; other money needs an item of its own."


class NotZero(Refused):
    vi = "“{item}” đã giải ngân {disbursed:dong} vào ngày rà soát; kết quả rà soát cần xem lại."
    en = (
        "“{item}” had {disbursed:dong} disbursed on the day of the check; the finding needs review."
    )


class UnknownWord(Refused):
    exit_code = 2
    vi = "“{word}” không nằm trong: {known:choice}."
    en = "“{word}” is not one of: {known:choice}."


def opening(event: FundItemOpened) -> Refused | None:
    return None if event.type in TYPES else UnknownWord(word=event.type, known=TYPES)


def rule(fund: Fund, event: Event) -> Refused | None:
    match event:
        case FundAllocated(amount=amount) | FundDisbursed(amount=amount) if amount <= 0:
            return NotPositive()
        case FundAllocated():
            return _other_money(fund, event)
        case FundDisbursed(amount=amount) if amount > fund.left:
            return OverLeft(amount=amount, left=fund.left, item=fund.item)
        case FundDisbursed(effective_on=day):
            return _stopped(fund, day)
        case ZeroDisbursementFound() | ReallocationCaseOpened() if fund.disbursed:
            return NotZero(item=fund.item, disbursed=fund.disbursed)
    return None


def _stopped(fund: Fund, day: date) -> Refused | None:
    """A payment of the day of the finding came in time: the finding is judged at its end."""
    stop = fund.stop
    if stop is None or stop.state not in ("to_stop", "stopped") or day <= stop.found_on:
        return None
    return ToBeStopped(item=fund.item, found=stop.found_on, clause=stop.clause)


class CarriedFromLater(Refused):
    exit_code = 2
    vi = "Vốn năm {year} không thể chuyển nguồn từ năm {source}."
    en = "Money of {year} cannot have been carried over from {source}."


def _other_money(fund: Fund, event: FundAllocated) -> Refused | None:
    if event.carried_from is not None and event.carried_from >= event.plan_year:
        return CarriedFromLater(year=event.plan_year, source=event.carried_from)
    for word, known in ((event.source, SOURCES), (event.kind, KINDS)):
        if word not in known:
            return UnknownWord(word=word, known=known)
    held = (fund.source, fund.kind, fund.year, fund.carried_from)
    if fund.year and held != (event.source, event.kind, event.plan_year, event.carried_from):
        return OtherMoney(item=fund.item, source=fund.source, kind=fund.kind, year=fund.year)
    return None


def evolve(fund: Fund | None, fact: Fact) -> Fund:
    event = fact.event
    if isinstance(event, FundItemOpened):
        return Fund(event.item, event.type, event.place)
    fund = cast(Fund, fund)
    match event:
        case FundAllocated(amount=amount):
            return replace(
                fund,
                allocated=fund.allocated + amount,
                year=fund.year or event.plan_year,
                source=fund.source or event.source,
                kind=fund.kind or event.kind,
                carried_from=event.carried_from if fund.year is None else fund.carried_from,
            )
        case FundDisbursed(amount=amount):
            return replace(fund, disbursed=fund.disbursed + amount)
        case ZeroDisbursementFound() | ReallocationCaseOpened() if fund.disbursed:
            return fund  # overturned: a payment made in time was typed later; listed as a conflict
        case ZeroDisbursementFound():
            return _found(fund, event)
        case ReallocationCaseOpened(kind=kind, effective_on=day):
            return replace(fund, case=Case(kind, day))
        case other:
            raise TypeError(other)


def _found(fund: Fund, event: ZeroDisbursementFound) -> Fund:
    """A second rule may turn what was only found into what must be stopped, never back."""
    found = (*fund.found, finding(event.rule, event.effective_on))
    if fund.stop and not event.must_stop:
        return replace(fund, found=found)
    state = "to_stop" if event.must_stop else "found"
    return replace(fund, found=found, stop=Stop(event.effective_on, state, event.clause))


def finding(rule: str, day: date) -> str:
    """The name of one rule's judgement of one day, which is made once for an item."""
    return f"{rule}/{day.isoformat()}"


SUBJECT = Subject[Fund](
    "fund",
    (FundItemOpened, FundAllocated, FundDisbursed, ZeroDisbursementFound, ReallocationCaseOpened),
    evolve,
    rule,
    opening,
)
