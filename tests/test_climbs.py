"""To whom a miss may be shown further up: by what a unit is, in the line of the plan that was breached, or by a paper."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from given import event, given
from offices import Desk, closing_store

from ntm_workflow.domain.unit import ROLES, ClimbNeedsPaper, SameClimb, UnitClimbSet, UnitRegistered
from ntm_workflow.office import unit
from ntm_workflow.office.reminding import Above
from ntm_workflow.plans.climbs import FILE, climbs

PROVINCE, CITY = "quang-nam-2024-2025", "tam-ky-2024"
CITY_OFFICE, PROVINCE_OFFICE = "vpntm-tam-ky", "vpdp-quang-nam"


# --- the table ------------------------------------------------------------------------------------


def test_every_role_there_is_has_exactly_one_row() -> None:
    text = files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8")
    said = Counter(role for row in tomllib.loads(text)["climbs"] for role in row["roles"])
    assert said == Counter(list(ROLES))
    assert climbs().keys() == ROLES.keys()


def test_each_row_says_why_in_both_languages_and_that_no_paper_decides_it() -> None:
    for row in climbs().values():
        assert row.flagged
        assert row.why.vi
        assert row.why.en not in ("", row.why.vi)


@pytest.mark.parametrize(
    "role",
    [
        *("dang-uy", "hdnd", "mttq", "hoi"),
        *("kho-bac", "kiem-toan", "thanh-tra", "cong-an", "quan-su"),
        *("bo", "ngan-hang", "bao-dai", "group", "unit"),
    ],
)
def test_what_stands_outside_the_administration_or_has_its_own_line_goes_nowhere(role: str) -> None:
    assert climbs()[role].to == "none"


# --- in the line of the plan ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def tam_ky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Both plans as Tam Kỳ has them; nothing is recorded here by the tests that only read."""
    store = tmp_path_factory.mktemp("climbs") / "s.db"
    with closing_store(Desk(str(store), "05/11/2024").init()) as desk:
        yield desk.adopt(PROVINCE, CITY)


def above(desk: Desk, unit: str, plan: str | None) -> tuple[str, ...]:
    with desk.office.reading() as reading:
        return Above(reading).of(unit, plan)


@pytest.mark.parametrize("owing", ["ubnd-tam-thanh-tam-ky", "ubnd-tam-ky", "kinh-te-tam-ky"])
def test_a_miss_under_the_citys_own_plan_is_never_shown_to_the_province(
    tam_ky: Desk, owing: str
) -> None:
    assert above(tam_ky, owing, CITY) == (CITY_OFFICE,)


@pytest.mark.parametrize("owing", ["ubnd-tam-thanh-tam-ky", "ubnd-tam-ky", "bcd-tam-ky"])
def test_a_miss_under_the_provinces_plan_climbs_to_the_city_and_then_to_the_province(
    tam_ky: Desk, owing: str
) -> None:
    assert above(tam_ky, owing, PROVINCE) == (CITY_OFFICE, PROVINCE_OFFICE)


def test_a_committees_miss_goes_to_its_coordination_office_and_nobodys_to_a_chairman(
    tam_ky: Desk,
) -> None:
    assert above(tam_ky, "ubnd-quang-nam", PROVINCE) == (PROVINCE_OFFICE,)
    with tam_ky.office.reading() as reading:
        found = {each for each in reading.units for plan in (PROVINCE, CITY) for each in Above(reading).of(each, plan)}  # fmt: skip
        assert {reading.units[each].role for each in found} == {"vpdp"}


def test_a_coordination_office_does_not_report_to_itself(tam_ky: Desk) -> None:
    assert above(tam_ky, CITY_OFFICE, PROVINCE) == (PROVINCE_OFFICE,)
    assert above(tam_ky, CITY_OFFICE, CITY) == ()
    assert above(tam_ky, PROVINCE_OFFICE, PROVINCE) == ()


