"""Letters read back by two decoders that are not ours, and attacks on their headers; knows no store.

One decoder is the library's old one (`decode_header`, which shares nothing with its composer), the
other is written in Rust (`fast_mail_parser`).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.utils import getaddresses

from fast_mail_parser import parse_email

from ntm_workflow.notifications.mime import Message, compose, message_id, one_line

SENDER, DESK, OFFICE = "ntm@example.com", "van-thu@example.com", "tra-loi@example.com"
SENT_AT = datetime(2024, 10, 22, 0, 30, tzinfo=UTC)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Auto-Submitted", "List-Unsubscribe", "X-NTM-Letter", "MIME-Version", "Content-Type",
]  # fmt: skip

VOCABULARY = (
    "Nhắc việc hồ sơ đề nghị xét công nhận đạt chuẩn nông thôn mới nâng cao kiểu mẫu Ủy ban nhân "
    "dân xã Tam Thanh Tam Thăng thành phố Tam Kỳ tỉnh Quảng Nam Bảo Linh Định Hóa Cần Thơ Bhalê "
    "trước ngày 30/10/2024 quý IV/2024 19/19 tiêu chí số 0001 1.500.000.000 đồng (lần 2) – còn "
    '03 ngày: “khẩn”; A&B <x> "y" = =?utf-8?q?a?= , @ . \\ \' [NTM] ? 100 % kế-hoạch vốn giải '
    "ngân thôn phường huyện Phước Ninh Ninh Phước ỷ Ỵ ữ Ặ đ Đ bao cao thang Plan report 2025 R&D"
)
WORDS = VOCABULARY.split(" ")
FRAGMENTS = (
    "\r\nBcc: ke-xau@example.com", "\nBcc: ke-xau@example.com", "\rTo: ke-xau@example.com",
    "\u2028Bcc: ke-xau@example.com", "\u2029\x0bCc: ke-xau@example.com", "\x85To: a@example.com",
    "\r\n\r\n<html>", "\n\n", "\x00", "\x0b", "\x0c", "\x1c", "\x7f", "\t", "\ud800", "\udfff",
    "=?utf-8?b?DQpCY2M6IGtlLXhhdUBleGFtcGxlLmNvbQ==?=", "=?utf-8?q?=0D=0ABcc:_a@example.com?=",
    "=?", "?=", "\u202e", "\u200f", "\u2066", "\ufeff", "\u0338", "😀", "👩‍🌾",
    unicodedata.normalize("NFD", "Định Hóa"), "ạ" * 300, "x" * 300, "đ " * 150, '"', "\\", "(", ")",
    "<ke-xau@example.com>", ", ke-xau@example.com", "; ", ":", "a@example.com> RCPT TO:<b",
    "--=_mixed_", "\r\n.\r\n", " ", "  ",
)  # fmt: skip


@dataclass
class Headers:
    """What was composed and read back; `wrong` keeps the first letters that came out otherwise."""

    letters: int = 0
    differences: int = 0
    injections: int = 0
    misshapen: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.letters > 0 and not (self.differences or self.injections or self.misshapen)

    def __str__(self) -> str:
        return (
            f"{self.letters:,} letters, {self.differences} differences, "
            f"{self.injections} injections, {self.misshapen} misshapen lines or words"
        ) + "".join(f"\n  {text}" for text in self.wrong[:5])


@dataclass(frozen=True)
class Texts:
    """The texts of a letter that come from outside."""

    subject: str
    sender: str
    desk: str
    body: str

    @property
    def shown(self) -> tuple[str, str, str]:
        return one_line(self.subject), one_line(self.sender), one_line(self.desk)


def vietnamese(rng: random.Random) -> Texts:
    return Texts(_phrase(rng, 30), _phrase(rng, 9), _phrase(rng, 14), _phrase(rng, 9))


def hostile(rng: random.Random) -> Texts:
    return Texts(*(_dirt(rng) for _ in range(4)))


def run(count: int, seed: int, texts: Callable[[random.Random], Texts] = vietnamese) -> Headers:
    """Compose letters of such texts and read each back."""
    rng, found = random.Random(seed), Headers()
    for number in range(count):
        each = texts(rng)
        judge(each, written(each, number), found)
    return found


def written(texts: Texts, number: int = 0) -> bytes:
    id = message_id("store", f"letter/{number}", DESK, "example.com")
    return compose(
        Message(
            subject=texts.subject,
            text=texts.body,
            html=f"<p>{texts.body}</p>",
            calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            sender=(texts.sender, SENDER),
            recipient=(texts.desk, DESK),
            reply_to=(texts.sender, OFFICE),
            message_id=id,
            references=(message_id("store", "letter/earlier", DESK, "example.com"),),
            sent_at=SENT_AT,
            unsubscribe=f"mailto:{SENDER}?subject=unsubscribe",
            headers={"X-NTM-Letter": texts.body},
        )
    )


def judge(texts: Texts, raw: bytes, found: Headers) -> None:
    found.letters += 1
    differs = {by_library(raw), by_rust(raw)} != {texts.shown}
    injected = not keeps_its_headers(raw)
    misshapen = not is_well_shaped(raw)
    found.differences += differs
    found.injections += injected
    found.misshapen += misshapen
    if differs or injected or misshapen:
        found.wrong.append(f"{texts!r}: {by_library(raw)!r} {by_rust(raw)!r}")


def by_library(raw: bytes) -> tuple[str, str, str]:
    """Subject and the names of sender and recipient by the library's old decoder."""
    message = message_from_bytes(raw)
    sender, desk = (str(message[name]).rpartition("<")[0] for name in ("From", "To"))
    return decoded(str(message["Subject"])), decoded(sender), decoded(desk)


