"""Which days Vietnamese offices work, on the real holiday table."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.calendar import (
    DayRule,
    VietnamCalendar,
    last_working_day,
    next_working_day,
    swap,
)
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.plans.calendar import bundled_calendar, bundled_rules

CALENDAR = bundled_calendar()
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))
ONE_DAY = timedelta(days=1)

#: Days named by plans that fall on a day off: the next working day, the last one before it.
ON_DAYS_OFF = [
    ("30/3/2024", "01/4/2024", "29/3/2024"),
    ("31/3/2024", "01/4/2024", "29/3/2024"),
    ("30/6/2024", "01/7/2024", "28/6/2024"),
    ("31/8/2024", "04/9/2024", "30/8/2024"),
    ("15/9/2024", "16/9/2024", "13/9/2024"),
    ("20/10/2024", "21/10/2024", "18/10/2024"),
    ("30/11/2024", "02/12/2024", "29/11/2024"),
    ("31/5/2025", "02/6/2025", "30/5/2025"),
    ("31/8/2025", "03/9/2025", "29/8/2025"),
    ("15/11/2025", "17/11/2025", "14/11/2025"),
    ("31/12/2022", "03/01/2023", "30/12/2022"),
]


@pytest.mark.parametrize(("day", "after", "before"), ON_DAYS_OFF)
def test_a_plan_day_on_a_day_off_has_working_neighbours(day: str, after: str, before: str) -> None:
    assert not CALENDAR.is_working(read_date(day))
    assert CALENDAR.next_working_day(read_date(day)) == read_date(after)
    assert CALENDAR.last_working_day(read_date(day)) == read_date(before)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("14/02/2024", False),  # the last day of Tết
        ("15/02/2024", True),
        ("29/4/2024", False),  # swapped for the Saturday below
        ("04/5/2024", True),
        ("11/5/2024", False),
        ("26/4/2025", True),
        ("02/5/2025", False),
        ("22/8/2026", True),
        ("31/8/2026", False),
        ("24/11/2026", False),
        ("27/4/2026", False),  # Hùng Kings' day on a Sunday, made up for on Monday
        ("05/01/2019", True),  # made up for in the year after the day off
        ("31/12/2018", False),
        ("27/12/2014", True),  # and in the year before it
        ("02/01/2015", False),
    ],
)
def test_holidays_and_swapped_saturdays_are_known(day: str, works: bool) -> None:
    assert CALENDAR.is_working(read_date(day)) is works
    assert VietnamCalendar(bundled_rules()).is_working(read_date(day)) is works


def test_the_swap_missing_from_the_holiday_table_comes_from_ours() -> None:
    off, worked = date(2026, 1, 2), date(2026, 1, 10)
    assert (CALENDAR.is_working(off), CALENDAR.is_working(worked)) == (False, True)
    bare = VietnamCalendar()
    assert (bare.is_working(off), bare.is_working(worked)) == (True, False)


def test_every_row_the_program_brings_names_its_paper_and_the_day_it_was_announced() -> None:
    assert bundled_rules()
    assert all(CALENDAR.decided_by(rule.day) == rule.document != "" for rule in bundled_rules())
    assert all(date(2020, 1, 1) < rule.announced_on <= rule.day for rule in bundled_rules())
    assert CALENDAR.decided_by(date(2024, 4, 30)) is None


def test_a_later_paper_wins_over_an_earlier_one_and_over_the_holiday_table() -> None:
    tet = date(2024, 2, 14)
    works = DayRule(tet, True, "CV 1")
    assert VietnamCalendar([works]).is_working(tet)
    assert not VietnamCalendar([works, DayRule(tet, False, "CV 2")]).is_working(tet)


def test_a_swap_takes_one_day_off_and_puts_another_in() -> None:
    friday, saturday = date(2024, 6, 28), date(2024, 6, 29)
    calendar = VietnamCalendar(swap(off=friday, worked=saturday, document="CV 3"))
    assert calendar.last_working_day(date(2024, 6, 30)) == saturday
    assert calendar.last_working_day(friday) == date(2024, 6, 27)


@given(DAYS)
def test_the_nearest_working_days_bracket_a_day_with_only_days_off_between(day: date) -> None:
    before, after = last_working_day(day, CALENDAR), next_working_day(day, CALENDAR)
    assert before <= day <= after
    assert CALENDAR.is_working(before)
    assert CALENDAR.is_working(after)
    between = [before + ONE_DAY * n for n in range(1, (after - before).days)]
    assert not any(CALENDAR.is_working(each) for each in between)


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_an_answer_does_not_depend_on_what_was_asked_before(days: list[date]) -> None:
    fresh = VietnamCalendar(bundled_rules())
    assert [fresh.is_working(day) for day in days] == [CALENDAR.is_working(day) for day in days]


def test_the_holiday_table_is_loaded_by_the_first_question_only() -> None:
    program = (
        "import sys; from datetime import date; from ntm_workflow.domain import calendar\n"
        "office = calendar.VietnamCalendar(); assert 'holidays' not in sys.modules\n"
        "office.is_working(date(2024, 4, 29)); assert 'holidays' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
