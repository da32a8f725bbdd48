"""On-time scorecards: a card for each unit, commune, rule or department, and what stands behind one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import PLACE, PLAN, UNIT
from ntm_workflow.cli.labels import word
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option

if TYPE_CHECKING:
    from ntm_workflow.domain.score import Card, Tally
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.score import Chosen, Item

PER = ("unit", "place", "department", "rule")
ORDERS = ("rate", "late")
#: What stands for the card of those nobody is named for.
NOBODY = "-"


@click.group(
    cls=Group,
    help=both(
        "Điểm đúng hạn, để cơ quan xem: không gửi ai, không xếp hạng.",
        "On-time scorecards for the office to look at: sent to nobody, ranking nobody.",
    ),
)
def score() -> None:
    pass


def _counts(function: Any) -> Any:
    """The options that say what is counted."""
    for add in (
        option("--until", type=DAY, metavar="D", vi="Hạn đến ngày (mặc định hết năm đó).", en="Due until (default: the end of that year)."),
        option("--from", "since", type=DAY, metavar="D", vi="Hạn từ ngày (mặc định từ đầu năm).", en="Due from (default: the beginning of the year)."),
        option("--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này, theo địa giới ngày đến hạn.", en="Only inside this place, as it was on the day."),
        option("--plan", type=PLAN, metavar="ID", vi="Của kế hoạch này.", en="Of this plan."),
        option("--per", type=click.Choice(PER), default="unit", show_default=True, vi="Mỗi phiếu là một: đơn vị chủ trì, xã, đơn vị phụ trách tiêu chí, loại nhiệm vụ.", en="A card for each: unit that owes, commune, department that leads criteria, rule."),
    ):  # fmt: skip
        function = add(function)
    return function


@score.command(
    "list",
    cls=Command,
    help=both(
        "Mỗi đơn vị (xã, …) một phiếu: đúng hạn trên số phải làm, theo ngày xảy ra chứ không theo ngày gõ; chưa chốt thì chưa tính.",
        "A card for each unit (commune, …): on time out of what was owed, by the day it happened and not the day it was typed; what is not judged counts neither way.",
    ),
    examples=[
        "ntm score list --within 'Tam Kỳ' --until 31/12/2024",
        "ntm score list --per place --plan tam-ky-2024 --from 1/10/2024 --until 31/12/2024",
        "ntm score list --per department --until 31/12/2024",
    ],
)
@_counts
@option("--sort", type=click.Choice(ORDERS), vi="Xếp theo tỷ lệ đúng hạn (rate) hoặc số muộn (late); mặc định theo tên.", en="By rate or by how many were late, the worst first; by name unless said.")  # fmt: skip
@reads
def list_(view: Shown, per: str, sort: str | None, **said: Any) -> None:
    from ntm_workflow.domain.score import card, cards, order
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office.score import items

    with view.reading() as reading:
        chosen = _chosen(reading, **said)
        counted = [*items(reading, chosen, per)]
        named = _Named(reading, per, counted)
        found = sorted(cards(counted), key=lambda c: (c.who is None, collation_key(named(c.who))))
        if sort:
            found.sort(key=lambda card: order(card, sort))
        stamp = _stamp(reading, chosen, per) | {"total": flat(card(counted))}
        if view.as_data:
            rows = [{"who": named.ref(each.who), **flat(each)} for each in found]
            view.items("score.list", stamp, rows, ["who", *stamp["total"]])
            return
        view.items(
            "score.list",
            stamp,
            [{per: named(each.who), **shown(each)} for each in found],
            [per, "on_time", "late", "missed", "pending", "strive", "aside"],
        )
        click.echo(total(card(counted)))


@score.command(
    cls=Command,
    help=both(
        "Từng việc sau một phiếu, và vì sao được tính như vậy; “-” là phiếu không nêu ai.",
        "What stands behind a card, each with why it counts so; “-” is the card of nobody named.",
    ),
    examples=[
        "ntm score show 'UBND xã Tam Ngọc' --until 31/12/2024",
        "ntm score show D010 --per rule --until 31/12/2024",
    ],
)
@click.argument("who", type=UNIT)
@_counts
@reads
def show(who: str, view: Shown, per: str, **said: Any) -> None:
    from ntm_workflow.domain.score import card
    from ntm_workflow.office.score import items

    with view.reading() as reading:
        chosen = _chosen(reading, **said)
        counted = [*items(reading, chosen, per)]
        named = _Named(reading, per, counted)
        id = _meant(reading, per, who, counted)
        mine = [each for each in counted if each.who == id]
        mine.sort(key=lambda each: (each.day or date.max, each.id))
        about = {"who": named.ref(id), "card": flat(card(mine))}
        names = ["id", "title", "owed_by", "place", "strength", "day", "result"]
        names += ["recorded_late", "met_on", "why"]
        rows = (_row(reading, each) for each in mine)
        columns = names if view.as_data else ["id", "title", "place", "result", "why"]
        view.items("score.show", _stamp(reading, chosen, per) | about, rows, columns)
        if not view.as_data:
            click.echo(f"{named(id)}. {total(card(mine))}")


def _chosen(
    reading: Reading,
    plan: str | None,
    within: str | None,
    since: date | None,
    until: date | None,
) -> Chosen:
    """What was asked for; a time that is open at an end is the year of the other."""
    from ntm_workflow.domain.inputs import checked_range
    from ntm_workflow.office.names import find_place, must_be_adopted
    from ntm_workflow.office.score import Chosen

    checked_range(since, until)
    if plan:
        must_be_adopted(reading, plan)
    year = (since or until or reading.as_of).year
    place = find_place(reading, within) if within is not None else None
    return Chosen(since or date(year, 1, 1), until or date(year, 12, 31), plan, place)


def _stamp(reading: Reading, chosen: Chosen, per: str) -> dict[str, Any]:
    said = {"plan": chosen.plan, "within": reading.ref(chosen.within)}
    return {**reading.stamp(), "per": per, "from": chosen.since, "until": chosen.until, **said}


def _meant(reading: Reading, per: str, who: str, counted: list[Item]) -> str | None:
    """The id of the card that was named."""
    from ntm_workflow.office.names import NotFound, find_place, find_unit, near

    if who == NOBODY:
        return None
    if per != "rule":
        return (find_place if per == "place" else find_unit)(reading, who)
    rules = sorted({each.who for each in counted if each.who})
    if who not in rules:
        raise NotFound(typed=who, day=reading.as_of, noun="score", near=near(who, rules))
    return who


class _Named:
    """What cards are called: a unit, a place, or a rule with its first title."""

    def __init__(self, reading: Reading, per: str, counted: list[Item]) -> None:
        self.reading = reading
        self.titles = {each.who: each.title for each in counted} if per == "rule" else {}

    def __call__(self, who: str | None) -> str:
        if who is None:
            return phrase("(chưa nêu ai)", "(nobody named)")
        if title := self.titles.get(who):
            return f"{who} {title}"
        return self.reading.names.get(who, who)

    def ref(self, who: str | None) -> dict[str, str] | None:
        return None if who is None else {"id": who, "name": self(who)}


def _row(reading: Reading, item: Item) -> dict[str, Any]:
    from ntm_workflow.domain.score import explain

    return {
        "id": item.id,
        "title": item.title,
        "owed_by": reading.ref(item.owed_by),
        "place": reading.ref(item.place),
        "strength": item.strength,
        "day": item.day,
        "result": item.result,
        "recorded_late": item.recorded_late,
        "met_on": item.met_on,
        "why": explain(item, item.met_on, LANG.get(), moved=item.moved, waits=item.waits),
    }


def flat(card: Card) -> dict[str, int]:
    """A card as programs and spreadsheets read it: every count under a name of its own."""
    from ntm_workflow.domain.score import ASIDE, UNBINDING

    must, strive = card.must, card.strive
    return {
        **_tally(must),
        "missed": must.missed,
        **{f"strive_{name}": count for name, count in _tally(strive).items()},
        "behind": strive.missed,
        **{name: card.aside.get(name, 0) for name in (*ASIDE, *UNBINDING)},
        "counted": card.counted,
    }


def _tally(counts: Tally) -> dict[str, int]:
    names = ("on_time", "owed", "recorded_late", "late", "pending")
    return {name: getattr(counts, name) for name in names}


def shown(card: Card) -> dict[str, Any]:
    """A card as people read it: a rate is always its two numbers. What is not judged is of both kinds."""
    must = card.must
    cells = {"late": must.late, "missed": must.missed, "aside": sum(card.aside.values())}
    cells["pending"] = must.pending + card.strive.pending
    told = {name: str(count or "") for name, count in cells.items()}
    return told | {"on_time": rate(must), "strive": rate(card.strive)}


def rate(counts: Tally) -> str:
    """9/12, with a star for each that was typed late; nothing where nothing was owed."""
    star = f" {counts.recorded_late}*" if counts.recorded_late else ""
    return f"{counts.on_time}/{counts.owed}{star}" if counts.owed else ""


def total(card: Card) -> str:
    """The card in a sentence, with what is counted apart by name."""
    aside = [f"{word(name)} {count}" for name, count in sorted(card.aside.items())]
    must, strive = card.must, card.strive
    return phrase(
        "Cộng: đúng hạn {on_time}/{owed} ({typed} ghi sổ muộn *), muộn {late}, quá hạn {missed}, chưa chốt {pending}. Phấn đấu: {reached}/{aimed}, chưa chốt {ahead}. Không tính: {aside}.",
        "In all: {on_time}/{owed} on time ({typed} typed late *), {late} late, {missed} missed, {pending} not judged. Striven for: {reached}/{aimed}, {ahead} not judged. Apart: {aside}.",
        on_time=must.on_time,
        owed=must.owed,
        typed=must.recorded_late,
        late=must.late,
        missed=must.missed,
        pending=must.pending,
        reached=strive.on_time,
        aimed=strive.owed,
        ahead=strive.pending,
        aside=aside,
    )
