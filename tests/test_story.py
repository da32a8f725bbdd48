"""One commune's year through the command line: the demo, read back by its JSON."""

from __future__ import annotations

import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from demo_store import Demo
from terminal import Answer, ntm

from ntm_workflow.notifications.mime import readable

ENTRY_BEFORE = "04/11/2024"


@pytest.fixture(scope="module")
def folder(told_demo: Demo) -> Path:
    return told_demo.folder


@pytest.fixture(scope="module")
def ask(folder: Path) -> Any:
    def run(line: str) -> Answer:
        return ntm(line, str(folder / "demo.db"))

    return run


def standings(answer: Answer) -> dict[str, str]:
    return {item["id"]: item["standing"] for item in answer.json["items"]}


def test_the_demo_leaves_the_store_of_the_environment_alone(told_demo: Demo) -> None:
    assert told_demo.left_alone


def test_the_demo_prints_its_days_and_ends_with_the_next_commands(folder: Path) -> None:
    text = (folder / "said.txt").read_text()
    assert "=== 01/07/2024" in text
    assert text.rstrip().endswith("ntm --help")


def test_five_lines_of_the_demo_are_refused_and_that_is_meant(told_demo: Demo) -> None:
    refused = [line for line in told_demo.told.splitlines() if line.startswith("Lỗi")]
    meant = (
        "phải dừng giải ngân",
        "chưa đối chiếu với Kho bạc",
        "vượt số chưa giải ngân",
        "chưa thể “trình tiếp”",
        "Chưa công nhận được",
    )
    assert [words in line for line, words in zip(refused, meant, strict=True)] == [True] * 5


def test_the_demo_adopts_all_five_plans_and_shows_a_screen_of_each(folder: Path) -> None:
    plans = ntm("plan list --json", str(folder / "plans.db")).json["items"]
    assert len(plans) == 5
    assert all(item["adopted_on"] for item in plans)
    text = (folder / "said.txt").read_text()
    for item in plans:
        _, _, screen = text.partition(f"$ ntm plan show {item['id']}\n")
        assert item["title"] in screen.partition("$ ntm")[0]
        assert "Hạn sắp tới" in screen.partition("$ ntm")[0] or item["period"][1] < 2024


def test_two_communes_become_one_with_one_dossier_and_one_duty(folder: Path) -> None:
    store = str(folder / "plans.db")
    dossiers = {
        each["place"]["name"]: each["stage"]
        for each in ntm("dossier list --json", store).json["items"]
        if each["standard"] == "xa-nang-cao" and each["year"] == 2025
    }
    assert dossiers["xã Quế Lộc"] == "submitted"
    assert dossiers["xã Sơn Viên"] == "closed"
    there = ntm("obligation list --within 'Quế Lộc' --json", store)
    assert standings(there)["D120/que-loc-nong-son"] == "met"
    old = ntm("obligation show D120/son-vien-nong-son --json", store).json
    assert (old["standing"], old["joined_to"]) == ("ended", "D120/que-loc-nong-son")
    # By the day before the places and their duties are as they were.
    before = ntm("obligation list --within 'Sơn Viên' --as-of 31/12/2024 --json", store)
    assert "D120/son-vien-nong-son" in standings(before)
    assert ntm("rebuild --check", store).code == 0


def test_the_demo_leaves_the_frame_of_a_plan_to_fill_in(folder: Path) -> None:
    frame = folder / "ke-hoach-2026-2030.toml"
    checked = ntm(f"plan check {frame} --json")
    assert checked.code == 1
    assert {item["code"] for item in checked.json["items"]} == {"blank"}


def test_the_year_ends_on_one_screen_with_every_day_closed(folder: Path, ask: Any) -> None:
    _, _, screen = (folder / "said.txt").read_text().partition("$ ntm day year 2024")
    year, _, cards = screen.partition("$ ntm score list")
    assert [line.split("\t")[0] for line in year.splitlines()[3:15]] == [
        str(n) for n in range(1, 13)
    ]
    assert "366/366" in year
    assert "xã Tam Ngọc" in cards.partition("===")[0]
    assert ask("day year 2024 --json").json["total"]["pending"] == 0


