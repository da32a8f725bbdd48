"""Measures readings of money: totals by each grouping, one item, one commune's items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from measure import Act, Budget, Result, Turns, compare, timed
from money_writing import MONEY_WRITING, communes
from reading import commune
from stores import Filled, Run, filled

from ntm_workflow.cli.fund import item
from ntm_workflow.domain.base import Event, Fact
from ntm_workflow.domain.fund_events import (
    AdvanceRecovered,
    FundAdvanced,
    FundAllocated,
    FundDescribed,
    FundDisbursed,
    FundItemOpened,
    VolumeAccepted,
)
from ntm_workflow.office import fund, fund_totals, history
from ntm_workflow.projections.fund_totals import SUMMED

#: The facts of one item, four weeks apart.
FACTS_EACH: Final = 10
DAY: Final = date(2024, 9, 30)
#: What a total may take beside the bare question: at most one and a half times as long.
SHARE: Final = round(1 / 1.5, 3)
_SOURCES: Final = ("central", "provincial", "district", "commune")
_STOCKED: list[tuple[Run, Filled]] = []

Step = Callable[..., Event]
_STEPS: Final[tuple[tuple[Step, dict[str, Any]], ...]] = (
    (FundAdvanced, {"amount": 300_000_000}),
    (VolumeAccepted, {"amount": 400_000_000}),
    (AdvanceRecovered, {"amount": 200_000_000}),
    (FundDisbursed, {"amount": 100_000_000}),
    (FundDisbursed, {"amount": 123_456_789}),
    (VolumeAccepted, {"amount": 500_000_000}),
    (FundDisbursed, {"amount": 1}),
)


def stocked(run: Run) -> Filled:
    """A store of a million money facts, shared by what reads it; each item's facts are known one after another."""
    for known, store in _STOCKED:
        if known.home is run.home:
            return store
    store, count = filled(run.home), 20_000 if run.quick else 1_000_000
    places = communes(store)
    for step in range(FACTS_EACH):
        store.append(_facts(step, places, count // FACTS_EACH))
    store.office.rebuild(check_only=False)
    run.home.settle(store.url)
    _STOCKED.append((run, store))
    return store


def _facts(step: int, places: list[str], items: int) -> Iterator[Fact]:
    for number in range(items):
        name = f"Đường thôn mẫu {number:06}"
        place = places[number % len(places)]
        said = {"item": name, "by": "bench", "effective_on": _day(number, step)}
        yield Fact(f"fund/{name}", step + 1, _event(step, number, place, said))


def _day(number: int, step: int) -> date:
    return date(2024, 1, 8) + timedelta(days=number % 28 + 28 * max(step - 1, 0))


def _event(step: int, number: int, place: str, said: dict[str, Any]) -> Event:
    if step == 0:
        kind = ("work", "project", "model", "content")[number % 4]
        return FundItemOpened(type=kind, place=place, **said)
    if step == 1:
        source, kind = _SOURCES[number % 3], "investment" if number % 5 else "recurrent"
        year = 2023 + number % 3
        return FundAllocated(amount=10**9, source=source, kind=kind, plan_year=year, **said)
    if step == 2:
        return FundDescribed(owner=f"ubnd-{place}", **said)
    event, more = _STEPS[step - 3]
    return event(**more, **said)


# --- totals


def money_place(run: Run) -> Result:
    return _total(run, "place")


def money_district(run: Run) -> Result:
    return _total(run, "district")


def money_source(run: Run) -> Result:
    return _total(run, "source")


def money_kind_year(run: Run) -> Result:
    return _total(run, "kind", "year")


def money_type(run: Run) -> Result:
    return _total(run, "type")


def money_owner(run: Run) -> Result:
    return _total(run, "owner")


def money_item(run: Run) -> Result:
    return _total(run, "item")


def _total(run: Run, *per: str) -> Result:
    """The groups and what they add up to, on a day in the past; the limit sums the same columns."""
    store = stocked(run)
    columns = ["place" if name == "district" else name for name in per]

    def ours() -> None:
        with store.office.reading(DAY) as reading:
            groups = fund_totals.totals(reading, per, fund_totals.choose(reading))
            fund_totals.whole(groups)

    turns = Turns(timed(ours), timed(lambda: store.raw.read(_summed(store, columns))))
    work = f"money by {', '.join(per)}, facts"
    return compare(work, store.position, turns, run.rounds, Budget(ratio=SHARE))


def _summed(store: Filled, columns: list[str], where: str = "") -> str:
    """The bare question."""
    known, names = store.position, ", ".join(columns)
    sums = ", ".join(f"SUM({name})" for name in SUMMED)
    at = f"known_from <= {known} AND known_to > {known} AND valid_from <= '{DAY}' AND valid_to > '{DAY}'"
    grouped = f" GROUP BY {names}" if columns else ""
    names = f"{names}, " if columns else ""
    return f"SELECT {names}COUNT(*), {sums} FROM fund WHERE {at}{where}{grouped}"


# --- one item, one commune


def money_series(run: Run) -> Result:
    """Month by month: the limit asks what began and what ended in each."""
    store = stocked(run)

    def ours() -> None:
        with store.office.reading(DAY) as reading:
            chosen = fund_totals.choose(reading, year=2024)
            fund_totals.series(reading, chosen, 2024, "month")

    def limit() -> None:
        for edge in ("valid_from", "valid_to"):
            store.raw.read(_grown(store, edge))

    turns = Turns(timed(ours), timed(limit))
    return compare("money by month, facts", store.position, turns, run.rounds, Budget(ratio=SHARE))


def _grown(store: Filled, edge: str) -> str:
    known = f"known_from <= {store.position} AND known_to > {store.position}"
    return (
        f"SELECT substr({edge}, 1, 7), COUNT(*), SUM(allocated), SUM(disbursed) FROM fund"
        f" WHERE {known} AND {edge} <= '{DAY}' AND year = 2024 GROUP BY 1"
    )


def money_show(run: Run) -> Result:
    """One item with its history, as `ntm fund show` asks for it."""
    store = stocked(run)
    name = f"Đường thôn mẫu {store.position // FACTS_EACH // 3:06}"

    def ours() -> None:
        with store.office.reading(DAY) as reading:
            id = fund.find_item(reading, name)
            history.of_subject(store.office.journal, reading, id)
            item(reading, reading.row(id))

    sql = f"SELECT * FROM fund WHERE id = 'fund/{name}' AND known_to > {store.position}"
    return _answered(run, "one item and its history", ours, sql)


def money_commune(run: Run) -> Result:
    """The items of one commune, as `ntm fund list --within` shows them."""
    store = stocked(run)
    place = commune(store)
    sql = f"SELECT * FROM fund WHERE place = '{place}' AND known_to > {store.position} AND valid_to > '{DAY}'"
    return _answered(run, "the items of one commune", partial(_listed, store, place), sql)


def _listed(store: Filled, place: str) -> list[Any]:
    with store.office.reading(DAY) as reading:
        chosen = fund_totals.choose(reading, within=place)
        return [item(reading, row) for row in fund_totals.chosen_rows(reading, chosen)]


def money_commune_total(run: Run) -> Result:
    """The same items added up."""
    store = stocked(run)
    place = commune(store)

    def ours() -> None:
        with store.office.reading(DAY) as reading:
            chosen = fund_totals.choose(reading, within=place)
            fund_totals.whole(fund_totals.totals(reading, ["source"], chosen))

    sql = _summed(store, ["source"], f" AND place = '{place}'")
    return _answered(run, "money of one commune by source", ours, sql)


def _answered(run: Run, work: str, ours: Act, sql: str) -> Result:
    store = stocked(run)
    turns = Turns(timed(ours), timed(lambda: store.raw.read(sql)))
    rounds = 4 * run.rounds  # of what is over in a moment another program's turn spoils many
    return compare(work, 1, turns, rounds, Budget(ms=20), note=f"{store.position:,} facts")


MONEY: Final = (
    *(money_place, money_district, money_source, money_kind_year, money_type, money_owner),
    *(money_item, money_series, money_show, money_commune, money_commune_total),
    *MONEY_WRITING,
)


def close() -> None:
    """What was shared is needed no more."""
    for _, store in _STOCKED:
        with suppress(OSError):
            store.close()
    _STOCKED.clear()
