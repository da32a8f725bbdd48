"""Periodic reports: which are owed, which came, and what one that comes does.

A report of a quarter, half-year or year takes the place of what the same plan asks the same unit to report to the same
office for the shorter periods that end with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ntm_workflow.domain.assignment import REPORT
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.obligation_events import ObligationMet
from ntm_workflow.domain.recurrence import Turn, span
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.values import fold
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.open_work import LAST
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS

#: Standings of a report that should be there by now, of one that the plan asks for firmly.
_LATE: Final = frozenset({"overdue", "behind", "past_wording"})

_COLUMNS: Final = (
    *("id", "title", "plan", "clause", "owed_by", "owed_to", "place", "occurrence", "strength"),
    *("window_start", "strict_day", "nominal_day", "act_by", "enforce_day", "last_day", "met_on"),
    *(
        "missed_on",
        "waived_on",
        "ended_on",
        "suspended_on",
        "suspended_until",
        "applies",
        "assigned_on",
    ),
)
#: What people write, without accents and marks: a form, and what a period of it is called.
_WRITTEN: Final = (
    (re.compile(r"([0-9]{4}) ([0-9]{1,2})"), "{0}-{1:02}"),
    (re.compile(r"(?:thang ?|t)?([0-9]{1,2})(?: nam)? ([0-9]{4})"), "{1}-{0:02}"),
    (re.compile(r"([0-9]{4}) ?q([1-4]|iv|i{1,3})"), "{0}-Q{1}"),
    (re.compile(r"(?:quy ?|q)([1-4]|iv|i{1,3})(?: nam)? ([0-9]{4})"), "{1}-Q{0}"),
    (re.compile(r"([0-9]{4}) ?h([12])"), "{0}-H{1}"),
    (re.compile(r"h([12]) ?([0-9]{4})"), "{1}-H{0}"),
    (re.compile(r"6 thang (dau|cuoi) nam ([0-9]{4})"), "{1}-H{0}"),
    (re.compile(r"(?:nam )?([0-9]{4})"), "{0}"),
)
#: How much of what cannot be read is told again, in letters.
_ECHO: Final = 60
_NUMBERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "dau": 1, "cuoi": 2}


class UnreadablePeriod(Refused):
    exit_code = 2
    vi = "Không đọc được kỳ báo cáo “{typed}”.\nGõ: 2024-10 (tháng), 2024-Q4 (quý), 2024-H2 (nửa năm), 2024 (năm)"
    en = "Cannot read the period “{typed}”.\nType: 2024-10 (a month), 2024-Q4 (a quarter), 2024-H2 (half a year), 2024 (a year)"


class NoReportOwed(Refused):
    exit_code = 3
    vi = "Không kế hoạch nào giao {unit} báo cáo kỳ {period}; các kỳ gần đó: {near}.\nXem: ntm report list --unit {id:arg}"
    en = "No plan has {unit} report for {period}; periods near it: {near}.\nSee: ntm report list --unit {id:arg}"


class NeverReports(Refused):
    exit_code = 3
    vi = "Không kế hoạch nào trong sổ giao {unit} báo cáo định kỳ.\nXem: ntm report list"
    en = "No plan in the journal has {unit} report periodically.\nSee: ntm report list"


class OwedLater(Refused):
    exit_code = 3
    vi = "Kế hoạch giao {unit} báo cáo từ ngày {first}, trước đó thì chưa.\nKiểm tra lại --on. Xem: ntm report list --unit {id:arg}"
    en = "The plan has {unit} report from {first} on, and not before.\nCheck --on. See: ntm report list --unit {id:arg}"


class NotSentThere(Refused):
    exit_code = 3
    vi = "Báo cáo kỳ {period} của {unit} không gửi {to}; nơi nhận: {known}.\nChọn lại --to. Xem: ntm report list --unit {id:arg}"
    en = "The {period} report of {unit} does not go to {to}; it goes to: {known}.\nCheck --to. See: ntm report list --unit {id:arg}"


class WhichReceiver(Refused):
    exit_code = 3
    vi = "{unit} báo cáo kỳ {period} cho nhiều nơi: {known}.\nNêu nơi đã nhận: --to …, nhiều nơi thì nêu nhiều lần"
    en = "{unit} reports for {period} to several: {known}.\nName who received it: --to …, once for each"


class ReceivedAlready(Refused):
    vi = "Báo cáo kỳ {period} của {unit} gửi {to} đã ghi nhận ngày {day}.\nXem: ntm report list --unit {id:arg} --period {period}"
    en = "The {period} report of {unit} to {to} was received on {day} already.\nSee: ntm report list --unit {id:arg} --period {period}"


class NotBegunYet(Refused):
    exit_code = 2
    vi = "Báo cáo kỳ {period} đến từ ngày {first}, tháng cuối của kỳ, không phải ngày {day}.\nKiểm tra lại --period, --on."
    en = "A report for {period} comes from {first} on, the last month of the period, and not on {day}.\nCheck --period and --on."


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came: of which unit (id), for which period as `called` names it, and to whom (ids; empty for all)."""

    owed_by: str
    period: str
    to: Collection[str] = ()


