"""What is known of one place's criteria: the result of every number for every assessment year.

Folds facts into it; refuses nothing.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.criteria_events import (
    CriteriaGrouped,
    CriteriaOpened,
    CriteriaStated,
    CriteriaTargeted,
    CriteriaWithdrawn,
    CriterionAchieved,
    CriterionConfirmed,
    CriterionLapsed,
    Evidence,
    EvidenceAdded,
    IndicatorMeasured,
)
from ntm_workflow.domain.retelling import Gone, taken_back, told

ACHIEVED, NOT_ACHIEVED, CONFLICTING = "achieved", "not_achieved", "conflicting"


class Proof(msgspec.Struct, frozen=True):
    """A file of evidence and the entry that told it; `document` is the paper it came with."""

    file: Evidence
    entry: int
    document: str | None = None

    def holds(self, day: date) -> bool:
        """Whether the file proves anything on that day."""
        begun = self.file.valid_from is None or self.file.valid_from <= day
        return begun and (self.file.valid_until is None or day <= self.file.valid_until)


class Mark(msgspec.Struct, frozen=True):
    """A result; `confirmed` is the entry in which the department in charge, `by`, agreed."""

    status: str
    assessment_year: int
    entry: int
    confirmed: int | None = None
    by: str | None = None
    proofs: tuple[Proof, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def newest(self) -> tuple[Proof, ...]:
        """The latest version of each file."""
        return tuple({proof.file.name: proof for proof in self.proofs}.values())


class Measure(msgspec.Struct, frozen=True):
    value: str
    unit: str | None
    entry: int


class Told(msgspec.Struct, frozen=True):
    """A fact that counts for the table; `plan` is the plan that says so, if one does."""

    fact: Fact
    plan: str | None


class Target(msgspec.Struct, frozen=True):
    """What a plan wants of a place by the end of a year, as its table says."""

    plan: str
    clause: str
    year: int
    achieved: tuple[int, ...]
    not_achieved: tuple[int, ...]
    stated_total: int | None
    target_year: int | None


class Criteria(msgspec.Struct, frozen=True):
    """`results` are by number, then by assessment year; `measures` by year and indicator."""

    place: str
    set: str
    version: str
    numbers: tuple[int, ...]
    results: dict[int, dict[int, Mark]] = {}
    measures: dict[tuple[int, str], Measure] = {}
    group: str | None = None
    stated_year: int | None = None
    stated_total: int | None = None
    target_year: int | None = None
    targets: tuple[Target, ...] = ()
    said: tuple[Told | Gone, ...] = ()

    @property
    def marks(self) -> dict[int, Mark]:
        """The result of the latest assessment year of each number."""
        return {n: of_year[max(of_year)] for n, of_year in self.results.items()}

    def result(self, number: int, year: int) -> Mark | None:
        return self.results.get(number, {}).get(year)

    def having(self, status: str) -> tuple[int, ...]:
        marks = self.marks
        return tuple(n for n in self.numbers if n in marks and marks[n].status == status)

    @property
    def confirmed(self) -> tuple[int, ...]:
        marks = self.marks
        return tuple(n for n in self.numbers if n in marks and marks[n].confirmed)

    @property
    def aim(self) -> Target | None:
        """The target of the latest year; of one year, the one told last."""
        return max(reversed(self.targets), key=lambda target: target.year, default=None)

    @property
    def unknown(self) -> tuple[int, ...]:
        return tuple(n for n in self.numbers if n not in self.results)

    @property
    def evidence_until(self) -> date | None:
        """The earliest last day of a file that a result held today rests on."""
        held = (mark for mark in self.marks.values() if mark.status == ACHIEVED)
        ends = (proof.file.valid_until for mark in held for proof in mark.newest)
        return min((day for day in ends if day), default=None)


def evolve(criteria: Criteria | None, fact: Fact) -> Criteria:
    match fact.event:
        case CriteriaOpened(place=place, set=set, version=version, numbers=numbers):
            return Criteria(place, set, version, numbers)
        case CriteriaWithdrawn(plan=plan):
            criteria = cast(Criteria, criteria)
            return _again(criteria, taken_back(criteria.said, plan))
    if criteria is None:
        raise TypeError(fact.event)
    new = Told(fact, getattr(fact.event, "plan", None))
    said = told(criteria.said, new)
    # Only what an amended plan says again stands before what was told meanwhile.
    return replace(_with(criteria, fact), said=said) if said[-1] is new else _again(criteria, said)


def _again(criteria: Criteria, said: tuple[Told | Gone, ...]) -> Criteria:
    """The table as everything that counts makes it, from the beginning."""
    anew = Criteria(criteria.place, criteria.set, criteria.version, criteria.numbers, said=said)
    for each in said:
        anew = _with(anew, each.fact) if isinstance(each, Told) else anew
    return anew


def _with(criteria: Criteria, fact: Fact) -> Criteria:
    match fact.event:
        case CriteriaStated() as stated:
            return _state(criteria, stated, fact.entry)
        case CriteriaTargeted() as targeted:
            return _aim(criteria, targeted)
        case CriterionAchieved() as achieved:
            proofs = _proofs(achieved.evidence, fact)
            year = achieved.assessment_year
            mark = Mark(ACHIEVED, year, fact.entry, proofs=proofs, fields=achieved.fields)
            return _mark(criteria, {achieved.number: mark})
        case CriterionLapsed(number=number, assessment_year=year):
            # What once proved it stays known, though it proves nothing any more.
            old = criteria.result(number, year)
            proofs = old.proofs if old else ()
            return _mark(criteria, {number: Mark(NOT_ACHIEVED, year, fact.entry, proofs=proofs)})
        case CriterionConfirmed() | EvidenceAdded():
            return _supported(criteria, fact)
        case IndicatorMeasured() as measured:
            measure = Measure(measured.value, measured.unit, fact.entry)
            key = (measured.assessment_year, measured.indicator)
            return replace(criteria, measures={**criteria.measures, key: measure})
        case CriteriaGrouped(group=group):
            return replace(criteria, group=group)
        case other:
            raise TypeError(other)


def _supported(criteria: Criteria, fact: Fact) -> Criteria:
    """What is confirmed or proved although it does not hold is a conflict, and changes nothing."""
    event = cast(CriterionConfirmed | EvidenceAdded, fact.event)
    mark = criteria.result(event.number, event.assessment_year)
    if mark is None or mark.status != ACHIEVED:
        return criteria
    if isinstance(event, CriterionConfirmed):
        mark = replace(mark, confirmed=fact.entry, by=event.body)
    else:
        mark = replace(mark, proofs=(*mark.proofs, *_proofs(event.evidence, fact)))
    return _mark(criteria, {event.number: mark})


def _proofs(files: tuple[Evidence, ...], fact: Fact) -> tuple[Proof, ...]:
    return tuple(Proof(file, fact.entry, fact.event.document) for file in files)


def _state(criteria: Criteria, stated: CriteriaStated, entry: int) -> Criteria:
    """A criterion the table lists on both sides is conflicting; nobody guesses which is meant."""
    year = stated.assessment_year
    marks = {n: Mark(ACHIEVED, year, entry) for n in stated.achieved}
    for n in stated.not_achieved:
        marks[n] = Mark(CONFLICTING if n in marks else NOT_ACHIEVED, year, entry)
    marked = _mark(criteria, marks)
    if criteria.stated_year and criteria.stated_year > year:
        return marked
    return replace(
        marked,
        stated_year=year,
        stated_total=stated.stated_total,
        target_year=stated.target_year,
    )


def _aim(criteria: Criteria, said: CriteriaTargeted) -> Criteria:
    target = Target(
        *(said.plan, said.clause, said.year, said.achieved, said.not_achieved),
        *(said.stated_total, said.target_year),
    )
    return replace(criteria, targets=(*criteria.targets, target))


def _mark(criteria: Criteria, marks: dict[int, Mark]) -> Criteria:
    """Each result stands under its own year, so none overwrites that of another year."""
    results = dict(criteria.results)
    for number, mark in marks.items():
        results[number] = {**results.get(number, {}), mark.assessment_year: mark}
    return replace(criteria, results=results)
