"""What the writers send: numbered commands in lanes, the same words and key however often they are sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import sqlalchemy as sa
from crash import sample

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.office import Office
from ntm_workflow.office.dossier import HandUp, Which, submit
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.fund import Allocation, allocate, disburse
from ntm_workflow.office.voiding import Change, correct, void
from ntm_workflow.store.schema import COMMAND_KEYS

LANES = len(sample.COMMUNES)
WORKS = 12

#: A round of commands; the number says how many commands back the one stands that it is about.
ROUND = (
    *(("allocate", 0), ("pay", 0), ("hand", 0), ("pay", 0), ("correct", 1), ("void", 4)),
    *(("pay", 0), ("pay", 0), ("correct", 1), ("void", 3), ("void", 8), ("meet", 0)),
)
#: The facts of a whole command.
WHOLE = {
    "allocate": ["FundItemOpened", "FundAllocated"] * WORKS,
    "pay": ["FundDisbursed"],
    "hand": ["DossierSubmitted", "ObligationMet"],
    "correct": ["EntryVoided", "FundDisbursed"],
    "void": ["EntryVoided"],
    "meet": ["ObligationMet"],
}


@dataclass(frozen=True)
class Command:
    """Number `n` of a lane, which has a commune and works of its own."""

    lane: int
    n: int

    @property
    def kind(self) -> str:
        return ROUND[self.n % len(ROUND)][0]

    @property
    def about(self) -> Command:
        return Command(self.lane, self.n - ROUND[self.n % len(ROUND)][1])

    @property
    def key(self) -> str:
        return f"{self.kind} {self.lane}.{self.n}"

    @property
    def commune(self) -> str:
        return sample.COMMUNES[self.lane]

    @property
    def round(self) -> int:
        return self.n // len(ROUND)

    @property
    def works(self) -> list[str]:
        return [f"Đường {self.lane}.{self.round}.{i} (mẫu)" for i in range(WORKS)]

    @property
    def amount(self) -> int:
        return 1_000_000 + self.n

    def is_whole(self, facts: list[Fact]) -> bool:
        return [fact.type for fact in facts] == WHOLE[self.kind]


def send(office: Office, command: Command) -> tuple[list[Fact], bool]:
    """What the office says it holds of the command now, and whether it held it before."""
    key = command.key
    request = Request(by="rig", document=key, key=key, words=(command.kind,))
    receipt = office.record(request, lambda entry: _VERBS[command.kind](entry, command))
    return list(receipt.facts), receipt.repeated


def digest(facts: list[Fact]) -> str:
    """SHA-256 of everything a reader gets of these facts: contents, positions and instants."""
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def _allocate(entry: Entry, command: Command) -> None:
    for item in command.works:
        given = Allocation(
            item=item,
            place=command.commune,
            year=sample.BEGINS.year,
            source="provincial",
            kind="investment",
            amount=10**9,
            # What is unspent is found, and may be paid all the same.
            type="project",
        )
        allocate(entry, given)


def _pay(entry: Entry, command: Command) -> None:
    disburse(entry, command.works[command.n % WORKS], command.amount, payee=None)


def _hand(entry: Entry, command: Command) -> None:
    submit(entry, Which(command.commune, "xa-ntm", 2024), HandUp(to_level="district"))


def _meet(entry: Entry, command: Command) -> None:
    """A duty of the lane's own, a day on for every round: before its day, or after it."""
    day = sample.BEGINS + command.round * timedelta(days=1)
    entry.record(sample.duty(day, command.commune), ObligationMet)


def _correct(entry: Entry, command: Command) -> None:
    change = Change(fields={"amount": str(command.amount)})
    correct(entry, _entry_of(entry, command.about), "gõ nhầm", change)


def _void(entry: Entry, command: Command) -> None:
    void(entry, _entry_of(entry, command.about), "ghi nhầm")


def _entry_of(entry: Entry, command: Command) -> int:
    c = COMMAND_KEYS.c
    return int(entry.conn.execute(sa.select(c.entry).where(c.key == command.key)).scalar_one())


_VERBS: dict[str, Callable[[Entry, Command], None]] = {
    "allocate": _allocate,
    "pay": _pay,
    "hand": _hand,
    "correct": _correct,
    "void": _void,
    "meet": _meet,
}
