"""Places: a place begins once, keeps its id through every change, and its type decides its level."""

from __future__ import annotations

from typing import Any

import pytest
from given import event, given, on

from ntm_workflow.domain.base import BEGINNING, AlreadyBegun
from ntm_workflow.domain.place import (
    TYPES,
    Place,
    PlaceAbolished,
    PlaceCodeAssigned,
    PlaceEnded,
    PlaceIsSo,
    PlaceLeft,
    PlaceMergedInto,
    PlaceMoved,
    PlacePaperMissing,
    PlacePartCeded,
    PlaceRegistered,
    PlaceRenamed,
    PlaceRetyped,
    PlacesMerged,
    PlaceSplit,
    UnknownPlaceType,
    level,
)

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


# --- what becomes of a place ----------------------------------------------------------------------

PAPER = {"document": "Nghị quyết mẫu"}


def test_each_change_holds_from_its_day_and_leaves_the_rest() -> None:
    journal = given(
        ID,
        REGISTERED,
        event(PlaceRenamed, "01/02/2024", name="Ngọc Mới"),
        event(PlaceRetyped, "01/03/2024", type="phuong", **PAPER),
        event(PlaceMoved, "01/04/2024", parent="da-nang"),
        event(PlaceCodeAssigned, "01/05/2024", code="20350"),
        event(PlaceLeft, "01/06/2024"),
    )
    assert journal.at("31/01/2024") == Place("Tam Ngọc", "xa", "20347", "tam-ky", on("01/01/2024"))
    assert (journal.at("01/02/2024").name, journal.at("01/02/2024").type) == ("Ngọc Mới", "xa")
    assert journal.now == Place(
        "Ngọc Mới", "phuong", "20350", "da-nang", on("01/01/2024"), left_on=on("01/06/2024")
    )


@pytest.mark.parametrize(
    ("end", "successors"),
    [
        (event(PlaceMergedInto, "01/07/2025", into="a", **PAPER), ("a",)),
        (event(PlaceSplit, "01/07/2025", into=("a", "b"), **PAPER), ("a", "b")),
        (event(PlaceAbolished, "01/07/2025", **PAPER), ()),
    ],
    ids=["merged", "split", "abolished"],
)
def test_a_place_that_ended_takes_no_more_facts_from_that_day_on(
    end: Any, successors: tuple[str, ...]
) -> None:
    journal = given(ID, REGISTERED, end)
    assert (journal.now.ended, journal.now.successors) == (on("01/07/2025"), successors)
    assert journal.when(event(PlaceRenamed, "01/07/2025", name="Mới")) is PlaceEnded
    assert journal.when(event(PlaceRenamed, "30/06/2025", name="Mới")).name == "Mới"


def test_a_place_that_ceded_a_part_goes_on() -> None:
    state = given(ID, REGISTERED).when(event(PlacePartCeded, "01/07/2025", into=("a",), **PAPER))
    assert (state.ended, state.successors) == (None, ("a",))


@pytest.mark.parametrize(
    "act",
    [
        event(PlaceRetyped, "01/07/2025", type="phuong"),
        event(PlacesMerged, "01/07/2025", sources=("a",)),
        event(PlaceMergedInto, "01/07/2025", into="a"),
        event(PlaceSplit, "01/07/2025", into=("a",)),
        event(PlacePartCeded, "01/07/2025", into=("a",)),
        event(PlaceAbolished, "01/07/2025"),
    ],
    ids=lambda act: type(act).__name__,
)
def test_what_only_a_decision_can_do_needs_its_paper(act: Any) -> None:
    assert given(ID, REGISTERED).when(act) is PlacePaperMissing


@pytest.mark.parametrize(
    "act",
    [
        event(PlaceRenamed, "01/07/2025", name="Tam Ngọc"),
        event(PlaceRetyped, "01/07/2025", type="xa", **PAPER),
        event(PlaceMoved, "01/07/2025", parent="tam-ky"),
        event(PlaceCodeAssigned, "01/07/2025", code="20347"),
    ],
    ids=lambda act: type(act).__name__,
)
def test_what_is_so_already_is_not_recorded_again(act: Any) -> None:
    assert given(ID, REGISTERED).when(act) is PlaceIsSo


def test_a_type_nobody_defined_is_refused_when_a_place_is_retyped() -> None:
    act = event(PlaceRetyped, "01/07/2025", type="dac-biet", **PAPER)
    assert given(ID, REGISTERED).when(act) is UnknownPlaceType
