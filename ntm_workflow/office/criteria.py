"""What is recorded of a place's criteria: finds its table of an edition, opens it if need be, and records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.criteria import NotAssessedYet
from ntm_workflow.domain.criteria_events import (
    CriteriaGrouped,
    CriteriaOpened,
    CriterionAchieved,
    CriterionConfirmed,
    Evidence,
    IndicatorMeasured,
)
from ntm_workflow.domain.criteria_state import Criteria
from ntm_workflow.domain.edition import UNSAID, Criterion, Edition, Threshold
from ntm_workflow.domain.inputs import read_number, tidy
from ntm_workflow.domain.measure import falls_short
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.values import Word, fold, format_number
from ntm_workflow.office.editions import edition_for, group_named, groups_of
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.presence import place_must_be_there
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.editions import bundle
from ntm_workflow.plans.faults import LEVELS


class OtherLevel(Refused):
    vi = "Bộ {set} dành cho cấp {level}, không dùng cho {place}.\nXem: ntm criteria sets"
    en = "The set {set} is for {level} places, not for {place}.\nSee: ntm criteria sets"


class OtherType(Refused):
    vi = "Bộ {set} dành cho {types}; ngày {day} {place} không phải loại đó.\nTheo: {decision}. Xem: ntm place show {id:arg}"
    en = "The set {set} is for places of type {types}; on {day} {place} is none.\nBy: {decision}. See: ntm place show {id:arg}"


class NotItsDepartment(Refused):
    vi = "{unit} không phụ trách tiêu chí {number} ({set}) ở {place}; phụ trách: {leads}.\nTheo: {clauses}. Phân công khác: ntm unit assign {unit:arg} --set {set} --criterion {number}"
    en = "{unit} does not lead criterion {number} ({set}) in {place}; it is led by: {leads}.\nBy: {clauses}. Led otherwise: ntm unit assign {unit:arg} --set {set} --criterion {number}"


class BelowThreshold(Refused):
    vi = "Tiêu chí {number} của {place} năm {year}: chỉ tiêu {indicator} là {found}, chưa đạt mức {threshold} (lần ghi #{entry}; {source}).\nĐo lại: ntm criteria measure --indicator {indicator}"
    en = "Criterion {number} of {place} for {year}: indicator {indicator} is {found}, short of {threshold} (entry #{entry}; {source}).\nMeasured anew: ntm criteria measure --indicator {indicator}"


class FieldsMissing(Refused):
    exit_code = 2
    vi = "Tiêu chí {number} của bộ {set} phải nêu ít nhất {least} lĩnh vực nổi trội.\nThêm --field “…”; các lĩnh vực đã biết: {known}."
    en = "Criterion {number} of {set} needs at least {least} outstanding field named.\nAdd --field “…”; fields known: {known}."


class FieldsUnasked(Refused):
    exit_code = 2
    vi = "Tiêu chí {number} của bộ {set} không có lĩnh vực nổi trội.\nBỏ --field. Xem: ntm criteria describe --set {set}"
    en = "Criterion {number} of {set} has no outstanding fields.\nLeave out --field. See: ntm criteria describe --set {set}"


class UnknownIndicator(Refused):
    exit_code = 3
    vi = "Bộ {set} ({version}) không có chỉ tiêu “{indicator}” được dẫn nguồn (có: {known}).\nXem: ntm criteria describe --set {set}"
    en = "The set {set} ({version}) has no sourced indicator “{indicator}” (there are: {known}).\nSee: ntm criteria describe --set {set}"


class OtherUnit(Refused):
    exit_code = 2
    vi = "Chỉ tiêu {indicator} tính bằng {unit}, không phải “{typed}”.\nĐổi số liệu sang {unit}, hoặc bỏ --unit."
    en = "Indicator {indicator} is in {unit}, not “{typed}”.\nConvert the figure to {unit}, or leave out --unit."


class UnknownGroup(Refused):
    exit_code = 3
    vi = "Bộ {set} ({version}) không có nhóm “{group}” (có: {known}).\nXem: ntm criteria describe --set {set} --edition {version}"
    en = "The set {set} ({version}) has no group “{group}” (there are: {known}).\nSee: ntm criteria describe --set {set} --edition {version}"


@dataclass(frozen=True)
class Marked:
    """The criterion a person names; the year of the day itself where no year is said."""

    place: str
    set: str
    number: int
    year: int | None = None
    version: str | None = None


def criteria_id(place: str, edition: Edition) -> str:
    """Tables of the version that goes without saying were named before there was another."""
    version = "" if edition.version == UNSAID else f"/{edition.version}"
    return f"criteria/{place}/{edition.set}{version}"


def edition_of(id: str) -> Edition:
    """The bundled edition meant by the end of such an id: `xa-ntm` or `xa-ntm/2026-2030`."""
    set, _, version = id.partition("/")
    return bundle().named(set, version or UNSAID)


def open_criteria(entry: Entry, place: str, of: Edition, day: date) -> None:
    entry.record(
        criteria_id(place, of),
        CriteriaOpened,
        effective_on=day,
        place=place,
        set=of.set,
        version=of.version,
        numbers=of.numbers,
    )


@dataclass(frozen=True)
class Table:
    """A place's table of an edition, in the entry that tells of it, for an assessment year."""

    entry: Entry
    place: str
    edition: Edition
    year: int

    @property
    def id(self) -> str:
        return criteria_id(self.place, self.edition)

    @property
    def day(self) -> date:
        return self.entry.request.on or self.entry.today

    @property
    def state(self) -> Criteria | None:
        found: Criteria | None = self.entry.timeline(self.id).at(self.day)
        return found

    @property
    def reading(self) -> Reading:
        """The places and units of the day the command speaks of."""
        return self.entry.reading.on(self.day)

    def record(self, event: type[Any], against: Refused | None = None, /, **said: Any) -> None:
        if not self.entry.exists(self.id):
            open_criteria(self.entry, self.place, self.edition, BEGINNING)
        named = {"set": self.edition.set, "version": self.edition.version}
        self.entry.record(self.id, event, against, **named, **said)


