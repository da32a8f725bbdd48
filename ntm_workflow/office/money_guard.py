"""What money rules of the plans object to an act that is asked for; one really done is kept with its clause."""

from __future__ import annotations

from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.money_check import MoneyCheck
from ntm_workflow.domain.money_findings import meant, meant_types, term_ends
from ntm_workflow.domain.money_works import UPPER, Work, works
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.money_checks import PACE, UNSETTLED, in_force, settings_at
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS


class TooLongUnsettled(Refused):
    vi = "“{item}” được giao vốn từ {given_on}, quá {months} tháng mà chưa quyết toán: không bố trí thêm vốn {source:word} ({clause}).\nĐã bố trí thật? Thêm --already-done --document …"
    en = "“{item}” was given money on {given_on} and is not settled after {months} months: no more {source:word} money ({clause}).\nReally given? Add --already-done --document …"


class AheadOfCounterpart(Refused):
    vi = "Vốn đối ứng của “{work}” mới giải ngân {local_paid:dong} trên {local_plan:dong}, nên vốn cấp trên chỉ chi thêm được {payable:dong} ({clause}).\nXem: ntm fund payable. Đã chi thật? Thêm --already-done --document …"
    en = "Of the counterpart of “{work}” {local_paid:dong} of {local_plan:dong} is disbursed, so {payable:dong} more of the upper money may be paid ({clause}).\nSee: ntm fund payable. Really paid? Add --already-done --document …"


def too_long_unsettled(entry: Entry, fund: Fund) -> Refused | None:
    """Why an item may be given no more money: its term to be settled is over."""
    day = entry.request.on or entry.today
    for check in in_force(entry.reading, UNSETTLED, fund.place):
        begun, months = fund.allocated_on, check.months
        if not (begun and months and fund.settled_on is None and meant(check, [fund])):
            continue
        if term_ends(begun, months) < day:
            said = {"source": fund.source, "months": months, "clause": check.clause}
            return TooLongUnsettled(item=fund.item, given_on=begun, **said)
    return None


def ahead_of_counterpart(entry: Entry, fund: Fund, amount: int) -> Refused | None:
    """Why so much may not be paid yet: the work's counterpart is behind."""
    if fund.source not in UPPER:
        return None
    check = next(in_force(entry.reading, PACE, fund.place), None)
    if check is None or not meant_types(check, [fund]):
        return None
    work = _work(entry, fund)
    payable = payable_of(entry.reading, work)
    if payable is None or amount <= payable:
        return None
    return _refusal(work, payable, check)


def payable_of(reading: Reading, work: Work) -> int | None:
    """How much more upper money of a work may be paid, in đồng; None where nobody has decided it."""
    if work.payable is not None:
        return work.payable
    rest = work.upper_plan - work.upper_paid
    return {"all": rest, "nothing": 0}.get(settings_at(reading, work.place).no_counterpart)


def _work(entry: Entry, fund: Fund) -> Work:
    """All money of an item's work, as it stands in this entry."""
    if fund.code is None:
        return works([fund])[0]
    rows = _of_code(entry.reading, fund.code)
    now: list[Any] = [
        entry.timelines[row.id].now if row.id in entry.timelines else row for row in rows
    ]
    return works([each for each in now if each.code == fund.code and each.allocated > 0])[0]


def _of_code(reading: Reading, code: str) -> list[Any]:
    # An entry may have many payments of the same works.
    known = reading.kept.setdefault("of_code", {})
    if code not in known:
        known[code] = reading.rows("fund", VIEWS["fund"].table.c.code == code)
    found: list[Any] = known[code]
    return found


def _refusal(work: Work, payable: int, check: MoneyCheck) -> Refused:
    said = {"local_paid": work.local_paid, "local_plan": work.local_plan}
    return AheadOfCounterpart(work=work.name, payable=payable, clause=check.clause, **said)
