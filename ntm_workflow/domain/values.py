"""Values that mean the same everywhere: folded names, đồng, days and sentences as people read them.

Knows no place, no rule and no input form: reading what people type is `inputs.py`.
"""

from __future__ import annotations

import re
import shlex
import string
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

#: Vietnam keeps UTC+7 all year, so no time zone database is needed to show an instant.
VIETNAM: Final = timezone(timedelta(hours=7))

UNKNOWN: Final = {"vi": "chưa rõ", "en": "unknown"}
NONE_OF_THEM: Final = {"vi": "không có", "en": "none"}
#: An unknown beginning is stored as the first day there is; nobody may ever read it as a date.
NO_DAY: Final = date.min

_TO_D: Final = str.maketrans("đðĐÐ", "dddd")
_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")


def nfc(text: str) -> str:
    """`text` in the one form we store; macOS and some web pages send another."""
    return unicodedata.normalize("NFC", text)


#: What Unicode lets a screen leave out (Default_Ignorable_Code_Point).
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def fold(name: str) -> str:
    """A search key without case, accents or punctuation: "Định Hoá" and "dinh hoa" are one.

    It may suggest and list, never choose: Tam Thanh and Tam Thành fold to the same key.
    """
    return _NOT_ALPHANUMERIC.sub(" ", name.translate(_BARE)).strip()


