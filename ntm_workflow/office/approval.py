"""The two-person rule: which entries must wait, who may let them happen, and setting the rule.

Judges facts that a verb has decided on, before they are written. Knows no command's meaning: what
waits is the line somebody typed, and approving runs that line again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.approval import OPEN, ActApproved, ActProposed, ActRejected, Proposal
from ntm_workflow.domain.base import BEGINNING, Fact, Refused
from ntm_workflow.domain.control import TwoPersonRuleSet
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.driver import fetch
from ntm_workflow.office.entry import PLAN_TOLD, Entry
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.voiding import PERMANENT
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.sentences import gist, recorded_on

#: Acts whose lines name a person or an address, which must not stand in the journal.
_PERSONAL = frozenset({"UnitContactChanged", "LetterAcknowledged", "ReminderAcknowledged"})
#: What nobody decides to tell, and what must not be told.
NEVER = PERMANENT - {"EntryVoided"} | _PERSONAL
#: How many facts of an act its proposal tells, those for which it waits first.
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
    """An act that must wait: what it would tell, by language, and why it waits."""

    summary: dict[str, str]
    sha256: str
    types: tuple[str, ...]
    late_days: int | None


@dataclass
class SecondPerson:
    """The rule as one transaction meets it: the one in force when the transaction began.

    All entries of a transaction are one act: they wait together, and are approved together.
    """

    reading: Reading
    told: list[Fact] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    late_days: int | None = None
    approving: Proposal | None = None

    @cached_property
    def rule(self) -> Any:
        return in_force(self.reading)

    def judge(self, entry: Entry) -> None:
        """Take an entry into the act; the first of an approved one is where its approval is recorded."""
        told = [f for f in entry.facts if f.event.because is None and f.type not in NEVER]
        if not told:
            return
        self.told += told
        if entry.request.approves is not None:
            self._approve(entry, entry.request.approves)
        elif self.rule is not None:
            types, late = reasons(self.rule, entry, told)
            self.types |= types
            self.late_days = max((d for d in (late, self.late_days) if d is not None), default=None)

    def finish(self, reading: Callable[[], Reading], approves: int | None) -> None:
        """Let the whole act pass, or refuse it: it must wait, or is not what was proposed."""
        if approves is not None:
            if self.approving is None or self.approving.sha256 != fingerprint(self.told):
                raise ProposalChanged(number=approves)
        elif self.types or self.late_days is not None:
            raise self._waiting(reading())

    def _approve(self, entry: Entry, number: int) -> None:
        if self.approving is not None:
            return
        self.approving = entry.timeline(f"approval/{number}").now
        if self.approving is None:
            raise NoSuchProposal(number=number)
        entry.later.append(partial(_approved, proposal=self.approving, act=entry.number))

    def _waiting(self, reading: Reading) -> SecondPersonNeeded:
        told = sorted(self.told, key=lambda fact: fact.type not in self.types)
        more = [f"… (+{len(told) - MOST})"] if len(told) > MOST else []
        summary = {
            lang: "; ".join([*(gist(f, lang, reading.names) for f in told[:MOST]), *more])
            for lang in ("vi", "en")
        }
        refusal = SecondPersonNeeded(document=self.rule.document)
        types = tuple(sorted(self.types))
        refusal.draft = Draft(summary, fingerprint(self.told), types, self.late_days)
        return refusal


def in_force(reading: Reading) -> Any | None:
    """The row of the rule that stands at a reading; None while nobody has set one."""
    # Every command asks, and most stores have none: the whole query would be a tenth of a command.
    if not fetch(reading.conn, "SELECT 1 FROM control LIMIT 1"):
        return None
    return max(reading.rows("control"), key=_order, default=None)


def _order(row: Any) -> tuple[date, int]:
    """By its day, then by when it was first set: correcting an old rule does not make it the newest."""
    return row.since, int(row.id.partition("/")[2])


def reasons(rule: Any, entry: Entry, told: list[Fact]) -> tuple[set[str], int | None]:
    """The types for which an entry needs two people, and the days it is late where that is too many."""
    types = {fact.type for fact in told} & set(rule.types)
    if any(id.startswith("control/") for id in entry.changed):
        types.add(TwoPersonRuleSet.__name__)
    late = _days_late(told)
    too_late = rule.late_days is not None and late > rule.late_days
    return types, late if too_late else None


def _days_late(told: list[Fact]) -> int:
    """How late the oldest fact is told. What a plan says is dated by the plan: adopting it is not late."""
    if any(fact.type in PLAN_TOLD for fact in told):
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
    """Record that an act waits for a second person. Refuses one that waits already, but for its own key."""
    table = VIEWS["approval"].table.c
    same = entry.reading.rows("approval", table.state == OPEN, table.sha256 == draft.sha256)
    if same and not entry.request.key:
        raise AlreadyProposed(number=same[0].number)
    entry.record(
        f"approval/{entry.number}",
        ActProposed,
        effective_on=entry.today,
        command=entry.request.line,
        summary=draft.summary["vi"],
        summary_en=draft.summary["en"],
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
