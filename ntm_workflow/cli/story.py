"""The demo's story: its scenes played through the real commands, on stores marked as rehearsals."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

import click

from ntm_workflow.cli.answers import say
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.scenes import MERGER, PLANS, PROOF, SCENES, YEAR, Scene
from ntm_workflow.cli.session import Session
from ntm_workflow.cli.typed import type_line


def tell(folder: Path) -> None:
    """Run every scene through the real commands, on stores marked as rehearsals."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PROOF).write_text("SỐ LIỆU MẪU: biên bản thẩm tra tiêu chí 13.\n", "utf-8")
    _play(SCENES, folder, "demo.db")
    _play((YEAR,), folder, "empty.db")
    _play((PLANS, *MERGER), folder, "plans.db")
    say(
        "\nSố liệu trên là số liệu mẫu. Tiếp theo:\n  ntm init\n  ntm plan list\n  ntm --help",
        "\nThe figures above are samples. Next:\n  ntm init\n  ntm plan list\n  ntm --help",
    )


def _play(scenes: Iterable[Scene], folder: Path, name: str) -> None:
    from ntm_workflow.office import Office
    from ntm_workflow.office.rehearsal import Simulated
    from ntm_workflow.store.engine import Database

    clock, store = Simulated(), str(folder / name)
    with closing(Database(store)) as database:
        Office.create(database, rehearsal=True)
    for day, vi, en, commands in scenes:
        clock.go(date.fromisoformat(day))
        say(
            "\n=== {date} · {what}",
            "\n=== {date} · {what}",
            date=date.fromisoformat(day),
            what=en if LANG.get() == "en" else vi,
        )
        for command in commands:
            clock.tick()
            run(command, Session(store=store, by="demo", clock=clock), folder)


def run(command: str, session: Session, folder: Path) -> None:
    """Type one command; a refusal is shown and the story goes on, as it would in an office."""
    said = command.replace("{out}", str(folder / "letters")).replace("{folder}", str(folder))
    said = said.replace("{paid}", _paid(session, command))
    click.echo(f"\n$ ntm {said}")
    if code := type_line(shlex.split(said), session):
        say("(mã thoát {code})", "(exit {code})", code=code)


def _paid(session: Session, command: str) -> str:
    """The number of the entry with the sample payment, which nobody can know beforehand."""
    if "{paid}" not in command:
        return ""
    from ntm_workflow.office import Office
    from ntm_workflow.office.history import Filter, find
    from ntm_workflow.store.engine import Database

    with closing(Database(session.address)) as database:
        office = Office(database, session.clock)
        with office.reading() as reading:
            paid, _ = next(find(office.journal, reading, Filter(type="FundDisbursed")))
            return str(paid.entry)
