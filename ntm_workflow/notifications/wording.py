"""The tone of letters as one table: what a line asks, by what it tells and how strong its clause is.

Knows no template and no letter. A pair that is not in the table is never said: what a clause only
permits, considers or expects is nobody's duty, and only `must` is ever overdue, missed or climbs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from ntm_workflow.domain.spans import WEEKDAYS
from ntm_workflow.domain.values import format_date


class Said(NamedTuple):
    """A sentence in both languages; its `{fields}` are the pieces of `view.py`."""

    vi: str
    en: str

    def fill(self, lang: str, pieces: dict[str, str]) -> str:
        return (self.en if lang == "en" else self.vi).format_map(pieces)


Table = dict[tuple[str, str], Said]

MUST: Final = "must"
STRIVE: Final = "strive"
REQUESTED: Final = "requested"
ENCOURAGED: Final = "encouraged"
#: What a plan may ask of anybody.
DUTIES: Final = (MUST, STRIVE, REQUESTED, ENCOURAGED)
#: Nobody's duty, but a decision or a payment that is stopped may be about it.
LOOSE: Final = ("permitted", "considered", "expected")
ANY: Final = (*DUTIES, *LOOSE)


def _for(part: str, strengths: Iterable[str], vi: str, en: str) -> Table:
    return {(part, strength): Said(vi, en) for strength in strengths}


#: What a line asks of its reader. Every consequence a clause attaches stays out of letters.
ASKS: Final[Table] = {
    ("ahead", MUST): Said("Đề nghị hoàn thành {before}.", "Please complete this {before}."),
    ("ahead", STRIVE): Said("Mốc phấn đấu: {before}.", "Mark to strive for: {before}."),
    ("ahead", REQUESTED): Said(
        "Kính đề nghị thực hiện {before}.", "You are kindly asked to do this {before}."
    ),
    ("ahead", ENCOURAGED): Said(
        "Khuyến khích thực hiện {before}.", "You are encouraged to do this {before}."
    ),
    ("copy", MUST): Said(
        "Để biết: {owed_by} chủ trì, hoàn thành {before}.",
        "For information: {owed_by} leads, to be complete {before}.",
    ),
    ("copy", STRIVE): Said(
        "Để biết: {owed_by} chủ trì, mốc phấn đấu {before}.",
        "For information: {owed_by} leads, a mark to strive for {before}.",
    ),
    ("copy", REQUESTED): Said(
        "Để biết: {owed_by} chủ trì, được đề nghị thực hiện {before}.",
        "For information: {owed_by} leads, asked to do this {before}.",
    ),
    ("copy", ENCOURAGED): Said(
        "Để biết: {owed_by} chủ trì, được khuyến khích thực hiện {before}.",
        "For information: {owed_by} leads, encouraged to do this {before}.",
    ),
    **_for(
        "asked",
        (MUST, STRIVE, REQUESTED),
        "Đề nghị cho biết: đã nhận hay chưa nhận?",
        "Please tell us: received or not received?",
    ),
    ("after", MUST): Said(
        "Theo sổ theo dõi đã quá hạn {late}. Đề nghị hoàn thành.",
        "By the journal this is {late} overdue. Please complete it.",
    ),
    ("after", STRIVE): Said(
        "Mốc phấn đấu đã qua. Đề nghị tiếp tục phấn đấu và cho biết tiến độ.",
        "The mark has passed. Please keep striving for it and tell us how far it is.",
    ),
    ("after", REQUESTED): Said(
        "Kính đề nghị cho biết kết quả thực hiện.", "You are kindly asked to tell us the outcome."
    ),
    ("missed", MUST): Said(
        "{answered}Sổ theo dõi ghi quá hạn{since}. Đề nghị hoàn thành và gửi số, ngày văn bản.",
        "{answered}The journal has it overdue{since}. Please complete it and send the number and day of the paper.",
    ),
    ("climbed", MUST): Said(
        "{owed_by} chưa hoàn thành. {answered}Đã quá hạn {late}.",
        "{owed_by} has not completed this. {answered}It is {late} overdue.",
    ),
    **_for(
        "returned",
        ANY,
        "Hồ sơ được trả lại{on}{told}. Đề nghị bổ sung, hoàn thiện và trình lại.",
        "The dossier was returned{on}{told}. Please complete it and submit it again.",
    ),
    **_for(
        "to_stop",
        ANY,
        "Thuộc diện dừng giải ngân theo {clause}{on}{told}. Đề nghị dừng giải ngân cho đến khi có quyết định.",
        "Payments are to stop by {clause}{on}{told}. Please pay nothing more until there is a decision.",
    ),
    **_for("decided", ANY, "Đã có quyết định{on}{told}.", "Decided{on}{told}."),
    **_for("met", ANY, "Đã ghi nhận hoàn thành{on}.", "Recorded as done{on}."),
    # What these tell stands beside the line or above it.
    **_for("corrected", ANY, "", ""),
    **_for("no_address", ANY, "", ""),
}  # fmt: skip

#: The same, to a reader who stands above the office that sends.
UPWARD: Final[Table] = {
    ("ahead", MUST): Said(
        "Kính đề nghị thực hiện {before}.", "You are kindly asked to complete this {before}."
    ),
    **_for(
        "asked",
        (MUST, STRIVE, REQUESTED),
        "Kính đề nghị cho biết: đã nhận hay chưa nhận?",
        "You are kindly asked to tell us: received or not received?",
    ),
    ("after", MUST): Said(
        "Theo sổ theo dõi đã quá hạn {late}. Kính đề nghị cho biết kết quả thực hiện.",
        "By the journal this is {late} overdue. You are kindly asked to tell us the outcome.",
    ),
    ("after", STRIVE): Said(
        "Mốc phấn đấu đã qua. Kính đề nghị cho biết tiến độ.",
        "The mark has passed. You are kindly asked to tell us how far it is.",
    ),
}

#: What stands over the lines of one kind; the order is that of a letter.
HEADINGS: Final[Table] = {
    **_for("asked", ANY, "Đã nhận hay chưa nhận?", "Received or not received?"),
    ("missed", MUST): Said("Chưa hoàn thành, đã quá hạn", "Not complete, overdue"),
    ("climbed", MUST): Said("Chưa hoàn thành", "Not complete"),
    **_for("returned", ANY, "Hồ sơ được trả lại", "Dossiers returned"),
    **_for("to_stop", ANY, "Thuộc diện dừng giải ngân", "Payments to stop"),
    **_for("decided", ANY, "Đã có quyết định", "Decided"),
    **_for("corrected", ANY, "Thư ngày {wrong_day}: “{subject}”", "Letter of {wrong_day}: “{subject}”"),
    **_for("no_address", ANY, "{owed_by}", "{owed_by}"),
    ("after", MUST): Said("Quá hạn", "Overdue"),
    ("after", STRIVE): Said("Đã qua mốc phấn đấu", "Marks that have passed"),
    ("after", REQUESTED): Said("Chờ cho biết kết quả", "Outcome awaited"),
    **_for("ahead", ANY, "Sắp đến ngày", "Ahead"),
    **_for("copy", ANY, "Phối hợp – để biết", "Joint work, for information"),
    **_for("met", ANY, "Đã hoàn thành", "Done"),
}  # fmt: skip
#: The place of a heading in a letter.
RANK: Final = {said: rank for rank, said in enumerate(dict.fromkeys(HEADINGS.values()))}

_DONE: Final = Said(
    "Nếu việc đã hoàn thành mà thư vẫn nhắc, tức là việc ấy chưa được ghi vào sổ theo dõi: {please} gửi số và ngày văn bản cho {desk}.",
    "What is done and still named here has not been recorded: please send the number and day of the paper to {desk}.",
)
#: How people answer the lines of one kind.
ANSWERS: Final[dict[str, Said]] = {
    "asked": Said(
        "{Please} trả lời từng việc cho {desk}: “đã nhận ngày … số …” hoặc “chưa nhận”. Nhận đúng ngày mà ghi sổ sau vẫn được tính là đúng ngày.",
        "Please answer each to {desk}: “received on … number …” or “not received”. What came in time counts as in time, even when it is recorded later.",
    ),
    "missed": _DONE,
    "climbed": Said(
        "Nếu đã hoàn thành hoặc đã nhận, {please} cho {desk} biết ngày và số văn bản.",
        "If it is complete or was received, please tell {desk} the day and number of the paper.",
    ),
    "returned": Said(
        "Khi trình lại, {please} cho {desk} biết số và ngày văn bản.",
        "When it is submitted again, please tell {desk} the number and day of the paper.",
    ),
    "to_stop": Said(
        "Khoản đã chi trước khi nhận thư này: {please} gửi ngày và số chứng từ cho {desk}.",
        "What was paid before this letter came: please send its day and number to {desk}.",
    ),
    "decided": Said(
        "Nội dung nào chưa đúng, {please} cho {desk} biết.",
        "If anything is wrong here, please tell {desk}.",
    ),
    "corrected": Said(
        "Nội dung nào còn chưa đúng, {please} cho {desk} biết.",
        "If anything is still wrong, please tell {desk}.",
    ),
    "no_address": Said("Ghi địa chỉ bằng lệnh:", "Record an address:"),
    "after": _DONE,
    "ahead": _DONE,
    "copy": Said("Để biết và phối hợp, không phải trả lời.", "For information; no answer needed."),
    "met": Said("", ""),
}

#: What a subject counts, by part and strength; lines ahead by whether they are within a week.
COUNTED: Final[Table] = {
    **_for("asked", ANY, "{n} việc cần xác nhận", "{n} to confirm"),
    ("missed", MUST): Said("{n} việc chưa hoàn thành", "{n} not complete"),
    ("climbed", MUST): Said("{n} việc chưa hoàn thành", "{n} not complete"),
    **_for("returned", ANY, "{n} hồ sơ trả lại", "{n} returned"),
    **_for("to_stop", ANY, "{n} nội dung dừng giải ngân", "{n} to stop"),
    **_for("decided", ANY, "{n} việc đã quyết định", "{n} decided"),
    **_for("corrected", ANY, "{n} nội dung đính chính", "{n} corrected"),
    **_for("no_address", ANY, "{n} việc chờ địa chỉ", "{n} waiting for an address"),
    ("after", MUST): Said("{n} việc quá hạn", "{n} overdue"),
    ("after", STRIVE): Said("{n} mốc phấn đấu đã qua", "{n} past their mark"),
    ("after", REQUESTED): Said("{n} việc chờ kết quả", "{n} awaiting an outcome"),
    ("soon", MUST): Said("{n} việc đến hạn trong 7 ngày", "{n} due within 7 days"),
    ("soon", STRIVE): Said("{n} mốc phấn đấu trong 7 ngày", "{n} to strive for within 7 days"),
    ("soon", REQUESTED): Said("{n} việc đề nghị trong 7 ngày", "{n} requested within 7 days"),
    **_for("ahead", ANY, "{n} việc sắp đến ngày", "{n} ahead"),
    **_for("soon", (ENCOURAGED,), "{n} việc khuyến khích", "{n} encouraged"),
    **_for("copy", ANY, "{n} việc phối hợp", "{n} joint"),
    **_for("met", ANY, "{n} việc đã hoàn thành", "{n} done"),
}
AND_OTHERS: Final = Said(" và {n} việc khác", " and {n} more")
MATTERS: Final = Said("{n} việc", "{n} matters")

#: What a month's numbers are called. A number of none is left out: nobody reads of what is not there.
TALLIES: Final[dict[str, Said]] = {
    "met": Said("Hoàn thành đúng hạn", "Done in time"),
    "met_late": Said("Hoàn thành sau hạn", "Done after the day"),
    "open": Said("Đang thực hiện", "Under way"),
    "overdue": Said("Quá hạn", "Overdue"),
    "behind": Said("Mốc phấn đấu đã qua", "Marks that have passed"),
}

#: The day people note down, in words short enough to stand beside the last working day.
DUE: Final[dict[str, Said]] = {
    MUST: Said("Đến hạn", "Due"),
    STRIVE: Said("Mốc", "Mark"),
    REQUESTED: Said("Đề nghị", "Asked for"),
}
NAMED: Final = Said("Được nêu", "Named")

NOTICE: Final = Said(
    "Thư nhắc việc tự động, không thay thế văn bản chỉ đạo.",
    "An automatic reminder; it replaces no official document.",
)
SAMPLE: Final = Said(
    "THƯ MẪU: lập từ sổ diễn tập để xem thử, không phải việc thật, không cần thực hiện hay trả lời.",
    "SAMPLE LETTER: written from a rehearsal to look at; nothing in it is real, nothing is to be done or answered.",
)
SAMPLE_MARK: Final = Said("[MẪU] ", "[SAMPLE] ")
REPORT: Final = Said(
    "Kính báo cáo quý cơ quan: tính đến {day}", "We respectfully report: as of {day}"
)
#: What a letter to a higher office must say, in small letters.
REPORTING: Final = {"vi": "kính báo cáo", "en": "respectfully report"}
AS_OF: Final = Said("Tính đến {day}", "As of {day}")

#: Pieces of sentences; see `view.py`.
BEFORE: Final = Said("trước ngày {day}", "before {day}")
NO_DAY_NAMED: Final = Said("(văn bản không nêu ngày)", "(the document names no day)")
ON: Final = Said(" ngày {day}", " on {day}")
SINCE: Final = Said(" từ ngày {day}", " since {day}")
#: What the desk that should have received it answered; nothing where there is none.
DENIED: Final = Said(
    "{receiver} xác nhận chưa nhận. ", "{receiver} confirms that it was not received. "
)
UNANSWERED: Final = Said(
    "{receiver} chưa trả lời là đã nhận. ", "{receiver} has not answered that it was received. "
)
RECEIVER: Final = Said("Đơn vị nhận ({name})", "The receiving office ({name})")
RECEIVER_UNNAMED: Final = Said("Đơn vị nhận", "The receiving office")
PLEASE: Final = Said("đề nghị", "please")
PLEASE_UPWARD: Final = Said("kính đề nghị", "please")
KEEPER: Final = Said("người phụ trách sổ theo dõi", "whoever keeps the journal")
MONTH: Final = Said("tháng {month}", "{month}")
PERIOD: Final = Said("từ ngày {since} đến ngày {until}", "from {since} to {until}")

#: What no letter names, whatever stands in a plan: consequences, threats, and what belongs to a
#: signed document. Data of a plan, such as a title, is not the letter's own word and may hold them.
NEVER: Final[dict[str, tuple[str, ...]]] = {
    "vi": (
        *("kiểm điểm", "trách nhiệm", "xử lý", "xử phạt", "kỷ luật", "phê bình", "thu hồi"),
        *("bãi bỏ", "vi phạm", "chậm trễ", "cộng hòa xã hội", "nơi nhận", "ký bởi", "đã ký"),
    ),
    "en": (
        *("violat", "breach", "disciplin", "responsib", "withdraw", "revok", "penalt", "punish"),
        *("sanction", "critici", "socialist republic", "signed by"),
    ),
}
#: What only a line of strength `must` may say.
ONLY_MUST: Final[dict[str, tuple[str, ...]]] = {
    "vi": ("quá hạn", "trễ hạn", "chậm hạn"),
    "en": ("overdue", "missed", " late "),
}
_NUMBERED: Final = re.compile(r"^\s*(?:số|no\.|number)\s*:", re.IGNORECASE | re.MULTILINE)
_DAYS_PAST: Final = re.compile(r"quá \d+ ngày", re.IGNORECASE)


def never_said(text: str, lang: str) -> str:
    """The first thing in a letter that no letter may say; "" without any."""
    small = text.lower()
    number = _NUMBERED.search(text)
    words = (word for word in NEVER[lang] if word in small)
    return number[0].strip() if number else next(words, "")


def said_of_must_alone(text: str, lang: str) -> str:
    """The first thing that may be said only of a duty that binds; "" without any."""
    small = text.lower()
    past = _DAYS_PAST.search(text)
    words = (word.strip() for word in ONLY_MUST[lang] if word in small)
    return past[0] if past else next(words, "")


# --- days ----------------------------------------------------------------------------------------

#: Monday first, as offices write them beside a date.
_WEEKDAYS: Final = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": WEEKDAYS,
}


@lru_cache(maxsize=4096)
def long_day(day: date, lang: str) -> str:
    """thứ Tư, 30/10/2024; Wednesday, 30/10/2024."""
    return f"{_WEEKDAYS[lang][day.weekday()]}, {format_date(day)}"


def ahead(days: int, lang: str) -> str:
    """How far a day lies ahead, in words."""
    if days < 2:
        return (("hôm nay", "today"), ("ngày mai", "tomorrow"))[days][lang == "en"]
    return f"{days} days left" if lang == "en" else f"còn {days} ngày"


def days_long(days: int, lang: str) -> str:
    """3 ngày; 3 days, 1 day."""
    if lang != "en":
        return f"{days} ngày"
    return "1 day" if days == 1 else f"{days} days"


def late(days: int, strength: str, lang: str) -> str:
    """How far a day lies behind, as the strength of its clause lets a letter say it."""
    length = days_long(days, lang)
    if strength == MUST:
        return f"{length} overdue" if lang == "en" else f"quá {length}"
    if strength == STRIVE:
        return f"{length} after the mark" if lang == "en" else f"sau mốc {length}"
    return ""


def period(since: date, until: date, lang: str) -> str:
    """tháng 10/2024 for a whole month, else its first and last day."""
    next_month = (since.replace(day=1) + timedelta(days=31)).replace(day=1)
    if since.day == 1 and until == next_month - timedelta(days=1):
        return MONTH.fill(lang, {"month": f"{since:%m/%Y}"})
    return PERIOD.fill(lang, {"since": format_date(since), "until": format_date(until)})
