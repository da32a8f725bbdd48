"""Where places are at odds: their names, the years they aim at, and the ladder of standards they climb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ntm_workflow.domain.values import nfc
from ntm_workflow.plans.alike import alike
from ntm_workflow.plans.document import Document, named
from ntm_workflow.plans.editions import bundle
from ntm_workflow.plans.finding import Finding
from ntm_workflow.plans.shapes import NamedPlace
from ntm_workflow.plans.standards import builds_on
from ntm_workflow.plans.target_shapes import Goal, StatedTarget

#: Place and what it aims at -> the year -> the clauses that name it.
Years = dict[tuple[str, str], dict[int, list[str]]]


# --- names ----------------------------------------------------------------------------------------


def _parents(of: Document) -> Iterator[Finding]:
    unverified = [p.name for p in of.pack.places if p.parent_source == "unverified"]
    if unverified:
        yield Finding("parent_unverified", None, {"places": unverified})


def _names(of: Document) -> Iterator[Finding]:
    """Names under one parent that are nearly the same, and places nothing tells apart."""
    under: dict[str | None, dict[str, NamedPlace]] = defaultdict(dict)
    called: dict[tuple[str, str], list[NamedPlace]] = defaultdict(list)
    for place in of.pack.places:
        under[place.parent].setdefault(place.name, place)
        called[of.level(place.id), nfc(place.name).casefold()].append(place)
    for parent, siblings in under.items():
        for one, other in alike(siblings) if parent else ():
            clauses = named(of.named_in.get(siblings[name].id) for name in (one, other))
            about: dict[str, Any] = {"one": one, "other": other}
            about["parent"] = of.names[parent or ""]
            yield Finding("near_names", clauses or None, about)
    for places in called.values():
        parents = [place.parent for place in places]
        if len(places) > 1 and (None in parents or len({*parents}) < len(parents)):
            clauses = named(of.named_in.get(place.id) for place in places)
            ids = [place.id for place in places]
            about = {"name": places[0].name, "ids": ids}
            yield Finding("one_name_two_places", clauses or None, about)


def _spellings(of: Document) -> Iterator[Finding]:
    for (place, _), rows in _statements(of).items():
        by_name = [row.clause for row in rows if not row.also]
        for row in rows:
            for also in row.also:
                about = {"place": of.names[place], "also": also}
                yield Finding("spelt_otherwise", named((row.clause, *by_name[:1])), about)


# --- years ----------------------------------------------------------------------------------------


def _statements(of: Document) -> dict[tuple[str, str], list[StatedTarget]]:
    """Every place's statements about one standard or measure."""
    found: dict[tuple[str, str], list[StatedTarget]] = defaultdict(list)
    for target in of.pack.targets:
        for place in target.places:
            found[place, target.what].append(target)
    return found


def _years(of: Document) -> Years:
    """The years each place shall reach something in, by the lists and by the tables of criteria."""
    found: Years = defaultdict(lambda: defaultdict(list))
    for target in of.pack.targets:
        if target.target_year:
            for place in target.places:
                found[place, target.what][target.target_year].append(target.clause)
    for table in of.tables:
        if table.target_year:
            found[table.place, table.set][table.target_year].append(table.clause)
    return found


def _targets(of: Document) -> Iterator[Finding]:
    titles = {target.what: target.title for target in reversed(of.pack.targets)}
    outside: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for (place, what), years in _years(of).items():
        title = titles.get(what) or bundle().of(what)[0].name
        if len(years) > 1:
            clauses = named(clause for told in years.values() for clause in told)
            about = {"place": of.names[place], "what": title, "years": sorted(years)}
            yield Finding("two_target_years", clauses, about)
        for year, told in years.items():
            if not of.pack.period[0] <= year <= of.pack.period[1]:
                outside[named(told), title, year].append(of.names[place])
    for (clauses, title, year), places in outside.items():
        yield Finding("year_outside", clauses, {"what": title, "year": year, "places": places})
    for (place, what), rows in _statements(of).items():
        clauses = named(row.clause for row in rows)
        if len({row.words for row in rows if row.words}) > 1:
            about = {"place": of.names[place], "what": titles[what], "clauses": clauses}
            yield Finding("words_differ", clauses, about)


def _goals(of: Document) -> Iterator[Finding]:
    """One goal to be reached in different years."""
    said: dict[tuple[str, ...], dict[int, Goal]] = defaultdict(dict)
    for goal in of.pack.goals:
        if goal.target_year:
            key = (goal.place, goal.what, goal.at_least, goal.unit)
            said[key].setdefault(goal.target_year, goal)
    for years in said.values():
        if len(years) > 1:
            first = next(iter(years.values()))
            about = {"place": of.names[first.place], "what": first.title, "years": sorted(years)}
            yield Finding("two_target_years", named(goal.clause for goal in years.values()), about)


# --- the ladder -----------------------------------------------------------------------------------


def _ladder(of: Document) -> Iterator[Finding]:
    """A standard in the year of the one it builds on, or before it."""
    years, held = _years(of), _held(of)
    for (place, upper), wanted in years.items():
        for lower in builds_on(upper):
            below = years.get((place, lower))
            if not below or (place, lower) in held:
                continue
            first = min(below)
            for year in (year for year in wanted if year <= first):
                code = "two_rungs" if year == first else "rung_too_early"
                about = {"place": of.names[place], "upper": upper, "lower": lower}
                clauses = named((*wanted[year], *below[first]))
                yield Finding(code, clauses, about | {"year": year, "later": first})


def _held(of: Document) -> set[tuple[str, str]]:
    """What places have by the plan's own words, and only keep."""
    return {
        (place, target.what)
        for target in of.pack.targets
        if target.commitment == "keeping" or (target.aim, target.verdict) == ("result", "achieved")
        for place in target.places
    }


def _dossiers(of: Document) -> Iterator[Finding]:
    """Dossiers for another year than their places aim at."""
    years = _years(of)
    found: dict[tuple[str, str, int, tuple[int, ...]], dict[str, None]] = defaultdict(dict)
    for duty in of.pack.obligations:
        if (step := duty.dossier) is None:
            continue
        for place in duty.places:
            wanted = years.get((place, step.standard), {})
            if wanted and step.year not in wanted:
                clauses = named((duty.clause, *(c for told in wanted.values() for c in told)))
                key = (clauses, step.standard, step.year, tuple(sorted(wanted)))
                found[key][of.names[place]] = None
    for (clauses, standard, year, aimed), places in found.items():
        about = {"standard": standard, "year": year, "years": aimed, "places": list(places)}
        yield Finding("dossier_other_year", clauses, about)


RULES = (_parents, _names, _spellings, _targets, _goals, _ladder, _dossiers)
