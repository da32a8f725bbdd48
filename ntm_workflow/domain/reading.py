"""Finds in the words of a deadline the form they have, or says which words stand in the way.

The forms are in `phrases.py` and `periods.py`; the days that follow are `dates.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.deadline import Kind, Recurrence, Relative
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.periods import period
from ntm_workflow.domain.phrases import (
    ACT_AFTER,
    ACT_BEFORE,
    DAY_ALONE,
    EVERY_FIRST,
    RANGE,
    SPELLINGS,
    YEAR_ALONE,
    Spelling,
    bound,
    clock,
    meaning,
)
from ntm_workflow.domain.spans import PARTS_OF_MONTH, Build, Found, Impossible, number
from ntm_workflow.domain.values import UNSEEN, Word, nfc


class UnreadablePhrase(Refused):
    vi = "Không đọc được “{words}” trong thời hạn “{text}”.\n{hint}"
    en = "Cannot read “{words}” in the deadline “{text}”.\n{hint}"


_EXAMPLES: Final = Word(
    "Gõ như: “trước ngày 30/10/2024”, “trong quý I/2024”.",
    "Write it like “trước ngày 30/10/2024”, “trong quý I/2024”.",
)
_CONDITION_APART: Final = Word(
    "Đó là điều kiện, không phải thời hạn: ghi riêng thời hạn, điều kiện ghi vào nội dung nhiệm vụ.",
    "That is a condition, not a time: give the time alone, and the condition with what is to be done.",
)
_BOUND_MISSING: Final = Word(
    "Chưa nêu “trước”, “đến” hay “chậm nhất”: thêm vào trước ngày.",
    "It does not say “trước”, “đến” or “chậm nhất”: put one before the day.",
)
_ONE_AT_A_TIME: Final = Word(
    "Câu chữ nêu nhiều thời điểm, không rõ cái nào thay cái nào: ghi mỗi thời hạn một lần.",
    "The words name several times, and not which replaces which: give one deadline at a time.",
)


class ImpossibleDay(UnreadablePhrase):
    vi = "Không có “{words}” trong lịch (thời hạn “{text}”).\nXem lại văn bản gốc."
    en = "There is no “{words}” in the calendar (deadline “{text}”).\nCheck the original document."


class Said(NamedTuple):
    """The words as they were given, without marks around them, and in small letters for reading."""

    expression: str
    text: str
    words: str


class Reading(NamedTuple):
    """The form that was found: a time as it is spelt, and what its bound makes of it.

    `words` spell the time. `act` tells that words about what is to be done stood beside it;
    `first` begins a range.
    """

    said: Said
    spelling: Spelling
    found: Found
    kind: Kind
    build: Build
    words: str
    time: str | None = None
    act: bool = False
    first: Reading | None = None

    @property
    def yearly(self) -> bool:
        return bool(self.found.get("yearly"))

    @property
    def every(self) -> Recurrence | None:
        """What comes back, if the words say so."""
        if self.spelling.every:
            return self.spelling.every(self.found)
        if not self.yearly:
            return None
        month, day, part = (self.found.get(name) for name in ("month", "day", "part"))
        on = PARTS_OF_MONTH[part][1] if part else int(day) if day else None
        return Recurrence("yearly", month=number(month) if month else None, day=on)

    @property
    def as_written(self) -> str:
        """The words of the time as they stand in the text, with their capitals."""
        at = self.said.words.find(self.words)
        return self.said.text[at : at + len(self.words)] if at >= 0 else self.said.text


#: Letters a phrase may have; whatever is longer is a text with a deadline in it.
_MOST: Final = 300
_DASHES: Final = re.compile("[‐-―−]")
_AROUND: Final = " “”‘’\"'«».,;:!…*-+•()[]"


def said_of(expression: str) -> Said:
    # Text from a word processor holds marks nobody sees; a break that has no width parts words.
    seen = UNSEEN.sub("", expression.replace("\u200b", " "))
    text = _DASHES.sub("-", tidy(seen)).strip(_AROUND)
    words = text.lower()
    if len(words) != len(text):
        words = "".join(c if len(c.lower()) > 1 else c.lower() for c in text)
    return Said(nfc(expression), text, words)


#: “Báo cáo kết quả đến ngày …” may say up to when the figures go, and not when the report is due.
_DATA_UNTIL: Final = re.compile(
    r"(?:số liệu|kết quả|tình hình|tiến độ|khối lượng)(?: [^\s¦]+){0,4} \(?¦(?:cho |tính )?(?:đến|tới) "
)


def ways(said: Said) -> Iterator[tuple[str, str, bool]]:
    """The words whole, with “hằng …” moved behind, and without the act before or after them."""
    yield said.words, said.text, False
    if found := EVERY_FIRST.fullmatch(said.words):
        yield f"{found['rest']} {found['every']}", said.text, False
    before, after = ACT_BEFORE.match(said.words), ACT_AFTER.search(said.words)
    start, end = before.end() if before else 0, after.start() if after else len(said.words)
    if _DATA_UNTIL.search(f"{said.words[:start]}¦{said.words[start:]}"):
        return
    for a, b in ((start, len(said.words)), (0, end), (start, end)):
        if a < b and (a, b) != (0, len(said.words)):
            yield said.words[a:b], said.text[a:b], True


def read(said: Said) -> Reading | Relative | None:
    """The form that the words have: a time under its bound, or a period from an event."""
    if len(said.words) > _MOST:
        return None
    for words, text, act in ways(said):
        reading = _range(said, words, act=act) or spelt(said, words, act=act)
        if found := reading or period(words, text):
            return found
    return None


def spelt(said: Said, words: str, *, act: bool = False) -> Reading | None:
    name, at = bound(words)
    try:
        time, more = clock(words[at:])
    except Impossible:
        if period(words, words):
            return None
        raise ImpossibleDay(text=said.expression, words=said.text) from None
    rest = words[at + more :]
    for spelling in SPELLINGS:
        found = spelling.words.fullmatch(rest)
        if found is None:
            continue
        groups = found.groupdict()
        # A day that comes back needs no bound: nobody is told of a paper's date “hằng năm”.
        named = "label" if name == "bare" and groups.get("yearly") else name
        if meant := meaning(named, spelling.grain, time):
            return Reading(said, spelling, groups, *meant, rest, time, act)
    return None


#: Bounds that may stand before a range.
_OPEN: Final = ("bare", "label", "within")


def _range(said: Said, words: str, *, act: bool) -> Reading | None:
    if "từ " not in words:
        return None
    name, at = bound(words)
    ends = RANGE.fullmatch(words, at) if name in _OPEN else None
    last = ends and spelt(said, f"đến hết {_year_told(ends['last'])}", act=act)
    if not (ends and last):
        return None
    opening = _month_told(ends["first"], last)
    first = spelt(said, f"đến hết {opening}") or spelt(said, f"trong {opening}")
    if first is None or first.time or bool(first.spelling.every) != bool(last.spelling.every):
        return None
    return last._replace(first=first)


def _year_told(words: str) -> str:
    return f"năm {words}" if YEAR_ALONE.fullmatch(words) else words


def _month_told(words: str, last: Reading) -> str:
    """“Ngày 20” at the beginning of a range is a day of the month in which it ends."""
    if not DAY_ALONE.fullmatch(words):
        return words
    return f"{words} hằng tháng" if last.spelling.every else f"{words}/{last.found.get('month')}"


# --- what cannot be read ---------------------------------------------------------------------------

_SHORT_YEAR: Final = re.compile(r"[0-9] ?([/.-]) ?[0-9]{1,2} ?(\1 ?[0-9]{1,3})(?![0-9])")
_CONDITION: Final = re.compile(r"(?:nếu|khi|trừ|trường hợp|miễn là|với điều kiện|tùy|tuỳ)\b")
_JOINED: Final = re.compile(r"(?:(?:^| )(?:và|hoặc|hay|rồi)|[,;])$")
_JOINS: Final = re.compile(r"[,;][”\"’]?¦.|¦[”\"’ ]*(?:(?:và|hoặc|hay|rồi) |[,;/])")
#: Words a text may have for the readable part in it to be looked for.
_LONGEST: Final = 24


def refusal(said: Said) -> UnreadablePhrase:
    """Names what is left around the longest part that can be read."""
    if short := _SHORT_YEAR.search(said.text):
        return UnreadablePhrase(text=said.expression, words=short[2], hint=_EXAMPLES)
    days = (each.words for each in SPELLINGS if each.grain in ("day", "fraction"))
    if any(day.fullmatch(said.words) for day in days):
        return UnreadablePhrase(text=said.expression, words=said.text, hint=_BOUND_MISSING)
    before, part, after = _around(said)
    words = "”, “".join(filter(None, (before.strip(_AROUND), after.strip(_AROUND))))
    hint = _EXAMPLES
    if _CONDITION.match(after.lower()):
        hint = _CONDITION_APART
    elif part and (_JOINED.search(before.lower()) or _JOINS.search(f"{part}¦{after}".lower())):
        hint = _ONE_AT_A_TIME
    return UnreadablePhrase(text=said.expression, words=words or said.text, hint=hint)


def _around(said: Said) -> tuple[str, str, str]:
    """What stands before the longest readable part, the part, and what stands after it."""
    tokens = said.text.split(" ")
    sizes = range(len(tokens) - 1, 0, -1) if len(tokens) <= _LONGEST else ()
    for readable in (spelt, _period):
        for size in sizes:
            for at in range(len(tokens) - size + 1):
                part = said_of(" ".join(tokens[at : at + size]))
                if readable(part, part.words):
                    return " ".join(tokens[:at]), part.expression, " ".join(tokens[at + size :])
    return said.text, "", ""


def _period(said: Said, words: str) -> Relative | None:
    return period(words, said.text)
