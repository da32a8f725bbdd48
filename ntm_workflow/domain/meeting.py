"""Meetings: that one was held, who chaired it, and which duties its conclusions give."""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class MeetingRecorded(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A meeting was held on `effective_on`, chaired by `body`; `attended` are units."""

    title: str
    attended: tuple[str, ...] = ()


class MeetingConcluded(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A conclusion of the meeting, in the paper that tells it, gives a duty; `obligation` is its bare id."""

    obligation: str


class Conclusion(msgspec.Struct, frozen=True):
    obligation: str
    document: str | None
    on: date
    entry: int


class Meeting(msgspec.Struct, frozen=True):
    title: str
    held_on: date
    chaired_by: str | None
    document: str | None
    attended: tuple[str, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()


class ConclusionPaperMissing(Refused):
    exit_code = 2
    vi = "Kết luận cuộc họp phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành” của thông báo kết luận hoặc biên bản."
    en = "A conclusion needs the paper that tells it.\nAdd --document “number, date, issuer” of the notice or the minutes."


def rule(meeting: Meeting, event: Event) -> Refused | None:
    return None if event.document else ConclusionPaperMissing()


def evolve(meeting: Meeting | None, fact: Fact) -> Meeting:
    match fact.event:
        case MeetingRecorded(title=title, attended=attended) as told:
            return Meeting(title, told.effective_on, told.body, told.document, attended)
        case MeetingConcluded(obligation=id, document=paper, effective_on=day):
            state = cast(Meeting, meeting)
            more = Conclusion(id, paper, day, fact.entry)
            return replace(state, conclusions=(*state.conclusions, more))
        case other:
            raise TypeError(other)


SUBJECT = Subject[Meeting]("meeting", (MeetingRecorded, MeetingConcluded), evolve, rule)
