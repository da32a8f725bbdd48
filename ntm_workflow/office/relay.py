"""The relay: renders each queued letter once, freezes its bytes, delivers them, records that they left.

Enforced once, each letter at least once, never lost: a relay that dies in between, or two at once,
send the same bytes with the same Message-ID. Rendering and delivering hold no write lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.letter import LetterSent
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.post import Folder, Outcome, Parcel, Post
from ntm_workflow.office import Office, contacts
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.letters import intent_of, issue, must_be_today, write
from ntm_workflow.office.reading import Reading
from ntm_workflow.store.schema import OUTBOX

#: A name, the id under which the journal knows the address, and the address.
To = tuple[str, str, str]
#: The sender of letters while nobody has set up a mail server: a reserved domain.
SENDER = ("Sổ theo dõi nông thôn mới", "ntm@example.com")
DOMAIN = "example.com"
#: The kind of letter that says what is wrong with the machine.
ALERT: Final = "alert"
WAITING = ("queued", "frozen", "no_address")
#: Where the letters of a unit go; None while it has no address.
Addressed = Callable[[Reading, str], "To | None"]


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


@dataclass(frozen=True)
class Bag:
    """What a run of the relay takes with it: `desks` are the addresses the settings give by role.

    `kinds` are the letters it takes; all, unless told. `addressed` says where they go in place of the
    units' contacts.
    """

    desks: Mapping[str, str] = field(default_factory=dict)
    kinds: Collection[str] | None = None
    addressed: Addressed | None = None

    @property
    def any_clock(self) -> bool:
        """Alerts leave while the clock is in doubt: they are about it."""
        return self.kinds is not None and set(self.kinds) <= {ALERT}


ALL: Final = Bag()


def send_day(
    office: Office, post: Folder, day: date, request: Request, bag: Bag
) -> tuple[list[Intent], Sent]:
    """Issue the day's letters and send everything that waits."""
    must_be_today(office, day)
    post.ready()
    with office.writing() as work:
        issued = issue(work, day, request)
    return issued, Sent((), ()) if request.dry_run else send(office, post, request, bag)


def send(office: Office, post: Post, request: Request, bag: Bag = ALL) -> Sent:
    """Send every letter that waits, has an address and is still owed."""
    _freeze(office, bag)
    by_itself = replace(request, on=None, key=None, if_position=None, dry_run=False)
    left, failed = [], []
    ready = {letter.id: letter for letter in _ready(office, bag)}
    parcels = (Parcel(id, SENDER[1], each.recipient, each.content) for id, each in ready.items())
    for result in post.deliver(parcels):
        if result.outcome is Outcome.ACCEPTED:
            _record(office, ready[result.id], by_itself, bag)
            left.append(result.id)
            continue
        if result.outcome is not Outcome.UNTRIED:
            _mark(office, result.id, attempts=OUTBOX.c.attempts + 1)
        failed.append(result.id)
    return Sent(tuple(left), tuple(failed))


def _freeze(office: Office, bag: Bag) -> None:
    """Render what has no bytes yet, and keep the bytes before anything leaves.

    Another relay may be doing the same: the first bytes kept for an address are the letter.
    """
    with office.reading() as reading:
        waiting = [(row, _address(reading, row.unit, bag)) for row in _waiting(reading, bag)]
        changes = [(row, v) for row, to in waiting if (v := _change(office, reading, row, to))]
    if not changes:
        return
    with office.database.write() as conn:
        for row, values in changes:
            if row.unit not in bag.desks and not contacts.is_kept(conn, values.get("recipient")):
                continue  # forgotten meanwhile: it must not come back with the letter
            same = (
                OUTBOX.c.state == row.state,
                OUTBOX.c.recipient.is_not_distinct_from(row.recipient),
            )
            conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == row.id, *same).values(values))


def _waiting(reading: Reading, bag: Bag) -> list[Any]:
    query = sa.select(OUTBOX).where(OUTBOX.c.state.in_(WAITING)).order_by(OUTBOX.c.id)
    taken = query if bag.kinds is None else query.where(OUTBOX.c.kind.in_(bag.kinds))
    return list(reading.conn.execute(taken))


def _change(office: Office, reading: Reading, queued: Any, to: To | None) -> dict[str, Any]:
    """What the outbox must learn of a letter before it can leave; nothing where it knows already."""
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
    content = mime.compose(
        mime.Message(
            subject=written.subject,
            text=written.body,
            sender=SENDER,
            recipient=(name, address),
            message_id=message_id,
            sent_at=now,
        )
    )
    frozen = {"bytes": content, "recipient": address, "message_id": message_id}
    return {"state": "frozen", **frozen}


def _ready(office: Office, bag: Bag) -> list[Frozen]:
    """The letters as the outbox holds them, whichever relay froze them."""
    with office.reading() as reading:
        ready = []
        for row in _waiting(reading, bag):
            to = _address(reading, row.unit, bag)
            if row.state == "frozen" and to and to[2] == row.recipient:
                ready.append(Frozen(row.id, to[1], row.recipient, row.message_id, row.bytes))
        return ready


def _address(reading: Reading, unit: str, bag: Bag) -> To | None:
    """Who a letter goes to; None while there is no address."""
    if unit in bag.desks:
        return "", unit, bag.desks[unit]
    if bag.addressed:
        return bag.addressed(reading, unit)
    row = reading.units.get(unit)
    found = contacts.addresses(reading.conn, row.contacts) if row is not None else []
    return (row.name, *found[0]) if row is not None and found else None


def _record(office: Office, letter: Frozen, request: Request, bag: Bag) -> None:
    """The outbox and the journal learn in one transaction that the letter left, once."""

    def sent(entry: Entry) -> None:
        sha256 = hashlib.sha256(letter.content).hexdigest()
        said = {"message_id": letter.message_id, "contact": letter.contact, "sha256": sha256}
        entry.record(letter.id, LetterSent, **said)

    with office.writing(any_clock=bag.any_clock) as work:
        state = sa.select(OUTBOX.c.state).where(OUTBOX.c.id == letter.id)
        if work.conn.scalar(state) == "sent":
            return  # another relay was quicker; it sent the same bytes
        work.entry(request, sent)
        done: dict[str, Any] = {
            "state": "sent",
            "sent_at": work.now.isoformat(),
            "attempts": OUTBOX.c.attempts + 1,
        }
        if letter.contact in bag.desks:
            # An address of the settings is nobody's in the store, where no forgetting would find it.
            done |= {"recipient": None, "bytes": None}
        work.conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == letter.id).values(done))


def _mark(office: Office, id: str, **values: Any) -> None:
    with office.database.write() as conn:
        conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == id).values(values))
