"""Reads and checks plan packs and criteria sets. Knows no journal: adopting is the office's work."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dossier import ROAD
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.place import TYPES, level
from ntm_workflow.domain.plan import Settings
from ntm_workflow.domain.values import fold, nfc

PACKS = files("ntm_workflow.plans")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEVELS = tuple(dict.fromkeys(level for level, _ in TYPES.values()))


class NamedPlace(msgspec.Struct, forbid_unknown_fields=True):
    """A place the document names. `parent_source` says where its district was found."""

    id: str
    name: str
    type: str
    code: str | None = None
    parent: str | None = None
    parent_source: str | None = None


class NamedUnit(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    role: str
    place: str
    aliases: list[str] = []


class DossierStep(msgspec.Struct, forbid_unknown_fields=True):
    """The hand-over of a dossier that meets the duty."""

    standard: str
    year: int
    to: str


class Duty(msgspec.Struct, forbid_unknown_fields=True):
    """A clause that binds, once per place. `@commune`, `@district`, `@province` name committees."""

    rule: str
    clause: str
    title: str
    expression: str
    strength: str
    owed_by: str
    places: list[str]
    owed_to: str | None = None
    dossier: DossierStep | None = None


class StatedCriteria(msgspec.Struct, forbid_unknown_fields=True):
    clause: str
    place: str
    set: str
    assessment_year: int
    achieved: list[int]
    not_achieved: list[int]
    stated_total: int | None = None
    target_year: int | None = None


class UnspentMoney(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    clause: str
    expression: str
    years: list[int]
    stop_types: list[str]
    reallocate_types: list[str]


class Pack(msgspec.Struct, forbid_unknown_fields=True):
    """One plan document. `partial` packs say openly that they hold only part of their text."""

    id: str
    title: str
    issuer: str
    level: str
    place: str
    period: tuple[int, int]
    number: str | None = None
    issued_on: date | None = None
    implements: list[str] = []
    amends: list[str] = []
    partial: bool = False
    assumed: list[str] = []
    settings: Settings = Settings()
    places: list[NamedPlace] = []
    units: list[NamedUnit] = []
    obligations: list[Duty] = []
    criteria: list[StatedCriteria] = []
    money_rules: list[UnspentMoney] = []
    sha256: str = ""
    within: str | None = None

    @property
    def effective_on(self) -> date:
        """The signing day; where the text leaves it blank, the first day of the period."""
        return self.issued_on or date(self.period[0], 1, 1)


class CriteriaSet(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    version: str
    decision: str
    name: str
    criteria: list[str]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.criteria) + 1))


class UnknownPlan(Refused):
    exit_code = 3
    vi = "Không có kế hoạch “{plan}”.\nCó: {known}. Xem: ntm plan list"
    en = "There is no plan “{plan}”.\nThere are: {known}. See: ntm plan list"


class UnknownPart(Refused):
    exit_code = 3
    vi = "Kế hoạch {plan} không nêu một địa bàn duy nhất tên “{place}”.\nGần giống: {near}."
    en = "Plan {plan} names no single place “{place}”.\nNear: {near}."


class UnreadablePack(Refused):
    vi = "Không đọc được gói kế hoạch {file}: {reason}."
    en = "Cannot read the plan pack {file}: {reason}."


class UnknownStandard(Refused):
    exit_code = 3
    vi = "Không có danh hiệu “{standard}”.\nCác danh hiệu: {known}."
    en = "There is no standard “{standard}”.\nStandards: {known}."


class UnknownSet(Refused):
    exit_code = 3
    vi = "Không có bộ tiêu chí “{set}”.\nCác bộ: {known}."
    en = "There is no criteria set “{set}”.\nSets: {known}."


def bundled() -> list[str]:
    """Ids of the packs that come with the program, in alphabetical order."""
    names = (entry.name for entry in PACKS.iterdir())
    return sorted(
        n.removesuffix(".toml") for n in names if n.endswith(".toml") and n != "sets.toml"
    )


def load(plan: str) -> Pack:
    """The bundled pack of that id, or the pack in a file. Refuses what is unknown or malformed."""
    if plan in bundled():
        return read(PACKS.joinpath(f"{plan}.toml").read_bytes(), plan)
    path = Path(plan)
    if path.suffix == ".toml" and path.is_file():
        return read(path.read_bytes(), plan)
    raise UnknownPlan(plan=plan, known=bundled())


def part(pack: Pack, within: str) -> Pack:
    """What a pack says of one place and everything in it, with the places above it."""
    place = _named(pack, within)
    by_id = {p.id: p for p in pack.places}

    def lies_in(id: str | None) -> bool:
        while id is not None and id != place:
            id = by_id[id].parent
        return id is not None

    inside = {id for id in by_id if lies_in(id)}
    above = {pack.place, place}
    for id in (pack.place, place):
        while parent := by_id[id].parent:
            above.add(parent)
            id = parent
    duties = (replace(d, places=[p for p in d.places if p in inside]) for d in pack.obligations)
    return replace(
        pack,
        within=place,
        places=[p for p in pack.places if p.id in inside | above],
        units=[u for u in pack.units if u.place in inside | above],
        obligations=[duty for duty in duties if duty.places],
        criteria=[c for c in pack.criteria if c.place in inside],
    )


def _named(pack: Pack, typed: str) -> str:
    """Id of the one place of the pack with that id or name."""
    text = nfc(typed)
    found = [p.id for p in pack.places if text in (p.id, p.name)]
    if len(found) != 1:
        near = [f"{p.id} ({p.name})" for p in pack.places if fold(p.name) == fold(text)]
        raise UnknownPart(plan=pack.id, place=typed, near=near)
    return found[0]


def read(content: bytes, name: str) -> Pack:
    try:
        pack = msgspec.convert(tomllib.loads(nfc(content.decode())), Pack)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise UnreadablePack(file=name, reason=str(error)) from None
    pack.sha256 = hashlib.sha256(content).hexdigest()
    _check(pack, name)
    return pack


def _check(pack: Pack, name: str) -> None:
    """Whatever a pack uses stands in it, so that nothing fails half-way through an adoption."""
    wrong = next((reason for reason in _faults(pack) if reason), None)
    if wrong:
        raise UnreadablePack(file=name, reason=wrong)


def _faults(pack: Pack) -> Iterator[str | None]:
    """What is wrong, in the order of the file; a None is a check that passed."""
    places = {place.id: place for place in pack.places}
    units = {unit.id for unit in pack.units} | {f"ubnd-{id}" for id in places}
    yield None if ID.fullmatch(pack.id) else f"id “{pack.id}”: a-z, 0-9, -"
    yield None if pack.level in LEVELS else f"level “{pack.level}”: {', '.join(LEVELS)}"
    first, last = pack.period
    yield None if first <= last else f"period [{first}, {last}]"
    yield _twice(place.id for place in pack.places)
    yield _twice(unit.id for unit in pack.units)
    yield _twice(f"{d.rule}-{place}" for d in pack.obligations for place in d.places)
    for place in pack.places:
        level(place.type)
        yield _no_place(place.parent, places) or _cycle(place, places)
    for used in (pack.place, *(u.place for u in pack.units), *(c.place for c in pack.criteria)):
        yield _no_place(used, places)
    for duty in pack.obligations:
        yield from _duty_faults(duty, places, units)


def _duty_faults(
    duty: Duty, places: dict[str, NamedPlace], units: set[str]
) -> Iterator[str | None]:
    for place in duty.places:
        yield _no_place(place, places)
    for unit in (duty.owed_by, duty.owed_to):
        known = unit is None or unit in units or unit.removeprefix("@") in ROAD
        yield None if known else f"{duty.rule}: unit “{unit}”"
    yield None if duty.strength in STRENGTHS else f"{duty.rule}: strength “{duty.strength}”"
    if duty.dossier:
        known_standard(duty.dossier.standard)
        to = duty.dossier.to
        yield None if to in ROAD[1:] else f"{duty.rule}: dossier to “{to}”"


def _no_place(id: str | None, places: dict[str, NamedPlace]) -> str | None:
    return None if id is None or id in places else f"place “{id}” ∉ [[places]]"


def _cycle(place: NamedPlace, places: dict[str, NamedPlace]) -> str | None:
    """A place that lies in itself."""
    above, seen = place.parent, {place.id}
    while above is not None and above in places:
        if above in seen:
            return f"place “{place.id}” → “{above}” → …"
        seen.add(above)
        above = places[above].parent
    return None


def _twice(ids: Iterable[str]) -> str | None:
    counted = Counter(ids).items()
    return next((f"“{id}” × {count}" for id, count in counted if count > 1), None)


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(PACKS.joinpath("sets.toml").read_text("utf-8"))


@cache
def criteria_sets() -> dict[str, CriteriaSet]:
    return {s.id: s for s in msgspec.convert(_catalogue()["sets"], list[CriteriaSet])}


def known_standard(standard: str) -> None:
    """Refuses what no place can pursue, naming what there is."""
    known = _catalogue()["standards"]
    if standard not in known:
        raise UnknownStandard(standard=standard, known=known)


def criteria_set(id: str) -> CriteriaSet:
    """The set of that id; refuses, naming the sets there are."""
    sets = criteria_sets()
    if id not in sets:
        raise UnknownSet(set=id, known=tuple(sets))
    return sets[id]
