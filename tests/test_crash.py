"""The crash rig, run short: what the office acknowledged survives SIGKILL, once and whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from crash import run as rig

from ntm_workflow.office import Office
from ntm_workflow.store.engine import Database


def record(office: Office) -> rig.Heard:
    """Send one of every kind of command without killing anybody."""
    heard = rig.Heard(StringIO())
    for n in range(len(rig.ROUND)):
        facts, _ = rig.send(office, rig.Command(n))
        heard.acknowledged[n] = rig.digest(facts)
    return heard


def test_a_killed_writer_loses_doubles_and_tears_nothing(store_url: str, tmp_path: Path) -> None:
    said = tmp_path / "writers.log"
    with said.open("a") as log:
        result = rig.run(store_url, kills=8, seed=1, log=log)
    assert result.ok, f"{said.read_text()}\n{result}"
    assert result.in_mid_command > 0


def test_a_store_whose_checkpoint_was_cut_off_opens_again(tmp_path: Path) -> None:
    path, copy = tmp_path / "sổ.db", tmp_path / "copy.db"
    rig.prepare(str(path))
    with rig.opened(str(path)) as office:
        record(office)
        before, log = path.read_bytes(), (tmp_path / "sổ.db-wal").read_bytes()
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA wal_checkpoint(FULL)")
        after = path.read_bytes()
    assert len(after) > len(before)
    # A checkpoint writes the first page first: it tells of pages the file does not have yet.
    copy.write_bytes(after[:4096] + before[4096:])
    (tmp_path / "copy.db-wal").write_bytes(log)
    with rig.opened(str(copy)) as office:
        assert office.verify().ok
        assert office.rebuild(check_only=True).equal


# --- the rig itself: it must not pass a store in which something is wrong


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, rig.Heard]:
    """A store with every kind of command in it, and what was acknowledged."""
    path = tmp_path_factory.mktemp("crash") / "sound.db"
    rig.prepare(str(path))
    with rig.opened(str(path)) as office:
        return path, record(office)


@pytest.fixture
def store(sound: tuple[Path, rig.Heard], tmp_path: Path) -> str:
    return str(shutil.copy(sound[0], tmp_path / "copy.db"))


def damage(url: str, sql: str) -> None:
    with closing(Database(url)) as database, database.write() as conn:
        conn.exec_driver_sql(sql)


ENTRY = "(SELECT min(entry) FROM facts WHERE document = '{}')"
LAST_OF = "(SELECT max(position) FROM facts WHERE document = '{}')"
FORGED = "CAST(replace(CAST(state AS TEXT), '1000004', '9000004') AS BLOB)"


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        pytest.param(
            f"DELETE FROM events WHERE entry = {ENTRY.format('void 11')}",
            {"lost": 1, "keys_match": False, "verify": False, "rebuilt_equal": False},
            id="an entry is gone",
        ),
        pytest.param(
            f"DELETE FROM events WHERE position = {LAST_OF.format('allocate 1')}",
            {"torn": 1, "gaps": 1, "verify": False, "rebuilt_equal": False},
            id="a fact of an entry is gone",
        ),
        pytest.param(
            f"UPDATE events SET state = {FORGED} WHERE entry = {ENTRY.format('pay 4')}",
            {"torn": 1, "verify": False, "rebuilt_equal": False},
            id="a fact says something else",
        ),
        pytest.param("DELETE FROM fund", {"rebuilt_equal": False}, id="rows are gone"),
        pytest.param("DELETE FROM command_keys", {"keys_match": False}, id="keys are gone"),
    ],
)
def test_the_rig_notices_when(
    sound: tuple[Path, rig.Heard], store: str, sql: str, finding: dict[str, Any]
) -> None:
    before = rig.judge(store, 0, sound[1])
    assert before.ok
    damage(store, sql)
    after = rig.judge(store, 0, sound[1])
    assert after == replace(before, **finding)
    assert not after.ok


def test_the_rig_notices_a_command_recorded_twice(
    sound: tuple[Path, rig.Heard], store: str
) -> None:
    damage(store, "DELETE FROM command_keys WHERE key = 'pay 8'")
    with rig.opened(store) as office:
        rig.send(office, rig.Command(8))
    after = rig.judge(store, 0, sound[1])
    assert (after.doubled, after.lost, after.ok) == (1, 0, False)


def test_the_rig_does_not_go_on_after_a_writer_that_failed(tmp_path: Path) -> None:
    said = tmp_path / "writers.log"
    with said.open("a") as log:
        heard = rig.torment(str(tmp_path / "nothing.db"), kills=3, seed=1, log=log)
    assert heard.failed == 1
    assert "StoreMissing" in said.read_text()
    assert said.read_text().count("sent 0\n") == 1
