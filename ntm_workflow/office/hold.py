"""The hold on a restored store's outbox: what waits there may have left after the backup was made.

Nobody can tell from the store itself, so nothing leaves until a person lets it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import uuid4

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Office, outbox
from ntm_workflow.store import meta
from ntm_workflow.store.schema import OUTBOX

HELD: Final = "outbox_held"
#: Another one each time a store is restored: what began with the old one does not go on in the new.
GENERATION: Final = "generation"


class OutboxHeld(Refused):
    exit_code = 4
    vi = "Sổ được khôi phục từ bản sao lúc {at}: {n} thư đang chờ có thể đã gửi đi sau bản sao đó, nên chưa thư nào được gửi.\nXem: ntm letter list. Cho gửi: ntm letter release --restored (bỏ các thư đang chờ: thêm --drop)"
    en = "The store was restored at {at}: {n} letters that wait may have left after the backup, so none is sent.\nSee: ntm letter list. Let them go: ntm letter release --restored (give up what waits: with --drop)"


class RestoredMeanwhile(Refused):
    vi = "Sổ vừa được khôi phục trong lúc gửi thư; lượt gửi này dừng lại.\nXem: ntm doctor"
    en = "The store was restored while letters were sent; this run stops.\nSee: ntm doctor"


class Hold(msgspec.Struct, frozen=True):
    """Since when nothing leaves."""

    at: datetime


def lay(conn: sa.Connection, now: datetime) -> None:
    """Hold everything that waits in a store that was just restored."""
    meta.say(conn, HELD, msgspec.json.encode(Hold(now)).decode())
    meta.say(conn, GENERATION, uuid4().hex)
    outbox.unclaim(conn, now)


def held(conn: sa.Connection) -> Hold | None:
    said = meta.said(conn, HELD)
    return msgspec.json.decode(said, type=Hold) if said else None


def generation(conn: sa.Connection) -> str | None:
    return meta.said(conn, GENERATION)


def waiting(conn: sa.Connection) -> int:
    """Letters that have not left, as far as this store knows."""
    return outbox.count(conn, OUTBOX.c.state.in_(outbox.WAITING))


def must_not_be(conn: sa.Connection) -> None:
    if found := held(conn):
        raise OutboxHeld(at=found.at, n=waiting(conn))


def release(office: Office, *, drop: bool, dry_run: bool = False) -> int | None:
    """Let letters leave again; how many of those that may have left already wait, or are given up,
    None where nothing was held.

    `drop` gives up what may have left: every letter up to the day on which the store was restored,
    since those of its last days may have been written a second time here.
    """
    with office.database.write() as conn:
        office.journal.lock_head(conn)
        found = held(conn)
        if found is None:
            return None
        day = found.at.astimezone(VIETNAM).date().isoformat()
        before = [row.id for row in outbox.letters(conn, outbox.WAITING) if row.day <= day]
        if dry_run:
            return len(before)
        if drop:
            outbox.drop(conn, before, outbox.GIVEN_UP)
        meta.unsay(conn, HELD)
    return len(before)
