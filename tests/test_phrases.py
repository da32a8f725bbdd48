"""How plans, letters and circulars put a time: each way they write it, and what nobody can read."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_workflow.domain.calendar import DayRule, VietnamCalendar
from ntm_workflow.domain.dates import (
    Deadline,
    DocumentDateMissing,
    Endless,
    ImpossibleDay,
    Recurrence,
    Relative,
    UnreadablePhrase,
    occurrences,
    read_phrase,
)
from ntm_workflow.domain.derivation import explain
from ntm_workflow.domain.phrases import SPELLINGS
from ntm_workflow.domain.values import nfc
from ntm_workflow.plans.calendar import bundled_calendar

DATA = Path(__file__).with_name("data")
CALENDAR = bundled_calendar()
PLAN = (2024, 2024)
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


#: Date phrases of the five plans with their clauses and days, and phrases of our own.
PLANS, WRITTEN = rows("phrases"), rows("written")


def iso(day: date | None) -> str | None:
    return day and day.isoformat()


def read(row: dict[str, Any]) -> Deadline:
    told = {name: date.fromisoformat(row[name]) for name in ("document", "event") if name in row}
    years = row.get("years", PLAN)
    return read_phrase(row["phrase"], years and tuple(years), **told)


def called(row: dict[str, Any]) -> str:
    return " ".join(filter(None, (row.get("plan"), row.get("clause"), row["phrase"])))


EACH_PLANS = pytest.mark.parametrize("row", PLANS, ids=called)
EACH_WRITTEN = pytest.mark.parametrize("row", WRITTEN, ids=called)


# --- what is read ----------------------------------------------------------------------------------


@EACH_PLANS
def test_every_date_phrase_of_the_plans_gives_its_kind_and_both_its_days(
    row: dict[str, Any],
) -> None:
    found = read(row)
    days = (iso(found.strict_day), iso(found.nominal_day))
    assert (found.kind, *days) == (row["kind"], row["strict"], row["nominal"])
    if "start" in row:
        assert iso(found.window_start) == row["start"]


@pytest.mark.parametrize("row", [row for row in PLANS if "freq" in row], ids=called)
def test_what_comes_back_in_the_plans_says_how_often_and_on_which_day(row: dict[str, Any]) -> None:
    every = read(row).recurrence
    assert every is not None
    assert row["freq"] in {every.freq, *(more.freq for more in every.more)}
    said = (every.month, every.day, every.weekday)
    assert said == (row.get("month"), row.get("day"), row.get("weekday"))


@pytest.mark.parametrize("row", [row for row in PLANS if "n" in row], ids=called)
def test_periods_of_the_plans_say_how_long_they_are(row: dict[str, Any]) -> None:
    relative = read(row).relative
    assert relative is not None
    assert (relative.n, relative.unit) == (row["n"], row["unit"])
    assert relative.from_ is not None


def test_there_are_enough_phrases_of_our_own() -> None:
    assert len({row["phrase"] for row in WRITTEN}) >= 300


@EACH_WRITTEN
def test_every_way_to_write_a_time_gives_its_days(row: dict[str, Any]) -> None:
    found = read(row)
    days = [iso(found.window_start), iso(found.strict_day), iso(found.nominal_day)]
    assert (found.kind, days, found.time) == (row["kind"], row["days"], row.get("time"))


@EACH_WRITTEN
def test_every_way_to_write_what_comes_back_or_waits_is_told(row: dict[str, Any]) -> None:
    found = read(row)
    assert _every(found.recurrence) == row.get("recurrence")
    relative = found.relative
    said = [relative.n, relative.unit, relative.from_] if relative else None
    assert said == row.get("relative")


def _every(every: Recurrence | None) -> dict[str, Any] | None:
    if every is None:
        return None
    said: dict[str, Any] = {n: getattr(every, n) for n in ("freq", "month", "day", "weekday")}
    said |= {"interval": every.interval if every.interval > 1 else None}
    said |= {"more": [more.freq for more in every.more] or None}
    return {name: value for name, value in said.items() if value is not None}


@pytest.mark.parametrize("row", [*PLANS, *WRITTEN], ids=called)
def test_the_window_the_strict_and_the_nominal_day_stand_in_that_order(row: dict[str, Any]) -> None:
    found = read(row)
    days = [d for d in (found.window_start, found.strict_day, found.nominal_day) if d]
    assert days == sorted(days)
    assert found.derivation


MARKS = [
    ("", ""), ("“", "”"), ('"', '"'), ("«", "»"), ("(", ")"), ("- ", "."), ("", ";"), (" ", " ,"), ("", "…"),
]  # fmt: skip
SPACES = st.sampled_from([" ", "  ", "\u00a0", "\u2009", "\n", "\t", " \u200b "])


@settings(deadline=None)
@given(st.sampled_from([*PLANS, *WRITTEN]), SPACES, st.sampled_from(MARKS), st.sampled_from(["NFC", "NFD"]),
       st.sampled_from([str, str.upper, str.capitalize]))  # fmt: skip
def test_a_phrase_means_the_same_however_it_is_typed(
    row: dict[str, Any], space: str, marks: tuple[str, str], form: str, case: Any
) -> None:
    plain = read(row)
    typed = unicodedata.normalize(form, case(row["phrase"]).replace(" ", space))
    found = read({**row, "phrase": f"{marks[0]}{typed}{marks[1]}"})
    for name in ("kind", "window_start", "strict_day", "nominal_day", "time", "recurrence"):
        assert getattr(found, name) == getattr(plain, name)
    assert found.derivation == plain.derivation


# --- dates in all spellings ------------------------------------------------------------------------

DAYS = st.dates(date(1901, 1, 1), date(2199, 12, 31))
DAY_SPELLINGS = [
    "{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "ngày {d}/{m}/{y}", "{d}.{m}.{y}", "{d:02}-{m:02}-{y}", "{y}-{m:02}-{d:02}",
    "ngày {d} tháng {m} năm {y}", "ngày {d:02} tháng {m:02} năm {y}", "ngày {d}/{m} năm {y}", "{d} / {m} / {y}",
    "ngày {d}, tháng {m}, năm {y}",
]  # fmt: skip
#: Words that leave the day out on the strict reading, and words that take it in.
BEFORE = ["trước", "xong trước", "hoàn thành trước", "kết thúc trước", "đến trước"]
UP_TO = [
    "đến", "đến hết", "tới", "cho đến hết", "chậm nhất", "chậm nhất là", "chậm nhất đến hết", "muộn nhất", "không quá",
    "không muộn hơn", "tối đa đến", "hoàn thành chậm nhất", "từ nay đến hết", "hạn cuối:", "thời hạn nộp:",
]  # fmt: skip


@given(DAYS, st.sampled_from(DAY_SPELLINGS), st.sampled_from(BEFORE), st.sampled_from(UP_TO))
def test_a_day_is_the_same_in_all_its_spellings_under_every_bound(
    day: date, spelling: str, before: str, up_to: str
) -> None:
    said = spelling.format(d=day.day, m=day.month, y=day.year)
    first, last = read_phrase(f"{before} {said}"), read_phrase(f"{up_to} {said}")
    assert (first.strict_day, first.nominal_day) == (day - timedelta(days=1), day)
    assert (last.strict_day, last.nominal_day) == (day, day)
    assert (first.kind, last.kind) == ("before_date", "by_date")


@pytest.mark.parametrize("day", ["trước 0h ngày", "trước 00 giờ ngày", "đến 0 giờ ngày"])
def test_until_midnight_there_is_none_of_the_day(day: str) -> None:
    found = read_phrase(f"{day} 15/11/2024")
    assert (found.strict_day, found.nominal_day) == (date(2024, 11, 14), date(2024, 11, 14))
    assert read_phrase("trước 24h ngày 15/11/2024").nominal_day == date(2024, 11, 15)


@pytest.mark.parametrize(
    ("phrase", "opens", "ends"),
    [
        ("từ 15/12 đến 15/01/2025", date(2024, 12, 15), date(2025, 1, 15)),
        ("từ tháng 11 đến tháng 2/2025", date(2024, 11, 1), date(2025, 2, 28)),
    ],
)
def test_a_range_may_go_over_the_new_year(phrase: str, opens: date, ends: date) -> None:
    found = read_phrase(phrase)
    assert (found.window_start, found.nominal_day) == (opens, ends)


@given(DAYS, st.sampled_from(DAY_SPELLINGS[:4]), st.integers(1, 23), st.integers(0, 59))
def test_an_hour_keeps_its_day_whatever_the_bound(
    day: date, spelling: str, hour: int, minute: int
) -> None:
    said = spelling.format(d=day.day, m=day.month, y=day.year)
    for clock in (f"{hour}h{minute:02}", f"{hour} giờ {minute:02} phút", f"{hour}:{minute:02}"):
        found = read_phrase(f"trước {clock} {said}")
        assert (found.time, found.strict_day, found.nominal_day) == (
            f"{hour:02}:{minute:02}",
            day,
            day,
        )


@given(st.integers(1901, 2199), st.integers(1, 12))
def test_a_month_ends_on_its_last_day_and_before_it_comes_the_last_of_another(
    year: int, month: int
) -> None:
    within, before = (
        read_phrase(f"{bound} tháng {month} năm {year}") for bound in ("trong", "trước")
    )
    assert within.window_start == date(year, month, 1)
    assert before.strict_day == within.window_start - timedelta(days=1)
    assert before.nominal_day == within.strict_day == within.nominal_day
    ends = read_phrase(f"cuối tháng {month}/{year}")
    assert ends.nominal_day == within.nominal_day


@given(st.integers(1901, 2199), st.integers(1, 4))
def test_a_quarter_is_the_same_in_roman_and_in_plain_numbers(year: int, quarter: int) -> None:
    roman, words = ["I", "II", "III", "IV"][quarter - 1], ["một", "hai", "ba", "tư"][quarter - 1]
    found = [read_phrase(f"trong quý {q}/{year}") for q in (roman, quarter, words)]
    assert len({(each.window_start, each.nominal_day) for each in found}) == 1
    assert found[0].window_start == date(year, 3 * quarter - 2, 1)


@given(DAYS, st.integers(0, 400))
def test_a_range_opens_on_its_first_day_and_ends_with_its_last(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2199, 12, 31))
    found = read_phrase(f"từ ngày {first:%d/%m/%Y} đến hết ngày {last:%d/%m/%Y}")
    assert (found.window_start, found.strict_day, found.nominal_day) == (first, last, last)


# --- what the law says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "day", "ground"),
    [
        ("đầu tháng 9/2024", "2024-09-01", "khoản 2 Điều 146"),
        ("giữa tháng 9/2024", "2024-09-15", "khoản 2 Điều 146"),
        ("cuối tháng 9/2024", "2024-09-30", "khoản 2 Điều 146"),
        ("giữa năm 2024", "2024-06-30", "khoản 3 Điều 146"),
        ("cuối năm 2024", "2024-12-31", "khoản 3 Điều 146"),
    ],
)
def test_the_civil_code_fixes_beginning_middle_and_end(phrase: str, day: str, ground: str) -> None:
    found = read_phrase(phrase)
    assert iso(found.strict_day) == iso(found.nominal_day) == day
    cited = [step.authority for step in found.derivation if step.authority]
    assert len(cited) == 1
    assert ground in cited[0]


def test_the_beginning_of_a_year_is_its_first_quarter_in_plans_and_the_step_says_why() -> None:
    found = read_phrase("đầu năm 2025")
    assert (iso(found.window_start), iso(found.strict_day)) == ("2025-01-01", "2025-03-31")
    said = [explain(step, "vi") for step in found.derivation]
    assert any("01/01" in each and "Điều 146" in each and "31/03/2025" in each for each in said)


@pytest.mark.parametrize(
    ("phrase", "event", "last", "rules"),
    [
        ("10 ngày kể từ ngày ký", "2024-05-07", "2024-05-17", ["Điều 147", "Điều 148"]),
        ("10 ngày kể từ ngày ký", "2024-05-01", "2024-05-13", ["Điều 147", "Điều 148", "khoản 5"]),
        ("02 tuần kể từ ngày ký", "2024-05-07", "2024-05-21", ["Điều 147"]),
        ("01 tháng kể từ ngày ký", "2024-01-31", "2024-02-29", ["Điều 147", "khoản 3"]),
        ("nửa năm kể từ ngày ký", "2024-03-31", "2024-09-30", ["khoản 3"]),
        ("nửa tháng kể từ ngày ký", "2024-05-06", "2024-05-21", ["Điều 147"]),
        ("01 năm kể từ ngày ký", "2024-02-29", "2025-02-28", ["khoản 3"]),
        ("05 ngày làm việc kể từ ngày ký", "2024-04-26", "2024-05-07", ["Điều 147"]),
        ("30 ngày kể từ ngày 31/5/2024", None, "2024-07-01", ["khoản 5"]),
    ],
)
def test_a_period_from_an_event_is_counted_as_the_civil_code_says(
    phrase: str, event: str | None, last: str, rules: list[str]
) -> None:
    found = read_phrase(phrase, event=date.fromisoformat(event) if event else None)
    assert iso(found.strict_day) == iso(found.nominal_day) == last
    cited = " ".join(step.authority or "" for step in found.derivation)
    assert all(rule in cited for rule in rules)


def test_the_calendar_handed_in_decides_which_days_are_off() -> None:
    closed = VietnamCalendar([DayRule(date(2024, 5, 17), False, "QĐ mẫu")])
    phrase, event = "10 ngày kể từ ngày ký", date(2024, 5, 7)
    assert read_phrase(phrase, event=event).strict_day == date(2024, 5, 17)
    assert read_phrase(phrase, event=event, working=closed).strict_day == date(2024, 5, 20)


# The first question to a calendar loads the tables of holidays.
@settings(deadline=None)
@given(st.dates(date(2022, 1, 1), date(2026, 12, 31)), st.integers(1, 60))
def test_working_days_are_never_fewer_than_days(event: date, n: int) -> None:
    told: dict[str, Any] = {"event": event, "working": CALENDAR}
    plain = read_phrase(f"trong {n} ngày kể từ ngày ký", **told).strict_day
    worked = read_phrase(f"trong {n} ngày làm việc kể từ ngày ký", **told).strict_day
    assert plain is not None
    assert worked is not None
    assert worked >= event + timedelta(days=n)
    assert CALENDAR.is_working(worked)
    assert CALENDAR.is_working(plain)


def test_an_event_nobody_dated_gives_no_day_and_keeps_its_own_words() -> None:
    found = read_phrase("Không quá 05 ngày làm việc kể từ ngày UBND xã nhận đủ hồ sơ.")
    assert (found.kind, found.strict_day, found.nominal_day) == ("event", None, None)
    assert found.relative == Relative(5, "working_day", "ngày UBND xã nhận đủ hồ sơ")


# --- what comes back -------------------------------------------------------------------------------


def days(found: tuple[Deadline, ...]) -> list[str | None]:
    return [iso(each.nominal_day) for each in found]


def test_a_day_of_every_month_comes_twelve_times_a_year_each_with_its_days() -> None:
    found = occurrences("trước ngày 25 hằng tháng", *YEAR)
    assert days(found) == [f"2024-{month:02}-25" for month in range(1, 13)]
    assert {each.kind for each in found} == {"before_date"}
    assert all(each.strict_day == date(2024, n, 24) for n, each in enumerate(found, 1))


def test_only_what_falls_between_the_two_days_is_counted() -> None:
    found = occurrences("ngày 20 hằng tháng", date(2024, 5, 24), date(2024, 8, 20))
    assert days(found) == ["2024-06-20", "2024-07-20", "2024-08-20"]


@pytest.mark.parametrize(
    ("phrase", "count", "first"),
    [
        ("ngày 15 của tháng cuối quý", 4, "2024-03-15"),
        ("ngày 10 tháng đầu quý", 4, "2024-01-10"),
        ("ngày cuối tháng", 12, "2024-01-31"),
        ("cuối mỗi quý", 4, "2024-03-31"),
        ("thứ hai mỗi tuần", 53, "2024-01-01"),
        ("chủ nhật hằng tuần", 52, "2024-01-07"),
        ("hằng ngày", 366, "2024-01-01"),
        ("đến ngày 30/6 hằng năm", 1, "2024-06-30"),
    ],
)
def test_weeks_months_and_quarters_are_expanded(phrase: str, count: int, first: str) -> None:
    found = occurrences(phrase, *YEAR)
    assert (len(found), iso(found[0].nominal_day)) == (count, first)
    assert all(step.result for each in found for step in each.derivation)


def test_a_range_that_comes_back_opens_on_its_own_day_each_time() -> None:
    found = occurrences("từ ngày 20 đến ngày 25 hằng tháng", *YEAR)
    assert days(found)[:2] == ["2024-01-25", "2024-02-25"]
    assert [iso(each.window_start) for each in found[:2]] == ["2024-01-20", "2024-02-20"]


def test_a_month_without_the_day_gives_its_last_one_and_cites_the_law() -> None:
    february = occurrences("ngày 31 hằng tháng", *YEAR)[1]
    assert february.nominal_day == date(2024, 2, 29)
    assert "khoản 3 Điều 148" in (february.derivation[1].authority or "")


@pytest.mark.parametrize(
    ("phrase", "count"),
    [("hằng tháng", 12), ("hàng quý", 4), ("hằng năm", 1), ("06 tháng một lần", 2), ("định kỳ", 1)],
)
def test_what_names_no_day_comes_back_without_one(phrase: str, count: int) -> None:
    found = occurrences(phrase, *YEAR)
    assert days(found) == [None] * count
    assert found[0].window_start == date(2024, 1, 1)
    assert {each.kind for each in found} == {"recur"}


def test_unless_a_setting_gives_the_day() -> None:
    found = occurrences("hằng quý", *YEAR, day=14)
    assert days(found) == ["2024-03-14", "2024-06-14", "2024-09-14", "2024-12-14"]
    assert "thiết lập" in explain(found[0].derivation[0], "vi")


def test_three_frequencies_in_one_expression_are_three_recurrences() -> None:
    every = read_phrase("hàng tháng, quý, năm").recurrence
    assert every == Recurrence("monthly", more=(Recurrence("quarterly"), Recurrence("yearly")))
    assert len(occurrences("hàng tháng, quý, năm", *YEAR)) == 12 + 4 + 1


def test_a_deadline_is_expanded_like_its_phrase_and_one_that_does_not_come_back_stays() -> None:
    monthly = read_phrase("ngày 20 hằng tháng")
    assert occurrences(monthly, *YEAR) == occurrences("ngày 20 hằng tháng", *YEAR)
    once = read_phrase("trước ngày 30/10/2024")
    assert occurrences(once, *YEAR) == (once,)


def test_a_recurrence_without_an_end_is_refused() -> None:
    with pytest.raises(Endless):
        occurrences("ngày 20 hằng tháng", YEAR[0], None)


# --- what is refused -------------------------------------------------------------------------------

REFUSED = [
    # A number, money, a fraction: no time.
    *((said, said) for said in ("1.500.000", "1,5 tỷ", "3/4", "15.3", "trước 15.3", "trước 100%")),
    *((said, said) for said in ("không quá 1/2", "tối đa 2/3 thời gian", "không quá 1/2 thời gian")),
    *(("hoàn thành 19/19", "hoàn thành 19/19"), ("giải ngân 1/2 trước ngày 30/6", "giải ngân 1/2")),
    # A day alone does not say whether before or by it.
    *((said, said) for said in ("10/30/2024", "ngày 30-6-2024", "ngày 30 tháng 6", "ngày 32/1")),
    # Nobody can say whether the month, the quarter is in it.
    *(("đến tháng 6", "đến"), ("đến quý II/2024", "đến")),
    # Half of a quarter, of a month: no law says which day.
    *(("giữa quý II", "giữa"), ("đầu quý II", "đầu"), ("trong nửa đầu tháng 6", "trong nửa")),
    # There is none.
    *(("quý V", "quý V"), ("tháng 13", "tháng 13"), ("trước ngày 29/2/2023", "ngày 29/2/2023")),
    *(("trước 10/30/2024", "10/30/2024"), ("trước ngày 30/10/2024 (thứ Hai)", "ngày 30/10/2024 (thứ Hai")),
    ("từ tháng 6/2024 đến tháng 3/2024", "từ tháng 6/2024 đến tháng 3/2024"),
    # When it may begin, and not by when it must end.
    ("sau 5 ngày kể từ ngày 30/10/2024", "sau"),
    ("sau 6 tháng kể từ ngày ký", "sau"),
    # Up to when figures go, and not when they are due.
    ("báo cáo số liệu đến ngày 15/12/2024", "báo cáo số liệu"),
    ("tổng hợp kết quả thực hiện đến ngày 30/6/2024", "tổng hợp kết quả"),
    # Moon months, feasts and seasons.
    *(("tháng Giêng", "tháng Giêng"), ("trước Tết Nguyên đán", "trước Tết Nguyên đán"), ("trong mùa khô", "trong mùa khô")),
    # A beginning without an end, an end without a number.
    *(("từ tháng 6/2024", "từ"), ("sau năm 2025", "sau"), ("từ năm 2024 trở đi", "từ")),
    *(("đến cuối nhiệm kỳ", "đến cuối nhiệm kỳ"), ("trong tháng", "trong tháng")),
    *(("trước từ ngày 1/6 đến ngày 30/6", "trước từ ngày 1/6"), ("trước 6 tháng đầu năm 2024", "trước")),
    ("từ 8 giờ ngày 1/6 đến 17 giờ ngày 3/6/2024", "từ 8 giờ ngày 1/6"),
    # Which month is not said; how the two days of a month go together neither.
    *(("ngày 15 hằng quý", "ngày 15"), ("ngày 15 và 30 hằng tháng", "ngày 15 và 30"), ("2 lần/năm", "2 lần/năm")),
    # What is not done, or done already, is no duty.
    *(("đã hoàn thành trước ngày 30/6/2024", "đã"), ("không hoàn thành trước ngày 30/6/2024", "không")),
    # A session, a school year: the words name something else.
    *(("trình HĐND tỉnh tại kỳ họp cuối năm 2024", "trình HĐND tỉnh tại kỳ họp"), ("năm học 2024-2025", "năm học")),
    *(("trước giờ hành chính ngày 20/9/2024", "trước giờ hành chính ngày 20/9/2024"), ("trước 25h00 ngày 1/6/2024", "25h00")),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "words"), REFUSED)
def test_what_cannot_be_read_is_refused_naming_the_words(phrase: str, words: str) -> None:
    with pytest.raises(UnreadablePhrase) as refused:
        read_phrase(phrase, PLAN)
    assert refused.value.exit_code == 1
    for lang in ("vi", "en"):
        assert words in refused.value.say(lang)
    assert str(refused.value.facts["words"]) in phrase or "”, “" in refused.value.facts["words"]


CONDITIONS = [
    "trước ngày 30/6/2024 nếu được giao vốn", "trong quý I/2025 nếu đủ điều kiện",
    "trước ngày 30/6/2024 khi có đủ điều kiện", "trước ngày 30/6/2024, trừ trường hợp bất khả kháng",
]  # fmt: skip
SEVERAL = [
    "trước ngày 15/6 và trước ngày 15/12/2024", "trước ngày 30/6/2024 hoặc ngày 30/7/2024", "tháng 6 và tháng 7/2024",
    "tháng 4, tháng 5", "trước ngày 15/6, 15/12/2024", "quý I và quý II/2024", "trước ngày 30/6; trước ngày 31/12",
]  # fmt: skip


@pytest.mark.parametrize("phrase", CONDITIONS)
def test_a_condition_is_refused_with_the_advice_to_keep_it_apart(phrase: str) -> None:
    with pytest.raises(UnreadablePhrase) as refused:
        read_phrase(phrase, PLAN)
    assert "điều kiện, không phải thời hạn" in refused.value.say("vi")
    assert "condition" in refused.value.say("en")


@pytest.mark.parametrize("phrase", SEVERAL)
def test_several_times_in_one_phrase_are_refused_with_the_advice_to_give_each(phrase: str) -> None:
    with pytest.raises(UnreadablePhrase) as refused:
        read_phrase(phrase, PLAN)
    assert "mỗi thời hạn một lần" in refused.value.say("vi")


@pytest.mark.parametrize(
    "phrase", ["năm nay", "trong năm sau", "tháng sau", "trước ngày 15 tháng này", "quý sau", "cùng kỳ năm sau"]
)  # fmt: skip
def test_what_counts_from_the_document_is_refused_until_its_day_is_told(phrase: str) -> None:
    with pytest.raises(DocumentDateMissing) as refused:
        read_phrase(phrase, PLAN)
    assert refused.value.facts["words"] in phrase
    assert read_phrase(phrase, PLAN, document=date(2024, 5, 24)).nominal_day is not None


def test_a_day_of_the_week_that_the_date_is_not_is_refused() -> None:
    assert read_phrase("trước thứ Tư, ngày 30/10/2024").nominal_day == date(2024, 10, 30)
    with pytest.raises(ImpossibleDay):
        read_phrase("trước thứ Ba, ngày 30/10/2024")


PIECES = st.sampled_from(
    [
        *("trước", "đến", "trong", "chậm nhất", "ngày", "tháng", "quý", "năm", "hằng", "kể từ", "nếu", "và", "hoặc"),
        *("30/10/2024", "2024", "6", "II", "13", "15.3", "cuối", "đầu", "17h00", "báo cáo", "Hồ sơ", "xã Tam Thanh"),
        *("sau khi", "05 ngày làm việc", "“", "(", "hằng tháng", "thứ hai", "tuần", "sau", "không", "…", "10/30/2024"),
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=7).map(" ".join), st.sampled_from([None, PLAN]))
def test_every_refusal_names_words_that_are_in_the_text(text: str, years: Any) -> None:
    try:
        found = read_phrase(text, years)
    except UnreadablePhrase as refused:
        for words in refused.facts["words"].split("”, “"):
            assert words in nfc(text) or words in " ".join(text.split())
    else:
        assert found.strict_day is None or found.strict_day <= (found.nominal_day or date.min)


@pytest.mark.parametrize(
    "text", ["báo cáo " * 20_000, "a," * 20_000, "trước ngày " * 26, ", a" * 99]
)
def test_a_long_text_is_refused_at_once(text: str) -> None:
    assert searches(text) < 5_000


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    day = date(2024, 5, 24)
    with suppress(UnreadablePhrase):
        assert read_phrase(text, PLAN, document=day, event=day).derivation


# --- how much work it is ---------------------------------------------------------------------------


def searches(phrase: str) -> int:
    """How often a pattern is tried on the words of a phrase."""
    tried = 0

    def count(frame: Any, event: str, function: Any) -> None:
        nonlocal tried
        name = getattr(function, "__name__", "") if event == "c_call" else ""
        tried += name in ("match", "fullmatch", "search", "sub")

    sys.setprofile(count)
    try:
        with suppress(UnreadablePhrase):
            read_phrase(phrase, PLAN)
    finally:
        sys.setprofile(None)
    return tried


def test_a_plain_phrase_is_found_at_once_and_none_tries_a_form_twice() -> None:
    assert searches("trước ngày 30/10/2024") <= 8
    assert searches("hằng tháng, quý, năm") <= len(SPELLINGS) + 8
    assert searches("không quá 05 ngày làm việc kể từ ngày ký") <= len(SPELLINGS) + 10
