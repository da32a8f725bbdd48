"""Places: what there is on a day, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import click

from ntm_workflow.cli.answers import say
from ntm_workflow.cli.bilingual import Command, Group, both, pick
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.place_changes import apply, changes
from ntm_workflow.cli.place_import import import_
from ntm_workflow.cli.place_page import page
from ntm_workflow.cli.place_work import rehome, told_with_left, work
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

_COLUMNS = ["id", "name", "type", "code", "parent", "valid_from", "valid_to"]
_TYPES = "tinh, thanh-pho-tw, huyen, thi-xa, thanh-pho, quan, xa, phuong, thi-tran, thon, xom, ap"


@click.group(
    cls=Group, help=both("Địa bàn: tỉnh, huyện, xã, thôn.", "Places: province down to village.")
)
def place() -> None:
    pass


def _code(vi: str, en: str) -> Callable[[Any], Any]:
    return option("--code", metavar="CODE", vi=vi, en=en)


_new_code = _code("Mã hành chính mới.", "Its new official code.")


@place.command(
    "list",
    cls=Command,
    help=both(
        "Các địa bàn ngày xem, với tên và loại của ngày đó.",
        "The places of the day looked at, as they were called then.",
    ),
    examples=["ntm place list --within 'Tam Kỳ'", "ntm place list --as-of 30/6/2024 --json"],
)
@in_place
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key

    with view.reading() as reading:
        scope = narrowed(reading, within)
        items = [
            _item(reading, id, row)
            for id, row in reading.places.items()
            if row.ended is None and (scope is None or id in scope)
        ]
        items.sort(key=lambda item: collation_key(item["name"]))
        view.items("place.list", reading.stamp(), items, _COLUMNS)


def _item(reading: Any, id: str, row: Any) -> dict[str, Any]:
    """Name, type, code and parent hold from `valid_from` up to, not including, `valid_to`."""
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
    help=both(
        "Một địa bàn, theo tên của ngày xem hoặc theo mã; với những gì nó nhận vào, trở thành.",
        "One place, by its name of the day looked at or by id; with what it took in and became.",
    ),
    examples=["ntm place show 'Tam Ngọc'", "ntm place show tam-ngoc-tam-ky --json"],
)
@click.argument("name", type=PLACE)
@option(
    "--within",
    type=PLACE,
    metavar="P",
    vi="Chỉ tìm trong địa bàn này.",
    en="Look only inside this one.",
)
@reads
def show(name: str, within: str | None, view: Shown) -> None:
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        id = find_place(reading, name, find_place(reading, within) if within is not None else None)
        row = reading.places[id]
        more = {
            "ended": row.ended,
            "successors": [reading.ref(other) for other in row.successors],
            "sources": [reading.ref(other) for other in row.sources],
            "left_on": row.left_on,
            "conflicts": row.conflicts,
        }
        view.one("place.show", reading, {**_last_known(reading, id, row), **more})


def _last_known(reading: Any, id: str, row: Any) -> dict[str, Any]:
    """The place as it was called; of one that ended, as on its last day."""
    from dataclasses import replace
    from datetime import timedelta

    if row.ended is None:
        return _item(reading, id, row)
    then = replace(reading, as_of=row.ended - timedelta(days=1), _refs={})
    return _item(then, id, then.places.get(id, row))


@place.command(
    cls=Command,
    help=both(
        "Đưa một địa bàn vào sổ. Không nêu --on thì ngày bắt đầu là chưa rõ.",
        "Register a place. Without --on its beginning is unknown.",
    ),
    examples=[
        "ntm place register 'Tam Vinh' --type xa --parent 'Tam Kỳ' --dry-run",
        "ntm place register 'Quảng Phú' --type phuong --parent 'Quảng Nam' --on 1/7/2025 --dry-run",
    ],
)
@click.argument("name")
@option("--type", "type", required=True, metavar="T", vi=f"Loại: {_TYPES}.", en=f"One of {_TYPES}.")
@option("--parent", type=PLACE, metavar="P", vi="Địa bàn cấp trên.", en="The place above.")
@_code("Mã hành chính.", "Official code.")
@writes
def register(name: str, type: str, parent: str | None, code: str | None, ask: Asked) -> None:
    _tell(ask, "register", lambda use, entry: use.register(entry, name, type, parent, code))


def _tell(ask: Asked, verb: str, act: Callable[[Any, Any], Any]) -> None:
    from ntm_workflow.office import place as use

    office = session().office()
    receipt = office.record(ask.request, lambda entry: act(use, entry))
    ask.told(f"place.{verb}", office, receipt)


@place.command(
    cls=Command,
    help=both("Địa bàn đổi tên từ ngày --on.", "A place is called otherwise from --on."),
    examples=["ntm place rename 'Tam Ngọc' 'Tam Ngọc Mới' --on 1/1/2025 --dry-run"],
)
@click.argument("name", type=PLACE)
@click.argument("new_name")
@_new_code
@writes
def rename(name: str, new_name: str, code: str | None, ask: Asked) -> None:
    _tell(ask, "rename", lambda use, entry: use.rename(entry, name, new_name, code))


@place.command(
    cls=Command,
    help=both(
        "Địa bàn đổi loại (ví dụ xã thành phường); phải có --document.",
        "A place is of another type (a commune becomes a ward); needs --document.",
    ),
    examples=[
        "ntm place retype 'Tam Phú' phuong --on 1/7/2025 --document 'Nghị quyết thử' --dry-run"
    ],
)
@click.argument("name", type=PLACE)
@click.argument("type")
@_new_code
@writes
def retype(name: str, type: str, code: str | None, ask: Asked) -> None:
    from ntm_workflow.plans.standards import standards, types_of

    _tell(ask, "retype", lambda use, entry: use.retype(entry, name, type, code))
    if not ask.as_json and not any(type in types_of(each) for each in standards()):
        say(
            "Không danh hiệu nào của chương trình dành cho loại này. Địa bàn ra khỏi chương trình thì ghi: ntm place leave {name:arg} --on …",
            "No standard of the programme is for this type. If it leaves the programme: ntm place leave {name:arg} --on …",
            name=name,
        )


@place.command(
    cls=Command,
    help=both(
        "Địa bàn chuyển về một địa bàn cấp trên khác.", "A place moves to another place above."
    ),
    examples=["ntm place move 'Tam Phú' --to 'Quảng Nam' --on 1/7/2025 --dry-run"],
)
@click.argument("name", type=PLACE)
@option(
    "--to",
    "parent",
    type=PLACE,
    metavar="P",
    required=True,
    vi="Địa bàn cấp trên mới.",
    en="The new one.",
)
@writes
def move(name: str, parent: str, ask: Asked) -> None:
    _tell(ask, "move", lambda use, entry: use.move(entry, name, parent))


@place.command(
    "code",
    cls=Command,
    help=both(
        "Mã hành chính từ ngày --on; mã có thể từng là của nơi khác.",
        "The official code from --on; it may have been another place's before.",
    ),
    examples=["ntm place code 'Tam Phú' 20371 --dry-run"],
)
@click.argument("name", type=PLACE)
@click.argument("code")
@writes
def code_(name: str, code: str, ask: Asked) -> None:
    _tell(ask, "code", lambda use, entry: use.assign_code(entry, name, code))


def _ending(ask: Asked, verb: str, act: Callable[[Any, Any], None]) -> None:
    """Record the end of places, and list what is still open in them: a decision of its own moves it."""
    from ntm_workflow.office import place as use

    office = session().office()
    receipt = office.record(ask.request, lambda entry: act(use, entry))
    told_with_left(ask, verb, office, receipt)


def _usage(vi: str, en: str) -> NoReturn:
    raise click.UsageError(pick(both(vi, en)) or "")


def _successor(function: Any) -> Any:
    """What a successor is where it is a new place."""
    for add in (
        _code("Mã của nơi mới.", "Code of the new place."),
        option("--parent", type=PLACE, metavar="P", vi="Nơi mới thuộc đâu (mặc định như nơi cũ).",
               en="What the new place lies in (default: as the old one)."),
        option("--type", "type", metavar="T", vi="Nơi kế thừa là địa bàn mới, thuộc loại này.",
               en="The successor is a new place of this type."),
    ):  # fmt: skip
        function = add(function)
    return function


@place.command(
    cls=Command,
    help=both(
        "Nhập các địa bàn vào một nơi kế thừa; phải có --document. Nhiệm vụ, hồ sơ, vốn chuyển sau, bằng place rehome.",
        "Merge places into a successor; needs --document. Duties, dossiers and money follow by place rehome.",
    ),
    examples=[
        "ntm place merge 'Tam Thanh' 'Tam Phú' --into 'Quảng Phú' --type phuong --on 1/7/2025 --document 'Nghị quyết thử' --dry-run"
    ],
)
@click.argument("names", type=PLACE, nargs=-1)
@option("--part", "parts", type=PLACE, metavar="P", multiple=True, vi="Địa bàn chỉ nhập một phần và vẫn còn.",
        en="A place of which only a part goes there, and which goes on.")  # fmt: skip
@option("--into", required=True, type=PLACE, metavar="P", vi="Nơi kế thừa.", en="The successor.")
@_successor
@writes
def merge(
    names: tuple[str, ...], parts: tuple[str, ...], into: str, ask: Asked, **new: Any
) -> None:
    if not names and not parts:
        _usage("Nêu ít nhất một địa bàn được nhập.", "Name at least one place to merge.")
    _ending(
        ask,
        "merge",
        lambda use, e: use.merge(e, list(names), list(parts), into, use.Successor(**new)),
    )


@place.command(
    cls=Command,
    help=both(
        "Chia một địa bàn; phải có --document. Nhiệm vụ, hồ sơ, vốn chuyển sau, bằng place rehome.",
        "Divide a place; needs --document. Duties, dossiers and money follow by place rehome.",
    ),
    examples=[
        "ntm place split 'Tam Ngọc' --into 'Ngọc Đông' --into 'Ngọc Tây' --type xa --on 1/7/2025 --document 'Nghị quyết thử' --dry-run"
    ],
)
@click.argument("name", type=PLACE)
@option(
    "--into",
    multiple=True,
    required=True,
    type=PLACE,
    metavar="P",
    vi="Nơi nhận.",
    en="What it becomes.",
)
@option("--remains", is_flag=True, vi="Chỉ cắt đi một phần; địa bàn vẫn còn.",
        en="Only a part goes; the place itself goes on.")  # fmt: skip
@_successor
@writes
def split(name: str, into: tuple[str, ...], remains: bool, ask: Asked, **new: Any) -> None:
    if new["code"] and len(into) > 1:
        _usage("--code chỉ dùng khi có một --into.", "--code goes with one --into only.")
    _ending(
        ask,
        "split",
        lambda use, e: use.split(e, name, list(into), use.Successor(**new), remains=remains),
    )


@place.command(
    cls=Command,
    help=both(
        "Địa bàn ra khỏi chương trình (ví dụ đã thành phường); địa bàn vẫn còn.",
        "A place leaves the programme (it became urban); it goes on existing.",
    ),
    examples=["ntm place leave 'Tam Phú' --on 1/7/2025 --dry-run"],
)
@click.argument("name", type=PLACE)
@writes
def leave(name: str, ask: Asked) -> None:
    _ending(ask, "leave", lambda use, entry: use.leave(entry, name))


@place.command(
    cls=Command,
    help=both(
        "Địa bàn giải thể, không có nơi kế thừa; phải có --document.",
        "A place ends without a successor; needs --document.",
    ),
    examples=["ntm place abolish 'Tam Kỳ' --on 1/7/2025 --document 'Nghị quyết thử' --dry-run"],
)
@click.argument("name", type=PLACE)
@writes
def abolish(name: str, ask: Asked) -> None:
    _ending(ask, "abolish", lambda use, entry: use.abolish(entry, name))


for each in (page, import_, changes, apply, work, rehome):
    place.add_command(each)
