"""`ntm today`: this morning's list of a unit or an area, on a screen, a page or a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from ntm_workflow.cli.answers import emit, listed, part_phrase, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import UNIT
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option

#: Section -> its head, and how many lines of it a screen shows.
_HEADS: Final[dict[str, tuple[str, str]]] = {
    "overdue": ("Đã quá ngày", "Past their day"),
    "this_week": ("Phải làm trong 7 ngày tới", "To be done within 7 days"),
    "to_confirm": ("Chờ xác nhận tiêu chí", "Criteria to confirm"),
    "not_received": ("Chưa nhận được", "Not received"),
    "dossiers": ("Hồ sơ trên bàn", "Dossiers on the desk"),
    "zero": ("Mục vốn chưa chi đồng nào", "Money of which nothing is spent"),
    "letters": ("Thư không tới nơi", "Letters that did not arrive"),
}
_LINES: Final = 6
_COLUMNS: Final = ["section", "what", "who", "place", "day", "days", "standing", "id"]


@click.command(
    cls=Command,
    help=both(
        "Việc của sáng nay, của một đơn vị hoặc một địa bàn: đã quá ngày, phải làm tuần này, chờ xác nhận, báo cáo chưa nhận, hồ sơ trên bàn, mục vốn chưa chi, thư không tới.",
        "This morning's list of a unit or an area: past their day, to be done this week, waiting to be confirmed, reports not received, dossiers on the desk, money not spent, letters that failed.",
    ),
    examples=[
        "ntm today --unit 'UBND thành phố Tam Kỳ' --as-of 25/10/2024",
        "ntm today --within 'Tam Kỳ' --page sang-nay.html",
    ],
)
@option("--unit", type=UNIT, metavar="U", vi="Việc của đơn vị này.", en="What is this unit's.")
@in_place
@option("--page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", vi="Ghi thành một trang để in (.html).", en="Write a page to print (.html).")  # fmt: skip
@reads
def today(unit: str | None, within: str | None, page: Path | None, view: Shown) -> None:
    from ntm_workflow.office.morning import Morning
    from ntm_workflow.office.names import find_place, find_unit

    with view.reading() as reading:
        morning = Morning(
            reading,
            find_unit(reading, unit) if unit is not None else None,
            find_place(reading, within) if within is not None else None,
        )
        found = morning.sections()
        about = {"unit": reading.ref(morning.unit), "within": reading.ref(morning.area)}
        if view.as_json:
            emit("today", {**reading.stamp(), **about, **found})
        elif view.as_data:
            # A sheet is read by people; CSV by programs, which know sections by their codes.
            heads = {n: phrase(*_HEADS[n]) if view.as_xlsx else n for n in found}
            items = ({"section": heads[n], **each} for n, some in found.items() for each in some)
            view.items("today", reading.stamp(), items, _COLUMNS)
        elif page is not None:
            _write(page, reading, about, found)
        else:
            _tell(reading, about, found)


def _tell(reading: Any, about: dict[str, Any], found: dict[str, list[dict[str, Any]]]) -> None:
    click.echo(_title(reading, about))
    for name, items in found.items():
        if items:
            say("{head} ({n})", "{head} ({n})", head=phrase(*_HEADS[name]), n=len(items))
            listed(list(lines(name, items)), most=_LINES)
    if not any(found.values()):
        say("Không có việc gì.", "There is nothing.")


def _title(reading: Any, about: dict[str, Any]) -> str:
    names = [each["name"] for each in about.values() if each]
    return part_phrase(
        "Việc của ngày {day}<: {who}>", "What {day} brings<: {who}>", day=reading.as_of, who=names
    )


def lines(name: str, items: list[dict[str, Any]]) -> Iterator[str]:
    """A sentence for each; of duties that come back one for all their times."""
    if name in ("overdue", "this_week", "not_received"):
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for item in items:
            groups.setdefault((item["what"], (item["who"] or {}).get("id", "")), []).append(item)
        yield from map(_duties, groups.values())
    else:
        yield from map(_OTHERS[name], items)


def _duties(items: list[dict[str, Any]]) -> str:
    from ntm_workflow.cli.labels import word

    first = items[0]
    return part_phrase(
        "{day}: {what}, {who}<, {place}> ({how})<, {n} lần>",
        "{day}: {what}, {who}<, {place}> ({how})<, {n} times>",
        day=first["day"],
        what=first["what"],
        who=_name(first["who"]),
        place=_elsewhere(first),
        how=word(first["standing"]),
        n=len(items) if len(items) > 1 else None,
    )


def _name(ref: dict[str, str] | None) -> str | None:
    return ref["name"] if ref else None


def _elsewhere(item: dict[str, Any]) -> str | None:
    """The place, where the unit's name does not say it already."""
    place, who = _name(item["place"]), _name(item["who"]) or ""
    return None if place is None or place in who else place


def _to_confirm(item: dict[str, Any]) -> str:
    return phrase(
        "{place}: {set:word}, tiêu chí {numbers} ({who})",
        "{place}: {set:word}, criteria {numbers} ({who})",
        place=_name(item["place"]),
        set=item["what"],
        numbers=item["numbers"],
        who=_name(item["who"]),
    )


def _dossier(item: dict[str, Any]) -> str:
    from ntm_workflow.domain.dossier_steps import STAGE_WORDS

    return part_phrase(
        "{place}: {standard:word} {year}, {stage:word}, {n} ngày ở {who}<; hạn tới {day}>",
        "{place}: {standard:word} {year}, {stage:word}, {n} days with {who}<; next due {day}>",
        place=_name(item["place"]),
        standard=item["what"],
        year=str(item["year"]),
        stage=STAGE_WORDS[item["stage"]],
        n=item["days"],
        who=_name(item["who"]),
        day=item["day"],
    )


def _zero(item: dict[str, Any]) -> str:
    return part_phrase(
        "{what}: {allocated:dong}, {place}<; kế hoạch xét ngày {day}>< ({stop:word})>",
        "{what}: {allocated:dong}, {place}<; a plan looks on {day}>< ({stop:word})>",
        what=item["what"],
        allocated=item["allocated"],
        place=_name(item["place"]),
        day=item["day"],
        stop=item["stop"],
    )


def _letter(item: dict[str, Any]) -> str:
    return phrase(
        "{day}: {kind:word}, {who}: {state:word}. Xem: ntm letter show {id:arg}",
        "{day}: {kind:word}, {who}: {state:word}. See: ntm letter show {id:arg}",
        day=item["day"],
        kind=item["what"],
        who=_name(item["who"]),
        state=item["state"],
        id=item["id"],
    )


_OTHERS: Final = {
    "to_confirm": _to_confirm,
    "dossiers": _dossier,
    "zero": _zero,
    "letters": _letter,
}


def _write(
    path: Path, reading: Any, about: dict[str, Any], found: dict[str, list[dict[str, Any]]]
) -> None:
    """The same on a page to print, with everything on it."""
    from ntm_workflow.cli.files import whole
    from ntm_workflow.cli.today_page import today_page

    sections = [
        (phrase(*_HEADS[name]), len(items), list(lines(name, items)))
        for name, items in found.items()
    ]
    text = today_page(_title(reading, about), reading.stamp(), sections, LANG.get())
    with whole(path) as file:
        file.write(text.encode())
    say("Đã ghi {path}.", "Wrote {path}.", path=path)
