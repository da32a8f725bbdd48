"""The two-person rule: which entries must wait, who may let them happen, and setting the rule.

Judges facts that a verb has decided on, before they are written. Knows no command's meaning: what
waits is the line somebody typed, and approving runs that line again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain import EVENTS
from ntm_workflow.domain.approval import OPEN, ActApproved, ActProposed, ActRejected, Proposal
from ntm_workflow.domain.base import BEGINNING, Fact, Refused
from ntm_workflow.domain.control import TwoPersonRuleSet
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.voiding import PERMANENT
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.sentences import gist, recorded_on

#: What nobody decides to tell, and what holds an address that must not stand in the journal.
NEVER = PERMANENT - {"EntryVoided"} | {"UnitContactChanged"}
#: How many facts of an act its proposal tells.
MOST = 5


class SecondPersonNeeded(Refused):
    """Raised before anything is written; `draft` is what is proposed instead."""

    vi = "Việc này cần người thứ hai duyệt, theo quy tắc hai người của {document}.\nXem: ntm approval show"
    en = "This act needs a second person, by the two-person rule of {document}.\nSee: ntm approval show"
    draft: Draft


class AlreadyProposed(Refused):
    vi = "Việc này đã được đề nghị ở #{number} và đang chờ người thứ hai.\nXem: ntm approval show {number}"
    en = "This act is proposed already as #{number} and waits for a second person.\nSee: ntm approval show {number}"


class ProposalChanged(Refused):
    vi = "Chạy lại dòng lệnh của đề nghị #{number} nay cho kết quả khác; chưa ghi gì.\nKhông duyệt rồi đề nghị lại: ntm approval reject {number} --reason …"
    en = "The line of proposal #{number} now tells something else; nothing was recorded.\nReject it and propose again: ntm approval reject {number} --reason …"


class NoSuchProposal(Refused):
    exit_code = 3
    vi = "Không có đề nghị #{number}.\nXem: ntm approval list"
    en = "There is no proposal #{number}.\nSee: ntm approval list"


class SayWhichProposal(Refused):
    exit_code = 3
    vi = "Đang chờ người thứ hai: {waiting}. Hãy nêu số.\nXem: ntm approval list"
    en = "Waiting for a second person: {waiting}. Say which.\nSee: ntm approval list"


class NotForTwo(Refused):
    exit_code = 2
    vi = "Việc {type} không đặt hai người được: không do ai quyết định ghi, hoặc có địa chỉ không được lưu trong sổ.\nCác việc đặt được: {known}."
    en = "{type} cannot need two people: nobody decides to record it, or it holds an address the journal must not keep.\nTypes that can: {known}."


@dataclass(frozen=True)
class Draft:
    """An act that must wait: who asked for it in which words, what it would tell, and why it waits."""

    request: Request
    summary: str
    sha256: str
    types: tuple[str, ...]
    late_days: int | None


@dataclass
class SecondPerson:
    """The rule as one transaction meets it: the one in force when the transaction began."""

    reading: Reading
    approving: int | None = None
    approved: bool = False

    @cached_property
    def rule(self) -> Any:
        return in_force(self.reading)

    def judge(self, entry: Entry) -> None:
        """Let an entry pass, mark it as approved, or refuse it until a second person does."""
        self.approving = self.approving or entry.request.approves
        told = [f for f in entry.facts if f.event.because is None and f.type not in NEVER]
        if not told or self.approved:
            return
        if self.approving is not None:
            self._approve(entry, told)
        elif self.rule is not None and (why := reasons(self.rule, entry, told)):
            raise self._waiting(entry, told, *why)

    def finish(self) -> None:
        """Whoever approves must have approved something: else the line came to mean another act."""
        if self.approving is not None and not self.approved:
            raise ProposalChanged(number=self.approving)

    def _approve(self, entry: Entry, told: list[Fact]) -> None:
        waiting = entry.timeline(f"approval/{self.approving}").now
        if waiting is None:
            raise NoSuchProposal(number=self.approving)
        if waiting.sha256 == fingerprint(told):
            entry.later.append(partial(_approved, proposal=waiting, act=entry.number))
            self.approved = True
        elif self.rule is not None and reasons(self.rule, entry, told):
            raise ProposalChanged(number=self.approving)

    def _waiting(
        self, entry: Entry, told: list[Fact], types: tuple[str, ...], late: int | None
    ) -> SecondPersonNeeded:
        gists = [gist(fact, "vi", self.reading.names) for fact in told[:MOST]]
        more = [f"… (+{len(told) - MOST})"] if len(told) > MOST else []
        refusal = SecondPersonNeeded(document=self.rule.document)
        summary = "; ".join([*gists, *more])
        refusal.draft = Draft(entry.request, summary, fingerprint(told), types, late)
        return refusal


def in_force(reading: Reading) -> Any | None:
    """The row of the rule that stands at a reading; None while nobody has set one."""
    # Every command asks, and most stores have none: the whole query would be a tenth of a command.
    if reading.conn.exec_driver_sql("SELECT 1 FROM control LIMIT 1").first() is None:
        return None
    rows = reading.rows("control")
    return max(rows, key=lambda row: row.known_from) if rows else None


def reasons(rule: Any, entry: Entry, told: list[Fact]) -> tuple[tuple[str, ...], int | None] | None:
    """The types that need two people and the days an entry is late; None when it may pass."""
    types = {fact.type for fact in told} & set(rule.types)
    if any(id.startswith("control/") for id in entry.changed):
        types.add(TwoPersonRuleSet.__name__)
    late = _days_late(told)
    too_late = rule.late_days is not None and late > rule.late_days
    return (tuple(sorted(types)), late if too_late else None) if types or too_late else None


def _days_late(told: list[Fact]) -> int:
    """How late the oldest fact is told; taking on a plan tells of days long before, and is not late."""
    if any(fact.type == "PlanAdopted" for fact in told):
        return 0
    days = [(recorded_on(f) - f.event.effective_on).days for f in told if _dated(f)]
    return max(days, default=0)


def _dated(fact: Fact) -> bool:
    return fact.event.effective_on != BEGINNING


def fingerprint(told: list[Fact]) -> str:
    """SHA-256 of what an act tells, whoever types it and whatever number its entry gets."""
    said = [
        (re.sub(rf"\b{f.entry}\b", "#", f.subject), f.type, replace(f.event, by="")) for f in told
    ]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def propose(entry: Entry, draft: Draft) -> None:
    """Record that an act waits for a second person. Refuses one that waits already."""
    table = VIEWS["approval"].table.c
    same = entry.reading.rows("approval", table.state == OPEN, table.sha256 == draft.sha256)
    if same:
        raise AlreadyProposed(number=same[0].number)
    entry.record(
        f"approval/{entry.number}",
        ActProposed,
        effective_on=entry.today,
        command=draft.request.line,
        summary=draft.summary,
        sha256=draft.sha256,
        types=draft.types,
        late_days=draft.late_days,
    )


def reject(entry: Entry, number: int, reason: str) -> None:
    """Decide that a proposed act will not happen; its proposer takes it back the same way."""
    id = f"approval/{number}"
    if not entry.exists(id):
        raise NoSuchProposal(number=number)
    entry.record(id, ActRejected, proposal=number, reason=reason)


def _approved(entry: Entry, proposal: Proposal, act: int) -> None:
    entry.find(
        f"approval/{proposal.number}",
        ActApproved,
        effective_on=entry.now.astimezone(VIETNAM).date(),
        proposal=proposal.number,
        act=act,
        proposed_by=proposal.by,
    )


def to_approve(reading: Reading, number: int | None, by: str) -> Any:
    """The row of the proposal `by` may approve: the one named, else the only one that waits."""
    from ntm_workflow.domain.approval import rule

    row = proposal(reading, number or the_only_one(reading))
    event = ActApproved(
        effective_on=reading.as_of, by=by, proposal=row.number, act=0, proposed_by=row.by
    )
    if refusal := rule(row, event):
        raise refusal
    return row


def proposal(reading: Reading, number: int) -> Any:
    row = reading.row(f"approval/{number}")
    if row is None:
        raise NoSuchProposal(number=number)
    return row


def the_only_one(reading: Reading) -> int:
    waiting = reading.rows("approval", VIEWS["approval"].table.c.state == OPEN)
    if len(waiting) != 1:
        raise SayWhichProposal(waiting=[f"#{row.number}" for row in waiting])
    return int(waiting[0].number)


def set_rule(entry: Entry, types: tuple[str, ...], late_days: int | None) -> None:
    """Set which acts need two people, instead of whatever rule stood before."""
    known = sorted(set(EVENTS) - NEVER)
    for type in types:
        if type not in known:
            raise NotForTwo(type=type, known=known)
    ordered: Mapping[str, None] = dict.fromkeys(sorted(types))
    entry.record(
        f"control/{entry.number}", TwoPersonRuleSet, types=tuple(ordered), late_days=late_days
    )
