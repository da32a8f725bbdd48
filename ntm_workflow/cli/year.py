"""The year as a screen of 80 columns by 24 lines: twelve months, their sum, and what is to be decided."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG, both, pick
from ntm_workflow.cli.labels import word
from ntm_workflow.cli.lists import write_rows

if TYPE_CHECKING:
    from ntm_workflow.cli.common import Shown
    from ntm_workflow.cli.pictures import Pictures
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.year import Matter, Month, Year

#: What a month shows of each count; short, since twelve stand beside each other.
HEADS = {
    "month": both("Tháng", "Month"),
    "due": both("Đến hạn", "Due"),
    "on_time": both("Đúng hạn", "On time"),
    "late": both("Muộn", "Late"),
    "missed": both("Quá hạn", "Missed"),
    "behind": both("Chưa đạt", "Behind"),
    "aside": both("Không tính", "Apart"),
    "pending": both("Chưa chốt", "Open"),
    "unspent": both("Vốn 0 %", "Money 0 %"),
    "letters": both("Thư", "Letters"),
    "closed": both("Ngày chốt", "Closed"),
}
#: What a month's due is made of, from the bottom of its bar, with the fill of each.
PARTS = {
    "on_time": "solid",
    "late": "slanted",
    "missed": "crossed",
    "behind": "dotted",
    "pending": "empty",
    "aside": "level",
}
_MATTERS = {
    "consequence": both(
        "Chưa làm, mà văn bản nêu hệ quả", "Not done, and the clause attaches something"
    ),
    "undetermined": both("Chưa xác định điều kiện", "Condition not settled"),
    "overturned": both(
        "Đã ghi quá hạn, sau mới biết là không", "Found missed, later shown not to be"
    ),
    "conflict": both("Trái quy tắc, cần xem lại", "Against a rule, to be looked at"),
}


def show(view: Shown, stamp: dict[str, Any], said: Year, about: str) -> None:
    """The year in the form its reader asked for; a sheet has the months."""
    if view.as_data:
        decide = [asdict(each) for each in said.matters]
        head = {"total": asdict(said.total), "unbinding": said.unbinding, "decide": decide}
        months = [asdict(month) for month in said.months]
        view.items("day.year", stamp | head, months, list(months[0]), under="months")
        return
    click.echo(_fitted(about))
    titles = [pick(title) or "" for title in HEADS.values()]
    rows = [[_cell(month, name) for name in HEADS] for month in (*said.months, said.total)]
    write_rows(titles, rows, range(1, len(HEADS)))
    for line in _below(said):
        click.echo(_fitted(line))


def draw(
    pictures: Pictures, reading: Reading, said: Year, number: int, where: Sequence[str]
) -> None:
    """The twelve months as bars of what fell due, by how it came out."""
    from ntm_workflow.cli.chart_months import Part, Said, picture
    from ntm_workflow.cli.drawing import Words
    from ntm_workflow.cli.pictures import as_known

    title = phrase("Việc đến hạn năm {n}: {where}", "Due in {n}: {where}", n=number, where=where)
    heads = {name: pick(head) or "" for name, head in HEADS.items()}
    parts = [
        Part(heads[name], fill, [getattr(month, name) for month in said.months])
        for name, fill in PARTS.items()
    ]
    none = phrase("Không có việc nào đến hạn.", "Nothing falls due.")
    labels = Said(heads["month"], heads["due"], phrase("Cộng", "All"), none)
    pictures.write(picture(Words(title, as_known(reading), lang=LANG.get()), labels, parts))


def _cell(month: Month, name: str) -> str:
    if name == "month":
        return str(month.month or phrase("Cộng", "All"))
    count = getattr(month, name)
    if name == "closed":
        return f"{count}/{month.days}"
    star = f" {month.recorded_late}*" if name == "on_time" and month.recorded_late else ""
    return f"{count}{star}" if count or month.month is None else ""


def _below(said: Year) -> Iterator[str]:
    if said.total.recorded_late:
        yield phrase(
            "* đúng hạn, nhưng ghi sổ sau khi đã chốt là quá hạn",
            "* on time, but typed after a closing had found it missed",
        )
    if said.total.history:
        yield phrase(
            "Trước khi đưa vào sổ, không tính: {n}",
            "Before it was taken on here, not counted: {n}",
            n=said.total.history,
        )
    if said.unbinding:
        counts = [f"{word(name)} {count}" for name, count in sorted(said.unbinding.items())]
        yield phrase(
            "Không bắt buộc, không tính: {n}", "Binding nobody, not counted: {n}", n=counts
        )
    if not said.matters:
        yield phrase("Không có gì chờ người quyết định.", "Nothing waits for a decision.")
    for kind, title in _MATTERS.items():
        if some := [each for each in said.matters if each.kind == kind]:
            yield f"{pick(title)}: {sum(m.count for m in some)} – {_named(some)}"
            if kind == "undetermined":
                yield f"  ntm obligation condition {some[0].first} --holds | --fails …"


def _named(some: Sequence[Matter]) -> str:
    return ", ".join(f"{m.about} × {m.count}" if m.count > 1 else m.about for m in some)


def _fitted(line: str) -> str:
    """One line of the terminal; a pipe has all of it."""
    room = get_terminal_size().columns
    return f"{line[: room - 1]}…" if sys.stdout.isatty() and len(line) > room else line
