"""Changes of places that are known beforehand: looked at, and recorded by their paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.place_work import told_with_left
from ntm_workflow.cli.session import session

if TYPE_CHECKING:
    from ntm_workflow.office.known_changes import Known
    from ntm_workflow.office.reading import Reading


@click.command(
    cls=Command,
    help=both(
        "Các thay đổi địa bàn đã biết (sáp nhập, hết cấp huyện), mỗi thay đổi với văn bản, nguồn, và sổ đã ghi chưa.",
        "The changes of places that are known (mergers, the end of districts), each with its paper, its source and whether it is recorded.",
    ),
    examples=["ntm place changes", "ntm place changes --json"],
)
@reads
def changes(view: Shown) -> None:
    from ntm_workflow.office.known_changes import listed

    with view.reading() as reading:
        items = [_item(reading, known, as_data=view.as_data) for known in listed(reading)]
        columns = ["id", "day", "change", "state", "document", "source", "unverified"]
        view.items("place.changes", reading.stamp(), items, columns)


def _item(reading: Reading, known: Known, *, as_data: bool) -> dict[str, Any]:
    from ntm_workflow.office.known_changes import STATES

    change, act = known.change, known.act
    state = known.state if as_data else phrase("{w}", "{w}", w=STATES[known.state])
    return {
        "id": change.id,
        "day": change.on,
        "day_unsure": change.day_unsure,
        "change": _what(act),
        "act": act.act,
        "places": [reading.ref(id) for id in known.ids],
        "state": state,
        "document": change.paper,
        "source": change.source,
        "unverified": change.unverified,
    }


def _what(act: Any) -> str:
    if act.act == "end_level":
        return phrase("hết cấp huyện", "districts end")
    also = f" ({' + '.join(act.also)})" if act.also else ""
    return f"{' + '.join(act.of)}{also} → {act.into or '?'}"


@click.command(
    cls=Command,
    help=both(
        "Ghi một thay đổi địa bàn đã biết, theo ngày và văn bản của nó; chỗ chưa kiểm chứng phải nêu --document. Nhiệm vụ, hồ sơ, vốn chuyển sau: place rehome.",
        "Record a known change of places, by its day and paper; an unverified one takes --document. Duties, dossiers and money follow by place rehome.",
    ),
    examples=[
        "ntm place apply het-cap-huyen-2025-quang-nam --document 'NQ mẫu' --dry-run",
    ],
)
@click.argument("change", metavar="ID")
@writes
def apply(change: str, ask: Asked) -> None:
    from ntm_workflow.office.known_changes import apply as use
    from ntm_workflow.plans.place_changes import known_change

    known = known_change(change)
    office = session().office()
    receipt = office.record(ask.request, lambda entry: use(entry, known))
    told_with_left(ask, "apply", office, receipt)
