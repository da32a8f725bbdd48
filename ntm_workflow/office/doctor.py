"""What ails a store and what mends it: reachable, whole, in shape, backed up, its work done.

Changes nothing. A check that needs what an earlier one found broken is not run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.schedule import ALIVE, closing_missed
from ntm_workflow.domain.standing import over
from ntm_workflow.office import Office, backup, clock, heartbeat, letter_checks, machine, seals
from ntm_workflow.office.closing import next_day
from ntm_workflow.office.finding import Finding, Grade, fail, info, ok, refused, warn
from ntm_workflow.office.names import find_unit
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.work_list import left
from ntm_workflow.store import quick
from ntm_workflow.store.engine import StoreDamaged, StoreLocked, StoreMissing
from ntm_workflow.store.keys import SealKeyUnreadable
from ntm_workflow.store.verify import Fault

#: Names shown of a list; the rest are counted.
MOST: Final = 5


@dataclass(frozen=True)
class Limits:
    """From where on to warn, as the settings say."""

    backup_days: int
    backup_facts: int
    disk_mb: int
    close_at: time
    keep: int = 30
    operator: str | None = None
    escalate_to: str | None = None


def examine(office: Office, limits: Limits, *, deep: bool) -> Iterator[Finding]:
    """Every check that can be made, the most basic first."""
    try:
        office.database.check()
    except StoreMissing as missing:
        yield refused("store", missing, Grade.WARN)
        return
    except Refused as refusal:
        yield refused("store", refusal)
        yield from _place(office, limits)
        return
    yield ok(
        "store", "Mở được sổ {where}.", "The store {where} opens.", where=office.database.where
    )
    if office.info.rehearsal:
        yield info(
            "rehearsal",
            "Đây là sổ TỔNG DƯỢT; ngày trong sổ là giả lập.",
            "This store is a REHEARSAL; its days are simulated.",
        )
    yield _writable(office)
    yield from _place(office, limits)
    yield from _inside(office, limits, deep=deep)


def _writable(office: Office) -> Finding:
    try:
        with office.database.write() as conn:
            # PostgreSQL judges the right to change even where no row is changed.
            conn.exec_driver_sql("UPDATE head SET id = id WHERE id = 0")
    except StoreLocked as busy:
        return refused("writable", busy, Grade.WARN)
    except Refused as refusal:
        return refused("writable", refusal)
    return ok("writable", "Ghi được vào sổ.", "The store can be written.")


def _place(office: Office, limits: Limits) -> Iterator[Finding]:
    """The drive and the files; a server looks after its own."""
    path = office.database.path
    if path is not None and path.is_file():
        yield machine.drive(path)
        yield machine.space(path, limits.disk_mb)
        yield from machine.rights(path)


def _inside(office: Office, limits: Limits, *, deep: bool) -> Iterator[Finding]:
    try:
        yield journal(office, deep=deep)
        yield _seal_key(office)
        yield from _clock_and_backup(office, limits)
        if office.outdated:
            yield fail(
                "tables",
                "ntm migrate",
                "Các bảng thuộc một phiên bản khác của chương trình; sổ ghi việc vẫn nguyên.",
                "The tables belong to another version of the program; the journal is as it was.",
            )
            return
        yield _tables(office, deep=deep)
        if doubt := clock.doubt(office):
            yield refused("clock", doubt, fix="ntm clock confirm")
        with office.reading() as reading:
            yield from _work(office, reading, limits)
    except Refused as refusal:
        damaged = isinstance(refusal, StoreDamaged)
        yield refused("journal", refusal, fix="ntm audit verify" if damaged else None)


def journal(office: Office, *, deep: bool) -> Finding:
    """Whether the journal is whole: its end, or where `deep` every hash of it."""
    recorder = office.journal.recorder
    with office.database.read() as conn:
        said = {"n": recorder.head(conn).position}
        quickly = not deep and quick.whole(recorder, conn)
        found = None if quickly else office.journal.verify(conn)
    if found and not found.ok:
        return fail(
            "journal",
            "ntm rebuild" if found.reason is Fault.TILE else "ntm audit verify",
            "Sổ KHÔNG nguyên vẹn (vị trí {bad}): {reason}.",
            "The journal is NOT whole (position {bad}): {reason}.",
            bad=found.first_bad,
            reason=found.words,
        )
    if deep:
        return ok("journal", "Sổ nguyên vẹn: {n} việc.", "The journal is whole: {n} facts.", **said)
    return ok(
        "journal",
        "Sổ có {n} việc, phần cuối nguyên vẹn (xem hết: --deep).",
        "{n} facts, the end of the journal is whole (all of it: --deep).",
        **said,
    )


def _seal_key(office: Office) -> Finding:
    state = seals.key_state(office.database)
    if state.trouble is None:
        return ok("seal_key", "Có khóa đóng dấu của sổ.", "The key that seals the store is there.")
    # An unreadable file is in the way of a new key; the refusal says what to do with it.
    new = not isinstance(state.trouble, SealKeyUnreadable)
    fix = "ntm audit key --new" if new else "ntm audit key"
    return refused("seal_key", state.trouble, Grade.WARN, fix)


def _tables(office: Office, *, deep: bool) -> Finding:
    if not deep:
        return info(
            "tables",
            "Các bảng đúng phiên bản; chưa so với sổ (so: --deep).",
            "The tables have the right shape; not compared with the journal (--deep does).",
        )
    if office.rebuild(check_only=True).equal:
        return ok("tables", "Các bảng khớp với sổ.", "The tables agree with the journal.")
    return fail(
        "tables",
        "ntm rebuild",
        "Các bảng KHÔNG khớp với sổ.",
        "The tables do NOT agree with the journal.",
    )


def _clock_and_backup(office: Office, limits: Limits) -> Iterator[Finding]:
    now = office.clock.now()
    with office.database.read() as conn:
        head = office.journal.head(conn)
        last = backup.last(conn)
    yield machine.clock(now, head.recorded_at)
    if head.position == 0 and last is None:
        return
    if last is None:
        yield warn(
            "backup",
            "ntm backup DIR",
            "Sổ chưa được sao lưu lần nào.",
            "The store was never backed up.",
        )
        return
    behind = head.position - last.position
    said = {"at": last.at, "behind": behind}
    late = now - last.at > timedelta(days=limits.backup_days)
    if (late and behind) or behind > limits.backup_facts:
        yield warn(
            "backup",
            "ntm backup DIR",
            "Bản sao gần nhất lúc {at}, thiếu {behind} việc.",
            "The latest backup is of {at} and lacks {behind} facts.",
            **said,
        )
    else:
        yield ok("backup", "Sao lưu gần nhất: {at}.", "The latest backup: {at}.", **said)


# --- the work that waits


def _work(office: Office, reading: Reading, limits: Limits) -> Iterator[Finding]:
    yield _closings(office, reading, limits)
    yield from _service(office, reading, limits)
    yield from letter_checks.examine(office, reading)
    yield _left_behind(reading)
    yield _addresses(reading)
    yield _settings(reading)
    yield _editions(reading)


def _closings(office: Office, reading: Reading, limits: Limits) -> Finding:
    yesterday, following = office.today - timedelta(days=1), next_day(reading)
    if following is None:
        return info(
            "closings", "Chưa có kế hoạch nào nên chưa chốt ngày.", "No plan yet, no day to close."
        )
    if not closing_missed(following, limits.close_at, office.clock.now()):
        return ok(
            "closings", "Đã chốt số liệu đến gần đây.", "Days are closed as far as they should be."
        )
    # A rehearsal is told its time, and this machine's clock says nothing of it.
    grade = warn if office.info.rehearsal else fail
    return grade(
        "closings",
        f"ntm day close --until {yesterday:%d/%m/%Y}",
        "Còn {n} ngày chưa chốt, từ {day}.",
        "{n} days are not closed yet, from {day}.",
        n=(yesterday - following).days + 1,
        day=following,
    )


def _service(office: Office, reading: Reading, limits: Limits) -> Iterator[Finding]:
    """Whether somebody looks after the store, what went wrong there, and who would hear of it."""
    age = heartbeat.age(reading.conn, office.clock.now())
    if age is None:
        yield info(
            "serve",
            "Chưa chạy ntm serve lần nào: chốt ngày và gửi thư bằng tay hoặc bằng cron.",
            "ntm serve never ran here: days are closed and letters sent by hand or by cron.",
        )
        return
    if age > ALIVE:
        yield fail(
            "serve",
            "ntm serve",
            "ntm serve không chạy: lần cuối cách đây {minutes} phút.",
            "ntm serve does not run: it was last here {minutes} minutes ago.",
            minutes=int(age.total_seconds() // 60),
        )
    else:
        yield ok("serve", "ntm serve đang trực.", "ntm serve looks after the store.")
    if copies := backup.own(reading.conn):
        yield info(
            "copies",
            "ntm serve giữ {n} bản sao do nó làm, nhiều nhất {keep} (backup.keep).",
            "ntm serve keeps {n} copies of its own, {keep} at most (backup.keep).",
            n=len(copies),
            keep=limits.keep,
        )
    for job, beat in sorted(heartbeat.beats(reading.conn).items()):
        if beat.trouble:
            yield warn(
                "jobs",
                "ntm serve --once",
                "Việc “{job}” chưa làm được từ {since}: {trouble}",
                "The job “{job}” has not been done since {since}: {trouble}",
                job=job,
                since=beat.ok,
                trouble=beat.trouble.partition("\n")[0],
            )
    yield _alarms(reading, limits)


def _left_behind(reading: Reading) -> Finding:
    """Work in places that are gone: nobody is reminded of it until a decision takes it on."""
    gone = left(reading)
    if not gone:
        return ok("places", "Không còn việc mở ở địa bàn không còn.", "No work is open in a place that is gone.")  # fmt: skip
    return warn(
        "places",
        "ntm place work",
        "Còn việc mở ở {n} địa bàn không còn hoặc đã ra khỏi chương trình: {names}.",
        "Work is still open in {n} places that ended or left: {names}.",
        n=len(gone),
        names=[each["place"]["name"] for each in gone[:MOST]],
    )


def _alarms(reading: Reading, limits: Limits) -> Finding:
    """Who hears when the clock is in doubt or a closing fails."""
    said = {"operator.email": limits.operator, "serve.escalate_to": limits.escalate_to}
    unset = [key for key, value in said.items() if not value]
    if unset:
        return warn(
            "alarms",
            "ntm config show",
            "Chưa đặt {unset}: khi đồng hồ nhảy hay không chốt được ngày, có nơi không được báo.",
            "{unset} not set: when the clock steps or a day is not closed, somebody is not told.",
            unset=unset,
        )
    if limits.escalate_to and "@" not in limits.escalate_to:
        try:
            unit = reading.units[find_unit(reading, limits.escalate_to)]
        except Refused as unknown:
            return refused("alarms", unknown, Grade.WARN)
        if not unit.contacts:
            return warn(
                "alarms",
                "ntm unit contact … --email …",
                "{unit} nghe cảnh báo (serve.escalate_to) mà chưa có địa chỉ thư.",
                "{unit} hears alerts (serve.escalate_to) and has no address.",
                unit=unit.name,
            )
    return ok("alarms", "Có người nghe cảnh báo.", "Somebody hears alerts.")


def _addresses(reading: Reading) -> Finding:
    """Units that owe something nobody can remind them of."""
    rows = reading.rows(
        "obligation", only=("owed_by", "met_on", "waived_on", "ended_on", "applies")
    )
    owing = {row.owed_by for row in rows if not over(row)}
    names = sorted(u.name for id, u in reading.units.items() if id in owing and not u.contacts)
    if not names:
        return ok(
            "addresses",
            "Đơn vị nào còn việc cũng có địa chỉ thư.",
            "Every unit that owes something has an address.",
        )
    return warn(
        "addresses",
        "ntm unit contact … --email …",
        "{n} đơn vị còn việc mà chưa có địa chỉ thư: {names}.",
        "{n} units owe something and have no address: {names}.",
        n=len(names),
        names=[*names[:MOST], *(["…"] if len(names) > MOST else [])],
    )


def _settings(reading: Reading) -> Finding:
    undecided = sorted(
        bare(row.id) for row in reading.rows("plan") if row.settings.get("flagged", True)
    )
    if not undecided:
        return ok(
            "plan_settings",
            "Không còn thiết lập kế hoạch nào bỏ ngỏ.",
            "No plan setting is left undecided.",
        )
    return info(
        "plan_settings",
        "Kế hoạch có thiết lập chưa văn bản nào quyết định: {plans}. Xem: ntm plan show {first}",
        "Plans with settings no document decides: {plans}. See: ntm plan show {first}",
        plans=undecided,
        first=undecided[0],
    )


def _editions(reading: Reading) -> Finding:
    rows = reading.rows("criteria", only=("set", "version"))
    editions = sorted({f"{row.set} ({row.version})" for row in rows})
    return info(
        "criteria",
        "Bộ tiêu chí đang dùng: {editions}.",
        "Criteria sets in use: {editions}.",
        editions=editions,
    )
