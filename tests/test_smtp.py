"""The post over SMTP against a real server that misbehaves: what became of each letter is said right."""

from __future__ import annotations

import os
import signal
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from certificates import Certificate, certificate
from mailserver import (
    DROP,
    HOST,
    SLOW,
    STALL,
    TAKE_AND_DROP,
    TAKE_AND_STALL,
    Apart,
    Fault,
    MailServer,
    apart,
    closed_port,
)

from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.notifications.server import (
    CaFileUnusable,
    Kind,
    NoMailServer,
    Server,
    Timeouts,
    Tls,
    TlsNeeded,
    Why,
)
from ntm_workflow.notifications.smtp import ENOUGH, Smtp

ACCEPTED, DEFERRED, REFUSED, UNKNOWN, UNTRIED = Outcome
#: Long enough for a busy machine; what stalls on purpose is given less.
PATIENT = Timeouts(connect=20, command=20, final=20, stop=0.2)
SHORT = 0.3
PASSWORD = "mật-khẩu-b1m4t"
LOGIN = ("ntm", PASSWORD)


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


# --- what goes well


def test_a_letter_arrives_as_it_was_written() -> None:
    with MailServer() as server:
        (letter,) = parcels(1)
        (result,) = came(post(server).deliver([letter]))
        assert result == Result(
            "0", ACCEPTED, f"{HOST}:{server.port}", 250, "2.0.0", "2.0.0 Ok: queued"
        )
        (taken,) = server.accepted
        assert (taken.sender, taken.recipient) == (letter.sender, letter.recipient)
        assert taken.content == letter.content


@pytest.mark.parametrize("connections", [1, 4])
def test_connections_carry_letter_after_letter(connections: int) -> None:
    with MailServer() as server:
        assert set(outcomes(post(server, connections=connections), parcels(60))) == {ACCEPTED}
        assert server.copies == {f"<{n}@example.com>": 1 for n in range(60)}
        assert server.connections == server.at_once == connections
        assert server.commands["EHLO"] == connections


def test_a_few_letters_open_no_more_connections_than_there_are() -> None:
    with MailServer() as server:
        outcomes(post(server, connections=4), parcels(2))
        assert server.connections <= 2
        assert list(came(post(server).deliver([]))) == []
        assert server.connections <= 2


def test_dots_and_bare_line_ends_are_no_end_of_a_letter() -> None:
    body = b".\r\n..x\r\n\n.\n\r.\r\r\n.\nMAIL FROM:<khac@example.com>\n.\n"
    with MailServer() as server:
        assert outcomes(post(server), parcels(1, body)) == [ACCEPTED]
        (taken,) = server.accepted
        assert taken.content is not None
        sent = taken.content.partition(b"\r\n\r\n")[2]
        assert (
            sent == b".\r\n..x\r\n\r\n.\r\n\r\n.\r\n\r\n.\r\nMAIL FROM:<khac@example.com>\r\n.\r\n"
        )


@pytest.mark.parametrize(
    "address",
    ["khong co@example.com", "a@example.com> RCPT TO:<b@example.com", "a@example.com\r\nRSET", "á@example.com", ""],
)  # fmt: skip
def test_an_address_no_server_could_take_holds_up_no_other_letter(address: str) -> None:
    letters = parcels(3)
    bad_to = Parcel("to", letters[0].sender, address, b"x")
    bad_from = Parcel("from", address, letters[0].recipient, b"x")
    with MailServer() as server:
        results = {r.id: r for r in came(post(server).deliver([bad_to, bad_from, *letters]))}
        assert results["to"].outcome is results["from"].outcome is REFUSED
        assert results["to"].status == "5.1.3"
        assert len(server.accepted) == 3
        assert server.commands["RCPT"] == 3


# --- what a server may answer to a letter

