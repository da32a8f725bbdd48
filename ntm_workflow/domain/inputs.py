"""Reads the days and the money people type, strictly, and says why when it cannot.

Knows no clause and no calendar; the phrases of plans are read by `dates.py`.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import ClassVar, Final, NoReturn

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import UNSEEN, format_date, format_dong, format_short, nfc

#: Years a paper of this programme can carry; outside them a digit was mistyped.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

#: More than the whole programme will ever spend: a unit was mistaken (đồng).
LARGEST_AMOUNT: Final = 10**16


def tidy(text: str) -> str:
    """`text` in NFC with every run of spaces as one plain space."""
    return " ".join(nfc(text).split())


def _bare(text: str) -> str:
    """A day or number as it is read: what nobody sees around it means nothing."""
    return tidy(UNSEEN.sub("", text))


class UnreadableText(Refused):
    exit_code: ClassVar[int] = 2
    vi = "{field}“{text}” có ký tự không đọc được (mã điều khiển hoặc sai bảng mã: {point}).\nGõ lại bằng chữ thường, mã UTF-8."
    en = "{field}“{text}” holds characters that cannot be read (control codes or a wrong encoding: {point}).\nType it again in plain UTF-8."


class TurnedText(UnreadableText):
    vi = "{field}“{text}” có ký tự đổi hướng chữ ({point}): chữ nhìn thấy khác chữ được ghi.\nGõ lại, không dán."
    en = "{field}“{text}” holds a character that turns the direction of text ({point}): what is seen is not what is recorded.\nType it again, do not paste it."


class UnseenText(UnreadableText):
    vi = "{field}“{text}” có ký tự không nhìn thấy được ({point}), nên trông giống chữ khác.\nGõ lại, không dán."
    en = "{field}“{text}” holds an invisible character ({point}), so it looks like another text.\nType it again, do not paste it."


class EmptyText(Refused):
    exit_code: ClassVar[int] = 2
    vi = "Có một mục để trống.\nBỏ hẳn mục đó, hoặc gõ nội dung."
    en = "Something was given as nothing.\nLeave it out, or say what it is."


#: Marks by which a text is shown in another order than it is stored (Unicode Bidi_Control).
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CLASSES: Final = {"Cc": UnreadableText, "Cs": UnreadableText, "Cf": UnseenText}


def readable(text: str, field: str = "") -> str:
    """`text`, refused if empty or if somebody would not see what it holds; `field` is what it was typed for."""
    if not text.strip():
        raise EmptyText
    if refusal := unreadable(text, field):
        raise refusal
    return text


def unreadable(text: str, field: str = "") -> Refused | None:
    """Why nobody can read `text` as it is: its first odd character by code point."""
    if text.isprintable() and not UNSEEN.search(text):
        return None
    for char in text:
        if kind := _odd(char):
            shown = "".join("�" if _odd(c) else c for c in text)
            named = f"{field}: " if field else ""
            return kind(text=shown, point=f"U+{ord(char):04X}", field=named)
    return None


def _odd(char: str) -> type[UnreadableText] | None:
    if char in "\n\t":
        return None
    if _TURNS.match(char):
        return TurnedText
    return UnseenText if UNSEEN.match(char) else _CLASSES.get(unicodedata.category(char))


class NobodyNamed(Refused):
    exit_code: ClassVar[int] = 2
    vi = "Người gõ để trống (--by hoặc NTM_BY).\nNêu tên, hoặc bỏ hẳn: khi đó là tên đăng nhập."
    en = "Who types was given as nothing (--by or NTM_BY).\nGive a name, or leave it out: then it is the login name."


def declared(name: str) -> str:
    """The name of whoever types in NFC; refused if it holds what nobody sees: two that look alike are one."""
    if not any(map(str.isalnum, name)):
        raise NobodyNamed
    return nfc(readable(name, "--by"))


# --- days ---------------------------------------------------------------------------------------


class UnreadableDate(Refused):
    exit_code: ClassVar[int] = 2
    vi = "Không đọc được ngày “{text}”.\nGõ ngày/tháng/năm: {example}"
    en = "Cannot read the date “{text}”.\nType day/month/year: {example}"


class NoSuchMonth(UnreadableDate):
    vi = (
        "Không đọc được ngày “{text}”: tháng {month}? Ngày đứng trước, tháng đứng sau.\n"
        "Gõ ngày/tháng/năm: {example}"
    )
    en = (
        "Cannot read the date “{text}”: month {month}? The day comes first, then the month.\n"
        "Type day/month/year: {example}"
    )


class NoSuchDay(UnreadableDate):
    vi = (
        "Không có ngày “{text}”: tháng {month} năm {year} có {days} ngày.\n"
        "Gõ ngày/tháng/năm: {example}"
    )
    en = (
        "There is no day “{text}”: month {month} of {year} has {days} days.\n"
        "Type day/month/year: {example}"
    )


class ShortYear(UnreadableDate):
    vi = "Năm trong “{text}” phải đủ bốn chữ số.\nGõ ngày/tháng/năm: {example}"
    en = "The year in “{text}” needs all four digits.\nType day/month/year: {example}"


class MissingYear(UnreadableDate):
    vi = "Ngày “{text}” chưa có năm.\nGõ ngày/tháng/năm: {example}"
    en = "The date “{text}” has no year.\nType day/month/year: {example}"


class YearOutOfRange(UnreadableDate):
    vi = "Năm {year} trong “{text}” có lẽ gõ nhầm.\nGõ ngày/tháng/năm: {example}"
    en = "The year {year} in “{text}” looks mistyped.\nType day/month/year: {example}"


class BackwardsRange(Refused):
    exit_code: ClassVar[int] = 2
    vi = "Khoảng kết thúc ({last}) trước khi bắt đầu ({first}).\nĐổi chỗ hai đầu."
    en = "The range ends ({last}) before it begins ({first}).\nSwap its ends."


def checked_range(first: date | int | None, last: date | int | None) -> None:
    """Refuse a range of days or of entries that ends before it begins; an open end is no mistake."""
    if first and last and last < first:  # type: ignore[operator]
        raise BackwardsRange(first=first, last=last)


_DAY_FIRST: Final = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2} ?([/.-]) ?[0-9]{1,2} ?\1 ?[0-9]{1,3}")
_NO_YEAR: Final = re.compile(r"[0-9]{1,2} ?[/.-] ?[0-9]{1,2}")


def read_date(text: str, today: date | None = None) -> date:
    """The day meant by 30/10/2024, 5-10-2024, 30.10.2024 or 2024-10-30; nothing else.

    `today` only supplies the example a refusal shows. Raises UnreadableDate.
    """
    shown = _bare(text)
    example = format_date(today or date(2024, 10, 30))
    if match := _DAY_FIRST.fullmatch(shown):
        day, _, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(shown):
        year, month, day = match.groups()
    else:
        _refuse_shape(shown, example)
    return checked_day(int(year), int(month), int(day), shown, example)


def checked_day(year: int, month: int, day: int, text: str, example: str = "30/10/2024") -> date:
    """The day, or the refusal that names the part that cannot be. `text` is what was typed."""
    if not 1 <= month <= 12:
        raise NoSuchMonth(text=text, month=month, example=example)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearOutOfRange(text=text, year=year, example=example)
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise NoSuchDay(text=text, month=month, year=year, days=days, example=example)
    return date(year, month, day)


def _refuse_shape(text: str, example: str) -> NoReturn:
    if _SHORT_YEAR.fullmatch(text):
        raise ShortYear(text=text, example=example)
    if _NO_YEAR.fullmatch(text):
        raise MissingYear(text=text, example=example)
    raise UnreadableDate(text=text, example=example)


# --- money --------------------------------------------------------------------------------------


class UnreadableAmount(Refused):
    exit_code: ClassVar[int] = 2
    vi = (
        "Không đọc được số tiền “{text}”.\n"
        "Gõ bằng đồng: 1500000000 hoặc 1.500.000.000, hay “1,5 tỷ”, “500 triệu”."
    )
    en = (
        "Cannot read the amount “{text}”.\n"
        "Type đồng: 1500000000 or 1.500.000.000, or “1,5 tỷ” (billion), “500 triệu” (million)."
    )


class NotDong(UnreadableAmount):
    vi = "Số tiền “{text}” có đơn vị “{unit}”; sổ chỉ ghi đồng, triệu, tỷ.\nVí dụ: “1,5 tỷ”."
    en = (
        "The amount “{text}” is in “{unit}”; the journal takes đồng, triệu (million) and tỷ "
        "(billion) only.\nExample: “1,5 tỷ”."
    )


class NotPositive(UnreadableAmount):
    vi = "Số tiền “{text}” phải lớn hơn 0.\nGhi sai thì hủy lần ghi: ntm fact void"
    en = "The amount “{text}” must be above 0.\nTo undo a wrong entry: ntm fact void"


class MissingUnit(UnreadableAmount):
    vi = "“{text}” là {text} tỷ hay {text} triệu đồng?\nGhi rõ đơn vị, ví dụ “1,5 tỷ”."
    en = "Is “{text}” {text} billion (tỷ) or million (triệu) đồng?\nAdd the unit, e.g. “1,5 tỷ”."


class PointNotComma(UnreadableAmount):
    vi = (
        "Dấu chấm trong “{text}” chỉ dùng để tách hàng nghìn (1.500.000); phần lẻ dùng dấu phẩy.\n"
        "Ví dụ: “1,5 tỷ”."
    )
    en = (
        "A point in “{text}” can only group thousands (1.500.000); decimals take a comma.\n"
        "Example: “1,5 tỷ”."
    )


class CommaGroups(UnreadableAmount):
    vi = (
        "Dấu phẩy trong “{text}” chỉ dùng cho phần lẻ; hàng nghìn tách bằng dấu chấm.\n"
        "Ví dụ: 1.500.000.000 hoặc “1,5 tỷ”."
    )
    en = (
        "A comma in “{text}” can only start decimals; thousands are grouped by points.\n"
        "Example: 1.500.000.000 or “1,5 tỷ”."
    )


class TwoReadings(UnreadableAmount):
    vi = "“{text}” là {small} hay {large}?\nGõ một trong hai."
    en = "Is “{text}” {small} or {large}?\nType one of the two."


class FractionOfDong(UnreadableAmount):
    vi = "“{text}” có phần lẻ nhỏ hơn một đồng.\nGhi số nguyên đồng, ví dụ 1.500.000.000."
    en = "“{text}” has a fraction of a đồng.\nType whole đồng, e.g. 1.500.000.000."


class TooLarge(UnreadableAmount):
    vi = "“{text}” lớn hơn {limit:dong}, có lẽ nhầm đơn vị.\nKiểm tra lại số và đơn vị."
    en = "“{text}” is above {limit:dong}; the unit may be wrong.\nCheck the number and its unit."


_AMOUNT: Final = re.compile(r"([-−]?[0-9][0-9.,]*) ?(.*)")
_WHOLE: Final = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_UNIT: Final = {
    "": 1, "đồng": 1, "đ": 1, "vnđ": 1, "vnd": 1,
    "triệu": 10**6, "triệu đồng": 10**6,
    "tỷ": 10**9, "tỷ đồng": 10**9, "tỉ": 10**9, "tỉ đồng": 10**9,
}  # fmt: skip


def read_money(text: str) -> int:
    """Whole đồng from 1500000000, 1.500.000.000, “1,5 tỷ” or “500 triệu”.

    Points group thousands, a comma starts decimals and needs a unit. Raises UnreadableAmount.
    """
    shown = _bare(text)
    match = _AMOUNT.fullmatch(shown)
    if match is None:
        raise UnreadableAmount(text=shown)
    number, unit = match[1], match[2].lower()
    if number[0] in "-−":
        raise NotPositive(text=shown)
    if unit not in _UNIT:
        raise NotDong(text=shown, unit=match[2])
    amount = _amount(number, unit, shown)
    if amount > LARGEST_AMOUNT:
        raise TooLarge(text=shown, limit=LARGEST_AMOUNT)
    return amount


def _amount(number: str, unit: str, text: str) -> int:
    whole, comma, decimals = number.partition(",")
    if "," in decimals or "." in decimals:
        raise CommaGroups(text=text)
    if not _WHOLE.fullmatch(whole):
        raise PointNotComma(text=text)
    thousands = int(whole.replace(".", ""))
    amount = thousands * _UNIT[unit]
    if comma:
        amount += _fraction(thousands, decimals, unit, text)
    if amount == 0:
        raise NotPositive(text=text)
    return amount


def _fraction(whole: int, decimals: str, unit: str, text: str) -> int:
    """The đồng behind the comma."""
    size = _UNIT[unit]
    if not decimals:
        raise UnreadableAmount(text=text)
    if size == 1:
        raise (FractionOfDong if unit else MissingUnit)(text=text)
    places: int = 10 ** len(decimals)
    rest, lost = divmod(int(decimals) * size, places)
    if lost:
        raise FractionOfDong(text=text)
    if len(decimals) == 3 and decimals.endswith("0"):
        # 1,500 tỷ: three decimals, or a thousands mark in the English manner? A person decides.
        large = format_short(int(f"{whole}{decimals}") * size)
        raise TwoReadings(text=text, small=_plain(whole * size + rest), large=large)
    return rest


def _plain(amount: int) -> str:
    return format_short(amount) if amount else format_dong(0)


# --- numbers ------------------------------------------------------------------------------------


class UnreadableNumber(Refused):
    exit_code: ClassVar[int] = 2
    vi = (
        "Không đọc được số “{text}”.\n"
        "Dấu chấm tách hàng nghìn, dấu phẩy trước phần lẻ: 1.511.461,13"
    )
    en = "Cannot read the number “{text}”.\nPoints group thousands, a comma starts decimals: 1.511.461,13"


_NUMBER: Final = re.compile(rf"(?P<whole>{_WHOLE.pattern})(?:,(?P<decimals>[0-9]+))?")


def read_number(text: str) -> str:
    """A number as Vietnamese papers write it, as the one plain decimal that is stored: 12,19 → 12.19.

    Points group thousands and a comma starts decimals, nothing else. Raises UnreadableNumber.
    """
    shown = _bare(text)
    match = _NUMBER.fullmatch(shown)
    if match is None or len(shown) > 30:
        raise UnreadableNumber(text=shown)
    whole = match["whole"].replace(".", "").lstrip("0") or "0"
    decimals = (match["decimals"] or "").rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
