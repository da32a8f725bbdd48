"""The machine's clock: vouching that it is right."""

from __future__ import annotations

from datetime import timedelta

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.session import session


@click.group(cls=Group, help=both("Đồng hồ máy.", "The machine's clock."))
def clock() -> None:
    pass


@clock.command(
    cls=Command,
    help=both(
        "Xác nhận đồng hồ máy đang đúng, khi lệnh khác không ghi vì đồng hồ chạy lùi hay nhảy xa. Việc xác nhận cũng được ghi vào sổ.",
        "Vouch that the machine's clock is right, after another command refused because it went back or leapt. The confirmation is recorded, too.",
    ),
    examples=["ntm clock confirm --note 'đã so với đài'"],
)
@writes
def confirm(ask: Asked) -> None:
    from ntm_workflow.office import clock as use

    office = session().office()
    ask.told("clock.confirm", office, use.confirm(office, ask.request))


def must_be_plausible() -> None:
    """Refuse what cannot be taken back when the clock has leapt since the last record."""
    from ntm_workflow.office.clock import must_be_believed

    use = session()
    must_be_believed(use.office(), timedelta(days=use.settings["clock.most_days"]))
