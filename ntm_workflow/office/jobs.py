"""The jobs of every day, each the use case of a command: any of them may run anywhere, any number of times.

Knows no timer and no thread. A job says what it came to as a finding, or is refused as its command is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.schedule import ONE_DAY, Hours
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.post import Folder, Post
from ntm_workflow.office import (
    Office,
    alarm,
    clock,
    closing,
    doctor,
    hold,
    outbox,
    relay,
    relay_finding,
)
from ntm_workflow.office import backup as backups
from ntm_workflow.office.bag import NOBODY, Bag, Sender
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Finding, Grade, fail, info, ok, warn
from ntm_workflow.office.letters import at_once
from ntm_workflow.office.style import OURS, Style
from ntm_workflow.store import quick

#: How many days are closed before it is asked again whether to go on.
STRIDE: Final = 31


@dataclass(frozen=True, kw_only=True)
class Service:
    """How a store is to be looked after, as the settings say; `going_on` until somebody stops it.

    `smtp` makes the post that letters leave by; without it they go to the folder `outbox`.
    """

    by: str
    close_at: time
    letters_at: time
    letters_until: time
    backup_at: time
    integrity_at: time
    most_silence: timedelta
    outbox: Path | None = None
    smtp: Callable[[], Post] | None = None
    sender: Sender = NOBODY
    style: Style = OURS
    backups: Path | None = None
    keep: int = 30
    operator: str | None = None
    escalate_to: str | None = None
    going_on: Callable[[], bool] = lambda: True

    @property
    def request(self) -> Request:
        return Request(by=self.by)

    def has(self, setting: str) -> bool:
        """Whether there is what a job needs; a mail server does as well as a folder for letters."""
        letters = bool(self.outbox or self.smtp)
        return {"serve.outbox": letters, "backup.folder": bool(self.backups)}[setting]

    def post(self) -> Post | None:
        """A post of one's own for each run: it carries one run's letters at a time."""
        if self.smtp is not None:
            return self.smtp()
        return Folder(self.outbox) if self.outbox else None

    @property
    def desks(self) -> dict[str, str]:
        return alarm.desks(self.operator, self.escalate_to)

    @property
    def hours(self) -> Hours:
        return Hours(self.letters_at, self.letters_until)

    @property
    def bag(self) -> Bag:
        return Bag(
            self.desks,
            sender=self.sender,
            style=self.style,
            hours=self.hours,
            going_on=self.going_on,
        )


#: Whether a job planned for a moment still has anything to do now.
Owed = Callable[[Office, Service, datetime, datetime], bool]


@dataclass(frozen=True)
class Job:
    """`work` is told when it should have begun. What `judges` cannot be taken back, and so waits
    while the clock is in doubt. One that comes `often` is done whenever it is `owed`, else once a day.
    """

    at: Callable[[Service], time]
    work: Callable[[Office, Service, datetime], Finding]
    judges: bool = False
    needs: str | None = None
    often: bool = False
    # A copy or a check is as good a day later.
    owed: Owed = lambda office, service, planned, now: True

    def lacks(self, service: Service) -> str | None:
        """The setting without which nothing is done."""
        return self.needs if self.needs and not service.has(self.needs) else None


def close(office: Office, service: Service, planned: datetime) -> Finding:
    """Close the days that are over, some at a time: stopping waits for no more than those."""
    clock.must_be_believed(office, service.most_silence)
    days: list[date] = []
    facts, unsealed = 0, None
    for until in _strides(office, planned):
        if not service.going_on():
            break
        done = closing.close(office, until, service.request)
        days += done.days
        facts += len(done.facts)
        unsealed = done.seal if isinstance(done.seal, Refused) else unsealed
    if not days and not service.going_on():
        return info(alarm.CLOSING, "Chưa chốt: đang dừng.", "Not closed: stopping.")
    if not days:
        return ok(alarm.CLOSING, "Không còn ngày nào phải chốt.", "No day is left to close.")
    said = {"n": len(days), "first": days[0], "last": days[-1], "found": facts}
    if unsealed:
        return warn(
            alarm.CLOSING,
            "ntm audit key",
            "Đã chốt {n} ngày, {first} – {last}; {found} việc phát sinh. CHƯA đóng dấu xác thực sổ: {why}",
            "Closed {n} days, {first} – {last}; {found} facts followed. The journal is NOT sealed: {why}",
            why=unsealed.fact,
            **said,
        )
    return ok(
        alarm.CLOSING,
        "Đã chốt {n} ngày, {first} – {last}; {found} việc phát sinh.",
        "Closed {n} days, {first} – {last}; {found} facts followed.",
        **said,
    )


def to_close(office: Office, service: Service, planned: datetime, now: datetime) -> bool:
    return waiting(office, planned) is not None


def waiting(office: Office, planned: datetime) -> date | None:
    """The first day a closing of that moment must close; None without any, or without a plan."""
    with office.reading() as reading:
        day = closing.next_day(reading)
    return day if day is not None and day < _day(planned) else None


def _strides(office: Office, planned: datetime) -> Iterator[date]:
    """Up to which day to close, time after time."""
    last = _day(planned) - ONE_DAY
    while day := waiting(office, planned):
        yield min(day + (STRIDE - 1) * ONE_DAY, last)


def of_today(office: Office, service: Service, planned: datetime, now: datetime) -> bool:
    """A letter is not written a day late."""
    return _day(planned) == _day(now)


def write(office: Office, service: Service, planned: datetime) -> Finding:
    """The morning's letters, put in the outbox."""
    if not service.has("serve.outbox"):
        return info(
            "letters",
            "Chưa đặt mail.host hay serve.outbox nên không lập thư nào.",
            "Neither mail.host nor serve.outbox is set, so no letter is written.",
        )
    clock.must_be_believed(office, service.most_silence)
    issued = relay.plan(office, _day(planned), service.request)
    return ok("letters", "Lập {n} thư.", "Issued {n} letters.", n=len(issued))


