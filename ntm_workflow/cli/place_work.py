"""What is still open in a place that ended or left, and the decision that takes it to its successor or ends it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both, pick
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office import Office, Receipt
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.rehoming import Decision


def _decision(function: Any) -> Any:
    for add in (
        option("--only", multiple=True, metavar="ID", vi="Chỉ nhiệm vụ, hồ sơ, mục vốn, địa bàn có mã này.",
               en="Only the duty, dossier, item or place of this id."),
        option("--unit", "units", multiple=True, metavar="OLD=NEW", vi="Đơn vị thay cho đơn vị cũ.",
               en="Which unit takes an old one's place."),
        option("--end", is_flag=True, vi="Theo văn bản không phải làm nữa: miễn nhiệm vụ, khép lại hồ sơ.",
               en="By the paper nothing more is owed: duties are waived, dossiers closed."),
        option("--to", type=PLACE, metavar="P", vi="Nơi nhận (mặc định nơi kế thừa duy nhất).",
               en="Where it goes (default: the only successor)."),
    ):  # fmt: skip
        function = add(function)
    return function


@click.command(
    cls=Command,
    help=both(
        "Việc còn mở ở một địa bàn đã hết hoặc đã ra khỏi chương trình, và đề nghị chuyển từng việc đi đâu; không ghi gì. Không nêu tên: những địa bàn còn việc mở. Với --to hoặc --end thì cả khi địa bàn còn đó: nếu thay đổi thì ràng buộc, giải phóng những gì.",
        "What is open in a place that ended or left, and where each thing is proposed to go; records nothing. Without a name: the places that have any. With --to or --end also of one that is there: what a change would bind or free.",
    ),
    examples=[
        "ntm place work",
        "ntm place work 'Tam Thanh' --to 'Tam Phú'",
        "ntm place work 'Tam Phú' --end --json",
    ],
)
@click.argument("name", type=PLACE, required=False)
@_decision
@reads
def work(name: str | None, view: Shown, **said: Any) -> None:
    from ntm_workflow.office.names import find_once
    from ntm_workflow.office.work_list import left

    with view.reading() as reading:
        if name is None:
            columns = ["place", "ended", "left_on", "successors", *_COUNTS]
            view.items("place.left", reading.stamp(), left(reading), columns)
            return
        place = find_once(reading, name)
        items = _proposed(reading, place, _decided(reading, **said), sure=any(said.values()))
        if not view.as_data:
            items = [_in_words(each) for each in items]
        columns = ["kind", "id", "title", "enforce_day", "move", "into", "owed_by"]
        view.items("place.work", reading.stamp(), items, columns)


_COUNTS = ("obligations", "dossiers", "funds", "places_below")


def _proposed(
    reading: Reading, place: str, decision: Decision, *, sure: bool
) -> list[dict[str, Any]]:
    """What is proposed; where nothing was decided and nothing follows, what is open and why no more is known."""
    from ntm_workflow.domain.base import Refused
    from ntm_workflow.office.work_list import open_in, proposed

    try:
        return proposed(reading, place, decision)
    except Refused as refusal:
        if sure:
            raise
        click.echo(refusal.naming(reading.names).say(LANG.get()), err=True)
        return open_in(reading, place)


def _in_words(item: dict[str, Any]) -> dict[str, Any]:
    from ntm_workflow.office.work_list import ACT_WORDS, KIND_WORDS

    kind, act = KIND_WORDS[item["kind"]], ACT_WORDS[item["move"]]
    return {**item, "kind": phrase("{w}", "{w}", w=kind), "move": phrase("{w}", "{w}", w=act)}


@click.command(
    cls=Command,
    help=both(
        "Bàn giao việc còn mở của một địa bàn cho nơi kế thừa, theo văn bản. Xem trước: ntm place work, hoặc --dry-run.",
        "Hand what is open in a place over to its successor, by a paper. To look first: ntm place work, or --dry-run.",
    ),
    examples=[
        "ntm place rehome 'Bình Định Nam' --unit 'UBND xã Bình Định Nam=UBND huyện Thăng Bình' --on 2/1/2025 --document 'QĐ bàn giao mẫu' --dry-run",
        "ntm place rehome 'Bình Định Bắc' --end --on 2/1/2025 --document 'QĐ mẫu' --dry-run",
    ],
)
@click.argument("name", type=PLACE)
@_decision
@writes
def rehome(name: str, ask: Asked, **said: Any) -> None:
    from ntm_workflow.office.names import find_once
    from ntm_workflow.office.rehoming import rehome as use

    office = session().office()
    with office.reading(ask.request.on) as reading:
        place, decision = find_once(reading, name), _decided(reading, **said)
    receipt = office.record(ask.request, lambda entry: use(entry, place, decision))
    ask.told("place.rehome", office, receipt)


def _decided(
    reading: Reading, to: str | None, end: bool, units: tuple[str, ...], only: tuple[str, ...]
) -> Decision:
    from ntm_workflow.office.names import find_place
    from ntm_workflow.office.rehoming import Decision

    if to is not None and end:
        raise click.UsageError(pick(both("--to và --end loại trừ nhau.", "--to and --end exclude each other.")) or "")  # fmt: skip
    where = find_place(reading, to) if to is not None else None
    return Decision(
        to=where, end=end, units=dict(_pair(reading, each) for each in units), only=only
    )


def _pair(reading: Reading, typed: str) -> tuple[str, str]:
    from ntm_workflow.office.names import find_unit

    old, sign, new = typed.partition("=")
    if not sign:
        raise click.UsageError(pick(both("--unit viết là CŨ=MỚI.", "--unit is written OLD=NEW.")) or "")  # fmt: skip
    return find_unit(reading, old.strip()), find_unit(reading, new.strip())


def told_with_left(ask: Asked, verb: str, office: Office, receipt: Receipt) -> None:
    """Say what was recorded, and what is left in the places it ended: nothing of it moves by itself."""
    from ntm_workflow.office.left_behind import left_behind

    day = receipt.facts[0].event.effective_on if receipt.facts else ask.request.on
    with office.reading(day) as reading:
        left, day = left_behind(reading, receipt.facts), reading.as_of
    ask.told(f"place.{verb}", office, receipt, left_behind=left)
    if not ask.as_json:
        for each in left:
            _say_left(each, day)


def _say_left(each: dict[str, Any], day: date) -> None:
    say(
        "Còn ở {name}: {obligations} nhiệm vụ đang mở, {dossiers} hồ sơ, {funds} mục vốn, {places} địa bàn cấp dưới.\n"
        "Xem đề nghị chuyển: ntm place work {id:arg}. Có quyết định thì: ntm place rehome {id:arg} --document …",
        "Still in {name}: {obligations} open obligations, {dossiers} dossiers, {funds} fund items, {places} places.\n"
        "See what is proposed: ntm place work {id:arg}. Once it is decided: ntm place rehome {id:arg} --document …",
        **each["place"],
        **{key: len(value) for key, value in each.items() if key != "place"},
    )
    if each["entries"]:
        say(
            "Sổ đã ghi cho {name} từ ngày {day} trở đi: {entries}. Đính chính, hủy hoặc ghi cho nơi kế thừa: ntm fact show <số>",
            "Recorded of {name} for {day} or later already: {entries}. Correct, void or record it of a successor: ntm fact show <number>",
            name=each["place"]["name"],
            day=day,
            entries=[f"#{number}" for number in each["entries"]],
        )
