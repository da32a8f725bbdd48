"""The `ntm` command. Nothing heavy is imported until a command needs it: help must be instant."""

from __future__ import annotations

import gc
import sys

import click

from ntm_workflow import __version__
from ntm_workflow.cli.answers import say
from ntm_workflow.cli.bilingual import Group, both, pick
from ntm_workflow.cli.session import option, plainly
from ntm_workflow.cli.streams import while_read, write_utf8

_AT = "ntm_workflow.cli."

#: Command -> where it lives, and what it is for. Listed here so that help imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": (_AT + "store:init", both("Tạo sổ mới.", "Make a new store.")),
    "migrate": (_AT + "store:migrate", both("Nâng sổ lên phiên bản này.", "Upgrade a store.")),
    "demo": (
        _AT + "demo:demo",
        both("Xem thử một năm của một xã.", "One commune's year, as a try-out."),
    ),
    "completion": (
        _AT + "topics:completion",
        both("Gợi ý khi gõ lệnh trong bash, zsh, fish, PowerShell.", "Completion for your shell."),
    ),
    "help": (_AT + "topics:help_", both("Hướng dẫn theo chủ đề.", "Help by topic.")),
    "today": (_AT + "today:today", both("Việc của sáng nay.", "This morning's list.")),
    "meeting": (
        _AT + "meeting:meeting",
        both("Cuộc họp và kết luận.", "Meetings and what they concluded."),
    ),
    "report": (_AT + "report:report", both("Báo cáo định kỳ.", "Periodic reports.")),
    "plan": (_AT + "plan:plan", both("Kế hoạch: xem, áp dụng.", "Plans: look at and adopt.")),
    "place": (_AT + "place:place", both("Địa bàn.", "Places.")),
    "unit": (_AT + "unit:unit", both("Đơn vị và địa chỉ nhận thư.", "Units and their addresses.")),
    "criteria": (
        _AT + "criteria:criteria",
        both("Tiêu chí đạt và chưa đạt.", "Criteria met and not."),
    ),
    "target": (
        _AT + "target:target",
        both("Mục tiêu của kế hoạch và số đo.", "What plans aim at, and measurements."),
    ),
    "obligation": (
        _AT + "obligation_verbs:obligation",
        both("Nhiệm vụ và thời hạn.", "Duties and deadlines."),
    ),
    "recognition": (
        _AT + "recognition:recognition",
        both(
            "Công nhận, duy trì, rà soát, thu hồi.", "Recognitions held, kept, reviewed, withdrawn."
        ),
    ),
    "survey": (_AT + "survey:survey", both("Lấy ý kiến hài lòng.", "Satisfaction surveys.")),
    "dossier": (_AT + "dossier:dossier", both("Hồ sơ đề nghị công nhận.", "Recognition dossiers.")),
    "fund": (
        _AT + "fund:fund",
        both("Vốn: giao, giải ngân, rà soát.", "Money: given, spent, found."),
    ),
    "form": (
        _AT + "form:form",
        both("Biểu mẫu Excel: xuất để điền, nhập lại.", "Excel forms: written out, taken in."),
    ),
    "date": (
        _AT + "date:date",
        both("Thời hạn nêu bằng chữ: đọc ra ngày.", "Deadlines in words: read into days."),
    ),
    "calendar": (
        _AT + "calendar:calendar",
        both("Lịch làm việc: ngày lễ, ngày hoán đổi.", "Working days, holidays, swapped days."),
    ),
    "day": (_AT + "day:day", both("Chốt số liệu ngày.", "Close calendar days.")),
    "rehearse": (
        _AT + "rehearse:rehearse",
        both("Tổng dượt trên đồng hồ giả lập.", "Rehearse on a simulated clock."),
    ),
    "score": (
        _AT + "score:score",
        both("Điểm đúng hạn: ai đúng hạn bao nhiêu.", "On-time scorecards."),
    ),
    "letter": (_AT + "letter:letter", both("Thư nhắc việc.", "Reminder letters.")),
    "mail": (
        _AT + "mail:mail",
        both("Máy chủ thư: gửi thử, nêu chỗ hỏng.", "The mail server: try it, see what fails."),
    ),
    "fact": (
        _AT + "fact:fact",
        both("Các lần ghi: xem, hủy, đính chính.", "Entries: see, void, correct."),
    ),
    "audit": (
        _AT + "audit:audit",
        both("Lịch sử, so sánh, kiểm tra sổ.", "History, differences, proof."),
    ),
    "rebuild": (_AT + "store:rebuild", both("Dựng lại các bảng từ sổ.", "Rebuild the tables.")),
    "approval": (
        _AT + "approval:approval",
        both("Việc cần hai người: đề nghị, duyệt.", "Acts that need two people."),
    ),
    "clock": (_AT + "clock:clock", both("Xác nhận đồng hồ máy.", "Vouch for the machine's clock.")),
    "serve": (
        _AT + "serve:serve",
        both("Trực: tự chốt ngày, gửi thư, sao lưu.", "Close, send and back up by itself."),
    ),
    "backup": (_AT + "backup:backup", both("Sao lưu sổ.", "Back the store up.")),
    "restore": (_AT + "backup:restore", both("Khôi phục sổ từ bản sao.", "Restore from a backup.")),
    "doctor": (_AT + "doctor:doctor", both("Khám máy và sổ.", "Check the machine and the store.")),
    "config": (_AT + "config:config", both("Thiết lập.", "Settings.")),
}

#: What bare `ntm` shows: the day's work, in the order it comes.
COMMON = (
    ("ntm demo", both("xem thử một năm của một xã", "one commune's year, as a try-out")),
    ("ntm obligation list", both("nhiệm vụ và thời hạn", "duties and deadlines")),
    ("ntm dossier submit", both("ghi hồ sơ đã trình", "record a dossier handed up")),
    ("ntm day close", both("chốt số liệu đến hết một ngày", "close the days up to one")),
    ("ntm fact list", both("đã ghi những gì", "what was recorded")),
)


@click.group(
    cls=Group,
    lazy=COMMANDS,
    invoke_without_command=True,
    help=both(
        "Theo dõi công việc và thời hạn xây dựng nông thôn mới, từ một sổ ghi việc duy nhất.",
        "Workflows and deadlines of the New Rural Development programme, from one journal of facts.",
    ),
)
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, param, said: _version(ctx) if said else None,
        vi="Hiện phiên bản.", en="Show the version and exit.")  # fmt: skip
@click.pass_context
def ntm(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        for line, purpose in COMMON:
            click.echo(f"  {line:<22}{pick(purpose)}")
        say(
            "Mọi lệnh: ntm --help · Chủ đề: ntm help", "All commands: ntm --help · Topics: ntm help"
        )


def _version(ctx: click.Context) -> None:
    say("ntm, phiên bản {number}", "ntm, version {number}", number=__version__)
    ctx.exit()


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit; refusals become a sentence and an exit code."""
    # A command is short: collecting garbage while modules load costs a tenth of its time.
    gc.set_threshold(50_000, 20, 20)
    write_utf8()
    with plainly(), while_read():
        code = ntm.main(args, prog_name="ntm", standalone_mode=False)
        sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else 0)
