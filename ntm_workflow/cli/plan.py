"""Plans: which there are, what each binds, and adopting one."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.session import option, session


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
            view.items("plan.list", reading.stamp(), _plans(reading.rows("plan")), columns)
    except StoreMissing:
        # Before there is a store one may still look at what could be adopted.
        view.items("plan.list", {"as_of": None, "known_at": None}, _plans([]), columns)


def _plans(rows: list[Any]) -> list[dict[str, Any]]:
    from ntm_workflow.plans.pack import bundled, load

    adopted = {item["id"]: item for item in map(_adopted, rows)}
    return [*adopted.values(), *(_pack(load(id)) for id in bundled() if id not in adopted)]


def _adopted(row: Any) -> dict[str, Any]:
    from ntm_workflow.office.reading import bare

    names = ("title", "issuer", "level", "number", "issued_on", "period", "implements", "amends")
    item = {"id": bare(row.id), **{name: getattr(row, name) for name in names}}
    return {**item, "adopted_on": row.effective_on, "assumed": row.assumed}


def _pack(pack: Any) -> dict[str, Any]:
    names = (
        "id",
        "title",
        "issuer",
        "level",
        "number",
        "issued_on",
        "period",
        "implements",
        "amends",
    )
    return {
        **{name: getattr(pack, name) for name in names},
        "adopted_on": None,
        "assumed": pack.assumed,
    }


@plan.command(
    cls=Command,
    help=both(
        "Một kế hoạch và các thiết lập còn bỏ ngỏ.",
        "One plan, and the settings nobody has decided.",
    ),
    examples=["ntm plan show tam-ky-2024"],
)
@click.argument("id")
@reads
def show(id: str, view: Shown) -> None:
    from ntm_workflow.plans.pack import load

    with view.reading() as reading:
        row = reading.row(f"plan/{id}")
        item = _adopted(row) if row is not None else _pack(load(id))
        if row is not None:
            item |= {"settings": row.settings, "money_rules": row.money_rules}
        view.one("plan.show", reading, item)


@plan.command(
    cls=Command,
    help=both(
        "Đưa kế hoạch vào áp dụng: địa bàn, đơn vị, nhiệm vụ, hồ sơ, quy tắc vốn.",
        "Adopt plans: their places, units, duties, dossiers and money rules.",
    ),
    examples=["ntm plan adopt --all", "ntm plan adopt --all --within 'Tam Kỳ'"],
)
@click.argument("ids", nargs=-1, metavar="ID|FILE…")
@option("--all", "everything", is_flag=True, vi="Mọi kế hoạch có sẵn.", en="Every bundled plan.")
@option(
    "--within",
    metavar="P",
    vi="Chỉ phần về địa bàn này và bên trong nó.",
    en="Only what concerns this place and what lies in it.",
)
@writes
def adopt(ids: tuple[str, ...], everything: bool, within: str | None, ask: Asked) -> None:
    from ntm_workflow.office import adoption
    from ntm_workflow.plans.pack import bundled, load

    if bool(ids) == everything:
        raise click.UsageError("ID…, FILE | --all")
    office = session().office()
    with office.reading() as reading:
        adopted = {row.id.partition("/")[2] for row in reading.rows("plan")}
    names = [name for name in bundled() if name not in adopted] if everything else ids
    packs = [load(name) for name in names]
    with office.writing() as work:
        receipts = [
            work.entry(ask.of(pack.id), partial(adoption.adopt, pack=pack, within=within))
            for pack in packs
        ]
    ask.told("plan.adopt", office, *receipts)
