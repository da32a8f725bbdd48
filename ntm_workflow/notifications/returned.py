"""What a message that came back says: which letter it is about, and whether that is lost or only late.

Reads delivery status notifications (RFC 3464) and what older servers write in words. Knows no
outbox. Everything in such a message may be forged or damaged; nothing of it is shown or kept but a
status of three numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from typing import Any, Final

from ntm_workflow.notifications.mime import token_of

#: Larger than any notification with one of our letters in it, in bytes.
LARGEST: Final = 5 * 1024 * 1024

#: Where a delivering server notes which address a message came to.
_CAME_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_OUR_ID: Final = re.compile(r"(?im)^[> \t|]*message-id:\s*(<ntm\.[0-9a-f]{40}@[^<>\s]{1,255}>)")
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CODE: Final = re.compile(r"(?<![\d.#-])([45])\d\d(?![\d.])")
_DAEMON: Final = re.compile(r"(?i)mailer-daemon|postmaster|mail ?delivery|^\s*<>\s*$")
_SAID_LOST: Final = re.compile(
    r"(?i)undeliver|failure notice|returned mail|delivery (has )?failed|failed delivery|\(failure\)"
)
_SAID_LATE: Final = re.compile(r"(?i)delay|warning|will (be )?retr|not yet been delivered")


class Fate(StrEnum):
    """What a message says of the letter."""

    #: It will not arrive.
    LOST = "lost"
    #: It is still being tried.
    LATE = "late"
    #: Nothing of the kind: it arrived, somebody is away, or it is no notification at all.
    OTHER = "other"


@dataclass(frozen=True)
class Returned:
    """`token` and `message_id` name the letter, where either could be found; `status` as in RFC 3463."""

    fate: Fate
    token: str | None = None
    message_id: str | None = None
    status: str | None = None


def read(content: bytes) -> Returned:
    """What a message says. ValueError where it cannot be read at all."""
    try:
        message = message_from_bytes(content)
        texts = list(_texts(message))
        fate, status = _fate(message, texts)
        return Returned(fate, _token(message, texts), _message_id(texts), status)
    except (RecursionError, LookupError, UnicodeError, AttributeError, TypeError) as error:
        # The library was written for messages people send, not for those meant to break it.
        raise ValueError(type(error).__name__) from error


def _texts(message: Message) -> Iterator[str]:
    """Everything readable in a message, the headers of what is returned in it, too."""
    for part in message.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            yield payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _token(message: Message, texts: list[str]) -> str | None:
    values = (str(value) for name in _CAME_TO for value in message.get_all(name, ()))
    # Where the server notes nothing, the letter's own envelope may have come back with it.
    back = (line for text in texts for line in re.findall(r"(?im)^return-path:.*$", text))
    return next((found for value in (*values, *back) if (found := token_of(value))), None)


def _message_id(texts: list[str]) -> str | None:
    return next((found[1] for text in texts if (found := _OUR_ID.search(text))), None)


def _fate(message: Message, texts: list[str]) -> tuple[Fate, str | None]:
    reports = [part for part in message.walk() if part.get_content_type() == _REPORT]
    if reports:
        return _reported(reports[0])
    automatic = str(message.get("Auto-Submitted", "")).lower()
    if "auto-replied" in automatic or not _of_a_server(message):
        return Fate.OTHER, None
    return _in_words(message, "\n".join(texts))


_REPORT: Final = "message/delivery-status"


def _reported(report: Message) -> tuple[Fate, str | None]:
    """By the fields for the recipient (RFC 3464 §2.3); the worst of several decides."""
    blocks: Any = report.get_payload()
    said = [
        (str(block.get("Action", "")).strip().lower(), _STATUS.search(str(block.get("Status", ""))))
        for block in (blocks if isinstance(blocks, list) else [])
    ]
    for action, fate in (("failed", Fate.LOST), ("delayed", Fate.LATE)):
        for found, status in said:
            if found.startswith(action):
                return fate, status[1] if status else None
    return Fate.OTHER, None


def _of_a_server(message: Message) -> bool:
    who = (str(message.get(name, "")) for name in ("From", "Return-Path", "Sender"))
    return any(_DAEMON.search(each) for each in who)


def _in_words(message: Message, text: str) -> tuple[Fate, str | None]:
    """What a server wrote for people: an enhanced code, a plain one, or the subject tells."""
    subject = str(message.get("Subject", ""))
    found = _STATUS.search(text)
    if _SAID_LATE.search(subject):
        return Fate.LATE, None
    if found is not None:
        return (Fate.LOST, found[1]) if found[1].startswith("5") else (Fate.LATE, None)
    plain = _CODE.search(text)
    lost = "X-Failed-Recipients" in message or _SAID_LOST.search(subject)
    if lost or (plain is not None and plain[1] == "5"):
        return Fate.LOST, None
    return (Fate.LATE, None) if plain is not None else (Fate.OTHER, None)
