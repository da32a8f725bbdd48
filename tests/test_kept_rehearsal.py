"""A rehearsal's store that was kept: it is not served, and says what it is; JSON stays as it was."""

from __future__ import annotations

import pytest
from offices import adopted
from terminal import ntm

SAID = "TỔNG DƯỢT"


@pytest.fixture
def rehearsed(sqlite_url: str) -> str:
    desk = adopted(sqlite_url, "tam-ky-2024")
    desk.close_store()
    return sqlite_url


@pytest.mark.parametrize("line", ["serve", "serve --once", "serve --dry-run"])
def test_it_is_not_served(rehearsed: str, line: str) -> None:
    refused = ntm(line, rehearsed)
    assert (refused.code, "ntm rehearse" in refused.err) == (1, True), refused.err


@pytest.mark.parametrize("line", ["day status", "obligation list", "day close --until 1/1/2024"])
def test_who_reads_or_writes_is_told_on_stderr_what_it_is(rehearsed: str, line: str) -> None:
    said = ntm(line, rehearsed)
    assert (said.code, SAID in said.err, SAID in said.out) == (0, True, False), said.err
    assert SAID not in ntm(f"{line} --json", rehearsed).err


def test_the_doctor_says_so(rehearsed: str) -> None:
    assert SAID in ntm("doctor", rehearsed).out


def test_a_real_store_says_nothing(sqlite_url: str) -> None:
    assert ntm("init", sqlite_url).code == 0
    assert SAID not in ntm("day status", sqlite_url).err


def test_the_jobs_have_names_people_read_and_say_which_setting_they_lack(sqlite_url: str) -> None:
    assert ntm("init", sqlite_url).code == 0
    shown = ntm("serve --dry-run", sqlite_url).out
    assert all(word in shown for word in ("chốt ngày", "sao lưu", "backup.folder", "serve.outbox"))
    items = ntm("serve --dry-run --json", sqlite_url).json["items"]
    assert {item["job"]: item["lacks"] for item in items} == {
        "closing": None,
        "letters": "serve.outbox",
        "relay": "serve.outbox",
        "backup": "backup.folder",
        "integrity": None,
    }
