"""Letters: that a unit was to be written to, and that the letter left. The bytes stay in the outbox."""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class LetterIssued(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """The ladder says that a unit must hear; `rungs` are (obligation id, days before act-by).

    An alert has no rungs: `about` is what is wrong with the machine or its work.
    """

    unit: str
    kind: str
    day: date
    rungs: tuple[tuple[str, int], ...]
    about: str | None = None


class LetterSent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The letter left with these exact bytes. `contact` is an id, not an address."""

    message_id: str
    contact: str
    sha256: str


class Letter(msgspec.Struct, frozen=True):
    unit: str
    kind: str
    day: date
    rungs: tuple[tuple[str, int], ...]
    state: str = "queued"
    message_id: str | None = None
    about: str | None = None


class LetterGone(Refused):
    vi = "Thư này đã gửi đi rồi.\nXem: ntm letter list"
    en = "This letter has left already.\nSee: ntm letter list"


def rule(letter: Letter, event: Event) -> Refused | None:
    return LetterGone() if isinstance(event, LetterSent) and letter.state == "sent" else None


def evolve(letter: Letter | None, fact: Fact) -> Letter:
    match fact.event:
        case LetterIssued(unit=unit, kind=kind, day=day, rungs=rungs, about=about):
            return Letter(unit, kind, day, rungs, about=about)
        case LetterSent(message_id=message_id):
            return replace(cast(Letter, letter), state="sent", message_id=message_id)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Letter]("letter", (LetterIssued, LetterSent), evolve, rule)
