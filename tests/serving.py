"""`ntm serve` as a process of its own for the tests, also under a wall clock that a file sets.

The wall clock is set by libfaketime: the process runs with

    LD_PRELOAD=…/libfaketime.so.1 FAKETIME_TIMESTAMP_FILE=FILE FAKETIME_CACHE_DURATION=1
    FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1

and FILE holds `+0`, `+2h`, `-40d`, …: what it says holds within two seconds, while uptime goes on
as it does. Read at every call, as the library also can, the file gives threads that read it at the
same moment the true time now and then: a step nobody made.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

#: How long a process on a busy machine may take for what it does at once, in seconds.
PATIENCE = 60.0


class Serving:
    """A running `ntm serve` and what it has told so far."""

    def __init__(self, store: str, *options: str, **env: str) -> None:
        words = [sys.executable, "-m", "ntm_workflow", "serve", "--store", store, "--lang", "en"]
        self.process = subprocess.Popen(
            [*words, *options],
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **env},
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.lines.extend(iter(self.process.stderr.readline, ""))

    @property
    def told(self) -> str:
        return "".join(self.lines)

    def wait_for(self, words: str) -> None:
        """Until it has told this."""
        self.wait_until(lambda: words in self.told)

    def wait_until(self, seen: Callable[[], object]) -> None:
        """Until it has done this; fails with what it told when it ends or takes too long."""
        until(lambda: seen() or self.process.poll() is not None, told=lambda: self.told)
        assert seen(), self.told

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stderr
        self.process.stderr.close()
        return code


@contextmanager
def serving(store: str, *options: str, **env: str) -> Iterator[Serving]:
    served = Serving(store, *options, **env)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.stop(signal.SIGKILL)


def until(
    seen: Callable[[], object],
    patience: float = PATIENCE,
    told: Callable[[], str] = lambda: "waited in vain",
) -> None:
    """Wait until it is seen; fails when it takes too long."""
    last = time.monotonic() + patience
    while not seen():
        assert time.monotonic() < last, told()
        time.sleep(0.1)


def faked(file: Path) -> dict[str, str]:
    """The environment of a process whose wall clock is what `file` says."""
    found = find_spec("libfaketime")
    assert found
    assert found.submodule_search_locations
    (home,) = found.submodule_search_locations
    library = Path(home) / "vendor/libfaketime/src/libfaketime.so.1"
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def set_clock(file: Path, by: str) -> None:
    """Whole or not at all: a file read while it is written would be another time."""
    part = file.with_suffix(".part")
    part.write_text(by + "\n", encoding="ascii")
    os.replace(part, file)
