"""Measures writing money: the closing of a day on which a rule looks for unspent money, and the import of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from measure import Budget, Result, Turns, compare
from stores import ONE_DAY, PLAN, Filled, Mirror, Run, filled, request
from xlsxwriter import Workbook

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.fund_events import FundAllocated, FundItemOpened
from ntm_workflow.domain.plan import MoneyRule, MoneyRuleAdopted
from ntm_workflow.office import closing as closings
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund_import import import_sheet
from ntm_workflow.office.fund_rows import Common
from ntm_workflow.office.sheets import find_table

#: 100,000 rows in half a minute.
_ROWS_A_SECOND: Final = 3_334
#: Payments on each item of a sheet.
_EACH: Final = 5


def money_closing(run: Run) -> Result:
    """Every item of a year is found with nothing spent: two facts and two rows each."""
    store, count = filled(run.home), 2_000 if run.quick else 100_000
    days = [date(2025, 6, 30) + n * ONE_DAY for n in range(run.few)]
    for n, day in enumerate(days):
        store.office.record(request(), partial(_ruled, day=day, year=2025 + n))
        store.append(_unspent(communes(store), 2025 + n, count))
    store.office.rebuild(check_only=False)
    store.clock.day = days[0]
    closings.close(store.office, days[0] - ONE_DAY, request())
    mirror = Mirror(store)

    def act() -> None:
        store.clock.day += ONE_DAY
        closings.close(store.office, store.clock.day - ONE_DAY, request())

    turns = Turns(mirror.ours(act), mirror.limit())
    note = f"{count:,} items with nothing spent"
    result = compare(
        "close a day of a money rule", count, turns, run.few, Budget(10_000), note=note
    )
    store.close()
    return result


def _ruled(entry: Entry, day: date, year: int) -> None:
    """A rule that looks on a day at money of a year; of real plans it does so once a year."""
    types = ("work", "project", "model", "content")
    said = {"id": "M-07", "clause": "IV.7", "expression": "đến ngày 30/6 hằng năm"}
    rule = MoneyRule(**said, day=day, plan_year=year, stop_types=types[:1], reallocate_types=types)
    entry.record(f"plan/{PLAN}", MoneyRuleAdopted, rule=rule)


def _unspent(places: list[str], year: int, count: int) -> Iterator[Fact]:
    for number in range(count):
        name, place = _named(year, number), places[number % len(places)]
        said: dict[str, Any] = {"item": name, "by": "bench", "effective_on": date(2024, 2, 20)}
        yield Fact(f"fund/{name}", 1, FundItemOpened(type="content", place=place, **said))
        money = {"source": "provincial", "kind": "investment", "plan_year": year}
        yield Fact(f"fund/{name}", 2, FundAllocated(amount=10**9, **money, **said))


def _named(year: int, number: int) -> str:
    return f"Mục mẫu {year}-{number:06}"


def communes(store: Filled) -> list[str]:
    """The ids of every commune."""
    return [row[0] for row in store.raw.read("SELECT substr(id, 7) FROM place WHERE level = 'commune' ORDER BY 1")]  # fmt: skip


# --- a sheet of payments


def money_import(run: Run) -> Result:
    """A workbook read, judged row by row and recorded as one entry."""
    store, count = filled(run.home), 1_000 if run.quick else 100_000
    store.append(_unspent(communes(store), 2024, count // _EACH))
    store.office.rebuild(check_only=False)
    store.clock.day = date(2024, 9, 30)
    mirror, sheets = Mirror(store), numbers()

    with TemporaryDirectory() as folder:
        paths = [_sheet(Path(folder) / f"{n}.xlsx", n, count) for n in range(run.few)]

        def act() -> None:
            _import(store, paths[next(sheets)])

        turns = Turns(mirror.ours(act), mirror.limit())
        budget, note = Budget(_ROWS_A_SECOND), f"{count:,} rows"
        result = compare("import a sheet of payments", count, turns, run.few, budget, note=note)
    store.close()
    return result


def _sheet(path: Path, month: int, count: int) -> Path:
    """Payments of a month, another for each sheet: what the journal has already is not taken twice."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Tên công trình", "Thanh toán (đồng)", "Ngày thanh toán"))
        for row in range(count):
            day = f"{1 + row % 28:02}/{3 + month:02}/2024"
            page.write_row(1 + row, 0, (_named(2024, row // _EACH), 1_000_000 + row, day))
    return path


def _import(store: Filled, path: Path) -> None:
    _, table = find_table(path, None, "payments", {}, lambda headings: {}, None)
    done = []
    verb = partial(import_sheet, table=table, common=Common(what="payments"))
    store.office.record(request(), lambda entry: done.append(verb(entry)))
    assert done[0].recorded == len(table.lines)


MONEY_WRITING: Final = (money_closing, money_import)
