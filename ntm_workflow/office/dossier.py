"""Dossiers on their road: found, registered and moved from desk to desk by the body that may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.dossier import out_of_step
from ntm_workflow.domain.dossier_events import (
    DossierAnnounced,
    DossierRegistered,
    DossierRejected,
    DossierRerouted,
    DossierReturned,
    DossierSubmitted,
    DossierWithdrawn,
    SurveyRecorded,
)
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.dossier_steps import allowed
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.road import DESKS, Road, next_desk
from ntm_workflow.domain.values import Word
from ntm_workflow.office.editions import provinces
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import find_unit
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.roads import road_of
from ntm_workflow.plans.standards import known_standard, types_of
from ntm_workflow.projections import VIEWS


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


class AlreadyRegistered(Refused):
    vi = "Hồ sơ {standard:word} năm {year} của {place} đã có trong sổ (kế hoạch đã áp dụng cũng đăng ký).\nXem: ntm dossier show --place {id:arg} --standard {standard} --year {year}"
    en = "The {standard:word} {year} dossier of {place} is in the journal (adopted plans register them, too).\nSee: ntm dossier show --place {id:arg} --standard {standard} --year {year}"


#: Years a dossier may lie ahead of, or behind, the day it is registered: a programme's period.
_FAR = 5


class YearFar(Refused):
    exit_code = 2
    vi = "Hồ sơ đăng ký ngày {day} không thể của năm đánh giá {year}.\nKiểm tra lại --year hoặc --on."
    en = "A dossier registered on {day} cannot be of assessment year {year}.\nCheck --year or --on."


class StandardOfOthers(Refused):
    vi = "{standard:word} dành cho {types}; ngày {day} {place} không phải loại đó.\nXem: ntm place show {id:arg}"
    en = "{standard:word} is for places of type {types}; on {day} {place} is none.\nSee: ntm place show {id:arg}"


class WrongDesk(Refused):
    vi = "{unit} không thuộc cấp {desk} của {place}; việc này do cấp {desk} làm.\nNêu đúng đơn vị: --body. Xem: ntm dossier road --standard {standard}"
    en = "{unit} is no unit of the {desk} of {place}, which is who does this.\nName the right one: --body. See: ntm dossier road --standard {standard}"


class DeskGone(Refused):
    vi = "Từ {day} hồ sơ {standard:word} không qua cấp {desk} nữa, mà hồ sơ của {place} đang ở đó ({source}).\nGhi quyết định chuyển nơi giữ: ntm dossier reroute --place … --standard {standard} --year {year} --to …"
    en = "From {day} dossiers of {standard:word} do not pass the {desk}, where that of {place} lies ({source}).\nRecord where it goes: ntm dossier reroute --place … --standard {standard} --year {year} --to …"


@dataclass(frozen=True)
class Which:
    """The dossier a command speaks of; `place` is an id."""

    place: str
    standard: str
    year: int

    @property
    def id(self) -> str:
        return dossier_id(self.place, self.standard, self.year)


def dossier_id(place: str, standard: str, year: int) -> str:
    return f"dossier/{place}/{standard}/{year}"


def road_for(reading: Reading, place: str, standard: str, day: date) -> Road:
    """The road in force for the place on a day; refuses where no sourced one is."""
    return road_of(standard, day, provinces(reading, place))


def register(entry: Entry, which: Which, *, striving: bool = False) -> None:
    known_standard(which.standard)
    day = entry.request.on or entry.today
    reading = entry.reading.on(day)
    name = reading.names.get(which.place, which.place)
    if entry.exists(which.id):
        about = {"place": name, "standard": which.standard, "year": which.year}
        raise AlreadyRegistered(**about, id=which.place)
    must_be_for(reading, which.place, which.standard, day)
    if abs(which.year - day.year) > _FAR:
        raise YearFar(year=which.year, day=day)
    road = road_for(reading, which.place, which.standard, day).desks
    entry.record(
        which.id,
        DossierRegistered,
        place=which.place,
        standard=which.standard,
        year=which.year,
        desk=road[0],
        road=road,
        striving=striving,
    )


class RoadDiffers(Refused):
    vi = "Ngày {day} hồ sơ đi đường khác ngày {old} nên không đính chính riêng ngày được.\nHủy rồi ghi lại: ntm fact void … --reason … --document …"
    en = "On {day} dossiers take another road than on {old}, so the day is not corrected by itself.\nVoid it and record anew: ntm fact void … --reason … --document …"


def must_keep_its_road(entry: Entry, id: str, old: date, new: date) -> None:
    """Refuse to move a step of a dossier to a day on which it would have gone another way."""
    state: Dossier | None = entry.timeline(id).now
    if state is not None:
        where = (state.place, state.standard)
        if road_for(entry.reading.on(old), *where, old) != road_for(entry.reading.on(new), *where, new):  # fmt: skip
            raise RoadDiffers(old=old, day=new)


def must_be_for(reading: Reading, place: str, standard: str, day: date) -> None:
    """Refuse a place of a type the standard is not for."""
    row, types = reading.places.get(place), types_of(standard)
    if row is not None and row.type not in types:
        words = list(dict.fromkeys(TYPES[type][1] for type in types))
        name = reading.names.get(place, place)
        raise StandardOfOthers(standard=standard, types=words, day=day, place=name, id=place)


@dataclass(frozen=True)
class Desk:
    """A dossier in the entry that tells of it: where it lies, and who may act there."""

    entry: Entry
    which: Which

    @property
    def day(self) -> date:
        return self.entry.request.on or self.entry.today

    @property
    def reading(self) -> Reading:
        return self.entry.reading.on(self.day)

    @property
    def state(self) -> Dossier:
        """As it is on the day spoken of, or, before it was registered, as it began."""
        timeline = self.entry.timeline(self.which.id)
        found: Dossier | None = timeline.at(self.day) or timeline.now
        if found is None:
            raise NoDossier(
                place=self.reading.names.get(self.which.place, self.which.place),
                standard=self.which.standard,
                year=self.which.year,
                known=None,
            )
        return found

    def record(self, event: type[Event], against: Refused | None = None, /, **said: Any) -> None:
        self.entry.record(self.which.id, event, against, **said)

    def on_its_road(self) -> Dossier:
        """The dossier on the road in force that day, taken there by a fact of its own if need be."""
        state, which = self.state, self.which
        road = road_for(self.reading, which.place, which.standard, self.day)
        desks = road.desks
        if desks == state.road or state.stage in ("recognised", "announced"):
            return state
        if state.desk not in desks:
            raise DeskGone(
                day=self.day,
                standard=which.standard,
                year=which.year,
                desk=DESKS.get(state.desk, state.desk),
                place=self.reading.names.get(which.place, which.place),
                source=road.source,
            )
        said = {"road": desks, "desk": state.desk, "holder": state.holder}
        self.record(DossierRerouted, body=None, document=road.source, **said)
        return self.state

    def body(self, desk: str) -> str:
        """Who acts at a desk: the body named, else the committee; at the central level it must be named."""
        named = self.entry.request.body
        return named or _receiving(self.reading, self.which.place, desk)

    def acting(self, desk: str) -> WrongDesk | None:
        """Whether the body named, if one is, is a unit of that desk, for this place."""
        named, place = self.entry.request.body, self.which.place
        if named is None or _is_of(self.reading, named, place, desk):
            return None
        return WrongDesk(
            unit=self.reading.names.get(named, named),
            desk=DESKS.get(desk, desk),
            place=self.reading.names.get(place, place),
            standard=self.which.standard,
        )


def _is_of(reading: Reading, unit: str, place: str, desk: str) -> bool:
    """Whether a unit stands at a desk of a place: in it or above it; of the whole country, at the centre."""
    row = reading.units.get(unit)
    if row is None or row.place is None:
        return desk == "central"
    at = reading.places.get(row.place)
    around = (place, *reading.ancestors(place))
    return at is not None and at.level == desk and row.place in around


@dataclass(frozen=True, kw_only=True)
class HandUp:
    """A hand-over as it was told. Days not given: sent when signed, received when sent.

    `forward` says that a desk on the way hands it on.
    """

    forward: bool = False
    to_level: str | None = None
    to: str | None = None
    sent_on: date | None = None
    received_on: date | None = None


def submit(entry: Entry, which: Which, handed: HandUp) -> None:
    """Hand a dossier up to the next desk."""
    desk = Desk(entry, which)
    state = desk.on_its_road()
    if handed.forward and state.position == "home":
        # The fact is the same; the word says that somebody takes the dossier to lie elsewhere.
        raise out_of_step(state, "forward") or AssertionError(state)
    level = handed.to_level or _meant(state, handed) or state.desk
    document_on = desk.day
    sent_on = handed.sent_on or document_on
    desk.record(
        DossierSubmitted,
        desk.acting(state.desk),
        from_=desk.body(state.desk),
        to=handed.to or _receiving(desk.reading, which.place, level),
        to_level=level,
        document_on=document_on,
        sent_on=sent_on,
        received_on=handed.received_on or sent_on,
    )


def _meant(state: Dossier, handed: HandUp) -> str | None:
    """The desk a hand-over goes to where none is named: of what the place hands in, the first one."""
    return next_desk(state.road, state.desk if handed.forward else state.first)


def step(entry: Entry, which: Which, event: type[Event], **said: Any) -> None:
    """An act of the desk on which the dossier lies; a rejection is the last desk's."""
    desk = Desk(entry, which)
    state = desk.on_its_road()
    at = state.road[-1] if event is DossierRejected else state.desk
    desk.record(event, desk.acting(at), body=desk.body(at), **said)


