"""What a pack says in short, said in full: several places in a row, lists of places, a level of them.

Knows the tables of a draft only; names nobody knows are left to the checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ntm_workflow.domain.place import LEVELS, TYPES
from ntm_workflow.domain.values import fold
from ntm_workflow.plans.faults import Fault, first
from ntm_workflow.plans.guard import MOST_DUTIES
from ntm_workflow.plans.loader import Draft, TooManyFaults
from ntm_workflow.plans.shapes import Duty, NamedPlace

#: Below the district names repeat, so the id has the parent's behind it.
_UNIQUE = ("province", "district")


def spread(draft: Draft) -> None:
    """Put one row in the place of each short one; a fault where it cannot be done."""
    if "places" not in draft.tables:
        return
    draft.tables["places"] = [
        each for row in draft.tables["places"] for each in _places(draft, *row)
    ]
    lists = {t.id: t.places for _, t in draft.tables["targets"] if t.id}
    by_id = {place.id: place for _, place in draft.tables["places"]}
    placed: list[tuple[int, Duty]] = []
    count = 0
    for n, duty in draft.tables["obligations"]:
        count += len(duty.places) + sum(len(lists.get(name, ())) for name in duty.places_of)
        if count > MOST_DUTIES:
            at = Fault("", "obligations", n)
            raise TooManyFaults([*draft.faults, at.of("too_many_duties", most=MOST_DUTIES)])
        placed.append((n, _placed(draft, n, duty, lists, by_id)))
    draft.tables["obligations"] = placed


def _places(draft: Draft, n: int, row: NamedPlace) -> Iterator[tuple[int, NamedPlace]]:
    at = Fault("", "places", n)
    if not row.names:
        if not row.name and ("places", n, "name") not in draft.unread:
            draft.wrong(at.under("name").of("missing_key", key="name"))
        yield n, replace(row, id=row.id or _id(row, row.name))
        return
    for key in ("id", "name", "code"):
        if getattr(row, key):
            draft.wrong(at.under(key).of("one_of_many", key=key))
    for name in row.names:
        yield n, replace(row, id=_id(row, name), name=name, names=[])


def _id(row: NamedPlace, name: str) -> str:
    slug = fold(name).replace(" ", "-")
    level = TYPES.get(row.type, ("", ""))[0]
    return slug if level in _UNIQUE or not row.parent else f"{slug}-{row.parent}"


def _placed(
    draft: Draft, n: int, duty: Duty, lists: dict[str, list[str]], by_id: dict[str, NamedPlace]
) -> Duty:
    """The duty with all its places, each once."""
    at = Fault("", "obligations", n)
    for name in duty.places_of:
        if name not in lists:
            draft.wrong(at.under("places_of").of("unknown_list", list=name, known=first(lists)))
    places = duty.places + [p for name in duty.places_of for p in lists.get(name, [])]
    if not places and not duty.places_of and ("obligations", n, "places") not in draft.unread:
        said = "places" in draft.raw["obligations"][n]
        code = "says_nothing" if said else "missing_key"
        draft.wrong(at.under("places").of(code, key="places"))
    if duty.each is not None:
        if duty.each not in LEVELS:
            draft.wrong(
                at.under("each").of("not_one_of", key="each", value=duty.each, known=LEVELS)
            )
        found = [at for place in places for at in _at_level(place, duty.each, by_id)]
        places = list(dict.fromkeys(found))
    return replace(duty, places=places, places_of=[], each=None)


def _at_level(id: str, level: str, by_id: dict[str, NamedPlace]) -> list[str]:
    """The places of `level` that `id` is, lies in or holds; what nobody knows stays as it is."""
    if above := _above(id, level, by_id):
        return [above]
    at_level = (p.id for p in by_id.values() if TYPES.get(p.type, ("",))[0] == level)
    return [other for other in at_level if id in _way_up(other, by_id)]


def _above(id: str, level: str, by_id: dict[str, NamedPlace]) -> str | None:
    """The place of `level` that `id` is or lies in; what nobody knows stays as it is."""
    for at in _way_up(id, by_id):
        place = by_id.get(at)
        if place is None or TYPES.get(place.type, (level,))[0] == level:
            return at
    return None


def _way_up(id: str, by_id: dict[str, NamedPlace]) -> list[str]:
    """A place and all that it lies in, each once."""
    way: list[str] = []
    at: str | None = id
    while at is not None and at not in way:
        way.append(at)
        at = by_id[at].parent if at in by_id else None
    return way
