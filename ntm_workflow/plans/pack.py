"""Plan packs: the bundled ones, those in files, and the part that concerns one area.

Knows no journal: adopting is the office's work.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace as relined
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from msgspec.structs import asdict, replace

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import fold, nfc
from ntm_workflow.domain.words import in_words
from ntm_workflow.plans.calendar import FILE as CALENDAR
from ntm_workflow.plans.check import check, duty_id
from ntm_workflow.plans.climbs import FILE as CLIMBS
from ntm_workflow.plans.faults import Fault, FaultyPack, refusal
from ntm_workflow.plans.guard import MOST_BYTES, decoded
from ntm_workflow.plans.lines import Lines
from ntm_workflow.plans.loader import Draft, TooManyFaults, read_draft
from ntm_workflow.plans.place_changes import FILE as PLACE_CHANGES
from ntm_workflow.plans.result_years import FILE as RESULT_YEARS
from ntm_workflow.plans.roads import FILE as ROADS
from ntm_workflow.plans.shapes import Duty, NamedPlace, Pack
from ntm_workflow.plans.spread import spread
from ntm_workflow.plans.standards import CATALOGUE, known_standard
from ntm_workflow.plans.target_shapes import StatedTarget

__all__ = [
    "FaultyPack",
    "Pack",
    "blanks",
    "bundled",
    "checked",
    "duty_id",
    "faults_of",
    "known_standard",
    "load",
    "part",
    "read",
    "source",
    "speaks_of",
]

PACKS = files("ntm_workflow.plans")
Placed = TypeVar("Placed", Duty, StatedTarget)


class UnknownPlan(Refused):
    exit_code = 3
    vi = "Không có kế hoạch “{plan}”.\nCó: {known}. Xem: ntm plan list"
    en = "There is no plan “{plan}”.\nThere are: {known}. See: ntm plan list"


class UnknownPart(Refused):
    exit_code = 3
    vi = "Kế hoạch {plan} không nêu một địa bàn duy nhất tên “{place}”.\nGần giống: {near}."
    en = "Plan {plan} names no single place “{place}”.\nNear: {near}."


class FileMissing(Refused):
    exit_code = 3
    vi = "Không có tệp {file}.\nKiểm tra tên và thư mục. Kế hoạch có sẵn: ntm plan list"
    en = "There is no file {file}.\nCheck its name and folder. Bundled plans: ntm plan list"


class FileClosed(Refused):
    vi = "Không đọc hoặc ghi được tệp {file}.\nKiểm tra thư mục và quyền truy cập."
    en = "The file {file} cannot be read or written.\nCheck its folder and your rights."


class FolderNamed(Refused):
    vi = "{file} là thư mục, không phải gói kế hoạch.\nNêu tệp .toml trong đó: ntm plan check {file:arg}/…"
    en = (
        "{file} is a folder, not a plan pack.\nName a .toml file in it: ntm plan check {file:arg}/…"
    )


class OtherFile(Refused):
    vi = "Tệp {file} không phải gói kế hoạch: tên không có đuôi .toml.\nĐổi tên tệp, rồi: ntm plan check TỆP.toml"
    en = "The file {file} is no plan pack: its name does not end in .toml.\nRename it, then: ntm plan check FILE.toml"


class FileTooLarge(Refused):
    vi = "Tệp {file} lớn hơn {most} MB, không phải gói kế hoạch.\nXem khuôn của gói: docs/plans.md"
    en = "The file {file} is larger than {most} MB and is no plan pack.\nWhat a pack is: docs/plans.md"


class FileThere(Refused):
    vi = "Tệp {file} đã có; không ghi đè.\nChọn tên khác: -o FILE"
    en = "The file {file} is there already and is not overwritten.\nChoose another name: -o FILE"


#: Data of other kinds that lies beside the packs.
NO_PACKS = frozenset({CATALOGUE, CALENDAR, CLIMBS, PLACE_CHANGES, RESULT_YEARS, ROADS})


def bundled() -> list[str]:
    """Ids of the packs that come with the program, in alphabetical order."""
    names = (entry.name for entry in PACKS.iterdir())
    packs = (name for name in names if name.endswith(".toml") and name not in NO_PACKS)
    return sorted(name.removesuffix(".toml") for name in packs)


def source(plan: str) -> bytes:
    """The text of a bundled pack or of a file; refuses what is neither."""
    if plan in bundled():
        return PACKS.joinpath(f"{plan}.toml").read_bytes()
    path = Path(plan)
    try:
        if path.is_dir():
            raise FolderNamed(file=plan)
        if path.is_file():
            if path.suffix != ".toml":
                raise OtherFile(file=plan)
            return _bytes(path)
    except OSError:
        raise FileClosed(file=plan) from None
    if path.suffix or "/" in plan:
        raise FileMissing(file=plan)
    raise UnknownPlan(plan=plan, known=bundled())


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=str(path), most=MOST_BYTES // 1_000_000)
    return content


def load(plan: str) -> Pack:
    """The bundled pack of that id, or the pack in a file. Refuses what is unknown or faulty."""
    return read(source(plan), plan)


def read(content: bytes, name: str) -> Pack:
    """A pack's text as a pack; refused with every fault in it at once."""
    pack, faults = checked(content)
    if pack is None:
        raise refusal(name, faults)
    return pack


