"""A pack's text into its tables, with every fault of shape. Knows no rule and no other pack."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec
from msgspec.inspect import is_struct_type

from ntm_workflow.domain.values import Word, nfc
from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.shapes import TABLES, Head, Table

_WORDS = {
    "str": Word("chữ trong ngoặc kép", "text in quotes"),
    "int": Word("số nguyên", "a whole number"),
    "bool": Word("true hoặc false", "true or false"),
    "date": Word("ngày, viết như 2024-10-30", "a day, written like 2024-10-30"),
    "array": Word("danh sách trong [ ]", "a list in [ ]"),
    "object": Word("bảng trong { }", "a table in { }"),
}
_ANOTHER = Word("giá trị kiểu khác", "a value of another kind")
_EXPECTED = re.compile(r"Expected `(\w+)")
_SYNTAX = re.compile(r"at line (\d+)")


@dataclass
class Draft:
    """What could be read: sound tables with their number, and the raw values beside them."""

    raw: dict[str, Any] = field(default_factory=dict)
    head: Head | None = None
    tables: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def said(self, table: str, key: str) -> list[Any]:
        """The values of a key in every table of a kind, also where something else is wrong there."""
        rows = self.raw.get(table, [])
        return [r[key] for r in rows if isinstance(r, dict) and isinstance(r.get(key), str)]


def read_draft(text: str) -> Draft:
    """The tables of a pack, and all that is wrong in their shape."""
    draft = Draft()
    try:
        draft.raw = tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        draft.faults.append(Fault("syntax", line=line))
        return draft
    head = {key: value for key, value in draft.raw.items() if key not in TABLES}
    draft.head = _convert(draft, Head, head, "", None)
    for name, kind in TABLES.items():
        draft.tables[name] = _rows(draft, name, kind)
    return draft


def _rows(draft: Draft, name: str, kind: type[Table]) -> list[tuple[int, Any]]:
    rows = draft.raw.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        draft.faults.append(Fault("not_a_table", key=name, facts={"table": name}))
        return []
    read = ((n, _convert(draft, kind, row, name, n)) for n, row in enumerate(rows))
    return [(n, row) for n, row in read if row is not None]


def _convert(draft: Draft, kind: type[Table], row: dict[str, Any], name: str, n: int | None) -> Any:
    """The row as its struct; None, and a fault for each key, where it is not one."""
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError:
        # The library stops at its first error: look again, key by key.
        faults = list(_wrong_keys(kind, row, Fault("", name, n)))
        assert faults, "a table that cannot be read has a fault"
        draft.faults += faults
        return None


def _wrong_keys(kind: Any, row: dict[str, Any], at: Fault, above: str = "") -> Iterator[Fault]:
    fields = {f.encode_name: f for f in msgspec.structs.fields(kind)}
    for key in row.keys() - fields.keys():
        table = at.n is None and not above and isinstance(row[key], list | dict)
        known = tuple(TABLES) if table else tuple(fields)
        facts = {"table": key, "key": above + key, "known": known}
        code = "unknown_table" if table else "unknown_key"
        yield Fault(code, at.table, at.n, at.key or key, facts)
    for key, each in fields.items():
        where = Fault("wrong_type", at.table, at.n, at.key or key)
        if key in row:
            yield from _wrong(row[key], each.type, where, above + key)
        elif each.required:
            yield Fault("missing_key", at.table, at.n, at.key, {"key": above + key})


def _wrong(value: Any, kind: Any, at: Fault, key: str) -> Iterator[Fault]:
    inner = next((k for k in (kind, *get_args(kind)) if is_struct_type(k)), None)
    if inner and isinstance(value, dict):
        yield from _wrong_keys(inner, value, at, f"{key}.")
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        expected = _EXPECTED.search(str(error))
        word = _WORDS.get(expected[1], _ANOTHER) if expected else _ANOTHER
        yield Fault("wrong_type", at.table, at.n, at.key, {"key": key, "expected": word})
