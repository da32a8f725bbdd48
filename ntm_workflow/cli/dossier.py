"""Dossiers: register, hand up, and every other step of their road. Looking at them is dossier_read.py's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import UNIT
from ntm_workflow.cli.dossier_choice import found, of_dossier
from ntm_workflow.cli.dossier_list import list_, stages
from ntm_workflow.cli.dossier_read import missing, results, road, show
from ntm_workflow.cli.params import DAY, YEAR
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Event
    from ntm_workflow.office.dossier import Which
    from ntm_workflow.office.entry import Entry

DESKS = click.Choice(["commune", "district", "province", "central"])


@click.group(
    cls=Group, help=both("Hồ sơ đề nghị xét, công nhận.", "Dossiers that ask for recognition.")
)
def dossier() -> None:
    pass


for each in (list_, stages, show, missing, results, road):
    dossier.add_command(each)


def _act(
    verb: str, ask: Asked, said: dict[str, Any], act: Callable[[Entry, Which], object]
) -> None:
    """Run `act` on the dossier named, and tell what will stand in the way of its recognition."""
    from ntm_workflow.cli.dossier_read import tell_blocks
    from ntm_workflow.office.recognition import warnings

    which = found(ask, said)
    office = session().office()
    receipt = office.record(ask.request, lambda entry: act(entry, which))
    with office.reading(ask.request.on) as reading:
        row = reading.row(which.id)
        standing = warnings(office.journal, reading, row) if row is not None else []
    told = [{"what": b.what, "words": b.words._asdict(), "source": b.source} for b in standing]
    ask.told(f"dossier.{verb}", office, receipt, warnings=told)
    if not ask.as_json:
        tell_blocks(standing, err=True)


def _step(verb: str, ask: Asked, said: dict[str, Any], event: type[Event], **more: Any) -> None:
    """An act of the desk on which the dossier lies that says nothing but itself, and `more`."""
    from ntm_workflow.office.dossier import step

    _act(verb, ask, said, lambda entry, which: step(entry, which, event, **more))


@dossier.command(
    cls=Command,
    help=both(
        "Đăng ký một hồ sơ; --striving nếu danh sách ghi “phấn đấu”.",
        "Register a dossier; --striving where the list says “phấn đấu”.",
    ),
    examples=[
        "ntm dossier register --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 5/2/2024"
    ],
)
@of_dossier
@option("--striving", is_flag=True, vi="Phấn đấu, chưa đăng ký.", en="Striven for, not registered.")
@writes
def register(ask: Asked, striving: bool, **said: Any) -> None:
    from ntm_workflow.office.dossier import register as use

    which = found(ask, said, new=True)
    office = session().office()
    receipt = office.record(ask.request, lambda entry: use(entry, which, striving=striving))
    ask.told("dossier.register", office, receipt)


@dossier.command(
    "open",
    cls=Command,
    help=both("Ghi xã bắt đầu lập hồ sơ.", "Record that the place begins its dossier."),
    examples=[
        "ntm dossier open --place 'Tam Thanh' --standard xa-kieu-mau --year 2025 --on 1/3/2025"
    ],
)
@of_dossier
@writes
def open_(ask: Asked, **said: Any) -> None:
    from ntm_workflow.domain.dossier_events import DossierOpened

    _step("open", ask, said, DossierOpened)


def _handed(function: Any) -> Any:
    for add in (
        option("--received-on", type=DAY, metavar="DATE", vi="Ngày nhận (mặc định ngày gửi).", en="When received (default: when sent)."),
        option("--sent-on", type=DAY, metavar="DATE", vi="Ngày gửi (mặc định --on).", en="When sent (default: --on)."),
    ):  # fmt: skip
        function = add(function)
    return function


@dossier.command(
    cls=Command,
    help=both(
        "Ghi hồ sơ đã trình lên nơi nhận đầu tiên; --on là ngày trên văn bản.",
        "Record that a dossier was handed up to its first desk; --on is the date of the paper.",
    ),
    examples=[
        "ntm dossier submit --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --to district --on 28/10/2024"
    ],
)
@of_dossier
@option("--to", type=UNIT, metavar="district|province|central|UNIT", vi="Nơi nhận (mặc định cấp kế tiếp trên đường đi).", en="The receiver (default: the next desk of the road).")  # fmt: skip
@_handed
@writes
def submit(ask: Asked, **said: Any) -> None:
    _submit("submit", ask, said)


@dossier.command(
    cls=Command,
    help=both(
        "Ghi hồ sơ đã thẩm tra được trình tiếp lên cấp trên.",
        "Record that a verified dossier was handed on to the next desk.",
    ),
    examples=[
        "ntm dossier forward --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 25/11/2024 --dry-run"
    ],
)
@of_dossier
@option("--to", type=UNIT, metavar="province|central|UNIT", vi="Nơi nhận (mặc định cấp kế tiếp trên đường đi).", en="The receiver (default: the next desk of the road).")  # fmt: skip
@_handed
@writes
def forward(ask: Asked, **said: Any) -> None:
    _submit("forward", ask, said)


def _submit(verb: str, ask: Asked, said: dict[str, Any]) -> None:
    from ntm_workflow.office import dossier as use

    to = said.pop("to")
    level = unit = None
    if to is not None:
        with session().office().reading() as reading:
            level, unit = use.receiver(reading, to)
    days = {name: said.pop(name) for name in ("sent_on", "received_on")}
    handed = use.HandUp(forward=verb == "forward", to_level=level, to=unit, **days)
    _act(verb, ask, said, lambda entry, which: use.submit(entry, which, handed))


@dossier.command(
    cls=Command,
    help=both(
        "Ghi cấp trung gian đã thẩm tra hồ sơ.", "Record that the desk on the way verified it."
    ),
    examples=[
        "ntm dossier verify --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 10/11/2024"
    ],
)
@of_dossier
@writes
def verify(ask: Asked, **said: Any) -> None:
    from ntm_workflow.domain.dossier_events import DossierVerified

    _step("verify", ask, said, DossierVerified)


@dossier.command(
    "return",
    cls=Command,
    help=both(
        "Ghi trả lại hồ sơ kèm danh mục còn thiếu; mở nhiệm vụ bổ sung. Việc đã nộp đúng hạn vẫn là đúng hạn.",
        "Record that a dossier is returned with what is missing; opens a duty to supply it. What was handed in on time stays on time.",
    ),
    examples=[
        "ntm dossier return --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --missing 'biên bản họp thôn' --supplement 'trước ngày 20/11/2024' --on 12/11/2024 --document 'CV mẫu' --dry-run"
    ],
)
@of_dossier
@option("--missing", multiple=True, metavar="TEXT", vi="Còn thiếu gì (nêu được nhiều lần).", en="What is missing (may be given often).")  # fmt: skip
@option("--supplement", metavar="PHRASE", vi="Hạn bổ sung theo câu chữ của văn bản.", en="By when, in the paper's words.")  # fmt: skip
@option("--to", type=DESKS, vi="Trả xuống cấp (mặc định cấp ngay dưới).", en="To which desk (default: the one below).")  # fmt: skip
@writes
def return_(
    ask: Asked, missing: tuple[str, ...], supplement: str | None, to: str | None, **said: Any
) -> None:
    from ntm_workflow.office.dossier import give_back

    _act(
        "return",
        ask,
        said,
        lambda entry, which: give_back(entry, which, missing, supplement, to),
    )


@dossier.command(
    cls=Command,
    help=both(
        "Ghi sở, ngành phụ trách thẩm định từng tiêu chí (--body): đạt, hoặc --unmet.",
        "Record that the department in charge (--body) appraised criteria: met, or --unmet.",
    ),
    examples=[
        "ntm dossier appraise --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --criterion 13 --body 'UBND tỉnh Quảng Nam' --on 5/12/2024 --dry-run",
        "ntm dossier appraise --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --all --body 'UBND tỉnh Quảng Nam' --on 5/12/2024 --dry-run",
    ],
)
@of_dossier
@option("--criterion", "numbers", multiple=True, type=int, metavar="N", vi="Số tiêu chí (nêu được nhiều lần).", en="Criterion (may be given often).")  # fmt: skip
@option("--all", "every", is_flag=True, vi="Mọi tiêu chí của bộ.", en="All criteria of the set.")
@option("--unmet", is_flag=True, vi="Thẩm định chưa đạt.", en="Appraised as not met.")
@writes
def appraise(ask: Asked, numbers: tuple[int, ...], every: bool, unmet: bool, **said: Any) -> None:
    from ntm_workflow.office.appraisal import appraise as use

    chosen = None if every else numbers
    _act("appraise", ask, said, lambda entry, which: use(entry, which, chosen, met=not unmet))


@dossier.command(
    cls=Command,
    help=both(
        "Ghi quyết định công nhận (--document); còn vướng gì thì nêu rõ và không ghi.",
        "Record the decision of recognition (--document); what stands in its way is told and nothing recorded.",
    ),
    examples=[
        "ntm dossier recognise --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 15/1/2025 --document 'QĐ mẫu' --already-done --dry-run"
    ],
)
@of_dossier
@option("--decision-on", type=DAY, metavar="DATE", vi="Ngày của quyết định (mặc định --on).", en="Day of the decision (default: --on).")  # fmt: skip
@writes
def recognise(ask: Asked, decision_on: date | None, **said: Any) -> None:
    from ntm_workflow.office.recognition import recognise as use

    _act("recognise", ask, said, lambda entry, which: use(entry, which, decision_on))


@dossier.command(
    cls=Command,
    help=both("Ghi không công nhận.", "Record that it is not recognised."),
    examples=[
        "ntm dossier reject --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --reason 'mẫu' --on 20/12/2024 --document 'TB mẫu' --dry-run"
    ],
)
@of_dossier
@option("--reason", required=True, metavar="TEXT", vi="Lý do.", en="Why.")
@writes
def reject(ask: Asked, reason: str, **said: Any) -> None:
    from ntm_workflow.domain.dossier_events import DossierRejected
    from ntm_workflow.domain.inputs import tidy

    _step("reject", ask, said, DossierRejected, reason=tidy(reason))


@dossier.command(
    cls=Command,
    help=both("Ghi lễ, văn bản công bố.", "Record that the recognition was announced."),
    examples=[
        "ntm dossier announce --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --on 20/1/2025 --document 'TB mẫu' --already-done --dry-run"
    ],
)
@of_dossier
@writes
def announce(ask: Asked, **said: Any) -> None:
    from ntm_workflow.office.dossier import announce as use

    _act("announce", ask, said, use)


@dossier.command(
    cls=Command,
    help=both("Ghi nơi lập hồ sơ rút hồ sơ.", "Record that the place takes its dossier back."),
    examples=[
        "ntm dossier withdraw --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --reason 'mẫu' --on 15/11/2024 --dry-run"
    ],
)
@of_dossier
@option("--reason", metavar="TEXT", vi="Lý do.", en="Why.")
@writes
def withdraw(ask: Asked, reason: str | None, **said: Any) -> None:
    from ntm_workflow.office.dossier import withdraw as use

    _act("withdraw", ask, said, lambda entry, which: use(entry, which, reason))


@dossier.command(
    cls=Command,
    help=both(
        "Ghi văn bản chuyển nơi giữ hồ sơ khi đường đi đổi (như khi không còn cấp huyện).",
        "Record the paper that moves a dossier when its road changes (as when the districts ended).",
    ),
    examples=[
        "ntm dossier reroute --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --to province --on 2/7/2025 --document 'CV mẫu' --dry-run"
    ],
)
@of_dossier
@option("--to", type=DESKS, required=True, vi="Cấp giữ hồ sơ từ nay.", en="The desk that holds it from now on.")  # fmt: skip
@writes
def reroute(ask: Asked, to: str, **said: Any) -> None:
    from ntm_workflow.office.dossier import reroute as use

    _act("reroute", ask, said, lambda entry, which: use(entry, which, to))


@dossier.command(
    cls=Command,
    help=both(
        "Ghi văn bản cho hồ sơ dùng kết quả của năm trước cho một tiêu chí.",
        "Record the paper that lets a dossier rest on an earlier year's result of a criterion.",
    ),
    examples=[
        "ntm dossier admit --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --criterion 10 --result-year 2023 --on 20/9/2024 --document 'CV mẫu' --dry-run"
    ],
)
@of_dossier
@option("--result-year", type=YEAR, required=True, metavar="Y", vi="Năm của kết quả được dùng.", en="The year of the result.")  # fmt: skip
@option("--criterion", "numbers", type=int, multiple=True, required=True, metavar="N", vi="Số tiêu chí (nêu được nhiều lần).", en="Criterion (may be given often).")  # fmt: skip
@writes
def admit(ask: Asked, numbers: tuple[int, ...], result_year: int, **said: Any) -> None:
    from ntm_workflow.office.result_years import admit as use

    _act("admit", ask, said, lambda entry, which: use(entry, which, numbers, result_year))
