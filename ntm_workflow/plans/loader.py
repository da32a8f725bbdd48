"""A pack's text into its tables, with every fault of shape. Knows no rule and no other pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from msgspec.inspect import is_struct_type
from msgspec.structs import FieldInfo

from ntm_workflow.domain.inputs import unreadable
from ntm_workflow.domain.values import Word, nfc
from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.form import PACK, Form
from ntm_workflow.plans.guard import LONGEST, MOST_FAULTS, too_long
from ntm_workflow.plans.syntax import read_toml

_WORDS: dict[Any, Word] = {
    str: Word("chữ trong ngoặc kép", "text in quotes"),
    int: Word("số nguyên", "a whole number"),
    bool: Word("true hoặc false", "true or false"),
    date: Word("ngày, viết như 2024-10-30", "a day, written like 2024-10-30"),
    list[str]: Word('danh sách chữ, viết như ["a", "b"]', 'a list of texts, like ["a", "b"]'),
    list[int]: Word("danh sách số nguyên, viết như [1, 2]", "a list of whole numbers, like [1, 2]"),
    tuple[str, ...]: Word('danh sách chữ, viết như ["a", "b"]', 'a list of texts, like ["a", "b"]'),
    tuple[int, int]: Word("năm đầu và năm cuối, viết như [2024, 2025]", "the first and last year, like [2024, 2025]"),
}  # fmt: skip
#: The table of what is the same in every table of a kind.
DEFAULTS = "defaults"
_TABLE = Word("bảng trong { }", "a table in { }")
#: A leap year: without the plan's period any day a phrase can name is let stand.
_SOME_YEARS = (2024, 2024)
#: What a frame puts where nobody has written yet, before the words that say what belongs there.
BLANK = "…"


@dataclass
class Draft:
    """What could be read: the tables with their number, and the raw values beside them.

    A key that could not be read holds nothing, and `unread` names it.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    form: Form = PACK
    head: Any = None
    tables: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: set[tuple[str, int | None, str | None]] = field(default_factory=set)

    def said(self, table: str, key: str) -> list[tuple[int, str]]:
        """The texts under a key in every table of a kind, with the table's number."""
        rows = self.raw.get(table, [])
        named = [(n, r.get(key)) for n, r in enumerate(rows) if isinstance(r, dict)]
        return [(n, text) for n, text in named if isinstance(text, str) and not blank(text)]

    def wrong(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.unread.add(fault.where)
        if len(self.faults) >= MOST_FAULTS:
            raise TooManyFaults(self.faults)


class TooManyFaults(Exception):
    """Reading stops: nobody mends so many faults at once."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults


def read_draft(text: str, form: Form = PACK) -> Draft:
    """The tables of a pack or another form, and all that is wrong in their shape."""
    raw, faults = read_toml(nfc(text))
    draft = Draft(raw or {}, form, faults=faults)
    if raw is None:
        return draft
    _fill(draft)
    head = {key: value for key, value in raw.items() if key not in (*form.tables, DEFAULTS)}
    _readable(draft, Fault(""), head)
    draft.head = _by_key(draft, form.head, head, Fault(""))
    for name, kind in form.tables.items():
        draft.tables[name] = [(n, _row(draft, kind, row, name, n)) for n, row in _rows(draft, name)]
    return draft


def _fill(draft: Draft) -> None:
    """Keys that `[defaults.<table>]` gives once for all tables of a kind, put where they are not said."""
    given = draft.raw.get(DEFAULTS, {})
    if not isinstance(given, dict):
        draft.wrong(Fault("wrong_type", key=DEFAULTS, facts={"key": DEFAULTS, "expected": _TABLE}))
        return
    for name, keys in given.items():
        at = Fault("", key=DEFAULTS).under(name)
        if name not in draft.form.tables or not isinstance(keys, dict):
            draft.wrong(at.of("unknown_table", table=name, known=tuple(draft.form.tables)))
            continue
        if len(str(keys)) > LONGEST:
            draft.wrong(at.of("too_long", key=at.key, most=LONGEST))
            continue
        rows = draft.raw.get(name, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            draft.raw[name] = [keys | row for row in rows]


def _readable(draft: Draft, at: Fault, value: Any) -> None:
    """A fault for every key whose text holds what nobody sees."""
    if isinstance(value, dict):
        for key, each in value.items():
            _readable(draft, at.under(key), each)
    elif isinstance(value, list):
        for each in value:
            _readable(draft, at, each)
    elif isinstance(value, str) and (refusal := unreadable(value)):
        draft.wrong(at.of("unreadable_text", key=at.key, why=refusal.fact))


def _rows(draft: Draft, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = draft.raw.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        draft.wrong(Fault("not_a_table", key=name, facts={"table": name}))
        draft.raw[name] = rows = []
    return iter(list(enumerate(rows)))


def _row(draft: Draft, kind: type[msgspec.Struct], row: dict[str, Any], name: str, n: int) -> Any:
    _readable(draft, Fault("", name, n), row)
    if not any(blank(value) or too_long(key, value) for key, value in row.items()):
        try:
            return msgspec.convert(row, kind)
        except msgspec.ValidationError:
            pass  # The library stops at its first error: look again, key by key.
    return _by_key(draft, kind, row, Fault("", name, n))


def _by_key(draft: Draft, kind: Any, row: dict[str, Any], at: Fault) -> Any:
    """The row with a fault, and nothing, for each key that cannot be read."""
    fields = fields_of(kind)
    for key in row.keys() - fields.keys():
        draft.wrong(_unknown(draft, at.under(key), row[key], tuple(fields)))
    said = {}
    for key, each in fields.items():
        where = at.under(key)
        if key in row:
            said[each.name] = _read(draft, row[key], each, where)
        elif each.required:
            draft.wrong(where.of("missing_key", key=where.key))
            said[each.name] = _nothing(each)
    return kind(**said)


@cache
def fields_of(kind: Any) -> dict[str, FieldInfo]:
    """The keys of a table; kept, since the library looks slowly."""
    return {f.encode_name: f for f in msgspec.structs.fields(kind)}


def _unknown(draft: Draft, at: Fault, value: Any, known: tuple[str, ...]) -> Fault:
    of_the_file = not at.table and "." not in (at.key or "")
    if of_the_file and isinstance(value, list | dict):
        return at.of("unknown_table", table=at.key, known=tuple(draft.form.tables))
    return at.of("unknown_key", key=at.key, known=known)


def _read(draft: Draft, value: Any, each: FieldInfo, at: Fault) -> Any:
    inner = next((k for k in (each.type, *get_args(each.type)) if is_struct_type(k)), None)
    if inner and isinstance(value, dict):
        return _by_key(draft, inner, value, at)
    if blank(value):
        draft.wrong(at.of("blank", key=at.key, text=value.strip("…: ")))
        return _nothing(each)
    if most := too_long(each.encode_name, value):
        draft.wrong(at.of("too_long", key=at.key, most=most))
        return _nothing(each)
    try:
        return msgspec.convert(value, each.type)
    except msgspec.ValidationError:
        kinds = (each.type, *get_args(each.type))
        word = next((_WORDS[kind] for kind in kinds if kind in _WORDS), _TABLE)
        draft.wrong(at.of("wrong_type", key=at.key, expected=word))
        return _nothing(each)


def blank(value: Any) -> bool:
    """Whether a text of a frame still stands where the document's own words belong."""
    return isinstance(value, str) and (value == BLANK or value.startswith(f"{BLANK}:"))


def _nothing(each: FieldInfo) -> Any:
    """What a key holds that cannot be read: no rule takes it for a name, a number or a day."""
    kind = each.type
    if get_origin(kind) in (list, tuple):
        return [] if get_origin(kind) is list else _SOME_YEARS
    if str in (kind, *get_args(kind)):
        return ""
    if kind is int:
        return 0
    return msgspec.convert({}, kind) if is_struct_type(kind) and not each.required else None
