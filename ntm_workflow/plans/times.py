"""When a duty of a pack falls due: what its clause says and its reader gives, once or time after time.

Knows no calendar and no setting but the day of what comes back and names none.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import (
    Deadline,
    Step,
    UnreadablePhrase,
    occurrences,
    read_phrase,
    undated,
    unread,
)
from ntm_workflow.domain.recurrence import called
from ntm_workflow.plans.shapes import Days, Duty, Pack

_GIVEN = {
    "kind": "kind_given",
    "window_start": "window_given",
    "strict_day": "strict_given",
    "nominal_day": "nominal_given",
}
#: Of a month, as a recurrence counts its days.
_LAST = -1


def times(pack: Pack, duty: Duty, calendar: WorkingDays) -> list[tuple[str | None, Deadline]]:
    """Each time the duty falls due, with what tells it from the next; one without a name otherwise.

    What comes back does so from the day the plan binds to its last. What comes back nobody says how
    often is one standing duty. Where a reader gives the first day, it opens the first time.
    """
    read = stated(pack, duty, calendar)
    every = read.recurrence
    if every is None or every.freq is None or _day_given(duty):
        return [(None, read)]
    first = max(pack.effective_on, date(pack.period[0], 1, 1))
    last = date(pack.period[1], 12, 31)
    found = list(occurrences(read, first, last, day=_day_of(pack, duty)))
    if found and duty.days:
        found[0] = _given(found[0], duty.days)
    return [
        (called(each.recurrence or every, each.nominal_day), replace(each, kind=read.kind))
        for each in found
        if each.nominal_day
    ]


def _day_of(pack: Pack, duty: Duty) -> int:
    """The day of the month for what names none: the duty's own setting, else its plan's."""
    chosen = duty.report_day.value if duty.report_day else pack.settings.report_day
    return chosen or _LAST


def stated(pack: Pack, duty: Duty, calendar: WorkingDays) -> Deadline:
    """What the clause says: its phrase, with the days its pack gives in place of it."""
    deadline = _read(pack, duty, calendar)
    return _given(deadline, duty.days) if duty.days else deadline


def _read(pack: Pack, duty: Duty, calendar: WorkingDays) -> Deadline:
    """The phrase as it reads; one nobody can read, where a person has read it, keeps its words only."""
    said = duty.expression
    if said is None:
        return undated()
    try:
        return read_phrase(said, pack.period, working=calendar)
    except UnreadablePhrase:
        if not given_instead(duty):
            raise
        return unread(said)


def given_instead(duty: Duty) -> bool:
    """Whether a person's reading stands in place of the phrase: its kind, and its days or none."""
    return duty.days is not None and duty.days.kind is not None


def _day_given(duty: Duty) -> bool:
    """Whether a person says on which day it is due, which is then the one time."""
    return duty.days is not None and bool(duty.days.strict_day or duty.days.nominal_day)


def given(step: Step) -> bool:
    """Whether a step is what a reader says, and not the words."""
    return step.rule in _GIVEN.values()


def _given(deadline: Deadline, days: Days) -> Deadline:
    changed: dict[str, Any] = {
        name: value for name in _GIVEN if (value := getattr(days, name)) is not None
    }
    steps = (
        Step(_GIVEN[name], None if name == "kind" else day, days.reason)
        for name, day in changed.items()
    )
    return replace(deadline, **changed, derivation=(*deadline.derivation, *steps))
