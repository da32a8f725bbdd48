"""A plan against the journal: other plans that ask for the same otherwise, places that are not what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.place import TYPES, place_name
from ntm_workflow.office.dossier import dossier_id
from ntm_workflow.office.obligation import trigger
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.plans.alike import alike
from ntm_workflow.plans.check import duty_id
from ntm_workflow.plans.document import Document
from ntm_workflow.plans.finding import Finding
from ntm_workflow.plans.shapes import Pack


def against_adopted(reading: Reading, pack: Pack, calendar: WorkingDays) -> list[Finding]:
    """Where the journal, with the other plans adopted in it, and this one are at odds, in its order."""
    of = Document(pack, calendar)
    rules = (_version, _taken, _amended, _duties, _years, _known, _near, _ended)
    return [finding for rule in rules for finding in rule(reading, of)]


def _version(reading: Reading, of: Document) -> Iterator[Finding]:
    """Whether another text of this plan is in force than the one looked at."""
    row = reading.row(f"plan/{of.pack.id}")
    if row is not None and row.versions[-1]["sha256"] != of.pack.sha256:
        since = date.fromisoformat(row.versions[-1]["since"])
        yield Finding("other_version", None, {"plan": of.pack.id, "since": since})


def _taken(reading: Reading, of: Document) -> Iterator[Finding]:
    """Rules under which another plan has a duty at the same place."""
    rows = reading.rows("obligation", only=("id", "plan"))
    held = {bare(row.id): row.plan for row in rows if row.plan != of.pack.id}
    for duty in of.pack.obligations:
        taken = (held[id] for place in duty.places if (id := duty_id(duty, place)) in held)
        if plan := next(taken, None):
            yield Finding("rule_taken", duty.clause, {"rule": duty.rule, "plan": plan})


def _amended(reading: Reading, of: Document) -> Iterator[Finding]:
    for plan in of.pack.amends:
        if reading.row(f"plan/{plan}") is None:
            yield Finding("amends_unknown", None, {"plan": plan})


def _duties(reading: Reading, of: Document) -> Iterator[Finding]:
    columns = ("plan", "clause", "expression", "strict_day", "nominal_day", "trigger", "ended_on")
    asked: dict[str, list[Any]] = defaultdict(list)
    for row in reading.rows("obligation", only=columns):
        if row.trigger and row.ended_on is None and row.plan not in _own(of):
            asked[row.trigger].append(row)
    for duty in of.pack.obligations:
        if duty.dossier is None:
            continue
        step, due = duty.dossier, of.due(duty)
        for place in duty.places:
            for other in asked[trigger(dossier_id(place, step.standard, step.year), step.to)]:
                theirs = (other.strict_day, other.nominal_day)
                if theirs != (due or (None, None)):
                    days = [each[0] for each in (due, theirs) if each and each[0]]
                    ours = {"place": of.names[place], "phrase": duty.expression}
                    told = {"plan": other.plan, "at": other.clause, "theirs": other.expression}
                    facts = {**ours, **told, "title": duty.title, "day": min(days)}
                    yield Finding("other_plan_other_day", duty.clause, facts)


def _own(of: Document) -> set[str]:
    """The plan itself, and those it is there to change."""
    return {of.pack.id, *of.pack.amends}


def _years(reading: Reading, of: Document) -> Iterator[Finding]:
    elsewhere: dict[tuple[str, str], dict[tuple[str, int], str]] = defaultdict(dict)
    for row in reading.rows("target"):
        for said in row.statements:
            if said["plan"] not in _own(of) and said["target_year"]:
                named = (said["plan"], said["target_year"])
                elsewhere[row.place, row.what].setdefault(named, said["clause"])
    for target in of.pack.targets:
        for place in target.places:
            for (plan, year), clause in elsewhere[place, target.what].items():
                if target.target_year and year != target.target_year:
                    about = {"place": of.names[place], "what": target.title}
                    theirs = {"plan": plan, "at": clause, "theirs": year}
                    facts = about | theirs | {"year": target.target_year}
                    yield Finding("other_plan_other_year", target.clause, facts)


def _known(reading: Reading, of: Document) -> Iterator[Finding]:
    """Places the journal knows by another name, type or parent: it keeps what it has."""
    for place in of.pack.places:
        row = reading.places.get(place.id)
        if row is None or row.ended:
            continue
        if (row.name, row.parent or place.parent) != (place.name, place.parent or row.parent):
            parent = reading.names.get(row.parent, row.parent) if row.parent else None
            known = f"{place_name(row)} ({parent})" if parent else place_name(row)
            here = f"{TYPES[place.type][1]} {place.name}"
            if place.parent:
                here += f" ({of.names[place.parent]})"
            about = {"id": place.id, "known": known, "place": here}
            yield Finding("known_otherwise", of.named_in.get(place.id), about)


def _near(reading: Reading, of: Document) -> Iterator[Finding]:
    """A new place beside one in the journal with nearly its name."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for id, row in reading.places.items():
        if row.parent and not row.ended and id not in of.names:
            known[row.parent][row.name] = id
    new: dict[str, dict[str, str]] = defaultdict(dict)
    for place in of.pack.places:
        if place.parent in known and place.id not in reading.places:
            new[place.parent][place.name] = place.id
    for parent, names in new.items():
        for pair in alike([*names, *known[parent]]):
            one, other = sorted(pair, key=lambda name: name not in names)
            if one in names and other in known[parent]:
                about = {"one": one, "other": other, "parent": of.names[parent]}
                yield Finding("near_name_known", of.named_in.get(names[one]), about)


def _ended(reading: Reading, of: Document) -> Iterator[Finding]:
    """Places that have ended, or lie in one that has, before what they are to do is due."""
    ended = {id: row for id, row in reading.places.items() if id in of.names and row.ended}
    told: dict[tuple[str, str, str], date] = {}
    for clause, title, day, places in _deadlines(of) if ended else ():
        for place in places:
            for id in of.above(place):
                if id in ended and ended[id].ended <= day:
                    key = (id, clause, title)
                    told[key] = max(day, told.get(key, day))
    for (id, clause, title), day in told.items():
        row = ended[id]
        about = {"place": of.names[id], "ended": row.ended, "day": day, "title": title}
        now = [reading.names.get(each, each) for each in row.successors]
        yield Finding("place_ended", clause, about | {"successors": now})


def _deadlines(of: Document) -> Iterator[tuple[str, str, date, list[str]]]:
    """The last day of every duty and target, with its clause, title and places."""
    for duty in of.pack.obligations:
        if due := of.due(duty, of.times(duty.expression)[-1]):
            yield duty.clause, duty.title, due.nominal, duty.places
    for target in of.pack.targets:
        if target.aim == "target" and target.target_year:
            yield target.clause, target.title, date(target.target_year, 12, 31), target.places
