"""Money on an item: finding the item people name, giving to it, paying out on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.fund import TYPES, UnknownWord
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
    VolumeAccepted,
)
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.values import fold, nfc
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.money_checks import pay_until
from ntm_workflow.office.money_guard import ahead_of_counterpart, too_long_unsettled
from ntm_workflow.office.names import find_unit, meant, near
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS


class UnknownItem(Refused):
    exit_code = 3
    vi = "Không có mục vốn “{item}”.{near}\nXem: ntm fund list"
    en = "There is no fund item “{item}”.{near}\nSee: ntm fund list"


class NoOwner(Refused):
    exit_code = 2
    vi = "Mục vốn “{item}” chưa có chủ đầu tư, và sổ chưa có UBND của {place}.\nThêm --owner ĐƠN-VỊ. Xem: ntm unit list"
    en = "Fund item “{item}” has no owner, and the journal knows no committee of {place}.\nAdd --owner UNIT. See: ntm unit list"


class ItemElsewhere(Refused):
    vi = "Mục vốn “{item}” đã mở tại {place}; nơi khác phải là một mục riêng."
    en = "Fund item “{item}” belongs to {place}; another place needs an item of its own."


class ItemAlike(Refused):
    vi = "Năm {year} tại {place} đã có mục vốn gần giống “{item}”: {near}.\nDùng đúng tên đó, hoặc đặt tên khác hẳn. Xem: ntm fund list"
    en = "In {year} {place} already has a fund item much like “{item}”: {near}.\nUse that very name, or one that differs more. See: ntm fund list"


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """Money given: đồng of one plan year, one source and one kind, to one item in one place."""

    item: str
    place: str
    year: int
    source: str
    kind: str
    amount: int
    type: str = "work"
    carried_from: int | None = None
    decision: str | None = None
    owner: str | None = None
    code: str | None = None
    term_from: date | None = None


#: The names of items that a new one differs from only in case, accents, Unicode form or spaces.
Alike = Callable[[Allocation, str], list[str]]


def allocate(entry: Entry, given: Allocation, alike: Alike | None = None) -> str:
    """Give money to an item, which comes into being with its first đồng; its id.

    `alike` answers from memory what is else asked of the tables.
    """
    if given.type not in TYPES:
        raise UnknownWord(word=given.type, known=TYPES)
    item = nfc(" ".join(given.item.split()))
    id = f"fund/{item}"
    state = entry.timeline(id).now
    if state is None:
        _unlike_others(entry.reading, given, item, alike)
        said = {"item": item, "type": given.type, "place": given.place}
        entry.record(id, FundItemOpened, **said, owner=_owner(entry.reading, given))
    elif state.place != given.place:
        raise ItemElsewhere(item=item, place=state.place)
    entry.record(
        id,
        FundAllocated,
        too_long_unsettled(entry, fund_of(entry, id)),
        item=item,
        amount=given.amount,
        source=given.source,
        kind=given.kind,
        plan_year=given.year,
        carried_from=given.carried_from,
        decision=given.decision,
        pay_until=pay_until(entry.reading, given.place, given.year),
        term_from=given.term_from,
    )
    if given.code and given.code != fund_of(entry, id).code:
        entry.record(id, FundDescribed, item=item, code=given.code)
    return id


def _owner(reading: Reading, given: Allocation) -> str:
    """The unit named, by its id, else the nearest committee; an item belongs to somebody."""
    unit = given.owner or reading.nearest_committee(given.place)
    if unit is None:
        raise NoOwner(item=given.item, place=reading.names.get(given.place, given.place))
    return unit


def _unlike_others(reading: Reading, given: Allocation, item: str, alike: Alike | None) -> None:
    """Refuse a new item that differs from another only in case, accents, Unicode form or spaces."""
    found = alike(given, item) if alike else _alike(reading, given, item)
    if found:
        place = reading.names.get(given.place, given.place)
        raise ItemAlike(item=item, year=str(given.year), place=place, near=found)


def _alike(reading: Reading, given: Allocation, item: str) -> list[str]:
    c = VIEWS["fund"].table.c
    there = reading.rows("fund", c.place == given.place, c.year == given.year, only=["id"])
    return [bare(row.id) for row in there if fold(bare(row.id)) == fold(item)]


def fund_of(entry: Entry, id: str) -> Fund:
    """An item as it stands in this entry; it must exist."""
    fund: Fund = entry.timeline(id).now  # type: ignore[assignment]
    return fund


def disburse(entry: Entry, item: str, amount: int, payee: str | None) -> None:
    _pay(entry, item, FundDisbursed, amount, payee)


def adjust(entry: Entry, item: str, amount: int, decision: str | None) -> None:
    """Change the plan of an item's money by so much, up or down."""
    adjust_item(entry, find_item(entry.reading, item), amount, decision)


