"""A money sheet taken in as one entry: all of its rows or none, and none twice.

Each row is judged by the rules of a typed command. Knows rows of cells; the file is the caller's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ntm_workflow.domain.base import Event, NotBegun, Refused
from ntm_workflow.domain.money_headings import ALLOCATIONS
from ntm_workflow.domain.money_table import Line, Table
from ntm_workflow.domain.values import Word
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund_rows import Allocations, Common, Payments, Told

Progress = Callable[[int, int], None]
Meaning = tuple[Any, ...]
#: Rows between two words about how far it is.
_STEP = 1000
#: Row numbers named in a sentence; the copy of the sheet has them all.
_NAMED = 5
#: Causes told; the copy of the sheet has them all.
_CAUSES = 8


@dataclass(frozen=True)
class Fault:
    """Why one row cannot be taken."""

    row: int
    why: Refused

    @property
    def reason(self) -> Word:
        """What the refusal says, near names and candidates too, but for the command it ends with."""
        return Word(*(_without_last(self.why.say(lang)) for lang in ("vi", "en")))


def _without_last(sentence: str) -> str:
    lines = sentence.split("\n")
    return " ".join(line.strip() for line in (lines[:-1] or lines))


@dataclass
class Imported:
    """What an import came to: rows recorded, rows the journal had already, and whole đồng by event."""

    recorded: int = 0
    known: int = 0
    amounts: Counter[str] = field(default_factory=Counter)


class NotGivenYet(Refused):
    vi = "Ngày {day} “{item}” chưa được giao vốn (được giao từ {began})."
    en = "On {day} “{item}” had been given no money yet (it was from {began} on)."


class BadSheet(Refused):
    vi = "{count} dòng có lỗi, chưa ghi gì:\n{causes}\nSửa các dòng đó rồi chạy lại; dòng đã có trong sổ không bị ghi hai lần."
    en = "{count} rows are wrong, nothing was recorded:\n{causes}\nMend them and run it again; what the journal has is not recorded twice."

    @property
    def all(self) -> list[Fault]:
        return list(self.facts["every"])


def import_sheet(
    entry: Entry, table: Table, common: Common, progress: Progress = lambda done, total: None
) -> Imported:
    """Record what the journal does not have yet, in the order of its days. Refuses bad rows all at once."""
    done = _Import(entry, table, common)
    done.run(progress)
    if done.faults:
        raise bad_sheet(done.faults, entry)
    return done.result


def bad_sheet(faults: Sequence[Fault], entry: Entry) -> BadSheet:
    """The refusal that groups the rows by cause; whatever the cause names is named."""
    named = [Fault(f.row, f.why.naming(entry.reading.names)) for f in faults]
    named.sort(key=lambda fault: fault.row)
    by_cause: dict[type[Refused], list[Fault]] = defaultdict(list)
    for fault in named:
        by_cause[type(fault.why)].append(fault)
    largest = sorted(by_cause.values(), key=len, reverse=True)
    lines = [_cause(each) for each in largest[:_CAUSES]]
    if rest := sum(map(len, largest[_CAUSES:])):
        lines.append(Word(f"  … và {rest} dòng nữa", f"  … and {rest} rows more"))
    told = Word("\n".join(line.vi for line in lines), "\n".join(line.en for line in lines))
    count = len({fault.row for fault in named})
    return BadSheet(count=count, causes=told, every=tuple(named))


def _cause(faults: Sequence[Fault]) -> Word:
    rows = list(dict.fromkeys(str(fault.row) for fault in faults))
    numbers = ", ".join(rows[:_NAMED]) + (", …" if len(rows) > _NAMED else "")
    why = faults[0].reason
    if len({fault.reason for fault in faults}) > 1:
        # Of one kind, each in its own words: the first speaks for all.
        why = Word(f"như dòng {rows[0]}: {why.vi}", f"as row {rows[0]}: {why.en}")
    rows_en = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return Word(f"  {len(rows)} dòng ({numbers}): {why.vi}", f"  {rows_en} ({numbers}): {why.en}")


class _Import:
    """One file on its way into one entry."""

    def __init__(self, entry: Entry, table: Table, common: Common) -> None:
        self.entry, self.table = entry, table
        kind = Allocations if common.what == ALLOCATIONS else Payments
        self.rows = kind(entry, table, common)
        self.known: dict[str, Counter[Meaning]] = {}
        self.earlier: dict[int, dict[str, list[Event]]] = {}
        self.faults: list[Fault] = []
        self.result = Imported()

    def run(self, progress: Progress) -> None:
        self.entry.twins_counted = True
        told = [each for line in self.table.lines for each in self._understood(line)]
        # In the order of their days a payment is judged by what was left then, wherever its row stands.
        told.sort(key=lambda each: each.day)
        self.entry.load([each.id for each in told])
        for at, each in enumerate(told):
            if at % _STEP == 0:
                progress(at, len(told))
            self._take(each)
        progress(len(told), len(told))

    def _understood(self, line: Line) -> list[Told]:
        try:
            return self.rows.read(line)
        except Refused as refusal:
            wrong = line.wrong or (refusal,)
            self.faults += [Fault(line.number, why) for why in wrong]
            return []

    def _take(self, told: Told) -> None:
        known = self._known(told.id)
        if known[told.meaning]:
            known[told.meaning] -= 1
            self.result.known += 1
            return
        try:
            with self.entry.saying(told.day, told.document):
                told.record()
        except NotBegun as refusal:
            item, began = told.id.partition("/")[2], refusal.facts["began"]
            why = NotGivenYet(item=item, day=told.day, began=began)
            self.faults.append(Fault(told.number, why))
            return
        except Refused as refusal:
            self.faults.append(Fault(told.number, refusal))
            return
        self.result.recorded += 1
        self.result.amounts[told.event.__name__] += told.amount

    def _known(self, id: str) -> Counter[Meaning]:
        """What the journal said of an item before this entry, each as often as it did."""
        if id not in self.known:
            events = [step.fact.event for step in self.entry.timeline(id).steps]
            self.known[id] = self._meanings(events) + self._corrected(id, events)
        return self.known[id]

    def _meanings(self, events: Iterable[Event]) -> Counter[Meaning]:
        told = (event for event in events if isinstance(event, self.rows.events))
        return Counter(map(self.rows.meaning, told))

    def _corrected(self, id: str, events: Iterable[Event]) -> Counter[Meaning]:
        """What facts said before they were corrected: a sheet that still says so tells nothing new."""
        replacing: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            if event.replaces is not None:
                replacing[event.replaces].append(event)
        before: Counter[Meaning] = Counter()
        for number, now in replacing.items():
            told = self._told_in(number).get(id, [])
            before += self._meanings(told) - self._meanings(now)
            before += self._corrected(id, told)
        return before

    def _told_in(self, number: int) -> dict[str, list[Event]]:
        """The events of an entry that was corrected, by item."""
        if number not in self.earlier:
            by_item = self.earlier[number] = defaultdict(list)
            for fact in self.entry.journal.entry(self.entry.conn, number):
                by_item[fact.subject].append(fact.event)
        return self.earlier[number]
