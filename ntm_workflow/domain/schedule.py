"""When work that comes every day is to be done, and whether it still must be.

Reads no clock and knows no timer: whoever asks says what time it is.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.clock import TOLERATED
from ntm_workflow.domain.values import VIETNAM

#: How long a job that failed, or that somebody else has begun, is left alone.
REST: Final = timedelta(minutes=10)
#: How long after its time a closing is missed.
GRACE: Final = timedelta(hours=1)
#: How old the heartbeat of a store may be that is looked after.
ALIVE: Final = timedelta(minutes=5)
#: How often the store is looked at.
TICK: Final = timedelta(seconds=30)

ONE_DAY: Final = timedelta(days=1)


class Beat(msgspec.Struct, frozen=True):
    """What is known of a job: when it last began, ended, and ended well; why it did not."""

    started: datetime | None = None
    finished: datetime | None = None
    ok: datetime | None = None
    trouble: str | None = None
    planned: datetime | None = None

    def done(self, since: datetime, now: datetime) -> bool:
        """Whether it ended well since then; an end that lies ahead was told by a wrong clock."""
        return _between(since, self.ok, now)

    def resting(self, now: datetime) -> bool:
        """Whether it runs, or failed, so lately that it is left alone."""
        running = self.started and (self.finished is None or self.finished < self.started)
        if running or self.trouble is not None:
            return _between(now - REST, self.started, now)
        return False


class Hours(msgspec.Struct, frozen=True):
    """From when until when, in Vietnam's time, letters may leave on a working day."""

    first: time
    last: time

    def closes(self, now: datetime, working: WorkingDays) -> datetime | None:
        """When the hours that it is in now are over; None outside them."""
        day = now.astimezone(VIETNAM).date()
        opens, closes = _moment(day, self.first), _moment(day, self.last)
        return closes if opens <= now < closes and working.is_working(day) else None


def working_days_since(first: date, last: date, working: WorkingDays) -> int:
    """The working days after `first`, up to `last`."""
    days = (first + n * ONE_DAY for n in range(1, (last - first).days + 1))
    return sum(working.is_working(day) for day in days)


def _between(since: datetime, moment: datetime | None, now: datetime) -> bool:
    return moment is not None and since <= moment <= now + TOLERATED


def latest(at: time, now: datetime) -> datetime:
    """The last moment, in Vietnam's time, at which it was `at` o'clock."""
    today = _moment(now.astimezone(VIETNAM).date(), at)
    return today if today <= now else today - ONE_DAY


def following(at: time, now: datetime) -> datetime:
    """The next such moment."""
    return latest(at, now) + ONE_DAY


def closing_missed(day: date, at: time, now: datetime) -> bool:
    """Whether a day that nobody has closed should have been by now."""
    return now > _moment(day + ONE_DAY, at) + GRACE


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, VIETNAM)
