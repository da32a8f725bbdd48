"""Moving an item's money elsewhere: the case for it, from finding or request to the decision.

The program proposes nothing by itself and moves nothing: a person asks, and a decision moves.
Knows no other item: that a decision adds up to nothing is seen to where it is recorded.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.fund_stop import STANDING, FindingReviewed, Stop

#: The case that begins with the unit's own request.
CANNOT_FINISH: Final = "cannot-finish"


class ReallocationCaseOpened(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Moving the item's money is to be considered by those who may decide it.

    Where the unit asks itself, `amount` is what it cannot spend, from `asked_from` to `asked_until`
    are the days to ask on, and by `complete_by` the clause wants it done.
    """

    kind: str
    rule: str
    clause: str
    amount: int | None = None
    asked_from: date | None = None
    asked_until: date | None = None
    complete_by: date | None = None


class ReallocationProposed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """It is proposed to those who decide that so much be moved from the item."""

    item: str
    amount: int


class ReallocationDecided(Event, frozen=True, kw_only=True, omit_defaults=True):
    """It was decided: so many đồng go to other items, or, of 0, the money stays."""

    item: str
    moved: int = 0


CaseEvent = ReallocationCaseOpened | ReallocationProposed | ReallocationDecided

#: A case that somebody still has to decide on.
OPEN: Final = frozenset({"open", "proposed", "to_review"})


class Case(msgspec.Struct, frozen=True):
    """`state`: open (may be proposed), proposed, moved, kept, to_review, withdrawn.

    `asked` is what is proposed to be moved, in đồng, and `moved` what was.
    """

    kind: str
    opened_on: date
    state: str = "open"
    clause: str = ""
    asked: int | None = None
    complete_by: date | None = None
    moved: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Money(Protocol):
    """Of an item's money, what a case goes by."""

    @property
    def item(self) -> str: ...
    @property
    def stop(self) -> Stop | None: ...
    @property
    def case(self) -> Case | None: ...
    @property
    def left(self) -> int: ...


class CaseOpenAlready(Refused):
    vi = "“{item}” đã có một đề nghị điều chuyển chưa quyết định ({kind:word}, mở ngày {day}); mỗi mục một đề nghị.\nXem: ntm fund show {item:arg}"
    en = "“{item}” has an undecided case already ({kind:word}, opened {day}); an item has one at a time.\nSee: ntm fund show {item:arg}"


class NoCase(Refused):
    vi = "“{item}” không có đề nghị điều chuyển nào chờ quyết định.\nĐề nghị: ntm fund propose --item {item:arg} …"
    en = "No case of “{item}” waits for a decision.\nPropose one: ntm fund propose --item {item:arg} …"


class NotReconciled(Refused):
    vi = "Số liệu của “{item}” đến {day} chưa đối chiếu với Kho bạc nên chưa đề nghị điều chuyển ({clause}).\nĐối chiếu: ntm fund reconcile --as-of {day} --item {item:arg} --document …"
    en = "The figures of “{item}” up to {day} are not reconciled with the treasury, so nothing is proposed ({clause}).\nReconcile: ntm fund reconcile --as-of {day} --item {item:arg} --document …"


class ReviewFirst(Refused):
    vi = "“{item}” có khoản đã chi trong hạn được ghi sau; kết quả rà soát phải xem lại trước ({clause}).\nGhi kết quả: ntm fund review --item {item:arg} …"
    en = "A payment made in time was told later of “{item}”; its finding is to be looked at first ({clause}).\nSay what came of it: ntm fund review --item {item:arg} …"


class NotProposed(Refused):
    vi = "Điều chuyển vốn của “{item}” chưa được đề nghị ({clause}).\nĐề nghị: ntm fund propose --item {item:arg} …"
    en = "Moving the money of “{item}” was not proposed ({clause}).\nPropose it: ntm fund propose --item {item:arg} …"


