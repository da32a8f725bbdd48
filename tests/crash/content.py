"""What a store holds, as one digest: two stores in which the same was recorded once agree in it.

Instants are left out, and what follows from them: leaves, the frontier, signatures.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from ntm_workflow.domain.clock import ClockConfirmed
from ntm_workflow.driver import fetch
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.schema import COMMAND_KEYS, EVENTS, HEAD, OUTBOX, SEALS

_TABLES = (
    *(EVENTS, HEAD, COMMAND_KEYS, OUTBOX, SEALS, FACTS),
    *(view.table for view in VIEWS.values()),
)
_INSTANTS = frozenset({"recorded_at", "leaf", "frontier", "note", "clock", "last"})


def content(conn: sa.Connection) -> str:
    sha = hashlib.sha256()
    for table in _TABLES:
        sha.update(table.name.encode())
        for row in fetch(conn, _select(table)):
            sha.update(repr(row).encode())
    return sha.hexdigest()


def _select(table: sa.Table) -> str:
    columns = [f'"{c.name}"' for c in table.columns if c.name not in _INSTANTS]
    order = ", ".join(f'"{c.name}"' for c in table.primary_key)
    # What somebody vouched for is an instant, too.
    known = f" WHERE topic <> '{ClockConfirmed.__name__}'" if table is EVENTS else ""
    return f'SELECT {", ".join(columns)} FROM "{table.name}"{known} ORDER BY {order}'
