"""Looking after a store: what is due is done once, the clock is watched, trouble is told.

`tick` and `run` are plain functions of what the clocks say; who calls them when is `scheduler.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.clock import ClockHeld, Times
from ntm_workflow.domain.schedule import TICK as EVERY
from ntm_workflow.domain.schedule import Beat, following, latest
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office import Office, alarm, clock, heartbeat, letters, outbox, relay_finding
from ntm_workflow.office.alarm import Cause
from ntm_workflow.office.finding import Finding, Grade, fail, refused, warn
from ntm_workflow.office.heartbeat import TICK
from ntm_workflow.office.jobs import JOBS, Service
from ntm_workflow.office.names import find_unit
from ntm_workflow.office.reading import Reading

#: What a tick may find.
WATCHED: Final = ("clock", "alert")
#: What sending alerts is called.
ALERTS: Final = "alerts"


def tick(office: Office, service: Service, times: Times) -> list[Finding]:
    """Watch the clock and the work, say whom to tell, and show that somebody is here."""
    heartbeat.begin(office, TICK, times.wall, lambda beat: True)
    found = [
        *_safely("clock", lambda: _watched(office, service, times)),
        *_safely("alert", lambda: _alarmed(office, service, times.wall)),
    ]
    failed = next((each for each in found if each.grade is Grade.FAIL), None)
    heartbeat.end(office, TICK, office.clock.now(), _trouble(failed), times.wall + EVERY)
    return found


def run(
    office: Office, service: Service, name: str, times: Times, *, at_start: bool = False
) -> Finding | None:
    """Do a job if it is due; None where it is not, or somebody else is at it.

    `at_start`: a closing another has begun and not ended is taken for one that a kill left behind.
    """
    at_start = at_start and name == alarm.CLOSING
    job, now = JOBS[name], times.wall
    at = job.at(service)
    planned = latest(at, now)
    if not wanted(office, service, name, now, at_start=at_start):
        return None
    if job.judges and (held := _held(office, service, times)):
        return refused(name, held)
    # Another may have been asked at the same moment.
    if not heartbeat.begin(office, name, now, lambda b: at_start or _free(name, b, planned, now)):
        return None
    (found,) = _safely(name, lambda: [job.work(office, service, planned)])
    heartbeat.end(office, name, office.clock.now(), _trouble(found), following(at, now))
    return found


def wanted(
    office: Office, service: Service, name: str, now: datetime, *, at_start: bool = False
) -> bool:
    """Whether a job should have been done by now, was not, and nobody is at it."""
    with office.database.read() as conn:
        beat = heartbeat.beats(conn).get(name) or Beat()
    planned = latest(JOBS[name].at(service), now)
    free = at_start or _free(name, beat, planned, now)
    return free and JOBS[name].owed(office, service, planned, now)


def _free(name: str, beat: Beat, planned: datetime, now: datetime) -> bool:
    """Whether nobody is at a job or has done it; one that comes often is never done for a day."""
    return not beat.resting(now) and (JOBS[name].often or not beat.done(planned, now))


def _safely(name: str, work: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What the work found, or what stopped it: the rest goes on."""
    try:
        return list(work())
    except Refused as refusal:
        return [refused(name, refusal)]
    except Exception as error:
        return [unforeseen(name, error)]


def unforeseen(name: str, error: Exception) -> Finding:
    """A fault of the program, told; the next time may go well."""
    return fail(
        name,
        "ntm doctor",
        "Lỗi không lường trước: {kind}: {error}",
        "Unexpected error: {kind}: {error}",
        kind=type(error).__name__,
        error=str(error).partition("\n")[0],
    )


def _trouble(found: Finding | None) -> str | None:
    return found.say("vi") if found and found.grade is Grade.FAIL else None


# --- the clock, and whoever must hear


def _held(office: Office, service: Service, times: Times) -> ClockHeld | None:
    """Why nothing may be judged now, after a look at the clock that is to be judged by."""
    clock.look(office, times, service.by)
    return clock.doubt(office)


def _watched(office: Office, service: Service, times: Times) -> Iterator[Finding]:
    if step := clock.look(office, times, service.by):
        yield warn(
            "clock",
            "ntm clock confirm",
            "Đồng hồ máy nhảy {seconds} giây: {before} thành {after}; chưa chốt, chưa gửi gì cho đến khi có người xác nhận.",
            "The machine's clock stepped by {seconds} s: {before} became {after}; nothing is closed or sent until somebody vouches for it.",
            seconds=step.seconds,
            before=step.before,
            after=step.after,
        )


def _alarmed(office: Office, service: Service, now: datetime) -> Iterator[Finding]:
    """Put alerts in the outbox, each once; a rehearsal has nothing to alarm about."""
    if office.info.rehearsal:
        return
    today = now.astimezone(VIETNAM).date()
    with office.reading(today) as reading:
        causes = alarm.causes(reading, service.close_at, now)
        hearers = [(cause, *_hearers(reading, service, cause, today)) for cause in causes]
    still = _still(office)
    day = min(today, still.today)
    new: list[str] = []
    for cause, to, unknown in hearers:
        if unknown:
            yield refused("alert", unknown)
        intents = [Intent(unit, alarm.KIND, day, about=cause.about) for unit in to]
        new += letters.raise_alarm(still, intents, service.request)
    if new:
        yield warn("alert", "ntm letter list", "Thư cảnh báo: {ids}.", "Alerts: {ids}.", ids=new)


def _still(office: Office) -> Office:
    """The office at the journal's own time: it does not follow a clock that is in doubt."""
    if clock.doubt(office) is None:
        return office
    with office.database.read() as conn:
        last = office.journal.head(conn).recorded_at
    return Office(office.database, clock.StandsAt(last or office.clock.now()))


def send_alerts(office: Office, service: Service) -> Finding | None:
    """Send the alerts that wait, at any hour and by whatever clock; None where there are none."""
    with office.database.read() as conn:
        waits = outbox.is_due(conn, office.clock.now(), (alarm.KIND,))
    post = service.post() if waits else None
    if post is None:
        return None
    bag = replace(service.bag, kinds=(alarm.KIND,), hours=None, clock=office.clock)
    # A fault in an office's templates is one of the things that are told: in our own words.
    bag = replace(bag, style=replace(bag.style, templates=None))
    said = (ALERTS, _still(office), post, service.request, bag)
    (found,) = _safely(ALERTS, lambda: [relay_finding.send(*said)])
    return found


def _hearers(
    reading: Reading, service: Service, found: Cause, today: date
) -> tuple[list[str], Refused | None]:
    """Who is to be told by now, and why one of them cannot be."""
    to = [alarm.OPERATOR] if service.operator else []
    if not (service.escalate_to and alarm.late(reading, found, today)):
        return to, None
    if alarm.COORDINATION in service.desks:
        return [*to, alarm.COORDINATION], None
    try:
        return [*to, find_unit(reading, service.escalate_to)], None
    except Refused as unknown:
        return to, unknown
