"""The long rigs, one after another, with a summary: `make crash`.

    PYTHONPATH=tests .venv/bin/python -m crash [RIG…] [--store sqlite|postgresql] [--seed N] [--part N]

Each rig is seeded. Its logs stay in a folder, which is removed when nothing was found wrong.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

from bench.databases import Home, homes
from crash import headers, judge, mail, outage, points, postfix, steps
from crash.faked import Faked
from crash.kills import Plan
from crash.points import Points

#: Processes whose clocks are set at once.
LANES = 5
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Task:
    """What a rig is given; `part` makes it shorter by that factor."""

    home: Home
    folder: Path
    seed: int
    part: int

    def of(self, much: int) -> int:
        return max(1, much // self.part)


@dataclass(frozen=True)
class Outcome:
    ok: bool
    told: str


def crash_points(task: Task) -> Outcome:
    """A server takes its time for every new connection, so it gets fewer seeds."""
    seeds = task.of(24 if task.home.name == "sqlite" else 4)
    total = Points()
    with (task.folder / "points.log").open("a") as log:
        for seed in range(task.seed, task.seed + seeds):
            calm, url = str(task.folder / f"calm-{seed}.db"), task.home.new()
            total.add(points.run(calm, url, seed, days=4, log=log))
            task.home.drop(url)
    return Outcome(total.ok and total.points > 0, str(total))


def killing(task: Task) -> Outcome:
    plan = Plan(kills=task.of(1000), stops=task.of(110), seed=task.seed)
    result = judge.run(task.home.new(), plan, task.folder)
    return Outcome(result.ok, str(result))


def control(task: Task) -> Outcome:
    """The same without the program's checks: it has to go wrong, or the rig sees nothing."""
    plan = Plan(kills=task.of(60), stops=task.of(10), seed=task.seed, spoilt=True)
    result = judge.run(task.home.new(), plan, task.folder)
    return Outcome(result.wrong > 0 and not result.ok, f"{result}\n(it must go wrong)")


def clock_steps(task: Task) -> Outcome:
    """Several processes at once, each with a store and a clock of its own: they mostly wait."""
    stores = [(task.home.new(), task.folder / str(n)) for n in range(LANES)]
    for _, folder in stores:
        folder.mkdir()
    if not Faked(task.folder, datetime.now(UTC)).is_believed():
        return Outcome(False, "libfaketime does not work on this machine")
    each, total = -(-task.of(500) // LANES), steps.Steps()
    with ThreadPoolExecutor(LANES) as pool:
        runs = [
            pool.submit(steps.run, url, folder, task.seed + n, each)
            for n, (url, folder) in enumerate(stores)
        ]
        for run in runs:
            total.add(run.result())
    return Outcome(total.ok, str(total))


def off(task: Task) -> Outcome:
    told, same = [], True
    for first in (date(2024, 6, 10), date(2024, 10, 10)):
        case = outage.Outage(first)
        nightly, after = (outage.live(task.home.new(), case, off=off) for off in (False, True))
        differs = outage.differences(nightly, after)
        same = same and not differs
        told.append(f"40 days from {first}: {len(after)} facts, {len(differs)} differences")
    return Outcome(same, "\n".join(told))


def letters_read(task: Task) -> Outcome:
    runs = [
        (kind.__name__, headers.run(task.of(100_000), task.seed, kind))
        for kind in (headers.vietnamese, headers.hostile)
    ]
    return Outcome(all(run.ok for _, run in runs), "\n".join(f"{n}: {run}" for n, run in runs))


def sending(task: Task) -> Outcome:
    """A server takes its time to make a connection of a process anew, so fewer letters go there."""
    mornings = 20 if task.home.name == "sqlite" else 4
    plan = mail.Plan(task.of(2500), mornings, kills=task.of(12 * mornings), seed=task.seed)
    result = mail.run(task.home.new(), plan, task.folder)
    return Outcome(result.ok, str(result))


def to_postfix(task: Task) -> Outcome:
    if why := postfix.missing():
        return Outcome(True, f"not run. {why}")
    plan = mail.Plan(task.of(2500), mornings=8, kills=0, seed=task.seed)
    result = postfix.run(task.home.new(), plan, task.folder)
    return Outcome(result.ok, str(result))


RIGS: dict[str, Callable[[Task], Outcome]] = {
    "points": crash_points,
    "kills": killing,
    "control": control,
    "outage": off,
    "steps": clock_steps,
    "mail": sending,
    "postfix": to_postfix,
    "headers": letters_read,
}
#: Rigs that open no store run once.
STORELESS = {"headers"}


def main() -> int:
    said = _said()
    folder = Path(tempfile.mkdtemp(prefix="ntm-crash-"))
    # The sealing key of a store on a server would go into the user's data folder.
    os.environ["XDG_DATA_HOME"] = str(folder)
    print(f"logs in {folder}", flush=True)
    with homes(list(said.store)) as made:
        chosen = [home for home in made if home.name in said.store]
        print("; ".join(home.about() for home in chosen), flush=True)
        passed = [
            _run(name, home, folder, said)
            for name in said.rigs
            for home in (chosen[:1] if name in STORELESS else chosen)
        ]
    print(f"\n{sum(passed)} of {len(passed)} rigs passed", flush=True)
    if all(passed):
        shutil.rmtree(folder)
    return 0 if all(passed) else 1


def _run(name: str, home: Home, folder: Path, said: argparse.Namespace) -> bool:
    at = folder / f"{name}-{home.name}"
    at.mkdir()
    began = monotonic()
    outcome = RIGS[name](Task(home, at, said.seed, said.part))
    verdict = "passed" if outcome.ok else "FAILED"
    seconds = monotonic() - began
    print(f"\n{name}, {home.name}, seed {said.seed}: {verdict} in {seconds:.0f} s", flush=True)
    print(outcome.told, flush=True)
    return outcome.ok


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rigs", nargs="*", metavar="RIG", help=", ".join(RIGS))
    parser.add_argument("--store", action="append", choices=DATABASES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=1, help="so many times shorter")
    said = parser.parse_args()
    if unknown := set(said.rigs) - RIGS.keys():
        parser.error(f"{unknown}: not one of {list(RIGS)}")
    said.rigs = said.rigs or list(RIGS)
    said.store = said.store or DATABASES
    return said


if __name__ == "__main__":
    sys.exit(main())
