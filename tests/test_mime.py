"""The bytes of a letter bring every letter and space of it to the reader, and nothing else."""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from email import message as library
from email import message_from_bytes
from typing import Any

import pytest
from crash import headers as rig
from crash.headers import decoded
from fast_mail_parser import parse_email
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_workflow.notifications.mime import (
    BadAddress,
    Message,
    check_address,
    compose,
    message_id,
    one_line,
    readable,
    token,
    token_of,
    verp,
    visible,
)

ID = "<ntm.0123@example.vn>"
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip
LETTER = Message(
    subject="Nhắc việc",
    text="Kính gửi",
    sender=("Sổ theo dõi nông thôn mới", "ntm@tamky.example.vn"),
    recipient=("UBND xã Tam Thanh", "vanthu@tamthanh.example.vn"),
    message_id=ID,
    sent_at=datetime(2024, 10, 22, 0, 30, tzinfo=UTC),
)
HTML = "<!DOCTYPE html>\n<p>Kính gửi: <b>UBND xã Tam Thanh</b></p>\n"
CALENDAR = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Lịch\r\nEND:VCALENDAR\r\n".encode()
WHOLE = replace(LETTER, html=HTML, calendar=CALENDAR)


def letter(**said: Any) -> bytes:
    return compose(replace(LETTER, **said))


def read(raw: bytes) -> library.Message:
    return message_from_bytes(raw)


def payload(part: library.Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def body(raw: bytes) -> str:
    return payload(read(raw)).decode()


# --- headers ------------------------------------------------------------------------------------


def test_vietnamese_subjects_and_names_come_back_to_the_letter() -> None:
    found = rig.run(2_000, seed=20241030)
    assert found.ok, found


def test_no_text_adds_a_header_a_recipient_or_a_part() -> None:
    found = rig.run(2_000, seed=20241030, texts=rig.hostile)
    assert found.ok, found


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        (b"\r\nDate:", b"\r\nBcc: a@example.com\r\nDate:", "injections"),
        (b"<van-thu@example.com>", b"<van-thu@example.com>, a@example.com", "injections"),
        (b"\r\n\r\n--=_mixed_", b"\r\n\r\nx--=_mixed_", "injections"),
        (b"\r\nSubject: ", b"\r\nSubject: =?utf-8?b?IA==?= ", "differences"),
        (b"\r\nSubject: ", b"\r\nSubject: x ", "differences"),
        (b"<mailto:", b"\r\n <mailto:", "misshapen"),
        (b"\r\nDate:", b"\nDate:", "misshapen"),
    ],
)
def test_the_rig_notices_other_bytes(before: bytes, after: bytes, finding: str) -> None:
    texts, found = rig.vietnamese(random.Random(1)), rig.Headers()
    raw = rig.written(texts)
    assert before in raw
    rig.judge(texts, raw, found)
    assert found.ok
    rig.judge(texts, raw.replace(before, after, 1), found)
    assert getattr(found, finding) == 1
    assert not found.ok


UGLY = st.text(
    st.sampled_from('\r\n\u2028\u2029\x0b\x0c\x85\x00\x1c\x7f\ud800\udfff \t:=?<>@,"abBccạđ'),
    max_size=60,
) | st.sampled_from(["x\r\nBcc: a@b.vn", "x\n\nbody", "\r\n\r\n", "x\r\n =?utf-8?b?Cg==?="])


def test_what_cannot_be_sent_is_every_control_surrogate_and_line_end_and_nothing_else() -> None:
    unsendable = {"Cc", "Cs", "Zl", "Zp"}
    for char in map(chr, range(sys.maxunicode + 1)):
        gone = one_line(f"a{char}b") == "a b" and char != " "
        assert gone == (unicodedata.category(char) in unsendable), hex(ord(char))


