"""One piece of work in a process of its own: how long it took and how much memory it needed."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measure import seconds
from stores import Held

from ntm_workflow.cli import main as ntm
from ntm_workflow.office import Office
from ntm_workflow.projections.rebuild import fill
from ntm_workflow.store.engine import Database


class Alone(NamedTuple):
    """What the work took; `peak` in MB."""

    seconds: float
    peak: float


def alone(work: str, *where: str) -> Alone:
    """Do `work` in a fresh process, whose memory is its own."""
    return Alone(**json.loads(python(__file__, work, *where)))


def python(*words: str, stderr: bool = False) -> str:
    """Run a Python of our own, which may keep its bytecode; what it wrote."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stderr if stderr else done.stdout


def rebuild(url: str, beside: str) -> float:
    """Every table from the journal of one store into another, which is empty."""
    source, target = Database(url), Database(beside)
    with closing(source), closing(target):
        journal = Office(source, Held()).journal

        def run() -> None:
            with target.write() as conn, source.read() as reading:
                fill(conn, journal.streams(reading))

        return seconds(run)


def verify(url: str) -> float:
    with closing(Database(url)) as database:
        office = Office(database, Held())
        with database.read() as conn:
            return seconds(partial(office.journal.verify, conn))


def facts(url: str) -> float:
    """The whole audit trail as the command prints it."""
    return seconds(partial(_printed, "fact", "list", "--json", "--store", url))


def _printed(*line: str) -> None:
    with open(os.devnull, "w", encoding="utf-8") as out, redirect_stdout(out):
        try:
            ntm(list(line))
        except SystemExit as done:
            if done.code:
                raise RuntimeError(f"ntm {' '.join(line)}: {done.code}") from done


def peak() -> float:
    """The most memory this process has needed, in MB."""
    # Across fork and exec ru_maxrss keeps the memory of the parent; Linux also counts ours alone.
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text().partition("VmHWM:")[2].split()
        return int(words[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WORKS: dict[str, Callable[..., float]] = {"rebuild": rebuild, "verify": verify, "facts": facts}

if __name__ == "__main__":
    taken = WORKS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(Alone(taken, peak())._asdict()))
