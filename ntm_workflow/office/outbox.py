"""The outbox: which letters wait, who has claimed which envelope, and what became of each.

A letter is an intent that the journal holds; an envelope is that letter for one address, in its
final bytes. Knows no template, no post and no fact. Every function works inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.notifications.post import Outcome, Result
from ntm_workflow.notifications.returned import Returned
from ntm_workflow.store.codec import instant, stamp
from ntm_workflow.store.schema import ATTEMPTS, ENVELOPES, OUTBOX

#: What a letter waits for: to be written, to leave, or an address.
QUEUED, FROZEN, NO_ADDRESS = "queued", "frozen", "no_address"
#: Writing it failed; a named officer has not released it; nothing it was to say still holds.
UNWRITTEN, HELD, DROPPED = "unwritten", "held", "dropped"
#: Somebody said after a restore that it had left already: its unit has heard.
GIVEN_UP: Final = "given_up"
#: How it ended. An envelope is `refused` where the letter is `failed`: at every address.
SENT, FAILED, REFUSED = "sent", "failed", "refused"

#: What an envelope is to say, by column.
Draft = Mapping[str, Any]

#: Nothing is claimed or put off for so long by a clock that goes right.
FARTHEST: Final = timedelta(days=1)

WAITING: Final = (QUEUED, FROZEN, NO_ADDRESS)
_PAGE: Final = 500
#: The server of a try of which its relay, killed, never told anything.
NOBODY: Final = ""

E = ENVELOPES.c
#: Without their bytes.
_ALL_BUT_BYTES: Final = [column for column in E if column is not E.bytes]
_ENVELOPES: Final = (
    sa.select(*_ALL_BUT_BYTES, E.bytes.is_not(None).label("kept"))
    .where(E.letter.in_(sa.bindparam("letters", expanding=True)))
    .order_by(E.letter, E.n)
)


# --- letters


def letters(
    conn: sa.Connection,
    states: Collection[str],
    kinds: Collection[str] | None = None,
    after: str = "",
    most: int | None = None,
) -> list[Any]:
    """The letters in these states, in order."""
    query = sa.select(OUTBOX).where(OUTBOX.c.state.in_(states), OUTBOX.c.id > after)
    of_kind = query if kinds is None else query.where(OUTBOX.c.kind.in_(kinds))
    return list(conn.execute(of_kind.order_by(OUTBOX.c.id).limit(most)))


def rows(conn: sa.Connection, ids: Iterable[str]) -> dict[str, Any]:
    """The letters of these ids that the outbox holds, by id."""
    query = sa.select(OUTBOX)
    return {
        row.id: row
        for page in _pages(ids)
        for row in conn.execute(query.where(OUTBOX.c.id.in_(page)))
    }


def count(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> int:
    return conn.scalar(sa.select(sa.func.count()).select_from(OUTBOX).where(*where)) or 0


def put(conn: sa.Connection, ids: Iterable[str], state: str, trouble: str | None = None) -> None:
    """Give letters a state; `trouble` is why they could not be written."""
    for some in _pages(ids):
        of = sa.update(OUTBOX).where(OUTBOX.c.id.in_(some))
        conn.execute(of.values(state=state, trouble=trouble))


def envelopes(conn: sa.Connection, ids: Iterable[str]) -> dict[str, list[Any]]:
    """The envelopes of letters, in order; without their bytes."""
    found: dict[str, list[Any]] = {}
    for some in _pages(ids):
        for row in conn.execute(_ENVELOPES, {"letters": some}):
            found.setdefault(row.letter, []).append(row)
    return found


def tries(conn: sa.Connection, letter: str) -> list[Any]:
    """What servers made of a letter, in order."""
    c = ATTEMPTS.c
    query = sa.select(c.at, c.server, c.outcome, c.code, c.status, c.said)
    return list(conn.execute(query.where(c.letter == letter).order_by(c.at, c.contact, c.n)))


def content(conn: sa.Connection, letter: str) -> bytes | None:
    """A letter in its final bytes, as the first address got it that it left for, else as it would."""
    kept = sa.select(E.bytes).where(E.letter == letter, E.bytes.is_not(None))
    return conn.scalar(kept.order_by(sa.case((E.sent_at.is_not(None), 0), else_=1), E.n).limit(1))


def settle(conn: sa.Connection, ids: Iterable[str]) -> None:
    """Give letters the state that follows from their envelopes; without any that counts, they wait.

    One that waits to be written goes on waiting: it may lack an envelope for one of its addresses.
    """
    query = sa.select(OUTBOX.c.id).where(OUTBOX.c.state != QUEUED)
    for some in _pages(sorted(set(ids))):
        _settle(conn, list(conn.scalars(query.where(OUTBOX.c.id.in_(some)))))


def _settle(conn: sa.Connection, ids: Collection[str]) -> None:
    held = envelopes(conn, ids)
    by_state: dict[str, list[str]] = {}
    for id in ids:
        state = _state({envelope.state for envelope in held.get(id, ())})
        by_state.setdefault(state, []).append(id)
    for state, some in by_state.items():
        put(conn, some, state)


def _state(states: Collection[str]) -> str:
    ends = {FROZEN: FROZEN, SENT: SENT, REFUSED: FAILED}
    return next((state for found, state in ends.items() if found in states), QUEUED)


# --- freezing


def keep(conn: sa.Connection, drafts: Mapping[str, Sequence[Draft]], now: datetime) -> None:
    """Keep the final bytes of letters for addresses that have none; the first bytes kept hold.

    An address is known by the message id, which stays the same when it is forgotten and given again.
    """
    held, fresh = envelopes(conn, drafts), {"state": FROZEN, "due_at": stamp(now)}
    new: list[dict[str, Any]] = []
    for letter, theirs in drafts.items():
        known = {row.message_id: row for row in held.get(letter, ())}
        added = [draft for draft in theirs if draft["message_id"] not in known]
        new += [
            {"letter": letter, "n": n, **draft, **fresh}
            for n, draft in enumerate(added, 1 + max((row.n for row in known.values()), default=-1))
        ]
        again = [(known[d["message_id"]], d) for d in theirs if d["message_id"] in known]
        _revive(conn, again, fresh)
    if new:
        conn.execute(sa.insert(ENVELOPES), new)
    _settle(conn, list(drafts))


def _revive(
    conn: sa.Connection, drafts: Iterable[tuple[Any, Draft]], fresh: dict[str, str]
) -> None:
    """What was dropped, or refused and erased: its address is the unit's again, or it is written anew."""
    for row, draft in drafts:
        if row.state == DROPPED or (row.state == REFUSED and not row.kept):
            values = fresh if row.kept else {**draft, **fresh}
            _update(conn, [row.message_id], tried_since=None, **values)


