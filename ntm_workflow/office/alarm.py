"""What is wrong with the machine or its work, and who is told: never the units that owe something.

Whoever looks after the machine hears at once; whoever coordinates, when a working day has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from msgspec.structs import replace

from ntm_workflow.domain.schedule import ONE_DAY, Beat, closing_missed
from ntm_workflow.domain.values import VIETNAM, moment
from ntm_workflow.notifications.context import AlertContext
from ntm_workflow.notifications.letters import render_alert
from ntm_workflow.office import heartbeat
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.closing import next_day
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import clock

#: Where an alert goes that goes to no unit: the address stands in the settings, not in the store.
OPERATOR: Final = "operator"
COORDINATION: Final = "coordination"
_CALLED: Final = {OPERATOR: "người trông máy", COORDINATION: "cơ quan điều phối"}

#: The kind of letter that says what is wrong with the machine.
KIND: Final = "alert"
CLOCK: Final = "clock"
CLOSING: Final = "closing"


def desks(operator: str | None, escalate_to: str | None) -> dict[str, str]:
    """The addresses the settings give, by role; a unit has its own in the store."""
    said = {OPERATOR: operator, COORDINATION: escalate_to}
    return {role: address for role, address in said.items() if address and "@" in address}


@dataclass(frozen=True)
class Cause:
    """What is wrong: `about` is the step or the day it is about, `since` the day it began."""

    about: str
    since: date


def cause(reading: Reading, close_at: time, now: datetime) -> Cause | None:
    """What is wrong now. A clock in doubt closes nothing, and so is the only trouble there is."""
    if held := clock.held(reading.conn):
        # Counted by the clock that is in doubt, from what it said itself.
        return Cause(f"{CLOCK}/{held.first}", _day(held.step.clock))
    day, tried = next_day(reading), _tried(reading)
    if day is None or tried.trouble is None or not closing_missed(day, close_at, now):
        return None
    # A plan taken on later opens days that went by before anybody could close them.
    began = max(day + ONE_DAY, _day(tried.ok)) if tried.ok else day + ONE_DAY
    return Cause(f"{CLOSING}/{day.isoformat()}", began)


def late(reading: Reading, cause: Cause, today: date) -> bool:
    """Whether a working day has passed, the day itself not counted (Civil Code, Điều 147)."""
    return today > calendar_of(reading.conn).next_working_day(cause.since + ONE_DAY)


def text(reading: Reading, unit: str, about: str, *, sample: bool) -> tuple[str, str] | None:
    """Subject and body; None when what it is about is over."""
    kind, _, which = about.partition("/")
    context = _of_clock(reading, which) if kind == CLOCK else _of_closing(reading, which)
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
    return AlertContext(kind="closing", day=first, trouble=_tried(reading).trouble)


def _tried(reading: Reading) -> Beat:
    return heartbeat.beats(reading.conn).get(CLOSING) or Beat()


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
