"""What a unit's periodic report says, as of the end of its days and as known at one position of the journal.

The same position gives the same report for ever: nothing here depends on the day it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from ntm_workflow.domain import report_days
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.recurrence import Turn
from ntm_workflow.office import report
from ntm_workflow.office.open_work import LAST
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.report_area import Area
from ntm_workflow.office.report_duties import LISTS, Duties, noted
from ntm_workflow.office.report_figures import Figures
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.journal import Journal

#: What on-time cards are drawn up by.
PER: Final = ("unit", "place", "department")


class NotOverYet(Refused):
    vi = "Kỳ {period} lấy số liệu từ {first} đến {last}, đến ngày {day} chưa hết kỳ.\nChờ hết ngày {last}, hoặc chọn kỳ trước: --period"
    en = "The figures of {period} run from {first} to {last}, and on {day} that is not over.\nWait until {last} is over, or take an earlier --period"


class WithoutPlan(Refused):
    exit_code = 3
    vi = "Ngày {day} chưa có kế hoạch nào trong sổ do {unit} ban hành hoặc giao việc cho {unit}, nên không có gì để báo cáo.\nXem: ntm plan list. Áp dụng kế hoạch: ntm plan adopt"
    en = "On {day} no plan in the journal is of {unit} or asks anything of {unit}, so there is nothing to report.\nSee: ntm plan list. Take on a plan: ntm plan adopt"


class OfAnotherKind(Refused):
    exit_code = 2
    vi = "Kỳ {period} là {found}, không phải {asked}.\nChọn lại --kind hoặc --period: 2024-10 (tháng), 2024-Q4 (quý), 2024-H2 (nửa năm), 2024 (năm)"
    en = "{period} is a {found}, not a {asked}.\nCheck --kind or --period: 2024-10 (a month), 2024-Q4 (a quarter), 2024-H2 (half a year), 2024 (a year)"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whose report, for which period as `recurrence.called` names it, its days counted as in `report_days`."""

    unit: str
    period: str
    counted: str


def must_be_of_kind(period: str, kind: str | None) -> None:
    found = report_days.kind(period)
    if kind not in (None, found):
        words = report_days.KIND_WORDS
        raise OfAnotherKind(period=period, found=words[found], asked=words[kind or found])


def must_be_over(wanted: Wanted, day: date) -> None:
    """Figures of days that are still to come would not be figures."""
    days = report_days.data_days(wanted.period, wanted.counted)
    if day <= days.last:
        raise NotOverYet(period=wanted.period, first=days.first, last=days.last, day=day)


