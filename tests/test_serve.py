"""`ntm serve` as a process: stopped, killed, twice at once, before a locked store, under a clock that is set."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sample_pack import SOUND
from serving import faked, serving, set_clock, until
from terminal import ntm

from ntm_workflow import scheduler
from ntm_workflow.cli.session import SystemClock
from ntm_workflow.clocks import Clocks
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Office
from ntm_workflow.office.clock import confirm
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Finding
from ntm_workflow.scheduler import Keeper, Pokes
from ntm_workflow.store.engine import Database, StoreMissing


def plan(folder: Path) -> str:
    """A line that adopts a plan whose days have been going by for five strides of closing."""
    signed, due = yesterday() - timedelta(days=150), yesterday() - timedelta(days=70)
    said = SOUND.replace("30/10/2024", f"{due:%d/%m/%Y}").replace(
        "year = 2024", f"year = {due.year}"
    )
    said = said.replace("[2024, 2025]", f"[{signed.year}, {yesterday().year}]")
    said = said.replace('level = "district"', f'level = "district"\nissued_on = {signed}')
    file = folder / "kế hoạch.toml"
    file.write_text(said, encoding="utf-8")
    return f"plan adopt '{file}'"


def yesterday() -> date:
    return datetime.now(VIETNAM).date() - timedelta(days=1)


def made(store: str, folder: Path) -> str:
    """A store with that plan, no day of it closed."""
    for line in ("init", plan(folder)):
        answer = ntm(line, store)
        assert answer.code == 0, answer.err
    return store


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> str:
    return made(store_url, tmp_path)


@contextmanager
def opened(store: str) -> Iterator[Office]:
    with closing(Database(store)) as database:
        yield Office(database, SystemClock())


def days(store: str) -> list[date]:
    """Every `DayClosed` of the journal, in order."""
    with opened(store) as office, office.database.read() as conn:
        facts = [f.event for f in office.journal.facts(conn) if f.type == "DayClosed"]
    return [event.day for event in facts]  # type: ignore[attr-defined]


def each_once_and_all(store: str) -> None:
    closed = days(store)
    assert closed == sorted(set(closed))
    assert closed == [closed[0] + timedelta(days=n) for n in range(len(closed))]
    assert closed[-1] == yesterday()
    with opened(store) as office:
        assert office.verify().ok
        with office.database.read() as conn:
            missed = [f.subject for f in office.journal.facts(conn) if f.type == "ObligationMissed"]
        assert missed == ["obligation/R1/xa-mau"]
        assert office.rebuild(check_only=True).equal


def caught_up(store: str) -> Callable[[], bool]:
    return lambda: days(store)[-1:] == [yesterday()]


# --- a process


def test_it_catches_up_shows_that_it_is_there_and_stops_when_told(store: str) -> None:
    with serving(store) as served:
        served.wait_for("closing: Closed")
        served.wait_for("integrity: The journal is whole")
        served.wait_until(lambda: ntm("day status --json", store).json["heartbeat_age"] is not None)
        status = ntm("day status --json", store).json
        assert (status["waiting"], status["heartbeat_age"] < 120) == (0, True)
        assert served.stop(signal.SIGTERM) == 0
    each_once_and_all(store)
    assert "backup.folder is not set" in served.told
    assert "Traceback" not in served.told


def test_a_finger_on_control_c_ends_it_in_good_order(store: str) -> None:
    with serving(store) as served:
        served.wait_for("Looking after")
        assert served.stop(signal.SIGINT) == 0


def test_it_ends_with_the_transaction_it_is_in_and_the_next_goes_on(store: str) -> None:
    with serving(store) as served:
        served.wait_until(lambda: days(store))
        assert served.stop() == 0
    with serving(store) as again:
        again.wait_for("Looking after")
        again.wait_until(caught_up(store))
        assert again.stop() == 0
    each_once_and_all(store)


def test_killed_in_the_middle_it_goes_on_where_it_was(store: str) -> None:
    for _ in range(3):
        before = len(days(store))
        with serving(store) as served:
            served.wait_until(lambda n=before: len(days(store)) > n or caught_up(store)())  # type: ignore[misc]
            served.stop(signal.SIGKILL)
    with serving(store) as last:
        last.wait_for("Looking after")
        last.wait_until(caught_up(store))
        assert last.stop() == 0
    each_once_and_all(store)


def test_two_at_once_close_each_day_once(store: str) -> None:
    with serving(store) as one, serving(store) as two:
        one.wait_until(caught_up(store))
        for each in (one, two):
            each.wait_for("Looking after")
            assert each.stop() == 0
            assert "Traceback" not in each.told
    each_once_and_all(store)


def test_once_is_for_cron_and_says_by_its_code_whether_all_went_well(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever the hour it is run at, the letters of the day are due.
    monkeypatch.setenv("NTM_SERVE_LETTERS_AT", "00:00")
    done = ntm("serve --once --json", store)
    assert done.code == 0
    said = [json.loads(line) for line in done.out.splitlines()]
    assert [each["job"] for each in said] == ["closing", "letters", "backup", "integrity"]
    each_once_and_all(store)
    assert ntm("serve --once", store).out == ""
    (tmp_path / "tệp").write_text("")
    monkeypatch.setenv("NTM_BACKUP_FOLDER", str(tmp_path / "tệp"))
    with opened(store) as office, office.database.write() as conn:
        conn.exec_driver_sql("DELETE FROM heartbeats WHERE job = 'backup'")
    failed = ntm("serve --once", store)
    assert (failed.code, "tệp" in failed.out) == (1, True)


def test_the_jobs_and_their_times_are_shown_and_nothing_is_done(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_SERVE_CLOSE_AT", "05:45")
    items = {item["job"]: item for item in ntm("serve --dry-run --json", store).json["items"]}
    assert items["closing"]["next_at"].endswith("T05:45:00+07:00")
    assert items["closing"]["ok_at"] is None
    assert days(store) == []
    assert "chốt ngày" in ntm("serve --dry-run", store).out


def test_an_hour_that_is_none_and_an_address_that_is_none_are_refused(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NTM_SERVE_CLOSE_AT", "24:00"), ("NTM_OPERATOR_EMAIL", "trực máy")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            refused = ntm("serve --once", store)
            assert (refused.code, name in refused.err) == (2, True)


def test_without_a_store_it_ends_at_once_and_says_so(sqlite_url: str) -> None:
    assert ntm("serve", sqlite_url).code == 1


def test_a_store_locked_for_some_seconds_is_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    made(sqlite_url, tmp_path)
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with serving(sqlite_url) as served:
            served.wait_for("Looking after")
            time.sleep(4)
            assert days(sqlite_url) == []
            other.execute("ROLLBACK")
            served.wait_until(caught_up(sqlite_url))
            assert served.stop() == 0
    each_once_and_all(sqlite_url)


# --- a clock that is set under it


@pytest.mark.parametrize("by", ["+400d", "+2h", "-2h"])
def test_a_clock_set_under_it_is_seen_within_seconds_and_closes_nothing(
    sqlite_url: str, tmp_path: Path, by: str
) -> None:
    made(sqlite_url, tmp_path)
    file = tmp_path / "giờ"
    set_clock(file, "+0")
    with serving(sqlite_url, **faked(file)) as served:
        served.wait_until(caught_up(sqlite_url))
        before = days(sqlite_url)
        set_clock(file, by)
        served.wait_for("stepped")
        time.sleep(3)
        assert days(sqlite_url) == before
        assert ntm("day status --json", sqlite_url).json["clock_held"]
        assert served.stop() == 0
    with opened(sqlite_url) as office, office.database.read() as conn:
        facts = list(office.journal.facts(conn))
    (step,) = [f for f in facts if f.type == "ClockStepSeen"]
    assert step.event.witness == "uptime"  # type: ignore[attr-defined]
    assert step.recorded_at
    assert abs((step.recorded_at - datetime.now(UTC)).total_seconds()) < 3 * 3600


def test_once_it_is_vouched_for_the_days_it_says_are_over_are_closed(
    sqlite_url: str, tmp_path: Path
) -> None:
    made(sqlite_url, tmp_path)
    file = tmp_path / "giờ"
    set_clock(file, "+0")
    with serving(sqlite_url, **faked(file)) as served:
        served.wait_until(caught_up(sqlite_url))
        set_clock(file, "+49h")
        served.wait_for("stepped")
        # Typed on the machine whose clock it is: only that clock is vouched for.
        words = [sys.executable, "-m", "ntm_workflow", "clock", "confirm", "--store", sqlite_url]
        subprocess.run(words, env={**os.environ, **faked(file)}, check=True)
        served.wait_until(lambda: days(sqlite_url)[-1] >= yesterday() + timedelta(days=2))
        assert served.stop() == 0


# --- its timer


def test_no_error_ends_the_timer_and_no_wait_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Exception] = []
    calls: list[int] = []

    def locked(self: BackgroundScheduler) -> float | None:
        calls.append(1)
        if len(calls) == 1:
            raise sqlite3.OperationalError("database is locked")
        return None

    monkeypatch.setattr(BackgroundScheduler, "_process_jobs", locked)
    monkeypatch.setattr(scheduler, "MOST_WAIT", 0.05)
    pokes = Pokes(Clocks(SystemClock()), told.append, timezone=VIETNAM)
    pokes.start()
    until(lambda: len(calls) > 5, 10)
    assert (pokes.alive, len(told)) == (True, 1)
    pokes.shutdown()


class Told:
    """The machine's clock, set by so much."""

    by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


