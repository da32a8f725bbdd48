"""Adopting a plan: its pack becomes places, units, duties, dossiers and rules, in one entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.calendar import VietnamCalendar
from ntm_workflow.domain.criteria import CriteriaStated, CriteriaTargeted
from ntm_workflow.domain.dates import occurrences
from ntm_workflow.domain.dossier import DossierRegistered, first_desk
from ntm_workflow.domain.inputs import read_number, readable
from ntm_workflow.domain.obligation import Consequence, ObligationAssigned
from ntm_workflow.domain.place import TYPES, PlaceRegistered, level
from ntm_workflow.domain.plan import (
    Figure,
    FiguresStated,
    MoneyRule,
    MoneyRuleAdopted,
    Paper,
    PlanAdopted,
    Recipient,
)
from ntm_workflow.domain.target import TargetOpened, TargetStated
from ntm_workflow.domain.unit import UnitAssigned, UnitRegistered
from ntm_workflow.office.criteria import criteria_id, open_criteria
from ntm_workflow.office.deadline import alternative_days, duty_days
from ntm_workflow.office.dossier import dossier_id
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.lineage import must_fit
from ntm_workflow.office.obligation import meet_from_earlier, trigger
from ntm_workflow.office.target import target_id
from ntm_workflow.plans.figures import dong
from ntm_workflow.plans.pack import Pack, duty_id, part
from ntm_workflow.plans.shapes import (
    Duty,
    Goal,
    Lead,
    StatedCriteria,
    StatedTarget,
    Sum,
    TargetedCriteria,
    UnspentMoney,
)


class AlreadyAdopted(Refused):
    vi = "Kế hoạch “{plan}” đã áp dụng từ trước.\nXem: ntm plan show {plan} --as-of {day}"
    en = "The plan “{plan}” was adopted before.\nSee: ntm plan show {plan} --as-of {day}"


class NobodyAtLevel(Refused):
    vi = "{rule} ({clause}): không có UBND cấp {level} cho {place} trong gói kế hoạch."
    en = "{rule} ({clause}): the pack has no {level} committee for {place}."


#: Levels that have a people's committee; a village has none.
COMMITTEES = ("province", "district", "commune")


def adopt(entry: Entry, pack: Pack, within: str | None = None) -> None:
    """Record everything a pack says, or what it says of one place and what lies in it.

    Places and units another plan brought in stay as they are.
    """
    if known := entry.timeline(f"plan/{pack.id}").now:
        since = known.adopted.effective_on
        raise AlreadyAdopted(plan=pack.id, day=max(since, entry.today))
    must_fit(entry, pack)
    if within is not None:
        pack = part(pack, readable(within))
    adoption = Adoption(entry, pack, VietnamCalendar())
    adoption.load()
    adoption.plan()
    adoption.places()
    adoption.units()
    for duty in pack.obligations:
        adoption.duty(duty)
    for lead in pack.leads:
        adoption.lead(lead)
    for stated in pack.criteria:
        adoption.criteria(stated)
    for aimed in pack.criteria_targets:
        adoption.criteria_target(aimed)
    for target in pack.targets:
        adoption.target(target)
    for goal in pack.goals:
        adoption.goal(goal)


@dataclass
class Adoption:
    entry: Entry
    pack: Pack
    calendar: VietnamCalendar

    def __post_init__(self) -> None:
        self.day = self.pack.effective_on
        self.by_id = {place.id: place for place in self.pack.places}

    def load(self) -> None:
        """Everything the pack may touch, in a few queries instead of one each."""
        pack = self.pack
        ids = [f"place/{p.id}" for p in pack.places]
        ids += [f"unit/ubnd-{p.id}" for p in pack.places] + [f"unit/{u.id}" for u in pack.units]
        ids += [f"criteria/{c.place}/{c.set}" for c in pack.criteria]
        ids += [f"criteria/{c.place}/{c.set}" for c in pack.criteria_targets]
        ids += [target_id(place, t.what) for t in pack.targets for place in t.places]
        ids += [target_id(goal.place, goal.id) for goal in pack.goals]
        for duty in pack.obligations:
            for place in duty.places:
                ids.append(f"obligation/{duty_id(duty, place)}")
                if duty.dossier:
                    ids.append(dossier_id(place, duty.dossier.standard, duty.dossier.year))
        self.entry.load(ids)

    def plan(self) -> None:
        p = self.pack
        subject = f"plan/{p.id}"
        self.entry.record(
            subject,
            PlanAdopted,
            effective_on=self.day,
            title=p.title,
            issuer=p.issuer,
            level=p.level,
            place=p.place,
            period=p.period,
            pack_sha256=p.sha256,
            number=p.number,
            issued_on=p.issued_on,
            implements=tuple(p.implements),
            amends=tuple(p.amends),
            settings=p.settings,
            assumed=tuple(p.assumed),
            within=p.within,
            papers=tuple(
                Paper(r.clause, r.document, r.relation, r.plan)
                for r in p.references
                if r.relation != "cites"
            ),
            recipients=tuple(Recipient(r.name, r.unit) for r in p.recipients),
        )
        if p.money:
            figures = tuple(map(_figure, p.money))
            self.entry.record(subject, FiguresStated, effective_on=self.day, figures=figures)
        for unspent in p.money_rules:
            for rule in money_rules(unspent):
                self.entry.record(subject, MoneyRuleAdopted, effective_on=self.day, rule=rule)

    def places(self) -> None:
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

    def units(self) -> None:
        """The units a pack names, and the people's committee of every province, district, commune."""
        for p in self.pack.places:
            if level(p.type) in COMMITTEES:
                name = self.place_name(p.id)
                aliases = (f"UBND {p.name}", f"Ủy ban nhân dân {name}", f"Uỷ ban nhân dân {name}")
                self.unit(f"ubnd-{p.id}", f"UBND {name}", "ubnd", p.id, aliases)
        for u in self.pack.units:
            self.unit(u.id, u.name, u.role, u.place, tuple(u.aliases))

    def unit(
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

    def duty(self, duty: Duty) -> None:
        """One obligation per place the clause names and time it falls due, and the dossier asked for."""
        said = self.duty_said(duty)
        for days in duty_days(self.pack, duty, self.calendar):
            for place in duty.places:
                dossier = self.dossier(duty, place)
                id = f"obligation/{duty_id(duty, place, days['occurrence'])}"
                self.entry.record(
                    id,
                    ObligationAssigned,
                    place=place,
                    trigger=dossier,
                    **said,
                    **self.holders(duty, place),
                    **days,
                )
                if dossier:
                    meet_from_earlier(self.entry, id, dossier)

    def duty_said(self, duty: Duty) -> dict[str, Any]:
        """What a clause says alike for every place."""
        return {
            "effective_on": self.day,
            "rule": duty.rule,
            "plan": self.pack.id,
            "clause": duty.clause,
            "title": duty.title,
            "strength": duty.strength,
            "strength_words": duty.strength_words,
            "stated": duty.stated,
            "inferred": duty.owner_from,
            "weekend": duty.weekend.value if duty.weekend else None,
            "paper": duty.paper,
            "condition": duty.condition,
            "alternative": duty.alternative and alternative_days(self.pack, duty.alternative),
            "consequences": tuple(
                Consequence(a.what, a.clause, a.words) for a in duty.consequences
            ),
        }

    def holders(self, duty: Duty, place: str) -> dict[str, Any]:
        return {
            "owed_by": self.holder(duty, duty.owed_by, place),
            "owed_to": duty.owed_to and self.holder(duty, duty.owed_to, place),
            "with_": tuple(self.holder(duty, unit, place) for unit in duty.with_),
            "advised_by": tuple(self.holder(duty, unit, place) for unit in duty.advised_by),
        }

    def dossier(self, duty: Duty, place: str) -> str | None:
        if duty.dossier is None:
            return None
        step = duty.dossier
        id = dossier_id(place, step.standard, step.year)
        if not self.entry.exists(id):
            self.entry.record(
                id,
                DossierRegistered,
                effective_on=self.day,
                place=place,
                standard=step.standard,
                year=step.year,
                desk=first_desk(level(self.by_id[place].type)),
            )
        return trigger(id, step.to)

    def lead(self, lead: Lead) -> None:
        self.entry.record(
            f"unit/{lead.unit}",
            UnitAssigned,
            effective_on=self.day,
            set=lead.set,
            numbers=tuple(lead.numbers),
            fields=tuple(lead.fields),
            plan=self.pack.id,
            clause=lead.clause,
            note=lead.note,
        )

    def criteria(self, stated: StatedCriteria) -> None:
        self.entry.record(
            self.opened(stated),
            CriteriaStated,
            assessment_year=stated.assessment_year,
            **self.said(stated),
        )

    def criteria_target(self, aimed: TargetedCriteria) -> None:
        self.entry.record(self.opened(aimed), CriteriaTargeted, year=aimed.year, **self.said(aimed))

    def opened(self, row: StatedCriteria | TargetedCriteria) -> str:
        """The criteria a table is about, opened if need be."""
        id = criteria_id(row.place, row.set)
        if not self.entry.exists(id):
            open_criteria(self.entry, row.place, row.set, BEGINNING)
        return id

    def said(self, row: StatedCriteria | TargetedCriteria) -> dict[str, Any]:
        return {
            "effective_on": self.day,
            "plan": self.pack.id,
            "clause": row.clause,
            "achieved": tuple(row.achieved),
            "not_achieved": tuple(row.not_achieved),
            "stated_total": row.stated_total,
            "target_year": row.target_year,
        }

    def target(self, said: StatedTarget) -> None:
        """One statement per place; the target itself opens with the first of them."""
        for place in said.places:
            id = target_id(place, said.what)
            if not self.entry.exists(id):
                self.opened_target(id, place, said.what, said.title)
            self.entry.record(
                id,
                TargetStated,
                effective_on=self.day,
                plan=self.pack.id,
                clause=said.clause,
                aim=said.aim,
                about_year=said.about_year,
                target_year=said.target_year,
                track=said.track,
                words=said.words,
                threshold=said.threshold and read_number(said.threshold),
                unit=said.unit,
                value=said.value and read_number(said.value),
                verdict=said.verdict,
                also=tuple(said.also),
                commitment=said.commitment,
                strength=said.strength,
                strength_words=said.strength_words,
            )

    def opened_target(self, id: str, place: str, what: str, title: str) -> None:
        # From the beginning, as with criteria: a plan of an earlier year may be adopted later.
        opening = {"place": place, "what": what, "title": title}
        self.entry.record(id, TargetOpened, effective_on=BEGINNING, **opening)

    def goal(self, goal: Goal) -> None:
        """A number of places to be at a standard: a target of the place that counts them."""
        id = target_id(goal.place, goal.id)
        if not self.entry.exists(id):
            self.opened_target(id, goal.place, goal.id, goal.title)
        self.entry.record(
            id,
            TargetStated,
            effective_on=self.day,
            plan=self.pack.id,
            clause=goal.clause,
            aim="target",
            target_year=goal.target_year,
            words=goal.words,
            threshold=read_number(goal.at_least),
            unit=goal.unit,
            strength=goal.strength,
            strength_words=goal.strength_words,
        )

    def holder(self, duty: Duty, who: str, place: str) -> str:
        """The unit meant: named outright, or the committee at a level for this place."""
        if not who.startswith("@"):
            return who
        wanted = who[1:]
        at: str | None = place
        while at is not None and level(self.by_id[at].type) != wanted:
            at = self.by_id[at].parent
        if at is None:
            raise NobodyAtLevel(rule=duty.rule, clause=duty.clause, level=wanted, place=place)
        return f"ubnd-{at}"

    def place_name(self, id: str) -> str:
        place = self.by_id[id]
        return f"{TYPES[place.type][1]} {place.name}"


def _figure(sum: Sum) -> Figure:
    return Figure(
        id=sum.id,
        clause=sum.clause,
        title=sum.title,
        amount=dong(sum),
        year=sum.year,
        source=sum.source,
        kind=sum.kind,
        per=sum.per,
        at_least=sum.at_least,
    )


def money_rules(unspent: UnspentMoney) -> list[MoneyRule]:
    """One rule a year: the phrase's day in that year, for that year's money."""
    years = unspent.years
    found = occurrences(unspent.expression, date(years[0], 1, 1), date(years[-1], 12, 31))
    return [
        MoneyRule(
            id=unspent.id,
            clause=unspent.clause,
            expression=unspent.expression,
            day=deadline.nominal_day,
            plan_year=deadline.nominal_day.year,
            stop_types=tuple(unspent.stop_types),
            reallocate_types=tuple(unspent.reallocate_types),
        )
        for deadline in found
        if deadline.nominal_day and deadline.nominal_day.year in years
    ]