# --- claiming


def claim(
    conn: sa.Connection,
    owner: str,
    now: datetime,
    until: datetime,
    most: int,
    kinds: Collection[str] | None,
) -> list[Any]:
    """Envelopes that are due, for `owner` alone until then, each with its letter's unit, kind and day."""
    wanted = sa.select(ENVELOPES, OUTBOX.c.unit, OUTBOX.c.kind, OUTBOX.c.day)
    due = wanted.join(OUTBOX, OUTBOX.c.id == E.letter).where(*_due(now))
    if kinds is not None:
        due = due.where(OUTBOX.c.kind.in_(kinds))
    # SQLite takes its write lock at the beginning; PostgreSQL's rows are passed over while locked.
    due = due.order_by(E.due_at).limit(most).with_for_update(skip_locked=True, of=ENVELOPES)
    rows = list(conn.execute(due))
    if rows:
        # Whoever had claimed these said nothing more: a server may have had them.
        left = [
            (row, Result(row.letter, Outcome.UNKNOWN, NOBODY)) for row in rows if row.claimed_by
        ]
        note(conn, left, now)
        _update(conn, [r.message_id for r in rows], claimed_by=owner, due_at=stamp(until))
    return rows


def renew(conn: sa.Connection, owner: str, until: datetime) -> None:
    """Let the owner's claims last longer."""
    mine = (E.claimed_by == owner, E.state == FROZEN)
    conn.execute(sa.update(ENVELOPES).where(*mine).values(due_at=stamp(until)))


def unclaim(conn: sa.Connection, now: datetime) -> None:
    """Let nobody go on with what was claimed, whoever it was."""
    _wait_no_more(conn, now, E.claimed_by.is_not(None))


