"""Which days Vietnamese offices work, and why not: weeks, public holidays, and the papers that swap days.

Knows no deadline: whoever asks decides what a day off means for a date. Papers are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final, Protocol

import msgspec

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
#: Why a day is none of the usual working days. By a paper a day is `off` or `worked`; `made_up` is
#: worked for another one by the table of holidays, which names no paper.
WORKED: Final = frozenset({"usual", "worked", "made_up"})


class Why(msgspec.Struct, frozen=True):
    """What makes a day other than a `usual` working day: weekend, holiday, off, worked or made_up.

    `name` is the holiday, as Vietnamese say it, or the paper.
    """

    day: date
    kind: str
    name: str | None = None

    @property
    def works(self) -> bool:
        return self.kind in WORKED


class WorkingDays(Protocol):
    """All that dates need to know of a calendar."""

    def is_working(self, day: date) -> bool: ...

    def why(self, day: date) -> Why | None:
        """Why a day is none of the usual working days; None where it is one."""


class DayRule(msgspec.Struct, frozen=True):
    """A day a paper takes off (`works` false) or puts in (`works` true), against the usual week.

    `entry` told it to the journal; without one the program brought it along.
    """

    day: date
    works: bool
    document: str
    announced_on: date = date.min
    entry: int | None = None


def swap(off: date, worked: date, document: str) -> tuple[DayRule, DayRule]:
    """`off` is taken off and made up for on `worked`, as the Government decides most years."""
    return DayRule(off, False, document), DayRule(worked, True, document)


def last_working_day(on_or_before: date, working: WorkingDays) -> date:
    """The day itself when offices work on it, otherwise the nearest one before."""
    day = on_or_before
    while not working.is_working(day):
        day -= ONE_DAY
    return day


def next_working_day(on_or_after: date, working: WorkingDays) -> date:
    """The day itself when offices work on it, otherwise the nearest one after."""
    day = on_or_after
    while not working.is_working(day):
        day += ONE_DAY
    return day


def crossed(first: date, last: date, working: WorkingDays) -> tuple[Why, ...]:
    """The days from `first` to `last`, both of them too, that are none of the usual working days."""
    days = (first + ONE_DAY * n for n in range((last - first).days + 1))
    return tuple(why for day in days if (why := working.why(day)))


class VietnamCalendar:
    """Monday to Friday without public holidays, as changed by the papers handed in.

    What was announced later wins over what came earlier, and any paper over the table of holidays.
    """

    def __init__(self, rules: Iterable[DayRule] = ()) -> None:
        self.rules = sorted(rules, key=lambda rule: (rule.announced_on, rule.entry or 0))
        self._deciding = {rule.day: rule for rule in self.rules}

    def is_working(self, day: date) -> bool:
        why = self.why(day)
        return why is None or why.works

    def why(self, day: date) -> Why | None:
        if rule := self._deciding.get(day):
            return Why(day, "worked" if rule.works else "off", rule.document)
        off, made_up = _holiday_table(day.year)
        if name := off.get(day):
            return Why(day, "holiday", name)
        if day.weekday() < _SATURDAY:
            return None
        return Why(day, "made_up" if day in made_up else "weekend")

    def deciding(self, day: date) -> DayRule | None:
        """The paper that moved this day off or on; None for the usual week and holidays."""
        return self._deciding.get(day)

    def decided_by(self, day: date) -> str | None:
        rule = self.deciding(day)
        return rule.document if rule else None

    def last_working_day(self, on_or_before: date) -> date:
        return last_working_day(on_or_before, self)

    def next_working_day(self, on_or_after: date) -> date:
        return next_working_day(on_or_after, self)

    def named_days(self, year: int) -> Iterator[Why]:
        """Every day of a year that has a name or a paper, in order."""
        off, made_up = _holiday_table(year)
        decided = {day for day in self._deciding if day.year == year}
        for day in sorted({*off, *made_up, *decided}):
            if why := self.why(day):
                yield why


@cache
def _holiday_table(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """The holidays of a year by name, and the Saturdays worked instead of other days."""
    # Imported on the first question: 90 ms that most commands never need.
    from holidays import country_holidays

    # A year's table may name a Saturday of the next one (05/01/2019 is in that of 2018) or of the
    # last; the range is fixed, so an answer never depends on what was asked before.
    years = (year - 1, year, year + 1)
    # Names follow the language of the machine where none is asked for; they are shown, never read.
    table = country_holidays("VN", years=years, expand=False, language="vi")
    off = {day: name for day, name in table.items() if day.year == year}
    return off, frozenset(day for day in table.weekend_workdays if day.year == year)


# --- announcements --------------------------------------------------------------------------------


class CalendarAnnounced(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A paper takes days off and has others worked; `effective_on` is the day it was announced."""

    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()


class Announcement(msgspec.Struct, frozen=True):
    said: CalendarAnnounced
    entry: int

    @property
    def rules(self) -> tuple[DayRule, ...]:
        told = (self.said.document or "", self.said.effective_on, self.entry)
        off = (DayRule(day, False, *told) for day in self.said.off)
        return (*off, *(DayRule(day, True, *told) for day in self.said.worked))


class CalendarPaperMissing(Refused):
    exit_code = 2
    vi = "Công bố lịch làm việc phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Announcing days needs its paper.\nAdd --document “number, date, issuer”."


class NoDays(Refused):
    exit_code = 2
    vi = "Chưa nêu ngày nào.\nThêm --off NGÀY (nghỉ), --worked NGÀY (làm bù), hoặc cả hai."
    en = "No day is named.\nAdd --off DATE, --worked DATE, or both."


class BothOffAndWorked(Refused):
    exit_code = 2
    vi = "Cùng một văn bản vừa cho nghỉ vừa cho làm việc ngày {days}.\nKiểm tra lại --off và --worked."
    en = "One paper takes {days} off and has it worked as well.\nCheck --off and --worked."


def opening(event: CalendarAnnounced) -> Refused | None:
    if not event.document:
        return CalendarPaperMissing()
    if not (event.off or event.worked):
        return NoDays()
    both = sorted(set(event.off) & set(event.worked))
    return BothOffAndWorked(days=both) if both else None


def rule(announcement: Announcement, event: Event) -> Refused | None:
    return None


def evolve(announcement: Announcement | None, fact: Fact) -> Announcement:
    match fact.event:
        case CalendarAnnounced() as said:
            return Announcement(said, fact.entry)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Announcement]("calendar", (CalendarAnnounced,), evolve, rule, opening)
