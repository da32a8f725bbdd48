"""The month in one letter: what a unit has done and has not, and what the coming month asks of it.

Optional: a unit may say that it wants none, and still gets its reminders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from msgspec.structs import replace

from ntm_workflow.domain.calendar import next_working_day
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.standing import standing
from ntm_workflow.notifications.context import Counts, LetterItem
from ntm_workflow.notifications.holding import ahead, past
from ntm_workflow.notifications.ladder import AFTER, AHEAD, REMINDED, Intent, Morning
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.telling import last

KIND: Final = "summary"
#: How many days after its first working morning a month's summary may still be written.
_LATE: Final = timedelta(days=9)
#: How far from its month a duty may be due that was done in it.
_AROUND: Final = timedelta(days=92)
_NEEDED: Final = (
    *("id", "owed_by", "strength", "window_start", "strict_day", "nominal_day", "act_by"),
    *("enforce_day", "last_day", "met_on", "missed_on", "missed_in_history", "waived_on"),
    *("ended_on", "suspended_on", "suspended_until", "applies"),
)
_ONE_DAY: Final = timedelta(days=1)
#: What a unit must have been told of a duty before it is held against it in a summary, by strength.
_FIRST_TOLD: Final = {"must": "missed", "strive": "ahead"}


def planned(reading: Reading, morning: Morning, written: Collection[Intent] = ()) -> list[Intent]:
    """Last month's summaries, from the first working morning of the month on; one for each unit.

    `written` are the letters of that morning: what they tell is told.
    """
    first = reading.as_of.replace(day=1)
    begins = next_working_day(first, morning.working)
    month = _month(f"{first - _ONE_DAY:%Y-%m}")
    if not begins <= reading.as_of <= begins + _LATE:
        return []
    about, by_unit = f"{month[0]:%Y-%m}", defaultdict[str, list[Line]](list)
    # Of a month in which it owed nothing yet a unit gets no numbers.
    owed = set[str]()
    for row in _named(reading, month, written):
        by_unit[row.owed_by].append(Line(row.id, KIND, 0, row.act_by))
        if row.window_start is None or row.window_start <= month[1]:
            owed.add(row.owed_by)
    done = _written(reading, about)
    return [
        Intent(unit, KIND, reading.as_of, _ordered(lines), about=about)
        for unit, lines in sorted(by_unit.items())
        if unit not in done and unit in owed and _wants(reading, unit)
    ]


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """What was done in the month, what is past its day, and what the coming month asks."""
    day = lines.reading.as_of
    rows = {line.subject: lines.row(line.subject) for line in intent.lines}
    told = _told(lines.reading, [row for row in rows.values() if row is not None])
    for line in intent.lines:
        row = rows[line.subject]
        if row is None or row.met_on:
            if row is not None:
                yield lines.item(replace(line, part="met"), on=row.met_on)
        elif ahead(row, day):
            yield lines.item(replace(line, part="ahead"))
        elif past(row, day) and row.id in told:
            yield lines.item(replace(line, part="after"))


def counts(reading: Reading, intent: Intent) -> Counts:
    """What the unit did in the month, and how what was due by then stands at the end of the letter's day.

    What is past its day is counted where the letter names it: later misses are another month's.
    """
    month = _month(intent.about or "")
    rows = _rows(reading, month, intent.unit)
    named = {line.subject for line in intent.lines}
    told, stood = _told(reading, rows), defaultdict[str, int](int)
    for row in rows:
        stands = standing(row, reading.as_of)
        if stands in ("met", "met_late"):
            stood[stands] += _within(row.met_on, month)
        elif row.id in told:
            stood[stands] += row.id in named
        # Nobody is told that it is overdue before its desk has been asked.
        elif stands in AHEAD or stands in AFTER.values():
            stood["open"] += _within(row.act_by, month) and not row.missed_in_history
    said = {name: stood[name] for name in ("met", "met_late", "open", "overdue", "behind")}
    return Counts(since=month[0], until=month[1], **said)


Month = tuple[date, date]


def _month(month: str) -> Month:
    """The first and the last day of YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - _ONE_DAY


def _within(day: date | None, month: Month) -> bool:
    return day is not None and month[0] <= day <= month[1]


def _rows(reading: Reading, month: Month, unit: str | None = None) -> list[Any]:
    """The duties due in that month or the next, those done in it, and those past their day and not done."""
    c, (since, until) = VIEWS["obligation"].table.c, month
    due = sa.and_(c.act_by >= since, c.act_by <= until + timedelta(days=31))
    around = (c.act_by >= since - _AROUND, c.act_by <= until + _AROUND)
    done = sa.and_(*around, c.met_on >= since, c.met_on <= until)
    missed = sa.and_(c.missed_on.is_not(None), c.missed_in_history == 0, c.met_on.is_(None))
    mine = [] if unit is None else [c.owed_by == unit]
    return reading.rows("obligation", sa.or_(due, done, missed), *mine, only=_NEEDED)


def _named(reading: Reading, month: Month, written: Collection[Intent]) -> Iterator[Any]:
    """The duties a summary names: done in the month, known to be past their day, or due this month."""
    rows = _rows(reading, month)
    told = _told(reading, rows, written)
    coming = _month(f"{reading.as_of:%Y-%m}")
    for row in rows:
        due = row.strength in REMINDED and _within(row.act_by, coming)
        if _within(row.met_on, month) or row.id in told or (due and ahead(row, reading.as_of)):
            yield row


def _told(reading: Reading, rows: Sequence[Any], written: Collection[Intent] = ()) -> set[str]:
    """Those past their day of which their unit has heard so, or of a mark to strive for that it comes."""
    behind = {row.id: row for row in rows if past(row, reading.as_of)}
    said: dict[tuple[str, str, str], date] = {}
    for e in last(reading.conn, list(behind), reading.as_of):
        # What is written the same morning leaves with it.
        if e.left is not None or e.day == reading.as_of:
            key = (e.subject, e.unit, e.part)
            said[key] = max(e.day, said.get(key, e.day))
    for intent in written:
        said |= {(line.subject, intent.unit, line.part): intent.day for line in intent.lines}
    found = set()
    for id, row in behind.items():
        day = said.get((id, row.owed_by, _FIRST_TOLD[row.strength]))
        if day is not None and (row.missed_on is None or day >= row.missed_on):
            found.add(id)
    return found


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.act_by or date.max, line.subject)))


def _written(reading: Reading, month: str) -> set[str]:
    c = VIEWS["letter"].table.c
    rows = reading.rows("letter", c.kind == KIND, c.about == month, only=("unit",))
    return {row.unit for row in rows}


def _wants(reading: Reading, unit: str) -> bool:
    row = reading.units.get(unit)
    return row is not None and bool(row.summary)