def straighten(conn: sa.Connection, now: datetime) -> None:
    """Have tried what a clock that went wrong has put off for ever."""
    _wait_no_more(conn, now, *_astray(now))


def _wait_no_more(conn: sa.Connection, now: datetime, *which: sa.ColumnElement[bool]) -> None:
    conn.execute(sa.update(ENVELOPES).where(*which).values(claimed_by=None, due_at=stamp(now)))


def give_back(conn: sa.Connection, owner: str, ids: Collection[str], now: datetime) -> None:
    """Let anybody try what this owner has claimed and not tried."""
    _update(conn, ids, owner, claimed_by=None, due_at=stamp(now))


def is_due(conn: sa.Connection, now: datetime, kinds: Collection[str] | None = None) -> bool:
    """Whether anything waits that could be written or tried now."""
    waits = sa.select(OUTBOX.c.id).join(ENVELOPES, OUTBOX.c.id == E.letter)
    due, astray = waits.where(*_due(now)), waits.where(*_astray(now))
    new = sa.select(OUTBOX.c.id).where(OUTBOX.c.state == QUEUED)
    of_kind = sa.true() if kinds is None else OUTBOX.c.kind.in_(kinds)
    queries = (query.where(of_kind).limit(1) for query in (due, astray, new))
    return any(conn.execute(query).first() for query in queries)


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (E.state == FROZEN, E.due_at <= stamp(now))


