"""The bytes of a letter bring every letter and space of it to the reader; alerts say what they are."""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ntm_workflow.notifications.context import AlertContext, LetterContext, LetterItem
from ntm_workflow.notifications.letters import render, render_alert
from ntm_workflow.notifications.mime import (
    BadAddress,
    Mailbox,
    check_address,
    compose,
    message_id,
    one_line,
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


def test_twenty_thousand_vietnamese_subjects_and_names_come_back_to_the_letter() -> None:
    rng = random.Random(20241030)
    differences = 0
    for _ in range(20_000):
        subject, name, desk = phrase(rng, 30), phrase(rng, 9), phrase(rng, 14)
        raw = letter(subject, "x", (name, SENDER[1]), (desk, DESK[1]))
        message = message_from_bytes(raw)
        found = (read(message["Subject"]), read_name(message, "From"), read_name(message, "To"))
        differences += found != (subject, name, desk)
        assert message["From"].endswith(f"<{SENDER[1]}>")
        assert all(len(word) <= 75 for word in raw.decode().split() if word.startswith("=?"))
        assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert differences == 0


UGLY = st.text(
    st.sampled_from('\r\n\u2028\u2029\x0b\x0c\x85\x00\x1c\x7f\ud800\udfff \t:=?<>@,"abBccạđ'),
    max_size=60,
) | st.sampled_from(["x\r\nBcc: a@b.vn", "x\n\nbody", "\r\n\r\n", "x\r\n =?utf-8?b?Cg==?="])


def test_what_cannot_be_sent_is_every_control_surrogate_and_line_end_and_nothing_else() -> None:
    unsendable = {"Cc", "Cs", "Zl", "Zp"}
    for char in map(chr, range(sys.maxunicode + 1)):
        gone = one_line(f"a{char}b") == "a b" and char != " "
        assert gone == (unicodedata.category(char) in unsendable), hex(ord(char))


@settings(max_examples=2_500, deadline=None)
@given(UGLY, UGLY, UGLY, UGLY)
def test_no_text_adds_a_header_line(subject: str, name: str, desk: str, extra: str) -> None:
    raw = letter(subject, extra, (name, SENDER[1]), (desk, DESK[1]), {"X-NTM-Letter": extra})
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.findall(rb"(?m)^([^ \t:]+):", head)
    names = [field.decode() for field in fields]
    assert names == [*HEADERS[:6], "X-NTM-Letter", *HEADERS[6:]]
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f]", raw)
    assert re.fullmatch(rb"(?:[A-Za-z0-9+/=]{1,76}\r\n)+", body)
    message = message_from_bytes(raw)
    assert read(message["Subject"]) == one_line(subject)
    assert not message.defects


