"""What is done to places: made, renamed, merged, ended. Moves no duty, dossier or money with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import BEGINNING, Event, Fact, Refused, Timeline
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.place import (
    TYPES,
    ParentNotAbove,
    Place,
    PlaceAbolished,
    PlaceCodeAssigned,
    PlaceIntoItself,
    PlaceLeft,
    PlaceMergedInto,
    PlaceMoved,
    PlacePartCeded,
    PlaceRegistered,
    PlaceRenamed,
    PlaceRetyped,
    PlacesMerged,
    PlaceSplit,
    is_above,
    level,
    place_name,
)
from ntm_workflow.domain.values import fold
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.names import NotFound, OtherDay, find_place, words
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import ALWAYS


class PlaceExists(Refused):
    vi = "{name} đã có trong sổ, mã {id}; cùng cấp, cùng nơi không có hai địa bàn một tên.\nXem: ntm place show {id:arg}"
    en = "{name} is in the journal already as {id}; no two places of a level share a name in one place.\nSee: ntm place show {id:arg}"


class CodeTaken(Refused):
    vi = "Mã {code} ngày {day} là của {name} ({id}).\nXem: ntm place show {id:arg}"
    en = "On {day} the code {code} is that of {name} ({id}).\nSee: ntm place show {id:arg}"


class NameWithoutLetters(Refused):
    exit_code = 2
    vi = "“{name}” không phải tên: không có chữ hay số nào.\nGõ lại tên."
    en = "“{name}” is no name: it has no letter and no digit.\nType the name again."


class SuccessorUnknown(Refused):
    exit_code = 3
    vi = "Nơi kế thừa “{typed}” chưa có trong sổ.\nNếu là địa bàn mới, thêm --type (và --parent, nếu thuộc nơi khác trước)."
    en = "The successor “{typed}” is not in the journal.\nIf it is a new place, add --type (and --parent, if it lies elsewhere than before)."


@dataclass(frozen=True, kw_only=True)
class NewPlace:
    """A place as it is told; `parent` is an id, `since` None where nobody knows its beginning."""

    name: str
    type: str
    parent: str | None = None
    code: str | None = None
    since: date | None = None


@dataclass
class Atlas:
    """The places of the day a command speaks of, and what the command adds to them.

    Finds them by name, and refuses what would clash with them.
    """

    entry: Entry
    standing: dict[str, Any] = field(init=False)
    by_code: dict[str, str] = field(init=False)
    by_name: dict[tuple[Any, ...], str] = field(init=False)

    def __post_init__(self) -> None:
        self.day = self.entry.request.on or self.entry.today
        known = self.entry.number - 1
        self.reading = Reading(self.entry.conn, self.day, known, self.entry.now)
        rows = self.reading.places.items()
        self.standing = {id: row for id, row in rows if row.ended is None}
        self.by_code = {row.code: id for id, row in self.standing.items() if row.code}
        self.by_name = {
            _key(row.name, row.type, row.parent): id for id, row in self.standing.items()
        }

    def find(self, typed: str) -> str:
        return find_place(self.reading, typed)

    def record(self, id: str, event: type[Event], **fields: Any) -> Fact:
        return self.entry.record(f"place/{id}", event, **fields)

    def add(self, new: NewPlace) -> str:
        """Register a place under an id of its own; returns the id."""
        level(new.type)
        name = bare_name(new.name, new.type)
        self.name_is_free(name, new.type, new.parent)
        if new.code:
            self.code_is_free(new.code)
        id = self._new_id(name, new.parent)
        since = new.since or BEGINNING
        said = {"name": name, "type": new.type, "parent": new.parent, "code": new.code}
        self.record(id, PlaceRegistered, effective_on=since, **said)
        self.by_name[_key(name, new.type, new.parent)] = id
        if new.code:
            self.by_code[new.code] = id
        return id

    def code(self, id: str, code: str) -> None:
        self.code_is_free(code, but=id)
        self.record(id, PlaceCodeAssigned, code=tidy(code))
        self.by_code[code] = id

    def name_is_free(self, name: str, type: str, parent: str | None, but: str = "") -> None:
        taken = self.by_name.get(_key(name, type, parent))
        if taken not in (None, but):
            raise PlaceExists(name=f"{TYPES[type][1]} {name}", id=taken)

    def code_is_free(self, code: str, but: str = "") -> None:
        taken = self.by_code.get(code)
        if taken not in (None, but):
            name = self.reading.names.get(taken, taken)
            raise CodeTaken(code=code, day=self.day, name=name, id=taken)

    def _new_id(self, name: str, parent: str | None) -> str:
        """Name and parent's name; where that is taken, the one above it too, then a number."""
        id, above = slug(name), parent
        while above and (above == parent or self.entry.exists(f"place/{id}")):
            state: Place | None = self.entry.timeline(f"place/{above}").now
            id, above = (f"{id}-{slug(state.name)}", state.parent) if state else (id, None)
        return unused(self.entry, "place", id)


