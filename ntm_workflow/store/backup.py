"""A portable copy of a store: journal and operations in one SQLite file, its manifest beside it.

The same for both databases, so that either is restored to either. Knows no row of any projection:
those are built again from the journal.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from ntm_workflow import __version__
from ntm_workflow.domain.base import Refused
from ntm_workflow.store import files, migrations, refusals
from ntm_workflow.store.engine import (
    Database,
    NotAStore,
    StoreDamaged,
    StoreInfo,
    execute,
    sqlite_engine,
)
from ntm_workflow.store.manifest import SCHEMA, Manifest, manifest_in, sha256
from ntm_workflow.store.manifest import manifest_of as manifest_of
from ntm_workflow.store.recorder import JournalRecorder
from ntm_workflow.store.schema import METADATA
from ntm_workflow.store.verify import verify

_PAGE: Final = 2000
#: Without these a file is no copy of a store, of whatever format.
_NEEDED: Final = frozenset({"head", "events", "merkle_tiles", "meta"})

#: Told how many rows are copied, and of how many.
Told = Callable[[int, int], None]
Columns = Sequence[sa.Column[Any]]


class BackupFolderClosed(Refused):
    vi = "Không được phép ghi vào thư mục {folder}; bản sao chưa thành.\nCấp quyền ghi hoặc chọn thư mục khác: ntm backup DIR"
    en = "The folder {folder} may not be written; no copy was made.\nAllow writing or choose another folder: ntm backup DIR"


class BackupNoFolder(Refused):
    vi = "{folder} không phải là thư mục; bản sao chưa thành.\nChọn một thư mục: ntm backup DIR"
    en = "{folder} is not a folder; no copy was made.\nName a folder: ntm backup DIR"


class BackupFolderUnusable(Refused):
    vi = "Không ghi được bản sao vào {folder} ({detail}).\nChọn thư mục khác: ntm backup DIR"
    en = "The copy cannot be written to {folder} ({detail}).\nChoose another folder: ntm backup DIR"


class BackupFolderFull(Refused):
    vi = "Thư mục {folder} đã hết chỗ; bản sao chưa thành và không để lại tệp dở.\nGiải phóng chỗ hoặc chọn nơi khác: ntm backup DIR"
    en = "The folder {folder} is full; no copy was made and no half file is left.\nFree some space or choose another: ntm backup DIR"


class BackupExists(Refused):
    vi = "Đã có {path}; không ghi đè lên bản sao nào.\nChờ một giây rồi làm lại: ntm backup DIR"
    en = "{path} is there already; no copy is ever replaced.\nWait a second and try again: ntm backup DIR"


class BackupOfDamaged(Refused):
    vi = "Sổ {where} không nguyên vẹn ({what}); bản sao của nó không được giữ.\nXem: ntm audit verify. Giữ các bản sao cũ và chép riêng tệp sổ đang có."
    en = "The store {where} is not whole ({what}); its copy was not kept.\nSee: ntm audit verify. Keep your older copies, and set the store's file aside."


class NotABackup(Refused):
    vi = "{path} không phải là bản sao lưu của chương trình này.\nNêu tệp .db do lệnh này làm ra: ntm backup DIR"
    en = "{path} is not a backup of this program.\nName a .db file made by: ntm backup DIR"


class BackupMissing(Refused):
    exit_code = 3
    vi = "Không thấy tệp {path}.\nNêu tệp .db do lệnh này làm ra: ntm backup DIR"
    en = "There is no file {path}.\nName a .db file made by: ntm backup DIR"


class BackupsOfSeveral(Refused):
    exit_code = 3
    vi = "Thư mục {folder} có bản sao của nhiều sổ: {files}.\nNêu rõ một tệp: ntm restore FILE"
    en = "The folder {folder} holds backups of several stores: {files}.\nName one file: ntm restore FILE"


class ManifestMissing(Refused):
    vi = "Thiếu tệp {manifest} của bản sao {path}; không có nó thì không biết bản sao có đủ không.\nChép cả hai tệp về cùng thư mục rồi làm lại."
    en = "The copy {path} lacks its {manifest}; without it nobody knows whether the copy is whole.\nBring both files to one folder and try again."


class ManifestUnreadable(Refused):
    vi = "Không đọc được {manifest}: tệp bị sửa, bị cắt hoặc thuộc phiên bản khác.\nDùng bản sao lưu khác."
    en = "{manifest} cannot be read: it was changed, cut off or belongs to another version.\nUse another backup."


class BackupCutOff(Refused):
    vi = "Bản sao {path} có {found} byte, lúc làm ra có {stated} byte: chép chưa hết hoặc bị cắt.\nChép lại, hoặc dùng bản sao lưu khác."
    en = "The copy {path} has {found} bytes, it was made with {stated}: carried in part, or cut off.\nCarry it again, or use another backup."


class BackupChanged(Refused):
    vi = "Bản sao {path} không còn như lúc làm ra (SHA-256 khác).\nChép lại, hoặc dùng bản sao lưu khác."
    en = "The copy {path} is not as it was made (another SHA-256).\nCarry it again, or use another backup."


class BackupNotAsStated(Refused):
    vi = "Bản sao {path} không đúng với tệp kê khai của nó: {what}.\nDùng bản sao lưu khác."
    en = "The copy {path} is not what its manifest says: {what}.\nUse another backup."


@dataclass(frozen=True)
class Backup:
    """A copy and what its manifest says."""

    path: Path
    manifest: Manifest


class Copy(Database):
    """The file of a backup: only ever read, and no store to work in."""

    mark: ClassVar[int] = int.from_bytes(b"NTMB", "big")

    def check(self) -> StoreInfo:
        """What is there, of this format or an older one: restoring it brings it to this one."""
        return self._look()

    def _open_file(self, mode: str, *more: str) -> sqlite3.Connection:
        # A backup may lie on a share or a disc where SQLite can neither lock nor write.
        return super()._open_file("mode=ro&immutable=1", *more)


# --- making


def make(database: Database, folder: Path, now: datetime, told: Told) -> Backup:
    """Copy what the store holds at this moment, check the copy, then name it and its manifest.

    Others go on writing meanwhile. After a kill no file stands under its name without being whole.
    """
    with _to(folder), database.read() as conn:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / _name(database, JournalRecorder(database).head(conn).position, now)
        if path.exists():
            raise BackupExists(path=str(path))
        with files.naming(path) as part:
            _fill(part, database, conn, folder, told)
            manifest = _manifest(part, path.name, now, database.where)
            # First to get its name: a file without a manifest would ask to be believed.
            with files.naming(manifest_of(path)) as text:
                text.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    return Backup(path, manifest)


@contextmanager
def _to(folder: Path) -> Iterator[None]:
    """What the system does not let be written to `folder`, in the user's words."""
    try:
        yield
    except OSError as error:
        raise _refused(error, folder) from error