def give_back(
    entry: Entry, which: Which, missing: tuple[str, ...], supplement: str | None, to: str | None
) -> None:
    """Return a dossier with the list of what is missing, to the desk below or the one named."""
    desk = Desk(entry, which)
    state = desk.on_its_road()
    below = [each for each in state.road if next_desk(state.road, each) == state.desk]
    level = to or (below[-1] if below else state.desk)
    desk.record(
        DossierReturned,
        desk.acting(state.desk),
        body=desk.body(state.desk),
        from_=desk.body(state.desk),
        to=_receiving(desk.reading, which.place, level),
        to_level=level,
        missing=tuple(dict.fromkeys(map(tidy, missing))),
        supplement=supplement and tidy(supplement),
        number=_next_return(entry, which),
    )


def _next_return(entry: Entry, which: Which) -> int:
    """The number of the next return: one more than any that was recorded, of whatever day."""
    state: Dossier | None = entry.timeline(which.id).now
    return max((each.number for each in state.returns) if state else (), default=0) + 1


def announce(entry: Entry, which: Which) -> None:
    """The recognition is announced, by whoever is named."""
    Desk(entry, which).record(DossierAnnounced)


def withdraw(entry: Entry, which: Which, reason: str | None) -> None:
    """The place takes its dossier back, wherever it lies."""
    desk = Desk(entry, which)
    first = desk.state.first
    said = {"body": desk.body(first), "reason": reason and tidy(reason)}
    desk.record(DossierWithdrawn, desk.acting(first), **said)