def without_marks(text: str) -> str:
    """The letters in lower case, and none of their marks."""
    # Decomposed before and after: some capitals only casefold once their marks stand apart.
    folded = unicodedata.normalize("NFD", text).casefold().translate(_TO_D)
    letters = (c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return "".join(letters)


class _Bare(dict[int, str]):
    """Each letter without its marks, found when it first comes: names are many and letters few."""

    def __missing__(self, point: int) -> str:
        self[point] = found = without_marks(chr(point))
        return found


_BARE: Final = _Bare()


# --- Vietnamese order --------------------------------------------------------------------------

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Private-use code points put the letters after digits and punctuation and keep the key a string,
# so that it can be stored in a column and compared by bytes.
_RANK: Final = {letter: chr(0xE000 + i) for i, letter in enumerate(_ALPHABET)}
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES: Final = frozenset("\u0306\u0302\u031b")


def collation_key(text: str) -> str:
    """A key whose order is the Vietnamese dictionary's: letters, then tones, then case.

    Letters run a ă â b c d đ e ê … o ô ơ … u ư; tones ngang, huyền, hỏi, ngã, sắc, nặng.
    """
    composed = nfc(text)
    parts = tuple([composed.translate(table) for table in _TABLES])
    return "\t".join(collation_parts(text) if _MARKED in parts[-1] else parts)


def collation_parts(text: str) -> tuple[str, str, str]:
    """The three parts of the key, mark by mark."""
    letters, tones, cases = [], [], []
    for base, marks in _clusters(text):
        lower = base.lower()
        shaped = nfc(lower + "".join(m for m in marks if m in _SHAPES))
        letters.append(_RANK.get(shaped) or _RANK.get(lower) or lower)
        tones.append(next((_TONES[m] for m in marks if m in _TONES), "0"))
        cases.append("1" if base != lower else "0")
    return "".join(letters), "".join(tones), "".join(cases)


#: Stands for what is not one letter with its own marks, and so must be read mark by mark.
_MARKED: Final = "?"


class _Table(dict[int, str]):
    """What each letter adds to one part of a key, found when it first comes: a long list is many letters."""

    def __init__(self, part: int) -> None:
        super().__init__()
        self.part = part

    def __missing__(self, point: int) -> str:
        parts = collation_parts(chr(point))
        self[point] = parts[self.part] if len(parts[-1]) == 1 else _MARKED
        return self[point]


_TABLES: Final = tuple(_Table(part) for part in range(3))


def _clusters(text: str) -> Iterator[tuple[str, str]]:
    """Each letter with the marks that stand on it."""
    base, marks = "", ""
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            marks += char
            continue
        if base:
            yield base, marks
        base, marks = char, ""
    if base:
        yield base, marks


# --- days and đồng as people read them ----------------------------------------------------------

_DONG: Final = "đồng"
_UNITS: Final = (
    (10**9, {"vi": "tỷ", "en": "billion"}),
    (10**6, {"vi": "triệu", "en": "million"}),
)


def format_date(day: date) -> str:
    """30/10/2024, in both languages: a month before its day would be misread here."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_dong(amount: int, lang: str = "vi") -> str:
    """Whole đồng in full: 1.500.000.000 đồng."""
    return f"{grouped(amount, lang)} {_DONG}"


def format_short(amount: int, lang: str = "vi") -> str:
    """1,5 tỷ đồng or 500 triệu đồng; never rounded, so in full when three decimals do not do."""
    for size, words in _UNITS:
        if abs(amount) >= size and amount % (size // 1000) == 0:
            return f"{_decimal(amount, size, lang)} {words[_known(lang)]} {_DONG}"
    return format_dong(amount, lang)


def format_number(stored: str, lang: str = "vi") -> str:
    """A stored decimal as its reader writes it: 1511461.13 as 1.511.461,13."""
    whole, _, decimals = stored.partition(".")
    point = "." if lang == "en" else ","
    shown = grouped(int(whole), lang)
    return f"{shown}{point}{decimals}" if decimals else shown


def _decimal(amount: int, size: int, lang: str) -> str:
    whole, rest = divmod(abs(amount), size)
    thousandths = f"{rest * 1000 // size:03d}".rstrip("0")
    point = "." if lang == "en" else ","
    shown = grouped(-whole if amount < 0 else whole, lang)
    return f"{shown}{point}{thousandths}" if thousandths else shown


def grouped(number: int, lang: str) -> str:
    # Each language keeps its own marks: "1,307 billion" would be read a thousand times too high.
    return f"{number:,}" if lang == "en" else f"{number:,}".replace(",", ".")


def _known(lang: str) -> str:
    return "en" if lang == "en" else "vi"


class Word(NamedTuple):
    """A word that a sentence shows in the language of its reader."""

    vi: str
    en: str


class Sentence(string.Formatter):
    """Fills a sentence's `{fields}` for a reader of `lang`; a field nobody gave is a KeyError.

    Days show as dd/mm/yyyy, instants in Vietnam's time, `{amount:dong}` as short exact money,
    `{item:arg}` as a shell takes it, `{source:word}` a code in words, `{known:choice}` code and words,
    `{value:number}` a stored decimal as people write it,
    lists with commas, and None or an untold beginning as "chưa rõ".
    """

    def __init__(self, lang: str) -> None:
        self.lang = _known(lang)

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or value == NO_DAY:
            return UNKNOWN[self.lang]
        if isinstance(value, Word):
            return value.en if self.lang == "en" else value.vi
        if value in ([], ()):
            return NONE_OF_THEM[self.lang]
        if isinstance(value, list | tuple):
            return ", ".join(self.format_field(each, format_spec) for each in value)
        if format_spec == "arg":
            return shlex.quote(str(value))
        if format_spec in ("word", "choice"):
            return self._code(str(value), format_spec)
        if format_spec == "number":
            return format_number(value, self.lang)
        if format_spec == "dong":
            return format_short(value, self.lang)
        if isinstance(value, date) and not format_spec:
            return moment(value) if isinstance(value, datetime) else format_date(value)
        return format(value, format_spec)

    def _code(self, code: str, shown: str) -> str:
        from ntm_workflow.domain.words import in_words

        said = self.format_field(in_words(code), "")
        return f"{code} ({said})" if shown == "choice" and said != code else said


#: A part of a template that is left out where what it says was not told: `<, tại {place}>`.
OPTIONAL: Final = re.compile(r"<([^<>]*)>")
_FIELD: Final = re.compile(r"\{(\w+)\b(?!:done)")


def what_is_told(template: str, fields: Mapping[str, Any]) -> str:
    """The template without the optional parts of which `fields` have nothing to tell."""

    def kept(part: re.Match[str]) -> str:
        told = (fields[name] for name in _FIELD.findall(part[1]))
        missing = any(value is False or value in (None, "", ()) for value in told)
        return "" if missing else part[1]

    return OPTIONAL.sub(kept, template)


def moment(instant: datetime) -> str:
    """30/10/2024 14:05, in Vietnam's time."""
    local = instant.astimezone(VIETNAM) if instant.tzinfo else instant
    return f"{format_date(local)} {local:%H:%M}"
