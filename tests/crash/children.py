"""The processes of the kill rig: writers with a lane each, and daemons that close what is over.

They run until they are killed. `spoilt` ones have the checks taken out; see control.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from signal import pause
from time import sleep

from crash import control, heard
from crash.commands import ROUND, Command, digest, send
from crash.told import FileClock, opened

from ntm_workflow.domain.base import Fact
from ntm_workflow.office import Office, closing
from ntm_workflow.office.entry import Request
from ntm_workflow.store.engine import StoreLocked

#: Who types what the daemons find.
CLOSER = "closer"


@dataclass(frozen=True)
class Job:
    """Where a child finds its store, clock and log. `until`: end by yourself after this command."""

    url: str
    folder: Path
    number: int
    days: int
    spoilt: bool = False
    until: int | None = None

    @property
    def clock(self) -> FileClock:
        return FileClock(self.folder / "clock")

    def log(self, kind: str) -> Path:
        return self.folder / f"{kind}-{self.number}.log"


def work(does: Callable[[Job], None], job: Job) -> None:
    """A child's whole life. What it has to complain of goes into a file."""
    errors = os.open(job.folder / "errors.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(errors, 2)
    if job.spoilt:
        control.take_out_checks()
    does(job)


def write(job: Job) -> None:
    """Send the commands of a lane from where its log ends; say of each when it is recorded."""
    path = job.log("writer")
    first, log, random = heard.read(path).next, heard.Log(path), Random(os.getpid())
    with opened(job.url, job.clock) as office:
        last = job.days * len(ROUND) - 1 if job.until is None else job.until
        for n in range(first, last + 1):
            log.say("sent", n)
            facts, again = _sent(office, Command(job.number, n), log)
            log.say("done", n, int(again), digest(facts))
            sleep(random.random() / 100)
    if job.until is None:
        pause()


def _sent(office: Office, command: Command, log: heard.Log) -> tuple[list[Fact], bool]:
    """Sent until it is taken: who waits for the store too long is told so, and tries again."""
    while True:
        try:
            return send(office, command)
        except StoreLocked:
            log.say("busy")


def close_days(job: Job) -> None:
    """Close whatever is over, as soon as the clock says so."""
    log, closed = heard.Log(job.log("closer")), date.min
    with opened(job.url, job.clock) as office:
        while job.until is None or closed == date.min:
            until = office.today - timedelta(days=1)
            if until > closed:
                closed = _close(office, until, log)
            sleep(0.002)


def _close(office: Office, until: date, log: heard.Log) -> date:
    log.say("sent", until)
    try:
        found = closing.close(office, until, Request(by=CLOSER))
    except StoreLocked:
        log.say("busy")
        return date.min
    log.say("done", until, len(found.days), len(found.facts))
    return until
