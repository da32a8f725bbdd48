"""A crash before any statement or around any commit leaves a store that goes on as if it had not been."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from crash import points

from ntm_workflow.office import keys
from ntm_workflow.store import engine


def told(url: str, folder: Path) -> points.Points:
    log = StringIO()
    found = points.run(str(folder / "calm.db"), url, seed=1, days=1, log=log)
    print(found, log.getvalue(), sep="\n")
    return found


def test_a_story_with_a_crash_at_each_point_ends_as_it_does_without(
    store_url: str, tmp_path: Path
) -> None:
    found = told(store_url, tmp_path)
    assert found.ok
    assert found.points > 150
    assert {"adopt", "close"} <= found.kinds.keys()


# --- the rig itself: it must not pass a program that is not safe


def test_the_rig_notices_a_file_in_which_every_statement_counts_at_once(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = engine.sqlite_engine
    monkeypatch.setattr(engine, "sqlite_engine", lambda made, begin: connect(made, "SELECT 1"))
    found = told(sqlite_url, tmp_path)
    assert found.astray
    assert not found.ok


def test_the_rig_notices_a_program_that_forgets_what_it_was_sent(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "entry_of", lambda conn, request: None)
    found = told(sqlite_url, tmp_path)
    assert found.otherwise
    assert not found.ok
