"""Fund items: what money is given to. Whole đồng; never below zero, never above what is left.

The program finds and proposes; stopping is the treasury's act and moving money is a decision.
"""

from __future__ import annotations

from datetime import date

from ntm_workflow.domain.base import Event, Refused, Subject
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
    FundReturned,
    FundSettled,
    ReallocationCaseOpened,
    VolumeAccepted,
    ZeroDisbursementFound,
)
from ntm_workflow.domain.fund_state import Fund, described, evolve

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


class NothingAllocated(Refused):
    vi = "“{item}” chưa được giao vốn nên chưa điều chỉnh được.\nGiao vốn: ntm fund allocate --item {item:arg} …"
    en = "“{item}” has been given no money, so there is nothing to adjust.\nGive it some: ntm fund allocate --item {item:arg} …"


class NoChange(Refused):
    exit_code = 2
    vi = "Số điều chỉnh phải khác 0 đồng."
    en = "The change must not be 0 đồng."


class BelowDisbursed(Refused):
    vi = "Điều chỉnh còn {rest:dong} thì thấp hơn {disbursed:dong} đã giải ngân của “{item}”.\nThu hồi trước: ntm fund return --item {item:arg} …"
    en = "That leaves {rest:dong}, less than the {disbursed:dong} disbursed on “{item}”.\nHave it returned first: ntm fund return --item {item:arg} …"


class OverAdvance(Refused):
    exit_code = 2
    vi = "{amount:dong} vượt số tạm ứng chưa thu hồi {advanced:dong} của “{item}”.\nXem: ntm fund show {item:arg}"
    en = "{amount:dong} exceeds the {advanced:dong} of advances not yet recovered on “{item}”.\nSee: ntm fund show {item:arg}"


class OverPaid(Refused):
    exit_code = 2
    vi = "{amount:dong} vượt số đã thanh toán {paid:dong} của “{item}”.\nXem: ntm fund show {item:arg}"
    en = "{amount:dong} exceeds the {paid:dong} paid on “{item}”.\nSee: ntm fund show {item:arg}"


class OverSettled(Refused):
    vi = "Thanh toán {amount:dong} vượt số quyết toán {settled:dong} của “{item}” (đã thanh toán {paid:dong}).\nXem: ntm fund show {item:arg}"
    en = "Paying {amount:dong} exceeds the settlement of {settled:dong} on “{item}” ({paid:dong} paid).\nSee: ntm fund show {item:arg}"


class Settled(Refused):
    vi = "“{item}” đã quyết toán {settled:dong} ngày {day}; chỉ còn thanh toán số còn nợ.\nXem: ntm fund show {item:arg}"
    en = "“{item}” was settled at {settled:dong} on {day}; only what is owed may still be paid.\nSee: ntm fund show {item:arg}"


class SettledBefore(Refused):
    exit_code = 2
    vi = "“{item}” đã quyết toán {settled:dong} ngày {day}; quyết toán là một lần, sai thì đính chính.\nXem: ntm fund show {item:arg}"
    en = "“{item}” was settled at {settled:dong} on {day}; that is done once, and corrected where it is wrong.\nSee: ntm fund show {item:arg}"


class HandedOver(Refused):
    vi = "“{item}” đã bàn giao ngày {day}."
    en = "“{item}” was handed over on {day}."


class SameDescription(Refused):
    vi = "Sổ đã ghi đúng như vậy về “{item}”; không ghi thêm.\nXem: ntm fund show {item:arg}"
    en = (
        "The journal says so of “{item}” already; nothing to record.\nSee: ntm fund show {item:arg}"
    )


class UnknownWord(Refused):
    exit_code = 2
    vi = "“{word}” không nằm trong: {known:choice}."
    en = "“{word}” is not one of: {known:choice}."


def opening(event: FundItemOpened) -> Refused | None:
    return None if event.type in TYPES else UnknownWord(word=event.type, known=TYPES)


#: Events of which the amount is of money or worth: never nothing, never less.
_AMOUNTS = (
    FundAllocated
    | FundContracted
    | FundAdvanced
    | FundDisbursed
    | AdvanceRecovered
    | FundReturned
    | VolumeAccepted
    | FundSettled
    | FundContributed
)
#: What may not be done to what is settled.
_BEFORE_SETTLEMENT = FundAllocated | FundAdvanced | VolumeAccepted | FundSettled


def rule(fund: Fund, event: Event) -> Refused | None:
    if isinstance(event, _AMOUNTS) and event.amount <= 0:
        return NotPositive()
    if isinstance(event, _BEFORE_SETTLEMENT) and fund.settled is not None:
        refusal = SettledBefore if isinstance(event, FundSettled) else Settled
        return refusal(item=fund.item, settled=fund.settled, day=fund.settled_on)
    match event:
        case FundAllocated():
            return _other_money(fund, event)
        case FundAdjusted():
            return _adjusted_too_far(fund, event.amount)
        case FundAdvanced() | FundDisbursed():
            return _not_payable(fund, event)
        case AdvanceRecovered(amount=amount) if amount > fund.advanced:
            return OverAdvance(item=fund.item, amount=amount, advanced=fund.advanced)
        case FundReturned():
            return _returned_too_much(fund, event)
        case FundHandedOver() if fund.handed_on is not None:
            return HandedOver(item=fund.item, day=fund.handed_on)
        case FundDescribed():
            return _said_already(fund, event)
        case ZeroDisbursementFound() | ReallocationCaseOpened() if fund.disbursed:
            return NotZero(item=fund.item, disbursed=fund.disbursed)
    return None


def _adjusted_too_far(fund: Fund, amount: int) -> Refused | None:
    rest = fund.allocated + amount
    if not amount:
        return NoChange()
    if fund.year is None:
        return NothingAllocated(item=fund.item)
    if rest < fund.disbursed:
        return BelowDisbursed(item=fund.item, rest=rest, disbursed=fund.disbursed)
    return None


def _not_payable(fund: Fund, event: FundAdvanced | FundDisbursed) -> Refused | None:
    amount = event.amount
    if amount > fund.left:
        return OverLeft(amount=amount, left=fund.left, item=fund.item)
    if fund.settled is not None and fund.paid + amount > fund.settled:
        said = {"settled": fund.settled, "paid": fund.paid}
        return OverSettled(item=fund.item, amount=amount, **said)
    return _stopped(fund, event.effective_on)


def _returned_too_much(fund: Fund, event: FundReturned) -> Refused | None:
    if event.of_advance:
        over = event.amount > fund.advanced
        said = {"amount": event.amount, "advanced": fund.advanced}
        return OverAdvance(item=fund.item, **said) if over else None
    over = event.amount > fund.paid
    return OverPaid(item=fund.item, amount=event.amount, paid=fund.paid) if over else None


def _said_already(fund: Fund, event: FundDescribed) -> Refused | None:
    if event.investment is not None and event.investment <= 0:
        return NotPositive()
    return SameDescription(item=fund.item) if described(fund, event) == fund else None


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


SUBJECT = Subject[Fund](
    "fund",
    (
        *(FundItemOpened, FundDescribed, FundAllocated, FundAdjusted, FundContracted),
        *(FundAdvanced, FundDisbursed, AdvanceRecovered, FundReturned),
        *(VolumeAccepted, FundHandedOver, FundSettled, FundContributed),
        *(ZeroDisbursementFound, ReallocationCaseOpened),
    ),
    evolve,
    rule,
    opening,
)