def checked(content: bytes) -> tuple[Pack | None, list[Fault]]:
    """The pack, or all that is wrong in its text in the order of its lines."""
    draft, faults = _read(content)
    if faults or draft.head is None:
        return None, faults
    tables = {name: [row for _, row in rows] for name, rows in draft.tables.items()}
    pack = Pack(**asdict(draft.head), **tables, sha256=hashlib.sha256(content).hexdigest())  # type: ignore[arg-type]
    return pack, []


def faults_of(content: bytes) -> list[Fault]:
    """All that is wrong in a pack's text, in the order of its lines."""
    return _read(content)[1]


def blanks(frame: bytes, name: str) -> list[Fault]:
    """What is left to fill in of a frame; refuses one with any other fault."""
    faults = faults_of(frame)
    if others := [fault for fault in faults if fault.code != "blank"]:
        raise refusal(name, others)
    return faults


def _read(content: bytes) -> tuple[Draft, list[Fault]]:
    text, fault = decoded(content)
    if fault:
        return Draft(), [fault]
    try:
        draft = read_draft(text)
        if not draft.tables:
            return draft, draft.faults
        spread(draft)
        return draft, _lined(text, draft.faults + check(draft))
    except TooManyFaults as many:
        told = _lined(text, many.faults)
        return Draft(), [*told, Fault("more", line=told[-1].line)]


def _lined(text: str, faults: list[Fault]) -> list[Fault]:
    if not faults:
        return []
    lines = Lines(text)
    found = [f if f.line else relined(f, line=lines.at(*f.where)) for f in faults]
    return sorted(found, key=lambda fault: fault.line)


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
    units = [u for u in pack.units if u.place is None or u.place in inside | above]
    kept = {u.id for u in units} | {f"ubnd-{id}" for id in inside | above}
    # A duty others wait for stays, though it binds nobody here: their days hang on it.
    first = {duty.after for duty in pack.obligations}
    return replace(
        pack,
        within=place,
        places=[p for p in pack.places if p.id in inside | above],
        units=units,
        obligations=[d for d in _inside(pack.obligations, inside) if d.places or d.rule in first],
        leads=[lead for lead in pack.leads if lead.unit in kept],
        criteria=[c for c in pack.criteria if c.place in inside],
        criteria_targets=[c for c in pack.criteria_targets if c.place in inside],
        targets=[t for t in _inside(pack.targets, inside) if t.places],
        goals=[goal for goal in pack.goals if goal.place in inside],
        recipients=[r for r in pack.recipients if r.unit is None or r.unit in kept],
    )


def speaks_of(pack: Pack, typed: str) -> bool:
    """Whether a pack names a place of that id or name, however many."""
    return any(_is_called(place, nfc(typed)) for place in pack.places)


def _is_called(place: NamedPlace, text: str) -> bool:
    """By its id, its name, or its name with its type before it, as lists show it: “xã Tam Ngọc”."""
    return text in (place.id, place.name, f"{in_words(place.type).vi} {place.name}")


def _inside(rows: list[Placed], places: set[str]) -> list[Placed]:
    return [replace(row, places=[p for p in row.places if p in places]) for row in rows]


def _named(pack: Pack, typed: str) -> str:
    """Id of the one place of the pack with that id or name."""
    text = nfc(typed)
    found = [p.id for p in pack.places if _is_called(p, text)]
    if len(found) != 1:
        near = [f"{p.id} ({p.name})" for p in pack.places if fold(p.name) == fold(text)]
        raise UnknownPart(plan=pack.id, place=typed, near=near)
    return found[0]
