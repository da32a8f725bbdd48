"""Steps of dossiers as cells say them: which dossier, which act, and what the act needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.dossier_events import (
    CriteriaAppraised,
    DossierAnnounced,
    DossierOpened,
    DossierRecognised,
    DossierRegistered,
    DossierRejected,
    DossierReturned,
    DossierSubmitted,
    DossierVerified,
    DossierWithdrawn,
)
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.dossier_steps import ACT_WORDS, STEPS, allowed
from ntm_workflow.domain.form_words import VERDICTS
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.road import DESKS, next_desk
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office import dossier as use
from ntm_workflow.office.appraisal import appraise
from ntm_workflow.office.dossier import Which
from ntm_workflow.office.form import Column, Filled, Kind
from ntm_workflow.office.form_faults import NoCriterion
from ntm_workflow.office.form_labels import bracketed
from ntm_workflow.office.recognition import recognise
from ntm_workflow.office.sheet_import import Meaning, Told

REGISTER: Final = "register"
#: Step -> its word in a list.
STEP_WORDS: Final[dict[str, Word]] = {
    REGISTER: Word("đăng ký", "register"),
    **{act: word for act, word in ACT_WORDS.items() if act != "close"},
}
_EVENTS: Final[dict[str, type[Event]]] = {
    REGISTER: DossierRegistered,
    "open": DossierOpened,
    "submit": DossierSubmitted,
    "forward": DossierSubmitted,
    "verify": DossierVerified,
    "return": DossierReturned,
    "appraise": CriteriaAppraised,
    "recognise": DossierRecognised,
    "reject": DossierRejected,
    "announce": DossierAnnounced,
    "withdraw": DossierWithdrawn,
}
EVENTS: Final = tuple(dict.fromkeys(_EVENTS.values()))
_ALL: Final = ("tat ca", "moi tieu chi", "all")

STEP = Column(
    field="step", title=Word("Bước", "Step"), also=("buoc tiep theo", "viec", "act"),
    holds="choice", choices="steps", width=15,
)  # fmt: skip
MORE: Final = (
    Column(field="body", title=Word("Đơn vị làm", "Done by"), also=("don vi thuc hien", "body"), holds="choice", choices="units", width=26),
    Column(field="to", title=Word("Nơi nhận (nếu khác thường lệ)", "Receiver (if not the usual)"), also=("noi nhan", "receiver", "to"), holds="choice", choices="units", width=22),
    Column(field="sent_on", title=Word("Ngày gửi", "Sent on"), holds="day", width=12),
    Column(field="received_on", title=Word("Ngày nhận", "Received on"), holds="day", width=12),
    Column(field="missing", title=Word("Còn thiếu (cách nhau bằng ;)", "Missing (divided by ;)"), also=("con thieu", "missing"), width=24),
    Column(field="supplement", title=Word("Hạn bổ sung (theo câu chữ)", "Supply by (in words)"), also=("han bo sung", "supplement"), width=20),
    Column(field="criteria", title=Word("Tiêu chí thẩm định (13, 14 hoặc: tất cả)", "Criteria appraised (13, 14 or: all)"), also=("tieu chi tham dinh", "criteria"), width=18),
    Column(field="met", title=Word("Thẩm định", "Appraised as"), holds="choice", choices="verdicts", width=11),
    Column(field="reason", title=Word("Lý do", "Reason"), width=20),
)  # fmt: skip


class SaidOfOtherStep(Refused):
    exit_code = 2
    vi = "Bước “{step}” không dùng ô này.\nXóa ô, hoặc chọn bước khác."
    en = "The step “{step}” does not use this cell.\nEmpty it, or choose another step."


class RecognisedApart(Refused):
    vi = "Công nhận phải nhập riêng: biểu này còn ghi bước khác của cùng hồ sơ, mà điều kiện công nhận được xét theo sổ.\nNhập các bước trước, rồi nhập biểu có bước công nhận."
    en = "A recognition is taken in apart: this form records another step of the same dossier, and its conditions are judged by the journal.\nTake the other steps in first, then the form with the recognition."


#: Column -> the steps that use it.
_USED: Final[dict[str, tuple[str, ...]]] = {
    "to": ("submit", "forward"),
    "sent_on": ("submit", "forward"),
    "received_on": ("submit", "forward"),
    "missing": ("return",),
    "supplement": ("return",),
    "criteria": ("appraise",),
    "met": ("appraise",),
    "reason": ("reject", "withdraw"),
}


class _Act(NamedTuple):
    """How a step is recorded, what it is known by beside its day, and what else the row says of it."""

    record: Callable[[], object]
    marks: Meaning = ()
    details: Mapping[str, Any] = {}


def step_lists() -> dict[str, list[Word]]:
    """The steps that are in order in each state of a dossier, by the name of `steps_of`."""
    return {
        steps_of(stage, position): [STEP_WORDS[act] for act in allowed(stage, position)]
        for stage, position in STEPS
    }


def steps_of(stage: str, position: str) -> str:
    return f"steps {stage} {position}"


class Steps:
    """Reads the step of a row of a form of any kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind, self.entry = kind, kind.entry

    def told(
        self, row: Filled, step: str | None, which: Which, day: date, document: str | None
    ) -> list[Told]:
        body = self.kind.unit(row, "body", day) or self.entry.request.body
        note = self.kind.note(row)
        for name, steps in _USED.items():
            if step and step not in steps and row.line.has([name]):
                row.object(name, SaidOfOtherStep(step=STEP_WORDS[step]))
        act = self._act(row, which, step or "", day)
        row.insist()
        self.kind.once(row, "step", (which.id, step, day, act.marks))
        row.insist()
        event = _EVENTS[step or ""]
        return [
            Told(
                number=row.line.number,
                id=which.id,
                day=day,
                document=document,
                event=event,
                meaning=(event.__name__, day, *act.marks),
                record=act.record,
                stands=partial(self._stands, which, step or "", act.marks, day),
                more={"body": body, "note": note},
                again=step in ("submit", "forward", "return"),
                column=STEP.title,
                details=self.kind.details(
                    row, document=document, body=body, note=note, **act.details
                ),
            )
        ]

    def step(self, row: Filled) -> str | None:
        return row.needed("step", row.choice("step", STEP_WORDS))

    def _act(self, row: Filled, which: Which, step: str, day: date) -> _Act:
        entry = self.entry
        match step:
            case "register":
                return _Act(partial(use.register, entry, which))
            case "submit" | "forward":
                return self._hand_up(row, which, step, day)
            case "return":
                said = row.text("missing") or ""
                missing = tuple(
                    dict.fromkeys(tidy(each) for each in said.split(";") if each.strip())
                )
                supplement = row.text("supplement")
                back = partial(use.give_back, entry, which, missing, supplement, None)
                return _Act(back, details={"missing": missing, "supplement": supplement})
            case "appraise":
                return self._appraise(row, which, day)
            case "recognise":
                return _Act(partial(self._recognise, which))
            case "reject":
                reason = row.needed("reason", row.text("reason"))
                act = partial(use.step, entry, which, DossierRejected, reason=reason)
                return _Act(act, details={"reason": reason})
            case "announce":
                return _Act(partial(use.announce, entry, which))
            case "withdraw":
                reason = row.text("reason")
                act = partial(use.withdraw, entry, which, reason)
                return _Act(act, details={"reason": reason})
            case "open" | "verify":
                return _Act(partial(use.step, entry, which, _EVENTS[step]))
        return _Act(lambda: None)

    def _hand_up(self, row: Filled, which: Which, step: str, day: date) -> _Act:
        reading = self.entry.reading.on(day)
        to = row.as_said("to", lambda typed: use.receiver(reading, _receiver(typed)))
        road = use.road_for(reading, which.place, which.standard, day).desks
        usual = next_desk(road, road[0]) if step == "submit" else road[-1]
        level, unit = to or (None, None)
        days = {name: row.day(name) for name in ("sent_on", "received_on")}
        handed = use.HandUp(forward=step == "forward", to_level=level, to=unit, **days)
        act = partial(use.submit, self.entry, which, handed)
        return _Act(act, (level or usual,), {"to": unit, **days})

    def _appraise(self, row: Filled, which: Which, day: date) -> _Act:
        numbers = row.as_said("criteria", _numbers)
        if numbers is None:
            row.needed("criteria", None)
        met = row.needed("met", row.choice("met", VERDICTS)) == "achieved"
        act = partial(appraise, self.entry, which, numbers or None, met=met)
        return _Act(act, (numbers or self._all_that_were_left(which, day, met), met))

    def _all_that_were_left(self, which: Which, day: date, met: bool) -> tuple[int, ...]:
        """The criteria that were appraised last on that day, until all had been; none where they were not."""
        for step in self.entry.timeline(which.id).steps:
            event, state = step.fact.event, step.state
            if isinstance(event, CriteriaAppraised) and state is not None:
                complete = len(state.appraisals) == event.of
                if complete and (event.effective_on, event.met) == (day, met):
                    return event.numbers
        return ()

    def _recognise(self, which: Which) -> None:
        if which.id in self.entry.changed:
            raise RecognisedApart
        recognise(self.entry, which, None)

    def _stands(self, which: Which, step: str, marks: Meaning, day: date) -> bool:
        timeline = self.entry.timeline(which.id)
        state: Dossier | None = timeline.at(day)
        if step == "appraise" and state is not None:
            numbers, met = marks
            found = [state.appraisals.get(number) for number in numbers]
            return bool(found) and all(each is not None and each.met == met for each in found)
        return step == REGISTER and timeline.now is not None


def meaning_of(event: Any) -> Meaning:
    """By what a step is known again."""
    marks: Meaning = ()
    if isinstance(event, DossierSubmitted):
        marks = (event.to_level,)
    elif isinstance(event, CriteriaAppraised):
        marks = (event.numbers, event.met)
    return (type(event).__name__, event.effective_on, *marks)


def _receiver(typed: str) -> str:
    """A level as it is typed on the line, or the name or id of a unit."""
    for level, word in DESKS.items():
        if fold(typed) in (level, fold(word.vi), fold(word.en)):
            return level
    return bracketed(typed)


def _numbers(text: str) -> tuple[int, ...]:
    """Numbers of criteria; empty where all are meant."""
    if fold(text) in _ALL:
        return ()
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if not parts or not all(re.fullmatch("[0-9]{1,3}", part) for part in parts):
        raise NoCriterion(text=text)
    return tuple(sorted({int(part) for part in parts}))
