"""A sheet taken in as one entry: all of its rows or none, and none twice.

Each row is judged by the rules of a typed command. Knows no column; what a row says is its kind's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Generic, Protocol, TypeVar

from ntm_workflow.domain.base import Event, NotBegun, Refused
from ntm_workflow.domain.values import Word
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.sheet_faults import Fault, Misread, bad_sheet
from ntm_workflow.office.sheet_known import Detail, Known
from ntm_workflow.office.sheet_known import Meaning as Meaning

Progress = Callable[[int, int], None]
#: Rows between two words about how far it is.
_STEP = 1000


@dataclass(frozen=True, kw_only=True)
class Told:
    """One act of one row: whose it is, on which day, by which paper, and how it is recorded.

    `meaning` is what it is known by, `details` what else the row says; `again` that the like may be done twice
    on one day, where the rules take it; `like` is what it has in common with an act it may repeat. `stands` says that the journal has it already, whatever it was recorded by. `more` is what
    else a row says of its facts, and `column` the one its refusal is about.
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
    details: tuple[Detail, ...] = ()
    again: bool = False
    like: Meaning | None = None


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

    def like(self, event: Event) -> Meaning | None:
        """What an act has in common with others that may be the same, told in other words."""

    def too_early(self, told: Told, refusal: NotBegun) -> Refused:
        """What is said of an act on a day on which its subject did not exist yet."""


@dataclass
class Imported:
    """What an import came to: rows recorded, rows the journal had already, and whole đồng by event.

    `alike` are rows recorded beside an act much like them: row -> the entry of that act; `subjects` what each
    row recorded is about.
    """

    recorded: int = 0
    known: int = 0
    amounts: Counter[str] = field(default_factory=Counter)
    alike: dict[int, int] = field(default_factory=dict)
    subjects: dict[int, str] = field(default_factory=dict)


class SheetImport(Generic[L]):
    """One file on its way into one entry."""

    def __init__(self, entry: Entry, rows: Rows[L]) -> None:
        self.entry, self.rows = entry, rows
        self.known = Known(entry, rows)
        self.faults: list[Fault] = []
        self.result = Imported()

    def run(self, lines: Iterable[L], progress: Progress = lambda done, total: None) -> Imported:
        """Record what the journal does not have yet, in the order of its days. Refuses bad rows all at once."""
        self.entry.twins_counted = True
        told = [each for line in lines for each in self._understood(line)]
        # In the order of their days a row is judged by what was so then, wherever it stands.
        told.sort(key=lambda each: each.day or date.min)
        self.entry.load([each.id for each in told])
        # Of two acts alike the one in the words of the journal is the one it has.
        new = [each for each in told if not self.known.has(each.id, each.meaning, each.details)]
        self.result.known += len(told) - len(new)
        for at, each in enumerate(new):
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
        differing = self.known.differing(told.id, told.meaning, told.details)
        if differing is not None and not (told.again and not told.stands()):
            self._refuse(told, differing)
        elif told.stands():
            self.result.known += 1
        else:
            self._record(told, differing)

    def _record(self, told: Told, instead: Refused | None) -> None:
        """By the rules of a typed command; `instead` is what is said where they do not take it."""
        try:
            with self.entry.saying(told.day, told.document, **told.more):
                told.record()
        except NotBegun as refusal:
            self._refuse(told, self.rows.too_early(told, refusal))
            return
        except Refused as refusal:
            self._refuse(told, instead or refusal)
            return
        if told.like is not None and (entry := self.known.alike(told.id, told.like)):
            self.result.alike[told.number] = entry
        self.result.recorded += 1
        self.result.subjects[told.number] = told.id
        self.result.amounts[told.event.__name__] += told.amount

    def _refuse(self, told: Told, refusal: Refused) -> None:
        self.faults.append(Fault(told.number, refusal, told.column))
