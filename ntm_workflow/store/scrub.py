"""Leaves nothing of deleted rows in the files of a store; knows no table.

Reaches the file and its log. Copies, backups and the disk's own freed blocks are beyond it.
"""

from __future__ import annotations

from enum import StrEnum

from ntm_workflow.domain.base import Refused
from ntm_workflow.store.engine import Database


class Left(StrEnum):
    """Where deleted rows can still be read."""

    NOTHING = ""
    #: In the file or its log, until the last who has them open closes them.
    LOG = "log"
    #: In the files of a server, until its own VACUUM.
    SERVER = "server"


def scrub(database: Database) -> Left:
    """Write a SQLite file anew and empty its log, where others at work let it.

    For a store in which something was just erased: a foreign file would be written anew, too.
    """
    if not database.sqlite:
        return Left.SERVER
    try:
        with database.bare() as conn:
            conn.execute("VACUUM")
            (busy, _, _) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except Refused:
        return Left.LOG
    return Left.LOG if busy else Left.NOTHING
