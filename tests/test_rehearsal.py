"""A rehearsal lives through the calendar in a store of its own, and leaves the one it came from alone."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Desk, closing_store
from sample_pack import SOUND
from terminal import Answer, ntm

from ntm_workflow.cli.rehearsed import COLUMNS, COUNTED
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.notifications.mime import readable
from ntm_workflow.office import announcement, contacts, obligation, place, starts

ROOT = Path(__file__).parents[1]
NGOC = "D118/tam-ngoc-tam-ky"
HAND_UP = "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --to district --on"
AUTUMN = "--from 1/10/2024 --until 10/11/2024"
ALLOCATE = (
    "fund allocate --item cầu --place 'Tam Ngọc' --year 2024 --source provincial"
    " --kind investment --amount '1,5 tỷ'"
)
MONEY = 1_500_000_000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The office of Tam Kỳ on 5 January 2024, its part of the province's plan adopted."""
    store = Desk(str(tmp_path / "so.db"), "05/01/2024").init()
    with closing_store(store) as desk:
        yield desk.adopt("quang-nam-2024-2025")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rehearse(words: str, script: str = "", store: str | None = "so.db") -> Answer:
    """`ntm rehearse` with the script in a file beside the store."""
    if script:
        Path("kich-ban.txt").write_text(script, "utf-8")
        words += " --script kich-ban.txt"
    return ntm(f"rehearse {words}", store)


def lived(words: str, script: str = "", store: str | None = "so.db") -> dict[str, Any]:
    answer = rehearse(f"{words} --json", script, store)
    assert (answer.code, answer.err) == (0, "")
    told: dict[str, Any] = answer.json
    return told


def on(told: dict[str, Any], day: str) -> dict[str, Any]:
    """What a day of a rehearsal brought; empty where nothing happened."""
    return next((each for each in told["days"] if each["day"] == day), {})


def missed(told: dict[str, Any], day: str) -> set[str]:
    return {
        fact["subject"].removeprefix("obligation/")
        for fact in on(told, day).get("facts", ())
        if fact["type"] == "ObligationMissed"
    }


def kept(line: str, store: str = "tap.db") -> Any:
    answer = ntm(f"{line} --json", store)
    assert answer.code == 0, answer.err
    return answer.json


def standing(id: str, **times: str) -> dict[str, Any]:
    said = " ".join(f"--{name.replace('_', '-')} {when}" for name, when in times.items())
    duty: dict[str, Any] = kept(f"obligation show {id} {said}")
    return duty


def digests(store: str = "tap.db") -> tuple[str, str]:
    """All rows, and all facts with the moment of each."""
    return kept("rebuild --check", store)["digest"], kept("audit verify", store)["root"]


# --- what if --------------------------------------------------------------------------------------


def test_a_dossier_of_28_10_typed_on_5_11_gives_three_answers(desk: Desk, here: Path) -> None:
    told = lived(f"{AUTUMN} --keep tap.db", f"2024-11-05: {HAND_UP} 28/10/2024")
    assert NGOC in missed(told, "2024-10-31")
    assert [fact["type"] for fact in on(told, "2024-11-05")["facts"]] == [
        "DossierSubmitted",
        "ObligationMet",
    ]
    before = standing(NGOC, as_of="4/11/2024", known_at="4/11/2024")
    today = standing(NGOC, as_of="5/11/2024")
    then = standing(NGOC, as_of="31/10/2024")
    assert (before["standing"], today["standing"], then["standing"]) == ("overdue", "met", "met")
    assert (today["met_on"], today["missed_on"]) == ("2024-10-28", "2024-10-31")
    assert today["recorded_late"] is True
    assert today["miss_overturned_by"] == on(told, "2024-11-05")["script"][0]["entry"]


