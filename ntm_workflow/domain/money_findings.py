"""What each kind of money rule finds on a day, one small function each. Finds; decides nothing.

Knows no table and no name: items come as rows with whole đồng, days as dates.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from ntm_workflow.domain.money_check import MoneyCheck
from ntm_workflow.domain.money_works import STATE, Item, total, works

#: Days ahead of a term's end at which what runs out is told, a year ahead first.
RUNGS: Final = (365, 180, 90, 30)


class Stated(NamedTuple):
    """A sum a plan states, in đồng."""

    title: str
    year: int | None
    source: str | None
    kind: str | None
    amount: int


class Request(NamedTuple):
    """A unit's own request that nobody has decided on, in đồng."""

    item: str
    place: str
    amount: int
    complete_by: date


class Finding(NamedTuple):
    """What a rule finds of an item or a place: `say` is its sentence's name, `amount` what it is about."""

    check: MoneyCheck
    say: str
    amount: int
    place: str | None
    item: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """What a rule looks at: the items in its plan's area at the end of `day`, and what they stand beside.

    `levels` are of places, `pursued` the places that pursue a standard in a year, `working_days`
    counts those after the first day up to the last, `since` is when the plan took effect; `found`
    is the day of the finding that stands on an item.
    """

    day: date
    items: Sequence[Item]
    since: date
    working_days: Callable[[date, date], int]
    levels: Mapping[str, str] = field(default_factory=dict)
    pursued: Mapping[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    figures: Sequence[Stated] = ()
    found: Mapping[str, date] = field(default_factory=dict)
    requests: Sequence[Request] = ()


Function = Callable[[MoneyCheck, Scene], Iterator[Finding]]


def findings(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """What the rule finds at the end of the scene's day; nothing of rules that only speak to people."""
    find = _FUNCTIONS.get(check.check)
    return find(check, scene) if find else iter(())


def meant(check: MoneyCheck, items: Iterable[Item]) -> list[Item]:
    """The items of the money a rule is about, as far as they hold any."""
    return [each for each in owing(check, items) if each.allocated > 0]


def owing(check: MoneyCheck, items: Iterable[Item]) -> list[Item]:
    """The same, and those that were left none: what is owed on them is still owed."""
    return [each for each in items if _is_meant(check, each)]


def of_origin(check: MoneyCheck, items: Iterable[Item]) -> list[Item]:
    """The items of the years a rule is about and of what was carried over from them since."""
    years = check.years
    return [i for i in items if (not years or origin(i) in years) and _is_of_sort(check, i)]


def origin(each: Item) -> int | None:
    """The plan year that first gave the money."""
    return each.carried_from or each.year


def _is_meant(check: MoneyCheck, each: Item) -> bool:
    if check.carried_from:
        dated = each.carried_from in check.carried_from
    else:
        dated = not check.years or (each.year in check.years and each.carried_from is None)
    return dated and _is_of_sort(check, each)


def _is_of_sort(check: MoneyCheck, each: Item) -> bool:
    sorts = ((check.sources, each.source), (check.kinds, each.kind), (check.types, each.type))
    return all(not known or value in known for known, value in sorts)


def term_ends(begun: date, months: int) -> date:
    """The last day of so many months from the day after `begun` (Civil Code 2015, art. 147–148)."""
    years, month = divmod(begun.month - 1 + months, 12)
    year, month = begun.year + years, month + 1
    return date(year, month, min(begun.day, monthrange(year, month)[1]))


# --- how much was spent by a day


def _milestone(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Places whose money has not reached the mark: how much is missing, and each working day left."""
    percent, last = check.percent or 100, check.day or scene.day
    for place, items in _by_place(meant(check, scene.items)):
        given, spent = total(items, "allocated"), total(items, "disbursed")
        short = -(-given * percent // 100) - spent
        if short <= 0:
            continue
        facts = {"percent": percent, "day": last, "given": given, "spent": spent, "short": short}
        days = scene.working_days(scene.day, last)
        over = scene.day >= last
        left = {"days": days, "each": -(-short // days) if days else short}
        yield Finding(check, "mark_passed" if over else "behind", short, place, None, facts | left)


def _carried(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Money of earlier years that is neither spent nor carried over."""
    for each in meant(check, scene.items):
        left = each.allocated - each.disbursed
        if left > 0:
            yield Finding(check, "not_carried", left, each.place, each.item, {"year": each.year})


# --- how money is given


def _assigned(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Money given after the day, or without its project code."""
    for each in meant(check, scene.items):
        late = check.day and each.allocated_on and each.allocated_on > check.day
        facts = {"day": check.day, "given_on": each.allocated_on}
        if late:
            yield Finding(check, "given_late", each.allocated, each.place, each.item, facts)
        elif not each.code:
            yield Finding(check, "no_code", each.allocated, each.place, each.item, facts)


def _contracted(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Money for which no contract is known, once the day is over."""
    if check.day and scene.day > check.day:
        for each in meant(check, scene.items):
            if not each.contracted:
                facts = {"day": check.day}
                yield Finding(check, "no_contract", each.allocated, each.place, each.item, facts)


def _support(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Places that pursue the standard and were given less, of whatever money, than the clause has."""
    for year in check.years:
        items = [i for i in of_origin(check, scene.items) if origin(i) == year]
        given = {place: total(some, "allocated") for place, some in _by_place(items)}
        for place in sorted(scene.pursued.get((check.standard or "", year), ())):
            found, fixed = given.get(place, 0), check.amount or 0
            if found < fixed:
                facts = {"given": found, "fixed": fixed, "year": year}
                yield Finding(check, "under_support", fixed - found, place, None, facts)


def _at_least(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Places of a level whose money from the rule's sources is less than the clause's least."""
    there = [i for i in scene.items if scene.levels.get(i.place) == check.level]
    given = of_origin(check, there)
    of_sources = {place: total(some, "allocated") for place, some in _by_place(given)}
    for place, _ in _by_place(there):
        found, least = of_sources.get(place, 0), check.amount or 0
        if found < least:
            facts = {"given": found, "least": least, "sources": check.sources}
            yield Finding(check, "under_least", least - found, place, None, facts)


def _figures(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Sums the plan states against what was given of that year and source."""
    for said in scene.figures:
        if said.year is None or (check.years and said.year not in check.years):
            continue
        given = sum(i.allocated for i in scene.items if _is_of(said, i))
        if given and given != said.amount:
            facts = {"title": said.title, "stated": said.amount, "given": given}
            yield Finding(check, "not_as_stated", abs(given - said.amount), None, None, facts)


def _is_of(said: Stated, each: Item) -> bool:
    own_year = origin(each) == said.year
    source = said.source in (None, each.source) or (said.source == "state" and each.source in STATE)
    return own_year and source and said.kind in (None, each.kind)


# --- what is owed, and settled too late


def _settled(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Works without an approved settlement: told ahead by RUNGS, and from the term's end local debt."""
    for each, ends in _unsettled_works(check, scene):
        facts = {"given_on": each.allocated_on, "ends": ends, "months": check.months}
        ahead = (ends - scene.day).days
        if ahead < 0:
            yield Finding(check, "local_debt", each.debt, each.place, each.item, facts)
        elif ahead <= RUNGS[0]:
            rung = min(rung for rung in RUNGS if ahead <= rung)
            told = facts | {"ahead": ahead, "rung": rung}
            yield Finding(check, "term_ends", each.debt, each.place, each.item, told)


def _unsettled(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Works that may be given no more money of the rule's sources."""
    for each, ends in _unsettled_works(check, scene):
        if ends < scene.day:
            left = each.allocated - each.disbursed
            facts = {"ends": ends, "sources": check.sources}
            yield Finding(check, "no_more_money", left, each.place, each.item, facts)


def _unsettled_works(check: MoneyCheck, scene: Scene) -> Iterator[tuple[Item, date]]:
    for each in meant(check, scene.items):
        if each.settled_on is None and each.allocated_on and check.months:
            yield each, term_ends(each.allocated_on, check.months)


def _old_debt(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """What is still owed of earlier years: until the day to be cleared, then for a person to decide on."""
    for each in of_origin(check, scene.items):
        if each.debt:
            over = check.day is not None and scene.day > check.day
            facts = {"day": check.day, "year": each.year}
            say = "debt_stays" if over else "debt_to_clear"
            yield Finding(check, say, each.debt, each.place, each.item, facts)


def _debt_first(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """New works, since the plan took effect, of places that owe for works begun before."""
    for place, items in _by_place(scene.items):
        for each in meant(check, items):
            begun = each.allocated_on
            if begun is None or begun < scene.since or each.carried_from is not None:
                continue
            owed = sum(o.debt for o in items if _is_older(o, begun, each))
            if owed:
                facts = {"owed": owed, "given_on": begun}
                yield Finding(check, "new_work_in_debt", owed, place, each.item, facts)


def _is_older(other: Item, begun: date, each: Item) -> bool:
    """Whether it is another work, and was given money before that day."""
    same = other.item == each.item or (other.code is not None and other.code == each.code)
    return not same and other.allocated_on is not None and other.allocated_on < begun


def _new_debt(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Debt on money given since the plan took effect."""
    for each in owing(check, scene.items):
        if each.debt and each.allocated_on and each.allocated_on >= scene.since:
            yield Finding(check, "new_debt", each.debt, each.place, each.item, {})


def _ratio(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Works whose counterpart is below the share the clause leaves to another paper; none while unknown."""
    if check.percent is None:
        return
    for work in works(scene.items):
        need = -(-work.upper_plan * check.percent // 100)
        if work.local_plan < need:
            facts = {"percent": check.percent, "plan": work.local_plan, "need": need}
            short = need - work.local_plan
            yield Finding(check, "little_counterpart", short, work.place, work.name, facts)


# --- nothing spent, and requests nobody has decided


def _unspent(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """What a closing of the rule's day found, as long as it stands."""
    for each in scene.items:
        found = scene.found.get(each.item) == check.day and each.year in check.years
        if found and each.allocated > 0:
            facts = {"day": check.day}
            yield Finding(check, "unspent", each.allocated, each.place, each.item, facts)


def _request(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Requests that were to be decided on by a day, and are not."""
    for asked in scene.requests:
        if asked.complete_by == check.complete_by and scene.day > asked.complete_by:
            facts = {"day": asked.complete_by}
            yield Finding(check, "undecided", asked.amount, asked.place, asked.item, facts)


# --- counterpart pacing


def _pace(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Works of which more was paid than the counterpart's rate allows, and those nobody can tell of."""
    for work in works(meant_types(check, scene.items)):
        facts = work._asdict() | {"allowed": work.allowed}
        if work.allowed is None:
            if work.upper_paid:
                yield Finding(
                    check, "no_counterpart", work.upper_paid, work.place, work.name, facts
                )
        elif work.upper_paid > work.allowed:
            over = work.upper_paid - work.allowed
            yield Finding(check, "ahead_of_counterpart", over, work.place, work.name, facts)


def meant_types(check: MoneyCheck, items: Iterable[Item]) -> list[Item]:
    """Items of the rule's types, of whatever source: a work's counterpart is of another."""
    return [i for i in items if i.allocated > 0 and (not check.types or i.type in check.types)]


# --- shared


def _by_place(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for each in items:
        found[each.place].append(each)
    return sorted(found.items())


_FUNCTIONS: Final[dict[str, Function]] = {
    "milestone": _milestone,
    "assigned": _assigned,
    "contracted": _contracted,
    "settled": _settled,
    "unsettled": _unsettled,
    "pace": _pace,
    "support": _support,
    "at_least": _at_least,
    "old_debt": _old_debt,
    "debt_first": _debt_first,
    "new_debt": _new_debt,
    "carried": _carried,
    "ratio": _ratio,
    "figures": _figures,
    "unspent": _unspent,
    "request": _request,
}
