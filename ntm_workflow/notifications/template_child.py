"""The check of templates as a program of its own, with little time and memory; `trusted.py` starts it.

Templates as JSON on stdin; on stdout the one being tried, line by line, and at last the faults.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, Final

import msgspec

from ntm_workflow.notifications.template_check import RanAway, Within, check

#: Seconds of work for one template of one letter, which takes a thousandth of one.
SECONDS: Final = 1.0
MEGABYTES: Final = 512


def main() -> None:
    replaced = msgspec.json.decode(sys.stdin.buffer.read(), type=dict[str, str])
    within, tried = _limits(), [""]

    def progress(name: str) -> None:
        if name != tried[0]:
            tried[0] = name
            _tell({"at": name})

    _tell({"faults": check(replaced, progress, within)})


def _tell(said: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _limits() -> Within:
    """Little memory for all, and a limit of time for each trial; a system without such has none."""
    try:
        import resource
    except ImportError:
        return nullcontext
    most = MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    signal.signal(signal.SIGPROF, _ran_away)
    return _in_time


@contextmanager
def _in_time() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _ran_away(number: int, frame: FrameType | None) -> None:
    raise RanAway


if __name__ == "__main__":
    main()
