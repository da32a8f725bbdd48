"""The days that words about time amount to, once year and month are known; knows no words.

A span is what is named; what a bound makes of it (before, within, up to) are days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from ntm_workflow.domain.deadline import Step
from ntm_workflow.domain.inputs import FIRST_YEAR, LAST_YEAR

_ONE_DAY: Final = timedelta(days=1)
_CODE: Final = "Bộ luật Dân sự 2015"
_MONTH_POINTS: Final = f"khoản 2 Điều 146 {_CODE}"
_YEAR_POINTS: Final = f"khoản 3 Điều 146 {_CODE}"

Found = dict[str, str | None]


class Impossible(ValueError):
    """The words name a day there is none of."""


class Span(NamedTuple):
    """What the words name, from its first day to its last; `law` tells how, where a law says so."""

    grain: str
    first: date
    last: date
    law: tuple[Step, ...] = ()


class Days(NamedTuple):
    window_start: date | None
    strict_day: date
    nominal_day: date
    steps: tuple[Step, ...]


# --- numbers and names ---------------------------------------------------------------------------

_NUMBERS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười một": 11, "mười hai": 12, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "sáu mươi": 60, "chín mươi": 90,
}  # fmt: skip
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Words for the numbers that months, quarters and periods take, the longest first.
NUMBER: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))


def number(word: str) -> int:
    """4 from “04”, “tư” or “iv”: the numbers of months, quarters and periods."""
    return int(word) if word.isdecimal() else _ROMAN.get(word) or _NUMBERS[word]


def weekday(word: str) -> int:
    """0 for Monday: thứ hai, thứ 2 … chủ nhật."""
    return 6 if word == "chủ nhật" else number(word.removeprefix("thứ ")) - 2


# --- spans: what is named -------------------------------------------------------------------------


def day_of(year: int, month: int, day: int) -> date:
    """The day, -1 being the last of its month; Impossible when there is none."""
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        raise Impossible
    last = monthrange(year, month)[1]
    if not (day == -1 or 1 <= day <= last):
        raise Impossible
    return date(year, month, last if day == -1 else day)


def the_day(found: Found, year: int, month: int) -> Span:
    named = day_of(year, month, int(found.get("day") or -1))
    said = found.get("weekday") or found.get("weekday_after")
    if said and weekday(said) != named.weekday():
        raise Impossible
    return Span("day", named, named)


def the_month(found: Found, year: int, month: int) -> Span:
    return Span("month", day_of(year, month, 1), day_of(year, month, -1))


def _months(grain: str, year: int, first: int, last: int) -> Span:
    return Span(grain, day_of(year, first, 1), day_of(year, last, -1))


def the_quarter(found: Found, year: int, month: int) -> Span:
    last = 3 * number(found["quarter"] or "")
    return _months("quarter", year, last - 2, last)


def quarter_of_month(found: Found, year: int, month: int) -> Span:
    first = month - (month - 1) % 3
    return _months("quarter", year, first, first + 2)


def the_half(found: Found, year: int, month: int) -> Span:
    words = found["half"] or ""
    months = 6 if words.startswith("nửa") else number(words.split()[0])
    return _months("period", year, *((13 - months, 12) if words.endswith("cuối") else (1, months)))


def the_year(found: Found, year: int, month: int) -> Span:
    return _months("year", year, 1, 12)


def the_stage(found: Found, year: int, month: int) -> Span:
    first, last = int(found["first"] or 0), int(found["last"] or 0)
    if first > last:
        raise Impossible
    return Span("period", day_of(first, 1, 1), day_of(last, 12, 31))


#: Khoản 2 Điều 146: the step and the day, -1 being the last.
PARTS_OF_MONTH: Final = {
    "đầu": ("start_of_month", 1),
    "giữa": ("middle_of_month", 15),
    "cuối": ("end_of_month", -1),
}


def part_of_month(found: Found, year: int, month: int) -> Span:
    rule, day = PARTS_OF_MONTH[found["part"] or ""]
    named = day_of(year, month, day)
    return Span("day", named, named, (Step(rule, named, _MONTH_POINTS),))


def end_of_quarter(found: Found, year: int, month: int) -> Span:
    last = the_quarter(found, year, month).last
    return Span("day", last, last, (Step("end_of_quarter", last),))


def start_of_year(found: Found, year: int, month: int) -> Span:
    # The Code's 1 January would end before it began: plans mean the first months.
    span = _months("year", year, 1, 3)
    return span._replace(law=(Step("start_of_year", span.last, _YEAR_POINTS),))


def middle_of_year(found: Found, year: int, month: int) -> Span:
    named = day_of(year, 6, 30)
    return Span("day", named, named, (Step("middle_of_year", named, _YEAR_POINTS),))


def end_of_year(found: Found, year: int, month: int) -> Span:
    return _months("year", year, 1, 12)


# --- days: what a bound makes of a span -------------------------------------------------------------

Build = Callable[[Span], Days]


def before(span: Span) -> Days:
    unit = "month" if span.grain == "month" else "day"
    strict = span.first - _ONE_DAY
    steps = (Step(f"before_{unit}", strict), Step(f"nominal_{unit}", span.last))
    return Days(None, strict, span.last, steps)


def ahead(span: Span) -> Days:
    # Of quarters and years no plan at hand writes “trước” where it means “trong”.
    day = span.first - _ONE_DAY
    return Days(None, day, day, (Step("before_period", day),))


def within(span: Span) -> Days:
    steps = (Step("window_opens", span.first), Step("period_ends", span.last))
    return Days(span.first, span.last, span.last, steps)


def up_to(span: Span) -> Days:
    # A latest day opens no window: work may start at any time before it.
    return Days(None, span.last, span.last, (Step(f"up_to_{span.grain}", span.last),))


def year_end(span: Span) -> Days:
    return Days(None, span.last, span.last, (Step("end_of_year", span.last, _YEAR_POINTS),))


def until_hour(span: Span) -> Days:
    # “Trước 17 giờ ngày …” leaves the day in, up to that hour.
    return Days(None, span.last, span.last, (Step("until_hour", span.last),))
