"""A pause of a duty: from a day to another, and where a deadline in it moves to. Knows no calendar: days are handed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.derivation import Reason

ONE_DAY = timedelta(days=1)


class Ending(Protocol):
    """What ends a pause, or says in advance when it ends."""

    @property
    def document(self) -> str | None: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def entered_by(self) -> date | None: ...
    @property
    def derivation(self) -> tuple[Reason, ...]: ...


class Pause(msgspec.Struct, frozen=True):
    """From a day to the end of another; open while `until` is None. A deadline in it moves to `last_day`."""

    since: date
    until: date | None
    entry: int
    last_day: date | None = None
    derivation: tuple[Reason, ...] = ()
    entered_by: date | None = None

    def meets(self, first: date, last: date) -> bool:
        return self.since <= last and (self.until is None or first <= self.until)

    def ended(self, by: Ending, until: date | None) -> Pause:
        """The pause up to `until`. What was told without days of its own counts on the day after."""
        after = until and until + ONE_DAY
        first, *rest = by.derivation or (Reason("resumed", after),)
        steps = (replace(first, authority=by.document), *rest)
        last_day = by.last_day or after
        return Pause(self.since, until, self.entry, last_day, steps, by.entered_by)


def moving(pauses: Iterable[Pause], day: date | None) -> list[Pause]:
    """The pauses that move a deadline of `day`, one after the other."""
    found = []
    for each in pauses:
        if day and each.meets(day, day):
            found.append(each)
            day = each.last_day
    return found


def of_another_day(ending: Ending, day: date) -> bool:
    """Whether the days worked out are those of a pause after which another day comes first."""
    said = {step.result for step in ending.derivation}
    return bool(said) and not said >= {day, ending.last_day}