ANSWERS = [
    ("mail", "451 4.3.0 Try later", DEFERRED, "4.3.0"),
    ("mail", "552 5.3.4 Message too big", REFUSED, "5.3.4"),
    ("rcpt", "450 4.2.0 Greylisted", DEFERRED, "4.2.0"),
    ("rcpt", "452 4.2.2 Mailbox full", DEFERRED, "4.2.2"),
    ("rcpt", "550 5.1.1 No such user", REFUSED, "5.1.1"),
    ("rcpt", "550 no such user", REFUSED, None),
    ("data", "451 4.3.5 Not now", DEFERRED, "4.3.5"),
    ("data", "554 5.5.1 No valid recipients", REFUSED, "5.5.1"),
    ("dot", "451 4.7.1 Greylisted", DEFERRED, "4.7.1"),
    ("dot", "452 4.3.1 Disk full", DEFERRED, "4.3.1"),
    ("dot", "421 4.3.2 Going down", DEFERRED, "4.3.2"),
    ("dot", "552 5.2.3 Too long", REFUSED, "5.2.3"),
    ("dot", "554 5.7.1 Looks like spam", REFUSED, "5.7.1"),
]


@pytest.mark.parametrize(("phase", "reply", "outcome", "status"), ANSWERS)
def test_an_answer_to_one_letter_is_about_that_letter(
    phase: str, reply: str, outcome: Outcome, status: str | None
) -> None:
    with MailServer(Fault(phase, reply, times=1)) as server:
        smtp = post(server)
        first, *others = came(smtp.deliver(parcels(4)))
        assert (first.outcome, first.code, first.status) == (outcome, int(reply[:3]), status)
        assert first.said == reply[4:]
        assert [other.outcome for other in others] == [ACCEPTED] * 3
        assert smtp.trouble == []
        assert server.connections == (2 if reply.startswith("421") else 1)
        assert set(server.copies.values()) == {1}


def test_a_letter_that_was_greylisted_is_taken_the_next_time() -> None:
    with MailServer(Fault("rcpt", "450 4.7.1 Greylisted", times=1, each=True)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(3)) == [DEFERRED] * 3
        assert outcomes(smtp, parcels(3)) == [ACCEPTED] * 3
        assert set(server.copies.values()) == {1}


def test_a_letter_larger_than_the_server_takes_is_refused_before_it_is_sent() -> None:
    with MailServer(size=1000) as server:
        assert (
            outcomes(post(server), [*parcels(1, b"x\r\n" * 500), *parcels(1)])
            == [
                ACCEPTED,
                ACCEPTED,
            ]
            or server.commands["DATA"] == 1
        )


def test_a_servers_chatter_is_told_as_one_line() -> None:
    reply = (
        "550-5.7.1 Kính thưa\r\n550-5.7.1 \x07\u202eông bà\r\n550 5.7.1 " + "x" * 400 + "é" * 300
    )
    with MailServer(Fault("rcpt", reply)) as server:
        (result,) = came(post(server).deliver(parcels(1)))
        assert result.status == "5.7.1"
        assert result.said.startswith("5.7.1 Kính thưa 5.7.1")
        assert len(result.said) == 500
        assert "\n" not in result.said


# --- connections that end

BEFORE = ["mail", "rcpt", "data"]


@pytest.mark.parametrize("phase", BEFORE)
@pytest.mark.parametrize("does", [DROP, "421 4.3.2 Going down", "999 ?", "không phải SMTP"])
def test_a_connection_that_ends_early_is_replaced_and_the_letter_offered_once_more(
    phase: str, does: str
) -> None:
    with MailServer(Fault(phase, does, times=1)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(3)) == [ACCEPTED] * 3
        assert server.connections == 2
        assert set(server.copies.values()) == {1}
        assert smtp.trouble == []


@pytest.mark.parametrize("phase", BEFORE)
@pytest.mark.parametrize("does", [DROP, "421 4.3.2 Going down"])
def test_a_server_that_always_ends_them_is_left_alone_after_a_few(phase: str, does: str) -> None:
    with MailServer(Fault(phase, does)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(20)) == [DEFERRED] + [UNTRIED] * 19
        assert why(smtp) == [Why.BUSY if does.startswith("421") else Why.DROPPED]
        assert server.connections == ENOUGH
        assert server.accepted == []


@pytest.mark.parametrize("phase", BEFORE)
def test_a_server_that_stalls_costs_a_letter_two_waits(phase: str) -> None:
    with MailServer(Fault(phase, STALL)) as server:
        smtp = post(server, timeouts=Timeouts(connect=20, command=SHORT))
        assert outcomes(smtp, parcels(1)) == [DEFERRED]
        assert server.connections == 2
        assert smtp.trouble == []


