"""What is still open in a place that ended or left: proposed to go to its successor, or to end, and taken there.

A decision moves it, by a paper. A duty goes with its days, and joins a like duty of the successor; a dossier is
made anew for the place there is now (quang-nam-2024-2025, II.3); an item goes with its money; what lies below the
place lies below the successor. Results of criteria are not added up: they stay with the place they are of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import msgspec

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.dossier import OVER
from ntm_workflow.domain.dossier_events import DossierClosed, DossierRegistered
from ntm_workflow.domain.fund_events import FundRehomed
from ntm_workflow.domain.obligation_events import (
    ObligationJoined,
    ObligationRehomed,
    ObligationWaived,
)
from ntm_workflow.domain.place import PlaceIntoItself, PlaceMoved, PlacePaperMissing, WorkRehomed
from ntm_workflow.domain.values import Word
from ntm_workflow.office.dossier import dossier_id, must_be_for, road_for
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.presence import place_must_be_there
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.taken import Taken
from ntm_workflow.projections import VIEWS


class StillThere(Refused):
    vi = "Ngày {day} {name} vẫn còn và chưa ra khỏi chương trình, nên việc của nó chưa bàn giao.\nSáp nhập: ntm place merge …, ra khỏi chương trình: ntm place leave …"
    en = "On {day} {name} is there and in the programme, so nothing of it is handed over.\nTo merge it: ntm place merge …, to have it leave: ntm place leave …"


class WhichSuccessor(Refused):
    exit_code = 3
    vi = "{name} có nhiều nơi kế thừa ({known}) hoặc không có nơi nào; một hồ sơ, một nhiệm vụ chỉ về một nơi, do người quyết định.\nNêu nơi nhận: --to …, từng phần: --only …; theo văn bản không phải làm nữa: --end"
    en = "{name} has several successors ({known}), or none; a dossier or duty goes to one, which a person decides.\nName it: --to …, part by part: --only …; by a paper nothing more is owed: --end"


class NoCounterpart(Refused):
    exit_code = 3
    vi = "{to} chưa có đơn vị thay cho {units}.\nGhi đơn vị vào sổ (ntm unit register …), hoặc nêu: --unit 'CŨ=MỚI'"
    en = "{to} has no unit to take the place of {units}.\nRegister one (ntm unit register …), or name it: --unit 'OLD=NEW'"


class NothingOpen(Refused):
    vi = "Không còn việc nào của {name} để bàn giao vào ngày {day}.\nXem: ntm place work {id:arg}"
    en = "Nothing of {name} is left to hand over on {day}.\nSee: ntm place work {id:arg}"


class NotOpenThere(Refused):
    exit_code = 3
    vi = "Không có trong việc còn mở của {name}: {unknown}.\nXem: ntm place work {id:arg}"
    en = "Not among what is open in {name}: {unknown}.\nSee: ntm place work {id:arg}"


class MoneyStays(Refused):
    vi = "Mục vốn không tự hết: {items} phải về một nơi.\nNêu nơi nhận: --to …, hoặc chọn phần khác: --only …"
    en = "Money does not end by itself: {items} must go somewhere.\nName where: --to …, or pick the rest: --only …"


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


class Move(msgspec.Struct, frozen=True):
    """One fact that a decision comes to: of what it is, what it tells, and what it does to that."""

    kind: str
    subject: str
    act: str
    event: type[Event]
    said: dict[str, Any] = {}


def rehome(entry: Entry, place: str, decision: Decision) -> None:
    """Take what is open in a place to where the decision says, every part by a fact of its own."""
    day = entry.request.on or entry.today
    if not entry.request.document:
        raise PlacePaperMissing(name=entry.reading.names.get(place, place))
    row = entry.reading.on(day).places[place]
    if row.ended is None and row.left_on is None and not row.successors:
        raise StillThere(day=day, name=entry.reading.names.get(place, place))
    found = moves(entry.reading.on(day), place, decision)
    name = entry.reading.names.get(place, place)
    if not found:
        raise NothingOpen(name=name, day=day, id=place)
    to = None if decision.end else destination(entry.reading.on(day), place, decision)
    if to is not None:
        place_must_be_there(entry, to, day, pursues=False)
    counts = {kind: sum(m.kind == kind and m.act != "register" for m in found) for kind in COUNTED}
    entry.record(f"place/{place}", WorkRehomed, to=to, **counts)
    taken = Taken(entry, day)
    for move in found:
        entry.record(move.subject, move.event, **move.said)
        if move.event is PlaceMoved:
            taken.must_stay_alone(bare(move.subject))


KIND_WORDS: Final = {
    "obligations": Word("nhiệm vụ", "obligation"),
    "dossiers": Word("hồ sơ", "dossier"),
    "funds": Word("mục vốn", "fund item"),
    "places": Word("địa bàn cấp dưới", "place below"),
}
ACT_WORDS: Final = {
    "move": Word("chuyển đi", "goes along"),
    "join": Word("nhập vào việc cùng loại", "joins its like"),
    "close": Word("khép lại", "is closed"),
    "register": Word("lập mới", "is made anew"),
    "waive": Word("không phải làm nữa", "falls away"),
}
#: What is counted, as `WorkRehomed` names it.
COUNTED: Final = tuple(KIND_WORDS)


def moves(reading: Reading, place: str, decision: Decision) -> list[Move]:
    """What a decision comes to on the day of the reading, or would where the place is still there."""
    row = reading.places[place]
    work = Work(reading, place, frozenset(decision.only))
    if unknown := sorted(set(decision.only) - work.known):
        raise NotOpenThere(name=reading.names.get(place, place), unknown=unknown, id=place)
    if not decision.end:
        return list(_Transfer(work, destination(reading, place, decision), decision).moves)
    here = [bare(each.id) for each in work.funds if each.place == place]
    # A place that left the programme goes on, and so does its money.
    if row.ended and here:
        raise MoneyStays(items=here)
    return list(_ended(work))


def _typed(id: str) -> str:
    """How people name a thing: duties and items without their kind, places and dossiers with it."""
    return bare(id) if id.partition("/")[0] in ("obligation", "fund") else id


def destination(reading: Reading, place: str, decision: Decision) -> str:
    """The place named, else the one place that came after; one that is there."""
    to, seen = decision.to, {place}
    if to == place:
        raise PlaceIntoItself(name=reading.names.get(place, place))
    while to is None:
        known = tuple(reading.places[place].successors)
        if len(known) != 1 or known[0] in seen:
            names = [reading.names.get(id, id) for id in known] or None
            raise WhichSuccessor(name=reading.names.get(place, place), known=names)
        place = known[0]
        seen.add(place)
        to = place if reading.places[place].ended is None else None
    return to


@dataclass
class Work:
    """What is open in a place, or is owed by or to a unit of it, on the day of the reading; all, or `only` this."""

    reading: Reading
    place: str
    only: frozenset[str] = frozenset()

    @property
    def known(self) -> set[str]:
        """The ids of everything that is open, as people type them."""
        whole = Work(self.reading, self.place)
        rows = (*whole.obligations, *whole.dossiers, *whole.funds, *whole.places)
        return {_typed(row.id) for row in rows}

    def _of(self, rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if not self.only or _typed(row.id) in self.only]

    @cached_property
    def units(self) -> set[str]:
        return {id for id, row in self.reading.units.items() if row.place == self.place}

    @cached_property
    def obligations(self) -> list[Any]:
        c = VIEWS["obligation"].table.c
        undone = (c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
        wanted = ("id", "place", "plan", "owed_by", "owed_to", "with", "advised_by", "trigger")
        rows = self.reading.rows("obligation", *undone, only=(*wanted, "applies"))
        here = (row for row in rows if row.applies != "no" and self._concerns(row))
        return self._of(row for row in here if not self._falls(row))

    def _falls(self, row: Any) -> bool:
        """Whether it is to supply what a dossier was returned for that is closed: it falls with that."""
        subject, _, step = (row.trigger or "").rpartition("/")
        return step[-1:].isdigit() and subject in {each.id for each in self.dossiers}

    def _concerns(self, row: Any) -> bool:
        named = {row.owed_by, row.owed_to, *getattr(row, "with"), *row.advised_by}
        return row.place == self.place or bool(named & self.units)

    @cached_property
    def dossiers(self) -> list[Any]:
        c = VIEWS["dossier"].table.c
        return self._of(self.reading.rows("dossier", c.place == self.place, c.stage.not_in(OVER)))

    @cached_property
    def funds(self) -> list[Any]:
        rows = self.reading.rows("fund", VIEWS["fund"].table.c.settled.is_(None))
        return self._of(r for r in rows if r.place == self.place or r.owner in self.units)

    @cached_property
    def places(self) -> list[Any]:
        c = VIEWS["place"].table.c
        return self._of(self.reading.rows("place", c.parent == self.place, c.ended.is_(None)))


def _ended(work: Work) -> Iterator[Move]:
    """All that was owed in the place falls away, and its dossiers are closed."""
    for row in work.dossiers:
        yield Move("dossiers", row.id, "close", DossierClosed)
    for row in work.obligations:
        if row.place == work.place:
            yield Move("obligations", row.id, "waive", ObligationWaived)


@dataclass
class _Transfer:
    """What is open in one place as it becomes part of what is open in another."""

    work: Work
    to: str
    decision: Decision

    @property
    def moves(self) -> Iterator[Move]:
        yield from self._dossiers()
        yield from self._duties()
        for row in self.work.funds:
            owner = row.owner and self._unit(row.owner)
            said = {"item": bare(row.id), "place": self._place(row.place), "owner": owner}
            yield Move("funds", row.id, "move", FundRehomed, said)
        for row in self.work.places:
            yield Move("places", row.id, "move", PlaceMoved, {"parent": self.to})

    def _dossiers(self) -> Iterator[Move]:
        reading, day = self.work.reading, self.work.reading.as_of
        for row in self.work.dossiers:
            must_be_for(reading, self.to, row.standard, day)
            into = dossier_id(self.to, row.standard, row.year)
            if reading.row(into) is None:
                desks = road_for(reading, self.to, row.standard, day).desks
                about = {"place": self.to, "standard": row.standard, "year": row.year}
                said = {"desk": desks[0], "road": desks, "striving": row.stage == "striving"}
                yield Move("dossiers", into, "register", DossierRegistered, {**about, **said})
            yield Move("dossiers", row.id, "close", DossierClosed, {"into": into})

    def _duties(self) -> Iterator[Move]:
        there = dict(self._like(self.to))
        for row in self.work.obligations:
            rule = _rule(row)
            into = there.get(rule or "") if row.place == self.work.place else None
            if into is not None:
                yield Move("obligations", row.id, "join", ObligationJoined, {"into": into})
            else:
                there |= {rule: row.id} if rule and row.place == self.work.place else {}
                yield Move("obligations", row.id, "move", ObligationRehomed, self._anew(row))

    def _like(self, place: str) -> Iterator[tuple[str, str]]:
        """The open duties of a place, by the rule and time they are of."""
        for row in Work(self.work.reading, place).obligations:
            if row.place == place and (rule := _rule(row)):
                yield rule, row.id

    def _anew(self, row: Any) -> dict[str, Any]:
        return {
            "owed_by": self._unit(row.owed_by),
            "place": self._place(row.place),
            "owed_to": row.owed_to and self._unit(row.owed_to),
            "with_": tuple(dict.fromkeys(map(self._unit, getattr(row, "with")))),
            "advised_by": tuple(dict.fromkeys(map(self._unit, row.advised_by))),
            "trigger": row.trigger and self._trigger(row),
        }

    def _place(self, place: str | None) -> str | None:
        return self.to if place == self.work.place else place

    def _trigger(self, row: Any) -> str:
        """The same step of the dossier made anew; of others, of the level that receives it now."""
        subject, _, step = str(row.trigger).rpartition("/")
        places, here = self.work.reading.places, self.work.place
        if subject.startswith(f"dossier/{here}/"):
            return "/".join(("dossier", self.to, *subject.split("/")[2:], step))
        if row.owed_to in self.work.units and step == places[here].level:
            return f"{subject}/{places[self.to].level}"
        return f"{subject}/{step}"

    def _unit(self, unit: str) -> str:
        """The unit that takes the place of one of the old place: the one named, else the one of its role."""
        if unit not in self.work.units:
            return unit
        named = self.decision.units.get(unit) or self._counterparts.get(unit)
        if named is None:
            names = self.work.reading.names
            raise NoCounterpart(to=names.get(self.to, self.to), units=[names.get(unit, unit)])
        return named

    @cached_property
    def _counterparts(self) -> dict[str, str]:
        rows = self.work.reading.units
        by_role: dict[str, list[str]] = {}
        for id, row in rows.items():
            if row.place == self.to:
                by_role.setdefault(row.role, []).append(id)
        alike = {unit: by_role.get(rows[unit].role, []) for unit in self.work.units}
        return {unit: found[0] for unit, found in alike.items() if len(found) == 1}


def _rule(row: Any) -> str | None:
    """The rule and time a plan's duty is of, which are its id but for the place it was given to."""
    return row.id.rpartition("/")[0] if row.plan else None


def proposed(reading: Reading, place: str, decision: Decision) -> Sequence[dict[str, Any]]:
    """What the decision would do to each thing that is open, for a person to look at first."""
    return [
        {
            "kind": move.kind,
            "id": _typed(move.subject),
            "name": reading.names.get(move.subject, _typed(move.subject)),
            "move": move.act,
            "into": _typed(str(move.said["into"])) if "into" in move.said else None,
            "owed_by": reading.ref(move.said.get("owed_by") or move.said.get("owner")),
        }
        for move in moves(reading, place, decision)
    ]
