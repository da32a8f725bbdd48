"""A plan against those already adopted: where another plan asks for the same by another day or year."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_workflow.office.deadline import stated
from ntm_workflow.office.dossier import dossier_id
from ntm_workflow.office.obligation import trigger
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.findings import Finding
from ntm_workflow.plans.shapes import Pack


def against_adopted(reading: Reading, pack: Pack) -> list[Finding]:
    """Duties and targets of other adopted plans that differ from this one's, in its order."""
    return [*_duties(reading, pack), *_years(reading, pack)]


def _duties(reading: Reading, pack: Pack) -> Iterator[Finding]:
    columns = ("plan", "clause", "expression", "nominal_day", "trigger", "ended_on")
    rows = reading.rows("obligation", only=columns)
    asked = {row.trigger: row for row in rows if row.plan != pack.id and row.ended_on is None}
    names = {place.id: place.name for place in pack.places}
    for duty in pack.obligations:
        if duty.dossier is None:
            continue
        step, day = duty.dossier, stated(pack, duty).nominal_day
        for place in duty.places:
            id = trigger(dossier_id(place, step.standard, step.year), step.to)
            other = asked.get(id)
            if other is not None and other.nominal_day != day:
                facts = {"place": names[place], "phrase": duty.expression, "title": duty.title}
                theirs = {"plan": other.plan, "theirs": other.expression, "at": other.clause}
                yield Finding("other_plan_other_day", duty.clause, facts | theirs)


def _years(reading: Reading, pack: Pack) -> Iterator[Finding]:
    names = {place.id: place.name for place in pack.places}
    stated_elsewhere = {
        (row.place, row.what): s
        for row in reading.rows("target")
        for s in row.statements
        if s["plan"] != pack.id and s["target_year"]
    }
    for target in pack.targets:
        for place in target.places:
            other = stated_elsewhere.get((place, target.what))
            if other and target.target_year and other["target_year"] != target.target_year:
                facts = {"place": names[place], "what": target.title, "year": target.target_year}
                theirs = {"plan": other["plan"], "theirs": other["target_year"]}
                yield Finding("other_plan_other_year", target.clause, facts | theirs)
