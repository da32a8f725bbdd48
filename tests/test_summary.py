"""The month in one letter: once for each unit, what it has done and has not, and nothing for whoever has nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from letter_days import (
    ASKED,
    D_NGOC,
    MISSED,
    NGOC,
    THANH,
    Days,
    Mail,
    days,
    missed_and_climbed,
    october,
)

from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.unit import UnitContactChanged
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office import contacts, obligation, summary
from ntm_workflow.projections import telling


@pytest.fixture
def store(store_url: str) -> Iterator[Days]:
    with days(store_url, october) as each:
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, october) as each:
        yield each


def give(days: Days, title: str, phrase: str, to: str = NGOC, strength: str = "must") -> str:
    given = obligation.Letter(phrase=phrase, to=to, title=title, strength=strength)
    receipt = days.desk.record(lambda e: obligation.give(e, given), document=f"CV {title}")
    return receipt.facts[0].subject


def summaries(mail: list[Mail]) -> dict[str, Mail]:
    return {each.unit: each for each in mail if each.kind == "summary"}


def counts(days: Days, unit: str, month: str = "2024-10") -> dict[str, int]:
    with days.desk.office.reading() as reading:
        # As a letter that names whatever is past its day.
        lines = tuple(Line(row.id, "summary", 0) for row in reading.rows("obligation"))
        about = Intent(unit, "summary", reading.as_of, lines, about=month)
        said = summary.counts(reading, about)
    names = ("met", "met_late", "open", "overdue", "behind")
    return {name: getattr(said, name) for name in names if getattr(said, name)}


def test_a_month_is_told_once_on_its_first_working_morning(store: Days) -> None:
    store.desk.submit("Tam Ngọc", "14/10/2024", received_on="14/10/2024")
    give(store, "Báo cáo", "trước ngày 15/11/2024")
    # 1/11/2024 is a Friday.
    assert summaries(store.morning("31/10/2024")) == {}
    mail = summaries(store.morning("1/11/2024"))
    said = mail[NGOC].text
    assert "Tổng hợp tháng 10/2024" in mail[NGOC].message["subject"]
    assert "Hoàn thành đúng hạn: 1" in said
    assert "■ Đã hoàn thành (1)" in said
    assert "Đã ghi nhận hoàn thành ngày 14/10/2024" in said
    assert "■ Sắp đến ngày (1)" in said
    assert THANH not in mail
    for day in ("2/11/2024", "4/11/2024", "11/11/2024"):
        assert NGOC not in summaries(store.morning(day))


@pytest.mark.parametrize(("day", "told"), [("10/11/2024", False), ("8/11/2024", True), ("11/11/2024", False)])  # fmt: skip
def test_a_month_may_be_told_nine_days_late_and_no_later(lite: Days, day: str, told: bool) -> None:
    lite.desk.submit("Tam Ngọc", "14/10/2024", received_on="14/10/2024")
    assert (NGOC in summaries(lite.morning(day))) is told


def test_nothing_is_held_against_a_unit_before_its_desk_was_asked(lite: Days) -> None:
    lite.desk.submit("Tam Ngọc", "14/10/2024", received_on="14/10/2024")
    lite.morning(ASKED)
    mail = summaries(lite.morning("1/11/2024"))
    assert set(mail) == {NGOC}
    assert counts(lite, THANH) == {"open": 1}
    mail = summaries(lite.morning(MISSED))
    assert "■ Quá hạn (1)" in mail[THANH].text
    assert counts(lite, THANH) == {"overdue": 1}


def test_the_numbers_are_those_of_the_month(sqlite_url: str) -> None:
    with days(sqlite_url, missed_and_climbed) as store:
        desk = store.desk.go("13/11/2024")
        desk.submit("Tam Ngọc", "12/11/2024", received_on="12/11/2024")
        done = give(store, "Xong", "trước ngày 25/11/2024")
        give(store, "Còn làm", "trước ngày 10/12/2024")
        give(store, "Tháng sau nữa", "trước ngày 10/1/2025")
        desk.record(lambda e: e.record(done, obligation.ObligationMet))
        store.morning("25/11/2024")
        desk.go("2/12/2024")
        assert counts(store, NGOC, "2024-11") == {"met": 1, "met_late": 1}
        assert counts(store, THANH, "2024-11") == {"overdue": 1}
        mail = summaries(store.morning("2/12/2024"))
    said = mail[NGOC].text
    assert "Hoàn thành đúng hạn: 1" in said
    assert "Hoàn thành sau hạn: 1" in said
    assert ("Còn làm" in said, "Tháng sau nữa" in said) == (True, False)


def test_a_mark_to_strive_for_is_behind_only_if_it_was_announced(lite: Days) -> None:
    give(lite, "Phấn đấu", "trước ngày 28/10/2024", strength="strive")
    give(lite, "Không báo trước", "trước ngày 28/10/2024", to=THANH, strength="strive")
    lite.desk.record(lambda e: contacts.change(e, THANH, []))
    mail = [each for each in lite.morning("21/10/2024") if each.unit == NGOC]
    assert mail
    lite.desk.submit("Tam Ngọc", "21/10/2024", received_on="21/10/2024")
    lite.desk.go("1/11/2024")
    assert counts(lite, NGOC) == {"met": 1, "behind": 1}
    said = summaries(lite.morning("1/11/2024"))[NGOC].text
    assert "Mốc phấn đấu đã qua: 1" in said
    assert "quá hạn" not in said.lower()


def test_what_was_missed_before_its_plan_was_taken_on_is_in_nobodys_summary(
    sqlite_url: str,
) -> None:
    with days(sqlite_url, since="02/12/2024") as store:
        give(store, "Báo cáo", "trước ngày 20/12/2024")
        mail = summaries(store.morning("2/12/2024"))
        assert store.desk.rows("obligation")["D118/tam-thanh-tam-ky"]["missed_in_history"]
        assert set(mail) == {NGOC}
        assert "quá hạn" not in mail[NGOC].text.lower()
        assert counts(store, NGOC, "2024-11") == {}


def test_whoever_wants_none_gets_none_and_still_its_reminders(lite: Days) -> None:
    give(lite, "Báo cáo", "trước ngày 15/11/2024")
    lite.desk.record(lambda e: contacts.change(e, NGOC, None, summary=False))
    found = {(m.unit, m.kind) for m in lite.morning("1/11/2024")}
    assert (NGOC, "summary") not in found
    assert (NGOC, "digest") in found
    lite.desk.record(lambda e: contacts.change(e, NGOC, None, summary=True))
    assert NGOC in summaries(lite.morning("4/11/2024"))
    with lite.desk.database.read() as conn:
        facts = [f.event for f in lite.desk.office.journal.facts(conn)]
    assert [e.summary for e in facts if isinstance(e, UnitContactChanged)][-2:] == [False, True]


def test_only_a_summary_may_be_unsubscribed_from(lite: Days) -> None:
    give(lite, "Báo cáo", "trước ngày 15/11/2024")
    mail = lite.morning("1/11/2024")
    optional = {m.kind for m in mail if m.message["list-unsubscribe"]}
    assert optional == {"summary"}
    assert {m.kind for m in mail} > {"summary"}


def test_what_a_summary_told_is_no_rung(lite: Days) -> None:
    give(lite, "Báo cáo", "trước ngày 25/11/2024")
    lite.morning("1/11/2024")
    lines = [m for m in lite.morning("8/11/2024") if (m.unit, m.kind) == (NGOC, "digest")]
    assert lines
    with lite.desk.database.read() as conn:
        said = {e.part for e in telling.last(conn, ["obligation/cv-bao-cao-1"], date(2024, 11, 8))}
    assert said == {"ahead", "summary"}


def test_a_summary_that_accused_wrongly_is_taken_back(lite: Days) -> None:
    lite.morning(ASKED)
    lite.morning(MISSED)
    lite.desk.go("5/11/2024").submit("Tam Ngọc", "28/10/2024", received_on="28/10/2024")
    (found,) = [m for m in lite.morning("6/11/2024") if m.kind == "correction" and m.unit == NGOC]
    assert "“tổng hợp tháng”" in found.text
    assert D_NGOC.partition("/")[2] in found.text
