"""Meetings: what was held, and the duties their conclusions give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from offices import Desk, adopted

from ntm_workflow.domain.base import AlreadyBegun
from ntm_workflow.domain.meeting import ConclusionPaperMissing
from ntm_workflow.office import meeting
from ntm_workflow.office.meeting import ConcludedBefore, find_meeting
from ntm_workflow.office.names import NotFound
from ntm_workflow.office.obligation import Letter
from ntm_workflow.office.voiding import HasDependents

ID = "giao-ban-thang-3-mau-2024-03-05"
CITY, NGOC = "ubnd-tam-ky", "ubnd-tam-ngoc-tam-ky"
WORK = Letter(phrase="trước ngày 20/3/2024", to=NGOC, title="Báo cáo tiến độ (mẫu)")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "tam-ky-2024", day="02/01/2024").go("06/03/2024")
    yield desk
    desk.close_store()


def held(desk: Desk, on: str = "5/3/2024", document: str | None = "BB mẫu", meets: str = "") -> int:
    duties = [meets] if meets else []
    receipt = desk.record(
        lambda e: meeting.record(e, " Giao ban tháng 3 (mẫu) ", [NGOC, NGOC], duties),
        on,
        body=CITY,
        document=document,
    )
    return receipt.entry


def concluded(desk: Desk, on: str = "5/3/2024", **said: str) -> int:
    return desk.record(lambda e: meeting.conclude(e, f"meeting/{ID}", WORK), on, **said).entry


def test_a_conclusion_is_a_duty_derived_from_its_words_and_received_by_who_chaired(
    desk: Desk,
) -> None:
    held(desk)
    concluded(desk)
    row = desk.rows("meeting")[ID]
    assert (row["title"], row["held_on"], row["chaired_by"]) == (
        "Giao ban tháng 3 (mẫu)",
        date(2024, 3, 5),
        CITY,
    )
    assert (row["attended"], row["obligations"]) == ([NGOC], ["bb-mau-1"])
    duty = desk.rows("obligation")["bb-mau-1"]
    assert (duty["owed_by"], duty["owed_to"], duty["enforce_day"]) == (
        NGOC,
        CITY,
        date(2024, 3, 20),
    )
    assert duty["derivation"]
    assert desk.rebuilt_equal()


def test_the_paper_is_the_meetings_own_or_the_notice_that_is_named(desk: Desk) -> None:
    held(desk, document=None)
    with pytest.raises(ConclusionPaperMissing):
        concluded(desk)
    concluded(desk, document="TB kết luận mẫu")
    assert desk.rows("meeting")[ID]["conclusions"][0]["document"] == "TB kết luận mẫu"


def test_nothing_is_concluded_before_the_meeting_and_no_meeting_is_told_twice(desk: Desk) -> None:
    held(desk)
    with pytest.raises(ConcludedBefore):
        concluded(desk, on="4/3/2024")
    with pytest.raises(AlreadyBegun):
        held(desk)


def test_holding_it_may_be_a_duty_that_is_done(desk: Desk) -> None:
    duty = next(id for id, row in desk.rows("obligation").items() if row["owed_by"] == CITY)
    held(desk, meets=duty)
    assert desk.rows("obligation")[duty]["met_on"] == date(2024, 3, 5)


def test_a_meeting_is_found_by_its_title_where_one_is_called_so(desk: Desk) -> None:
    held(desk)
    with desk.office.reading() as reading:
        assert find_meeting(reading, "giao ban thang 3 (mau)") == f"meeting/{ID}"
        with pytest.raises(NotFound):
            find_meeting(reading, "khong co")
        assert [row.title for row in meeting.meetings(reading, date(2024, 3, 1), None)]
        assert meeting.meetings(reading, date(2024, 3, 6), None) == []


def test_a_duty_goes_with_the_conclusion_that_gave_it_and_a_meeting_not_before_them(
    desk: Desk,
) -> None:
    first, second = held(desk), concluded(desk)
    with pytest.raises(HasDependents):
        desk.void(first)
    desk.void(second)
    assert "bb-mau-1" not in desk.rows("obligation")
    assert desk.rows("meeting")[ID]["obligations"] == []
    desk.void(first)
    assert desk.rows("meeting") == {}
    assert desk.rebuilt_equal()
