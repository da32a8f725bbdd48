"""A plan on one screen: its duties by how they stand, and by both readings of their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.standing import standing, verdicts
from ntm_workflow.office.overview import Overview, overview


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = tmp_path_factory.mktemp("overview") / "s.db"
    with closing_store(adopted(str(store), "tam-ky-2024")) as desk:
        yield desk


def seen(desk: Desk, day: date) -> Overview:
    with desk.office.reading(day) as reading:
        return overview(reading, "tam-ky-2024")


def test_every_duty_of_the_plan_is_counted_once_by_standing_and_once_by_strength(
    desk: Desk,
) -> None:
    screen = seen(desk, date(2024, 3, 1))
    assert screen.duties == len(desk.rows("obligation", date(2024, 3, 1)))
    assert sum(screen.by_standing.values()) == screen.duties
    assert sum(screen.by_strength.values()) == screen.duties


def test_the_next_days_are_the_nearest_that_are_still_ahead(desk: Desk) -> None:
    first = seen(desk, date(2024, 3, 1)).next_days[0]
    assert (first["day"], first["clause"], first["duties"]) == (date(2024, 3, 15), "IV.1", 4)
    days = [each["day"] for each in seen(desk, date(2024, 8, 1)).next_days]
    assert days == sorted(days)
    # The monthly report is due first, once a month.
    assert days[:2] == [date(2024, 8, 31), date(2024, 9, 25)]


def test_what_comes_back_every_week_is_told_once_with_its_next_time(tmp_path: Path) -> None:
    desk = adopted(str(tmp_path / "s.db"), "can-tho-2024", within=None)
    with closing_store(desk), desk.office.reading(date(2024, 6, 4)) as reading:
        told = overview(reading, "can-tho-2024").next_days
    weekly = [each["day"] for each in told if each["clause"] == "III.2.c"]
    assert weekly == [date(2024, 6, 10)]


def test_another_plan_has_nothing_on_this_screen(desk: Desk) -> None:
    with desk.office.reading() as reading:
        assert overview(reading, "quang-nam-2024-2025").duties == 0


@pytest.mark.parametrize(
    ("day", "strict", "nominal"),
    [
        ("2024-03-14", "due_soon", "due_soon"),
        ("2024-03-15", "overdue", "open"),
        ("2024-03-16", "overdue", "overdue"),
    ],
)
def test_a_duty_between_two_readings_shows_what_each_of_them_says(
    desk: Desk, day: str, strict: str, nominal: str
) -> None:
    on = date.fromisoformat(day)
    with desk.office.reading(on) as reading:
        row = reading.row("obligation/D010/tam-ngoc-tam-ky")
        assert row is not None
        assert verdicts(row, on) == {"strict": strict, "nominal": nominal}


def test_done_between_the_two_days_it_is_late_on_one_reading_only(tmp_path: Path) -> None:
    with closing_store(adopted(str(tmp_path / "s.db"), "quang-nam-2024-2025")) as desk:
        desk.submit("Tam Ngọc", "30/10/2024")
        with desk.office.reading() as reading:
            row = reading.row("obligation/D118/tam-ngoc-tam-ky")
            assert row is not None
            assert verdicts(row, reading.as_of) == {"strict": "met_late", "nominal": "met"}
            assert standing(row, reading.as_of) == "met"


def test_the_screen_of_a_plan_says_how_it_stands_in_words(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    with closing_store(adopted(store, "tam-ky-2024")):
        pass
    shown = ntm("plan show tam-ky-2024 --as-of 1/3/2024", store=store)
    assert shown.code == 0
    assert "sắp đến hạn: 4" in shown.out
    assert "15/03/2024 · IV.1 ·" in shown.out
