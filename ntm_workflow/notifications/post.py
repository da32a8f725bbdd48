"""Where final bytes go. Knows no obligation, no template and no journal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Post(Protocol):
    """Takes the final bytes of one letter for one recipient; raises if it could not."""

    def deliver(self, id: str, recipient: str, content: bytes) -> None: ...


@dataclass(frozen=True)
class Folder:
    """A post that writes .eml files: for trying out, and where there is no mail server."""

    path: Path

    def deliver(self, id: str, recipient: str, content: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = id.removeprefix("letter/").replace("/", "--") + ".eml"
        # Whole or not at all: a half-written file would look like a letter.
        unfinished = self.path / f".{name}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self.path / name)
