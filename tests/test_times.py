"""What comes back: one duty for each time in the plan's period, due on a day that is said or set."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import adopted, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.calendar import VietnamCalendar
from ntm_workflow.office.deadline import duty_days
from ntm_workflow.plans.pack import Pack, faults_of, read
from ntm_workflow.plans.times import times

CALENDAR = VietnamCalendar()
UNITS = {"tháng": 12, "quý": 4, "6 tháng": 2, "năm": 1}
#: How a recurrence without a day is said.
SAID = st.lists(st.sampled_from([*UNITS]), min_size=1, max_size=4, unique=True)
SIGNED = st.dates(date(2023, 11, 1), date(2025, 12, 31))
SET = st.none() | st.integers(1, 31)


def pack(phrase: str, signed: date | None = None, set_day: int | None = None) -> Pack:
    """The sample plan, with one duty that comes back."""
    head = f"issued_on = {signed}\n" if signed else ""
    head += f"settings = {{ report_day = {set_day} }}\n" if set_day else ""
    text = SOUND.replace("period", f"{head}period", 1)
    text = text.replace("trước ngày 30/10/2024", phrase)
    return read(text.replace("dossier = {", "#").encode(), "mau.toml")


def dated(of: Pack) -> list[dict[str, Any]]:
    return duty_days(of, of.obligations[0], CALENDAR)


def names(of: Pack) -> list[str | None]:
    return [name for name, _ in times(of, of.obligations[0], CALENDAR)]


# --- each time once -------------------------------------------------------------------------------


@given(SAID)
def test_every_month_quarter_half_and_year_of_the_period_comes_once(said: list[str]) -> None:
    of = pack("định kỳ " + ", ".join(said))
    assert len(names(of)) == 2 * sum(UNITS[unit] for unit in said)
    assert len({*names(of)}) == len(names(of))


@given(SAID, SIGNED, SET)
def test_a_time_is_due_inside_its_period_and_not_before_the_plan_counts(
    said: list[str], signed: date, set_day: int | None
) -> None:
    for days in dated(pack("hằng " + ", ".join(said), signed, set_day)):
        assert days["strict_day"] == days["nominal_day"] == days["enforce_day"]
        assert signed <= days["nominal_day"] <= date(2025, 12, 31)
        assert signed <= days["window_start"] <= days["nominal_day"]
        assert days["kind"] == "recur"


@given(SET)
def test_a_month_that_lacks_the_day_gives_its_last_one(set_day: int | None) -> None:
    found = [days["nominal_day"] for days in dated(pack("hằng tháng", None, set_day))]
    assert [(day.year, day.month) for day in found] == [
        (year, month) for year in (2024, 2025) for month in range(1, 13)
    ]
    for day in found:
        assert day.day == min(set_day or 31, monthrange(day.year, day.month)[1])


@given(SIGNED)
def test_only_times_that_were_over_before_the_plan_counted_are_left_out(signed: date) -> None:
    found = {days["occurrence"] for days in dated(pack("hằng tháng", signed))}
    first = max(signed, date(2024, 1, 1))
    every = {date(2024, 1, 1) + timedelta(n) for n in range(731)}
    assert found == {f"{day:%Y-%m}" for day in every if day >= first}


@pytest.mark.parametrize(
    ("phrase", "first"),
    [
        ("hằng tháng", ["2024-01", "2024-02", "2024-03"]),
        ("ngày 20 hằng tháng", ["2024-01", "2024-02", "2024-03"]),
        ("hàng quý", ["2024-Q1", "2024-Q2", "2024-Q3"]),
        ("ngày 25 tháng cuối quý", ["2024-Q1", "2024-Q2", "2024-Q3"]),
        ("06 tháng một lần", ["2024-H1", "2024-H2", "2025-H1"]),
        ("4 tháng một lần", ["2024-04-4m", "2024-08-4m", "2024-12-4m"]),
        ("hằng năm", ["2024", "2025"]),
        ("trước ngày 15/11 hằng năm", ["2024-11", "2025-11"]),
        ("trong tháng 4 hằng năm", ["2024-04", "2025-04"]),
        ("thứ hai mỗi tuần", ["2024-01-01", "2024-01-08", "2024-01-15"]),
        ("hằng tuần", ["2024-W01", "2024-W02", "2024-W03"]),
        ("hằng ngày", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        ("định kỳ", [None]),
        ("thường xuyên", [None]),
    ],
)
def test_a_time_is_called_by_its_period(phrase: str, first: list[str | None]) -> None:
    assert names(pack(phrase))[:3] == first


def test_a_week_is_due_on_its_last_day_whatever_day_of_the_month_is_set() -> None:
    found = dated(pack("hằng tuần", None, 14))
    assert {days["nominal_day"].isoweekday() for days in found} == {7}
    assert not any("month_lacks_day" in rules(days) for days in found)


def rules(days: dict[str, Any]) -> dict[str, Any]:
    return {step.rule: step.authority for step in days["derivation"]}


# --- who says so ----------------------------------------------------------------------------------


def test_a_day_that_is_set_has_no_authority_until_a_paper_decides_it() -> None:
    of = pack("hằng tháng")
    assert rules(dated(of)[0])["day_set"] is None
    own = 'report_day = { value = 15, authority = "CV 12/UBND" }'
    chosen = read(sound_with("hằng tháng", own).encode(), "mau.toml")
    first = dated(chosen)[0]
    assert (first["nominal_day"], rules(first)["day_set"]) == (date(2024, 1, 15), "CV 12/UBND")
    decided = sound_with("hằng tháng").replace(
        "period", "settings = { report_day = 20, flagged = [] }\nperiod", 1
    )
    first = dated(read(decided.encode(), "mau.toml"))[0]
    assert (first["nominal_day"], rules(first)["day_set"]) == (date(2024, 1, 20), "ke-hoach-mau")


def sound_with(phrase: str, more: str = "") -> str:
    text = SOUND.replace("trước ngày 30/10/2024", phrase)
    return text.replace("dossier = {", f"{more}\n#", 1)


def test_a_first_day_that_a_reader_gives_opens_the_first_time() -> None:
    days = 'days = { window_start = 2023-06-01, reason = "chỉ tiêu cả giai đoạn" }'
    found = dated(read(sound_with("hằng năm", days).encode(), "mau.toml"))
    assert [each["window_start"] for each in found] == [date(2023, 6, 1), date(2025, 1, 1)]
    assert rules(found[0])["window_given"] == "chỉ tiêu cả giai đoạn"
    assert "window_given" not in rules(found[1])


def test_a_last_day_that_a_reader_gives_is_the_one_time() -> None:
    days = 'days = { strict_day = 2024-03-05, nominal_day = 2024-03-05, reason = "CV 3" }'
    assert names(read(sound_with("hằng tháng", days).encode(), "mau.toml")) == [None]


@pytest.mark.parametrize("day", [0, 32, -1])
@pytest.mark.parametrize("own", [True, False])
def test_a_day_no_month_has_is_refused_with_its_line(day: int, own: bool) -> None:
    text = sound_with("hằng tháng", f'report_day = {{ value = {day}, authority = "CV" }}')
    if not own:
        text = sound_with("hằng tháng").replace(
            "period", f"settings = {{ report_day = {day} }}\nperiod", 1
        )
    (fault,) = faults_of(text.encode())
    assert "không trong khoảng 1–31" in fault.say("vi")
    assert f"{day}" in text.splitlines()[fault.line - 1]


def test_a_pack_whose_times_come_to_too_many_duties_is_refused() -> None:
    names = ", ".join(f'"Xã {n}"' for n in range(200))
    rows = f'[[places]]\ntype = "xa"\nparent = "mau"\nnames = [{names}]\n\n[[units]]'
    text = sound_with("hằng ngày").replace("[[units]]", rows, 1)
    text = text.replace('places = ["xa-mau"]', 'places = ["mau"]\neach = "commune"')
    assert [fault.code for fault in faults_of(text.encode())] == ["too_many_duties"]


# --- on a screen ----------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = str(tmp_path / "s.db")
    with closing_store(adopted(path, "tam-ky-2024", day="05/03/2024")):
        return path


def test_a_plan_shows_what_comes_back_once_with_its_next_time(store: str) -> None:
    shown = ntm("plan show tam-ky-2024 --as-of 5/3/2024 --json", store).json
    (monthly,) = [each for each in shown["next_days"] if each["expression"] == "định kỳ hằng tháng"]
    assert (monthly["day"], monthly["duties"]) == ("2024-03-31", 4)


def test_a_list_on_a_screen_shows_of_the_times_ahead_the_next_and_counts_the_rest(
    store: str,
) -> None:
    listed = ntm("obligation list --within 'Tam Ngọc' --as-of 5/3/2024", store)
    assert [
        name for name in ("2024-02", "2024-03", "2024-04", "2024-05") if name in listed.out
    ] == [*("2024-02", "2024-03", "2024-04")]
    assert "còn 8 lần sau" in listed.out
    every = ntm("obligation list --within 'Tam Ngọc' --as-of 5/3/2024 --json", store).json["items"]
    assert len([item for item in every if item["rule"] == "D017"]) == 12
    ahead = ntm("obligation list --within 'Tam Ngọc' --standing not_yet --as-of 5/3/2024", store)
    assert "D017@2024-12" in ahead.out
    assert "lần sau" not in ahead.out


def test_a_derivation_says_that_nobody_decided_the_day(store: str) -> None:
    shown = ntm("obligation show D017@2024-02/tam-ngoc-tam-ky --as-of 5/3/2024", store).out
    assert "lấy ngày theo thiết lập: 29/02/2024 (chưa có văn bản quyết định)" in shown
    assert "mỗi lần bắt đầu từ đầu kỳ của nó, không sớm hơn" in shown
