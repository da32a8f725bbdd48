"""Places: provinces down to villages. A place keeps its id; what it is called may change.

A merger or division says what became of the places themselves; it moves no duty and no money.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

#: Type code -> (level, Vietnamese word). "thành phố" names two levels, so the word decides nothing.
TYPES: dict[str, tuple[str, str]] = {
    "tinh": ("province", "tỉnh"),
    "thanh-pho-tw": ("province", "thành phố"),
    "huyen": ("district", "huyện"),
    "thi-xa": ("district", "thị xã"),
    "thanh-pho": ("district", "thành phố"),
    "quan": ("district", "quận"),
    "xa": ("commune", "xã"),
    "phuong": ("commune", "phường"),
    "thi-tran": ("commune", "thị trấn"),
    "thon": ("village", "thôn"),
    "xom": ("village", "xóm"),
    "ap": ("village", "ấp"),
}
#: From the highest down. A level may be missing between two places, as the district since 2025.
LEVELS = tuple(dict.fromkeys(level for level, _ in TYPES.values()))


class PlaceRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place exists, as far as we know since `effective_on`."""

    name: str
    type: str
    code: str | None = None
    parent: str | None = None


class PlaceRenamed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place is called otherwise from this day on."""

    name: str


class PlaceRetyped(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place is of another type, as a commune that becomes a ward."""

    type: str


class PlaceMoved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place belongs to another one from this day on."""

    parent: str


class PlaceCodeAssigned(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The official code from this day on; the same code may have been another place's before."""

    code: str


class PlacesMerged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """On the successor: it takes in these places, and parts of those."""

    sources: tuple[str, ...]
    parts: tuple[str, ...] = ()


class PlaceMergedInto(Event, frozen=True, kw_only=True, omit_defaults=True):
    """On a source: it ends in its successor."""

    into: str


