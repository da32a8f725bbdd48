"""A real SMTP server for the tests and the long rigs: it misbehaves as it is told, and remembers.

    with MailServer(Fault("rcpt", "450 4.7.1 Greylisted", times=1, each=True)) as server:
        ...  # hand letters in at 127.0.0.1, server.port
        assert server.copies == {"<1@example.com>": 1}

In a process of its own, so that it outlives a client that is killed (see `apart`):

    PYTHONPATH=tests python -m mailserver --log FILE [--faults JSON] [--seed N]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import logging
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from certificates import Certificate

HOST = "127.0.0.1"
STALL, DROP, SLOW = "stall", "drop", "slow"
#: After the final dot only: the letter is taken, and the client is not told.
TAKE_AND_DROP, TAKE_AND_STALL = "take and drop", "take and stall"
FOR_EVER = 3600.0
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(\S+)")


@dataclass(frozen=True)
class Fault:
    """What goes wrong in a phase: a reply of its own, or one of the words above.

    Phases: greeting, ehlo, starttls, auth, mail, rcpt, data (before 354), dot (after the letter).
    `to`: only for recipients (in the phase mail: senders) with this in their address. `times`: so often and no
    more, for each recipient of its own where `each`. `rate`: with this probability. `closes`: the
    reply is the connection's last, as it always is with 421 (RFC 5321 §3.8).
    """

    phase: str
    does: str
    to: str = ""
    times: int | None = None
    each: bool = False
    rate: float = 1.0
    seconds: float = FOR_EVER
    closes: bool = False

    @property
    def is_last(self) -> bool:
        return self.closes or self.does.startswith("421")

    def __str__(self) -> str:
        return f"{self.phase} {self.does}"


@dataclass(frozen=True)
class Accepted:
    """A letter that was taken; without its bytes where only their hash is kept."""

    message_id: str
    recipient: str
    sender: str
    sha256: str
    content: bytes | None = None


class MailServer:
    """Listens in a thread until the `with` ends. `faults` may be changed while it runs.

    `tls`: "starttls", "implicit" or none. `login`: the only user and password taken. `hashes`:
    keep no letter's bytes. `log`: a file that gets a line for each letter taken and each fault.
    """

    def __init__(
        self,
        *faults: Fault,
        tls: str | None = None,
        certificate: Certificate | None = None,
        login: tuple[str, str] | None = None,
        size: int | None = None,
        utf8: bool = True,
        hashes: bool = False,
        log: Path | None = None,
        seed: int = 0,
        port: int = 0,
        most_connections: int | None = None,
    ) -> None:
        self.faults = list(faults)
        self.tls = tls
        self.context = certificate.context() if certificate and tls else None
        self.login = login
        self.size = size
        self.utf8 = utf8
        self.hashes = hashes
        self.port = port
        self.most_connections = most_connections
        self.accepted: list[Accepted] = []
        self.copies: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.commands: Counter[str] = Counter()
        self.connections = 0
        self.at_once = 0
        self.open: set[Spoken] = set()
        self._counts: Counter[tuple[Fault, str]] = Counter()
        self._random = random.Random(seed)
        self._log = log.open("ab", buffering=0) if log else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    # --- its life

    def __enter__(self) -> MailServer:
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._log:
            self._log.close()

    async def _listen(self) -> None:
        implicit = self.context if self.tls == "implicit" else None
        listening = await self._loop.create_server(
            lambda: Spoken(self), HOST, self.port, ssl=implicit
        )
        self._listening = listening
        self.port = listening.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._listening.close()
        self.drop_all_now()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def drop_all(self) -> None:
        """End every connection, as a server that is restarted does."""

        async def drop() -> None:
            self.drop_all_now()

        asyncio.run_coroutine_threadsafe(drop(), self._loop).result()

    def drop_all_now(self) -> None:
        for spoken in list(self.open):
            spoken.abort()

    # --- what it does

    def strike(self, phase: str, to: str) -> Fault | None:
        """The fault that is due in this phase, if any."""
        for fault in self.faults:
            if fault.phase != phase or fault.to not in to:
                continue
            key = (fault, to if fault.each else "")
            if fault.times is not None and self._counts[key] >= fault.times:
                continue
            if fault.rate < 1 and self._random.random() >= fault.rate:
                continue
            self._counts[key] += 1
            self.struck[str(fault)] += 1
            self._write({"fault": str(fault), "to": to})
            return fault
        return None

    def take(self, envelope: Envelope) -> None:
        content = bytes(envelope.original_content or b"")
        found = _MESSAGE_ID.search(content)
        letter = Accepted(
            found[1].decode() if found else "",
            envelope.rcpt_tos[0],
            envelope.mail_from or "",
            hashlib.sha256(content).hexdigest(),
            None if self.hashes else content,
        )
        self.accepted.append(letter)
        self.copies[letter.message_id] += 1
        self._write({name: v for name, v in vars(letter).items() if name != "content"})

    def _write(self, line: dict[str, Any]) -> None:
        if self._log:
            self._log.write(json.dumps(line).encode() + b"\n")


class Spoken(SMTP):
    """One connection."""

    def __init__(self, server: MailServer) -> None:
        starttls = server.context if server.tls == "starttls" else None
        super().__init__(
            self,
            hostname="mail.test",
            data_size_limit=server.size,
            enable_SMTPUTF8=server.utf8,
            tls_context=starttls,
            auth_require_tls=starttls is not None,
            authenticator=self._authenticate_user,
            auth_exclude_mechanism=() if server.login else ("LOGIN", "PLAIN"),
            loop=server._loop,
        )
        self.server = server

    # --- the connection

    async def _handle_client(self) -> None:
        here = self.server
        here.connections += 1
        here.open.add(self)
        here.at_once = max(here.at_once, len(here.open))
        if here.most_connections is not None and len(here.open) > here.most_connections:
            await self.push("421 4.7.0 Too many connections")
            self.abort()
        elif not await self._meddled("greeting"):
            await super()._handle_client()

    def connection_lost(self, error: Exception | None) -> None:
        self.server.open.discard(self)
        with suppress(AssertionError):  # lost in the middle of encrypting
            super().connection_lost(error)

    def abort(self) -> None:
        for transport in (self.transport, self._original_transport):
            if transport is not None:
                transport.abort()  # type: ignore[attr-defined]

    async def _drop(self) -> None:
        self.abort()
        await asyncio.sleep(FOR_EVER)  # until the lost connection cancels it

    async def _meddled(self, phase: str) -> bool:
        """Whether a fault was there in place of what should have happened."""
        envelope = self.envelope
        to = envelope.rcpt_tos[0] if envelope and envelope.rcpt_tos else self._asked
        return await self._do(self.server.strike(phase, to))

    async def _do(self, fault: Fault | None) -> bool:
        if fault is None:
            return False
        if fault.does == SLOW:
            await asyncio.sleep(fault.seconds)
            return False
        if fault.does == STALL:
            await asyncio.sleep(fault.seconds)
        if fault.does in (STALL, DROP):
            await self._drop()
        await self.push(fault.does)
        if fault.is_last:
            assert self.transport is not None
            self.transport.close()
            await asyncio.sleep(FOR_EVER)
        return True

    #: The address named in the command that is being answered, or was last.
    _asked = ""

    # --- the commands

    async def smtp_EHLO(self, hostname: str) -> None:
        self.server.commands["EHLO"] += 1
        if not await self._meddled("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        self.server.commands["STARTTLS"] += 1
        if not await self._meddled("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        self.server.commands["AUTH"] += 1
        if not await self._meddled("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.server.commands["MAIL"] += 1
        self._asked = arg or ""
        if await self._meddled("mail"):
            return
        assert self.session is not None
        if self.server.login and not self.session.authenticated:
            await self.push("530 5.7.0 Authentication required")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        self.server.commands["RCPT"] += 1
        self._asked = arg or ""
        if not await self._meddled("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        self.server.commands["DATA"] += 1
        if not await self._meddled("data"):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.server.strike("dot", envelope.rcpt_tos[0])
        if fault is not None and fault.does in (TAKE_AND_DROP, TAKE_AND_STALL):
            self.server.take(envelope)
            if fault.does == TAKE_AND_STALL:
                await asyncio.sleep(fault.seconds)
            await self._drop()
        if fault is not None and fault.does not in (SLOW, STALL, DROP) and not fault.is_last:
            return fault.does
        await self._do(fault)
        self.server.take(envelope)
        return "250 2.0.0 Ok: queued"

    def _authenticate_user(self, *said: Any) -> AuthResult:
        data = said[-1]
        user, password = (text.encode() for text in self.server.login or ("", ""))
        good = (data.login, data.password) == (user, password)
        return AuthResult(success=good, handled=False, auth_data=data)


def closed_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


# --- in a process of its own


@dataclass(frozen=True)
class Apart:
    """A server in another process. Its log is what it knows."""

    port: int
    log: Path

    def accepted(self) -> list[Accepted]:
        return [Accepted(**line) for line in self._lines() if "sha256" in line]

    def struck(self) -> Counter[str]:
        return Counter(line["fault"] for line in self._lines() if "fault" in line)

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self.log.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.endswith("\n"))


@contextmanager
def apart(
    log: Path, faults: Sequence[Fault] = (), seed: int = 0, login: str | None = None
) -> Iterator[Apart]:
    """Runs until the `with` ends, whatever happens to its clients. `login` is user:password."""
    told = json.dumps([asdict(fault) for fault in faults])
    words = [sys.executable, __file__, "--log", str(log), "--faults", told, "--seed", str(seed)]
    words += ["--login", login] if login else []
    # Of a group of its own: a rig that kills its clients' group leaves it alone.
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout
        yield Apart(int(process.stdout.readline()), log)
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--faults", default="[]", help="a JSON list of objects, see Fault")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--login", help="user:password, the only one that is taken")
    said = parser.parse_args()
    logging.disable(logging.CRITICAL)
    faults = [Fault(**each) for each in json.loads(said.faults)]
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    user, _, password = (said.login or "").partition(":")
    login = (user, password) if user else None
    where = {"log": said.log, "seed": said.seed, "port": said.port}
    with MailServer(*faults, login=login, hashes=True, **where) as server:
        print(server.port, flush=True)
        signal.sigwait([signal.SIGTERM, signal.SIGINT])


if __name__ == "__main__":
    main()
