"""Money on an item: finding the item people name, giving to it, paying out on it."""

from __future__ import annotations

from dataclasses import dataclass

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import (
    TYPES,
    FundAllocated,
    FundDisbursed,
    FundItemOpened,
    UnknownWord,
)
from ntm_workflow.domain.values import fold, nfc
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import meant, near
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS


class UnknownItem(Refused):
    exit_code = 3
    vi = "Không có mục vốn “{item}”.{near}\nXem: ntm fund list"
    en = "There is no fund item “{item}”.{near}\nSee: ntm fund list"


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


def allocate(entry: Entry, given: Allocation) -> None:
    """Give money to an item, which comes into being with its first đồng."""
    if given.type not in TYPES:
        raise UnknownWord(word=given.type, known=TYPES)
    item = nfc(" ".join(given.item.split()))
    id = f"fund/{item}"
    state = entry.timeline(id).now
    if state is None:
        _unlike_others(entry.reading, given, item)
        entry.record(id, FundItemOpened, item=item, type=given.type, place=given.place)
    elif state.place != given.place:
        raise ItemElsewhere(item=item, place=state.place)
    entry.record(
        id,
        FundAllocated,
        item=item,
        amount=given.amount,
        source=given.source,
        kind=given.kind,
        plan_year=given.year,
        carried_from=given.carried_from,
        decision=given.decision,
    )


def _unlike_others(reading: Reading, given: Allocation, item: str) -> None:
    """Refuse a new item that differs from another only in case, accents, Unicode form or spaces."""
    c = VIEWS["fund"].table.c
    there = reading.rows("fund", c.place == given.place, c.year == given.year, only=["id"])
    alike = [bare(row.id) for row in there if fold(bare(row.id)) == fold(item)]
    if alike:
        place = reading.names.get(given.place, given.place)
        raise ItemAlike(item=item, year=str(given.year), place=place, near=alike)


def disburse(entry: Entry, item: str, amount: int, payee: str | None) -> None:
    id = find_item(entry.reading, item)
    entry.record(id, FundDisbursed, item=bare(id), amount=amount, payee=payee)


def find_item(reading: Reading, typed: str) -> str:
    """Id of the item named, with accents exactly or without them when only one folds so."""
    text = nfc(" ".join(typed.split()))
    if reading.row(f"fund/{text}") is not None:
        return f"fund/{text}"
    names = [bare(row.id) for row in reading.rows("fund")]
    folded = [name for name in names if fold(name) == fold(text)]
    if len(folded) == 1:
        return f"fund/{folded[0]}"
    raise UnknownItem(item=typed, near=meant(folded) if folded else near(text, names))
