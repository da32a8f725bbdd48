"""The relays of the mail rig: real processes that send whatever waits, until they are killed.

Each reads before every run which server the settings name just now, so that a spell of wrong logins or
missing encryption comes and goes as it does where somebody changes them.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from time import sleep
from typing import Any

from crash import heard
from crash.told import FileClock, opened

from ntm_workflow.notifications.server import Server, Timeouts, Tls
from ntm_workflow.notifications.smtp import Smtp
from ntm_workflow.office import relay
from ntm_workflow.office.bag import Bag
from ntm_workflow.office.entry import Request
from ntm_workflow.store.engine import StoreLocked

#: A server that stalls is to cost seconds, not minutes.
HASTY = Timeouts(connect=2, command=2, final=3, quit=0.5, stop=1)
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Relay:
    """Where a relay finds its store, clock, server and log."""

    url: str
    folder: Path
    number: int

    @property
    def clock(self) -> FileClock:
        return FileClock(self.folder / "clock")

    @property
    def log(self) -> Path:
        return self.folder / f"relay-{self.number}.log"


@dataclass(frozen=True)
class Named:
    """The server the settings name."""

    port: int
    tls: Tls = Tls.NONE
    user: str | None = None
    password: str = ""

    def put(self, folder: Path) -> None:
        new = folder / "server.new"
        new.write_text(json.dumps(asdict(self)))
        os.replace(new, folder / "server")

    @staticmethod
    def read(folder: Path) -> Server:
        said: dict[str, Any] = json.loads((folder / "server").read_text())
        return Server(HOST, said.pop("port"), Tls(said.pop("tls")), **said)


def send(job: Relay) -> None:
    """A relay's whole life. What it has to complain of goes into a file."""
    errors = os.open(job.folder / "errors.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(errors, 2)
    log = heard.Log(job.log)
    with opened(job.url, job.clock) as office:
        while True:
            post = Smtp([Named.read(job.folder)], connections=4, timeouts=HASTY)
            try:
                done = relay.send(office, post, Request(by="relay"), Bag())
            except StoreLocked:
                log.say("busy")
                continue
            for trouble in done.trouble:
                log.say("trouble", trouble.why)
            log.say("run", len(done.left), len(done.deferred), len(done.refused), len(done.untried))
            if not done.left:
                sleep(0.1)
