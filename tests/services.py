"""Stores that are looked after, for the tests: a told wall clock, an uptime, and how the settings are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from begun import begin
from offices import Desk, closing_store

from ntm_workflow.domain.clock import Times
from ntm_workflow.domain.schedule import Beat
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Office, clock, heartbeat, letters, service
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Finding
from ntm_workflow.office.jobs import JOBS, Service

SETTINGS = Service(
    by="ntm",
    close_at=time(0, 5),
    letters_at=time(7, 30),
    letters_until=time(17, 0),
    backup_at=time(1, 15),
    integrity_at=time(2, 30),
    most_silence=timedelta(days=62),
)


def looked_after(store: str) -> Desk:
    """The desk, on 5 January 2024, of a store that is no rehearsal and has closed its days so far."""
    begin(store, _begun, "looked_after")
    return Desk(store, "05/01/2024")


def _begun(store: str) -> None:
    with closing_store(Desk(store, "05/01/2024")) as desk:
        Office.create(desk.database)
        desk.adopt("quang-nam-2024-2025").close("4/1/2024")


@dataclass
class Kept:
    """A store that is no rehearsal, on a machine whose wall clock and uptime are told."""

    desk: Desk
    settings: Service = SETTINGS
    uptime: float = 1000.0
    boot_id: str = "máy-1"
    server: datetime | None = None
    told: list[Finding] = field(default_factory=list)

    @property
    def office(self) -> Office:
        return self.desk.office

    def at(self, moment: str) -> Kept:
        """Time passes until `moment`, dd/mm/yyyy hh:mm in Vietnam, and the clock goes with it."""
        then = datetime.strptime(moment, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM).astimezone(UTC)
        return self.after(then - self.desk.clock.at)

    def after(self, passed: timedelta) -> Kept:
        self.desk.clock.at += passed
        self.uptime += passed.total_seconds()
        return self

    def step(self, seconds: float) -> Kept:
        """Somebody sets the clock; no time passes."""
        self.desk.clock.at += timedelta(seconds=seconds)
        return self

    def given(self, **said: Any) -> Kept:
        self.settings = replace(self.settings, **said)
        return self

    @property
    def times(self) -> Times:
        return Times(self.desk.clock.at, self.uptime, self.boot_id, self.server)

    def tick(self) -> list[str]:
        """One tick; the kinds of what it told."""
        found = service.tick(self.office, self.settings, self.times)
        found += filter(None, [service.send_alerts(self.office, self.settings)])
        self.told += found
        return [each.check for each in found]

    def due(self) -> list[str]:
        """The jobs that should have been done by now and were not, in order."""
        said = (self.office, self.settings)
        return [n for n in JOBS if service.wanted(*said, n, self.desk.clock.at)]

    def run(self, name: str, *, at_start: bool = False) -> Finding | None:
        return service.run(self.office, self.settings, name, self.times, at_start=at_start)

    def look_after(self) -> Kept:
        """A tick, and everything that is due."""
        self.tick()
        for name in JOBS:
            self.run(name)
        return self

    def confirm(self, *, everywhere: bool = False) -> clock.Vouched:
        said = (Request(by="an"), self.times, self.settings.most_silence)
        return clock.confirm(self.office, *said, everywhere=everywhere)

    def facts(self, type: str) -> list[Any]:
        """The journal's facts of a type, in order."""
        with self.office.database.read() as conn:
            found = list(self.office.journal.facts(conn))
        return [fact for fact in found if fact.type == type]

    def closed(self) -> list[str]:
        return [fact.subject.partition("/")[2] for fact in self.facts("DayClosed")]

    def beat(self, job: str) -> Beat:
        with self.office.database.read() as conn:
            return heartbeat.beats(conn)[job]

    def letters(self) -> dict[str, str]:
        """Every letter's id and state."""
        with self.office.reading() as reading:
            return {item["id"]: item["state"] for item in letters.listing(reading)}

    def mail(self, folder: Path) -> list[str]:
        return sorted(path.name for path in folder.glob("*.eml"))
