"""Days of the calendar in words: why each is off or worked. Knows no deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Final

from ntm_workflow.domain.calendar import Why
from ntm_workflow.domain.spans import WEEKDAYS
from ntm_workflow.domain.values import Sentence, format_date

#: Monday first, as in `WEEKDAYS`.
VIETNAMESE_WEEKDAYS: Final = (
    *("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
)
_TOLD: Final[dict[str, tuple[str, str]]] = {
    "usual": ("{days} là ngày làm việc ({weekday})", "{days} is a working day ({weekday})"),
    "weekend": ("{days} là {weekday}", "{days} is a {weekday}"),
    "holiday": ("{days} nghỉ lễ, tết: {name}", "{days}: public holiday, {name}"),
    "off": ("{days} nghỉ theo {name}", "{days}: off, by {name}"),
    "worked": ("{days} làm việc theo {name}", "{days}: worked, by {name}"),
    "made_up": ("{days} là ngày làm bù", "{days}: worked in place of another day"),
}


def tell_days(grounds: Iterable[Why], lang: str) -> str:
    """“31/08/2024 là thứ bảy; 02/09/2024–03/09/2024 nghỉ lễ, tết: Quốc khánh”.

    Days with one reason are told together.
    """
    return "; ".join(_told(list(run), lang) for _, run in groupby(grounds, _reason))


def _reason(why: Why) -> tuple[object, ...]:
    # Saturday and Sunday are two reasons: each is told by its name.
    return why.kind, why.name, why.day if why.kind == "weekend" else None


def _told(run: list[Why], lang: str) -> str:
    first, last = run[0], run[-1]
    days = "–".join(dict.fromkeys(format_date(why.day) for why in (first, last)))
    shape = _TOLD[first.kind][lang == "en"]
    named = {"weekday": weekday(first.day, lang), "name": first.name}
    return Sentence(lang).format(shape, days=days, **named)


def weekday(day: date, lang: str) -> str:
    return (WEEKDAYS if lang == "en" else VIETNAMESE_WEEKDAYS)[day.weekday()]
