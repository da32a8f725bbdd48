"""What older formats kept elsewhere, brought to where it stands now; knows no fact and no projection.

Works from one store into another as well as within one, so that a backup of any age is restored.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.store.schema import CONTACTS, ENVELOPES, OUTBOX

_PAGE: Final = 500
#: What a letter's own row said of its only address before format 4.
_MOVED: Final = ("message_id", "recipient", "bytes", "attempts", "sent_at")
_OLD: Final = sa.table("outbox", *(sa.column(name) for name in ("id", "unit", "state", *_MOVED)))


def columns(conn: sa.Connection, table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(conn).get_columns(table)}


def carry(source: sa.Connection, target: sa.Connection) -> None:
    """Rows that `source` keeps in an older shape, into the tables of today in `target`."""
    if "message_id" not in columns(source, "outbox"):
        return
    after = ""
    while rows := source.execute(_frozen(after)).all():
        target.execute(sa.insert(ENVELOPES), [_envelope(row) for row in rows])
        after = rows[-1].id


def reshape(conn: sa.Connection) -> None:
    """Give older tables their shape of today, once what they held is carried over."""
    there = columns(conn, "outbox")
    for name in there.intersection(_MOVED):
        conn.exec_driver_sql(f"ALTER TABLE outbox DROP COLUMN {name}")
    if OUTBOX.c.trouble.name not in there:
        conn.exec_driver_sql(f"ALTER TABLE outbox ADD COLUMN {OUTBOX.c.trouble.name} TEXT")


def _frozen(after: str) -> sa.Select[Any]:
    """Some letters that have their final bytes or had them, with the id of the address."""
    theirs = (CONTACTS.c.unit == _OLD.c.unit) & (CONTACTS.c.email == _OLD.c.recipient)
    contact = sa.select(sa.func.min(CONTACTS.c.id)).where(theirs).scalar_subquery()
    frozen = (_OLD.c.message_id.is_not(None), _OLD.c.id > after)
    query = sa.select(_OLD, contact.label("contact")).where(*frozen)
    return query.order_by(_OLD.c.id).limit(_PAGE)


def _envelope(row: Any) -> dict[str, Any]:
    return {
        "letter": row.id,
        # An address of the settings went by its role; an erased one has no row to be found by.
        "contact": row.contact or row.unit,
        "n": 0,
        "message_id": row.message_id,
        # As mime.token makes it.
        "token": hashlib.sha256(row.message_id.encode()).hexdigest()[:24],
        "recipient": row.recipient,
        "bytes": row.bytes,
        "state": row.state if row.state in ("frozen", "sent") else "dropped",
        "due_at": "",
        "attempts": row.attempts,
        "sent_at": row.sent_at,
    }
