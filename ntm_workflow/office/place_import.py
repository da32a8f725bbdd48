"""A list of places taken in at once: every bad row is told, and what stands already is left alone.

Knows rows of text; the file they came from is the caller's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import tidy, unreadable
from ntm_workflow.domain.place import LEVELS, TYPES, is_above
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import words
from ntm_workflow.office.place import Atlas, NewPlace, bare_name, slug

#: Column -> what it is called in a sentence.
COLUMNS = {
    "name": Word("tên", "name"),
    "type": Word("loại", "type"),
    "code": Word("mã", "code"),
    "parent": Word("thuộc", "parent"),
}


_TYPE_WORD = re.compile(f"^({'|'.join(slug(word) for _, word in TYPES.values())})-")


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """One row as it stands in the file, `number` its line there."""

    number: int
    name: str = ""
    type: str = ""
    code: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell."""

    row: int
    column: str
    why: Word


@dataclass
class Imported:
    """What an import came to. `unchanged` rows stood in the journal already."""

    registered: int = 0
    coded: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class BadRows(Refused):
    vi = "{count} ô có lỗi, chưa ghi gì:\n{faults}\nSửa rồi chạy lại, hoặc ghi riêng các dòng đúng: --good-rows"
    en = "{count} cells are wrong, nothing was recorded:\n{faults}\nMend them and run it again, or record only the good rows: --good-rows"

    @property
    def all(self) -> list[Fault]:
        return list(self.facts["every"])


def import_places(entry: Entry, rows: list[PlaceRow], *, good_rows: bool) -> Imported:
    """Register what is new, higher levels first. Refuses bad rows all at once."""
    done = Import(entry)
    entry.load([f"place/{_likely_id(row)}" for row in rows])
    for row in sorted(rows, key=done.rank):
        done.take(row)
    done.result.faults.sort(key=lambda fault: (fault.row, fault.column))
    if done.result.faults and not good_rows:
        raise bad_rows(done.result.faults)
    return done.result


def bad_rows(faults: list[Fault], most: int = 5) -> BadRows:
    """The refusal that names the first few; the file with the errors names all."""
    rest = len(faults) - most
    shown: dict[str, list[str]] = {"vi": [], "en": []}
    for fault in faults[:most]:
        column = COLUMNS[fault.column]
        shown["vi"].append(f"  dòng {fault.row}, cột {column.vi}: {fault.why.vi}")
        shown["en"].append(f"  row {fault.row}, column {column.en}: {fault.why.en}")
    if rest > 0:
        shown["vi"].append(f"  … và {rest} ô nữa")
        shown["en"].append(f"  … and {rest} more")
    told = Word("\n".join(shown["vi"]), "\n".join(shown["en"]))
    return BadRows(count=len(faults), faults=told, every=tuple(faults))


class _Wrong(Exception):
    """A cell that cannot be taken: its column, and why."""

    def __init__(self, column: str, vi: str, en: str) -> None:
        self.column, self.why = column, Word(vi, en)


