"""A filled form found in a file: of which kind it is, which column is what, and its rows.

Knows headings and cells; what a row says is its kind's, and nothing is recorded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.form_words import KINDS, VERSION
from ntm_workflow.domain.money_headings import ALWAYS_ASIDE, ASIDE
from ntm_workflow.domain.money_layout import (
    ColumnsUnclear,
    Headings,
    Recall,
    UnknownColumn,
    candidates,
    name_of,
)
from ntm_workflow.domain.sheet_cells import Cell, is_empty, shown, unit_in_heading, unit_line
from ntm_workflow.domain.values import Word
from ntm_workflow.office.form import ID, Column, Kind, Line
from ntm_workflow.office.form_faults import CellInError, NotComputed
from ntm_workflow.office.form_kinds import kind_named
from ntm_workflow.office.sheet_reading import Page, read_pages

#: The sheet that says what a form is, and the one with its lists; both out of sight.
ABOUT: Final = "_ntm"
LISTS: Final = "_danh_sach"
#: Headings stand in these rows.
HEADER_ROWS: Final = 10


#: How a cell says that a program could not compute it, also where somebody pasted it as text.
_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


class KindNotSaid(Refused):
    exit_code = 2
    vi = "Tệp {path} không phải biểu do ntm xuất, nên chưa rõ là biểu gì.\nNêu: --kind, một trong: {known}."
    en = "The file {path} is no form that ntm wrote, so it is not known what it is.\nSay which: --kind, one of: {known}."


class OtherKind(Refused):
    exit_code = 2
    vi = "Tệp {path} là biểu {found}, không phải {wanted}.\nBỏ --kind, hoặc chọn đúng tệp."
    en = "The file {path} is a form of {found}, not of {wanted}.\nLeave --kind out, or choose the right file."


class OtherVersion(Refused):
    exit_code = 2
    vi = "Biểu trong tệp {path} là phiên bản {found}, chương trình này đọc phiên bản {known}.\nXuất lại: ntm form export {kind} TỆP.xlsx"
    en = "The form in {path} is of version {found}, this program reads version {known}.\nExport it again: ntm form export {kind} FILE.xlsx"


class HeadingsMissing(Refused):
    exit_code = 2
    vi = "Trong {rows} dòng đầu không có dòng tiêu đề với: {wanted}.\nCác tiêu đề thấy được: {headings}.\nNêu cột: --map {sample:arg}"
    en = "The first {rows} rows have no row of headings with: {wanted}.\nHeadings seen: {headings}.\nName the columns: --map {sample:arg}"


@dataclass(frozen=True)
class About:
    """What a form says of itself; nothing of a sheet made by hand."""

    kind: str | None = None
    position: int | None = None
    lines: Sequence[Sequence[Cell]] = ()


@dataclass(frozen=True)
class Form:
    """A filled form: `unread` are headings nobody asked for, `hidden` the rows among its own that nobody sees."""

    kind: type[Kind]
    about: About
    page: Page
    headings: Headings
    columns: Mapping[str, int]
    unread: Sequence[str]
    lines: Sequence[Line]
    hidden: Sequence[int]
    units: Mapping[str, int]


def find_form(
    path: Path, kind: str | None, sheet: str | None, said: Mapping[str, str], recall: Recall
) -> Form:
    """The form in a file, on the sheet named or on the first that is one. Raises the refusal of the first sheet."""
    pages = read_pages(path, wanted=partial(_wanted, sheet))
    top = next(pages)
    about = _about(path, top)
    name = _kind(path, about, kind)
    first: Refused | None = None
    for page in pages if top.name == ABOUT else chain([top], pages):
        try:
            return _form(page, kind_named(name), about, said, recall)
        except (HeadingsMissing, UnknownColumn) as refusal:
            first = first or refusal
    assert first is not None
    raise first


def _wanted(sheet: str | None, names: Sequence[str]) -> list[str]:
    """What the form says of itself, where it does; then the sheet named, or those somebody sees."""
    about = [name for name in names if name == ABOUT]
    if sheet is not None:
        return [*about, sheet]
    return about + ([name for name in names if name not in (ABOUT, LISTS)] or [*names])


def _about(path: Path, page: Page) -> About:
    if page.name != ABOUT:
        return About()
    said = {shown(line[0]): shown(line[1]) for line in page.lines if len(line) > 1}
    kind, version, position = (said.get(key, "") for key in ("kind", "version", "position"))
    if kind not in KINDS:
        return About()
    if version != str(VERSION):
        raise OtherVersion(path=str(path), found=version or "?", known=VERSION, kind=kind)
    known = re.fullmatch("[0-9]{1,18}", position)
    return About(kind, int(position) if known else None, page.lines)


def _kind(path: Path, about: About, said: str | None) -> str:
    if about.kind and said and about.kind != said:
        raise OtherKind(path=str(path), found=KINDS[about.kind], wanted=KINDS[said])
    found = about.kind or said
    if found is None:
        known = [Word(f"{name} ({word.vi})", f"{name} ({word.en})") for name, word in KINDS.items()]
        raise KindNotSaid(path=str(path), known=known)
    return found


def _form(
    page: Page, kind: type[Kind], about: About, said: Mapping[str, str], recall: Recall
) -> Form:
    missing: HeadingsMissing | None = None
    for headings in candidates(page.lines):
        if headings.first >= HEADER_ROWS:
            break
        columns, unread = _columns(headings, kind, {**recall(headings), **said})
        lacking = [some for some in kind.needed if not columns.keys() & set(some)]
        if not lacking:
            lines = list(_lines(page, headings, columns, kind))
            hidden = {line.number for line in lines} & set(page.beside.hidden)
            units = _units(page, headings, columns, kind)
            return Form(kind, about, page, headings, columns, unread, lines, sorted(hidden), units)
        if missing is None or len(headings.told) > len(missing.facts["headings"]):
            missing = _missing(kind, lacking, headings.told)
    raise missing or _missing(kind, kind.needed, [])


def _missing(
    kind: type[Kind], lacking: Sequence[tuple[str, ...]], headings: list[str]
) -> HeadingsMissing:
    titles = {column.field: column.title for column in kind.columns}
    wanted = [titles[some[-1]] for some in lacking]
    sample = f"{headings[-1] if headings else 'Tiêu đề'}={lacking[0][-1]}"
    return HeadingsMissing(rows=HEADER_ROWS, wanted=wanted, headings=headings, sample=sample)


def _columns(
    headings: Headings, kind: type[Kind], said: Mapping[str, str]
) -> tuple[dict[str, int], list[str]]:
    """Which column is what: as was said, else by its heading; and the headings that are of no use."""
    decided = {headings.named(typed): field for typed, field in said.items()}
    columns = {field: at for at, field in decided.items() if field != ASIDE}
    for column in kind.columns:
        if column.field not in columns:
            free = [at for at in range(len(headings.parts)) if at not in decided]
            found = [at for at in free if _is(column, headings.keys[at])]
            if len(found) > 1:
                raise _unclear(headings, column, found)
            if found:
                columns[column.field] = found[0]
                decided[found[0]] = column.field
    if (at := _id_at(headings)) is not None:
        columns[ID] = at
        decided[at] = ID
    unread = [
        headings.shown[at]
        for at, keys in enumerate(headings.keys)
        if keys and at not in decided and not any(map(ALWAYS_ASIDE.fullmatch, keys))
    ]
    return columns, unread


def _units(
    page: Page, headings: Headings, columns: Mapping[str, int], kind: type[Kind]
) -> dict[str, int]:
    """What amounts are counted in, by their headings, else by a line above the table."""
    above = (cell for line in page.lines[: headings.first] for cell in line)
    once = next((unit for cell in above if (unit := unit_line(cell))), None)
    found = {}
    for column in kind.columns:
        at = columns.get(column.field)
        if column.holds != "money" or at is None:
            continue
        if unit := unit_in_heading(headings.shown[at]) or once:
            found[column.field] = unit
    return found


def _is(column: Column, keys: Sequence[str]) -> bool:
    return any(key in column.known for key in keys)


def _id_at(headings: Headings) -> int | None:
    return next((at for at, name in enumerate(headings.shown) if name == ABOUT), None)


def _unclear(headings: Headings, column: Column, found: Sequence[int]) -> ColumnsUnclear:
    names = [name_of(headings, at) for at in found]
    first, aside = f"{names[0]}={column.field}", f"{names[-1]}={ASIDE}"
    told = {"columns": names, "headings": headings.told, "first": first, "aside": aside}
    return ColumnsUnclear(field=column.title, **told)


def _lines(
    page: Page, headings: Headings, columns: Mapping[str, int], kind: type[Kind]
) -> Iterator[Line]:
    """The rows below the headings that say anything; what is merged downwards counts for each row."""
    money = {column.field for column in kind.columns if column.holds == "money"}
    spread = _spread(page, headings, {at for name, at in columns.items() if name not in money})
    for number, line in enumerate(page.lines[headings.below :], headings.below + 1):
        cells: dict[str, Any] = {}
        for field, at in columns.items():
            cell: Cell = line[at] if at < len(line) else None
            cell = spread.get((number - 1, at), cell) if spread else cell
            if not is_empty(cell):
                cells[field] = cell
        spoilt = _spoilt(page, number - 1, columns)
        if cells or spoilt:
            doubtful = frozenset(
                f for f, at in columns.items() if (number - 1, at) in page.doubtful
            )
            yield Line(number, cells, spoilt, doubtful & cells.keys())


def _spoilt(page: Page, row: int, columns: Mapping[str, int]) -> dict[str, Refused]:
    """The fields of a row whose cells hold no value but were not left empty."""
    found: dict[str, Refused] = {}
    line = page.lines[row]
    for name, at in columns.items():
        text = line[at] if at < len(line) else None
        word = page.beside.errors.get((row, at)) or (text if text in _ERRORS else None)
        if word is not None:
            found[name] = CellInError(text=word)
        elif (row, at) in page.beside.uncomputed:
            found[name] = NotComputed()
    return found


def _spread(page: Page, headings: Headings, wanted: set[int]) -> dict[tuple[int, int], Cell]:
    found: dict[tuple[int, int], Cell] = {}
    for (top, left), (bottom, _) in page.merged or ():
        if top >= headings.below and left in wanted and bottom > top:
            line = page.lines[top] if top < len(page.lines) else []
            cell = line[left] if left < len(line) else None
            found |= {(row, left): cell for row in range(top, bottom + 1)}
    return found