def to_send(office: Office, service: Service, planned: datetime, now: datetime) -> bool:
    """Whether a letter waits that may leave at this hour; of one that is held, it is told why."""
    if not service.has("serve.outbox"):
        return False
    with office.reading(_day(now)) as reading:
        conn = reading.conn
        if service.hours.closes(now, calendar_of(conn)) is None:
            return False
        if outbox.is_due(conn, now) or (hold.held(conn) is not None and hold.waiting(conn) > 0):
            return True
        return bool(at_once(reading))


def send(office: Office, service: Service, planned: datetime) -> Finding:
    """Whatever waits in the outbox and may leave."""
    clock.must_be_believed(office, service.most_silence)
    post = service.post()
    assert post is not None, "nothing is to be sent without a post"
    relay.plan_at_once(office, office.today, service.request)
    return relay_finding.send(alarm.RELAY, office, post, service.request, service.bag)


def back_up(office: Office, service: Service, planned: datetime) -> Finding:
    """A checked copy under a name of its own."""
    if service.backups is None:
        return info(
            "backup",
            "Chưa đặt backup.folder nên không sao lưu.",
            "backup.folder is not set, so nothing is backed up.",
        )
    made = backups.make(office, service.backups, lambda done, total: None)
    backups.prune(office, made.backup, service.keep)
    return ok(
        "backup",
        "Đã sao lưu {n} việc vào {path}.",
        "Backed up {n} facts: {path}.",
        n=made.backup.manifest.position,
        path=str(made.backup.path),
    )


def examine(office: Office, service: Service, planned: datetime) -> Finding:
    """Every hash of the journal, then every page of the file."""
    found = doctor.journal(office, deep=True)
    with office.database.read() as conn:
        page = None if found.grade is Grade.FAIL else quick.bad_page(conn)
    if page is None:
        return found
    return fail(
        "integrity",
        "ntm backup DIR",
        "Tệp sổ hỏng: {page}",
        "The store's file is damaged: {page}",
        page=page,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


#: In the order in which they are done where several are due.
JOBS: Final[Mapping[str, Job]] = {
    alarm.CLOSING: Job(lambda s: s.close_at, close, judges=True, often=True, owed=to_close),
    "letters": Job(lambda s: s.letters_at, write, judges=True, needs="serve.outbox", owed=of_today),
    alarm.RELAY: Job(
        lambda s: s.letters_at, send, judges=True, needs="serve.outbox", often=True, owed=to_send
    ),
    "backup": Job(lambda s: s.backup_at, back_up, needs="backup.folder"),
    "integrity": Job(lambda s: s.integrity_at, examine),
}
