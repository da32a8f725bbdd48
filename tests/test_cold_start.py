"""What starting the command line imports: help must be there at once, so nothing heavy is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from terminal import ntm

HEAVY = {
    "aiosmtplib",
    "apscheduler",
    "babel",
    "cryptography",
    "email_validator",
    "eventsourcing",
    "holidays",
    "icalendar",
    "jinja2",
    "psycopg",
    "rapidfuzz",
    "resvg_py",
    "rich",
    "sqlalchemy",
    "xlsxwriter",
}


def loaded(*words: str) -> set[str]:
    """The top-level modules a fresh `ntm` has imported when it is done."""
    return {name.partition(".")[0] for name in imported(*words)}


def imported(*words: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "ntm_workflow", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy_and_no_rules(option: str) -> None:
    modules = loaded(option)
    assert "click" in modules, "the list of modules was not read"
    # Events are msgspec's: one noun is enough to load it.
    assert not modules & (HEAVY | {"msgspec", "pathlib"})


@pytest.mark.parametrize(
    "line",
    ["", "help exit-codes", "obligation list --help", "criteria matrix --help", "completion zsh"],
)
def test_neither_do_the_pages_of_help(line: str) -> None:
    assert not loaded(*line.split()) & HEAVY


def test_neither_does_reading_a_deadline() -> None:
    assert not loaded("date", "explain", "trước ngày 30/10/2024") & HEAVY


def test_completing_a_name_from_a_store_loads_nothing_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt tam-ky-2024"):
        assert ntm(line, store).code == 0
    monkeypatch.setenv("NTM_STORE", store)
    monkeypatch.setenv("_NTM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "ntm place show tam-ng")
    monkeypatch.setenv("COMP_CWORD", "3")
    modules = loaded()
    assert "sqlite3" in modules
    assert not modules & HEAVY


def test_a_store_in_a_file_loads_nothing_of_the_other_database(tmp_path: Path) -> None:
    modules = imported("init", "--store", str(tmp_path / "s.db"))
    assert "sqlalchemy.dialects.sqlite" in modules
    assert not [name for name in modules if "postgresql" in name or "psycopg" in name]


def test_the_check_sees_a_heavy_module_where_one_is_needed(demo_copy: str) -> None:
    written = loaded("letter", "preview", "--as-of", "15/10/2024", "--store", demo_copy)
    assert {"sqlalchemy", "jinja2"} <= written