def test_connections_a_server_closed_while_nobody_used_them_say_nothing_of_it() -> None:
    with MailServer() as server:
        smtp = post(server, connections=4)
        results = came(smtp.deliver(parcels(40)))
        found = [next(results).outcome]
        for _ in range(3):
            server.drop_all()
            found += [next(results).outcome for _ in range(8)]
        found += [result.outcome for result in results]
        # Dropped between a letter's end and its answer, nobody can know.
        assert set(found) <= {ACCEPTED, UNKNOWN}
        assert len(found) == 40
        assert smtp.trouble == []


@pytest.mark.parametrize(
    ("does", "taken"), [(DROP, 0), (TAKE_AND_DROP, 1), ("999 ?", 0), ("xin chào", 0)]
)
def test_what_became_of_a_letter_without_an_answer_is_unknown(does: str, taken: int) -> None:
    with MailServer(Fault("dot", does, times=1)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(3)) == [UNKNOWN, ACCEPTED, ACCEPTED]
        assert len(server.accepted) == 2 + taken
        assert server.commands["DATA"] == 3
        assert smtp.trouble == []


@pytest.mark.parametrize(("does", "taken"), [(STALL, 0), (TAKE_AND_STALL, 1)])
def test_so_it_is_when_the_answer_does_not_come_in_time(does: str, taken: int) -> None:
    with MailServer(Fault("dot", does, times=1)) as server:
        smtp = post(server, timeouts=Timeouts(connect=20, command=20, final=SHORT))
        assert outcomes(smtp, parcels(2)) == [UNKNOWN, ACCEPTED]
        assert len(server.accepted) == 1 + taken


def test_a_server_that_never_answers_is_left_alone_after_a_few() -> None:
    with MailServer(Fault("dot", TAKE_AND_DROP)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(20)) == [UNKNOWN] * ENOUGH + [UNTRIED] * (20 - ENOUGH)
        assert why(smtp) == [Why.DROPPED]
        assert set(server.copies.values()) == {1}


# --- servers nobody can hand a letter to


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("greeting", DROP), Why.DROPPED),
        (Fault("greeting", "554 5.3.2 Go away"), Why.GREETING),
        (Fault("greeting", "421 4.3.2 Too busy"), Why.BUSY),
        (Fault("greeting", "SSH-2.0-OpenSSH"), Why.NO_SMTP),
        (Fault("ehlo", DROP), Why.DROPPED),
        (Fault("ehlo", "550 5.7.1 I do not know you"), Why.GREETING),
        (Fault("ehlo", "421 4.3.2 Too busy"), Why.BUSY),
        (Fault("greeting", STALL), Why.TIMEOUT),
        (Fault("ehlo", STALL), Why.TIMEOUT),
    ],
    ids=str,
)
def test_a_server_that_lets_nobody_in_has_tried_no_letter(fault: Fault, reason: Why) -> None:
    short = Timeouts(connect=SHORT, command=SHORT)
    with MailServer(fault) as server:
        smtp = post(server, timeouts=short if fault.does == STALL else PATIENT, connections=4)
        results = list(came(smtp.deliver(parcels(5))))
        assert {result.outcome for result in results} == {UNTRIED}
        assert {result.said for result in results} == {smtp.trouble[0].said}
        assert why(smtp) == [reason]
        assert server.connections == 1


def test_a_closed_port_and_a_name_nobody_knows_are_told_apart() -> None:
    for host, reason in (
        (HOST, Why.CLOSED),
        ("localhost", Why.CLOSED),
        ("khong-co.invalid", Why.NAME),
        ("x" * 70 + ".test", Why.NAME),
    ):
        tls = Tls.NONE if host in (HOST, "localhost") else Tls.TLS
        smtp = post(Server(host, closed_port(), tls))
        assert outcomes(smtp, parcels(2)) == [UNTRIED] * 2
        assert why(smtp) == [reason]
        assert smtp.trouble[0].kind is Kind.UNREACHABLE


def test_without_any_server_it_refuses_to_begin() -> None:
    with pytest.raises(NoMailServer):
        Smtp([]).ready()


def test_a_server_that_allows_few_connections_gets_few() -> None:
    with MailServer(most_connections=2) as server:
        smtp = post(server, connections=8)
        assert outcomes(smtp, parcels(60)) == [ACCEPTED] * 60
        assert smtp.trouble == []
        assert set(server.copies.values()) == {1}


