"""The plans' rules about money: which there are, what each finds, and what may be paid of a work now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import ITEM
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option

if TYPE_CHECKING:
    from ntm_workflow.office.money_rules import Found, Payable
    from ntm_workflow.office.reading import Reading

_RULES = ["id", "plan", "clause", "strength", "title", "day", "found", "amount", "open"]
_FOUND = ["rule", "clause", "strength", "place", "item", "amount", "told"]
_PAYABLE = ["item", "place", "local_plan", "local_paid", "upper_plan", "upper_paid", "payable", "clause", "told"]  # fmt: skip


def _area(reading: Reading, within: str | None) -> str | None:
    from ntm_workflow.office.names import find_place

    return find_place(reading, within) if within is not None else None


@click.command(
    cls=Command,
    help=both(
        "Quy tắc vốn của các kế hoạch đang áp dụng: điều khoản, mức độ, ngày, và mỗi quy tắc thấy bao nhiêu việc. Điều văn bản để ngỏ ghi ở cột cuối.",
        "The money rules of the plans in force: clause, strength, day, and how much each finds. What the text leaves open stands last.",
    ),
    examples=[
        "ntm fund rules",
        "ntm fund rules --within 'Tam Kỳ' --as-of 30/6/2024",
        "ntm fund rules M-19",
    ],
)
@click.argument("rule", required=False, metavar="[M-08]")
@in_place
@reads
def rules(rule: str | None, within: str | None, view: Shown) -> None:
    from ntm_workflow.office.money_rules import Looking

    with view.reading() as reading:
        looking = Looking(reading, _area(reading, within))
        items = [_rule(each) for each in looking.found(rule)]
        if rule is None or len(items) != 1:
            view.items("fund.rules", reading.stamp(), items, _RULES)
            return
        # Of one rule all it says, and nothing it is silent about.
        said = {name: value for name, value in items[0].items() if view.as_data or value}
        view.one("fund.rules", reading, said)


def _rule(found: Found) -> dict[str, Any]:
    from msgspec import structs

    check = found.ruled.check
    return {
        **structs.asdict(check),
        "plan": found.ruled.plan,
        "found": len(found.findings),
        # What a rule fixes is not what it finds.
        "fixed": check.amount,
        "amount": sum(each.amount for each in found.findings),
    }


@click.command(
    cls=Command,
    help=both(
        "Quy tắc vốn thấy gì vào ngày --as-of: chậm mốc, thiếu mã, nợ, quá hạn quyết toán … Chương trình nêu, người có thẩm quyền quyết định.",
        "What the money rules find on --as-of: behind a mark, without a code, in debt, past their term … The program tells, those who may decide do.",
    ),
    examples=["ntm fund check --as-of 30/6/2024", "ntm fund check M-08 --within 'Tam Kỳ'"],
)
@click.argument("rule", required=False, metavar="[M-08]")
@in_place
@reads
def check(rule: str | None, within: str | None, view: Shown) -> None:
    from ntm_workflow.office.money_rules import Looking

    with view.reading() as reading:
        looking = Looking(reading, _area(reading, within))
        items = [item for each in looking.found(rule) for item in _findings(reading, each)]
        if not items and not view.as_data:
            say("Các quy tắc không thấy gì.", "The rules find nothing.")
            return
        view.items("fund.check", reading.stamp(), items, _FOUND)


def _findings(reading: Reading, found: Found) -> list[dict[str, Any]]:
    from ntm_workflow.projections.money_phrasing import told

    return [
        {
            "rule": each.check.id,
            "plan": found.ruled.plan,
            "clause": each.check.clause,
            "strength": each.check.strength,
            "place": each.place and reading.ref(each.place),
            "item": each.item,
            "amount": each.amount,
            "finding": each.say,
            "told": told(each.say, each.facts, LANG.get()),
        }
        for each in found.findings
    ]


@click.command(
    cls=Command,
    help=both(
        "Vốn trung ương, tỉnh của từng công trình được chi thêm bao nhiêu, theo tỷ lệ giải ngân vốn đối ứng huyện, xã của chính công trình đó. Các mục cùng mã dự án là một công trình.",
        "How much more central and provincial money of each work may be paid, by the rate at which its district and commune counterpart is disbursed. Items of one project code are one work.",
    ),
    examples=["ntm fund payable", "ntm fund payable --item 'Đường thôn Đồng Phú'"],
)
@option("--item", type=ITEM, metavar="I", vi="Chỉ công trình của mục này.", en="Only this item's work.")  # fmt: skip
@in_place
@reads
def payable(item: str | None, within: str | None, view: Shown) -> None:
    from ntm_workflow.office import money_rules

    with view.reading() as reading:
        found = money_rules.payable(reading, item, _area(reading, within))
        items = [_payable(reading, each) for each in found]
        if not items and not view.as_data:
            say(
                "Không có công trình nào thuộc quy tắc này.\nXem: ntm fund rules",
                "No work falls under such a rule.\nSee: ntm fund rules",
            )
            return
        view.items("fund.payable", reading.stamp(), items, _PAYABLE)


def _payable(reading: Reading, found: Payable) -> dict[str, Any]:
    work, check = found.work, found.check
    amounts = ("upper_plan", "upper_paid", "local_plan", "local_paid", "allowed")
    return {
        "item": work.name,
        "place": reading.ref(work.place),
        **{name: getattr(work, name) for name in amounts},
        "payable": found.payable,
        "rule": check.id,
        "clause": check.clause,
        "told": _told(found),
    }


def _told(found: Payable) -> str:
    if found.work.local_plan:
        return ""
    if found.payable is None:
        return phrase(
            "chưa ghi vốn đối ứng: không xác định, hỏi người có thẩm quyền",
            "no counterpart recorded: undetermined, a person decides",
        )
    return phrase("chưa ghi vốn đối ứng", "no counterpart recorded")
