"""What happens to an item's money after it was given: one verb for each fact."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import UNIT
from ntm_workflow.cli.fund_verbs import one_item, told
from ntm_workflow.cli.params import MONEY
from ntm_workflow.cli.session import option

_SAMPLE = "--item 'Đường thôn Đồng Phú'"
_amount = option("--amount", type=MONEY, required=True, metavar="M", vi="Số tiền: “1,5 tỷ”.", en="Amount: “1,5 tỷ”.")  # fmt: skip
_payee = option("--payee", metavar="TEXT", vi="Đơn vị nhận.", en="Who was paid.")


def _use() -> Any:
    from ntm_workflow.office import fund

    return fund


@click.command(
    cls=Command,
    help=both(
        "Điều chỉnh kế hoạch vốn của một mục: --more thêm, --less bớt; không thấp hơn số đã giải ngân.",
        "Change the plan of an item's money: --more or --less; not below what is disbursed.",
    ),
    examples=[
        f"ntm fund adjust {_SAMPLE} --less '200 triệu' --on 20/9/2024 --decision 'QĐ mẫu' --dry-run"
    ],
)
@one_item
@option("--more", type=MONEY, metavar="M", vi="Thêm.", en="So much more.")
@option("--less", type=MONEY, metavar="M", vi="Bớt.", en="So much less.")
@option("--decision", metavar="TEXT", vi="Quyết định điều chỉnh.", en="The decision.")
@writes
def adjust(ask: Asked, item: str, more: int | None, less: int | None, decision: str | None) -> None:
    if (more is None) == (less is None):
        raise click.UsageError(phrase("Nêu --more hoặc --less.", "Give --more or --less."))
    amount = more if more is not None else -(less or 0)
    told(ask, "adjust", lambda entry: _use().adjust(entry, item, amount, decision))


@click.command(
    cls=Command,
    help=both("Ghi một hợp đồng đã ký.", "Record a contract that was signed."),
    examples=[f"ntm fund contract {_SAMPLE} --amount '1,2 tỷ' --on 15/3/2024 --dry-run"],
)
@one_item
@_amount
@option("--contractor", metavar="TEXT", vi="Nhà thầu.", en="The contractor.")
@writes
def contract(ask: Asked, item: str, amount: int, contractor: str | None) -> None:
    told(ask, "contract", lambda entry: _use().contract(entry, item, amount, contractor))


@click.command(
    cls=Command,
    help=both(
        "Ghi một khoản tạm ứng: đã chi, chưa có khối lượng nghiệm thu.",
        "Record an advance: paid before the volume it is for.",
    ),
    examples=[f"ntm fund advance {_SAMPLE} --amount '300 triệu' --on 1/4/2024"],
)
@one_item
@_amount
@_payee
@writes
def advance(ask: Asked, item: str, amount: int, payee: str | None) -> None:
    told(ask, "advance", lambda entry: _use().advance(entry, item, amount, payee))


@click.command(
    cls=Command,
    help=both(
        "Ghi thu hồi tạm ứng vào khối lượng hoàn thành; không có tiền chi thêm.",
        "Record that an advance was recovered out of accepted volume; no money moves.",
    ),
    examples=[
        "ntm fund recover --item 'Đường thôn Đồng Phú' --amount '100 triệu' --on 1/6/2024 --dry-run"
    ],
)
@one_item
@_amount
@writes
def recover(ask: Asked, item: str, amount: int) -> None:
    told(ask, "recover", lambda entry: _use().recover(entry, item, amount))


@click.command(
    "return",
    cls=Command,
    help=both(
        "Ghi một khoản nộp trả: của tạm ứng (--of-advance) hay của số đã thanh toán.",
        "Record money that came back: of an advance (--of-advance), or of what was paid.",
    ),
    examples=[
        "ntm fund return --item 'Đường thôn Đồng Phú' --amount '10 triệu' --on 1/9/2024 --dry-run"
    ],
)
@one_item
@_amount
@option("--of-advance", is_flag=True, vi="Của số tạm ứng.", en="Of an advance.")
@writes
def return_(ask: Asked, item: str, amount: int, *, of_advance: bool) -> None:
    told(ask, "return", lambda entry: _use().give_back(entry, item, amount, of_advance=of_advance))


@click.command(
    cls=Command,
    help=both("Ghi khối lượng đã nghiệm thu.", "Record accepted volume, by its worth."),
    examples=[f"ntm fund accept {_SAMPLE} --amount '600 triệu' --on 20/5/2024 --dry-run"],
)
@one_item
@_amount
@writes
def accept(ask: Asked, item: str, amount: int) -> None:
    told(ask, "accept", lambda entry: _use().accept(entry, item, amount))


@click.command(
    cls=Command,
    help=both(
        "Ghi quyết toán được phê duyệt; từ đó chỉ còn thanh toán số còn nợ.",
        "Record the approved settlement; after it only what is owed may be paid.",
    ),
    examples=[
        f"ntm fund settle {_SAMPLE} --amount '1,4 tỷ' --on 20/12/2024 --document 'QĐ mẫu' --dry-run"
    ],
)
@one_item
@_amount
@writes
def settle(ask: Asked, item: str, amount: int) -> None:
    told(ask, "settle", lambda entry: _use().settle(entry, item, amount))


@click.command(
    "hand-over",
    cls=Command,
    help=both("Ghi việc bàn giao đưa vào sử dụng.", "Record that it was handed over for use."),
    examples=[f"ntm fund hand-over {_SAMPLE} --on 20/11/2024 --document 'BB mẫu' --dry-run"],
)
@one_item
@writes
def hand_over(ask: Asked, item: str) -> None:
    told(ask, "hand-over", lambda entry: _use().hand_over(entry, item))


@click.command(
    cls=Command,
    help=both(
        "Ghi đóng góp bằng ngày công, đất, hiện vật, theo trị giá; không có tiền chuyển.",
        "Record work, land or things contributed, by their worth; no money moves.",
    ),
    examples=[
        f"ntm fund contribute {_SAMPLE} --amount '50 triệu' --what 'hiến đất (mẫu)' --on 1/5/2024 --dry-run"
    ],
)
@one_item
@_amount
@option("--what", required=True, metavar="TEXT", vi="Đóng góp gì.", en="What was contributed.")
@option("--by-whom", metavar="TEXT", vi="Ai đóng góp.", en="By whom.")
@writes
def contribute(ask: Asked, item: str, amount: int, what: str, by_whom: str | None) -> None:
    told(ask, "contribute", lambda entry: _use().contribute(entry, item, amount, what, by_whom))


@click.command(
    cls=Command,
    help=both(
        "Ghi chủ đầu tư, mã dự án, tổng mức đầu tư của một mục. Mục không nêu giữ nguyên.",
        "Say who owns an item, its project code, its total investment. What is not said stays.",
    ),
    examples=[
        f"ntm fund describe {_SAMPLE} --owner 'UBND xã Tam Ngọc' --code 'DA-MẪU-01' --dry-run"
    ],
)
@one_item
@option("--owner", type=UNIT, metavar="U", vi="Chủ đầu tư.", en="The unit that owns it.")
@option("--code", metavar="TEXT", vi="Mã dự án.", en="Project code.")
@option("--investment", type=MONEY, metavar="M", vi="Tổng mức đầu tư.", en="Total investment.")
@writes
def describe(
    ask: Asked, item: str, owner: str | None, code: str | None, investment: int | None
) -> None:
    if owner is None and code is None and investment is None:
        raise click.UsageError(phrase("Nêu --owner, --code hoặc --investment.", "Give --owner, --code or --investment."))  # fmt: skip
    told(ask, "describe", lambda entry: _use().describe(entry, item, owner, code, investment))
