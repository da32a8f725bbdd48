"""What standards a place goes on with that came of a merger: inherited where all held them, else to be reviewed.

The ministry's three cases: all that merged hold the same titles; some hold none; some hold a higher one than others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.recognition import RecognitionInherited, RecognitionOpened
from ntm_workflow.domain.values import Word
from ntm_workflow.office.dossier import must_be_for
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.presence import place_must_be_there
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.recognition import held
from ntm_workflow.plans.roads import merger_rule
from ntm_workflow.plans.standards import builds_on, known_standard, standards, types_of

#: The cases, as the list of what is to be reviewed calls its tests.
CASES = {
    "merged_same": Word("mọi nơi nhập vào đều đạt: công nhận theo, bằng văn bản", "all that merged held it: inherited, by a paper"),
    "merged_some": Word("có nơi nhập vào chưa đạt: phải rà soát", "some that merged did not hold it: to be reviewed"),
    "merged_ranks": Word("các nơi nhập vào đạt khác mức: phải rà soát", "those that merged held different standards: to be reviewed"),
}  # fmt: skip


class NotMerged(Refused):
    vi = "Đến ngày {day} {place} không nhận sáp nhập nơi nào, nên không kế thừa công nhận.\nXem: ntm place show {id:arg}"
    en = "By {day} {place} has taken in no place, so it inherits no recognition.\nSee: ntm place show {id:arg}"


class NotAllHeld(Refused):
    vi = "{place} không kế thừa {standard:word}: {case}; đạt: {holders}, không đạt: {others} [{source}].\nLập hồ sơ: ntm dossier register … Đã có quyết định thật thì thêm --already-done"
    en = "{place} does not inherit {standard:word}: {case}; holding it: {holders}, not: {others} [{source}].\nMake a dossier: ntm dossier register … If it is decided already: --already-done"


class Title(msgspec.Struct, frozen=True):
    """A standard that some place held which merged: `case` is one of `CASES`; `on` the day of the merger."""

    place: str
    standard: str
    case: str
    on: date
    holders: tuple[str, ...]
    others: tuple[str, ...]


def titles(reading: Reading, place: str) -> Iterator[Title]:
    """What the places that became this one held on the day before, merger by merger, standard by standard."""
    row = reading.places[place]
    for on, sources in _mergers(reading, row).items():
        before = reading.on(on - timedelta(days=1))
        parts = [id for id in (*sources, place) if id in before.places]
        mine = [each for each in standards() if row.type in types_of(each)]
        have = {id: _held(before, id, mine) for id in parts}
        case = _case(list(have.values()))
        for standard in mine:
            holders = tuple(id for id in parts if standard in have[id])
            if holders:
                others = tuple(id for id in parts if id not in holders)
                yield Title(place, standard, case, on, holders, others)


def _mergers(reading: Reading, row: Any) -> dict[date, list[str]]:
    """By day the places that ended in this one; one that only ceded a part goes on with what it holds."""
    found: dict[date, list[str]] = {}
    for id in dict.fromkeys(row.sources):
        source = reading.places.get(id)
        if source is not None and source.ended:
            found.setdefault(source.ended, []).append(id)
    return dict(sorted(found.items()))


def _held(reading: Reading, place: str, standards: Iterable[str]) -> frozenset[str]:
    """The standards a place held, each with those it builds on."""
    own = [each for each in standards if held(reading, place, each)]
    return frozenset({*own, *(below for each in own for below in builds_on(each))})


def _case(have: list[frozenset[str]]) -> str:
    if len(set(have)) == 1:
        return "merged_same"
    return "merged_ranks" if all(have) else "merged_some"


def inherit(entry: Entry, place: str, standard: str) -> None:
    """A paper has the place go on with a standard that all it came of held."""
    known_standard(standard)
    day = entry.request.on or entry.today
    place_must_be_there(entry, place, day, pursues=True)
    reading = entry.reading.on(day)
    must_be_for(reading, place, standard, day)
    name = reading.names.get(place, place)
    row = reading.places[place]
    sources = [id for of_day in _mergers(reading, row).values() for id in of_day]
    if not sources:
        raise NotMerged(day=day, place=name, id=place)
    of_standard = [each for each in titles(reading, place) if each.standard == standard]
    found = of_standard[-1] if of_standard else None
    id = f"recognition/{place}/{standard}"
    if not entry.exists(id):
        said = {"effective_on": BEGINNING, "document": None, "body": None}
        entry.record(id, RecognitionOpened, place=place, standard=standard, **said)
    against = _objection(reading, name, standard, sources, found)
    entry.record(id, RecognitionInherited, against, sources=tuple(sources))


def _objection(
    reading: Reading, place: str, standard: str, sources: list[str], found: Title | None
) -> NotAllHeld | None:
    if found is not None and found.case == "merged_same":
        return None
    names = reading.names
    holders = found.holders if found else ()
    others = found.others if found else tuple(sources)
    return NotAllHeld(
        place=place,
        standard=standard,
        case=CASES[found.case if found else "merged_some"],
        holders=[names.get(id, id) for id in holders],
        others=[names.get(id, id) for id in others],
        source=merger_rule().source,
    )


def to_settle(reading: Reading, scope: Collection[str] | None) -> Iterator[Title]:
    """The titles of merged places of which nobody has decided since: to inherit, or to review."""
    for place, row in reading.places.items():
        if row.sources and row.ended is None and (scope is None or place in scope):
            yield from (each for each in titles(reading, place) if not _settled(reading, each))


def _settled(reading: Reading, title: Title) -> bool:
    """Whether it was granted, inherited, kept or withdrawn since the merger; or all of it stood before."""
    row = reading.row(f"recognition/{title.place}/{title.standard}")
    if title.case == "merged_same" and title.place in title.holders:
        return True
    if row is None:
        return False
    grants = (each for each in row.grants if _decides(each, title))
    days = [each["decision_on"] for each in grants] + [each["on"] for each in row.notices]
    since = title.on.isoformat()
    if row.withdrawn_on and row.withdrawn_on >= title.on:
        return True
    return any(day >= since for day in days)


def _decides(grant: dict[str, Any], title: Title) -> bool:
    """What was inherited because all had held it decides nothing once it is known that not all had."""
    return grant["label"] is not None or title.case == "merged_same" or grant["reported"]
