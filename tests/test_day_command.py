"""`ntm day close` and `day status` on the line: what is counted, listed, silent, and safe to ask again."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import ntm, on_terminal

PLAN = "tam-ky-2022"


@pytest.fixture(scope="module")
def taken_on(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that has just taken on a plan of years ago, whole."""
    store = str(tmp_path_factory.mktemp("sổ") / "sổ.db")
    assert ntm("init", store).code == 0
    assert ntm(f"plan adopt {PLAN} quang-nam-2024-2025 --within 'Tam Kỳ'", store).code == 0
    return store


def test_a_dry_run_tells_the_same_and_closes_nothing(taken_on: str) -> None:
    before = ntm("day status --json", taken_on).json
    tried = ntm("day close --until 31/12/2025 --dry-run --json", taken_on).json
    assert tried["dry_run"] is True
    assert len(tried["closed"]) > 1000
    assert ntm("day status --json", taken_on).json == before
    assert (before["closed_until"], before["due"]) == (None, True)


def test_the_years_before_a_plan_was_here_are_closed_as_history(taken_on: str) -> None:
    done = ntm("day close --until 31/12/2025 --json", taken_on).json
    misses = [fact for fact in done["facts"] if fact["type"] == "ObligationMissed"]
    assert done["history"] == len(misses) > 0
    assert sum(done["consequences"].values()) > 0
    listed = ntm("fact list --type ObligationMissed --json", taken_on).json["items"]
    assert {"trước khi đưa kế hoạch vào sổ" in fact["sentence"] for fact in listed} == {True}
    behind = ntm("obligation list --to-decide --as-of 31/12/2025 --json", taken_on).json["items"]
    assert len(behind) == done["to_decide"] > 0
    assert {item["standing"] for item in behind} == {"behind"}
    assert all(item["consequences"] for item in behind)
    letters = ntm("letter preview --as-of 1/1/2026 --json", taken_on).json["items"]
    assert not [letter for letter in letters if letter["kind"] == "confirm"]
    again = ntm("day close --until 31/12/2025 --json", taken_on).json
    assert (again["closed"], again["facts"]) == ([], [])
    assert ntm("rebuild --check --json", taken_on).json["equal"] is True


def test_what_was_found_is_told_to_people(tmp_path: Path) -> None:
    store = str(tmp_path / "sổ.db")
    ntm("init", store)
    ntm(f"plan adopt {PLAN} --within 'Tam Kỳ'", store)
    told = ntm("day close --until 31/12/2025", store).out
    assert "điều khoản nêu “" in told
    assert "trước khi đưa kế hoạch vào sổ" in told
    assert "ntm obligation list --to-decide" in told


def test_a_terminal_shows_the_day_it_has_come_to_and_a_pipe_does_not(tmp_path: Path) -> None:
    store = str(tmp_path / "so.db")
    ntm("init", store)
    ntm("plan adopt tam-ky-2024 --within 'Tam Ngọc'", store)
    seen = on_terminal(f"day close --until 1/2/2024 --dry-run --store {store}")
    assert "\r15/01/2024" in seen
    assert ntm("day close --until 1/2/2024", store).err == ""
