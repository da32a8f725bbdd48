"""Where the table of a money sheet stands, and which of its columns is what. Knows no row below the headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.money_headings import (
    ALWAYS_ASIDE,
    ASIDE,
    ASIDE_OF_PAYMENTS,
    FIELDS,
    KNOWN,
    OF_VOLUME,
    PAYMENTS,
    TOTAL,
)
from ntm_workflow.domain.sheet_cells import Cell, is_empty, shown
from ntm_workflow.domain.values import Word, fold

#: A heading stands below titles and signatures, but not further down than this; and is no higher than this.
DEEPEST: Final = 40
HIGHEST: Final = 3

_LETTER: Final = re.compile("[A-Z]{1,2}")


class TableMissing(Refused):
    exit_code = 2
    vi = "Không thấy dòng tiêu đề có {wanted}.\nCác tiêu đề thấy được: {headings}.\nNêu cột: --map 'Tiêu đề=item' --map 'Tiêu đề=amount' (hoặc chữ cột: --map C=amount)"
    en = "There is no row of headings with {wanted}.\nHeadings seen: {headings}.\nName the columns: --map 'Heading=item' --map 'Heading=amount' (or by letter: --map C=amount)"


class ColumnsUnclear(Refused):
    exit_code = 2
    vi = "Chưa rõ cột nào là {field}: {columns}.\nCác tiêu đề: {headings}.\nNêu rõ: --map {first:arg}, bỏ qua cột khác: --map {aside:arg}"
    en = "It is not clear which column is {field}: {columns}.\nThe headings: {headings}.\nSay which: --map {first:arg}, and leave out another: --map {aside:arg}"


class ColumnsUndecided(Refused):
    exit_code = 2
    vi = "Các cột số sau chưa rõ là gì nên chưa đọc: {columns}.\nNêu rõ: --map {first:arg}, hoặc bỏ qua: --map {aside:arg}"
    en = "These columns of numbers are not understood, so nothing was read: {columns}.\nSay what they are: --map {first:arg}, or leave them out: --map {aside:arg}"


class UnknownColumn(Refused):
    exit_code = 2
    vi = "Bảng không có cột “{column}”.\nCác tiêu đề: {headings}."
    en = "The table has no column “{column}”.\nThe headings: {headings}."


@dataclass(frozen=True)
class Headings:
    """The heading of each column from top to bottom, from the row `first` to before the row `below`, from 0."""

    first: int
    below: int
    parts: tuple[tuple[str, ...], ...]

    @cached_property
    def shown(self) -> list[str]:
        return [" – ".join(parts) for parts in self.parts]

    @property
    def told(self) -> list[str]:
        return [each for each in self.shown if each]

    @cached_property
    def keys(self) -> list[tuple[str, ...]]:
        """What each column may be known by, the whole heading first."""
        return [_keys(parts) for parts in self.parts]

    def named(self, typed: str) -> int:
        """The column of a heading as typed, or of a letter as spreadsheets count. Raises UnknownColumn."""
        key = fold(typed)
        for at, parts in enumerate(self.parts):
            if key and key in {fold(self.shown[at]), fold(" ".join(parts)), *map(fold, parts[-1:])}:
                return at
        if _LETTER.fullmatch(typed) and (at := _column(typed)) < len(self.parts):
            return at
        raise UnknownColumn(column=typed, headings=self.told)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _keys(parts: Sequence[str]) -> tuple[str, ...]:
    if not parts:
        return ()
    told = list(parts)
    while len(told) > 1 and key_of(told[-1]) in TOTAL:
        told.pop()
    keys = (
        key_of(" ".join(parts)),
        key_of(told[-1]),
        *((key_of(parts[-1]),) if told[-1] != parts[-1] else ()),
    )
    return tuple(dict.fromkeys(keys))


def key_of(heading: str) -> str:
    """A heading without what stands in brackets, and without its year."""
    bare = fold(re.sub(r"\([^()]*\)", " ", heading)) or fold(heading)
    return re.sub(r" *\bnam \d{4}\b", "", bare).strip() or bare


def candidates(lines: Sequence[Sequence[Cell]]) -> Iterator[Headings]:
    """Every row that may be the headings of a table, with the rows below it that go on with them."""
    for first, line in enumerate(lines[:DEEPEST]):
        if sum(not is_empty(cell) for cell in line) > 1 and all(map(_wordy, line)):
            below = first + 1
            while below < min(len(lines), first + HIGHEST) and _goes_on(lines[below], lines[first]):
                below += 1
            yield Headings(first, below, _parts(lines[first:below]))


def _wordy(cell: Cell) -> bool:
    return is_empty(cell) or (isinstance(cell, str) and any(map(str.isalpha, cell)))


def _goes_on(line: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether a row goes on with the headings: words alone, of which none stands below the first one."""
    begins = next(at for at, cell in enumerate(first) if not is_empty(cell))
    top = {at for at, cell in enumerate(first) if not is_empty(cell)}
    filled = [at for at, cell in enumerate(line) if not is_empty(cell)]
    spans = [at not in top or at + 1 not in top or shown(line[at])[0] == "(" for at in filled]
    return bool(filled) and begins not in filled and all(map(_wordy, line)) and all(spans)