@settings(max_examples=2_500, deadline=None)
@given(UGLY, st.sampled_from(["ntm@example.vn", "a@b.vn", ""]))
def test_what_stands_around_an_address_is_refused_and_never_sent(dirt: str, address: str) -> None:
    for candidate in {dirt, address + dirt, dirt + address} - {"ntm@example.vn", "a@b.vn"}:
        refusal: BadAddress | None = None
        try:
            check_address(candidate)
        except BadAddress as error:
            refusal = error
        if refusal is None:
            assert re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]+", candidate, re.ASCII)
        else:
            assert len(refusal.say("vi").splitlines()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@x.vn", "a@", "a@b@x.vn", "a b@x.vn", "a@x .vn", "<a@x.vn>", "a@x.vn>",
        "a@x.vn> RCPT TO:<evil@y.vn", "a@x.vn\r\nBcc: b@x.vn", "a@x.vn\n", "tạm@x.vn", "a@tạm.vn",
        ".a@x.vn", "a.@x.vn", "a..b@x.vn", "a@x..vn", "a@-x.vn", "a@x-.vn", "a@x", "a@1.2.3.4",
        "a@[1.2.3.4]", '"a b"@x.vn', "a,b@x.vn", "A <a@x.vn>", "a@x.vn,b@x.vn", "mailto:a@x.vn",
        "a" * 65 + "@x.vn", "a@" + "x" * 64 + ".vn", "a@" + "x." * 130 + "vn",
    ],
)  # fmt: skip
def test_an_address_that_is_not_one_plain_mailbox_is_refused(address: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        letter(recipient=("UBND", address))
    with pytest.raises(BadAddress):
        letter(sender=("UBND", address))
    assert refusal.value.exit_code == 2
    assert (
        len(refusal.value.say("vi").splitlines()) == len(refusal.value.say("en").splitlines()) == 2
    )


@pytest.mark.parametrize(
    "address", ["a@x.vn", "van-thu.tk+ntm@mail.quangnam.gov.vn", "n@localhost"]
)
def test_a_plain_mailbox_is_taken_as_it_stands(address: str) -> None:
    assert message_from_bytes(letter(recipient=("", address)))["To"] == address


def test_two_composes_are_the_same_bytes() -> None:
    said = render(CONTEXT)
    headers = {"X-NTM-Letter": "letter/ubnd-xa-tam-thanh/reminder/2024-10-22"}
    first, second = (letter(said.subject, said.text, headers=headers) for _ in range(2))
    assert first == second


def test_the_bytes_of_a_letter_never_change() -> None:
    assert letter("Nhắc", "Việc\n", ("Ban Dieu phoi", "n@x.vn"), ("UBND xã", "u@x.vn")) == (
        b"From: Ban Dieu phoi <n@x.vn>\r\n"
        b"To: =?utf-8?b?VUJORCB4w6M=?= <u@x.vn>\r\n"
        b"Subject: =?utf-8?b?Tmjhuq9j?=\r\n"
        b"Date: Tue, 22 Oct 2024 00:30:00 +0000\r\n"
        b"Message-ID: <ntm.0123@example.vn>\r\n"
        b"Auto-Submitted: auto-generated\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b"\r\n"
        b"Vmnhu4djDQo=\r\n"
    )


def test_a_whole_letter_comes_back_and_every_line_of_it_is_sane() -> None:
    steps = ("bước tính rất dài " * 200, "bước ngắn")
    items = tuple(replace(ITEM, id=f"D{n}", derivation=steps) for n in range(50))
    said = render(replace(CONTEXT, items=items))
    raw = letter(said.subject, said.text)
    message = message_from_bytes(raw)
    assert read(message["Subject"]) == said.subject
    assert body_of(message) == said.text.replace("\n", "\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_body_keeps_its_indents_and_loses_its_control_characters() -> None:
    message = message_from_bytes(letter(body="a\r\n   b\rc\n\n d\x00\u2028e\ud800  \n\n\n"))
    assert body_of(message) == "a\r\n   b\r\nc\r\n\r\n d  e\r\n"


def test_a_letter_that_carries_a_duty_is_automatic_and_offers_no_unsubscribing() -> None:
    message = message_from_bytes(letter())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.keys() == HEADERS
    for name in ("List-Unsubscribe", "list-unsubscribe-post", "Subject", "BCC", "x y", "x\r\nTo"):
        with pytest.raises(ValueError, match="not a header"):
            letter(headers={name: "x"})


def test_a_message_id_cited_in_a_header_stays_readable_by_machines() -> None:
    ids = " ".join(f"<ntm.{'0' * 38}{n}@thu-tu-dong.nongthonmoi.example.vn>" for n in (10, 11, 12))
    raw = letter(headers={"References": ids})
    assert b"=?" not in raw.partition(b"References")[2].partition(b"\r\nMIME")[0]
    assert message_from_bytes(raw)["References"].split() == ids.split(" ")


def test_a_subject_in_another_normal_form_is_sent_in_nfc() -> None:
    raw = letter(unicodedata.normalize("NFD", "Định Hóa, Tam Kỳ"))
    assert read(message_from_bytes(raw)["Subject"]) == "Định Hóa, Tam Kỳ"


@pytest.mark.parametrize("bad", ["x@y.vn", "<x>", "<x@y.vn>\r\nBcc: a@b.vn", "<x y@z.vn>", ""])
def test_a_malformed_message_id_is_the_callers_mistake(bad: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        compose("s", "b", SENDER, DESK, bad, SENT_AT)


def test_a_time_without_a_zone_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="aware time"):
        compose("s", "b", SENDER, DESK, ID, SENT_AT.replace(tzinfo=None))


def test_the_message_id_is_one_for_a_letter_and_a_recipient_and_short() -> None:
    first = message_id("store", "letter/u/reminder/2024-10-22", "a@x.vn", "x.vn")
    assert first == message_id("store", "letter/u/reminder/2024-10-22", "a@x.vn", "x.vn")
    assert re.fullmatch(r"<[a-z0-9.]{1,59}@x\.vn>", first)
    others = {
        message_id("store2", "letter/u/reminder/2024-10-22", "a@x.vn", "x.vn"),
        message_id("store", "letter/u/reminder/2024-10-23", "a@x.vn", "x.vn"),
        message_id("store", "letter/u/reminder/2024-10-22", "b@x.vn", "x.vn"),
        message_id("storel", "etter/u/reminder/2024-10-22", "a@x.vn", "x.vn"),
    }
    assert len(others | {first}) == 5
    assert (
        message_from_bytes(compose("s", "b", SENDER, DESK, first, SENT_AT))["Message-ID"] == first
    )


@pytest.mark.parametrize("domain", ["", "x", "x.vn>", "x.vn\r\nBcc: a", "x y.vn", "tạm.vn"])
def test_a_message_id_needs_a_plain_domain(domain: str) -> None:
    with pytest.raises(BadAddress):
        message_id("s", "l", "a@x.vn", domain)
