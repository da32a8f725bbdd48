"""What each kind of money rule finds on a day, one small function each. Finds; decides nothing.

Knows no table and no name: items come as rows with whole đồng, days as dates.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

from ntm_workflow.domain.money_check import MoneyCheck

#: Days ahead of a term's end at which what runs out is told, a year ahead first.
RUNGS: Final = (365, 180, 90, 30)
LOCAL: Final = ("district", "commune")
UPPER: Final = ("central", "provincial")
#: Where a plan does not divide the state's money, it means all of it.
STATE: Final = (*UPPER, *LOCAL)


class Item(Protocol):
    """Of a fund item's row, what rules go by; amounts in đồng."""

    @property
    def item(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def carried_from(self) -> int | None: ...
    @property
    def code(self) -> str | None: ...
    @property
    def allocated(self) -> int: ...
    @property
    def allocated_on(self) -> date | None: ...
    @property
    def disbursed(self) -> int: ...
    @property
    def contracted(self) -> int: ...
    @property
    def settled_on(self) -> date | None: ...
    @property
    def debt(self) -> int: ...


class Stated(NamedTuple):
    """A sum a plan states, in đồng."""

    title: str
    year: int | None
    source: str | None
    kind: str | None
    amount: int


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
    counts those after the first day up to the last, `since` is when the plan took effect.
    """

    day: date
    items: Sequence[Item]
    since: date
    working_days: Callable[[date, date], int]
    levels: Mapping[str, str] = field(default_factory=dict)
    pursued: Mapping[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    figures: Sequence[Stated] = ()


Function = Callable[[MoneyCheck, Scene], Iterator[Finding]]


def findings(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """What the rule finds at the end of the scene's day; nothing of rules that only speak to people."""
    find = _FUNCTIONS.get(check.check)
    return find(check, scene) if find else iter(())


def meant(check: MoneyCheck, items: Iterable[Item]) -> list[Item]:
    """The items of the money a rule is about."""
    return [each for each in items if each.allocated > 0 and _is_meant(check, each)]


def _is_meant(check: MoneyCheck, each: Item) -> bool:
    if check.carried_from:
        dated = each.carried_from in check.carried_from
    else:
        dated = not check.years or (each.year in check.years and each.carried_from is None)
    sorts = ((check.sources, each.source), (check.kinds, each.kind), (check.types, each.type))
    return dated and all(not known or value in known for known, value in sorts)


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
        given, spent = _sum(items, "allocated"), _sum(items, "disbursed")
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
        items = meant(check, [i for i in scene.items if i.year == year])
        given = {place: _sum(some, "allocated") for place, some in _by_place(items)}
        for place in sorted(scene.pursued.get((check.standard or "", year), ())):
            found, fixed = given.get(place, 0), check.amount or 0
            if found < fixed:
                facts = {"given": found, "fixed": fixed, "year": year}
                yield Finding(check, "under_support", fixed - found, place, None, facts)


def _at_least(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Places of a level whose money from the rule's sources is less than the clause's least."""
    there = [i for i in scene.items if scene.levels.get(i.place) == check.level]
    of_sources = {place: _sum(some, "allocated") for place, some in _by_place(meant(check, there))}
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
    own_year = each.year == said.year and each.carried_from is None
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
    for each in meant(check, scene.items):
        if each.debt:
            over = check.day is not None and scene.day > check.day
            facts = {"day": check.day, "year": each.year}
            say = "debt_stays" if over else "debt_to_clear"
            yield Finding(check, say, each.debt, each.place, each.item, facts)


def _debt_first(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """New works, since the plan took effect, of places that owe for others."""
    for place, items in _by_place(scene.items):
        owed = _sum(items, "debt")
        for each in meant(check, items):
            begun = each.allocated_on
            others = owed - each.debt
            if others and begun and begun >= scene.since:
                facts = {"owed": others, "given_on": begun}
                yield Finding(check, "new_work_in_debt", others, place, each.item, facts)


def _new_debt(check: MoneyCheck, scene: Scene) -> Iterator[Finding]:
    """Debt on money given since the plan took effect."""
    for each in meant(check, scene.items):
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


# --- counterpart pacing


class Work(NamedTuple):
    """The money of one work, by its project code, or of an item without one; in đồng."""

    name: str
    place: str
    upper_plan: int
    upper_paid: int
    local_plan: int
    local_paid: int

    @property
    def allowed(self) -> int | None:
        """What may be paid in all of central and provincial money; None where nothing says."""
        if not self.local_plan:
            return None
        return min(self.upper_plan * self.local_paid // self.local_plan, self.upper_plan)

    @property
    def payable(self) -> int | None:
        return None if self.allowed is None else max(self.allowed - self.upper_paid, 0)


def works(items: Iterable[Item]) -> list[Work]:
    """Items of one project code are one work; those that hold central or provincial money."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for each in items:
        found[each.code or each.item].append(each)
    return [
        _work(name, some) for name, some in found.items() if any(i.source in UPPER for i in some)
    ]


def _work(name: str, items: list[Item]) -> Work:
    upper = [i for i in items if i.source in UPPER]
    local = [i for i in items if i.source in LOCAL]
    plan = (_sum(upper, "allocated"), _sum(upper, "disbursed"))
    return Work(name, upper[0].place, *plan, _sum(local, "allocated"), _sum(local, "disbursed"))


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


def _sum(items: Iterable[Item], name: str) -> int:
    return sum(getattr(each, name) for each in items)


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
}