def register(entry: Entry, name: str, type: str, parent: str | None, code: str | None) -> str:
    """A new place. Without a day its beginning is unknown, not today."""
    atlas = Atlas(entry)
    above = atlas.find(parent) if parent else None
    return atlas.add(
        NewPlace(name=name, type=type, parent=above, code=code, since=entry.request.on)
    )


def rename(entry: Entry, place: str, name: str, code: str | None) -> None:
    atlas = Atlas(entry)
    id = atlas.find(place)
    row = atlas.reading.places[id]
    called = bare_name(name, row.type)
    atlas.name_is_free(called, row.type, row.parent, but=id)
    atlas.record(id, PlaceRenamed, name=called)
    if code:
        atlas.code(id, code)


def retype(entry: Entry, place: str, type: str, code: str | None) -> None:
    level(type)
    atlas = Atlas(entry)
    id = atlas.find(place)
    _above_what_it_holds(atlas, id, type)
    atlas.record(id, PlaceRetyped, type=type)
    if code:
        atlas.code(id, code)


def move(entry: Entry, place: str, parent: str) -> None:
    atlas = Atlas(entry)
    id, above = atlas.find(place), atlas.find(parent)
    row = atlas.reading.places[id]
    atlas.name_is_free(row.name, row.type, above, but=id)
    atlas.record(id, PlaceMoved, parent=above)


def assign_code(entry: Entry, place: str, code: str) -> None:
    atlas = Atlas(entry)
    atlas.code(atlas.find(place), readable(tidy(code)))


def leave(entry: Entry, place: str) -> str:
    return _alone(entry, place, PlaceLeft)


def abolish(entry: Entry, place: str) -> str:
    return _alone(entry, place, PlaceAbolished)


def _alone(entry: Entry, place: str, event: type[Event]) -> str:
    atlas = Atlas(entry)
    id = atlas.find(place)
    atlas.record(id, event)
    return id


@dataclass(frozen=True, kw_only=True)
class Successor:
    """What a new place is, where a merger or division makes one; its parent as typed."""

    type: str | None = None
    parent: str | None = None
    code: str | None = None


def merge(
    entry: Entry, sources: list[str], parts: list[str], into: str, new: Successor
) -> list[str]:
    """Places end in a successor, of `parts` only a part; returns the ids of all the sources."""
    atlas = Atlas(entry)
    whole = [atlas.find(each) for each in sources]
    in_part = [atlas.find(each) for each in parts]
    ids = list(dict.fromkeys([*whole, *in_part]))
    successor = _successor(atlas, into, ids, new, frozenset(whole))
    atlas.record(successor, PlacesMerged, sources=tuple(whole), parts=tuple(in_part))
    for id in whole:
        atlas.record(id, PlaceMergedInto, into=successor)
    for id in in_part:
        atlas.record(id, PlacePartCeded, into=(successor,))
    return ids


def split(entry: Entry, source: str, into: list[str], new: Successor, *, remains: bool) -> str:
    """A place is divided among others and ends, or `remains` without a part; returns its id."""
    atlas = Atlas(entry)
    id = atlas.find(source)
    ended = frozenset() if remains else frozenset([id])
    parts = [_successor(atlas, each, [id], new, ended) for each in into]
    atlas.record(id, PlacePartCeded if remains else PlaceSplit, into=tuple(dict.fromkeys(parts)))
    return id


