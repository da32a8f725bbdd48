"""Standard output as the world gives it: its encoding, and a reader who has gone."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import NoReturn

#: What a shell reports of a program ended by Ctrl-C, and by a closed pipe.
INTERRUPTED, CLOSED_PIPE = 130, 141


def write_utf8() -> None:
    """Write UTF-8 whatever the machine prefers: Windows and LANG=C would fail on the first accent."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def hang_up() -> NoReturn:
    """Handle a BrokenPipeError: where it was our output (`| head`), end without a word."""
    try:
        sys.stdout.flush()
    except OSError:
        # Else Python tries once more at its end, and complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)
    raise
