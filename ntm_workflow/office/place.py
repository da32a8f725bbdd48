"""What is done to places: made, renamed, merged, ended. Moves no duty, dossier or money with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.base import BEGINNING, Event, Fact, Refused
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
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.names import NotFound, OtherDay, find_place, words
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.taken import Taken, name_key, stretches
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import ALWAYS


class NameWithoutLetters(Refused):
    exit_code = 2
    vi = "“{name}” không phải tên: không có chữ hay số nào.\nGõ lại tên."
    en = "“{name}” is no name: it has no letter and no digit.\nType the name again."


class OtherLevel(Refused):
    vi = "{source} và {name} khác cấp; một địa bàn chỉ nhập hoặc chia vào địa bàn cùng cấp.\nXem: ntm place show {id:arg}"
    en = "{source} and {name} are of different levels; a place is merged or divided only into places of its own level.\nSee: ntm place show {id:arg}"


class ParentNotThere(Refused):
    vi = "Ngày {day} không có {parent}; địa bàn đó không thể là cấp trên.\nXem: ntm place show {id:arg}"
    en = (
        "On {day} there is no {parent}; it cannot be the place above.\nSee: ntm place show {id:arg}"
    )


class EndsLater(Refused):
    vi = "Sổ đã ghi {name} {how} ngày {day} (lần ghi #{entry}); hai thay đổi không cùng đúng.\nHủy hoặc đính chính lần ghi đó trước: ntm fact show {entry}"
    en = "The journal has {name} {how} on {day} already (entry #{entry}); both cannot be true.\nVoid or correct that entry first: ntm fact show {entry}"


class SuccessorUnknown(Refused):
    exit_code = 3
    vi = "Nơi kế thừa “{typed}” chưa có trong sổ.\nNếu là địa bàn mới, thêm --type (và --parent, nếu thuộc nơi khác trước)."
    en = "The successor “{typed}” is not in the journal.\nIf it is a new place, add --type (and --parent, if it lies elsewhere than before)."


#: What makes a place another, or end.
_BECOMES: Final = {
    "PlaceMergedInto": Word("nhập vào nơi khác", "merged"),
    "PlaceSplit": Word("chia ra", "divided"),
    "PlaceAbolished": Word("giải thể", "abolished"),
    "PlacesMerged": Word("nhận sáp nhập", "taking in others"),
}


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
            name_key(row.name, row.type, row.parent): id for id, row in self.standing.items()
        }
        self.taken = Taken(self.entry, self.day)

    def find(self, typed: str) -> str:
        return find_place(self.reading, typed)

    def record(self, id: str, event: type[Event], **fields: Any) -> Fact:
        return self.entry.record(f"place/{id}", event, **fields)

    def above(self, typed: str) -> str:
        """The place typed as the one above; an id finds also what has ended, which holds nothing."""
        id = self.find(typed)
        if id not in self.standing:
            raise ParentNotThere(parent=self.name(id), day=self.day, id=id)
        return id

    def name(self, id: str) -> str:
        return self.reading.names.get(id, id)

    def must_end_only_once(self, ids: Iterable[str]) -> None:
        """Refuse an end of places that another entry has end, or take others in, on that day or later."""
        for id in ids:
            for step in self.entry.timeline(f"place/{id}").steps:
                fact = step.fact
                later = fact.event.effective_on >= self.day and fact.entry != self.entry.number
                if later and fact.type in _BECOMES:
                    about = {"name": self.name(id), "how": _BECOMES[fact.type], "entry": fact.entry}
                    raise EndsLater(**about, day=fact.event.effective_on)

    def add(self, new: NewPlace) -> str:
        """Register a place under an id of its own; returns the id."""
        level(new.type)
        name, code = bare_name(new.name, new.type), readable(new.code) if new.code else None
        place = Place(name, new.type, code, new.parent, max(self.day, new.since or BEGINNING))
        self.taken.must_be_free("", place)
        id = self._new_id(name, new.parent)
        said = {"name": name, "type": new.type, "parent": new.parent, "code": code}
        self.record(id, PlaceRegistered, effective_on=new.since or BEGINNING, **said)
        self.taken.take(id, place)
        self.by_name[name_key(name, new.type, new.parent)] = id
        if code:
            self.by_code[code] = id
        return id

    def change(self, id: str, event: type[Event], **fields: Any) -> None:
        """Record what a place becomes, if its name and code stay its own."""
        self.record(id, event, **fields)
        self.taken.must_stay_alone(id)

    def code(self, id: str, code: str) -> None:
        code = readable(tidy(code))
        self.taken.code_must_be_free(id, code)
        self.change(id, PlaceCodeAssigned, code=code)
        self.by_code[code] = id

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
    above = atlas.above(parent) if parent is not None else None
    return atlas.add(
        NewPlace(name=name, type=type, parent=above, code=code, since=entry.request.on)
    )


def rename(entry: Entry, place: str, name: str, code: str | None) -> None:
    atlas = Atlas(entry)
    id = atlas.find(place)
    row = atlas.reading.places[id]
    atlas.change(id, PlaceRenamed, name=bare_name(name, row.type))
    if code is not None:
        atlas.code(id, code)


def retype(entry: Entry, place: str, type: str, code: str | None) -> None:
    level(type)
    atlas = Atlas(entry)
    id = atlas.find(place)
    _above_what_it_holds(atlas, id, type)
    atlas.change(id, PlaceRetyped, type=type)
    if code is not None:
        atlas.code(id, code)


def move(entry: Entry, place: str, parent: str) -> None:
    atlas = Atlas(entry)
    id, above = atlas.find(place), atlas.above(parent)
    atlas.change(id, PlaceMoved, parent=above)


def assign_code(entry: Entry, place: str, code: str) -> None:
    atlas = Atlas(entry)
    atlas.code(atlas.find(place), code)


def leave(entry: Entry, place: str) -> None:
    _alone(entry, place, PlaceLeft)


def abolish(entry: Entry, place: str) -> None:
    atlas = Atlas(entry)
    id = atlas.find(place)
    atlas.must_end_only_once([id])
    atlas.record(id, PlaceAbolished)


def _alone(entry: Entry, place: str, event: type[Event]) -> None:
    atlas = Atlas(entry)
    atlas.record(atlas.find(place), event)


@dataclass(frozen=True, kw_only=True)
class Successor:
    """What a new place is, where a merger or division makes one; its parent as typed."""

    type: str | None = None
    parent: str | None = None
    code: str | None = None


def merge(entry: Entry, sources: list[str], parts: list[str], into: str, new: Successor) -> None:
    """Places end in a successor, of `parts` only a part."""
    atlas = Atlas(entry)
    whole = list(dict.fromkeys(atlas.find(each) for each in sources))
    in_part = list(dict.fromkeys(atlas.find(each) for each in parts))
    atlas.must_end_only_once(whole)
    ids = list(dict.fromkeys([*whole, *in_part]))
    successor = _successor(atlas, into, ids, new, frozenset(whole))
    atlas.record(successor, PlacesMerged, sources=tuple(whole), parts=tuple(in_part))
    for id in whole:
        atlas.record(id, PlaceMergedInto, into=successor)
    for id in in_part:
        atlas.record(id, PlacePartCeded, into=(successor,))


def split(entry: Entry, source: str, into: list[str], new: Successor, *, remains: bool) -> None:
    """A place is divided among others and ends, or `remains` without a part."""
    atlas = Atlas(entry)
    id = atlas.find(source)
    ended = frozenset() if remains else frozenset([id])
    atlas.must_end_only_once(ended)
    parts = [_successor(atlas, each, [id], new, ended) for each in dict.fromkeys(into)]
    atlas.record(id, PlacePartCeded if remains else PlaceSplit, into=tuple(dict.fromkeys(parts)))


def _successor(
    atlas: Atlas, typed: str, sources: list[str], new: Successor, ending: frozenset[str]
) -> str:
    """The place that takes over: one that is there, or, with a type, a new one of that day."""
    if new.type:
        level(new.type)
        parent = _parent_of(atlas, sources[0], new)
        _of_one_level(atlas, sources, typed, new.type)
        atlas.taken.ending = ending
        return atlas.add(
            NewPlace(name=typed, type=new.type, parent=parent, code=new.code, since=atlas.day)
        )
    try:
        found = atlas.find(typed)
    except (NotFound, OtherDay):
        raise SuccessorUnknown(typed=typed) from None
    if found in sources:
        raise PlaceIntoItself(name=atlas.name(found))
    _of_one_level(atlas, sources, atlas.name(found), atlas.reading.places[found].type)
    return found


def _of_one_level(atlas: Atlas, sources: list[str], successor: str, type: str) -> None:
    """A place becomes others of its level: never what it lies in or what lies in it."""
    for id in sources:
        if level(atlas.reading.places[id].type) != level(type):
            raise OtherLevel(source=atlas.name(id), name=successor, id=id)


def _parent_of(atlas: Atlas, source: str, new: Successor) -> str | None:
    if new.parent is not None:
        return atlas.above(new.parent)
    parent: str | None = atlas.reading.places[source].parent
    return parent


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
    for day, until, place in stretches(timeline, fact.event.effective_on, date.max):
        if place and place.parent:
            above = entry.timeline(f"place/{place.parent}")
            for _, _, parent in stretches(above, day, until):
                if parent and not is_above(parent.type, place.type):
                    said = {"name": place_name(place), "parent": place_name(parent)}
                    raise ParentNotAbove(**said, place=bare(fact.subject))


def on_its_own(entry: Entry, id: str, day: date) -> None:
    """Refuse what a correction makes of a place: a name or code of another, a parent that is gone."""
    Taken(entry, day).must_stay_alone(id)
    place = entry.timeline(f"place/{id}").at(day)
    # One that ends on that day may have ended together with the place above it.
    if place is None or place.ended or place.parent is None:
        return
    parent = entry.timeline(f"place/{place.parent}").at(day)
    if parent is None or parent.ended:
        name = place_name(parent) if parent else place.parent
        raise ParentNotThere(parent=name, day=day, id=place.parent)


REACTIONS: dict[str, Reaction] = {
    event.__name__: below_its_parent for event in (PlaceRegistered, PlaceMoved, PlaceRetyped)
}
