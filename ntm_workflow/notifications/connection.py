"""One connection to a mail server: opened phase by phase, then a letter at a time (RFC 5321).

Knows no queue and no other connection. A letter's commands are sent one by one, not by the library's
`sendmail`, which does not tell a connection lost before a letter's end from one lost after it:
the first letter is still ours, of the second nobody knows.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import aiosmtplib
from aiosmtplib.protocol import normalize_message_line_endings

from ntm_workflow.notifications.mime import BadAddress, check_address
from ntm_workflow.notifications.post import Outcome, Parcel, cleaned
from ntm_workflow.notifications.server import Phase, Reply, Server, Timeouts, Tls, Trouble, Why

#: Told every reply of a server as it comes; of a login, how it ended.
Heard = Callable[[str, Reply], None]

_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_FULL_NAME: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
#: The login a server takes: one try, since several wrong ones close an account.
_MECHANISMS: Final = ("plain", "login", "cram-md5")
#: OpenSSL's numbers (x509_vfy.h) for a certificate out of its time, or of another host.
_OUT_OF_TIME: Final = (9, 10)
_OTHER_HOST: Final = (62, 63, 64)
_LOGIN_WANTED: Final = (530, 535)
_TOO_WEAK: Final = 538
_OUT_OF_STEP: Final = 503


class ServerFails(Exception):
    """The server takes no letters at all."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.said)
        self.trouble = trouble


class Lost(Exception):
    """The connection ended before the letter's end, so the letter was not taken.

    `stale`: a connection that had carried letters before and whose next command failed. Servers
    close those as they like; it says nothing about the letter.
    """

    def __init__(self, why: Why, reply: Reply, *, stale: bool) -> None:
        super().__init__(reply.said)
        self.why = why
        self.reply = reply
        self.stale = stale


@dataclass(frozen=True)
class Answer:
    """What a server made of one letter. `why`: what it may say about the server, not the letter."""

    outcome: Outcome
    reply: Reply
    why: Why | None = None


