"""Duties that wait for an event: money given to a work, a merger, or what a person tells starts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Desk, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.obligation_refusals import AlreadyStarted, NotFromEvent
from ntm_workflow.office import Receipt, adoption, place, starts
from ntm_workflow.office.voiding import HasDependents
from ntm_workflow.plans.pack import faults_of, read

HALL = "D170@nha-van-hoa-mau/tam-ngoc-tam-ky"
#: A duty that a period from an event dates, of the sample plan.
WAITING = SOUND.replace("trước ngày 30/10/2024", "trong 30 ngày kể từ ngày có hướng dẫn")
WAITING = WAITING.replace("dossier = {", "#", 1)
MONEY = WAITING.replace("có hướng dẫn", "được giao vốn").replace(
    'strength = "must"', 'strength = "must"\nstarts_from = "fund_allocated"', 1
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing_store(Desk(str(tmp_path / "s.db"), "05/11/2025").init()) as desk:
        yield desk


@pytest.fixture
def tam_ky(desk: Desk) -> Desk:
    return desk.adopt("quang-nam-2024-2025")


def taken(desk: Desk, text: str, on: str | None = None, document: str | None = None) -> Receipt:
    pack = read(text.encode(), "mau.toml")
    return desk.record(lambda entry: adoption.adopt(entry, pack), on, document=document)


def duties(desk: Desk, **times: Any) -> dict[str, dict[str, Any]]:
    """The duties that are about an item."""
    rows = desk.rows("obligation", **times)
    return {id: row for id, row in rows.items() if row["item"] is not None}


def days(row: dict[str, Any]) -> tuple[date | None, date | None]:
    return row["window_start"], row["enforce_day"]


def start(desk: Desk, id: str, on: str, **said: Any) -> Receipt:
    return desk.record(lambda entry: starts.start(entry, f"obligation/{id}"), on, **said)


# --- a work that is given money -------------------------------------------------------------------


def test_money_given_to_a_work_starts_three_years_of_its_own(tam_ky: Desk) -> None:
    given = tam_ky.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024", decision="QĐ mẫu")
    row = duties(tam_ky)[HALL]
    # 20/02/2027 is a Saturday: by khoản 6 Điều 148 the period ends on Monday.
    assert days(row) == (date(2024, 2, 21), date(2027, 2, 22))
    assert (row["owed_by"], row["item"]) == ("ubnd-tam-ngoc-tam-ky", "Nhà văn hóa mẫu")
    assert (row["event_on"], row["strength"]) == (date(2024, 2, 20), "must")
    steps = {step["rule"]: step["authority"] for step in row["derivation"]}
    assert steps["event_on"] == "QĐ mẫu"
    assert steps["first_day_left_out"] == "Điều 147 Bộ luật Dân sự 2015"
    assert {fact.event.because for fact in given.facts} == {None, given.entry}
    pattern = tam_ky.rows("obligation")["D170/tam-ngoc-tam-ky"]
    assert days(pattern) == (None, None)
    assert tam_ky.rebuilt_equal()


def test_money_given_again_starts_nothing_anew(tam_ky: Desk) -> None:
    tam_ky.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024")
    before = duties(tam_ky)
    again = tam_ky.allocate("Nhà văn hóa mẫu", 100, on="20/3/2024")
    assert len(again.facts) == 1
    assert duties(tam_ky) == before


def test_two_works_that_are_written_alike_have_a_duty_each(tam_ky: Desk) -> None:
    for item, year in (("Nhà văn hóa mẫu", 2024), ("nhà văn hoá mẫu", 2025)):
        tam_ky.allocate(item, 500, on=f"20/2/{year}", year=year)
    found = {id: row["item"] for id, row in duties(tam_ky).items()}
    second = HALL.replace("-mau/", "-mau-2/")
    assert found == {HALL: "Nhà văn hóa mẫu", second: "nhà văn hoá mẫu"}
    assert tam_ky.rebuilt_equal()


def test_only_works_run_and_only_where_the_clause_binds_somebody(tam_ky: Desk) -> None:
    tam_ky.allocate("Mô hình mẫu", 500, type="model")
    tam_ky.allocate("Đường của thành phố", 500, place="thành phố Tam Kỳ")
    assert duties(tam_ky) == {}


def test_a_work_in_a_village_is_its_communes(desk: Desk) -> None:
    desk.adopt("tam-ky-2024", "quang-nam-2024-2025")
    desk.allocate("Cổng làng mẫu", 500, place="Ngọc Bích")
    assert list(duties(desk)) == ["D170@cong-lang-mau/tam-ngoc-tam-ky"]


def test_a_day_that_is_corrected_is_counted_from_anew(tam_ky: Desk) -> None:
    given = tam_ky.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024")
    tam_ky.correct(given.entry, on="29/2/2024")
    assert days(duties(tam_ky)[HALL]) == (date(2024, 3, 1), date(2027, 3, 1))
    assert tam_ky.rebuilt_equal()


def test_money_that_is_void_owes_nothing(tam_ky: Desk) -> None:
    given = tam_ky.allocate("Nhà văn hóa mẫu", 500)
    tam_ky.void(given.entry)
    assert duties(tam_ky) == {}
    assert tam_ky.rebuilt_equal()


def test_what_somebody_told_of_the_duty_rests_on_the_money(tam_ky: Desk) -> None:
    from ntm_workflow.domain.obligation import ObligationMet

    given = tam_ky.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024")
    met = tam_ky.record(lambda entry: entry.record(f"obligation/{HALL}", ObligationMet), "1/3/2025")
    with pytest.raises(HasDependents) as refused:
        tam_ky.void(given.entry)
    assert refused.value.facts["dependents"] == [f"#{met.entry}"]
    tam_ky.correct(given.entry, on="1/3/2024")
    assert duties(tam_ky)[HALL]["met_on"] == date(2025, 3, 1)


# --- a plan that comes after ------------------------------------------------------------------------


def test_money_given_before_the_plan_was_adopted_runs_too_and_apart_from_it(desk: Desk) -> None:
    desk.adopt("tam-ky-2024")
    given = desk.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024")
    desk.adopt("quang-nam-2024-2025")
    assert days(duties(desk)[HALL]) == (date(2024, 2, 21), date(2027, 2, 22))
    desk.void(given.entry)
    assert duties(desk) == {}
    assert "D170/tam-ngoc-tam-ky" in desk.rows("obligation")
    assert desk.rebuilt_equal()


def test_years_before_the_plan_count_and_the_duty_stands_since_the_plan(desk: Desk) -> None:
    desk.adopt("tam-ky-2022", "tam-ky-2024")
    desk.allocate("Nhà văn hóa mẫu", 500, on="20/6/2022", year=2022)
    desk.adopt("quang-nam-2024-2025")
    row = duties(desk)[HALL]
    assert (row["event_on"], row["enforce_day"]) == (date(2022, 6, 20), date(2025, 6, 20))
    assert row["assigned_on"] == date(2024, 1, 1)
    assert HALL not in duties(desk, as_of=date(2023, 12, 31))


@pytest.fixture
def money(desk: Desk) -> Callable[[str], dict[str, Any]]:
    """A plan whose clause runs from money: the duty of its one work, as an amendment leaves it."""
    taken(desk, MONEY)
    desk.allocate("Cầu mẫu", 500, place="Xã Mẫu", on="1/3/2024")

    def amended(text: str) -> dict[str, Any]:
        taken(desk, text, "1/4/2024", "QĐ 12")
        return duties(desk)["R1@cau-mau/xa-mau"]

    return amended


def test_an_amended_period_is_counted_anew_from_the_same_money(
    money: Callable[[str], dict[str, Any]], desk: Desk
) -> None:
    before = duties(desk)["R1@cau-mau/xa-mau"]
    assert before["enforce_day"] == date(2024, 4, 1)
    row = money(MONEY.replace("trong 30 ngày", "trong 60 ngày"))
    # 30/04 and 01/05 are days off.
    assert (row["event_on"], row["enforce_day"]) == (date(2024, 3, 1), date(2024, 5, 2))
    assert row["title"] == "Việc mẫu: Cầu mẫu"
    assert money(MONEY)["enforce_day"] == date(2024, 4, 1)
    assert desk.rebuilt_equal()


def test_a_clause_that_is_dropped_takes_the_duty_of_each_work_with_it(
    money: Callable[[str], dict[str, Any]], desk: Desk
) -> None:
    row = money(MONEY.replace('rule = "R1"', 'rule = "R2"'))
    assert row["ended_on"] == date(2024, 4, 1)
    assert "R2@cau-mau/xa-mau" in duties(desk)
    assert desk.rebuilt_equal()


# --- a merger -----------------------------------------------------------------------------------------


def merged(desk: Desk, on: str) -> Receipt:
    names = ["tam-ngoc-tam-ky", "tam-phu-tam-ky"]
    return desk.record(
        lambda entry: place.merge(entry, names, [], "Bàn Thạch", place.Successor(type="xa")),
        on,
        document="NQ mẫu",
    )


@pytest.mark.parametrize("first", ["plan", "merger"])
def test_a_merger_starts_what_waits_for_it_whichever_is_told_first(desk: Desk, first: str) -> None:
    desk.adopt("tam-ky-2024", *(["quang-nam-2024-2025"] if first == "plan" else []))
    merger = merged(desk, "1/7/2025")
    if first == "merger":
        desk.adopt("quang-nam-2024-2025")
    rows = desk.rows("obligation")
    assert rows["D130/tam-ngoc-tam-ky"]["event_on"] == date(2025, 7, 1)
    assert rows["D130/tam-ngoc-tam-ky"]["applies"] == "yes"
    assert rows["D130/tam-thang-tam-ky"]["event_on"] is None
    desk.void(merger.entry)
    assert desk.rows("obligation")["D130/tam-ngoc-tam-ky"]["event_on"] is None
    assert desk.rebuilt_equal()


@pytest.mark.parametrize(("on", "starts_it"), [("1/7/2023", False), ("1/7/2024", True)])
def test_a_merger_before_the_plan_counted_is_not_what_it_speaks_of(
    desk: Desk, on: str, starts_it: bool
) -> None:
    old = '[[places]]\nid = "xa-cu"\nname = "Xã Cũ"\ntype = "xa"\nparent = "mau"\n\n[[units]]'
    taken(desk, WAITING.replace("[[units]]", old, 1))
    absorbed = place.Successor()
    desk.record(
        lambda entry: place.merge(entry, ["xa-cu"], [], "xa-mau", absorbed), on, document="NQ mẫu"
    )
    said = WAITING.replace("ke-hoach-mau", "ke-hoach-sau").replace('rule = "R1"', 'rule = "R2"')
    taken(desk, said.replace('"must"', '"must"\nstarts_from = "place_merged"', 1))
    row = desk.rows("obligation")["R2/xa-mau"]
    assert row["event_on"] == (date(2024, 7, 1) if starts_it else None)


# --- what a person tells ------------------------------------------------------------------------------


def test_an_event_that_is_told_dates_its_duty_by_the_civil_code(desk: Desk) -> None:
    taken(desk, WAITING)
    told = start(desk, "R1/xa-mau", "10/5/2024", document="CV 3")
    row = desk.rows("obligation")["R1/xa-mau"]
    # Thirty days from the day after are over on Sunday 09/06.
    assert days(row) == (date(2024, 5, 11), date(2024, 6, 10))
    steps = {step["rule"]: step["authority"] for step in row["derivation"]}
    assert steps["event_on"] == "CV 3"
    assert row["kind"] == "event"
    assert {closed.type for closed in desk.close("11/6/2024").facts} >= {"ObligationMissed"}
    assert told.facts[0].event.event_on == date(2024, 5, 10)


def test_correcting_the_day_counts_anew_and_voiding_it_leaves_no_day(desk: Desk) -> None:
    taken(desk, WAITING)
    told = start(desk, "R1/xa-mau", "10/5/2024")
    right = desk.correct(told.entry, on="13/5/2024")
    row = desk.rows("obligation")["R1/xa-mau"]
    assert (row["event_on"], row["enforce_day"]) == (date(2024, 5, 13), date(2024, 6, 12))
    desk.void(right.entry)
    assert days(desk.rows("obligation")["R1/xa-mau"]) == (None, None)
    assert desk.rebuilt_equal()


def test_what_happened_before_the_plan_counted_starts_it_with_the_plan(desk: Desk) -> None:
    taken(desk, WAITING)
    start(desk, "R1/xa-mau", "20/12/2023")
    row = desk.rows("obligation")["R1/xa-mau"]
    assert (row["event_on"], row["enforce_day"]) == (date(2023, 12, 20), date(2024, 1, 19))


def test_an_event_settles_the_condition_that_it_is(desk: Desk) -> None:
    desk.adopt("tam-ky-2022")
    id = "D303-xa-nang-cao/tam-ngoc-tam-ky"
    told = start(desk, id, "10/5/2022", document="HD mẫu")
    row = desk.rows("obligation")[id]
    assert (row["applies"], row["event_on"], row["enforce_day"]) == ("yes", date(2022, 5, 10), None)
    desk.correct(told.entry, on="11/5/2022")
    row = desk.rows("obligation")[id]
    assert (row["applies"], row["event_on"]) == ("yes", date(2022, 5, 11))
    assert desk.rebuilt_equal()


def test_an_event_is_told_once_and_only_of_what_waits_for_one(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025")
    start(desk, "D156/tam-ngoc-tam-ky", "10/1/2024")
    with pytest.raises(AlreadyStarted):
        start(desk, "D156/tam-ngoc-tam-ky", "11/1/2024")
    with pytest.raises(NotFromEvent):
        start(desk, "D118/tam-ngoc-tam-ky", "11/1/2024")


def test_a_told_event_keeps_its_day_when_the_words_are_amended(desk: Desk) -> None:
    taken(desk, WAITING)
    start(desk, "R1/xa-mau", "10/5/2024")
    taken(desk, WAITING.replace("trong 30 ngày", "trong 45 ngày"), "20/5/2024", "QĐ 12")
    row = desk.rows("obligation")["R1/xa-mau"]
    assert (row["event_on"], row["enforce_day"]) == (date(2024, 5, 10), date(2024, 6, 24))


def test_the_event_is_told_on_the_line(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'"):
        assert ntm(line, store).code == 0
    line = "obligation start D156/tam-ngoc-tam-ky --on 10/1/2024 --document 'CV mẫu'"
    tried = ntm(f"{line} --dry-run", store)
    assert "xảy ra ngày 10/01/2024" in tried.out
    assert ntm(line, store).code == 0
    shown = ntm("nhiem-vu xem D156/tam-ngoc-tam-ky", store).out
    assert "Ngày xảy ra sự kiện: 10/01/2024" in shown
    assert "Sự kiện xảy ra ngày 10/01/2024 (CV mẫu)." in shown
    ahead = ntm("obligation start D156/tam-thanh-tam-ky --on 1/1/2099", store)
    assert (ahead.code, "chưa đến" in ahead.err) == (2, True)


# --- in a pack ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ('starts_from = "sap-nhap"', "fund_allocated, place_merged, told"),
        ('item_types = ["cau"]', "work, project, model, content"),
    ],
)
def test_an_event_nobody_knows_is_refused_with_its_line_and_the_known_ones(
    key: str, known: str
) -> None:
    text = WAITING.replace('strength = "must"', f'strength = "must"\n{key}', 1)
    (fault,) = faults_of(text.encode())
    assert text.splitlines()[fault.line - 1] == key
    assert known in fault.say("vi").replace("“", "").replace("”", "")


def test_what_runs_from_no_event_cannot_be_started_by_one() -> None:
    text = SOUND.replace('strength = "must"', 'strength = "must"\nstarts_from = "told"', 1)
    (fault,) = faults_of(text.encode())
    assert "không tính từ một sự kiện" in fault.say("vi")
