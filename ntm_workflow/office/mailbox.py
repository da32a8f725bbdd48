"""Messages from a folder of .eml files, a maildir or an mbox file, one at a time and none too large."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import IO, Final, NamedTuple

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.reasons import why
from ntm_workflow.domain.values import Word
from ntm_workflow.notifications.returned import LARGEST

#: More files than a folder of returned letters ever has.
MOST: Final = 100_000
_TOO_MANY: Final = Word(f"quá {MOST} tệp", f"more than {MOST} files")
_NEITHER: Final = Word("không phải tệp hay thư mục", "neither a file nor a folder")


class MailboxMissing(Refused):
    exit_code = 3
    vi = "Không thấy {path}.\nNêu một thư mục tệp .eml, một maildir hoặc một tệp mbox: ntm letter bounces --help"
    en = "There is no {path}.\nName a folder of .eml files, a maildir or an mbox file: ntm letter bounces --help"


class MailboxUnreadable(Refused):
    exit_code = 2
    vi = "Không đọc được {path} như hộp thư: {reason}.\nNêu một thư mục tệp .eml, một maildir hoặc một tệp mbox: ntm letter bounces --help"
    en = "{path} cannot be read as mail: {reason}.\nName a folder of .eml files, a maildir or an mbox file: ntm letter bounces --help"


class Message(NamedTuple):
    """Where a message stands; no content where it is too large or cannot be read."""

    name: str
    content: bytes | None


def messages(path: Path) -> Iterator[Message]:
    """The messages at `path`, in the order of their names or as they stand in the file."""
    try:
        if path.is_dir():
            yield from _of_folder(path)
        elif S_ISREG(path.stat().st_mode):
            yield from _of_file(path)
        else:
            raise MailboxUnreadable(path=str(path), reason=_NEITHER)
    except FileNotFoundError as error:
        raise MailboxMissing(path=str(path)) from error
    except OSError as error:
        raise MailboxUnreadable(path=str(path), reason=why(error)) from error


def _of_folder(path: Path) -> Iterator[Message]:
    """A maildir has its messages in `new` and `cur`; in any other folder they end in .eml."""
    inside = [path / name for name in ("new", "cur") if (path / name).is_dir()]
    files = [
        entry
        for folder in inside or [path]
        for entry in os.scandir(folder)
        if inside or entry.name.lower().endswith(".eml")
    ]
    if len(files) > MOST:
        raise MailboxUnreadable(path=str(path), reason=_TOO_MANY)
    for entry in sorted(files, key=lambda entry: entry.path):
        # A pipe would never end, a link may lead anywhere.
        if entry.is_file(follow_symlinks=False):
            yield Message(os.path.relpath(entry.path, path), _content(Path(entry.path)))


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return None
    return content if len(content) <= LARGEST else None


def _of_file(path: Path) -> Iterator[Message]:
    """A single message, or an mbox: each begins with a line "From …" after an empty one (RFC 4155)."""
    with path.open("rb") as file:
        if file.read(5) != b"From ":
            yield Message(path.name, _content(path))
            return
        file.seek(0)
        for n, content in enumerate(_split(file), 1):
            yield Message(f"{path.name}#{n}", content)


def _split(file: IO[bytes]) -> Iterator[bytes | None]:
    lines: list[bytes] = []
    size, empty = 0, True
    for line in iter(lambda: file.readline(LARGEST), b""):
        if empty and line.startswith(b"From ") and size:
            yield _whole(lines, size)
            lines, size = [], 0
        size += len(line)
        # What grows too large is counted on and not kept.
        if size <= LARGEST:
            lines.append(line)
        empty = line in (b"\n", b"\r\n")
    if size:
        yield _whole(lines, size)


def _whole(lines: list[bytes], size: int) -> bytes | None:
    return b"".join(lines[1:]) if size <= LARGEST else None
