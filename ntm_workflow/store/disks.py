"""Whether a path lies on a network drive, where SQLite's locks do not hold; knows no store."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

#: Linux's own list of what is mounted where.
MOUNTS: Path = Path("/proc/self/mounts")

#: Types of file systems that another machine serves; of the FUSE ones, the program behind them.
NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "webdav"}
    | {"9p", "ceph", "glusterfs", "lustre", "beegfs", "gfs2", "ocfs2", "davfs"}
    | {f"fuse.{name}" for name in ("sshfs", "rclone", "glusterfs", "ceph", "davfs2", "s3fs")}
    | {f"fuse.{name}" for name in ("gvfsd-fuse", "smbnetfs", "curlftpfs")}
)
_DRIVE_REMOTE: Final = 4


def network(path: Path) -> str | None:
    """The kind of network drive `path` lies on; None when it is local or nobody can tell."""
    where = _existing(path)
    if sys.platform == "win32":
        return _windows(where)
    kind = type_in(_mounts(), where)
    return kind if kind in NETWORK else None


def known() -> bool:
    """Whether this system tells what its drives are."""
    return sys.platform == "win32" or bool(_mounts())


def type_in(mounts: list[tuple[str, str]], path: Path) -> str | None:
    """The type of the innermost mount `path` lies in, from (folder, type) pairs, last one on top."""
    inside = [(folder, kind) for folder, kind in mounts if path.is_relative_to(folder)]
    if not inside:
        return None
    deepest = max(len(Path(folder).parts) for folder, _ in inside)
    return [kind for folder, kind in inside if len(Path(folder).parts) == deepest][-1]


def _existing(path: Path) -> Path:
    """The nearest folder that is there, links followed: a mount shows only under its real name."""
    place = Path(os.path.realpath(path))
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    return place


def _mounts() -> list[tuple[str, str]]:
    if sys.platform == "darwin":
        return _of_mount_command()
    try:
        text = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    fields = [line.split(" ") for line in text.splitlines()]
    return [(_unescaped(each[1]), each[2]) for each in fields if len(each) > 2]


def _unescaped(folder: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), folder)


def _of_mount_command() -> list[tuple[str, str]]:
    try:
        done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return re.findall(r" on (.*) \((\w+)", done.stdout)


def _windows(path: Path) -> str | None:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
    drive = path.anchor
    remote = drive.startswith("\\\\") or kernel.GetDriveTypeW(drive) == _DRIVE_REMOTE
    return "SMB" if remote else None
