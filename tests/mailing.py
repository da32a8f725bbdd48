"""Letters to hand in, a post that hands them to a misbehaving server, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailserver import HOST, Apart, MailServer

from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.notifications.server import Server, Timeouts, Tls, Why
from ntm_workflow.notifications.smtp import Smtp

ACCEPTED, DEFERRED, REFUSED, UNKNOWN, UNTRIED = Outcome
#: Long enough for a busy machine; what stalls on purpose is given less.
PATIENT = Timeouts(connect=20, command=20, final=20, stop=0.2)
SHORT = 0.3


def parcels(number: int, body: bytes = b"xin chao\r\n") -> list[Parcel]:
    return [
        Parcel(
            str(n),
            f"tra-lai+{n}@example.com",
            f"xa{n}@example.com",
            b"Message-ID: <%d@example.com>\r\n\r\n" % n + body,
        )
        for n in range(number)
    ]


def at(server: MailServer | Apart, **said: Any) -> Server:
    return Server(**{"host": HOST, "port": server.port, "tls": Tls.NONE, **said})


def post(*servers: MailServer | Server, timeouts: Timeouts = PATIENT, **said: Any) -> Smtp:
    """One connection, unless told: what is tested is then what happens to it."""
    places = [each if isinstance(each, Server) else at(each) for each in servers]
    return Smtp(places, **{"connections": 1, "timeouts": timeouts, **said})


def came(results: Iterator[Result | None]) -> Iterator[Result]:
    """Without the moments that go by."""
    return (result for result in results if result is not None)


def outcomes(smtp: Smtp, letters: list[Parcel]) -> list[Outcome]:
    """In the order of the letters; each has exactly one result."""
    results = list(came(smtp.deliver(letters)))
    found = {result.id: result.outcome for result in results}
    assert len(results) == len(letters)
    return [found[letter.id] for letter in letters]


def why(smtp: Smtp) -> list[Why]:
    return [trouble.why for trouble in smtp.trouble]
