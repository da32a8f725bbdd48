"""The key that seals: its private half a file only its owner may read, its public half in `meta`.

Knows where the file lies and how it is written; the private half is never in the database.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.store import meta
from ntm_workflow.store.engine import Database

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The row of `meta` that holds the public keys in hexadecimal, the one in use last.
ROW: Final = "seal_key"
#: What the name of a store's file ends in for its key.
SUFFIX: Final = ".key"


class SealKeyMissing(Refused):
    vi = (
        "Không có khóa đóng dấu của sổ tại {where}.\n"
        "Đặt tệp khóa vào đó, chỉ nơi khác bằng NTM_SEAL_KEY, hoặc tạo khóa mới: ntm audit key --new"
    )
    en = (
        "The key that seals this store is not at {where}.\n"
        "Put the file there, name another place by NTM_SEAL_KEY, or make a new key: ntm audit key --new"
    )


class SealKeyUnreadable(Refused):
    vi = (
        "Tệp {where} không phải khóa đóng dấu (Ed25519, PEM) hoặc không được phép đọc.\n"
        "Kiểm tra tệp và quyền đọc. Xem khóa của sổ: ntm audit key"
    )
    en = (
        "{where} is not a sealing key (Ed25519, PEM), or may not be read.\n"
        "Check the file and its rights. See the store's key: ntm audit key"
    )


class SealKeyForeign(Refused):
    vi = (
        "Khóa tại {where} không phải khóa đang dùng của sổ này.\n"
        "Chỉ đúng tệp khóa bằng NTM_SEAL_KEY, hoặc đổi sang khóa này: ntm audit key --new"
    )
    en = (
        "The key at {where} is not the one this store uses.\n"
        "Name the right file by NTM_SEAL_KEY, or change to this key: ntm audit key --new"
    )


class SealKeyInPlace(Refused):
    vi = "Khóa đang dùng của sổ vẫn còn tại {where}; không tạo khóa mới đè lên.\nMuốn đổi khóa: chuyển tệp ấy đi nơi khác, rồi chạy lại: ntm audit key --new"
    en = "The store's key is still at {where}; no new one is put over it.\nTo change the key, move that file away, then again: ntm audit key --new"


class SealKeyUnwritable(Refused):
    vi = "Không tạo được tệp khóa đóng dấu tại {where}; sổ vẫn dùng được, chỉ chưa đóng dấu được.\nChỉ nơi khác bằng NTM_SEAL_KEY, rồi: ntm audit key --new"
    en = "The sealing key cannot be written to {where}; the store works, but cannot be sealed.\nName another place by NTM_SEAL_KEY, then: ntm audit key --new"


def path_of(database: Database, store_id: str) -> Path:
    """Where the private half lies: NTM_SEAL_KEY, else beside a file, else in the data folder."""
    if named := os.environ.get("NTM_SEAL_KEY"):
        return Path(named)
    if database.path is not None:
        return database.path.with_name(database.path.name + SUFFIX)
    from platformdirs import user_data_path

    return user_data_path("ntm-workflow") / "keys" / f"{store_id}.key"


def make(path: Path) -> Ed25519PrivateKey:
    """A new key in a new file of mode 0600; what lies there already is used, never replaced."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    if path.exists():
        return load(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            os.fsync(file.fileno())
    except OSError as error:
        raise SealKeyUnwritable(where=path) from error
    return key


def load(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError as error:
        raise SealKeyMissing(where=path) from error
    except (OSError, ValueError, TypeError) as error:
        raise SealKeyUnreadable(where=path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyUnreadable(where=path)
    return key


def public(conn: sa.Connection) -> list[bytes]:
    """The public keys of the store, the one in use last; what is no key is left out."""
    found = []
    for word in (meta.said(conn, ROW) or "").split():
        with suppress(ValueError):
            found.append(bytes.fromhex(word))
    return found


def keep(conn: sa.Connection, key: bytes) -> None:
    """From here on this is the store's key; seals made with earlier ones stay good."""
    known = " ".join(each.hex() for each in [*public(conn), key])
    meta.say(conn, ROW, known)
