"""Plans: which there are, what each binds, and adopting one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, PLAN
from ntm_workflow.cli.params import PERIOD
from ntm_workflow.cli.plan_lines import bound, version
from ntm_workflow.cli.session import everywhere, option, session


@click.group(cls=Group, help=both("Kế hoạch: xem và đưa vào áp dụng.", "Plans: look at and adopt."))
def plan() -> None:
    pass


@plan.command(
    "list",
    cls=Command,
    help=both("Các kế hoạch có sẵn và đã áp dụng.", "The plans at hand, and those adopted."),
    examples=["ntm plan list", "ntm plan list --json"],
)
@reads
def list_(view: Shown) -> None:
    from ntm_workflow.store.refusals import StoreMissing

    columns = ["id", "title", "issuer", "period", "adopted_on"]
    try:
        with view.reading() as reading:
            items = _for(view, _plans(reading.rows("plan")))
            view.items("plan.list", reading.stamp(), items, columns)
    except StoreMissing:
        # Before there is a store one may still look at what could be adopted.
        items = _for(view, _plans([]))
        view.items("plan.list", {"as_of": None, "known_at": None}, items, columns)


def _for(view: Shown, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return items if view.as_json or view.as_csv else [_worded(item) for item in items]


def _worded(item: dict[str, Any]) -> dict[str, Any]:
    """The same as people read it: a period of one year is that year."""
    from ntm_workflow.plans.faults import LEVELS

    level = LEVELS[item["level"]]
    years = "-".join(dict.fromkeys(map(str, item["period"])))
    return {**item, "period": years, "level": level.en if LANG.get() == "en" else level.vi}


def _plans(rows: list[Any]) -> list[dict[str, Any]]:
    from ntm_workflow.plans.pack import bundled, load

    adopted = {item["id"]: item for item in map(_adopted, rows)}
    return [*adopted.values(), *(_pack(load(id)) for id in bundled() if id not in adopted)]


def _adopted(row: Any) -> dict[str, Any]:
    from ntm_workflow.office.reading import bare

    names = ("title", "issuer", "level", "number", "issued_on", "period", "implements", "amends")
    item = {"id": bare(row.id), **{name: getattr(row, name) for name in names}}
    amended = row.versions[-1]["since"] if len(row.versions) > 1 else None
    return {
        **item,
        "adopted_on": row.effective_on,
        "amended_on": amended and date.fromisoformat(amended),
        "assumed": row.assumed,
    }


def _pack(pack: Any) -> dict[str, Any]:
    names = ("id", "title", "issuer", "level", "number", "issued_on", "period", "implements")
    item = {name: getattr(pack, name) for name in (*names, "amends")}
    return {**item, "adopted_on": None, "amended_on": None, "assumed": pack.assumed}


@plan.command(
    cls=Command,
    help=both(
        "Một kế hoạch và các thiết lập còn bỏ ngỏ.",
        "One plan, and the settings nobody has decided.",
    ),
    examples=["ntm plan show tam-ky-2024"],
)
@click.argument("id", type=PLAN)
@reads
def show(id: str, view: Shown) -> None:
    from msgspec import to_builtins

    from ntm_workflow.plans.pack import load

    with view.reading() as reading:
        row = reading.row(f"plan/{id}")
        if row is not None:
            item = _adopted(row) | _held(reading, row)
        else:
            pack = load(id)
            item = _pack(pack) | {"settings": to_builtins(pack.settings)}
        if not view.as_data:
            versions = [version(said) for said in item.pop("versions", ())]
            item = _worded(item) | bound(item)
            item |= {"versions": versions} if len(versions) > 1 else {}
        view.one("plan.show", reading, item)


def _held(reading: Any, row: Any) -> dict[str, Any]:
    """What an adopted plan holds, and how it stands on the day looked at."""
    from dataclasses import asdict

    from ntm_workflow.office.overview import overview
    from ntm_workflow.office.reading import bare

    names = (
        *("settings", "money_rules", "money_checks", "figures"),
        *("papers", "recipients", "versions"),
    )
    return {name: getattr(row, name) for name in names} | asdict(overview(reading, bare(row.id)))


@plan.command(
    cls=Command,
    help=both(
        "Đưa kế hoạch vào áp dụng: địa bàn, đơn vị, nhiệm vụ, hồ sơ, quy tắc vốn. Kế hoạch đã áp dụng: nhận bản sửa đổi (kèm --document), hoặc mở rộng địa bàn; hạn đã dời nêu trước tiên.",
        "Adopt plans: their places, units, duties, dossiers and money rules. Of a plan adopted before: take in its amended version (with --document) or a wider area; moved dates are told first.",
    ),
    examples=[
        "ntm plan adopt --all",
        "ntm plan adopt --all --within 'Tam Kỳ'",
    ],
)
@click.argument("ids", type=PLAN, nargs=-1, metavar="ID|FILE…")
@option("--all", "everything", is_flag=True, vi="Mọi kế hoạch có sẵn.", en="Every bundled plan.")
@option(
    "--within",
    type=PLACE,
    metavar="P",
    vi="Chỉ phần về địa bàn này và bên trong nó; với --all, chỉ các kế hoạch nêu địa bàn ấy.",
    en="Only what concerns this place and what lies in it; with --all, only plans that name it.",
)
@writes
def adopt(ids: tuple[str, ...], everything: bool, within: str | None, ask: Asked) -> None:
    from ntm_workflow.cli import amended
    from ntm_workflow.office import adoption, lineage
    from ntm_workflow.office.amendment import Changes
    from ntm_workflow.plans.pack import bundled, load, part, speaks_of

    if bool(ids) == everything:
        raise click.UsageError(
            phrase(
                "Nêu mã hoặc tệp của kế hoạch, hoặc chỉ --all.",
                "Name plans by id or file, or say --all alone.",
            )
        )
    office = session().office()
    with office.reading() as reading:
        adopted = {row.id.partition("/")[2] for row in reading.rows("plan")}
    wanted = [name for name in bundled() if name not in adopted] if everything else ids
    packs = lineage.in_order([load(name) for name in wanted])
    if everything and within is not None:
        # Those that speak of the place; where none does, adopting the first says so.
        packs = [pack for pack in packs if speaks_of(pack, within)] or packs[:1]
    if within is not None:
        ask.means(within=tuple(part(pack, within).within for pack in packs))
    told: list[Changes] = []

    def taken(entry: Any, pack: Any) -> None:
        told.append(adoption.adopt(entry, pack, within))

    with office.writing() as work:
        receipts = [work.entry(ask.of(pack.id), partial(taken, pack=pack)) for pack in packs]
    changes = amended.together(told)
    if not ask.as_json:
        with office.reading() as reading:
            amended.show(changes, reading.names)
    ask.told("plan.adopt", office, *receipts, **changes)


@plan.command(
    cls=Command,
    help=both(
        "Mâu thuẫn và chỗ thiếu của một kế hoạch; lỗi trong tệp thì thoát với mã 1.",
        "Contradictions and gaps of a plan; errors in its file exit with 1.",
    ),
    examples=["ntm plan check tam-ky-2024"],
)
@click.argument("id", type=PLAN, metavar="ID|FILE")
@reads
def check(id: str, view: Shown) -> None:
    from ntm_workflow.plans.pack import checked, source

    pack, faults = checked(source(id))
    items = _findings(pack, view) if pack else [_fault(fault) for fault in faults]
    columns = ["severity", *(["code"] if view.as_csv else []), "clause", "line", "message"]
    about = {"as_of": view.as_of, "known_at": None, "ok": not faults}
    view.items("plan.check", about, items, columns)
    if faults:
        raise click.exceptions.Exit(1)


def _fault(fault: Any) -> dict[str, Any]:
    about = {"code": fault.code, "clause": None, "severity": "error"}
    return {**about, "message": fault.say(LANG.get()), "line": fault.line}


#: What is to be looked at first.
_WEIGHT = ("warning", "info")


def _findings(pack: Any, view: Shown) -> list[dict[str, Any]]:
    """What the document itself contradicts, and where an adopted plan says otherwise."""
    from ntm_workflow.office.calendar import calendar_of
    from ntm_workflow.office.crosscheck import against_adopted
    from ntm_workflow.plans.calendar import bundled_calendar
    from ntm_workflow.plans.findings import findings
    from ntm_workflow.store.refusals import StoreMissing

    try:
        with view.reading() as reading:
            calendar = calendar_of(reading.conn)
            found = [*findings(pack, calendar), *against_adopted(reading, pack, calendar)]
    except StoreMissing:
        found = findings(pack, bundled_calendar())
    names = ("code", "clause", "severity")
    return [
        {**{name: getattr(f, name) for name in names}, "message": f.say(LANG.get()), "line": None}
        for f in sorted(found, key=lambda f: _WEIGHT.index(f.severity))
    ]


@plan.command(
    cls=Command,
    help=both(
        "Từng điều khoản: theo dõi gì, chỉ dẫn lại gì, không ràng buộc ai, hay chưa có gì.",
        "Clause by clause: what is tracked, only quoted, binds nobody, or says nothing yet.",
    ),
    examples=["ntm plan coverage tam-ky-2024"],
)
@click.argument("id", type=PLAN, metavar="ID|FILE")
@reads
def coverage(id: str, view: Shown) -> None:
    from dataclasses import asdict

    from ntm_workflow.plans.coverage import coverage as covered
    from ntm_workflow.plans.coverage import states
    from ntm_workflow.plans.pack import load

    pack = load(id)
    clauses = covered(pack)
    items = [asdict(each) | {"empty": each.empty, "state": each.state} for each in clauses]
    about = {"as_of": view.as_of, "known_at": None, "plan": pack.id, "partial": pack.partial}
    told = {"clauses": len(clauses), **states(clauses)}
    if view.as_data:
        columns = [*(items[0] if items else ("clause", "state"))]
        view.items("plan.coverage", about | {"total": told}, items, columns)
        return
    # A count of none is left out, and with it every column that has nothing in it.
    shown = [{name: value or None for name, value in item.items()} for item in items]
    counts = [name for name in shown[0] if name not in _FIRST] if shown else []
    view.items("plan.coverage", about, shown, [*_FIRST[:-1], *counts])
    say(
        "Cộng {clauses} điều khoản: theo dõi {tracked}, chỉ dẫn lại {quoted}, không ràng buộc ai {unbinding}, chưa có gì {silent}.",
        "{clauses} clauses: {tracked} tracked, {quoted} only quoted, {unbinding} binding nobody, {silent} with nothing yet.",
        **told,
    )


#: What people read first of a clause; whether it is empty its state says.
_FIRST = ("clause", "state", "unbinding", "empty")


@plan.command(
    cls=Command,
    help=both(
        "Viết khung một gói kế hoạch mới để điền theo văn bản: mỗi bảng một mẫu kèm lời dặn. Theo kế hoạch trước (--like) thì có sẵn địa bàn, đơn vị nay còn, và từng nhiệm vụ để điền lại.",
        "Write the frame of a new plan pack, to be filled in from its document: an example of each table, with what belongs there. Like an older plan it has the places and offices there still are, and each duty to be confirmed.",
    ),
    examples=[
        "ntm plan new --period 2026-2030",
        "ntm plan new --like tam-ky-2024 --period 2026-2030 -o ke-hoach-2026.toml",
    ],
)
@option("--like", metavar="ID|FILE", vi="Theo kế hoạch này: địa bàn, đơn vị, nhiệm vụ.", en="Like this plan: its places, units and duties.")  # fmt: skip
@option("--period", type=PERIOD, required=True, metavar="Y-Y", vi="Giai đoạn, ví dụ 2025-2026.", en="Period, for example 2025-2026.")  # fmt: skip
@option("--id", "id", metavar="ID", vi="Mã của kế hoạch mới.", en="The new plan's id.")
@option("-o", "output", type=click.Path(dir_okay=False), metavar="FILE", vi="Tệp để ghi; không ghi đè.", en="File to write; never over another.")  # fmt: skip
@everywhere
def new(like: str | None, period: tuple[int, int], id: str | None, output: str | None) -> None:
    from ntm_workflow.cli.files import write_new
    from ntm_workflow.plans.pack import blanks, load
    from ntm_workflow.plans.skeleton import skeleton

    text = skeleton(load(like) if like else None, period, id)
    left = len(blanks(text.encode(), output or "-"))
    if output is None:
        click.echo(text, nl=False)
        return
    write_new(output, text)
    say(
        "Đã ghi {file}, còn {left} chỗ phải điền (dấu …). Từng chỗ: ntm plan check {file:arg}",
        "Wrote {file}; places left to fill in (…): {left}. Each one: ntm plan check {file:arg}",
        file=output,
        left=left,
    )
