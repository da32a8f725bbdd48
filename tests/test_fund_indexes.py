"""The items of a place are found from their index, however many places it holds, on both databases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from offices import adopted, closing_store
from test_indexes import asked

from ntm_workflow.office import fund
from ntm_workflow.office.entry import Entry
from ntm_workflow.projections.fund import VIEW
from ntm_workflow.projections.fund_totals import Chosen, totals

DAY = date(2024, 9, 30)
PLACES = ("tam-ngoc-tam-ky", "tam-thanh-tam-ky", "tam-phu-tam-ky", "tam-thang-tam-ky")
ONE = {PLACES[0]}


def plan(conn: sa.Connection, places: Collection[str], known: int) -> str:
    chosen = Chosen(places=places)
    statement, values = asked(conn, lambda c: totals(c, DAY, known, ["source"], chosen))
    explain = "EXPLAIN"
    if conn.dialect.name == "sqlite":
        explain += " QUERY PLAN"
    else:
        # A table as small as this one is read whole all the same.
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return str(conn.exec_driver_sql(f"{explain} {statement}", values).all())


def many(entry: Entry) -> None:
    """Enough items that a database thinks of an index."""
    said: dict[str, Any] = {"year": 2024, "source": "central", "kind": "investment"}
    for number in range(400):
        place = PLACES[number % len(PLACES)]
        fund.allocate(entry, fund.Allocation(item=f"Mục {number}", place=place, amount=1, **said))


@pytest.mark.parametrize("places", [ONE, ONE | {f"x{number}" for number in range(5000)}])
def test_money_of_places_is_added_up_from_their_index(
    store_url: str, places: Collection[str]
) -> None:
    with closing_store(adopted(store_url, "tam-ky-2024")) as desk:
        desk.record(many, "20/2/2024")
        with desk.database.write() as conn:
            # A server does so by itself in time; SQLite knows its tables by their indexes alone.
            if conn.dialect.name == "postgresql":
                conn.exec_driver_sql(f"ANALYZE {VIEW.table.name}")
        with desk.database.read() as conn:
            known = desk.office.journal.head(conn).position
            assert "ix_fund_place_known_to_valid_to" in plan(conn, places, known)
            found = totals(conn, DAY, known, ["place"], Chosen(places=places))
    assert [(each.key, each.sums.allocated) for each in found] == [((PLACES[0],), 100)]
