"""Money found unspent: compare with the treasury, look at it again, stop it, let it go on."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import ITEM
from ntm_workflow.cli.fund_verbs import one_item, told
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

_SAMPLE = "--item 'Hỗ trợ NTM nâng cao Tam Thanh (mẫu)'"
_MODEL = "--item 'Mô hình du lịch nông thôn Tam Thăng (mẫu)'"
_DOUBT = "--item 'Duy trì chuẩn Tam Phú (mẫu)'"


def _use() -> Any:
    from ntm_workflow.office import fund_stop

    return fund_stop


@click.command(
    cls=Command,
    help=both(
        "Ghi đối chiếu với Kho bạc: số liệu đến ngày --as-of đúng là chưa giải ngân. Trước đó thư báo dừng và đề nghị điều chuyển còn chờ. Khoản Kho bạc đã chi trong hạn thì ghi trước (ntm fund disburse).",
        "Record that the treasury's figures up to --as-of agree: nothing was spent. Until then letters and proposals wait. What the treasury did pay in time is recorded first (ntm fund disburse).",
    ),
    examples=[
        f"ntm fund reconcile --as-of 30/6/2024 {_MODEL} --document 'BB đối chiếu mẫu' --dry-run",
        "ntm fund reconcile --as-of 30/6/2024 --without-treasury --body 'UBND thành phố Tam Kỳ' --note 'Kho bạc hẹn 15/7' --dry-run",
    ],
)
@option("--as-of", type=DAY, required=True, metavar="DATE", vi="Ngày rà soát.", en="The day of the check.")  # fmt: skip
@option("--item", "items", type=ITEM, multiple=True, metavar="I", vi="Chỉ các mục này (mặc định mọi mục đang chờ).", en="Only these items (default: all that wait).")  # fmt: skip
@in_place
@option("--without-treasury", is_flag=True, vi="Chưa có số liệu Kho bạc; --body chịu trách nhiệm, --note nêu lý do.", en="Without the treasury's figures; --body answers for it, --note says why.")  # fmt: skip
@writes
def reconcile(
    ask: Asked, as_of: Any, items: tuple[str, ...], within: str | None, *, without_treasury: bool
) -> None:
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        place = find_place(reading, within) if within is not None else None
    treasury = not without_treasury
    told(
        ask,
        "reconcile",
        lambda entry: _use().reconcile(entry, as_of, place, items, treasury=treasury),
    )


@click.command(
    cls=Command,
    help=both(
        "Ghi kết quả xem lại một mục mà sau rà soát mới biết đã chi trong hạn: --withdraw rút kết quả rà soát, --keep giữ.",
        "Say what became of a finding that a payment told later speaks against: --withdraw it, or --keep it.",
    ),
    examples=[f"ntm fund review {_DOUBT} --withdraw --note 'UNC ngày 20/6 (mẫu)' --dry-run"],
)
@one_item
@option("--withdraw", is_flag=True, vi="Rút kết quả rà soát.", en="Withdraw the finding.")
@option("--keep", is_flag=True, vi="Giữ kết quả rà soát.", en="Let the finding stand.")
@writes
def review(ask: Asked, item: str, *, withdraw: bool, keep: bool) -> None:
    if withdraw == keep:
        raise click.UsageError(phrase("Nêu --withdraw hoặc --keep.", "Give --withdraw or --keep."))
    told(ask, "review", lambda entry: _use().review(entry, item, stands=keep))


@click.command(
    cls=Command,
    help=both(
        "Ghi văn bản của Kho bạc dừng giải ngân một mục.",
        "Record the treasury's paper that stops payment on an item.",
    ),
    examples=[f"ntm fund stop {_MODEL} --on 12/7/2024 --document 'CV Kho bạc mẫu' --dry-run"],
)
@one_item
@writes
def stop(ask: Asked, item: str) -> None:
    told(ask, "stop", lambda entry: _use().stop(entry, item))


@click.command(
    cls=Command,
    help=both(
        "Ghi văn bản cho giải ngân tiếp một mục.",
        "Record the paper by which payment on an item may go on.",
    ),
    examples=[f"ntm fund release {_SAMPLE} --on 1/8/2024 --document 'CV mẫu' --dry-run"],
)
@one_item
@writes
def release(ask: Asked, item: str) -> None:
    told(ask, "release", lambda entry: _use().release(entry, item))


@click.command(
    cls=Command,
    help=both(
        "Các mục cần xem lại: rà soát thấy chưa chi, sau đó mới ghi khoản đã chi trong hạn.",
        "Items to look at again: found unspent, and a payment made in time was told later.",
    ),
    examples=["ntm fund reviews"],
)
@in_place
@reads
def reviews(within: str | None, view: Shown) -> None:
    from ntm_workflow.cli.fund import listed, standing_of

    listed("fund.reviews", view, lambda row: standing_of(row) == "to_review", within=within)


@click.command(
    cls=Command,
    help=both(
        "Nếu ngày rà soát là --as-of thì thấy những mục nào chưa giải ngân đồng nào.",
        "What the rules about unspent money would find if their day were --as-of.",
    ),
    examples=["ntm fund zero --as-of 31/5/2024"],
)
@in_place
@reads
def zero(within: str | None, view: Shown) -> None:
    from ntm_workflow.office.unspent import would_find

    columns = ["item", "place", "type", "allocated", "must_stop", "rule", "clause", "day"]
    with view.reading() as reading:
        scope = narrowed(reading, within)
        found = [
            {
                "item": row.item,
                "place": reading.ref(row.place),
                "type": row.type,
                "allocated": row.allocated,
                "must_stop": row.type in rule.stop_types,
                "rule": rule.id,
                "clause": rule.clause,
                "day": rule.day,
            }
            for rule, row in would_find(reading)
            if scope is None or row.place in scope
        ]
        if not found and not view.as_data:
            say("Không có mục nào chưa giải ngân.", "Nothing is wholly unspent.")
            return
        view.items("fund.zero", reading.stamp(), found, columns)
