"""Reads what a plan clause says about time and turns it into days, keeping every step of the way.

Knows no plan, no duty and no clock; which days are worked is asked of a calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.calendar import WorkingDays, last_working_day, next_working_day
from ntm_workflow.domain.inputs import UnreadableDate, checked_day, tidy
from ntm_workflow.domain.values import nfc

__all__ = [
    "Deadline",
    "ImpossibleDay",
    "Kind",
    "Settled",
    "Step",
    "UnreadablePhrase",
    "WorkingDays",
    "YearMissing",
    "is_yearly",
    "occurrences",
    "read_phrase",
    "settle",
    "undated",
]

Kind = Literal[
    "before_date",
    "by_date",
    "before_month",
    "in_month",
    "in_quarter",
    "end_of_year",
    "in_year",
    "recur",
    "event",
    "undated",
]

#: The first and last year of a plan.
Years = tuple[int, int]


class Step(msgspec.Struct, frozen=True):
    """One step from the words to a day: the rule applied, its result, the paper it rests on."""

    rule: str
    result: date | None
    authority: str | None = None


class Deadline(msgspec.Struct, frozen=True):
    """When a duty falls due.

    `strict_day` is safe on every reading of the words; `nominal_day` is what people write in
    their diaries. Neither ever moves off a weekend.
    """

    expression: str
    kind: Kind
    window_start: date | None
    strict_day: date | None
    nominal_day: date | None
    derivation: tuple[Step, ...]


class Settled(msgspec.Struct, frozen=True):
    """The days acted on: letters count down to `act_by`, a miss is dated after `enforce_day`."""

    act_by: date | None
    enforce_day: date | None
    derivation: tuple[Step, ...]


class UnreadablePhrase(Refused):
    vi = (
        "Không đọc được “{words}” trong thời hạn “{text}”.\n"
        "Gõ như: “trước ngày 30/10/2024”, “trong quý I/2024”."
    )
    en = (
        "Cannot read “{words}” in the deadline “{text}”.\n"
        "Write it like “trước ngày 30/10/2024”, “trong quý I/2024”."
    )


class YearMissing(UnreadablePhrase):
    vi = "Thời hạn “{text}” không nêu năm.\nGhi rõ năm trong câu chữ."
    en = "The deadline “{text}” names no year.\nAdd the year to the words."


class ImpossibleDay(UnreadablePhrase):
    vi = "Không có “{words}” năm {year} (thời hạn “{text}”).\nXem lại văn bản gốc."
    en = "There is no “{words}” in {year} (deadline “{text}”).\nCheck the original document."


# --- the language ------------------------------------------------------------------------------


class Span(NamedTuple):
    """The day, month, quarter or year the words name, from its first day to its last."""

    grain: str
    first: date
    last: date


class Days(NamedTuple):
    window_start: date | None
    strict_day: date
    nominal_day: date
    steps: tuple[Step, ...]


def _before(span: Span) -> Days:
    strict = span.first - timedelta(days=1)
    steps = (Step(f"before_{span.grain}", strict), Step(f"nominal_{span.grain}", span.last))
    return Days(None, strict, span.last, steps)


def _within(span: Span) -> Days:
    steps = (Step("window_opens", span.first), Step("period_ends", span.last))
    return Days(span.first, span.last, span.last, steps)


def _up_to(span: Span) -> Days:
    # A latest day opens no window: work may start at any time before it.
    return Days(None, span.last, span.last, (Step(f"up_to_{span.grain}", span.last),))


def _year_end(span: Span) -> Days:
    step = Step("end_of_year", span.last, "khoản 3 Điều 146 Bộ luật Dân sự 2015")
    return Days(None, span.last, span.last, (step,))


@dataclass(frozen=True)
class Form:
    """A way clauses put a time: the words, the kind they make, and how days follow from them."""

    kind: Kind
    words: re.Pattern[str]
    build: Callable[[Span], Days]


_YEARLY = r" (?P<yearly>(?:h[ằà]ng|mỗi) năm)"
_OF_YEAR = r"(?: ?/ ?| năm )(?P<year>[0-9]{4})(?![0-9])"
_WHEN = rf"(?:{_OF_YEAR}|{_YEARLY})?"
_DAY = rf"(?:ngày )?(?P<day>[0-9]{{1,2}})(?: ?/ ?| tháng )(?P<month>[0-9]{{1,2}}){_WHEN}"
_MONTH = rf"tháng (?P<month>[0-9]{{1,2}}){_WHEN}"
_QUARTER = rf"(?:qu[ýí]|qúy) (?P<quarter>iv|i{{1,3}}|[1-4]){_WHEN}"
_YEAR = r"năm (?P<year>[0-9]{4})(?![0-9])"
_AT_LATEST = r"chậm nhất(?: là)?(?: trong)?"
_LABEL = r"(?:(?:NTM|NC|KM) )?(?P<year>[0-9]{4})"


def _form(kind: Kind, words: str, build: Callable[[Span], Days]) -> Form:
    return Form(kind, re.compile(words, re.IGNORECASE), build)


_FORMS: Final = (
    _form("before_date", rf"trước {_DAY}", _before),
    _form("by_date", rf"(?:đến|đến hết|chậm nhất(?: là)?(?: đến)?) {_DAY}", _up_to),
    _form("before_month", rf"trước {_MONTH}", _before),
    _form("in_month", rf"(?:(?:trong|vào) )?{_MONTH}", _within),
    # “đến tháng 6” is not here: nobody can say whether June is in it.
    _form("in_month", rf"(?:đến hết|{_AT_LATEST}) {_MONTH}", _up_to),
    _form("in_quarter", rf"(?:trong )?{_QUARTER}", _within),
    _form("in_quarter", rf"(?:đến hết|{_AT_LATEST}) {_QUARTER}", _up_to),
    _form("end_of_year", rf"(?:(?:vào|đến) )?cuối {_YEAR}", _year_end),
    _form("in_year", rf"(?:trong )?{_YEAR}", _within),
    _form("in_year", rf"(?:đến|đến hết|{_AT_LATEST}) {_YEAR}", _up_to),
    # A table's cell: the bare year, or the year as part of a title.
    _form("in_year", _LABEL, _within),
)

#: Phrases that come back without naming a day. Which day it is, nobody may guess.
_RECURRING: Final = {
    "month": re.compile(r"(?:định kỳ )?(?:h[ằà]ng|mỗi) tháng", re.IGNORECASE),
}

_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def read_phrase(expression: str, years: Years | None = None) -> Deadline:
    """The deadline `expression` sets; `years` (first and last of the plan) fill in a missing year.

    A phrase with “hằng năm” gives its first occurrence. Raises UnreadablePhrase with the words
    that stand in the way; nothing is skipped and nothing guessed.
    """
    if every := _recurring(expression):
        step = Step(f"every_{every}", None)
        return Deadline(nfc(expression), "recur", None, None, None, (step,))
    form, match = _find(expression)
    found = match.groupdict()
    year = _year(found, years, expression)
    span = _span(found, year, match[0], expression)
    days = form.build(span)
    steps = (*_year_step(found, span), Step(f"{span.grain}_named", span.first), *days.steps)
    return Deadline(
        nfc(expression), form.kind, days.window_start, days.strict_day, days.nominal_day, steps
    )


def undated() -> Deadline:
    """The deadline of a duty whose clause says nothing about time."""
    return Deadline("", "undated", None, None, None, (Step("no_day", None),))


def is_yearly(expression: str) -> bool:
    """Whether the phrase comes back every year (“hằng năm”). Raises UnreadablePhrase."""
    return not _recurring(expression) and bool(_find(expression)[1].groupdict().get("yearly"))


def occurrences(expression: str, first_year: int, last_year: int) -> tuple[Deadline, ...]:
    """One deadline for each year of the plan, or the only one when the phrase is not yearly."""
    if not is_yearly(expression):
        return (read_phrase(expression, (first_year, last_year)),)
    years = range(first_year, last_year + 1)
    return tuple(read_phrase(expression, (year, year)) for year in years)


def _recurring(expression: str) -> str | None:
    text = _trimmed(expression)
    return next((every for every, words in _RECURRING.items() if words.fullmatch(text)), None)


def _trimmed(expression: str) -> str:
    return tidy(expression).strip(" “”\"'.,;:")


def _find(expression: str) -> tuple[Form, re.Match[str]]:
    text = _trimmed(expression)
    for form in _FORMS:
        if match := form.words.fullmatch(text):
            return form, match
    raise UnreadablePhrase(text=nfc(expression), words=_unread(text))


def _unread(text: str) -> str:
    """What is left of `text` around the longest part that can be read."""
    parts = (match for form in _FORMS if (match := form.words.search(text)))
    best = max(parts, key=lambda match: match.end() - match.start(), default=None)
    if best is None:
        return text
    return " … ".join(filter(None, (text[: best.start()].strip(), text[best.end() :].strip())))


def _year(found: dict[str, str | None], years: Years | None, expression: str) -> int:
    if written := found["year"]:
        return int(written)
    if years is None or not (found.get("yearly") or years[0] == years[1]):
        raise YearMissing(text=nfc(expression), words=expression)
    return years[0]


def _year_step(found: dict[str, str | None], span: Span) -> tuple[Step, ...]:
    if found["year"]:
        return ()
    return (Step("every_year" if found.get("yearly") else "year_of_plan", span.last),)


def _span(found: dict[str, str | None], year: int, words: str, expression: str) -> Span:
    try:
        return _named(found, year)
    except UnreadableDate as cause:
        raise ImpossibleDay(text=nfc(expression), words=words, year=year) from cause


def _named(found: dict[str, str | None], year: int) -> Span:
    month = int(found.get("month") or 1)
    if day := found.get("day"):
        named = checked_day(year, month, int(day), day)
        return Span("day", named, named)
    if quarter := found.get("quarter"):
        last_month = 3 * _QUARTERS[quarter.lower()]
        return Span("quarter", checked_day(year, last_month - 2, 1, ""), _last(year, last_month))
    if found.get("month"):
        return Span("month", checked_day(year, month, 1, ""), _last(year, month))
    return Span("year", checked_day(year, 1, 1, ""), _last(year, 12))


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


# --- the days acted on -------------------------------------------------------------------------


def settle(
    deadline: Deadline,
    boundary: str,
    weekend: str,
    working: WorkingDays,
    authority: str | None = None,
) -> Settled:
    """`deadline` under an office's settings, on its calendar.

    `boundary` (strict, nominal) picks the day that is enforced, `weekend` (none, forward,
    backward) moves it off a day nobody works. `authority` is the paper that chose them.
    """
    if deadline.strict_day is None or deadline.nominal_day is None:
        return Settled(None, None, deadline.derivation)
    act_by = last_working_day(deadline.strict_day, working)
    day = {"strict": deadline.strict_day, "nominal": deadline.nominal_day}[boundary]
    enforced = rolled(day, weekend, working, authority)
    steps = (Step("act_by", act_by), Step(f"boundary_{boundary}", day, authority), enforced)
    return Settled(act_by, enforced.result, (*deadline.derivation, *steps))


def rolled(day: date, weekend: str, working: WorkingDays, authority: str | None = None) -> Step:
    """The day as a weekend setting (none, forward, backward) moves it off a day nobody works."""
    moved = _ROLL[weekend](day, working)
    return Step(_roll_rule(weekend, day, moved), moved, authority)


def _stay(day: date, working: WorkingDays) -> date:
    return day


_ROLL: Final[dict[str, Callable[[date, WorkingDays], date]]] = {
    "none": _stay,
    "forward": next_working_day,
    "backward": last_working_day,
}


def _roll_rule(weekend: str, before: date, after: date) -> str:
    if weekend == "none":
        return "roll_none"
    return "roll_not_needed" if before == after else f"roll_{weekend}"
