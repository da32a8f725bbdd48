"""Fund items: what money is given to. Whole đồng; never below zero, never above what is left.

The program finds and proposes; stopping is the treasury's act and moving money is a decision.
"""

from __future__ import annotations

from datetime import date

from ntm_workflow.domain import fund_case, fund_stop
from ntm_workflow.domain.base import Event, Refused, Subject
from ntm_workflow.domain.fund_case import (
    CaseEvent,
    ReallocationCaseOpened,
    ReallocationDecided,
    ReallocationProposed,
    ReallocationRequested,
)
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
from ntm_workflow.domain.fund_state import Fund, described, evolve
from ntm_workflow.domain.fund_stop import (
    FiguresReconciled,
    FindingReviewed,
    PaymentStopped,
    StopEvent,
    StopReleased,
    ZeroDisbursementFound,
)
from ntm_workflow.domain.inputs import LARGEST_AMOUNT

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


class OtherMoney(Refused):
    vi = "“{item}” đã nhận vốn nguồn {source:word}, {kind:word}, năm {year}; vốn khác nguồn, loại hoặc năm là một mục riêng.\nXem: ntm fund show {item:arg}"
    en = "“{item}” holds {source:word} {kind:word} money of {year}; other money needs an item of its own.\nSee: ntm fund show {item:arg}"


class YearOver(Refused):
    vi = "Niên độ {year} của “{item}” đã hết ngày {until}; ngày {day} không chi vốn năm đó nữa.\nChuyển nguồn phần còn lại: ntm fund carry --item {item:arg} …"
    en = "The {year} money of “{item}” could be paid until {until}; {day} is later.\nCarry over what is left: ntm fund carry --item {item:arg} …"


class NothingAllocated(Refused):
    vi = "“{item}” chưa được giao vốn nên chưa điều chỉnh được.\nGiao vốn: ntm fund allocate --item {item:arg} …"
    en = "“{item}” has been given no money, so there is nothing to adjust.\nGive it some: ntm fund allocate --item {item:arg} …"


class TooMuch(Refused):
    exit_code = 2
    vi = "“{item}” sẽ có hơn {largest:dong}, có lẽ nhầm đơn vị.\nKiểm tra lại số và đơn vị."
    en = "“{item}” would hold more than {largest:dong}; the unit may be wrong.\nCheck the number and its unit."


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


class NotSettled(Refused):
    exit_code = 2
    vi = "Ngày {day} “{item}” chưa quyết toán; số nợ nay tính theo quyết toán sau đó.\nGhi cho ngày sau quyết toán (--on)."
    en = "On {day} “{item}” was not settled; what it owes now follows from the settlement after.\nRecord it of a later day (--on)."


class NotOwed(Refused):
    exit_code = 2
    vi = "Ngày {day} “{item}” còn nợ {debt:dong}, không chuyển được số nợ {amount:dong}.\nGhi cho ngày sau đó (--on). Xem: ntm fund show {item:arg}"
    en = "On {day} “{item}” owes {debt:dong}, so {amount:dong} of debt cannot be carried.\nRecord it of a later day (--on). See: ntm fund show {item:arg}"


class HandedOver(Refused):
    vi = "“{item}” đã bàn giao ngày {day}."
    en = "“{item}” was handed over on {day}."


class FundPaperMissing(Refused):
    exit_code = 2
    vi = "Đối chiếu, dừng, cho chi tiếp, đề nghị và quyết định điều chuyển, chuyển nguồn phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành” (xem lại thì --note cũng được)."
    en = "Reconciling, stopping, releasing, asking for and deciding on moving money, and carrying it over need their paper.\nAdd --document “number, date, issuer” (of a review --note will do)."


class NobodyAnswers(Refused):
    exit_code = 2
    vi = "Đi tiếp khi chưa đối chiếu với Kho bạc thì phải có cơ quan chịu trách nhiệm và lý do.\nThêm --body ĐƠN-VỊ --note “…”."
    en = "Going on before the treasury's figures were compared needs the unit that answers for it and the reason.\nAdd --body UNIT --note “…”."


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
    | ReallocationProposed
    | ReallocationRequested
)
#: What may not be done to what is settled.
_BEFORE_SETTLEMENT = FundAllocated | FundAdvanced | VolumeAccepted | FundSettled


