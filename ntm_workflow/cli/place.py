"""Places: list, show, register."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group, help=both("Địa bàn: tỉnh, huyện, xã, thôn.", "Places: province down to village.")
)
def place() -> None:
    pass


@place.command(
    "list",
    cls=Command,
    help=both("Các địa bàn trong sổ.", "The places in the journal."),
    examples=["ntm place list --within 'Tam Kỳ'", "ntm place list --json"],
)
@option("--within", metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place.")
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        scope = reading.within(find_place(reading, within)) if within else None
        items = [
            _item(reading, id, row)
            for id, row in reading.places.items()
            if scope is None or id in scope
        ]
        items.sort(key=lambda item: collation_key(item["name"]))
        view.items("place.list", reading.stamp(), items, ["id", "name", "type", "code", "parent"])


def _item(reading: Any, id: str, row: Any) -> dict[str, Any]:
    from ntm_workflow.domain.base import BEGINNING

    known = row.valid_from != BEGINNING
    return {
        "id": id,
        "name": row.name,
        "type": row.type,
        "code": row.code,
        "parent": reading.ref(row.parent),
        "valid_from": row.valid_from if known else None,
        "valid_to": None if row.valid_to.year == 9999 else row.valid_to,
    }


@place.command(
    cls=Command,
    help=both("Một địa bàn.", "One place."),
    examples=["ntm place show 'Tam Ngọc'"],
)
@click.argument("name")
@reads
def show(name: str, view: Shown) -> None:
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        id = find_place(reading, name)
        view.one("place.show", reading, _item(reading, id, reading.places[id]))


@place.command(
    cls=Command,
    help=both("Đưa một địa bàn vào sổ.", "Register a place."),
    examples=["ntm place register 'Tam Vinh' --type xa --parent 'Tam Kỳ' --dry-run"],
)
@click.argument("name")
@option(
    "--type", "type", required=True, vi="tinh, huyen, xa, thon, …", en="tinh, huyen, xa, thon, …"
)
@option("--parent", metavar="P", vi="Địa bàn cấp trên.", en="The place above.")
@option("--code", vi="Mã hành chính.", en="Official code.")
@writes
def register(name: str, type: str, parent: str | None, code: str | None, ask: Asked) -> None:
    from ntm_workflow.domain.place import PlaceRegistered, level
    from ntm_workflow.domain.values import fold, nfc
    from ntm_workflow.office.names import find_place

    level(type)
    office = session().office()
    with office.reading() as reading:
        above = find_place(reading, parent) if parent else None
        words = (fold(name), above) if above else (fold(name),)
        id = "-".join(words).replace(" ", "-")
    receipt = office.record(
        ask.request,
        lambda entry: (
            entry.record(
                f"place/{id}", PlaceRegistered, name=nfc(name), type=type, parent=above, code=code
            )
            and None
        ),
    )
    ask.told("place.register", office, receipt)
