"""The money rules of the plans in force: which hold where, and how open questions are read there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from ntm_workflow.domain.money_check import UNSPENT, MoneyCheck
from ntm_workflow.domain.plan import MoneyRule, MoneySettings, Settings
from ntm_workflow.domain.spans import day_of
from ntm_workflow.office.reading import Reading, bare

REQUEST: Final = "request"
UNSETTLED: Final = "unsettled"
PACE: Final = "pace"


class Ruled(NamedTuple):
    """A rule, and the plan and area it comes from."""

    plan: str
    scope: str
    check: MoneyCheck


def rules(reading: Reading) -> list[Ruled]:
    """Every rule of the plans in force on the day of the reading, in the order of the plans."""
    if "money_checks" not in reading.kept:
        columns = ("id", "scope", "money_rules", "money_checks")
        reading.kept["money_checks"] = [
            Ruled(bare(row.id), row.scope, check)
            for row in reading.rows("plan", only=columns)
            for check in (
                *(_unspent(msgspec.convert(raw, MoneyRule)) for raw in row.money_rules),
                *(msgspec.convert(raw, MoneyCheck) for raw in row.money_checks),
            )
        ]
    found: list[Ruled] = reading.kept["money_checks"]
    return found


def _unspent(rule: MoneyRule) -> MoneyCheck:
    """The rule that a closing judges, among the others."""
    return MoneyCheck(
        id=rule.id,
        clause=rule.clause,
        check=UNSPENT,
        title="Chưa giải ngân đồng nào: dừng, xem xét điều chuyển",
        strength="must",
        words=rule.expression,
        day=rule.day,
        strict_day=rule.day,
        years=(rule.plan_year,),
        types=tuple(dict.fromkeys((*rule.stop_types, *rule.reallocate_types))),
    )


def in_force(
    reading: Reading, check: str, place: str, year: int | None = None
) -> Iterator[MoneyCheck]:
    """The rules of a kind that bind money of a year at a place."""
    around = {place, *reading.ancestors(place)}
    for ruled in rules(reading):
        asked = ruled.check.check == check and ruled.scope in around
        if asked and (year is None or not ruled.check.years or year in ruled.check.years):
            yield ruled.check


def settings_at(reading: Reading, place: str) -> MoneySettings:
    """How money rules are read at a place: as decided for the nearest area, else as nobody decided."""
    return _decided_for(reading, place) or MoneySettings()


def _decided_for(reading: Reading, place: str) -> MoneySettings | None:
    decided = _decided(reading)
    around = (place, *reading.ancestors(place))
    return next((decided[area] for area in around if area in decided), None)


def _decided(reading: Reading) -> dict[str, MoneySettings]:
    """By area, where a paper decides it."""
    if "money_settings" not in reading.kept:
        rows = reading.rows("plan", only=("id", "scope", "settings"))
        told = ((row.scope, msgspec.convert(row.settings, Settings)) for row in rows)
        reading.kept["money_settings"] = {
            scope: said.money for scope, said in told if "money" not in said.flagged
        }
    found: dict[str, MoneySettings] = reading.kept["money_settings"]
    return found


def pay_until(reading: Reading, place: str, year: int) -> date | None:
    """The last day on which a year's own money is paid (the end of its niên độ), where that is decided.

    A day that no paper has set refuses nothing.
    """
    settings = _decided_for(reading, place)
    if settings is None:
        return None
    day, _, month = settings.cut_off.partition("/")
    return day_of(year + 1, int(month), int(day))


def scoped(reading: Reading, ruled: Ruled, rows: list[Any]) -> list[Any]:
    """Those of the items that lie in the area of a rule's plan."""
    within = reading.within(ruled.scope)
    return [row for row in rows if row.place in within]
