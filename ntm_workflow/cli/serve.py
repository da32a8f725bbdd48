"""`ntm serve`: days closed, letters sent, backups made and the clock watched, by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import cell, emit, table
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.job_names import job as job_name
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.session import everywhere, option, session

if TYPE_CHECKING:
    from ntm_workflow.domain.schedule import Beat
    from ntm_workflow.office import Office
    from ntm_workflow.office.finding import Finding
    from ntm_workflow.office.jobs import Service
    from ntm_workflow.store.engine import Database

#: What `--dry-run` shows of a job.
_COLUMNS = ("job", "next_at", "ok_at", "trouble", "lacks")


@click.command(
    cls=Command,
    help=both(
        "Trực sổ cho đến khi được dừng (SIGTERM): chốt ngày, gửi thư của ngày, sao lưu, kiểm tra sổ, canh đồng hồ máy. Mỗi việc một dòng ở stderr; chạy nhiều bản cùng lúc không sao.",
        "Look after the store until stopped (SIGTERM): close days, send the day's letters, back up, check the journal, watch the clock. A line a job on stderr; several at once are safe.",
    ),
    examples=["ntm serve", "ntm serve --once", "ntm serve --dry-run"],
)
@option(
    "--once",
    is_flag=True,
    vi="Làm mọi việc đến giờ một lần rồi thôi (cho cron). Mã 1 khi có việc chưa được.",
    en="Do everything that is due once and end (for cron). Exit 1 when something was not done.",
)
@option(
    "--dry-run",
    is_flag=True,
    vi="Chỉ xem có những việc gì, lần tới lúc nào.",
    en="Show the jobs and when they are next.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON, mỗi việc một dòng.", en="Result as JSON, a line a job.")  # fmt: skip
@everywhere
def serve(once: bool, dry_run: bool, as_json: bool) -> None:
    service = _service()
    if dry_run:
        _show(service, as_json=as_json)
        return
    from ntm_workflow.office import Office
    from ntm_workflow.scheduler import Keeper

    opened, clock = _opener(), session().clock
    # What is wrong from the start is told at once, with an exit code.
    with closing(opened()) as database, Office(database, clock).reading():
        _must_be_real(Office(database, clock))
        keeper = Keeper(opened, clock, service, _teller(as_json=as_json, err=not once))
    if not (keeper.once() if once else keeper.serve()):
        raise click.exceptions.Exit(1)


def _must_be_real(office: Office) -> None:
    """Refuse a rehearsal: it has no days of its own to look after."""
    from ntm_workflow.domain.clock import RehearsalServed

    if office.info.rehearsal:
        raise RehearsalServed(where=office.database.where)


def _service() -> Service:
    """How the settings want the store looked after."""
    from ntm_workflow.cli import post
    from ntm_workflow.cli.letter_style import style
    from ntm_workflow.office.jobs import Service

    use = session()
    said = use.settings
    outbox, backups = said["serve.outbox"], said["backup.folder"]
    letters = post.hours(said)
    # What is wrong with the settings is told now, not in the morning.
    servers = post.servers(said)
    return Service(
        by=use.who,
        close_at=time.fromisoformat(said["serve.close_at"]),
        letters_at=letters.first,
        letters_until=letters.last,
        backup_at=time.fromisoformat(said["serve.backup_at"]),
        integrity_at=time.fromisoformat(said["serve.integrity_at"]),
        most_silence=timedelta(days=said["clock.most_days"]),
        outbox=Path(outbox) if outbox else None,
        smtp=(lambda: post.smtp(said)) if servers else None,
        sender=post.sender(said),
        style=style(),
        backups=Path(backups) if backups else None,
        keep=said["backup.keep"],
        operator=said["operator.email"],
        escalate_to=said["serve.escalate_to"],
    )


def _opener() -> Callable[[], Database]:
    """Opens this command's store, in any thread."""
    from ntm_workflow.store.engine import Database

    use = session()
    address, wait = use.address, use.settings["busy_timeout"]
    any_disk = use.settings["allow_network_fs"]
    return lambda: Database(address, wait, any_disk=any_disk)


def _teller(*, as_json: bool, err: bool) -> Callable[[str, Finding], None]:
    """Writes a line for each thing told: a result where it is asked for once, else a log."""
    from ntm_workflow.domain.values import VIETNAM

    lang, clock = LANG.get(), session().clock

    def tell(name: str, found: Finding) -> None:
        at = clock.now().astimezone(VIETNAM).isoformat(timespec="seconds")
        said = " ".join(found.say(lang).split("\n"))
        if as_json:
            line = {"at": at, "job": name, "state": found.grade, "message": said, "fix": found.fix}
            text = json.dumps(line, ensure_ascii=False)
        else:
            text = f"{at} {job_name(name, lang)}: {said}"
        click.echo(text, err=err)

    return tell


def _show(service: Service, *, as_json: bool) -> None:
    from ntm_workflow.domain.schedule import Beat, following
    from ntm_workflow.office import heartbeat
    from ntm_workflow.office.jobs import JOBS

    office = session().office()
    _must_be_real(office)
    now = office.clock.now()
    with office.reading() as reading:
        beats = heartbeat.beats(reading.conn)
    items: list[dict[str, Any]] = [
        {
            "job": name,
            "next_at": following(job.at(service), now),
            **_last(beats.get(name) or Beat()),
            "lacks": job.lacks(service),
        }
        for name, job in JOBS.items()
    ]
    if as_json:
        emit("serve", {"items": items})
        return
    table(
        [heading(name) for name in _COLUMNS],
        [[job_name(item["job"]), *(cell(item[n], n) for n in _COLUMNS[1:])] for item in items],
    )


def _last(beat: Beat) -> dict[str, Any]:
    ended = {"ok_at": beat.ok, "trouble": beat.trouble}
    return {"started": beat.started, "finished": beat.finished, **ended}
