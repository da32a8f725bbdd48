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


class ClockStepSeen(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """The clock stepped: it said `after` when it should have said `before`, by its `witness`.

    The witness is the machine's `uptime`, the database's `server-clock` or the `last-record`.
    `seconds` is how far it stepped, negative where it went back; `boot_id`, the run of the machine.
    """

    before: datetime
    after: datetime
    seconds: int
    witness: str
    boot_id: str | None = None


class ClockStepVouched(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at the clock that stepped: as it stands now, it is right."""


class Clock(msgspec.Struct, frozen=True):
    """What the clock said when it was vouched for, and the journal's time there.

    Where it was seen to step by `seconds`: what it said then, and what it should have said. `boot_id`
    is the run of the machine whose clock it is.
    """

    clock: datetime
    last: datetime | None
    seconds: int | None = None
    boot_id: str | None = None
    vouched: bool = False

    @property
    def held(self) -> int | None:
        """By how far it stepped, where nobody has vouched for it since."""
        return None if self.vouched else self.seconds

    def governs(self, last: datetime) -> bool:
        """Whether the journal's time still stands where it stood, waiting for the clock."""
        return last <= max(self.clock, self.last or self.clock)


class Times(msgspec.Struct, frozen=True):
    """What clocks say at one moment: the one people set, and those that did not follow it.

    `boot` counts the seconds of this run of the machine, which `boot_id` names.
    """

    wall: datetime
    boot: float
    boot_id: str
    database: datetime | None = None


class Seen(msgspec.Struct, frozen=True):
    """The clocks as they were believed last: `ahead` is by how many seconds of the database's."""

    wall: datetime
    boot: float
    ahead: float = 0.0


class Step(msgspec.Struct, frozen=True):
    """A clock that says `after` where its witness says `before`."""

    before: datetime
    after: datetime
    witness: str

    @property
    def seconds(self) -> int:
        return round((self.after - self.before).total_seconds())


class Held(msgspec.Struct, frozen=True):
    """Steps nobody has vouched for yet: the entry of the first, and the last one."""

    first: int
    step: Clock

    @property
    def refusal(self) -> ClockHeld:
        step = self.step
        return ClockHeld(seconds=step.seconds, before=step.last, after=step.clock)


class ClockHeld(Refused):
    vi = "Đồng hồ máy đã nhảy {seconds} giây ({before} thành {after}); chưa ghi, chưa chốt, chưa gửi gì.\nXem lại đồng hồ. Nếu đồng hồ máy đúng: ntm clock confirm"
    en = "The machine's clock stepped by {seconds} s ({before} became {after}); nothing was recorded, closed or sent.\nCheck it. If the clock is right: ntm clock confirm"


class ClockBehind(Refused):
    vi = "Đồng hồ máy ({clock}) chạy sau lần ghi cuối cùng ({last}); chưa ghi gì.\nChỉnh lại đồng hồ. Nếu đồng hồ máy đúng: ntm clock confirm"
    en = "The machine's clock ({clock}) stands before the last record ({last}); nothing was recorded.\nSet it. If the clock is right: ntm clock confirm"


class ClockAhead(Refused):
    vi = "Đồng hồ máy ({clock}) đi trước lần ghi cuối cùng ({last}) {days} ngày; chưa chốt, chưa gửi gì.\nXem lại đồng hồ. Nếu đồng hồ máy đúng: ntm clock confirm"
    en = "The machine's clock ({clock}) is {days} days past the last record ({last}); nothing was closed or sent.\nCheck it. If the clock is right: ntm clock confirm"


class RehearsalServed(Refused):
    vi = "{where} là sổ tổng dượt: ngày trong đó là giả lập, không có gì để trực.\nChạy tiếp lịch giả lập: ntm rehearse. Trực sổ thật: ntm serve --store …"
    en = "{where} is a rehearsal: its days are simulated, and there is nothing to look after.\nRun a calendar: ntm rehearse. Look after a real store: ntm serve --store …"


def stepped(seen: Seen | None, times: Times) -> Step | None:
    """The step a witness tells of since the clocks were believed last; None while all agree.

    Steps add up: the witness goes on from what was believed, not from the last look.
    """
    if seen and times.boot < seen.boot:
        return None  # an older look than the one that was believed
    if seen and (by_uptime := _by_uptime(seen, times)):
        return by_uptime
    if times.database is None:
        return None
    usual = timedelta(seconds=seen.ahead if seen else 0)
    return _unlike(times.database + usual, times.wall, "server-clock")


def _by_uptime(seen: Seen, times: Times) -> Step | None:
    return _unlike(seen.wall + timedelta(seconds=times.boot - seen.boot), times.wall, "uptime")


def _unlike(before: datetime, after: datetime, witness: str) -> Step | None:
    return Step(before, after, witness) if abs(after - before) > TOLERATED else None


def believed(times: Times) -> Seen:
    """These clocks as what later ones are compared with."""
    ahead = (times.wall - times.database).total_seconds() if times.database else 0.0
    return Seen(times.wall, times.boot, ahead)


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
        case ClockStepSeen(before=before, after=after, seconds=seconds, boot_id=boot_id):
            return Clock(after, before, seconds, boot_id)
        case ClockStepVouched() if clock:
            return msgspec.structs.replace(clock, vouched=True)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Clock]("clock", (ClockConfirmed, ClockStepSeen, ClockStepVouched), evolve, rule)
