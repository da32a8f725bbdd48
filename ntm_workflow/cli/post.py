"""The post the settings describe: mail servers, their passwords, and who letters are from.

Knows no letter. A password comes from a file of its own or from the environment, never from the
settings file, and goes nowhere but into its `Server`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ntm_workflow.cli.session import session
from ntm_workflow.domain.reasons import why
from ntm_workflow.domain.refused import Refused
from ntm_workflow.domain.values import Word

if TYPE_CHECKING:
    from ntm_workflow.domain.schedule import Hours
    from ntm_workflow.notifications.post import Post
    from ntm_workflow.notifications.server import Server
    from ntm_workflow.notifications.smtp import Smtp
    from ntm_workflow.office import Office
    from ntm_workflow.office.bag import Bag, Sender
    from ntm_workflow.settings import Settings

PASSWORD: Final = "NTM_MAIL_PASSWORD"
#: A password is one line; a file larger than this is another file.
_MOST: Final = 4096


class MailFromMissing(Refused):
    exit_code = 2
    vi = "Có máy chủ thư (mail.host) mà chưa đặt địa chỉ người gửi mail.from.\nXem mẫu thiết lập: ntm config show --sample"
    en = "There is a mail server (mail.host) but mail.from, the address letters are from, is not set.\nA sample of the settings: ntm config show --sample"


class NoPost(Refused):
    exit_code = 2
    vi = "Chưa có nơi để gửi thư: chưa đặt mail.host (máy chủ thư) hay serve.outbox (thư mục).\nNêu một thư mục: --outbox DIR. Xem mẫu thiết lập: ntm config show --sample"
    en = "There is nowhere to send letters: neither mail.host (a server) nor serve.outbox (a folder) is set.\nName a folder: --outbox DIR. A sample of the settings: ntm config show --sample"


class NoHours(Refused):
    exit_code = 2
    vi = "Giờ gửi thư không có lúc nào: serve.letters_at {first}, serve.letters_until {last}.\nĐặt giờ sau muộn hơn giờ trước. Xem: ntm config show --origin"
    en = "Letters would have no hour to leave: serve.letters_at {first}, serve.letters_until {last}.\nSet the second later than the first. See: ntm config show --origin"


class BounceToUnusable(Refused):
    exit_code = 2
    vi = "Địa chỉ nhận thư bị trả {address} (mail.bounce_to, không có thì mail.from) không thêm được mã thư: phần trước @ dài quá 37 ký tự.\nDùng địa chỉ ngắn hơn. Xem: ntm config show --origin"
    en = "No letter's code fits into {address}, to which bounces come (mail.bounce_to, else mail.from): more than 37 characters before the @.\nUse a shorter one. See: ntm config show --origin"


class LoginIncomplete(Refused):
    exit_code = 2
    vi = "Đã đặt {given} mà chưa có {lacking} để đăng nhập máy chủ thư.\nXem: ntm config show --origin"
    en = "{given} is set, but not {lacking}, which logging in to the mail server needs.\nSee: ntm config show --origin"


class PasswordFileUnreadable(Refused):
    exit_code = 2
    vi = "Không đọc được tệp mật khẩu {path} ({key}): {reason}.\nTạo tệp chỉ chứa mật khẩu, quyền 0600. Xem: ntm config show --origin"
    en = "The password file {path} ({key}) cannot be read: {reason}.\nMake a file with the password alone, mode 0600. See: ntm config show --origin"


class PasswordFileOpen(Refused):
    exit_code = 2
    vi = "Người khác đọc được tệp mật khẩu {path} ({key}, quyền {mode}).\nChỉ để chủ tệp đọc: chmod 600 {path:arg}"
    en = "Others may read the password file {path} ({key}, mode {mode}).\nLet its owner alone read it: chmod 600 {path:arg}"


def smtp(settings: Settings, **said: Any) -> Smtp:
    """The post over SMTP that the settings describe; `said` goes to it as it is."""
    from ntm_workflow.notifications.smtp import Smtp

    limits = settings["mail.connections"], settings["mail.per_minute"]
    return Smtp(servers(settings), *limits, **said)


def chosen(office: Office, outbox: str | None) -> tuple[Post, Bag]:
    """The post for letters sent by hand and what it takes along: the folder named, else as the
    settings say. Raises NoPost.
    """
    from ntm_workflow.cli.letter_style import style
    from ntm_workflow.notifications.post import Folder
    from ntm_workflow.office import alarm
    from ntm_workflow.office.bag import Bag

    settings = session().settings
    desks = alarm.desks(settings["operator.email"], settings["serve.escalate_to"])
    bag = Bag(desks, sender=sender(settings), style=style())
    # A rehearsal has nothing to say to a mail server.
    if outbox is None and settings["mail.host"] and not office.info.rehearsal:
        return smtp(settings), replace(bag, hours=hours(settings))
    folder = outbox or settings["serve.outbox"]
    if folder is None:
        raise NoPost
    return Folder(Path(folder)), bag


def hours(settings: Settings) -> Hours:
    """When letters may leave on a working day. Raises NoHours."""
    from ntm_workflow.domain.schedule import Hours

    said = settings["serve.letters_at"], settings["serve.letters_until"]
    if said[0] >= said[1]:
        raise NoHours(first=said[0], last=said[1])
    return Hours(*map(time.fromisoformat, said))


def sender(settings: Settings) -> Sender:
    """Whose letters they are; while no server is set up, nobody's."""
    from ntm_workflow.notifications import mime
    from ntm_workflow.office.bag import NOBODY, Sender

    if not settings["mail.from"]:
        return NOBODY
    made = Sender(*mailbox(settings), bounce_to(settings))
    try:
        mime.verp(made.bounce_to, "0" * 24)
    except mime.BadAddress as error:
        raise BounceToUnusable(address=made.bounce_to) from error
    return made


