"""Derivations in words: each step from a clause to a day as a sentence. Knows no phrase and no calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from ntm_workflow.domain.calendar import Why
from ntm_workflow.domain.days_told import VIETNAMESE_WEEKDAYS, tell_days
from ntm_workflow.domain.deadline import Recurrence, Relative, Step
from ntm_workflow.domain.spans import WEEKDAYS
from ntm_workflow.domain.values import UNKNOWN, Sentence


class Reason(msgspec.Struct, frozen=True):
    """One step of a derivation: what was done, the day it gave, and who says so.

    `grounds`, the days of the calendar that led there, are unset in steps that have none.
    """

    rule: str
    result: date | None = None
    authority: str | None = None
    grounds: tuple[Why, ...] | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def of(cls, step: Step, authority: str | None) -> Reason:
        return cls(step.rule, step.result, authority, step.grounds or msgspec.UNSET)


_RULES: Final[dict[str, tuple[str, str]]] = {
    "every_year": (
        "Hằng năm: lần này tính cho năm {result:%Y}",
        "Every year: this one is for {result:%Y}",
    ),
    "every_month": (
        "Hằng tháng; câu chữ không nêu ngày: {result}",
        "Every month; the words name no day: {result}",
    ),
    "every_day": ("Hằng ngày; lần này: {result}", "Every day; this time: {result}"),
    "every_week": (
        "Hằng tuần; câu chữ không nêu ngày: {result}",
        "Every week; the words name no day: {result}",
    ),
    "every_quarter": (
        "Hằng quý; câu chữ không nêu ngày: {result}",
        "Every quarter; the words name no day: {result}",
    ),
    "each_year": (
        "Hằng năm; câu chữ không nêu ngày hoặc chưa nêu năm: {result}",
        "Every year; the words name no day, or nobody told the year: {result}",
    ),
    "every_so_often": (
        "Định kỳ; câu chữ không nêu bao lâu một lần: {result}",
        "From time to time; the words do not say how often: {result}",
    ),
    "day_of_each": (
        "Lặp lại vào ngày câu chữ nêu; lần này: {result}",
        "Comes back on the day the words name; this time: {result}",
    ),
    "day_set": (
        "Câu chữ không nêu ngày; lấy ngày theo thiết lập: {result}",
        "The words name no day; the setting's is taken: {result}",
    ),
    "act_apart": (
        "Phần nói về việc phải làm không tính vào thời hạn; ngày lấy từ phần còn lại: {result}",
        "Words about what is to be done set no time; the day follows from the rest: {result}",
    ),
    "words_unread": (
        "Câu chữ không nêu ngày nào đọc được: {result}",
        "The words name no day that can be read: {result}",
    ),
    "no_day": ("Văn bản không nêu thời hạn: {result}", "The document names no day: {result}"),
    "plan_opens": (
        "Bắt đầu từ ngày đầu kỳ kế hoạch: {result}",
        "Open from the first day of the plan's period: {result}",
    ),
    "year_opens": (
        "Hồ sơ của năm nào làm từ đầu năm đó: {result}",
        "A dossier of a year is worked on from its first day: {result}",
    ),
    "its_period_opens": (
        "Việc lặp lại: mỗi lần bắt đầu từ đầu kỳ của nó, không sớm hơn ngày kế hoạch có hiệu lực: {result}",
        "What comes back opens with its week, month, quarter or year, not before the plan counts: {result}",
    ),
    "after_duty": (
        "Bắt đầu khi việc trước đó hết hạn: {result}",
        "Open when the duty before it is due: {result}",
    ),
    "kind_given": (
        "Câu chữ không nêu ngày; cách hiểu do người đọc văn bản nêu riêng: {result}",
        "The words name no day; how they are taken is a reader's word: {result}",
    ),
    "window_given": (
        "Ngày bắt đầu do người đọc văn bản nêu riêng: {result}",
        "The first day as a reader of the document gives it: {result}",
    ),
    "strict_given": (
        "Ngày theo nghĩa chặt do người đọc văn bản nêu riêng: {result}",
        "The strict day as a reader of the document gives it: {result}",
    ),
    "nominal_given": (
        "Ngày ghi lịch do người đọc văn bản nêu riêng: {result}",
        "The day noted down as a reader of the document gives it: {result}",
    ),
    "year_of_plan": (
        "Câu chữ không nêu năm, lấy năm của kế hoạch: {result:%Y}",
        "The words name no year, so the plan's is taken: {result:%Y}",
    ),
    "year_of_document": (
        "Câu chữ không nêu năm, lấy năm của văn bản: {result:%Y}",
        "The words name no year, so the letter's is taken: {result:%Y}",
    ),
    "counted_from_document": (
        "Tính từ ngày của văn bản: đến hết {result}",
        "Counted from the day of the document: to the end of {result}",
    ),
    "extended": (
        "Được gia hạn đến hết ngày {result}",
        "Extended to the end of {result}",
    ),
    "resumed": (
        "Hạn rơi vào lúc tạm dừng, tính vào ngày đầu tiên sau đó: {result}",
        "The deadline fell into a pause, so the first day after it counts: {result}",
    ),
    "day_named": ("Câu chữ nêu ngày {result}", "The words name {result}"),
    "month_named": ("Câu chữ nêu tháng {result:%m/%Y}", "The words name month {result:%m/%Y}"),
    "quarter_named": (
        "Câu chữ nêu quý bắt đầu ngày {result}",
        "The words name the quarter that starts on {result}",
    ),
    "year_named": ("Câu chữ nêu năm {result:%Y}", "The words name the year {result:%Y}"),
    "period_named": (
        "Câu chữ nêu một kỳ bắt đầu ngày {result}",
        "The words name a period that starts on {result}",
    ),
    "start_of_month": ("Đầu tháng là ngày {result}", "The start of a month is {result}"),
    "middle_of_month": ("Giữa tháng là ngày {result}", "The middle of a month is {result}"),
    "end_of_month": ("Cuối tháng là ngày {result}", "The end of a month is {result}"),
    "end_of_quarter": (
        "Cuối quý là ngày cuối cùng của quý: {result}",
        "The end of a quarter is its last day: {result}",
    ),
    "start_of_year": (
        "Luật gọi đầu năm là ngày 01/01; trong kế hoạch là những tháng đầu năm, lấy hết quý I: {result}",
        "The law calls 1 January the start of a year; plans mean its first months, so the first quarter: {result}",
    ),
    "middle_of_year": ("Giữa năm là ngày {result}", "The middle of a year is {result}"),
    "until_hour": (
        "Tính đến giờ được nêu của chính ngày {result}",
        "Up to the hour named, on {result} itself",
    ),
    "before_period": (
        "“Trước” một quý, một năm thì hết ngày liền trước: {result}",
        "Before a quarter or a year is the end of the day ahead of it: {result}",
    ),
    "before_day": (
        "“Trước ngày” hiểu chặt thì không kể ngày đó: hết ngày {result}",
        "Read strictly, “before” leaves that day out: the end of {result}",
    ),
    "before_month": (
        "“Trước tháng” hiểu chặt thì không kể tháng đó: hết ngày {result}",
        "Read strictly, “before” leaves that month out: the end of {result}",
    ),
    "nominal_day": (
        "Thường ghi lịch theo chính ngày được nêu: {result}",
        "Usually noted down as the day named: {result}",
    ),
    "nominal_month": (
        "Thường hiểu là trong tháng được nêu: hết ngày {result}",
        "Usually understood as within the month named: the end of {result}",
    ),
    "window_opens": ("Kỳ bắt đầu ngày {result}", "The period opens on {result}"),
    "period_ends": ("Kỳ kết thúc hết ngày {result}", "The period ends with {result}"),
    "up_to_day": ("Kể cả ngày được nêu: hết ngày {result}", "The day itself counts: {result}"),
    "up_to_month": ("Kể cả tháng được nêu: hết ngày {result}", "The month counts: {result}"),
    "up_to_quarter": ("Kể cả quý được nêu: hết ngày {result}", "The quarter counts: {result}"),
    "up_to_year": ("Kể cả năm được nêu: hết ngày {result}", "The year counts: {result}"),
    "up_to_period": ("Kể cả kỳ được nêu: hết ngày {result}", "The period counts: {result}"),
    "end_of_year": (
        "Cuối năm là ngày cuối cùng của tháng 12: {result}",
        "The end of a year is the last day of December: {result}",
    ),
    "event_awaited": (
        "Tính từ một sự kiện; chưa nêu ngày xảy ra: {result}",
        "Counted from an event; nobody told its day: {result}",
    ),
    "event_on": ("Sự kiện xảy ra ngày {result}", "The event happened on {result}"),
    "first_day_left_out": (
        "Ngày xảy ra sự kiện không tính, tính từ ngày tiếp theo: {result}",
        "The day of the event is not counted; the first one is {result}",
    ),
    "period_counted": (
        "Thời hạn kết thúc khi hết ngày {result}",
        "The period ends with the end of {result}",
    ),
    "month_lacks_day": (
        "Tháng ấy không có ngày tương ứng, lấy ngày cuối tháng: {result}",
        "That month lacks the day, so its last one is taken: {result}",
    ),
    "period_rolled": (
        "Ngày cuối của thời hạn là ngày nghỉ, kết thúc vào ngày làm việc tiếp theo: {result}",
        "The last day of the period is a day off; it ends on the next working day: {result}",
    ),
    "counted_back": (
        "Tính lùi từ ngày của sự kiện: hết ngày {result}",
        "Counted back from the day of the event: the end of {result}",
    ),
    "at_once": ("Phải làm ngay trong ngày {result}", "To be done on {result} itself"),
    "no_length": (
        "Câu chữ không nêu bao lâu sau sự kiện: {result}",
        "The words do not say how long after the event: {result}",
    ),
    "hours_from_moment": (
        "Tính bằng giờ, từ đúng lúc xảy ra sự kiện, không thành ngày: {result}",
        "Counted in hours from the very moment of the event, which gives no day: {result}",
    ),
    "act_by": (
        "Ngày làm việc cuối cùng còn kịp trên mọi cách hiểu: {result}",
        "The last working day in time on every reading: {result}",
    ),
    "boundary_strict": (
        "Tính đúng hạn theo cách hiểu chặt: đến hết ngày {result}",
        "In time by the strict reading: until the end of {result}",
    ),
    "boundary_nominal": (
        "Tính đúng hạn theo ngày thường ghi lịch: đến hết ngày {result}",
        "In time by the day usually noted down: until the end of {result}",
    ),
    "roll_none": (
        "Hạn không dời khi trùng ngày nghỉ: {result}",
        "A deadline on a day off stays: {result}",
    ),
    "roll_not_needed": ("Hạn trúng ngày làm việc: {result}", "A working day: {result}"),
    "roll_forward": (
        "Hạn trùng ngày nghỉ, dời đến ngày làm việc kế tiếp: {result}",
        "A day off, moved to the next working day: {result}",
    ),
    "roll_backward": (
        "Hạn trùng ngày nghỉ, lùi về ngày làm việc liền trước: {result}",
        "A day off, moved back to the working day before: {result}",
    ),
    "alternative": (
        "Điều kiện của hạn thứ hai đã xảy ra, nên tính theo hạn đó: {result}",
        "What the second deadline depends on holds, so that one counts: {result}",
    ),
    "entry_days": (
        "Việc làm đúng hạn còn được nhập sổ, chưa tính là chưa hoàn thành, đến hết ngày {result}",
        "What was done in time may still be typed, without a miss, to the end of {result}",
    ),
    "roll_into_pause": (
        "Hạn trùng ngày nghỉ, không lùi vì ngày làm việc liền trước còn trong lúc tạm dừng: {result}",
        "A day off, not moved back since the working day before lies in the pause: {result}",
    ),
}

#: Choices the law leaves open: a reader must see when no office has made them.
_TO_DECIDE: Final = frozenset(
    (
        *("boundary_strict", "boundary_nominal"),
        *("roll_none", "roll_forward", "roll_backward", "roll_into_pause"),
        *("entry_days", "day_set"),
    )
)
_UNDECIDED: Final = {"vi": "chưa có văn bản quyết định", "en": "not yet decided by any paper"}


def guessed(steps: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the day itself is a setting that no paper has decided: what comes back without a day.

    An extension sets another day, by a paper of its own.
    """
    undecided = False
    for step in steps:
        if step["rule"] in ("day_set", "extended"):
            undecided = not step.get("authority")
    return undecided


