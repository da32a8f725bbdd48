"""What plan clauses say about time, and the days that follow from it."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.dates import (
    Deadline,
    ImpossibleDay,
    Kind,
    Step,
    UnreadablePhrase,
    YearMissing,
    is_yearly,
    occurrences,
    read_phrase,
    settle,
    undated,
)
from ntm_workflow.domain.derivation import _RULES, explain
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.values import Sentence
from ntm_workflow.plans.calendar import bundled_calendar

CALENDAR = bundled_calendar()
PLAN = (2024, 2024)
TWO_YEARS = (date(2024, 1, 1), date(2025, 12, 31))

#: Phrases of the five plans as written: kind, window, strict day, nominal day.
PLAN_PHRASES = [
    ("trước 15/3/2024", "before_date", None, "14/3/2024", "15/3/2024"),
    ("trước 15/7/2024", "before_date", None, "14/7/2024", "15/7/2024"),
    ("trước 20/3/2024", "before_date", None, "19/3/2024", "20/3/2024"),
    ("trước 25/9/2024", "before_date", None, "24/9/2024", "25/9/2024"),
    ("trước 20/10/2024", "before_date", None, "19/10/2024", "20/10/2024"),
    ("trước ngày 28/02/2024", "before_date", None, "27/02/2024", "28/02/2024"),
    ("trước ngày 30/3/2024", "before_date", None, "29/3/2024", "30/3/2024"),
    ("trước ngày 30/10/2024", "before_date", None, "29/10/2024", "30/10/2024"),
    ("trước ngày 30/11/2024", "before_date", None, "29/11/2024", "30/11/2024"),
    ("trước ngày 30/5/2025", "before_date", None, "29/5/2025", "30/5/2025"),
    ("trước ngày 30/6/2025", "before_date", None, "29/6/2025", "30/6/2025"),
    ("trước ngày 30/06/2025", "before_date", None, "29/6/2025", "30/6/2025"),
    ("trước ngày 15/9/2024", "before_date", None, "14/9/2024", "15/9/2024"),
    ("trước ngày 30/10/2025", "before_date", None, "29/10/2025", "30/10/2025"),
    ("trước ngày 30/6/2024", "before_date", None, "29/6/2024", "30/6/2024"),
    ("trước ngày 31/12/2024", "before_date", None, "30/12/2024", "31/12/2024"),
    ("trước ngày 10/10 hằng năm", "before_date", None, "09/10/2024", "10/10/2024"),
    ("trước ngày 15/11 hằng năm", "before_date", None, "14/11/2024", "15/11/2024"),
    ("đến ngày 30/6 hằng năm", "by_date", None, "30/6/2024", "30/6/2024"),
    ("đến ngày 01/10 hằng năm", "by_date", None, "01/10/2024", "01/10/2024"),
    ("trước tháng 6/2025", "before_month", None, "31/5/2025", "30/6/2025"),
    ("trước tháng 06/2025", "before_month", None, "31/5/2025", "30/6/2025"),
    ("trước tháng 6/2024", "before_month", None, "31/5/2024", "30/6/2024"),
    ("trước tháng 9/2024", "before_month", None, "31/8/2024", "30/9/2024"),
    ("trước tháng 9/2025", "before_month", None, "31/8/2025", "30/9/2025"),
    ("trước tháng 10/2024", "before_month", None, "30/9/2024", "31/10/2024"),
    ("trước tháng 10/2025", "before_month", None, "30/9/2025", "31/10/2025"),
    ("trong tháng 6/2024", "in_month", "01/6/2024", "30/6/2024", "30/6/2024"),
    ("trong tháng 10/2024", "in_month", "01/10/2024", "31/10/2024", "31/10/2024"),
    ("vào tháng 12 năm 2024", "in_month", "01/12/2024", "31/12/2024", "31/12/2024"),
    ("tháng 12 năm 2024", "in_month", "01/12/2024", "31/12/2024", "31/12/2024"),
    ("chậm nhất trong tháng 3/2024", "in_month", None, "31/3/2024", "31/3/2024"),
    ("trong quý I/2024", "in_quarter", "01/01/2024", "31/3/2024", "31/3/2024"),
    ("trong quý I/2025", "in_quarter", "01/01/2025", "31/3/2025", "31/3/2025"),
    ("trong quý I/2022", "in_quarter", "01/01/2022", "31/3/2022", "31/3/2022"),
    ("trong quý II/2025", "in_quarter", "01/4/2025", "30/6/2025", "30/6/2025"),
    ("Quý IV/2024", "in_quarter", "01/10/2024", "31/12/2024", "31/12/2024"),
    ("cuối năm 2025", "end_of_year", None, "31/12/2025", "31/12/2025"),
    ("đến cuối năm 2025", "end_of_year", None, "31/12/2025", "31/12/2025"),
    ("vào cuối năm 2025", "end_of_year", None, "31/12/2025", "31/12/2025"),
    ("năm 2024", "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    ("năm 2022", "in_year", "01/01/2022", "31/12/2022", "31/12/2022"),
    ("trong năm 2024", "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    ("Đến năm 2025", "in_year", None, "31/12/2025", "31/12/2025"),
    # Cells of a table: a bare year, or a title with its year.
    ("2023", "in_year", "01/01/2023", "31/12/2023", "31/12/2023"),
    ("NC 2024", "in_year", "01/01/2024", "31/12/2024", "31/12/2024"),
    ("KM 2025", "in_year", "01/01/2025", "31/12/2025", "31/12/2025"),
]

OTHER_PHRASES = [
    ("đến ngày 30/6", "by_date", None, "30/6/2024", "30/6/2024"),
    ("đến hết ngày 30/6/2024", "by_date", None, "30/6/2024", "30/6/2024"),
    ("chậm nhất ngày 30/6/2024", "by_date", None, "30/6/2024", "30/6/2024"),
    ("chậm nhất là ngày 30/6/2024", "by_date", None, "30/6/2024", "30/6/2024"),
    ("trước ngày 24 tháng 5 năm 2024", "before_date", None, "23/5/2024", "24/5/2024"),
    ("trước ngày 01/01/2025", "before_date", None, "31/12/2024", "01/01/2025"),
    ("trước ngày 01/3/2024", "before_date", None, "29/02/2024", "01/3/2024"),
    ("trước ngày 28/5 /2020", "before_date", None, "27/5/2020", "28/5/2020"),
    ("trước tháng 1/2025", "before_month", None, "31/12/2024", "31/01/2025"),
    ("trong tháng 2/2024", "in_month", "01/02/2024", "29/02/2024", "29/02/2024"),
    ("đến hết tháng 2/2025", "in_month", None, "28/02/2025", "28/02/2025"),
    ("trong tháng 6", "in_month", "01/6/2024", "30/6/2024", "30/6/2024"),
    ("trong quý III", "in_quarter", "01/7/2024", "30/9/2024", "30/9/2024"),
    ("quý 2 năm 2025", "in_quarter", "01/4/2025", "30/6/2025", "30/6/2025"),
    ("chậm nhất trong quý I/2024", "in_quarter", None, "31/3/2024", "31/3/2024"),
    ("đến hết năm 2024", "in_year", None, "31/12/2024", "31/12/2024"),
    (" “TRƯỚC  NGÀY 30/10/2024”. ", "before_date", None, "29/10/2024", "30/10/2024"),
]


@pytest.mark.parametrize(
    ("phrase", "kind", "window", "strict", "nominal"), PLAN_PHRASES + OTHER_PHRASES
)
def test_a_phrase_gives_its_kind_and_both_its_days(
    phrase: str, kind: str, window: str | None, strict: str, nominal: str
) -> None:
    read = read_phrase(phrase, PLAN)
    assert (read.kind, read.strict_day, read.nominal_day) == (
        kind,
        read_date(strict),
        read_date(nominal),
    )
    assert read.window_start == (read_date(window) if window else None)
    assert read.expression == phrase


@pytest.mark.parametrize("phrase", [row[0] for row in PLAN_PHRASES])
def test_a_phrase_from_a_mac_reads_like_a_typed_one(phrase: str) -> None:
    assert read_phrase(unicodedata.normalize("NFD", phrase), PLAN) == read_phrase(phrase, PLAN)


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("trước ngày 30/10/2024 nếu đủ điều kiện", "nếu đủ điều kiện"),
        ("Hồ sơ trình trước ngày 30/6/2024 hoặc trước ngày 30/6/2025", "Hồ sơ trình"),
        ("khẩn trương", "khẩn trương"),
        ("trước ngày 30/10/24", "/24"),
        ("năm 20245", "năm 20245"),
        ("trước ngày 30/10/2024 hằng năm", "hằng năm"),
        ("đến tháng 6/2024", "đến"),
        ("sau ngày 30/6/2024", "sau ngày 30/6/2024"),
        ("30/6/2024", "30/6/2024"),
        ("quý V/2024", "quý V/2024"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_is_refused_naming_the_words(phrase: str, words: str) -> None:
    with pytest.raises(UnreadablePhrase) as refused:
        read_phrase(phrase, PLAN)
    assert type(refused.value) is UnreadablePhrase
    assert refused.value.exit_code == 1
    for lang in ("vi", "en"):
        assert f"“{words}" in refused.value.say(lang)


@pytest.mark.parametrize(
    "phrase",
    ["trước ngày 31/02/2024", "trước 30/13/2024", "trong tháng 13/2024", "đến ngày 0/6/2024"],
)
def test_a_day_that_does_not_exist_is_refused(phrase: str) -> None:
    with pytest.raises(ImpossibleDay) as refused:
        read_phrase(phrase)
    assert phrase in refused.value.say("vi")
    assert "2024" in refused.value.say("en")


@pytest.mark.parametrize("phrase", ["đến ngày 30/6", "trong tháng 6", "cuối năm"])
def test_a_phrase_without_a_year_needs_the_plans(phrase: str) -> None:
    with pytest.raises(YearMissing) as refused:
        read_phrase(phrase)
    assert "không nêu năm" in refused.value.say("vi")


def test_a_plan_of_two_years_does_not_say_which_one_is_meant() -> None:
    with pytest.raises(YearMissing):
        read_phrase("đến ngày 30/6", (2024, 2025))


def test_a_yearly_phrase_read_once_gives_its_first_occurrence() -> None:
    assert read_phrase("trước ngày 15/11 hằng năm", (2024, 2025)).nominal_day == date(2024, 11, 15)


@pytest.mark.parametrize("yearly", ["hằng năm", "hàng năm", "mỗi năm"])
def test_a_yearly_phrase_gives_one_deadline_for_each_year_of_the_plan(yearly: str) -> None:
    found = occurrences(f"trước ngày 15/11 {yearly}", *TWO_YEARS)
    assert [each.strict_day for each in found] == [date(2024, 11, 14), date(2025, 11, 14)]
    assert {each.kind for each in found} == {"before_date"}
    assert explain(found[1].derivation[0], "vi") == "Hằng năm: lần này tính cho năm 2025."


def test_a_phrase_with_its_own_year_occurs_once_whatever_the_plan() -> None:
    assert occurrences("trong quý I/2024", *TWO_YEARS) == (read_phrase("trong quý I/2024"),)


def test_a_yearly_day_that_a_year_lacks_is_refused_for_that_year() -> None:
    with pytest.raises(ImpossibleDay):
        occurrences("đến ngày 29/02 hằng năm", *TWO_YEARS)


@pytest.mark.parametrize(
    "phrase", ["định kỳ hằng tháng", "hàng tháng", "mỗi tháng", " “Định kỳ hằng tháng” "]
)
def test_what_comes_back_every_month_without_a_day_is_given_no_day(phrase: str) -> None:
    read = read_phrase(phrase)
    assert (read.kind, read.strict_day, read.nominal_day) == ("recur", None, None)
    assert read.expression == phrase
    assert "không nêu ngày" in explain(read.derivation[0], "vi")


def test_a_clause_that_says_nothing_about_time_is_undated_and_says_so() -> None:
    assert (undated().kind, undated().strict_day, undated().expression) == ("undated", None, "")
    assert "không nêu thời hạn" in explain(undated().derivation[0], "vi")


def test_only_a_phrase_that_comes_back_is_yearly() -> None:
    assert not is_yearly("định kỳ hằng tháng")
    assert is_yearly("đến ngày 30/6 hằng năm")
    assert not is_yearly("đến ngày 30/6/2024")
    assert not is_yearly("cuối năm 2025")


def test_the_kinds_are_the_ten_of_the_field() -> None:
    assert len(get_args(Kind)) == 10
    assert {row[1] for row in PLAN_PHRASES} < set(get_args(Kind))


# --- settling ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "boundary", "weekend", "act_by", "enforced"),
    [
        ("trước ngày 30/6/2024", "nominal", "none", "28/6/2024", "30/6/2024"),
        ("trước ngày 30/6/2024", "nominal", "forward", "28/6/2024", "01/7/2024"),
        ("trước ngày 30/6/2024", "nominal", "backward", "28/6/2024", "28/6/2024"),
        ("trước ngày 30/6/2024", "strict", "none", "28/6/2024", "29/6/2024"),
        ("trước ngày 30/6/2024", "strict", "forward", "28/6/2024", "01/7/2024"),
        ("trước ngày 30/10/2024", "nominal", "forward", "29/10/2024", "30/10/2024"),
        ("trước tháng 9/2024", "strict", "forward", "30/8/2024", "04/9/2024"),
        ("trước tháng 6/2025", "nominal", "none", "30/5/2025", "30/6/2025"),
        ("đến cuối năm 2022", "nominal", "forward", "30/12/2022", "03/01/2023"),
    ],
)
def test_the_settings_decide_the_day_enforced_but_not_the_day_to_act_by(
    phrase: str, boundary: str, weekend: str, act_by: str, enforced: str
) -> None:
    settled = settle(read_phrase(phrase), boundary, weekend, CALENDAR)
    assert (settled.act_by, settled.enforce_day) == (read_date(act_by), read_date(enforced))


#: Phrases that take the steps no other one here takes.
RARER = [
    *("đầu tháng 6", "giữa tháng 6", "cuối tháng 6", "cuối quý I", "đầu năm", "giữa năm"),
    *("đến hết 6 tháng đầu năm", "trước quý II", "trước 17h00 ngày 30/10", "báo cáo năm 2024"),
    *("hằng ngày", "hằng tuần", "hằng tháng", "hằng quý", "hằng năm", "định kỳ"),
    *("ngày 20 hằng tháng", "10 ngày kể từ ngày ký"),
]
#: And those that need to be told a day besides.
TOLD: list[dict[str, Any]] = [
    {"expression": "trước ngày 15/12", "document": date(2024, 5, 24)},
    {"expression": "tháng sau", "document": date(2024, 5, 24)},
    *(
        {"expression": f"{period} ngày ký", "event": date(2024, 8, 31)}
        for period in ("chậm nhất 06 tháng kể từ", "15 ngày kể từ", "24 giờ kể từ", "05 ngày trước")
    ),
    {"expression": "ngay sau khi ký", "event": date(2024, 8, 31)},
    {"expression": "sau khi ký", "event": date(2024, 8, 31)},
]

PHRASES = st.sampled_from([row[0] for row in PLAN_PHRASES + OTHER_PHRASES])
BOUNDARIES = st.sampled_from(["strict", "nominal"])


@given(PHRASES)
def test_the_strict_day_is_never_after_the_nominal_day(phrase: str) -> None:
    read = read_phrase(phrase, PLAN)
    assert read.strict_day is not None
    assert read.nominal_day is not None
    assert read.strict_day <= read.nominal_day
    assert read.window_start is None or read.window_start <= read.strict_day


@given(st.dates(date(2021, 1, 1), date(2027, 12, 31)))
def test_before_a_day_leaves_it_out_and_up_to_a_day_takes_it_in(day: date) -> None:
    before = read_phrase(f"trước ngày {day:%d/%m/%Y}")
    up_to = read_phrase(f"đến ngày {day:%d/%m/%Y}")
    assert before.strict_day is not None
    assert (day - before.strict_day).days == 1
    assert before.nominal_day == up_to.strict_day == up_to.nominal_day == day


@given(PHRASES, BOUNDARIES, st.sampled_from(["none", "forward", "backward"]))
def test_whoever_acts_by_the_day_given_is_in_time_on_every_reading(
    phrase: str, boundary: str, weekend: str
) -> None:
    read = read_phrase(phrase, PLAN)
    settled = settle(read, boundary, weekend, CALENDAR)
    assert settled.act_by is not None
    assert settled.enforce_day is not None
    assert read.strict_day is not None
    assert CALENDAR.is_working(settled.act_by)
    assert settled.act_by <= read.strict_day
    assert settled.act_by <= settled.enforce_day


@given(PHRASES, BOUNDARIES)
def test_rolling_forward_and_backward_bracket_the_unrolled_day(phrase: str, boundary: str) -> None:
    read = read_phrase(phrase, PLAN)
    backward, none, forward = (
        settle(read, boundary, weekend, CALENDAR).enforce_day
        for weekend in ("backward", "none", "forward")
    )
    assert backward is not None
    assert none is not None
    assert forward is not None
    assert backward <= none <= forward
    assert CALENDAR.is_working(backward)
    assert CALENDAR.is_working(forward)


def test_a_duty_without_a_day_settles_to_none() -> None:
    undated = Deadline("khẩn trương", "undated", None, None, None, ())
    settled = settle(undated, "nominal", "forward", CALENDAR)
    assert (settled.act_by, settled.enforce_day, settled.derivation) == (None, None, ())


def test_an_unknown_setting_is_an_error() -> None:
    with pytest.raises(KeyError):
        settle(read_phrase("năm 2024"), "nominal", "sideways", CALENDAR)


# --- the derivation ------------------------------------------------------------------------------


def test_the_derivation_tells_the_whole_way_from_the_words_to_the_day() -> None:
    read = read_phrase("trước ngày 30/6/2024")
    settled = settle(read, "nominal", "forward", CALENDAR, authority="CV 12/UBND ngày 05/01/2024")
    assert [explain(step, "vi") for step in settled.derivation] == [
        "Câu chữ nêu ngày 30/06/2024.",
        "“Trước ngày” hiểu chặt thì không kể ngày đó: hết ngày 29/06/2024.",
        "Thường ghi lịch theo chính ngày được nêu: 30/06/2024.",
        "Ngày làm việc cuối cùng còn kịp trên mọi cách hiểu: 28/06/2024; 29/06/2024 là thứ bảy.",
        "Tính đúng hạn theo ngày thường ghi lịch: đến hết ngày 30/06/2024 (CV 12/UBND ngày 05/01/2024).",
        "Hạn trùng ngày nghỉ, dời đến ngày làm việc kế tiếp: 01/07/2024; 30/06/2024 là chủ nhật "
        "(CV 12/UBND ngày 05/01/2024).",
    ]


def test_the_end_of_a_year_rests_on_the_civil_code() -> None:
    step = read_phrase("cuối năm 2025").derivation[-1]
    assert explain(step, "vi") == (
        "Cuối năm là ngày cuối cùng của tháng 12: 31/12/2025 "
        "(khoản 3 Điều 146 Bộ luật Dân sự 2015)."
    )


def test_a_setting_nobody_has_decided_is_flagged() -> None:
    settled = settle(read_phrase("trước ngày 30/6/2024"), "strict", "none", CALENDAR)
    flagged = [step.rule for step in settled.derivation if "not yet decided" in explain(step, "en")]
    assert flagged == ["boundary_strict", "roll_none"]


def test_every_step_any_phrase_takes_has_its_sentence_and_every_sentence_is_used() -> None:
    used = {
        step.rule
        for phrase, *_ in PLAN_PHRASES + OTHER_PHRASES
        for boundary in ("strict", "nominal")
        for weekend in ("none", "forward", "backward")
        for step in settle(read_phrase(phrase, PLAN), boundary, weekend, CALENDAR).derivation
    }
    used |= {step.rule for step in undated().derivation}
    used |= {step.rule for phrase in RARER for step in read_phrase(phrase, PLAN).derivation}
    used |= {step.rule for said in TOLD for step in read_phrase(**said).derivation}
    each = occurrences("hằng tháng", *TWO_YEARS, day=31)
    used |= {step.rule for deadline in each for step in deadline.derivation}
    # How a pack's duty gets its window: tests/test_packs.py sees each of them.
    adopted = {"plan_opens", "year_opens", "after_duty"}
    adopted |= {"kind_given", "window_given", "strict_given", "nominal_given", "its_period_opens"}
    # And how a letter's duty gets its year or a new last day: tests/test_obligation_verbs.py.
    adopted |= {"year_of_document", "extended"}
    # And what a pause does to a deadline in it: tests/test_pause.py.
    adopted |= {"resumed", "roll_into_pause"}
    # And a second day, and days for typing: tests/test_linked.py and tests/test_redated.py.
    adopted |= {"alternative", "entry_days"}
    # And a phrase nobody can read, where a person has: tests/test_pack_faults.py.
    adopted |= {"words_unread"}
    assert used | adopted == set(_RULES)


@pytest.mark.parametrize("rule", sorted(_RULES))
def test_every_step_reads_in_both_languages_and_shows_its_result(rule: str) -> None:
    step = Step(rule, date(2024, 6, 30))
    vi, en = explain(step, "vi"), explain(step, "en")
    assert vi != en
    assert "2024" in vi
    assert "2024" in en
    assert rule.isascii()


def test_a_step_whose_day_nobody_knows_says_so() -> None:
    assert Sentence("vi").format("{result}", result=None) in explain(Step("act_by", None), "vi")
