"""The manifest beside a copy of a store: what the copy was when it was made. Checks no copy."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

SCHEMA: Final = "ntm.backup.manifest/1"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy was when it was made. `position` and `root` are the journal's, `tables` row counts."""

    schema: str = SCHEMA
    file: str
    made_at: datetime
    program: str
    format: int
    store_id: str
    position: int
    root: str
    bytes: int
    sha256: str
    tables: dict[str, int]


def manifest_of(path: Path) -> Path:
    return path.with_suffix(".manifest.json")


def manifest_in(path: Path) -> Manifest | None:
    """What the file says; None where it says nothing anybody can read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def sha256(path: Path) -> str:
    """Of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
