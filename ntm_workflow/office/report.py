"""Periodic reports: which are owed, which came, and what one that comes does.

A report of a quarter, half-year or year takes the place of what the same plan asks the same unit to report to the same
office for the shorter periods that end with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from ntm_workflow.domain.assignment import REPORT
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.obligation_events import ObligationMet
from ntm_workflow.domain.recurrence import Turn, span
from ntm_workflow.domain.standing import standing
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.open_work import LAST
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS

#: Standings of a report that should be there by now.
MISSING: Final = frozenset({"overdue", "behind", "past_wording"})

_COLUMNS: Final = (
    *("id", "title", "plan", "clause", "owed_by", "owed_to", "place", "occurrence", "strength"),
    *("window_start", "strict_day", "nominal_day", "act_by", "enforce_day", "last_day", "met_on"),
    *("missed_on", "waived_on", "ended_on", "suspended_on", "suspended_until", "applies"),
)
_WRITTEN: Final = (
    (re.compile(r"(\d{4})-(\d\d?)|(?:tháng\s*)?(\d\d?)/(\d{4})"), "{year}-{part:02}"),
    (re.compile(r"(\d{4})-?Q([1-4])|(?:quý|Q)\s*([1-4]|IV|I{1,3})[/ ]\s*(\d{4})"), "{year}-Q{part}"),
    (re.compile(r"(\d{4})-?H([12])|H([12])[/ ](\d{4})"), "{year}-H{part}"),
)  # fmt: skip
_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4}


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


class NotSentThere(Refused):
    exit_code = 3
    vi = "Báo cáo kỳ {period} của {unit} không gửi {to}; nơi nhận: {known}.\nChọn lại --to. Xem: ntm report list --unit {id:arg}"
    en = "The {period} report of {unit} does not go to {to}; it goes to: {known}.\nCheck --to. See: ntm report list --unit {id:arg}"


class WhichReceiver(Refused):
    exit_code = 3
    vi = "{unit} báo cáo kỳ {period} cho nhiều nơi: {known}.\nNêu nơi đã nhận: --to …, nhiều nơi thì nêu nhiều lần"
    en = "{unit} reports for {period} to several: {known}.\nName who received it: --to …, once for each"


class ReceivedAlready(Refused):
    vi = "Báo cáo kỳ {period} của {unit} đã ghi nhận ngày {day}.\nXem: ntm report list --unit {id:arg} --period {period}"
    en = "The {period} report of {unit} was received on {day} already.\nSee: ntm report list --unit {id:arg} --period {period}"


class NotBegunYet(Refused):
    exit_code = 2
    vi = "Kỳ {period} bắt đầu ngày {first}, báo cáo không thể đến ngày {day}.\nKiểm tra lại --period, --on."
    en = "The period {period} begins on {first}; its report cannot have come on {day}.\nCheck --period and --on."


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came: of which unit (id), for which period as `called` names it, and to whom (ids; empty for all)."""

    owed_by: str
    period: str
    to: Collection[str] = ()


def read_period(text: str) -> str:
    """A period as `called` names it, of what people write: 2024-10, 10/2024, quý IV/2024, 2024."""
    typed = readable(tidy(text))
    name = next((n for form, n in map(_read(typed), _WRITTEN) if n and form), typed)
    if span(name) is None:
        raise UnreadablePeriod(typed=text)
    return name


def _read(typed: str) -> Any:
    def one(written: tuple[re.Pattern[str], str]) -> tuple[bool, str]:
        found = re.fullmatch(written[0].pattern, typed, re.IGNORECASE)
        if found is None:
            return False, ""
        year, part, other, of = found.groups()
        said = (part or other).upper()
        return True, written[1].format(year=year or of, part=_ROMAN.get(said) or int(said))

    return one


def reports(reading: Reading, *where: Any) -> list[Any]:
    """Every report of a period that has begun, the oldest first; one that fell away is none."""
    c = VIEWS["obligation"].table.c
    rows = reading.rows("obligation", c.done_by == REPORT, *where, only=_COLUMNS)
    begun = [row for row in rows if _begun(row, reading)]
    return sorted(begun, key=lambda row: (_turn(row).last, row.occurrence, row.id))


def _begun(row: Any, reading: Reading) -> bool:
    gone = row.waived_on or row.ended_on or row.applies == "no"
    return not gone and span(row.occurrence or "") is not None and _turn(row).first <= reading.as_of


def _turn(row: Any) -> Turn:
    turn = span(row.occurrence)
    assert turn is not None
    return turn


def is_missing(reading: Reading, row: Any) -> bool:
    """Whether its day is past and the journal has not got it."""
    return standing(row, reading.as_of) in MISSING


def receive(entry: Entry, received: Received) -> None:
    """A report came on the request's day: each duty that it meets is met, of the shorter periods, too."""
    day = entry.request.on or entry.today
    first = span(received.period)
    if first is not None and day < first.first:
        raise NotBegunYet(period=received.period, first=first.first, day=day)
    c = VIEWS["obligation"].table.c
    owed = reports(entry.reading.on(LAST), c.owed_by == received.owed_by)
    for row in _to_meet(entry.reading, owed, received):
        entry.record(row.id, ObligationMet)


def _to_meet(reading: Reading, owed: list[Any], received: Received) -> Iterable[Any]:
    names = reading.names
    unit, period = received.owed_by, received.period
    about = {"unit": names.get(unit, unit), "id": unit, "period": period}
    if not owed:
        raise NeverReports(unit=about["unit"])
    asked = [row for row in owed if row.occurrence == period]
    if not asked:
        raise NoReportOwed(near=_near(owed, period), **about)
    known = list(dict.fromkeys(row.owed_to for row in asked))
    called = [names.get(id, id) for id in known if id]
    if stray := [id for id in received.to if id not in known]:
        raise NotSentThere(to=names.get(stray[0], stray[0]), known=called, **about)
    if len(known) > 1 and not received.to:
        raise WhichReceiver(known=called, **about)
    came = [row for row in asked if not received.to or row.owed_to in received.to]
    if all(row.met_on for row in came):
        raise ReceivedAlready(day=max(row.met_on for row in came), **about)
    return [row for row in owed if row.met_on is None and any(_covers(long, row) for long in came)]


def _covers(long: Any, short: Any) -> bool:
    """Whether one report says what another would: itself, and of a shorter period that ends with its own."""
    same = (long.plan, long.owed_by, long.owed_to) == (short.plan, short.owed_by, short.owed_to)
    if not same or long.id == short.id:
        return bool(same)
    whole, part = _turn(long), _turn(short)
    return whole.last == part.last and whole.first < part.first


def _near(owed: list[Any], period: str) -> list[str]:
    """The three periods of this unit's reports that end closest to one."""
    turn = span(period)
    if turn is None:
        return []
    last = turn.last
    names = dict.fromkeys(sorted((r.occurrence for r in owed), key=lambda each: _gap(each, last)))
    return list(names)[:3]


def _gap(name: str, last: Any) -> int:
    turn = span(name)
    return abs((turn.last - last).days) if turn else 10**6
