"""Quảng Nam's plan for 2024-2025: 125 titles of communes, its districts, its money, the chain of every year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.plans.calendar import bundled_calendar
from ntm_workflow.plans.figures import dong
from ntm_workflow.plans.findings import findings
from ntm_workflow.plans.pack import Pack, load

PLAN = "quang-nam-2024-2025"
#: List -> its communes, and the rules that bind each of them to hand a dossier up.
LISTS: dict[str, tuple[int, tuple[str, ...]]] = {
    "ntm-2023": (6, ("D104",)),
    "ntm-2024": (8, ("D108", "D109")),
    "ntm-2025": (14, ("D110", "D111", "D112")),
    "nc-2023": (11, ("D114",)),
    "nc-2024": (17, ("D118", "D119")),
    "nc-2025": (44, ("D120", "D121", "D122")),
    "km-2023": (1, ("D123",)),
    "km-2024": (5, ("D125", "D126")),
    "km-2025": (19, ("D127", "D128", "D129")),
}
#: “Trước tháng M” without a day beside it in its clause: read strictly until a paper decides.
STRICT = {"D107", "D117", "D146", "D151", "D161", "D167", "D169"}
#: IV.3: districts without an approved plan, none of which has a day, and the city.
UNPLANNED = {
    *("thang-binh", "que-son", "nong-son", "tien-phuoc", "hiep-duc"),
    *("nam-tra-my", "tay-giang", "dai-loc", "nam-giang"),
}
CHAIN = ("D164", "D165", "D166")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(PLAN)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, PLAN, within=None, day="31/12/2025")) as desk:
        yield desk


@pytest.fixture(scope="module")
def rows(desk: Desk) -> dict[str, dict[str, Any]]:
    return desk.rows("obligation")


def of(rows: dict[str, dict[str, Any]], rule: str) -> dict[str, dict[str, Any]]:
    return {id: row for id, row in rows.items() if row["rule"] == rule}


def strengths(rows: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id, row in rows.items():
        found.setdefault(row["strength"], set()).add(id.partition("/")[0].partition("@")[0])
    return found


# --- places and titles ----------------------------------------------------------------------------


def test_the_pack_is_whole_and_names_125_titles_of_communes(pack: Pack) -> None:
    assert not pack.partial
    lists = {target.id: target.places for target in pack.targets if target.id}
    assert {name: len(lists[name]) for name in LISTS} == {n: row[0] for n, row in LISTS.items()}
    assert sum(count for count, _ in LISTS.values()) == 125
    assert lists["nc-2025"][-2:] == ["ba-dong-giang", "tra-duong-bac-tra-my"]


@pytest.mark.parametrize("name", LISTS)
def test_each_commune_of_a_list_owes_its_dossier_at_each_step(
    name: str, pack: Pack, rows: dict[str, dict[str, Any]]
) -> None:
    [target] = [t for t in pack.targets if t.id == name]
    for rule in LISTS[name][1]:
        found = Counter(row["place"] for row in of(rows, rule).values())
        assert set(found) == set(target.places)
    carried = name.endswith("2023")
    assert target.commitment == ("carried_over" if carried else "striving")


def test_a_title_is_strived_for_and_the_day_of_handing_over_is_a_duty(
    pack: Pack, rows: dict[str, dict[str, Any]]
) -> None:
    assert {t.strength for t in pack.targets if t.id in LISTS} <= {"strive", None}
    handed = [row for row in rows.values() if row["trigger"] and row["strength"] != "encouraged"]
    assert {row["strength"] for row in handed} == {"must"}


def test_all_districts_and_each_named_commune_have_their_place_and_where_it_was_found(
    pack: Pack,
) -> None:
    types = Counter(place.type for place in pack.places)
    assert types == {"tinh": 1, "huyen": 15, "thanh-pho": 2, "thi-xa": 1, "xa": 111}
    communes = {place.id: place.parent_source for place in pack.places if place.type == "xa"}
    assert all(communes.values())
    found = {
        place.id for place in pack.places if place.parent == "quang-nam" and place.parent_source
    }
    assert found == {"bac-tra-my", "phuoc-son", "dong-giang", "dien-ban", "tam-ky"}
    assert (communes["dai-hiep-dai-loc"], communes["tam-ngoc-tam-ky"]) == (
        "II.3.a",
        "plan tam-ky-2024 I.1",
    )
    assert {"tam-dan-phu-ninh", "tam-dan-2-phu-ninh", "tam-thanh-phu-ninh"} <= set(communes)


# --- strength -------------------------------------------------------------------------------------


def test_what_the_text_only_strives_for_can_never_be_overdue(
    rows: dict[str, dict[str, Any]],
) -> None:
    found = strengths(rows)
    assert {rule for rule in found["strive"] if rule[0] == "D"} == {
        *(
            "D101",
            "D103",
            "D131",
            "D131-co-xa-ntm",
            "D133",
            "D139",
            "D145",
            "D148",
            "D148-thu-nhap",
            "D149",
        ),
        *("D154", "D155", "D158", "D159", "D161", "D162", "D163", "D167"),
    }
    assert found["encouraged"] == {"D112", "D122", "D129"}
    assert found["permitted"] == {"D153"}
    assert found["expected"] == {"D150-thi-tinh"}
    assert "D160-dieu-chuyen" in found["considered"]
    assert {"QN-IV4c", "D157", "QN-V2"} <= found["requested"]


def test_one_clause_may_strive_and_bind_and_each_says_by_which_words(
    rows: dict[str, dict[str, Any]],
) -> None:
    words = {rule: next(iter(of(rows, rule).values()))["strength_words"] for rule in ("D139", "D140", "D132", "D167")}  # fmt: skip
    assert words == {
        "D139": "phấn đấu hoàn thành hồ sơ",
        "D140": "trình UBND tỉnh",
        "D132": "phải",
        "D167": "Quyết tâm",
    }
    assert all(row["strength_words"] for row in rows.values())


def test_what_is_encouraged_has_its_condition(rows: dict[str, dict[str, Any]]) -> None:
    early = [row for rule in ("D112", "D122", "D129") for row in of(rows, rule).values()]
    assert len(early) == 77
    assert {row["condition"] for row in early} == {"nếu đủ điều kiện"}


# --- days -----------------------------------------------------------------------------------------


def test_seven_rules_before_a_month_are_read_strictly_and_say_on_what_ground(
    rows: dict[str, dict[str, Any]],
) -> None:
    months = [row for row in rows.values() if row["kind"] == "before_month"]
    strict = {row["rule"] for row in months if row["enforce_day"] == row["strict_day"]}
    assert strict == STRICT
    [row] = of(rows, "D107").values()
    ground = {step["rule"]: step["authority"] for step in row["derivation"]}["boundary_strict"]
    assert "hiểu chặt cho đến khi có văn bản" in ground


def test_the_chain_of_every_year_opens_link_by_link_in_its_own_year(
    rows: dict[str, dict[str, Any]],
) -> None:
    ids = ("D164@{}-10/tam-ky", "D165@{}-10/tam-ky", "D166@{}-11/quang-nam")
    days = {
        year: [(rows[i]["window_start"], rows[i]["nominal_day"]) for i in (id.format(year) for id in ids)]
        for year in (2024, 2025)
    }  # fmt: skip
    for year, found in days.items():
        assert found == [
            (date(year, 1, 1), date(year, 10, 1)),
            (date(year, 10, 1), date(year, 10, 10)),
            (date(year, 10, 10), date(year, 11, 15)),
        ]
    # Two years of 18 districts, 111 communes and the departments; reallocation is the province's.
    assert {len(of(rows, rule)) for rule in CHAIN} == {2 * (18 + 111 + 1), 2}


def test_the_30_june_rule_stops_by_the_treasury_and_is_considered_by_the_province(
    pack: Pack, rows: dict[str, dict[str, Any]]
) -> None:
    found = {id: (row["owed_by"], row["strength"]) for id, row in of(rows, "D160").items()}
    assert found == {
        "D160@2024-06/quang-nam": ("kbnn-quang-nam", "must"),
        "D160@2025-06/quang-nam": ("kbnn-quang-nam", "must"),
        "D160-dieu-chuyen@2024-06/quang-nam": ("ubnd-quang-nam", "considered"),
        "D160-dieu-chuyen@2025-06/quang-nam": ("ubnd-quang-nam", "considered"),
    }
    [rule] = pack.money_rules
    assert (rule.stop_types, len(rule.reallocate_types)) == (["work", "content"], 4)


def test_a_village_that_does_not_keep_its_standard_has_a_second_day(
    rows: dict[str, dict[str, Any]],
) -> None:
    notices = of(rows, "D147")
    assert len(notices) == 18
    other = notices["D147/phu-ninh"]["alternative"]
    assert (other["nominal_day"], other["condition"]) == (
        "2025-06-30",
        "nếu năm 2024 thôn không giữ được chuẩn",
    )


@pytest.mark.parametrize("rule", ["D130", "D156", "D170"])
def test_what_waits_for_an_event_has_no_day_and_no_first_day(
    rule: str, rows: dict[str, dict[str, Any]]
) -> None:
    for row in of(rows, rule).values():
        assert (row["kind"], row["window_start"], row["enforce_day"]) == ("event", None, None)


def test_a_reason_given_in_place_of_days_is_shown(rows: dict[str, dict[str, Any]]) -> None:
    authority = {s["rule"]: s["authority"] for s in rows["D156/tam-ky"]["derivation"]}
    assert "8834/UBND-KTTH" in authority["kind_given"]


# --- who ------------------------------------------------------------------------------------------


def test_a_duty_of_districts_and_communes_is_owed_by_each_of_them_itself(
    rows: dict[str, dict[str, Any]],
) -> None:
    for rule in (
        "D151",
        "D154",
        "D171",
        "D177@2025-02",
        "QN-IV9-uu-tien-no",
        "QN-IV9-tra-thay-no",
        "QN-V4",
        "QN-IV8",
    ):
        found = {id: row for id, row in rows.items() if id.startswith(f"{rule}/")}
        assert len(found) == 18 + 111
        assert all(row["owed_by"] == f"ubnd-{row['place']}" for row in found.values())


def test_departments_and_localities_are_the_same_three_wherever_iv_7_names_them(
    rows: dict[str, dict[str, Any]],
) -> None:
    for rule in ("D156", "D157", "D161", "D162", "D163", "D164@2024-10", "D165@2025-10", "D167"):
        found = [row for id, row in rows.items() if id.startswith(f"{rule}/")]
        assert len(found) == 18 + 111 + 1
        assert all(row["inferred"] for row in found)


def test_a_report_to_two_receivers_is_a_duty_for_each(rows: dict[str, dict[str, Any]]) -> None:
    for rule, count in (("D174", 1), ("D175", 1), ("D176", 18 + 111), ("QN-V1", 1)):
        month = "@2024-03" if rule == "D176" else ""
        for part, receiver in (("", "ubnd-quang-nam"), ("-bcd", "bcd-quang-nam")):
            found = [row for id, row in rows.items() if id.startswith(f"{rule}{part}{month}/")]
            assert [row["owed_to"] for row in found] == [receiver] * count
            assert not any("bcd-quang-nam" in row["with"] for row in found)


def test_only_districts_may_not_spend_on_works_past_three_years(
    rows: dict[str, dict[str, Any]],
) -> None:
    found = [row for id, row in rows.items() if id.startswith("QN-IV9-cong-trinh-qua-han/")]
    assert (len(found), {tuple(row["with"]) for row in found}) == (18, {()})


def test_communes_nobody_has_listed_owe_as_a_group(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["D105/quang-nam"]["owed_by"] == "xa-ntm-tu-2021-quang-nam"
    assert rows["D115/quang-nam"]["owed_by"] == "xa-nang-cao-tu-2021-quang-nam"
    assert {row["place"] for row in of(rows, "D106").values()} == {
        row["place"] for row in of(rows, "D147").values()
    } - {"nam-giang"}


def test_districts_go_to_the_province_and_their_merger_is_one_of_them(
    rows: dict[str, dict[str, Any]],
) -> None:
    handed = {
        row["place"]: row["nominal_day"].isoformat()
        for rule in ("D135", "D138", "D140", "D142", "D144")
        for row in of(rows, rule).values()
    }
    assert handed == {
        "tien-phuoc": "2024-09-15",
        "nui-thanh": "2025-06-30",
        "dai-loc": "2025-06-30",
        "que-son": "2025-10-30",
        "hoi-an": "2025-06-30",
        "phu-ninh": "2025-06-30",
        "duy-xuyen": "2025-06-30",
    }
    merged = rows["D140/que-son"]
    assert (merged["with"], bool(merged["inferred"])) == (["ubnd-nong-son"], True)


def test_a_districts_dossier_can_be_handed_to_the_province_and_meets_its_duty(
    tmp_path: Any,
) -> None:
    store = str(tmp_path / "s.db")
    for line in (
        "init",
        f"plan adopt {PLAN} --within 'Tiên Phước'",
        "dossier submit --place 'Tiên Phước' --standard huyen-ntm --year 2024 --to province"
        " --on 12/9/2024",
    ):
        answer = ntm(line, store)
        assert answer.code == 0, answer.err
    shown = ntm("obligation show D135/tien-phuoc --json", store).json
    assert (shown["standing"], shown["met_on"]) == ("met", "2024-09-12")


def test_the_plans_of_districts_have_no_day_and_dated_dossiers_need_them(
    pack: Pack, rows: dict[str, dict[str, Any]]
) -> None:
    plans = of(rows, "QN-IV3")
    assert {row["place"] for row in plans.values()} == UNPLANNED | {"hoi-an"}
    assert {row["enforce_day"] for row in plans.values()} == {None}
    asked = {row["strength"] for row in plans.values() if row["place"] != "hoi-an"}
    assert (asked, plans["QN-IV3/hoi-an"]["strength"]) == ({"requested"}, "must")
    needing = {
        place for duty in pack.obligations if "QN-IV3" in duty.needs for place in duty.places
    }
    assert needing == {"tien-phuoc", "dai-loc", "que-son", "hoi-an"}


def test_money_of_the_communes_has_an_order_of_use(rows: dict[str, dict[str, Any]]) -> None:
    for part in ("nguon-duy-tri", "nguon-ho-tro"):
        found = [row for id, row in rows.items() if id.startswith(f"QN-IV4c-{part}/")]
        assert found
        assert all(row["strength_words"].startswith("ưu tiên") for row in found)
    assert rows["QN-IV7-dong-gop/quang-nam"]["condition"].startswith("tự nguyện")


def test_the_lists_of_works_go_to_the_district_councils(rows: dict[str, dict[str, Any]]) -> None:
    lists = [row for id, row in rows.items() if id.startswith("QN-IV4c/")]
    assert {row["owed_to"] for row in lists} == {"hdnd-cap-huyen-quang-nam"}
    assert {row["owed_by"] for row in lists} >= {"ubnd-tam-ky", "ubnd-hoi-an", "ubnd-dien-ban"}
    assert all(row["paper"].startswith("Danh mục công trình") for row in lists)


def test_every_paper_to_draft_has_its_duty(rows: dict[str, dict[str, Any]]) -> None:
    drafted = {id.partition("/")[0] for id, row in rows.items() if row["paper"]}
    assert drafted >= {
        *("D107", "D117", "D147", "D150", "D152", "D168", "D173", "QN-I2", "QN-IV2-nq-108"),
        *("QN-IV3", "QN-IV4b", "QN-IV4b-phe-duyet", "QN-IV4c", "QN-IV9-kiem-tra"),
        *("QN-V3-ke-hoach", "QN-V4-ke-hoach"),
    }


@pytest.mark.parametrize(
    ("id", "what"),
    [
        ("D108/ta-bhing-nam-giang", {"no_later_period", "responsibility"}),
        ("D118/tam-ngoc-tam-ky", {"responsibility"}),
        ("D176@2024-03/tam-ky", {"responsibility", "criticism"}),
        ("D151/tam-ngoc-tam-ky", {"responsibility", "no_top_up"}),
        ("D169/tam-ky", {"responsibility", "withdrawal", "criticism"}),
        ("D170/tam-ngoc-tam-ky", {"local_debt"}),
        ("D174/quang-nam", {"criticism"}),
    ],
)
def test_what_the_text_attaches_to_a_miss_is_kept_with_its_words(
    id: str, what: set[str], rows: dict[str, dict[str, Any]]
) -> None:
    attached = rows[id]["consequences"]
    assert {each["what"] for each in attached} == what
    assert all(each["words"] and each["clause"] for each in attached)


def test_whoever_leads_a_locality_answers_for_its_dossiers(rows: dict[str, dict[str, Any]]) -> None:
    for rule in (
        "D102",
        "D108",
        "D109",
        "D110",
        "D111",
        "D134",
        "D135",
        *(f"D{n}" for n in range(137, 145)),
    ):
        for row in of(rows, rule).values():
            assert {each["clause"] for each in row["consequences"]} >= {"IV.10", "V.4"}
    assert {each["clause"] for each in rows["D101/quang-nam"]["consequences"]} >= {"IV.4.a"}


# --- numbers --------------------------------------------------------------------------------------


def test_the_goals_have_the_numbers_of_the_text(pack: Pack) -> None:
    goals = {goal.id: goal for goal in pack.goals}
    named = ("so-xa-ntm", "so-xa-nang-cao", "so-xa-kieu-mau")
    assert [
        (g.new, g.kept, g.at_least, g.percent, g.of) for g in map(goals.__getitem__, named)
    ] == [
        (42, 112, "154", "80", 193),
        (58, 6, "64", "40", None),
        (15, 1, "16", "10", None),
    ]
    districts = goals["so-don-vi-cap-huyen"]
    assert (districts.at_least, districts.at_most, districts.words) == ("8", "9", "08-09 đơn vị cấp huyện")  # fmt: skip
    poor = goals["huyen-thoat-ngheo"]
    assert (poor.at_least, poor.of, poor.percent) == ("2", 6, "30")
    assert (goals["ocop"].at_least, goals["duong-cay-xanh"].at_least) == ("400", "1.000")


def test_the_measures_of_the_programme_are_all_there(pack: Pack) -> None:
    measures = {
        target.what: (target.threshold, target.unit)
        for target in pack.targets
        if target.clause in ("II.6", "II.7")
    }
    assert measures == {
        "ty-le-thon-kieu-mau": ("60", "%"),
        "ty-le-thon-kieu-mau-mien-nui": ("50", "%"),
        "thu-nhap-nong-thon": ("1,5", "lần"),
        "giam-ho-ngheo": ("0,3", "%/năm"),
        "giam-ho-ngheo-dan-toc-thieu-so": ("3", "%/năm"),
        "giam-ho-ngheo-huyen-ngheo": ("4", "%/năm"),
        "nha-tam": ("0", "nhà"),
        "nuoc-hop-ve-sinh": ("96", "%"),
        "nuoc-sach": ("60", "%"),
        "bao-hiem-y-te": ("96", "%"),
        "lao-dong-co-chung-chi": ("30", "%"),
        "thon-phu-song": ("100", "%"),
        "thon-kieu-mau-cap-quang": ("100", "%"),
        "xa-chuyen-doi-so": ("70", "%"),
        "can-bo-tap-huan": ("100", "%"),
    }


def test_the_sums_add_up_and_the_rates_are_per_commune_and_village(pack: Pack) -> None:
    sums = {sum.id: sum for sum in pack.money}
    whole = [each for each in sums.values() if each.parts]
    assert len(whole) == 5
    for each in whole:
        assert dong(each) == sum(dong(sums[part]) for part in each.parts)
    assert dong(sums["tong"]) == 1_307_608_000_000
    rates = {each.id: (dong(each), each.per, each.at_least) for each in sums.values() if each.per}
    assert rates == {
        "ho-tro-nang-cao": (1_500_000_000, "xã", False),
        "ho-tro-kieu-mau": (2_000_000_000, "xã", False),
        "duy-tri-chuan": (500_000_000, "xã/năm", False),
        "nguon-duy-tri-chuan": (500_000_000, "xã/năm", False),
        "doi-ung-thon": (200_000_000, "thôn", True),
        "duy-tri-thon": (100_000_000, "thôn", True),
    }


# --- papers and contradictions --------------------------------------------------------------------


def test_what_the_plan_says_it_rests_on_is_told_apart_from_what_it_only_cites(
    pack: Pack,
) -> None:
    lineage = {
        r.document.split(" ngày")[0]: r.relation for r in pack.references if r.relation != "cites"
    }
    assert lineage == {
        "Nghị định 27/2022/NĐ-CP": "based_on",
        "Nghị định 38/2023/NĐ-CP": "based_on",
        "Quyết định 263/QĐ-TTg": "based_on",
        "Kết luận 91-KL/TU": "based_on",
        "Nghị quyết 21/2022/NQ-HĐND": "based_on",
        "Quyết định 2105/QĐ-UBND": "based_on",
        "Quyết định 2690/QĐ-UBND": "based_on",
        "Quyết định 1098/QĐ-UBND": "based_on",
    }
    assert len(pack.recipients) == 18


def test_a_number_neither_strived_for_nor_ordered_has_no_strength(pack: Pack) -> None:
    assert [goal.id for goal in pack.goals if goal.strength is None] == ["thon-kieu-mau-moi-xa"]


def test_contradictions_of_the_text_are_kept_and_told(pack: Pack) -> None:
    told: dict[str, list[tuple[str | None, str]]] = {}
    for finding in findings(pack, bundled_calendar()):
        told.setdefault(finding.code, []).append((finding.clause, finding.say("vi")))
    [(clauses, words)] = told["two_target_years"]
    assert (clauses, "Nam Giang" in words) == ("II.4, IV.4.b", True)
    assert {clauses for clauses, _ in told["one_act_two_days"]} >= {
        "II.4, IV.4.b",
        "II.5.a, IV.4.d",
    }
    remarks = " ".join(words for _, words in told["remark"])
    for named in ("30/6/2025", "108/2023/QH15 và 108/2023/QH", "Tiên Phước", "hai mức hỗ trợ"):
        assert named in remarks
