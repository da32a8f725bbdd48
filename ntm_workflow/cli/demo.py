"""`ntm demo`: one commune's year on real clauses and sample facts, through the real commands."""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path

import click

from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.session import everywhere, option


@click.command(
    cls=Command,
    help=both(
        "Một năm của hai xã, từ kế hoạch đến thư nhắc việc: điều khoản thật, số liệu MẪU. Không cần mạng, cấu hình hay máy chủ thư; không để lại gì (trừ khi có --keep).",
        "A year of two communes, from the plan to the reminder: real clauses, SAMPLE facts. Needs no network, settings or mail server; leaves nothing behind (unless --keep).",
    ),
    examples=["ntm demo", "ntm demo --keep xem-thu"],
)
@option(
    "--keep",
    metavar="DIR",
    vi="Giữ sổ và thư trong thư mục này.",
    en="Keep the store and letters here.",
)
@everywhere
def demo(keep: str | None) -> None:
    from ntm_workflow.cli.story import tell

    with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as folder:
        tell(Path(folder))
