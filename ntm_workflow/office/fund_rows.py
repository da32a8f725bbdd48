"""What one row of a money sheet says, as the act it stands for. Records nothing by itself."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, ClassVar

from ntm_workflow.domain.base import Event, NotBegun, Refused
from ntm_workflow.domain.fund_events import (
    FundAdvanced,
    FundAllocated,
    FundDescribed,
    FundDisbursed,
)
from ntm_workflow.domain.inputs import NotPositive
from ntm_workflow.domain.money_headings import FIELDS
from ntm_workflow.domain.money_table import Line, Table
from ntm_workflow.domain.money_words import read_word
from ntm_workflow.domain.sheet_cells import read_day, read_text, read_year, shown
from ntm_workflow.domain.values import fold, nfc
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund import Allocation, UnknownItem, allocate, pay_item
from ntm_workflow.office.items import Items
from ntm_workflow.office.names import NotFound, find_place, find_unit, meant
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.sheet_faults import CellEmpty, Misread
from ntm_workflow.office.sheet_import import Told
from ntm_workflow.office.sheet_known import same_words

#: Options that say for all rows what a sheet has no column for.
OPTIONS = {
    "place": "--place",
    "year": "--year",
    "source": "--source",
    "kind": "--kind",
    "day": "--on",
}
_NUMBERED = re.compile(r"^(?:[IVX]+|[A-H]|\d+)\s*[.)/-]\s*")
#: Amounts below this in a whole sheet without a unit were hardly meant as đồng.
_LEAST = 1_000_000


class NotSaid(Refused):
    exit_code = 2
    vi = "Bảng không có cột: {fields}.\nNêu một lần cho cả bảng: {options}"
    en = "The sheet has no column for: {fields}.\nSay it once for the whole sheet: {options}"


class UnitNotSaid(Refused):
    exit_code = 2
    vi = "Bảng không ghi đơn vị tính, mà số lớn nhất chỉ là {largest:dong}: đồng hay triệu đồng?\nNêu rõ: --unit đồng, hoặc --unit triệu"
    en = "The sheet states no unit, and its largest amount is only {largest:dong}: đồng or million đồng?\nSay which: --unit đồng, or --unit triệu"


class NotGivenYet(Refused):
    vi = "Ngày {day} “{item}” chưa được giao vốn (được giao từ {began})."
    en = "On {day} “{item}” had been given no money yet (it was from {began} on)."


class CodeElsewhere(Refused):
    vi = "Mã dự án “{code}” trong sổ không phải của “{item}”."
    en = "Project code “{code}” is not that of “{item}” in the journal."


@dataclass(frozen=True, kw_only=True)
class Common:
    """What is said once of all rows; a cell of a row says more."""

    what: str
    place: str | None = None
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    type: str = "work"
    day: date | None = None
    document: str | None = None


class Rows(ABC):
    """What rows of either kind share: their cells, and what was said once for all of them."""

    needed: ClassVar[tuple[str, ...]]
    events: ClassVar[tuple[type[Event], ...]]
    #: What of an event tells it from another of its item, beside its day and amount.
    telling: ClassVar[tuple[str, ...]]

    def __init__(self, entry: Entry, table: Table, common: Common) -> None:
        self.entry, self.table = entry, table
        self.common = replace(common, year=common.year or table.year)
        self.columns = table.layout.columns
        self.items = Items(entry.reading)
        self._must_say_enough()
        self._must_have_a_unit()
        # What the sheet does not say cannot tell two acts apart.
        self.compared = [name for name in self.telling if self._says(name)]

    def read(self, line: Line) -> list[Told]:
        """The acts of a row. Raises the refusal of the first thing wrong with it, or of each amount that is."""
        try:
            return self._read(line)
        except Refused as refusal:
            raise Misread((None, why) for why in line.wrong or (refusal,)) from None

    @abstractmethod
    def _read(self, line: Line) -> list[Told]:
        """The acts of a row. Raises the refusal of the first thing wrong with it."""

    def too_early(self, told: Told, refusal: NotBegun) -> Refused:
        return NotGivenYet(item=bare(told.id), day=told.day, began=refusal.facts["began"])

    def meaning(self, event: Event) -> tuple[Any, ...]:
        """By what an act is known again, in the journal as in a sheet."""
        said = (same_words(getattr(event, name)) for name in self.compared)
        return (type(event).__name__, event.effective_on, getattr(event, "amount", 0), *said)

    def like(self, event: Event) -> tuple[Any, ...] | None:
        """An act of the same day and amount may be the same, told by another paper."""
        return None

    def _says(self, name: str) -> bool:
        return name in self.columns or name not in ("document", "payee", "decision")

    def _must_say_enough(self) -> None:
        missing = [name for name in self.needed if not self._said(name)]
        if missing:
            fields = [FIELDS[name] for name in missing]
            raise NotSaid(fields=fields, options=" ".join(f"{OPTIONS[n]} …" for n in missing))

    def _said(self, name: str) -> bool:
        once = getattr(self.common, name) is not None
        return name in self.columns or once or (name == "place" and self._places_may_be_known())

    def _places_may_be_known(self) -> bool:
        """Whether headings between the rows may name places, or all items have theirs already."""
        at_home = (shown(line.cells.get("item")) in self.items.places for line in self.table.lines)
        return any(line.sections for line in self.table.lines) or all(at_home)

    def _must_have_a_unit(self) -> None:
        if None not in self.table.units.values():
            return
        amounts = [each for line in self.table.lines for each in line.amounts.values()]
        if amounts and 0 < max(amounts) < _LEAST:
            raise UnitNotSaid(largest=max(amounts))

    def _text(self, line: Line, name: str) -> str | None:
        return nfc(read_text(line.cells.get(name))) or None

    def _day(self, line: Line) -> date:
        day = read_day(line.cells.get("day")) or self.common.day
        if day is None:
            raise _empty("day")
        return day

    def _amounts(self, line: Line) -> dict[str, int]:
        """What is paid, by column; 0 beside another amount is how a sheet leaves a cell empty."""
        if line.wrong:
            raise line.wrong[0]
        paid = {name: amount for name, amount in line.amounts.items() if amount}
        if not paid:
            raise NotPositive(text="0")
        return paid


def _empty(name: str) -> CellEmpty:
    return CellEmpty(field=FIELDS[name])


class Payments(Rows):
    """Rows that pay: an advance and a payment for volume are two acts."""

    needed = ("day",)
    events = (FundDisbursed, FundAdvanced)
    telling = ("payee", "document")
    _of_column: ClassVar[dict[str, type[FundDisbursed | FundAdvanced]]] = {
        "amount": FundDisbursed,
        "advance": FundAdvanced,
    }

    def like(self, event: Event) -> tuple[Any, ...] | None:
        return payment_like(event)

    def _read(self, line: Line) -> list[Told]:
        paid, day = self._amounts(line), self._day(line)
        return [self._told(line, day, self._of_column[c], amount) for c, amount in paid.items()]

    def _told(
        self, line: Line, day: date, event: type[FundDisbursed | FundAdvanced], amount: int
    ) -> Told:
        item, payee = self._item(line), self._text(line, "payee")
        document = self._text(line, "document") or self.common.document
        id = f"fund/{item}"
        record = partial(pay_item, self.entry, id, event, amount, payee)
        made = event(effective_on=day, by="", document=document, item=item, amount=amount, payee=payee)  # fmt: skip
        return Told(
            number=line.number, id=id, day=day, document=document, event=event,
            amount=amount, meaning=self.meaning(made), record=record, like=payment_like(made),
        )  # fmt: skip

    def _item(self, line: Line) -> str:
        return coded_item(self.items, self._text(line, "item"), self._text(line, "code"))


def payment_like(event: Any) -> tuple[Any, ...]:
    """What two payments have in common that may be one, told by two papers."""
    return (type(event).__name__, event.effective_on, event.amount)


def coded_item(items: Items, typed: str | None, code: str | None) -> str:
    """An item by its name, or its project code where the name is not said or is not known."""
    coded = items.of_code(code) if code else []
    if typed is None:
        return _only(coded, code)
    try:
        found = items.named(typed)
    except Refused:
        if len(coded) != 1:
            raise
        return coded[0]
    if coded and found not in coded:
        raise CodeElsewhere(code=code, item=found)
    return found


def _only(coded: list[str], code: str | None) -> str:
    if code is None:
        raise _empty("item")
    if len(coded) != 1:
        raise UnknownItem(item=code, near=meant(coded))
    return coded[0]


class Allocations(Rows):
    """Rows that give money; an item nobody knows yet is opened by them."""

    needed = ("place", "year", "source", "kind", "day")
    events = (FundAllocated,)
    telling = ("source", "kind", "plan_year", "carried_from", "decision", "document")

    def __init__(self, entry: Entry, table: Table, common: Common) -> None:
        super().__init__(entry, table, common)
        self.readings: dict[date, Reading] = {}
        self.places: dict[tuple[str, date], str | Refused] = {}
        self.no_places: set[str] = set()
        self.owners: dict[str, str] = {}

    def _read(self, line: Line) -> list[Told]:
        amount, day = self._amounts(line)["amount"], self._day(line)
        given = self._given(line, amount, day)
        document = self._text(line, "document") or self.common.document
        id = f"fund/{given.item}"
        made = FundAllocated(
            effective_on=day, by="", document=document, item=given.item, amount=amount,
            source=given.source, kind=given.kind, plan_year=given.year,
            carried_from=given.carried_from, decision=given.decision,
        )  # fmt: skip
        said = {"owner": given.owner, "code": self._text(line, "code")}
        record = partial(self._record, given, said)
        return [
            Told(
                number=line.number, id=id, day=day, document=document, event=FundAllocated,
                amount=amount, meaning=self.meaning(made), record=record,
            )
        ]  # fmt: skip

    def _given(self, line: Line, amount: int, day: date) -> Allocation:
        item = self._text(line, "item")
        year = read_year(line.cells.get("year")) or self.common.year
        if item is None or year is None:
            raise _empty("item" if item is None else "year")
        return Allocation(
            item=item,
            place=self._place(line, item, day),
            year=year,
            source=self._word(line, "source"),
            kind=self._word(line, "kind"),
            amount=amount,
            type=self._word(line, "type"),
            carried_from=read_year(line.cells.get("carried_from")),
            decision=self._text(line, "decision"),
            owner=self._owner(line),
        )

    def _word(self, line: Line, name: str) -> str:
        typed = self._text(line, name) or getattr(self.common, name)
        if typed is None:
            raise _empty(name)
        return read_word(name, typed)

    def _record(self, given: Allocation, said: dict[str, str | None]) -> None:
        id = f"fund/{given.item}"
        new = self.entry.timeline(id).now is None
        allocate(self.entry, given, self._alike)
        if new:
            self.items.add(given.item, given.place, given.year)
        state = self.entry.timeline(id).now
        told = {name: text for name, text in said.items() if text and text != getattr(state, name)}
        if told:
            self.entry.record(id, FundDescribed, item=given.item, **told)

    def _alike(self, given: Allocation, item: str) -> list[str]:
        return self.items.alike.get((given.place, given.year, fold(item)), [])

    def _owner(self, line: Line) -> str | None:
        typed = self._text(line, "owner")
        if typed is None:
            return None
        if typed not in self.owners:
            self.owners[typed] = find_unit(self.entry.reading, typed)
        return self.owners[typed]

    def _place(self, line: Line, item: str, day: date) -> str:
        """Of the row, or of the nearest heading above it that is one, or of the whole sheet; else the item's own."""
        if typed := self._text(line, "place"):
            return self._found(typed, day)
        for section in reversed(line.sections):
            if place := self._headed(_NUMBERED.sub("", section), day):
                return place
        place = self.common.place or self.items.places.get(item)
        if place is None:
            raise _empty("place")
        return place

    def _headed(self, section: str, day: date) -> str | None:
        if section in self.no_places:
            return None
        try:
            return self._found(section, day)
        except Refused:
            self.no_places.add(section)
            return None

    def _found(self, typed: str, day: date) -> str:
        if (typed, day) not in self.places:
            reading = self.readings.setdefault(day, self.entry.reading.on(day))
            try:
                self.places[typed, day] = _located(reading, typed)
            except Refused as refusal:
                self.places[typed, day] = refusal
        found = self.places[typed, day]
        if isinstance(found, Refused):
            raise found
        return found


def _located(reading: Reading, typed: str) -> str:
    """The place of a name, or of one inside another: “Thôn Đồng Phú, xã Tam Ngọc”."""
    try:
        return find_place(reading, typed)
    except NotFound:
        *inside, around = (part.strip() for part in typed.split(","))
        if not inside:
            raise
    place = find_place(reading, around)
    for part in reversed(inside):
        place = find_place(reading, part, within=place)
    return place
