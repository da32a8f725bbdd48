"""What a pack says, as the fields of the facts it is told in, by subject. Knows no journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.criteria_events import CriteriaStated, CriteriaTargeted
from ntm_workflow.domain.edition import UNSAID
from ntm_workflow.domain.inputs import read_number
from ntm_workflow.domain.money_check import MoneyCheck
from ntm_workflow.domain.obligation import Consequence
from ntm_workflow.domain.place import level
from ntm_workflow.domain.plan import Figure, MoneyRule, Paper, Recipient
from ntm_workflow.domain.target import Count, TargetStated
from ntm_workflow.domain.unit import UnitAssigned
from ntm_workflow.office.criteria import criteria_id
from ntm_workflow.office.deadline import alternative_days, duty_days
from ntm_workflow.office.dossier import dossier_id
from ntm_workflow.office.obligation import trigger
from ntm_workflow.office.packed_money import money_checks, money_rules
from ntm_workflow.office.target import target_id
from ntm_workflow.plans.editions import bundle
from ntm_workflow.plans.figures import dong
from ntm_workflow.plans.pack import Pack, duty_id
from ntm_workflow.plans.roads import road_of
from ntm_workflow.plans.shapes import (
    Duty,
    Lead,
    StatedCriteria,
    Sum,
    TargetedCriteria,
)
from ntm_workflow.plans.standards import standards
from ntm_workflow.plans.target_shapes import Goal, StatedTarget

Fields = dict[str, Any]
#: An event and what it says.
Said = tuple[type[Event], Fields]


class NobodyAtLevel(Refused):
    vi = "{rule} ({clause}): không có UBND cấp {level} cho {place} trong gói kế hoạch."
    en = "{rule} ({clause}): the pack has no {level} committee for {place}."


@dataclass(frozen=True)
class Bound:
    """One duty: the fields of its assignment, and the dossier it asks for, by id."""

    id: str
    fields: Fields
    dossier: str | None = None
    dossier_fields: Fields | None = None


class Packed:
    """A pack read as facts. Days and papers are left to whoever records them."""

    def __init__(self, pack: Pack, calendar: WorkingDays) -> None:
        self.pack = pack
        self.calendar = calendar
        self.by_id = {place.id: place for place in pack.places}

    def head(self) -> Fields:
        p = self.pack
        return {
            "title": p.title,
            "issuer": p.issuer,
            "level": p.level,
            "place": p.place,
            "period": p.period,
            "pack_sha256": p.sha256,
            "number": p.number,
            "issued_on": p.issued_on,
            "implements": tuple(p.implements),
            "amends": tuple(p.amends),
            "settings": p.settings,
            "assumed": tuple(p.assumed),
            "within": p.within,
            "papers": tuple(
                Paper(r.clause, r.document, r.relation, r.plan)
                for r in p.references
                if r.relation != "cites"
            ),
            "recipients": tuple(Recipient(r.name, r.unit) for r in p.recipients),
        }

    def figures(self) -> tuple[Figure, ...]:
        return tuple(map(_figure, self.pack.money))

    def money_rules(self) -> tuple[MoneyRule, ...]:
        again = self.pack.settings.money.again
        counted = self.pack.settings.money.advances_count
        found = (r for each in self.pack.money_rules for r in money_rules(each, again=again))
        return tuple(replace(rule, advances_count=counted) for rule in found)

    def money_checks(self) -> tuple[MoneyCheck, ...]:
        boundary = self.pack.settings.boundary
        return tuple(c for said in self.pack.money_checks for c in money_checks(said, boundary))

    def duties(self) -> dict[str, Bound]:
        """One obligation per place a clause names and time it falls due, by id."""
        found = {}
        for duty in self.pack.obligations:
            said = self._duty(duty)
            for days in duty_days(self.pack, duty, self.calendar):
                for place in duty.places:
                    bound = self._bound(duty, place, said | days)
                    found[bound.id] = bound
        return found

    def _bound(self, duty: Duty, place: str, said: Fields) -> Bound:
        id = f"obligation/{duty_id(duty, place, said['occurrence'])}"
        said = dict(said)
        linked = {"place": place, "trigger": None, "follows": _follows(said.pop("before"), place)}
        fields = {**said, **linked, **self._holders(duty, place)}
        if duty.dossier is None:
            return Bound(id, fields)
        step = duty.dossier
        dossier = dossier_id(place, step.standard, step.year)
        road = self._road(place, step.standard)
        asked = {"place": place, "standard": step.standard, "year": step.year}
        asked |= {"desk": road[0], "road": road}
        return Bound(id, fields | {"trigger": trigger(dossier, step.to)}, dossier, asked)

    def _road(self, place: str, standard: str) -> tuple[str, ...]:
        """The desks a dossier of the place passes from the day the plan binds."""
        names, at = [], self.by_id.get(place)
        while at is not None:
            names += [at.name] if level(at.type) == "province" else []
            at = self.by_id.get(at.parent or "")
        return road_of(standard, self.pack.effective_on, names).desks

    def _duty(self, duty: Duty) -> Fields:
        """What a clause says alike for every place."""
        other = duty.alternative
        return {
            "rule": duty.rule,
            "plan": self.pack.id,
            "clause": duty.clause,
            "title": duty.title,
            "strength": duty.strength,
            "strength_words": duty.strength_words,
            "stated": duty.stated,
            "inferred": duty.owner_from,
            "weekend": duty.weekend.value if duty.weekend else None,
            "entry_days": duty.entry_days.value if duty.entry_days else None,
            "paper": duty.paper,
            "condition": duty.condition,
            "starts_from": duty.starts_from,
            "item_types": tuple(duty.item_types),
            "done_by": duty.done_by,
            "alternative": other and alternative_days(self.pack, other, self.calendar),
            "consequences": tuple(
                Consequence(a.what, a.clause, a.words) for a in duty.consequences
            ),
        }

    def _holders(self, duty: Duty, place: str) -> Fields:
        return {
            "owed_by": self._holder(duty, duty.owed_by, place),
            "owed_to": duty.owed_to and self._holder(duty, duty.owed_to, place),
            "with_": tuple(self._holder(duty, unit, place) for unit in duty.with_),
            "advised_by": tuple(self._holder(duty, unit, place) for unit in duty.advised_by),
        }

    def _holder(self, duty: Duty, who: str, place: str) -> str:
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

    def statements(self) -> dict[str, list[Said]]:
        """What it says of units, criteria and targets, in its order."""
        found: dict[str, list[Said]] = defaultdict(list)
        for id, said in self._statements():
            found[id].append(said)
        return found

    def _statements(self) -> Iterator[tuple[str, Said]]:
        for lead in self.pack.leads:
            yield f"unit/{lead.unit}", (UnitAssigned, self._lead(lead))
        for stated in self.pack.criteria:
            year = {"assessment_year": stated.assessment_year}
            yield _criteria(stated), (CriteriaStated, self._table(stated) | year)
        for aimed in self.pack.criteria_targets:
            yield _criteria(aimed), (CriteriaTargeted, self._table(aimed) | {"year": aimed.year})
        for target in self.pack.targets:
            for place in target.places:
                yield target_id(place, target.what), (TargetStated, self._target(target))
        for goal in self.pack.goals:
            yield target_id(goal.place, goal.id), (TargetStated, self._goal(goal))

    def openings(self) -> dict[str, Fields]:
        """The targets it names: opened with its first statement, if they are new."""
        found = {
            target_id(place, t.what): {"place": place, "what": t.what, "title": t.title}
            for t in reversed(self.pack.targets)
            for place in t.places
        }
        for goal in self.pack.goals:
            opening = {"place": goal.place, "what": goal.id, "title": goal.title}
            found.setdefault(target_id(goal.place, goal.id), opening)
        return found

    def _lead(self, lead: Lead) -> Fields:
        return {
            "set": lead.set,
            "version": self._version(lead.set),
            "numbers": tuple(lead.numbers),
            "fields": tuple(lead.fields),
            "plan": self.pack.id,
            "clause": lead.clause,
            "note": lead.note,
        }

    def _version(self, set: str) -> str | None:
        """The version of a set whose numbers the plan uses; left unsaid where it goes without saying."""
        edition = bundle().find(set, self.pack.period[0])
        return edition.version if edition and edition.version != UNSAID else None

    def _table(self, row: StatedCriteria | TargetedCriteria) -> Fields:
        return {
            "plan": self.pack.id,
            "clause": row.clause,
            "achieved": tuple(row.achieved),
            "not_achieved": tuple(row.not_achieved),
            "stated_total": row.stated_total,
            "target_year": row.target_year,
        }

    def _target(self, said: StatedTarget) -> Fields:
        return {
            "plan": self.pack.id,
            "clause": said.clause,
            "aim": said.aim,
            "about_year": said.about_year,
            "target_year": said.target_year,
            "track": said.track,
            "words": said.words,
            "threshold": said.threshold and read_number(said.threshold),
            "unit": said.unit,
            "value": said.value and read_number(said.value),
            "verdict": said.verdict,
            "also": tuple(said.also),
            "commitment": said.commitment,
            "strength": said.strength,
            "strength_words": said.strength_words,
            "count": said.count and Count(**to_builtins(said.count)),
        }

    def _goal(self, goal: Goal) -> Fields:
        """A number of places to be at a standard: a target of the place that counts them."""
        return {
            "plan": self.pack.id,
            "clause": goal.clause,
            "aim": "target",
            "target_year": goal.target_year,
            "words": goal.words,
            "threshold": read_number(goal.at_least),
            "unit": goal.unit,
            "strength": goal.strength,
            "strength_words": goal.strength_words,
            "count": _counts(goal),
        }


def _counts(goal: Goal) -> Count | None:
    """A goal of a standard is counted from recognitions: only new ones where none is said to be kept."""
    rate = goal.per_place or "/" in goal.unit
    if goal.what not in standards() or rate:
        return None
    return Count("new" if goal.new and not goal.kept else "held", goal.what, goal.of)


def _follows(before: tuple[Duty, str | None] | None, place: str) -> str | None:
    """The duty of the same place that goes ahead, where there is just that one."""
    if before is None or place not in before[0].places:
        return None
    return f"obligation/{duty_id(before[0], place, before[1])}"


def _criteria(row: StatedCriteria | TargetedCriteria) -> str:
    return criteria_id(row.place, bundle().of_year(row.set, row.of_year))


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
