"""Evidence of criteria: its hash, its days, its versions; measurements against thresholds; who confirms."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from given import event, given, on
from terminal import ntm, typed
from test_criteria import FILE, ID, OF, OPENED, achieved

from ntm_workflow.domain.criteria import (
    AlreadyAttached,
    EvidenceOutOfDate,
    NothingToProve,
    NotInSet,
)
from ntm_workflow.domain.criteria_events import Evidence, EvidenceAdded, IndicatorMeasured
from ntm_workflow.domain.edition import Threshold
from ntm_workflow.domain.measure import falls_short


def valid(first: str | None, last: str | None, sha256: str = "2" * 64) -> Evidence:
    days = {"valid_from": first and on(first), "valid_until": last and on(last)}
    return Evidence(name="bien-ban.pdf", sha256=sha256, **days)


def added(day: str, number: int, year: int, *files: Evidence) -> EvidenceAdded:
    said = {"number": number, "assessment_year": year, "evidence": files}
    found: EvidenceAdded = event(EvidenceAdded, day, **said, **OF)
    return found


def test_a_file_of_the_same_name_is_the_next_version_and_the_first_is_kept() -> None:
    journal = given(ID, OPENED, achieved("20/8/2024", 4, 2024))
    state = journal.when(added("25/8/2024", 4, 2024, valid(None, "31/12/2024")))
    mark = state.marks[4]
    assert [proof.file.sha256[0] for proof in mark.proofs] == ["1", "2"]
    assert [proof.file.sha256[0] for proof in mark.newest] == ["2"]
    assert state.evidence_until == on("31/12/2024")


def test_evidence_needs_a_result_of_its_year_and_is_attached_once() -> None:
    journal = given(ID, OPENED, achieved("20/8/2024", 4, 2024))
    assert journal.when(added("25/8/2024", 4, 2024, FILE)) is AlreadyAttached
    assert journal.when(added("25/8/2024", 4, 2023, valid(None, None))) is NothingToProve
    assert journal.when(added("25/8/2024", 3, 2024, valid(None, None))) is NothingToProve
    assert journal.when(added("25/8/2024", 9, 2024, valid(None, None))) is NotInSet


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (None, "19/8/2024", True),
        (None, "20/8/2024", False),
        ("20/8/2024", None, False),
        ("21/8/2024", None, True),
        ("1/1/2024", "31/12/2024", False),
    ],
)
def test_evidence_must_be_valid_on_the_day_it_is_given(
    first: str | None, last: str | None, refused: bool
) -> None:
    found = given(ID, OPENED).when(achieved("20/8/2024", 4, 2024, valid(first, last)))
    assert (found is EvidenceOutOfDate) is refused


def test_evidence_of_a_result_that_lapsed_runs_out_no_more() -> None:
    from test_criteria import lapsed

    proved = achieved("20/8/2024", 4, 2024, valid(None, "31/12/2024"))
    assert given(ID, OPENED, proved).when(lapsed("1/9/2024", 4, 2024)).evidence_until is None


def test_what_was_measured_is_kept_by_year_and_its_criterion_must_be_of_the_set() -> None:
    def measured(day: str, indicator: str, year: int, value: str) -> IndicatorMeasured:
        said = {"indicator": indicator, "assessment_year": year, "value": value}
        found: IndicatorMeasured = event(IndicatorMeasured, day, **said, **OF)
        return found

    journal = given(ID, OPENED, measured("1/9/2024", "4.1", 2024, "80"))
    state = journal.when(measured("1/10/2024", "4.1", 2024, "82"))
    assert [(key, m.value) for key, m in state.measures.items()] == [((2024, "4.1"), "82")]
    assert journal.when(measured("1/9/2024", "9.1", 2024, "80")) is NotInSet


@pytest.mark.parametrize(
    ("value", "least", "most", "short"),
    [
        ("5", "5", None, False),
        ("4.99", "5", None, True),
        ("12.19", "5", None, False),
        ("4", None, "4", False),
        ("4.01", None, "4", True),
        ("3", "2", "4", False),
        ("100.0", "100", None, False),
    ],
)
def test_a_figure_is_held_against_its_threshold_exactly(
    value: str, least: str | None, most: str | None, short: bool
) -> None:
    assert falls_short(value, Threshold(indicator="1", at_least=least, at_most=most)) is short


# --- the command line -----------------------------------------------------------------------------

MARK = "--place 'Tam Ngọc' --set xa-nang-cao --criterion 13"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return typed(str(tmp_path / "s.db"), "init", "plan adopt tam-ky-2024")


def paper(tmp_path: Path, text: str, name: str = "bien-ban.txt") -> tuple[Path, str]:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file, hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_file_other_than_the_sender_told_of_is_refused_and_writes_nothing(
    store: str, tmp_path: Path
) -> None:
    file, sha256 = paper(tmp_path, "biên bản mẫu")
    line = f"criteria achieve {MARK} --evidence {file} --on 20/8/2024"
    before = ntm("audit verify --json", store).json["size"]
    for hashes, code, words in (
        (f"--sha256 {'0' * 64}", 1, "không đúng tệp"),
        ("--sha256 abc", 2, "không phải mã SHA-256"),
        (f"--sha256 {sha256} --sha256 {sha256}", 2, "mỗi --evidence"),
    ):
        answer = ntm(f"{line} {hashes}", store)
        assert (answer.code, words in answer.err.lower() or words in answer.err) == (code, True)
    windows = ntm(f"{line} --valid-from 2/9/2024 --valid-until 1/9/2024", store)
    assert windows.code == 2
    assert ntm("audit verify --json", store).json["size"] == before
    assert ntm(f"{line} --sha256 {sha256.upper()}", store).code == 0


def test_a_file_is_held_against_what_was_recorded_and_a_new_version_is_attached(
    store: str, tmp_path: Path
) -> None:
    file, _ = paper(tmp_path, "biên bản mẫu")
    line = f"criteria achieve {MARK} --evidence {file} --valid-until 31/12/2024 --on 20/8/2024"
    assert ntm(f"{line} --document 'BB mẫu'", store).code == 0
    check = f"criteria check {file} --place 'Tam Ngọc' --set xa-nang-cao"
    assert ntm(f"{check} --json", store).json["items"][0]["number"] == 13
    assert ntm(f"{check} --criterion 12", store).code == 3
    other, _ = paper(tmp_path, "khác", "khac.txt")
    unknown = ntm(check.replace(str(file), str(other)), store)
    assert (unknown.code, "bien-ban.txt" in unknown.err) == (3, True), unknown.err
    paper(tmp_path, "biên bản đã sửa")
    changed = ntm(check, store)
    assert (changed.code, "không phải tệp đã ghi" in changed.err) == (1, True), changed.err
    attach = f"criteria attach {MARK} --year 2024 --evidence {file} --on 25/8/2024"
    assert ntm(f"criteria attach {MARK} --year 2024 --on 25/8/2024", store).code == 2
    assert ntm(attach, store).code == 0
    assert ntm(attach, store).code == 1
    assert ntm(check, store).code == 0
    row = ntm("criteria show --place 'Tam Ngọc' --set xa-nang-cao --json", store).json["items"][12]
    assert [proof["document"] for proof in row["evidence"]] == ["BB mẫu", None]
    # The version that counts has no end, so nothing runs out.
    ends = "criteria evidence --until 31/12/2024 --json"
    assert ntm(ends, store).json["items"] == []
    earlier = ntm(f"{ends} --as-of 24/8/2024", store).json["items"]
    assert [(e["number"], e["valid_until"]) for e in earlier] == [(13, "2024-12-31")]


def test_evidence_that_runs_out_is_listed_the_soonest_first(store: str, tmp_path: Path) -> None:
    for number, day in ((13, "31/12/2024"), (18, "30/11/2024"), (19, "1/3/2025")):
        file, _ = paper(tmp_path, f"mẫu {number}", f"{number}.txt")
        line = f"criteria achieve {MARK.replace('13', str(number))} --on 20/8/2024"
        assert ntm(f"{line} --evidence {file} --valid-until {day}", store).code == 0
    found = ntm("criteria evidence --until 31/12/2024 --json", store).json["items"]
    assert [each["number"] for each in found] == [18, 13]
    assert ntm("criteria evidence --json --as-of 10/9/2024", store).json["items"][0]["number"] == 18
    assert ntm("criteria evidence --until 31/12/2024 --within 'Tam Phú' --json", store).json["items"] == []  # fmt: skip


def test_only_the_department_that_leads_a_criterion_confirms_it(store: str) -> None:
    assert ntm(f"criteria achieve {MARK} --on 20/8/2024", store).code == 0
    confirm = f"criteria confirm {MARK} --on 25/8/2024 --body"
    other = ntm(f"{confirm} 'Công an thành phố Tam Kỳ'", store)
    assert (other.code, "Phòng Kinh tế thành phố Tam Kỳ" in other.err) == (1, True), other.err
    assert "III.3.3" in other.err
    told = f"{confirm} 'Công an thành phố Tam Kỳ' --already-done --document 'BB mẫu'"
    assert ntm(told, store).code == 0
    assert ntm("fact list --against --json", store).json["items"][0]["type"] == "CriterionConfirmed"
    row = ntm("criteria show --place 'Tam Ngọc' --set xa-nang-cao --json", store).json["items"][12]
    assert row["confirmed_by"]["name"] == "Công an thành phố Tam Kỳ"
    assert [each["clause"] for each in row["led_by"]] == ["III.3.3"]
    # Of a criterion nobody leads by any paper, whoever confirms it is believed.
    two = MARK.replace("13", "2")
    assert ntm(f"criteria confirm {two} --year 2023 --on 25/8/2024 --body 'Công an thành phố Tam Kỳ'", store).code == 0  # fmt: skip


def test_a_criterion_is_not_achieved_while_its_figure_falls_short(store: str) -> None:
    of = "--place 'Tam Kỳ' --set hoan-thanh-nhiem-vu"
    measure = f"criteria measure {of} --indicator 5 --value"
    achieve = f"criteria achieve {of} --criterion 5 --on 1/10/2024"
    assert ntm(f"{measure} 4,9 --on 20/9/2024", store).code == 0
    short = ntm(achieve, store)
    assert (short.code, "từ 5 m²/người trở lên" in short.err) == (1, True), short.err
    assert "tam-ky-2024, II.3" in short.err
    assert ntm(f"{measure} 12,19 --on 21/9/2024", store).code == 0
    assert ntm(achieve, store).code == 0
    row = ntm(f"criteria show {of} --json", store).json["items"][4]
    (part,) = row["indicators"]
    assert (part["value"], part["met"], part["at_least"]) == ("12.19", True, "5")
    # What the plan's own table gives stands beside it, with its clause.
    assert [(s["value"], s["unit"], s["clause"]) for s in part["stated"]] == [
        ("12.19", "m²/người", "II.3")
    ]
    assert "12,19 m²/người – đạt (tam-ky-2024, II.3)" in ntm(f"criteria show {of}", store).out


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ("--indicator 6 --value 5", 3, "không có chỉ tiêu"),
        ("--indicator 5 --value '5 hay 6'", 2, "5 hay 6"),
        ("--indicator 5 --value 5 --unit ha", 2, "m²/người"),
        ("--indicator 5 --value 5 --year 2030", 2, "2030"),
    ],
)
def test_a_figure_nobody_can_place_is_refused(more: str, code: int, words: str, store: str) -> None:
    line = f"criteria measure --place 'Tam Kỳ' --set hoan-thanh-nhiem-vu {more} --on 20/9/2024"
    answer = ntm(line, store)
    assert (answer.code, words in answer.err) == (code, True), answer.err


def test_a_group_by_paper_decides_which_threshold_counts(store: str, tmp_path: Path) -> None:
    from test_editions import VILLAGE

    file = tmp_path / "thon.toml"
    file.write_text(VILLAGE, "utf-8")
    assert ntm(f"criteria adopt {file} --document 'QĐ mẫu'", store).code == 0
    of = "--place 'Hòa Hạ' --set thon-kieu-mau --edition 2022-2025-mau"
    assert ntm(f"criteria measure {of} --indicator 1.1 --value 70 --on 1/6/2024", store).code == 0
    achieve = f"criteria achieve {of} --criterion 1 --on 1/7/2024"
    assert "từ 80% trở lên" in ntm(achieve, store).err
    group = f"criteria group {of} --group 'Vùng cao' --on 2/6/2024 --document 'QĐ mẫu'"
    assert ntm(group, store).code == 0
    assert ntm(f"criteria show {of} --json", store).json["group"] == "vung-cao"
    assert ntm(achieve, store).code == 0
    assert ntm("rebuild --check", store).code == 0


def test_a_file_is_found_whatever_became_of_the_result_it_proved(
    store: str, tmp_path: Path
) -> None:
    file, _ = paper(tmp_path, "biên bản mẫu")
    assert ntm(f"criteria achieve {MARK} --evidence {file} --on 20/8/2024", store).code == 0
    assert ntm(f"criteria lapse {MARK} --year 2024 --on 1/12/2024", store).code == 0
    assert ntm(f"criteria achieve {MARK} --on 1/6/2025", store).code == 0
    check = f"criteria check {file} --place 'Tam Ngọc' --set xa-nang-cao --json"
    [item] = ntm(check, store).json["items"]
    assert (item["assessment_year"], item["status"]) == (2024, "not_achieved")
