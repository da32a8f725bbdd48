"""Which year's result of a criterion counts for a dossier, and why.

Quyết định 18/2022/QĐ-TTg, article 2 paragraph 4: the result of the assessment year; where recognition
comes before that assessment, last year's, if it was “đạt”. In which months that may be is data. What the
text leaves open is a question for a person (`ask`), whose answer is a fact. Knows no journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from ntm_workflow.domain.criteria_state import ACHIEVED, CONFLICTING, Mark
from ntm_workflow.domain.values import Word, format_date

#: Whether a result counts.
YES, NO, ASK = "yes", "no", "ask"


class YearRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The months of its assessment year in which a dossier may rest on last year's results.

    `years` are the assessment years it is for, `province` the only one, `examples` the criteria its
    source names, which are not all.
    """

    source: str
    told_by: str
    years: tuple[int, int]
    months: tuple[int, ...]
    province: str | None = None
    examples: tuple[str, ...] = ()

    def covers(self, year: int) -> bool:
        return self.years[0] <= year <= self.years[1]

    def allows(self, year: int, prepared_on: date) -> bool:
        """Whether a dossier for `year` made on that day may rest on last year's results."""
        return prepared_on.year == year and prepared_on.month in self.months


class Verdict(msgspec.Struct, frozen=True):
    """Whether a criterion counts, by which result (its assessment year and entry), and why."""

    counts: str
    why: str
    year: int | None = None
    entry: int | None = None


#: Why, by code. `{year}` is the dossier's assessment year, `{result}` that of the result.
WHY: Final[dict[str, Word]] = {
    "own_year": Word("kết quả của năm đánh giá {year}", "the result of assessment year {year}"),
    "admitted": Word(
        "cấp có thẩm quyền cho dùng kết quả năm {result} (lần ghi #{admitted})",
        "the competent body admits the result of {result} (entry #{admitted})",
    ),
    "last_year": Word(
        "kết quả năm {result} đạt, hồ sơ lập ngày {prepared_on}: {source}",
        "the result of {result} is met and the dossier is of {prepared_on}: {source}",
    ),
    "not_met": Word("năm {result} chưa đạt", "not met in {result}"),
    "conflicting": Word(
        "văn bản ghi cả đạt và chưa đạt cho năm {result}",
        "papers say both met and not met for {result}",
    ),
    "run_out": Word(
        "minh chứng của kết quả năm {result} không còn hiệu lực ngày {prepared_on}",
        "the evidence of the result of {result} proves nothing on {prepared_on}",
    ),
    "short": Word(
        "năm {result} được ghi là đạt, nhưng số liệu ghi sau chưa tới mức phải đạt",
        "recorded as met in {result}, but a figure recorded since falls short of its threshold",
    ),
    "other_months": Word(
        "chỉ có kết quả năm {result}; hồ sơ lập ngày {prepared_on}, ngoài các tháng được dùng kết quả năm trước: {source}",
        "there is only the result of {result}; the dossier is of {prepared_on}, outside the months for last year's results: {source}",
    ),
    "no_rule": Word(
        "chỉ có kết quả năm {result}; chưa có quy định được dẫn nguồn cho việc dùng kết quả năm trước ở đây",
        "there is only the result of {result}; no sourced rule says here when last year's results may be used",
    ),
    "too_old": Word("kết quả mới nhất là của năm {result}", "the latest result is of {result}"),
    "none": Word("chưa có kết quả", "there is no result"),
}


def verdict(
    results: Mapping[int, Mark],
    year: int,
    prepared_on: date,
    rule: YearRule | None,
    admitted: Mapping[int, int],
    looked_at: date | None = None,
) -> Verdict:
    """What counts of one criterion's `results` by assessment year, for a dossier of `year`.

    `rule` is the one of the place, None where none is sourced; `admitted` the years a paper admits
    for this criterion, each with its entry. Evidence must prove something on the day the dossier was
    made or, where it was supplied later, on the day it is `looked_at`.
    """
    days = (prepared_on, looked_at or prepared_on)
    own = results.get(year)
    if own is not None:
        return _of(own, "own_year", days)
    for earlier in sorted(admitted, reverse=True):
        mark = results.get(earlier)
        if mark is not None and mark.status == ACHIEVED:
            return Verdict(YES, "admitted", earlier, mark.entry)
    last = max((each for each in results if each < year), default=None)
    if last is None:
        return Verdict(NO, "none")
    mark = results[last]
    if last < year - 1:
        return Verdict(NO, "too_old", last, mark.entry)
    if mark.status == ACHIEVED and rule is None:
        return Verdict(ASK, "no_rule", last, mark.entry)
    if mark.status == ACHIEVED and rule and not rule.allows(year, prepared_on):
        return Verdict(ASK, "other_months", last, mark.entry)
    return _of(mark, "last_year", days)


def _of(mark: Mark, why: str, days: tuple[date, ...]) -> Verdict:
    about = (mark.assessment_year, mark.entry)
    if mark.status == CONFLICTING:
        return Verdict(ASK, "conflicting", *about)
    if mark.status != ACHIEVED:
        return Verdict(NO, "not_met", *about)
    if mark.proofs and not any(proof.holds(day) for proof in mark.newest for day in days):
        return Verdict(ASK, "run_out", *about)
    return Verdict(YES, why, *about)


def because(
    found: Verdict,
    year: int,
    prepared_on: date,
    rule: YearRule | None,
    admitted: Mapping[int, int],
    lang: str,
) -> str:
    """The reason as a sentence."""
    said = {
        "year": year,
        "result": found.year,
        "prepared_on": format_date(prepared_on),
        "source": rule and f"{rule.source} ({rule.told_by})",
        "admitted": admitted.get(found.year or 0),
    }
    words = WHY[found.why]
    return (words.en if lang == "en" else words.vi).format(**said)
