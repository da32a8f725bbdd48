"""Standard output as the world gives it: its encoding, and a reader who has gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

#: What a shell reports of a program ended by Ctrl-C, and by a closed pipe.
INTERRUPTED, CLOSED_PIPE = 130, 141


def write_utf8() -> None:
    """Write UTF-8 whatever the machine prefers: Windows and LANG=C would fail on the first accent."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def while_read() -> Iterator[None]:
    """End without a word once whoever read our output has gone (`| head`)."""
    try:
        yield
    except BrokenPipeError:
        if not _gone():
            raise
        # Else Python tries once more at its end, and complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)


def _gone() -> bool:
    """Whether it was our output that broke, and no other pipe."""
    import select

    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
