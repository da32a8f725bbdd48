"""Adopting a plan: its pack becomes places, units, duties, dossiers and rules, in one entry.

A plan adopted before takes in its amended version the same way: what is there already is compared,
and only what differs is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Event, Refused
from ntm_workflow.domain.criteria_events import CriteriaWithdrawn
from ntm_workflow.domain.dossier_events import DossierRegistered
from ntm_workflow.domain.inputs import readable
from ntm_workflow.domain.obligation import (
    Assignment,
    Obligation,
    ObligationAmended,
    ObligationAssigned,
    ObligationDropped,
)
from ntm_workflow.domain.place import TYPES, PlaceRegistered, level
from ntm_workflow.domain.plan import (
    FiguresStated,
    MoneyChecksStated,
    MoneyRuleAdopted,
    MoneyRulesRestated,
    Plan,
    PlanAdopted,
    PlanAmended,
)
from ntm_workflow.domain.target import TargetOpened, TargetWithdrawn
from ntm_workflow.domain.unit import UnitRegistered, UnitReleased
from ntm_workflow.office import amendment, starts
from ntm_workflow.office.amendment import AlreadyAdopted as AlreadyAdopted
from ntm_workflow.office.amendment import Changes
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.criteria import edition_of, open_criteria
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.lineage import must_fit
from ntm_workflow.office.packed import Bound, Fields, Packed, Said
from ntm_workflow.office.taken import Taken
from ntm_workflow.plans.pack import Pack, part
from ntm_workflow.projections.closing import last_day
from ntm_workflow.projections.history import told_beside

#: Levels that have a people's committee; a village has none.
COMMITTEES = ("province", "district", "commune")


class RuleTaken(Refused):
    vi = "{clause}: nhiệm vụ {id} đã có theo kế hoạch {plan}; mỗi kế hoạch đặt tên quy tắc riêng.\nĐổi rule = “{rule}” trong gói, ví dụ thêm ký hiệu của kế hoạch phía trước. Xem: ntm plan check"
    en = "{clause}: the duty {id} is there by plan {plan}; every plan names its rules for itself.\nChange rule = “{rule}” in the pack, say with a mark of the plan before it. See: ntm plan check"


#: How a plan takes its words about a subject back.
WITHDRAWALS: dict[str, type[Event]] = {
    "unit": UnitReleased,
    "criteria": CriteriaWithdrawn,
    "target": TargetWithdrawn,
}


def adopt(entry: Entry, pack: Pack, within: str | None = None) -> Changes:
    """Record everything a pack says, or what it says of one place and what lies in it.

    Of a plan adopted before: what its amended version says otherwise, or what a wider area adds.
    Places and units that are there already stay as they are. Refuses a version that says the same.
    """
    whole = pack
    if within is not None:
        pack = part(pack, readable(within))
    packed = Packed(pack, calendar_of(entry.conn))
    known: Plan | None = entry.timeline(f"plan/{pack.id}").now
    if known is None:
        must_fit(entry, whole)
        adoption = Adoption(entry, packed, {"effective_on": pack.effective_on})
        adoption.begin()
    else:
        amendment.must_be_new(entry, known, whole, pack)
        must_fit(entry, whole)
        envelope = amendment.envelope(entry, known, pack)
        adoption = Adoption(entry, packed, envelope, known)
        adoption.amend(known)
    adoption.bring_in()
    if known and not adoption.changes.head and len(entry.facts) == 1:
        raise AlreadyAdopted(plan=pack.id, day=entry.today)
    return adoption.changes


@dataclass
class Adoption:
    """One pack on its way into the journal; `known` is the plan as it stood before."""

    entry: Entry
    packed: Packed
    envelope: Fields
    known: Plan | None = None
    changes: Changes = field(default_factory=Changes)

    def __post_init__(self) -> None:
        self.pack = self.packed.pack
        self.day: date = self.envelope["effective_on"]
        self.subject = f"plan/{self.pack.id}"
        self.duties_said = self.packed.duties()
        self.statements_said = self.packed.statements()
        #: Duties that are new and wait for an event, which may have happened before.
        self.waiting: dict[str, Assignment] = {}
        self.before = told_beside(self.entry.conn, self.subject) if self.known else []
        self._load()

    def _load(self) -> None:
        """Everything the pack may touch, in a few queries instead of one each."""
        pack = self.pack
        ids = [f"place/{p.id}" for p in pack.places]
        ids += [f"unit/ubnd-{p.id}" for p in pack.places] + [f"unit/{u.id}" for u in pack.units]
        ids += [*self.duties_said, *self.statements_said, *self.before]
        ids += [bound.dossier for bound in self.duties_said.values() if bound.dossier]
        self.entry.load(ids)

    def record(self, id: str, event: type[Event], **fields: Any) -> None:
        self.entry.record(id, event, **self.envelope, **fields)

    def begin(self) -> None:
        self.record(self.subject, PlanAdopted, **self.packed.head())
        if self.pack.money:
            self.record(self.subject, FiguresStated, figures=self.packed.figures())
        for rule in self.packed.money_rules():
            self.record(self.subject, MoneyRuleAdopted, rule=rule)
        if checks := self.packed.money_checks():
            self.record(self.subject, MoneyChecksStated, checks=checks)

    def amend(self, known: Plan) -> None:
        """What stands above the clauses, the sums, and the rules of years that are not closed."""
        head, last = self.packed.head(), known.versions[-1]
        version = {"from_sha256": last.sha256, "from_within": last.within}
        self.record(self.subject, PlanAmended, **head, **version)
        self.changes.of_head(self.subject, known, head)
        self._restate(known)
        closed = last_day(self.entry.conn, self.entry.number - 1)
        rules = amendment.money_rules(known.money_rules, self.packed.money_rules(), closed)
        if rules != known.money_rules:
            self.record(self.subject, MoneyRulesRestated, rules=rules)
            said = (known.money_rules, rules)
            self.changes.of_plan(self.subject, self.pack.title, "money_rules", *said)

    def _restate(self, known: Plan) -> None:
        """The sums and the checks, each said all anew where it differs."""
        for name, event, key, anew in (
            ("figures", FiguresStated, "figures", self.packed.figures()),
            ("money_checks", MoneyChecksStated, "checks", self.packed.money_checks()),
        ):
            old = getattr(known, name)
            if anew != old:
                self.record(self.subject, event, **{key: anew})
                self.changes.of_plan(self.subject, self.pack.title, name, old, anew)

    def bring_in(self) -> None:
        self._places()
        self._units()
        for bound in self.duties_said.values():
            self._duty(bound)
        for id in self.before:
            if id.startswith("obligation/") and id not in self.duties_said:
                self._left_out(id)
        starts.from_earlier(self.entry, self.waiting)
        self._statements()

    def _places(self) -> None:
        """The places that are not there yet; none beside another of its name that a person registered."""
        taken = Taken(self.entry, BEGINNING)
        for p in self.pack.places:
            if not self.entry.exists(f"place/{p.id}"):
                self.entry.record(
                    f"place/{p.id}",
                    PlaceRegistered,
                    effective_on=BEGINNING,
                    name=p.name,
                    type=p.type,
                    code=p.code,
                    parent=p.parent,
                    note=p.parent_source and f"parent: {p.parent_source}",
                )
                taken.must_stay_alone(p.id)

    def _units(self) -> None:
        """The units a pack names, and the people's committee of every province, district, commune."""
        for p in self.pack.places:
            if level(p.type) in COMMITTEES:
                name = f"{TYPES[p.type][1]} {p.name}"
                aliases = (f"UBND {p.name}", f"Ủy ban nhân dân {name}", f"Uỷ ban nhân dân {name}")
                self._unit(f"ubnd-{p.id}", f"UBND {name}", "ubnd", p.id, aliases)
        for u in self.pack.units:
            self._unit(u.id, u.name, u.role, u.place, tuple(u.aliases))

    def _unit(
        self, id: str, name: str, role: str, place: str | None, aliases: tuple[str, ...]
    ) -> None:
        if not self.entry.exists(f"unit/{id}"):
            self.entry.record(
                f"unit/{id}",
                UnitRegistered,
                effective_on=BEGINNING,
                name=name,
                role=role,
                place=place,
                aliases=aliases,
            )

    def _duty(self, bound: Bound) -> None:
        """The duty and the dossier asked for."""
        state = self._state(bound.id)
        if self.known and self._is_over(bound.fields):
            return
        if self.known and state and state.assigned.plan == self.pack.id:
            self._amended(bound, state)
            return
        if state is not None:
            said = {name: bound.fields[name] for name in ("rule", "clause")}
            raise RuleTaken(plan=state.assigned.plan, id=bound.id.partition("/")[2], **said)
        self._dossier(bound)
        self.record(bound.id, ObligationAssigned, **bound.fields)
        if self.known:
            self.changes.added.append(amendment.line(bound.id, bound.fields))
        if bound.fields["starts_from"] and (new := self._state(bound.id)):
            self.waiting[bound.id] = new.assigned

    def _amended(self, bound: Bound, state: Obligation) -> None:
        changed = amendment.differing(state.stated or state.assigned, bound.fields)
        if state.joined_to or (not changed and state.ended_on is None):
            return
        self._dossier(bound)
        self.record(bound.id, ObligationAmended, **bound.fields)
        starts.count_anew(self.entry, bound.id)
        now = self._state(bound.id) or state
        self.changes.of_duty(bound, state, now, changed)
        if now.assigned.starts_from:
            self.waiting[bound.id] = now.assigned
        for id in starts.items_of(self.entry, bound.id) if state.assigned.starts_from else ():
            of_item = self._state(id)
            if of_item and of_item.assigned.item:
                said = starts.said_of_item(now.assigned, of_item.assigned.item)
                self._amended(Bound(id, said), of_item)

    def _left_out(self, id: str) -> None:
        """A duty the version does not hold; one about an item goes with the clause's own."""
        state = self._state(id)
        if state and state.assigned.item is None:
            self._dropped(id)

    def _dropped(self, id: str) -> None:
        state = self._state(id)
        if state is None or state.assigned.plan != self.pack.id or state.ended_on:
            return
        said = amendment.fields(state.assigned)
        if not self._is_over(said):
            self.record(id, ObligationDropped, plan=self.pack.id)
            self.changes.dropped.append(amendment.line(id, said))
        for item in starts.items_of(self.entry, id) if state.assigned.starts_from else ():
            self._dropped(item)

    def _is_over(self, said: Fields) -> bool:
        """Whether this is a time of a recurring duty from before the version, which says nothing of it."""
        since = max(self.day, self.pack.effective_on)
        return said["occurrence"] is not None and said["nominal_day"] < since

    def _state(self, id: str) -> Obligation | None:
        state: Obligation | None = self.entry.timeline(id).now
        return state

    def _dossier(self, bound: Bound) -> None:
        # What a plan only encourages puts nobody on its list.
        listed = bound.fields["strength"] != "encouraged"
        if (
            bound.dossier
            and bound.dossier_fields
            and listed
            and not self.entry.exists(bound.dossier)
        ):
            self.record(bound.dossier, DossierRegistered, **bound.dossier_fields)

    def _statements(self) -> None:
        """What it says of units, criteria and targets; of each it is said all anew where it differs."""
        openings = self.packed.openings()
        for id in dict.fromkeys((*self.statements_said, *self.before)):
            anew = self.statements_said.get(id, [])
            old = amendment.said_before(self.entry.timeline(id), self.pack.id) if self.known else []
            if amendment.same(old, anew):
                continue
            if old:
                self.record(id, WITHDRAWALS[id.partition("/")[0]], plan=self.pack.id)
            self._open(id, anew, openings)
            for event, fields in anew:
                self.record(id, event, **fields)
            if self.known:
                self.changes.of_statements(id, self.entry.timeline(id).now, old, anew)

    def _open(self, id: str, anew: Iterable[Said], openings: dict[str, Fields]) -> None:
        """The criteria or the target that is spoken of for the first time.

        From the beginning: a plan of an earlier year may be adopted later.
        """
        kind, _, rest = id.partition("/")
        if not anew or kind == "unit" or self.entry.exists(id):
            return
        if kind == "target":
            self.entry.record(id, TargetOpened, effective_on=BEGINNING, **openings[id])
        else:
            place, _, edition = rest.partition("/")
            open_criteria(self.entry, place, edition_of(edition), BEGINNING)
