"""Places: a place begins once, keeps what it was told, and its type decides its level."""

from __future__ import annotations

import pytest
from given import event, given, on

from ntm_workflow.domain.base import BEGINNING, AlreadyBegun
from ntm_workflow.domain.place import TYPES, Place, PlaceRegistered, UnknownPlaceType, level

ID = "place/tam-ngoc"
REGISTERED = event(
    PlaceRegistered, "01/01/2024", name="Tam Ngọc", type="xa", code="20347", parent="tam-ky"
)


def test_registering_a_place_keeps_its_name_type_code_and_parent() -> None:
    state = given(ID).when(REGISTERED)
    assert state == Place("Tam Ngọc", "xa", "20347", "tam-ky", on("01/01/2024"))


def test_a_place_may_have_no_official_code_and_no_parent() -> None:
    state = given("place/quang-nam").when(
        event(PlaceRegistered, "01/01/2024", name="Quảng Nam", type="tinh")
    )
    assert (state.code, state.parent) == (None, None)


def test_a_place_whose_beginning_nobody_told_stands_on_every_day() -> None:
    journal = given(ID, event(PlaceRegistered, BEGINNING, name="Tam Ngọc", type="xa"))
    assert journal.at("01/01/1930").name == "Tam Ngọc"


def test_a_place_does_not_exist_the_day_before_it_was_registered() -> None:
    journal = given(ID, REGISTERED)
    assert journal.at("31/12/2023") is None
    assert journal.at("01/01/2024").name == "Tam Ngọc"


def test_a_place_is_not_registered_twice() -> None:
    again = event(PlaceRegistered, "02/01/2024", name="Tam Ngọc", type="phuong")
    assert given(ID, REGISTERED).when(again) is AlreadyBegun


def test_a_second_registration_that_stands_in_the_journal_changes_nothing_and_is_listed() -> None:
    again = event(PlaceRegistered, "02/01/2024", name="Tam Ngọc", type="phuong")
    journal = given(ID, REGISTERED, again)
    assert journal.now.type == "xa"
    assert journal.conflicts == [2]


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("tinh", "province"),
        ("thanh-pho-tw", "province"),
        ("huyen", "district"),
        ("thi-xa", "district"),
        ("thanh-pho", "district"),
        ("quan", "district"),
        ("xa", "commune"),
        ("phuong", "commune"),
        ("thi-tran", "commune"),
        ("thon", "village"),
    ],
)
def test_each_type_of_place_has_one_level(type: str, expected: str) -> None:
    assert level(type) == expected


def test_a_city_is_a_province_or_a_district_by_its_code_not_by_its_word() -> None:
    assert TYPES["thanh-pho"][1] == TYPES["thanh-pho-tw"][1] == "thành phố"
    assert level("thanh-pho") != level("thanh-pho-tw")


def test_a_type_nobody_defined_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownPlaceType) as refused:
        level("đặc khu")
    assert "“đặc khu”" in refused.value.say("vi")
    assert all(type in refused.value.say("vi") for type in TYPES)
