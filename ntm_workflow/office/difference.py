"""What differs between two readings, on either axis or both, and the facts behind each difference.

Judges no fact and shows nothing: it compares rows, and asks the journal what made them differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.standing import Dated, standing
from ntm_workflow.office.history import at
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.slices import IDS
from ntm_workflow.store.journal import Journal

#: Columns that say where a slice stands or serve a closing, not what the row says.
FRAME = frozenset(
    {"id", "known_from", "known_to", "valid_from", "valid_to"}
    | {
        "folded",
        "trigger",
        "judge_on",
        "judge_as_of",
        "judge_more",
        "decide_after",
        "assigned_on",
        "last_day",
        "found",
        "desk",
    }
)
KINDS = tuple(kind for kind in VIEWS if kind != "closing")
_DATED = ("id", "place", *(name for name in vars(Dated) if not name.startswith("_")))


@dataclass(frozen=True)
class Difference:
    """A subject that the two readings tell apart. Where no fact did it, the passing of days did."""

    subject: str
    changes: dict[str, tuple[Any, Any]]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which subjects are compared: of a kind, one alone, or of these places."""

    kinds: tuple[str, ...] = KINDS
    subject: str | None = None
    places: frozenset[str] | None = None

    def where(self, kind: str) -> list[sa.ColumnElement[bool]]:
        return [] if self.subject is None else [VIEWS[kind].table.c.id == self.subject]

    def has(self, reading: Reading, row: Any) -> bool:
        return self.places is None or _place(reading, row) in self.places


def differences(
    journal: Journal, before: Reading, after: Reading, scope: Scope
) -> Iterator[Difference]:
    """Every subject that differs, by kind and id."""
    for kind in scope.kinds:
        changes = dict(sorted(_changed(kind, before, after, scope)))
        behind = _behind(journal, before, after, list(changes))
        for id, changed in changes.items():
            yield Difference(id, changed, tuple(behind[id]))


def _changed(
    kind: str, before: Reading, after: Reading, scope: Scope
) -> Iterator[tuple[str, dict[str, tuple[Any, Any]]]]:
    """Only slices in force on one side are read: one in force on both says the same on both."""
    view, where = VIEWS[kind], scope.where(kind)
    old_only = before.rows(kind, sa.not_(view.at(after.as_of, after.known)), *where)
    new_only = after.rows(kind, sa.not_(view.at(before.as_of, before.known)), *where)
    old = {row.id: said(row, before) for row in old_only if scope.has(before, row)}
    new = {row.id: said(row, after) for row in new_only if scope.has(after, row)}
    for id in old.keys() | new.keys():
        if changes := _pairs(old.get(id, {}), new.get(id, {})):
            yield id, changes
    if kind == "obligation" and before.as_of != after.as_of:
        yield from _aged(before, after, scope)


def _aged(
    before: Reading, after: Reading, scope: Scope
) -> Iterator[tuple[str, dict[str, tuple[Any, Any]]]]:
    """Duties whose row is the same on both sides and that stand differently all the same."""
    both = VIEWS["obligation"].at(after.as_of, after.known)
    for row in before.rows("obligation", both, *scope.where("obligation"), only=_DATED):
        pair = standing(row, before.as_of), standing(row, after.as_of)
        if pair[0] != pair[1] and scope.has(before, row):
            yield row.id, {"standing": pair}


def said(row: Any, reading: Reading) -> dict[str, Any]:
    """What a row says at a reading, with how a duty stands on its day."""
    told = {name: value for name, value in row.as_dict().items() if name not in FRAME}
    if row.id.startswith("obligation/"):
        told["standing"] = standing(row, reading.as_of)
    return told


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = dict.fromkeys((*old, *new))
    pairs = {name: (old.get(name), new.get(name)) for name in names}
    return {name: (a, b) for name, (a, b) in pairs.items() if a != b and (a or b)}


def _place(reading: Reading, row: Any) -> str | None:
    """The place a row belongs to; a letter to that of the unit it is for."""
    kind = row.id.partition("/")[0]
    if kind == "place":
        return bare(row.id)
    if kind == "letter":
        unit = reading.units.get(row.unit)
        return unit.place if unit is not None else None
    return getattr(row, "place", None)


def _behind(
    journal: Journal, before: Reading, after: Reading, ids: list[str]
) -> dict[str, list[Fact]]:
    """Subject -> the facts that count on one side only, and what voided them in between."""
    c = FACTS.c
    once = _counts(before) != _counts(after)
    low, high = sorted((before.known, after.known))
    about: dict[int, set[str]] = defaultdict(set)
    voided: dict[str, set[str]] = defaultdict(set)
    for some in _some(ids):
        query = sa.select(c.position, c.entry, c.subject, c.voided_by)
        for row in after.conn.execute(query.where(c.subject.in_(some), once)):
            about[row.position].add(row.subject)
            if row.voided_by:
                voided[f"entry/{row.entry}"].add(row.subject)
    for some in _some(sorted(voided)):
        # A void has no day: it takes effect when it is known.
        voids = sa.select(c.position, c.subject).where(c.subject.in_(some), c.position > low)
        for position, void in after.conn.execute(voids.where(c.position <= high)):
            about[position] |= voided[void]
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in at(journal, after.conn, about):
        for id in about[fact.position]:
            found[id].append(fact)
    return found


def _some(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + IDS] for start in range(0, len(ids), IDS))


def _counts(reading: Reading) -> sa.ColumnElement[bool]:
    """Whether a fact is part of what a reading says: known, happened, and not voided."""
    c = FACTS.c
    not_voided = sa.or_(c.voided_by.is_(None), c.voided_by > reading.known)
    return sa.and_(c.position <= reading.known, c.effective_on <= reading.as_of, not_voided)


def entries(facts: Iterable[Fact]) -> list[int]:
    """The entries of these facts, in order, each once."""
    return sorted({fact.entry for fact in facts})