def test_what_if_a_commune_hands_up_on_2_11(desk: Desk, here: Path) -> None:
    told = lived(f"{AUTUMN} --keep tap.db", f"02/11/2024: {HAND_UP} 2/11/2024")
    duty = standing(NGOC, as_of="10/11/2024")
    assert (duty["standing"], duty["met_on"]) == ("met_late", "2024-11-02")
    [october] = [month for month in told["months"] if month["month"] == "2024-10"]
    assert october["late"] == 1
    assert "ubnd-tam-ky/digest/2024-10-31" in " ".join(on(told, "2024-10-31")["letters"])


def test_what_was_typed_late_is_told_on_its_day(desk: Desk, here: Path) -> None:
    desk.go("5/11/2024").close("30/10/2024")
    desk.submit("Tam Ngọc", "28/10/2024")
    told = lived(f"{AUTUMN} --keep tap.db")
    assert on(told, "2024-10-28")["told"] == 2
    assert NGOC not in missed(told, "2024-10-31")
    duty = standing(NGOC, as_of="5/11/2024")
    assert (duty["standing"], duty["missed_on"], duty["recorded_late"]) == ("met", None, False)


def test_money_with_nothing_spent_is_found_on_its_day(desk: Desk, here: Path) -> None:
    desk.go("1/8/2024").allocate("cầu", MONEY)
    told = lived("--from 1/6/2024 --until 1/7/2024")
    found = [fact["type"] for fact in on(told, "2024-07-01")["facts"]]
    assert found.count("ZeroDisbursementFound") == 1
    [june, july] = told["months"]
    assert (june["unspent"], july["unspent"]) == (1, 0)
    spent = "2024-06-20: fund disburse --item cầu --amount '1 triệu'"
    assert lived("--from 1/6/2024 --until 1/7/2024", spent)["totals"]["unspent"] == 0


def test_a_plan_is_tried_before_it_is_signed(here: Path) -> None:
    Path("du-thao.toml").write_text(SOUND, "utf-8")
    told = lived("--plan du-thao.toml --from 1/1/2024 --until 31/12/2024", store=None)
    assert (told["source"], told["plans"]) == (None, ["ke-hoach-mau"])
    assert told["totals"]["missed"] == told["totals"]["due"] > 0
    late = ntm("rehearse --plan du-thao.toml --from 1/1/2023 --until 1/2/2023")
    assert (late.code, late.out) == (2, "")
    assert "01/01/2024" in late.err


def test_a_plan_counts_from_its_own_day(here: Path) -> None:
    told = lived("--plan tam-ky-2024 --from 1/12/2023 --until 31/1/2024", store=None)
    days = [day["day"] for day in told["days"] if day["told"]]
    assert days == ["2024-01-01"]


def test_a_draft_of_an_amended_plan_moves_its_day(desk: Desk, here: Path) -> None:
    Path("mau.toml").write_text(SOUND, "utf-8")
    desk.adopt("mau.toml", within=None)
    Path("sua.toml").write_text(SOUND.replace("30/10/2024", "15/10/2024"), "utf-8")
    span = "--from 1/10/2024 --until 31/10/2024"
    assert "R1/xa-mau" in missed(lived(span), "2024-10-31")
    told = lived(f"{span} --plan sua.toml")
    assert "R1/xa-mau" in missed(told, "2024-10-16")
    there = lived(f"{span} --plan mau.toml")
    assert there["days"] == lived(span)["days"], "a plan that is there already adds nothing"


def test_all_means_the_bundled_plans_that_are_not_there_and_in_force_by_then(
    desk: Desk, here: Path
) -> None:
    assert lived("--plan all --from 1/12/2022 --until 3/12/2022", store=None)["plans"] == [
        "tam-ky-2022"
    ]
    assert (
        "quang-nam-2024-2025" not in lived("--plan all --from 1/1/2024 --until 2/1/2024")["plans"]
    )


# --- what is told again ---------------------------------------------------------------------------


