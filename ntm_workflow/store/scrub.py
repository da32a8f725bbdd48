"""Leaves nothing of deleted rows in the files of a store; knows no table.

Reaches the file and its log. Copies, backups and the disk's own freed blocks are beyond it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from ntm_workflow.store.engine import Database


def scrub(database: Database) -> bool:
    """Write a SQLite file anew and empty its log; False where others at work did not let it.

    PostgreSQL keeps deleted rows until its own VACUUM; there this does nothing and says True.
    """
    if database.path is None:
        return True
    try:
        with closing(sqlite3.connect(database.path, timeout=database.busy_timeout)) as conn:
            conn.isolation_level = None
            conn.execute("PRAGMA secure_delete = ON")
            conn.execute("VACUUM")
            (busy, _, _) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy
