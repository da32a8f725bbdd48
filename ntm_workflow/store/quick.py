"""A quick look at the journal: as many rows as the head says, the last of them and all tiles whole.

What only a check of every hash finds stays unfound here.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ntm_workflow.store.engine import fetch
from ntm_workflow.store.nodes import lead_to
from ntm_workflow.store.recorder import JournalRecorder
from ntm_workflow.store.verify import leaves

#: How many rows from the end are looked at.
LAST: Final = 1000


def bad_page(conn: sa.Connection) -> str | None:
    """What SQLite says of the first page that is damaged; a server looks after its own."""
    if conn.dialect.name != "sqlite":
        return None
    said = str(conn.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    return None if said == "ok" else said


def whole(recorder: JournalRecorder, conn: sa.Connection) -> bool:
    """Whether nothing is seen to be wrong."""
    head = recorder.head(conn)
    after = max(head.position - LAST, 0)
    rows = fetch(conn, recorder.sql.audit, (after, LAST + 1))
    in_place = [row[0] for row in rows] == list(range(after + 1, head.position + 1))
    if not in_place or leaves(rows) != [row[7] for row in rows]:
        return False
    (count,) = fetch(conn, "SELECT count(*) FROM events")[0]
    return count == head.position and lead_to(recorder.sql, conn, head.position, head.frontier)
