"""A list of any length takes the memory of a short one; whoever stops reading stops it quietly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.lists import PAGE, draw, write_csv, write_json, write_table
from ntm_workflow.cli.streams import CLOSED_PIPE, INTERRUPTED
from ntm_workflow.cli.xlsx import write_sheet

COLUMNS = ["id", "place", "allocated", "met_on"]


def items(count: int) -> Iterator[dict[str, Any]]:
    """Made up as they are asked for, none alike."""
    for n in range(count):
        place = {"id": f"xa-{n}", "name": f"xã số {n}"}
        yield {"id": f"D{n}", "place": place, "allocated": n, "met_on": date(2024, 10, 30)}


def peak(write: Callable[[Iterator[dict[str, Any]]], Any], count: int) -> int:
    """The most bytes Python held while writing so many items."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        tracemalloc.start()
        try:
            write(items(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


FORMS: dict[str, Callable[[Iterator[dict[str, Any]]], Any]] = {
    "json": lambda found: write_json("x.list", {}, "items", found),
    "csv": lambda found: write_csv(COLUMNS, found),
    "tabs": lambda found: write_table(COLUMNS, found),
}


@pytest.mark.parametrize("form", FORMS)
def test_twenty_thousand_rows_take_the_memory_of_a_thousand(form: str) -> None:
    LANG.set("vi")
    peak(FORMS[form], 10)  # what is imported and cached on first use
    assert peak(FORMS[form], 20_000) < peak(FORMS[form], 1_000) + 100_000


class Row(list[str]):
    """A row whose life can be watched."""

    __hash__ = object.__hash__


def test_a_table_holds_no_more_than_two_pages() -> None:
    held: weakref.WeakSet[Row] = weakref.WeakSet()
    most = 0

    def watched() -> Iterator[Row]:
        nonlocal most
        for n in range(5 * PAGE):
            row = Row([f"D{n}", f"xã số {n}"])
            held.add(row)
            most = max(most, len(held))
            yield row

    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        draw(["Mã", "Địa bàn"], watched())
    assert PAGE <= most <= 2 * PAGE + 1


def test_a_long_sheet_takes_the_memory_of_a_short_one(tmp_path: Path) -> None:
    def written(found: Iterator[dict[str, Any]]) -> None:
        write_sheet(tmp_path / "a.xlsx", {}, COLUMNS, found)

    peak(written, 10)
    assert peak(written, 10_000) < peak(written, 1_000) + 300_000


# --- a reader who goes --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(demo_copy: str) -> str:
    return demo_copy


def started(*words: str, **env: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ntm_workflow", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, env={**os.environ, **env})


@pytest.mark.parametrize("form", ["--json", "--csv", "--lang=en"])
def test_a_reader_who_leaves_early_ends_it_without_a_word(form: str, demo: str) -> None:
    # Facts enough to fill the pipe many times over.
    with started("fact", "list", form, "--store", demo) as typed:
        assert typed.stdout is not None
        assert typed.stderr is not None
        assert typed.stdout.readline()
        typed.stdout.close()
        assert typed.stderr.read() == b""
    assert typed.returncode in (0, CLOSED_PIPE)
    if form == "--json":
        assert typed.returncode == CLOSED_PIPE


def test_a_short_answer_to_a_closed_pipe_is_quiet_too() -> None:
    with started("--help") as typed:
        assert typed.stdout is not None
        assert typed.stderr is not None
        typed.stdout.close()
        assert typed.stderr.read() == b""
    assert typed.returncode == CLOSED_PIPE


@pytest.fixture
def listening() -> Iterator[None]:
    """Started in the background, a shell's children do not hear Ctrl-C, and neither would theirs."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_ctrl_c_ends_with_its_own_code_and_no_traceback() -> None:
    with started("demo") as typed:
        assert typed.stdout is not None
        assert typed.stderr is not None
        assert typed.stdout.readline()
        typed.send_signal(signal.SIGINT)
        typed.stdout.read()
        assert b"Traceback" not in typed.stderr.read()
    # Where it arrives inside an `exec`, as of a dataclass, Python ends by the signal: 130 to a shell, too.
    assert typed.returncode in (INTERRUPTED, -signal.SIGINT)


# --- a machine without accents ------------------------------------------------------------------


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1258"},
    ],
)
def test_vietnamese_is_written_whole_whatever_the_machine_prefers(
    env: dict[str, str], demo: str
) -> None:
    with started("place", "list", "--store", demo, **env) as typed:
        out, err = typed.communicate()
    assert (typed.returncode, err) == (0, b"")
    assert "Tam Thăng" in out.decode("utf-8")
    with started("fund", "lisst", **env) as typed:
        out, err = typed.communicate()
    assert "Không có lệnh" in err.decode("utf-8")


def test_a_letter_that_is_no_letter_is_shown_and_breaks_nothing(demo: str) -> None:
    command = [sys.executable.encode(), b"-m", b"ntm_workflow", b"place", b"show", b"Tam \xff"]
    done = subprocess.run([*command, b"--store", demo.encode()], capture_output=True, check=False)
    assert done.returncode == 2
    assert "Tam \ufffd" in done.stderr.decode("utf-8")
