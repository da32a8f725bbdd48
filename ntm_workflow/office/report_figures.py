"""The figures of a periodic report: criteria, money by source, dossiers by stage and how much was on time."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from ntm_workflow.domain.dossier_steps import STAGES
from ntm_workflow.domain.recurrence import Turn
from ntm_workflow.domain.score import Card, cards
from ntm_workflow.domain.values import collation_key
from ntm_workflow.office import score
from ntm_workflow.office.editions import editions
from ntm_workflow.office.fund_totals import totals, whole
from ntm_workflow.office.history import Filter, find
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.report_area import Area
from ntm_workflow.projections.fund_totals import Chosen, Total, rate
from ntm_workflow.store.journal import Journal

_ONE_DAY = timedelta(days=1)


class Figures:
    """The figures of one area at the end of its days; what the days brought is told beside it."""

    def __init__(self, journal: Journal, reading: Reading, area: Area, days: Turn) -> None:
        self.journal, self.reading, self.area, self.days = journal, reading, area, days
        self.before = reading.on(days.first - _ONE_DAY)

    # --- criteria

    def criteria(self) -> list[dict[str, Any]]:
        """By set and version: each place's results, and of each criterion in how many places it is met."""
        tables: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.reading.rows("criteria"):
            told = self._table(row)
            if told is not None:
                tables.setdefault((row.set, row.version), []).append(told)
        return [self._edition(*key, rows) for key, rows in sorted(tables.items())]

    def _table(self, row: Any) -> dict[str, Any] | None:
        """A place's results that are told here; None where nobody has said anything of them."""
        mine = set(self.area.numbers(row))
        states = ("achieved", "not_achieved", "unknown", "conflicting")
        told = {name: sorted(mine & {*getattr(row, name)}) for name in states}
        if not (told["achieved"] or told["not_achieved"] or told["conflicting"]):
            return None
        earlier = self._achieved_before.get(row.id, set())
        reached = self._reached.get(row.id, set())
        return {
            "place": self.reading.ref(row.place),
            "of": len(mine),
            **told,
            "newly": sorted(({*told["achieved"]} & reached) - earlier),
            "lapsed": sorted((mine & earlier) - {*told["achieved"]}),
        }

    @cached_property
    def _achieved_before(self) -> dict[str, set[int]]:
        rows = self.before.rows("criteria", only=("id", "achieved"))
        return {row.id: {*row.achieved} for row in rows}

    @cached_property
    def _reached(self) -> dict[str, set[int]]:
        """What somebody recorded as met in the days; what a plan states of the past was not reached in them."""
        wanted = Filter(type="CriterionAchieved", from_=self.days.first, until=self.days.last)
        reached: dict[str, set[int]] = {}
        for fact, voided in find(self.journal, self.reading, wanted):
            event: Any = fact.event
            if voided is None:
                reached.setdefault(fact.subject, set()).add(event.number)
        return reached

    def _edition(self, set: str, version: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        of = editions(self.reading).get(set, version)
        names = {each.number: each.name for each in of.criteria} if of else {}
        numbers = sorted({n for row in rows for n in (*row["achieved"], *row["not_achieved"], *row["unknown"], *row["conflicting"])})  # fmt: skip
        states = ("achieved", "not_achieved", "unknown", "conflicting")
        return {
            "set": set,
            "version": version,
            "decision": of and of.decision,
            "asked_of": self._asked_of(rows),
            "numbers": [
                {"number": n, "name": names.get(n), **{state: sum(n in row[state] for row in rows) for state in states}}
                for n in numbers
            ],
            "places": sorted(rows, key=lambda row: collation_key(row["place"]["name"])),
        }  # fmt: skip

    def _asked_of(self, rows: list[dict[str, Any]]) -> int | None:
        """How many places of that level there are, told or not; None for an office that reports for itself."""
        if self.area.place is None:
            return None
        return self.area.of_level(self.reading.places[rows[0]["place"]["id"]].level)

    # --- money

    def money(self) -> dict[str, Any]:
        """In đồng, by plan year and source: all so far, and what was disbursed in the days."""
        by, chosen = ("year", "source"), self._items
        groups = totals(self.reading, by, chosen)
        earlier = {each.key: each.sums.disbursed for each in totals(self.before, by, chosen)}
        rows = [
            {"year": each.key[0], "source": each.key[1], **_sums(each, earlier.get(each.key, 0))}
            for each in groups
        ]
        total = Total(("", ""), whole(groups))
        return {"rows": rows, "total": _sums(total, sum(earlier.values()))}

    @property
    def _items(self) -> Chosen:
        return Chosen(places=self.area.places)

    def money_by_part(self) -> dict[str | None, tuple[int, int]]:
        """What was allocated and disbursed in each part of the area, in đồng."""
        found: dict[str | None, tuple[int, int]] = {}
        for each in totals(self.reading, ("place",), self._items):
            part = self.area.part_of(each.key[0])
            allocated, disbursed = found.get(part, (0, 0))
            found[part] = (allocated + each.sums.allocated, disbursed + each.sums.disbursed)
        return found

    # --- dossiers

    def dossiers(self) -> list[dict[str, Any]]:
        """By standard, year and stage, with the places."""
        groups: dict[tuple[str, int, str], list[str]] = {}
        for row in self.reading.rows("dossier", only=("place", "standard", "year", "stage")):
            if row.place in self.area.places:
                groups.setdefault((row.standard, row.year, row.stage), []).append(row.place)
        ordered = sorted(groups.items(), key=lambda e: (e[0][1], e[0][0], STAGES.index(e[0][2])))
        return [
            {
                "standard": standard,
                "year": year,
                "stage": stage,
                "count": len(places),
                "places": sorted(map(self.reading.ref, places), key=lambda ref: collation_key(ref["name"] if ref else "")),
            }
            for (standard, year, stage), places in ordered
        ]  # fmt: skip

    # --- on time

    def cards(self, per: str, judged_on: date) -> list[tuple[str | None, Card]]:
        """The cards of what the area owed by a day of its days, by name, as they stand on `judged_on`."""
        reading = self.reading.on(judged_on)
        chosen = score.Chosen(self.days.first, self.days.last, None, self.area.place)
        counted = (e for e in score.items(reading, chosen, per) if self._is_counted(e))
        names = reading.names
        found = [(each.who and names.get(each.who, each.who), each) for each in cards(counted)]
        return sorted(found, key=lambda each: (each[0] is None, collation_key(each[0] or "")))

    def _is_counted(self, item: score.Item) -> bool:
        """What nobody is named for is the area's, where the unit reports for one."""
        unnamed = item.owed_by is None and self.area.place is not None
        return unnamed or self.area.owes(item.owed_by)


def _sums(each: Total, earlier: int) -> dict[str, Any]:
    sums = each.sums
    return {
        "items": sums.items,
        "allocated": sums.allocated,
        "disbursed": sums.disbursed,
        "disbursed_in_period": sums.disbursed - earlier,
        "rate": rate(sums.disbursed, sums.allocated),
    }