# --- encryption


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


WAYS = [("starttls", Tls.STARTTLS), ("implicit", Tls.TLS)]


@pytest.mark.parametrize(("theirs", "ours"), WAYS)
def test_letters_travel_encrypted_after_one_login_each_connection(
    theirs: str, ours: Tls, good: Certificate
) -> None:
    with MailServer(tls=theirs, certificate=good, login=LOGIN) as server:
        place = at(server, host="localhost", tls=ours, user="ntm", password=PASSWORD, ca_file=good.ca)  # fmt: skip
        smtp = post(place, connections=2)
        assert outcomes(smtp, parcels(20)) == [ACCEPTED] * 20
        assert server.connections == server.commands["AUTH"] == 2
        assert server.commands["STARTTLS"] == (2 if theirs == "starttls" else 0)


@pytest.mark.parametrize(("theirs", "ours"), WAYS)
@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"how": {"expired": True}}, Why.EXPIRED),
        ({"how": {"self_signed": True}}, Why.UNTRUSTED),
        ({"hosts": ("khac.test",)}, Why.OTHER_HOST),
        ({"trusted": False}, Why.UNTRUSTED),
    ],
    ids=["expired", "self-signed", "another host's", "nobody trusts its authority"],
)
def test_a_certificate_that_proves_nothing_gets_no_letter_and_no_password(
    made: dict[str, Any], reason: Why, theirs: str, ours: Tls, tmp_path: Path
) -> None:
    bad = certificate(tmp_path, *made.get("hosts", ()), **made.get("how", {}))
    trusted = bad.ca if made.get("trusted", True) else None
    with MailServer(tls=theirs, certificate=bad, login=LOGIN) as server:
        place = at(server, host="localhost", tls=ours, user="ntm", password=PASSWORD, ca_file=trusted)  # fmt: skip
        smtp = post(place)
        assert outcomes(smtp, parcels(3)) == [UNTRIED] * 3
        assert why(smtp) == [reason]
        assert smtp.trouble[0].kind is Kind.CERTIFICATE
        assert server.commands["AUTH"] == server.commands["MAIL"] == 0


@pytest.mark.parametrize("refusing", [None, "454 4.7.0 TLS not available", DROP])
def test_a_server_that_does_not_encrypt_gets_nothing_in_clear(
    refusing: str | None, good: Certificate
) -> None:
    """As a server would that somebody in between has silenced."""
    faults = [Fault("starttls", refusing)] if refusing else []
    tls = {"tls": "starttls", "certificate": good} if refusing else {}
    with MailServer(*faults, **tls, login=LOGIN) as server:  # type: ignore[arg-type]
        place = at(server, host="localhost", tls=Tls.STARTTLS, user="ntm", password=PASSWORD)
        smtp = post(place)
        assert outcomes(smtp, parcels(3)) == [UNTRIED] * 3
        assert why(smtp) == [Why.DROPPED if refusing == DROP else Why.TLS_NOT_OFFERED]
        assert server.commands["AUTH"] == server.commands["MAIL"] == 0


def test_the_wrong_way_of_encrypting_is_told(good: Certificate) -> None:
    with MailServer(tls="starttls", certificate=good) as server:
        smtp = post(at(server, host="localhost", tls=Tls.TLS, ca_file=good.ca))
        assert outcomes(smtp, parcels(1)) == [UNTRIED]
        assert why(smtp) == [Why.TLS_BROKEN]
    with MailServer(tls="implicit", certificate=good) as server:
        place = at(server, host="localhost", tls=Tls.STARTTLS, ca_file=good.ca)
        smtp = post(place, timeouts=Timeouts(connect=SHORT))
        assert outcomes(smtp, parcels(1)) == [UNTRIED]
        assert why(smtp) == [Why.TIMEOUT]


def test_only_this_machine_may_be_sent_to_in_clear() -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        assert Server(host, 25, Tls.NONE).tls is Tls.NONE
    for host in ("mail.example.com", "localhost.example.com", "10.0.0.1", "127.0.0.1.example.com"):
        with pytest.raises(TlsNeeded) as refused:
            Server(host, 25, Tls.NONE)
        assert f"{host}:25" in refused.value.say("vi")


