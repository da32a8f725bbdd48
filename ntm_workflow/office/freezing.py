"""Freezing: each queued letter is written once, for each address it goes to, and its bytes are kept.

Writing holds no lock; the bytes are kept in a short transaction, and the first ones kept are the
letter. One that cannot be written holds up no other. Knows no post.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.notifications import mime
from ntm_workflow.notifications.holding import holds
from ntm_workflow.notifications.ladder import DIGEST, Intent
from ntm_workflow.office import Office, contacts, outbox, summary
from ntm_workflow.office.bag import Bag, To
from ntm_workflow.office.letters import intents_of
from ntm_workflow.office.notices import to_stop, untouched
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.said import Asked, rows
from ntm_workflow.office.writing import Desk, Written
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.store.schema import ENVELOPES, OUTBOX

#: Letters written from one look at the tables, since what all of them need is read once; and those
#: kept in one transaction, since what is not kept is lost to a kill.
_LOOKED_UP: Final = 500
_KEPT: Final = 100
_UNSUBSCRIBE: Final = "Thôi nhận thư tổng hợp"


@dataclass(frozen=True)
class Draft:
    """What freezing found of a letter: the state it is to have, and an envelope for each address."""

    row: Any
    state: str
    envelopes: Sequence[dict[str, Any]] = ()
    trouble: str | None = None


def freeze(office: Office, bag: Bag) -> list[str]:
    """Write what has no bytes yet; the letters that could not be written, which say why."""
    unwritten: list[str] = []
    after, states = "", (outbox.QUEUED, outbox.NO_ADDRESS)
    while True:
        with office.reading() as reading:
            rows = outbox.letters(reading.conn, states, bag.kinds, after, _LOOKED_UP)
            drafts = _Drafts(office, reading, bag, rows).all()
            while some := list(islice(drafts, _KEPT)):
                _keep_all(office, bag, [draft for draft in some if draft.state != draft.row.state])
                unwritten += [draft.row.id for draft in some if draft.state == outbox.UNWRITTEN]
        if len(rows) < _LOOKED_UP:
            return unwritten
        after = rows[-1].id


class _Drafts:
    """Where some letters are written, from one look at the tables."""

    def __init__(self, office: Office, reading: Reading, bag: Bag, rows: Sequence[Any]) -> None:
        self.office = office
        self.reading = reading
        self.bag = bag
        self.rows = rows
        self.now = office.clock.now()
        self.desk = Desk(reading, sample=office.info.rehearsal, style=bag.style)
        self.intents = _still_news(reading, intents_of(reading, [row.id for row in rows]))
        self.desk.learn(list(self.intents.values()))
        self.held = outbox.envelopes(reading.conn, [row.id for row in rows])

    def all(self) -> Iterator[Draft]:
        to = addresses(self.reading, {row.unit for row in self.rows}, self.bag)
        for row in self.rows:
            yield self._draft(row, to[row.unit])

    def _draft(self, row: Any, to: Sequence[To]) -> Draft:
        ended = {e.contact for e in self.held.get(row.id, ()) if e.state != outbox.DROPPED}
        new = [each for each in to if each[1] not in ended]
        if not new:
            return Draft(row, outbox.FROZEN if ended else outbox.NO_ADDRESS)
        try:
            intent = self.intents.get(row.id)
            written = self.desk.write(intent) if intent is not None else None
            if written is None:
                return Draft(row, outbox.DROPPED)
            return Draft(row, outbox.FROZEN, [self._envelope(written, each) for each in new])
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:
            # Whatever is wrong with one letter, a template or a name, the others leave.
            said = str(error).partition("\n")[0]
            return Draft(row, outbox.UNWRITTEN, trouble=f"{type(error).__name__}: {said}")

    def _envelope(self, written: Written, to: To) -> dict[str, Any]:
        name, contact, address = to
        sender = self.bag.sender
        id = mime.message_id(self.office.info.store_id, written.intent.id, address, sender.domain)
        message = mime.Message(
            subject=written.subject,
            text=written.body,
            sender=(sender.name, sender.address),
            recipient=(name, address),
            message_id=id,
            sent_at=self.now,
            html=written.html,
            calendar=written.calendar,
            references=self._corrected(written, contact),
            unsubscribe=self._unsubscribe() if written.optional else None,
        )
        return {
            "contact": contact,
            "message_id": id,
            "token": mime.token(id),
            "recipient": address,
            "bytes": mime.compose(message),
            "as_of": self.reading.as_of.isoformat(),
            "as_known": self.reading.known,
        }

    def _corrected(self, written: Written, contact: str) -> tuple[str, ...]:
        """The letters that were wrong, as this address got them."""
        if not written.corrects:
            return ()
        c = ENVELOPES.c
        theirs = (c.letter.in_(written.corrects), c.contact == contact, c.state == outbox.SENT)
        rows = self.reading.conn.execute(sa.select(c.letter, c.message_id).where(*theirs))
        ids = {row.letter: row.message_id for row in rows}
        return tuple(ids[letter] for letter in written.corrects if letter in ids)

    def _unsubscribe(self) -> str:
        return f"mailto:{self.bag.sender.address}?subject={quote(_UNSUBSCRIBE)}"


def _keep_all(office: Office, bag: Bag, drafts: Sequence[Draft]) -> None:
    if not drafts:
        return
    with office.database.write() as conn:
        # Forgetting an address takes the same lock: it must not come back with a letter.
        office.journal.lock_head(conn)
        now = bag.now(office)
        states = {row.id: row.state for row in _rows(conn, [draft.row.id for draft in drafts])}
        kept = _kept(conn, bag, drafts)
        # Another relay may have been quicker, or somebody dropped it.
        ours = [draft for draft in drafts if states.get(draft.row.id) == draft.row.state]
        outbox.drop(conn, [draft.row.id for draft in ours if draft.state == outbox.DROPPED])
        for draft in ours:
            if draft.state not in (outbox.FROZEN, outbox.DROPPED):
                outbox.put(conn, [draft.row.id], draft.state, draft.trouble)
        frozen = [draft for draft in ours if draft.state == outbox.FROZEN]
        theirs = {d.row.id: [e for e in d.envelopes if e["recipient"] in kept] for d in frozen}
        outbox.keep(conn, theirs, now)


def _rows(conn: sa.Connection, ids: Collection[str]) -> list[Any]:
    return list(conn.execute(sa.select(OUTBOX.c.id, OUTBOX.c.state).where(OUTBOX.c.id.in_(ids))))


def _kept(conn: sa.Connection, bag: Bag, drafts: Sequence[Draft]) -> set[str]:
    """The addresses that nobody has had forgotten since they were looked up."""
    wanted = {envelope["recipient"] for draft in drafts for envelope in draft.envelopes}
    return contacts.kept(conn, wanted) | (wanted & set(bag.desks.values()))


# --- where letters go


def addresses(reading: Reading, units: Collection[str], bag: Bag) -> dict[str, list[To]]:
    """Who the letters of each unit go to; nobody while it has no address."""
    found: dict[str, list[To]] = {unit: [] for unit in units}
    theirs = [unit for unit in units if unit not in bag.desks]
    for unit in bag.desks.keys() & units:
        found[unit] = [("", unit, bag.desks[unit])]
    if bag.addressed is not None:
        to = ((unit, bag.addressed(reading, unit)) for unit in theirs)
        return found | {unit: [each] for unit, each in to if each}
    unit_ids = VIEWS["unit"].table.c.id.in_([f"unit/{unit}" for unit in theirs])
    rows = {bare(row.id): row for row in reading.rows("unit", unit_ids)}
    ids = [id for row in rows.values() for id in row.contacts]
    known = dict(contacts.addresses(reading.conn, ids))
    for unit, row in rows.items():
        found[unit] = [(row.name, id, known[id]) for id in row.contacts if id in known]
    return found


def misdirected(reading: Reading, envelopes: Sequence[Any], bag: Bag) -> list[Any]:
    """The envelopes whose address is no more that of the letter's unit."""
    to = addresses(reading, {envelope.unit for envelope in envelopes}, bag)
    right = {(unit, *each[1:]) for unit, theirs in to.items() for each in theirs}
    return [e for e in envelopes if (e.unit, e.contact, e.recipient) not in right]


