"""Acts that need two people: the rule, what waits, and letting it happen."""

from __future__ import annotations

import shlex
from typing import Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.line import again
from ntm_workflow.cli.params import COUNT, FACT, NUMBER
from ntm_workflow.cli.session import everywhere, option, session

COLUMNS = ["number", "by", "proposed_on", "state", "decided_by", "act", "summary"]


@click.group(
    cls=Group,
    help=both(
        "Việc cần hai người: một người gõ, một người khác duyệt (tên là khai báo).",
        "Acts that need two people: one types, another approves (names are declared).",
    ),
)
def approval() -> None:
    pass


@approval.command(
    cls=Command,
    help=both(
        "Quy định việc nào cần người thứ hai; thay cho quy tắc trước. Đã đặt thì đổi cũng cần hai người. "
        "Đưa kế hoạch vào áp dụng không tính là ghi muộn; cần hai người thì thêm --type PlanAdopted.",
        "Say which acts need a second person, instead of the rule before. Changing it needs two, too. "
        "Adopting a plan never counts as late; to have two for it, add --type PlanAdopted.",
    ),
    examples=[
        "ntm approval rule --type ObligationWaived --document 'Quy chế mẫu'",
        "ntm obligation waive D015/tam-ky --on 1/9/2024 --document 'CV mẫu số 2'",
        "ntm approval rule --type 'hủy lần ghi' --late-days 30 --document 'Quy chế mẫu' --dry-run",
    ],
)
@option(
    "--type", "types", type=FACT, multiple=True, metavar="T", vi="Loại việc.", en="Type of fact."
)
@option(
    "--late-days",
    type=COUNT,
    metavar="N",
    vi="Và mọi việc ghi muộn quá N ngày.",
    en="And whatever is told more than N days late.",
)
@option("--none", "nothing", is_flag=True, vi="Không việc nào nữa.", en="Nothing any more.")
@writes
def rule(types: tuple[str, ...], late_days: int | None, nothing: bool, ask: Asked) -> None:
    from ntm_workflow.office import approval as use

    if nothing == (bool(types) or late_days is not None):
        raise click.UsageError(
            phrase(
                "Nêu --type hoặc --late-days (được cả hai), hoặc chỉ --none.",
                "Give --type or --late-days (or both), or --none alone.",
            )
        )
    office = session().office()
    receipt = office.record(ask.request, lambda entry: use.set_rule(entry, types, late_days))
    ask.told("approval.rule", office, receipt)


@approval.command(
    "list",
    cls=Command,
    help=both("Các đề nghị: đang chờ và đã quyết định.", "The proposals, waiting and decided."),
    examples=["ntm approval list", "ntm approval list --state waiting --json"],
)
@option(
    "--state",
    type=click.Choice(["waiting", "approved", "rejected", "withdrawn"]),
    vi="Chỉ trạng thái này.",
    en="Only in this state.",
)
@reads
def list_(state: str | None, view: Shown) -> None:
    with view.reading() as reading:
        rows = [row for row in reading.rows("approval") if state in (None, row.state)]
        items = sorted(map(_item, rows), key=lambda item: item["number"])
        view.items("approval.list", reading.stamp(), items, COLUMNS)


def _item(row: Any) -> dict[str, Any]:
    names = ("number", "by", "proposed_on", "command", "summary", "types", "late_days", "state")
    more = ("decided_by", "decided_on", "act", "reason")
    item = {name: getattr(row, name) for name in (*names, *more)}
    return item | {"summary": (LANG.get() == "en" and row.summary_en) or row.summary}


@approval.command(
    cls=Command,
    help=both(
        "Quy tắc hai người đang áp dụng; nêu số thì xem một đề nghị.",
        "The two-person rule in force; with a number, one proposal.",
    ),
    examples=["ntm approval show"],
)
@click.argument("number", type=NUMBER, metavar="[#N]", required=False)
@reads
def show(number: int | None, view: Shown) -> None:
    from ntm_workflow.office import approval as use

    with view.reading() as reading:
        if number is not None:
            item = _item(use.proposal(reading, number))
            view.one("approval.show", reading, item if view.as_json else _for_people(item))
            return
        row = use.in_force(reading)
        if view.as_data:
            names = ("types", "late_days", "document", "since", "entry")
            told = row and {name: getattr(row, name) for name in names}
            view.one("approval.show", reading, {"rule": told})
        else:
            _say_rule(row)


def _for_people(item: dict[str, Any]) -> dict[str, Any]:
    from ntm_workflow.projections.sentences import in_short

    types = [in_short(type, LANG.get()) for type in item["types"]]
    return {**item, "command": "ntm " + shlex.join(item["command"]), "types": types}


