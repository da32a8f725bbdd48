"""Days closed night by night, and the same days after the machine was off for weeks: the same facts.

People go on typing meanwhile, each act on its own day. What differs is when a finding was recorded,
and so its position; nothing else may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from crash.told import Told, opened
from msgspec.structs import replace

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.office import Office, adoption, closing, fund
from ntm_workflow.office.entry import Request
from ntm_workflow.plans.pack import load

ONE_DAY = timedelta(days=1)
PLANS, AREA, COMMUNE = ("quang-nam-2024-2025", "tam-ky-2024"), "tam-ky", "tam-ngoc-tam-ky"
#: Only the first are ever paid for: the finding of the others stops payments, once it is made.
WORKS = tuple(f"Đường {n} (mẫu)" for n in range(6))
PAID = 3
#: Days before and after the outage on which days are closed nightly.
AROUND = 10


@dataclass(frozen=True)
class Outage:
    """The last day closed before it, and how many days nothing is closed."""

    first: date
    days: int = 40

    @property
    def over(self) -> date:
        return self.first + self.days * ONE_DAY


def live(url: str, outage: Outage, *, off: bool) -> list[Fact]:
    """A store's facts after the plans were lived through those days, with the machine off or on."""
    clock = Told(_morning(outage.first - AROUND * ONE_DAY))
    with opened(url, clock) as office:
        office.create(office.database)
        _begin(office)
        while office.today <= outage.over + AROUND * ONE_DAY:
            if not off or not outage.first < office.today <= outage.over:
                closing.close(office, office.today - ONE_DAY, Request(by="daemon"))
            _type(office)
            clock.at += ONE_DAY
        assert office.verify().ok
        assert office.rebuild(check_only=True).equal
        with office.reading() as reading:
            return list(office.journal.facts(reading.conn))


def differences(one: Iterable[Fact], other: Iterable[Fact]) -> list[tuple[str, str]]:
    """The facts one has and the other has not, or not as often; numbers of entries aside."""
    a, b = (
        Counter((f.subject, repr(replace(f.event, because=None))) for f in x) for x in (one, other)
    )
    return sorted([*(a - b), *(b - a)])


def _begin(office: Office) -> None:
    for plan in PLANS:
        office.record(Request(by="people"), partial(adoption.adopt, pack=load(plan), within=AREA))
    for item in WORKS:
        given = fund.Allocation(
            item=item,
            place=COMMUNE,
            year=2024,
            source="provincial",
            kind="investment",
            amount=10**9,
        )
        office.record(Request(by="people"), partial(fund.allocate, given=given))


def _type(office: Office) -> None:
    """Every third day a work is paid for, every eighth the next duty is done before its day."""
    n = office.today.toordinal()
    if n % 3 == 0:
        pay = partial(fund.disburse, item=WORKS[n // 3 % PAID], amount=10**6, payee=None)
        office.record(Request(by="people", document=f"CV {n}"), pay)
    if n % 8 == 0 and (id := _next_duty(office)):
        office.record(Request(by="people"), lambda entry: entry.record(id, ObligationMet))


def _next_duty(office: Office) -> str | None:
    with office.reading() as reading:
        rows = [
            (row.enforce_day, row.id)
            for row in reading.rows("obligation")
            if row.enforce_day and row.enforce_day >= office.today and row.met_on is None
        ]
    return min(rows)[1] if rows else None


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)
