"""Obligations: the list, one with its derivation and history, and recording one as met."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ntm_workflow.cli.answers import fact_json
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session

COLUMNS = [
    "id",
    "title",
    "owed_by",
    "place",
    "act_by",
    "enforce_day",
    "standing",
    "met_on",
    "missed_on",
]


#: The columns a list needs: what JSON shows, and what the standing is computed from.
LISTED = (
    *("id", "rule", "plan", "clause", "title", "owed_by", "with", "advised_by", "owed_to", "place"),
    *("strength", "expression", "kind", "window_start", "strict_day", "nominal_day", "act_by"),
    *("enforce_day", "met_on", "missed_on", "waived_on", "recorded_late", "miss_overturned_by"),
)


@click.group(
    cls=Group, help=both("Nhiệm vụ được giao và thời hạn.", "What units owe, by when, and why.")
)
def obligation() -> None:
    pass


@obligation.command(
    "list",
    cls=Command,
    help=both("Các nhiệm vụ và tình trạng.", "The obligations and how they stand."),
    examples=[
        "ntm obligation list --within 'Tam Kỳ' --as-of 31/10/2024",
        "ntm obligation list --standing overdue --known-at 04/11/2024 --json",
    ],
)
@option("--plan", metavar="ID", vi="Của kế hoạch này.", en="Of this plan.")
@option("--within", metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place.")
@option("--unit", metavar="U", vi="Do đơn vị này chủ trì.", en="Owed by this unit.")
@option(
    "--standing",
    "standings",
    multiple=True,
    metavar="S",
    vi="Tình trạng: overdue, met, …",
    en="Standing: overdue, met, …",
)
@option("--due-from", type=DAY, metavar="D", vi="Hạn từ ngày.", en="Due from.")
@option("--due-until", type=DAY, metavar="D", vi="Hạn đến ngày.", en="Due until.")
@option(
    "--exit-code",
    is_flag=True,
    vi="Thoát với mã 5 nếu có việc quá hạn.",
    en="Exit with 5 if something is overdue.",
)
@reads
def list_(view: Shown, exit_code: bool, standings: tuple[str, ...], **filters: Any) -> None:
    from ntm_workflow.domain.obligation import STANDINGS

    for word in standings:
        if word not in STANDINGS:
            raise click.BadParameter(f"{word}: {', '.join(STANDINGS)}", param_hint="--standing")
    with view.reading() as reading:
        items = [item(reading, row) for row in _matching(reading, **filters)]
        items = [i for i in items if not standings or i["standing"] in standings]
        items.sort(key=lambda i: (i["enforce_day"] or date.max, i["id"]))
        view.items("obligation.list", reading.stamp(), items, COLUMNS)
    if exit_code and any(i["standing"] == "overdue" for i in items):
        raise click.exceptions.Exit(5)


def _matching(
    reading: Any,
    plan: str | None,
    within: str | None,
    unit: str | None,
    due_from: date | None,
    due_until: date | None,
) -> list[Any]:
    from ntm_workflow.office.names import find_place, find_unit, must_be_adopted
    from ntm_workflow.projections.obligation import VIEW

    c = VIEW.table.c
    where = []
    if plan:
        must_be_adopted(reading, plan)
        where.append(c.plan == plan)
    if unit:
        where.append(c.owed_by == find_unit(reading, unit))
    if due_from:
        where.append(c.enforce_day >= due_from)
    if due_until:
        where.append(c.enforce_day <= due_until)
    scope = reading.within(find_place(reading, within)) if within else None
    rows = reading.rows("obligation", *where, only=LISTED)
    return [row for row in rows if scope is None or row.place in scope]


def item(reading: Any, row: Any) -> dict[str, Any]:
    """An obligation as JSON shows it; `row` has at least the columns `LISTED`."""
    from ntm_workflow.domain.obligation import standing

    said, ref = row._mapping, reading.ref
    shown = {name: said[name] for name in LISTED if name != "waived_on"}
    return shown | {
        "id": row.id.partition("/")[2],
        "owed_by": ref(row.owed_by),
        "with": [ref(unit) for unit in said["with"]],
        "advised_by": [ref(unit) for unit in row.advised_by],
        "owed_to": ref(row.owed_to),
        "place": ref(row.place),
        "standing": standing(row, reading.as_of),
        "recorded_late": bool(row.recorded_late),
    }


@obligation.command(
    cls=Command,
    help=both(
        "Một nhiệm vụ: cách tính hạn và lịch sử.",
        "One obligation: how its days were derived, and its history.",
    ),
    examples=["ntm obligation show D118-tam-ngoc-tam-ky"],
)
@click.argument("id")
@reads
def show(id: str, view: Shown) -> None:
    import msgspec

    from ntm_workflow.domain.dates import Step
    from ntm_workflow.domain.derivation import explain
    from ntm_workflow.office.history import of_subject

    with view.reading() as reading:
        row = find(reading, id)
        facts = of_subject(session().office().journal, reading, row.id)
        steps = [msgspec.convert(step, Step) for step in row.derivation]
        shown = item(reading, row) | {
            "strength_words": row.strength_words,
            "stated": row.stated,
            "owed_by_inferred": row.inferred,
        }
        if view.as_json:
            shown["derivation"] = [
                {**step, "sentence": explain(s, LANG.get())}
                for step, s in zip(row.derivation, steps, strict=True)
            ]
            shown["history"] = [fact_json(fact, reading) for fact in facts]
        else:
            shown["derivation"] = [explain(step, LANG.get()) for step in steps]
            shown["history"] = [fact_json(fact, reading)["sentence"] for fact in facts]
        view.one("obligation.show", reading, shown)


def find(reading: Any, id: str) -> Any:
    """The row of an obligation id; refuses, naming near ones."""
    from ntm_workflow.office.names import NotFound, near

    row = reading.row(f"obligation/{id.removeprefix('obligation/')}")
    if row is None:
        ids = [r.id.partition("/")[2] for r in reading.rows("obligation")]
        raise NotFound(typed=id, day=reading.as_of, noun="obligation", near=near(id, ids))
    return row


@obligation.command(
    cls=Command,
    help=both("Ghi một nhiệm vụ đã hoàn thành.", "Record that an obligation was met."),
    examples=["ntm obligation meet D015-tam-ky --on 20/9/2024 --document 'QĐ mẫu' --dry-run"],
)
@click.argument("id")
@writes
def meet(id: str, ask: Asked) -> None:
    from ntm_workflow.domain.obligation import ObligationMet

    _record("obligation.meet", id, ObligationMet, ask)


@obligation.command(
    cls=Command,
    help=both(
        "Ghi một nhiệm vụ được cơ quan có thẩm quyền miễn, theo văn bản.",
        "Record that a competent body waived an obligation, by a paper.",
    ),
    examples=["ntm obligation waive D015-tam-ky --on 1/9/2024 --document 'CV mẫu' --dry-run"],
)
@click.argument("id")
@writes
def waive(id: str, ask: Asked) -> None:
    from ntm_workflow.domain.obligation import ObligationWaived

    _record("obligation.waive", id, ObligationWaived, ask)


def _record(schema: str, id: str, event: type[Any], ask: Asked) -> None:
    office = session().office()
    with office.reading() as reading:
        subject = find(reading, id).id
    ask.told(schema, office, office.record(ask.request, lambda entry: entry.record(subject, event)))
