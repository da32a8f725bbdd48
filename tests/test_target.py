"""Targets: every statement is kept, contradictions show, and a measurement fits its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from given import event, given
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.target import (
    MeasuredAhead,
    MeasuredAlready,
    NothingMeasured,
    OtherUnit,
    TargetMeasured,
    TargetOpened,
    TargetStated,
    UnknownVerdict,
)

ID = "target/tam-ky/cay-xanh"
OPENED = event(TargetOpened, "01/01/2024", place="tam-ky", what="cay-xanh", title="Cây xanh")


def stated(clause: str, **said: Any) -> TargetStated:
    return event(
        TargetStated, "01/01/2024", **{"plan": "p", "clause": clause, "aim": "target", **said}
    )


def measured(day: str, year: int = 2024, **said: Any) -> TargetMeasured:
    return event(TargetMeasured, day, assessment_year=year, **said)


GREEN = stated("II.3", threshold="5", value="12.19", unit="m²/người", verdict="achieved")


def test_a_target_opens_once_and_before_anything_is_said_of_it() -> None:
    assert given(ID, OPENED).when(OPENED) is AlreadyBegun
    assert given(ID).when(stated("I")) is NotBegun


def test_two_clauses_with_different_years_are_both_kept_and_conflict() -> None:
    state = given(ID, OPENED, stated("I.3", target_year=2025)).when(
        stated("II.1", target_year=2024)
    )
    assert [s.clause for s in state.statements] == ["I.3", "II.1"]
    assert (state.target_years, state.conflicting) == ((2024, 2025), True)


def test_two_clauses_with_the_same_year_do_not_conflict() -> None:
    state = given(ID, OPENED, stated("I.3", target_year=2024)).when(
        stated("II.1", target_year=2024)
    )
    assert (state.target_years, state.conflicting) == ((2024,), False)


def test_a_stated_figure_is_compared_with_its_threshold_as_a_number() -> None:
    assert given(ID, OPENED).when(GREEN).reached is True
    below = stated("II.3", threshold="100", value="9.5")
    assert given(ID, OPENED).when(below).reached is False
    assert given(ID, OPENED).when(stated("II.3", threshold="100")).reached is None


def test_a_measurement_counts_before_what_a_plan_states() -> None:
    state = given(ID, OPENED, GREEN).when(measured("20/9/2024", value="4.9", unit="m²/người"))
    assert (state.value, state.reached, state.verdict) == ("4.9", False, None)


def test_of_two_measurements_the_later_year_counts_however_late_it_was_told() -> None:
    journal = given(ID, OPENED, GREEN, measured("20/9/2024", value="6"))
    assert journal.when(measured("01/10/2024", 2023, value="3")).value == "6"
    assert journal.kept(measured("02/10/2024", 2024, value="7")).now.value == "7"


@pytest.mark.parametrize(
    ("fact", "refused"),
    [
        (measured("20/9/2024"), NothingMeasured),
        (measured("20/9/2024", value="5", unit="%"), OtherUnit),
        (measured("20/9/2024", verdict="tốt"), UnknownVerdict),
        (measured("20/9/2024", 2025, value="5"), MeasuredAhead),
    ],
)
def test_a_measurement_that_cannot_be_meant_is_refused(fact: Any, refused: type[Any]) -> None:
    assert given(ID, OPENED, GREEN).when(fact) is refused


def test_the_same_measurement_is_not_recorded_twice() -> None:
    journal = given(ID, OPENED, GREEN, measured("20/9/2024", value="6"))
    refused = journal.refusal(measured("21/9/2024", value="6"))
    assert isinstance(refused, MeasuredAlready)
    assert "#3" in refused.say("vi")
    assert journal.when(measured("21/9/2024", value="6.1")).value == "6.1"


def test_a_measurement_that_came_back_to_an_earlier_one_is_recorded() -> None:
    told = [measured("1/3/2024", value="1"), measured("1/6/2024", value="2")]
    journal = given(ID, OPENED, GREEN, *told)
    assert journal.when(measured("1/10/2024", value="1")).value == "1"


# --- Tam Kỳ 2024 ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, "tam-ky-2024")) as desk:
        yield desk


@pytest.fixture
def store(desk: Desk) -> str:
    return str(desk.database.path)


def villages(desk: Desk) -> dict[str, dict[str, Any]]:
    rows = desk.rows("target").values()
    return {r["place"]: r for r in rows if r["what"] == "thon-kieu-mau" and r["value"] is None
            and r["place"].count("-") > 3}  # fmt: skip


def test_every_village_has_its_track_and_its_year(desk: Desk) -> None:
    found = [(row["track"], row["target_year"]) for row in villages(desk).values()]
    counted = {key: found.count(key) for key in found}
    assert counted == {
        ("new", 2024): 3,
        ("new", 2025): 4,
        ("raise", 2023): 2,
        ("raise", 2024): 1,
        ("complete", 2024): 8,
        ("complete", 2025): 1,
        ("unplanned", None): 5,
    }


def test_other_spellings_are_kept_with_their_clause(desk: Desk) -> None:
    said = {
        also: (row["place"], s["clause"])
        for row in villages(desk).values()
        for s in row["statements"]
        for also in s["also"]
    }
    assert said == {
        "Tỉnh Thủy": ("tinh-thuy-tam-thanh-tam-ky", "I.4"),
        "Trung Thanh": ("hoa-trung-tam-thanh-tam-ky", "I.4"),
        "Kim Đói": ("kim-doi-tam-thang-tam-ky", "I.4"),
    }


def test_the_two_years_of_kieu_mau_are_both_kept(desk: Desk) -> None:
    row = desk.rows("target")["tam-ngoc-tam-ky/xa-kieu-mau"]
    assert (row["target_years"], row["target_year"], row["conflicting"]) == ([2024, 2025], None, 1)
    assert [s["clause"] for s in row["statements"]] == ["I.3", "II.1.3"]


def test_the_citys_figures_are_stored_exactly(desk: Desk) -> None:
    rows = desk.rows("target")
    green = rows["tam-ky/cay-xanh-cong-cong"]
    assert (green["value"], green["threshold"], green["reached"]) == ("12.19", "5", 1)
    area, people = rows["tam-ky/dien-tich-cay-xanh-cong-cong"], rows["tam-ky/dan-so-noi-thanh"]
    assert round(float(area["value"]) / float(people["value"]), 2) == float(green["value"])


def test_targets_are_listed_by_place_plan_kind_and_year(store: str) -> None:
    items = ntm("target list --within 'Tam Thăng' --what thon-kieu-mau --year 2025 --json", store)
    assert [item["place"]["name"] for item in items.json["items"]] == [
        "thôn Kim Đới",
        "thôn Vĩnh Bình",
    ]
    assert ntm("target list --year 2031 --json", store).json["items"] == []
    assert ntm("target list --plan la", store).code == 3
    assert len(ntm("muc-tieu list --plan tam-ky-2024 --json", store).json["items"]) > 40


def test_a_clause_that_states_a_target_several_times_is_named_once_to_people(store: str) -> None:
    rows = [line.split("\t") for line in ntm("target list", store).out.splitlines()]
    assert ["thành phố Tam Kỳ", "I.4, II.2"] in [[row[0], row[-1]] for row in rows]
    items = ntm("target list --json", store).json["items"]
    assert ["I.4"] * 4 + ["II.2"] * 3 in [item["clauses"] for item in items]


def test_a_list_for_people_shows_numbers_and_words_in_their_language(store: str) -> None:
    vi = ntm("target list --what cay-xanh-cong-cong", store).out
    en = ntm("target list --what cay-xanh-cong-cong --lang en", store).out
    assert "12,19" in vi
    assert "đạt" in vi
    assert "12.19" in en
    assert "achieved" in en


def test_a_measurement_is_recorded_with_the_targets_own_unit(tmp_path: Any) -> None:
    store = str(tmp_path / "s.db")
    for line in ("init", "plan adopt tam-ky-2024"):
        assert ntm(line, store).code == 0
    record = "target record --place 'Tam Kỳ' --what cay-xanh-cong-cong --on 20/9/2024"
    answer = ntm(f"{record} --value '12,4' --verdict achieved", store)
    assert answer.code == 0, answer.err
    assert "ghi kết quả năm 2024, số đo 12,4 m²/người, kết luận: đạt" in answer.out
    shown = ntm("target show --place 'Tam Kỳ' --what cay-xanh-cong-cong --json", store).json
    assert (shown["value"], shown["measures"][0]["unit"]) == ("12.4", "m²/người")
    assert len(shown["statements"]) == 1
    assert ntm("rebuild --check --json", store).json["equal"] is True


@pytest.mark.parametrize(("verdict", "vi", "en"), [("achieved", "đạt", "achieved"), ("not_achieved", "chưa đạt", "not achieved")])  # fmt: skip
def test_a_verdict_alone_is_told_as_the_verdict_it_is(
    store: str, verdict: str, vi: str, en: str
) -> None:
    record = f"target record --place 'Tam Kỳ' --what cay-xanh-cong-cong --on 20/9/2024 --dry-run --verdict {verdict}"
    told = ntm(record, store).out
    assert f"ghi kết quả năm 2024, kết luận: {vi} ·" in told
    assert "số đo" not in told
    assert f"result of 2024 recorded, verdict: {en} ·" in ntm(f"{record} --lang en", store).out


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("--what cay-xanh-cong-cong --value 12.19", 2, "12.19"),
        ("--what cay-xanh-cong-cong --value 5 --unit %", 1, "m²/người"),
        ("--what cay-xanh-cong-cong", 2, "--value"),
        ("--what cay-xanh-cong-cong --verdict tốt", 2, "not_achieved"),
        ("--what cay-xanh-cong-cong --value 5 --year 2031", 2, "2031"),
        ("--what cay-xanh-cong --value 5", 3, "cay-xanh-cong-cong"),
    ],
)
def test_a_measurement_that_does_not_fit_is_told_plainly(
    line: str, code: int, words: str, store: str
) -> None:
    answer = ntm(f"target record --place 'Tam Kỳ' {line}", store)
    assert (answer.code, words in answer.err) == (code, True), answer.err
