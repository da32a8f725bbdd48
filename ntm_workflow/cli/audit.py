"""The audit: history, differences between two moments, and proof that nothing was changed."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import cell, emit, say
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import reads
from ntm_workflow.cli.fact import filters_of, history
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.params import DAY, MOMENT
from ntm_workflow.cli.session import everywhere, option, session

_PROOF, _RECEIPT = "ntm_workflow.cli.proof:", "ntm_workflow.cli.receipt:"

#: What proves the journal lives apart, and is imported when it is used.
LAZY = {
    "verify": (_PROOF + "verify", both("Kiểm tra toàn bộ sổ.", "Check the whole journal.")),
    "seal": (_PROOF + "seal", both("Đóng dấu xác thực sổ.", "Seal the journal.")),
    "seals": (_PROOF + "seals", both("Các dấu xác thực đã đóng.", "The seals made so far.")),
    "key": (_PROOF + "key", both("Khóa đóng dấu của sổ.", "The store's sealing key.")),
    "receipt": (_RECEIPT + "receipt", both("Lập phiếu xác nhận ghi sổ.", "Make a receipt.")),
    "check": (_RECEIPT + "check", both("Kiểm tra phiếu xác nhận.", "Check a receipt.")),
}


@click.group(
    cls=Group,
    lazy=LAZY,
    help=both("Lịch sử, so sánh, kiểm tra sổ.", "History, differences, proof."),
)
def audit() -> None:
    pass


@audit.command(
    "history",
    cls=Command,
    help=both("Như ntm fact list.", "The same as ntm fact list."),
    examples=["ntm audit history --place 'Tam Ngọc'"],
)
@filters_of
@reads
def history_(view: Any, **filters: Any) -> None:
    history(view, **filters)


@audit.command(
    cls=Command,
    help=both(
        "Khác nhau giữa hai lúc: hai ngày (--from, --until), hoặc hai lúc biết (--known-at hai lần).",
        "What differs between two days (--from, --until) or two moments of knowledge (--known-at twice).",
    ),
    examples=["ntm audit diff --from 30/10/2024 --until 30/11/2024"],
)
@option("--from", "from_", type=DAY, metavar="D", vi="Ngày trước.", en="The earlier day.")
@option("--until", type=DAY, metavar="D", vi="Ngày sau.", en="The later day.")
@option(
    "--known-at",
    "known",
    type=MOMENT,
    multiple=True,
    metavar="WHEN",
    vi="Lúc biết; nêu hai lần.",
    en="A moment of knowledge; give two.",
)
@option(
    "--as-of",
    type=DAY,
    metavar="D",
    vi="Ngày xem, khi so hai lúc biết.",
    en="The day looked at, for two moments.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def diff(from_: Any, until: Any, known: tuple[Any, ...], as_of: Any, as_json: bool) -> None:
    from ntm_workflow.office.history import differences

    office = session().office()
    if len(known) == 2 and not (from_ or until):
        sides = ((as_of, known[0]), (as_of, known[1]))
    elif from_ and until and len(known) < 2:
        at = known[0] if known else None
        sides = ((from_, at), (until, at))
    else:
        raise click.UsageError("--from D --until D | --known-at A --known-at B")
    with office.reading(*sides[0]) as before, office.reading(*sides[1]) as after:
        items = differences(before, after)
        if as_json:
            emit("audit.diff", {"before": before.stamp(), "after": after.stamp(), "items": items})
            return
        for item in items:
            _show(item, after)
        say("{n} chỗ khác.", "{n} differences.", n=len(items))


def _show(item: dict[str, Any], reading: Any) -> None:
    click.echo(f"{item['subject']}  " + " ".join(f"#{n}" for n in item["entries"]))
    for name, (old, new) in item["changes"].items():
        click.echo(f"    {heading(name)}: {cell(old) or '–'} → {cell(new) or '–'}")
