"""Changes of places that are known beforehand: each with a source, recorded once, and never by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from offices import Desk, adopted

from ntm_workflow.domain.place import PlaceAbolished
from ntm_workflow.office import known_changes, place
from ntm_workflow.office.known_changes import DayKnown, DayUnsure, NeedsOwnPaper, NothingToApply
from ntm_workflow.office.place import NewPlace
from ntm_workflow.office.taken import PlaceExists
from ntm_workflow.plans.place_changes import UnknownChange, known_change
from ntm_workflow.plans.place_changes import known_changes as bundled

ON, DISTRICTS = "nq-1241-2024", "het-cap-huyen-2025-quang-nam"
WARDS, PROVINCE = "xa-tam-ky-2025", "quang-nam-da-nang-2025"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "quang-nam-2024-2025", day="02/01/2024", within="Quảng Nam")
    desk.go("02/07/2025")
    yield desk
    desk.close_store()


def apply(desk: Desk, id: str, on: str | None = None, document: str | None = None) -> None:
    desk.record(lambda e: known_changes.apply(e, known_change(id)), on, document=document)


def states(desk: Desk, id: str) -> list[str]:
    with desk.office.reading() as reading:
        return [each.state for each in known_changes.acts(reading, known_change(id))]


def test_every_change_has_a_paper_a_source_and_a_day() -> None:
    assert len({each.id for each in bundled()}) == len(bundled())
    for each in bundled():
        assert each.source
        # A number that nobody has seen is not written down as if it had been.
        assert each.unverified or each.paper[0].isupper()
        assert all(act.of or act.level for act in each.acts)
    # Nobody has sourced what came of some: those are told, and none of them is recorded.
    assert {a.into for c in bundled() for a in c.acts if c.id == "de-an-2025"} == {None}
    with pytest.raises(UnknownChange):
        known_change("khong-co")


def test_a_resolution_is_recorded_on_its_day_by_its_paper_and_once(desk: Desk) -> None:
    assert states(desk, ON) == ["open", "absent", "open", "open"]
    apply(desk, ON)
    assert states(desk, ON) == ["recorded", "absent", "recorded", "recorded"]
    places = desk.rows("place")
    assert places["son-vien-nong-son"]["successors"] == ["que-loc-nong-son"]
    assert places["son-vien-nong-son"]["ended"] == date(2025, 1, 1)
    # A district that ends leaves its communes to the other one, and the past keeps its parents.
    assert places["que-loc-nong-son"]["parent"] == "que-son"
    before = desk.rows("place", as_of=date(2024, 12, 31))
    assert before["que-loc-nong-son"]["parent"] == "nong-son"
    assert places["binh-dinh-thang-binh"]["name"] == "Bình Định"
    with pytest.raises(NothingToApply):
        apply(desk, ON)
    assert desk.rebuilt_equal()


def test_places_that_come_into_the_journal_later_are_recorded_then(desk: Desk) -> None:
    apply(desk, ON)
    for name in ("Hiệp Thuận", "Hiệp Hòa"):
        add(desk, name, "xa", "hiep-duc")
    assert states(desk, ON)[1] == "open"
    apply(desk, ON)
    assert states(desk, ON) == ["recorded"] * 4


def merged(desk: Desk, name: str, into: str, on: str, **new: str) -> None:
    successor = place.Successor(**new)
    desk.record(lambda e: place.merge(e, [name], [], into, successor), on, document="NQ mẫu")


@pytest.mark.parametrize(("into", "on"), [("Quế Lâm", "1/1/2025"), ("Quế Lộc", "5/1/2025")])
def test_what_the_journal_has_otherwise_is_told_and_left(desk: Desk, into: str, on: str) -> None:
    merged(desk, "Sơn Viên", into, on)
    assert states(desk, ON)[0] == "differs"
    apply(desk, ON)
    assert len(desk.rows("place")["son-vien-nong-son"]["successors"]) == 1
    assert states(desk, ON)[0] == "differs"


def test_a_successor_is_looked_for_in_its_province_only(desk: Desk) -> None:
    add(desk, "Bắc Ninh", "tinh", None)
    add(desk, "Lương Tài", "huyen", "bac-ninh")
    add(desk, "Bình Định", "xa", "luong-tai-bac-ninh")
    apply(desk, ON)
    [new] = desk.rows("place")["binh-dinh-bac-thang-binh"]["successors"]
    assert desk.rows("place")[new]["parent"] == "thang-binh"


def add(desk: Desk, name: str, type: str, parent: str | None) -> None:
    new = NewPlace(name=name, type=type, parent=parent)
    desk.record(lambda e: place.Atlas(e).add(new))


def test_a_successor_that_is_there_takes_them_in_and_two_of_its_name_are_not_guessed(
    desk: Desk,
) -> None:
    add(desk, "Bình Định", "xa", "thang-binh")
    add(desk, "Bình Định", "xa", "que-son")
    assert states(desk, ON) == ["open", "absent", "several", "open"]
    # What is not sure of one keeps nobody from seeing, or recording, the rest.
    apply(desk, ON)
    assert states(desk, ON) == ["recorded", "absent", "several", "recorded"]


def test_one_successor_that_is_there_is_not_made_again(desk: Desk) -> None:
    add(desk, "Bình Định", "xa", "thang-binh")
    apply(desk, ON)
    assert desk.rows("place")["binh-dinh-nam-thang-binh"]["successors"] == ["binh-dinh-thang-binh"]
    assert states(desk, ON)[2] == "recorded"


def test_a_commune_becomes_a_town_of_another_name_on_the_day_its_paper_has(desk: Desk) -> None:
    add(desk, "Quế Trung", "xa", "nong-son")
    apply(desk, "que-trung-2023", on="15/2/2023", document="NQ mẫu")
    row = desk.rows("place")["que-trung-nong-son"]
    assert (row["name"], row["type"]) == ("Trung Phước", "thi-tran")
    assert desk.rows("place", as_of=date(2023, 2, 14))["que-trung-nong-son"]["type"] == "xa"
    assert states(desk, "que-trung-2023") == ["recorded"]


def test_the_day_of_a_verified_paper_is_its_own(desk: Desk) -> None:
    with pytest.raises(DayKnown):
        apply(desk, ON, on="5/1/2025")
    apply(desk, DISTRICTS, on="2/7/2025", document="NQ mẫu")
    assert desk.rows("place")["tam-ky"]["ended"] == date(2025, 7, 2)


def test_a_commune_may_take_the_name_of_its_district(store_url: str) -> None:
    desk = adopted(store_url, "bao-linh-2024", day="02/01/2024", within=None).go("02/07/2025")
    apply(desk, "xa-bao-linh-2025", document="NQ mẫu")
    apply(desk, "het-cap-huyen-2025-thai-nguyen", document="NQ mẫu")
    places = desk.rows("place")
    [new] = places["bao-linh-dinh-hoa"]["successors"]
    assert (places[new]["name"], places[new]["type"]) == ("Định Hóa", "xa")
    assert places[new]["parent"] == "thai-nguyen"
    assert places["dinh-hoa"]["ended"] == date(2025, 7, 1)
    assert states(desk, "xa-bao-linh-2025") == ["recorded"]
    assert states(desk, "het-cap-huyen-2025-thai-nguyen") == ["recorded"]
    assert desk.rebuilt_equal()
    desk.close_store()


def test_what_is_not_verified_takes_a_paper_of_ones_own(desk: Desk) -> None:
    with pytest.raises(NeedsOwnPaper):
        apply(desk, DISTRICTS)
    with pytest.raises(NothingToApply):
        apply(desk, "de-an-2025", document="QĐ mẫu")
    with pytest.raises(DayUnsure):
        apply(desk, "que-trung-2023", document="QĐ mẫu")


def test_the_end_of_the_districts_leaves_every_commune_to_the_province(desk: Desk) -> None:
    for change in (PROVINCE, DISTRICTS, WARDS):
        apply(desk, change, document="NQ mẫu")
        assert set(states(desk, change)) == {"recorded"}
    places = desk.rows("place")
    assert {row["ended"] for row in places.values() if row["level"] == "district"} == {
        date(2025, 7, 1)
    }
    communes = [r for r in places.values() if r["level"] == "commune" and r["ended"] is None]
    assert {row["parent"] for row in communes} == {"da-nang"}
    # Two communes of Tam Kỳ are one ward, with the wards that no plan speaks of.
    assert places["tam-phu-tam-ky"]["successors"] == places["tam-thanh-tam-ky"]["successors"]
    ward = places[places["tam-phu-tam-ky"]["successors"][0]]
    assert (ward["name"], ward["type"], ward["code"]) == ("Quảng Phú", "phuong", "20356")
    assert places["quang-nam"]["successors"] == ["da-nang"]
    before = desk.rows("place", as_of=date(2025, 6, 30))
    assert before["tam-ky"]["ended"] is None
    assert desk.rebuilt_equal()


def test_a_place_that_ended_without_a_successor_is_told_otherwise(desk: Desk) -> None:
    desk.record(
        lambda e: e.record("place/son-vien-nong-son", PlaceAbolished), "1/1/2025", document="NQ mẫu"
    )
    assert states(desk, ON)[0] == "differs"


def test_what_goes_into_a_place_the_journal_lacks_waits_for_it(store_url: str) -> None:
    desk = adopted(store_url, "quang-nam-2024-2025", day="02/01/2024", within="Sơn Viên")
    desk.go("02/07/2025")
    assert states(desk, ON)[0] == "absent"
    desk.close_store()


def test_two_of_one_name_do_not_come_to_lie_in_one_place(desk: Desk) -> None:
    add(desk, "Trùng Tên", "xa", "nong-son")
    add(desk, "Trùng Tên", "xa", "que-son")
    with pytest.raises(PlaceExists):
        apply(desk, DISTRICTS, document="NQ mẫu")
