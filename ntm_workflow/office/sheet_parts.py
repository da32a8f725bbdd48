"""A part of a workbook's package, judged by what it holds, whatever it is called.

What another reader may see otherwise is refused: a declaration of document types, tags inside comments.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final
from xml.parsers import expat

from ntm_workflow.office.sheet_counted import MOST_CELLS, Beside, Counted, Malformed
from ntm_workflow.office.sheet_tables import Tables
from ntm_workflow.office.sheet_xml import Said, Sheet, read_count

#: What no workbook has more of: elements in each other, bytes in one tag, names of elements and attributes.
_DEEPEST: Final = 200
_LONGEST_TAG: Final = 1 << 21
_MOST_NAMES: Final = 20_000

Act = Callable[[Said], None]


class Part:
    """One part, fed as it unpacks. Raises Malformed and Unsafe, and takes no more then.

    `beside` is what stands beside the cells of a worksheet once it has ended; None of another part.
    """

    def __init__(self, counted: Counted) -> None:
        self.beside: Beside | None = None
        self._counted = counted
        self._parser = parser = expat.ParserCreate("UTF-8")
        self._fed = 0
        self._open: list[str] = []
        self._acts: dict[str, Act | None] = {}
        self._known: Mapping[str, Act] = {
            "sheetData": self._is_sheet,
            "sst": self._is_texts,
            "table:table": self._is_tables,
        }
        self._sheet: Sheet | None = None
        self._tables: Tables | None = None
        #: Where each text that is kept once begins.
        self._texts = array("Q")
        parser.StartElementHandler = self._begins
        # Takes off the first of its name, not the last: only how many are open is asked.
        parser.EndElementHandler = self._open.remove
        parser.StartDoctypeDeclHandler = _refuse
        parser.CommentHandler = parser.ProcessingInstructionHandler = _must_hide_nothing

    def feed(self, chunk: bytes, last: bool = False) -> None:
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise Malformed from error
        behind = 0 if last else self._fed - self._parser.CurrentByteIndex
        if len(self._open) > _DEEPEST or behind > _LONGEST_TAG:
            raise Malformed
        if len(self._parser.intern) > _MOST_NAMES or len(self._texts) > MOST_CELLS:
            raise Malformed
        if self._sheet is not None:
            self._counted.reach(self._sheet.high, self._sheet.wide)
        if self._tables is not None:
            self._tables.check()
        self._counted.check()

    def close(self) -> None:
        self.feed(b"", last=True)
        if self._sheet is not None:
            self.beside = self._sheet.ends()
            self._counted.cells += self._sheet.high * self._sheet.wide
        if self._tables is not None:
            self._tables.ends()
        self._texts.append(self._fed)
        self._counted.lengths.extend(end - start for start, end in pairwise(self._texts))
        self._counted.check()

    def _begins(self, name: str, said: Said) -> None:
        self._open.append(name)
        try:
            act = self._acts[name]
        except KeyError:
            act = self._known.get(name) or self._known.get(name.rpartition(":")[2])
            self._acts[name] = act
        if act is not None:
            act(said)

    def _learn(self, known: Mapping[str, Act]) -> None:
        self._known = {**self._known, **known}
        self._acts.clear()

    def _is_sheet(self, said: Said) -> None:
        if self._sheet is not None:
            return self._sheet.goes_on()
        self._sheet = Sheet(self._parser, self._counted, self._open)
        self._learn(self._sheet.knows)

    def _is_texts(self, said: Said) -> None:
        if read_count(said.get("uniqueCount", "")) > MOST_CELLS:
            raise Malformed
        self._learn({"si": self._text})

    def _text(self, said: Said) -> None:
        self._texts.append(self._parser.CurrentByteIndex)

    def _is_tables(self, said: Said) -> None:
        self._tables = Tables(self._parser, self._counted)
        self._learn(self._tables.knows)


def _refuse(*said: object) -> None:
    raise Malformed


def _must_hide_nothing(*said: str) -> None:
    if "<" in said[-1]:
        raise Malformed