class Connection:
    """A connection that is opened when it is needed and closed on every doubt."""

    def __init__(
        self,
        server: Server,
        context: ssl.SSLContext | None,
        timeouts: Timeouts,
        heard: Heard = lambda server, reply: None,
    ) -> None:
        self.server = server
        self.timeouts = timeouts
        self.heard = heard
        self.phase = Phase.CONNECT
        self.carried = 0
        #: Which of a server's connections this is; told by whoever counts them.
        self.number = 0
        self.client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls is Tls.TLS,
            # STARTTLS is asked for below, always or never; the library's default is "if offered".
            start_tls=False,
            tls_context=context,
            local_hostname=_own_name(),
            timeout=timeouts.command,
        )

    @property
    def is_open(self) -> bool:
        return self.client.is_connected

    # --- opening

    async def open(self) -> None:
        """Connect, encrypt, log in. Raises ServerFails; the connection is closed then."""
        self.carried = 0
        try:
            await self._connect()
            await self._ehlo()
            if self.server.tls is Tls.STARTTLS:
                await self._encrypt()
            if self.server.user is not None:
                await self._login(self.server.user)
        except aiosmtplib.SMTPResponseException as error:
            self.abort()
            reply = self._reply(error.code, error.message)
            raise self._fails(_turned_away(reply), reply) from None
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            self.abort()
            reply = Reply(self.phase, said=self._clean(_text(error)))
            raise self._fails(_why(error), reply) from None
        except BaseException:
            self.abort()
            raise

    async def _connect(self) -> None:
        self.phase = Phase.CONNECT
        try:
            response = await self.client.connect(timeout=self.timeouts.connect)
        except aiosmtplib.SMTPResponseException:
            self.phase = Phase.GREETING
            raise
        except aiosmtplib.SMTPConnectError as error:
            if isinstance(error.__cause__, aiosmtplib.SMTPException):
                self.phase = Phase.GREETING
            elif isinstance(error.__cause__, ssl.SSLError):
                self.phase = Phase.TLS
            raise
        self.phase = Phase.GREETING
        self._hear(response)

    async def _ehlo(self) -> None:
        self.phase = Phase.EHLO
        self._hear(await self.client.ehlo())

    async def _encrypt(self) -> None:
        self.phase = Phase.TLS
        if not self.client.supports_extension("starttls"):
            raise self._fails(Why.TLS_NOT_OFFERED, Reply(Phase.TLS))
        self._hear(await self.client.starttls(timeout=self.timeouts.connect))
        # What was offered in clear counts for nothing (RFC 3207 §4.2).
        await self._ehlo()

    async def _login(self, user: str) -> None:
        self.phase = Phase.LOGIN
        offered = self.client.server_auth_methods
        name = next((each for each in _MECHANISMS if each in offered), None)
        if name is None:
            raise self._fails(Why.LOGIN_NOT_OFFERED, Reply(Phase.LOGIN))
        ways = {
            "plain": self.client.auth_plain,
            "login": self.client.auth_login,
            "cram-md5": self.client.auth_crammd5,
        }
        self._hear(await ways[name](user, self.server.password))

    # --- one letter

    async def offer(self, parcel: Parcel) -> Answer:
        """Offer one letter over the open connection. Raises Lost or ServerFails."""
        try:
            sender, recipient = check_address(parcel.sender), check_address(parcel.recipient)
        except BadAddress as bad:
            # Told as a server would (RFC 3463), so that one letter holds up no other.
            said = cleaned(f"not a usable address: {bad.facts['address']}")
            return Answer(Outcome.REFUSED, Reply(Phase.MAIL, status="5.1.3", said=said))
        content = normalize_message_line_endings(parcel.content)
        size = [b"SIZE=%d" % len(content)] if self.client.supports_extension("size") else []
        steps: tuple[tuple[Phase, list[bytes], int], ...] = (
            (Phase.MAIL, [b"MAIL", b"FROM:<%s>" % sender.encode(), *size], 2),
            (Phase.RCPT, [b"RCPT", b"TO:<%s>" % recipient.encode()], 2),
            (Phase.DATA, [b"DATA"], 3),
        )
        for phase, words, wanted in steps:
            reply = await self._say(phase, *words)
            if reply.family != wanted:
                return await self._turned_down(reply)
        answer = await self._hand_over(content)
        self.phase = Phase.MAIL
        self.carried += 1
        return answer

    async def _say(self, phase: Phase, *words: bytes) -> Reply:
        self.phase = phase
        try:
            response = await self.client.execute_command(*words)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._lost(_why(error), Reply(phase, said=self._clean(_text(error)))) from None
        return self._hear(response)

    async def _turned_down(self, reply: Reply) -> Answer:
        """The server's no to a letter, and the connection ready for the next one."""
        if reply.code in (421, _OUT_OF_STEP) or reply.family not in (4, 5):
            raise self._lost(Why.BUSY if reply.code == 421 else Why.NO_SMTP, reply)
        if (why := _wanted(reply)) is not None:
            raise self._fails(why, reply)
        if reply.phase is not Phase.MAIL:
            await self._forget()
        return _judged(reply)

    async def _forget(self) -> None:
        """Let go of the letter that was turned down; a connection that cannot is of no more use."""
        try:
            response = await self.client.execute_command(b"RSET")
        except (aiosmtplib.SMTPException, OSError):
            response = None
        if response is None or response.code != 250:
            self.abort()

    async def _hand_over(self, content: bytes) -> Answer:
        self.phase = Phase.CONTENT
        protocol = self.client.protocol
        if protocol is None or not protocol.is_connected:
            raise self._lost(Why.DROPPED, Reply(Phase.DATA))
        try:
            protocol.write(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            response = await protocol.read_response(timeout=self.timeouts.final)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.abort()
            said = self._clean(_text(error))
            return Answer(Outcome.UNKNOWN, Reply(Phase.CONTENT, said=said), _why(error))
        except BaseException:
            # Stopped in the middle: the next reply on this connection would be this letter's.
            self.abort()
            raise
        reply = self._hear(response)
        if reply.code == 421 or reply.family not in (2, 4, 5):
            self.abort()
        return _judged(reply)

    # --- ending

    async def quit(self) -> None:
        """Take leave, as far as the server listens."""
        if self.is_open:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self.client.execute_command(b"QUIT", timeout=self.timeouts.quit)
        self.abort()

    def abort(self) -> None:
        """Close at once; what is still to be written never leaves, least of all a letter's end."""
        if isinstance(transport := self.client.transport, asyncio.Transport):
            transport.abort()
        self.client.close()

    # --- what is heard

    def _hear(self, response: aiosmtplib.SMTPResponse) -> Reply:
        reply = self._reply(response.code, response.message)
        self.heard(self.server.name, reply)
        return reply

    def _reply(self, code: int, message: str) -> Reply:
        said = self._clean(message)
        status = _STATUS.match(said)
        return Reply(self.phase, code, status[0] if status else None, said)

    def _clean(self, said: str) -> str:
        return cleaned(self.server.hide(said))

    def _lost(self, why: Why, reply: Reply) -> Lost:
        self.abort()
        return Lost(why, reply, stale=self.carried > 0 and reply.phase is Phase.MAIL)

    def _fails(self, why: Why, reply: Reply) -> ServerFails:
        self.abort()
        return ServerFails(Trouble(self.server.name, why, reply))


# --- judging what was heard


def _judged(reply: Reply) -> Answer:
    """What a reply to a letter means for it."""
    if reply.family == 2:
        return Answer(Outcome.ACCEPTED, reply)
    if reply.family not in (4, 5):
        return Answer(Outcome.UNKNOWN, reply, Why.NO_SMTP)
    if reply.phase is Phase.RCPT and re.search(r"\brelay", reply.said, re.IGNORECASE):
        return Answer(Outcome.DEFERRED, reply, Why.RELAY)
    if reply.family == 4:
        return Answer(Outcome.DEFERRED, reply)
    about_us = reply.phase is Phase.MAIL and not _too_big(reply)
    return Answer(Outcome.REFUSED, reply, Why.SENDER if about_us else None)


def _too_big(reply: Reply) -> bool:
    return reply.code == 552 or (reply.status or "").endswith(".3.4")


def _wanted(reply: Reply) -> Why | None:
    """What the server wants to see before it takes any letter."""
    if reply.code == _TOO_WEAK or (reply.code == 530 and "starttls" in reply.said.lower()):
        return Why.TLS_WANTED
    return Why.LOGIN_WANTED if reply.code in _LOGIN_WANTED else None


def _turned_away(reply: Reply) -> Why:
    """Why a server that answers takes nobody in."""
    if reply.code is None or reply.family == 0:
        return Why.NO_SMTP
    if reply.code == 421 or (reply.family == 4 and reply.phase in (Phase.GREETING, Phase.EHLO)):
        return Why.BUSY
    if reply.phase is Phase.TLS:
        return Why.TLS_NOT_OFFERED
    if reply.phase is Phase.LOGIN:
        return Why.LOGIN_LATER if reply.family == 4 else Why.LOGIN_REFUSED
    return Why.GREETING


def _why(error: BaseException) -> Why:
    """Why there is no connection, from the deepest cause there is."""
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return Why.TIMEOUT
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate(cause)
    found = {
        socket.gaierror: Why.NAME,
        UnicodeError: Why.NAME,
        ssl.SSLError: Why.TLS_BROKEN,
        TimeoutError: Why.TIMEOUT,
        ConnectionRefusedError: Why.CLOSED,
        ConnectionError: Why.DROPPED,
    }
    why = next((why for kind, why in found.items() if isinstance(cause, kind)), Why.ROUTE)
    # Of several addresses asyncio tells the errors in one text only.
    closed = f"[Errno {errno.ECONNREFUSED}]" in str(cause)
    return Why.CLOSED if why is Why.ROUTE and closed else why


def _certificate(error: ssl.SSLCertVerificationError) -> Why:
    if error.verify_code in _OUT_OF_TIME:
        return Why.EXPIRED
    return Why.OTHER_HOST if error.verify_code in _OTHER_HOST else Why.UNTRUSTED


def _text(error: BaseException) -> str:
    """The words of an error; a cause says more than the library's frame around it."""
    cause = error.__cause__
    told = cause if isinstance(cause, OSError) and str(cause) else error
    return str(told)


def _own_name() -> str:
    """How we introduce ourselves: the machine's full name, else an address (RFC 5321 §4.1.3)."""
    name = socket.gethostname()
    return name if _FULL_NAME.fullmatch(name) else "[127.0.0.1]"
