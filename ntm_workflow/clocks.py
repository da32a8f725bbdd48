"""The clocks of this machine: the one people set, and those that do not follow it."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from ntm_workflow.domain.clock import Times
from ntm_workflow.office import Clock
from ntm_workflow.store.engine import Database

#: A wall clock that moved by so many seconds against the uptime was set.
SET: Final = 1.0


class Clocks:
    """What the clocks of this machine say; the only reader of uptime there is."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.boot_id = _boot_id()

    def read(self, database: Database | None = None) -> Times:
        """All clocks as of one moment. A server that takes its time to answer tells none."""
        asked = uptime()
        server = _server_clock(database)
        wall, boot = self._pair()
        return Times(wall, boot, self.boot_id, server if boot - asked < SET else None)

    def _pair(self) -> tuple[datetime, float]:
        """Read again where the process was stopped in between, which would look like a step."""
        while True:
            boot = uptime()
            wall = self.clock.now()
            if uptime() - boot < SET:
                return wall, boot


def uptime() -> float:
    """Seconds this machine has run, asleep too where the system counts that; nobody can set it."""
    kind = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if kind is None else time.clock_gettime(kind)


def _boot_id() -> str:
    """The name of this run of the machine; where it has none, the machine's."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return socket.gethostname()


def _server_clock(database: Database | None) -> datetime | None:
    """The clock of a database that has one of its own."""
    if database is None or database.sqlite:
        return None
    with database.read() as conn:
        said: datetime = conn.scalar(sa.text("SELECT clock_timestamp()"))
    return said.astimezone(UTC)