def test_no_unit_of_another_line_climbs_under_either_plan(tam_ky: Desk) -> None:
    with tam_ky.office.reading() as reading:
        shown = {row.role for id, row in reading.units.items() if Above(reading).of(id, PROVINCE)}
        silent = {row.role for row in reading.units.values() if climbs()[row.role].to == "none"}
    assert shown == {"ubnd", "bcd", "so", "ban", "phong", "vpdp"}
    assert {"dang-uy", "hdnd", "mttq", "kho-bac", "kiem-toan", "thanh-tra", "cong-an"} <= silent


def test_a_unit_of_the_province_climbs_nowhere_under_the_citys_plan(tam_ky: Desk) -> None:
    assert above(tam_ky, "ubnd-quang-nam", CITY) == ()


@pytest.mark.parametrize("plan", [None, "tam-ky-2022"])
def test_without_a_plan_or_under_one_nobody_adopted_nothing_climbs(
    tam_ky: Desk, plan: str | None
) -> None:
    assert above(tam_ky, "ubnd-tam-thanh-tam-ky", plan) == ()


def test_a_unit_nobody_knows_climbs_nowhere(tam_ky: Desk) -> None:
    assert above(tam_ky, "khong-co", PROVINCE) == ()


@pytest.mark.parametrize(
    ("desk", "plan", "asked"),
    [
        ("ubnd-tam-ky", CITY, True),
        ("ubnd-quang-nam", CITY, False),
        ("ubnd-quang-nam", PROVINCE, True),
        ("ubnd-tam-ky", PROVINCE, True),
        ("ubnd-quang-nam", None, True),
        (None, CITY, False),
    ],
)
def test_a_desk_beyond_the_area_of_a_plan_is_not_asked_about_its_days(
    tam_ky: Desk, desk: str | None, plan: str | None, asked: bool
) -> None:
    with tam_ky.office.reading() as reading:
        assert Above(reading).may_ask(desk, plan) is asked


# --- by a paper -----------------------------------------------------------------------------------


def test_a_paper_says_otherwise_and_stays_in_the_line_of_each_plan(tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "s.db"), "05/11/2024").init()) as desk:
        desk.adopt(PROVINCE, CITY)
        to = ["VPĐP NTM tỉnh Quảng Nam", "kinh-te-tam-ky", "VPĐP NTM tỉnh Quảng Nam"]
        owing, paper = "ubnd-tam-thanh-tam-ky", "QĐ 12/QĐ-UBND"
        desk.record(lambda entry: unit.climbs(entry, owing, to), document=paper)
        assert above(desk, owing, PROVINCE) == (PROVINCE_OFFICE, "kinh-te-tam-ky")
        assert above(desk, owing, CITY) == ("kinh-te-tam-ky",)
        assert above(desk, owing, None) == ()
        desk.record(lambda entry: unit.climbs(entry, owing, []), document=paper)
        assert above(desk, owing, PROVINCE) == ()
        # A council climbs nowhere by itself; by a paper it does.
        desk.record(lambda entry: unit.climbs(entry, "hdnd-tam-ky", [CITY_OFFICE]), document=paper)
        assert above(desk, "hdnd-tam-ky", CITY) == (CITY_OFFICE,)


REGISTERED = event(UnitRegistered, "01/01/2024", name="UBND xã Tam Ngọc", role="ubnd")


def climbs_to(*to: str, document: str | None = "QĐ 12/QĐ-UBND") -> UnitClimbSet:
    return event(UnitClimbSet, "05/11/2024", to=to, document=document)


def test_whom_a_miss_is_shown_to_is_not_changed_without_a_paper() -> None:
    journal = given("unit/ubnd-tam-ngoc", REGISTERED)
    assert journal.now.climbs_to is None
    assert journal.when(climbs_to(CITY_OFFICE, document=None)) is ClimbNeedsPaper


def test_nobody_is_somebody_said_and_saying_it_twice_records_nothing() -> None:
    journal = given("unit/ubnd-tam-ngoc", REGISTERED)
    assert journal.when(climbs_to()).climbs_to == ()
    assert journal.when(climbs_to()) is SameClimb
    assert journal.when(climbs_to(CITY_OFFICE)).climbs_to == (CITY_OFFICE,)
