"""Seals: how long the journal is and its root, in a note signed by the store's key.

Knows the text of a note and Ed25519; no database, no file, no clock. The form is that of
c2sp.org/signed-note and c2sp.org/tlog-checkpoint, to the byte in docs/audit.md.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ORIGIN: Final = "ntm-workflow/"
#: The signature type of the note format: Ed25519.
_ED25519: Final = b"\x01"
_NOTE: Final = re.compile(
    r"ntm-workflow/(?P<store_id>[0-9a-f]{32})\n"
    r"(?P<size>0|[1-9][0-9]{0,17})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"(?P<sealed_at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)\n"
    r"(?P<rehearsal>rehearsal\n)?"
    r"\n— ntm-workflow/(?P=store_id) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


@dataclass(frozen=True, kw_only=True)
class Seal:
    """`root` is the tree's over the first `size` facts; `sealed_at` is UTC, as stored instants are.

    `signature` begins with the four bytes that say which key made it.
    """

    store_id: str
    size: int
    root: bytes
    sealed_at: str
    rehearsal: bool = False
    signature: bytes = b""

    @property
    def name(self) -> str:
        """The origin of the checkpoint, and the name its key goes by."""
        return _ORIGIN + self.store_id

    @property
    def text(self) -> str:
        """What is signed."""
        lines = [self.name, str(self.size), b64encode(self.root).decode(), self.sealed_at]
        return "".join(f"{line}\n" for line in lines + ["rehearsal"] * self.rehearsal)

    @property
    def note(self) -> str:
        return f"{self.text}\n— {self.name} {b64encode(self.signature).decode()}\n"


def sign(unsigned: Seal, key: Ed25519PrivateKey) -> Seal:
    which = key_id(unsigned.name, key.public_key().public_bytes_raw())
    return replace(unsigned, signature=which + key.sign(unsigned.text.encode()))


def read(note: object) -> Seal | None:
    """The seal a note holds, with one signature; None for anything not written exactly so."""
    match = _NOTE.fullmatch(note) if isinstance(note, str) else None
    if match is None:
        return None
    found = Seal(
        store_id=match["store_id"],
        size=int(match["size"]),
        root=b64decode(match["root"]),
        sealed_at=match["sealed_at"],
        rehearsal=match["rehearsal"] is not None,
        signature=b64decode(match["signature"]),
    )
    # Base64 has several spellings of the same bytes; a seal has one.
    return found if found.note == note else None


def signed_by(seal: Seal, key: bytes) -> bool:
    """Whether the public `key` (32 bytes) signed it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if seal.signature[:4] != key_id(seal.name, key):
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(key)
        public.verify(seal.signature[4:], seal.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:4]


def fingerprint(key: bytes) -> str:
    """Half of the key's SHA-256, in groups: short enough to be read out and written down."""
    digits = sha256(key).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))
