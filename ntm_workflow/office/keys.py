"""The keys that make a command safe to run again, and whether two requests under one ask the same.

A request is what it names, not how that was spelled. Knows no verb.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import read_date, read_money, read_number, tidy
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office.corrections import PLACES, UNITS
from ntm_workflow.office.entry import Named, Request
from ntm_workflow.office.fund import find_item
from ntm_workflow.office.names import find_place, find_unit
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.pack import source
from ntm_workflow.store.schema import COMMAND_KEYS


class KeyReused(Refused):
    vi = "Khóa “{key}” đã dùng cho một việc khác (lần ghi #{entry}).\nXem: ntm fact show {entry}. Việc mới cần khóa mới."
    en = "The key “{key}” was used for another request (entry #{entry}).\nSee: ntm fact show {entry}. A new act needs a new key."


def entry_of(conn: sa.Connection, request: Request) -> int | None:
    """The entry recorded under the request's key; refuses where it was for another request."""
    row = conn.execute(_under(request.key)).one_or_none()
    if row is None:
        return None
    then = datetime.fromisoformat(row.recorded_at)
    if row.request_sha256 != asked(request, conn, row.entry, then):
        raise KeyReused(key=request.key, entry=row.entry)
    return int(row.entry)


def remember(conn: sa.Connection, request: Request, entry: int, now: datetime) -> None:
    """Keep what was asked under the request's key. The key of an approved act stays its proposal's."""
    if conn.execute(_under(request.key)).one_or_none() is None:
        said = {"key": request.key, "entry": entry, "recorded_at": now.isoformat()}
        sha256 = asked(request, conn, entry, now)
        conn.execute(sa.insert(COMMAND_KEYS).values(request_sha256=sha256, **said))


def _under(key: str | None) -> sa.Select[Any]:
    return sa.select(COMMAND_KEYS).where(COMMAND_KEYS.c.key == key)


def asked(request: Request, conn: sa.Connection, entry: int, then: datetime) -> str:
    """SHA-256 of what a request asks, its names read as they stood just before `entry`, recorded `then`.

    So the same line says the same when what it named has another name since.
    """
    day = request.on or then.astimezone(VIETNAM).date()
    reading = Reading(conn, day, entry - 1, then)
    body = request.body and Named("unit", request.body)
    around = (request.on, body, request.document, request.note, request.already_done)
    said = _meant(reading, (request.words, around))
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def _meant(reading: Reading, said: Any) -> Any:
    if isinstance(said, Named):
        try:
            return _FOUND[said.kind](reading, said.text)
        except Refused:
            return tidy(said.text)
    if isinstance(said, tuple | list):
        return [_meant(reading, each) for each in said]
    return tidy(said) if isinstance(said, str) else said


def _plan(reading: Reading, text: str) -> str:
    """A pack in a file is what the file says."""
    return hashlib.sha256(source(text)).hexdigest() if text.endswith(".toml") else tidy(text)


def _value(reading: Reading, text: str) -> list[str]:
    """A correction's FIELD=VALUE, the value as that field reads it."""
    field, _, value = (tidy(each) for each in text.partition("="))
    read = (
        find_place if field in PLACES else find_unit if field in UNITS else _READ.get(field, _day)
    )
    try:
        return [field, str(read(reading, value))]
    except Refused:
        return [field, value]


def _day(reading: Reading, text: str) -> str:
    return read_date(text).isoformat()


_READ: dict[str, Callable[[Reading, str], Any]] = {
    "amount": lambda reading, text: read_money(text),
    "value": lambda reading, text: read_number(text),
    "threshold": lambda reading, text: read_number(text),
}
_FOUND: dict[str, Callable[[Reading, str], Any]] = {
    "place": find_place,
    "unit": find_unit,
    "fund": find_item,
    "obligation": lambda reading, text: tidy(text).removeprefix("obligation/"),
    "plan": _plan,
    "value": _value,
}