def _astray(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (E.state == FROZEN, E.due_at > stamp(now + FARTHEST))


# --- what became of them


def states(conn: sa.Connection, ids: Collection[str]) -> dict[str, Any]:
    """The envelopes of these message ids, without their bytes."""
    rows = conn.execute(sa.select(*_ALL_BUT_BYTES).where(E.message_id.in_(ids)))
    return {row.message_id: row for row in rows}


def find(conn: sa.Connection, said: Iterable[Returned]) -> dict[str, Any]:
    """The envelopes that returned messages name, by token and by message id; without their bytes."""
    all_said = list(said)
    found: dict[str, Any] = {}
    for column, names in (
        (E.token, {each.token for each in all_said if each.token}),
        (E.message_id, {each.message_id for each in all_said if each.message_id}),
    ):
        for some in _pages(sorted(names)):
            query = sa.select(E.letter, E.message_id, column.label("name"))
            found |= {row.name: row for row in conn.execute(query.where(column.in_(some)))}
    return found


def note(conn: sa.Connection, tried: Sequence[tuple[Any, Result]], now: datetime) -> None:
    """Keep what servers made of envelopes."""
    if not tried:
        return
    conn.execute(sa.insert(ATTEMPTS), [_attempt(row, result, now) for row, result in tried])
    known = sa.update(ENVELOPES).where(E.message_id == sa.bindparam("of"))
    since = sa.func.coalesce(E.tried_since, stamp(now))
    counted = known.values(attempts=E.attempts + 1, tried_since=since)
    conn.execute(counted, [{"of": row.message_id} for row, _ in tried])


def _attempt(row: Any, result: Result, now: datetime) -> dict[str, Any]:
    said = {name: getattr(result, name) for name in ("server", "code", "status", "said")}
    if row.recipient is None:
        # Forgotten while it was on its way: the server's words may name the address.
        said["said"] = None
    key = {"letter": row.letter, "contact": row.contact, "n": row.attempts + 1}
    return {**key, "at": stamp(now), "outcome": str(result.outcome), **said}


def end(conn: sa.Connection, ids: Collection[str], state: str, now: datetime) -> None:
    """Envelopes that left, or never will."""
    sent = {"sent_at": stamp(now)} if state == SENT else {}
    _update(conn, ids, state=state, claimed_by=None, **sent)


def put_off(conn: sa.Connection, owner: str, id: str, due: datetime) -> None:
    """It is tried again then, with the same bytes."""
    _update(conn, [id], owner, claimed_by=None, due_at=stamp(due))


def since(envelope: Any) -> datetime | None:
    """When it was first tried."""
    return instant(envelope.tried_since) if envelope.tried_since else None


# --- erasing, and beginning again


def forget(conn: sa.Connection, emails: Collection[str]) -> int:
    """Erase addresses; how many envelopes bore one. What left has left; what waits is written anew
    for whoever is left.
    """
    theirs = E.recipient.in_(sorted(emails))
    rows = conn.execute(sa.select(E.letter, E.message_id, E.state).where(theirs)).all()
    erase(conn, [row.message_id for row in rows])
    waiting = [row for row in rows if row.state == FROZEN]
    _update(conn, [row.message_id for row in waiting], state=DROPPED, claimed_by=None)
    settle(conn, (row.letter for row in waiting))
    return len(rows)


def erase(conn: sa.Connection, ids: Collection[str]) -> None:
    """Leave nothing of the addresses of these envelopes; that they left, and their hashes, stay."""
    for some in _pages(ids):
        keys = sa.select(E.letter, E.contact).where(E.message_id.in_(some))
        theirs = sa.tuple_(ATTEMPTS.c.letter, ATTEMPTS.c.contact).in_(keys)
        conn.execute(sa.update(ATTEMPTS).where(theirs).values(said=None))
    _update(conn, ids, recipient=None, bytes=None)


def drop(conn: sa.Connection, ids: Collection[str], state: str = DROPPED) -> None:
    """Give letters up, and every envelope of theirs that has not left; one that reached an address stays."""
    for some in _pages(ids):
        open_ = (E.letter.in_(some), E.state == FROZEN)
        conn.execute(sa.update(ENVELOPES).where(*open_).values(state=DROPPED, claimed_by=None))
        left = sa.select(E.letter).where(E.letter.in_(some), E.state == SENT)
        reached = set(conn.scalars(left))
        put(conn, [id for id in some if id not in reached], state)
        _settle(conn, sorted(reached))


def write_anew(conn: sa.Connection, ids: Collection[str]) -> None:
    """Have the letters of these envelopes, which no server has had, written once more."""
    for some in _pages(ids):
        these = (E.message_id.in_(some), E.state == FROZEN)
        letters = sa.select(E.letter).where(*these)
        waiting = (OUTBOX.c.id.in_(letters), OUTBOX.c.state == FROZEN)
        conn.execute(sa.update(OUTBOX).where(*waiting).values(state=QUEUED))
        emptied = {"state": DROPPED, "bytes": None, "claimed_by": None}
        conn.execute(sa.update(ENVELOPES).where(*these).values(emptied))


def in_doubt(conn: sa.Connection, rows: Sequence[Any]) -> set[str]:
    """The message ids of these envelopes, as they were claimed, that a server may have taken: it gave no
    answer, or whoever had claimed them before never said what became of them.
    """
    left = {row.message_id for row in rows if row.claimed_by is not None}
    tried = [row for row in rows if row.attempts]
    c, found = ATTEMPTS.c, set[tuple[str, str]]()
    query = sa.select(c.letter, c.contact).where(c.outcome == str(Outcome.UNKNOWN))
    for some in _pages(sorted({row.letter for row in tried})):
        found |= {
            (row.letter, row.contact) for row in conn.execute(query.where(c.letter.in_(some)))
        }
    return left | {row.message_id for row in tried if (row.letter, row.contact) in found}


def again(conn: sa.Connection, ids: Collection[str], now: datetime) -> None:
    """Have letters tried from now on, as if for the first time, and written for any new address."""
    fresh = {"state": FROZEN, "due_at": stamp(now), "tried_since": None}
    for some in _pages(ids):
        # One that a relay has just now goes its own way; of an erased one there is nothing to send.
        idle = (E.claimed_by.is_(None), E.bytes.is_not(None))
        ended = (E.letter.in_(some), E.state.in_((FROZEN, REFUSED)))
        conn.execute(sa.update(ENVELOPES).where(*ended, *idle).values(fresh))
    put(conn, ids, QUEUED)


def _update(
    conn: sa.Connection, ids: Collection[str], owner: str | None = None, **values: Any
) -> None:
    for some in _pages(ids):
        which = [E.message_id.in_(some), *([] if owner is None else [E.claimed_by == owner])]
        conn.execute(sa.update(ENVELOPES).where(*which).values(values))


def _pages(ids: Iterable[str]) -> list[list[str]]:
    all_ids = list(ids)
    return [all_ids[at : at + _PAGE] for at in range(0, len(all_ids), _PAGE)]