@pytest.mark.parametrize("content", [None, b"x"])
def test_certificates_that_cannot_be_read_are_refused_before_anything_is_sent(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CaFileUnusable) as refused:
        post(Server("localhost", 587, ca_file=path))
    assert str(path) in refused.value.say("en")


# --- logging in


def test_a_wrong_password_is_said_once_and_burns_no_letter(good: Certificate) -> None:
    with MailServer(tls="starttls", certificate=good, login=LOGIN) as server:
        place = at(server, host="localhost", tls=Tls.STARTTLS, user="ntm", password="sai-r0i", ca_file=good.ca)  # fmt: skip
        smtp = post(place, connections=4)
        assert outcomes(smtp, parcels(20)) == [UNTRIED] * 20
        assert why(smtp) == [Why.LOGIN_REFUSED]
        assert smtp.trouble[0].kind is Kind.LOGIN
        assert server.commands["AUTH"] == server.connections == 1
        assert "sai-r0i" not in repr((smtp.trouble, place))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("454 4.7.0 Temporary authentication failure", Why.LOGIN_LATER),
        ("534 5.7.9 Please use another mechanism", Why.LOGIN_REFUSED),
        ("421 4.7.0 Too many errors", Why.BUSY),
        (DROP, Why.DROPPED),
    ],
)
def test_every_fault_of_a_login_is_the_servers(reply: str, reason: Why) -> None:
    with MailServer(Fault("auth", reply), login=LOGIN) as server:
        smtp = post(at(server, user="ntm", password=PASSWORD))
        assert outcomes(smtp, parcels(3)) == [UNTRIED] * 3
        assert why(smtp) == [reason]


def test_a_server_that_offers_no_login_is_told_and_one_that_wants_one_too() -> None:
    with MailServer() as server:
        smtp = post(at(server, user="ntm", password=PASSWORD))
        assert outcomes(smtp, parcels(2)) == [UNTRIED] * 2
        assert why(smtp) == [Why.LOGIN_NOT_OFFERED]
    with MailServer(login=LOGIN) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(2)) == [UNTRIED] * 2
        assert why(smtp) == [Why.LOGIN_WANTED]


def test_a_server_that_repeats_the_password_does_not_make_us_repeat_it() -> None:
    plain = b64encode(f"\0ntm\0{PASSWORD}".encode()).decode()
    alone = b64encode(PASSWORD.encode()).decode()
    heard: list[object] = []
    echo = f"535 5.7.8 Bad: AUTH PLAIN {plain} ({alone}, {PASSWORD})"
    with MailServer(Fault("auth", echo), login=LOGIN) as server:
        smtp = post(at(server, user="ntm", password=PASSWORD), heard=lambda *a: heard.append(a))
        results = list(came(smtp.deliver(parcels(2))))
    said = repr((results, smtp.trouble, heard, smtp.servers))
    assert "AUTH PLAIN *** (***, ***)" in said
    assert not [secret for secret in (plain, alone, PASSWORD) if secret in said]


# --- a second server


def test_the_second_server_takes_what_the_first_cannot() -> None:
    with MailServer() as second:
        first = Server(HOST, closed_port(), Tls.NONE)
        smtp = post(first, at(second), connections=4)
        results = list(came(smtp.deliver(parcels(10))))
        assert {(r.outcome, r.server) for r in results} == {(ACCEPTED, f"{HOST}:{second.port}")}
        assert [(t.server, t.why) for t in smtp.trouble] == [(first.name, Why.CLOSED)]
        with MailServer(port=first.port) as back:
            # The next time the first is asked first again.
            assert outcomes(smtp, parcels(10)) == [ACCEPTED] * 10
            assert (len(back.accepted), len(second.accepted)) == (10, 10)
            assert smtp.trouble == []


def test_so_it_does_when_the_first_knows_us_no_more() -> None:
    with MailServer(login=LOGIN) as first, MailServer() as second:
        smtp = post(at(first, user="ntm", password="sai"), at(second))
        assert outcomes(smtp, parcels(5)) == [ACCEPTED] * 5
        assert len(second.accepted) == 5