def _say_rule(row: Any) -> None:
    from ntm_workflow.projections.sentences import in_short

    if row is None or (not row.types and row.late_days is None):
        say(
            "Không việc nào cần người thứ hai.\nĐặt quy tắc: ntm approval rule --type … --document …",
            "No act needs a second person.\nSet a rule: ntm approval rule --type … --document …",
        )
        return
    say(
        "Cần người thứ hai, theo {document} (lần ghi #{entry}):",
        "A second person is needed, by {document} (entry #{entry}):",
        document=row.document,
        entry=row.entry,
    )
    for type in row.types:
        click.echo(f"  {in_short(type, LANG.get())} ({type})")
    if row.late_days is not None:
        say(
            "  mọi việc ghi muộn quá {n} ngày",
            "  whatever is told more than {n} days late",
            n=row.late_days,
        )


@approval.command(
    cls=Command,
    help=both(
        "Duyệt: chạy lại đúng dòng lệnh đã đề nghị, trong một lần ghi. Người duyệt (--by) là người khác.",
        "Approve: run the proposed line again, in one transaction. Whoever approves (--by) is another.",
    ),
    examples=["ntm approval approve --by 'Lãnh đạo (mẫu)' --dry-run"],
)
@click.argument("number", type=NUMBER, metavar="[#N]", required=False)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@option("--dry-run", is_flag=True, vi="Chỉ xem sẽ ghi gì.", en="Show the facts, write none.")
@everywhere
def approve(number: int | None, as_json: bool, dry_run: bool) -> None:
    from ntm_workflow.office import approval as use

    mine = session()
    with mine.office().reading() as reading:
        proposal = use.to_approve(reading, number, mine.who)
    mine.approving = (proposal.number, proposal.proposed_on)
    flags = [flag for flag, on in (("--json", as_json), ("--dry-run", dry_run)) if on]
    _run(again(proposal.command, *flags, "--lang", LANG.get()))


def _run(words: list[str]) -> None:
    """Type a line in this session; its exit code is ours."""
    from ntm_workflow.cli import ntm

    code = ntm.main(words, obj=session(), prog_name="ntm", standalone_mode=False)
    if code:
        raise click.exceptions.Exit(code)


@approval.command(
    cls=Command,
    help=both(
        "Không duyệt; chính người đề nghị thì là rút lại.",
        "Reject; by whoever proposed it, take it back.",
    ),
    examples=["ntm approval reject --reason 'đã xử lý cách khác' --dry-run"],
)
@click.argument("number", type=NUMBER, metavar="[#N]", required=False)
@option("--reason", required=True, metavar="T", vi="Lý do.", en="Why.")
@writes
def reject(number: int | None, reason: str, ask: Asked) -> None:
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office import approval as use

    office = session().office()
    with office.reading() as reading:
        chosen = number or use.the_only_one(reading)
    receipt = office.record(ask.request, lambda entry: use.reject(entry, chosen, nfc(reason)))
    ask.told("approval.reject", office, receipt)


def proposed(ask: Asked, needed: Any) -> None:
    """Record what was typed as a proposal, and say who must do what next."""
    from ntm_workflow.cli.answers import fact_json
    from ntm_workflow.office import approval as use

    office, draft = session().office(), needed.draft
    receipt = office.record(ask.request, lambda entry: use.propose(entry, draft))
    if ask.as_json:
        with office.reading() as reading:
            facts = [fact_json(fact, reading) for fact in receipt.facts]
        about = {"entry": receipt.entry, "entries": [receipt.entry], "repeated": receipt.repeated}
        emit(
            "approval.propose",
            {**about, "dry_run": receipt.dry_run, "waiting": True, "facts": facts},
        )
        return
    say(
        "Việc này cần người thứ hai{late}, theo {document}:\n  {summary}",
        "This act needs a second person{late}, by {document}:\n  {summary}",
        late=_late(draft.late_days),
        summary=draft.summary[LANG.get()],
        **needed.facts,
    )
    if receipt.dry_run:
        say("Thử: sẽ thành một đề nghị; chưa ghi gì.", "Dry run: it would be proposed.")
    else:
        say(
            "Đã ghi đề nghị #{n}; việc chưa được ghi.\nTiếp, một người khác: ntm approval approve {n} --by …",
            "Proposed as #{n}; the act is not recorded.\nNext, somebody else: ntm approval approve {n} --by …",
            n=receipt.entry,
        )


def _late(days: int | None) -> str:
    return phrase(" (ghi muộn {n} ngày)", " (told {n} days late)", n=days) if days else ""
