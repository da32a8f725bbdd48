"""What counts for a dossier, on the screen: each reason with the criteria it is the reason for."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.common import Shown

if TYPE_CHECKING:
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.result_years import Counting

_SIGNS = {"yes": "✓", "no": "·", "ask": "?"}


def tell(view: Shown, reading: Reading, found: Counting) -> None:
    rows = list(found.rows())
    counts = Counter(row["counts"] for row in rows)
    head = {
        "place": reading.ref(found.row.place),
        "standard": found.row.standard,
        "year": found.row.year,
        "set": found.edition.set,
        "version": found.edition.version,
        "prepared_on": found.prepared_on,
        "rule": found.rule and {"source": found.rule.source, "told_by": found.rule.told_by},
        "counts": {name: counts[name] for name in _SIGNS},
    }
    if view.as_json:
        items = [{**row, "why": {"vi": row["why"].vi, "en": row["why"].en}} for row in rows]
        emit("dossier.results", {**reading.stamp(), **head, "items": items})
    elif view.as_data:
        columns = ["number", "name", "counts", "result_year", "entry", "confirmed", "why"]
        items = [{**row, "why": phrase("{w}", "{w}", w=row["why"])} for row in rows]
        view.items("dossier.results", reading.stamp(), items, columns)
    else:
        _lines(head, rows, counts)


def _lines(head: dict[str, Any], rows: list[dict[str, Any]], counts: Counter[str]) -> None:
    say(
        "{place} · {standard:word} {year} · bộ {version} · hồ sơ lập {prepared_on}: {yes}/{all} tiêu chí được tính, {ask} phải hỏi",
        "{place} · {standard:word} {year} · version {version} · dossier of {prepared_on}: {yes}/{all} criteria count, {ask} to be asked",
        **{**head, "place": head["place"]["name"]},
        yes=counts["yes"],
        all=len(rows),
        ask=counts["ask"],
    )
    by_reason: dict[tuple[str, Any], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_reason[row["counts"], row["why"]].append(row)
    for (sign, why), same in by_reason.items():
        click.echo(f"{_SIGNS[sign]} {phrase('{w}', '{w}', w=why)}:")
        for row in same:
            name = row["name"] or phrase("(chưa có tên)", "(name not known)")
            entry = f" (#{row['entry']})" if row["entry"] else ""
            click.echo(f"    {row['number']:>2} {name}{entry}")
    if counts["ask"]:
        say(
            "Phải hỏi cơ quan thẩm định; có văn bản cho dùng thì ghi: ntm dossier admit --criterion N --result-year Y",
            "Ask the appraising body; once a paper admits it: ntm dossier admit --criterion N --result-year Y",
        )
