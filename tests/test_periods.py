"""Periods from an event, counted as Điều 147 and 148 of the Civil Code 2015 say, on any calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_workflow.domain.calendar import (
    DayRule,
    VietnamCalendar,
    last_working_day,
    next_working_day,
)
from ntm_workflow.domain.deadline import Relative, Step
from ntm_workflow.domain.derivation import explain
from ntm_workflow.domain.periods import counted, months_later
from ntm_workflow.plans.calendar import bundled_calendar, bundled_rules

CALENDAR = bundled_calendar()
#: Years with Tết, swaps on both sides of one, and a leap day.
EVENTS = st.dates(date(2022, 1, 1), date(2026, 12, 31))
SMALL = st.integers(1, 40)
#: Papers that take days off and put others in, wherever they fall.
PAPERS = st.lists(st.builds(DayRule, EVENTS, st.booleans(), st.just("CV mẫu")), max_size=12).map(
    lambda rules: VietnamCalendar((*bundled_rules(), *rules))
)
UNITS = st.sampled_from(["day", "working_day", "week", "month", "year"])
# The first question to a calendar loads the tables of holidays.
unhurried = settings(deadline=None)


def steps(n: int, unit: str, event: date, calendar: VietnamCalendar = CALENDAR) -> tuple[Step, ...]:
    return counted(Relative(n, unit, "ngày ký"), event, calendar)


def last_day(n: int, unit: str, event: date, calendar: VietnamCalendar = CALENDAR) -> date:
    """The last day of the period."""
    day = steps(n, unit, event, calendar)[-1].result
    assert day is not None
    return day


def named_day(n: int, unit: str, event: date) -> date:
    """The last day before anybody asks whether it is worked."""
    [day] = [s.result for s in steps(n, unit, event) if s.rule == "period_counted"]
    assert day is not None
    return day


@pytest.mark.parametrize(
    ("n", "unit", "event", "named", "last"),
    [
        (1, "day", "2024-05-07", "2024-05-08", "2024-05-08"),  # the first day is not counted
        (5, "day", "2024-02-05", "2024-02-10", "2024-02-15"),  # ends in Tết
        (1, "week", "2024-02-05", "2024-02-12", "2024-02-15"),
        (1, "month", "2024-01-31", "2024-02-29", "2024-02-29"),
        (1, "month", "2023-01-31", "2023-02-28", "2023-02-28"),
        (1, "month", "2024-02-29", "2024-03-29", "2024-03-29"),  # not the last of March
        (6, "month", "2023-08-31", "2024-02-29", "2024-02-29"),
        (1, "year", "2024-02-29", "2025-02-28", "2025-02-28"),
        (4, "year", "2024-02-29", "2028-02-29", "2028-02-29"),
        (3, "year", "2022-12-31", "2025-12-31", "2025-12-31"),
        (5, "working_day", "2024-02-06", "2024-02-20", "2024-02-20"),  # 8–14/2 are Tết
        (1, "working_day", "2024-05-03", "2024-05-04", "2024-05-04"),  # a Saturday made up for
        (1, "working_day", "2026-01-01", "2026-01-05", "2026-01-05"),  # 2/1 is swapped for 10/1
        (5, "working_day", "2026-01-05", "2026-01-10", "2026-01-10"),
    ],
)
def test_a_period_ends_where_the_law_has_it(
    n: int, unit: str, event: str, named: str, last: str
) -> None:
    day = date.fromisoformat(event)
    assert named_day(n, unit, day) == date.fromisoformat(named)
    assert last_day(n, unit, day) == date.fromisoformat(last)


def test_a_paper_that_has_a_saturday_worked_ends_a_period_across_tet_earlier() -> None:
    saturday = VietnamCalendar([DayRule(date(2024, 2, 17), True, "CV mẫu")])
    assert last_day(5, "working_day", date(2024, 2, 6), saturday) == date(2024, 2, 19)


def test_each_step_rests_on_the_clause_that_says_it() -> None:
    def cited(**said: Any) -> dict[str, str | None]:
        return {step.rule: step.authority for step in steps(**said)}

    lacking = cited(n=2, unit="month", event=date(2023, 12, 31))
    assert lacking["first_day_left_out"] == "Điều 147 Bộ luật Dân sự 2015"
    assert lacking["month_lacks_day"] == "khoản 3 Điều 148 Bộ luật Dân sự 2015"
    off = cited(n=3, unit="day", event=date(2024, 5, 8))
    assert off["period_rolled"] == "khoản 5 Điều 148 Bộ luật Dân sự 2015"


def test_the_days_passed_over_are_told_where_only_working_days_count() -> None:
    [told] = [s for s in steps(5, "working_day", date(2024, 2, 6)) if s.rule == "period_counted"]
    said = explain(told, "vi")
    assert "Giao thừa Tết Nguyên Đán" in said
    assert "17/02/2024 là thứ bảy" in said


@unhurried
@given(EVENTS, SMALL, UNITS, PAPERS)
def test_a_longer_period_never_ends_sooner(
    event: date, n: int, unit: str, calendar: VietnamCalendar
) -> None:
    assert last_day(n, unit, event, calendar) <= last_day(n + 1, unit, event, calendar)


@unhurried
@given(EVENTS, st.integers(0, 400), SMALL, UNITS, PAPERS)
def test_a_later_event_never_ends_a_period_sooner(
    event: date, later: int, n: int, unit: str, calendar: VietnamCalendar
) -> None:
    after = event + timedelta(days=later)
    assert last_day(n, unit, event, calendar) <= last_day(n, unit, after, calendar)


@unhurried
@given(EVENTS, SMALL, UNITS, PAPERS)
def test_a_period_ends_on_a_working_day_after_its_event(
    event: date, n: int, unit: str, calendar: VietnamCalendar
) -> None:
    last = last_day(n, unit, event, calendar)
    assert last > event
    assert calendar.is_working(last)


@unhurried
@given(EVENTS, SMALL, st.sampled_from(["day", "week", "month", "year"]), PAPERS)
def test_only_days_off_lie_between_the_named_day_and_the_last(
    event: date, n: int, unit: str, calendar: VietnamCalendar
) -> None:
    named, last = named_day(n, unit, event), last_day(n, unit, event, calendar)
    assert last == next_working_day(named, calendar)


@unhurried
@given(EVENTS, SMALL, PAPERS)
def test_between_event_and_end_lie_as_many_working_days_as_were_said(
    event: date, n: int, calendar: VietnamCalendar
) -> None:
    last = last_day(n, "working_day", event, calendar)
    days = (event + timedelta(days=k) for k in range(1, (last - event).days + 1))
    assert sum(map(calendar.is_working, days)) == n


@unhurried
@given(EVENTS, SMALL, PAPERS)
def test_counting_the_working_days_back_leads_to_the_event(
    event: date, n: int, calendar: VietnamCalendar
) -> None:
    last = last_day(n, "working_day", event, calendar)
    assert last_day(-n, "working_day", last, calendar) == last_working_day(event, calendar)


@given(EVENTS, SMALL)
def test_days_and_weeks_are_counted_without_the_first(event: date, n: int) -> None:
    assert (named_day(n, "day", event) - event).days == n
    assert (named_day(n, "week", event) - event).days == 7 * n


@given(EVENTS, SMALL)
def test_months_end_on_the_same_day_or_the_last_of_a_month_that_lacks_it(
    event: date, n: int
) -> None:
    last = named_day(n, "month", event)
    assert (last.year * 12 + last.month) - (event.year * 12 + event.month) == n
    tomorrow = last + timedelta(days=1)
    assert last.day == event.day or (last.day < event.day and tomorrow.day == 1)
    lacks = [s for s in steps(n, "month", event) if s.rule == "month_lacks_day"]
    assert bool(lacks) == (last.day != event.day)


@given(EVENTS, SMALL)
def test_a_year_is_twelve_months(event: date, n: int) -> None:
    assert named_day(n, "year", event) == named_day(12 * n, "month", event)


@given(EVENTS.filter(lambda day: day.day <= 28), st.integers(-400, 400))
def test_months_there_and_back_lead_to_the_same_day(day: date, n: int) -> None:
    assert months_later(months_later(day, n), -n) == day


@given(EVENTS, st.lists(st.integers(0, 60), min_size=2))
def test_more_months_are_never_earlier(day: date, counts: list[int]) -> None:
    found = [months_later(day, n) for n in sorted(counts)]
    assert all(a <= b for a, b in pairwise(found))
