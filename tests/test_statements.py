"""What recording asks of the database, counted in statements; how long that takes, the benchmarks say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from offices import Desk, closing_store

from ntm_workflow.domain.obligation import ObligationMet, ObligationNoted
from ntm_workflow.office import Work
from ntm_workflow.office.entry import Request

DUTY = "obligation/D118/tam-ngoc-tam-ky"


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    with closing_store(Desk(sqlite_url).init()) as desk:
        yield desk.adopt("quang-nam-2024-2025")


def test_an_act_looks_at_the_head_once_and_writes_each_row_once(desk: Desk) -> None:
    with desk.office.writing() as work:
        asked = said_by(work)
        work.entry(Request(by="An"), lambda entry: entry.record(DUTY, ObligationMet))

    assert not [each for each in asked if "FROM head" in each]
    assert [each.partition(" ")[0] for each in asked] == [
        *("SELECT", "SELECT"),  # the duty's facts; whether two people are needed
        *("SELECT", "INSERT", "UPDATE"),  # its last version, the event, the head
        *("SELECT", "INSERT", "INSERT", "UPDATE"),  # the live slice, closed and two for it
        *("INSERT", "COMMIT"),  # the line of the audit trail
    ]


def test_a_second_act_of_a_transaction_looks_at_the_head_the_first_one_left(desk: Desk) -> None:
    with desk.office.writing() as work:
        first = work.entry(Request(by="An"), lambda e: e.record(DUTY, ObligationNoted, cause="mưa"))
        asked = said_by(work)
        second = work.entry(Request(by="An"), lambda e: e.record(DUTY, ObligationMet))

    assert second.entry == first.entry + 1
    assert len([each for each in asked if "FROM head" in each]) == 1
    assert desk.office.verify().ok


def said_by(work: Work) -> list[str]:
    """The statements of a transaction from here on, as SQLite runs them."""
    said: list[str] = []
    driver = work.conn.connection.driver_connection
    assert driver is not None
    driver.set_trace_callback(said.append)
    return said