def test_a_card_of_the_year_counts_the_late_entry_in_time_and_stars_it(ask: Any) -> None:
    cards = ask("score list --per place --until 31/12/2024 --json").json["items"]
    by_place = {item["who"]["id"]: item for item in cards}
    ngoc, thanh = by_place["tam-ngoc-tam-ky"], by_place["tam-thanh-tam-ky"]
    assert (ngoc["recorded_late"], thanh["recorded_late"]) == (1, 0)
    assert (ngoc["late"], thanh["late"]) == (1, 2)


def test_two_plans_are_adopted_with_their_real_clauses(ask: Any) -> None:
    plans = {item["id"]: item for item in ask("plan list --json").json["items"]}
    assert plans["quang-nam-2024-2025"]["adopted_on"] == "2024-01-01"
    duty = ask("obligation show D118/tam-ngoc-tam-ky --json").json
    assert (duty["clause"], duty["expression"]) == ("II.2.a", "trước ngày 30/10/2024")
    assert (duty["strict_day"], duty["nominal_day"]) == ("2024-10-29", "2024-10-30")
    assert [step["rule"] for step in duty["derivation"]][-2:] == [
        "boundary_nominal",
        "roll_none",
    ]


def test_the_day_before_the_entry_both_communes_look_overdue(ask: Any) -> None:
    then = standings(
        ask(f"obligation list --as-of {ENTRY_BEFORE} --known-at {ENTRY_BEFORE} --json")
    )
    assert then["D118/tam-ngoc-tam-ky"] == then["D118/tam-thanh-tam-ky"] == "overdue"


def test_in_time_but_typed_late_counts_as_met_and_late_stays_late(ask: Any) -> None:
    items = ask("obligation list --as-of 30/11/2024 --json").json["items"]
    rows = {item["id"]: item for item in items}
    ngoc, thanh = rows["D118/tam-ngoc-tam-ky"], rows["D118/tam-thanh-tam-ky"]
    assert (ngoc["standing"], ngoc["recorded_late"], ngoc["missed_on"]) == (
        "met",
        True,
        "2024-10-31",
    )
    assert ngoc["miss_overturned_by"] is not None
    assert (thanh["standing"], thanh["recorded_late"]) == ("met_late", False)


def test_two_plans_over_one_dossier_are_each_kept_and_each_broken_on_its_own(ask: Any) -> None:
    now = standings(ask("obligation list --as-of 30/11/2024 --json"))
    assert (now["D016/tam-ngoc-tam-ky"], now["D119/tam-ngoc-tam-ky"]) == ("met_late", "met")


def test_the_item_with_nothing_spent_is_found_and_the_other_is_not(ask: Any) -> None:
    found = ask("fund cases --as-of 30/6/2024 --known-at 02/07/2024 --json").json["items"]
    names = [item["place"]["name"] for item in found]
    assert names == ["xã Tam Phú", "xã Tam Thanh", "xã Tam Thăng"]
    assert found[1]["stop"] == {"found_on": "2024-06-30", "state": "to_stop", "until": None}
    assert [item["stop"]["state"] for item in found] == ["to_stop", "to_stop", "found"]
    assert {item["case"]["state"] for item in found} == {"open"}


def test_the_finding_goes_to_the_treasury_and_to_a_decision_that_adds_up_to_nothing(
    ask: Any,
) -> None:
    items = {i["place"]["name"]: i for i in ask("fund list --as-of 31/8/2024 --json").json["items"]}
    moved, doubted = items["xã Tam Thanh"], items["xã Tam Phú"]
    assert (moved["stop"]["state"], moved["case"]["state"]) == ("stopped", "moved")
    assert moved["reconciled_on"] == "2024-07-12"
    assert moved["allocated"] + items["xã Tam Ngọc"]["allocated"] == 3_000_000_000
    assert (doubted["stop"]["state"], doubted["case"]["state"]) == ("to_review", "to_review")


def test_the_finding_did_not_exist_before_its_day(ask: Any) -> None:
    before = ask("fund list --as-of 29/6/2024 --json").json["items"]
    assert [item["stop"] for item in before] == [None] * 4


def test_the_correction_changed_one_amount_and_nothing_else(ask: Any) -> None:
    answer = ask("audit diff --known-at 07/11/2024 --known-at 08/11/2024 --as-of 8/11/2024 --json")
    [item] = answer.json["items"]
    assert item["changes"] == {"disbursed": {"before": 500_000_000, "after": 450_000_000}}
    assert [fact["type"] for fact in item["facts"]] == [
        "FundDisbursed",
        "EntryVoided",
        "FundDisbursed",
    ]


