"""The calendar file is read by a program that is not the one that wrote it, and says what it was told."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from msgspec.structs import replace

from ntm_workflow.notifications.ical import Entry, calendar_file
from ntm_workflow.notifications.mime import BadAddress, many_lines, one_line

STAMP = datetime(2024, 10, 22, 0, 30, tzinfo=UTC)
NAME = "Lịch nông thôn mới"
ENTRY = Entry(
    uid="D010.tam-thanh@example.com",
    day=date(2024, 10, 29),
    summary="Trình hồ sơ đề nghị công nhận xã nông thôn mới nâng cao; xã Tam Thanh",
    description="Điểm 1 mục II, Kế hoạch nông thôn mới.\n  Ghi: “trước ngày 30/10/2024”.",
    sequence=2,
    location="xã Tam Thanh, thành phố Tam Kỳ",
)


def written(*entries: Entry, name: str = NAME, **said: Any) -> bytes:
    return calendar_file(entries, STAMP, name, **said)


def read(raw: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(raw.decode())


def test_an_entry_takes_its_whole_day_and_nobodys_time() -> None:
    [event] = read(written(ENTRY)).events
    assert (event.dtstart, event.dtend) == (date(2024, 10, 29), date(2024, 10, 30))
    assert event.transparency == "TRANSPARENT"
    assert (event.uid, event.sequence, event.status) == (ENTRY.uid, 2, "CONFIRMED")
    assert event.dtstamp == STAMP
    assert not event.alarm


def test_the_file_is_published_under_a_name_and_looked_at_again_each_day() -> None:
    calendar = read(written(ENTRY))
    assert (calendar.method, calendar.version) == ("PUBLISH", "2.0")
    assert "NTM Workflow" in calendar.prodid
    assert (calendar.name, calendar.refresh_interval) == ([NAME], timedelta(days=1))
    assert {(extra.name, extra.value) for extra in calendar.extras} == {("x-wr-calname", NAME)}
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in written()


def test_what_is_off_is_still_told() -> None:
    off = replace(ENTRY, cancelled=True, sequence=3)
    [event] = read(written(off)).events
    assert (event.uid, event.sequence, event.status) == (ENTRY.uid, 3, "CANCELLED")


def test_the_organizer_is_the_sender() -> None:
    office = ('Văn phòng "điều phối": tỉnh', "vpdp@example.com")
    events = read(written(ENTRY, replace(ENTRY, uid="2"), organizer=office)).events
    for event in events:
        assert event.organizer is not None
        assert (event.organizer.common_name, event.organizer.uri) == (
            office[0], "mailto:vpdp@example.com",
        )  # fmt: skip
    with pytest.raises(BadAddress):
        written(ENTRY, organizer=("", "vpdp@example.com\r\nATTENDEE:x"))
    assert b"CN=" not in written(ENTRY, organizer=("", "vpdp@example.com"))


def test_the_order_of_entries_is_kept_and_none_makes_an_empty_file() -> None:
    uids = ["c", "a", "b"]
    assert [e.uid for e in read(written(*(replace(ENTRY, uid=u) for u in uids))).events] == uids
    assert read(written()).events == []


def test_the_same_entries_are_the_same_bytes() -> None:
    vietnam = STAMP.astimezone(timezone(timedelta(hours=7)))
    assert written(ENTRY) == written(replace(ENTRY)) == calendar_file([ENTRY], vietnam, NAME)


@pytest.mark.parametrize(
    "text",
    [r"D:\NTM\nam\2024", r"\\NAS\ho-so", "\\", "\\\\N", "a\\", ";,:\"'", "\ufeffHồ sơ", "a\tb"],
)
def test_signs_that_mean_something_to_the_format_come_back(text: str) -> None:
    [event] = read(written(replace(ENTRY, summary=text, description=text, location=text))).events
    expected = one_line(text.replace("\ufeff", ""))
    assert (event.summary, event.description, event.location) == (expected,) * 3


SIGNS = (
    "\r\nATTENDEE:x", "END:VEVENT", "\n", "\r", "\\", "\\N", "\\n", ";", ",", '"', "\ufeff",
    "ạ" * 80, "Định Hóa ", "\u2028", "\x85", "\ud800", "😀", " ", "e\u0323", "%0D", "^n",
)  # fmt: skip
ANY = st.text(max_size=40) | st.lists(st.sampled_from(SIGNS), max_size=9).map("".join)


@settings(max_examples=1_000, deadline=None)
@given(uid=ANY, summary=ANY, description=ANY, location=ANY, name=ANY)
def test_any_text_comes_back_in_lines_of_75_octets(
    uid: str, summary: str, description: str, location: str, name: str
) -> None:
    entry = replace(ENTRY, uid=f"u{uid}", summary=summary, description=description)
    raw = written(replace(entry, location=location), name=name)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert unicodedata.is_normalized("NFC", raw.decode())
    calendar = read(raw)
    [event] = calendar.events
    one = [one_line(text.replace("\ufeff", "")) for text in (f"u{uid}", summary, location, name)]
    assert [event.uid, event.summary, event.location or "", *calendar.name] == one
    assert event.description == many_lines(description.replace("\ufeff", ""))


@pytest.mark.parametrize("uri", ["https://x.vn/a?b=c;d,e", "mailto:a@x.vn"])
def test_a_link_comes_back(uri: str) -> None:
    assert read(written(replace(ENTRY, url=uri))).events[0].url == uri


@pytest.mark.parametrize("uri", ["https://x.vn/ạ", "https://x.vn\r\nATTENDEE:x", "a b", "\x7f"])
def test_a_link_that_is_no_uri_is_the_callers_mistake(uri: str) -> None:
    with pytest.raises(ValueError, match="not a URI"):
        written(replace(ENTRY, url=uri))


def test_a_time_without_a_zone_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="aware time"):
        calendar_file([ENTRY], STAMP.replace(tzinfo=None), NAME)
