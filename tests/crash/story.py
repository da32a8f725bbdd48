"""A stretch of days drawn from a seed: a plan taken on, what people type, and the days closed.

Every command has a key of its own and is drawn without looking at the store: what a rule refuses is
part of the story, and refused again however often it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

import sqlalchemy as sa
from crash import sample
from crash.told import Told

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.obligation import ObligationMet, ObligationWaived
from ntm_workflow.office import Office, adoption, clock, closing, dossier, fund, obligation, voiding
from ntm_workflow.office.entry import Entry, NoSuchEntry, Request
from ntm_workflow.store.schema import COMMAND_KEYS

ONE_DAY = timedelta(days=1)
#: How far a clock is set back that somebody then vouches for.
BACK = timedelta(hours=3)

Verb = Callable[[Entry], object]


@dataclass(frozen=True)
class Step:
    """One command at one moment. `exact`: the clock says just that, also after a crash."""

    key: str
    at: datetime
    do: Callable[[Office, Request], object]
    on: date | None = None
    exact: bool = False

    def take(self, office: Office) -> str:
        """Send it, and say what came of it: done, or the refusal's name."""
        paper = f"CV {self.key}"
        request = Request(by="rig", on=self.on, document=paper, key=self.key, words=(self.key,))
        try:
            self.do(office, request)
        except Refused as refused:
            return type(refused).__name__
        return "done"


def story(seed: int, days: int) -> list[Step]:
    """A plan of `days` days, lived through; some days are closed late, several at once."""
    return _Teller(Random(seed), days).tell()


def prepare(office: Office) -> None:
    """An empty store: taking on the plan is a command like the others."""
    office.create(office.database)


class _Teller:
    def __init__(self, random: Random, days: int) -> None:
        self.random = random
        self.days = days
        self.steps: list[Step] = []
        self.items: list[str] = []
        self.clock = Told(_morning(sample.BEGINS))

    def tell(self) -> list[Step]:
        money = sample.BEGINS + ONE_DAY * self.random.randrange(self.days // 2, self.days)
        pack = sample.plan(self.days, money)
        self._add("adopt", _records(partial(adoption.adopt, pack=pack)))
        for _ in range(2):
            self._allocate()
        for n in range(1, self.days + 2):
            self.clock.at = _morning(sample.BEGINS + n * ONE_DAY)
            if n > self.days or self.random.random() < 0.7:
                self._add("close", _close)
            for _ in range(self.random.randrange(1, 4)):
                self.random.choice(self._acts)()
        return self.steps

    @property
    def _acts(self) -> tuple[Callable[[], None], ...]:
        often = (self._meet, self._pay, self._undo)
        once = (self._allocate, self._hand, self._extend, self._suspend, self._waive, self._back)
        return (*often, *often, *once)

    def _add(
        self, kind: str, do: Callable[[Office, Request], object], on: date | None = None
    ) -> None:
        self.steps.append(Step(f"{kind} {len(self.steps)}", self.clock.at, do, on))
        self.clock.at += timedelta(hours=1)

    def _earlier(self) -> date:
        """Today or up to three days before: what happened then is typed late."""
        day = self.clock.at.date() - self.random.randrange(4) * ONE_DAY
        return max(day, sample.BEGINS)

    def _duty(self) -> str:
        """A duty of some day not far from today, over or to come."""
        near = (self.clock.at.date() - sample.BEGINS).days + self.random.randrange(-3, 4)
        day = sample.BEGINS + min(max(near, 0), self.days - 1) * ONE_DAY
        return sample.duty(day, self.random.choice(sample.COMMUNES))

    # --- what people type

    def _allocate(self) -> None:
        item = f"Đường thôn {len(self.items)} (mẫu)"
        given = fund.Allocation(
            item=item,
            place=self.random.choice(sample.COMMUNES),
            year=sample.BEGINS.year,
            source="provincial",
            kind="investment",
            amount=10**9,
            type=self.random.choice(["project", "content"]),
        )
        self.items.append(item)
        self._add("allocate", _records(partial(fund.allocate, given=given)))

    def _pay(self) -> None:
        item, amount = self.random.choice(self.items), self.random.randrange(1, 10**8)
        verb = partial(fund.disburse, item=item, amount=amount, payee=None)
        self._add("pay", _records(verb), self._earlier())

    def _meet(self) -> None:
        id = self._duty()
        self._add("meet", _records(lambda e: e.record(id, ObligationMet)), self._earlier())

    def _waive(self) -> None:
        id = self._duty()
        self._add("waive", _records(lambda e: e.record(id, ObligationWaived)))

    def _hand(self) -> None:
        place = self.random.choice(sample.COMMUNES)
        which, to = dossier.Which(place, "xa-ntm", 2024), dossier.HandUp(to_level="district")
        verb = partial(dossier.submit, which=which, handed=to)
        self._add("hand", _records(verb), self._earlier())

    def _extend(self) -> None:
        id, until = self._duty(), self.clock.at.date() + self.random.randrange(1, 9) * ONE_DAY
        self._add("extend", _records(lambda e: obligation.extend(e, id, until, None)))

    def _suspend(self) -> None:
        id, until = self._duty(), self.clock.at.date() + self.random.randrange(1, 5) * ONE_DAY
        self._add("suspend", _records(lambda e: obligation.suspend(e, id, until)))

    def _undo(self) -> None:
        """Void one of the last commands, or correct its day."""
        about = self.random.choice(self.steps[-12:]).key
        if self.random.random() < 0.5:
            self._add("void", _records(lambda e: voiding.void(e, _entry(e, about), "ghi nhầm")))
            return
        change = voiding.Change(on=self._earlier())
        self._add(
            "correct", _records(lambda e: voiding.correct(e, _entry(e, about), "gõ nhầm", change))
        )

    def _back(self) -> None:
        """The clock is set back, nothing is recorded, somebody vouches for it."""
        self.clock.at -= BACK
        self._pay()
        self._add("confirm", clock.confirm)
        self.steps[-2:] = [replace(step, exact=True) for step in self.steps[-2:]]
        self._meet()


def _records(verb: Verb) -> Callable[[Office, Request], object]:
    return lambda office, request: office.record(request, verb)


def _close(office: Office, request: Request) -> object:
    return closing.close(office, office.today - ONE_DAY, request)


def _entry(entry: Entry, key: str) -> int:
    c = COMMAND_KEYS.c
    found = entry.conn.scalar(sa.select(c.entry).where(c.key == key))
    if found is None:
        raise NoSuchEntry(entry=0, last=entry.number - 1)
    return int(found)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)
