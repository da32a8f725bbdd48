"""What is wrong with the machine or its work, and who is told: never the units that owe something.

Whoever looks after the machine hears at once; whoever coordinates, when a working day has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.schedule import ONE_DAY, Beat, closing_missed
from ntm_workflow.domain.values import VIETNAM, moment
from ntm_workflow.notifications.context import AlertContext
from ntm_workflow.notifications.letters import render_alert
from ntm_workflow.office import heartbeat, outbox
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.closing import next_day
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS, clock
from ntm_workflow.store.schema import OUTBOX

#: Where an alert goes that goes to no unit: the address stands in the settings, not in the store.
OPERATOR: Final = "operator"
COORDINATION: Final = "coordination"
_CALLED: Final = {OPERATOR: "người trông máy", COORDINATION: "cơ quan điều phối"}

#: The kind of letter that says what is wrong with the machine.
KIND: Final = "alert"
CLOCK: Final = "clock"
CLOSING: Final = "closing"
MAIL: Final = "mail"
DEAD: Final = "dead"
UNWRITTEN: Final = "unwritten"
#: The job that sends letters.
RELAY: Final = "relay"
_LEAVING: Final = (outbox.QUEUED, outbox.FROZEN)
#: Letters named in an alert; the rest are counted.
MOST: Final = 20


def desks(operator: str | None, escalate_to: str | None) -> dict[str, str]:
    """The addresses the settings give, by role; a unit has its own in the store."""
    said = {OPERATOR: operator, COORDINATION: escalate_to}
    return {role: address for role, address in said.items() if address and "@" in address}


@dataclass(frozen=True)
class Cause:
    """What is wrong: `about` is the step or the day it is about, `since` the day it began."""

    about: str
    since: date


def causes(reading: Reading, close_at: time, now: datetime) -> list[Cause]:
    """What is wrong now. A clock in doubt closes and sends nothing, and so is the only trouble there is."""
    if held := clock.held(reading.conn):
        # Counted by the clock that is in doubt, from what it said itself.
        return [Cause(f"{CLOCK}/{held.first}", _day(held.step.clock))]
    letters = (_mail(reading, now), _dead(reading, now), _unwritten(reading))
    return [cause for cause in (_closing(reading, close_at, now), *letters) if cause]


def _closing(reading: Reading, close_at: time, now: datetime) -> Cause | None:
    day, tried = next_day(reading), _tried(reading, CLOSING)
    if day is None or tried.trouble is None or not closing_missed(day, close_at, now):
        return None
    # A plan taken on later opens days that went by before anybody could close them.
    began = max(day + ONE_DAY, _day(tried.ok)) if tried.ok else day + ONE_DAY
    return Cause(f"{CLOSING}/{day.isoformat()}", began)


def _mail(reading: Reading, now: datetime) -> Cause | None:
    """No letter leaves, since the relay last did its work well."""
    tried = _tried(reading, RELAY)
    if tried.trouble is None:
        return None
    oldest = sa.select(sa.func.min(OUTBOX.c.day)).where(OUTBOX.c.state.in_(_LEAVING))
    since = reading.conn.scalar(oldest)
    return Cause(_about(tried), date.fromisoformat(since) if since else _day(now))


def _about(tried: Beat) -> str:
    """A trouble lasts until the relay has worked again: another one has another name."""
    well = tried.ok.astimezone(VIETNAM) if tried.ok else None
    return f"{MAIL}/{well:%Y-%m-%d-%H%M%S}" if well else f"{MAIL}/0"


def _dead(reading: Reading, now: datetime) -> Cause | None:
    """Letters that no address took, since the last alert of that kind; told once a day at most."""
    alerts = OUTBOX.c.id.like(f"letter/%/{KIND}/{DEAD}/%")
    last = reading.conn.scalar(sa.select(sa.func.max(OUTBOX.c.entry)).where(alerts)) or 0
    if not any(row.known_from > last for row in dead(reading)):
        return None
    return Cause(f"{DEAD}/{_day(now).isoformat()}", _day(now))


def _unwritten(reading: Reading) -> Cause | None:
    """Letters that could not be put into words; told once for each day of which there are any."""
    last = sa.select(sa.func.max(OUTBOX.c.day)).where(OUTBOX.c.state == outbox.UNWRITTEN)
    day = reading.conn.scalar(last)
    return Cause(f"{UNWRITTEN}/{day}", date.fromisoformat(day)) if day else None


def dead(reading: Reading) -> list[Any]:
    """The letters of units that came to nothing at every address, as they are now."""
    view = VIEWS["letter"]
    ended = sa.select(OUTBOX.c.id).where(OUTBOX.c.state == outbox.FAILED, OUTBOX.c.kind != KIND)
    query = sa.select(view.table).where(view.now, view.table.c.id.in_(ended))
    return list(reading.conn.execute(query.order_by(view.table.c.id)))


def late(reading: Reading, cause: Cause, today: date) -> bool:
    """Whether a working day has passed, the day itself not counted (Civil Code, Điều 147)."""
    return today > calendar_of(reading.conn).next_working_day(cause.since + ONE_DAY)


def text(reading: Reading, unit: str, about: str, *, sample: bool) -> tuple[str, str] | None:
    """Subject and body; None when what it is about is over."""
    kind, _, which = about.partition("/")
    context = _CONTEXTS[kind](reading, which)
    if context is None:
        return None
    called = _CALLED.get(unit) or reading.names.get(unit, unit)
    return render_alert(replace(context, unit=called, sample=sample))


def _of_clock(reading: Reading, entry: str) -> AlertContext | None:
    step = clock.step(reading.conn, int(entry))
    if step is None or step.last is None:
        return None
    return AlertContext(kind="clock", before=moment(step.last), after=moment(step.clock))


def _of_closing(reading: Reading, day: str) -> AlertContext | None:
    first = next_day(reading)
    if first is None or first.isoformat() != day:
        return None
    return AlertContext(kind="closing", day=first, trouble=_tried(reading, CLOSING).trouble)


def _of_mail(reading: Reading, which: str) -> AlertContext | None:
    tried = _tried(reading, RELAY)
    if tried.trouble is None or _about(tried) != f"{MAIL}/{which}":
        return None
    return AlertContext(kind="mail", trouble=tried.trouble)


def _of_dead(reading: Reading, day: str) -> AlertContext | None:
    rows = dead(reading)
    if not rows:
        return None
    return AlertContext(kind="dead", names=_names(reading, rows), more=max(len(rows) - MOST, 0))


def _of_unwritten(reading: Reading, day: str) -> AlertContext | None:
    rows = outbox.letters(reading.conn, [outbox.UNWRITTEN])
    if not rows:
        return None
    names, more = _names(reading, rows), max(len(rows) - MOST, 0)
    return AlertContext(kind="unwritten", trouble=rows[-1].trouble, names=names, more=more)


def _names(reading: Reading, rows: Sequence[Any]) -> tuple[str, ...]:
    return tuple(f"{reading.names.get(r.unit, r.unit)}: {r.id}" for r in rows[:MOST])


_CONTEXTS: Final = {
    CLOCK: _of_clock,
    CLOSING: _of_closing,
    MAIL: _of_mail,
    DEAD: _of_dead,
    UNWRITTEN: _of_unwritten,
}


def _tried(reading: Reading, job: str) -> Beat:
    return heartbeat.beats(reading.conn).get(job) or Beat()


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