def test_when_both_fail_nothing_was_tried_and_both_are_told() -> None:
    with MailServer(Fault("greeting", "554 5.3.2 No")) as second:
        first = Server(HOST, closed_port(), Tls.NONE)
        smtp = post(first, at(second))
        results = list(came(smtp.deliver(parcels(3))))
        assert {(r.outcome, r.said) for r in results} == {(UNTRIED, "5.3.2 No")}
        assert why(smtp) == [Why.CLOSED, Why.GREETING]


def test_a_server_that_dies_in_the_middle_hands_over_and_no_letter_leaves_twice() -> None:
    with MailServer() as second, MailServer() as first:
        smtp = post(first, second, connections=4)
        results = came(smtp.deliver(parcels(100)))
        found = {(r := next(results)).id: r.outcome for _ in range(30)}
        first.__exit__()
        found |= {r.id: r.outcome for r in results}
        first.__init__()  # type: ignore[misc]
        first.__enter__()
        copies = second.copies
        assert set(found.values()) <= {ACCEPTED, UNKNOWN}
        assert len(found) == 100
        assert len(second.accepted) >= 60
        assert set(copies.values()) == {1}


# --- who is not wanted


def test_a_sender_refused_for_every_letter_is_the_settings_fault_and_burns_none() -> None:
    with MailServer(Fault("mail", "553 5.7.1 Sender not owned by user")) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(20)) == [UNTRIED] * 20
        assert why(smtp) == [Why.SENDER]
        assert server.commands["MAIL"] == ENOUGH
        assert outcomes(smtp, parcels(1)) == [UNTRIED]


@pytest.mark.parametrize(
    "reply", ["554 5.7.1 Relay access denied", "454 4.7.1 Relay access denied"]
)
def test_so_is_a_server_that_relays_nothing_for_us(reply: str) -> None:
    with MailServer(Fault("rcpt", reply)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(20)) == [UNTRIED] * 20
        assert why(smtp) == [Why.RELAY]


def test_where_other_letters_pass_a_refused_sender_is_that_letters_fault() -> None:
    with MailServer(Fault("mail", "553 5.1.7 Bad sender", times=1)) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(4)) == [REFUSED, ACCEPTED, ACCEPTED, ACCEPTED]
        assert smtp.trouble == []


def test_letters_with_bad_senders_do_not_stop_good_ones_beside_them() -> None:
    with MailServer(Fault("mail", "553 5.1.7 Bad sender", to="x+2@")) as server:
        smtp = post(server, connections=4)
        good = parcels(40)
        bad = [replace(each, id=f"x{each.id}", sender="x+2@example.com") for each in parcels(5)]
        assert (
            outcomes(smtp, [good[0], *bad, *good[1:]])
            == [ACCEPTED] + [REFUSED] * 5 + [ACCEPTED] * 39
        )
        assert smtp.trouble == []


def test_where_other_letters_pass_a_refused_relaying_waits() -> None:
    with MailServer(Fault("rcpt", "554 5.7.1 Relaying denied", to="xa1@")) as server:
        smtp = post(server)
        assert outcomes(smtp, parcels(3)) == [ACCEPTED, DEFERRED, ACCEPTED]
        assert smtp.trouble == []


# --- pace, stopping, and callers that fail


def test_letters_begin_no_faster_than_told_whatever_the_connections() -> None:
    with MailServer() as server:
        smtp = post(server, connections=4, per_minute=1200)
        began = time.monotonic()
        assert outcomes(smtp, parcels(6)) == [ACCEPTED] * 6
        assert outcomes(smtp, parcels(5)) == [ACCEPTED] * 5
        assert time.monotonic() - began >= 10 * 60 / 1200


def test_parcels_are_taken_as_there_is_room_for_them() -> None:
    taken = 0

    def counted() -> Iterator[Parcel]:
        nonlocal taken
        for letter in parcels(100):
            taken += 1
            yield letter

    with MailServer() as server:
        results = came(post(server, connections=2).deliver(counted()))
        for count in range(1, 101):
            next(results)
            assert taken <= count + 20
        assert next(results, None) is None


def test_a_failing_source_of_parcels_is_told_after_what_was_under_way() -> None:
    def failing() -> Iterator[Parcel]:
        yield from parcels(3)
        raise LookupError("sổ hỏng")

    found: list[Result] = []
    with MailServer() as server:
        results = came(post(server, connections=4).deliver(failing()))
        with pytest.raises(LookupError, match="sổ hỏng"):
            found.extend(_noted(results, found))
        assert {result.outcome for result in found} == {ACCEPTED}
        assert len(found) == len(server.accepted) == 3