def adjust_item(
    entry: Entry, id: str, amount: int, decision: str | None, against: Refused | None = None
) -> None:
    if amount > 0:
        against = against or too_long_unsettled(entry, fund_of(entry, id))
    said = {"item": bare(id), "amount": amount, "decision": decision}
    entry.record(id, FundAdjusted, against, **said)


def contract(entry: Entry, item: str, amount: int, contractor: str | None) -> None:
    _record(entry, item, FundContracted, amount=amount, contractor=contractor)


def advance(entry: Entry, item: str, amount: int, payee: str | None) -> None:
    _pay(entry, item, FundAdvanced, amount, payee)


def _pay(entry: Entry, item: str, event: type[Event], amount: int, payee: str | None) -> None:
    pay_item(entry, find_item(entry.reading, item), event, amount, payee)


def pay_item(entry: Entry, id: str, event: type[Event], amount: int, payee: str | None) -> None:
    against = ahead_of_counterpart(entry, fund_of(entry, id), amount)
    entry.record(id, event, against, item=bare(id), amount=amount, payee=payee)


def recover(entry: Entry, item: str, amount: int) -> None:
    _record(entry, item, AdvanceRecovered, amount=amount)


def give_back(entry: Entry, item: str, amount: int, *, of_advance: bool) -> None:
    _record(entry, item, FundReturned, amount=amount, of_advance=of_advance)


def accept(entry: Entry, item: str, amount: int) -> None:
    _record(entry, item, VolumeAccepted, amount=amount)


def settle(entry: Entry, item: str, amount: int) -> None:
    _record(entry, item, FundSettled, amount=amount)


def hand_over(entry: Entry, item: str) -> None:
    _record(entry, item, FundHandedOver)


def contribute(entry: Entry, item: str, amount: int, what: str, by_whom: str | None) -> None:
    """Work, land or things that somebody gave, by what they are worth."""
    _record(entry, item, FundContributed, amount=amount, what=tidy(what), by_whom=by_whom)


def describe(
    entry: Entry, item: str, owner: str | None, code: str | None, investment: int | None
) -> None:
    """Who owns an item, its project code and its approved total investment; None stays as it is."""
    unit = find_unit(entry.reading, owner) if owner else None
    _record(entry, item, FundDescribed, owner=unit, code=code, investment=investment)


def _record(entry: Entry, item: str, event: type[Event], **said: Any) -> None:
    id = find_item(entry.reading, item)
    entry.record(id, event, item=bare(id), **said)


def find_item(reading: Reading, typed: str) -> str:
    """Id of the item named, with accents exactly or without them when only one folds so."""
    text = nfc(" ".join(typed.split()))
    if reading.row(f"fund/{text}") is not None:
        return f"fund/{text}"
    names = [bare(row.id) for row in reading.rows("fund", only=["id"])]
    key = fold(text)
    folded = [name for name in names if fold(name) == key]
    if len(folded) == 1:
        return f"fund/{folded[0]}"
    raise UnknownItem(item=typed, near=meant(folded) if folded else near(text, names))
