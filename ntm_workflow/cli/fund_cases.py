"""Moving money: propose it, decide that it stays or goes, carry it into the next year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.fund_verbs import one_item, told
from ntm_workflow.cli.params import MONEY
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.fund_case import Line

NGOC = "Hỗ trợ NTM nâng cao Tam Ngọc (mẫu)"
_SAMPLE = "--item 'Mô hình du lịch nông thôn Tam Thăng (mẫu)'"
_some = option("--amount", type=MONEY, metavar="M", vi="Số tiền (mặc định: tất cả phần chưa giải ngân).", en="Amount (default: all that is not spent).")  # fmt: skip


def _use() -> Any:
    from ntm_workflow.office import fund_case

    return fund_case


class _Line(click.ParamType[Any]):
    """An item and an amount: 'Đường A=500 triệu'."""

    name = "line"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.office.fund_case import Line

        if isinstance(value, tuple):
            return value
        item, equals, amount = str(value).rpartition("=")
        if not equals or not item.strip():
            self.fail(
                phrase(
                    "“{value}”: viết TÊN MỤC=SỐ TIỀN, ví dụ 'Đường A=500 triệu'",
                    "“{value}”: write ITEM=AMOUNT, for example 'Đường A=500 triệu'",
                    value=value,
                )
            )
        return Line(item.strip(), MONEY.convert(amount.strip(), param, ctx))


@click.command(
    cls=Command,
    help=both(
        "Đề nghị điều chuyển phần vốn chưa giải ngân. Mục chưa chi đồng nào đã đối chiếu với Kho bạc thì đề nghị tiếp từ kết quả rà soát; mục khác là đề nghị của chính đơn vị, trong khoảng ngày mà điều khoản nêu.",
        "Propose that what is not spent be moved. Money found unspent goes on from the finding, once reconciled; other money by the unit's own request, in the days its clause gives.",
    ),
    examples=[
        f"ntm fund propose --item '{NGOC}' --amount '300 triệu' --on 5/10/2024 --document 'CV mẫu' --dry-run"
    ],
)
@one_item
@_some
@writes
def propose(ask: Asked, item: str, amount: int | None) -> None:
    told(ask, "propose", lambda entry: _use().propose(entry, item, amount))


@click.command(
    cls=Command,
    help=both(
        "Ghi quyết định giữ nguyên vốn, không điều chuyển (--keep). Điều chuyển: ntm fund reallocate.",
        "Record the decision that the money stays (--keep). To move it: ntm fund reallocate.",
    ),
    examples=[f"ntm fund decide {_SAMPLE} --keep --on 15/11/2024 --document 'CV mẫu' --dry-run"],
)
@one_item
@option("--keep", is_flag=True, required=True, vi="Giữ nguyên vốn.", en="The money stays.")
@writes
def decide(ask: Asked, item: str, *, keep: bool) -> None:
    if not keep:
        raise click.UsageError(phrase("Nêu --keep, hoặc dùng ntm fund reallocate.", "Give --keep, or use ntm fund reallocate."))  # fmt: skip
    told(ask, "decide", lambda entry: _use().keep(entry, item))


@click.command(
    cls=Command,
    help=both(
        "Ghi một quyết định điều chuyển: nhiều dòng, bằng nhau trong cùng nguồn, loại và năm, ghi cả hoặc không ghi gì. Mục bớt vốn phải có đề nghị.",
        "Record a decision that moves money: many lines, equal within a source, kind and year, all or none. What gives needs a case that was proposed.",
    ),
    examples=[
        f"ntm fund reallocate --from '{NGOC}=100 triệu' --to 'Đường thôn Đồng Phú=100 triệu' --on 12/11/2024 --document 'QĐ mẫu' --already-done --dry-run"
    ],
)
@option("--from", "out", type=_Line(), multiple=True, required=True, metavar="I=M", vi="Mục bớt vốn và số tiền.", en="An item that gives, and how much.")  # fmt: skip
@option("--to", "into", type=_Line(), multiple=True, required=True, metavar="I=M", vi="Mục thêm vốn và số tiền.", en="An item that receives, and how much.")  # fmt: skip
@option("--place", type=PLACE, metavar="P", vi="Địa bàn của mục mới trong --to.", en="Where what is new in --to lies.")  # fmt: skip
@option("--type", "type", default="work", show_default=True, vi="Loại của mục mới: work, project, model, content.", en="What is new: work, project, model, content.")  # fmt: skip
@option("--decision", metavar="TEXT", vi="Quyết định điều chuyển.", en="The decision.")
@writes
def reallocate(
    ask: Asked,
    out: tuple[Line, ...],
    into: tuple[Line, ...],
    place: str | None,
    type: str,
    decision: str | None,
) -> None:
    from ntm_workflow.office.fund_case import Decision
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        where = find_place(reading, place) if place is not None else None
    paper = decision or ask.request.document
    said = Decision(out=out, into=into, place=where, type=type, decision=paper)
    told(ask, "reallocate", lambda entry: _use().reallocate(entry, said))


@click.command(
    cls=Command,
    help=both(
        "Chuyển nguồn phần vốn chưa chi sang năm sau, kèm số còn nợ: bớt ở mục cũ, mở mục mới ghi rõ năm gốc, giữ mã dự án và ngày tính hạn quyết toán.",
        "Carry what is not spent into the next year, and what is owed with it: less on the old item, and a new one that says of which year it is, with its code and its term.",
    ),
    examples=[
        f"ntm fund carry --item '{NGOC}' --amount '100 triệu' --on 10/1/2025 --document 'QĐ mẫu' --dry-run"
    ],
)
@one_item
@_some
@option("--as", "name", metavar="TEXT", vi="Tên mục mới (mặc định: tên cũ và năm gốc).", en="The new item's name (default: the old one and its year).")  # fmt: skip
@option("--place", type=PLACE, metavar="P", vi="Địa bàn của mục mới (mặc định như cũ, hoặc nơi kế thừa).", en="Where the new item lies (default: as before, or the successor).")  # fmt: skip
@option("--decision", metavar="TEXT", vi="Quyết định chuyển nguồn.", en="The decision.")
@writes
def carry(
    ask: Asked,
    item: str,
    amount: int | None,
    name: str | None,
    place: str | None,
    decision: str | None,
) -> None:
    from ntm_workflow.office import fund_carry
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        where = find_place(reading, place) if place is not None else None
    said = {"name": name, "place": where, "decision": decision or ask.request.document}
    receipt = office.record(
        ask.request, lambda entry: fund_carry.carry(entry, item, amount, **said)
    )
    ask.told("fund.carry", office, receipt)
