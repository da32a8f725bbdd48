"""Duties that hang together: several plans' days for one dossier, and what goes ahead of what.

Each keeps its own day and its own miss; the strictest day is the one to work by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from ntm_workflow.domain.place import LEVELS
from ntm_workflow.domain.standing import standing
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections.obligation import VIEW

_NEEDED = ("id", "plan", "clause", "trigger", "strict_day", "act_by", "enforce_day", "ended_on")
#: From the desk a dossier reaches first to the one it reaches last.
_ORDER = {level: n for n, level in enumerate(reversed(tuple(LEVELS)))}


class Step(NamedTuple):
    """The step of a dossier that meets a duty: which dossier, and how far up it goes."""

    dossier: str
    reaches: int


def step(trigger: str) -> Step:
    dossier, _, level = trigger.rpartition("/")
    return Step(dossier, _ORDER.get(level, 0))


class Linked:
    """The duties of every dossier, told apart by the step that meets them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._of: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            if row.trigger and row.ended_on is None:
                self._of[step(row.trigger).dossier].append(row)

    def others(self, row: Any) -> list[Any]:
        """The other duties of its dossier, by their day."""
        if not row.trigger:
            return []
        found = [each for each in self._of[step(row.trigger).dossier] if each.id != row.id]
        return sorted(found, key=lambda each: (each.strict_day or date.max, each.id))

    def stricter(self, row: Any) -> Any | None:
        """The duty to work by, where another plan wants the same step, or one after it, sooner."""
        own = row.strict_day or date.max
        sooner = (e for e in self.others(row) if (e.strict_day or date.max) < own)
        return next(
            (e for e in sooner if step(e.trigger).reaches >= step(row.trigger).reaches), None
        )


def linked(reading: Reading) -> Linked:
    """All dossiers' duties as of the reading."""
    return Linked(reading.rows("obligation", VIEW.table.c.trigger.is_not(None), only=_NEEDED))


def told(row: Any) -> dict[str, Any]:
    """A linked duty in short, as JSON shows it."""
    shown = {name: getattr(row, name) for name in _NEEDED if name not in ("trigger", "ended_on")}
    return shown | {"id": bare(row.id)}


def chain(reading: Reading, row: Any) -> dict[str, list[dict[str, Any]]]:
    """The duty whose result this one passes on, those that pass this one's on, and those that became part of it."""
    c = VIEW.table.c
    before = reading.rows("obligation", c.id == row.follows) if row.follows else []
    after = reading.rows("obligation", c.follows == row.id)
    joined = reading.rows("obligation", c.joined_to == bare(row.id))
    groups = {"before_it": before, "after_it": after, "joined_by": joined}
    return {name: _standing(reading, rows) for name, rows in groups.items()}


def _standing(reading: Reading, rows: Iterable[Any]) -> list[dict[str, Any]]:
    names = ("title", "enforce_day", "met_on")
    return [
        {
            "id": bare(row.id),
            **{name: getattr(row, name) for name in names},
            "standing": standing(row, reading.as_of),
        }
        for row in rows
    ]
