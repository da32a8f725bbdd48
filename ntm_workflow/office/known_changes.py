"""Known changes of places, act by act: which are recorded, which can be, and recording them.

An act is recorded once the places it speaks of are in the journal, each the only one of its name, and its successor is
known. The duties, dossiers and money of a place that ends stay in it until a decision takes them on (rehoming.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.place import (
    PlaceAbolished,
    PlaceMoved,
    PlaceRetyped,
    level,
    place_name,
)
from ntm_workflow.domain.values import Word
from ntm_workflow.office import place as places
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import Ambiguous, NotFound, OtherDay, find_place, words
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.taken import Taken
from ntm_workflow.plans.place_changes import Act, Change, known_changes

ONE_DAY: Final = timedelta(days=1)

STATES: Final = {
    "recorded": Word("đã ghi", "recorded"),
    "open": Word("chưa ghi", "not recorded"),
    "unknown": Word("chưa rõ nơi kế thừa", "successor not sourced"),
    "absent": Word("địa bàn không có trong sổ", "places not in the journal"),
    "several": Word("sổ có nhiều nơi cùng tên", "the journal has several of that name"),
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


class DayKnown(Refused):
    exit_code = 2
    vi = "Thay đổi {id} có hiệu lực ngày {day} theo {paper}; không ghi ngày khác.\nBỏ --on, hoặc ghi bằng: ntm place merge …"
    en = "The change {id} takes effect on {day} by {paper}; it is not recorded of another day.\nLeave --on out, or record it by: ntm place merge …"


class NothingToApply(Refused):
    vi = "Không có gì của {id} để ghi: {states}.\nXem: ntm place changes"
    en = "Nothing of {id} is to be recorded: {states}.\nSee: ntm place changes"


class Known(msgspec.Struct, frozen=True):
    """An act of a change with what the journal says of it; `ids` are the places it speaks of that are there.

    `into` is the successor, where the journal has it.
    """

    change: Change
    act: Act
    state: str
    ids: tuple[str, ...] = ()
    into: str | None = None


class _Several(Exception):
    """More than one place is called so."""


def listed(reading: Reading) -> list[Known]:
    """Every act that is known, in the order of the days, as the journal of the reading has it."""
    return [known for change in known_changes() for known in acts(reading, change)]


def acts(reading: Reading, change: Change) -> list[Known]:
    """The acts of one change. Places are looked for on the day before it, what became of them at any time."""
    judge = _Judge(reading, change)
    return [judge.known(act) for act in change.acts]


@dataclass
class _Judge:
    """What the journal has of the acts of one change."""

    reading: Reading
    change: Change

    @cached_property
    def before(self) -> Reading:
        return self.reading.on(self.change.on - ONE_DAY)

    @cached_property
    def since(self) -> Reading:
        """The places as they were left by whatever was recorded up to today, or by the change's own day."""
        return self.reading.on(max(self.change.on, self.reading.as_of))

    def known(self, act: Act) -> Known:
        try:
            scope = self._scope(act)
            if act.act == "end_level":
                return self._level(scope, act)
            ids = [_found(self.before, name, scope) for name in act.of]
            more = [_found(self.before, name, scope) for name in act.also]
            into = self._successor(act, scope)
        except (NotFound, OtherDay):
            return Known(self.change, act, "absent")
        except (Ambiguous, _Several):
            return Known(self.change, act, "several")
        there = tuple(id for id in (*ids, *more) if id is not None)
        if None in ids:
            return Known(self.change, act, "absent", there)
        state = self._state(act, there)
        lacking = act.act == "merge" and act.into and act.type is None and into is None
        state = "absent" if lacking and state == "open" else state
        return Known(self.change, act, state, there, into)

    def _scope(self, act: Act) -> str:
        province = find_place(self.before, self.change.province)
        return find_place(self.before, act.within, province) if act.within else province

    def _state(self, act: Act, ids: tuple[str, ...]) -> str:
        rows = [self.since.places[id] for id in ids]
        done = [row for row in rows if _done(row, act)]
        if not done:
            return "open" if act.into else "unknown"
        as_said = len(done) == len(rows) and all(self._as_said(row, act) for row in rows)
        return "recorded" if as_said else "differs"

    def _as_said(self, row: Any, act: Act) -> bool:
        """Whether a place became what the paper says it became, on the day it says."""
        if act.act == "retype":
            return act.into is None or words(row.name) == words(act.into)
        last = row.successors[-1] if row.successors else ""
        then = self.reading.on(self.change.on).places.get(last)
        if act.into is None or then is None or row.ended != self.change.on:
            return False
        named = (words(then.name), words(place_name(then)))
        return words(act.into) in named and act.type in (None, then.type)

    def _level(self, province: str, act: Act) -> Known:
        inside = self.before.within(province)
        there = [id for id in inside if self.before.places[id].level == act.level]
        ids = tuple(sorted(id for id in there if self.before.places[id].ended is None))
        left = [id for id in ids if self.since.places[id].ended is None]
        return Known(self.change, act, "open" if left else "recorded" if ids else "absent", ids)

    def _successor(self, act: Act, scope: str) -> str | None:
        """The place of that name and type in the province from the day on; None where it is still to be made."""
        if act.act == "retype" or act.into is None:
            return None
        if act.type is None:
            return _found(self.before, act.into, scope)
        at = self.since
        near = None if level(act.type) == "province" else self._around(at)
        alike = [
            id
            for id, row in at.places.items()
            if (near is None or id in near)
            and (words(row.name), row.type) == (words(act.into), act.type)
            and not (row.ended and row.ended <= self.change.on)
        ]
        if len(alike) > 1:
            raise _Several
        return alike[0] if alike else None

    def _around(self, at: Reading) -> set[str]:
        """All in the province, whatever it is part of by then."""
        province = find_place(self.before, self.change.province)
        later = at.places[province]
        top = later.successors[-1] if later.ended and later.successors else province
        return at.within(top) | self.before.within(province)


