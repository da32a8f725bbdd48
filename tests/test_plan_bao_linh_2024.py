"""Bảo Linh's plan for 2024: nine criteria met and ten not, two to be met, and the officers who answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.plans.pack import load

PLAN = "bao-linh-2024"
COMMUNE = "bao-linh-dinh-hoa"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, PLAN, within=None, day="01/11/2024")) as desk:
        yield desk


def duty(desk: Desk, rule: str) -> dict[str, Any]:
    return desk.rows("obligation")[f"{rule}/{COMMUNE}"]


def test_the_table_of_criteria_is_whole_and_its_aim_adds_two(desk: Desk) -> None:
    answer = ntm("criteria matrix --set xa-nang-cao --json", str(desk.database.path))
    [row] = answer.json["rows"]
    assert (row["achieved"], row["stated_total"]) == ([3, 4, 5, 7, 14, 15, 16, 17, 19], 9)
    assert row["not_achieved"] == [1, 2, 6, 8, 9, 10, 11, 12, 13, 18]
    assert (row["unknown"], row["conflicting"]) == ([], [])
    [before], [aim] = load(PLAN).criteria, load(PLAN).criteria_targets
    assert set(aim.achieved) - set(before.achieved) == {6, 9}
    assert aim.stated_total is None


@pytest.mark.parametrize(
    ("part", "dossier", "officer"), [("6", "D203", "van-hoa"), ("9", "D202", "dia-chinh-xay-dung")]
)
def test_each_of_the_two_criteria_has_its_officer_and_a_dossier_in_december(
    part: str, dossier: str, officer: str, desk: Desk
) -> None:
    aim, paper = duty(desk, f"D201-{part}"), duty(desk, dossier)
    assert aim["owed_by"] == paper["owed_by"] == f"{officer}-{COMMUNE}"
    assert (aim["strength"], aim["enforce_day"]) == ("must", date(2024, 12, 31))
    assert (paper["window_start"], paper["owed_to"]) == (date(2024, 12, 1), None)
    assert f"số {part} " in paper["paper"]
    leads = {lead.unit: lead.numbers for lead in load(PLAN).leads}
    assert leads[f"{officer}-{COMMUNE}"] == [int(part)]


def test_a_month_without_its_day_is_where_standing_duties_begin(desk: Desk) -> None:
    for rule in ("D204", "D205-giai-ngan", "D205-no-dong"):
        row = duty(desk, rule)
        assert (row["window_start"], row["enforce_day"]) == (date(2024, 4, 1), None)
        assert "để trống ngày" in str(row["derivation"])


def test_the_beginning_of_a_year_already_begun_is_no_deadline(desk: Desk) -> None:
    row = duty(desk, "BL-III4-ha-tang")
    assert (row["stated"], row["expression"], row["kind"]) == ("ngay từ đầu năm", "", "undated")


def test_the_district_is_no_recipient_of_the_plan() -> None:
    pack = load(PLAN)
    assert [recipient.unit for recipient in pack.recipients] == [
        *(f"dang-uy-{COMMUNE}", f"hdnd-{COMMUNE}", None, None)
    ]
    assert any("nơi nhận" in remark.about for remark in pack.remarks)


def test_help_of_the_district_is_asked_for_only_where_means_are_short(desk: Desk) -> None:
    row = duty(desk, "BL-I2-ho-tro")
    assert (row["strength"], row["owed_to"]) == ("permitted", "ubnd-dinh-hoa")
    assert row["condition"] == "tiêu chí nào khó khăn về nguồn lực"


def test_the_title_held_is_told_from_the_one_named_again(desk: Desk) -> None:
    held = [(t.clause, t.aim, t.target_year) for t in load(PLAN).targets if t.what == "xa-ntm"]
    assert held == [("Mở đầu", "result", None), ("I.1", "target", 2024), ("II.1", "target", None)]
    assert {duty(desk, f"BL-I2-{part}")["strength"] for part in ("quy-trinh", "van-dong")} == {
        "must"
    }
    assert any("tổng của người đọc" in remark.about for remark in load(PLAN).remarks)


def test_no_year_is_claimed_for_the_whole_set() -> None:
    aims = [target for target in load(PLAN).targets if target.what == "xa-nang-cao"]
    assert [(target.about_year, target.target_year) for target in aims] == [(2024, None)]
