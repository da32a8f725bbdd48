"""Criteria: achieved, confirmed, lapsed, proved and measured. Looking at them is criteria_read.py's."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.criteria_choice import of_edition, of_year
from ntm_workflow.cli.criteria_read import check, evidence, matrix, show
from ntm_workflow.cli.criteria_sets import adopt, describe, sets
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group,
    help=both(
        "Tiêu chí: các bộ, kết quả, minh chứng, xác nhận, số đo, bảng tiêu chí.",
        "Criteria: the sets, results, evidence, confirmations, measurements, the matrix.",
    ),
)
def criteria() -> None:
    pass


for each in (matrix, show, evidence, check, sets, describe, adopt):
    criteria.add_command(each)


def _of_criterion(function: Any) -> Any:
    add = option("--criterion", "number", type=int, required=True, metavar="N", vi="Số tiêu chí.", en="Criterion number.")  # fmt: skip
    return of_edition(of_year(add(function)))


def _with_files(function: Any) -> Any:
    for add in (
        option("--valid-until", type=DAY, metavar="DATE", vi="Minh chứng có giá trị đến hết ngày.", en="Last day on which the evidence proves it."),
        option("--valid-from", type=DAY, metavar="DATE", vi="Minh chứng có giá trị từ ngày.", en="First day on which the evidence proves it."),
        option("--sha256", "hashes", multiple=True, metavar="HEX", vi="SHA-256 nơi gửi báo, theo thứ tự --evidence; tệp khác thì không ghi.",
               en="SHA-256 as the sender gave it, in the order of --evidence; another file is refused."),
        option("--evidence", "paths", multiple=True, type=click.Path(), metavar="FILE", vi="Tệp minh chứng; sổ chỉ giữ tên và SHA-256.",
               en="Evidence file; the journal keeps its name and SHA-256."),
    ):  # fmt: skip
        function = add(function)
    return function


@criteria.command(
    cls=Command,
    help=both(
        "Ghi một tiêu chí đạt, kèm minh chứng.",
        "Record that a criterion is met, with its evidence.",
    ),
    examples=[
        "ntm criteria achieve --place 'Tam Thăng' --set xa-nang-cao --criterion 13 --on 20/8/2024",
        "ntm criteria achieve --place 'Tam Ngọc' --set xa-kieu-mau --criterion 4 --field 'du lịch' --on 20/8/2024 --dry-run",
    ],
)
@_of_criterion
@option("--field", "fields", multiple=True, metavar="TEXT", vi="Lĩnh vực nổi trội đạt được (xã kiểu mẫu).", en="An outstanding field reached (xa-kieu-mau).")  # fmt: skip
@_with_files
@writes
def achieve(ask: Asked, fields: tuple[str, ...], **said: Any) -> None:
    from ntm_workflow.domain.criteria_events import CriterionAchieved
    from ntm_workflow.domain.inputs import tidy

    named = tuple(dict.fromkeys(tidy(field) for field in fields))
    _mark("criteria.achieve", CriterionAchieved, ask, said, fields=named, evidence=_files(said))


@criteria.command(
    cls=Command,
    help=both(
        "Kèm thêm minh chứng cho kết quả đã ghi; tệp cùng tên là bản mới của nó.",
        "Add evidence to a result that is recorded; a file of the same name is its next version.",
    ),
    examples=[
        "ntm criteria attach --place 'Tam Ngọc' --set xa-nang-cao --criterion 18 --year 2024 --evidence mau/bien-ban-mau.txt --on 25/8/2024"
    ],
)
@_of_criterion
@_with_files
@writes
def attach(ask: Asked, **said: Any) -> None:
    from ntm_workflow.domain.criteria_events import EvidenceAdded
    from ntm_workflow.office.evidence import NoFile

    files = _files(said)
    if not files:
        raise NoFile
    _mark("criteria.attach", EvidenceAdded, ask, said, evidence=files)


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
    from ntm_workflow.domain.criteria_events import CriterionLapsed

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
    from ntm_workflow.domain.criteria_events import CriterionConfirmed

    _mark("criteria.confirm", CriterionConfirmed, ask, said)


@criteria.command(
    cls=Command,
    help=both(
        "Ghi số liệu của một chỉ tiêu; so với mức phải đạt của nhóm xã, nếu mức đó được dẫn nguồn.",
        "Record what an indicator came to; it is held against its group's threshold where one is sourced.",
    ),
    examples=[
        "ntm criteria measure --place 'Tam Kỳ' --set hoan-thanh-nhiem-vu --indicator 5 --value '12,19' --on 20/9/2024"
    ],
)
@of_edition
@of_year
@option("--indicator", required=True, metavar="N", vi="Số chỉ tiêu, như 17.8.", en="Number of the indicator, like 17.8.")  # fmt: skip
@option("--value", required=True, metavar="N", vi="Số liệu, viết như 12,19.", en="The figure, like 12,19.")  # fmt: skip
@option("--unit", metavar="U", vi="Đơn vị tính (mặc định của chỉ tiêu).", en="Its unit (default: the indicator's).")  # fmt: skip
@_with_files
@writes
def measure(ask: Asked, place: str, set_id: str, edition: str | None, **said: Any) -> None:
    from ntm_workflow.office import criteria as use

    files = _files(said)
    office, at = _placed(ask, place)
    receipt = office.record(
        ask.request,
        lambda entry: use.measure(entry, at, set_id, version=edition, evidence=files, **said),
    )
    ask.told("criteria.measure", office, receipt)


@criteria.command(
    cls=Command,
    help=both(
        "Ghi văn bản xếp xã vào một nhóm (hoặc vùng) tính mức đạt.",
        "Record the paper that puts a commune in a group (or region) of thresholds.",
    ),
    examples=[
        "ntm criteria group --place 'Tam Ngọc' --set xa-ntm --edition 2026-2030 --year 2026 --group nhom-2 --on 1/3/2026 --document 'QĐ mẫu' --dry-run"
    ],
)
@of_edition
@of_year
@option("--group", required=True, metavar="G", vi="Mã hoặc tên nhóm.", en="Id or name of the group.")  # fmt: skip
@writes
def group(
    ask: Asked, place: str, set_id: str, group: str, year: int | None, edition: str | None
) -> None:
    from ntm_workflow.office import criteria as use

    office, at = _placed(ask, place)
    receipt = office.record(
        ask.request, lambda entry: use.group(entry, at, set_id, group, edition, year)
    )
    ask.told("criteria.group", office, receipt)


def _files(said: dict[str, Any]) -> tuple[Any, ...]:
    """The evidence files said, taken out of what was said."""
    from ntm_workflow.office.evidence import evidences

    names = ("paths", "hashes", "valid_from", "valid_until")
    return evidences(*(said.pop(name) for name in names))


def _placed(ask: Asked, place: str) -> tuple[Any, str]:
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        return office, find_place(reading, place)


def _mark(schema: str, event: type[Any], ask: Asked, said: dict[str, Any], **more: Any) -> None:
    from ntm_workflow.office.criteria import Marked, mark

    office, place = _placed(ask, said["place"])
    marked = Marked(place, said["set_id"], said["number"], said["year"], said["edition"])
    receipt = office.record(ask.request, lambda entry: mark(entry, marked, event, **more))
    ask.told(schema, office, receipt)
