"""Money added up: every total is the sum of its parts, on every day and as known at every moment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import UnknownWord
from ntm_workflow.office import fund, place
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.fund_totals import (
    BEFORE,
    GROUPINGS,
    choose,
    chosen_rows,
    series,
    totals,
    whole,
)
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.fund_totals import SUMMED, Sums, Total

JUNE = date(2024, 6, 30)
PLACES = ("Tam Ngọc", "Tam Thanh", "Tam Phú", "thành phố Tam Kỳ")
MONEY = (
    {"place": PLACES[0], "year": 2024, "source": "provincial", "kind": "investment"},
    {"place": PLACES[1], "year": 2024, "source": "central", "kind": "recurrent", "type": "model"},
    {"place": PLACES[2], "year": 2023, "source": "district", "kind": "investment"},
    {"place": PLACES[3], "year": 2024, "source": "provincial", "kind": "recurrent"},
    {"place": PLACES[0], "year": 2023, "source": "central", "kind": "investment"},
)
ITEMS = tuple(f"Mục mẫu {number}" for number in range(len(MONEY)))
PLAIN = ("disburse", "advance", "accept", "settle", "recover", "give_back", "adjust", "owner")
ACTS = st.tuples(
    st.sampled_from((*PLAIN, "allocate", "void", "correct")),
    st.integers(0, len(ITEMS) - 1),
    st.integers(1, 900),
    st.integers(0, 420),
)


def told(desk: Desk, acts: list[tuple[str, int, int, int]]) -> list[int]:
    """What may be told of the acts, in no order of their days; the entries they made."""
    entries = [
        desk.allocate(item, 1_000 + number, on="20/12/2023", **MONEY[number]).entry
        for number, item in enumerate(ITEMS)
    ]
    for number, (verb, which, amount, day) in enumerate(acts):
        said = Request(by="t", on=date(2023, 12, 1) + timedelta(days=day), key=f"{number}")
        try:
            entries.append(done(desk, said, verb, which, amount, entries))
        except Refused:
            continue
    return entries


def done(desk: Desk, said: Request, verb: str, which: int, amount: int, entries: list[int]) -> int:
    target = entries[amount % len(entries)]
    if verb == "void":
        return desk.void(target, with_dependents=True).entry
    if verb == "correct":
        return desk.correct(target, amount=str(amount)).entry
    if verb == "allocate":
        on = said.on.isoformat() if said.on else None
        return desk.allocate(ITEMS[which], amount, on=on, **MONEY[which]).entry
    return desk.office.record(said, lambda entry: act(entry, verb, which, amount)).entry


def act(entry: Entry, verb: str, which: int, amount: int) -> None:
    item = ITEMS[which]
    match verb:
        case "owner":
            fund.describe(entry, item, "UBND xã Tam Ngọc", None, None)
        case "disburse" | "advance":
            getattr(fund, verb)(entry, item, amount, None)
        case "give_back":
            fund.give_back(entry, item, amount, of_advance=bool(amount % 2))
        case "adjust":
            fund.adjust(entry, item, amount - 450, None)
        case _:
            getattr(fund, verb)(entry, item, amount)


# --- the definition, row by row -------------------------------------------------------------------


def key_of(reading: Reading, row: Any, per: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(
        level_above(reading, row.place, name)
        if name in ("commune", "district")
        else getattr(row, name)
        for name in per
    )


def level_above(reading: Reading, lowest: str, level: str) -> str | None:
    here: str | None = lowest
    while here is not None and reading.places[here].level != level:
        here = reading.places[here].parent
    return here


def sums_of(rows: list[Any]) -> Sums:
    return Sums(len(rows), *(sum(getattr(row, name) or 0 for row in rows) for name in SUMMED))


def by_definition(
    reading: Reading, per: tuple[str, ...], rows: list[Any]
) -> dict[tuple[Any, ...], Sums]:
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(key_of(reading, row, per), []).append(row)
    return {key: sums_of(some) for key, some in groups.items()}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=4, max_size=30), seed=st.integers(0, 10**6))
def test_every_total_is_the_sum_of_its_parts(
    store_url: str, acts: list[tuple[str, int, int, int]], seed: int
) -> None:
    draw = random.Random(seed)
    with closing_store(adopted(store_url, "tam-ky-2024", day="05/03/2025")) as desk:
        entries = told(desk, acts)
        for _ in range(4):
            day = date(2023, 12, 15) + timedelta(days=draw.randrange(430))
            with desk.office.reading(day, draw.choice(entries)) as reading:
                rows = reading.rows("fund")
                for per in [(name,) for name in GROUPINGS] + [tuple(draw.sample(GROUPINGS, 3))]:
                    groups = totals(reading, per, choose(reading))
                    assert {each.key: each.sums for each in groups} == by_definition(
                        reading, per, rows
                    )
                    assert whole(groups) == sums_of(rows)
                must_be_the_days(reading, seed % 2 == 0)


def must_be_the_days(reading: Reading, monthly: bool) -> None:
    """Each point of a series is what a reading of its day says, and the movements add up to it."""
    points = series(reading, choose(reading, year=2024), 2024, "month" if monthly else "quarter")
    spent = given = 0
    for point in points:
        there = [row for row in reading.on(point.until).rows("fund") if row.year == 2024]
        sums = sums_of(there)
        assert point[2:5] == (sums.items, sums.allocated, sums.disbursed)
        given, spent = given + point.allocated_in_period, spent + point.disbursed_in_period
        assert (given, spent) == (sums.allocated, sums.disbursed)


# --- what is asked for ----------------------------------------------------------------------------


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, "tam-ky-2024", day="05/03/2025")) as made:
        for number, item in enumerate(ITEMS):
            made.allocate(item, 1_000, on="20/2/2024", **MONEY[number])
        made.disburse(ITEMS[0], 625, "15/5/2024")
        yield made


def summed(desk: Desk, *per: str, as_of: date | None = None, **asked: Any) -> list[Total]:
    with desk.office.reading(as_of) as reading:
        return totals(reading, per, choose(reading, **asked))


def test_a_rate_is_of_what_was_allocated_by_the_day_looked_at(desk: Desk) -> None:
    desk.allocate(ITEMS[0], 1_000, on="1/8/2024", **MONEY[0])
    [june] = summed(desk, "item", as_of=JUNE, within="Tam Ngọc", year=2024)
    [august] = summed(desk, "item", as_of=date(2024, 8, 1), within="Tam Ngọc", year=2024)
    assert (june.sums.rate, june.sums.allocated) == (0.625, 1_000)
    assert (august.sums.rate, august.sums.allocated) == (0.3125, 2_000)


def test_nothing_allocated_has_no_rate(desk: Desk) -> None:
    assert whole(summed(desk, "item", year=2020)) == Sums()
    assert Sums().rate is None


def test_a_filter_leaves_out_what_is_of_no_such_money(desk: Desk) -> None:
    asked: dict[str, dict[str, Any]] = {
        "within": {"within": "Tam Kỳ"},
        "commune": {"within": "Tam Ngọc"},
        "year": {"year": 2023},
        "source": {"source": "provincial"},
        "kind": {"kind": "recurrent"},
        "type": {"type": "model"},
        "unpaid": {"unpaid": True},
    }
    items = {name: whole(summed(desk, "item", **said)).items for name, said in asked.items()}
    assert items == {"within": 5, "commune": 2, "year": 2, "source": 2, "kind": 2, "type": 1, "unpaid": 4}  # fmt: skip


@pytest.mark.parametrize("said", [{"source": "tỉnh"}, {"kind": "x"}, {"type": ""}])
def test_a_word_that_is_no_source_kind_or_type_is_refused(desk: Desk, said: dict[str, str]) -> None:
    with pytest.raises(UnknownWord):
        summed(desk, "item", **said)


def test_a_list_holds_the_items_a_total_counts(desk: Desk) -> None:
    with desk.office.reading() as reading:
        chosen = choose(reading, within="Tam Ngọc")
        assert [row.item for row in chosen_rows(reading, chosen)] == [ITEMS[4], ITEMS[0]]


def test_a_place_is_counted_where_it_lies_on_the_day_of_the_reading(desk: Desk) -> None:
    desk.record(lambda entry: place.move(entry, "Tam Thanh", "Quảng Nam"), "1/8/2024")
    june = {each.key[0]: each.sums.items for each in summed(desk, "district", as_of=JUNE)}
    august = {each.key[0]: each.sums.items for each in summed(desk, "district")}
    assert june == {"tam-ky": 5}
    assert august == {"tam-ky": 4, None: 1}


def test_money_of_a_district_lies_in_no_commune(desk: Desk) -> None:
    communes = {each.key[0]: each.sums.items for each in summed(desk, "commune")}
    assert communes.pop(None) == 1
    assert sum(communes.values()) == 4


def test_a_series_ends_with_the_day_of_the_reading_and_begins_before_the_year(desk: Desk) -> None:
    desk.allocate("Mục mẫu sớm", 7, on="31/12/2023", **MONEY[1])
    with desk.office.reading(date(2024, 8, 15)) as reading:
        points = series(reading, choose(reading, year=2024), 2024, "quarter")
    assert [(each.period, each.until) for each in points] == [
        (BEFORE, date(2023, 12, 31)),
        ("2024-Q1", date(2024, 3, 31)),
        ("2024-Q2", date(2024, 6, 30)),
        ("2024-Q3", date(2024, 8, 15)),
    ]
    with desk.office.reading() as reading:
        points = series(reading, choose(reading, year=2024), 2024, "month")
    assert [each.until for each in points][-2:] == [date(2024, 12, 31), date(2025, 1, 31)]