def _found(reading: Reading, name: str, scope: str) -> str | None:
    try:
        return find_place(reading, name, scope)
    except (NotFound, OtherDay):
        return None


def _done(row: Any, act: Act) -> bool:
    return row.type == act.type if act.act == "retype" else row.ended is not None


def apply(entry: Entry, change: Change) -> None:
    """Record what can be recorded of a change, on its day and by its paper, or by the one the request names."""
    paper = entry.request.document
    if change.unverified and not paper:
        raise NeedsOwnPaper(id=change.id, source=change.source)
    change = _dated(change, entry.request.on)
    found = acts(entry.reading, change)
    open_ = [known for known in found if known.state == "open"]
    if not open_:
        states = list(dict.fromkeys(STATES[known.state] for known in found))
        raise NothingToApply(id=change.id, states=states)
    with entry.saying(change.on, paper or change.paper):
        taken = Taken(entry, change.on)
        for known in open_:
            _ACTS[known.act.act](entry, known, taken)


def _dated(change: Change, on: date | None) -> Change:
    """The change with the day of the paper; only one that is not verified may have another than its own."""
    if on is None or on == change.on:
        if change.day_unsure and on is None:
            raise DayUnsure(id=change.id)
        return change
    if not (change.unverified or change.day_unsure):
        raise DayKnown(id=change.id, day=change.on, paper=change.paper)
    return msgspec.structs.replace(change, on=on)


def _merge(entry: Entry, known: Known, taken: Taken) -> None:
    act, into = known.act, known.into
    new = places.Successor() if into else places.Successor(type=act.type, code=act.code)
    places.merge(entry, list(known.ids), [], into or act.into or "", new)
    for id in known.ids:
        now: Any = entry.timeline(f"place/{id}").now
        to = str(now.successors[-1])
        taken.take(to, entry.timeline(f"place/{to}").now)
        _take_below(entry, id, to, taken)


def _retype(entry: Entry, known: Known, _: Taken) -> None:
    act, (id,) = known.act, known.ids
    entry.record(f"place/{id}", PlaceRetyped, type=act.type)
    row = entry.reading.on(known.change.on).places[id]
    if act.into and words(act.into) != words(row.name):
        places.rename(entry, id, act.into, None)


def _end_level(entry: Entry, known: Known, taken: Taken) -> None:
    for id in known.ids:
        there: Any = entry.timeline(f"place/{id}").at(known.change.on)
        if there is not None and there.ended is None:
            _take_below(entry, id, there.parent, taken)
            entry.record(f"place/{id}", PlaceAbolished)


def _take_below(entry: Entry, place: str, to: str, taken: Taken) -> None:
    """What lies in a place that ends lies in another from that day on; what ends with it does not."""
    day = entry.request.on or entry.today
    for id in _below(entry, place):
        now: Any = entry.timeline(f"place/{id}").at(day)
        if now is not None and now.ended is None and now.parent == place:
            entry.record(f"place/{id}", PlaceMoved, parent=to)
            taken.must_stay_alone(id)


def _below(entry: Entry, place: str) -> Iterator[str]:
    reading = entry.reading.on(entry.request.on or entry.today)
    now = {"PlaceRegistered", "PlaceMoved"}
    told: Iterable[str] = {bare(fact.subject) for fact in entry.facts if fact.type in now}
    yield from sorted({id for id, row in reading.places.items() if row.parent == place} | {*told})


_ACTS: Final = {"merge": _merge, "retype": _retype, "end_level": _end_level}
