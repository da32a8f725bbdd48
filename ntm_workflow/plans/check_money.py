"""What is wrong in the money rules of a pack: words nobody knows, days and amounts nobody can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ntm_workflow.domain.fund import KINDS, SOURCES, TYPES
from ntm_workflow.domain.inputs import UnreadableAmount, read_money
from ntm_workflow.domain.money_check import CHECKS
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.place import LEVELS
from ntm_workflow.domain.plan import MoneySettings
from ntm_workflow.domain.spans import Impossible, day_of
from ntm_workflow.plans.checked import RULE, Checked, one_of, readable, twice
from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.settings import NO_COUNTERPART
from ntm_workflow.plans.shapes import StatedCheck
from ntm_workflow.plans.standards import standards

MONEY_TYPES: Final = TYPES
#: What each check cannot do without, by key.
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "milestone": ("expression", "percent"),
    "assigned": ("expression", "years"),
    "contracted": ("expression", "years"),
    "settled": ("months",),
    "unsettled": ("months", "sources"),
    "pace": ("sources",),
    "request": ("expression", "opens"),
    "support": ("amount", "standard"),
    "at_least": ("amount", "level", "sources"),
    "old_debt": ("expression", "years"),
    "carried": ("years",),
    "priority": ("order",),
}
_NO_LEAP_YEAR: Final = 2001
_LISTS: Final = {"sources": SOURCES, "kinds": KINDS, "types": MONEY_TYPES}


def money_settings(at: Fault, said: MoneySettings) -> Iterator[Fault]:
    if not _is_a_day(said.cut_off):
        yield at.under("cut_off").of("no_day_of_year", text=said.cut_off)
    known = tuple(NO_COUNTERPART)
    yield from one_of(at.under("no_counterpart"), said.no_counterpart, known)


def _is_a_day(text: str) -> bool:
    """Whether it is a day of every year, as dd/mm."""
    day, _, month = text.partition("/")
    try:
        return f"{day_of(_NO_LEAP_YEAR, int(month), int(day)):%d/%m}" == text
    except (ValueError, Impossible):
        return False


def money_rules(of: Checked) -> Iterator[Fault]:
    yield from twice("money_rules", of.draft.said("money_rules", "id"), "id")
    for n, rule in of.rows("money_rules"):
        at = Fault("", "money_rules", n)
        yield from readable(of, at.under("expression"), rule.expression)
        for key in ("stop_types", "reallocate_types"):
            for value in getattr(rule, key):
                yield from one_of(at.under(key), value, MONEY_TYPES)


def money_checks(of: Checked) -> Iterator[Fault]:
    yield from twice("money_checks", of.draft.said("money_checks", "id"), "id")
    for n, said in of.rows("money_checks"):
        at = Fault("", "money_checks", n)
        if said.id and not RULE.fullmatch(said.id):
            yield at.under("id").of("bad_id", id=said.id)
        yield from one_of(at.under("check"), said.check, CHECKS)
        yield from one_of(at.under("strength"), said.strength, STRENGTHS)
        yield from _goes_by(of, at, said)
        for key in NEEDS.get(said.check, ()):
            if not getattr(said, key):
                yield at.under(key).of("check_needs", check=said.check, key=key)


def _goes_by(of: Checked, at: Fault, said: StatedCheck) -> Iterator[Fault]:
    for key in ("expression", "opens", "completes"):
        if phrase := getattr(said, key):
            yield from readable(of, at.under(key), phrase)
    for key, known in _LISTS.items():
        for value in getattr(said, key):
            yield from one_of(at.under(key), value, known)
    if said.level:
        yield from one_of(at.under("level"), said.level, tuple(LEVELS))
    if said.standard:
        yield from one_of(at.under("standard"), said.standard, standards())
    if said.amount:
        yield from _amount(at.under("amount"), said.amount)
    if said.percent is not None and not 0 < said.percent <= 100:
        yield at.under("percent").of("out_of_range", found=said.percent, least=1, most=100)
    if said.months is not None and not 0 < said.months <= 600:
        yield at.under("months").of("out_of_range", found=said.months, least=1, most=600)


def _amount(at: Fault, text: str) -> Iterator[Fault]:
    try:
        read_money(text)
    except UnreadableAmount:
        yield at.of("unreadable_sum", text=text)
