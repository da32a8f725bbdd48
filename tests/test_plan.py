"""Plans: a plan is adopted once, and each of its money rules once a year."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from given import event, given, on
from msgspec.structs import replace
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.plan import (
    MoneyRule,
    MoneyRuleAdopted,
    MoneySettings,
    PlanAdopted,
    Reminders,
    RuleKnown,
    Settings,
)
from ntm_workflow.office import dossier
from ntm_workflow.office.adoption import AlreadyAdopted, adopt
from ntm_workflow.office.entry import FutureDay
from ntm_workflow.plans.calendar import bundled_calendar
from ntm_workflow.plans.coverage import coverage
from ntm_workflow.plans.findings import FINDINGS, Finding, findings
from ntm_workflow.plans.pack import Pack, load, read

ID = "plan/quang-nam-2024-2025"
ADOPTED = event(
    PlanAdopted,
    "01/01/2024",
    title="Kế hoạch nông thôn mới Quảng Nam 2024-2025",
    issuer="UBND tỉnh Quảng Nam",
    level="province",
    place="quang-nam",
    period=(2024, 2025),
    pack_sha256="0" * 64,
)
RULE = MoneyRule(
    id="M-07",
    clause="IV.7",
    expression="đến ngày 30/6 hằng năm",
    day=on("30/06/2024"),
    plan_year=2024,
    stop_types=("work",),
    reallocate_types=("work", "project"),
)


def money_rule(adopted_on: str, **changed: Any) -> MoneyRuleAdopted:
    return event(MoneyRuleAdopted, adopted_on, rule=replace(RULE, **changed))


def test_an_adopted_plan_is_what_was_adopted_and_has_no_money_rule() -> None:
    state = given(ID).when(ADOPTED)
    assert state.adopted == ADOPTED
    assert state.money_rules == ()


def test_settings_nobody_decided_are_flagged() -> None:
    assert given(ID).when(ADOPTED).adopted.settings == Settings(
        boundary="nominal",
        weekend="none",
        counted="received_on",
        entry_days=0,
        report_day=None,
        reminders=Reminders(
            rungs=(30, 14, 7, 3, 1, 0),
            after_days=7,
            confirm_days=2,
            climb_days=2,
            climbs="line",
            snooze_days=14,
            dispute_days=30,
        ),
        money=MoneySettings(
            cut_off="31/01", advances_count=True, again=False, no_counterpart="ask"
        ),
        flagged=(
            *("boundary", "weekend", "counted", "entry_days", "report_day"),
            *("reminders", "money"),
        ),
    )


def test_a_plan_is_not_adopted_twice() -> None:
    assert given(ID, ADOPTED).when(ADOPTED) is AlreadyBegun


def test_a_money_rule_needs_its_plan() -> None:
    assert given(ID).when(money_rule("01/01/2024")) is NotBegun


def test_money_rules_are_kept_in_order_of_adoption() -> None:
    next_year = {"plan_year": 2025, "day": on("30/06/2025")}
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    state = journal.when(money_rule("01/01/2024", **next_year))
    assert state.money_rules == (RULE, replace(RULE, **next_year))


def test_a_money_rule_of_a_year_is_not_adopted_twice_even_with_another_day() -> None:
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    assert journal.when(money_rule("01/02/2024", day=on("31/07/2024"))) is RuleKnown


def test_another_money_rule_of_the_same_year_is_adopted() -> None:
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    ids = [rule.id for rule in journal.when(money_rule("01/01/2024", id="M-08")).money_rules]
    assert ids == ["M-07", "M-08"]


def test_a_known_rule_is_named_with_its_year() -> None:
    refused = given(ID, ADOPTED, money_rule("01/01/2024")).refusal(money_rule("02/01/2024"))
    assert refused is not None
    assert "M-07" in refused.say("vi")
    assert "2024" in refused.say("vi")


# --- a plan signed on a day to come ----------------------------------------------------------------

AHEAD = """
id = "ke-hoach-2026"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2026, 2026]
issued_on = 2026-01-30

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
id = "xa-mau"
name = "Xã Mẫu"
type = "xa"
parent = "mau"

