"""Dossiers on their roads, through the command line: who may act, what a return opens, what blocks a recognition."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from terminal import Answer, ntm, typed

from ntm_workflow.domain.road import DESKS
from ntm_workflow.plans.roads import NoRoad, conditions, road_of, roads, steps
from ntm_workflow.plans.standards import standards, types_of

NGOC = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024"
CITY, PROVINCE = "'UBND thành phố Tam Kỳ'", "'UBND tỉnh Quảng Nam'"


# --- the roads as data ----------------------------------------------------------------------------


def test_every_standard_has_a_road_until_mid_2025_and_types_of_place() -> None:
    for standard in standards():
        assert road_of(standard, date(2025, 6, 30)).desks
        assert types_of(standard)
    for each in roads():
        assert set(each.desks) <= set(DESKS)
        assert each.source
        if each.decided_by is None:
            assert each.unverified


@pytest.mark.parametrize(
    ("standard", "day", "province", "desks"),
    [
        ("xa-ntm", date(2024, 10, 28), "Quảng Nam", ("commune", "district", "province")),
        ("xa-ntm", date(2025, 6, 30), "Quảng Nam", ("commune", "district", "province")),
        ("xa-ntm", date(2025, 7, 1), "Quảng Nam", ("commune", "province")),
        ("xa-kieu-mau", date(2024, 10, 28), "Cần Thơ", ("commune", "province")),
        ("thon-kieu-mau", date(2025, 6, 30), "Quảng Nam", ("commune", "district")),
        ("thon-kieu-mau", date(2025, 7, 1), "Quảng Nam", ("commune",)),
        ("huyen-ntm", date(2024, 9, 12), "Quảng Nam", ("district", "province", "central")),
    ],
)
def test_a_road_is_found_by_standard_day_and_province(
    standard: str, day: date, province: str, desks: tuple[str, ...]
) -> None:
    assert road_of(standard, day, [province]).desks == desks


def test_districts_have_no_road_once_there_are_none() -> None:
    with pytest.raises(NoRoad):
        road_of("huyen-ntm", date(2025, 7, 1))


def test_what_nobody_has_sourced_of_a_step_is_empty_and_flagged() -> None:
    for each in roads():
        for step in steps(each):
            assert (step.days is None) == ("days" in step.flagged)
    known = [c.at_least for c in conditions("xa-nang-cao") if c.what == "satisfaction"]
    assert known == [None]
    assert [c.at_least for c in conditions("hoan-thanh-nhiem-vu")] == [90]


# --- the command line -----------------------------------------------------------------------------


def steps_of(store: str, *lines: str) -> None:
    for line in lines:
        answer = ntm(line, store)
        assert answer.code == 0, f"{line}\n{answer.err}"


@pytest.fixture
def store(tmp_path: Path) -> str:
    lines = ("init", "plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'", "plan adopt tam-ky-2024")
    return typed(str(tmp_path / "s.db"), *lines)


def refused(store: str, line: str, *words: str, code: int = 1) -> Answer:
    before = ntm("audit verify --json", store).json["size"]
    answer = ntm(line, store)
    assert answer.code == code, answer.out + answer.err
    for each in words:
        assert each in answer.err, answer.err
    assert ntm("audit verify --json", store).json["size"] == before
    return answer


def row(store: str, which: str = NGOC) -> dict[str, Any]:
    found: dict[str, Any] = ntm(f"dossier show {which} --json", store).json
    return found


def duty(store: str, id: str) -> dict[str, Any]:
    found: dict[str, Any] = ntm(f"obligation show {id} --json", store).json
    return found


SUBMITTED = f"dossier submit {NGOC} --on 28/10/2024"
RETURNED = f"dossier return {NGOC} --missing 'biên bản họp thôn' --missing 'phiếu lấy ý kiến' --supplement 'trước ngày 20/11/2024' --on 12/11/2024 --document 'CV 9 (mẫu)'"


def test_a_return_keeps_what_was_on_time_and_opens_a_duty_that_the_next_hand_over_meets(
    store: str,
) -> None:
    steps_of(store, SUBMITTED, RETURNED)
    first, supplement = "D118/tam-ngoc-tam-ky", "BS1-xnc-2024/tam-ngoc-tam-ky"
    assert duty(store, first)["standing"] == "met"
    opened = duty(store, supplement)
    assert (opened["owed_by"]["id"], opened["owed_to"]["id"]) == (
        "ubnd-tam-ngoc-tam-ky",
        "ubnd-tam-ky",
    )
    assert (opened["strict_day"], opened["met_on"]) == ("2024-11-19", None)
    assert "biên bản họp thôn; phiếu lấy ý kiến" in opened["title"]
    found = row(store)
    assert (found["stage"], found["desk"], found["next_due"]) == (
        "returned",
        "commune",
        "2024-11-19",
    )
    steps_of(store, f"dossier submit {NGOC} --on 18/11/2024")
    assert duty(store, supplement)["met_on"] == "2024-11-18"
    assert duty(store, first)["met_on"] == "2024-10-28"
    assert row(store)["returns"][0]["closed"] is not None
    assert ntm("rebuild --check", store).code == 0


def test_a_late_supplement_is_late_and_a_second_return_opens_a_second_duty(store: str) -> None:
    steps_of(store, SUBMITTED, RETURNED, f"dossier submit {NGOC} --on 25/11/2024")
    steps_of(store, "day close --until 25/11/2024")
    assert duty(store, "BS1-xnc-2024/tam-ngoc-tam-ky")["standing"] == "met_late"
    again = RETURNED.replace("12/11", "26/11").replace("20/11", "10/12").replace("CV 9", "CV 10")
    steps_of(store, again, f"dossier submit {NGOC} --on 5/12/2024")
    second = duty(store, "BS2-xnc-2024/tam-ngoc-tam-ky")
    assert (second["standing"], second["met_on"]) == ("met", "2024-12-05")


def test_a_return_without_a_day_opens_a_duty_without_one_and_voiding_it_takes_the_duty_back(
    store: str,
) -> None:
    bare = RETURNED.replace(" --supplement 'trước ngày 20/11/2024'", "")
    steps_of(store, SUBMITTED, bare)
    id = "BS1-xnc-2024/tam-ngoc-tam-ky"
    assert duty(store, id)["standing"] == "undated"
    [entry] = [f["entry"] for f in row(store)["history"] if f["type"] == "DossierReturned"]
    steps_of(store, f"fact void {entry} --reason 'gõ nhầm' --document 'BB mẫu'")
    assert ntm(f"obligation show {id}", store).code == 3
    assert row(store)["stage"] == "submitted"
    assert ntm("rebuild --check", store).code == 0


def test_a_supplement_whose_day_cannot_be_read_or_is_over_is_refused(store: str) -> None:
    steps_of(store, SUBMITTED)
    refused(store, RETURNED.replace("20/11/2024", "45/13/2024"), "45/13")
    refused(store, RETURNED.replace("20/11/2024", "1/11/2024"), code=2)
    refused(store, f"dossier return {NGOC} --on 12/11/2024 --document x", "--missing", code=2)


def test_each_desk_acts_where_the_dossier_lies_and_no_other_does(store: str) -> None:
    verify = f"dossier verify {NGOC} --on 10/11/2024"
    refused(store, verify, "đã đăng ký", "open (lập hồ sơ), submit (trình)")
    steps_of(store, SUBMITTED)
    refused(store, f"{verify} --body {PROVINCE}", "không thuộc cấp huyện")
    refused(store, f"{verify} --body 'UBND xã Tam Phú'", "không thuộc cấp huyện")
    refused(store, f"dossier forward {NGOC} --on 11/11/2024", "verify (thẩm tra)")
    refused(store, f"dossier appraise {NGOC} --all --body {PROVINCE} --on 11/11/2024", "thẩm định")
    refused(store, f"dossier announce {NGOC} --on 11/11/2024", "công bố")
    steps_paper = f"dossier return {NGOC} --missing x --on 11/11/2024"
    refused(store, steps_paper, "--document", code=2)
    steps_of(store, f"{verify} --body {CITY}", f"dossier forward {NGOC} --on 25/11/2024")
    refused(store, f"dossier verify {NGOC} --on 26/11/2024", "thẩm tra")
    refused(store, SUBMITTED.replace("28/10", "26/11"), "đã nộp")
    found = row(store)
    assert (found["desk"], found["holder"]["id"]) == ("province", "ubnd-quang-nam")
    # What was done out of order all the same is kept as reported.
    told = f"dossier announce {NGOC} --on 27/11/2024 --already-done --document 'TB mẫu'"
    steps_of(store, told)
    assert ntm("fact list --against --json", store).json["items"][0]["type"] == "DossierAnnounced"


def test_forward_is_no_word_for_what_the_commune_hands_in(store: str) -> None:
    refused(store, f"dossier forward {NGOC} --on 28/10/2024", "trình tiếp")
    steps_of(store, SUBMITTED, RETURNED)
    refused(store, f"dossier forward {NGOC} --on 13/11/2024", "submit (trình)")


def ready(store: str) -> None:
    """Tam Ngọc's dossier appraised, with what is asked of last year's results admitted."""
    last = " ".join(f"--criterion {n}" for n in (*range(1, 13), 14, 15, 16, 17))
    steps_of(
        store,
        *(
            f"criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --criterion {n} --on 20/8/2024"
            for n in (13, 18, 19)
        ),
        SUBMITTED,
        f"dossier verify {NGOC} --on 10/11/2024",
        f"dossier forward {NGOC} --on 25/11/2024",
        f"dossier admit {NGOC} --result-year 2023 {last} --on 26/11/2024 --document 'CV mẫu'",
        f"dossier appraise {NGOC} --all --body {PROVINCE} --on 10/12/2024",
    )


RECOGNISE = f"dossier recognise {NGOC} --on 20/12/2024 --document 'QĐ 5 (mẫu)'"


def test_a_recognition_gives_the_place_its_standard_and_voiding_it_takes_it_back(
    store: str,
) -> None:
    ready(store)
    refused(store, RECOGNISE.replace(" --document 'QĐ 5 (mẫu)'", ""), "--document", code=2)
    refused(store, f"{RECOGNISE} --body {CITY}", "không thuộc cấp tỉnh")
    refused(store, f"{RECOGNISE} --decision-on 21/12/2024", "21/12/2024", code=2)
    answer = ntm(f"{RECOGNISE} --decision-on 18/12/2024 --json", store)
    assert [f["type"] for f in answer.json["facts"]] == [
        "DossierRecognised", "RecognitionOpened", "RecognitionGranted",
    ]  # fmt: skip
    assert (row(store)["stage"], row(store)["decision_on"]) == ("recognised", "2024-12-18")
    refused(store, RECOGNISE, "công nhận")
    entry = answer.json["entry"]
    steps_of(store, f"fact void {entry} --reason 'gõ nhầm' --document 'BB mẫu'")
    assert row(store)["stage"] == "appraised"
    assert ntm("rebuild --check", store).code == 0


def test_open_criteria_block_and_are_named_and_a_decision_already_taken_is_kept(store: str) -> None:
    steps_of(
        store,
        SUBMITTED,
        f"dossier verify {NGOC} --on 10/11/2024",
        f"dossier forward {NGOC} --on 25/11/2024",
        f"dossier appraise {NGOC} --all --body {PROVINCE} --on 10/12/2024",
    )
    refused(store, RECOGNISE, "tiêu chí chưa được tính: 1, 2, 3", "Quyết định 318/QĐ-TTg")
    [criteria] = [b for b in row(store)["blocks"] if b["what"] == "criteria"]
    assert criteria["blocks"] is True
    steps_of(store, f"{RECOGNISE} --already-done")
    assert row(store)["stage"] == "recognised"
    [fact] = [f for f in row(store)["history"] if f["type"] == "DossierRecognised"]
    listed = ntm("fact list --against --json", store).json["items"]
    assert fact["entry"] in [each["entry"] for each in listed]


def test_debt_and_money_to_be_stopped_block_with_their_source(store: str) -> None:
    item = "--item 'Đường mẫu' --amount"
    steps_of(
        store,
        f"fund allocate {item} '1 tỷ' --place 'Tam Ngọc' --year 2024 --source provincial --kind investment --on 20/2/2024",
        f"fund accept {item} '300 triệu' --on 1/3/2024",
    )
    warned = ntm(f"{SUBMITTED} --json", store).json["warnings"]
    assert [w["what"] for w in warned] == ["criteria", "debt"]
    steps_of(
        store,
        f"fact void {ntm('fact list --type DossierSubmitted --json', store).json['items'][0]['entry']} --reason x --document x",
    )
    ready(store)
    refused(store, RECOGNISE, "còn nợ 300 triệu đồng", "nợ đọng xây dựng cơ bản")
    steps_of(store, f"fund disburse {item} '300 triệu' --on 1/10/2024")
    found = ntm("fund show 'Đường mẫu' --json", store).json
    if found["stop"]:
        refused(store, RECOGNISE, "mục vốn phải dừng")
    else:
        steps_of(store, RECOGNISE)


def test_money_found_unspent_blocks_until_it_is_let_go(store: str) -> None:
    steps_of(
        store,
        "fund allocate --item 'Chợ mẫu' --amount '1 tỷ' --place 'Tam Ngọc' --year 2024 --source provincial --kind investment --on 20/2/2024",
        "day close --until 30/6/2024",
    )
    ready(store)
    refused(store, RECOGNISE, "1 mục vốn phải dừng", "IV.7")


def test_kieu_mau_without_nang_cao_is_warned_of_at_every_step_and_blocks_only_the_recognition(
    store: str,
) -> None:
    which = "--place 'Tam Ngọc' --standard xa-kieu-mau --year 2024"
    said = ntm(f"dossier submit {which} --on 28/10/2024", store)
    assert said.code == 0
    assert "sổ chưa ghi địa bàn đạt chuẩn xã NTM nâng cao" in said.err
    verified = ntm(f"dossier verify {which} --on 1/11/2024 --json", store).json
    assert [w["what"] for w in verified["warnings"]] == ["criteria", "prerequisite"]
    steps_of(
        store,
        f"dossier forward {which} --on 25/11/2024",
        f"dossier appraise {which} --all --body {PROVINCE} --on 1/12/2024",
    )
    block = [b["what"] for b in row(store, which)["blocks"] if b["blocks"]]
    assert block == ["criteria", "prerequisite"]
    refused(store, f"dossier recognise {which} --on 20/12/2024 --document 'QĐ mẫu'", "nâng cao")
    ready(store)
    steps_of(store, RECOGNISE)
    assert [b["what"] for b in row(store, which)["blocks"] if b["blocks"]] == ["criteria"]


def test_a_survey_is_shown_and_blocks_only_where_a_share_is_sourced(store: str) -> None:
    survey = f"survey record {NGOC} --asked 500 --satisfied"
    refused(store, f"{survey} 501 --on 1/10/2024", code=2)
    steps_of(store, f"{survey} 300 --on 1/10/2024 --body 'UBND xã Tam Ngọc'")
    [said] = [b for b in row(store)["blocks"] if b["what"] == "satisfaction"]
    assert said["blocks"] is False
    assert said["words"]["vi"].startswith("hài lòng 60% (300/500); mức phải đạt chưa có nguồn")
    city = "--place 'Tam Kỳ' --standard hoan-thanh-nhiem-vu --year 2024"
    steps_of(store, f"dossier register {city} --on 1/3/2024")
    for satisfied, blocks in ((899, True), (900, False)):
        steps_of(store, f"survey record {city} --asked 1000 --satisfied {satisfied} --on 1/4/2024")
        found = [b for b in row(store, city)["blocks"] if b["what"] == "satisfaction"]
        assert bool(found and found[0]["blocks"]) is blocks


def test_criteria_are_appraised_one_by_one_and_an_unmet_one_holds_the_dossier(store: str) -> None:
    steps_of(
        store,
        SUBMITTED,
        f"dossier verify {NGOC} --on 10/11/2024",
        f"dossier forward {NGOC} --on 25/11/2024",
        f"dossier appraise {NGOC} --all --body {PROVINCE} --on 1/12/2024",
        f"dossier appraise {NGOC} --criterion 13 --unmet --body {PROVINCE} --on 2/12/2024",
    )
    assert row(store)["stage"] == "submitted"
    assert [a["number"] for a in row(store)["appraised"] if not a["met"]] == [13]
    refused(store, RECOGNISE, "appraise (thẩm định)")
    refused(
        store,
        f"dossier appraise {NGOC} --criterion 20 --body {PROVINCE} --on 3/12/2024",
        "số 20",
        code=2,
    )
    refused(
        store, f"dossier appraise {NGOC} --body {PROVINCE} --on 3/12/2024", "--criterion", code=2
    )
    steps_of(store, f"dossier appraise {NGOC} --criterion 13 --body {PROVINCE} --on 4/12/2024")
    assert row(store)["stage"] == "appraised"
    reject = f"dossier reject {NGOC} --reason 'chưa đủ' --on 5/12/2024 --document 'TB mẫu'"
    steps_of(store, reject, f"dossier open {NGOC} --on 6/12/2024")
    assert (row(store)["stage"], row(store)["desk"]) == ("open", "commune")


def test_villages_end_at_the_district_and_communes_of_can_tho_pass_none(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    steps_of(path, "init", "plan adopt tam-ky-2024", "plan adopt can-tho-2024")
    village = "--place 'Hòa Hạ' --standard thon-kieu-mau --year 2024"
    steps_of(
        path,
        f"dossier register {village} --striving --on 5/2/2024",
        f"dossier submit {village} --on 1/9/2024",
        f"dossier appraise {village} --all --on 10/9/2024 --body {CITY}",
    )
    found = row(path, village)
    assert (found["desk"], found["road"], found["stage"]) == (
        "district",
        ["commune", "district"],
        "appraised",
    )
    commune = ntm("dossier list --json", path).json["items"]
    roads_of = {tuple(item["road"]) for item in commune if item["standard"].startswith("xa-")}
    assert roads_of == {("commune", "district", "province"), ("commune", "province")}


def test_after_the_districts_ended_a_dossier_that_lies_there_is_put_elsewhere_by_paper(
    store: str,
) -> None:
    steps_of(store, SUBMITTED)
    late = f"dossier verify {NGOC} --on 2/7/2025"
    refused(store, late, "không qua cấp huyện nữa", "dossier reroute")
    refused(
        store, f"dossier reroute {NGOC} --to district --on 2/7/2025", "không có cấp huyện", code=2
    )
    steps_of(store, f"dossier reroute {NGOC} --to province --on 2/7/2025 --document 'CV mẫu'")
    found = row(store)
    assert (found["desk"], found["road"]) == ("province", ["commune", "province"])
    steps_of(store, f"dossier appraise {NGOC} --criterion 1 --body {PROVINCE} --on 3/7/2025")
    assert ntm("rebuild --check", store).code == 0


def test_a_dossier_still_with_its_commune_takes_the_new_road_by_itself(store: str) -> None:
    steps_of(store, f"dossier submit {NGOC} --on 2/7/2025")
    told = [f["type"] for f in row(store)["history"]]
    assert told == ["DossierRegistered", "DossierRerouted", "DossierSubmitted"]
    assert row(store)["holder"]["id"] == "ubnd-quang-nam"


def test_a_standard_is_for_its_types_of_place_and_districts_end(store: str) -> None:
    refused(
        store,
        "dossier register --place 'Tam Kỳ' --standard huyen-ntm --year 2024 --on 1/3/2024",
        "dành cho huyện",
    )
    refused(
        store,
        "dossier register --place 'Tam Ngọc' --standard thon-kieu-mau --year 2024 --on 1/3/2024",
        "dành cho thôn",
    )
    steps_of(store, "place leave 'Tam Phú' --on 1/7/2025 --document 'NQ mẫu'")
    left = "dossier register --place 'Tam Phú' --standard xa-ntm --year 2025 --on 2/7/2025"
    refused(store, left, "không còn trong chương trình")


def test_a_withdrawn_dossier_is_at_home_again(store: str) -> None:
    steps_of(store, SUBMITTED, f"dossier withdraw {NGOC} --reason 'làm lại' --on 5/11/2024")
    assert (row(store)["stage"], row(store)["desk"]) == ("withdrawn", "commune")
    refused(store, SUBMITTED.replace("28/10", "6/11"), "rút")
    refused(store, f"dossier withdraw {NGOC} --on 7/11/2024 --body {CITY}", "xã")


def test_a_road_is_shown_with_what_is_not_sourced(store: str) -> None:
    told = ntm("dossier road --standard thon-kieu-mau --json", store).json
    assert [item["desks"] for item in told["items"]] == [["commune", "district"], ["commune"]]
    out = ntm("dossier road --standard thon-kieu-mau", store).out
    assert "xã → huyện · quyết định: UBND cấp huyện" in out
    assert "chưa có nguồn" in out
    assert ntm("dossier road --standard khong-co", store).code == 3


def test_whoever_gets_a_dossier_back_is_told_at_once_what_is_missing(
    store: str, tmp_path: Path
) -> None:
    script = tmp_path / "kich-ban.txt"
    script.write_text(
        f"2024-10-28: {SUBMITTED}\n2024-11-12: {RETURNED}\n"
        f"2024-11-18: dossier submit {NGOC} --on 18/11/2024\n",
        "utf-8",
    )
    kept, letters = tmp_path / "tap.db", tmp_path / "thu"
    line = f"rehearse --from 25/10/2024 --until 20/11/2024 --script {script} --keep {kept} --letters {letters}"
    assert ntm(line, store).code == 0
    found = ntm("letter list --kind returned --as-of 20/11/2024 --json", str(kept)).json["items"]
    assert [(item["unit"]["id"], item["day"]) for item in found] == [
        ("ubnd-tam-ngoc-tam-ky", "2024-11-13")
    ]
    text = ntm(f"letter show {found[0]['id']} --as-of 20/11/2024", str(kept)).out
    assert "biên bản họp thôn; phiếu lấy ý kiến" in text
    assert "CV 9 (mẫu)" in text
    assert "19/11/2024" in text


def test_days_at_each_desk_are_counted_to_the_day_looked_at(store: str) -> None:
    steps_of(store, SUBMITTED, RETURNED, f"dossier submit {NGOC} --on 18/11/2024")
    shown = ntm(f"dossier show {NGOC} --json --as-of 20/11/2024", store).json
    assert [(d["desk"], d["since_on"], d["days"]) for d in shown["desks"]] == [
        ("commune", "2024-01-01", 301),
        ("district", "2024-10-28", 15),
        ("commune", "2024-11-12", 6),
        ("district", "2024-11-18", 2),
    ]
    assert shown["days"] == 2
    before = ntm(f"dossier show {NGOC} --json --as-of 1/11/2024", store).json
    assert [d["days"] for d in before["desks"]] == [301, 4]


def test_what_is_missing_names_who_has_to_do_it_and_by_when(store: str) -> None:
    steps_of(store, SUBMITTED, RETURNED)
    told = ntm(f"dossier missing {NGOC} --json", store).json
    assert told["next"] == ["submit", "withdraw"]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in told["items"]:
        by_kind.setdefault(item["what"], []).append(item)
    assert [i["needs"]["vi"] for i in by_kind["returned"]] == [
        "biên bản họp thôn",
        "phiếu lấy ý kiến",
    ]
    due = {i["due"]: i["who"][0]["id"] for i in by_kind["duty"]}
    assert due["2024-11-19"] == "ubnd-tam-ngoc-tam-ky"
    assert due["2024-11-29"] == "ubnd-tam-ky"
    who = {i["needs"]["vi"].split(":")[0]: [u["id"] for u in i["who"]] for i in by_kind["criteria"]}
    assert who["tiêu chí 13"] == ["kinh-te-tam-ky"]
    assert {i["what"] for i in told["items"]} >= {"satisfaction"}
    out = ntm(f"dossier missing {NGOC}", store).out
    assert "Phòng Kinh tế thành phố Tam Kỳ" in out
    ready_one = NGOC.replace("Tam Ngọc", "Tam Mơ")
    assert ntm(f"dossier missing {ready_one}", store).code == 3


def test_results_that_came_or_lapsed_after_the_first_paper_count_as_they_stand(store: str) -> None:
    ready(store)
    gone = "criteria lapse --place 'Tam Ngọc' --set xa-nang-cao --criterion 18 --year 2024 --on 12/12/2024"
    steps_of(store, gone)
    refused(store, RECOGNISE, "tiêu chí chưa được tính: 18")
    steps_of(store, gone.replace("lapse", "achieve").replace("12/12", "15/12"))
    steps_of(store, RECOGNISE)


def test_what_the_province_returns_to_the_commune_is_met_by_the_communes_own_hand_over(
    store: str,
) -> None:
    steps_of(
        store,
        SUBMITTED,
        f"dossier verify {NGOC} --on 5/11/2024",
        f"dossier forward {NGOC} --on 6/11/2024",
        f"{RETURNED} --to commune",
    )
    id = "BS1-xnc-2024/tam-ngoc-tam-ky"
    assert duty(store, id)["owed_by"]["id"] == "ubnd-tam-ngoc-tam-ky"
    assert row(store)["next_due"] == "2024-11-19"
    steps_of(store, f"dossier submit {NGOC} --on 15/11/2024")
    assert duty(store, id)["met_on"] == "2024-11-15"
    steps_of(
        store,
        f"dossier verify {NGOC} --on 16/11/2024",
        f"dossier forward {NGOC} --on 25/11/2024",
    )
    assert row(store)["returns"][0]["closed"] is not None


def test_every_return_opens_a_duty_of_its_own_whatever_came_before(store: str) -> None:
    steps_of(store, SUBMITTED, RETURNED)
    early = RETURNED.replace("12/11/2024", "1/11/2024").replace("CV 9", "CV 8")
    answer = ntm(f"{early} --already-done --json", store)
    assert answer.code == 0, answer.err
    assert [f["type"] for f in answer.json["facts"]] == ["DossierReturned", "ObligationAssigned"]
    steps_of(
        store,
        f"dossier withdraw {NGOC} --on 13/11/2024",
        f"dossier open {NGOC} --on 14/11/2024",
        f"dossier submit {NGOC} --on 15/11/2024",
        RETURNED.replace("12/11/2024", "16/11/2024").replace("CV 9", "CV 10"),
    )
    found = ntm("obligation list --within 'Tam Ngọc' --json", store).json["items"]
    ids = sorted(i["id"].partition("/")[0] for i in found if i["id"].startswith("BS"))
    assert ids == [f"BS{n}-xnc-2024" for n in (1, 2, 3)]
    assert ntm("rebuild --check", store).code == 0


def test_a_decision_reported_early_is_the_provinces_and_can_be_announced(store: str) -> None:
    steps_of(store, f"{RECOGNISE} --already-done")
    [fact] = [f for f in row(store)["history"] if f["type"] == "DossierRecognised"]
    assert fact["body"]["id"] == "ubnd-quang-nam"
    steps_of(store, f"dossier announce {NGOC} --on 21/12/2024 --document 'TB mẫu'")


def test_a_figure_recorded_later_that_falls_short_makes_a_result_a_question(store: str) -> None:
    of = "--place 'Tam Kỳ' --set hoan-thanh-nhiem-vu"
    which = "--place 'Tam Kỳ' --standard hoan-thanh-nhiem-vu --year 2024"
    steps_of(
        store,
        f"dossier register {which} --on 1/3/2024",
        f"criteria achieve {of} --criterion 5 --on 1/6/2024",
        f"criteria measure {of} --indicator 5 --value 3 --on 2/6/2024",
    )
    found = ntm(f"dossier results {which} --json", store).json["items"][4]
    assert (found["counts"], found["code"]) == ("ask", "short")
    steps_of(store, f"criteria measure {of} --indicator 5 --value 12,19 --on 3/6/2024")
    assert ntm(f"dossier results {which} --json", store).json["items"][4]["counts"] == "yes"


def test_a_day_without_a_year_is_the_next_one_and_none_of_long_ago(store: str) -> None:
    december = RETURNED.replace("12/11/2024", "20/12/2024")
    steps_of(store, SUBMITTED)
    refused(store, december.replace("20/11/2024", "20/11"), "Ghi rõ năm", code=2)
    steps_of(store, december.replace("20/11/2024", "10/01"))
    assert row(store)["next_due"] == "2025-01-09"


def test_a_step_is_not_moved_by_itself_to_a_day_of_another_road(store: str) -> None:
    steps_of(store, f"dossier submit {NGOC} --on 5/7/2025")
    [entry] = [f["entry"] for f in row(store)["history"] if f["type"] == "DossierSubmitted"]
    change = f"fact correct {entry} --reason 'gõ nhầm' --document 'BB mẫu' --on"
    refused(store, f"{change} 28/10/2024", "đi đường khác")
    steps_of(store, f"{change} 6/7/2025")


def test_a_village_can_begin_a_dossier_though_nobody_has_said_who_decides_it(store: str) -> None:
    village = "--place 'Hòa Hạ' --standard thon-kieu-mau --year 2025"
    steps_of(
        store,
        f"dossier register {village} --on 2/7/2025",
        f"dossier open {village} --on 3/7/2025",
        f"dossier withdraw {village} --on 4/7/2025",
    )


def test_nothing_is_done_with_a_dossier_before_it_was_received(store: str) -> None:
    steps_of(store, f"{SUBMITTED} --received-on 31/10/2024")
    for act in (
        f"dossier verify {NGOC}",
        f"dossier return {NGOC} --missing x --document 'CV mẫu'",
    ):
        refused(store, f"{act} --on 30/10/2024", "nhận ngày 31/10/2024")
    steps_of(store, f"dossier verify {NGOC} --on 31/10/2024")
    told = ntm(f"dossier show {NGOC} --json", store).json["handed"][0]
    assert (told["document_on"], told["sent_on"], told["received_on"]) == (
        "2024-10-28",
        "2024-10-28",
        "2024-10-31",
    )
    assert (told["by"], told["to"]) == ("ubnd-tam-ngoc-tam-ky", "ubnd-tam-ky")


def test_what_a_plan_only_encourages_registers_nobody(store: str) -> None:
    items = ntm("dossier list --json", store).json["items"]
    listed = {(i["place"]["id"], i["standard"], i["year"]) for i in items}
    assert ("tam-ngoc-tam-ky", "xa-nang-cao", 2024) in listed
    assert ("tam-thang-tam-ky", "xa-nang-cao", 2025) in listed
    assert ("tam-thang-tam-ky", "xa-nang-cao", 2024) not in listed
    # Whoever files early registers first, and meets what was encouraged.
    early = "--place 'Tam Thăng' --standard xa-nang-cao --year 2024"
    steps_of(
        store, f"dossier register {early} --on 1/3/2025", f"dossier submit {early} --on 20/3/2025"
    )
    assert duty(store, "D122/tam-thang-tam-ky")["met_on"] == "2025-03-20"


def test_a_dossier_is_registered_once_and_for_a_year_that_has_a_set(store: str) -> None:
    refused(store, f"dossier register {NGOC} --on 1/3/2024", "dossier show --place tam-ngoc-tam-ky")
    far = NGOC.replace("2024", "2031")
    refused(store, f"dossier register {far} --on 1/3/2024", "năm đánh giá 2031", code=2)


def test_only_last_years_results_that_are_there_are_admitted(store: str) -> None:
    admit = f"dossier admit {NGOC} --on 20/9/2024 --document 'CV mẫu'"
    refused(store, f"{admit} --criterion 10 --result-year 2022", "2023", code=2)
    refused(store, f"{admit} --criterion 13 --result-year 2023", "chưa được ghi là đạt")
    bare = admit.replace(" --document 'CV mẫu'", "")
    refused(store, f"{bare} --criterion 10 --result-year 2023", "cơ quan thẩm định", code=2)


def test_whoever_takes_a_returned_dossier_back_need_not_supply_it(store: str) -> None:
    steps_of(store, SUBMITTED, RETURNED, f"dossier withdraw {NGOC} --on 13/11/2024")
    assert duty(store, "BS1-xnc-2024/tam-ngoc-tam-ky")["standing"] == "waived"
    assert ntm("rebuild --check", store).code == 0


def test_all_are_those_nobody_has_appraised_and_somebody_must_be_named(store: str) -> None:
    steps_of(
        store,
        SUBMITTED,
        f"dossier verify {NGOC} --on 10/11/2024",
        f"dossier forward {NGOC} --on 25/11/2024",
    )
    appraise = f"dossier appraise {NGOC} --body {PROVINCE}"
    refused(store, f"dossier appraise {NGOC} --all --on 1/12/2024", "cơ quan thẩm định", code=2)
    steps_of(
        store,
        f"{appraise} --criterion 13 --unmet --on 1/12/2024",
        f"{appraise} --all --on 2/12/2024",
    )
    assert row(store)["stage"] == "submitted"
    refused(store, f"{appraise} --all --on 3/12/2024", "đã được thẩm định", code=2)
    steps_of(store, f"{appraise} --criterion 13 --on 4/12/2024")
    assert row(store)["stage"] == "appraised"


def test_what_is_asked_of_one_province_is_not_asked_of_another(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    steps_of(path, "init", "plan adopt can-tho-2024")
    items = ntm("dossier list --json", path).json["items"]
    place = items[0]["place"]["id"]
    which = f"--place {place} --standard {items[0]['standard']} --year {items[0]['year']}"
    sources = " ".join(b["source"] for b in row(path, which)["blocks"])
    assert "quang-nam" not in sources
    refused(path, f"dossier submit {which} --to district --on 1/10/2024", "cấp kế tiếp: tỉnh")


def test_history_is_told_to_the_day_looked_at_in_the_order_of_days(store: str) -> None:
    steps_of(
        store, SUBMITTED, RETURNED, f"survey record {NGOC} --asked 10 --satisfied 9 --on 1/10/2024"
    )
    then = ntm(f"dossier show {NGOC} --as-of 29/10/2024 --json", store).json["history"]
    assert [f["type"] for f in then] == ["DossierRegistered", "SurveyRecorded", "DossierSubmitted"]
