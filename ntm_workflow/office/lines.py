"""One line of a letter about a duty: its row in names and days, as a template shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, cast

import msgspec

from ntm_workflow.domain.dates import Step
from ntm_workflow.domain.derivation import explain
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications.context import LetterItem, Part
from ntm_workflow.notifications.holding import holds
from ntm_workflow.office.linked import Linked, linked
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.slices import IDS


class Lines:
    """The duties some letters speak of, from one look at the tables."""

    def __init__(self, reading: Reading, lang: str) -> None:
        self.reading = reading
        self.lang = lang
        self._rows: dict[str, Any] = {}

    def learn(self, ids: Collection[str]) -> None:
        """Look up many duties at once: a morning's letters ask for each of them."""
        asked, c = sorted(set(ids) - self._rows.keys()), VIEWS["obligation"].table.c
        for at in range(0, len(asked), IDS):
            some = self.reading.rows("obligation", c.id.in_(asked[at : at + IDS]))
            self._rows |= {row.id: row for row in some}

    def row(self, id: str) -> Any | None:
        if id not in self._rows:
            self.learn([id])
        return self._rows.get(id)

    def holds(self, line: Line) -> bool:
        """Whether what a line says of a duty is still so."""
        return holds(line.part, self.row(line.subject), self.reading.as_of)

    def item(self, line: Line, row: Any | None = None, **more: Any) -> LetterItem:
        """The line as a letter shows it, by `row` where it is not to be by that of now."""
        row, name = row or self.row(line.subject), self.reading.names.get
        assert row is not None
        said: dict[str, Any] = {
            "id": bare(row.id),
            "part": cast("Part", line.part),
            "rung": line.rung,
            "title": row.title,
            "owed_by": name(row.owed_by, row.owed_by),
            "owed_to": row.owed_to and name(row.owed_to, row.owed_to),
            "with_": tuple(name(unit, unit) for unit in getattr(row, "with")),
            "place": row.place and name(row.place, row.place),
            "clause": row.clause,
            "plan": row.plan and name(row.plan, row.plan),
            "driven_by": self._stricter(row) if line.part in _ITS_OWN else None,
            "derivation": derivation(row.derivation, self.lang),
        }
        if line.part in _HELD_AGAINST and row.missed_on:
            said["asked_on"] = telling.asked_on(self.reading.conn, row.id, row.missed_on)
        said |= {key: getattr(row, key) for key in _AS_THEY_ARE}
        return LetterItem(**{**said, **more})

    def _stricter(self, row: Any) -> str | None:
        """The plan and day to work by, where another plan wants the same step sooner."""
        other = self._linked.stricter(row) if row.trigger else None
        if other is None:
            return None
        named = other.plan and self.reading.names.get(other.plan, other.plan)
        day: date | None = other.act_by or other.strict_day
        return ", ".join(each for each in (named, day and format_date(day)) if each)

    @cached_property
    def _linked(self) -> Linked:
        return linked(self.reading)


#: Lines to the unit that owes it: another plan's day is nobody else's to read.
_ITS_OWN: Final = frozenset({"ahead", "missed", "after"})
#: Lines that say what the receiving desk answered, if it was asked.
_HELD_AGAINST: Final = frozenset({"missed", "climbed"})
_AS_THEY_ARE: Final = (
    *("strength", "expression", "strict_day", "nominal_day", "act_by", "enforce_day"),
    *("missed_on", "denied_on"),
)


def derivation(steps: list[dict[str, Any]], lang: str = "vi") -> tuple[str, ...]:
    """The steps from the clause to the day, as sentences."""
    return _explained(msgspec.json.encode(steps), lang)


@lru_cache(maxsize=8192)
def _explained(steps: bytes, lang: str) -> tuple[str, ...]:
    # A clause that binds every commune leads to the same day by the same steps in each.
    return tuple(explain(step, lang) for step in msgspec.json.decode(steps, type=list[Step]))
