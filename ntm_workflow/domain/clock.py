"""The machine's clock as somebody vouched for it. Knows no clock itself: it is told what one says."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

#: A clock this much behind the last record is another machine's, not one that was set back.
TOLERATED = timedelta(seconds=60)


class ClockConfirmed(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked: the machine's clock said `clock`, the last record was of `last`, and it is right."""

    clock: datetime
    last: datetime | None = None


class Clock(msgspec.Struct, frozen=True):
    """What the clock said when it was vouched for, and the journal's time there."""

    clock: datetime
    last: datetime | None

    def governs(self, last: datetime) -> bool:
        """Whether the journal's time still stands where it stood, waiting for the clock."""
        return last <= max(self.clock, self.last or self.clock)


class ClockBehind(Refused):
    vi = "Đồng hồ máy ({clock}) chạy sau lần ghi cuối cùng ({last}); chưa ghi gì.\nChỉnh lại đồng hồ. Nếu đồng hồ máy đúng: ntm clock confirm"
    en = "The machine's clock ({clock}) stands before the last record ({last}); nothing was recorded.\nSet it. If the clock is right: ntm clock confirm"


class ClockAhead(Refused):
    vi = "Đồng hồ máy ({clock}) đi trước lần ghi cuối cùng ({last}) {days} ngày; chưa chốt, chưa gửi gì.\nXem lại đồng hồ. Nếu đồng hồ máy đúng: ntm clock confirm"
    en = "The machine's clock ({clock}) is {days} days past the last record ({last}); nothing was closed or sent.\nCheck it. If the clock is right: ntm clock confirm"


def behind(now: datetime, last: datetime | None, confirmed: Clock | None) -> ClockBehind | None:
    """Why a clock may not be believed that stands before what was recorded by it.

    Where it was vouched for since, what it said then is what it may not fall behind.
    """
    if last is None:
        return None
    vouched = confirmed is not None and confirmed.governs(last)
    floor = min(last, confirmed.clock) if confirmed and vouched else last
    return ClockBehind(clock=now, last=last) if now < floor - TOLERATED else None


def ahead(now: datetime, last: datetime | None, most: timedelta) -> ClockAhead | None:
    """Why so long a silence before an act that cannot be taken back should be looked at first."""
    if last is None or now - last <= most:
        return None
    return ClockAhead(clock=now, last=last, days=(now - last).days)


def rule(clock: Clock, event: Event) -> Refused | None:
    return None


def evolve(clock: Clock | None, fact: Fact) -> Clock:
    match fact.event:
        case ClockConfirmed(clock=said, last=last):
            return Clock(said, last)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Clock]("clock", (ClockConfirmed,), evolve, rule)