[[obligations]]
rule = "R1"
clause = "I.1"
title = "Trình hồ sơ"
expression = "trước ngày 30/10/2026"
strength = "must"
owed_by = "@commune"
places = ["xa-mau"]
dossier = { standard = "xa-ntm", year = 2026, to = "district" }

[[leads]]
unit = "ubnd-mau"
set = "xa-ntm"
clause = "II"

[[criteria]]
clause = "III"
place = "xa-mau"
set = "xa-ntm"
assessment_year = 2025
achieved = [1]
not_achieved = [2]

[[targets]]
clause = "IV"
what = "nuoc-sach"
title = "Nước sạch"
places = ["xa-mau"]
aim = "target"
value = "97,5"
"""


@pytest.fixture
def ahead(tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "2026.toml"
    file.write_text(AHEAD, encoding="utf-8")
    with closing_store(Desk(str(tmp_path / "s.db"), "05/12/2025").init()) as desk:
        yield desk.adopt(str(file), within=None)


def test_a_plan_signed_on_a_later_day_is_adopted_and_binds_from_that_day(ahead: Desk) -> None:
    before, after = on("29/01/2026"), on("30/01/2026")
    for kind in ("plan", "obligation", "dossier"):
        assert (len(ahead.rows(kind, before)), len(ahead.rows(kind, after))) == (0, 1)
    # What a place can aim at is open from the beginning; what the plan says of it is not.
    for kind, key, said in (("target", "xa-mau/nuoc-sach", "statements"), ("criteria", "xa-mau/xa-ntm", "achieved")):  # fmt: skip
        told = [ahead.rows(kind, day)[key][said] for day in (before, after)]
        assert [len(each) for each in told] == [0, 1]
    assert ahead.rebuilt_equal()
    ahead.close("04/12/2025")
    ahead.go("31/10/2026").close("30/10/2026")
    assert ahead.rows("obligation")["R1/xa-mau"]["missed_on"] is not None


def test_a_plan_adopted_ahead_is_refused_again_with_the_day_it_can_be_seen(ahead: Desk) -> None:
    with pytest.raises(AlreadyAdopted) as refused:
        ahead.record(lambda entry: adopt(entry, read(AHEAD.encode(), "-")))
    assert "ntm plan show ke-hoach-2026 --as-of 30/01/2026" in refused.value.say("vi")


def test_what_no_plan_says_is_still_not_recorded_ahead(ahead: Desk) -> None:
    which, handed = dossier.Which("xa-mau", "xa-ntm", 2026), dossier.HandUp(to_level="district")
    with pytest.raises(FutureDay):
        ahead.record(lambda entry: dossier.submit(entry, which, handed), "30/01/2026")


# --- a plan as people read it ---------------------------------------------------------------------


def test_a_plan_is_shown_with_its_settings_in_words_and_those_nobody_decided(
    tmp_path: Path,
) -> None:
    store, file = str(tmp_path / "s.db"), tmp_path / "2026.toml"
    decided = 'settings = { boundary = "strict", flagged = ["weekend", "counted"] }\n\n[[places]]'
    file.write_text(AHEAD.replace("[[places]]", decided, 1), encoding="utf-8")
    for line in ("init", "plan adopt tam-ky-2024", f"plan adopt '{file}'"):
        assert ntm(line, store).code == 0
    bare = ntm("plan show tam-ky-2024", store).out
    assert bare.count("(chưa có văn bản quyết định)") == 7
    assert "việc định kỳ không nêu ngày: ngày cuối của tháng, quý, năm (chưa có" in bare
    assert "hạn trùng ngày nghỉ: giữ nguyên (chưa" in bare
    settled = ntm("plan show ke-hoach-2026 --as-of 30/01/2026", store).out
    assert "cách hiểu “trước ngày”: từ chính ngày đó đã là quá hạn\n" in settled
    assert settled.count("(chưa có văn bản quyết định)") == 2
    assert "no paper decides it" in ntm("plan show tam-ky-2024 --lang en", store).out
    before = ntm("plan show quang-nam-2024-2025", store).out
    assert before.count("(chưa có văn bản quyết định)") == 7


def test_each_money_rule_of_a_plan_is_shown_as_a_sentence(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'"):
        assert ntm(line, store).code == 0
    shown = ntm("plan show quang-nam-2024-2025", store).out
    assert "IV.7, “đến ngày 30/6 hằng năm”: đến hết 30/06/2024, vốn năm 2024" in shown
    assert "Cấp: tỉnh\n" in shown
    assert "plan_year" not in shown


def test_a_period_of_one_year_is_read_as_that_year_and_stays_two_numbers_for_programs() -> None:
    rows = [line.split("\t") for line in ntm("plan list").out.splitlines()[1:]]
    read = {row[0]: row[3] for row in rows}
    assert (read["quang-nam-2024-2025"], read["tam-ky-2024"]) == ("2024-2025", "2024")
    periods = {item["id"]: item["period"] for item in ntm("plan list --json").json["items"]}
    assert periods["quang-nam-2024-2025"] == [2024, 2025]
    assert periods["tam-ky-2024"] == [2024, 2024]


def test_a_plan_of_an_earlier_year_is_adopted_after_a_later_one(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt tam-ky-2024", "plan adopt tam-ky-2022"):
        assert ntm(line, store).code == 0
    rows = {day: ntm(f"target list --within 'Tam Ngọc' --what xa-ntm --as-of {day} --json", store)
            for day in ("1/12/2021", "1/12/2022", "1/12/2024")}  # fmt: skip
    clauses = {day: [i["clauses"] for i in answer.json["items"]] for day, answer in rows.items()}
    assert clauses["1/12/2021"] == []
    assert clauses["1/12/2022"] == [["II.1"]]
    assert clauses["1/12/2024"] == [["II.1", "I.1", "II.1.1"]]


def test_all_plans_within_a_place_are_those_that_speak_of_it(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt --all --within 'Bảo Linh'"):
        assert ntm(line, store).code == 0
    assert [
        item["id"] for item in ntm("plan list --json", store).json["items"] if item["adopted_on"]
    ] == ["bao-linh-2024"]
    nowhere = ntm("plan adopt --all --within 'Không Đâu'", store)
    assert (nowhere.code, "Không Đâu" in nowhere.err) == (3, True)


# --- what a plan contradicts or leaves out --------------------------------------------------------


def found(plan: str) -> list[Finding]:
    return findings(load(plan), bundled_calendar())


def told(code: str) -> list[tuple[str | None, str]]:
    return [(f.clause, f.say("vi")) for f in found("tam-ky-2024") if f.code == code]


def test_a_table_at_odds_with_itself_is_found_and_not_mended() -> None:
    [(clause, both)], [(_, total)] = told("both_sides"), told("total_differs")
    assert clause == "I.2"
    assert "Tam Phú" in both
    assert "tiêu chí 5" in both
    assert "ghi tổng 15, đếm được 16" in total


def test_two_years_and_other_spellings_are_found() -> None:
    assert [clause for clause, _ in told("two_target_years")] == ["I.3, II.1.3"] * 2
    spelt = " ".join(text for _, text in told("spelt_otherwise"))
    assert all(name in spelt for name in ("Tỉnh Thủy", "Trung Thanh", "Kim Đói"))


def test_one_act_with_two_days_is_found_once_for_each_pair_of_clauses() -> None:
    assert [clause for clause, _ in told("one_act_two_days")] == ["IV.1, IV.5", "IV.1, IV.6"]


def test_what_comes_back_on_a_day_its_words_name_lacks_none() -> None:
    pack = load("tam-ky-2024")
    for duty in pack.obligations:
        if duty.expression == "định kỳ hằng tháng":
            duty.expression = "trước ngày 25 hằng tháng"
    codes = [f.code for f in findings(pack, bundled_calendar())]
    assert (codes.count("no_day"), codes.count("recurs_without_day")) == (20, 0)


def test_what_is_blank_undated_inferred_or_undecided_is_found() -> None:
    counted = {code: len(told(code)) for code in FINDINGS}
    assert (counted["blank"], counted["undecided"]) == (3, 7)
    assert (counted["no_day"], counted["recurs_without_day"]) == (20, 1)
    assert counted["owner_inferred"] == 15
    assert (counted["days_given"], counted["paper_missing"]) == (3, 13)
    assert [clause for clause, _ in told("day_off")] == ["IV.6", "IV.6"]
    assert "20/10/2024" in told("day_off")[0][1]


def test_the_villages_add_up_to_the_totals_the_tables_state() -> None:
    assert told("count_differs") == []


def test_a_wrong_total_of_villages_would_be_found() -> None:
    pack = load("tam-ky-2024")
    total = next(t for t in pack.targets if t.places == ["tam-ky"] and t.value == "9")
    total.value = "8"
    [wrong] = [f for f in findings(pack, bundled_calendar()) if f.code == "count_differs"]
    assert "ghi 8, đếm được 9" in wrong.say("vi")


def test_a_part_of_a_document_and_unsourced_parents_are_found() -> None:
    pack = load("quang-nam-2024-2025")
    assert {"partial", "parent_unverified"} & codes(pack) == {"parent_unverified"}
    assert "partial" in codes(replace(pack, partial=True))


def codes(pack: Pack) -> set[str]:
    return {finding.code for finding in findings(pack, bundled_calendar())}


@pytest.mark.parametrize("plan", ["tam-ky-2024", "quang-nam-2024-2025"])
def test_every_finding_reads_in_both_languages(plan: str) -> None:
    for finding in found(plan):
        assert finding.say("vi") != finding.say("en") or finding.code == "remark"
        assert not set("{}") & set(finding.say("vi") + finding.say("en"))


def test_findings_are_told_with_their_keys_and_end_well(tmp_path: Path) -> None:
    answer = ntm("plan check tam-ky-2024 --json", str(tmp_path / "none.db"))
    assert (answer.code, answer.json["ok"]) == (0, True)
    assert {"code", "clause", "severity", "message"} <= set(answer.json["items"][0])
    assert {item["severity"] for item in answer.json["items"]} == {"warning", "info"}


def test_a_plan_is_checked_against_those_already_adopted(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'"):
        assert ntm(line, store).code == 0
    items = ntm("plan check tam-ky-2024 --json", store).json["items"]
    others = [item["message"] for item in items if item["code"] == "other_plan_other_day"]
    assert len(others) == 2
    assert all("trước ngày 30/11/2024" in message for message in others)


# --- what a clause gives --------------------------------------------------------------------------


def test_coverage_lists_every_clause_in_the_order_of_the_document() -> None:
    rows = {row.clause: row for row in coverage(load("tam-ky-2024"))}
    numbered = [clause for clause in rows if clause != "Mở đầu"]
    assert numbered[:5] == ["I.1", "I.2", "I.3", "I.4", "II.1.1"]
    assert numbered[-2:] == ["V.4", "Phần kết"]
    assert (rows["I.1"].tables, rows["II.2"].duties, rows["III.1"].duties) == (4, 19, 10)
    assert {c for c in numbered if rows[c].empty} == {
        *("III.2", "III.4.1", "III.4.2", "III.4.3", "III.4.4", "III.4.5", "Phần kết")
    }


def test_a_clause_that_only_the_data_names_is_listed_too() -> None:
    pack = load("tam-ky-2024")
    pack.clauses = []
    assert "IV.6" in {row.clause for row in coverage(pack)}


def test_coverage_is_told_on_the_command_line() -> None:
    items = ntm("plan coverage tam-ky-2024 --json").json["items"]
    assert {"clause": "IV.6", "duties": 4}.items() <= next(
        item for item in items if item["clause"] == "IV.6"
    ).items()
    assert ntm("plan coverage khong-co").code == 3
