"""Mail servers nobody can hand a letter to, in every way: no letter suffers, and the next server takes over."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from certificates import Certificate, certificate
from mailing import (
    ACCEPTED,
    DEFERRED,
    PATIENT,
    REFUSED,
    SHORT,
    UNKNOWN,
    UNTRIED,
    at,
    came,
    outcomes,
    parcels,
    post,
    why,
)
from mailserver import DROP, HOST, STALL, Fault, MailServer, closed_port

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

PASSWORD = "mật-khẩu-b1m4t"
LOGIN = ("ntm", PASSWORD)

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
        # One alone may be to blame itself: it is tried again, and gets old.
        assert outcomes(smtp, parcels(1)) == [DEFERRED]


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