def _refused(error: OSError, folder: Path) -> Refused:
    if refusals.is_full(error):
        return BackupFolderFull(folder=str(folder))
    if refusals.is_closed(error):
        return BackupFolderClosed(folder=str(folder))
    if not folder.is_dir():
        return BackupNoFolder(folder=str(folder))
    if isinstance(error, FileExistsError):
        return BackupExists(path=str(error.filename2 or error.filename or folder))
    return BackupFolderUnusable(folder=str(folder), detail=error.strerror or str(error))


def _name(database: Database, position: int, now: datetime) -> str:
    name = database.path.stem if database.path else database.url.database
    return f"{name}-{position}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"


def _fill(part: Path, database: Database, source: sa.Connection, folder: Path, told: Told) -> None:
    address = f"file:{quote(str(part.absolute()))}?mode=rw&nolock=1"
    engine = sqlite_engine(
        lambda: sqlite3.connect(address, uri=True, isolation_level=None), "BEGIN"
    )
    try:
        with _writing(folder), engine.begin() as target:
            target.exec_driver_sql(f"PRAGMA application_id = {Copy.mark}")
            METADATA.create_all(target, tables=_tables(source), checkfirst=False)
            pour(database, source, target, told)
    finally:
        engine.dispose()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What goes wrong here is the folder's; reading the store refuses in its own words."""
    try:
        yield
    except (sqlite3.Error, sa.exc.DBAPIError) as error:
        refused = refusals.refusal(error, str(folder), 0)
        if isinstance(refused, refusals.StoreFull):
            raise BackupFolderFull(folder=str(folder)) from error
        if refused:
            detail = refused.facts["detail"]
            raise BackupFolderUnusable(folder=str(folder), detail=detail) from error
        raise


def pour(database: Database, source: sa.Connection, target: sa.Connection, told: Told) -> None:
    """Every row of the journal and of the operations of `database`, as `source` sees them, into
    tables that are there and empty; from a store of an older format, too.
    """
    counts = _counts(source)
    done = 0
    for table in _tables(source):
        columns = _columns(source, table)
        insert = _insert(target, table, columns)
        for rows in _pages(database, source, table, columns):
            execute(target, insert, [tuple(row) for row in rows])
            done += len(rows)
            told(done, sum(counts.values()))
    migrations.carry(source, target)


def _pages(
    database: Database, source: sa.Connection, table: sa.Table, columns: Columns
) -> Iterator[Sequence[Any]]:
    query = sa.select(*columns).order_by(*table.primary_key.columns)
    with database.refusing():
        pages = source.execute(query.execution_options(yield_per=_PAGE)).partitions()
    while True:
        with database.refusing():
            page = next(pages, None)
        if page is None:
            return
        yield page


