"""Files that stand whole under their name or not at all; knows nothing of what is in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

#: What SQLite may leave beside a database file.
COMPANIONS: Final = ("", "-journal", "-wal", "-shm")


def companions(path: Path) -> list[str]:
    """What lies beside a database file and would be taken for a part of it."""
    named = (path.with_name(path.name + suffix) for suffix in COMPANIONS if suffix)
    return [str(each) for each in named if os.path.lexists(each)]


@contextmanager
def naming(path: Path) -> Iterator[Path]:
    """A file beside `path`, the owner's only, that gets its name when the block is left.

    FileExistsError if something has that name by then. After a kill an unnamed file may remain,
    which is in nobody's way.
    """
    with _unnamed(path, 0o600) as part:
        yield part
        sync(part)
        _name(part, path)
        sync_folder(path.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path`, for whoever the system lets read new files, that takes the place of
    what has that name when the block is left.
    """
    with _unnamed(path, 0o666) as part:
        yield part
        sync(part)
        part.replace(path)
        sync_folder(path.parent)


@contextmanager
def _unnamed(path: Path, mode: int) -> Iterator[Path]:
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield part
    finally:
        for suffix in COMPANIONS:
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    if os.name == "nt":
        part.rename(path)  # refuses a name that is taken, which elsewhere it would take over
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # No hard links there, as on a memory stick: claim the name first.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(path)


def sync(path: Path) -> None:
    """Wait until the disk has the file."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in it; Windows writes them through and opens no folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
