"""Places: provinces down to villages. A place keeps its id; what it is called may change."""

from __future__ import annotations

from datetime import date

import msgspec

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
}


class PlaceRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place exists, as far as we know since `effective_on`."""

    name: str
    type: str
    code: str | None = None
    parent: str | None = None


class Place(msgspec.Struct, frozen=True):
    name: str
    type: str
    code: str | None
    parent: str | None
    since: date


class UnknownPlaceType(Refused):
    exit_code = 2
    vi = "Không có loại địa bàn “{type}”.\nCác loại: {known:choice}."
    en = "There is no place type “{type}”.\nTypes: {known:choice}."


def level(type: str) -> str:
    """province, district, commune or village; refuses a type nobody has defined."""
    if refusal := _unknown(type):
        raise refusal
    return TYPES[type][0]


def _unknown(type: str) -> Refused | None:
    return None if type in TYPES else UnknownPlaceType(type=type, known=tuple(TYPES))


def opening(event: PlaceRegistered) -> Refused | None:
    return _unknown(event.type)


def rule(place: Place, event: Event) -> Refused | None:
    return None


def evolve(place: Place | None, fact: Fact) -> Place:
    match fact.event:
        case PlaceRegistered(name=name, type=type, code=code, parent=parent, effective_on=day):
            return Place(name, type, code, parent, day)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Place]("place", (PlaceRegistered,), evolve, rule, opening)