class OverUnspent(Refused):
    exit_code = 2
    vi = "{amount:dong} vượt số chưa giải ngân {left:dong} của “{item}”; chỉ phần chưa chi mới điều chuyển.\nXem: ntm fund show {item:arg}"
    en = "{amount:dong} exceeds the {left:dong} unspent on “{item}”; only what is not spent is moved.\nSee: ntm fund show {item:arg}"


class NoAmount(Refused):
    exit_code = 2
    vi = "Số đề nghị điều chuyển phải lớn hơn 0 đồng."
    en = "The amount to be moved must be more than 0 đồng."


class OutsideTheDays(Refused):
    vi = "Đơn vị đề nghị từ {first} đến {last} ({clause}); văn bản này ngày {day}.\nVăn bản đã gửi thật? Thêm --already-done."
    en = "The unit asks from {first} to {last} ({clause}); this paper is of {day}.\nReally sent? Add --already-done."


def objection(money: Money, event: CaseEvent) -> Refused | None:
    match event:
        case ReallocationCaseOpened():
            return _not_opened(money, event)
        case ReallocationProposed(amount=amount):
            return _not_sure(money) or _not_reconciled(money) or over_unspent(money, amount)
        case ReallocationDecided(moved=moved):
            return (_not_sure(money) or _not_proposed(money)) if moved else _not_open(money)


def _not_opened(money: Money, event: ReallocationCaseOpened) -> Refused | None:
    case, day = money.case, event.effective_on
    if case and case.is_open:
        return CaseOpenAlready(item=money.item, kind=case.kind, day=case.opened_on)
    first, last = event.asked_from, event.asked_until
    if first and last and not first <= day <= last:
        return OutsideTheDays(day=day, first=first, last=last, clause=event.clause)
    if event.amount is None:
        return None
    return NoAmount() if event.amount <= 0 else over_unspent(money, event.amount)


def over_unspent(money: Money, amount: int) -> Refused | None:
    if amount <= money.left:
        return None
    return OverUnspent(item=money.item, amount=amount, left=money.left)


def _not_open(money: Money) -> Refused | None:
    return None if money.case and money.case.is_open else NoCase(item=money.item)


def _not_sure(money: Money) -> Refused | None:
    """No case, or one that rests on a finding somebody has to look at."""
    if refusal := _not_open(money):
        return refusal
    case = money.case
    in_doubt = case is not None and case.state == "to_review"
    return ReviewFirst(item=money.item, clause=case.clause) if case and in_doubt else None


def _not_reconciled(money: Money) -> Refused | None:
    """What a closing found rests on the journal's figures until the treasury's are compared with them."""
    stop, case = money.stop, money.case
    if case is None or case.kind == CANNOT_FINISH or stop is None or stop.reconciled_on:
        return None
    return NotReconciled(item=money.item, day=stop.found_on, clause=stop.clause)


def _not_proposed(money: Money) -> Refused | None:
    case = money.case
    if case is None or case.state == "proposed":
        return None
    return NotProposed(item=money.item, clause=case.clause)


def case_after(money: Money, event: CaseEvent) -> Case:
    day = event.effective_on
    match event:
        case ReallocationCaseOpened():
            return _opened(money, event)
        case ReallocationProposed(amount=amount):
            case = money.case or Case(CANNOT_FINISH, day)
            return replace(case, state="proposed", asked=amount)
        case ReallocationDecided(moved=moved):
            case = money.case or Case(CANNOT_FINISH, day)
            return replace(case, state="moved" if moved else "kept", moved=moved)


def _opened(money: Money, event: ReallocationCaseOpened) -> Case:
    """A request is a proposal; what a closing found falls where the finding does."""
    said = (event.clause, event.amount, event.complete_by)
    if event.amount is not None:
        return Case(event.kind, event.effective_on, "proposed", *said)
    stands = money.stop is None or money.stop.state in STANDING
    return Case(event.kind, event.effective_on, "open" if stands else "to_review", *said)


def reviewed(case: Case | None, event: FindingReviewed) -> Case | None:
    """The case falls, or stands again, with the finding it rests on."""
    if case is None or case.state != "to_review":
        return case
    return replace(case, state="open" if event.stands else "withdrawn")
