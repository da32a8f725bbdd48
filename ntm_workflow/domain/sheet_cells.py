"""Cells of sheets as what they mean: whole đồng, days, years and texts.

A number in a cell is what the sheet computed, so it is read to its fifteen digits and never rounded to
đồng. Knows no column and no row.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import (
    FIRST_YEAR,
    LARGEST_AMOUNT,
    LAST_YEAR,
    FractionOfDong,
    NotDong,
    NotPositive,
    TooLarge,
    UnreadableAmount,
    UnreadableDate,
    read_date,
    read_money,
    read_number,
    tidy,
    unreadable,
)

#: Row and column of the first and of the last of cells merged, counted from 0.
Block = tuple[tuple[int, int], tuple[int, int]]
Cell = str | int | float | bool | date | datetime | time | timedelta | None

#: What a sheet writes where there is nothing.
_NOTHING: Final = frozenset({"", "-", "–", "—", "_"})
_ZERO: Final = re.compile("0+(?:,0+)?")
_BARE_NUMBER: Final = re.compile(r"[-−]?[0-9.,]+")
#: The words of a unit that `read_money` knows; what else there is, is multiplied.
_WORDS: Final = {1: "đồng", 10**6: "triệu", 10**9: "tỷ"}
#: Days of the 1900 system that can be days of this programme: 1990 to 2199. A smaller number is a count.
_SERIALS: Final = range(32_874, 109_575)
_NIGHT_BEFORE: Final = date(1899, 12, 30)
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?$")


class UnreadableYear(Refused):
    exit_code = 2
    vi = "“{text}” không phải một năm.\nGõ bốn chữ số: 2024"
    en = "“{text}” is no year.\nType four digits: 2024"


def shown(cell: Cell) -> str:
    """A cell as a sentence quotes it."""
    if isinstance(cell, float):
        return _plain(Decimal(format(cell, ".15g")))
    return tidy(str(cell)) if cell is not None else ""


def read_text(cell: Cell) -> str:
    """A cell as text, refused where somebody would not see what it holds."""
    text = shown(cell)
    if refusal := unreadable(text):
        raise refusal
    return "" if text in _NOTHING else text


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and tidy(cell) in _NOTHING)


def read_amount(cell: Cell, unit: int) -> int | None:
    """Whole đồng of a cell whose column is in `unit` đồng; None where it is empty, 0 where it says 0.

    A text with a unit of its own (“1,5 tỷ”) keeps it. Raises UnreadableAmount.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _counted(Decimal(format(cell, ".15g") if isinstance(cell, float) else cell), unit)
    text = shown(cell)
    if not isinstance(cell, str):
        raise UnreadableAmount(text=text)
    if _ZERO.fullmatch(text):
        return 0
    if not _BARE_NUMBER.fullmatch(text) or unit == 1:
        return read_money(text)
    if unit in _WORDS:
        return read_money(f"{text} {_WORDS[unit]}")
    if text[0] in "-−":
        raise NotPositive(text=text)
    return _counted(Decimal(read_number(text)), unit)


def _counted(number: Decimal, unit: int) -> int:
    text = " ".join(filter(None, (_plain(number), _WORDS.get(unit) or f"× {unit}")))
    if not number.is_finite():
        raise UnreadableAmount(text=text)
    if number < 0:
        raise NotPositive(text=text)
    amount = number * unit
    if amount > LARGEST_AMOUNT:
        raise TooLarge(text=text, limit=LARGEST_AMOUNT)
    if amount != int(amount):
        raise FractionOfDong(text=text)
    return int(amount)


def _plain(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",") if number.is_finite() else str(number)


def read_day(cell: Cell) -> date | None:
    """The day of a cell: a date, a text as people write one, or a number of the 1900 system."""
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _MIDNIGHT.sub("", shown(cell))
    serial = int(text) if re.fullmatch("[0-9]{5,6}", text) else 0
    if serial in _SERIALS:
        return _NIGHT_BEFORE + timedelta(days=serial)
    if isinstance(cell, str):
        return read_date(text)
    raise UnreadableDate(text=text, example="30/10/2024")


def read_year(cell: Cell) -> int | None:
    if is_empty(cell):
        return None
    text = shown(cell)
    found = re.fullmatch(r"(?:năm )?([0-9]{4})", text.lower())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise UnreadableYear(text=text)
    return int(found[1])


# --- the unit of a column

_SIZE: Final = {"triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9, "nghìn": 1000, "ngàn": 1000,
                "1000": 1000, "1.000": 1000, "1,000": 1000, "": 1}  # fmt: skip
_UNIT: Final = re.compile(
    r"(triệu|tr\b|tỷ|tỉ|nghìn|ngàn|1[.,]?000)?\s*(?:đồng|vnđ|vnd|đ\b)|(triệu|tỷ|tỉ|nghìn|ngàn)\b"
)
_SAID: Final = re.compile(r"(?:đvt|đơn vị(?P<sure> tính)?)\s*[:.]?\s*(?P<unit>[^;()\n]*)")
_IN_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_FOREIGN: Final = re.compile(
    r"\b(?:usd|eur|jpy|cny|gbp|aud|đô la|đô-la|euro|yên|nhân dân tệ)\b|[$€¥£]"
)


def unit_of(text: str) -> int:
    """What is said to be counted in: đồng, or how many of them. Raises NotDong."""
    said = tidy(text).lower().strip(" .:")
    found = _UNIT.fullmatch(said)
    if found is None:
        raise NotDong(text=tidy(text), unit=tidy(text))
    return _SIZE[found[1] or found[2] or ""]


def unit_line(cell: Cell) -> int | None:
    """The unit a line above a table states (“ĐVT: triệu đồng”), if it does."""
    said = _SAID.search(tidy(cell).lower()) if isinstance(cell, str) else None
    if said is None:
        return None
    found = _UNIT.match(said["unit"])
    if found is not None:
        return _SIZE[found[1] or found[2] or ""]
    if _FOREIGN.search(said["unit"]):
        raise NotDong(text=tidy(str(cell)), unit=said["unit"].strip())
    return None


def unit_in_heading(heading: str) -> int | None:
    """The unit in the brackets of a heading (“Số tiền (triệu đồng)”), if there is one."""
    for inside in _IN_BRACKETS.findall(tidy(heading).lower()):
        said = re.sub(r"^(?:đvt|đơn vị(?: tính)?)\s*[:.]?\s*", "", inside)
        if _UNIT.fullmatch(said):
            return unit_of(said)
        if _FOREIGN.search(said):
            raise NotDong(text=tidy(heading), unit=said)
    return None
