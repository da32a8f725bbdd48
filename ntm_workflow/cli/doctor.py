"""`ntm doctor`: what the machine, the settings and the store look like, and what mends each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import time
from typing import TYPE_CHECKING

import click

from ntm_workflow.cli.answers import emit, phrase
from ntm_workflow.cli.bilingual import LANG, Command, both, pick
from ntm_workflow.cli.session import everywhere, option, session

if TYPE_CHECKING:
    from ntm_workflow.office.finding import Finding
    from ntm_workflow.settings import Settings

_GRADES = {
    "ok": both("được", "ok"),
    "info": both("biết thêm", "info"),
    "warn": both("nhắc", "warn"),
    "fail": both("HỎNG", "FAIL"),
}
#: A check should not wait as long as work does.
_PATIENCE = 3


@click.command(
    cls=Command,
    help=both(
        "Khám máy, thiết lập và sổ; mỗi dòng kèm lệnh sửa. Không thay đổi gì. Mã 1 khi có chỗ hỏng.",
        "Check the machine, the settings and the store; each line with what mends it. Changes nothing. Exit 1 when something fails.",
    ),
    examples=["ntm doctor", "ntm doctor --deep --json"],
)
@option(
    "--deep",
    is_flag=True,
    vi="Kiểm tra toàn bộ sổ và dựng lại các bảng để so.",
    en="Check the whole journal, and build the tables again to compare.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def doctor(deep: bool, as_json: bool) -> None:
    findings = []
    for finding in _findings(deep=deep):
        findings.append(finding)
        if not as_json:
            _tell(finding)
    healthy = all(finding.grade != "fail" for finding in findings)
    if as_json:
        emit("doctor", {"ok": healthy, "items": [_item(finding) for finding in findings]})
    if not healthy:
        raise click.exceptions.Exit(1)


def _findings(*, deep: bool) -> Iterator[Finding]:
    from ntm_workflow.domain.base import Refused
    from ntm_workflow.office import Office, doctor, machine
    from ntm_workflow.office.finding import refused
    from ntm_workflow.store.engine import Database

    here, settings = session(), _settings()
    clock = here.clock
    address = here.address
    about = machine.Machine(
        clock.now(), sys.stdout.encoding or "", clock.now().astimezone().utcoffset()
    )
    yield from machine.programs(about, sqlite="://" not in address or address.startswith("sqlite"))
    yield from _config()
    limits = doctor.Limits(
        settings["backup.warn_days"],
        settings["backup.warn_facts"],
        settings["disk.warn_mb"],
        time.fromisoformat(settings["serve.close_at"]),
        settings["backup.keep"],
        settings["operator.email"],
        settings["serve.escalate_to"],
    )
    any_disk = settings["allow_network_fs"]
    try:
        with closing(Database(address, _PATIENCE, any_disk=any_disk)) as database:
            yield from doctor.examine(Office(database, clock), limits, deep=deep)
    except Refused as refusal:
        yield refused("store", refusal)


def _settings() -> Settings:
    """The settings, without their file when it cannot be read: the rest is worth knowing still."""
    from ntm_workflow.domain.base import Refused
    from ntm_workflow.settings import Settings

    here = session()
    try:
        return here.settings
    except Refused:
        here.settings = Settings({"store": here.store, "by": here.by}, without_file=True)
        return here.settings


def _config() -> Iterator[Finding]:
    from ntm_workflow.domain.base import Refused
    from ntm_workflow.office.finding import ok, refused
    from ntm_workflow.settings import Settings, config_path

    try:
        read = Settings({})
    except Refused as refusal:
        yield refused("config", refusal)
        return
    path = config_path()
    if read.file:
        yield ok("config", "Đọc được thiết lập {path}.", "The settings {path} are read.", path=path)
    else:
        yield ok("config", "Không có tệp thiết lập {path}, dùng mặc định.", "No settings file {path}; defaults hold.", path=path)  # fmt: skip


def _item(finding: Finding) -> dict[str, object]:
    said = finding.say(LANG.get())
    return {"check": finding.check, "state": finding.grade, "message": said, "fix": finding.fix}


def _tell(finding: Finding) -> None:
    grade = pick(_GRADES[finding.grade]) or ""
    said = finding.say(LANG.get()).replace("\n", "\n" + " " * 12)
    click.echo(f"{grade:<10}  {said}")
    if finding.fix:
        click.echo(" " * 12 + phrase("Sửa: {fix}", "Mend: {fix}", fix=finding.fix))
