"""Measures the budgets on both databases at three sizes; knows the program from outside only.

Stores are made once for each size and shared: what reads goes first, what writes comes after it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import library
from commands import cli_list, cli_record, cli_show, start_help
from databases import Home, homes
from letters import letters_sent, letters_written, morning_planned
from measure import Result
from money import MONEY, close
from page import DOCS, HEADER, Measured, Part, Report, heading, machine
from phrases import phrases_read
from proving import fact_list, inclusion, rebuild, verify
from reading import commune_history, list_open, list_unit, read_decode, score_cards, tick
from stores import Prepared, Run, loaded, prepared
from writing import append_office, append_recorder, bulk_events, bulk_rows, close_day

Benchmark = Callable[[Run], Result]

READING = (
    *(read_decode, list_open, list_unit, score_cards, commune_history),
    *(verify, inclusion, fact_list),
)
GROWING: tuple[Benchmark, ...] = (
    *READING,
    *(rebuild, cli_show, cli_list, cli_record),
    *(append_recorder, append_office, close_day, bulk_events, bulk_rows),
)
#: Measured at the smallest size only: these have stores of their own, or none.
ONCE: tuple[Benchmark, ...] = (
    tick,
    morning_planned,
    letters_written,
    letters_sent,
    phrases_read,
    start_help,
    *MONEY,
)
#: Names that stand for several.
GROUPS: dict[str, tuple[Benchmark, ...]] = {"money": MONEY}
#: Only asked for by name above this size: it takes a query for each duty it names.
UNTIL: dict[Benchmark, int] = {fact_list: 100_000}
DATABASES = ["sqlite", "postgresql"]
SIZES = [10_000, 100_000, 1_000_000]
QUICK = [2_000, 10_000]


def main() -> None:
    said = _said()
    with homes(said.database) as at:
        report = Report(machine(at, library.ABSENT))
        print(report.machine, flush=True)
        for number, size in enumerate(said.events):
            chosen = _chosen(GROWING if number else (*GROWING, *ONCE), size, said.only)
            for part in measured(at, said.database, size, chosen, quick=said.quick):
                report.parts.append(part)
    if said.write:
        report.write(said.write)


def _chosen(some: Sequence[Benchmark], size: int, only: list[str] | None) -> list[Benchmark]:
    if only:
        asked = {each for name in only for each in GROUPS.get(name, ())}
        return [each for each in some if each.__name__ in only or each in asked]
    return [each for each in some if size <= UNTIL.get(each, size)]


def measured(
    at: Sequence[Home], names: Sequence[str], size: int, chosen: Sequence[Benchmark], *, quick: bool
) -> Iterator[Part]:
    """Every benchmark on each database, all stores of a size made before any is written to."""
    with ExitStack() as stack:
        stack.callback(close)
        stores = [prepared(at[0], size)]
        stack.callback(stores[0].store.close)
        for home in at[1:]:
            stores.append(loaded(home, stores[0]))
            stack.callback(stores[-1].store.close)
        for store in stores:
            if store.store.home.name in names:
                yield _part(store, chosen, quick=quick)


def _part(store: Prepared, chosen: Sequence[Benchmark], *, quick: bool) -> Part:
    """One size on one database, each line printed when it is known."""
    home = store.store.home
    part = Part(store.size, home.name, store.journal, store.tables)
    print(f"\n{heading(part)}\n\n{HEADER}", flush=True)
    run = Run(home, store, quick)
    for benchmark in chosen:
        if benchmark is start_help and home.name != "sqlite":
            continue
        found = Measured(benchmark.__name__, benchmark(run), growing=benchmark in GROWING)
        print(found.result.line(store.size), flush=True)
        part.measured.append(found)
    return part


def _said() -> argparse.Namespace:
    names = [*GROUPS, *(each.__name__ for each in (*GROWING, *ONCE))]
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="small stores, three rounds")
    add("--events", action="append", type=int, metavar="N", help="this size; repeat for several")
    add("--database", action="append", choices=DATABASES, help="only this one")
    add("--only", action="append", choices=names, help="only this; repeat for several")
    add(
        *("--write",),
        nargs="?",
        type=Path,
        const=DOCS,
        metavar="FOLDER",
        help="rewrite the page, the figures and the chart (of docs, or of another folder)",
    )
    said = parser.parse_args()
    if said.write == DOCS and (said.quick or said.only or said.database or said.events):
        parser.error("the page of docs holds everything: leave out what measures less")
    said.database = said.database or DATABASES
    said.events = sorted(said.events or (QUICK if said.quick else SIZES))
    return said


if __name__ == "__main__":
    main()
