"""What plans leave to an office, in words: each setting, its choices, and whether a paper decides it."""

from __future__ import annotations

from typing import Any

from ntm_workflow.domain.plan import Reminders, Settings
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
    if name != "report_day":
        return value
    if value is None:
        return _LAST_DAY
    return Word(f"ngày {value} của tháng cuối kỳ", f"day {value} of the month it ends with")


def _reminders(said: Reminders) -> Word:
    rungs = ", ".join(str(rung) for rung in said.rungs) or "–"
    days = (said.confirm_days, said.after_days)
    return Word(
        "trước {} ngày; quá hạn thì hỏi nơi nhận, chờ {} ngày làm việc, rồi {} ngày một lần; {}".format(
            rungs,
            *days,
            "báo lên theo tuyến của kế hoạch" if said.climbs == "line" else "không báo lên",
        ),
        "{} days ahead; after a miss the desk has {} working days, then every {} days; {}".format(
            rungs,
            *days,
            "climbing the plan's own line" if said.climbs == "line" else "never climbing",
        ),
    )
