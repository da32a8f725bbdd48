"""Names: what somebody typed finds one place or unit of the day, or is told why it does not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from offices import Desk, closing_store

from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.place import PlaceCodeAssigned, PlaceRegistered
from ntm_workflow.office import place, unit
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund import ItemAlike
from ntm_workflow.office.names import Ambiguous, NotFound, OtherDay, find_place, find_unit, words
from ntm_workflow.office.taken import PlaceExists
from ntm_workflow.office.unit import UnitExists

PLACES = (
    ("quang-nam", "Quảng Nam", "tinh", None, None),
    ("can-tho", "Cần Thơ", "thanh-pho-tw", None, None),
    ("tam-ky", "Tam Kỳ", "thanh-pho", "502", "quang-nam"),
    ("phu-ninh", "Phú Ninh", "huyen", None, "quang-nam"),
    ("dong-giang", "Đông Giang", "huyen", None, "quang-nam"),
    ("tam-thanh-tam-ky", "Tam Thanh", "xa", "20359", "tam-ky"),
    ("tam-thanh-phu-ninh", "Tam Thành", "xa", "20365", "phu-ninh"),
    ("tam-ngoc-tam-ky", "Tam Ngọc", "xa", "20389", "tam-ky"),
    ("dinh-hoa-phu-ninh", "Định Hóa", "xa", None, "phu-ninh"),
    ("a-xan-dong-giang", "A Xan", "xa", None, "dong-giang"),
    ("bha-le-dong-giang", "Bha Lê", "xa", None, "dong-giang"),
    ("ba-dong-giang", "Ba", "xa", None, "dong-giang"),
    ("tam-ky-phu-ninh", "Tam Kỳ", "xa", None, "phu-ninh"),
)
UNITS = (
    ("Văn phòng Điều phối nông thôn mới thành phố Cần Thơ", "Cần Thơ", "vpdp"),
    ("UBND thành phố Tam Kỳ", "502", "ubnd"),
    ("Sở Nông nghiệp và Phát triển nông thôn", "Quảng Nam", "so"),
    ("Phòng Kinh tế", "502", "phong"),
    ("Phòng Kinh tế", "Phú Ninh", "phong"),
)


def a_map(entry: Entry) -> None:
    for id, name, type, code, parent in PLACES:
        said = {"name": name, "type": type, "code": code, "parent": parent}
        entry.record(f"place/{id}", PlaceRegistered, effective_on=BEGINNING, **said)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(Desk(store, "01/12/2025").init()) as desk:
        desk.record(a_map)
        for name, at, role in UNITS:
            desk.record(lambda e, n=name, at=at, r=role: unit.register(e, n, at, r, ()))  # type: ignore[misc]
        yield desk


def found(desk: Desk, typed: str, within: str | None = None, day: str | None = None) -> str:
    with desk.office.reading(read_date(day) if day else None) as reading:
        return find_place(reading, typed, within)


def unit_found(desk: Desk, typed: str, within: str | None = None) -> str:
    with desk.office.reading() as reading:
        return find_unit(reading, typed, within)


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("20359", "tam-thanh-tam-ky"),
        ("tam-thanh-tam-ky", "tam-thanh-tam-ky"),
        ("Tam Thanh", "tam-thanh-tam-ky"),
        ("Tam Thành", "tam-thanh-phu-ninh"),
        ("tam thành", "tam-thanh-phu-ninh"),
        ("TAM NGỌC", "tam-ngoc-tam-ky"),
        ("tam ngoc", "tam-ngoc-tam-ky"),
        ("Tam  Ngọc ", "tam-ngoc-tam-ky"),
        (unicodedata.normalize("NFD", "Tam Ngọc"), "tam-ngoc-tam-ky"),
        ("Định Hoá", "dinh-hoa-phu-ninh"),
        ("dinh hoa", "dinh-hoa-phu-ninh"),
        ("Axan", "a-xan-dong-giang"),
        ("Bhalê", "bha-le-dong-giang"),
        ("bhale", "bha-le-dong-giang"),
        ("xã Ba", "ba-dong-giang"),
        ("xa ba", "ba-dong-giang"),
        ("TP Tam Kỳ", "tam-ky"),
        ("tp. tam ky", "tam-ky"),
        ("xã Tam Kỳ", "tam-ky-phu-ninh"),
    ],
)
def test_a_place_is_found_by_code_id_or_name_from_exact_to_loose(
    desk: Desk, typed: str, id: str
) -> None:
    assert found(desk, typed) == id


@pytest.mark.parametrize("typed", ["tam thanh", "TAM THANH", "Tamthanh", "Tam Kỳ"])
def test_what_fits_two_places_is_listed_and_never_guessed(desk: Desk, typed: str) -> None:
    with pytest.raises(Ambiguous) as refused:
        found(desk, typed)
    assert refused.value.facts["count"] == 2


def test_a_scope_decides_between_two(desk: Desk) -> None:
    assert found(desk, "tam thanh", within="phu-ninh") == "tam-thanh-phu-ninh"
    assert found(desk, "tam thanh", within="tam-ky") == "tam-thanh-tam-ky"


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\x00"])
def test_an_empty_name_is_refused_and_names_nothing(desk: Desk, typed: str) -> None:
    for find in (found, unit_found):
        with pytest.raises(Refused) as refused:
            find(desk, typed)
        assert refused.value.exit_code == 2


def test_two_of_one_code_are_told_apart_by_their_ids(desk: Desk) -> None:
    for id in ("tam-thanh-phu-ninh", "tam-thanh-tam-ky"):
        desk.record(lambda e, id=id: e.record(f"place/{id}", PlaceCodeAssigned, code="7"))  # type: ignore[misc]
    with pytest.raises(Ambiguous) as refused:
        found(desk, "7")
    assert "tam-thanh-phu-ninh" in refused.value.say("vi")


def test_an_accent_typed_is_an_accent_meant(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        found(desk, "Tam Thánh")
    assert "Tam Thanh" in refused.value.say("vi").partition("Có phải:")[2]


def test_a_near_name_is_suggested(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        found(desk, "Bha Lee")
    assert "Bha Lê?" in refused.value.say("vi")


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        (
            "VPĐP NTM TP Cần Thơ",
            "van-phong-dieu-phoi-nong-thon-moi-thanh-pho-can-tho",
        ),
        ("vpdp ntm tp can tho", "van-phong-dieu-phoi-nong-thon-moi-thanh-pho-can-tho"),
        ("Ủy ban nhân dân thành phố Tam Kỳ", "ubnd-tam-ky"),
        ("Uỷ ban nhân dân TP. Tam Kỳ", "ubnd-tam-ky"),
        ("ubnd tp tam ky", "ubnd-tam-ky"),
        ("Sở NN&PTNT", "so-nong-nghiep-va-phat-trien-nong-thon"),
        ("Sở Nông nghiệp và PTNT", "so-nong-nghiep-va-phat-trien-nong-thon"),
    ],
)
def test_a_unit_is_found_by_the_short_forms_offices_write(desk: Desk, typed: str, id: str) -> None:
    assert unit_found(desk, typed) == id


def test_units_of_one_name_are_told_apart_by_their_place(desk: Desk) -> None:
    with pytest.raises(Ambiguous):
        unit_found(desk, "P. Kinh tế")
    assert unit_found(desk, "P. Kinh tế", within="phu-ninh") == "phong-kinh-te-phu-ninh"


@pytest.mark.parametrize("name", ["Phòng kinh tế", unicodedata.normalize("NFD", "Phòng Kinh tế")])
def test_a_second_unit_that_differs_in_case_or_unicode_only_is_refused(
    desk: Desk, name: str
) -> None:
    with pytest.raises(UnitExists):
        desk.record(lambda e: unit.register(e, name, "502", "phong", ()))


@pytest.mark.parametrize(
    "name", ["tam ngọc", "xã Tam Ngọc", unicodedata.normalize("NFD", "Tam Ngọc")]
)
def test_a_second_place_that_differs_in_case_or_unicode_only_is_refused(
    desk: Desk, name: str
) -> None:
    with pytest.raises(PlaceExists):
        desk.record(lambda e: place.register(e, name, "xa", "502", None))


@pytest.mark.parametrize("name", ["Cầu A", "cau a", unicodedata.normalize("NFD", "Cầu a")])
def test_a_second_fund_item_that_looks_the_same_is_refused_with_the_one_there_is(
    tmp_path: Path, name: str
) -> None:
    with closing_store(Desk(str(tmp_path / "s.db")).init()) as desk:
        desk.adopt("tam-ky-2024")
        desk.allocate("Cầu  a", 1_000)
        before = desk.office.verify().size
        if unicodedata.normalize("NFC", name) == "Cầu a":
            desk.allocate(name, 2_000)
            assert list(desk.rows("fund")) == ["Cầu a"]
        else:
            with pytest.raises(ItemAlike) as refused:
                desk.allocate(name, 2_000)
            assert refused.value.facts["near"] == ["Cầu a"]
            assert desk.office.verify().size == before


def test_short_forms_are_written_out_whatever_their_case() -> None:
    assert words("VPĐP") == words("văn phòng điều phối") == words("Vpđp")
    assert words("P. Kinh tế", "unit") == words("Phòng Kinh tế")
    assert words("P. Hương Trà", "place") == words("phường Hương Trà")


# --- the day spoken of ----------------------------------------------------------------------------


@pytest.fixture
def renamed(tmp_path: Path) -> Iterator[Desk]:
    """Tam Ngọc is called Ngọc Mới from 01/07/2024 on; Tam Thanh ended in Quảng Phú on 01/07/2025."""
    with closing_store(Desk(str(tmp_path / "s.db"), "01/12/2025").init()) as desk:
        desk.record(a_map)
        desk.record(lambda e: place.rename(e, "Tam Ngọc", "Ngọc Mới", None), "01/07/2024")
        new = place.Successor(type="phuong", parent="Quảng Nam")
        desk.record(
            lambda e: place.merge(e, ["Tam Thanh"], [], "Quảng Phú", new),
            "01/07/2025",
            document="NQ mẫu",
        )
        yield desk


def test_an_old_name_is_found_on_its_own_days(renamed: Desk) -> None:
    assert found(renamed, "Tam Ngọc", day="30/06/2024") == "tam-ngoc-tam-ky"
    assert found(renamed, "Ngọc Mới", day="01/07/2024") == "tam-ngoc-tam-ky"
    assert found(renamed, "Tam Thanh", day="30/06/2025") == "tam-thanh-tam-ky"


def test_a_name_of_another_day_is_refused_with_its_days_and_what_it_is_now(renamed: Desk) -> None:
    with pytest.raises(OtherDay) as refused:
        found(renamed, "Tam Ngọc")
    said = refused.value.say("vi")
    assert "xã Tam Ngọc đến 30/06/2024; nay: xã Ngọc Mới" in said
    with pytest.raises(OtherDay) as refused:
        found(renamed, "tam thanh", within="tam-ky")
    assert "nay: phường Quảng Phú" in refused.value.say("vi")


def test_a_name_that_is_still_to_come_is_refused_with_its_first_day(renamed: Desk) -> None:
    with pytest.raises(OtherDay) as refused:
        found(renamed, "Quảng Phú", day="30/06/2025")
    assert "từ 01/07/2025" in refused.value.say("vi")


def test_an_id_finds_its_place_on_every_day_even_after_its_end(renamed: Desk) -> None:
    assert found(renamed, "tam-thanh-tam-ky") == "tam-thanh-tam-ky"


def test_readings_show_the_name_of_the_day_looked_at(renamed: Desk) -> None:
    for day, name in (("30/06/2024", "xã Tam Ngọc"), ("01/07/2024", "xã Ngọc Mới")):
        with renamed.office.reading(read_date(day)) as reading:
            assert reading.ref("tam-ngoc-tam-ky") == {"id": "tam-ngoc-tam-ky", "name": name}
    with renamed.office.reading(read_date("30/06/2025")) as reading:
        # What does not exist yet is still called by the name it will have.
        assert reading.names.get("place/quang-phu-quang-nam", "?") == "phường Quảng Phú"
