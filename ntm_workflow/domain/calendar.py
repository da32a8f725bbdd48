"""Which days Vietnamese offices work: weeks, public holidays, swapped days and the papers for them.

Knows no deadline: whoever asks decides what a day off means for a date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Protocol

import msgspec

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class WorkingDays(Protocol):
    """All that dates need to know of a calendar."""

    def is_working(self, day: date) -> bool: ...


class DayRule(msgspec.Struct, frozen=True):
    """A day a paper takes off (`works` false) or puts in (`works` true), against the usual week."""

    day: date
    works: bool
    document: str


def swap(off: date, worked: date, document: str) -> tuple[DayRule, DayRule]:
    """`off` is taken off and made up for on `worked`, as the Government decides most years."""
    return DayRule(off, False, document), DayRule(worked, True, document)


#: What the holiday table lacks or has wrong. These rows win over it, and later rows over earlier.
OVERRIDES: Final[tuple[DayRule, ...]] = (
    *swap(
        off=date(2026, 1, 2),
        worked=date(2026, 1, 10),
        document="Thống nhất ngày 25/12/2025 về hoán đổi ngày làm việc dịp Tết Dương lịch 2026",
    ),
)


def last_working_day(on_or_before: date, working: WorkingDays) -> date:
    """The day itself when offices work on it, otherwise the nearest one before."""
    day = on_or_before
    while not working.is_working(day):
        day -= _ONE_DAY
    return day


def next_working_day(on_or_after: date, working: WorkingDays) -> date:
    """The day itself when offices work on it, otherwise the nearest one after."""
    day = on_or_after
    while not working.is_working(day):
        day += _ONE_DAY
    return day


class VietnamCalendar:
    """Monday to Friday without public holidays, as changed by swaps and by `overrides`."""

    def __init__(self, overrides: Iterable[DayRule] = OVERRIDES) -> None:
        self._rules = {rule.day: rule for rule in overrides}
        self._years: dict[int, tuple[frozenset[date], frozenset[date]]] = {}

    def is_working(self, day: date) -> bool:
        if rule := self._rules.get(day):
            return rule.works
        off, made_up = self._year(day.year)
        return day in made_up if day.weekday() >= _SATURDAY else day not in off

    def decided_by(self, day: date) -> str | None:
        """The paper that moved this day off or on; None for the usual week and holidays."""
        rule = self._rules.get(day)
        return rule.document if rule else None

    def last_working_day(self, on_or_before: date) -> date:
        return last_working_day(on_or_before, self)

    def next_working_day(self, on_or_after: date) -> date:
        return next_working_day(on_or_after, self)

    def _year(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        """The holidays of a year and the Saturdays worked instead of other days."""
        if year not in self._years:
            self._years[year] = _holiday_table(year)
        return self._years[year]


def _holiday_table(year: int) -> tuple[frozenset[date], frozenset[date]]:
    # Imported on the first question: 90 ms that most commands never need.
    from holidays import country_holidays

    # A year's table may name a Saturday of the next one (05/01/2019 is in that of 2018) or of the
    # last; the range is fixed, so an answer never depends on what was asked before.
    table = country_holidays("VN", years=(year - 1, year, year + 1), expand=False)
    off = frozenset(day for day in table if day.year == year)
    return off, frozenset(day for day in table.weekend_workdays if day.year == year)
