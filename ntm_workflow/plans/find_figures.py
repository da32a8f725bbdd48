"""Where numbers are at odds: tables of criteria, lists of places, goals and sums of money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.inputs import read_number
from ntm_workflow.domain.values import Word
from ntm_workflow.plans.clauses import above, order
from ntm_workflow.plans.document import Document, named
from ntm_workflow.plans.editions import bundle
from ntm_workflow.plans.figures import UNITS, decimal, dong, off, parts_of, plain, total
from ntm_workflow.plans.finding import Finding
from ntm_workflow.plans.shapes import StatedCriteria, Sum, TargetedCriteria
from ntm_workflow.plans.target_shapes import Goal, StatedTarget

_TRACKS = {
    "new": Word("xây dựng mới", "new"),
    "raise": Word("nâng chuẩn", "raised"),
    "complete": Word("hoàn thiện", "completed"),
    "unplanned": Word("chưa có phương án", "no plan yet"),
}


# --- tables of criteria ---------------------------------------------------------------------------


def _tables(of: Document) -> Iterator[Finding]:
    for table in of.tables:
        yield from _table(of, table)


def _table(of: Document, table: StatedCriteria | TargetedCriteria) -> Iterator[Finding]:
    edition = _edition(table)
    about = {"place": of.names[table.place], "set": edition.name}
    yes, no = set(table.achieved), set(table.not_achieved)
    unsaid = set(edition.numbers) - yes - no
    if yes & no:
        yield Finding("both_sides", table.clause, {**about, "numbers": sorted(yes & no)})
    if table.stated_total not in (None, len(yes)):
        counts = {"stated": table.stated_total, "counted": len(yes)}
        yield Finding("total_differs", table.clause, {**about, **counts})
    if unsaid:
        yield Finding("on_neither_side", table.clause, {**about, "numbers": sorted(unsaid)})


def _two_tables(of: Document) -> Iterator[Finding]:
    """The same place, set and year in several tables, one against the other."""
    said: dict[tuple[str, str, int], list[StatedCriteria]] = defaultdict(list)
    for table in of.pack.criteria:
        said[table.place, table.set, table.assessment_year].append(table)
    for (place, set_id, year), tables in said.items():
        met, unmet = (
            {number: t.clause for t in tables for number in getattr(t, side)}
            for side in ("achieved", "not_achieved")
        )
        both = sorted(n for n in met.keys() & unmet.keys() if met[n] != unmet[n])
        if both:
            clauses = named(side[n] for n in both for side in (met, unmet))
            about = {
                "place": of.names[place],
                "set": bundle().of_year(set_id, year).name,
                "year": year,
            }
            more = {"numbers": both, "clauses": clauses}
            yield Finding("tables_disagree", clauses, about | more)


def _aims(of: Document) -> Iterator[Finding]:
    """Criteria a place has met and that the table of its aim does not have."""
    aims = defaultdict(list)
    for aim in of.pack.criteria_targets:
        aims[aim.place, aim.set].append(aim)
    for had in of.pack.criteria:
        for aim in aims[had.place, had.set]:
            lost = {*had.achieved} - {*had.not_achieved} - {*aim.achieved}
            if lost and aim.year >= had.assessment_year:
                about = {"place": of.names[had.place], "set": _edition(had).name}
                years = {"year": had.assessment_year, "aimed": aim.year, "numbers": sorted(lost)}
                yield Finding("target_below_result", named((had.clause, aim.clause)), about | years)


def _led(of: Document) -> Iterator[Finding]:
    """Criteria not met for which no unit of the place, or above it, answers."""
    leads: dict[tuple[str | None, str], set[int]] = defaultdict(set)
    places = {unit.id: unit.place for unit in of.pack.units}
    year = of.pack.period[0]
    for lead in of.pack.leads:
        place = places.get(lead.unit, lead.unit.removeprefix("ubnd-"))
        # Without numbers or themes it is the whole set.
        edition = bundle().find(lead.set, year)
        whole = edition.numbers if edition and not lead.fields else ()
        leads[place, lead.set].update(lead.numbers or whole)
    left: dict[str, dict[int, list[StatedCriteria]]] = defaultdict(lambda: defaultdict(list))
    for table in of.pack.criteria:
        led = set().union(*(leads[place, table.set] for place in of.above(table.place)))
        for number in {*table.not_achieved} - led:
            left[table.set][number].append(table)
    for numbers in left.values():
        tables = [table for rows in numbers.values() for table in rows]
        about = {
            "set": _edition(tables[0]).name,
            "numbers": sorted(numbers),
            "places": list(dict.fromkeys(of.names[table.place] for table in tables)),
        }
        yield Finding("led_by_nobody", named(table.clause for table in tables), about)


def _edition(table: StatedCriteria | TargetedCriteria) -> Edition:
    return bundle().of_year(table.set, table.of_year)


# --- lists of places ------------------------------------------------------------------------------


def _counts(of: Document) -> Iterator[Finding]:
    """A table's own count of places on a track, against the places it lists."""
    listed: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in of.pack.targets:
        if row.track and row.value is None:
            for place in row.places:
                for outer in of.above(place)[1:]:
                    listed[outer, row.what, row.clause, row.track].add(place)
    for row in of.pack.targets:
        if row.track and row.value:
            for outer in row.places:
                counted = len(listed[outer, row.what, row.clause, row.track])
                if decimal(row.value) != counted:
                    about = {"place": of.names[outer], "what": row.title}
                    counts = {"stated": row.value, "counted": counted, "track": _TRACKS[row.track]}
                    yield Finding("count_differs", row.clause, about | counts)


