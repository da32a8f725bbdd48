"""Recognitions: what standard a place holds, by which decision, under which year's label.

The label (“đạt chuẩn năm 2024”) is apart from the day of the decision, which often lies in the next year.
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


class Grant(msgspec.Struct, frozen=True):
    label: int
    decision_on: date
    decision: str | None
    body: str | None
    entry: int


class Recognition(msgspec.Struct, frozen=True):
    place: str
    standard: str
    grants: tuple[Grant, ...] = ()

    @property
    def held(self) -> bool:
        return bool(self.grants)


class AlreadyRecognised(Refused):
    vi = "{place} đã được công nhận {standard:word} năm {label} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "{place} is recognised as {standard:word} for {label} already (entry #{entry}).\nSee: ntm fact show {entry}"


def rule(recognition: Recognition, event: Event) -> Refused | None:
    match event:
        case RecognitionGranted(label=label):
            for grant in recognition.grants:
                if grant.label == label:
                    about = {"place": recognition.place, "standard": recognition.standard}
                    return AlreadyRecognised(label=label, entry=grant.entry, **about)
    return None


def evolve(recognition: Recognition | None, fact: Fact) -> Recognition:
    match fact.event:
        case RecognitionOpened(place=place, standard=standard):
            return Recognition(place, standard)
        case RecognitionGranted(label=label, decision_on=day, document=paper, body=body):
            recognition = cast(Recognition, recognition)
            grant = Grant(label, day, paper, body, fact.entry)
            return replace(recognition, grants=(*recognition.grants, grant))
        case other:
            raise TypeError(other)


SUBJECT = Subject[Recognition]("recognition", (RecognitionOpened, RecognitionGranted), evolve, rule)
