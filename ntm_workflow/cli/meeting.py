"""Meetings: recorded, their conclusions given as duties, and how those stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import DUTY, UNIT
from ntm_workflow.cli.given import gives, letter_of
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session


@click.group(cls=Group, help=both("Cuộc họp và kết luận.", "Meetings and what they concluded."))
def meeting() -> None:
    pass


@meeting.command(
    cls=Command,
    help=both(
        "Ghi một cuộc họp ngày --on, do --body chủ trì; --meets nếu họp là hoàn thành một nhiệm vụ (giao ban hằng tháng).",
        "Record a meeting of --on, chaired by --body; --meets where holding it does a duty (a monthly one).",
    ),
    examples=[
        "ntm meeting record 'Giao ban NTM tháng 3 (mẫu)' --body 'UBND thành phố Tam Kỳ' --attended 'UBND xã Tam Ngọc' --on 5/3/2024 --document 'BB mẫu'"
    ],
)
@click.argument("title")
@option("--attended", multiple=True, type=UNIT, metavar="U", vi="Đơn vị dự họp.", en="A unit that attended.")  # fmt: skip
@option("--meets", multiple=True, type=DUTY, metavar="ID", vi="Nhiệm vụ được hoàn thành bằng cuộc họp.", en="A duty that is done by holding it.")  # fmt: skip
@writes
def record(title: str, attended: tuple[str, ...], meets: tuple[str, ...], ask: Asked) -> None:
    from ntm_workflow.cli.obligation import find
    from ntm_workflow.office.meeting import record as use
    from ntm_workflow.office.names import find_unit
    from ntm_workflow.office.reading import bare

    office = session().office()
    with office.reading(ask.request.on) as reading:
        units = [find_unit(reading, each) for each in attended]
        duties = [bare(find(reading, each).id) for each in meets]
    receipt = office.record(ask.request, lambda entry: use(entry, title, units, duties))
    ask.told("meeting.record", office, receipt)


@meeting.command(
    cls=Command,
    help=both(
        "Ghi một kết luận giao việc, với cách tính hạn như mọi văn bản; nơi nhận là đơn vị chủ trì họp. --document mặc định là văn bản của cuộc họp.",
        "Record a conclusion that gives a duty, its days derived as any letter's; who chaired receives it. --document is the meeting's own unless named.",
    ),
    examples=[
        "ntm meeting conclude 'Giao ban NTM tháng 3 (mẫu)' --phrase 'trước ngày 20/3/2024' --to 'UBND xã Tam Ngọc' --title 'Báo cáo tiến độ (mẫu)' --on 5/3/2024 --dry-run"
    ],
)
@click.argument("which", metavar="MEETING")
@gives
@writes
def conclude(which: str, ask: Asked, **said: Any) -> None:
    from ntm_workflow.office.meeting import conclude as use
    from ntm_workflow.office.meeting import find_meeting

    office = session().office()
    with office.reading() as reading:
        id = find_meeting(reading, which)
    with office.reading(ask.request.on) as reading:
        letter = letter_of(reading, ask.request.on, **said)
    receipt = office.record(ask.request, lambda entry: use(entry, id, letter))
    ask.told("meeting.conclude", office, receipt)


@meeting.command(
    "list",
    cls=Command,
    help=both(
        "Các cuộc họp, và bao nhiêu việc của mỗi cuộc đã xong, quá hạn.",
        "The meetings, and how many of each one's duties are done, and overdue.",
    ),
    examples=["ntm meeting list", "ntm meeting list --from 1/1/2024 --until 31/3/2024 --json"],
)
@option("--from", "since", type=DAY, metavar="D", vi="Từ ngày.", en="From this day on.")
@option("--until", type=DAY, metavar="D", vi="Đến hết ngày.", en="To the end of this day.")
@reads
def list_(since: date | None, until: date | None, view: Shown) -> None:
    from ntm_workflow.office.meeting import meetings

    with view.reading() as reading:
        items = [_item(reading, row) for row in meetings(reading, since, until)]
        columns = ["id", "title", "held_on", "chaired_by", "given", "done", "late"]
        view.items("meeting.list", reading.stamp(), items, columns)


@meeting.command(
    cls=Command,
    help=both("Một cuộc họp và các việc nó giao.", "One meeting and the duties it gave."),
    examples=["ntm meeting show 'Giao ban NTM tháng 3 (mẫu)'"],
)
@click.argument("which", metavar="MEETING")
@reads
def show(which: str, view: Shown) -> None:
    from ntm_workflow.cli.labels import word
    from ntm_workflow.office.meeting import find_meeting

    with view.reading() as reading:
        row: Any = reading.row(find_meeting(reading, which))
        duties = [_duty(reading, id) for id in row.obligations]
        told = [f"{each['id']}: {each['title']} – {word(each['standing'])}" for each in duties]
        item = _item(reading, row)
        view.one("meeting.show", reading, {**item, "obligations": duties if view.as_data else told})


def _item(reading: Any, row: Any) -> dict[str, Any]:
    from ntm_workflow.office.reading import bare

    stands = [_duty(reading, id)["standing"] for id in row.obligations]
    return {
        "id": bare(row.id),
        "title": row.title,
        "held_on": row.held_on,
        "chaired_by": reading.ref(row.chaired_by),
        "attended": [reading.ref(unit) for unit in row.attended],
        "document": row.document,
        "given": len(stands),
        "done": sum(each in ("met", "met_late") for each in stands),
        "late": sum(each in ("overdue", "past_wording") for each in stands),
    }


def _duty(reading: Any, id: str) -> dict[str, Any]:
    from ntm_workflow.domain.standing import standing

    row = reading.row(f"obligation/{id}")
    return {
        "id": id,
        "title": row.title,
        "owed_by": reading.ref(row.owed_by),
        "act_by": row.act_by,
        "enforce_day": row.enforce_day,
        "standing": standing(row, reading.as_of),
    }