def _successor(
    atlas: Atlas, typed: str, sources: list[str], new: Successor, ending: frozenset[str]
) -> str:
    """The place that takes over: one that is there, or, with a type, a new one of that day."""
    if new.type:
        level(new.type)
        parent = _parent_of(atlas, sources[0], new)
        # What ends on this day leaves its name to its successor.
        atlas.by_name = {key: id for key, id in atlas.by_name.items() if id not in ending}
        atlas.by_code = {code: id for code, id in atlas.by_code.items() if id not in ending}
        return atlas.add(
            NewPlace(name=typed, type=new.type, parent=parent, code=new.code, since=atlas.day)
        )
    try:
        found = atlas.find(typed)
    except (NotFound, OtherDay):
        raise SuccessorUnknown(typed=typed) from None
    if found in sources:
        name = atlas.reading.names.get(found, found)
        raise PlaceIntoItself(name=name)
    return found


def _parent_of(atlas: Atlas, source: str, new: Successor) -> str | None:
    if new.parent:
        return atlas.find(new.parent)
    parent: str | None = atlas.reading.places[source].parent
    return parent


# --- what stays behind ----------------------------------------------------------------------------


def left_behind(reading: Reading, places: Iterable[str]) -> list[dict[str, Any]]:
    """What is still open in places that end or leave, by id: nothing of it moves by itself."""
    found = []
    for place in places:
        items = {
            "obligations": _open(reading, "obligation", place),
            "dossiers": [bare(row.id) for row in _in(reading, "dossier", place)],
            "funds": [bare(row.id) for row in _in(reading, "fund", place)],
            "places": [
                id
                for id, row in reading.places.items()
                if row.parent == place and row.ended is None
            ],
        }
        if any(items.values()):
            found.append({"place": reading.ref(place), **items})
    return found


def _open(reading: Reading, kind: str, place: str) -> list[str]:
    rows = _in(reading, kind, place)
    return [bare(row.id) for row in rows if row.met_on is None and row.waived_on is None]


def _in(reading: Reading, kind: str, place: str) -> list[Any]:
    return reading.rows(kind, VIEWS[kind].table.c.place == place)


# --- names and ids --------------------------------------------------------------------------------


def bare_name(name: str, type: str) -> str:
    """The name as it is kept: tidy, and without the word for its type in front."""
    text = readable(tidy(name))
    word = TYPES[type][1]
    size = len(word.split())
    typed = text.split(" ")
    if len(typed) > size and words(" ".join(typed[:size])) == words(word):
        text = " ".join(typed[size:])
    if not slug(text):
        raise NameWithoutLetters(name=text)
    return text


def slug(name: str) -> str:
    return fold(name).replace(" ", "-")


def unused(entry: Entry, kind: str, id: str) -> str:
    """`id`, with a number after it where a subject of that id is there."""
    number, made = 1, id
    while entry.exists(f"{kind}/{made}"):
        number += 1
        made = f"{id}-{number}"
    return made


def _key(name: str, type: str, parent: str | None) -> tuple[Any, ...]:
    """Equal for two names that differ in case, Unicode form or short forms only."""
    return words(name), TYPES[type][0], parent


def _above_what_it_holds(atlas: Atlas, id: str, type: str) -> None:
    """A new type must stay above every place that lies in it on that day or later."""
    c = VIEWS["place"].table.c
    known = (c.known_to == ALWAYS, c.valid_to > atlas.day, c.ended.is_(None))
    query = sa.select(c.id, c.name, c.type).where(c.parent == id, *known)
    for row in atlas.entry.conn.execute(query):
        if not is_above(type, row.type):
            raise ParentNotAbove(name=place_name(row), parent=TYPES[type][1], place=bare(row.id))


def below_its_parent(entry: Entry, fact: Fact) -> None:
    """Whatever is told of a place, the one above it is of a higher level from that day on."""
    timeline = entry.timeline(fact.subject)
    days = _changes(timeline, fact.event.effective_on, date.max)
    for day, until in zip(days, [*days[1:], date.max], strict=True):
        place = timeline.at(day)
        above = entry.timeline(f"place/{place.parent}") if place and place.parent else None
        for each in _changes(above, day, until) if above else ():
            parent = above.at(each) if above else None
            if place and parent and not is_above(parent.type, place.type):
                said = {"name": place_name(place), "parent": place_name(parent)}
                raise ParentNotAbove(**said, place=bare(fact.subject))


def _changes(timeline: Timeline[Any], since: date, until: date) -> list[date]:
    """`since`, and the later days before `until` from which something else is known."""
    return sorted({since, *(day for day, *_ in timeline.orders if since < day < until)})


REACTIONS: dict[str, Reaction] = {
    event.__name__: below_its_parent for event in (PlaceRegistered, PlaceMoved, PlaceRetyped)
}
