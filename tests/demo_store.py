"""What `ntm demo --keep` leaves: told once for all the tests that read it, whoever of the workers is first."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import ntm

#: How long the others wait for the one who tells it, in seconds.
PATIENCE = 300.0


@dataclass(frozen=True)
class Demo:
    """Its folder, to be read and never written; `said` is what it printed, and `told` as an error."""

    folder: Path

    @property
    def said(self) -> str:
        return (self.folder / "said.txt").read_text("utf-8")

    @property
    def told(self) -> str:
        return (self.folder / "told.txt").read_text("utf-8")

    @property
    def store(self) -> str:
        return str(self.folder / "demo.db")

    @property
    def left_alone(self) -> bool:
        """Whether the store that the environment names is, byte for byte, what it was before."""
        before, after = (self.folder / "before.txt").read_text(), _digest(_own(self.folder))
        return before == after

    def copy(self, to: Path) -> str:
        """The store of a copy that may be written to."""
        # Who reads it at this moment has these, and takes them away again.
        others = shutil.ignore_patterns("*-wal", "*-shm")
        shutil.copytree(self.folder, to, ignore=others, dirs_exist_ok=True)
        return str(to / "demo.db")


def told(factory: pytest.TempPathFactory) -> Demo:
    """The demo in a folder that all workers of a run share; the first of them tells it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    demo = Demo(shared / "demo")
    try:
        demo.folder.mkdir()
    except FileExistsError:
        _wait_for(demo)
    else:
        _tell(demo)
    return demo


def _tell(demo: Demo) -> None:
    own = _own(demo.folder)
    assert ntm("init", str(own)).code == 0
    (demo.folder / "before.txt").write_text(_digest(own))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_STORE", str(own))
        answer = ntm(f"demo --keep {demo.folder}")
    (demo.folder / "told.txt").write_text(answer.err, "utf-8")
    part = demo.folder / "part.txt"
    part.write_text(answer.out, "utf-8")
    part.rename(demo.folder / ("said.txt" if answer.code == 0 else "failed.txt"))
    assert answer.code == 0, answer.err


def _wait_for(demo: Demo) -> None:
    until = time.monotonic() + PATIENCE
    while not (demo.folder / "said.txt").exists():
        assert not (demo.folder / "failed.txt").exists(), "the demo failed in another worker"
        assert time.monotonic() < until, "the demo takes too long in another worker"
        time.sleep(0.1)


def _own(folder: Path) -> Path:
    return folder / "của-tôi.db"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
