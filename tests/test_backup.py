"""Backups: whole while others write, checked before they are named, restored to either database."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from offices import NOW, Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.notifications.ladder import Ladder
from ntm_workflow.notifications.post import Folder
from ntm_workflow.office import backup, contacts, letters, relay
from ntm_workflow.office.entry import Request
from ntm_workflow.store import backup as copies
from ntm_workflow.store.engine import Database, NotAStore, StoreMissing
from ntm_workflow.store.schema import FORMAT, META, METADATA

DAY = "15/10/2024"
UNIT = "ubnd-tam-ngoc-tam-ky"
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def fill(desk: Desk) -> Desk:
    """Something of everything: facts, a void, keys, an address, a letter that left and one that waits."""
    desk.adopt("quang-nam-2024-2025")
    desk.allocate("đường thôn 1", 500_000_000)
    desk.disburse("đường thôn 1", 100_000_000, "1/3/2024", key="chi 1")
    desk.void(desk.disburse("đường thôn 1", 200_000_000, "2/3/2024").entry)
    desk.record(lambda e: contacts.change(e, UNIT, ["ubnd@example.com"]))
    desk.close("31/1/2024")
    with desk.go(DAY).office.writing() as work:
        letters.issue(work, desk.office.today, Request(by="test"), Ladder())
    return desk


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


def back_up(desk: Desk, folder: Path) -> Path:
    return backup.make(desk.office, folder, quiet).backup.path


def rows(url: str | Path) -> dict[str, list[Any]]:
    """Every row of the journal and of the operations, but what a store says of its backups."""
    notes = (backup.LAST, backup.RESTORED_AT, backup.RESTORED_FROM)
    with closing(Database(url)) as database, database.read() as conn:
        found = {
            table.name: [
                tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
        }
    found["meta"] = [row for row in found["meta"] if row[0] not in notes]
    return found


def meta(url: str | Path) -> dict[str, str]:
    with closing(Database(url)) as database, database.read() as conn:
        return dict(conn.execute(sa.select(META)).all())  # type: ignore[arg-type]


def restored(file: Path, url: str | Path, day: str = DAY) -> Desk:
    desk = Desk(str(url), day)
    try:
        backup.restore(file, desk.database, desk.clock.now(), quiet)
    except Refused:
        desk.close_store()
        raise
    return desk


# --- there and back


def test_a_backup_holds_every_row_and_says_so(desk: Desk, folder: Path) -> None:
    path = back_up(desk, folder)
    manifest = json.loads(copies.manifest_of(path).read_text())
    with desk.office.reading() as reading:
        position = reading.known
    assert manifest["position"] == position
    assert path.name.split("-")[-2:] == [str(position), "20241015T020000Z.db"]
    assert manifest["root"] == desk.office.verify().root.hex()
    assert manifest["store_id"] == desk.office.info.store_id
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest["bytes"] == path.stat().st_size
    stored = rows(desk.database.url.render_as_string(hide_password=False))
    assert manifest["tables"] == {name: len(found) for name, found in stored.items()}
    assert min(manifest["tables"][name] for name in ("events", "contacts", "outbox")) > 0


def test_a_store_is_restored_to_either_database(
    desk: Desk, folder: Path, tmp_path: Path, postgres_url: str
) -> None:
    path = back_up(desk, folder)
    before = rows(desk.database.url.render_as_string(hide_password=False))
    other = tmp_path / "khôi phục" / "sổ.db"
    for url in (str(other), *([postgres_url] if desk.database.sqlite else [])):
        with closing_store(restored(path, url)) as again:
            assert rows(url) == before
            assert again.office.verify() == desk.office.verify()
            assert again.rebuilt_equal()
            assert again.all_rows() == desk.all_rows()
            assert again.office.info == desk.office.info
            # And it is worked in, like any store.
            again.disburse("đường thôn 1", 1_000_000, "4/3/2024")
            assert again.rebuilt_equal()


def test_a_restored_store_says_where_it_came_from(desk: Desk, folder: Path, tmp_path: Path) -> None:
    path = back_up(desk, folder)
    restored(path, tmp_path / "new.db", "1/11/2024").close_store()
    said = meta(tmp_path / "new.db")
    assert said["restored_at"] == "2024-11-01T02:00:00+00:00"
    assert said["restored_from"] == path.name
    assert json.loads(said["last_backup"])["file"] == path.name


def test_the_store_takes_a_note_of_its_latest_backup(desk: Desk, folder: Path) -> None:
    first = back_up(desk, folder)
    second = back_up(desk.go("16/10/2024"), folder)
    with desk.database.read() as conn:
        last = backup.last(conn)
    assert last is not None
    assert (last.file, last.at.day) == (second.name, 16)
    assert {path.name for path in folder.glob("*.db")} == {first.name, second.name}


def test_what_the_tables_of_today_are_made_of_is_not_carried_along(
    desk: Desk, folder: Path
) -> None:
    path = back_up(desk, folder)
    with closing(sqlite3.connect(path)) as raw:
        names = {
            name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")
        }
    assert names == {table.name for table in METADATA.sorted_tables}


def test_a_backup_is_only_its_owners_and_no_store(desk: Desk, folder: Path) -> None:
    path = back_up(desk, folder)
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    with closing(Database(path)) as database, pytest.raises(NotAStore):
        database.check()


def test_a_store_that_may_only_be_read_is_backed_up_without_a_note(
    sqlite_url: str, folder: Path
) -> None:
    fill(Desk(sqlite_url, "05/03/2024").init()).close_store()
    with closing_store(Desk(sqlite_url + "?mode=ro", DAY)) as desk:
        made = backup.make(desk.office, folder, quiet)
    assert not made.noted
    assert copies.checked(made.backup.path) == made.backup


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


# --- others go on


def test_a_backup_made_while_others_write_is_of_one_moment(desk: Desk, folder: Path) -> None:
    url = desk.database.url.render_as_string(hide_password=False)
    over = threading.Event()
    written = []

    def write() -> None:
        with closing_store(Desk(url, DAY)) as other:
            while not over.is_set():
                paper = f"CT {len(written)}"
                other.disburse("đường thôn 1", 1, "5/3/2024", document=paper)
                written.append(paper)

    def watch(done: int, total: int) -> None:
        # Let a writer in between any two pages.
        seen = len(written)
        while len(written) == seen and writer.is_alive():
            over.wait(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backup.make(desk.office, folder, watch).backup
    finally:
        over.set()
        writer.join()
    with desk.office.reading() as reading:
        assert made.manifest.position < reading.known
    assert copies.checked(made.path) == made
    assert made.manifest.tables["events"] == made.manifest.position


# --- letters


def test_letters_that_waited_wait_again_and_are_counted(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    path = back_up(desk, folder)
    post = Folder(tmp_path / "thư")
    post.ready()
    left = relay.send(desk.office, post, Request(by="test")).left
    assert len(left) == 1
    sent = {each.name: each.read_bytes() for each in post.path.iterdir()}
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        assert backup.waiting(again.database) == backup.waiting(desk.database) + len(left)
        # The letter that left after the backup leaves once more, and can be recognised.
        assert relay.send(again.office, post, Request(by="test")).left == left
    (name,) = sent
    ids = [
        next(line for line in content.splitlines() if line.startswith(b"Message-ID"))
        for content in (sent[name], (post.path / name).read_bytes())
    ]
    assert ids[0] == ids[1]


def test_a_letter_that_left_before_the_backup_does_not_leave_again(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    post = Folder(tmp_path / "thư")
    post.ready()
    assert relay.send(desk.office, post, Request(by="test")).left
    path = back_up(desk, folder)
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        assert relay.send(again.office, post, Request(by="test")).left == ()


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


# --- at the keyboard


def test_backing_up_and_restoring_at_the_keyboard(desk: Desk, folder: Path, tmp_path: Path) -> None:
    url = desk.database.url.render_as_string(hide_password=False)
    made = ntm(f"backup '{folder}' --json", url)
    assert made.code == 0
    assert made.json["schema"] == "ntm.backup/1"
    assert set(made.json) >= {"file", "position", "root", "sha256", "tables", "store_id", "made_at"}
    again = ntm(f"restore '{folder}' --json", str(tmp_path / "new.db"))
    assert again.code == 0
    assert again.json["schema"] == "ntm.restore/1"
    assert again.json["root"] == made.json["root"]
    assert again.json["letters_waiting"] == backup.waiting(desk.database) > 0
    verified = ntm("audit verify --json", str(tmp_path / "new.db")).json
    assert (verified["ok"], verified["root"]) == (True, made.json["root"])
    told = ntm(f"restore '{folder}'", str(tmp_path / "newer.db"))
    assert "thư đang chờ gửi" in told.out


def test_the_folder_may_stand_in_the_settings(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Desk(sqlite_url, DAY).init().close_store()
    assert ntm("backup", sqlite_url).code == 2
    monkeypatch.setenv("NTM_BACKUP_FOLDER", str(folder))
    assert ntm("backup", sqlite_url).code == 0
    assert len(list(folder.glob("*.db"))) == 1


def test_a_folder_with_backups_of_several_stores_is_not_guessed_from(
    tmp_path: Path, folder: Path
) -> None:
    for name in ("a.db", "b.db"):
        with closing_store(Desk(str(tmp_path / name), DAY).init()) as desk:
            back_up(desk, folder)
    answer = ntm(f"restore '{folder}'", str(tmp_path / "new.db"))
    assert answer.code == 3
    assert "a-0-" in answer.err
    assert "b-0-" in answer.err
