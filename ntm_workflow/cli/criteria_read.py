"""Looking at criteria: the matrix, one place's page, evidence that runs out, a file held against its record."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ntm_workflow.cli.answers import cell, emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both, pick
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.criteria_choice import edition as which_edition
from ntm_workflow.cli.criteria_choice import of_edition, of_set
from ntm_workflow.cli.labels import heading, word
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.pictures import Pictures, as_known, must_fit, pictures, titled
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

_MARKS = {"achieved": "✓", "not_achieved": "·", "unknown": "?", "conflicting": "!"}
#: What the marks of a picture mean, as the help of the matrix says it.
_MEANT = {
    "achieved": both("đạt", "met"),
    "not_achieved": both("chưa đạt", "not met"),
    "unknown": both("chưa rõ", "unknown"),
    "conflicting": both("mâu thuẫn", "conflicting"),
}


@click.command(
    cls=Command,
    help=both(
        "Bảng địa bàn theo tiêu chí: ✓ đạt, · chưa đạt, ? chưa rõ, ! mâu thuẫn.",
        "Places by criteria: ✓ met, · not met, ? unknown, ! conflicting.",
    ),
    examples=[
        "ntm criteria matrix --set xa-nang-cao --within 'Tam Kỳ'",
        "ntm criteria matrix --set xa-nang-cao --svg tieu-chi.svg",
    ],
)
@of_set
@which_edition
@in_place
@pictures("bảng vẽ bằng ký hiệu", "the matrix drawn as marks")
@reads
def matrix(
    set_id: str, edition: str | None, within: str | None, pictures: Pictures, view: Shown
) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.editions import shown_edition

    with view.reading() as reading:
        scope = narrowed(reading, within)
        found = [
            row
            for row in reading.rows("criteria")
            if row.set == set_id and (scope is None or row.place in scope)
        ]
        of = shown_edition(reading, set_id, edition, {row.version for row in found})
        rows = [_matrix_row(reading, row) for row in found if row.version == of.version]
        rows.sort(key=lambda row: collation_key(row["place"]["name"]))
        columns = [{"number": each.number, "name": each.name} for each in of.criteria]
        if pictures.asked:
            _draw(pictures, reading, of, within, rows)
        elif view.as_json:
            about = {"set": of.set, "version": of.version, "columns": columns, "rows": rows}
            others = sorted({row.version for row in found} - {of.version})
            emit("criteria.matrix", {**reading.stamp(), **about, "other_versions": others})
        elif view.as_csv:
            names = ["place", "achieved", "not_achieved", "unknown", "conflicting"]
            names += ["total", "stated_total", "target_total", "target_not_achieved"]
            names += ["target_year", "confirmed"]
            view.items("criteria.matrix", reading.stamp(), rows, names)
        else:
            ticks = ["place", *map(str, of.numbers), "total", "stated_total"]
            ticks += ["target_total", "target_year"]
            view.items("criteria.matrix", reading.stamp(), map(_ticks, rows), ticks)


def _matrix_row(reading: Any, row: Any) -> dict[str, Any]:
    names = (
        *("achieved", "not_achieved", "unknown", "conflicting", "stated_total", "target_year"),
        *("target_total", "target_not_achieved", "confirmed"),
    )
    item = {name: getattr(row, name) for name in names}
    return {"place": reading.ref(row.place), **item, "total": len(row.achieved)}


def _draw(
    pictures: Pictures, reading: Any, of: Any, within: str | None, rows: list[dict[str, Any]]
) -> None:
    """The rows as marks, with the names of the criteria under them."""
    from ntm_workflow.cli.chart_matrix import MARKS, Column, Row, Said, picture
    from ntm_workflow.cli.drawing import Words
    from ntm_workflow.office.names import find_place

    must_fit(len(rows), "--within, --edition")
    said = Said(
        {name: pick(meant) or "" for name, meant in _MEANT.items()},
        heading("total"),
        phrase("Số nơi đạt", "Places that met it"),
        phrase("Tiêu chí", "Criteria"),
        phrase("Chưa có kết quả nào.", "No results."),
    )
    at = None if within is None else find_place(reading, within)
    title = titled(f"{of.name} {of.version}", at and reading.names.get(at, at))
    drawn = [Row(row["place"]["name"], {name: row[name] for name in MARKS}, row["total"]) for row in rows]  # fmt: skip
    columns = [Column(each.number, each.name) for each in of.criteria]
    words = Words(title, f"{of.decision}\n{as_known(reading)}", lang=LANG.get())
    pictures.write(picture(words, said, columns, drawn))


def _ticks(row: dict[str, Any]) -> dict[str, Any]:
    """A row as people look at it: a mark under every criterion's number."""
    return {**row, **{str(n): mark for name, mark in _MARKS.items() for n in row[name]}}