def test_voided_entries_are_not_told_and_corrected_ones_as_corrected(
    desk: Desk, here: Path
) -> None:
    desk.go("1/8/2024")
    desk.allocate("cầu", MONEY)
    desk.allocate("đường", MONEY)
    paid = desk.disburse("cầu", 500_000_000, "15/5/2024")
    desk.correct(paid.entry, amount="450 triệu")
    wrong = desk.disburse("đường", 1_000_000, "16/5/2024")
    desk.void(wrong.entry)
    lived("--from 1/5/2024 --until 31/5/2024 --keep tap.db")
    items = {item["item"]: item for item in kept("fund list --as-of 31/5/2024")["items"]}
    assert {name: item["disbursed"] for name, item in items.items()} == {
        "cầu": 450_000_000,
        "đường": 0,
    }
    [fact] = kept("fact list --type FundDisbursed")["items"]
    assert (fact["effective_on"], fact["replaces"]) == ("2024-05-15", None)
    assert kept("fact list --type EntryVoided")["items"] == []


def test_closings_letters_and_what_follows_come_about_again(desk: Desk, here: Path) -> None:
    desk.go("5/11/2024").close("4/11/2024")
    desk.submit("Tam Ngọc", "28/10/2024")
    lived("--from 1/10/2024 --until 31/10/2024 --keep tap.db")
    facts = kept("fact list")["items"]
    closed = [fact["effective_on"] for fact in facts if fact["type"] == "DayClosed"]
    assert (min(closed), max(closed), len(closed)) == ("2024-01-01", "2024-10-31", 305)
    moments = [fact["recorded_at"] for fact in facts]
    assert (moments[0], moments[-1]) == ("2024-09-30T17:00:00Z", "2024-10-31T17:05:00Z")
    [met] = [fact for fact in facts if fact["type"] == "ObligationMet"]
    [cause] = [fact for fact in facts if fact["type"] == "DossierSubmitted"]
    assert (met["because"], met["recorded_at"]) == (cause["entry"], "2024-10-28T02:00:00Z")


def test_a_plan_taken_on_after_the_hand_over_finds_its_duty_met(desk: Desk, here: Path) -> None:
    desk.go("5/11/2024")
    desk.submit("Tam Ngọc", "24/10/2024")
    desk.verify("Tam Ngọc", "25/10/2024")
    desk.submit("Tam Ngọc", "25/10/2024", to="province")
    desk.adopt("tam-ky-2024")
    lived("--from 1/11/2024 --until 2/11/2024 --keep tap.db")
    assert standing("D016/tam-ngoc-tam-ky")["met_on"] == "2024-10-25"


def test_whatever_follows_of_itself_follows_again(desk: Desk, here: Path) -> None:
    desk.go("20/2/2024").allocate("Nhà văn hóa mẫu", MONEY, type="work")
    desk.go("1/3/2024").record(
        lambda entry: starts.start(entry, "obligation/D156/tam-ky"), document="CV 8834"
    )
    desk.go("15/10/2024").record(
        lambda entry: obligation.extend(entry, f"obligation/{NGOC}", read_date("10/11/2024"), None),
        document="CV 2",
    )
    desk.go("28/10/2024").submit("Tam Ngọc", "28/10/2024")
    desk.adopt("tam-ky-2024")
    lived("--from 1/1/2024 --until 4/11/2024 --keep tap.db")
    with closing_store(Desk("tap.db", "05/11/2024")) as rehearsed:
        assert derived(rehearsed) == derived(desk.go("5/11/2024"))
    rows = derived(desk)
    assert "D170@nha-van-hoa-mau/tam-ngoc-tam-ky" in rows
    assert rows[NGOC]["met_on"] == date(2024, 10, 28)


def derived(desk: Desk) -> dict[str, dict[str, Any]]:
    """What the days and standings of duties rest on, but for what closings found."""
    names = ("window_start", "strict_day", "act_by", "enforce_day", "met_on", "event_on", "applies")
    rows = desk.rows("obligation", as_of=read_date("5/11/2024"))
    return {id: {name: row[name] for name in names} for id, row in rows.items()}


