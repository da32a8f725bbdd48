"""A store that is filled before anybody may use it: whole under its name in the end, or nowhere."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ntm_workflow.domain.base import Refused
from ntm_workflow.store import files, keys, refusals
from ntm_workflow.store.engine import Database


class NameTaken(Refused):
    exit_code = 2
    vi = "Đã có {files}; không ghi đè lên tệp nào.\nNêu một tên chưa dùng: --keep"
    en = "{files} is there already; nothing is ever written over.\nName a file that is not there: --keep"


class Draft(Database):
    """Written without waiting for the disk: until it has its name, nobody was promised anything."""

    def _open_file(self, mode: str, *more: str) -> sqlite3.Connection:
        return super()._open_file(mode, *more, "synchronous = OFF", "cache_size = -65536")


@contextmanager
def drafted(path: Path | None) -> Iterator[Draft]:
    """A file without a name for a store to be made in.

    It and its sealing key get the name `path` when the block is left; after an error, or without
    a name, nothing remains.
    """
    if path is None:
        with TemporaryDirectory(prefix="ntm-") as folder, closing(_in(folder)) as draft:
            yield draft
        return
    _must_be_free(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise refusals.of_system(error, str(path), path) from error
    with made as folder:
        with closing(_in(folder)) as draft:
            yield draft
        _name(Path(folder), path)


def _in(folder: str) -> Draft:
    return Draft(Path(folder) / "draft.db", any_disk=True)


def _must_be_free(path: Path) -> None:
    key = path.with_name(path.name + keys.SUFFIX)
    taken = [str(each) for each in (path, key) if os.path.lexists(each)]
    if taken := [*taken, *files.companions(path)]:
        raise NameTaken(files=taken)


def _name(folder: Path, path: Path) -> None:
    """The key first: a store without one would ask for it at its next closing."""
    made = {suffix: folder / f"draft.db{suffix}" for suffix in (keys.SUFFIX, "")}
    try:
        for suffix, file in made.items():
            if file.exists():
                with files.naming(path.with_name(path.name + suffix)) as part:
                    file.replace(part)
    except FileExistsError as error:
        raise NameTaken(files=[str(error.filename2 or path)]) from error
    except OSError as error:
        raise refusals.of_system(error, str(path), path) from error
