"""What a form is: its columns, the lists its cells choose from, its rows, and how a filled row is read.

One module of each kind says what its form holds; the workbook is the command line's.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from ntm_workflow.domain.base import BEGINNING, Event, NotBegun, Refused
from ntm_workflow.domain.form_words import ALSO
from ntm_workflow.domain.money_layout import key_of
from ntm_workflow.domain.sheet_cells import (
    Cell,
    is_empty,
    read_amount,
    read_day,
    read_text,
    read_year,
    shown,
)
from ntm_workflow.domain.tcvn3 import decoded
from ntm_workflow.domain.values import Word, fold, nfc
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.form_faults import (
    FontUnclear,
    NotOfTheList,
    RowElsewhere,
    RowUnknown,
    SameRowAgain,
)
from ntm_workflow.office.form_labels import bracketed
from ntm_workflow.office.names import PLACE as PLACES
from ntm_workflow.office.names import UNIT as UNITS
from ntm_workflow.office.names import Noun, find_place, find_unit, words
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.sheet_faults import CellEmpty, Misread
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.office.sheet_known import Detail
from ntm_workflow.projections import VIEWS

T = TypeVar("T")

#: The column that keeps what a row is about, out of sight.
ID: Final = "id"
_NUMBER: Final = re.compile("[0-9]{1,4}")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a form. `filled` by people; else it shows what the journal says.

    `also` are other headings it goes by, folded; `holds` is text, day, year, money or choice, the last from the
    list called `choices`. A column that is not `shown` may stand in a sheet somebody made by hand; a `private` one
    is of people, and copied nowhere.
    """

    field: str
    title: Word
    also: tuple[str, ...] = ()
    holds: str = "text"
    choices: str | None = None
    filled: bool = True
    shown: bool = True
    private: bool = False
    width: int = 16

    def choosing(self, choices: str) -> Column:
        """The same column, its cells chosen from a list where they are to be filled."""
        return replace(self, holds="choice", choices=choices)

    def showing(self) -> Column:
        """The same column where it says what the journal has."""
        return replace(self, filled=False)

    @property
    def known(self) -> set[str]:
        return {key_of(self.title.vi), key_of(self.title.en), *self.also}