def test_days_off_move_duties_on_the_day_they_were_announced(desk: Desk, here: Path) -> None:
    desk.go("1/10/2024")
    off, worked = [read_date("29/10/2024")], [read_date("26/10/2024")]
    desk.record(
        lambda entry: announcement.announce(entry, off, worked, announcement.Outcome()),
        document="TB 1",
    )
    lived("--from 1/9/2024 --until 31/10/2024 --keep tap.db")
    known = [standing(NGOC, known_at=day)["act_by"] for day in ("30/9/2024", "1/10/2024")]
    assert known == ["2024-10-29", "2024-10-28"]


def test_what_takes_effect_after_the_last_day_is_left_out(desk: Desk, here: Path) -> None:
    desk.record(
        lambda entry: place.rename(entry, "tam-ngoc-tam-ky", "Ngọc Mới", None),
        "1/6/2024",
        document="QĐ 1",
    )
    told = lived("--from 1/2/2024 --until 29/2/2024 --keep tap.db")
    assert told["left_out"] == 1
    assert kept("fact list --type PlaceRenamed")["items"] == []
    told = lived("--from 1/5/2024 --until 2/6/2024 --keep sau.db")
    assert told["left_out"] == 0
    [renamed] = kept("fact list --type PlaceRenamed", "sau.db")["items"]
    assert renamed["recorded_at"] == "2024-06-01T02:00:00Z"


def test_what_a_plan_says_of_the_beginning_is_told_before_the_plan(desk: Desk, here: Path) -> None:
    lived("--from 1/12/2023 --until 31/1/2024 --keep tap.db")
    registered = kept("fact list --type PlaceRegistered")["items"]
    adopted = kept("fact list --type PlanAdopted")["items"]
    assert {fact["recorded_at"] for fact in registered} == {"2023-11-30T17:00:00Z"}
    assert [fact["recorded_at"] for fact in adopted] == ["2024-01-01T02:00:00Z"]
    assert kept("obligation list --known-at 31/12/2023")["items"] == []
    assert len({fact["entry"] for fact in registered}) == 1, "an entry stays together"


def test_no_real_address_leaves_the_store_and_no_letter_reaches_anybody(
    desk: Desk, here: Path
) -> None:
    desk.record(
        lambda entry: contacts.change(entry, "ubnd-tam-ngoc-tam-ky", ["that@tam-ngoc.test"])
    )
    told = lived("--from 1/10/2024 --until 16/10/2024 --keep tap.db --letters thu")
    letters = {path.name: readable(path.read_bytes()) for path in Path("thu").glob("*.eml")}
    waiting = [item for item in kept("letter list")["items"] if item["state"] == "held"]
    assert 0 < len(letters) == told["totals"]["letters"] - len(waiting)
    text = letters["ubnd-tam-ngoc-tam-ky--digest--2024-10-15.eml"]
    assert "<tong-duot@example.com>" in text
    assert "THƯ MẪU" in text
    assert b"tam-ngoc.test" not in Path("tap.db").read_bytes()
    assert {item["state"] for item in kept("letter list")["items"]} <= {"sent", "held"}


# --- all of it, or nothing ------------------------------------------------------------------------


def test_the_store_it_came_from_is_not_touched(desk: Desk, here: Path) -> None:
    desk.allocate("cầu", MONEY, on="5/1/2024")
    desk.close_store()
    before = Path("so.db").read_bytes()
    lived(f"{AUTUMN} --letters thu", f"2024-11-05: {HAND_UP} 28/10/2024")
    assert Path("so.db").read_bytes() == before
    assert sorted(path.name for path in here.iterdir()) == [
        *("kich-ban.txt", "so.db", "so.db.key", "thu"),
    ]


