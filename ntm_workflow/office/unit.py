"""What is done to units: registered, renamed, given other names, assigned criteria; and how they show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.edition import UNSAID
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.unit import (
    ClimbsToItself,
    UnitAliasesChanged,
    UnitAssigned,
    UnitClimbSet,
    UnitRegistered,
    UnitRenamed,
    known_role,
)
from ntm_workflow.office import contacts
from ntm_workflow.office.editions import shown_edition
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import (
    NotFound,
    find_place,
    find_unit,
    fits,
    meant,
    must_be_adopted,
    words,
)
from ntm_workflow.office.place import NameWithoutLetters, slug, unused
from ntm_workflow.office.reading import Reading


class UnitExists(Refused):
    vi = "{name} đã có trong sổ, mã {id}.\nXem: ntm unit show {id:arg}. Thêm tên gọi: ntm unit alias {id:arg} --add …"
    en = "{name} is in the journal already as {id}.\nSee: ntm unit show {id:arg}. Add a name: ntm unit alias {id:arg} --add …"


class NotOfThisSet(Refused):
    exit_code = 2
    vi = "Bộ tiêu chí {set} không có tiêu chí {numbers}.\nCác tiêu chí: {known}."
    en = "The set {set} has no criterion {numbers}.\nCriteria: {known}."


class NothingAssigned(Refused):
    exit_code = 2
    vi = "Chưa nói đơn vị phụ trách gì.\nThêm --criterion N hoặc --field “lĩnh vực”."
    en = "Nothing was said of what the unit leads.\nAdd --criterion N or --field “theme”."


def reading_on(entry: Entry) -> Reading:
    """The tables on the day the command speaks of, for finding names."""
    day = entry.request.on or entry.today
    return Reading(entry.conn, day, entry.number - 1, entry.now)


def register(entry: Entry, name: str, place: str, role: str, aliases: Iterable[str]) -> str:
    """A new unit. Without a day its beginning is unknown, not today."""
    reading = reading_on(entry)
    at = find_place(reading, place)
    called, others = _name(name), tuple(dict.fromkeys(_name(each) for each in aliases))
    _nobody_called(reading, at, called, *others)
    id = f"ubnd-{at}" if known_role(role) == "ubnd" else _new_id(entry, called, at)
    if entry.exists(f"unit/{id}"):
        raise UnitExists(name=called, id=id)
    said = {"name": called, "role": role, "place": at, "aliases": others}
    since = entry.request.on or BEGINNING
    entry.record(f"unit/{id}", UnitRegistered, effective_on=since, **said)
    return id


def rename(entry: Entry, unit: str, name: str) -> None:
    reading = reading_on(entry)
    id = find_unit(reading, unit)
    entry.record(f"unit/{id}", UnitRenamed, name=name_of_its_own(entry, id, name))


def alias(entry: Entry, unit: str, add: Iterable[str], drop: Iterable[str]) -> None:
    """Add and take away other names; the rest stay."""
    reading = reading_on(entry)
    id = find_unit(reading, unit)
    row = reading.units[id]
    gone = [_dropped(reading, row, each) for each in drop]
    new = [_name(each) for each in add]
    _nobody_called(reading, row.place, *new, but=id)
    kept = [each for each in row.aliases if each not in gone]
    aliases = tuple(dict.fromkeys([*kept, *new]))
    entry.record(f"unit/{id}", UnitAliasesChanged, aliases=aliases)


def climbs(entry: Entry, unit: str, to: Iterable[str]) -> None:
    """Whom its misses may be shown to further up, the nearest first; nobody where none is named."""
    reading = reading_on(entry)
    id, above = find_unit(reading, unit), tuple(dict.fromkeys(find_unit(reading, e) for e in to))
    if id in above:
        raise ClimbsToItself(name=reading.units[id].name)
    entry.record(f"unit/{id}", UnitClimbSet, to=above)


def _dropped(reading: Reading, row: Any, typed: str) -> str:
    """The name meant of those a unit goes by; refuses one it does not go by."""
    said = words(tidy(typed), "unit")
    for each in row.aliases:
        if fits(said, words(each, "unit")):
            return str(each)
    raise NotFound(typed=typed, day=reading.as_of, noun="unit", near=meant(row.aliases))


def assign(
    entry: Entry,
    unit: str,
    set: str,
    numbers: Iterable[int],
    fields: Iterable[str],
    plan: str | None,
    clause: str | None,
    edition: str | None = None,
) -> None:
    """The unit leads these criteria, or themes without a number, of a set.

    Of the version for the year of the day, where none is named, or of the latest there is.
    """
    reading = reading_on(entry)
    id = find_unit(reading, unit)
    of = shown_edition(reading, set, edition, ())
    chosen = tuple(sorted(dict.fromkeys(numbers)))
    themes = tuple(dict.fromkeys(tidy(field) for field in fields))
    if not (chosen or themes):
        raise NothingAssigned
    if odd := [number for number in chosen if number not in of.numbers]:
        raise NotOfThisSet(set=of.set, numbers=odd, known=of.numbers)
    if plan:
        must_be_adopted(entry.reading, plan)
    said = {"numbers": chosen, "fields": themes, "plan": plan, "clause": clause}
    of_version = {"set": of.set, "version": None if of.version == UNSAID else of.version}
    entry.record(f"unit/{id}", UnitAssigned, **of_version, **said)


def shown(reading: Reading, id: str, row: Any) -> dict[str, Any]:
    """A unit as JSON shows it; people are shown by `unit show` only."""
    return {
        "id": id,
        "name": row.name,
        "role": row.role,
        "aliases": row.aliases,
        "place": reading.ref(row.place),
        "emails": [email for _, email in contacts.addresses(reading.conn, row.contacts)],
        "leads": [{**lead, "name": _lead(lead)} for lead in row.leads],
    }


def _lead(lead: dict[str, Any]) -> str:
    """xa-nang-cao: 10, 13, du lịch (III.3.3)"""
    led = ", ".join([*map(str, lead["numbers"]), *lead["fields"]])
    clause = f" ({lead['clause']})" if lead["clause"] else ""
    version = f" {lead['version']}" if lead.get("version") else ""
    return f"{lead['set']}{version}: {led}{clause}"


def _name(typed: str) -> str:
    name = readable(tidy(typed))
    if not slug(name):
        raise NameWithoutLetters(name=name)
    return name


def name_of_its_own(entry: Entry, id: str, typed: str) -> str:
    """The name as it is kept, refused where another unit of the place goes by it."""
    reading, name = reading_on(entry), _name(typed)
    row = reading.units.get(id)
    _nobody_called(reading, row.place if row else None, name, but=id)
    return name


def _nobody_called(reading: Reading, place: str | None, *names: str, but: str = "") -> None:
    """No other unit of the place goes by one of these, but for case, Unicode or short forms."""
    wanted = {words(name, "unit"): name for name in names}
    for id, row in reading.units.items():
        if row.place == place and id != but:
            for called in (row.name, *row.aliases):
                if name := wanted.get(words(called, "unit")):
                    raise UnitExists(name=name, id=id)


def _new_id(entry: Entry, name: str, place: str) -> str:
    id = slug(name)
    return unused(entry, "unit", f"{id}-{place}") if entry.exists(f"unit/{id}") else id
