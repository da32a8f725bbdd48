"""Backups that are old, harmed or cut off, and places where none is made: checked before they are named."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from backups import DAY, ENV, back_up, fill, meta, quiet, restored, rows
from offices import NOW, Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.office import backup
from ntm_workflow.store import backup as copies
from ntm_workflow.store.engine import Database, StoreMissing
from ntm_workflow.store.schema import FORMAT


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "05/03/2024").init()) as desk:
        yield fill(desk)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sao lưu"


@pytest.fixture(scope="module")
def one_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and its backup, to copy and harm."""
    place = tmp_path_factory.mktemp("mẫu")
    with closing_store(Desk(str(place / "sổ.db"), "05/03/2024").init()) as desk:
        backup.make(fill(desk).office, place / "sao lưu", quiet)
    return place


@pytest.fixture
def copy(one_made: Path, folder: Path) -> Path:
    """A whole backup nobody has harmed yet."""
    shutil.copytree(one_made / "sao lưu", folder)
    return copies.newest(folder)


def test_a_backup_restores_from_where_nothing_may_be_written(
    copy: Path, folder: Path, tmp_path: Path
) -> None:
    path = copy
    path.chmod(0o400)
    folder.chmod(0o500)
    before = sorted(each.name for each in folder.iterdir())
    restored(path, tmp_path / "new.db").close_store()
    assert sorted(each.name for each in folder.iterdir()) == before
    folder.chmod(0o700)


def test_a_backup_of_an_older_format_is_brought_to_this_one(copy: Path, tmp_path: Path) -> None:
    """As a program of format 1 made it: without the seals and their key."""
    new = str(tmp_path / "new.db")
    forge(copy, "DELETE FROM meta WHERE key = 'seal_key'")
    forge(copy, "UPDATE meta SET value = '1' WHERE key = 'format'")
    forge(copy, "DROP TABLE seals")
    tables = json.loads(copies.manifest_of(copy).read_text())["tables"]
    del tables["seals"]
    state(copy, format=1, tables={**tables, "meta": tables["meta"] - 1})
    answer = ntm(f"restore '{copy}' --json", new)
    assert answer.code == 0, answer.err
    assert answer.json["format"] == 1
    assert "ntm audit key --new" in answer.err
    assert ntm("audit verify", new).code == 0
    assert ntm("rebuild --check", new).code == 0
    assert ntm("audit key --new", new).code == 0
    assert ntm("audit seal --json", new).json["size"] == answer.json["position"]
    assert meta(new)["format"] == str(FORMAT)


# --- refused


def test_a_store_is_never_replaced(desk: Desk, folder: Path, store_url: str) -> None:
    path = back_up(desk, folder)
    before = rows(store_url)
    with pytest.raises(backup.StoreInTheWay):
        restored(path, store_url)
    assert rows(store_url) == before


