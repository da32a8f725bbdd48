"""What whoever takes a sheet in is told, whatever it is a sheet of: progress, columns, bad rows in a copy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.domain.values import Word

if TYPE_CHECKING:
    from ntm_workflow.office.kept_columns import KeptColumns
    from ntm_workflow.office.sheet_faults import BadSheet
    from ntm_workflow.office.sheet_reading import Page

#: Rows named in a sentence.
_NAMED: Final = 8


def note(vi: str, en: str, **fields: Any) -> None:
    """A remark beside the answer."""
    click.echo(phrase(vi, en, **fields), err=True)


def in_words(word: Word) -> str:
    return word.en if LANG.get() == "en" else word.vi


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """Rows done and to do on a terminal's stderr; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return

    def tell(done: int, total: int) -> None:
        click.echo(f"\r{done:,}/{total:,}".replace(",", "."), err=True, nl=False)

    yield tell
    # What stood there is no part of the answer.
    click.echo(f"\r{' ' * 40}\r", err=True, nl=False)


def mapped(maps: Sequence[str], known: Mapping[str, Word]) -> dict[str, str]:
    """What was said of columns: heading or letter -> field, or `-` for one that is left out."""
    from ntm_workflow.domain.money_headings import ASIDE

    said: dict[str, str] = {}
    for each in maps:
        heading, equals, field = each.rpartition("=")
        if not equals or not heading.strip() or field.strip() not in [*known, ASIDE]:
            text = phrase(
                "--map “{each}”: viết 'Tiêu đề=mục', mục là: {known}; bỏ qua cột: -",
                "--map “{each}”: write 'Heading=field', a field being: {known}; to leave out: -",
                each=each,
                known=[f"{name} ({in_words(word)})" for name, word in known.items()],
            )
            raise click.UsageError(text)
        said[heading.strip()] = field.strip()
    return said


def kept_columns(what: str) -> KeptColumns:
    from platformdirs import user_data_path

    from ntm_workflow.office.kept_columns import KeptColumns

    return KeptColumns(user_data_path("ntm-workflow") / "columns.json", what)


def tell_columns(
    page: Page, first: int, columns: Mapping[Word, str], unread: Sequence[str], kept: KeptColumns
) -> None:
    """How a sheet with its headings in the row `first`, from 0, was understood."""
    told = "; ".join(f"{in_words(field)} ← “{heading}”" for field, heading in columns.items())
    note("Tiêu đề ở dòng {row}{sheet}: {columns}.", "Headings in row {row}{sheet}: {columns}.",
         row=first + 1, sheet=f" ({page.name})" if page.name else "", columns=told)  # fmt: skip
    if kept.used:
        note("Các cột được hiểu như đã nêu lần trước; hiểu khác đi: --map", "Columns are understood as was said before; to change it: --map")  # fmt: skip
    if unread:
        note("Không đọc các cột: {unread}.", "Columns not read: {unread}.", unread=unread)
    tell_fonts(page, range(first + 2, len(page.lines) + 1))


def tell_fonts(page: Page, rows: Collection[int]) -> None:
    """Say how many texts of a sheet were of old fonts, and which of these rows may be."""
    if page.old_font:
        note("Đã đổi {n} ô từ mã TCVN3 (phông .Vn…) sang Unicode.", "{n} cells were turned from TCVN3 (.Vn… fonts) into Unicode.", n=page.old_font)  # fmt: skip
    if doubtful := [(row, at) for row, at in page.doubtful if row + 1 in rows]:
        note("{n} ô có thể là TCVN3, có thể không, được giữ nguyên: {cells}.", "{n} cells may be TCVN3 or not, and stay as they are: {cells}.",
             n=len(doubtful), cells=named(doubtful))  # fmt: skip


def named(cells: Iterable[tuple[int, int]]) -> list[str]:
    """The first of some cells as a sheet calls them; row and column from 0."""
    from ntm_workflow.domain.money_layout import letter

    names = [f"{letter(at)}{row + 1}" for row, at in sorted(cells)]
    return [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]


def tell_others(page: Page, aside: Sequence[str] = ()) -> list[str]:
    """Say which sheets of the file were not read, and return them: they may be filled in, too."""
    others = [name for name in page.others if name not in aside]
    if others:
        shown = [*others[:_NAMED], *(["…"] if len(others) > _NAMED else [])]
        note("Chỉ đọc trang “{name}”. Không đọc: {others}; đọc trang khác: --sheet",
             "Only the sheet “{name}” is read. Not read: {others}; to read another: --sheet",
             name=page.name, others=shown)  # fmt: skip
    return others


def tell_hidden(page: Page, numbers: Iterable[int]) -> list[int]:
    """Say which of the rows that were read nobody sees in the file, and return them."""
    hidden = sorted({*numbers} & {*page.beside.hidden})
    if hidden:
        shown = [*map(str, hidden[:_NAMED]), *(["…"] if len(hidden) > _NAMED else [])]
        note("{n} dòng đang ẩn trong tệp cũng được đọc: {rows}.", "{n} rows hidden in the file are read, too: {rows}.",
             n=len(hidden), rows=shown)  # fmt: skip
    return hidden


def tell_alike(alike: Mapping[int, int]) -> None:
    """Say which rows were recorded beside an act of the same day and amount."""
    if alike:
        rows = [f"{row} (#{entry})" for row, entry in alike.items()]
        shown = [*rows[:_NAMED], *(["…"] if len(rows) > _NAMED else [])]
        note("Lưu ý: {n} dòng cùng mục, ngày, số tiền với một lần ghi đã có, vẫn ghi thành khoản riêng: {rows}.",
             "Note: {n} rows have the item, day and amount of an entry that is there, and are recorded beside it: {rows}.",
             n=len(alike), rows=shown)  # fmt: skip


def tell_moved(rows: Sequence[int], position: int | None) -> None:
    """Say which rows are about what the journal has told more of since the form was written."""
    if rows:
        shown = [*map(str, rows[:_NAMED]), *(["…"] if len(rows) > _NAMED else [])]
        note("Lưu ý: từ khi xuất biểu (vị trí #{at}) sổ đã ghi thêm về đối tượng của {n} dòng: {rows}; cột xám của các dòng đó không còn như sổ.",
             "Note: since the form was written (position #{at}) the journal has told more of what {n} rows are about: {rows}; their grey columns are out of date.",
             at=str(position), n=len(rows), rows=shown)  # fmt: skip


def give_back(file: Path, page: Page, first: int, refusal: BadSheet, **more: Any) -> None:
    """Write the copy with the reasons beside the file, and say where; its headings in the row `first`, from 0.

    `more` is what else the copy has to keep.
    """
    from ntm_workflow.cli.sheet_copy import write_copy
    from ntm_workflow.domain.refused import Refused

    why: dict[int, list[str]] = {}
    for fault in refusal.all:
        why.setdefault(fault.row, []).append(in_words(fault.reason))
    said = {row: "; ".join(dict.fromkeys(each)) for row, each in why.items()}
    try:
        target = write_copy(file, page, said, phrase("Lỗi", "Error"), first, **more)
    except Refused as unwritable:
        # What is wrong with the rows is still to be told.
        click.echo(unwritable.say(LANG.get()), err=True)
        return
    note("Bảng kèm lý do từng dòng: {path}", "The sheet with the reason of each row: {path}", path=str(target))  # fmt: skip
