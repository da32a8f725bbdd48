"""What is answered to reminders of a duty: not received, put off for a while, disputed."""

from __future__ import annotations

from datetime import date

import click

from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import DUTY
from ntm_workflow.cli.obligation_verbs import about
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option

_UNTIL = option("--until", type=DAY, metavar="D", vi="Đến hết ngày này (mặc định: lâu nhất mà thiết lập cho phép).", en="To the end of this day (default: as long as the settings allow).")  # fmt: skip
_REASON = option("--reason", required=True, metavar="T", vi="Lý do.", en="Why.")


@click.command(
    cls=Command,
    help=both(
        "Nơi nhận báo chưa nhận một nhiệm vụ đã bị chốt quá hạn: từ đó mới báo quá hạn cho đơn vị thực hiện. Nhận rồi thì ghi: ntm obligation meet.",
        "The receiving desk says that it has not received a duty found missed: only then is its unit told so. Received: ntm obligation meet.",
    ),
    examples=["ntm obligation not-received D118/tam-thanh-tam-ky --on 31/10/2024 --dry-run"],
)
@click.argument("id", type=DUTY)
@writes
def not_received(id: str, ask: Asked) -> None:
    from ntm_workflow.office import answering

    about("not-received", id, ask, answering.deny)


@click.command(
    cls=Command,
    help=both(
        "Tạm ngừng nhắc một nhiệm vụ, có lý do và có hạn; nhiệm vụ và hạn của nó không đổi.",
        "Put off reminders of a duty, with a reason and a limit; the duty and its day stay.",
    ),
    examples=[
        "ntm obligation snooze D015/tam-ky --reason 'chờ hướng dẫn (mẫu)' --on 1/9/2024 --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@_REASON
@_UNTIL
@writes
def snooze(id: str, until: date | None, reason: str, ask: Asked) -> None:
    from ntm_workflow.office import answering

    about("snooze", id, ask, lambda entry, to: answering.snooze(entry, to, until, reason))


@click.command(
    cls=Command,
    help=both(
        "Đơn vị có ý kiến khác về một nhiệm vụ, có lý do và có hạn: trong thời gian đó không báo lên cấp trên.",
        "The unit disputes a duty, with a reason and a limit: until then nobody further up is told.",
    ),
    examples=[
        "ntm obligation dispute D015/tam-ky --reason 'thuộc đơn vị khác (mẫu)' --on 1/9/2024 --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@_REASON
@_UNTIL
@writes
def dispute(id: str, until: date | None, reason: str, ask: Asked) -> None:
    from ntm_workflow.office import answering

    about("dispute", id, ask, lambda entry, to: answering.dispute(entry, to, until, reason))
