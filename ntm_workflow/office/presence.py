"""Whether a place is there on the day something is told of it. What is left behind in it may still be settled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ntm_workflow.domain.base import Event, Fact, Opening, Refused
from ntm_workflow.domain.place import Place, place_name
from ntm_workflow.domain.subjects import SUBJECTS
from ntm_workflow.domain.values import Word
from ntm_workflow.projections import VIEWS

if TYPE_CHECKING:
    from ntm_workflow.office.entry import Entry

#: Nouns of which every fact is about a place as it is.
_OF_A_PLACE = frozenset({"dossier", "criteria", "target"})

#: Nouns of a standard, which only a place in the programme pursues.
_PURSUED = frozenset({"dossier", "criteria"})

_ENDED_BY = {
    "PlaceMergedInto": Word("nhập vào nơi khác", "merged"),
    "PlaceSplit": Word("chia ra", "divided"),
    "PlaceAbolished": Word("giải thể", "abolished"),
}
ENDS = frozenset(_ENDED_BY)


class PlaceGone(Refused):
    exit_code = 3
    vi = "Ngày {day} không còn {name}: {how} từ {ended}, theo {document} (lần ghi #{entry}); nơi kế thừa: {successors}.\nGhi cho nơi kế thừa, hoặc cho ngày trước đó (--on). Xem: ntm place show {id:arg}"
    en = "On {day} there is no {name} any more: {how} on {ended}, by {document} (entry #{entry}); successors: {successors}.\nRecord it of a successor, or of a day before that (--on). See: ntm place show {id:arg}"


class PlaceOutside(Refused):
    vi = "Ngày {day} {name} không còn trong chương trình (ra khỏi từ {left}).\nGhi cho ngày trước đó (--on). Xem: ntm place show {id:arg}"
    en = "On {day} {name} is not in the programme any more (it left on {left}).\nRecord it of a day before that (--on). See: ntm place show {id:arg}"


#: What settles a thing that is left behind.
_SETTLES = frozenset({"DossierClosed"})


def _needs_its_place(kind: str, event: type[Event]) -> bool:
    if event.__name__ in _SETTLES:
        return False
    begins = issubclass(event, Opening) and "place" in event.__struct_fields__
    return kind in _OF_A_PLACE or begins or event.__name__ == "FundAllocated"


#: What can only happen at a place that is there: paying, meeting or waiving what is left behind can later.
AT_A_PLACE = frozenset(
    event.__name__
    for kind, subject in SUBJECTS.items()
    for event in subject.events
    if _needs_its_place(kind, event)
)


def must_be_there(entry: Entry, fact: Fact) -> None:
    """Refuse what is told of a place on a day from which it had ended, and say what came after it."""
    id = _place_of(entry, fact) if fact.type in AT_A_PLACE else None
    if id is not None:
        pursues = fact.subject.partition("/")[0] in _PURSUED
        place_must_be_there(entry, id, fact.event.effective_on, pursues=pursues)


def place_must_be_there(entry: Entry, id: str, day: date, *, pursues: bool) -> None:
    """The same of a place itself, before anything is told of it.

    One that `pursues` a standard must be in the programme, too.
    """
    place: Place | None = entry.timeline(f"place/{id}").at(day)
    if place and place.ended:
        raise _gone(entry, id, place, day)
    if place and place.left_on and pursues:
        raise PlaceOutside(day=day, name=place_name(place), id=id, left=place.left_on)


def _place_of(entry: Entry, fact: Fact) -> str | None:
    if isinstance(fact.event, Opening):
        return getattr(fact.event, "place", None)
    state = entry.timeline(fact.subject).now
    return VIEWS[fact.subject.partition("/")[0]].place(state) if state else None


def _gone(entry: Entry, id: str, place: Place, day: date) -> PlaceGone:
    steps = entry.timeline(f"place/{id}").steps
    end = next(step.fact for step in steps if step.state and step.state.ended)
    names = entry.reading.names
    return PlaceGone(
        day=day,
        name=place_name(place),
        id=id,
        how=_ENDED_BY[end.type],
        ended=place.ended,
        document=end.event.document,
        entry=end.entry,
        successors=[names.get(other, other) for other in place.successors],
    )
