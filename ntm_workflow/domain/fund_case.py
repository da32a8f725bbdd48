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
from ntm_workflow.domain.fund_stop import FindingReviewed, Stop

#: The case that begins with the unit's own request.
CANNOT_FINISH: Final = "cannot-finish"


class ReallocationCaseOpened(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Moving the item's money is to be considered by those who may decide it."""

    kind: str
    rule: str
    clause: str


class ReallocationRequested(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The unit itself asks that `amount`, which it cannot spend, be moved.

    From `asked_from` to `asked_until` are the days to ask on, and by `complete_by` the clause wants
    it done.
    """

    item: str
    rule: str
    clause: str
    amount: int
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


CaseEvent = (
    ReallocationCaseOpened | ReallocationRequested | ReallocationProposed | ReallocationDecided
)

#: A case that somebody still has to decide on.
OPEN: Final = frozenset({"open", "proposed"})


class Case(msgspec.Struct, frozen=True):
    """`state`: open (may be proposed), proposed, moved, kept, withdrawn.

    `asked` is what is proposed to be moved, in đồng, and `moved_amount` what was.
    """

    kind: str
    opened_on: date
    state: str = "open"
    clause: str = ""
    asked: int | None = None
    complete_by: date | None = None
    moved_amount: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def rests_on_finding(self) -> bool:
        return self.kind != CANNOT_FINISH


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


class OverProposed(Refused):
    exit_code = 2
    vi = "{moved:dong} vượt số đề nghị điều chuyển {asked:dong} của “{item}” ({clause}).\nXem: ntm fund show {item:arg}"
    en = "{moved:dong} exceeds the {asked:dong} proposed to be moved from “{item}” ({clause}).\nSee: ntm fund show {item:arg}"


class DecidedLate(Refused):
    vi = "Điều chuyển vốn của “{item}” phải xong đến {last} ({clause}); quyết định này ngày {day}.\nĐã quyết định thật? Thêm --already-done."
    en = "Moving the money of “{item}” was to be done by {last} ({clause}); this decision is of {day}.\nReally decided? Add --already-done."


class OutsideTheDays(Refused):
    vi = "Đơn vị đề nghị từ {first} đến {last} ({clause}); văn bản này ngày {day}.\nVăn bản đã gửi thật? Thêm --already-done."
    en = "The unit asks from {first} to {last} ({clause}); this paper is of {day}.\nReally sent? Add --already-done."


def objection(money: Money, event: CaseEvent) -> Refused | None:
    match event:
        case ReallocationCaseOpened():
            return open_already(money)
        case ReallocationRequested(amount=amount):
            return open_already(money) or _outside(event) or over_unspent(money, amount)
        case ReallocationProposed(amount=amount):
            return (
                _not_sure(money)
                or _proposed(money)
                or _not_reconciled(money)
                or over_unspent(money, amount)
            )
        case ReallocationDecided(moved=0):
            return _not_open(money)
        case ReallocationDecided(moved=moved, effective_on=day):
            return _not_sure(money) or _not_proposed(money, moved) or _too_late(money, day)


def open_already(money: Money) -> Refused | None:
    case = money.case
    if case is None or not case.is_open:
        return None
    return CaseOpenAlready(item=money.item, kind=case.kind, day=case.opened_on)


def _proposed(money: Money) -> Refused | None:
    case = money.case
    return open_already(money) if case and case.state == "proposed" else None


def _too_late(money: Money, day: date) -> Refused | None:
    case = money.case
    if case is None or case.complete_by is None or day <= case.complete_by:
        return None
    return DecidedLate(item=money.item, day=day, last=case.complete_by, clause=case.clause)


def _outside(event: ReallocationRequested) -> Refused | None:
    day, first, last = event.effective_on, event.asked_from, event.asked_until
    if first is None or last is None or first <= day <= last:
        return None
    return OutsideTheDays(day=day, first=first, last=last, clause=event.clause)


def over_unspent(money: Money, amount: int) -> Refused | None:
    if amount <= money.left:
        return None
    return OverUnspent(item=money.item, amount=amount, left=money.left)


def _not_open(money: Money) -> Refused | None:
    return None if money.case and money.case.is_open else NoCase(item=money.item)


def _not_sure(money: Money) -> Refused | None:
    """No case, or one that rests on a finding somebody has to look at."""
    case, stop = money.case, money.stop
    if case is None or not case.is_open:
        return NoCase(item=money.item)
    in_doubt = case.rests_on_finding and stop is not None and stop.doubted
    return ReviewFirst(item=money.item, clause=case.clause) if in_doubt else None


def _not_reconciled(money: Money) -> Refused | None:
    """What a closing found rests on the journal's figures until the treasury's are compared with them."""
    stop, case = money.stop, money.case
    if case is None or not case.rests_on_finding or stop is None or not stop.stands:
        return None
    if stop.reconciled_on:
        return None
    return NotReconciled(item=money.item, day=stop.found_on, clause=stop.clause)


def _not_proposed(money: Money, moved: int) -> Refused | None:
    case = money.case
    if case is None:
        return None
    if case.state != "proposed":
        return NotProposed(item=money.item, clause=case.clause)
    if case.asked is not None and moved > case.asked:
        said = {"moved": moved, "asked": case.asked, "clause": case.clause}
        return OverProposed(item=money.item, **said)
    return None


def case_after(money: Money, event: CaseEvent) -> Case:
    day = event.effective_on
    match event:
        case ReallocationCaseOpened():
            return Case(event.kind, day, "open", event.clause)
        case ReallocationRequested():
            said = (event.clause, event.amount, event.complete_by)
            return Case(CANNOT_FINISH, day, "proposed", *said)
        case ReallocationProposed(amount=amount):
            case = money.case or Case(CANNOT_FINISH, day)
            return replace(case, state="proposed", asked=amount)
        case ReallocationDecided(moved=moved):
            case = money.case or Case(CANNOT_FINISH, day)
            return replace(case, state="moved" if moved else "kept", moved_amount=moved)


def reviewed(case: Case | None, event: FindingReviewed) -> Case | None:
    """An open case falls with the finding it rests on."""
    falls = case is not None and case.is_open and case.rests_on_finding and not event.stands
    return replace(case, state="withdrawn") if case and falls else case
