"""Sets the clock of two real `ntm serve`, forward and back, and watches which days they close and when.

A day may be closed once its closing time has come by a clock that is believed. A step of more than a
minute, or several that come to more, is not believed until somebody runs `ntm clock confirm`; then
what is over is to be closed at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGTERM
from time import monotonic, sleep

import sqlalchemy as sa
from crash import sample
from crash.faked import Faked
from crash.told import Told, opened

from ntm_workflow.domain.clock import TOLERATED
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import adoption
from ntm_workflow.office.entry import Request
from ntm_workflow.projections import closing as closing_rows
from ntm_workflow.projections.slices import ALWAYS
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import EVENTS

ONE_DAY = timedelta(days=1)
DAEMONS = 2
#: When the process closes the days before today.
CLOSES_AT = time(0, 5)
#: How long after a step that must not be believed nothing may happen, in seconds.
QUIET = 4.0
#: How long the library may go on with the clock as it was before a step.
UNSEEN = timedelta(seconds=2)
#: How long to wait for what has to happen, in seconds; how late it was is told apart.
PATIENCE = 90.0
#: The clock is kept between these.
EARLIEST, LATEST = datetime(2024, 1, 3, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
YEAR = 365 * 86400
LATE = 5.0


@dataclass
class Steps:
    """What came of the steps; `late` are the seconds until all that was over was closed."""

    steps: int = 0
    forward: int = 0
    kills: int = 0
    held: int = 0
    not_held: int = 0
    early: int = 0
    never: int = 0
    days_closed: int = 0
    late: list[float] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Never early, held where it must be, closed in the end. How late depends on the machine."""
        return not (self.early or self.not_held or self.never)

    @property
    def ok(self) -> bool:
        return self.sound and max(self.late, default=0) <= LATE

    def add(self, other: Steps) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        late = sorted(self.late) or [0.0]
        return (
            f"{self.steps} steps ({self.forward} forward), {self.kills} kills, {self.held} held until confirmed,"
            f" not held {self.not_held}, closed early {self.early}, never closed {self.never};"
            f" {self.days_closed} days closed, after {len(self.late)} waits of"
            f" {late[len(late) // 2]:.1f} s (median), {late[-1]:.1f} s (most)"
        )


def run(url: str, folder: Path, seed: int, steps: int) -> Steps:
    """A store that is looked after by a process of its own, with a clock of its own."""
    begins = datetime.combine(sample.BEGINS + ONE_DAY, time(12), VIETNAM)
    clock = Faked(folder, begins)
    with opened(url, Told(begins.astimezone(UTC))) as office:
        office.create(office.database)
        office.record(Request(by="rig"), partial(adoption.adopt, pack=sample.plan(30)))
    with _served(url, folder, clock) as daemons, closing(Database(url)) as database:
        return _Stepped(database, clock, daemons, Random(seed)).run(steps)


class Command:
    """The program in a process with the clock of the rig."""

    def __init__(self, url: str, folder: Path, clock: Faked) -> None:
        self.environment = {
            **os.environ,
            **clock.environment,
            "NTM_STORE": url,
            "NTM_BY": "rig",
            "NTM_CONFIG": os.devnull,
            "NTM_SERVE_CLOSE_AT": f"{CLOSES_AT:%H:%M}",
        }
        self.log = (folder / "serve.log").open("a")

    def start(self, *words: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "ntm_workflow", *words]
        return subprocess.Popen(
            line, env=self.environment, stdout=self.log, stderr=self.log, text=True
        )

    def run(self, *words: str) -> None:
        assert self.start(*words).wait(PATIENCE) == 0, words


