"""Targets: what plans aim at besides tables of criteria, and what was measured."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, PLAN
from ntm_workflow.cli.params import DECIMAL, YEAR
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

COLUMNS = [
    "place",
    "what",
    "title",
    "target_years",
    "track",
    "commitment",
    "threshold",
    "value",
    "unit",
    "verdict",
]
COLUMNS += ["reached", "conflicting", "clauses"]


@click.group(
    cls=Group,
    help=both("Mục tiêu kế hoạch nêu và kết quả đo được.", "What plans aim at, and results."),
)
def target() -> None:
    pass


@target.command(
    "list",
    cls=Command,
    help=both("Các mục tiêu, ngưỡng và số liệu.", "Targets, thresholds and figures."),
    examples=[
        "ntm target list --within 'Tam Kỳ' --what thon-kieu-mau --year 2024",
        "ntm target list --plan tam-ky-2024 --json",
    ],
)
@in_place
@option("--plan", type=PLAN, metavar="ID", vi="Do kế hoạch này nêu.", en="Stated by this plan.")
@option("--what", metavar="W", vi="Danh hiệu hoặc chỉ tiêu này.", en="This standard or measure.")
@option("--year", type=YEAR, metavar="Y", vi="Năm phấn đấu.", en="Target year.")
@reads
def list_(view: Shown, **filters: Any) -> None:
    with view.reading() as reading:
        items = [_item(reading, row) for row in _matching(reading, **filters)]
        if not (view.as_json or view.as_csv):
            items = [_worded(item) for item in items]
        view.items("target.list", reading.stamp(), items, COLUMNS)


def _matching(
    reading: Any, within: str | None, plan: str | None, what: str | None, year: int | None
) -> list[Any]:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.names import must_be_adopted
    from ntm_workflow.office.target import targets

    if plan:
        must_be_adopted(reading, plan)
    scope = narrowed(reading, within)
    rows = [
        row
        for row in targets(reading)
        if (scope is None or row.place in scope)
        and (what is None or row.what == what)
        and (year is None or year in row.target_years)
        and (plan is None or any(s["plan"] == plan for s in row.statements))
    ]
    return sorted(
        rows,
        key=lambda r: (
            collation_key(r.title),
            r.what,
            collation_key(reading.names.get(r.place, "")),
        ),
    )


def _item(reading: Any, row: Any) -> dict[str, Any]:
    names = ("what", "title", "target_year", "target_years", "track", "threshold", "unit", "value")
    return {
        "id": row.id.partition("/")[2],
        "place": reading.ref(row.place),
        **{name: getattr(row, name) for name in names},
        "commitment": row.commitment,
        "verdict": row.verdict,
        "reached": None if row.reached is None else bool(row.reached),
        "conflicting": bool(row.conflicting),
        "clauses": [s["clause"] for s in row.statements],
    }


def _worded(item: dict[str, Any]) -> dict[str, Any]:
    """The same with its numbers as people write them."""
    from ntm_workflow.domain.values import format_number

    said = {k: item[k] and format_number(item[k], LANG.get()) for k in ("threshold", "value")}
    said["clauses"] = list(dict.fromkeys(item["clauses"]))
    return {**item, **said, "target_years": [str(year) for year in item["target_years"]]}


@target.command(
    cls=Command,
    help=both(
        "Các mục tiêu chương trình tự đếm từ công nhận và tiêu chí: bao nhiêu nơi đạt, trên mẫu số của kế hoạch và của ngày xem. Nơi chỉ kế hoạch nói đạt, nơi chưa có số liệu được kể riêng.",
        "The targets the program counts from recognitions and criteria: how many places, of the plan's denominator and the day's. What only a plan says, and what nobody has recorded, is told apart.",
    ),
    examples=[
        "ntm target count",
        "ntm target count --within 'Quảng Nam' --as-of 31/12/2024 --json",
    ],
)
@in_place
@option("--plan", type=PLAN, metavar="ID", vi="Do kế hoạch này nêu.", en="Stated by this plan.")
@reads
def count(within: str | None, plan: str | None, view: Shown) -> None:
    from ntm_workflow.office.counting import counted
    from ntm_workflow.office.names import must_be_adopted

    with view.reading() as reading:
        if plan:
            must_be_adopted(reading, plan)
        scope = narrowed(reading, within)
        items = [_counted(reading, each) for each in counted(reading, scope, plan)]
        if not view.as_data:
            names = ("places", "by_plan", "unknown")
            items = [{**item, **{name: len(item[name]) for name in names}} for item in items]
        columns = ["place", "title", "threshold", "value", "of_plan", "of_day", "reached"]
        view.items(
            "target.count", reading.stamp(), items, [*columns, "by_plan", "unknown", "clause"]
        )


def _counted(reading: Any, each: Any) -> dict[str, Any]:
    def refs(ids: Any) -> list[Any]:
        return [reading.ref(id) for id in ids]

    return {
        "id": each.row.id.partition("/")[2],
        "place": reading.ref(each.row.place),
        "what": each.row.what,
        "title": each.row.title,
        "how": each.count.how,
        "standard": each.count.standard,
        "threshold": each.row.threshold,
        "value": each.value,
        "of_plan": each.count.of,
        "of_day": each.of,
        "counted_on": each.day,
        "reached": each.reached,
        "places": refs(each.places),
        "by_plan": refs(each.by_plan),
        "unknown": refs(each.unknown),
        "clause": f"{each.said['plan']} {each.said['clause']}",
    }


@target.command(
    cls=Command,
    help=both(
        "Một mục tiêu: từng điều khoản nêu, từng lần đo, lịch sử.",
        "One target: every statement, every measurement, its history.",
    ),
    examples=["ntm target show --place 'Tam Kỳ' --what cay-xanh-cong-cong"],
)
@option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place.")
@option("--what", required=True, metavar="W", vi="Mã mục tiêu.", en="The target's id.")
@reads
def show(place: str, what: str, view: Shown) -> None:
    from ntm_workflow.cli.answers import fact_json
    from ntm_workflow.office.history import of_subject
    from ntm_workflow.office.names import find_place
    from ntm_workflow.office.target import find_target

    with view.reading() as reading:
        row = find_target(reading, find_place(reading, place), what)
        facts = of_subject(session().office().journal, reading, row.id)
        told = [fact_json(fact, reading) for fact in facts]
        item = _item(reading, row)
        if view.as_json:
            item |= {"statements": row.statements, "measures": row.measures, "history": told}
        else:
            said = [_line(s) for s in row.statements], [_line(m) for m in row.measures]
            item = _worded(item) | {"statements": said[0], "measures": said[1]}
            item["history"] = [fact["sentence"] for fact in told]
        view.one("target.show", reading, item)


def _line(said: dict[str, Any]) -> str:
    """A statement or measurement on one line, what is not said left out."""
    from ntm_workflow.cli.answers import cell
    from ntm_workflow.cli.labels import heading
    from ntm_workflow.domain.values import format_number

    shown = dict(said)
    entry = shown.pop("entry")
    for key in ("threshold", "value"):
        if shown.get(key):
            shown[key] = format_number(shown[key], LANG.get())
    parts = [f"{heading(k)}: {cell(v)}" for k, v in shown.items() if v not in (None, [])]
    return f"{' · '.join(parts)} (#{entry})"


@target.command(
    cls=Command,
    help=both("Ghi kết quả đo hoặc kết luận.", "Record a measurement or a verdict."),
    examples=[
        "ntm target record --place 'Tam Kỳ' --what cay-xanh-cong-cong --value '12,4' --on 20/9/2024"
    ],
)
@option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place.")
@option("--what", required=True, metavar="W", vi="Mã mục tiêu.", en="The target's id.")
@option("--value", type=DECIMAL, metavar="N", vi="Số đo, viết như 12,19.", en="The number, like 12,19.")  # fmt: skip
@option("--unit", metavar="U", vi="Đơn vị tính.", en="Its unit.")
@option("--verdict", metavar="V", vi="Kết luận: achieved, not_achieved.", en="Verdict: achieved, not_achieved.")  # fmt: skip
@option("--year", type=YEAR, metavar="Y", vi="Năm đánh giá (mặc định: năm của --on).", en="Assessment year (default: the year of --on).")  # fmt: skip
@writes
def record(ask: Asked, place: str, what: str, **said: Any) -> None:
    from ntm_workflow.office.names import find_place
    from ntm_workflow.office.target import Measured, find_target, measure

    office = session().office()
    with office.reading(ask.request.on) as then:
        found = find_place(then, place)
    with office.reading() as reading:
        id = find_target(reading, found, what).id
    measured = Measured(found, what, **said)
    ask.told(
        "target.record",
        office,
        office.record(ask.request, lambda entry: measure(entry, id, measured)),
    )
