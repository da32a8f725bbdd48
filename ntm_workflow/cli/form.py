"""`ntm form`: spreadsheets for offices that live in Excel, written to be filled in and taken in again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.answers import emit, say
from ntm_workflow.cli.bilingual import Command, Group, both, pick
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import PLAN
from ntm_workflow.cli.params import DAY, MOMENT, SHEET, YEAR
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import everywhere, option, session
from ntm_workflow.cli.sheet_told import (
    give_back,
    kept_columns,
    mapped,
    progress,
    tell_alike,
    tell_columns,
    tell_hidden,
    tell_moved,
    tell_others,
)
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.form_words import KINDS

if TYPE_CHECKING:
    from ntm_workflow.office import Office, Receipt
    from ntm_workflow.office.form_file import Form
    from ntm_workflow.office.form_import import Taken
    from ntm_workflow.office.sheet_import import Imported
    from ntm_workflow.office.sheet_reading import Page

_LISTED_VI: Final = ", ".join(f"{name} ({word.vi})" for name, word in KINDS.items())
_LISTED_EN: Final = ", ".join(f"{name} ({word.en})" for name, word in KINDS.items())


class NothingToFill(Refused):
    exit_code = 3
    vi = "Sổ không có dòng nào cho biểu {kind} như đã chọn; chưa ghi tệp.\nBỏ bớt điều kiện, hoặc kiểm tra --year, --what, --within."
    en = "The journal has no row for a form of {kind} of what was asked; no file was written.\nLeave out a condition, or check --year, --what, --within."


@click.group(
    cls=Group,
    help=both(
        "Biểu mẫu Excel: xuất ra để điền, nhập lại vào sổ.",
        "Excel forms: written to be filled in, and taken in again.",
    ),
)
def form() -> None:
    pass


def _once(function: Any) -> Any:
    """The options that say what a form is of, and once what a sheet made by hand has no column for."""
    for add in (
        option("--year", type=YEAR, metavar="Y", vi="Năm đánh giá, niên độ.", en="Assessment or plan year."),
        option("--what", metavar="W", vi="Mục tiêu (targets).", en="The target (targets)."),
        option("--standard", metavar="S", vi="Danh hiệu (dossiers, villages).", en="The standard (dossiers, villages)."),
        option("--edition", metavar="V", vi="Phiên bản của bộ (criteria).", en="Version of the set (criteria)."),
        option("--set", "set", metavar="S", vi="Bộ tiêu chí (criteria): xa-ntm, xa-nang-cao, …", en="Criteria set (criteria): xa-ntm, xa-nang-cao, …"),
    ):  # fmt: skip
        function = add(function)
    return function


def _must_take(kind: str, known: Collection[str], said: dict[str, Any]) -> None:
    """Refuse an option that says nothing of forms of the kind."""
    odd = [f"--{name}" for name, value in said.items() if value is not None and name not in known]
    if odd:
        listed = ", ".join(odd)
        word = KINDS[kind]
        text = both(
            f"Biểu {word.vi} không dùng {listed}.", f"A form of {word.en} takes no {listed}."
        )
        raise click.UsageError(pick(text) or "")


def _must_be_by_hand(found: Form, said: dict[str, Any]) -> None:
    """Refuse to say once what each row of a form says by itself."""
    from ntm_workflow.office.form import ID

    given = [f"--{name}" for name, value in said.items() if value is not None]
    if ID in found.columns and given:
        listed = ", ".join(given)
        text = both(
            f"{listed} dành cho bảng tự lập; biểu do ntm xuất đã nói điều đó trong từng dòng.",
            f"{listed} is for sheets made by hand; each row of a form that ntm wrote says it by itself.",
        )
        raise click.UsageError(pick(text) or "")


@form.command(
    cls=Command,
    help=both(
        f"Xuất một biểu Excel để điền: hiện trạng trong sổ ở cột xám, cột vàng để điền, có danh sách để chọn. LOẠI: {_LISTED_VI}.",
        f"Write an Excel form to fill in: grey columns show the journal, yellow ones are to be filled, with lists to choose from. KIND: {_LISTED_EN}.",
    ),
    examples=[
        "ntm form export criteria tieu-chi.xlsx --set xa-nang-cao --year 2024 --within 'Tam Kỳ'",
        "ntm form export dossiers ho-so.xlsx --within 'Tam Kỳ'",
        "ntm form export units don-vi.xlsx",
    ],
)
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.argument("file", type=SHEET, metavar="FILE.xlsx")
@in_place
@_once
@option("--plan", type=PLAN, metavar="ID", vi="Chỉ mục tiêu do kế hoạch này nêu (targets).", en="Only targets of this plan (targets).")  # fmt: skip
@option("--known-at", type=MOMENT, metavar="WHEN", vi="Như đã biết vào lúc đó (ngày, thời điểm, #N).", en="As known then (a date, an instant, #N).")  # fmt: skip
@option("--as-of", type=DAY, metavar="DATE", vi="Tình trạng cuối ngày đó (mặc định hôm nay).", en="Status at the end of that day (default today).")  # fmt: skip
@option("--replace", is_flag=True, vi="Ghi đè tệp đã có, kể cả khi đã điền.", en="Write over a file that is there, even one that was filled in.")  # fmt: skip
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def export(
    kind: str,
    file: Path,
    within: str | None,
    as_of: date | None,
    known_at: Any,
    *,
    replace: bool,
    as_json: bool,
    **said: Any,
) -> None:
    from ntm_workflow.cli.files import write_kept
    from ntm_workflow.cli.form_sheet import form_of
    from ntm_workflow.office.form import Chosen
    from ntm_workflow.office.form_kinds import kind_named

    of = kind_named(kind)
    _must_take(kind, of.options, said)
    with session().office().reading(as_of, known_at) as reading:
        scope = narrowed(reading, within)
        chosen = Chosen(within=None if scope is None else frozenset(scope), **said)
        sheet = of.sheet(reading, chosen)
        if not sheet.rows and not sheet.blank:
            raise NothingToFill(kind=KINDS[kind])
        write_kept(file, form_of(of, sheet, reading), replace=replace)
        told = {**reading.stamp(), "kind": kind, "file": str(file), "rows": len(sheet.rows)}
    if as_json:
        emit("form.export", told)
        return
    session().tell_rehearsal()
    say("Đã ghi biểu {kind}, {n} dòng, vào {path}.", "Wrote the form of {kind}, {n} rows, to {path}.",
        kind=KINDS[kind], n=len(sheet.rows), path=str(file))  # fmt: skip
    say("Điền xong: ntm form import {path:arg} --dry-run", "When it is filled in: ntm form import {path:arg} --dry-run", path=str(file))  # fmt: skip


@form.command(
    "import",
    cls=Command,
    help=both(
        "Đưa một biểu đã điền (.xlsx, .xlsm, .xls, .ods) vào sổ: cả biểu là một lần ghi, hủy được bằng một lần hủy. "
        "Có dòng lỗi thì chưa ghi gì, và lý do nằm trong tệp .loi.xlsx. Dòng chưa điền thì bỏ qua; chạy lại không ghi hai lần.",
        "Take in a form that was filled in (.xlsx, .xlsm, .xls, .ods): the whole form is one entry, undone by one void. "
        "With a bad row nothing is recorded, and a .loi.xlsx file says why. Rows not filled in are skipped; safe to run again.",
    ),
    examples=[
        "ntm form import tieu-chi.xlsx --dry-run",
        "ntm form import ho-so.xlsx --kind dossiers --on 20/8/2024 --document 'CV mẫu' --dry-run",
    ],
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--kind", type=click.Choice(list(KINDS)), metavar="K", vi=f"Loại biểu, nếu bảng tự lập: {', '.join(KINDS)}.", en=f"The kind, of a sheet made by hand: {', '.join(KINDS)}.")  # fmt: skip
@option("--sheet", metavar="TEXT", vi="Trang trong tệp (mặc định: trang đầu tiên có biểu).", en="The sheet of the file (default: the first with a form).")  # fmt: skip
@option("--map", "maps", multiple=True, metavar="TEXT", vi="Cột là gì, được nhớ cho lần sau: 'Tiêu đề=mục'; bỏ qua cột: 'Tiêu đề=-'.", en="What a column is, remembered for next time: 'Heading=field'; to leave it out: 'Heading=-'.")  # fmt: skip
@_once
@writes
def import_(
    file: Path, kind: str | None, sheet: str | None, maps: Sequence[str], ask: Asked, **said: Any
) -> None:
    from ntm_workflow.office.form import Chosen
    from ntm_workflow.office.form_file import find_form
    from ntm_workflow.office.form_import import take_in
    from ntm_workflow.office.sheet_faults import BadSheet

    known = _fields(kind)
    typed, kept = mapped(maps, known), kept_columns(f"form {kind or ''}")
    found = find_form(file, kind, sheet, typed, kept.recall)
    _must_take(found.kind.name, found.kind.once_said, said)
    _must_be_by_hand(found, said)
    day, document = ask.request.on, ask.request.document
    chosen = Chosen(day=day, document=document, units=found.units, **said)
    first = found.headings.first
    _tell_reading(found, kept)
    if sheet is None:
        tell_others(found.page, _unseen())
    office = session().office()
    done: list[Taken] = []
    try:
        with progress() as told:
            act = take_in(found, chosen, told)
            receipt = office.record(ask.request, lambda entry: done.append(act(entry)))
    except BadSheet as refusal:
        give_back(file, _without_private(found), first, refusal, **_kept_in_copy(found))
        raise
    if typed and not ask.request.dry_run:
        kept.keep(found.headings, typed)
    _tell(ask, office, receipt, found, done)


def _fields(kind: str | None) -> dict[str, Any]:
    """What columns may be said to be: of the kind, or of any."""
    from ntm_workflow.office.form_kinds import kind_named

    kinds = [kind] if kind else list(KINDS)
    return {c.field: c.title for name in kinds for c in kind_named(name).columns}


def _unseen() -> tuple[str, ...]:
    """The sheets of a form that nobody fills in."""
    from ntm_workflow.office.form_file import ABOUT, LISTS

    return ABOUT, LISTS


def _without_private(found: Form) -> Page:
    """The sheet without what the journal shows of people: who mends a row needs none of it."""
    private = {found.columns.get(c.field) for c in found.kind.columns if c.private}
    if not private:
        return found.page
    below = found.headings.below
    lines = [
        [None if n >= below and at in private else cell for at, cell in enumerate(line)]
        for n, line in enumerate(found.page.lines)
    ]
    return replace(found.page, lines=lines)


def _kept_in_copy(found: Form) -> dict[str, Any]:
    """What a copy needs to be taken in as the form itself is."""
    from ntm_workflow.office.form import ID
    from ntm_workflow.office.form_file import ABOUT

    unseen = [found.columns[ID]] if ID in found.columns else []
    beside = {ABOUT: found.about.lines} if found.about.kind else {}
    return {"unseen": unseen, "beside": beside}


def _tell_reading(found: Form, kept: Any) -> None:
    titles = {column.field: column.title for column in found.kind.columns}
    columns = {
        titles[name]: found.headings.shown[at]
        for name, at in found.columns.items()
        if name in titles
    }
    # What may be of an old font is told as wrong where it would be recorded.
    page = replace(found.page, doubtful=frozenset())
    if not found.about.kind or found.unread:
        tell_columns(page, found.headings.first, columns, found.unread, kept)
    elif found.page.old_font:
        tell_columns(page, found.headings.first, columns, [], kept)
    tell_hidden(found.page, (line.number for line in found.lines))


def _tell(ask: Asked, office: Office, receipt: Receipt, found: Form, done: Sequence[Taken]) -> None:
    receipts = [receipt] if receipt.facts else []
    ask.told("form.import", office, *receipts, **_counts(found, done))
    if done:
        tell_alike(done[0].imported.alike)
        tell_moved(done[0].moved, found.about.position)
    if not done or ask.as_json:
        return
    say(
        "Dòng mới ghi: {n} · đã có trong sổ: {known} · chưa điền: {untouched}",
        "Rows recorded: {n} · in the journal already: {known} · not filled in: {untouched}",
        n=done[0].imported.recorded,
        known=done[0].imported.known,
        untouched=done[0].untouched,
    )
    if done[0].shared:
        from ntm_workflow.cli.unit import tell_shared

        tell_shared(office, done[0].shared)
    if receipts and not ask.request.dry_run:
        say("Hủy cả biểu: ntm fact void {n} --reason … --document …", "To take the form back: ntm fact void {n} --reason … --document …", n=receipt.entry)  # fmt: skip


def _alike(imported: Imported) -> list[dict[str, int]]:
    return [{"row": row, "entry": entry} for row, entry in imported.alike.items()]


def _counts(found: Form, done: Sequence[Taken]) -> dict[str, Any]:
    if not done:
        return {}
    return {
        "kind": found.kind.name,
        "recorded": done[0].imported.recorded,
        "known": done[0].imported.known,
        "untouched": done[0].untouched,
        "alike": _alike(done[0].imported),
        "shared": done[0].shared,
        "moved": list(done[0].moved),
        "columns": {name: found.headings.shown[at] for name, at in found.columns.items()},
        "unread": list(found.unread),
        "unread_sheets": [name for name in found.page.others if name not in _unseen()],
        "hidden": list(found.hidden),
        "old_font": found.page.old_font,
        "exported_at": found.about.position,
    }
