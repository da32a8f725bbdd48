"""The year on one screen: twelve months that add up, and below them what a person must decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from offices import Desk, closing_store
from terminal import ntm, on_terminal

from ntm_workflow.domain.obligation import ObligationMet, ObligationWaived
from ntm_workflow.office.year import COUNTS, Year, year

#: What a month's due is the sum of.
PARTS = ("on_time", "late", "missed", "behind", "aside", "pending")


def seen(desk: Desk, as_of: date | None = None, **said: str) -> Year:
    with desk.office.reading(as_of) as reading:
        return year(reading, 2024, **said)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One commune typed its hand-over late, one handed in late, one item of money was not spent."""
    path = str(tmp_path_factory.mktemp("year") / "s.db")
    with closing_store(Desk(path, "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025", "tam-ky-2024").go("31/10/2024")
        desk.allocate("Đường mẫu", 1_500_000_000)
        desk.close("30/10/2024")
        desk.go("5/11/2024").submit("Tam Ngọc", "28/10/2024")
        desk.submit("Tam Thanh", "4/11/2024")
        desk.go("2/1/2025").close("31/12/2024")
        yield desk


def test_every_month_adds_up_and_the_months_make_the_year(desk: Desk) -> None:
    said = seen(desk)
    assert [month.month for month in said.months] == [*range(1, 13)]
    for month in (*said.months, said.total):
        assert month.due == sum(getattr(month, name) for name in PARTS)
        assert month.recorded_late <= month.on_time
    for name in COUNTS:
        assert getattr(said.total, name) == sum(getattr(month, name) for month in said.months)


def test_a_month_has_what_fell_due_in_it_and_how_it_came_out(desk: Desk) -> None:
    october = seen(desk, plan="quang-nam-2024-2025").months[9]
    assert (october.on_time, october.recorded_late, october.late) == (1, 1, 1)
    # Four clauses of five units that come back every month.
    assert (october.missed, october.pending) == (20, 0)


def test_days_closed_are_counted_against_the_days_there_are(desk: Desk) -> None:
    said = seen(desk)
    assert [month.closed for month in said.months] == [month.days for month in said.months]
    assert said.total.days == 366


def test_money_found_with_nothing_spent_stands_in_the_month_of_its_day(desk: Desk) -> None:
    found = {month.month: month.unspent for month in seen(desk).months if month.unspent}
    assert found == {6: 1}
    assert seen(desk, plan="quang-nam-2024-2025").total.unspent == 1
    assert seen(desk, plan="tam-ky-2024").total.unspent == 0
    assert seen(desk, within="tam-phu-tam-ky").total.unspent == 0


def test_on_an_earlier_day_what_was_ahead_is_not_judged(desk: Desk) -> None:
    said = seen(desk, date(2024, 6, 30))
    ahead = said.months[6:]
    assert sum(month.pending for month in ahead) > 0
    assert sum(month.missed + month.behind for month in ahead) == 0
    assert sum(month.closed for month in ahead) == 0


def test_of_one_commune_only_its_own_is_counted(desk: Desk) -> None:
    assert 0 < seen(desk, within="tam-ngoc-tam-ky").total.due < seen(desk).total.due


def test_what_a_person_must_decide_is_named(desk: Desk) -> None:
    matters = {(m.kind, m.about): m for m in seen(desk).matters}
    assert ("overturned", "D118/tam-ngoc-tam-ky") in matters
    attached = matters["consequence", "D151"]
    assert attached.count == 5
    assert {each["what"] for each in attached.consequences} == {"responsibility", "no_top_up"}
    assert matters["undetermined", "D165"].count == 5


def test_what_the_rules_would_refuse_today_is_named_too(tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "s.db"), "2/1/2025").init()) as desk:
        desk.adopt("tam-ky-2024")
        id = "obligation/D010/tam-ngoc-tam-ky"
        desk.record(lambda e: e.record(id, ObligationWaived), "14/3/2024", document="QĐ mẫu")
        desk.record(lambda e: e.record(id, ObligationMet), "12/3/2024")
        kinds = [(m.kind, m.about) for m in seen(desk).matters]
    assert ("conflict", "D010/tam-ngoc-tam-ky") in kinds


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("where", ["", " --within tam-ky", " --plan quang-nam-2024-2025"])
def test_the_year_fits_a_screen_of_80_by_24(desk: Desk, lang: str, where: str) -> None:
    store = desk.database.where
    line = f"day year 2024{where} --lang {lang} --store {store}"
    shown = on_terminal(line, NO_COLOR="1", COLUMNS="80", LINES="24")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert {line.split()[0] for line in lines} >= {str(n) for n in range(1, 13)}


@pytest.mark.parametrize("form", ["--json", "--csv", "--xlsx"])
def test_programs_and_sheets_have_the_months(desk: Desk, form: str, tmp_path: Path) -> None:
    store = desk.database.where
    said = f"{form} {tmp_path / 'nam.xlsx'}" if form == "--xlsx" else form
    answer = ntm(f"day year 2024 {said}", store)
    assert (answer.code, answer.err) == (0, "")
    if form == "--json":
        assert [each["month"] for each in answer.json["months"]] == [*range(1, 13)]
        assert answer.json["total"]["due"] == sum(m["due"] for m in answer.json["months"])
        assert {each["kind"] for each in answer.json["decide"]} >= {"consequence", "overturned"}
    elif form == "--csv":
        assert len(answer.out.splitlines()) == 13
    else:
        assert (tmp_path / "nam.xlsx").stat().st_size > 5000
