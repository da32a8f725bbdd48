"""Where final bytes go, and what became of each letter. Knows no obligation, no template and no journal."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Protocol
from uuid import uuid4

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.reasons import why
from ntm_workflow.notifications.mime import one_line

if TYPE_CHECKING:
    from ntm_workflow.notifications.server import Trouble

#: How much of what a server says is kept, in characters.
MOST_SAID: Final = 500
#: What any file system takes as a name, and no shell or mail reader stumbles over.
_SAFE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,150}")


class Outcome(StrEnum):
    """What became of a letter that was handed to a post."""

    ACCEPTED = "accepted"
    #: Not now: this letter may be tried again later.
    DEFERRED = "deferred"
    #: Never: this letter is not taken as it is.
    REFUSED = "refused"
    #: Everything was said and no answer came: it may have been taken, and another try may double it.
    UNKNOWN = "unknown"
    #: It was not offered, through no fault of its own; its attempts do not count.
    UNTRIED = "untried"


@dataclass(frozen=True)
class Parcel:
    """A letter for one recipient. `sender` is the envelope's, to which bounces go."""

    id: str
    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Result:
    """What became of a parcel. `code` is the server's reply (RFC 5321) and `status` its enhanced
    code such as 5.1.1 (RFC 3463), where there was one; `said` is one line of text.
    """

    id: str
    outcome: Outcome
    server: str
    code: int | None = None
    status: str | None = None
    said: str = ""


class Post(Protocol):
    """Takes letters away."""

    @property
    def harmless(self) -> bool:
        """Whether no letter it takes reaches anybody: no other post is used by a rehearsal."""

    @property
    def trouble(self) -> Sequence[Trouble]:
        """What was wrong in the last `deliver` with the servers themselves."""

    def ready(self) -> None:
        """Refuse when no letter could leave at all, before anything is recorded."""

    def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
        """A result for each parcel, in any order, as they come; None each time a moment went by.

        Parcels are taken as there is room for them. To stop early, stop handing in parcels and
        take the results that still come: of what is under way when the iterator itself is closed,
        nobody learns whether it left.
        """

    def stop(self) -> None:
        """Offer nothing more, and end soon."""


def cleaned(said: str) -> str:
    """What somebody else's machine said, as one short line."""
    return " ".join(one_line(said).split())[:MOST_SAID]


class FolderUnusable(Refused):
    exit_code = 2
    vi = "Không ghi thư vào “{path}” được: {reason}.\nChọn một thư mục khác."
    en = "Letters cannot be written to “{path}”: {reason}.\nChoose another folder."


@dataclass(frozen=True)
class Folder:
    """A post that writes .eml files: for trying out, and where there is no mail server."""

    harmless: ClassVar[bool] = True
    trouble: ClassVar[tuple[Trouble, ...]] = ()

    path: Path

    def ready(self) -> None:
        """Refuse a place no letter can be written to, before anything is recorded."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderUnusable(path=str(self.path), reason=why(error)) from None

    def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result]:
        """Each letter whole and on the disk, or not at all; a full or closed disk has tried none."""
        for parcel in parcels:
            try:
                self._write(parcel)
            except OSError as error:
                said = cleaned(error.strerror or str(error))
                yield Result(parcel.id, Outcome.UNTRIED, str(self.path), said=said)
            else:
                yield Result(parcel.id, Outcome.ACCEPTED, str(self.path))

    def stop(self) -> None:
        """Nothing is ever under way."""

    def _write(self, parcel: Parcel) -> None:
        # A half-written file would look like a letter; and two relays may be writing the same one.
        unfinished = self.path / f".{uuid4().hex}.part"
        try:
            with unfinished.open("wb") as file:
                file.write(parcel.content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self.path / file_name(parcel.id))
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        self._keep_name()

    def _keep_name(self) -> None:
        """Let a power cut not take the file's name, where the system can be told so."""
        if os.name != "posix":
            return
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def file_name(id: str) -> str:
    """A name for a letter's file: the same for the same id, another for another, safe whatever it is."""
    plain = id.removeprefix("letter/")
    name = plain.replace("/", "--")
    if _SAFE.fullmatch(name) and "/" in plain and "--" not in plain:
        return f"{name}.eml"
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    kept = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100]
    # The digest first: a name that only begins with "nul" is none on some systems.
    return f"{digest}-{kept}.eml"
