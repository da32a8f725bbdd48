"""Making a store and rebuilding its tables."""

from __future__ import annotations

import time
from contextlib import closing

import click

from ntm_workflow.cli.answers import emit, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.session import everywhere, option, session


@click.command(
    cls=Command,
    help=both(
        "Tạo sổ mới (SQLite hoặc PostgreSQL). Chỉ lệnh này tạo bảng; không đụng sổ đã có.",
        "Make a new store (SQLite or PostgreSQL). Only this makes tables; an existing store is left alone.",
    ),
    examples=["ntm init --store tam-ky.db"],
)
@everywhere
def init() -> None:
    from ntm_workflow.office import Office

    with closing(session().database()) as database:
        Office.create(database)
        where = database.where
    say(
        "Đã tạo sổ {store}.\nTiếp: ntm plan list",
        "Made the store {store}.\nNext: ntm plan list",
        store=where,
    )


@click.command(
    cls=Command,
    help=both(
        "Nâng các bảng của sổ lên phiên bản này: dựng lại từ sổ. Chạy lại không sao.",
        "Bring the store's tables to this version by building them again. Safe to run again.",
    ),
    examples=["ntm migrate"],
)
@everywhere
def migrate() -> None:
    office = session().office()
    if not office.outdated:
        say("Sổ đã ở phiên bản này.", "The store is at this version already.")
        return
    built = office.rebuild(check_only=False)
    say("Đã dựng lại các bảng từ {n} việc.", "Built the tables from {n} facts.", n=built.events)


@click.command(
    cls=Command,
    help=both(
        "Dựng lại mọi bảng từ sổ; --check chỉ so sánh, không ghi gì.",
        "Build every table again from the journal; --check only compares and writes nothing.",
    ),
    examples=["ntm rebuild --check", "ntm rebuild --check --json"],
)
@option(
    "--check",
    "check_only",
    is_flag=True,
    vi="Chỉ so sánh với các bảng đang dùng.",
    en="Only compare.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def rebuild(check_only: bool, as_json: bool) -> None:
    started = time.monotonic()
    built = session().office().rebuild(check_only=check_only)
    seconds = round(time.monotonic() - started, 3)
    if as_json:
        about = {"equal": built.equal, "events": built.events, "seconds": seconds}
        emit("rebuild", {**about, "digest": built.digest, "live_digest": built.live_digest})
    else:
        say(
            "{verdict} {events} việc, {seconds} giây, {digest}",
            "{verdict} {events} facts, {seconds} s, {digest}",
            verdict="=" if built.equal else "≠",
            events=built.events,
            seconds=seconds,
            digest=built.digest,
        )
    if check_only and not built.equal:
        raise click.exceptions.Exit(1)
