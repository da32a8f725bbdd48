"""What was done in time and typed late, and what was done late: every answer right for its day, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from offices import Desk, closing_store

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.standing import standing
from ntm_workflow.office import adoption
from ntm_workflow.plans.pack import load

ID = "obligation/D118/tam-ngoc-tam-ky"


@pytest.fixture(params=[0, 3, 5])
def granted(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def desk(store_url: str, granted: int) -> Iterator[Desk]:
    """An office whose plan grants that many working days for typing what was done in time."""
    pack = load("quang-nam-2024-2025")
    pack.settings = replace(pack.settings, entry_days=granted)
    with closing_store(Desk(store_url, "05/01/2024").init()) as each:
        each.record(lambda entry: adoption.adopt(entry, pack, "Tam Kỳ"))
        yield each


def known(desk: Desk, day: str) -> tuple[str, bool, bool]:
    """How the duty stood at the end of `day`, as was known then."""
    with desk.office.reading(read_date(day), read_date(day)) as reading:
        row = reading.row(ID)
    assert row is not None
    overturned = row.miss_overturned_by is not None
    return standing(row, read_date(day)), bool(row.recorded_late), overturned


def nightly(desk: Desk, first: str, last: str) -> None:
    """The days closed one by one, each on the next, as a machine that never stands still does."""
    day, end = read_date(first), read_date(last)
    while day <= end:
        after = day.fromordinal(day.toordinal() + 1)
        desk.go(f"{after:%d/%m/%Y}").close(f"{day:%d/%m/%Y}")
        day = after


def test_handed_in_on_28_10_and_typed_on_5_11_gives_three_answers(desk: Desk, granted: int) -> None:
    nightly(desk, "29/10/2024", "04/11/2024")
    desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
    nightly(desk, "05/11/2024", "06/11/2024")
    answers = [known(desk, day) for day in ("30/10/2024", "04/11/2024", "06/11/2024")]
    # Of 30/10 the days granted end on 04/11 and on 06/11, a weekend between.
    missed = granted < 5
    assert answers == [
        ("past_wording", False, False),
        ("overdue" if granted < 3 else "past_wording", False, False),
        ("met", missed, missed),
    ]


def test_a_late_submission_never_erases_the_miss(desk: Desk, granted: int) -> None:
    desk.go("20/11/2024").close("19/11/2024")
    desk.submit("Tam Ngọc", "12/11/2024")
    nightly(desk, "20/11/2024", "22/11/2024")
    with desk.office.reading(read_date("22/11/2024")) as reading:
        row = reading.row(ID)
    assert row is not None
    assert (standing(row, read_date("22/11/2024")), row.missed_on) == (
        "met_late",
        read_date("31/10/2024"),
    )
    assert (row.miss_overturned_by, row.recorded_late) == (None, 0)


def test_nobody_is_judged_before_the_days_granted_are_over(desk: Desk, granted: int) -> None:
    over = {0: "30/10/2024", 3: "04/11/2024", 5: "06/11/2024"}[granted]
    day = read_date(over)
    eve = day.fromordinal(day.toordinal() - 1)
    desk.go("20/11/2024").close(f"{eve:%d/%m/%Y}")
    with desk.office.reading() as reading:
        assert reading.row(ID).missed_on is None  # type: ignore[union-attr]
    desk.close(over)
    with desk.office.reading() as reading:
        assert reading.row(ID).missed_on == read_date("31/10/2024")  # type: ignore[union-attr]
