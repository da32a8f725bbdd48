"""What a letter said and a later fact shows to be wrong is taken back by name, once, by the next working morning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from letter_days import (
    AFTER,
    ASKED,
    CITY,
    CLIMBED,
    D_NGOC,
    D_THANH,
    DESK,
    MISSED,
    NGOC,
    THANH,
    Days,
    Mail,
    address,
    days,
    missed_and_climbed,
    october,
    on,
)
from offices import Desk
from posts import Basket

from ntm_workflow.domain.obligation import ObligationSuspended, ObligationWaived
from ntm_workflow.office import obligation, retracting
from ntm_workflow.office.entry import Entry


@pytest.fixture
def store(store_url: str) -> Iterator[Days]:
    with days(store_url) as each:
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, october) as each:
        yield each


@pytest.fixture
def climbed(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, missed_and_climbed) as each:
        yield each


def handed_in(desk: Desk, day: str, place: str = "Tam Ngọc") -> int:
    return desk.submit(place, day, received_on=day).entry


def extend(desk: Desk, until: str, day: str, id: str = D_NGOC) -> int:
    verb: Any = lambda e: obligation.extend(e, id, on(until), None)  # noqa: E731
    return desk.record(verb, day, document="CV 40/UBND").entry


def waive(desk: Desk, day: str, id: str = D_NGOC) -> int:
    return desk.record(lambda e: e.record(id, ObligationWaived), day, document="QĐ 30").entry


def corrections(mail: list[Mail]) -> dict[str, Mail]:
    return {each.unit: each for each in mail if each.kind == "correction"}


def letters_of(days: Days, *kinds: str) -> list[str]:
    return [m.id for m in days.mail if m.unit == NGOC and m.kind in kinds]


def test_what_was_handed_in_on_time_and_typed_late_is_taken_back_from_all_who_heard(
    store: Days,
) -> None:
    missed_and_climbed(store)
    handed_in(store.desk.go("13/11/2024"), "28/10/2024")
    found = corrections(store.morning("14/11/2024"))
    assert set(found) == {NGOC, DESK}
    said = found[NGOC].text
    for id in letters_of(store, "missed", "summary", "digest"):
        assert id in said
    assert "Thư ngày 04/11/2024" in said
    assert "Thư ngày 12/11/2024" in said
    assert "đã hoàn thành ngày 28/10/2024, đúng hạn" in said
    # The office further up got its letter on the day it was released.
    assert "Thư ngày 06/11/2024" in found[DESK].text
    assert "Thanh" not in found[DESK].text
    for day in ("15/11/2024", "18/11/2024", "25/11/2024"):
        assert corrections(store.morning(day)) == {}


def test_a_correction_answers_the_letters_it_takes_back(climbed: Days) -> None:
    handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    found = corrections(climbed.morning("14/11/2024"))
    wrong = letters_of(climbed, "missed", "summary", "digest")
    assert found[NGOC].message["references"].split() == wrong
    assert found[NGOC].message["in-reply-to"] == wrong[-1]
    (climbed,) = [m for m in climbed.mail if m.kind == "climb"]
    assert found[DESK].message["in-reply-to"] == climbed.id


def test_each_address_gets_the_correction_as_an_answer_to_its_own_copy(lite: Days) -> None:
    address(lite.desk, NGOC, "mot@example.com", "hai@example.com")
    lite.morning(ASKED)
    told = lite.morning(MISSED)
    copies = {m.message["to"]: m for m in told if (m.kind, m.unit) == ("missed", NGOC)}
    handed_in(lite.desk.go("13/11/2024"), "28/10/2024")
    found = {
        m.message["to"]: m
        for m in lite.morning("14/11/2024")
        if m.kind == "correction" and m.unit == NGOC
    }
    assert len(found) == 2
    for to, mail in found.items():
        assert copies[to].id in mail.message["references"]
        assert all(copy.id in mail.text for copy in copies.values())


def test_the_correction_comes_on_the_next_working_morning(climbed: Days) -> None:
    handed_in(climbed.desk.go("15/11/2024"), "28/10/2024")
    assert corrections(climbed.morning("16/11/2024")) == {}
    assert corrections(climbed.morning("17/11/2024")) == {}
    assert set(corrections(climbed.morning("18/11/2024"))) == {NGOC, DESK}


def test_a_morning_that_was_missed_swallows_no_correction(climbed: Days) -> None:
    handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    assert set(corrections(climbed.morning("6/1/2025"))) == {NGOC, DESK}


def test_what_was_done_after_its_day_makes_no_letter_before_wrong(climbed: Days) -> None:
    handed_in(climbed.desk.go("13/11/2024"), "13/11/2024")
    handed_in(climbed.desk, "12/11/2024", "Tam Thanh")
    assert corrections(climbed.morning("14/11/2024")) == {}


def test_what_was_done_late_but_before_a_letter_makes_that_letter_wrong(climbed: Days) -> None:
    handed_in(climbed.desk.go("13/11/2024"), "8/11/2024")
    found = corrections(climbed.morning("14/11/2024"))
    assert set(found) == {NGOC}
    assert "Thư ngày 12/11/2024" in found[NGOC].text
    assert "Thư ngày 04/11/2024" not in found[NGOC].text
    assert "đã hoàn thành ngày 08/11/2024" in found[NGOC].text
    assert "đúng hạn" not in found[NGOC].text.partition("Nội dung đúng")[2].partition("Căn cứ")[0]


@pytest.mark.parametrize(
    ("decide", "holds"),
    [
        (lambda d: extend(d, "20/12/2024", "25/10/2024"), "ngày làm việc cuối cùng là 20/12/2024"),
        (lambda d: waive(d, "25/10/2024"), "được miễn từ ngày 25/10/2024"),
    ],
)
def test_more_time_or_a_waiver_typed_late_takes_the_letters_back(
    climbed: Days, decide: Any, holds: str
) -> None:
    decide(climbed.desk.go("13/11/2024"))
    found = corrections(climbed.morning("14/11/2024"))
    assert set(found) == {NGOC, DESK}
    assert all(holds in mail.text for mail in found.values())


def test_a_reminder_of_what_is_not_owed_or_of_another_day_was_wrong(lite: Days) -> None:
    lite.morning("15/10/2024")
    extend(lite.desk.go("17/10/2024"), "20/12/2024", "11/10/2024")
    waive(lite.desk, "11/10/2024", D_THANH)
    found = corrections(lite.morning("18/10/2024"))
    assert set(found) == {NGOC, THANH}
    said = found[NGOC].text
    assert "Thư đã ghi: ngày làm việc cuối cùng là 29/10/2024" in said
    assert "Nội dung đúng: ngày làm việc cuối cùng là 20/12/2024" in said
    assert "được miễn từ ngày 11/10/2024" in found[THANH].text


def test_a_decision_of_the_day_of_a_letter_or_later_makes_no_letter_wrong(lite: Days) -> None:
    lite.morning("15/10/2024")
    extend(lite.desk, "20/12/2024", "15/10/2024")
    waive(lite.desk.go("16/10/2024"), "16/10/2024", D_THANH)
    assert corrections(lite.morning("17/10/2024")) == {}


def test_a_reminder_of_what_was_done_already_was_not_wrong(lite: Days) -> None:
    lite.morning("15/10/2024")
    handed_in(lite.desk.go("17/10/2024"), "10/10/2024")
    assert corrections(lite.morning("18/10/2024")) == {}


def test_a_duty_that_was_voided_is_taken_back_under_the_name_it_had(store: Days) -> None:
    given = obligation.Letter(phrase="trước ngày 15/12", to=NGOC, title="Báo cáo", year=2024)
    receipt = store.desk.go("20/11/2024").record(
        lambda e: obligation.give(e, given), document="CV 15/UBND"
    )
    store.morning("2/12/2024")
    store.desk.go("3/12/2024").void(receipt.entry)
    (found,) = corrections(store.morning("4/12/2024")).values()
    assert (found.unit, "Báo cáo" in found.text) == (NGOC, True)
    assert "Thư đã ghi: ngày làm việc cuối cùng là 13/12/2024" in found.text
    assert "Nội dung đúng: nội dung này ghi nhầm vào sổ, đã hủy" in found.text
    assert corrections(store.morning("5/12/2024")) == {}


def test_a_letter_that_never_left_is_dropped_and_not_taken_back(lite: Days) -> None:
    address(lite.desk, NGOC, "hong@example.com")
    lite.morning(ASKED)
    lite.close(MISSED)
    lite.issue()
    lite.send(Basket(failing="hong"))
    handed_in(lite.desk.go("6/11/2024"), "28/10/2024")
    assert corrections(lite.morning("7/11/2024")) == {}
    assert lite.states()[f"letter/{NGOC}/missed/2024-11-04"] == "dropped"
    # The month's numbers waited as well, and were written anew before they left.
    assert corrections(lite.morning("8/11/2024")) == {}


def test_a_line_left_out_of_a_letter_that_waited_is_not_taken_back(lite: Days) -> None:
    """Both climb in one letter; before it is let go, one turns out to be done."""
    lite.morning(ASKED)
    lite.morning(MISSED)
    lite.morning(CLIMBED)
    handed_in(lite.desk.go("7/11/2024"), "28/10/2024")
    lite.desk.go("8/11/2024")
    lite.release()
    (climbed,) = [mail for mail in lite.send() if mail.kind == "climb"]
    assert "Tam Ngọc" not in climbed.text
    assert "Tam Thanh" in climbed.text
    assert set(corrections(lite.morning("11/11/2024"))) == {NGOC}


def test_a_letter_that_waited_is_wrong_of_the_day_it_was_written_for(lite: Days) -> None:
    """Issued on 6/11, let go on 11/11; a waiver from 7/11 on is typed after that."""
    lite.morning(ASKED)
    lite.morning(MISSED)
    lite.morning(CLIMBED)
    lite.desk.go("11/11/2024")
    lite.release()
    lite.send()
    waive(lite.desk.go("13/11/2024"), "7/11/2024")
    found = corrections(lite.morning("14/11/2024"))
    assert "Thư ngày 11/11/2024" in found[DESK].text


def test_a_letter_that_came_back_or_was_refused_everywhere_told_nobody_anything(
    climbed: Days,
) -> None:
    from ntm_workflow.domain.letter import LetterBounced

    for mail in [m for m in climbed.mail if m.unit == NGOC]:
        climbed.desk.record(lambda e, m=mail: e.record(m.letter, LetterBounced, message_id=m.id))  # type: ignore[misc]
    handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    assert set(corrections(climbed.morning("14/11/2024"))) == {DESK}


def test_a_fact_voided_before_the_morning_takes_nothing_back(climbed: Days) -> None:
    number = handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    climbed.desk.void(number)
    assert corrections(climbed.morning("14/11/2024")) == {}


def test_a_correction_of_which_nothing_holds_when_it_leaves_is_dropped_and_may_come_again(
    climbed: Days,
) -> None:
    number = handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    climbed.close("14/11/2024")
    assert f"letter/{NGOC}/correction/2024-11-14" in climbed.issue()
    climbed.desk.void(number)
    assert climbed.send() == []
    handed_in(climbed.desk, "25/10/2024")
    found = corrections(climbed.morning("15/11/2024"))
    assert "đã hoàn thành ngày 25/10/2024" in found[NGOC].text


def test_a_decision_that_is_voided_takes_its_notice_back(lite: Days) -> None:
    lite.morning("15/10/2024")
    number = extend(lite.desk.go("16/10/2024"), "20/12/2024", "16/10/2024")
    (decided,) = lite.morning("17/10/2024")
    assert decided.kind == "decided"
    lite.desk.go("22/10/2024").void(number)
    (found,) = corrections(lite.morning("23/10/2024")).values()
    assert "Thư đã ghi: gia hạn, ngày làm việc cuối cùng mới là 20/12/2024" in found.text
    assert "Nội dung đúng: ngày làm việc cuối cùng là 29/10/2024" in found.text
    assert found.message["in-reply-to"] == decided.id
    assert corrections(lite.morning("24/10/2024")) == {}


def test_an_asking_letter_claims_nothing_to_take_back(lite: Days) -> None:
    lite.morning(ASKED)
    handed_in(lite.desk.go("1/11/2024"), "28/10/2024")
    handed_in(lite.desk, "28/10/2024", "Tam Thanh")
    assert CITY not in corrections(lite.morning("4/11/2024"))


def test_a_suspension_typed_late_takes_back_what_was_held_against_the_unit(climbed: Days) -> None:
    climbed.desk.go("13/11/2024").record(_suspended, "25/10/2024", document="CV 42/UBND")
    found = corrections(climbed.morning("14/11/2024"))
    assert set(found) == {NGOC, DESK}
    assert "tạm dừng từ ngày 25/10/2024" in found[NGOC].text


def _suspended(entry: Entry) -> None:
    entry.record(D_NGOC, ObligationSuspended)


def test_money_found_unspent_that_had_been_paid_in_time_takes_the_notice_back(
    sqlite_url: str,
) -> None:
    with days(sqlite_url) as store:
        desk = store.desk.go("20/2/2024")
        desk.allocate("Đường A", 1_000_000)
        store.morning("1/7/2024")
        store.release()
        (notice,) = [m for m in store.send() if m.kind == "to_stop"]
        assert "Đường A" in notice.text
        desk.go("3/7/2024").disburse("Đường A", 500_000, "28/6/2024")
        found = corrections(store.morning("4/7/2024"))
        assert "không thuộc diện dừng giải ngân" in found[NGOC].text
        assert found[NGOC].message["in-reply-to"] == notice.id


def test_in_english_too(sqlite_url: str) -> None:
    from ntm_workflow.office.bag import Bag
    from ntm_workflow.office.style import Style

    with days(sqlite_url, missed_and_climbed) as store:
        store.bag = Bag(style=Style(lang="en"))
        handed_in(store.desk.go("13/11/2024"), "28/10/2024")
        found = corrections(store.morning("14/11/2024"))
    assert "done on 28/10/2024, in time" in found[NGOC].text
    assert "not complete, overdue" in found[NGOC].text


def test_the_tables_rebuild_the_same(climbed: Days) -> None:
    handed_in(climbed.desk.go("13/11/2024"), "28/10/2024")
    climbed.morning("14/11/2024")
    assert climbed.desk.rebuilt_equal()


def test_nothing_is_looked_for_where_nothing_earlier_was_typed(climbed: Days) -> None:
    with climbed.desk.office.reading(on(AFTER)) as reading:
        assert retracting.planned(reading) == []
