"""What a deadline is: its kind, its days, what comes back or waits for an event, and the days acted on.

Knows no words: `phrases.py` has the language, `dates.py` reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, Literal

import msgspec

from ntm_workflow.domain.calendar import (
    ONE_DAY,
    Why,
    WorkingDays,
    crossed,
    last_working_day,
    next_working_day,
)

Kind = Literal[
    "before_date",
    "by_date",
    "before_month",
    "in_month",
    "in_quarter",
    "end_of_year",
    "in_year",
    "recur",
    "event",
    "undated",
]


class Step(msgspec.Struct, frozen=True):
    """One step from the words to a day: the rule applied, its result, the paper it rests on.

    `grounds` are the days of the calendar that led to the result.
    """

    rule: str
    result: date | None
    authority: str | None = None
    grounds: tuple[Why, ...] = ()


class Recurrence(msgspec.Struct, frozen=True):
    """What comes back: every `interval` of `freq`, on the day the words name, if they name one.

    `freq` is daily, weekly, monthly, quarterly, yearly, or None where the words leave it open;
    `more` are further ones of the same words (“hằng tháng, quý, năm”). `month` counts within
    the year or the quarter; a `day` of -1 is the last of its month. `weekday` is English.
    """

    freq: str | None
    interval: int = 1
    month: int | None = None
    day: int | None = None
    weekday: str | None = None
    more: tuple[Recurrence, ...] = ()


class Relative(msgspec.Struct, frozen=True):
    """A period from an event: `n` of `unit` after `from_`, or before it where `n` is negative.

    `unit` is hour, day, working_day, week, month or year; None where no length is said.
    """

    n: int | None
    unit: str | None
    from_: str | None = msgspec.field(name="from")


class Deadline(msgspec.Struct, frozen=True):
    """When a duty falls due.

    `strict_day` is safe on every reading of the words; `nominal_day` is what people write in
    their diaries. Neither ever moves off a weekend, but for periods from an event. `time` is the
    clock time of that day (“17:00”), `recurrence` and `relative` what no single day says.
    """

    expression: str
    kind: Kind
    window_start: date | None
    strict_day: date | None
    nominal_day: date | None
    derivation: tuple[Step, ...]
    time: str | None = None
    recurrence: Recurrence | None = None
    relative: Relative | None = None


class Settled(msgspec.Struct, frozen=True):
    """The days acted on: letters count down to `act_by`, a miss is dated after `enforce_day`.

    A closing judges after `entered_by`, up to which what was done in time may still be typed.
    """

    act_by: date | None
    enforce_day: date | None
    derivation: tuple[Step, ...]
    entered_by: date | None = None


def undated() -> Deadline:
    """The deadline of a duty whose clause says nothing about time."""
    return Deadline("", "undated", None, None, None, (Step("no_day", None),))


def unread(expression: str) -> Deadline:
    """The deadline of words that name no day; who gives it one says why."""
    return Deadline(expression, "undated", None, None, None, (Step("words_unread", None),))


def settle(
    deadline: Deadline,
    boundary: str,
    weekend: str,
    working: WorkingDays,
    authority: str | None = None,
    entry_days: int = 0,
) -> Settled:
    """`deadline` under an office's settings, on its calendar.

    `boundary` (strict, nominal) picks the day that is enforced, `weekend` (none, forward,
    backward) moves it off a day nobody works. `authority` is the paper that chose them. A fact of
    that day may be typed within `entry_days` working days.
    """
    if deadline.strict_day is None or deadline.nominal_day is None:
        return Settled(None, None, deadline.derivation)
    act_by = last_working_day(deadline.strict_day, working)
    if deadline.window_start and act_by < deadline.window_start:
        # What is only to be done on a day off is done on that day.
        act_by = deadline.strict_day
    day = {"strict": deadline.strict_day, "nominal": deadline.nominal_day}[boundary]
    enforced = rolled(day, weekend, working, authority)
    kept = Step("act_by", act_by, grounds=crossed(act_by, deadline.strict_day, working))
    steps = (kept, Step(f"boundary_{boundary}", day, authority), enforced)
    granted = typed_by(enforced.result, entry_days, working)
    return Settled(
        act_by,
        enforced.result,
        (*deadline.derivation, *steps, *granted),
        *(s.result for s in granted),
    )


def typed_by(last_day: date | None, entry_days: int, working: WorkingDays) -> tuple[Step, ...]:
    """The step to the last day on which a fact of `last_day` may be typed; none without days granted."""
    if last_day is None or entry_days < 1:
        return ()
    day = last_day
    for _ in range(entry_days):
        day = next_working_day(day + ONE_DAY, working)
    return (Step("entry_days", day, grounds=crossed(last_day + ONE_DAY, day, working)),)


def rolled(day: date, weekend: str, working: WorkingDays, authority: str | None = None) -> Step:
    """The day as a weekend setting (none, forward, backward) moves it off a day nobody works."""
    moved = _ROLL[weekend](day, working)
    grounds = crossed(min(day, moved), max(day, moved), working)
    return Step(_roll_rule(weekend, day, moved), moved, authority, grounds)


def _stay(day: date, working: WorkingDays) -> date:
    return day


_ROLL: Final[dict[str, Callable[[date, WorkingDays], date]]] = {
    "none": _stay,
    "forward": next_working_day,
    "backward": last_working_day,
}


def _roll_rule(weekend: str, before: date, after: date) -> str:
    if weekend == "none":
        return "roll_none"
    return "roll_not_needed" if before == after else f"roll_{weekend}"
