"""The days whose figures a report gives, and what its periods are called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.recurrence import span
from ntm_workflow.domain.report_days import (
    CALENDAR,
    COUNTED,
    FIFTEENTH,
    called,
    data_days,
    following,
    kind,
)

periods = st.one_of(
    st.builds("{:04}-{:02}".format, st.integers(1900, 2199), st.integers(1, 12)),
    st.builds("{:04}-Q{}".format, st.integers(1900, 2199), st.integers(1, 4)),
    st.builds("{:04}-H{}".format, st.integers(1900, 2199), st.integers(1, 2)),
    st.builds("{:04}".format, st.integers(1900, 2199)),
)


@given(periods, st.sampled_from(COUNTED))
def test_the_days_of_one_period_begin_where_those_of_the_last_end(period: str, how: str) -> None:
    after = following(period)
    assert kind(after) == kind(period)
    assert data_days(after, how).first - data_days(period, how).last == timedelta(days=1)


@given(periods)
def test_by_the_calendar_the_days_are_the_periods_own(period: str) -> None:
    assert data_days(period, CALENDAR) == span(period)


@given(periods)
def test_counted_from_the_15th_the_days_end_on_the_14th_of_the_last_month(period: str) -> None:
    days, own = data_days(period, FIFTEENTH), span(period)
    assert own is not None
    assert (days.first.day, days.last.day) == (15, 14)
    assert days.last.replace(day=1) == own.last.replace(day=1)
    assert own.first - days.first < timedelta(days=18)


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2024-10", "tháng 10 năm 2024", "10/2024"),
        ("2024-Q4", "quý IV năm 2024", "quarter IV of 2024"),
        ("2024-H1", "6 tháng đầu năm 2024", "the first half of 2024"),
        ("2024-H2", "6 tháng cuối năm 2024", "the second half of 2024"),
        ("2024", "năm 2024", "2024"),
    ],
)
def test_periods_are_called_as_offices_call_them(period: str, vi: str, en: str) -> None:
    assert (called(period, "vi"), called(period, "en")) == (vi, en)
