"""Criteria: achieved, lapsed, and the matrix of communes by criteria."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import emit
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group,
    help=both(
        "Tiêu chí đạt, mất chuẩn, xác nhận, bảng tiêu chí.",
        "Criteria met, lapsed, confirmed, and the matrix.",
    ),
)
def criteria() -> None:
    pass


def _of_criterion(function: Any) -> Any:
    for add in (
        option("--year", type=YEAR, metavar="Y", vi="Năm đánh giá (mặc định: năm của --on).", en="Assessment year (default: the year of --on)."),
        option("--criterion", "number", type=int, required=True, metavar="N", vi="Số tiêu chí.", en="Criterion number."),
        option("--set", "set_id", required=True, metavar="S", vi="Bộ: xa-ntm, xa-nang-cao.", en="Set: xa-ntm, xa-nang-cao."),
        option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place."),
    ):  # fmt: skip
        function = add(function)
    return function


@criteria.command(
    cls=Command,
    help=both("Ghi một tiêu chí đạt.", "Record that a criterion is met."),
    examples=[
        "ntm criteria achieve --place 'Tam Thăng' --set xa-nang-cao --criterion 13 --on 20/8/2024"
    ],
)
@_of_criterion
@option("--evidence", "evidence", multiple=True, type=click.Path(), metavar="FILE", vi="Tệp minh chứng; sổ chỉ giữ tên và SHA-256.", en="Evidence file; the journal keeps its name and SHA-256.")  # fmt: skip
@writes
def achieve(ask: Asked, evidence: tuple[str, ...], **said: Any) -> None:
    from ntm_workflow.domain.criteria import CriterionAchieved
    from ntm_workflow.office.evidence import evidence as read

    files = tuple(read(path) for path in evidence)
    _mark("criteria.achieve", CriterionAchieved, ask, said, evidence=files)


@criteria.command(
    cls=Command,
    help=both("Ghi một tiêu chí không còn đạt.", "Record that a criterion no longer holds."),
    examples=[
        "ntm criteria lapse --place 'Tam Ngọc' --set xa-ntm --criterion 17 --on 20/8/2024 --dry-run"
    ],
)
@_of_criterion
@writes
def lapse(ask: Asked, **said: Any) -> None:
    from ntm_workflow.domain.criteria import CriterionLapsed

    _mark("criteria.lapse", CriterionLapsed, ask, said)


@criteria.command(
    cls=Command,
    help=both(
        "Đơn vị phụ trách (--body) xác nhận một tiêu chí đã ghi là đạt.",
        "The department in charge (--body) confirms a criterion recorded as met.",
    ),
    examples=[
        "ntm criteria confirm --place 'Tam Ngọc' --set xa-nang-cao --criterion 13 --on 30/8/2024"
        " --body 'Phòng Kinh tế thành phố Tam Kỳ' --dry-run"
    ],
)
@_of_criterion
@writes
def confirm(ask: Asked, **said: Any) -> None:
    from ntm_workflow.domain.criteria import CriterionConfirmed

    _mark("criteria.confirm", CriterionConfirmed, ask, said)


def _mark(schema: str, event: type[Any], ask: Asked, said: dict[str, Any], **more: Any) -> None:
    from ntm_workflow.office.criteria import Marked, mark
    from ntm_workflow.office.names import find_place
    from ntm_workflow.plans.sets import criteria_set

    of = criteria_set(said["set_id"])
    office = session().office()
    with office.reading(ask.request.on) as reading:
        place = find_place(reading, said["place"])
    marked = Marked(place, of.id, said["number"], said["year"])
    receipt = office.record(ask.request, lambda entry: mark(entry, marked, event, **more))
    ask.told(schema, office, receipt)


@criteria.command(
    cls=Command,
    help=both(
        "Bảng địa bàn theo tiêu chí: ✓ đạt, · chưa đạt, ? chưa rõ, ! mâu thuẫn.",
        "Places by criteria: ✓ met, · not met, ? unknown, ! conflicting.",
    ),
    examples=["ntm criteria matrix --set xa-nang-cao --within 'Tam Kỳ'"],
)
@option("--set", "set_id", required=True, metavar="S", vi="Bộ tiêu chí.", en="Criteria set.")
@option(
    "--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place."
)
@reads
def matrix(set_id: str, within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.names import find_place
    from ntm_workflow.plans.sets import criteria_set

    of = criteria_set(set_id)
    with view.reading() as reading:
        scope = reading.within(find_place(reading, within)) if within is not None else None
        rows = [
            _matrix_row(reading, row)
            for row in reading.rows("criteria")
            if row.set == of.id and (scope is None or row.place in scope)
        ]
        rows.sort(key=lambda row: collation_key(row["place"]["name"]))
        columns = [
            {"number": n, "name": name} for n, name in zip(of.numbers, of.criteria, strict=True)
        ]
        if view.as_json:
            about = {"set": of.id, "version": of.version, "columns": columns, "rows": rows}
            emit("criteria.matrix", {**reading.stamp(), **about})
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


def _ticks(row: dict[str, Any]) -> dict[str, Any]:
    """A row as people look at it: a mark under every criterion's number."""
    marks = {"achieved": "✓", "not_achieved": "·", "unknown": "?", "conflicting": "!"}
    return {**row, **{str(n): mark for name, mark in marks.items() for n in row[name]}}
