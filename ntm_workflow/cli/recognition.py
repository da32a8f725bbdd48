"""Recognitions: what places hold, kept by notice, withdrawn by decision, and what is to be reviewed."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.criteria_choice import edition as which_edition
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group,
    help=both(
        "Công nhận đạt chuẩn: đang có, duy trì, rà soát, thu hồi.",
        "Recognitions: held, kept, to be reviewed, withdrawn.",
    ),
)
def recognition() -> None:
    pass


def _of(function: Any) -> Any:
    for add in (
        option("--standard", required=True, metavar="S", vi="Danh hiệu.", en="The standard."),
        option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place."),
    ):
        function = add(function)
    return function


@recognition.command(
    "list",
    cls=Command,
    help=both(
        "Nơi nào được công nhận gì: năm trên danh hiệu, quyết định và ngày, thông báo duy trì, thu hồi.",
        "What each place is recognised as: the label's year, the decision and its day, notices, withdrawals.",
    ),
    examples=["ntm recognition list --within 'Tam Kỳ'"],
)
@in_place
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.recognitions import listed

    with view.reading() as reading:
        scope = narrowed(reading, within)
        items = [_item(reading, row) for row in listed(reading, scope)]
        items.sort(key=lambda item: (collation_key(item["place"]["name"]), item["standard"]))
        columns = ["place", "standard", "holds", "label", "decision", "decision_on", "kept"]
        view.items("recognition.list", reading.stamp(), items, [*columns, "withdrawn_on"])


def _item(reading: Any, row: Any) -> dict[str, Any]:
    return {
        "place": reading.ref(row.place),
        "standard": row.standard,
        "holds": bool(row.held),
        "label": row.label,
        "decision": row.decision,
        "decision_on": row.decision_on,
        "kept": [f"{each['version']}: {each['notice']}" for each in row.notices],
        "withdrawn_on": row.withdrawn_on,
        "grants": [{**each, "body": reading.ref(each["body"])} for each in row.grants],
        "notices": row.notices,
    }


@recognition.command(
    cls=Command,
    help=both(
        "Ghi thông báo duy trì chuẩn (không phải quyết định) theo một phiên bản bộ tiêu chí.",
        "Record the notice, no decision, that a place keeps the standard under a version of its set.",
    ),
    examples=[
        "ntm recognition keep --place 'Tam Phú' --standard xa-ntm --on 20/5/2024 --document 'TB mẫu' --dry-run"
    ],
)
@_of
@which_edition
@writes
def keep(ask: Asked, place: str, standard: str, edition: str | None) -> None:
    from ntm_workflow.office.recognitions import keep as use

    _act("keep", ask, place, lambda entry, at: use(entry, at, standard, edition))


@recognition.command(
    cls=Command,
    help=both(
        "Ghi quyết định thu hồi công nhận (--document).",
        "Record the decision that withdraws a recognition (--document).",
    ),
    examples=[
        "ntm recognition withdraw --place 'Tam Ngọc' --standard xa-nang-cao --ground 'mẫu' --on 1/6/2025 --document 'QĐ mẫu' --dry-run"
    ],
)
@_of
@option("--ground", required=True, metavar="TEXT", vi="Căn cứ thu hồi.", en="The ground.")
@writes
def withdraw(ask: Asked, place: str, standard: str, ground: str) -> None:
    from ntm_workflow.domain.inputs import tidy
    from ntm_workflow.office.recognitions import withdraw as use

    _act("withdraw", ask, place, lambda entry, at: use(entry, at, standard, tidy(ground)))


@recognition.command(
    cls=Command,
    help=both(
        "Ghi nơi mới sau sáp nhập tiếp tục đạt chuẩn, khi mọi nơi nhập vào đều đạt (--document). Khác mức thì phải rà soát: ntm recognition review.",
        "Record that a merged place goes on with a standard all that became it held (--document). Where they differ it is reviewed: ntm recognition review.",
    ),
    examples=[
        "ntm recognition inherit --place 'Bình Định' --standard xa-nang-cao --on 3/1/2025 --document 'QĐ mẫu' --already-done --dry-run"
    ],
)
@_of
@writes
def inherit(ask: Asked, place: str, standard: str) -> None:
    from ntm_workflow.office.titles import inherit as use

    _act("inherit", ask, place, lambda entry, at: use(entry, at, standard))


def _act(verb: str, ask: Asked, place: str, act: Any) -> None:
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        at = find_place(reading, place)
    receipt = office.record(ask.request, lambda entry: act(entry, at))
    ask.told(f"recognition.{verb}", office, receipt)


@recognition.command(
    cls=Command,
    help=both(
        "Danh sách cần rà soát duy trì chuẩn: số tiêu chí không còn đạt tới mức quyết định nêu, và nơi mới sau sáp nhập. Không gửi thư cho ai.",
        "Who has to be reviewed: so many criteria no longer hold as the decision names, and what came of mergers. Nobody gets a letter.",
    ),
    examples=["ntm recognition review --within 'Tam Kỳ'"],
)
@in_place
@reads
def review(within: str | None, view: Shown) -> None:
    from ntm_workflow.office.recognitions import reviews

    with view.reading() as reading:
        scope = narrowed(reading, within)
        columns = ["place", "standard", "version", "test", "failing", "keys", "held_by", "source"]
        view.items("recognition.review", reading.stamp(), reviews(reading, scope), columns)
