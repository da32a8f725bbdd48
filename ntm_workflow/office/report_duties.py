"""The duties of a periodic report: done in its days, past their day at its end, and to be done in the next ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from msgspec.structs import replace

from ntm_workflow.domain.recurrence import Turn
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.values import collation_key
from ntm_workflow.office.history import Filter, find
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.report_area import Area
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.journal import Journal

#: Standings of what should be done by now.
PAST: Final = frozenset({"overdue", "behind", "past_wording"})
#: Standings of what is still to be done in time.
AHEAD: Final = frozenset({"open", "due_soon", "not_yet", "past_wording"})
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

    Who owes what by when is as it stood at the end of the last day. What fell due by then is judged as of the day after,
    when its last hour is over: with what a closing of the last day found, and nothing else of a later day.
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
        """Of what is past its day: what a closing found missed, what none has judged, and what was striven for."""
        how = Counter(self._stands[row.id] for row in self._of["missed"])
        return {"found": how["overdue"], "waiting": how["past_wording"], "strive": how["behind"]}

    @cached_property
    def _rows(self) -> list[Any]:
        rows = self.reading.rows("obligation", only=_COLUMNS)
        return [row for row in rows if self.area.owes(row.owed_by)]

    @cached_property
    def _stands(self) -> dict[str, str]:
        """How each duty stands once the days are over."""
        over, c = self.days.last + _ONE_DAY, VIEWS["obligation"].table.c
        after = self.reading.on(over).rows(
            "obligation", c.missed_on == over, only=("id", "missed_on")
        )
        missed = {row.id: row.missed_on for row in after}
        found = (replace(r, missed_on=missed.get(r.id, r.missed_on)) for r in self._rows)
        return {row.id: standing(row, over) for row in found}

    @cached_property
    def _of(self) -> dict[str, list[Any]]:
        due = [r for r in self._rows if r.last_day is not None and r.last_day <= self.days.last]
        return {
            "met": [r for r in self._rows if r.met_on and r.met_on >= self.days.first],
            "missed": [r for r in due if self._stands[r.id] in PAST],
            "aside": [r for r in due if self._put_aside(r)],
            "next": [r for r in self._rows if self._is_next(r)],
        }

    def _is_next(self, row: Any) -> bool:
        """Whether a duty's last day lies in the next days; that its wording's day is past changes nothing."""
        if row.last_day is None or not self.days.last < row.last_day <= self.ahead.last:
            return False
        return self._stands[row.id] in AHEAD

    def _put_aside(self, row: Any) -> bool:
        """Whether it is neither done nor past its day by a decision of the days, or an open question."""
        how = self._stands[row.id]
        if how in ("waived", "ended"):
            decided = row.waived_on or row.ended_on
            return decided >= self.days.first if decided else row.id not in self._ruled_out
        return how in ("suspended", "undetermined")

    @cached_property
    def _ruled_out(self) -> set[str]:
        """What did not apply before the days already."""
        c, before = VIEWS["obligation"].table.c, self.reading.on(self.days.first - _ONE_DAY)
        return {row.id for row in before.rows("obligation", c.applies == "no", only=("id",))}

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
            "standing": self._stands[row.id],
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
