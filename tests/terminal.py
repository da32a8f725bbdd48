"""A terminal for the tests: types a command line and keeps what came back."""

from __future__ import annotations

import io
import json
import os
import pty
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from typing import Any

from begun import begin

from ntm_workflow.cli import main
from ntm_workflow.cli.session import DEBUG


@dataclass(frozen=True)
class Answer:
    """What a command printed on each stream, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def ntm(line: str, store: str | None = None) -> Answer:
    """Run `ntm LINE` in this process, as the installed command would."""
    words = shlex.split(line.replace("“", "'").replace("”", "'"))
    out, err = io.StringIO(), io.StringIO()
    debug = DEBUG.set(False)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = _run(words + (["--store", store] if store else []))
    finally:
        DEBUG.reset(debug)
    return Answer(code, out.getvalue(), err.getvalue())


def _run(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as done:
        return int(done.code or 0)
    return 0


def on_terminal(line: str, **env: str) -> str:
    """What a person sees who types the line, on a terminal of 100 columns unless told."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "ntm_workflow", *line.split()]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", **env}
    typed = subprocess.Popen(words, stdout=theirs, stderr=theirs, stdin=theirs, env=environment)
    os.close(theirs)
    seen = b""
    with typed, os.fdopen(ours, "rb", buffering=0) as screen, suppress(OSError):
        # Linux gives an error once the other side has gone.
        while some := screen.read(4096):
            seen += some
    return seen.decode().replace("\r\n", "\n")


def typed(store: str, *lines: str) -> str:
    """The store at `store` on which these lines were typed; typed once in each process, then copied."""

    def build(url: str) -> None:
        for line in lines:
            answer = ntm(line, url.removeprefix("sqlite:///"))
            assert answer.code == 0, answer.err

    begin(store, build, "typed", lines)
    return store
