"""Criteria: what may be recorded of one place's results in one version of one criteria set.

Number 14 is another criterion in another set, so a result always names (set, version, number).
"""

from __future__ import annotations

from ntm_workflow.domain.base import Event, Refused, Subject
from ntm_workflow.domain.criteria_events import (
    CriteriaGrouped,
    CriteriaOpened,
    CriteriaStated,
    CriteriaTargeted,
    CriteriaWithdrawn,
    CriterionAchieved,
    CriterionConfirmed,
    CriterionLapsed,
    EvidenceAdded,
    IndicatorMeasured,
)
from ntm_workflow.domain.criteria_state import ACHIEVED, NOT_ACHIEVED, Criteria, evolve

#: Facts that name the set and version they are about.
OF_AN_EDITION = (
    *(CriterionAchieved, CriterionLapsed, CriterionConfirmed),
    *(EvidenceAdded, IndicatorMeasured, CriteriaGrouped),
)


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


class NothingToProve(Refused):
    vi = "Tiêu chí {number} của {place} chưa được ghi là đạt năm {year} nên chưa kèm minh chứng được.\nGhi trước: ntm criteria achieve"
    en = "Criterion {number} of {place} is not recorded as achieved for {year}, so there is nothing to prove.\nFirst: ntm criteria achieve"


class AlreadyAttached(Refused):
    vi = "Tệp “{name}” với đúng nội dung đó đã là minh chứng của tiêu chí {number} năm {year} (lần ghi #{entry}).\nXem: ntm criteria show --place … --set {set}"
    en = "The file “{name}” with just that content is evidence of criterion {number} for {year} already (entry #{entry}).\nSee: ntm criteria show --place … --set {set}"


class EvidenceOutOfDate(Refused):
    vi = "Minh chứng “{name}” có hiệu lực từ {first} đến {last}, không vào ngày {day}.\nKiểm tra --on, --valid-from, --valid-until."
    en = "The evidence “{name}” is valid from {first} until {last}, not on {day}.\nCheck --on, --valid-from, --valid-until."


def rule(criteria: Criteria, event: Event) -> Refused | None:
    match event:
        case (
            CriteriaStated(achieved=achieved, not_achieved=not_achieved)
            | CriteriaTargeted(achieved=achieved, not_achieved=not_achieved)
        ):
            return next(
                (r for n in (*achieved, *not_achieved) if (r := _outside(criteria, n))), None
            )
    if not isinstance(event, OF_AN_EDITION):
        return None
    if (event.set, event.version) != (criteria.set, criteria.version):
        held = {"held": criteria.set, "held_version": criteria.version}
        return OtherSet(set=event.set, version=event.version, **held)
    if isinstance(event, CriteriaGrouped):
        return None
    return _misnumbered(criteria, event) or _untimely(event) or _unfitting(criteria, event)


_Result = CriterionAchieved | CriterionLapsed | CriterionConfirmed | EvidenceAdded
_About = _Result | IndicatorMeasured


def _misnumbered(criteria: Criteria, event: _About) -> Refused | None:
    if isinstance(event, IndicatorMeasured):
        return _outside(criteria, int(event.indicator.partition(".")[0]))
    return _outside(criteria, event.number)


def _untimely(event: _About) -> Refused | None:
    year, day = event.assessment_year, event.effective_on
    if isinstance(event, CriterionAchieved | IndicatorMeasured) and year > day.year:
        return NotAssessedYet(year=year, day=day)
    for file in getattr(event, "evidence", ()):
        first, last = file.valid_from, file.valid_until
        if (first and day < first) or (last and last < day):
            return EvidenceOutOfDate(name=file.name, first=first, last=last, day=day)
    return None


def _unfitting(criteria: Criteria, event: _About) -> Refused | None:
    """Why the result recorded so far does not allow what is told of it."""
    match event:
        case CriterionAchieved(number=number, assessment_year=year):
            return _repeated(criteria, number, year)
        case CriterionLapsed(number=number, assessment_year=year):
            return _never_held(criteria, number, year)
        case CriterionConfirmed():
            return _unconfirmable(criteria, event)
        case EvidenceAdded():
            return _unprovable(criteria, event)
    return None


def _repeated(criteria: Criteria, number: int, year: int) -> Refused | None:
    mark = criteria.result(number, year)
    if mark and mark.status == ACHIEVED:
        return AlreadyMarked(number=number, place=criteria.place, year=year, entry=mark.entry)
    return None


def _never_held(criteria: Criteria, number: int, year: int) -> Refused | None:
    mark = criteria.result(number, year) or criteria.marks.get(number)
    if mark is None or mark.status == NOT_ACHIEVED:
        return NotAchievedYet(number=number, place=criteria.place, set=criteria.set)
    return None


def _unconfirmable(criteria: Criteria, event: CriterionConfirmed) -> Refused | None:
    number, year = event.number, event.assessment_year
    mark = criteria.result(number, year)
    if event.body is None:
        return ConfirmerUnknown(number=number, place=criteria.place)
    if mark is None or mark.status != ACHIEVED:
        return NothingToConfirm(number=number, place=criteria.place, year=year)
    if mark.confirmed:
        return AlreadyConfirmed(
            number=number, place=criteria.place, year=year, entry=mark.confirmed
        )
    return None


def _unprovable(criteria: Criteria, event: EvidenceAdded) -> Refused | None:
    number, year = event.number, event.assessment_year
    mark = criteria.result(number, year)
    if mark is None or mark.status != ACHIEVED:
        return NothingToProve(number=number, place=criteria.place, year=year)
    there = {(each.file.name, each.file.sha256): each.entry for each in mark.proofs}
    for file in event.evidence:
        if entry := there.get((file.name, file.sha256)):
            about = {"number": number, "year": year, "set": criteria.set}
            return AlreadyAttached(name=file.name, entry=entry, **about)
    return None


def _outside(criteria: Criteria, number: int) -> Refused | None:
    if number in criteria.numbers:
        return None
    return NotInSet(
        set=criteria.set, version=criteria.version, number=number, numbers=criteria.numbers
    )


SUBJECT = Subject[Criteria](
    "criteria",
    (CriteriaOpened, CriteriaStated, CriteriaTargeted, CriteriaWithdrawn, *OF_AN_EDITION),
    evolve,
    rule,
)
