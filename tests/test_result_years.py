"""Which year's result counts for a dossier: QĐ 18/2022 article 2.4 as IV.4 of the Quảng Nam plan tells it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from given import event, given, on
from hypothesis import given as whatever
from hypothesis import strategies as st
from terminal import ntm
from test_dossier import ID, REGISTERED

from ntm_workflow.domain.criteria_events import Evidence
from ntm_workflow.domain.criteria_state import ACHIEVED, CONFLICTING, NOT_ACHIEVED, Mark, Proof
from ntm_workflow.domain.dossier import AlreadyAdmitted, NotEarlier
from ntm_workflow.domain.dossier_events import ResultAdmitted
from ntm_workflow.domain.result_year import ASK, NO, WHY, YES, YearRule, because, verdict
from ntm_workflow.plans.result_years import year_rules

(RULE,) = year_rules()


def marks(**results: str) -> dict[int, Mark]:
    return {int(y[1:]): Mark(status, int(y[1:]), int(y[3:])) for y, status in results.items()}


@pytest.mark.parametrize(
    ("results", "day", "counts", "why"),
    [
        (marks(y2024=ACHIEVED), "20/9/2024", YES, "own_year"),
        # Completed in the first quarter after it, under the label of its year.
        (marks(y2024=ACHIEVED), "20/2/2025", YES, "own_year"),
        (marks(y2024=NOT_ACHIEVED), "20/9/2024", NO, "not_met"),
        # What this year's assessment found goes before what last year's had.
        (marks(y2023=ACHIEVED, y2024=NOT_ACHIEVED), "15/4/2024", NO, "not_met"),
        (marks(y2024=CONFLICTING), "20/9/2024", ASK, "conflicting"),
        (marks(y2023=ACHIEVED), "31/3/2024", ASK, "other_months"),
        (marks(y2023=ACHIEVED), "01/4/2024", YES, "last_year"),
        (marks(y2023=ACHIEVED), "31/5/2024", YES, "last_year"),
        (marks(y2023=ACHIEVED), "01/6/2024", ASK, "other_months"),
        # April of another year is outside those months.
        (marks(y2023=ACHIEVED), "15/4/2025", ASK, "other_months"),
        (marks(y2023=NOT_ACHIEVED), "15/4/2024", NO, "not_met"),
        (marks(y2023=NOT_ACHIEVED), "15/9/2024", NO, "not_met"),
        (marks(y2023=CONFLICTING), "15/4/2024", ASK, "conflicting"),
        (marks(y2022=ACHIEVED), "15/4/2024", NO, "too_old"),
        (marks(y2025=ACHIEVED), "15/4/2024", NO, "none"),
        ({}, "15/4/2024", NO, "none"),
    ],
)  # fmt: skip
def test_which_result_counts_for_a_dossier_of_2024(
    results: dict[int, Mark], day: str, counts: str, why: str
) -> None:
    found = verdict(results, 2024, on(day), RULE, {})
    assert (found.counts, found.why) == (counts, why)


def test_where_no_rule_is_sourced_last_years_result_is_a_question_in_every_month() -> None:
    for month in range(1, 13):
        found = verdict(marks(y2023=ACHIEVED), 2024, date(2024, month, 1), None, {})
        assert (found.counts, found.why) == (ASK, "no_rule")


def test_what_a_paper_admits_counts_if_it_is_met_and_this_years_own_goes_before_it() -> None:
    september = on("20/9/2024")
    found = verdict(marks(y2023=ACHIEVED), 2024, september, RULE, {2023: 77})
    assert (found.counts, found.why, found.year) == (YES, "admitted", 2023)
    old = verdict(marks(y2022=ACHIEVED), 2024, september, RULE, {2022: 77})
    assert (old.counts, old.year) == (YES, 2022)
    unmet = verdict(marks(y2023=NOT_ACHIEVED), 2024, september, RULE, {2023: 77})
    assert unmet.counts == NO
    own = verdict(marks(y2023=ACHIEVED, y2024=NOT_ACHIEVED), 2024, september, RULE, {2023: 77})
    assert own.counts == NO


def test_evidence_that_has_run_out_when_the_dossier_is_made_is_a_question() -> None:
    def with_file(until: str, *more: str) -> dict[int, Mark]:
        files = [
            Proof(Evidence(name=f"{n}.pdf", sha256="1" * 64, valid_until=on(day)), 5)
            for n, day in enumerate((until, *more))
        ]
        return {2024: Mark(ACHIEVED, 2024, 5, proofs=tuple(files))}

    for results, counts in (
        (with_file("19/9/2024"), ASK),
        (with_file("20/9/2024"), YES),
        (with_file("19/9/2024", "31/12/2024"), YES),
    ):
        assert verdict(results, 2024, on("20/9/2024"), RULE, {}).counts == counts


_STATUS = st.sampled_from([ACHIEVED, NOT_ACHIEVED, CONFLICTING])


@whatever(
    st.dictionaries(st.integers(2019, 2026), _STATUS),
    st.integers(2022, 2025),
    st.dates(date(2021, 1, 1), date(2027, 12, 31)),
    st.sampled_from([RULE, None]),
)
def test_a_result_that_is_not_met_never_counts_and_every_reason_can_be_told(
    said: dict[int, str], year: int, day: date, rule: YearRule | None
) -> None:
    results = {y: Mark(status, y, y) for y, status in said.items()}
    found = verdict(results, year, day, rule, {})
    if found.counts == YES:
        assert found.year in (year, year - 1)
        assert said[found.year] == ACHIEVED
        assert found.year == year or (rule and day.year == year and day.month in rule.months)
    assert found.why in WHY
    for lang in ("vi", "en"):
        assert "{" not in because(found, year, day, rule, {}, lang)


# --- what a paper admits --------------------------------------------------------------------------


def admitted(day: str, number: int, year: int) -> ResultAdmitted:
    found: ResultAdmitted = event(ResultAdmitted, day, number=number, assessment_year=year)
    return found


def test_a_result_is_admitted_once_and_only_of_an_earlier_year() -> None:
    journal = given(ID, REGISTERED, admitted("20/9/2024", 10, 2023))
    assert journal.when(admitted("21/9/2024", 10, 2023)) is AlreadyAdmitted
    assert journal.when(admitted("21/9/2024", 11, 2024)) is NotEarlier
    state = journal.when(admitted("21/9/2024", 11, 2023))
    assert [(e.number, e.year, e.entry) for e in state.admitted] == [(10, 2023, 2), (11, 2023, 3)]


# --- the command line -----------------------------------------------------------------------------

DOSSIER = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("sổ") / "s.db")
    lines = ["init", "plan adopt tam-ky-2024"]
    lines.append("criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --criterion 13 --on 20/8/2024")  # fmt: skip
    for line in lines:
        assert ntm(line, path).code == 0
    return path


def counted(store: str, more: str) -> dict[str, int]:
    found: dict[str, int] = ntm(f"dossier results {DOSSIER} {more} --json", store).json["counts"]
    return found


def test_the_day_the_dossier_is_made_decides_what_may_count(store: str) -> None:
    assert counted(store, "--prepared-on 15/4/2024") == {"yes": 16, "no": 3, "ask": 0}
    assert counted(store, "--prepared-on 20/9/2024") == {"yes": 1, "no": 2, "ask": 16}
    # Without a day it is that of the paper, else the day looked at.
    assert counted(store, "--as-of 15/5/2024") == {"yes": 16, "no": 3, "ask": 0}
    assert ntm(f"dossier submit {DOSSIER} --on 28/10/2024", store).code == 0
    told = ntm(f"dossier results {DOSSIER} --json", store).json
    assert told["prepared_on"] == "2024-10-28"
    assert told["rule"]["told_by"] == "quang-nam-2024-2025, IV.4"
    entry = {row["number"]: row["entry"] for row in told["items"]}
    assert all(entry[n] for n in range(1, 20))
    out = ntm(f"dossier results {DOSSIER}", store).out
    assert "16 phải hỏi" in out
    assert "ntm dossier admit" in out


def test_a_paper_settles_what_was_asked(store: str) -> None:
    line = f"dossier admit {DOSSIER} --criterion 10 --result-year 2023 --on 20/9/2024"
    assert ntm(line, store).code == 2
    before = counted(store, "--prepared-on 20/9/2024")
    assert ntm(f"{line} --document 'CV 1/VPĐP (mẫu)'", store).code == 0
    after = counted(store, "--prepared-on 20/9/2024")
    assert (after["yes"], after["ask"]) == (before["yes"] + 1, before["ask"] - 1)
    again = ntm(f"{line} --document 'CV 2/VPĐP (mẫu)'", store)
    assert (again.code, "đã được dùng" in again.err) == (1, True), again.err
    odd = ntm(f"{line} --document x".replace("--criterion 10", "--criterion 20"), store)
    assert (odd.code, "không có tiêu chí số 20" in odd.err) == (2, True), odd.err
    assert ntm("rebuild --check", store).code == 0


def test_a_dossier_nobody_has_is_refused(store: str) -> None:
    assert ntm(f"dossier results {DOSSIER.replace('2024', '2019')}", store).code == 3


def test_a_commune_of_another_province_has_no_months(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    for line in ("init", "plan adopt bao-linh-2024"):
        assert ntm(line, path).code == 0
    line = "dossier results --place 'Bảo Linh' --standard xa-nang-cao --year 2024 --prepared-on 15/4/2024 --json"
    registered = (
        "dossier register --place 'Bảo Linh' --standard xa-nang-cao --year 2024 --on 1/4/2024"
    )
    answer = ntm(registered, path)
    assert answer.code in (0, 1), answer.err
    told = ntm(line, path).json
    assert told["rule"] is None
    assert told["counts"] == {"yes": 0, "no": 10, "ask": 9}
    assert {row["code"] for row in told["items"]} == {"no_rule", "not_met"}
