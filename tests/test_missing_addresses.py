"""Units without an address: whoever can mend it hears once a week what waits for them, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from letter_days import ASKED, CITY, DESK, NGOC, THANH, Days, Mail, address, days, october
from terminal import ntm

from ntm_workflow.office import contacts, obligation, unit


@pytest.fixture
def store(store_url: str) -> Iterator[Days]:
    with days(store_url, october) as each:
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, october) as each:
        yield each


def silence(days: Days, *units: str) -> None:
    for id in units:
        days.desk.record(lambda e, i=id: contacts.change(e, i, []))  # type: ignore[misc]


def told(mail: list[Mail]) -> dict[str, Mail]:
    return {each.unit: each for each in mail if each.kind == "no_address"}


def test_the_nearest_coordination_office_hears_what_waits_and_the_command_that_mends_it(
    store: Days,
) -> None:
    silence(store, NGOC)
    (mail,) = told(store.morning("15/10/2024")).values()
    assert mail.unit == DESK
    assert "■ UBND xã Tam Ngọc (1)" in mail.text
    assert "ntm unit contact 'UBND xã Tam Ngọc' --email …" in mail.text
    assert "1 thư đang chờ địa chỉ" in mail.text
    assert "Trình hồ sơ" not in mail.text, (
        "what a unit owes is told to nobody for want of an address"
    )
    assert "Tam Thanh" not in mail.text
    assert store.states()[f"letter/{NGOC}/digest/2024-10-15"] == "no_address"


def test_it_is_told_once_a_week_until_there_is_an_address(lite: Days) -> None:
    silence(lite, NGOC)
    weeks = [
        day
        for day in ("15/10/2024", "16/10/2024", "18/10/2024", "21/10/2024", "22/10/2024")
        if told(lite.morning(day))
    ]
    # A week begins on its Monday.
    assert weeks == ["15/10/2024", "21/10/2024"]
    address(lite.desk, NGOC)
    assert {mail.unit for mail in lite.send()} == {NGOC}
    assert told(lite.morning("28/10/2024")) == {}


def test_nothing_is_told_of_what_is_owed_no_more(lite: Days) -> None:
    silence(lite, NGOC)
    lite.morning("15/10/2024")
    lite.desk.submit("Tam Ngọc", "15/10/2024", received_on="15/10/2024")
    assert told(lite.morning("21/10/2024")) == {}
    assert told(lite.morning("28/10/2024")) == {}


def test_without_a_coordination_office_the_committee_above_hears(lite: Days) -> None:
    silence(lite, NGOC, DESK)
    (mail,) = told(lite.morning("15/10/2024")).values()
    assert mail.unit == CITY


def test_of_a_department_its_own_committee_hears_first(lite: Days) -> None:
    lite.desk.record(
        lambda e: unit.register(e, "Văn phòng xã Tam Ngọc", "tam-ngoc-tam-ky", "van-phong", ())
    )
    given = obligation.Letter(
        phrase="trước ngày 30/10/2024", to="van-phong-xa-tam-ngoc", title="Báo cáo"
    )
    lite.desk.record(lambda e: obligation.give(e, given), document="CV 15")
    mail = told(lite.morning("15/10/2024"))
    assert set(mail) == {NGOC}


def test_where_nobody_can_mend_it_nothing_is_written(lite: Days) -> None:
    silence(lite, NGOC, THANH, CITY, DESK)
    assert lite.morning("15/10/2024") == []
    assert not [id for id in lite.states() if "no_address" in id]


def test_one_letter_names_all_who_are_silent_also_a_desk_that_is_asked(lite: Days) -> None:
    silence(lite, NGOC, THANH, CITY)
    (mail,) = told(lite.morning("15/10/2024")).values()
    assert "■ UBND xã Tam Ngọc (1)" in mail.text
    assert "■ UBND xã Tam Thanh (1)" in mail.text
    assert told(lite.morning(ASKED))[DESK].text.count("■ UBND") == 1
    assert "■ UBND thành phố Tam Kỳ (2)" in lite.mail[-1].text


def test_an_address_that_came_meanwhile_leaves_nothing_to_say(lite: Days) -> None:
    silence(lite, NGOC)
    lite.issue()
    address(lite.desk, NGOC)
    assert told(lite.send()) == {}
    assert lite.states()[f"letter/{DESK}/no_address/2024-10-15"] == "dropped"


def test_doctor_says_how_many_have_none_and_the_command(lite: Days, sqlite_url: str) -> None:
    silence(lite, NGOC)
    lite.desk.close_store()
    said = ntm("doctor", sqlite_url).out
    assert "1 đơn vị còn việc mà chưa có địa chỉ thư: UBND xã Tam Ngọc." in said
    assert "ntm unit contact … --email …" in said
