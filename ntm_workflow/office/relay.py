"""The relay: renders each queued letter once, freezes its bytes, delivers them, records that they left.

Enforced once, each letter at least once, never lost: a relay that dies in between sends the same
bytes with the same Message-ID again. Rendering and delivering stand outside any transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.letter import LetterSent
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.post import Post
from ntm_workflow.office import Office, contacts
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.letters import intent_of, write
from ntm_workflow.office.reading import Reading
from ntm_workflow.store.schema import OUTBOX

#: The sender of letters while nobody has set up a mail server: a reserved domain.
SENDER = ("Sổ theo dõi nông thôn mới", "ntm@example.com")
DOMAIN = "example.com"
WAITING = ("queued", "frozen", "no_address")


@dataclass(frozen=True)
class Frozen:
    """A letter in its final bytes. `contact` is the id of the address, for the journal."""

    id: str
    contact: str
    recipient: str
    message_id: str
    content: bytes


def send(office: Office, post: Post, request: Request) -> list[str]:
    """Send every letter that waits and has an address; returns the ids that left."""
    with office.reading() as reading:
        waiting = _waiting(reading)
        ready = {row.id: _frozen(office, reading, row) for row in waiting}
    _freeze(office, waiting, ready)
    letters = [letter for letter in ready.values() if letter]
    for letter in letters:
        post.deliver(letter.id, letter.recipient, letter.content)
        _record(office, letter, request)
    return [letter.id for letter in letters]


def _waiting(reading: Reading) -> list[Any]:
    query = sa.select(OUTBOX).where(OUTBOX.c.state.in_(WAITING)).order_by(OUTBOX.c.id)
    return list(reading.conn.execute(query))


def _frozen(office: Office, reading: Reading, queued: Any) -> Frozen | None:
    """The letter's final bytes: those frozen before, or rendered now. None without an address."""
    unit = reading.units.get(queued.unit)
    to = contacts.addresses(reading.conn, unit.contacts) if unit is not None else []
    if unit is None or not to:
        return None
    contact, address = to[0]
    if queued.bytes is not None and queued.recipient == address:
        return Frozen(queued.id, contact, address, queued.message_id, queued.bytes)
    written = write(reading, intent_of(reading, queued.id), sample=office.info.rehearsal)
    message_id = mime.message_id(office.info.store_id, queued.id, address, DOMAIN)
    to_unit = (unit.name, address)
    now = office.clock.now()
    content = mime.compose(written.subject, written.body, SENDER, to_unit, message_id, now)
    return Frozen(queued.id, contact, address, message_id, content)


def _freeze(office: Office, waiting: list[Any], ready: dict[str, Frozen | None]) -> None:
    """Keep the bytes before anything leaves, so that a second try sends the same."""
    changes = [(row.id, values) for row in waiting if (values := _kept(row, ready[row.id]))]
    if not changes:
        return
    with office.database.write() as conn:
        for id, values in changes:
            conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == id).values(values))


def _kept(queued: Any, letter: Frozen | None) -> dict[str, Any]:
    """What the outbox must learn of a letter; nothing where it knows already."""
    if letter is None:
        return {} if queued.state == "no_address" else {"state": "no_address"}
    if letter.content == queued.bytes:
        return {}
    frozen = {"bytes": letter.content, "recipient": letter.recipient}
    return {"state": "frozen", "message_id": letter.message_id, **frozen}


def _record(office: Office, letter: Frozen, request: Request) -> None:
    """The outbox and the journal learn in one transaction that the letter left."""

    def sent(entry: Entry) -> None:
        sha256 = hashlib.sha256(letter.content).hexdigest()
        said = {"message_id": letter.message_id, "contact": letter.contact, "sha256": sha256}
        entry.record(letter.id, LetterSent, **said)

    with office.writing() as work:
        work.entry(request, sent)
        done = {"state": "sent", "sent_at": work.now.isoformat(), "attempts": OUTBOX.c.attempts + 1}
        work.conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == letter.id).values(done))