def _lists(of: Document) -> Iterator[Finding]:
    for row in of.pack.targets:
        counted = Counter(row.places)
        if row.stated_count not in (None, len(counted)):
            about = {"what": row.title, "stated": row.stated_count, "counted": len(counted)}
            yield Finding("list_differs", row.clause, about)
        if twice := [of.names[place] for place, n in counted.items() if n > 1]:
            yield Finding("named_twice", row.clause, {"what": row.title, "places": twice})


def _statements(of: Document) -> Iterator[Finding]:
    """Numbers and verdicts of one measure, place and year, one clause against the other."""
    said: dict[tuple[Any, ...], list[StatedTarget]] = defaultdict(list)
    judged: dict[tuple[Any, ...], dict[str, StatedTarget]] = defaultdict(dict)
    for row in of.pack.targets:
        for place in row.places:
            years = (row.about_year, row.target_year)
            said[place, row.what, row.aim, years, row.track, row.unit].append(row)
            if row.verdict:
                judged[place, row.what, years].setdefault(row.verdict, row)
    for (place, *_), rows in said.items():
        for figures in _figures(rows, "threshold"), _figures(rows, "value"):
            if len(figures) > 1:
                about = {"place": of.names[place], "what": rows[0].title}
                yield Finding("two_figures", named(figures.values()), about | _told(figures))
    for (place, *_), verdicts in judged.items():
        if len(verdicts) > 1:
            clauses = named(row.clause for row in verdicts.values())
            title = next(iter(verdicts.values())).title
            about = {"place": of.names[place], "what": title, "clauses": clauses}
            yield Finding("two_verdicts", clauses, about)


