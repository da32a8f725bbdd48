"""A periodic report as a .docx file, from the bundled template or an office's own; the same facts are the same bytes.

A template may show the fields of `report_words.words` and nothing else; it runs in a sandbox.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ntm_workflow.cli.money_chart import chart_parts
from ntm_workflow.cli.report_words import in_vietnamese, words
from ntm_workflow.cli.xlsx import MADE
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.reasons import why
from ntm_workflow.domain.values import Word

#: Of a template, unpacked: a sound one has a fraction of it.
_MOST_BYTES: Final = 50_000_000
_EMU: Final = 36_000
_SIZE: Final = (155 * _EMU, 75 * _EMU)
_CHART: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_PACKAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
_CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS, _CHARTS = "/word/embeddings/bieu-do%d.xlsx", "/word/charts/chart%d.xml"
_DRAWING: Final = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{0}" cy="{1}"/>'
    '<wp:docPr id="1" name="Biểu đồ" descr="Vốn giao và giải ngân theo nguồn, triệu đồng"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{2}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)
#: What else the code in a template may end with.
_TEMPLATES_OWN: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    SyntaxError,
    TypeError,
    ValueError,
)
_UNKNOWN: Final = re.compile(r"'([^']+)'(?: is undefined)?$")


class UnreadableTemplate(Refused):
    exit_code = 2
    vi = "Tệp {path} không dùng được làm mẫu báo cáo: {why}.\nLấy mẫu có sẵn để sửa: ntm report template mau.docx"
    en = "The file {path} cannot be used as a report template: {why}.\nStart from the bundled one: ntm report template mau.docx"


class UnknownField(Refused):
    exit_code = 2
    vi = "Mẫu {path} dùng trường “{field}” mà báo cáo không có; các trường: {known}.\nSửa mẫu, hoặc lấy mẫu có sẵn: ntm report template mau.docx"
    en = "The template {path} uses the field “{field}”, which a report has not; its fields: {known}.\nMend it, or start from the bundled one: ntm report template mau.docx"


class Template:
    """A template that has been read; `path` is None for the bundled one."""

    def __init__(self, content: bytes, path: Path | None = None) -> None:
        self.content, self.path = content, path

    def filled(self, facts: Mapping[str, Any]) -> bytes:
        """The report as a file. Refuses a template that asks for what no report has."""
        from docxtpl import DocxTemplate
        from jinja2 import StrictUndefined, TemplateError, UndefinedError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        document = DocxTemplate(io.BytesIO(self.content))
        fields = {**words(facts), "money_chart": _Chart(document, facts["money"]["rows"])}
        box = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
        try:
            if strange := sorted(document.get_undeclared_template_variables(box, fields)):
                raise UnknownField(path=self._name, field=strange[0], known=sorted(fields))
            with in_vietnamese():
                document.render(fields, box, autoescape=True)
        except UndefinedError as error:
            raise self._unknown(str(error), sorted(fields)) from None
        except (TemplateError, *_TEMPLATES_OWN) as error:
            raise self._unreadable(f"{error}") from None
        file = io.BytesIO()
        document.docx.core_properties.created = document.docx.core_properties.modified = MADE
        document.save(file)
        return _same_bytes(file)

    def _unknown(self, said: str, known: Sequence[str]) -> UnknownField:
        found = _UNKNOWN.search(said)
        return UnknownField(path=self._name, field=found[1] if found else said, known=known)

    def _unreadable(self, said: str) -> UnreadableTemplate:
        return UnreadableTemplate(path=self._name, why=Word(f"“{said}”", f"“{said}”"))

    @property
    def _name(self) -> str:
        return str(self.path) if self.path else "report.docx"


def read_template(path: Path | None) -> Template:
    """An office's own template, tried with sample facts first, or the bundled one."""
    if path is None:
        from ntm_workflow.cli.report_template import template

        return Template(template())
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableTemplate(path=str(path), why=why(error)) from None
    if fault := _fault_of(content):
        raise UnreadableTemplate(path=str(path), why=fault)
    found = Template(content, path)
    from ntm_workflow.cli.report_sample import SAMPLE

    found.filled(SAMPLE)
    return found


def _fault_of(content: bytes) -> Word | None:
    """Why a file is no template, if it is none: no Word file, too large, or with what runs or reads from elsewhere."""
    from docx import Document

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                return Word("tệp quá lớn khi giải nén", "it is too large unpacked")
            if any(name.lower().endswith("vbaproject.bin") for name in parts.namelist()):
                return Word("tệp có macro", "it has macros")
            if any(map(_reads_elsewhere, _relations(parts))):
                return Word("tệp lấy nội dung từ nơi khác", "it takes content from elsewhere")
        Document(io.BytesIO(content))
    except (zipfile.BadZipFile, zlib.error, LookupError, RuntimeError, ValueError, SyntaxError):
        return Word(
            "không phải tệp Word .docx đọc được", "it is no Word .docx file that can be read"
        )
    return None


def _relations(parts: zipfile.ZipFile) -> Iterator[Any]:
    from lxml import etree

    for name in parts.namelist():
        if name.endswith(".rels"):
            yield from etree.fromstring(parts.read(name))


def _reads_elsewhere(relation: Any) -> bool:
    """A link that a reader may click is text; anything else outside the file would be loaded."""
    external = relation.get("TargetMode") == "External"
    return external and not str(relation.get("Type")).endswith("/hyperlink")


class _Chart:
    """The money chart where a template names it: an object of the document, which Word can edit."""

    def __init__(self, document: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        self.document, self.rows = document, rows

    def __html__(self) -> str:
        if not self.rows:
            return ""
        drawing = _DRAWING.format(*_SIZE, self._related())
        return f'</w:t></w:r><w:r>{drawing}</w:r><w:r><w:t xml:space="preserve">'

    __str__ = __html__

    def _related(self) -> str:
        from docx.opc.part import Part

        chart, sheet = chart_parts(self.rows)
        holder = self.document.current_rendering_part
        package = holder.package
        names = (package.next_partname(each) for each in (_SHEETS, _CHARTS))
        book, part = (
            Part(name, kind, blob, package)
            for name, kind, blob in zip(
                names, (_SHEET_TYPE, _CHART_TYPE), (sheet, chart), strict=True
            )
        )
        source = f'<c:externalData r:id="{part.relate_to(book, _PACKAGE)}"><c:autoUpdate val="0"/></c:externalData>'
        part._blob = chart.replace(b"<c:printSettings>", source.encode() + b"<c:printSettings>", 1)
        return str(holder.relate_to(part, _CHART))


def _same_bytes(file: io.BytesIO) -> bytes:
    """The document packed without the time of packing."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(file) as parts,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        for part in parts.infolist():
            whole.writestr(zipfile.ZipInfo(part.filename), parts.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
