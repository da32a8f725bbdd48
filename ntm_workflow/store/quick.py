"""A quick look at the journal: as many rows as the head says, and the last of them whole.

What only a check of every hash finds stays unfound here.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ntm_workflow.store.engine import fetch
from ntm_workflow.store.recorder import JournalRecorder
from ntm_workflow.store.verify import leaves

#: How many rows from the end are looked at.
LAST: Final = 1000


def first_bad(recorder: JournalRecorder, conn: sa.Connection) -> int | None:
    """The first position seen to be wrong; None when nothing is."""
    head = recorder.head(conn).position
    after = max(head - LAST, 0)
    rows = fetch(conn, recorder.sql.audit, (after, LAST + 1))
    for expected, row in enumerate(rows, after + 1):
        if row[0] != expected or expected > head or leaves([row]) != [row[7]]:
            return expected
    if len(rows) != head - after:
        return after + len(rows) + 1
    (count,) = fetch(conn, "SELECT count(*) FROM events")[0]
    return None if count == head else 1
