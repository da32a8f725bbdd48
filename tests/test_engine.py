"""Files of a store: whole or not there, on a disk of this machine, and rights told plainly."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

import pytest
import sqlalchemy as sa
from offices import Desk, closing_store
from terminal import Answer, ntm

from ntm_workflow.office import Office, contacts
from ntm_workflow.store import disks
from ntm_workflow.store.engine import Database, StoreExists, StoreMissing, StoreOnNetwork
from ntm_workflow.store.files import naming
from ntm_workflow.store.refusals import StoreNoFolder

NOBODY = 65534
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NTM_LANG": "vi"}

# --- a kill while a store is made

KILLED = """
import os, signal, sys
import sqlalchemy as sa
from ntm_workflow.office import Office
from ntm_workflow.store.engine import Database

def die(statement):
    if sys.argv[2] in statement.upper():
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
sa.event.listen(sa.Engine, "before_cursor_execute", lambda c, cur, sql, *a: die(sql))
sa.event.listen(sa.Engine, "commit", lambda c: die("COMMIT"))
Office.create(database)
print("not killed")
"""


@pytest.mark.parametrize(
    "when", ["CREATE TABLE HEAD", "CREATE TABLE META", "INSERT INTO", "COMMIT"]
)
def test_a_kill_while_a_store_is_made_leaves_nothing_in_the_way(store_url: str, when: str) -> None:
    script = KILLED.replace("in statement.upper()", "in ' '.join(statement.upper().split())")
    done = subprocess.run([sys.executable, "-c", script, store_url, when], env=ENV, check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(Database(store_url)) as database:
        with pytest.raises(StoreMissing):
            database.check()
        Office.create(database)
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT position FROM head").scalar_one() == 0


def test_making_a_store_leaves_only_the_store_and_its_key(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        Office.create(database)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sổ.db", "sổ.db.key"]


def test_a_file_that_got_the_name_first_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "sổ.db"

    def come_late() -> None:
        with naming(path) as part:
            part.write_text("mới")
            path.write_text("cũ")

    with pytest.raises(FileExistsError):
        come_late()
    assert path.read_text() == "cũ"
    assert [each.name for each in tmp_path.iterdir()] == ["sổ.db"]


def test_a_disk_without_hard_links_gets_whole_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*names: object) -> None:
        raise PermissionError(1, "as a memory stick answers")

    monkeypatch.setattr(os, "link", no_links)
    with closing(Database(tmp_path / "sổ.db")) as database:
        Office.create(database)
    with closing(Database(tmp_path / "sổ.db")) as again:
        with pytest.raises(StoreExists):
            Office.create(again)
        assert again.check().format
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sổ.db", "sổ.db.key"]


def test_a_store_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sổ.db"

    def come_first(conn: sa.Connection) -> None:
        with closing(Database(path)) as other:
            Office.create(other)

    with closing(Database(path)) as database:
        with pytest.raises(StoreExists):
            database.make((), come_first)
        assert not Office(database, None).outdated  # type: ignore[arg-type]


# --- drives that other machines serve

MOUNTS = """\
proc /proc proc rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/so /mnt/so nfs4 rw 0 0
//may-chu/chia /mnt/o\\040chung cifs rw 0 0
/dev/sdb1 /mnt/so/local ext4 rw 0 0
nguoi@may:/ /home/a/xa fuse.sshfs rw 0 0
tmpfs /over tmpfs rw 0 0
C: /over 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/ntm.db", "ext4"),
        ("/mnt/so/ntm.db", "nfs4"),
        ("/mnt/sox/ntm.db", "ext4"),
        ("/mnt/o chung/a/ntm.db", "cifs"),
        ("/mnt/so/local/ntm.db", "ext4"),
        ("/home/a/xa/ntm.db", "fuse.sshfs"),
        ("/over/ntm.db", "9p"),
    ],
)
def test_the_innermost_and_latest_mount_tells_the_type(
    path: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "mounts")
    assert disks.known()
    assert disks.type_in(disks._mounts(), Path(path)) == kind
    assert (kind in disks.NETWORK) == (kind != "ext4")


