"""What is still open in a place that ended or left, and the decision that takes it to its successor, or ends it.

A decision moves it, by a paper: what becomes of each thing is transfer.py's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund_events import FundRehomed
from ntm_workflow.domain.obligation_events import ObligationRehomed
from ntm_workflow.domain.place import (
    LEVELS,
    PlaceIntoItself,
    PlaceMoved,
    PlacePaperMissing,
    StillThere,
    WorkRehomed,
)
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.open_work import Work, typed_id
from ntm_workflow.office.presence import PlaceOutside, place_must_be_there
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.taken import Taken
from ntm_workflow.office.transfer import Move, Transfer, ended


class PartOnly(Refused):
    exit_code = 2
    vi = "{name} vẫn còn, chỉ một phần đã về nơi khác; việc nào chuyển thì nêu từng việc.\nThêm --to … và --only MÃ. Xem: ntm place work {id:arg}"
    en = "{name} is still there, and only a part of it went elsewhere; what goes is named one by one.\nAdd --to … and --only ID. See: ntm place work {id:arg}"


class WhichSuccessor(Refused):
    exit_code = 3
    vi = "{name} có nhiều nơi kế thừa ({known}); một hồ sơ, một nhiệm vụ chỉ về một nơi, do người quyết định.\nNêu nơi nhận: --to …, từng phần: --only MÃ"
    en = "{name} has several successors ({known}); a dossier or duty goes to one, which a person decides.\nName it: --to …, part by part: --only ID"


class NoSuccessor(Refused):
    exit_code = 3
    vi = "{name} không có nơi kế thừa, nên việc còn mở chưa biết về đâu.\nNêu nơi nhận: --to …; theo văn bản không phải làm nữa: --end"
    en = "{name} has no successor, so it is not known where its work goes.\nName it: --to …; by a paper nothing more is owed: --end"


class NotItsSuccessor(Refused):
    vi = "{to} không phải nơi kế thừa của {name} (nơi kế thừa: {known}).\nChọn lại --to. Đã có quyết định thật thì thêm --already-done"
    en = "{to} is no successor of {name} (successors: {known}).\nCheck --to. If it is decided so all the same: --already-done"


class LevelBelow(Refused):
    exit_code = 2
    vi = "{to} ở cấp thấp hơn {name}, không nhận việc của {name} được.\nChọn lại --to. Xem: ntm place show {id:arg}"
    en = "{to} is of a lower level than {name} and cannot take on its work.\nCheck --to. See: ntm place show {id:arg}"


class NothingOpen(Refused):
    vi = "Không còn việc nào của {name} để bàn giao vào ngày {day}.\nXem: ntm place work {id:arg}"
    en = "Nothing of {name} is left to hand over on {day}.\nSee: ntm place work {id:arg}"


class NotOpenThere(Refused):
    exit_code = 3
    vi = "Không có trong việc còn mở của {name}: {unknown}.\nXem: ntm place work {id:arg}"
    en = "Not among what is open in {name}: {unknown}.\nSee: ntm place work {id:arg}"


class StaysOpen(Refused):
    vi = "Vốn, và hồ sơ, nhiệm vụ của nơi khác, không tự hết: {items} phải về một nơi.\nNêu nơi nhận: --to …, hoặc chọn phần khác: --only MÃ"
    en = "Money, and dossiers and duties of other places, do not end by themselves: {items} must go somewhere.\nName where: --to …, or pick the rest: --only ID"


class MovedSince(Refused):
    vi = "{id} đã được bàn giao ngày {day} (lần ghi #{entry}), sau ngày của quyết định này.\nHủy lần ghi đó trước, hoặc chọn phần khác: --only MÃ. Xem: ntm fact show {entry}"
    en = "{id} was handed over on {day} (entry #{entry}), after the day of this decision.\nVoid that entry first, or pick the rest: --only ID. See: ntm fact show {entry}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Where what is open goes: `to` is a place's id, None the sole successor; or it ends.

    `units` says which unit takes another's place, both ids, where no office of its role does. `only`
    are the ids of what is decided on; without any it is all.
    """

    to: str | None = None
    end: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    only: Collection[str] = ()


#: What is counted, as `WorkRehomed` names it.
COUNTED: Final = ("obligations", "dossiers", "funds", "places")


def rehome(entry: Entry, place: str, decision: Decision) -> None:
    """Take what is open in a place to where the decision says, every part by a fact of its own."""
    day = entry.request.on or entry.today
    reading = entry.reading.on(day)
    name = entry.reading.names.get(place, place)
    if not entry.request.document:
        raise PlacePaperMissing(name=name)
    _must_be_whole(reading, place, decision)
    found = moves(reading, place, decision)
    if not found:
        raise NothingOpen(name=name, day=day, id=place)
    to = None if decision.end else destination(reading, place, decision)
    if to is not None:
        place_must_be_there(entry, to, day, pursues=False)
    counts = {kind: sum(m.kind == kind and m.act != "register" for m in found) for kind in COUNTED}
    said = {"to": to, "only": tuple(sorted(decision.only)), **counts}
    against = _stray(reading, place, to) or (to and _outside(reading, to, found))
    entry.record(f"place/{place}", WorkRehomed, against or None, **said)
    _tell(entry, found)