class PlaceSplit(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place is divided among others and ends."""

    into: tuple[str, ...]


class PlacePartCeded(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the place goes to others; the place itself goes on."""

    into: tuple[str, ...]


class PlaceLeft(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place leaves the programme, as a commune that became urban; it goes on existing."""


class WorkRehomed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What was still open in the place, or in a unit of it, goes to `to` by a decision, or ends where it is None.

    The counts say how much; each duty, dossier, item and place below has a fact of its own. `only` are the
    ids of what was decided on, where it was not all.
    """

    to: str | None = None
    only: tuple[str, ...] = ()
    obligations: int = 0
    dossiers: int = 0
    funds: int = 0
    places: int = 0


class PlaceAbolished(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place ends without a successor, as the districts did."""


class Place(msgspec.Struct, frozen=True):
    """`ended` is the first day without it, `successors` what it became; `left_on` the day it left the programme."""

    name: str
    type: str
    code: str | None
    parent: str | None
    since: date
    ended: date | None = None
    successors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    left_on: date | None = None


class UnknownPlaceType(Refused):
    exit_code = 2
    vi = "Không có loại địa bàn “{type}”.\nCác loại: {known:choice}."
    en = "There is no place type “{type}”.\nTypes: {known:choice}."


class PlaceEnded(Refused):
    vi = "{name} không còn từ ngày {ended}; không ghi thêm cho ngày đó trở đi.\nXem: ntm place show {place:arg}"
    en = "{name} ended on {ended}; nothing more is recorded of it from that day on.\nSee: ntm place show {place:arg}"


class PlaceIsSo(Refused):
    vi = "{name} đã đúng như vậy trong sổ; không ghi thêm.\nSai ngày? Xem: ntm fact list --type {type}, rồi ntm fact correct <số> --reason …"
    en = "{name} is so in the journal already; nothing to record.\nWrong day? See: ntm fact list --type {type}, then ntm fact correct <number> --reason …"


class PlacePaperMissing(Refused):
    exit_code = 2
    vi = "Nhập, chia, giải thể, đổi loại hoặc bàn giao việc của {name} phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "To merge, split, abolish, retype or re-home the work of {name} takes its paper.\nAdd --document “number, date, issuer”."


class PlaceIntoItself(Refused):
    exit_code = 2
    vi = "{name} không thể nhập hoặc chia vào chính mình.\nNếu chỉ đổi tên: ntm place rename --help"
    en = "{name} cannot be merged or split into itself.\nIf only its name changes: ntm place rename --help"


class StillThere(Refused):
    vi = "Ngày {day} {name} vẫn còn và chưa ra khỏi chương trình, nên việc của nó chưa bàn giao.\nNếu thay đổi thì sao: thêm --to … hoặc --end vào ntm place work. Ghi thay đổi: ntm place merge …, leave …"
    en = "On {day} {name} is there and in the programme, so nothing of it is handed over.\nWhat a change would do: add --to … or --end to ntm place work. To record it: ntm place merge …, leave …"


class ParentNotAbove(Refused):
    vi = "{name} không thể thuộc {parent}: địa bàn cấp trên phải ở cấp cao hơn.\nXem: ntm place show {place:arg}"
    en = "{name} cannot be in {parent}: the place above must be of a higher level.\nSee: ntm place show {place:arg}"


class HasName(Protocol):
    """A place as state or as row."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...


def place_name(place: HasName) -> str:
    """A place as people write it: xã Tam Ngọc."""
    _, word = TYPES.get(place.type, ("", place.type))
    return f"{word} {place.name}"


def level(type: str) -> str:
    """province, district, commune or village; refuses a type nobody has defined."""
    if refusal := _unknown(type):
        raise refusal
    return TYPES[type][0]


def is_above(high: str, low: str) -> bool:
    """Whether a place of type `high` may hold one of type `low`."""
    return LEVELS.index(TYPES[high][0]) < LEVELS.index(TYPES[low][0])


def _unknown(type: str) -> Refused | None:
    return None if type in TYPES else UnknownPlaceType(type=type, known=tuple(TYPES))


def opening(event: PlaceRegistered) -> Refused | None:
    return _unknown(event.type)


def rule(place: Place, event: Event) -> Refused | None:
    name = place_name(place)
    if isinstance(event, _BY_PAPER) and not event.document:
        return PlacePaperMissing(name=name)
    if isinstance(event, WorkRehomed):
        gone = place.ended or place.left_on or place.successors
        return None if gone else StillThere(name=name, day=event.effective_on)
    # What happened before the end may still be told after it.
    if place.ended and event.effective_on >= place.ended:
        return PlaceEnded(name=name, ended=place.ended, place=place.name)
    if isinstance(event, PlaceRetyped) and (refusal := _unknown(event.type)):
        return refusal
    return PlaceIsSo(name=name, type=type(event).__name__) if _is_so(place, event) else None


def _is_so(place: Place, event: Event) -> bool:
    match event:
        case PlaceRenamed(name=name):
            return name == place.name
        case PlaceRetyped(type=type):
            return type == place.type
        case PlaceMoved(parent=parent):
            return parent == place.parent
        case PlaceCodeAssigned(code=code):
            return code == place.code
        case PlaceLeft():
            return place.left_on is not None
    return False


def evolve(place: Place | None, fact: Fact) -> Place:
    if isinstance(fact.event, PlaceRegistered):
        e = fact.event
        return Place(e.name, e.type, e.code, e.parent, e.effective_on)
    return _changed(cast(Place, place), fact.event)


def _changed(place: Place, event: Event) -> Place:
    day = event.effective_on
    match event:
        case PlaceRenamed(name=name):
            return replace(place, name=name)
        case PlaceRetyped(type=type):
            return replace(place, type=type)
        case PlaceMoved(parent=parent):
            return replace(place, parent=parent)
        case PlaceCodeAssigned(code=code):
            return replace(place, code=code)
        case PlacesMerged(sources=sources, parts=parts):
            return replace(place, sources=(*place.sources, *sources, *parts))
        case PlaceMergedInto(into=into):
            return _became(place, (into,), day)
        case PlaceSplit(into=into):
            return _became(place, into, day)
        case PlacePartCeded(into=into):
            return _became(place, into, None)
        case PlaceLeft():
            return replace(place, left_on=place.left_on or day)
        case PlaceAbolished():
            return replace(place, ended=place.ended or day)
        case WorkRehomed():
            return place
        case other:
            raise TypeError(other)


def _became(place: Place, others: tuple[str, ...], ended: date | None) -> Place:
    successors = (*place.successors, *others)
    return replace(place, successors=successors, ended=place.ended or ended)


_BY_PAPER = (
    PlaceRetyped,
    PlacesMerged,
    PlaceMergedInto,
    PlaceSplit,
    PlacePartCeded,
    PlaceAbolished,
    WorkRehomed,
)
_CHANGES = (PlaceRenamed, PlaceMoved, PlaceCodeAssigned, PlaceLeft, *_BY_PAPER)
SUBJECT = Subject[Place]("place", (PlaceRegistered, *_CHANGES), evolve, rule, opening)
