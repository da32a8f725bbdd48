"""Backing a store up, making one again from a backup, and when that was last done.

A restored store keeps its id and says where it came from. Letters that waited when the backup was
made wait again, and are held: nothing here knows what left afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.office import Office, hold
from ntm_workflow.projections import rebuild, slices
from ntm_workflow.projections.rebuild import shape
from ntm_workflow.store import backup, meta
from ntm_workflow.store.backup import Backup, Told
from ntm_workflow.store.engine import Database, StoreDamaged, StoreExists
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.manifest import Manifest
from ntm_workflow.store.schema import FORMAT

#: What META says of backups; anything else in it is the store's own and is carried along.
LAST: Final = "last_backup"
#: The copies the store was told that `ntm serve` made itself, the oldest first.
OWN: Final = "own_backups"
RESTORED_AT: Final = "restored_at"
RESTORED_FROM: Final = "restored_from"


class StoreInTheWay(Refused):
    vi = "Tại {where} đã có sổ; khôi phục không bao giờ đè lên.\nChuyển sổ đó đi nơi khác trước (cả tệp -wal, -shm), hoặc nêu nơi mới: --store"
    en = "There is a store at {where} already; restoring never replaces one.\nMove it away first (its -wal and -shm too), or name a new place: --store"


class Last(msgspec.Struct, frozen=True):
    """The latest backup a store knows of."""

    position: int
    at: datetime
    file: str


@dataclass(frozen=True)
class Made:
    """A backup, and whether the store could take a note of it."""

    backup: Backup
    noted: bool


def make(office: Office, folder: Path, told: Told) -> Made:
    """Back the store up into `folder`; the store notes it unless it may only be read."""
    made = backup.make(office.database, folder, office.clock.now(), told)
    try:
        with office.database.write() as conn:
            office.journal.lock_head(conn)
            meta.say(conn, LAST, _last_of(made.manifest))
    except Refused:
        return Made(made, noted=False)
    return Made(made, noted=True)


def prune(office: Office, made: Backup, keep: int) -> None:
    """Note a copy that nobody asked for by hand, and delete the oldest of those beyond `keep`.

    Only names noted here go, from the folder of the new copy: it is whole and newer than they.
    """
    folder = made.path.parent
    with office.database.write() as conn:
        office.journal.lock_head(conn)
        known = [*own(conn), made.path.name]
        meta.say(conn, OWN, msgspec.json.encode(known).decode())
    here = [name for name in known if (folder / name).exists()]
    gone = here[:-keep]
    for name in gone:
        # A file without its manifest is no backup: that of the copy goes last.
        (folder / name).unlink(missing_ok=True)
        backup.manifest_of(folder / name).unlink(missing_ok=True)
    if gone:
        with office.database.write() as conn:
            office.journal.lock_head(conn)
            left = [name for name in own(conn) if name not in gone]
            meta.say(conn, OWN, msgspec.json.encode(left).decode())


def own(conn: sa.Connection) -> list[str]:
    said = meta.said(conn, OWN)
    return msgspec.json.decode(said, type=list[str]) if said else []


def restore(file: Path, target: Database, now: datetime, told: Told) -> Backup:
    """A new store at `target` from the backup at `file`, or the latest in that folder.

    All of it stands there and is right, or nothing.
    """
    found = backup.checked(backup.newest(file) if file.is_dir() else file)

    def fill(conn: sa.Connection) -> None:
        with backup.opened(found.path) as (copy, source):
            backup.pour(copy, source, conn, told)
        journal = Journal(target, EVENTS)
        rebuild.fill(conn, journal.streams(conn))
        meta.say(conn, "format", str(FORMAT))
        verified = journal.verify(conn)
        if not verified.ok or verified.root.hex() != found.manifest.root:
            raise StoreDamaged(where=target.where, detail=f"#{verified.first_bad}")
        meta.say(conn, "tables", shape())
        meta.say(conn, LAST, _last_of(found.manifest))
        meta.say(conn, RESTORED_AT, now.isoformat(timespec="seconds"))
        meta.say(conn, RESTORED_FROM, found.path.name)
        hold.lay(conn, now)

    try:
        target.make([slices.METADATA], fill)
    except StoreExists as error:
        raise StoreInTheWay(where=target.where) from error
    return found


def waiting(database: Database) -> int:
    """Letters that have not left, as far as this store knows."""
    with database.read() as conn:
        return hold.waiting(conn)


def last(conn: sa.Connection) -> Last | None:
    said = meta.said(conn, LAST)
    return msgspec.json.decode(said, type=Last) if said else None


def _last_of(manifest: Manifest) -> str:
    noted = Last(manifest.position, manifest.made_at, manifest.file)
    return msgspec.json.encode(noted).decode()
