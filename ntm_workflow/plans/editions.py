"""Editions of criteria sets: those that come with the program, with those a journal has besides.

Finds the one meant by a set and a year, or a set and a version. Knows no journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.values import fold
from ntm_workflow.plans.edition_file import read_edition
from ntm_workflow.plans.standards import standards

_FOLDER = files("ntm_workflow.plans").joinpath("editions")


class UnknownSet(Refused):
    exit_code = 3
    vi = "Không có bộ tiêu chí “{set}”.\nCác bộ: {known}."
    en = "There is no criteria set “{set}”.\nSets: {known}."


class UnknownEdition(Refused):
    exit_code = 3
    vi = "Bộ {set} không có phiên bản “{version}”.\nCác phiên bản: {known}. Xem: ntm criteria sets"
    en = "The set {set} has no version “{version}”.\nVersions: {known}. See: ntm criteria sets"


class NoEditionOfYear(Refused):
    vi = "Không có bộ tiêu chí {set} cho năm đánh giá {year} (có: {known}).\nKiểm tra --year hoặc --on; bộ của tỉnh hoặc giai đoạn mới: ntm criteria adopt TỆP.toml"
    en = "There is no {set} criteria set for assessment year {year} (there are: {known}).\nCheck --year or --on; a set of a province or a new period: ntm criteria adopt FILE.toml"


class EditionOfOtherYears(Refused):
    vi = "Bộ {set} ({version}) dùng cho năm đánh giá {first}–{last}, không dùng cho năm {year}.\nTheo: {decision}. Kiểm tra --year, --on hoặc --edition."
    en = "The set {set} ({version}) is for assessment years {first}–{last}, not for {year}.\nBy: {decision}. Check --year, --on or --edition."


@cache
def bundled() -> tuple[Edition, ...]:
    """The editions that come with the program, in the order of the standards."""
    names = sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    read = (
        read_edition(_FOLDER.joinpath(name).read_bytes(), name, standards())[0] for name in names
    )
    order = {standard: n for n, standard in enumerate(standards())}
    return tuple(sorted(read, key=lambda each: (order[each.set], each.version)))


def file_of(edition: Edition) -> str:
    """The text a bundled edition was read from."""
    return _FOLDER.joinpath(f"{edition.set}-{edition.version}.toml").read_text("utf-8")


class Editions:
    """All editions there are: the bundled ones and `adopted` ones."""

    def __init__(self, adopted: Iterable[Edition] = ()) -> None:
        self.all = (*bundled(), *adopted)

    @cached_property
    def sets(self) -> tuple[str, ...]:
        """Ids of the sets with an edition, in the order of the standards."""
        there = {each.set for each in self.all}
        return tuple(set for set in standards() if set in there)

    def of(self, set: str) -> tuple[Edition, ...]:
        """The editions of a set; refuses a set that has none, naming those there are."""
        found = tuple(each for each in self.all if each.set == set)
        if not found:
            raise UnknownSet(set=set, known=self.sets)
        return found

    def get(self, set: str, version: str) -> Edition | None:
        return next((e for e in self.all if (e.set, e.version) == (set, version)), None)

    def named(self, set: str, version: str) -> Edition:
        found = next((each for each in self.of(set) if each.version == version), None)
        if found is None:
            raise UnknownEdition(set=set, version=version, known=versions(self.of(set)))
        return found

    def of_year(self, set: str, year: int, provinces: Iterable[str] = ()) -> Edition:
        """The edition for results of that year in a place of these provinces; a province's own first."""
        found = self.find(set, year, provinces)
        if found is None:
            raise NoEditionOfYear(set=set, year=year, known=versions(self.of(set)))
        return found

    def find(self, set: str, year: int, provinces: Iterable[str] = ()) -> Edition | None:
        """The same; None where there is none."""
        near = {fold(province) for province in provinces}
        fitting = [
            each
            for each in self.all
            if each.set == set
            and each.covers(year)
            and (each.province is None or fold(each.province) in near)
        ]
        # The province's own, and of several the one the office took in last.
        return max(reversed(fitting), key=lambda each: each.province is not None, default=None)

    def meant(
        self, set: str, version: str | None, year: int, provinces: Iterable[str] = ()
    ) -> Edition:
        """The version a person names, if the year is one of its years; else that of the year."""
        if version is None:
            return self.of_year(set, year, provinces)
        found = self.named(set, version)
        if not found.covers(year):
            first, last = found.years
            said = {"set": set, "version": version, "decision": found.decision}
            raise EditionOfOtherYears(first=first, last=last, year=year, **said)
        return found


def versions(editions: Iterable[Edition]) -> tuple[str, ...]:
    return tuple(each.version for each in editions)


#: What a pack is read and checked with: no journal is at hand there.
@cache
def bundle() -> Editions:
    return Editions()