DAY = Column(field="day", title=Word("Ngày", "Day"), holds="day", width=12)
DOCUMENT = Column(
    field="document", title=Word("Văn bản (số, ngày, nơi ban hành)", "Paper (number, date, issuer)"),
    also=("van ban", "so van ban", "document", "paper"), width=28,
)  # fmt: skip
NOTE = Column(field="note", title=Word("Ghi chú", "Note"), width=22)
PLACE = Column(
    field="place", title=Word("Địa bàn", "Place"),
    also=("xa phuong", "xa", "ten xa", "thon", "ten thon", "commune", "village"), filled=False, width=24,
)  # fmt: skip
YEAR = Column(
    field="year", title=Word("Năm đánh giá", "Assessment year"), also=("nam", "year"), holds="year", width=12,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a form is wanted of, or what is said once of all rows of a sheet. `within` are ids of places."""

    within: frozenset[str] | None = None
    set: str | None = None
    edition: str | None = None
    standard: str | None = None
    plan: str | None = None
    what: str | None = None
    year: int | None = None
    day: date | None = None
    document: str | None = None
    #: What amounts of a column are counted in, in đồng, where the sheet says so.
    units: Mapping[str, int] = field(default_factory=dict)

    def holds(self, place: str | None) -> bool:
        return self.within is None or place in self.within


@dataclass(frozen=True)
class Row:
    """One row of a form: what it is about, what its cells show, and lists of its own for some of them."""

    id: str
    cells: Mapping[str, Any]
    lists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A form to be filled in: a line about it, its rows, its lists, and rows left for what is new."""

    about: Word
    rows: Sequence[Row]
    lists: Mapping[str, Sequence[Word | str]]
    blank: int = 0
    #: Lists of the blank rows that differ from those of their columns.
    blank_lists: Mapping[str, str] = field(default_factory=dict)
    #: Columns that are of no use in this one.
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Line:
    """One row of a filled form: `number` is its row in the file.

    `spoilt` are its fields without a value, each with why; `doubtful` those whose text may be of an old font.
    """

    number: int
    cells: Mapping[str, Cell]
    spoilt: Mapping[str, Refused] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()

    def has(self, fields: Iterable[str]) -> bool:
        return any(name in self.spoilt or not is_empty(self.cells.get(name)) for name in fields)


class Filled:
    """The cells of a row read one by one; what is wrong with them is told all at once."""

    def __init__(self, line: Line, columns: Mapping[str, Column]) -> None:
        self.line, self.columns = line, columns
        self.wrong: list[tuple[Word | None, Refused]] = []

    def text(self, name: str) -> str | None:
        # What the journal shows in a form is compared, never recorded.
        if name in self.line.doubtful and (ID not in self.line.cells or self.columns[name].filled):
            cell = str(self.line.cells[name])
            self.object(name, FontUnclear(text=cell, read=decoded(cell)))
            return None
        return self._read(name, lambda cell: nfc(read_text(cell)) or None)

    def day(self, name: str) -> date | None:
        return self._read(name, read_day)

    def year(self, name: str) -> int | None:
        return self._read(name, read_year)

    def money(self, name: str, unit: int = 1) -> int | None:
        return self._read(name, lambda cell: read_amount(cell, unit)) or None

    def choice(self, name: str, words: Mapping[str, Word]) -> str | None:
        return self._read(name, partial(_chosen, words=words))

    def as_said(self, name: str, how: Callable[[str], T]) -> T | None:
        """What `how` makes of the text of a cell; its refusal is that of the cell."""

        def read(cell: Cell) -> T | None:
            text = nfc(read_text(cell))
            return how(text) if text else None

        return self._read(name, read)

    def needed(self, name: str, value: T | None) -> T | None:
        """The value, told as missing where there is none and the cell was not told as wrong already."""
        title = self.columns[name].title
        if value is None and not any(column == title for column, _ in self.wrong):
            self.wrong.append((title, CellEmpty(field=_lower(title))))
        return value

    def object(self, name: str, refusal: Refused) -> None:
        self.wrong.append((self.columns[name].title, refusal))

    def insist(self) -> None:
        if self.wrong:
            raise Misread(self.wrong)

    def _read(self, name: str, how: Callable[[Cell], T | None]) -> T | None:
        if name in self.line.spoilt:
            self.object(name, self.line.spoilt[name])
            return None
        try:
            return how(self.line.cells.get(name))
        except Refused as refusal:
            self.object(name, refusal)
            return None


def _lower(title: Word) -> Word:
    return Word(*(each[:1].lower() + each[1:] for each in title))


def _chosen(cell: Cell, words: Mapping[str, Word]) -> str | None:
    text = shown(cell)
    if is_empty(cell):
        return None
    key = fold(text)
    for code, word in words.items():
        if key in (*map(fold, (code, word.vi, word.en)), *ALSO.get(code, ())):
            return code
    known = [Word(*each) for each in words.values()]
    raise NotOfTheList(text=text, known=known)


class Kind(ABC):
    """A kind of form: what it shows, and what a filled row of it says."""

    name: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    #: Each of these needs one of its fields among the columns of a sheet made by hand.
    needed: ClassVar[tuple[tuple[str, ...], ...]]
    #: Options of export, and those that say once what a sheet made by hand has no column for.
    options: ClassVar[frozenset[str]]
    once_said: ClassVar[frozenset[str]] = frozenset()
    events: ClassVar[tuple[type[Event], ...]]

    def __init__(self, entry: Entry, chosen: Chosen) -> None:
        self.entry, self.chosen = entry, chosen
        self.by_field = {column.field: column for column in self.columns}
        # A day, a paper and a year filled down a whole column say nothing by themselves.
        aside = (DAY.field, DOCUMENT.field, YEAR.field)
        self.filled = [c.field for c in self.columns if c.filled and c.field not in aside]
        self.seen: dict[Any, int] = {}
        self.untouched = 0
        #: Addresses that other units have, too, and whose.
        self.shared: dict[str, list[str]] = {}
        self.found: dict[tuple[Any, ...], str | Refused] = {}

    @classmethod
    @abstractmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        """The form to fill in."""

    @abstractmethod
    def acts(self, row: Filled) -> list[Told]:
        """What a touched row says."""

    @abstractmethod
    def meaning(self, event: Any) -> Meaning:
        """By what an act is known again."""

    def like(self, event: Any) -> Meaning | None:
        return None

    def read(self, line: Line) -> list[Told]:
        if not line.has(self.filled):
            self.untouched += 1
            return []
        row = Filled(line, self.by_field)
        told = self.acts(row)
        row.insist()
        return told

    def too_early(self, told: Told, refusal: NotBegun) -> Refused:
        return refusal

    # --- what rows of several kinds read alike

    def day(self, row: Filled) -> date:
        """The day of the row, or the one said once; told as missing where there is none."""
        day = row.needed("day", row.day("day") or self.chosen.day)
        return day or BEGINNING

    def document(self, row: Filled) -> str | None:
        return row.text("document") or self.chosen.document

    def note(self, row: Filled) -> str | None:
        return row.text("note") or self.entry.request.note

    def details(self, row: Filled, **said: Any) -> tuple[Detail, ...]:
        """What the row's own cells say beside what its act is known by; each as the field of its column and of the fact.

        What was said once for all rows fills in what is new, and contradicts nothing.
        """
        return tuple(
            Detail(name, self.by_field[name].title, value)
            for name, value in said.items()
            if value not in (None, ()) and row.line.has([name])
        )

    def place(self, row: Filled, name: str, day: date) -> str:
        found = row.as_said(name, lambda typed: self._named(find_place, bracketed(typed), day))
        return row.needed(name, found) or ""

    def unit(self, row: Filled, name: str, day: date) -> str | None:
        return row.as_said(name, lambda typed: self._named(find_unit, bracketed(typed), day))

    def parts(self, row: Filled, count: int) -> list[str] | None:
        """What the hidden column says the row is about, in so many parts; None where there is none."""
        cell = row.line.cells.get(ID)
        if cell is None:
            return None
        found = shown(cell).split("/")
        if len(found) != count:
            raise RowUnknown(kind=self.name)
        return found

    def number(self, part: str) -> int:
        """A number of the hidden column, which nobody types."""
        if not _NUMBER.fullmatch(part):
            raise RowUnknown(kind=self.name)
        return int(part)

    def same_place(self, row: Filled, place: str) -> str:
        """The place the hidden column names; refused where the cell names another."""
        return self._same(row, "place", PLACES, place, self.entry.reading.places)

    def same_unit(self, row: Filled, unit: str) -> str:
        return self._same(row, "name", UNITS, unit, self.entry.reading.units)

    def same(self, row: Filled, name: str, said: Any, known: Any) -> None:
        """Refuses a cell that says something else than the hidden column: of a row that was copied, most likely."""
        if said is not None and said != known:
            row.object(name, RowElsewhere(typed=said, known=known))

    def _same(self, row: Filled, name: str, noun: Noun, id: str, there: Mapping[str, Any]) -> str:
        if id not in there:
            raise RowUnknown(kind=self.name)
        typed, called = row.text(name), self.entry.reading.names.get(id, id)
        if typed and typed != called and not self._ever_called(noun, id, typed):
            row.object(name, RowElsewhere(typed=typed, known=called))
        return id

    def _ever_called(self, noun: Noun, id: str, typed: str) -> bool:
        """Whether that is, or once was, a name of it: the form may be older than a change of name."""
        column = VIEWS[noun.kind].table.c.id
        rows = self.entry.reading.up_to_then(noun.kind, column == f"{noun.kind}/{id}")
        said = words(typed, noun.kind)
        return any(said == words(name, noun.kind) for row in rows for name in noun.names(row))

    def once(self, row: Filled, name: str, key: Any) -> None:
        """Refuses a row that says again what another row of the sheet says."""
        row.insist()
        if key in self.seen:
            row.object(name, SameRowAgain(row=self.seen[key]))
        self.seen[key] = row.line.number

    def _named(self, find: Callable[[Reading, str], str], typed: str, day: date) -> str:
        """The id of a name on a day: a sheet says the same few names in each of its rows."""
        key = (find, typed, day)
        if key not in self.found:
            try:
                self.found[key] = find(self.entry.reading.on(day), typed)
            except Refused as refusal:
                self.found[key] = refusal
        found = self.found[key]
        if isinstance(found, Refused):
            raise found
        return found
