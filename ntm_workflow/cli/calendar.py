"""The calendar of working days: holidays, swaps and their papers, and announcing new ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli import moves
from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.params import DAY, YEAR
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.domain.calendar import VietnamCalendar, Why
    from ntm_workflow.office.announcement import Outcome

COLUMNS = ["day", "weekday", "state", "name", "announced_on", "source", "entry"]


@click.group(
    cls=Group,
    help=both("Lịch làm việc: ngày lễ, ngày hoán đổi.", "The calendar: holidays and swapped days."),
)
def calendar() -> None:
    pass


@calendar.command(
    "list",
    cls=Command,
    help=both(
        "Ngày lễ, ngày nghỉ và ngày làm bù đã công bố của một năm, mỗi ngày kèm nguồn. Không cần sổ.",
        "A year's holidays, and the days announced off or worked, each with its source. Needs no store.",
    ),
    examples=["ntm calendar list --year 2026", "ntm calendar list --year 2024 --csv"],
)
@option("--year", type=YEAR, metavar="Y", vi="Năm (mặc định năm nay).", en="The year (default this one).")  # fmt: skip
@reads
def list_(view: Shown, year: int | None) -> None:
    with _looked_at(view) as (found, stamp, day):
        days = found.named_days(year or day.year)
        view.items("calendar.list", stamp, [_item(found, why) for why in days], COLUMNS)


@calendar.command(
    cls=Command,
    help=both(
        "Một ngày có làm việc không, và vì sao: ngày trong tuần, ngày lễ, văn bản hoán đổi. Không cần sổ.",
        "Whether a day is worked, and why: the week, a holiday, the paper of a swap. Needs no store.",
    ),
    examples=["ntm calendar day 2/1/2026", "ntm calendar day 31/8/2024 --json"],
)
@click.argument("day", type=DAY, metavar="DATE")
@reads
def day(day: date, view: Shown) -> None:
    from ntm_workflow.domain.calendar import Why
    from ntm_workflow.domain.days_told import tell_days

    with _looked_at(view) as (found, stamp, _):
        why = found.why(day) or Why(day, "usual")
        item = _item(found, why) | {
            "sentence": tell_days([why], LANG.get()),
            "last_working_day": found.last_working_day(day),
            "next_working_day": found.next_working_day(day),
        }
        if view.as_data:
            _one(view, stamp, item)
            return
        click.echo(item["sentence"])
        say(
            "Ngày làm việc liền trước hoặc chính ngày đó: {last_working_day}; liền sau: {next_working_day}.",
            "Working day on or before it: {last_working_day}; on or after it: {next_working_day}.",
            **item,
        )


def _one(view: Shown, stamp: dict[str, Any], item: dict[str, Any]) -> None:
    from ntm_workflow.cli.answers import emit

    if view.as_json:
        emit("calendar.day", {**stamp, **item})
    else:
        view.items("calendar.day", stamp, [item], list(item))


@contextmanager
def _looked_at(view: Shown) -> Iterator[tuple[VietnamCalendar, dict[str, Any], date]]:
    """The calendar at the times asked for, and those times; without a store what the program has."""
    from ntm_workflow.office.calendar import calendar_at
    from ntm_workflow.plans.calendar import bundled_calendar
    from ntm_workflow.store.refusals import StoreMissing

    try:
        with view.reading() as reading:
            yield calendar_at(reading), reading.stamp(), reading.as_of
    except StoreMissing:
        today = view.as_of or session().office().today
        yield bundled_calendar(), {"as_of": None, "known_at": None}, today


def _item(found: VietnamCalendar, why: Why) -> dict[str, Any]:
    from ntm_workflow.domain.days_told import weekday

    rule = found.deciding(why.day)
    return {
        "day": why.day,
        "weekday": weekday(why.day, LANG.get()),
        "works": why.works,
        "state": why.kind,
        "name": why.name,
        "announced_on": rule and rule.announced_on,
        "source": _source(why) if rule is None else "journal" if rule.entry else "program",
        "entry": rule and rule.entry,
    }


def _source(why: Why) -> str:
    return "week" if why.kind in ("weekend", "usual") else "holidays"


@calendar.command(
    cls=Command,
    help=both(
        "Ghi một văn bản cho nghỉ, cho làm bù, và tính lại hạn của các nhiệm vụ còn mở; --on là ngày công bố. Xem trước: --dry-run.",
        "Record a paper that takes days off or has days worked, and derive the days of open duties again; --on is the day it was announced. Look first: --dry-run.",
    ),
    examples=[
        "ntm calendar announce --off 24/12/2026 --worked 26/12/2026 --document 'TB mẫu' --dry-run",
        "ntm calendar announce --off 24/11/2025 --document 'TB mẫu' --dry-run",
    ],
)
@option("--off", type=DAY, multiple=True, metavar="D", vi="Ngày được nghỉ.", en="A day off.")
@option("--worked", type=DAY, multiple=True, metavar="D", vi="Ngày làm việc, làm bù.", en="A day worked.")  # fmt: skip
@writes
def announce(off: tuple[date, ...], worked: tuple[date, ...], ask: Asked) -> None:
    from ntm_workflow.office import announcement

    told = announcement.Outcome()
    office = session().office()
    receipt = office.record(
        ask.request, lambda entry: announcement.announce(entry, off, worked, told)
    )
    if not ask.as_json:
        _tell_remarks(told)
        moves.tell_moves(told)
    beside = {"remarks": [asdict(each) for each in told.remarks], "moved": moves.as_data(told)}
    ask.told("calendar.announce", office, receipt, **beside)


@calendar.command(
    cls=Command,
    help=both(
        "Tính lại hạn của các nhiệm vụ còn mở theo lịch hiện nay, ví dụ sau khi phiên bản mới mang theo ngày hoán đổi mới. Chạy lại không sao.",
        "Derive the days of open duties again by the calendar as it now is, say after a new version of the program brought new days. Running it again is safe.",
    ),
    examples=["ntm calendar apply --dry-run", "ntm calendar apply"],
)
@writes
def apply(ask: Asked) -> None:
    from ntm_workflow.office.rescheduling import Moves, reschedule

    told = Moves()
    office = session().office()
    receipt = office.record(ask.request, lambda entry: reschedule(entry, told))
    if not ask.as_json:
        moves.tell_moves(told)
    receipts = [receipt] if receipt.facts else []
    ask.told("calendar.apply", office, *receipts, moved=moves.as_data(told))


# --- what a changed calendar does, in words ---------------------------------------------------------


def _tell_remarks(told: Outcome) -> None:
    from ntm_workflow.domain.days_told import tell_days

    for remark in told.remarks:
        vi, en = _REMARKS[remark.kind]
        why = tell_days([remark.why], LANG.get()) if remark.why else phrase("ngày làm việc", "a working day")  # fmt: skip
        paper = remark.other.document if remark.other else None
        click.echo(phrase(vi, en, day=remark.day, why=why, paper=paper), err=True)


_REMARKS = {
    "already": (
        "Lưu ý: {day} không đổi, vốn đã như vậy: {why}.",
        "Note: {day} does not change, it was so before: {why}.",
    ),
    "overrules": (
        "Lưu ý: {day}: {paper} nói khác; văn bản này công bố sau nên được dùng.",
        "Note: {day}: {paper} says otherwise; this paper was announced later and counts.",
    ),
    "overruled": (
        "Lưu ý: {day}: {paper} nói khác và công bố sau, nên vẫn được dùng.",
        "Note: {day}: {paper} says otherwise, was announced later and still counts.",
    ),
}