def test_either_database_may_be_the_source(store_url: str, here: Path) -> None:
    with closing_store(Desk(store_url, "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025").submit("Tam Ngọc", "2/1/2024")
        with desk.database.read() as conn:
            before = desk.office.journal.head(conn)
        lived("--from 1/1/2024 --until 3/1/2024 --keep tap.db", store=store_url)
        with desk.database.read() as conn:
            assert desk.office.journal.head(conn) == before
    assert standing(NGOC)["met_on"] == "2024-01-02"


def test_a_refused_line_stops_it_and_nothing_is_kept(desk: Desk, here: Path) -> None:
    desk.close_store()
    before = Path("so.db").read_bytes()
    script = f"# thử\n2024-10-05: fund list\n\n2024-10-20: {HAND_UP} 21/10/2024\n"
    answer = rehearse(f"{AUTUMN} --keep tap.db --letters thu", script)
    assert (answer.code, answer.out) == (1, "")
    assert "dòng 4, ngày 20/10/2024: ntm dossier submit" in answer.err
    assert "21/10/2024 chưa đến" in answer.err
    english = rehearse(f"{AUTUMN} --lang en", script)
    assert "stopped at line 4, on 20/10/2024" in english.err
    assert "21/10/2024 has not come yet" in english.err
    left = {path.name for path in here.iterdir()} - {"thu"}
    assert left == {"kich-ban.txt", "so.db", "so.db.key"}
    assert list(Path("thu").iterdir()) == []
    assert Path("so.db").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2024-10-05: fund frob", "Không có lệnh"),
        ("2024-10-05: fund", "thiếu lệnh"),
        ("2024-10-05:", "thiếu lệnh"),
        ("2024-10-05: fund list --help", "không phải lệnh để chạy"),
        ("fund list", "“fund list”"),
        ("30/2/2024: fund list", "30/2/2024"),
        ("2024-09-30: fund list", "30/09/2024 ngoài 01/10/2024 – 10/11/2024"),
        ("2024-11-11: fund list", "11/11/2024 ngoài"),
        ("2024-10-05: fund list --as-of hôm-qua", "hôm-qua"),
        ("2024-10-05: fund list --bogus", "--bogus"),
        ("2024-10-05: fund list 'x", "dấu nháy"),
        ("2024-10-05: fund list --store khac.db", "--store"),
        ("2024-10-05: tong-duot --from 1/1/2024 --until 2/1/2024", "rehearse"),
        ("2024-10-05: init", "init"),
        ("2024-10-05: restore x.db", "restore"),
        ("2024-10-05: thu gui --outbox x", "letter send"),
    ],
)
def test_a_script_is_checked_whole_before_any_of_it_runs(
    desk: Desk, here: Path, line: str, said: str
) -> None:
    script = f"2024-10-05: plan new --period 2026-2030 -o khung.toml\n{line}\n"
    answer = rehearse(f"{AUTUMN} --keep tap.db", script)
    assert (answer.code, answer.out) == (2, "")
    assert "dòng 2: " in answer.err
    assert said in answer.err
    assert line in answer.err
    assert not Path("khung.toml").exists()
    assert not Path("tap.db").exists()


def test_every_faulty_line_is_named_at_once(desk: Desk, here: Path) -> None:
    answer = rehearse(AUTUMN, "\n".join(["x", "2024-10-05: fund list", *["y"] * 9]))
    assert "có 10 dòng sai" in answer.err
    assert ("dòng 1:" in answer.err, "dòng 2:" in answer.err) == (True, False)
    assert "… (+4)" in answer.err


def test_lines_are_typed_in_the_order_of_their_days(desk: Desk, here: Path) -> None:
    script = f"""
2024-10-20: fund disburse --item cầu --amount '1 triệu'
3/10/2024: ntm {ALLOCATE}
2024-10-20: von danh-sach
"""
    told = lived(f"{AUTUMN} --keep tap.db", script)
    assert [line["line"] for day in told["days"] for line in day["script"]] == [3, 2, 4]
    assert "cầu" in on(told, "2024-10-20")["script"][1]["said"]
    [paid] = kept("fact list --type FundDisbursed")["items"]
    assert (paid["effective_on"], paid["recorded_at"]) == ("2024-10-20", "2024-10-20T02:00:01Z")


def test_a_kept_rehearsal_says_so_and_takes_every_command(desk: Desk, here: Path) -> None:
    lived(f"{AUTUMN} --keep moi/tap.db", f"2024-11-05: {HAND_UP} 28/10/2024")
    store = "moi/tap.db"
    assert kept("day status", store)["closed_until"] == "2024-11-10"
    assert kept("rebuild --check", store)["equal"] is True
    assert kept("audit verify", store)["ok"] is True
    assert ntm("day close --until 12/11/2024", store).code == 0
    assert ntm("audit seal", store).code == 0
    assert "THƯ MẪU" in ntm("letter preview --as-of 15/11/2024", store).out


