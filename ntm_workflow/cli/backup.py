"""Backing the store up into a folder, and making a store from a backup."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.session import everywhere, option, session

if TYPE_CHECKING:
    from ntm_workflow.store.backup import Backup, Told


@click.command(
    cls=Command,
    help=both(
        "Sao lưu sổ vào một thư mục trong lúc mọi người vẫn ghi: một tệp .db đã kiểm tra và tệp kê khai của nó.",
        "Back the store up into a folder while others go on writing: a checked .db file and its manifest.",
    ),
    examples=["ntm backup sao-luu", "ntm backup sao-luu/tuan --json"],
)
@click.argument("folder", metavar="DIR", required=False)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def backup(folder: str | None, as_json: bool) -> None:
    from ntm_workflow.office import backup as backups

    chosen = folder or session().settings["backup.folder"]
    if chosen is None:
        raise click.UsageError(
            phrase(
                "Nêu thư mục để sao lưu: ntm backup THƯ_MỤC, hoặc đặt backup.folder trong tệp thiết lập (biến NTM_BACKUP_FOLDER).",
                "Say the folder to back up into: ntm backup DIR, or set backup.folder in the settings file (variable NTM_BACKUP_FOLDER).",
            )
        )
    office = session().office()
    made = backups.make(office, Path(chosen), _progress())
    if not made.noted:
        _warn(
            "Sổ chỉ cho đọc nên không ghi nhớ được lần sao lưu này; ntm doctor sẽ không biết.",
            "The store may only be read and cannot note this backup; ntm doctor will not know.",
        )
    if _same_disk(office.database.path, made.backup.path):
        _warn(
            "Bản sao nằm cùng ổ đĩa với sổ: hỏng ổ là mất cả hai. Chép thêm ra nơi khác.",
            "The copy is on the store's own disk: losing it loses both. Keep one elsewhere too.",
        )
    if as_json:
        emit("backup", {**_of(made.backup), "noted": made.noted})
        return
    say(
        "Đã sao lưu và kiểm tra {n} việc vào {path}.\nGốc: {root}\nKhôi phục: ntm restore {path:arg} --store …",
        "Backed up and checked {n} facts: {path}.\nRoot: {root}\nRestore: ntm restore {path:arg} --store …",
        n=made.backup.manifest.position,
        path=str(made.backup.path),
        root=made.backup.manifest.root,
    )


@click.command(
    cls=Command,
    help=both(
        "Lập một sổ MỚI từ bản sao lưu (một tệp .db, hoặc bản mới nhất trong thư mục), sau khi kiểm tra từng byte; không đè lên sổ đang có.",
        "Make a NEW store from a backup (a .db file, or the latest in a folder), every byte checked first; an existing store is never replaced.",
    ),
    examples=["ntm restore sao-luu --store khoi-phuc.db"],
)
@click.argument("file", metavar="FILE")
@option("--yes", is_flag=True, vi="Không hỏi lại.", en="Do not ask.")
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def restore(file: str, yes: bool, as_json: bool) -> None:
    from ntm_workflow.office import backup as backups
    from ntm_workflow.office import seals

    with closing(session().database()) as database:
        if not yes and sys.stdin.isatty():
            question = phrase(
                "Lập sổ mới tại {where} từ {file}?",
                "Make a new store at {where} from {file}?",
                where=database.where,
                file=file,
            )
            click.confirm(question, abort=True, err=True)
        now = session().clock.now()
        found = backups.restore(Path(file), database, now, _progress())
        waiting = backups.waiting(database)
        where = database.where
        sealed = bool(seals.key_state(database).keys)
    if not sealed:
        _warn(
            "Bản sao thuộc định dạng cũ, chưa có khóa đóng dấu.\nTạo khóa trước khi làm việc: ntm audit key --new",
            "The backup is of an older format and has no sealing key.\nMake one before working: ntm audit key --new",
        )
    if as_json:
        emit("restore", {"store": where, **_of(found), "letters_waiting": waiting})
        return
    _told(found, where, waiting)


def _told(found: Backup, where: str, waiting: int) -> None:
    say(
        "Đã lập lại sổ {where} từ bản sao lúc {at}: {n} việc, gốc {root}.\nViệc ghi sau lúc đó không có trong sổ này.",
        "Made the store {where} again from the backup of {at}: {n} facts, root {root}.\nWhat was recorded later is not in it.",
        where=where,
        at=found.manifest.made_at,
        n=found.manifest.position,
        root=found.manifest.root,
    )
    if waiting:
        say(
            "{n} thư đang chờ gửi lúc sao lưu; thư nào đã đi sau đó sẽ đi lần nữa, cùng Message-ID.\nXem trước khi gửi: ntm letter list",
            "{n} letters waited when it was made; any that left since would leave again, with the same Message-ID.\nLook before sending: ntm letter list",
            n=waiting,
        )


def _of(backup: Backup) -> dict[str, Any]:
    said = backup.manifest
    about = {"file": str(backup.path), "made_at": said.made_at, "store_id": said.store_id}
    what = {"position": said.position, "root": said.root, "format": said.format}
    return {**about, **what, "sha256": said.sha256, "bytes": said.bytes, "tables": said.tables}


def _same_disk(store: Path | None, copy: Path) -> bool:
    return store is not None and store.stat().st_dev == copy.stat().st_dev


def _warn(vi: str, en: str) -> None:
    click.echo(phrase(vi, en), err=True)


def _progress() -> Told:
    """Rows done and to do on a terminal's stderr; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def tell(done: int, total: int) -> None:
        click.echo(f"\r{done:,}/{total:,}".replace(",", "."), err=True, nl=done == total)

    return tell
