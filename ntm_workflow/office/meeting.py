"""Meetings: recorded, and their conclusions given as duties, with the same derivation as any letter's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.meeting import (
    ConclusionPaperMissing,
    Meeting,
    MeetingConcluded,
    MeetingRecorded,
)
from ntm_workflow.domain.obligation import ObligationAssigned, ObligationMet
from ntm_workflow.domain.values import fold
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.names import NotFound, near
from ntm_workflow.office.obligation import SLUG, Letter, give
from ntm_workflow.office.place import unused
from ntm_workflow.office.reading import Reading, bare


class ConcludedBefore(Refused):
    exit_code = 2
    vi = "Cuộc họp ngày {held_on}; kết luận không thể là ngày {day}.\nKiểm tra lại --on."
    en = "The meeting was held on {held_on}; it cannot have concluded on {day}.\nCheck --on."


def record(entry: Entry, title: str, attended: Iterable[str], meets: Iterable[str]) -> str:
    """A meeting of the request's day, chaired by its body; `meets` are the duties that it does. Its id."""
    said, day = readable(tidy(title)), entry.request.on or entry.today
    slug = fold(said)[:SLUG].strip().replace(" ", "-") or "cuoc-hop"
    id = f"meeting/{_id(entry, f'{slug}-{day.isoformat()}', said)}"
    entry.record(id, MeetingRecorded, title=said, attended=tuple(dict.fromkeys(attended)))
    for duty in meets:
        entry.record(f"obligation/{duty}", ObligationMet)
    return id


def _id(entry: Entry, id: str, title: str) -> str:
    """An id of its own; the same meeting told again keeps it, and is refused as told already."""
    known: Meeting | None = entry.timeline(f"meeting/{id}").now
    return id if known is None or known.title == title else unused(entry, "meeting", id)


def conclude(entry: Entry, meeting: str, letter: Letter) -> None:
    """A duty by the meeting's conclusion, received by who chaired it unless the letter names another."""
    state: Meeting = entry.timeline(meeting).now  # type: ignore[assignment]
    paper, day = entry.request.document or state.document, entry.request.on or entry.today
    if not paper:
        raise ConclusionPaperMissing
    if day < state.held_on:
        raise ConcludedBefore(held_on=state.held_on, day=day)
    if letter.from_unit is None:
        letter = replace(letter, from_unit=state.chaired_by)
    with entry.saying(day, paper):
        give(entry, letter)
        given = next(f for f in reversed(entry.facts) if isinstance(f.event, ObligationAssigned))
        entry.record(meeting, MeetingConcluded, obligation=bare(given.subject))


def find_meeting(reading: Reading, typed: str) -> str:
    """The full id of a meeting, by its id or its title where only one is called so."""
    text = readable(tidy(typed)).removeprefix("meeting/")
    rows = reading.rows("meeting", only=("id", "title"))
    found = [r.id for r in rows if bare(r.id) == text] or [
        r.id for r in rows if fold(r.title) == fold(text)
    ]
    if len(found) != 1:
        known = [bare(row.id) for row in rows]
        raise NotFound(typed=typed, day=reading.as_of, noun="meeting", near=near(text, known))
    return str(found[0])


def meetings(reading: Reading, since: date | None, until: date | None) -> list[Any]:
    """The meetings held in these days, the last first."""
    rows = reading.rows("meeting")
    held = [r for r in rows if (since or date.min) <= r.held_on <= (until or date.max)]
    return sorted(held, key=lambda row: (row.held_on, row.id), reverse=True)
