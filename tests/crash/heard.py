"""What the processes said in their logs: a line when a command is sent, one when it is recorded."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


class Log:
    """Lines that stand in the file as soon as they are said, whatever becomes of who said them."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        size = os.fstat(self.file).st_size
        # A line that a kill cut off says nothing, and must not become part of the next.
        if size and os.pread(self.file, 1, size - 1) != b"\n":
            os.write(self.file, b" cut off\n")

    def say(self, *words: object) -> None:
        os.write(self.file, (" ".join(str(word) for word in words) + "\n").encode())


@dataclass
class Heard:
    """One lane: what was acknowledged with its digest, the last sent, and how many stood recorded."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    sent: int = -1
    again: int = 0

    @property
    def next(self) -> int:
        return len(self.acknowledged)


def read(path: Path) -> Heard:
    heard = Heard()
    for line in path.read_text().splitlines(keepends=True) if path.exists() else []:
        match line.split():
            case ["sent", n]:
                heard.sent = int(n)
            case ["done", n, again, said] if line.endswith("\n"):
                heard.acknowledged[int(n)] = said
                heard.again += int(again)
    return heard


def in_the_middle(path: Path) -> bool:
    """Whether the last thing said is that something was sent."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 200))
        lines = file.read().splitlines()
    return bool(lines) and lines[-1].startswith(b"sent")
