"""The kill rig, run short: what was acknowledged survives SIGKILL once and whole, and each day is closed once."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from crash import judge as rig
from crash import kills
from crash.children import CLOSER, Job, close_days, write
from crash.commands import LANES, ROUND, Command, send
from crash.kills import Plan, Tally
from crash.told import FileClock, opened

from ntm_workflow.store.engine import Database

#: A store of the rig's own, in which nobody is killed.
CALM = Plan(kills=0, stops=0, seed=1)
#: Days that are over when it is closed.
OVER = 3
MISSED = OVER * LANES


def live(url: str, folder: Path) -> None:
    """Send one of every kind of command in each lane, with some days closed in between."""
    kills.prepare(url, CALM)
    clock = FileClock(folder / "clock")
    clock.put(kills.morning(OVER))
    jobs = [Job(url, folder, lane, CALM.days, until=len(ROUND) - 1) for lane in range(LANES)]
    write(jobs[0])
    close_days(jobs[0])
    clock.put(clock.now() + timedelta(minutes=1))
    for job in jobs[1:]:
        write(job)


def test_killed_writers_and_daemons_lose_double_and_tear_nothing(
    store_url: str, tmp_path: Path
) -> None:
    result = rig.run(store_url, Plan(kills=18, stops=3, seed=1), tmp_path)
    errors = tmp_path / "errors.log"
    assert result.ok, f"{result}\n{errors.read_text()}"
    assert result.in_the_middle
    assert result.missed


def test_without_its_checks_the_program_loses_or_doubles(store_url: str, tmp_path: Path) -> None:
    result = rig.run(store_url, Plan(kills=18, stops=3, seed=1, spoilt=True), tmp_path)
    assert result.wrong, result
    assert not result.ok


def test_a_store_whose_checkpoint_was_cut_off_opens_again(tmp_path: Path) -> None:
    path, copy = tmp_path / "sổ.db", tmp_path / "copy.db"
    kills.prepare(str(path), CALM)
    with opened(str(path), FileClock(tmp_path / "clock")) as office:
        office.clock.put(kills.morning(1))  # type: ignore[attr-defined]
        send(office, Command(0, 0))
        before, log = path.read_bytes(), (tmp_path / "sổ.db-wal").read_bytes()
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(FULL)")
        after = path.read_bytes()
    assert len(after) > len(before)
    # A checkpoint writes the first page first: it tells of pages the file does not have yet.
    copy.write_bytes(after[:4096] + before[4096:])
    (tmp_path / "copy.db-wal").write_bytes(log)
    with opened(str(copy), FileClock(tmp_path / "clock")) as office:
        assert office.verify().ok
        assert office.rebuild(check_only=True).equal


# --- the rig itself: it must not pass a store in which something is wrong


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in it, and the logs of who wrote it."""
    folder = tmp_path_factory.mktemp("crash")
    live(str(folder / "sound.db"), folder)
    return folder


@pytest.fixture
def store(sound: Path, tmp_path: Path) -> str:
    return str(shutil.copy(sound / "sound.db", tmp_path / "copy.db"))


def judged(store: str, sound: Path) -> rig.Result:
    return rig.judge(store, Tally(), sound)


def damage(url: str, sql: str) -> None:
    with closing(Database(url)) as database, database.write() as conn:
        conn.exec_driver_sql(sql)


ENTRY = "(SELECT min(entry) FROM facts WHERE document = '{}')"
LAST_OF = "(SELECT max(position) FROM facts WHERE document = '{}')"
A_MISS = "(SELECT min(position) FROM facts WHERE type = 'ObligationMissed')"
LAST_CLOSED = "(SELECT max(position) FROM facts WHERE type = 'DayClosed')"
FORGED = "CAST(replace(CAST(state AS TEXT), '1000003', '9000003') AS BLOB)"
ALTERED = {"verify": False, "rebuilt_equal": False}


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        pytest.param(
            f"DELETE FROM events WHERE entry = {ENTRY.format('void 1.10')}",
            {"lost": 1, "gaps": 1, "keys_match": False, **ALTERED},
            id="an entry is gone",
        ),
        pytest.param(
            f"DELETE FROM events WHERE position = {LAST_OF.format('allocate 0.0')}",
            {"torn": 1, "gaps": 1, **ALTERED},
            id="a fact of an entry is gone",
        ),
        pytest.param(
            f"UPDATE events SET state = {FORGED} WHERE entry = {ENTRY.format('pay 0.3')}",
            {"torn": 1, **ALTERED},
            id="a fact says something else",
        ),
        pytest.param(
            f"DELETE FROM events WHERE position = {A_MISS}",
            {"torn": 1, "gaps": 1, "missed": MISSED - 1, "never_enforced": 1, **ALTERED},
            id="a miss is gone",
        ),
        pytest.param(
            f"DELETE FROM events WHERE position = {LAST_CLOSED}",
            {
                "torn": 1,
                "gaps": 1,
                "days_closed": OVER - 1,
                "duties_over": MISSED - LANES,
                **ALTERED,
            },
            id="the end of a closing is gone",
        ),
        pytest.param("DELETE FROM fund", {"rebuilt_equal": False}, id="rows are gone"),
        pytest.param("DELETE FROM command_keys", {"keys_match": False}, id="keys are gone"),
    ],
)
def test_the_rig_notices_when(sound: Path, store: str, sql: str, finding: dict[str, Any]) -> None:
    before = judged(store, sound)
    assert before.ok, before
    damage(store, sql)
    after = judged(store, sound)
    assert after == replace(before, **finding)
    assert not after.ok


def test_the_rig_notices_a_command_recorded_twice(sound: Path, store: str) -> None:
    damage(store, "DELETE FROM command_keys WHERE key = 'pay 0.7'")
    with opened(store, FileClock(sound / "clock")) as office:
        send(office, Command(0, 7))
    after = judged(store, sound)
    assert (after.doubled, after.lost, after.ok) == (1, 0, False)


def test_the_rig_notices_what_was_found_and_closed_twice(sound: Path, store: str) -> None:
    with opened(store, FileClock(sound / "clock")) as office, office.reading() as reading:
        facts = list(office.journal.facts(reading.conn))
    again = [fact for fact in facts if fact.event.by == CLOSER]
    twice = rig.Enforced([*facts, *again])
    assert len(twice.twice) == MISSED + OVER
    assert twice.days_astray == OVER


def test_the_rig_does_not_go_on_after_a_child_that_failed(tmp_path: Path) -> None:
    nothing = str(tmp_path / "nothing.db")
    tally = kills.torment(nothing, Plan(kills=3, stops=0, seed=1), tmp_path)
    assert tally.kills == 0
    assert tally.failed
    assert "StoreMissing" in (tmp_path / "errors.log").read_text()
