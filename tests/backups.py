"""Stores with something of everything in them, backed up and restored."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from offices import Desk

from ntm_workflow.domain.base import Refused
from ntm_workflow.office import backup, contacts, hold, letters
from ntm_workflow.office.entry import Request
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import META, METADATA

DAY = "15/10/2024"
UNIT = "ubnd-tam-ngoc-tam-ky"
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def fill(desk: Desk) -> Desk:
    """Something of everything: facts, a void, keys, an address, a letter that left and one that waits."""
    desk.adopt("quang-nam-2024-2025")
    desk.allocate("đường thôn 1", 500_000_000)
    desk.disburse("đường thôn 1", 100_000_000, "1/3/2024", key="chi 1")
    desk.void(desk.disburse("đường thôn 1", 200_000_000, "2/3/2024").entry)
    desk.record(lambda e: contacts.change(e, UNIT, ["ubnd@example.com"]))
    desk.close("31/1/2024")
    with desk.go(DAY).office.writing() as work:
        letters.issue(work, desk.office.today, Request(by="test"))
    return desk


def back_up(desk: Desk, folder: Path) -> Path:
    return backup.make(desk.office, folder, quiet).backup.path


def rows(url: str | Path) -> dict[str, list[Any]]:
    """Every row of the journal and of the operations, but what a store says of its backups."""
    notes = (backup.LAST, backup.RESTORED_AT, backup.RESTORED_FROM, hold.HELD, hold.GENERATION)
    with closing(Database(url)) as database, database.read() as conn:
        found = {
            table.name: [
                tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
        }
    found["meta"] = [row for row in found["meta"] if row[0] not in notes]
    return found


def meta(url: str | Path) -> dict[str, str]:
    with closing(Database(url)) as database, database.read() as conn:
        return dict(conn.execute(sa.select(META)).all())  # type: ignore[arg-type]


def restored(file: Path, url: str | Path, day: str = DAY) -> Desk:
    desk = Desk(str(url), day)
    try:
        backup.restore(file, desk.database, desk.clock.now(), quiet)
    except Refused:
        desk.close_store()
        raise
    return desk
