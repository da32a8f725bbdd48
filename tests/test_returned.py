"""Returned messages: which letter they are about, and whether it is lost, as many servers say it."""

from __future__ import annotations

import os
import re
from base64 import encodebytes
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.notifications import mime
from ntm_workflow.notifications.returned import LARGEST, Fate, Returned, read
from ntm_workflow.office.mailbox import MailboxMissing, MailboxUnreadable, messages

ID = mime.message_id("store", "letter/xa/digest/2024-10-15", "xa@example.com", "example.org")
TOKEN = mime.token(ID)
VERP = mime.verp("ntm@example.org", TOKEN)


def report(
    action: str = "failed",
    status: str = "5.1.1",
    *,
    to: str = VERP,
    returned: str = f"Message-ID: {ID}",
    before: str = "",
) -> bytes:
    """A notification as RFC 3464 wants it; `returned` are the headers of the letter it is about."""
    return f"""\
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.
<xa@example.com>: host mx.example.com said: 550 5.1.1 User unknown

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
{before}
Final-Recipient: rfc822; xa@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: text/rfc822-headers

Return-Path: <{VERP}>
{returned}
Subject: x

--B--
""".encode()


QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.com
To: {VERP}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<xa@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {ID}
Subject: x
""".encode()

EXIM = f"""\
From: Mail Delivery System <Mailer-Daemon@mx.example.com>
To: ntm@example.org
X-Failed-Recipients: xa@example.com
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its recipients.
  xa@example.com
    Unrouteable address

------ This is a copy of your message, including all the headers. ------

Message-ID:
 {ID}
""".replace("Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated\n").encode()

VACATION = f"""\
Return-Path: <>
From: UBND =?utf-8?q?x=C3=A3?= <xa@example.com>
To: {VERP}
Subject: Re: x
Auto-Submitted: auto-replied
In-Reply-To: {ID}

Tôi đi vắng đến 5.1.2025, phòng 550.
""".encode()

LATE = f"""\
From: postmaster@mx.example.com
To: {VERP}
Subject: Warning: could not send message for past 4 hours

The message has not yet been delivered. 450 4.7.1 Greylisted. It will be retried.
""".encode()


@pytest.mark.parametrize(
    ("content", "fate", "status"),
    [
        (report(), Fate.LOST, "5.1.1"),
        (report("Failed", "5.2.2 (mailbox full)"), Fate.LOST, "5.2.2"),
        (report("failed", "4.4.7"), Fate.LOST, "4.4.7"),
        (report("failed", "it is gone"), Fate.LOST, None),
        (report("delayed", "4.4.1"), Fate.LATE, "4.4.1"),
        (report("delivered", "2.0.0"), Fate.OTHER, None),
        (report("relayed", "2.0.0"), Fate.OTHER, None),
        (QMAIL, Fate.LOST, "5.1.1"),
        (EXIM, Fate.LOST, None),
        (LATE, Fate.LATE, None),
    ],
)
def test_a_notification_says_whether_its_letter_is_lost_or_late(
    content: bytes, fate: Fate, status: str | None
) -> None:
    found = read(content)
    assert (found.fate, found.status) == (fate, status)
    assert found.token == TOKEN or found.message_id == ID


def test_somebody_who_is_away_returns_nothing() -> None:
    assert read(VACATION).fate is Fate.OTHER


def test_a_letter_is_found_by_the_address_its_bounce_came_to() -> None:
    assert read(report(returned="Subject: y")).token == TOKEN


def test_where_a_server_noted_another_address_the_letters_own_envelope_tells() -> None:
    assert read(report(to="ntm@example.org")) == Returned(Fate.LOST, TOKEN, ID, "5.1.1")


def test_a_letter_that_a_correction_names_is_not_the_one_that_came_back() -> None:
    other = mime.message_id("store", "letter/xa/digest/2024-10-01", "xa@example.com", "example.org")
    said = f"In-Reply-To: {other}\nReferences: {other}\nMessage-ID: {ID}"
    assert read(report(returned=said)).message_id == ID


def test_an_id_in_another_encoding_is_found() -> None:
    head = QMAIL.partition(b"\n\n")[0]
    wrapped = head + b"\nContent-Transfer-Encoding: base64\n\n"
    found = read(wrapped + encodebytes(QMAIL.partition(b"\n\n")[2]))
    assert (found.message_id, found.status) == (ID, "5.1.1")


def test_what_is_no_message_at_all_is_about_no_letter() -> None:
    for content in (
        b"",
        b"\x00" * 100,
        b"x" * 10_000,
        b"\xff\xfe\n\n\n",
        b"Content-Type: multipart/",
    ):
        assert read(content) == Returned(Fate.OTHER)


@pytest.mark.parametrize("depth", [50, 2000])
def test_boxes_in_boxes_stop_nobody(depth: int) -> None:
    boxed = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(depth)
    )
    with suppress(ValueError):
        assert read(boxed + report()).fate in (Fate.OTHER, Fate.LOST)


@given(st.binary(max_size=2000), st.integers(0, 1500))
def test_damaged_notifications_raise_nothing_else(noise: bytes, at: int) -> None:
    content = report()
    for damaged in (content[:at] + noise + content[at:], content[:at] + noise, noise):
        with suppress(ValueError):
            status = read(damaged).status
            assert status is None or re.fullmatch(r"[245](\.\d{1,3}){2}", status)


# --- where they stand


def mbox(*contents: bytes) -> bytes:
    return b"".join(b"From MAILER-DAEMON Tue Oct 15\n" + each + b"\n\n" for each in contents)


def test_a_folder_a_maildir_and_an_mbox_hold_the_same_messages(tmp_path: Path) -> None:
    folder, maildir, file = tmp_path / "eml", tmp_path / "maildir", tmp_path / "mbox"
    (maildir / "new").mkdir(parents=True)
    (maildir / "cur").mkdir()
    folder.mkdir()
    for n, content in enumerate((report(), QMAIL)):
        (folder / f"{n}.eml").write_bytes(content)
        (maildir / ("new" if n else "cur") / f"17290.{n}.mx:2,S").write_bytes(content)
    file.write_bytes(mbox(report(), QMAIL))
    (folder / "ghi chú.txt").write_text("no message")
    for path in (folder, maildir, file):
        found = [read(each.content or b"") for each in messages(path)]
        assert sorted(each.message_id or "" for each in found) == [ID, ID]
    (one,) = messages(folder / "0.eml")
    assert one.content == report()


def test_what_is_too_large_or_no_file_is_not_taken_in(tmp_path: Path) -> None:
    (tmp_path / "big.eml").write_bytes(b"x" * (LARGEST + 1))
    os.mkfifo(tmp_path / "pipe.eml")
    (tmp_path / "link.eml").symlink_to("/dev/zero")
    assert [each.content for each in messages(tmp_path)] == [None]
    (tmp_path / "mbox").write_bytes(mbox(b"x" * LARGEST, report()))
    big, small = messages(tmp_path / "mbox")
    assert (big.content, read(small.content or b"").message_id) == (None, ID)
    with pytest.raises(MailboxUnreadable):
        list(messages(tmp_path / "pipe.eml"))
    with pytest.raises(MailboxMissing):
        list(messages(tmp_path / "no"))
