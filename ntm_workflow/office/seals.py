"""Sealing the journal, its keys, and the seals made so far.

A seal is made by every closing and on demand. Kept outside the store it is what a journal that
was rewritten from end to end cannot be made to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.store import keys, seal
from ntm_workflow.store.codec import stamp
from ntm_workflow.store.engine import Database
from ntm_workflow.store.journal import Journal
from ntm_workflow.store.merkle import Frontier, MissingNodes
from ntm_workflow.store.schema import SEALS
from ntm_workflow.store.seal import Seal
from ntm_workflow.store.verify import Fault, NotWhole, not_whole

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ntm_workflow.office import Office, Work


class SealFileUnreadable(Refused):
    exit_code = 2
    vi = "Tệp {where} không đọc được, hoặc không phải dấu xác thực do ntm audit seal -o ghi ra.\nKiểm tra lại tệp. Phiếu xác nhận thì kiểm tra bằng: ntm audit check"
    en = "{where} cannot be read, or is not a seal as ntm audit seal -o writes it.\nCheck the file. A receipt is checked by: ntm audit check"


@dataclass(frozen=True)
class KeyState:
    """The public keys of a store, the one in use last; where its private half lies, if it does."""

    keys: tuple[bytes, ...]
    path: Path
    trouble: Refused | None


# --- keys


def new_key(database: Database) -> bytes:
    """Make the store's key, or take the one that lies in its place; return the public half.

    Refuses when the store uses that key already: then nothing is lost, and nothing is to be made.
    """
    path = keys.path_of(database, database.check().store_id)
    public = keys.make(path).public_key().public_bytes_raw()
    with database.write() as conn:
        if public in keys.public(conn):
            raise keys.SealKeyInPlace(where=path)
        keys.keep(conn, public)
    return public


def key_state(database: Database) -> KeyState:
    store_id = database.check().store_id
    with database.read() as conn:
        known = tuple(keys.public(conn))
        try:
            _signer(database, store_id, conn)
        except Refused as refused:
            return KeyState(known, keys.path_of(database, store_id), refused)
    return KeyState(known, keys.path_of(database, store_id), None)


def _signer(database: Database, store_id: str, conn: sa.Connection) -> Ed25519PrivateKey:
    """The private half of the key in use; refuses when it is not there or is another's."""
    path = keys.path_of(database, store_id)
    private = keys.load(path)
    if [private.public_key().public_bytes_raw()] != keys.public(conn)[-1:]:
        raise keys.SealKeyForeign(where=path)
    return private


# --- seals


def make(work: Work) -> Seal:
    """Seal the journal as it stands in this transaction; a size sealed before keeps its seal.

    Refuses to sign what does not continue the newest seal, or what no proof could be read from.
    """
    office, conn = work.office, work.conn
    head = office.journal.head(conn)
    if not office.journal.tiles_hold(conn, head):
        raise _broken(office.journal, conn, None, Fault.TILE, head.position)
    newest = _newest(office.journal, conn)
    if newest is not None and newest.size == head.position:
        return newest
    info = office.info
    unsigned = Seal(
        store_id=info.store_id,
        size=head.position,
        root=Frontier.load(head.position, head.frontier).root(),
        sealed_at=stamp(work.now),
        rehearsal=info.rehearsal,
    )
    made = seal.sign(unsigned, _signer(office.database, info.store_id, conn))
    if newest is not None:
        _continued(office.journal, conn, newest, made)
    conn.execute(sa.insert(SEALS).values(size=made.size, note=made.note))
    return made


def attempt(work: Work) -> Seal | Refused:
    """A seal, or why there is none: what a closing has found counts with or without one."""
    try:
        return make(work)
    except Refused as refused:
        return refused


def now(office: Office) -> Seal:
    with office.writing() as work:
        return make(work)


def every(conn: sa.Connection) -> list[Seal]:
    """The readable seals, oldest first; `ntm audit verify` names the others."""
    notes = conn.scalars(sa.select(SEALS.c.note).order_by(SEALS.c.size))
    return [found for note in notes if (found := seal.read(note))]


def from_file(path: Path) -> Seal:
    """A seal that was kept outside."""
    try:
        found = seal.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SealFileUnreadable(where=path) from error
    if found is None:
        raise SealFileUnreadable(where=path)
    return found


_NEWEST = sa.select(SEALS).order_by(SEALS.c.size.desc()).limit(1)


def _newest(journal: Journal, conn: sa.Connection) -> Seal | None:
    row = conn.execute(_NEWEST).one_or_none()
    if row is None:
        return None
    found = seal.read(row.note)
    if found is None or found.size != row.size:
        raise _broken(journal, conn, None, Fault.SEAL_FORGED, row.size)
    return found


def _continued(journal: Journal, conn: sa.Connection, old: Seal, new: Seal) -> None:
    """Two seals of one key that do not continue each other would prove that somebody lied."""
    if old.size > new.size:
        raise _broken(journal, conn, new.size + 1, Fault.SEAL_AHEAD, old.size)
    try:
        same = journal.root_at(conn, old.size) == old.root
    except MissingNodes:
        same = False
    if not same:
        raise _broken(journal, conn, 1, Fault.SEAL, old.size)


def _broken(
    journal: Journal, conn: sa.Connection, position: int | None, fault: Fault, size: int
) -> NotWhole:
    """What `ntm audit verify` says of the journal; what was seen here, should that find nothing."""
    found = journal.verify(conn)
    if found.ok:
        return not_whole(position, fault, size)
    return not_whole(found.first_bad, found.reason, found.seal)
