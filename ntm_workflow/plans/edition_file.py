"""The file of an edition: its tables, what can be wrong in them, and the edition they make.

docs/criteria.md tells the format. Knows no journal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace as relined
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.edition import (
    Addition,
    Criterion,
    Edition,
    Field,
    Group,
    Indicator,
    Threshold,
)
from ntm_workflow.domain.inputs import FIRST_YEAR, LAST_YEAR, read_number
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.values import fold
from ntm_workflow.plans.checked import number, one_of, twice
from ntm_workflow.plans.faults import LEVELS, Fault, told_of
from ntm_workflow.plans.form import Form
from ntm_workflow.plans.guard import decoded
from ntm_workflow.plans.lines import Lines
from ntm_workflow.plans.loader import Draft, TooManyFaults, read_draft

#: What stands in an id: `criteria/tam-ngoc/xa-ntm/2026-2030`.
_VERSION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INDICATOR = re.compile(r"[1-9][0-9]?(\.[1-9][0-9]?)?")


class _Criterion(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Indicator(Indicator, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Threshold(Threshold, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Group(Group, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Field(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Addition(Addition, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Head(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The keys above the tables, as Edition has them."""

    set: str
    version: str
    level: str
    name: str
    decision: str
    years: tuple[int, int]
    types: tuple[str, ...] = ()
    issued_on: date | None = None
    province: str | None = None
    indicator_count: int | None = None
    source: str | None = None


FORM = Form(
    _Head,
    {
        "criteria": _Criterion,
        "indicators": _Indicator,
        "thresholds": _Threshold,
        "groups": _Group,
        "fields": _Field,
        "additions": _Addition,
    },
)


class FaultyEdition(Refused):
    vi = "Tệp bộ tiêu chí {file} có {count} lỗi:\n{faults}\nSửa rồi thử lại: ntm criteria adopt {file:arg} --dry-run"
    en = "Errors in the file of criteria {file}: {count}\n{faults}\nMend them, then: ntm criteria adopt {file:arg} --dry-run"


def read_edition(content: bytes, name: str, standards: tuple[str, ...]) -> tuple[Edition, str]:
    """The edition a file gives and the SHA-256 of its bytes; refused with every fault at once.

    `standards` are what a place can pursue: a set is of one of them.
    """
    draft, faults = _read(content, standards)
    if faults:
        lines = told_of(faults)
        raise FaultyEdition(file=name, count=len(faults), faults=lines)
    rows = {key: tuple(row for _, row in found) for key, found in draft.tables.items()}
    said: dict[str, Any] = {**asdict(draft.head), **_plain(rows)}
    made = Edition(**said)
    return _stored(made), hashlib.sha256(content).hexdigest()


def _plain(rows: dict[str, tuple[msgspec.Struct, ...]]) -> dict[str, tuple[msgspec.Struct, ...]]:
    """The rows as the domain knows them; the shapes only forbid keys nobody knows."""
    return {
        key: tuple(type(row).__mro__[1](**asdict(row)) for row in found)
        for key, found in rows.items()
    }


def _stored(edition: Edition) -> Edition:
    """Numbers as they are stored, whatever form they were written in."""
    return replace(
        edition,
        thresholds=tuple(
            replace(
                each,
                at_least=each.at_least and read_number(each.at_least),
                at_most=each.at_most and read_number(each.at_most),
            )
            for each in edition.thresholds
        ),
    )


def _read(content: bytes, standards: tuple[str, ...]) -> tuple[Draft, list[Fault]]:
    text, fault = decoded(content)
    if fault:
        return Draft(), [fault]
    try:
        draft = read_draft(text, FORM)
        faults = draft.faults
        if not faults:
            faults = [each for rule in _RULES for each in rule(draft, standards)]
    except TooManyFaults as many:
        draft, faults = Draft(), many.faults
    lines = Lines(text) if faults else None
    found = [f if f.line or lines is None else relined(f, line=lines.at(*f.where)) for f in faults]
    return draft, sorted(found, key=lambda each: each.line)


# --- what can be wrong ----------------------------------------------------------------------------


def _head(draft: Draft, standards: tuple[str, ...]) -> Iterator[Fault]:
    head: _Head = draft.head
    at = Fault("")
    yield from one_of(at.under("set"), head.set, standards)
    yield from one_of(at.under("level"), head.level, tuple(LEVELS))
    if not _VERSION.fullmatch(head.version):
        yield at.under("version").of("bad_id", id=head.version)
    of_level = tuple(type for type, (level, _) in TYPES.items() if level == head.level)
    for type in head.types if of_level else ():
        yield from one_of(at.under("types"), type, of_level)
    first, last = head.years
    if first > last:
        yield at.under("years").of("bad_period", first=first, last=last)
    for year in head.years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            yield at.under("years").of("no_year", key="years", year=year)


def _says_something(draft: Draft, standards: tuple[str, ...]) -> Iterator[Fault]:
    rows: list[tuple[str, int | None, Any]] = [("", None, draft.head)]
    rows += [(table, n, row) for table, found in draft.tables.items() for n, row in found]
    for table, n, row in rows:
        for key, value in asdict(row).items():
            if value == "":
                yield Fault("", table, n).under(key).of("says_nothing", key=key)


def _criteria(draft: Draft, standards: tuple[str, ...]) -> Iterator[Fault]:
    rows = draft.tables["criteria"]
    if not rows:
        yield Fault("missing_key", key="criteria", facts={"key": "[[criteria]]"})
    yield from twice("criteria", [(n, str(row.number)) for n, row in rows], "number")
    for n, row in rows:
        at = Fault("", "criteria", n)
        if not 1 <= row.number <= 99:
            yield at.under("number").of("out_of_range", found=row.number, least=1, most=99)
        if row.holds is not None:
            yield from one_of(at.under("holds"), row.holds, standards)


def _parts(draft: Draft, standards: tuple[str, ...]) -> Iterator[Fault]:
    """Indicators and thresholds belong to criteria and groups of the file."""
    numbers = {str(row.number) for _, row in draft.tables["criteria"]}
    yield from twice("indicators", [(n, r.number) for n, r in draft.tables["indicators"]], "number")
    for n, row in draft.tables["indicators"]:
        at = Fault("", "indicators", n, "number")
        if not _INDICATOR.fullmatch(row.number) or row.number.partition(".")[0] not in numbers:
            yield at.of("no_such_criterion", number=row.number)
    known = tuple(row.number for _, row in draft.tables["indicators"])
    groups = tuple(row.id for _, row in draft.tables["groups"])
    for n, row in draft.tables["thresholds"]:
        at = Fault("", "thresholds", n)
        yield from one_of(at.under("indicator"), row.indicator, known)
        if row.group is not None:
            yield from one_of(at.under("group"), row.group, groups)
        if row.at_least is None and row.at_most is None:
            yield at.under("at_least").of("missing_key", key="at_least")
        for key in ("at_least", "at_most"):
            yield from number(at.under(key), getattr(row, key))


def _groups(draft: Draft, standards: tuple[str, ...]) -> Iterator[Fault]:
    rows = draft.tables["groups"]
    yield from twice("groups", [(n, row.id) for n, row in rows], "id")
    for n, row in rows:
        if not _VERSION.fullmatch(row.id):
            yield Fault("", "groups", n, "id").of("bad_id", id=row.id)
    named = [(n, fold(province)) for n, row in rows for province in row.provinces]
    yield from twice("groups", named, "provinces")


_RULES: tuple[Callable[[Draft, tuple[str, ...]], Iterator[Fault]], ...] = (
    *(_says_something, _head, _criteria, _parts, _groups),
)
