"""Where final bytes go. Knows no obligation, no template and no journal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ntm_workflow.domain.base import Refused


class NotDelivered(Exception):
    """This letter did not leave; others may."""


class FolderUnusable(Refused):
    exit_code = 2
    vi = "Không ghi thư vào “{path}” được: {reason}.\nChọn một thư mục khác: --outbox DIR"
    en = "Letters cannot be written to “{path}”: {reason}.\nChoose another folder: --outbox DIR"


class Post(Protocol):
    """Takes the final bytes of one letter for one recipient; raises NotDelivered if it could not."""

    def deliver(self, id: str, recipient: str, content: bytes) -> None: ...


@dataclass(frozen=True)
class Folder:
    """A post that writes .eml files: for trying out, and where there is no mail server."""

    path: Path

    def ready(self) -> None:
        """Refuse a place no letter can be written to, before anything is recorded."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderUnusable(path=str(self.path), reason=error.strerror) from None

    def deliver(self, id: str, recipient: str, content: bytes) -> None:
        name = id.removeprefix("letter/").replace("/", "--") + ".eml"
        # Whole or not at all: a half-written file would look like a letter.
        unfinished = self.path / f".{name}.part"
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, self.path / name)
        except OSError as error:
            raise NotDelivered(str(error)) from error
