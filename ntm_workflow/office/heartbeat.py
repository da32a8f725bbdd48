"""The heartbeats: what the store knows of its own service, whoever runs it. Knows no job's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.schedule import Beat
from ntm_workflow.office import Office
from ntm_workflow.store.codec import instant, stamp
from ntm_workflow.store.schema import HEAD, HEARTBEATS

#: The job that shows that somebody looks after the store at all.
TICK: Final = "tick"


def beats(conn: sa.Connection) -> dict[str, Beat]:
    """Every job that ever ran, by name."""
    return {row.job: _beat(row) for row in conn.execute(sa.select(HEARTBEATS))}


def age(conn: sa.Connection, now: datetime) -> timedelta | None:
    """How long ago the store was last looked after; None where it never was."""
    tick = beats(conn).get(TICK)
    return now - tick.finished if tick and tick.finished else None


def begin(office: Office, job: str, now: datetime, may: Callable[[Beat], bool]) -> bool:
    """Note that a job begins, if it `may`, by what is known of it; of two that ask, one is told so."""
    with office.database.write() as conn:
        # The lock of every writer: two that look at the same moment would both find it free.
        conn.execute(sa.select(HEAD.c.id).with_for_update())
        beat = beats(conn).get(job)
        if not may(beat or Beat()):
            return False
        if beat is None:
            conn.execute(sa.insert(HEARTBEATS).values(job=job))
        _note(conn, job, started=stamp(now))
    return True


def end(office: Office, job: str, now: datetime, trouble: str | None, planned: datetime) -> None:
    """Note how a job ended that had begun, and when it is to run next."""
    said = {"finished": stamp(now), "trouble": trouble, "planned": stamp(planned)}
    with office.database.write() as conn:
        _note(conn, job, **said, **({} if trouble else {"ok": stamp(now)}))


def _note(conn: sa.Connection, job: str, **values: Any) -> None:
    conn.execute(sa.update(HEARTBEATS).where(HEARTBEATS.c.job == job).values(values))


def _beat(row: Any) -> Beat:
    times = {name: getattr(row, name) for name in ("started", "finished", "ok", "planned")}
    said = {name: instant(text) if text else None for name, text in times.items()}
    return Beat(**said, trouble=row.trouble)
