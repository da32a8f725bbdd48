"""The duties of a periodic report: done in its days, past their day at its end, and to be done in the next ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from ntm_workflow.domain.recurrence import Turn
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.values import collation_key
from ntm_workflow.office.history import Filter, find
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.report_area import Area
from ntm_workflow.store.journal import Journal

#: Standings of what should be done by now.
PAST: Final = frozenset({"overdue", "behind", "past_wording"})
#: Standings of what is still to be done in time.
AHEAD: Final = frozenset({"open", "due_soon", "not_yet"})
LISTS: Final = ("met", "missed", "aside", "next")
_ONE_DAY: Final = timedelta(days=1)

_COLUMNS: Final = (
    *("id", "title", "plan", "clause", "owed_by", "owed_to", "place", "strength", "window_start"),
    *("strict_day", "nominal_day", "act_by", "enforce_day", "last_day", "met_on", "missed_on"),
    *("waived_on", "ended_on", "suspended_on", "suspended_until", "applies", "occurrence"),
)


@dataclass
class Note:
    """Why, and what is proposed: the last that a unit said of each."""

    cause: str | None = None
    proposal: str | None = None


@dataclass
class Duties:
    """The lists of one area for its `days`; `ahead` are the next period's.

    What fell due by the last of the days is judged on the day after, when its last hour is over; what was done by then
    is what was done in the days.
    """

    journal: Journal
    reading: Reading
    area: Area
    days: Turn
    ahead: Turn

    def lists(self) -> dict[str, list[dict[str, Any]]]:
        """Each list with what is alike told as one: the same thing of the same clause, whoever owes it and whenever."""
        return {name: self._grouped(self._of[name]) for name in LISTS}

    def by_part(self) -> dict[str | None, Counter[str]]:
        """How many of each list lie in each part of the area; None for the unit's own level."""
        found: dict[str | None, Counter[str]] = {}
        for name, rows in self._of.items():
            for row in rows:
                owner = self.reading.units.get(row.owed_by or "")
                part = self.area.part_of(owner.place if owner else None)
                found.setdefault(part, Counter())[name] += 1
        return found

    def kinds(self) -> dict[str, int]:
        """Of what is past its day: what must be done, found so by a closing or not yet, and what is striven for."""
        missed = self._of["missed"]
        waiting = sum(self._stands(row) == "past_wording" for row in missed)
        strive = sum(
            row.strength == "strive" and self._stands(row) != "past_wording" for row in missed
        )
        return {"found": len(missed) - waiting - strive, "waiting": waiting, "strive": strive}

    @cached_property
    def _of(self) -> dict[str, list[Any]]:
        done = [
            row for row in self._rows(self.reading) if row.met_on and row.met_on >= self.days.first
        ]
        left = self._rows(self.reading.on(self.days.last + _ONE_DAY))
        return {
            "met": done,
            "missed": [row for row in left if self._is_due(row) and self._stands(row) in PAST],
            "aside": [row for row in left if self._is_due(row) and self._put_aside(row)],
            "next": [row for row in left if self._is_next(row) and self._stands(row) in AHEAD],
        }

    def _rows(self, reading: Reading) -> list[Any]:
        rows = reading.rows("obligation", only=_COLUMNS)
        return [row for row in rows if self.area.owes(row.owed_by)]

    def _stands(self, row: Any) -> str:
        """How a duty stands once the days are over; what was done after them was not done then."""
        if row.met_on and row.met_on > self.days.last:
            return "overdue" if row.strength == "must" else "behind"
        return standing(row, self.days.last + _ONE_DAY)

    def _is_due(self, row: Any) -> bool:
        return row.last_day is not None and row.last_day <= self.days.last

    def _is_next(self, row: Any) -> bool:
        return row.last_day is not None and self.days.last < row.last_day <= self.ahead.last

    def _put_aside(self, row: Any) -> bool:
        """Whether it is neither done nor past its day by a decision of the days, or an open question."""
        how = self._stands(row)
        if how in ("waived", "ended"):
            return (row.waived_on or row.ended_on or self.days.first) >= self.days.first
        return how in ("suspended", "undetermined")

    @cached_property
    def _notes(self) -> Mapping[str, Note]:
        """By duty, whatever day the words were said on: causes are often written when the report is."""
        notes: dict[str, Note] = {}
        for fact, voided in find(self.journal, self.reading, Filter(type="ObligationNoted")):
            event: Any = fact.event
            if voided is None:
                note = notes.setdefault(fact.subject, Note())
                note.cause = event.cause or note.cause
                note.proposal = event.proposal or note.proposal
        return notes

    def _grouped(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        groups: dict[tuple[Any, ...], list[Any]] = {}
        for row in sorted(rows, key=lambda r: (r.last_day or date.max, r.id)):
            key = (row.title, row.plan, row.clause)
            groups.setdefault(key, []).append(row)
        return [self._told(some) for some in groups.values()]

    def _told(self, rows: list[Any]) -> dict[str, Any]:
        first = rows[0]
        return {
            "title": first.title,
            "plan": first.plan,
            "clause": first.clause,
            "first_day": first.last_day,
            "last_day": rows[-1].last_day,
            "count": len(rows),
            "items": sorted(map(self._item, rows), key=_by_name),
        }

    def _told_as(self, row: Any) -> str:
        done = row.met_on and row.met_on <= self.days.last
        return standing(row, self.days.last) if done else self._stands(row)

    def _item(self, row: Any) -> dict[str, Any]:
        note = self._notes.get(row.id, Note())
        return {
            "id": bare(row.id),
            "owed_by": self.reading.ref(row.owed_by),
            "owed_to": self.reading.ref(row.owed_to),
            "place": self.reading.ref(row.place),
            "reporting_period": row.occurrence,
            "last_day": row.last_day,
            "met_on": row.met_on,
            "standing": self._told_as(row),
            "cause": note.cause,
            "proposal": note.proposal,
        }


def _by_name(item: Mapping[str, Any]) -> tuple[Any, ...]:
    names = (item["owed_by"], item["place"])
    return tuple(collation_key(each["name"]) if each else () for each in names)


def noted(groups: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What a unit has said a cause or a proposal of, each with the title it belongs to; what was done in time has none."""
    for group in groups:
        for item in group["items"]:
            if (item["cause"] or item["proposal"]) and item["standing"] != "met":
                yield {"title": group["title"], **item}
