"""Criteria: what one place has achieved of one version of one criteria set.

Number 14 is another criterion in another set, so a result always names (set, version, number).
"""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.retelling import Gone, taken_back, told

ACHIEVED, NOT_ACHIEVED, CONFLICTING = "achieved", "not_achieved", "conflicting"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the dossier, by name and SHA-256; the file itself stays with its office."""

    name: str
    sha256: str


class CriteriaOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place is assessed against a set with these criterion numbers."""

    place: str
    set: str
    version: str
    numbers: tuple[int, ...]


class CriteriaStated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's own table says which criteria stand; its total is kept even where it is wrong."""

    plan: str
    clause: str
    assessment_year: int
    achieved: tuple[int, ...]
    not_achieved: tuple[int, ...]
    stated_total: int | None = None
    target_year: int | None = None


class CriteriaTargeted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's own table says which criteria are to hold at the end of `year`, and which not yet.

    `target_year` is the year the plan gives for the whole set, which may be later.
    """

    plan: str
    clause: str
    year: int
    achieved: tuple[int, ...]
    not_achieved: tuple[int, ...] = ()
    stated_total: int | None = None
    target_year: int | None = None


class CriteriaWithdrawn(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An amended plan no longer says what its tables said; what they say now follows."""

    plan: str


class CriterionAchieved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A criterion is met for an assessment year, on this evidence."""

    set: str
    version: str
    number: int
    assessment_year: int
    evidence: tuple[Evidence, ...] = ()


class CriterionLapsed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A criterion once met no longer holds."""

    set: str
    version: str
    number: int
    assessment_year: int


