"""Facts to stored rows and back; knows event classes only through the registry it is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from ntm_workflow.domain.base import Event, Fact, Refused

Registry = Mapping[str, type[Event]]
Reader = Callable[[bytes], Event]
#: position, entry, originator_id, originator_version, topic, state, recorded_at
Row = tuple[int, int, str, int, str, bytes, str]

_encode = msgspec.json.Encoder().encode
#: The version stands first and only in events past version 1, so that its absence costs nothing.
_MARK = b'{"v":'


class UnknownEvent(Refused):
    vi = (
        "Sổ có ghi nhận loại {topic} (lần {position}) do chương trình mới hơn ghi.\n"
        "Cập nhật chương trình rồi xem lại: ntm --version"
    )
    en = (
        "The journal holds a {topic} (at {position}) written by a newer program.\n"
        "Update the program, then see: ntm --version"
    )


class UnreadableEvent(Refused):
    vi = (
        "Không đọc được ghi nhận {position} ({topic} của {subject}): {detail}.\n"
        "Kiểm tra: ntm audit verify"
    )
    en = (
        "The fact at {position} ({topic} of {subject}) cannot be read: {detail}.\n"
        "Check: ntm audit verify"
    )


@dataclass(frozen=True)
class RecordedEvent(StoredEvent):
    """A stored event read back, with the envelope the journal put around it."""

    position: int
    entry: int
    recorded_at: datetime


def utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def stamp(moment: datetime) -> str:
    """An instant as stored: UTC with all microseconds, so that text order is time order."""
    return utc(moment).isoformat(timespec="microseconds")[:-6] + "Z"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class FactMapper(Mapper[str]):
    """Facts as JSON of their event under the name of its class; older versions are upcast.

    An event class past version 1 says `VERSION: ClassVar[int] = n` and has a static method
    `upcast_v1_v2(state)` for each step, which changes the decoded dict in place.
    """

    def __init__(self, registry: Registry) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self.registry = dict(registry)
        for kind in self.registry.values():
            _must_be_readable(kind)
        self._readers = _Made(lambda topic: _reader(self.registry[topic]))
        # Most events are of version 1 for ever: their bytes go straight to the decoder.
        self._plain = _Made(lambda topic: _plain_reader(self.registry[topic]))
        self._prefixes = {kind: _prefix(kind) for kind in self.registry.values()}

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        fact = cast("Fact", domain_event)
        event = fact.event
        topic = type(event).__name__
        if self.registry.get(topic) is not type(event):
            raise TypeError(f"{topic} is not in the registry: it could never be read back")
        state = _encode(event)
        prefix = self._prefixes[type(event)]
        if prefix:
            state = prefix + (b"}" if state == b"{}" else b"," + state[1:])
        return StoredEvent(fact.originator_id, fact.originator_version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Fact:
        """The fact; without position and entry unless it was read back from the journal."""
        id, version = str(stored_event.originator_id), stored_event.originator_version
        position, entry, recorded_at = _envelope(stored_event)
        event = self._event(stored_event.topic, stored_event.state, position, id)
        return Fact(id, version, event, position, entry, recorded_at)

    def facts(self, rows: Iterable[Row]) -> list[Fact]:
        """Many rows at once: the way of everything that reads more than one stream."""
        decode, read, found = self._plain, self._event, []
        last, moment = "", None
        for position, entry, id, version, topic, state, recorded_at in rows:
            # The facts of one entry, and often of a whole import, share their instant.
            if recorded_at != last:
                last, moment = recorded_at, self._instant(recorded_at, position, topic, id)
            try:
                plain = not state.startswith(_MARK)
                event = decode[topic](state) if plain else read(topic, state, position, id)
            except (KeyError, TypeError, msgspec.DecodeError):
                event = read(topic, state, position, id)
            found.append(Fact(id, version, event, position, entry, moment))
        return found

    def _instant(self, text: str, position: int, topic: str, subject: str) -> datetime:
        try:
            return instant(text)
        except (ValueError, TypeError) as error:
            said = {"position": position, "topic": topic, "subject": subject}
            raise UnreadableEvent(**said, detail=str(error)) from error

    def _event(self, topic: str, state: bytes, position: int, subject: str) -> Event:
        if topic not in self.registry:
            raise UnknownEvent(topic=topic, position=position)
        try:
            return self._readers[topic](state)
        except _Newer as error:
            raise UnknownEvent(topic=topic, position=position) from error
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableEvent(
                topic=topic, position=position, subject=subject, detail=str(error)
            ) from error


class _Made(dict[str, Reader]):
    """Readers by topic, each made when first asked for: a command meets few of all the events."""

    def __init__(self, make: Callable[[str], Reader]) -> None:
        self._make = make

    def __missing__(self, topic: str) -> Reader:
        made = self[topic] = self._make(topic)
        return made


class _Newer(msgspec.DecodeError):
    """The state carries a version this program does not know."""


def _envelope(stored: StoredEvent) -> tuple[int, int, datetime | None]:
    if isinstance(stored, RecordedEvent):
        return stored.position, stored.entry, stored.recorded_at
    return 0, 0, None


def _version(kind: type[Event]) -> int:
    return int(getattr(kind, "VERSION", 1))


def _prefix(kind: type[Event]) -> bytes:
    return b"" if _version(kind) == 1 else _MARK + str(_version(kind)).encode()


def _must_be_readable(kind: type[Event]) -> None:
    """Refuse an event class of which not every version could be read back."""
    if "v" in kind.__struct_encode_fields__:
        raise TypeError(f"{kind.__name__}: the field v is taken by the version of the event")
    _upcasts(kind)


def _plain_reader(kind: type[Event]) -> Reader:
    """Reads the only version of `kind`; KeyError where there is more than one."""
    if _version(kind) != 1:
        raise KeyError(kind.__name__)
    return msgspec.json.Decoder(kind).decode


def _reader(kind: type[Event]) -> Reader:
    """Reads any version of `kind`; the present one without looking inside."""
    prefix = _prefix(kind)
    current = prefix + b"," if prefix else b""
    upcasts = _upcasts(kind)
    decode = msgspec.json.Decoder(kind).decode

    def read(state: bytes) -> Event:
        if state.startswith(_MARK) if not current else not state.startswith(current):
            return _read_old(kind, state, upcasts)
        return decode(state)

    return read


def _upcasts(kind: type[Event]) -> list[Callable[[dict[str, Any]], None]]:
    """The step from each version to the next; AttributeError where one is missing."""
    return [getattr(kind, f"upcast_v{v}_v{v + 1}") for v in range(1, _version(kind))]


def _read_old(
    kind: type[Event], state: bytes, upcasts: list[Callable[[dict[str, Any]], None]]
) -> Event:
    fields: dict[str, Any] = msgspec.json.decode(state, type=dict[str, Any])
    version = fields.pop("v", 1)
    if version > len(upcasts) + 1:
        raise _Newer(f"version {version}")
    for upcast in upcasts[version - 1 :]:
        upcast(fields)
    return msgspec.convert(fields, kind, str_keys=True)
