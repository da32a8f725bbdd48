"""Mornings of the ladder for the tests: a duty, what happens to it, and who hears what on which day.

Knows the pure ladder only; the calendar is the real one, without papers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from given import on
from msgspec.structs import replace

from ntm_workflow.domain.calendar import VietnamCalendar
from ntm_workflow.domain.plan import Reminders
from ntm_workflow.notifications.ladder import ONE_DAY, Due, Intent, Morning, Told, climb

CALENDAR = VietnamCalendar()
ACT_BY = date(2024, 10, 29)
DUE = Due(
    id="obligation/D010/tam-thanh",
    plan="quang-nam-2024-2025",
    owed_by="ubnd-tam-thanh",
    owed_to="ubnd-tam-ky",
    strength="must",
    strict_day=ACT_BY,
    nominal_day=date(2024, 10, 30),
    act_by=ACT_BY,
    enforce_day=date(2024, 10, 30),
    last_day=date(2024, 10, 30),
)
#: Thursday: the desk is asked; on Monday the unit hears; from Wednesday on it climbs.
MISSED_ON = date(2024, 10, 31)
MISSED = replace(DUE, missed_on=MISSED_ON, above=("vpntm-tam-ky", "vpdp-quang-nam"))

OnDay = Callable[[date], Due]


class Heard(NamedTuple):
    """One line of one letter."""

    day: date
    unit: str
    part: str
    rung: int
    subject: str = DUE.id


def ahead(days: int) -> date:
    return ACT_BY - timedelta(days=days)


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def then(due: Due, *facts: tuple[str, dict[str, Any]]) -> OnDay:
    """The duty as it stands on each day: from each of these on, some columns are others."""

    def as_it_stands(day: date) -> Due:
        said = [changed for since, changed in facts if on(since) <= day]
        return replace(due, **{name: value for each in said for name, value in each.items()})

    return as_it_stands


class Office:
    """Mornings one after the other, each told what the earlier ones said.

    Letters leave `leave` days later and held ones are let go `release` days later, never where that
    is None. `by` is what the plan of DUE says of reminders.
    """

    def __init__(
        self,
        *dues: Due | OnDay,
        leave: int | None = 0,
        release: int | None = 0,
        by: Mapping[str, Any] | None = None,
    ) -> None:
        self.dues = [due if callable(due) else then(due) for due in dues]
        self.leave = leave
        self.release = release
        self.plans: dict[str | None, Reminders] = {DUE.plan: Reminders(**by or {})}
        self.told: list[Told] = []

    def morning(self, day: date) -> list[Intent]:
        dues = [due(day) for due in self.dues]
        letters = climb(dues, self._known(day), Morning(day, CALENDAR, self.plans))
        self.told += [told for letter in letters for told in self._said(letter)]
        return letters

    def _known(self, day: date) -> Iterator[Told]:
        """What was told, with what had become of it by the day."""
        for each in self.told:
            let_go, left = (self._by(day, each.day, lag) for lag in (self.release, self.leave))
            yield each._replace(released_on=let_go, left_on=left)

    @staticmethod
    def _by(day: date, since: date, lag: int | None) -> date | None:
        then = None if lag is None else since + timedelta(days=lag)
        return then if then and then <= day else None

    def _said(self, letter: Intent) -> Iterator[Told]:
        for line in letter.lines:
            yield Told(line.subject, letter.unit, line.part, letter.day, line.act_by)

    def letters(
        self, first: date | str, last: date | str, skipped: Collection[date] = ()
    ) -> list[Intent]:
        ran = (day for day in days(on(first), on(last)) if day not in skipped)
        return [letter for day in ran for letter in self.morning(day)]

    def heard(
        self, first: date | str, last: date | str, skipped: Collection[date] = ()
    ) -> list[Heard]:
        return [
            Heard(letter.day, letter.unit, line.part, line.rung, line.subject)
            for letter in self.letters(first, last, skipped)
            for line in letter.lines
        ]


def heard(
    due: Due | OnDay,
    first: date | str,
    last: date | str,
    skipped: Collection[date] = (),
    **how: Any,
) -> list[Heard]:
    return Office(due, **how).heard(first, last, skipped)


def rungs(due: Due | OnDay, first: date | str, last: date | str, **how: Any) -> list[Any]:
    """Day and rung of what the owing unit is told ahead."""
    found = heard(due, first, last, **how)
    return [(each.day, each.rung) for each in found if each.part == "ahead"]


def told(
    due: Due | OnDay, part: str, first: str = "31/10/2024", last: str = "30/11/2024", **how: Any
) -> list[str]:
    """The days on which it is told as this part, as people write them."""
    found = heard(due, first, last, **how)
    return [f"{each.day:%d/%m}" for each in found if each.part == part]


def due_on(day: date | str) -> dict[str, date]:
    """The columns of a duty whose day this is by every reading of its words."""
    names = ("strict_day", "nominal_day", "act_by", "enforce_day", "last_day")
    return dict.fromkeys(names, on(day))


def working_between(first: date, last: date) -> int:
    """How many working days there are from `first` to the day before `last`."""
    return sum(map(CALENDAR.is_working, days(first, last - ONE_DAY)))
