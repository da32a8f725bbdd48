"""Receipts: the facts of one entry, with proofs that lead from their bytes to a sealed root.

Knows the file, to the byte in docs/audit.md, and what a reader without any store can check in it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

import msgspec

from ntm_workflow.store.codec import Row
from ntm_workflow.store.merkle import leaf_hash, verify_inclusion
from ntm_workflow.store.seal import Seal, read, signed_by

SCHEMA: Final = "ntm.receipt/1"

Number = Annotated[int, msgspec.Meta(ge=1, le=2**62)]
Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class Flaw(StrEnum):
    """Why a receipt does not show what it is to show."""

    #: Not a receipt, cut short, or not written as receipts are.
    UNREADABLE = "unreadable"
    #: The seal's text is not a seal, or names another store than the receipt.
    SEAL = "seal"
    #: The seal is not signed by the receipt's key.
    SIGNATURE = "signature"
    #: The facts are not one entry from its first position on; with a store, not all of it.
    ENTRY = "entry"
    #: A fact and its proof do not lead to the sealed root.
    PROOF = "proof"
    #: The key is not the one it was compared with.
    KEY = "key"
    #: The store at hand is another one.
    FOREIGN = "foreign"
    #: The store's journal ends before the seal.
    AHEAD = "ahead"
    #: The store's rows of the entry are not what the receipt shows; either may have been edited.
    DIFFERS = "differs"
    #: The store's journal is not what its own key sealed.
    REWRITTEN = "rewritten"
    #: No flaw of the receipt: its entry was voided or corrected later.
    STALE = "stale"


@dataclass(frozen=True)
class Problem:
    """`number` is the position of the fact at fault, or the entry that made it stale."""

    flaw: Flaw
    number: int | None = None

    @property
    def fatal(self) -> bool:
        return self.flaw is not Flaw.STALE


class Proved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a leaf is the hash of, and the hashes from that leaf up to the root."""

    position: Number
    entry: Number
    version: Number
    id: str
    topic: str
    recorded_at: str
    state: bytes
    proof: list[Hash]

    @property
    def row(self) -> Row:
        return (
            *(self.position, self.entry, self.id, self.version, self.topic),
            *(self.state, self.recorded_at),
        )

    @property
    def leaf(self) -> bytes:
        numbers = (self.position, self.entry, self.version)
        return leaf_hash(*numbers, self.id, self.topic, self.recorded_at, self.state)

    def stands_in(self, seal: Seal) -> bool:
        try:
            leaf = self.leaf
        except (UnicodeEncodeError, struct.error, TypeError, AttributeError):
            return False
        return verify_inclusion(leaf, self.position - 1, seal.size, self.proof, seal.root)


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entry's facts in their order; `key` is the public key in hexadecimal, `seal` the note."""

    schema: Literal["ntm.receipt/1"]
    store: str
    entry: Number
    key: str
    seal: str
    facts: Annotated[list[Proved], msgspec.Meta(min_length=1)]

    @property
    def public_key(self) -> bytes:
        return bytes.fromhex(self.key)


def write(receipt: Receipt) -> bytes:
    return msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n"


def load(data: bytes) -> Receipt | None:
    """The receipt in a file; None for anything that does not say exactly what one says."""
    try:
        found = msgspec.json.decode(data, type=Receipt)
        bytes.fromhex(found.key)
        said = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None
    # Base64 and hexadecimal have several spellings of the same bytes; a receipt has one.
    plain: Any = msgspec.to_builtins(found)
    return found if said == plain and found.public_key.hex() == found.key else None


def proved(receipt: Receipt) -> list[bool]:
    """For each fact whether it stands under the sealed root, whoever signed that."""
    sealed = read(receipt.seal)
    return [sealed is not None and fact.stands_in(sealed) for fact in receipt.facts]


def flaws(receipt: Receipt) -> Iterator[Problem]:
    """What is wrong with a receipt by itself; nothing, when its key's owner sealed its facts."""
    sealed = read(receipt.seal)
    if sealed is None or sealed.store_id != receipt.store:
        yield Problem(Flaw.SEAL)
    elif not signed_by(sealed, receipt.public_key):
        yield Problem(Flaw.SIGNATURE)
    if not _one_entry(receipt.entry, receipt.facts):
        yield Problem(Flaw.ENTRY)
    for fact, stands in zip(receipt.facts, proved(receipt), strict=True):
        if not stands:
            yield Problem(Flaw.PROOF, fact.position)


def _one_entry(entry: int, facts: Sequence[Proved]) -> bool:
    """An entry is cited by its first position, and its facts follow one another."""
    in_order = all(fact.position == place for place, fact in enumerate(facts, entry))
    return in_order and {fact.entry for fact in facts} == {entry}
