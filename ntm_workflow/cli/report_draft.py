"""`ntm report draft`: a unit's report of a period, as a document to sign, a workbook, or data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Shown, looks
from ntm_workflow.cli.complete import UNIT
from ntm_workflow.cli.session import everywhere, option, session
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.report_days import KINDS

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


class TemplateThere(Refused):
    vi = "Tệp {path} đã có; chưa ghi gì.\nGhi tên khác: ntm report template TỆP.docx"
    en = "The file {path} is there already; nothing was written.\nGive another name: ntm report template FILE.docx"


@click.command(
    cls=Command,
    help=both(
        "Dự thảo báo cáo của --for cho kỳ --period, theo thể thức văn bản hành chính (.docx) hoặc bảng tính (.xlsx). Số, ngày, chữ ký để trống. Cùng vị trí sổ (--known-at) thì ra đúng bản đó.",
        "The draft report of --for for --period, in the layout of official documents (.docx) or as a workbook (.xlsx). Number, day and signature stay open. The same position (--known-at) gives the very same file.",
    ),
    examples=[
        "ntm report draft --kind month --for 'UBND xã Tam Thanh' --period 2024-10 -o bc-tam-thanh.docx",
        "ntm report draft --for 'UBND thành phố Tam Kỳ' --period 2024-10 -o bc-tam-ky.xlsx",
    ],
)
@option("--replace", is_flag=True, vi="Ghi đè tệp đã có.", en="Write over a file that is there.")
@option("--template", type=_FILE, metavar="FILE", vi="Mẫu .docx của cơ quan (mặc định report.template, hoặc mẫu có sẵn).", en="The office's own .docx template (default report.template, or the bundled one).")  # fmt: skip
@option("-o", "--output", type=_FILE, metavar="FILE", vi="Ghi vào tệp .docx hoặc .xlsx này.", en="Write this .docx or .xlsx file.")  # fmt: skip
@option("--period", required=True, metavar="T", vi="Kỳ: 2024-10, 2024-Q4, 2024-H2, 2024.", en="The period: 2024-10, 2024-Q4, 2024-H2, 2024.")  # fmt: skip
@option("--kind", type=click.Choice(KINDS), vi="Loại kỳ: tháng, quý, nửa năm, năm (để kiểm tra --period).", en="What the period is: checks --period.")  # fmt: skip
@option("--for", "unit", required=True, type=UNIT, metavar="U", vi="Đơn vị báo cáo.", en="The unit that reports.")  # fmt: skip
@looks
def draft(
    unit: str,
    kind: str | None,
    period: str,
    output: Path | None,
    template: Path | None,
    replace: bool,
    view: Shown,
) -> None:
    from ntm_workflow.cli.files import write_kept
    from ntm_workflow.office import report_draft as use
    from ntm_workflow.office.names import find_unit
    from ntm_workflow.office.report import read_period

    _must_be_known(output, template)
    named = read_period(period)
    use.must_be_of_kind(named, kind)
    with view.reading() as reading:
        counted = session().settings["report.data_days"]
        wanted = use.Wanted(unit=find_unit(reading, unit), period=named, counted=counted)
        # A day that is still to come is no day to look back from.
        use.must_be_over(wanted, min(reading.as_of, session().office().today))
        facts = use.Draft(session().office().journal, reading, wanted).facts()
        stamp = reading.stamp()
    if output is not None:
        write_kept(output, _content(output, facts, template), replace=replace)
    if view.as_json:
        emit("report.draft", {**stamp, "file": output and str(output), **_as_data(facts)})
    elif output is not None:
        say("Đã ghi {path}.", "Wrote {path}.", path=str(output))
    else:
        _tell(facts)


def _must_be_known(output: Path | None, template: Path | None) -> None:
    kind = output.suffix.lower() if output else None
    if template and kind != ".docx":
        raise click.UsageError(phrase("--template chỉ dùng với -o F.docx", "--template goes with -o F.docx"))  # fmt: skip
    if kind not in (None, ".docx", ".xlsx"):
        raise click.UsageError(phrase("Tên tệp phải kết thúc bằng .docx hoặc .xlsx: {path}", "The file's name must end in .docx or .xlsx: {path}", path=str(output)))  # fmt: skip


def _content(output: Path, facts: dict[str, Any], template: Path | None) -> bytes:
    if output.suffix.lower() == ".xlsx":
        from ntm_workflow.cli.report_xlsx import workbook

        return workbook(facts)
    from ntm_workflow.cli.report_docx import read_template

    chosen = template or session().settings["report.template"]
    return read_template(Path(chosen) if chosen else None).filled(facts)


def _as_data(facts: dict[str, Any]) -> dict[str, Any]:
    from ntm_workflow.cli.score import flat

    cards = {
        per: [{"who": name, **flat(card)} for name, card in some]
        for per, some in facts["cards"].items()
    }
    return {**facts, "cards": cards}


def _tell(facts: dict[str, Any]) -> None:
    """The report in a few lines, for whoever wants to know what would stand in it."""
    say(
        "{unit}, số liệu {first} – {last}, sổ đến vị trí {n}:",
        "{unit}, figures of {first} – {last}, journal up to position {n}:",
        unit=facts["unit"]["name"],
        first=facts["from"],
        last=facts["until"],
        n=facts["position"],
    )
    counts = {name: sum(each["count"] for each in facts[name]) for name in ("met", "missed", "next")}  # fmt: skip
    say(
        "  nhiệm vụ: hoàn thành {met}, quá hạn {missed}, đến hạn kỳ tới {next}",
        "  duties: {met} done, {missed} past their day, {next} due in the next period",
        **counts,
    )
    money = facts["money"]["total"]
    say(
        "  vốn: giao {allocated:dong}, giải ngân {disbursed:dong}, trong kỳ {disbursed_in_period:dong}",
        "  money: {allocated:dong} allocated, {disbursed:dong} disbursed, {disbursed_in_period:dong} in the period",
        **money,
    )
    say("Ghi thành tệp: -o F.docx hoặc -o F.xlsx", "To write it: -o F.docx or -o F.xlsx")


@click.command(
    cls=Command,
    help=both(
        "Ghi mẫu báo cáo có sẵn ra một tệp .docx mới để cơ quan sửa trong Word; --check thử một mẫu đã sửa.",
        "Write the bundled report template to a new .docx file, to be changed in Word; --check tries one that was.",
    ),
    examples=["ntm report template mau-bao-cao.docx"],
)
@click.argument("file", type=_FILE)
@option("--check", is_flag=True, vi="Thử mẫu này với số liệu mẫu.", en="Try this template with sample facts.")  # fmt: skip
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def template(file: Path, check: bool, as_json: bool) -> None:
    from ntm_workflow.cli.report_docx import read_template

    if check:
        read_template(file)
    else:
        from ntm_workflow.cli.files import whole
        from ntm_workflow.cli.report_template import template as made

        if os.path.lexists(file):
            raise TemplateThere(path=str(file))
        with whole(file) as out:
            out.write(made())
    if as_json:
        emit("report.template", {"file": str(file), "checked": check})
    elif check:
        say("Mẫu {path} dùng được.", "The template {path} is sound.", path=str(file))
    else:
        say(
            "Đã ghi {path}. Sửa trong Word, giữ các trường trong ngoặc nhọn kép; rồi thử: ntm report template {path:arg} --check",
            "Wrote {path}. Change it in Word, keeping the fields in double braces; then try it: ntm report template {path:arg} --check",
            path=str(file),
        )
