"""What a dossier's hand-over sets off: the duties that ask for it are met by derived facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dossier import DESKS, ROAD, DossierRegistered, DossierSubmitted, first_desk
from ntm_workflow.domain.values import Word
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import find_unit
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.standards import known_standard


class NoCommittee(Refused):
    exit_code = 3
    vi = "Không rõ đơn vị cấp {level} của {place}.\nGhi nhận: ntm unit register --role ubnd --place …"
    en = "The {level} committee of {place} is not known.\nRegister it: ntm unit register --role ubnd --place …"


class NotADesk(Refused):
    exit_code = 3
    vi = "{unit} không phải nơi nhận hồ sơ.\nNơi nhận: {desks}, hoặc tên một đơn vị của các cấp đó."
    en = "{unit} does not receive dossiers.\nReceivers: {desks}, or a unit of those levels by name."


class NoDossier(Refused):
    exit_code = 3
    vi = "{place} không có hồ sơ {standard:word} năm {year} (có: {known}).\nĐăng ký: ntm dossier register --place … --standard {standard} --year {year}"
    en = "{place} has no {standard:word} dossier for {year} (it has: {known}).\nRegister it: ntm dossier register --place … --standard {standard} --year {year}"


def dossier_id(place: str, standard: str, year: int) -> str:
    return f"dossier/{place}/{standard}/{year}"


def register(entry: Entry, place: str, standard: str, year: int) -> None:
    known_standard(standard)
    entry.record(
        dossier_id(place, standard, year),
        DossierRegistered,
        place=place,
        standard=standard,
        year=year,
        desk=first_desk(entry.reading.places[place].level),
    )


@dataclass(frozen=True, kw_only=True)
class HandUp:
    """A hand-over as it was told. Days not given: sent when signed, received when sent."""

    place: str
    standard: str
    year: int
    to_level: str
    to: str | None = None
    sent_on: date | None = None
    received_on: date | None = None


def submit(entry: Entry, handed: HandUp) -> None:
    """Hand a dossier up to the next desk."""
    reading = entry.reading
    document_on = entry.request.on or entry.today
    sent_on = handed.sent_on or document_on
    below = ROAD[max(ROAD.index(handed.to_level) - 1, 0)]
    entry.record(
        dossier_id(handed.place, handed.standard, handed.year),
        DossierSubmitted,
        from_=entry.request.body or committee(reading, handed.place, below),
        to=handed.to or committee(reading, handed.place, handed.to_level),
        to_level=handed.to_level,
        document_on=document_on,
        sent_on=sent_on,
        received_on=handed.received_on or sent_on,
    )


def receiver(reading: Reading, to: str) -> tuple[str, str | None]:
    """The level and, where a unit was named, the unit a dossier goes to."""
    if to in ROAD[1:]:
        return to, None
    unit = find_unit(reading, to)
    place = reading.places.get(reading.units[unit].place or "")
    if place is None or place.level not in ROAD[1:]:
        desks = [Word(f"{level} ({DESKS[level].vi})", level) for level in ROAD[1:]]
        raise NotADesk(unit=reading.names.get(unit, unit), desks=desks)
    return place.level, unit


def must_exist(reading: Reading, place: str, standard: str, year: int) -> Any:
    """The dossier's row; refuses, naming the dossiers the place has."""
    row = reading.row(dossier_id(place, standard, year))
    if row is None:
        of_place = [r for r in reading.rows("dossier") if r.place == place]
        known = [f"{r.standard} {r.year}" for r in of_place] or None
        name = reading.names.get(place, place)
        raise NoDossier(place=name, standard=standard, year=year, known=known)
    return row


def committee(reading: Reading, place: str, level: str) -> str:
    unit = reading.committee(place, level)
    if unit is None:
        raise NoCommittee(level=DESKS[level], place=reading.names.get(place, place))
    return unit


def next_due(reading: Reading) -> dict[str, date]:
    """Dossier id -> the last safe day of its next hand-over that is still owed."""
    due: dict[str, date] = {}
    awaited = {row.id: ROAD[(ROAD.index(row.desk) + 1) :][:1] for row in reading.rows("dossier")}
    for row in reading.rows("obligation"):
        dossier, _, level = (row.trigger or "").rpartition("/")
        if level in awaited.get(dossier, ()) and row.met_on is None and row.strict_day:
            due[dossier] = min(row.strict_day, due.get(dossier, row.strict_day))
    return due
