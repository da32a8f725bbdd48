"""The mail rig, run short: relays killed at a server that misbehaves lose no letter, and double none unexplained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crash import mail
from crash.mail import Plan, Result
from mailserver import Apart

SHORT = Plan(communes=30, mornings=2, kills=6, seed=3, spells=2)


def test_killed_relays_lose_no_letter_at_a_server_that_misbehaves(
    store_url: str, tmp_path: Path
) -> None:
    found = mail.run(store_url, SHORT, tmp_path)
    assert found.ok, f"{found}\n{(tmp_path / 'errors.log').read_text()}"
    assert found.letters >= SHORT.letters
    assert found.dead >= SHORT.mornings
    assert found.kills >= SHORT.kills
    assert found.faults >= found.letters // 5


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose letters all arrived, and the log of the server they went to.

    On a slow machine the last relays are ended between hearing an answer and recording it: of such a
    run the doubled letters have a reason that is not in the log.
    """
    for seed in range(1, 6):
        folder = tmp_path_factory.mktemp("thư")
        plan = Plan(communes=8, mornings=1, kills=0, seed=seed)
        assert mail.run(f"sqlite:///{folder}/s.db", plan, folder).ok
        lines = (folder / "server.log").read_text("utf-8").splitlines(keepends=True)
        if judged(folder, lines, folder / "again").ok:
            return folder
    pytest.fail("no run was calm")


def judged(folder: Path, lines: list[str], to: Path) -> Result:
    """What the rig says had the server's log been these lines."""
    to.write_text("".join(lines), "utf-8")
    found = Result(letters=1)
    mail.judge(f"sqlite:///{folder}/s.db", folder, Apart(0, to), {}, found)
    return found


def test_the_rig_sees_what_is_lost_doubled_or_changed_on_the_way(
    calm: Path, tmp_path: Path
) -> None:
    lines = (calm / "server.log").read_text("utf-8").splitlines(keepends=True)
    told, log = [json.loads(line) for line in lines], tmp_path / "log"
    # One that met no fault: of others a copy too many may have its reason.
    struck = {line["to"] for line in told if "fault" in line}
    last = max(n for n, line in enumerate(told) if line.get("recipient", "") not in {*struck, ""})
    taken = told[last]
    other = json.dumps({**taken, "sha256": "0" * 64}) + "\n"
    assert judged(calm, lines, log).ok
    lost = judged(calm, lines[:last] + lines[last + 1 :], log)
    assert (lost.lost, lost.ok) == (1, False)
    doubled = judged(calm, [*lines, lines[last]], log)
    assert (doubled.unexplained, doubled.ok) == (1, False)
    changed = judged(calm, [*lines[:last], other, *lines[last + 1 :]], log)
    assert (changed.recorded_otherwise, changed.ok) == (1, False)
