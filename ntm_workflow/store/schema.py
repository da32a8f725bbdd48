"""The tables of the journal and of the operations beside it; knows no row of any projection.

Projections bring their own MetaData. Every text key compares by bytes on both databases.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

#: The shape of the tables below. A program refuses a store whose number is higher than its own,
#: and asks for `ntm migrate` where it is lower. 2 brought the seals, 3 the heartbeats, 4 an
#: envelope for each address of a letter; see migrations.py.
FORMAT: Final = 4

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

METADATA = sa.MetaData()

#: One row: the lock every writer takes first, the last position, and the Merkle frontier there.
HEAD = sa.Table(
    "head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", BigInt, nullable=False),
    sa.Column("entry", BigInt, nullable=False),
    sa.Column("recorded_at", Key),
    sa.Column("frontier", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("id = 1", name="head_is_one_row"),
)

# Positions come from the head row, not from the database: they have no gaps, are never given
# twice and survive a dump and restore.
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("position", BigInt, primary_key=True, autoincrement=False),
    sa.Column("entry", BigInt, nullable=False, index=True),
    sa.Column("originator_id", Key, nullable=False),
    sa.Column("originator_version", BigInt, nullable=False),
    sa.Column("topic", Key, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", Key, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("originator_id", "originator_version", name="events_stream"),
)

MERKLE_TILES = sa.Table(
    "merkle_tiles",
    METADATA,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("idx", BigInt, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

#: `note` says all there is to a seal, signed; see store/seal.py.
SEALS = sa.Table(
    "seals",
    METADATA,
    sa.Column("size", BigInt, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
)

COMMAND_KEYS = sa.Table(
    "command_keys",
    METADATA,
    sa.Column("key", Key, primary_key=True),
    sa.Column("request_sha256", Key, nullable=False),
    sa.Column("entry", BigInt, nullable=False),
    sa.Column("recorded_at", Key, nullable=False),
)

#: A row a letter. `obligations` is a JSON list of ids; `trouble` is why it could not be written.
OUTBOX = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", Key, primary_key=True),
    sa.Column("unit", Key, nullable=False),
    sa.Column("kind", Key, nullable=False),
    sa.Column("day", Key, nullable=False),
    sa.Column("entry", BigInt, nullable=False),
    sa.Column("state", Key, nullable=False, index=True),
    sa.Column("obligations", sa.Text, nullable=False),
    sa.Column("trouble", sa.Text),
)

#: A row for each address of a letter, the `n`-th of it: `bytes` are the letter as it leaves, frozen
#: once rendered, and `token` is what a bounce brings back. It may be tried from `due_at` on, which a claim moves to
#: its own end; `claimed_by` is empty while nobody has it, `tried_since` until it was first tried.
#: `as_of` and `as_known` are the day and the position it was written for. What says who it went to
#: can be erased.
ENVELOPES = sa.Table(
    "envelopes",
    METADATA,
    sa.Column("letter", Key, primary_key=True),
    sa.Column("contact", Key, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("message_id", Key, nullable=False, unique=True),
    sa.Column("token", Key, nullable=False, unique=True),
    sa.Column("recipient", Key, index=True),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("as_of", Key),
    sa.Column("as_known", BigInt),
    sa.Column("state", Key, nullable=False),
    sa.Column("due_at", Key, nullable=False),
    sa.Column("claimed_by", Key),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tried_since", Key),
    sa.Column("sent_at", Key),
    sa.Index("ix_envelopes_due", "state", "due_at"),
)

#: Every try to hand an envelope over, and what a server made of it; `said` can be erased.
ATTEMPTS = sa.Table(
    "attempts",
    METADATA,
    sa.Column("letter", Key, primary_key=True),
    sa.Column("contact", Key, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Key, nullable=False),
    sa.Column("server", sa.Text, nullable=False),
    sa.Column("outcome", Key, nullable=False),
    sa.Column("code", sa.Integer),
    sa.Column("status", Key),
    sa.Column("said", sa.Text),
)

#: Addresses of people and offices, kept apart so that they can be erased; `id` is a salted hash.
CONTACTS = sa.Table(
    "contacts",
    METADATA,
    sa.Column("id", Key, primary_key=True),
    sa.Column("unit", Key, nullable=False, index=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("salt", Key, nullable=False),
)

#: People who answer for an office, kept apart like the addresses; `id` is a salted hash.
PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", Key, primary_key=True),
    sa.Column("unit", Key, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("salt", Key, nullable=False),
)

#: What `ntm serve` does by itself, a row a job: when it last ran, what went wrong, when it is next.
HEARTBEATS = sa.Table(
    "heartbeats",
    METADATA,
    sa.Column("job", Key, primary_key=True),
    sa.Column("started", Key),
    sa.Column("finished", Key),
    sa.Column("ok", Key),
    sa.Column("trouble", sa.Text),
    sa.Column("planned", Key),
)

#: The clocks as they were believed last, for each run of a machine: what the wall clock said when
#: it had run for `boot` seconds, and by how many it was `ahead` of the database's.
CLOCKS = sa.Table(
    "clocks",
    METADATA,
    sa.Column("boot_id", Key, primary_key=True),
    sa.Column("wall", Key, nullable=False),
    sa.Column("boot", sa.Float, nullable=False),
    sa.Column("ahead", sa.Float, nullable=False),
)

META = sa.Table(
    "meta",
    METADATA,
    sa.Column("key", Key, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
