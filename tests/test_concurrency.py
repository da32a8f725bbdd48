"""Several processes at one store: each is served, none sees half an entry, rules hold for all."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import TypeVar

import pytest

from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.closing import DayClosed
from ntm_workflow.domain.fund import OverLeft
from ntm_workflow.office import Office, Receipt
from ntm_workflow.office import closing as days
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.fund import Allocation, allocate, disburse
from ntm_workflow.plans.pack import load
from ntm_workflow.store.engine import Database

T = TypeVar("T")

PROCESSES = 4
MONEY = 1_000_000
ROADS = tuple(f"Đường thôn {n} (mẫu)" for n in range(PROCESSES))
SHARED = "Nhà văn hóa xã (mẫu)"


@dataclass(frozen=True)
class Fixed:
    """A clock that stands."""

    at: datetime = datetime(2024, 11, 5, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@contextmanager
def opened(url: str) -> Iterator[Office]:
    with closing(Database(url)) as database:
        yield Office(database, Fixed())


@pytest.fixture
def office(store_url: str) -> Iterator[Office]:
    """A store with a plan's duties and rules, and money on a few works."""
    with opened(store_url) as made:
        made.create(made.database)
        plan = partial(adopt, pack=load("quang-nam-2024-2025"), within="tam-ky")
        made.record(Request(by="test"), plan)
        give(made, dict.fromkeys((*ROADS, SHARED), 100 * MONEY))
        yield made


def give(office: Office, money: dict[str, int]) -> None:
    road = partial(
        Allocation, place="tam-ngoc-tam-ky", year=2024, source="provincial", kind="investment"
    )
    with office.writing() as work:
        for item, amount in money.items():
            request = Request(by="test", on=date(2024, 2, 20))
            given = road(item=item, amount=amount)
            work.entry(request, partial(allocate, given=given))


def pay(office: Office, item: str, key: str, amount: int = MONEY) -> Receipt:
    """As `ntm fund disburse --item … --amount … --key …` does it."""
    request = Request(by="test", document=key, key=key, words=(item, amount))
    verb = partial(disburse, item=item, amount=amount, payee=None)
    return office.record(request, verb)


# --- processes that begin together

_together: Barrier


def _arrive(barrier: Barrier) -> None:
    global _together
    _together = barrier


def meet() -> None:
    """Wait until every process has come to this line."""
    _together.wait(timeout=120)


def _take_part(work: Callable[[str, int], T], url: str, me: int) -> T:
    try:
        return work(url, me)
    except Exception:
        _together.abort()  # or the others would wait for this one
        raise


def at_once(work: Callable[[str, int], T], url: str, processes: int = PROCESSES) -> list[T]:
    """What `work` returns in each of some processes that `meet` one another."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, _arrive, (together,)) as pool:
        jobs = [pool.submit(_take_part, work, url, me) for me in range(processes)]
    for job in jobs:
        if not isinstance(job.exception(), BrokenBarrierError | None):
            job.result()
    return [job.result() for job in jobs]


# --- what must be true of every store


def everything(office: Office) -> list[Fact]:
    with office.reading() as reading:
        return list(office.journal.facts(reading.conn))


def spent(office: Office) -> dict[str, int]:
    with office.reading() as reading:
        return {row.item: row.disbursed for row in reading.rows("fund")}


def assert_sound(office: Office) -> None:
    facts = everything(office)
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    assert office.verify().ok
    assert office.rebuild(check_only=True).equal


# --- writers

EACH = 12


def pay_alone_and_together(url: str, me: int) -> list[int]:
    """Payments on an item of one's own and on one that all pay on; returns their entries."""
    with opened(url) as office:
        meet()
        own = [pay(office, ROADS[me], f"own {me}.{n}") for n in range(EACH)]
        shared = [pay(office, SHARED, f"shared {me}.{n}") for n in range(EACH)]
        return [receipt.entry for receipt in (*own, *shared)]


def test_four_processes_writing_at_once_lose_nothing(office: Office, store_url: str) -> None:
    told = [entry for entries in at_once(pay_alone_and_together, store_url) for entry in entries]
    paid = [fact for fact in everything(office) if fact.type == "FundDisbursed"]
    assert sorted(told) == [fact.entry for fact in paid]
    assert set(Counter(fact.event.document for fact in paid).values()) == {1}
    roads = dict.fromkeys(ROADS, EACH * MONEY)
    assert spent(office) == {**roads, SHARED: PROCESSES * EACH * MONEY}
    assert_sound(office)


def send_the_same(url: str, me: int) -> list[tuple[int, bool]]:
    """Commands that every process sends at the same moment; their entries, and if repeated."""
    receipts = []
    with opened(url) as office:
        for n in range(EACH):
            meet()
            receipts.append(pay(office, SHARED, f"raced {n}"))
    return [(receipt.entry, receipt.repeated) for receipt in receipts]


