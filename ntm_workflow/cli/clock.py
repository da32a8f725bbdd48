"""The machine's clock: vouching that it is right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.domain.clock import Times


@click.group(cls=Group, help=both("Đồng hồ máy.", "The machine's clock."))
def clock() -> None:
    pass


@clock.command(
    cls=Command,
    help=both(
        "Xác nhận đồng hồ máy đang đúng, khi lệnh khác không ghi vì đồng hồ chạy lùi hay nhảy xa. Việc xác nhận cũng được ghi vào sổ.",
        "Vouch that the machine's clock is right, after another command refused because it went back or leapt. The confirmation is recorded, too.",
    ),
    examples=["ntm clock confirm --note 'đã so với đài'", "ntm clock confirm --all"],
)
@option(
    "--all",
    "everywhere",
    is_flag=True,
    vi="Cả các máy (hay lần mở máy) khác đã bị ngờ: máy đó đã khởi động lại hoặc không còn dùng.",
    en="Also other machines (or runs of one) in doubt: restarted since, or out of use.",
)
@writes
def confirm(ask: Asked, everywhere: bool) -> None:
    from ntm_workflow.office import clock as use

    office, most = session().office(), timedelta(days=session().settings["clock.most_days"])
    done = use.confirm(office, ask.request, _times(), most, everywhere=everywhere)
    if done.receipt is None and not ask.as_json:
        say(
            "Đồng hồ máy này không có gì bị ngờ; không ghi gì.",
            "Nothing about this machine's clock is in doubt; nothing was recorded.",
        )
    else:
        ask.told("clock.confirm", office, *filter(None, [done.receipt]))
    if done.elsewhere:
        click.echo(
            phrase(
                "Còn bị ngờ: đồng hồ của máy khác, hoặc của máy này trước khi khởi động lại ({seconds} giây). Xác nhận tại máy đó; nếu đã khởi động lại hoặc không dùng nữa: ntm clock confirm --all",
                "Still in doubt: the clock of another machine, or of this one before it was restarted ({seconds} s). Vouch for it there; if it was restarted or is out of use: ntm clock confirm --all",
                **done.elsewhere.facts,
            ),
            err=True,
        )


def must_be_plausible() -> None:
    """Look at the clock, and refuse what cannot be taken back when it stepped or leapt."""
    from ntm_workflow.office.clock import look, must_be_believed

    use = session()
    if not use.office().info.rehearsal:
        look(use.office(), _times(), use.who)
    must_be_believed(use.office(), timedelta(days=use.settings["clock.most_days"]))


def _times() -> Times:
    from ntm_workflow.clocks import Clocks

    return Clocks(session().clock).read(session().office().database)
