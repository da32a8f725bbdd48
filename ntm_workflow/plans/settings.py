"""What plans leave to an office, in words: each setting, its choices, and whether a paper decides it."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from ntm_workflow.domain.plan import MoneySettings, Reminders, Settings
from ntm_workflow.domain.values import Sentence, Word

NAMES = {
    "boundary": Word("cách hiểu “trước ngày”", "how “before” is read"),
    "weekend": Word("hạn trùng ngày nghỉ", "deadlines on days off"),
    "counted": Word("ngày được tính của hồ sơ", "which date of a dossier counts"),
    "entry_days": Word(
        "số ngày làm việc còn được nhập việc đã làm đúng hạn",
        "working days for typing what was done in time",
    ),
    "report_day": Word(
        "hạn của việc định kỳ không nêu ngày", "when what comes back and names no day is due"
    ),
    "money": Word("cách hiểu quy tắc vốn", "how the money rules are read"),
    "reminders": Word("nhắc việc", "reminders"),
}
CHOICES = {
    "boundary": {
        "strict": Word("từ chính ngày đó đã là quá hạn", "overdue from that very day"),
        "nominal": Word("hết ngày đó mới quá hạn", "overdue after that day"),
    },
    "weekend": {
        "none": Word("giữ nguyên", "not moved"),
        "forward": Word("dời sang ngày làm việc sau", "moved to the next working day"),
        "backward": Word("dời về ngày làm việc trước", "moved to the working day before"),
    },
    "counted": {
        "document_on": Word("ngày của văn bản", "the document's date"),
        "sent_on": Word("ngày gửi", "the day it was sent"),
        "received_on": Word("ngày nhận", "the day it was received"),
    },
}
#: Settings that are a number, and the least and the most they may be.
NUMBERS = {"entry_days": (0, 60), "report_day": (1, 31)}
#: The same of the reminders, and whether they climb.
REMINDER_NUMBERS = {
    "after_days": (1, 60),
    "confirm_days": (0, 30),
    "climb_days": (0, 30),
    "snooze_days": (1, 366),
    "dispute_days": (1, 366),
}
RUNGS = (0, 366)
CLIMBS = ("line", "none")
#: How reminders are told: on days before the last one to act, and on that day, or not; after a miss.
_AHEAD = {
    (True, True): (
        "trước hạn {ahead} ngày và trong ngày cuối",
        "{ahead} days ahead and on the day",
    ),
    (True, False): ("trước hạn {ahead} ngày", "{ahead} days ahead"),
    (False, True): ("chỉ trong ngày cuối", "on the day only"),
    (False, False): ("không nhắc trước hạn", "nothing ahead"),
}
_AFTER = (
    "quá hạn: hỏi nơi nhận, sau {confirm_days} ngày làm việc báo đơn vị, rồi {after_days} ngày một lần",
    "after a miss the desk is asked, {confirm_days} working days later the unit is told, then every {after_days} days",
)
_UPWARD = {
    "line": (
        "báo lên theo tuyến của kế hoạch, mỗi cấp sau {climb_days} ngày làm việc",
        "up the plan's own line, each level after {climb_days} working days",
    ),
    "none": ("không báo lên", "never further up"),
}
_PUT_OFF = (
    "tạm ngừng nhắc nhiều nhất {snooze_days} ngày, hoãn báo lên khi có ý kiến khác nhiều nhất {dispute_days} ngày",
    "put off for {snooze_days} days at most, a dispute holds the way up for {dispute_days} at most",
)
#: What may be paid of a work whose counterpart plan is nothing.
NO_COUNTERPART = {
    "ask": Word("không xác định, hỏi người có thẩm quyền", "undetermined, a person decides"),
    "all": Word("không giới hạn", "not limited"),
    "nothing": Word("không chi", "nothing is paid"),
}
_MONEY = (
    "chi vốn của năm đến hết {cut_off} năm sau; tạm ứng {advances}; vốn năm trước {again}; chưa có vốn đối ứng: {no_counterpart}",
    "a year's money is paid until {cut_off} of the next; an advance {advances}; earlier years' money {again}; no counterpart: {no_counterpart}",
)
_ADVANCES = {
    True: Word("là đã giải ngân", "is a disbursement"),
    False: Word("chưa phải là giải ngân", "is no disbursement"),
}
_AGAIN = {
    True: Word("rà soát lại hằng năm", "is looked at again every year"),
    False: Word("không rà soát lại", "is not looked at again"),
}
_LAST_DAY = Word("ngày cuối của tháng, quý, năm", "the last day of its month, quarter or year")
_OPEN = Word(
    "{name}: {value} (chưa có văn bản quyết định)", "{name}: {value} (no paper decides it)"
)
_DECIDED = Word("{name}: {value}", "{name}: {value}")


def said(settings: Settings, lang: str) -> list[str]:
    """Each setting as it is in force, a line each."""
    lines = []
    for name in NAMES:
        shape = _OPEN if name in settings.flagged else _DECIDED
        text = shape.en if lang == "en" else shape.vi
        value = chosen(name, getattr(settings, name))
        lines.append(Sentence(lang).format(text, name=NAMES[name], value=value))
    return lines


def chosen(name: str, value: Any) -> Any:
    """What is chosen for a setting, in words where it is no plain number."""
    if name in CHOICES:
        return CHOICES[name][value]
    if isinstance(value, Reminders):
        return _reminders(value)
    if isinstance(value, MoneySettings):
        return _money(value)
    if name != "report_day":
        return value
    if value is None:
        return _LAST_DAY
    return Word(f"ngày {value} của tháng cuối kỳ", f"day {value} of the month it ends with")


def _reminders(said: Reminders) -> Word:
    facts = {**structs.asdict(said), "ahead": sorted({*said.rungs} - {0}, reverse=True)}
    texts = (_ahead(said), _AFTER, _UPWARD[said.climbs], _PUT_OFF)
    told = {
        lang: "; ".join(Sentence(lang).format(each[n], **facts) for each in texts)
        for n, lang in enumerate(("vi", "en"))
    }
    return Word(**told)


def _money(said: MoneySettings) -> Word:
    facts = {
        "cut_off": said.cut_off,
        "advances": _ADVANCES[said.advances_count],
        "again": _AGAIN[said.again],
        "no_counterpart": NO_COUNTERPART[said.no_counterpart],
    }
    told = (Sentence(lang).format(_MONEY[n], **facts) for n, lang in enumerate(("vi", "en")))
    return Word(*told)


def _ahead(said: Reminders) -> tuple[str, str]:
    return _AHEAD[bool({*said.rungs} - {0}), 0 in said.rungs]
