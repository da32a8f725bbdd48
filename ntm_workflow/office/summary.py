"""The month in one letter: what a unit has done and has not, and what the coming month asks of it.

Optional: a unit may say that it wants none, and still gets its reminders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.calendar import next_working_day
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.standing import standing
from ntm_workflow.notifications.context import Counts, LetterItem
from ntm_workflow.notifications.ladder import AFTER, AHEAD, REMINDED, Intent, Morning
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS

KIND: Final = "summary"
#: How many days after its first working morning a month's summary may still be written.
_LATE: Final = timedelta(days=9)
_NEEDED: Final = (
    *("id", "owed_by", "strength", "window_start", "strict_day", "nominal_day", "act_by"),
    *("enforce_day", "last_day", "met_on", "missed_on", "missed_in_history", "waived_on"),
    *("ended_on", "suspended_on", "suspended_until", "applies"),
)
_ONE_DAY: Final = timedelta(days=1)


def planned(reading: Reading, morning: Morning) -> list[Intent]:
    """Last month's summaries, from the first working morning of the month on; one for each unit."""
    first = reading.as_of.replace(day=1)
    begins = next_working_day(first, morning.working)
    month = f"{first - _ONE_DAY:%Y-%m}"
    if not begins <= reading.as_of <= begins + _LATE:
        return []
    written = _written(reading, month)
    by_unit: defaultdict[str, list[Line]] = defaultdict(list)
    for row in _rows(reading, _month(month)):
        if _named(row, reading.as_of, first):
            by_unit[row.owed_by].append(Line(row.id, "summary", 0, row.act_by))
    return [
        Intent(unit, KIND, reading.as_of, _ordered(lines), about=month)
        for unit, lines in sorted(by_unit.items())
        if unit not in written and _wants(reading, unit)
    ]


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """The duties of the coming month, and those past their day."""
    for line in intent.lines:
        row = lines.row(line.subject)
        stands = row is not None and standing(row, lines.reading.as_of)
        if stands in AHEAD:
            yield lines.item(replace(line, part="ahead"))
        elif row is not None and AFTER.get(row.strength) == stands:
            yield lines.item(replace(line, part="after"))


def counts(reading: Reading, intent: Intent) -> Counts:
    """How the unit's duties of the month came out, by the end of the letter's day."""
    since, until = _month(intent.about or "")
    stood: defaultdict[str, int] = defaultdict(int)
    for row in _rows(reading, (since, until), intent.unit):
        of_the_month = row.act_by is not None and since <= row.act_by <= until
        stands = standing(row, reading.as_of)
        if of_the_month or stands in AFTER.values():
            stood["open" if stands in AHEAD else stands] += 1
    said = {name: stood[name] for name in ("met", "met_late", "open", "overdue", "behind")}
    return Counts(since=since, until=until, **said)


def _month(month: str) -> tuple[date, date]:
    """The first and the last day of YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - _ONE_DAY


def _rows(reading: Reading, month: tuple[date, date], unit: str | None = None) -> list[Any]:
    """The duties of that month and the next, and those past their day and not done."""
    c, (since, until) = VIEWS["obligation"].table.c, month
    near = sa.and_(c.act_by >= since, c.act_by <= (until + timedelta(days=31)))
    missed = sa.and_(c.missed_on.is_not(None), c.missed_in_history == 0, c.met_on.is_(None))
    mine = [] if unit is None else [c.owed_by == unit]
    return reading.rows("obligation", sa.or_(near, missed), *mine, only=_NEEDED)


def _named(row: Any, day: date, first: date) -> bool:
    """Whether a summary names a duty line by line: what lies ahead this month, or is overdue."""
    stands = standing(row, day)
    if stands == "overdue":
        return not row.missed_in_history
    last = (first + timedelta(days=31)).replace(day=1)
    return stands in AHEAD and row.strength in REMINDED and first <= row.act_by < last


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.act_by or date.max, line.subject)))


def _written(reading: Reading, month: str) -> set[str]:
    c = VIEWS["letter"].table.c
    rows = reading.rows("letter", c.kind == KIND, c.about == month, only=("unit",))
    return {row.unit for row in rows}


def _wants(reading: Reading, unit: str) -> bool:
    row = reading.units.get(unit)
    return row is not None and bool(row.summary)
