"""Editions of criteria sets: bundled ones are sound, the year finds the version, a file brings its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from given import event, given
from terminal import ntm, typed

from ntm_workflow.domain.edition import (
    Criterion,
    Edition,
    EditionAdopted,
    EditionAmended,
    EditionRenumbered,
    EditionRepeated,
    Threshold,
)
from ntm_workflow.plans.edition_file import FaultyEdition, read_edition
from ntm_workflow.plans.editions import (
    EditionOfOtherYears,
    Editions,
    NoEditionOfYear,
    UnknownEdition,
    UnknownSet,
    bundled,
    file_of,
)
from ntm_workflow.plans.standards import standards

VILLAGE = """
set = "thon-kieu-mau"
version = "2022-2025-mau"
level = "village"
name = "Thôn kiểu mẫu (MẪU)"
decision = "QĐ mẫu"
years = [2022, 2025]
province = "Quảng Nam"

[[criteria]]
number = 1
name = "Giao thông"

[[criteria]]
number = 2

[[indicators]]
number = "1.1"
name = "Đường thôn được cứng hóa"
unit = "%"

[[groups]]
id = "vung-cao"
name = "Vùng cao"

[[thresholds]]
indicator = "1.1"
at_least = "80"
unit = "%"

[[thresholds]]
indicator = "1.1"
at_least = "62,5"
unit = "%"
group = "vung-cao"
"""


# --- what comes with the program ------------------------------------------------------------------


def test_every_standard_has_an_edition_and_every_edition_numbers_from_one() -> None:
    assert {each.set for each in bundled()} == set(standards())
    for each in bundled():
        assert each.numbers == tuple(range(1, len(each.criteria) + 1)), each.set
        assert each.source, each.set


@pytest.mark.parametrize(
    ("set", "year", "count"),
    [
        ("xa-ntm", 2024, 19),
        ("xa-ntm", 2026, 10),
        ("xa-nang-cao", 2025, 19),
        ("xa-kieu-mau", 2024, 4),
        ("huyen-ntm", 2024, 9),
        ("huyen-nang-cao", 2024, 9),
        ("hoan-thanh-nhiem-vu", 2024, 5),
    ],
)
def test_the_assessment_year_finds_the_version(set: str, year: int, count: int) -> None:
    assert len(Editions().of_year(set, year).criteria) == count


def test_one_number_is_another_criterion_in_another_set_and_version() -> None:
    named = {
        (each.set, each.version): each.criterion(10).name  # type: ignore[union-attr]
        for each in bundled()
        if len(each.criteria) >= 10 and each.level == "commune"
    }
    assert named["xa-ntm", "2021-2025"] == "Thu nhập"
    assert named["xa-ntm", "2026-2030"] == "Tiếp cận pháp luật và an ninh, quốc phòng"


def test_the_four_conditions_of_kieu_mau_name_the_standard_below_and_the_fields() -> None:
    of = Editions().of_year("xa-kieu-mau", 2024)
    assert (of.criteria[0].holds, of.criteria[3].fields) == ("xa-nang-cao", 1)
    assert {each.name for each in of.fields} >= {"du lịch", "chuyển đổi số", "y tế"}


def test_what_nobody_has_sourced_is_open_and_flagged() -> None:
    of = Editions().of_year("thon-kieu-mau", 2024, ["Quảng Nam"])
    assert [each.number for each in of.criteria if each.name] == [8]
    nang_cao = Editions().of_year("xa-nang-cao", 2024).indicator("18.7")
    assert nang_cao is not None
    assert (nang_cao.name, nang_cao.unverified) == (None, True)


# --- which one is meant ---------------------------------------------------------------------------


def test_a_set_or_version_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownSet) as unknown:
        Editions().of_year("xa-moi", 2024)
    assert "xa-nang-cao" in unknown.value.say("vi")
    with pytest.raises(UnknownEdition, match="2026-2030"):
        Editions().named("xa-ntm", "2016-2020")


def test_a_year_without_an_edition_and_a_version_of_other_years_are_refused() -> None:
    with pytest.raises(NoEditionOfYear):
        Editions().of_year("xa-ntm", 2016)
    with pytest.raises(NoEditionOfYear):
        Editions().of_year("xa-nang-cao", 2026)
    with pytest.raises(EditionOfOtherYears):
        Editions().meant("xa-ntm", "2026-2030", 2025)


def test_a_provinces_own_edition_goes_before_the_national_one_and_is_nobody_elses() -> None:
    own, _ = read_edition(VILLAGE.encode(), "mẫu", standards())
    there = Editions([Edition(**{**_fields(own), "set": "xa-kieu-mau"})])
    assert there.of_year("xa-kieu-mau", 2024, ["Quảng Nam"]).version == "2022-2025-mau"
    assert there.of_year("xa-kieu-mau", 2024, ["Cần Thơ"]).version == "2021-2025"
    assert there.of_year("xa-kieu-mau", 2021, ["Quảng Nam"]).version == "2021-2025"


def _fields(of: Edition) -> dict[str, object]:
    return {name: getattr(of, name) for name in of.__struct_fields__}


def test_the_most_particular_threshold_counts() -> None:
    of = Edition(
        set="xa-ntm",
        version="v",
        level="commune",
        name="n",
        decision="d",
        years=(2021, 2025),
        criteria=(Criterion(number=1),),
        thresholds=(
            Threshold(indicator="1", at_least="50"),
            Threshold(indicator="1", at_least="40", group="vung"),
            Threshold(indicator="1", at_least="45", group="vung", year=2025),
        ),
    )

    def least(groups: tuple[str, ...], year: int) -> str | None:
        found = of.threshold("1", groups, year)
        return found and found.at_least

    assert (least((), 2024), least(("vung",), 2024), least(("vung",), 2025)) == ("50", "40", "45")
    assert of.threshold("2", (), 2024) is None


# --- the file -------------------------------------------------------------------------------------


def test_every_bundled_file_can_be_read_again_and_says_the_same() -> None:
    for each in bundled():
        assert read_edition(file_of(each).encode(), each.set, standards())[0] == each


def test_numbers_are_stored_as_decimals_however_they_are_written() -> None:
    own, _ = read_edition(VILLAGE.encode(), "mẫu", standards())
    assert [each.at_least for each in own.thresholds] == ["80", "62.5"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('set = "thon-kieu-mau"', 'set = "thon-moi"', "thon-moi"),
        ('level = "village"', 'level = "ap"', "level"),
        ("years = [2022, 2025]", "years = [2025, 2022]", "2025-2022"),
        ("years = [2022, 2025]", "years = [22, 25]", "22"),
        ('version = "2022-2025-mau"', 'version = "Mẫu 1"', "Mẫu 1"),
        ('version = "2022-2025-mau"', "", "version"),
        ("number = 2", "number = 1", "2 lần"),
        ("number = 2", "number = 0", "0"),
        ('number = "1.1"', 'number = "3.1"', "3.1"),
        ('at_least = "80"', 'at_least = "tám mươi"', "tám mươi"),
        ('at_least = "80"', "", "at_least"),
        ('group = "vung-cao"', 'group = "vung-sau"', "vung-sau"),
        ('name = "Giao thông"', 'name = ""', "để trống"),
        ('name = "Giao thông"', 'ten = "Giao thông"', "ten"),
        ('decision = "QĐ mẫu"', 'decision = "QĐ mẫu"\ntypes = ["xa"]', "types"),
        ("[[groups]]", "[[nhom]]", "nhom"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_with_its_line(old: str, new: str, words: str) -> None:
    assert old in VILLAGE
    with pytest.raises(FaultyEdition) as faulty:
        read_edition(VILLAGE.replace(old, new, 1).encode(), "mẫu.toml", standards())
    assert words in faulty.value.say("vi")
    assert "dòng" in faulty.value.say("vi")


def test_an_empty_file_and_one_without_criteria_are_refused() -> None:
    for text in ("", VILLAGE.split("[[criteria]]", maxsplit=1)[0]):
        with pytest.raises(FaultyEdition):
            read_edition(text.encode(), "mẫu.toml", standards())


# --- in the journal -------------------------------------------------------------------------------

ID = "edition/thon-kieu-mau/2022-2025-mau"


def adopted(day: str, sha256: str, count: int = 2, kind: type = EditionAdopted) -> EditionAdopted:
    own, _ = read_edition(VILLAGE.encode(), "mẫu", standards())
    criteria = tuple(Criterion(number=n) for n in range(1, count + 1))
    of = Edition(**{**_fields(own), "criteria": criteria})  # type: ignore[arg-type]
    found: EditionAdopted = event(kind, day, edition=of, sha256=sha256)
    return found


def test_an_amended_edition_keeps_its_numbers_and_the_same_file_is_not_taken_twice() -> None:
    journal = given(ID, adopted("29/8/2022", "a" * 64))
    again = adopted("1/3/2024", "a" * 64, kind=EditionAmended)
    assert journal.when(again) is EditionRepeated
    assert journal.when(adopted("1/3/2024", "b" * 64, 3, EditionAmended)) is EditionRenumbered
    state = journal.when(adopted("1/3/2024", "b" * 64, kind=EditionAmended))
    assert (state.sha256, state.entry) == ("b" * 64, 2)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return typed(str(tmp_path / "s.db"), "init", "plan adopt tam-ky-2024")


def test_a_set_taken_in_from_a_file_is_used_for_the_places_of_its_province(
    store: str, tmp_path: Path
) -> None:
    file = tmp_path / "thon.toml"
    file.write_text(VILLAGE, "utf-8")
    achieve = "criteria achieve --place 'Hòa Hạ' --set thon-kieu-mau --criterion 2 --on 1/6/2024"
    named = f"{achieve} --edition 2022-2025-mau"
    assert ntm(named, store).code == 3
    assert ntm(f"criteria adopt {file} --document 'QĐ mẫu' --dry-run", store).code == 0
    assert ntm(named, store).code == 3
    answer = ntm(f"criteria adopt {file} --document 'QĐ mẫu'", store)
    assert "Thôn kiểu mẫu (MẪU) (thon-kieu-mau 2022-2025-mau; QĐ mẫu)" in answer.out
    assert ntm(achieve, store).code == 0
    shown = ntm("criteria show --place 'Hòa Hạ' --set thon-kieu-mau --json", store).json
    assert (shown["version"], shown["achieved"], shown["total"]) == ("2022-2025-mau", 1, 2)
    row = ntm("criteria matrix --set thon-kieu-mau --json", store).json
    assert [column["name"] for column in row["columns"]] == ["Giao thông", None]
    assert row["rows"][0]["achieved"] == [2]
    listed = ntm("criteria sets --set thon-kieu-mau --json", store).json["items"]
    assert [each["version"] for each in listed] == ["2022-2025-quang-nam", "2022-2025-mau"]
    # What rests on it keeps it.
    refused = ntm(f"fact void {answer_entry(answer.out)} --reason thử --document thử", store)
    assert refused.code == 1
    assert ntm("rebuild --check", store).code == 0


def answer_entry(out: str) -> str:
    return out.split("#", 1)[1].split(".", 1)[0]


def test_a_file_is_taken_in_once_and_a_bundled_version_never(store: str, tmp_path: Path) -> None:
    file = tmp_path / "thon.toml"
    file.write_text(VILLAGE, "utf-8")
    line = f"criteria adopt {file} --document 'QĐ mẫu'"
    assert ntm(line, store).code == 0
    again = ntm(line, store)
    assert (again.code, "đúng như vậy" in again.err) == (1, True), again.err
    file.write_text(VILLAGE.replace("Giao thông", "Giao thông thôn"), "utf-8")
    assert ntm(line, store).code == 0
    described = ntm("criteria describe --set thon-kieu-mau --edition 2022-2025-mau", store).out
    assert "Giao thông thôn" in described
    assert "Vùng cao: từ 62,5% trở lên" in described
    file.write_text(file_of(bundled()[0]), "utf-8")
    refused = ntm(line, store)
    assert (refused.code, "đi kèm chương trình" in refused.err) == (1, True), refused.err


def test_a_frame_is_written_once_and_can_be_taken_in_as_it_is(store: str, tmp_path: Path) -> None:
    file = tmp_path / "bo.toml"
    line = f"criteria adopt {file} --like xa-kieu-mau"
    assert ntm(line, store).code == 0
    assert ntm(line, store).code == 1
    assert ntm(f"criteria adopt {file} --document 'QĐ mẫu' --dry-run", store).code == 0
    assert "2021-2025-cua-minh" in file.read_text("utf-8")


def test_the_matrix_shows_the_version_that_has_results_and_names_the_others(store: str) -> None:
    assert ntm("criteria matrix --set xa-ntm --json", store).json["version"] == "2021-2025"
    line = "criteria achieve --place 'Tam Ngọc' --set xa-ntm --criterion 10 --on 1/3/2026"
    assert ntm(line, store).code == 0
    found = ntm("criteria matrix --set xa-ntm --json", store).json
    assert (found["version"], len(found["columns"])) == ("2026-2030", 10)
    assert (found["rows"][0]["achieved"], found["other_versions"]) == ([10], ["2021-2025"])
    old = ntm("criteria matrix --set xa-ntm --edition 2021-2025 --json", store).json
    assert len(old["rows"]) == 4


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("achieve --place 'Tam Ngọc' --set xa-ntm --criterion 13 --on 1/3/2026", 1, "(2026-2030) không có tiêu chí số 13"),
        ("achieve --place 'Tam Ngọc' --set xa-ntm --criterion 1 --edition 2026-2030 --on 1/3/2024", 1, "không dùng cho năm 2024"),
        ("achieve --place 'Tam Ngọc' --set xa-ntm --criterion 1 --edition 2016-2020 --on 1/3/2024", 3, "không có phiên bản"),
        ("achieve --place 'Tam Ngọc' --set xa-nang-cao --criterion 1 --on 1/3/2026", 1, "năm đánh giá 2026"),
        ("achieve --place 'Tam Kỳ' --set huyen-ntm --criterion 1 --on 1/3/2024", 1, "dành cho huyện"),
        ("achieve --place 'Hòa Hạ' --set thon-kieu-mau --criterion 11 --on 1/3/2024", 1, "không có tiêu chí số 11"),
        ("achieve --place 'Tam Ngọc' --set xa-kieu-mau --criterion 4 --on 1/3/2024", 2, "lĩnh vực nổi trội"),
        ("achieve --place 'Tam Ngọc' --set xa-ntm --criterion 4 --field 'du lịch' --on 1/3/2024", 2, "không có lĩnh vực"),
        ("group --place 'Tam Ngọc' --set xa-ntm --edition 2026-2030 --year 2026 --group nhom-4 --on 1/3/2026", 3, "nhom-3"),
        ("adopt khong-co.toml", 3, "khong-co.toml"),
        ("describe --set xa-ntm --edition x", 3, "2026-2030"),
        ("sets --set x", 3, "xa-ntm"),
        ("show --place 'Tam Ngọc' --set x", 3, "xa-ntm"),
    ],
)  # fmt: skip
def test_what_belongs_to_no_edition_is_refused_and_writes_nothing(
    line: str, code: int, words: str, store: str
) -> None:
    before = ntm("audit verify --json", store).json["size"]
    answer = ntm(f"criteria {line}", store)
    assert (answer.code, words in answer.err) == (code, True), answer.err
    assert ntm("audit verify --json", store).json["size"] == before


def test_a_ward_and_a_place_that_left_pursue_no_commune_standard(store: str) -> None:
    achieve = "criteria achieve --place 'Tam Phú' --set xa-ntm --criterion 1 --year 2025"
    assert ntm("place leave 'Tam Phú' --on 1/7/2025 --document 'NQ mẫu'", store).code == 0
    refused = ntm(f"{achieve} --on 2/7/2025", store)
    assert (refused.code, "không còn trong chương trình" in refused.err) == (1, True)
    assert ntm(f"{achieve} --on 30/6/2025", store).code == 0
    assert ntm("place retype 'Tam Ngọc' phuong --on 1/7/2025 --document 'NQ mẫu'", store).code == 0
    ward = ntm(f"{achieve} --on 2/7/2025".replace("Tam Phú", "Tam Ngọc"), store)
    assert (ward.code, "dành cho xã" in ward.err) == (1, True), ward.err


def test_an_office_leads_the_numbers_of_one_version_only(store: str) -> None:
    line = "unit assign ubnd-tam-ky --set xa-ntm --criterion 3 --document thử"
    assert ntm(f"{line} --edition 2026-2030 --on 1/3/2026", store).code == 0
    unit = ntm("unit show ubnd-tam-ky --json --as-of 1/3/2026", store).json
    assert [e["name"] for e in unit["leads"] if e["version"]] == ["xa-ntm 2026-2030: 3"]
    achieve = "criteria achieve --place 'Tam Ngọc' --set xa-ntm --criterion 3 --on"
    for day in ("1/6/2024", "1/6/2026"):
        assert ntm(f"{achieve} {day}", store).code == 0
    led = {
        version: ntm(
            f"criteria show --place 'Tam Ngọc' --set xa-ntm --edition {version} --json", store
        ).json["items"][2]["led_by"]
        for version in ("2021-2025", "2026-2030")
    }
    assert [each["unit"]["id"] for each in led["2026-2030"]] == ["ubnd-tam-ky"]
    assert led["2021-2025"] == []


def test_a_set_taken_in_later_leaves_results_that_are_there_where_they_are(
    store: str, tmp_path: Path
) -> None:
    own = VILLAGE.replace('"thon-kieu-mau"', '"xa-ntm"').replace('"village"', '"commune"')
    file = tmp_path / "xa.toml"
    file.write_text(own, "utf-8")
    assert ntm(f"criteria adopt {file} --document 'QĐ mẫu'", store).code == 0
    achieve = "criteria achieve --place 'Tam Ngọc' --set xa-ntm --on 1/6/2024 --criterion"
    # The plan's table of Tam Ngọc is of the national set: there 19 is a criterion.
    assert ntm(f"{achieve} 19", store).code == 0
    shown = ntm("criteria show --place 'Tam Ngọc' --set xa-ntm --json", store).json
    assert shown["version"] == "2021-2025"
    assert ntm(f"{achieve} 2 --edition 2022-2025-mau", store).code == 0
    shown = ntm("criteria show --place 'Tam Ngọc' --set xa-ntm --json", store).json
    assert shown["version"] == "2022-2025-mau"


def test_of_two_sets_taken_in_the_later_one_is_meant(store: str, tmp_path: Path) -> None:
    for name in ("z-truoc", "a-sau"):
        file = tmp_path / f"{name}.toml"
        file.write_text(VILLAGE.replace("2022-2025-mau", name), "utf-8")
        assert ntm(f"criteria adopt {file} --document 'QĐ {name}'", store).code == 0
    achieve = "criteria achieve --place 'Hòa Hạ' --set thon-kieu-mau --criterion 1 --on 1/6/2024"
    told = ntm(f"{achieve} --json", store).json["facts"]
    assert "a-sau" in told[0]["sentence"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("years = [2022, 2025]", "years = [2026, 2030]", "years"),
        ('level = "village"', 'level = "commune"', "level"),
        ('province = "Quảng Nam"', 'province = "Cần Thơ"', "province"),
    ],
)
def test_an_amended_file_is_for_the_same_places_and_years(
    old: str, new: str, words: str, store: str, tmp_path: Path
) -> None:
    file = tmp_path / "thon.toml"
    file.write_text(VILLAGE, "utf-8")
    assert ntm(f"criteria adopt {file} --document 'QĐ mẫu'", store).code == 0
    file.write_text(VILLAGE.replace(old, new), "utf-8")
    refused = ntm(f"criteria adopt {file} --document 'QĐ mẫu 2'", store)
    assert (refused.code, words in refused.err) == (1, True), refused.err


def test_no_two_standards_have_the_same_initials() -> None:
    """The ids of duties to supply a returned dossier are made of them."""
    from ntm_workflow.office.supplement import _initials

    assert len({_initials(each) for each in standards()}) == len(standards())
