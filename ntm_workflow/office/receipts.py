"""Receipts: making one for an entry, and checking one with or without a store at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.office import seals
from ntm_workflow.office.entry import NoSuchEntry
from ntm_workflow.store import keys, receipt
from ntm_workflow.store.codec import FactMapper, Row
from ntm_workflow.store.engine import fetch
from ntm_workflow.store.merkle import MissingNodes
from ntm_workflow.store.receipt import Flaw, Problem, Proved, Receipt
from ntm_workflow.store.seal import Seal, fingerprint, signed_by
from ntm_workflow.store.seal import read as read_seal
from ntm_workflow.store.verify import Fault, not_whole

if TYPE_CHECKING:
    from ntm_workflow.office import Office
    from ntm_workflow.store.journal import Journal


class ReceiptFileMissing(Refused):
    exit_code = 2
    vi = "Không mở được tệp {where}.\nKiểm tra lại tên tệp và quyền đọc."
    en = "The file {where} cannot be opened.\nCheck its name and the right to read it."


class KeyUnreadable(Refused):
    exit_code = 2
    vi = "“{said}” không phải khóa công khai (64 chữ số hệ 16), vân khóa (32 chữ số), cũng không phải tệp chứa một trong hai.\nXem khóa của sổ: ntm audit key"
    en = "“{said}” is neither a public key (64 hexadecimal digits) nor a fingerprint (32), nor a file with one of them.\nSee the store's key: ntm audit key"


class Verdict(StrEnum):
    """What a reader may rely on."""

    #: It holds, under a key that the reader or the store at hand vouches for.
    PROVED = "proved"
    #: It holds under a key nobody vouched for.
    UNCONFIRMED = "unconfirmed"
    REFUTED = "refuted"


@dataclass(frozen=True)
class Checked:
    """What a receipt came to. `confirmed` names what vouched for its key: key, store or nothing.

    `facts` are those that stand under its seal, None for one this program cannot read.
    """

    receipt: Receipt | None
    seal: Seal | None
    problems: tuple[Problem, ...]
    facts: tuple[Fact | None, ...] = ()
    confirmed: str | None = None
    #: Whether the store at hand knows the key as its own: its names may tell the facts.
    ours: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it; that anybody can bring about with a key of their own."""
        return not any(problem.fatal for problem in self.problems)

    @property
    def verdict(self) -> Verdict:
        if not self.holds:
            return Verdict.REFUTED
        return Verdict.PROVED if self.confirmed else Verdict.UNCONFIRMED


# --- making


def make(office: Office, number: int) -> Receipt:
    """The receipt of the entry in which position `number` lies, under the newest seal over it.

    Seals the journal when no seal covers the entry yet.
    """
    with office.reading() as reading:
        rows = _rows(office.journal, reading.conn, number)
        if not rows:
            raise NoSuchEntry(entry=number, last=reading.known)
        newest = seals.every(reading.conn)[-1:]
        if newest and newest[0].size >= rows[-1][0]:
            return _made(office.journal, reading.conn, rows, newest[0])
    sealed = seals.now(office)
    with office.reading() as reading:
        return _made(office.journal, reading.conn, rows, sealed)


def _rows(journal: Journal, conn: sa.Connection, number: int) -> list[Row]:
    rows: list[Any] = fetch(conn, journal.recorder.sql.entry, (number,))
    return rows


def _made(journal: Journal, conn: sa.Connection, rows: list[Row], sealed: Seal) -> Receipt:
    if rows[0][0] < 1:  # Positions begin at 1: such a row was put in.
        raise not_whole(rows[0][0], Fault.EXTRA)
    signer = next((key for key in keys.public(conn) if signed_by(sealed, key)), None)
    if signer is None:
        raise not_whole(None, Fault.SEAL_FORGED, sealed.size)
    try:
        facts = [_proved(journal, conn, row, sealed.size) for row in rows]
        entry = (sealed.store_id, rows[0][1], signer.hex(), sealed.note)
        made = Receipt(receipt.SCHEMA, *entry, facts)
        # A receipt is for ever: one that does not hold is not given out.
        flaw = next(receipt.flaws(made), None)
    except MissingNodes as error:
        raise not_whole(rows[0][0], Fault.TILE, sealed.size) from error
    except TypeError as error:
        raise not_whole(rows[0][0], Fault.CHANGED) from error
    if flaw is not None:
        raise not_whole(flaw.number, Fault.SEAL, sealed.size)
    return made


