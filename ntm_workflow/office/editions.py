"""The editions of criteria sets of a store: found for a place, a set and a year, and taken in from a file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.edition import Edition, EditionAdopted, EditionAmended, Group
from ntm_workflow.domain.values import fold
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.edition_file import read_edition
from ntm_workflow.plans.editions import Editions, bundled, file_of
from ntm_workflow.plans.pack import source
from ntm_workflow.plans.standards import standards
from ntm_workflow.projections import VIEWS

#: What a frame puts behind the version until its office gives it one.
_OWN: Final = "cua-minh"


class EditionBundled(Refused):
    vi = "Bộ {set} ({version}) đi kèm chương trình.\nBộ sửa đổi hoặc của tỉnh là một phiên bản khác: đổi version trong tệp."
    en = "The set {set} ({version}) comes with the program.\nAn amended one or a province's own is another version: change version in the file."


class NoEditionFile(Refused):
    exit_code = 3
    vi = "Không có tệp bộ tiêu chí {file} (đuôi .toml).\nViết tệp khung để sửa: ntm criteria adopt TỆP.toml --like xa-kieu-mau"
    en = "There is no file of criteria {file} (ending in .toml).\nWrite one to start from: ntm criteria adopt FILE.toml --like xa-kieu-mau"


def edition_id(edition: Edition) -> str:
    return f"edition/{edition.set}/{edition.version}"


def editions(reading: Reading) -> Editions:
    """Those that come with the program and those of the journal, as the reading knows them."""
    if "editions" not in reading.kept:
        # Of several that fit, the one taken in last is meant.
        rows = sorted(reading.rows("edition"), key=lambda row: row.entry)
        adopted = [msgspec.convert(row.edition, Edition) for row in rows]
        reading.kept["editions"] = Editions(adopted)
    found: Editions = reading.kept["editions"]
    return found


def shown_edition(
    reading: Reading, set: str, version: str | None, seen: Collection[str]
) -> Edition:
    """The version named; else the latest of those `seen`, the one of the reading's year, or the last."""
    there = editions(reading)
    if version is not None:
        return there.named(set, version)
    of_year = there.find(set, reading.as_of.year)
    found = [each for each in there.of(set) if each.version in seen]
    return max(found or [of_year or there.of(set)[-1]], key=lambda each: each.years)


def provinces(reading: Reading, place: str) -> tuple[str, ...]:
    """The names of the provinces a place lies in or is: more than one only where they are nested."""
    above = (place, *reading.ancestors(place))
    rows = (reading.places[id] for id in above if id in reading.places)
    return tuple(row.name for row in rows if row.level == "province")


def edition_for(reading: Reading, place: str, set: str, version: str | None, year: int) -> Edition:
    """The edition a result of that place and year is of; refuses a version of other years.

    Where the place has results of that year's under one version, that one goes on: a set taken in
    later takes over only where somebody names it.
    """
    there = editions(reading)
    if version is None and len(begun := _begun(reading, place, set, year)) == 1:
        return begun[0]
    return there.meant(set, version, year, provinces(reading, place))


def _begun(reading: Reading, place: str, set: str, year: int) -> list[Edition]:
    """The editions for a year in which the place has a table."""
    c = VIEWS["criteria"].table.c
    rows = reading.rows("criteria", c.place == place, c.set == set, only=("version",))
    found = (editions(reading).get(set, row.version) for row in rows)
    return [each for each in found if each and each.covers(year)]


def groups_of(reading: Reading, place: str, edition: Edition, told: str | None) -> tuple[str, ...]:
    """The groups whose thresholds hold for a place: the one a paper puts it in, else its region."""
    if told is not None:
        return (told,)
    near = {fold(name) for name in provinces(reading, place)}
    return tuple(g.id for g in edition.groups if near & {fold(name) for name in g.provinces})


def group_named(edition: Edition, typed: str) -> Group | None:
    """The group of that id or name."""
    return next((g for g in edition.groups if fold(typed) in (fold(g.id), fold(g.name))), None)


class Taken(NamedTuple):
    """An edition read from a file, and the SHA-256 of the file."""

    edition: Edition
    sha256: str


def read_file(file: str) -> Taken:
    """The edition in a file. Refuses a faulty one, and one that comes with the program."""
    if not Path(file).is_file() or Path(file).suffix != ".toml":
        raise NoEditionFile(file=file)
    edition, sha256 = read_edition(source(file), file, standards())
    if any((e.set, e.version) == (edition.set, edition.version) for e in bundled()):
        raise EditionBundled(set=edition.set, version=edition.version)
    return Taken(edition, sha256)


def frame(set: str, version: str | None) -> str:
    """A bundled edition's file to start one's own from, under another version."""
    found = Editions()
    like = found.named(set, version) if version else found.of(set)[-1]
    old = f'version = "{like.version}"'
    new = f'version = "{like.version}-{_OWN}"'
    note = f"# Khung lấy từ {like.set} {like.version}: sửa version, decision, issued_on, source và các bảng theo văn bản của mình.\n"
    return note + file_of(like).replace(old, new, 1)


def adopt(entry: Entry, taken: Taken) -> None:
    """Take the edition in, or, where it is there already, what its file says now."""
    id = edition_id(taken.edition)
    said = {"edition": taken.edition, "sha256": taken.sha256}
    if entry.exists(id):
        entry.record(id, EditionAmended, **said)
    else:
        entry.record(id, EditionAdopted, effective_on=_since(taken.edition, entry), **said)


def _since(edition: Edition, entry: Entry) -> date:
    """The day of its decision; where the file does not say it, the first day of its first year."""
    day = edition.issued_on or date(edition.years[0], 1, 1)
    return entry.request.on or min(day, entry.today)
