"""What a store says of itself, a word for each key: read, said anew, taken back."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ntm_workflow.store.schema import META

#: Built once: these are asked several times for each letter that leaves.
_SAID: Final = sa.select(META.c.value).where(META.c.key == sa.bindparam("of"))
_UNSAID: Final = sa.delete(META).where(META.c.key == sa.bindparam("of"))


def said(conn: sa.Connection, key: str) -> str | None:
    value: str | None = conn.scalar(_SAID, {"of": key})
    return value


def say(conn: sa.Connection, key: str, value: str) -> None:
    """Whatever was said under the key before."""
    unsay(conn, key)
    conn.execute(sa.insert(META).values(key=key, value=value))


def unsay(conn: sa.Connection, key: str) -> None:
    conn.execute(_UNSAID, {"of": key})