def _parts(lines: Sequence[Sequence[Cell]]) -> tuple[tuple[str, ...], ...]:
    width = max(map(len, lines))
    columns: list[list[str]] = [[] for _ in range(width)]
    for depth, line in enumerate(lines):
        spread = ""
        for at in range(width):
            text = _at(line, at)
            spread = text or spread
            if text or (spread and any(_at(below, at) for below in lines[depth + 1 :])):
                columns[at].append(spread)
    return tuple(map(tuple, columns))


def _at(line: Sequence[Cell], at: int) -> str:
    return shown(line[at]) if at < len(line) else ""


@dataclass(frozen=True)
class Layout:
    """Where a table stands, and which column is what. `aside` are the columns known to be of no use here."""

    headings: Headings
    columns: Mapping[str, int]
    aside: frozenset[int]

    @property
    def unread(self) -> list[int]:
        """Columns with a heading that nobody asked for."""
        taken = {*self.columns.values(), *self.aside}
        return [at for at, parts in enumerate(self.headings.parts) if parts and at not in taken]


Recall = Callable[[Headings], Mapping[str, str]]


def find_layout(
    lines: Sequence[Sequence[Cell]], what: str, said: Mapping[str, str], recall: Recall
) -> Layout:
    """The first table that has an item and an amount. `said` maps headings to fields, `recall` what was said before.

    Raises TableMissing, ColumnsUnclear, UnknownColumn.
    """
    seen: list[tuple[int, Refused]] = []
    for headings in candidates(lines):
        try:
            layout = _layout(headings, what, {**recall(headings), **said})
        except UnknownColumn as refusal:
            seen.append((len(headings.told), refusal))
            continue
        if _whole(layout.columns, what):
            return layout
        seen.append((len(headings.told), _missing(headings.told, what)))
    raise max(seen, key=lambda each: each[0], default=(0, _missing([], what)))[1]


def _missing(headings: Sequence[str], what: str) -> TableMissing:
    return TableMissing(wanted=_wanted(what), headings=list(headings))


def _wanted(what: str) -> Word:
    if what == PAYMENTS:
        return Word(
            "tên công trình (hoặc mã dự án) và số tiền", "an item (or project code) and an amount"
        )
    return Word("tên công trình và số tiền", "an item and an amount")  # fmt: skip


def _whole(columns: Mapping[str, int], what: str) -> bool:
    if what == PAYMENTS:
        return bool({"item", "code"} & columns.keys()) and bool(
            {"amount", "advance"} & columns.keys()
        )
    return {"item", "amount"} <= columns.keys()


def _layout(headings: Headings, what: str, said: Mapping[str, str]) -> Layout:
    decided = {headings.named(typed): field for typed, field in said.items()}
    columns = {field: at for at, field in decided.items() if field != ASIDE}
    free = [at for at in range(len(headings.parts)) if at not in decided]
    for field, known in KNOWN[what].items():
        if field not in columns:
            found = _best(headings, known, [at for at in free if at not in columns.values()])
            if len(found) > 1:
                raise _unclear(headings, field, found)
            if found:
                columns[field] = found[0]
    columns = _without_double(headings, columns, decided)
    aside = {at for at, field in decided.items() if field == ASIDE}
    aside |= {
        at for at in free if at not in columns.values() and _is_aside(headings, at, what, columns)
    }
    return Layout(headings, columns, frozenset(aside))


def _best(headings: Headings, known: Sequence[str], free: Sequence[int]) -> list[int]:
    """The columns that go by the surest of the known headings."""
    for name in known:
        if found := [at for at in free if name in headings.keys[at]]:
            return found
    return []


def _without_double(
    headings: Headings, columns: dict[str, int], decided: Mapping[int, str]
) -> dict[str, int]:
    """Beside an advance only what was paid for volume is an amount: a total would count the advance twice."""
    at = columns.get("amount")
    if at is None or "advance" not in columns or at in decided:
        return columns
    if any(OF_VOLUME.search(key) for key in headings.keys[at]):
        return columns
    raise _unclear(headings, "amount", [at, columns["advance"]])


def _is_aside(headings: Headings, at: int, what: str, columns: Mapping[str, int]) -> bool:
    keys = headings.keys[at]
    if any(ALWAYS_ASIDE.fullmatch(key) for key in keys):
        return True
    if what != PAYMENTS:
        return False
    both = {"amount", "advance"} <= columns.keys()
    total = both and any(key in TOTAL or key in KNOWN[PAYMENTS]["amount"] for key in keys)
    return total or any(ASIDE_OF_PAYMENTS.fullmatch(key) for key in keys)


def _unclear(headings: Headings, field: str, found: Sequence[int]) -> ColumnsUnclear:
    names = [name_of(headings, at) for at in found]
    first, aside = f"{names[0]}={field}", f"{names[-1]}={ASIDE}"
    return ColumnsUnclear(
        field=FIELDS[field], columns=names, headings=headings.told, first=first, aside=aside
    )


def undecided(headings: Headings, columns: Sequence[int]) -> ColumnsUndecided:
    names = [name_of(headings, at) for at in columns]
    first, aside = f"{names[0]}=amount", f"{names[0]}={ASIDE}"
    return ColumnsUndecided(columns=names, first=first, aside=aside)


def name_of(headings: Headings, at: int) -> str:
    """What a person types for a column: its heading where it is the only one of that name, else its letter."""
    shown_as = headings.shown[at]
    if headings.shown.count(shown_as) == 1 and "=" not in shown_as:
        return shown_as
    return letter(at)


def letter(at: int) -> str:
    high, low = divmod(at, 26)
    return (chr(64 + high) if high else "") + chr(65 + low)
