"""The final bytes of a letter: an RFC 5322 message folded so that Vietnamese keeps its spaces.

Knows no obligation, no template and no server. The same input gives the same bytes, so an outbox
may freeze them and send them again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from ntm_workflow.domain.base import Refused

#: A display name and an address.
Mailbox = tuple[str, str]

_CRLF: Final = "\r\n"
_LINE: Final = 76
_WORD: Final = 75
_WRAPPER: Final = len("=?utf-8?b??=")
#: Controls, surrogates and the two Unicode line ends: what can break a header or cannot be sent.
_UNSENDABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

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

#: Written by `compose` itself, or (unsubscribing) never allowed on a letter that carries a duty.
_RESERVED: Final = frozenset(
    {
        "from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version",
        "content-type", "content-transfer-encoding", "content-disposition", "auto-submitted",
        "list-unsubscribe", "list-unsubscribe-post",
    }
)  # fmt: skip


class BadAddress(Refused):
    exit_code = 2
    vi = "Địa chỉ thư điện tử không dùng được: {address}\nSửa: ntm unit contact --help"
    en = "This is not a usable e-mail address: {address}\nMend it: ntm unit contact --help"


def one_line(text: str) -> str:
    """`text` in NFC with every control, line end and lone surrogate a space; trimmed."""
    return unicodedata.normalize("NFC", _UNSENDABLE.sub(" ", text)).strip()


def check_address(address: str) -> str:
    """`address` itself if it is an ASCII mailbox `name@host`, else BadAddress; never mended."""
    local, _, domain = address.partition("@")
    fits = len(local) <= 64 and len(address) <= 254
    if fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return address
    raise BadAddress(address=one_line(address)[:254])


def message_id(store_id: str, letter_id: str, recipient: str, domain: str) -> str:
    """`<ntm.…@domain>`: the same letter to the same recipient has one id for ever."""
    if not _DOMAIN.fullmatch(domain):
        raise BadAddress(address=one_line(f"@{domain}")[:254])
    # Lengths first, so that no two different triples ever read as the same text.
    parts = (f"{len(part)}:{part}" for part in (store_id, letter_id, recipient))
    digest = hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<ntm.{digest[:40]}@{domain}>"


def compose(
    subject: str,
    body: str,
    sender: Mailbox,
    recipient: Mailbox,
    message_id: str,
    sent_at: datetime,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One plain-text letter to one recipient, ready for `sendmail`.

    `sent_at` is aware. Raises BadAddress; a naive time, a malformed `message_id` or a header name
    that is reserved or malformed is the caller's mistake and a ValueError.
    """
    if sent_at.tzinfo is None or not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a letter needs an aware time and a message id of the form <local@domain>")
    lines = [
        _mailbox("From", *sender),
        _mailbox("To", *recipient),
        _text("Subject", subject),
        f"Date: {format_datetime(sent_at)}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        *(_text(_field(name), value) for name, value in (headers or {}).items()),
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "",
        *_body(body),
        "",
    ]
    return _CRLF.join(lines).encode("ascii")


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


def _body(text: str) -> Iterator[str]:
    """The text with CRLF line ends, as base64 lines of 76."""
    lines = (_body_line(line) for line in re.split(r"\r\n|\r|\n", text.rstrip()))
    encoded = b64encode(f"{_CRLF.join(lines)}{_CRLF}".encode()).decode("ascii")
    return (encoded[i : i + _LINE] for i in range(0, len(encoded), _LINE))


def _body_line(line: str) -> str:
    # The indent is kept; `one_line` would trim it.
    indent = len(line) - len(line.lstrip(" "))
    return " " * indent + one_line(line)


def readable(content: bytes) -> str:
    """The bytes of a letter as a mail reader would show them: its chief headers and its text."""
    from email import message_from_bytes
    from email.header import decode_header, make_header

    message = message_from_bytes(content)
    shown = ("From", "To", "Subject", "Date", "Message-ID")
    # Unfolded before decoding: the space of a fold between two encoded words is no space.
    unfolded = {name: (message[name] or "").replace("\r\n", "") for name in shown}
    lines = [f"{name}: {make_header(decode_header(text))}" for name, text in unfolded.items()]
    payload = message.get_payload(decode=True)
    body = payload.decode() if isinstance(payload, bytes) else ""
    return "\n".join(lines) + "\n\n" + body.replace("\r\n", "\n")