@click.command(
    cls=Command,
    help=both(
        "Một địa bàn: từng tiêu chí, minh chứng, đơn vị cùng chịu trách nhiệm, số đo so với mức phải đạt.",
        "One place: each criterion, its evidence, who answers for it jointly, what was measured against what is asked.",
    ),
    examples=["ntm criteria show --place 'Tam Ngọc' --set xa-nang-cao"],
)
@of_edition
@reads
def show(place: str, set_id: str, edition: str | None, view: Shown) -> None:
    from ntm_workflow.office.criteria_page import page
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        at = find_place(reading, place)
        found = page(session().office().journal, reading, at, set_id, edition)
        rows = list(found.rows())
        if view.as_json:
            items = [{**row, "indicators": [*map(_plain, row["indicators"])]} for row in rows]
            emit("criteria.show", {**reading.stamp(), **found.head(), "items": items})
        elif view.as_data:
            columns = ["number", "name", "status", "assessment_year", "confirmed_by", "led_by"]
            items = [{**row, "led_by": [e["unit"] for e in row["led_by"]]} for row in rows]
            view.items("criteria.show", reading.stamp(), items, columns)
        else:
            _tell_page(found.head(), rows)


def _plain(indicator: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in indicator.items() if key != "threshold"}


def _tell_page(head: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    say(
        "{place} · {name} {version} ({decision}): đạt {achieved}/{total}",
        "{place} · {name} {version} ({decision}): {achieved}/{total} met",
        **{**head, "place": head["place"]["name"]},
    )
    if head["group"]:
        say("Tính theo mức của: {group}", "By the thresholds of: {group}", group=head["group"])
    say(
        "Chịu trách nhiệm: {committee}, cùng đơn vị phụ trách từng tiêu chí",
        "Answers for them: {committee}, jointly with who leads each criterion",
        committee=cell(rows[0]["committee"]) or None,
    )
    for row in rows:
        _tell_row(row)
    if unled := [row["number"] for row in rows if not row["led_by"]]:
        say(
            "Chưa có văn bản nào trong sổ phân công phụ trách tiêu chí {numbers}. Ghi: ntm unit assign ĐƠN-VỊ --set {set} --criterion N",
            "No paper in the journal says who leads criteria {numbers}. Record it: ntm unit assign UNIT --set {set} --criterion N",
            numbers=unled,
            set=head["set"],
        )


def _tell_row(row: dict[str, Any]) -> None:
    name = row["name"] or phrase("(chưa có tên)", "(name not known)")
    year = f" {row['assessment_year']}" if row["assessment_year"] else ""
    entry = f" (#{row['entry']})" if row["entry"] else ""
    flag = phrase(" [chưa xác minh]", " [unverified]") if row["unverified"] else ""
    mark = _MARKS[row["status"]]
    click.echo(f"{mark} {row['number']:>2} {name}{flag}: {word(row['status'])}{year}{entry}")
    if led := [f"{cell(each['unit'])} ({each['clause'] or '–'})" for each in row["led_by"]]:
        say("     phụ trách: {led}", "     led by: {led}", led=led)
    if row["confirmed_by"]:
        say("     {unit} xác nhận (#{n})", "     confirmed by {unit} (#{n})",
            unit=cell(row["confirmed_by"]), n=row["confirmed"])  # fmt: skip
    if row["fields"]:
        say("     lĩnh vực: {fields}", "     fields: {fields}", fields=row["fields"])
    for proof in row["evidence"]:
        _tell_proof(proof)
    for part in row["indicators"]:
        _tell_indicator(part)


def _tell_proof(proof: dict[str, Any]) -> None:
    ends = proof["valid_until"]
    window = phrase(" đến {d}", " until {d}", d=ends) if ends else ""
    over = (
        "" if proof["valid"] else phrase(" – không có giá trị hôm đó", " – not valid on that day")
    )
    paper = f" · {proof['document']}" if proof["document"] else ""
    click.echo(
        f"     ◦ {proof['name']} · {proof['sha256'][:12]}…{window}{over}{paper} (#{proof['entry']})"
    )


def _tell_indicator(part: dict[str, Any]) -> None:
    from ntm_workflow.domain.values import format_number

    name = part["name"] or phrase("(chưa có tên)", "(name not known)")
    asked = f" [{phrase('{t}', '{t}', t=part['threshold'])}]" if part["threshold"] else ""
    value = ""
    if part["value"] is not None:
        number = format_number(part["value"], LANG.get())
        unit = f" {part['unit']}" if part["unit"] else ""
        verdicts = {None: "", True: phrase(" đạt", " met"), False: phrase(" chưa đạt", " short")}
        value = f": {number}{unit}{verdicts[part['met']]} ({part['year']}, #{part['entry']})"
    flag = phrase(" [chưa xác minh]", " [unverified]") if part["unverified"] else ""
    click.echo(f"     {part['number']} {name}{asked}{flag}{value}")
    for told in part["stated"]:
        number = format_number(told["value"], LANG.get())
        verdict = f" – {word(told['verdict'])}" if told["verdict"] else ""
        source = f"{told['plan']}, {told['clause']}"
        click.echo(f"         {number} {told['unit'] or ''}{verdict} ({source})")


@click.command(
    cls=Command,
    help=both(
        "Minh chứng của các kết quả đang đạt sẽ hết giá trị, gần nhất trước (mặc định trong 90 ngày tới).",
        "Evidence of results that hold which runs out, the soonest first (by default within 90 days).",
    ),
    examples=["ntm criteria evidence --until 31/12/2024 --within 'Tam Kỳ'"],
)
@option("--until", type=DAY, metavar="DATE", vi="Hết giá trị đến ngày này.", en="Runs out up to this day.")  # fmt: skip
@in_place
@reads
def evidence(until: date | None, within: str | None, view: Shown) -> None:
    from datetime import timedelta

    from ntm_workflow.office.criteria_page import running_out

    with view.reading() as reading:
        scope = narrowed(reading, within)
        day = until or reading.as_of + timedelta(days=90)
        items = running_out(session().office().journal, reading, day, scope)
        columns = ["place", "set", "version", "number", "assessment_year", "name", "valid_until"]
        view.items("criteria.evidence", reading.stamp(), items, columns)


@click.command(
    cls=Command,
    help=both(
        "Tệp này có đúng là minh chứng đã ghi không: so SHA-256.",
        "Whether a file is the evidence that was recorded: compares SHA-256.",
    ),
    examples=["ntm criteria check mau/bien-ban-mau.txt --place 'Tam Ngọc' --set xa-nang-cao"],
)
@click.argument("files", nargs=-1, required=True, type=click.Path())
@of_edition
@option("--criterion", "number", type=int, metavar="N", vi="Chỉ tiêu chí này.", en="Only this criterion.")  # fmt: skip
@reads
def check(
    files: tuple[str, ...],
    place: str,
    set_id: str,
    edition: str | None,
    number: int | None,
    view: Shown,
) -> None:
    from ntm_workflow.office.criteria_page import must_be_evidence, page
    from ntm_workflow.office.evidence import evidence as read
    from ntm_workflow.office.names import find_place

    given = tuple(read(path) for path in files)
    with view.reading() as reading:
        at = find_place(reading, place)
        found = page(session().office().journal, reading, at, set_id, edition)
        items = must_be_evidence(found, given, number)
        columns = ["name", "sha256", "number", "assessment_year", "status", "entry"]
        view.items("criteria.check", reading.stamp(), items, columns)
