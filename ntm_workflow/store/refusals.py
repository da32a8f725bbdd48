"""Why a store cannot be used, in the user's words; knows the error codes of both databases."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused


class StoreMissing(Refused):
    vi = "Chưa có sổ tại {where}.\nLập sổ mới: ntm init"
    en = "There is no store at {where} yet.\nMake one: ntm init"


class StoreExists(Refused):
    vi = "Tại {where} đã có sổ; không lập đè lên.\nXem sổ đang có: ntm day status"
    en = "There is a store at {where} already; it is not made anew.\nLook at it: ntm day status"


class StoreLeftovers(Refused):
    vi = (
        "Tại {where} không có sổ, nhưng còn tệp của một sổ khác bên cạnh: {files}; chưa làm gì.\n"
        "Sổ mới sẽ bị chúng làm hỏng: chuyển chúng về cạnh sổ của chúng, hoặc nêu nơi khác: --store"
    )
    en = (
        "There is no store at {where}, but files of another one lie beside it: {files}; nothing was done.\n"
        "They would ruin a new store: move them to the store they belong to, or name another place: --store"
    )


class NotAStore(Refused):
    vi = (
        "{where} không phải là sổ của chương trình này; không có gì bị thay đổi.\n"
        "Chọn nơi khác bằng --store; nơi chưa có gì thì lập được sổ mới: ntm init"
    )
    en = (
        "{where} is not a store of this program; nothing in it was changed.\n"
        "Name another place with --store; where nothing is yet, make one: ntm init"
    )


class StoreNewer(Refused):
    vi = (
        "Sổ tại {where} theo định dạng {found}; chương trình này chỉ biết đến định dạng {known}.\n"
        "Cập nhật chương trình rồi xem lại: ntm --version"
    )
    en = (
        "The store at {where} has format {found}; this program knows formats up to {known}.\n"
        "Update the program, then see: ntm --version"
    )


class StoreOlder(Refused):
    vi = (
        "Sổ tại {where} theo định dạng cũ {found}; chương trình này dùng định dạng {known}.\n"
        "Tiếp: ntm migrate (thêm bảng còn thiếu; các việc đã ghi giữ nguyên)"
    )
    en = (
        "The store at {where} has the older format {found}; this program uses format {known}.\n"
        "Next: ntm migrate (adds the missing tables; what is recorded stays as it is)"
    )


class StoreReadOnly(Refused):
    vi = "Không được phép ghi vào sổ tại {where}; chưa ghi gì.\nKiểm tra quyền ghi của tệp và thư mục, rồi làm lại."
    en = "The store at {where} may only be read; nothing was recorded.\nCheck the rights of the file and its folder, then try again."


class StoreLocked(Refused):
    vi = (
        "Sổ tại {where} bận quá {seconds:g} giây vì có nơi khác đang ghi; chưa ghi gì.\n"
        "Chờ ít phút rồi làm lại; xem lệnh nào đang ghi sổ."
    )
    en = (
        "The store at {where} was busy for over {seconds:g} s with another writer; "
        "nothing was recorded.\nWait a little and try again; see which command is writing."
    )


class StoreUnreachable(Refused):
    vi = "Không dùng được sổ tại {where}: {detail}.\nKiểm tra --store hoặc NTM_STORE."
    en = "The store at {where} cannot be used: {detail}.\nCheck --store or NTM_STORE."


class StoreFull(Refused):
    vi = "Nơi chứa sổ {where} đã hết chỗ; chưa ghi gì.\nGiải phóng chỗ rồi làm lại."
    en = "The disk of {where} is full; nothing was recorded.\nFree some space, then try again."


class StoreDamaged(Refused):
    vi = "Sổ tại {where} bị hỏng: {detail}.\nKiểm tra: ntm audit verify, rồi dùng bản sao lưu gần nhất."
    en = "The store at {where} is damaged: {detail}.\nCheck: ntm audit verify, then use the latest backup."


class StoreFileClosed(Refused):
    vi = "Người đang chạy lệnh không có quyền mở {path}; không có gì bị thay đổi.\nCấp quyền đọc và ghi tệp này cho người đó, rồi xem: ntm doctor"
    en = "Whoever runs this may not open {path}; nothing was changed.\nGive that user the right to read and write it, then see: ntm doctor"


class StoreFolderClosed(Refused):
    vi = (
        "Không ghi được vào thư mục {folder}; không có gì bị thay đổi.\n"
        "Sổ cần tệp {name}-wal bên cạnh, kể cả khi chỉ đọc: cấp quyền ghi thư mục, rồi xem: ntm doctor"
    )
    en = (
        "The folder {folder} may not be written; nothing was changed.\n"
        "The store needs {name}-wal beside it, even to be read: allow writing, then see: ntm doctor"
    )


class StoreNoFolder(Refused):
    vi = "{folder} không phải là thư mục; không đặt sổ ở đó được.\nChọn nơi khác bằng --store"
    en = "{folder} is not a folder; no store can stand there.\nName another place with --store"


class StoreOnNetwork(Refused):
    vi = (
        "{where} nằm trên ổ đĩa mạng ({kind}): khóa tệp ở đó không chắc, hai người ghi có thể làm hỏng sổ.\n"
        "Đặt sổ trên ổ đĩa của máy bằng --store, hoặc dùng postgresql://…"
    )
    en = (
        "{where} is on a network drive ({kind}): file locks do not hold there, two writers could ruin it.\n"
        "Put the store on a disk of this machine with --store, or use postgresql://…"
    )


# SQLite's primary result codes (the low byte of the extended ones).
_SQLITE: Final[dict[int, type[Refused]]] = {
    sqlite3.SQLITE_PERM: StoreUnreachable,
    sqlite3.SQLITE_BUSY: StoreLocked,
    sqlite3.SQLITE_LOCKED: StoreLocked,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_IOERR: StoreUnreachable,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_CANTOPEN: StoreUnreachable,
    sqlite3.SQLITE_AUTH: StoreUnreachable,
    sqlite3.SQLITE_NOTADB: NotAStore,
}

# PostgreSQL's SQLSTATE: the longest prefix that matches decides.
_POSTGRES: Final[dict[str, type[Refused]]] = {
    "08": StoreUnreachable,
    "25006": StoreReadOnly,
    "28": StoreUnreachable,
    "3D": StoreUnreachable,
    "40001": StoreLocked,
    "40P01": StoreLocked,
    "42501": StoreReadOnly,
    "53": StoreUnreachable,
    "53100": StoreFull,
    "55P03": StoreLocked,
    "57P": StoreUnreachable,
    "58": StoreUnreachable,
    "XX001": StoreDamaged,
    "XX002": StoreDamaged,
}


#: What the system says when something may not be opened, and when no room is left.
_CLOSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_SHUT: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def refusal(
    error: Exception, where: str, seconds: float, path: Path | None = None
) -> Refused | None:
    """The refusal a database error stands for; None when it is a fault of the program."""
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if path and _code(original) in _SHUT and (shut := closed(path)):
        return shut
    kind = _kind(original)
    if kind is None:
        return None
    return kind(where=where, seconds=seconds, detail=_first_line(original))


def closed(path: Path) -> Refused | None:
    """Why a SQLite file cannot be opened, as far as its rights tell."""
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return StoreFileClosed(path=str(path))
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK | os.X_OK):
        return StoreFolderClosed(folder=str(path.parent), name=path.name)
    return None


def of_system(error: OSError, where: str, path: Path) -> Refused:
    """The refusal for what the operating system would not do with the file at `path`."""
    if is_full(error):
        return StoreFull(where=where)
    if is_closed(error):
        return StoreFolderClosed(folder=str(path.parent), name=path.name)
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return StoreNoFolder(folder=str(path.parent))
    return StoreUnreachable(where=where, detail=error.strerror or str(error))


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


def is_closed(error: OSError) -> bool:
    return error.errno in _CLOSED


def _code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _kind(error: BaseException | None) -> type[Refused] | None:
    if isinstance(error, sa.exc.TimeoutError):
        return StoreLocked
    if isinstance(error, sqlite3.Error):
        # Text that is not UTF-8 is the driver's own complaint, without a code of SQLite's.
        if str(error).startswith("Could not decode to UTF-8"):
            return StoreDamaged
        return _SQLITE.get(_code(error))
    if type(error).__module__.partition(".")[0] == "psycopg":
        return _of_state(getattr(error, "sqlstate", None), error)
    return None


def _of_state(state: str | None, error: BaseException | None) -> type[Refused] | None:
    # A connection refused or cut by the network carries no state at all.
    if state is None:
        return StoreUnreachable if type(error).__name__ == "OperationalError" else None
    lengths = range(len(state), 1, -1)
    return next((_POSTGRES[state[:n]] for n in lengths if state[:n] in _POSTGRES), None)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
