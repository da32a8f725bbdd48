"""Known changes of places, act by act: which are recorded, which can be, and recording them.

An act is recorded once the places it speaks of are in the journal and its successor is known. The duties, dossiers
and money of a place that ends stay in it until a decision takes them on (rehoming.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.place import PlaceAbolished, PlaceMoved, PlaceRetyped
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office import place as places
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import NotFound, OtherDay, find_place
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.plans.place_changes import Act, Change, known_changes

ONE_DAY = timedelta(days=1)

STATES = {
    "recorded": Word("đã ghi", "recorded"),
    "open": Word("chưa ghi", "not recorded"),
    "unknown": Word("chưa rõ nơi kế thừa", "successor not sourced"),
    "absent": Word("địa bàn không có trong sổ", "places not in the journal"),
    "differs": Word("sổ ghi khác", "the journal has it otherwise"),
}


class NeedsOwnPaper(Refused):
    exit_code = 2
    vi = "Thay đổi {id} chưa kiểm chứng ({source}), nên phải nêu văn bản của mình.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "The change {id} is not verified ({source}), so it takes a paper of your own.\nAdd --document “number, date, issuer”."


class DayUnsure(Refused):
    exit_code = 2
    vi = "Của thay đổi {id} chỉ biết tháng, chưa biết ngày.\nThêm --on NGÀY theo văn bản."
    en = "Of the change {id} only the month is known, not the day.\nAdd --on DATE as the paper has it."


class NothingToApply(Refused):
    vi = "Không có gì của {id} để ghi: {states}.\nXem: ntm place changes"
    en = "Nothing of {id} is to be recorded: {states}.\nSee: ntm place changes"


class Known(msgspec.Struct, frozen=True):
    """An act of a change with what the journal says of it; `ids` are the places it speaks of that are there."""

    change: Change
    act: Act
    state: str
    ids: tuple[str, ...] = ()


def listed(reading: Reading) -> list[Known]:
    """Every act that is known, in the order of the days, as the journal of the reading has it."""
    return [known for change in known_changes() for known in acts(reading, change)]


def acts(reading: Reading, change: Change) -> list[Known]:
    """The acts of one change; the places are looked for on the day before it."""
    before, since = reading.on(change.on - ONE_DAY), reading.on(change.on)
    try:
        province = find_place(before, change.province)
    except (NotFound, OtherDay):
        return [Known(change, act, "absent") for act in change.acts]
    return [_known(before, since, province, change, act) for act in change.acts]


def _known(before: Reading, since: Reading, province: str, change: Change, act: Act) -> Known:
    if act.act == "end_level":
        return _level(before, since, province, change, act)
    ids, more = (_all_found(before, names, province) for names in (act.of, act.also))
    if len(ids) < len(act.of):
        return Known(change, act, "absent", ids)
    ids = (*ids, *more)
    rows = [since.places[id] for id in ids]
    if any(_done(row, act) for row in rows):
        whole = all(_done(row, act) and _as_said(since, row, act) for row in rows)
        return Known(change, act, "recorded" if whole else "differs", ids)
    return Known(change, act, "open" if act.into else "unknown", ids)


def _level(before: Reading, since: Reading, province: str, change: Change, act: Act) -> Known:
    inside = before.within(province)
    there = [id for id in inside if before.places[id].level == act.level]
    ids = tuple(sorted(id for id in there if before.places[id].ended is None))
    left = [id for id in ids if since.places[id].ended is None]
    state = "open" if left else "recorded" if ids else "absent"
    return Known(change, act, state, ids)


def _all_found(reading: Reading, names: Iterable[str], province: str) -> tuple[str, ...]:
    found = (_found(reading, name, province) for name in names)
    return tuple(id for id in found if id is not None)


def _found(reading: Reading, name: str, province: str) -> str | None:
    try:
        return find_place(reading, name, province)
    except (NotFound, OtherDay):
        return None


def _done(row: Any, act: Act) -> bool:
    return row.type == act.type if act.act == "retype" else row.ended is not None


def _as_said(since: Reading, row: Any, act: Act) -> bool:
    """Whether a place became what the paper says it became."""
    if act.into is None:
        return False
    became = row.name if act.act == "retype" else since.names.get((*row.successors, "")[0], "")
    return fold(became).endswith(fold(act.into))


def apply(entry: Entry, change: Change) -> None:
    """Record what can be recorded of a change, on its day and by its paper, or by the one the request names."""
    paper = entry.request.document
    if change.unverified and not paper:
        raise NeedsOwnPaper(id=change.id, source=change.source)
    if change.day_unsure and entry.request.on is None:
        raise DayUnsure(id=change.id)
    if change.day_unsure:
        change = msgspec.structs.replace(change, on=entry.request.on)
    found = acts(entry.reading, change)
    open_ = [known for known in found if known.state == "open"]
    if not open_:
        states = list(dict.fromkeys(STATES[known.state] for known in found))
        raise NothingToApply(id=change.id, states=states)
    with entry.saying(change.on, paper or change.paper):
        for known in open_:
            _ACTS[known.act.act](entry, known)


def _merge(entry: Entry, known: Known) -> None:
    act = known.act
    there = entry.reading.on(known.change.on).places.items()
    alike = (
        id
        for id, row in there
        if (fold(row.name), row.type, row.ended) == (fold(act.into or ""), act.type, None)
    )
    # A place of that name and type may be in the journal already; else it is made.
    into = next(alike, None)
    new = places.Successor() if into else places.Successor(type=act.type, code=act.code)
    places.merge(entry, list(known.ids), [], into or act.into or "", new)
    for id in known.ids:
        _take_below(entry, id, _successor(entry, id))


def _successor(entry: Entry, place: str) -> str:
    now: Any = entry.timeline(f"place/{place}").now
    return str(now.successors[-1])


def _retype(entry: Entry, known: Known) -> None:
    act, (id,) = known.act, known.ids
    entry.record(f"place/{id}", PlaceRetyped, type=act.type)
    row = entry.reading.places[id]
    if act.into and fold(act.into) != fold(row.name):
        places.rename(entry, id, act.into, None)


def _end_level(entry: Entry, known: Known) -> None:
    for id in known.ids:
        there: Any = entry.timeline(f"place/{id}").at(known.change.on)
        if there is not None and there.ended is None:
            _take_below(entry, id, there.parent)
            entry.record(f"place/{id}", PlaceAbolished)


def _take_below(entry: Entry, place: str, to: str) -> None:
    """What lies in a place that ends lies in another from that day on; what ends with it does not."""
    for id in _below(entry, place):
        now: Any = entry.timeline(f"place/{id}").at(entry.request.on or entry.today)
        if now is not None and now.ended is None and now.parent == place:
            entry.record(f"place/{id}", PlaceMoved, parent=to)


def _below(entry: Entry, place: str) -> Iterator[str]:
    reading = entry.reading.on((entry.request.on or entry.today) - ONE_DAY)
    now = {"PlaceRegistered", "PlaceMoved"}
    told = {bare(fact.subject) for fact in entry.facts if fact.type in now}
    yield from sorted({id for id, row in reading.places.items() if row.parent == place} | told)


_ACTS = {"merge": _merge, "retype": _retype, "end_level": _end_level}
