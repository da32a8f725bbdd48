"""Why the operating system did not do something, in the words of people."""

from __future__ import annotations

import errno
from typing import Final

from ntm_workflow.domain.values import Word

#: What the system says of a file, by the error's number.
_SYSTEM: Final = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EISDIR: "đây là một thư mục",
    errno.ENOTDIR: "một phần đường dẫn không phải thư mục",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết vòng",
    errno.EEXIST: "đã có tệp ở đó",
    errno.ENOTEMPTY: "thư mục không trống",
    errno.EIO: "lỗi đọc ghi của ổ đĩa",
}


def why(error: OSError) -> Word:
    """The system's reason, in both languages; one we have no words for keeps its number."""
    english = error.strerror or str(error)
    return Word(_SYSTEM.get(error.errno or 0, f"lỗi hệ thống {error.errno}"), english)
