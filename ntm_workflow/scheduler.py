"""`ntm serve`: a process that pokes what looks after a store, at its times, until it is stopped.

A poke only asks for work to be done that any command may do as well; losing one costs nothing,
since each is asked again soon. Jobs stand in memory and are made again at each start.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Event, Lock
from typing import Any, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from ntm_workflow.clocks import SET, Clocks
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.clock import ClockHeld
from ntm_workflow.domain.schedule import TICK as EVERY
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Clock, Office
from ntm_workflow.office.clock import doubt
from ntm_workflow.office.finding import Finding, Grade, ok, refused
from ntm_workflow.office.heartbeat import TICK
from ntm_workflow.office.jobs import JOBS, Service
from ntm_workflow.office.service import ALERTS, WATCHED, run, send_alerts, tick, unforeseen
from ntm_workflow.store.engine import Database

#: The longest wait, in seconds: a clock set forward makes work due while a longer one goes on.
MOST_WAIT: Final = 2.0

#: How often the process looks whether it is to stop, in seconds.
_GLANCE: Final = 0.25

#: Told what a job came to: its name and what it found.
Tell = Callable[[str, Finding], None]
#: Opens the store anew for each poke, so that one that was restored or is back is found.
Opened = Callable[[], Database]


class Pokes(BackgroundScheduler):  # type: ignore[misc]
    """The library's scheduler with three things it lacks: no wait is long, no error ends its thread,
    and a clock that is set plans everything anew.
    """

    def __init__(
        self,
        clocks: Clocks,
        tell: Callable[[Exception], None],
        vouched: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.clocks = clocks
        self.vouched = vouched
        self.tell = tell
        self.offset = self._offset()

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _process_jobs(self) -> float:
        try:
            self._follow_clock()
            wait = super()._process_jobs()
        except Exception as error:
            self.tell(error)
            wait = None
        return MOST_WAIT if wait is None else min(wait, MOST_WAIT)

    def _follow_clock(self) -> None:
        """A clock set back would leave jobs waiting; one set forward, count every run it missed.

        What waited for somebody to vouch for the clock waits no longer, either.
        """
        offset = self._offset()
        if abs(offset - self.offset) < SET and not self.vouched():
            return
        self.offset = offset
        for job in self.get_jobs():
            job.modify(next_run_time=datetime.now(VIETNAM))

    def _offset(self) -> float:
        times = self.clocks.read()
        return times.wall.timestamp() - times.boot


class Keeper:
    """Looks after one store: each poke opens it, does its work and closes it."""

    def __init__(self, opened: Opened, clock: Clock, service: Service, tell: Tell) -> None:
        self.opened = opened
        self.clock = clock
        self.clocks = Clocks(clock)
        self.service = replace(service, going_on=lambda: not self.stopping)
        # A plain mark: an Event set by a signal may wait for a lock its own thread holds.
        self.stopping = False
        self._tell = tell
        self._told: dict[str, Finding] = {}
        self._poked: set[str] = set()
        self._in_doubt = False
        self.lasting = False
        self._lock = Lock()

    def once(self) -> bool:
        """Everything that is due, one after another; whether all went well."""
        if self.tick():
            self.alert()
            for name in JOBS:
                self.poke(name)
        return all(found.grade is not Grade.FAIL for found in self._told.values())

    def serve(self) -> bool:
        """Poke until SIGTERM or SIGINT, then let what runs end; False where the timer itself died."""
        self.lasting = True
        pokes = self._pokes()
        self._listen()
        where = self.opened().where
        self.tell("serve", ok("serve", "Trực sổ {where}.", "Looking after {where}.", where=where))
        pokes.start()
        idle = Event()
        while pokes.alive and not self.stopping:
            idle.wait(_GLANCE)
        died, self.stopping = not self.stopping, True
        pokes.shutdown(wait=True)
        self.tell("serve", ok("serve", "Thôi trực.", "Stopped."))
        return not died

    def poke(self, name: str) -> None:
        """Do a job if it is due, and tell what it came to."""
        try:
            with self._office() as office:
                times = self.clocks.read(office.database)
                found = run(office, self.service, name, times, at_start=self._first(name))
        except Exception as error:
            found = why(name, error)
        if found:
            # Told by whoever saw the step first; somebody may vouch for it before the next look.
            self._in_doubt |= found.vi == ClockHeld.vi
            self.tell(name, found)

    def tell(self, name: str, found: Finding) -> None:
        """Tell what a job came to; trouble that goes on is told once."""
        with self._lock:
            again = self._told.get(name) == found and found.grade is not Grade.OK
            self._told[name] = found
        if not again:
            self._tell(name, found)

    def tick(self) -> bool:
        """Look at the clock and the store; whether it could be looked at."""
        try:
            with self._office() as office:
                times = self.clocks.read(office.database)
                told = tick(office, self.service, times)
                self._in_doubt |= doubt(office) is not None or any(f.check == "clock" for f in told)
        except Exception as error:
            self.tell(TICK, why(TICK, error))
            return False
        # What a tick does not find any more is over; it is told anew when it comes back.
        self._over(TICK, *(name for name in WATCHED if name not in {each.check for each in told}))
        for found in told:
            self.tell(found.check, found)
        return True

    def alert(self) -> None:
        """Send what alerts wait. Apart from the tick: a mail server may take ten minutes to answer."""
        try:
            with self._office() as office:
                found = send_alerts(office, self.service)
        except Exception as error:
            found = why(ALERTS, error)
        if found:
            self.tell(ALERTS, found)
        else:
            self._over(ALERTS)

    def _over(self, *names: str) -> None:
        with self._lock:
            for name in names:
                self._told.pop(name, None)

    def _vouched(self) -> bool:
        """Whether the clock was in doubt at a look and is not any more."""
        if not self._in_doubt:
            return False
        with self._office() as office:
            self._in_doubt = doubt(office) is not None
        return not self._in_doubt

    def _first(self, name: str) -> bool:
        """Whether this service pokes the job for the first time: what a kill left has no rest."""
        first = self.lasting and name not in self._poked
        self._poked.add(name)
        return first

    @contextmanager
    def _office(self) -> Iterator[Office]:
        with closing(self.opened()) as database:
            yield Office(database, self.clock)

    # --- timers

    def _pokes(self) -> Pokes:
        # What went wrong is told by us; what the library says of it is for its developers.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        pokes = Pokes(
            self.clocks,
            lambda error: self.tell(TICK, why(TICK, error)),
            self._vouched,
            timezone=VIETNAM,
            executors={"default": ThreadPoolExecutor(len(JOBS) + 3)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        now, every = datetime.now(VIETNAM), int(EVERY.total_seconds())
        often = IntervalTrigger(seconds=every, timezone=VIETNAM)
        pokes.add_job(self.tick, often, id=TICK, next_run_time=now)
        pokes.add_job(self.alert, often, id=ALERTS, next_run_time=now)
        for name, job in JOBS.items():
            at = job.at(self.service)
            daily = CronTrigger(hour=at.hour, minute=at.minute, timezone=VIETNAM)
            # At its time to the second, and again and again for what could not be done then.
            pokes.add_job(self.poke, OrTrigger([daily, often]), (name,), id=name, next_run_time=now)
        return pokes

    def _listen(self) -> None:
        def stop(number: int, frame: object) -> None:
            self.stopping = True
            # Whoever asks twice does not want to wait.
            signal.signal(number, signal.SIG_DFL)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)


def why(name: str, error: Exception) -> Finding:
    """What stopped a job: a refusal in its own words, anything else as a fault."""
    return refused(name, error) if isinstance(error, Refused) else unforeseen(name, error)
