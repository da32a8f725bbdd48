"""The bytes of a letter bring every letter and space of it to the reader; alerts say what they are."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import UTC, date, datetime
from email.header import decode_header
from email.message import Message
from typing import Any

import pytest

from ntm_workflow.notifications.context import AlertContext, LetterContext, LetterItem
from ntm_workflow.notifications.letters import render_alert
from ntm_workflow.notifications.mime import (
    Mailbox,
    compose,
)

SENDER = ("Sổ theo dõi nông thôn mới", "ntm@tamky.example.vn")
DESK = ("UBND xã Tam Thanh", "vanthu@tamthanh.example.vn")
SENT_AT = datetime(2024, 10, 22, 0, 30, tzinfo=UTC)
ID = "<ntm.0123@example.vn>"
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip

ITEM = LetterItem(
    id="D010/tam-thanh",
    part="ahead",
    title="Trình hồ sơ đề nghị công nhận xã nông thôn mới nâng cao",
    owed_by="UBND xã Tam Thanh",
    place="xã Tam Thanh",
    clause="điểm 1 mục II",
    plan="Kế hoạch nông thôn mới 2024-2025",
    strength="must",
    expression="trước ngày 30/10/2024",
    strict_day=date(2024, 10, 29),
    nominal_day=date(2024, 10, 30),
    act_by=date(2024, 10, 29),
    enforce_day=date(2024, 10, 31),
    derivation=("“trước ngày 30/10/2024” tính đến hết ngày 29/10/2024",),
)
CONTEXT = LetterContext(
    kind="digest", unit="UBND xã Tam Thanh", day=date(2024, 10, 22), items=(ITEM,)
)


def letter(
    subject: str = "Nhắc việc",
    body: str = "Kính gửi",
    sender: Mailbox = SENDER,
    recipient: Mailbox = DESK,
    headers: dict[str, str] | None = None,
) -> bytes:
    return compose(subject, body, sender, recipient, ID, SENT_AT, headers)


def read(raw: str) -> str:
    """A header value as a reader shows it: by the library's old decoder, which we do not use."""
    unfolded = re.sub(r"\r\n(?=[ \t])", "", raw)
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in decode_header(unfolded)
    )


def read_name(message: Message, field: str) -> str:
    return read(str(message[field]).rpartition("<")[0].strip())


def body_of(message: Message) -> str:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8")


@pytest.mark.parametrize("kind", ["clock", "closing"])
@pytest.mark.parametrize("sample", [False, True])
def test_an_alert_is_told_in_both_languages_and_a_sample_says_so(kind: Any, sample: bool) -> None:
    said = {"before": "05/01/2024 09:00", "after": "05/01/2024 11:00", "trouble": "hết chỗ"}
    context = AlertContext(kind=kind, unit="Phòng", day=date(2024, 1, 5), sample=sample, **said)
    subject, body = render_alert(context)
    vi, en = body.split("\n-- \n")
    assert subject.startswith("[MẪU] [NTM] " if sample else "[NTM] ")
    assert ("Kính gửi: Phòng" in vi, "To: Phòng" in en) == (True, True)
    assert {"ntm clock confirm", "ntm doctor"} & {line.strip() for line in vi.splitlines()} == {
        line.strip() for line in en.splitlines() if line.strip().startswith("ntm ")
    }
    assert not set("{}") & set(subject + body)
    assert unicodedata.is_normalized("NFC", subject + body)


# --- the bytes ----------------------------------------------------------------------------------

VOCABULARY = (
    "Nhắc việc hồ sơ đề nghị xét công nhận đạt chuẩn nông thôn mới nâng cao kiểu mẫu Ủy ban nhân "
    "dân xã Tam Thanh Tam Thăng thành phố Tam Kỳ tỉnh Quảng Nam Bảo Linh Định Hóa Cần Thơ Bhalê "
    "trước ngày 30/10/2024 quý IV/2024 19/19 tiêu chí số 0001 1.500.000.000 đồng (lần 2) – còn "
    '03 ngày: “khẩn”; A&B <x> "y" = =?utf-8?q?a?= , @ . \\ \' [NTM] ? 100 % kế-hoạch vốn giải '
    "ngân thôn phường huyện Phước Ninh Ninh Phước ỷ Ỵ ữ Ặ đ Đ bao cao thang Plan report 2025 R&D"
)
WORDS = VOCABULARY.split(" ")


def phrase(rng: random.Random, longest: int) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randrange(1, longest))]
    return "".join(w + (" " if rng.random() < 0.95 else "  ") for w in words).strip()