def mailbox(settings: Settings) -> tuple[str, str]:
    """The name and the address letters are from. Raises MailFromMissing."""
    if not settings["mail.from"]:
        raise MailFromMissing
    return settings["mail.from_name"], settings["mail.from"]


def bounce_to(settings: Settings) -> str:
    """The address bounces come back to, of which each letter gets its own variant."""
    return str(settings["mail.bounce_to"] or mailbox(settings)[1])


def servers(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Server]:
    """The mail servers in the order in which they are tried; none where none is set."""
    from ntm_workflow.notifications.server import NoMailServer

    names = [name for name in ("mail.", "mail.fallback_") if settings[f"{name}host"]]
    if not names:
        return []
    if names[0] != "mail.":
        raise NoMailServer
    mailbox(settings)
    return [_server(settings, name, environ) for name in names]


def _server(settings: Settings, prefix: str, environ: Mapping[str, str]) -> Server:
    from ntm_workflow.notifications.server import Server, Tls

    user = settings[f"{prefix}user"]
    ca_file = settings["mail.ca_file"]
    return Server(
        settings[f"{prefix}host"],
        settings[f"{prefix}port"],
        Tls(settings[f"{prefix}tls"]),
        user,
        _password(settings, prefix, user, environ),
        Path(ca_file) if ca_file else None,
    )


def _password(settings: Settings, prefix: str, user: str | None, environ: Mapping[str, str]) -> str:
    key = f"{prefix}password_file"
    path = settings[key]
    said = environ.get(PASSWORD) if prefix == "mail." else None
    if user is None:
        if path or said:
            given = key if path else PASSWORD
            raise LoginIncomplete(given=given, lacking=f"{prefix}user")
        return ""
    if said:
        return said
    if not path:
        raise LoginIncomplete(given=f"{prefix}user", lacking=key)
    return _read(Path(path), key, environ)


def _read(path: Path, key: str, environ: Mapping[str, str]) -> str:
    """The password in a file that nobody else may read: its first line."""
    said = {"path": str(path), "key": key}
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_MOST).decode("utf-8-sig")
    except OSError as error:
        raise PasswordFileUnreadable(reason=why(error), **said) from None
    except UnicodeDecodeError:
        # Not from the error: it holds the bytes.
        raise PasswordFileUnreadable(
            reason=Word("không phải văn bản UTF-8", "it is not UTF-8 text"), **said
        ) from None
    if mode & 0o077 and not _guarded(path, environ):
        raise PasswordFileOpen(mode=f"{mode:04o}", **said)
    password = text.partition("\n")[0].removesuffix("\r")
    if not password:
        raise PasswordFileUnreadable(reason=Word("tệp rỗng", "it is empty"), **said)
    return password


def _guarded(path: Path, environ: Mapping[str, str]) -> bool:
    """Whether something other than the file's mode keeps others from it.

    systemd hands a service its credentials in a folder only the service may enter, and may show
    its right to read them as the group's; Windows knows no such modes.
    """
    folder = environ.get("CREDENTIALS_DIRECTORY")
    return os.name == "nt" or (folder is not None and Path(folder) in path.parents)
