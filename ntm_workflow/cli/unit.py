"""Units: list, register, and where their letters go."""

from __future__ import annotations

import click

from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group, help=both("Đơn vị và địa chỉ nhận thư.", "Units, and where their letters go.")
)
def unit() -> None:
    pass


@unit.command(
    "list",
    cls=Command,
    help=both("Các đơn vị trong sổ.", "The units in the journal."),
    examples=["ntm unit list --within 'Tam Kỳ'"],
)
@option("--within", metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place.")
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office import contacts
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        scope = reading.within(find_place(reading, within)) if within else None
        items = [
            {
                "id": id,
                "name": row.name,
                "aliases": row.aliases,
                "place": reading.ref(row.place),
                "emails": [email for _, email in contacts.addresses(reading.conn, row.contacts)],
                "leads": [],
            }
            for id, row in reading.units.items()
            if scope is None or row.place in scope
        ]
        items.sort(key=lambda item: collation_key(item["name"]))
        view.items("unit.list", reading.stamp(), items, ["id", "name", "place", "emails"])


@unit.command(
    cls=Command,
    help=both("Đưa một đơn vị vào sổ.", "Register a unit."),
    examples=["ntm unit register 'Phòng Văn hóa Tam Kỳ' --place 'Tam Kỳ' --dry-run"],
)
@click.argument("name")
@option("--place", metavar="P", required=True, vi="Địa bàn.", en="Its place.")
@option(
    "--role", default="unit", vi="Vai trò: ubnd, phong, so, …", en="Its role: ubnd, phong, so, …"
)
@option("--alias", "aliases", multiple=True, vi="Tên gọi khác.", en="Another name it goes by.")
@writes
def register(name: str, place: str, role: str, aliases: tuple[str, ...], ask: Asked) -> None:
    from ntm_workflow.domain.unit import UnitRegistered
    from ntm_workflow.domain.values import fold, nfc
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading() as reading:
        at = find_place(reading, place)
    id = f"ubnd-{at}" if role == "ubnd" else fold(name).replace(" ", "-")
    said = {"name": nfc(name), "role": role, "place": at, "aliases": tuple(map(nfc, aliases))}
    receipt = office.record(
        ask.request, lambda entry: entry.record(f"unit/{id}", UnitRegistered, **said)
    )
    ask.told("unit.register", office, receipt)


@unit.command(
    cls=Command,
    help=both(
        "Thư gửi đơn vị từ nay đến các địa chỉ này.",
        "Letters for a unit go to these addresses from now on.",
    ),
    examples=["ntm unit contact 'UBND xã Tam Ngọc' --email van-phong@example.com --dry-run"],
)
@click.argument("name")
@option("--email", "emails", multiple=True, required=True, vi="Địa chỉ thư.", en="E-mail address.")
@writes
def contact(name: str, emails: tuple[str, ...], ask: Asked) -> None:
    from ntm_workflow.notifications.mime import check_address
    from ntm_workflow.office import contacts
    from ntm_workflow.office.names import find_unit

    checked = [check_address(email) for email in emails]
    office = session().office()
    with office.reading() as reading:
        id = find_unit(reading, name)
    receipt = office.record(ask.request, lambda entry: contacts.change(entry, id, checked))
    ask.told("unit.contact", office, receipt)