def test_a_clock_set_back_or_forward_plans_every_job_anew() -> None:
    clock, done = Told(), []
    pokes = Pokes(Clocks(clock), print, timezone=VIETNAM)
    pokes.add_job(lambda: done.append(1), "interval", hours=9)
    pokes.start()
    try:
        clock.by = timedelta(hours=-2)
        until(lambda: done, 10)
        clock.by = timedelta(days=365)
        until(lambda: len(done) == 2, 10)
    finally:
        pokes.shutdown()


def test_what_is_over_is_closed_as_soon_as_somebody_vouches_for_the_clock(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services import SETTINGS

    # Only the vouching itself can wake it so soon.
    monkeypatch.setattr(scheduler, "EVERY", timedelta(hours=9))
    made(sqlite_url, tmp_path)
    clock, told = Told(), []
    opened = partial(Database, sqlite_url)
    keeper = Keeper(opened, clock, SETTINGS, lambda name, found: told.append(found.say("en")))
    pokes = keeper._pokes()
    pokes.start()
    try:
        until(caught_up(sqlite_url))
        clock.by = timedelta(hours=49)
        until(lambda: any("stepped by" in words for words in told))
        with closing(opened()) as database:
            office, times = Office(database, clock), Clocks(clock).read(database)
            confirm(office, Request(by="An"), times, timedelta(days=62))
        until(lambda: days(sqlite_url)[-1] >= yesterday() + timedelta(days=2))
    finally:
        pokes.shutdown()


def test_a_store_that_is_away_is_told_once_and_found_again(sqlite_url: str, tmp_path: Path) -> None:
    told: list[tuple[str, Finding]] = []
    there = [False]

    def open_() -> Database:
        if not there[0]:
            raise StoreMissing(where=sqlite_url)
        return Database(sqlite_url)

    from services import SETTINGS

    keeper = Keeper(open_, SystemClock(), SETTINGS, lambda name, found: told.append((name, found)))
    for _ in range(3):
        assert not keeper.once()
    assert [name for name, _ in told] == ["tick"]
    made(sqlite_url, tmp_path)
    there[0] = True
    keeper.once()
    assert caught_up(sqlite_url)()


def test_trouble_that_comes_back_after_a_good_look_is_told_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    from services import SETTINGS

    made(sqlite_url, tmp_path)
    told: list[str] = []
    there = iter((False, False, True, False))

    def open_() -> Database:
        if not next(there):
            raise StoreMissing(where=sqlite_url)
        return Database(sqlite_url)

    keeper = Keeper(open_, SystemClock(), SETTINGS, lambda name, found: told.append(name))
    assert [keeper.tick() for _ in range(4)] == [False, False, True, False]
    assert told == ["tick", "tick"]


def test_clocks_read_while_the_process_stood_still_are_read_again() -> None:
    class Stopped:
        """Stands still for a while at its first look."""

        looks = 0

        def now(self) -> datetime:
            self.looks += 1
            if self.looks == 1:
                time.sleep(1.1)
            return datetime.now(UTC)

    clock = Stopped()
    Clocks(clock).read()
    assert clock.looks == 2
