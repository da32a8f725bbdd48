"""Units: their names, what they lead, where their letters go, and forgetting who answered for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import Command, Group, both, pick
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, PLAN, UNIT
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office import Office
    from ntm_workflow.store.scrub import Left


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
@in_place
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.unit import shown

    with view.reading() as reading:
        scope = narrowed(reading, within)
        items = [
            shown(reading, id, row)
            for id, row in reading.units.items()
            if scope is None or row.place in scope
        ]
        items.sort(key=lambda item: collation_key(item["name"]))
        view.items("unit.list", reading.stamp(), items, ["id", "name", "place", "emails"])


@unit.command(
    cls=Command,
    help=both(
        "Một đơn vị: tên gọi, địa chỉ thư, người phụ trách, tiêu chí phụ trách.",
        "One unit: its names, addresses, people and the criteria it leads.",
    ),
    examples=["ntm unit show 'UBND xã Tam Ngọc'", "ntm unit show 'ubnd tp tam ky' --json"],
)
@click.argument("name", type=UNIT)
@option(
    "--within",
    type=PLACE,
    metavar="P",
    vi="Chỉ tìm trong địa bàn này.",
    en="Look only inside this one.",
)
@reads
def show(name: str, within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.unit import ROLES
    from ntm_workflow.office import contacts
    from ntm_workflow.office.names import find_place, find_unit
    from ntm_workflow.office.unit import shown

    with view.reading() as reading:
        id = find_unit(reading, name, find_place(reading, within) if within is not None else None)
        row = reading.units[id]
        people = contacts.answering(reading.conn, row.people)
        item = {**shown(reading, id, row), "people": people, "conflicts": row.conflicts}
        if not (view.as_json or view.as_csv):
            item["role"] = pick(both(*ROLES[row.role])) if row.role in ROLES else row.role
        view.one("unit.show", reading, item)


def _tell(ask: Asked, verb: str, act: Callable[[Any, Any], Any]) -> None:
    from ntm_workflow.office import unit as use

    office = session().office()
    receipt = office.record(ask.request, lambda entry: act(use, entry))
    ask.told(f"unit.{verb}", office, receipt)


@unit.command(
    cls=Command,
    help=both(
        "Đưa một đơn vị vào sổ. Không nêu --on thì ngày bắt đầu là chưa rõ.",
        "Register a unit. Without --on its beginning is unknown.",
    ),
    examples=["ntm unit register 'Phòng Văn hóa Tam Kỳ' --place 'Tam Kỳ' --role phong --dry-run"],
)
@click.argument("name")
@option("--place", type=PLACE, metavar="P", required=True, vi="Địa bàn.", en="Its place.")
@option("--role", default="unit", metavar="R", vi="Vai trò: ubnd, phong, so, vpdp, kho-bac, …",
        en="Its role: ubnd, phong, so, vpdp, kho-bac, …")  # fmt: skip
@option("--alias", "aliases", multiple=True, vi="Tên gọi khác.", en="Another name it goes by.")
@writes
def register(name: str, place: str, role: str, aliases: tuple[str, ...], ask: Asked) -> None:
    _tell(ask, "register", lambda use, entry: use.register(entry, name, place, role, aliases))


@unit.command(
    cls=Command,
    help=both("Đơn vị đổi tên từ ngày --on.", "A unit is called otherwise from --on."),
    examples=["ntm unit rename 'UBND xã Tam Ngọc' 'UBND phường Tam Ngọc' --on 1/7/2025 --dry-run"],
)
@click.argument("name", type=UNIT)
@click.argument("new_name")
@writes
def rename(name: str, new_name: str, ask: Asked) -> None:
    _tell(ask, "rename", lambda use, entry: use.rename(entry, name, new_name))


@unit.command(
    cls=Command,
    help=both("Thêm, bớt tên gọi khác của đơn vị.", "Add or take away other names of a unit."),
    examples=["ntm unit alias 'UBND xã Tam Ngọc' --add 'Ủy ban Tam Ngọc' --dry-run"],
)
@click.argument("name", type=UNIT)
@option("--add", multiple=True, metavar="NAME", vi="Tên gọi thêm.", en="A name to add.")
@option("--drop", multiple=True, metavar="NAME", vi="Tên gọi bỏ.", en="A name to take away.")
@writes
def alias(name: str, add: tuple[str, ...], drop: tuple[str, ...], ask: Asked) -> None:
    _tell(ask, "alias", lambda use, entry: use.alias(entry, name, add, drop))


@unit.command(
    cls=Command,
    help=both(
        "Đơn vị phụ trách các tiêu chí, lĩnh vực này của một bộ tiêu chí.",
        "A unit leads these criteria or themes of a set.",
    ),
    examples=[
        "ntm unit assign 'UBND thành phố Tam Kỳ' --set xa-nang-cao --criterion 13 --document 'QĐ thử' --dry-run"
    ],
)
@click.argument("name", type=UNIT)
@option("--set", "set_id", required=True, metavar="S", vi="Bộ tiêu chí.", en="Criteria set.")
@option("--edition", metavar="V", vi="Phiên bản của bộ (mặc định: của năm).", en="Version of the set (default: that of the year).")  # fmt: skip
@option("--criterion", "numbers", multiple=True, type=int, metavar="N", vi="Số tiêu chí.",
        en="Number of a criterion.")  # fmt: skip
@option("--field", "fields", multiple=True, metavar="TEXT", vi="Lĩnh vực không có số.",
        en="A theme without a number.")  # fmt: skip
@option(
    "--plan", type=PLAN, metavar="ID", vi="Kế hoạch giao việc này.", en="The plan that says so."
)
@option("--clause", metavar="TEXT", vi="Điều khoản.", en="The clause.")
@writes
def assign(name: str, set_id: str, ask: Asked, **said: Any) -> None:
    _tell(ask, "assign", lambda use, entry: use.assign(entry, name, set_id, **said))


@unit.command(
    cls=Command,
    help=both(
        "Thư gửi đơn vị từ nay đến các địa chỉ này; người phụ trách là những người này. Mục không nêu giữ nguyên.",
        "Letters for a unit go to these addresses from now on; these people answer for it. What is not said stays.",
    ),
    examples=[
        "ntm unit contact 'UBND xã Tam Ngọc' --email van-phong@example.com --dry-run",
        "ntm unit contact 'UBND xã Tam Ngọc' --person 'Người phụ trách' --phone '0000 000 000' --dry-run",
        "ntm unit contact 'UBND xã Tam Ngọc' --no-summary --dry-run",
    ],
)
@click.argument("name", type=UNIT)
@option("--email", "emails", multiple=True, vi="Địa chỉ thư (nêu được nhiều lần).",
        en="E-mail address (may be given often).")  # fmt: skip
@option("--person", "persons", multiple=True, vi="Người phụ trách.", en="Who answers for it.")
@option("--phone", "phones", multiple=True, vi="Số điện thoại, theo thứ tự --person.",
        en="Telephone, in the order of --person.")  # fmt: skip
@option("--summary/--no-summary", default=None, vi="Nhận hay thôi nhận thư tổng hợp tháng.",
        en="Wants the monthly summary, or no more.")  # fmt: skip
@writes
def contact(
    name: str,
    emails: tuple[str, ...],
    persons: tuple[str, ...],
    phones: tuple[str, ...],
    summary: bool | None,
    ask: Asked,
) -> None:
    from ntm_workflow.office import contacts
    from ntm_workflow.office import unit as use
    from ntm_workflow.office.names import find_unit

    if summary is None:
        _something(emails, persons, phones)
    checked = contacts.mailboxes(emails) if emails else None
    people = contacts.people(persons, phones) if persons or phones else None

    office, shared = session().office(), dict[str, list[str]]()

    def verb(entry: Any) -> None:
        id = find_unit(use.reading_on(entry), name)
        contacts.change(entry, id, checked, people, summary)
        shared.update(contacts.others_at(entry.conn, id, checked or ()))

    receipt = office.record(ask.request, verb)
    ask.told("unit.contact", office, receipt, shared=shared)
    if shared and not ask.as_json:
        tell_shared(office, shared)


def tell_shared(office: Office, shared: Mapping[str, Sequence[str]]) -> None:
    """One mailbox may serve several units; it may also be a slip."""
    with office.reading() as reading:
        names = reading.names
    for email, units in shared.items():
        said = {"email": email, "units": [names.get(unit, unit) for unit in units]}
        say("Lưu ý: {email} cũng là địa chỉ của {units}.", "Note: {email} is also the address of {units}.", **said)  # fmt: skip


@unit.command(
    cls=Command,
    help=both(
        "Việc đơn vị chưa hoàn thành được báo lên đâu, theo văn bản: lần lượt từng đơn vị --to, hoặc không báo ai (--nobody). Chưa đặt thì theo vai trò; chỉ báo trong tuyến của kế hoạch.",
        "Whom a unit's misses are shown to further up, by a paper: the units of --to in their order, or nobody (--nobody). Unset, its role decides; never beyond the plan's own line.",
    ),
    examples=[
        "ntm unit climbs 'UBND xã Tam Ngọc' --nobody --document 'CV mẫu' --dry-run",
    ],
)
@click.argument("name", type=UNIT)
@option("--to", "to", multiple=True, type=UNIT, metavar="U", vi="Báo lên đơn vị này.", en="Shown to this unit.")  # fmt: skip
@option("--nobody", is_flag=True, vi="Không báo ai.", en="Shown to nobody.")
@writes
def climbs(name: str, to: tuple[str, ...], ask: Asked, *, nobody: bool) -> None:
    if nobody == bool(to):
        raise click.UsageError(phrase("Nêu --to hoặc --nobody.", "Give --to or --nobody."))
    _tell(ask, "climbs", lambda use, entry: use.climbs(entry, name, to))


@unit.command(
    cls=Command,
    help=both(
        "Xóa hẳn địa chỉ, người phụ trách và bản thư đã gửi cho họ; sổ chỉ giữ việc đã xóa. Không lấy lại được. "
        "Bản sao lưu và thư đã đi thì ngoài tầm với.",
        "Erase addresses, people and the bytes of letters sent to them; the journal keeps only that it was done. "
        "Cannot be undone. Backups and mail that left are beyond reach.",
    ),
    examples=[
        "ntm unit forget 'UBND xã Tam Ngọc' --email tam-ngoc@example.com --reason 'người đó yêu cầu' --dry-run"
    ],
)
@click.argument("name", type=UNIT)
@option("--email", "emails", multiple=True, vi="Địa chỉ cần xóa.", en="The address to erase.")
@option("--person", "persons", multiple=True, vi="Người cần xóa.", en="The person to erase.")
@option("--reason", required=True, metavar="TEXT", vi="Lý do.", en="Why.")
@writes
def forget(
    name: str, emails: tuple[str, ...], persons: tuple[str, ...], reason: str, ask: Asked
) -> None:
    from ntm_workflow.office import contacts
    from ntm_workflow.office import unit as use
    from ntm_workflow.office.names import find_unit
    from ntm_workflow.store.scrub import Left, scrub

    _something(emails, persons)
    office = session().office()
    letters: list[int] = []

    def verb(entry: Any) -> None:
        id = find_unit(use.reading_on(entry), name)
        letters.append(contacts.forget(entry, id, emails, persons, reason))

    receipt = office.record(ask.request, verb)
    left = None if ask.request.dry_run else scrub(office.database)
    ask.told("unit.forget", office, receipt, letters=sum(letters), clean=left is Left.NOTHING)
    if left is not None:
        _told_reach(left, ask.as_json)


#: Where what was erased can still be read -> what is to be done about it.
TRACES = {
    "log": (
        "Đã xóa khỏi các bảng, nhưng tệp sổ và tệp -wal có thể còn dấu vết: chương trình khác đang mở sổ, hoặc hết chỗ.\nĐóng các chương trình đang mở sổ: dấu vết mất khi chương trình cuối cùng đóng.",
        "Erased from the tables, but the file and its -wal may hold traces: another program has them open, or the disk is full.\nClose what has the store open: the traces go when the last of them closes.",
    ),
    "server": (
        "Đã xóa khỏi các bảng, nhưng tệp của máy chủ PostgreSQL còn giữ các dòng đã xóa.\nChủ cơ sở dữ liệu chạy: VACUUM FULL contacts, people, envelopes, attempts, command_keys;",
        "Erased from the tables, but the files of the PostgreSQL server still hold the deleted rows.\nThe owner of the database runs: VACUUM FULL contacts, people, envelopes, attempts, command_keys;",
    ),
}


def _told_reach(left: Left, as_json: bool) -> None:
    if left in TRACES:
        click.echo(phrase(*TRACES[left]), err=True)
    if left == "log":
        raise click.exceptions.Exit(1)
    if not as_json:
        say(
            "Không với tới: bản sao lưu, thư đã gửi đi, tệp .eml đã xuất. Xem: docs/personal-data.md",
            "Beyond reach: backups, mail that left, .eml files written. See: docs/personal-data.md",
        )


def _something(*given: tuple[str, ...]) -> None:
    if not any(given):
        text = phrase("Nêu --email hoặc --person.", "Give --email or --person.")
        raise click.UsageError(text)
