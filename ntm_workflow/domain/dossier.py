"""Dossiers: the file by which a place asks to be recognised, and whose desk it is on."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.values import Word

#: The desks in their order, as clauses II.1-3 of the Quảng Nam plan name them.
ROAD = ("commune", "district", "province")
DESKS = {
    "commune": Word("xã", "commune"),
    "district": Word("huyện", "district"),
    "province": Word("tỉnh", "province"),
}


class DossierRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place is on a list for a standard and an assessment year. Its road begins at `desk`."""

    place: str
    standard: str
    year: int
    desk: str = ROAD[0]


def first_desk(level: str | None) -> str:
    """Where the dossier of a place of that level begins: at its own desk, a village's at its commune's."""
    return level if level in ROAD else ROAD[0]


class DossierSubmitted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A dossier is handed up. Three dates: on the paper, when sent, when received."""

    from_: str = msgspec.field(name="from")
    to: str
    to_level: str
    document_on: date
    sent_on: date
    received_on: date


class ResultAdmitted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper lets the dossier rest on the result of a criterion of an earlier assessment year."""

    number: int
    assessment_year: int


class HandOver(msgspec.Struct, frozen=True):
    """One step of the road, and the entry that tells it."""

    to_level: str
    entry: int
    received_on: date
    document_on: date | None = None


class Admitted(msgspec.Struct, frozen=True):
    number: int
    year: int
    entry: int


class Dossier(msgspec.Struct, frozen=True):
    place: str
    standard: str
    year: int
    stage: str
    holder: str | None
    since: date
    first: str = ROAD[0]
    handed: tuple[HandOver, ...] = ()
    admitted: tuple[Admitted, ...] = ()

    @property
    def desk(self) -> str:
        return self.handed[-1].to_level if self.handed else self.first


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
    vi = "Hồ sơ của {place} đang ở cấp {desk}; chưa thể nộp thẳng lên cấp {level}.\nXem: ntm dossier list"
    en = "The dossier of {place} is at the {desk}; it cannot go straight to the {level}.\nSee: ntm dossier list"


class DatesOutOfOrder(Refused):
    exit_code = 2
    vi = "Ngày văn bản {document}, ngày gửi {sent}, ngày nhận {received} không theo thứ tự."
    en = "Paper of {document}, sent {sent}, received {received}: the dates are out of order."


class AlreadyAdmitted(Refused):
    vi = "Hồ sơ của {place} đã được dùng kết quả tiêu chí {number} của năm {year} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "The dossier of {place} may rest on the result of criterion {number} of {year} already (entry #{entry}).\nSee: ntm fact show {entry}"


class NotEarlier(Refused):
    exit_code = 2
    vi = "Hồ sơ năm {year} đã dùng kết quả của chính năm đó; chỉ cho dùng kết quả của năm trước.\nKiểm tra lại --result-year."
    en = "A dossier of {year} rests on the results of that year anyway; only earlier ones are admitted.\nCheck --result-year."


def rule(dossier: Dossier, event: Event) -> Refused | None:
    match event:
        case ResultAdmitted(assessment_year=year) if year >= dossier.year:
            return NotEarlier(year=dossier.year)
        case ResultAdmitted(number=number, assessment_year=year):
            same = (e for e in dossier.admitted if (e.number, e.year) == (number, year))
            for each in same:
                about = {"place": dossier.place, "number": number, "year": year}
                return AlreadyAdmitted(entry=each.entry, **about)
        case DossierSubmitted(document_on=paper, sent_on=sent, received_on=received) if not (
            paper <= sent <= received
        ):
            return DatesOutOfOrder(document=paper, sent=sent, received=received)
        case DossierSubmitted(to_level=level):
            return _off_road(dossier, level)
    return None


def _off_road(dossier: Dossier, level: str) -> Refused | None:
    about: dict[str, Any] = {"place": dossier.place, "level": DESKS.get(level, level)}
    for handed in dossier.handed:
        if handed.to_level == level:
            return AlreadySubmitted(
                standard=dossier.standard, year=dossier.year, entry=handed.entry, **about
            )
    if (dossier.desk, level) not in pairwise(ROAD):
        return DeskSkipped(desk=DESKS.get(dossier.desk, dossier.desk), **about)
    return None


def evolve(dossier: Dossier | None, fact: Fact) -> Dossier:
    match fact.event:
        case DossierRegistered() as event:
            about = (event.place, event.standard, event.year)
            return Dossier(*about, "registered", None, event.effective_on, event.desk)
        case DossierSubmitted() as event:
            dossier = cast(Dossier, dossier)
            step = HandOver(event.to_level, fact.entry, event.received_on, event.document_on)
            now = {"stage": "submitted", "holder": event.to, "since": event.effective_on}
            return replace(dossier, handed=(*dossier.handed, step), **now)
        case ResultAdmitted(number=number, assessment_year=year):
            dossier = cast(Dossier, dossier)
            return replace(
                dossier, admitted=(*dossier.admitted, Admitted(number, year, fact.entry))
            )
        case other:
            raise TypeError(other)


SUBJECT = Subject[Dossier](
    "dossier", (DossierRegistered, DossierSubmitted, ResultAdmitted), evolve, rule
)