def explain(step: Step, lang: str) -> str:
    """The step as a sentence in `lang` (vi or en), with the days and the paper it rests on."""
    vi, en = _RULES[step.rule]
    said = Sentence(lang).format(en if lang == "en" else vi, result=step.result)
    if step.grounds:
        said = f"{said}; {tell_days(step.grounds, lang)}"
    undecided = _UNDECIDED["en" if lang == "en" else "vi"] if step.rule in _TO_DECIDE else None
    ground = step.authority or undecided
    return f"{said} ({ground})." if ground else f"{said}."


# --- what no single day says ---------------------------------------------------------------------

_FREQUENCIES: Final[dict[str | None, tuple[str, str]]] = {
    "daily": ("ngày", "day"),
    "weekly": ("tuần", "week"),
    "monthly": ("tháng", "month"),
    "quarterly": ("quý", "quarter"),
    "yearly": ("năm", "year"),
}
_WEEKDAYS: Final = dict(zip(WEEKDAYS, VIETNAMESE_WEEKDAYS, strict=True))
_UNITS: Final = {
    "hour": ("giờ", "hours"),
    "day": ("ngày", "days"),
    "working_day": ("ngày làm việc", "working days"),
    "week": ("tuần", "weeks"),
    "month": ("tháng", "months"),
    "year": ("năm", "years"),
}