def read_period(text: str) -> str:
    """A period as `called` names it, of what people write: 2024-10, tháng 10/2024, quý IV năm 2024, 2024."""
    typed = readable(tidy(text))
    for form, name in _WRITTEN:
        if found := form.fullmatch(fold(typed)):
            parts = (_NUMBERS.get(each) or int(each) for each in found.groups())
            period = name.format(*parts)
            if span(period) is not None:
                return period
    raise UnreadablePeriod(typed=typed if len(typed) <= _ECHO else f"{typed[:_ECHO]}…")


def reports(reading: Reading, *where: Any) -> list[Any]:
    """Every report of a period that has begun, the oldest first; one that fell away is none."""
    begun = [r for r in _owed(reading, *where) if not _gone(r) and _turn(r).first <= reading.as_of]
    return sorted(
        begun,
        key=lambda row: (
            _turn(row).last,
            row.occurrence,
            reading.order(row.owed_to),
            reading.order(row.owed_by),
            row.id,
        ),
    )


def _owed(reading: Reading, *where: Any) -> list[Any]:
    c = VIEWS["obligation"].table.c
    rows = reading.rows("obligation", c.done_by == REPORT, *where, only=_COLUMNS)
    return [row for row in rows if span(row.occurrence or "") is not None]


def _gone(row: Any) -> bool:
    return bool(row.waived_on or row.ended_on or row.applies == "no")


def _turn(row: Any) -> Turn:
    turn = span(row.occurrence)
    assert turn is not None
    return turn


def is_missing(reading: Reading, row: Any) -> bool:
    """Whether its day is past and the journal has not got it, however strongly the plan asks for it."""
    how = standing(row, reading.as_of)
    past = row.last_day is not None and row.last_day < reading.as_of
    return how in _LATE or (past and how in ("open", "undetermined"))


def receive(entry: Entry, received: Received) -> None:
    """A report came on the request's day: each duty that it meets is met, of the shorter periods, too."""
    day = entry.request.on or entry.today
    _must_be_over(received.period, day)
    c = VIEWS["obligation"].table.c
    mine = c.owed_by == received.owed_by
    owed = _owed(entry.reading.on(day), mine) or _not_yet(entry.reading, received, mine)
    met = {row.id: row.met_on for row in _owed(entry.reading.on(LAST)) if row.met_on}
    came = _came(entry.reading, owed, received, met)
    for row in owed:
        left = row.id not in met and not (_gone(row) and row not in came)
        if left and any(_covers(long, row) for long in came):
            entry.record(row.id, ObligationMet)


def _must_be_over(period: str, day: date) -> None:
    """A report comes in the last month of its period or later."""
    turn = span(period)
    if turn is not None and day < (first := turn.last.replace(day=1)):
        raise NotBegunYet(period=period, first=first, day=day)


def _not_yet(reading: Reading, received: Received, mine: Any) -> list[Any]:
    """Nothing is owed on the day: refuse, with the day from which it is, if there is one."""
    later = [row.assigned_on for row in _owed(reading.on(LAST), mine)]
    unit = reading.names.get(received.owed_by, received.owed_by)
    if later:
        raise OwedLater(unit=unit, first=min(later), id=received.owed_by)
    raise NeverReports(unit=unit)


def _came(reading: Reading, owed: list[Any], received: Received, met: dict[str, date]) -> list[Any]:
    """The duties of the period to those who received it, none of them told before."""
    names, unit, period = reading.names, received.owed_by, received.period
    about = {"unit": names.get(unit, unit), "id": unit, "period": period}
    of_period = [row for row in owed if row.occurrence == period]
    if not of_period:
        raise NoReportOwed(near=_near(owed, period), **about)
    # Of what fell away its own rules say why it cannot have come.
    asked = [row for row in of_period if not _gone(row)] or of_period
    known = list(dict.fromkeys(row.owed_to for row in asked))
    called = [names.get(id, id) for id in known if id]
    if stray := [id for id in received.to if id not in known]:
        raise NotSentThere(to=names.get(stray[0], stray[0]), known=called, **about)
    if len(known) > 1 and not received.to:
        raise WhichReceiver(known=called, **about)
    for to in received.to or known:
        days = [met.get(row.id) for row in asked if row.owed_to == to]
        if day := _last(days):
            raise ReceivedAlready(day=day, to=names.get(to, to), **about)
    return [row for row in asked if not received.to or row.owed_to in received.to]


def _last(days: list[date | None]) -> date | None:
    """The last of the days, if all have one."""
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _covers(long: Any, short: Any) -> bool:
    """Whether one report says what another would: itself, and of a shorter period that ends with its own."""
    if long.id == short.id:
        return True
    same = (long.plan, long.owed_by, long.owed_to) == (short.plan, short.owed_by, short.owed_to)
    whole, part = _turn(long), _turn(short)
    return same and whole.last == part.last and whole.first < part.first


def _near(owed: list[Any], period: str) -> list[str]:
    """The three periods of this unit's reports that end closest to one."""
    turn = span(period)
    assert turn is not None
    near = sorted(owed, key=lambda row: (abs(_turn(row).last - turn.last), row.occurrence))
    return list(dict.fromkeys(row.occurrence for row in near))[:3]