def _noted(results: Iterator[Result], found: list[Result]) -> Iterator[Result]:
    for result in results:
        found.append(result)
        yield from ()


def test_closing_early_closes_the_connections_at_once() -> None:
    with MailServer() as server:
        results = came(post(server, connections=4).deliver(parcels(50)))
        next(results)
        results.close()  # type: ignore[attr-defined]
        _until(lambda: not server.open)
        assert max(server.copies.values()) == 1
        assert threading.active_count() <= 3


def test_whoever_waits_for_results_hears_that_time_goes_by() -> None:
    with MailServer(Fault("dot", SLOW, seconds=0.7)) as server:
        assert [each and each.outcome for each in post(server).deliver(parcels(1))].count(None) >= 2


def _until(seen: Callable[[], object]) -> None:
    last = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("fault", "first"), [(Fault("dot", STALL), UNKNOWN), (Fault("rcpt", STALL), UNTRIED)], ids=str
)
def test_told_to_stop_it_says_what_became_of_each_letter(fault: Fault, first: Outcome) -> None:
    with MailServer(fault) as server:
        smtp = post(server)
        began = time.monotonic()
        threading.Timer(0.3, smtp.stop).start()
        assert outcomes(smtp, parcels(10)) == [first] + [UNTRIED] * 9
        assert time.monotonic() - began < 10
        assert server.connections == 1


def test_told_to_stop_it_ends_what_is_under_way_first() -> None:
    with MailServer() as server:
        smtp = post(server, connections=2)
        results = came(smtp.deliver(parcels(200)))
        found = [next(results).outcome]
        smtp.stop()
        found += [result.outcome for result in results]
        assert set(found) == {ACCEPTED, UNTRIED}
        assert found.count(ACCEPTED) == len(server.accepted) < 200
        assert outcomes(smtp, parcels(3)) == [ACCEPTED] * 3


def test_an_interrupt_ends_it_at_once() -> None:
    with MailServer(Fault("dot", STALL)) as server:
        smtp = post(server, connections=2)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            list(came(smtp.deliver(parcels(5))))
        assert time.monotonic() - began < 10
        _until(lambda: not server.open)


# --- everything at once

STORM = (
    Fault("greeting", "421 4.3.2 Busy", rate=0.1),
    Fault("ehlo", DROP, rate=0.05),
    Fault("mail", "421 4.3.2 Going down", rate=0.02),
    Fault("mail", "451 4.3.0 Later", rate=0.03),
    Fault("rcpt", "450 4.7.1 Greylisted", times=1, each=True, rate=0.2),
    Fault("rcpt", "550 5.1.1 No such user", to="xa7@"),
    Fault("data", DROP, rate=0.03),
    Fault("dot", "451 4.3.0 Later", rate=0.05),
    Fault("dot", DROP, rate=0.02),
    Fault("dot", TAKE_AND_DROP, rate=0.03),
)


def test_through_a_storm_no_letter_is_lost_and_none_taken_twice_but_where_nobody_could_know(
    tmp_path: Path,
) -> None:
    waiting = {letter.id: letter for letter in parcels(300)}
    done: dict[str, Outcome] = {}
    unknown: set[str] = set()
    with apart(tmp_path / "log", STORM, seed=1) as server:
        smtp = post(at(server), connections=4)
        for _ in range(60):
            for result in came(smtp.deliver(list(waiting.values()))):
                if result.outcome is UNKNOWN:
                    unknown.add(result.id)
                elif result.outcome in (ACCEPTED, REFUSED):
                    done[result.id] = result.outcome
                    del waiting[result.id]
            if not waiting:
                break
        taken = server.accepted()
        assert sum(server.struck().values()) >= 60
    assert waiting == {}
    assert {id for id, outcome in done.items() if outcome is REFUSED} == {"7"}
    copies = {id: sum(t.message_id == f"<{id}@example.com>" for t in taken) for id in done}
    assert {id for id, count in copies.items() if count == 0} == {"7"}
    assert {id for id, count in copies.items() if count > 1} <= unknown
