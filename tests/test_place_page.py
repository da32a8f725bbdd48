"""A place on one page, and the targets that are counted from what places hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from demo_store import Demo
from offices import Desk, adopted
from terminal import ntm

from ntm_workflow.domain.criteria_events import CriterionAchieved, CriterionLapsed
from ntm_workflow.domain.place import PlaceAbolished
from ntm_workflow.office import counting, criteria, known_changes, place, recognitions
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.place_changes import known_change

PLAN = "quang-nam-2024-2025"


# --- the page -----------------------------------------------------------------------------------------


def page(demo: Demo, name: str, **times: str) -> dict[str, Any]:
    more = " ".join(f"--{key} {value}" for key, value in times.items())
    found: dict[str, Any] = ntm(f"place page '{name}' {more} --json", demo.store).json
    return found


def test_a_commune_stands_on_one_page(told_demo: Demo) -> None:
    found = page(told_demo, "Tam Ngọc", **{"as-of": "2/1/2025"})
    [held] = found["recognitions"]
    assert (held["standard"], held["label"], held["holds"]) == ("xa-nang-cao", 2024, True)
    [raised] = [each for each in found["criteria"] if each["set"] == "xa-nang-cao"]
    assert (raised["achieved"], raised["of"], raised["evidence"]) == (19, 19, 1)
    stages = {(each["standard"], each["year"]): each["stage"] for each in found["dossiers"]}
    assert stages["xa-nang-cao", 2024] == "announced"
    [money] = found["money"]
    assert (money["year"], money["allocated"], money["disbursed"]) == (2024, 2_500_000_000, 450_000_000)  # fmt: skip
    assert sum(found["obligations"]["by_standing"].values()) > 100
    assert {each["standing"] for each in found["obligations"]["late"]} <= {"overdue", "behind", "past_wording"}  # fmt: skip


def test_the_page_is_as_of_its_day_and_as_known_then(told_demo: Demo) -> None:
    before = page(told_demo, "Tam Ngọc", **{"as-of": "31/10/2024"})
    assert before["recognitions"] == []
    unknown = page(told_demo, "Tam Ngọc", **{"as-of": "31/10/2024", "known-at": "31/10/2024"})
    stage = {(each["standard"], each["year"]): each["stage"] for each in unknown["dossiers"]}
    assert stage["xa-nang-cao", 2024] == "registered"
    stage = {(each["standard"], each["year"]): each["stage"] for each in before["dossiers"]}
    assert stage["xa-nang-cao", 2024] == "submitted"


def test_a_person_reads_one_screen(told_demo: Demo) -> None:
    said = ntm("place page 'Tam Thanh' --as-of 2/1/2025", told_demo.store).out
    assert len(said.splitlines()) < 40
    assert "xã NTM nâng cao 2021-2025: 15/19 đạt; không đạt: 6, 8, 18, 19" in said
    assert "phải dừng: Hỗ trợ NTM nâng cao Tam Thanh (mẫu)" in said
    # What comes back every month stands there once.
    assert said.count("D176@") <= 2


def test_a_place_that_is_gone_tells_what_became_of_it(told_demo: Demo) -> None:
    store = str(told_demo.folder / "plans.db")
    said = ntm("place page 'Sơn Viên' --as-of 21/5/2025", store).out
    assert "Không còn từ 01/01/2025" in said
    assert "Trở thành: xã Quế Lộc" in said
    assert ntm("place page 'không có'", store).code == 3


# --- targets counted ----------------------------------------------------------------------------------


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    desk = adopted(sqlite_url, PLAN, day="02/01/2024", within="Quảng Nam").go("02/01/2026")
    yield desk
    desk.close_store()


def counts(desk: Desk, as_of: date | None = None) -> dict[str, Any]:
    with desk.office.reading(as_of) as reading:
        return {each.row.what: each for each in counting.counted(reading)}


def test_places_that_hold_a_standard_are_counted_with_both_denominators(desk: Desk) -> None:
    found = counts(desk)["so-xa-ntm"]
    communes = sum(row["type"] == "xa" for row in desk.rows("place").values())
    assert (found.count.of, found.of) == (193, communes)
    before = found.value
    # Of 193 the journal knows 111, and of most of those it has not been told: nobody can say no.
    assert found.reached is None
    # One that the plan's own tables have is counted, and told apart until a paper says so.
    keep(desk, "que-an-que-son")
    assert counts(desk)["so-xa-ntm"].value == before + 1
    assert counts(desk, date(2025, 11, 30))["so-xa-ntm"].value == before


def keep(desk: Desk, at: str, standard: str = "xa-ntm", on: str = "1/12/2025") -> None:
    said = {"document": "TB mẫu", "already_done": True}
    desk.record(lambda e: recognitions.keep(e, at, standard, None), on, **said)


def test_who_holds_a_higher_standard_holds_the_lower_one(desk: Desk) -> None:
    before = counts(desk)["so-xa-ntm"].value
    keep(desk, "que-phu-que-son", "xa-nang-cao")
    assert counts(desk)["so-xa-ntm"].value == before + 1


def test_what_nobody_recorded_is_not_few(desk: Desk) -> None:
    found = counts(desk)["xa-duoi-15-tieu-chi"]
    assert found.value == 0
    assert found.unknown
    assert found.reached is None


def test_a_district_has_a_commune_or_has_none_yet(desk: Desk) -> None:
    def found() -> Any:
        return counts(desk)["huyen-trang-xa-ntm"]

    # While its communes say nothing of themselves, nobody knows.
    assert (found().reached, "nam-giang" in found().unknown) == (None, True)
    places = desk.rows("place")
    [inside] = [[id for id, r in places.items() if r["parent"] == "nam-giang"]]
    for id in inside:
        lapse(desk, id, 1)
    assert (found().reached, found().places) == (False, ("nam-giang",))
    keep(desk, inside[0])
    assert found().places == ()
    # By whatever became of it later, the area is counted as it was on its last day.
    desk.record(lambda e: place.leave(e, inside[0]), "20/12/2025")
    assert found().places == ("nam-giang",)


def lapse(desk: Desk, at: str, *numbers: int) -> None:
    achieve(desk, at, *numbers)
    for number in numbers:
        marked = criteria.Marked(place=at, set="xa-ntm", number=number)
        desk.record(lambda e, m=marked: criteria.mark(e, m, CriterionLapsed), "2/11/2025")  # type: ignore[misc]


def achieve(desk: Desk, at: str, *numbers: int) -> None:
    for number in numbers:
        marked = criteria.Marked(place=at, set="xa-ntm", number=number)
        desk.record(lambda e, m=marked: criteria.mark(e, m, CriterionAchieved), "1/11/2025")  # type: ignore[misc]


def test_one_has_few_criteria_only_when_those_not_known_would_not_do(desk: Desk) -> None:
    at = "que-an-que-son"

    def found() -> tuple[bool, bool]:
        few = counts(desk)["xa-duoi-15-tieu-chi"]
        return at in few.places, at in few.unknown

    achieve(desk, at, 1)
    assert found() == (False, True)
    lapse(desk, at, *range(2, 7))
    assert found() == (True, False)
    other = "que-minh-que-son"
    achieve(desk, other, *range(1, 16))
    assert other not in counts(desk)["xa-duoi-15-tieu-chi"].unknown


def test_an_area_that_has_ended_is_counted_as_of_its_last_day(desk: Desk) -> None:
    keep(desk, "que-an-que-son", on="1/12/2024")
    before = counts(desk, date(2025, 6, 30))["so-xa-ntm"]
    for change in ("het-cap-huyen-2025-quang-nam", "quang-nam-da-nang-2025"):
        desk.record(lambda e, c=change: known_changes.apply(e, known_change(c)), document="NQ mẫu")  # type: ignore[misc]
    after = counts(desk)["so-xa-ntm"]
    assert (after.value, after.of, after.day) == (before.value, before.of, date(2025, 6, 30))


def test_a_kind_of_place_that_is_gone_is_counted_as_of_its_last_day(desk: Desk) -> None:
    keep(desk, "que-an-que-son", on="1/12/2024")
    before = counts(desk)["so-xa-ntm"]
    with desk.office.reading() as reading:
        communes = [id for id, row in reading.places.items() if row.type == "xa"]
    for id in communes:
        desk.record(
            lambda e, id=id: e.record(f"place/{id}", PlaceAbolished),
            "10/12/2025",
            document="NQ mẫu",
        )  # type: ignore[misc]
    after = counts(desk, date(2025, 12, 20))["so-xa-ntm"]
    assert (after.value, after.of, after.day) == (before.value, before.of, date(2025, 12, 9))


def test_a_rate_is_no_number_of_places(desk: Desk) -> None:
    assert "thon-kieu-mau-moi-xa" not in counts(desk)


def test_a_ward_is_no_commune_of_the_programme_any_more(desk: Desk) -> None:
    keep(desk, "que-an-que-son")
    before = counts(desk)["so-xa-ntm"]
    desk.record(lambda e: place.leave(e, "Quế An"), "15/12/2025")
    after = counts(desk)["so-xa-ntm"]
    assert (after.of, after.value) == (before.of - 1, before.value - 1)


# --- grounds --------------------------------------------------------------------------------------------


def test_who_holds_a_standard_and_owes_is_listed_for_a_person(store_url: str) -> None:
    from ntm_workflow.office import fund

    desk = adopted(store_url, PLAN, day="02/01/2024", within="Nông Sơn").go("02/12/2025")
    keep(desk, "que-lam-nong-son")
    desk.allocate("cầu (mẫu)", 10**9, "Quế Lâm", on="1/3/2024")
    desk.record(lambda e: fund.accept(e, "cầu (mẫu)", 3 * 10**8), "1/6/2024")

    def listed(reading: Reading) -> list[Any]:
        return [e for e in recognitions.reviews(reading, None) if e["test"] == "debt"]

    with desk.office.reading() as reading:
        [found] = listed(reading)
    assert (found["place"]["id"], found["failing"]) == ("que-lam-nong-son", ["cầu (mẫu)"])
    desk.disburse("cầu (mẫu)", 3 * 10**8, "2/6/2024")
    with desk.office.reading() as reading:
        assert listed(reading) == []
    desk.close_store()


# --- dossiers by stage ----------------------------------------------------------------------------------


def test_dossiers_are_counted_by_stage_and_desk_with_the_longest_wait(told_demo: Demo) -> None:
    line = "dossier stages --year 2024 --standard xa-nang-cao --as-of 2/1/2025 --json"
    items = ntm(line, told_demo.store).json["items"]
    found = {(each["stage"], each["desk"]): each for each in items}
    assert set(found) == {("submitted", "province"), ("announced", "province")}
    waiting = found["submitted", "province"]
    assert (waiting["dossiers"], waiting["longest"]) == (1, 38)
    assert waiting["place"]["name"] == "xã Tam Thanh"
    # What has come to its end waits no more.
    assert found["announced", "province"]["longest"] is None
    listed = ntm("dossier list --stage submitted --json", told_demo.store).json["items"]
    assert [each["place"]["name"] for each in listed] == ["xã Tam Thanh"]
    assert ntm("dossier list --stage khong-co", told_demo.store).code == 2
    assert ntm("dossier list --standard khong-co", told_demo.store).code == 3
