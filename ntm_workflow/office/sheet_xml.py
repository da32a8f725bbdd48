"""The cells of a worksheet as its XML tells them: how far they reach, counted the way the library fills a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from xml.parsers import expat

from ntm_workflow.office.sheet_counted import Beside, Counted, Malformed, Place

_DIGITS: Final = "0123456789"
_LETTERS: Final = re.compile("[A-Za-z]{1,3}")
_ROW: Final = re.compile("[A-Za-z]{0,3}([0-9]{1,7})")

Said = Mapping[str, str]


class Sheet:
    """How far the cells with a value reach, from 1, and what is to be told of them. Cells may say where they are, or
    only follow the one before."""

    def __init__(
        self, parser: expat.XMLParserType, counted: Counted, open_elements: list[str]
    ) -> None:
        self.high = self.wide = 0
        self.knows: dict[str, Callable[[Said], None]] = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "f": self._formula,
            "row": self._begins,
            "mergeCell": self._merged,
        }
        self._parser, self._counted = parser, counted
        self._open, self._closes = open_elements, open_elements.remove
        #: What the elements are called in which rows and cells stand, with their prefixes.
        self._rows_in, self._cells_in = open_elements[-1], ""
        self._row = self._column = 0
        self._said: Said = {}
        self._at: str | None = None
        self._columns: dict[str, int] = {}
        self._row_said, self._row_read = "", 0
        #: A formula whose result is still to come, and the text of the value that is asked for.
        self._pending = False
        self._text: list[str] = []
        self._hidden: set[int] = set()
        self._uncomputed: set[Place] = set()
        self._errors: dict[Place, str] = {}

    def goes_on(self) -> None:
        """What is kept of other workbooks is several sheets in one part; the library reads the first."""
        self._rows_in = self._open[-1]

    def ends(self) -> Beside:
        self._settle()
        return Beside(tuple(sorted(self._hidden)), frozenset(self._uncomputed), self._errors)

    def _begins(self, said: Said) -> None:
        self._settle()
        if self._open[-2] != self._rows_in:
            return self._must_be_over()
        self._cells_in = self._open[-1]
        if self._open.count(self._cells_in) > 1:
            raise Malformed
        number = said.get("r")
        if number is None:
            self._row += 1
        elif found := _ROW.fullmatch(number):
            self._row = int(found[1])
        else:
            raise Malformed
        self._column, self._at = 0, None
        if said.get("hidden") in ("1", "true"):
            self._hidden.add(self._row)
            self._counted.remarks += 1

    def _cell(self, said: Said) -> None:
        if self._pending:
            self._settle()
        if self._open[-2] != self._cells_in:
            return self._must_be_over()
        self._said = said
        at = said.get("r")
        if at is None:
            if self._at is not None:
                self._column = self._place()[1]
            self._column += 1
        self._at = at

    def _place(self) -> Place:
        """Row and column from 1."""
        at = self._at
        if at is None:
            return self._row, self._column
        letters = at.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            if not _LETTERS.fullmatch(letters):
                raise Malformed
            column = self._columns[letters] = _column(letters)
        digits = at[len(letters) :]
        if digits != self._row_said:
            if not 0 < len(digits) < 8:
                raise Malformed
            self._row_said, self._row_read = digits, int(digits)
        return self._row_read, column

    def _value(self, said: Said) -> None:
        row, column = self._place()
        if row > self.high:
            self.high = row
        if column > self.wide:
            self.wide = column
        kind = self._said.get("t")
        if kind == "s":
            self._counted.texts += 1
        if self._pending or kind == "e":
            self._text = []
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._value_ends

    def _value_ends(self, name: str) -> None:
        self._closes(name)
        if _local(name) not in ("v", "is"):
            return
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = self._closes
        if text := "".join(self._text).strip():
            self._pending = False
            if self._said.get("t") == "e":
                row, column = self._place()
                self._errors[row - 1, column - 1] = text
                self._counted.remarks += 1

    def _formula(self, said: Said) -> None:
        self._pending = self._open[-3] == self._cells_in

    def _must_be_over(self) -> None:
        """Behind the cells, a place of a picture has a row, too; among them, a row or a cell elsewhere is a trick."""
        if self._rows_in in self._open:
            raise Malformed

    def _settle(self) -> None:
        """The cell before has ended, with no result where one was to come."""
        if self._pending:
            row, column = self._place()
            self._uncomputed.add((row - 1, column - 1))
            self._counted.remarks += 1
            self._pending = False

    def _merged(self, said: Said) -> None:
        self._counted.merged += 1


class Shown:
    """How many letters the cells of a worksheet show of texts that are kept once, each of its length."""

    def __init__(self, lengths: Sequence[int], counted: Counted) -> None:
        self._lengths, self._counted = lengths, counted
        self._is_text = False
        self._number: list[str] = []
        self._parser = parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk)
        self._counted.check()

    def _begins(self, name: str, said: Said) -> None:
        local = _local(name)
        if local == "c":
            self._is_text = said.get("t") == "s"
        elif local == "v" and self._is_text:
            self._number = []
            self._parser.CharacterDataHandler = self._number.append

    def _ends(self, name: str) -> None:
        if self._is_text and _local(name) == "v":
            self._parser.CharacterDataHandler = None
            at = read_count("".join(self._number).strip())
            self._counted.letters += self._lengths[at] if at < len(self._lengths) else 0


def read_count(text: str) -> int:
    """A number without a sign; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
