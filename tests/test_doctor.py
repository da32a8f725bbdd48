"""The doctor: what is right, what is not, and the command that mends it; nothing is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from offices import Desk, adopted, closing_store
from terminal import Answer, ntm

from ntm_workflow.office import backup, contacts, doctor, letters, machine, seals
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Finding, Grade
from ntm_workflow.store import disks, keys, quick
from ntm_workflow.store.engine import Database

LIMITS = doctor.Limits(backup_days=7, backup_facts=10_000, disk_mb=1, close_at=time(0, 5))
UNIT = "ubnd-tam-ngoc-tam-ky"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, "quang-nam-2024-2025", day="05/01/2024")) as desk:
        yield desk


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Desk]:
    """Where it is the file that matters."""
    with closing_store(adopted(sqlite_url, "quang-nam-2024-2025", day="05/01/2024")) as desk:
        yield desk


def examined(
    desk: Desk, *, deep: bool = False, limits: doctor.Limits = LIMITS
) -> dict[str, Finding]:
    return {found.check: found for found in doctor.examine(desk.office, limits, deep=deep)}


def grades(desk: Desk, **said: Any) -> dict[str, str]:
    return {check: str(found.grade) for check, found in examined(desk, **said).items()}


def everything(url: str) -> str:
    with closing(Database(url)) as database, database.read() as conn:
        return str([conn.exec_driver_sql(f"SELECT * FROM {t}").all() for t in ("events", "meta")])


# --- a store that is well


def test_a_store_in_use_is_looked_at_from_every_side(desk: Desk, store_url: str) -> None:
    before = everything(store_url)
    found = examined(desk, deep=True)
    assert {"store", "writable", "journal", "clock", "backup", "tables"} <= set(found)
    assert {"closings", "letters", "addresses", "plan_settings", "criteria"} <= set(found)
    assert ("drive" in found) == desk.database.sqlite
    assert Grade.FAIL not in {each.grade for each in found.values()}
    assert everything(store_url) == before


def test_every_finding_is_told_in_both_languages_and_every_trouble_has_its_way_out(
    desk: Desk,
) -> None:
    for found in examined(desk.go("1/11/2024")).values():
        vi, en = found.say("vi"), found.say("en")
        assert vi != en
        assert not set("{}") & set(vi + en)
        if found.grade in (Grade.WARN, Grade.FAIL) and found.check != "clock":
            assert found.fix


def test_what_was_not_compared_is_not_called_right(desk: Desk) -> None:
    assert examined(desk)["tables"].grade is Grade.INFO
    assert examined(desk, deep=True)["tables"].grade is Grade.OK


# --- a store that is not


def test_no_store_is_said_and_is_no_failure(tmp_path: Path) -> None:
    answer = ntm("doctor", str(tmp_path / "none.db"))
    assert answer.code == 0
    assert "ntm init" in answer.out
    assert list(tmp_path.iterdir()) == []


def harmed(desk: Desk, sql: str) -> Desk:
    with desk.database.write() as conn:
        conn.exec_driver_sql(sql)
    return desk


@pytest.mark.parametrize(
    ("sql", "check", "fix"),
    [
        ("UPDATE events SET topic = 'X' WHERE position = 9", "journal", "ntm audit verify"),
        ("DELETE FROM events WHERE position = 9", "journal", "ntm audit verify"),
        ("UPDATE head SET position = position - 1", "journal", "ntm audit verify"),
        ("UPDATE meta SET value = 'x' WHERE key = 'tables'", "tables", "ntm migrate"),
    ],
)
def test_what_is_broken_fails_with_the_command_that_mends_it(
    desk: Desk, sql: str, check: str, fix: str
) -> None:
    found = examined(harmed(desk, sql))[check]
    assert (found.grade, found.fix) == (Grade.FAIL, fix)


def test_a_row_lost_before_the_last_ones_is_told_by_the_count(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "LAST", 3)
    assert examined(desk)["journal"].grade is Grade.OK
    found = examined(harmed(desk, "DELETE FROM events WHERE position = 2"))["journal"]
    assert (found.grade, found.facts["bad"]) == (Grade.FAIL, 2)


def test_a_stored_hash_that_is_gone_is_told_with_the_command_that_computes_it_again(
    desk: Desk,
) -> None:
    # More than 256 facts, so that there is a tile.
    desk.adopt("tam-ky-2024")
    assert examined(desk)["journal"].grade is Grade.OK
    found = examined(harmed(desk, "DELETE FROM merkle_tiles"))["journal"]
    assert (found.grade, found.fix) == (Grade.FAIL, "ntm rebuild")
    assert "merkle_tiles" in found.say("vi")
    desk.office.rebuild(check_only=False)
    assert examined(desk)["journal"].grade is Grade.OK


def test_a_sealing_key_that_is_lost_or_anothers_is_told_with_the_way_back(desk: Desk) -> None:
    path = seals.key_state(desk.database).path
    assert grades(desk)["seal_key"] == "ok"
    lost = path.rename(path.with_name("mat.key"))
    found = examined(desk)["seal_key"]
    assert (found.grade, found.fix) == (Grade.WARN, "ntm audit key --new")
    assert "NTM_SEAL_KEY" in found.say("vi")
    keys.make(path)
    assert examined(desk)["seal_key"].grade is Grade.WARN
    path.write_text("x")
    assert examined(desk)["seal_key"].fix == "ntm audit key"
    lost.replace(path)
    assert grades(desk)["seal_key"] == "ok"


def test_the_plan_with_open_settings_is_shown_by_the_command_that_is_named(store: Desk) -> None:
    said = examined(store)["plan_settings"].say("vi")
    line = said.partition("Xem: ntm ")[2]
    assert line == "plan show quang-nam-2024-2025"
    assert ntm(line, str(store.database.path)).code == 0


def test_rows_that_do_not_follow_from_the_facts_are_found_by_the_deep_look(desk: Desk) -> None:
    harmed(desk, "UPDATE obligation SET title = 'khác'")
    assert examined(desk)["tables"].grade is Grade.INFO
    found = examined(desk, deep=True)["tables"]
    assert (found.grade, found.fix) == (Grade.FAIL, "ntm rebuild")


def test_a_file_that_is_no_store_fails(tmp_path: Path) -> None:
    path = tmp_path / "khác.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE x (y)")
    answer = ntm("doctor --json", str(path))
    assert answer.code == 1
    assert state(answer, "store") == "fail"


def state(answer: Answer, check: str) -> str:
    (found,) = [item["state"] for item in answer.json["items"] if item["check"] == check]
    return str(found)


def test_a_store_that_may_only_be_read_is_looked_at_to_the_end(store: Desk) -> None:
    with closing_store(Desk(f"sqlite:///{store.database.path}?mode=ro")) as reader:
        found = grades(reader)
    assert found["writable"] == "fail"
    assert found["journal"] == "ok"
    assert "addresses" in found


def test_another_writer_is_only_a_warning(store: Desk) -> None:
    with (
        store.database.write(),
        closing_store(Desk(str(store.database.path), "05/01/2024")) as other,
    ):
        other.database.busy_timeout = 0.1
        assert grades(other)["writable"] == "warn"


def test_an_address_nobody_answers_at_fails() -> None:
    answer = ntm("doctor --json", "postgresql://nobody@127.0.0.1:1/none")
    assert answer.code == 1
    assert state(answer, "store") == "fail"


# --- backups, days, letters, addresses


def test_backups_grow_old_only_while_facts_are_added(desk: Desk, tmp_path: Path) -> None:
    assert grades(desk)["backup"] == "warn"
    backup.make(desk.office, tmp_path / "bk", lambda done, total: None)
    assert grades(desk)["backup"] == "ok"
    assert grades(desk.go("20/1/2024"))["backup"] == "ok"
    added = desk.allocate("đường thôn 1", 500_000_000, on="15/1/2024").facts
    found = examined(desk)["backup"]
    assert (found.grade, found.facts["behind"]) == (Grade.WARN, len(added))
    assert grades(desk.go("6/1/2024"))["backup"] == "ok"
    few = replace(LIMITS, backup_facts=0)
    assert grades(desk, limits=few)["backup"] == "warn"


def test_days_to_close_are_counted_with_the_command_that_closes_them(desk: Desk) -> None:
    desk.close("4/1/2024")
    assert grades(desk)["closings"] == "ok"
    found = examined(desk.go("10/1/2024"))["closings"]
    assert (found.facts["n"], found.fix) == (5, "ntm day close --until 09/01/2024")
    desk.close("9/1/2024")
    assert grades(desk)["closings"] == "ok"


def test_letters_left_behind_and_units_without_an_address(desk: Desk) -> None:
    before = examined(desk)["addresses"]
    assert before.grade is Grade.WARN
    desk.record(lambda e: contacts.change(e, UNIT, ["ubnd@example.com"]))
    assert examined(desk)["addresses"].facts["n"] == before.facts["n"] - 1
    with desk.go("15/10/2024").office.writing() as work:
        issued = letters.issue(work, desk.office.today, Request(by="test"))
    assert grades(desk)["letters"] == "ok"
    found = examined(desk.go("16/10/2024"))["letters"]
    assert (found.grade, found.facts["n"], found.fix) == (
        Grade.WARN,
        len(issued),
        "ntm letter list",
    )


# --- the machine

NOW = datetime(2024, 11, 5, 2, tzinfo=UTC)


def test_a_clock_that_went_back_fails_and_a_little_difference_does_not(desk: Desk) -> None:
    desk.clock.at -= timedelta(seconds=59)
    assert grades(desk)["clock"] == "ok"
    desk.clock.at -= timedelta(seconds=2)
    assert grades(desk)["clock"] == "fail"


@pytest.mark.parametrize(
    ("finding", "grade"),
    [
        (machine.sqlite_version((3, 51, 3)), "ok"),
        (machine.sqlite_version((3, 51, 2)), "warn"),
        (machine.console("utf-8"), "ok"),
        (machine.console("UTF8"), "ok"),
        (machine.console("cp1258"), "warn"),
        (machine.console(""), "warn"),
        (machine.time_zone(timedelta(hours=7)), "ok"),
        (machine.time_zone(timedelta(0)), "info"),
        (machine.time_zone(None), "info"),
        (machine.clock(NOW, None), "ok"),
    ],
)
def test_what_is_said_of_the_machine(finding: Finding, grade: str) -> None:
    assert finding.grade == grade
    assert finding.say("vi")
    assert finding.say("en")


def test_files_and_folders_others_may_change_are_named(store: Desk) -> None:
    path = store.database.path
    assert path is not None
    path.parent.chmod(0o700)
    assert grades(store)["rights"] == "ok"
    key = path.with_name(path.name + ".key")
    key.touch(mode=0o600)
    for file in (path, key):
        file.chmod(0o640)
        found = examined(store)["rights"]
        assert (found.grade, found.facts["files"]) == (Grade.WARN, [file.name])
        assert str(file) in (found.fix or "")
        file.chmod(0o600)
    path.parent.chmod(0o777)
    found = examined(store)["rights"]
    assert (found.grade, (found.fix or "")[:10]) == (Grade.WARN, "chmod o-w ")


def test_a_network_drive_is_named_and_what_nobody_can_tell_is_not_called_right(
    store: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grades(store)["drive"] == "ok"
    table = tmp_path / "mounts"
    table.write_text(f"server:/so {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(disks, "MOUNTS", table)
    assert grades(store)["drive"] == "warn"
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "none")
    assert grades(store)["drive"] == "info"


def test_little_room_is_a_warning(store: Desk) -> None:
    roomy = replace(LIMITS, backup_facts=1)
    assert grades(store, limits=roomy)["disk"] == "ok"
    never = replace(LIMITS, disk_mb=10**9)
    assert grades(store, limits=never)["disk"] == "warn"


# --- at the keyboard


def test_the_doctor_at_the_keyboard(store: Desk, tmp_path: Path) -> None:
    url = str(store.database.path)
    told = ntm("doctor", url)
    assert told.code == 0
    assert "Sửa: ntm backup DIR" in told.out
    answer = ntm("doctor --deep --json", url)
    assert answer.json["schema"] == "ntm.doctor/1"
    assert answer.json["ok"] is True
    assert set(answer.json["items"][0]) == {"check", "state", "message", "fix"}
    harmed(store, "UPDATE events SET entry = 0 WHERE position = 3")
    assert ntm("doctor --json", url).json["ok"] is False
    assert ntm("doctor", url).code == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_text("store = \n"),
        lambda path: path.write_text("sotre = 'x'\n"),
        lambda path: None,
    ],
    ids=["broken", "unknown key", "missing"],
)
def test_settings_that_cannot_be_read_fail_and_the_rest_is_still_looked_at(
    store: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Path], object],
) -> None:
    path = tmp_path / "config.toml"
    write(path)
    monkeypatch.setenv("NTM_CONFIG", str(path))
    answer = ntm("doctor --json", str(store.database.path))
    assert answer.code == 1
    assert state(answer, "config") == "fail"
    assert state(answer, "journal") == "ok"


def test_the_limits_come_from_the_settings(store: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTM_DISK_WARN_MB", str(10**9))
    assert state(ntm("doctor --json", str(store.database.path)), "disk") == "warn"