def test_nothing_is_written_over(desk: Desk, here: Path) -> None:
    for name in ("so.db", "tap.db"):
        Path("tap.db.key").write_text("khóa của ai đó")
        answer = rehearse(f"{AUTUMN} --keep {name}")
        assert (answer.code, answer.out) == (2, "")
        assert f"{name}" in answer.err
    assert Path("tap.db.key").read_text() == "khóa của ai đó"
    assert rehearse(f"{AUTUMN} --keep postgresql://x/y").code == 2
    assert rehearse("--from 2/10/2024 --until 1/10/2024").code == 2


def test_without_a_store_or_a_plan_the_next_command_is_named(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(here / "trong"))
    answer = ntm("rehearse --from 1/1/2024 --until 31/1/2024")
    assert (answer.code, answer.out) == (2, "")
    assert "ntm rehearse --plan all --from 01/01/2024 --until 31/01/2024" in answer.err
    missing = ntm("rehearse --plan all --from 1/1/2024 --until 31/1/2024", "khong-co.db")
    assert (missing.code, "khong-co.db" in missing.err) == (1, True)


# --- the same again -------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_facts_rows_and_letters(desk: Desk, here: Path) -> None:
    desk.go("1/8/2024").allocate("cầu", MONEY)
    script = f"2024-11-05: {HAND_UP} 28/10/2024"
    for name in ("mot", "hai"):
        lived(f"{AUTUMN} --keep {name}.db --letters {name}", script)
    assert digests("mot.db") == digests("hai.db")
    hashes = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(name).iterdir()}
        for name in ("mot", "hai")
    ]
    assert hashes[0] == hashes[1] != {}
    lived(f"{AUTUMN} --keep ba.db --letters ba")
    assert digests("ba.db") != digests("mot.db")


def test_a_rehearsal_of_a_rehearsal_is_the_same_again(desk: Desk, here: Path) -> None:
    desk.go("1/8/2024").allocate("cầu", MONEY)
    lived(f"{AUTUMN} --keep mot.db")
    lived(f"{AUTUMN} --keep hai.db", store="mot.db")
    assert digests("mot.db") == digests("hai.db")


def test_a_plan_is_rehearsed_for_one_place_alone(here: Path) -> None:
    plan = "--plan quang-nam-2024-2025 --within 'Tam Ngọc' --keep tap.db"
    lived(f"{plan} --from 1/10/2024 --until 5/11/2024", store=None)
    owed = {item["id"]: item["standing"] for item in kept("obligation list")["items"]}
    assert owed[NGOC] == "overdue"
    assert not [id for id in owed if "tam-thanh" in id]


def test_of_all_plans_those_are_rehearsed_that_speak_of_the_place(here: Path) -> None:
    lived(
        "--plan all --within 'Tam Kỳ' --from 1/10/2024 --until 2/10/2024 --keep tap.db", store=None
    )
    plans = {item["id"] for item in kept("plan list")["items"] if item["adopted_on"]}
    assert {"tam-ky-2024", "quang-nam-2024-2025"} <= plans
    assert "bao-linh-2024" not in plans


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--plan all --within 'Xã Không Có'", 3, "Xã Không Có"),
        ("--within 'Tam Kỳ'", 2, "--plan"),
    ],
)
def test_a_place_no_plan_speaks_of_is_refused(here: Path, words: str, code: int, said: str) -> None:
    answer = rehearse(f"{words} --from 1/10/2024 --until 2/10/2024", store=None)
    assert (answer.code, said in answer.err) == (code, True)


