"""Dossiers: the file by which a place asks to be recognised, and what may be told of it on its road."""

from __future__ import annotations

from typing import Any

from ntm_workflow.domain.base import Event, Refused, Subject
from ntm_workflow.domain.dossier_events import (
    CriteriaAppraised,
    DossierAnnounced,
    DossierClosed,
    DossierOpened,
    DossierRecognised,
    DossierRegistered,
    DossierRejected,
    DossierRerouted,
    DossierReturned,
    DossierSubmitted,
    DossierVerified,
    DossierWithdrawn,
    ResultAdmitted,
    SurveyRecorded,
)
from ntm_workflow.domain.dossier_state import Dossier, evolve
from ntm_workflow.domain.dossier_steps import ACT_WORDS, STAGE_WORDS, after, allowed
from ntm_workflow.domain.road import DESKS, above, next_desk
from ntm_workflow.domain.values import Word


class AlreadySubmitted(Refused):
    vi = (
        "Hồ sơ {standard:word} năm {year} của {place} đã nộp lên cấp {level} (lần ghi #{entry}).\n"
        "Ghi sai ngày? ntm fact correct {entry} --reason …"
    )
    en = (
        "The {standard:word} {year} dossier of {place} was already submitted to the {level} (entry #{entry}).\n"
        "Wrong date? ntm fact correct {entry} --reason …"
    )


class DeskSkipped(Refused):
    vi = "Hồ sơ của {place} đang ở cấp {desk}; chưa thể nộp lên cấp {level}; cấp kế tiếp: {next}.\nXem: ntm dossier road --standard {standard}"
    en = "The dossier of {place} is at the {desk}; it cannot go to the {level}; the next desk is: {next}.\nSee: ntm dossier road --standard {standard}"


class DatesOutOfOrder(Refused):
    exit_code = 2
    vi = "Ngày văn bản {document}, ngày gửi {sent}, ngày nhận {received} không theo thứ tự."
    en = "Paper of {document}, sent {sent}, received {received}: the dates are out of order."


class OutOfStep(Refused):
    vi = "Hồ sơ {standard:word} năm {year} của {place} đang ở bước “{stage}”, cấp {desk}; chưa thể “{act}”.\nBước tiếp được: {allowed}. Đã làm rồi thì thêm --already-done --document …"
    en = "The {standard:word} {year} dossier of {place} is “{stage}” at the {desk}; to {act} is out of order.\nIn order now: {allowed}. If it was done: --already-done --document …"


class NotReceivedYet(Refused):
    vi = "Ngày {day} nơi giữ chưa nhận được hồ sơ của {place}: nhận ngày {received} (lần ghi #{entry}).\nKiểm tra --on; ngày nhận ghi sai: ntm fact correct {entry} --reason …"
    en = "On {day} the desk had not received the dossier of {place}: it came on {received} (entry #{entry}).\nCheck --on; if the day of receipt is wrong: ntm fact correct {entry} --reason …"


class StepPaperMissing(Refused):
    exit_code = 2
    vi = "Bước “{act}” phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "To {act} needs its paper.\nAdd --document “number, date, issuer”."


class ReturnedUpwards(Refused):
    exit_code = 2
    vi = "Hồ sơ đang ở cấp {desk}; trả lại là trả xuống cấp dưới, không phải cấp {level}.\nXem đường đi: ntm dossier road --standard {standard}"
    en = "The dossier is at the {desk}; it is returned to a lower desk, not to the {level}.\nSee the road: ntm dossier road --standard {standard}"


class NothingMissing(Refused):
    exit_code = 2
    vi = "Trả lại hồ sơ phải nêu còn thiếu gì.\nThêm --missing “…”, mỗi mục một lần."
    en = "A dossier is returned with what is missing.\nAdd --missing “…”, once for each thing."


