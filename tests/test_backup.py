"""Backups: whole while others write, restored to either database."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from backups import DAY, back_up, fill, meta, quiet, restored, rows
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.office import backup
from ntm_workflow.store import backup as copies
from ntm_workflow.store.engine import Database, NotAStore
from ntm_workflow.store.schema import METADATA


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "05/03/2024").init()) as desk:
        yield fill(desk)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sao lưu"


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
