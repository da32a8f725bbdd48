"""What was allocated and disbursed by source, as a chart of the office formats: bars that can be told apart in print.

One chart for workbooks and documents; a document keeps the sheet its chart was made from.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ntm_workflow.cli.labels import word

_SHEET: Final = "Biểu đồ"
_FONT: Final = {"name": "Times New Roman", "size": 11}
_HEADS: Final = ("Nguồn vốn", "Vốn giao", "Giải ngân")
#: Hatched and full: no colour is needed to tell them apart.
_INKS: Final[tuple[dict[str, Any], ...]] = (
    {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#5a5a5a",
            "bg_color": "#ffffff",
        },
        "border": {"color": "#1a1a1a", "width": 0.75},
    },
    {"fill": {"color": "#1a4f8b"}, "border": {"color": "#1a1a1a", "width": 0.75}},
)


def by_source(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, float, float]]:
    """Each source with what was allocated and disbursed of all plan years, in million đồng."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        each = sums.setdefault(row["source"] or "", [0, 0])
        each[0] += row["allocated"]
        each[1] += row["disbursed"]
    return [(word(source), *(part / 10**6 for part in some)) for source, some in sums.items()]  # type: ignore[misc]


def add_chart(book: Any, rows: Sequence[Mapping[str, Any]]) -> Any:
    """A sheet with the chart's numbers, and the chart, to be placed by the caller."""
    sheet = book.add_worksheet(_SHEET)
    sheet.write_row(0, 0, _HEADS)
    points = by_source(rows)
    for at, point in enumerate(points, 1):
        sheet.write_string(at, 0, point[0])
        sheet.write_number(at, 1, point[1])
        sheet.write_number(at, 2, point[2])
    chart = book.add_chart({"type": "column"})
    for column, ink in enumerate(_INKS, 1):
        chart.add_series({
            "name": [_SHEET, 0, column],
            "categories": [_SHEET, 1, 0, len(points), 0],
            "values": [_SHEET, 1, column, len(points), column],
            "gap": 80,
            **ink,
        })  # fmt: skip
    chart.set_title({"none": True})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_x_axis({"num_font": _FONT, "line": {"color": "#1a1a1a"}})
    chart.set_y_axis({
        "name": "triệu đồng",
        "name_font": {**_FONT, "bold": False},
        "num_font": _FONT,
        "num_format": "[$-42A]#,##0",
        "minor_tick_mark": "none",
        "major_gridlines": {"visible": True, "line": {"color": "#c8c8c8"}},
    })  # fmt: skip
    return chart


def chart_parts(rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, bytes]:
    """The chart as the XML a document holds, and the workbook it was made from."""
    from xlsxwriter import Workbook

    from ntm_workflow.cli.xlsx import MADE

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        chart = add_chart(book, rows)
        book.get_worksheet_by_name(_SHEET).insert_chart("E2", chart)
    with zipfile.ZipFile(file) as parts:
        return parts.read("xl/charts/chart1.xml"), file.getvalue()
