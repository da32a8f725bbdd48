"""A folder of templates as it lies on the disk, read once and whole. Knows no letter and runs nothing.

Whatever is checked is what is used: nobody reads the folder a second time.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ntm_workflow.notifications.template_faults import Fault, TemplatesMissing

#: A template is a few thousand characters; what is larger was made by mistake or to do harm.
MOST_BYTES: Final = 200_000
MOST_FILES: Final = 200
_ENDS: Final = (".txt", ".html")


@dataclass(frozen=True)
class Snapshot:
    """The templates of a folder by name, what is wrong with its files, and a digest of all of it."""

    sources: dict[str, str]
    faults: list[Fault]
    sha256: str

    @classmethod
    def empty(cls) -> Snapshot:
        """No folder at all: nothing of ours is replaced."""
        return cls({}, [], _digest({}))


def snapshot(folder: Path) -> Snapshot:
    """Raises TemplatesMissing. Files that are no templates are not looked at."""
    if not folder.is_dir():
        raise TemplatesMissing(folder=str(folder))
    sources: dict[str, str] = {}
    faults: list[Fault] = []
    for name in _names(folder, faults):
        found = _read(folder, name)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            sources[name] = found
    return Snapshot(sources, faults, _digest(sources))


def _names(folder: Path, faults: list[Fault]) -> list[str]:
    names: list[str] = []
    for name in _found(folder, "", faults):
        if len(names) == MOST_FILES:
            faults.append(Fault.of(".", "too_many", most=MOST_FILES))
            break
        names.append(name)
    return sorted(names)


def _found(folder: Path, under: str, faults: list[Fault]) -> Iterator[str]:
    """The templates of a folder and of the folders in it; no link is followed."""
    try:
        entries = sorted(os.scandir(folder / under), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(Fault.of(under or ".", "unreadable", why=error.strerror))
        return
    for entry in entries:
        name = f"{under}{entry.name}"
        if entry.is_dir(follow_symlinks=False) and not under:
            yield from _found(folder, f"{name}/", faults)
        elif entry.is_symlink():
            faults.append(Fault.of(name, "symlink"))
        elif name.endswith(_ENDS):
            yield name


def _read(folder: Path, name: str) -> str | Fault:
    try:
        # Neither waits for a pipe's other end nor follows what became a link meanwhile.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(folder / name, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Fault.of(name, "not_a_file")
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Fault.of(name, "unreadable", why=error.strerror)
    if len(content) > MOST_BYTES:
        return Fault.of(name, "too_big", most=MOST_BYTES)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return Fault.of(name, "encoding", content.count(b"\n", 0, error.start) + 1)


def _digest(sources: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sources.items():
        for part in (name, text):
            raw = part.encode()
            digest.update(b"%d:%s" % (len(raw), raw))
    return digest.hexdigest()