#: What is told by the paper of who may say so.
_BY_PAPER = (
    PaymentStopped
    | StopReleased
    | ReallocationRequested
    | ReallocationProposed
    | ReallocationDecided
)


def _without_paper(event: Event) -> Refused | None:
    compared = isinstance(event, FiguresReconciled) and event.treasury
    if isinstance(event, FiguresReconciled) and not compared:
        return None if event.body and event.note else NobodyAnswers()
    needs = isinstance(event, _BY_PAPER) or compared
    if isinstance(event, FindingReviewed):
        return None if event.document or event.note else FundPaperMissing()
    return FundPaperMissing() if needs and not event.document else None


def rule(fund: Fund, event: Event) -> Refused | None:
    if isinstance(event, _AMOUNTS) and event.amount <= 0:
        return NotPositive()
    if unsigned := _without_paper(event):
        return unsigned
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
        case AdvanceRecovered(amount=amount):
            return _over_settled(fund, fund.paid, amount)
        case VolumeCarried(amount=amount) if amount < 0:
            return _not_owed(fund, event)
        case FundReturned():
            return _returned_too_much(fund, event)
        case FundHandedOver() if fund.handed_on is not None:
            return HandedOver(item=fund.item, day=fund.handed_on)
        case FundDescribed():
            return _said_already(fund, event)
        case FundRehomed(document=None):
            return RehomingPaperMissing(item=fund.item)
        case ZeroDisbursementFound():
            return fund_stop.not_zero(fund, event)
    if isinstance(event, StopEvent):
        return fund_stop.objection(fund, event)
    return fund_case.objection(fund, event) if isinstance(event, CaseEvent) else None


def _adjusted_too_far(fund: Fund, amount: int) -> Refused | None:
    rest = fund.allocated + amount
    if rest > LARGEST_AMOUNT:
        return TooMuch(item=fund.item, largest=LARGEST_AMOUNT)
    if amount > 0 and fund.settled is not None:
        return Settled(item=fund.item, settled=fund.settled, day=fund.settled_on)
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
    if refusal := _over_settled(fund, fund.disbursed, amount):
        return refusal
    day = event.effective_on
    return fund_stop.not_payable(fund, day) or _year_over(fund, day)


def _not_owed(fund: Fund, event: VolumeCarried) -> Refused | None:
    if event.settled and fund.settled is None:
        return NotSettled(item=fund.item, day=event.effective_on)
    if -event.amount <= fund.debt:
        return None
    said = {"amount": -event.amount, "debt": fund.debt, "day": event.effective_on}
    return NotOwed(item=fund.item, **said)


def _over_settled(fund: Fund, out: int, amount: int) -> Refused | None:
    """Of what is settled no more leaves in all, and no more of an advance becomes payment."""
    if fund.settled is None or out + amount <= fund.cost:
        return None
    return OverSettled(item=fund.item, amount=amount, settled=fund.cost, paid=out)


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


def _year_over(fund: Fund, day: date) -> Refused | None:
    until = fund.pay_until
    if until is None or day <= until:
        return None
    return YearOver(item=fund.item, year=str(fund.year), until=until, day=day)


class RehomingPaperMissing(Refused):
    exit_code = 2
    vi = "Chuyển “{item}” sang địa bàn khác phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Taking “{item}” to another place needs its paper.\nAdd --document “number, date, issuer”."


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
    if fund.allocated + event.amount > LARGEST_AMOUNT:
        return TooMuch(item=fund.item, largest=LARGEST_AMOUNT)
    held = (fund.source, fund.kind, fund.year, fund.carried_from)
    if fund.year and held != (event.source, event.kind, event.plan_year, event.carried_from):
        return OtherMoney(item=fund.item, source=fund.source, kind=fund.kind, year=fund.year)
    return None


SUBJECT = Subject[Fund](
    "fund",
    (
        *(FundItemOpened, FundDescribed, FundRehomed, FundAllocated, FundAdjusted, FundContracted),
        *(FundAdvanced, FundDisbursed, AdvanceRecovered, FundReturned),
        *(VolumeAccepted, VolumeCarried, FundHandedOver, FundSettled, FundContributed),
        *(ZeroDisbursementFound, FiguresReconciled, FindingReviewed),
        *(PaymentStopped, StopReleased),
        *(ReallocationCaseOpened, ReallocationRequested),
        *(ReallocationProposed, ReallocationDecided),
    ),
    evolve,
    rule,
    opening,
)