class CriterionConfirmed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The department in charge (`body`) confirms that a criterion recorded as achieved is met."""

    set: str
    version: str
    number: int
    assessment_year: int


class Mark(msgspec.Struct, frozen=True):
    """`confirmed` is the entry in which the department in charge agreed."""

    status: str
    assessment_year: int
    entry: int
    confirmed: int | None = None


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
    place: str
    set: str
    version: str
    numbers: tuple[int, ...]
    marks: dict[int, Mark] = {}
    stated_year: int | None = None
    stated_total: int | None = None
    target_year: int | None = None
    targets: tuple[Target, ...] = ()
    said: tuple[Told | Gone, ...] = ()

    def having(self, status: str) -> tuple[int, ...]:
        return tuple(n for n in self.numbers if n in self.marks and self.marks[n].status == status)

    @property
    def confirmed(self) -> tuple[int, ...]:
        return tuple(n for n in self.numbers if n in self.marks and self.marks[n].confirmed)

    @property
    def aim(self) -> Target | None:
        """The target of the latest year; of one year, the one told last."""
        return max(reversed(self.targets), key=lambda target: target.year, default=None)

    @property
    def unknown(self) -> tuple[int, ...]:
        return tuple(n for n in self.numbers if n not in self.marks)


class NotInSet(Refused):
    vi = "Bộ tiêu chí {set} ({version}) không có tiêu chí số {number}.\nCác số: {numbers}."
    en = "Criteria set {set} ({version}) has no criterion {number}.\nNumbers: {numbers}."


class OtherSet(Refused):
    vi = "Bảng này theo bộ {held} ({held_version}); kết quả của bộ {set} ({version}) thuộc một bảng khác.\nXem: ntm criteria matrix --set {set}"
    en = "These are results of {held} ({held_version}); one of {set} ({version}) belongs elsewhere.\nSee: ntm criteria matrix --set {set}"


class NotAssessedYet(Refused):
    exit_code = 2
    vi = "Ngày {day} chưa có kết quả của năm đánh giá {year}.\nKiểm tra lại --year hoặc --on."
    en = "On {day} there is no result yet for assessment year {year}.\nCheck --year or --on."


class AlreadyMarked(Refused):
    vi = (
        "Tiêu chí {number} của {place} năm {year} đã được ghi như vậy (lần ghi #{entry}).\n"
        "Xem: ntm fact show {entry}"
    )
    en = (
        "Criterion {number} of {place} for {year} is already recorded so (entry #{entry}).\n"
        "See: ntm fact show {entry}"
    )


class NotAchievedYet(Refused):
    vi = "Tiêu chí {number} của {place} chưa đạt nên không thể mất chuẩn.\nXem: ntm criteria matrix --set {set}"
    en = "Criterion {number} of {place} is not achieved, so it cannot lapse.\nSee: ntm criteria matrix --set {set}"


class ConfirmerUnknown(Refused):
    exit_code = 2
    vi = "Chưa nêu đơn vị xác nhận tiêu chí {number} của {place}.\nThêm --body “tên phòng, ban phụ trách”."
    en = "Nobody is named who confirms criterion {number} of {place}.\nAdd --body “the department in charge”."


class NothingToConfirm(Refused):
    vi = "Tiêu chí {number} của {place} chưa được ghi là đạt năm {year} nên chưa xác nhận được.\nGhi trước: ntm criteria achieve"
    en = "Criterion {number} of {place} is not recorded as achieved for {year}, so there is nothing to confirm.\nFirst: ntm criteria achieve"


class AlreadyConfirmed(Refused):
    vi = "Tiêu chí {number} của {place} năm {year} đã được xác nhận (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "Criterion {number} of {place} for {year} is confirmed already (entry #{entry}).\nSee: ntm fact show {entry}"


def rule(criteria: Criteria, event: Event) -> Refused | None:
    match event:
        case (
            CriteriaStated(achieved=achieved, not_achieved=not_achieved)
            | CriteriaTargeted(achieved=achieved, not_achieved=not_achieved)
        ):
            return next(
                (r for n in (*achieved, *not_achieved) if (r := _outside(criteria, n))), None
            )
        case (
            CriterionAchieved(set=set, version=version)
            | CriterionLapsed(set=set, version=version)
            | CriterionConfirmed(set=set, version=version)
        ) if (set, version) != (criteria.set, criteria.version):
            return OtherSet(
                set=set, version=version, held=criteria.set, held_version=criteria.version
            )
        case CriterionAchieved(assessment_year=year, effective_on=day) if year > day.year:
            return NotAssessedYet(year=year, day=day)
        case CriterionAchieved(number=number, assessment_year=year):
            return _outside(criteria, number) or _repeated(criteria, number, year)
        case CriterionConfirmed():
            return _unconfirmable(criteria, event)
        case CriterionLapsed(number=number):
            mark = criteria.marks.get(number)
            if mark is None or mark.status == NOT_ACHIEVED:
                return _outside(criteria, number) or NotAchievedYet(
                    number=number, place=criteria.place, set=criteria.set
                )
    return None


def _unconfirmable(criteria: Criteria, event: CriterionConfirmed) -> Refused | None:
    number, year = event.number, event.assessment_year
    mark = criteria.marks.get(number)
    if refusal := _outside(criteria, number):
        return refusal
    if event.body is None:
        return ConfirmerUnknown(number=number, place=criteria.place)
    if mark is None or (mark.status, mark.assessment_year) != (ACHIEVED, year):
        return NothingToConfirm(number=number, place=criteria.place, year=year)
    if mark.confirmed:
        return AlreadyConfirmed(
            number=number, place=criteria.place, year=year, entry=mark.confirmed
        )
    return None


def _outside(criteria: Criteria, number: int) -> Refused | None:
    if number in criteria.numbers:
        return None
    return NotInSet(
        set=criteria.set, version=criteria.version, number=number, numbers=criteria.numbers
    )


def _repeated(criteria: Criteria, number: int, year: int) -> Refused | None:
    mark = criteria.marks.get(number)
    if mark and (mark.status, mark.assessment_year) == (ACHIEVED, year):
        return AlreadyMarked(number=number, place=criteria.place, year=year, entry=mark.entry)
    return None


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
        case CriterionAchieved(number=number, assessment_year=year):
            return _mark(criteria, {number: Mark(ACHIEVED, year, fact.entry)})
        case CriterionLapsed(number=number, assessment_year=year):
            return _mark(criteria, {number: Mark(NOT_ACHIEVED, year, fact.entry)})
        case CriterionConfirmed(number=number):
            return _confirm(criteria, number, fact.entry)
        case other:
            raise TypeError(other)


def _confirm(criteria: Criteria, number: int, entry: int) -> Criteria:
    """What is confirmed although it does not hold is a conflict, and changes nothing."""
    mark = criteria.marks.get(number)
    if mark is None or mark.status != ACHIEVED:
        return criteria
    return replace(criteria, marks={**criteria.marks, number: replace(mark, confirmed=entry)})


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
    """A result of an earlier assessment year never overwrites a later one."""
    newer = {
        n: mark
        for n, mark in marks.items()
        if n not in criteria.marks or criteria.marks[n].assessment_year <= mark.assessment_year
    }
    return replace(criteria, marks={**criteria.marks, **newer})


SUBJECT = Subject[Criteria](
    "criteria",
    (
        CriteriaOpened,
        CriteriaStated,
        CriteriaTargeted,
        CriteriaWithdrawn,
        CriterionAchieved,
        CriterionLapsed,
        CriterionConfirmed,
    ),
    evolve,
    rule,
)
