"""The clock set back, or forward a year: nothing is recorded on its word until somebody vouches for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.cli import session
from ntm_workflow.domain.clock import (
    TOLERATED,
    Clock,
    ClockAhead,
    ClockBehind,
    Times,
    ahead,
    behind,
)
from ntm_workflow.office import Office, clock
from ntm_workflow.office.entry import Request

NOON = datetime(2024, 5, 6, 5, tzinfo=UTC)
HOURS = st.integers(-9000, 9000).map(lambda n: NOON + timedelta(hours=n))


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """A real store: a rehearsal is told what time it is."""
    with closing_store(Desk(store_url, "05/11/2024")) as desk:
        Office.create(desk.database)
        yield desk.adopt("tam-ky-2024")


def confirm(desk: Desk) -> clock.Vouched:
    times = Times(desk.clock.at, 1000.0, "máy-1")
    return clock.confirm(desk.office, Request(by="an"), times, timedelta(days=62))


def test_nothing_is_recorded_by_a_clock_set_back(desk: Desk) -> None:
    desk.go("04/11/2024")
    with pytest.raises(ClockBehind):
        desk.allocate("cầu", 1_000)


def test_once_vouched_for_a_clock_set_back_may_go_on_and_time_does_not_go_back(desk: Desk) -> None:
    desk.go("04/11/2024")
    confirmed = confirm(desk).receipt
    assert confirmed
    after = desk.allocate("cầu", 1_000)
    assert [fact.type for fact in confirmed.facts] == ["ClockConfirmed"]
    assert after.facts[0].recorded_at == confirmed.facts[0].recorded_at


def test_a_clock_set_back_again_after_it_was_vouched_for_is_refused_again(desk: Desk) -> None:
    desk.go("04/11/2024")
    confirm(desk)
    desk.go("03/11/2024")
    with pytest.raises(ClockBehind):
        desk.allocate("cầu", 1_000)


def test_what_was_vouched_for_long_ago_excuses_nothing_later(desk: Desk) -> None:
    desk.go("04/11/2024")
    confirm(desk)
    desk.go("06/11/2024")
    desk.allocate("cầu", 1_000)
    desk.go("05/11/2024")
    with pytest.raises(ClockBehind):
        desk.allocate("kênh", 1_000)


@given(last=HOURS, now=HOURS)
def test_a_clock_is_behind_exactly_when_it_is_more_than_the_tolerance_before(
    last: datetime, now: datetime
) -> None:
    assert (behind(now, last, None) is not None) == (now < last - TOLERATED)


@given(last=HOURS, said=HOURS, now=HOURS)
def test_a_confirmation_never_makes_a_clock_less_believed(
    last: datetime, said: datetime, now: datetime
) -> None:
    confirmed = Clock(said, last)
    if behind(now, last, None) is None:
        assert behind(now, last, confirmed) is None
    assert behind(said, last, confirmed) is None


def test_a_long_silence_is_asked_about() -> None:
    most = timedelta(days=62)
    assert ahead(NOON, NOON - most, most) is None
    assert isinstance(ahead(NOON, NOON - timedelta(days=63), most), ClockAhead)
    assert ahead(NOON, None, most) is None


def test_a_clock_a_year_ahead_closes_and_sends_nothing_until_it_is_vouched_for(
    sqlite_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = {"now": NOON}
    monkeypatch.setattr(session.SystemClock, "now", lambda self: at["now"])
    assert ntm("init", sqlite_url).code == 0
    assert ntm("plan adopt tam-ky-2024", sqlite_url).code == 0
    at["now"] = NOON + timedelta(days=365)
    for line in ("day close --until 1/5/2025", f"letter send --outbox {tmp_path}/thu"):
        refused = ntm(line, sqlite_url)
        assert refused.code == 1
        assert "ntm clock confirm" in refused.err
        assert "365" in refused.err
    assert ntm("clock confirm --note 'đã so giờ'", sqlite_url).code == 0
    assert ntm("day close --until 1/1/2024", sqlite_url).code == 0
