"""Changes of places that are known beforehand: each with a source, recorded once, and never by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from offices import Desk, adopted

from ntm_workflow.office import known_changes
from ntm_workflow.office.known_changes import DayUnsure, NeedsOwnPaper, NothingToApply
from ntm_workflow.office.place import NewPlace
from ntm_workflow.plans.place_changes import UnknownChange, known_change
from ntm_workflow.plans.place_changes import known_changes as bundled
from ntm_workflow.projections.slices import FOREVER

ON, DISTRICTS = "nq-1241-2024", "het-cap-huyen-2025"


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
    for each in bundled():
        assert each.paper
        assert each.source
        assert each.acts
        assert each.on < date.fromisoformat(FOREVER)
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
    from ntm_workflow.office.place import Atlas

    for name in ("Hiệp Thuận", "Hiệp Hòa"):
        new = NewPlace(name=name, type="xa", parent="hiep-duc")
        desk.record(lambda e, new=new: Atlas(e).add(new))  # type: ignore[misc]
    assert states(desk, ON)[1] == "open"
    apply(desk, ON)
    assert states(desk, ON) == ["recorded"] * 4


def test_what_the_journal_has_otherwise_is_told_and_left(desk: Desk) -> None:
    from ntm_workflow.office import place

    desk.record(
        lambda e: place.merge(e, ["Sơn Viên"], [], "Quế Lâm", place.Successor()),
        "1/1/2025",
        document="NQ mẫu",
    )
    assert states(desk, ON)[0] == "differs"
    apply(desk, ON)
    assert desk.rows("place")["son-vien-nong-son"]["successors"] == ["que-lam-nong-son"]


def test_a_commune_may_take_the_name_of_its_district(store_url: str) -> None:
    desk = adopted(store_url, "bao-linh-2024", day="02/01/2024", within=None).go("02/07/2025")
    apply(desk, "het-cap-huyen-2025-thai-nguyen", document="NQ mẫu")
    places = desk.rows("place")
    [new] = places["bao-linh-dinh-hoa"]["successors"]
    assert (places[new]["name"], places[new]["type"]) == ("Định Hóa", "xa")
    assert places[new]["parent"] == "thai-nguyen"
    assert places["dinh-hoa"]["ended"] == date(2025, 7, 1)
    assert states(desk, "het-cap-huyen-2025-thai-nguyen") == ["recorded", "recorded"]
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
    apply(desk, DISTRICTS, document="NQ mẫu")
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
