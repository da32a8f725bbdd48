"""The machine's clock: watching that it goes as time does, vouching for it, and asking for that first.

Whoever looks hands in what the clocks say; nothing here reads one but the office's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ntm_workflow.domain import clock
from ntm_workflow.domain.clock import (
    ClockConfirmed,
    ClockHeld,
    ClockStepSeen,
    ClockStepVouched,
    Held,
    Seen,
    Step,
    Times,
)
from ntm_workflow.office import Office, Receipt, Work
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.projections.clock import confirmed, held, in_doubt
from ntm_workflow.store.codec import instant, stamp
from ntm_workflow.store.schema import CLOCKS


@dataclass(frozen=True)
class StandsAt:
    """A clock that stands: time in the journal does not follow a clock that is in doubt."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Vouched:
    """What a confirmation came to: None where nothing was in doubt; and what it could not vouch for."""

    receipt: Receipt | None
    elsewhere: ClockHeld | None


def confirm(
    office: Office, request: Request, times: Times, most: timedelta, *, everywhere: bool = False
) -> Vouched:
    """Record that the clock just read is right, which lets writing go on; without doubt, nothing.

    It vouches for that run of that machine; `everywhere`, also for those that are over.
    """
    with office.writing(any_clock=True) as work:
        last = office.journal.head(work.conn).recorded_at
        seen, steps = _seen(work.conn, times), in_doubt(work.conn)
        of = {n: s for n, s in steps.items() if everywhere or s.boot_id in (times.boot_id, None)}
        leapt = _stepped(office, work.conn, seen, times) or clock.ahead(times.wall, last, most)
        receipt = None
        if of or leapt:

            def verb(entry: Entry) -> None:
                entry.record(f"clock/{entry.number}", ClockConfirmed, clock=times.wall, last=last)
                for number in of:
                    entry.derive(f"clock/{number}", ClockStepVouched, effective_on=entry.today)

            receipt = work.entry(request, verb)
            _believe(work.conn, times)
        left = [step for number, step in steps.items() if number not in of]
    return Vouched(receipt, Held(0, left[-1]).refusal if left else None)


def must_be_believed(office: Office, most: timedelta) -> None:
    """Refuse to close or send by a clock that stepped, or after so long a silence."""
    if refusal := doubt(office):
        raise refusal
    if office.info.rehearsal:
        return
    with office.database.read() as conn:
        last = office.journal.head(conn).recorded_at
    if silent := clock.ahead(office.clock.now(), last, most):
        raise silent


def doubt(office: Office) -> ClockHeld | None:
    """The step nobody has vouched for; a rehearsal is told its time and never in doubt."""
    if office.info.rehearsal:
        return None
    with office.reading() as reading:
        found = held(reading.conn)
    return found.refusal if found else None


def look(office: Office, times: Times, by: str) -> Step | None:
    """Compare the clocks with what was believed last, and record a step, once for each machine.

    What stepped is not believed before it is vouched for, whoever vouches for another clock.
    """
    if office.info.rehearsal:
        return None
    with office.reading() as reading:
        seen, doubted = _seen(reading.conn, times), _doubted(reading.conn, times)
        step = _stepped(office, reading.conn, seen, times)
    if doubted or (seen and step is None):
        return None
    # What is told at a time in doubt must not lead the journal there.
    at = min(step.before, step.after) if step else times.wall
    with Office(office.database, StandsAt(at)).writing(any_clock=True) as work:
        return _noted(work, times, by)


def _noted(work: Work, times: Times, by: str) -> Step | None:
    """Under the lock: another may have looked meanwhile."""
    seen = _seen(work.conn, times)
    step = _stepped(work.office, work.conn, seen, times)
    if step is None and seen is None:
        _believe(work.conn, times)
    if step is None or _doubted(work.conn, times):
        return None

    def verb(entry: Entry) -> None:
        said = {"before": step.before, "after": step.after, "seconds": step.seconds}
        about = {"witness": step.witness, "boot_id": times.boot_id}
        entry.record(f"clock/{entry.number}", ClockStepSeen, **said, **about)

    work.entry(Request(by=by), verb)
    return step


def _doubted(conn: sa.Connection, times: Times) -> bool:
    """Whether a step of this run of the machine waits already: what follows adds nothing to it."""
    return any(step.boot_id == times.boot_id for step in in_doubt(conn).values())


def _stepped(office: Office, conn: sa.Connection, seen: Seen | None, times: Times) -> Step | None:
    """What uptime and server tell; before a clock that is not in doubt yet, what the journal does."""
    if step := clock.stepped(seen, times):
        return step
    last = office.journal.head(conn).recorded_at
    if last and clock.behind(times.wall, last, confirmed(conn)):
        return Step(last, times.wall, "last-record")
    return None


def _seen(conn: sa.Connection, times: Times) -> Seen | None:
    """The clocks as this run of the machine was last believed."""
    row = conn.execute(sa.select(CLOCKS).where(CLOCKS.c.boot_id == times.boot_id)).one_or_none()
    # A much smaller count is that of another run of a machine that gives its runs no names.
    if row is None or row.boot > times.boot + clock.TOLERATED.total_seconds():
        return None
    return Seen(instant(row.wall), row.boot, row.ahead)


def _believe(conn: sa.Connection, times: Times) -> None:
    seen = clock.believed(times)
    row = {"wall": stamp(seen.wall), "boot": seen.boot, "ahead": seen.ahead}
    conn.execute(sa.delete(CLOCKS).where(CLOCKS.c.boot_id == times.boot_id))
    conn.execute(sa.insert(CLOCKS).values(boot_id=times.boot_id, **row))
