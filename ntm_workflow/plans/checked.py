"""A draft with its names at hand, and the faults that every check may find. Decides nothing itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from ntm_workflow.domain.dates import UnreadablePhrase, read_phrase
from ntm_workflow.domain.inputs import UnreadableNumber, read_number
from ntm_workflow.domain.place import LEVELS, TYPES
from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.loader import Draft
from ntm_workflow.plans.shapes import NamedPlace

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: A rule's name, which is a part of ids people type and paste.
RULE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


class Checked:
    """A draft with its names at hand. What could not be read is the empty text, and nobody's name."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.places: dict[str, NamedPlace] = {p.id: p for _, p in draft.tables["places"] if p.id}
        self.place_ids = set(self.places)
        self.unit_ids = self._said("units", "id") | {f"ubnd-{id}" for id in self.place_ids}
        self.rules = self._said("obligations", "rule")

    @property
    def period(self) -> tuple[int, int]:
        """The first and last year of the plan; of one without a head, none."""
        head = self.draft.head
        return head.period if head else (0, 0)

    def _said(self, table: str, key: str) -> set[str]:
        return {text for _, text in self.draft.said(table, key)}

    def rows(self, table: str) -> list[tuple[int, Any]]:
        return self.draft.tables[table]

    def level(self, place: str | None) -> str | None:
        """The level of a place; None where nobody can say."""
        row = self.places.get(place or "")
        return TYPES[row.type][0] if row and row.type in TYPES else None

    def committee(self, place: str, level: str) -> bool:
        """Whether a place lies in one of that level, as far as the pack can tell."""
        at: str | None = place
        for _ in LEVELS:  # A longer chain is a fault of its places.
            if at is None:
                break
            if at not in self.places or self.level(at) in (level, None):
                return True
            at = self.places[at].parent
        return False


def number(at: Fault, text: str | None) -> Iterator[Fault]:
    try:
        if text is not None:
            read_number(text)
    except UnreadableNumber:
        yield at.of("unreadable_number", text=text)


def one_of(at: Fault, value: str, known: tuple[str, ...]) -> Iterator[Fault]:
    if value not in known:
        yield at.of("not_one_of", key=at.key, value=value, known=known)


def places_known(of: Checked, at: Fault, places: Iterable[str]) -> Iterator[Fault]:
    for place in places:
        if place not in of.place_ids:
            yield at.of("unknown_place", place=place)


def unit_known(of: Checked, at: Fault, unit: str) -> Iterator[Fault]:
    if unit not in of.unit_ids:
        yield at.of("unknown_unit", unit=unit)


def twice(table: str, ids: list[tuple[int, str]], key: str) -> Iterator[Fault]:
    """A fault at the second table of an id."""
    counted, seen = Counter(id for _, id in ids), set[str]()
    for n, id in ids:
        if id in seen and counted[id] > 1:
            yield Fault("twice", table, n, key, {"id": id, "count": counted[id]})
            counted[id] = 0
        seen.add(id)


def readable(of: Checked, at: Fault, phrase: str) -> Iterator[Fault]:
    """A fault where the words of a phrase give no day."""
    if of.draft.head and (words := _unreadable(phrase, of.draft.head.period)):
        yield at.of("unreadable_phrase", words=words, text=phrase)


@lru_cache(maxsize=4096)
def _unreadable(phrase: str, period: tuple[int, int]) -> str | None:
    """The words of a phrase that stand in the way of reading it; most phrases of a pack come back."""
    try:
        read_phrase(phrase, period)
    except UnreadablePhrase as refused:
        return str(refused.facts["words"])
    return None