@settings(max_examples=1_000, deadline=None)
@given(UGLY, UGLY, UGLY, UGLY)
def test_no_text_adds_a_header_line(subject: str, name: str, desk: str, extra: str) -> None:
    raw = letter(
        subject=subject,
        text=extra,
        sender=(name, "a@x.vn"),
        recipient=(desk, "b@x.vn"),
        headers={"X-NTM-Letter": extra},
    )
    head, _, content = raw.partition(b"\r\n\r\n")
    fields = re.findall(rb"(?m)^([^ \t:]+):", head)
    names = [field.decode() for field in fields]
    assert names == [*HEADERS[:6], "X-NTM-Letter", *HEADERS[6:]]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xff]", raw)
    assert re.fullmatch(rb"(?:[A-Za-z0-9+/=]{1,76}\r\n)+", content)
    message = read(raw)
    assert decoded(message["Subject"]) == one_line(subject)
    assert not message.defects


def test_a_letter_that_carries_a_duty_is_automatic_and_offers_no_unsubscribing() -> None:
    message = read(letter())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.keys() == HEADERS
    for name in ("List-Unsubscribe", "list-unsubscribe-post", "Subject", "BCC", "x y", "x\r\nTo"):
        with pytest.raises(ValueError, match="not a header"):
            letter(headers={name: "x"})


def test_a_letter_nobody_must_have_can_be_unsubscribed_by_machine() -> None:
    uri = f"mailto:ntm+u.{'0' * 40}@thu-tu-dong.nong-thon-moi.example.vn?subject=unsubscribe%20me"
    raw = letter(unsubscribe=uri)
    assert f"\r\nList-Unsubscribe: <{uri}>\r\n".encode() in raw


@pytest.mark.parametrize(
    "uri",
    [
        "", "a@x.vn", "https://x.vn", "mailto:", "mailto:a@x", "mailto:a b@x.vn", "mailto:a@x.vn>",
        "mailto:a@x.vn\r\nBcc: b@x.vn", "mailto:a@x.vn?subject=bỏ", "mailto:a@x.vn?a b",
        "mailto:a@x.vn?" + "x" * 301, "mailto:a@x.vn,b@x.vn",
    ],
)  # fmt: skip
def test_a_malformed_way_to_unsubscribe_is_the_callers_mistake(uri: str) -> None:
    with pytest.raises(ValueError, match="not a mailto"):
        letter(unsubscribe=uri)


def test_a_correction_names_the_letters_before_it() -> None:
    ids = tuple(f"<ntm.{'0' * 38}{n}@thu-tu-dong.nongthonmoi.example.vn>" for n in (10, 11, 12))
    raw = letter(references=ids)
    message = read(raw)
    assert message["In-Reply-To"] == ids[-1]
    assert message["References"].split() == list(ids)
    assert b"=?" not in raw.partition(b"In-Reply-To")[2].partition(b"\r\nMIME")[0]
    assert not {"In-Reply-To", "References"} & set(read(letter()).keys())


def test_an_answer_goes_where_the_letter_says() -> None:
    raw = letter(reply_to=("Văn phòng điều phối", "vpdp@x.vn"))
    assert parse_email(raw).reply_to[0].display_name == "Văn phòng điều phối"
    assert parse_email(raw).reply_to[0].address == "vpdp@x.vn"


def test_a_subject_in_another_normal_form_is_sent_in_nfc() -> None:
    raw = letter(subject=unicodedata.normalize("NFD", "Định Hóa, Tam Kỳ"))
    assert decoded(read(raw)["Subject"]) == "Định Hóa, Tam Kỳ"


@pytest.mark.parametrize("bad", ["x@y.vn", "<x>", "<x@y.vn>\r\nBcc: a@b.vn", "<x y@z.vn>", ""])
def test_a_malformed_message_id_is_the_callers_mistake(bad: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        letter(message_id=bad)
    with pytest.raises(ValueError, match="message id"):
        letter(references=(ID, bad))


def test_a_time_without_a_zone_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="aware time"):
        letter(sent_at=LETTER.sent_at.replace(tzinfo=None))


# --- parts --------------------------------------------------------------------------------------