class Draft:
    """A report that has been put together; `reading` may be of any day."""

    def __init__(self, journal: Journal, reading: Reading, wanted: Wanted) -> None:
        self.journal, self.wanted = journal, wanted
        self.days = report_days.data_days(wanted.period, wanted.counted)
        self.reading = reading.on(self.days.last)
        self.next_period = report_days.following(wanted.period)
        if wanted.unit not in self.reading.units:
            raise self._without_plan()
        self.area = Area(self.reading, wanted.unit)
        self.figures = Figures(self.reading, self.area, self.days)
        if not self._plans:
            raise self._without_plan()

    def _without_plan(self) -> WithoutPlan:
        unit = self.wanted.unit
        return WithoutPlan(unit=self.reading.names.get(unit, unit), day=self.days.last)

    @cached_property
    def _ahead(self) -> Turn:
        return report_days.data_days(self.next_period, self.wanted.counted)

    @cached_property
    def duties(self) -> Duties:
        return Duties(self.journal, self.reading, self.area, self.days, self._ahead)

    @cached_property
    def _owed(self) -> list[Any]:
        """What plans ask of the unit itself."""
        c = VIEWS["obligation"].table.c
        return self.reading.rows("obligation", c.owed_by == self.wanted.unit, only=("id", "plan"))

    @cached_property
    def _plans(self) -> list[Any]:
        """The plans the unit issued or owes something under, in the order they came into force."""
        asking = {row.plan for row in self._owed}
        rows = self.reading.rows("plan")
        mine = [row for row in rows if self._issued(row) or bare(row.id) in asking]
        return sorted(mine, key=lambda row: (row.effective_on, row.id))

    def _issued(self, plan: Any) -> bool:
        """Whether the unit is who the plan says issued it."""
        return plan.issuer in (self.area.row.name, *self.area.row.aliases)

    def facts(self) -> dict[str, Any]:
        """Everything, as JSON shows it: ids with names, days, đồng and counts."""
        lists = self.duties.lists()
        return {
            **self.head(),
            "criteria": self.figures.criteria(),
            **{name: lists[name] for name in LISTS},
            "parts": list(self._parts()),
            "money": self.figures.money(),
            "dossiers": self.figures.dossiers(),
            "cards": {per: self.figures.cards(per) for per in PER},
            "noted": list(noted((*lists["missed"], *lists["next"]))),
        }

    def head(self) -> dict[str, Any]:
        """Whose it is, of which days, by which plans, to whom, and what it was drawn from."""
        ref = self.reading.ref
        return {
            "unit": ref(self.wanted.unit),
            "role": self.area.row.role,
            "place": ref(self.area.row.place),
            "seat": self._seat(),
            "above": ref(self._above()),
            "period": self.wanted.period,
            "kind": report_days.kind(self.wanted.period),
            "from": self.days.first,
            "until": self.days.last,
            "next_period": self.next_period,
            "plans": [
                {"id": bare(p.id), "title": p.title, "number": p.number, "issued_on": p.issued_on}
                for p in self._plans
            ],
            "recipients": self._recipients(),
            "position": self.reading.known,
            "recorded_at": self._recorded_at(),
        }

    def _above(self) -> str | None:
        """The committee an office belongs to; a committee itself has none above its name (Decree 30/2020)."""
        row = self.area.row
        if row.role in ("ubnd", "hdnd", "dang-uy") or row.place is None:
            return None
        return self.reading.nearest_committee(row.place)

    def _seat(self) -> str:
        """The place as it stands before the day of a document: its name without its type."""
        row = self.reading.places.get(self.area.row.place or "")
        return row.name if row is not None else ""

    def _recorded_at(self) -> datetime | None:
        """When the last fact was recorded that the report knows of."""
        facts = self.journal.entry(self.reading.conn, self.reading.known)
        return facts[-1].recorded_at if facts else None

    def _recipients(self) -> list[str]:
        """Who the plans say receives the report; where they say nothing, whom the unit's own plans were sent to."""
        asked = self._reports(self.wanted.unit)
        names = [self.reading.names.get(row.owed_to, row.owed_to) for row in asked if row.owed_to]
        own = filter(self._issued, self._plans)
        sent = [each["name"] for plan in own for each in plan.recipients]
        return list(dict.fromkeys(names or sent))

    def _reports(self, unit: str) -> list[Any]:
        """The duties to report for the period that a unit has; reports come after its days."""
        c = VIEWS["obligation"].table.c
        mine = (c.owed_by == unit, c.occurrence == self.wanted.period)
        return report.reports(self.reading.on(LAST), *mine)

    def _parts(self) -> Iterator[dict[str, Any]]:
        """What lies right below, each with its counts, its money in đồng and whether its report came."""
        counts, money = self.duties.by_part(), self.figures.money_by_part()
        none: Counter[str] = Counter()
        for part in self.area.parts:
            allocated, disbursed = money.get(part, (0, 0))
            yield {
                "place": self.reading.ref(part),
                **{name: counts.get(part, none)[name] for name in LISTS},
                "allocated": allocated,
                "disbursed": disbursed,
                "report": self._report_of(part),
            }

    def _report_of(self, part: str) -> str | None:
        """Whether the report of a part's committee came: `received`, `missing`, or None where none is owed here."""
        owed = [row for row in self._reports(f"ubnd-{part}") if self.area.owes(row.owed_to)]
        if not owed:
            return None
        return "received" if all(row.met_on for row in owed) else "missing"