def reroute(entry: Entry, which: Which, to: str) -> None:
    """Put the dossier on a desk of the road in force, by a paper."""
    desk = Desk(entry, which)
    road = road_for(desk.reading, which.place, which.standard, desk.day)
    holder = desk.reading.committee(which.place, to)
    desk.record(DossierRerouted, road=road.desks, desk=to, holder=holder)


def survey(entry: Entry, which: Which, asked: int, satisfied: int, about: str | None) -> None:
    said = {"asked": asked, "satisfied": satisfied, "about": about and tidy(about)}
    Desk(entry, which).record(SurveyRecorded, **said)


def receiver(reading: Reading, to: str) -> tuple[str, str | None]:
    """The level and, where a unit was named, the unit a dossier goes to."""
    levels = tuple(DESKS)[1:]
    if to in levels:
        return to, None
    unit = find_unit(reading, to)
    place = reading.places.get(reading.units[unit].place or "")
    if place is None or place.level not in levels:
        desks = [Word(f"{level} ({DESKS[level].vi})", level) for level in levels]
        raise NotADesk(unit=reading.names.get(unit, unit), desks=desks)
    return place.level, unit


def must_exist(reading: Reading, place: str, standard: str, year: int) -> Any:
    """The dossier's row; refuses, naming the dossiers the place has."""
    row = reading.row(dossier_id(place, standard, year))
    if row is None:
        of_place = [r for r in reading.rows("dossier") if r.place == place]
        known = [f"{r.standard} {r.year}" for r in of_place]
        name = reading.names.get(place, place)
        raise NoDossier(place=name, standard=standard, year=year, known=known)
    return row


def _receiving(reading: Reading, place: str, level: str) -> str:
    """The committee at a level; the centre is a level without a place."""
    return level if level == "central" else committee(reading, place, level)


def committee(reading: Reading, place: str, level: str) -> str:
    unit = reading.committee(place, level)
    if unit is None:
        raise NoCommittee(level=DESKS.get(level, level), place=reading.names.get(place, place))
    return unit


def next_acts(row: Any) -> tuple[str, ...]:
    """What is in order next where a dossier lies."""
    return allowed(row.stage, row.position)


def next_due(reading: Reading) -> dict[str, date]:
    """Dossier id -> the last safe day of its next hand-over that is still owed."""
    due: dict[str, date] = {}
    awaited = {row.id: next_desk(tuple(row.road), row.desk) for row in reading.rows("dossier")}
    c = VIEWS["obligation"].table.c
    owed = (c.trigger.is_not(None), c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
    for row in reading.rows("obligation", *owed, only=("trigger", "strict_day")):
        dossier, _, asked = (row.trigger or "").rpartition("/")
        level = asked.partition("-")[0]
        if level == awaited.get(dossier, "") and row.strict_day:
            due[dossier] = min(row.strict_day, due.get(dossier, row.strict_day))
    return due
