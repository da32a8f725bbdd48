"""The final bytes of a letter: an RFC 5322 message folded so that Vietnamese keeps its spaces.

Knows no obligation, no template and no server. The same input gives the same bytes, so an outbox
may freeze them and send them again. The library composes too, but loses spaces of long Vietnamese
subjects (cpython gh-92081), makes random boundaries and takes ten times as long.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from ntm_workflow.domain.base import Refused

#: A display name and an address.
Mailbox = tuple[str, str]

_CRLF: Final = "\r\n"
_LINE: Final = 76
_WORD: Final = 75
_WRAPPER: Final = len("=?utf-8?b??=")
#: Controls, surrogates and the two Unicode line ends: what can break a header or cannot be sent.
_UNSENDABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSENDABLE_IN_TEXT: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN: Final = re.compile(rf"localhost|(?:{_LABEL}\.)+(?=[A-Za-z])({_LABEL})")
_MESSAGE_ID: Final = re.compile(rf"<{_LOCAL.pattern}@(?:{_DOMAIN.pattern})>")
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
#: ASCII words that stand in a header as they are; everything else is encoded whole. A long word
#: stays too, within the 998 of a line: a message id cited in a header is dead once encoded.
_PLAIN: Final = re.compile(r"[!-~]{1,900}(?: [!-~]{1,900})*")
_PLAIN_NAME: Final = re.compile(rf"{_ATOM}(?: {_ATOM})*")

#: Written by `compose` itself, or (one-click unsubscribing) by no letter.
_RESERVED: Final = frozenset(
    {
        "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id",
        "in-reply-to", "references", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
        "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
    }
)  # fmt: skip
#: A mailto: address nothing of which would have to be written as %xx (RFC 6068), and its query.
_MAILTO: Final = re.compile(
    rf"mailto:[A-Za-z0-9._+-]{{1,64}}@(?:{_DOMAIN.pattern})(?:\?[A-Za-z0-9._~%=&+-]{{1,300}})?"
)
_TOKEN: Final = re.compile(r"\+b\.([0-9a-f]{24})@")
_CALENDAR_HEAD: Final = [
    'Content-Type: text/calendar; charset="utf-8"; method=PUBLISH;',
    ' name="lich-ntm.ics"',
    'Content-Disposition: attachment; filename="lich-ntm.ics"',
]


class BadAddress(Refused):
    exit_code = 2
    vi = "Địa chỉ thư điện tử không dùng được: {address}\nSửa: ntm unit contact --help"
    en = "This is not a usable e-mail address: {address}\nMend it: ntm unit contact --help"


def one_line(text: str) -> str:
    """`text` in NFC with every control, line end and lone surrogate a space; trimmed."""
    return unicodedata.normalize("NFC", _UNSENDABLE.sub(" ", text)).strip()


def many_lines(text: str) -> str:
    """`text` like `one_line`, but in its own lines; their indents are kept."""
    return unicodedata.normalize("NFC", "\n".join(_lines(text)))


def visible(address: str) -> str:
    """An address as a refusal shows it: on one line, what has no shape of its own as U+…."""
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) == "Cf" else char
        for char in one_line(address)[:254]
    )


def check_address(address: str) -> str:
    """`address` itself if it is an ASCII mailbox `name@host`, else BadAddress; never mended."""
    local, _, domain = address.partition("@")
    fits = len(local) <= 64 and len(address) <= 254
    if fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return address
    raise BadAddress(address=visible(address))


def message_id(store_id: str, letter_id: str, recipient: str, domain: str) -> str:
    """`<ntm.…@domain>`: the same letter to the same recipient has one id for ever."""
    if not _DOMAIN.fullmatch(domain):
        raise BadAddress(address=visible(f"@{domain}"))
    # Lengths first, so that no two different triples ever read as the same text.
    parts = (f"{len(part)}:{part}" for part in (store_id, letter_id, recipient))
    digest = hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<ntm.{digest[:40]}@{domain}>"


def token(message_id: str) -> str:
    """What a bounce brings back of a letter: 24 characters that no mail server changes."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:24]