def over(
    office: Office, reading: Reading, letters: Collection[str], taken: Collection[str], bag: Bag
) -> list[str]:
    """The letters of which nothing holds any more, or that a later one tells again.

    Those that a server may have `taken` without saying so have to leave again as they are.
    """
    if not letters:
        return []
    desk = Desk(reading, sample=office.info.rehearsal, style=bag.style)
    issued = intents_of(reading, sorted(letters))
    intents = {id: intent for id, intent in issued.items() if id in taken}
    intents |= _still_news(reading, {id: issued[id] for id in issued.keys() - intents.keys()})
    desk.learn(list(intents.values()))
    return [id for id in issued if id not in intents or desk.write(intents[id]) is None]


def _still_news(reading: Reading, intents: Mapping[str, Intent]) -> dict[str, Intent]:
    """Letters of earlier days without what a later one of the kind tells again, which waits or has left.

    Left out are digests of which nothing is left so, and a month after which another was told.
    """
    waited = [each for each in intents.values() if each.day < reading.as_of and each.kind in _AGAIN]
    if not waited:
        return dict(intents)
    units, since = {each.unit for each in waited}, min(each.day for each in waited)
    latest = telling.latest(reading.conn, units, _AGAIN, since)
    found = dict(intents)
    for each in waited:
        again = [latest.get((each.unit, each.kind, line.subject), each.day) for line in each.lines]
        news = [line for line, day in zip(each.lines, again, strict=True) if day <= each.day]
        month = latest.get((each.unit, summary.KIND, None), each.day)
        if not news or (each.kind == summary.KIND and month > each.day):
            del found[each.id]
        else:
            found[each.id] = replace(each, lines=tuple(news))
    return found


#: Letters that come again and tell anew what is still so.
_AGAIN: Final = (DIGEST, summary.KIND)


def stale(reading: Reading, envelopes: Sequence[Any]) -> set[str]:
    """The letters of which a line held when they were written and holds no more."""
    written = {e.letter: e for e in envelopes if e.as_of is not None}
    lines = telling.of_letters(reading.conn, sorted(written))
    named = [line for line in lines if line.subject.startswith(("obligation/", "fund/"))]
    then = [_asked(line.subject, written[line.id]) for line in named]
    now = [Asked(line.subject, reading.as_of, reading.known) for line in named]
    found = rows(reading, [*then, *now])
    return {
        line.id
        for line, was, known in zip(named, then, now, strict=True)
        if _so(line.part, found.get(was), was.as_of)
        and not _so(line.part, found.get(known), known.as_of)
    }


def _so(part: str, row: Any | None, day: date) -> bool:
    """Whether a line says what is so: of money, that nothing is spent and payments are to stop."""
    if part == "to_stop":
        return row is not None and to_stop(row) and untouched(row)
    return holds(part, row, day)


def _asked(subject: str, envelope: Any) -> Asked:
    return Asked(subject, date.fromisoformat(envelope.as_of), envelope.as_known)