def decoded(value: str) -> str:
    # By hand: `make_header` puts a space between encoded and plain text.
    parts = decode_header(re.sub(r"\r\n(?=[ \t])", "", value).strip())
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in parts
    )


def by_rust(raw: bytes) -> tuple[str, str, str]:
    mail = parse_email(raw)
    sender = mail.from_.display_name if mail.from_ else None
    desk = mail.to[0].display_name if mail.to else None
    return mail.subject, sender or "", desk or ""


def keeps_its_headers(raw: bytes) -> bool:
    """Whether all read exactly our headers, one recipient, and nothing that was repaired."""
    head = raw.partition(b"\r\n\r\n")[0]
    names = [name.decode() for name in re.findall(rb"(?m)^([^ \t:]+):", head)]
    message, mail = message_from_bytes(raw), parse_email(raw)
    recipients = [address for _, address in getaddresses(message.get_all("To", []))]
    return (
        names == message.keys() == list(mail.headers) == HEADERS
        and all(len(values) == 1 for values in mail.headers.values())
        and recipients == [to.address for to in mail.to] == [DESK]
        and not (mail.cc or mail.bcc or mail.warnings or message.defects)
        and [part.get_content_type() for part in message.walk()] == PARTS
    )


PARTS = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]


def is_well_shaped(raw: bytes) -> bool:
    """Whether its lines end in CRLF, hold printable ASCII and fit; and its encoded words, too."""
    lines, head = raw.split(b"\r\n"), raw.partition(b"\r\n\r\n")[0]
    return (
        all(re.fullmatch(rb"[ -~]*", line) for line in lines)
        and all(len(line) <= 78 or b" " not in line.split(b": ", 1)[-1].strip() for line in lines)
        and all(len(word) <= 75 for word in head.split() if word.startswith(b"=?"))
        and b"List-Unsubscribe: <mailto:ntm@example.com?subject=unsubscribe>\r\n" in raw
    )


def _phrase(rng: random.Random, longest: int) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randrange(1, longest))]
    return "".join(w + (" " if rng.random() < 0.95 else "  ") for w in words).strip()


def _dirt(rng: random.Random) -> str:
    parts = rng.choices((*FRAGMENTS, *WORDS), k=rng.randrange(1, 7))
    return "".join(parts) + "".join(rng.choices("\r\n\t \x0b\x85\u2028", k=rng.randrange(3)))