def test_a_plan_that_says_the_same_adds_nothing(desk: Desk, here: Path) -> None:
    """Also where its file differs: a remark is no amendment."""
    text = (ROOT / "ntm_workflow/plans/quang-nam-2024-2025.toml").read_text("utf-8")
    Path("khac.toml").write_text(text + "\n# ghi chú\n", "utf-8")
    lived("--plan khac.toml --within 'Tam Kỳ' --from 1/10/2024 --until 2/10/2024 --keep tap.db")
    said = kept("fact list --type PlanAmended")["items"]
    assert said == []


# --- how it is told -------------------------------------------------------------------------------


def test_days_and_months_add_up(desk: Desk, here: Path) -> None:
    told = lived("--from 1/1/2024 --until 31/12/2024", f"2024-11-05: {HAND_UP} 28/10/2024")
    assert told["schema"] == "ntm.rehearse/1"
    assert (told["from"], told["until"], told["kept"]) == ("2024-01-01", "2024-12-31", None)
    assert [month["month"] for month in told["months"]] == [f"2024-{m:02d}" for m in range(1, 13)]
    for name in COUNTED:
        assert told["totals"][name] == sum(month[name] for month in told["months"])
    found = [fact for day in told["days"] for fact in day["facts"]]
    assert all(set(fact) == {"position", "type", "subject"} for fact in found)
    assert told["totals"]["letters"] == sum(len(day["letters"]) for day in told["days"])
    assert told["totals"]["on_time"] == told["totals"]["recorded_late"] == 1
    results = ("on_time", "late", "missed", "behind", "aside", "pending")
    assert told["totals"]["due"] == sum(told["totals"][name] for name in results) > 30
    assert told["totals"]["closed"] == told["totals"]["days"] == 366
    assert told["days"][-1]["day"] == "2025-01-01", "the last day is closed, too"


def test_a_person_reads_the_days_on_which_something_happened(desk: Desk, here: Path) -> None:
    answer = rehearse(AUTUMN, f"2024-11-05: {HAND_UP} 28/10/2024")
    assert (answer.code, answer.err) == (0, "")
    assert "=== 02/10/2024" not in answer.out or "thư" in answer.out
    _, _, day = answer.out.partition("=== 31/10/2024\n")
    assert "× chưa hoàn thành D118 (II.2.a)" in day
    assert "[1] ntm dossier submit --place 'Tam Ngọc'" in answer.out
    assert (
        "Tháng\tĐến hạn\tĐúng hạn\tMuộn\tQuá hạn\tChưa đạt\tKhông tính\tChưa chốt\tVốn 0 %\tThư"
        in answer.out
    )
    assert answer.out.rstrip().endswith("thêm --keep TỆP.")


def test_days_as_csv(desk: Desk, here: Path) -> None:
    head, *rows = rehearse(f"{AUTUMN} --csv").out.splitlines()
    assert head == ",".join(COLUMNS)
    days = [row.partition(",")[0] for row in rows]
    assert days == sorted(days)
    assert date.fromisoformat(days[0]) == read_date("1/10/2024")


def told_in(readme: str) -> list[str]:
    """The lines of a README's part about rehearsing."""
    text = (ROOT / readme).read_text("utf-8")
    found = re.search(r"## (?:Rehearse|Tổng dượt)\n(.*?)\n## ", text, re.DOTALL)
    assert found
    return re.findall(r"^    ntm (.*)$", found[1], re.MULTILINE)


def test_what_the_readmes_tell_of_rehearsing_runs_as_written(here: Path) -> None:
    lines = told_in("README.md")
    assert lines == told_in("README.vi.md")
    shutil.copytree(ROOT / "docs", "docs")
    answers = [ntm(line) for line in lines]
    kept = "Đây là sổ TỔNG DƯỢT; ngày trong sổ là giả lập.\n"
    assert [(answer.code, answer.err) for answer in answers] == [(0, ""), (0, kept), (0, kept)]
    standings = [re.search(r"^Tình trạng: (.*)", a.out, re.MULTILINE) for a in answers[1:]]
    assert [found and found[1] for found in standings] == [
        "hoàn thành quá hạn",
        "chưa hoàn thành, quá hạn",
    ]
