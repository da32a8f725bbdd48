"""`ntm fund import`: a sheet of allocations or payments in, as one entry; its bad rows told in a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import MOST, say
from ntm_workflow.cli.bilingual import Command, both, pick
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.session import option, session
from ntm_workflow.cli.sheet_told import (
    give_back,
    kept_columns,
    mapped,
    named,
    note,
    progress,
    tell_alike,
    tell_columns,
    tell_hidden,
    tell_others,
)

if TYPE_CHECKING:
    from ntm_workflow.domain.money_layout import Layout
    from ntm_workflow.domain.money_table import Table
    from ntm_workflow.office import Office
    from ntm_workflow.office.fund_import import Imported
    from ntm_workflow.office.fund_rows import Common
    from ntm_workflow.office.kept_columns import KeptColumns
    from ntm_workflow.office.sheet_reading import Page

#: The headings of an empty sheet to fill in.
_TEMPLATES = {
    "allocations": (
        *(both("Tên công trình", "item"), both("Địa điểm XD", "place"), both("Niên độ", "year")),
        *(both("Nguồn vốn", "source"), both("Loại vốn", "kind"), both("Kế hoạch vốn (đồng)", "amount")),
        *(both("Ngày giao", "day"), both("Số quyết định", "decision"), both("Chủ đầu tư", "owner")),
        both("Mã dự án", "code"),
    ),
    "payments": (
        *(both("Tên công trình", "item"), both("Mã dự án", "code"), both("Tạm ứng (đồng)", "advance")),
        *(both("Thanh toán (đồng)", "paid"), both("Ngày thanh toán", "day")),
        *(both("Số chứng từ", "document"), both("Đơn vị thụ hưởng", "payee")),
    ),
}  # fmt: skip


@click.command(
    "import",
    cls=Command,
    help=both(
        "Đưa một bảng giao vốn hoặc giải ngân (.xlsx, .xls, .ods, .csv) vào sổ: cả bảng là một lần ghi, hủy được "
        "bằng một lần hủy. Có dòng lỗi thì chưa ghi gì, và lý do nằm trong tệp .loi.xlsx. Chạy lại không ghi hai lần.",
        "Take in a sheet of allocations or payments (.xlsx, .xls, .ods, .csv): the whole sheet is one entry, undone "
        "by one void. With a bad row nothing is recorded, and a .loi.xlsx file says why. Safe to run again.",
    ),
    examples=[
        "ntm fund import giao-von.xlsx --what allocations --template",
        "ntm fund import giao-von.xlsx --what allocations --dry-run",
    ],
)
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "--what",
    type=click.Choice(["allocations", "payments"]),
    required=True,
    metavar="W",
    vi="allocations (giao vốn), payments (giải ngân).",
    en="allocations, payments",
)
@option(
    "--sheet",
    metavar="TEXT",
    vi="Trang trong tệp (mặc định: trang đầu tiên có bảng).",
    en="The sheet of the file (default: the first with a table).",
)
@option(
    "--map",
    "maps",
    multiple=True,
    metavar="TEXT",
    vi="Cột là gì, được nhớ cho lần sau: 'Tiêu đề=item', hoặc code, place, year, source, kind, amount, advance, day, document, decision, payee, owner; bỏ qua: 'Tiêu đề=-'.",
    en="What a column is, remembered for next time: 'Heading=item', or code, place, year, source, kind, amount, advance, day, document, decision, payee, owner; to leave it out: 'Heading=-'.",
)
@option(
    "--unit",
    metavar="TEXT",
    vi="Đơn vị tính, nếu bảng không ghi: đồng, nghìn, triệu, tỷ.",
    en="The unit, where the sheet states none: đồng, nghìn, triệu, tỷ.",
)
@option(
    "--place",
    type=PLACE,
    metavar="P",
    vi="Địa bàn, nếu bảng không có cột.",
    en="The place, where there is no column.",
)
@option(
    "--year",
    type=YEAR,
    metavar="Y",
    vi="Niên độ, nếu bảng không có cột.",
    en="Plan year, where there is no column.",
)
@option(
    "--source",
    metavar="S",
    vi="Nguồn, nếu bảng không có cột: provincial, hoặc “NS tỉnh”, …",
    en="The source, where there is no column: provincial, …",
)
@option(
    "--kind",
    metavar="K",
    vi="Loại vốn, nếu bảng không có cột: investment (đầu tư), recurrent (sự nghiệp).",
    en="The kind of money, where there is no column: investment, recurrent.",
)
@option(
    "--type",
    "type",
    default="work",
    show_default=True,
    vi="Loại mục, nếu bảng không có cột.",
    en="The type of item, where there is no column.",
)
@option(
    "--template",
    is_flag=True,
    vi="Chỉ viết một tệp mẫu trống có dòng tiêu đề.",
    en="Only write an empty file with the header.",
)
@writes
def import_(file: Path, what: str, ask: Asked, *, template: bool, **said: Any) -> None:
    if template:
        _write_template(file, what)
    else:
        _import(file, what, ask, **said)


def _write_template(file: Path, what: str) -> None:
    from ntm_workflow.cli.sheet import write_header

    write_header(file, [pick(name) or "" for name in _TEMPLATES[what]])
    say("Đã viết tệp mẫu {path}.", "Wrote the template {path}.", path=str(file))


def _import(
    file: Path,
    what: str,
    ask: Asked,
    *,
    sheet: str | None,
    maps: Sequence[str],
    unit: str | None,
    **common: Any,
) -> None:
    from ntm_workflow.domain.money_headings import FIELDS, KNOWN
    from ntm_workflow.domain.sheet_cells import unit_of
    from ntm_workflow.office.fund_import import BadSheet, import_sheet
    from ntm_workflow.office.sheets import find_table

    known = {name: FIELDS[name] for name in KNOWN[what]}
    said_of, kept = mapped(maps, known), kept_columns(what)
    size = unit_of(unit) if unit else None
    page, table = find_table(file, sheet, what, said_of, kept.recall, size)
    office = session().office()
    said = _common(office, ask, what, **common)
    _tell_reading(page, table, kept)
    if sheet is None:
        tell_others(page)
    done: list[Imported] = []
    try:
        with progress() as told:
            receipt = office.record(
                ask.request,
                lambda entry: done.append(import_sheet(entry, table, said, told)),
            )
    except BadSheet as refusal:
        give_back(file, page, table.layout.headings.first, refusal)
        raise
    if said_of and not ask.request.dry_run:
        kept.keep(table.layout.headings, said_of)
    if done:
        tell_alike(done[0].alike)
    receipts = [receipt] if receipt.facts else []
    ask.told("fund.import", office, *receipts, **_counts(done, page, table))
    if done and not ask.as_json:
        _summary(done[0], table)
        if receipts and not ask.request.dry_run:
            say("Hủy cả bảng: ntm fact void {n} --reason … --document …", "To take the sheet back: ntm fact void {n} --reason … --document …", n=receipt.entry)  # fmt: skip


def _common(office: Office, ask: Asked, what: str, **said: Any) -> Common:
    from ntm_workflow.domain.money_words import read_word
    from ntm_workflow.office.fund_rows import Common
    from ntm_workflow.office.names import find_place

    for name in ("source", "kind", "type"):
        if said[name] is not None:
            said[name] = read_word(name, said[name])
    if said["place"] is not None:
        with office.reading(ask.request.on) as reading:
            said["place"] = find_place(reading, said["place"])
    return Common(what=what, day=ask.request.on, document=ask.request.document, **said)


# --- what a person is told


def _tell_reading(page: Page, table: Table, kept: KeptColumns) -> None:
    """How the sheet was understood: before anything is refused or recorded."""
    from ntm_workflow.domain.money_headings import FIELDS

    columns = {FIELDS[field]: heading for field, heading in _columns(table.layout).items()}
    unread = [table.layout.headings.shown[at] for at in table.layout.unread]
    tell_columns(page, table.layout.headings.first, columns, unread, kept)
    if table.year and "year" not in table.layout.columns:
        note("Niên độ theo tiêu đề: {year}; khác thì nêu --year.", "Plan year by the titles: {year}; where it is another, say --year.", year=str(table.year))  # fmt: skip
    tell_hidden(page, (line.number for line in table.lines))
    if blank := len(page.beside.uncomputed):
        note("Cảnh báo: {n} ô có công thức mà tệp không lưu kết quả, coi là trống. Mở và lưu lại tệp bằng Excel rồi nhập.",
             "Warning: {n} cells have a formula whose result the file does not hold; they count as empty. Open and save it in Excel first.",
             n=blank)  # fmt: skip
    if page.beside.errors:
        note("Cảnh báo: {n} ô báo lỗi công thức, coi là trống: {cells}.",
             "Warning: {n} cells are in error, and count as empty: {cells}.",
             n=len(page.beside.errors), cells=named(page.beside.errors))  # fmt: skip
    for total in table.wrong_totals[:MOST]:
        note("Cảnh báo: dòng {n} ghi tổng {stated:dong}, các dòng cộng lại là {found:dong}.",
              "Warning: row {n} states a total of {stated:dong}, the rows come to {found:dong}.",
              n=total.number, stated=total.stated, found=total.found)  # fmt: skip


def _columns(layout: Layout) -> Mapping[str, str]:
    return {field: layout.headings.shown[at] for field, at in layout.columns.items()}


def _counts(done: Sequence[Imported], page: Page, table: Table) -> dict[str, Any]:
    if not done:
        return {}
    return {
        "recorded": done[0].recorded,
        "known": done[0].known,
        "amounts": dict(done[0].amounts),
        "without_amount": table.without_amount,
        "details": table.details,
        "columns": _columns(table.layout),
        "unread": [table.layout.headings.shown[at] for at in table.layout.unread],
        "units": table.units,
        "year": table.year,
        "old_font": page.old_font,
        "wrong_totals": [{"row": t.number, "stated": t.stated, "found": t.found} for t in table.wrong_totals],
    }  # fmt: skip


def _summary(done: Imported, table: Table) -> None:
    say(
        "Khoản mới: {n} · đã có trong sổ: {known}",
        "New: {n} · in the journal already: {known}",
        n=done.recorded,
        known=done.known,
    )
    if table.without_amount:
        say("Dòng không có số tiền: {n}", "Rows without an amount: {n}", n=table.without_amount)
    if table.details:
        say(
            "Dòng chi tiết dưới một công trình, không đọc: {n}",
            "Rows of detail below an item, not read: {n}",
            n=table.details,
        )
    for type, amount in done.amounts.items():
        say(
            "  {type:word}: {amount:dong}", "  {type:word}: {amount:dong}", type=type, amount=amount
        )