@pytest.fixture
def on_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder the system says is served by another machine."""
    folder = tmp_path / "share"
    folder.mkdir()
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/so {folder} nfs rw 0 0\n")
    monkeypatch.setattr(disks, "MOUNTS", table)
    return folder


def test_no_store_is_made_on_a_network_drive(on_network: Path) -> None:
    path = on_network / "new" / "sổ.db"
    with closing(Database(path)) as database, pytest.raises(StoreOnNetwork) as refused:
        Office.create(database)
    assert refused.value.facts["kind"] == "nfs"
    assert list(on_network.iterdir()) == []


def test_a_store_carried_to_a_network_drive_is_read_but_not_written(on_network: Path) -> None:
    path = on_network / "sổ.db"
    with closing(Database(path, any_disk=True)) as database:
        Office.create(database)
    with closing(Database(path)) as database:
        assert database.check().format
        with database.read() as conn:
            assert conn.exec_driver_sql("SELECT position FROM head").scalar_one() == 0
        with pytest.raises(StoreOnNetwork), database.write():
            pass


def test_whoever_takes_the_risk_may_write_there(on_network: Path) -> None:
    with closing(Database(on_network / "sổ.db", any_disk=True)) as database:
        Office.create(database)
        with database.write() as conn:
            conn.exec_driver_sql("UPDATE head SET entry = 0")


# --- rights


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder another user can reach, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def as_nobody(line: str, store: Path) -> Answer:
    """Run a command as a user who is not root, for whom rights mean something.

    In a fork: that user may not be allowed to read Python's own files, which are loaded already.
    """
    ntm("day status", str(made(store.parent / "đã nạp.db")))
    for loaded in store.parent.glob("đã nạp.db*"):
        loaded.unlink()
    told, telling = os.pipe()
    if not (child := os.fork()):
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        os.write(telling, json.dumps(astuple(ntm(line, str(store)))).encode())
        os._exit(0)
    os.close(telling)
    os.waitpid(child, 0)
    with open(told, "rb") as answer:
        return Answer(*json.loads(answer.read()))


def made(path: Path) -> Path:
    with closing(Database(path)) as database:
        Office.create(database)
    return path


def test_a_file_that_may_not_be_read_is_named(shared: Path) -> None:
    path = made(shared / "sổ.db")
    path.chmod(0o000)
    done = as_nobody("day status", path)
    assert done.code == 1
    assert f"không có quyền mở {path}" in done.err


def test_a_folder_that_may_not_be_written_is_named(shared: Path) -> None:
    path = made(shared / "sổ.db")
    path.chmod(0o666)
    shared.chmod(0o555)
    for line in ("day status", "day close --until 1/1/2024"):
        done = as_nobody(line, path)
        assert done.code == 1
        assert f"Không ghi được vào thư mục {shared}" in done.err
        assert "unable" not in done.err
    shared.chmod(0o755)


def test_a_folder_that_may_not_be_entered_is_named(shared: Path) -> None:
    path = made(shared / "trong" / "sổ.db")
    path.parent.chmod(0o000)
    done = as_nobody("day status", path)
    path.parent.chmod(0o700)
    assert done.code == 1
    assert f"Không ghi được vào thư mục {path.parent}" in done.err


def test_no_store_is_made_in_a_folder_that_may_not_be_written(shared: Path) -> None:
    shared.chmod(0o555)
    done = as_nobody("init", shared / "sổ.db")
    shared.chmod(0o755)
    assert done.code == 1
    assert f"Không ghi được vào thư mục {shared}" in done.err
    assert list(shared.iterdir()) == []


def test_a_home_that_may_not_be_entered_is_one_without_settings(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = shared / "nhà"
    closed.mkdir(mode=0o000)
    monkeypatch.delenv("NTM_CONFIG")
    monkeypatch.setenv("HOME", str(closed))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert as_nobody("config show --store x.db --by a", shared / "sổ.db").code == 0


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("")
    for path in (tmp_path / "tệp" / "sổ.db", tmp_path / "tệp" / "sâu" / "sổ.db"):
        with closing(Database(path)) as database, pytest.raises(StoreNoFolder):
            Office.create(database)


# --- what was erased


def test_an_erased_address_is_not_left_in_the_file(sqlite_url: str, tmp_path: Path) -> None:
    with closing_store(Desk(sqlite_url, "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025")
        unit, email = "ubnd-tam-ngoc-tam-ky", "nguoi.can.xoa@example.com"
        desk.record(lambda entry: contacts.change(entry, unit, [email]))
    (file,) = tmp_path.glob("*.db")
    assert email.encode() in file.read_bytes()
    with closing(Database(file)) as database, database.write() as conn:
        assert conn.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
        conn.exec_driver_sql("DELETE FROM contacts")
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert email.encode() not in file.read_bytes()
