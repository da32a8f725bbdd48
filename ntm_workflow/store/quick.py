"""A quick look at the journal: as many rows as the head says, and the last of them whole.

What only a check of every hash finds stays unfound here.
"""

from __future__ import annotations

import struct
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.store.engine import fetch
from ntm_workflow.store.merkle import leaf_hash
from ntm_workflow.store.recorder import JournalRecorder

#: How many rows from the end are looked at.
LAST: Final = 1000


def first_bad(recorder: JournalRecorder, conn: sa.Connection) -> int | None:
    """The first position seen to be wrong; None when nothing is."""
    head = recorder.head(conn).position
    after = max(head - LAST, 0)
    rows = fetch(conn, recorder.sql.audit, (after, LAST + 1))
    for expected, row in enumerate(rows, after + 1):
        if row[0] != expected or expected > head or _leaf(row) != row[7]:
            return expected
    if len(rows) != head - after:
        return after + len(rows) + 1
    (count,) = fetch(conn, "SELECT count(*) FROM events")[0]
    return None if count == head else 1


def _leaf(row: tuple[Any, ...]) -> bytes | None:
    position, entry, id, version, topic, state, at, _ = row
    try:
        return leaf_hash(position, entry, version, id, topic, at, state)
    except (TypeError, AttributeError, struct.error):
        return None
