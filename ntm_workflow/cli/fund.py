"""Money: allocate, disburse, and what a closing found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from ntm_workflow.cli.answers import fact_json
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import ITEM, PLACE, UNIT
from ntm_workflow.cli.fund_choice import chooses, unpaid, year
from ntm_workflow.cli.params import MONEY, YEAR
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option, session

COLUMNS = ["item", "place", "year", "source", "allocated", "disbursed", "rate", "stop", "case"]
CASES = ["item", "place", "year", "source", "left", "case", "case_state", "proposed", "complete_by"]
DEBTS = ["item", "place", "year", "source", "accepted", "settled", "paid", "debt", "to_return", "owner"]  # fmt: skip


_MOVES = "ntm_workflow.cli.fund_moves:"
_STOPS, _CASES = "ntm_workflow.cli.fund_stops:", "ntm_workflow.cli.fund_cases:"
_RULES = "ntm_workflow.cli.fund_rules:"
_LAZY = {
    "total": (
        "ntm_workflow.cli.fund_totals:total",
        both("Cộng vốn theo địa bàn, nguồn, …", "Money by place, source, …"),
    ),
    "series": (
        "ntm_workflow.cli.fund_totals:series",
        both("Giải ngân theo tháng, quý.", "Disbursed month by month."),
    ),
    "describe": (_MOVES + "describe", both("Chủ đầu tư, mã dự án.", "Owner, project code.")),
    "adjust": (_MOVES + "adjust", both("Điều chỉnh kế hoạch vốn.", "Change the plan.")),
    "contract": (_MOVES + "contract", both("Ghi hợp đồng.", "Record a contract.")),
    "advance": (_MOVES + "advance", both("Ghi tạm ứng.", "Record an advance.")),
    "recover": (_MOVES + "recover", both("Ghi thu hồi tạm ứng.", "Recover an advance.")),
    "return": (_MOVES + "return_", both("Ghi nộp trả.", "Record money that came back.")),
    "accept": (_MOVES + "accept", both("Ghi nghiệm thu.", "Record accepted volume.")),
    "hand-over": (_MOVES + "hand_over", both("Ghi bàn giao.", "Record the hand-over.")),
    "settle": (_MOVES + "settle", both("Ghi quyết toán.", "Record the settlement.")),
    "export": (
        "ntm_workflow.cli.fund_export:export",
        both("Sổ vốn ghi kép.", "The money book."),
    ),
    "import": (
        "ntm_workflow.cli.fund_import:import_",
        both("Nhập bảng giao vốn, giải ngân.", "Take in a sheet."),
    ),
    "contribute": (_MOVES + "contribute", both("Ghi đóng góp.", "Record what was given.")),
    "zero": (_STOPS + "zero", both("Nếu rà soát hôm nay.", "If the check were today.")),
    "reconcile": (_STOPS + "reconcile", both("Đối chiếu Kho bạc.", "Compare with the treasury.")),
    "reviews": (_STOPS + "reviews", both("Các mục cần xem lại.", "Findings to look at again.")),
    "review": (_STOPS + "review", both("Ghi kết quả xem lại.", "What became of a finding.")),
    "stop": (_STOPS + "stop", both("Kho bạc dừng giải ngân.", "The treasury stops payment.")),
    "release": (_STOPS + "release", both("Cho giải ngân tiếp.", "Payment may go on.")),
    "propose": (_CASES + "propose", both("Đề nghị điều chuyển.", "Propose to move money.")),
    "decide": (_CASES + "decide", both("Quyết định giữ vốn.", "Decide that money stays.")),
    "reallocate": (_CASES + "reallocate", both("Điều chuyển vốn.", "Move money.")),
    "carry": (_CASES + "carry", both("Chuyển nguồn sang năm sau.", "Carry into the next year.")),
    "rules": (_RULES + "rules", both("Quy tắc vốn.", "The money rules.")),
    "check": (_RULES + "check", both("Quy tắc thấy gì.", "What the rules find.")),
    "payable": (_RULES + "payable", both("Được chi bao nhiêu.", "What may be paid now.")),
}


@click.group(
    cls=Group,
    lazy=_LAZY,
    help=both("Vốn: giao, giải ngân, rà soát.", "Money: given, spent, found."),
)
def fund() -> None:
    pass


@fund.command(
    cls=Command,
    help=both(
        "Giao vốn cho một mục; mục mới được mở khi nhận đồng đầu tiên.",
        "Give money to an item; a new item is opened by its first đồng.",
    ),
    examples=[
        "ntm fund allocate --item 'Đường thôn Đồng Phú' --place 'Tam Ngọc' --year 2024 --source provincial --kind investment --amount '1,5 tỷ' --on 20/2/2024"
    ],
)
@option("--item", type=ITEM, required=True, metavar="I", vi="Mục vốn.", en="The item.")
@option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place.")
@option("--year", type=YEAR, required=True, metavar="Y", vi="Niên độ.", en="Plan year.")
@option(
    "--source",
    required=True,
    metavar="S",
    vi="Nguồn: central (trung ương), provincial (tỉnh), district (huyện), …",
    en="central, provincial, district, …",
)
@option(
    "--kind",
    required=True,
    metavar="K",
    vi="investment (đầu tư), recurrent (sự nghiệp)",
    en="investment, recurrent",
)
@option(
    "--amount",
    type=MONEY,
    required=True,
    metavar="M",
    vi="Số tiền: “1,5 tỷ”.",
    en="Amount: “1,5 tỷ”.",
)
@option(
    "--type",
    "type",
    default="work",
    show_default=True,
    vi="work (công trình), project (dự án), model (mô hình), content (nội dung).",
    en="work, project, model, content",
)
@option(
    "--carried-from",
    type=YEAR,
    metavar="Y",
    vi="Chuyển nguồn từ năm.",
    en="Carried over from year.",
)
@option("--decision", metavar="TEXT", vi="Quyết định giao vốn.", en="The allocating decision.")
@option("--code", metavar="TEXT", vi="Mã dự án.", en="Project code.")
@option(
    "--owner",
    type=UNIT,
    metavar="U",
    vi="Chủ đầu tư của mục mới (mặc định: UBND gần nhất).",
    en="Who owns a new item (default: the nearest committee).",
)
@writes
def allocate(ask: Asked, place: str, owner: str | None, **said: Any) -> None:
    from ntm_workflow.office import fund as use
    from ntm_workflow.office.names import find_place, find_unit

    office = session().office()
    with office.reading(ask.request.on) as reading:
        unit = find_unit(reading, owner) if owner is not None else None
        given = use.Allocation(place=find_place(reading, place), owner=unit, **said)
    receipt = office.record(ask.request, lambda entry: use.allocate(entry, given))
    ask.told("fund.allocate", office, receipt)


@fund.command(
    cls=Command,
    help=both("Ghi một khoản giải ngân.", "Record a payment on an item."),
    examples=["ntm fund disburse --item 'Đường thôn Đồng Phú' --amount '500 triệu' --on 15/5/2024"],
)
@option("--item", type=ITEM, required=True, metavar="I", vi="Mục vốn.", en="The item.")
@option("--amount", type=MONEY, required=True, metavar="M", vi="Số tiền.", en="Amount.")
@option("--payee", metavar="TEXT", vi="Đơn vị nhận.", en="Who was paid.")
@writes
def disburse(ask: Asked, item: str, amount: int, payee: str | None) -> None:
    from ntm_workflow.office import fund as use

    office = session().office()
    receipt = office.record(ask.request, lambda entry: use.disburse(entry, item, amount, payee))
    ask.told("fund.disburse", office, receipt)


@fund.command(
    "list",
    cls=Command,
    help=both("Các mục vốn.", "The fund items."),
    examples=[
        "ntm fund list --as-of 30/6/2024",
        "ntm fund list --year 2024 --source provincial --unpaid",
        "ntm fund list --json",
    ],
)
@chooses
@year
@unpaid
@reads
def list_(view: Shown, **said: Any) -> None:
    listed("fund.list", view, **said)


@fund.command(
    cls=Command,
    help=both(
        "Các đề nghị điều chuyển chưa quyết định; --all thêm các đề nghị đã xong.",
        "The reallocation cases nobody has decided; --all adds those that are over.",
    ),
    examples=["ntm fund cases", "ntm fund cases --all"],
)
@in_place
@option("--all", "every", is_flag=True, vi="Cả đề nghị đã xong.", en="Those that are over too.")
@reads
def cases(within: str | None, view: Shown, *, every: bool) -> None:
    from ntm_workflow.domain.fund_case import OPEN

    listed(
        "fund.cases",
        view,
        lambda row: row.case and (every or row.case["state"] in OPEN),
        CASES,
        within=within,
    )


@fund.command(
    cls=Command,
    help=both(
        "Các mục còn nợ (đã nghiệm thu, hoặc quyết toán, nhiều hơn đã thanh toán), và các mục đã chi quá số quyết toán, phải thu hồi.",
        "Items that owe (more was accepted, or settled, than paid), and those that were paid more than was settled.",
    ),
    examples=["ntm fund debt", "ntm fund debt --within 'Tam Ngọc' --json"],
)
@in_place
@reads
def debt(within: str | None, view: Shown) -> None:
    listed("fund.debt", view, lambda row: row.debt or row.overpaid, DEBTS, within=within)


def listed(
    schema: str,
    view: Shown,
    wanted: Callable[[Any], object] = lambda row: True,
    columns: Sequence[str] = COLUMNS,
    **said: Any,
) -> None:
    from ntm_workflow.office.fund_totals import choose, chosen_rows

    with view.reading() as reading:
        rows = chosen_rows(reading, choose(reading, **said))
        items = (item(reading, row) for row in rows if wanted(row))
        view.items(schema, reading.stamp(), items, list(columns))


def item(reading: Any, row: Any) -> dict[str, Any]:
    """A fund item as JSON shows it; `rate` is disbursed over allocated, to four places."""
    rate = round(row.disbursed / row.allocated, 4) if row.allocated else None
    stop = row.stop and {name: row.stop[name] for name in ("found_on", "state", "until")}
    doubted = standing_of(row) == "to_review"
    if doubted and stop["state"] != "stopped":
        stop = {**stop, "state": "to_review"}
    case = _case(row, doubted=doubted)
    names = (
        *("type", "year", "source", "kind", "carried_from", "code", "investment", "contracted"),
        *("allocated", "advanced", "disbursed", "accepted", "settled", "settled_on"),
        *("pay_until", "handed_on", "debt", "contributed"),
    )
    return {
        "item": row.item,
        "place": reading.ref(row.place),
        "owner": row.owner and reading.ref(row.owner),
        **{name: getattr(row, name) for name in names},
        "paid": row.disbursed - row.advanced,
        "to_return": row.overpaid,
        "left": row.allocated - row.disbursed,
        "rate": rate,
        "stop": stop,
        "reconciled_on": _day(row.stop["reconciled_on"])
        if stop and row.stop["by_treasury"]
        else None,
        "case": case or None,
        "case_state": "not_proposed" if case.get("state") == "open" else case.get("state"),
        "proposed": case.get("asked"),
        "complete_by": _day(case.get("complete_by")),
        "conflicts": row.conflicts,
    }


def standing_of(row: Any) -> str | None:
    """How an item stands to a finding: its state, or that it is to be looked at again."""
    if row.stop is None:
        return None
    from msgspec import convert

    from ntm_workflow.domain.fund_stop import Stop

    stop = convert(row.stop, Stop)
    return "to_review" if stop.doubted else stop.state


def _case(row: Any, *, doubted: bool) -> dict[str, Any]:
    """The item's case; one that rests on a finding in doubt is to be looked at with it."""
    case = row.case or {}
    rests = (
        doubted and case.get("state") in ("open", "proposed") and case["kind"] != "cannot-finish"
    )
    return {**case, "state": "to_review"} if rests else case


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


@fund.command(
    cls=Command,
    help=both("Một mục vốn và lịch sử của nó.", "One item and its history."),
    examples=["ntm fund show 'Đường thôn Đồng Phú'"],
)
@click.argument("name", metavar="ITEM")
@reads
def show(name: str, view: Shown) -> None:
    from ntm_workflow.office import fund as use
    from ntm_workflow.office.history import of_subject

    with view.reading() as reading:
        id = use.find_item(reading, name)
        facts = of_subject(session().office().journal, reading, id)
        history = [fact_json(fact, reading) for fact in facts]
        shown = item(reading, reading.row(id))
        sentences = history if view.as_json else [fact["sentence"] for fact in history]
        view.one("fund.show", reading, {**shown, "history": sentences})
