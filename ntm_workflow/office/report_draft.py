"""What a unit's periodic report says, as of the end of its days and as known at one position of the journal.

The same position gives the same report for ever: nothing here depends on the day it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from ntm_workflow.domain import report_days
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.recurrence import Turn
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import report
from ntm_workflow.office.open_work import LAST
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.report_area import Area
from ntm_workflow.office.report_duties import LISTS, Duties, noted
from ntm_workflow.office.report_figures import Figures
from ntm_workflow.projections import VIEWS, closing
from ntm_workflow.store.journal import Journal

_ONE_DAY: Final = timedelta(days=1)
#: What on-time cards are drawn up by.
PER: Final = ("unit", "place", "department")


class NotOverYet(Refused):
    vi = "Kỳ {period} lấy số liệu từ {first} đến {last}, đến ngày {day} chưa hết kỳ.\nChờ hết ngày {last}, hoặc chọn kỳ trước: --period"
    en = "The figures of {period} run from {first} to {last}, and on {day} that is not over.\nWait until {last} is over, or take an earlier --period"


class WithoutPlan(Refused):
    exit_code = 3
    vi = "Ngày {day} chưa có kế hoạch nào trong sổ do {unit} ban hành hoặc giao việc cho {unit}, nên không có gì để báo cáo.\nXem: ntm plan list. Áp dụng kế hoạch: ntm plan adopt"
    en = "On {day} no plan in the journal is of {unit} or asks anything of {unit}, so there is nothing to report.\nSee: ntm plan list. Take on a plan: ntm plan adopt"


class NotKnownThen(Refused):
    vi = "Đến vị trí #{position} sổ chưa ghi hết kỳ {period} (số liệu đến {last}).\nNêu vị trí sau đó, hoặc bỏ --known-at"
    en = "Position #{position} of the journal is from before the end of {period} (figures up to {last}).\nName a later one, or leave --known-at out"


class NoOffice(Refused):
    exit_code = 3
    vi = "{unit} là tên gọi chung nhiều cơ quan, không phải một cơ quan có thể báo cáo.\nXem: ntm unit list"
    en = "{unit} names several offices together and is not one that reports.\nSee: ntm unit list"


class PlaceGone(Refused):
    exit_code = 3
    vi = "Ngày {day} {place} không còn là địa bàn của chương trình, nên {unit} không báo cáo kỳ này.\nXem việc chuyển về đâu: ntm place work {id:arg}"
    en = "On {day} {place} is no place of the programme any more, so {unit} has no report of this period.\nSee where its work went: ntm place work {id:arg}"


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
        self._must_know_all()
        if wanted.unit not in self.reading.units:
            raise self._without_plan()
        self.area = Area(self.reading, wanted.unit)
        self._must_report()
        self.figures = Figures(journal, self.reading, self.area, self.days)

    def _must_know_all(self) -> None:
        """What was recorded while the days ran belongs to their report."""
        over = datetime.combine(self.days.last + _ONE_DAY, time(), VIETNAM) - timedelta(
            microseconds=1
        )
        if self.journal.position_at(self.reading.conn, over.astimezone(UTC)) > self.reading.known:
            raise NotKnownThen(position=self.reading.known, period=self.wanted.period, last=self.days.last)  # fmt: skip

    def _must_report(self) -> None:
        row, unit = self.area.row, self._name(self.wanted.unit)
        if row.role == "group":
            raise NoOffice(unit=unit)
        if self.area.place is not None and not self.area.reports(self.area.place):
            raise PlaceGone(
                place=self._name(row.place), id=row.place, unit=unit, day=self.days.last
            )
        if not self._plans:
            raise self._without_plan()

    def _without_plan(self) -> WithoutPlan:
        return WithoutPlan(unit=self._name(self.wanted.unit), day=self.days.last)

    def _name(self, id: str) -> str:
        return self.reading.names.get(id, id)

    @cached_property
    def _ahead(self) -> Turn:
        return report_days.data_days(self.next_period, self.wanted.counted)

    @cached_property
    def duties(self) -> Duties:
        return Duties(self.journal, self.reading, self.area, self.days, self._ahead)

    @cached_property
    def _bound(self) -> set[str]:
        """Who takes on plans for the unit: itself, and for an office of a whole place its committee."""
        committee = self.area.committee_of(self.area.place) if self.area.place else None
        return {self.wanted.unit, *((committee,) if committee else ())}

    @cached_property
    def _plans(self) -> list[Any]:
        """The plans of the days that who is bound issued or owes something under, as they came into force."""
        c = VIEWS["obligation"].table.c
        owed = self.reading.rows("obligation", c.owed_by.in_(self._bound), only=("id", "plan"))
        asking = {row.plan for row in owed}
        mine = [
            row
            for row in self.reading.rows("plan")
            if self._is_running(row) and (self._issued(row) or bare(row.id) in asking)
        ]
        return sorted(mine, key=lambda row: (row.effective_on, row.id))

    def _is_running(self, plan: Any) -> bool:
        first, last = plan.period
        return bool(first <= self.days.last.year and self.days.first.year <= last)

    def _issued(self, plan: Any) -> bool:
        """Whether the plan says that one of those who are bound issued it."""
        rows = (self.reading.units[id] for id in self._bound)
        return any(plan.issuer in (row.name, *row.aliases) for row in rows)

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
            "kinds": self.duties.kinds(),
            "cards": {per: self.figures.cards(per, self._judged_on) for per in PER},
            "noted": list(noted((*lists["missed"], *lists["met"]))),
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
                {name: getattr(plan, name) for name in ("title", "number", "issued_on", "issuer")} | {"id": bare(plan.id)}
                for plan in self._plans
            ],
            "recipients": self._recipients(),
            "position": self.reading.known,
            "recorded_at": self._recorded_at,
            "closed_until": closing.last_day(self.reading.conn, self.reading.known),
        }  # fmt: skip

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

    @cached_property
    def _recorded_at(self) -> datetime | None:
        """When the last fact was recorded that the report knows of."""
        facts = self.journal.entry(self.reading.conn, self.reading.known)
        return facts[-1].recorded_at if facts else None

    @property
    def _judged_on(self) -> date:
        """The day scorecards are of: when the last fact was recorded, at the earliest when the days were over."""
        over = self.days.last + _ONE_DAY
        return (
            max(over, self._recorded_at.astimezone(VIETNAM).date()) if self._recorded_at else over
        )

    def _recipients(self) -> list[str]:
        """Who the plans say receives the report, of this period or else of any; where they say nothing, whom the unit's own plans were sent to."""
        asked = self._reports(self.wanted.unit)
        asked = [r for r in asked if r.occurrence == self.wanted.period] or asked
        names = [self._name(row.owed_to) for row in asked if row.owed_to]
        sent = [
            each["name"] for plan in self._plans for each in plan.recipients if self._issued(plan)
        ]
        return list(dict.fromkeys(names or sent))

    def _reports(self, unit: str | None) -> list[Any]:
        """The duties to report that a unit has under the plans of the days; reports come after them."""
        c, plans = VIEWS["obligation"].table.c, [bare(plan.id) for plan in self._plans]
        return report.reports(self.reading.on(LAST), c.owed_by == unit, c.plan.in_(plans))

    def _parts(self) -> Iterator[dict[str, Any]]:
        """The unit's own level and what lies right below: counts, money in đồng, and whether a report came."""
        if not self.area.parts:
            return
        counts, money = self.duties.by_part(), self.figures.money_by_part()
        for part in (None, *self.area.parts):
            allocated, disbursed = money.get(part, (0, 0))
            of = counts.get(part, Counter[str]())
            yield {
                "place": self.reading.ref(part),
                **{name: of[name] for name in LISTS},
                "allocated": allocated,
                "disbursed": disbursed,
                "report": part and self._report_of(part),
            }

    def _report_of(self, part: str) -> str | None:
        """Whether the report of a part's committee came: `received`, `missing`, or None where none is owed here."""
        asked = self._reports(self.area.committee_of(part))
        owed = [
            r for r in asked if r.occurrence == self.wanted.period and self.area.owes(r.owed_to)
        ]
        if not owed:
            return None
        return "received" if all(row.met_on for row in owed) else "missing"
