"""The relay: renders each queued letter once, freezes its bytes, delivers them, records that they left.

Enforced once, each letter at least once, never lost: a relay that dies in between, or two at once,
send the same bytes with the same Message-ID. Rendering and delivering hold no write lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.letter import LetterSent
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.post import NotDelivered, Post
from ntm_workflow.office import Office, contacts
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.letters import intent_of, write
from ntm_workflow.office.reading import Reading
from ntm_workflow.store.schema import OUTBOX

#: The sender of letters while nobody has set up a mail server: a reserved domain.
SENDER = ("Sổ theo dõi nông thôn mới", "ntm@example.com")
DOMAIN = "example.com"
WAITING = ("queued", "frozen", "no_address")
#: Name of a unit, id of its contact, address; None while it has none.
Addressed = Callable[[Reading, str], "tuple[str, str, str] | None"]


@dataclass(frozen=True)
class Frozen:
    """A letter in its final bytes. `contact` is the id of the address, for the journal."""

    id: str
    contact: str
    recipient: str
    message_id: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """What a run of the relay came to, by letter id."""

    left: tuple[str, ...]
    failed: tuple[str, ...]


def send(office: Office, post: Post, request: Request, addressed: Addressed | None = None) -> Sent:
    """Send every letter that waits, has an address and is still owed.

    `addressed` says where a unit's letters go; without it, to its contact.
    """
    address = addressed or _address
    _freeze(office, address)
    by_itself = replace(request, on=None, key=None, if_position=None, dry_run=False)
    left, failed = [], []
    for letter in _ready(office, address):
        try:
            post.deliver(letter.id, letter.recipient, letter.content)
        except NotDelivered:
            _mark(office, letter.id, attempts=OUTBOX.c.attempts + 1)
            failed.append(letter.id)
        else:
            _record(office, letter, by_itself)
            left.append(letter.id)
    return Sent(tuple(left), tuple(failed))


def _freeze(office: Office, address: Addressed) -> None:
    """Render what has no bytes yet, and keep the bytes before anything leaves.

    Another relay may be doing the same: the first bytes kept for an address are the letter.
    """
    with office.reading() as reading:
        waiting = _waiting(reading)
        found = ((row, _change(office, reading, row, address)) for row in waiting)
        changes = [(row, values) for row, values in found if values]
    if not changes:
        return
    with office.database.write() as conn:
        for row, values in changes:
            if not contacts.is_kept(conn, values.get("recipient")):
                continue  # forgotten meanwhile: it must not come back with the letter
            same = (
                OUTBOX.c.state == row.state,
                OUTBOX.c.recipient.is_not_distinct_from(row.recipient),
            )
            conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == row.id, *same).values(values))


def _waiting(reading: Reading) -> list[Any]:
    query = sa.select(OUTBOX).where(OUTBOX.c.state.in_(WAITING)).order_by(OUTBOX.c.id)
    return list(reading.conn.execute(query))


def _change(office: Office, reading: Reading, queued: Any, addressed: Addressed) -> dict[str, Any]:
    """What the outbox must learn of a letter before it can leave; nothing where it knows already."""
    to = addressed(reading, queued.unit)
    if to is None:
        return {} if queued.state == "no_address" else {"state": "no_address"}
    name, _, address = to
    if queued.bytes is not None and queued.recipient == address:
        return {}
    written = write(reading, intent_of(reading, queued.id), sample=office.info.rehearsal)
    if written is None:
        return {"state": "dropped"}
    message_id = mime.message_id(office.info.store_id, queued.id, address, DOMAIN)
    now = office.clock.now()
    content = mime.compose(written.subject, written.body, SENDER, (name, address), message_id, now)
    frozen = {"bytes": content, "recipient": address, "message_id": message_id}
    return {"state": "frozen", **frozen}


def _ready(office: Office, addressed: Addressed) -> list[Frozen]:
    """The letters as the outbox holds them, whichever relay froze them."""
    with office.reading() as reading:
        ready = []
        for row in _waiting(reading):
            to = addressed(reading, row.unit)
            if row.state == "frozen" and to and to[2] == row.recipient:
                ready.append(Frozen(row.id, to[1], row.recipient, row.message_id, row.bytes))
        return ready


def _address(reading: Reading, unit: str) -> tuple[str, str, str] | None:
    row = reading.units.get(unit)
    found = contacts.addresses(reading.conn, row.contacts) if row is not None else []
    return (row.name, *found[0]) if row is not None and found else None


def _record(office: Office, letter: Frozen, request: Request) -> None:
    """The outbox and the journal learn in one transaction that the letter left, once."""

    def sent(entry: Entry) -> None:
        sha256 = hashlib.sha256(letter.content).hexdigest()
        said = {"message_id": letter.message_id, "contact": letter.contact, "sha256": sha256}
        entry.record(letter.id, LetterSent, **said)

    with office.writing() as work:
        state = sa.select(OUTBOX.c.state).where(OUTBOX.c.id == letter.id)
        if work.conn.scalar(state) == "sent":
            return  # another relay was quicker; it sent the same bytes
        work.entry(request, sent)
        done = {"state": "sent", "sent_at": work.now.isoformat(), "attempts": OUTBOX.c.attempts + 1}
        work.conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == letter.id).values(done))


def _mark(office: Office, id: str, **values: Any) -> None:
    with office.database.write() as conn:
        conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == id).values(values))