class AlreadyAdmitted(Refused):
    vi = "Hồ sơ của {place} đã được dùng kết quả tiêu chí {number} của năm {year} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "The dossier of {place} may rest on the result of criterion {number} of {year} already (entry #{entry}).\nSee: ntm fact show {entry}"


class NotEarlier(Refused):
    exit_code = 2
    vi = "Hồ sơ năm {year} chỉ được dùng kết quả của năm trước liền kề, {last} (Quyết định 18/2022/QĐ-TTg, điều 2 khoản 4).\nKiểm tra lại --result-year."
    en = "A dossier of {year} may rest on the results of the year just before it, {last} (Quyết định 18/2022/QĐ-TTg, article 2.4).\nCheck --result-year."


class SurveyUncountable(Refused):
    exit_code = 2
    vi = "Số liệu lấy ý kiến không hợp lệ: hỏi {asked}, hài lòng {satisfied}.\nKiểm tra --asked và --satisfied."
    en = "Of {asked} people asked {satisfied} cannot be satisfied.\nCheck --asked and --satisfied."


class DecisionMissing(Refused):
    exit_code = 2
    vi = "Công nhận phải nêu quyết định.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "A recognition needs its decision.\nAdd --document “number, date, issuer”."


class DecisionLater(Refused):
    exit_code = 2
    vi = "Quyết định ngày {decision} sau ngày ghi công nhận {day}.\nKiểm tra --decision-on và --on."
    en = "The decision is of {decision}, after the day of the recognition, {day}.\nCheck --decision-on and --on."


class DeskOffRoad(Refused):
    exit_code = 2
    vi = "Đường đi {road:word} không có cấp {desk}.\nXem: ntm dossier road --standard {standard}"
    en = "The road {road:word} has no {desk}.\nSee: ntm dossier road --standard {standard}"


class NotUnderWay(Refused):
    vi = "Hồ sơ của {place} {stage}; không còn nơi nào để chuyển tới.\nXem: ntm dossier list"
    en = "The dossier of {place} is {stage}; there is nowhere to move it.\nSee: ntm dossier list"


class RoutePaperMissing(Refused):
    exit_code = 2
    vi = "Chuyển nơi giữ hồ sơ phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Moving a dossier to another desk needs its paper.\nAdd --document “number, date, issuer”."


#: Stages in which a dossier lies on no desk.
OVER = ("recognised", "announced", "rejected", "withdrawn", "closed")
#: What each event is called in the table of steps.
_ACTS: dict[type[Event], str] = {
    DossierOpened: "open",
    DossierVerified: "verify",
    DossierReturned: "return",
    CriteriaAppraised: "appraise",
    DossierRecognised: "recognise",
    DossierRejected: "reject",
    DossierAnnounced: "announce",
    DossierWithdrawn: "withdraw",
    DossierClosed: "close",
}
_BY_PAPER = (DossierReturned, DossierAnnounced, DossierClosed)


def rule(dossier: Dossier, event: Event) -> Refused | None:
    match event:
        case DossierSubmitted():
            return _submission(dossier, event)
        case ResultAdmitted():
            return _admission(dossier, event)
        case SurveyRecorded(asked=asked, satisfied=satisfied):
            countable = 0 <= satisfied <= asked and asked > 0
            return None if countable else SurveyUncountable(asked=asked, satisfied=satisfied)
        case DossierRerouted(road=road, desk=desk) if desk not in road:
            return DeskOffRoad(road=road, desk=DESKS.get(desk, desk), standard=dossier.standard)
        case DossierRerouted() if dossier.stage in OVER:
            return NotUnderWay(stage=STAGE_WORDS[dossier.stage], place=dossier.place)
        case DossierRerouted():
            return None if event.document else RoutePaperMissing()
    order = out_of_step(dossier, _ACTS[type(event)])
    return _misformed(event) or order or _misdirected(dossier, event) or _too_soon(dossier, event)


def _misdirected(dossier: Dossier, event: Event) -> Refused | None:
    if isinstance(event, _BY_PAPER) and not event.document:
        return StepPaperMissing(act=ACT_WORDS[_ACTS[type(event)]])
    if isinstance(event, DossierReturned) and not above(dossier.desk, event.to_level):
        desk, level = (DESKS.get(each, each) for each in (dossier.desk, event.to_level))
        return ReturnedUpwards(standard=dossier.standard, desk=desk, level=level)
    return None


def _too_soon(dossier: Dossier, event: Event) -> Refused | None:
    """What a desk does with a dossier it had not received yet."""
    last = dossier.handed[-1] if dossier.handed else None
    if last and dossier.stage != "returned" and event.effective_on < last.received_on:
        if isinstance(event, DossierWithdrawn | DossierClosed):
            return None
        day, received = event.effective_on, last.received_on
        return NotReceivedYet(day=day, received=received, entry=last.entry, place=dossier.place)
    return None


def _misformed(event: Event) -> Refused | None:
    match event:
        case DossierReturned(missing=missing) if not missing:
            return NothingMissing()
        case DossierRecognised(document=None):
            return DecisionMissing()
        case DossierRecognised(decision_on=decided, effective_on=day) if decided > day:
            return DecisionLater(decision=decided, day=day)
    return None


def out_of_step(dossier: Dossier, act: str) -> OutOfStep | None:
    """Why an act is not in order where the dossier lies; None when it is."""
    if after(dossier.stage, dossier.position, act) is not None:
        return None
    return OutOfStep(
        standard=dossier.standard,
        year=dossier.year,
        place=dossier.place,
        stage=STAGE_WORDS[dossier.stage],
        desk=DESKS.get(dossier.desk, dossier.desk),
        act=ACT_WORDS[act],
        allowed=[_named(each) for each in allowed(dossier.stage, dossier.position)],
    )


def _named(act: str) -> Word:
    """The verb as it is typed, and what it means."""
    return Word(f"{act} ({ACT_WORDS[act].vi})", act)


def _submission(dossier: Dossier, event: DossierSubmitted) -> Refused | None:
    days = (event.document_on, event.sent_on, event.received_on)
    if list(days) != sorted(days):
        return DatesOutOfOrder(document=days[0], sent=days[1], received=days[2])
    order = out_of_step(dossier, _handing(dossier))
    # Of one that was taken back or rejected it does not matter how far it had come.
    ended = order if dossier.stage in ("withdrawn", "rejected") else None
    return ended or _off_road(dossier, event.to_level) or order


def _handing(dossier: Dossier) -> str:
    """What handing the dossier up is called where it lies."""
    return "submit" if dossier.position == "home" else "forward"


def _off_road(dossier: Dossier, level: str) -> Refused | None:
    about: dict[str, Any] = {"place": dossier.place, "level": DESKS.get(level, level)}
    waits = any(each.closed is None for each in dossier.returns)
    for handed in () if waits else dossier.handed:
        if handed.to_level == level:
            return AlreadySubmitted(
                standard=dossier.standard, year=dossier.year, entry=handed.entry, **about
            )
    after_it = next_desk(dossier.road, dossier.desk)
    if after_it != level:
        about |= {"next": after_it and DESKS[after_it], "standard": dossier.standard}
        return DeskSkipped(desk=DESKS.get(dossier.desk, dossier.desk), **about)
    return None


def _admission(dossier: Dossier, event: ResultAdmitted) -> Refused | None:
    number, year = event.number, event.assessment_year
    if year != dossier.year - 1:
        return NotEarlier(year=dossier.year, last=dossier.year - 1)
    same = (e for e in dossier.admitted if (e.number, e.year) == (number, year))
    for each in same:
        return AlreadyAdmitted(place=dossier.place, number=number, year=year, entry=each.entry)
    return None


SUBJECT = Subject[Dossier](
    "dossier",
    (
        DossierRegistered,
        DossierOpened,
        DossierSubmitted,
        DossierReturned,
        DossierVerified,
        CriteriaAppraised,
        SurveyRecorded,
        DossierRecognised,
        DossierRejected,
        DossierAnnounced,
        DossierWithdrawn,
        DossierClosed,
        DossierRerouted,
        ResultAdmitted,
    ),
    evolve,
    rule,
)
