"""Recognitions kept, withdrawn and to be reviewed. Granting one is the dossier's (recognition.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.recognition import (
    NotHeld,
    RecognitionKept,
    RecognitionOpened,
    RecognitionWithdrawn,
)
from ntm_workflow.domain.review import communes_withdrawn, to_review
from ntm_workflow.office.dossier import must_be_for
from ntm_workflow.office.editions import edition_for, editions, provinces
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.presence import place_must_be_there
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.recognition import held
from ntm_workflow.office.titles import Title, to_settle
from ntm_workflow.plans.roads import grounds, merger_rule, review_rule
from ntm_workflow.plans.standards import known_standard, standards
from ntm_workflow.projections import VIEWS


class NotKnownHeld(Refused):
    vi = "Sổ và các kế hoạch chưa ghi {place} đạt chuẩn {standard:word} trước ngày {day}, nên không có gì để duy trì.\nĐã được công nhận từ trước khi có sổ thì thêm --already-done"
    en = "Neither the journal nor a plan has {place} hold {standard:word} before {day}, so there is nothing to keep.\nIf it was recognised before this journal began: --already-done"


def keep(entry: Entry, place: str, standard: str, version: str | None) -> None:
    """A notice that the place keeps the standard, under a version of its set or that of the day's year.

    Of a recognition from before this journal of which no plan speaks either, it is reported.
    """
    known_standard(standard)
    day = entry.request.on or entry.today
    place_must_be_there(entry, place, day, pursues=True)
    reading = entry.reading.on(day)
    must_be_for(reading, place, standard, day)
    of = edition_for(reading, place, standard, version, day.year)
    id, how = f"recognition/{place}/{standard}", held(reading, place, standard)
    if not entry.exists(id):
        _open(entry, id, place, standard)
    against = None
    if how is None:
        name = reading.names.get(place, place)
        against = NotKnownHeld(place=name, standard=standard, day=day)
    entry.record(id, RecognitionKept, against, version=of.version)


def withdraw(entry: Entry, place: str, standard: str, ground: str) -> None:
    """A decision takes back what the journal, or a plan's own table, has the place hold."""
    known_standard(standard)
    day = entry.request.on or entry.today
    id, known = f"recognition/{place}/{standard}", None
    if not entry.exists(id):
        known = held(entry.reading.on(day), place, standard)
        if known is None:
            name = entry.reading.names.get(place, place)
            raise NotHeld(day=day, place=name, standard=standard)
        _open(entry, id, place, standard)
    entry.record(id, RecognitionWithdrawn, ground=ground, known=known)


def _open(entry: Entry, id: str, place: str, standard: str) -> None:
    said = {"effective_on": BEGINNING, "document": None, "body": None}
    entry.record(id, RecognitionOpened, place=place, standard=standard, **said)


def listed(reading: Reading, scope: Collection[str] | None) -> list[Any]:
    """The rows of what places hold or held, as of the reading."""
    rows = reading.rows("recognition")
    return [row for row in rows if told_of(row) and (scope is None or row.place in scope)]


def told_of(row: Any) -> bool:
    """Whether anything was said of it by the day of the reading: its page is open from the beginning."""
    return bool(row.grants or row.notices or row.withdrawn_on)


def reviews(reading: Reading, scope: Collection[str] | None) -> Iterator[dict[str, Any]]:
    """Places that hold a standard of which so much no longer holds that a person has to look."""
    wanted = ("place", "set", "version", "numbers", "not_achieved")
    for row in reading.rows("criteria", only=wanted):
        rule, of = review_rule(row.set), editions(reading).get(row.set, row.version)
        if rule is None or of is None or (scope is not None and row.place not in scope):
            continue
        failing, keys = frozenset(row.not_achieved), frozenset(of.keys)
        test = to_review(failing, keys, len(row.numbers), rule)
        # Most places fail no test, so who holds what is asked of the few that do.
        how = held(reading, row.place, row.set) if test else None
        if how is not None:
            yield {
                "place": reading.ref(row.place),
                "standard": row.set,
                "version": row.version,
                "test": test,
                "failing": sorted(failing),
                "keys": sorted(failing & keys),
                "total": len(row.numbers),
                "held_by": how,
                "source": rule.source,
            }
    yield from _districts(reading, scope)
    yield from _indebted(reading, scope)
    yield from (_merged(reading, title) for title in to_settle(reading, scope))


def _indebted(reading: Reading, scope: Collection[str] | None) -> Iterator[dict[str, Any]]:
    """Places that hold a standard and owe for works, where a plan would have it withdrawn; `failing` are the works."""
    owing: dict[str, list[str]] = defaultdict(list)
    for row in reading.rows("fund", VIEWS["fund"].table.c.debt > 0, only=("id", "place")):
        if scope is None or row.place in scope:
            owing[row.place].append(bare(row.id))
    for place, items in sorted(owing.items()):
        # Of the standards that build on one another the highest is the one that is at stake.
        known = ((standard, held(reading, place, standard)) for standard in reversed(standards()))
        standard, how = next(((s, how) for s, how in known if how), (None, None))
        for ground in grounds(standard, provinces(reading, place)) if standard else ():
            yield {
                "place": reading.ref(place),
                "standard": standard,
                "version": None,
                "test": ground.what,
                "failing": items,
                "keys": [],
                "total": len(items),
                "held_by": how,
                "source": ground.source,
            }


def _merged(reading: Reading, title: Title) -> dict[str, Any]:
    """A place that came of a merger, whose titles nobody has settled; `failing` are those without them."""
    return {
        "place": reading.ref(title.place),
        "standard": title.standard,
        "version": None,
        "test": title.case,
        "failing": [reading.ref(id) for id in title.others],
        "keys": [],
        "total": len(title.holders) + len(title.others),
        "held_by": ", ".join(reading.names.get(id, id) for id in title.holders),
        "source": merger_rule().source,
    }


def _districts(reading: Reading, scope: Collection[str] | None) -> Iterator[dict[str, Any]]:
    """Districts of whose recognised communes so many were withdrawn."""
    communes = [row for row in reading.rows("recognition") if row.standard == "xa-ntm"]
    for standard in ("huyen-ntm", "huyen-nang-cao"):
        rule = review_rule(standard)
        for row in reading.rows("recognition"):
            if rule is None or row.standard != standard or not row.held:
                continue
            inside = reading.within(row.place)
            here = [each for each in communes if each.place in inside]
            gone = [each for each in here if each.withdrawn_on]
            out = scope is not None and row.place not in scope
            if not out and communes_withdrawn(len(gone), len(here), rule):
                yield {
                    "place": reading.ref(row.place),
                    "standard": standard,
                    "version": None,
                    "test": "communes",
                    "failing": [reading.ref(each.place) for each in gone],
                    "keys": [],
                    "total": len(here),
                    "held_by": row.decision,
                    "source": rule.source,
                }