def test_history_is_told_in_sentences_in_both_languages(ask: Any) -> None:
    vi = ask("fact list --type FundAllocated --json").json["items"][0]["sentence"]
    en = ask("fact list --type FundAllocated --json --lang en").json["items"][0]["sentence"]
    assert vi.startswith("giao 1,5 tỷ đồng vốn năm 2024")
    assert en.startswith("allocated 1.5 billion đồng of 2024")


def test_every_reading_says_for_which_times_it_was_made(ask: Any) -> None:
    answer = ask("fund list --as-of 30/6/2024 --known-at 04/11/2024 --json").json
    assert answer["as_of"] == "2024-06-30"
    assert answer["known_at"]["position"] > 0


def test_the_tables_rebuilt_are_equal_and_the_journal_is_whole(ask: Any) -> None:
    assert ask("rebuild --check --json").json["equal"] is True
    assert ask("audit verify --json").json["ok"] is True


def test_the_letters_left_as_eml_files_and_say_what_they_are(folder: Path) -> None:
    letters = {path.name: path.read_bytes() for path in (folder / "letters").glob("*.eml")}
    reminder = letters["ubnd-tam-ngoc-tam-ky--digest--2024-10-15.eml"]
    text = readable(reminder)
    assert "Thư nhắc việc tự động, không thay thế văn bản chỉ đạo" in text
    assert "trước ngày 30/10/2024" in text
    assert "THƯ MẪU" in text, "a rehearsal's letters say so"
    asked = readable(letters["ubnd-tam-ky--digest--2024-10-31.eml"])
    assert "đã nhận hay chưa nhận?" in asked
    assert message_from_bytes(reminder)["Auto-Submitted"] == "auto-generated"


def test_a_letter_that_was_wrong_is_taken_back_by_name(folder: Path) -> None:
    letters = {path.name: path.read_bytes() for path in (folder / "letters").glob("*.eml")}
    wrong = message_from_bytes(letters["ubnd-tam-ngoc-tam-ky--missed--2024-11-04.eml"])
    back = message_from_bytes(letters["ubnd-tam-ngoc-tam-ky--correction--2024-11-06.eml"])
    sent = {message_from_bytes(each)["Message-ID"] for each in letters.values()}
    assert back["In-Reply-To"] in sent
    text = readable(letters["ubnd-tam-ngoc-tam-ky--correction--2024-11-06.eml"])
    assert wrong["Message-ID"] in text
    assert "đã hoàn thành ngày 28/10/2024, đúng hạn" in text
    assert "ubnd-tam-thanh-tam-ky--correction--2024-11-06.eml" not in letters


def test_the_letters_of_a_rehearsed_year_are_in_their_folder(folder: Path) -> None:
    written = [path.name.split("--") for path in (folder / "letters-2024").glob("*.eml")]
    assert {kind for _, kind, _ in written} == {"digest", "missed", "summary"}
    issued = int(re.findall(r"Thư đã lập: (\d+) thư", (folder / "said.txt").read_text())[0])
    assert 200 < len(written) < issued, "those that climb or stop payments wait for an officer"


def test_a_letter_that_left_is_a_fact_with_the_hash_of_its_bytes(ask: Any) -> None:
    facts = ask("fact list --type LetterSent --json").json["items"]
    letters = ask("letter list --json").json["items"]
    assert len(facts) == len([x for x in letters if x["state"] == "sent"]) > 0


def test_a_unit_without_an_address_is_listed_and_loses_no_letter(ask: Any) -> None:
    waiting = [x for x in ask("letter list --json").json["items"] if x["state"] == "no_address"]
    assert {x["unit"]["name"] for x in waiting} >= {"UBND xã Tam Thanh"}


def test_no_address_stands_in_the_journal(folder: Path) -> None:
    from ntm_workflow.store.engine import Database
    from ntm_workflow.store.schema import EVENTS

    database = Database(str(folder / "demo.db"))
    with database.read() as conn:
        states = [bytes(row.state) for row in conn.execute(EVENTS.select())]
    database.close()
    assert not [state for state in states if b"@example.com" in state and b"ntm." not in state]
