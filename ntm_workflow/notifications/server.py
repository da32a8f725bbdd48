"""A mail server as the settings describe it, and what may be wrong with it. Speaks to nobody.

Knows no letter and no setting file. Light to import: whoever only shows settings loads no mail library.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ntm_workflow.domain.base import Refused

if TYPE_CHECKING:
    from ssl import SSLContext

#: Where a letter does not leave the machine, and so may travel in clear.
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class NoMailServer(Refused):
    exit_code = 2
    vi = "Chưa đặt máy chủ thư (mail.host).\nXem mẫu thiết lập: ntm config show --sample"
    en = "There is no mail server (mail.host).\nA sample of the settings: ntm config show --sample"


class TlsNeeded(Refused):
    exit_code = 2
    vi = "Không gửi thư không mã hóa tới {server}: chỉ máy này (localhost) mới được tls = none.\nĐặt mail.tls = “starttls” hoặc “tls”. Xem: ntm config show"
    en = "No letter goes unencrypted to {server}: tls = none is for this machine (localhost) only.\nSet mail.tls = “starttls” or “tls”. See: ntm config show"


class CaFileUnusable(Refused):
    exit_code = 2
    vi = "Không dùng được tệp chứng thư gốc {path} (mail.ca_file): {reason}.\nCần một tệp PEM đọc được. Xem: ntm config show"
    en = "The certificates {path} (mail.ca_file) cannot be used: {reason}.\nA readable PEM file is needed. See: ntm config show"


class Tls(StrEnum):
    """How a connection is encrypted. Never "if the server happens to offer it"."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class Server:
    """Where letters are handed in. `ca_file` is trusted besides the system's own certificates."""

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    user: str | None = None
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.tls is Tls.NONE and self.host.lower() not in LOCAL:
            raise TlsNeeded(server=self.name)

    @property
    def name(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def hide(self, said: str) -> str:
        """What a server said, without the password: some repeat the line they do not like."""
        for secret in self._secrets():
            said = said.replace(secret, "***")
        return said

    def _secrets(self) -> Iterator[str]:
        if self.password:
            # As LOGIN (base64) and PLAIN (RFC 4616) send it, the longest first.
            for text in (f"\0{self.user}\0{self.password}", self.password):
                yield b64encode(text.encode()).decode()
            yield self.password

    def context(self) -> SSLContext:
        """Verifies the certificate and that it is this host's. Raises CaFileUnusable."""
        from ssl import create_default_context

        made = create_default_context()
        if self.ca_file is not None:
            try:
                made.load_verify_locations(self.ca_file)
            except OSError as error:
                reason = error.strerror or str(error)
                raise CaFileUnusable(path=str(self.ca_file), reason=reason) from None
        return made


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds. `connect` is for the network, the greeting and encryption each.

    `final` is for the answer that decides: RFC 5321 §4.5.3.2.6 wants ten minutes, since whoever
    gives up earlier sends copies. `stop` is how long what is under way may take once told to end.
    """

    connect: float = 30
    command: float = 60
    final: float = 600
    quit: float = 2
    stop: float = 10


class Phase(StrEnum):
    """Where in the dialogue something happened, in the order in which it goes."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    TLS = "tls"
    LOGIN = "login"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"


class Kind(StrEnum):
    """What sort of trouble a server is in."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    REFUSED = "refused"


class Why(StrEnum):
    """What is wrong with a server, as finely as can be told; the first word is its kind."""

    NAME = "unreachable.name"
    CLOSED = "unreachable.closed"
    ROUTE = "unreachable.route"
    TIMEOUT = "unreachable.timeout"
    DROPPED = "unreachable.dropped"
    BUSY = "unreachable.busy"
    NO_SMTP = "unreachable.no_smtp"
    TLS_NOT_OFFERED = "tls.not_offered"
    TLS_BROKEN = "tls.broken"
    TLS_WANTED = "tls.wanted"
    EXPIRED = "certificate.expired"
    OTHER_HOST = "certificate.other_host"
    UNTRUSTED = "certificate.untrusted"
    LOGIN_REFUSED = "login.refused"
    LOGIN_LATER = "login.later"
    LOGIN_WANTED = "login.wanted"
    LOGIN_NOT_OFFERED = "login.not_offered"
    GREETING = "refused.greeting"
    SENDER = "refused.sender"
    RELAY = "refused.relay"

    @property
    def kind(self) -> Kind:
        return Kind(self.partition(".")[0])


@dataclass(frozen=True)
class Reply:
    """What a server said, cleaned and without secrets; no code where it said nothing."""

    phase: Phase
    code: int | None = None
    status: str | None = None
    said: str = ""

    @property
    def family(self) -> int:
        """2 done, 3 go on, 4 not now, 5 no (RFC 5321 §4.2.1); 0 for anything else."""
        family = (self.code or 0) // 100
        return family if family in (2, 3, 4, 5) else 0


@dataclass(frozen=True)
class Trouble:
    """Why a server takes no letters at all just now. It is nobody's letter's fault."""

    server: str
    why: Why
    reply: Reply

    @property
    def kind(self) -> Kind:
        return self.why.kind

    @property
    def said(self) -> str:
        return self.reply.said
