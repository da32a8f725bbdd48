"""Approvals: an act one person proposes and another lets happen. Who they are is declared, not proved."""

from __future__ import annotations

from datetime import date
from typing import cast
from unicodedata import combining, normalize

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.values import UNSEEN

OPEN, APPROVED, REJECTED, WITHDRAWN = "waiting", "approved", "rejected", "withdrawn"


class ActProposed(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody typed an act that needs a second person; nothing of it is recorded yet.

    `command` is the line as typed, `summary` what it would have told (in Vietnamese, and since it
    is kept `summary_en`), `sha256` of those facts, `types` and `late_days` (days late) why two
    people are needed.
    """

    command: tuple[str, ...]
    summary: str
    sha256: str
    types: tuple[str, ...] = ()
    late_days: int | None = None
    summary_en: str | None = None


class ActApproved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A second person ran the line of proposal #`proposal` again; entry #`act` is what came of it."""

    proposal: int
    act: int
    proposed_by: str


class ActRejected(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The act will not happen; said by its proposer, it is taken back."""

    proposal: int
    reason: str


class Proposal(msgspec.Struct, frozen=True):
    number: int
    by: str
    proposed_on: date
    command: tuple[str, ...]
    summary: str
    sha256: str
    types: tuple[str, ...]
    late_days: int | None
    state: str = OPEN
    decided_by: str | None = None
    decided_on: date | None = None
    act: int | None = None
    reason: str | None = None
    summary_en: str | None = None


class SamePerson(Refused):
    vi = "Đề nghị #{number} do {by} gõ; người duyệt phải là một người khác.\nNgười khác chạy: ntm approval approve {number} --by …"
    en = "Proposal #{number} was typed by {by}; somebody else must approve it.\nAnother person runs: ntm approval approve {number} --by …"


class AlreadyDecided(Refused):
    vi = "Đề nghị #{number} đã được {by} quyết định ngày {day}; không quyết định lần nữa.\nXem: ntm approval show {number}"
    en = "Proposal #{number} was decided by {by} on {day}; it is not decided again.\nSee: ntm approval show {number}"


def person(name: str) -> str:
    """A declared name as two are compared: its letters and digits, however they are written."""
    # What is not seen goes first: it would keep a letter and its accent apart.
    seen = normalize("NFKC", normalize("NFKC", UNSEEN.sub("", name)).casefold())
    return "".join(c for c in seen if c.isalnum() or combining(c))


def rule(proposal: Proposal, event: Event) -> Refused | None:
    if proposal.state != OPEN:
        return AlreadyDecided(
            number=proposal.number, by=proposal.decided_by, day=proposal.decided_on
        )
    if isinstance(event, ActApproved) and person(event.by) == person(proposal.by):
        return SamePerson(number=proposal.number, by=proposal.by)
    return None


def evolve(proposal: Proposal | None, fact: Fact) -> Proposal:
    match fact.event:
        case ActProposed() as e:
            return Proposal(
                *(fact.entry, e.by, e.effective_on, e.command, e.summary, e.sha256),
                *(e.types, e.late_days),
                summary_en=e.summary_en,
            )
        case ActApproved(by=by, effective_on=day, act=act):
            return _decided(proposal, APPROVED, by, day, act=act)
        case ActRejected(by=by, effective_on=day, reason=reason):
            own = proposal is not None and person(by) == person(proposal.by)
            return _decided(proposal, WITHDRAWN if own else REJECTED, by, day, reason=reason)
        case other:
            raise TypeError(other)


def _decided(
    proposal: Proposal | None,
    state: str,
    by: str,
    day: date,
    act: int | None = None,
    reason: str | None = None,
) -> Proposal:
    decided = {"state": state, "decided_by": by, "decided_on": day, "act": act, "reason": reason}
    return replace(cast(Proposal, proposal), **decided)


SUBJECT = Subject[Proposal]("approval", (ActProposed, ActApproved, ActRejected), evolve, rule)
