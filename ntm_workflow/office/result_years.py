"""Which results count for a dossier, criterion by criterion, with the paper that says so.

The rule about years is data (plans/result-years.toml); what a rule leaves open, a paper may admit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.criteria_state import ACHIEVED, Criteria
from ntm_workflow.domain.dossier_events import ResultAdmitted
from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.measure import falls_short
from ntm_workflow.domain.result_year import ASK, YES, YearRule, because, verdict
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office.criteria import criteria_id, threshold_of
from ntm_workflow.office.criteria_page import state_of
from ntm_workflow.office.dossier import Which
from ntm_workflow.office.editions import edition_for, provinces
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.result_years import year_rules
from ntm_workflow.store.journal import Journal


class NotOfStandard(Refused):
    exit_code = 2
    vi = "Bộ {set} ({version}) không có tiêu chí số {number}.\nCác số: {numbers}."
    en = "The set {set} ({version}) has no criterion {number}.\nNumbers: {numbers}."


def rule_for(reading: Reading, place: str, year: int) -> YearRule | None:
    """The rule of the place's province for dossiers of that year; None where none is sourced."""
    near = {fold(name) for name in provinces(reading, place)}
    fitting = (
        each
        for each in year_rules()
        if each.covers(year) and (each.province is None or fold(each.province) in near)
    )
    return min(fitting, key=lambda each: each.province is None, default=None)


class AdmissionPaperMissing(Refused):
    exit_code = 2
    vi = "Cho dùng kết quả năm trước phải nêu văn bản của cơ quan thẩm định.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Admitting last year's result takes the appraising body's paper.\nAdd --document “number, date, issuer”."


class NothingToAdmit(Refused):
    vi = "Tiêu chí {number} chưa được ghi là đạt năm {year}, nên không có kết quả nào để dùng.\nXem: ntm criteria show --place … --set {standard}"
    en = "Criterion {number} is not recorded as achieved for {year}, so there is no result to rest on.\nSee: ntm criteria show --place … --set {standard}"


@dataclass(frozen=True)
class Counting:
    """A dossier, the day it was made, and the day whose results are looked at.

    It was made on the day of its own paper, else on the day looked at; results that came or lapsed
    since count as they stand. Asked of another day of making, only what was known of by then counts.
    """

    journal: Journal
    reading: Reading
    row: Any
    prepared_on: date
    looked_at: date

    @cached_property
    def edition(self) -> Edition:
        row = self.row
        return edition_for(self.reading, row.place, row.standard, None, row.year)

    @cached_property
    def rule(self) -> YearRule | None:
        return rule_for(self.reading, self.row.place, self.row.year)

    @cached_property
    def admitted(self) -> dict[int, dict[int, int]]:
        """Criterion -> the years admitted for it, each with its entry."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for each in self.row.admitted:
            found[each["number"]][each["year"]] = each["entry"]
        return found

    def rows(self) -> Iterator[dict[str, Any]]:
        """A criterion each: whether it counts, by which result, and why in both languages."""
        year, row = self.row.year, self.row
        id = criteria_id(row.place, self.edition)
        state = state_of(self.journal, self.reading, id, self.looked_at)
        for criterion in self.edition.criteria:
            of_years = state.results.get(criterion.number, {}) if state else {}
            admitted = self.admitted.get(criterion.number, {})
            told = (of_years, year, self.prepared_on, self.rule, admitted)
            found = verdict(*told, looked_at=self.looked_at)
            if state and found.counts == YES and self._short(state, criterion.number, found.year):
                found = replace(found, counts=ASK, why="short")
            mark = of_years.get(found.year) if found.year is not None else None
            about = (found, year, self.prepared_on, self.rule, admitted)
            yield {
                "number": criterion.number,
                "name": criterion.name,
                "counts": found.counts,
                "result_year": found.year,
                "entry": found.entry,
                "confirmed": mark.confirmed if mark else None,
                "files": len(mark.newest) if mark else 0,
                "code": found.why,
                "why": Word(because(*about, "vi"), because(*about, "en")),
            }

    def _short(self, state: Criteria, number: int, year: int | None) -> bool:
        """Whether a figure of the result's year lies below what its indicator must come to."""
        for (measured, indicator), measure in state.measures.items():
            part = self.edition.indicator(indicator)
            if measured == year and part and part.criterion == number:
                where = (self.reading, self.row.place, self.edition, indicator, measured, state)
                asked = threshold_of(*where)
                if asked and falls_short(measure.value, asked):
                    return True
        return False


def counting(journal: Journal, reading: Reading, row: Any, prepared_on: date | None) -> Counting:
    first = row.handed[0] if row.handed else None
    made = date.fromisoformat(first["document_on"]) if first and first["document_on"] else None
    day = min(prepared_on or reading.as_of, reading.as_of)
    return Counting(journal, reading, row, prepared_on or made or reading.as_of, day)


def admit(entry: Entry, which: Which, numbers: Iterable[int], result_year: int) -> None:
    """A paper lets the dossier rest on an earlier year's result of these criteria."""
    if not entry.request.document:
        raise AdmissionPaperMissing
    day = entry.request.on or entry.today
    of = edition_for(entry.reading.on(day), which.place, which.standard, None, which.year)
    for number in dict.fromkeys(numbers):
        if number not in of.numbers:
            raise NotOfStandard(set=of.set, version=of.version, number=number, numbers=of.numbers)
        state = state_of(entry.journal, entry.reading, criteria_id(which.place, of))
        mark = state.result(number, result_year) if state else None
        against = None
        if mark is None or mark.status != ACHIEVED:
            against = NothingToAdmit(number=number, year=result_year, standard=which.standard)
        said = {"number": number, "assessment_year": result_year}
        entry.record(which.id, ResultAdmitted, against, **said)