def test_the_parts_of_a_letter_are_told_apart_by_what_they_are() -> None:
    def shape(raw: bytes) -> list[str]:
        return [part.get_content_type().removeprefix("multipart/") for part in read(raw).walk()]

    assert shape(letter()) == ["text/plain"]
    assert shape(letter(html=HTML)) == ["alternative", "text/plain", "text/html"]
    assert shape(letter(calendar=CALENDAR)) == ["mixed", "text/plain", "text/calendar"]
    assert shape(compose(WHOLE)) == [
        "mixed", "alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip


def test_every_part_comes_back_as_it_was_given() -> None:
    raw = compose(WHOLE)
    mail = parse_email(raw)
    assert mail.text_plain == ["Kính gửi\r\n"]
    assert mail.text_html == [HTML.replace("\n", "\r\n")]
    assert [file.content for file in mail.attachments] == [CALENDAR]
    assert not mail.warnings
    text, html, calendar = (part for part in read(raw).walk() if not part.is_multipart())
    assert payload(text).decode() == "Kính gửi\r\n"
    assert payload(html).decode() == HTML.replace("\n", "\r\n")
    assert payload(calendar) == CALENDAR


def test_the_calendar_is_a_file_that_calendar_programs_take() -> None:
    calendar = list(read(compose(WHOLE)).walk())[-1]
    assert dict(calendar.get_params() or ()) == {
        "text/calendar": "", "charset": "utf-8", "method": "PUBLISH", "name": "lich-ntm.ics",
    }  # fmt: skip
    assert calendar.get_content_disposition() == "attachment"
    assert calendar.get_filename() == "lich-ntm.ics"


def test_boundaries_follow_from_the_letter_and_stand_in_no_part() -> None:
    raw = compose(replace(WHOLE, text="--=_mixed_\r\n--=_alternative_" * 9))
    parts = [part for part in read(raw).walk() if part.is_multipart()]
    boundaries = [part.get_boundary() or "" for part in parts]
    assert len(set(boundaries)) == 2
    for boundary in boundaries:
        # Named once, before each of two parts and behind them.
        assert raw.count(boundary.encode()) == 4
    other = {
        part.get_boundary() for part in read(compose(replace(WHOLE, message_id="<a@x.vn>"))).walk()
    }
    assert not other & set(boundaries)


def test_two_composes_are_the_same_bytes() -> None:
    assert compose(WHOLE) == compose(replace(WHOLE))


def test_the_bytes_of_a_letter_never_change() -> None:
    raw = letter(
        subject="Nhắc",
        text="Việc\n",
        sender=("Ban Dieu phoi", "n@x.vn"),
        recipient=("UBND xã", "u@x.vn"),
    )
    assert raw == (
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


def test_a_long_letter_comes_back_and_every_line_of_it_is_sane() -> None:
    text = "\n".join(f"{'  ' * (n % 3)}{n}. {'bước tính rất dài ' * 200}." for n in range(50))
    raw = letter(text=text, html=f"<pre>{text}</pre>")
    plain, html = list(read(raw).walk())[1:]
    assert payload(plain).decode() == f"{text}\n".replace("\n", "\r\n")
    assert payload(html).decode() == f"<pre>{text}</pre>\n".replace("\n", "\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_text_keeps_its_indents_and_loses_its_control_characters() -> None:
    raw = letter(text="a\r\n   b\rc\n\n d\x00\u2028e\ud800  \n\n\n")
    assert body(raw) == "a\r\n   b\r\nc\r\n\r\n d  e\r\n"


def test_the_text_is_in_nfc_and_no_mark_melts_with_a_tag() -> None:
    assert body(letter(text=unicodedata.normalize("NFD", "Định Hóa"))) == "Định Hóa\r\n"
    html = list(read(letter(html="<td>\u0338 onclick=x</td>")).walk())[2]
    assert payload(html).decode() == "<td>\u0338 onclick=x</td>\r\n"


def test_a_letter_is_shown_as_a_reader_sees_it() -> None:
    shown = readable(compose(WHOLE))
    assert shown == (
        "From: Sổ theo dõi nông thôn mới <ntm@tamky.example.vn>\n"
        "To: UBND xã Tam Thanh <vanthu@tamthanh.example.vn>\n"
        "Subject: Nhắc việc\n"
        "Date: Tue, 22 Oct 2024 00:30:00 +0000\n"
        "Message-ID: <ntm.0123@example.vn>\n"
        "Attachment: lich-ntm.ics\n"
        "\n"
        "Kính gửi\n"
    )
    assert readable(letter()) == shown.replace("Attachment: lich-ntm.ics\n", "")


# --- addresses ----------------------------------------------------------------------------------

BAD = [
    "", "a", "@x.vn", "a@", "a@b@x.vn", "a b@x.vn", "a@x .vn", "<a@x.vn>", "a@x.vn>",
    "a@x.vn> RCPT TO:<evil@y.vn", "a@x.vn\r\nBcc: b@x.vn", "a@x.vn\n", "tạm@x.vn", "a@tạm.vn",
    ".a@x.vn", "a.@x.vn", "a..b@x.vn", "a@x..vn", "a@-x.vn", "a@x-.vn", "a@x", "a@1.2.3.4",
    "a@[1.2.3.4]", '"a b"@x.vn', "a,b@x.vn", "A <a@x.vn>", "a@x.vn,b@x.vn", "mailto:a@x.vn",
    "a" * 65 + "@x.vn", "a@" + "x" * 64 + ".vn", "a@" + "x." * 130 + "vn", "a" * 300 + "@x.vn",
    "a@x.vn\x00", "a\x0b@x.vn", "a@x.vn\u2028", "a\ud800@x.vn", "a\u202e@x.vn", "a@x.vn\u200f",
    "😀@x.vn", "a@😀.vn", unicodedata.normalize("NFD", "tạm@x.vn"), "ａ@x.vn", "a@x。vn", "a@x.vn.",
]  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_not_one_plain_mailbox_is_refused(address: str) -> None:
    for field in ("recipient", "sender", "reply_to"):
        with pytest.raises(BadAddress) as refusal:
            letter(**{field: ("UBND", address)})
        assert refusal.value.exit_code == 2
        for language in ("vi", "en"):
            assert len(refusal.value.say(language).splitlines()) == 2


@pytest.mark.parametrize(
    "address", ["a@x.vn", "van-thu.tk+ntm@mail.quangnam.gov.vn", "n@localhost"]
)
def test_a_plain_mailbox_is_taken_as_it_stands(address: str) -> None:
    assert read(letter(recipient=("", address)))["To"] == address


@settings(max_examples=1_000, deadline=None)
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


def test_a_refusal_shows_what_nobody_sees_in_an_address() -> None:
    assert visible("a\u202eb\r\n@x.vn") == "a<U+202E>b  @x.vn"


# --- what names a letter ------------------------------------------------------------------------


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
    assert read(letter(message_id=first))["Message-ID"] == first


@pytest.mark.parametrize("domain", ["", "x", "x.vn>", "x.vn\r\nBcc: a", "x y.vn", "tạm.vn"])
def test_a_message_id_needs_a_plain_domain(domain: str) -> None:
    with pytest.raises(BadAddress):
        message_id("s", "l", "a@x.vn", domain)


def test_a_bounce_brings_back_whose_letter_it_is() -> None:
    ids = [message_id("store", f"letter/{n}", "a@x.vn", "x.vn") for n in range(1_000)]
    senders = {verp("ntm@mail.x.vn", token(id)): token(id) for id in ids}
    assert len(senders) == len(ids)
    for address, expected in senders.items():
        assert re.fullmatch(r"ntm\+b\.[a-z0-9]{24}@mail\.x\.vn", address)
        assert token_of(address) == token_of(address.upper()) == expected


@pytest.mark.parametrize(
    "address",
    ["", "ntm@x.vn", "ntm+b@x.vn", "ntm+b.@x.vn", "ntm+b.0123@x.vn", "b." + "0" * 24, "x"],
)
def test_an_address_of_no_bounce_has_no_token(address: str) -> None:
    assert token_of(address) is None


@pytest.mark.parametrize("length", [37, 38])
def test_the_envelope_sender_fits_where_servers_take_64_characters(length: int) -> None:
    sender = "n" * length + "@x.vn"
    if length == 37:
        assert len(verp(sender, token(ID)).partition("@")[0]) == 64
    else:
        with pytest.raises(BadAddress):
            verp(sender, token(ID))
