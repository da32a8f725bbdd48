"""`ntm place import`: a file of places in, its bad rows back in a workbook."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.cli.sheet import Sheet
    from ntm_workflow.office.place_import import Fault, Imported

#: Column -> the headings it goes by, folded.
HEADINGS = {
    "name": ("ten", "ten dia ban", "ten don vi", "ten don vi hanh chinh", "name"),
    "type": ("loai", "cap", "loai dia ban", "type"),
    "code": ("ma hanh chinh", "ma", "ma so", "official code", "code"),
    "parent": ("thuoc", "cap tren", "thuoc dia ban", "truc thuoc", "parent", "in"),
}


@click.command(
    "import",
    cls=Command,
    help=both(
        "Đưa danh sách địa bàn (.xlsx, .csv) vào sổ: các cột tên, loại, mã, thuộc. Chạy lại không ghi hai lần; "
        "dòng lỗi trả về trong tệp .loi.xlsx.",
        "Take in a list of places (.xlsx, .csv) with the columns name, type, code, parent. Safe to run again; "
        "bad rows come back in a .loi.xlsx file.",
    ),
    examples=[
        "ntm place import dia-ban.xlsx --template",
        "ntm place import dia-ban.xlsx --dry-run",
    ],
)
@click.argument("file", type=click.Path(path_type=Path))
@option("--good-rows", is_flag=True, vi="Ghi các dòng đúng dù có dòng lỗi.",
        en="Record the good rows although others are bad.")  # fmt: skip
@option("--template", is_flag=True, vi="Chỉ viết một tệp mẫu trống có dòng tiêu đề.",
        en="Only write an empty file with the header.")  # fmt: skip
@writes
def import_(file: Path, good_rows: bool, template: bool, ask: Asked) -> None:
    if template:
        _write_template(file)
    else:
        _import(file, good_rows, ask)


def _write_template(file: Path) -> None:
    from ntm_workflow.cli.labels import heading
    from ntm_workflow.cli.sheet import write_header

    write_header(file, [heading(name) for name in HEADINGS])
    say("Đã viết tệp mẫu {path}.", "Wrote the template {path}.", path=str(file))


def _import(file: Path, good_rows: bool, ask: Asked) -> None:
    from ntm_workflow.cli.sheet import read_sheet
    from ntm_workflow.cli.sheet_told import tell_fonts
    from ntm_workflow.office.place_import import BadRows, PlaceRow, import_places

    sheet = read_sheet(file, HEADINGS, ("name", "type"))
    tell_fonts(sheet.page, {number for number, _ in sheet.rows})
    rows = [PlaceRow(number=number, **sheet.cells(row)) for number, row in sheet.rows]
    office = session().office()
    done: list[Imported] = []
    try:
        receipt = office.record(
            ask.request,
            lambda entry: done.append(import_places(entry, rows, good_rows=good_rows)),
        )
    except BadRows as refusal:
        _give_back(file, sheet, refusal.all)
        raise
    result = done[0] if done else None
    receipts = [receipt] if receipt.facts else []
    ask.told("place.import", office, *receipts, **_counts(result))
    if result:
        _summary(ask, result)
        if result.faults:
            _give_back(file, sheet, result.faults)


def _counts(result: Imported | None) -> dict[str, Any]:
    if result is None:
        return {}
    return {
        "registered": result.registered,
        "coded": result.coded,
        "unchanged": result.unchanged,
        "faults": [{"row": f.row, "column": f.column, "why": _why(f)} for f in result.faults],
    }


def _summary(ask: Asked, result: Imported) -> None:
    if not ask.as_json:
        say(
            "Địa bàn mới: {registered} · thêm mã: {coded} · đã có: {unchanged} · ô lỗi: {faults}",
            "New places: {registered} · codes added: {coded} · there already: {unchanged} · wrong cells: {faults}",
            registered=result.registered,
            coded=result.coded,
            unchanged=result.unchanged,
            faults=len(result.faults),
        )


def _give_back(file: Path, sheet: Sheet, faults: list[Fault]) -> None:
    """Write the bad rows beside the file they came from, and say where."""
    from ntm_workflow.cli.sheet import write_bad_rows

    why: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        why[fault.row].append(_why(fault))
    said = {number: "; ".join(each) for number, each in why.items()}
    target = write_bad_rows(file, sheet, said, phrase("Lỗi", "Error"))
    click.echo(
        phrase("Các dòng lỗi ở: {path}", "The bad rows are in: {path}", path=str(target)), err=True
    )


def _why(fault: Fault) -> str:
    return fault.why.en if LANG.get() == "en" else fault.why.vi
