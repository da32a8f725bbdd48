"""Plans: which there are, what each binds, and adopting one."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, option, reads, session, writes


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
    from ntm_workflow.plans.pack import bundled, load
    from ntm_workflow.store.refusals import StoreMissing

    try:
        with view.reading() as reading:
            adopted = {item["id"]: item for item in map(_adopted, reading.rows("plan"))}
            items = [*adopted.values(), *(_pack(load(p)) for p in bundled() if p not in adopted)]
            view.items(
                "plan.list", reading, items, ["id", "title", "issuer", "period", "adopted_on"]
            )
    except StoreMissing:
        for id in bundled():
            click.echo(f"{id}\t{load(id).title}")


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
    examples=["ntm plan adopt quang-nam-2024-2025 tam-ky-2024"],
)
@click.argument("ids", nargs=-1, metavar="ID|FILE…")
@option("--all", "everything", is_flag=True, vi="Mọi kế hoạch có sẵn.", en="Every bundled plan.")
@writes
def adopt(ids: tuple[str, ...], everything: bool, ask: Asked) -> None:
    from dataclasses import replace

    from ntm_workflow.office import adoption
    from ntm_workflow.plans.pack import bundled, load

    if not ids and not everything:
        raise click.UsageError("ID…, FILE or --all")
    packs = [load(id) for id in (bundled() if everything else ids)]
    office = session().office()
    for pack in packs:
        key = ask.request.key and f"{ask.request.key}/{pack.id}"
        request = replace(ask.request, key=key, words=(*ask.request.words, pack.id))
        receipt = office.record(request, lambda entry, pack=pack: adoption.adopt(entry, pack))  # type: ignore[misc]
        ask.told("plan.adopt", office, receipt)