def table(entry: Entry, place: str, set: str, version: str | None, year: int | None) -> Table:
    """The table a command speaks of. Refuses an edition of other years, levels or types of place."""
    day = entry.request.on or entry.today
    of_year = year or day.year
    place_must_be_there(entry, place, day, pursues=True)
    if of_year > day.year:
        raise NotAssessedYet(year=of_year, day=day)
    reading = entry.reading.on(day)
    of = edition_for(reading, place, set, version, of_year)
    _must_be_for(reading, place, of, day)
    return Table(entry, place, of, of_year)


def _must_be_for(reading: Reading, place: str, of: Edition, day: date) -> None:
    row = reading.places.get(place)
    name = reading.names.get(place, place)
    if row is None or row.level != of.level:
        raise OtherLevel(set=of.set, level=LEVELS[of.level], place=name)
    if of.types and row.type not in of.types:
        types = [TYPES[type][1] for type in of.types]
        raise OtherType(
            set=of.set, types=types, day=day, place=name, id=place, decision=of.decision
        )


def mark(entry: Entry, marked: Marked, event: type[Any], **more: Any) -> None:
    """Record that a criterion is achieved, has lapsed, is confirmed, or has more evidence."""
    at = table(entry, marked.place, marked.set, marked.version, marked.year)
    mark_in(at, marked.number, event, **more)


def mark_in(at: Table, number: int, event: type[Any], **more: Any) -> None:
    """The same of a criterion of a table that was found already."""
    criterion = at.edition.criterion(number)
    against: Refused | None = None
    if event is CriterionAchieved and criterion:
        _fields_must_fit(at, criterion, more.get("fields", ()))
        against = _short(at, criterion)
    if event is CriterionConfirmed:
        against = _not_its_department(at, number)
    at.record(event, against, number=number, assessment_year=at.year, **more)


def _fields_must_fit(at: Table, criterion: Criterion, fields: tuple[str, ...]) -> None:
    about = {"number": criterion.number, "set": at.edition.set}
    least = criterion.fields or 0
    if fields and not least:
        raise FieldsUnasked(**about)
    if len({fold(each) for each in fields}) < least:
        known = [each.name for each in at.edition.fields]
        raise FieldsMissing(least=least, known=known, **about)


