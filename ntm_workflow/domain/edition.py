"""Editions: one version of one criteria set, as its decision gives it, with what nobody has sourced left open.

A number means a criterion only together with its set and version. Knows no place and no result.
"""

from __future__ import annotations

from datetime import date
from typing import Final, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

#: The version meant where nothing says one: that of the results and leads recorded before there was another.
UNSAID: Final = "2021-2025"


class Criterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One numbered criterion or condition; without a `name` the decision's own is not known yet.

    `holds` is a standard whose recognition is the condition, `fields` how many outstanding fields it
    asks for at least; `key` is one whose loss weighs when a recognition is reviewed.
    """

    number: int
    name: str | None = None
    group: str | None = None
    holds: str | None = None
    fields: int | None = None
    key: bool = False
    source: str | None = None
    unverified: bool = False


class Indicator(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A numbered part of a criterion: 17.8 belongs to criterion 17, and 5 is criterion 5 as a whole.

    `target` is what plans call the same figure among their targets.
    """

    number: str
    name: str | None = None
    unit: str | None = None
    target: str | None = None
    source: str | None = None
    unverified: bool = False

    @property
    def criterion(self) -> int:
        return int(self.number.partition(".")[0])


class Threshold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an indicator must come to, for a group of places and a year; for all where none is said.

    `at_least` and `at_most` are stored decimals.
    """

    indicator: str
    at_least: str | None = None
    at_most: str | None = None
    unit: str | None = None
    group: str | None = None
    year: int | None = None
    source: str | None = None
    unverified: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Places with thresholds of their own: a region by its provinces, or a group a paper puts them in."""

    id: str
    name: str
    provinces: tuple[str, ...] = ()
    source: str | None = None
    unverified: bool = False


class Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An outstanding field (lĩnh vực nổi trội), of one province or of all."""

    name: str
    province: str | None = None
    source: str | None = None
    unverified: bool = False


class Addition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A province's own decision for the set; `requires` is what it asks beyond the national text."""

    province: str
    decision: str
    requires: str | None = None
    source: str | None = None
    unverified: bool = False


class Edition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a set: for which places, for which assessment years, and what it asks.

    `years` are the first and last assessment year; `province` the only one it is for.
    """

    set: str
    version: str
    level: str
    name: str
    decision: str
    years: tuple[int, int]
    criteria: tuple[Criterion, ...]
    types: tuple[str, ...] = ()
    issued_on: date | None = None
    province: str | None = None
    complete: bool = True
    indicator_count: int | None = None
    source: str | None = None
    indicators: tuple[Indicator, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    groups: tuple[Group, ...] = ()
    fields: tuple[Field, ...] = ()
    additions: tuple[Addition, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.criteria)

    @property
    def last_year(self) -> int:
        return self.years[1]

    def covers(self, year: int) -> bool:
        return self.years[0] <= year <= self.years[1]

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.criteria if each.key)

    def criterion(self, number: int) -> Criterion | None:
        return next((each for each in self.criteria if each.number == number), None)

    def indicator(self, number: str) -> Indicator | None:
        return next((each for each in self.indicators if each.number == number), None)

    def threshold(self, indicator: str, groups: tuple[str, ...], year: int) -> Threshold | None:
        """The threshold for places of these groups in that year; the most particular one counts."""
        fitting = [
            each
            for each in self.thresholds
            if each.indicator == indicator
            and each.group in (None, *groups)
            and each.year in (None, year)
        ]
        order = {group: n for n, group in enumerate(groups)}
        return min(
            fitting,
            key=lambda each: (order.get(each.group or "", len(groups)), each.year is None),
            default=None,
        )


class EditionAdopted(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An edition that did not come with the program is taken in, whole, from a file."""

    edition: Edition
    sha256: str


class EditionAmended(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The same edition as its file gives it from that day on; its criteria keep their numbers."""

    edition: Edition
    sha256: str


class Adopted(msgspec.Struct, frozen=True):
    """An edition in the journal, the bytes it was read from, and the entry that tells it."""

    edition: Edition
    sha256: str
    entry: int


class EditionRepeated(Refused):
    vi = "Bộ {set} ({version}) đã có trong sổ đúng như vậy (lần ghi #{entry}).\nXem: ntm criteria describe --set {set} --edition {version}"
    en = "The set {set} ({version}) is in the journal just so (entry #{entry}).\nSee: ntm criteria describe --set {set} --edition {version}"


class EditionElse(Refused):
    vi = "Tệp đổi {keys} của bộ {set} ({version}) trong sổ, mà kết quả đã ghi dựa vào đó.\nBộ khác cấp, loại địa bàn, tỉnh hoặc năm là một phiên bản khác: đổi version trong tệp."
    en = "The file changes {keys} of the set {set} ({version}) in the journal, on which recorded results rest.\nOf another level, type of place, province or years it is another version: change version in the file."


class EditionRenumbered(Refused):
    vi = "Bộ {set} ({version}) trong sổ có các số {known}, tệp có {numbers}; sửa một bộ thì giữ nguyên các số.\nBộ khác số là một phiên bản khác: đổi version trong tệp."
    en = "The set {set} ({version}) in the journal has the numbers {known}, the file {numbers}; an amended set keeps its numbers.\nWith other numbers it is another version: change version in the file."


def rule(adopted: Adopted, event: Event) -> Refused | None:
    if not isinstance(event, EditionAmended):
        return None
    old, new = adopted.edition, event.edition
    about = {"set": new.set, "version": new.version}
    if event.sha256 == adopted.sha256:
        return EditionRepeated(entry=adopted.entry, **about)
    fixed = ("level", "types", "province", "years")
    if changed := [key for key in fixed if getattr(new, key) != getattr(old, key)]:
        return EditionElse(keys=changed, **about)
    if new.numbers != old.numbers:
        return EditionRenumbered(known=old.numbers, numbers=new.numbers, **about)
    return None


def evolve(adopted: Adopted | None, fact: Fact) -> Adopted:
    match fact.event:
        case EditionAdopted(edition=edition, sha256=sha256):
            return Adopted(edition, sha256, fact.entry)
        case EditionAmended(edition=edition, sha256=sha256):
            return replace(cast(Adopted, adopted), edition=edition, sha256=sha256, entry=fact.entry)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Adopted]("edition", (EditionAdopted, EditionAmended), evolve, rule)
