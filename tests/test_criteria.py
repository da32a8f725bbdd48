"""Criteria: results name set, version and number; a later assessment year is never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from given import event, given
from terminal import ntm

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.criteria import (
    AlreadyConfirmed,
    AlreadyMarked,
    ConfirmerUnknown,
    NotAchievedYet,
    NothingToConfirm,
    NotInSet,
    OtherSet,
)
from ntm_workflow.domain.criteria_events import (
    CriteriaOpened,
    CriteriaStated,
    CriteriaTargeted,
    CriterionAchieved,
    CriterionConfirmed,
    CriterionLapsed,
    Evidence,
)
from ntm_workflow.domain.criteria_state import (
    ACHIEVED,
    CONFLICTING,
    NOT_ACHIEVED,
    Mark,
    Proof,
)

ID = "criteria/tam-ngoc/xa-nang-cao"
OF = {"set": "xa-nang-cao", "version": "318/QĐ-TTg"}
OPENED = event(CriteriaOpened, "01/01/2024", place="tam-ngoc", numbers=(1, 2, 3, 4), **OF)


def stated(
    day: str,
    year: int,
    achieved: tuple[int, ...] = (),
    missing: tuple[int, ...] = (),
    total: int | None = None,
    target: int | None = None,
) -> CriteriaStated:
    return event(
        CriteriaStated,
        day,
        plan="tam-ky-2024",
        clause="Phụ lục 2",
        assessment_year=year,
        achieved=achieved,
        not_achieved=missing,
        stated_total=total,
        target_year=target,
    )


FILE = Evidence(name="bien-ban.pdf", sha256="1" * 64)


def proofs_of(entry: int) -> tuple[Proof, ...]:
    return (Proof(FILE, entry),)


def achieved(day: str, number: int, year: int, *files: Evidence) -> CriterionAchieved:
    said = {"number": number, "assessment_year": year, "evidence": files or (FILE,)}
    return event(CriterionAchieved, day, **said, **OF)


def lapsed(day: str, number: int, year: int) -> CriterionLapsed:
    return event(CriterionLapsed, day, number=number, assessment_year=year, **OF)


# --- what a table states --------------------------------------------------------------------------


def test_of_criteria_just_opened_nothing_is_known() -> None:
    state = given(ID).when(OPENED)
    assert state.unknown == (1, 2, 3, 4)
    assert state.having(ACHIEVED) == state.having(NOT_ACHIEVED) == ()


def test_criteria_are_opened_once() -> None:
    assert given(ID, OPENED).when(OPENED) is AlreadyBegun


def test_a_result_needs_opened_criteria() -> None:
    assert given(ID).when(achieved("20/08/2024", 1, 2024)) is NotBegun


def test_a_table_marks_both_sides_and_leaves_the_rest_unknown() -> None:
    state = given(ID, OPENED).when(stated("05/01/2024", 2023, (1, 3), (2,)))
    assert state.having(ACHIEVED) == (1, 3)
    assert state.having(NOT_ACHIEVED) == (2,)
    assert state.unknown == (4,)


def test_a_criterion_on_both_sides_of_a_table_is_conflicting_and_on_neither() -> None:
    state = given(ID, OPENED).when(stated("05/01/2024", 2023, (1, 2), (2, 3)))
    assert state.having(CONFLICTING) == (2,)
    assert state.having(ACHIEVED) == (1,)
    assert state.having(NOT_ACHIEVED) == (3,)


def test_a_stated_total_is_kept_even_where_it_is_wrong() -> None:
    state = given(ID, OPENED).when(stated("05/01/2024", 2023, (1, 2), (3,), total=4, target=2025))
    assert state.stated_total == 4
    assert state.target_year == 2025
    assert len(state.having(ACHIEVED)) == 2


@pytest.mark.parametrize(("yes", "no"), [((1, 9), ()), ((), (9,)), ((9,), (9,))])
def test_a_table_with_a_number_outside_the_set_is_refused(
    yes: tuple[int, ...], no: tuple[int, ...]
) -> None:
    assert given(ID, OPENED).when(stated("05/01/2024", 2023, yes, no)) is NotInSet


def test_a_number_outside_the_set_that_was_recorded_all_the_same_is_on_neither_side() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2023, (1, 9)))
    assert journal.now.having(ACHIEVED) == (1,)
    assert journal.conflicts == [2]


# --- a criterion is achieved ----------------------------------------------------------------------


def test_an_achieved_criterion_counts_for_its_year_and_cites_its_entry() -> None:
    state = given(ID, OPENED).when(achieved("20/08/2024", 4, 2024))
    assert state.marks == {4: Mark(ACHIEVED, 2024, 2, proofs=proofs_of(2))}


def test_a_criterion_that_was_missing_may_be_achieved_in_the_same_year() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (1,), (2,)))
    assert journal.when(achieved("20/08/2024", 2, 2024)).having(ACHIEVED) == (1, 2)


def test_a_conflicting_criterion_is_settled_by_achieving_it() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (2,), (2,)))
    assert journal.when(achieved("20/08/2024", 2, 2024)).having(CONFLICTING) == ()


def test_a_criterion_outside_the_set_is_refused_and_the_numbers_are_named() -> None:
    refused = given(ID, OPENED).refusal(achieved("20/08/2024", 19, 2024))
    assert isinstance(refused, NotInSet)
    assert "1, 2, 3, 4" in refused.say("vi")


def test_the_same_criterion_is_not_achieved_twice_in_one_year() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024))
    refused = journal.refusal(achieved("21/08/2024", 4, 2024))
    assert isinstance(refused, AlreadyMarked)
    assert "#2" in refused.say("vi")


def test_what_a_table_states_as_achieved_is_not_achieved_again_in_that_year() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (1,)))
    assert journal.when(achieved("20/08/2024", 1, 2024)) is AlreadyMarked


def test_a_criterion_may_be_achieved_again_for_the_next_year() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024))
    assert journal.when(achieved("20/08/2025", 4, 2025)).marks[4] == Mark(
        ACHIEVED, 2025, 3, proofs=proofs_of(3)
    )


# --- a criterion lapses ---------------------------------------------------------------------------


def test_an_achieved_criterion_lapses() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024))
    assert journal.when(lapsed("01/03/2025", 4, 2025)).having(NOT_ACHIEVED) == (4,)


def test_a_conflicting_criterion_may_lapse() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (2,), (2,)))
    assert journal.when(lapsed("01/03/2024", 2, 2024)).having(NOT_ACHIEVED) == (2,)


def test_a_criterion_nobody_marked_cannot_lapse() -> None:
    assert given(ID, OPENED).when(lapsed("01/03/2025", 4, 2025)) is NotAchievedYet


def test_a_missing_criterion_cannot_lapse() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (), (4,)))
    assert journal.when(lapsed("01/03/2025", 4, 2025)) is NotAchievedYet


def test_a_criterion_outside_the_set_cannot_lapse() -> None:
    assert given(ID, OPENED).when(lapsed("01/03/2025", 9, 2025)) is NotInSet


def test_a_lapsed_criterion_may_be_achieved_again_in_the_same_year() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024), lapsed("01/03/2025", 4, 2025))
    assert journal.when(achieved("01/09/2025", 4, 2025)).having(ACHIEVED) == (4,)


# --- assessment years -----------------------------------------------------------------------------


def test_an_earlier_assessment_year_never_overwrites_a_later_one() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 1, 2024))
    state = journal.when(stated("01/09/2024", 2023, (2,), (1,)))
    assert state.marks[1] == Mark(ACHIEVED, 2024, 2, proofs=proofs_of(2))
    assert state.marks[2] == Mark(ACHIEVED, 2023, 3)


def test_an_achievement_of_an_earlier_year_leaves_a_later_lapse() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 1, 2024), lapsed("01/03/2025", 1, 2025))
    assert journal.when(achieved("02/03/2025", 1, 2023)).having(NOT_ACHIEVED) == (1,)


def test_of_two_results_of_one_year_the_later_day_counts_however_late_it_was_learnt() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 1, 2024), lapsed("01/11/2024", 1, 2024))
    assert journal.when(stated("01/06/2024", 2024, (), (1,))).having(NOT_ACHIEVED) == (1,)
    assert journal.at("31/10/2024").having(ACHIEVED) == (1,)


def test_the_total_of_an_earlier_assessment_year_never_overwrites_a_later_one() -> None:
    journal = given(ID, OPENED, stated("05/01/2024", 2024, (1, 2), (), total=2, target=2026))
    state = journal.when(stated("06/01/2024", 2023, (1,), (), total=1, target=2025))
    assert (state.stated_total, state.target_year) == (2, 2026)


# --- a criterion is confirmed ---------------------------------------------------------------------


def confirmed(day: str, number: int, year: int, body: str | None = "phong") -> CriterionConfirmed:
    return event(CriterionConfirmed, day, number=number, assessment_year=year, body=body, **OF)


def test_a_department_confirms_what_is_recorded_as_achieved_for_that_year() -> None:
    state = given(ID, OPENED, achieved("20/08/2024", 4, 2024)).when(
        confirmed("01/09/2024", 4, 2024)
    )
    assert state.confirmed == (4,)
    assert state.marks[4] == Mark(ACHIEVED, 2024, 2, 3, "phong", proofs_of(2))


@pytest.mark.parametrize(
    ("facts", "fact", "refused"),
    [
        ((), confirmed("01/09/2024", 4, 2024), NothingToConfirm),
        ((stated("05/01/2024", 2024, (), (4,)),), confirmed("01/09/2024", 4, 2024), NothingToConfirm),
        ((achieved("20/08/2024", 4, 2024),), confirmed("01/09/2025", 4, 2025), NothingToConfirm),
        ((achieved("20/08/2024", 4, 2024),), confirmed("19/08/2024", 4, 2024), NothingToConfirm),
        ((achieved("20/08/2024", 4, 2024),), confirmed("01/09/2024", 4, 2024, None), ConfirmerUnknown),
        ((), confirmed("01/09/2024", 9, 2024), NotInSet),
        (
            (achieved("20/08/2024", 4, 2024), confirmed("01/09/2024", 4, 2024)),
            confirmed("02/09/2024", 4, 2024),
            AlreadyConfirmed,
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_confirmed_is_refused(facts: tuple, fact: object, refused: type) -> None:  # type: ignore[type-arg]
    assert given(ID, OPENED, *facts).when(fact) is refused  # type: ignore[arg-type]


def test_a_confirmation_of_another_set_is_refused() -> None:
    other = event(CriterionConfirmed, "01/09/2024", number=4, assessment_year=2024, body="p",
                  set="xa-ntm", version=OF["version"])  # fmt: skip
    assert given(ID, OPENED, achieved("20/08/2024", 4, 2024)).when(other) is OtherSet


def test_a_confirmation_is_gone_when_the_criterion_lapses_or_counts_for_another_year() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024), confirmed("01/09/2024", 4, 2024))
    assert journal.when(lapsed("01/03/2025", 4, 2025)).confirmed == ()
    assert journal.when(achieved("01/04/2025", 4, 2025)).confirmed == ()


def test_a_confirmation_whose_achievement_is_voided_becomes_a_conflict() -> None:
    journal = given(ID, OPENED, achieved("20/08/2024", 4, 2024), confirmed("01/09/2024", 4, 2024))
    assert journal.voided(2).now.confirmed == ()
    assert journal.conflicts == [3]


# --- what a plan aims at --------------------------------------------------------------------------


def aimed(year: int, yes: tuple[int, ...], no: tuple[int, ...] = ()) -> CriteriaTargeted:
    return event(CriteriaTargeted, "05/01/2024", plan="p", clause="II.1", year=year,
                 achieved=yes, not_achieved=no)  # fmt: skip


def test_aims_of_all_years_are_kept_and_the_latest_one_is_shown() -> None:
    journal = given(ID, OPENED, aimed(2025, (1, 2, 3)), aimed(2024, (1, 2), (3,)))
    assert [target.year for target in journal.now.targets] == [2025, 2024]
    assert journal.now.aim.year == 2025
    assert journal.now.having(ACHIEVED) == ()


# --- the command line -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("sổ") / "s.db")
    for line in ("init", "plan adopt tam-ky-2024"):
        assert ntm(line, path).code == 0
    return path


def test_the_matrix_shows_results_aims_and_confirmations_side_by_side(store: str) -> None:
    mark = "--place 'Tam Ngọc' --set xa-nang-cao --criterion 13"
    assert ntm(f"criteria achieve {mark} --on 20/8/2024", store).code == 0
    body = "--body 'Phòng Kinh tế thành phố Tam Kỳ'"
    assert ntm(f"criteria confirm {mark} --on 30/8/2024 {body}", store).code == 0
    rows = ntm("criteria matrix --set xa-nang-cao --json", store).json["rows"]
    by_place = {row["place"]["name"]: row for row in rows}
    ngoc, phu = by_place["xã Tam Ngọc"], by_place["xã Tam Phú"]
    assert (ngoc["total"], ngoc["stated_total"], ngoc["target_total"]) == (17, 16, 19)
    assert (ngoc["target_not_achieved"], ngoc["confirmed"]) == ([], [13])
    assert (phu["total"], phu["conflicting"], phu["stated_total"]) == (15, [5], 15)
    assert (phu["target_total"], phu["target_not_achieved"], phu["target_year"]) == (18, [2], 2025)
    drawn = ntm("criteria matrix --set xa-nang-cao", store).out.splitlines()
    assert drawn[0].split("\t")[-2:] == ["Mục tiêu", "Năm phấn đấu"]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("achieve --place 'Tam Kỳ' --set xa-ntm --criterion 1", 1, "dành cho cấp xã"),
        ("achieve --place 'Hòa Hạ' --set xa-nang-cao --criterion 1", 1, "thôn Hòa Hạ"),
        ("confirm --place 'Tam Phú' --set xa-ntm --criterion 1 --year 2023", 2, "--body"),
        ("confirm --place 'Tam Phú' --set xa-ntm --criterion 1 --body 'UBND xã Tam Phú'", 1, "chưa được ghi"),
    ],
)  # fmt: skip
def test_a_mark_that_does_not_fit_is_refused_and_writes_nothing(
    line: str, code: int, words: str, store: str, tmp_path: Path
) -> None:
    before = ntm("audit verify --json", store).json["size"]
    answer = ntm(f"criteria {line} --on 1/9/2024", store)
    assert (answer.code, words in answer.err) == (code, True), answer.err
    assert ntm("audit verify --json", store).json["size"] == before
