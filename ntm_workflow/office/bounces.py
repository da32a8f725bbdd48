"""Letters that came back: found by what returned messages say, and recorded once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ntm_workflow.domain.letter import Letter, LetterBounced
from ntm_workflow.notifications import returned
from ntm_workflow.notifications.returned import Fate, Returned
from ntm_workflow.office import Office, outbox
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.mailbox import Message, messages

#: What a message came to, besides the fates that say nothing new of a letter.
BOUNCED: Final = "bounced"
KNOWN: Final = "known"
UNMATCHED: Final = "unmatched"
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class Found:
    """What one message came to. `letter` is the id, where it is about one of ours."""

    name: str
    what: str
    letter: str | None = None
    status: str | None = None


def record(office: Office, path: Path, request: Request) -> list[Found]:
    """Record each letter that came back, once; what each message came to, in their order."""
    read = [(message.name, _read(message)) for message in messages(path)]
    found: list[Found] = []
    with office.writing() as work:
        ours = outbox.find(work.conn, [said for _, said in read if said is not None])

        def verb(entry: Entry) -> None:
            entry.load([row.letter for row in ours.values()])
            found.extend(_found(entry, name, said, ours) for name, said in read)

        work.entry(request, verb)
    return found


def _read(message: Message) -> Returned | None:
    if message.content is None:
        return None
    try:
        return returned.read(message.content)
    except ValueError:
        return None


def _found(entry: Entry, name: str, said: Returned | None, ours: Mapping[str, Any]) -> Found:
    """What a message comes to; where a letter is lost and nobody knows yet, the fact."""
    if said is None:
        return Found(name, UNREADABLE)
    row = ours.get(said.token or "") or ours.get(said.message_id or "")
    about = (row.letter if row is not None else None, said.status)
    if said.fate is not Fate.LOST:
        return Found(name, said.fate, *about)
    letter: Letter | None = entry.timeline(row.letter).now if row is not None else None
    if row is None or letter is None or row.message_id not in letter.gone:
        return Found(name, UNMATCHED, *about)
    if row.message_id in letter.bounced:
        return Found(name, KNOWN, *about)
    entry.record(row.letter, LetterBounced, message_id=row.message_id, status=said.status)
    return Found(name, BOUNCED, *about)