def _short(at: Table, criterion: Criterion) -> BelowThreshold | None:
    """What was measured for the year and does not come to what is asked."""
    for (year, indicator), measure in (at.state.measures if at.state else {}).items():
        part = at.edition.indicator(indicator)
        if year != at.year or part is None or part.criterion != criterion.number:
            continue
        asked = threshold_of(at.reading, at.place, at.edition, indicator, at.year, at.state)
        if asked and falls_short(measure.value, asked):
            return BelowThreshold(
                number=criterion.number,
                place=at.reading.names.get(at.place, at.place),
                year=year,
                indicator=indicator,
                found=figure(measure.value, measure.unit),
                threshold=asked_in_words(asked),
                entry=measure.entry,
                source=asked.source or at.edition.decision,
            )
    return None


def threshold_of(
    reading: Reading,
    place: str,
    edition: Edition,
    indicator: str,
    year: int,
    state: Criteria | None,
) -> Threshold | None:
    """What an indicator must come to in this place; None where none is sourced for its group."""
    groups = groups_of(reading, place, edition, state.group if state else None)
    return edition.threshold(indicator, groups, year)


def figure(value: str, unit: str | None) -> Word:
    """12,19 m²/người; a share is written 80%."""
    after = f"{'' if unit == '%' else ' '}{unit}" if unit else ""
    return Word(f"{format_number(value)}{after}", f"{format_number(value, 'en')}{after}")


def asked_in_words(asked: Threshold) -> Word:
    """At least 5 m²/người; at most 4%."""
    vi, en = [], []
    if asked.at_least is not None:
        least = figure(asked.at_least, asked.unit)
        vi.append(f"từ {least.vi} trở lên")
        en.append(f"at least {least.en}")
    if asked.at_most is not None:
        most = figure(asked.at_most, asked.unit)
        vi.append(f"không quá {most.vi}")
        en.append(f"at most {most.en}")
    return Word(", ".join(vi), ", ".join(en))


def _not_its_department(at: Table, number: int) -> NotItsDepartment | None:
    """A confirmation by a unit other than those a paper names; of a criterion nobody leads, by anybody."""
    body, of = at.entry.request.body, at.edition
    led = list(Leads(at.reading).of(at.place, of.set, of.version, number))
    if body is None or not led or any(each.unit == body for each in led):
        return None
    names = at.reading.names
    return NotItsDepartment(
        unit=names.get(body, body),
        number=number,
        set=of.set,
        place=names.get(at.place, at.place),
        leads=[names.get(each.unit, each.unit) for each in led],
        clauses=[f"{each.plan or ''} {each.clause or ''}".strip() or None for each in led],
    )


def measure(
    entry: Entry,
    place: str,
    set: str,
    indicator: str,
    value: str,
    *,
    unit: str | None = None,
    year: int | None = None,
    version: str | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> None:
    """What an indicator came to. Refuses one nobody has sourced, and a unit that is not its own."""
    at = table(entry, place, set, version, year)
    of, part = at.edition, at.edition.indicator(indicator)
    if part is None:
        known = [each.number for each in of.indicators]
        raise UnknownIndicator(set=of.set, version=of.version, indicator=indicator, known=known)
    if unit and part.unit and fold(unit) != fold(part.unit):
        raise OtherUnit(indicator=indicator, unit=part.unit, typed=unit)
    said = {"indicator": indicator, "value": read_number(value), "evidence": evidence}
    told_unit = part.unit or (tidy(unit) if unit else None)
    at.record(IndicatorMeasured, unit=told_unit, assessment_year=at.year, **said)


def group(
    entry: Entry, place: str, set: str, group: str, version: str | None, year: int | None
) -> None:
    """A paper puts the place in a group of the edition, whose thresholds count from that day on."""
    at = table(entry, place, set, version, year)
    found = group_named(at.edition, group)
    if found is None:
        known = [each.id for each in at.edition.groups]
        about = {"set": at.edition.set, "version": at.edition.version}
        raise UnknownGroup(group=group, known=known, **about)
    at.record(CriteriaGrouped, group=found.id)
