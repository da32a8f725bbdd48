"""The tables of an OpenDocument sheet, which says of rows and cells how often they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from ntm_workflow.office.sheet_counted import Counted, Malformed
from ntm_workflow.office.sheet_xml import Said, read_count

_ROWS: Final = "table:number-rows-repeated"
_COLUMNS: Final = "table:number-columns-repeated"
#: A cell with one of these has a value.
_VALUE: Final = frozenset(
    {
        *(f"office:{each}value" for each in ("", "string-", "date-", "time-", "boolean-")),
        *("office:value-type", "table:formula"),
    }
)


class Tables:
    """How far the cells of each table reach, and how many letters they show."""

    def __init__(self, parser: expat.XMLParserType, counted: Counted) -> None:
        self.knows: dict[str, Callable[[Said], None]] = {
            "table:table": self._table,
            "table:table-row": self._begins,
            "table:table-cell": self._cell,
            "table:covered-table-cell": self._cell,
            "text:s": self._spaces,
        }
        self._parser, self._counted = parser, counted
        self._row = self._rows = self._at = self._high = self._wide = 0
        #: Cells that are filled in, and those without a value: these take room once another follows in their row.
        self._filled = self._waiting = 0
        #: Where the cell with a value began, and how often it comes.
        self._from = self._times = 0

    def check(self) -> None:
        self._counted.reach(self._high, self._wide)
        self._counted.reach(1, self._filled)

    def ends(self) -> None:
        self._table({})

    def _table(self, said: Said) -> None:
        self._shown()
        self.check()
        self._counted.cells += self._high * self._wide
        self._row = self._high = self._wide = self._filled = self._waiting = 0

    def _begins(self, said: Said) -> None:
        self._shown()
        self._rows = _times(said, _ROWS)
        self._row += self._rows
        self._at = self._waiting = 0

    def _cell(self, said: Said) -> None:
        if self._times:
            self._shown()
        times = _times(said, _COLUMNS) if _COLUMNS in said else 1
        self._at += times
        self._filled += self._waiting
        self._waiting = times
        if not _VALUE.isdisjoint(said):
            self._filled += times
            self._waiting = 0
            self._from, self._times = self._parser.CurrentByteIndex, times * self._rows
            self._high = self._row
            if self._at > self._wide:
                self._wide = self._at

    def _spaces(self, said: Said) -> None:
        self._counted.letters += read_count(said.get("text:c", "")) * max(self._times, 1)

    def _shown(self) -> None:
        """The cell before has ended: its text is there as often as it comes."""
        if self._times > 1:
            self._counted.letters += (self._parser.CurrentByteIndex - self._from) * self._times
        self._times = 0


def _times(said: Said, key: str) -> int:
    found = said.get(key, "1")
    if not found.isdecimal() or not read_count(found):
        raise Malformed
    return read_count(found)
