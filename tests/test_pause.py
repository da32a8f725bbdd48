"""A deadline in a pause moves to the first day after it, off a day of rest as the duty's weekend setting says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from given import given, on
from obligations import ASSIGNED, ID, as_row, resumed, suspended
from offices import Desk, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation_refusals import DaysDisagree

DUTY = "R1/xa-mau"
PAPER = "--document 'CV mẫu'"
SATURDAY, MONDAY = "2024-11-09", "2024-11-11"
#: Weekend setting -> the day a pause up to Friday 8/11 leaves, and the step that moved it there.
SETTINGS = {
    "none": (SATURDAY, "roll_none", "Hạn không dời khi trùng ngày nghỉ: 09/11/2024"),
    "forward": (MONDAY, "roll_forward", "dời đến ngày làm việc kế tiếp: 11/11/2024"),
    "backward": (SATURDAY, "roll_into_pause", "còn trong lúc tạm dừng: 09/11/2024"),
}
PAUSES = {
    "resumed": (
        f"suspend {DUTY} --on 20/10/2024 {PAPER}",
        f"resume {DUTY} --on 9/11/2024 --document 'CV 44'",
    ),
    "ended by itself": (f"suspend {DUTY} --on 20/10/2024 --until 8/11/2024 --document 'CV 44'",),
}


def adopted(folder: Path, old: str, new: str) -> str:
    assert old in SOUND
    (folder / "mau.toml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    store = str(folder / "s.db")
    with closing_store(Desk(store).init().adopt(str(folder / "mau.toml"), within=None)):
        return store


def by_plan(folder: Path, weekend: str) -> str:
    return adopted(folder, "period", f'settings = {{ weekend = "{weekend}" }}\nperiod')


def by_duty(folder: Path, weekend: str) -> str:
    own = f'strength = "must"\nweekend = {{ value = "{weekend}", authority = "CV 12" }}'
    return adopted(folder, 'strength = "must"', own)


def shown(store: str, *lines: str) -> dict[str, Any]:
    for line in lines:
        answer = ntm(f"obligation {line}", store)
        assert answer.code == 0, answer.err
    return ntm(f"obligation show {DUTY} --as-of 12/11/2024 --json", store).json  # type: ignore[no-any-return]


@pytest.mark.parametrize("pause", PAUSES)
@pytest.mark.parametrize("weekend", SETTINGS)
def test_the_plans_setting_moves_it_and_the_derivation_names_day_and_reason(
    tmp_path: Path, weekend: str, pause: str
) -> None:
    last_day, rule, words = SETTINGS[weekend]
    store = by_plan(tmp_path, weekend)
    item = shown(store, *PAUSES[pause])
    assert (item["last_day"], item["enforce_day"]) == (last_day, "2024-10-30")
    *_, first, last = item["derivation"]
    assert (first["rule"], first["result"], first["authority"]) == ("resumed", SATURDAY, "CV 44")
    assert (last["rule"], last["result"], last["authority"]) == (rule, last_day, None)
    assert f"{words}; 09/11/2024 là thứ bảy" in last["sentence"]
    assert last["sentence"].endswith(" (chưa có văn bản quyết định).")
    assert "tính vào ngày đầu tiên sau đó: 09/11/2024 (CV 44)." in first["sentence"]
    assert ntm("rebuild --check --json", store).json["equal"]


@pytest.mark.parametrize("weekend", SETTINGS)
def test_a_setting_of_the_duty_itself_stands_with_its_paper(tmp_path: Path, weekend: str) -> None:
    item = shown(by_duty(tmp_path, weekend), *PAUSES["resumed"])
    last = item["derivation"][-1]
    assert item["last_day"] == SETTINGS[weekend][0]
    assert (last["rule"], last["authority"]) == (SETTINGS[weekend][1], "CV 12")


def test_an_extension_follows_the_setting_of_the_duty_itself_too(tmp_path: Path) -> None:
    item = shown(
        by_duty(tmp_path, "forward"), f"extend {DUTY} --until 9/11/2024 --on 1/10/2024 {PAPER}"
    )
    assert (item["strict_day"], item["enforce_day"]) == (SATURDAY, MONDAY)


def test_a_working_day_stays_and_says_so(tmp_path: Path) -> None:
    lines = (PAUSES["resumed"][0], f"resume {DUTY} --on 11/11/2024")
    item = shown(by_plan(tmp_path, "forward"), *lines)
    assert (item["last_day"], item["derivation"][-1]["rule"]) == (MONDAY, "roll_not_needed")


def test_a_pause_that_was_over_before_the_deadline_moves_nothing(tmp_path: Path) -> None:
    lines = (f"suspend {DUTY} --on 1/10/2024 {PAPER}", f"resume {DUTY} --on 19/10/2024")
    item = shown(by_plan(tmp_path, "forward"), *lines)
    assert item["last_day"] == "2024-10-30"
    assert "resumed" not in {step["rule"] for step in item["derivation"]}


@pytest.mark.parametrize(
    ("weekend", "missed_on"), [("none", "2024-11-10"), ("forward", "2024-11-12")]
)
def test_a_closing_judges_it_by_the_day_it_moved_to(
    tmp_path: Path, weekend: str, missed_on: str
) -> None:
    store = by_plan(tmp_path, weekend)
    shown(store, *PAUSES["resumed"])
    assert ntm("day close --until 12/11/2024", store).code == 0
    assert shown(store)["missed_on"] == missed_on


def test_the_day_of_resuming_is_not_corrected_under_the_days_worked_out_from_it(
    tmp_path: Path,
) -> None:
    store = by_plan(tmp_path, "forward")
    shown(store, *PAUSES["resumed"])
    entry = ntm("fact list --type ObligationResumed --json", store).json["items"][0]["entry"]
    refused = ntm(f"fact correct {entry} --reason thử --on 7/11/2024", store)
    assert (refused.code, "ntm fact void" in refused.err) == (2, True)


# --- the rules ------------------------------------------------------------------------------------


def after(day: str, last_day: str) -> dict[str, Any]:
    steps = (Reason("resumed", on(day)), Reason("roll_forward", on(last_day)))
    return {"last_day": on(last_day), "derivation": steps}


def test_a_pause_told_without_days_of_its_own_counts_on_the_day_after() -> None:
    state = given(ID, ASSIGNED, suspended("20/10/2024"), resumed("09/11/2024")).now
    assert state.last_day == date(2024, 11, 9)
    assert as_row(state).derivation == (Reason("resumed", date(2024, 11, 9)),)


def test_a_day_that_moves_into_the_next_pause_moves_on() -> None:
    first = suspended("20/10/2024", "08/11/2024", **after("09/11/2024", "11/11/2024"))
    second = suspended("10/11/2024", "15/11/2024", **after("16/11/2024", "18/11/2024"))
    state = given(ID, ASSIGNED, first, second).now
    assert state.last_day == date(2024, 11, 18)
    assert [step.result for step in as_row(state).derivation] == [
        on(day) for day in ("09/11/2024", "11/11/2024", "16/11/2024", "18/11/2024")
    ]


def test_the_days_of_another_end_are_refused() -> None:
    other = after("09/11/2024", "11/11/2024")
    assert given(ID, ASSIGNED).when(suspended("20/10/2024", "09/11/2024", **other)) is DaysDisagree
