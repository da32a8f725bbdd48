"""The words of deadlines: how plans and letters set bounds and name days, months, quarters and years.

Three tables, one row a form: `BOUNDS` (the words before a time), `SPELLINGS` (the time itself) and
`MEANINGS` (the kind both make, and how days follow). Periods from an event are in `periods.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ntm_workflow.domain import spans
from ntm_workflow.domain.deadline import Kind, Recurrence
from ntm_workflow.domain.spans import (
    NUMBER,
    WEEKDAYS,
    Build,
    Found,
    Impossible,
    Span,
    number,
    weekday,
)

# --- pieces of patterns --------------------------------------------------------------------------

EVERY: Final = r"(?:h[ằà]ng|mỗi|từng)"
_QUARTER: Final = r"(?:qu[ýí]|qúy)"
_WEEKDAY: Final = r"(?:thứ (?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ nhật)"
_THE_YEAR: Final = r"(?:(?P<year>[0-9]{4})(?![0-9])|(?P<shift>nay|này|sau|tới)|kế hoạch|báo cáo)"
_OF_YEAR: Final = rf"(?:(?: ?[/-] ?|,?(?: của)? năm ){_THE_YEAR})"
_EACH_YEAR: Final = rf"(?P<yearly>{EVERY} năm)"
_WHEN: Final = rf"(?:{_OF_YEAR}|,? \(?{_EACH_YEAR})?"
_MONTH: Final = rf"(?P<month>[0-9]{{1,2}}|{NUMBER})"
_THAT_MONTH: Final = r"tháng (?P<months>này|sau|tới|kế tiếp|tiếp theo)"
_HALF: Final = r"(?P<half>(?:0?[369]|ba|sáu|chín) tháng(?: đầu| cuối)?|nửa (?:đầu|cuối))"
_FRACTION: Final = r"[0-9]{1,2} ?/ ?[0-9]{1,2}"
_MONTHDAY: Final = r"ngày (?:m[ồù]ng )?(?P<day>[0-9]{1,2})"
_LAST: Final = r"(?:ngày )?cuối(?: cùng)?"

# --- bounds: the words before a time ---------------------------------------------------------------

_LATEST: Final = r"(?:(?:chậm|muộn|trễ) nhất|không (?:được )?(?:muộn|chậm|trễ) (?:hơn|quá))"
_LAST_IN: Final = r"(?: là)?(?: (?:vào|trong|hết|(?:cho )?(?:đến|tới)(?: hết)?))?"
BOUNDS: Final = (
    ("lead", r"(?:phải )?(?:hoàn thành|hoàn tất|kết thúc(?! năm)|thực hiện|xong)(?: xong)?"),
    (
        "label",
        r"(?:thời hạn|thời gian|hạn)(?: cuối(?: cùng)?| chót)?"
        r"(?: (?:hoàn thành|thực hiện|báo cáo|nộp|gửi|trình|trả lời))?(?: là)?",
    ),
    ("before", rf"(?:(?:{_LATEST}(?: là)?|đến) )?trước(?: thời điểm)?"),
    ("within", r"(?:ngay )?trong|vào(?: trong)?"),
    (
        "up_to",
        rf"(?:từ nay )?(?:cho )?(?:đến|tới) hết|hết|{_LATEST}{_LAST_IN}",
    ),
    ("at_most", rf"(?:không (?:được )?quá|tối đa){_LAST_IN}"),
    # “đến tháng 6” has no meaning below: nobody can say whether June is in it.
    ("to", r"(?:từ nay )?(?:cho )?(?:đến|tới)"),
)
_LEADS: Final = ("lead", "label")
_BOUND: Final = re.compile(
    "".join(rf"(?:(?P<{name}>{words}):? )?" for name, words in BOUNDS if name in _LEADS)
    + f"(?:{'|'.join(rf'(?P<{n}>{words}):? ' for n, words in BOUNDS if n not in _LEADS)})?"
)


def bound(words: str) -> tuple[str, int]:
    """The bound that `words` begin with, and where it ends; “bare” where there is none."""
    found = _BOUND.match(words)
    assert found is not None, "everything in it may be missing"
    name = found.lastgroup or "lead"
    return "bare" if name == "lead" else name, found.end()


# --- clock times ---------------------------------------------------------------------------------

_CLOCK: Final = (
    r"(?P<{0}hour>[0-9]{{1,2}}) ?(?:giờ|h|g|:)(?: ?(?P<{0}minute>[0-9]{{2}})(?: ?(?:phút|ph|p|'))?)?"
    r"(?: (?P<{0}half>sáng|trưa|chiều|tối))?"
)
_TIME: Final = re.compile(
    rf"(?:vào )?(?:lúc |hồi )?{_CLOCK.format('')}(?: ?- ?{_CLOCK.format('to_')})?,? "
)


def _clock(found: re.Match[str], end: str = "") -> str:
    hour, minute = int(found[f"{end}hour"]), int(found[f"{end}minute"] or 0)
    if found[f"{end}half"] in ("chiều", "tối") and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Impossible
    return f"{hour:02d}:{minute:02d}"


def clock(words: str) -> tuple[str | None, int]:
    """The time of day that `words` begin with (“17:00”, “18:30-19:00”), and where it ends."""
    found = _TIME.match(words)
    if found is None:
        return None, 0
    said = _clock(found)
    return f"{said}-{_clock(found, 'to_')}" if found["to_hour"] else said, found.end()


# --- spellings: the time itself --------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """A way to write a time, and the span it names once the year and month are known."""

    grain: str
    words: re.Pattern[str]
    span: Callable[[Found, int, int], Span] | None = None
    every: Callable[[Found], Recurrence] | None = None
    #: Whether a year must be known.
    dated: bool = True


def _spell(
    grain: str, span: Callable[[Found, int, int], Span], *words: str, dated: bool = True
) -> Iterable[Spelling]:
    return (Spelling(grain, re.compile(each), span, dated=dated) for each in words)


def _repeat(grain: str, every: Callable[[Found], Recurrence], *words: str) -> Iterable[Spelling]:
    return (Spelling(grain, re.compile(each), every=every, dated=False) for each in words)


_UNITS: Final = {
    "ngày": Recurrence("daily"),
    "tuần": Recurrence("weekly"),
    "tháng": Recurrence("monthly"),
    "quý": Recurrence("quarterly"),
    "quí": Recurrence("quarterly"),
    "qúy": Recurrence("quarterly"),
    "năm": Recurrence("yearly"),
    "nửa năm": Recurrence("monthly", 6),
}
_UNIT: Final = rf"(?:(?:[0-9]{{1,2}}|{NUMBER}) (?:tuần|tháng|năm)|nửa năm|{'|'.join(_UNITS)})"
_UNITS_OF: Final = rf"{_UNIT}(?:(?:, ?| ?/ ?| và |, và )(?:{EVERY} )?{_UNIT})*"
_ONCE: Final = r"(?:0?1|một) lần"
_AT_LEAST: Final = r"(?:ít nhất |tối thiểu )?"
_LISTED: Final = re.compile(_UNIT)


def _listed(found: Found) -> Recurrence:
    first, *more = (_unit(words) for words in _LISTED.findall(found["units"] or ""))
    return Recurrence(first.freq, first.interval, more=tuple(more))


def _unit(words: str) -> Recurrence:
    if words in _UNITS:
        return _UNITS[words]
    count, _, unit = words.partition(" ")
    return Recurrence(_UNITS[unit].freq, number(count))


def _day_every_month(found: Found) -> Recurrence:
    return Recurrence("monthly", day=int(found.get("day") or -1))


def _day_every_quarter(found: Found) -> Recurrence:
    month = {"đầu": 1, "giữa": 2, "thứ hai": 2}.get(found.get("which") or "", 3)
    return Recurrence("quarterly", month=month, day=int(found.get("day") or -1))


def _weekday_every_week(found: Found) -> Recurrence:
    return Recurrence("weekly", weekday=WEEKDAYS[weekday(found["weekday"] or "")])


def _now_and_then(found: Found) -> Recurrence:
    return Recurrence(None)


SPELLINGS: Final = (
    *_spell(
        "day",
        spans.the_day,
        rf"(?!{_FRACTION}$)(?:(?:ngày )?(?P<weekday>{_WEEKDAY}),? \(?)?(?:ngày )?(?:m[ồù]ng )?(?P<day>[0-9]{{1,2}})"
        rf"(?: ?/ ?|,? tháng ){_MONTH}{_WHEN}(?:,? \(?(?P<weekday_after>{_WEEKDAY}))?",
        r"(?:ngày )?(?P<day>[0-9]{1,2}) ?(?P<dot>[.-]) ?(?P<month>[0-9]{1,2}) ?(?P=dot) ?(?P<year>[0-9]{4})",
        r"(?:ngày )?(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
        rf"ngày (?P<day>[0-9]{{1,2}})(?: của)? {_THAT_MONTH}",
    ),
    # “Không quá 1/2” may be a half: only some bounds make a day of it.
    *_spell("fraction", spans.the_day, r"(?P<day>[0-9]{1,2}) ?/ ?(?P<month>[0-9]{1,2})"),
    *_spell("month", spans.the_month, rf"tháng {_MONTH}{_WHEN}", _THAT_MONTH),
    *_spell(
        "quarter",
        spans.the_quarter,
        rf"{_QUARTER} (?P<quarter>i{{1,3}}|iv|[1-4]|một|hai|ba|tư|bốn){_WHEN}",
    ),
    *_spell("quarter", spans.quarter_of_month, rf"{_QUARTER} (?P<quarters>này|sau|tới)"),
    *_spell("year", spans.the_year, rf"(?:cả )?năm {_THE_YEAR}"),
    *_spell("this_year", spans.the_year, r"năm(?: kế hoạch)?"),
    # A table's cell: the bare year, or the year as part of a title.
    *_spell("cell", spans.the_year, r"(?:(?:ntm|nc|km|mục tiêu năm) )?(?P<year>[0-9]{4})"),
    *_spell(
        "year_end",
        spans.end_of_year,
        rf"(?:cuối|(?:khi )?kết thúc) năm(?: {_THE_YEAR})?",
        rf"cuối {_EACH_YEAR}",
    ),
    *_spell(
        "year_start",
        spans.start_of_year,
        rf"(?:ngay (?:từ )?)?đầu năm(?: {_THE_YEAR})?",
        rf"đầu {_EACH_YEAR}",
    ),
    *_spell(
        "point",
        spans.the_day,
        rf"ngày cuối(?: cùng)?(?: của)? tháng {_MONTH}{_WHEN}",
        rf"(?P<same>cùng kỳ)(?: năm {_THE_YEAR})?",
    ),
    *_spell("point", spans.middle_of_year, rf"giữa năm(?: {_THE_YEAR})?"),
    *_spell(
        "point",
        spans.part_of_month,
        rf"(?P<part>đầu|giữa|cuối) tháng {_MONTH}{_WHEN}",
        rf"(?P<part>đầu|giữa|cuối) {_THAT_MONTH}",
    ),
    *_spell(
        "point",
        spans.end_of_quarter,
        rf"cuối {_QUARTER} (?P<quarter>i{{1,3}}|iv|[1-4]|một|hai|ba|tư|bốn){_WHEN}",
    ),
    *_spell("half", spans.the_half, rf"{_HALF}(?: của)? năm(?: {_THE_YEAR})?"),
    *_spell(
        "stage",
        spans.the_stage,
        rf"(?:(?:giai đoạn|các năm|năm|(?:[0-9]{{1,2}}|{NUMBER}) năm)(?: từ)? )?\(?"
        r"(?P<first>[0-9]{4}) ?- ?(?P<last>[0-9]{4})(?![0-9])",
        dated=False,
    ),
    *_repeat(
        "day_of_each",
        _day_every_month,
        rf"{_MONTHDAY}(?: của| {EVERY}| của {EVERY}) tháng",
        rf"{_LAST}(?: của)?(?: {EVERY})? tháng",
        rf"(?:{_MONTHDAY}|{_LAST})(?: của)? tháng (?:sau|kế tiếp|tiếp theo|liền kề) {EVERY} tháng",
    ),
    *_repeat(
        "day_of_each",
        _day_every_quarter,
        rf"(?:{_MONTHDAY}|{_LAST})(?: của)? tháng (?P<which>đầu|giữa|thứ hai|cuối)(?: cùng)?(?: của)?"
        rf"(?: {EVERY})? {_QUARTER}(?: {EVERY} {_QUARTER})?",
        rf"{_LAST}(?: của)?(?: {EVERY})? {_QUARTER}",
    ),
    *_repeat("day_of_each", _weekday_every_week, rf"(?P<weekday>{_WEEKDAY})(?: của)? {EVERY} tuần"),
    *_repeat(
        "every",
        _listed,
        rf"(?:định k[ỳì] |bình quân )?{_AT_LEAST}(?P<units>{EVERY} {_UNITS_OF})(?: {_ONCE})?",
        rf"định k[ỳì] (?P<units>{_UNITS_OF})(?: {_ONCE})?",
        rf"(?:định k[ỳì] )?(?P<units>{_UNIT})(?: {_ONCE}| ?/ ?lần)",
        rf"(?P<units>{_UNIT}(?:, ?| và ){EVERY} {_UNIT})",
        rf"{_AT_LEAST}{_ONCE} ?(?:/ ?|mỗi |trong |một )?(?P<units>{_UNIT})",
    ),
    *_repeat("every", _now_and_then, r"(?:theo )?định k[ỳì]|thường xuyên"),
)


# --- meanings: the kind a bound and a time make, and the days that follow ---------------------------

#: Bounds, grains, the kind, the days; what is not here is refused.
#: Halves of a year and nine months are so many quarters.
_MEANINGS: Final[tuple[tuple[str, str, Kind, Build], ...]] = (
    ("before", "day point fraction", "before_date", spans.before),
    ("before", "month", "before_month", spans.before),
    ("before", "quarter year", "before_date", spans.ahead),
    ("to up_to label", "day point fraction", "by_date", spans.up_to),
    ("at_most", "day point", "by_date", spans.up_to),
    ("within", "day", "by_date", spans.within),
    ("bare within", "point", "by_date", spans.up_to),
    ("up_to at_most", "month", "in_month", spans.up_to),
    ("up_to at_most", "quarter half", "in_quarter", spans.up_to),
    ("to up_to at_most", "year stage", "in_year", spans.up_to),
    ("up_to", "this_year", "in_year", spans.up_to),
    ("bare within", "month", "in_month", spans.within),
    ("bare within", "quarter half year_start", "in_quarter", spans.within),
    ("bare within", "year stage", "in_year", spans.within),
    ("within", "this_year", "in_year", spans.within),
    ("bare", "cell", "in_year", spans.within),
    ("bare within to up_to at_most", "year_end", "end_of_year", spans.year_end),
    ("before", "day_of_each", "recur", spans.before),
    ("bare within to up_to at_most label", "day_of_each", "recur", spans.up_to),
    ("bare", "every", "recur", spans.up_to),
)
MEANINGS: Final[dict[tuple[str, str], tuple[Kind, Build]]] = {
    (bound, grain): (kind, build)
    for bounds, grains, kind, build in _MEANINGS
    for bound in bounds.split()
    for grain in grains.split()
}


def meaning(name: str, grain: str, time: str | None) -> tuple[Kind, Build] | None:
    """What bound and time make together, with the hour if one is named; None where nobody can say."""
    if (
        time == MIDNIGHT
        and grain in ("day", "point")
        and name in ("before", "to", "up_to", "at_most")
    ):
        return "before_date", spans.ahead
    if time:
        kinds = _TIMED.get(grain)
        return kinds and (kinds[name != "before"], spans.until_hour)
    bounds = ("label", "bare") if name == "label" else (name,)
    return next((MEANINGS[b, grain] for b in bounds if (b, grain) in MEANINGS), None)


#: The first moment of a day: whoever has time until then has none of the day.
MIDNIGHT: Final = "00:00"

#: What an hour may stand before, and its kind under “trước” and under any other bound.
_TIMED: Final[dict[str, tuple[Kind, Kind]]] = {
    "day": ("before_date", "by_date"),
    "point": ("before_date", "by_date"),
    "fraction": ("before_date", "by_date"),
    "day_of_each": ("recur", "recur"),
}

# --- words that are no time ------------------------------------------------------------------------

#: How an act begins. What follows up to the first word about time belongs to it.
_ACTS: Final = (
    "báo cáo|cơ bản|ban hành|bàn giao|bố trí|bình quân|cập nhật|chế độ|chuẩn bị|định k[ỳì]|công bố|công khai|cung cấp|"
    "đánh giá|đăng ký|đề nghị|đề xuất|dự kiến|giải ngân(?: hết)?|giải quyết|giao|góp ý|gửi|họp|hoàn chỉnh|"
    "hoàn thành|hoàn thiện|hoàn tất|kết thúc|khắc phục|khẩn trương|khuyến khích|kiểm tra|lấy ý kiến|"
    "lập|mục tiêu|nghiệm thu|nộp|phải|phấn đấu|phân bổ|phê duyệt|quyết toán|rà soát|sơ kết|tham mưu|"
    "thẩm định|thẩm tra|thanh toán|thực hiện|tiếp nhận|tổ chức|tổng hợp|tổng kết|trả lời|triển khai|"
    "trình|xây dựng|xong|xử lý|yêu cầu|cấp (?:xã|huyện|tỉnh)|ubnd|sở|phòng|"
    "văn phòng|các (?:sở|phòng|ban|ngành|đơn vị|địa phương|huyện|xã)|để"
)
#: Words about time, of a condition, a choice, a denial or the past: none may be inside an act.
_NO_ACT: Final = (
    "trước|sau|từ|kể|đến|tới|hết|trong|vào|ngày|tháng|quý|quí|qúy|năm|tuần|giờ|lúc|thứ|chậm|muộn|trễ|không|"
    "quá|tối|đầu|giữa|cuối|hằng|hàng|mỗi|từng|định|một|nửa|giai|cùng|kỳ|kì|nếu|khi|trừ|hoặc|hay|chưa|đã|"
    "thường xuyên|kịp thời|theo (?:đúng )?(?:tiến độ|thời gian|quy định|yêu cầu)|"
    "[0-9]+(?![0-9]*%)"
)
_MORE: Final = rf"(?: (?!(?:{_NO_ACT})(?![\w%]))[^\s;]+)*?"
ACT_BEFORE: Final = re.compile(
    rf"(?:{_ACTS}|thời (?:hạn|gian)),?{_MORE}[,:]? \(?(?=(?:{_NO_ACT})(?![\w%]))"
)
ACT_AFTER: Final = re.compile(rf",? (?:(?:…|\.\.\.) )?(?:{_ACTS}),?{_MORE}$")
EVERY_FIRST: Final = re.compile(
    rf"(?:định k[ỳì] )?(?P<every>{EVERY} (?:tuần|tháng|{_QUARTER}|năm)),? (?:\(|vào )?(?P<rest>.+)"
)
#: From one time to another: “từ ngày 01/6 đến hết ngày 30/6/2024”.
RANGE: Final = re.compile(
    r"(?:khoảng )?(?:thời gian )?(?:kể )?từ (?P<first>.+?)"
    r"(?:,? (?:cho )?(?:đến|tới)(?: hết)?| -) (?P<last>.+)"
)
#: Its beginning may be the number of a day of the month in which it ends.
DAY_ALONE: Final = re.compile(r"(?:ngày )?[0-9]{1,2}")
YEAR_ALONE: Final = re.compile(r"[0-9]{4}")
