"""Carrying what is left of a year's money into the next: less there, an item of its own here.

What goes along: who owns the work, its code, its term, and what is owed on it. What must stop, or
waits for a decision, is not carried away from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from ntm_workflow.domain import fund_case, fund_stop
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import FundPaperMissing, NothingAllocated, Settled
from ntm_workflow.domain.fund_case import OverUnspent
from ntm_workflow.domain.fund_events import FundDescribed, VolumeCarried
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.place import Place
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund import Allocation, adjust_item, allocate, find_item, fund_of
from ntm_workflow.office.money_guard import too_long_unsettled
from ntm_workflow.office.reading import bare

#: What the name of a carried item ends with; carried once more it is not said twice.
_CARRIED: Final = re.compile(r" \(chuyển nguồn từ \d{4}\)$")


class NothingLeft(Refused):
    exit_code = 2
    vi = "“{item}” không còn vốn để chuyển nguồn.\nXem: ntm fund show {item:arg}"
    en = "Nothing is left on “{item}” to be carried over.\nSee: ntm fund show {item:arg}"


class OtherWork(Refused):
    exit_code = 2
    vi = "“{item}” thuộc dự án {code}, không phải {other}.\nChuyển nguồn vào một mục khác: --as TÊN"
    en = "“{item}” belongs to project {code}, not {other}.\nCarry it into another item: --as NAME"


class YearNotOver(Refused):
    vi = "Năm {year} chưa hết vào ngày {day}, nên vốn của “{item}” chưa chuyển nguồn.\nĐã có quyết định thật? Thêm --already-done."
    en = "On {day} the year {year} was not over, so the money of “{item}” is not carried yet.\nReally decided? Add --already-done."


def carry(
    entry: Entry,
    item: str,
    amount: int | None = None,
    *,
    name: str | None = None,
    place: str | None = None,
    decision: str | None = None,
) -> None:
    """Carry what is not spent, or so much of it, into the next year, and what is owed along with it."""
    id = find_item(entry.reading, item)
    fund, day = fund_of(entry, id), entry.request.on or entry.today
    if not entry.request.document:
        raise FundPaperMissing
    carried = _how_much(fund, amount)
    against = next(_objections(fund, day), None) or too_long_unsettled(entry, fund)
    adjust_item(entry, id, -carried, decision, against)
    to = name or f"{_CARRIED.sub('', fund.item)} (chuyển nguồn từ {fund.year})"
    where = place or _held_at(entry, to) or _where(entry, fund, day)
    new = allocate(entry, _given(fund, to, carried, where, decision))
    _describe(entry, fund, new)
    _owe(entry, id, fund, new, min(_owed(fund), carried))


def _how_much(fund: Fund, amount: int | None) -> int:
    if fund.year is None:
        raise NothingAllocated(item=fund.item)
    # Of what is settled only what is owed is ever paid.
    most = fund.left if fund.settled is None else min(fund.left, _owed(fund))
    if not most and fund.settled is not None:
        raise Settled(item=fund.item, settled=fund.settled, day=fund.settled_on)
    if not most:
        raise NothingLeft(item=fund.item)
    carried = most if amount is None else amount
    if carried > most:
        raise OverUnspent(item=fund.item, amount=carried, left=most)
    return carried


def _owed(fund: Fund) -> int:
    """What is still to be paid of what is owed: an advance that is out covers its part."""
    return max(fund.debt - fund.advanced, 0)


def _objections(fund: Fund, day: date) -> Iterator[Refused]:
    if fund.year is not None and day <= date(fund.year, 12, 31):
        yield YearNotOver(item=fund.item, year=str(fund.year), day=day)
    if refusal := fund_stop.not_payable(fund, day) or fund_case.open_already(fund):
        yield refusal


def _where(entry: Entry, fund: Fund, day: date) -> str:
    """The item's place, or the one that came after it where there is just one."""
    id, state = fund.place, _place(entry, fund.place, day)
    while state is not None and state.ended and len(state.successors) == 1:
        id, state = state.successors[0], _place(entry, state.successors[0], day)
    return id


def _held_at(entry: Entry, item: str) -> str | None:
    """Where an item lies that is there already, and receives more."""
    fund: Fund | None = entry.timeline(f"fund/{tidy(item)}").now
    return fund.place if fund else None


def _place(entry: Entry, id: str, day: date) -> Place | None:
    place: Place | None = entry.timeline(f"place/{id}").at(day)
    return place


def _given(fund: Fund, name: str, amount: int, place: str, decision: str | None) -> Allocation:
    return Allocation(
        item=name,
        place=place,
        year=(fund.year or 0) + 1,
        source=fund.source or "",
        kind=fund.kind or "",
        amount=amount,
        type=fund.type,
        carried_from=fund.carried_from or fund.year,
        decision=decision,
        owner=fund.owner,
        term_from=fund.allocated_on,
    )


def _describe(entry: Entry, fund: Fund, new: str) -> None:
    known = fund_of(entry, new)
    if known.code and fund.code and known.code != fund.code:
        raise OtherWork(item=known.item, code=known.code, other=fund.code)
    told = {"code": fund.code, "investment": fund.investment}
    differ = {name: v for name, v in told.items() if v is not None and v != getattr(known, name)}
    if differ:
        entry.record(new, FundDescribed, item=bare(new), **differ)


def _owe(entry: Entry, old: str, fund: Fund, new: str, owed: int) -> None:
    if owed > 0:
        settled = fund.settled is not None
        entry.record(old, VolumeCarried, item=fund.item, amount=-owed, settled=settled)
        entry.record(new, VolumeCarried, item=bare(new), amount=owed, settled=settled)
