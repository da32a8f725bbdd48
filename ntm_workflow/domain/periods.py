"""Periods that run from an event: “không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ”.

Counted as Điều 147 and 148 of the Civil Code say; knows no plan. Which day the event fell on is told.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from ntm_workflow.domain.calendar import WorkingDays, crossed, next_working_day
from ntm_workflow.domain.deadline import Relative, Step
from ntm_workflow.domain.spans import NUMBER, number

_CODE: Final = "Bộ luật Dân sự 2015"
_FIRST_DAY: Final = f"Điều 147 {_CODE}"
_LAST_DAY: Final = f"Điều 148 {_CODE}"
#: A month without the corresponding day ends the period on its last.
LACKING: Final = f"khoản 3 {_LAST_DAY}"
#: A last day nobody works ends the period on the next one that is worked.
_DAY_OFF: Final = f"khoản 5 {_LAST_DAY}"

_UNITS: Final = {
    "giờ": "hour",
    "ngày": "day",
    "ngày làm việc": "working_day",
    "tuần": "week",
    "tháng": "month",
    "năm": "year",
}
_LENGTH: Final = (
    rf"(?:(?P<n>[0-9]{{1,3}}|{NUMBER})(?: ?\([^()]*\)?)? "
    r"(?P<unit>ngày làm việc|ngày|giờ|tuần|tháng|năm)|(?P<half>nửa (?:tháng|năm)))"
)
_LIMIT: Final = (
    r"(?:(?:trong (?:vòng|thời (?:hạn|gian))|trong|thời hạn|không (?:quá|vượt quá|muộn hơn|chậm hơn)"
    r"|quá|tối đa|(?:chậm|muộn) nhất|hết)(?: là| sau| trong(?: vòng)?| không quá)? )"
)
_SINCE: Final = r",? \(?(?:(?:được )?(?:kể |tính )?từ(?: khi)?|(?:ngay )?sau(?: khi)?|khi)"

_AHEAD: Final = r"(?:(?:chậm|muộn) nhất|ít nhất|tối thiểu) "

#: A way to write a period; the first that fits is taken, and what it rests on is its group `from`.
PERIODS: Final = tuple(
    re.compile(words)
    for words in (
        rf"{_LIMIT}?{_LENGTH}{_SINCE} (?P<from>.+)",
        rf"{_LIMIT}{_LENGTH}",
        rf"(?:kể từ(?: khi)?|sau(?: khi)?) (?P<from>[^0-9]+?),? {_LIMIT}?{_LENGTH}",
        rf"{_AHEAD}(?:là )?(?P<back>){_LENGTH},? trước(?: khi)? (?P<from>[^0-9]+)",
        rf"(?P<back>){_LENGTH},? trước (?:khi )?(?P<from>(?:(?<=khi )|ngày )[^0-9]+)",
        rf"trước(?: khi)? (?P<back>)(?P<from>[^0-9]+?) (?:{_AHEAD})?{_LENGTH}",
        r"(?P<at_once>ngay)(?: sau)? khi (?P<from>.+)",
        r"(?:sau )?khi (?P<from>.+)",
        r"(?:đột xuất )?theo (?P<from>yêu cầu)|(?P<sudden>đột xuất)",
    )
)
#: What an event cannot be told with: another deadline, a condition, a choice.
_NO_EVENT: Final = re.compile(
    r"(?:^| )(?:nếu|hoặc|hay|trừ|trước|chậm nhất|đến hết|hằng|hàng|mỗi|từng)(?= |$)|;|[0-9] (?:ngày|giờ|tuần)"
)


def period(words: str, said: str) -> Relative | None:
    """The period that `words` name; `said` is the same text as it was written, case and all."""
    for form in PERIODS:
        if found := form.fullmatch(words):
            start, end = found.span("from") if found.groupdict().get("from") else (0, 0)
            if _NO_EVENT.search(words[start:end]):
                return None
            return _relative(found, said[start:end].strip(" ()") or None)
    return None


def _relative(found: re.Match[str], event: str | None) -> Relative:
    groups = found.groupdict()
    if half := groups.get("half"):
        # Khoản 1 Điều 146: half a year is six months, half a month fifteen days.
        n, unit = (6, "month") if half.endswith("năm") else (15, "day")
    elif groups.get("n"):
        n, unit = number(groups["n"]), _UNITS[groups["unit"]]
    elif groups.get("at_once"):
        n, unit = 0, "day"
    else:
        return Relative(None, None, event)
    return Relative(-n if groups.get("back") is not None else n, unit, event)


def counted(relative: Relative, event: date, working: WorkingDays) -> tuple[Step, ...]:
    """The steps from the day of the event to the last day; none of them has a day if none follows."""
    n, unit = relative.n, relative.unit
    steps = [Step("event_on", event)]
    if n is None or unit is None:
        return (*steps, Step("no_length", None))
    if unit == "hour":
        return (*steps, Step("hours_from_moment", None))
    if n == 0:
        return (*steps, Step("at_once", event))
    last = _moved(event, n, unit, working)
    if n < 0:
        return (*steps, Step("counted_back", last))
    steps.append(Step("first_day_left_out", event + timedelta(days=1), _FIRST_DAY))
    if unit in ("month", "year") and last.day != event.day:
        steps.append(Step("month_lacks_day", last, LACKING))
    skipped = crossed(event, last, working) if unit == "working_day" else ()
    steps.append(Step("period_counted", last, _LAST_DAY, skipped))
    if (rolled := next_working_day(last, working)) != last:
        steps.append(Step("period_rolled", rolled, _DAY_OFF, crossed(last, rolled, working)))
    return tuple(steps)


def _moved(day: date, n: int, unit: str, working: WorkingDays) -> date:
    if unit == "working_day":
        return _worked(day, n, working)
    if unit in ("month", "year"):
        return months_later(day, n * (12 if unit == "year" else 1))
    return day + timedelta(days=n * (7 if unit == "week" else 1))


def _worked(day: date, n: int, working: WorkingDays) -> date:
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not working.is_working(day):
            day += step
    return day


def months_later(day: date, n: int) -> date:
    """The same day `n` months on, or the last of a month that lacks it."""
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