def test_of_four_who_send_the_same_command_one_records_it_and_all_are_told_its_entry(
    office: Office, store_url: str
) -> None:
    for answers in zip(*at_once(send_the_same, store_url), strict=True):
        assert len({entry for entry, _ in answers}) == 1
        assert sorted(repeated for _, repeated in answers) == [False, True, True, True]
    assert spent(office)[SHARED] == EACH * MONEY
    assert_sound(office)


SCARCE = tuple(f"Cầu {n} (mẫu)" for n in range(6))


def take_the_last(url: str, me: int) -> list[str | None]:
    """Try to pay all there is on each item; what was refused, None where it was paid."""
    with opened(url) as office:
        return [refusal(office, item, f"{item} {me}") for item in SCARCE]


def refusal(office: Office, item: str, key: str) -> str | None:
    meet()
    try:
        pay(office, item, key)
    except Refused as refused:
        return refused.say("vi")
    return None


def test_money_for_one_is_paid_to_one_and_the_rule_refuses_the_others(
    office: Office, store_url: str
) -> None:
    give(office, dict.fromkeys(SCARCE, MONEY))
    told = zip(*at_once(take_the_last, store_url), strict=True)
    for item, answers in zip(SCARCE, told, strict=True):
        sentence = OverLeft(amount=MONEY, left=0, item=item).say("vi")
        assert Counter(answers) == {None: 1, sentence: PROCESSES - 1}
        assert spent(office)[item] == MONEY
    assert_sound(office)


# --- closings

BEGINS, UNTIL = date(2024, 1, 1), date(2024, 10, 31)
FOUND = {"ObligationMissed", "ZeroDisbursementFound", "ReallocationCaseOpened"}


def close_days(url: str, me: int) -> tuple[date, ...]:
    with opened(url) as office:
        meet()
        return days.close(office, UNTIL, Request(by="test")).days


def test_two_closings_at_once_close_each_day_once(office: Office, store_url: str) -> None:
    closed = at_once(close_days, store_url, processes=2)
    wanted = [BEGINS + timedelta(days=n) for n in range((UNTIL - BEGINS).days + 1)]
    assert sorted(day for each in closed for day in each) == wanted
    facts = everything(office)
    assert [f.event.day for f in facts if isinstance(f.event, DayClosed)] == wanted
    found = Counter((f.type, f.subject) for f in facts if f.type in FOUND)
    assert {type for type, _ in found} == FOUND
    assert set(found.values()) == {1}
    assert_sound(office)


# --- readers

BATCHES = 15


def pay_all(entry: Entry) -> None:
    for road in ROADS:
        disburse(entry, road, MONEY, payee=None)


def pay_in_batches(url: str, me: int) -> None:
    """Every entry pays on all roads; nobody may ever see some of its payments only."""
    with opened(url) as office:
        for n in range(BATCHES):
            office.record(Request(by="test", key=f"{me}.{n}"), pay_all)


def look(office: Office) -> int:
    """How many batches one reading shows: journal and rows must tell the same, and whole."""
    with office.reading() as reading:
        facts = list(office.journal.facts(reading.conn))
        rows = {row.item: row.disbursed for row in reading.rows("fund")}
    paid = [fact for fact in facts if fact.type == "FundDisbursed"]
    for _, entry in groupby(paid, key=lambda fact: fact.entry):
        assert [fact.subject for fact in entry] == [f"fund/{road}" for road in ROADS]
    batches = len(paid) // len(ROADS)
    assert rows == {SHARED: 0, **dict.fromkeys(ROADS, batches * MONEY)}
    return batches


def test_a_reader_among_writers_sees_whole_entries_only(office: Office, store_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        writing = [pool.submit(pay_in_batches, store_url, me) for me in range(2)]
        seen = [look(office)]
        while not all(job.done() for job in writing):
            seen.append(look(office))
        for job in writing:
            job.result()
    assert seen == sorted(seen)
    assert look(office) == 2 * BATCHES
    assert_sound(office)


def test_a_reader_is_not_kept_waiting_and_sees_nothing_of_an_open_transaction(
    office: Office,
) -> None:
    with office.writing() as work:
        for n in (1, 2):
            work.entry(Request(by="test", key=f"batch {n}"), pay_all)
            inside = {row.item: row.disbursed for row in work.reading().rows("fund")}
            assert inside == {SHARED: 0, **dict.fromkeys(ROADS, n * MONEY)}
            assert look(office) == 0
    assert look(office) == 2


def test_a_reading_stays_at_its_moment_while_others_write(office: Office) -> None:
    with office.reading() as earlier:
        office.record(Request(by="test"), pay_all)
        assert look(office) == 1
        assert {row.disbursed for row in earlier.rows("fund")} == {0}
        assert office.journal.head(earlier.conn).position == earlier.known
