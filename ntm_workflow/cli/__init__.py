"""The `ntm` command. Nothing heavy is imported until a command needs it: help must be instant."""

from __future__ import annotations

import gc
from typing import Any

import click

from ntm_workflow import __version__
from ntm_workflow.cli.bilingual import Group, both
from ntm_workflow.cli.session import everywhere, plainly

_AT = "ntm_workflow.cli."

#: Command -> where it lives, and what it is for. Listed here so that help imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": (_AT + "store:init", both("Tạo sổ mới.", "Make a new store.")),
    "migrate": (_AT + "store:migrate", both("Nâng sổ lên phiên bản này.", "Upgrade a store.")),
    "demo": (
        _AT + "demo:demo",
        both("Xem thử một năm của một xã.", "One commune's year, as a try-out."),
    ),
    "plan": (_AT + "plan:plan", both("Kế hoạch: xem, áp dụng.", "Plans: look at and adopt.")),
    "place": (_AT + "place:place", both("Địa bàn.", "Places.")),
    "unit": (_AT + "unit:unit", both("Đơn vị và địa chỉ nhận thư.", "Units and their addresses.")),
    "criteria": (
        _AT + "criteria:criteria",
        both("Tiêu chí đạt và chưa đạt.", "Criteria met and not."),
    ),
    "obligation": (
        _AT + "obligation:obligation",
        both("Nhiệm vụ và thời hạn.", "Duties and deadlines."),
    ),
    "dossier": (_AT + "dossier:dossier", both("Hồ sơ đề nghị công nhận.", "Recognition dossiers.")),
    "fund": (
        _AT + "fund:fund",
        both("Vốn: giao, giải ngân, rà soát.", "Money: given, spent, found."),
    ),
    "day": (_AT + "day:day", both("Chốt số liệu ngày.", "Close calendar days.")),
    "letter": (_AT + "letter:letter", both("Thư nhắc việc.", "Reminder letters.")),
    "fact": (
        _AT + "fact:fact",
        both("Các lần ghi: xem, hủy, đính chính.", "Entries: see, void, correct."),
    ),
    "audit": (
        _AT + "audit:audit",
        both("Lịch sử, so sánh, kiểm tra sổ.", "History, differences, proof."),
    ),
    "rebuild": (_AT + "store:rebuild", both("Dựng lại các bảng từ sổ.", "Rebuild the tables.")),
    "backup": (_AT + "backup:backup", both("Sao lưu sổ.", "Back the store up.")),
    "restore": (_AT + "backup:restore", both("Khôi phục sổ từ bản sao.", "Restore from a backup.")),
    "doctor": (_AT + "doctor:doctor", both("Khám máy và sổ.", "Check the machine and the store.")),
    "config": (_AT + "config:config", both("Thiết lập.", "Settings.")),
}

#: Vietnamese without accents, one explicit word each.
ALIASES = {
    "tao-so": "init",
    "nang-cap": "migrate",
    "xem-thu": "demo",
    "ke-hoach": "plan",
    "dia-ban": "place",
    "don-vi": "unit",
    "tieu-chi": "criteria",
    "nhiem-vu": "obligation",
    "ho-so": "dossier",
    "von": "fund",
    "ngay": "day",
    "chot": "day",
    "thu": "letter",
    "lan-ghi": "fact",
    "kiem-tra": "audit",
    "dung-lai": "rebuild",
    "sao-luu": "backup",
    "khoi-phuc": "restore",
    "kham": "doctor",
    "cau-hinh": "config",
}


@click.group(
    cls=Group,
    lazy=COMMANDS,
    aliases=ALIASES,
    help=both(
        "Theo dõi công việc và thời hạn xây dựng nông thôn mới, từ một sổ ghi việc duy nhất.",
        "Workflows and deadlines of the New Rural Development programme, from one journal of facts.",
    ),
)
@click.version_option(__version__, prog_name="ntm")
@everywhere
def ntm() -> None:
    pass


def main(args: list[str] | None = None) -> Any:
    """Run the command line; refusals become a sentence and an exit code."""
    # A command is short: collecting garbage while modules load costs a tenth of its time.
    gc.set_threshold(50_000, 20, 20)
    with plainly():
        return ntm.main(args, prog_name="ntm")
