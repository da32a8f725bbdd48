"""Duties that hang together: two plans' days for one dossier, what goes ahead, and second days of a clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.office import obligation
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.linked import chain, linked
from ntm_workflow.office.reading import bare

COMMUNE = "obligation/D118/tam-ngoc-tam-ky"
DISTRICT = "obligation/D119/tam-ngoc-tam-ky"
OWN = "obligation/D016/tam-ngoc-tam-ky"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "05/01/2024").init()) as each:
        yield each.adopt("quang-nam-2024-2025", "tam-ky-2024")


@pytest.fixture
def whole(sqlite_url: str) -> Iterator[Desk]:
    with closing_store(Desk(sqlite_url, "05/01/2024").init()) as each:
        yield each.adopt("quang-nam-2024-2025", within=None)


def row(desk: Desk, id: str, day: str | None = None) -> Any:
    with desk.office.reading(read_date(day) if day else None) as reading:
        return reading.row(id)


def extend(desk: Desk, id: str, until: str, on: str) -> int:
    day = read_date(until)
    verb = desk.record(lambda e: obligation.extend(e, id, day, None), on, document="CV 40/UBND")
    return verb.entry


def test_the_citys_day_is_the_one_to_work_by_for_the_commune_and_for_the_city(desk: Desk) -> None:
    with desk.office.reading() as reading:
        plans = linked(reading)
        found = [plans.stricter(reading.row(id)) for id in (COMMUNE, DISTRICT, OWN)]
    assert [each and each.id for each in found] == [OWN, OWN, None]


def test_both_offices_see_every_day_of_the_dossier(desk: Desk) -> None:
    with desk.office.reading() as reading:
        plans = linked(reading)
        beside = {id: [e.id for e in plans.others(reading.row(id))] for id in (COMMUNE, OWN)}
    assert beside == {COMMUNE: [OWN, DISTRICT], OWN: [COMMUNE, DISTRICT]}


def test_each_breach_is_its_own(desk: Desk) -> None:
    desk.go("15/12/2024").close("14/12/2024")
    missed = [row(desk, id).missed_on for id in (OWN, COMMUNE, DISTRICT)]
    assert missed == [read_date(d) for d in ("21/10/2024", "31/10/2024", "01/12/2024")]


def test_the_district_follows_what_the_commune_hands_over(desk: Desk) -> None:
    with desk.office.reading() as reading:
        before, after = chain(reading, reading.row(DISTRICT)), chain(reading, reading.row(COMMUNE))
    assert [each["id"] for each in before["before_it"]] == [bare(COMMUNE)]
    assert [each["id"] for each in after["after_it"]] == [bare(DISTRICT)]


def test_more_time_for_the_commune_opens_the_districts_duty_later_and_says_why(desk: Desk) -> None:
    extend(desk, COMMUNE, "15/11/2024", "20/10/2024")
    found = row(desk, DISTRICT, "21/10/2024")
    assert found.window_start == read_date("16/11/2024")
    assert found.enforce_day == read_date("30/11/2024")
    assert found.derivation[-1] == {
        "rule": "after_duty",
        "result": "2024-11-16",
        "authority": "CV 40/UBND",
    }


def test_voiding_the_extension_takes_that_back(desk: Desk) -> None:
    before = row(desk, DISTRICT, "21/10/2024").window_start
    desk.go("20/10/2024")
    desk.void(extend(desk, COMMUNE, "15/11/2024", "20/10/2024"))
    assert row(desk, DISTRICT, "21/10/2024").window_start == before


def test_a_second_day_counts_under_the_plans_own_settings(whole: Desk) -> None:
    id = "obligation/D147/phu-ninh"
    verb = lambda e: obligation.take_alternative(e, id)  # noqa: E731
    whole.go("21/06/2024").record(verb, "20/06/2024", document="BB 7")
    found = row(whole, id)
    assert (found.strict_day, found.enforce_day, found.act_by) == tuple(
        read_date(d) for d in ("29/06/2025", "30/06/2025", "27/06/2025")
    )
    assert found.derivation[0]["rule"] == "alternative"


def test_a_conditional_duty_is_settled_on_the_line(whole: Desk, sqlite_url: str) -> None:
    whole.go("01/12/2024")
    shown = "obligation show D169/phu-ninh --json --as-of 1/8/2024"
    found = ntm(shown, sqlite_url).json
    assert (found["standing"], found["applies"]) == ("undetermined", "unknown")
    said = "obligation condition D169/phu-ninh --fails --on 1/3/2024 --document 'BC mẫu'"
    assert ntm(said, sqlite_url).code == 0
    found = ntm(shown, sqlite_url).json
    assert (found["standing"], found["applies"]) == ("ended", "no")


def test_a_second_day_is_taken_on_the_line_only_with_its_paper(
    whole: Desk, sqlite_url: str
) -> None:
    said = "obligation alternative D147/phu-ninh --on 5/1/2024"
    assert ntm(said, sqlite_url).code == 2
    assert ntm(f"{said} --document 'BB mẫu'", sqlite_url).code == 0


def test_more_time_learnt_late_erases_no_miss_of_the_duty_after_it(desk: Desk) -> None:
    desk.go("05/12/2024").close("04/12/2024")
    assert row(desk, DISTRICT).missed_on == read_date("01/12/2024")
    extend(desk, COMMUNE, "15/11/2024", "20/10/2024")
    found = row(desk, DISTRICT)
    assert (found.missed_on, found.miss_overturned_by) == (read_date("01/12/2024"), None)
    assert found.window_start == read_date("16/11/2024")
    assert desk.rebuilt_equal()


def test_the_second_day_of_a_clause_opens_what_comes_after_it_later(desk: Desk) -> None:
    """Whatever gives the duty before another day: here a clause with two."""
    from ntm_workflow.domain.obligation import AlternativeTaken

    def take(entry: Entry) -> None:
        day = read_date("15/11/2024")
        said = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), day)
        entry.record(COMMUNE, AlternativeTaken, **said)

    desk.go("20/10/2024").record(take, "20/10/2024", document="BB 7", already_done=True)
    assert row(desk, DISTRICT, "21/10/2024").window_start == read_date("16/11/2024")
