"""The days of a unit's duties as a calendar file: attached to its letters, or whole on request.

A day that moved keeps its uid and rises in sequence; one that fell away is still told, cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any, Final

from ntm_workflow.domain.standing import over
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.ical import Entry, calendar_file
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.style import Style
from ntm_workflow.projections import VIEWS

#: Letters about days to come; the others attach none but what fell away or moved.
_WITH_DAYS: Final = frozenset({"digest", "reminder", "summary", "decided", "correction"})
#: Lines whose reader has a day of its own to keep.
_OWN: Final = frozenset({"ahead", "summary", "decided", "corrected"})
NAME: Final = ("Nhiệm vụ nông thôn mới", "New Rural Development duties")


def attached(reading: Reading, lines: Lines, intent: Intent, style: Style) -> bytes | None:
    """The days a letter speaks of, and those of its unit that fell away; None without any."""
    if intent.kind not in _WITH_DAYS:
        return None
    named = [line.subject for line in intent.lines if line.part in _OWN]
    ids = dict.fromkeys([*named, *lines.fallen.get(intent.unit, ())])
    return _file(reading, lines, [id for id in ids if id.startswith("obligation/")], style)


def of_unit(reading: Reading, lines: Lines, unit: str, style: Style) -> bytes | None:
    """Every day of a unit's duties from now on, and those it was told of that fell away."""
    c = VIEWS["obligation"].table.c
    ahead = reading.rows("obligation", c.owed_by == unit, c.act_by >= reading.as_of, only=("id",))
    ids = [*dict.fromkeys([*(row.id for row in ahead), *lines.fallen.get(unit, ())])]
    lines.learn(ids)
    return _file(reading, lines, ids, style)


def _file(reading: Reading, lines: Lines, ids: Iterable[str], style: Style) -> bytes | None:
    entries = list(_entries(reading, lines, ids))
    if not entries:
        return None
    stamp = reading.instant or datetime.combine(reading.as_of, time(), VIETNAM)
    sender = (style.office or "", style.answer_to) if style.answer_to else None
    return calendar_file(entries, stamp.astimezone(UTC), NAME[lines.lang == "en"], sender)


def _entries(reading: Reading, lines: Lines, ids: Iterable[str]) -> Iterator[Entry]:
    for id in ids:
        row = lines.row(id)
        if row is not None and row.act_by is not None:
            yield _entry(reading, row)


def _entry(reading: Reading, row: Any) -> Entry:
    place = row.place and reading.names.get(row.place, row.place)
    plan = row.plan and reading.names.get(row.plan, row.plan)
    about = "\n".join(
        each for each in (f"{row.clause} {plan or ''}".strip(), row.expression) if each
    )
    return Entry(
        uid=f"{bare(row.id)}@ntm-workflow.invalid",
        day=row.act_by,
        summary=row.title,
        description=about,
        sequence=row.known_from,
        cancelled=over(row),
        location=place,
    )