def verp(sender_address: str, token: str) -> str:
    """The envelope sender of one letter, `ntm+b.<token>@domain`: its bounces come to that address.

    Raises BadAddress where the sender's own name leaves no room (64 characters, RFC 5321).
    """
    local, _, domain = check_address(sender_address).partition("@")
    return check_address(f"{local}+b.{token}@{domain}")


def token_of(address: str) -> str | None:
    """The token of the letter whose bounce came to `address`; None where it is no such address."""
    found = _TOKEN.search(address.lower())
    return found[1] if found else None


@dataclass(frozen=True, kw_only=True)
class Message:
    """One letter to one recipient.

    `sent_at` is aware. `calendar` is an iCalendar file, attached. `references` are the message ids
    of earlier letters this one speaks of, oldest first: a correction names the letter it corrects.
    `unsubscribe` is a mailto: URI, for letters nobody must have; a duty is never unsubscribed.
    """

    subject: str
    text: str
    sender: Mailbox
    recipient: Mailbox
    message_id: str
    sent_at: datetime
    html: str | None = None
    calendar: bytes | None = None
    reply_to: Mailbox | None = None
    references: tuple[str, ...] = ()
    unsubscribe: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def compose(message: Message) -> bytes:
    """The letter ready for `sendmail`: text alone, or with HTML beside it and the calendar behind.

    Raises BadAddress; a naive time, a malformed message id or URI or a header name that is
    reserved or malformed is the caller's mistake and a ValueError.
    """
    lines = (*_head(message), "MIME-Version: 1.0", *_content(message), "")
    return _CRLF.join(lines).encode("ascii")


def _head(message: Message) -> Iterator[str]:
    if message.sent_at.tzinfo is None:
        raise ValueError("a letter needs an aware time")
    yield _mailbox("From", *message.sender)
    yield _mailbox("To", *message.recipient)
    if message.reply_to:
        yield _mailbox("Reply-To", *message.reply_to)
    yield _text("Subject", message.subject)
    yield f"Date: {format_datetime(message.sent_at)}"
    yield f"Message-ID: {_id(message.message_id)}"
    if message.references:
        yield f"In-Reply-To: {_id(message.references[-1])}"
        yield _fold("References", map(_id, message.references))
    yield "Auto-Submitted: auto-generated"
    if message.unsubscribe is not None:
        # Mail programs act on the bare URI only: encoded or folded it is dead (RFC 2369).
        yield f"List-Unsubscribe: <{_mailto(message.unsubscribe)}>"
    for name, value in message.headers.items():
        yield _text(_field(name), value)


def _content(message: Message) -> list[str]:
    # A reader shows the last alternative it understands: the plain text stands first (RFC 2046).
    content = _part(['Content-Type: text/plain; charset="utf-8"'], _text_bytes(message.text))
    if message.html is not None:
        html = _part(['Content-Type: text/html; charset="utf-8"'], _html_bytes(message.html))
        content = _multipart("alternative", message.message_id, content, html)
    if message.calendar is not None:
        calendar = _part(_CALENDAR_HEAD, message.calendar)
        content = _multipart("mixed", message.message_id, content, calendar)
    return content


def _multipart(kind: str, id: str, *parts: list[str]) -> list[str]:
    """The boundary follows from the letter, and no line of base64 begins with its hyphens."""
    boundary = f"=_{kind}_{hashlib.sha256(id.encode()).hexdigest()[:24]}"
    head = [f"Content-Type: multipart/{kind};", f' boundary="{boundary}"', ""]
    bodies = [line for part in parts for line in (f"--{boundary}", *part)]
    return [*head, *bodies, f"--{boundary}--"]


def _part(head: list[str], content: bytes) -> list[str]:
    encoded = b64encode(content).decode("ascii")
    lines = [encoded[i : i + _LINE] for i in range(0, len(encoded), _LINE)]
    return [*head, "Content-Transfer-Encoding: base64", "", *lines]


def _id(id: str) -> str:
    if not _MESSAGE_ID.fullmatch(id):
        raise ValueError(f"not a message id of the form <local@domain>: {id!r}")
    return id


def _mailto(uri: str) -> str:
    if not _MAILTO.fullmatch(uri):
        raise ValueError(f"not a mailto: URI: {uri!r}")
    return uri


