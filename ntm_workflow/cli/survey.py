"""Whether residents are satisfied: what a survey found, for one dossier."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.dossier_choice import found, of_dossier
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group,
    help=both("Lấy ý kiến hài lòng của người dân.", "Residents' satisfaction."),
)
def survey() -> None:
    pass


@survey.command(
    cls=Command,
    help=both(
        "Ghi kết quả lấy ý kiến cho một hồ sơ: đã hỏi bao nhiêu, bao nhiêu hài lòng, đơn vị nào hỏi (--body).",
        "Record a survey for a dossier: how many were asked, how many satisfied, by whom (--body).",
    ),
    examples=[
        "ntm survey record --place 'Tam Thanh' --standard xa-nang-cao --year 2024 --asked 500 --satisfied 470 --on 1/10/2024"
    ],
)
@of_dossier
@option("--asked", type=int, required=True, metavar="N", vi="Số người, hộ được hỏi.", en="How many were asked.")  # fmt: skip
@option("--satisfied", type=int, required=True, metavar="N", vi="Số hài lòng.", en="How many were satisfied.")  # fmt: skip
@option("--about", metavar="TEXT", vi="Nội dung riêng (mặc định: kết quả chung).", en="A content asked of by itself (default: the whole).")  # fmt: skip
@writes
def record(ask: Asked, asked: int, satisfied: int, about: str | None, **said: Any) -> None:
    from ntm_workflow.office.dossier import survey as use

    which = found(ask, said)
    office = session().office()
    receipt = office.record(ask.request, lambda entry: use(entry, which, asked, satisfied, about))
    ask.told("survey.record", office, receipt)
