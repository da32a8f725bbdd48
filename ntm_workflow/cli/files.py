"""A file a command writes for somebody: the whole of it or none. Knows nothing of what stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.reasons import why
from ntm_workflow.store.files import replacing


class FileUnwritable(Refused):
    vi = "Không ghi được tệp {path} ({reason}); chưa ghi gì.\nĐóng tệp nếu đang mở, xem quyền ghi, hoặc chọn nơi khác."
    en = "Cannot write the file {path} ({reason}); nothing was written.\nClose it if it is open, check your rights, or choose another place."


class ChangedByHand(Refused):
    vi = "Tệp {path} đã có và khác bản sẽ ghi: có thể đã được điền, sửa tay; chưa ghi gì.\nGhi tên khác, hoặc ghi đè: --replace"
    en = "The file {path} is there and differs from what would be written: somebody may have filled it in or edited it; nothing was written.\nGive another name, or write over it: --replace"


def write_kept(path: Path, content: bytes, *, replace: bool) -> None:
    """A file that people work in: what somebody has changed is never written over unasked."""
    try:
        edited = path.exists() and path.read_bytes() != content
    except OSError as error:
        raise FileUnwritable(path=path, reason=why(error)) from None
    if edited and not replace:
        raise ChangedByHand(path=str(path))
    with whole(path) as file:
        file.write(content)


def write_new(path: str, text: str) -> None:
    """A text file where there was none; refuses one that is there."""
    from ntm_workflow.plans.pack import FileClosed, FileThere

    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FileThere(file=path) from None
    except OSError:
        raise FileClosed(file=path) from None


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A new file in the place of `path`, there only once it is whole; also when the disk is full."""
    try:
        with replacing(path) as part, part.open("wb") as file:
            yield file
    except OSError as error:
        raise FileUnwritable(path=path, reason=why(error)) from error
