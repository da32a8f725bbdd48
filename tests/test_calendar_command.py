"""`ntm calendar` as people and programs use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_pack import SOUND
from terminal import ntm

#: The last working day before the strict day of the sample duty, which is due “trước ngày 30/10/2024”.
ANNOUNCE = "calendar announce --off 29/10/2024 --document 'TB mẫu' --on 1/9/2024"


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    return str(tmp_path / "none.db")


@pytest.fixture
def store(tmp_path: Path) -> str:
    (tmp_path / "mau.toml").write_text(SOUND, encoding="utf-8")
    made = str(tmp_path / "s.db")
    for line in ("init", f"plan adopt {tmp_path / 'mau.toml'}"):
        assert ntm(line, made).code == 0
    return made


def test_without_a_store_the_days_the_program_knows_are_listed_with_their_source(
    nowhere: str,
) -> None:
    items = {i["day"]: i for i in ntm("calendar list --year 2026 --json", nowhere).json["items"]}
    swapped, worked = items["2026-01-02"], items["2026-01-10"]
    assert (swapped["state"], swapped["works"], swapped["source"]) == ("off", False, "program")
    assert (worked["state"], worked["works"], worked["announced_on"]) == (
        "worked",
        True,
        "2025-12-25",
    )
    national = items["2026-09-02"]
    assert (national["name"], national["source"]) == ("Quốc khánh", "holidays")
    assert not Path(nowhere).exists()


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        ("31/8/2024", "31/08/2024 là thứ bảy", "31/08/2024 is a Saturday"),
        ("2/9/2024", "02/09/2024 nghỉ lễ, tết: Quốc khánh", "public holiday, Quốc khánh"),
        ("2/1/2026", "02/01/2026 nghỉ theo Thống nhất ngày 25/12/2025", "02/01/2026: off, by"),
        ("4/5/2024", "04/05/2024 là ngày làm bù", "worked in place of another day"),
        ("30/10/2024", "30/10/2024 là ngày làm việc (thứ tư)", "is a working day (Wednesday)"),
    ],
)
def test_a_day_says_whether_it_is_worked_and_why(nowhere: str, day: str, vi: str, en: str) -> None:
    assert vi in ntm(f"calendar day {day}", nowhere).out
    assert en in ntm(f"calendar day {day} --lang en", nowhere).out


def test_a_day_as_data_has_its_neighbours(nowhere: str) -> None:
    said = ntm("lich ngay 31/8/2024 --json", nowhere).json
    assert said["schema"] == "ntm.calendar.day/1"
    assert (said["works"], said["state"]) == (False, "weekend")
    assert (said["last_working_day"], said["next_working_day"]) == ("2024-08-30", "2024-09-04")


def test_the_names_of_holidays_do_not_follow_the_language_of_the_machine(
    nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ntm_workflow.domain import calendar

    monkeypatch.setenv("LANGUAGE", "en")
    calendar._holiday_table.cache_clear()
    assert "Quốc khánh" in ntm("calendar day 2/9/2024", nowhere).out


def test_announcing_lists_the_duties_that_move_and_records_them(store: str) -> None:
    dry = ntm(f"{ANNOUNCE} --dry-run", store)
    assert dry.code == 0, dry.err
    assert "Nhiệm vụ đổi hạn: 1" in dry.out
    assert "29/10/2024 → 28/10/2024" in dry.out
    assert "29/10/2024 nghỉ theo TB mẫu" in dry.out
    said = ntm(f"{ANNOUNCE} --json", store).json
    [move] = said["moved"]
    assert (move["id"], move["new_act_by"]) == ("R1/xa-mau", "2024-10-28")
    assert [fact["type"] for fact in said["facts"]] == [
        "CalendarAnnounced",
        "ObligationRescheduled",
    ]
    assert ntm("obligation show R1/xa-mau --json", store).json["act_by"] == "2024-10-28"
    day = ntm("calendar day 29/10/2024 --json", store).json
    assert (day["source"], day["entry"]) == ("journal", said["entry"])
    # As it was known before.
    before = f"calendar day 29/10/2024 --json --known-at '#{said['entry'] - 1}'"
    assert ntm(before, store).json["works"] is True


def test_announcing_again_under_a_key_says_so_and_moves_nothing(store: str) -> None:
    assert ntm(f"{ANNOUNCE} --key a", store).code == 0
    again = ntm(f"{ANNOUNCE} --key a --json", store).json
    assert (again["repeated"], again["moved"]) == (True, [])


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("calendar announce --off 29/10/2024", 2, "--document"),
        ("calendar announce --document 'TB'", 2, "--off"),
        ("calendar announce --off 29/10/2024 --worked 29/10/2024 --document TB", 2, "29/10/2024"),
        ("calendar announce --off 27/10/2024 --document TB", 1, "ntm calendar day 2024-10-27"),
        ("calendar announce --off 29/10 --document TB", 2, "29/10"),
        ("calendar day 30/2/2024", 2, "30/2/2024"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_fact_and_the_way_on(
    store: str, line: str, code: int, words: str
) -> None:
    answer = ntm(line, store)
    assert (answer.code, answer.out) == (code, "")
    assert words in answer.err


def test_a_closed_day_is_refused_with_the_command_that_lists_what_it_concerns(store: str) -> None:
    assert ntm("day close --until 30/10/2024", store).code == 0
    refused = ntm(ANNOUNCE, store)
    assert refused.code == 1
    assert "30/10/2024" in refused.err
    line = refused.err.rpartition(": ntm ")[2].strip()
    assert ntm(line, store).code == 0


def test_remarks_are_told_beside_what_is_recorded(store: str) -> None:
    answer = ntm(f"{ANNOUNCE} --worked 25/10/2024 --dry-run", store)
    assert "25/10/2024 không đổi" in answer.err
    other = "calendar announce --worked 29/10/2024 --document 'TB 2' --on 2/9/2024 --lang en"
    assert ntm(ANNOUNCE, store).code == 0
    assert "TB mẫu says otherwise" in ntm(other, store).err


def test_applying_a_calendar_that_says_nothing_new_records_nothing(store: str) -> None:
    answer = ntm("calendar apply", store)
    assert (answer.code, answer.err) == (0, "")
    assert "Không có gì để ghi." in answer.out
    assert ntm("calendar apply --json", store).json["moved"] == []


def test_the_list_goes_into_a_sheet_and_a_csv(nowhere: str, tmp_path: Path) -> None:
    assert ntm("calendar list --year 2024 --csv", nowhere).out.splitlines()[0].startswith("day,")
    assert ntm(f"calendar list --year 2024 --xlsx {tmp_path / 'lich.xlsx'}", nowhere).code == 0
    assert (tmp_path / "lich.xlsx").stat().st_size > 3000


def test_voiding_tells_what_moves_back_and_a_dry_run_as_well(store: str) -> None:
    entry = ntm(f"{ANNOUNCE} --json", store).json["entry"]
    line = f"fact void {entry} --reason 'nhầm' --document 'BB 1'"
    dry = ntm(f"{line} --dry-run", store)
    assert dry.code == 0, dry.err
    assert "Nhiệm vụ đổi hạn: 1" in dry.out
    assert "28/10/2024 → 29/10/2024" in dry.out
    [move] = ntm(f"{line} --json", store).json["moved"]
    assert (move["id"], move["new_act_by"]) == ("R1/xa-mau", "2024-10-29")


def test_voiding_an_announcement_of_a_closed_day_is_refused_with_the_way_on(store: str) -> None:
    entry = ntm(f"{ANNOUNCE} --json", store).json["entry"]
    assert ntm("day close --until 30/10/2024", store).code == 0
    refused = ntm(f"fact void {entry} --reason 'nhầm' --document 'BB 1'", store)
    assert (refused.code, refused.out) == (1, "")
    assert f"#{entry}" in refused.err
    assert "ntm calendar announce" in refused.err


def test_a_calendar_is_announced_on_a_day_that_has_come(store: str) -> None:
    refused = ntm("calendar announce --off 3/9/2099 --document TB --on 1/9/2099", store)
    assert (refused.code, "01/09/2099" in refused.err) == (2, True)