def test_nothing_is_restored_beside_the_log_of_a_store_that_was_moved_away(
    copy: Path, one_made: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "sổ.db"
    shutil.copy(one_made / "sổ.db", moved)
    with closing(sqlite3.connect(moved)) as reader, closing(sqlite3.connect(moved)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM head").fetchall()
        writer.execute("INSERT INTO meta VALUES ('x', 'y')")
        writer.commit()
        shutil.copy(f"{moved}-wal", tmp_path / "new.db-wal")
    answer = ntm(f"restore '{copy}'", str(tmp_path / "new.db"))
    assert (answer.code, answer.out) == (1, "")
    assert "new.db-wal" in answer.err
    assert not (tmp_path / "new.db").exists()


def test_no_backup_is_ever_replaced(desk: Desk, folder: Path) -> None:
    path = back_up(desk, folder)
    before = path.read_bytes()
    with pytest.raises(copies.BackupExists):
        back_up(desk, folder)
    assert path.read_bytes() == before
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_is_the_store_or_lies_in_it_is_refused(sqlite_url: str) -> None:
    with closing_store(Desk(sqlite_url, DAY).init()) as desk:
        path = desk.database.path
        assert path is not None
        for folder in (path, path / "trong"):
            with pytest.raises(copies.BackupNoFolder):
                back_up(desk, folder)
        assert desk.office.verify().ok


def test_a_full_disk_leaves_no_half_copy(desk: Desk, folder: Path) -> None:
    """What this process may write is limited to less than the copy needs."""
    import resource

    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        with pytest.raises((copies.BackupFolderFull, copies.BackupFolderUnusable)):
            back_up(desk, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert list(folder.iterdir()) == []


def test_a_damaged_journal_is_not_called_backed_up(desk: Desk, folder: Path) -> None:
    with desk.database.write() as conn:
        conn.exec_driver_sql("UPDATE events SET entry = entry + 1 WHERE position = 7")
    with pytest.raises(copies.BackupOfDamaged) as refused:
        back_up(desk, folder)
    assert "#7" in refused.value.say("vi")
    assert list(folder.iterdir()) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def forge(path: Path, sql: str = "UPDATE events SET topic = 'X' WHERE position = 3") -> None:
    """Change a row, and the manifest's hash with it."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(sql)
        raw.commit()
    state(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), bytes=path.stat().st_size)


def state(path: Path, **said: Any) -> None:
    manifest = copies.manifest_of(path)
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | said))


def other(path: Path) -> None:
    """A file that never was a backup, under a manifest that knows its hash."""
    path.write_bytes(b"")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE events (x)")
    state(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), bytes=path.stat().st_size)


@pytest.mark.parametrize(
    ("harm", "refusal"),
    [
        pytest.param(lambda p: p.unlink(), "BackupMissing", id="gone"),
        pytest.param(lambda p: copies.manifest_of(p).unlink(), "ManifestMissing", id="no manifest"),
        pytest.param(
            lambda p: copies.manifest_of(p).write_text("{"), "ManifestUnreadable", id="cut manifest"
        ),
        pytest.param(lambda p: state(p, bytes="x"), "ManifestUnreadable", id="odd manifest"),
        pytest.param(lambda p: state(p, schema="y/2"), "ManifestUnreadable", id="other schema"),
        pytest.param(cut, "BackupCutOff", id="cut off"),
        pytest.param(lambda p: p.write_bytes(b""), "BackupCutOff", id="empty"),
        pytest.param(flip, "BackupChanged", id="a changed bit"),
        pytest.param(forge, "BackupNotAsStated", id="a changed row and its hash"),
        pytest.param(
            lambda p: forge(p, "DELETE FROM contacts"), "BackupNotAsStated", id="a lost row"
        ),
        pytest.param(
            lambda p: forge(p, "UPDATE meta SET value = '99' WHERE key = 'format'"),
            "StoreNewer",
            id="newer format",
        ),
        pytest.param(lambda p: forge(p, "DROP TABLE head"), "NotABackup", id="no head"),
        pytest.param(lambda p: state(p, root="00"), "BackupNotAsStated", id="another root"),
        pytest.param(lambda p: state(p, store_id="x"), "BackupNotAsStated", id="another store"),
        pytest.param(other, "NotABackup", id="another program's"),
    ],
)
def test_what_is_not_a_whole_backup_is_named_and_nothing_is_made(
    copy: Path, tmp_path: Path, harm: Callable[[Path], object], refusal: str
) -> None:
    harm(copy)
    answer = ntm(f"restore '{copy}'", str(tmp_path / "new" / "sổ.db"))
    assert answer.code in (1, 3)
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert not (tmp_path / "new").exists()
    with (
        closing(Database(tmp_path / "new" / "sổ.db")) as target,
        pytest.raises(Refused) as refused,
    ):
        backup.restore(copy, target, NOW, quiet)
    assert type(refused.value).__name__ == refusal


def test_a_store_is_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    with closing_store(Desk(sqlite_url, DAY).init()) as desk:
        with pytest.raises(copies.NotABackup):
            copies.checked(desk.database.path)  # type: ignore[arg-type]
        assert ntm("restore .", str(tmp_path / "new.db")).code == 3


def test_a_fact_of_a_newer_program_is_not_restored_in_part(desk: Desk, folder: Path) -> None:
    """The journal is whole, this program does not know one of its events."""
    with desk.database.write() as conn:
        from eventsourcing.persistence import StoredEvent

        event = StoredEvent("place/x", 1, "FromTheFuture", b"{}")
        desk.office.journal.recorder.insert_events([event], conn=conn, now=desk.clock.now())
    path = back_up(desk, folder)
    target = folder / "new" / "sổ.db"
    answer = ntm(f"restore '{path}'", str(target))
    assert answer.code == 1
    assert "FromTheFuture" in answer.err
    assert list(target.parent.iterdir()) == []


# --- killed

KILLED = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
import sqlalchemy as sa
from ntm_workflow.office import Office, backup
from ntm_workflow.store import engine, files
from ntm_workflow.store import backup as copies

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Clock:
    def now(self):
        return datetime(2024, 10, 15, 2, tzinfo=UTC)

what, url, where, when = sys.argv[1:]
named = files._name
told = (lambda done, total: die()) if when == "in mid copy" else (lambda done, total: None)
if when == "before the name":
    files._name = lambda part, path: die()
if when == "between the names":
    files._name = lambda part, path: named(part, path) if path.suffix == ".json" else die()
commits = []
def count(conn):
    # Copied is everything; what a restore then commits first is its reading of the backup.
    if commits and len(commits) == (1 if what == "backup" else 2):
        die()
    if commits:
        commits.append(conn)
if when == "before the commit":
    told = lambda done, total: commits.append(total) if done == total else None
    sa.event.listen(sa.Engine, "commit", count)
database = engine.Database(url)
if what == "backup":
    backup.make(Office(database, Clock()), Path(where), told)
else:
    backup.restore(Path(where), database, Clock().now(), told)
"""


def killed(what: str, url: str, where: Path, when: str) -> None:
    command = [sys.executable, "-c", KILLED, what, url, str(where), when]
    assert subprocess.run(command, env=ENV, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "when", ["in mid copy", "before the commit", "before the name", "between the names"]
)
def test_a_backup_cut_off_by_a_kill_never_looks_whole(
    desk: Desk, folder: Path, tmp_path: Path, when: str
) -> None:
    url = desk.database.url.render_as_string(hide_password=False)
    killed("backup", url, folder, when)
    assert list(folder.glob("[!.]*.db")) == []
    for left in folder.iterdir():
        assert ntm(f"restore '{left}'", str(tmp_path / "new.db")).code in (1, 3)
    # Nothing is in the way of the next one.
    shutil.rmtree(folder)
    assert copies.checked(back_up(desk, folder)).manifest.position > 0


@pytest.mark.parametrize("when", ["in mid copy", "before the commit"])
def test_a_restore_cut_off_by_a_kill_leaves_no_store(copy: Path, store_url: str, when: str) -> None:
    killed("restore", store_url, copy, when)
    with closing(Database(store_url)) as target, pytest.raises(StoreMissing):
        target.check()
    with closing_store(restored(copy, store_url)) as again:
        assert again.rebuilt_equal()