def tell_recurrence(every: Recurrence, lang: str) -> str:
    """“hằng tháng, ngày 20”, “every month, on day 20”."""
    on = _day_told(every, lang)
    each = [_often(one, lang) for one in (every, *every.more)]
    return ", ".join(filter(None, (*each, on)))


def _often(every: Recurrence, lang: str) -> str:
    if every.freq is None:
        return "from time to time" if lang == "en" else "định kỳ"
    vi, en = _FREQUENCIES[every.freq]
    if every.interval > 1:
        return f"every {every.interval} {en}s" if lang == "en" else f"{every.interval} {vi} một lần"
    return f"every {en}" if lang == "en" else f"hằng {vi}"


def _day_told(every: Recurrence, lang: str) -> str:
    en = lang == "en"
    if every.weekday:
        return f"on {every.weekday}" if en else _WEEKDAYS[every.weekday]
    last = "the last day" if en else "ngày cuối"
    day = (
        ""
        if every.day is None
        else last
        if every.day == -1
        else f"{'day' if en else 'ngày'} {every.day}"
    )
    month = f"{'month' if en else 'tháng'} {every.month}" if every.month else ""
    inside = (
        (" of the quarter" if en else " của quý") if every.freq == "quarterly" and month else ""
    )
    return f"{' '.join(filter(None, (day, month)))}{inside}"


def tell_period(relative: Relative, lang: str) -> str:
    """“5 ngày làm việc kể từ ngày ký”, “5 working days from: ngày ký”; the event in its own words."""
    en, event = lang == "en", relative.from_ or UNKNOWN[lang]
    if relative.n is None or relative.unit is None:
        return f"after: {event}" if en else f"sau khi: {event}"
    length = f"{abs(relative.n)} {_UNITS[relative.unit][en]}"
    if relative.n < 0:
        return f"{length} before: {event}" if en else f"{length} trước: {event}"
    return f"{length} from: {event}" if en else f"{length} kể từ: {event}"
