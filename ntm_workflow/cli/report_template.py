"""The report's own template: the layout of official documents by Decree 30/2020/NĐ-CP, Annex I.

A4, margins 20/20/30/15 mm, Times New Roman 13–14, the national title, the issuer, the number, place
and day left open, the text, who it goes to, and room for a signature. An office may change it in Word.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ntm_workflow.cli.docx_pieces import (
    fill,
    keep_whole,
    line,
    on_every_page,
    page_number,
    rule,
    rule_only,
    set_widths,
)

_FONT: Final = "Times New Roman"
_BODY, _SMALL = Pt(14), Pt(9)
#: Widths of the two columns of the head and of the foot, in mm; the text is 165 wide.
_HEAD: Final = (65, 100)
_TEXT_WIDTH: Final = 165
#: The column of running numbers, in mm.
_RUNNING: Final = 11

#: A table of the text: what its rows are, and for each column its head, its field and its width in mm.
Columns = Sequence[tuple[str, str, int]]

_PLACES: Final[Columns] = (
    ("Địa bàn", "{{ row.place }}", 35),
    ("Đạt", "{{ row.count }}/{{ row.of }}", 16),
    (
        "Đạt thêm trong kỳ",
        "{{ row.changed }}",
        34,
    ),
    ("Chưa đạt", "{{ row.not_achieved }}", 34),
    (
        "Chưa có số liệu",
        "{{ row.unclear }}",
        46,
    ),
)
_NUMBERS: Final[Columns] = (
    ("Số", "{{ row.number }}", 12),
    ("Tiêu chí", "{{ row.name }}", 83),
    ("Nơi đạt", "{{ row.achieved }}", 22),
    ("Chưa đạt", "{{ row.not_achieved }}", 22),
    ("Chưa có số liệu", "{{ row.unclear }}", 26),
)
_MET: Final[Columns] = (
    (
        "Nội dung",
        "{{ row.title }}{% if row.clause %} ({{ row.clause }}){% endif %}{% if row.times %}: {{ row.times }}{% endif %}",
        72,
    ),
    ("Đơn vị", "{{ row.who }}", 40),
    ("Hạn", "{{ row.day }}", 25),
    ("Hoàn thành", "{{ row.met_on }}", 25),
)
_MISSED: Final[Columns] = (
    (
        "Nội dung",
        "{{ row.title }}{% if row.clause %} ({{ row.clause }}){% endif %}{% if row.times %}: {{ row.times }}{% endif %}",
        72,
    ),
    ("Đơn vị", "{{ row.who }}", 40),
    ("Hạn", "{{ row.day }}", 25),
    ("Tình trạng", "{{ row.standing }}", 29),
)
_NEXT: Final[Columns] = (
    (
        "Nội dung",
        "{{ row.title }}{% if row.clause %} ({{ row.clause }}){% endif %}{% if row.times %}: {{ row.times }}{% endif %}",
        80,
    ),
    ("Đơn vị", "{{ row.who }}", 50),
    ("Hạn", "{{ row.day }}", 25),
)
_DOSSIERS: Final[Columns] = (
    ("Danh hiệu", "{{ row.standard }} năm {{ row.year }}", 45),
    ("Bước", "{{ row.stage }}", 40),
    ("Số hồ sơ", "{{ row.count }}", 22),
    ("Địa bàn", "{{ row.places }}", 62),
)
_MONEY: Final[Columns] = (
    ("Nguồn vốn", "{{ row.source }}", 40),
    ("Niên độ", "{{ row.year }}", 20),
    ("Vốn giao", "{{ row.allocated }}", 29),
    ("Giải ngân lũy kế", "{{ row.disbursed }}", 29),
    ("Trong kỳ", "{{ row.disbursed_in_period }}", 29),
    ("Tỷ lệ", "{{ row.rate }}", 20),
)
_CARDS: Final[Columns] = (
    ("Đơn vị, địa bàn", "{{ row.who }}", 65),
    ("Đúng hạn", "{{ row.on_time }}", 25),
    ("Muộn", "{{ row.late }}", 18),
    ("Quá hạn", "{{ row.missed }}", 19),
    ("Chưa chốt", "{{ row.pending }}", 19),
    ("Phấn đấu", "{{ row.strive }}", 19),
)
_PARTS: Final[Columns] = (
    ("Địa bàn", "{{ row.place }}", 45),
    ("Hoàn thành", "{{ row.met }}", 20),
    ("Quá hạn", "{{ row.missed }}", 18),
    ("Kỳ tới", "{{ row.next }}", 18),
    ("Vốn giao", "{{ row.allocated }}", 23),
    ("Giải ngân", "{{ row.disbursed }}", 23),
    ("Báo cáo", "{{ row.report }}", 20),
)
_MORE: Final = "… và {{ %s.more }} dòng nữa, có đủ trong bảng tính của báo cáo."


def template() -> bytes:
    """The template as a .docx file; the same each time."""
    made = _Template()
    made.head()
    made.title()
    made.results()
    made.duties()
    made.money()
    made.on_time()
    made.ahead()
    made.foot()
    file = io.BytesIO()
    made.document.save(file)
    return file.getvalue()


class _Template:
    def __init__(self) -> None:
        self.document = Document()
        self._page()
        style: Any = self.document.styles["Normal"]
        style.font.name, style.font.size = _FONT, _BODY
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.line_spacing = 1.0
        core = self.document.core_properties
        core.author = core.title = core.comments = ""
        core.language = "vi-VN"

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = ALIGN.CENTER
        page_number(number.add_run())
        for footer in (section.footer, section.first_page_footer):
            run = footer.paragraphs[0].add_run("{{ stamp }}")
            run.font.size, run.italic = _SMALL, True

    # --- what stands around the text

    def head(self) -> None:
        left, right = self._two()
        line(left, "{{ above }}", Pt(13))
        line(left, "{{ issuer }}", Pt(13), bold=True)
        rule(left, 0.4, _HEAD[0])
        line(left, "Số:         /BC-{{ short }}", Pt(13))
        line(left, "DỰ THẢO", Pt(12), bold=True)
        line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Pt(12), bold=True)
        line(right, "Độc lập - Tự do - Hạnh phúc", Pt(13), bold=True)
        rule(right, 0.6, _HEAD[1])
        line(right, "{{ seat }}, ngày        tháng        năm        ", Pt(13), italic=True)

    def title(self) -> None:
        self._centred("BÁO CÁO")
        self._centred(
            "Kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới {{ period }}"
        )
        under = self.document.add_paragraph()
        rule_only(under, 65)
        self._text("{%p for plan in plans %}")
        self._text(
            "Thực hiện {{ plan.title }}{% if plan.number %} (văn bản số {{ plan.number }}{% if plan.issued_on %} ngày {{ plan.issued_on }}{% endif %} của {{ plan.issuer }}){% else %} của {{ plan.issuer }}{% endif %};"
        )
        self._text("{%p endfor %}")
        self._text(
            "{{ unit }} báo cáo kết quả thực hiện {{ period }} (số liệu từ ngày {{ from_day }} đến hết ngày {{ until_day }}) như sau:"
        )

    def foot(self) -> None:
        left, right = self._two()
        line(left, "Nơi nhận:", Pt(12), bold=True, italic=True, align=ALIGN.LEFT)
        line(left, "{%p for name in recipients %}", Pt(11), align=ALIGN.LEFT)
        line(left, "- {{ name }};", Pt(11), align=ALIGN.LEFT)
        line(left, "{%p endfor %}", Pt(11), align=ALIGN.LEFT)
        line(left, "- Lưu: VT.", Pt(11), align=ALIGN.LEFT)
        line(right, "{{ signed_for }}", Pt(14), bold=True)
        line(right, "(Chức vụ, chữ ký, họ tên của người ký)", Pt(13), italic=True)

    # --- the text

    def results(self) -> None:
        self._heading("I. KẾT QUẢ THỰC HIỆN TIÊU CHÍ")
        self._text("{%p for set in criteria %}")
        self._text(
            "Bộ tiêu chí {{ set.name }}{% if set.decision %} ({{ set.decision }}){% endif %}: {{ set.places | length }}{% if set.asked_of %}/{{ set.asked_of }}{% endif %} nơi có số liệu; {{ set.newly }} lượt tiêu chí đạt thêm trong kỳ."
        )
        self._table("set.places", _PLACES)
        self._text("{%p if set.places | length > 1 %}")
        self._text("Theo từng tiêu chí (số nơi):")
        self._table("set.numbers", _NUMBERS)
        self._text("{%p endif %}")
        self._text("{%p endfor %}")
        self._unless("criteria")
        self._heading("Hồ sơ đề nghị xét, công nhận", level=2)
        self._if("dossiers", _DOSSIERS, "dossiers")

    def duties(self) -> None:
        self._heading("II. THỰC HIỆN NHIỆM VỤ THEO KẾ HOẠCH")
        self._heading("1. Hoàn thành trong kỳ: {{ met.count }} nhiệm vụ", level=2)
        self._if("met.rows", _MET, "met.rows", more="met")
        self._heading(
            "2. Đã đến hạn, hết ngày {{ until_day }} chưa hoàn thành: {{ missed.count }} nhiệm vụ",
            level=2,
        )
        self._text("{%p if missed.rows %}")
        self._text(
            "Trong đó phải làm, đã chốt là quá hạn: {{ kinds.found }}; chưa chốt: {{ kinds.waiting }}; mốc phấn đấu chưa đạt: {{ kinds.strive }}.{% if closed_day %} Sổ đã chốt đến hết ngày {{ closed_day }}.{% endif %}"
        )
        self._text("{%p endif %}")
        self._if("missed.rows", _MISSED, "missed.rows", more="missed")
        self._text("{%p if aside.rows %}")
        self._heading("3. Được miễn, tạm dừng, chưa xác định: {{ aside.count }} nhiệm vụ", level=2)
        self._table("aside.rows", _MISSED)
        self._text("{%p endif %}")
        self._text("{%p if parts %}")
        self._heading("Theo địa bàn (vốn: triệu đồng)", level=2)
        total = ("Cộng", *(f"{{{{ all_parts.{name} }}}}" for name in ("met", "missed", "next", "allocated", "disbursed")), "")  # fmt: skip
        self._table("parts", _PARTS, total)
        self._text("{%p endif %}")

    def money(self) -> None:
        self._heading("III. GIẢI NGÂN THEO NGUỒN VỐN (triệu đồng)")
        self._text("{%p if money.rows %}")
        total = ("Cộng", "", *(f"{{{{ money.total.{name} }}}}" for name in ("allocated", "disbursed", "disbursed_in_period", "rate")))  # fmt: skip
        self._table("money.rows", _MONEY, total)
        self._text("{{ money_chart }}", align=ALIGN.CENTER, indent=False)
        self._text("{%p endif %}")
        self._unless("money.rows")

    def on_time(self) -> None:
        self._heading("IV. THỰC HIỆN ĐÚNG HẠN TRONG KỲ")
        self._if("cards.rows", _CARDS, "cards.rows", more="cards")
        for head, what, only in (
            ("Theo địa bàn, mọi việc về nơi đó dù ai làm", "communes", "parts and communes.rows"),
            ("Theo đơn vị phụ trách tiêu chí", "departments", "departments.rows"),
        ):
            self._text(f"{{%p if {only} %}}")
            self._heading(head, level=2)
            self._table(f"{what}.rows", _CARDS)
            self._more(what)
            self._text("{%p endif %}")
        self._text("{%p if cards.rows or departments.rows %}")
        self._text(
            "Đúng hạn: số việc xong trong hạn trên số việc đến hạn trong kỳ, theo những gì đã ghi sổ khi lập báo cáo; dấu * là việc xong đúng hạn nhưng ghi sổ muộn."
        )
        self._text("{%p endif %}")
        self._heading("V. TỒN TẠI, NGUYÊN NHÂN")
        self._notes("causes")

    def ahead(self) -> None:
        self._heading("VI. NHIỆM VỤ {{ next_period | upper }}: {{ next.count }} nhiệm vụ đến hạn")
        self._if("next.rows", _NEXT, "next.rows", more="next")
        self._heading("VII. ĐỀ XUẤT, KIẾN NGHỊ")
        self._notes("proposals")

    # --- pieces

    def _two(self) -> tuple[Any, Any]:
        table = self.document.add_table(rows=1, cols=2)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        set_widths(table, _HEAD)
        keep_whole(table.rows[0])
        left, right = table.rows[0].cells
        return left, right

    def _centred(self, text: str) -> None:
        self._text(text, bold=True, align=ALIGN.CENTER, indent=False)

    def _heading(self, text: str, level: int = 1) -> None:
        paragraph = self._text(text, bold=True, indent=False)
        paragraph.alignment = ALIGN.LEFT
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(10 if level == 1 else 6)

    def _text(
        self, text: str, *, bold: bool = False, align: Any = ALIGN.JUSTIFY, indent: bool = True
    ) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        if indent:
            paragraph.paragraph_format.first_line_indent = Mm(12.7)
        paragraph.add_run(text).bold = bold
        return paragraph

    def _unless(self, what: str) -> None:
        self._text(f"{{%p if not {what} %}}")
        self._text("Không có.")
        self._text("{%p endif %}")

    def _if(self, what: str, columns: Columns, rows: str, more: str | None = None) -> None:
        """A table where there is something to show, and a word where there is not."""
        self._text(f"{{%p if {what} %}}")
        self._table(rows, columns)
        if more:
            self._more(more)
        self._text("{%p endif %}")
        self._unless(what)

    def _more(self, what: str) -> None:
        self._text(f"{{%p if {what}.more %}}")
        self._text(_MORE % what)
        self._text("{%p endif %}")

    def _notes(self, what: str) -> None:
        """The units' own words, and room for what a person adds."""
        self._text(f"{{%p for note in {what} %}}")
        self._text("- {{ note.who }}, “{{ note.title }}”: {{ note.text }}")
        self._text("{%p endfor %}")
        self._text("…" * 32, indent=False)

    def _table(self, rows: str, columns: Columns, total: Sequence[str] = ()) -> None:
        table = self.document.add_table(rows=4 + bool(total), cols=len(columns) + 1)
        table.style, table.autofit = "Table Grid", False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        scale = (_TEXT_WIDTH - _RUNNING) / sum(width for _, _, width in columns)
        set_widths(table, (_RUNNING, *(width * scale for _, _, width in columns)))
        lines = (
            ("TT", *(head for head, _, _ in columns)),
            (f"{{%tr for row in {rows} %}}", *("" for _ in columns)),
            ("{{ loop.index }}", *(field for _, field, _ in columns)),
            ("{%tr endfor %}", *("" for _ in columns)),
            *((("", *total),) if total else ()),
        )
        for at, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
            for cell, text in zip(row.cells, texts, strict=True):
                fill(cell.paragraphs[0], text, bold=at in (0, 4), head=at == 0)
        on_every_page(table.rows[0])
        for row in table.rows:
            keep_whole(row)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)
