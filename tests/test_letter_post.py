"""Letters on their way, at the keyboard: sent by the settings, tried again, returned, released."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from mails import NGOC, THANH, at, envelopes, facts, issue, outbox_desk, send, states
from mailserver import Fault, MailServer
from offices import Desk, closing_store
from posts import Basket
from terminal import Answer, ntm
from test_returned import report

from ntm_workflow.domain.clock import Times
from ntm_workflow.notifications import mime
from ntm_workflow.office import contacts, hold
from ntm_workflow.store.schema import META


@pytest.fixture
def desk(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A store that is no rehearsal, at nine on a Tuesday."""
    with closing_store(outbox_desk(store_url)) as desk:
        with desk.database.write() as conn:
            conn.execute(META.update().where(META.c.key == "rehearsal").values(value="no"))
        desk.close_store()
        monkeypatch.setattr(
            "ntm_workflow.cli.session.SystemClock.now", lambda self: desk.clock.now()
        )
        monkeypatch.setattr(
            "ntm_workflow.clocks.Clocks.read",
            lambda self, database: Times(desk.clock.now(), desk.clock.at.timestamp(), "máy-1"),
        )
        monkeypatch.setenv("NTM_CLOCK_MOST_DAYS", "999")
        yield desk


def at_desk(desk: Desk, line: str) -> Answer:
    return ntm(line, desk.database.url.render_as_string(hide_password=False))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The mail server of the settings."""
    with MailServer() as server:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(server.port),
            "TLS": "none",
            "FROM": "ntm@example.org",
        }.items():
            monkeypatch.setenv(f"NTM_MAIL_{name}", value)
        yield server


# --- sending


def test_without_a_server_or_a_folder_it_is_said_what_to_set(desk: Desk) -> None:
    answer = at_desk(desk, "letter send")
    assert answer.code == 2
    assert all(word in answer.err for word in ("mail.host", "serve.outbox", "--outbox"))
    assert states(desk) == {}


def test_letters_leave_by_the_server_of_the_settings(desk: Desk, server: MailServer) -> None:
    said = at_desk(desk, "letter send --json")
    assert said.code == 0, said.err
    assert said.json.keys() >= {"issued", "sent", "failed", "dry_run"}
    assert sorted(said.json["issued"]) == said.json["sent"]
    assert {each.recipient for each in server.accepted} == {
        f"{unit}@example.com" for unit in (NGOC, THANH)
    }
    hashes = {each.message_id: each.sha256 for each in server.accepted}
    assert {f.event.message_id: f.event.sha256 for f in facts(desk, "LetterSent")} == hashes
    for each in server.accepted:
        assert each.sender == mime.verp("ntm@example.org", mime.token(each.message_id))


def test_a_folder_that_is_named_wins_and_knows_no_hours(
    desk: Desk, server: MailServer, tmp_path: Path
) -> None:
    at(desk, "15/10/2024 22:00")
    assert at_desk(desk, f"letter send --outbox {tmp_path}/thu").code == 0
    assert len(list((tmp_path / "thu").glob("*.eml"))) == 2
    assert server.accepted == []


def test_outside_the_hours_a_server_gets_nothing_and_the_letters_wait(
    desk: Desk, server: MailServer
) -> None:
    late = at_desk(at(desk, "15/10/2024 17:30"), "letter send")
    assert (late.code, "07:30" in late.out, server.accepted) == (0, True, [])
    at(desk, "16/10/2024 08:00")
    assert at_desk(desk, "letter send --json").json["sent"]
    assert len(server.accepted) >= 2


def test_a_rehearsal_writes_into_a_folder_whatever_the_settings_say(
    server: MailServer, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox_desk(sqlite_url).close_store()
    assert ntm("letter send --on 15/10/2024", sqlite_url).code == 2
    monkeypatch.setenv("NTM_SERVE_OUTBOX", str(tmp_path / "thu"))
    assert ntm("letter send --on 15/10/2024", sqlite_url).code == 0
    assert len(list((tmp_path / "thu").glob("*.eml"))) == 2
    assert server.accepted == []


def test_a_server_that_refuses_everybody_is_explained_and_nothing_is_burnt(
    desk: Desk, server: MailServer
) -> None:
    server.faults = [Fault("greeting", "554 5.7.1 Go away")]
    answer = at_desk(desk, "letter send")
    assert answer.code == 1
    assert "554" in answer.err
    assert [row.attempts for row in envelopes(desk)] == [0, 0]
    server.faults = []
    assert at_desk(desk, "letter send").code == 0
    assert len(server.accepted) == 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("NTM_SERVE_LETTERS_UNTIL", "07:00", "serve.letters_until"),
        ("NTM_MAIL_BOUNCE_TO", f"{'a' * 40}@example.org", "mail.bounce_to"),
    ],
)
def test_settings_with_which_no_letter_could_leave_are_refused(
    desk: Desk,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    words: str,
) -> None:
    monkeypatch.setenv(name, value)
    answer = at_desk(desk, "letter send")
    assert (answer.code, words in answer.err) == (2, True)
    assert states(desk) == {}


# --- again


def test_a_dead_letter_is_sent_once_its_address_is_mended(desk: Desk, server: MailServer) -> None:
    server.faults = [Fault("rcpt", "550 5.1.1 No such user", to="tam-ngoc")]
    first = at_desk(desk, "letter send --json")
    assert (first.code, len(first.json["refused"])) == (1, 1)
    (id,) = first.json["refused"]
    shown = at_desk(desk, f"letter show {id}")
    assert "550 5.1.1 No such user" in shown.out, "why it did not leave is said where it is shown"
    assert "15/10/2024" in shown.out.splitlines()[-1]
    assert at_desk(desk, f"letter show {id} --json").json["tries"][0]["code"] == 550
    assert at_desk(desk, f"letter retry {id}").code == 1
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    again = at_desk(desk, f"letter retry {id} --json")
    assert (again.code, again.json["retried"], again.json["sent"]) == (0, [id], [id])
    assert server.accepted[-1].recipient == "moi@example.com"


def test_what_has_nowhere_new_to_go_is_said(desk: Desk, server: MailServer) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, []))
    sent = at_desk(desk, "letter send")
    assert "chờ địa chỉ" in sent.out
    [id] = [
        each["id"] for each in at_desk(desk, "letter list --state no_address --json").json["items"]
    ]
    again = at_desk(desk, f"letter retry {id}")
    assert "không có địa chỉ mới" in again.out


def test_a_trial_of_releasing_what_a_restore_holds_releases_nothing(desk: Desk) -> None:
    issue(desk)
    with desk.database.write() as conn:
        hold.lay(conn, desk.clock.now())
    trial = at_desk(desk, "letter release --restored --drop --dry-run")
    assert (trial.code, "Chạy thử" in trial.out) == (0, True)
    with desk.database.read() as conn:
        assert hold.held(conn) is not None
    assert set(states(desk).values()) == {"queued"}


def test_retry_wants_to_be_told_what(desk: Desk, server: MailServer) -> None:
    assert at_desk(desk, "letter retry").code == 2
    assert at_desk(desk, "letter retry letter/a/b/c --all").code == 2
    assert at_desk(desk, "letter retry letter/a/digest/2024-10-15").code == 3
    assert at_desk(desk, "letter retry --all --json").json["retried"] == []


# --- what came back


@pytest.fixture
def left(desk: Desk) -> dict[str, Any]:
    """Both letters have left; their envelopes by unit."""
    issue(desk)
    send(desk, Basket())
    desk.close_store()
    return {row.letter.split("/")[1]: row for row in envelopes(desk)}


def came_back(folder: Path, row: Any, action: str = "failed", status: str = "5.1.1") -> Path:
    folder.mkdir(exist_ok=True)
    to = mime.verp("ntm@example.org", row.token)
    said = report(action, status, to=to, returned=f"Message-ID: {row.message_id}")
    file = folder / f"{len(list(folder.iterdir()))}.eml"
    file.write_bytes(said.replace(b"+b." + TOKEN, b"+b." + row.token.encode()))
    return file


WHAT = ("bounced", "known", "late", "other", "unmatched", "unreadable")
TOKEN = mime.token(
    mime.message_id("store", "letter/xa/digest/2024-10-15", "xa@example.com", "example.org")
).encode()


def test_a_letter_that_came_back_is_recorded_once(
    desk: Desk, left: dict[str, Any], tmp_path: Path
) -> None:
    box = tmp_path / "box"
    came_back(box, left[NGOC])
    came_back(box, left[NGOC])
    came_back(box, left[THANH], "delayed", "4.4.1")
    (box / "other.eml").write_bytes(
        report(to="ntm@example.org", returned="X: y").replace(TOKEN, b"0" * 24)
    )
    (box / "big.eml").write_bytes(b"x" * 6_000_000)
    (box / "mail.eml").write_bytes(b"From: a@example.com\n\nXin chao\n")
    dry = at_desk(desk, f"letter bounces {box} --dry-run --json").json
    assert [each["letter"] for each in dry["bounced"]] == [left[NGOC].letter]
    assert facts(desk, "LetterBounced") == []
    desk.close_store()
    said = at_desk(desk, f"letter bounces {box} --json").json
    figures = {name: len(some) for name, some in said.items() if isinstance(some, list)}
    assert figures == dict.fromkeys(WHAT, 1)
    assert said["bounced"][0] == {"file": "0.eml", "letter": left[NGOC].letter, "status": "5.1.1"}
    (fact,) = facts(desk, "LetterBounced")
    assert (fact.event.message_id, fact.event.status) == (left[NGOC].message_id, "5.1.1")
    assert states(desk) == {NGOC: "bounced", THANH: "sent"}
    desk.close_store()
    again = at_desk(desk, f"letter bounces {box}")
    assert (again.code, again.out.startswith("0 thư bị trả, 2 thư đã ghi")) == (0, True)
    assert len(facts(desk, "LetterBounced")) == 1
    assert desk.rebuilt_equal()


def test_the_doctor_names_units_whose_latest_letter_came_back(
    desk: Desk, left: dict[str, Any], tmp_path: Path
) -> None:
    came_back(tmp_path / "box", left[NGOC])
    assert at_desk(desk, f"letter bounces {tmp_path}/box").code == 0
    items = {item["check"]: item for item in at_desk(desk, "doctor --json").json["items"]}
    assert items["bounced"]["state"] == "warn"
    assert "Tam Ngọc" in items["bounced"]["message"]


def test_a_letter_that_came_back_is_sent_to_a_new_address_when_asked(
    desk: Desk, left: dict[str, Any], tmp_path: Path, server: MailServer
) -> None:
    came_back(tmp_path / "box", left[NGOC])
    assert at_desk(desk, f"letter bounces {tmp_path}/box").code == 0
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    desk.close_store()
    assert at_desk(desk, f"letter retry {left[NGOC].letter}").code == 0
    assert [each.recipient for each in server.accepted] == ["moi@example.com"]
    assert states(desk)[NGOC] == "sent"


def test_a_path_that_is_no_mailbox_is_refused(desk: Desk, tmp_path: Path) -> None:
    answer = at_desk(desk, f"letter bounces {tmp_path}/khong-co")
    assert (answer.code, "maildir" in answer.err) == (3, True)


# --- released


def test_what_a_restore_holds_is_told_and_released_or_given_up(
    desk: Desk, server: MailServer
) -> None:
    issue(desk)
    with desk.database.write() as conn:
        hold.lay(conn, desk.clock.now())
    desk.close_store()
    for line in ("letter send", "letter retry --all"):
        refused = at_desk(desk, line)
        assert (refused.code, "ntm letter release --restored" in refused.err) == (4, True)
    released = at_desk(desk, "letter release --restored --drop --json").json
    assert (released["held"], released["letters"]) == (True, 2)
    assert at_desk(desk, "letter release --restored --json").json["held"] is False
    desk.clock.at += timedelta(minutes=1)
    assert at_desk(desk, "letter send --json").json["sent"] == []
    assert server.accepted == []
    assert set(states(desk).values()) == {"given_up"}
