"""Announcing days off and days worked: what was decided, and the open duties it moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.calendar import (
    Announcement,
    CalendarAnnounced,
    DayRule,
    VietnamCalendar,
    Why,
)
from ntm_workflow.domain.values import fold
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.obligation import SLUG
from ntm_workflow.office.rescheduling import Cause, Moves, reschedule
from ntm_workflow.projections.closing import last_day


class ClosedDay(Refused):
    vi = "Ngày {days} đã chốt (sổ đã chốt đến hết {closed}); lịch của ngày đã chốt không đổi.\nNhiệm vụ bị ảnh hưởng thì gia hạn, miễn theo văn bản: ntm obligation list --due-from {first:arg} --due-until {closed:arg}"
    en = "{days} is closed (the journal is closed to the end of {closed}); the calendar of a closed day does not change.\nExtend or waive the duties concerned, by a paper: ntm obligation list --due-from {first:arg} --due-until {closed:arg}"


class NothingChanges(Refused):
    vi = "Lịch vốn đã như vậy ngày {days}; chưa ghi gì.\nXem vì sao: ntm calendar day {first:arg}"
    en = "The calendar says so already of {days}; nothing was recorded.\nSee why: ntm calendar day {first:arg}"


@dataclass(frozen=True)
class Remark:
    """What is worth knowing of a day announced: it was so `already`, another paper about it gives way
    (`overrules`), or one announced later stands (`overruled`). `other` is that paper.
    """

    day: date
    kind: str
    why: Why | None
    other: DayRule | None


@dataclass
class Outcome(Moves):
    remarks: list[Remark] = field(default_factory=list)


def announce(entry: Entry, off: Sequence[date], worked: Sequence[date], told: Outcome) -> None:
    """Record what a paper decided, and move the open duties it concerns."""
    days = sorted({*off, *worked})
    _must_be_open(entry, days)
    before = calendar_of(entry.conn)
    id = _free_id(entry, off, worked)
    said = {"off": tuple(sorted(set(off))), "worked": tuple(sorted(set(worked)))}
    entry.record(id, CalendarAnnounced, **said)
    announced: Announcement | None = entry.timeline(id).now
    told.remarks += remarks(before, announced.rules if announced else ())
    if all(remark.kind != "overrules" for remark in told.remarks) and len(told.remarks) == len(
        days
    ):
        raise NothingChanges(days=days, first=days[0])
    entry.later.append(partial(reschedule, told=told, cause=Cause.of(entry), days=days))


def _must_be_open(entry: Entry, days: Iterable[date]) -> None:
    over, closed = closed_among(entry, days)
    if over:
        raise ClosedDay(days=over, first=over[0], closed=closed)


def closed_among(entry: Entry, days: Iterable[date]) -> tuple[list[date], date | None]:
    """Those of the days that are closed, and the last day that is."""
    closed = last_day(entry.conn, entry.number - 1)
    return [day for day in days if closed and day <= closed], closed


def _free_id(entry: Entry, off: Sequence[date], worked: Sequence[date]) -> str:
    """The document's own id, with a number where it has announced other days before."""
    slug = fold(entry.request.document or "")[:SLUG].strip().replace(" ", "-") or "van-ban"
    for number in count(1):
        id = f"calendar/{slug}" if number == 1 else f"calendar/{slug}-{number}"
        state: Announcement | None = entry.timeline(id).now
        if state is None or (set(state.said.off), set(state.said.worked)) == (
            set(off),
            set(worked),
        ):
            return id
    raise AssertionError("counting ended")


def remarks(before: VietnamCalendar, rules: Iterable[DayRule]) -> list[Remark]:
    """What the days of a new paper meet in the calendar as it was."""
    told = (_remark(before, rule) for rule in rules)
    return sorted((each for each in told if each), key=lambda each: each.day)


def _remark(before: VietnamCalendar, rule: DayRule) -> Remark | None:
    other, why = before.deciding(rule.day), before.why(rule.day)
    if before.is_working(rule.day) == rule.works:
        return Remark(rule.day, "already", why, other)
    if other is None:
        return None
    later = VietnamCalendar((other, rule)).deciding(rule.day)
    return Remark(rule.day, "overrules" if later == rule else "overruled", why, other)
