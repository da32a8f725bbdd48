"""Many dossiers: whose desk each is on and since when, and how many have come to which stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.labels import word
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.pictures import Pictures, as_known, pictures, titled
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option
from ntm_workflow.domain.dossier_steps import STAGES


def _chosen(function: Any) -> Callable[..., Any]:
    """The options by which a list of dossiers is narrowed."""
    for add in (
        option("--stage", type=click.Choice(STAGES), metavar="STAGE", vi=f"Chỉ bước này: {', '.join(STAGES)}.", en=f"Only this stage: {', '.join(STAGES)}."),
        option("--year", type=YEAR, metavar="Y", vi="Chỉ năm đánh giá này.", en="Only this assessment year."),
        option("--standard", metavar="S", vi="Chỉ danh hiệu này.", en="Only this standard."),
        in_place,
    ):  # fmt: skip
        function = add(function)
    chosen: Callable[..., Any] = function
    return chosen


def _rows(
    reading: Any, within: str | None, standard: str | None, year: int | None, stage: str | None
) -> list[Any]:
    from ntm_workflow.plans.standards import known_standard

    if standard is not None:
        known_standard(standard)
    scope = narrowed(reading, within)
    return [
        row
        for row in reading.rows("dossier")
        if (scope is None or row.place in scope)
        and standard in (None, row.standard)
        and year in (None, row.year)
        and stage in (None, row.stage)
    ]


@click.command(
    "list",
    cls=Command,
    help=both("Các hồ sơ và nơi đang giữ.", "The dossiers and whose desk each is on."),
    examples=[
        "ntm dossier list --within 'Tam Kỳ'",
        "ntm dossier list --stage submitted --standard xa-nang-cao --year 2024",
    ],
)
@_chosen
@reads
def list_(view: Shown, **chosen: Any) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office import dossier as use

    with view.reading() as reading:
        rows = _rows(reading, **chosen)
        next_due = use.next_due(reading)
        rows.sort(
            key=lambda row: (collation_key(reading.names.get(row.place, row.place)), row.year)
        )
        items = (dossier_item(reading, row, next_due) for row in rows)
        if not view.as_data:
            items = ({**item, "stage": stage_word(item["stage"])} for item in items)
        view.items(
            "dossier.list",
            reading.stamp(),
            items,
            ["place", "standard", "year", "stage", "holder", "since", "days", "next_due"],
        )


@click.command(
    cls=Command,
    help=both(
        "Bao nhiêu hồ sơ đang ở bước nào, ở cấp nào; lâu nhất bao nhiêu ngày, của nơi nào.",
        "How many dossiers are in which stage, at which desk; the longest wait there, and whose it is.",
    ),
    examples=[
        "ntm dossier stages",
        "ntm dossier stages --standard xa-nang-cao --year 2024 --json",
        "ntm dossier stages --svg ho-so.svg",
    ],
)
@_chosen
@pictures("biểu đồ hồ sơ theo bước", "a chart of the dossiers by stage")
@reads
def stages(view: Shown, pictures: Pictures, **chosen: Any) -> None:
    with view.reading() as reading:
        found = [dossier_item(reading, row, {}) for row in _rows(reading, **chosen)]
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for item in sorted(found, key=lambda item: (STAGES.index(item["stage"]), item["desk"])):
            groups.setdefault((item["stage"], item["desk"]), []).append(item)
        items = [_stage(stage, desk, items) for (stage, desk), items in groups.items()]
        if pictures.asked:
            _draw(pictures, reading, items, **chosen)
            return
        if not view.as_data:
            items = [{**item, "stage": stage_word(item["stage"]), "desk": desk_word(item["desk"])} for item in items]  # fmt: skip
        columns = ["stage", "desk", "dossiers", "longest", "place", "standard", "year"]
        view.items("dossier.stages", reading.stamp(), items, columns)


def _stage(stage: str, desk: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    waiting = [item for item in items if item["days"] is not None]
    last = max(waiting, key=lambda item: item["days"], default=None)
    return {
        "stage": stage,
        "desk": desk,
        "dossiers": len(items),
        "standards": dict(sorted(Counter(item["standard"] for item in items).items())),
        "longest": last and last["days"],
        "place": last and last["place"],
        "standard": last and last["standard"],
        "year": last and last["year"],
    }


def _draw(
    pictures: Pictures,
    reading: Any,
    items: list[dict[str, Any]],
    within: str | None,
    standard: str | None,
    year: int | None,
    stage: str | None,
) -> None:
    """A bar for each stage at each desk, split by the standards of its dossiers."""
    from ntm_workflow.cli.chart_counts import Counted, picture
    from ntm_workflow.cli.drawing import Words
    from ntm_workflow.office.names import find_place
    from ntm_workflow.plans.standards import standards

    names = [each for each in standards() if any(each in item["standards"] for item in items)]
    rows = [
        Counted(
            f"{stage_word(item['stage'])} · {desk_word(item['desk'])}",
            _waiting(item),
            {word(name): count for name, count in item["standards"].items()},
        )
        for item in items
    ]
    at = None if within is None else find_place(reading, within)
    title = titled(
        phrase("Hồ sơ theo bước và cấp đang giữ", "Dossiers by stage and desk"),
        at and reading.names.get(at, at),
        standard and word(standard),
        str(year) if year else None,
        stage and stage_word(stage),
    )
    none = phrase("Chưa có hồ sơ nào.", "No dossiers.")
    words = Words(title, as_known(reading), lang=LANG.get())
    pictures.write(picture(words, [word(name) for name in names], rows, none))


def _waiting(item: dict[str, Any]) -> str:
    """How many there are, and how long the longest has been there."""
    if item["longest"] is None:
        return phrase("{n} hồ sơ", "dossiers: {n}", n=item["dossiers"])
    return phrase(
        "{n} hồ sơ, lâu nhất {d} ngày",
        "dossiers: {n}, longest wait: {d} days",
        n=item["dossiers"],
        d=item["longest"],
    )


def days_at(stay: dict[str, Any], as_of: date) -> int:
    """Calendar days a dossier lay on a desk, to the day looked at."""
    until = date.fromisoformat(stay["until_on"]) if stay["until_on"] else as_of
    return (until - date.fromisoformat(stay["since_on"])).days


def dossier_item(reading: Any, row: Any, next_due: dict[str, date]) -> dict[str, Any]:
    from ntm_workflow.domain.dossier import OVER

    # One that has come to its end waits no more.
    last = row.since if row.stage in OVER else reading.as_of
    return {
        "place": reading.ref(row.place),
        "standard": row.standard,
        "year": row.year,
        "stage": row.stage,
        "holder": reading.ref(row.holder),
        "since": row.since,
        "next_due": next_due.get(row.id),
        "desk": row.desk,
        "road": row.road,
        "days": None if row.stage in OVER else days_at(row.stays[-1], reading.as_of),
        "desks": [{**stay, "days": days_at(stay, last)} for stay in row.stays],
        "returns": row.returns,
        "decision": row.decision,
        "decision_on": row.decision_on,
        "history": row.handed,
    }


def stage_word(stage: str) -> str:
    from ntm_workflow.domain.dossier_steps import STAGE_WORDS

    return phrase("{w}", "{w}", w=STAGE_WORDS[stage])


def desk_word(desk: str) -> str:
    from ntm_workflow.domain.road import DESKS

    return phrase("{w}", "{w}", w=DESKS.get(desk, desk))
