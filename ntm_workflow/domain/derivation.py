"""Derivations in words: each step from a clause to a day as a sentence. Knows no phrase and no calendar."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from ntm_workflow.domain.dates import Step
from ntm_workflow.domain.values import Sentence


class Reason(msgspec.Struct, frozen=True):
    """One step of a derivation: what was done, the day it gave, and who says so."""

    rule: str
    result: date | None = None
    authority: str | None = None


_RULES: Final[dict[str, tuple[str, str]]] = {
    "every_year": (
        "Hằng năm: lần này tính cho năm {result:%Y}",
        "Every year: this one is for {result:%Y}",
    ),
    "every_month": (
        "Hằng tháng; câu chữ không nêu ngày: {result}",
        "Every month; the words name no day: {result}",
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
    "after_duty": (
        "Bắt đầu khi việc trước đó hết hạn: {result}",
        "Open when the duty before it is due: {result}",
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
    "end_of_year": (
        "Cuối năm là ngày cuối cùng của tháng 12: {result}",
        "The end of a year is the last day of December: {result}",
    ),
    "act_by": (
        "Ngày làm việc cuối cùng còn kịp trên mọi cách hiểu: {result}",
        "The last working day in time on every reading: {result}",
    ),
    "boundary_strict": (
        "Tính quá hạn theo cách hiểu chặt: sau ngày {result}",
        "Overdue by the strict reading: after {result}",
    ),
    "boundary_nominal": (
        "Tính quá hạn theo ngày thường ghi lịch: sau ngày {result}",
        "Overdue by the day usually noted down: after {result}",
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
    )
)
_UNDECIDED: Final = {"vi": "chưa có văn bản quyết định", "en": "not yet decided by any paper"}


def explain(step: Step, lang: str) -> str:
    """The step as a sentence in `lang` (vi or en), with the paper it rests on."""
    vi, en = _RULES[step.rule]
    said = Sentence(lang).format(en if lang == "en" else vi, result=step.result)
    undecided = _UNDECIDED["en" if lang == "en" else "vi"] if step.rule in _TO_DECIDE else None
    ground = step.authority or undecided
    return f"{said} ({ground})." if ground else f"{said}."
