"""Deadlines on days off: what each roll rule makes of them, and the reasons a reader is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.calendar import DayRule, VietnamCalendar, swap
from ntm_workflow.domain.dates import Step, read_phrase, settle
from ntm_workflow.domain.deadline import rolled
from ntm_workflow.domain.derivation import Reason, explain
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.plans.calendar import bundled_calendar

CALENDAR = bundled_calendar()

#: Days the plans name, or leave as the last safe one, that nobody works: forward, backward, why.
DAYS_OFF = [
    ("30/3/2024", "01/4/2024", "29/3/2024", "30/03/2024 là thứ bảy"),
    ("31/3/2024", "01/4/2024", "29/3/2024", "31/03/2024 là chủ nhật"),
    ("29/6/2024", "01/7/2024", "28/6/2024", "29/06/2024 là thứ bảy"),
    ("30/6/2024", "01/7/2024", "28/6/2024", "30/06/2024 là chủ nhật"),
    ("14/7/2024", "15/7/2024", "12/7/2024", "14/07/2024 là chủ nhật"),
    ("31/8/2024", "04/9/2024", "30/8/2024", "31/08/2024 là thứ bảy"),
    ("14/9/2024", "16/9/2024", "13/9/2024", "14/09/2024 là thứ bảy"),
    ("15/9/2024", "16/9/2024", "13/9/2024", "15/09/2024 là chủ nhật"),
    ("19/10/2024", "21/10/2024", "18/10/2024", "19/10/2024 là thứ bảy"),
    ("20/10/2024", "21/10/2024", "18/10/2024", "20/10/2024 là chủ nhật"),
    ("30/11/2024", "02/12/2024", "29/11/2024", "30/11/2024 là thứ bảy"),
    ("31/5/2025", "02/6/2025", "30/5/2025", "31/05/2025 là thứ bảy"),
    ("31/8/2025", "03/9/2025", "29/8/2025", "31/08/2025 là chủ nhật"),
    ("15/11/2025", "17/11/2025", "14/11/2025", "15/11/2025 là thứ bảy"),
    ("31/12/2022", "03/01/2023", "30/12/2022", "31/12/2022 là thứ bảy"),
]


def roll(day: str, weekend: str, calendar: VietnamCalendar = CALENDAR) -> Step:
    return rolled(read_date(day), weekend, calendar)


@pytest.mark.parametrize(("day", "forward", "backward", "why"), DAYS_OFF)
def test_a_day_off_stays_or_moves_as_the_setting_says_and_the_reason_is_named(
    day: str, forward: str, backward: str, why: str
) -> None:
    for weekend, expected in (("none", day), ("forward", forward), ("backward", backward)):
        step = roll(day, weekend)
        assert step.result == read_date(expected)
        assert why in explain(step, "vi")


@pytest.mark.parametrize("day", [row[0] for row in DAYS_OFF])
@pytest.mark.parametrize("weekend", ["none", "forward", "backward"])
def test_the_days_of_the_words_never_move(day: str, weekend: str) -> None:
    for bound, boundary in (("đến ngày", "nominal"), ("trước ngày", "strict")):
        read = read_phrase(f"{bound} {day}")
        assert read.nominal_day == read_date(day)
        settled = settle(read, boundary, weekend, CALENDAR)
        kept = [step.result for step in settled.derivation[: len(read.derivation)]]
        assert kept == [step.result for step in read.derivation]


def test_a_weekend_before_a_holiday_is_told_day_by_day() -> None:
    said = explain(roll("31/8/2024", "forward"), "vi")
    assert said == (
        "Hạn trùng ngày nghỉ, dời đến ngày làm việc kế tiếp: 04/09/2024; 31/08/2024 là thứ bảy; "
        "01/09/2024 là chủ nhật; 02/09/2024–03/09/2024 nghỉ lễ, tết: Quốc khánh "
        "(chưa có văn bản quyết định)."
    )


def test_english_readers_are_told_too() -> None:
    said = explain(roll("31/8/2024", "forward"), "en")
    assert "31/08/2024 is a Saturday" in said
    assert "02/09/2024–03/09/2024: public holiday, Quốc khánh" in said


def test_a_day_after_a_new_years_day_on_a_sunday_is_made_up_for() -> None:
    assert "02/01/2023 nghỉ lễ, tết: Tết Dương lịch (nghỉ bù)" in explain(
        roll("31/12/2022", "forward"), "vi"
    )


def test_a_swap_is_told_with_its_paper_both_ways() -> None:
    paper = "Thống nhất ngày 25/12/2025 về hoán đổi ngày làm việc dịp Tết Dương lịch 2026"
    assert f"02/01/2026 nghỉ theo {paper}" in explain(roll("02/01/2026", "forward"), "vi")
    worked = roll("10/01/2026", "forward")
    assert (worked.rule, worked.result) == ("roll_not_needed", date(2026, 1, 10))
    assert f"10/01/2026 làm việc theo {paper}" in explain(worked, "vi")


def test_a_saturday_the_holiday_table_has_worked_is_told_without_a_paper() -> None:
    assert "04/05/2024 là ngày làm bù" in explain(roll("04/5/2024", "backward"), "vi")


def test_the_last_working_day_to_act_names_what_lies_between_it_and_the_strict_day() -> None:
    settled = settle(read_phrase("trước ngày 30/6/2024"), "nominal", "none", CALENDAR)
    [act_by] = [step for step in settled.derivation if step.rule == "act_by"]
    assert act_by.result == date(2024, 6, 28)
    assert "29/06/2024 là thứ bảy" in explain(act_by, "vi")
    assert "30/06/2024" not in explain(act_by, "vi")


def test_a_working_day_of_the_usual_week_needs_no_reason() -> None:
    assert roll("30/10/2024", "forward").grounds == ()
    assert CALENDAR.why(date(2024, 10, 30)) is None


def test_a_period_that_ends_on_a_day_off_says_which_days_moved_it() -> None:
    read = read_phrase("10 ngày kể từ ngày ký", event=date(2024, 8, 21), working=CALENDAR)
    assert read.strict_day == date(2024, 9, 4)
    assert "31/08/2024 là thứ bảy" in explain(read.derivation[-1], "vi")
    assert "Quốc khánh" in explain(read.derivation[-1], "vi")


def test_a_later_paper_is_the_one_that_is_named() -> None:
    first = swap(date(2026, 4, 20), date(2026, 4, 25), "CV 1")
    rules = [*first, DayRule(date(2026, 4, 20), True, "CV 2", announced_on=date(2026, 4, 2))]
    calendar = VietnamCalendar(reversed(rules))
    assert calendar.is_working(date(2026, 4, 20))
    assert calendar.decided_by(date(2026, 4, 20)) == "CV 2"


def test_reasons_are_kept_with_a_fact_and_old_facts_without_them_stay_as_they_are() -> None:
    step = roll("31/8/2024", "forward")
    kept = msgspec.json.encode(Reason.of(step, None))
    again = msgspec.convert(msgspec.json.decode(kept), Step)
    assert (again.grounds, explain(again, "vi")) == (step.grounds, explain(step, "vi"))
    old = b'{"rule":"roll_none","result":"2024-06-30","authority":null}'
    assert msgspec.json.encode(msgspec.json.decode(old, type=Reason)) == old


# --- the setting itself -----------------------------------------------------------------------------

MONEY = """
[[money_rules]]
id = "M1"
clause = "V"
expression = "đến ngày 30/6 hằng năm"
years = [2024]
stop_types = ["work"]
reallocate_types = ["project"]
"""


def adopt(folder: Path, weekend: str, more: str = "") -> str:
    """The sample plan, due “trước ngày 30/6/2024”, a Sunday, under this roll rule."""
    text = SOUND.replace("30/10/2024", "30/6/2024", 1) + MONEY
    head = f'settings = {{ weekend = "{weekend}", flagged = [] }}\nperiod'
    (folder / "mau.toml").write_text(text.replace("period", head, 1), encoding="utf-8")
    answer = ntm(f"plan adopt {folder / 'mau.toml'} {more} --json", str(folder / "s.db"))
    assert answer.code == 0, answer.err
    return str(folder / "s.db")


def shown(store: str, as_of: str) -> dict[str, Any]:
    return ntm(f"obligation show R1/xa-mau --as-of {as_of} --json", store).json  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("weekend", "enforced"),
    [("none", "2024-06-30"), ("forward", "2024-07-01"), ("backward", "2024-06-28")],
)
def test_a_plans_roll_rule_moves_its_deadlines_and_no_money_test(
    tmp_path: Path, weekend: str, enforced: str
) -> None:
    assert ntm("init", str(tmp_path / "s.db")).code == 0
    store = adopt(tmp_path, weekend)
    duty = shown(store, "1/3/2024")
    assert (duty["strict_day"], duty["nominal_day"]) == ("2024-06-29", "2024-06-30")
    assert duty["enforce_day"] == enforced
    plan = ntm("plan show ke-hoach-mau --json", store).json
    assert [rule["day"] for rule in plan["money_rules"]] == ["2024-06-30"]


def test_an_amended_version_changes_the_roll_rule_of_what_is_still_ahead(tmp_path: Path) -> None:
    assert ntm("init", str(tmp_path / "s.db")).code == 0
    adopt(tmp_path, "none")
    store = adopt(tmp_path, "forward", "--on 1/6/2024 --document 'QĐ mẫu'")
    assert shown(store, "31/5/2024")["enforce_day"] == "2024-06-30"
    now = shown(store, "1/6/2024")
    assert now["enforce_day"] == "2024-07-01"
    assert "30/06/2024 là chủ nhật" in now["derivation"][-1]["sentence"]
    [version] = ntm("plan show ke-hoach-mau --json", store).json["versions"][1:]
    assert version["document"] == "QĐ mẫu"
    assert ntm("rebuild --check --json", store).json["equal"]