def _figures(rows: list[Any], key: str) -> dict[str, str]:
    """Each number under a key, as it is first written, with its clause."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        if text := getattr(row, key):
            found.setdefault(read_number(text), (text, row.clause))
    return dict(found.values())


def _told(figures: dict[str, str]) -> dict[str, Any]:
    return {"figures": [f"{figure} ({clause})" for figure, clause in figures.items()]}


# --- goals ----------------------------------------------------------------------------------------


Told = Iterator[tuple[str, dict[str, Any]]]


def _goals(of: Document) -> Iterator[Finding]:
    lists = {target.id: target for target in of.pack.targets if target.id}
    for goal in of.pack.goals:
        for code, facts in (*_range(goal), *_sum(goal), *_share(goal), *_average(goal)):
            about = {"title": goal.title, "stated": goal.at_least}
            yield Finding(code, goal.clause, about | facts)
        if goal.lists:
            yield from _listed(goal, [lists[id] for id in goal.lists])
    yield from _several(of)


def _range(goal: Goal) -> Told:
    if goal.at_most:
        code = "range_backwards" if decimal(goal.at_most) < decimal(goal.at_least) else "range"
        yield code, {"low": goal.at_least, "high": goal.at_most}


def _within(goal: Goal, counted: int) -> bool:
    low, high = decimal(goal.at_least), decimal(goal.at_most or goal.at_least)
    return low <= counted <= high


def _sum(goal: Goal) -> Told:
    if goal.new is not None and goal.kept is not None:
        counted = goal.new + goal.kept
        if not _within(goal, counted):
            yield "goal_not_sum", {"new": goal.new, "kept": goal.kept, "counted": counted}


def _share(goal: Goal) -> Told:
    if not goal.percent:
        return
    if not goal.of:
        yield "percent_of_nothing", {"percent": goal.percent}
        return
    exact = decimal(goal.at_least) * 100 / goal.of
    facts = {"percent": goal.percent, "of": goal.of, "counted": plain(exact, 1)}
    if off(goal.percent, exact):
        yield "percent_differs", facts
    elif exact < decimal(goal.percent):
        yield "percent_rounded", facts


def _average(goal: Goal) -> Told:
    if goal.per_place and goal.of:
        counted = decimal(goal.per_place) * goal.of
        if counted != decimal(goal.at_least):
            facts = {"average": goal.per_place, "of": goal.of, "counted": plain(counted)}
            yield "average_differs", facts


def _listed(goal: Goal, lists: list[StatedTarget]) -> Iterator[Finding]:
    """The new places a goal counts, against the lists that name them."""
    counted = len({place for row in lists for place in row.places})
    wanted = goal.at_least if goal.new is None else str(goal.new)
    if counted == decimal(wanted) or (goal.new is None and _within(goal, counted)):
        return
    code = "goal_above_list" if decimal(wanted) > counted else "goal_below_list"
    clauses = named((goal.clause, *(row.clause for row in lists)))
    yield Finding(code, clauses, {"title": goal.title, "stated": wanted, "counted": counted})


def _several(of: Document) -> Iterator[Finding]:
    """Goals of one kind, place and year that clauses set differently."""
    said: dict[tuple[Any, ...], list[Goal]] = defaultdict(list)
    for goal in of.pack.goals:
        said[goal.place, goal.what, goal.target_year, goal.unit, goal.strength].append(goal)
    for goals in said.values():
        # A clause within another one's says a part of what that one says.
        paths = {order(goal.clause) for goal in goals}
        goals = [g for g in goals if not any(up in paths for up in above(g.clause))]
        figures = _figures(goals, "at_least")
        if len(set(figures.values())) > 1:
            about = {"title": goals[0].title, **_told(figures)}
            yield Finding("goals_differ", named(figures.values()), about)


# --- money ----------------------------------------------------------------------------------------


def _money(of: Document) -> Iterator[Finding]:
    sums = {row.id: row for row in of.pack.money}
    parts = {id for row in of.pack.money for id in row.parts}
    for row in of.pack.money:
        if row.parts:
            yield from _parts(row, parts_of(row, sums))
        if row.share and row.id not in parts:
            yield Finding("share_of_nothing", row.clause, {"title": row.title, "stated": row.share})


def _parts(whole: Sum, parts: list[Sum]) -> Iterator[Finding]:
    clauses = named(row.clause for row in (whole, *parts))
    if total(parts) != dong(whole):
        about = {"title": whole.title, "stated": whole.amount, "unit": whole.unit}
        counted = plain(Decimal(total(parts)) / UNITS[whole.unit])
        yield Finding("parts_differ", clauses, about | {"counted": counted})
    for part in parts:
        yield from _portion(part, whole)
    shares = [part.share for part in parts if part.share]
    together = sum(map(decimal, shares), Decimal())
    if len(shares) == len(parts) and off("100", together, of=shares):
        about = {"title": whole.title, "counted": plain(together)}
        yield Finding("shares_differ", clauses, about)


def _portion(part: Sum, whole: Sum) -> Iterator[Finding]:
    if part.share and dong(whole):
        exact = Decimal(100 * dong(part)) / dong(whole)
        if off(part.share, exact):
            about = {"title": part.title, "stated": part.share, "whole": whole.title}
            facts = about | {"counted": plain(exact, 1)}
            yield Finding("share_differs", named((part.clause, whole.clause)), facts)


RULES = (*(_tables, _two_tables, _aims, _led, _counts, _lists, _statements, _goals, _money),)
