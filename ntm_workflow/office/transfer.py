"""What becomes of each thing that is open in a place, once it is part of another, or nothing more is owed.

A duty goes with its days, and joins a like duty of the other place; a dossier is made anew for the place there is now
(quang-nam-2024-2025, II.3); an item goes with its money; what lies below the place lies below the other one. Results
of criteria are not added up: they stay with the place they are of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.dossier import OVER
from ntm_workflow.domain.dossier_events import DossierClosed, DossierRegistered, DossierRerouted
from ntm_workflow.domain.dossier_steps import STAGE_WORDS
from ntm_workflow.domain.fund_events import FundRehomed
from ntm_workflow.domain.obligation_events import (
    ObligationJoined,
    ObligationRehomed,
    ObligationWaived,
)
from ntm_workflow.domain.place import PlaceMoved
from ntm_workflow.office.dossier import dossier_id, road_for
from ntm_workflow.office.open_work import Takeover, Work
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.plans.standards import types_of


class DossierOver(Refused):
    vi = "Hồ sơ {standard:word} năm {year} của {to} {stage}, nên hồ sơ của {name} không nhập vào đó được.\nLập lại: ntm dossier open --place {id:arg} --standard {standard} --year {year}, hoặc chọn phần khác: --only MÃ"
    en = "The {standard:word} {year} dossier of {to} is {stage}, so that of {name} cannot become part of it.\nBegin it again: ntm dossier open --place {id:arg} --standard {standard} --year {year}, or pick the rest: --only ID"


class Move(msgspec.Struct, frozen=True):
    """One fact that a decision comes to: of what it is, what it tells, and what it does to that."""

    kind: str
    subject: str
    act: str
    event: type[Event]
    said: dict[str, Any] = {}


def ended(work: Work) -> Iterator[Move]:
    """All that was owed in the place falls away, and its dossiers are closed."""
    for row in work.dossiers:
        yield Move("dossiers", row.id, "close", DossierClosed)
    for row in work.obligations:
        if row.place == work.place and not work.falls(row):
            yield Move("obligations", row.id, "waive", ObligationWaived)


@dataclass
class Transfer:
    """What is open in one place as it becomes part of what is open in another."""

    work: Work
    to: str
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        return self.work.reading

    @cached_property
    def takeover(self) -> Takeover:
        return Takeover(self.work, self.to, self.units)

    @property
    def moves(self) -> Iterator[Move]:
        self.takeover.must_be_known(self._asked())
        yield from self._dossiers()
        yield from self._duties()
        for row in self.work.funds:
            owner = row.owner and self.takeover.unit(row.owner)
            said = {"item": bare(row.id), "place": self._place(row.place), "owner": owner}
            yield Move("funds", row.id, "move", FundRehomed, said)
        for row in self.work.places:
            yield Move("places", row.id, "move", PlaceMoved, {"parent": self.to})

    def _asked(self) -> Iterator[str | None]:
        """The units of the old place that something open speaks of."""
        for row in self.work.obligations:
            yield from (row.owed_by, row.owed_to, *getattr(row, "with"), *row.advised_by)
        yield from (row.owner for row in self.work.funds)
        yield from (row.holder for row in self.work.held)

    def _dossiers(self) -> Iterator[Move]:
        for row in self.work.dossiers:
            into = self._made_anew(row)
            if into is not None and self.work.later.row(into) is None:
                desks = road_for(self.reading, self.to, row.standard, self.reading.as_of).desks
                about = {"place": self.to, "standard": row.standard, "year": row.year}
                said = {"desk": desks[0], "road": desks, "striving": row.stage == "striving"}
                yield Move("dossiers", into, "register", DossierRegistered, {**about, **said})
            yield Move("dossiers", row.id, "close", DossierClosed, {"into": into} if into else {})
        for row in self.work.held:
            yield Move("dossiers", row.id, "move", DossierRerouted, self._desk(row))

    def _made_anew(self, row: Any) -> str | None:
        """The dossier of the place there is now; None where that is no place for the standard."""
        if not self._is_for(row.standard):
            return None
        into = dossier_id(self.to, row.standard, row.year)
        there = self.work.later.row(into)
        if there is not None and there.stage in OVER:
            about = {"standard": row.standard, "year": row.year, "id": self.to}
            names = self.reading.names
            about |= {"to": names.get(self.to, self.to), "name": names.get(row.place, row.place)}
            raise DossierOver(stage=STAGE_WORDS[there.stage], **about)
        return into

    def _desk(self, row: Any) -> dict[str, Any]:
        """Where a dossier of another place lies, that lay with a unit of this one."""
        level = self.reading.places[self.to].level
        road = tuple(row.road)
        if level not in road or level != row.desk:
            road = road_for(self.reading, row.place, row.standard, self.reading.as_of).desks
        return {"road": road, "desk": level, "holder": self.takeover.unit(row.holder)}

    def _duties(self) -> Iterator[Move]:
        there = self._theirs()
        for row in self.work.obligations:
            like = self._joinable(self.work, row)
            into = there.get(like) if like else None
            if self.work.falls(row):
                continue
            if self._pointless(row):
                yield Move("obligations", row.id, "waive", ObligationWaived)
            elif into is not None:
                yield Move("obligations", row.id, "join", ObligationJoined, {"into": into})
            else:
                there |= {like: row.id} if like else {}
                yield Move("obligations", row.id, "move", ObligationRehomed, self._anew(row))

    def _theirs(self) -> dict[tuple[Any, ...], str]:
        """The open duties that are the new place's own, by what makes another one their like."""
        work = Work(self.reading, self.to)
        likes = ((self._joinable(work, row), row.id) for row in work.obligations)
        return {like: id for like, id in likes if like}

    def _joinable(self, work: Work, row: Any) -> tuple[Any, ...]:
        """What another duty must equal to become one with this, now and as both were left; empty for none."""
        places = self.reading.places
        alike = places[self.to].level == places[self.work.place].level
        if row.place != work.place or not row.plan or not alike:
            return ()
        return _like(row), _like(work.as_left[row.id])

    def _pointless(self, row: Any) -> bool:
        """Whether there is no such dossier to hand in any more, or the unit would owe the duty to itself."""
        if row.trigger and row.trigger.startswith(f"dossier/{self.work.place}/"):
            return not self._is_for(row.trigger.split("/")[2])
        owed_by, owed_to = row.owed_by, row.owed_to
        unit = self.takeover.unit
        return owed_by != owed_to and owed_to is not None and unit(owed_by) == unit(owed_to)

    def _is_for(self, standard: str) -> bool:
        """Whether a standard is for the place there is now."""
        place = self.reading.places[self.to]
        return place.type in types_of(standard) and place.left_on is None

    def _anew(self, row: Any) -> dict[str, Any]:
        unit = self.takeover.unit
        return {
            "owed_by": unit(row.owed_by),
            "place": self._place(row.place),
            "owed_to": row.owed_to and unit(row.owed_to),
            "with_": tuple(dict.fromkeys(map(unit, getattr(row, "with")))),
            "advised_by": tuple(dict.fromkeys(map(unit, row.advised_by))),
            "trigger": row.trigger and self._trigger(row),
        }

    def _place(self, place: str | None) -> str | None:
        return self.to if place == self.work.place else place

    def _trigger(self, row: Any) -> str:
        """The same step of the dossier made anew; of others, of the level that receives it now."""
        subject, _, step = str(row.trigger).rpartition("/")
        places, here = self.reading.places, self.work.place
        if subject.startswith(f"dossier/{here}/"):
            return "/".join(("dossier", self.to, *subject.split("/")[2:], step))
        if row.owed_to in self.work.units and step == places[here].level:
            return f"{subject}/{places[self.to].level}"
        return f"{subject}/{step}"


def _like(row: Any) -> tuple[Any, ...]:
    """What makes two duties one once their places are: the same clause, words and time, equally owed, by the same days."""
    rule = row.id.rpartition("/")[0]
    terms = (row.strength, row.strict_day, row.enforce_day, row.applies)
    about = (row.plan, row.item, row.title)
    return rule, *about, *terms, row.suspended_on, row.suspended_until
