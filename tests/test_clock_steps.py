"""The clock of a real `ntm serve` is set: what is over is closed once, and never by a clock nobody vouched for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from crash import steps
from crash.faked import Faked


@pytest.fixture(autouse=True)
def _a_machine_whose_clock_can_be_faked(tmp_path: Path) -> None:
    if not Faked(tmp_path, datetime.now(UTC)).is_believed():
        pytest.skip("libfaketime does not work on this machine")


def test_days_are_closed_when_they_are_over_however_the_clock_is_set(
    sqlite_url: str, tmp_path: Path
) -> None:
    found = steps.run(sqlite_url, tmp_path, seed=1, steps=4)
    assert found.sound, f"{found}\n{(tmp_path / 'serve.log').read_text()}"
    assert found.held
    assert found.late
