"""A sheet taken in as one entry: all of its rows or none, and none twice.

Each row is judged by the rules of a typed command. Knows no column; what a row says is its kind's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from ntm_workflow.domain.base import Event, NotBegun, Refused
from ntm_workflow.domain.values import Word
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.sheet_faults import Fault, Misread, bad_sheet

Progress = Callable[[int, int], None]
Meaning = tuple[Any, ...]
#: Rows between two words about how far it is.
_STEP = 1000


@dataclass(frozen=True, kw_only=True)
class Told:
    """One act of one row: whose it is, on which day, by which paper, and how it is recorded.

    `stands` says that the journal has it already, whatever it was recorded by. `more` is what else a row
    says of its facts, and `column` the one its refusal is about.
    """

    number: int
    id: str
    day: date | None
    document: str | None
    event: type[Event]
    meaning: Meaning
    record: Callable[[], object]
    amount: int = 0
    stands: Callable[[], bool] = lambda: False
    more: Mapping[str, str | None] = field(default_factory=dict)
    column: Word | None = None


class Numbered(Protocol):
    """A row that knows where it stands in its file."""

    @property
    def number(self) -> int: ...


L = TypeVar("L", bound=Numbered, contravariant=True)


class Rows(Protocol[L]):
    """What rows of a kind say."""

    events: ClassVar[tuple[type[Event], ...]]

    def read(self, line: L) -> list[Told]:
        """The acts of a row. Raises the refusal of the first thing wrong with it, or Misread."""

    def meaning(self, event: Event) -> Meaning:
        """By what an act is known again, in the journal as in a sheet."""

    def too_early(self, told: Told, refusal: NotBegun) -> Refused:
        """What is said of an act on a day on which its subject did not exist yet."""


@dataclass
class Imported:
    """What an import came to: rows recorded, rows the journal had already, and whole đồng by event."""

    recorded: int = 0
    known: int = 0
    amounts: Counter[str] = field(default_factory=Counter)


class SheetImport(Generic[L]):
    """One file on its way into one entry."""

    def __init__(self, entry: Entry, rows: Rows[L]) -> None:
        self.entry, self.rows = entry, rows
        self.known: dict[str, Counter[Meaning]] = {}
        self.earlier: dict[int, dict[str, list[Event]]] = {}
        self.faults: list[Fault] = []
        self.result = Imported()

    def run(self, lines: Iterable[L], progress: Progress = lambda done, total: None) -> Imported:
        """Record what the journal does not have yet, in the order of its days. Refuses bad rows all at once."""
        self.entry.twins_counted = True
        told = [each for line in lines for each in self._understood(line)]
        # In the order of their days a row is judged by what was so then, wherever it stands.
        told.sort(key=lambda each: each.day or date.min)
        self.entry.load([each.id for each in told])
        for at, each in enumerate(told):
            if at % _STEP == 0:
                progress(at, len(told))
            self._take(each)
        progress(len(told), len(told))
        if self.faults:
            raise bad_sheet(self.faults, self.entry.reading.names)
        return self.result

    def _understood(self, line: L) -> list[Told]:
        try:
            return self.rows.read(line)
        except Refused as refusal:
            self.faults.append(Fault(line.number, refusal))
        except Misread as misread:
            self.faults += [Fault(line.number, why, column) for column, why in misread.wrong]
        return []

    def _take(self, told: Told) -> None:
        known = self._known(told.id)
        if known[told.meaning] or told.stands():
            known[told.meaning] -= bool(known[told.meaning])
            self.result.known += 1
            return
        try:
            with self.entry.saying(told.day, told.document, **told.more):
                told.record()
        except NotBegun as refusal:
            self.faults.append(Fault(told.number, self.rows.too_early(told, refusal), told.column))
            return
        except Refused as refusal:
            self.faults.append(Fault(told.number, refusal, told.column))
            return
        self.result.recorded += 1
        self.result.amounts[told.event.__name__] += told.amount

    def _known(self, id: str) -> Counter[Meaning]:
        """What the journal said of a subject before this entry, each as often as it did."""
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
        """The events of an entry that was corrected, by subject."""
        if number not in self.earlier:
            by_subject = self.earlier[number] = defaultdict(list)
            for fact in self.entry.journal.entry(self.entry.conn, number):
                by_subject[fact.subject].append(fact.event)
        return self.earlier[number]
