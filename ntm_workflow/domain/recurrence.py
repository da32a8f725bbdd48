"""The turns of what comes back: weeks, months, quarters and years, from one day to another.

Knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from ntm_workflow.domain.deadline import Recurrence
from ntm_workflow.domain.periods import months_later
from ntm_workflow.domain.spans import WEEKDAYS

_ONE_DAY: Final = timedelta(days=1)
_MONTHS: Final = {"monthly": 1, "quarterly": 3, "yearly": 12}
_DAYS: Final = {"daily": 1, "weekly": 7}
_NAME: Final = re.compile(r"([0-9]{4})(?:-([QH])([0-9])|-([0-9]{2}))?")


class Turn(NamedTuple):
    """One week, month, quarter … of a recurrence, from its first day to its last."""

    first: date
    last: date

    def on(self, every: Recurrence, day: int | None) -> date | None:
        """The day in this turn: the recurrence's own, else `day` of its last month, else none.

        A month that lacks the day gives its last one, and a week, which has no such day, its own.
        """
        if every.freq == "daily":
            return self.first
        if every.weekday:
            return self.first + timedelta(days=WEEKDAYS.index(every.weekday))
        wanted = day if every.day is None else every.day
        if wanted is None or every.freq is None:
            return None
        if every.freq not in _MONTHS:
            return self.last
        month = months_later(self.first, every.month - 1) if every.month else self.last
        last = months_later(month.replace(day=1), 1) - _ONE_DAY
        return last if wanted == -1 else last.replace(day=min(wanted, last.day))


def turn_of(every: Recurrence, day: date) -> Turn:
    """The week, month, quarter … that holds `day`."""
    opens = _opens(every, day)
    return Turn(opens, _next(every, opens) - _ONE_DAY)


def called(every: Recurrence, day: date) -> str:
    """What the turn that is due on `day` is called, and no other: 2024-03, 2024-Q1, 2024-H1, 2024.

    What comes back in a week or every day is called by its day, a year's month by that month.
    """
    if every.freq in _DAYS:
        return day.isoformat() if every.freq == "daily" or every.weekday else f"{day:%G-W%V}"
    months = _MONTHS[every.freq or ""] * every.interval
    if months == 12 and every.month is None:
        return f"{day:%Y}"
    if part := {3: "Q", 6: "H"}.get(months):
        return f"{day:%Y}-{part}{(day.month - 1) // months + 1}"
    return f"{day:%Y-%m}" if every.interval == 1 else f"{day:%Y-%m}-{months}m"


def span(name: str) -> Turn | None:
    """The days of a month, quarter, half-year or year by what `called` calls it; None for any other turn."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, part, number, month = found.groups()
    months = {"Q": 3, "H": 6}.get(part or "", 1 if month else 12)
    first = int(month or (int(number or 1) - 1) * months + 1)
    if not (1 <= first <= 12 and 0 < int(year) < date.max.year):
        return None
    opens = date(int(year), first, 1)
    return Turn(opens, months_later(opens, months) - _ONE_DAY)


def most_times(every: Recurrence, years: int) -> int:
    """No fewer than it comes back in so many years, without counting them out."""
    a_year = {"daily": 366, "weekly": 54, "monthly": 12, "quarterly": 4}.get(every.freq or "", 1)
    return a_year * years + sum(most_times(other, years) for other in every.more)


def turns(every: Recurrence, first_day: date, last_day: date) -> Iterator[Turn]:
    """The turns that share a day with the time from `first_day` to `last_day`."""
    if every.freq is None:
        yield Turn(first_day, last_day)
        return
    opens = _opens(every, first_day)
    while opens <= last_day:
        following = _next(every, opens)
        yield Turn(opens, following - _ONE_DAY)
        opens = following


def _opens(every: Recurrence, day: date) -> date:
    """The first day of the turn that holds `day`: of its week, or of its part of the year."""
    if every.freq in _DAYS:
        return day - timedelta(days=day.weekday()) if every.freq == "weekly" else day
    months = _MONTHS[every.freq or ""] * every.interval
    # A year divides into halves and quarters of its own; other lengths count from the first month.
    passed = (day.month - 1) % months if 12 % months == 0 else 0
    return months_later(day.replace(day=1), -passed)


def _next(every: Recurrence, opens: date) -> date:
    if every.freq in _DAYS:
        return opens + timedelta(days=_DAYS[every.freq or ""] * every.interval)
    return months_later(opens, _MONTHS[every.freq or ""] * every.interval)