def _field(name: str) -> str:
    if name.lower() in _RESERVED or not _FIELD.fullmatch(name):
        raise ValueError(f"not a header a caller may set: {name!r}")
    return name


def _mailbox(field: str, name: str, address: str) -> str:
    """A display name and its address; a name that is not plain words is encoded, never quoted."""
    checked, shown = check_address(address), one_line(name)
    if not shown:
        return f"{field}: {checked}"
    plain = _stays(shown) and _PLAIN_NAME.fullmatch(shown)
    phrase = _fold(field, shown.split(" ") if plain else _encoded_words(field, shown))
    last = phrase.rpartition(_CRLF)[2]
    fold = " " if len(last) + len(checked) + 3 <= _LINE else f"{_CRLF} "
    return f"{phrase}{fold}<{checked}>"


def _text(field: str, text: str) -> str:
    shown = one_line(text)
    return _fold(field, shown.split(" ") if _stays(shown) else _encoded_words(field, shown))


def _stays(text: str) -> bool:
    """Whether a reader gets `text` back if it stands unencoded, folded at its single spaces."""
    return not text or ("=?" not in text and _PLAIN.fullmatch(text) is not None)


def _fold(field: str, words: Iterable[str]) -> str:
    """`field: words`, broken only where a space stands anyway."""
    lines = [f"{field}:"]
    for index, word in enumerate(words):
        # The first word never leaves the field's line: some servers refuse an empty first line.
        if index and len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return _CRLF.join(lines)


def _encoded_words(field: str, text: str) -> Iterator[str]:
    """RFC 2047 words of at most 75 characters that hold the whole text, its spaces included.

    Readers drop the space between two encoded words, so none of ours carries meaning; no
    character is cut in two.
    """
    room = _room(min(_WORD, _LINE - len(field) - 2))
    chunk = b""
    for letter in text:
        raw = letter.encode("utf-8")
        if len(chunk) + len(raw) > room:
            yield _encoded(chunk)
            chunk, room = b"", _room(_WORD)
        chunk += raw
    yield _encoded(chunk)


def _room(characters: int) -> int:
    """How many bytes base64 can put into an encoded word of so many characters."""
    return (characters - _WRAPPER) // 4 * 3


def _encoded(chunk: bytes) -> str:
    return f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?="


def _text_bytes(text: str) -> bytes:
    return _crlf(many_lines(text)).encode()


def _html_bytes(html: str) -> bytes:
    # Not in NFC as a whole: a mark at the head of a value would melt with the ">" of its tag.
    return _crlf(html).encode()


def _crlf(text: str) -> str:
    return "".join(f"{line}{_CRLF}" for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    """Its lines with their indents, every control and lone surrogate a space, no space at an end."""
    ends = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _UNSENDABLE_IN_TEXT.sub(" ", ends).rstrip()
    return (line.rstrip() for line in clean.split("\n"))


def readable(content: bytes) -> str:
    """The bytes of a letter as a mail reader would show them: chief headers, attachments, text."""
    from email import message_from_bytes
    from email.header import decode_header, make_header

    message = message_from_bytes(content)
    shown = ("From", "To", "Subject", "Date", "Message-ID")
    # Unfolded before decoding: the space of a fold between two encoded words is no space.
    unfolded = {name: (message[name] or "").replace("\r\n", "") for name in shown}
    lines = [f"{name}: {make_header(decode_header(text))}" for name, text in unfolded.items()]
    lines += [f"Attachment: {name}" for part in message.walk() if (name := part.get_filename())]
    return "\n".join(lines) + "\n\n" + (_payload(message, "text/plain") or "")


def part(content: bytes, kind: str) -> str | None:
    """The text of a letter's first part of a kind, such as `text/html`; None without one."""
    from email import message_from_bytes

    return _payload(message_from_bytes(content), kind)


def _payload(message: Any, kind: str) -> str | None:
    found = next((each for each in message.walk() if each.get_content_type() == kind), None)
    payload = found.get_payload(decode=True) if found else None
    return payload.decode().replace("\r\n", "\n") if isinstance(payload, bytes) else None
