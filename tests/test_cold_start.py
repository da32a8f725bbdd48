"""What starting the command line imports: help must be there at once, so nothing heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "aiosmtplib",
    "apscheduler",
    "babel",
    "eventsourcing",
    "jinja2",
    "psycopg",
    "rich",
    "sqlalchemy",
}


def loaded(*words: str) -> set[str]:
    """The top-level modules a fresh `ntm` has imported when it is done."""
    command = [sys.executable, "-X", "importtime", "-m", "ntm_workflow", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    lines = done.stderr.splitlines()
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    modules = loaded(option)
    assert "click" in modules, "the list of modules was not read"
    assert not modules & HEAVY


def test_the_check_sees_a_heavy_module_where_one_is_needed() -> None:
    assert {"sqlalchemy", "eventsourcing", "jinja2"} <= loaded("demo")
