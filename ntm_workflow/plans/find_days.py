"""Where days are at odds: duties without one, with two, or due before what must come first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from ntm_workflow.domain.deadline import Recurrence
from ntm_workflow.domain.road import ROAD
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.plans.document import Document, Due, named
from ntm_workflow.plans.finding import Finding
from ntm_workflow.plans.settings import chosen
from ntm_workflow.plans.shapes import Duty

#: What nobody is bound to sets no order: another way that is open may well be later.
_OPEN = ("encouraged", "permitted", "considered")
_NAMED = ("before_date", "by_date")


# --- one duty by itself ---------------------------------------------------------------------------


def _duties(of: Document) -> Iterator[Finding]:
    for duty in of.pack.obligations:
        about = {"rule": _name(duty), "title": duty.title}
        deadline = of.read(duty.expression)
        every = deadline.recurrence
        if deadline.kind == "recur" and every and (taken := _unsettled(of, duty, every)):
            yield Finding("recurs_without_day", duty.clause, {**about, "day": taken})
        elif deadline.kind == "event" and of.due(duty) is None:
            yield Finding("from_event", duty.clause, {**about, "phrase": duty.expression})
        elif not every and of.due(duty) is None:
            yield Finding("no_day", duty.clause, about)
        first, last = of.pack.period
        if (day := deadline.nominal_day) and not duty.days and not first <= day.year <= last:
            said = {"phrase": duty.expression, "day": day}
            yield Finding("day_outside", duty.clause, {**about, **said})
        if duty.owner_from:
            yield Finding("owner_inferred", duty.clause, {**about, "source": duty.owner_from})
        if duty.days:
            yield Finding("days_given", duty.clause, {**about, "reason": duty.days.reason})
        if duty.alternative:
            said = {"phrase": duty.expression, "other": duty.alternative.expression}
            facts = {**about, **said, "condition": duty.alternative.condition}
            yield Finding("other_day", duty.clause, facts)
        if not duty.owed_to and (duty.dossier or duty.paper):
            code = "no_receiver" if duty.dossier else "paper_to_nobody"
            yield Finding(code, duty.clause, about)


def _unsettled(of: Document, duty: Duty, every: Recurrence) -> Word | None:
    """What stands in place of a day that neither the words nor an office has named; None if one has."""
    if every.day is not None or every.weekday is not None:
        return None
    if every.freq is None:
        return Word(
            "cũng không nêu bao lâu một lần, nên không có hạn", "nor how often, so it has none"
        )
    if duty.report_day or "report_day" not in of.pack.settings.flagged:
        return None
    taken = chosen("report_day", of.pack.settings.report_day)
    return Word(f"đang lấy {taken.vi}", f"taken: {taken.en}")


def _groups(of: Document) -> Iterator[Finding]:
    """Owners that are several offices nobody has listed, each once with its duties."""
    groups = {unit.id: unit.name for unit in of.pack.units if unit.role == "group"}
    owed: dict[str, list[Duty]] = defaultdict(list)
    for duty in of.pack.obligations:
        if duty.owed_by in groups:
            owed[duty.owed_by].append(duty)
    for unit, duties in owed.items():
        about = {"unit": groups[unit], "rules": list(dict.fromkeys(map(_name, duties)))}
        yield Finding("owner_is_group", named(duty.clause for duty in duties), about)


def _days_off(of: Document) -> Iterator[Finding]:
    """Deadlines on a day off. The end of a month, quarter or year is a boundary nobody chose."""
    said = [(_name(d), d.clause, d.expression) for d in of.pack.obligations]
    said += [(rule.id, rule.clause, rule.expression) for rule in of.pack.money_rules]
    for rule, clause, phrase in dict.fromkeys(said):
        for deadline in of.times(phrase):
            day = deadline.nominal_day
            if day and deadline.kind in _NAMED and not of.calendar.is_working(day):
                yield Finding("day_off", clause, {"rule": rule, "phrase": phrase, "day": day})


def _name(duty: Duty) -> str:
    return "-".join(filter(None, (duty.rule, duty.part)))


# --- one duty or act said twice -------------------------------------------------------------------


def _acts(of: Document) -> Iterator[Finding]:
    """Duties that ask for the same act of one place, or of a place and one it lies in, by different days."""
    asked: dict[str, dict[str, dict[Due, Duty]]] = defaultdict(lambda: defaultdict(dict))
    for duty, due in _dated(of):
        for act, place in ((act, place) for act in duty.acts for place in duty.places):
            asked[act][place].setdefault(due, duty)
    for places in asked.values():
        clash: dict[tuple[str, str], Due] = {}
        for place in places:
            said = {due: duty for at in of.above(place) for due, duty in places.get(at, {}).items()}
            if len(said) > 1:
                clash |= {(d.clause, d.expression or ""): due for due, d in said.items()}
        if clash:
            facts = {"clauses": named(clause for clause, _ in clash), **_phrases(clash)}
            yield Finding("one_act_two_days", facts["clauses"], facts)


def _twice(of: Document) -> Iterator[Finding]:
    """The same step of a dossier, or the same words to the same unit, by different days."""
    said: dict[tuple[Any, ...], dict[Due, Duty]] = defaultdict(dict)
    for duty, due in _dated(of):
        for place in duty.places:
            said[*_matter(duty), place].setdefault(due, duty)
    for days in said.values():
        clash = {(duty.clause, duty.expression or ""): due for due, duty in days.items()}
        first = next(iter(days.values()))
        if len(clash) > 1 and (first.dossier or len({clause for clause, _ in clash}) > 1):
            facts = {"title": first.title, **_phrases(clash)}
            yield Finding("one_duty_two_days", named(clause for clause, _ in clash), facts)


def _receivers(of: Document) -> Iterator[Finding]:
    """The same duty of one unit in two clauses, with another receiver in each."""
    said: dict[tuple[Any, ...], dict[str, Duty]] = defaultdict(dict)
    for duty in of.pack.obligations:
        if duty.owed_to:
            for matter in (_matter(duty), *((act, duty.owed_by) for act in duty.acts)):
                for place in duty.places:
                    said[*matter, place].setdefault(duty.owed_to, duty)
    for receivers in said.values():
        clauses = {duty.clause for duty in receivers.values()}
        if len(receivers) > 1 and len(clauses) > 1:
            title = next(iter(receivers.values())).title
            facts = {"title": title, "receivers": [of.unit(unit) for unit in receivers]}
            yield Finding("one_duty_two_receivers", named(clauses), facts)


def _matter(duty: Duty) -> tuple[Any, ...]:
    """What a duty is about, apart from its clause, day and receiver."""
    if step := duty.dossier:
        return (step.standard, step.year, step.to)
    return (fold(duty.title), duty.owed_by)


def _dated(of: Document) -> Iterator[tuple[Duty, Due]]:
    """Duties that bind, with their day."""
    for duty in of.pack.obligations:
        if duty.strength not in _OPEN and (due := of.due(duty)):
            yield duty, due


def _phrases(clash: dict[tuple[str, str], Due]) -> dict[str, Any]:
    phrases = list(dict.fromkeys(f"“{phrase}”" for _, phrase in clash))
    return {"phrases": phrases, "day": min(due.strict for due in clash.values())}


# --- one duty before another ----------------------------------------------------------------------


@dataclass
class _Rule:
    """The duties of a rule by place: of those due the one due last, of the others the first."""

    at: dict[str, tuple[Due | None, Duty]] = field(default_factory=dict)
    inside: dict[str, tuple[Due | None, Duty]] = field(default_factory=dict)

    def take(self, of: Document, duty: Duty) -> None:
        due = of.due(duty)
        for place in duty.places:
            for seen, where in ((self.at, [place]), (self.inside, of.above(place)[1:])):
                for each in where:
                    if each not in seen or _later(due, seen[each][0]):
                        seen[each] = due, duty

    def touching(self, of: Document, place: str) -> Iterable[tuple[Due | None, Duty]]:
        """Those at the place, at one it lies in, or at one in it."""
        found = [self.at[each] for each in of.above(place) if each in self.at]
        return found + ([self.inside[place]] if place in self.inside else [])


def _later(due: Due | None, other: Due | None) -> bool:
    """Whether a day is the worse one to wait for; no day is the worst."""
    return other is not None and (due is None or due.nominal > other.nominal)


def _order(of: Document) -> Iterator[Finding]:
    """What must be done first, and has no day or a later one."""
    wanted = {rule for duty in of.pack.obligations for rule in _before(duty)}
    rules = {rule: _Rule() for rule in wanted}
    for duty in of.pack.obligations:
        if duty.rule in wanted and duty.strength not in _OPEN:
            rules[duty.rule].take(of, duty)
    for duty, due in _dated(of):
        undated: dict[tuple[str, str], list[str]] = defaultdict(list)
        for rule, place in ((r, p) for r in _before(duty) for p in duty.places):
            for first_due, first in rules[rule].touching(of, place):
                if first_due:
                    yield from _crossed((first, first_due), (duty, due))
                else:
                    undated[first.clause, _name(first)].append(of.names[place])
        for (clause, name), places in undated.items():
            about = {"first": name, "places": list(dict.fromkeys(places))}
            facts = about | {"second": _name(duty), "then": duty.expression}
            yield Finding("undated_before_dated", named((clause, duty.clause)), facts)


def _before(duty: Duty) -> list[str]:
    return [*filter(None, (duty.after,)), *duty.needs]


def _roads(of: Document) -> Iterator[Finding]:
    """A dossier due at one desk before it is due at the desk below."""
    last: dict[tuple[str, str, int], dict[str, tuple[Duty, Due]]] = defaultdict(dict)
    first: dict[tuple[str, str, int], dict[str, tuple[Duty, Due]]] = defaultdict(dict)
    for duty, due in _dated(of):
        if step := duty.dossier:
            for place in duty.places:
                key = (place, step.standard, step.year)
                if step.to not in last[key] or due.nominal > last[key][step.to][1].nominal:
                    last[key][step.to] = duty, due
                if step.to not in first[key] or due.strict < first[key][step.to][1].strict:
                    first[key][step.to] = duty, due
    for key, desks in last.items():
        road = [desk for desk in ROAD if desk in desks]
        for lower, upper in pairwise(road):
            yield from _crossed(desks[lower], first[key][upper])


def _crossed(one: tuple[Duty, Due], other: tuple[Duty, Due]) -> Iterator[Finding]:
    (first, before), (second, due) = one, other
    if before.nominal > due.strict:
        surely = before.strict > due.nominal
        facts = {
            "first": _name(first),
            "phrase": first.expression or _day(before.nominal),
            "second": _name(second),
            "then": second.expression or _day(due.nominal),
        }
        code = "steps_out_of_order" if surely else "steps_may_cross"
        yield Finding(code, named((first.clause, second.clause)), facts)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


RULES = (_duties, _groups, _days_off, _acts, _twice, _receivers, _order, _roads)
