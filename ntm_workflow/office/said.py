"""Rows as they stood on a day and were known at a position: many at once, each at times of its own.

A letter that left says what was known when it was written; what is known now is the same question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import IDS


class Asked(NamedTuple):
    """One subject at one pair of times: at the end of a day, as known at a position."""

    subject: str
    as_of: date
    known: int


def rows(reading: Reading, asked: Iterable[Asked]) -> dict[Asked, Any]:
    """The row of each that there was; a query for each pair of times and kind."""
    groups: defaultdict[tuple[date, int, str], set[str]] = defaultdict(set)
    for each in asked:
        groups[each.as_of, each.known, each.subject.partition("/")[0]].add(each.subject)
    found: dict[Asked, Any] = {}
    for (as_of, known, kind), subjects in groups.items():
        then = Reading(reading.conn, as_of, known, None)
        found |= {Asked(row.id, as_of, known): row for row in _of(then, kind, sorted(subjects))}
    return found


def _of(reading: Reading, kind: str, ids: list[str]) -> Iterable[Any]:
    id = VIEWS[kind].table.c.id
    for at in range(0, len(ids), IDS):
        yield from reading.rows(kind, id.in_(ids[at : at + IDS]))
