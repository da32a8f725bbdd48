"""Periodic reports: which are owed and have come, and that one came."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import UNIT
from ntm_workflow.cli.report_draft import draft, template
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session


@click.group(cls=Group, help=both("Báo cáo định kỳ.", "Periodic reports."))
def report() -> None:
    pass


@report.command(
    cls=Command,
    help=both(
        "Ghi nhận báo cáo của --from-unit cho kỳ --period, nhận ngày --on. Báo cáo quý, năm thay báo cáo của tháng cuối kỳ.",
        "Record that the report of --from-unit for --period came on --on. A quarter's or year's takes the place of that of its last month.",
    ),
    examples=[
        "ntm report receive --from-unit 'UBND xã Tam Ngọc' --period 2024-10 --to 'UBND thành phố Tam Kỳ' --on 5/11/2024 --document 'BC mẫu'",
    ],
)
@option("--to", multiple=True, type=UNIT, metavar="U", vi="Nơi nhận, khi có nhiều nơi.", en="Who received it, where there are several.")  # fmt: skip
@option("--period", required=True, metavar="T", vi="Kỳ: 2024-10, 2024-Q4, 2024-H2, 2024.", en="The period: 2024-10, 2024-Q4, 2024-H2, 2024.")  # fmt: skip
@option("--from-unit", required=True, type=UNIT, metavar="U", vi="Đơn vị báo cáo.", en="The unit that reports.")  # fmt: skip
@writes
def receive(from_unit: str, period: str, to: tuple[str, ...], ask: Asked) -> None:
    from ntm_workflow.office.names import find_unit
    from ntm_workflow.office.report import Received, read_period
    from ntm_workflow.office.report import receive as use

    office = session().office()
    with office.reading(ask.request.on) as reading:
        received = Received(
            owed_by=find_unit(reading, from_unit),
            period=read_period(period),
            to=tuple(find_unit(reading, each) for each in to),
        )
    ask.told("report.receive", office, office.record(ask.request, lambda e: use(e, received)))


@report.command(
    "list",
    cls=Command,
    help=both(
        "Báo cáo các kỳ đã bắt đầu: đã nhận ngày nào, chưa nhận (--missing).",
        "Reports of the periods that have begun: when they came, or that they did not (--missing).",
    ),
    examples=[
        "ntm report list --missing --to 'UBND thành phố Tam Kỳ' --as-of 5/11/2024",
        "ntm report list --period 2024-10 --within 'Tam Kỳ' --json",
    ],
)
@option("--missing", is_flag=True, vi="Chỉ báo cáo quá ngày mà chưa nhận.", en="Only those past their day that did not come.")  # fmt: skip
@option("--period", metavar="T", vi="Chỉ kỳ này: 2024-10, 2024-Q4, 2024.", en="Only this period: 2024-10, 2024-Q4, 2024.")  # fmt: skip
@option("--to", type=UNIT, metavar="U", vi="Gửi đơn vị này.", en="That go to this unit.")
@option("--unit", type=UNIT, metavar="U", vi="Do đơn vị này báo cáo.", en="Owed by this unit.")
@in_place
@reads
def list_(
    within: str | None,
    unit: str | None,
    to: str | None,
    period: str | None,
    missing: bool,
    view: Shown,
) -> None:
    from ntm_workflow.office.names import find_unit
    from ntm_workflow.office.report import is_missing, read_period, reports
    from ntm_workflow.projections.obligation import VIEW

    c = VIEW.table.c
    with view.reading() as reading:
        scope = narrowed(reading, within)
        where = [c.owed_by == find_unit(reading, unit)] if unit is not None else []
        where += [c.owed_to == find_unit(reading, to)] if to is not None else []
        where += [c.occurrence == read_period(period)] if period is not None else []
        found = [row for row in reports(reading, *where) if scope is None or row.place in scope]
        items = [_item(reading, row) for row in found if not missing or is_missing(reading, row)]
        columns = ["reporting_period", "owed_by", "owed_to", "last_day", "met_on", "standing", "id"]
        view.items("report.list", reading.stamp(), items, columns)


def _item(reading: Any, row: Any) -> dict[str, Any]:
    from ntm_workflow.domain.standing import standing
    from ntm_workflow.office.reading import bare

    return {
        "id": bare(row.id),
        "title": row.title,
        "reporting_period": row.occurrence,
        "plan": row.plan,
        "clause": row.clause,
        "owed_by": reading.ref(row.owed_by),
        "owed_to": reading.ref(row.owed_to),
        "place": reading.ref(row.place),
        "last_day": row.last_day,
        "met_on": row.met_on,
        "standing": standing(row, reading.as_of),
    }


for each in (draft, template):
    report.add_command(each)
