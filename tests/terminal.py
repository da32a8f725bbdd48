"""A terminal for the tests: types a command line and keeps what came back."""

from __future__ import annotations

import io
import json
import shlex
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

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
