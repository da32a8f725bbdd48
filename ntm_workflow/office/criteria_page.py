"""One place's criteria on one page: each result with its evidence, who answers for it, what was measured.

Reads one subject from the journal, since evidence stands in no table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ntm_workflow.domain.base import Refused, Timeline
from ntm_workflow.domain.criteria import SUBJECT
from ntm_workflow.domain.criteria_state import ACHIEVED, Criteria, Mark, Proof
from ntm_workflow.domain.edition import Criterion, Edition, Indicator
from ntm_workflow.domain.measure import falls_short
from ntm_workflow.office.criteria import asked_in_words, criteria_id, threshold_of
from ntm_workflow.office.editions import editions, groups_of
from ntm_workflow.office.history import Filter, find
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.target import target_id
from ntm_workflow.store.journal import Journal


class EvidenceUnknown(Refused):
    exit_code = 3
    vi = "Không có minh chứng nào tên “{name}” cho {place}, bộ {set} (có: {known}).\nXem: ntm criteria show --place {id:arg} --set {set}"
    en = "No evidence is called “{name}” for {place}, set {set} (there is: {known}).\nSee: ntm criteria show --place {id:arg} --set {set}"


class EvidenceDiffers(Refused):
    vi = "Tệp “{name}” không phải tệp đã ghi là minh chứng: SHA-256 của tệp là {found}, trong sổ là {known} (lần ghi #{entry}).\nTìm lại tệp gốc, hoặc ghi bản mới: ntm criteria attach"
    en = "The file “{name}” is not the one recorded as evidence: its SHA-256 is {found}, the journal has {known} (entry #{entry}).\nFind the original, or record a new version: ntm criteria attach"


def state_of(
    journal: Journal, reading: Reading, id: str, day: date | None = None
) -> Criteria | None:
    """The table as it stood at the end of a day, as known at the reading."""
    told = find(journal, reading, Filter(subject=id))
    facts = [fact for fact, voided_by in told if fact.subject == id and voided_by is None]
    found: Criteria | None = Timeline(id, SUBJECT, facts).at(day or reading.as_of)
    return found


@dataclass(frozen=True)
class Page:
    """A place's criteria in one edition, as of a reading."""

    journal: Journal
    reading: Reading
    place: str
    edition: Edition

    @cached_property
    def state(self) -> Criteria | None:
        return state_of(self.journal, self.reading, criteria_id(self.place, self.edition))

    @cached_property
    def leads(self) -> Leads:
        return Leads(self.reading)

    def rows(self) -> Iterator[dict[str, Any]]:
        """A criterion each, in the order of their numbers."""
        for criterion in self.edition.criteria:
            yield self._row(criterion)

    def _row(self, criterion: Criterion) -> dict[str, Any]:
        of_years = self.state.results.get(criterion.number, {}) if self.state else {}
        mark = of_years[max(of_years)] if of_years else None
        led = list(
            self.leads.of(self.place, self.edition.set, self.edition.version, criterion.number)
        )
        return {
            "number": criterion.number,
            "name": criterion.name,
            "status": mark.status if mark else "unknown",
            "assessment_year": mark.assessment_year if mark else None,
            "entry": mark.entry if mark else None,
            "confirmed_by": self.reading.ref(mark.by) if mark and mark.confirmed else None,
            "confirmed": mark.confirmed if mark else None,
            "fields": list(mark.fields) if mark else [],
            "committee": self.reading.ref(self.reading.nearest_committee(self.place)),
            "led_by": [
                {"unit": self.reading.ref(e.unit), "plan": e.plan, "clause": e.clause} for e in led
            ],
            "evidence": [self._proof(proof) for proof in mark.proofs] if mark else [],
            "indicators": [
                self._indicator(part)
                for part in self.edition.indicators
                if part.criterion == criterion.number
            ],
            "results": [_result(of_years[year]) for year in sorted(of_years)],
            "unverified": criterion.unverified or criterion.name is None,
        }

    def _proof(self, proof: Proof) -> dict[str, Any]:
        return {
            "name": proof.file.name,
            "sha256": proof.file.sha256,
            "valid_from": proof.file.valid_from,
            "valid_until": proof.file.valid_until,
            "valid": proof.holds(self.reading.as_of),
            "document": proof.document,
            "entry": proof.entry,
        }

    def _indicator(self, part: Indicator) -> dict[str, Any]:
        measures = self.state.measures if self.state else {}
        years = [year for year, indicator in measures if indicator == part.number]
        year = max(years, default=None)
        of_year = year or self.reading.as_of.year
        measured = measures[year, part.number] if year else None
        asked = threshold_of(
            *(self.reading, self.place, self.edition, part.number, of_year, self.state)
        )
        met = None if measured is None or asked is None else not falls_short(measured.value, asked)
        return {
            "number": part.number,
            "name": part.name,
            "unit": part.unit,
            "value": measured and measured.value,
            "year": year,
            "entry": measured and measured.entry,
            "stated": self._stated(part),
            "at_least": asked and asked.at_least,
            "at_most": asked and asked.at_most,
            "threshold": asked and asked_in_words(asked),
            "met": met,
            "source": (asked and asked.source) or part.source or self.edition.decision,
            "unverified": part.unverified or bool(asked and asked.unverified),
        }

    def _stated(self, part: Indicator) -> list[dict[str, Any]]:
        """What plans' own tables give for the figure, each with its clause."""
        row = self.reading.row(target_id(self.place, part.target)) if part.target else None
        names = ("plan", "clause", "value", "unit", "verdict")
        said = row.statements if row else []
        return [{n: each.get(n) for n in names} for each in said if each.get("value")]

    def head(self) -> dict[str, Any]:
        """What stands above the rows."""
        of = self.edition
        told = self.state.group if self.state else None
        return {
            "place": self.reading.ref(self.place),
            "set": of.set,
            "version": of.version,
            "name": of.name,
            "decision": of.decision,
            "group": next(iter(groups_of(self.reading, self.place, of, told)), None),
            "achieved": len(self.state.having(ACHIEVED)) if self.state else 0,
            "total": len(of.numbers),
        }