def _proved(journal: Journal, conn: sa.Connection, row: Row, size: int) -> Proved:
    position, entry, id, version, topic, state, recorded_at = row
    proof = journal.inclusion(conn, position, size)
    return Proved(position, entry, version, id, topic, recorded_at, state, proof)


# --- checking


def check(path: Path, key: str | None, office: Office | None) -> Checked:
    """What the file shows: by itself, against a key the reader trusts, against a store at hand."""
    try:
        found = receipt.load(path.read_bytes())
    except OSError as error:
        raise ReceiptFileMissing(where=path) from error
    if found is None:
        return Checked(None, None, (Problem(Flaw.UNREADABLE),))
    problems = list(receipt.flaws(found))
    if key is not None and read_key(key) not in _spellings(found.public_key):
        problems.append(Problem(Flaw.KEY))
    if office is not None:
        problems += _against(office, found)
    vouched = "key" if key is not None else "store" if office is not None else None
    doubted = {Flaw.KEY, Flaw.FOREIGN, Flaw.SIGNATURE} & {problem.flaw for problem in problems}
    return Checked(
        found,
        read_seal(found.seal),
        tuple(dict.fromkeys(problems)),
        tuple(_facts(found)),
        None if doubted else vouched,
        office is not None and not doubted,
    )


def read_key(said: str) -> str:
    """The digits of a key or of its fingerprint, typed or out of a file that holds nothing else."""
    for text in (said, _text_of(said)):
        digits = "".join(text.split()).lower()
        if len(digits) in (32, 64) and not digits.strip("0123456789abcdef"):
            return digits
    raise KeyUnreadable(said=said)


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _spellings(key: bytes) -> tuple[str, str]:
    return key.hex(), fingerprint(key).replace(" ", "")


def _facts(found: Receipt) -> Iterator[Fact | None]:
    """The facts under the seal, as this program reads them."""
    mapper = FactMapper(EVENTS)
    for fact, stands in zip(found.facts, receipt.proved(found), strict=True):
        try:
            yield mapper.facts([fact.row])[0] if stands else None
        except (Refused, ValueError, TypeError):
            yield None


def _against(office: Office, found: Receipt) -> Iterator[Problem]:
    """What the store at hand says of a receipt."""
    with office.database.read() as conn:
        if office.info.store_id != found.store:
            yield Problem(Flaw.FOREIGN)
            return
        ours = found.public_key in keys.public(conn)
        if not ours:
            yield Problem(Flaw.KEY)
        sealed = read_seal(found.seal)
        # A seal that is not the store's own says nothing against its journal.
        ours = ours and sealed is not None and signed_by(sealed, found.public_key)
        broken = _broken(office.journal, conn, sealed) if sealed and ours else None
        if broken:
            yield Problem(broken)
        rows = _rows(office.journal, conn, found.entry)
        lost = len(rows) < len(found.facts) and broken is not Flaw.AHEAD
        if lost or any(row != fact.row for row, fact in zip(rows, found.facts, strict=False)):
            yield Problem(Flaw.DIFFERS)
        # By itself a receipt cannot show that its entry ends where it does.
        if len(rows) > len(found.facts):
            yield Problem(Flaw.ENTRY)
        voided_by = office.journal.voided_by(conn, found.entry)
        if voided_by is not None:
            yield Problem(Flaw.STALE, voided_by)


def _broken(journal: Journal, conn: sa.Connection, sealed: Seal) -> Flaw | None:
    """What has become of the journal since the store sealed it."""
    last = journal.last_position(conn)
    if sealed.size > min(last, journal.head(conn).position):
        return Flaw.AHEAD
    try:
        same = journal.root_at(conn, sealed.size) == sealed.root
    except MissingNodes:
        same = False
    return None if same else Flaw.REWRITTEN
