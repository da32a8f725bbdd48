"""Recognitions: what standard a place holds, by which decision, under which year's label.

The label (“đạt chuẩn năm 2024”) is apart from the day of the decision, which often lies in the next year.
A recognition is kept by a notice (Thông báo) under a later set, and withdrawn by a decision.
"""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class RecognitionOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place and a standard it may hold."""

    place: str
    standard: str


class RecognitionGranted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The deciding body recognises the place; `label` is the year it is recognised for."""

    label: int
    decision_on: date
    dossier: str | None = None


class RecognitionKept(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A notice says that the place keeps the standard under this version of its set."""

    version: str


class RecognitionInherited(Event, frozen=True, kw_only=True, omit_defaults=True):
    """All places that became this one held the standard, so by a paper the new place does; no year's label goes with it."""

    sources: tuple[str, ...]


class RecognitionWithdrawn(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A decision withdraws the recognition; `ground` is why, in its words.

    `known` says how one from before this journal is known to have been held.
    """

    ground: str
    known: str | None = None


class Grant(msgspec.Struct, frozen=True):
    """`withdrawn` is the entry that took it back. One that is inherited has no label of its own.

    `reported` says that it went against the rules and was told as already decided.
    """

    label: int | None
    decision_on: date
    decision: str | None
    body: str | None
    entry: int
    withdrawn: int | None = None
    reported: bool = False


class Notice(msgspec.Struct, frozen=True):
    version: str
    on: date
    notice: str | None
    entry: int


class Recognition(msgspec.Struct, frozen=True):
    place: str
    standard: str
    grants: tuple[Grant, ...] = ()
    notices: tuple[Notice, ...] = ()
    withdrawn_on: date | None = None

    @property
    def held(self) -> bool:
        granted = any(each.withdrawn is None for each in self.grants)
        return self.withdrawn_on is None and (granted or bool(self.notices))


class AlreadyRecognised(Refused):
    vi = "{place} đã được công nhận {standard:word} năm {label} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "{place} is recognised as {standard:word} for {label} already (entry #{entry}).\nSee: ntm fact show {entry}"


class HeldAlready(Refused):
    vi = "{place} đang được công nhận {standard:word}, nên không cần công nhận theo các nơi đã nhập vào.\nXem: ntm recognition list"
    en = "{place} holds {standard:word} already, so there is nothing to inherit.\nSee: ntm recognition list"


class AlreadyKept(Refused):
    vi = "Đã có thông báo {place} duy trì {standard:word} theo bộ {version} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "A notice says already that {place} keeps {standard:word} under {version} (entry #{entry}).\nSee: ntm fact show {entry}"


class NotHeld(Refused):
    vi = "Ngày {day} sổ chưa ghi {place} đang được công nhận {standard:word}, nên không có gì để thu hồi.\nXem: ntm recognition list"
    en = "On {day} the journal has no recognition of {place} as {standard:word} to withdraw.\nSee: ntm recognition list"


class PaperNeeded(Refused):
    exit_code = 2
    vi = "Duy trì, kế thừa hoặc thu hồi công nhận phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Keeping, inheriting or withdrawing a recognition needs its paper.\nAdd --document “number, date, issuer”."


def rule(recognition: Recognition, event: Event) -> Refused | None:
    about = {"place": recognition.place, "standard": recognition.standard}
    match event:
        case RecognitionGranted(label=label):
            same = (g for g in recognition.grants if g.label == label and g.withdrawn is None)
            for grant in same:
                return AlreadyRecognised(label=label, entry=grant.entry, **about)
        case RecognitionKept() | RecognitionInherited() | RecognitionWithdrawn() if (
            not event.document
        ):
            return PaperNeeded()
        case RecognitionInherited():
            return HeldAlready(**about) if recognition.held else None
        case RecognitionKept(version=version, effective_on=day):
            # What is kept is reviewed year by year; of one year one notice says it.
            for notice in recognition.notices:
                again = (notice.version, notice.on.year) == (version, day.year)
                if again and recognition.held:
                    return AlreadyKept(version=version, entry=notice.entry, **about)
        case RecognitionWithdrawn(effective_on=day, known=known):
            taken_back = recognition.withdrawn_on is not None
            held = recognition.held or (known is not None and not taken_back)
            return None if held else NotHeld(day=day, **about)
    return None


def evolve(recognition: Recognition | None, fact: Fact) -> Recognition:
    if isinstance(fact.event, RecognitionOpened):
        return Recognition(fact.event.place, fact.event.standard)
    state = cast(Recognition, recognition)
    match fact.event:
        case RecognitionGranted(label=label, decision_on=day, document=paper, body=body):
            grant = Grant(label, day, paper, body, fact.entry)
            return replace(state, grants=(*state.grants, grant), withdrawn_on=None)
        case RecognitionInherited(effective_on=day, document=paper, body=body):
            grant = Grant(None, day, paper, body, fact.entry, reported=bool(fact.event.against))
            return replace(state, grants=(*state.grants, grant), withdrawn_on=None)
        case RecognitionKept(version=version, effective_on=day, document=paper):
            notice = Notice(version, day, paper, fact.entry)
            return replace(state, notices=(*state.notices, notice), withdrawn_on=None)
        case RecognitionWithdrawn(effective_on=day):
            gone = tuple(
                replace(g, withdrawn=fact.entry) if g.withdrawn is None else g for g in state.grants
            )
            return replace(state, grants=gone, withdrawn_on=day)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Recognition](
    "recognition",
    (
        *(RecognitionOpened, RecognitionGranted, RecognitionKept),
        *(RecognitionInherited, RecognitionWithdrawn),
    ),
    evolve,
    rule,
)
