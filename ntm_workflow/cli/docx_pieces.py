"""Pieces of a Word document that its library has no word for: lines, widths, page numbers, rows kept whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_CELL: Final = Pt(12)
#: Fields that are read from the right.
_AMOUNTS: Final = tuple(
    f"{name} }}}}" for name in ("allocated", "disbursed", "disbursed_in_period", "rate")
)


def fill(paragraph: Any, text: str, *, bold: bool, head: bool) -> None:
    """The one paragraph of a cell: heads in the middle, amounts at the right."""
    run = paragraph.add_run(text)
    run.font.size, run.bold = _CELL, bold
    paragraph.alignment = (
        ALIGN.CENTER if head else ALIGN.RIGHT if text.endswith(_AMOUNTS) else ALIGN.LEFT
    )
    paragraph.paragraph_format.space_after = Pt(0)


def line(
    cell: Any,
    text: str,
    size: Any,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Any = ALIGN.CENTER,
) -> None:
    """One more line of a cell, close below the last one."""
    first = cell.paragraphs[0]
    paragraph = first if not first.text and len(cell.paragraphs) == 1 else cell.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = size, bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)


def rule(cell: Any, share: float, width: int) -> None:
    """A line under what stands above, as long as a share of the column."""
    paragraph = cell.add_paragraph()
    rule_only(paragraph, width * (1 - share) / 2)


def rule_only(paragraph: Any, indent: float) -> None:
    """A paragraph that is a line only, with so many mm left free on both sides."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(indent)
    form.space_after, form.line_spacing = Pt(6), Pt(2)
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:spacing", "w:ind", "w:jc")


def page_number(run: Any) -> None:
    run.font.size = Pt(14)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """In mm. Word reads the width of a cell, other programs that of the column."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def on_every_page(row: Any) -> None:
    """The row stands at the top of every page the table runs over."""
    _say_of(row, "w:tblHeader")


def keep_whole(row: Any) -> None:
    """The row is never broken between two pages."""
    _say_of(row, "w:cantSplit")


def _say_of(row: Any, name: str) -> None:
    said = OxmlElement(name)
    said.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(said)
