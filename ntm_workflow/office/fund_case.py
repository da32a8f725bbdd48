"""Moving money between items: the unit's request, the proposal, and one decision of many lines.

A decision adds up to nothing within each source, kind and year, and is recorded whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import NotPositive
from ntm_workflow.domain.fund_case import (
    CANNOT_FINISH,
    ReallocationDecided,
    ReallocationProposed,
    ReallocationRequested,
    over_unspent,
)
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund import (
    Allocation,
    UnknownItem,
    adjust_item,
    allocate,
    find_item,
    fund_of,
)
from ntm_workflow.office.fund_stop import after_the_finding
from ntm_workflow.office.money_checks import REQUEST, in_force
from ntm_workflow.office.reading import bare


class NoRuleToAsk(Refused):
    vi = "Không kế hoạch nào đang áp dụng có quy định về đề nghị điều chuyển vốn năm {year} tại {place}.\nXem: ntm fund rules"
    en = "No plan in force rules how {place} asks for its {year} money to be moved.\nSee: ntm fund rules"


class NotTheOwner(Refused):
    vi = "Đề nghị này là của chủ đầu tư “{item}”, {unit}, không phải của {body} ({clause}).\nBỏ --body, hoặc thêm --already-done nếu văn bản đã ban hành."
    en = "This request is that of the owner of “{item}”, {unit}, not of {body} ({clause}).\nLeave --body out, or add --already-done if the paper was issued."


class SameItemTwice(Refused):
    exit_code = 2
    vi = "“{item}” nằm cả bên lấy ra lẫn bên đưa vào, hoặc nêu hai lần.\nMỗi mục một dòng, một chiều."
    en = "“{item}” both gives and receives, or is named twice.\nOne line an item, one way."


class NotBalanced(Refused):
    exit_code = 2
    vi = "Vốn {source:word}, {kind:word}, năm {year}: lấy ra {out:dong}, đưa vào {into:dong}; phải bằng nhau trong cùng nguồn, loại và năm ({clause}).\nSửa các dòng --from và --to."
    en = "{source:word} {kind:word} money of {year}: {out:dong} out, {into:dong} in; they must be equal within a source, kind and year ({clause}).\nMend the --from and --to lines."


class Line(NamedTuple):
    """An item as it was typed, and đồng."""

    item: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who gives how much, who receives it, and where an item that is new lies, and what it is."""

    out: Sequence[Line]
    into: Sequence[Line]
    place: str | None = None
    type: str = "work"
    decision: str | None = None


def propose(entry: Entry, item: str, amount: int | None) -> None:
    """Propose that what is not spent, or so much of it, be moved.

    Of money that a closing found it goes on from that case; else it is the unit's own request.
    """
    id = find_item(entry.reading, item)
    fund = fund_of(entry, id)
    asked = fund.left if amount is None else amount
    if fund.case and fund.case.is_open and fund.case.kind != CANNOT_FINISH:
        said = {"item": fund.item, "amount": asked}
        entry.record(id, ReallocationProposed, **said, **after_the_finding(entry, id))
        return
    _request(entry, id, fund, asked)


def _request(entry: Entry, id: str, fund: Fund, asked: int) -> None:
    """What the unit that owns the item asks for itself, by the plan's rule about requests."""
    rule = next(in_force(entry.reading, REQUEST, fund.place, fund.year), None)
    if rule is None:
        place = entry.reading.names.get(fund.place, fund.place)
        raise NoRuleToAsk(year=str(fund.year), place=place)
    owner, body = fund.owner, entry.request.body
    other = body is not None and owner is not None and body != owner
    against = NotTheOwner(item=fund.item, unit=owner, body=body, clause=rule.clause)
    entry.record(
        id,
        ReallocationRequested,
        against if other else None,
        item=fund.item,
        rule=rule.id,
        clause=rule.clause,
        amount=asked,
        asked_from=rule.opens_on,
        asked_until=rule.day,
        complete_by=rule.complete_by,
        body=body or owner,
    )


def keep(entry: Entry, item: str) -> None:
    """It was decided that the money stays where it is."""
    id = find_item(entry.reading, item)
    entry.record(id, ReallocationDecided, item=bare(id), **after_the_finding(entry, id))


def reallocate(entry: Entry, said: Decision) -> None:
    """One decision: all its lines, or none. Every item that gives needs a case that was proposed."""
    _Moving(entry, said).record()


@dataclass
class _Moving:
    """A decision on its way into the journal; `sums` are what goes out (less) and in, by kind of money."""

    entry: Entry
    said: Decision
    sums: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    taken: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    clause: str = ""

    def record(self) -> None:
        giving = [(find_item(self.entry.reading, line.item), line) for line in self.said.out]
        receiving = [(self._receiver(line.item), line) for line in self.said.into]
        self._once([id for id, _ in (*giving, *receiving)])
        if any(line.amount <= 0 for _, line in (*giving, *receiving)):
            raise NotPositive
        for id, line in giving:
            self._give(id, line.amount)
        first = fund_of(self.entry, giving[0][0])
        for id, line in receiving:
            self._receive(id, line.amount, first)
        self._balanced()
        # The cases end once the whole decision is known to hold.
        for id, line in giving:
            said = {"item": bare(id), "moved": line.amount}
            self.entry.record(id, ReallocationDecided, **said, **after_the_finding(self.entry, id))

    def _receiver(self, item: str) -> str:
        try:
            return find_item(self.entry.reading, item)
        except UnknownItem:
            if self.said.place is None:
                raise
            return f"fund/{tidy(item)}"

    def _once(self, ids: Sequence[str]) -> None:
        twice = [id for id, n in Counter(ids).items() if n > 1]
        if twice:
            raise SameItemTwice(item=bare(twice[0]))

    def _give(self, id: str, amount: int) -> None:
        fund = fund_of(self.entry, id)
        if refusal := over_unspent(fund, amount):
            raise refusal
        self.clause = self.clause or (fund.case.clause if fund.case else "")
        adjust_item(self.entry, id, -amount, self.said.decision)
        self._count(fund, -amount)

    def _receive(self, id: str, amount: int, first: Fund) -> None:
        if self.entry.exists(id):
            adjust_item(self.entry, id, amount, self.said.decision)
        else:
            self._open(id, amount, first)
        self._count(fund_of(self.entry, id), amount)

    def _open(self, id: str, amount: int, like: Fund) -> None:
        """An item that is new holds money like that of the first item that gives."""
        given = Allocation(
            item=bare(id),
            place=self.said.place or "",
            year=like.year or 0,
            source=like.source or "",
            kind=like.kind or "",
            amount=amount,
            type=self.said.type,
            carried_from=like.carried_from,
            decision=self.said.decision,
        )
        allocate(self.entry, given)

    def _count(self, fund: Fund, amount: int) -> None:
        money = (fund.source, fund.kind, fund.year, fund.carried_from)
        self.sums[money] += amount
        self.taken[money] -= min(amount, 0)

    def _balanced(self) -> None:
        for money, rest in self._unequal():
            source, kind, year, _ = money
            out = self.taken[money]
            said = {"source": source, "kind": kind, "year": str(year), "clause": self.clause}
            raise NotBalanced(out=out, into=out + rest, **said)

    def _unequal(self) -> Iterator[tuple[tuple[Any, ...], int]]:
        return ((money, rest) for money, rest in self.sums.items() if rest)