def _tell(entry: Entry, found: list[Move]) -> None:
    taken: Taken | None = None
    for move in found:
        _must_be_last(entry, move)
        entry.record(move.subject, move.event, **move.said)
        if move.event is PlaceMoved:
            taken = taken or Taken(entry, entry.request.on or entry.today)
            taken.must_stay_alone(bare(move.subject))


#: Each says anew where a thing is, whatever was decided before.
_SAYS_WHERE: Final = (ObligationRehomed, FundRehomed)


def _must_be_last(entry: Entry, move: Move) -> None:
    """Refuse what a decision of a later day has told already: it would undo this one."""
    day = entry.request.on or entry.today
    if move.event not in _SAYS_WHERE:
        return
    for step in entry.timeline(move.subject).steps:
        event = step.fact.event
        if isinstance(event, move.event) and event.effective_on > day:
            said = {"day": event.effective_on, "entry": step.fact.entry}
            raise MovedSince(id=typed_id(move.subject), **said)


def _must_be_whole(reading: Reading, place: str, decision: Decision) -> None:
    """Of a place that goes on and only ceded a part, a person says what went with the part."""
    row = reading.places[place]
    ceded = row.ended is None and row.left_on is None and row.successors
    if ceded and not (decision.to and decision.only):
        raise PartOnly(name=reading.names.get(place, place), id=place)


def moves(reading: Reading, place: str, decision: Decision) -> list[Move]:
    """What a decision comes to on the day of the reading, or would where the place is still there."""
    row = reading.places[place]
    work = Work(reading, place, frozenset(decision.only))
    if unknown := sorted(set(decision.only) - work.all_ids) if decision.only else []:
        raise NotOpenThere(name=reading.names.get(place, place), unknown=unknown, id=place)
    if not decision.end:
        transfer = Transfer(work, destination(reading, place, decision), decision.units)
        return list(transfer.moves)
    # A place that left the programme goes on, and so do its money and its offices.
    if row.ended and (stays := _staying(work)):
        raise StaysOpen(items=stays)
    return list(ended(work))


def _staying(work: Work) -> list[str]:
    """What is not of the place alone, so that it does not end with it."""
    elsewhere = (row for row in work.obligations if row.place != work.place)
    ids = [typed_id(row.id) for rows in (work.funds, work.held, elsewhere) for row in rows]
    return ids if len(ids) <= 10 else [*ids[:10], f"… (+{len(ids) - 10})"]


# --- where it goes ----------------------------------------------------------------------------------


def destination(reading: Reading, place: str, decision: Decision) -> str:
    """The place named, of no lower level, else the one place that came after and is there."""
    name, to = reading.names.get(place, place), decision.to
    if to is not None:
        if to == place:
            raise PlaceIntoItself(name=name)
        if _rank(reading, to) > _rank(reading, place):
            raise LevelBelow(to=reading.names.get(to, to), name=name, id=to)
        return to
    known = successors(reading, place)
    if len(known) == 1:
        return known[0]
    if known:
        raise WhichSuccessor(name=name, known=[reading.names.get(id, id) for id in known])
    row = reading.places[place]
    if row.ended is None and row.left_on is None:
        raise StillThere(day=reading.as_of, name=name)
    raise NoSuccessor(name=name)


def successors(reading: Reading, place: str) -> tuple[str, ...]:
    """The places that are there now for a place: what it became, or what those became in turn."""
    found: dict[str, None] = {}
    waiting, seen = [*reading.places[place].successors], {place}
    while waiting:
        id = waiting.pop(0)
        if id in seen or id not in reading.places:
            continue
        seen.add(id)
        if reading.places[id].ended is None:
            found[id] = None
        else:
            waiting += reading.places[id].successors
    return tuple(found)


def _rank(reading: Reading, place: str) -> int:
    """0 for a province, and more the lower."""
    return LEVELS.index(reading.places[place].level)


def _stray(reading: Reading, place: str, to: str | None) -> NotItsSuccessor | None:
    """What stands against a place that is none of the successors there are."""
    known = successors(reading, place)
    if to is None or not known or to in known:
        return None
    names = reading.names
    return NotItsSuccessor(
        to=names.get(to, to),
        name=names.get(place, place),
        known=[names.get(id, id) for id in known],
    )


def _outside(reading: Reading, to: str, found: list[Move]) -> PlaceOutside | None:
    """What stands against giving duties and dossiers to a place that left the programme; money may go there."""
    left = reading.places[to].left_on
    taken_on = any(
        m.kind in ("obligations", "dossiers") and m.act in ("move", "join") for m in found
    )
    if left is None or not taken_on:
        return None
    name = reading.names.get(to, to)
    return PlaceOutside(day=reading.as_of, name=name, id=to, left=left)