class Daemons:
    """Some `ntm serve` at one store, any of which may be killed."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.processes = [command.start("serve") for _ in range(DAEMONS)]

    def kill(self, number: int) -> None:
        """Kill one in whatever it does, and start the next."""
        self.processes[number].kill()
        self.processes[number].wait()
        self.processes[number] = self.command.start("serve")

    def end(self) -> None:
        for process in self.processes:
            process.send_signal(SIGTERM)
        for process in self.processes:
            process.wait(PATIENCE)


@contextmanager
def _served(url: str, folder: Path, clock: Faked) -> Iterator[Daemons]:
    command = Command(url, folder, clock)
    with command.log:
        daemons = Daemons(command)
        try:
            yield daemons
        finally:
            daemons.end()


@dataclass
class _Stepped:
    database: Database
    clock: Faked
    daemons: Daemons
    random: Random
    #: By how much the clock was set since it was believed last.
    drift: timedelta = timedelta()
    #: The last day that could be closed so far by a clock that was believed.
    allowed: date = date.min
    found: Steps = field(default_factory=Steps)

    def run(self, steps: int) -> Steps:
        self._wait_until_closed()
        # How long a process takes to begin is not how late it is after a step.
        self.found.late.clear()
        for _ in range(steps):
            if self.random.random() < 0.2:
                self.daemons.kill(self.random.randrange(DAEMONS))
                self.found.kills += 1
            by = self._drawn()
            self.found.steps += 1
            self.found.forward += by > timedelta()
            self._set(by)
            self._wait_until_closed()
        self.found.days_closed = self._count("DayClosed")
        return self.found

    def _drawn(self) -> timedelta:
        """From a second to a year; a long one often ends shortly before days are closed."""
        by = timedelta(seconds=YEAR ** self.random.random())
        now = self.clock.now()
        if (self.random.random() < 0.5 and now - by > EARLIEST) or now + by > LATEST:
            by = -by
        if abs(by) < 2 * ONE_DAY or self.random.random() < 0.3:
            return by
        evening = _closing_of((now + by).astimezone(VIETNAM).date())
        return evening - timedelta(seconds=self.random.randrange(1, 50)) - now

    def _set(self, by: timedelta) -> None:
        self._look()
        self.allowed = max(self.allowed, self._over(self.clock.now() + UNSEEN))
        seen = self._count("ClockStepSeen")
        self.clock.step(by)
        self.drift += by
        if abs(self.drift) <= TOLERATED:
            return
        self._must_hold(seen)
        self.daemons.command.run("clock", "confirm")
        self.drift = timedelta()

    def _must_hold(self, seen: int) -> None:
        """Nothing is closed by a clock that leapt, and the process says so by itself."""
        began = monotonic()
        while monotonic() - began < QUIET:
            self._look(believed=False)
        until = monotonic() + PATIENCE
        while self._count("ClockStepSeen") == seen and monotonic() < until:
            self._look(believed=False)
        fired = self._count("ClockStepSeen") > seen
        self.found.held += fired
        self.found.not_held += not fired

    def _wait_until_closed(self) -> None:
        """Until what is over by now is closed, and how long that takes."""
        over, began = self._over(), monotonic()
        if self._look() >= over:
            return
        while (closed := self._look()) < over and monotonic() - began < PATIENCE:
            pass
        if closed < over:
            self.found.never += 1
        else:
            self.found.late.append(monotonic() - began)

    def _look(self, *, believed: bool = True) -> date:
        """The last day closed; too early where its time had not come by a clock that was believed."""
        sleep(0.05)
        with self.database.read() as conn:
            closed = closing_rows.last_day(conn, ALWAYS - 1) or date.min
        if believed:
            self.allowed = max(self.allowed, self._over())
        self.found.early += closed > self.allowed
        return closed

    def _over(self, moment: datetime | None = None) -> date:
        """The last day whose closing time has come by the clock, or at that moment."""
        now = (moment or self.clock.now()).astimezone(VIETNAM)
        return now.date() - (ONE_DAY if now >= _closing_of(now.date()) else 2 * ONE_DAY)

    def _count(self, topic: str) -> int:
        counted = sa.select(sa.func.count()).where(EVENTS.c.topic == topic)
        with self.database.read() as conn:
            return int(conn.execute(counted).scalar_one())


def _closing_of(day: date) -> datetime:
    """When the days before `day` are closed."""
    return datetime.combine(day, CLOSES_AT, VIETNAM)