class Import:
    """The places of the day, by every name a row may call a parent."""

    def __init__(self, entry: Entry) -> None:
        self.atlas = Atlas(entry)
        self.result = Imported()
        self.rows: dict[tuple[Any, ...], int] = {}
        self.types: dict[str, tuple[str, str | None]] = {}
        self.called: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for id, row in self.atlas.standing.items():
            self._remember(id, row.name, row.type, row.code)

    def rank(self, row: PlaceRow) -> tuple[int, int]:
        """Provinces first, so that a parent is there before its children; rows no type fits last."""
        found = _types(row.type)
        return (LEVELS.index(TYPES[found[0]][0]) if found else len(LEVELS), row.number)

    def take(self, row: PlaceRow) -> None:
        try:
            self._take(row)
        except _Wrong as wrong:
            self.result.faults.append(Fault(row.number, wrong.column, wrong.why))
        except Refused as refusal:
            self.result.faults.append(Fault(row.number, _column(refusal), refusal.fact))

    def _take(self, row: PlaceRow) -> None:
        for column in COLUMNS:
            if refusal := unreadable(getattr(row, column)):
                raise _Wrong(column, *refusal.fact)
        type = self._type(row.type)
        if not row.name:
            raise _Wrong("name", "thiếu tên", "the name is missing")
        name, code = bare_name(row.name, type), tidy(row.code) or None
        parent = self._parent(row.parent, type)
        key = (words(name), TYPES[type][0], parent)
        if earlier := self.rows.get(key):
            raise _Wrong("name", f"trùng dòng {earlier}", f"the same as row {earlier}")
        self.rows[key] = row.number
        if there := self.atlas.by_name.get(key):
            self._agree(there, type, code)
            return
        day = self.atlas.entry.request.on
        id = self.atlas.add(NewPlace(name=name, type=type, parent=parent, code=code, since=day))
        self._remember(id, name, type, code)
        self.result.registered += 1

    def _agree(self, id: str, type: str, code: str | None) -> None:
        """A place that is there: a code it lacks is added, anything else must be the same."""
        known_type, known_code = self.types[id]
        if type != known_type:
            word = TYPES[known_type][1]
            raise _Wrong("type", f"trong sổ là {word} ({id}); dùng: ntm place retype", f"in the journal it is {known_type} ({id}); use: ntm place retype")  # fmt: skip
        if code in (None, known_code):
            self.result.unchanged += 1
        elif known_code:
            raise _Wrong("code", f"mã trong sổ là {known_code} ({id}); dùng: ntm place code", f"in the journal it is {known_code} ({id}); use: ntm place code")  # fmt: skip
        else:
            self.atlas.code(id, str(code))
            self.result.coded += 1

    def _type(self, typed: str) -> str:
        found = _types(typed)
        if len(found) == 1:
            return found[0]
        known = ", ".join(found or TYPES)
        if not typed:
            raise _Wrong("type", f"thiếu loại; các loại: {known}", f"the type is missing; types: {known}")  # fmt: skip
        raise _Wrong("type", f"“{typed}” chưa rõ là loại nào: {known}", f"“{typed}” is not one of: {known}")  # fmt: skip

    def _parent(self, typed: str, type: str) -> str | None:
        """By code, id or name; a name must fit one place of a higher level."""
        if not typed:
            return None
        text = tidy(typed)
        if id := self.atlas.by_code.get(text):
            return id
        if text in self.types:
            return text
        named = self.called.get(words(text, "place"), [])
        found = [id for id in named if is_above(self.types[id][0], type)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(found)
            raise _Wrong("parent", f"“{text}” là {len(found)} địa bàn: {listed}", f"“{text}” names {len(found)} places: {listed}")  # fmt: skip
        raise _Wrong("parent", f"không có “{text}” ở cấp cao hơn", f"there is no “{text}” of a higher level")  # fmt: skip

    def _remember(self, id: str, name: str, type: str, code: str | None) -> None:
        self.types[id] = (type, code)
        full = f"{TYPES[type][1]} {name}"
        for key in {words(name, "place"), words(full, "place")}:
            self.called[key].append(id)


def _likely_id(row: PlaceRow) -> str:
    """The id the row will most likely get: read ahead with the others, in few queries."""
    return "-".join(
        filter(None, (_TYPE_WORD.sub("", slug(text)) for text in (row.name, row.parent)))
    )


def _types(typed: str) -> list[str]:
    """The type codes a cell may mean: the code itself, or the Vietnamese word."""
    text = fold(typed).replace(" ", "-")
    if text in TYPES and typed.strip() == text:
        return [text]
    return [code for code, (_, word) in TYPES.items() if words(word) == words(typed, "place")]


def _column(refusal: Refused) -> str:
    return "code" if "code" in refusal.facts else "parent" if "parent" in refusal.facts else "name"
