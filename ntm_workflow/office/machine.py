"""What the machine is like: Python, SQLite, the console, the clock, the drive and the rights of files.

Opens no store. What cannot be told on this system is said to be unknown, never to be right.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office.finding import Finding, fail, info, ok, warn
from ntm_workflow.store import disks
from ntm_workflow.store.files import COMPANIONS

#: The first SQLite without the defect that may damage a WAL store when two processes checkpoint.
WAL_SOUND: Final = (3, 51, 3)
MB: Final = 1_000_000


@dataclass(frozen=True)
class Machine:
    """What the edges know of it: its clock, the encoding of the console, its own UTC offset."""

    now: datetime
    encoding: str
    offset: timedelta | None


def programs(machine: Machine, *, sqlite: bool) -> Iterator[Finding]:
    """Everything that has nothing to do with where the store is."""
    yield ok("python", "Python {v}.", "Python {v}.", v=platform.python_version())
    if sqlite:
        yield sqlite_version(sqlite3.sqlite_version_info)
    yield console(machine.encoding)
    yield time_zone(machine.offset)


def sqlite_version(version: tuple[int, ...]) -> Finding:
    said = {"v": ".".join(map(str, version)), "sound": ".".join(map(str, WAL_SOUND))}
    if version >= WAL_SOUND:
        return ok("sqlite", "SQLite {v}.", "SQLite {v}.", **said)
    return warn(
        "sqlite",
        "ntm backup DIR",
        "SQLite {v}: trước bản {sound} có lỗi hiếm gặp làm hỏng sổ khi hai lệnh cùng dọn nhật ký. Sao lưu đều.",
        "SQLite {v}: before {sound} a rare defect may damage a store when two commands checkpoint at once. Keep backups.",
        **said,
    )


def console(encoding: str) -> Finding:
    if encoding.lower().replace("-", "") == "utf8":
        return ok("console", "Màn hình dùng UTF-8.", "The console speaks UTF-8.")
    return warn(
        "console",
        "set PYTHONUTF8=1" if os.name == "nt" else "export PYTHONUTF8=1",
        "Màn hình dùng {encoding}, không phải UTF-8: chữ có dấu có thể sai.",
        "The console speaks {encoding}, not UTF-8: accents may come out wrong.",
        encoding=encoding or "?",
    )


def time_zone(offset: timedelta | None) -> Finding:
    if offset == VIETNAM.utcoffset(None):
        return ok("time_zone", "Giờ máy là giờ Việt Nam.", "The machine keeps Vietnam's time.")
    return info(
        "time_zone",
        "Giờ máy không phải UTC+7. Sổ vẫn tính theo giờ Việt Nam; lịch chạy tự động (cron) thì theo giờ máy.",
        "The machine's zone is not UTC+7. The store counts in Vietnam's time all the same; cron does not.",
    )


def clock(now: datetime, last: datetime | None) -> Finding:
    """The clock against the last record; a little behind is another machine's clock."""
    if last and now < last - timedelta(seconds=60):
        return fail(
            "clock",
            None,
            "Đồng hồ máy ({now}) chạy lùi so với lần ghi cuối ({last}). Chỉnh lại giờ trước khi ghi tiếp.",
            "The clock ({now}) stands before the last record ({last}). Set it before recording more.",
            now=now,
            last=last,
        )
    return ok("clock", "Đồng hồ máy: {now}.", "The clock: {now}.", now=now)


def drive(path: Path) -> Finding:
    if kind := disks.network(path):
        return warn(
            "drive",
            None,
            "{path} nằm trên ổ đĩa mạng ({kind}): khóa tệp không chắc, hai người ghi có thể làm hỏng sổ.",
            "{path} is on a network drive ({kind}): locks do not hold, two writers may ruin the store.",
            path=str(path),
            kind=kind,
        )
    if not disks.known():
        return info(
            "drive",
            "Không xem được {path} có nằm trên ổ đĩa mạng hay không.",
            "Whether {path} is on a network drive cannot be told here.",
            path=str(path),
        )
    return ok("drive", "Sổ nằm trên ổ đĩa của máy.", "The store is on a disk of this machine.")


def space(path: Path, least_mb: int) -> Finding:
    """Room for the store to double, and never less than the setting."""
    free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    said = {"free": free // MB, "least": max(least_mb, 2 * size // MB)}
    if free >= said["least"] * MB:
        return ok("disk", "Ổ đĩa còn {free} MB.", "{free} MB of disk are free.", **said)
    return warn(
        "disk",
        None,
        "Ổ đĩa chỉ còn {free} MB, nên còn ít nhất {least} MB (disk.warn_mb, hoặc gấp đôi sổ).",
        "Only {free} MB of disk are free, {least} MB should be (disk.warn_mb, or twice the store).",
        **said,
    )


def rights(path: Path) -> Iterator[Finding]:
    """Who else may read or change the store; not looked at on Windows, whose rights are others."""
    if os.name == "nt":
        return
    files = [path.with_name(path.name + suffix) for suffix in (*COMPANIONS, ".key")]
    bare = [file for file in files if file.exists() and file.stat().st_mode & 0o077]
    folder = path.absolute().parent
    mode = folder.stat().st_mode
    if bare:
        yield warn(
            "rights",
            "chmod 600 " + " ".join(shlex.quote(str(file)) for file in bare),
            "Người khác trên máy đọc hoặc sửa được: {files}.",
            "Others on this machine may read or change: {files}.",
            files=[file.name for file in bare],
        )
    if mode & 0o002:
        yield warn(
            "rights",
            f"chmod o-w {shlex.quote(str(folder))}",
            "Ai trên máy cũng ghi được vào thư mục {folder} của sổ.",
            "Anybody on this machine may write to the store's folder {folder}.",
            folder=str(folder),
        )
    if not bare and not mode & 0o002:
        yield ok("rights", "Chỉ chủ sổ đọc được sổ.", "Only its owner may read the store.")
