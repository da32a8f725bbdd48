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
        public = Office.create(database)
        where = database.where
    say("Đã tạo sổ {store}.", "Made the store {store}.", store=where)
    _tell_key(public)
    say("Tiếp: ntm plan list", "Next: ntm plan list")


def _tell_key(public: bytes) -> None:
    from ntm_workflow.store.seal import fingerprint

    say(
        "Vân khóa đóng dấu: {key}\nHãy ghi vân khóa này ra giấy, cất ở ngoài máy: về sau nhờ nó mà nhận ra dấu thật. Nơi để khóa riêng: ntm audit key",
        "Fingerprint of the sealing key: {key}\nWrite it down and keep it away from this machine: by it true seals are known later. Where the private key lies: ntm audit key",
        key=fingerprint(public),
    )


@click.command(
    cls=Command,
    help=both(
        "Nâng sổ lên phiên bản này: thêm bảng còn thiếu, tạo khóa đóng dấu nếu chưa có, dựng lại các bảng từ sổ. Chạy lại không sao.",
        "Bring a store to this version: add what is missing, make a sealing key if there is none, build the tables again. Safe to run again.",
    ),
    examples=["ntm migrate"],
)
@everywhere
def migrate() -> None:
    from ntm_workflow.office import seals

    office = session().office()
    upgraded = office.database.upgrade()
    if upgraded:
        say("Đã thêm các bảng còn thiếu.", "Added the missing tables.")
    if office.outdated:
        built = office.rebuild(check_only=False)
        say("Đã dựng lại các bảng từ {n} việc.", "Built the tables from {n} facts.", n=built.events)
    elif not upgraded:
        say("Sổ đã ở phiên bản này.", "The store is at this version already.")
    if not seals.key_state(office.database).keys:
        _tell_key(seals.new_key(office.database))


@click.command(
    cls=Command,
    help=both(
        "Dựng lại mọi bảng từ sổ, kể cả mã băm trung gian; --check chỉ so sánh, không ghi gì.",
        "Build every table again from the journal, its stored hashes too; --check only compares and writes nothing.",
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
        digests = {"digest": built.digest, "live_digest": built.live_digest}
        emit("rebuild", {**about, **digests, "mended": built.mended})
    else:
        if built.mended:
            say(
                "Đã tính lại các mã băm trung gian của sổ từ các dòng.",
                "Computed the stored hashes of the journal again from its rows.",
            )
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
