"""The calendar file of dates: days of duties that a desk takes over into its own calendar.

Knows no letter, no rule and no clock. The same entries give the same bytes (RFC 5545, 7986).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ntm_workflow.notifications.mime import Mailbox, check_address, many_lines, one_line

if TYPE_CHECKING:
    from icalendar.parser import Contentline

#: Property names and values of the library's types, in the order in which they are written.
Properties = Mapping[str, Any]

_MAKER: Final = "-//NTM Workflow//Thu nhac viec//VI"
_REFRESHED: Final = timedelta(days=1)
_FOLDED: Final = 75
_ONE_DAY: Final = timedelta(days=1)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One day in a calendar. A program that knows `uid` takes the higher `sequence` in its place.

    What is off is still told, `cancelled`: an entry that is merely left out stays in calendars.
    `url` is a URI in ASCII.
    """

    uid: str
    day: date
    summary: str
    description: str
    sequence: int
    cancelled: bool = False
    location: str | None = None
    url: str | None = None


def calendar_file(
    entries: Iterable[Entry], stamp: datetime, name: str, organizer: Mailbox | None = None
) -> bytes:
    """An iCalendar file of all-day entries under METHOD:PUBLISH, to be looked at, not answered.

    `stamp` is aware: when the file was made. `organizer` is the sender, whom RFC 5546 wants named.
    Raises BadAddress; a naive time, a URI that is none or a sequence beyond 32 bits is a ValueError.
    """
    from icalendar.prop import vDatetime, vDuration

    if stamp.tzinfo is None:
        raise ValueError("a calendar needs an aware time")
    shared = {
        "DTSTAMP": vDatetime(stamp.astimezone(UTC)),
        # Nobody is busy all day because a duty ends on it.
        "TRANSP": _text("TRANSPARENT"),
    }
    if organizer:
        shared["ORGANIZER"] = _organizer(*organizer)
    in_each = list(_lines(shared))
    called = _text(name)
    head = {
        "VERSION": _text("2.0"),
        "PRODID": _text(_MAKER),
        "METHOD": _text("PUBLISH"),
        "NAME": called,
        "X-WR-CALNAME": called,
        # RFC 7986 gives this one no type of its own.
        "REFRESH-INTERVAL": vDuration(_REFRESHED, params={"VALUE": "DURATION"}),
    }
    events = (_component("VEVENT", in_each, _lines(_event(entry))) for entry in entries)
    return b"".join(map(_written, _component("VCALENDAR", _lines(head), *events)))


def _component(name: str, *inside: Iterable[Contentline]) -> Iterator[Contentline]:
    from icalendar.parser import Contentline

    yield Contentline(f"BEGIN:{name}")
    yield from chain.from_iterable(inside)
    yield Contentline(f"END:{name}")


def _lines(properties: Properties) -> Iterator[Contentline]:
    """Values, escapes and folds are the library's; its own components, which also guess types and
    sort, take more than twice the time.
    """
    from icalendar.parser import Contentline

    for name, value in properties.items():
        yield Contentline.from_parts(name, value.params, value)


def _written(line: Contentline) -> bytes:
    # The library walks through every letter of a line, which takes half of all the time there is.
    return b"\r\n ".join(_folds(line.encode())) + b"\r\n"


def _folds(line: bytes) -> Iterator[bytes]:
    """RFC 5545, 3.1: at most 75 octets a line; no letter is cut in two, and no escape."""
    start, room = 0, _FOLDED
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:
            end -= 1
        end -= line[end - 1] in b"\\^"
        yield line[start:end]
        # What goes on begins with a space.
        start, room = end, _FOLDED - 1
    yield line[start:]


def _event(entry: Entry) -> Properties:
    from icalendar.prop import vDate, vInt

    properties = {
        "UID": _text(entry.uid),
        "SEQUENCE": vInt(entry.sequence),
        "DTSTART": vDate(entry.day, {"VALUE": "DATE"}),
        "DTEND": vDate(entry.day + _ONE_DAY, {"VALUE": "DATE"}),
        "SUMMARY": _text(entry.summary),
        "DESCRIPTION": _text(entry.description, many_lines),
        "STATUS": _text("CANCELLED" if entry.cancelled else "CONFIRMED"),
    }
    if entry.location:
        properties["LOCATION"] = _text(entry.location)
    if entry.url:
        properties["URL"] = _uri(entry.url)
    return properties


def _text(text: str, clean: Callable[[str], str] = one_line) -> Any:
    """A TEXT value; the library would drop a byte-order mark and break the line in “D:\\NTM”."""
    from icalendar.prop import vText, vUnknown

    plain = clean(text.replace("\ufeff", ""))
    if r"\N" not in plain:
        return vText(plain)
    parts = (vText(part).to_ical().decode() for part in plain.split(r"\N"))
    return vUnknown(r"\\N".join(parts))


def _uri(uri: str) -> Any:
    from icalendar.prop import vUri

    if not uri.isascii() or not uri.isprintable() or " " in uri:
        raise ValueError(f"not a URI: {uri!r}")
    return vUri(uri)


def _organizer(name: str, address: str) -> Any:
    from icalendar.prop import vCalAddress

    shown = one_line(name)
    return vCalAddress(f"mailto:{check_address(address)}", params={"CN": shown} if shown else {})
