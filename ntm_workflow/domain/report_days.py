"""The days whose figures a periodic report gives, by how the office counts them.

Knows no plan and no clock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ntm_workflow.domain.periods import months_later
from ntm_workflow.domain.recurrence import Turn, span
from ntm_workflow.domain.values import Word

#: How the figures' days may be counted: the period itself, or from the 15th before it to the 14th of its last month.
CALENDAR: Final = "calendar"
FIFTEENTH: Final = "15-14"
COUNTED: Final = (CALENDAR, FIFTEENTH)

_DAY: Final = timedelta(days=1)
#: Months of a period -> its kind.
_KINDS: Final = {1: "month", 3: "quarter", 6: "half", 12: "year"}
KINDS: Final = tuple(_KINDS.values())
KIND_WORDS: Final = {
    "month": Word("tháng", "month"),
    "quarter": Word("quý", "quarter"),
    "half": Word("nửa năm", "half-year"),
    "year": Word("năm", "year"),
}
#: Kind -> what a period of it is called, in Vietnamese and English.
_CALLED: Final = {
    "month": ("tháng {n} năm {year}", "{n}/{year}"),
    "quarter": ("quý {roman} năm {year}", "quarter {roman} of {year}"),
    "half": ("6 tháng {half_vi} năm {year}", "the {half_en} half of {year}"),
    "year": ("năm {year}", "{year}"),
}


def whole(period: str) -> Turn:
    """The period itself, as `recurrence.called` names it; only a month, quarter, half or year is one."""
    turn = span(period)
    if turn is None:
        raise ValueError(period)
    return turn


def months(period: str) -> int:
    turn = whole(period)
    return (turn.last.year - turn.first.year) * 12 + turn.last.month - turn.first.month + 1


def kind(period: str) -> str:
    """What a period is: one of KINDS."""
    return _KINDS[months(period)]


def data_days(period: str, counted: str) -> Turn:
    """The first and last day whose figures a report for a period gives; `counted` is one of COUNTED."""
    turn = whole(period)
    if counted == CALENDAR:
        return turn
    before = months_later(turn.first, -1)
    return Turn(before.replace(day=15), turn.last.replace(day=14))


def following(period: str) -> str:
    """The period of the same length that comes next."""
    first = whole(period).last + _DAY
    n = (first.month - 1) // months(period) + 1
    forms = {"month": "{:%Y-%m}", "quarter": "{:%Y}-Q%d", "half": "{:%Y}-H%d", "year": "{:%Y}"}
    form = forms[kind(period)].format(first)
    return form % n if "%d" in form else form


def called(period: str, lang: str) -> str:
    """What people call a period, in `lang`."""
    first, of = whole(period).first, kind(period)
    n = (first.month - 1) // months(period)
    return _CALLED[of][lang == "en"].format(
        n=first.month,
        year=first.year,
        roman=("I", "II", "III", "IV")[n % 4],
        half_vi=("đầu", "cuối")[n % 2],
        half_en=("first", "second")[n % 2],
    )