def _result(mark: Mark) -> dict[str, Any]:
    return {
        "assessment_year": mark.assessment_year,
        "status": mark.status,
        "entry": mark.entry,
        "confirmed": mark.confirmed,
    }


def page(journal: Journal, reading: Reading, place: str, set: str, version: str | None) -> Page:
    """The page of the version named, else of the latest one the place has results in."""
    there = editions(reading)
    if version is not None:
        return Page(journal, reading, place, there.named(set, version))
    known = {
        row.version for row in reading.rows("criteria") if (row.place, row.set) == (place, set)
    }
    with_results = [each for each in there.of(set) if each.version in known]
    if with_results:
        return Page(journal, reading, place, max(with_results, key=_latest))
    from ntm_workflow.office.editions import provinces

    of = there.of_year(set, reading.as_of.year, provinces(reading, place))
    return Page(journal, reading, place, of)


def _latest(edition: Edition) -> tuple[tuple[int, int], bool]:
    """The order of versions; a province's own goes before the national one of the same years."""
    return edition.years, edition.province is not None


def must_be_evidence(
    found: Page, files: tuple[Any, ...], number: int | None
) -> list[dict[str, Any]]:
    """Each file with the result it is evidence of; refuses another content, and an unknown name."""
    results = found.state.results if found.state else {}
    known = [
        (n, mark, proof)
        for n, of_years in results.items()
        if number in (None, n)
        for mark in of_years.values()
        for proof in mark.proofs
    ]
    answers: list[dict[str, Any]] = []
    for file in files:
        named = [each for each in known if each[2].file.name == file.name]
        if not named:
            names = list(dict.fromkeys(proof.file.name for _, _, proof in known))
            place = found.reading.names.get(found.place, found.place)
            about = {"place": place, "id": found.place, "set": found.edition.set}
            raise EvidenceUnknown(name=file.name, known=names, **about)
        same = [each for each in named if each[2].file.sha256 == file.sha256]
        if not same:
            last = named[-1][2]
            raise EvidenceDiffers(
                name=file.name, found=file.sha256, known=last.file.sha256, entry=last.entry
            )
        answers += [
            {
                "name": file.name,
                "sha256": file.sha256,
                "number": n,
                "assessment_year": mark.assessment_year,
                "status": mark.status,
                "entry": proof.entry,
            }
            for n, mark, proof in same
        ]
    return answers


def running_out(
    journal: Journal, reading: Reading, until: date, scope: set[str] | None
) -> Iterator[dict[str, Any]]:
    """Evidence of results held today that proves nothing after a day up to `until`, the soonest first."""
    from ntm_workflow.projections.criteria import VIEW

    rows = reading.rows("criteria", VIEW.table.c.evidence_until <= until)
    found = [
        each
        for row in rows
        if scope is None or row.place in scope
        for each in _ends(journal, reading, row.id, until)
    ]
    yield from sorted(found, key=lambda each: (each["valid_until"], each["place"]["id"]))


def _ends(journal: Journal, reading: Reading, id: str, until: date) -> Iterator[dict[str, Any]]:
    state = state_of(journal, reading, id)
    for number, mark in state.marks.items() if state else ():
        for proof in mark.newest if mark.status == ACHIEVED else ():
            day = proof.file.valid_until
            if state and day and day <= until:
                yield {
                    "place": reading.ref(state.place),
                    "set": state.set,
                    "version": state.version,
                    "number": number,
                    "assessment_year": mark.assessment_year,
                    "name": proof.file.name,
                    "valid_until": day,
                    "entry": proof.entry,
                }
