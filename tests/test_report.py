"""Periodic reports: what is owed by period, what came, and what one that comes does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, adopted
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.deadline import Recurrence
from ntm_workflow.domain.obligation_events import ObligationWaived
from ntm_workflow.domain.recurrence import called, span, turn_of
from ntm_workflow.office import report
from ntm_workflow.office.report import (
    NeverReports,
    NoReportOwed,
    NotBegunYet,
    NotSentThere,
    OwedLater,
    Received,
    ReceivedAlready,
    UnreadablePeriod,
    WhichReceiver,
    read_period,
)
from ntm_workflow.plans.pack import faults_of

NGOC, CITY = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-ky"
THOI_LAI, OFFICE = "ubnd-thoi-lai", "vpdp-can-tho"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "tam-ky-2024", day="02/01/2024").go("06/11/2024")
    yield desk
    desk.close_store()


@pytest.fixture
def can_tho(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "can-tho-2024", day="27/05/2024", within=None).go("06/01/2025")
    yield desk
    desk.close_store()


def receive(desk: Desk, owed_by: str, period: str, *to: str, on: str = "5/11/2024") -> set[str]:
    came = Received(owed_by=owed_by, period=period, to=to)
    receipt = desk.record(lambda e: report.receive(e, came), on)
    return {fact.subject for fact in receipt.facts}


def missing(desk: Desk) -> set[str]:
    with desk.office.reading() as reading:
        rows = report.reports(reading)
        return {row.id for row in rows if report.is_missing(reading, row)}


# --- what comes ---------------------------------------------------------------------------------------


def test_a_report_that_came_meets_the_duty_of_its_period_only(desk: Desk) -> None:
    before = missing(desk)
    [met] = receive(desk, NGOC, "2024-10")
    assert met == "obligation/D017@2024-10/tam-ngoc-tam-ky"
    assert before - missing(desk) == {met}
    assert desk.rows("obligation")["D017@2024-10/tam-ngoc-tam-ky"]["met_on"] == date(2024, 11, 5)
    assert desk.rebuilt_equal()


def test_a_years_report_takes_the_place_of_the_last_months_and_quarters(can_tho: Desk) -> None:
    met = receive(can_tho, THOI_LAI, "2024", OFFICE, on="5/1/2025")
    assert met == {
        f"obligation/D408@{period}/thoi-lai" for period in ("2024", "2024-12", "2024-Q4")
    }


def test_a_quarters_report_that_comes_after_the_months_meets_what_is_left(can_tho: Desk) -> None:
    receive(can_tho, THOI_LAI, "2024-09", OFFICE, on="30/9/2024")
    met = receive(can_tho, THOI_LAI, "2024-Q3", OFFICE, on="5/10/2024")
    assert met == {"obligation/D408@2024-Q3/thoi-lai"}


def test_who_received_it_is_said_where_it_goes_to_several(can_tho: Desk) -> None:
    with pytest.raises(WhichReceiver):
        receive(can_tho, THOI_LAI, "2024-10")
    with pytest.raises(NotSentThere):
        receive(can_tho, THOI_LAI, "2024-10", "ubnd-can-tho")
    both = receive(can_tho, THOI_LAI, "2024-10", OFFICE, "cap-tren-can-tho")
    assert len(both) == 2


def test_what_cannot_have_come_is_refused(desk: Desk) -> None:
    receive(desk, NGOC, "2024-10")
    with pytest.raises(ReceivedAlready):
        receive(desk, NGOC, "2024-10")
    with pytest.raises(NotBegunYet):
        receive(desk, NGOC, "2024-12")
    with pytest.raises(NoReportOwed) as refused:
        receive(desk, NGOC, "2024-Q3")
    assert "2024-09" in refused.value.say("vi")
    with pytest.raises(NeverReports):
        receive(desk, CITY, "2024-10")


def test_a_long_report_does_not_come_before_its_last_month(can_tho: Desk) -> None:
    with pytest.raises(NotBegunYet):
        receive(can_tho, THOI_LAI, "2024-Q3", OFFICE, on="5/7/2024")
    with pytest.raises(NotBegunYet):
        receive(can_tho, THOI_LAI, "2024", OFFICE, on="5/6/2024")


def test_one_of_several_that_has_it_already_is_told_and_nothing_is_written(can_tho: Desk) -> None:
    receive(can_tho, THOI_LAI, "2024-10", OFFICE)
    with pytest.raises(ReceivedAlready):
        receive(can_tho, THOI_LAI, "2024-10", OFFICE, "cap-tren-can-tho", on="6/11/2024")
    receive(can_tho, THOI_LAI, "2024-10", "cap-tren-can-tho", on="6/11/2024")


def test_what_came_before_its_duty_was_waived_is_not_said_to_be_owed_to_others(
    desk: Desk,
) -> None:
    id = "obligation/D017@2024-09/tam-ngoc-tam-ky"
    desk.record(lambda e: e.record(id, ObligationWaived), "3/11/2024", document="QĐ mẫu")
    with pytest.raises(Refused) as refused:
        receive(desk, NGOC, "2024-09", on="4/11/2024")
    assert "miễn" in refused.value.say("vi")
    with desk.office.reading() as reading:
        assert id not in {row.id for row in report.reports(reading)}


def test_before_the_plan_gives_it_nothing_is_owed(can_tho: Desk) -> None:
    with pytest.raises(OwedLater) as refused:
        receive(can_tho, THOI_LAI, "2024-04", OFFICE, on="5/5/2024")
    assert "24/05/2024" in refused.value.say("vi")


# --- which are listed -----------------------------------------------------------------------------------


def test_reports_are_listed_from_the_day_their_period_begins(desk: Desk) -> None:
    with desk.office.reading() as reading:
        periods = {row.occurrence for row in report.reports(reading)}
    assert max(periods) == "2024-11"
    # November is not over, so its report is not missed.
    assert "obligation/D017@2024-11/tam-ngoc-tam-ky" not in missing(desk)


def test_one_that_is_asked_for_less_firmly_is_missing_too(store_url: str, tmp_path: Path) -> None:
    text = SOUND.replace("trước ngày 30/10/2024", "hàng tháng", 1)
    text = text.replace('strength = "must"', 'strength = "requested"\ndone_by = "report"', 1)
    pack = tmp_path / "mẫu.toml"
    pack.write_text(text.replace("dossier = {", "# dossier = {"), encoding="utf-8")
    desk = Desk(store_url, "02/01/2024").init().adopt(str(pack), within=None).go("05/03/2024")
    assert {id.partition("@")[2] for id in missing(desk)} == {"2024-01/xa-mau", "2024-02/xa-mau"}
    desk.close_store()


def test_only_what_the_plan_calls_a_report_is_one(store_url: str) -> None:
    desk = adopted(store_url, "tam-ky-2022", day="04/01/2022").go("05/04/2022")
    with desk.office.reading() as reading:
        rules = {row.id.partition("@")[0].rpartition("/")[2] for row in report.reports(reading)}
    assert rules == {"D304", "D307-ubnd", "D307-bcd"}
    desk.close_store()


def test_a_person_sees_who_has_not_reported(desk: Desk, store_url: str) -> None:
    receive(desk, NGOC, "2024-10")
    said = ntm("report list --missing --period 10/2024 --to 'UBND thành phố Tam Kỳ' --as-of 6/11/2024", store_url)  # fmt: skip
    assert "UBND xã Tam Phú" in said.out
    assert "UBND xã Tam Ngọc" not in said.out
    listed = ntm("report list --period 2024-10 --as-of 6/11/2024 --json", store_url).json
    assert {(i["owed_by"]["id"], str(i["met_on"])) for i in listed["items"]} >= {
        (NGOC, "2024-11-05")
    }


# --- periods --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *((text, "2024-10") for text in ("2024-10", "10/2024", "tháng 10/2024", "Tháng 10/2024")),
        *((text, "2024-10") for text in ("thang 10 2024", "tháng 10 năm 2024", "T10/2024", "2024/10", "10 / 2024")),
        *((text, "2024-Q4") for text in ("quy 4/2024", "quý IV năm 2024", "quý 4-2024", "2024-QIV")),
        *(("năm 2024", "2024"), ("6 tháng đầu năm 2024", "2024-H1"), ("6 tháng cuối năm 2024", "2024-H2")),
        *((text, "2024-Q4") for text in ("2024-Q4", "2024Q4", "Q4/2024", "quý IV/2024", "Quý 4/2024", "quý iv 2024")),
        *(("9/2024", "2024-09"), ("2024-9", "2024-09"), ("H2/2024", "2024-H2"), ("2024", "2024")),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(typed: str, name: str) -> None:
    assert read_period(typed) == name


@pytest.mark.parametrize("typed", ["2024-13", "00/2024", "Q5/2024", "quý V/2024", "0000", "9999", "9999-12", "٢٠٢٤", "２０２４", "2024-Q٤", "mười", "9" * 5000, "2024-10-05"])  # fmt: skip
def test_what_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(UnreadablePeriod):
        read_period(typed)


@given(
    st.dates(date(1900, 1, 1), date(9990, 1, 1)),
    st.sampled_from([("monthly", 1), ("monthly", 3), ("monthly", 6), ("quarterly", 1), ("yearly", 1)]),
)  # fmt: skip
def test_a_turn_is_known_by_what_it_is_called(day: date, often: tuple[str, int]) -> None:
    every = Recurrence(freq=often[0], interval=often[1])  # type: ignore[arg-type]
    turn = turn_of(every, day)
    assert span(called(every, turn.last)) == turn


def test_a_report_comes_back() -> None:
    text = SOUND.replace('strength = "must"', 'strength = "must"\ndone_by = "report"', 1)
    (fault,) = faults_of(text.encode())
    assert "không phải báo cáo định kỳ" in fault.say("vi")


@pytest.mark.parametrize(("often", "is_one"), [("hàng tháng", True), ("hàng tháng, quý, năm", True), ("hằng năm", True), ("trước ngày 15/12 hằng năm", False), ("hàng tuần", False), ("2 tháng một lần", False)])  # fmt: skip
def test_a_report_is_told_by_months_quarters_half_years_or_years(often: str, is_one: bool) -> None:
    text = SOUND.replace("trước ngày 30/10/2024", often, 1)
    text = text.replace('strength = "must"', 'strength = "must"\ndone_by = "report"', 1)
    assert (faults_of(text.encode()) == []) == is_one
