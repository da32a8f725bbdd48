"""Kills two daemons and four writers at one store, each at any moment, and starts them again.

The daemons close days while writers send commands, all by one clock that goes on meanwhile. A child
is killed in mid-write, or stopped for a while with whatever lock it holds. The next one goes on
where its log ends: what was not acknowledged is sent again under the same key.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGKILL, SIGSTOP
from time import monotonic, sleep

from crash import control, heard, sample
from crash.children import Job, close_days, work, write
from crash.commands import LANES
from crash.told import FileClock, Told, opened

from ntm_workflow.office import adoption
from ntm_workflow.office.entry import Request

DAEMONS = 2
#: Longer than SQLite waits at most between two looks at a lock, 0.1 s.
STOPPED = (0.15, 0.3)
#: So many characters at most a child may say before it is hit: a few commands, a closing.
MOST: dict[Callable[[Job], None], int] = {write: 600, close_days: 2}
#: How long whoever was not killed may take to finish.
PATIENCE = 120


@dataclass(frozen=True)
class Plan:
    """So many kills and stops, drawn from a seed. `spoilt`: with the checks taken out."""

    kills: int
    stops: int
    seed: int
    spoilt: bool = False

    @property
    def days(self) -> int:
        """The days of the store's plan: the clock goes on about a day with each kill."""
        return self.kills + self.kills // 5 + 30


@dataclass
class Tally:
    kills: int = 0
    stops: int = 0
    in_the_middle: int = 0
    #: Children that ended by themselves, by an error.
    failed: int = 0


def prepare(url: str, plan: Plan) -> None:
    """A store with the sample plan adopted."""
    with opened(url, Told(morning(0))) as office:
        office.create(office.database)
        verb = partial(adoption.adopt, pack=sample.plan(plan.days))
        office.record(Request(by="rig"), verb)
    if plan.spoilt:
        control.loosen(url)


def torment(url: str, plan: Plan, folder: Path) -> Tally:
    """Kill and stop as planned, then let all finish. Ends early when a child fails by itself."""
    return _Torment(url, plan, folder).run()


class _Child:
    """A job and the process that does it just now."""

    def __init__(self, context: ForkServerContext, does: Callable[[Job], None], job: Job) -> None:
        self.context = context
        self.does = does
        self.job = job
        self.path = job.log("writer" if does is write else "closer")
        self.process: ForkServerProcess
        self.start()

    def start(self) -> None:
        self.silent = self._said
        self.process = self.context.Process(target=work, args=(self.does, self.job))
        self.process.start()

    @property
    def _said(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def wait(self, characters: int) -> None:
        """Until it has said so much since it began; not for ever, nor for one that has ended."""
        until = monotonic() + PATIENCE
        while self._said < self.silent + characters and monotonic() < until:
            if not self.process.is_alive():
                return
            sleep(0.001)

    def kill(self) -> bool:
        """Whether it was there to be killed."""
        self.process.kill()
        self.process.join()
        return self.process.exitcode == -SIGKILL

    def stop(self, seconds: float) -> None:
        """Hold it up; one that has ended, as without the checks some do, is left."""
        pid = self.process.pid
        assert pid
        with suppress(ProcessLookupError):
            os.kill(pid, SIGSTOP)
            sleep(seconds)
            os.kill(pid, SIGCONT)

    @property
    def in_the_middle(self) -> bool:
        return self.path.exists() and heard.in_the_middle(self.path)

    def finish(self) -> bool:
        """Let it do the rest in peace; whether it could."""
        until = heard.read(self.path).sent if self.does is write else 0
        self.job = replace(self.job, until=until)
        self.start()
        self.process.join(PATIENCE)
        done = self.process.exitcode == 0
        if self.process.exitcode is None:
            self.kill()
        return done


class _Torment:
    def __init__(self, url: str, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.random = Random(plan.seed)
        self.clock = FileClock(folder / "clock")
        self.clock.put(morning(1))
        self.tally = Tally()
        context = multiprocessing.get_context("forkserver")
        # Imported once: a child is a fork of that, and so begins at once.
        context.set_forkserver_preload(["crash.children", "psycopg"])
        crew = [(write, n) for n in range(LANES)] + [(close_days, n) for n in range(DAEMONS)]
        self.crew = [
            _Child(context, does, Job(url, folder, n, plan.days, plan.spoilt)) for does, n in crew
        ]

    def run(self) -> Tally:
        for stops in self._acts():
            self.clock.put(self.clock.now() + timedelta(hours=self.random.randrange(48)))
            child = self.random.choice(self.crew)
            child.wait(self.random.randrange(1, MOST[child.does]))
            sleep(self.random.random() / 30)
            if stops and child.process.is_alive():
                child.stop(self.random.uniform(*STOPPED))
                self.tally.stops += 1
            elif not self._kill(child) and not self.plan.spoilt:
                break
        return self._end()

    def _acts(self) -> list[bool]:
        """True for each stop, False for each kill, in any order."""
        acts = [True] * self.plan.stops + [False] * self.plan.kills
        self.random.shuffle(acts)
        return acts

    def _kill(self, child: _Child) -> bool:
        """Kill it and start the next; whether it had not failed before."""
        killed = child.kill()
        self.tally.kills += killed
        self.tally.failed += not killed
        self.tally.in_the_middle += child.in_the_middle
        child.start()
        return killed

    def _end(self) -> Tally:
        """Kill all at once, then let each finish."""
        for child in self.crew:
            self.tally.failed += not child.kill()
        for child in self.crew:
            self.tally.failed += not child.finish()
        return self.tally


def morning(day: int) -> datetime:
    return datetime.combine(sample.BEGINS, time(2), UTC) + timedelta(days=day)
