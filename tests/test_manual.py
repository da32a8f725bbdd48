"""The operations manual: its commands exist, its checks are the doctor's, its rights are enough."""

from __future__ import annotations

import re
import shlex
import tempfile
from datetime import time
from pathlib import Path

import click
import psycopg
import pytest
import sqlalchemy as sa
from offices import Desk, closing_store

from ntm_workflow.cli import ntm as root
from ntm_workflow.domain.base import Refused
from ntm_workflow.office import backup, doctor, heartbeat, machine
from ntm_workflow.store.engine import Database, StoreReadOnly

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "operations.md").read_text(encoding="utf-8")
VI = (DOCS / "operations.vi.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w*)\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def lines() -> list[str]:
    """Every command line of ours in the manual, whole or quoted in a sentence."""
    fenced = [line for line in (TEXT + VI).splitlines() if line.startswith("ntm ")]
    quoted = re.findall(r"`(ntm [^`]+)`", TEXT + VI)
    return fenced + quoted


@pytest.mark.parametrize("line", sorted(set(lines())))
def test_every_command_of_the_manual_is_there(line: str) -> None:
    command: click.Command = root
    words = shlex.split(line)[1:]
    while words and isinstance(command, click.Group):
        if words[0].startswith("-"):
            break
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    known = {name for parameter in command.params for name in parameter.opts}
    known |= {name for parameter in root.params for name in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


def test_every_check_of_the_doctor_is_explained(sqlite_url: str) -> None:
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", TEXT, flags=re.MULTILINE))
    here = machine.Machine(Desk(sqlite_url).clock.now(), "utf-8", None)
    checks = {found.check for found in machine.programs(here, sqlite=True)}
    with closing_store(Desk(sqlite_url, "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025")
        limits = doctor.Limits(7, 10, 1, time(0, 5))
        heartbeat.begin(desk.office, "tick", desk.clock.at, lambda beat: True)
        heartbeat.end(desk.office, "tick", desk.clock.at, "thử", desk.clock.at)
        checks |= {found.check for found in doctor.examine(desk.office, limits, deep=False)}
    # What is told only where something is wrong with letters.
    checks |= {"outbox", "unwritten", "dead_letters", "bounced"}
    assert explained == (checks | {"config"}) - {"python"}


def test_the_rights_of_the_manual_let_one_role_record_and_the_other_read(
    postgres_url: str, tmp_path: Path
) -> None:
    (sql,) = [text for kind, text in FENCES if kind == "sql"]
    with closing_store(Desk(postgres_url, "05/01/2024").init()) as owner:
        owner.adopt("quang-nam-2024-2025")
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE ntm_record LOGIN")
        admin.execute("CREATE ROLE ntm_read LOGIN")
        try:
            admin.execute(sql)
            record_and_read(sa.make_url(postgres_url), tmp_path)
        finally:
            admin.execute("DROP OWNED BY ntm_record, ntm_read")
            admin.execute("DROP ROLE ntm_record, ntm_read")


def record_and_read(url: sa.URL, folder: Path) -> None:
    def quiet(done: int, total: int) -> None:
        """Nobody watches."""

    with closing_store(Desk(url.set(username="ntm_record").render_as_string(), DAY)) as clerk:
        clerk.allocate("đường thôn 1", 500_000_000)
        clerk.close("31/1/2024")
        assert clerk.office.rebuild(check_only=False).equal
        assert backup.make(clerk.office, folder / "a", quiet).noted
        for sql in ("DELETE FROM events", "UPDATE events SET entry = 0"):
            with pytest.raises(Refused):
                change(clerk.database, sql)
    with closing_store(Desk(url.set(username="ntm_read").render_as_string(), DAY)) as reader:
        assert reader.rebuilt_equal()
        assert not backup.make(reader.office, folder / "b", quiet).noted
        with pytest.raises(StoreReadOnly):
            reader.disburse("đường thôn 1", 1, "1/3/2024")


DAY = "05/03/2024"


def change(database: Database, sql: str) -> None:
    with database.write() as conn:
        conn.exec_driver_sql(sql)


def test_the_manual_names_no_machine_of_ours() -> None:
    for folder in (DOCS.parent, Path.home(), Path(tempfile.gettempdir())):
        assert f"{folder}/" not in TEXT
    for host in re.findall(r"://[^/\s`]*@([\w.-]+)", TEXT):
        assert host.endswith((".test", "example.com"))
