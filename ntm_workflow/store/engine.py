"""Opening a store: one transaction to write, one consistent snapshot to read, on both databases.

Knows tables only by their MetaData. Opening never makes or changes anything; `create` does.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, ClassVar, Final, NoReturn
from urllib.parse import quote
from uuid import uuid4

import sqlalchemy as sa

from ntm_workflow import __version__
from ntm_workflow.driver import execute, fetch
from ntm_workflow.store import address, disks, files, migrations, refusals
from ntm_workflow.store.kept import Kept
from ntm_workflow.store.refusals import (
    NotAStore,
    StoreDamaged,
    StoreExists,
    StoreFull,
    StoreLeftovers,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreOlder,
    StoreOnNetwork,
    StoreReadOnly,
    StoreUnreachable,
)
from ntm_workflow.store.schema import FORMAT, HEAD, META, METADATA

__all__ = [
    "Database",
    "NotAStore",
    "StoreDamaged",
    "StoreExists",
    "StoreFull",
    "StoreInfo",
    "StoreLeftovers",
    "StoreLocked",
    "StoreMissing",
    "StoreNewer",
    "StoreOlder",
    "StoreOnNetwork",
    "StoreReadOnly",
    "StoreUnreachable",
    "execute",
    "fetch",
]

#: "NTMW" in the header of every SQLite store, so that a foreign file is known before it is opened.
APPLICATION_ID: Final = int.from_bytes(b"NTMW", "big")
_INIT_LOCK: Final = APPLICATION_ID

#: Writes what a store holds from the start, in the transaction that makes its tables.
Fill = Callable[[sa.Connection], None]


@dataclass(frozen=True)
class StoreInfo:
    """What a store says of itself."""

    format: int
    store_id: str
    made_by: str
    rehearsal: bool


class Database:
    """A store at a file path, `sqlite:///…` or `postgresql://…`; connects on first use.

    `busy_timeout` is how long, in seconds, a writer waits for another. `any_disk` lets a file be
    written on a network drive.
    """

    #: What marks the file in its header.
    mark: ClassVar[int] = APPLICATION_ID

    def __init__(
        self, url: str | Path, busy_timeout: float = 30.0, *, any_disk: bool = False
    ) -> None:
        self.busy_timeout = busy_timeout
        self.any_disk = any_disk
        self.url = address.parse(url)
        self.path = Path(self.url.database or "") if address.is_sqlite(self.url) else None
        self.sqlite = self.path is not None
        self.where = str(self.path) if self.path else address.shown(self.url)
        self._reader: sa.Engine | Kept
        self._writer: sa.Engine | Kept
        self._reader, self._writer = self._sqlite() if self.sqlite else self._postgres()
        self._info: StoreInfo | None = None
        self._wal = not self.sqlite

    # --- using it

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction that holds SQLite's write lock from the start; all of it or nothing."""
        self._info = self._info or self.check()
        self._ensure_wal()
        with self.refusing(), self._writer.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One snapshot: whatever is read in it was true at the same moment. Writing is refused."""
        self._info = self._info or self.check()
        with self.refusing(), self._reader.begin() as conn:
            yield conn

    def check(self) -> StoreInfo:
        """What is there; refuses everything that is not a store this program can use."""
        info = self._look()
        if info.format < FORMAT:
            raise StoreOlder(where=self.where, found=info.format, known=FORMAT)
        return info

    def upgrade(self) -> bool:
        """Bring the tables of an older store to `FORMAT`; whether there was anything to do.

        Adds what is missing and carries over what stood elsewhere. The journal stays as it is.
        """
        if self._look().format == FORMAT:
            return False
        with self.refusing(), self._writer.begin() as conn:
            # Two at once would make the same table.
            conn.execute(sa.select(HEAD.c.id).with_for_update())
            METADATA.create_all(conn)
            migrations.carry(conn, conn)
            migrations.reshape(conn)
            format_ = sa.update(META).where(META.c.key == "format")
            conn.execute(format_.values(value=str(FORMAT)))
        return True

    def create(self, *metadatas: sa.MetaData, rehearsal: bool = False, **meta: str) -> StoreInfo:
        """Make the store with our tables and those of `metadatas`; refuses if anything is there.

        `meta` is written beside what the store says of itself.
        """
        meta |= {"rehearsal": "yes" if rehearsal else "no"}
        return self.make(metadatas, lambda conn: _begin_journal(conn, meta))

    def make(self, metadatas: Sequence[sa.MetaData], fill: Fill) -> StoreInfo:
        """Make our tables and those of `metadatas` with what `fill` writes: all of it, or nothing
        even after a kill. Refuses if anything is there.
        """
        if self.path is None:
            self._create_tables(metadatas, fill)
        else:
            self._make_file(self.path, metadatas, fill)
        return self.check()

    @contextmanager
    def bare(self) -> Iterator[Any]:
        """The driver's own connection for writing, for what no transaction may hold."""
        with self.refusing(), closing(self._writer.raw_connection()) as raw:
            yield raw.driver_connection

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()

    # --- engines

    def _sqlite(self) -> tuple[Kept, Kept]:
        """Connections for reading and for writing apart: changing one from query_only and back
        would make SQLite compile every statement again.
        """
        # `mode=rw` never makes a file, where a plain connect would.
        mode = f"mode={address.mode(self.url)}"
        reader = sqlite_engine(lambda: self._open_file(mode, "query_only = ON"), "BEGIN")
        # Deferred, a writer that has read fails at once, whatever its busy timeout.
        # What was erased must not stay readable in pages that are free again. In the 2 MB that are
        # usual a large entry would read and write the same pages of its indexes many times.
        more = ("secure_delete = ON", "cache_size = -65536")
        writer = sqlite_engine(lambda: self._open_file(mode, *more), "BEGIN IMMEDIATE")
        return Kept(reader), Kept(writer)

    def _open_file(self, mode: str, *more: str) -> sqlite3.Connection:
        conn = sqlite3.connect(
            f"file:{quote(os.path.abspath(self.path or ''))}?{mode}",
            uri=True,
            timeout=self.busy_timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        # NORMAL would lose acknowledged facts in a power cut, mmap has corrupted stores.
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "mmap_size = 0", *more):
            conn.execute(f"PRAGMA {pragma}")
        return conn

    def _postgres(self) -> tuple[sa.Engine, sa.Engine]:
        try:
            engine = sa.create_engine(
                self.url, pool_pre_ping=True, connect_args={"connect_timeout": 10}
            )
        except ModuleNotFoundError as error:
            raise StoreUnreachable(where=self.where, detail=str(error)) from error
        sa.event.listen(engine, "connect", self._prepare_postgres)
        reader = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        return reader, engine.execution_options(isolation_level="READ COMMITTED")

    def _prepare_postgres(self, dbapi: Any, record: Any) -> None:
        milliseconds = int(self.busy_timeout * 1000)
        dbapi.execute(f"SET lock_timeout = {milliseconds}")
        # A server tuned for speed may acknowledge what a power cut then loses; the journal may not.
        dbapi.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        dbapi.commit()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Database errors leave as refusals; faults of the program leave as they are."""
        try:
            yield
        except Exception as error:
            refused = refusals.refusal(error, self.where, self.busy_timeout, self.path)
            if refused is None:
                raise
            raise refused from error

    # --- looking

    def _look(self) -> StoreInfo:
        self._look_at_file()
        with self.refusing():
            info = self._read_info()
        if info.format > FORMAT:
            raise StoreNewer(where=self.where, found=info.format, known=FORMAT)
        return info

    def _look_at_file(self) -> None:
        """Refuse a foreign file without SQLite's recovery or locks touching it or its folder."""
        if self.path is None:
            return
        try:
            mode = self.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError) as error:
            raise StoreMissing(where=self.where) from error
        except OSError as error:
            raise refusals.of_system(error, self.where, self.path) from error
        if not S_ISREG(mode):
            raise NotAStore(where=self.where)
        if self._application_id() not in (self.mark, None):
            raise NotAStore(where=self.where)

    def _application_id(self) -> int | None:
        """What the file's header says it is; None where only the log beside it can tell.

        Not by plain open(): closing it would drop the locks this process holds on the file.
        """
        with self.refusing():
            try:
                with closing(self._open_file("mode=ro&immutable=1")) as conn:
                    return int(conn.execute("PRAGMA application_id").fetchone()[0])
            except sqlite3.DatabaseError as error:
                # A checkpoint cut off by a kill: the file alone is half, with its log it is whole.
                if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
                    return None
                raise

    def _read_info(self) -> StoreInfo:
        try:
            with self._reader.begin() as conn:
                return self._info_of(dict(conn.execute(sa.select(META)).all()))
        except (sa.exc.ProgrammingError, sa.exc.OperationalError) as error:
            if refusals.refusal(error, self.where, self.busy_timeout):
                raise
            # No such table, or one of another program that has the same name.
            raise self._no_store_in_database() from error

    def _info_of(self, meta: dict[str, str]) -> StoreInfo:
        try:
            return StoreInfo(
                format=int(meta["format"]),
                store_id=meta["store_id"],
                made_by=meta["made_by"],
                rehearsal=meta["rehearsal"] == "yes",
            )
        except (KeyError, ValueError) as error:
            raise NotAStore(where=self.where) from error

    def _no_store_in_database(self) -> StoreMissing | NotAStore:
        with self._reader.begin() as conn:
            empty = not self.sqlite and not sa.inspect(conn).get_table_names()
        return StoreMissing(where=self.where) if empty else NotAStore(where=self.where)

    # --- making

    def _make_file(self, path: Path, metadatas: Sequence[sa.MetaData], fill: Fill) -> None:
        self._refuse_network()
        # Looked for first: one who makes the same store meanwhile names it before it has any.
        left = files.companions(path)
        if os.path.lexists(path):
            self._refuse_to_replace()
        if left:
            raise StoreLeftovers(where=self.where, files=left)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with files.naming(path) as part, closing(self._unnamed(part)) as unnamed:
                unnamed._create_tables(metadatas, fill)
                unnamed._ensure_wal()
                # Only once its last connection is closed is the file whole without its log.
                unnamed.close()
        except OSError as error:
            if os.path.lexists(path):
                self._refuse_to_replace()
            raise refusals.of_system(error, self.where, path) from error

    def _unnamed(self, part: Path) -> Database:
        """This store while it has no name yet; what it refuses, it refuses under its name."""
        unnamed = type(self)(part, self.busy_timeout, any_disk=True)
        unnamed.where = self.where
        return unnamed

    def _refuse_to_replace(self) -> NoReturn:
        self.check()
        raise StoreExists(where=self.where)

    def _refuse_network(self) -> None:
        if self.path and not self.any_disk and (kind := disks.network(self.path)):
            raise StoreOnNetwork(where=self.where, kind=kind)

    def _create_tables(self, metadatas: Sequence[sa.MetaData], fill: Fill) -> None:
        with self.refusing(), self._writer.begin() as conn:
            if self.sqlite:
                conn.exec_driver_sql(f"PRAGMA application_id = {self.mark}")
            else:
                self._claim_database(conn)
            for metadata in dict.fromkeys((METADATA, *metadatas)):
                metadata.create_all(conn, checkfirst=False)
            fill(conn)

    def _claim_database(self, conn: sa.Connection) -> None:
        # Two programs making tables at the same moment would see each other's half.
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_INIT_LOCK)))
        if sa.inspect(conn).get_table_names():
            self._refuse_to_replace()
        encoding = conn.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise StoreUnreachable(where=self.where, detail=f"server_encoding {encoding} ≠ UTF8")

    def _ensure_wal(self) -> None:
        """WAL stays in the file once set; a copy made by VACUUM INTO comes without it."""
        if self._wal:
            return
        self._refuse_network()
        with self.bare() as driver:
            (mode,) = driver.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal" and address.mode(self.url) == "rw":
            raise StoreUnreachable(where=self.where, detail=f"journal_mode = {mode}")
        self._wal = True


def sqlite_engine(connect: Callable[[], sqlite3.Connection], begin: str) -> sa.Engine:
    """An engine whose transactions begin with the statement `begin`."""
    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)

    # The driver itself would begin late, deferred, and not at all before reading.
    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        raw: Any = conn.connection.driver_connection
        raw.execute(begin)

    return engine


def _begin_journal(conn: sa.Connection, more: dict[str, str]) -> None:
    """The head row of a journal without facts, and what a new store says of itself."""
    meta = {"format": str(FORMAT), "store_id": uuid4().hex, "made_by": __version__, **more}
    conn.execute(sa.insert(HEAD).values(id=1, position=0, entry=0, frontier=b""))
    conn.execute(sa.insert(META), [{"key": key, "value": value} for key, value in meta.items()])