def _columns(source: sa.Connection, table: sa.Table) -> Columns:
    """Our columns that are there: an older table may lack some."""
    there = migrations.columns(source, table.name)
    return [column for column in table.c if column.name in there]


def _insert(target: sa.Connection, table: sa.Table, columns: Columns) -> str:
    quoted = [target.dialect.identifier_preparer.quote(column.name) for column in columns]
    mark = "?" if target.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(quoted))
    return f"INSERT INTO {table.name} ({', '.join(quoted)}) VALUES ({marks})"


def _tables(source: sa.Connection) -> list[sa.Table]:
    """Our tables that are there: a store of an older format may lack some."""
    there = set(sa.inspect(source).get_table_names())
    return [table for table in METADATA.sorted_tables if table.name in there]


def _counts(source: sa.Connection) -> dict[str, int]:
    query = sa.select(sa.func.count())
    return {t.name: source.scalar(query.select_from(t)) or 0 for t in _tables(source)}


# --- checking


def _manifest(part: Path, name: str, now: datetime, where: str) -> Manifest:
    """What the finished copy is, read from the copy itself."""
    try:
        about = _about(part)
    except StoreDamaged as error:
        raise BackupOfDamaged(where=where, what=error.facts["detail"]) from error
    return Manifest(
        file=name,
        made_at=now.astimezone(UTC).replace(microsecond=0),
        program=__version__,
        bytes=part.stat().st_size,
        sha256=sha256(part),
        **about,
    )


def _about(path: Path) -> dict[str, Any]:
    """Format, id, position, root and row counts of a copy whose every page and hash is right."""
    with closing(Copy(path)) as copy, copy.read() as conn:
        info = copy.check()
        said = conn.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        if said != "ok":
            raise StoreDamaged(where=str(path), detail="integrity_check")
        counts = _counts(conn)
        if not counts.keys() >= _NEEDED:
            raise NotAStore(where=str(path))
        found = verify(JournalRecorder(copy), conn)
        if not found.ok:
            raise StoreDamaged(where=str(path), detail=f"#{found.first_bad or 'head'}")
        about = {"format": info.format, "store_id": info.store_id, "tables": counts}
        return {**about, "position": found.size, "root": found.root.hex()}


def checked(path: Path) -> Backup:
    """The backup at `path` after everything about it was checked; refuses one that is not whole."""
    manifest = _read_manifest(path)
    if (found := path.stat().st_size) != manifest.bytes:
        raise BackupCutOff(path=str(path), found=found, stated=manifest.bytes)
    if sha256(path) != manifest.sha256:
        raise BackupChanged(path=str(path))
    try:
        about = _about(path)
    except NotAStore as error:
        raise NotABackup(path=str(path)) from error
    except StoreDamaged as error:
        raise BackupNotAsStated(path=str(path), what=error.facts["detail"]) from error
    wrong = [name for name, value in about.items() if getattr(manifest, name) != value]
    if wrong:
        raise BackupNotAsStated(path=str(path), what=", ".join(wrong))
    return Backup(path, manifest)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Copy, sa.Connection]]:
    """A checked backup, to pour from."""
    with closing(Copy(path)) as copy, copy.read() as conn:
        yield copy, conn


def newest(folder: Path) -> Path:
    """The latest backup in a folder that holds those of one store."""
    latest: dict[str, Manifest] = {}
    for manifest in filter(None, map(manifest_in, folder.glob("*.manifest.json"))):
        known = latest.get(manifest.store_id)
        if known is None or manifest.made_at > known.made_at:
            latest[manifest.store_id] = manifest
    if len(latest) > 1:
        names = sorted(manifest.file for manifest in latest.values())
        raise BackupsOfSeveral(folder=str(folder), files=names)
    if not latest:
        raise BackupMissing(path=str(folder / "*.manifest.json"))
    return folder / latest.popitem()[1].file


def _read_manifest(path: Path) -> Manifest:
    beside = manifest_of(path)
    if not os.path.lexists(path):
        raise BackupMissing(path=str(path))
    if path == beside or not path.is_file():
        raise NotABackup(path=str(path))
    if not beside.is_file():
        raise _without_manifest(path, beside)
    manifest = manifest_in(beside)
    if manifest is None or manifest.schema != SCHEMA:
        raise ManifestUnreadable(manifest=str(beside))
    return manifest


def _without_manifest(path: Path, beside: Path) -> Refused:
    """A copy that lost its manifest, or some other file."""
    try:
        with closing(Copy(path)) as copy:
            copy.check()
    except Refused:
        return NotABackup(path=str(path))
    return ManifestMissing(path=str(path), manifest=beside.name)
