"""Measures reading: facts, lists as of a day and known at an entry, one commune's history."""

from __future__ import annotations

from datetime import date
from typing import Any

from measure import Act, Budget, Result, Timed, Turns, compare, exhaust, seconds, timed
from stores import ONE_DAY, Filled, Run, filled, request

from ntm_workflow.cli.obligation import LISTED, item
from ntm_workflow.domain.score import Card, cards
from ntm_workflow.office import history
from ntm_workflow.office.closing import close, waiting
from ntm_workflow.office.score import NEEDED, Chosen, items
from ntm_workflow.projections import VIEWS

#: The size at which 40,000 duties stand in the store, for which the lists have budgets.
LISTS_AT = 100_000
DAY = date(2024, 12, 31)


def read_decode(run: Run) -> Result:
    """Every fact of the journal, as the rebuild reads it."""
    store = run.store
    columns = "position, entry, originator_id, originator_version, topic, state, recorded_at"

    def ours() -> None:
        with store.office.database.read() as conn:
            exhaust(store.office.journal.facts(conn))

    def limit() -> None:
        exhaust(store.raw.stream(f"SELECT {columns} FROM events ORDER BY 1"))

    turns, budget = Turns(timed(ours), timed(limit)), Budget(ratio=0.5)
    return compare("read and decode", store.position, turns, run.rounds, budget)


def list_open(run: Run) -> Result:
    """Duties open on a day, as known when a tenth of the facts was not; with names, as JSON is."""
    return _list(run, "list open duties", Budget(ms=150, at=LISTS_AT))


def list_unit(run: Run) -> Result:
    """The same question about the unit that owes most."""
    unit = by_count(run.store, "obligation", "owed_by")[-1]
    return _list(run, "list one unit's open duties", Budget(ms=30, at=LISTS_AT), unit)


def _list(run: Run, work: str, budget: Budget, unit: str | None = None) -> Result:
    store, known = run.store, run.store.position * 9 // 10
    c = VIEWS["obligation"].table.c
    where = [c.met_on.is_(None)] + ([c.owed_by == unit] if unit else [])

    def ours() -> list[dict[str, Any]]:
        with store.office.reading(DAY, known) as reading:
            rows = reading.rows("obligation", *where, only=LISTED)
            return [item(reading, row) for row in rows]

    with store.office.reading(DAY, known) as reading:
        sql = _question(reading.known, unit)
    note = f"{len(ours()):,} rows, as of and known at"
    turns = Turns(timed(ours), timed(lambda: store.raw.read(sql)))
    return compare(work, 1, turns, run.rounds, budget, note=note)


def _question(known: int, unit: str | None) -> str:
    """The same slices joined to the names shown."""
    columns = ", ".join(f'o."{name}"' for name in LISTED)
    return f"""
        SELECT {columns}, u.name, p.name FROM obligation o
        LEFT JOIN unit u ON u.id = 'unit/' || o.owed_by AND {_at("u", known)}
        LEFT JOIN place p ON p.id = 'place/' || o.place AND {_at("p", known)}
        WHERE {_at("o", known)} AND o.met_on IS NULL
        {f"AND o.owed_by = '{unit}'" if unit else ""} ORDER BY o.id"""


def _at(table: str, known: int) -> str:
    return (
        f"{table}.known_from <= {known} AND {table}.known_to > {known}"
        f" AND {table}.valid_from <= '{DAY}' AND {table}.valid_to > '{DAY}'"
    )


def score_cards(run: Run) -> Result:
    """A year's scorecard of every unit, from the rows of the days on which its duties fell due."""
    store, columns = run.store, ", ".join(f'"{name}"' for name in NEEDED)
    sql = f"""
        SELECT {columns} FROM obligation WHERE known_to > {store.position}
        AND valid_from <= '{DAY}' AND (valid_to > '{DAY}' OR valid_to > last_day)
        ORDER BY id, valid_from"""

    def ours() -> list[Card]:
        with store.office.reading(DAY) as reading:
            return cards(items(reading, Chosen(DAY.replace(month=1, day=1), DAY), "unit"))

    note = f"{sum(each.counted for each in ours()):,} duties"
    turns = Turns(timed(ours), timed(lambda: store.raw.read(sql)))
    return compare(
        "a year's scorecards", 1, turns, run.rounds, Budget(ms=1000, at=LISTS_AT), note=note
    )


def commune_history(run: Run) -> Result:
    """Everything recorded about a commune, with the entry that voided each."""
    store, place = run.store, commune(run.store)
    sql = f"""
        SELECT e.*, f.voided_by FROM facts f JOIN events e ON e.position = f.position
        WHERE f.place = '{place}' ORDER BY f.position"""

    def ours() -> list[Any]:
        with store.office.reading(DAY) as reading:
            wanted = history.Filter(place=place)
            return list(history.find(store.office.journal, reading, wanted))

    turns = Turns(timed(ours), timed(lambda: store.raw.read(sql)))
    note, budget = f"{len(ours()):,} facts", Budget(ms=100)
    return compare("history of one commune", 1, turns, run.rounds, budget, note=note)


def tick(run: Run) -> Result:
    """What a scheduler asks every few seconds: a day to close, a duty to judge, and when next.

    Of a thousand answers the tenth slowest counts.
    """
    store, count = filled(run.home), 10_000 if run.quick else 500_000
    store.append(store.assigned(count))
    store.office.rebuild(check_only=False)
    run.home.settle(store.url)
    store.clock.day = date(2026, 3, 2)
    close(store.office, store.clock.day - ONE_DAY, request())
    c = VIEWS["obligation"]
    first = f"SELECT judge_on FROM obligation WHERE {c.is_now} AND judge_on > '' ORDER BY 1 LIMIT 1"

    def ours() -> None:
        with store.office.reading() as reading:
            waiting(reading, store.office.today)

    turns = Turns(slowest(ours), slowest(lambda: exhaust(store.raw.read(first))))
    found = compare("tick", 1, turns, run.rounds, Budget(ms=5), note=f"{count:,} open duties")
    store.close()
    return found


def slowest(act: Act, times: int = 1000) -> Timed:
    """The seconds in which 99 of a hundred calls are done."""
    return lambda: sorted(seconds(act) for _ in range(times))[times * 99 // 100]


def commune(store: Filled) -> str:
    """One with as many facts as most have."""
    level = "SELECT substr(id, 7) FROM place WHERE level = 'commune'"
    places = by_count(store, "facts", "place", f"WHERE place IN ({level})")
    return places[len(places) // 2]


def by_count(store: Filled, table: str, column: str, where: str = "") -> list[str]:
    """What stands in a column, the most frequent last."""
    sql = f"SELECT {column} FROM {table} {where} GROUP BY 1 ORDER BY count(*), 1"
    return [str(found) for (found,) in store.raw.read(sql)]
